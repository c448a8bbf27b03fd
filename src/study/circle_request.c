/* circle: what is asked for. Everything that can be wrong in a request is found before anything is
 * read. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "study/circle_run.h"

/* An option that would do nothing is said, not passed over. */
static hsd_status check_idle(const hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    const hsd_place_fields *o = &r->origin_fields, *z = &r->zone_fields;
    const struct {
        bool idle;
        const char *option, *needs;
    } idle[] = {
        {r->origin_at != HSD_ORIGIN_CENTROID && !r->origins, "--origin-at", "--origins"},
        {(o->layer || o->id || o->name) && !r->origins, "--origin-layer, -id and -name",
         "--origins"},
        {r->gate_of && !r->gates, "--gate-of", "--gates"},
        {r->gates && r->origin_at != HSD_ORIGIN_GATES && !run->portals, "--gates",
         "--origin-at gates"},
        {r->gates && !r->origins, "--gates", "--origins"},
        {r->origin_at == HSD_ORIGIN_GATES && !r->gates, "--origin-at gates", "--gates"},
        {r->origin_at == HSD_ORIGIN_WEIGHTED && !r->population, "--origin-at weighted",
         "--population"},
        {(z->layer || z->id || z->name || z->mass_count) && !r->zones,
         "--zone-layer, -id, -name and -mass", "--zones"},
        {(r->population_fields.layer || r->population_fields.mass_count) && !r->population,
         "--population-layer and --mass", "--population"},
        {o->datum && !r->origins && !r->point_count && !r->gates, "--origin-datum", "--origins"},
        {z->datum && !r->zones, "--zone-datum", "--zones"},
        {r->population_fields.datum && !r->population, "--population-datum", "--population"},
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
        "check_points", "vertices",   "data_end",   "mass_rule",  "scenario",
        "kind",         NULL};
    static const char *const zones[] = {"fid",
                                        "geom",
                                        "id",
                                        "name",
                                        "name_en",
                                        "time_min",
                                        "nearest_id",
                                        "within_min",
                                        "zone_id",
                                        "scenario",
                                        "origin_id",
                                        "origin",
                                        "profile",
                                        "before_min",
                                        "after_min",
                                        "saving_min",
                                        "saving_pct",
                                        "within_before_min",
                                        "within_after_min",
                                        NULL};
    hsd_status status = check_mass_names(&r->population_fields, circles, err);
    return status == HSD_OK ? check_mass_names(&r->zone_fields, zones, err) : status;
}

static hsd_status check_sources(const hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    if (!run->from_zones && (r->point_count > 0) == (r->origins != NULL))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "origins: either points (--from, --to) or a layer (--origins) is needed");
    hsd_status status = check_idle(run, err);
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
    static const double hour[] = {60};
    const double *minutes = r->minute_count ? r->minutes : hour;
    const size_t count = r->minute_count ? r->minute_count : 1;
    run->cutoffs_ms = hsd_alloc(count, sizeof *run->cutoffs_ms, err);
    if (!run->cutoffs_ms) return HSD_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (!(minutes[i] * 60000 >= 1 && minutes[i] <= WEEK_MIN))
            return hsd_fail(err, HSD_E_ARGUMENT, "cut-off of %g minutes: above 0 and at most %d",
                            minutes[i], WEEK_MIN);
        run->cutoffs_ms[i] = (uint32_t)floor(minutes[i] * 60000 + 0.5);
    }
    qsort(run->cutoffs_ms, count, sizeof *run->cutoffs_ms, by_ms);
    for (size_t i = 0; i < count; i++)
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

hsd_status hsd_circle_check(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_status status = check_sources(run, err);
    if (status == HSD_OK) status = take_cutoffs(run, err);
    if (status == HSD_OK) status = hsd_circle_transit_check(run, err);
    if (status == HSD_OK) status = check_output(r->map, r->overwrite, err);
    if (status == HSD_OK) status = check_output(r->raster, r->overwrite, err);
    return status;
}
