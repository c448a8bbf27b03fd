/* access: the order of a run of measures. Everything that can be wrong is found before the first
 * search; the result file appears when all is computed. From a network times come from rows of
 * times (study/time_rows.h), else from matrices: then there is no network, in the record neither.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "study/access_run.h"
#include "study/output_datum.h"
#include "study/words.h"

hsd_status hsd_access_warn(hsd_access_run *run, hsd_error *err, const char *format, ...) {
    char text[400];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    char *copy = hsd_strdup(text, err);
    if (!copy || !hsd_array_push(&run->warnings, copy, err)) {
        hsd_free(copy);
        return HSD_E_MEMORY;
    }
    hsd_log(run->run, HSD_LOG_WARNING, "%s", text);
    return HSD_OK;
}

/* ---- The request ---- */

static hsd_status check_network_alone(const hsd_access_request *r, hsd_error *err) {
    const hsd_circle_request *c = &r->times.circle;
    const struct {
        bool said;
        const char *option;
    } refused[] = {{c->network, "a network"},         {r->proposals.path, "--proposals"},
                   {r->scenario_count, "--scenario"}, {r->spillover, "--spillover"},
                   {c->point_count, "--from"},        {r->times.grid, "--grid"},
                   {c->minute_count, "--minutes"},    {c->mode, "--mode"},
                   {c->profile_count, "--profile"},   {c->gates, "--gates"},
                   {c->barriers, "--barriers"},       {c->population, "--population"},
                   {r->times.zone_at, "--zone-at"}};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (refused[i].said)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "%s with --matrix: times come from one or the other",
                            refused[i].option);
    return HSD_OK;
}

static hsd_status check_matrix_alone(const hsd_access_request *r, hsd_error *err) {
    if (r->scenario_matrix_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "--scenario-matrix %s: nothing without --matrix",
                        r->scenario_matrices[0]);
    if (r->spillover && !r->proposals.path)
        return hsd_fail(err, HSD_E_ARGUMENT, "--spillover %s: nothing without --proposals",
                        r->spillover);
    if (r->proposal_region_count && !r->spillover)
        return hsd_fail(err, HSD_E_ARGUMENT, "--proposal-region %s: nothing without --spillover",
                        r->proposal_regions[0]);
    return HSD_OK;
}

/* A rule that needs a number, and numbers that need a rule. */
static hsd_status check_defaults(const hsd_measure_defaults *d, hsd_error *err) {
    const bool capped = d->unreachable == HSD_UNREACHED_CAP,
               valued = d->self_time == HSD_SELF_FIXED || d->self_time == HSD_SELF_RADIUS;
    if (capped && !(d->cap_min > 0))
        return hsd_fail(err, HSD_E_ARGUMENT, "--unreachable cap: as how many minutes, --cap says");
    if (d->cap_min > 0 && !capped)
        return hsd_fail(err, HSD_E_ARGUMENT, "--cap %g: nothing without --unreachable cap",
                        d->cap_min);
    if (d->self_time == HSD_SELF_RADIUS && !(d->self_value > 0))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--self-time radius: at how many km/h, --self-value says");
    if (d->self_value > 0 && !valued)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--self-value %g: nothing without --self-time fixed or radius",
                        d->self_value);
    return HSD_OK;
}

static hsd_status check_request(const hsd_access_run *run, hsd_error *err) {
    const hsd_access_request *r = run->request;
    const hsd_circle_request *c = &r->times.circle;
    if (!c->network && !r->matrix)
        return hsd_fail(err, HSD_E_ARGUMENT, "no times: a network (.hsn), or --matrix FILE");
    hsd_status status = check_defaults(&r->defaults, err);
    if (status != HSD_OK) return status;
    status = r->matrix ? check_network_alone(r, err) : check_matrix_alone(r, err);
    if (status != HSD_OK) return status;
    if (!c->zones) return hsd_fail(err, HSD_E_ARGUMENT, "no zones: --zones FILE, with masses");
    if (!c->output || !c->output[0]) return hsd_fail(err, HSD_E_ARGUMENT, "no output file");
    const char *inputs[] = {c->network, r->matrix, c->zones, c->origins, r->proposals.path};
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
        if (hsd_same_file(c->output, inputs[i]))
            return hsd_fail(err, HSD_E_ARGUMENT, "output %s is an input of this run", c->output);
    for (size_t i = 0; i < r->scenario_matrix_count; i++) {
        const char *equals = strchr(r->scenario_matrices[i], '=');
        if (equals && hsd_same_file(c->output, equals + 1))
            return hsd_fail(err, HSD_E_ARGUMENT, "output %s is an input of this run", c->output);
    }
    if (c->lang && strcmp(c->lang, "en") != 0 && strcmp(c->lang, "zh") != 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "language \"%s\": en or zh", c->lang);
    return HSD_OK;
}

