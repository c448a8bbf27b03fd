/* Turn restrictions (wiki.openstreetmap.org/wiki/Relation:restriction): each relation becomes one
 * row, or several (no_entry, no_exit), or none and is counted. A row is only made when its members
 * meet: the network stage may rely on it. Ways and nodes are found by binary search in the table,
 * which is sorted by id. O(relations x log(ways) + nodes of their ways). */
#include "read/osm_turns.h"

#define NONE UINT32_MAX
#define MAX_VIA 64 /* members a relation may have; real ones have three */

typedef HSD_ARRAY(hsd_restriction) restriction_array;
typedef HSD_ARRAY(uint32_t) index_array;

/* The members of one relation, by role. */
typedef struct members {
    int64_t from[MAX_VIA], to[MAX_VIA], via[MAX_VIA];
    size_t from_count, to_count, via_count;
    bool via_is_node, sound;
} members;

static size_t first_way(const hsd_road_table *table, int64_t id) {
    size_t low = 0, high = table->way_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->ways[middle].source_id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t node_of(const hsd_road_table *table, int64_t id) {
    hsd_osm_ids ids = {table->node_source, table->node_count, 0};
    size_t at = hsd_osm_ids_find(&ids, id);
    return at == HSD_OSM_NOT_FOUND ? NONE : (uint32_t)at;
}

static bool has_node(const hsd_road_table *table, const hsd_way *way, uint32_t node) {
    for (uint32_t i = 0; i < way->node_count; i++)
        if (table->way_nodes[way->first_node + i] == node) return true;
    return false;
}

/* The first piece of the way that has the node, or NONE. */
static uint32_t piece_with(const hsd_road_table *table, int64_t id, uint32_t node) {
    for (size_t w = first_way(table, id); w < table->way_count; w++) {
        if (table->ways[w].source_id != id) break;
        if (has_node(table, &table->ways[w], node)) return (uint32_t)w;
    }
    return NONE;
}

static uint32_t whole_way(const hsd_road_table *table, const uint8_t *cut, int64_t id) {
    size_t w = first_way(table, id);
    bool whole = w < table->way_count && table->ways[w].source_id == id && !cut[w];
    return whole ? (uint32_t)w : NONE;
}

static bool keep_member(int64_t *list, size_t *count, int64_t ref) {
    if (*count == MAX_VIA) return false;
    list[(*count)++] = ref;
    return true;
}

static void gather(const hsd_osm_raw *raw, const hsd_osm_raw_relation *relation, members *out) {
    *out = (members){.sound = true};
    size_t via_nodes = 0;
    for (size_t i = 0; i < relation->head.count; i++) {
        const hsd_osm_raw_member *m = &raw->members.data[relation->head.first + i];
        bool is_way = m->kind == HSD_OSM_WAY, fits;
        if (m->role == HSD_OSM_VIA) {
            via_nodes += m->kind == HSD_OSM_NODE;
            fits = (is_way || m->kind == HSD_OSM_NODE) &&
                   keep_member(out->via, &out->via_count, m->ref);
        } else if (m->role == HSD_OSM_FROM) {
            fits = is_way && keep_member(out->from, &out->from_count, m->ref);
        } else {
            fits = is_way && keep_member(out->to, &out->to_count, m->ref);
        }
        out->sound = out->sound && fits;
    }
    out->via_is_node = via_nodes > 0;
    bool several_from = relation->turn == HSD_OSM_TURN_NO_ENTRY;
    bool several_to = relation->turn == HSD_OSM_TURN_NO_EXIT;
    out->sound = out->sound && out->from_count > 0 && (out->from_count == 1 || several_from) &&
                 out->to_count > 0 && (out->to_count == 1 || several_to) && out->via_count > 0 &&
                 (!out->via_is_node || out->via_count == 1);
}

static bool through_node(const hsd_road_table *table, const members *m, size_t from, size_t to,
                         hsd_restriction *row) {
    row->via_node = node_of(table, m->via[0]);
    if (row->via_node == NONE) return false;
    row->from_way = piece_with(table, m->from[from], row->via_node);
    row->to_way = piece_with(table, m->to[to], row->via_node);
    return row->from_way != NONE && row->to_way != NONE;
}

static uint32_t end_of(const hsd_road_table *table, uint32_t way, bool last) {
    const hsd_way *w = &table->ways[way];
    return table->way_nodes[w->first_node + (last ? w->node_count - 1 : 0)];
}

/* Passes the via ways from end to end, starting at the first or last node of the first one. */
static bool through_ways(const hsd_road_table *table, const members *m, const uint32_t *via,
                         bool start_last, size_t from, size_t to, hsd_restriction *row) {
    uint32_t node = end_of(table, via[0], start_last);
    row->from_way = piece_with(table, m->from[from], node);
    for (size_t i = 0; i < m->via_count; i++) {
        uint32_t first = end_of(table, via[i], false), last = end_of(table, via[i], true);
        if (node != first && node != last) return false;
        node = node == first ? last : first;
    }
    row->to_way = piece_with(table, m->to[to], node);
    return row->from_way != NONE && row->to_way != NONE;
}

static hsd_status add_row(const members *m, const uint32_t *via, hsd_restriction row,
                          restriction_array *rows, index_array *via_ways, hsd_error *err) {
    if (!m->via_is_node) {
        row.via_node = NONE;
        row.first_via = (uint32_t)via_ways->count;
        row.via_count = (uint32_t)m->via_count;
        for (size_t i = 0; i < m->via_count; i++)
            if (!hsd_array_push(via_ways, via[i], err)) return HSD_E_MEMORY;
    }
    return hsd_array_push(rows, row, err) ? HSD_OK : HSD_E_MEMORY;
}

/* All rows of one relation; *left_out when it, or one of its pairs, made none. */
static hsd_status resolve(const hsd_road_table *table, const uint8_t *cut,
                          const hsd_osm_raw_relation *relation, const members *m,
                          restriction_array *rows, index_array *via_ways, bool *left_out,
                          hsd_error *err) {
    uint32_t via[MAX_VIA] = {0};
    *left_out = !m->sound;
    if (!m->sound) return HSD_OK;
    for (size_t i = 0; i < m->via_count && !m->via_is_node; i++) {
        via[i] = whole_way(table, cut, m->via[i]);
        *left_out = *left_out || via[i] == NONE;
    }
    if (*left_out) return HSD_OK;
    hsd_restriction row = {.source_id = relation->head.id, .modes = HSD_OSM_CAR};
    if (relation->turn == HSD_OSM_TURN_ONLY) row.flags = HSD_RESTRICTION_ONLY;
    for (size_t f = 0; f < m->from_count; f++) {
        for (size_t t = 0; t < m->to_count; t++) {
            bool meets = m->via_is_node ? through_node(table, m, f, t, &row)
                                        : through_ways(table, m, via, false, f, t, &row) ||
                                              through_ways(table, m, via, true, f, t, &row);
            *left_out = *left_out || !meets;
            if (!meets) continue;
            hsd_status status = add_row(m, via, row, rows, via_ways, err);
            if (status != HSD_OK) return status;
        }
    }
    return HSD_OK;
}

hsd_status hsd_osm_turns_add(const hsd_osm_raw *raw, const uint8_t *cut, hsd_road_table *table,
                             hsd_error *err) {
    restriction_array rows = {0};
    index_array via_ways = {0};
    hsd_status status = HSD_OK;
    size_t left_out_count = 0;
    int64_t first_left_out = 0;
    for (size_t i = 0; i < raw->turns.count && status == HSD_OK; i++) {
        const hsd_osm_raw_relation *relation = &raw->turns.data[i];
        members m;
        bool left_out = false;
        gather(raw, relation, &m);
        status = resolve(table, cut, relation, &m, &rows, &via_ways, &left_out, err);
        if (left_out && left_out_count++ == 0) first_left_out = relation->head.id;
    }
    table->restrictions = rows.data;
    table->restriction_count = rows.count;
    table->via_ways = via_ways.data;
    table->via_way_count = via_ways.count;
    if (status == HSD_OK && left_out_count)
        status = hsd_road_table_note(table, err,
                                     "%zu turn restrictions left out, their members are missing, "
                                     "unused or do not meet (first: relation %lld)",
                                     left_out_count, (long long)first_left_out);
    return status;
}
