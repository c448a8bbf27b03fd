/* Proposals files: layers, names of proposals, what a day or a status leaves out. */
#include <math.h>

#include "base/memory.h"
#include "proposals.h"

static void each_line_of_a_plain_layer_is_a_proposal(void **state) {
    const char *const features[] = {"\"name\":\"B\",\"minutes\":1|" LINE,
                                    "\"name\":\"A\",\"minutes\":2|" LINE,
                                    "\"name\":\"B\",\"minutes\":3|" LINE,
                                    "\"name\":\"\",\"minutes\":4|" LINE,
                                    "\"minutes\":5|" LINE,
                                    "\"name\":\"feature 4\",\"minutes\":6|" LINE,
                                    NULL};
    static const char *const want[] = {"A",         "B",         "B (2)",
                                       "feature 3", "feature 4", "feature 4 (4)"};
    static const double minutes[] = {2, 1, 3, 4, 6, 5};
    hsd_proposal_table t;
    must(files_geojson(*state, "plain.geojson", features), &t);
    assert_int_equal(t.proposal_count, 6);
    assert_int_equal(t.link_count, 6);
    for (uint32_t p = 0; p < 6; p++) {
        assert_string_equal(t.proposals[p].name, want[p]);
        for (size_t i = 0; i < 6; i++)
            if (t.links[i].proposal == p) assert_true(t.links[i].minutes == minutes[p]);
    }
    hsd_proposal_table_finish(&t);
}

static void a_link_without_proposal_leaves_the_names_of_others_alone(void **state) {
    const char *const features[] = {"\"name\":\"X\",\"minutes\":1|" LINE,
                                    "\"proposal\":\"X\",\"minutes\":2|" LINE, NULL};
    hsd_proposal_table t;
    must(files_geojson(*state, "q.geojson", features), &t);
    assert_int_equal(t.proposal_count, 2);
    assert_string_equal(t.proposals[0].name, "X");
    assert_string_equal(t.proposals[1].name, "X (0)");
    assert_int_equal(t.links[0].proposal, 1);
    hsd_proposal_table_finish(&t);
}

static void rows_of_one_name_are_one_proposal(void **state) {
    const char *const rows[] = {ROW "| Z |a|||60|||||||5|||", /* spaces do not count */
                                ROW "|Z|b|||60|||||||7|2031|planned|2030",
                                ROW "|Z|c|||60||||||||2035|idea|2029",
                                ROW "|Ä|d|||60",
                                ROW "|z|e|||60",
                                NULL};
    hsd_proposal_table t;
    must(links(*state, "r.gpkg", rows), &t);
    assert_int_equal(t.proposal_count, 3);
    assert_string_equal(t.proposals[0].name, "Z"); /* by bytes */
    assert_string_equal(t.proposals[1].name, "z");
    assert_string_equal(t.proposals[2].name, "Ä");
    assert_true(t.proposals[0].cost == 12 && t.proposals[0].year == 2031);
    assert_string_equal(t.proposals[0].status, "planned");
    assert_string_equal(t.proposals[0].opened, "2030");
    assert_int_equal(t.proposals[0].rows, 3);
    assert_int_equal(t.links[3].proposal, 2);
    assert_int_equal(t.links[4].proposal, 1);
    hsd_proposal_table_finish(&t);
}

static void rows_stand_by_feature_id_whatever_the_order_of_the_file(void **state) {
    const char *text = "{\"type\":\"FeatureCollection\",\"features\":["
                       "{\"type\":\"Feature\",\"id\":9,\"properties\":{\"name\":\"n\",\"minutes\":"
                       "9},\"geometry\":" LINE "},"
                       "{\"type\":\"Feature\",\"id\":4,\"properties\":{\"name\":\"n\",\"minutes\":"
                       "4},\"geometry\":" LINE "}]}";
    hsd_proposal_table t;
    must(files_text(*state, "order.geojson", text), &t);
    assert_int_equal(t.links[0].feature_id, 4);
    assert_true(t.links[0].minutes == 4 && t.links[1].minutes == 9);
    assert_string_equal(t.proposals[0].name, "n"); /* the lower id has the bare name */
    assert_int_equal(t.links[0].proposal, 0);
    assert_string_equal(t.proposals[1].name, "n (9)");
    hsd_proposal_table_finish(&t);
}

