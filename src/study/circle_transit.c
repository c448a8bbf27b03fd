/* circle by timetable: what is checked before anything is read, the profile runs of the
 * percentiles, the request as it took effect. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "net/network.h"
#include "study/circle_run.h"

typedef HSD_ARRAY(hsd_lonlat) hsd_place_points;

bool hsd_circle_by_transit(const hsd_circle_request *request) {
    return request->mode && strcmp(request->mode, HSD_MODE_TRANSIT) == 0;
}

/* ---- Checks ---- */

hsd_status hsd_leg_ask_parse(const char *text, hsd_leg_ask *out, hsd_error *err) {
    char copy[256];
    *out = (hsd_leg_ask){.instant_ms = HSD_UNREACHABLE};
    const char *clock = strrchr(text, '@');
    const size_t length = clock ? (size_t)(clock - text) : strlen(text);
    bool good = length < sizeof copy;
    if (good) {
        memcpy(copy, text, length);
        copy[length] = '\0';
        char *colon = strchr(copy, ':');
        good = colon && colon > copy && colon[1] && strlen(colon + 1) < sizeof out->target &&
               (size_t)(colon - copy) < sizeof out->origin;
        if (good) {
            *colon = '\0';
            memcpy(out->origin, copy, (size_t)(colon - copy) + 1);
            memcpy(out->target, colon + 1, strlen(colon + 1) + 1);
        }
    }
    if (good && clock) good = hsd_transit_clock(clock + 1, &out->instant_ms);
    if (good) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "--legs \"%.100s\": expected ORIGIN:TARGET or ORIGIN:TARGET@HH:MM, with ids",
                    text);
}

static bool in_window(uint32_t first, size_t count, uint32_t instant) {
    return instant >= first && (instant - first) % 60000 == 0 && (instant - first) / 60000 < count;
}

/* An instant asked for is one of the window's, or of one of the two of a day return. */
static hsd_status check_instant(const hsd_transit_plan *plan, const char *text, uint32_t instant,
                                hsd_error *err) {
    char first[16], last[16];
    const uint32_t span = (uint32_t)(plan->instant_count - 1) * 60000u;
    const bool to = plan->direction == HSD_TO;
    const uint32_t begin = to ? plan->arrive_ms - span : plan->depart_ms;
    if (instant == HSD_UNREACHABLE || in_window(begin, plan->instant_count, instant) ||
        (plan->day_return && in_window(plan->depart_ms, plan->instant_count, instant)))
        return HSD_OK;
    hsd_transit_clock_text(begin, first);
    hsd_transit_clock_text(begin + span, last);
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "--legs \"%.100s\": not one of the window's minutes, %s to %s", text, first,
                    last);
}

static hsd_status check_legs(const hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_leg_ask ask;
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < r->leg_count; i++) {
        status = hsd_leg_ask_parse(r->legs[i], &ask, err);
        if (status == HSD_OK) status = check_instant(&run->plan, r->legs[i], ask.instant_ms, err);
        for (size_t k = 0; status == HSD_OK && k < i; k++)
            if (strcmp(r->legs[k], r->legs[i]) == 0)
                return hsd_fail(err, HSD_E_ARGUMENT, "--legs \"%s\" is said twice", r->legs[i]);
    }
    return status;
}

/* What runs before the clock, a day before the date, is not known. */
static hsd_status check_reach(const hsd_circle_run *run, hsd_error *err) {
    const uint32_t largest = run->cutoffs_ms[run->cutoff_count - 1];
    const uint32_t earliest = hsd_transit_plan_reach_ms(&run->plan);
    if (!hsd_circle_by_transit(run->request) || largest <= earliest) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "cut-off of %g minutes: to arrive at the window's first minute one would leave "
                    "before the day before the date; at most %g",
                    largest / 60000.0, earliest / 60000.0);
}

hsd_status hsd_circle_transit_check(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    const bool transit = hsd_circle_by_transit(r);
    if (!transit && r->leg_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "--legs: nothing without --mode transit");
    const struct {
        bool said;
        const char *option, *instead;
    } refused[] = {
        {r->profile_count, "--profile", "--access, --egress and --walk-profile name profiles"},
        {r->nodes, "--nodes", "times at junctions are those of a street search"},
        {r->edges == HSD_EDGES_NEAREST, "--edges nearest", "expected none or each"}};
    for (size_t i = 0; transit && i < sizeof refused / sizeof refused[0]; i++)
        if (refused[i].said)
            return hsd_fail(err, HSD_E_ARGUMENT, "%s: not with --mode transit; %s",
                            refused[i].option, refused[i].instead);
    hsd_status status = hsd_transit_plan_read(&r->transit, r->mode, r->direction, &run->plan, err);
    if (status == HSD_OK) status = check_reach(run, err);
    return status == HSD_OK ? check_legs(run, err) : status;
}

/* ---- Percentiles as profile runs ---- */

hsd_status hsd_circle_transit_open(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    run->transit = hsd_calloc(1, sizeof *run->transit, err);
    if (!run->transit) return HSD_E_MEMORY;
    hsd_status status = hsd_transit_run_open(run->transit, &run->plan, &r->transit, run->network,
                                             &run->info, r->network, err);
    if (status == HSD_OK && !run->portals) /* a comparison looks at its proposals first */
        status = hsd_transit_run_need(run->transit, r->network, err);
    if (status != HSD_OK) return status;
    const hsd_transit_plan *plan = &run->transit->plan;
    run->profiles = hsd_calloc(plan->percentile_count, sizeof *run->profiles, err);
    if (!run->profiles) return HSD_E_MEMORY;
    for (size_t i = 0; i < plan->percentile_count; i++) {
        hsd_profile_run *p = &run->profiles[run->profile_count++];
        *p = (hsd_profile_run){.transit = run->transit,
                               .percentile = plan->percentiles[i],
                               .profile = hsd_transit_run_far_profile(run->transit),
                               .mode = HSD_MODE_TRANSIT};
        hsd_transit_name(p->percentile, p->own_name);
        p->name = p->own_name;
    }
    return HSD_OK;
}

