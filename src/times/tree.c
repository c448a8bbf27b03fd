/* Travel times of one origin (design 5.4-5.6, docs/methods.md 4): seeds on edges become node
 * sources, the search does the rest, and a foot's time is put together from the nodes around its
 * edge.
 *
 * A seed in the middle of an arc is carried to the arc's end (HSD_FROM; by the copy of the arc
 * whose tail is free: no history) or back to its start (HSD_TO; every copy of the arc: whoever
 * arrives has a history). On its way it passes the other edges of the arc: those get the time
 * directly, as `passed` records, for no node lies between. In HSD_TO the times *from* a position
 * are wanted; that trip starts there without history, so they come from arcs with a free tail as
 * well. Hence from(o -> d) and to(d -> o) are the same sum of the same integers. An arc may be
 * impassable as a whole while its first or last links are not: times inside it are added up link by
 * link, never taken from arc_ms. So it is with an arc that has a closed stretch: its link can be
 * entered from both ends, up to the stretch, and nothing is carried over it. Grow is O(settled +
 * relaxed), a foot O(uses of its edge + seeds on it). */
#include <stdlib.h>

#include "times/tree_state.h"

hsd_status hsd_tree_create(const hsd_locator *locator, hsd_tree **out, hsd_error *err) {
    *out = NULL;
    hsd_tree *tree = hsd_calloc(1, sizeof *tree, err);
    if (tree == NULL) return HSD_E_MEMORY;
    const size_t words = locator->network->edge_count / 64 + 1;
    tree->locator = locator;
    tree->graph = locator->graph;
    tree->metric = locator->metric;
    tree->seeded = hsd_calloc(words, sizeof *tree->seeded, err);
    tree->times = hsd_calloc(1, sizeof *tree->times, err);
    hsd_status status = tree->seeded && tree->times ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK)
        status = hsd_search_create(locator->network, locator->profile, &tree->search, err);
    if (status != HSD_OK) {
        hsd_tree_destroy(tree);
        return status;
    }
    *out = tree;
    return HSD_OK;
}

void hsd_tree_destroy(hsd_tree *tree) {
    if (tree == NULL) return;
    if (tree->times != NULL) {
        hsd_free(tree->times->ms);
        hsd_free(tree->times->touched);
        hsd_free(tree->times->list);
        hsd_free(tree->times->first_label);
        hsd_array_finish(&tree->times->labels);
        hsd_free(tree->times);
    }
    hsd_search_destroy(tree->search);
    hsd_array_finish(&tree->seeds);
    hsd_array_finish(&tree->sources);
    hsd_array_finish(&tree->sown);
    hsd_array_finish(&tree->until_ms);
    hsd_array_finish(&tree->edge_seeds);
    hsd_array_finish(&tree->passed);
    hsd_free(tree->seeded);
    hsd_free(tree);
}

const hsd_search *hsd_tree_search(const hsd_tree *tree) {
    return tree->search;
}
const hsd_locator *hsd_tree_locator(const hsd_tree *tree) {
    return tree->locator;
}
hsd_direction hsd_tree_direction(const hsd_tree *tree) {
    return tree->direction;
}
uint32_t hsd_tree_limit_ms(const hsd_tree *tree) {
    return tree->limit_ms;
}
bool hsd_tree_lapses(const hsd_tree *tree) {
    return tree->lapses;
}
const hsd_seed *hsd_tree_edge_seeds(const hsd_tree *tree, size_t *count) {
    *count = tree->edge_seeds.count;
    return tree->edge_seeds.data;
}

/* ---- Seeds
 * ------------------------------------------------------------------------------------------- */

static bool add_source(hsd_tree *tree, uint32_t node, uint32_t ms, hsd_sown from, hsd_error *err) {
    const hsd_node_cost source = {node, ms};
    const uint32_t until_ms = hsd_seed_until_ms(tree, &tree->seeds.data[from.seed]);
    if (ms > until_ms) return true;
    if (tree->lapses && !hsd_array_push(&tree->until_ms, until_ms, err)) return false;
    return hsd_array_push(&tree->sown, from, err) && hsd_array_push(&tree->sources, source, err);
}

static bool add_passed(hsd_tree *tree, uint32_t link, uint32_t ms, hsd_sown from, hsd_error *err) {
    const uint32_t directed = tree->graph->link_edge[link];
    const uint32_t until_ms = hsd_seed_until_ms(tree, &tree->seeds.data[from.seed]);
    const hsd_passed record = {directed, ms, link, from.seed, from.link, until_ms};
    if (ms > until_ms) return true;
    hsd_bit_set(tree->seeded, directed / 2);
    return hsd_array_push(&tree->passed, record, err);
}

