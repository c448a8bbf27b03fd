/* Corridor tables. On the equator a degree of longitude is 111.3195 km (6378.137 km x pi / 180), so
 * lengths below are by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "read/corridor.h"
#include "read/csv_table.h"

#define NODES "id,name,lon,lat,stop\na,阿,0,0,yes\nb,B,0.1,0,no\nc,C,0.1,0.1,\n"

static hsd_text_file text_of(const char *text) {
    return (hsd_text_file){text, strlen(text)};
}

static hsd_status parse(const char *nodes, const char *links, const char *as_of,
                        hsd_road_table *out, hsd_error *err) {
    return hsd_corridor_parse(text_of(nodes), text_of(links), as_of, HSD_WGS84, out, err);
}

static void must(const char *nodes, const char *links, const char *as_of, hsd_road_table *out) {
    hsd_error err = {0};
    if (parse(nodes, links, as_of, out, &err) != HSD_OK) fail_msg("%s", err.message);
}

static void refused(const char *nodes, const char *links, const char *where, const char *what) {
    hsd_road_table t;
    hsd_error err = {0};
    hsd_status status = parse(nodes, links, NULL, &t, &err);
    if (status != HSD_E_FORMAT || !strstr(err.message, where) || !strstr(err.message, what))
        fail_msg("status %d, \"%s\"; expected \"%s\" and \"%s\"", (int)status, err.message, where,
                 what);
    assert_null(t.nodes);
}

static void link_refused(const char *columns, const char *values, const char *what) {
    char links[400];
    snprintf(links, sizeof links, "from,to,class,%s\na,b,trunk,%s\n", columns, values);
    refused(NODES, links, "links.csv line 2: ", what);
}

static bool has_note(const hsd_road_table *t, const char *piece) {
    for (size_t i = 0; i < t->note_count; i++)
        if (strstr(t->notes[i], piece)) return true;
    return false;
}

static void links_keep_file_order_and_what_they_say(void **state) {
    (void)state;
    hsd_road_table t;
    must("\xEF\xBB\xBF" NODES,
         "class,to,from,id,name,length_km,speed_kmh,minutes,wait_min,oneway,modes,source\r\n"
         "expressway,b,a,l1,\"G4, 京港澳\",11.5,100,,,no,,x\r\n"
         "ferry,c,b,l2,,12,,30,15.5,yes,walk,\r\n"
         "\r\n,,,,,,,,,,,\r\n"
         "bridge,a,c,l3,G4,20,60,,10,-1,car;coach,\r\n"
         "tunnel,c,a,l4,,20,,,,,,\r\n",
         NULL, &t);
    assert_int_equal(t.node_count, 3);
    assert_int_equal(t.nodes[1].lon_e7, 1000000);
    assert_int_equal(t.nodes[2].lat_e7, 1000000);
    assert_int_equal(t.node_source[2], 3);
    assert_int_equal(t.node_flags[0], 0);
    assert_int_equal(t.node_flags[1], HSD_NODE_NO_STOP);
    assert_int_equal(t.node_flags[2], 0);
    assert_int_equal(t.way_count, 4);
    assert_int_equal(t.mode_count, 4);
    assert_string_equal(t.modes[0], "car");
    assert_string_equal(t.modes[1], "walk");
    assert_string_equal(t.modes[3], "coach");

    const hsd_way *w = &t.ways[0];
    assert_int_equal(w->source_id, 1);
    assert_int_equal(w->node_count, 2);
    assert_int_equal(t.way_nodes[w->first_node], 0);
    assert_int_equal(t.way_nodes[w->first_node + 1], 1);
    assert_string_equal(t.strings + w->name, "G4, 京港澳");
    assert_string_equal(t.classes[w->class_id], "expressway");
    assert_int_equal(w->flags, HSD_WAY_SCHEMATIC);
    assert_true(w->length_m == 11500);
    assert_int_equal(w->speed_mh[0], 100000);
    assert_int_equal(w->speed_mh[1], 100000);
    assert_int_equal(w->time_ms[0], 0);
    assert_int_equal(w->speed_source[0], HSD_SPEED_TAG);
    assert_int_equal(w->yes[0] | w->no[0] | w->yes[1] | w->no[1], 0);

    w = &t.ways[1]; /* a foot ferry, one way: 30 + 15.5 min; walkers may go against it, as in OSM */
    assert_int_equal(w->flags, HSD_WAY_SCHEMATIC | HSD_WAY_FERRY);
    assert_int_equal(w->time_ms[0], 2730000);
    assert_int_equal(w->speed_mh[0], 0);
    assert_int_equal(w->yes[0], 2);
    assert_int_equal(w->no[0], 1 | 4 | 8);
    assert_int_equal(w->yes[1], 2);
    assert_int_equal(w->no[1], 1 | 4 | 8);
    assert_int_equal(w->name, 0);

    w = &t.ways[2]; /* -1: closed forward; 20 km at 60 km/h is 20 min, and 10 of waiting */
    assert_int_equal(w->source_id, 3);
    assert_int_equal(w->flags, HSD_WAY_SCHEMATIC | HSD_WAY_BRIDGE);
    assert_int_equal(w->time_ms[0], 1800000);
    assert_int_equal(w->time_ms[1], 1800000);
    assert_int_equal(w->yes[0], 0);
    assert_int_equal(w->no[0], 15);
    assert_int_equal(w->yes[1], 1 | 8);
    assert_int_equal(w->no[1], 2 | 4);

    w = &t.ways[3];
    assert_int_equal(w->flags, HSD_WAY_SCHEMATIC | HSD_WAY_TUNNEL);
    assert_int_equal(w->speed_source[0], HSD_SPEED_NONE);
    assert_int_equal(t.note_count, 0);
    assert_false(t.has_water);
    hsd_road_table_finish(&t);
}

