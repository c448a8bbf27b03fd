/* Networks of stops alone: no street anywhere, one comes to a stop and leaves it in a straight line
 * x 1.3 at 20 km/h, 20 km at most. Times and areas are worked out by hand: discs about stops. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../hand_timetable.h"
#include "hourshed/circles.h"
#include "net/network.h"

#define KM_A_MINUTE (20.0 / 1.3 / 60.0)
#define MINUTE 60000u

static hand_timetable rides;
static hsd_network *network;
static hsd_locator *locator;
static hsd_tree *tree;

/* A and B 1.35 degrees of latitude (150 km) apart, C twice as far the other way; a station, which
 * is no place to board at. */
static int open_stops(void **state) {
    (void)state;
    hand_timetable_init(&rides, 17042, 1);
    hand_stop(&rides, "A", 116.0, 40.0);
    hand_stop(&rides, "B", 116.0, 41.35);
    hand_stop(&rides, "C", 116.0, 38.0);
    hand_station(&rides, "S", 116.1, 40.0);
    hsd_profile profile = {.name = "access",
                           .mode = "access",
                           .leg_rule = HSD_LEG_NODES,
                           .leg_speed_mh = 20000,
                           .leg_detour_ppm = 1300000,
                           .leg_cap_m = 20000};
    hsd_build_options options = {.timetable = &rides.table};
    hsd_road_table stops;
    return hsd_stop_table(&rides.table, &stops, NULL) != HSD_OK ||
           hsd_network_build(&stops, &profile, 1, &options, NULL, &network, NULL) != HSD_OK ||
           (hsd_road_table_finish(&stops), false) ||
           hsd_locator_create(network, 0, NULL, &locator, NULL) != HSD_OK ||
           hsd_tree_create(locator, &tree, NULL) != HSD_OK;
}

static int close_stops(void **state) {
    (void)state;
    hsd_tree_destroy(tree);
    hsd_locator_destroy(locator);
    hsd_network_destroy(network);
    return 0;
}

static hsd_seed seed_at(uint32_t vertex, uint32_t minutes) {
    return (hsd_seed){.foot = {.edge = HSD_NO_EDGE, .vertex = vertex},
                      .extra_ms = minutes * MINUTE};
}

static void grow(hsd_direction direction, const hsd_seed *seeds, size_t count, uint32_t minutes) {
    assert_int_equal(hsd_tree_grow(tree, direction, seeds, count, minutes * MINUTE, NULL), HSD_OK);
}

static uint32_t time_at(double lon, double lat) {
    hsd_feet feet = {0};
    assert_int_equal(hsd_locate(locator, lon, lat, &feet, NULL), HSD_OK);
    const uint32_t ms = hsd_tree_feet_ms(tree, &feet);
    hsd_feet_finish(&feet);
    return ms;
}

static void times_are_those_of_straight_legs(void **state) {
    (void)state;
    const hsd_seed seeds[] = {seed_at(0, 0), seed_at(2, 30)};
    for (hsd_direction direction = HSD_FROM; direction <= HSD_TO; direction++) {
        grow(direction, seeds, 2, 60);
        assert_int_equal(time_at(116.0, 40.0), 0);
        assert_int_equal(time_at(116.0, 38.0), 30 * MINUTE);
        /* 0.05 and 0.1 degrees of the meridian from 40 N: 5,551.7557 and 11,103.5594 m */
        assert_in_range(time_at(116.0, 40.05), 1299110, 1299112);
        assert_in_range(time_at(116.0, 40.1), 2598232, 2598234);
        assert_int_equal(time_at(116.0, 40.15), HSD_UNREACHABLE); /* 65 min */
        assert_int_equal(time_at(116.0, 41.35), HSD_UNREACHABLE); /* nothing runs to B */
        assert_int_equal(time_at(116.0, 40.6), HSD_UNREACHABLE);
    }
}

static void points_know_why_they_are_nowhere(void **state) {
    (void)state;
    hsd_feet feet = {0};
    assert_int_equal(hsd_locate(locator, 116.0, 40.6, &feet, NULL), HSD_OK);
    assert_int_equal(feet.reason, HSD_SNAP_TOO_FAR);
    assert_int_equal(hsd_locate(locator, 100.0, 40.6, &feet, NULL), HSD_OK);
    assert_int_equal(feet.reason, HSD_SNAP_OUTSIDE);
    assert_int_equal(hsd_locate(locator, 116.1, 40.0, &feet, NULL), HSD_OK); /* the station */
    assert_int_equal(feet.reason, HSD_SNAP_OK);
    assert_int_equal(feet.count, 1);
    assert_int_equal(feet.feet[0].vertex, 0); /* 8.5 km to A */
    hsd_feet_finish(&feet);
}

