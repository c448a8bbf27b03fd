/* circle: the order of a circle run. Everything that can be wrong is found before the first search;
 * outputs appear when all is computed, each whole: the result file, then the raster, the picture.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "net/network.h"
#include "study/circle_run.h"
#include "study/words.h"

/* ---- The request ---- */

/* An option that would do nothing is said, not passed over. */
static hsd_status check_idle(const hsd_circle_request *r, hsd_error *err) {
    const hsd_place_fields *o = &r->origin_fields, *z = &r->zone_fields;
    const struct {
        bool idle;
        const char *option, *needs;
    } idle[] = {
        {r->origin_at != HSD_ORIGIN_CENTROID && !r->origins, "--origin-at", "--origins"},
        {(o->layer || o->id || o->name) && !r->origins, "--origin-layer, -id and -name",
         "--origins"},
        {r->gate_of && !r->gates, "--gate-of", "--gates"},
        {r->gates && r->origin_at != HSD_ORIGIN_GATES, "--gates", "--origin-at gates"},
        {r->origin_at == HSD_ORIGIN_GATES && !r->gates, "--origin-at gates", "--gates"},
        {r->origin_at == HSD_ORIGIN_WEIGHTED && !r->population, "--origin-at weighted",
         "--population"},
        {(z->layer || z->id || z->name || z->mass_count) && !r->zones,
         "--zone-layer, -id, -name and -mass", "--zones"},
        {(r->population_fields.layer || r->population_fields.mass_count) && !r->population,
         "--population-layer and --mass", "--population"},
    };
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
        if (idle[i].idle)
            return hsd_fail(err, HSD_E_ARGUMENT, "%s: nothing without %s", idle[i].option,
                            idle[i].needs);
    return HSD_OK;
}

/* Outputs must not be one file, nor one of the inputs: --overwrite would replace what is read. */
static hsd_status check_paths(const hsd_circle_request *r, hsd_error *err) {
    const char *outputs[] = {r->output, r->map, r->raster};
    const char *inputs[] = {r->network, r->origins, r->gates, r->zones, r->population, r->barriers};
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < i; k++)
            if (hsd_same_file(outputs[i], outputs[k]))
                return hsd_fail(err, HSD_E_ARGUMENT, "two outputs are one file: %s", outputs[i]);
        for (size_t k = 0; k < sizeof inputs / sizeof inputs[0]; k++)
            if (hsd_same_file(outputs[i], inputs[k]))
                return hsd_fail(err, HSD_E_ARGUMENT, "output %s is an input of this run",
                                outputs[i]);
    }
    return HSD_OK;
}

/* Masses become columns beside those of the layers. */
static hsd_status check_mass_names(const hsd_place_fields *fields, const char *const *taken,
                                   hsd_error *err) {
    enum { MOST = 24 };
    if (fields->mass_count > MOST)
        return hsd_fail(err, HSD_E_ARGUMENT, "%zu mass fields; at most %d in one run",
                        fields->mass_count, MOST);
    for (size_t i = 0; i < fields->mass_count; i++) {
        for (size_t k = 0; taken[k]; k++)
            if (hsd_text_equal_nocase(fields->masses[i], taken[k]))
                return hsd_fail(err, HSD_E_ARGUMENT,
                                "mass field \"%s\" has the name of a column of the result",
                                fields->masses[i]);
        for (size_t k = 0; k < i; k++)
            if (hsd_text_equal_nocase(fields->masses[i], fields->masses[k]))
                return hsd_fail(err, HSD_E_ARGUMENT, "mass field \"%s\" is named twice",
                                fields->masses[i]);
    }
    return HSD_OK;
}

static hsd_status check_masses_asked(const hsd_circle_request *r, hsd_error *err) {
    static const char *const circles[] = {
        "fid",          "geom",       "id",         "origin_id",  "origin",
        "origin_en",    "profile",    "direction",  "cutoff_min", "over_min",
        "area_km2",     "reached_km", "missed_pct", "excess_pct", "point_error_pct",
        "check_points", "vertices",   "data_end",   "mass_rule",  NULL};
    static const char *const zones[] = {"fid",      "geom",       "id",         "name", "name_en",
                                        "time_min", "nearest_id", "within_min", NULL};
    hsd_status status = check_mass_names(&r->population_fields, circles, err);
    return status == HSD_OK ? check_mass_names(&r->zone_fields, zones, err) : status;
}

