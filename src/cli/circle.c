/* hourshed circle: all that is reached within the cut-offs. */
#include <math.h>
#include <stdio.h>

#include "cli/circle_options.h"

enum { EDGES = CLI_CIRCLE_KEYS, BANDS, HINTERLAND, OVERLAP, NODES, RASTER, MAP };

static const cli_option options[] = {
    {NULL, 0, NULL, "What comes out besides circles:", 0},
    {"edges", 0, "WHICH",
     "Streets reached: none, nearest (one layer, each street to its nearest origin) or "
     "each; default: each for one origin, nearest for more",
     EDGES},
    {"bands", 0, NULL, "Polygons between cut-offs", BANDS},
    {"hinterland", 0, NULL, "Each place to its nearest origin", HINTERLAND},
    {"overlap", 0, NULL, "Reached by at least 1, 2, 3 ... origins", OVERLAP},
    {"nodes", 0, NULL, "Junctions with their exact milliseconds", NODES},
    {"raster", 0, "FILE.tif", "Minutes of the first origin as cloud-optimised GeoTIFF", RASTER},
    {"map", 0, "FILE", "A picture: .png or .svg", MAP},
    {NULL, 0, NULL, NULL, 0}};

static bool take(cli_call *call, int key, const char *value) {
    static const char *const edges[] = {"auto", "none", "nearest", "each", NULL};
    cli_circle_args *c = call->request;
    hsd_circle_request *r = &c->request;
    int word;
    switch (key) {
    case EDGES:
        if ((word = cli_choose(value, edges)) < 1)
            return cli_bad(call, "edges", value, "expected none, nearest or each");
        r->edges = (hsd_edges)word;
        return true;
    case RASTER:
        r->raster = value;
        return true;
    case MAP:
        r->map = value;
        return true;
    case BANDS:
        return r->bands = true;
    case HINTERLAND:
        return r->hinterland = true;
    case OVERLAP:
        return r->overlap = true;
    case NODES:
        return r->nodes = true;
    default:
        return cli_circle_take(call, c, key, value);
    }
}

/* ---- What is printed ---- */

static void print_table(const hsd_circle_report *report) {
    enum { FIXED = 8, MOST = 24 };
    const bool transit = report->row_count && isfinite(report->rows[0].percentile);
    const char *titles[FIXED + MOST] = {"origin",  "profile",  "min",      "km2",
                                        "road km", "missed %", "excess %", "points %"};
    if (transit) titles[1] = "percentile";
    size_t masses = report->mass_count < MOST ? report->mass_count : MOST;
    for (size_t m = 0; m < masses; m++) titles[FIXED + m] = report->mass_names[m];
    cli_table *table = cli_table_create(titles, FIXED + masses);
    bool data_end = false;
    for (size_t i = 0; i < report->row_count; i++) {
        const hsd_circle_row *r = &report->rows[i];
        cli_table_text(table, r->origin);
        if (transit)
            cli_table_number(table, r->percentile, r->percentile == (int)r->percentile ? 0 : 1);
        else
            cli_table_text(table, r->profile);
        cli_table_number(table, r->cutoff_min, r->cutoff_min == (int)r->cutoff_min ? 0 : 2);
        cli_table_number(table, r->area_km2, r->area_km2 < 100 ? 2 : 0);
        cli_table_number(table, r->reached_km, 1);
        cli_table_number(table, r->missed_percent, 2);
        cli_table_number(table, r->excess_percent, 2);
        cli_table_number(table, r->point_error_percent, 2);
        for (size_t m = 0; m < masses; m++) cli_table_number(table, r->masses[m], 0);
        data_end = data_end || r->data_end;
    }
    cli_table_print(table);
    if (data_end)
        puts("The data end before some circles do: field data_end says which; they may be larger.");
}

