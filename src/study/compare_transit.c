/* Comparisons by timetable. The rail of the proposals is resolved against the network's timetable,
 * their closures, speeds and waits against every profile that brings people to stops; added streets
 * take no part. All scenes have the stops of all proposals at the same rows, so feet and walks are
 * worked out once, but for scenes under which the streets change. */
#include "study/compare_transit.h"

#include <string.h>

#include "base/issues.h"
#include "base/memory.h"
#include "base/parallel.h"

/* ---- Proposals ---- */

static void take_street_profiles(const hsd_transit_run *transit, int out[3], size_t *count) {
    const int all[3] = {transit->egress_profile, transit->access_profile, transit->walk_profile};
    *count = 0;
    for (size_t i = 0; i < 3; i++) {
        bool known = false;
        for (size_t k = 0; k < *count; k++) known = known || out[k] == all[i];
        if (!known) out[(*count)++] = all[i];
    }
}

/* Under each profile; what it finds is listed once. */
static hsd_status resolve_streets(hsd_compare_run *run, hsd_error *err) {
    const hsd_proposal_table *t = &run->proposals;
    hsd_resolve_options options = run->request->resolve;
    int profiles[3];
    size_t count;
    options.spare_idle = true;
    run->street_edits = *t;
    run->street_edits.link_count = run->street_edits.junction_count = 0;
    if (t->closure_count + t->speed_count + t->wait_count == 0) return HSD_OK;
    take_street_profiles(run->circle.transit, profiles, &count);
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        hsd_issues issues = {0};
        status = hsd_proposals_resolve(run->circle.network, (size_t)profiles[i], &run->street_edits,
                                       &options, run->circle.run,
                                       &run->resolved[run->resolved_count++], &issues, err);
        if (status == HSD_E_FORMAT && issues.errors) status = HSD_OK; /* listed */
        if (status == HSD_OK) status = hsd_compare_add_issues(run, &issues, err);
        hsd_issues_finish(&issues);
    }
    return status;
}

static hsd_status resolve_rail(hsd_compare_run *run, hsd_error *err) {
    hsd_transit_run *transit = run->circle.transit;
    hsd_issues issues = {0};
    hsd_status status = hsd_rail_resolve(transit->timetable, &run->proposals, transit->plan.date,
                                         run->circle.run, &run->rail, &issues, err);
    if (status == HSD_E_FORMAT && issues.errors) status = HSD_OK;
    if (status == HSD_OK) status = hsd_compare_add_issues(run, &issues, err);
    for (size_t i = 0; status == HSD_OK && i < run->rail.edit_count; i++)
        hsd_log(run->circle.run, HSD_LOG_INFO, "%s", run->rail.edits[i].what);
    if (status == HSD_OK && !issues.errors && run->rail.all_stops.stop_count > 0)
        transit->timetable = &run->rail.all_stops;
    if (status == HSD_OK && !issues.errors)
        status = hsd_transit_run_need(transit, run->circle.request->network, err);
    hsd_issues_finish(&issues);
    return status;
}

static bool has_street_edit(const hsd_compare_run *run, uint32_t proposal) {
    for (size_t r = 0; r < run->resolved_count; r++)
        for (size_t e = 0; e < run->resolved[r].edit_count; e++)
            if (run->resolved[r].edits[e].proposal == proposal) return true;
    return false;
}

static bool has_street_link(const hsd_compare_run *run, uint32_t proposal) {
    const bool rail = hsd_proposal_is_rail(&run->proposals, proposal);
    for (size_t l = 0; l < run->proposals.link_count; l++) {
        const hsd_link_row *link = &run->proposals.links[l];
        const bool rides = link->kind == HSD_KIND_RAIL || (rail && link->kind == HSD_KIND_FERRY);
        if (link->proposal == proposal && !rides) return true;
    }
    return false;
}

/* Nothing is passed over in silence: added streets are said, and a proposal of nothing else is an
 * error. */
