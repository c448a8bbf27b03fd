/* hourshed access: indicators of accessibility and of its inequality, from a network or a matrix.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/circle_options.h"
#include "cli/proposal_options.h"

enum {
    MATRIX = CLI_CIRCLE_KEYS,
    SCENARIO_MATRIX,
    MATRIX_FROM,
    MATRIX_TO,
    MATRIX_COST,
    MATRIX_LOOKUP,
    MATRIX_WIDE,
    MATRIX_NONE,
    MATRIX_SCALE,
    SCENARIO,
    MEASURE,
    INEQUALITY,
    OF,
    PEOPLE,
    INCOME,
    GROUP,
    SELF,
    SELF_TIME,
    SELF_VALUE,
    UNREACHABLE,
    CAP,
    AS_R,
    ZONE_AT,
    GRID,
    SPILLOVER,
    PROPOSAL_REGION,
    PAIRS,
    MEMORY,
    TITLE,
    EXPLAIN,
    LIST
};

static const cli_option options[] = {
    {NULL, 0, NULL, "What is measured:", 0},
    {"measure", 0, "MEASURE",
     "NAME or NAME:KEY=VALUE,..., e.g. gravity:decay=exponential:0.1,mass=jobs; repeatable",
     MEASURE},
    {"inequality", 0, "MEASURE", "Of every column of zones: gini, palma, cv ...; repeatable",
     INEQUALITY},
    {"explain", 0, "MEASURE",
     "Its formula, keys, edge cases and source (all: of every one), and nothing else", EXPLAIN},
    {"list", 0, NULL, "Every measure with its title, and nothing else", LIST},
    {"of", 0, "FIELD",
     "Field with what is reached, for measures that do not say mass=; default: population", OF},
    {"people", 0, "FIELD",
     "Field with people: weights of means, and population= and demand= of measures; default: "
     "population",
     PEOPLE},
    {"income", 0, "FIELD", "Field with income a head, for palma and concentration (income=)",
     INCOME},
    {"group", 0, "FIELD", "Text field with groups, for mean and Theil (group=)", GROUP},
    {"self", 0, "RULE",
     "Whether a zone counts for itself: own (each measure's own rule, default), with, without",
     SELF},
    {"self-time", 0, "RULE",
     "Minutes within a zone: as-is (default), none (no such pair), fixed (--self-value minutes), "
     "radius (half the radius of its area at --self-value km/h)",
     SELF_TIME},
    {"self-value", 0, "NUMBER", "Minutes or km/h of --self-time", SELF_VALUE},
    {"unreachable", 0, "RULE",
     "In means: drop (default, the share is told), infinite, cap (as --cap minutes)", UNREACHABLE},
    {"cap", 0, "MINUTES", "Of --unreachable cap; longer times count as this, too", CAP},
    {"as-r", 0, NULL, "Where R's accessibility package differs from the textbook, as it does",
     AS_R},
    {"pairs", 0, NULL,
     "Layer pairs, with the minutes of every pair; measures of pairs always have it", PAIRS},
    {"memory", 0, "MB", "Most that tables of times may take; default: what the machine has",
     MEMORY},
    {NULL, 0, NULL, "Somebody else's times, instead of a network:", 0},
    {"matrix", 0, "FILE", ".csv, .omx or a table: its ids are those of the zones", MATRIX},
    {"scenario-matrix", 0, "NAME=FILE", "The same under a scenario; repeatable", SCENARIO_MATRIX},
    {"matrix-from", 0, "FIELD", "Column with origins; default: from_id, from, origin ...",
     MATRIX_FROM},
    {"matrix-to", 0, "FIELD", "Column with targets; default: to_id, to, destination ...",
     MATRIX_TO},
    {"matrix-cost", 0, "FIELD", "Column (or matrix of an .omx) with minutes; repeatable: money ...",
     MATRIX_COST},
    {"matrix-lookup", 0, "NAME", "Mapping of an .omx with ids; default: the only one",
     MATRIX_LOOKUP},
    {"matrix-wide", 0, NULL, "Ids stand in the first column and the first line", MATRIX_WIDE},
    {"matrix-none", 0, "NUMBER", "This value says that there is no way, e.g. 9999", MATRIX_NONE},
    {"matrix-scale", 0, "FACTOR", "To minutes: 0.0166667 for seconds", MATRIX_SCALE},
    {NULL, 0, NULL, "Zones and scenarios of a network:", 0},
    {"zone-at", 0, "RULE",
     "Where in a polygon its time is taken: point (default), area, weighted (by --population)",
     ZONE_AT},
    {"grid", 0, "SHAPE:SIZE", "Zones are cells over the polygons: hex:1km, square:500m", GRID},
    {"scenario", 0, "NAME=p1,p2", "A scenario of proposals; default: all of them; repeatable",
     SCENARIO},
    {"spillover", 0, "FIELD",
     "Text field of the zones with their region: what each region's proposals bring the others",
     SPILLOVER},
    {"proposal-region", 0, "NAME=REGION",
     "Where a proposal lies; default: where most of its length does; repeatable", PROPOSAL_REGION},
    {"title", 0, "TEXT", "Title of the project", TITLE},
    {NULL, 0, NULL, NULL, 0}};

typedef struct access_call {
    cli_circle_args circle; /* first: cli_circle_take finds it here */
    hsd_access_request request;
    const char **measures, **inequality, **matrices, **scenarios, **regions, **costs;
    size_t measure_count, inequality_count, matrix_count, scenario_count, region_count, cost_count;
} access_call;

