/* hourshed circle: all that is reached within the cut-offs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum {
    FROM = 1,
    TO,
    ORIGINS,
    ORIGIN_LAYER,
    ORIGIN_ID,
    ORIGIN_NAME,
    ORIGIN_AT,
    GATES,
    GATE_OF,
    DIRECTION,
    MINUTES,
    MODE,
    PROFILE,
    EDGES,
    BANDS,
    HINTERLAND,
    OVERLAP,
    NODES,
    BARRIERS,
    POPULATION,
    POPULATION_LAYER,
    MASS,
    ZONES,
    ZONE_LAYER,
    ZONE_ID,
    ZONE_NAME,
    ZONE_MASS,
    RASTER,
    MAP,
    TITLE,
    MIN_COMPONENT,
    CELL,
    VERTICES,
    ENCODING,
    ASSUME_CRS
};

static const cli_option options[] = {
    {NULL, 0, NULL, "Where from, or where to:", 0},
    {"from", 0, "LON,LAT", "From this point; repeatable. Longitude first", FROM},
    {"to", 0, "LON,LAT", "To this point; repeatable", TO},
    {"origins", 0, "FILE", "From every point or polygon of a layer, or CSV with lon and lat",
     ORIGINS},
    {"origin-layer", 0, "NAME", "Layer, where the file has several", ORIGIN_LAYER},
    {"origin-id", 0, "FIELD", "Field with ids; default: id, else the feature id", ORIGIN_ID},
    {"origin-name", 0, "FIELD", "Field with names; default: name", ORIGIN_NAME},
    {"origin-at", 0, "RULE",
     "Where a polygon starts: centroid (default), weighted (by population), gates", ORIGIN_AT},
    {"gates", 0, "FILE", "Points to start from, with their origin's id and initial_min", GATES},
    {"gate-of", 0, "FIELD", "Field of --gates with the origin's id; default: of", GATE_OF},
    {"direction", 0, "from|to", "With --origins: from them (default) or to them", DIRECTION},
    {NULL, 0, NULL, "How far, by what:", 0},
    {"minutes", 0, "LIST", "Cut-offs, inclusive; default: 60", MINUTES},
    {"mode", 'm', "NAME", "car, walk ...; default: the first profile's", MODE},
    {"profile", 'p', "NAME",
     "Profile of the network, repeatable; default: all of the mode. With two or more, "
     "circles carry core (inside under all) and fringe (inside under some)",
     PROFILE},
    {"barriers", 0, "FILE", "Polygon layer that no leg crosses, instead of the network's water",
     BARRIERS},
    {"min-component", 0, "PERCENT",
     "Parts of the network with fewer of its arcs are no place to start or end; "
     "default: 1, 0 takes all",
     MIN_COMPONENT},
    {NULL, 0, NULL, "What is counted:", 0},
    {"population", 0, "FILE", "Points, polygons or raster (.tif) of people or other masses",
     POPULATION},
    {"population-layer", 0, "NAME", "Layer, where the file has several", POPULATION_LAYER},
    {"mass", 0, "FIELD", "Mass field of --population, repeatable; default: population", MASS},
    {"zones", 0, "FILE", "Places to give times for: layers zones and od_times", ZONES},
    {"zone-layer", 0, "NAME", "Layer, where the file has several", ZONE_LAYER},
    {"zone-id", 0, "FIELD", "Field with ids; default: id, else the feature id", ZONE_ID},
    {"zone-name", 0, "FIELD", "Field with names; default: name", ZONE_NAME},
    {"zone-mass", 0, "FIELD", "Mass field to carry along, repeatable", ZONE_MASS},
    {"encoding", 0, "NAME", "Text encoding of these layers, e.g. GBK", ENCODING},
    {"assume-crs", 0, "CRS", "For layers that do not say theirs, e.g. EPSG:4490", ASSUME_CRS},
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
    {"title", 0, "TEXT", "Title of picture and project", TITLE},
    {"cell", 0, "METRES", "Grid under the polygons; default: 12.5, growing with the cut-off", CELL},
    {"vertices", 0, "N", "Vertices of a polygon at most; default: 2000", VERTICES},
    {NULL, 0, NULL, NULL, 0}};

typedef struct circle_call {
    hsd_circle_request request;
    hsd_lonlat *points;
    double *minutes;
    size_t point_count, minute_count, profile_count, mass_count, zone_mass_count;
    const char **profiles, **masses, **zone_masses;
    bool from, to, direction;
} circle_call;

static bool take_point(cli_call *call, circle_call *c, int key, const char *value) {
    hsd_lonlat *grown = realloc(c->points, (c->point_count + 1) * sizeof *grown);
    if (!grown) return false;
    c->points = grown;
    if (!cli_lonlat(value, &grown[c->point_count]))
        return cli_bad(call, key == FROM ? "from" : "to", value,
                       "expected LON,LAT, e.g. -8.611,41.149");
    c->point_count++;
    if (key == FROM)
        c->from = true;
    else
        c->to = true;
    return true;
}

/* One word of a list; the index or -1. */
static int choose(const char *value, const char *const *words) {
    for (int i = 0; words[i]; i++)
        if (strcmp(value, words[i]) == 0) return i;
    return -1;
}

