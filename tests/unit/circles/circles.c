/* Circles, bands and contests on streets drawn by hand: rivers, holes, dead ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "../times/hand_network.h"
#include "circles/region.h"
#include "geo/geos.h"
#include "hourshed/circles.h"

#define LON (-86000000)
#define LAT 411000000
#define M_EAST 119.2 /* e7 a metre, at this latitude */
#define M_NORTH 90.05

static hsd_point_e7 at(double east_m, double north_m) {
    return (hsd_point_e7){LON + (int32_t)(east_m * M_EAST), LAT + (int32_t)(north_m * M_NORTH)};
}

static hsd_lonlat degrees(double east_m, double north_m) {
    hsd_point_e7 p = at(east_m, north_m);
    return (hsd_lonlat){p.lon_e7 * 1e-7, p.lat_e7 * 1e-7};
}

static uint32_t vertex(hand_network *h, double east_m, double north_m) {
    hsd_point_e7 p = at(east_m, north_m);
    return hand_vertex(h, p.lon_e7, p.lat_e7);
}

typedef struct scene {
    hand_network *hand;
    hsd_locator *locator;
    hsd_tree *tree;
    hsd_lattice *lattice;
    hsd_surface surface;
} scene;

static void open_scene(scene *s, hand_network *h, double cell_m) {
    *s = (scene){.hand = h};
    hand_plain_graph(h);
    hand_finish(h);
    hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(&h->network, 0, &options, &s->locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(s->locator, &s->tree, NULL), HSD_OK);
    hsd_lattice_options where = {LON * 1e-7, LAT * 1e-7, cell_m};
    assert_int_equal(hsd_lattice_create(s->locator, &where, &s->lattice, NULL), HSD_OK);
}

static void grow(scene *s, double east_m, double north_m, uint32_t limit_ms) {
    hsd_feet feet = {0};
    hsd_lonlat p = degrees(east_m, north_m);
    assert_int_equal(hsd_locate(s->locator, p.lon, p.lat, &feet, NULL), HSD_OK);
    assert_int_equal(feet.count, 1);
    hsd_seed seed = {feet.feet[0], 0, 0};
    assert_int_equal(hsd_tree_grow(s->tree, HSD_FROM, &seed, 1, limit_ms, NULL), HSD_OK);
    hsd_feet_finish(&feet);
    hsd_surface_finish(&s->surface);
    assert_int_equal(hsd_surface_make(s->lattice, s->tree, limit_ms, NULL, &s->surface, NULL),
                     HSD_OK);
}

static void make(scene *s, const uint32_t *cutoffs, size_t count, uint32_t max_vertices,
                 hsd_circle *out) {
    hsd_circle_options options = {max_vertices, 2000};
    hsd_error err = {HSD_OK, ""};
    if (hsd_circles_make(&s->hand->network, s->locator, s->tree, &s->surface, cutoffs, count,
                         &options, out, &err) != HSD_OK)
        fail_msg("%s", err.message);
}

static void close_scene(scene *s) {
    hsd_surface_finish(&s->surface);
    hsd_lattice_destroy(s->lattice);
    hsd_tree_destroy(s->tree);
    hsd_locator_destroy(s->locator);
    hand_destroy(s->hand);
}

static bool contains(const hsd_geometry *g, double east_m, double north_m) {
    hsd_region region;
    assert_int_equal(hsd_region_make(g, &region, NULL), HSD_OK);
    hsd_lonlat p = degrees(east_m, north_m);
    bool inside = hsd_region_contains(&region, p.lon, p.lat);
    hsd_region_finish(&region);
    return inside;
}

/* One straight street from west to east, 36 km/h, legs at 1 m/s up to 400 m. */
static hand_network *one_street(double length_m) {
    hand_network *h = hand_create();
    h->leg_cap_m = 400;
    uint32_t a = vertex(h, -length_m / 2, 0), b = vertex(h, 0, 0), c = vertex(h, length_m / 2, 0);
    hand_edge(h, a, b, 36000, 36000);
    hand_edge(h, b, c, 36000, 36000);
    return h;
}

