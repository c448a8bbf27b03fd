/* The contents of sections against each other: after these checks no index in a network leads
 * outside its arrays, geometry and graph fit together, and no time is past HSD_UNREACHABLE. A file
 * may have been damaged, or made by another program: engines trust these checks and nothing else.
 * O(size). */
#include <math.h>
#include <string.h>

#include "net/hsn.h"

static hsd_status wrong(hsd_error *err, const char *what, uint64_t where) {
    return hsd_fail(err, HSD_E_FORMAT, "the network file is damaged: %s, at %llu", what,
                    (unsigned long long)where);
}

/* ---- Streets
 * ------------------------------------------------------------------------------------------------
 */

static bool on_globe(hsd_point_e7 p) {
    return p.lon_e7 >= -1800000000 && p.lon_e7 <= 1800000000 && p.lat_e7 >= -900000000 &&
           p.lat_e7 <= 900000000;
}

static hsd_status check_edges(const hsd_network *n, hsd_error *err) {
    uint64_t point = 0;
    for (uint32_t e = 0; e < n->edge_count; e++) {
        const hsd_edge *edge = &n->edges[e];
        if (edge->from >= n->vertex_count || edge->to >= n->vertex_count)
            return wrong(err, "an edge ends at no vertex", e);
        if (edge->first_point != point || edge->point_count < 2 ||
            edge->point_count > n->point_count - point)
            return wrong(err, "an edge has other points than its own", e);
        if (edge->class_id >= n->class_count) return wrong(err, "an edge has no class", e);
        if (edge->name >= n->string_size) return wrong(err, "an edge has no name", e);
        if (!(edge->length_m >= 0) || !(edge->length_m < 1e12))
            return wrong(err, "an edge has no length", e);
        for (uint32_t i = 0; i < edge->point_count; i++)
            if (n->point_edge[point + i] != e) return wrong(err, "a point has no edge", point + i);
        point += edge->point_count;
    }
    if (point != n->point_count) return wrong(err, "points without an edge", point);
    for (uint32_t i = 0; i < n->point_count; i++)
        if (!on_globe(n->points[i]) || !(n->segment_m[i] >= 0) || !(n->segment_m[i] < 1e12))
            return wrong(err, "a point is not on the globe", i);
    return HSD_OK;
}

static hsd_status check_indexes(const hsd_network *n, hsd_error *err) {
    for (uint32_t i = 0; i < n->snap.item_count; i++) {
        uint32_t item = n->snap.items[i];
        if (item >= n->point_count || item + 1 >= n->point_count ||
            n->point_edge[item] != n->point_edge[item + 1])
            return wrong(err, "the snap index names no segment", i);
    }
    for (uint32_t i = 0; i < n->vertex_index.item_count; i++)
        if (n->vertex_index.items[i] >= n->vertex_count)
            return wrong(err, "the vertex index names no vertex", i);
    return HSD_OK;
}

static hsd_status check_barriers(const hsd_network *n, hsd_error *err) {
    const hsd_geometry *b = n->barriers;
    size_t before = 0;
    for (size_t r = 0; r < b->ring_count; r++) {
        if (b->ring_end[r] > b->point_count || b->ring_end[r] < before + 4)
            return wrong(err, "a barrier's ring has no points", r);
        before = b->ring_end[r];
    }
    if (before != b->point_count) return wrong(err, "barrier points without a ring", before);
    before = 0;
    for (size_t p = 0; p < b->polygon_count; p++) {
        if (b->polygon_end[p] > b->ring_count || b->polygon_end[p] <= before)
            return wrong(err, "a barrier has no rings", p);
        before = b->polygon_end[p];
    }
    if (before != b->ring_count) return wrong(err, "rings without a barrier", before);
    for (size_t i = 0; i < b->point_count; i++)
        if (!(fabs(b->points[i].lon) <= 360) || !(fabs(b->points[i].lat) <= 90))
            return wrong(err, "a barrier's point is not on the globe", i);
    for (uint32_t i = 0; i < n->barrier_index.item_count; i++)
        if ((uint64_t)n->barrier_index.items[i] + 1 >= b->point_count)
            return wrong(err, "the barrier index names no segment", i);
    return HSD_OK;
}

hsd_status hsn_check_common(const hsd_network *n, hsd_error *err) {
    for (uint32_t v = 0; v < n->vertex_count; v++)
        if (!on_globe(n->vertex_point[v])) return wrong(err, "a vertex is not on the globe", v);
    hsd_status status = check_edges(n, err);
    if (status == HSD_OK) status = check_indexes(n, err);
    if (status == HSD_OK) status = check_barriers(n, err);
    return status;
}

