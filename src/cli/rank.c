/* hourshed rank: proposals by what they bring. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/proposal_options.h"
#include "cli/transit_options.h"

enum {
    FIELDS = 1,
    ZONES,
    ZONE_LAYER,
    ZONE_ID,
    ZONE_NAME,
    POPULATION,
    GDP,
    INCOME,
    FLOWS,
    ENCODING,
    ASSUME_CRS,
    MINUTES,
    HORIZON,
    MODE,
    PROFILE,
    DIRECTION,
    BARRIERS,
    MIN_COMPONENT,
    SETS,
    BY,
    BREAK_EVEN,
    ENGINE,
    TITLE,
    DATUM,
    ZONE_DATUM,
    OUTPUT_DATUM
};

static const cli_option options[] = {
    {"map", 0, "KEY=FIELD,...", "The same as --fields", FIELDS},
    {NULL, 0, NULL, "Whom it serves:", 0},
    {"zones", 0, "FILE", "Points or polygons with people; times are between their points", ZONES},
    {"zone-layer", 0, "NAME", "Layer, where the file has several", ZONE_LAYER},
    {"zone-id", 0, "FIELD", "Field with ids; default: id, else the feature id", ZONE_ID},
    {"zone-name", 0, "FIELD", "Field with names; default: name", ZONE_NAME},
    {"population", 0, "FIELD", "Field with people; default: population", POPULATION},
    {"gdp", 0, "FIELD", "Field with GDP: column gdp_gain", GDP},
    {"income", 0, "FIELD", "Field with income a head: columns palma and palma_change", INCOME},
    {"flows", 0, "FILE.csv", "from, to (ids of zones), trips: column person_minutes", FLOWS},
    {"encoding", 0, "NAME", "Text encoding of zones and proposals, e.g. GBK", ENCODING},
    {"assume-crs", 0, "CRS", "For layers that do not say theirs, e.g. EPSG:4490", ASSUME_CRS},
    {"datum", 0, "NAME", "Of coordinates from Chinese map services: gcj02, bd09; default: wgs84",
     DATUM},
    {"zone-datum", 0, "NAME", "Of the zones, where it is another", ZONE_DATUM},
    {"output-datum", 0, "NAME", "Write the result's geometry back in it; default: wgs84",
     OUTPUT_DATUM},
    {NULL, 0, NULL, "How far, by what:", 0},
    {"minutes", 0, "LIST", "Cut-offs, inclusive, the main one first; default: 60", MINUTES},
    {"horizon", 0, "MINUTES", "Times count up to here in mean savings; default: 120", HORIZON},
    {"mode", 'm', "NAME",
     "car, walk ..., or transit: rides by timetable, see below; default: the first profile's",
     MODE},
    {"profile", 'p', "NAME", "Profile of the network; default: the first of the mode", PROFILE},
    {"direction", 0, "from|to",
     "Of transit: reach from zones, leaving by --depart (default), or of them, being there by "
     "--arrive",
     DIRECTION},
    {"barriers", 0, "FILE", "Polygon layer that no leg crosses, instead of the network's water",
     BARRIERS},
    {"min-component", 0, "PERCENT",
     "Parts of the network with fewer of its arcs are no place to start or end; default: 1, 0 "
     "takes all",
     MIN_COMPONENT},
    {NULL, 0, NULL, "What is ranked, and how:", 0},
    {"sets", 0, "LIST",
     "alone (each proposal), together (all), without (all but one), pairs (every two, with their "
     "synergy: gain of both less that of each), shapley (each one's fair share of the gain of all; "
     "at most 8 proposals); default: alone,together,without (of more than 500 proposals: without "
     "the last)",
     SETS},
    {"by", 0, "COLUMN", "Column of the ranking to order by; default: access_gain", BY},
    {"break-even", 0, "FROM:TO",
     "How slow each proposal may be to bring one zone within the cut-off of another; repeatable",
     BREAK_EVEN},
    {"engine", 0, "WHICH", "auto (default), shortcut, search: to check one by the other", ENGINE},
    {"title", 0, "TEXT", "Title of the project", TITLE},
    {NULL, 0, NULL, NULL, 0}};

typedef struct rank_call {
    hsd_rank_request request;
    double *minutes;
    size_t minute_count, pair_count;
    const char **pairs;
    cli_transit_args transit;
} rank_call;

static bool take_number(cli_call *call, hsd_rank_request *r, int key, const char *value) {
    double number;
    bool good = cli_number(value, &number);
    if (key == MIN_COMPONENT) {
        if (!good || number < 0 || number > 100)
            return cli_bad(call, "min-component", value, "expected percent from 0 to 100");
        r->min_component_percent = number > 0 ? number : -1;
        return true;
    }
    if (!good || number <= 0 || number > 10080)
        return cli_bad(call, "horizon", value, "expected minutes above 0, at most 10080");
    r->horizon_min = number;
    return true;
}

static bool take_engine(cli_call *call, hsd_rank_request *r, const char *value) {
    static const char *const engines[] = {"auto", "shortcut", "search", NULL};
    int word = cli_choose(value, engines);
    if (word < 0) return cli_bad(call, "engine", value, "expected auto, shortcut or search");
    r->engine = (hsd_rank_engine)word;
    return true;
}

/* Words parted by commas, as bits HSD_RANK_ALONE, ... */
static bool take_sets(cli_call *call, hsd_rank_request *r, const char *value) {
    static const char *const sets[] = {"alone", "together", "without", "pairs", "shapley", NULL};
    for (const char *text = value; text; text = strchr(text, ',')) {
        text += *text == ',';
        char word[16] = "";
        size_t length = strcspn(text, ",");
        if (length < sizeof word) memcpy(word, text, length);
        int set = cli_choose(word, sets);
        if (set < 0)
            return cli_bad(call, "sets", value,
                           "expected some of alone, together, without, pairs, shapley");
        r->sets |= 1u << set;
    }
    return true;
}

