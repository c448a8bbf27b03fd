/* rank: the order of a ranking run. Everything that can be wrong is found before the first search;
 * the result file appears when all is computed. */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "study/output_datum.h"
#include "study/rank_run.h"
#include "study/words.h"

enum {
    USUAL = HSD_RANK_ALONE | HSD_RANK_TOGETHER | HSD_RANK_WITHOUT,
    MANY = 500 /* proposals */
};

/* ---- The record ---- */

/* Leaving each one out of thousands takes longer than all the rest: then only when asked for. */
static unsigned sets_of(const hsd_rank_run *run) {
    if (run->request->sets) return run->request->sets;
    return run->compare.proposals.proposal_count > MANY ? USUAL & ~(unsigned)HSD_RANK_WITHOUT
                                                        : USUAL;
}

static hsd_status make_record(hsd_rank_run *run, hsd_error *err) {
    const hsd_circle_run *circle = &run->compare.circle;
    hsd_option_pool pool = {0};
    hsd_rank_request effective = *run->request;
    static const double hour[] = {60};
    if (effective.minute_count == 0) {
        effective.minutes = hour;
        effective.minute_count = 1;
    }
    if (!circle->transit) effective.profile = circle->profiles[0].name;
    effective.mode = circle->profiles[0].mode;
    effective.population_field = run->masses[0];
    effective.horizon_min = run->request->horizon_min > 0 ? run->request->horizon_min : 120;
    effective.sets = sets_of(run);
    effective.by = run->request->by ? run->request->by : "access_gain";
    effective.lang = circle->lang;
    hsd_status status = HSD_OK;
    if (circle->transit)
        status = hsd_circle_transit_effective(circle, &pool, &effective.transit, err);
    if (status == HSD_OK)
        status = hsd_record_make("rank", &hsd_rank_options_table, &effective, &circle->info,
                                 &run->compare.circle.record, err);
    hsd_option_pool_finish(&pool);
    return status;
}

static hsd_status begin_file(hsd_rank_run *run, hsd_error *err) {
    char title[256];
    const hsd_rank_request *r = run->request;
    snprintf(title, sizeof title, hsd_word_text(HSD_WORD_TITLE_RANKING, run->compare.circle.lang),
             run->compare.proposals.proposal_count);
    hsd_dataset_options options = {.format = r->format,
                                   .overwrite = r->overwrite,
                                   .title = r->title ? r->title : title,
                                   .provenance = run->compare.circle.record};
    hsd_status status = hsd_output_datum(r->output_datum, run->run, &options, err);
    if (status != HSD_OK) return status;
    return hsd_dataset_create(r->output, &options, &run->compare.circle.file, err);
}

/* ---- Ranking ---- */

static hsd_status rank(hsd_rank_run *run, hsd_error *err) {
    const hsd_rank_request *r = run->request;
    double horizon = r->horizon_min > 0 ? r->horizon_min : 120;
    hsd_rank_options options = {.cutoffs_ms = run->compare.circle.cutoffs_ms,
                                .cutoff_count = run->compare.circle.cutoff_count,
                                .horizon_ms = (uint32_t)floor(horizon * 60000 + 0.5),
                                .sets = sets_of(run),
                                .engine = r->engine,
                                .population = run->population,
                                .gdp = run->gdp,
                                .income = run->income,
                                .flows = run->flows.data,
                                .flow_count = run->flows.count};
    if (run->compare.circle.transit) return hsd_rank_by_rides(run, &options, err);
    return hsd_rank_make(run->compare.circle.profiles[0].locator, &run->compare.resolved[0],
                         &run->compare.circle.zones, &options, run->run, &run->ranking, err);
}

