/* Three passes over an OpenStreetMap file: relations (which ways bound water), ways (which nodes
 * are needed), nodes. Each pass keeps only what the next needs, so memory follows the streets and
 * shores, not the file; the order of objects in the file does not matter. Rows are sorted by id at
 * the end, the first of equal ids wins. O(file) time, about 70 bytes a counted way and 30 a needed
 * node. */
#include "read/osm_raw.h"

#include <stdlib.h>
#include <string.h>

/* ---- Pass 1: relations ---- */

static int role_of(const hsd_osm_member *member, bool turn) {
    if (!turn) return strcmp(member->role, "inner") == 0 ? HSD_OSM_INNER : HSD_OSM_OUTER;
    if (strcmp(member->role, "from") == 0) return HSD_OSM_FROM;
    if (strcmp(member->role, "to") == 0) return HSD_OSM_TO;
    return strcmp(member->role, "via") == 0 ? HSD_OSM_VIA : -1;
}

static hsd_status push_members(hsd_osm_raw *raw, const hsd_osm_object *relation, bool turn,
                               hsd_osm_raw_head *head, hsd_error *err) {
    *head = (hsd_osm_raw_head){.id = relation->id, .first = raw->members.count};
    for (size_t i = 0; i < relation->member_count; i++) {
        const hsd_osm_member *member = &relation->members[i];
        int role = role_of(member, turn);
        if (role < 0 || (!turn && member->kind != HSD_OSM_WAY)) continue;
        hsd_osm_raw_member kept = {member->ref, (uint8_t)member->kind, (uint8_t)role};
        if (!hsd_array_push(&raw->members, kept, err)) return HSD_E_MEMORY;
        head->count++;
    }
    return HSD_OK;
}

static hsd_status visit_relation(void *context, const hsd_osm_object *relation, hsd_error *err) {
    hsd_osm_raw *raw = context;
    hsd_osm_raw_relation row = {0};
    hsd_status status = HSD_OK;
    hsd_osm_turn turn = hsd_osm_read_turn(relation->tags);
    if (turn != HSD_OSM_TURN_NONE) {
        row.turn = (uint8_t)turn;
        status = push_members(raw, relation, true, &row.head, err);
        if (status == HSD_OK && !hsd_array_push(&raw->turns, row, err)) status = HSD_E_MEMORY;
        return status;
    }
    const char *type = hsd_osm_tag_value(relation->tags, "type");
    if (!type || strcmp(type, "multipolygon") != 0) return HSD_OK;
    row.water = hsd_osm_is_water(relation->tags);
    if (!row.water && !hsd_osm_is_bare(relation->tags)) return HSD_OK;
    if (row.water) raw->has_water = true;
    status = push_members(raw, relation, false, &row.head, err);
    if (status == HSD_OK && !hsd_array_push(&raw->waters, row, err)) status = HSD_E_MEMORY;
    return status;
}

static int compare_heads(const void *a, const void *b) {
    const hsd_osm_raw_head *x = a, *y = b;
    if (x->id != y->id) return x->id < y->id ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* Rows begin with a head. Files are sorted as a rule, so most calls only look. */
static size_t sort_rows(void *rows, size_t count, size_t size) {
    char *bytes = rows;
    bool sorted = true;
    for (size_t i = 1; i < count && sorted; i++)
        sorted = compare_heads(bytes + (i - 1) * size, bytes + i * size) < 0;
    if (!sorted) qsort(rows, count, size, compare_heads);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const hsd_osm_raw_head *head = (const void *)(bytes + i * size);
        const hsd_osm_raw_head *last = kept ? (const void *)(bytes + (kept - 1) * size) : NULL;
        if (last && last->id == head->id) continue;
        if (kept != i) memcpy(bytes + kept * size, head, size);
        kept++;
    }
    return kept;
}

