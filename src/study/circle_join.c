/* Where origins join the network, and what every profile of a run needs before its tasks: the
 * lattice, the feet of zones and people. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "study/circle_run.h"

hsd_foot hsd_nearest_foot(const hsd_feet *feet) {
    if (feet->count == 0) return (hsd_foot){.edge = HSD_NO_EDGE, .vertex = HSD_NO_EDGE};
    hsd_foot nearest = feet->feet[0];
    for (size_t i = 1; i < feet->count; i++)
        if (feet->feet[i].leg_ms < nearest.leg_ms) nearest = feet->feet[i];
    return nearest;
}

static void note_joined(const hsd_locator *locator, const hsd_feet *feet, hsd_joined *joined) {
    joined->reason = feet->reason;
    joined->feet = (uint32_t)feet->count;
    if (feet->count == 0) return;
    joined->nearest = hsd_nearest_foot(feet);
    joined->at = hsd_locator_foot_point(locator, &joined->nearest);
}

/* Latitude first is the commonest mistake: said where it would explain what happened. */
static bool looks_swapped(const hsd_circle_run *run, const hsd_gate *gate, hsd_snap_reason reason) {
    hsd_box_e7 e = run->info.extent;
    return reason == HSD_SNAP_OUTSIDE && gate->at.lat * 1e7 >= e.min_lon_e7 &&
           gate->at.lat * 1e7 <= e.max_lon_e7 && gate->at.lon * 1e7 >= e.min_lat_e7 &&
           gate->at.lon * 1e7 <= e.max_lat_e7;
}

/* The seeds of an origin's gates under one rule of legs, and what each gate joined. */
static hsd_status join_gates(const hsd_locator *locator, const hsd_origin *origin, hsd_feet *feet,
                             hsd_seed **out, size_t *count, hsd_joined **joined, hsd_error *err) {
    HSD_ARRAY(hsd_seed) seeds = {0};
    *joined = hsd_calloc(origin->gate_count, sizeof **joined, err);
    if (!*joined) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    for (size_t g = 0; status == HSD_OK && g < origin->gate_count; g++) {
        const hsd_gate *gate = &origin->gates[g];
        status = hsd_locate(locator, gate->at.lon, gate->at.lat, feet, err);
        if (status != HSD_OK) break;
        note_joined(locator, feet, &(*joined)[g]);
        for (size_t i = 0; status == HSD_OK && i < feet->count; i++) {
            hsd_seed seed = {feet->feet[i], gate->extra_ms, 0};
            if (!hsd_array_push(&seeds, seed, err)) status = HSD_E_MEMORY;
        }
    }
    *out = seeds.data;
    *count = seeds.count;
    return status;
}

/* Where trips without a ride begin, or end: on what the far end is read on. */
static hsd_status join_direct(const hsd_circle_run *run, const hsd_origin *origin, hsd_feet *feet,
                              hsd_origin_result *result, hsd_error *err) {
    const hsd_locator *far = hsd_transit_run_far(run->transit);
    if (!hsd_transit_run_direct(run->transit, &run->info)) return HSD_OK;
    if (far != hsd_transit_run_near(run->transit))
        return join_gates(far, origin, feet, &result->direct, &result->direct_count,
                          &result->direct_joined, err);
    result->direct = result->seeds;
    result->direct_count = result->seed_count;
    return HSD_OK;
}

/* Several gates: one that joins is enough; each one that does not has its row in layer snap. */
static hsd_status join_origin(const hsd_circle_run *run, const hsd_profile_run *p,
                              const hsd_origin *origin, hsd_feet *feet, hsd_origin_result *result,
                              hsd_error *err) {
    if (origin->fault) {
        snprintf(result->why, sizeof result->why, "%s", origin->fault);
        return HSD_OK;
    }
    const hsd_locator *locator = run->transit ? hsd_transit_run_near(run->transit) : p->locator;
    hsd_status status = join_gates(locator, origin, feet, &result->seeds, &result->seed_count,
                                   &result->joined, err);
    if (status == HSD_OK && run->transit) status = join_direct(run, origin, feet, result, err);
    result->ok = result->seed_count + result->direct_count > 0;
    if (status == HSD_OK && !result->ok)
        snprintf(result->why, sizeof result->why, "%s%s",
                 hsd_snap_reason_text(result->joined[0].reason),
                 looks_swapped(run, &origin->gates[0], result->joined[0].reason)
                     ? "; swapped, it would lie inside: longitude comes first"
                     : "");
    return status;
}

