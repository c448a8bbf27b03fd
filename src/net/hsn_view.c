/* The network struct over a list of sections: one way for networks just built and for files. Heads
 * and texts are checked here, since pointers are made of them; of all other sections only the size,
 * so that no array is shorter than its count. What the arrays hold is hsn_check.c's affair. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/build.h"
#include "net/closed.h"
#include "net/hsn.h"

typedef struct viewing {
    hsn_storage *storage;
    hsd_network *network;
    const char *strings;
    size_t string_size, bound;
    hsd_error *err;
} viewing;

static hsd_status damaged(viewing *v, uint32_t kind, uint32_t index, const char *what) {
    return hsd_fail(v->err, HSD_E_FORMAT, "the network file is damaged: section \"%s\" %u %s",
                    hsn_kind_name(kind), index, what);
}

/* Any count of elements of `size` bytes. */
static hsd_status find(viewing *v, uint32_t kind, uint32_t index, size_t size, const void **data,
                       size_t *count) {
    const hsn_section *s = hsn_find(v->storage, kind, index);
    *data = NULL;
    *count = 0;
    if (!s) return damaged(v, kind, index, "is missing");
    if (s->size % size != 0 || s->size / size >= HSD_NONE)
        return damaged(v, kind, index, "has a wrong size");
    *data = s->data;
    *count = (size_t)(s->size / size);
    v->bound++;
    return HSD_OK;
}

static hsd_status exactly(viewing *v, uint32_t kind, uint32_t index, size_t size, size_t count,
                          const void **data) {
    size_t found;
    hsd_status status = find(v, kind, index, size, data, &found);
    if (status == HSD_OK && found != count)
        status = damaged(v, kind, index, "has a wrong number of entries");
    return status;
}

#define BIND(status, v, kind, index, count, field)                                                 \
    do {                                                                                           \
        const void *bound_ = NULL;                                                                 \
        if ((status) == HSD_OK)                                                                    \
            (status) = exactly((v), (kind), (index), sizeof *(field), (count), &bound_);           \
        (field) = bound_;                                                                          \
    } while (0)

static hsd_status text_at(viewing *v, uint32_t offset, const char **out) {
    if (offset >= v->string_size) return damaged(v, HSN_STRINGS, 0, "is too short for its texts");
    *out = v->strings + offset;
    return HSD_OK;
}

/* ---- Common sections
 * -------------------------------------------------------------------------------- */

static hsd_status bind_strings(viewing *v) {
    const void *data;
    hsd_status status = find(v, HSN_STRINGS, 0, 1, &data, &v->string_size);
    v->strings = data;
    if (status != HSD_OK) return status;
    if (v->string_size == 0 || v->strings[v->string_size - 1] != '\0' || v->strings[0] != '\0')
        return damaged(v, HSN_STRINGS, 0, "does not begin and end with a zero");
    v->network->strings = v->strings;
    v->network->string_size = v->string_size;
    return HSD_OK;
}

static hsd_status bind_texts(viewing *v) {
    hsd_network *n = v->network;
    hsn_storage *storage = v->storage;
    const void *classes, *words, *inputs;
    size_t class_count, word_count, input_count;
    hsd_status status = find(v, HSN_CLASSES, 0, sizeof(uint32_t), &classes, &class_count);
    if (status == HSD_OK)
        status = find(v, HSN_MODE_WORDS, 0, sizeof(uint32_t), &words, &word_count);
    if (status == HSD_OK) status = find(v, HSN_INPUTS, 0, sizeof(hsn_input), &inputs, &input_count);
    if (status != HSD_OK) return status;
    const char **texts = hsd_alloc(class_count + word_count, sizeof *texts, v->err);
    storage->texts = (char **)(uintptr_t)texts;
    storage->inputs = hsd_calloc(input_count, sizeof *storage->inputs, v->err);
    if (!texts || !storage->inputs) return HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < class_count; i++)
        status = text_at(v, ((const uint32_t *)classes)[i], &texts[i]);
    for (size_t i = 0; status == HSD_OK && i < word_count; i++)
        status = text_at(v, ((const uint32_t *)words)[i], &texts[class_count + i]);
    for (size_t i = 0; status == HSD_OK && i < input_count; i++) {
        const hsn_input *input = (const hsn_input *)inputs + i;
        status = text_at(v, input->role, &storage->inputs[i].role);
        if (status == HSD_OK) status = text_at(v, input->name, &storage->inputs[i].name);
        if (status == HSD_OK) status = text_at(v, input->sha256, &storage->inputs[i].sha256);
    }
    n->classes = texts;
    n->class_count = class_count;
    n->mode_words = texts + class_count;
    n->mode_word_count = word_count;
    n->info.inputs = storage->inputs;
    n->info.input_count = input_count;
    return status;
}

