/* hsd_network_build: the order of the steps, and the sections they become (net/build.h, net/hsn.h).
 */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "geo/barrier.h"
#include "geo/geometry.h"
#include "geo/geos.h"
#include "net/build.h"
#include "net/hsn.h"

/* ---- Texts
 * ------------------------------------------------------------------------------------------ */

typedef HSD_ARRAY(char) text_pool;

static bool add_text(text_pool *pool, const char *text, uint32_t *offset, hsd_error *err) {
    size_t length = strlen(text) + 1;
    *offset = 0;
    if (length == 1 && pool->count > 0) return true; /* offset 0 is "" */
    if (pool->count + length >= HSD_NONE) {
        hsd_fail(err, HSD_E_MEMORY, "the names of a network fill more than 4 GB");
        return false;
    }
    if (!hsd_array_reserve(pool, pool->count + length, err)) return false;
    memcpy(pool->data + pool->count, text, length);
    *offset = (uint32_t)pool->count;
    pool->count += length;
    return true;
}

static bool add_texts(text_pool *pool, char *const *texts, size_t count, uint32_t *offsets,
                      hsd_error *err) {
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) ok = add_text(pool, texts[i], &offsets[i], err);
    return ok;
}

/* Names of edges, from the table's pool to ours; each once. */
static bool add_names(text_pool *pool, const hsd_road_table *table, hsd_street_set *streets,
                      hsd_error *err) {
    uint32_t *moved = hsd_calloc(table->string_size, sizeof *moved, err);
    bool ok = moved != NULL;
    for (uint32_t e = 0; ok && e < streets->edge_count; e++) {
        uint32_t name = streets->edges[e].name;
        if (name > 0 && moved[name] == 0)
            ok = add_text(pool, table->strings + name, &moved[name], err);
        if (ok) streets->edges[e].name = name > 0 ? moved[name] : 0;
    }
    hsd_free(moved);
    return ok;
}

/* ---- The state of a build
 * ---------------------------------------------------------------------------- */

typedef struct work {
    const hsd_road_table *table;
    const hsd_build_options *options;
    const hsd_run *run;
    size_t profile_count;
    uint32_t graph_count;
    hsd_rules rules[HSD_MAX_PROFILES];
    hsd_edge_metric metrics[HSD_MAX_PROFILES];
    hsd_street_set streets;
    hsn_storage *storage;
    text_pool pool;
    hsn_head head;
    hsd_error *err;
} work;

/* Hands an array of the build to the network. */
#define GIVE(w, status, kind, index, pointer, count)                                               \
    do {                                                                                           \
        if ((status) == HSD_OK) {                                                                  \
            void *given_ = (void *)(uintptr_t)(pointer);                                           \
            size_t size_ = sizeof *(pointer);                                                      \
            (pointer) = NULL;                                                                      \
            (status) = hsn_add((w)->storage, (kind), (index), given_, (count), size_, (w)->err);   \
        }                                                                                          \
    } while (0)

static hsd_status give_copy(work *w, uint32_t kind, uint32_t index, const void *data, size_t count,
                            size_t size) {
    void *copy = hsd_alloc(count, size, w->err);
    if (!copy) return HSD_E_MEMORY;
    if (count > 0) memcpy(copy, data, count * size);
    return hsn_add(w->storage, kind, index, copy, count, size, w->err);
}

/* ---- Streets
 * ------------------------------------------------------------------------------------------- */

static double rough_km(const hsd_road_table *table, const hsd_way *way) {
    double km = 0;
    for (uint32_t i = 1; i < way->node_count; i++) {
        hsd_point_e7 a = table->nodes[table->way_nodes[way->first_node + i - 1]];
        hsd_point_e7 b = table->nodes[table->way_nodes[way->first_node + i]];
        double lat = (a.lat_e7 + (double)b.lat_e7) / 2e7;
        double x = ((double)b.lon_e7 - a.lon_e7) / 1e7 * cos(lat * 0.017453292519943295);
        double y = ((double)b.lat_e7 - a.lat_e7) / 1e7;
        km += sqrt(x * x + y * y) * 111.2;
    }
    return km;
}