static hsd_lonlat river_points[5];
static size_t river_ring = 5, river_polygon = 1;
static hsd_geometry river = {.type = HSD_GEOMETRY_POLYGON,
                             .point_count = 5,
                             .ring_count = 1,
                             .polygon_count = 1,
                             .points = river_points,
                             .ring_end = &river_ring,
                             .polygon_end = &river_polygon};

static void lay_river(double west_m, double south_m, double east_m, double north_m) {
    river_points[0] = river_points[4] = degrees(west_m, south_m);
    river_points[1] = degrees(east_m, south_m);
    river_points[2] = degrees(east_m, north_m);
    river_points[3] = degrees(west_m, north_m);
}

static void a_river_without_a_bridge_is_never_crossed(void **state) {
    (void)state;
    const uint32_t cutoff = 300000;
    for (int wet = 0; wet < 2; wet++) {
        scene s;
        hand_network *h = one_street(2000);
        lay_river(-3000, 103, 3000, 148);
        if (wet) h->barriers = &river;
        open_scene(&s, h, 12.5);
        grow(&s, 0, 0, cutoff);
        hsd_circle c;
        make(&s, &cutoff, 1, 0, &c);
        assert_true(contains(&c.polygon, 100, 80));
        assert_int_equal(contains(&c.polygon, 100, 126), !wet); /* mid-river */
        assert_int_equal(contains(&c.polygon, 100, 180), !wet); /* far bank */
        assert_true(contains(&c.polygon, 100, -180));
        if (wet) { /* nothing of the river but a grazing of the shore */
            hsd_geometry in_water;
            assert_int_equal(hsd_geos_intersection(&c.polygon, &river, &in_water, NULL), HSD_OK);
            assert_true(hsd_geometry_area_m2(&in_water) < 200.0);
            hsd_geometry_finish(&in_water);
        }
        assert_true(c.missed_km <= 0.02 * c.reached_km && c.excess_km == 0.0);
        assert_true(c.point_error <= 0.01);
        hsd_circle_finish(&c);
        close_scene(&s);
    }
}

static void the_area_is_that_of_the_leg_round_the_street(void **state) {
    (void)state;
    scene s;
    open_scene(&s, one_street(4000), 12.5);
    grow(&s, 0, 0, 100000);
    const uint32_t cutoff = 100000;
    hsd_circle c;
    make(&s, &cutoff, 1, 0, &c);
    /* reached 1,000 m either way; beside x the leg may last 100 s - |x| / 10: a rhombus of half
     * diagonals 1000 m and 100 m */
    assert_true(fabs(c.reached_km - 2.0) < 0.01);
    assert_true(fabs(c.area_km2 - 0.2) < 0.004);
    assert_true(contains(&c.polygon, 500, 45) && !contains(&c.polygon, 500, 56));
    assert_false(c.data_end);
    assert_int_equal(c.check_points, 2000);
    hsd_circle_finish(&c);
    close_scene(&s);
}