static hsd_status bind_rtree(viewing *v, uint32_t boxes, uint32_t items, hsd_rtree *out) {
    const void *data;
    size_t count;
    hsd_status status = find(v, items, 0, sizeof *out->items, &data, &count);
    if (status != HSD_OK) return status;
    if (count > UINT32_MAX / 2) return damaged(v, items, 0, "has a wrong size");
    out->items = data;
    out->item_count = (uint32_t)count;
    out->box_count = hsd_rtree_box_count(out->item_count);
    BIND(status, v, boxes, 0, out->box_count, out->boxes);
    return status;
}

static hsd_status bind_barriers(viewing *v) {
    hsd_geometry *b = &v->storage->barriers;
    const void *points, *rings, *polygons;
    hsd_status status = find(v, HSN_BARRIER_POINTS, 0, sizeof *b->points, &points, &b->point_count);
    if (status == HSD_OK)
        status = find(v, HSN_BARRIER_RINGS, 0, sizeof *b->ring_end, &rings, &b->ring_count);
    if (status == HSD_OK)
        status =
            find(v, HSN_BARRIER_POLYGONS, 0, sizeof *b->polygon_end, &polygons, &b->polygon_count);
    if (status != HSD_OK) return status;
    b->type = HSD_GEOMETRY_POLYGON;
    b->points = (hsd_lonlat *)(uintptr_t)points; /* read only: the network hands it out const */
    b->ring_end = (size_t *)(uintptr_t)rings;
    b->polygon_end = (size_t *)(uintptr_t)polygons;
    v->network->barriers = b;
    v->network->info.barrier_polygons = (uint32_t)b->polygon_count;
    return bind_rtree(v, HSN_BARRIER_BOXES, HSN_BARRIER_ITEMS, &v->network->barrier_index);
}

static hsd_status bind_common(viewing *v, const hsn_head *head) {
    hsd_network *n = v->network;
    n->vertex_count = n->info.vertices = head->vertex_count;
    n->edge_count = n->info.edges = head->edge_count;
    n->point_count = n->info.points = head->point_count;
    if (n->edge_count >= HSD_NONE / 2) return damaged(v, HSN_HEAD, 0, "has too many edges");
    n->extent = n->info.extent = head->extent;
    n->info.restrictions = head->restriction_count;
    n->info.split_nodes = head->split_nodes;
    n->info.length_km = head->length_km;
    n->info.format_version = v->storage->version;
    for (int i = 0; i < 32; i++)
        for (int half = 0; half < 2; half++)
            n->info.content_id[2 * i + half] =
                "0123456789abcdef"[(v->storage->content_id[i] >> (half ? 0 : 4)) & 15];
    hsd_status status = bind_texts(v);
    if (status == HSD_OK) status = text_at(v, head->configuration, &n->info.configuration);
    BIND(status, v, HSN_VERTEX_POINT, 0, n->vertex_count, n->vertex_point);
    BIND(status, v, HSN_VERTEX_SOURCE, 0, n->vertex_count, n->vertex_source);
    BIND(status, v, HSN_VERTEX_FLAGS, 0, n->vertex_count, n->vertex_flags);
    BIND(status, v, HSN_EDGES, 0, n->edge_count, n->edges);
    BIND(status, v, HSN_POINTS, 0, n->point_count, n->points);
    BIND(status, v, HSN_SEGMENT_M, 0, n->point_count, n->segment_m);
    BIND(status, v, HSN_POINT_EDGE, 0, n->point_count, n->point_edge);
    if (status == HSD_OK) status = bind_rtree(v, HSN_SNAP_BOXES, HSN_SNAP_ITEMS, &n->snap);
    if (status == HSD_OK)
        status = bind_rtree(v, HSN_VERTEX_BOXES, HSN_VERTEX_ITEMS, &n->vertex_index);
    return status == HSD_OK ? bind_barriers(v) : status;
}

