/* Networks made by hand for tests: vertices, edges, nodes and arcs as the test gives them, all
 * other tables worked out here the plain way. Aborts on misuse: it is a test's own scaffolding. */
#ifndef HAND_NETWORK_H
#define HAND_NETWORK_H

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "geo/barrier.h"
#include "net/network.h"

#define HAND_MAX 20000

typedef struct hand_edge_row {
    uint32_t from, to, pace[2], point_count;
    hsd_point_e7 points[8];
    uint8_t stop;
} hand_edge_row;

typedef struct hand_arc_row {
    uint32_t tail, head, link_count, links[8];
} hand_arc_row;

typedef struct hand_network {
    uint32_t vertex_count, edge_count, node_count, arc_count;
    hsd_point_e7 *vertices;
    uint8_t *vertex_flags;
    hand_edge_row *edges;
    uint32_t *node_vertex;
    uint8_t *node_free;
    hand_arc_row *arcs;
    hsd_leg_rule leg_rule;
    uint32_t leg_speed_mh, leg_detour_ppm, leg_cap_m;
    const hsd_geometry *barriers;
    hsd_network network;
    hsd_graph graph;
    hsd_metric metric;
} hand_network;

static inline void *hand_alloc(size_t count, size_t size) {
    void *p = calloc(count ? count : 1, size);
    if (!p) abort();
    return p;
}

static inline hand_network *hand_create(void) {
    hand_network *h = hand_alloc(1, sizeof *h);
    h->vertices = hand_alloc(HAND_MAX, sizeof *h->vertices);
    h->vertex_flags = hand_alloc(HAND_MAX, 1);
    h->edges = hand_alloc(HAND_MAX, sizeof *h->edges);
    h->node_vertex = hand_alloc(HAND_MAX, sizeof *h->node_vertex);
    h->node_free = hand_alloc(HAND_MAX, 1);
    h->arcs = hand_alloc(HAND_MAX, sizeof *h->arcs);
    h->leg_speed_mh = 3600; /* 1 m/s */
    h->leg_detour_ppm = 1000000;
    h->leg_cap_m = 1000;
    return h;
}

static inline uint32_t hand_vertex(hand_network *h, int32_t lon_e7, int32_t lat_e7) {
    if (h->vertex_count == HAND_MAX) abort();
    h->vertices[h->vertex_count] = (hsd_point_e7){lon_e7, lat_e7};
    return h->vertex_count++;
}

/* pace: metres per hour, HSD_PACE_FIXED | ms, or 0 for closed */
static inline uint32_t hand_edge(hand_network *h, uint32_t from, uint32_t to, uint32_t forward,
                                 uint32_t backward) {
    if (h->edge_count == HAND_MAX) abort();
    hand_edge_row *e = &h->edges[h->edge_count];
    *e = (hand_edge_row){
        .from = from, .to = to, .pace = {forward, backward}, .point_count = 2, .stop = 1};
    e->points[0] = h->vertices[from];
    e->points[1] = h->vertices[to];
    return h->edge_count++;
}

static inline void hand_bend(hand_network *h, uint32_t edge, int32_t lon_e7, int32_t lat_e7) {
    hand_edge_row *e = &h->edges[edge];
    if (e->point_count == 8) abort();
    e->points[e->point_count] = e->points[e->point_count - 1];
    e->points[e->point_count - 1] = (hsd_point_e7){lon_e7, lat_e7};
    e->point_count++;
}

static inline uint32_t hand_node(hand_network *h, uint32_t vertex, int is_free) {
    if (h->node_count == HAND_MAX) abort();
    h->node_vertex[h->node_count] = vertex;
    h->node_free[h->node_count] = is_free != 0;
    return h->node_count++;
}

/* link_count directed edges (2 * edge + direction) follow as unsigned */
static inline uint32_t hand_arc(hand_network *h, uint32_t tail, uint32_t head, int link_count,
                                ...) {
    if (h->arc_count == HAND_MAX || link_count > 8) abort();
    hand_arc_row *a = &h->arcs[h->arc_count];
    *a = (hand_arc_row){.tail = tail, .head = head, .link_count = (uint32_t)link_count};
    va_list links;
    va_start(links, link_count);
    for (int i = 0; i < link_count; i++) a->links[i] = va_arg(links, unsigned);
    va_end(links);
    return h->arc_count++;
}