static hsd_status log_unknown_classes(const work *w) {
    if (!w->run || !w->run->log) return HSD_OK;
    double *km = hsd_calloc(w->table->class_count, sizeof *km, w->err);
    if (!km) return HSD_E_MEMORY;
    for (size_t i = 0; i < w->table->way_count; i++) {
        const hsd_way *way = &w->table->ways[i];
        bool known = false;
        for (size_t p = 0; p < w->profile_count; p++)
            known = known || w->rules[p].classes[way->class_id];
        if (!known) km[way->class_id] += rough_km(w->table, way);
    }
    for (size_t c = 0; c < w->table->class_count; c++)
        if (km[c] > 0)
            hsd_log(w->run, HSD_LOG_INFO, "class \"%s\" is in no profile: %.1f km left out",
                    w->table->classes[c], km[c]);
    hsd_free(km);
    return HSD_OK;
}

static hsd_status make_streets(work *w) {
    hsd_status status = log_unknown_classes(w);
    if (status == HSD_OK)
        status =
            hsd_streets_make(w->table, w->rules, w->profile_count, w->run, &w->streets, w->err);
    const bool stops_alone = w->table->way_count == 0 && w->table->node_count > 0;
    if (status == HSD_OK && w->streets.edge_count == 0 && !stops_alone)
        status = hsd_fail(w->err, HSD_E_FORMAT,
                          "none of the %zu ways can be used by any profile (classes and access "
                          "words of the source against those of the profile)",
                          w->table->way_count);
    for (size_t p = 0; status == HSD_OK && p < w->profile_count; p++) {
        hsd_edge_metric *m = &w->metrics[p];
        const hsd_profile *profile = w->rules[p].profile;
        if (stops_alone && profile->leg_rule != HSD_LEG_NODES)
            return hsd_fail(
                w->err, HSD_E_FORMAT,
                "profile \"%s\": its legs start at streets, and a network of stops alone "
                "has none; expected leg rule nodes, as in station-access",
                profile->name);
        status = hsd_edge_metric_make(&w->streets, w->table, &w->rules[p], m, w->err);
        if (status == HSD_OK && !stops_alone && m->km[0] + m->km[1] + m->km[2] + m->km[3] <= 0)
            hsd_log(w->run, HSD_LOG_WARNING, "profile \"%s\" can use no road of this network",
                    profile->name);
    }
    return status;
}

/* ---- Spatial indexes and barriers
 * ------------------------------------------------------------------------ */

static hsd_status give_rtree(work *w, uint32_t boxes, uint32_t items, hsd_rtree *tree) {
    hsd_status status = HSD_OK;
    GIVE(w, status, boxes, 0, tree->boxes, tree->box_count);
    GIVE(w, status, items, 0, tree->items, tree->item_count);
    if (status != HSD_OK) hsd_rtree_finish(tree);
    return status;
}

static void include(hsd_box_e7 *all, hsd_box_e7 box) {
    if (box.min_lon_e7 < all->min_lon_e7) all->min_lon_e7 = box.min_lon_e7;
    if (box.min_lat_e7 < all->min_lat_e7) all->min_lat_e7 = box.min_lat_e7;
    if (box.max_lon_e7 > all->max_lon_e7) all->max_lon_e7 = box.max_lon_e7;
    if (box.max_lat_e7 > all->max_lat_e7) all->max_lat_e7 = box.max_lat_e7;
}

