/* hourshed build: a network file from streets, a timetable, or both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum {
    OSM = 1,
    ROADS,
    CORRIDOR,
    GTFS,
    RAIL,
    RAIL_LAYER,
    RAIL_FIELDS,
    RAIL_STATUS,
    AS_OF,
    PROFILE,
    BARRIERS,
    LAYER,
    CLASS,
    DEFAULT_CLASS,
    SPEED,
    MINUTES,
    ONEWAY,
    BRIDGE,
    TUNNEL,
    NAME,
    MODES,
    ENCODING,
    ASSUME_CRS,
    TOLERANCE,
    NODE_CROSSINGS,
    DATUM
};

static const cli_option options[] = {
    {NULL, 0, NULL, "Streets, from at most one of:", 0},
    {"osm", 0, "FILE",
     "OpenStreetMap: .osm.pbf, .osm, .osm.gz, .osm.bz2. Its water is the barriers", OSM},
    {"roads", 0, "FILE", "Any line layer that GDAL reads", ROADS},
    {"corridor", 0, "FOLDER", "A corridor network: nodes.csv, links.csv, land.geojson", CORRIDOR},
    {NULL, 0, NULL, "A timetable, with streets or alone (a network of stops):", 0},
    {"gtfs", 0, "FILE", "Feed, .zip or folder; repeatable: the feeds are one timetable", GTFS},
    {"rail", 0, "FILE",
     "Railways of a proposals file (lines, stations, services) as they were running, added to the "
     "feeds or alone: hourshed-proposals(5)",
     RAIL},
    {"rail-layer", 0, "NAME", "Layer of a plain line file that has several", RAIL_LAYER},
    {"rail-fields", 0, "KEY=FIELD,...", "What the fields of --rail are: name=名称", RAIL_FIELDS},
    {"rail-status", 0, "LIST", "Only rows with one of these words, parted by commas", RAIL_STATUS},
    {NULL, 0, NULL, "Dates:", 0},
    {"as-of", 0, "DATE", "Corridor and --rail: what is open on YYYY-MM-DD", AS_OF},
    {NULL, 0, NULL, "Speeds:", 0},
    {"profile", 'p', "NAME|FILE",
     "Speed profile, repeatable: car-osm, car-cn-design, car-cn-peak, walk, "
     "car-corridor, car-corridor-peak, car-corridor-permit, station-access, or a .yaml file. "
     "Default: car-osm and walk; corridors: car-corridor; stops alone: station-access",
     PROFILE},
    {NULL, 0, NULL, "Barriers:", 0},
    {"barriers", 0, "FILE", "Polygon layer that no last leg crosses, besides the source's own",
     BARRIERS},
    {NULL, 0, NULL, "Coordinates:", 0},
    {"datum", 0, "NAME",
     "Of all inputs but --osm, where Chinese map services drew them: gcj02, bd09; default: wgs84",
     DATUM},
    {NULL, 0, NULL, "Fields of a line layer (--roads):", 0},
    {"layer", 0, "NAME", "Layer, where the file has several", LAYER},
    {"class-field", 0, "FIELD", "Road class, as the profiles name it", CLASS},
    {"default-class", 0, "NAME", "Class of features without one; default: road", DEFAULT_CLASS},
    {"speed-field", 0, "FIELD", "Speed, km/h", SPEED},
    {"minutes-field", 0, "FIELD", "Minutes of the whole feature; wins over speed", MINUTES},
    {"oneway-field", 0, "FIELD", "One-way: yes, no, -1, FT, TF ...", ONEWAY},
    {"bridge-field", 0, "FIELD", "True: no junction where lines cross", BRIDGE},
    {"tunnel-field", 0, "FIELD", "True: no junction where lines cross", TUNNEL},
    {"name-field", 0, "FIELD", "Name", NAME},
    {"modes-field", 0, "FIELD", "Who may use it: car;walk;bicycle", MODES},
    {"encoding", 0, "NAME", "Text encoding, e.g. GBK", ENCODING},
    {"assume-crs", 0, "CRS",
     "For this layer, --barriers or --rail, if it does not say its own, e.g. EPSG:4490",
     ASSUME_CRS},
    {"tolerance", 0, "METRES", "End points this close join; default: 0.1", TOLERANCE},
    {"node-crossings", 0, NULL, "Make junctions where lines cross", NODE_CROSSINGS},
    {NULL, 0, NULL, NULL, 0}};

typedef struct build_call {
    hsd_build_request request;
    const char **profiles, **feeds;
    size_t profile_count, feed_count;
} build_call;

static bool take(cli_call *call, int key, const char *value) {
    build_call *b = call->request;
    hsd_build_request *r = &b->request;
    hsd_line_fields *f = &r->road_fields;
    switch (key) {
    case DATUM:
        if (!cli_datum(call, "datum", value, &r->datum)) return false;
        f->datum = r->rail.datum = r->datum;
        break;
    case OSM:
        r->osm = value;
        break;
    case ROADS:
        r->roads = value;
        break;
    case CORRIDOR:
        r->corridor = value;
        break;
    case GTFS:
        return cli_append(value, &b->feeds, &b->feed_count);
    case RAIL:
        r->rail.path = value;
        break;
    case RAIL_LAYER:
        r->rail.layer = value;
        break;
    case RAIL_FIELDS:
        r->rail.map = value;
        break;
    case RAIL_STATUS:
        r->rail.status = value;
        break;
    case AS_OF:
        r->as_of = r->rail.as_of = value;
        break;
    case PROFILE:
        return cli_append(value, &b->profiles, &b->profile_count);
    case BARRIERS:
        r->barriers = value;
        break;
    case LAYER:
        f->layer = value;
        break;
    case CLASS:
        f->road_class = value;
        break;
    case DEFAULT_CLASS:
        f->default_class = value;
        break;
    case SPEED:
        f->speed_kmh = value;
        break;
    case MINUTES:
        f->minutes = value;
        break;
    case ONEWAY:
        f->oneway = value;
        break;
    case BRIDGE:
        f->bridge = value;
        break;
    case TUNNEL:
        f->tunnel = value;
        break;
    case NAME:
        f->name = value;
        break;
    case MODES:
        f->modes = value;
        break;
    case ENCODING:
        f->encoding = r->rail.encoding = value;
        break;
    case ASSUME_CRS:
        f->assume_crs = r->assume_crs = r->rail.assume_crs = value;
        break;
    case TOLERANCE:
        if (!cli_number(value, &f->tolerance_m) || f->tolerance_m <= 0)
            return cli_bad(call, "tolerance", value, "expected metres above 0");
        break;
    case NODE_CROSSINGS:
        f->node_crossings = true;
        break;
    default:
        return false;
    }
    return true;
}

void cli_print_network(const hsd_network *network);

static int run(int argc, char **argv) {
    build_call b = {0};
    cli_call call = {.command = &cli_build, .request = &b};
    cli_parse(&call, argc, argv);
    hsd_run settings = cli_run(&call);
    b.request.profiles = b.profiles;
    b.request.profile_count = b.profile_count;
    b.request.gtfs = b.feeds;
    b.request.gtfs_count = b.feed_count;
    b.request.output = call.positional;
    b.request.overwrite = call.common.overwrite;
    hsd_network *network = NULL;
    hsd_issues issues = {0};
    hsd_error err = {HSD_OK, ""};
    hsd_status status = hsd_study_build(&b.request, &settings, &network, &issues, &err);
    free(b.profiles);
    free(b.feeds);
    const int failed = status == HSD_OK ? CLI_OK : cli_failed_issues(&call, &issues, &err);
    hsd_issues_finish(&issues);
    if (failed != CLI_OK) return failed;
    cli_progress_end();
    if (call.common.json) {
        hsd_network_info info;
        if (hsd_network_info_get(network, &info, &err) == HSD_OK)
            printf("{\"content_id\":\"%s\",\"edges\":%u,\"stops\":%u,\"trips\":%u}\n",
                   info.content_id, info.edges, info.stops, info.trips);
    } else if (!call.common.quiet) {
        cli_print_network(network);
    }
    hsd_network_destroy(network);
    return CLI_OK;
}

const cli_command cli_build = {
    .name = "build",
    .positional = "NETWORK.hsn",
    .usage = "NETWORK.hsn [--osm FILE | --roads FILE | --corridor FOLDER] [--gtfs FILE]...",
    .summary = "Read streets and timetables and make a network file",
    .details =
        "The network holds one table of streets with their geometry, for each mode a graph with "
        "the times of its profiles, and the timetable. It is made once and used by every other "
        "command.\n\n"
        "Examples:\n"
        "  hourshed build porto.hsn --osm porto.osm.pbf --gtfs bus.zip --gtfs trains.zip\n"
        "  hourshed build china.hsn --gtfs china.zip\n"
        "  hourshed build town.hsn --roads roads.shp --encoding GBK \\\n"
        "    --class-field 等级 --speed-field 时速 --profile my-speeds.yaml\n"
        "  hourshed build gba.hsn --as-of 2024-07-01 \\\n"
        "    --corridor geodata/studies/shenzhen-zhongshan",
    .options = {options},
    .take = take,
    .run = run};