static void an_id_that_stands_twice_names_both_features(void **state) {
    const char *const features[] = {"\"id\":\"a\",\"minutes\":1|" LINE,
                                    "\"id\":\"b\",\"minutes\":1|" LINE,
                                    "\"id\":\"a\",\"minutes\":1|" LINE, NULL};
    refused(files_geojson(*state, "id.geojson", features),
            "id feature 2: id \"a\" stands twice, first in feature 0");
    const char *const empty[] = {"\"id\":\"\",\"minutes\":1|" LINE,
                                 "\"id\":\"\",\"minutes\":1|" LINE, NULL};
    hsd_proposal_table t;
    must(files_geojson(*state, "id.geojson", empty), &t);
    hsd_proposal_table_finish(&t);
}

static void rows_of_several_layers_may_stand_in_one(void **state) {
    const char *const features[] = {
        "\"layer\":\"stations\",\"proposal\":\"P\",\"name\":\"A\",\"park_min\":3|"
        "{\"type\":\"Point\",\"coordinates\":[113.0,22.0]}",
        "\"layer\":\"links\",\"proposal\":\"P\",\"kind\":\"rail\",\"speed_kmh\":160|" LINE,
        "\"layer\":\"Services\",\"proposal\":\"P\",\"line\":\"L\",\"departures\":\"10:24;12:39;15:"
        "21\"|null",
        "\"layer\":\"stations\",\"proposal\":\"P\",\"name\":\"B\"|"
        "{\"type\":\"Point\",\"coordinates\":[113.01,22.0]}",
        NULL};
    hsd_proposal_table t;
    must(files_geojson(*state, "mixed.geojson", features), &t);
    assert_int_equal(t.proposal_count, 1);
    assert_int_equal(t.link_count, 1);
    assert_int_equal(t.station_count, 2);
    assert_int_equal(t.service_count, 1);
    assert_int_equal(t.stations[1].feature_id, 3);
    assert_int_equal(t.services[0].departure_count, 3); /* no time of day to GDAL */
    assert_false(
        issue_holds(false, "not read")); /* fields of one layer are no strangers in another */
    hsd_proposal_table_finish(&t);
    const char *const unknown[] = {"\"layer\":\"links\",\"minutes\":1|" LINE,
                                   "\"layer\":\"bridges\",\"minutes\":1|" LINE, NULL};
    refused(files_geojson(*state, "unknown.geojson", unknown),
            "feature 1: layer \"bridges\" is none of links, junctions, stations, services");
    const char *const level[] = {"\"layer\":\"1\",\"minutes\":1|" LINE,
                                 NULL}; /* a field of its own */
    must(files_geojson(*state, "level.geojson", level), &t);
    assert_int_equal(t.link_count, 1);
    hsd_proposal_table_finish(&t);
}

static size_t links_as_of(const char *path, const char *as_of, const char *status) {
    hsd_proposal_table t;
    must_with(&(hsd_proposal_source){.path = path, .as_of = as_of, .status = status}, &t);
    size_t count = t.link_count;
    assert_int_equal(t.proposal_count, count);
    hsd_proposal_table_finish(&t);
    return count;
}

static void a_day_leaves_out_what_opens_later(void **state) {
    const char *const rows[] = {
        ROW "|a||||60|||||||||open|2018", ROW "|b||||60|||||||||open|2024-06-30",
        ROW "|c||||60|||||||||planned|2024-07", ROW "|d||||60|||||||||Idea|", NULL};
    const char *path = links(*state, "d.gpkg", rows);
    assert_int_equal(links_as_of(path, NULL, NULL), 4);
    assert_int_equal(links_as_of(path, "2017-12-31", NULL), 1);
    remarked("3 of 4 rows left out by their day of opening");
    assert_int_equal(links_as_of(path, "2018-01-01", NULL), 2);
    assert_int_equal(links_as_of(path, "2024-06-29", NULL), 2);
    assert_int_equal(links_as_of(path, "2024-06-30", NULL), 3);
    assert_int_equal(links_as_of(path, "2024-07-01", NULL), 4);
    assert_int_equal(links_as_of(path, NULL, "open"), 2);
    assert_int_equal(links_as_of(path, NULL, "planned; IDEA"), 2);
    assert_int_equal(links_as_of(path, NULL, "planned , idea"), 2);
    assert_int_equal(links_as_of(path, NULL, "idea，open"), 3);
    assert_int_equal(links_as_of(path, "2020-01-01", "open;idea"), 2);
    refused_with(&(hsd_proposal_source){.path = path, .status = "building"}, HSD_E_FORMAT,
                 "d.gpkg: nothing is left, 4 of 4 rows are left out by status \"building\"");
    refused_with(&(hsd_proposal_source){.path = path, .as_of = "2024-07"}, HSD_E_ARGUMENT,
                 "date \"2024-07\": YYYY-MM-DD was expected");
}

