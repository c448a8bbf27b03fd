/* hourshed info: what is inside a network, or what a result was made from. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { VERIFY = 1, ARCS, PROFILE, DATE };

static const cli_option options[] = {
    {"verify", 0, NULL, "Check every checksum and every index", VERIFY},
    {"arcs", 0, "FILE", "Write the arcs of a profile's graph as CSV, for other programs", ARCS},
    {"profile", 'p', "NAME", "The profile of --arcs; default: the first", PROFILE},
    {"date", 0, "YYYY-MM-DD", "Trips of that day, by feed; an error where none runs", DATE},
    {NULL, 0, NULL, NULL, 0}};

static bool take(cli_call *call, int key, const char *value) {
    hsd_info_request *r = call->request;
    switch (key) {
    case VERIFY:
        r->verify = true;
        return true;
    case ARCS:
        r->arcs = value;
        return true;
    case PROFILE:
        r->profile = value;
        return true;
    case DATE:
        r->date = value;
        return true;
    default:
        return false;
    }
}

void cli_print_network(const hsd_network *network);

void cli_print_network(const hsd_network *network) {
    static const char *const titles[] = {"profile", "mode",     "nodes",   "arcs",
                                         "km tag",  "km class", "km user", "main component %"};
    hsd_network_info info;
    if (hsd_network_info_get(network, &info, NULL) != HSD_OK) return;
    if (info.edges > 0)
        printf("streets      %u edges, %u junctions, %.1f km\n", info.edges, info.vertices,
               info.length_km);
    else
        printf("streets      none: a network of %u stops alone\n", info.vertices);
    printf("extent       %.5f,%.5f to %.5f,%.5f (lon,lat)\n", info.extent.min_lon_e7 / 1e7,
           info.extent.min_lat_e7 / 1e7, info.extent.max_lon_e7 / 1e7,
           info.extent.max_lat_e7 / 1e7);
    if (info.edges > 0)
        printf("turns        %u restrictions, %u nodes split for them\n", info.restrictions,
               info.split_nodes);
    printf("barriers     %u polygons\n", info.barrier_polygons);
    for (size_t i = 0; i < info.input_count; i++)
        printf("%-12s %s (sha256 %.12s...)\n", info.inputs[i].role, info.inputs[i].name,
               info.inputs[i].sha256);
    printf("content id   %s (format %u)\n\n", info.content_id, info.format_version);
    cli_table *table = cli_table_create(titles, 8);
    for (size_t i = 0; i < info.profile_count; i++) {
        const hsd_profile_info *p = &info.profiles[i];
        cli_table_text(table, p->name);
        cli_table_text(table, p->mode);
        cli_table_number(table, p->nodes, 0);
        cli_table_number(table, p->arcs, 0);
        cli_table_number(table, p->km[HSD_SPEED_TAG], 1);
        cli_table_number(table, p->km[HSD_SPEED_CLASS], 1);
        cli_table_number(table, p->km[HSD_SPEED_USER], 1);
        cli_table_number(table, 100 * p->main_component_share, 1);
    }
    cli_table_print(table);
    cli_print_timetable(network);
}

static void start_line(int depth) {
    printf("\n%*s", 2 * depth, "");
}

/* JSON without spaces, a value a line. */
static void print_indented(const char *json) {
    int depth = 0;
    bool text = false;
    for (const char *c = json; *c; c++) {
        bool closes = !text && (*c == '}' || *c == ']');
        bool opens = !text && (*c == '{' || *c == '[');
        if (text && *c == '\\') { /* an escape is two characters at least: the next is no quote */
            putchar(*c++);
            if (!*c) break;
        } else if (*c == '"') {
            text = !text;
        }
        if (closes) depth--;
        if (closes && c[-1] != '{' && c[-1] != '[') start_line(depth);
        putchar(*c);
        if (opens) depth++;
        if ((opens && c[1] != '}' && c[1] != ']') || (!text && *c == ',')) start_line(depth);
        if (!text && *c == ':') putchar(' ');
    }
    putchar('\n');
}

static void print_all(const hsd_network *network, const char *date) {
    int32_t day;
    cli_print_network(network);
    if (date && hsd_day_parse(date, &day)) cli_print_date(network, day);
}

static int run(int argc, char **argv) {
    hsd_info_request request = {0};
    cli_call call = {.command = &cli_info, .request = &request};
    cli_parse(&call, argc, argv);
    hsd_run settings = cli_run(&call);
    request.network = call.positional;
    request.overwrite = call.common.overwrite;
    hsd_network *network;
    char *json;
    hsd_error err = {HSD_OK, ""};
    if (hsd_study_info(&request, &settings, &network, &json, &err) != HSD_OK)
        return cli_failed(&call, &err);
    if (call.common.json)
        puts(json);
    else if (!call.common.quiet && network)
        print_all(network, request.date);
    else if (!call.common.quiet)
        print_indented(json);
    hsd_text_release(json);
    hsd_network_destroy(network);
    return CLI_OK;
}

const cli_command cli_info = {
    .name = "info",
    .positional = "NETWORK.hsn|RESULT.gpkg",
    .summary = "Say what is inside a network, or what a result was made from",
    .details = "Of a network: counts, extent, kilometres by source of speed, feeds "
               "and the trips of their days. Of a GeoPackage that "
               "hourshed wrote: its record, the inputs with their hashes and the options used.\n\n"
               "Kilometres are those a profile can use in at least one direction, by where their "
               "speed came from: a "
               "tag of the source, the profile's default for the class, or a field of the user.\n\n"
               "Examples:\n  hourshed info porto.hsn --verify\n"
               "  hourshed info porto.gpkg",
    .options = {options},
    .take = take,
    .run = run};