/* ---- Graphs
 * ----------------------------------------------------------------------------------------------------
 */

/* first[groups + 1] splits items 0 .. total - 1. */
static bool splits(const uint32_t *first, size_t groups, uint32_t total) {
    if (first[0] != 0 || first[groups] != total) return false;
    for (size_t i = 0; i < groups; i++)
        if (first[i] > first[i + 1]) return false;
    return true;
}

static hsd_status check_nodes(const hsd_network *n, const hsd_graph *g, hsd_error *err) {
    for (uint32_t i = 0; i < g->node_count; i++) {
        uint32_t copy = g->node_free_copy[i];
        if (g->node_vertex[i] >= n->vertex_count) return wrong(err, "a node has no vertex", i);
        if (g->node_component[i] >= g->component_count)
            return wrong(err, "a node has no component", i);
        if (g->node_free[i] > 1 || copy >= g->node_count || !g->node_free[copy] ||
            g->node_vertex[copy] != g->node_vertex[i] || (g->node_free[i] && copy != i))
            return wrong(err, "a node has no free copy", i);
    }
    if (!splits(g->first_out, g->node_count, g->arc_count) ||
        !splits(g->first_in, g->node_count, g->arc_count))
        return wrong(err, "nodes without arcs of their own", 0);
    return HSD_OK;
}

static uint32_t start_of(const hsd_network *n, uint32_t directed) {
    const hsd_edge *edge = &n->edges[directed >> 1];
    return directed & 1 ? edge->to : edge->from;
}

static hsd_status check_arcs(const hsd_network *n, const hsd_graph *g, hsd_error *err) {
    for (uint32_t i = 0; i < g->node_count; i++) {
        for (uint32_t a = g->first_out[i]; a < g->first_out[i + 1]; a++)
            if (g->tail[a] != i) return wrong(err, "an arc leaves another node", a);
        for (uint32_t j = g->first_in[i]; j < g->first_in[i + 1]; j++)
            if (g->in_arc[j] >= g->arc_count || g->head[g->in_arc[j]] != i ||
                (j > g->first_in[i] && g->in_arc[j] <= g->in_arc[j - 1]))
                return wrong(err, "an arc arrives at another node", j);
    }
    if (!splits(g->arc_first_link, g->arc_count, g->link_count))
        return wrong(err, "arcs without links of their own", 0);
    for (uint32_t a = 0; a < g->arc_count; a++) {
        if (g->head[a] >= g->node_count) return wrong(err, "an arc leads nowhere", a);
        uint32_t at = g->node_vertex[g->tail[a]];
        if (g->arc_first_link[a] == g->arc_first_link[a + 1])
            return wrong(err, "an arc has no links", a);
        for (uint32_t l = g->arc_first_link[a]; l < g->arc_first_link[a + 1]; l++) {
            uint32_t k = g->link_edge[l];
            if (g->link_arc[l] != a || k >> 1 >= n->edge_count || start_of(n, k) != at)
                return wrong(err, "a link does not join the one before", l);
            at = start_of(n, k ^ 1);
        }
        if (g->node_vertex[g->head[a]] != at)
            return wrong(err, "an arc does not end at its node", a);
    }
    return HSD_OK;
}

hsd_status hsn_check_graph(const hsd_network *n, const hsd_graph *g, hsd_error *err) {
    hsd_status status = check_nodes(n, g, err);
    if (status == HSD_OK) status = check_arcs(n, g, err);
    if (status != HSD_OK) return status;
    size_t directed = 2 * (size_t)n->edge_count;
    if (!splits(g->edge_first_use, directed, g->link_count))
        return wrong(err, "edges without uses of their own", 0);
    for (size_t k = 0; k < directed; k++)
        for (uint32_t u = g->edge_first_use[k]; u < g->edge_first_use[k + 1]; u++)
            if (g->use_link[u] >= g->link_count || g->link_edge[g->use_link[u]] != k ||
                (u > g->edge_first_use[k] && g->use_link[u] <= g->use_link[u - 1]))
                return wrong(err, "a use names another edge", u);
    for (uint32_t c = 0; c < g->component_count; c++)
        if (g->component_arcs[c] > g->arc_count)
            return wrong(err, "a component has too many arcs", c);
    return HSD_OK;
}

/* ---- Metrics
 * ---------------------------------------------------------------------------------------------------
 */

