/* The times of all touched directed edges at once, so that the times of feet become two loads: what
 * hsd_tree_edge_ms would say of each, filled from the settled nodes outward. Behind a closed
 * stretch there is no time of its arc (link_ms). Of a tree that lapses every label of a node, and
 * of a passing seed, goes outward as far as it serves. O(touched arcs and links). */
#include "times/tree_state.h"

static inline void touch_edge(hsd_edge_times *times, uint32_t edge) {
    if (hsd_bit_get(times->touched, edge)) return;
    hsd_bit_set(times->touched, edge);
    times->list[times->count++] = edge;
}

/* A time at the node an arc is entered by, and until when it serves. */
typedef struct reach {
    uint32_t ms, until_ms;
    bool lapses; /* the tree does; a constant where this is inlined */
} reach;

static inline bool touch(hsd_tree *tree, uint32_t directed, uint32_t ms, reach by, hsd_error *err) {
    hsd_edge_times *times = tree->times;
    touch_edge(times, directed / 2);
    if (ms < times->ms[directed]) times->ms[directed] = ms;
    return !by.lapses || hsd_lapse_add(tree, directed, ms, by.until_ms, err);
}

static inline bool touch_arc_from(hsd_tree *tree, uint32_t arc, reach tail, hsd_error *err) {
    const hsd_graph *graph = tree->graph;
    const hsd_metric *metric = tree->metric;
    const uint32_t end = graph->arc_first_link[arc + 1];
    for (uint32_t link = graph->arc_first_link[arc]; link < end; link++) {
        const uint32_t directed = graph->link_edge[link];
        const uint32_t ms = hsd_ms_add(tail.ms, metric->link_ms[link]);
        if (ms > tail.until_ms || metric->edge_ms[directed] >= HSD_UNREACHABLE) return true;
        if (!touch(tree, directed, ms, tail, err)) return false;
    }
    return true;
}

static inline bool touch_arc_to(hsd_tree *tree, uint32_t arc, reach head, hsd_error *err) {
    const hsd_graph *graph = tree->graph;
    uint32_t ms = head.ms;
    for (uint32_t link = graph->arc_first_link[arc + 1]; link-- > graph->arc_first_link[arc];) {
        const uint32_t directed = graph->link_edge[link];
        if (ms > head.until_ms || tree->metric->edge_ms[directed] >= HSD_UNREACHABLE) return true;
        if (!touch(tree, directed, ms, head, err)) return false;
        if (hsd_link_stops(tree->metric, directed)) return true;
        ms = hsd_ms_add(ms, tree->metric->edge_ms[directed]);
    }
    return true;
}

static inline bool touch_arcs(hsd_tree *tree, uint32_t node, reach at, hsd_error *err) {
    const hsd_graph *graph = tree->graph;
    if (tree->direction == HSD_FROM) {
        const uint32_t end = graph->first_out[node + 1];
        for (uint32_t arc = graph->first_out[node]; arc < end; arc++)
            if (!touch_arc_from(tree, arc, at, err)) return false;
        return true;
    }
    for (uint32_t i = graph->first_in[node]; i < graph->first_in[node + 1]; i++) {
        const uint32_t arc = graph->in_arc[i];
        if (graph->node_free[graph->tail[arc]] && !touch_arc_to(tree, arc, at, err)) return false;
    }
    return true;
}

static bool touch_node(hsd_tree *tree, uint32_t node, hsd_error *err) {
    if (!tree->lapses)
        return touch_arcs(tree, node,
                          (reach){hsd_search_ms(tree->search, node), tree->limit_ms, false}, err);
    const hsd_label *label = hsd_search_first_label(tree->search, node);
    for (; label != NULL; label = hsd_search_next_label(tree->search, label))
        if (!touch_arcs(tree, node, (reach){label->ms, label->until_ms, true}, err)) return false;
    return true;
}

static bool touch_everything(hsd_tree *tree, hsd_error *err) {
    size_t count;
    const uint32_t *settled = hsd_search_settled(tree->search, &count);
    if (count > tree->graph->node_count / 8) { /* in the order of memory */
        for (uint32_t node = 0; node < tree->graph->node_count; node++)
            if (hsd_search_ms(tree->search, node) < HSD_UNREACHABLE && !touch_node(tree, node, err))
                return false;
    } else {
        for (size_t i = 0; i < count; i++)
            if (!touch_node(tree, settled[i], err)) return false;
    }
    for (size_t i = 0; i < tree->passed.count; i++) {
        const hsd_passed *p = &tree->passed.data[i];
        const reach by = {p->ms, p->until_ms, tree->lapses};
        if (!touch(tree, p->directed_edge, p->ms, by, err)) return false;
    }
    for (size_t i = 0; i < tree->edge_seeds.count; i++)
        touch_edge(tree->times, tree->edge_seeds.data[i].foot.edge);
    return true;
}

static hsd_status create_times(hsd_tree *tree, hsd_error *err) {
    const uint32_t edge_count = tree->locator->network->edge_count;
    hsd_edge_times *times = tree->times;
    if (times->ms != NULL && times->list != NULL && times->touched != NULL) return HSD_OK;
    if (times->ms == NULL) {
        times->ms = hsd_alloc(2 * (size_t)edge_count, sizeof *times->ms, err);
        if (times->ms == NULL) return HSD_E_MEMORY;
        for (size_t i = 0; i < 2 * (size_t)edge_count; i++) times->ms[i] = HSD_UNREACHABLE;
    }
    if (times->list == NULL) times->list = hsd_alloc(edge_count, sizeof *times->list, err);
    if (times->list == NULL) return HSD_E_MEMORY;
    times->touched = hsd_calloc(edge_count / 64 + 1, sizeof *times->touched, err);
    return times->touched != NULL ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_tree_touch(const hsd_tree *tree, hsd_error *err) {
    hsd_tree *writable = (hsd_tree *)(uintptr_t)tree; /* a cache: times do not change by it */
    hsd_edge_times *times = tree->times;
    if (times->fresh) return HSD_OK;
    hsd_status status = create_times(writable, err);
    if (status == HSD_OK && tree->lapses) status = hsd_lapse_create(writable, err);
    if (status != HSD_OK) return status;
    for (size_t i = 0; i < times->count; i++) {
        const uint32_t edge = times->list[i];
        times->ms[2 * edge] = times->ms[2 * edge + 1] = HSD_UNREACHABLE;
        times->touched[edge >> 6] = 0;
        if (times->first_label == NULL) continue;
        times->first_label[2 * edge] = times->first_label[2 * edge + 1] = HSD_NO_LABEL;
    }
    times->count = times->labels.count = 0;
    times->fresh = touch_everything(writable, err);
    return times->fresh ? HSD_OK : HSD_E_MEMORY;
}

const uint64_t *hsd_tree_touched_bits(const hsd_tree *tree) {
    return tree->times->touched;
}