static void a_drawn_line_goes_between_its_nodes(void **state) {
    (void)state;
    hsd_road_table t;
    must(NODES,
         "from,to,class,length_km,geometry\n"
         "a,b,trunk,,\"LINESTRING(0 0, 0.05 0.001, 0.1 0)\"\n"
         "b,c,trunk,13,\"LINESTRING Z(0.1 0.0001 5,0.12 0.05 6,0.1 0.1 7)\"\n",
         NULL, &t);
    assert_int_equal(t.node_count, 6); /* two inner points, and the end 11 m from b */
    assert_int_equal(t.ways[0].flags, 0);
    assert_int_equal(t.ways[0].node_count, 3);
    assert_int_equal(t.way_nodes[1], 3);
    assert_int_equal(t.nodes[3].lat_e7, 10000);
    assert_int_equal(t.node_flags[3], HSD_NODE_NO_STOP);
    /* twice the hypotenuse of 5.56598 km and 0.110574 km: 11.13414 km */
    assert_true(fabs(t.ways[0].length_m - 11134.14) < 0.05);
    assert_int_equal(t.ways[1].node_count, 4);
    assert_true(t.ways[1].length_m == 13000);
    assert_true(has_note(&t, "1 links without length_km, first in line 2"));
    hsd_road_table_finish(&t);
    link_refused("geometry", "\"LINESTRING(0 0)\"", "LINESTRING(lon lat, ...) was expected");
    link_refused("geometry", "\"POINT(0 0)\"", "not one line");
    link_refused("geometry", "\"MULTILINESTRING((0 0,1 1),(2 2,3 3))\"", "not one line");
    link_refused("geometry", "scribble", "not WKT");
    link_refused("geometry", "\"LINESTRING(0 0,0 113)\"", "swapped, or metres?");
    link_refused("geometry", "\"LINESTRING(0.1 0,0 0)\"", "drawn the other way?");
}

static size_t ways_on(const char *links, const char *as_of) {
    hsd_road_table t;
    must(NODES, links, as_of, &t);
    size_t count = t.way_count;
    hsd_road_table_finish(&t);
    return count;
}