static hsd_status index_streets(work *w) {
    const hsd_street_set *s = &w->streets;
    uint32_t segments = s->point_count - s->edge_count, count = 0;
    uint32_t most = segments > s->vertex_count ? segments : s->vertex_count;
    hsd_box_e7 *boxes = hsd_alloc(most, sizeof *boxes, w->err);
    uint32_t *items = hsd_alloc(most, sizeof *items, w->err);
    hsd_status status = boxes && items ? HSD_OK : HSD_E_MEMORY;
    hsd_rtree tree;
    if (status == HSD_OK) {
        hsd_box_e7 all = hsd_box_of(s->vertex_point[0], s->vertex_point[0]);
        for (uint32_t i = 0; i + 1 < s->point_count; i++) {
            if (s->point_edge[i] != s->point_edge[i + 1]) continue;
            hsd_box_e7 box = hsd_box_of(s->points[i], s->points[i + 1]);
            boxes[count] = box;
            items[count++] = i;
            include(&all, box);
        }
        for (uint32_t v = 0; v < s->vertex_count; v++) /* all there is of stops alone */
            include(&all, hsd_box_of(s->vertex_point[v], s->vertex_point[v]));
        w->head.extent = all;
        status = hsd_rtree_build(boxes, items, count, &tree, w->err);
        if (status == HSD_OK) status = give_rtree(w, HSN_SNAP_BOXES, HSN_SNAP_ITEMS, &tree);
    }
    if (status == HSD_OK) {
        for (uint32_t v = 0; v < s->vertex_count; v++)
            boxes[v] = hsd_box_of(s->vertex_point[v], s->vertex_point[v]);
        status = hsd_rtree_build(boxes, NULL, s->vertex_count, &tree, w->err);
        if (status == HSD_OK) status = give_rtree(w, HSN_VERTEX_BOXES, HSN_VERTEX_ITEMS, &tree);
    }
    hsd_free(boxes);
    hsd_free(items);
    return status;
}

static hsd_status make_barriers(work *w) {
    static const hsd_geometry none = {.type = HSD_GEOMETRY_POLYGON};
    const hsd_geometry *water = w->table->water.polygon_count ? &w->table->water : &none;
    const hsd_geometry *more = w->options && w->options->barriers ? w->options->barriers : &none;
    const hsd_geometry *all = more->polygon_count ? more : water;
    hsd_geometry both = {0}, merged = {0};
    hsd_status status = HSD_OK;
    if (water->polygon_count && more->polygon_count) {
        status = hsd_geometry_append(&both, water, w->err);
        if (status == HSD_OK) status = hsd_geometry_append(&both, more, w->err);
        if (status == HSD_OK) status = hsd_geos_union(&both, &merged, w->err);
        all = &merged;
    }
    hsd_rtree tree;
    if (status == HSD_OK) status = hsd_barriers_index(all, &tree, w->err);
    if (status == HSD_OK) status = give_rtree(w, HSN_BARRIER_BOXES, HSN_BARRIER_ITEMS, &tree);
    if (status == HSD_OK)
        status =
            give_copy(w, HSN_BARRIER_POINTS, 0, all->points, all->point_count, sizeof *all->points);
    if (status == HSD_OK)
        status = give_copy(w, HSN_BARRIER_RINGS, 0, all->ring_end, all->ring_count,
                           sizeof *all->ring_end);
    if (status == HSD_OK)
        status = give_copy(w, HSN_BARRIER_POLYGONS, 0, all->polygon_end, all->polygon_count,
                           sizeof *all->polygon_end);
    hsd_geometry_finish(&both);
    hsd_geometry_finish(&merged);
    return status;
}

/* ---- Graphs
 * -------------------------------------------------------------------------------------------------
 */

