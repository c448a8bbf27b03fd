/* circle: the order of a circle run. Everything that can be wrong is found before the first search;
 * outputs appear when all is computed, each whole: the result file, then the raster, the picture.
 */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "study/circle_run.h"
#include "study/words.h"

/* ---- The record ---- */

hsd_status hsd_circle_effective(const hsd_circle_run *run, hsd_option_pool *pool,
                                hsd_circle_request *out, hsd_error *err) {
    double *minutes =
        hsd_option_keep(pool, hsd_alloc(run->cutoff_count, sizeof *minutes, err), err);
    const char **profiles =
        hsd_option_keep(pool, hsd_alloc(run->profile_count, sizeof *profiles, err), err);
    if (!minutes || !profiles) return HSD_E_MEMORY;
    for (size_t i = 0; i < run->cutoff_count; i++) minutes[i] = run->cutoffs_ms[i] / 60000.0;
    for (size_t i = 0; i < run->profile_count; i++) profiles[i] = run->profiles[i].name;
    *out = *run->request;
    out->minutes = minutes;
    out->minute_count = run->cutoff_count;
    out->profiles = profiles;
    out->profile_count = run->profile_count;
    out->mode = run->profiles[0].mode;
    if (run->transit) out->profile_count = 0;
    out->edges = run->edges;
    out->cell_m = run->cell_m;
    out->max_vertices = run->request->max_vertices ? run->request->max_vertices : 2000;
    out->lang = run->lang;
    out->population_fields.masses = (const char *const *)run->population.mass_names;
    out->population_fields.mass_count = run->population.mass_count;
    if (run->transit) return hsd_circle_transit_effective(run, pool, &out->transit, err);
    return HSD_OK;
}

static hsd_status make_record(hsd_circle_run *run, hsd_error *err) {
    hsd_option_pool pool = {0};
    hsd_circle_request effective;
    hsd_status status = hsd_circle_effective(run, &pool, &effective, err);
    if (status == HSD_OK)
        status = hsd_record_make("circle", &hsd_circle_options_table, &effective, &run->info,
                                 &run->record, err);
    hsd_option_pool_finish(&pool);
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

hsd_status hsd_circle_all_failed(const hsd_circle_run *run, hsd_error *err) {
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
    hsd_status status = hsd_circle_check(run, err);
    if (status == HSD_OK) status = hsd_circle_read(run, err);
    run->edges = status == HSD_OK && run->info.edges == 0 ? HSD_EDGES_NONE : r->edges;
    if (run->edges == HSD_EDGES_AUTO)
        run->edges = run->origins.count == 1 ? HSD_EDGES_EACH
                     : run->transit          ? HSD_EDGES_NONE
                                             : HSD_EDGES_NEAREST;
    if (status == HSD_OK) status = make_record(run, err);
    if (status == HSD_OK) status = hsd_circle_begin(run, err);
    if (status == HSD_OK) status = hsd_circle_compute(run, err);
    if (status == HSD_OK) status = hsd_circle_all_failed(run, err);
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
    hsd_circle_run_finish(&circle);
    return status;
}