static hsd_status finish_relations(hsd_osm_raw *raw, hsd_error *err) {
    raw->turns.count = sort_rows(raw->turns.data, raw->turns.count, sizeof *raw->turns.data);
    raw->waters.count = sort_rows(raw->waters.data, raw->waters.count, sizeof *raw->waters.data);
    hsd_osm_refs wanted = {0};
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < raw->waters.count && status == HSD_OK; i++) {
        hsd_osm_raw_head head = raw->waters.data[i].head;
        for (size_t m = head.first; m < head.first + head.count && status == HSD_OK; m++)
            if (!hsd_array_push(&wanted, raw->members.data[m].ref, err)) status = HSD_E_MEMORY;
    }
    if (status == HSD_OK)
        status = hsd_osm_ids_make(wanted.data, wanted.count, NULL, 0, &raw->member_ways, err);
    hsd_array_finish(&wanted);
    return status;
}

/* ---- Pass 2: ways ---- */

static hsd_status push_refs(hsd_osm_refs *refs, const hsd_osm_object *way, hsd_osm_raw_head *head,
                            hsd_error *err) {
    *head = (hsd_osm_raw_head){way->id, refs->count, (uint32_t)way->ref_count};
    if (!hsd_array_reserve(refs, refs->count + way->ref_count, err)) return HSD_E_MEMORY;
    if (way->ref_count)
        memcpy(refs->data + refs->count, way->refs, way->ref_count * sizeof *way->refs);
    refs->count += way->ref_count;
    return HSD_OK;
}

static hsd_status push_road(hsd_osm_raw *raw, const hsd_osm_object *way, const hsd_osm_road *road,
                            hsd_error *err) {
    hsd_osm_raw_road row = {.speed_mh = {road->speed_mh[0], road->speed_mh[1]},
                            .time_ms = road->time_ms,
                            .flags = road->flags,
                            .yes = {road->yes[0], road->yes[1]},
                            .no = {road->no[0], road->no[1]},
                            .layer = road->layer,
                            .bad_speeds = road->bad_speeds,
                            .bad_durations = road->bad_durations};
    hsd_status status = push_refs(&raw->road_refs, way, &row.head, err);
    if (status == HSD_OK)
        status = hsd_name_pool_add(&raw->names, road->class_name, &row.class_name, err);
    if (status == HSD_OK) status = hsd_name_pool_add(&raw->names, road->name, &row.name, err);
    if (status == HSD_OK && !hsd_array_push(&raw->roads, row, err)) status = HSD_E_MEMORY;
    return status;
}

static uint32_t shore_kinds(hsd_osm_raw *raw, const hsd_osm_object *way) {
    uint32_t kinds = 0;
    if (hsd_osm_ids_seek(&raw->member_ways, way->id) != HSD_OSM_NOT_FOUND)
        kinds |= HSD_OSM_SHORE_MEMBER;
    if (hsd_osm_is_coastline(way->tags)) kinds |= HSD_OSM_SHORE_COAST;
    bool closed = way->ref_count >= 4 && way->refs[0] == way->refs[way->ref_count - 1];
    if (hsd_osm_is_water(way->tags) && (closed || kinds)) kinds |= HSD_OSM_SHORE_WATER;
    return kinds;
}

static hsd_status visit_way(void *context, const hsd_osm_object *way, hsd_error *err) {
    hsd_osm_raw *raw = context;
    if (way->ref_count < 2) return HSD_OK;
    if (way->ref_count > UINT32_MAX)
        return hsd_fail(err, HSD_E_FORMAT, "way %lld has too many nodes", (long long)way->id);
    hsd_status status = HSD_OK;
    hsd_osm_road road;
    if (hsd_osm_read_road(way->tags, &road)) status = push_road(raw, way, &road, err);
    uint32_t kinds = status == HSD_OK ? shore_kinds(raw, way) : 0;
    if (kinds) {
        hsd_osm_raw_shore row = {.kinds = kinds};
        if (kinds & (HSD_OSM_SHORE_WATER | HSD_OSM_SHORE_COAST)) raw->has_water = true;
        status = push_refs(&raw->shore_refs, way, &row.head, err);
        if (status == HSD_OK && !hsd_array_push(&raw->shores, row, err)) status = HSD_E_MEMORY;
    }
    return status;
}

