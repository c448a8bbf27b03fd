/* A run by timetable: profiles of its ends, stops on the streets, trips of the date; and the times
 * of one origin at every instant, read at percentiles. A day return is two searches whose far ends
 * are one: to the place in the morning, from it in the evening, access and egress exchanged, so
 * that both have one kind of tree at the traveller's home. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "study/transit_run.h"

/* ---- Profiles ---- */

/* Only stops, no streets: the profile of straight lines serves all. */
static bool stops_alone(const hsd_network_info *info) {
    return info->edges == 0 && info->profile_count == 1;
}

static hsd_status no_profile(const hsd_network_info *info, const char *option, const char *word,
                             const char *name, hsd_error *err) {
    char list[160] = "";
    for (size_t i = 0; i < info->profile_count; i++)
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s (%s)", i ? ", " : "",
                 info->profiles[i].name, info->profiles[i].mode);
    return hsd_fail(err, HSD_E_ARGUMENT, "%s %s: no profile of that mode or name in %s; it has %s",
                    option, word, hsd_base_name(name), list);
}

/* walk, car and park are modes, anything else is a profile's name. */
static hsd_status find_profile(const hsd_network *network, const hsd_network_info *info,
                               const char *option, const char *word, const char *name, int *out,
                               hsd_error *err) {
    const char *mode = word && strcmp(word, "park") == 0 ? "car" : word ? word : "walk";
    const bool is_mode = strcmp(mode, "walk") == 0 || strcmp(mode, "car") == 0;
    *out = is_mode ? hsd_network_profile(network, mode, NULL) : -1;
    if (*out < 0 && word) *out = hsd_network_profile(network, NULL, word);
    if (*out < 0 && !word && stops_alone(info)) *out = 0;
    return *out < 0 ? no_profile(info, option, word ? word : "walk", name, err) : HSD_OK;
}

static hsd_status find_profiles(hsd_transit_run *run, const hsd_transit_choice *c,
                                const hsd_network *network, const hsd_network_info *info,
                                const char *name, hsd_error *err) {
    hsd_status status =
        find_profile(network, info, "--access", c->access, name, &run->access_profile, err);
    if (status == HSD_OK)
        status =
            find_profile(network, info, "--egress", c->egress, name, &run->egress_profile, err);
    if (status == HSD_OK)
        status =
            find_profile(network, info, "--walk-profile", c->walk, name, &run->walk_profile, err);
    if (status == HSD_OK && strcmp(info->profiles[run->walk_profile].mode, "car") == 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--walk-profile %s is of mode car: nobody drives between two rides",
                        info->profiles[run->walk_profile].name);
    return status;
}

hsd_status hsd_transit_run_open(hsd_transit_run *run, hsd_transit_plan *plan,
                                const hsd_transit_choice *choice, const hsd_network *network,
                                const hsd_network_info *info, const char *name, hsd_error *err) {
    *run = (hsd_transit_run){.plan = *plan};
    *plan = (hsd_transit_plan){0};
    hsd_status status = hsd_network_timetable(network, &run->timetable, err);
    if (status == HSD_OK && run->timetable)
        status = hsd_timetable_served(run->timetable, run->plan.date, err);
    if (status == HSD_OK) status = find_profiles(run, choice, network, info, name, err);
    return status;
}

hsd_status hsd_transit_run_need(const hsd_transit_run *run, const char *name, hsd_error *err) {
    if (run->timetable) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "--mode transit: %s has no timetable; build it with --gtfs FEED.zip or --rail "
                    "FILE",
                    hsd_base_name(name));
}

/* ---- Locators ---- */

hsd_status hsd_transit_run_locate(hsd_transit_run *run, const hsd_network *network,
                                  const hsd_locator_options *options, hsd_error *err) {
    const int profiles[3] = {run->access_profile, run->egress_profile, run->walk_profile};
    const hsd_locator **ends[3] = {&run->access, &run->egress, &run->walk};
    hsd_status status = HSD_OK;
    for (int i = 0; status == HSD_OK && i < 3; i++) {
        for (int k = 0; k < i; k++)
            if (profiles[k] == profiles[i]) *ends[i] = *ends[k];
        if (*ends[i]) continue;
        status = hsd_locator_create(network, (size_t)profiles[i], options, &run->own[i], err);
        *ends[i] = run->own[i];
    }
    return status;
}

