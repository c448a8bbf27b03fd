/* circle: what is read. The network, profiles with their rules of legs, places, people, origins;
 * and all of it given back. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "net/network.h"
#include "study/circle_run.h"

/* ---- Profiles ---- */

static hsd_status no_profile(const hsd_circle_run *run, const char *what, const char *name,
                             hsd_error *err) {
    char list[160] = "";
    size_t used = 0;
    for (size_t i = 0; i < run->info.profile_count && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s (%s)", i ? ", " : "",
                                 run->info.profiles[i].name, run->info.profiles[i].mode);
    return hsd_fail(err, HSD_E_ARGUMENT, "no %s \"%s\" in %s; it has %s", what, name,
                    hsd_base_name(run->request->network), list);
}

static hsd_status add_profile(hsd_circle_run *run, int index, hsd_error *err) {
    for (size_t i = 0; i < run->profile_count; i++)
        if (run->profiles[i].profile == index)
            return hsd_fail(err, HSD_E_ARGUMENT, "profile \"%s\" is named twice",
                            run->profiles[i].name);
    const hsd_profile_info *info = &run->info.profiles[index];
    run->profiles[run->profile_count++] = (hsd_profile_run){
        .percentile = NAN, .profile = index, .name = info->name, .mode = info->mode};
    hsd_status status = HSD_OK;
    if (strcmp(info->mode, run->profiles[0].mode) != 0)
        status =
            hsd_fail(err, HSD_E_ARGUMENT, "profiles of one run share a mode: %s is %s, %s is %s",
                     run->profiles[0].name, run->profiles[0].mode, info->name, info->mode);
    return status;
}

static hsd_status take_profiles(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    if (hsd_circle_by_transit(r)) return hsd_circle_transit_open(run, err);
    run->profiles =
        hsd_calloc(run->info.profile_count + r->profile_count, sizeof *run->profiles, err);
    if (!run->profiles) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < r->profile_count; i++) {
        int index = hsd_network_profile(run->network, NULL, r->profiles[i]);
        status = index < 0 ? no_profile(run, "profile", r->profiles[i], err)
                           : add_profile(run, index, err);
        if (status == HSD_OK && r->mode && strcmp(run->profiles[i].mode, r->mode) != 0)
            status = hsd_fail(err, HSD_E_ARGUMENT, "profile %s is of mode %s, not %s",
                              run->profiles[i].name, run->profiles[i].mode, r->mode);
    }
    if (r->profile_count) return status;
    const char *mode = r->mode ? r->mode : run->info.profiles[0].mode;
    if (hsd_network_profile(run->network, mode, NULL) < 0)
        return no_profile(run, "mode", mode, err);
    for (size_t i = 0; status == HSD_OK && i < run->info.profile_count; i++)
        if (strcmp(run->info.profiles[i].mode, mode) == 0) status = add_profile(run, (int)i, err);
    if (run->one_profile && run->profile_count > 1) run->profile_count = 1;
    return status;
}

static hsd_status make_locators(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_locator_options options = {.barriers = r->barriers ? &run->own_barriers : NULL};
    if (r->min_component_percent > 100)
        return hsd_fail(err, HSD_E_ARGUMENT, "minimum component of %g percent: at most 100",
                        r->min_component_percent);
    if (r->min_component_percent < 0)
        options.min_component_ppm = UINT32_MAX;
    else
        options.min_component_ppm = (uint32_t)lround(r->min_component_percent * 10000);
    hsd_status status = HSD_OK;
    if (run->transit) {
        status = hsd_transit_run_locate(run->transit, run->network, &options, err);
        const hsd_locator *far = hsd_transit_run_far(run->transit);
        for (size_t i = 0; i < run->profile_count; i++) /* borrowed */
            run->profiles[i].locator = (hsd_locator *)(uintptr_t)far;
        return status;
    }
    for (size_t i = 0; status == HSD_OK && i < run->profile_count; i++)
        status = hsd_locator_create(run->network, (size_t)run->profiles[i].profile, &options,
                                    &run->profiles[i].locator, err);
    return status;
}

/* ---- Inputs ---- */

/* Population and zones must have every mass they are asked for: a missing one is an error, not 0,
 * but where the caller judges that. */
