/* OpenStreetMap to a road table: the raw rows, already by ascending id, become ways; nodes keep the
 * order of their ids; classes and names are numbered in order of first use. So the table depends on
 * what the file holds and on nothing else: not on its order, format or the number of threads. */
#include <string.h>

#include "base/parallel.h"
#include "read/osm_raw.h"
#include "read/osm_turns.h"
#include "read/osm_water.h"

typedef struct count {
    size_t number;
    int64_t first; /* the id it was first counted at */
} count;

typedef struct builder {
    const hsd_osm_raw *raw;
    hsd_road_table *table;
    HSD_ARRAY(hsd_way) ways;
    HSD_ARRAY(uint32_t) way_nodes; /* ranks in raw->nodes until the nodes are numbered */
    HSD_ARRAY(uint8_t) cut;        /* by way */
    hsd_name_pool names;
    count cut_ways, lost_ways, bad_speeds, bad_durations, cut_ferries;
} builder;

static void count_up(count *c, size_t by, int64_t id) {
    if (by && c->number == 0) c->first = id;
    c->number += by;
}

/* ---- Ways ---- */

/* Ends a run: keeps it as a way when it has two nodes or more, else takes it back. */
static hsd_status end_run(builder *b, const hsd_way *attributes, size_t first, hsd_error *err) {
    size_t length = b->way_nodes.count - first;
    if (length < 2) {
        b->way_nodes.count = first;
        return HSD_OK;
    }
    if (b->way_nodes.count > UINT32_MAX || b->ways.count >= UINT32_MAX - 1)
        return hsd_fail(err, HSD_E_MEMORY, "ways have more than %u nodes together", UINT32_MAX);
    hsd_way way = *attributes;
    way.first_node = (uint32_t)first;
    way.node_count = (uint32_t)length;
    return hsd_array_push(&b->ways, way, err) && hsd_array_push(&b->cut, 0, err) ? HSD_OK
                                                                                 : HSD_E_MEMORY;
}

/* The way's runs of known nodes; *missing counts the nodes that are not in the file. */
static hsd_status add_runs(builder *b, const hsd_osm_raw_road *road, const hsd_way *attributes,
                           size_t *missing, hsd_error *err) {
    const hsd_osm_raw *raw = b->raw;
    size_t run = b->way_nodes.count;
    for (size_t i = 0; i < road->head.count; i++) {
        size_t rank = hsd_osm_ids_find(&raw->nodes, raw->road_refs.data[road->head.first + i]);
        if (!(raw->node_state[rank] & HSD_OSM_NODE_FOUND)) {
            (*missing)++;
            hsd_status status = end_run(b, attributes, run, err);
            if (status != HSD_OK) return status;
            run = b->way_nodes.count;
            continue;
        }
        bool again = b->way_nodes.count > run && b->way_nodes.data[b->way_nodes.count - 1] == rank;
        if (!again && !hsd_array_push(&b->way_nodes, (uint32_t)rank, err)) return HSD_E_MEMORY;
    }
    return end_run(b, attributes, run, err);
}

static hsd_status way_of(builder *b, const hsd_osm_raw_road *road, hsd_way *out, hsd_error *err) {
    const char *texts = b->raw->names.data;
    *out = (hsd_way){.source_id = road->head.id,
                     .flags = road->flags,
                     .yes = {road->yes[0], road->yes[1]},
                     .no = {road->no[0], road->no[1]},
                     .speed_mh = {road->speed_mh[0], road->speed_mh[1]},
                     .time_ms = {road->time_ms, road->time_ms},
                     .layer = road->layer};
    for (int d = 0; d < 2; d++)
        out->speed_source[d] = out->time_ms[d] || out->speed_mh[d] ? HSD_SPEED_TAG : HSD_SPEED_NONE;
    hsd_status status = hsd_name_pool_add(&b->names, texts + road->name, &out->name, err);
    if (status != HSD_OK) return status;
    return hsd_road_table_class(b->table, texts + road->class_name, &out->class_id, err);
}

static void forget_time(hsd_way *way) {
    for (int d = 0; d < 2; d++) {
        way->time_ms[d] = 0;
        if (!way->speed_mh[d]) way->speed_source[d] = HSD_SPEED_NONE;
    }
}

static hsd_status add_road(builder *b, const hsd_osm_raw_road *road, hsd_error *err) {
    hsd_way attributes;
    hsd_status status = way_of(b, road, &attributes, err);
    size_t first_way = b->ways.count, missing = 0;
    if (status == HSD_OK) status = add_runs(b, road, &attributes, &missing, err);
    if (status != HSD_OK) return status;
    int64_t id = road->head.id;
    count_up(&b->bad_speeds, road->bad_speeds, id);
    count_up(&b->bad_durations, road->bad_durations, id);
    if (b->ways.count == first_way) {
        count_up(&b->lost_ways, 1, id);
        return HSD_OK;
    }
    if (!missing) return HSD_OK;
    count_up(&b->cut_ways, 1, id);
    if (road->time_ms) count_up(&b->cut_ferries, 1, id);
    for (size_t w = first_way; w < b->ways.count; w++) {
        b->cut.data[w] = 1;
        forget_time(&b->ways.data[w]);
    }
    return HSD_OK;
}