/* ---- What measures are ---- */

static void explain_one(const hsd_measure_info *m) {
    char page[8192];
    hsd_measure_explain(m, page, sizeof page);
    fputs(page, stdout);
}

static int explain(const char *text) {
    if (strcmp(text, "all") == 0) {
        for (size_t i = 0; i < hsd_measure_count(); i++) {
            if (i) putchar('\n');
            explain_one(hsd_measure_at(i));
        }
        return CLI_OK;
    }
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(text, ":"), text); /* its keys may stay */
    const hsd_measure_info *info = hsd_measure_find(name);
    if (!info) { /* asking for it says what was meant */
        const hsd_measure_defaults defaults = {0};
        hsd_measure **none;
        size_t count;
        hsd_error err = {HSD_OK, ""};
        if (hsd_measures_parse(name, &defaults, &none, &count, &err) == HSD_OK)
            hsd_measures_destroy(none, count);
        fprintf(stderr, "hourshed access: %s\n", err.message);
        return CLI_USAGE;
    }
    explain_one(info);
    return CLI_OK;
}

static int list(void) {
    static const char *const headings[] = {
        "Values of zones (--measure):", "Values of pairs (--measure):",
        "Inequality of values of zones (--inequality):"};
    for (int shape = 0; shape < 3; shape++) {
        printf("%s%s\n", shape ? "\n" : "", headings[shape]);
        for (size_t i = 0; i < hsd_measure_count(); i++) {
            const hsd_measure_info *m = hsd_measure_at(i);
            if ((int)m->shape == shape)
                printf("  %-24s %s (%s)\n", m->name, m->title, m->title_zh ? m->title_zh : "");
        }
    }
    return CLI_OK;
}

/* ---- Options ---- */

/* Options whose text is taken as it stands; NULL: not one of them. */
static const char **text_of(access_call *a, int key) {
    hsd_access_request *r = &a->request;
    const struct {
        int key;
        const char **out;
    } texts[] = {{MATRIX, &r->matrix},
                 {MATRIX_FROM, &r->matrix_fields.from},
                 {MATRIX_TO, &r->matrix_fields.to},
                 {MATRIX_LOOKUP, &r->matrix_fields.lookup},
                 {OF, &r->defaults.mass},
                 {PEOPLE, &r->defaults.population},
                 {INCOME, &r->defaults.income},
                 {GROUP, &r->defaults.group},
                 {GRID, &r->times.grid},
                 {SPILLOVER, &r->spillover},
                 {TITLE, &a->circle.request.title}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].key == key) return texts[i].out;
    return NULL;
}