static hsd_status give_graph(work *w, uint32_t i, const char *mode, hsd_graph_parts *g) {
    hsn_graph_head head = {.node_count = g->node_count,
                           .arc_count = g->arc_count,
                           .link_count = g->link_count,
                           .component_count = g->component_count};
    for (uint32_t c = 0; c < g->component_count; c++)
        head.linked_components += g->component_arcs[c] > 0;
    if (g->component_count > 0) head.main_arcs = g->component_arcs[0];
    if (!add_text(&w->pool, mode, &head.mode, w->err)) return HSD_E_MEMORY;
    hsd_status status = give_copy(w, HSN_GRAPH_HEAD, i, &head, 1, sizeof head);
    GIVE(w, status, HSN_FIRST_OUT, i, g->first_out, (size_t)g->node_count + 1);
    GIVE(w, status, HSN_HEADS, i, g->head, g->arc_count);
    GIVE(w, status, HSN_TAILS, i, g->tail, g->arc_count);
    GIVE(w, status, HSN_FIRST_IN, i, g->first_in, (size_t)g->node_count + 1);
    GIVE(w, status, HSN_IN_ARC, i, g->in_arc, g->arc_count);
    GIVE(w, status, HSN_NODE_VERTEX, i, g->node_vertex, g->node_count);
    GIVE(w, status, HSN_NODE_FREE, i, g->node_free, g->node_count);
    GIVE(w, status, HSN_NODE_FREE_COPY, i, g->node_free_copy, g->node_count);
    GIVE(w, status, HSN_NODE_COPY, i, g->node_copy, g->node_count);
    GIVE(w, status, HSN_NODE_COMPONENT, i, g->node_component, g->node_count);
    GIVE(w, status, HSN_COMPONENT_ARCS, i, g->component_arcs, g->component_count);
    GIVE(w, status, HSN_ARC_FIRST_LINK, i, g->arc_first_link, (size_t)g->arc_count + 1);
    GIVE(w, status, HSN_LINK_EDGE, i, g->link_edge, g->link_count);
    GIVE(w, status, HSN_LINK_ARC, i, g->link_arc, g->link_count);
    GIVE(w, status, HSN_EDGE_FIRST_USE, i, g->edge_first_use,
         2 * (size_t)w->streets.edge_count + 1);
    GIVE(w, status, HSN_USE_LINK, i, g->use_link, g->link_count);
    return status;
}

/* What the profile says of classes and words, for roads that are yet to be. */
static hsd_status give_rules(work *w, uint32_t i) {
    const hsd_profile *profile = w->rules[i].profile;
    size_t class_count = profile->class_count, word_count = profile->use_count;
    hsd_class_rule *classes = hsd_calloc(class_count, sizeof *classes, w->err);
    uint32_t *words = hsd_calloc(word_count + 1, sizeof *words, w->err);
    bool ok = classes && words;
    for (size_t c = 0; ok && c < class_count; c++) {
        const hsd_class_speed *from = &profile->classes[c];
        classes[c] = (hsd_class_rule){0, from->speed_mh, from->factor_ppm,
                                      (from->stop ? HSD_CLASS_STOP : 0u) |
                                          (from->needs_yes ? HSD_CLASS_NEEDS_YES : 0u)};
        ok = add_text(&w->pool, from->road_class, &classes[c].name, w->err);
    }
    for (size_t u = 0; ok && u < word_count; u++)
        ok = add_text(&w->pool, profile->uses[u], &words[u], w->err);
    if (ok && word_count == 0) ok = add_text(&w->pool, profile->mode, &words[word_count++], w->err);
    hsd_status status = ok ? HSD_OK : HSD_E_MEMORY;
    GIVE(w, status, HSN_CLASS_RULES, i, classes, class_count);
    GIVE(w, status, HSN_PROFILE_WORDS, i, words, word_count);
    hsd_free(classes);
    hsd_free(words);
    return status;
}

