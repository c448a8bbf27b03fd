/* The one place where a comparison tells streets from transit. On the streets an origin's times are
 * a scenario tree (added links by the shortcut); by transit they are the departures of the window,
 * a tree each, read at the percentile of a profile run. Grown once an origin and scene, for all
 * percentiles. O(a search), by transit O(instants x (rides + a search)). */
#include "study/scene_tree.h"

#include <string.h>

#include "base/memory.h"
#include "net/network.h"
#include "times/departures.h"

typedef HSD_ARRAY(hsd_seed) seed_array;

static const hsd_network *network_of(const hsd_scene_tree *tree) {
    return tree->scene->own_network ? tree->scene->own_network : tree->run->circle.network;
}

/* ---- Made and ended ---- */

hsd_status hsd_scene_tree_create(const hsd_compare_run *run, const hsd_scene *scene,
                                 hsd_scene_tree **out, hsd_error *err) {
    hsd_scene_tree *tree = hsd_calloc(1, sizeof *tree, err);
    *out = NULL;
    if (!tree) return HSD_E_MEMORY;
    *tree = (hsd_scene_tree){.run = run, .scene = scene};
    const hsd_status status = scene->transit
                                  ? hsd_transit_trees_init(&tree->rides, scene->transit, err)
                                  : hsd_scenario_tree_create(scene->place, &tree->streets, err);
    if (status == HSD_OK)
        *out = tree;
    else
        hsd_scene_tree_destroy(tree);
    return status;
}

void hsd_scene_tree_destroy(hsd_scene_tree *tree) {
    if (!tree) return;
    hsd_scenario_tree_destroy(tree->streets);
    hsd_transit_trees_finish(&tree->rides);
    hsd_feet_finish(&tree->feet);
    hsd_free(tree);
}

/* ---- Grown ---- */

static hsd_status sow(hsd_scene_tree *tree, const hsd_locator *locator, const hsd_lonlat *at,
                      const uint32_t *extra_ms, size_t count, seed_array *out, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        status = hsd_locate(locator, at[i].lon, at[i].lat, &tree->feet, err);
        for (size_t f = 0; status == HSD_OK && f < tree->feet.count; f++) {
            const hsd_seed seed = {.foot = tree->feet.feet[f],
                                   .extra_ms = extra_ms ? extra_ms[i] : 0};
            if (!hsd_array_push(out, seed, err)) status = HSD_E_MEMORY;
        }
    }
    return status;
}

typedef hsd_status (*ride_from)(hsd_transit_trees *trees, const hsd_seed *near, size_t near_count,
                                const hsd_seed *direct, size_t direct_count, uint32_t limit_ms,
                                hsd_error *err);

static hsd_status ride(hsd_scene_tree *tree, const hsd_lonlat *at, const uint32_t *extra_ms,
                       size_t count, ride_from go, hsd_error *err) {
    const hsd_transit_run *transit = tree->scene->transit;
    seed_array near = {0}, direct = {0};
    hsd_status status = sow(tree, hsd_transit_run_near(transit), at, extra_ms, count, &near, err);
    if (status == HSD_OK && hsd_transit_run_direct(transit, &tree->run->circle.info))
        status = sow(tree, hsd_transit_run_far(transit), at, extra_ms, count, &direct, err);
    if (status == HSD_OK)
        status = go(&tree->rides, near.data, near.count, direct.data, direct.count,
                    tree->run->limit_ms, err);
    hsd_array_finish(&near);
    hsd_array_finish(&direct);
    return status;
}

hsd_status hsd_scene_tree_grow(hsd_scene_tree *tree, hsd_direction direction, const hsd_lonlat *at,
                               const uint32_t *extra_ms, size_t count, bool *changed,
                               hsd_error *err) {
    if (changed) *changed = true;
    if (tree->scene->transit) {
        hsd_status status = ride(tree, at, extra_ms, count, hsd_transit_trees_grow, err);
        if (status == HSD_OK) hsd_scene_tree_choose(tree, 0);
        return status;
    }
    seed_array seeds = {0};
    hsd_status status = sow(tree, tree->scene->locator, at, extra_ms, count, &seeds, err);
    if (status == HSD_OK)
        status = hsd_scenario_tree_grow(tree->streets, direction, at, extra_ms, count, seeds.data,
                                        seeds.count, tree->run->limit_ms, changed, err);
    hsd_array_finish(&seeds);
    return status;
}

hsd_status hsd_scene_tree_ride(hsd_scene_tree *tree, const hsd_lonlat *at, const uint32_t *extra_ms,
                               size_t count, hsd_error *err) {
    return ride(tree, at, extra_ms, count, hsd_transit_trees_ride, err);
}