/* From a position on a link onward to the end of its arc: ms is the time at the link's end. A link
 * with a closed stretch is entered and no more. */
static bool carry_on(hsd_tree *tree, hsd_sown from, uint32_t ms, hsd_error *err) {
    const hsd_graph *graph = tree->graph;
    const uint32_t arc = graph->link_arc[from.link];
    for (uint32_t link = from.link + 1; link < graph->arc_first_link[arc + 1]; link++) {
        const uint32_t directed = graph->link_edge[link];
        if (ms > tree->limit_ms || tree->metric->edge_ms[directed] >= HSD_UNREACHABLE) return true;
        if (!add_passed(tree, link, ms, from, err)) return false;
        if (hsd_link_stops(tree->metric, directed)) return true;
        ms = hsd_ms_add(ms, tree->metric->edge_ms[directed]);
    }
    return add_source(tree, graph->head[arc], ms, from, err);
}

/* From a position on a link back to the start of its arc: ms is the time from the link's start. The
 * edges on the way count for trips without history only. */
static bool carry_back(hsd_tree *tree, hsd_sown from, uint32_t ms, hsd_error *err) {
    const hsd_graph *graph = tree->graph;
    const uint32_t arc = graph->link_arc[from.link];
    const bool free_tail = graph->node_free[graph->tail[arc]];
    for (uint32_t link = from.link; link-- > graph->arc_first_link[arc];) {
        const uint32_t directed = graph->link_edge[link];
        if (ms > tree->limit_ms || tree->metric->edge_ms[directed] >= HSD_UNREACHABLE) return true;
        if (free_tail && !add_passed(tree, link, ms, from, err)) return false;
        if (hsd_link_stops(tree->metric, directed)) return true;
        ms = hsd_ms_add(ms, tree->metric->edge_ms[directed]);
    }
    return add_source(tree, graph->tail[arc], ms, from, err);
}

static bool sow_position(hsd_tree *tree, uint32_t number, const hsd_seed *seed, hsd_error *err) {
    const hsd_graph *graph = tree->graph;
    const uint32_t cost = hsd_seed_cost(seed);
    if (cost > hsd_seed_until_ms(tree, seed)) return true;
    if (!hsd_array_push(&tree->edge_seeds, *seed, err)) return false;
    hsd_bit_set(tree->seeded, seed->foot.edge);
    for (uint32_t directed = 2 * seed->foot.edge; directed < 2 * seed->foot.edge + 2; directed++) {
        const bool to = tree->direction == HSD_TO;
        const uint32_t whole = tree->metric->edge_ms[directed];
        if (whole >= HSD_UNREACHABLE) continue;
        if (to ? hsd_barred_before(tree->metric, directed, &seed->foot)
               : hsd_barred_behind(tree->metric, directed, &seed->foot))
            continue;
        const uint32_t before = hsd_travelled_ms(tree->metric, directed, &seed->foot);
        for (uint32_t i = graph->edge_first_use[directed]; i < graph->edge_first_use[directed + 1];
             i++) {
            const hsd_sown from = {number, graph->use_link[i]};
            bool ok = true;
            if (to)
                ok = carry_back(tree, from, hsd_ms_add(cost, before), err);
            else if (graph->node_free[graph->tail[graph->link_arc[from.link]]])
                ok = carry_on(tree, from, hsd_ms_add(cost, whole - before), err);
            if (!ok) return false;
        }
    }
    return true;
}

/* A trip begins at the free copies of its vertex (several where the vertex is closed to the mode
 * and every side has its own) and ends at any copy. */
static bool sow_vertex(hsd_tree *tree, uint32_t number, const hsd_seed *seed, hsd_error *err) {
    const hsd_locator *locator = tree->locator;
    const uint32_t vertex = seed->foot.vertex;
    const uint32_t *first = locator->vertex_first_node;
    const hsd_sown from = {number, HSD_NO_EDGE};
    for (uint32_t i = first[vertex]; i < first[vertex + 1]; i++) {
        const uint32_t node = locator->vertex_node[i];
        if (tree->direction == HSD_FROM && !tree->graph->node_free[node]) continue;
        if (!add_source(tree, node, hsd_seed_cost(seed), from, err)) return false;
    }
    return true;
}

