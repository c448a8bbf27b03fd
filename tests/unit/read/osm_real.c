/* The reader on real extracts. Counts come from an independent reading of the same files with
 * pyosmium by the rules of methods.md, section 1; places from the map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "geo/barrier.h"
#include "geo/geos.h"
#include "hourshed/read.h"

static char data[3072];

static bool find_data(void) {
    const char *folder = getenv("HOURSHED_DATA"), *root = getenv("HSD_SOURCE_ROOT");
    if (folder && *folder)
        snprintf(data, sizeof data, "%s", folder);
    else
        snprintf(data, sizeof data, "%s/../shared/data", root ? root : ".");
    return access(data, R_OK) == 0;
}

static hsd_road_table read_file(const char *name, int threads) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", data, name);
    const hsd_run run = {.threads = threads};
    hsd_road_table table;
    hsd_error err = {0};
    if (hsd_read_osm(path, &run, &table, &err) != HSD_OK) fail_msg("%s", err.message);
    return table;
}

static bool same_bytes(const void *a, const void *b, size_t size) {
    return size == 0 || memcmp(a, b, size) == 0;
}

static bool same_way(const hsd_way *a, const hsd_way *b) {
    bool same = a->source_id == b->source_id && a->first_node == b->first_node &&
                a->node_count == b->node_count && a->name == b->name &&
                a->class_id == b->class_id && a->flags == b->flags && a->layer == b->layer;
    for (int d = 0; d < 2; d++)
        same = same && a->yes[d] == b->yes[d] && a->no[d] == b->no[d] &&
               a->speed_mh[d] == b->speed_mh[d] && a->time_ms[d] == b->time_ms[d] &&
               a->speed_source[d] == b->speed_source[d];
    return same;
}

static void assert_same(const hsd_road_table *a, const hsd_road_table *b) {
    assert_int_equal(a->node_count, b->node_count);
    assert_int_equal(a->way_count, b->way_count);
    assert_int_equal(a->way_node_count, b->way_node_count);
    assert_int_equal(a->restriction_count, b->restriction_count);
    assert_int_equal(a->string_size, b->string_size);
    assert_int_equal(a->water.point_count, b->water.point_count);
    assert_true(same_bytes(a->nodes, b->nodes, a->node_count * sizeof *a->nodes));
    assert_true(same_bytes(a->node_source, b->node_source, a->node_count * sizeof(int64_t)));
    assert_true(same_bytes(a->node_no, b->node_no, a->node_count * sizeof *a->node_no));
    assert_true(same_bytes(a->way_nodes, b->way_nodes, a->way_node_count * sizeof(uint32_t)));
    assert_true(same_bytes(a->strings, b->strings, a->string_size));
    assert_true(
        same_bytes(a->water.points, b->water.points, a->water.point_count * sizeof(hsd_lonlat)));
    for (size_t i = 0; i < a->way_count; i++) assert_true(same_way(&a->ways[i], &b->ways[i]));
    for (size_t i = 0; i < a->restriction_count; i++) {
        assert_int_equal(a->restrictions[i].source_id, b->restrictions[i].source_id);
        assert_int_equal(a->restrictions[i].from_way, b->restrictions[i].from_way);
        assert_int_equal(a->restrictions[i].to_way, b->restrictions[i].to_way);
    }
}

static void real_extracts_have_the_counts_of_an_independent_reading(void **state) {
    (void)state;
    const struct {
        const char *name;
        size_t ways, nodes, restrictions;
    } cases[] = {
        {"porto/porto_portugal.osm.pbf", 49568, 325829, 336},
        {"porto_alegre/poa_osm.pbf", 15668, 40562, 0},
        {"osm_small/shanghai.osm", 796, 2458, 0},
        {"osm_small/beijing_tsinghua.osm", 634, 2121, 5},
        {"osm_small/andorra.osm.pbf", 1612, 38538, 0},
        {"osm_small/monaco.osm.gz", 860, 4709, 0},
        {"osm_small/liechtenstein-2013-08-03.osm.pbf", 2749, 28199, 1},
        {"osm_streets_cases/bridge_construction.osm.pbf", 389, 2314, 20},
        {"osm_streets_cases/cathedral-no-left.pbf", 8540, 49044, 139},
        {"osm_streets_cases/fiji-ferry.pbf", 1175, 10632, 4},
        {"osm_streets_cases/missing-nodes.pbf", 1, 3, 0},
        {"osm_streets_cases/reisterstown-via-restriction.pbf", 7053, 60757, 35},
        {"osm_streets_cases/subgraph.pbf", 6421, 37461, 0},
        {"osm_merged/cities_merged_ship.osm.pbf", 91338, 561782, 548},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hsd_road_table t = read_file(cases[i].name, 0);
        if (t.way_count != cases[i].ways || t.node_count != cases[i].nodes ||
            t.restriction_count != cases[i].restrictions)
            fail_msg("%s: %zu ways, %zu nodes, %zu restrictions", cases[i].name, t.way_count,
                     t.node_count, t.restriction_count);
        char why[200];
        if (!hsd_geos_valid(&t.water, why, sizeof why)) fail_msg("%s: %s", cases[i].name, why);
        for (size_t w = 1; w < t.way_count; w++)
            assert_true(t.ways[w - 1].source_id <= t.ways[w].source_id);
        for (size_t n = 1; n < t.node_count; n++)
            assert_true(t.node_source[n - 1] < t.node_source[n]);
        hsd_road_table_finish(&t);
    }
}

static void bzip2_and_pbf_of_the_same_data_give_the_same_table(void **state) {
    (void)state;
    hsd_road_table a = read_file("osm_small/liechtenstein-2013-08-03.osm.bz2", 1);
    hsd_road_table b = read_file("osm_small/liechtenstein-2013-08-03.osm.pbf", 8);
    assert_same(&a, &b);
    hsd_road_table_finish(&a);
    hsd_road_table_finish(&b);
}

static void one_thread_and_eight_give_the_same_table(void **state) {
    (void)state;
    hsd_road_table a = read_file("osm_merged/cities_merged_ship.osm.pbf", 1);
    hsd_road_table b = read_file("osm_merged/cities_merged_ship.osm.pbf", 8);
    assert_same(&a, &b);
    hsd_road_table_finish(&a);
    hsd_road_table_finish(&b);
}

static const hsd_way *way_with(const hsd_road_table *table, int64_t id) {
    for (size_t i = 0; i < table->way_count; i++)
        if (table->ways[i].source_id == id) return &table->ways[i];
    return NULL;
}

static const hsd_restriction *restriction_with(const hsd_road_table *table, int64_t id) {
    for (size_t i = 0; i < table->restriction_count; i++)
        if (table->restrictions[i].source_id == id) return &table->restrictions[i];
    fail_msg("no restriction %lld", (long long)id);
    return NULL;
}

static void the_u_turn_at_reisterstown_runs_through_two_ways(void **state) {
    (void)state;
    hsd_road_table t = read_file("osm_streets_cases/reisterstown-via-restriction.pbf", 0);
    const hsd_restriction *r = restriction_with(&t, 555630);
    assert_int_equal(r->via_node, UINT32_MAX);
    assert_int_equal(r->via_count, 2);
    assert_int_equal(t.ways[r->from_way].source_id, 238215855);
    assert_int_equal(t.ways[t.via_ways[r->first_via]].source_id, 238215854);
    assert_int_equal(t.ways[t.via_ways[r->first_via + 1]].source_id, 53332280);
    assert_int_equal(t.ways[r->to_way].source_id, 238215856);
    assert_int_equal(r->modes, 1);
    hsd_road_table_finish(&t);
}

static void a_missing_node_cuts_the_real_way_too(void **state) {
    (void)state;
    hsd_road_table a = read_file("osm_streets_cases/missing-nodes.xml", 0);
    hsd_road_table b = read_file("osm_streets_cases/missing-nodes.pbf", 0);
    assert_same(&a, &b);
    assert_int_equal(a.ways[0].node_count, 3); /* the fourth is missing, the fifth alone */
    assert_int_equal(a.node_source[a.way_nodes[0]], 1831881213);
    hsd_road_table_finish(&a);
    hsd_road_table_finish(&b);
}

