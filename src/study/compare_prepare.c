/* Scenes: each profile under each scenario. The metric of closures, speeds and waits is adapted
 * first, then the added links lie over it (docs/methods.md, 8). Scenarios without a new metric
 * share the baseline's locator, lattice, feet and pole times. */
#include <stdint.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "net/network.h"
#include "study/compare_transit.h"

/* ---- Targets: gates and centres of the origins as places ---- */

static bool add_target(hsd_place_table *t, hsd_lonlat at, hsd_error *err) {
    hsd_place *place = &t->places[t->place_count++];
    hsd_geometry *g = &place->geometry;
    *g = (hsd_geometry){.type = HSD_GEOMETRY_POINT, .point_count = 1, .ring_count = 1};
    g->points = hsd_alloc(1, sizeof *g->points, err);
    g->ring_end = hsd_alloc(1, sizeof *g->ring_end, err);
    if (!g->points || !g->ring_end) return false;
    g->points[0] = at;
    g->ring_end[0] = 1;
    return true;
}

/* Without a place of its own (points of the command line), or where it starts at one point, that
 * point is the centre. */
static hsd_status add_centre(hsd_compare_run *run, const hsd_origin *origin, hsd_city *city,
                             hsd_error *err) {
    bool starts_at_gates = run->circle.request->origin_at == HSD_ORIGIN_GATES;
    hsd_lonlat at;
    city->centre = city->first;
    if (!starts_at_gates || origin->geometry.type == HSD_GEOMETRY_NONE) return HSD_OK;
    hsd_status status = hsd_geometry_point(&origin->geometry, &at, err);
    city->centre = run->targets.place_count;
    if (status == HSD_OK && !add_target(&run->targets, at, err)) status = HSD_E_MEMORY;
    return status;
}

static hsd_status add_city(hsd_compare_run *run, size_t o, hsd_error *err) {
    const hsd_origin *origin = &run->circle.origins.origins[o];
    hsd_city *city = &run->cities[o];
    *city = (hsd_city){
        .first = run->targets.place_count, .count = origin->gate_count, .centre = SIZE_MAX};
    for (size_t g = 0; g < origin->gate_count; g++)
        if (!add_target(&run->targets, origin->gates[g].at, err)) return HSD_E_MEMORY;
    if (origin->gate_count == 0) return HSD_OK;
    hsd_status status = add_centre(run, origin, city, err);
    bool starts_at_gates = run->circle.request->origin_at == HSD_ORIGIN_GATES;
    city->first_gate = starts_at_gates ? city->first : city->centre;
    city->gates = starts_at_gates ? city->count : 1;
    if (origin->portal_count == 0) return status;
    city->first_gate = run->targets.place_count;
    city->gates = origin->portal_count;
    for (size_t g = 0; status == HSD_OK && g < origin->portal_count; g++)
        if (!add_target(&run->targets, origin->portals[g].at, err)) status = HSD_E_MEMORY;
    return status;
}

static hsd_status make_targets(hsd_compare_run *run, hsd_error *err) {
    const hsd_origin_list *origins = &run->circle.origins;
    size_t most = origins->count;
    for (size_t o = 0; o < origins->count; o++)
        most += origins->origins[o].gate_count + origins->origins[o].portal_count;
    run->targets.places = hsd_calloc(most, sizeof *run->targets.places, err);
    run->cities = hsd_calloc(origins->count, sizeof *run->cities, err);
    hsd_status status = run->targets.places && run->cities ? HSD_OK : HSD_E_MEMORY;
    for (size_t o = 0; status == HSD_OK && o < origins->count; o++) status = add_city(run, o, err);
    return status;
}

/* ---- One scene ---- */

/* Flags of the links in force, one a link of the table; the caller frees. */
static uint8_t *links_in_force(const hsd_compare_run *run, size_t scene, size_t *count,
                               hsd_error *err) {
    const hsd_proposal_table *table = &run->proposals;
    uint8_t *links = hsd_calloc(table->link_count, 1, err);
    *count = 0;
    for (size_t l = 0; links && scene && l < table->link_count; l++) {
        links[l] = hsd_scenario_has(&run->scenarios[scene - 1], table->links[l].proposal);
        *count += links[l];
    }
    return links;
}

static hsd_status adapt(hsd_compare_run *run, size_t p, size_t s, hsd_scene *scene,
                        hsd_error *err) {
    uint8_t *active = hsd_calloc(run->proposals.proposal_count, 1, err);
    if (!active) return HSD_E_MEMORY;
    const hsd_scenario *scenario = &run->scenarios[s - 1];
    for (size_t i = 0; i < scenario->proposal_count; i++) active[scenario->proposals[i]] = 1;
    hsd_status status = hsd_scenario_network(&run->resolved[p], active, &scene->own_network, err);
    hsd_free(active);
    return status;
}