static bool take_listed(access_call *a, int key, const char *value) {
    switch (key) {
    case MEASURE:
        return cli_append(value, &a->measures, &a->measure_count);
    case INEQUALITY:
        return cli_append(value, &a->inequality, &a->inequality_count);
    case SCENARIO_MATRIX:
        return cli_append(value, &a->matrices, &a->matrix_count);
    case MATRIX_COST:
        return cli_append(value, &a->costs, &a->cost_count);
    case SCENARIO:
        return cli_append(value, &a->scenarios, &a->scenario_count);
    default:
        return cli_append(value, &a->regions, &a->region_count);
    }
}

static bool take_word(cli_call *call, hsd_access_request *r, int key, const char *value) {
    static const char *const at[] = {"point", "area", "weighted", NULL};
    static const char *const self[] = {"own", "with", "without", NULL};
    static const char *const times[] = {"as-is", "none", "fixed", "radius", NULL};
    static const char *const unreachable[] = {"drop", "infinite", "cap", NULL};
    int word;
    switch (key) {
    case ZONE_AT:
        if ((word = cli_choose(value, at)) < 0)
            return cli_bad(call, "zone-at", value, "expected point, area or weighted");
        r->times.zone_at = (hsd_zone_at)word;
        return true;
    case SELF:
        if ((word = cli_choose(value, self)) < 0)
            return cli_bad(call, "self", value, "expected own, with or without");
        r->defaults.self = word == 2 ? -1 : word;
        return true;
    case SELF_TIME:
        if ((word = cli_choose(value, times)) < 0)
            return cli_bad(call, "self-time", value,
                           "expected as-is, none, fixed or radius (--self-value: how much)");
        r->defaults.self_time = (hsd_self_time)word;
        return true;
    default:
        if ((word = cli_choose(value, unreachable)) < 0)
            return cli_bad(call, "unreachable", value,
                           "expected drop, infinite or cap (--cap: as how much)");
        r->defaults.unreachable = (hsd_unreachable_rule)word;
        return true;
    }
}

static bool take_number(cli_call *call, hsd_access_request *r, int key, const char *value) {
    double number;
    const bool good = cli_number(value, &number);
    switch (key) {
    case MATRIX_NONE:
        if (!good || number < 0)
            return cli_bad(call, "matrix-none", value, "expected a number, 0 or more");
        r->matrix_fields.unreachable = number == 0 ? -1 : number; /* 0 there: not said */
        return true;
    case MATRIX_SCALE:
        if (!good || number <= 0 || number > 1e9)
            return cli_bad(call, "matrix-scale", value, "expected a number above 0");
        r->matrix_fields.scale = number;
        return true;
    case SELF_VALUE:
        if (!good || number < 0 || number > 1e6)
            return cli_bad(call, "self-value", value, "expected a number, 0 or more");
        r->defaults.self_value = number;
        return true;
    case MEMORY:
        if (!good || number <= 0 || number > 1e6)
            return cli_bad(call, "memory", value, "expected MB above 0, at most 1000000");
        r->times.memory_mb = number;
        return true;
    default:
        if (!good || number <= 0 || number > 1e6)
            return cli_bad(call, "cap", value, "expected minutes above 0");
        r->defaults.cap_min = number;
        return true;
    }
}