static void circles_are_valid_nested_and_within_their_vertices(void **state) {
    (void)state;
    scene s;
    hand_network *h = hand_create();
    h->leg_cap_m = 150;
    for (int j = 0; j < 9; j++)
        for (int i = 0; i < 9; i++) vertex(h, (i - 4) * 310 + (j % 3) * 40, (j - 4) * 290);
    for (uint32_t v = 0; v < 81; v++) {
        if (v % 9 < 8 && v % 5 != 3) hand_edge(h, v, v + 1, 18000, 18000);
        if (v < 72 && v % 4 != 1) hand_edge(h, v, v + 9, 25000, 12000);
    }
    open_scene(&s, h, 12.5);
    const uint32_t cutoffs[4] = {120000, 180000, 240000, 241000};
    grow(&s, 20, 20, 241000);
    for (int round = 0; round < 2; round++) {
        hsd_circle c[4];
        make(&s, cutoffs, 4, round ? 60 : 0, c);
        for (int k = 0; k < 4; k++) {
            char why[100] = "";
            if (!hsd_geos_valid(&c[k].polygon, why, sizeof why)) fail_msg("%s", why);
            assert_true(c[k].vertices == c[k].polygon.point_count);
            assert_true(c[k].vertices <= (round ? 60 : 2000));
            if (k > 0) {
                assert_true(hsd_geos_covers(&c[k].polygon, &c[k - 1].polygon));
                hsd_geometry band;
                assert_int_equal(hsd_circle_band(&c[k], &c[k - 1], &band, NULL), HSD_OK);
                double area = (c[k].area_km2 - c[k - 1].area_km2) * 1e6;
                assert_true(fabs(hsd_geometry_area_m2(&band) - area) < 1.0 + 1e-6 * area);
                hsd_geometry_finish(&band);
            }
            if (round) continue;
            /* some metres at each of the few street ends of so small a circle */
            assert_true(c[k].missed_km + c[k].excess_km < 0.05 * c[k].reached_km);
            assert_true(c[k].point_error < 0.01);
        }
        for (int k = 0; k < 4; k++) hsd_circle_finish(&c[k]);
    }
    close_scene(&s);
}

static void a_block_out_of_reach_is_a_hole(void **state) {
    (void)state;
    scene s;
    hand_network *h = hand_create();
    h->leg_cap_m = 120;
    uint32_t v[4] = {vertex(h, -400, -400), vertex(h, 400, -400), vertex(h, 400, 400),
                     vertex(h, -400, 400)};
    for (int k = 0; k < 4; k++) hand_edge(h, v[k], v[(k + 1) % 4], 36000, 36000);
    open_scene(&s, h, 12.5);
    const uint32_t cutoff = 600000;
    grow(&s, -400, 0, cutoff);
    hsd_circle c;
    make(&s, &cutoff, 1, 0, &c);
    assert_int_equal(c.polygon.polygon_count, 1);
    assert_int_equal(c.polygon.ring_count, 2);
    assert_false(contains(&c.polygon, 0, 0));
    assert_true(contains(&c.polygon, 0, -300) && contains(&c.polygon, 0, -500));
    assert_false(contains(&c.polygon, 0, -260) || contains(&c.polygon, 0, -540));
    hsd_circle_finish(&c);
    close_scene(&s);
}

static void the_smallest_circle_is_small_not_empty(void **state) {
    (void)state;
    scene s;
    open_scene(&s, one_street(2000), 12.5);
    grow(&s, 7, 0, 60000);
    const uint32_t cutoffs[3] = {50, 400, 60000};
    hsd_circle c[3];
    make(&s, cutoffs, 3, 0, c);
    for (int k = 0; k < 3; k++) {
        assert_true(c[k].polygon.point_count >= 4);
        assert_true(hsd_geos_valid(&c[k].polygon, NULL, 0));
        if (k) assert_true(hsd_geos_covers(&c[k].polygon, &c[k - 1].polygon));
    }
    assert_true(contains(&c[0].polygon, 7, 0));
    assert_true(c[0].area_km2 < 0.0002);
    for (int k = 0; k < 3; k++) hsd_circle_finish(&c[k]);
    close_scene(&s);
}

static void data_end_where_a_reached_street_is_cut_not_at_the_sea(void **state) {
    (void)state;
    for (int sea = 0; sea < 2; sea++) {
        scene s;
        hand_network *h = one_street(2000);
        lay_river(1005, -5000, 3000, 5000);
        if (sea) h->barriers = &river;
        open_scene(&s, h, 25.0);
        const uint32_t cutoffs[2] = {30000, 90000};
        grow(&s, 500, 0, 90000);
        hsd_circle c[2];
        make(&s, cutoffs, 2, 0, c);
        assert_false(c[0].data_end); /* 300 m east of 500: not the end */
        assert_int_equal(c[1].data_end, !sea);
        for (int k = 0; k < 2; k++) hsd_circle_finish(&c[k]);
        close_scene(&s);
    }
}