/* Feet of everything that is asked for, on a locator: the scene's, or that of its links. */
static hsd_status make_sets(const hsd_compare_run *run, const hsd_locator *locator,
                            hsd_lattice **lattice, hsd_zone_set **zones, hsd_zone_set **population,
                            hsd_zone_set **targets, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    hsd_lattice_options options = hsd_circle_lattice(c);
    hsd_status status = HSD_OK;
    if (!*lattice) status = hsd_lattice_create(locator, &options, lattice, err);
    if (status == HSD_OK && c->request->zones && !*zones)
        status = hsd_zone_set_create(locator, &c->zones, c->run, zones, err);
    if (status == HSD_OK && c->request->population && !*population)
        status = hsd_zone_set_create(locator, &c->population, c->run, population, err);
    if (status == HSD_OK && !*targets)
        status = hsd_zone_set_create(locator, &run->targets, c->run, targets, err);
    return status;
}

static void borrow(hsd_scene *scene, const hsd_profile_run *profile, const hsd_scene *baseline) {
    scene->locator = profile->locator;
    scene->lattice = profile->lattice;
    scene->zones = profile->zones;
    scene->population = profile->population;
    scene->targets = baseline->targets; /* NULL: this is the baseline, and makes them */
}

static hsd_status find_poles(hsd_compare_run *run, size_t p, hsd_scene *scene, hsd_error *err) {
    hsd_pole_times **poles = scene->own_network ? &scene->own_poles : &run->poles[p];
    hsd_status status = HSD_OK;
    if (!*poles)
        status = hsd_pole_times_create(scene->locator, &run->resolved[p], run->limit_ms,
                                       run->circle.run, poles, err);
    scene->poles = *poles;
    return status;
}

/* Lays links over the scene's metric; count 0: none. */
static hsd_status lay_links(hsd_compare_run *run, hsd_scene *scene, const uint8_t *links,
                            size_t count, hsd_error *err) {
    hsd_status status = HSD_OK;
    if (count) status = hsd_overlay_create(scene->poles, links, &scene->overlay, err);
    if (status == HSD_OK)
        status = hsd_scenario_place_create(scene->locator, scene->overlay, &scene->place, err);
    const hsd_locator *stops = status == HSD_OK ? hsd_scenario_place_links(scene->place) : NULL;
    if (stops)
        status = make_sets(run, stops, &scene->link_lattice, &scene->link_zones,
                           &scene->link_population, &scene->link_targets, err);
    return status;
}

/* 1 for the links of the part that are in force; how many. */
static size_t links_of(const hsd_compare_run *run, const uint8_t *links, hsd_part part,
                       uint8_t *out) {
    size_t count = 0;
    for (uint32_t l = 0; l < run->proposals.link_count; l++) {
        const bool in = part.link == HSD_WHOLE ? run->proposals.links[l].proposal == part.proposal
                                               : part.link == l;
        out[l] = in && links[l];
        count += out[l];
    }
    return count;
}

/* The links in force, then the proposals that have several of them. */
static void list_parts(const hsd_compare_run *run, hsd_scene *scene, const uint8_t *links,
                       uint8_t *scratch) {
    for (uint32_t l = 0; l < run->proposals.link_count; l++)
        if (links[l])
            scene->part_list[scene->part_count++] = (hsd_part){run->proposals.links[l].proposal, l};
    for (uint32_t p = 0; p < run->proposals.proposal_count; p++) {
        const hsd_part whole = {p, HSD_WHOLE};
        if (links_of(run, links, whole, scratch) > 1) scene->part_list[scene->part_count++] = whole;
    }
}

/* The scene without each of its parts, and with each alone. */
static hsd_status make_parts(hsd_compare_run *run, hsd_scene *scene, const uint8_t *links,
                             size_t count, hsd_error *err) {
    const size_t all = run->proposals.link_count, most = count + run->proposals.proposal_count;
    uint8_t *alone = hsd_calloc(all, 1, err), *without = hsd_calloc(all, 1, err);
    scene->parts = hsd_calloc(2 * most, sizeof *scene->parts, err);
    scene->part_list = hsd_alloc(most, sizeof *scene->part_list, err);
    hsd_status status =
        alone && without && scene->parts && scene->part_list ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) list_parts(run, scene, links, alone);
    for (size_t k = 0; status == HSD_OK && k < scene->part_count; k++) {
        hsd_scene *part = &scene->parts[2 * k];
        for (int i = 0; i < 2; i++)
            part[i] = (hsd_scene){.locator = scene->locator,
                                  .lattice = scene->lattice,
                                  .zones = scene->zones,
                                  .population = scene->population,
                                  .targets = scene->targets,
                                  .poles = scene->poles};
        const size_t own = links_of(run, links, scene->part_list[k], alone);
        for (size_t l = 0; l < all; l++) without[l] = links[l] && !alone[l];
        status = lay_links(run, &part[0], without, count - own, err);
        if (status == HSD_OK) status = lay_links(run, &part[1], alone, own, err);
    }
    hsd_free(alone);
    hsd_free(without);
    return status;
}