/* ---- Nodes ---- */

/* Marks the ranks in use in `number`, then counts them through: rank to index in the table. */
static size_t number_nodes(const builder *b, uint32_t *number) {
    uint32_t used = 0;
    for (size_t i = 0; i < b->way_nodes.count; i++) number[b->way_nodes.data[i]] = 1;
    for (size_t rank = 0; rank < b->raw->nodes.count; rank++) {
        if (!number[rank]) continue;
        number[rank] = used++;
    }
    return used;
}

static hsd_status fill_nodes(builder *b, const uint32_t *number, size_t used, hsd_error *err) {
    hsd_road_table *table = b->table;
    const hsd_osm_raw *raw = b->raw;
    table->nodes = hsd_alloc(used, sizeof *table->nodes, err);
    table->node_source = hsd_alloc(used, sizeof *table->node_source, err);
    table->node_no = hsd_calloc(used, sizeof *table->node_no, err);
    table->node_flags = hsd_calloc(used, sizeof *table->node_flags, err);
    if (!table->nodes || !table->node_source || !table->node_no || !table->node_flags)
        return HSD_E_MEMORY;
    table->node_count = used;
    for (size_t i = 0; i < b->way_nodes.count; i++) {
        uint32_t rank = b->way_nodes.data[i], node = number[rank];
        table->nodes[node] = raw->points[rank];
        table->node_source[node] = raw->nodes.data[rank];
        table->node_no[node] = (uint16_t)(raw->node_state[rank] & ~HSD_OSM_NODE_FOUND);
        b->way_nodes.data[i] = node;
    }
    return HSD_OK;
}

static hsd_status add_nodes(builder *b, hsd_error *err) {
    uint32_t *number = hsd_calloc(b->raw->nodes.count, sizeof *number, err);
    if (!number) return HSD_E_MEMORY;
    hsd_status status = fill_nodes(b, number, number_nodes(b, number), err);
    hsd_free(number);
    return status;
}

/* ---- All of it ---- */

static hsd_status note_counts(builder *b, hsd_error *err) {
    const struct {
        const count *what;
        const char *text;
    } notes[] = {
        {&b->cut_ways, "ways cut where their nodes are not in the file"},
        {&b->lost_ways, "ways left out, fewer than two of their nodes are in the file"},
        {&b->bad_speeds, "values of maxspeed ignored, not within 0 to 300 km/h"},
        {&b->bad_durations, "values of duration ignored, not a time within 7 days"},
        {&b->cut_ferries, "durations of ferries ignored, nodes of the ferry are not in the file"},
    };
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < sizeof notes / sizeof *notes && status == HSD_OK; i++)
        if (notes[i].what->number)
            status = hsd_road_table_note(b->table, err, "%zu %s (first: way %lld)",
                                         notes[i].what->number, notes[i].text,
                                         (long long)notes[i].what->first);
    return status;
}

static hsd_status build_streets(builder *b, hsd_error *err) {
    static const char *const modes[] = {"car", "walk", "bicycle"};
    hsd_road_table *table = b->table;
    uint32_t unused;
    hsd_status status = hsd_name_pool_add(&b->names, "", &unused, err);
    for (int i = 0; i < 3 && status == HSD_OK; i++)
        status = hsd_road_table_mode(table, modes[i], err);
    for (size_t i = 0; i < b->raw->roads.count && status == HSD_OK; i++)
        status = add_road(b, &b->raw->roads.data[i], err);
    if (status == HSD_OK) status = add_nodes(b, err);
    table->ways = b->ways.data;
    table->way_count = b->ways.count;
    table->way_nodes = b->way_nodes.data;
    table->way_node_count = b->way_nodes.count;
    table->strings = b->names.data;
    table->string_size = b->names.size;
    b->names.data = NULL;
    if (status == HSD_OK) status = hsd_osm_turns_add(b->raw, b->cut.data, table, err);
    if (status == HSD_OK) status = note_counts(b, err);
    hsd_name_pool_finish(&b->names);
    hsd_array_finish(&b->cut);
    return status;
}

hsd_status hsd_read_osm(const char *path, const hsd_run *run, hsd_road_table *out, hsd_error *err) {
    *out = (hsd_road_table){0};
    if (!path || !*path) return hsd_fail(err, HSD_E_ARGUMENT, "no OpenStreetMap file was named");
    hsd_osm_raw raw;
    hsd_status status = hsd_osm_raw_read(path, run, &raw, err);
    if (status != HSD_OK) return status;
    builder b = {.raw = &raw, .table = out};
    status = build_streets(&b, err);
    if (status == HSD_OK && out->way_count == 0)
        status = hsd_fail(err, HSD_E_FORMAT,
                          "%s: no streets in it: expected ways with highway=* or route=ferry and "
                          "their nodes",
                          path);
    if (status == HSD_OK) status = hsd_osm_water_add(&raw, out, err);
    if (status == HSD_OK) status = hsd_progress(run, "reading streets", 1.0, err);
    hsd_osm_raw_finish(&raw);
    if (status != HSD_OK) hsd_road_table_finish(out);
    return status;
}
