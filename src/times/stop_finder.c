/* Stops near a tree's origin: the feet of all stops stand sorted by the edge (or vertex) they are
 * on, and a tree is walked over what it touched. One bit an edge says whether anybody is there.
 * O(touched + log stops for each stop found). */
#include <stdlib.h>

#include "times/stop_set.h"
#include "times/tree_state.h"

static int compare_places(const void *a, const void *b) {
    const hsd_stop_place *pa = a, *pb = b;
    if (pa->at != pb->at) return pa->at < pb->at ? -1 : 1;
    if (pa->stop != pb->stop) return pa->stop < pb->stop ? -1 : 1;
    return (pa->foot > pb->foot) - (pa->foot < pb->foot);
}

hsd_status hsd_stop_finder_init(hsd_stop_finder *finder, const hsd_locator *locator,
                                const hsd_feet *feet, size_t stop_count, hsd_error *err) {
    const hsd_network *network = locator->network;
    const bool nodes = locator->metric->leg_rule == HSD_LEG_NODES;
    size_t count = 0;
    for (size_t s = 0; s < stop_count; s++) count += feet[s].count;
    *finder = (hsd_stop_finder){.locator = locator, .feet = feet};
    finder->places = hsd_alloc(count, sizeof *finder->places, err);
    finder->bits = hsd_calloc((nodes ? network->vertex_count : network->edge_count) / 64 + 1,
                              sizeof *finder->bits, err);
    if (finder->places == NULL || finder->bits == NULL) return HSD_E_MEMORY;
    for (size_t s = 0; s < stop_count; s++)
        for (size_t f = 0; f < feet[s].count; f++) {
            const hsd_foot *foot = &feet[s].feet[f];
            const uint32_t at = nodes ? foot->vertex : foot->edge;
            finder->places[finder->place_count++] = (hsd_stop_place){at, (uint32_t)s, (uint32_t)f};
            hsd_bit_set(finder->bits, at);
        }
    qsort(finder->places, count, sizeof *finder->places, compare_places);
    return HSD_OK;
}

void hsd_stop_finder_finish(hsd_stop_finder *finder) {
    hsd_free(finder->places);
    hsd_free(finder->bits);
    *finder = (hsd_stop_finder){0};
}

/* ---- What was found
 * ------------------------------------------------------------------------------- */

hsd_status hsd_near_stops_init(hsd_near_stops *near, size_t stop_count, hsd_error *err) {
    *near = (hsd_near_stops){0};
    near->ms = hsd_alloc(stop_count, sizeof *near->ms, err);
    if (near->ms == NULL) return HSD_E_MEMORY;
    for (size_t s = 0; s < stop_count; s++) near->ms[s] = HSD_UNREACHABLE;
    return HSD_OK;
}

void hsd_near_stops_finish(hsd_near_stops *near) {
    hsd_free(near->ms);
    near->ms = NULL;
    hsd_array_finish(&near->found);
}

void hsd_near_stops_clear(hsd_near_stops *near) {
    for (size_t i = 0; i < near->found.count; i++) near->ms[near->found.data[i]] = HSD_UNREACHABLE;
    near->found.count = 0;
}

static int compare_ids(const void *a, const void *b) {
    const uint32_t ia = *(const uint32_t *)a, ib = *(const uint32_t *)b;
    return (ia > ib) - (ia < ib);
}

void hsd_near_stops_sort(hsd_near_stops *near) {
    if (near->found.count > 1)
        qsort(near->found.data, near->found.count, sizeof *near->found.data, compare_ids);
}

/* ---- Looking
 * -------------------------------------------------------------------------------------- */

static size_t first_place(const hsd_stop_finder *finder, uint32_t at) {
    size_t low = 0, high = finder->place_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (finder->places[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool add_places(const hsd_stop_finder *finder, uint32_t at, const hsd_tree *tree,
                       hsd_near_stops *near, hsd_error *err) {
    if (!hsd_bit_get(finder->bits, at)) return true;
    for (size_t i = first_place(finder, at); i < finder->place_count && finder->places[i].at == at;
         i++) {
        const uint32_t stop = finder->places[i].stop;
        const hsd_foot *foot = &finder->feet[stop].feet[finder->places[i].foot];
        const uint32_t ms = hsd_ms_add(hsd_tree_place_ms(tree, foot), foot->leg_ms);
        if (ms >= near->ms[stop]) continue;
        if (near->ms[stop] == HSD_UNREACHABLE && !hsd_array_push(&near->found, stop, err))
            return false;
        near->ms[stop] = ms;
    }
    return true;
}

hsd_status hsd_stop_finder_add(const hsd_stop_finder *finder, const hsd_tree *tree,
                               hsd_near_stops *near, hsd_error *err) {
    if (finder->locator->metric->leg_rule == HSD_LEG_NODES) {
        size_t count;
        const uint32_t *settled = hsd_search_settled(tree->search, &count);
        for (size_t i = 0; i < count; i++)
            if (!add_places(finder, tree->graph->node_vertex[settled[i]], tree, near, err))
                return HSD_E_MEMORY;
        return HSD_OK;
    }
    const hsd_status status = hsd_tree_touch(tree, err);
    for (size_t i = 0; status == HSD_OK && i < tree->times->count; i++)
        if (!add_places(finder, tree->times->list[i], tree, near, err)) return HSD_E_MEMORY;
    return status;
}

hsd_status hsd_tree_grow_place(hsd_tree *tree, hsd_direction direction, const hsd_foot *foot,
                               uint32_t extra_ms, uint32_t cap_ms, hsd_error *err) {
    const hsd_seed seed = {*foot, extra_ms, 0};
    const uint32_t limit_ms = hsd_ms_add(hsd_seed_cost(&seed), cap_ms);
    return hsd_tree_grow(tree, direction, &seed, 1, limit_ms, err);
}
