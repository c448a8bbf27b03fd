/* Where a point meets the network (design 5.4, docs/methods.md 4).
 *
 * An edge admits stopping when its class and flags do, and when a direction of it that the profile
 * can travel lies on an arc inside one strongly connected component with enough arcs. The nearest
 * such edge is found by branch and bound over the network's packed R-tree of segments, children by
 * ascending distance, on the C stack; the answer is the least (distance, edge, segment) whose
 * straight leg crosses no barrier, and does not depend on the order of visits. O(log n + k log n).
 * On corridor networks legs join vertices instead: all admissible ones within the cap. */
#include "times/locator.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* ---- Which edges and vertices admit stopping
 * ----------------------------------------------------- */

typedef struct component_rule {
    uint64_t min_arcs_ppm; /* of arc_count, times a million; UINT64_MAX: no minimum */
} component_rule;

static component_rule component_rule_of(const hsd_graph *graph, uint32_t ppm) {
    if (ppm == UINT32_MAX) return (component_rule){UINT64_MAX};
    return (component_rule){(uint64_t)(ppm ? ppm : 10000) * graph->arc_count};
}

static bool component_ok(const hsd_graph *graph, component_rule rule, uint32_t component) {
    return rule.min_arcs_ppm == UINT64_MAX ||
           (uint64_t)graph->component_arcs[component] * 1000000 >= rule.min_arcs_ppm;
}

static bool arc_ok(const hsd_graph *graph, component_rule rule, uint32_t arc) {
    if (rule.min_arcs_ppm == UINT64_MAX) return true;
    const uint32_t component = graph->node_component[graph->tail[arc]];
    return component == graph->node_component[graph->head[arc]] &&
           component_ok(graph, rule, component);
}

/* The profile can travel the directed edge, on an arc of a large enough component. */
static bool directed_edge_ok(const hsd_locator *locator, component_rule rule, uint32_t directed) {
    const hsd_graph *graph = locator->graph;
    if (locator->metric->edge_ms[directed] >= HSD_UNREACHABLE) return false;
    for (uint32_t i = graph->edge_first_use[directed]; i < graph->edge_first_use[directed + 1]; i++)
        if (arc_ok(graph, rule, graph->link_arc[graph->use_link[i]])) return true;
    return false;
}

static uint64_t *bits_create(size_t count, hsd_error *err) {
    return hsd_calloc(count / 64 + 1, sizeof(uint64_t), err);
}

static hsd_status mark_edges(hsd_locator *locator, component_rule rule, hsd_error *err) {
    const uint32_t edge_count = locator->network->edge_count;
    locator->stop_edges = bits_create(edge_count, err);
    if (locator->stop_edges == NULL) return HSD_E_MEMORY;
    if (locator->metric->leg_rule == HSD_LEG_NODES) return HSD_OK; /* one leaves at nodes alone */
    for (uint32_t e = 0; e < edge_count; e++)
        if (locator->metric->edge_stop[e] &&
            (directed_edge_ok(locator, rule, 2 * e) || directed_edge_ok(locator, rule, 2 * e + 1)))
            hsd_bit_set(locator->stop_edges, e);
    return HSD_OK;
}

/* Nodes of each vertex, by counting. */
static hsd_status group_nodes(hsd_locator *locator, hsd_error *err) {
    const hsd_graph *graph = locator->graph;
    const uint32_t vertex_count = locator->network->vertex_count;
    uint32_t *first = locator->vertex_first_node =
        hsd_calloc((size_t)vertex_count + 2, sizeof *first, err);
    locator->vertex_node = hsd_alloc(graph->node_count, sizeof *locator->vertex_node, err);
    if (first == NULL || locator->vertex_node == NULL) return HSD_E_MEMORY;
    /* shifted by two, so that filling leaves each start where it belongs */
    for (uint32_t n = 0; n < graph->node_count; n++) first[graph->node_vertex[n] + 2]++;
    for (uint32_t v = 0; v < vertex_count; v++) first[v + 2] += first[v + 1];
    for (uint32_t n = 0; n < graph->node_count; n++)
        locator->vertex_node[first[graph->node_vertex[n] + 1]++] = n;
    return HSD_OK;
}

/* On corridor networks every vertex of the mode is a node (net/chains.c). */
static bool vertex_ok(const hsd_locator *locator, component_rule rule, uint32_t vertex) {
    if (locator->network->vertex_flags[vertex] & HSD_NODE_NO_STOP) return false;
    const uint32_t *first = locator->vertex_first_node;
    for (uint32_t i = first[vertex]; i < first[vertex + 1]; i++)
        if (component_ok(locator->graph, rule,
                         locator->graph->node_component[locator->vertex_node[i]]))
            return true;
    return false;
}

