/* A view of a network in which one profile has other paces and closed stretches: design 7, a
 * scenario is the metric made anew, the topology never changes.
 *
 * The struct is copied, and so is the one metric; its arrays that depend on time are its own, all
 * else is the base's. An arc is summed again when a link of it changed: up to the first closed or
 * impassable link the links keep their times, so that stubs can be used from their open ends, and
 * behind it there are none. O(edges + links). */
#include <string.h>

#include "base/memory.h"
#include "net/closed.h"

typedef struct adapted {
    size_t metric; /* the one profile that may be used */
    hsd_metric *metrics;
    uint32_t *pace, *edge_ms, *arc_ms, *link_ms;
    hsd_closed_part *closed;
    uint64_t *closed_edges;
} adapted;

/* ---- Questions to the closed stretches
 * --------------------------------------------------------------- */

size_t hsd_closed_parts(const hsd_metric *metric, uint32_t edge, const hsd_closed_part **first) {
    size_t low = 0, high = metric->closed_count;
    *first = metric->closed;
    if (!hsd_edge_closed(metric, edge)) return 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (metric->closed[middle].edge < edge)
            low = middle + 1;
        else
            high = middle;
    }
    while (high < metric->closed_count && metric->closed[high].edge == edge) high++;
    *first = metric->closed + low;
    return high - low;
}

bool hsd_closed_directed(const hsd_metric *metric, uint32_t directed_edge) {
    return hsd_closed_between(metric, directed_edge, HSD_EDGE_BEGIN, HSD_EDGE_END);
}

bool hsd_closed_between(const hsd_metric *metric, uint32_t directed_edge, hsd_edge_place lower,
                        hsd_edge_place upper) {
    const hsd_closed_part *part;
    for (size_t n = hsd_closed_parts(metric, directed_edge / 2, &part); n > 0; n--, part++) {
        if (!(part->directions >> (directed_edge & 1) & 1)) continue;
        const hsd_edge_place begin = {part->from_segment, part->from_fraction};
        const hsd_edge_place end = {part->to_segment, part->to_fraction};
        if (hsd_edge_place_compare(begin, end) < 0 && hsd_edge_place_compare(lower, end) < 0 &&
            hsd_edge_place_compare(upper, begin) > 0)
            return true;
    }
    return false;
}

/* ---- Making the view
 * --------------------------------------------------------------------------------- */

void hsd_network_adapted_destroy(void *pointer) {
    adapted *own = pointer;
    if (own == NULL) return;
    hsd_free(own->metrics);
    hsd_free(own->pace);
    hsd_free(own->edge_ms);
    hsd_free(own->arc_ms);
    hsd_free(own->link_ms);
    hsd_free(own->closed);
    hsd_free(own->closed_edges);
    hsd_free(own);
}

hsd_status hsd_network_adapted_require(const hsd_network *view, size_t metric, hsd_error *err) {
    const adapted *own = view->adapted;
    if (metric == own->metric) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT, "profile %zu of a network adapted for profile %zu", metric,
                    own->metric);
}

static hsd_status check_paces(const hsd_network *base, const hsd_pace_edit *edits, size_t count,
                              hsd_error *err) {
    for (size_t i = 0; i < count; i++) {
        if (edits[i].directed_edge / 2 >= base->edge_count)
            return hsd_fail(err, HSD_E_ARGUMENT, "pace %zu: edge %u, the network has %u", i,
                            edits[i].directed_edge / 2, base->edge_count);
        if (i > 0 && edits[i].directed_edge <= edits[i - 1].directed_edge)
            return hsd_fail(err, HSD_E_ARGUMENT, "pace %zu: directed edge %u does not ascend", i,
                            edits[i].directed_edge);
        if ((edits[i].pace & HSD_PACE_FIXED) &&
            (edits[i].pace & ~HSD_PACE_FIXED) >= HSD_UNREACHABLE)
            return hsd_fail(err, HSD_E_ARGUMENT, "pace %zu: %u ms is no time of an edge", i,
                            edits[i].pace & ~HSD_PACE_FIXED);
    }
    return HSD_OK;
}

static bool is_place(const hsd_network *base, uint32_t edge, hsd_edge_place place) {
    return place.segment + 1 < base->edges[edge].point_count && place.fraction >= 0 &&
           place.fraction <= 1;
}

static hsd_status check_closed(const hsd_network *base, const hsd_closed_part *parts, size_t count,
                               hsd_error *err) {
    for (size_t i = 0; i < count; i++) {
        const hsd_closed_part *part = &parts[i];
        const hsd_edge_place begin = {part->from_segment, part->from_fraction};
        const hsd_edge_place end = {part->to_segment, part->to_fraction};
        if (part->edge >= base->edge_count)
            return hsd_fail(err, HSD_E_ARGUMENT, "closed part %zu: edge %u, the network has %u", i,
                            part->edge, base->edge_count);
        if (i > 0 && part->edge < parts[i - 1].edge)
            return hsd_fail(err, HSD_E_ARGUMENT, "closed part %zu: edge %u does not ascend", i,
                            part->edge);
        if (part->directions == 0 || part->directions > 3 || !is_place(base, part->edge, begin) ||
            !is_place(base, part->edge, end) || hsd_edge_place_compare(begin, end) > 0)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "closed part %zu: directions %u from %u %g to %u %g: no stretch of "
                            "edge %u",
                            i, part->directions, begin.segment, begin.fraction, end.segment,
                            end.fraction, part->edge);
    }
    return HSD_OK;
}

static void *copy_of(const void *data, size_t count, size_t size, hsd_error *err) {
    void *copy = hsd_alloc(count, size, err);
    if (copy != NULL && count > 0) memcpy(copy, data, count * size);
    return copy;
}

