/* Bounded one-to-all search on a mode's graph: Dijkstra 1959, exact in integer milliseconds.
 *
 * Times never exceed the limit, so that at the end every node with a label is settled and its label
 * is exact: the settled list is all that has to be cleared before the next run, which therefore
 * costs O(settled + relaxed) however large the network is. The invariant between runs: label[v] is
 * HSD_UNREACHABLE unless v is in the settled list. An impassable arc (>= HSD_UNREACHABLE) never
 * passes the limit. O(m + n log b), b the size of a bucket of 32 ms (roads/queue.h). */
#include "roads/search_state.h"

hsd_status hsd_search_create(const hsd_network *network, size_t profile, hsd_search **out,
                             hsd_error *err) {
    *out = NULL;
    if (profile >= network->metric_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "profile %zu: the network has %zu", profile,
                        network->metric_count);
    if (network->storage != NULL) { /* tables made by hand have nothing to check */
        const hsd_status status = hsd_network_require(network, profile, err);
        if (status != HSD_OK) return status;
    }
    const hsd_metric *metric = &network->metrics[profile];
    const hsd_graph *graph = &network->graphs[metric->graph];
    hsd_search *search = hsd_calloc(1, sizeof *search, err);
    if (search == NULL) return HSD_E_MEMORY;
    search->graph = graph;
    search->metric = metric;
    search->label = hsd_alloc(graph->node_count, sizeof *search->label, err);
    search->settled = hsd_alloc(graph->node_count, sizeof *search->settled, err);
    if (search->label == NULL || search->settled == NULL) {
        hsd_search_destroy(search);
        return HSD_E_MEMORY;
    }
    for (uint32_t i = 0; i < graph->node_count; i++) search->label[i] = HSD_UNREACHABLE;
    *out = search;
    return HSD_OK;
}

void hsd_search_destroy(hsd_search *search) {
    if (search == NULL) return;
    queue_finish(&search->queue);
    hsd_free(search->label);
    hsd_free(search->settled);
    hsd_free(search->last_label);
    hsd_array_finish(&search->labels);
    hsd_free(search);
}

void hsd_search_forget(hsd_search *search) {
    for (size_t i = 0; i < search->settled_count; i++)
        search->label[search->settled[i]] = HSD_UNREACHABLE;
    for (size_t i = 0; search->last_label != NULL && i < search->settled_count; i++)
        search->last_label[search->settled[i]] = HSD_NO_LABEL;
    search->settled_count = search->labels.count = 0;
    search->free_label = HSD_NO_LABEL;
    search->counters = (hsd_search_counters){0};
    queue_clear(&search->queue);
}

hsd_status hsd_search_abandon(hsd_search *search) {
    const uint32_t count = search->graph->node_count;
    for (uint32_t i = 0; i < count; i++) search->label[i] = HSD_UNREACHABLE;
    for (uint32_t i = 0; search->last_label != NULL && i < count; i++)
        search->last_label[i] = HSD_NO_LABEL;
    search->settled_count = 0;
    queue_clear(&search->queue);
    return HSD_E_MEMORY;
}

hsd_status hsd_search_check_sources(const hsd_search *search, const hsd_node_cost *sources,
                                    size_t count, hsd_error *err) {
    for (size_t i = 0; i < count; i++)
        if (sources[i].node >= search->graph->node_count)
            return hsd_fail(err, HSD_E_ARGUMENT, "source %zu: node %u, the graph has %u", i,
                            sources[i].node, search->graph->node_count);
    return HSD_OK;
}

static hsd_status push_sources(hsd_search *search, const hsd_node_cost *sources,
                               size_t source_count, uint32_t limit_ms, hsd_error *err) {
    for (size_t i = 0; i < source_count; i++) {
        if (sources[i].ms > limit_ms || sources[i].ms >= search->label[sources[i].node]) continue;
        search->label[sources[i].node] = sources[i].ms;
        if (!queue_push(&search->queue, sources[i].ms, sources[i].node, err))
            return hsd_search_abandon(search);
        search->counters.pushed++;
    }
    return HSD_OK;
}

/* One loop for both directions: `backward` is a constant where it is inlined. */
static inline bool settle_all(hsd_search *search, uint32_t limit_ms, bool backward,
                              hsd_error *err) {
    const hsd_graph *graph = search->graph;
    const uint32_t *restrict first = backward ? graph->first_in : graph->first_out;
    const uint32_t *restrict end = backward ? graph->tail : graph->head;
    const uint32_t *restrict arc_ms = search->metric->arc_ms;
    const uint32_t *restrict in_arc = graph->in_arc;
    uint32_t *restrict label = search->label;
    uint32_t *restrict settled = search->settled;
    size_t settled_count = 0;
    uint64_t relaxed = 0, pushed = 0, key;
    bool failed = false;
    while (queue_pop(&search->queue, &key, err, &failed)) {
        const uint32_t ms = (uint32_t)(key >> 32), node = (uint32_t)key;
        if (label[node] != ms) continue; /* improved since */
        settled[settled_count++] = node;
        const uint32_t stop = first[node + 1];
        relaxed += stop - first[node];
        for (uint32_t i = first[node]; i < stop; i++) {
            const uint32_t arc = backward ? in_arc[i] : i;
            const uint32_t next_ms = ms + arc_ms[arc]; /* <= 2 * HSD_UNREACHABLE: no wrap */
            if (next_ms > limit_ms || next_ms >= label[end[arc]]) continue;
            label[end[arc]] = next_ms;
            pushed++;
            if (!queue_push(&search->queue, next_ms, end[arc], err)) return false;
        }
    }
    search->settled_count = settled_count;
    search->counters.settled = settled_count;
    search->counters.relaxed = relaxed;
    search->counters.pushed += pushed;
    return !failed;
}

hsd_status hsd_search_run(hsd_search *search, hsd_direction direction, const hsd_node_cost *sources,
                          size_t source_count, uint32_t limit_ms, hsd_error *err) {
    hsd_search_forget(search);
    if (limit_ms >= HSD_UNREACHABLE) limit_ms = HSD_UNREACHABLE - 1;
    hsd_status status = hsd_search_check_sources(search, sources, source_count, err);
    if (status == HSD_OK) status = push_sources(search, sources, source_count, limit_ms, err);
    if (status != HSD_OK) return status;
    const bool done = direction == HSD_TO ? settle_all(search, limit_ms, true, err)
                                          : settle_all(search, limit_ms, false, err);
    return done ? HSD_OK : hsd_search_abandon(search);
}

uint32_t hsd_search_ms(const hsd_search *search, uint32_t node) {
    return search->label[node];
}

const uint32_t *hsd_search_settled(const hsd_search *search, size_t *count) {
    *count = search->settled_count;
    return search->settled;
}

hsd_search_counters hsd_search_counters_get(const hsd_search *search) {
    return search->counters;
}
