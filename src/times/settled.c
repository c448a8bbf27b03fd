/* From which time on a new seed at a place changes nothing (docs/methods.md, 8).
 *
 * A seed at position x of cost c changes times at three kinds of places only: at x, at positions
 * ahead of it up to the end of its arcs (HSD_TO: behind it, from their start), and at the nodes
 * there, from where everything else follows. Of these the second kind needs no look: where the tree
 * has the time t at x, it has at most t + way at each position y that the seed can go to. For the
 * trip behind t either passes x towards y, and goes on to y along the same chain, whatever its
 * history; or it comes to x from beyond y and was at y before; or it began between them, and from
 * there went to y as well as to x: seeds have no history, as the new one has none. (HSD_TO is the
 * mirror image: who is at y goes on like the trip from x, or needs less of it, or meets the seed on
 * the way.) Hence the seed is of no use where
 *
 *     c >= time(x)  and  c + way(x, n) >= label(n)  for each node n it is sown at:
 *
 * HSD_FROM the heads of the arcs over x with a free tail, HSD_TO the tails of all arcs over x. Both
 * ways are needed for the first; x may well be reached early by somebody who is not allowed to turn
 * as the newcomer is, or who goes the other way. The greatest such c is the bound, and one
 * millisecond less makes x or a node earlier. A closed stretch ends the way to a node, and x inside
 * one sows nothing.
 *
 * Labels past the limit count as limit + 1: a seed that makes them no better than that makes no
 * difference either. At a vertex a seed is a source: at the free copies (HSD_FROM), at all copies
 * (HSD_TO); of those the ones that lead on count, and the vertex' own time. O(arcs over the edge).
 */
#include "times/tree_state.h"

static uint32_t greater(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* From the foot, on a link, to its arc's head (HSD_TO: from the tail to the foot), by links where
 * the arc is impassable as a whole. HSD_UNREACHABLE: the way ends before. */
static uint32_t node_way_ms(const hsd_tree *tree, uint32_t link, const hsd_foot *foot) {
    const hsd_graph *graph = tree->graph;
    const hsd_metric *metric = tree->metric;
    const bool to = tree->direction == HSD_TO;
    const uint32_t directed = graph->link_edge[link], arc = graph->link_arc[link];
    const uint32_t before = hsd_travelled_ms(metric, directed, foot);
    if (metric->arc_ms[arc] < HSD_UNREACHABLE)
        return to ? metric->link_ms[link] + before
                  : metric->arc_ms[arc] - metric->link_ms[link] - before;
    if (to ? hsd_barred_before(metric, directed, foot) : hsd_barred_behind(metric, directed, foot))
        return HSD_UNREACHABLE;
    uint32_t ms = to ? before : metric->edge_ms[directed] - before;
    const uint32_t begin = to ? graph->arc_first_link[arc] : link + 1;
    const uint32_t end = to ? link : graph->arc_first_link[arc + 1];
    for (uint32_t l = begin; l < end; l++) {
        if (hsd_link_stops(metric, graph->link_edge[l])) return HSD_UNREACHABLE;
        ms = hsd_ms_add(ms, metric->edge_ms[graph->link_edge[l]]);
    }
    return ms;
}

static uint32_t direction_settled_ms(const hsd_tree *tree, uint32_t directed,
                                     const hsd_foot *foot) {
    const hsd_graph *graph = tree->graph;
    const bool to = tree->direction == HSD_TO;
    uint32_t worst = 0;
    for (uint32_t i = graph->edge_first_use[directed]; i < graph->edge_first_use[directed + 1];
         i++) {
        const uint32_t link = graph->use_link[i], arc = graph->link_arc[link];
        if (!to && !graph->node_free[graph->tail[arc]]) continue;
        const uint32_t way = node_way_ms(tree, link, foot);
        if (way >= HSD_UNREACHABLE) continue;
        uint32_t ms = hsd_search_ms(tree->search, to ? graph->tail[arc] : graph->head[arc]);
        if (ms > tree->limit_ms) ms = tree->limit_ms + 1;
        if (ms > way) worst = greater(worst, ms - way);
    }
    return worst;
}

static uint32_t position_settled_ms(const hsd_tree *tree, const hsd_foot *foot) {
    const hsd_edge_place at = hsd_foot_place(foot);
    uint32_t worst = 0;
    for (uint32_t directed = 2 * foot->edge; directed < 2 * foot->edge + 2; directed++) {
        if (tree->metric->edge_ms[directed] >= HSD_UNREACHABLE ||
            hsd_closed_between(tree->metric, directed, at, at))
            continue; /* nobody leaves by this direction */
        worst = greater(worst, direction_settled_ms(tree, directed, foot));
        worst = greater(worst, hsd_tree_position_ms(tree, foot));
    }
    return worst;
}

static uint32_t vertex_settled_ms(const hsd_tree *tree, uint32_t vertex) {
    const hsd_graph *graph = tree->graph;
    const uint32_t *first = tree->locator->vertex_first_node;
    uint32_t worst = 0;
    for (uint32_t i = first[vertex]; i < first[vertex + 1]; i++) {
        const uint32_t node = tree->locator->vertex_node[i];
        const bool leads_on =
            tree->direction == HSD_FROM
                ? graph->node_free[node] && graph->first_out[node] < graph->first_out[node + 1]
                : graph->first_in[node] < graph->first_in[node + 1];
        if (leads_on) worst = greater(worst, hsd_search_ms(tree->search, node));
        worst = greater(worst, hsd_tree_vertex_ms(tree, vertex));
    }
    return worst;
}

uint32_t hsd_tree_settled_ms(const hsd_tree *tree, const hsd_foot *foot) {
    uint32_t worst = HSD_UNREACHABLE;
    if (tree->lapses) return worst; /* what a newcomer is worth depends on until when, too */
    if (foot->edge != HSD_NO_EDGE)
        worst = position_settled_ms(tree, foot);
    else if (foot->vertex != HSD_NO_EDGE)
        worst = vertex_settled_ms(tree, foot->vertex);
    return worst <= tree->limit_ms ? worst : HSD_UNREACHABLE;
}
