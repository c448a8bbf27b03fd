/* hourshed compare: what proposals change, before and after. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/circle_options.h"
#include "cli/proposal_options.h"

enum { SCENARIO = CLI_CIRCLE_KEYS, PATH, CITY_OF, ATTRIBUTION, FASTER, EDGES, MAP };

/* After those of proposals. */
static const cli_option options[] = {
    {"scenario", 0, "NAME=P1,P2",
     "Proposals that come together, repeatable; NAME=* takes all. Default: one of all", SCENARIO},
    {NULL, 0, NULL, "What comes out besides circles and changes:", 0},
    {"path", 0, "FROM:TO",
     "Best path before and after, of two origins or an origin and a zone; repeatable", PATH},
    {"city-of", 0, "FIELD",
     "Field of --population with the origin's id: mean times over people of both cities. "
     "Without it, by the origins' polygons",
     CITY_OF},
    {"attribution", 0, NULL, "Which link brings each gained zone and city: a search a link",
     ATTRIBUTION},
    {"faster", 0, "MINUTES", "What counts as faster; default: 1", FASTER},
    {"edges", 0, "WHICH", "Streets reached under the scenarios: none (default) or each", EDGES},
    {"map", 0, "FILE",
     "A picture, before beside after: .png or .svg. With KEY=FIELD the same as --fields", MAP},
    {NULL, 0, NULL, NULL, 0}};

typedef struct compare_call {
    cli_circle_args circle; /* first: cli_circle_take's request */
    hsd_compare_request request;
    const char **scenarios, **paths;
    size_t scenario_count, path_count;
} compare_call;

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* --map is the picture; with KEY=FIELD it says the same as --fields. */
static bool take_map(const cli_call *call, compare_call *c, const char *value) {
    if (ends_with(value, ".png") || ends_with(value, ".svg")) {
        c->circle.request.map = value;
        return true;
    }
    if (!strchr(value, '='))
        return cli_bad(call, "map", value,
                       "expected a picture, .png or .svg (or KEY=FIELD,... as for --fields)");
    c->request.proposals.map = value;
    return true;
}

static bool take_faster(cli_call *call, compare_call *c, const char *value) {
    double number;
    if (!cli_number(value, &number) || number <= 0 || number > 10080)
        return cli_bad(call, "faster", value, "expected minutes above 0, at most 10080");
    c->request.faster_min = number;
    return true;
}

static bool take_edges(cli_call *call, compare_call *c, const char *value) {
    static const char *const edges[] = {"auto", "none", "nearest", "each", NULL};
    int word = cli_choose(value, edges);
    if (word != HSD_EDGES_NONE && word != HSD_EDGES_EACH)
        return cli_bad(call, "edges", value, "expected none or each");
    c->circle.request.edges = (hsd_edges)word;
    return true;
}

static bool take(cli_call *call, int key, const char *value) {
    compare_call *c = call->request;
    if (key >= CLI_PROPOSAL_KEYS)
        return cli_proposal_take(call, &c->request.proposals, &c->request.resolve, key, value);
    switch (key) {
    case SCENARIO:
        return cli_append(value, &c->scenarios, &c->scenario_count);
    case PATH:
        return cli_append(value, &c->paths, &c->path_count);
    case CITY_OF:
        c->request.city_of = value;
        return true;
    case ATTRIBUTION:
        return c->request.attribution = true;
    case FASTER:
        return take_faster(call, c, value);
    case EDGES:
        return take_edges(call, c, value);
    case MAP:
        return take_map(call, c, value);
    default:
        return cli_circle_take(call, &c->circle, key, value);
    }
}

/* ---- What is printed ---- */

static int decimals(double value) {
    return fabs(value) < 100 ? 2 : 0;
}