static int compare_seeds(const void *a, const void *b) {
    const hsd_seed *sa = a, *sb = b;
    if (sa->foot.edge != sb->foot.edge) return sa->foot.edge < sb->foot.edge ? -1 : 1;
    if (sa->foot.segment != sb->foot.segment) return sa->foot.segment < sb->foot.segment ? -1 : 1;
    if (sa->foot.fraction != sb->foot.fraction)
        return sa->foot.fraction < sb->foot.fraction ? -1 : 1;
    const uint32_t ca = hsd_seed_cost(sa), cb = hsd_seed_cost(sb);
    return (ca > cb) - (ca < cb);
}

static int compare_passed(const void *a, const void *b) {
    const hsd_passed *pa = a, *pb = b;
    if (pa->directed_edge != pb->directed_edge)
        return pa->directed_edge < pb->directed_edge ? -1 : 1;
    if (pa->ms != pb->ms) return pa->ms < pb->ms ? -1 : 1;
    if (pa->seed != pb->seed) return pa->seed < pb->seed ? -1 : 1;
    return (pa->link > pb->link) - (pa->link < pb->link);
}

static void forget_seeds(hsd_tree *tree) {
    for (size_t i = 0; i < tree->edge_seeds.count; i++)
        tree->seeded[tree->edge_seeds.data[i].foot.edge >> 6] = 0;
    for (size_t i = 0; i < tree->passed.count; i++)
        tree->seeded[tree->passed.data[i].directed_edge >> 7] = 0;
    tree->seeds.count = tree->sources.count = tree->sown.count = 0;
    tree->until_ms.count = tree->edge_seeds.count = tree->passed.count = 0;
    tree->times->fresh = tree->lapses = false;
}

static hsd_status check_seed(const hsd_tree *tree, const hsd_seed *seed, size_t i, hsd_error *err) {
    const hsd_network *network = tree->locator->network;
    const hsd_foot *foot = &seed->foot;
    const bool on_edge = foot->edge != HSD_NO_EDGE && foot->edge < network->edge_count &&
                         foot->segment + 1 < network->edges[foot->edge].point_count;
    const bool on_vertex = foot->edge == HSD_NO_EDGE && foot->vertex < network->vertex_count;
    if (on_edge || on_vertex) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "seed %zu: edge %u, vertex %u: not a position of the network", i, foot->edge,
                    foot->vertex);
}

hsd_status hsd_tree_grow(hsd_tree *tree, hsd_direction direction, const hsd_seed *seeds,
                         size_t seed_count, uint32_t limit_ms, hsd_error *err) {
    forget_seeds(tree);
    tree->direction = direction;
    tree->limit_ms = limit_ms < HSD_UNREACHABLE ? limit_ms : HSD_UNREACHABLE - 1;
    for (size_t i = 0; i < seed_count; i++) {
        const hsd_status status = check_seed(tree, &seeds[i], i, err);
        if (status != HSD_OK) return status;
        if (!hsd_array_push(&tree->seeds, seeds[i], err)) return HSD_E_MEMORY;
        tree->lapses = tree->lapses || seeds[i].until_ms > 0;
    }
    for (uint32_t i = 0; i < seed_count; i++) {
        const bool at_vertex = seeds[i].foot.edge == HSD_NO_EDGE;
        if (!(at_vertex ? sow_vertex(tree, i, &seeds[i], err)
                        : sow_position(tree, i, &seeds[i], err)))
            return HSD_E_MEMORY;
    }
    if (tree->edge_seeds.count > 1)
        qsort(tree->edge_seeds.data, tree->edge_seeds.count, sizeof(hsd_seed), compare_seeds);
    if (tree->passed.count > 1)
        qsort(tree->passed.data, tree->passed.count, sizeof(hsd_passed), compare_passed);
    if (!tree->lapses)
        return hsd_search_run(tree->search, direction, tree->sources.data, tree->sources.count,
                              tree->limit_ms, err);
    const hsd_status status =
        hsd_search_run_lapsing(tree->search, direction, tree->sources.data, tree->until_ms.data,
                               tree->sources.count, tree->limit_ms, err);
    return status == HSD_OK ? hsd_tree_touch(tree, err) : status; /* times are read off labels */
}

/* ---- Times on directed edges
 * ------------------------------------------------------------------------- */

/* HSD_TO: time from the end of a link to its arc's end; adds links up where the arc as a whole is
 * impassable (then there is none). */