static hsd_status mark_vertices(hsd_locator *locator, component_rule rule, hsd_error *err) {
    const uint32_t vertex_count = locator->network->vertex_count;
    locator->stop_vertices = bits_create(vertex_count, err);
    locator->stop_list = hsd_alloc(vertex_count, sizeof *locator->stop_list, err);
    if (locator->stop_vertices == NULL || locator->stop_list == NULL) return HSD_E_MEMORY;
    for (uint32_t v = 0; v < vertex_count; v++) {
        if (!vertex_ok(locator, rule, v)) continue;
        hsd_bit_set(locator->stop_vertices, v);
        locator->stop_list[locator->stop_count++] = v;
    }
    return HSD_OK;
}

static void measure_levels(hsd_locator *locator) {
    uint32_t start = 0, size = locator->network->snap.item_count;
    while (size > 0) {
        locator->snap_start[locator->snap_levels] = start;
        locator->snap_size[locator->snap_levels++] = size;
        if (size == 1) break;
        start += size;
        size = (uint32_t)(((uint64_t)size + HSD_RTREE_FANOUT - 1) / HSD_RTREE_FANOUT);
    }
}

static hsd_status take_barriers(hsd_locator *locator, const hsd_geometry *barriers,
                                hsd_error *err) {
    static const hsd_geometry none = {0};
    if (barriers == NULL) {
        const bool any = locator->network->barriers != NULL;
        locator->barriers.polygons = any ? locator->network->barriers : &none;
        locator->barriers.index = any ? &locator->network->barrier_index : &locator->own_index;
        return HSD_OK;
    }
    locator->barriers.polygons = barriers;
    locator->barriers.index = &locator->own_index;
    return hsd_barriers_index(barriers, &locator->own_index, err);
}

static hsd_status fill(hsd_locator *locator, const hsd_locator_options *options, hsd_error *err) {
    const bool nodes = locator->metric->leg_rule == HSD_LEG_NODES;
    /* a corridor network is drawn by hand: its small parts are islands, ports, borders, not noise
     */
    uint32_t ppm = options->min_component_ppm;
    if (ppm == 0 && nodes) ppm = UINT32_MAX;
    const component_rule rule = component_rule_of(locator->graph, ppm);
    hsd_status status = take_barriers(locator, options->barriers, err);
    if (status == HSD_OK) status = mark_edges(locator, rule, err);
    if (status == HSD_OK) status = group_nodes(locator, err);
    if (status == HSD_OK && nodes) status = mark_vertices(locator, rule, err);
    return status;
}

hsd_status hsd_locator_create(const hsd_network *network, size_t profile,
                              const hsd_locator_options *options, hsd_locator **out,
                              hsd_error *err) {
    static const hsd_locator_options defaults = {0};
    *out = NULL;
    if (profile >= network->metric_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "profile %zu: the network has %zu", profile,
                        network->metric_count);
    hsd_status status = HSD_OK;
    if (network->storage != NULL) status = hsd_network_require(network, profile, err);
    if (status != HSD_OK) return status;
    hsd_locator *locator = hsd_calloc(1, sizeof *locator, err);
    if (locator == NULL) return HSD_E_MEMORY;
    locator->network = network;
    locator->metric = &network->metrics[profile];
    locator->graph = &network->graphs[locator->metric->graph];
    locator->profile = profile;
    locator->leg_cap_m = locator->metric->leg_cap_m;
    measure_levels(locator);
    status = fill(locator, options ? options : &defaults, err);
    if (status != HSD_OK) {
        hsd_locator_destroy(locator);
        return status;
    }
    *out = locator;
    return HSD_OK;
}

void hsd_locator_destroy(hsd_locator *locator) {
    if (locator == NULL) return;
    if (locator->borrows) {
        hsd_free(locator);
        return;
    }
    hsd_rtree_finish(&locator->own_index);
    hsd_free(locator->stop_edges);
    hsd_free(locator->stop_vertices);
    hsd_free(locator->stop_list);
    hsd_free(locator->vertex_first_node);
    hsd_free(locator->vertex_node);
    hsd_free(locator);
}

/* What admits stopping is decided once, on the baseline: a closure moves nobody to another street.
 */