static hsd_status check_sources(const hsd_circle_request *r, hsd_error *err) {
    if ((r->point_count > 0) == (r->origins != NULL))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "origins: either points (--from, --to) or a layer (--origins) is needed");
    hsd_status status = check_idle(r, err);
    if (status == HSD_OK) status = check_paths(r, err);
    if (status == HSD_OK) status = check_masses_asked(r, err);
    if (status != HSD_OK) return status;
    if (!r->output || !r->output[0]) return hsd_fail(err, HSD_E_ARGUMENT, "no output file");
    const char *ending = r->map ? strrchr(r->map, '.') : ".png";
    if (!ending || (strcmp(ending, ".png") != 0 && strcmp(ending, ".svg") != 0))
        return hsd_fail(err, HSD_E_ARGUMENT, "map picture \"%s\": expected a .png or .svg ending",
                        r->map);
    if (r->lang && strcmp(r->lang, "en") != 0 && strcmp(r->lang, "zh") != 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "language \"%s\": en or zh", r->lang);
    return HSD_OK;
}

static int by_ms(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static hsd_status take_cutoffs(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    enum { WEEK_MIN = 7 * 24 * 60 };
    if (r->minute_count == 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "no cut-off: --minutes 30,45,60");
    run->cutoffs_ms = hsd_alloc(r->minute_count, sizeof *run->cutoffs_ms, err);
    if (!run->cutoffs_ms) return HSD_E_MEMORY;
    for (size_t i = 0; i < r->minute_count; i++) {
        if (!(r->minutes[i] > 0 && r->minutes[i] <= WEEK_MIN))
            return hsd_fail(err, HSD_E_ARGUMENT, "cut-off of %g minutes: above 0 and at most %d",
                            r->minutes[i], WEEK_MIN);
        run->cutoffs_ms[i] = (uint32_t)floor(r->minutes[i] * 60000 + 0.5);
    }
    qsort(run->cutoffs_ms, r->minute_count, sizeof *run->cutoffs_ms, by_ms);
    for (size_t i = 0; i < r->minute_count; i++)
        if (i == 0 || run->cutoffs_ms[i] != run->cutoffs_ms[i - 1])
            run->cutoffs_ms[run->cutoff_count++] = run->cutoffs_ms[i];
    return HSD_OK;
}

/* Says before the work, not after, that an output cannot be written. */
static hsd_status check_output(const char *path, bool overwrite, hsd_error *err) {
    if (!path) return HSD_OK;
    hsd_output output;
    hsd_status status = hsd_output_begin(path, overwrite, &output, err);
    hsd_output_finish(&output);
    return status;
}

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
    run->profiles[run->profile_count++] =
        (hsd_profile_run){.profile = index, .name = info->name, .mode = info->mode};
    hsd_status status = HSD_OK;
    if (strcmp(info->mode, run->profiles[0].mode) != 0)
        status =
            hsd_fail(err, HSD_E_ARGUMENT, "profiles of one run share a mode: %s is %s, %s is %s",
                     run->profiles[0].name, run->profiles[0].mode, info->name, info->mode);
    return status;
}

static hsd_status take_profiles(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
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
    for (size_t i = 0; status == HSD_OK && i < run->profile_count; i++)
        status = hsd_locator_create(run->network, (size_t)run->profiles[i].profile, &options,
                                    &run->profiles[i].locator, err);
    return status;
}

/* ---- Inputs ---- */

/* Population and zones must have every mass they are asked for: a missing one is an error, not 0.
 */