static const char *const junction_fields[] = {"proposal:t", "connect_to:t", "ramp_min:r",
                                              "modes:t",    "opened:t",     NULL};
static const char *const closure_fields[] = {"proposal:t", "roads:t", "inside:t", "layers:t",
                                             "class:t",    "modes:t", NULL};
static const char *const speed_fields[] = {"proposal:t", "class:t",     "factor:r",
                                           "modes:t",    "speed_kmh:r", NULL};
static const char *const wait_fields[] = {"proposal:t", "direction:t", "low_min:r", "typical_min:r",
                                          "high_min:r", "modes:t",     NULL};
static const char *const station_fields[] = {"proposal:t", "name:t", NULL};
static const char *const service_fields[] = {
    "proposal:t", "line:t", "headway_min:r", "stations:t", "departures:t", "minutes:t", NULL};

static void rows_without_a_day_or_status_share_that_of_their_proposal(void **state) {
    const char *const lines[] = {ROW "|a||||60|||||||||idea|2030", ROW "|b||||60", NULL};
    const char *const points[] = {"POINT(113 22)|a||||", "POINT(113 22)|b||||",
                                  "POINT(113 22)|a||||2020", NULL};
    layer_spec specs[] = {
        {"GPKG", "links", "EPSG:4326", wkbUnknown, link_fields, lines, NULL},
        {"GPKG", "junctions", "EPSG:4326", wkbPoint, junction_fields, points, NULL}};
    const char *path = files_layers(*state, "share.gpkg", specs, 2);
    hsd_proposal_table t;
    must_with(&(hsd_proposal_source){.path = path, .as_of = "2019-01-01"}, &t);
    assert_int_equal(t.proposal_count, 1); /* all of a opens later */
    assert_int_equal(t.link_count, 1);
    assert_int_equal(t.junction_count, 1);
    assert_int_equal(t.junctions[0].feature_id, 2);
    hsd_proposal_table_finish(&t);
    must_with(&(hsd_proposal_source){.path = path, .as_of = "2025-01-01"}, &t);
    assert_int_equal(t.link_count, 1); /* a's link waits for 2030, its points for 2020 */
    assert_int_equal(t.junction_count, 3);
    hsd_proposal_table_finish(&t);
    must_with(&(hsd_proposal_source){.path = path, .status = "idea"}, &t);
    assert_int_equal(t.proposal_count, 1);
    assert_int_equal(t.junction_count, 2); /* as ideas as a's link */
    hsd_proposal_table_finish(&t);
}

static const char *template_file(files *f, const char *name) {
    static const char *const lines[] = {ROW "|p|bridge|||60", "LINESTRING(0 0,1 1)|r|metro|rail",
                                        NULL};
    static const char *const points[] = {"POINT(113.005 22)|p|primary|1.5|car; coach|",
                                         "POINT(113.005 22)|p||||", NULL};
    static const char *const stations[] = {"POINT(0 0)|r|Central", "POINT(1 1)|r|East", NULL};
    static const char *const services[] = {"|r|Line 1|10|Central;East", "|r|Line 1|||07:00;08:00|5",
                                           NULL};
    static const char *const closures[] = {"POLYGON((0 0,1 0,1 1,0 1,0 0))|p||within|all|ferry|car",
                                           "|p|12, 34；56||||", NULL};
    static const char *const speeds[] = {"POLYGON((0 0,1 0,1 1,0 1,0 0))|p|trunk|1.2|car",
                                         "|q|primary|||50", NULL};
    static const char *const waits[] = {"LINESTRING(0 0,1 0)|q|to_left|5|20|45|car",
                                        "MULTILINESTRING((0 0,1 0),(2 0,3 0))|q|||-10||", NULL};
    layer_spec specs[] = {
        {"GPKG", "LINKS", "EPSG:4326", wkbMultiLineString, link_fields, lines, NULL},
        {"GPKG", "junctions", "EPSG:4326", wkbPoint, junction_fields, points, NULL},
        {"GPKG", "Stations", "EPSG:4326", wkbPoint, station_fields, stations, NULL},
        {"GPKG", "services", NULL, wkbNone, service_fields, services, NULL},
        {"GPKG", "closures", "EPSG:4326", wkbMultiPolygon, closure_fields, closures, NULL},
        {"GPKG", "speed_changes", "EPSG:4326", wkbMultiPolygon, speed_fields, speeds, NULL},
        {"GPKG", "waits", "EPSG:4326", wkbMultiLineString, wait_fields, waits, NULL},
        {"GPKG", "other", "EPSG:4326", wkbLineString, NULL, NULL, NULL}};
    return files_layers(f, name, specs, 8);
}