static hsd_status finish_ways(hsd_osm_raw *raw, hsd_error *err) {
    raw->roads.count = sort_rows(raw->roads.data, raw->roads.count, sizeof *raw->roads.data);
    raw->shores.count = sort_rows(raw->shores.data, raw->shores.count, sizeof *raw->shores.data);
    hsd_status status =
        hsd_osm_ids_make(raw->road_refs.data, raw->road_refs.count, raw->shore_refs.data,
                         raw->shore_refs.count, &raw->nodes, err);
    if (status != HSD_OK) return status;
    if (raw->nodes.count >= UINT32_MAX)
        return hsd_fail(err, HSD_E_MEMORY, "%zu nodes are needed, at most %u can be held",
                        raw->nodes.count, UINT32_MAX - 1);
    raw->points = hsd_alloc(raw->nodes.count, sizeof *raw->points, err);
    raw->node_state = hsd_calloc(raw->nodes.count, sizeof *raw->node_state, err);
    return raw->points && raw->node_state ? HSD_OK : HSD_E_MEMORY;
}

/* ---- Pass 3: nodes ---- */

static hsd_status visit_node(void *context, const hsd_osm_object *node, hsd_error *err) {
    (void)err;
    hsd_osm_raw *raw = context;
    if (!node->located) return HSD_OK;
    size_t rank = hsd_osm_ids_seek(&raw->nodes, node->id);
    if (rank == HSD_OSM_NOT_FOUND || raw->node_state[rank]) return HSD_OK;
    raw->points[rank] = node->point;
    raw->node_state[rank] = HSD_OSM_NODE_FOUND;
    if (node->tags.count) raw->node_state[rank] |= (uint8_t)hsd_osm_node_bans(node->tags);
    return HSD_OK;
}

hsd_status hsd_osm_raw_read(const char *path, const hsd_run *run, hsd_osm_raw *out,
                            hsd_error *err) {
    *out = (hsd_osm_raw){0};
    hsd_status status =
        hsd_osm_scan(path, HSD_OSM_RELATION, run, 0.0, 0.25, visit_relation, out, err);
    if (status == HSD_OK) status = finish_relations(out, err);
    if (status == HSD_OK)
        status = hsd_osm_scan(path, HSD_OSM_WAY, run, 0.25, 0.6, visit_way, out, err);
    if (status == HSD_OK) status = finish_ways(out, err);
    if (status == HSD_OK)
        status = hsd_osm_scan(path, HSD_OSM_NODE, run, 0.6, 0.9, visit_node, out, err);
    if (status != HSD_OK) hsd_osm_raw_finish(out);
    return status;
}

void hsd_osm_raw_finish(hsd_osm_raw *raw) {
    hsd_array_finish(&raw->roads);
    hsd_array_finish(&raw->road_refs);
    hsd_array_finish(&raw->shores);
    hsd_array_finish(&raw->shore_refs);
    hsd_array_finish(&raw->turns);
    hsd_array_finish(&raw->waters);
    hsd_array_finish(&raw->members);
    hsd_name_pool_finish(&raw->names);
    hsd_osm_ids_finish(&raw->member_ways);
    hsd_osm_ids_finish(&raw->nodes);
    hsd_free(raw->points);
    hsd_free(raw->node_state);
    *raw = (hsd_osm_raw){0};
}

const hsd_osm_raw_shore *hsd_osm_raw_shore_of(const hsd_osm_raw *raw, int64_t id) {
    size_t low = 0, high = raw->shores.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (raw->shores.data[middle].head.id < id)
            low = middle + 1;
        else
            high = middle;
    }
    bool there = low < raw->shores.count && raw->shores.data[low].head.id == id;
    return there ? &raw->shores.data[low] : NULL;
}