static bool take_choice(cli_call *call, hsd_circle_request *r, int key, const char *value) {
    static const char *const edges[] = {"auto", "none", "nearest", "each", NULL};
    static const char *const at[] = {"centroid", "weighted", "gates", NULL};
    static const char *const directions[] = {"from", "to", NULL};
    int i;
    switch (key) {
    case EDGES:
        if ((i = choose(value, edges)) < 1)
            return cli_bad(call, "edges", value, "expected none, nearest or each");
        r->edges = (hsd_edges)i;
        return true;
    case ORIGIN_AT:
        if ((i = choose(value, at)) < 0)
            return cli_bad(call, "origin-at", value, "expected centroid, weighted or gates");
        r->origin_at = (hsd_origin_at)i;
        return true;
    default:
        if ((i = choose(value, directions)) < 0)
            return cli_bad(call, "direction", value, "expected from or to");
        r->direction = i ? HSD_TO : HSD_FROM;
        return true;
    }
}

static bool take_number(cli_call *call, hsd_circle_request *r, int key, const char *value) {
    double number;
    bool good = cli_number(value, &number);
    switch (key) {
    case MIN_COMPONENT:
        if (!good || number < 0 || number > 100)
            return cli_bad(call, "min-component", value, "expected percent from 0 to 100");
        r->min_component_percent = number > 0 ? number : -1;
        return true;
    case CELL:
        if (!good || number < 1 || number > 10000)
            return cli_bad(call, "cell", value, "expected metres from 1 to 10000");
        r->cell_m = number;
        return true;
    default:
        if (!good || number < 16 || number > 1e6 || number != (unsigned)number)
            return cli_bad(call, "vertices", value, "expected a whole number from 16 to 1000000");
        r->max_vertices = (unsigned)number;
        return true;
    }
}

static bool take_field(circle_call *c, int key, const char *value) {
    hsd_circle_request *r = &c->request;
    switch (key) {
    case ORIGIN_LAYER:
        r->origin_fields.layer = value;
        return true;
    case ORIGIN_ID:
        r->origin_fields.id = value;
        return true;
    case ORIGIN_NAME:
        r->origin_fields.name = value;
        return true;
    case POPULATION_LAYER:
        r->population_fields.layer = value;
        return true;
    case MASS:
        return cli_append(value, &c->masses, &c->mass_count);
    case ZONE_LAYER:
        r->zone_fields.layer = value;
        return true;
    case ZONE_ID:
        r->zone_fields.id = value;
        return true;
    case ZONE_NAME:
        r->zone_fields.name = value;
        return true;
    case ZONE_MASS:
        return cli_append(value, &c->zone_masses, &c->zone_mass_count);
    case ENCODING:
        r->origin_fields.encoding = r->population_fields.encoding = r->zone_fields.encoding = value;
        return true;
    case ASSUME_CRS:
        r->origin_fields.assume_crs = r->population_fields.assume_crs = r->zone_fields.assume_crs =
            r->assume_crs = value;
        return true;
    default:
        return false;
    }
}

static bool take(cli_call *call, int key, const char *value) {
    circle_call *c = call->request;
    hsd_circle_request *r = &c->request;
    switch (key) {
    case FROM:
    case TO:
        return take_point(call, c, key, value);
    case MINUTES:
        if (!cli_numbers(value, &c->minutes, &c->minute_count))
            return cli_bad(call, "minutes", value, "expected numbers, e.g. 30,45,60");
        return true;
    case PROFILE:
        return cli_append(value, &c->profiles, &c->profile_count);
    case EDGES:
    case ORIGIN_AT:
        return take_choice(call, r, key, value);
    case DIRECTION:
        c->direction = true;
        return take_choice(call, r, key, value);
    case MIN_COMPONENT:
    case CELL:
    case VERTICES:
        return take_number(call, r, key, value);
    case ORIGINS:
        r->origins = value;
        return true;
    case GATES:
        r->gates = value;
        return true;
    case GATE_OF:
        r->gate_of = value;
        return true;
    case MODE:
        r->mode = value;
        return true;
    case BARRIERS:
        r->barriers = value;
        return true;
    case POPULATION:
        r->population = value;
        return true;
    case ZONES:
        r->zones = value;
        return true;
    case RASTER:
        r->raster = value;
        return true;
    case MAP:
        r->map = value;
        return true;
    case TITLE:
        r->title = value;
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
        return take_field(c, key, value);
    }
}

