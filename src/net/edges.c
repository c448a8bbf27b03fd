/* Ways cut into edges. A way counts when some profile can use it; it is cut where it meets itself
 * or another way that counts, and where something may happen to a traveller in its middle: a node
 * that stops a mode, one where nobody may join or leave, the via node of a restriction. What lies
 * between is an edge with its drawing; the cut nodes are the vertices, numbered as the table
 * numbers its nodes. Lengths are geodesic, measured in parallel, each segment apart, so they are
 * the same for any number of threads. O(nodes of ways). A table without ways is one of stops alone:
 * each node is a vertex. */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "net/build.h"

/* ---- Where to cut ------------------------------------------------------------------------------
 */

static bool counts(const hsd_road_table *table, const hsd_rules *rules, size_t rule_count,
                   const hsd_way *way) {
    (void)table;
    for (size_t r = 0; r < rule_count; r++)
        if (hsd_passable(hsd_rules_passage(&rules[r], way, HSD_FORWARD)) ||
            hsd_passable(hsd_rules_passage(&rules[r], way, HSD_BACKWARD)))
            return true;
    return false;
}

/* The nodes of a way with equal neighbours merged: fewer than two is no way at all. */
static uint32_t distinct_nodes(const hsd_road_table *table, const hsd_way *way) {
    uint32_t distinct = 0;
    const uint32_t *nodes = table->way_nodes + way->first_node;
    for (uint32_t i = 0; i < way->node_count; i++)
        if (i == 0 || nodes[i] != nodes[i - 1]) distinct++;
    return distinct;
}

/* uses[node]: 0 unused, 1 inside one way, 2 and more: a vertex. kept[way]: its distinct nodes. */
static void mark_uses(const hsd_road_table *table, const hsd_rules *rules, size_t rule_count,
                      uint8_t *uses, uint32_t *kept) {
    for (size_t w = 0; w < table->way_count; w++) {
        const hsd_way *way = &table->ways[w];
        uint32_t distinct = distinct_nodes(table, way);
        if (distinct < 2 || !counts(table, rules, rule_count, way)) continue;
        kept[w] = distinct;
        const uint32_t *nodes = table->way_nodes + way->first_node;
        for (uint32_t i = 0; i < way->node_count; i++) {
            if (i > 0 && nodes[i] == nodes[i - 1]) continue;
            if (uses[nodes[i]] < 2) uses[nodes[i]]++;
        }
        uses[nodes[0]] = uses[nodes[way->node_count - 1]] = 2;
    }
    if (table->way_count == 0 && table->node_count > 0) memset(uses, 2, table->node_count);
    for (size_t n = 0; n < table->node_count; n++) {
        bool special =
            (table->node_no && table->node_no[n]) || (table->node_flags && table->node_flags[n]);
        if (uses[n] == 1 && special) uses[n] = 2;
    }
    for (size_t r = 0; r < table->restriction_count; r++) {
        const hsd_restriction *restriction = &table->restrictions[r];
        if (restriction->via_count == 0 && uses[restriction->via_node] == 1)
            uses[restriction->via_node] = 2;
    }
}

/* ---- Edges --------------------------------------------------------------------------------------
 */