static void speeds_by_direction_are_read_from_a_real_way(void **state) {
    (void)state;
    hsd_road_table t = read_file("osm_streets_cases/speedFlagsTest.pbf", 0);
    assert_int_equal(t.way_count, 1);
    assert_int_equal(t.ways[0].source_id, 1409);
    assert_int_equal(t.ways[0].speed_mh[HSD_FORWARD], 60000);
    assert_int_equal(t.ways[0].speed_mh[HSD_BACKWARD], 30000);
    assert_int_equal(t.ways[0].no[HSD_BACKWARD], 1 << 0 | 1 << 2); /* oneway=yes */
    hsd_road_table_finish(&t);
}

static void a_bridge_under_construction_is_not_there(void **state) {
    (void)state;
    hsd_road_table t = read_file("osm_streets_cases/bridge_construction.osm.pbf", 0);
    for (size_t c = 0; c < t.class_count; c++)
        assert_string_not_equal(t.classes[c], "construction");
    assert_null(way_with(&t, 99134723));
    hsd_road_table_finish(&t);
}

/* "w" for water, "l" for land at lon, lat. */
static void assert_places(const hsd_road_table *table, const double (*places)[2], size_t count,
                          bool wet) {
    hsd_rtree index = {0};
    hsd_error err = {0};
    if (hsd_barriers_index(&table->water, &index, &err) != HSD_OK) fail_msg("%s", err.message);
    const hsd_barriers barriers = {&table->water, &index};
    for (size_t i = 0; i < count; i++)
        if (hsd_barriers_contain(&barriers, places[i][0], places[i][1]) != wet)
            fail_msg("%f,%f should be %s", places[i][0], places[i][1], wet ? "water" : "land");
    hsd_rtree_finish(&index);
}