static void links_open_and_close_on_their_day(void **state) {
    (void)state;
    const char *links = "from,to,class,length_km,opened,closed\n"
                        "a,b,trunk,12,,\n"
                        "a,b,bridge,12,2024-06-30,\n"
                        "a,b,ferry,12,2007,2024-07\n"
                        "a,c,trunk,20,2030,\n";
    assert_int_equal(ways_on(links, "2006-12-31"), 1);
    assert_int_equal(ways_on(links, "2007-01-01"), 2); /* 2007 is its first day */
    assert_int_equal(ways_on(links, "2024-06-29"), 2);
    assert_int_equal(ways_on(links, "2024-06-30"), 3);
    assert_int_equal(ways_on(links, "2024-07-01"), 2); /* closed by then */
    assert_int_equal(ways_on(links, NULL), 3);         /* all but those with closed */
    hsd_road_table t;
    must(NODES, links, "2024-07-01", &t);
    assert_true(has_note(&t, "2 of 4 links are not open then"));
    assert_true(has_note(&t, "1 nodes without a link, first in line 4"));
    assert_int_equal(t.ways[1].source_id, 2);
    hsd_road_table_finish(&t);

    hsd_error err = {0};
    assert_int_equal(parse(NODES, links, "2024", &t, &err), HSD_E_ARGUMENT);
    assert_int_equal(parse(NODES, links, "2023-02-29", &t, &err), HSD_E_ARGUMENT);
    assert_int_equal(parse(NODES, "from,to,class,opened\na,b,x,2030\n", "2020-01-01", &t, &err),
                     HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "no link is open"));
    link_refused("opened", "2024-13", "\"2024-13\"; YYYY, YYYY-MM or YYYY-MM-DD");
    link_refused("opened", "24", "\"24\"");
    link_refused("opened", "2024/06/30", "\"2024/06/30\"");
    link_refused("opened,closed", "2024,2023", "closed 2023 comes before opened 2024");
}

static void lengths_are_held_against_the_great_circle(void **state) {
    (void)state;
    hsd_road_table t; /* a-b is 11.132 km: 0.98 of it 10.909, three times 33.396 */
    link_refused("length_km", "10.9", "10.9, but its nodes are 11.132 km apart");
    must(NODES, "from,to,class,length_km\na,b,trunk,10.92\na,b,trunk,33.3\na,b,trunk,33.5\n", NULL,
         &t);
    assert_false(has_note(&t, "line 3"));
    assert_true(has_note(&t, "line 4: 33.5 km long, 3.0 times the great circle"));
    hsd_road_table_finish(&t);
}

static void times_follow_one_rule(void **state) {
    (void)state;
    link_refused("wait_min", "10", "wait_min needs minutes or speed_kmh");
    link_refused("minutes", "0", "together are 0");
    link_refused("minutes", "-1", "minutes is \"-1\"; a number of at least 0");
    link_refused("minutes", "1441", "at most 1440");
    link_refused("speed_kmh", "0", "above 0 and at most 300");
    link_refused("speed_kmh", "nan", "a number (decimal point, no unit)");
    link_refused("speed_kmh", "100km/h", "\"100km/h\"");
    link_refused("speed_kmh", "\"1,5\"", "\"1,5\"");
    link_refused("speed_kmh", "301", "at most 300");
    link_refused("length_km", "0", "above 0");
    link_refused("length_km", "x", "\"x\"");
    link_refused("oneway", "maybe", "oneway is \"maybe\"; yes or no was expected");
    link_refused("modes", "car;;bus", "an empty word in a list of modes");
    link_refused("modes", "a_word_of_more_than_23_bytes", "longer than 23 bytes");
    link_refused("modes", "m1;m2;m3;m4;m5;m6;m7;m8;m9;m10;m11;m12;m13;m14", "more than 16 modes");
    hsd_road_table t;
    must(NODES, "from,to,class,speed_kmh,minutes,wait_min\na,b,x,90,20,\na,b,x,90,,0\na,b,x,,0,5\n",
         NULL, &t);
    assert_int_equal(t.ways[0].time_ms[0], 1200000); /* minutes over speed */
    assert_int_equal(t.ways[0].speed_mh[0], 0);
    assert_int_equal(t.ways[1].time_ms[0], 0); /* no wait: a speed stays a speed */
    assert_int_equal(t.ways[1].speed_mh[0], 90000);
    assert_int_equal(t.ways[2].time_ms[0], 300000);
    hsd_road_table_finish(&t);
}