/* One free node a vertex, one arc for each open direction of an edge. */
static inline void hand_plain_graph(hand_network *h) {
    for (uint32_t v = 0; v < h->vertex_count; v++) hand_node(h, v, 1);
    for (uint32_t e = 0; e < h->edge_count; e++) {
        if (h->edges[e].pace[0]) hand_arc(h, h->edges[e].from, h->edges[e].to, 1, 2 * e);
        if (h->edges[e].pace[1]) hand_arc(h, h->edges[e].to, h->edges[e].from, 1, 2 * e + 1);
    }
}

static inline int hand_compare_arcs(const void *a, const void *b) {
    const hand_arc_row *x = a, *y = b;
    if (x->tail != y->tail) return x->tail < y->tail ? -1 : 1;
    return memcmp(x->links, y->links, sizeof x->links);
}

static inline void hand_fill_points(hand_network *h) {
    hsd_network *n = &h->network;
    hsd_edge *edges = hand_alloc(h->edge_count, sizeof *edges);
    n->point_count = 0;
    for (uint32_t e = 0; e < h->edge_count; e++) n->point_count += h->edges[e].point_count;
    hsd_point_e7 *points = hand_alloc(n->point_count, sizeof *points);
    double *segment_m = hand_alloc(n->point_count, sizeof *segment_m);
    uint32_t *point_edge = hand_alloc(n->point_count, sizeof *point_edge);
    hsd_box_e7 *boxes = hand_alloc(n->point_count, sizeof *boxes);
    uint32_t *items = hand_alloc(n->point_count, sizeof *items), item_count = 0, at = 0;
    hsd_box_e7 all = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (uint32_t e = 0; e < h->edge_count; e++) {
        const hand_edge_row *row = &h->edges[e];
        edges[e] = (hsd_edge){.source_id = e + 1,
                              .from = row->from,
                              .to = row->to,
                              .first_point = at,
                              .point_count = row->point_count};
        for (uint32_t i = 0; i < row->point_count; i++, at++) {
            points[at] = row->points[i];
            point_edge[at] = e;
            if (points[at].lon_e7 < all.min_lon_e7) all.min_lon_e7 = points[at].lon_e7;
            if (points[at].lat_e7 < all.min_lat_e7) all.min_lat_e7 = points[at].lat_e7;
            if (points[at].lon_e7 > all.max_lon_e7) all.max_lon_e7 = points[at].lon_e7;
            if (points[at].lat_e7 > all.max_lat_e7) all.max_lat_e7 = points[at].lat_e7;
            if (i + 1 == row->point_count) break;
            const hsd_point_e7 a = row->points[i], b = row->points[i + 1];
            segment_m[at] =
                hsd_geodesic_m(a.lon_e7 / 1e7, a.lat_e7 / 1e7, b.lon_e7 / 1e7, b.lat_e7 / 1e7);
            edges[e].length_m += segment_m[at];
            boxes[item_count] = (hsd_box_e7){a.lon_e7 < b.lon_e7 ? a.lon_e7 : b.lon_e7,
                                             a.lat_e7 < b.lat_e7 ? a.lat_e7 : b.lat_e7,
                                             a.lon_e7 > b.lon_e7 ? a.lon_e7 : b.lon_e7,
                                             a.lat_e7 > b.lat_e7 ? a.lat_e7 : b.lat_e7};
            items[item_count++] = at;
        }
        at = edges[e].first_point + row->point_count;
    }
    n->edges = edges;
    n->edge_count = h->edge_count;
    n->points = points;
    n->segment_m = segment_m;
    n->point_edge = point_edge;
    n->extent = all;
    if (hsd_rtree_build(boxes, items, item_count, &n->snap, NULL) != HSD_OK) abort();
    free(boxes);
    free(items);
}