static hsd_status give_metric(work *w, size_t p, const hsd_graph_parts *g) {
    const hsd_profile *profile = w->rules[p].profile;
    hsd_edge_metric *m = &w->metrics[p];
    uint32_t i = (uint32_t)p;
    hsn_metric_head head = {.graph = w->rules[p].graph,
                            .leg_rule = profile->leg_rule,
                            .leg_speed_mh = profile->leg_speed_mh,
                            .leg_detour_ppm = profile->leg_detour_ppm,
                            .leg_cap_m = profile->leg_cap_m,
                            .respects = (profile->respects_oneway ? 1u : 0) |
                                        (profile->respects_turns ? 2u : 0),
                            .max_speed_mh = profile->max_speed_mh};
    memcpy(head.km, m->km, sizeof head.km);
    if (!add_text(&w->pool, profile->name, &head.name, w->err)) return HSD_E_MEMORY;
    uint32_t *arc_ms = hsd_alloc(g->arc_count, sizeof *arc_ms, w->err);
    uint32_t *link_ms = hsd_alloc(g->link_count, sizeof *link_ms, w->err);
    hsd_status status = arc_ms && link_ms ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        hsd_graph graph = {.arc_count = g->arc_count,
                           .link_count = g->link_count,
                           .arc_first_link = g->arc_first_link,
                           .link_edge = g->link_edge};
        hsd_arc_metric(&graph, m->pace, m->edge_ms, arc_ms, link_ms);
        status = give_copy(w, HSN_METRIC_HEAD, i, &head, 1, sizeof head);
    }
    GIVE(w, status, HSN_ARC_MS, i, arc_ms, g->arc_count);
    GIVE(w, status, HSN_LINK_MS, i, link_ms, g->link_count);
    hsd_free(arc_ms);
    hsd_free(link_ms);
    if (status == HSD_OK) status = give_rules(w, i);
    return status;
}

static hsd_status make_graph(work *w, uint32_t i) {
    hsd_mode_view view = {0};
    hsd_sequences sequences = {0};
    hsd_chain_set chains = {0};
    hsd_automaton automaton = {0};
    hsd_graph_parts graph = {0};
    hsd_status status = hsd_mode_view_make(&w->streets, w->table, w->rules, w->profile_count, i,
                                           w->metrics, &view, w->err);
    if (status == HSD_OK) status = hsd_sequences_make(&view, &sequences, w->err);
    if (status == HSD_OK) status = hsd_chains_make(&view, &chains, w->err);
    if (status == HSD_OK) status = hsd_automaton_make(&sequences, &chains, &automaton, w->err);
    if (status == HSD_OK)
        status = hsd_graph_make(&chains, &automaton, w->streets.edge_count, &graph, w->err);
    if (status == HSD_OK) {
        w->head.restriction_count += sequences.bound;
        w->head.split_nodes += automaton.state_count - 1;
    }
    for (size_t p = 0; status == HSD_OK && p < w->profile_count; p++)
        if (w->rules[p].graph == i) status = give_metric(w, p, &graph);
    if (status == HSD_OK) status = give_graph(w, i, view.rules[0]->profile->mode, &graph);
    hsd_mode_view_finish(&view);
    hsd_sequences_finish(&sequences);
    hsd_chains_finish(&chains);
    hsd_automaton_finish(&automaton);
    hsd_graph_parts_finish(&graph);
    return status;
}

/* ---- Sections
 * -------------------------------------------------------------------------------------------------
 */