static uint32_t behind_link_ms(const hsd_tree *tree, uint32_t link) {
    const hsd_graph *graph = tree->graph;
    const uint32_t arc = graph->link_arc[link];
    const uint32_t arc_ms = tree->metric->arc_ms[arc];
    if (arc_ms < HSD_UNREACHABLE)
        return arc_ms - tree->metric->link_ms[link] - tree->metric->edge_ms[graph->link_edge[link]];
    uint32_t ms = 0;
    for (link++; link < graph->arc_first_link[arc + 1]; link++) {
        if (hsd_link_stops(tree->metric, graph->link_edge[link])) return HSD_UNREACHABLE;
        ms = hsd_ms_add(ms, tree->metric->edge_ms[graph->link_edge[link]]);
    }
    return ms;
}

uint32_t hsd_tree_link_way_ms(const hsd_tree *tree, uint32_t link) {
    return tree->direction == HSD_TO ? behind_link_ms(tree, link) : tree->metric->link_ms[link];
}

static uint32_t by_nodes_ms(const hsd_tree *tree, uint32_t directed) {
    const hsd_graph *graph = tree->graph;
    uint32_t best = HSD_UNREACHABLE;
    for (uint32_t i = graph->edge_first_use[directed]; i < graph->edge_first_use[directed + 1];
         i++) {
        const uint32_t link = graph->use_link[i];
        if (tree->direction == HSD_TO && !graph->node_free[graph->tail[graph->link_arc[link]]])
            continue;
        const uint32_t node_ms = hsd_search_ms(tree->search, hsd_tree_link_node(tree, link));
        if (node_ms >= best) continue;
        const uint32_t ms = hsd_ms_add(node_ms, hsd_tree_link_way_ms(tree, link));
        if (ms < best) best = ms;
    }
    return best;
}

size_t hsd_tree_first_passed(const hsd_tree *tree, uint32_t directed) {
    size_t low = 0, high = tree->passed.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (tree->passed.data[middle].directed_edge < directed)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t hsd_tree_edge_ms(const hsd_tree *tree, uint32_t directed) {
    if (tree->times->fresh) return tree->times->ms[directed];
    if (tree->metric->edge_ms[directed] >= HSD_UNREACHABLE) return HSD_UNREACHABLE;
    uint32_t best = by_nodes_ms(tree, directed);
    if (hsd_bit_get(tree->seeded, directed / 2)) {
        const size_t i =
            hsd_tree_first_passed(tree, directed); /* the least of its edge comes first */
        if (i < tree->passed.count && tree->passed.data[i].directed_edge == directed &&
            tree->passed.data[i].ms < best)
            best = tree->passed.data[i].ms;
    }
    return best <= tree->limit_ms ? best : HSD_UNREACHABLE;
}

/* ---- Times of feet
 * ------------------------------------------------------------------------------------- */

/* Time along the directed edge from one position to another; HSD_UNREACHABLE when it is behind, or
 * behind a closed stretch. */
static uint32_t along_ms(const hsd_metric *metric, uint32_t directed, const hsd_foot *from,
                         const hsd_foot *to) {
    const hsd_edge_place a = hsd_foot_place(from), b = hsd_foot_place(to);
    const int order = hsd_edge_place_compare(a, b);
    const bool against = directed & 1;
    if (metric->edge_ms[directed] >= HSD_UNREACHABLE) return HSD_UNREACHABLE;
    if (against ? order < 0 : order > 0) return HSD_UNREACHABLE;
    if (hsd_edge_closed(metric, directed / 2) &&
        hsd_closed_between(metric, directed, against ? b : a, against ? a : b))
        return HSD_UNREACHABLE;
    return against ? from->ms[1] - to->ms[1] : to->ms[0] - from->ms[0];
}

uint32_t hsd_tree_seed_way_ms(const hsd_tree *tree, uint32_t directed, const hsd_foot *foot,
                              const hsd_seed *seed) {
    const bool to = tree->direction == HSD_TO;
    const uint32_t way =
        along_ms(tree->metric, directed, to ? foot : &seed->foot, to ? &seed->foot : foot);
    return hsd_ms_add(way, hsd_seed_cost(seed));
}

/* [*first, result) of edge_seeds. */
static size_t own_seeds(const hsd_tree *tree, uint32_t edge, size_t *first) {
    size_t low = 0, high = tree->edge_seeds.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (tree->edge_seeds.data[middle].foot.edge < edge)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < tree->edge_seeds.count && tree->edge_seeds.data[low].foot.edge == edge) low++;
    return low;
}

