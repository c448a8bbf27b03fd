/* Where points meet the network: hand-made streets at the equator, where a degree of longitude is
 * 111,319.49 m and of latitude 110,574.28 m (WGS84). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "hand_network.h"
#include "times/locator.h"

#define SPEED 36000 /* 10 m/s */

/* A main street 0-1-2 along the equator, two ways, and a lone street 3-4, 0.001 degrees to the
 * north; leg 1 m/s, cap 1000 m. */
static hand_network *streets(void) {
    hand_network *h = hand_create();
    hand_vertex(h, 0, 0);
    hand_vertex(h, 100000, 0);
    hand_vertex(h, 200000, 0);
    hand_vertex(h, 0, 10000);
    hand_vertex(h, 200000, 10000);
    hand_edge(h, 0, 1, SPEED, SPEED);
    hand_edge(h, 1, 2, SPEED, SPEED);
    hand_edge(h, 3, 4, SPEED, 0); /* one way: no way back, two components without an arc inside */
    return h;
}

static const hsd_network *finish_plain(hand_network *h) {
    hand_plain_graph(h);
    return hand_finish(h);
}

static hsd_locator *locator_with(const hsd_network *network, uint32_t ppm,
                                 const hsd_geometry *barriers) {
    hsd_locator *locator;
    const hsd_locator_options options = {ppm, barriers};
    assert_int_equal(hsd_locator_create(network, 0, &options, &locator, NULL), HSD_OK);
    return locator;
}

static hsd_snap_reason reason_at(const hsd_locator *locator, double lon, double lat,
                                 hsd_feet *feet) {
    assert_int_equal(hsd_locate(locator, lon, lat, feet, NULL), HSD_OK);
    if (feet->reason != HSD_SNAP_OK) assert_int_equal(feet->count, 0);
    return feet->reason;
}

static void a_foot_is_the_nearest_position_with_its_leg(void **state) {
    (void)state;
    hand_network *h = streets();
    hsd_locator *locator = locator_with(finish_plain(h), 0, NULL);
    hsd_feet feet = {0};
    /* 55.287 m north of a quarter of the first street (1113.195 m, 111,319 ms at 10 m/s) */
    assert_int_equal(reason_at(locator, 0.0025, 0.0005, &feet), HSD_SNAP_OK);
    assert_int_equal(feet.count, 1);
    const hsd_foot *foot = &feet.feet[0];
    assert_int_equal(foot->edge, 0);
    assert_int_equal(foot->vertex, HSD_NO_EDGE);
    assert_int_equal(foot->segment, 0);
    assert_true(fabs(foot->fraction - 0.25) < 1e-9);
    assert_true(fabs(foot->leg_m - 55.28714) < 1e-3);
    assert_int_equal(foot->leg_ms, 55287);
    assert_int_equal(foot->ms[0], 27830); /* round(111319 / 4) */
    assert_int_equal(foot->ms[1], 27830);
    const hsd_lonlat p = hsd_locator_foot_point(locator, foot);
    assert_true(fabs(p.lon - 0.0025) < 1e-9 && p.lat == 0);
    hsd_feet_finish(&feet);
    hsd_locator_destroy(locator);
    hand_destroy(h);
}

static void the_lowest_edge_wins_where_two_are_equally_near(void **state) {
    (void)state;
    hand_network *h = streets();
    hsd_locator *locator = locator_with(finish_plain(h), 0, NULL);
    hsd_feet feet = {0};
    assert_int_equal(reason_at(locator, 0.01, 0.0002, &feet), HSD_SNAP_OK); /* above vertex 1 */
    assert_int_equal(feet.feet[0].edge, 0);
    assert_true(feet.feet[0].fraction == 1);
    hsd_feet_finish(&feet);
    hsd_locator_destroy(locator);
    hand_destroy(h);
}

static void edges_off_the_main_component_are_no_place_to_stop(void **state) {
    (void)state;
    hand_network *h = streets();
    const hsd_network *network = finish_plain(h);
    hsd_feet feet = {0};
    hsd_locator *locator = locator_with(network, 0, NULL);
    assert_int_equal(reason_at(locator, 0.005, 0.00099, &feet), HSD_SNAP_OK);
    assert_int_equal(feet.feet[0].edge, 0); /* though the lone street is a metre away */
    hsd_locator_destroy(locator);
    locator = locator_with(network, UINT32_MAX, NULL);
    assert_int_equal(reason_at(locator, 0.005, 0.00099, &feet), HSD_SNAP_OK);
    assert_int_equal(feet.feet[0].edge, 2);
    assert_int_equal(feet.feet[0].ms[1], 0); /* closed in that direction */
    hsd_locator_destroy(locator);
    locator = locator_with(network, 900000, NULL); /* 4 of 5 arcs are fewer than 90 % */
    assert_int_equal(reason_at(locator, 0.005, 0.00099, &feet), HSD_SNAP_TOO_FAR);
    hsd_locator_destroy(locator);
    hsd_feet_finish(&feet);
    hand_destroy(h);
}

