/* check: what is wrong with a network, as layers to look at. Islands are the weakly connected parts
 * of a mode's graph but the largest, however small; one-way traps belong to the largest part but
 * not to its strongly connected core: net/reach.c says which way is missing. Where a line is only a
 * sketch (corridors drawn from node to node) its shape says nothing: such edges are neither near
 * misses nor duplicates. O(n + m + e log e), and one nearest-edge query a dead end. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "export/styles.h"
#include "hourshed/export.h"
#include "hourshed/study.h"
#include "net/reach.h"
#include "study/options.h"
#include "study/words.h"

typedef struct checker {
    const hsd_check_request *request;
    const hsd_network *net;
    const hsd_graph *graph;
    const hsd_reach *parts; /* of graph */
    hsd_reach *reaches;     /* graph_count */
    const hsd_run *run;
    hsd_dataset *file;
    hsd_check_counts counts;
    uint32_t *degree; /* of a vertex, for the graph */
    uint32_t *street; /* the last edge seen at a vertex: a dead end's only one */
    double near_m;
    int64_t id;
} checker;

static uint32_t part_of(const checker *c, uint32_t edge) {
    return c->parts->part[c->graph->tail[hsd_graph_arc_of(c->graph, edge)]];
}

static bool is_sketch(const hsd_network *net, uint32_t edge) {
    return net->edges[edge].flags & HSD_WAY_SCHEMATIC;
}

static bool asked_for(const checker *c, size_t graph) {
    return !c->request->mode || strcmp(c->net->graphs[graph].mode, c->request->mode) == 0;
}

/* ---- What the graph looks like ---- */

static void count_degrees(checker *c) {
    memset(c->degree, 0, c->net->vertex_count * sizeof *c->degree);
    for (uint32_t e = 0; e < c->net->edge_count; e++) {
        if (!hsd_graph_has_edge(c->graph, e)) continue;
        const hsd_edge *edge = &c->net->edges[e];
        c->degree[edge->from]++;
        c->degree[edge->to]++;
        c->street[edge->from] = c->street[edge->to] = e;
    }
}

static hsd_status study_graphs(checker *c, hsd_error *err) {
    size_t count = c->net->graph_count;
    c->reaches = hsd_calloc(count, sizeof *c->reaches, err);
    c->degree = hsd_alloc(c->net->vertex_count, sizeof *c->degree, err);
    c->street = hsd_alloc(c->net->vertex_count, sizeof *c->street, err);
    hsd_status status = c->reaches && c->degree && c->street ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        if (!asked_for(c, i)) continue;
        status = hsd_progress(c->run, "graphs", (double)i / (double)count, err);
        if (status == HSD_OK)
            status = hsd_reach_make(c->net, &c->net->graphs[i], &c->reaches[i], err);
    }
    return status;
}

static void finish(checker *c) {
    for (size_t i = 0; c->reaches && i < c->net->graph_count; i++) hsd_reach_finish(&c->reaches[i]);
    hsd_free(c->reaches);
    hsd_free(c->degree);
    hsd_free(c->street);
}

/* ---- Layers ---- */

static hsd_lonlat degrees(hsd_point_e7 p) {
    return (hsd_lonlat){p.lon_e7 / 1e7, p.lat_e7 / 1e7};
}

/* The lines of some edges as one geometry. */
static hsd_status edge_lines(const hsd_network *net, const uint32_t *edges, size_t count,
                             hsd_geometry *out, hsd_error *err) {
    size_t points = 0;
    for (size_t i = 0; i < count; i++) points += net->edges[edges[i]].point_count;
    *out = (hsd_geometry){.type = HSD_GEOMETRY_LINE, .point_count = points, .ring_count = count};
    out->points = hsd_alloc(points, sizeof *out->points, err);
    out->ring_end = hsd_alloc(count, sizeof *out->ring_end, err);
    if (!out->points || !out->ring_end) {
        hsd_geometry_finish(out);
        return HSD_E_MEMORY;
    }
    size_t k = 0;
    for (size_t i = 0; i < count; i++) {
        const hsd_edge *edge = &net->edges[edges[i]];
        for (uint32_t p = 0; p < edge->point_count; p++)
            out->points[k++] = degrees(net->points[edge->first_point + p]);
        out->ring_end[i] = k;
    }
    return HSD_OK;
}

