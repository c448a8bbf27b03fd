/* The best way to a foot, found backwards from the times: the search keeps no parents.
 *
 * A label is explained by an arc when the label at its other end and the arc's time add up to it,
 * or by a seed that was sown at the node with just this time. Dijkstra made every label of such
 * sums, so that explanations never run dry; an arc that takes time leads to a smaller label, and
 * among nodes of one label, joined by arcs without time, a depth-first walk that sees each node
 * once finds a way out. Where seeds lapse a node has several labels, and an arc or seed explains
 * one with the same until, that of the whole way. Ties: the lowest arc, then the lowest seed, at
 * every node alike. For HSD_TO the same runs forwards, from the foot to the target. O(nodes passed
 * x (arcs + seeds there)). */
#include <stdlib.h>

#include "times/tree_state.h"

typedef HSD_ARRAY(uint32_t) id_array;

typedef struct tracking {
    const hsd_tree *tree;
    const hsd_foot *foot;
    hsd_track *out;
    id_array arcs; /* between the foot and the seed, as found: from the foot on */
    id_array seen; /* nodes of the present label */
    uint32_t ms;   /* where the next step begins */
    hsd_error *err;
} tracking;

/* A label of a node. */
typedef struct label {
    uint32_t node, ms, until_ms;
} label;

/* How a foot on an edge is joined to the rest. */
typedef struct joining {
    uint32_t arc, link; /* by a node: the arc and its link that is the foot's edge */
    uint32_t seed;      /* else by a seed: */
    uint32_t directed;  /* on the foot's own edge, where */
    uint32_t seed_link; /* is HSD_NO_EDGE; or on another of its arc */
} joining;

/* ---- Steps
 * --------------------------------------------------------------------------------------------- */

/* One edge, whole or from and to positions on it. */
static bool add_step(tracking *t, uint32_t directed, const hsd_foot *from, const hsd_foot *to) {
    const hsd_metric *metric = t->tree->metric;
    const uint32_t last = t->tree->locator->network->edges[directed / 2].point_count - 2;
    const bool against = directed & 1;
    hsd_track *out = t->out;
    hsd_track_step step = {.directed_edge = directed,
                           .from_segment = against ? last : 0,
                           .to_segment = against ? 0 : last,
                           .from_fraction = against ? 1 : 0,
                           .to_fraction = against ? 0 : 1,
                           .in_ms = t->ms};
    uint32_t begin = 0, end = metric->edge_ms[directed];
    if (from != NULL) {
        step.from_segment = from->segment;
        step.from_fraction = from->fraction;
        begin = hsd_travelled_ms(metric, directed, from);
    }
    if (to != NULL) {
        step.to_segment = to->segment;
        step.to_fraction = to->fraction;
        end = hsd_travelled_ms(metric, directed, to);
    }
    t->ms = t->tree->direction == HSD_TO ? t->ms - (end - begin) : t->ms + (end - begin);
    step.out_ms = t->ms;
    if (out->step_count == out->step_capacity &&
        !hsd_array_grow((void **)(void *)&out->steps, &out->step_capacity, out->step_count + 1,
                        sizeof *out->steps, t->err))
        return false;
    out->steps[out->step_count++] = step;
    return true;
}

/* Links [first, last] of one arc. */
static bool add_links(tracking *t, uint32_t first, uint32_t last, const hsd_foot *from,
                      const hsd_foot *to) {
    for (uint32_t link = first; link <= last; link++)
        if (!add_step(t, t->tree->graph->link_edge[link], link == first ? from : NULL,
                      link == last ? to : NULL))
            return false;
    return true;
}

static bool add_arc(tracking *t, uint32_t arc) {
    const uint32_t *first = t->tree->graph->arc_first_link;
    return add_links(t, first[arc], first[arc + 1] - 1, NULL, NULL);
}

static bool add_way_by_seed(tracking *t, const joining *join) {
    const hsd_foot *seed = &t->tree->seeds.data[join->seed].foot;
    const bool to = t->tree->direction == HSD_TO;
    const hsd_foot *from = to ? t->foot : seed, *until = to ? seed : t->foot;
    if (join->seed_link == HSD_NO_EDGE) return add_step(t, join->directed, from, until);
    return add_links(t, to ? join->link : join->seed_link, to ? join->seed_link : join->link, from,
                     until);
}