static void bad_tables_name_file_and_line(void **state) {
    (void)state;
    const char *links = "from,to,class\na,b,trunk\n";
    refused("", links, "nodes.csv", "empty");
    refused("id,lon,lat\n", links, "nodes.csv", "no rows");
    refused("id,lon\na,0\n", links, "nodes.csv", "no column \"lat\"; there are: id, lon");
    refused("id,lon,lat\na,0,0\nb,22.5,113.5\n", links, "nodes.csv line 3",
            "lon,lat 22.5,113.5 is not on the globe");
    refused("id,lon,lat\na,0,0\nb,,1\n", links, "nodes.csv line 3", "lon is empty");
    refused("id,lon,lat\na,0,0\nb,1,x\n", links, "nodes.csv line 3", "lat is \"x\"");
    refused("id,lon,lat\na,0,0\nb,181,0\n", links, "nodes.csv line 3", "not on the globe");
    refused("id,lon,lat\na,0,0\n\na,1,1\n", links, "nodes.csv line 4",
            "\"a\" stands twice, first in line 2");
    refused("id,lon,lat\n,0,0\n", links, "nodes.csv line 2", "id is empty");
    refused("id,lon,lat,stop\na,0,0,perhaps\n", links, "nodes.csv line 2", "stop is \"perhaps\"");
    refused("id,lon,lat\na,0,0,9\n", links, "nodes.csv line 2", "4 cells where the header has 3");
    refused("id,lon,lat\na,0\n", links, "nodes.csv line 2", "2 cells where the header has 3");
    refused("id,lon,lon\na,0,0\n", links, "nodes.csv", "\"lon\" stands twice");
    refused("id,lon,lat\n\xB9\xE3,0,0\n", links, "nodes.csv line 2", "not UTF-8");
    refused("id,lon,lat\n\"a,0,0\n", links, "nodes.csv line 2", "never closed");
    refused("id,lon,lat\na\"x,0,0\n", links, "nodes.csv line 2", "a quote where none can stand");
    refused(NODES, "from,to\na,b\n", "links.csv", "no column \"class\"");
    refused(NODES, "from,to,class\n", "links.csv", "no rows");
    refused(NODES, "from,to,class\na,b,trunk\na,z,trunk\n", "links.csv line 3", "to is \"z\"");
    refused(NODES, "from,to,class\na,a,trunk\n", "links.csv line 2", "same node");
    refused(NODES, "from,to,class\na,b,\n", "links.csv line 2", "class is empty");
    refused(NODES, "id,from,to,class\nl,a,b,x\nl,a,c,x\n", "links.csv line 3",
            "\"l\" stands twice, first in line 2");
    hsd_road_table t;
    must("id,lon,lat,height\na,0,0,1\nb,1,0,2\n", "from,to,class,lanes\na,b,x,4\n", NULL, &t);
    assert_true(has_note(&t, "nodes.csv: column \"height\" is not read"));
    assert_true(has_note(&t, "links.csv: column \"lanes\" is not read"));
    hsd_road_table_finish(&t);
}

static void lines_count_through_quoted_line_ends(void **state) {
    (void)state;
    hsd_csv csv;
    hsd_error err = {0};
    const char *text = "a;b\r\n\"x\ny\";1\r\n\r\n;\r\nz;2\r";
    assert_int_equal(hsd_csv_parse(text, strlen(text), "f.csv", &csv, &err), HSD_OK);
    assert_int_equal(csv.column_count, 2);
    assert_int_equal(csv.row_count, 2);
    assert_int_equal(csv.lines[0], 2);
    assert_int_equal(csv.lines[1], 6);
    assert_string_equal(hsd_csv_cell(&csv, 0, 0), "x\ny");
    assert_string_equal(hsd_csv_cell(&csv, 1, hsd_csv_column(&csv, "B")), "2");
    assert_string_equal(hsd_csv_cell(&csv, 1, HSD_CSV_NONE), "");
    hsd_csv_finish(&csv);
    text = "a\tb\n1\t2";
    assert_int_equal(hsd_csv_parse(text, strlen(text), "f.csv", &csv, &err), HSD_OK);
    assert_string_equal(hsd_csv_cell(&csv, 0, 1), "2");
    hsd_csv_finish(&csv);
}