/* The request as it is carried out: the direction is that of measures, too. */
static void take_request(hsd_access_run *run, const hsd_access_request *request) {
    hsd_access_request *own = &run->own;
    *own = *request;
    const hsd_circle_request *c = &own->times.circle;
    own->defaults.direction = c->direction;
    if (own->defaults.self == 2) own->defaults.self = -1; /* a word of the options */
    if (!own->proposals.encoding) own->proposals.encoding = c->zone_fields.encoding;
    if (!own->proposals.assume_crs) own->proposals.assume_crs = c->assume_crs;
    if (!own->proposals.datum) own->proposals.datum = c->datum;
    run->request = own;
    run->lang = c->lang ? c->lang : "en";
    run->apart = c->origins || c->point_count;
    run->swapped = !own->matrix && c->direction == HSD_TO;
}

/* ---- The record ---- */

static const char *const *texts_of(hsd_access_run *run, const hsd_measure_list *list,
                                   hsd_error *err) {
    const char **texts =
        hsd_option_keep(&run->pool, hsd_calloc(list->count + 1, sizeof *texts, err), err);
    for (size_t i = 0; texts && i < list->count; i++) texts[i] = hsd_measure_text(list->data[i]);
    return texts;
}

static hsd_status make_record(hsd_access_run *run, hsd_error *err) {
    hsd_access_request effective = run->own;
    hsd_status status = HSD_OK;
    if (run->times) status = hsd_time_rows_effective(run->times, &run->pool, &effective.times, err);
    effective.times.circle.lang = run->lang;
    effective.times.memory_mb = 0; /* changes nothing in the file */
    effective.measures = texts_of(run, &run->measures, err);
    effective.measure_count = run->measures.count;
    effective.inequality = texts_of(run, &run->inequality, err);
    effective.inequality_count = run->inequality.count;
    if (effective.defaults.self < 0) effective.defaults.self = 2;
    if (!effective.measures || !effective.inequality) return HSD_E_MEMORY;
    const hsd_network_info *info = run->times ? &hsd_time_rows_run(run->times)->circle.info : NULL;
    if (status == HSD_OK)
        status = hsd_record_make("access", &hsd_access_options_table, &effective, info,
                                 &run->record, err);
    return status;
}

static hsd_status begin_file(hsd_access_run *run, hsd_error *err) {
    const hsd_circle_request *c = &run->request->times.circle;
    hsd_dataset_options options = {.format = c->format,
                                   .overwrite = c->overwrite,
                                   .title = c->title ? c->title
                                                     : hsd_word_text(HSD_WORD_ACCESS, run->lang),
                                   .provenance = run->record};
    const hsd_status status = hsd_output_datum(c->output_datum, run->run, &options, err);
    if (status != HSD_OK) return status;
    return hsd_dataset_create(c->output, &options, &run->file, err);
}

/* ---- The report ---- */

typedef struct keep {
    HSD_ARRAY(hsd_access_line) lines;
    HSD_ARRAY(char *) texts;
    const char **conventions;
    const char **warnings;
    const hsd_access_run *run;
} keep;

static const char *kept(keep *k, const char *text, bool *ok, hsd_error *err) {
    char *copy = *ok && text ? hsd_strdup(text, err) : NULL;
    if (copy && !hsd_array_push(&k->texts, copy, err)) {
        hsd_free(copy);
        copy = NULL;
    }
    *ok = *ok && (copy || !text);
    return copy;
}

/* The mean that every measure has, where one over other people or of groups is asked for by its
 * name. */
static bool is_said_again(const hsd_access_run *run, const hsd_access_figure *figure) {
    if (figure->inequality || strcmp(figure->statistic, "mean") != 0) return false;
    for (size_t q = 0; q < run->inequality.count; q++)
        if (strcmp(hsd_measure_column(run->inequality.data[q]), "mean") == 0) return true;
    return false;
}