static hsd_value text_value(const char *text) {
    return (hsd_value){HSD_VALUE_TEXT, text, 0, 0};
}
static hsd_value int_value(int64_t value) {
    return (hsd_value){HSD_VALUE_INT, NULL, value, 0};
}
static hsd_value real_value(double value) {
    return (hsd_value){HSD_VALUE_REAL, NULL, 0, value};
}

static hsd_status begin_layer(checker *c, const char *name, hsd_word title, hsd_word about,
                              hsd_geometry_type geometry, const hsd_field *fields, size_t count,
                              hsd_error *err) {
    const char *said = hsd_word_text(title, c->request->lang);
    hsd_style_set style;
    hsd_style_plain(&style, geometry == HSD_GEOMETRY_POINT ? HSD_LOOK_POINT : HSD_LOOK_LINE,
                    HSD_COLOUR_FAULT, said);
    hsd_layer_spec spec = {.name = name,
                           .geometry = geometry,
                           .fields = fields,
                           .field_count = count,
                           .title = said,
                           .description = hsd_word_text(about, c->request->lang),
                           .style = &style.style};
    c->id = 0;
    return hsd_dataset_layer(c->file, &spec, err);
}

/* Runs a step for every graph asked for. */
static hsd_status each_graph(checker *c, const char *what,
                             hsd_status (*step)(checker *, hsd_error *), hsd_error *err) {
    size_t count = c->net->graph_count;
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        if (!asked_for(c, i)) continue;
        c->graph = &c->net->graphs[i];
        c->parts = &c->reaches[i];
        count_degrees(c);
        status = hsd_progress(c->run, what, (double)i / (double)count, err);
        if (status == HSD_OK) status = step(c, err);
    }
    return status;
}

static int by_component(const void *a, const void *b) {
    const uint32_t *x = a, *y = b;
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

static hsd_status island_row(checker *c, const uint32_t *edges, size_t count, hsd_error *err) {
    hsd_geometry lines;
    double km = 0;
    for (size_t i = 0; i < count; i++) km += c->net->edges[edges[i]].length_m / 1000;
    hsd_status status = edge_lines(c->net, edges, count, &lines, err);
    if (status != HSD_OK) return status;
    hsd_value values[] = {int_value(++c->id), text_value(c->graph->mode), int_value((int64_t)count),
                          real_value(km)};
    status = hsd_dataset_row(c->file, values, &lines, err);
    hsd_geometry_finish(&lines);
    c->counts.islands++;
    c->counts.island_km += km;
    return status;
}

/* Islands in the order of their lowest edge, not of node ids. */
static hsd_status islands_of(checker *c, hsd_error *err) {
    const hsd_graph *g = c->graph;
    uint32_t *lowest = hsd_alloc(g->node_count, sizeof *lowest, err);
    HSD_ARRAY(uint32_t) pairs = {0}; /* lowest edge of the island, edge */
    hsd_status status = lowest ? HSD_OK : HSD_E_MEMORY;
    if (lowest) memset(lowest, 0xFF, g->node_count * sizeof *lowest);
    for (uint32_t e = 0; status == HSD_OK && e < c->net->edge_count; e++) {
        if (!hsd_graph_has_edge(g, e)) continue;
        uint32_t root = part_of(c, e);
        if (root == c->parts->main_part) continue;
        if (lowest[root] == UINT32_MAX) lowest[root] = e;
        if (!hsd_array_push(&pairs, lowest[root], err) || !hsd_array_push(&pairs, e, err))
            status = HSD_E_MEMORY;
    }
    if (pairs.count) qsort(pairs.data, pairs.count / 2, 2 * sizeof *pairs.data, by_component);
    uint32_t *edges = hsd_alloc(pairs.count / 2, sizeof *edges, err);
    if (!edges) status = HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < pairs.count;) {
        size_t count = 0;
        for (uint32_t island = pairs.data[i]; i < pairs.count && pairs.data[i] == island; i += 2)
            edges[count++] = pairs.data[i + 1];
        status = island_row(c, edges, count, err);
    }
    hsd_free(edges);
    hsd_free(lowest);
    hsd_array_finish(&pairs);
    return status;
}

static hsd_status edge_row(checker *c, uint32_t edge, const char *why, hsd_error *err) {
    hsd_geometry line;
    hsd_status status = edge_lines(c->net, &edge, 1, &line, err);
    if (status != HSD_OK) return status;
    const hsd_edge *e = &c->net->edges[edge];
    hsd_value values[] = {int_value(++c->id),      text_value(c->graph->mode),
                          int_value(e->source_id), text_value(c->net->classes[e->class_id]),
                          real_value(e->length_m), text_value(why)};
    status = hsd_dataset_row(c->file, values, &line, err);
    hsd_geometry_finish(&line);
    return status;
}