static void an_edge_where_the_mode_may_not_stop_is_passed_over(void **state) {
    (void)state;
    hand_network *h = streets();
    h->edges[0].stop = 0;
    hsd_locator *locator = locator_with(finish_plain(h), 0, NULL);
    hsd_feet feet = {0};
    assert_int_equal(reason_at(locator, 0.005, 0.0001, &feet), HSD_SNAP_OK);
    assert_int_equal(feet.feet[0].edge, 1);
    assert_false(hsd_locator_edge_stops(locator, 0));
    assert_true(hsd_locator_edge_stops(locator, 1));
    hsd_feet_finish(&feet);
    hsd_locator_destroy(locator);
    hand_destroy(h);
}

/* A lake of 0.0012 x 0.0002 degrees whose southern shore is 0.0001 degrees north of the street. */
static hsd_lonlat lake_points[] = {
    {0.0044, 0.0001}, {0.0056, 0.0001}, {0.0056, 0.0003}, {0.0044, 0.0003}, {0.0044, 0.0001}};
static size_t lake_end[] = {5}, lake_rings[] = {1};
static const hsd_geometry lake = {HSD_GEOMETRY_POLYGON, 5, 1, 1, lake_points, lake_end, lake_rings};

static void a_leg_does_not_cross_water(void **state) {
    (void)state;
    hand_network *h = streets();
    h->leg_cap_m = 60;
    h->barriers = &lake;
    const hsd_network *network = finish_plain(h);
    hsd_locator *locator = locator_with(network, 0, NULL);
    hsd_feet feet = {0};
    assert_int_equal(reason_at(locator, 0.005, 0.0004, &feet), HSD_SNAP_BEHIND_BARRIER);
    assert_int_equal(reason_at(locator, 0.005, 0.0002, &feet), HSD_SNAP_IN_WATER);
    assert_int_equal(reason_at(locator, 0.005, 0.00009, &feet), HSD_SNAP_OK);
    assert_int_equal(reason_at(locator, 0.0042, 0.0004, &feet), HSD_SNAP_OK);
    hsd_locator_destroy(locator);
    static const hsd_geometry none = {0};
    locator = locator_with(network, 0, &none); /* the caller's barriers replace the network's */
    assert_int_equal(reason_at(locator, 0.005, 0.0004, &feet), HSD_SNAP_OK);
    hsd_locator_destroy(locator);
    hsd_feet_finish(&feet);
    hand_destroy(h);
}

static void a_longer_dry_leg_is_taken_round_the_water(void **state) {
    (void)state;
    hand_network *h = streets();
    h->barriers = &lake;
    hand_vertex(h, 50000, 14000); /* a side street from 1, 0.001 degrees north of the lake */
    hand_edge(h, 1, 5, SPEED, SPEED);
    hsd_locator *locator = locator_with(finish_plain(h), 0, NULL);
    hsd_feet feet = {0};
    assert_int_equal(reason_at(locator, 0.005, 0.0004, &feet), HSD_SNAP_OK);
    assert_int_equal(feet.feet[0].edge, 3); /* not edge 0 at 44 m, across the lake */
    hsd_feet_finish(&feet);
    hsd_locator_destroy(locator);
    hand_destroy(h);
}

static void every_reason_has_its_case(void **state) {
    (void)state;
    hand_network *h = streets();
    h->leg_cap_m = 100;
    hsd_locator *locator = locator_with(finish_plain(h), 0, NULL);
    hsd_feet feet = {0};
    assert_int_equal(reason_at(locator, NAN, 0, &feet), HSD_SNAP_BAD_COORDINATE);
    assert_int_equal(reason_at(locator, 0, INFINITY, &feet), HSD_SNAP_BAD_COORDINATE);
    assert_int_equal(reason_at(locator, 22.5, 114.1, &feet), HSD_SNAP_BAD_COORDINATE);
    assert_int_equal(reason_at(locator, 0.005, -0.001, &feet), HSD_SNAP_OUTSIDE);
    assert_int_equal(reason_at(locator, 0.005, 0.00095, &feet), HSD_SNAP_TOO_FAR);
    assert_int_equal(reason_at(locator, 0.005, -0.0009, &feet), HSD_SNAP_OK); /* 99.5 m */
    for (int i = HSD_SNAP_OK; i <= HSD_SNAP_BAD_GEOMETRY; i++)
        assert_true(strlen(hsd_snap_reason_text((hsd_snap_reason)i)) > 1);
    hsd_feet_finish(&feet);
    hsd_locator_destroy(locator);
    hand_destroy(h);
}

