/* Times and areas of a comparison. Every pair of a profile and an origin is one task (by transit
 * every origin: its profile runs are percentiles of one search): the baseline and all scenarios one
 * after the other, so that two surfaces a profile run are held and what changed is taken from times
 * of the same points. Results go to their own places: nothing depends on the number of threads. */
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "net/network.h"
#include "study/compare_transit.h"
#include "study/scene_tree.h"

/* ---- Trees ---- */

typedef struct starts {
    hsd_lonlat *at;
    uint32_t *extra_ms;
} starts;

static hsd_status take_starts(const hsd_compare_run *run, size_t first, size_t count,
                              const hsd_gate *gates, starts *out, hsd_error *err) {
    out->at = hsd_alloc(count, sizeof *out->at, err);
    out->extra_ms = hsd_calloc(count, sizeof *out->extra_ms, err);
    if (!out->at || !out->extra_ms) return HSD_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        out->at[i] = run->targets.places[first + i].geometry.points[0];
        if (gates) out->extra_ms[i] = gates[i].extra_ms;
    }
    return HSD_OK;
}

static void starts_finish(starts *s) {
    hsd_free(s->at);
    hsd_free(s->extra_ms);
}

hsd_status hsd_scene_grow(hsd_scene_tree *tree, hsd_direction direction, size_t first, size_t count,
                          const hsd_gate *gates, bool *changed, hsd_error *err) {
    starts s = {0};
    hsd_status status = take_starts(tree->run, first, count, gates, &s, err);
    if (status == HSD_OK)
        status = hsd_scene_tree_grow(tree, direction, s.at, s.extra_ms, count, changed, err);
    starts_finish(&s);
    return status;
}

hsd_status hsd_scene_ride_origin(hsd_scene_tree *tree, size_t origin, hsd_error *err) {
    const hsd_compare_run *run = tree->run;
    const hsd_city *city = &run->cities[origin];
    starts s = {0};
    hsd_status status = take_starts(run, city->first, city->count,
                                    run->circle.origins.origins[origin].gates, &s, err);
    if (status == HSD_OK) status = hsd_scene_tree_ride(tree, s.at, s.extra_ms, city->count, err);
    starts_finish(&s);
    return status;
}

hsd_status hsd_scene_grow_origin(hsd_scene_tree *tree, size_t origin, bool *changed,
                                 hsd_error *err) {
    const hsd_compare_run *run = tree->run;
    const hsd_city *city = &run->cities[origin];
    return hsd_scene_grow(tree, run->circle.request->direction, city->first, city->count,
                          run->circle.origins.origins[origin].gates, changed, err);
}

/* ---- Points: people and zones ---- */

/* Times of all sub-points of a set under the baseline and under a scene. */
typedef struct point_times {
    uint32_t *before, *now;
} point_times;

typedef struct task {
    hsd_compare_run *run;
    size_t p, o;
    hsd_surface before; /* of the baseline */
    point_times people, zones;
} task;

/* Tasks of one origin under the profile runs that share a tree. */
typedef struct group {
    task *tasks;
    size_t first, count; /* profile runs */
    size_t o;
    hsd_stop_times before; /* by transit: at the stops, of the baseline */
} group;

static hsd_status make_points(const hsd_zone_set *set, point_times *out, hsd_error *err) {
    if (!set) return HSD_OK;
    size_t count = hsd_zone_set_point_count(set);
    out->before = hsd_alloc(count, sizeof *out->before, err);
    out->now = hsd_alloc(count, sizeof *out->now, err);
    return out->before && out->now ? HSD_OK : HSD_E_MEMORY;
}

/* What a time before and a time now make of a point, as bits. */
static unsigned kinds_of(uint32_t before, uint32_t now, uint32_t cutoff, uint32_t faster) {
    bool in0 = before <= cutoff, in1 = now <= cutoff;
    if (in0 && in1)
        return 1u << HSD_CHANGE_KEPT | (unsigned)(before >= now && before - now >= faster)
                                           << HSD_CHANGE_FASTER;
    return in1 ? 1u << HSD_CHANGE_GAINED : in0 ? 1u << HSD_CHANGE_LOST : 0;
}