static hsd_status allocate(const hsd_road_table *table, const uint8_t *uses, const uint32_t *kept,
                           hsd_street_set *s, hsd_error *err) {
    uint64_t edges = 0, points = 0, vertices = 0;
    for (size_t w = 0; w < table->way_count; w++) {
        if (!kept[w]) continue;
        const uint32_t *nodes = table->way_nodes + table->ways[w].first_node;
        uint32_t cuts = 0;
        for (uint32_t i = 1; i < table->ways[w].node_count; i++)
            if (nodes[i] != nodes[i - 1] && uses[nodes[i]] >= 2) cuts++;
        edges += cuts;
        points += (uint64_t)kept[w] + cuts - 1;
    }
    for (size_t n = 0; n < table->node_count; n++) vertices += uses[n] >= 2;
    if (points >= HSD_NONE / 2)
        return hsd_fail(err, HSD_E_MEMORY, "the streets have %llu points, at most %u fit",
                        (unsigned long long)points, HSD_NONE / 2 - 1);
    s->vertex_count = (uint32_t)vertices;
    s->edge_count = (uint32_t)edges;
    s->point_count = (uint32_t)points;
    s->vertex_point = hsd_alloc(vertices, sizeof *s->vertex_point, err);
    s->vertex_source = hsd_alloc(vertices, sizeof *s->vertex_source, err);
    s->vertex_flags = hsd_alloc(vertices, sizeof *s->vertex_flags, err);
    s->vertex_node = hsd_alloc(vertices, sizeof *s->vertex_node, err);
    s->edges = hsd_calloc(edges, sizeof *s->edges, err);
    s->points = hsd_alloc(points, sizeof *s->points, err);
    s->segment_m = hsd_calloc(points, sizeof *s->segment_m, err);
    s->point_edge = hsd_alloc(points, sizeof *s->point_edge, err);
    s->edge_way = hsd_alloc(edges, sizeof *s->edge_way, err);
    s->edge_begin = hsd_alloc(edges, sizeof *s->edge_begin, err);
    s->edge_end = hsd_alloc(edges, sizeof *s->edge_end, err);
    s->way_total = hsd_calloc(table->way_count, sizeof *s->way_total, err);
    s->way_first_edge = hsd_alloc(table->way_count + 1, sizeof *s->way_first_edge, err);
    s->node_vertex = hsd_alloc(table->node_count, sizeof *s->node_vertex, err);
    bool ok = s->vertex_point && s->vertex_source && s->vertex_flags && s->vertex_node &&
              s->edges && s->points && s->segment_m && s->point_edge && s->edge_way &&
              s->edge_begin && s->edge_end && s->way_total && s->way_first_edge && s->node_vertex;
    return ok ? HSD_OK : HSD_E_MEMORY;
}

static void fill_vertices(const hsd_road_table *table, const uint8_t *uses, hsd_street_set *s) {
    uint32_t vertex = 0;
    for (size_t n = 0; n < table->node_count; n++) {
        s->node_vertex[n] = HSD_NONE;
        if (uses[n] < 2) continue;
        s->node_vertex[n] = vertex;
        s->vertex_point[vertex] = table->nodes[n];
        s->vertex_source[vertex] = table->node_source ? table->node_source[n] : (int64_t)n + 1;
        s->vertex_flags[vertex] = table->node_flags ? table->node_flags[n] : 0;
        s->vertex_node[vertex++] = (uint32_t)n;
    }
}

static void fill_way(const hsd_road_table *table, uint32_t w, hsd_street_set *s, uint32_t *edge,
                     uint32_t *point) {
    const hsd_way *way = &table->ways[w];
    const uint32_t *nodes = table->way_nodes + way->first_node;
    hsd_edge *open = NULL;
    for (uint32_t i = 0; i < way->node_count; i++) {
        if (i > 0 && nodes[i] == nodes[i - 1]) continue;
        uint32_t vertex = s->node_vertex[nodes[i]];
        if (open) {
            s->points[*point] = table->nodes[nodes[i]];
            s->point_edge[(*point)++] = *edge;
            open->point_count++;
        }
        if (vertex == HSD_NONE) continue;
        if (open) {
            open->to = vertex;
            (*edge)++;
        }
        if (i + 1 == way->node_count || *edge == s->edge_count) break;
        bool more = false; /* only copies of the last node may follow */
        for (uint32_t j = i + 1; j < way->node_count && !more; j++) more = nodes[j] != nodes[i];
        if (!more) break;
        open = &s->edges[*edge];
        *open = (hsd_edge){.source_id = way->source_id,
                           .from = vertex,
                           .first_point = *point,
                           .point_count = 1,
                           .name = way->name,
                           .class_id = way->class_id,
                           .flags = way->flags};
        s->edge_way[*edge] = w;
        s->points[*point] = table->nodes[nodes[i]];
        s->point_edge[(*point)++] = *edge;
    }
}