static hsd_status check_masses(const char *path, const hsd_place_table *table, hsd_error *err) {
    for (size_t i = 0; i < table->place_count; i++) {
        const hsd_place *place = &table->places[i];
        for (size_t m = 0; m < table->mass_count; m++) {
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
    hsd_status status;
    if (is_raster(r->population)) {
        if (fields.mass_count > 1)
            return hsd_fail(err, HSD_E_ARGUMENT, "a raster has one mass, not %zu",
                            fields.mass_count);
        hsd_box_e7 window = leg_window(run);
        status = hsd_read_mass_raster(r->population, fields.masses[0], fields.assume_crs, &window,
                                      run->run, &run->population, err);
    } else {
        status = hsd_read_places(r->population, &fields, run->run, &run->population, err);
    }
    return status == HSD_OK ? check_masses(r->population, &run->population, err) : status;
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

static hsd_status read_inputs(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_status status = hsd_network_open(r->network, 0, &run->network, err);
    if (status == HSD_OK) status = hsd_network_info_get(run->network, &run->info, err);
    if (status == HSD_OK) status = take_profiles(run, err);
    if (status == HSD_OK && r->barriers)
        status =
            hsd_read_barriers(r->barriers, NULL, r->assume_crs, run->run, &run->own_barriers, err);
    if (status == HSD_OK) status = read_population(run, err);
    if (status == HSD_OK && r->zones) {
        status = hsd_read_places(r->zones, &r->zone_fields, run->run, &run->zones, err);
        if (status == HSD_OK) status = check_masses(r->zones, &run->zones, err);
        if (status == HSD_OK) status = check_one_type(r->zones, &run->zones, err);
    }
    if (status == HSD_OK)
        status = hsd_origins_read(r, &run->population, run->run, &run->origins, err);
    if (status == HSD_OK) status = make_locators(run, err);
    if (status == HSD_OK) choose_cell(run);
    return status;
}

/* ---- The record ---- */

/* How a layer of places was read; nothing for one that was not. */
static void record_fields(hsd_provenance *p, const char *role, const hsd_place_fields *f,
                          const char *path) {
    if (!path) return;
    hsd_json *j = &p->configuration;
    hsd_json_key(j, role);
    hsd_json_open(j, '{');
    hsd_provenance_text(p, "layer", f->layer);
    hsd_provenance_text(p, "id", f->id);
    hsd_provenance_text(p, "name", f->name);
    hsd_provenance_text(p, "encoding", f->encoding);
    hsd_provenance_text(p, "assume_crs", f->assume_crs);
    hsd_json_key(j, "masses");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < f->mass_count; i++) hsd_json_string(j, f->masses[i]);
    hsd_json_close(j);
    hsd_json_close(j);
}

static void record_options(hsd_circle_run *run, hsd_provenance *p) {
    static const char *const edges[] = {"auto", "none", "nearest", "each"};
    static const char *const at[] = {"centroid", "weighted", "gates"};
    const hsd_circle_request *r = run->request;
    hsd_json *j = &p->configuration;
    hsd_json_key(j, "points");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < r->point_count; i++) {
        hsd_json_open(j, '[');
        hsd_json_number(j, r->points[i].lon);
        hsd_json_number(j, r->points[i].lat);
        hsd_json_close(j);
    }
    hsd_json_close(j);
    hsd_json_key(j, "minutes");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < run->cutoff_count; i++) hsd_json_number(j, run->cutoffs_ms[i] / 60000.0);
    hsd_json_close(j);
    hsd_json_key(j, "profiles");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < run->profile_count; i++) hsd_json_string(j, run->profiles[i].name);
    hsd_json_close(j);
    hsd_provenance_text(p, "mode", run->profiles[0].mode);
    record_fields(p, "origin", &r->origin_fields, r->origins);
    record_fields(p, "population", &r->population_fields, r->population);
    record_fields(p, "zone", &r->zone_fields, r->zones);
    hsd_provenance_text(p, "assume_crs", r->assume_crs);
    hsd_provenance_text(p, "direction", r->direction == HSD_TO ? "to" : "from");
    hsd_provenance_text(p, "edges", edges[run->edges]);
    hsd_provenance_text(p, "origin_at", at[r->origin_at]);
    hsd_provenance_text(p, "gate_of", r->gate_of);
    hsd_provenance_flag(p, "bands", r->bands);
    hsd_provenance_flag(p, "hinterland", r->hinterland);
    hsd_provenance_flag(p, "overlap", r->overlap);
    hsd_provenance_flag(p, "nodes", r->nodes);
    if (r->min_component_percent != 0) /* else by the rule of legs: methods.md, 4 */
        hsd_provenance_number(p, "min_component_percent", fmax(0, r->min_component_percent));
    hsd_provenance_number(p, "cell_m", run->cell_m);
    hsd_provenance_number(p, "max_vertices", r->max_vertices ? r->max_vertices : 2000);
    hsd_provenance_text(p, "title", r->title);
    hsd_provenance_text(p, "lang", run->lang);
    hsd_json_key(j, "masses");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < run->population.mass_count; i++)
        hsd_json_string(j, run->population.mass_names[i]);
    hsd_json_close(j);
}

static hsd_status make_record(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_provenance p;
    hsd_provenance_init(&p, "circle");
    record_options(run, &p);
    hsd_status status = hsd_provenance_network(&p, r->network, &run->info, err);
    if (status == HSD_OK) status = hsd_provenance_input(&p, "origins", r->origins, err);
    if (status == HSD_OK) status = hsd_provenance_input(&p, "gates", r->gates, err);
    if (status == HSD_OK) status = hsd_provenance_input(&p, "zones", r->zones, err);
    if (status == HSD_OK) status = hsd_provenance_input(&p, "population", r->population, err);
    if (status == HSD_OK) status = hsd_provenance_input(&p, "barriers", r->barriers, err);
    if (status == HSD_OK) {
        run->record = hsd_provenance_json(&p, err);
        if (!run->record) status = HSD_E_MEMORY;
    }
    hsd_provenance_finish(&p);
    return status;
}

