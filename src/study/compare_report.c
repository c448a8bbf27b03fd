/* What a comparison found, copied out of it for the caller's tables. */
#include <math.h>

#include "base/memory.h"
#include "study/compare_run.h"

/* Texts and mass arrays of a report live in one list of pointers. */
typedef struct keep {
    HSD_ARRAY(void *) blocks;
    HSD_ARRAY(const char *) sentences;
    const char **mass_names;
} keep;

static void *kept(keep *k, void *block, hsd_error *err) {
    if (block && !hsd_array_push(&k->blocks, block, err)) {
        hsd_free(block);
        return NULL;
    }
    return block;
}

static const char *kept_text(keep *k, const char *text, hsd_error *err) {
    return kept(k, hsd_strdup(text, err), err);
}

static const char *kept_name(const hsd_compare_run *run, keep *k, size_t origin, hsd_error *err) {
    const hsd_origin *o = &run->circle.origins.origins[origin];
    return kept_text(k, hsd_shown_name(o->name, o->name_en, run->circle.lang), err);
}

/* Those of one cut-off. */
static const double *kept_masses(keep *k, const double *masses, size_t cutoff, size_t count,
                                 hsd_error *err) {
    double *copy = kept(k, hsd_alloc(count, sizeof *copy, err), err);
    for (size_t m = 0; copy && m < count; m++) copy[m] = masses[cutoff * count + m];
    return copy;
}