static void print_rows(const hsd_compare_report *report) {
    enum { FIXED = 9, MOST = 4 };
    const char *titles[FIXED + 2 * MOST] = {"scenario", "origin", "profile", "min",     "km2",
                                            "-> km2",   "gained", "lost",    "road km+"};
    char after[MOST][80];
    size_t masses = report->mass_count < MOST ? report->mass_count : MOST;
    for (size_t m = 0; m < masses; m++) {
        snprintf(after[m], sizeof after[m], "-> %s", report->mass_names[m]);
        titles[FIXED + 2 * m] = report->mass_names[m];
        titles[FIXED + 2 * m + 1] = after[m];
    }
    cli_table *table = cli_table_create(titles, FIXED + 2 * masses);
    for (size_t i = 0; i < report->row_count; i++) {
        const hsd_compare_row *r = &report->rows[i];
        cli_table_text(table, r->scenario);
        cli_table_text(table, r->origin);
        cli_table_text(table, r->profile);
        cli_table_number(table, r->cutoff_min, r->cutoff_min == (int)r->cutoff_min ? 0 : 2);
        cli_table_number(table, r->before_km2, decimals(r->before_km2));
        cli_table_number(table, r->after_km2, decimals(r->after_km2));
        cli_table_number(table, r->gained_km2, decimals(r->gained_km2));
        cli_table_number(table, r->lost_km2, decimals(r->lost_km2));
        cli_table_number(table, r->after_road_km - r->before_road_km, 1);
        for (size_t m = 0; m < masses; m++) {
            cli_table_number(table, r->masses_before[m], 0);
            cli_table_number(table, r->masses_after[m], 0);
        }
    }
    cli_table_print(table);
}

static bool changes(const hsd_city_row *r) {
    return isfinite(r->before_min) != isfinite(r->after_min) ||
           (isfinite(r->before_min) && r->before_min != r->after_min);
}

static void print_cities(const hsd_compare_report *report) {
    enum { MOST = 40 };
    static const char *const titles[] = {"scenario", "profile", "from",  "to",
                                         "min",      "-> min",  "saving"};
    size_t changed = 0;
    for (size_t i = 0; i < report->city_count; i++) changed += changes(&report->cities[i]);
    if (report->city_count == 0) return;
    printf("\nCity pairs that change: %zu of %zu\n", changed, report->city_count);
    if (changed == 0) return;
    cli_table *table = cli_table_create(titles, sizeof titles / sizeof titles[0]);
    for (size_t i = 0, shown = 0; i < report->city_count && shown < MOST; i++) {
        const hsd_city_row *r = &report->cities[i];
        if (!changes(r)) continue;
        cli_table_text(table, r->scenario);
        cli_table_text(table, r->profile);
        cli_table_text(table, r->from);
        cli_table_text(table, r->to);
        cli_table_number(table, r->before_min, 1);
        cli_table_number(table, r->after_min, 1);
        cli_table_number(table, r->before_min - r->after_min, 1);
        shown++;
    }
    cli_table_print(table);
    if (changed > MOST) printf("and %zu more: layer cities\n", changed - MOST);
}

static void print_sentences(const hsd_compare_report *report) {
    enum { MOST = 24 };
    size_t shown = report->sentence_count < MOST ? report->sentence_count : MOST;
    if (shown) putchar('\n');
    for (size_t i = 0; i < shown; i++) puts(report->sentences[i]);
    if (report->sentence_count > shown)
        printf("and %zu sentences more: table summary\n", report->sentence_count - shown);
}

static void json_texts(const char *const *keys, const char *const *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        printf("%s\"%s\":", i ? "," : "", keys[i]);
        cli_json_text(values[i]);
    }
}

static void json_numbers(const char *const *keys, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        printf(",\"%s\":", keys[i]);
        cli_json_number(values[i]);
    }
}

static void json_masses(const hsd_compare_report *report, const char *key, const double *masses) {
    printf(",\"%s\":{", key);
    for (size_t m = 0; m < report->mass_count; m++) {
        if (m) putchar(',');
        cli_json_text(report->mass_names[m]);
        putchar(':');
        cli_json_number(masses[m]);
    }
    putchar('}');
}

