/* Line layers as streets. Coordinates near the equator: 1e-5 degrees are 1.113 m. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include "files.h"

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "hourshed/read.h"
#include "read/lines_cluster.h"

static const char *const all_fields[] = {"class:t",  "speed:r", "minutes:t", "oneway:t", "bridge:t",
                                         "tunnel:i", "name:t",  "modes:t",   NULL};
static const hsd_line_fields mapped = {.road_class = "class",
                                       .speed_kmh = "speed",
                                       .minutes = "minutes",
                                       .oneway = "oneway",
                                       .bridge = "bridge",
                                       .tunnel = "tunnel",
                                       .name = "name",
                                       .modes = "modes"};

static const char *layer(files *f, const char *name, const char *crs, const char *const *rows) {
    layer_spec spec = {"GPKG", "roads", crs, wkbUnknown, all_fields, rows, NULL};
    return files_layers(f, name, &spec, 1);
}

static void must(const char *path, const hsd_line_fields *fields, hsd_road_table *t) {
    hsd_error err = {0};
    if (hsd_read_lines(path, fields, NULL, t, &err) != HSD_OK) fail_msg("%s", err.message);
}

static void refused(const char *path, const hsd_line_fields *fields, hsd_status want,
                    const char *what) {
    hsd_road_table t;
    hsd_error err = {0};
    hsd_status status = hsd_read_lines(path, fields, NULL, &t, &err);
    if (status != want || !strstr(err.message, what))
        fail_msg("status %d, \"%s\"; expected %d, \"%s\"", (int)status, err.message, (int)want,
                 what);
    assert_null(t.ways);
}

static void row_refused(files *f, const char *row, const char *what) {
    const char *const rows[] = {"LINESTRING(0 0,1 1)||50||||||", row, NULL};
    refused(layer(f, "bad.gpkg", "EPSG:4326", rows), &mapped, HSD_E_FORMAT, what);
}

/* Node k of way w. */
static uint32_t node(const hsd_road_table *t, size_t w, uint32_t k) {
    assert_true(k < t->ways[w].node_count);
    return t->way_nodes[t->ways[w].first_node + k];
}

static uint32_t last(const hsd_road_table *t, size_t w) {
    return node(t, w, t->ways[w].node_count - 1);
}

static bool share(const hsd_road_table *t, size_t v, size_t w) {
    for (uint32_t i = 0; i < t->ways[v].node_count; i++)
        for (uint32_t k = 0; k < t->ways[w].node_count; k++)
            if (node(t, v, i) == node(t, w, k)) return true;
    return false;
}

static void fields_become_ways(void **state) {
    const char *const rows[] = {"LINESTRING Z(0 0 1,1 0 2,1 1 3)|primary|60.5||正向|||长安街|",
                                "LINESTRING(1 1,2 1)||50||-1|是|0||car;bus",
                                "LINESTRING(2 1,3 1)|ferry||12.5||no|1||",
                                "|primary|50||||||",
                                "LINESTRING(5 5,5 5)|primary|50||||||",
                                NULL};
    hsd_road_table t;
    must(layer(*state, "a.gpkg", "EPSG:4326", rows), &mapped, &t);
    assert_int_equal(t.way_count, 3);
    assert_int_equal(t.node_count, 5); /* the dropped line leaves none */
    const hsd_way *w = &t.ways[0];
    assert_int_equal(w->source_id, 1);
    assert_int_equal(w->node_count, 3);
    assert_string_equal(t.strings + w->name, "长安街");
    assert_string_equal(t.classes[w->class_id], "primary");
    assert_int_equal(w->speed_mh[0], 60500);
    assert_int_equal(w->speed_source[1], HSD_SPEED_USER);
    assert_int_equal(w->no[0], 0);
    assert_int_equal(w->no[1], 1 | 4 | 8); /* all but walkers */
    assert_int_equal(w->flags | w->layer, 0);
    assert_true(w->length_m == 0);
    w = &t.ways[1];
    assert_string_equal(t.classes[w->class_id], "road");
    assert_int_equal(w->flags, HSD_WAY_BRIDGE);
    assert_int_equal(w->layer, 1);
    assert_int_equal(t.mode_count, 4);
    assert_string_equal(t.modes[3], "bus");
    assert_int_equal(w->no[0], 1 | 2 | 4 | 8);
    assert_int_equal(w->yes[1], 1 | 8);
    assert_int_equal(w->no[1], 2 | 4);
    w = &t.ways[2];
    assert_int_equal(w->flags, HSD_WAY_FERRY | HSD_WAY_TUNNEL);
    assert_int_equal(w->layer, -1);
    assert_int_equal(w->time_ms[0], 750000);
    assert_int_equal(w->speed_mh[0], 0);
    assert_int_equal(last(&t, 0), node(&t, 1, 0));
    assert_int_equal(last(&t, 1), node(&t, 2, 0));
    assert_int_equal(t.note_count, 2);
    assert_non_null(strstr(t.notes[0], "1 features without geometry left out, first feature 4"));
    assert_non_null(
        strstr(t.notes[1], "1 lines shorter than the tolerance left out, first feature 5"));
    hsd_road_table_finish(&t);
}