static void write_text(const char *folder, const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static double area_km2(const hsd_geometry *g) {
    return hsd_geometry_area_m2(g) / 1e6;
}

/* Land: two squares of 0.1 degrees on the corners of a 0.3 x 0.1 degree box; water is the middle.
 */
static void water_is_the_box_less_the_land(void **state) {
    (void)state;
    char folder[] = "/tmp/hsd_corridor_XXXXXX", path[512];
    assert_non_null(mkdtemp(folder));
    hsd_road_table t;
    hsd_error err = {0};
    assert_int_equal(hsd_read_corridor(folder, NULL, NULL, NULL, &t, &err), HSD_E_OPEN);
    assert_non_null(strstr(err.message, "nodes.csv"));
    write_text(folder, "nodes.csv", "id,lon,lat\na,0,0\nb,0.3,0.1\n");
    write_text(folder, "links.csv", "from,to,class\na,b,bridge\n");
    assert_int_equal(hsd_read_corridor(folder, NULL, NULL, NULL, &t, &err), HSD_OK);
    assert_false(t.has_water);
    hsd_road_table_finish(&t);

    write_text(folder, "land.geojson",
               "{\"type\":\"FeatureCollection\",\"features\":["
               "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\","
               "\"coordinates\":"
               "[[[0,0],[0.1,0],[0.1,0.1],[0,0.1],[0,0]]]}},"
               "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\","
               "\"coordinates\":"
               "[[[0.2,0],[0.3,0],[0.3,0.1],[0.2,0.1],[0.2,0]]]}}]}");
    if (hsd_read_corridor(folder, NULL, NULL, NULL, &t, &err) != HSD_OK)
        fail_msg("%s", err.message);
    assert_true(t.has_water);
    assert_int_equal(t.water.polygon_count, 1);
    assert_int_equal(t.water.point_count, 5);
    /* 0.1 x 0.1 degrees at the equator: 11.1319 x 11.0574 km */
    assert_true(fabs(area_km2(&t.water) - 123.09) < 0.05);
    hsd_road_table_finish(&t);

    write_text(folder, "nodes.csv",
               "id,lon,lat\na,0,0\nb,0.4,0.1\n"); /* the box reaches the node */
    assert_int_equal(hsd_read_corridor(folder, NULL, NULL, NULL, &t, &err), HSD_OK);
    assert_true(fabs(area_km2(&t.water) - 2 * 123.09) < 0.1);
    hsd_road_table_finish(&t);

    write_text(folder, "land.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}");
    assert_int_equal(hsd_read_corridor(folder, NULL, NULL, NULL, &t, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "land.geojson"));
    assert_null(t.nodes);
    const char *names[] = {"nodes.csv", "links.csv", "land.geojson"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void memory_failures_are_reported_and_leak_nothing(void **state) {
    (void)state;
    hsd_status status = HSD_E_MEMORY;
    uint64_t n = 1;
    for (; status == HSD_E_MEMORY && n < 2000; n++) {
        hsd_road_table t;
        hsd_memory_fail_at(n);
        status = parse(NODES,
                       "id,from,to,class,modes,x,geometry\nl,a,b,trunk,car;coach,,\n"
                       "m,b,c,ferry,,,\"LINESTRING(0.1 0,0.1 0.05,0.1 0.1)\"\n",
                       NULL, &t, NULL);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) assert_int_equal(t.way_count, 2);
        hsd_road_table_finish(&t);
    }
    assert_int_equal(status, HSD_OK);
    assert_true(n > 30);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_keep_file_order_and_what_they_say),
        cmocka_unit_test(a_drawn_line_goes_between_its_nodes),
        cmocka_unit_test(links_open_and_close_on_their_day),
        cmocka_unit_test(lengths_are_held_against_the_great_circle),
        cmocka_unit_test(times_follow_one_rule),
        cmocka_unit_test(bad_tables_name_file_and_line),
        cmocka_unit_test(lines_count_through_quoted_line_ends),
        cmocka_unit_test(water_is_the_box_less_the_land),
        cmocka_unit_test(memory_failures_are_reported_and_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