const hsd_locator *hsd_transit_run_near(const hsd_transit_run *run) {
    return run->plan.direction == HSD_TO ? run->egress : run->access;
}
const hsd_locator *hsd_transit_run_far(const hsd_transit_run *run) {
    return run->plan.direction == HSD_TO ? run->access : run->egress;
}
int hsd_transit_run_near_profile(const hsd_transit_run *run) {
    return run->plan.direction == HSD_TO ? run->egress_profile : run->access_profile;
}
int hsd_transit_run_far_profile(const hsd_transit_run *run) {
    return run->plan.direction == HSD_TO ? run->access_profile : run->egress_profile;
}
bool hsd_transit_run_direct(const hsd_transit_run *run, const hsd_network_info *info) {
    return strcmp(info->profiles[hsd_transit_run_far_profile(run)].mode, "car") != 0;
}

/* ---- Stops and trips ---- */

static hsd_status make_stops(hsd_transit_run *run, const hsd_run *settings, hsd_error *err) {
    hsd_status status = hsd_stop_set_create(run->timetable, run->access, run->egress, run->walk,
                                            &run->plan.rules, settings, &run->stops, err);
    hsd_transit_rules rules = run->plan.rules;
    const bool alike = run->access == run->egress && rules.access_cap_ms == rules.egress_cap_ms;
    if (status != HSD_OK || !run->plan.day_return || alike) return status;
    rules.access_cap_ms = run->plan.rules.egress_cap_ms;
    rules.egress_cap_ms = run->plan.rules.access_cap_ms;
    return hsd_stop_set_create(run->timetable, run->egress, run->access, run->walk, &rules,
                               settings, &run->back, err);
}

static hsd_status add_way(hsd_transit_run *run, hsd_direction direction, const hsd_stop_set *stops,
                          const hsd_run *settings, hsd_error *err) {
    const size_t w = run->way_count++, count = run->plan.instant_count;
    run->ways[w].direction = direction;
    run->ways[w].instants_ms = hsd_alloc(count, sizeof(uint32_t), err);
    if (!run->ways[w].instants_ms) return HSD_E_MEMORY;
    run->ways[w].instant_count = count;
    const uint32_t span = (uint32_t)(count - 1) * 60000u;
    const uint32_t first = direction == HSD_TO ? run->plan.arrive_ms - span : run->plan.depart_ms;
    for (size_t i = 0; i < count; i++) run->ways[w].instants_ms[i] = first + (uint32_t)i * 60000u;
    return hsd_transit_create(stops, run->timetable, run->plan.date, direction, settings,
                              &run->ways[w].transit, err);
}

static hsd_status add_ways(hsd_transit_run *run, const hsd_run *settings, hsd_error *err) {
    hsd_status status = add_way(run, run->plan.direction, run->stops, settings, err);
    if (status != HSD_OK || !run->plan.day_return) return status;
    return add_way(run, HSD_FROM, run->back ? run->back : run->stops, settings, err);
}

/* Some feed runs, or the run had been refused; one that does not would go unnoticed. */
static void warn_of_idle_feeds(const hsd_transit_run *run, const hsd_run *settings) {
    const hsd_timetable *t = run->timetable;
    char date[11], first[11], last[11];
    hsd_day_text(run->plan.date, date);
    for (uint32_t f = 0; f < t->feed_count; f++) {
        if (hsd_timetable_trips(t, f, run->plan.date) > 0) continue;
        hsd_day_text(t->feeds[f].first_day, first);
        hsd_day_text(t->feeds[f].last_day, last);
        hsd_log(settings, HSD_LOG_WARNING, "feed %.80s: no trip runs on %s; it serves %s to %s",
                t->strings + t->feeds[f].name, date, first, last);
    }
}

hsd_status hsd_transit_run_make(hsd_transit_run *run, const hsd_run *settings, hsd_error *err) {
    warn_of_idle_feeds(run, settings);
    hsd_status status = make_stops(run, settings, err);
    return status == HSD_OK ? add_ways(run, settings, err) : status;
}