static hsd_status check_bearing(hsd_compare_run *run, hsd_error *err) {
    bool ok = true;
    for (uint32_t p = 0; ok && p < run->proposals.proposal_count; p++) {
        const char *name = run->proposals.proposals[p].name;
        const bool bears = hsd_proposal_is_rail(&run->proposals, p) || has_street_edit(run, p);
        if (!bears)
            ok = hsd_issues_error(&run->issues, err,
                                  "proposal \"%.80s\": nothing of it bears on a run by transit: "
                                  "expected rail, services, or closures, speeds and waits of "
                                  "streets that lead to stops",
                                  name);
        else if (has_street_link(run, p))
            ok = hsd_issues_remark(&run->issues, err,
                                   "proposal \"%.80s\": its street links do not bear on runs by "
                                   "transit",
                                   name);
    }
    return ok ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_compare_transit_resolve(hsd_compare_run *run, hsd_error *err) {
    run->resolved = hsd_calloc(3, sizeof *run->resolved, err);
    if (!run->resolved) return HSD_E_MEMORY;
    hsd_status status = resolve_rail(run, err);
    if (status == HSD_OK) status = resolve_streets(run, err);
    if (status == HSD_OK && !run->issues.errors) status = check_bearing(run, err);
    if (status == HSD_OK && run->rail.base)
        status = hsd_trip_index_make(run->rail.base, &run->base_trips, err);
    return status == HSD_OK ? hsd_issues_status(&run->issues, err) : status;
}

/* ---- Scenes ---- */

struct hsd_scene_timetable {
    hsd_timetable timetable;
    hsd_transit_run run;
    hsd_network *networks[3]; /* as resolved: views under changed metrics; NULL: the baseline's */
    hsd_locator *locators[3];
    hsd_trip_index trips; /* of parts */
};

static const hsd_locator *base_locator(const hsd_transit_run *base, int profile) {
    return profile == base->egress_profile   ? base->egress
           : profile == base->access_profile ? base->access
                                             : base->walk;
}

/* The streets under the scene's closures, speeds and waits. */
static hsd_status adapt_streets(const hsd_compare_run *run, const uint8_t *active,
                                hsd_scene_timetable *own, hsd_transit_ends *ends, bool *changed,
                                hsd_error *err) {
    const hsd_transit_run *base = run->circle.transit;
    hsd_status status = HSD_OK;
    *changed = false;
    for (size_t r = 0; status == HSD_OK && r < run->resolved_count; r++) {
        const int profile = (int)run->resolved[r].profile;
        status = hsd_scenario_network(&run->resolved[r], active, &own->networks[r], err);
        if (status != HSD_OK || !own->networks[r]) continue;
        status = hsd_locator_adapt(base_locator(base, profile), own->networks[r], &own->locators[r],
                                   err);
        if (profile == base->access_profile) ends->access = own->locators[r];
        if (profile == base->egress_profile) ends->egress = own->locators[r];
        if (profile == base->walk_profile) ends->walk = own->locators[r];
        *changed = true;
    }
    return status;
}

/* The far end's streets are what the scene's points are read on. */
static void take_far_end(hsd_compare_run *run, hsd_scene *scene) {
    const hsd_scene_timetable *own = scene->own_timetable;
    const int far = hsd_transit_run_far_profile(run->circle.transit);
    for (size_t r = 0; r < run->resolved_count; r++)
        if (own->networks[r] && (int)run->resolved[r].profile == far) {
            scene->own_network = own->networks[r];
            scene->locator = own->locators[r];
        }
}

static hsd_status make_timetable(hsd_compare_run *run, const uint8_t *active, bool streets,
                                 hsd_scene *scene, hsd_error *err) {
    const hsd_transit_run *base = run->circle.transit;
    hsd_scene_timetable *own = hsd_calloc(1, sizeof *own, err);
    hsd_transit_ends ends = {0};
    bool changed = false;
    scene->own_timetable = own;
    if (!own) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    if (streets) status = adapt_streets(run, active, own, &ends, &changed, err);
    if (status == HSD_OK) status = hsd_scenario_timetable(&run->rail, active, &own->timetable, err);
    if (status == HSD_OK)
        status = hsd_transit_run_adapt(base, &own->timetable, &ends, !changed, run->circle.run,
                                       &own->run, err);
    scene->transit = &own->run;
    if (status == HSD_OK) take_far_end(run, scene);
    return status;
}

static uint8_t *active_in(const hsd_compare_run *run, size_t scene, hsd_error *err) {
    uint8_t *active = hsd_calloc(run->proposals.proposal_count, 1, err);
    const hsd_scenario *scenario = &run->scenarios[scene - 1];
    for (size_t i = 0; active && i < scenario->proposal_count; i++)
        active[scenario->proposals[i]] = 1;
    return active;
}

hsd_status hsd_compare_transit_scene(hsd_compare_run *run, size_t s, hsd_scene *scene,
                                     hsd_error *err) {
    scene->transit = run->circle.transit;
    if (s == 0 || run->scenarios[s - 1].proposal_count == 0) return HSD_OK;
    uint8_t *active = active_in(run, s, err);
    hsd_status status = active ? make_timetable(run, active, true, scene, err) : HSD_E_MEMORY;
    hsd_free(active);
    return status;
}

/* A part is the rail of one proposal; the scene's streets stay. */
static hsd_status make_part(hsd_compare_run *run, const hsd_scene *scene, const uint8_t *active,
                            hsd_scene *part, hsd_error *err) {
    *part = (hsd_scene){.locator = scene->locator,
                        .lattice = scene->lattice,
                        .zones = scene->zones,
                        .population = scene->population,
                        .targets = scene->targets};
    hsd_scene_timetable *own = part->own_timetable = hsd_calloc(1, sizeof *own, err);
    if (!own) return HSD_E_MEMORY;
    part->transit = &own->run;
    hsd_status status = hsd_scenario_timetable(&run->rail, active, &own->timetable, err);
    if (status == HSD_OK) status = hsd_trip_index_make(&own->timetable, &own->trips, err);
    return status == HSD_OK ? hsd_transit_run_adapt(scene->transit, &own->timetable, NULL, true,
                                                    run->circle.run, &own->run, err)
                            : status;
}

hsd_status hsd_compare_transit_parts(hsd_compare_run *run, size_t s, hsd_scene *scene,
                                     hsd_error *err) {
    const uint32_t all = (uint32_t)run->proposals.proposal_count;
    if (s == 0 || !scene->own_timetable) return HSD_OK;
    uint8_t *active = active_in(run, s, err), *one = hsd_calloc(all, 1, err);
    scene->parts = hsd_calloc(2 * (size_t)all, sizeof *scene->parts, err);
    scene->part_list = hsd_alloc(all, sizeof *scene->part_list, err);
    hsd_status status = active && one && scene->parts && scene->part_list ? HSD_OK : HSD_E_MEMORY;
    for (uint32_t p = 0; status == HSD_OK && p < all; p++) {
        if (!active[p] || !hsd_proposal_is_rail(&run->proposals, p)) continue;
        hsd_scene *pair = &scene->parts[2 * scene->part_count];
        scene->part_list[scene->part_count++] = (hsd_part){p, HSD_WHOLE};
        active[p] = 0;
        one[p] = 1;
        status = make_part(run, scene, active, &pair[0], err);
        if (status == HSD_OK) status = make_part(run, scene, one, &pair[1], err);
        active[p] = 1;
        one[p] = 0;
    }
    hsd_free(active);
    hsd_free(one);
    return status;
}

const hsd_trip_index *hsd_scene_trips(const hsd_scene *scene) {
    return &scene->own_timetable->trips;
}

void hsd_scene_timetable_destroy(hsd_scene_timetable *own) {
    if (!own) return;
    hsd_transit_run_finish(&own->run);
    hsd_trip_index_finish(&own->trips);
    hsd_timetable_finish(&own->timetable);
    for (size_t i = 0; i < 3; i++) {
        hsd_locator_destroy(own->locators[i]);
        hsd_network_destroy(own->networks[i]);
    }
    hsd_free(own);
}