static hsd_status count_piece(void *context, const hsd_piece *piece, hsd_error *err) {
    (void)piece, (void)err;
    ++*(size_t *)context;
    return HSD_OK;
}

static void there_is_no_street_to_reach(void **state) {
    (void)state;
    const hsd_seed seed = seed_at(1, 5);
    size_t pieces = 0;
    grow(HSD_FROM, &seed, 1, 60);
    assert_int_equal(hsd_tree_pieces(tree, 60 * MINUTE, count_piece, &pieces, NULL), HSD_OK);
    assert_int_equal(pieces, 0);
    hsd_track track = {0};
    assert_int_equal(hsd_tree_track(tree, &seed.foot, &track, NULL), HSD_OK);
    assert_int_equal(track.step_count, 0);
    assert_int_equal(track.ms, 5 * MINUTE);
    hsd_track_finish(&track);
}

static double disc(double minutes) {
    const double km = fmin(minutes * KM_A_MINUTE, 20.0);
    return M_PI * km * km;
}

static void circles_are_discs_about_stops(void **state) {
    (void)state;
    /* A at once, B after 40 minutes, C after 100 */
    const hsd_seed seeds[] = {seed_at(0, 0), seed_at(1, 40), seed_at(2, 100)};
    const uint32_t cutoffs[] = {30 * MINUTE, 60 * MINUTE, 90 * MINUTE, 120 * MINUTE};
    const double areas[] = {disc(30), disc(60) + disc(20), disc(90) + disc(50),
                            disc(120) + disc(80) + disc(20)};
    hsd_lattice *lattice = NULL;
    hsd_lattice_options where = {116.0, 39.5, 100.0};
    hsd_surface surface = {0};
    hsd_circle circles[4];
    hsd_error err = {0};
    grow(HSD_FROM, seeds, 3, 120);
    assert_int_equal(hsd_lattice_create(locator, &where, &lattice, NULL), HSD_OK);
    if (hsd_surface_make(lattice, tree, 120 * MINUTE, NULL, &surface, &err) != HSD_OK ||
        hsd_circles_make(network, locator, tree, &surface, cutoffs, 4, NULL, circles, &err) !=
            HSD_OK)
        fail_msg("%s", err.message);
    for (int k = 0; k < 4; k++) {
        if (fabs(circles[k].area_km2 / areas[k] - 1) > 0.005)
            fail_msg("circle %d: %g km2, by hand %g", k, circles[k].area_km2, areas[k]);
        assert_int_equal(circles[k].polygon.polygon_count, k == 0 ? 1 : k < 3 ? 2 : 3);
        assert_true(circles[k].reached_km == 0);
        assert_true(isnan(circles[k].missed_km) && isnan(circles[k].excess_km));
        assert_true(circles[k].point_error < 0.005);
        assert_false(circles[k].data_end); /* no road is cut where there is none */
        hsd_circle_finish(&circles[k]);
    }
    hsd_surface_finish(&surface);
    hsd_lattice_destroy(lattice);
}

static void competing_origins_share_no_street(void **state) {
    (void)state;
    hsd_allocation *allocation = NULL;
    assert_int_equal(hsd_allocation_create(locator, &allocation, NULL), HSD_OK);
    for (uint32_t origin = 0; origin < 2; origin++) {
        const hsd_seed seed = seed_at(origin, 0);
        grow(HSD_FROM, &seed, 1, 60);
        assert_int_equal(hsd_allocation_add(allocation, tree, origin, NULL), HSD_OK);
    }
    size_t pieces = 0;
    assert_int_equal(hsd_allocation_pieces(allocation, 60 * MINUTE, count_piece, &pieces, NULL),
                     HSD_OK);
    assert_int_equal(pieces, 0);
    hsd_allocation_destroy(allocation);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_those_of_straight_legs),
        cmocka_unit_test(points_know_why_they_are_nowhere),
        cmocka_unit_test(there_is_no_street_to_reach),
        cmocka_unit_test(circles_are_discs_about_stops),
        cmocka_unit_test(competing_origins_share_no_street),
    };
    return cmocka_run_group_tests(tests, open_stops, close_stops) != 0;
}