static void hinterlands_meet_half_way_and_overlaps_are_nested(void **state) {
    (void)state;
    scene s;
    open_scene(&s, one_street(4000), 12.5);
    hsd_contest *contest;
    assert_int_equal(hsd_contest_create(3, &contest, NULL), HSD_OK);
    const double place[3] = {1000, -1000, 0};
    for (uint32_t o = 3; o-- > 0;) {
        grow(&s, place[o], 0, 200000);
        assert_int_equal(hsd_contest_add(contest, &s.surface, o, NULL), HSD_OK);
    }
    hsd_geometry land[3], overlap[4];
    for (uint32_t o = 0; o < 3; o++)
        assert_int_equal(hsd_contest_hinterland(contest, o, 150000, 0, &land[o], NULL), HSD_OK);
    for (int o = 0; o < 3; o++) {
        assert_int_equal(contains(&land[o], 800, 10), o == 0);
        assert_int_equal(contains(&land[o], -800, 10), o == 1);
        assert_int_equal(contains(&land[o], 300, 10), o == 2);
        assert_int_equal(contains(&land[o], 530, 10), o == 0);
        assert_int_equal(contains(&land[o], 470, 10), o == 2);
    }
    for (uint32_t k = 1; k <= 3; k++)
        assert_int_equal(hsd_contest_overlap(contest, k, 150000, 0, &overlap[k], NULL), HSD_OK);
    for (int k = 2; k <= 3; k++) assert_true(hsd_geos_covers(&overlap[k - 1], &overlap[k]));
    /* at x = 0 the times on the street are 100, 100 and 0 s: three within 150 s; at 1800 two */
    assert_true(contains(&overlap[3], 0, 20));
    assert_false(contains(&overlap[3], 700, 0));
    assert_true(contains(&overlap[2], 1000, 20) && !contains(&overlap[2], 1600, 0));
    assert_true(contains(&overlap[1], 1800, 20));
    for (int o = 0; o < 3; o++) {
        hsd_geometry_finish(&land[o]);
        hsd_geometry_finish(&overlap[o + 1]);
    }
    assert_int_equal(hsd_contest_overlap(contest, 4, 150000, 0, &overlap[0], NULL), HSD_E_ARGUMENT);
    hsd_contest_destroy(contest);
    close_scene(&s);
}

/* Two towns 850 km apart, on a lattice of 12.5 m: one canvas over both would have 2.3 thousand
 * million points. Two origins in the first, one in the second. */
static void overlaps_of_far_towns_cost_no_land_between(void **state) {
    (void)state;
    scene s;
    hand_network *h = hand_create();
    const double far = 600000;
    uint32_t a = vertex(h, -2000, 0), b = vertex(h, 2000, 0);
    uint32_t c = vertex(h, far - 2000, far), d = vertex(h, far + 2000, far);
    hand_edge(h, a, b, 36000, 36000);
    hand_edge(h, c, d, 36000, 36000);
    open_scene(&s, h, 12.5);
    hsd_contest *contest;
    assert_int_equal(hsd_contest_create(4, &contest, NULL), HSD_OK);
    const double place[3][2] = {{-500, 0}, {far, far}, {500, 0}};
    for (uint32_t o = 0; o < 3; o++) {
        grow(&s, place[o][0], place[o][1], 100000);
        assert_int_equal(hsd_contest_add(contest, &s.surface, o, NULL), HSD_OK);
    }
    hsd_geometry overlap[5];
    const uint32_t limit = 60;
    for (uint32_t k = 4; k >= 1; k--)
        assert_int_equal(hsd_contest_overlap(contest, k, 100000, limit, &overlap[k], NULL), HSD_OK);
    /* at 10 m/s 100 s reach 1000 m, legs at 1 m/s: the first two from -500 to 500 */
    assert_int_equal(overlap[4].point_count, 0);
    assert_int_equal(overlap[3].point_count, 0);
    assert_int_equal(overlap[2].polygon_count, 1);
    assert_true(contains(&overlap[2], 0, 30) && !contains(&overlap[2], 700, 0));
    assert_int_equal(overlap[1].polygon_count, 2);
    assert_true(contains(&overlap[1], 1300, 0) && contains(&overlap[1], far, far + 30));
    assert_true(contains(&overlap[1], far - 700, far) && !contains(&overlap[1], far / 2, far / 2));
    assert_true(hsd_geos_valid(&overlap[1], NULL, 0));
    assert_true(hsd_geos_covers(&overlap[1], &overlap[2]));
    assert_true(overlap[1].point_count <= limit);
    for (int k = 1; k <= 4; k++) hsd_geometry_finish(&overlap[k]);
    bool finished = false;
    for (uint64_t n = 1; !finished && n < 5000; n++) { /* another cut-off: made anew */
        hsd_memory_fail_at(n);
        hsd_status status = hsd_contest_overlap(contest, 1, 90000, limit, &overlap[1], NULL);
        hsd_memory_fail_at(0);
        finished = status == HSD_OK;
        assert_true(finished || status == HSD_E_MEMORY);
        hsd_geometry_finish(&overlap[1]);
    }
    assert_true(finished);
    hsd_contest_destroy(contest);
    close_scene(&s);
}