hsd_status hsd_locator_adapt(const hsd_locator *base, const hsd_network *view, hsd_locator **out,
                             hsd_error *err) {
    *out = NULL;
    if (view->edges != base->network->edges || view->graphs != base->network->graphs)
        return hsd_fail(err, HSD_E_ARGUMENT, "the view is of another network than the locator's");
    if (view->storage != NULL || view->adapted != NULL) {
        const hsd_status status = hsd_network_require(view, base->profile, err);
        if (status != HSD_OK) return status;
    }
    hsd_locator *locator = hsd_alloc(1, sizeof *locator, err);
    if (locator == NULL) return HSD_E_MEMORY;
    *locator = *base;
    locator->network = view;
    locator->metric = &view->metrics[base->profile];
    locator->borrows = true;
    *out = locator;
    return HSD_OK;
}

/* ---- Legs
 * ------------------------------------------------------------------------------------------ */

uint32_t hsd_locator_leg_ms(const hsd_locator *locator, double leg_m) {
    const hsd_metric *metric = locator->metric;
    const double ms =
        floor(leg_m * (metric->leg_detour_ppm / 1e6) * 3600000.0 / metric->leg_speed_mh + 0.5);
    return ms < HSD_UNREACHABLE ? (uint32_t)ms : HSD_UNREACHABLE; /* not a number: unreachable */
}

bool hsd_locator_in_water(const hsd_locator *locator, double lon, double lat) {
    return hsd_barriers_contain(&locator->barriers, lon, lat);
}

void hsd_locator_foot_prefix(const hsd_locator *locator, hsd_foot *foot) {
    for (uint32_t d = 0; d < 2; d++) {
        const uint32_t directed = 2 * foot->edge + d;
        foot->ms[d] = 0;
        if (locator->metric->edge_ms[directed] < HSD_UNREACHABLE)
            foot->ms[d] =
                hsd_edge_prefix_ms(locator->network, foot->edge, locator->metric->pace[directed],
                                   foot->segment, foot->fraction);
    }
}

static hsd_lonlat between(hsd_point_e7 a, hsd_point_e7 b, double fraction) {
    return (hsd_lonlat){(a.lon_e7 + fraction * ((double)b.lon_e7 - a.lon_e7)) / 1e7,
                        (a.lat_e7 + fraction * ((double)b.lat_e7 - a.lat_e7)) / 1e7};
}

hsd_lonlat hsd_locator_foot_point(const hsd_locator *locator, const hsd_foot *foot) {
    const hsd_network *network = locator->network;
    if (foot->edge == HSD_NO_EDGE) {
        const hsd_point_e7 p = network->vertex_point[foot->vertex];
        return between(p, p, 0);
    }
    const hsd_point_e7 *points = network->points + network->edges[foot->edge].first_point;
    return between(points[foot->segment], points[foot->segment + 1], foot->fraction);
}

/* The straight leg between a point on land and a position crosses no barrier. Most boxes of legs
 * hold no shore at all, and then nothing can be crossed. */
bool hsd_locator_leg_dry(const hsd_locator *locator, hsd_lonlat from, hsd_lonlat to) {
    if (locator->barriers.index->item_count == 0) return true;
    const hsd_box_e7 box = {(int32_t)floor(fmin(from.lon, to.lon) * 1e7) - 1,
                            (int32_t)floor(fmin(from.lat, to.lat) * 1e7) - 1,
                            (int32_t)ceil(fmax(from.lon, to.lon) * 1e7) + 1,
                            (int32_t)ceil(fmax(from.lat, to.lat) * 1e7) + 1};
    return hsd_barriers_clear(&locator->barriers, box) ||
           !hsd_barriers_cross(&locator->barriers, from, to);
}

/* ---- The nearest admissible edge
 * ----------------------------------------------------------------- */

typedef struct nearest {
    const hsd_locator *locator;
    hsd_tangent tangent;
    double bound_m; /* nothing further counts */
    bool clear;     /* no crossing tests */
    bool found, blocked;
    uint32_t edge, item;
    double fraction;
} nearest;

/* A lower bound: a hair short, so that rounding never puts a box behind what it holds. */
static double box_distance_m(const hsd_tangent *from, const hsd_box_e7 *box) {
    const double west = box->min_lon_e7 / 1e7 - from->lon, east = from->lon - box->max_lon_e7 / 1e7;
    const double south = box->min_lat_e7 / 1e7 - from->lat,
                 north = from->lat - box->max_lat_e7 / 1e7;
    const double x = fmax(fmax(west, east), 0) * from->m_per_lon;
    const double y = fmax(fmax(south, north), 0) * from->m_per_lat;
    return sqrt(x * x + y * y) * (1 - 1e-9) - 1e-6;
}