static hsd_status check_masses(const char *path, const hsd_place_table *table, bool may_miss,
                               hsd_error *err) {
    for (size_t i = 0; i < table->place_count; i++) {
        const hsd_place *place = &table->places[i];
        for (size_t m = 0; m < table->mass_count; m++) {
            if (isnan(place->masses[m]) && may_miss) continue;
            if (isnan(place->masses[m]))
                return hsd_fail(err, HSD_E_FORMAT, "%s: feature %s has no %s", hsd_base_name(path),
                                place->id, table->mass_names[m]);
            if (!(place->masses[m] >= 0) || isinf(place->masses[m]))
                return hsd_fail(err, HSD_E_FORMAT, "%s: feature %s: %s is %g; expected 0 or more",
                                hsd_base_name(path), place->id, table->mass_names[m],
                                place->masses[m]);
        }
        if (place->fault)
            return hsd_fail(err, HSD_E_FORMAT, "%s: feature %s: %s", hsd_base_name(path), place->id,
                            place->fault);
    }
    if (table->place_count == 0)
        return hsd_fail(err, HSD_E_FORMAT, "%s: the layer has no features", hsd_base_name(path));
    return HSD_OK;
}

/* Zones are one layer of the result, and a layer has one type. */
static hsd_status check_one_type(const char *path, const hsd_place_table *table, hsd_error *err) {
    for (size_t i = 1; i < table->place_count; i++)
        if (table->places[i].geometry.type != table->places[0].geometry.type)
            return hsd_fail(
                err, HSD_E_FORMAT,
                "%s: feature %s is not a %s like those before it: points and polygons go "
                "into layers of their own",
                hsd_base_name(path), table->places[i].id,
                table->places[0].geometry.type == HSD_GEOMETRY_POINT ? "point" : "polygon");
    return HSD_OK;
}

static bool is_raster(const char *path) {
    const char *ending = strrchr(path, '.');
    return ending &&
           (hsd_text_equal_nocase(ending, ".tif") || hsd_text_equal_nocase(ending, ".tiff") ||
            hsd_text_equal_nocase(ending, ".vrt"));
}

/* The network's extent and the longest leg around it: nobody further out is reached. */
static hsd_box_e7 leg_window(const hsd_circle_run *run) {
    hsd_box_e7 e = run->info.extent;
    uint32_t cap_m = 0;
    for (size_t p = 0; p < run->profile_count; p++) {
        uint32_t here = run->network->metrics[run->profiles[p].profile].leg_cap_m;
        cap_m = here > cap_m ? here : cap_m;
    }
    double lat = fmax(fabs(e.min_lat_e7 / 1e7), fabs(e.max_lat_e7 / 1e7));
    double margin = (cap_m + 100) / 110500.0; /* a degree of latitude is 110,574 m at the least */
    double lon_margin = margin / fmax(0.01, cos((fmin(lat + margin, 89.9)) * M_PI / 180));
    double west = e.min_lon_e7 - lon_margin * 1e7, east = e.max_lon_e7 + lon_margin * 1e7;
    return (hsd_box_e7){(int32_t)fmax(west, -1.8e9), e.min_lat_e7 - (int32_t)(margin * 1e7),
                        (int32_t)fmin(east, 1.8e9), e.max_lat_e7 + (int32_t)(margin * 1e7)};
}

static hsd_status read_population(hsd_circle_run *run, hsd_error *err) {
    static const char *const default_mass[] = {"population"};
    const hsd_circle_request *r = run->request;
    if (!r->population) return HSD_OK;
    hsd_place_fields fields = r->population_fields;
    if (fields.mass_count == 0) {
        fields.masses = default_mass;
        fields.mass_count = 1;
    }
    if (!fields.datum && !is_raster(r->population)) fields.datum = r->datum;
    hsd_status status;
    if (is_raster(r->population)) {
        if (fields.datum)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "--population-datum: a raster says itself where it lies");
        if (fields.mass_count > 1)
            return hsd_fail(err, HSD_E_ARGUMENT, "a raster has one mass, not %zu",
                            fields.mass_count);
        hsd_box_e7 window = leg_window(run);
        status = hsd_read_mass_raster(r->population, fields.masses[0], fields.assume_crs, &window,
                                      run->run, &run->population, err);
    } else {
        status = hsd_read_places(r->population, &fields, run->run, &run->population, err);
    }
    return status == HSD_OK ? check_masses(r->population, &run->population, false, err) : status;
}