static void cut_offs_must_ascend_and_lie_within_the_tree(void **state) {
    (void)state;
    scene s;
    open_scene(&s, one_street(2000), 25.0);
    grow(&s, 0, 0, 60000);
    hsd_circle c[2];
    const uint32_t falling[2] = {60000, 30000}, beyond[1] = {60001};
    assert_int_equal(hsd_circles_make(&s.hand->network, s.locator, s.tree, &s.surface, falling, 2,
                                      NULL, c, NULL),
                     HSD_E_ARGUMENT);
    assert_int_equal(
        hsd_circles_make(&s.hand->network, s.locator, s.tree, &s.surface, beyond, 1, NULL, c, NULL),
        HSD_E_ARGUMENT);
    close_scene(&s);
}

static void no_allocation_that_fails_goes_unsaid(void **state) {
    (void)state;
    scene s;
    open_scene(&s, one_street(1200), 25.0);
    grow(&s, 0, 0, 90000);
    const uint32_t cutoffs[2] = {40000, 90000};
    const hsd_circle_options options = {100, 50};
    bool finished = false;
    for (uint64_t n = 1; !finished && n < 5000; n++) {
        hsd_circle c[2];
        hsd_memory_fail_at(n);
        hsd_status status = hsd_circles_make(&s.hand->network, s.locator, s.tree, &s.surface,
                                             cutoffs, 2, &options, c, NULL);
        finished = hsd_memory_fail_at(0) < n;
        assert_true(status == HSD_OK || (!finished && status == HSD_E_MEMORY));
        for (int k = 0; status == HSD_OK && k < 2; k++) {
            assert_true(hsd_geos_valid(&c[k].polygon, NULL, 0));
            hsd_circle_finish(&c[k]);
        }
    }
    assert_true(finished);
    close_scene(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_river_without_a_bridge_is_never_crossed),
        cmocka_unit_test(the_area_is_that_of_the_leg_round_the_street),
        cmocka_unit_test(circles_are_valid_nested_and_within_their_vertices),
        cmocka_unit_test(a_block_out_of_reach_is_a_hole),
        cmocka_unit_test(the_smallest_circle_is_small_not_empty),
        cmocka_unit_test(data_end_where_a_reached_street_is_cut_not_at_the_sea),
        cmocka_unit_test(hinterlands_meet_half_way_and_overlaps_are_nested),
        cmocka_unit_test(overlaps_of_far_towns_cost_no_land_between),
        cmocka_unit_test(cut_offs_must_ascend_and_lie_within_the_tree),
        cmocka_unit_test(no_allocation_that_fails_goes_unsaid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