void hsd_scene_tree_choose(hsd_scene_tree *tree, size_t profile) {
    if (tree->scene->transit)
        tree->reading =
            hsd_transit_trees_reading(&tree->rides, tree->run->circle.profiles[profile].percentile);
}

/* Samples of all stops in a row. */
static const uint32_t *stop_times(const hsd_scene_tree *tree, size_t way, size_t *count) {
    const hsd_departures *rides = tree->rides.ways[way];
    *count = tree->scene->transit->timetable->stop_count * hsd_departures_samples(rides);
    return *count ? hsd_departures_lane(rides, 0) : NULL;
}

hsd_status hsd_scene_tree_keep_stops(const hsd_scene_tree *tree, hsd_stop_times *out,
                                     hsd_error *err) {
    out->count = 0;
    for (size_t w = 0; w < tree->scene->transit->way_count; w++) {
        size_t count;
        const uint32_t *times = stop_times(tree, w, &count);
        for (size_t i = 0; i < count; i++)
            if (!hsd_array_push(out, times[i], err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

bool hsd_scene_tree_has_stops(const hsd_scene_tree *tree, const hsd_stop_times *kept) {
    size_t at = 0;
    for (size_t w = 0; w < tree->scene->transit->way_count; w++) {
        size_t count;
        const uint32_t *times = stop_times(tree, w, &count);
        if (at + count > kept->count) return false;
        if (count && memcmp(kept->data + at, times, count * sizeof *times) != 0) return false;
        at += count;
    }
    return at == kept->count;
}

/* ---- Read ---- */

uint32_t hsd_scene_tree_zone_ms(const hsd_scene_tree *tree, const hsd_zone_set *set,
                                const hsd_zone_set *link_set, size_t zone) {
    return tree->streets ? hsd_scenario_tree_zone_ms(tree->streets, set, link_set, zone)
                         : hsd_reading_feet_ms(&tree->reading, hsd_zone_set_feet(set, zone));
}

hsd_status hsd_scene_tree_points(const hsd_scene_tree *tree, const hsd_zone_set *set,
                                 const hsd_zone_set *link_set, uint32_t *out_ms, hsd_error *err) {
    if (tree->streets) return hsd_scenario_tree_points(tree->streets, set, link_set, out_ms, err);
    hsd_zone_set_point_read(set, &tree->reading, out_ms);
    return HSD_OK;
}

static uint32_t largest_cutoff(const hsd_scene_tree *tree) {
    const hsd_circle_run *c = &tree->run->circle;
    return c->cutoffs_ms[c->cutoff_count - 1];
}

hsd_status hsd_scene_tree_surface(const hsd_scene_tree *tree, hsd_surface *out, hsd_error *err) {
    const hsd_scene *scene = tree->scene;
    const hsd_run *run = tree->run->circle.run;
    const uint32_t limit = largest_cutoff(tree);
    return tree->streets ? hsd_scenario_tree_surface(tree->streets, scene->lattice,
                                                     scene->link_lattice, limit, run, out, err)
                         : hsd_surface_read(scene->lattice, &tree->reading, limit, run, out, err);
}

hsd_status hsd_scene_tree_circles(const hsd_scene_tree *tree, const hsd_surface *surface,
                                  hsd_circle *out, hsd_error *err) {
    const hsd_circle_run *c = &tree->run->circle;
    const hsd_circle_options options = {.max_vertices = c->request->max_vertices};
    return tree->streets
               ? hsd_circles_make(network_of(tree), tree->scene->locator,
                                  hsd_scenario_tree_streets(tree->streets), surface, c->cutoffs_ms,
                                  c->cutoff_count, &options, out, err)
               : hsd_circles_read(network_of(tree), tree->scene->locator, &tree->reading, surface,
                                  c->cutoffs_ms, c->cutoff_count, &options, out, err);
}

hsd_status hsd_scene_tree_pieces(const hsd_scene_tree *tree, hsd_piece_visit visit, void *context,
                                 hsd_error *err) {
    const uint32_t limit = largest_cutoff(tree);
    return tree->streets ? hsd_tree_pieces(hsd_scenario_tree_streets(tree->streets), limit, visit,
                                           context, err)
                         : hsd_reading_pieces(&tree->reading, limit, visit, context, err);
}

hsd_search_counters hsd_scene_tree_counters(const hsd_scene_tree *tree) {
    hsd_search_counters sum = {0};
    if (tree->streets)
        return hsd_search_counters_get(hsd_tree_search(hsd_scenario_tree_streets(tree->streets)));
    for (size_t w = 0; w < tree->scene->transit->way_count; w++)
        sum.settled += hsd_departures_counters(tree->rides.ways[w]).street_settled;
    return sum;
}