/* ---- Networks of stops alone ---- */

static bool add_gates(hsd_place_points *points, const hsd_gate *gates, size_t count,
                      hsd_error *err) {
    bool ok = true;
    for (size_t g = 0; ok && g < count; g++) ok = hsd_array_push(points, gates[g].at, err);
    return ok;
}

static bool add_point(hsd_place_points *points, const hsd_geometry *geometry, hsd_error *err) {
    const bool point = geometry->type == HSD_GEOMETRY_POINT && geometry->point_count == 1;
    return !point || hsd_array_push(points, geometry->points[0], err);
}

/* Where trips may begin: origins, or, where there are none, zones. */
static bool gather_places(const hsd_circle_run *run, hsd_place_points *points, hsd_error *err) {
    bool ok = true;
    for (size_t o = 0; ok && o < run->origins.count; o++) {
        const hsd_origin *origin = &run->origins.origins[o];
        if (origin->fault) continue;
        ok = add_gates(points, origin->gates, origin->gate_count, err) &&
             add_gates(points, origin->portals, origin->portal_count, err) &&
             add_point(points, &origin->geometry, err);
    }
    for (size_t z = 0; ok && run->origins.count == 0 && z < run->zones.place_count; z++)
        if (!run->zones.places[z].fault)
            ok = add_point(points, &run->zones.places[z].geometry, err);
    return ok;
}

hsd_status hsd_circle_stand_alone(hsd_circle_run *run, hsd_error *err) {
    hsd_place_points points = {0};
    hsd_network *more = NULL;
    if (!run->transit || run->network->edge_count > 0 || !run->transit->timetable) return HSD_OK;
    hsd_status status = gather_places(run, &points, err) ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK)
        status = hsd_network_with_stops(run->network, run->transit->timetable, points.data,
                                        points.count, run->run, &more, err);
    hsd_array_finish(&points);
    if (status != HSD_OK) return status;
    run->file_network = run->network;
    run->network = more;
    run->info.extent = more->extent;
    return HSD_OK;
}

/* ---- The request as it took effect ---- */

static char *clock_text(uint32_t instant_ms, hsd_error *err) {
    char text[16];
    hsd_transit_clock_text(instant_ms, text);
    return hsd_strdup(text, err);
}

static char *board_text(const hsd_transit_rules *rules, hsd_error *err) {
    hsd_text text = {0};
    char number[32];
    for (int k = 0; k < HSD_RIDE_KINDS; k++)
        hsd_text_addf(&text, "%s%s=%s", k ? "," : "", hsd_ride_kind_name((hsd_ride_kind)k),
                      hsd_double_text(rules->board_ms[k] / 60000.0, number));
    if (!text.failed && text.data) return text.data;
    hsd_text_finish(&text);
    hsd_fail(err, HSD_E_MEMORY, "out of memory");
    return NULL;
}

/* 0 would mean the default. */
static double said(uint32_t ms) {
    return ms ? ms / 60000.0 : -1;
}

/* A cap that was left open: by what brings one there. */
static double cap_of(const hsd_circle_run *run, uint32_t cap_ms, int profile) {
    if (cap_ms) return cap_ms / 60000.0;
    return strcmp(run->info.profiles[profile].mode, "car") == 0 ? 30 : 20;
}

hsd_status hsd_circle_transit_effective(const hsd_circle_run *run, hsd_option_pool *pool,
                                        hsd_transit_choice *out, hsd_error *err) {
    const hsd_transit_run *t = run->transit;
    const hsd_transit_plan *plan = &t->plan;
    const hsd_transit_rules *rules = &plan->rules;
    const hsd_profile_info *profiles = run->info.profiles;
    const bool to = plan->direction == HSD_TO;
    *out = run->request->transit;
    out->board = hsd_option_keep(pool, board_text(rules, err), err);
    if (!out->board) return HSD_E_MEMORY;
    if (to && !(out->arrive = hsd_option_keep(pool, clock_text(plan->arrive_ms, err), err)))
        return HSD_E_MEMORY;
    if ((!to || plan->day_return) &&
        !(out->depart = hsd_option_keep(pool, clock_text(plan->depart_ms, err), err)))
        return HSD_E_MEMORY;
    out->window_min = plan->instant_count > 1 ? (double)plan->instant_count : -1;
    out->percentiles = plan->percentiles;
    out->percentile_count = plan->percentile_count;
    out->access = rules->park ? "park" : profiles[t->access_profile].name;
    out->egress = profiles[t->egress_profile].name;
    out->walk = profiles[t->walk_profile].name;
    out->max_access_min = cap_of(run, rules->access_cap_ms, t->access_profile);
    out->max_egress_min = cap_of(run, rules->egress_cap_ms, t->egress_profile);
    out->max_walk_min = rules->walk_cap_ms ? rules->walk_cap_ms / 60000.0 : 10;
    out->max_transfers = rules->max_rides > 1 ? rules->max_rides - 1.0 : -1;
    out->change_min = said(rules->change_ms);
    out->park_min = rules->park ? said(rules->park_ms) : 0;
    return HSD_OK;
}