static void corridor_legs_join_every_vertex_within_the_cap(void **state) {
    (void)state;
    hand_network *h = streets();
    h->leg_rule = HSD_LEG_NODES;
    h->leg_cap_m = 1500;
    h->leg_speed_mh = 30000;
    h->leg_detour_ppm = 1300000;
    h->vertex_flags[2] = HSD_NODE_NO_STOP;
    const hsd_network *network = finish_plain(h);
    hsd_locator *locator = locator_with(network, 0, NULL);
    hsd_feet feet = {0};
    assert_int_equal(reason_at(locator, 0.008, 0, &feet), HSD_SNAP_OK);
    assert_int_equal(feet.count, 4); /* all but 2: small parts of a corridor are drawn on purpose */
    hsd_locator_destroy(locator);
    locator = locator_with(network, 10000, NULL);
    assert_int_equal(reason_at(locator, 0.008, 0, &feet), HSD_SNAP_OK);
    assert_int_equal(feet.count, 2); /* 0 at 890.556 m, 1 at 222.639 m; 2 no stop, 3 off the main */
    assert_int_equal(feet.feet[0].vertex, 0);
    assert_int_equal(feet.feet[0].edge, HSD_NO_EDGE);
    assert_int_equal(feet.feet[1].vertex, 1);
    assert_int_equal(feet.feet[0].leg_ms, 138927); /* 890.5559 x 1.3 x 3,600,000 / 30,000 */
    assert_int_equal(feet.feet[1].leg_ms, 34732);
    assert_int_equal(reason_at(locator, 0.024, 0, &feet), HSD_SNAP_TOO_FAR); /* 1: 1558.47 m */
    hsd_feet_finish(&feet);
    hsd_locator_destroy(locator);
    hand_destroy(h);
}

/* The least distance over all segments, one by one. */
static double brute_force_m(const hsd_network *n, double lon, double lat, uint32_t *edge) {
    const hsd_tangent tangent = hsd_tangent_at(lon, lat);
    double best = INFINITY, fraction;
    for (uint32_t e = 0; e < n->edge_count; e++)
        for (uint32_t i = 0; i + 1 < n->edges[e].point_count; i++) {
            const hsd_point_e7 *p = n->points + n->edges[e].first_point + i;
            const double m = hsd_tangent_segment_m(&tangent, p[0], p[1], &fraction);
            if (m < best) best = m, *edge = e;
        }
    return best;
}

static void the_nearest_edge_is_found_among_many_whatever_the_hint(void **state) {
    (void)state;
    hsd_random random = {7};
    hand_network *h = hand_create();
    for (int i = 0; i < 400; i++)
        hand_vertex(h, (int32_t)(hsd_random_next(&random) % 200000),
                    500000000 + (int32_t)(hsd_random_next(&random) % 200000));
    for (uint32_t i = 0; i + 1 < 400; i++) hand_edge(h, i, i + 1, SPEED, SPEED);
    const hsd_network *network = finish_plain(h);
    hsd_locator *locator = locator_with(network, 0, NULL);
    for (int i = 0; i < 2000; i++) {
        const double lon = 0.02 * hsd_random_unit(&random);
        const double lat = 50 + 0.02 * hsd_random_unit(&random);
        uint32_t edge = 0;
        const double m = brute_force_m(network, lon, lat, &edge);
        const hsd_locate_hint hints[] = {{0, false}, {m * 0.5, true}, {m, false}, {m * 3, true}};
        for (int k = 0; k < 4; k++) {
            hsd_foot foot;
            assert_int_equal(hsd_locate_edge(locator, lon, lat, &hints[k], &foot), HSD_SNAP_OK);
            assert_true(foot.leg_m == m);
            assert_int_equal(foot.edge, edge);
        }
    }
    hsd_locator_destroy(locator);
    hand_destroy(h);
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    for (int nodes = 0; nodes < 2; nodes++) {
        hand_network *h = streets();
        if (nodes) h->leg_rule = HSD_LEG_NODES;
        const hsd_network *network = finish_plain(h);
        const hsd_locator_options options = {0, &lake};
        int failures = 0;
        for (uint64_t n = 1; n < 100; n++) {
            hsd_locator *locator = NULL;
            hsd_feet feet = {0};
            hsd_memory_fail_at(n);
            hsd_status status = hsd_locator_create(network, 0, &options, &locator, NULL);
            if (status == HSD_OK) status = hsd_locate(locator, 0.005, 0, &feet, NULL);
            hsd_memory_fail_at(0);
            hsd_feet_finish(&feet);
            hsd_locator_destroy(locator);
            if (status == HSD_OK) break;
            assert_int_equal(status, HSD_E_MEMORY);
            failures++;
        }
        assert_in_range(failures, 5, 30);
        hand_destroy(h);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_foot_is_the_nearest_position_with_its_leg),
        cmocka_unit_test(the_lowest_edge_wins_where_two_are_equally_near),
        cmocka_unit_test(edges_off_the_main_component_are_no_place_to_stop),
        cmocka_unit_test(an_edge_where_the_mode_may_not_stop_is_passed_over),
        cmocka_unit_test(a_leg_does_not_cross_water),
        cmocka_unit_test(a_longer_dry_leg_is_taken_round_the_water),
        cmocka_unit_test(every_reason_has_its_case),
        cmocka_unit_test(corridor_legs_join_every_vertex_within_the_cap),
        cmocka_unit_test(the_nearest_edge_is_found_among_many_whatever_the_hint),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
