/* What a circle run found, copied out of it for the caller's tables. */
#include <math.h>

#include "base/memory.h"
#include "study/circle_run.h"

/* Texts and mass arrays of a report live in one list of pointers. */
typedef HSD_ARRAY(void *) keep;

static const char *kept(keep *k, const char *text, hsd_error *err) {
    char *copy = hsd_strdup(text, err);
    if (copy && !hsd_array_push(k, (void *)copy, err)) {
        hsd_free(copy);
        return NULL;
    }
    return copy;
}

static hsd_status fill_row(const hsd_circle_run *run, size_t p, size_t o, size_t c, keep *k,
                           hsd_circle_row *row, hsd_error *err) {
    const hsd_origin *origin = &run->origins.origins[o];
    const hsd_origin_result *result = hsd_run_result(run, p, o);
    const hsd_circle *circle = &result->circles[c];
    size_t masses = run->population.mass_count;
    double *mass = hsd_alloc(masses, sizeof *mass, err);
    if (!mass || !hsd_array_push(k, (void *)mass, err)) {
        hsd_free(mass);
        return HSD_E_MEMORY;
    }
    for (size_t m = 0; m < masses; m++) mass[m] = result->masses[c * masses + m];
    double reached = circle->reached_km > 0 ? circle->reached_km : NAN;
    *row = (hsd_circle_row){
        .origin_id = kept(k, origin->id, err),
        .origin = kept(k, hsd_shown_name(origin->name, origin->name_en, run->lang), err),
        .profile = kept(k, run->profiles[p].name, err),
        .percentile = run->profiles[p].percentile,
        .cutoff_min = run->cutoffs_ms[c] / 60000.0,
        .area_km2 = circle->area_km2,
        .reached_km = circle->reached_km,
        .missed_percent = 100 * circle->missed_km / reached,
        .excess_percent = 100 * circle->excess_km / reached,
        .point_error_percent = 100 * circle->point_error,
        .vertices = circle->vertices,
        .data_end = circle->data_end,
        .masses = mass};
    return row->origin_id && row->origin && row->profile ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status fill_failed(const hsd_circle_run *run, size_t p, size_t o, keep *k,
                              hsd_failed_origin *failed, hsd_error *err) {
    const hsd_origin *origin = &run->origins.origins[o];
    *failed =
        (hsd_failed_origin){kept(k, origin->id, err),
                            kept(k, hsd_shown_name(origin->name, origin->name_en, run->lang), err),
                            kept(k, hsd_run_result(run, p, o)->why, err)};
    return failed->id && failed->name && failed->why ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_circle_report_make(const hsd_circle_run *run, hsd_circle_report *out,
                                  hsd_error *err) {
    size_t tasks = run->profile_count * run->origins.count;
    *out = (hsd_circle_report){.mass_count = run->population.mass_count};
    keep *k = hsd_calloc(1, sizeof *k, err);
    out->storage = k;
    out->rows = hsd_calloc(tasks * run->cutoff_count, sizeof *out->rows, err);
    out->failed = hsd_calloc(tasks, sizeof *out->failed, err);
    const char **names = hsd_calloc(out->mass_count, sizeof *names, err);
    out->mass_names = names;
    hsd_status status = k && out->rows && out->failed && names ? HSD_OK : HSD_E_MEMORY;
    for (size_t m = 0; status == HSD_OK && m < out->mass_count; m++)
        if (!(names[m] = kept(k, run->population.mass_names[m], err))) status = HSD_E_MEMORY;
    for (size_t o = 0; o < run->origins.count; o++)
        for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
            const hsd_origin_result *result = hsd_run_result(run, p, o);
            if (!result->ok) {
                status = fill_failed(run, p, o, k, &out->failed[out->failed_count++], err);
                continue;
            }
            out->settled += result->counters.settled;
            out->relaxed += result->counters.relaxed;
            for (size_t c = 0; status == HSD_OK && c < run->cutoff_count; c++)
                status = fill_row(run, p, o, c, k, &out->rows[out->row_count++], err);
        }
    if (status != HSD_OK) hsd_circle_report_finish(out);
    return status;
}

void hsd_circle_report_finish(hsd_circle_report *report) {
    if (!report) return;
    keep *k = report->storage;
    for (size_t i = 0; k && i < k->count; i++) hsd_free(k->data[i]);
    if (k) hsd_array_finish(k);
    hsd_free(k);
    hsd_free(report->rows);
    hsd_free(report->failed);
    hsd_free((void *)(uintptr_t)report->mass_names);
    *report = (hsd_circle_report){0};
}
