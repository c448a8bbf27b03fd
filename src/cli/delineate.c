/* hourshed delineate: which counties belong to a metropolitan circle. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/circle_options.h"

enum { RULES = CLI_CIRCLE_KEYS, RULE, CORE, OFFICIAL, OFFICIAL_LIST, HORIZON, TITLE };

static const cli_option options[] = {
    {NULL, 0, NULL, "Who belongs to it:", 0},
    {"rules", 0, "SET|FILE.yaml",
     "Rules of membership, repeatable: one-hour (default), minutes, commuting, or a file of your "
     "own. Candidates are --zones; centres --to or --origins (by default towards them)",
     RULES},
    {"rule", 0, "NAME", "Of these the rule of this name, repeatable; default: all", RULE},
    {"core", 0, "FIELD",
     "Field of --zones with the id of the centre whose own a candidate is: always a member. "
     "Default: the candidates that hold the centre, or lie in it",
     CORE},
    {"official", 0, "FIELD",
     "Field of --zones: 1 or 0, yes or no, or ids of centres with ; between them: an official "
     "list to compare with, repeatable",
     OFFICIAL},
    {"official-list", 0, "FILE", "The same as a file of ids, one a line", OFFICIAL_LIST},
    {"horizon", 0, "MINUTES",
     "Longer trips are none; default: a day, by timetable twice the largest cut-off and at least "
     "five hours",
     HORIZON},
    {"title", 0, "TEXT", "Title of the project", TITLE},
    {NULL, 0, NULL, NULL, 0}};

typedef struct delineate_call {
    cli_circle_args circle; /* first: cli_circle_take finds it here */
    hsd_delineate_request request;
    const char **rules, **only, **official;
} delineate_call;

static bool take(cli_call *call, int key, const char *value) {
    delineate_call *d = call->request;
    hsd_delineate_request *r = &d->request;
    switch (key) {
    case RULES:
        return cli_append(value, &d->rules, &r->rule_set_count);
    case RULE:
        return cli_append(value, &d->only, &r->only_count);
    case OFFICIAL:
        return cli_append(value, &d->official, &r->official_count);
    case CORE:
        r->core = value;
        return true;
    case OFFICIAL_LIST:
        r->official_list = value;
        return true;
    case TITLE:
        d->circle.request.title = value;
        return true;
    case HORIZON:
        if (!cli_number(value, &r->horizon_min) || r->horizon_min <= 0 || r->horizon_min > 10080)
            return cli_bad(call, "horizon", value, "expected minutes above 0, at most 10080");
        return true;
    default:
        return cli_circle_take(call, &d->circle, key, value);
    }
}

/* ---- What is printed ---- */

static void print_circles(const hsd_delineate_report *report) {
    enum { ALONE = 5, ALL = 13 };
    const char *titles[ALL] = {"centre", "rule",      "members",         "km2",       "people",
                               "list",   "both",      "model only",      "list only", "Jaccard",
                               "recall", "precision", "Jaccard (people)"};
    const bool lists = report->line_count && report->lines[0].official;
    cli_table *table = cli_table_create(titles, lists ? ALL : ALONE);
    for (size_t i = 0; i < report->line_count; i++) {
        const hsd_delineate_line *l = &report->lines[i];
        cli_table_text(table, l->centre);
        cli_table_text(table, l->rule);
        cli_table_number(table, (double)l->members, 0);
        cli_table_number(table, l->area_km2, 0);
        cli_table_number(table, l->population, 0);
        if (!lists) continue;
        cli_table_text(table, l->official);
        cli_table_number(table, (double)l->both, 0);
        cli_table_number(table, (double)l->model_only, 0);
        cli_table_number(table, (double)l->official_only, 0);
        cli_table_number(table, l->jaccard, 3);
        cli_table_number(table, l->recall, 3);
        cli_table_number(table, l->precision, 3);
        cli_table_number(table, l->population_jaccard, 3);
    }
    cli_table_print(table);
}