/* One cell size for all profiles, so that their circles can be laid over each other. */
static void choose_cell(hsd_circle_run *run) {
    uint32_t limit = run->cutoffs_ms[run->cutoff_count - 1];
    run->cell_m = run->request->cell_m;
    for (size_t p = 0; p < run->profile_count && !(run->request->cell_m > 0); p++) {
        double cell = hsd_lattice_cell_m(run->profiles[p].locator, limit);
        if (p == 0 || cell < run->cell_m) run->cell_m = cell;
    }
}

hsd_status hsd_circle_open(hsd_circle_run *run, hsd_error *err) {
    hsd_status status = hsd_network_open(run->request->network, 0, &run->network, err);
    if (status == HSD_OK) status = hsd_network_info_get(run->network, &run->info, err);
    return status == HSD_OK ? take_profiles(run, err) : status;
}

hsd_status hsd_circle_read(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_status status = run->network ? HSD_OK : hsd_circle_open(run, err);
    if (status == HSD_OK && r->barriers)
        status = hsd_read_barriers(r->barriers, NULL, r->assume_crs, r->datum, run->run,
                                   &run->own_barriers, err);
    if (status == HSD_OK) status = read_population(run, err);
    if (status == HSD_OK && r->zones) {
        hsd_place_fields fields = r->zone_fields;
        if (!fields.datum) fields.datum = r->datum;
        status = hsd_read_places(r->zones, &fields, run->run, &run->zones, err);
        if (status == HSD_OK)
            status = check_masses(r->zones, &run->zones, run->zone_masses_may_miss, err);
        if (status == HSD_OK) status = check_one_type(r->zones, &run->zones, err);
    }
    if (status == HSD_OK && run->grid) status = hsd_zones_into_grid(run, err);
    if (status == HSD_OK && run->from_zones)
        status = hsd_origins_of_places(&run->zones, &run->origins, err);
    else if (status == HSD_OK)
        status = hsd_origins_read(r, &run->population, run->run, &run->origins, err);
    if (status == HSD_OK) status = hsd_circle_check_leg_ids(run, err);
    if (status == HSD_OK) status = hsd_circle_stand_alone(run, err);
    if (status == HSD_OK) status = make_locators(run, err);
    if (status == HSD_OK) choose_cell(run);
    return status;
}

/* ---- All of it given back ---- */

static void finish_profile(const hsd_circle_run *run, hsd_profile_run *p) {
    for (size_t o = 0; p->results && o < run->origins.count; o++) {
        hsd_origin_result *result = &p->results[o];
        for (size_t c = 0; result->circles && c < run->cutoff_count; c++)
            hsd_circle_finish(&result->circles[c]);
        hsd_free(result->circles);
        if (result->direct != result->seeds) hsd_free(result->direct);
        hsd_free(result->seeds);
        hsd_free(result->joined);
        hsd_free(result->direct_joined);
        hsd_free(result->masses);
        hsd_free(result->zones);
        hsd_free(result->zone_shares);
        hsd_free(result->window_shares);
        hsd_free(result->reached);
    }
    hsd_free(p->results);
    hsd_contest_destroy(p->contest);
    if (p->transit && p != run->profiles) return; /* the first one's */
    hsd_zone_set_destroy(p->zones);
    hsd_zone_set_destroy(p->population);
    hsd_lattice_destroy(p->lattice);
    if (!p->transit) hsd_locator_destroy(p->locator);
}

void hsd_circle_run_finish(hsd_circle_run *run) {
    if (run->trees) hsd_origin_trees_finish(run->trees);
    hsd_free(run->trees);
    for (size_t i = 0; i < run->profile_count; i++) finish_profile(run, &run->profiles[i]);
    hsd_free(run->profiles);
    if (run->transit) hsd_transit_run_finish(run->transit);
    hsd_free(run->transit);
    hsd_transit_plan_finish(&run->plan);
    hsd_free(run->cutoffs_ms);
    hsd_dataset_destroy(run->file);
    hsd_surface_finish(&run->first);
    hsd_free(run->record);
    hsd_origins_finish(&run->origins);
    hsd_place_table_finish(&run->zones);
    hsd_place_table_finish(&run->population);
    hsd_geometry_finish(&run->own_barriers);
    hsd_network_destroy(run->network);
    hsd_network_destroy(run->file_network);
}
