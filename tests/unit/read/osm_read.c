/* The reader on small files written here; expected tables worked out by hand from methods.md, 1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hourshed/read.h"
#include "read/osm_ids.h"

/* ---- Files in a folder of the test's own ---- */

static char folder[64];

static int make_folder(void **state) {
    (void)state;
    strcpy(folder, "/tmp/hourshed-osm-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

static const char *path_of(const char *name) {
    static char path[160];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_bytes(const char *name, const void *data, size_t size) {
    FILE *file = fopen(path_of(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    fclose(file);
}

static hsd_status read_body(const char *body, const hsd_run *run, hsd_road_table *table,
                            hsd_error *err) {
    size_t size = strlen(body) + 100;
    char *text = malloc(size);
    assert_non_null(text);
    snprintf(text, size, "<osm version=\"0.6\">%s</osm>", body);
    write_bytes("x.osm", text, strlen(text));
    free(text);
    hsd_status status = hsd_read_osm(path_of("x.osm"), run, table, err);
    remove(path_of("x.osm"));
    return status;
}

static hsd_road_table read_text(const char *body) {
    hsd_road_table table;
    hsd_error err = {0};
    if (read_body(body, NULL, &table, &err) != HSD_OK) fail_msg("%s", err.message);
    return table;
}

/* Nodes 1..9 lie at 0.01 x id degrees east, on the equator. */
#define NODE(id, lon, lat) "<node id='" #id "' lon='" #lon "' lat='" #lat "'/>"
#define NODES                                                                                      \
    NODE(1, 0.01, 0)                                                                               \
    NODE(2, 0.02, 0)                                                                               \
    NODE(3, 0.03, 0) NODE(4, 0.04, 0) NODE(5, 0.05, 0) NODE(6, 0.06, 0) NODE(7, 0.07, 0)
#define ND(id) "<nd ref='" #id "'/>"
#define TAG(k, v) "<tag k='" k "' v='" v "'/>"
#define ROAD TAG("highway", "primary")
#define WAY(id, rest) "<way id='" #id "'>" rest "</way>"
#define RELATION(id, rest) "<relation id='" #id "'>" rest "</relation>"
#define MEMBER(type, id, role) "<member type='" type "' ref='" #id "' role='" role "'/>"
#define TURN(value) TAG("type", "restriction") TAG("restriction", value)

/* "2 3 4" for the source ids of a way's nodes */
static const char *nodes_text(const hsd_road_table *table, size_t way) {
    static char text[256];
    size_t used = 0;
    text[0] = 0;
    for (uint32_t i = 0; i < table->ways[way].node_count; i++) {
        uint32_t node = table->way_nodes[table->ways[way].first_node + i];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%lld", i ? " " : "",
                                 (long long)table->node_source[node]);
    }
    return text;
}

static bool has_note(const hsd_road_table *table, const char *piece) {
    for (size_t i = 0; i < table->note_count; i++)
        if (strstr(table->notes[i], piece)) return true;
    return false;
}

/* ---- Ways and nodes ---- */

static void a_way_becomes_a_row_with_all_its_tags(void **state) {
    (void)state;
    hsd_road_table t = read_text(NODES WAY(
        10, ND(1) ND(3) ND(2) TAG("highway", "trunk") TAG("name", "Rua") TAG("oneway", "yes")
                TAG("maxspeed", "80") TAG("layer", "1") TAG("bridge", "yes") TAG("foot", "no")));
    assert_int_equal(t.way_count, 1);
    assert_int_equal(t.node_count, 3);
    const hsd_way *w = &t.ways[0];
    assert_int_equal(w->source_id, 10);
    assert_string_equal(nodes_text(&t, 0), "1 3 2");
    assert_string_equal(t.classes[w->class_id], "trunk");
    assert_string_equal(t.strings + w->name, "Rua");
    assert_int_equal(w->speed_mh[0], 80000);
    assert_int_equal(w->speed_source[0], HSD_SPEED_TAG);
    assert_int_equal(w->flags, HSD_WAY_BRIDGE);
    assert_int_equal(w->layer, 1);
    assert_int_equal(w->no[HSD_FORWARD], 1 << 1);
    assert_int_equal(w->no[HSD_BACKWARD], 1 << 0 | 1 << 1 | 1 << 2);
    assert_true(w->length_m == 0);
    assert_int_equal(t.mode_count, 3);
    assert_string_equal(t.modes[0], "car");
    assert_string_equal(t.modes[1], "walk");
    assert_string_equal(t.modes[2], "bicycle");
    assert_int_equal(t.nodes[2].lon_e7, 300000);
    assert_int_equal(t.node_source[2], 3);
    assert_false(t.has_water);
    assert_int_equal(t.note_count, 0);
    hsd_road_table_finish(&t);
    assert_null(t.ways);
    hsd_road_table_finish(&t); /* twice does no harm */
    hsd_road_table_finish(NULL);
}

static void ways_and_nodes_come_by_id_whatever_the_order_of_the_file(void **state) {
    (void)state;
    /* relations and ways first, ids falling, one of them negative */
    hsd_road_table t = read_text(
        RELATION(1, MEMBER("way", 30, "from") MEMBER("node", 2, "via") MEMBER("way", 10, "to")
                        TURN("no_left_turn")) WAY(30, ND(1) ND(2) ROAD TAG("name", "b"))
            WAY(10, ND(2) ND(-7) TAG("highway", "service") TAG("name", "a"))
                WAY(-5, ND(-7) ND(3) ROAD) NODE(3, 0.3, 0) NODE(2, 0.2, 0) NODE(1, 0.1, 0)
                    NODE(-7, 0.7, 0));
    assert_int_equal(t.way_count, 3);
    assert_int_equal(t.ways[0].source_id, -5);
    assert_int_equal(t.ways[1].source_id, 10);
    assert_int_equal(t.ways[2].source_id, 30);
    assert_string_equal(nodes_text(&t, 0), "-7 3");
    assert_int_equal(t.node_source[0], -7);
    assert_int_equal(t.nodes[0].lon_e7, 7000000);
    assert_int_equal(t.node_source[3], 3);
    assert_string_equal(t.classes[0], "primary"); /* by first use in the table */
    assert_string_equal(t.strings + t.ways[1].name, "a");
    assert_true(t.ways[1].name < t.ways[2].name);
    assert_int_equal(t.restriction_count, 1);
    assert_int_equal(t.restrictions[0].from_way, 2);
    assert_int_equal(t.restrictions[0].to_way, 1);
    assert_int_equal(t.restrictions[0].via_node, 2);
    hsd_road_table_finish(&t);
}

static void missing_nodes_cut_a_way_into_pieces(void **state) {
    (void)state;
    hsd_road_table t = read_text(
        NODES WAY(10, ND(1) ND(2) ND(99) ND(3) ND(98) ND(4) ND(5) ND(6) ROAD)
            WAY(11, ND(99) ND(1) ND(98) ROAD)
                WAY(12, ND(97) ND(6) ND(7) TAG("route", "ferry") TAG("duration", "1:00")));
    assert_int_equal(t.way_count, 3);
    assert_string_equal(nodes_text(&t, 0), "1 2");
    assert_string_equal(nodes_text(&t, 1), "4 5 6");
    assert_int_equal(t.ways[0].source_id, 10);
    assert_int_equal(t.ways[1].source_id, 10);
    assert_int_equal(t.ways[2].source_id, 12);
    assert_int_equal(t.ways[2].time_ms[0], 0); /* an hour was for the whole of it */
    assert_int_equal(t.ways[2].speed_source[0], HSD_SPEED_NONE);
    assert_int_equal(t.node_count, 6); /* 3 is in no piece */
    assert_true(has_note(&t, "2 ways cut"));
    assert_true(has_note(&t, "1 ways left out"));
    assert_true(has_note(&t, "1 durations of ferries"));
    hsd_road_table_finish(&t);
}

static void equal_nodes_in_a_row_are_one_and_rings_stay(void **state) {
    (void)state;
    hsd_road_table t = read_text(NODES WAY(10, ND(1) ND(1) ND(2) ND(2) ND(3) ND(1) ROAD)
                                     WAY(11, ND(4) ND(4) ROAD) WAY(12, ND(5) ROAD));
    assert_int_equal(t.way_count, 1);
    assert_string_equal(nodes_text(&t, 0), "1 2 3 1");
    hsd_road_table_finish(&t);
}

static void the_first_of_equal_ids_counts(void **state) {
    (void)state;
    hsd_road_table t = read_text(NODE(1, 0.1, 0) NODE(1, 0.9, 0) NODE(2, 0.2, 0) NODE(3, 0.3, 0)
                                     WAY(10, ND(1) ND(2) ROAD) WAY(10, ND(2) ND(3) ROAD));
    assert_int_equal(t.way_count, 1);
    assert_string_equal(nodes_text(&t, 0), "1 2");
    assert_int_equal(t.nodes[0].lon_e7, 1000000);
    hsd_road_table_finish(&t);
}

static void nodes_off_the_globe_and_deleted_objects_are_not_there(void **state) {
    (void)state;
    hsd_road_table t =
        read_text(NODES "<node id='8' lon='181' lat='0'/><node id='9' lon='1' lat='95'/>"
                        "<node id='20'/>"
                        "<way id='13' visible='false'>" ND(1) ND(2) ROAD
                  "</way>" WAY(10, ND(1) ND(8) ND(2) ND(3) ND(9) ND(20) ND(4) ND(5) ROAD));
    assert_int_equal(t.way_count, 2);
    assert_string_equal(nodes_text(&t, 0), "2 3");
    assert_string_equal(nodes_text(&t, 1), "4 5");
    hsd_road_table_finish(&t);
}

static void a_ferry_keeps_its_time_and_a_bad_speed_is_counted(void **state) {
    (void)state;
    hsd_road_table t = read_text(NODES WAY(10, ND(1) ND(2) TAG("route", "ferry")
                                                   TAG("duration", "PT1H20M") TAG("foot", "yes"))
                                     WAY(11, ND(2) ND(3) ROAD TAG("maxspeed", "999")));
    assert_int_equal(t.ways[0].time_ms[0], 4800000);
    assert_int_equal(t.ways[0].time_ms[1], 4800000);
    assert_int_equal(t.ways[0].speed_source[1], HSD_SPEED_TAG);
    assert_int_equal(t.ways[0].flags, HSD_WAY_FERRY);
    assert_int_equal(t.ways[0].yes[0], 1 << 1);
    assert_int_equal(t.ways[0].no[0], 1 << 0);
    assert_int_equal(t.ways[1].speed_mh[0], 0);
    assert_int_equal(t.ways[1].speed_source[0], HSD_SPEED_NONE);
    assert_true(has_note(&t, "1 values of maxspeed ignored"));
    assert_true(has_note(&t, "way 11"));
    hsd_road_table_finish(&t);
}

static void barriers_stand_on_the_nodes_of_streets(void **state) {
    (void)state;
    hsd_road_table t = read_text(
        NODE(1, 0.1, 0) "<node id='2' lon='0.2' lat='0'>" TAG("barrier", "bollard")
            TAG("bicycle", "yes") "</node><node id='3' lon='0.3' lat='0'>" TAG("barrier", "gate")
                TAG("access", "private") "</node>" WAY(10, ND(1) ND(2) ND(3) ROAD));
    assert_int_equal(t.node_no[0], 0);
    assert_int_equal(t.node_no[1], 1 << 0);
    assert_int_equal(t.node_no[2], 7);
    assert_int_equal(t.node_flags[1], 0);
    hsd_road_table_finish(&t);
}

/* ---- Restrictions ---- */

/* Ways 10: 1-2, 11: 2-3, 12: 3-4, 13: 4-5, 14: 2-6 */
#define STREETS                                                                                    \
    NODES WAY(10, ND(1) ND(2) ROAD) WAY(11, ND(3) ND(2) ROAD) WAY(12, ND(3) ND(4) ROAD)            \
        WAY(13, ND(4) ND(5) ROAD) WAY(14, ND(2) ND(6) ROAD) WAY(15, ND(7) ND(99) ND(1) ROAD)

static void a_restriction_through_ways_lists_them_in_order(void **state) {
    (void)state;
    hsd_road_table t = read_text(STREETS RELATION(
        7, MEMBER("way", 10, "from") MEMBER("way", 11, "via") MEMBER("way", 12, "via")
               MEMBER("way", 13, "to") TURN("only_straight_on")));
    assert_int_equal(t.restriction_count, 1);
    const hsd_restriction *r = &t.restrictions[0];
    assert_int_equal(r->source_id, 7);
    assert_int_equal(r->flags, HSD_RESTRICTION_ONLY);
    assert_int_equal(r->modes, 1);
    assert_int_equal(r->via_node, UINT32_MAX);
    assert_int_equal(r->via_count, 2);
    assert_int_equal(t.ways[r->from_way].source_id, 10);
    assert_int_equal(t.ways[t.via_ways[r->first_via]].source_id, 11);
    assert_int_equal(t.ways[t.via_ways[r->first_via + 1]].source_id, 12);
    assert_int_equal(t.ways[r->to_way].source_id, 13);
    hsd_road_table_finish(&t);
}

static void no_entry_has_several_from_and_no_exit_several_to(void **state) {
    (void)state;
    hsd_road_table t = read_text(
        STREETS RELATION(7, MEMBER("way", 10, "from") MEMBER("way", 14, "from")
                                MEMBER("node", 2, "via") MEMBER("way", 11, "to") TURN("no_entry"))
            RELATION(8, MEMBER("way", 11, "from") MEMBER("node", 2, "via") MEMBER("way", 10, "to")
                            MEMBER("way", 14, "to") TURN("no_exit"))
                RELATION(9, MEMBER("way", 10, "from") MEMBER("way", 14, "from") MEMBER(
                                "node", 2, "via") MEMBER("way", 11, "to") TURN("no_left_turn")));
    assert_int_equal(t.restriction_count, 4);
    assert_int_equal(t.ways[t.restrictions[0].from_way].source_id, 10);
    assert_int_equal(t.ways[t.restrictions[1].from_way].source_id, 14);
    assert_int_equal(t.ways[t.restrictions[2].to_way].source_id, 10);
    assert_int_equal(t.ways[t.restrictions[3].to_way].source_id, 14);
    assert_true(has_note(&t, "1 turn restrictions left out"));
    assert_true(has_note(&t, "relation 9"));
    hsd_road_table_finish(&t);
}

static void restrictions_that_do_not_meet_are_left_out_and_counted(void **state) {
    (void)state;
    hsd_road_table t = read_text(
        STREETS RELATION(1, MEMBER("way", 10, "from") MEMBER("node", 3, "via")
                                MEMBER("way", 11, "to") TURN("no_left_turn")) /* 3 is not on 10 */
        RELATION(2, MEMBER("way", 10, "from") MEMBER("node", 2, "via") MEMBER("way", 99, "to")
                        TURN("no_left_turn")) /* no such way */
        RELATION(3, MEMBER("way", 10, "from") MEMBER("way", 12, "via") MEMBER("way", 13, "to")
                        TURN("no_left_turn")) /* 10 and 12 are apart */
        RELATION(4, MEMBER("way", 10, "from") MEMBER("way", 11, "to") TURN("no_left_turn"))
            RELATION(5, MEMBER("way", 10, "from") MEMBER("node", 2, "via") MEMBER("node", 3, "via")
                            MEMBER("way", 11, "to") TURN("no_left_turn")) /* two via nodes */
        RELATION(6, MEMBER("way", 10, "from") MEMBER("way", 12, "via") MEMBER("way", 11, "via")
                        MEMBER("way", 13, "to") TURN("no_left_turn")) /* via out of order */
        RELATION(7, MEMBER("node", 1, "from") MEMBER("node", 2, "via") MEMBER("way", 11, "to")
                        TURN("no_left_turn")) /* from is no way */
        RELATION(8, MEMBER("way", 10, "from") MEMBER("node", 2, "via") MEMBER("way", 10, "to")
                        MEMBER("node", 5, "location_hint") TURN("no_u_turn")));
    assert_int_equal(t.restriction_count, 1);
    assert_int_equal(t.restrictions[0].source_id, 8);
    assert_int_equal(t.restrictions[0].from_way, t.restrictions[0].to_way);
    assert_true(has_note(&t, "7 turn restrictions left out"));
    assert_true(has_note(&t, "relation 1)"));
    hsd_road_table_finish(&t);
}

static void a_cut_way_serves_as_from_but_not_as_via(void **state) {
    (void)state;
    hsd_road_table t = read_text(
        NODES WAY(10, ND(1) ND(2) ND(99) ND(3) ND(4) ROAD) WAY(11, ND(3) ND(5) ROAD)
            WAY(12, ND(4) ND(6) ROAD) RELATION(1, MEMBER("way", 10, "from") MEMBER("node", 3, "via")
                                                      MEMBER("way", 11, "to") TURN("no_left_turn"))
                RELATION(2, MEMBER("way", 11, "from") MEMBER("way", 10, "via")
                                MEMBER("way", 12, "to") TURN("no_left_turn")));
    assert_int_equal(t.restriction_count, 1);
    assert_int_equal(t.restrictions[0].from_way, 1); /* the second piece has node 3 */
    assert_int_equal(t.ways[1].source_id, 10);
    hsd_road_table_finish(&t);
}

/* ---- Water ---- */

static bool is_inside(const hsd_geometry *g, double x, double y) {
    bool inside = false;
    for (size_t r = 0; r < g->ring_count; r++) {
        for (size_t i = r ? g->ring_end[r - 1] : 0; i + 1 < g->ring_end[r]; i++) {
            hsd_lonlat a = g->points[i], b = g->points[i + 1];
            if ((a.lat > y) != (b.lat > y) &&
                x < a.lon + (y - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
                inside = !inside;
        }
    }
    return inside;
}

/* A street at 0,0 .. 0.01,0; squares of 0.01 degrees are 1.2 km2, of 0.0005 degrees 0.3 ha. */
#define STREET NODE(1, 0, 0) NODE(2, 0.01, 0) WAY(10, ND(1) ND(2) ROAD)
#define SQUARE(a, b, c, d, x0, y0, x1, y1)                                                         \
    NODE(a, x0, y0) NODE(b, x1, y0) NODE(c, x1, y1) NODE(d, x0, y1)
#define RING(id, a, b, c, d, rest) WAY(id, ND(a) ND(b) ND(c) ND(d) ND(a) rest)
#define WATER TAG("natural", "water")

static void closed_ways_of_a_hectare_are_water_smaller_ones_are_not(void **state) {
    (void)state;
    hsd_road_table t =
        read_text(STREET SQUARE(11, 12, 13, 14, 1, 1, 1.01, 1.01) RING(20, 11, 12, 13, 14, WATER)
                      SQUARE(21, 22, 23, 24, 2, 2, 2.0005, 2.0005) RING(21, 21, 22, 23, 24, WATER)
                          WAY(22, ND(11) ND(12) ND(13) TAG("waterway", "riverbank")));
    assert_true(t.has_water);
    assert_int_equal(t.water.type, HSD_GEOMETRY_POLYGON);
    assert_int_equal(t.water.polygon_count, 1);
    /* 0.01 degrees at the equator: 1113.1949 m by 1105.7 m or so */
    assert_true(fabs(hsd_geometry_area_m2(&t.water) / (1113.1949 * 1105.8) - 1) < 0.001);
    assert_int_equal(t.way_count, 1); /* water is no street */
    assert_int_equal(t.node_count, 2);
    hsd_road_table_finish(&t);
}

static void small_pieces_of_one_river_count_together(void **state) {
    (void)state;
    /* 0.3 ha each, side by side: four are 1.2 ha */
    hsd_road_table t = read_text(
        STREET SQUARE(11, 12, 13, 14, 1, 1, 1.0005, 1.0005) RING(21, 11, 12, 13, 14, WATER)
            NODE(15, 1.001, 1) NODE(16, 1.001, 1.0005) RING(22, 12, 15, 16, 13, WATER)
                NODE(17, 1.0015, 1) NODE(18, 1.0015, 1.0005) RING(23, 15, 17, 18, 16, WATER)
                    NODE(19, 1.002, 1) NODE(20, 1.002, 1.0005) RING(24, 17, 19, 20, 18, WATER));
    assert_int_equal(t.water.polygon_count, 1);
    hsd_road_table_finish(&t);
}

static void a_lake_has_an_island_in_new_style_and_old(void **state) {
    (void)state;
    const char *const styles[2] = {
        STREET SQUARE(11, 12, 13, 14, 1, 1, 1.03, 1.03)
            SQUARE(21, 22, 23, 24, 1.01, 1.01, 1.02, 1.02) WAY(20, ND(11) ND(12) ND(13))
                WAY(21, ND(13) ND(14) ND(11)) RING(22, 21, 22, 23, 24, "")
                    RELATION(1, MEMBER("way", 20, "outer") MEMBER("way", 21, "")
                                    MEMBER("way", 22, "inner") TAG("type", "multipolygon") WATER),
        STREET SQUARE(11, 12, 13, 14, 1, 1, 1.03, 1.03)
            SQUARE(21, 22, 23, 24, 1.01, 1.01, 1.02, 1.02) RING(20, 11, 12, 13, 14, WATER)
                RING(22, 21, 22, 23, 24, "")
                    RELATION(1, MEMBER("way", 20, "outer") MEMBER("way", 22, "inner")
                                    TAG("type", "multipolygon") TAG("source", "x"))};
    for (int i = 0; i < 2; i++) {
        hsd_road_table t = read_text(styles[i]);
        assert_int_equal(t.water.polygon_count, 1);
        assert_int_equal(t.water.ring_count, 2);
        assert_true(is_inside(&t.water, 1.005, 1.015));
        assert_false(is_inside(&t.water, 1.015, 1.015));
        assert_int_equal(t.note_count, 0);
        hsd_road_table_finish(&t);
    }
}

static void a_forest_with_a_pond_leaves_only_the_pond(void **state) {
    (void)state;
    hsd_road_table t = read_text(
        STREET SQUARE(11, 12, 13, 14, 1, 1, 1.03, 1.03)
            SQUARE(21, 22, 23, 24, 1.01, 1.01, 1.02, 1.02) RING(20, 11, 12, 13, 14, "")
                RING(22, 21, 22, 23, 24, WATER)
                    RELATION(1, MEMBER("way", 20, "outer") MEMBER("way", 22, "inner")
                                    TAG("type", "multipolygon") TAG("landuse", "forest")));
    assert_int_equal(t.water.ring_count, 1);
    assert_true(is_inside(&t.water, 1.015, 1.015));
    hsd_road_table_finish(&t);
}

static void a_river_cut_by_the_extract_is_closed_at_its_ends(void **state) {
    (void)state;
    /* banks 1..1.1 east at 1.00 and 1.01 north; the ways that closed them are missing */
    hsd_road_table t = read_text(
        STREET NODE(11, 1, 1) NODE(12, 1.1, 1) NODE(13, 1.1, 1.01) NODE(14, 1, 1.01)
            WAY(20, ND(11) ND(12)) WAY(21, ND(13) ND(14))
                RELATION(1, MEMBER("way", 20, "outer") MEMBER("way", 21, "outer")
                                MEMBER("way", 98, "outer") MEMBER("way", 99, "outer")
                                    TAG("type", "multipolygon") TAG("waterway", "riverbank")));
    assert_int_equal(t.water.polygon_count, 1);
    assert_true(is_inside(&t.water, 1.05, 1.005));
    assert_true(has_note(&t, "closed by straight lines"));
    hsd_road_table_finish(&t);
}

static void the_sea_ends_a_tenth_of_a_degree_beyond_the_streets(void **state) {
    (void)state;
    /* a coast eastwards at 0.05 south: land, and the street, in the north */
    hsd_road_table t = read_text(STREET NODE(11, -3, -0.05) NODE(12, 3, -0.05)
                                     WAY(20, ND(11) ND(12) TAG("natural", "coastline")));
    assert_int_equal(t.water.polygon_count, 1);
    assert_true(is_inside(&t.water, 0.005, -0.06));
    assert_true(is_inside(&t.water, -0.0999, -0.0999) && is_inside(&t.water, 0.1099, -0.0999));
    assert_false(is_inside(&t.water, 0.005, 0));
    assert_false(is_inside(&t.water, -0.1001, -0.06));
    assert_false(is_inside(&t.water, 0.005, -0.1001));
    hsd_road_table_finish(&t);
}

/* ---- Files that are not what they should be ---- */

static void refuse(const char *name, const void *data, size_t size, hsd_status expected,
                   const char *piece) {
    hsd_road_table table;
    hsd_error err = {0};
    if (data) write_bytes(name, data, size);
    hsd_status status = hsd_read_osm(path_of(name), NULL, &table, &err);
    remove(path_of(name));
    if (status != expected || !strstr(err.message, name) || !strstr(err.message, piece))
        fail_msg("%s: status %d, \"%s\"", name, (int)status, err.message);
    assert_null(strchr(err.message, '\n'));
    assert_null(table.ways);
}

static void bad_files_are_refused_with_their_name_and_the_reason(void **state) {
    (void)state;
    static const char whole[] = "<osm version='0.6'>" NODES WAY(10, ND(1) ND(2) ROAD) "</osm>";
    static const char other[] = "<osm version='0.6'>" NODES "</osm>";
    static const unsigned char pbf[] = {0,   0,   0,   13,  10,  9,   'O', 'S', 'M',
                                        'H', 'e', 'a', 'd', 'e', 'r', 24,  99};
    static const unsigned char gzip[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xb3};
    refuse("none.osm.pbf", NULL, 0, HSD_E_OPEN, "cannot be opened");
    refuse("empty.osm.pbf", "", 0, HSD_E_FORMAT, "empty");
    refuse("empty.osm", "", 0, HSD_E_FORMAT, "empty");
    refuse("streets.txt", whole, sizeof whole - 1, HSD_E_FORMAT, "expected .osm.pbf");
    refuse("streets.pbf.gz", whole, sizeof whole - 1, HSD_E_FORMAT, "expected .osm.pbf");
    refuse("half.osm", whole, sizeof whole / 2, HSD_E_FORMAT, "not a whole");
    refuse("half.osm.pbf", pbf, sizeof pbf, HSD_E_FORMAT, "not a whole");
    refuse("xml.osm.pbf", whole, sizeof whole - 1, HSD_E_FORMAT, "not a whole");
    refuse("half.osm.gz", gzip, sizeof gzip, HSD_E_FORMAT, "not a whole");
    refuse("plain.osm.bz2", whole, sizeof whole - 1, HSD_E_FORMAT, "not a whole");
    refuse("gpx.osm", "<gpx/>", 6, HSD_E_FORMAT, "not a whole");
    refuse("water.osm", other, sizeof other - 1, HSD_E_FORMAT, "no streets");
}

static void a_folder_or_no_name_is_refused(void **state) {
    (void)state;
    hsd_road_table table;
    hsd_error err = {0};
    assert_int_equal(hsd_read_osm(folder, NULL, &table, &err), HSD_E_OPEN);
    assert_non_null(strstr(err.message, "not a file"));
    assert_int_equal(hsd_read_osm("", NULL, &table, &err), HSD_E_ARGUMENT);
    assert_int_equal(hsd_read_osm(NULL, NULL, &table, NULL), HSD_E_ARGUMENT);
}

static bool stop_at_once(void *user, const char *what, double fraction) {
    (void)user;
    (void)what;
    (void)fraction;
    return false;
}

static void progress_that_says_no_cancels(void **state) {
    (void)state;
    hsd_road_table table;
    hsd_error err = {0};
    const hsd_run run = {.progress = stop_at_once};
    assert_int_equal(read_body(STREETS, &run, &table, &err), HSD_E_CANCELLED);
    assert_null(table.ways);
}

static void each_allocation_that_fails_is_told_and_leaks_nothing(void **state) {
    (void)state;
    static const char body[] =
        STREETS RELATION(7, MEMBER("way", 10, "from") MEMBER("way", 11, "via")
                                MEMBER("way", 12, "to") TURN("no_left_turn")) NODE(31, -3, -0.05)
            NODE(32, 3, -0.05) WAY(20, ND(31) ND(32) TAG("natural", "coastline"))
                SQUARE(21, 22, 23, 24, 0, 0.01, 0.02, 0.02) WAY(21, ND(21) ND(22) ND(23))
                    RELATION(1, MEMBER("way", 21, "outer") TAG("type", "multipolygon") WATER);
    hsd_status status = HSD_E_MEMORY;
    uint64_t n = 1;
    for (; status != HSD_OK && n < 1000; n++) {
        hsd_road_table table;
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        status = read_body(body, NULL, &table, &err);
        hsd_memory_fail_at(0);
        if (status != HSD_OK && status != HSD_E_MEMORY)
            fail_msg("allocation %llu: status %d, %s", (unsigned long long)n, (int)status,
                     err.message);
        if (status == HSD_OK)
            hsd_road_table_finish(&table);
        else
            assert_null(table.ways);
    }
    assert_int_equal(status, HSD_OK);
    assert_true(n > 40); /* it went through the whole reader */
}

/* ---- Id sets ---- */

static void id_sets_hold_each_id_once_in_order(void **state) {
    (void)state;
    const int64_t a[] = {5, -3, 5, INT64_MAX, 0}, b[] = {7, INT64_MIN, -3, (int64_t)1 << 40};
    const int64_t sorted[] = {INT64_MIN, -3, 0, 5, 7, (int64_t)1 << 40, INT64_MAX};
    hsd_osm_ids ids;
    assert_int_equal(hsd_osm_ids_make(a, 5, b, 4, &ids, NULL), HSD_OK);
    assert_int_equal(ids.count, 7);
    assert_memory_equal(ids.data, sorted, sizeof sorted);
    const int64_t asked[] = {-3, 0, 6, 7, INT64_MAX, INT64_MIN, 5, 5, 4, 8, INT64_MAX - 1, 0};
    const size_t ranks[] = {1, 2, SIZE_MAX, 4, 6, 0, 3, 3, SIZE_MAX, SIZE_MAX, SIZE_MAX, 2};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        assert_int_equal(hsd_osm_ids_find(&ids, asked[i]), ranks[i]);
        assert_int_equal(hsd_osm_ids_seek(&ids, asked[i]), ranks[i]);
    }
    hsd_osm_ids_finish(&ids);
    assert_int_equal(hsd_osm_ids_make(NULL, 0, NULL, 0, &ids, NULL), HSD_OK);
    assert_int_equal(hsd_osm_ids_seek(&ids, 5), HSD_OSM_NOT_FOUND);
    assert_int_equal(hsd_osm_ids_find(&ids, 5), HSD_OSM_NOT_FOUND);
    hsd_osm_ids_finish(&ids);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_becomes_a_row_with_all_its_tags),
        cmocka_unit_test(ways_and_nodes_come_by_id_whatever_the_order_of_the_file),
        cmocka_unit_test(missing_nodes_cut_a_way_into_pieces),
        cmocka_unit_test(equal_nodes_in_a_row_are_one_and_rings_stay),
        cmocka_unit_test(the_first_of_equal_ids_counts),
        cmocka_unit_test(nodes_off_the_globe_and_deleted_objects_are_not_there),
        cmocka_unit_test(a_ferry_keeps_its_time_and_a_bad_speed_is_counted),
        cmocka_unit_test(barriers_stand_on_the_nodes_of_streets),
        cmocka_unit_test(a_restriction_through_ways_lists_them_in_order),
        cmocka_unit_test(no_entry_has_several_from_and_no_exit_several_to),
        cmocka_unit_test(restrictions_that_do_not_meet_are_left_out_and_counted),
        cmocka_unit_test(a_cut_way_serves_as_from_but_not_as_via),
        cmocka_unit_test(closed_ways_of_a_hectare_are_water_smaller_ones_are_not),
        cmocka_unit_test(small_pieces_of_one_river_count_together),
        cmocka_unit_test(a_lake_has_an_island_in_new_style_and_old),
        cmocka_unit_test(a_forest_with_a_pond_leaves_only_the_pond),
        cmocka_unit_test(a_river_cut_by_the_extract_is_closed_at_its_ends),
        cmocka_unit_test(the_sea_ends_a_tenth_of_a_degree_beyond_the_streets),
        cmocka_unit_test(bad_files_are_refused_with_their_name_and_the_reason),
        cmocka_unit_test(a_folder_or_no_name_is_refused),
        cmocka_unit_test(progress_that_says_no_cancels),
        cmocka_unit_test(each_allocation_that_fails_is_told_and_leaks_nothing),
        cmocka_unit_test(id_sets_hold_each_id_once_in_order),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder) != 0;
}