static hsd_status fill_row(const hsd_compare_run *run, size_t s, size_t o, size_t p, size_t c,
                           keep *k, hsd_compare_row *row, hsd_error *err) {
    const hsd_circle_run *circle = &run->circle;
    const hsd_scene_result *before = hsd_scene_result_at(run, p, o, 0);
    const hsd_scene_result *after = hsd_scene_times(run, p, o, s);
    const hsd_scene_result *result = hsd_scene_result_at(run, p, o, s);
    size_t masses = circle->population.mass_count;
    *row = (hsd_compare_row){.scenario = kept_text(k, hsd_scene_name(run, s), err),
                             .origin_id = kept_text(k, circle->origins.origins[o].id, err),
                             .origin = kept_name(run, k, o, err),
                             .profile = kept_text(k, circle->profiles[p].name, err),
                             .cutoff_min = circle->cutoffs_ms[c] / 60000.0,
                             .before_km2 = before->circles[c].area_km2,
                             .after_km2 = after->circles[c].area_km2,
                             .gained_km2 = result->same ? 0 : result->changes[c].gained_km2,
                             .lost_km2 = result->same ? 0 : result->changes[c].lost_km2,
                             .before_road_km = before->circles[c].reached_km,
                             .after_road_km = after->circles[c].reached_km,
                             .masses_before = kept_masses(k, before->masses, c, masses, err),
                             .masses_after = kept_masses(k, after->masses, c, masses, err)};
    bool whole = row->scenario && row->origin_id && row->origin && row->profile &&
                 row->masses_before && row->masses_after;
    return whole ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status fill_rows(const hsd_compare_run *run, keep *k, hsd_compare_report *out,
                            hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    size_t tasks = c->profile_count * c->origins.count;
    out->rows = hsd_calloc(tasks * run->scene_count * c->cutoff_count, sizeof *out->rows, err);
    hsd_status status = out->rows ? HSD_OK : HSD_E_MEMORY;
    for (size_t s = 1; s < run->scene_count; s++)
        for (size_t o = 0; o < c->origins.count; o++)
            for (size_t p = 0; p < c->profile_count; p++)
                for (size_t k2 = 0; status == HSD_OK && k2 < c->cutoff_count; k2++)
                    if (hsd_run_result(c, p, o)->ok)
                        status = fill_row(run, s, o, p, k2, k, &out->rows[out->row_count++], err);
    return status;
}

static hsd_status fill_cities(const hsd_compare_run *run, keep *k, hsd_compare_report *out,
                              hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    size_t count = c->origins.count, most = c->profile_count * run->scene_count * count * count;
    bool to = c->request->direction == HSD_TO;
    out->cities = hsd_calloc(most, sizeof *out->cities, err);
    if (!out->cities) return HSD_E_MEMORY;
    for (size_t s = 1; s < run->scene_count; s++)
        for (size_t p = 0; p < c->profile_count; p++)
            for (size_t i = 0; i < count * count; i++) {
                size_t o = i / count, other = i % count;
                if (o == other || !hsd_run_result(c, p, o)->ok) continue;
                uint32_t before = hsd_scene_city_ms(hsd_scene_result_at(run, p, o, 0))[other];
                uint32_t after = hsd_scene_city_ms(hsd_scene_result_at(run, p, o, s))[other];
                hsd_city_row *row = &out->cities[out->city_count++];
                row->scenario = kept_text(k, hsd_scene_name(run, s), err);
                row->profile = kept_text(k, c->profiles[p].name, err);
                row->from = kept_name(run, k, to ? other : o, err);
                row->to = kept_name(run, k, to ? o : other, err);
                row->before_min = before < HSD_UNREACHABLE ? before / 60000.0 : NAN;
                row->after_min = after < HSD_UNREACHABLE ? after / 60000.0 : NAN;
                if (!row->scenario || !row->profile || !row->from || !row->to) return HSD_E_MEMORY;
            }
    return HSD_OK;
}

typedef struct listener {
    const hsd_compare_run *run;
    keep *k;
} listener;

static hsd_status keep_sentence(void *context, size_t s, size_t o, size_t p, size_t c,
                                const char *en, const char *zh, hsd_error *err) {
    listener *l = context;
    (void)s, (void)o, (void)p, (void)c;
    const char *text = kept_text(l->k, l->run->circle.lang[0] == 'z' ? zh : en, err);
    return text && hsd_array_push(&l->k->sentences, text, err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status fill_failed(const hsd_compare_run *run, keep *k, hsd_compare_report *out,
                              hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    out->failed = hsd_calloc(c->profile_count * c->origins.count, sizeof *out->failed, err);
    if (!out->failed) return HSD_E_MEMORY;
    for (size_t o = 0; o < c->origins.count; o++)
        for (size_t p = 0; p < c->profile_count; p++) {
            const hsd_origin_result *result = hsd_run_result(c, p, o);
            if (result->ok) continue;
            hsd_failed_origin *failed = &out->failed[out->failed_count++];
            *failed =
                (hsd_failed_origin){kept_text(k, c->origins.origins[o].id, err),
                                    kept_name(run, k, o, err), kept_text(k, result->why, err)};
            if (!failed->id || !failed->name || !failed->why) return HSD_E_MEMORY;
        }
    return HSD_OK;
}

hsd_status hsd_compare_report_make(const hsd_compare_run *run, hsd_compare_report *out,
                                   hsd_error *err) {
    const hsd_place_table *people = &run->circle.population;
    keep *k = hsd_calloc(1, sizeof *k, err);
    *out = (hsd_compare_report){.mass_count = people->mass_count, .storage = k};
    if (!k) return HSD_E_MEMORY;
    k->mass_names = hsd_calloc(people->mass_count, sizeof *k->mass_names, err);
    out->mass_names = k->mass_names;
    hsd_status status = k->mass_names ? HSD_OK : HSD_E_MEMORY;
    for (size_t m = 0; status == HSD_OK && m < people->mass_count; m++)
        if (!(k->mass_names[m] = kept_text(k, people->mass_names[m], err))) status = HSD_E_MEMORY;
    if (status == HSD_OK) status = fill_rows(run, k, out, err);
    if (status == HSD_OK && run->circle.origins.count > 1) status = fill_cities(run, k, out, err);
    if (status == HSD_OK) status = fill_failed(run, k, out, err);
    listener l = {run, k};
    if (status == HSD_OK) status = hsd_summary_tell(run, keep_sentence, &l, err);
    out->sentences = k->sentences.data;
    out->sentence_count = k->sentences.count;
    if (status != HSD_OK) hsd_compare_report_finish(out);
    return status;
}

void hsd_compare_report_finish(hsd_compare_report *report) {
    if (!report) return;
    keep *k = report->storage;
    for (size_t i = 0; k && i < k->blocks.count; i++) hsd_free(k->blocks.data[i]);
    if (k) {
        hsd_array_finish(&k->blocks);
        hsd_array_finish(&k->sentences);
        hsd_free(k->mass_names);
    }
    hsd_free(k);
    hsd_free(report->rows);
    hsd_free(report->cities);
    hsd_free(report->failed);
    hsd_issues_finish(&report->issues);
    *report = (hsd_compare_report){0};
}