static hsd_status keep_figure(void *context, const hsd_access_figure *figure, hsd_error *err) {
    keep *k = context;
    if (is_said_again(k->run, figure)) return HSD_OK;
    bool ok = true;
    char name[128];
    hsd_access_line line = {.scenario = kept(k, k->run->scenes[figure->scene].name, &ok, err),
                            .measure =
                                kept(k, hsd_access_column(k->run, figure->measure, name), &ok, err),
                            .statistic = kept(k, figure->statistic, &ok, err),
                            .group = kept(k, figure->group, &ok, err),
                            .value = figure->value,
                            .change = figure->change};
    return ok && hsd_array_push(&k->lines, line, err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status make_report(const hsd_access_run *run, hsd_access_report *out, hsd_error *err) {
    keep *k = out->storage = hsd_calloc(1, sizeof *k, err);
    if (!k) return HSD_E_MEMORY;
    k->run = run;
    const size_t measures = run->measures.count, unequal = run->inequality.count;
    k->conventions = hsd_calloc(measures + unequal, sizeof *k->conventions, err);
    k->warnings = hsd_calloc(run->warnings.count, sizeof *k->warnings, err);
    bool ok = k->conventions && k->warnings;
    for (size_t i = 0; ok && i < measures + unequal; i++) {
        const hsd_measure *m =
            i < measures ? run->measures.data[i] : run->inequality.data[i - measures];
        char name[128];
        char *line = hsd_asprintf(
            err, "%s: %s", i < measures ? hsd_access_column(run, i, name) : hsd_measure_column(m),
            hsd_measure_conventions(m));
        k->conventions[i] = kept(k, line, &ok, err);
        ok = ok && line;
        hsd_free(line);
    }
    for (size_t i = 0; ok && i < run->warnings.count; i++)
        k->warnings[i] = kept(k, run->warnings.data[i], &ok, err);
    hsd_status status = ok ? hsd_access_figures(run, keep_figure, k, err) : HSD_E_MEMORY;
    out->lines = k->lines.data;
    out->line_count = k->lines.count;
    out->conventions = k->conventions;
    out->convention_count = measures + unequal;
    out->warnings = k->warnings;
    out->warning_count = run->warnings.count;
    return status;
}

void hsd_access_report_finish(hsd_access_report *report) {
    if (!report) return;
    keep *k = report->storage;
    for (size_t i = 0; k && i < k->texts.count; i++) hsd_free(k->texts.data[i]);
    if (k) {
        hsd_array_finish(&k->texts);
        hsd_array_finish(&k->lines);
        hsd_free(k->conventions);
        hsd_free(k->warnings);
    }
    hsd_free(k);
    hsd_issues_finish(&report->issues);
    *report = (hsd_access_report){0};
}

/* ---- The run ---- */

static hsd_status execute(hsd_access_run *run, hsd_error *err) {
    hsd_status status = check_request(run, err);
    if (status == HSD_OK) status = hsd_access_parse(run, err);
    if (status == HSD_OK) status = hsd_access_find_columns(run, err);
    if (status == HSD_OK) status = hsd_access_read_places(run, err);
    if (status == HSD_OK) status = hsd_access_open(run, err);
    if (status == HSD_OK) status = hsd_access_make_sides(run, err);
    if (status == HSD_OK) status = make_record(run, err);
    if (status == HSD_OK) status = begin_file(run, err);
    return status == HSD_OK ? hsd_access_compute(run, err) : status;
}

static void finish_measures(hsd_measure_list *list) {
    hsd_measures_destroy(list->data, list->count); /* the array, too */
    *list = (hsd_measure_list){0};
}

static void finish(hsd_access_run *run) {
    const size_t measures = run->measures.count, unequal = run->inequality.count;
    for (size_t s = 0; run->scenes && s < run->scene_count; s++) {
        hsd_access_scene *scene = &run->scenes[s];
        for (size_t m = 0; scene->measured && m < measures; m++)
            hsd_measured_finish(&scene->measured[m]);
        for (size_t q = 0; scene->unequal && q < measures * unequal; q++)
            hsd_measured_finish(&scene->unequal[q]);
        hsd_free(scene->measured);
        hsd_free(scene->unequal);
        hsd_free(scene->name);
        hsd_cost_table_finish(&scene->table);
    }
    hsd_free(run->scenes);
    for (size_t r = 0; r < run->region_count; r++) hsd_text_finish(&run->regions[r].names);
    hsd_free(run->regions);
    finish_measures(&run->measures);
    finish_measures(&run->inequality);
    hsd_name_list *const names[] = {&run->numbers,    &run->texts,         &run->zone_numbers,
                                    &run->zone_texts, &run->place_numbers, &run->place_texts,
                                    &run->asked};
    hsd_access_side_finish(&run->from);
    hsd_access_side_finish(&run->to);
    hsd_time_rows_destroy(run->times); /* borrows the lists */
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) hsd_array_finish(names[i]);
    hsd_place_table_finish(&run->zones);
    hsd_place_table_finish(&run->origins);
    hsd_place_table_finish(&run->region_zones);
    for (size_t i = 0; i < run->warnings.count; i++) hsd_free(run->warnings.data[i]);
    hsd_array_finish(&run->warnings);
    hsd_free(run->same);
    hsd_dataset_destroy(run->file);
    hsd_free(run->record);
    hsd_issues_finish(&run->issues);
    hsd_option_pool_finish(&run->pool);
}

hsd_status hsd_study_access(const hsd_access_request *request, const hsd_run *run,
                            hsd_access_report *out, hsd_error *err) {
    *out = (hsd_access_report){0};
    hsd_access_run access = {.run = run};
    take_request(&access, request);
    hsd_status status = execute(&access, err);
    if (status == HSD_OK) status = make_report(&access, out, err);
    if (status == HSD_OK)
        status = hsd_access_write(&access, err); /* last: the file says it went well */
    if (status != HSD_OK) hsd_access_report_finish(out);
    out->issues = access.issues;
    access.issues = (hsd_issues){0};
    finish(&access);
    return status;
}