hsd_status hsd_transit_run_adapt(const hsd_transit_run *base, const hsd_timetable *timetable,
                                 const hsd_transit_ends *ends, bool same_stops,
                                 const hsd_run *settings, hsd_transit_run *out, hsd_error *err) {
    *out = (hsd_transit_run){.plan = base->plan,
                             .timetable = timetable,
                             .access_profile = base->access_profile,
                             .egress_profile = base->egress_profile,
                             .walk_profile = base->walk_profile,
                             .access = ends && ends->access ? ends->access : base->access,
                             .egress = ends && ends->egress ? ends->egress : base->egress,
                             .walk = ends && ends->walk ? ends->walk : base->walk,
                             .shares_plan = true,
                             .shares_stops = same_stops};
    hsd_status status = HSD_OK;
    if (same_stops) {
        out->stops = base->stops;
        out->back = base->back;
    } else {
        status = make_stops(out, settings, err);
    }
    return status == HSD_OK ? add_ways(out, settings, err) : status;
}

void hsd_transit_run_finish(hsd_transit_run *run) {
    for (size_t w = 0; w < run->way_count; w++) {
        hsd_transit_destroy(run->ways[w].transit);
        hsd_free(run->ways[w].instants_ms);
    }
    if (!run->shares_stops) {
        hsd_stop_set_destroy(run->stops);
        hsd_stop_set_destroy(run->back);
    }
    for (int i = 0; i < 3; i++) hsd_locator_destroy(run->own[i]);
    if (!run->shares_plan) hsd_transit_plan_finish(&run->plan);
    *run = (hsd_transit_run){0};
}

/* ---- One origin ---- */

hsd_status hsd_transit_trees_init(hsd_transit_trees *trees, const hsd_transit_run *run,
                                  hsd_error *err) {
    hsd_status status = HSD_OK;
    *trees = (hsd_transit_trees){.run = run};
    for (size_t w = 0; status == HSD_OK && w < run->way_count; w++)
        status = hsd_departures_create(run->ways[w].transit, &trees->ways[w], err);
    if (status != HSD_OK) hsd_transit_trees_finish(trees);
    return status;
}

void hsd_transit_trees_finish(hsd_transit_trees *trees) {
    for (int w = 0; w < 2; w++)
        if (trees->ways[w]) hsd_departures_destroy(trees->ways[w]);
    *trees = (hsd_transit_trees){0};
}

hsd_status hsd_transit_trees_grow(hsd_transit_trees *trees, const hsd_seed *near, size_t near_count,
                                  const hsd_seed *direct, size_t direct_count, uint32_t limit_ms,
                                  hsd_error *err) {
    const hsd_transit_run *run = trees->run;
    hsd_status status = HSD_OK;
    for (size_t w = 0; status == HSD_OK && w < run->way_count; w++)
        status = hsd_departures_grow(trees->ways[w], near, near_count, direct, direct_count,
                                     run->ways[w].instants_ms, run->ways[w].instant_count, limit_ms,
                                     err);
    return status;
}

hsd_status hsd_transit_trees_ride(hsd_transit_trees *trees, const hsd_seed *near, size_t near_count,
                                  const hsd_seed *direct, size_t direct_count, uint32_t limit_ms,
                                  hsd_error *err) {
    const hsd_transit_run *run = trees->run;
    hsd_status status = HSD_OK;
    for (size_t w = 0; status == HSD_OK && w < run->way_count; w++)
        status = hsd_departures_ride(trees->ways[w], near, near_count, direct, direct_count,
                                     run->ways[w].instants_ms, run->ways[w].instant_count, limit_ms,
                                     err);
    return status;
}

hsd_reading hsd_transit_trees_reading(const hsd_transit_trees *trees, double percentile) {
    hsd_reading reading = {.part_count = trees->run->way_count};
    for (size_t w = 0; w < reading.part_count; w++)
        reading.parts[w] = hsd_departures_part(trees->ways[w], percentile);
    return reading;
}

double hsd_transit_trees_share(const hsd_transit_trees *trees, const hsd_feet *feet,
                               uint32_t limit_ms) {
    double least = 1;
    for (size_t w = 0; w < trees->run->way_count; w++) {
        const hsd_reading_part part = hsd_departures_part(trees->ways[w], 0);
        size_t within = 0;
        for (size_t i = 0; i < part.count; i++)
            within += hsd_tree_feet_ms(part.trees[i], feet) <= limit_ms;
        const double share = part.count ? (double)within / (double)part.count : 0;
        least = share < least ? share : least;
    }
    return least;
}

void hsd_transit_name(double percentile, char buffer[32]) {
    snprintf(buffer, 32, "transit p%g", percentile);
}