/* ---- Graphs and metrics
 * ----------------------------------------------------------------------------- */

static hsd_status bind_graph(viewing *v, uint32_t i, hsd_graph *g) {
    const hsn_graph_head *head = NULL;
    hsd_status status = HSD_OK;
    BIND(status, v, HSN_GRAPH_HEAD, i, 1, head);
    if (status == HSD_OK) status = text_at(v, head->mode, &g->mode);
    if (status != HSD_OK) return status;
    g->node_count = head->node_count;
    g->arc_count = head->arc_count;
    g->link_count = head->link_count;
    g->component_count = head->component_count;
    BIND(status, v, HSN_FIRST_OUT, i, (size_t)g->node_count + 1, g->first_out);
    BIND(status, v, HSN_HEADS, i, g->arc_count, g->head);
    BIND(status, v, HSN_TAILS, i, g->arc_count, g->tail);
    BIND(status, v, HSN_FIRST_IN, i, (size_t)g->node_count + 1, g->first_in);
    BIND(status, v, HSN_IN_ARC, i, g->arc_count, g->in_arc);
    BIND(status, v, HSN_NODE_VERTEX, i, g->node_count, g->node_vertex);
    BIND(status, v, HSN_NODE_FREE, i, g->node_count, g->node_free);
    BIND(status, v, HSN_NODE_FREE_COPY, i, g->node_count, g->node_free_copy);
    BIND(status, v, HSN_NODE_COPY, i, g->node_count, g->node_copy);
    BIND(status, v, HSN_NODE_COMPONENT, i, g->node_count, g->node_component);
    BIND(status, v, HSN_COMPONENT_ARCS, i, g->component_count, g->component_arcs);
    BIND(status, v, HSN_ARC_FIRST_LINK, i, (size_t)g->arc_count + 1, g->arc_first_link);
    BIND(status, v, HSN_LINK_EDGE, i, g->link_count, g->link_edge);
    BIND(status, v, HSN_LINK_ARC, i, g->link_count, g->link_arc);
    BIND(status, v, HSN_EDGE_FIRST_USE, i, 2 * (size_t)v->network->edge_count + 1,
         g->edge_first_use);
    BIND(status, v, HSN_USE_LINK, i, g->link_count, g->use_link);
    return status;
}