static hsd_status give_texts(work *w) {
    size_t classes = w->table->class_count, words = w->table->mode_count;
    size_t inputs = w->options ? w->options->input_count : 0;
    uint32_t *class_text = hsd_alloc(classes, sizeof *class_text, w->err);
    uint32_t *word_text = hsd_alloc(words, sizeof *word_text, w->err);
    hsn_input *input_text = hsd_alloc(inputs, sizeof *input_text, w->err);
    bool ok = class_text && word_text && input_text &&
              add_texts(&w->pool, w->table->classes, classes, class_text, w->err) &&
              add_texts(&w->pool, w->table->modes, words, word_text, w->err);
    for (size_t i = 0; ok && i < inputs; i++) {
        const hsd_input_record *input = &w->options->inputs[i];
        ok = add_text(&w->pool, input->role ? input->role : "", &input_text[i].role, w->err) &&
             add_text(&w->pool, input->name ? input->name : "", &input_text[i].name, w->err) &&
             add_text(&w->pool, input->sha256 ? input->sha256 : "", &input_text[i].sha256, w->err);
    }
    const char *configuration = w->options ? w->options->configuration : NULL;
    ok = ok &&
         add_text(&w->pool, configuration ? configuration : "{}", &w->head.configuration, w->err);
    hsd_status status = ok ? HSD_OK : HSD_E_MEMORY;
    GIVE(w, status, HSN_CLASSES, 0, class_text, classes);
    GIVE(w, status, HSN_MODE_WORDS, 0, word_text, words);
    GIVE(w, status, HSN_INPUTS, 0, input_text, inputs);
    hsd_free(class_text);
    hsd_free(word_text);
    hsd_free(input_text);
    return status;
}

static hsd_status give_timetable(work *w) {
    const hsd_timetable *t = w->options ? w->options->timetable : NULL;
    if (!t) return HSD_OK;
    hsd_status status = hsd_timetable_check(t, w->err);
    const hsn_timetable_head head = {t->first_day, t->day_count, (uint32_t)t->day_words, 0};
    const struct {
        uint32_t kind;
        const void *data;
        size_t count, size;
    } arrays[] = {
        {HSN_TIMETABLE_HEAD, &head, 1, sizeof head},
        {HSN_TIMETABLE_STRINGS, t->strings, t->string_size, 1},
        {HSN_FEEDS, t->feeds, t->feed_count, sizeof *t->feeds},
        {HSN_STOPS, t->stops, t->stop_count, sizeof *t->stops},
        {HSN_TRANSIT_LINES, t->lines, t->line_count, sizeof *t->lines},
        {HSN_TRIPS, t->trips, t->trip_count, sizeof *t->trips},
        {HSN_CALLS, t->calls, t->call_count, sizeof *t->calls},
        {HSN_HEADWAYS, t->headways, t->headway_count, sizeof *t->headways},
        {HSN_TRANSFERS, t->transfers, t->transfer_count, sizeof *t->transfers},
        {HSN_SHAPES, t->shapes, t->shape_count, sizeof *t->shapes},
        {HSN_SHAPE_POINTS, t->shape_points, t->shape_point_count, sizeof *t->shape_points},
        {HSN_SERVICE_DAYS, t->service_days, t->service_count * t->day_words,
         sizeof *t->service_days}};
    for (size_t i = 0; status == HSD_OK && i < sizeof arrays / sizeof arrays[0]; i++)
        status = give_copy(w, arrays[i].kind, 0, arrays[i].data, arrays[i].count, arrays[i].size);
    return status;
}

static hsd_status give_streets(work *w) {
    hsd_street_set *s = &w->streets;
    hsd_status status = HSD_OK;
    w->head.vertex_count = s->vertex_count;
    w->head.edge_count = s->edge_count;
    w->head.point_count = s->point_count;
    w->head.graph_count = w->graph_count;
    w->head.metric_count = (uint32_t)w->profile_count;
    for (uint32_t e = 0; e < s->edge_count; e++) w->head.length_km += s->edges[e].length_m / 1000;
    for (size_t p = 0; p < w->profile_count; p++) {
        hsd_edge_metric *m = &w->metrics[p];
        uint32_t i = (uint32_t)p;
        GIVE(w, status, HSN_PACE, i, m->pace, 2 * (size_t)s->edge_count);
        GIVE(w, status, HSN_EDGE_MS, i, m->edge_ms, 2 * (size_t)s->edge_count);
        GIVE(w, status, HSN_EDGE_STOP, i, m->edge_stop, s->edge_count);
        GIVE(w, status, HSN_SPEED_SOURCE, i, m->speed_source, 2 * (size_t)s->edge_count);
    }
    GIVE(w, status, HSN_VERTEX_POINT, 0, s->vertex_point, s->vertex_count);
    GIVE(w, status, HSN_VERTEX_SOURCE, 0, s->vertex_source, s->vertex_count);
    GIVE(w, status, HSN_VERTEX_FLAGS, 0, s->vertex_flags, s->vertex_count);
    GIVE(w, status, HSN_EDGES, 0, s->edges, s->edge_count);
    GIVE(w, status, HSN_POINTS, 0, s->points, s->point_count);
    GIVE(w, status, HSN_SEGMENT_M, 0, s->segment_m, s->point_count);
    GIVE(w, status, HSN_POINT_EDGE, 0, s->point_edge, s->point_count);
    GIVE(w, status, HSN_STRINGS, 0, w->pool.data, w->pool.count);
    return status == HSD_OK ? give_copy(w, HSN_HEAD, 0, &w->head, 1, sizeof w->head) : status;
}