static void consider_segment(nearest *search, uint32_t item) {
    const hsd_network *network = search->locator->network;
    const uint32_t edge = network->point_edge[item];
    if (!hsd_bit_get(search->locator->stop_edges, edge)) return;
    double fraction;
    const hsd_point_e7 a = network->points[item], b = network->points[item + 1];
    const double m = hsd_tangent_segment_m(&search->tangent, a, b, &fraction);
    if (m > search->bound_m) return;
    if (search->found && m == search->bound_m &&
        (edge > search->edge || (edge == search->edge && item > search->item)))
        return;
    const hsd_lonlat from = {search->tangent.lon, search->tangent.lat};
    if (!search->clear && !hsd_locator_leg_dry(search->locator, from, between(a, b, fraction))) {
        search->blocked = true;
        return;
    }
    search->found = true;
    search->bound_m = m;
    search->edge = edge;
    search->item = item;
    search->fraction = fraction;
}

typedef struct child {
    double m;
    uint32_t box; /* within its level */
} child;

/* Children of a box that may hold something within the bound, nearest last. */
static int open_box(const nearest *search, int level, uint32_t parent, child *out) {
    const hsd_locator *locator = search->locator;
    const hsd_box_e7 *boxes = locator->network->snap.boxes + locator->snap_start[level];
    const uint32_t begin = parent * HSD_RTREE_FANOUT;
    const uint32_t left = locator->snap_size[level] - begin;
    const uint32_t end = begin + (left < HSD_RTREE_FANOUT ? left : HSD_RTREE_FANOUT);
    int count = 0;
    for (uint32_t box = begin; box < end; box++) {
        const double m = box_distance_m(&search->tangent, &boxes[box]);
        if (m > search->bound_m) continue;
        int at = count++;
        for (; at > 0 && out[at - 1].m < m; at--) out[at] = out[at - 1];
        out[at] = (child){m, box};
    }
    return count;
}

static void descend(nearest *search) {
    const hsd_locator *locator = search->locator;
    child open[HSD_LOCATOR_LEVELS][HSD_RTREE_FANOUT];
    int count[HSD_LOCATOR_LEVELS];
    const int top = locator->snap_levels - 1;
    if (top < 0) return;
    open[top][0] = (child){0, 0};
    count[top] = 1;
    for (int level = top; level <= top;) {
        if (count[level] == 0) {
            level++;
            continue;
        }
        const child next = open[level][--count[level]];
        if (next.m > search->bound_m) {
            count[level] = 0; /* the others are further still */
        } else if (level == 0) {
            consider_segment(search, locator->network->snap.items[next.box]);
        } else {
            level--;
            count[level] = open_box(search, level, next.box, open[level]);
        }
    }
}

hsd_snap_reason hsd_locate_edge(const hsd_locator *locator, double lon, double lat,
                                const hsd_locate_hint *hint, hsd_foot *out) {
    nearest search = {.locator = locator, .tangent = hsd_tangent_at(lon, lat)};
    search.bound_m = locator->leg_cap_m;
    const bool narrow = hint && hint->within_m > 0 && hint->within_m < locator->leg_cap_m;
    if (narrow) search.bound_m = hint->within_m;
    search.clear = hint && hint->clear;
    descend(&search);
    if (!search.found && narrow) {
        search.bound_m = locator->leg_cap_m;
        search.clear = false;
        descend(&search);
    }
    *out = (hsd_foot){.edge = HSD_NO_EDGE, .vertex = HSD_NO_EDGE};
    if (!search.found) return search.blocked ? HSD_SNAP_BEHIND_BARRIER : HSD_SNAP_TOO_FAR;
    out->edge = search.edge;
    out->segment = search.item - locator->network->edges[search.edge].first_point;
    out->fraction = search.fraction;
    out->leg_m = search.bound_m;
    out->leg_ms = hsd_locator_leg_ms(locator, search.bound_m);
    return HSD_SNAP_OK;
}

/* ---- Vertices within the cap
 * --------------------------------------------------------------------- */

bool hsd_locate_vertex(const hsd_locator *locator, double lon, double lat, uint32_t vertex,
                       hsd_foot *out, bool *blocked) {
    const hsd_point_e7 p = locator->network->vertex_point[vertex];
    const hsd_lonlat from = {lon, lat}, to = between(p, p, 0);
    const double m = hsd_geodesic_m(lon, lat, to.lon, to.lat);
    if (!(m <= locator->leg_cap_m)) return false;
    if (!hsd_locator_leg_dry(locator, from, to)) {
        *blocked = true;
        return false;
    }
    *out = (hsd_foot){.edge = HSD_NO_EDGE, .vertex = vertex, .leg_m = m};
    out->leg_ms = hsd_locator_leg_ms(locator, m);
    return true;
}

