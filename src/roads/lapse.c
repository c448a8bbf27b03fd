/* Bounded search with sources that lapse: labels (ms, until), of which a node keeps the Pareto set.
 *
 * Two ways to a node go on alike, so that one which is later and reaches no farther can be
 * forgotten. Labels come out of the queue by ascending time; hence a node's settled labels have
 * ascending ms and, as one that reaches no farther than the last is dropped, ascending until: the
 * last one alone decides. Of labels with one time the one that reaches farther takes the other's
 * place and is relaxed once more. A label goes on while its time is within its until, never past
 * the limit, so that sources which reach to the limit or beyond are all alike and the least label
 * is that of an ordinary search where nothing lapses. (Martins 1984, for two criteria.)
 *
 * O((m + n) k log b), k labels a node: with a walk's cap few ever have more than three. */
#include "roads/search_state.h"

static hsd_status make_ready(hsd_search *search, hsd_error *err) {
    hsd_search_forget(search);
    if (search->last_label != NULL) return HSD_OK;
    const uint32_t count = search->graph->node_count;
    search->last_label = hsd_alloc(count, sizeof *search->last_label, err);
    if (search->last_label == NULL) return HSD_E_MEMORY;
    for (uint32_t i = 0; i < count; i++) search->last_label[i] = HSD_NO_LABEL;
    return HSD_OK;
}

static bool dominated(const hsd_search *search, uint32_t node, uint32_t until_ms) {
    const uint32_t last = search->last_label[node];
    return last != HSD_NO_LABEL && search->labels.data[last].until_ms >= until_ms;
}

static bool push(hsd_search *search, uint32_t node, uint32_t ms, uint32_t until_ms,
                 hsd_error *err) {
    const hsd_label label = {ms, until_ms, node, HSD_NO_LABEL};
    uint32_t id = search->free_label;
    if (id != HSD_NO_LABEL) {
        search->free_label = search->labels.data[id].next;
        search->labels.data[id] = label;
    } else {
        if (search->labels.count >= HSD_NO_LABEL)
            return hsd_fail(err, HSD_E_MEMORY, "more than %u labels", HSD_NO_LABEL), false;
        id = (uint32_t)search->labels.count;
        if (!hsd_array_push(&search->labels, label, err)) return false;
    }
    search->counters.pushed++;
    return queue_push(&search->queue, ms, id, err);
}

static void drop(hsd_search *search, uint32_t id) {
    search->labels.data[id].next = search->free_label;
    search->free_label = id;
}

static void append(hsd_search *search, uint32_t id) {
    hsd_label *label = &search->labels.data[id];
    uint32_t *last = &search->last_label[label->node];
    if (*last == HSD_NO_LABEL) {
        label->next = id;
        search->label[label->node] = label->ms;
        search->settled[search->settled_count++] = label->node;
    } else {
        label->next = search->labels.data[*last].next;
        search->labels.data[*last].next = id;
    }
    *last = id;
}

static void settle(hsd_search *search, uint32_t id) {
    const hsd_label label = search->labels.data[id];
    const uint32_t last = search->last_label[label.node];
    if (last != HSD_NO_LABEL && search->labels.data[last].ms == label.ms) {
        search->labels.data[last].until_ms = label.until_ms;
        drop(search, id);
    } else {
        append(search, id);
    }
}

static bool relax(hsd_search *search, bool backward, hsd_label label, hsd_error *err) {
    const hsd_graph *graph = search->graph;
    const uint32_t *first = backward ? graph->first_in : graph->first_out;
    const uint32_t *end = backward ? graph->tail : graph->head;
    search->counters.relaxed += first[label.node + 1] - first[label.node];
    for (uint32_t i = first[label.node]; i < first[label.node + 1]; i++) {
        const uint32_t arc = backward ? graph->in_arc[i] : i;
        const uint32_t ms = label.ms + search->metric->arc_ms[arc]; /* no wrap: as in search.c */
        if (ms > label.until_ms || dominated(search, end[arc], label.until_ms)) continue;
        if (!push(search, end[arc], ms, label.until_ms, err)) return false;
    }
    return true;
}

static bool settle_all(hsd_search *search, bool backward, hsd_error *err) {
    uint64_t key;
    bool failed = false;
    while (queue_pop(&search->queue, &key, err, &failed)) {
        const uint32_t id = (uint32_t)key;
        const hsd_label label = search->labels.data[id];
        if (dominated(search, label.node, label.until_ms)) {
            drop(search, id);
            continue;
        }
        settle(search, id);
        search->counters.settled++;
        if (!relax(search, backward, label, err)) return false;
    }
    return !failed;
}

hsd_status hsd_search_run_lapsing(hsd_search *search, hsd_direction direction,
                                  const hsd_node_cost *sources, const uint32_t *until_ms,
                                  size_t source_count, uint32_t limit_ms, hsd_error *err) {
    hsd_status status = make_ready(search, err);
    if (status == HSD_OK) status = hsd_search_check_sources(search, sources, source_count, err);
    if (status != HSD_OK) return status;
    if (limit_ms >= HSD_UNREACHABLE) limit_ms = HSD_UNREACHABLE - 1;
    for (size_t i = 0; i < source_count; i++) {
        const uint32_t until = until_ms[i] < limit_ms ? until_ms[i] : limit_ms;
        if (sources[i].ms > until) continue;
        if (!push(search, sources[i].node, sources[i].ms, until, err))
            return hsd_search_abandon(search);
    }
    return settle_all(search, direction == HSD_TO, err) ? HSD_OK : hsd_search_abandon(search);
}

const hsd_label *hsd_search_first_label(const hsd_search *search, uint32_t node) {
    const uint32_t last = search->last_label[node];
    const hsd_label *labels = search->labels.data;
    return last == HSD_NO_LABEL ? NULL : &labels[labels[last].next];
}

const hsd_label *hsd_search_next_label(const hsd_search *search, const hsd_label *label) {
    const uint32_t last = search->last_label[label->node];
    return label == &search->labels.data[last] ? NULL : &search->labels.data[label->next];
}