static void parts_share_the_minutes_of_their_feature(void **state) {
    /* 1 and 2 degrees of the equator: 10 minutes are 200 s and 400 s */
    const char *const rows[] = {"MULTILINESTRING((0 0,1 0),(1 0,3 0))|x||10|||||", NULL};
    hsd_road_table t;
    must(layer(*state, "m.gpkg", "EPSG:4326", rows), &mapped, &t);
    assert_int_equal(t.way_count, 2);
    assert_int_equal(t.ways[0].time_ms[0], 200000);
    assert_int_equal(t.ways[1].time_ms[1], 400000);
    assert_int_equal(t.ways[1].source_id, 1);
    assert_int_equal(last(&t, 0), node(&t, 1, 0));
    hsd_road_table_finish(&t);
}

static void bad_values_name_feature_and_field(void **state) {
    files *f = *state;
    row_refused(f, "LINESTRING(0 0,1 1)||||||||",
                "bad.gpkg feature 2: field \"speed\" is NULL; a speed in km/h above 0");
    row_refused(f, "LINESTRING(0 0,1 1)||0||||||",
                "feature 2: field \"speed\" is 0; a speed in km/h above 0 and at most 300");
    row_refused(f, "LINESTRING(0 0,1 1)||-50||||||", "field \"speed\" is -50");
    row_refused(f, "LINESTRING(0 0,1 1)||5000||||||", "field \"speed\" is 5000");
    row_refused(f, "LINESTRING(0 0,1 1)|||1,5|||||", "field \"minutes\" is \"1,5\"; a number");
    row_refused(f, "LINESTRING(0 0,1 1)|||nan|||||", "field \"minutes\" is \"nan\"; a number");
    row_refused(f, "LINESTRING(0 0,1 1)|||0|||||", "field \"minutes\" is 0; minutes above 0");
    row_refused(f, "LINESTRING(0 0,1 1)||50||maybe||||", "one-way is \"maybe\"; yes/no/-1");
    row_refused(f, "LINESTRING(0 0,1 1)||50|||||x|car;", "empty word");
    row_refused(f, "POINT(0 0)||50||||||", "feature 2: a point; a line was expected");
    row_refused(f, "POLYGON((0 0,1 0,1 1,0 0))||50||||||",
                "feature 2: a polygon; a line was expected");
    row_refused(f, "LINESTRING(22 113,23 114)||50||||||",
                "feature 2: coordinates 22,113 are not longitude,latitude");
    const char *const shape[] = {
        "\"speed\":1e999|{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}", NULL};
    refused(files_geojson(f, "i.geojson", shape), &(hsd_line_fields){.speed_kmh = "speed"},
            HSD_E_FORMAT, "i.geojson feature 0: field \"speed\"");
    const char *const rows[] = {"LINESTRING(0 0,1 1)||50||||||", NULL}, *const nothing[] = {NULL},
                      *const bare[] = {"||50||||||", NULL};
    const char *good = layer(f, "good.gpkg", "EPSG:4326", rows);
    refused(good, &(hsd_line_fields){.speed_kmh = "sped"}, HSD_E_ARGUMENT,
            "good.gpkg has no field \"sped\"; there are: class, speed, minutes, oneway, bridge, "
            "tunnel, name, modes");
    refused(good, &(hsd_line_fields){.tolerance_m = -1}, HSD_E_ARGUMENT, "tolerance of -1 m");
    refused(good, &(hsd_line_fields){.tolerance_m = NAN}, HSD_E_ARGUMENT, "tolerance");
    refused(layer(f, "e.gpkg", "EPSG:4326", nothing), NULL, HSD_E_FORMAT,
            "layer \"roads\" has no features");
    refused(layer(f, "n.gpkg", "EPSG:4326", bare), NULL, HSD_E_FORMAT, "no line with length");
    refused(layer(f, "c.gpkg", NULL, rows), NULL, HSD_E_FORMAT, "no coordinate system");
    refused(files_path(f, "gone.shp"), NULL, HSD_E_OPEN, "no such file");
    hsd_road_table t;
    must(good, NULL, &t); /* nothing mapped: a class, no speed */
    assert_string_equal(t.classes[0], "road");
    assert_int_equal(t.ways[0].speed_source[0], HSD_SPEED_NONE);
    hsd_road_table_finish(&t);
    must(good, &(hsd_line_fields){.road_class = "class", .default_class = "tertiary"}, &t);
    assert_string_equal(t.classes[0], "tertiary");
    hsd_road_table_finish(&t);
}