const hsd_seed *hsd_tree_seeds_on(const hsd_tree *tree, uint32_t edge, size_t *count) {
    size_t first;
    *count = 0;
    if (!hsd_bit_get(tree->seeded, edge)) return NULL;
    *count = own_seeds(tree, edge, &first) - first;
    return *count > 0 ? &tree->edge_seeds.data[first] : NULL;
}

static uint32_t from_own_seeds_ms(const hsd_tree *tree, const hsd_foot *foot) {
    uint32_t best = HSD_UNREACHABLE;
    size_t count;
    const hsd_seed *seed = hsd_tree_seeds_on(tree, foot->edge, &count);
    for (; count > 0; seed++, count--)
        for (uint32_t directed = 2 * foot->edge; directed < 2 * foot->edge + 2; directed++) {
            const uint32_t ms = hsd_tree_seed_way_ms(tree, directed, foot, seed);
            if (ms < best && ms <= hsd_seed_until_ms(tree, seed)) best = ms;
        }
    return best;
}

/* By the edge's ends: of what serves the position the least. */
static uint32_t lapsing_ms(const hsd_tree *tree, const hsd_foot *foot, bool closed) {
    uint32_t best = HSD_UNREACHABLE;
    for (uint32_t directed = 2 * foot->edge; directed < 2 * foot->edge + 2; directed++) {
        if (hsd_tree_edge_ms(tree, directed) >= best) continue;
        if (closed && hsd_tree_barred(tree, directed, foot)) continue;
        const uint32_t ms = hsd_lapse_ms(tree, directed, hsd_tree_rest_ms(tree, directed, foot));
        if (ms < best) best = ms;
    }
    return best;
}

static uint32_t by_ends_ms(const hsd_tree *tree, const hsd_foot *foot, bool closed) {
    uint32_t best = HSD_UNREACHABLE;
    for (uint32_t directed = 2 * foot->edge; directed < 2 * foot->edge + 2; directed++) {
        const uint32_t ms = hsd_tree_edge_ms(tree, directed);
        if (ms >= best || (closed && hsd_tree_barred(tree, directed, foot))) continue;
        const uint32_t rest = hsd_tree_rest_ms(tree, directed, foot);
        if (ms + rest < best) best = ms + rest;
    }
    return best;
}

uint32_t hsd_tree_position_ms(const hsd_tree *tree, const hsd_foot *foot) {
    const bool closed = hsd_edge_closed(tree->metric, foot->edge);
    uint32_t best = tree->lapses ? lapsing_ms(tree, foot, closed) : by_ends_ms(tree, foot, closed);
    if (hsd_bit_get(tree->seeded, foot->edge)) {
        const uint32_t ms = from_own_seeds_ms(tree, foot);
        if (ms < best) best = ms;
    }
    return best <= tree->limit_ms ? best : HSD_UNREACHABLE;
}

uint32_t hsd_tree_vertex_ms(const hsd_tree *tree, uint32_t vertex) {
    const hsd_locator *locator = tree->locator;
    const uint32_t *first = locator->vertex_first_node;
    uint32_t best = HSD_UNREACHABLE;
    for (uint32_t i = first[vertex]; i < first[vertex + 1]; i++) {
        const uint32_t node = locator->vertex_node[i];
        if (tree->direction == HSD_TO && !tree->graph->node_free[node]) continue;
        const uint32_t ms = hsd_search_ms(tree->search, node);
        if (ms < best) best = ms;
    }
    return best;
}

uint32_t hsd_tree_foot_ms(const hsd_tree *tree, const hsd_foot *foot) {
    uint32_t ms = HSD_UNREACHABLE;
    if (foot->edge != HSD_NO_EDGE)
        ms = hsd_tree_position_ms(tree, foot);
    else if (foot->vertex != HSD_NO_EDGE)
        ms = hsd_tree_vertex_ms(tree, foot->vertex);
    ms = hsd_ms_add(ms, foot->leg_ms);
    return ms <= tree->limit_ms ? ms : HSD_UNREACHABLE;
}

uint32_t hsd_tree_feet_ms(const hsd_tree *tree, const hsd_feet *feet) {
    uint32_t best = HSD_UNREACHABLE;
    for (size_t i = 0; i < feet->count; i++) {
        const uint32_t ms = hsd_tree_foot_ms(tree, &feet->feet[i]);
        if (ms < best) best = ms;
    }
    return best;
}