/* ---- What is printed ---- */

static void print_table(const hsd_circle_report *report) {
    enum { FIXED = 8, MOST = 24 };
    const char *titles[FIXED + MOST] = {"origin",  "profile",  "min",      "km2",
                                        "road km", "missed %", "excess %", "points %"};
    size_t masses = report->mass_count < MOST ? report->mass_count : MOST;
    for (size_t m = 0; m < masses; m++) titles[FIXED + m] = report->mass_names[m];
    cli_table *table = cli_table_create(titles, FIXED + masses);
    bool data_end = false;
    for (size_t i = 0; i < report->row_count; i++) {
        const hsd_circle_row *r = &report->rows[i];
        cli_table_text(table, r->origin);
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

static int check_call(cli_call *call, circle_call *c) {
    if (c->from && c->to) {
        fprintf(stderr, "hourshed circle: --from and --to in one run: take one of them\n");
        return CLI_USAGE;
    }
    if (c->direction && c->point_count) {
        fprintf(
            stderr,
            "hourshed circle: --direction goes with --origins; --to LON,LAT says it for points\n");
        return CLI_USAGE;
    }
    hsd_circle_request *r = &c->request;
    if (c->to) r->direction = HSD_TO;
    r->points = c->points;
    r->point_count = c->point_count;
    static const double hour[] = {60};
    r->minutes = c->minute_count ? c->minutes : hour;
    r->minute_count = c->minute_count ? c->minute_count : 1;
    r->profiles = c->profiles;
    r->profile_count = c->profile_count;
    r->population_fields.masses = c->masses;
    r->population_fields.mass_count = c->mass_count;
    r->zone_fields.masses = c->zone_masses;
    r->zone_fields.mass_count = c->zone_mass_count;
    r->network = call->positional;
    r->output = call->common.output;
    r->format = call->common.format;
    r->overwrite = call->common.overwrite;
    r->lang = call->common.lang;
    return CLI_OK;
}

static int finish(const cli_call *call, const circle_call *c, hsd_circle_report *report) {
    cli_progress_end();
    if (call->common.json) {
        print_json(report);
    } else if (!call->common.quiet) {
        print_table(report);
        printf("\n%s\n", c->request.output);
        if (c->request.map) puts(c->request.map);
        if (c->request.raster) puts(c->request.raster);
    }
    for (size_t i = 0; i < report->failed_count; i++)
        fprintf(stderr, "hourshed circle: origin %s (%s) has no circle: %s\n", report->failed[i].id,
                report->failed[i].name, report->failed[i].why);
    int code = report->failed_count ? CLI_SOME_FAILED : CLI_OK;
    hsd_circle_report_finish(report);
    return code;
}

static int run(int argc, char **argv) {
    circle_call c = {0};
    cli_call call = {.command = &cli_circle, .request = &c};
    cli_parse(&call, argc, argv);
    int code = check_call(&call, &c);
    if (code == CLI_OK) {
        hsd_run settings = cli_run(&call);
        hsd_circle_report report;
        hsd_error err = {HSD_OK, ""};
        hsd_status status = hsd_study_circle(&c.request, &settings, &report, &err);
        code = status == HSD_OK ? finish(&call, &c, &report) : cli_failed(&call, &err);
    }
    free(c.points);
    free(c.minutes);
    free(c.profiles);
    free(c.masses);
    free(c.zone_masses);
    return code;
}

const cli_command cli_circle = {
    .name = "circle",
    .positional = "NETWORK.hsn",
    .summary =
        "Compute what is reached within the hour (or any minutes) from places, or reaches them",
    .details = "Layers: origins, circles, reached_edges, snap, and what else is asked for. Times "
               "are door to door: the "
               "leg to the street, the street, the leg at the other end. Each circle carries its "
               "own measured error.\n\n"
               "Examples:\n"
               "  hourshed circle porto.hsn --from -8.611,41.149 --minutes 10,15 \\\n"
               "    -o porto.gpkg --map porto.png\n"
               "  hourshed circle gba.hsn --origins cities.csv --direction to \\\n"
               "    --minutes 30,45,60 --population points.csv --overlap -o hour.gpkg",
    .options = options,
    .writes = true,
    .take = take,
    .run = run};