/* Of the first rule; the others are in layer members. */
static void print_names(const hsd_delineate_report *report) {
    for (size_t i = 0; i < report->line_count; i++) {
        const hsd_delineate_line *l = &report->lines[i];
        if (!l->official || strcmp(l->rule, report->lines[0].rule) != 0) continue;
        printf("\n%s, %s, %s\n  by the rule alone: %s\n  on the list alone: %s\n", l->centre,
               l->rule, l->official, l->model_only_names[0] ? l->model_only_names : "-",
               l->official_only_names[0] ? l->official_only_names : "-");
    }
}

/* Which rule comes nearest to a list, where there are several to choose from. */
static void print_nearest(const hsd_delineate_report *report) {
    for (size_t i = 0; i < report->line_count; i++) {
        const hsd_delineate_line *l = &report->lines[i], *best = l;
        bool seen = !l->official;
        size_t rules = 0;
        for (size_t k = 0; k < report->line_count && !seen; k++) {
            const hsd_delineate_line *m = &report->lines[k];
            if (!m->official || strcmp(m->official, l->official) != 0 ||
                strcmp(m->centre_id, l->centre_id) != 0)
                continue;
            seen = k < i;
            rules++;
            if (m->jaccard > best->jaccard) best = m;
        }
        if (seen || rules < 2 || !(best->jaccard > 0)) continue;
        printf("%s%s, nearest to %s: %s (Jaccard %.3f", i ? "" : "\n", best->centre, best->official,
               best->rule, best->jaccard);
        if (isfinite(best->population_jaccard))
            printf(", by people %.3f", best->population_jaccard);
        puts(")");
    }
}

static void print_nesting(const hsd_delineate_report *report) {
    if (report->nesting_count == 0) return;
    const char *titles[] = {"rule", "circles", "candidates", "km2", "people"};
    cli_table *table = cli_table_create(titles, 5);
    for (size_t i = 0; i < report->nesting_count; i++) {
        const hsd_nesting_line *l = &report->nesting[i];
        cli_table_text(table, l->rule);
        cli_table_number(table, (double)l->circles, 0);
        cli_table_number(table, (double)l->candidates, 0);
        cli_table_number(table, l->area_km2, 0);
        cli_table_number(table, l->population, 0);
    }
    putchar('\n');
    cli_table_print(table);
}

static void print_table(const hsd_delineate_report *report) {
    print_circles(report);
    print_nearest(report);
    print_names(report);
    print_nesting(report);
    puts("No rule is a national standard: table rules says what each one asks.");
}

static void json_numbers(const char *const *keys, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        printf(",\"%s\":", keys[i]);
        cli_json_number(values[i]);
    }
}

static void json_text(const char *key, const char *text) {
    printf(",\"%s\":", key);
    cli_json_text(text);
}

static void json_line(const hsd_delineate_line *l) {
    static const char *const sizes[] = {"members", "area_km2", "population"};
    static const char *const counts[] = {
        "both",   "model_only", "official_only", "jaccard",
        "recall", "precision",  "jaccard_area",  "jaccard_population"};
    fputs("{\"centre_id\":", stdout);
    cli_json_text(l->centre_id);
    json_text("centre", l->centre);
    json_text("rule", l->rule);
    json_numbers(sizes, (double[]){(double)l->members, l->area_km2, l->population}, 3);
    if (l->official) {
        json_text("official", l->official);
        json_numbers(counts,
                     (double[]){(double)l->both, (double)l->model_only, (double)l->official_only,
                                l->jaccard, l->recall, l->precision, l->area_jaccard,
                                l->population_jaccard},
                     8);
        json_text("model_only_names", l->model_only_names);
        json_text("official_only_names", l->official_only_names);
    }
    putchar('}');
}

