/* compare: the order of a comparison. Every edit is resolved and every problem listed before the
 * first search, and before places are read: where no streets are drawn, stations that are proposed
 * are what places may join. Outputs appear when all is computed, each whole. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/issues.h"
#include "base/parallel.h"
#include "study/compare_transit.h"
#include "study/output_datum.h"
#include "study/words.h"

const char *hsd_kind_name(hsd_change_kind kind) {
    static const char *const names[] = {"gained", "lost", "kept", "faster"};
    return names[kind];
}

/* ---- The request ---- */

static hsd_status check_request(const hsd_compare_run *run, hsd_error *err) {
    const hsd_compare_request *r = run->request;
    const hsd_circle_request *c = &r->circle;
    if (!r->proposals.path || !r->proposals.path[0])
        return hsd_fail(err, HSD_E_ARGUMENT, "no proposals: --proposals FILE");
    if (c->edges == HSD_EDGES_NEAREST)
        return hsd_fail(err, HSD_E_ARGUMENT, "edges of a comparison: none or each");
    if (r->city_of && !c->population)
        return hsd_fail(err, HSD_E_ARGUMENT, "--city-of: nothing without --population");
    if (r->path_count && c->mode && strcmp(c->mode, HSD_MODE_TRANSIT) == 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--path %s: not with --mode transit; expected --legs ORIGIN:TARGET",
                        r->paths[0]);
    if (!(r->faster_min >= 0 && r->faster_min <= 7 * 24 * 60))
        return hsd_fail(err, HSD_E_ARGUMENT, "faster by %g minutes: above 0 and at most %d",
                        r->faster_min, 7 * 24 * 60);
    const char *outputs[] = {c->output, c->map};
    for (size_t i = 0; i < 2; i++)
        if (hsd_same_file(outputs[i], r->proposals.path))
            return hsd_fail(err, HSD_E_ARGUMENT, "output %s is an input of this run", outputs[i]);
    return HSD_OK;
}

/* The circle request as this run uses it. */
static void take_circle(hsd_compare_run *run) {
    hsd_circle_request *c = &run->circle_request;
    *c = run->request->circle;
    c->bands = c->hinterland = c->overlap = c->nodes = false;
    c->raster = NULL;
    if (run->request->city_of) c->population_fields.name = run->request->city_of;
    run->circle.request = c;
    run->circle.lang = c->lang ? c->lang : "en";
    run->circle.portals = true;
    run->circle.edges = c->edges == HSD_EDGES_EACH ? HSD_EDGES_EACH : HSD_EDGES_NONE;
}

static hsd_status take_scenarios(hsd_compare_run *run, hsd_error *err) {
    static const char *const all[] = {"all=*"};
    const hsd_compare_request *r = run->request;
    size_t count = r->scenario_count ? r->scenario_count : 1;
    const char *const *texts = r->scenario_count ? r->scenarios : all;
    run->scenarios = hsd_calloc(count, sizeof *run->scenarios, err);
    if (!run->scenarios) return HSD_E_MEMORY;
    run->scene_count = 1;
    for (size_t i = 0; i < count; i++) {
        hsd_scenario *scenario = &run->scenarios[i];
        hsd_status status = hsd_scenario_parse(texts[i], &run->proposals, scenario, err);
        if (status != HSD_OK) return status;
        run->scene_count++;
        if (strcmp(scenario->name, "baseline") == 0)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "scenario \"baseline\": that is the network as it stands; choose "
                            "another name");
        for (size_t k = 0; k < i; k++)
            if (strcmp(run->scenarios[k].name, scenario->name) == 0)
                return hsd_fail(err, HSD_E_ARGUMENT, "scenario \"%s\" is named twice",
                                scenario->name);
    }
    return HSD_OK;
}

/* ---- Proposals ---- */

static bool has_issue(const hsd_issues *issues, const char *text) {
    for (size_t i = 0; i < issues->count; i++)
        if (strcmp(issues->list[i].text, text) == 0) return true;
    return false;
}

