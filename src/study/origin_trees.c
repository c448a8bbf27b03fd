/* The times of origins for whoever needs them: the computation and, grown again, the layers and the
 * picture; cheaper than keeping every origin's trees. */
#include "base/memory.h"
#include "study/circle_run.h"

hsd_status hsd_origin_trees_init(hsd_origin_trees *t, const hsd_circle_run *run, hsd_error *err) {
    *t = (hsd_origin_trees){.run = run, .grown = SIZE_MAX};
    t->trees = hsd_calloc(run->profile_count, sizeof *t->trees, err);
    return t->trees ? HSD_OK : HSD_E_MEMORY;
}

void hsd_origin_trees_finish(hsd_origin_trees *t) {
    for (size_t p = 0; t->trees && p < t->run->profile_count; p++) hsd_tree_destroy(t->trees[p]);
    hsd_free(t->trees);
    hsd_transit_trees_finish(&t->transit);
    *t = (hsd_origin_trees){0};
}

static uint32_t limit_of(const hsd_circle_run *run) {
    return run->cutoffs_ms[run->cutoff_count - 1];
}

static hsd_status grow_transit(hsd_origin_trees *t, size_t o, hsd_error *err) {
    const hsd_origin_result *result = hsd_run_result(t->run, 0, o);
    if (t->grown == o) return HSD_OK;
    t->grown = SIZE_MAX;
    hsd_status status = HSD_OK;
    if (!t->transit.run) status = hsd_transit_trees_init(&t->transit, t->run->transit, err);
    if (status == HSD_OK)
        status =
            hsd_transit_trees_grow(&t->transit, result->seeds, result->seed_count, result->direct,
                                   result->direct_count, limit_of(t->run), err);
    if (status == HSD_OK) t->grown = o;
    return status;
}

static hsd_status grow_streets(hsd_origin_trees *t, size_t p, size_t o, hsd_error *err) {
    const hsd_origin_result *result = hsd_run_result(t->run, p, o);
    hsd_status status = HSD_OK;
    if (!t->trees[p]) status = hsd_tree_create(t->run->profiles[p].locator, &t->trees[p], err);
    if (status != HSD_OK) return status;
    return hsd_tree_grow(t->trees[p], t->run->request->direction, result->seeds, result->seed_count,
                         limit_of(t->run), err);
}

hsd_status hsd_origin_trees_read(hsd_origin_trees *t, size_t p, size_t o, hsd_reading *out,
                                 hsd_error *err) {
    hsd_status status = t->run->transit ? grow_transit(t, o, err) : grow_streets(t, p, o, err);
    if (status != HSD_OK) return status;
    if (t->run->transit)
        *out = hsd_transit_trees_reading(&t->transit, t->run->profiles[p].percentile);
    else
        *out = (hsd_reading){{{(const hsd_tree *const *)&t->trees[p], 1, 0}}, 1};
    return HSD_OK;
}

hsd_status hsd_origin_trees_pieces(hsd_origin_trees *t, size_t p, size_t o, hsd_piece_visit visit,
                                   void *context, hsd_error *err) {
    hsd_reading reading;
    hsd_status status = hsd_origin_trees_read(t, p, o, &reading, err);
    if (status != HSD_OK) return status;
    if (!t->run->transit)
        return hsd_tree_pieces(t->trees[p], limit_of(t->run), visit, context, err);
    return hsd_reading_pieces(&reading, limit_of(t->run), visit, context, err);
}

hsd_search_counters hsd_origin_trees_counters(const hsd_origin_trees *t, size_t p) {
    hsd_search_counters sum = {0};
    if (!t->run->transit) return hsd_search_counters_get(hsd_tree_search(t->trees[p]));
    for (size_t w = 0; p == 0 && w < t->run->transit->way_count; w++) {
        const hsd_transit_counters c = hsd_departures_counters(t->transit.ways[w]);
        sum.settled += c.access_settled + c.street_settled;
        sum.relaxed += c.rides.calls + c.rides.walks;
    }
    return sum;
}