typedef struct vertex_search {
    const hsd_locator *locator;
    double lon, lat;
    hsd_feet *feet;
    bool blocked, failed;
    hsd_error *err;
} vertex_search;

static bool feet_push(hsd_feet *feet, const hsd_foot *foot, hsd_error *err) {
    if (feet->count == feet->capacity &&
        !hsd_array_grow((void **)(void *)&feet->feet, &feet->capacity, feet->count + 1,
                        sizeof *feet->feet, err))
        return false;
    feet->feet[feet->count++] = *foot;
    return true;
}

static bool consider_vertex(void *context, uint32_t vertex) {
    vertex_search *search = context;
    hsd_foot foot;
    if (!hsd_bit_get(search->locator->stop_vertices, vertex)) return true;
    if (!hsd_locate_vertex(search->locator, search->lon, search->lat, vertex, &foot,
                           &search->blocked))
        return true;
    search->failed = !feet_push(search->feet, &foot, search->err);
    return !search->failed;
}

static int compare_vertices(const void *a, const void *b) {
    const uint32_t va = ((const hsd_foot *)a)->vertex, vb = ((const hsd_foot *)b)->vertex;
    return (va > vb) - (va < vb);
}

static hsd_status locate_vertices(const hsd_locator *locator, double lon, double lat, hsd_feet *out,
                                  hsd_error *err) {
    vertex_search search = {.locator = locator, .lon = lon, .lat = lat, .feet = out, .err = err};
    hsd_rtree_query(&locator->network->vertex_index, hsd_box_around(lon, lat, locator->leg_cap_m),
                    consider_vertex, &search);
    if (search.failed) return HSD_E_MEMORY;
    if (out->count == 0)
        out->reason = search.blocked ? HSD_SNAP_BEHIND_BARRIER : HSD_SNAP_TOO_FAR;
    else
        qsort(out->feet, out->count, sizeof *out->feet, compare_vertices);
    return HSD_OK;
}

/* ---- A point
 * ----------------------------------------------------------------------------------------- */

bool hsd_locator_outside(const hsd_locator *locator, double lon, double lat) {
    const hsd_tangent tangent = hsd_tangent_at(lon, lat);
    const hsd_box_e7 *extent = &locator->network->extent;
    return extent->min_lon_e7 > extent->max_lon_e7 ||
           box_distance_m(&tangent, extent) > locator->leg_cap_m;
}

hsd_status hsd_locate(const hsd_locator *locator, double lon, double lat, hsd_feet *out,
                      hsd_error *err) {
    out->count = 0;
    out->reason = HSD_SNAP_OK;
    if (!(fabs(lon) <= 180) || !(fabs(lat) <= 90))
        out->reason = HSD_SNAP_BAD_COORDINATE;
    else if (hsd_locator_outside(locator, lon, lat))
        out->reason = HSD_SNAP_OUTSIDE;
    else if (hsd_locator_in_water(locator, lon, lat))
        out->reason = HSD_SNAP_IN_WATER;
    if (out->reason != HSD_SNAP_OK) return HSD_OK;
    if (locator->metric->leg_rule == HSD_LEG_NODES)
        return locate_vertices(locator, lon, lat, out, err);
    hsd_foot foot;
    out->reason = hsd_locate_edge(locator, lon, lat, NULL, &foot);
    if (out->reason != HSD_SNAP_OK) return HSD_OK;
    hsd_locator_foot_prefix(locator, &foot);
    return feet_push(out, &foot, err) ? HSD_OK : HSD_E_MEMORY;
}

void hsd_feet_finish(hsd_feet *feet) {
    hsd_free(feet->feet);
    *feet = (hsd_feet){0};
}

const char *hsd_snap_reason_text(hsd_snap_reason reason) {
    switch (reason) {
    case HSD_SNAP_OK:
        return "ok";
    case HSD_SNAP_BAD_COORDINATE:
        return "not a longitude, latitude on the globe (swapped?)";
    case HSD_SNAP_OUTSIDE:
        return "outside the network's extent";
    case HSD_SNAP_IN_WATER:
        return "inside water or another barrier";
    case HSD_SNAP_TOO_FAR:
        return "no road where the mode may stop within the longest leg";
    case HSD_SNAP_BEHIND_BARRIER:
        return "every road within the longest leg is across a barrier";
    case HSD_SNAP_BAD_GEOMETRY:
        return "the geometry cannot be used";
    }
    return "unknown";
}