static void print_json(const hsd_delineate_report *report) {
    static const char *const nesting[] = {"circles", "candidates", "area_km2", "population"};
    fputs("{\"circles\":[", stdout);
    for (size_t i = 0; i < report->line_count; i++) {
        if (i) putchar(',');
        json_line(&report->lines[i]);
    }
    fputs("],\"nesting\":[", stdout);
    for (size_t i = 0; i < report->nesting_count; i++) {
        const hsd_nesting_line *l = &report->nesting[i];
        fputs(i ? ",{\"rule\":" : "{\"rule\":", stdout);
        cli_json_text(l->rule);
        json_numbers(
            nesting,
            (double[]){(double)l->circles, (double)l->candidates, l->area_km2, l->population}, 4);
        putchar('}');
    }
    fputs("],\"failed\":[", stdout);
    for (size_t i = 0; i < report->failed_count; i++) {
        fputs(i ? ",{\"origin_id\":" : "{\"origin_id\":", stdout);
        cli_json_text(report->failed[i].id);
        json_text("why", report->failed[i].why);
        putchar('}');
    }
    puts("]}");
}

int cli_delineate_tell(const cli_call *call, const hsd_delineate_report *report) {
    cli_progress_end();
    if (call->common.json)
        print_json(report);
    else if (!call->common.quiet)
        print_table(report);
    for (size_t i = 0; i < report->failed_count; i++)
        fprintf(stderr, "hourshed delineate: centre %s (%s) has no circle: %s\n",
                report->failed[i].id, report->failed[i].name, report->failed[i].why);
    return report->failed_count ? CLI_SOME_FAILED : CLI_OK;
}

static int run(int argc, char **argv) {
    delineate_call d = {0};
    cli_call call = {.command = &cli_delineate, .request = &d};
    d.circle.request.direction = HSD_TO;
    cli_parse(&call, argc, argv);
    int code = cli_circle_check(&call, &d.circle);
    if (code == CLI_OK) {
        hsd_run settings = cli_run(&call);
        hsd_delineate_report report;
        hsd_error err = {HSD_OK, ""};
        if (d.circle.from) d.circle.request.direction = HSD_FROM;
        d.request.circle = d.circle.request;
        d.request.rules = d.rules;
        d.request.only = d.only;
        d.request.official = d.official;
        if (hsd_study_delineate(&d.request, &settings, &report, &err) == HSD_OK) {
            code = cli_delineate_tell(&call, &report);
            if (!call.common.json && !call.common.quiet) printf("\n%s\n", d.request.circle.output);
        } else {
            code = cli_failed(&call, &err);
        }
        hsd_delineate_report_finish(&report);
    }
    cli_circle_finish(&d.circle);
    free(d.rules);
    free(d.only);
    free(d.official);
    return code;
}

const cli_command cli_delineate = {
    .name = "delineate",
    .positional = "NETWORK.hsn",
    .usage = "NETWORK.hsn (--to LON,LAT | --origins FILE) --zones FILE -o FILE",
    .summary =
        "Delineate metropolitan circles: which counties belong to a centre, by several rules",
    .details =
        "Layers: metropolis (each circle as one), members (a row a centre, rule and candidate: in "
        "or out, times, shares; polygons of those within reach), candidates (best centre, in how "
        "many circles), snap; tables "
        "rules, agreement (with official lists: Jaccard, recall, precision by count, area and "
        "people), overlap (of each two circles). People are counted from the times of where they "
        "live: --population, else a field of --zones, evenly over a candidate's land. Times are "
        "to the centre unless --from or --direction from says otherwise. --minutes: shares at "
        "further cut-offs. No rule is a national standard: docs/rules-yaml.md.\n\n"
        "Examples:\n"
        "  hourshed delineate nanjing.hsn --to 118.796,32.06 --zones counties.gpkg \\\n"
        "    --official scope_27 --official scope_65 -o circle.gpkg\n"
        "  hourshed delineate yrd.hsn --origins centres.csv --zones counties.gpkg \\\n"
        "    --population worldpop.tif --mode transit --date 2024-06-12 --arrive 09:00 \\\n"
        "    --rules my-rules.yaml -o nested.gpkg",
    .options = {options, cli_circle_options, cli_transit_options},
    .writes = true,
    .take = take,
    .run = run};