static uint32_t faster_ms(const hsd_compare_run *run) {
    return run->request->faster_min > 0 ? (uint32_t)(run->request->faster_min * 60000 + 0.5)
                                        : 60000;
}

/* Sub-points of one zone of each kind, and within. */
static void count_kinds(const uint32_t *before, const uint32_t *now, size_t count, uint32_t cutoff,
                        uint32_t faster, size_t kinds[HSD_CHANGE_KINDS], size_t *within) {
    memset(kinds, 0, HSD_CHANGE_KINDS * sizeof *kinds);
    *within = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned bits = kinds_of(before[i], now[i], cutoff, faster);
        for (unsigned k = 0; k < HSD_CHANGE_KINDS; k++) kinds[k] += bits >> k & 1;
        *within += now[i] <= cutoff;
    }
}

static hsd_status count_people(const task *t, const hsd_scene *scene, const uint32_t *now,
                               hsd_scene_result *result, hsd_error *err) {
    const hsd_compare_run *run = t->run;
    const hsd_place_table *people = &run->circle.population;
    size_t cutoffs = run->circle.cutoff_count, masses = people->mass_count;
    result->masses = hsd_calloc(cutoffs * masses, sizeof(double), err);
    result->change_masses = hsd_calloc(cutoffs * HSD_CHANGE_KINDS * masses, sizeof(double), err);
    if (!result->masses || !result->change_masses) return HSD_E_MEMORY;
    for (size_t z = 0; z < people->place_count; z++) {
        size_t first, count = hsd_zone_set_points(scene->population, z, &first);
        for (size_t c = 0; count && c < cutoffs; c++) {
            size_t kinds[HSD_CHANGE_KINDS], within;
            count_kinds(t->people.before + first, now + first, count, run->circle.cutoffs_ms[c],
                        faster_ms(run), kinds, &within);
            for (size_t m = 0; m < masses; m++) {
                double each = people->places[z].masses[m] / (double)count;
                result->masses[c * masses + m] += each * (double)within;
                for (size_t k = 0; k < HSD_CHANGE_KINDS; k++)
                    result->change_masses[(c * HSD_CHANGE_KINDS + k) * masses + m] +=
                        each * (double)kinds[k];
            }
        }
    }
    return HSD_OK;
}

static hsd_status take_zones(const task *t, const hsd_scene_tree *tree, const uint32_t *now,
                             hsd_scene_result *result, hsd_error *err) {
    const hsd_scene *scene = tree->scene;
    const hsd_circle_run *c = &t->run->circle;
    size_t zones = c->zones.place_count, cutoffs = c->cutoff_count;
    result->zone_ms = hsd_alloc(zones, sizeof *result->zone_ms, err);
    result->zone_shares = hsd_calloc(zones * cutoffs, sizeof(double), err);
    result->zone_gained = hsd_calloc(zones * cutoffs, sizeof(double), err);
    result->zone_lost = hsd_calloc(zones * cutoffs, sizeof(double), err);
    if (!result->zone_ms || !result->zone_shares || !result->zone_gained || !result->zone_lost)
        return HSD_E_MEMORY;
    for (size_t z = 0; z < zones; z++) {
        size_t first, count = hsd_zone_set_points(scene->zones, z, &first);
        result->zone_ms[z] = hsd_scene_tree_zone_ms(tree, scene->zones, scene->link_zones, z);
        for (size_t k = 0; count && k < cutoffs; k++) {
            size_t kinds[HSD_CHANGE_KINDS], within;
            count_kinds(t->zones.before + first, now + first, count, c->cutoffs_ms[k],
                        faster_ms(t->run), kinds, &within);
            result->zone_shares[z * cutoffs + k] = (double)within / (double)count;
            result->zone_gained[z * cutoffs + k] = (double)kinds[HSD_CHANGE_GAINED] / (double)count;
            result->zone_lost[z * cutoffs + k] = (double)kinds[HSD_CHANGE_LOST] / (double)count;
        }
    }
    return HSD_OK;
}

/* ---- One scene of one origin ---- */