static bool times_fit(const uint32_t *ms, size_t count) {
    bool fit = true;
    for (size_t i = 0; i < count; i++) fit &= ms[i] <= HSD_UNREACHABLE;
    return fit;
}

/* What a profile may say of its last leg (docs/profile-yaml.md). */
static bool leg_fits(const hsd_metric *m) {
    return m->leg_rule <= HSD_LEG_NODES && m->leg_speed_mh >= 100 && m->leg_speed_mh <= 300000 &&
           m->leg_detour_ppm >= 1000000 && m->leg_detour_ppm <= 5000000 && m->leg_cap_m >= 1 &&
           m->leg_cap_m <= 100000;
}

/* Positions inside an edge are prefixes of its segments' times, and engines take them off the
 * whole: it must be their sum. Most edges have the same pace both ways. */
static bool edge_sums(const hsd_network *n, const hsd_metric *m, uint32_t e) {
    for (uint32_t k = 2 * e; k < 2 * e + 2; k++) {
        uint32_t pace = m->pace[k];
        if (pace == 0) continue; /* HSD_UNREACHABLE: seen before */
        if (k & 1 && pace == m->pace[k - 1]) return m->edge_ms[k] == m->edge_ms[k - 1];
        if (m->edge_ms[k] != hsd_edge_whole_ms(n, e, pace)) return false;
    }
    return true;
}

/* The same for the links of an arc; an impassable link makes the whole arc impassable. */
static bool arc_sums(const hsd_graph *g, const hsd_metric *m, uint32_t a) {
    uint32_t begin = g->arc_first_link[a], end = g->arc_first_link[a + 1], sum = 0;
    bool open = true;
    for (uint32_t l = begin; l < end; l++) open &= m->pace[g->link_edge[l]] != 0;
    for (uint32_t l = begin; l < end; l++) {
        if (m->link_ms[l] != (open ? sum : HSD_UNREACHABLE)) return false;
        sum = hsd_ms_add(sum, m->edge_ms[g->link_edge[l]]);
    }
    return m->arc_ms[a] == (open ? sum : HSD_UNREACHABLE);
}

static bool rules_fit(const hsd_network *n, const hsd_metric *m) {
    bool fit = true;
    for (size_t i = 0; i < m->class_count; i++) {
        const hsd_class_rule *rule = &m->classes[i];
        fit &= rule->name < n->string_size && !(rule->speed_mh & HSD_PACE_FIXED) &&
               rule->flags <= (HSD_CLASS_STOP | HSD_CLASS_NEEDS_YES);
    }
    for (size_t i = 0; i < m->word_count; i++) fit &= m->words[i] < n->string_size;
    return fit;
}

hsd_status hsn_check_metric(const hsd_network *n, const hsd_metric *m, hsd_error *err) {
    const hsd_graph *g = &n->graphs[m->graph];
    size_t directed = 2 * (size_t)n->edge_count;
    if (!leg_fits(m)) return wrong(err, "a last leg has no speed, detour or cap", m->leg_cap_m);
    if (!rules_fit(n, m)) return wrong(err, "a class or word of a profile is none", m->class_count);
    if (!times_fit(m->edge_ms, directed)) return wrong(err, "a time of an edge is too long", 0);
    if (!times_fit(m->arc_ms, g->arc_count)) return wrong(err, "a time of an arc is too long", 0);
    if (!times_fit(m->link_ms, g->link_count)) return wrong(err, "a time of a link is too long", 0);
    for (size_t k = 0; k < directed; k++) {
        uint32_t pace = m->pace[k];
        if (m->speed_source[k] > HSD_SPEED_USER) return wrong(err, "a speed has no source", k);
        if ((pace & HSD_PACE_FIXED) && (pace & ~HSD_PACE_FIXED) > HSD_UNREACHABLE)
            return wrong(err, "a fixed time is too long", k);
        if (pace == 0 && m->edge_ms[k] != HSD_UNREACHABLE)
            return wrong(err, "an impassable edge has a time", k);
    }
    for (uint32_t e = 0; e < n->edge_count; e++) {
        if (m->edge_stop[e] > 1) return wrong(err, "a stop is neither yes nor no", e);
        if (!edge_sums(n, m, e))
            return wrong(err, "the time of an edge is not that of its segments", e);
    }
    for (uint32_t a = 0; a < g->arc_count; a++)
        if (!arc_sums(g, m, a)) return wrong(err, "the time of an arc is not that of its edges", a);
    return HSD_OK;
}