/* From the seed's link to its arc's end (HSD_TO: from the arc's start to the link). */
static bool add_seed_part(tracking *t, hsd_sown from) {
    if (from.link == HSD_NO_EDGE) return true; /* at a vertex */
    const hsd_graph *graph = t->tree->graph;
    const hsd_foot *seed = &t->tree->seeds.data[from.seed].foot;
    const uint32_t arc = graph->link_arc[from.link];
    if (t->tree->direction == HSD_TO)
        return add_links(t, graph->arc_first_link[arc], from.link, NULL, seed);
    return add_links(t, from.link, graph->arc_first_link[arc + 1] - 1, seed, NULL);
}

/* The foot's own part of its arc. */
static bool add_foot_part(tracking *t, const joining *join) {
    const hsd_graph *graph = t->tree->graph;
    if (t->tree->direction == HSD_TO)
        return add_links(t, join->link, graph->arc_first_link[join->arc + 1] - 1, t->foot, NULL);
    return add_links(t, graph->arc_first_link[join->arc], join->link, NULL, t->foot);
}

/* ---- From node to node
 * --------------------------------------------------------------------------------- */

static bool is_seen(const tracking *t, uint32_t node) {
    for (size_t i = 0; i < t->seen.count; i++)
        if (t->seen.data[i] == node) return true;
    return false;
}

/* The lowest arc that explains the node's label and does not lead back to a node seen; HSD_NO_EDGE:
 * none. */
static uint32_t explaining_arc(const tracking *t, label at) {
    const hsd_tree *tree = t->tree;
    const hsd_graph *graph = tree->graph;
    const bool to = tree->direction == HSD_TO;
    const uint32_t *first = to ? graph->first_out : graph->first_in;
    for (uint32_t i = first[at.node]; i < first[at.node + 1]; i++) {
        const uint32_t arc = to ? i : graph->in_arc[i];
        const uint32_t other = to ? graph->head[arc] : graph->tail[arc];
        const uint32_t arc_ms = tree->metric->arc_ms[arc];
        uint32_t until_ms;
        if (arc_ms > at.ms) continue;
        if (!hsd_tree_node_until(tree, other, at.ms - arc_ms, &until_ms)) continue;
        if (until_ms != at.until_ms) continue;
        if (arc_ms > 0 || !is_seen(t, other)) return arc;
    }
    return HSD_NO_EDGE;
}

/* The lowest seed that was sown at the node with its label: sources stand in the order of seeds. */
static bool explaining_seed(const tracking *t, label at, hsd_sown *out) {
    const hsd_tree *tree = t->tree;
    for (size_t i = 0; i < tree->sources.count; i++) {
        if (tree->sources.data[i].node != at.node || tree->sources.data[i].ms != at.ms) continue;
        if (tree->lapses && tree->until_ms.data[i] != at.until_ms) continue;
        *out = tree->sown.data[i];
        return true;
    }
    return false;
}

static hsd_status walk_to_seed(tracking *t, label at, hsd_sown *out) {
    const hsd_graph *graph = t->tree->graph;
    const bool to = t->tree->direction == HSD_TO;
    if (!hsd_array_push(&t->seen, at.node, t->err)) return HSD_E_MEMORY;
    for (;;) {
        const uint32_t arc = explaining_arc(t, at);
        if (arc != HSD_NO_EDGE) {
            if (t->tree->metric->arc_ms[arc] > 0) t->seen.count = 0;
            at.node = to ? graph->head[arc] : graph->tail[arc];
            at.ms -= t->tree->metric->arc_ms[arc];
            if (!hsd_array_push(&t->arcs, arc, t->err) ||
                !hsd_array_push(&t->seen, at.node, t->err))
                return HSD_E_MEMORY;
        } else if (explaining_seed(t, at, out)) {
            return HSD_OK;
        } else { /* a dead end among nodes of one time */
            if (t->arcs.count == 0)
                return hsd_fail(t->err, HSD_E_INTERNAL, "node %u: nothing explains its time",
                                at.node);
            const uint32_t last = t->arcs.data[--t->arcs.count];
            at.node = to ? graph->tail[last] : graph->head[last];
        }
    }
}

/* ---- The foot
 * ------------------------------------------------------------------------------------------ */