static hsd_status make_changes(const task *t, const hsd_scene *scene, const hsd_surface *surface,
                               hsd_scene_result *result, hsd_error *err) {
    const hsd_circle_run *c = &t->run->circle;
    hsd_change_options options = {.faster_ms = faster_ms(t->run),
                                  .max_vertices = c->request->max_vertices};
    const hsd_network *network = scene->own_network ? scene->own_network : c->network;
    result->changes = hsd_calloc(c->cutoff_count, sizeof *result->changes, err);
    hsd_status status = result->changes ? HSD_OK : HSD_E_MEMORY;
    for (size_t k = 0; status == HSD_OK && k < c->cutoff_count; k++)
        status = hsd_change_make(network, scene->locator, &t->before, surface, c->cutoffs_ms[k],
                                 &options, &result->changes[k], err);
    return status;
}

/* Surface, circles and, after the baseline, what changed. */
static hsd_status make_areas(task *t, size_t s, const hsd_scene_tree *tree,
                             hsd_scene_result *result, hsd_error *err) {
    hsd_surface surface = {0};
    result->circles = hsd_calloc(t->run->circle.cutoff_count, sizeof *result->circles, err);
    hsd_status status = result->circles ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = hsd_scene_tree_surface(tree, &surface, err);
    if (status == HSD_OK) status = hsd_scene_tree_circles(tree, &surface, result->circles, err);
    if (status == HSD_OK && s) status = make_changes(t, tree->scene, &surface, result, err);
    if (s || status != HSD_OK)
        hsd_surface_finish(&surface);
    else
        t->before = surface;
    return status;
}

static hsd_status take_points(task *t, size_t s, const hsd_scene_tree *tree,
                              hsd_scene_result *result, hsd_error *err) {
    const hsd_scene *scene = tree->scene;
    hsd_status status = HSD_OK;
    if (scene->population) {
        uint32_t *now = s ? t->people.now : t->people.before;
        status = hsd_scene_tree_points(tree, scene->population, scene->link_population, now, err);
        if (status == HSD_OK) status = count_people(t, scene, now, result, err);
    }
    if (status == HSD_OK && scene->zones) {
        uint32_t *now = s ? t->zones.now : t->zones.before;
        status = hsd_scene_tree_points(tree, scene->zones, scene->link_zones, now, err);
        if (status == HSD_OK) status = take_zones(t, tree, now, result, err);
    }
    return status;
}

/* By timetable: the ride to the zone with the largest saving, for the summary. */
static hsd_status take_saving(task *t, size_t s, hsd_scene_tree *tree, hsd_error *err) {
    const hsd_compare_run *run = t->run;
    hsd_scene_result *result = hsd_scene_result_at(run, t->p, t->o, s);
    const size_t zone = hsd_compare_most_saved(run, t->p, t->o, s);
    result->saving_ride = HSD_NOT_RIDDEN;
    if (zone == SIZE_MAX) return HSD_OK;
    const hsd_trip_index *baseline = &run->base_trips;
    return hsd_scene_ridden(tree, hsd_zone_set_feet(tree->scene->zones, zone), &baseline, 1,
                            &result->saving_ride, err);
}

/* Of a grown tree, under one profile run. */
static hsd_status take_scene(task *t, size_t s, hsd_scene_tree *tree, bool changed,
                             hsd_error *err) {
    const hsd_scene *scene = tree->scene;
    hsd_scene_result *result = hsd_scene_result_at(t->run, t->p, t->o, s);
    hsd_scene_tree_choose(tree, t->p);
    result->counters = hsd_scene_tree_counters(tree);
    result->same = s && !changed && !scene->own_network && !scene->link_lattice;
    if (result->same) return HSD_OK;
    hsd_status status = make_areas(t, s, tree, result, err);
    if (status == HSD_OK) status = take_points(t, s, tree, result, err);
    return status == HSD_OK && s && scene->transit ? take_saving(t, s, tree, err) : status;
}

/* By timetable: trips that no trip gets better or worse by leave all times as they are. */
static hsd_status compare_stops(group *g, size_t s, const hsd_scene_tree *tree, bool *changed,
                                hsd_error *err) {
    if (s == 0) return hsd_scene_tree_keep_stops(tree, &g->before, err);
    *changed = tree->scene->own_network || !hsd_scene_tree_has_stops(tree, &g->before);
    return HSD_OK;
}