static void print_json(const hsd_circle_report *report) {
    fputs("{\"circles\":[", stdout);
    for (size_t i = 0; i < report->row_count; i++) {
        const hsd_circle_row *r = &report->rows[i];
        const struct {
            const char *key;
            double value;
        } numbers[] = {
            {"cutoff_min", r->cutoff_min},     {"area_km2", r->area_km2},
            {"reached_km", r->reached_km},     {"missed_pct", r->missed_percent},
            {"excess_pct", r->excess_percent}, {"point_error_pct", r->point_error_percent},
            {"vertices", (double)r->vertices}};
        printf("%s{\"origin_id\":", i ? "," : "");
        cli_json_text(r->origin_id);
        fputs(",\"origin\":", stdout);
        cli_json_text(r->origin);
        fputs(",\"profile\":", stdout);
        cli_json_text(r->profile);
        if (isfinite(r->percentile)) {
            fputs(",\"percentile\":", stdout);
            cli_json_number(r->percentile);
        }
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
            printf(",\"%s\":", numbers[k].key);
            cli_json_number(numbers[k].value);
        }
        printf(",\"data_end\":%s", r->data_end ? "true" : "false");
        for (size_t m = 0; m < report->mass_count; m++) {
            putchar(',');
            cli_json_text(report->mass_names[m]);
            putchar(':');
            cli_json_number(r->masses[m]);
        }
        putchar('}');
    }
    fputs("],\"failed\":[", stdout);
    for (size_t i = 0; i < report->failed_count; i++) {
        printf("%s{\"origin_id\":", i ? "," : "");
        cli_json_text(report->failed[i].id);
        fputs(",\"why\":", stdout);
        cli_json_text(report->failed[i].why);
        putchar('}');
    }
    printf("],\"settled\":%llu,\"relaxed\":%llu}\n", (unsigned long long)report->settled,
           (unsigned long long)report->relaxed);
}

int cli_circle_tell(const cli_call *call, const hsd_circle_report *report) {
    cli_progress_end();
    if (call->common.json)
        print_json(report);
    else if (!call->common.quiet)
        print_table(report);
    for (size_t i = 0; i < report->failed_count; i++)
        fprintf(stderr, "hourshed circle: origin %s (%s) has no circle: %s\n", report->failed[i].id,
                report->failed[i].name, report->failed[i].why);
    return report->failed_count ? CLI_SOME_FAILED : CLI_OK;
}

static int finish(const cli_call *call, const cli_circle_args *c, hsd_circle_report *report) {
    int code = cli_circle_tell(call, report);
    if (!call->common.json && !call->common.quiet) {
        printf("\n%s\n", c->request.output);
        if (c->request.map) puts(c->request.map);
        if (c->request.raster) puts(c->request.raster);
    }
    hsd_circle_report_finish(report);
    return code;
}

static int run(int argc, char **argv) {
    cli_circle_args c = {0};
    cli_call call = {.command = &cli_circle, .request = &c};
    cli_parse(&call, argc, argv);
    int code = cli_circle_check(&call, &c);
    if (code == CLI_OK) {
        hsd_run settings = cli_run(&call);
        hsd_circle_report report;
        hsd_error err = {HSD_OK, ""};
        hsd_status status = hsd_study_circle(&c.request, &settings, &report, &err);
        code = status == HSD_OK ? finish(&call, &c, &report) : cli_failed(&call, &err);
    }
    cli_circle_finish(&c);
    return code;
}

const cli_command cli_circle = {
    .name = "circle",
    .positional = "NETWORK.hsn",
    .usage = "NETWORK.hsn (--from LON,LAT | --to LON,LAT | --origins FILE) -o FILE",
    .summary =
        "Compute what is reached within the hour (or any minutes) from places, or reaches them",
    .details = "Layers: origins, circles, reached_edges, snap, and what else is asked for. Times "
               "are door to door: the "
               "leg to the street, the street, the leg at the other end. Each circle carries its "
               "own measured error.\n\n"
               "Examples:\n"
               "  hourshed circle porto.hsn --from -8.611,41.149 --minutes 10,15 \\\n"
               "    -o porto.gpkg --map porto.png\n"
               "  hourshed circle poa.hsn --from -51.229,-30.028 --mode transit \\\n"
               "    --date 2019-05-14 --percentiles 10,50,90 -o poa.gpkg\n"
               "  hourshed circle gba.hsn --origins cities.csv --direction to \\\n"
               "    --minutes 30,45,60 --population points.csv --overlap -o hour.gpkg",
    .options = {cli_circle_options, cli_drawn_options, cli_transit_options, options},
    .writes = true,
    .take = take,
    .run = run};