/* ---- The run ---- */

void hsd_circle_title(const hsd_circle_run *run, char *buffer, size_t size) {
    const hsd_circle_request *r = run->request;
    bool to = r->direction == HSD_TO;
    if (r->title) {
        snprintf(buffer, size, "%s", r->title);
    } else if (run->origins.count == 1) {
        const hsd_origin *o = &run->origins.origins[0];
        snprintf(buffer, size,
                 hsd_word_text(to ? HSD_WORD_TITLE_TO : HSD_WORD_TITLE_FROM, run->lang),
                 hsd_shown_name(o->name, o->name_en, run->lang));
    } else {
        snprintf(buffer, size,
                 hsd_word_text(to ? HSD_WORD_TITLE_MANY_TO : HSD_WORD_TITLE_MANY_FROM, run->lang),
                 run->origins.count);
    }
}

static void finish_profile(const hsd_circle_run *run, hsd_profile_run *p) {
    for (size_t o = 0; p->results && o < run->origins.count; o++) {
        hsd_origin_result *result = &p->results[o];
        for (size_t c = 0; result->circles && c < run->cutoff_count; c++)
            hsd_circle_finish(&result->circles[c]);
        hsd_free(result->circles);
        hsd_free(result->seeds);
        hsd_free(result->joined);
        hsd_free(result->masses);
        hsd_free(result->zones);
        hsd_free(result->zone_shares);
        hsd_free(result->reached);
    }
    hsd_free(p->results);
    hsd_contest_destroy(p->contest);
    hsd_zone_set_destroy(p->zones);
    hsd_zone_set_destroy(p->population);
    hsd_lattice_destroy(p->lattice);
    hsd_locator_destroy(p->locator);
}

static void finish(hsd_circle_run *run) {
    for (size_t i = 0; i < run->profile_count; i++) finish_profile(run, &run->profiles[i]);
    hsd_free(run->profiles);
    hsd_free(run->cutoffs_ms);
    hsd_dataset_destroy(run->file);
    hsd_surface_finish(&run->first);
    hsd_free(run->record);
    hsd_origins_finish(&run->origins);
    hsd_place_table_finish(&run->zones);
    hsd_place_table_finish(&run->population);
    hsd_geometry_finish(&run->own_barriers);
    hsd_network_destroy(run->network);
}

static hsd_status all_failed(const hsd_circle_run *run, hsd_error *err) {
    const hsd_origin_result *first = hsd_run_result(run, 0, 0);
    for (size_t p = 0; p < run->profile_count; p++)
        for (size_t o = 0; o < run->origins.count; o++)
            if (hsd_run_result(run, p, o)->ok) return HSD_OK;
    if (run->origins.count == 1)
        return hsd_fail(err, HSD_E_FORMAT, "origin %s: %s", run->origins.origins[0].name,
                        first->why);
    return hsd_fail(err, HSD_E_FORMAT, "none of %zu origins joins the network; the first, %s: %s",
                    run->origins.count, run->origins.origins[0].name, first->why);
}

static hsd_status execute(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_status status = check_sources(r, err);
    if (status == HSD_OK) status = take_cutoffs(run, err);
    if (status == HSD_OK) status = check_output(r->map, r->overwrite, err);
    if (status == HSD_OK) status = check_output(r->raster, r->overwrite, err);
    if (status == HSD_OK) status = read_inputs(run, err);
    run->edges = r->edges;
    if (run->edges == HSD_EDGES_AUTO)
        run->edges = run->origins.count > 1 ? HSD_EDGES_NEAREST : HSD_EDGES_EACH;
    if (status == HSD_OK) status = make_record(run, err);
    if (status == HSD_OK) status = hsd_circle_begin(run, err);
    if (status == HSD_OK) status = hsd_circle_compute(run, err);
    if (status == HSD_OK) status = all_failed(run, err);
    if (status == HSD_OK) status = hsd_circle_write(run, err);
    if (status == HSD_OK && r->raster) status = hsd_circle_write_raster(run, err);
    if (status == HSD_OK && r->map) status = hsd_circle_draw(run, err);
    return status;
}

hsd_status hsd_study_circle(const hsd_circle_request *request, const hsd_run *run,
                            hsd_circle_report *out, hsd_error *err) {
    *out = (hsd_circle_report){0};
    hsd_circle_run circle = {
        .request = request, .run = run, .lang = request->lang ? request->lang : "en"};
    hsd_status status = execute(&circle, err);
    if (status == HSD_OK) status = hsd_circle_report_make(&circle, out, err);
    finish(&circle);
    return status;
}
