/* The times of all touched directed edges at once, so that the times of feet become two loads: what
 * hsd_tree_edge_ms would say of each, filled from the settled nodes outward. Behind a closed
 * stretch there is no time of its arc (link_ms). O(touched arcs and links). */
#include "times/tree_state.h"

static bool touch_edge(hsd_tree *tree, uint32_t edge, hsd_error *err) {
    hsd_edge_times *times = tree->times;
    if (hsd_bit_get(times->touched, edge)) return true;
    if (!hsd_array_push(&times->list, edge, err)) return false;
    hsd_bit_set(times->touched, edge);
    return true;
}

static bool touch(hsd_tree *tree, uint32_t directed, uint32_t ms, hsd_error *err) {
    if (!touch_edge(tree, directed / 2, err)) return false;
    if (ms < tree->times->ms[directed]) tree->times->ms[directed] = ms;
    return true;
}

static bool touch_arc_from(hsd_tree *tree, uint32_t arc, uint32_t tail_ms, hsd_error *err) {
    const hsd_graph *graph = tree->graph;
    for (uint32_t link = graph->arc_first_link[arc]; link < graph->arc_first_link[arc + 1];
         link++) {
        const uint32_t directed = graph->link_edge[link];
        const uint32_t ms = hsd_ms_add(tail_ms, tree->metric->link_ms[link]);
        if (ms > tree->limit_ms || tree->metric->edge_ms[directed] >= HSD_UNREACHABLE) return true;
        if (!touch(tree, directed, ms, err)) return false;
    }
    return true;
}

static bool touch_arc_to(hsd_tree *tree, uint32_t arc, uint32_t head_ms, hsd_error *err) {
    const hsd_graph *graph = tree->graph;
    uint32_t ms = head_ms;
    for (uint32_t link = graph->arc_first_link[arc + 1]; link-- > graph->arc_first_link[arc];) {
        const uint32_t directed = graph->link_edge[link];
        if (ms > tree->limit_ms || tree->metric->edge_ms[directed] >= HSD_UNREACHABLE) return true;
        if (!touch(tree, directed, ms, err)) return false;
        if (hsd_link_stops(tree->metric, directed)) return true;
        ms = hsd_ms_add(ms, tree->metric->edge_ms[directed]);
    }
    return true;
}

static bool touch_node(hsd_tree *tree, uint32_t node, hsd_error *err) {
    const hsd_graph *graph = tree->graph;
    const uint32_t ms = hsd_search_ms(tree->search, node);
    if (tree->direction == HSD_FROM) {
        for (uint32_t arc = graph->first_out[node]; arc < graph->first_out[node + 1]; arc++)
            if (!touch_arc_from(tree, arc, ms, err)) return false;
        return true;
    }
    for (uint32_t i = graph->first_in[node]; i < graph->first_in[node + 1]; i++) {
        const uint32_t arc = graph->in_arc[i];
        if (graph->node_free[graph->tail[arc]] && !touch_arc_to(tree, arc, ms, err)) return false;
    }
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
    for (size_t i = 0; i < tree->passed.count; i++)
        if (!touch(tree, tree->passed.data[i].directed_edge, tree->passed.data[i].ms, err))
            return false;
    for (size_t i = 0; i < tree->edge_seeds.count; i++)
        if (!touch_edge(tree, tree->edge_seeds.data[i].foot.edge, err)) return false;
    return true;
}

static hsd_status create_times(hsd_tree *tree, hsd_error *err) {
    const uint32_t edge_count = tree->locator->network->edge_count;
    hsd_edge_times *times = tree->times;
    if (times->ms != NULL && times->touched != NULL) return HSD_OK;
    if (times->ms == NULL) {
        times->ms = hsd_alloc(2 * (size_t)edge_count, sizeof *times->ms, err);
        if (times->ms == NULL) return HSD_E_MEMORY;
        for (size_t i = 0; i < 2 * (size_t)edge_count; i++) times->ms[i] = HSD_UNREACHABLE;
    }
    times->touched = hsd_calloc(edge_count / 64 + 1, sizeof *times->touched, err);
    return times->touched != NULL ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_tree_touch(const hsd_tree *tree, hsd_error *err) {
    hsd_tree *writable = (hsd_tree *)(uintptr_t)tree; /* a cache: times do not change by it */
    hsd_edge_times *times = tree->times;
    if (times->fresh) return HSD_OK;
    const hsd_status status = create_times(writable, err);
    if (status != HSD_OK) return status;
    for (size_t i = 0; i < times->list.count; i++) {
        const uint32_t edge = times->list.data[i];
        times->ms[2 * edge] = times->ms[2 * edge + 1] = HSD_UNREACHABLE;
        times->touched[edge >> 6] = 0;
    }
    times->list.count = 0;
    if (!touch_everything(writable, err)) return HSD_E_MEMORY;
    times->fresh = true;
    return HSD_OK;
}

const uint64_t *hsd_tree_touched_bits(const hsd_tree *tree) {
    return tree->times->touched;
}