static bool take_direction(cli_call *call, hsd_rank_request *r, const char *value) {
    static const char *const directions[] = {"from", "to", NULL};
    int word = cli_choose(value, directions);
    if (word < 0) return cli_bad(call, "direction", value, "expected from or to");
    r->direction = word ? HSD_TO : HSD_FROM;
    return true;
}

/* Options whose text is taken as it stands; NULL: not one of them. */
static const char **text_of(hsd_rank_request *r, int key) {
    const struct {
        int key;
        const char **out;
    } texts[] = {{FIELDS, &r->proposals.map},
                 {ZONES, &r->zones},
                 {ZONE_LAYER, &r->zone_fields.layer},
                 {ZONE_ID, &r->zone_fields.id},
                 {ZONE_NAME, &r->zone_fields.name},
                 {POPULATION, &r->population_field},
                 {GDP, &r->gdp_field},
                 {INCOME, &r->income_field},
                 {FLOWS, &r->flows},
                 {ENCODING, &r->zone_fields.encoding},
                 {ASSUME_CRS, &r->assume_crs},
                 {MODE, &r->mode},
                 {PROFILE, &r->profile},
                 {BARRIERS, &r->barriers},
                 {BY, &r->by},
                 {TITLE, &r->title}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].key == key) return texts[i].out;
    return NULL;
}

static bool take(cli_call *call, int key, const char *value) {
    rank_call *c = call->request;
    hsd_rank_request *r = &c->request;
    if (key >= CLI_PROPOSAL_KEYS)
        return cli_proposal_take(call, &r->proposals, &r->resolve, key, value);
    if (key >= CLI_TRANSIT_KEYS) return cli_transit_take(call, &c->transit, key, value);
    const char **text = text_of(r, key);
    if (text) {
        *text = value;
        return true;
    }
    switch (key) {
    case DATUM:
        return cli_datum(call, "datum", value, &r->datum);
    case ZONE_DATUM:
        return cli_datum(call, "zone-datum", value, &r->zone_fields.datum);
    case OUTPUT_DATUM:
        return cli_datum(call, "output-datum", value, &r->output_datum);
    case MINUTES:
        if (!cli_numbers(value, &c->minutes, &c->minute_count))
            return cli_bad(call, "minutes", value, "expected numbers, e.g. 60,45");
        return true;
    case SETS:
        return take_sets(call, r, value);
    case BREAK_EVEN:
        return cli_append(value, &c->pairs, &c->pair_count);
    case DIRECTION:
        return take_direction(call, r, value);
    case ENGINE:
        return take_engine(call, r, value);
    default:
        return take_number(call, r, key, value);
    }
}

/* ---- What is printed ---- */

static int decimals(double value) {
    return fabs(value) < 10 ? 3 : fabs(value) < 1000 ? 1 : 0;
}

/* Lines of one set, from the first on; returns the first of the next. What a set is about besides
 * its gain (the loss of all but one, the synergy of a pair) has a column of its own. */
static size_t print_set(const hsd_rank_report *report, size_t first, const char *gain) {
    enum { MOST = 40 };
    const char *set = report->lines[first].set;
    bool without = strcmp(set, "without") == 0, pair = strcmp(set, "pair") == 0;
    const char *titles[] = {set, "proposal", gain, "saving min", "gini +-", "per km", "km", NULL};
    titles[7] = without ? "loss" : "synergy";
    cli_table *table = cli_table_create(titles, without || pair ? 8 : 7);
    size_t i = first;
    for (; i < report->line_count && strcmp(report->lines[i].set, set) == 0; i++) {
        const hsd_rank_line *l = &report->lines[i];
        if (i - first >= MOST) continue;
        cli_table_number(table, (double)(i - first + 1), 0);
        cli_table_text(table, l->proposal[0] ? l->proposal : "(all)");
        cli_table_number(table, l->access_gain, decimals(l->access_gain));
        cli_table_number(table, l->mean_saving_min, decimals(l->mean_saving_min));
        cli_table_number(table, l->gini_change, 5);
        cli_table_number(table, l->per_km, decimals(l->per_km));
        cli_table_number(table, l->length_km, 1);
        if (without) cli_table_number(table, l->loss, decimals(l->loss));
        if (pair) cli_table_number(table, l->synergy, decimals(l->synergy));
    }
    cli_table_print(table);
    if (i - first > MOST) printf("and %zu more: table ranking\n", i - first - MOST);
    putchar('\n');
    return i;
}