static void print_json(const hsd_compare_report *report) {
    fputs("{\"changes\":[", stdout);
    for (size_t i = 0; i < report->row_count; i++) {
        static const char *const texts[] = {"scenario", "origin_id", "origin", "profile"};
        static const char *const numbers[] = {"cutoff_min",   "before_km2", "after_km2",
                                              "gained_km2",   "lost_km2",   "before_road_km",
                                              "after_road_km"};
        const hsd_compare_row *r = &report->rows[i];
        fputs(i ? ",{" : "{", stdout);
        json_texts(texts, (const char *const[]){r->scenario, r->origin_id, r->origin, r->profile},
                   4);
        json_numbers(numbers,
                     (const double[]){r->cutoff_min, r->before_km2, r->after_km2, r->gained_km2,
                                      r->lost_km2, r->before_road_km, r->after_road_km},
                     7);
        json_masses(report, "before", r->masses_before);
        json_masses(report, "after", r->masses_after);
        putchar('}');
    }
    fputs("],\"cities\":[", stdout);
    for (size_t i = 0; i < report->city_count; i++) {
        static const char *const texts[] = {"scenario", "profile", "from", "to"};
        static const char *const numbers[] = {"before_min", "after_min"};
        const hsd_city_row *r = &report->cities[i];
        fputs(i ? ",{" : "{", stdout);
        json_texts(texts, (const char *const[]){r->scenario, r->profile, r->from, r->to}, 4);
        json_numbers(numbers, (const double[]){r->before_min, r->after_min}, 2);
        putchar('}');
    }
    fputs("],\"summary\":[", stdout);
    for (size_t i = 0; i < report->sentence_count; i++) {
        if (i) putchar(',');
        cli_json_text(report->sentences[i]);
    }
    fputs("],\"failed\":[", stdout);
    for (size_t i = 0; i < report->failed_count; i++) {
        static const char *const texts[] = {"origin_id", "why"};
        fputs(i ? ",{" : "{", stdout);
        json_texts(texts, (const char *const[]){report->failed[i].id, report->failed[i].why}, 2);
        putchar('}');
    }
    fputs("]}\n", stdout);
}

int cli_compare_tell(const cli_call *call, const hsd_compare_report *report) {
    cli_progress_end();
    if (call->common.json) {
        print_json(report);
    } else if (!call->common.quiet) {
        print_rows(report);
        print_cities(report);
        print_sentences(report);
    }
    for (size_t i = 0; i < report->failed_count; i++)
        fprintf(stderr, "hourshed compare: origin %s (%s) is not compared: %s\n",
                report->failed[i].id, report->failed[i].name, report->failed[i].why);
    return report->failed_count ? CLI_SOME_FAILED : CLI_OK;
}

static int finish(const cli_call *call, const compare_call *c, const hsd_compare_report *report) {
    int code = cli_compare_tell(call, report);
    if (!call->common.json && !call->common.quiet) {
        printf("\n%s\n", c->circle.request.output);
        if (c->circle.request.map) puts(c->circle.request.map);
    }
    return code;
}

static int run(int argc, char **argv) {
    compare_call c = {0};
    cli_call call = {.command = &cli_compare, .request = &c};
    cli_parse(&call, argc, argv);
    int code = cli_circle_check(&call, &c.circle);
    if (code == CLI_OK && !c.request.proposals.path) {
        fprintf(stderr, "hourshed compare: --proposals FILE is missing: what is drawn\n");
        code = CLI_USAGE;
    }
    if (code == CLI_OK) {
        hsd_run settings = cli_run(&call);
        hsd_compare_report report;
        hsd_error err = {HSD_OK, ""};
        c.request.circle = c.circle.request;
        c.request.scenarios = c.scenarios;
        c.request.scenario_count = c.scenario_count;
        c.request.paths = c.paths;
        c.request.path_count = c.path_count;
        hsd_status status = hsd_study_compare(&c.request, &settings, &report, &err);
        code = status == HSD_OK ? finish(&call, &c, &report)
                                : cli_failed_issues(&call, &report.issues, &err);
        hsd_compare_report_finish(&report);
    }
    cli_circle_finish(&c.circle);
    free(c.scenarios);
    free(c.paths);
    return code;
}

const cli_command cli_compare = {
    .name = "compare",
    .positional = "NETWORK.hsn",
    .usage = "NETWORK.hsn --proposals FILE (--from LON,LAT | --origins FILE) -o FILE",
    .summary = "Compare before and after: what drawn links, closures and speeds change",
    .details =
        "Layers: origins, links, change (gained, lost, kept, faster), circles before and after, "
        "zones, cities, edits, snap, summary, and what else is asked for. Every problem of the "
        "proposals is listed before anything is computed.\n\n"
        "Examples:\n"
        "  hourshed compare porto.hsn --proposals bridge.gpkg --from -8.611,41.149 \\\n"
        "    --minutes 10,15 -o bridge-change.gpkg --map bridge.png\n"
        "  hourshed compare gba.hsn --proposals link.gpkg --scenario 深中通道=link,ramps \\\n"
        "    --origins cities.csv --zones towns.csv --population points.csv --city-of city \\\n"
        "    --path shenzhen:zhongshan --attribution --lang zh -o change.gpkg",
    .options = {cli_proposal_options, options, cli_circle_options, cli_drawn_options,
                cli_transit_options},
    .writes = true,
    .take = take,
    .run = run};