static inline void hand_fill_vertices(hand_network *h) {
    hsd_network *n = &h->network;
    n->vertex_count = h->vertex_count;
    n->vertex_point = h->vertices;
    n->vertex_flags = h->vertex_flags;
    hsd_box_e7 *boxes = hand_alloc(h->vertex_count, sizeof *boxes);
    for (uint32_t v = 0; v < h->vertex_count; v++)
        boxes[v] = (hsd_box_e7){h->vertices[v].lon_e7, h->vertices[v].lat_e7, h->vertices[v].lon_e7,
                                h->vertices[v].lat_e7};
    if (hsd_rtree_build(boxes, NULL, h->vertex_count, &n->vertex_index, NULL) != HSD_OK) abort();
    free(boxes);
    n->barriers = h->barriers;
    if (h->barriers && hsd_barriers_index(h->barriers, &n->barrier_index, NULL) != HSD_OK) abort();
}

/* Strongly connected: mutual reachability by repeated sweeps, for small graphs. */
static inline void hand_fill_components(hand_network *h, uint32_t *component, uint32_t *arcs_of) {
    uint8_t *ahead = hand_alloc(h->node_count, 1), *behind = hand_alloc(h->node_count, 1);
    uint32_t count = 0;
    for (uint32_t n = 0; n < h->node_count; n++) component[n] = UINT32_MAX;
    for (uint32_t n = 0; n < h->node_count; n++) {
        if (component[n] != UINT32_MAX) continue;
        memset(ahead, 0, h->node_count);
        memset(behind, 0, h->node_count);
        ahead[n] = behind[n] = 1;
        for (int changed = 1; changed;) {
            changed = 0;
            for (uint32_t a = 0; a < h->arc_count; a++) {
                const uint32_t t = h->arcs[a].tail, d = h->arcs[a].head;
                if (ahead[t] && !ahead[d]) ahead[d] = 1, changed = 1;
                if (behind[d] && !behind[t]) behind[t] = 1, changed = 1;
            }
        }
        for (uint32_t m = 0; m < h->node_count; m++)
            if (ahead[m] && behind[m]) component[m] = count;
        count++;
    }
    for (uint32_t a = 0; a < h->arc_count; a++)
        if (component[h->arcs[a].tail] == component[h->arcs[a].head])
            arcs_of[component[h->arcs[a].tail]]++;
    h->graph.component_count = count;
    free(ahead);
    free(behind);
}

static inline void hand_fill_uses(hand_network *h) {
    hsd_graph *g = &h->graph;
    uint32_t *first = hand_alloc(2 * (size_t)h->edge_count + 2, sizeof *first);
    uint32_t *use = hand_alloc(g->link_count, sizeof *use);
    uint32_t at = 0;
    for (uint32_t d = 0; d < 2 * h->edge_count; d++) {
        first[d] = at;
        for (uint32_t l = 0; l < g->link_count; l++)
            if (g->link_edge[l] == d) use[at++] = l;
    }
    first[2 * h->edge_count] = at;
    g->edge_first_use = first;
    g->use_link = use;
}

static inline void hand_fill_graph(hand_network *h) {
    hsd_graph *g = &h->graph;
    qsort(h->arcs, h->arc_count, sizeof *h->arcs, hand_compare_arcs);
    uint32_t n = h->node_count, m = h->arc_count, links = 0;
    for (uint32_t a = 0; a < m; a++) links += h->arcs[a].link_count;
    uint32_t *first_out = hand_alloc(n + 1, 4), *first_in = hand_alloc(n + 1, 4);
    uint32_t *head = hand_alloc(m, 4), *tail = hand_alloc(m, 4), *in_arc = hand_alloc(m, 4);
    uint32_t *first_link = hand_alloc(m + 1, 4), *link_edge = hand_alloc(links, 4),
             *link_arc = hand_alloc(links, 4);
    uint32_t *component = hand_alloc(n, 4), *component_arcs = hand_alloc(n, 4), l = 0, at = 0;
    for (uint32_t a = 0; a < m; a++) {
        head[a] = h->arcs[a].head;
        tail[a] = h->arcs[a].tail;
        first_link[a] = l;
        for (uint32_t i = 0; i < h->arcs[a].link_count; i++, l++) {
            link_edge[l] = h->arcs[a].links[i];
            link_arc[l] = a;
        }
        first_out[tail[a] + 1]++;
    }
    first_link[m] = l;
    for (uint32_t v = 0; v < n; v++) {
        first_out[v + 1] += first_out[v];
        first_in[v] = at;
        for (uint32_t a = 0; a < m; a++)
            if (head[a] == v) in_arc[at++] = a;
    }
    first_in[n] = at;
    hand_fill_components(h, component, component_arcs);
    *g = (hsd_graph){.mode = "car",
                     .node_count = n,
                     .arc_count = m,
                     .link_count = links,
                     .first_out = first_out,
                     .head = head,
                     .tail = tail,
                     .first_in = first_in,
                     .in_arc = in_arc,
                     .node_vertex = h->node_vertex,
                     .node_free = h->node_free,
                     .node_component = component,
                     .component_count = g->component_count,
                     .component_arcs = component_arcs,
                     .arc_first_link = first_link,
                     .link_edge = link_edge,
                     .link_arc = link_arc};
    hand_fill_uses(h);
}