static void join_by_arc(const tracking *t, uint32_t directed, uint32_t ms, joining *join,
                        label *at) {
    const hsd_tree *tree = t->tree;
    const hsd_graph *graph = tree->graph;
    const uint32_t rest = hsd_tree_rest_ms(tree, directed, t->foot);
    for (uint32_t i = graph->edge_first_use[directed]; i < graph->edge_first_use[directed + 1];
         i++) {
        const uint32_t link = graph->use_link[i], arc = graph->link_arc[link];
        if (tree->direction == HSD_TO && !graph->node_free[graph->tail[arc]]) continue;
        const uint32_t way = hsd_ms_add(hsd_tree_link_way_ms(tree, link), rest);
        if (arc >= join->arc || way > ms) continue;
        label found = {hsd_tree_link_node(tree, link), ms - way, 0};
        if (!hsd_tree_node_until(tree, found.node, found.ms, &found.until_ms)) continue;
        if (ms > found.until_ms) continue;
        *at = found;
        join->arc = arc;
        join->link = link;
    }
}

static void join_by_passed(const tracking *t, uint32_t directed, uint32_t ms, joining *join) {
    const hsd_tree *tree = t->tree;
    const uint32_t rest = hsd_tree_rest_ms(tree, directed, t->foot);
    for (size_t i = hsd_tree_first_passed(tree, directed);
         i < tree->passed.count && tree->passed.data[i].directed_edge == directed; i++) {
        const hsd_passed *p = &tree->passed.data[i];
        if (hsd_ms_add(p->ms, rest) != ms || ms > p->until_ms || p->seed >= join->seed) continue;
        *join = (joining){HSD_NO_EDGE, p->link, p->seed, directed, p->seed_link};
    }
}

/* In the order of seeds as they were given. */
static void join_by_own_seed(const tracking *t, uint32_t directed, uint32_t ms, joining *join) {
    const hsd_tree *tree = t->tree;
    for (uint32_t i = 0; i < tree->seeds.count && i < join->seed; i++)
        if (tree->seeds.data[i].foot.edge == directed / 2 &&
            ms <= hsd_seed_until_ms(tree, &tree->seeds.data[i]) &&
            hsd_tree_seed_way_ms(tree, directed, t->foot, &tree->seeds.data[i]) == ms)
            *join = (joining){HSD_NO_EDGE, HSD_NO_EDGE, i, directed, HSD_NO_EDGE};
}

/* What gives a position its time, as hsd_tree_position_ms finds it; by an arc: the label of its
 * node.
 */
static joining join_position(const tracking *t, uint32_t ms, label *at) {
    const uint32_t edge = t->foot->edge;
    joining join = {HSD_NO_EDGE, HSD_NO_EDGE, HSD_NO_EDGE, HSD_NO_EDGE, HSD_NO_EDGE};
    bool open[2];
    for (uint32_t d = 0; d < 2; d++) {
        const uint32_t directed = 2 * edge + d;
        open[d] = t->tree->metric->edge_ms[directed] < HSD_UNREACHABLE &&
                  !hsd_tree_barred(t->tree, directed, t->foot);
        if (open[d]) join_by_arc(t, directed, ms, &join, at);
    }
    if (join.arc != HSD_NO_EDGE || !hsd_bit_get(t->tree->seeded, edge)) return join;
    for (uint32_t d = 0; d < 2; d++) join_by_own_seed(t, 2 * edge + d, ms, &join);
    for (uint32_t d = 0; d < 2; d++)
        if (open[d]) join_by_passed(t, 2 * edge + d, ms, &join);
    return join;
}

/* The vertex' copy that gives it its time, as hsd_tree_vertex_ms finds it. */
static uint32_t vertex_node(const hsd_tree *tree, uint32_t vertex, uint32_t ms) {
    const uint32_t *first = tree->locator->vertex_first_node;
    for (uint32_t i = first[vertex]; i < first[vertex + 1]; i++) {
        const uint32_t node = tree->locator->vertex_node[i];
        if (tree->direction == HSD_TO && !tree->graph->node_free[node]) continue;
        if (hsd_search_ms(tree->search, node) == ms) return node;
    }
    return HSD_NO_EDGE;
}

/* ---- The whole
 * --------------------------------------------------------------------------------------- */