static hsd_status bind_metric(viewing *v, uint32_t i, hsd_metric *m, hsd_profile_info *info) {
    const hsn_metric_head *head = NULL;
    hsd_status status = HSD_OK;
    size_t edges = v->network->edge_count;
    BIND(status, v, HSN_METRIC_HEAD, i, 1, head);
    if (status == HSD_OK) status = text_at(v, head->name, &m->name);
    if (status != HSD_OK) return status;
    if (head->graph >= v->network->graph_count) return damaged(v, HSN_METRIC_HEAD, i, "is wrong");
    if (head->leg_rule > HSD_LEG_NODES) return damaged(v, HSN_METRIC_HEAD, i, "is wrong");
    const hsd_graph *g = &v->storage->graphs[head->graph];
    m->graph = head->graph;
    m->leg_rule = (hsd_leg_rule)head->leg_rule;
    m->leg_speed_mh = head->leg_speed_mh;
    m->leg_detour_ppm = head->leg_detour_ppm;
    m->leg_cap_m = head->leg_cap_m;
    m->respects_oneway = head->respects & 1;
    m->respects_turns = head->respects & 2;
    m->max_speed_mh = head->max_speed_mh;
    const void *classes = NULL, *words = NULL;
    status = find(v, HSN_CLASS_RULES, i, sizeof *m->classes, &classes, &m->class_count);
    if (status == HSD_OK)
        status = find(v, HSN_PROFILE_WORDS, i, sizeof *m->words, &words, &m->word_count);
    m->classes = classes;
    m->words = words;
    BIND(status, v, HSN_PACE, i, 2 * edges, m->pace);
    BIND(status, v, HSN_EDGE_MS, i, 2 * edges, m->edge_ms);
    BIND(status, v, HSN_ARC_MS, i, g->arc_count, m->arc_ms);
    BIND(status, v, HSN_LINK_MS, i, g->link_count, m->link_ms);
    BIND(status, v, HSN_EDGE_STOP, i, edges, m->edge_stop);
    BIND(status, v, HSN_SPEED_SOURCE, i, 2 * edges, m->speed_source);
    if (status != HSD_OK) return status;
    const hsn_graph_head *graph_head = hsn_find(v->storage, HSN_GRAPH_HEAD, head->graph)->data;
    *info = (hsd_profile_info){.name = m->name,
                               .mode = g->mode,
                               .nodes = g->node_count,
                               .arcs = g->arc_count,
                               .components = graph_head->linked_components};
    memcpy(info->km, head->km, sizeof info->km);
    if (g->arc_count > 0) info->main_component_share = (double)graph_head->main_arcs / g->arc_count;
    return HSD_OK;
}

/* ---- The timetable
 * ------------------------------------------------------------------------------------ */

#define BIND_ANY(status, v, kind, field, count)                                                    \
    do {                                                                                           \
        const void *bound_ = NULL;                                                                 \
        if ((status) == HSD_OK)                                                                    \
            (status) = find((v), (kind), 0, sizeof *(field), &bound_, &(count));                   \
        (field) = bound_;                                                                          \
    } while (0)

static hsd_status bind_timetable(viewing *v) {
    hsd_timetable *t = &v->storage->timetable;
    const hsn_timetable_head *head = NULL;
    hsd_status status = HSD_OK;
    if (!hsn_find(v->storage, HSN_TIMETABLE_HEAD, 0)) return HSD_OK;
    BIND(status, v, HSN_TIMETABLE_HEAD, 0, 1, head);
    if (status != HSD_OK) return status;
    t->first_day = head->first_day;
    t->day_count = head->day_count;
    t->day_words = head->day_words;
    BIND_ANY(status, v, HSN_TIMETABLE_STRINGS, t->strings, t->string_size);
    BIND_ANY(status, v, HSN_FEEDS, t->feeds, t->feed_count);
    BIND_ANY(status, v, HSN_STOPS, t->stops, t->stop_count);
    BIND_ANY(status, v, HSN_TRANSIT_LINES, t->lines, t->line_count);
    BIND_ANY(status, v, HSN_TRIPS, t->trips, t->trip_count);
    BIND_ANY(status, v, HSN_CALLS, t->calls, t->call_count);
    BIND_ANY(status, v, HSN_HEADWAYS, t->headways, t->headway_count);
    BIND_ANY(status, v, HSN_TRANSFERS, t->transfers, t->transfer_count);
    BIND_ANY(status, v, HSN_SHAPES, t->shapes, t->shape_count);
    BIND_ANY(status, v, HSN_SHAPE_POINTS, t->shape_points, t->shape_point_count);
    BIND_ANY(status, v, HSN_SERVICE_DAYS, t->service_days, t->service_count);
    if (status != HSD_OK) return status;
    if (t->day_words == 0 || t->service_count % t->day_words != 0)
        return damaged(v, HSN_SERVICE_DAYS, 0, "has a wrong size");
    t->service_count /= t->day_words; /* the section counts words */
    v->network->timetable = t;
    v->network->info.feeds = (uint32_t)t->feed_count;
    v->network->info.stops = (uint32_t)t->stop_count;
    v->network->info.lines = (uint32_t)t->line_count;
    v->network->info.trips = (uint32_t)t->trip_count;
    v->network->info.first_day = t->first_day;
    v->network->info.last_day = (int32_t)((uint32_t)t->first_day + (uint32_t)t->day_count - 1);
    return HSD_OK;
}