static void shapefiles_in_gbk_are_read(void **state) {
    files *f = *state;
    const char *const rows[] = {"LINESTRING(500000 0,501000 0)|主干路|60||双向||||", NULL};
    const char *const options[] = {"ENCODING=GBK", NULL}, *const fields[] = {"class:t", "speed:r",
                                                                             "x:t", "oneway:t",
                                                                             NULL};
    layer_spec spec = {"ESRI Shapefile", "gbk", "EPSG:32649", wkbLineString, fields, rows, options};
    char path[200], cpg[200];
    snprintf(path, sizeof path, "%s", files_layers(f, "gbk.shp", &spec, 1));
    snprintf(cpg, sizeof cpg, "%s", path);
    memcpy(cpg + strlen(cpg) - 3, "cpg", 3);
    const hsd_line_fields gbk = {
        .road_class = "class", .speed_kmh = "speed", .oneway = "oneway", .encoding = "GBK"};
    hsd_road_table t;
    must(path, &(hsd_line_fields){.road_class = "class"}, &t); /* the .cpg says so itself */
    assert_string_equal(t.classes[0], "主干路");
    hsd_road_table_finish(&t);
    assert_int_equal(unlink(cpg), 0);
    must(path, &gbk, &t);
    assert_string_equal(t.classes[0], "主干路");
    assert_int_equal(t.ways[0].no[0] | t.ways[0].no[1], 0);
    assert_int_equal(t.nodes[0].lon_e7, 1110000000); /* the middle of UTM zone 49 */
    assert_int_equal(t.nodes[0].lat_e7, 0);
    hsd_road_table_finish(&t);
    refused(path, &(hsd_line_fields){.encoding = "GBKK"}, HSD_E_ARGUMENT,
            "unknown encoding \"GBKK\"");
}

static void ends_within_the_tolerance_join_and_nothing_else(void **state) {
    files *f = *state;
    const char *const rows[] = {
        "LINESTRING(0 0,0.001 0,0.002 0)||||||||",
        "LINESTRING(0.0020005 0,0.003 0)||||||||",        /* 5.6 cm from the end of the first */
        "LINESTRING(0.001 0,0.001 0.001)||||||||",        /* begins at its inner vertex */
        "LINESTRING(0.0005 -0.001,0.0005 0.001)||||||||", /* crosses it */
        "LINESTRING(0.003002 0,0.004 0)||||||||",         /* 22 cm from the second */
        NULL};
    hsd_road_table t;
    const hsd_line_fields ends = {.road_class = "class"};
    const char *path = layer(f, "j.gpkg", "EPSG:4326", rows);
    must(path, &ends, &t);
    assert_int_equal(t.way_count, 5);
    assert_int_equal(last(&t, 0), node(&t, 1, 0));
    assert_int_equal(t.nodes[last(&t, 0)].lon_e7, 20000); /* placed where the first is drawn */
    assert_false(share(&t, 0, 2));
    assert_false(share(&t, 0, 3));
    assert_false(share(&t, 1, 4));
    assert_int_equal(t.node_count, 3 + 1 + 2 + 2 + 2);
    hsd_road_table_finish(&t);

    hsd_line_fields wide = ends;
    wide.tolerance_m = 0.5;
    must(path, &wide, &t);
    assert_true(share(&t, 1, 4));
    hsd_road_table_finish(&t);

    hsd_line_fields crossing = ends;
    crossing.node_crossings = true;
    must(path, &crossing, &t);
    assert_true(share(&t, 0, 2) && share(&t, 0, 3) && share(&t, 0, 1));
    assert_false(share(&t, 2, 3) || share(&t, 1, 4));
    assert_int_equal(t.ways[0].node_count, 4); /* 0, the crossing, the vertex, the end */
    assert_int_equal(t.ways[3].node_count, 3);
    assert_int_equal(t.nodes[node(&t, 0, 1)].lon_e7, 5000);
    assert_int_equal(t.nodes[node(&t, 0, 1)].lat_e7, 0);
    assert_int_equal(node(&t, 0, 1), node(&t, 3, 1));
    assert_int_equal(node(&t, 0, 2), node(&t, 2, 0));
    hsd_road_table_finish(&t);
}