static hsd_status run_scene(hsd_compare_run *run, group *g, size_t s, hsd_error *err) {
    hsd_scene_tree *tree = NULL;
    bool changed = true;
    hsd_status status = hsd_scene_tree_create(run, hsd_scene_of(run, g->first, s), &tree, err);
    if (status == HSD_OK) status = hsd_scene_grow_origin(tree, g->o, &changed, err);
    if (status == HSD_OK && run->circle.transit) status = compare_stops(g, s, tree, &changed, err);
    for (size_t i = 0; status == HSD_OK && i < g->count; i++)
        status = take_scene(&g->tasks[i], s, tree, changed, err);
    if (status == HSD_OK && run->circle.origins.count > 1)
        status = hsd_scene_cities(tree, g->first, g->count, g->o, s, err);
    for (size_t i = 0; status == HSD_OK && s && run->request->attribution && i < g->count; i++)
        status = hsd_scene_attribute(run, g->first + i, g->o, s, tree, err);
    hsd_scene_tree_destroy(tree);
    return status;
}

static hsd_status begin_task(task *t, hsd_error *err) {
    const hsd_scene *baseline = hsd_scene_of(t->run, t->p, 0);
    hsd_status status = make_points(baseline->population, &t->people, err);
    return status == HSD_OK ? make_points(baseline->zones, &t->zones, err) : status;
}

static void finish_task(task *t) {
    hsd_surface_finish(&t->before);
    hsd_free(t->people.before);
    hsd_free(t->people.now);
    hsd_free(t->zones.before);
    hsd_free(t->zones.now);
}

/* Profile runs that share a tree. */
static size_t group_size(const hsd_compare_run *run) {
    return run->circle.transit ? run->circle.profile_count : 1;
}

static hsd_status run_group(hsd_compare_run *run, size_t number, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    group g = {.count = group_size(run), .o = number % c->origins.count};
    g.first = number / c->origins.count * g.count;
    if (!hsd_run_result(c, g.first, g.o)->ok) return HSD_OK;
    g.tasks = hsd_calloc(g.count, sizeof *g.tasks, err);
    hsd_status status = g.tasks ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < g.count; i++) {
        g.tasks[i] = (task){.run = run, .p = g.first + i, .o = g.o};
        status = begin_task(&g.tasks[i], err);
    }
    for (size_t s = 0; status == HSD_OK && s < run->scene_count; s++) {
        status = run_scene(run, &g, s, err);
        if (status != HSD_OK)
            hsd_fail_prefix(err, status, "origin %s, %s", c->origins.origins[g.o].id,
                            hsd_scene_name(run, s));
    }
    for (size_t i = 0; g.tasks && i < g.count; i++) finish_task(&g.tasks[i]);
    hsd_free(g.tasks);
    hsd_array_finish(&g.before);
    return status;
}

static hsd_status run_groups(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    (void)worker;
    hsd_status status = HSD_OK;
    for (size_t i = begin; status == HSD_OK && i < end; i++) status = run_group(context, i, err);
    return status;
}

hsd_status hsd_compare_compute(hsd_compare_run *run, hsd_error *err) {
    const size_t origins = run->circle.origins.count;
    const size_t all = run->circle.profile_count * origins * run->scene_count;
    run->results = hsd_calloc(all, sizeof *run->results, err);
    if (!run->results) return HSD_E_MEMORY;
    const size_t groups = run->circle.profile_count / group_size(run) * origins;
    return hsd_parallel_for(run->circle.run, "comparison", groups, 1, run_groups, run, err);
}

void hsd_scene_result_finish(hsd_scene_result *result, size_t cutoffs) {
    for (size_t c = 0; result->circles && c < cutoffs; c++) hsd_circle_finish(&result->circles[c]);
    for (size_t c = 0; result->changes && c < cutoffs; c++) hsd_change_finish(&result->changes[c]);
    hsd_free(result->circles);
    hsd_free(result->changes);
    hsd_free(result->masses);
    hsd_free(result->change_masses);
    hsd_free(result->zone_ms);
    hsd_free(result->zone_shares);
    hsd_free(result->zone_gained);
    hsd_free(result->zone_lost);
    hsd_free(result->gate_ms);
    hsd_free(result->centre_ms);
    hsd_array_finish(&result->attributed);
}