static inline void hand_fill_metric(hand_network *h) {
    const hsd_graph *g = &h->graph;
    uint32_t *pace = hand_alloc(2 * (size_t)h->edge_count, 4);
    uint32_t *edge_ms = hand_alloc(2 * (size_t)h->edge_count, 4);
    uint32_t *arc_ms = hand_alloc(g->arc_count, 4), *link_ms = hand_alloc(g->link_count, 4);
    uint8_t *stop = hand_alloc(h->edge_count, 1),
            *source = hand_alloc(2 * (size_t)h->edge_count, 1);
    for (uint32_t e = 0; e < h->edge_count; e++) {
        stop[e] = h->edges[e].stop;
        for (uint32_t d = 0; d < 2; d++) {
            pace[2 * e + d] = h->edges[e].pace[d];
            edge_ms[2 * e + d] = HSD_UNREACHABLE;
            if (!pace[2 * e + d]) continue;
            uint32_t parts[8], sum = 0;
            hsd_edge_segment_ms(&h->network, e, pace[2 * e + d], parts);
            for (uint32_t i = 0; i + 1 < h->edges[e].point_count; i++) sum += parts[i];
            edge_ms[2 * e + d] = sum;
        }
    }
    for (uint32_t a = 0; a < g->arc_count; a++) {
        uint32_t sum = 0;
        for (uint32_t l = g->arc_first_link[a]; l < g->arc_first_link[a + 1]; l++) {
            link_ms[l] = sum;
            sum = hsd_ms_add(sum, edge_ms[g->link_edge[l]]);
        }
        arc_ms[a] = sum;
    }
    h->metric = (hsd_metric){.name = "hand",
                             .pace = pace,
                             .edge_ms = edge_ms,
                             .arc_ms = arc_ms,
                             .link_ms = link_ms,
                             .edge_stop = stop,
                             .speed_source = source,
                             .leg_rule = h->leg_rule,
                             .leg_speed_mh = h->leg_speed_mh,
                             .leg_detour_ppm = h->leg_detour_ppm,
                             .leg_cap_m = h->leg_cap_m};
}

static inline const hsd_network *hand_finish(hand_network *h) {
    hand_fill_points(h);
    hand_fill_vertices(h);
    hand_fill_graph(h);
    h->network.graph_count = h->network.metric_count = 1;
    h->network.graphs = &h->graph;
    h->network.metrics = &h->metric;
    hand_fill_metric(h);
    return &h->network;
}

static inline void hand_destroy(hand_network *h) {
    hsd_network *n = &h->network;
    const void *owned[] = {n->edges,
                           n->points,
                           n->segment_m,
                           n->point_edge,
                           h->vertices,
                           h->vertex_flags,
                           h->edges,
                           h->node_vertex,
                           h->node_free,
                           h->arcs,
                           h->graph.first_out,
                           h->graph.first_in,
                           h->graph.head,
                           h->graph.tail,
                           h->graph.in_arc,
                           h->graph.arc_first_link,
                           h->graph.link_edge,
                           h->graph.link_arc,
                           h->graph.node_component,
                           h->graph.component_arcs,
                           h->graph.edge_first_use,
                           h->graph.use_link,
                           h->metric.pace,
                           h->metric.edge_ms,
                           h->metric.arc_ms,
                           h->metric.link_ms,
                           h->metric.edge_stop,
                           h->metric.speed_source};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) free((void *)(uintptr_t)owned[i]);
    hsd_rtree_finish(&n->snap);
    hsd_rtree_finish(&n->vertex_index);
    hsd_rtree_finish(&n->barrier_index);
    free(h);
}
#endif