static void all_seven_layers_are_read(void **state) {
    hsd_proposal_table t;
    must(template_file(*state, "template.gpkg"), &t);
    assert_int_equal(t.proposal_count, 3);
    assert_string_equal(t.proposals[0].name, "p");
    assert_int_equal(t.proposals[0].rows, 6);
    assert_string_equal(t.proposals[1].name, "q");
    assert_int_equal(t.proposals[1].rows, 3);
    assert_int_equal(t.proposals[2].rows, 5);
    assert_int_equal(t.link_count, 2);
    assert_int_equal(t.links[1].kind, HSD_KIND_RAIL);
    assert_true(isnan(t.links[1].speed_kmh));
    assert_int_equal(t.station_count, 2);
    assert_int_equal(t.service_count, 2);
    assert_string_equal(t.links_name, "links");

    assert_int_equal(t.junction_count, 2);
    assert_true(t.junctions[0].at.lon == 113.005 && t.junctions[0].at.lat == 22);
    assert_string_equal(t.junctions[0].connect_to, "primary");
    assert_string_equal(t.junctions[0].modes, "car;coach");
    assert_true(t.junctions[0].ramp_min == 1.5 && t.junctions[1].ramp_min == 0);
    assert_null(t.junctions[1].connect_to);

    assert_int_equal(t.closure_count, 2);
    const hsd_closure_row *c = t.closures;
    assert_int_equal(c[0].polygon.type, HSD_GEOMETRY_POLYGON);
    assert_int_equal(c[0].inside, HSD_INSIDE_WITHIN);
    assert_true(c[0].all_layers && !c[1].all_layers);
    assert_string_equal(c[0].road_class, "ferry");
    assert_null(c[0].roads);
    assert_int_equal(c[1].polygon.type, HSD_GEOMETRY_NONE);
    assert_string_equal(c[1].roads, "12;34;56");
    assert_int_equal(c[1].inside, HSD_INSIDE_TOUCH);

    assert_int_equal(t.speed_count, 2);
    assert_true(t.speeds[0].factor == 1.2 && isnan(t.speeds[0].speed_kmh));
    assert_true(isnan(t.speeds[1].factor) && t.speeds[1].speed_kmh == 50);
    assert_int_equal(t.speeds[1].polygon.type, HSD_GEOMETRY_NONE);
    assert_string_equal(t.speeds[1].road_class, "primary");
    assert_int_equal(t.speeds[1].proposal, 1);

    assert_int_equal(t.wait_count, 2);
    assert_int_equal(t.waits[0].direction, -1);
    assert_true(t.waits[0].minutes[0] == 5 && t.waits[0].minutes[1] == 20);
    assert_true(t.waits[0].minutes[2] == 45);
    assert_int_equal(t.waits[1].direction, 0);
    for (int k = 0; k < 3; k++) assert_true(t.waits[1].minutes[k] == -10); /* low, high as usual */
    assert_int_equal(t.waits[1].line.ring_count, 2);

    assert_int_equal(issues.count, 0);
    hsd_proposal_table_finish(&t);
}

