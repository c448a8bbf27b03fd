/* The options of hsd_circle_request that circle and compare share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/circle_options.h"

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
    BARRIERS,
    POPULATION,
    POPULATION_LAYER,
    MASS,
    ZONES,
    ZONE_LAYER,
    ZONE_ID,
    ZONE_NAME,
    ZONE_MASS,
    LEGS,
    TITLE,
    MIN_COMPONENT,
    CELL,
    VERTICES,
    ENCODING,
    ASSUME_CRS,
    DATUM,
    ORIGIN_DATUM,
    POPULATION_DATUM,
    ZONE_DATUM,
    OUTPUT_DATUM
};

const cli_option cli_circle_options[] = {
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
    {"minutes", 0, "LIST",
     "Cut-offs, inclusive; default: 60. Of matrix one, beyond which there is no way; default: none",
     MINUTES},
    {"mode", 'm', "NAME", "car, walk ...; default: the first profile's", MODE},
    {"profile", 'p', "NAME",
     "Profile of the network, repeatable; default: all of the mode, of matrix the first. With "
     "two or more, circle also draws the core (inside under all) and the fringe (inside under "
     "some)",
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
    {"zones", 0, "FILE", "Places to give times for", ZONES},
    {"zone-layer", 0, "NAME", "Layer, where the file has several", ZONE_LAYER},
    {"zone-id", 0, "FIELD", "Field with ids; default: id, else the feature id", ZONE_ID},
    {"zone-name", 0, "FIELD", "Field with names; default: name", ZONE_NAME},
    {"zone-mass", 0, "FIELD", "Mass field to carry along, repeatable", ZONE_MASS},
    {"encoding", 0, "NAME", "Text encoding of these layers, e.g. GBK", ENCODING},
    {"assume-crs", 0, "CRS", "For layers that do not say theirs, e.g. EPSG:4490", ASSUME_CRS},
    {"datum", 0, "NAME",
     "Of coordinates from Chinese map services: gcj02, bd09; default: wgs84. Of points and layers, "
     "not of rasters",
     DATUM},
    {"origin-datum", 0, "NAME", "Of origins and gates, where it is another", ORIGIN_DATUM},
    {"population-datum", 0, "NAME", "Of --population, where it is another", POPULATION_DATUM},
    {"zone-datum", 0, "NAME", "Of the zones, where it is another", ZONE_DATUM},
    {"output-datum", 0, "NAME", "Write the result's geometry back in it; default: wgs84",
     OUTPUT_DATUM},
    {NULL, 0, NULL, NULL, 0}};

const cli_option cli_drawn_options[] = {
    {NULL, 0, NULL, "How it is drawn:", 0},
    {"legs", 0, "ORIGIN:TARGET[@HH:MM]",
     "By timetable: the legs of the trip between an origin and a zone (or another origin), leaving "
     "or arriving at that minute of the window, else the median's; repeatable",
     LEGS},
    {"title", 0, "TEXT", "Title of picture and project", TITLE},
    {"cell", 0, "METRES", "Grid under the polygons; default: 12.5, growing with the cut-off", CELL},
    {"vertices", 0, "N", "Vertices of a polygon at most; default: 2000", VERTICES},
    {NULL, 0, NULL, NULL, 0}};

static bool take_point(cli_call *call, cli_circle_args *c, int key, const char *value) {
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

static bool take_choice(cli_call *call, hsd_circle_request *r, int key, const char *value) {
    static const char *const at[] = {"centroid", "weighted", "gates", NULL};
    static const char *const directions[] = {"from", "to", NULL};
    int i;
    switch (key) {
    case ORIGIN_AT:
        if ((i = cli_choose(value, at)) < 0)
            return cli_bad(call, "origin-at", value, "expected centroid, weighted or gates");
        r->origin_at = (hsd_origin_at)i;
        return true;
    default:
        if ((i = cli_choose(value, directions)) < 0)
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

/* Where a datum goes; NULL: not the key of one. */
static const char **datum_of(hsd_circle_request *r, int key, const char **name) {
    const struct {
        int key;
        const char *name, **out;
    } datums[] = {{DATUM, "datum", &r->datum},
                  {ORIGIN_DATUM, "origin-datum", &r->origin_fields.datum},
                  {POPULATION_DATUM, "population-datum", &r->population_fields.datum},
                  {ZONE_DATUM, "zone-datum", &r->zone_fields.datum},
                  {OUTPUT_DATUM, "output-datum", &r->output_datum}};
    for (size_t i = 0; i < sizeof datums / sizeof datums[0]; i++) {
        if (datums[i].key != key) continue;
        *name = datums[i].name;
        return datums[i].out;
    }
    return NULL;
}

static bool take_field(cli_circle_args *c, int key, const char *value) {
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

bool cli_circle_take(cli_call *call, cli_circle_args *c, int key, const char *value) {
    hsd_circle_request *r = &c->request;
    if (key >= CLI_TRANSIT_KEYS) return cli_transit_take(call, &c->transit, key, value);
    const char *name, **datum = datum_of(r, key, &name);
    if (datum) return cli_datum(call, name, value, datum);
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
    case LEGS:
        return cli_append(value, &c->legs, &c->leg_count);
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
    case TITLE:
        r->title = value;
        return true;
    default:
        return take_field(c, key, value);
    }
}

int cli_circle_check(const cli_call *call, cli_circle_args *c) {
    if (c->from && c->to) {
        fprintf(stderr, "hourshed %s: --from and --to in one run: take one of them\n",
                call->command->name);
        return CLI_USAGE;
    }
    if (c->direction && c->point_count) {
        fprintf(stderr,
                "hourshed %s: --direction goes with --origins; --to LON,LAT says it for points\n",
                call->command->name);
        return CLI_USAGE;
    }
    hsd_circle_request *r = &c->request;
    if (c->to) r->direction = HSD_TO;
    r->points = c->points;
    r->point_count = c->point_count;
    r->minutes = c->minutes;
    r->minute_count = c->minute_count;
    r->profiles = c->profiles;
    r->profile_count = c->profile_count;
    r->population_fields.masses = c->masses;
    r->population_fields.mass_count = c->mass_count;
    r->zone_fields.masses = c->zone_masses;
    r->zone_fields.mass_count = c->zone_mass_count;
    r->transit = cli_transit_choice(&c->transit);
    r->legs = c->legs;
    r->leg_count = c->leg_count;
    r->network = call->positional;
    r->output = call->common.output;
    r->format = call->common.format;
    r->overwrite = call->common.overwrite;
    r->lang = call->common.lang;
    return CLI_OK;
}

void cli_circle_finish(cli_circle_args *c) {
    free(c->points);
    free(c->minutes);
    free(c->profiles);
    free(c->masses);
    free(c->zone_masses);
    free(c->legs);
    cli_transit_finish(&c->transit);
}