static void bridges_and_tunnels_join_only_by_their_ends(void **state) {
    files *f = *state;
    const char *const rows[] = {
        "LINESTRING(0 0,0.004 0)||50||||||",                 /* a street */
        "LINESTRING(0.001 -0.001,0.001 0.001)||50|||yes|||", /* a bridge over it */
        "LINESTRING(0.002 -0.001,0.002 0.001)||50||||1||",   /* a tunnel below it */
        "LINESTRING(0.003 0,0.003 0.001)||50|||yes|||",      /* a bridge that begins at it */
        "LINESTRING(0 0.001,0.001 0.001)||50||||||",         /* a street to the end of the bridge */
        "LINESTRING(0.001 0.0005,0.005 0.0005)||50||||||", /* a street that ends below the bridge */
        "LINESTRING(0 0.0002,0.004 0.0002)||50|||1|||",    /* a bridge over and under bridges */
        NULL};
    hsd_line_fields fields = mapped;
    fields.node_crossings = true;
    hsd_road_table t;
    must(layer(f, "r.gpkg", "EPSG:4326", rows), &fields, &t);
    assert_false(share(&t, 0, 1) || share(&t, 0, 2));
    assert_true(share(&t, 0, 3));
    assert_true(share(&t, 1, 4));
    assert_false(share(&t, 1, 5));
    assert_false(share(&t, 5, 2) || share(&t, 5, 3));
    for (size_t w = 0; w < 6; w++) assert_false(share(&t, 6, w));
    assert_int_equal(t.ways[0].node_count, 3);
    hsd_road_table_finish(&t);
}

static void crossings_of_several_lines_are_one_node(void **state) {
    files *f = *state;
    const char *const rows[] = {
        "LINESTRING(-0.001 0,0.001 0)||||||||",
        "LINESTRING(0 -0.001,0 0.001)||||||||",
        "LINESTRING(-0.001 -0.001,0.001 0.001)||||||||",
        "LINESTRING(-0.001 0.001,0 0,0.001 -0.001)||||||||", /* has a vertex there */
        "LINESTRING(0.01 0,0.012 0,0.012 0.001,0.011 0.001,0.011 -0.001)||||||||", /* crosses itself
                                                                                    */
        "LINESTRING(0.02 0,0.021 0,0.021 0.001,0.02 0)||||||||",                   /* a ring */
        "LINESTRING(0.03 0,0.031 0)||||||||",
        "LINESTRING(0.0305 0,0.0315 0)||||||||", /* lie on each other */
        NULL};
    hsd_line_fields fields = {.node_crossings = true};
    hsd_road_table t;
    must(layer(f, "x.gpkg", "EPSG:4326", rows), &fields, &t);
    uint32_t middle = node(&t, 0, 1);
    for (size_t w = 0; w < 4; w++) {
        assert_int_equal(t.ways[w].node_count, 3);
        assert_int_equal(node(&t, w, 1), middle);
    }
    assert_int_equal(t.nodes[middle].lon_e7 | t.nodes[middle].lat_e7, 0);
    assert_int_equal(t.ways[4].node_count, 7);
    assert_int_equal(node(&t, 4, 1), node(&t, 4, 5));
    assert_int_equal(t.ways[5].node_count, 4);
    assert_int_equal(node(&t, 5, 0), last(&t, 5));
    assert_int_equal(t.ways[6].node_count, 3); /* each is cut where the other ends */
    assert_int_equal(t.ways[7].node_count, 3);
    assert_int_equal(node(&t, 6, 1), node(&t, 7, 0));
    assert_int_equal(last(&t, 6), node(&t, 7, 1));
    hsd_road_table_finish(&t);
}