static void stations_have_a_name_and_a_place(void **state) {
    const char *const nameless[] = {"POINT(0 0)|r|", NULL}, *const nowhere[] = {"|r|Central", NULL};
    layer_spec spec = {"GPKG", "stations", "EPSG:4326", wkbPoint, station_fields, nameless, NULL};
    refused(files_layers(*state, "s.gpkg", &spec, 1), "stations feature 1: name is empty");
    spec.rows = nowhere;
    refused(files_layers(*state, "s.gpkg", &spec, 1), "stations feature 1: no geometry; a point");
}

/* One row of another layer than links. */
static void row_refused(files *f, const char *layer, const char *const *fields, const char *row,
                        const char *what) {
    const char *const rows[] = {row, NULL};
    layer_spec spec = {"GPKG", layer, "EPSG:4326", wkbUnknown, fields, rows, NULL};
    refused(files_layers(f, "row.gpkg", &spec, 1), what);
}

static void rows_that_say_too_little_or_too_much_are_refused(void **state) {
    files *f = *state;
    row_refused(f, "closures", closure_fields, "|p||||||",
                "closures feature 1: neither a polygon, roads nor a class");
    row_refused(f, "closures", closure_fields, "|p|1;;2||||",
                "closures feature 1: roads is \"1;;2\": an empty word");
    row_refused(f, "closures", closure_fields, "||1||||", "closures feature 1: proposal is empty");
    row_refused(f, "closures", closure_fields, "|p|1|near|||",
                "field \"inside\" is \"near\"; touch or within was expected");
    row_refused(f, "closures", closure_fields, "|p|1||bridges||",
                "field \"layers\" is \"bridges\"; ground or all was expected");
    row_refused(f, "speed_changes", speed_fields, "|p|trunk||",
                "speed_changes feature 1: neither factor nor speed_kmh");
    row_refused(f, "speed_changes", speed_fields, "|p|trunk|2||60",
                "speed_changes feature 1: both factor and speed_kmh");
    row_refused(f, "speed_changes", speed_fields, "|p||2||",
                "speed_changes feature 1: neither a polygon nor a class");
    row_refused(f, "speed_changes", speed_fields, "|p|trunk|0||",
                "field \"factor\" is 0; factor of at least 0.01 and at most 100 was expected");
    row_refused(f, "speed_changes", speed_fields, "|p|trunk|101||", "field \"factor\" is 101");
    row_refused(f, "waits", wait_fields, "LINESTRING(0 0,1 0)|p||5||45|",
                "waits feature 1: typical_min is empty");
    row_refused(f, "waits", wait_fields, "LINESTRING(0 0,1 0)|p|north||5||",
                "field \"direction\" is \"north\"; both, to_right or to_left was expected");
    row_refused(f, "waits", wait_fields, "|p|||5||", "waits feature 1: no geometry; a line");
    row_refused(f, "waits", wait_fields, "POINT(0 0)|p|||5||",
                "waits feature 1: a point; a line was expected");
    row_refused(f, "junctions", junction_fields, "MULTIPOINT(0 0,1 1)|p|||",
                "junctions feature 1: several points in one feature");
    row_refused(f, "junctions", junction_fields, "LINESTRING(0 0,1 1)|p|||",
                "junctions feature 1: a line; a point was expected");
    row_refused(f, "junctions", junction_fields, "POINT(0 0)|p||-1|",
                "field \"ramp_min\" is -1; ramp_min of at least 0");
}

static void all_problems_of_all_layers_are_listed(void **state) {
    const char *const lines[] = {ROW "|p||bus||0", ROW "|p||||60", "POINT(0 0)|p||||60", NULL};
    const char *const points[] = {"POINT(0 0)|||9999||", NULL};
    layer_spec specs[] = {
        {"GPKG", "links", "EPSG:4326", wkbUnknown, link_fields, lines, NULL},
        {"GPKG", "junctions", "EPSG:4326", wkbUnknown, junction_fields, points, NULL}};
    refused(
        files_layers(*state, "all.gpkg", specs, 2),
        "links feature 1: field \"kind\" is \"bus\"; road, rail, ferry or walk was expected (and "
        "4 more)");
    assert_int_equal(issues.errors, 5);
    assert_true(issue_holds(true, "links feature 1: field \"speed_kmh\" is 0"));
    assert_true(issue_holds(true, "links feature 3: a point"));
    assert_true(issue_holds(true, "junctions feature 1: field \"ramp_min\" is 9999"));
    assert_true(issue_holds(true, "junctions feature 1: proposal is empty"));
}