static hsd_status make_scene(hsd_compare_run *run, size_t p, size_t s, hsd_error *err) {
    hsd_scene *scene = hsd_scene_of(run, p, s);
    const hsd_profile_run *profile = &run->circle.profiles[p];
    const bool transit = run->circle.transit != NULL;
    hsd_status status = HSD_OK;
    if (transit)
        status = hsd_compare_transit_scene(run, s, scene, err);
    else if (s)
        status = adapt(run, p, s, scene, err);
    if (status != HSD_OK) return status;
    if (!scene->own_network)
        borrow(scene, profile, hsd_scene_of(run, p, 0));
    else if (!transit)
        status = hsd_locator_adapt(profile->locator, scene->own_network, &scene->locator, err);
    if (status == HSD_OK)
        status = make_sets(run, scene->locator, &scene->lattice, &scene->zones, &scene->population,
                           &scene->targets, err);
    if (transit && status == HSD_OK && run->request->attribution)
        status = hsd_compare_transit_parts(run, s, scene, err);
    if (transit) return status;
    size_t count;
    uint8_t *links = status == HSD_OK ? links_in_force(run, s, &count, err) : NULL;
    if (status == HSD_OK && !links) status = HSD_E_MEMORY;
    if (status == HSD_OK && count) status = find_poles(run, p, scene, err);
    if (status == HSD_OK) status = lay_links(run, scene, links, count, err);
    if (status == HSD_OK && run->request->attribution)
        status = make_parts(run, scene, links, count, err);
    hsd_free(links);
    return status;
}

/* Circles need times up to the largest cut-off; zones, city pairs and paths want them all. By
 * transit a night on the platform is no trip: twice the largest cut-off, at least five hours. */
static uint32_t search_limit(const hsd_compare_run *run) {
    const hsd_circle_run *c = &run->circle;
    const uint32_t largest = c->cutoffs_ms[c->cutoff_count - 1], long_trip = 5 * 3600000;
    const bool all = c->request->zones || c->origins.count > 1 || run->request->path_count;
    if (!all) return largest;
    if (!c->transit) return HSD_UNREACHABLE - 1;
    const uint32_t limit = 2 * largest > long_trip ? 2 * largest : long_trip;
    const uint32_t most = hsd_transit_plan_reach_ms(&c->transit->plan);
    return limit < most ? limit : most;
}

hsd_status hsd_compare_prepare(hsd_compare_run *run, hsd_error *err) {
    /* by transit the profile runs are percentiles and share their scenes */
    size_t profiles = run->circle.transit ? 1 : run->circle.profile_count;
    run->gates = run->circle.request->gates != NULL;
    if (!run->limit_ms) run->limit_ms = search_limit(run);
    run->scenes = hsd_calloc(profiles * run->scene_count, sizeof *run->scenes, err);
    run->poles = hsd_calloc(profiles, sizeof(hsd_pole_times *), err);
    if (!run->scenes || !run->poles) return HSD_E_MEMORY;
    hsd_status status = make_targets(run, err);
    for (size_t p = 0; status == HSD_OK && p < profiles; p++)
        for (size_t s = 0; status == HSD_OK && s < run->scene_count; s++) {
            status = make_scene(run, p, s, err);
            if (status == HSD_OK)
                status = hsd_progress(run->circle.run, "scenarios",
                                      (double)(p * run->scene_count + s + 1) /
                                          (double)(profiles * run->scene_count),
                                      err);
        }
    return status;
}

static void lift_links(hsd_scene *scene) {
    hsd_lattice_destroy(scene->link_lattice);
    hsd_zone_set_destroy(scene->link_zones);
    hsd_zone_set_destroy(scene->link_population);
    hsd_zone_set_destroy(scene->link_targets);
    hsd_scenario_place_destroy(scene->place); /* its locator is what the above stand on */
    hsd_overlay_destroy(scene->overlay);
}

static void finish_scene(hsd_scene *scene, bool baseline) {
    for (size_t i = 0; i < 2 * scene->part_count; i++) {
        lift_links(&scene->parts[i]);
        hsd_scene_timetable_destroy(scene->parts[i].own_timetable);
    }
    hsd_free(scene->parts);
    hsd_free(scene->part_list);
    lift_links(scene);
    hsd_pole_times_destroy(scene->own_poles);
    if (baseline || scene->own_network) hsd_zone_set_destroy(scene->targets);
    if (scene->own_network) {
        hsd_zone_set_destroy(scene->zones);
        hsd_zone_set_destroy(scene->population);
        hsd_lattice_destroy(scene->lattice);
    }
    if (scene->own_network && !scene->own_timetable) {
        hsd_locator_destroy(scene->locator);
        hsd_network_destroy(scene->own_network);
    }
    hsd_scene_timetable_destroy(scene->own_timetable);
}

void hsd_compare_scenes_finish(hsd_compare_run *run) {
    const size_t profiles = run->circle.transit ? 1 : run->circle.profile_count;
    for (size_t p = 0; run->scenes && p < profiles; p++)
        for (size_t s = run->scene_count; s-- > 0;) finish_scene(hsd_scene_of(run, p, s), s == 0);
    for (size_t p = 0; run->poles && p < profiles; p++) hsd_pole_times_destroy(run->poles[p]);
    hsd_free(run->scenes);
    hsd_free(run->poles);
    hsd_free(run->cities);
    hsd_place_table_finish(&run->targets);
}
