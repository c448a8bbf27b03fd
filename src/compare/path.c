/* The best path of a foot under a scenario: the streets of the tree with the links' seeds in it,
 * and behind such a seed the way over links (compare/path_walk.c). Its steps sum to the foot's time
 * to the millisecond, or it is an error. */
#include "compare/path.h"
#include "times/tree.h"

static hsd_status way_of(hsd_scenario_tree *tree, size_t sown, const hsd_path **out,
                         hsd_error *err) {
    if (tree->ways == NULL) {
        tree->ways = hsd_calloc(tree->sown.count, sizeof *tree->ways, err);
        if (tree->ways == NULL) return HSD_E_MEMORY;
        tree->way_count = tree->sown.count;
    }
    hsd_path *way = &tree->ways[sown];
    hsd_status status = HSD_OK;
    if (way->step_count == 0) status = hsd_scenario_tree_way(tree, sown, way, err);
    if (status == HSD_OK && way->total_ms != tree->sown.seeds[sown].extra_ms)
        status = hsd_fail(err, HSD_E_INTERNAL, "a way over added links of %u ms, expected %u",
                          way->total_ms, tree->sown.seeds[sown].extra_ms);
    if (status != HSD_OK) hsd_path_finish(way);
    *out = way;
    return status;
}

/* What lies beyond the tree's seed: the leg of the origin, or a way over links. */
static hsd_status add_origin(hsd_scenario_tree *tree, size_t seed, hsd_path *out, hsd_error *err) {
    if (seed < tree->own_count) {
        const hsd_seed *own = &tree->seeds.data[seed];
        const hsd_lonlat foot = hsd_locator_foot_point(tree->place->locator, &own->foot);
        return hsd_path_add_leg(out, &foot, 1, hsd_ms_add(own->foot.leg_ms, own->extra_ms), err);
    }
    const hsd_path *way = NULL;
    const hsd_status status = way_of(tree, seed - tree->own_count, &way, err);
    return status == HSD_OK ? hsd_path_add_path(out, way, err) : status;
}

static hsd_status add_all(hsd_scenario_tree *tree, const hsd_foot *foot, const hsd_track *track,
                          hsd_path *out, hsd_error *err) {
    const hsd_locator *locator = tree->place->locator;
    const bool from = hsd_tree_direction(tree->streets) == HSD_FROM;
    const hsd_lonlat at = hsd_locator_foot_point(locator, foot);
    hsd_status status = from ? add_origin(tree, track->seed, out, err)
                             : hsd_path_add_leg(out, &at, 1, foot->leg_ms, err);
    if (status == HSD_OK) status = hsd_path_add_track(out, locator, track, err);
    if (status != HSD_OK) return status;
    return from ? hsd_path_add_leg(out, &at, 1, foot->leg_ms, err)
                : add_origin(tree, track->seed, out, err);
}

hsd_status hsd_scenario_tree_path(const hsd_scenario_tree *tree, const hsd_feet *target,
                                  hsd_path *out, hsd_error *err) {
    hsd_scenario_tree *writable = (hsd_scenario_tree *)(uintptr_t)tree; /* ways are a cache */
    const uint32_t total_ms = hsd_tree_feet_ms(tree->streets, target);
    out->step_count = out->point_count = 0;
    out->total_ms = total_ms;
    if (total_ms >= HSD_UNREACHABLE) return HSD_OK;
    size_t i = 0;
    while (hsd_tree_foot_ms(tree->streets, &target->feet[i]) != total_ms) i++;
    hsd_track track = {0};
    hsd_status status = hsd_tree_track(tree->streets, &target->feet[i], &track, err);
    out->total_ms = 0;
    if (status == HSD_OK) status = add_all(writable, &target->feet[i], &track, out, err);
    hsd_track_finish(&track);
    if (status == HSD_OK && out->total_ms != total_ms)
        status = hsd_fail(err, HSD_E_INTERNAL, "a path of %u ms for a time of %u", out->total_ms,
                          total_ms);
    return status;
}
