/* Zones: sub-points of polygons, shares by hand, reasons. Streets at the equator, walking 1 m/s. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "geo/geometry.h"
#include "hand_network.h"
#include "hourshed/times.h"
#include "times/subpoints.h"

/* A closed ring of count points around lon, lat, given as offsets in degrees. */
static hsd_geometry polygon(const hsd_lonlat *points, size_t count) {
    hsd_geometry g = {HSD_GEOMETRY_POLYGON, count, 1, 1, NULL, NULL, NULL};
    g.points = hsd_alloc(count, sizeof *g.points, NULL);
    g.ring_end = hsd_alloc(1, sizeof *g.ring_end, NULL);
    g.polygon_end = hsd_alloc(1, sizeof *g.polygon_end, NULL);
    memcpy(g.points, points, count * sizeof *points);
    g.ring_end[0] = count;
    g.polygon_end[0] = 1;
    return g;
}

static hsd_geometry box(double west, double south, double east, double north) {
    const hsd_lonlat corners[] = {
        {west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
    return polygon(corners, 5);
}

static hsd_geometry point(double lon, double lat) {
    hsd_geometry g = {HSD_GEOMETRY_POINT, 1, 0, 0, NULL, NULL, NULL};
    g.points = hsd_alloc(1, sizeof *g.points, NULL);
    g.points[0] = (hsd_lonlat){lon, lat};
    return g;
}

static void a_large_polygon_gets_about_a_hundred_points(void **state) {
    (void)state;
    const double lats[] = {0, 22, 60, 80};
    for (int i = 0; i < 4; i++) {
        hsd_geometry g = box(114, lats[i], 114.8, lats[i] + 0.5);
        hsd_subpoints points = {0};
        assert_int_equal(hsd_subpoints_make(&g, &points, NULL), HSD_OK);
        assert_in_range(points.count, 85, 115);
        for (size_t k = 0; k < points.count; k++)
            assert_true(points.data[k].lon > 114 && points.data[k].lon < 114.8 &&
                        points.data[k].lat > lats[i] && points.data[k].lat < lats[i] + 0.5);
        hsd_array_finish(&points);
        hsd_geometry_finish(&g);
    }
}

/* Equal shares of area: south of the parallel that halves a tall polygon's area lie half the
 * points. On the sphere the halving parallel of 0..60 degrees has sine = sin 60 / 2: 25.66 degrees;
 * on the ellipsoid 25.73 (authalic latitude, Snyder 3-18). */
static void points_of_a_tall_polygon_stand_for_equal_areas(void **state) {
    (void)state;
    hsd_geometry g = box(10, 0, 70, 60);
    hsd_subpoints points = {0};
    assert_int_equal(hsd_subpoints_make(&g, &points, NULL), HSD_OK);
    size_t south = 0;
    for (size_t k = 0; k < points.count; k++) south += points.data[k].lat < 25.73;
    assert_in_range(points.count, 80, 120);
    assert_true(fabs((double)south / (double)points.count - 0.5) < 0.06);
    hsd_array_finish(&points);
    hsd_geometry_finish(&g);
}

static void a_raster_cell_gets_four_points(void **state) {
    (void)state;
    const double side = 1.0 / 1200; /* 3 seconds: 92.8 x 92.1 m */
    hsd_geometry g = box(0, 0, side * 1.2, side * 1.2);
    hsd_subpoints points = {0};
    assert_int_equal(hsd_subpoints_make(&g, &points, NULL), HSD_OK);
    assert_int_equal(points.count, 4);
    hsd_array_finish(&points);
    hsd_geometry_finish(&g);
}

static void points_stay_out_of_holes(void **state) {
    (void)state;
    hsd_geometry g = {HSD_GEOMETRY_POLYGON, 10, 2, 1, NULL, NULL, NULL};
    hsd_lonlat ring[] = {{0, 0},       {1, 0},       {1, 1},       {0, 1},       {0, 0},
                         {0.25, 0.25}, {0.25, 0.75}, {0.75, 0.75}, {0.75, 0.25}, {0.25, 0.25}};
    size_t ends[] = {5, 10}, rings[] = {2};
    g.points = ring;
    g.ring_end = ends;
    g.polygon_end = rings;
    hsd_subpoints points = {0};
    assert_int_equal(hsd_subpoints_make(&g, &points, NULL), HSD_OK);
    assert_in_range(points.count, 80, 120);
    for (size_t k = 0; k < points.count; k++)
        assert_true(fabs(points.data[k].lon - 0.5) > 0.25 || fabs(points.data[k].lat - 0.5) > 0.25);
    hsd_array_finish(&points);
}

/* A street along the equator from 0 to 0.02 degrees (2226.39 m) at 10 m/s. */
typedef struct scene {
    hand_network *hand;
    hsd_locator *locator;
    hsd_tree *tree;
} scene;

static scene street(const hsd_geometry *barriers) {
    scene s = {.hand = hand_create()};
    hand_vertex(s.hand, 0, 0);
    hand_vertex(s.hand, 200000, 0);
    hand_edge(s.hand, 0, 1, 36000, 36000);
    hand_plain_graph(s.hand);
    s.hand->barriers = barriers;
    hand_finish(s.hand);
    assert_int_equal(hsd_locator_create(&s.hand->network, 0, NULL, &s.locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(s.locator, &s.tree, NULL), HSD_OK);
    hsd_feet feet = {0};
    assert_int_equal(hsd_locate(s.locator, 0, 0, &feet, NULL), HSD_OK);
    const hsd_seed seed = {feet.feet[0], 0, 0};
    assert_int_equal(hsd_tree_grow(s.tree, HSD_FROM, &seed, 1, 10000000, NULL), HSD_OK);
    hsd_feet_finish(&feet);
    return s;
}

static void scene_end(scene *s) {
    hsd_tree_destroy(s->tree);
    hsd_locator_destroy(s->locator);
    hand_destroy(s->hand);
}

static void shares_count_the_points_within_each_cut_off(void **state) {
    (void)state;
    scene s = street(NULL);
    hsd_place places[] = {
        {.id = (char[]){"point"}, .geometry = point(0.01, 0.001)},
        {.id = (char[]){"box"}, .geometry = box(0.004, -0.002, 0.016, 0.002)},
        {.id = (char[]){"sea"}, .geometry = point(3, 3)},
        {.id = (char[]){"bad"},
         .fault = (char[]){"self-crossing"},
         .geometry = box(0, 0, 0.01, 0.01)},
        {.id = (char[]){"none"}},
    };
    const hsd_place_table table = {.places = places, .place_count = 5};
    hsd_zone_set *zones;
    assert_int_equal(hsd_zone_set_create(s.locator, &table, NULL, &zones, NULL), HSD_OK);
    /* the point: 1113.195 m at 10 m/s, 110.574 m at 1 m/s: 111,320 + 110,574 ms */
    const uint32_t cutoffs[] = {111319 + 110573, 111320 + 110574, 9000000};
    hsd_zone_time times[5];
    double shares[15];
    assert_int_equal(hsd_zone_set_times(zones, s.tree, cutoffs, 3, times, shares, NULL), HSD_OK);
    assert_in_range(times[0].point_ms, 111319 + 110574, 111320 + 110575);
    assert_int_equal(times[0].mean_ms, times[0].point_ms);
    assert_int_equal(times[0].subpoints, 1);
    assert_true(shares[0] == 0 && shares[2] == 1);
    /* the box: its centroid lies on the street at 0.01; by symmetry its points' mean way is 0.01
     * too (111,320 ms), and their mean leg a quarter of 442.297 m (110,574 ms) */
    assert_in_range(times[1].point_ms, 111319, 111321);
    assert_in_range(times[1].mean_ms, 215000, 229000);
    assert_int_equal(times[1].first_share, 3);
    assert_true(shares[4] > 0.4 && shares[4] < 0.6 && shares[5] == 1);
    for (int i = 2; i < 5; i++) {
        assert_int_equal(times[i].point_ms, HSD_UNREACHABLE);
        assert_int_equal(times[i].mean_ms, HSD_UNREACHABLE);
        assert_true(shares[3 * i + 2] == 0);
    }
    assert_int_equal(hsd_zone_set_reason(zones, 0), HSD_SNAP_OK);
    assert_int_equal(hsd_zone_set_reason(zones, 1), HSD_SNAP_OK);
    assert_int_equal(hsd_zone_set_reason(zones, 2), HSD_SNAP_OUTSIDE);
    assert_int_equal(hsd_zone_set_reason(zones, 3), HSD_SNAP_BAD_GEOMETRY);
    assert_int_equal(hsd_zone_set_reason(zones, 4), HSD_SNAP_BAD_GEOMETRY);
    assert_int_equal(hsd_zone_set_feet(zones, 0)->count, 1);
    assert_int_equal(hsd_zone_set_feet(zones, 3)->count, 0);
    hsd_zone_set_destroy(zones);
    for (int i = 0; i < 5; i++) hsd_geometry_finish(&places[i].geometry);
    scene_end(&s);
}

static void a_cut_off_is_inclusive(void **state) {
    (void)state;
    scene s = street(NULL);
    hsd_place place = {.id = (char[]){"point"}, .geometry = point(0.01, 0.001)};
    const hsd_place_table table = {.places = &place, .place_count = 1};
    hsd_zone_set *zones;
    hsd_zone_time time;
    double shares[2];
    assert_int_equal(hsd_zone_set_create(s.locator, &table, NULL, &zones, NULL), HSD_OK);
    assert_int_equal(hsd_zone_set_times(zones, s.tree, NULL, 0, &time, shares, NULL), HSD_OK);
    const uint32_t cutoffs[] = {time.point_ms - 1, time.point_ms};
    assert_int_equal(hsd_zone_set_times(zones, s.tree, cutoffs, 2, &time, shares, NULL), HSD_OK);
    assert_true(shares[0] == 0 && shares[1] == 1);
    hsd_zone_set_destroy(zones);
    hsd_geometry_finish(&place.geometry);
    scene_end(&s);
}

static void points_in_water_do_not_count(void **state) {
    (void)state;
    hsd_geometry sea = box(0.01, -0.01, 0.03, 0.01);
    scene s = street(&sea);
    hsd_place places[] = {{.id = (char[]){"coast"}, .geometry = box(0.004, -0.002, 0.016, 0.002)},
                          {.id = (char[]){"reef"}, .geometry = box(0.012, -0.002, 0.016, 0.002)}};
    const hsd_place_table table = {.places = places, .place_count = 2};
    hsd_zone_set *zones;
    hsd_zone_time times[2];
    double shares[2];
    const uint32_t cutoff = 9000000;
    assert_int_equal(hsd_zone_set_create(s.locator, &table, NULL, &zones, NULL), HSD_OK);
    assert_int_equal(hsd_zone_set_times(zones, s.tree, &cutoff, 1, times, shares, NULL), HSD_OK);
    assert_in_range(times[0].subpoints, 40, 60); /* half of about a hundred are land */
    assert_true(shares[0] == 1);
    assert_int_equal(times[1].subpoints, 1); /* nothing is land: one point that says why */
    assert_true(shares[1] == 0);
    assert_int_equal(hsd_zone_set_reason(zones, 1), HSD_SNAP_IN_WATER);
    hsd_zone_set_destroy(zones);
    for (int i = 0; i < 2; i++) hsd_geometry_finish(&places[i].geometry);
    scene_end(&s);
    hsd_geometry_finish(&sea);
}

/* Two towers either side of a channel, joined by a bridge of land in the south: the centroid lies
 * in the channel outside the polygon, so the zone's point is one inside it, as an origin's is. */
static void the_point_of_a_bent_zone_lies_in_it(void **state) {
    (void)state;
    scene s = street(NULL);
    const hsd_lonlat u[] = {{0.002, -0.001}, {0.018, -0.001},  {0.018, 0.006},
                            {0.017, 0.006},  {0.017, -0.0009}, {0.003, -0.0009},
                            {0.003, 0.006},  {0.002, 0.006},   {0.002, -0.001}};
    hsd_place place = {.id = (char[]){"u"}, .geometry = polygon(u, 9)};
    const hsd_place_table table = {.places = &place, .place_count = 1};
    hsd_zone_set *zones;
    assert_int_equal(hsd_zone_set_create(s.locator, &table, NULL, &zones, NULL), HSD_OK);
    hsd_lonlat at;
    hsd_feet feet = {0};
    assert_int_equal(hsd_geometry_point(&place.geometry, &at, NULL), HSD_OK);
    assert_true(hsd_geometry_holds(&place.geometry, at));
    assert_int_equal(hsd_locate(s.locator, at.lon, at.lat, &feet, NULL), HSD_OK);
    const hsd_feet *point = hsd_zone_set_feet(zones, 0);
    assert_int_equal(point->count, 1);
    assert_true(point->feet[0].leg_m == feet.feet[0].leg_m &&
                point->feet[0].fraction == feet.feet[0].fraction);
    /* the centroid, at 0.010 by symmetry, would stand in the middle of the street */
    assert_true(fabs(point->feet[0].fraction - 0.5) > 0.3);
    hsd_feet_finish(&feet);
    hsd_zone_set_destroy(zones);
    hsd_geometry_finish(&place.geometry);
    scene_end(&s);
}

/* The middle of the zone is a pond: its point joins nothing and says so, while the people round the
 * pond are counted. */
static void a_zone_whose_point_is_in_water_still_counts_its_land(void **state) {
    (void)state;
    hsd_geometry lake = box(0.0098, -0.00005, 0.0102, 0.00005);
    scene s = street(&lake);
    hsd_place place = {.id = (char[]){"shore"}, .geometry = box(0.004, -0.002, 0.016, 0.002)};
    const hsd_place_table table = {.places = &place, .place_count = 1};
    hsd_zone_set *zones;
    hsd_zone_time time;
    double share;
    const uint32_t cutoff = 9000000;
    assert_int_equal(hsd_zone_set_create(s.locator, &table, NULL, &zones, NULL), HSD_OK);
    assert_int_equal(hsd_zone_set_times(zones, s.tree, &cutoff, 1, &time, &share, NULL), HSD_OK);
    assert_int_equal(hsd_zone_set_reason(zones, 0), HSD_SNAP_IN_WATER);
    assert_int_equal(hsd_zone_set_feet(zones, 0)->count, 0);
    assert_int_equal(time.point_ms, HSD_UNREACHABLE);
    assert_true(share > 0.9 && time.subpoints > 50); /* all but a column across the pond */
    hsd_zone_set_destroy(zones);
    hsd_geometry_finish(&place.geometry);
    scene_end(&s);
    hsd_geometry_finish(&lake);
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    scene s = street(NULL);
    hsd_place places[] = {{.id = (char[]){"a"}, .geometry = point(0.01, 0.001)},
                          {.id = (char[]){"b"}, .geometry = box(0.004, -0.002, 0.016, 0.002)}};
    const hsd_place_table table = {.places = places, .place_count = 2};
    const hsd_run run = {.threads = 1};
    int failures = 0;
    for (uint64_t n = 1; n < 200; n++) {
        hsd_zone_set *zones = NULL;
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_zone_set_create(s.locator, &table, &run, &zones, NULL);
        hsd_memory_fail_at(0);
        hsd_zone_set_destroy(zones);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        failures++;
    }
    assert_in_range(failures, 8, 100);
    for (int i = 0; i < 2; i++) hsd_geometry_finish(&places[i].geometry);
    scene_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_polygon_gets_about_a_hundred_points),
        cmocka_unit_test(points_of_a_tall_polygon_stand_for_equal_areas),
        cmocka_unit_test(a_raster_cell_gets_four_points),
        cmocka_unit_test(points_stay_out_of_holes),
        cmocka_unit_test(shares_count_the_points_within_each_cut_off),
        cmocka_unit_test(a_cut_off_is_inclusive),
        cmocka_unit_test(points_in_water_do_not_count),
        cmocka_unit_test(the_point_of_a_bent_zone_lies_in_it),
        cmocka_unit_test(a_zone_whose_point_is_in_water_still_counts_its_land),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