static void the_sea_before_monaco_is_water_and_the_rock_is_land(void **state) {
    (void)state;
    const double wet[][2] = {{7.45, 43.73},     {7.4285, 43.7355}, {7.41, 43.71},
                             {7.4246, 43.7341}, {7.44, 43.74},     {7.43, 43.70}};
    const double dry[][2] = {{7.4246, 43.7384},
                             {7.4203, 43.7311},
                             {7.4254, 43.7311},
                             {7.4161, 43.7277},
                             {7.4290, 43.7410}};
    hsd_road_table t = read_file("osm_small/monaco.osm.gz", 0);
    assert_places(&t, wet, sizeof wet / sizeof *wet, true);
    assert_places(&t, dry, sizeof dry / sizeof *dry, false);
    hsd_road_table_finish(&t);
}

static void files_of_streets_alone_say_nothing_about_water(void **state) {
    (void)state;
    hsd_road_table t = read_file("porto/porto_portugal.osm.pbf", 0);
    assert_false(t.has_water);
    assert_int_equal(t.water.polygon_count, 0);
    hsd_road_table_finish(&t);
}

static void the_sea_of_one_city_does_not_drown_another(void **state) {
    (void)state;
    const double dry[][2] = {{24.94, 60.17}, {-8.61, 41.1496}, {-77.03, 38.9}, {-51.22, -30.03}};
    hsd_road_table t = read_file("osm_merged/cities_merged_ship.osm.pbf", 0);
    assert_true(t.has_water);
    assert_places(&t, dry, sizeof dry / sizeof *dry, false);
    const hsd_way *ferry = way_with(&t, 166399542); /* the Bateau Bus: walkers only */
    assert_non_null(ferry);
    assert_int_equal(ferry->flags, HSD_WAY_FERRY);
    assert_int_equal(ferry->node_count, 5);
    assert_int_equal(ferry->no[0], 1 << 0);
    assert_int_equal(ferry->no[1], 1 << 0);
    hsd_road_table_finish(&t);
}

int main(void) {
    if (!find_data()) {
        printf("skipped: no real data at %s (set HOURSHED_DATA)\n", data);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_extracts_have_the_counts_of_an_independent_reading),
        cmocka_unit_test(bzip2_and_pbf_of_the_same_data_give_the_same_table),
        cmocka_unit_test(one_thread_and_eight_give_the_same_table),
        cmocka_unit_test(the_u_turn_at_reisterstown_runs_through_two_ways),
        cmocka_unit_test(a_missing_node_cuts_the_real_way_too),
        cmocka_unit_test(speeds_by_direction_are_read_from_a_real_way),
        cmocka_unit_test(a_bridge_under_construction_is_not_there),
        cmocka_unit_test(the_sea_before_monaco_is_water_and_the_rock_is_land),
        cmocka_unit_test(files_of_streets_alone_say_nothing_about_water),
        cmocka_unit_test(the_sea_of_one_city_does_not_drown_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
