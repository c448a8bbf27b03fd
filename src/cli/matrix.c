/* hourshed matrix: times between all origins and all targets. */
#include <stdio.h>
#include <string.h>

#include "cli/circle_options.h"

enum { TARGETS = CLI_CIRCLE_KEYS, ZONE_AT, GRID, WIDE, ALL, MEMORY, JOURNAL, FRESH, CELLS };

static const cli_option options[] = {
    {NULL, 0, NULL, "Where to, and what comes out:", 0},
    {"targets", 0, "FILE",
     "Places to give times to; without origins, from each of them to each. Also as --zones, with "
     "--zone-layer, -id and -name",
     TARGETS},
    {"zone-at", 0, "RULE",
     "Where in a polygon its time is taken: point (default: its centroid, or a point inside), area "
     "(mean over its land), weighted (mean over the people of --population in it)",
     ZONE_AT},
    {"grid", 0, "SHAPE:SIZE", "Targets are cells over the polygons: hex:1km, square:500m", GRID},
    {"cells", 0, "FILE", "The cells of --grid as a layer, with the masses of --population", CELLS},
    {"wide", 0, NULL, "A row an origin, a column a target; default: a row a pair", WIDE},
    {"all", 0, NULL, "Rows for pairs without a way, too", ALL},
    {"memory", 0, "MB", "For a block of rows; default: 256", MEMORY},
    {"journal", 0, "FILE", "Finished blocks, for going on after a kill; default: OUTPUT.journal",
     JOURNAL},
    {"fresh", 0, NULL, "Drop a journal that is there and begin anew", FRESH},
    {NULL, 0, NULL, NULL, 0}};

typedef struct matrix_call {
    cli_circle_args circle; /* first: cli_circle_take finds it here */
    hsd_matrix_request request;
} matrix_call;

static bool take(cli_call *call, int key, const char *value) {
    static const char *const at[] = {"point", "area", "weighted", NULL};
    matrix_call *m = call->request;
    hsd_matrix_request *r = &m->request;
    int word;
    switch (key) {
    case TARGETS:
        m->circle.request.zones = value;
        return true;
    case ZONE_AT:
        if ((word = cli_choose(value, at)) < 0)
            return cli_bad(call, "zone-at", value, "expected point, area or weighted");
        r->zone_at = (hsd_zone_at)word;
        return true;
    case GRID:
        r->grid = value;
        return true;
    case CELLS:
        r->cells = value;
        return true;
    case WIDE:
        return r->wide = true;
    case ALL:
        return r->all = true;
    case MEMORY:
        if (!cli_number(value, &r->memory_mb) || r->memory_mb <= 0 || r->memory_mb > 1e6)
            return cli_bad(call, "memory", value, "expected MB above 0, at most 1000000");
        return true;
    case JOURNAL:
        r->journal = value;
        return true;
    case FRESH:
        return r->fresh = true;
    default:
        return cli_circle_take(call, &m->circle, key, value);
    }
}

/* ---- What is printed ---- */

static void print_table(const hsd_matrix_report *r) {
    printf("%zu origins x %zu targets", r->origins, r->targets);
    if (r->percentiles > 1) printf(" x %zu percentiles", r->percentiles);
    printf(": %llu of %llu pairs have a way", (unsigned long long)r->reached,
           (unsigned long long)r->pairs);
    if (r->reached) printf(", %.1f minutes on average", r->mean_min);
    if (r->percentiles > 1) fputs(", by the first percentile", stdout);
    putchar('\n');
    if (r->resumed_blocks)
        printf("%zu of %zu blocks were in the journal\n", r->resumed_blocks, r->blocks);
}

static void print_json(const hsd_matrix_report *r) {
    printf("{\"origins\":%zu,\"targets\":%zu,\"percentiles\":%zu,\"pairs\":%llu,\"reached\":%llu,"
           "\"mean_min\":",
           r->origins, r->targets, r->percentiles, (unsigned long long)r->pairs,
           (unsigned long long)r->reached);
    cli_json_number(r->mean_min);
    printf(",\"blocks\":%zu,\"resumed_blocks\":%zu,\"failed\":[", r->blocks, r->resumed_blocks);
    for (size_t i = 0; i < r->failed_count; i++) {
        fputs(i ? ",{\"origin_id\":" : "{\"origin_id\":", stdout);
        cli_json_text(r->failed[i].id);
        fputs(",\"why\":", stdout);
        cli_json_text(r->failed[i].why);
        putchar('}');
    }
    puts("]}");
}

int cli_matrix_tell(const cli_call *call, const hsd_matrix_report *report) {
    cli_progress_end();
    if (call->common.json)
        print_json(report);
    else if (!call->common.quiet)
        print_table(report);
    for (size_t i = 0; i < report->failed_count; i++)
        fprintf(stderr, "hourshed matrix: origin %s (%s) has no times: %s\n", report->failed[i].id,
                report->failed[i].name, report->failed[i].why);
    return report->failed_count ? CLI_SOME_FAILED : CLI_OK;
}

static int run(int argc, char **argv) {
    matrix_call m = {0};
    cli_call call = {.command = &cli_matrix, .request = &m};
    cli_parse(&call, argc, argv);
    int code = cli_circle_check(&call, &m.circle);
    if (code == CLI_OK) {
        hsd_run settings = cli_run(&call);
        hsd_matrix_report report;
        hsd_error err = {HSD_OK, ""};
        m.request.circle = m.circle.request;
        if (hsd_study_matrix(&m.request, &settings, &report, &err) == HSD_OK) {
            code = cli_matrix_tell(&call, &report);
            if (!call.common.json && !call.common.quiet) printf("\n%s\n", m.request.circle.output);
        } else {
            code = cli_failed(&call, &err);
        }
        hsd_matrix_report_finish(&report);
    }
    cli_circle_finish(&m.circle);
    return code;
}

const cli_command cli_matrix = {
    .name = "matrix",
    .positional = "NETWORK.hsn",
    .usage = "NETWORK.hsn --targets FILE [--origins FILE] -o FILE",
    .summary = "Write the times between all origins and all targets, as large as they come",
    .details =
        "By the ending of the output: .csv (and .csv.gz), .omx (for transport models), or any "
        "GDAL vector driver. Memory is that of a block of rows; finished blocks stand in a journal "
        "beside the output until it is whole, and a run that was killed goes on from there when "
        "it is started again.\n\n"
        "Examples:\n"
        "  hourshed matrix porto.hsn --targets parishes.gpkg -o porto.omx\n"
        "  hourshed matrix poa.hsn --targets hexagons.gpkg --mode transit --date 2019-05-14 \\\n"
        "    --percentiles 10,50,90 --minutes 120 -o poa.csv.gz\n"
        "  hourshed matrix gba.hsn --origins towns.csv --targets cities.csv --direction to \\\n"
        "    --wide -o hours.csv",
    .options = {options, cli_circle_options, cli_transit_options},
    .writes = true,
    .take = take,
    .run = run};