static void of_several_line_layers_one_is_named(void **state) {
    files *f = *state;
    const char *const fields[] = {"minutes:r", NULL}, *const a[] = {ROW "|1", NULL},
                      *const b[] = {ROW "|2", NULL}, *const points[] = {"POINT(0 0)|1", NULL};
    layer_spec specs[] = {{"GPKG", "bridges", "EPSG:4326", wkbLineString, fields, a, NULL},
                          {"GPKG", "towns", "EPSG:4326", wkbPoint, fields, points, NULL},
                          {"GPKG", "tunnels", "EPSG:4326", wkbMultiLineString, fields, b, NULL}};
    const char *path = files_layers(f, "two.gpkg", specs, 3);
    refused_with(
        &(hsd_proposal_source){.path = path}, HSD_E_ARGUMENT,
        "two.gpkg has several line layers, name one with --proposal-layer: bridges, tunnels");
    refused_with(&(hsd_proposal_source){.path = path, .layer = "ferries"}, HSD_E_ARGUMENT,
                 "two.gpkg has no layer \"ferries\"");
    refused_with(&(hsd_proposal_source){.path = path, .layer = "towns"}, HSD_E_FORMAT,
                 "towns feature 1: a point; a line was expected");
    hsd_proposal_table t;
    must_with(&(hsd_proposal_source){.path = path, .layer = "tunnels"}, &t);
    assert_true(t.links[0].minutes == 2);
    assert_string_equal(t.links_name, "tunnels");
    hsd_proposal_table_finish(&t);
    must(files_layers(f, "one.gpkg", specs, 2), &t); /* the one line layer beside points */
    assert_true(t.links[0].minutes == 1);
    hsd_proposal_table_finish(&t);
    refused(files_layers(f, "points.gpkg", &specs[1], 1), "towns feature 1: a point; a line was");
}

static void coordinates_come_in_the_system_of_their_layer(void **state) {
    files *f = *state;
    const char *const fields[] = {"minutes:r", NULL};
    const char *const rows[] = {"LINESTRING(500000 0,501000 0)|1", NULL};
    layer_spec spec = {"GPKG", "roads", "EPSG:32649", wkbLineString, fields, rows, NULL};
    hsd_proposal_table t;
    must(files_layers(f, "utm.gpkg", &spec, 1), &t);
    assert_true(fabs(t.links[0].line.points[0].lon - 111) < 1e-9);
    hsd_proposal_table_finish(&t);
    spec.crs = NULL;
    const char *path = files_layers(f, "none.gpkg", &spec, 1);
    refused(path, "none.gpkg has no coordinate system; say which with --proposal-crs");
    must_with(&(hsd_proposal_source){.path = path, .assume_crs = "EPSG:32649"}, &t);
    assert_true(fabs(t.links[0].line.points[0].lon - 111) < 1e-9);
    hsd_proposal_table_finish(&t);
    refused_with(&(hsd_proposal_source){.path = path, .assume_crs = "EPSG:4326"}, HSD_E_FORMAT,
                 "roads feature 1: coordinates 500000,0 are not longitude,latitude");
}

static void files_without_rows_or_layers_say_so(void **state) {
    files *f = *state;
    const char *const nothing[] = {NULL};
    refused(links(f, "empty.gpkg", nothing), "empty.gpkg has no rows");
    refused_with(&(hsd_proposal_source){.path = files_path(f, "gone.gpkg")}, HSD_E_OPEN,
                 "no such file");
    refused_with(&(hsd_proposal_source){.path = files_text(f, "text.gpkg", "hello")}, HSD_E_OPEN,
                 "text.gpkg: cannot be read as a vector file");
}

static void closures_alone_may_be_a_table_without_geometry(void **state) {
    hsd_proposal_table t;
    must(files_text(*state, "closures.csv", "proposal,roads\nno ferry,\"77,78\"\n"), &t);
    assert_int_equal(t.closure_count, 1);
    assert_string_equal(t.closures[0].roads, "77;78");
    assert_string_equal(t.proposals[0].name, "no ferry");
    assert_int_equal(t.link_count, 0);
    assert_string_equal(t.links_name, "links");
    hsd_proposal_table_finish(&t);
}