/* Against all pairs: 400 random points in a box of 20 m, tolerance 1 m, at 60 degrees north. */
static void clusters_equal_those_of_all_pairs(void **state) {
    (void)state;
    enum { N = 400 };
    static hsd_point_e7 p[N];
    static uint32_t root[N], group[N];
    hsd_random random = {7};
    for (int i = 0; i < N; i++) {
        p[i].lon_e7 = (int32_t)(hsd_random_unit(&random) * 3600) - 1800;
        p[i].lat_e7 = 600000000 + (int32_t)(hsd_random_unit(&random) * 1800);
        root[i] = group[i] = (uint32_t)i;
    }
    p[17] = p[200];
    assert_int_equal(hsd_cluster(p, N, 1, root, NULL), HSD_OK);
    for (bool changed = true; changed;) { /* lowest index spreads over every pair that is near */
        changed = false;
        for (int a = 0; a < N; a++)
            for (int b = 0; b < N; b++) {
                double m = hsd_geodesic_m(p[a].lon_e7 * 1e-7, p[a].lat_e7 * 1e-7,
                                          p[b].lon_e7 * 1e-7, p[b].lat_e7 * 1e-7);
                if (m <= 1 && group[a] < group[b]) {
                    group[b] = group[a];
                    changed = true;
                }
            }
    }
    int alone = 0;
    for (int i = 0; i < N; i++) {
        assert_int_equal(root[i], group[i]);
        alone += root[i] == (uint32_t)i;
    }
    assert_true(alone > 20 && alone < N - 20);
}

static void memory_failures_are_reported_and_leak_nothing(void **state) {
    const char *const rows[] = {"LINESTRING(0 0,1 1)|a|50|||||n|car;x",
                                "LINESTRING(0 1,1 0)|b|50|||||m|", NULL};
    const char *path = layer(*state, "oom.gpkg", "EPSG:4326", rows);
    hsd_line_fields fields = mapped;
    fields.node_crossings = true;
    hsd_status status = HSD_E_MEMORY;
    uint64_t n = 1;
    for (; status == HSD_E_MEMORY && n < 500; n++) {
        hsd_road_table t;
        hsd_memory_fail_at(n);
        status = hsd_read_lines(path, &fields, NULL, &t, NULL);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) assert_true(share(&t, 0, 1));
        hsd_road_table_finish(&t);
    }
    assert_int_equal(status, HSD_OK);
    assert_true(n > 30);
}

static bool never(void *user, const char *what, double fraction) {
    (void)user, (void)what, (void)fraction;
    return false;
}

static void reading_can_be_cancelled(void **state) {
    const char *const rows[] = {"LINESTRING(0 0,1 1)||50||||||", NULL};
    hsd_run run = {.progress = never};
    hsd_road_table t;
    hsd_error err = {0};
    assert_int_equal(
        hsd_read_lines(layer(*state, "z.gpkg", "EPSG:4326", rows), NULL, &run, &t, &err),
        HSD_E_CANCELLED);
    assert_null(t.ways);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_become_ways),
        cmocka_unit_test(parts_share_the_minutes_of_their_feature),
        cmocka_unit_test(bad_values_name_feature_and_field),
        cmocka_unit_test(shapefiles_in_gbk_are_read),
        cmocka_unit_test(ends_within_the_tolerance_join_and_nothing_else),
        cmocka_unit_test(bridges_and_tunnels_join_only_by_their_ends),
        cmocka_unit_test(crossings_of_several_lines_are_one_node),
        cmocka_unit_test(clusters_equal_those_of_all_pairs),
        cmocka_unit_test(memory_failures_are_reported_and_leak_nothing),
        cmocka_unit_test(reading_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, files_begin, files_end) != 0;
}