static hsd_status copy_arrays(const hsd_network *base, const hsd_closed_part *closed,
                              size_t closed_count, adapted *own, hsd_error *err) {
    const hsd_metric *metric = &base->metrics[own->metric];
    const hsd_graph *graph = &base->graphs[metric->graph];
    const size_t directed = 2 * (size_t)base->edge_count;
    own->metrics = copy_of(base->metrics, base->metric_count, sizeof *own->metrics, err);
    own->pace = copy_of(metric->pace, directed, sizeof *own->pace, err);
    own->edge_ms = copy_of(metric->edge_ms, directed, sizeof *own->edge_ms, err);
    own->arc_ms = copy_of(metric->arc_ms, graph->arc_count, sizeof *own->arc_ms, err);
    own->link_ms = copy_of(metric->link_ms, graph->link_count, sizeof *own->link_ms, err);
    if (!own->metrics || !own->pace || !own->edge_ms || !own->arc_ms || !own->link_ms)
        return HSD_E_MEMORY;
    if (closed_count == 0) return HSD_OK;
    own->closed = copy_of(closed, closed_count, sizeof *own->closed, err);
    own->closed_edges = hsd_calloc(base->edge_count / 64 + 1, sizeof *own->closed_edges, err);
    if (!own->closed || !own->closed_edges) return HSD_E_MEMORY;
    for (size_t i = 0; i < closed_count; i++)
        own->closed_edges[closed[i].edge >> 6] |= (uint64_t)1 << (closed[i].edge & 63);
    return HSD_OK;
}

static void sum_arc(const hsd_graph *graph, const hsd_metric *metric, adapted *own, uint32_t arc) {
    uint32_t sum = 0;
    for (uint32_t link = graph->arc_first_link[arc]; link < graph->arc_first_link[arc + 1];
         link++) {
        const uint32_t directed = graph->link_edge[link];
        own->link_ms[link] = sum;
        if (metric->pace[directed] == 0 || hsd_closed_directed(metric, directed))
            sum = HSD_UNREACHABLE;
        sum = hsd_ms_add(sum, metric->edge_ms[directed]);
    }
    own->arc_ms[arc] = sum;
}

/* Arcs with a link on a changed edge, in either direction: changed is a bit set over edges. */
static void sum_changed_arcs(const hsd_graph *graph, const hsd_metric *metric, adapted *own,
                             const uint64_t *changed) {
    for (uint32_t arc = 0; arc < graph->arc_count; arc++) {
        bool any = false;
        for (uint32_t link = graph->arc_first_link[arc]; link < graph->arc_first_link[arc + 1];
             link++) {
            const uint32_t edge = graph->link_edge[link] / 2;
            any = any || (changed[edge >> 6] >> (edge & 63) & 1);
        }
        if (any) sum_arc(graph, metric, own, arc);
    }
}

static hsd_status fill(const hsd_network *base, const hsd_pace_edit *paces, size_t pace_count,
                       const hsd_closed_part *closed, size_t closed_count, adapted *own,
                       hsd_error *err) {
    hsd_status status = copy_arrays(base, closed, closed_count, own, err);
    if (status != HSD_OK) return status;
    uint64_t *changed = hsd_calloc(base->edge_count / 64 + 1, sizeof *changed, err);
    if (changed == NULL) return HSD_E_MEMORY;
    for (size_t i = 0; i < pace_count; i++) {
        const uint32_t directed = paces[i].directed_edge, edge = directed / 2;
        own->pace[directed] = paces[i].pace;
        own->edge_ms[directed] = hsd_edge_whole_ms(base, edge, paces[i].pace);
        changed[edge >> 6] |= (uint64_t)1 << (edge & 63);
    }
    for (size_t i = 0; i < closed_count; i++)
        changed[closed[i].edge >> 6] |= (uint64_t)1 << (closed[i].edge & 63);
    hsd_metric *metric = &own->metrics[own->metric];
    metric->pace = own->pace;
    metric->edge_ms = own->edge_ms;
    metric->arc_ms = own->arc_ms;
    metric->link_ms = own->link_ms;
    metric->closed = own->closed;
    metric->closed_count = closed_count;
    metric->closed_edges = own->closed_edges;
    sum_changed_arcs(&base->graphs[metric->graph], metric, own, changed);
    hsd_free(changed);
    return HSD_OK;
}

static hsd_status check_call(const hsd_network *base, size_t metric, hsd_error *err) {
    if (base->adapted != NULL)
        return hsd_fail(err, HSD_E_ARGUMENT, "adapting a network that is itself a view");
    if (metric >= base->metric_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "profile %zu of a network with %zu", metric,
                        base->metric_count);
    if (base->storage == NULL) return HSD_OK; /* tables made by hand have nothing to check */
    return hsd_network_require(base, metric, err);
}

hsd_status hsd_network_adapt(const hsd_network *base, size_t metric, const hsd_pace_edit *paces,
                             size_t pace_count, const hsd_closed_part *closed, size_t closed_count,
                             hsd_network **out, hsd_error *err) {
    *out = NULL;
    hsd_status status = check_call(base, metric, err);
    if (status == HSD_OK) status = check_paces(base, paces, pace_count, err);
    if (status == HSD_OK) status = check_closed(base, closed, closed_count, err);
    if (status != HSD_OK) return status;
    hsd_network *view = hsd_alloc(1, sizeof *view, err);
    adapted *own = hsd_calloc(1, sizeof *own, err);
    status = view && own ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        own->metric = metric;
        status = fill(base, paces, pace_count, closed, closed_count, own, err);
    }
    if (status != HSD_OK) {
        hsd_network_adapted_destroy(own);
        hsd_free(view);
        return status;
    }
    *view = *base;
    view->metrics = own->metrics;
    view->adapted = own;
    *out = view;
    return HSD_OK;
}