static void print_table(const hsd_rank_report *report) {
    char gain[64];
    snprintf(gain, sizeof gain, "gain %g min", report->cutoff_min);
    for (size_t i = 0; i < report->line_count;) i = print_set(report, i, gain);
    printf("gain: people newly within %g minutes, mean over people; saving: minutes, mean over "
           "pairs of people\n",
           report->cutoff_min);
}

static void print_json(const hsd_rank_report *report) {
    printf("{\"cutoff_min\":");
    cli_json_number(report->cutoff_min);
    fputs(",\"ranking\":[", stdout);
    for (size_t i = 0; i < report->line_count; i++) {
        const hsd_rank_line *l = &report->lines[i];
        const struct {
            const char *key;
            double value;
        } numbers[] = {{"access_gain", l->access_gain},
                       {"mean_saving_min", l->mean_saving_min},
                       {"gini_change", l->gini_change},
                       {"per_km", l->per_km},
                       {"per_cost", l->per_cost},
                       {"length_km", l->length_km},
                       {"cost", l->cost},
                       {"synergy", l->synergy},
                       {"loss_without", l->loss}};
        fputs(i ? ",{\"set\":" : "{\"set\":", stdout);
        cli_json_text(l->set);
        fputs(",\"proposal\":", stdout);
        cli_json_text(l->proposal);
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
            printf(",\"%s\":", numbers[k].key);
            cli_json_number(numbers[k].value);
        }
        putchar('}');
    }
    printf("],\"baseline_searches\":%llu,\"link_searches\":%llu,\"scenario_searches\":%llu}\n",
           (unsigned long long)report->baseline_searches, (unsigned long long)report->pole_searches,
           (unsigned long long)report->scenario_searches);
}

static void fill_request(const cli_call *call, rank_call *c) {
    hsd_rank_request *r = &c->request;
    r->minutes = c->minutes;
    r->minute_count = c->minute_count;
    r->zone_fields.assume_crs = r->assume_crs;
    r->break_even = c->pairs;
    r->break_even_count = c->pair_count;
    r->transit = cli_transit_choice(&c->transit);
    r->network = call->positional;
    r->output = call->common.output;
    r->format = call->common.format;
    r->overwrite = call->common.overwrite;
    r->lang = call->common.lang;
}

int cli_rank_tell(const cli_call *call, const hsd_rank_report *report) {
    cli_progress_end();
    if (call->common.json)
        print_json(report);
    else if (!call->common.quiet)
        print_table(report);
    return CLI_OK;
}

static int run(int argc, char **argv) {
    rank_call c = {0};
    cli_call call = {.command = &cli_rank, .request = &c};
    cli_parse(&call, argc, argv);
    fill_request(&call, &c);
    hsd_run settings = cli_run(&call);
    hsd_rank_report report;
    hsd_error err = {HSD_OK, ""};
    int code = CLI_OK;
    if (hsd_study_rank(&c.request, &settings, &report, &err) == HSD_OK) {
        code = cli_rank_tell(&call, &report);
        if (!call.common.json && !call.common.quiet) printf("\n%s\n", c.request.output);
    } else {
        code = cli_failed_issues(&call, &report.issues, &err);
    }
    hsd_rank_report_finish(&report);
    free(c.minutes);
    free(c.pairs);
    cli_transit_finish(&c.transit);
    return code;
}

const cli_command cli_rank = {
    .name = "rank",
    .positional = "NETWORK.hsn",
    .usage = "NETWORK.hsn --proposals FILE --zones FILE -o FILE",
    .summary = "Rank proposals by the people and places they bring within the hour",
    .details =
        "Layers: proposals (lines with their place and figures), ranking_zones, and tables "
        "ranking, break_even, edits, snap. Gains are exact: every pair of zones, by every set of "
        "proposals, as if each had been built and searched again. A line layer without further "
        "preparation will do: each line is a proposal.\n\n"
        "Example: lines drawn in QGIS, ranked by the people they bring within 60 minutes:\n"
        "  hourshed rank gba.hsn --proposals bridges.shp --encoding GBK \\\n"
        "    --fields name=名称,speed_kmh=时速 --zones towns.gpkg -o ranked.gpkg",
    .options = {cli_proposal_options, options, cli_transit_options},
    .writes = true,
    .take = take,
    .run = run};