/* In order of travel: HSD_FROM from the seed, so the arcs as found are turned round. */
static bool add_all(tracking *t, const joining *join, hsd_sown from) {
    const bool to = t->tree->direction == HSD_TO;
    const bool on_edge = t->foot->edge != HSD_NO_EDGE;
    if (!to && !add_seed_part(t, from)) return false;
    if (to && on_edge && !add_foot_part(t, join)) return false;
    for (size_t i = 0; i < t->arcs.count; i++)
        if (!add_arc(t, t->arcs.data[to ? i : t->arcs.count - 1 - i])) return false;
    if (to) return add_seed_part(t, from);
    return !on_edge || add_foot_part(t, join);
}

static hsd_status track(tracking *t, uint32_t ms) {
    const hsd_tree *tree = t->tree;
    const bool to = tree->direction == HSD_TO;
    joining join = {0};
    label at = {HSD_NO_EDGE, ms, 0};
    if (t->foot->edge == HSD_NO_EDGE) {
        at.node = vertex_node(tree, t->foot->vertex, ms);
        if (at.node != HSD_NO_EDGE) hsd_tree_node_until(tree, at.node, ms, &at.until_ms);
    } else {
        join = join_position(t, ms, &at);
        if (join.arc == HSD_NO_EDGE && join.seed != HSD_NO_EDGE) {
            t->out->seed = join.seed;
            t->ms = to ? ms : hsd_seed_cost(&tree->seeds.data[join.seed]);
            return add_way_by_seed(t, &join) ? HSD_OK : HSD_E_MEMORY;
        }
    }
    if (at.node == HSD_NO_EDGE)
        return hsd_fail(t->err, HSD_E_INTERNAL, "edge %u, vertex %u: nothing explains %u ms",
                        t->foot->edge, t->foot->vertex, ms);
    hsd_sown from;
    const hsd_status status = walk_to_seed(t, at, &from);
    if (status != HSD_OK) return status;
    t->out->seed = from.seed;
    t->ms = to ? ms : hsd_seed_cost(&tree->seeds.data[from.seed]);
    return add_all(t, &join, from) ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_tree_track(const hsd_tree *tree, const hsd_foot *foot, hsd_track *out,
                          hsd_error *err) {
    out->step_count = 0;
    out->seed = 0;
    out->ms = HSD_UNREACHABLE;
    const uint32_t ms = hsd_tree_foot_ms(tree, foot);
    if (ms >= HSD_UNREACHABLE) return HSD_OK;
    tracking t = {.tree = tree, .foot = foot, .out = out, .err = err};
    const hsd_status status = track(&t, ms - foot->leg_ms);
    hsd_array_finish(&t.arcs);
    hsd_array_finish(&t.seen);
    if (status == HSD_OK)
        out->ms = ms - foot->leg_ms;
    else
        out->step_count = 0;
    return status;
}

void hsd_track_finish(hsd_track *track) {
    hsd_free(track->steps);
    *track = (hsd_track){0};
}

/* ---- Lines ---- */

static bool add_e7(hsd_point_add add, void *context, hsd_point_e7 point, hsd_error *err) {
    return add(context, (hsd_lonlat){point.lon_e7 / 1e7, point.lat_e7 / 1e7}, err);
}

bool hsd_track_step_line(const hsd_locator *locator, const hsd_track_step *step, hsd_point_add add,
                         void *context, hsd_error *err) {
    const hsd_network *network = locator->network;
    const uint32_t edge = step->directed_edge / 2;
    const hsd_point_e7 *points = network->points + network->edges[edge].first_point;
    const hsd_foot from = {
        .edge = edge, .segment = step->from_segment, .fraction = step->from_fraction};
    const hsd_foot to = {.edge = edge, .segment = step->to_segment, .fraction = step->to_fraction};
    bool ok = add(context, hsd_locator_foot_point(locator, &from), err);
    if (step->directed_edge & 1) { /* bends strictly between the two ends, in travel order */
        for (uint32_t i = from.segment; ok && i > to.segment; i--)
            ok = add_e7(add, context, points[i], err);
    } else {
        for (uint32_t i = from.segment + 1; ok && i <= to.segment; i++)
            ok = add_e7(add, context, points[i], err);
    }
    return ok && add(context, hsd_locator_foot_point(locator, &to), err);
}