hsd_status hsd_compare_add_issues(hsd_compare_run *run, const hsd_issues *more, hsd_error *err) {
    hsd_issues *to = &run->issues;
    for (size_t i = 0; i < more->count; i++) {
        const hsd_issue *issue = &more->list[i];
        if (has_issue(to, issue->text)) continue;
        bool kept = issue->error ? hsd_issues_error(to, err, "%s", issue->text)
                                 : hsd_issues_remark(to, err, "%s", issue->text);
        if (!kept) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* Under every profile before any is given up: all problems are mended at once. */
static hsd_status resolve(hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    if (c->transit) return hsd_compare_transit_resolve(run, err);
    run->resolved = hsd_calloc(c->profile_count, sizeof *run->resolved, err);
    if (!run->resolved) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    for (size_t p = 0; status == HSD_OK && p < c->profile_count; p++) {
        hsd_issues issues = {0};
        status = hsd_proposals_resolve(c->network, (size_t)c->profiles[p].profile, &run->proposals,
                                       &run->request->resolve, c->run,
                                       &run->resolved[run->resolved_count++], &issues, err);
        if (status == HSD_E_FORMAT && issues.errors) status = HSD_OK; /* listed */
        if (status == HSD_OK) status = hsd_compare_add_issues(run, &issues, err);
        hsd_issues_finish(&issues);
    }
    return status == HSD_OK ? hsd_issues_status(&run->issues, err) : status;
}

static hsd_status read_edits(hsd_compare_run *run, hsd_error *err) {
    hsd_proposal_source source = run->request->proposals;
    if (!source.encoding) source.encoding = run->request->circle.origin_fields.encoding;
    if (!source.assume_crs) source.assume_crs = run->request->circle.assume_crs;
    if (!source.datum) source.datum = run->request->circle.datum;
    hsd_status status =
        hsd_read_proposals(&source, run->circle.run, &run->proposals, &run->issues, err);
    if (status == HSD_OK) status = take_scenarios(run, err);
    return status == HSD_OK ? resolve(run, err) : status;
}

hsd_status hsd_compare_read(hsd_compare_run *run, hsd_error *err) {
    hsd_status status = hsd_circle_open(&run->circle, err);
    run->scene_count = 1;
    if (status == HSD_OK && run->request->proposals.path) status = read_edits(run, err);
    for (size_t i = 0; status == HSD_OK && i < run->issues.count; i++)
        hsd_log(run->circle.run, HSD_LOG_WARNING, "%s", run->issues.list[i].text);
    if (status == HSD_OK) status = hsd_circle_read(&run->circle, err);
    return status;
}

/* ---- The file ---- */

static hsd_status make_record(hsd_compare_run *run, hsd_error *err) {
    static const char *const all[] = {"all=*"};
    hsd_option_pool pool = {0};
    hsd_compare_request effective = *run->request;
    hsd_status status = hsd_circle_effective(&run->circle, &pool, &effective.circle, err);
    if (!effective.scenario_count) {
        effective.scenarios = all;
        effective.scenario_count = 1;
    }
    if (!(effective.faster_min > 0)) effective.faster_min = 1;
    if (status == HSD_OK)
        status = hsd_record_make("compare", &hsd_compare_options_table, &effective,
                                 &run->circle.info, &run->circle.record, err);
    hsd_option_pool_finish(&pool);
    return status;
}

/* Nothing was asked for, or what is then assumed: as a run from its own record asks. */
static bool usual_scenario(const hsd_compare_request *r) {
    return r->scenario_count == 0 || (r->scenario_count == 1 && !strcmp(r->scenarios[0], "all=*"));
}

const char *hsd_compare_shown(const hsd_compare_run *run, size_t scene, const char *lang) {
    if (scene && usual_scenario(run->request))
        return run->proposals.proposal_count == 1 ? run->proposals.proposals[0].name
                                                  : hsd_word_text(HSD_WORD_ALL_PROPOSALS, lang);
    return hsd_scene_name(run, scene);
}

void hsd_compare_title(const hsd_compare_run *run, char *buffer, size_t size) {
    const hsd_circle_run *c = &run->circle;
    if (c->request->title)
        snprintf(buffer, size, "%s", c->request->title);
    else if (run->scene_count == 2)
        snprintf(buffer, size, hsd_word_text(HSD_WORD_TITLE_COMPARE, c->lang),
                 hsd_compare_shown(run, 1, c->lang));
    else
        snprintf(buffer, size, hsd_word_text(HSD_WORD_TITLE_COMPARE_MANY, c->lang),
                 run->scene_count - 1);
}

static hsd_status begin(hsd_compare_run *run, hsd_error *err) {
    char title[256];
    hsd_compare_title(run, title, sizeof title);
    hsd_dataset_options options = {.format = run->circle.request->format,
                                   .overwrite = run->circle.request->overwrite,
                                   .title = title,
                                   .provenance = run->circle.record};
    hsd_status status =
        hsd_output_datum(run->circle.request->output_datum, run->circle.run, &options, err);
    if (status != HSD_OK) return status;
    return hsd_dataset_create(run->circle.request->output, &options, &run->circle.file, err);
}

/* ---- The run ---- */

static hsd_status execute(hsd_compare_run *run, hsd_error *err) {
    hsd_status status = check_request(run, err);
    if (status == HSD_OK) status = hsd_circle_check(&run->circle, err);
    if (status == HSD_OK) status = hsd_compare_read(run, err);
    if (status == HSD_OK) status = hsd_circle_prepare(&run->circle, err);
    if (status == HSD_OK) status = hsd_circle_all_failed(&run->circle, err);
    if (status == HSD_OK) status = hsd_check_paths(run, err);
    if (status == HSD_OK) status = make_record(run, err);
    if (status == HSD_OK) status = begin(run, err);
    if (status == HSD_OK) status = hsd_compare_prepare(run, err);
    if (status == HSD_OK) status = hsd_compare_compute(run, err);
    if (status == HSD_OK) status = hsd_compare_popmeans(run, err);
    if (status == HSD_OK) status = hsd_compare_write(run, err);
    if (status == HSD_OK && run->circle.request->map) status = hsd_compare_draw(run, err);
    return status;
}

void hsd_compare_run_finish(hsd_compare_run *run) {
    size_t results = run->circle.profile_count * run->circle.origins.count * run->scene_count;
    for (size_t i = 0; run->results && i < results; i++)
        hsd_scene_result_finish(&run->results[i], run->circle.cutoff_count);
    hsd_free(run->results);
    hsd_free(run->popmeans);
    hsd_compare_scenes_finish(run);
    for (size_t r = 0; r < run->resolved_count; r++) hsd_resolved_finish(&run->resolved[r]);
    hsd_free(run->resolved);
    hsd_trip_index_finish(&run->base_trips);
    for (size_t s = 1; run->scenarios && s < run->scene_count; s++)
        hsd_scenario_finish(&run->scenarios[s - 1]);
    hsd_free(run->scenarios);
    hsd_proposal_table_finish(&run->proposals);
    hsd_issues_finish(&run->issues);
    hsd_circle_run_finish(&run->circle);
    hsd_resolved_rail_finish(&run->rail); /* the run's timetable */
}

hsd_status hsd_study_compare(const hsd_compare_request *request, const hsd_run *run,
                             hsd_compare_report *out, hsd_error *err) {
    *out = (hsd_compare_report){0};
    hsd_compare_run compare = {.request = request, .circle = {.run = run}};
    take_circle(&compare);
    hsd_status status = execute(&compare, err);
    if (status == HSD_OK) status = hsd_compare_report_make(&compare, out, err);
    out->issues = compare.issues; /* also where nothing was computed: they say why */
    compare.issues = (hsd_issues){0};
    hsd_compare_run_finish(&compare);
    return status;
}