static hsd_status traps_of(checker *c, hsd_error *err) {
    const hsd_graph *g = c->graph;
    hsd_status status = HSD_OK;
    for (uint32_t e = 0; status == HSD_OK && e < c->net->edge_count; e++) {
        if (!hsd_graph_has_edge(g, e)) continue;
        if (part_of(c, e) != c->parts->main_part) continue; /* an island: said there */
        bool entered = false, left = false;
        for (uint32_t u = g->edge_first_use[2 * e]; u < g->edge_first_use[2 * e + 2]; u++) {
            uint32_t arc = g->link_arc[g->use_link[u]];
            entered = entered || c->parts->entered[g->tail[arc]];
            left = left || c->parts->left[g->head[arc]];
        }
        if (entered && left) continue;
        status = edge_row(c, e,
                          entered ? "can be entered and not left"
                          : left  ? "can be left and not entered"
                                  : "can be neither entered nor left",
                          err);
        c->counts.one_way_traps++;
    }
    return status;
}

static hsd_status dead_ends_of(checker *c, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (uint32_t v = 0; status == HSD_OK && v < c->net->vertex_count; v++) {
        if (c->degree[v] != 1) continue;
        hsd_lonlat at = degrees(c->net->vertex_point[v]);
        size_t one = 1;
        hsd_geometry point = {HSD_GEOMETRY_POINT, 1, 1, 0, &at, &one, NULL};
        hsd_value values[] = {int_value(++c->id), text_value(c->graph->mode),
                              int_value(c->net->vertex_source[v])};
        status = hsd_dataset_row(c->file, values, &point, err);
        c->counts.dead_ends++;
    }
    return status;
}

typedef struct near_query {
    const checker *c;
    hsd_tangent from;
    uint32_t vertex, edge, item;
    double distance, fraction;
} near_query;

static double near_distance(void *context, uint32_t item) {
    near_query *q = context;
    double fraction;
    return hsd_tangent_segment_m(&q->from, q->c->net->points[item], q->c->net->points[item + 1],
                                 &fraction);
}

/* The nearest street that does not touch the dead end. */
static bool near_visit(void *context, uint32_t item, double distance) {
    near_query *q = context;
    uint32_t e = q->c->net->point_edge[item];
    const hsd_edge *edge = &q->c->net->edges[e];
    if (!hsd_graph_has_edge(q->c->graph, e) || is_sketch(q->c->net, e)) return true;
    if (edge->from == q->vertex || edge->to == q->vertex) return true;
    q->edge = e;
    q->item = item;
    q->distance = distance;
    hsd_tangent_segment_m(&q->from, q->c->net->points[item], q->c->net->points[item + 1],
                          &q->fraction);
    return false;
}

static hsd_status near_misses_of(checker *c, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (uint32_t v = 0; status == HSD_OK && v < c->net->vertex_count; v++) {
        if (v % 4096 == 0)
            status = hsd_progress(c->run, "near misses", (double)v / c->net->vertex_count, err);
        /* the neighbours of a stub shorter than the search lie near by nature */
        if (status != HSD_OK || c->degree[v] != 1 || is_sketch(c->net, c->street[v]) ||
            c->net->edges[c->street[v]].length_m <= c->near_m)
            continue;
        hsd_lonlat at = degrees(c->net->vertex_point[v]);
        near_query q = {
            .c = c, .from = hsd_tangent_at(at.lon, at.lat), .vertex = v, .edge = UINT32_MAX};
        status = hsd_rtree_nearest(&c->net->snap, &q.from, c->near_m, near_distance, near_visit, &q,
                                   err);
        if (status != HSD_OK || q.edge == UINT32_MAX) continue;
        hsd_lonlat a = degrees(c->net->points[q.item]), b = degrees(c->net->points[q.item + 1]);
        hsd_lonlat ends[2] = {
            at, {a.lon + q.fraction * (b.lon - a.lon), a.lat + q.fraction * (b.lat - a.lat)}};
        size_t two = 2;
        hsd_geometry line = {HSD_GEOMETRY_LINE, 2, 1, 0, ends, &two, NULL};
        hsd_value values[] = {int_value(++c->id), text_value(c->graph->mode),
                              int_value(c->net->vertex_source[v]),
                              int_value(c->net->edges[q.edge].source_id), real_value(q.distance)};
        status = hsd_dataset_row(c->file, values, &line, err);
        c->counts.near_misses++;
    }
    return status;
}