/* ---- Lengths ------------------------------------------------------------------------------------
 */

static hsd_status measure(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    (void)worker, (void)err;
    hsd_street_set *s = context;
    for (size_t i = begin; i < end; i++) {
        if (i + 1 == s->point_count || s->point_edge[i] != s->point_edge[i + 1]) continue;
        hsd_point_e7 a = s->points[i], b = s->points[i + 1];
        s->segment_m[i] =
            hsd_geodesic_m(a.lon_e7 / 1e7, a.lat_e7 / 1e7, b.lon_e7 / 1e7, b.lat_e7 / 1e7);
    }
    return HSD_OK;
}

/* Sets the way's segments to its stated length, and where along the way its edges lie. */
static void spread_way(const hsd_road_table *table, uint32_t w, hsd_street_set *s) {
    uint32_t begin = s->way_first_edge[w], end = s->way_first_edge[w + 1];
    double total = 0, stated = table->ways[w].length_m;
    uint32_t segments = 0;
    for (uint32_t e = begin; e < end; e++)
        for (uint32_t i = 0; i + 1 < s->edges[e].point_count; i++, segments++)
            total += s->segment_m[s->edges[e].first_point + i];
    double scale = stated > 0 && total > 0 ? stated / total : 1;
    bool equal = stated > 0 && !(total > 0), pointwise = !(total > 0) && !(stated > 0);
    double along = 0;
    for (uint32_t e = begin; e < end; e++) {
        hsd_edge *edge = &s->edges[e];
        s->edge_begin[e] = along;
        for (uint32_t i = 0; i + 1 < edge->point_count; i++) {
            double *m = &s->segment_m[edge->first_point + i];
            if (equal)
                *m = stated / segments;
            else if (stated > 0)
                *m *= scale;
            edge->length_m += *m;
            along += pointwise ? 1 : *m;
        }
        s->edge_end[e] = along;
    }
    s->way_total[w] = along;
}

hsd_status hsd_streets_make(const hsd_road_table *table, const hsd_rules *rules, size_t rule_count,
                            const hsd_run *run, hsd_street_set *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    uint8_t *uses = hsd_calloc(table->node_count, sizeof *uses, err);
    uint32_t *kept = hsd_calloc(table->way_count, sizeof *kept, err);
    hsd_status status = uses && kept ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        mark_uses(table, rules, rule_count, uses, kept);
        status = allocate(table, uses, kept, out, err);
    }
    if (status == HSD_OK) {
        fill_vertices(table, uses, out);
        uint32_t edge = 0, point = 0;
        for (uint32_t w = 0; w < table->way_count; w++) {
            out->way_first_edge[w] = edge;
            if (kept[w]) fill_way(table, w, out, &edge, &point);
        }
        out->way_first_edge[table->way_count] = edge;
        if (edge != out->edge_count || point != out->point_count)
            status = hsd_fail(err, HSD_E_INTERNAL, "cutting ways: %u edges of %u, %u points of %u",
                              edge, out->edge_count, point, out->point_count);
    }
    if (status == HSD_OK)
        status =
            hsd_parallel_for(run, "measuring streets", out->point_count, 8192, measure, out, err);
    for (uint32_t w = 0; status == HSD_OK && w < table->way_count; w++) spread_way(table, w, out);
    hsd_free(uses);
    hsd_free(kept);
    if (status != HSD_OK) hsd_streets_finish(out);
    return status;
}

void hsd_streets_finish(hsd_street_set *s) {
    hsd_free(s->vertex_point);
    hsd_free(s->vertex_source);
    hsd_free(s->vertex_flags);
    hsd_free(s->vertex_node);
    hsd_free(s->edges);
    hsd_free(s->points);
    hsd_free(s->segment_m);
    hsd_free(s->point_edge);
    hsd_free(s->edge_way);
    hsd_free(s->edge_begin);
    hsd_free(s->edge_end);
    hsd_free(s->way_total);
    hsd_free(s->way_first_edge);
    hsd_free(s->node_vertex);
    memset(s, 0, sizeof *s);
}
