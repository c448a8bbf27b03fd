/* delineate: the order of a delineation. Everything that can be wrong is found before the first
 * search; the result file appears when all is computed. docs/methods.md, 18. */
#include <stdio.h>

#include "base/memory.h"
#include "study/delineate_run.h"
#include "study/output_datum.h"
#include "study/words.h"

/* ---- The record ---- */

/* The rule sets are inputs, by their hashes, wherever they were found. */
static hsd_status record_inputs(const hsd_delineate_run *run, hsd_provenance *p,
                                const hsd_delineate_request *effective, hsd_error *err) {
    hsd_status status =
        hsd_provenance_network(p, effective->circle.network, &run->circle.info, err);
    if (status == HSD_OK)
        status = hsd_options_inputs(p, &hsd_delineate_options_table, effective, err);
    for (size_t i = 0; status == HSD_OK && i < run->rules.path_count; i++)
        status = hsd_provenance_input(p, "rules", run->rules.paths[i], err);
    return status;
}

static hsd_status make_record(hsd_delineate_run *run, hsd_error *err) {
    static const char *const usual[] = {"one-hour"};
    hsd_delineate_request effective = *run->request;
    const hsd_circle_request asked = run->request->circle;
    hsd_option_pool pool = {0};
    hsd_status status = hsd_circle_effective(&run->circle, &pool, &effective.circle, err);
    effective.circle.minutes = asked.minutes;
    effective.circle.minute_count = asked.minute_count;
    effective.circle.zone_fields = asked.zone_fields;
    if (run->people && !asked.population) {
        effective.circle.zone_fields.masses = &run->people;
        effective.circle.zone_fields.mass_count = 1;
    }
    if (!effective.rule_set_count) {
        effective.rules = usual;
        effective.rule_set_count = 1;
    }
    effective.horizon_min = run->horizon_ms / 60000.0;
    hsd_provenance p;
    hsd_provenance_init(&p, "delineate");
    if (status == HSD_OK) {
        hsd_options_record(&p.configuration, &hsd_delineate_options_table, &effective);
        status = record_inputs(run, &p, &effective, err);
    }
    if (status == HSD_OK && !(run->circle.record = hsd_provenance_json(&p, err)))
        status = HSD_E_MEMORY;
    hsd_provenance_finish(&p);
    hsd_option_pool_finish(&pool);
    return status;
}

static hsd_status begin_file(hsd_delineate_run *run, hsd_error *err) {
    char title[256];
    const hsd_circle_request *r = &run->request->circle;
    const char *lang = run->circle.lang;
    if (hsd_delineate_centres(run) == 1)
        snprintf(title, sizeof title, hsd_word_text(HSD_WORD_TITLE_METROPOLIS, lang),
                 hsd_centre_name(run, 0));
    else
        snprintf(title, sizeof title, hsd_word_text(HSD_WORD_TITLE_METROPOLIS_MANY, lang),
                 hsd_delineate_centres(run));
    hsd_dataset_options options = {.format = r->format,
                                   .overwrite = r->overwrite,
                                   .title = r->title ? r->title : title,
                                   .provenance = run->circle.record};
    const hsd_status status = hsd_output_datum(r->output_datum, run->run, &options, err);
    if (status != HSD_OK) return status;
    return hsd_dataset_create(r->output, &options, &run->circle.file, err);
}

/* ---- The run ---- */

static void finish(hsd_delineate_run *run) {
    hsd_circle_run_finish(&run->circle);
    hsd_member_rules_finish(&run->rules);
    for (size_t i = 0; i < run->official_count; i++) hsd_free(run->officials[i].flags);
    hsd_neighbours_finish(&run->neighbours);
    void *blocks[] = {run->minutes,
                      run->masses,
                      run->texts,
                      run->residents.candidate,
                      run->residents.weight,
                      run->population,
                      run->area_km2,
                      run->core,
                      run->served,
                      run->shares,
                      run->by_rule,
                      run->members,
                      run->fate,
                      run->best};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) hsd_free(blocks[i]);
}

static hsd_status execute(hsd_delineate_run *run, hsd_error *err) {
    hsd_status status = hsd_delineate_read(run, err);
    if (status == HSD_OK) status = make_record(run, err);
    if (status == HSD_OK) status = begin_file(run, err);
    if (status == HSD_OK) status = hsd_circle_prepare(&run->circle, err);
    if (status == HSD_OK) status = hsd_circle_all_failed(&run->circle, err);
    if (status == HSD_OK) status = hsd_delineate_people(run, err);
    return status == HSD_OK ? hsd_delineate_measure(run, err) : status;
}

hsd_status hsd_study_delineate(const hsd_delineate_request *request, const hsd_run *run,
                               hsd_delineate_report *out, hsd_error *err) {
    *out = (hsd_delineate_report){0};
    hsd_delineate_run work = {.request = request, .run = run};
    hsd_status status = execute(&work, err);
    if (status == HSD_OK) status = hsd_delineate_report_make(&work, out, err);
    if (status == HSD_OK) { /* last, so that a file stands for a run that went well */
        status = hsd_delineate_write(&work, err);
        if (status != HSD_OK) hsd_delineate_report_finish(out);
    }
    finish(&work);
    return status;
}