/* ---- Streets drawn twice ---- */

static hsd_point_e7 point_from_low_end(const hsd_network *net, uint32_t edge, uint32_t i) {
    const hsd_edge *e = &net->edges[edge];
    return net->points[e->first_point + (e->from > e->to ? e->point_count - 1 - i : i)];
}

static int compare_shapes(const hsd_network *net, uint32_t x, uint32_t y) {
    const hsd_edge *p = &net->edges[x], *q = &net->edges[y];
    if (p->point_count != q->point_count) return p->point_count < q->point_count ? -1 : 1;
    for (uint32_t i = 0; i < p->point_count; i++) {
        hsd_point_e7 s = point_from_low_end(net, x, i), t = point_from_low_end(net, y, i);
        if (s.lon_e7 != t.lon_e7) return s.lon_e7 < t.lon_e7 ? -1 : 1;
        if (s.lat_e7 != t.lat_e7) return s.lat_e7 < t.lat_e7 ? -1 : 1;
    }
    return 0;
}

static int by_shape(const void *a, const void *b, void *context) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = compare_shapes(context, x, y);
    return order ? order : (x > y) - (x < y);
}

static hsd_status duplicate_row(checker *c, uint32_t edge, uint32_t other, hsd_error *err) {
    hsd_geometry line;
    hsd_status status = edge_lines(c->net, &edge, 1, &line, err);
    if (status != HSD_OK) return status;
    hsd_value values[] = {int_value(++c->id), int_value(c->net->edges[other].source_id),
                          int_value(c->net->edges[edge].source_id),
                          real_value(c->net->edges[edge].length_m)};
    status = hsd_dataset_row(c->file, values, &line, err);
    hsd_geometry_finish(&line);
    c->counts.duplicates++;
    return status;
}

static hsd_status duplicates(checker *c, hsd_error *err) {
    uint32_t count = 0, *order = hsd_alloc(c->net->edge_count, sizeof *order, err);
    if (!order) return HSD_E_MEMORY;
    for (uint32_t e = 0; e < c->net->edge_count; e++)
        if (!is_sketch(c->net, e)) order[count++] = e;
    qsort_r(order, count, sizeof *order, by_shape, (void *)(uintptr_t)c->net);
    hsd_status status = hsd_progress(c->run, "duplicates", 0, err);
    uint32_t first = 0; /* the lowest edge of the run of equal shapes */
    for (uint32_t i = 1; status == HSD_OK && i < count; i++) {
        if (compare_shapes(c->net, order[first], order[i]) != 0)
            first = i;
        else
            status = duplicate_row(c, order[i], order[first], err);
    }
    hsd_free(order);
    return status;
}

/* ---- The run ---- */

static const hsd_field island_fields[] = {{"id", HSD_FIELD_INT, "island"},
                                          {"mode", HSD_FIELD_TEXT, "mode"},
                                          {"edges", HSD_FIELD_INT, "streets"},
                                          {"length_km", HSD_FIELD_REAL, "length, kilometres"}};
static const hsd_field trap_fields[] = {{"id", HSD_FIELD_INT, "row"},
                                        {"mode", HSD_FIELD_TEXT, "mode"},
                                        {"source_id", HSD_FIELD_INT, "id of the way in the source"},
                                        {"road_class", HSD_FIELD_TEXT, "class"},
                                        {"length_m", HSD_FIELD_REAL, "length, metres"},
                                        {"what", HSD_FIELD_TEXT, "which way is missing"}};
static const hsd_field dead_end_fields[] = {
    {"id", HSD_FIELD_INT, "row"},
    {"mode", HSD_FIELD_TEXT, "mode"},
    {"source_id", HSD_FIELD_INT, "id of the node in the source"}};
static const hsd_field near_fields[] = {
    {"id", HSD_FIELD_INT, "row"},
    {"mode", HSD_FIELD_TEXT, "mode"},
    {"source_id", HSD_FIELD_INT, "id of the dead end's node in the source"},
    {"other_id", HSD_FIELD_INT, "id of the way it nearly touches"},
    {"gap_m", HSD_FIELD_REAL, "gap, metres"}};
static const hsd_field duplicate_fields[] = {
    {"id", HSD_FIELD_INT, "row"},
    {"first_id", HSD_FIELD_INT, "id of the way drawn first"},
    {"second_id", HSD_FIELD_INT, "id of the way drawn again"},
    {"length_m", HSD_FIELD_REAL, "length, metres"}};