static hsd_status build_all(work *w) {
    uint32_t empty;
    hsd_status status = make_streets(w);
    if (status == HSD_OK && !add_text(&w->pool, "", &empty, w->err)) status = HSD_E_MEMORY;
    if (status == HSD_OK && !add_names(&w->pool, w->table, &w->streets, w->err))
        status = HSD_E_MEMORY;
    if (status == HSD_OK) status = index_streets(w);
    if (status == HSD_OK) status = make_barriers(w);
    for (uint32_t i = 0; status == HSD_OK && i < w->graph_count; i++) {
        status = hsd_progress(w->run, "building graphs", (double)i / w->graph_count, w->err);
        if (status == HSD_OK) status = make_graph(w, i);
    }
    if (status == HSD_OK) status = give_texts(w);
    if (status == HSD_OK) status = give_streets(w);
    if (status == HSD_OK) status = give_timetable(w);
    if (status == HSD_OK) status = hsn_content_id(w->storage, w->err);
    if (status == HSD_OK) status = hsd_progress(w->run, "building graphs", 1, w->err);
    return status;
}

hsd_status hsd_network_build(const hsd_road_table *table, const hsd_profile *profiles,
                             size_t profile_count, const hsd_build_options *options,
                             const hsd_run *run, hsd_network **out, hsd_error *err) {
    *out = NULL;
    if (profile_count == 0 || profile_count > HSD_MAX_PROFILES)
        return hsd_fail(err, HSD_E_ARGUMENT, "a network has 1 to %d profiles, not %zu",
                        HSD_MAX_PROFILES, profile_count);
    hsd_status status = hsd_table_check(table, err);
    if (status != HSD_OK) return status;
    work *w = hsd_calloc(1, sizeof *w, err);
    if (!w) return HSD_E_MEMORY;
    *w = (work){.table = table, .options = options, .run = run, .err = err};
    status = hsd_rules_make(table, profiles, profile_count, w->rules, err);
    if (status == HSD_OK) {
        w->profile_count = profile_count;
        for (size_t p = 0; p < profile_count; p++)
            if (w->rules[p].graph >= w->graph_count) w->graph_count = w->rules[p].graph + 1;
        status = hsd_rules_check(table, w->rules, profile_count, err);
    }
    if (status == HSD_OK) status = hsn_storage_create(&w->storage, err);
    if (status == HSD_OK) status = build_all(w);
    if (status == HSD_OK) {
        w->storage->in_memory = true;
        status = hsn_view(w->storage, out, err);
        w->storage = NULL;
    }
    hsd_rules_finish(w->rules, w->profile_count);
    for (size_t p = 0; p < w->profile_count; p++) hsd_edge_metric_finish(&w->metrics[p]);
    hsd_streets_finish(&w->streets);
    hsd_array_finish(&w->pool);
    hsn_storage_destroy(w->storage);
    hsd_free(w);
    return status;
}
