/* delineate: what was found, copied out of the run for tables on a terminal. */
#include <math.h>

#include "base/memory.h"
#include "base/text.h"
#include "study/delineate_run.h"

typedef HSD_ARRAY(char *) keep;

/* Takes the text over. */
static const char *hold(keep *k, char *text, hsd_error *err) {
    if (text && hsd_array_push(&k[0], text, err)) return text;
    hsd_free(text);
    return NULL;
}

static const char *kept(keep *k, const char *text, hsd_error *err) {
    return hold(k, hsd_strdup(text, err), err);
}

/* Names of candidates that are in one and not in the other. */
static const char *names_of(const hsd_delineate_run *run, const uint8_t *in, const uint8_t *out,
                            keep *k, hsd_error *err) {
    hsd_text text = {0};
    hsd_text_add(&text, "");
    for (size_t z = 0; z < hsd_delineate_candidates(run); z++) {
        if (!in[z] || out[z]) continue;
        if (text.length) hsd_text_add(&text, ", ");
        hsd_text_add(&text, hsd_candidate_name(run, z));
    }
    const char *copy = text.failed ? NULL : kept(k, text.data ? text.data : "", err);
    if (text.failed) hsd_fail(err, HSD_E_MEMORY, "out of memory: names of candidates");
    hsd_text_finish(&text);
    return copy;
}

static bool take_line(const hsd_delineate_run *run, size_t o, size_t r, keep *k,
                      hsd_delineate_line *line, hsd_error *err) {
    const hsd_circle_size size = hsd_delineate_size(run, run->members + hsd_of_rule(run, o, r));
    *line = (hsd_delineate_line){.centre_id = kept(k, run->circle.origins.origins[o].id, err),
                                 .centre = kept(k, hsd_centre_name(run, o), err),
                                 .rule = kept(k, run->rules.rules[r].name, err),
                                 .members = size.members,
                                 .area_km2 = run->polygons ? size.area_km2 : NAN,
                                 .population = size.population,
                                 .jaccard = NAN,
                                 .recall = NAN,
                                 .precision = NAN,
                                 .area_jaccard = NAN,
                                 .population_jaccard = NAN};
    return line->centre_id && line->centre && line->rule;
}

static bool compare_line(const hsd_delineate_run *run, size_t o, size_t r, const hsd_official *list,
                         keep *k, hsd_delineate_line *line, hsd_error *err) {
    const size_t count = hsd_delineate_candidates(run);
    const uint8_t *model = run->members + hsd_of_rule(run, o, r);
    const uint8_t *official = list->flags + hsd_of_centre(run, o);
    const hsd_agreement a = hsd_members_compare(model, official, count);
    line->official = kept(k, list->name, err);
    line->both = a.both;
    line->model_only = a.model_only;
    line->official_only = a.official_only;
    line->jaccard = a.jaccard;
    line->recall = a.recall;
    line->precision = a.precision;
    if (run->polygons)
        line->area_jaccard = hsd_members_compare_by(model, official, run->area_km2, count).jaccard;
    if (run->people)
        line->population_jaccard =
            hsd_members_compare_by(model, official, run->population, count).jaccard;
    line->model_only_names = names_of(run, model, official, k, err);
    line->official_only_names = names_of(run, official, model, k, err);
    return line->official && line->model_only_names && line->official_only_names;
}

static bool take_lines(const hsd_delineate_run *run, keep *k, hsd_delineate_report *out,
                       hsd_error *err) {
    const size_t lists = run->official_count ? run->official_count : 1;
    const size_t most = hsd_delineate_centres(run) * run->rules.count * lists;
    out->lines = hsd_calloc(most, sizeof *out->lines, err);
    bool ok = out->lines != NULL;
    for (size_t o = 0; o < hsd_delineate_centres(run); o++)
        for (size_t r = 0; hsd_delineate_ok(run, o) && r < run->rules.count; r++)
            for (size_t i = 0; ok && i < lists; i++) {
                hsd_delineate_line *line = &out->lines[out->line_count++];
                ok = take_line(run, o, r, k, line, err);
                if (ok && run->official_count)
                    ok = compare_line(run, o, r, &run->officials[i], k, line, err);
            }
    return ok;
}

static bool take_nesting(const hsd_delineate_run *run, keep *k, hsd_delineate_report *out,
                         hsd_error *err) {
    const size_t centres = hsd_delineate_centres(run);
    if (centres < 2) return true;
    out->nesting = hsd_calloc(run->rules.count * (centres + 1), sizeof *out->nesting, err);
    if (!out->nesting) return false;
    for (size_t r = 0; r < run->rules.count; r++) {
        const char *rule = kept(k, run->rules.rules[r].name, err);
        if (!rule) return false;
        for (size_t n = 0; n <= centres; n++) {
            hsd_nesting_line line = {.rule = rule,
                                     .circles = n,
                                     .area_km2 = run->polygons ? 0 : NAN,
                                     .population = run->people ? 0 : NAN};
            for (size_t z = 0; z < hsd_delineate_candidates(run); z++) {
                if (hsd_delineate_circles(run, r, z) != n) continue;
                line.candidates++;
                line.area_km2 += run->area_km2[z];
                if (run->people) line.population += run->population[z];
            }
            if (line.candidates) out->nesting[out->nesting_count++] = line;
        }
    }
    return true;
}

static bool take_failed(const hsd_delineate_run *run, keep *k, hsd_delineate_report *out,
                        hsd_error *err) {
    out->failed = hsd_calloc(hsd_delineate_centres(run), sizeof *out->failed, err);
    bool ok = out->failed != NULL;
    for (size_t o = 0; ok && o < hsd_delineate_centres(run); o++) {
        if (hsd_delineate_ok(run, o)) continue;
        hsd_failed_origin *f = &out->failed[out->failed_count++];
        *f = (hsd_failed_origin){kept(k, run->circle.origins.origins[o].id, err),
                                 kept(k, hsd_centre_name(run, o), err),
                                 kept(k, hsd_run_result(&run->circle, 0, o)->why, err)};
        ok = f->id && f->name && f->why;
    }
    return ok;
}

hsd_status hsd_delineate_report_make(const hsd_delineate_run *run, hsd_delineate_report *out,
                                     hsd_error *err) {
    *out = (hsd_delineate_report){0};
    keep *k = out->storage = hsd_calloc(1, sizeof *k, err);
    const bool ok = k && take_lines(run, k, out, err) && take_nesting(run, k, out, err) &&
                    take_failed(run, k, out, err);
    if (!ok) hsd_delineate_report_finish(out);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

void hsd_delineate_report_finish(hsd_delineate_report *report) {
    if (!report) return;
    keep *k = report->storage;
    for (size_t i = 0; k && i < k->count; i++) hsd_free(k->data[i]);
    if (k) hsd_array_finish(k);
    hsd_free(k);
    hsd_free(report->lines);
    hsd_free(report->nesting);
    hsd_free(report->failed);
    *report = (hsd_delineate_report){0};
}