static bool is_corridor(const hsd_network *net) {
    for (size_t m = 0; m < net->metric_count; m++)
        if (net->metrics[m].leg_rule == HSD_LEG_NODES) return true;
    return false;
}

static hsd_status write_layers(checker *c, hsd_error *err) {
    hsd_word about = is_corridor(c->net) ? HSD_WORD_ISLANDS_ABOUT_CORRIDOR : HSD_WORD_ISLANDS_ABOUT;
    hsd_status status = begin_layer(c, "near_misses", HSD_WORD_NEAR_MISSES, HSD_WORD_NEAR_MISSES,
                                    HSD_GEOMETRY_LINE, near_fields, 5, err);
    if (status == HSD_OK) status = each_graph(c, "near misses", near_misses_of, err);
    if (status == HSD_OK)
        status = begin_layer(c, "one_way_traps", HSD_WORD_ONE_WAY_TRAPS, HSD_WORD_ONE_WAY_TRAPS,
                             HSD_GEOMETRY_LINE, trap_fields, 6, err);
    if (status == HSD_OK) status = each_graph(c, "one-way traps", traps_of, err);
    if (status == HSD_OK)
        status = begin_layer(c, "islands", HSD_WORD_ISLANDS, about, HSD_GEOMETRY_LINE,
                             island_fields, 4, err);
    if (status == HSD_OK) status = each_graph(c, "islands", islands_of, err);
    if (status == HSD_OK)
        status = begin_layer(c, "duplicates", HSD_WORD_DUPLICATES, HSD_WORD_DUPLICATES,
                             HSD_GEOMETRY_LINE, duplicate_fields, 4, err);
    if (status == HSD_OK) status = duplicates(c, err);
    if (status == HSD_OK)
        status = begin_layer(c, "dead_ends", HSD_WORD_DEAD_ENDS, HSD_WORD_DEAD_ENDS,
                             HSD_GEOMETRY_POINT, dead_end_fields, 3, err);
    return status == HSD_OK ? each_graph(c, "dead ends", dead_ends_of, err) : status;
}

/* Every profile is needed: a mode's graph is checked as a whole. */
static hsd_status require_all(const hsd_network *net, const char *mode, hsd_error *err) {
    hsd_status status = HSD_OK;
    if (mode && hsd_network_profile(net, mode, NULL) < 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "no mode \"%s\" in the network", mode);
    for (size_t m = 0; status == HSD_OK && m < net->metric_count; m++)
        status = hsd_network_require(net, m, err);
    return status;
}

static hsd_status make_record(const checker *c, char **out, hsd_error *err) {
    hsd_network_info info;
    hsd_status status = hsd_network_info_get(c->net, &info, err);
    if (status != HSD_OK) return status;
    hsd_check_request effective = *c->request;
    effective.near_miss_m = c->near_m;
    if (!effective.lang) effective.lang = "en";
    return hsd_record_make("check", &hsd_check_options_table, &effective, &info, out, err);
}

static hsd_status check_network(checker *c, hsd_error *err) {
    char *record = NULL;
    hsd_status status = require_all(c->net, c->request->mode, err);
    if (status == HSD_OK) status = make_record(c, &record, err);
    hsd_dataset_options options = {.format = c->request->format,
                                   .overwrite = c->request->overwrite,
                                   .title = "check",
                                   .provenance = record};
    if (status == HSD_OK) status = hsd_dataset_create(c->request->output, &options, &c->file, err);
    if (status == HSD_OK) status = study_graphs(c, err);
    if (status == HSD_OK) status = write_layers(c, err);
    if (status == HSD_OK) status = hsd_dataset_commit(c->file, err);
    hsd_dataset_destroy(c->file);
    hsd_free(record);
    finish(c);
    return status;
}

hsd_status hsd_study_check(const hsd_check_request *request, const hsd_run *run,
                           hsd_check_counts *out, hsd_error *err) {
    checker c = {.request = request, .run = run};
    c.near_m = request->near_miss_m > 0 ? request->near_miss_m : 5;
    hsd_network *network = NULL;
    hsd_status status = HSD_OK;
    if (hsd_same_file(request->output, request->network))
        status = hsd_fail(err, HSD_E_ARGUMENT, "%s is the network: give the result another name",
                          request->output);
    if (status == HSD_OK) status = hsd_network_open(request->network, 0, &network, err);
    if (status == HSD_OK) {
        c.net = network;
        status = check_network(&c, err);
    }
    hsd_network_destroy(network);
    *out = c.counts;
    return status;
}