/* What -v tells: how the figures came to be, and what they would have cost otherwise. */
static void tell(const hsd_rank_run *run) {
    const hsd_ranking *g = &run->ranking;
    size_t shortcut = 0, searched = 0;
    for (size_t i = 0; i < g->row_count; i++) {
        searched += g->rows[i].searched;
        shortcut += !g->rows[i].searched;
    }
    hsd_log(run->run, HSD_LOG_INFO,
            "%zu rows by the shortcut, %zu by searches; %llu plain searches (%.2f s), %llu from "
            "ends of links (%.2f s with reading), %llu under scenarios; sets %.2f s",
            shortcut, searched, (unsigned long long)g->baseline_searches, g->baseline_s,
            (unsigned long long)g->pole_searches, g->poles_s,
            (unsigned long long)g->scenario_searches, g->sets_s);
    double done = (double)(g->baseline_searches + g->pole_searches + g->scenario_searches);
    double plain = (double)g->baseline_searches * (double)(1 + g->row_count);
    hsd_log(run->run, HSD_LOG_INFO,
            "a search an origin and row would be %.0f searches: %.1f times as many", plain,
            done > 0 ? plain / done : 0);
    size_t apart = 0;
    for (size_t z = 0; z < run->compare.circle.zones.place_count; z++)
        apart += hsd_zone_set_reason(run->compare.circle.profiles[0].zones, z) != HSD_SNAP_OK;
    if (apart)
        hsd_log(run->run, HSD_LOG_WARNING,
                "%zu of %zu zones join no street (layer snap says why): they reach nobody and stay "
                "in the sum of people",
                apart, run->compare.circle.zones.place_count);
}

/* ---- Break-even ---- */

static bool has_links(const hsd_rank_run *run, uint32_t proposal) {
    for (size_t i = 0; i < run->compare.resolved[0].added_count; i++)
        if (run->compare.resolved[0].added[i].proposal == proposal) return true;
    return false;
}

static hsd_status find_breaks(hsd_rank_run *run, hsd_error *err) {
    if (run->pairs.count == 0) return HSD_OK;
    size_t cutoffs = run->compare.circle.cutoff_count,
           proposals = run->compare.proposals.proposal_count;
    const hsd_profile_run *profile = &run->compare.circle.profiles[0];
    run->breaks = hsd_alloc(run->pairs.count * cutoffs, proposals * sizeof *run->breaks, err);
    if (!run->breaks) return HSD_E_MEMORY;
    hsd_pole_times *times;
    hsd_status status = hsd_pole_times_create(profile->locator, &run->compare.resolved[0],
                                              HSD_UNREACHABLE - 1, run->run, &times, err);
    for (size_t i = 0; status == HSD_OK && i < run->pairs.count; i++)
        for (size_t c = 0; c < cutoffs; c++)
            for (uint32_t p = 0; status == HSD_OK && p < proposals; p++) {
                if (!has_links(run, p)) continue;
                hsd_rank_break *b = &run->breaks[run->break_count];
                *b = (hsd_rank_break){.pair = i, .cutoff = c, .proposal = p};
                status = hsd_break_even_find(
                    times, p, hsd_zone_set_feet(profile->zones, run->pairs.data[i].from),
                    hsd_zone_set_feet(profile->zones, run->pairs.data[i].to),
                    run->compare.circle.cutoffs_ms[c], &b->found, err);
                if (status == HSD_OK) run->break_count++;
            }
    hsd_pole_times_destroy(times);
    return status;
}

/* ---- The run ---- */

/* The first as a warning, so that nothing is passed over in silence; all of them for -v. */
static void log_remarks(const hsd_rank_run *run) {
    const hsd_issues *issues = &run->compare.issues;
    char more[64] = "";
    if (issues->remarks > 1)
        snprintf(more, sizeof more, " (and %zu more remarks: -v)", issues->remarks - 1);
    bool first = true;
    for (size_t i = 0; i < issues->count; i++) {
        if (issues->list[i].error) continue;
        hsd_log(run->run, first ? HSD_LOG_WARNING : HSD_LOG_INFO, "%s%s", issues->list[i].text,
                first ? more : "");
        first = false;
    }
}

static hsd_status execute(hsd_rank_run *run, hsd_error *err) {
    hsd_status status = hsd_rank_read(run, err);
    if (status == HSD_OK) log_remarks(run);
    if (status == HSD_OK) status = hsd_rank_columns_make(run, err);
    if (status == HSD_OK) status = make_record(run, err);
    if (status == HSD_OK) status = begin_file(run, err);
    if (status == HSD_OK) status = rank(run, err);
    if (status == HSD_OK) tell(run);
    if (status == HSD_OK) status = find_breaks(run, err);
    return status == HSD_OK ? hsd_rank_columns_fill(run, err) : status;
}