/* Percentiles of one run share where origins start. */
static void copy_joined(const hsd_circle_run *run, hsd_profile_run *to) {
    for (size_t o = 0; o < run->origins.count; o++) {
        const hsd_origin_result *first = hsd_run_result(run, 0, o);
        to->results[o].ok = first->ok;
        memcpy(to->results[o].why, first->why, sizeof first->why);
    }
}

static hsd_status join_all(hsd_circle_run *run, hsd_error *err) {
    hsd_feet feet = {0};
    hsd_status status = HSD_OK;
    for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
        hsd_profile_run *profile = &run->profiles[p];
        profile->results = hsd_calloc(run->origins.count, sizeof *profile->results, err);
        if (!profile->results) status = HSD_E_MEMORY;
        if (status == HSD_OK && profile->transit && p > 0) {
            copy_joined(run, profile);
            continue;
        }
        for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++)
            status = join_origin(run, profile, &run->origins.origins[o], &feet,
                                 &profile->results[o], err);
    }
    hsd_feet_finish(&feet);
    return status;
}

/* The frame of the run's lattice: the middle of its origins, to a hundredth of a degree. */
static void lattice_centre(const hsd_circle_run *run, hsd_lattice_options *options) {
    double min_lon = 180, max_lon = -180, min_lat = 90, max_lat = -90;
    for (size_t p = 0; p < run->profile_count; p++)
        for (size_t o = 0; o < run->origins.count; o++) {
            if (!hsd_run_result(run, p, o)->ok) continue;
            const hsd_origin *origin = &run->origins.origins[o];
            for (size_t g = 0; g < origin->gate_count; g++) {
                const hsd_origin_result *result = hsd_run_result(run, p, o);
                const bool joins =
                    (result->joined && result->joined[g].reason == HSD_SNAP_OK) ||
                    (result->direct_joined && result->direct_joined[g].reason == HSD_SNAP_OK);
                if (!joins) continue;
                min_lon = fmin(min_lon, origin->gates[g].at.lon);
                max_lon = fmax(max_lon, origin->gates[g].at.lon);
                min_lat = fmin(min_lat, origin->gates[g].at.lat);
                max_lat = fmax(max_lat, origin->gates[g].at.lat);
            }
        }
    if (min_lon > max_lon) return;
    options->centre_lon = round((min_lon + max_lon) * 50) / 100;
    options->centre_lat = round((min_lat + max_lat) * 50) / 100;
}

hsd_lattice_options hsd_circle_lattice(const hsd_circle_run *run) {
    hsd_lattice_options options = {.cell_m = run->cell_m};
    lattice_centre(run, &options);
    return options;
}

static hsd_status prepare_profile(hsd_circle_run *run, hsd_profile_run *p,
                                  const hsd_lattice_options *options, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_status status = hsd_lattice_create(p->locator, options, &p->lattice, err);
    if (status == HSD_OK && r->zones)
        status = hsd_zone_set_create(p->locator, &run->zones, run->run, &p->zones, err);
    if (status == HSD_OK && r->population)
        status = hsd_zone_set_create(p->locator, &run->population, run->run, &p->population, err);
    return status;
}

hsd_status hsd_circle_prepare(hsd_circle_run *run, hsd_error *err) {
    hsd_status status = join_all(run, err);
    if (status != HSD_OK) return status;
    hsd_lattice_options options = hsd_circle_lattice(run);
    for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
        hsd_profile_run *profile = &run->profiles[p];
        if (profile->transit && p > 0) {
            profile->lattice = run->profiles[0].lattice;
            profile->zones = run->profiles[0].zones;
            profile->population = run->profiles[0].population;
            continue;
        }
        status = prepare_profile(run, profile, &options, err);
    }
    if (status == HSD_OK && run->transit)
        status = hsd_transit_run_make(run->transit, run->run, err);
    return status;
}