static void a_folder_of_shapefiles_is_a_file_of_layers(void **state) {
    files *f = *state, sub = {.next = 0};
    snprintf(sub.folder, sizeof sub.folder, "%.40s/shapes", f->folder);
    const char *const lines[] = {"LINESTRING(113 22,113.01 22)|p|60", NULL};
    const char *const areas[] = {"POLYGON((0 0,0 1,1 1,1 0,0 0))|p|", NULL};
    const char *const fields[] = {"proposal:t", "speed_kmh:r", NULL}, *const area_fields[] = {
                                                                          "proposal:t", "roads:t",
                                                                          NULL};
    layer_spec specs[] = {
        {"ESRI Shapefile", "links", "EPSG:4326", wkbLineString, fields, lines, NULL},
        {"ESRI Shapefile", "closures", "EPSG:4326", wkbPolygon, area_fields, areas, NULL}};
    hsd_proposal_table t;
    must(files_layers(f, "shapes", specs, 2), &t);
    assert_int_equal(t.link_count, 1);
    assert_int_equal(t.closure_count, 1);
    assert_int_equal(t.proposal_count, 1);
    hsd_proposal_table_finish(&t);
    files *owned = malloc(sizeof *owned);
    *owned = sub;
    void *gone = owned;
    files_end(&gone);
}

static void memory_failures_are_reported_and_leak_nothing(void **state) {
    const char *path = template_file(*state, "oom.gpkg");
    const hsd_proposal_source source = {.path = path, .map = "name=name", .status = NULL};
    hsd_status status = HSD_E_MEMORY;
    uint64_t n = 1;
    for (; status != HSD_OK && n < 2000; n++) {
        hsd_proposal_table t;
        hsd_error err = {0};
        hsd_issues found = {0};
        hsd_memory_fail_at(n);
        status = hsd_read_proposals(&source, NULL, &t, &found, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK)
            assert_int_equal(t.wait_count, 2);
        else
            assert_non_null(strstr(err.message, "out of memory"));
        hsd_proposal_table_finish(&t);
        hsd_issues_finish(&found);
    }
    assert_int_equal(status, HSD_OK);
    assert_true(n > 100);
}

static bool never(void *user, const char *what, double fraction) {
    (void)user, (void)what, (void)fraction;
    return false;
}

static void reading_can_be_cancelled(void **state) {
    hsd_run run = {.progress = never};
    hsd_proposal_table t;
    hsd_error err = {0};
    const hsd_proposal_source source = {.path = one(*state, "\"minutes\":1|" LINE)};
    assert_int_equal(hsd_read_proposals(&source, &run, &t, NULL, &err), HSD_E_CANCELLED);
    assert_null(t.links);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_of_a_plain_layer_is_a_proposal),
        cmocka_unit_test(a_link_without_proposal_leaves_the_names_of_others_alone),
        cmocka_unit_test(rows_of_one_name_are_one_proposal),
        cmocka_unit_test(rows_stand_by_feature_id_whatever_the_order_of_the_file),
        cmocka_unit_test(an_id_that_stands_twice_names_both_features),
        cmocka_unit_test(rows_of_several_layers_may_stand_in_one),
        cmocka_unit_test(a_day_leaves_out_what_opens_later),
        cmocka_unit_test(rows_without_a_day_or_status_share_that_of_their_proposal),
        cmocka_unit_test(all_seven_layers_are_read),
        cmocka_unit_test(stations_have_a_name_and_a_place),
        cmocka_unit_test(rows_that_say_too_little_or_too_much_are_refused),
        cmocka_unit_test(all_problems_of_all_layers_are_listed),
        cmocka_unit_test(of_several_line_layers_one_is_named),
        cmocka_unit_test(coordinates_come_in_the_system_of_their_layer),
        cmocka_unit_test(files_without_rows_or_layers_say_so),
        cmocka_unit_test(closures_alone_may_be_a_table_without_geometry),
        cmocka_unit_test(a_folder_of_shapefiles_is_a_file_of_layers),
        cmocka_unit_test(memory_failures_are_reported_and_leak_nothing),
        cmocka_unit_test(reading_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, files_begin, end) != 0;
}