static hsd_status bind_all(viewing *v) {
    hsn_storage *storage = v->storage;
    hsd_network *n = v->network;
    const hsn_head *head = NULL;
    hsd_status status = HSD_OK;
    BIND(status, v, HSN_HEAD, 0, 1, head);
    if (status == HSD_OK) status = bind_strings(v);
    if (status == HSD_OK) status = bind_common(v, head);
    if (status != HSD_OK) return status;
    uint32_t graphs = head->graph_count, metrics = head->metric_count;
    if (metrics == 0 || metrics > HSD_MAX_PROFILES || graphs > metrics)
        return damaged(v, HSN_HEAD, 0, "has no or too many profiles");
    storage->graphs = hsd_calloc(graphs, sizeof *storage->graphs, v->err);
    storage->metrics = hsd_calloc(metrics, sizeof *storage->metrics, v->err);
    storage->profiles = hsd_calloc(metrics, sizeof *storage->profiles, v->err);
    storage->graph_checked = hsd_calloc(graphs, sizeof *storage->graph_checked, v->err);
    storage->ready = hsd_calloc(metrics, sizeof *storage->ready, v->err);
    if (!storage->graphs || !storage->metrics || !storage->profiles || !storage->graph_checked ||
        !storage->ready)
        return HSD_E_MEMORY;
    n->graph_count = graphs;
    n->metric_count = n->info.profile_count = metrics;
    n->graphs = storage->graphs;
    n->metrics = storage->metrics;
    n->info.profiles = storage->profiles;
    for (uint32_t i = 0; status == HSD_OK && i < graphs; i++)
        status = bind_graph(v, i, &storage->graphs[i]);
    for (uint32_t i = 0; status == HSD_OK && i < metrics; i++)
        status = bind_metric(v, i, &storage->metrics[i], &storage->profiles[i]);
    if (status == HSD_OK) status = bind_timetable(v);
    if (status == HSD_OK && v->bound != storage->sections.count)
        status = hsd_fail(v->err, HSD_E_FORMAT,
                          "the network file is damaged: %zu sections where %zu belong",
                          storage->sections.count, v->bound);
    return status;
}

hsd_status hsn_view(hsn_storage *storage, hsd_network **out, hsd_error *err) {
    *out = NULL;
    viewing v = {.storage = storage, .err = err};
    v.network = hsd_calloc(1, sizeof *v.network, err);
    if (!v.network) {
        hsn_storage_destroy(storage);
        return HSD_E_MEMORY;
    }
    v.network->storage = storage;
    hsd_status status = bind_all(&v);
    if (status != HSD_OK) {
        hsd_network_destroy(v.network);
        return status;
    }
    for (size_t m = 0; m < v.network->metric_count; m++)
        atomic_init(&storage->ready[m], storage->in_memory);
    atomic_init(&storage->timetable_ready, storage->in_memory);
    *out = v.network;
    return HSD_OK;
}

void hsd_network_destroy(hsd_network *network) {
    if (!network) return;
    if (network->adapted) /* a view: the storage is its base's */
        hsd_network_adapted_destroy(network->adapted);
    else
        hsn_storage_destroy(network->storage);
    hsd_free(network);
}
