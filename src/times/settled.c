/* From which time on a new seed at a place changes nothing (methods 8: "a seed may be left out").
 *
 * HSD_FROM. A seed at position x of cost c sows, in each direction d that x can be left by, the
 * positions ahead on its edge, and, by the one arc of d whose tail is free, the links behind it and
 * the arc's head. Let h(d) be the time at which a trip without history passes x in direction d: by
 * that same arc from its free tail, from a seed further back on the arc (`passed`), or from one on
 * the edge itself. All of these go on over the very positions and to the very head that the new
 * seed sows, and prefixes are integers that add up, so the tree has there a time of at most
 * h(d) + way, and the seed brings c + way: it improves none where c >= h(d). Hence the bound
 * max over d of h(d). An arrival with a history does not count for h: its arc has another head,
 * where turns may be banned that the seed is free to make.
 *
 * HSD_TO. A seed sows backwards: into the tail of every arc, of whatever copy, that has x on it,
 * and, as places where a trip begins, the positions before x on the arc with the free tail. Let
 * r(A) be the time to the target from x for somebody who is on arc A: by A's own head, or by a seed
 * further on along the chain, which is that of all arcs A of one direction, so that `passed`
 * (written for the arc with the free tail) holds for each. The tail of A has at most
 * way + r(A), and so have the positions on the way by the free one; the seed brings way + c: it
 * improves none where c >= r(A). Hence the bound max over d and A of r(A).
 *
 * At a vertex a seed is a source: at all free copies (HSD_FROM), at all copies (HSD_TO). The bound
 * is the greatest time of those that are of use to others, having arcs out (in), and at least the
 * vertex' own time. Directions whose way to x is closed have only the seeds on x's side of the
 * stretch; x inside a stretch sows nothing there. O(arcs over the edge + seeds on it). */
#include "times/tree_state.h"

/* In one direction, by seeds alone: on the edge, or further along the arc. */
static uint32_t by_seeds_ms(const hsd_tree *tree, uint32_t directed, const hsd_foot *foot,
                            bool barred) {
    uint32_t best = HSD_UNREACHABLE;
    if (!hsd_bit_get(tree->seeded, directed / 2)) return best;
    size_t i;
    for (const size_t end = hsd_tree_own_seeds(tree, directed / 2, &i); i < end; i++) {
        const uint32_t ms = hsd_tree_seed_way_ms(tree, directed, foot, &tree->edge_seeds.data[i]);
        if (ms < best) best = ms;
    }
    i = hsd_tree_first_passed(tree, directed);
    if (!barred && i < tree->passed.count && tree->passed.data[i].directed_edge == directed) {
        const uint32_t ms =
            hsd_ms_add(tree->passed.data[i].ms, hsd_tree_rest_ms(tree, directed, foot));
        if (ms < best) best = ms;
    }
    return best;
}

static uint32_t direction_settled_ms(const hsd_tree *tree, uint32_t directed,
                                     const hsd_foot *foot) {
    const hsd_graph *graph = tree->graph;
    const hsd_edge_place at = hsd_foot_place(foot);
    if (tree->metric->edge_ms[directed] >= HSD_UNREACHABLE ||
        hsd_closed_between(tree->metric, directed, at, at))
        return 0; /* nobody leaves by this direction */
    const bool barred = hsd_tree_barred(tree, directed, foot);
    const uint32_t by_seeds = by_seeds_ms(tree, directed, foot, barred);
    if (barred) return by_seeds;
    const uint32_t rest = hsd_tree_rest_ms(tree, directed, foot);
    uint32_t worst = 0;
    bool any = false;
    for (uint32_t i = graph->edge_first_use[directed]; i < graph->edge_first_use[directed + 1];
         i++) {
        const uint32_t link = graph->use_link[i];
        if (tree->direction == HSD_FROM && !graph->node_free[graph->tail[graph->link_arc[link]]])
            continue;
        const uint32_t by_node = hsd_ms_add(hsd_tree_link_ms(tree, link), rest);
        const uint32_t ms = by_node < by_seeds ? by_node : by_seeds;
        if (ms > worst) worst = ms;
        any = true;
    }
    return any ? worst : by_seeds;
}

static uint32_t vertex_settled_ms(const hsd_tree *tree, uint32_t vertex) {
    const hsd_graph *graph = tree->graph;
    const uint32_t *first = tree->locator->vertex_first_node;
    uint32_t worst = hsd_tree_vertex_ms(tree, vertex);
    for (uint32_t i = first[vertex]; i < first[vertex + 1]; i++) {
        const uint32_t node = tree->locator->vertex_node[i];
        const bool of_use =
            tree->direction == HSD_FROM
                ? graph->node_free[node] && graph->first_out[node] < graph->first_out[node + 1]
                : graph->first_in[node] < graph->first_in[node + 1];
        const uint32_t ms = of_use ? hsd_search_ms(tree->search, node) : 0;
        if (ms > worst) worst = ms;
    }
    return worst;
}

uint32_t hsd_tree_settled_ms(const hsd_tree *tree, const hsd_foot *foot) {
    uint32_t worst = HSD_UNREACHABLE;
    if (foot->edge != HSD_NO_EDGE) {
        const uint32_t forward = direction_settled_ms(tree, 2 * foot->edge, foot);
        const uint32_t backward = direction_settled_ms(tree, 2 * foot->edge + 1, foot);
        worst = forward > backward ? forward : backward;
    } else if (foot->vertex != HSD_NO_EDGE) {
        worst = vertex_settled_ms(tree, foot->vertex);
    }
    return worst <= tree->limit_ms ? worst : HSD_UNREACHABLE;
}