static bool take(cli_call *call, int key, const char *value) {
    access_call *a = call->request;
    hsd_access_request *r = &a->request;
    if (key >= CLI_PROPOSAL_KEYS)
        return cli_proposal_take(call, &r->proposals, &r->resolve, key, value);
    const char **text = text_of(a, key);
    if (text) {
        *text = value;
        return true;
    }
    switch (key) {
    case EXPLAIN: /* as --help: says it and ends */
        exit(explain(value));
    case LIST:
        exit(list());
    case AS_R:
        return r->defaults.as_r = true;
    case PAIRS:
        return r->pairs = true;
    case MATRIX_WIDE:
        return r->matrix_fields.wide = true;
    case MEASURE:
    case INEQUALITY:
    case SCENARIO_MATRIX:
    case MATRIX_COST:
    case SCENARIO:
    case PROPOSAL_REGION:
        return take_listed(a, key, value);
    case ZONE_AT:
    case SELF:
    case SELF_TIME:
    case UNREACHABLE:
        return take_word(call, r, key, value);
    case MATRIX_NONE:
    case MATRIX_SCALE:
    case SELF_VALUE:
    case MEMORY:
    case CAP:
        return take_number(call, r, key, value);
    default:
        return cli_circle_take(call, &a->circle, key, value);
    }
}

/* ---- The command ---- */

static void fill_request(access_call *a) {
    hsd_access_request *r = &a->request;
    r->times.circle = a->circle.request;
    r->measures = a->measures;
    r->measure_count = a->measure_count;
    r->inequality = a->inequality;
    r->inequality_count = a->inequality_count;
    r->scenario_matrices = a->matrices;
    r->scenario_matrix_count = a->matrix_count;
    r->matrix_fields.costs = a->costs;
    r->matrix_fields.cost_count = a->cost_count;
    r->scenarios = a->scenarios;
    r->scenario_count = a->scenario_count;
    r->proposal_regions = a->regions;
    r->proposal_region_count = a->region_count;
}

static int run(int argc, char **argv) {
    access_call a = {0};
    cli_call call = {.command = &cli_access, .request = &a};
    cli_parse(&call, argc, argv);
    int code = cli_circle_check(&call, &a.circle);
    if (code == CLI_OK) {
        fill_request(&a);
        hsd_run settings = cli_run(&call);
        hsd_access_report report;
        hsd_error err = {HSD_OK, ""};
        if (hsd_study_access(&a.request, &settings, &report, &err) == HSD_OK) {
            code = cli_access_tell(&call, &report);
            if (!call.common.json && !call.common.quiet)
                printf("\n%s\n", a.request.times.circle.output);
        } else {
            code = cli_failed_issues(&call, &report.issues, &err);
        }
        hsd_access_report_finish(&report);
    }
    const char **const lists[] = {a.measures,  a.inequality, a.matrices,
                                  a.scenarios, a.regions,    a.costs};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) free(lists[i]);
    cli_circle_finish(&a.circle);
    return code;
}

const cli_command cli_access = {
    .name = "access",
    .positional = "[NETWORK.hsn]",
    .usage = "NETWORK.hsn --zones FILE --measure MEASURE -o FILE\n"
             "       hourshed access --matrix FILE --zones FILE --measure MEASURE -o FILE",
    .summary = "Measure accessibility and how unequal it is, before and after",
    .details =
        "Layer access has a column a measure, and two a measure and scenario (value and change); "
        "tables measures (formula, conventions, source), summary, inequality, spillover; layer "
        "pairs. Zones are origins and targets, unless --origins stand apart. Of a matrix, zones "
        "may be a table without geometry.\n\n"
        "Examples:\n"
        "  hourshed access --explain 2sfca\n"
        "  hourshed access porto.hsn --zones parishes.gpkg --measure cumulative:cutoff=30:45:60 "
        "\\\n"
        "    --measure mean_time --inequality gini --proposals bridges.gpkg -o access.gpkg\n"
        "  hourshed access --matrix times.csv --zones masses.csv --measure gravity:mass=jobs \\\n"
        "    -o gravity.gpkg",
    .options = {options, cli_circle_options, cli_transit_options, cli_proposal_options},
    .writes = true,
    .take = take,
    .run = run};