hsd_status hsd_study_rank(const hsd_rank_request *request, const hsd_run *run, hsd_rank_report *out,
                          hsd_error *err) {
    *out = (hsd_rank_report){0};
    hsd_rank_run ranking = {0};
    hsd_rank_begin(&ranking, request, run);
    hsd_status status = execute(&ranking, err);
    if (status == HSD_OK) status = hsd_rank_report_make(&ranking, out, err);
    if (status == HSD_OK) { /* last, so that a file stands for a run that went well */
        status = hsd_rank_write(&ranking, err);
        if (status != HSD_OK) hsd_rank_report_finish(out);
    }
    if (status == HSD_OK || status == HSD_E_FORMAT) { /* the caller lists the errors */
        out->issues = ranking.compare.issues;
        ranking.compare.issues = (hsd_issues){0};
    }
    hsd_rank_run_finish(&ranking);
    return status;
}

/* ---- The report ---- */

typedef HSD_ARRAY(char *) keep;

static const char *kept(keep *k, const char *text, bool *ok, hsd_error *err) {
    char *copy = *ok && text ? hsd_strdup(text, err) : NULL;
    if (copy && !hsd_array_push(k, copy, err)) {
        hsd_free(copy);
        copy = NULL;
    }
    *ok = *ok && (copy || !text);
    return copy;
}

static double figure(const hsd_rank_run *run, size_t row, const char *name) {
    size_t column = hsd_rank_column_of(run, name);
    return column == SIZE_MAX ? NAN : hsd_rank_figure(run, row, column);
}

hsd_status hsd_rank_report_make(const hsd_rank_run *run, hsd_rank_report *out, hsd_error *err) {
    const hsd_ranking *g = &run->ranking;
    *out =
        (hsd_rank_report){.cutoff_min = run->compare.circle.cutoffs_ms[run->first_cutoff] / 60000.0,
                          .baseline_searches = g->baseline_searches,
                          .pole_searches = g->pole_searches,
                          .scenario_searches = g->scenario_searches,
                          .seconds = {g->baseline_s, g->poles_s, g->sets_s}};
    keep *k = out->storage = hsd_calloc(1, sizeof *k, err);
    out->lines = hsd_calloc(g->row_count, sizeof *out->lines, err);
    bool ok = k && out->lines;
    for (size_t i = 0; ok && i < g->row_count; i++) {
        const hsd_rank_row *row = &g->rows[run->order[i]];
        hsd_rank_line *line = &out->lines[out->line_count++];
        const hsd_proposal *list = run->compare.proposals.proposals;
        char *pair = NULL;
        if (row->second != UINT32_MAX) {
            pair = hsd_asprintf(err, "%s + %s", list[row->first].name, list[row->second].name);
            ok = pair != NULL;
        }
        const char *name = pair ? pair : row->first != UINT32_MAX ? list[row->first].name : "";
        *line = (hsd_rank_line){.set = hsd_rank_set_name(row->set),
                                .proposal = kept(k, name, &ok, err),
                                .access_gain = row->access_gain[run->first_cutoff],
                                .mean_saving_min = row->mean_saving_min,
                                .gini_change = row->gini_change[run->first_cutoff],
                                .per_km = figure(run, run->order[i], "per_km"),
                                .per_cost = figure(run, run->order[i], "per_cost"),
                                .length_km = figure(run, run->order[i], "length_km"),
                                .cost = figure(run, run->order[i], "cost"),
                                .synergy = figure(run, run->order[i], "synergy"),
                                .loss = figure(run, run->order[i], "loss_without")};
        hsd_free(pair);
    }
    if (!ok) hsd_rank_report_finish(out);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

void hsd_rank_report_finish(hsd_rank_report *report) {
    if (!report) return;
    keep *k = report->storage;
    for (size_t i = 0; k && i < k->count; i++) hsd_free(k->data[i]);
    if (k) hsd_array_finish(k);
    hsd_free(k);
    hsd_free(report->lines);
    hsd_issues_finish(&report->issues);
    *report = (hsd_rank_report){0};
}
