/* Walks and changes between stops, worked out by hand on the street of hand_doors.h: five minutes
 * between two junctions 0.01 degrees apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hand_doors.h"

static const uint32_t NONE = HSD_UNREACHABLE;

static uint32_t way_ms(const hsd_stop_ways *ways, uint32_t from, uint32_t to) {
    uint32_t ms = NONE;
    for (uint32_t i = ways->first[from]; i < ways->first[from + 1]; i++) {
        if (i > ways->first[from]) assert_true(ways->ways[i - 1].stop < ways->ways[i].stop);
        if (ways->ways[i].stop == to) ms = ways->ways[i].ms;
    }
    return ms;
}

/* The same from both of its ends. */
static void assert_walk(const hand_doors *w, uint32_t from, uint32_t to, uint32_t ms) {
    assert_int_equal(way_ms(&w->stops->walks[HSD_FROM], from, to), ms);
    assert_int_equal(way_ms(&w->stops->walks[HSD_TO], to, from), ms);
}

static void assert_inside(const hand_doors *w, uint32_t from, uint32_t to, uint32_t ms) {
    assert_int_equal(way_ms(&w->stops->insides[HSD_FROM], from, to), ms);
    assert_int_equal(way_ms(&w->stops->insides[HSD_TO], to, from), ms);
}

static void defaults_are_those_that_are_stated(void **state) {
    (void)state;
    const hsd_transit_rules rules = hsd_transit_defaults();
    static const uint32_t board[HSD_RIDE_KINDS] = {
        [HSD_RIDE_RAIL] = 5, [HSD_RIDE_HIGH_SPEED] = 30, [HSD_RIDE_FERRY] = 10};
    for (size_t k = 0; k < HSD_RIDE_KINDS; k++)
        assert_int_equal(rules.board_ms[k], MINUTES(board[k]));
    assert_int_equal(rules.change_ms, MINUTES(2));
    assert_int_equal(rules.park_ms, MINUTES(5));
    assert_int_equal(rules.walk_cap_ms, MINUTES(10));
    assert_int_equal(rules.max_rides, 5);
    assert_int_equal(rules.penalty_ms, 0);
    hand_doors w;
    hand_doors_init(&w);
    w.rules = rules;
    hand_stop(&w.table, "a", 0, 0);
    hand_doors_open(&w, DOORS_DAY, HSD_FROM); /* the hand network's mode is car */
    assert_int_equal(w.stops->rules.access_cap_ms, MINUTES(30));
    w.hand->graph.mode = "foot";
    hand_doors_open(&w, DOORS_DAY, HSD_FROM);
    assert_int_equal(w.stops->rules.access_cap_ms, MINUTES(20));
    assert_int_equal(w.stops->rules.egress_cap_ms, MINUTES(20));
    hand_doors_finish(&w);
}

/* a at 0.21, b a street and a half further, c one more street: 7.5, 5 and 12.5 minutes; d stands
 * 0.0001 degrees (11.13 m) beside b's place, at 1 m/s. */
static void stops_within_ten_minutes_are_joined_by_walks(void **state) {
    (void)state;
    hand_doors w;
    hand_doors_init(&w);
    const uint32_t a = hand_stop(&w.table, "a", 0.21, 0), b = hand_stop(&w.table, "b", 0.225, 0);
    const uint32_t c = hand_stop(&w.table, "c", 0.235, 0),
                   d = hand_stop(&w.table, "d", 0.225, 1e-4);
    hand_doors_open(&w, DOORS_DAY, HSD_FROM);
    assert_walk(&w, a, b, 450000);
    assert_walk(&w, b, a, 450000);
    assert_walk(&w, b, c, 300000);
    assert_walk(&w, a, c, NONE);
    assert_walk(&w, a, a, NONE);
    const uint32_t leg_ms = hsd_stop_set_feet(w.stops, d, HSD_END_WALK)->feet[0].leg_ms;
    assert_in_range(leg_ms, 11050, 11070);
    assert_walk(&w, b, d, leg_ms);
    assert_walk(&w, d, c, 300000 + leg_ms);
    w.rules.walk_cap_ms = 450000; /* at most: 7.5 is, 7.5 and a leg is not */
    hand_doors_open(&w, DOORS_DAY, HSD_FROM);
    assert_walk(&w, a, b, 450000);
    assert_walk(&w, a, d, NONE);
    w.rules.walk_cap_ms = 450000 - 1;
    hand_doors_open(&w, DOORS_DAY, HSD_FROM);
    assert_walk(&w, a, b, NONE);
    hand_doors_finish(&w);
}

static void ways_to_the_platform_count_at_both_ends_of_a_walk(void **state) {
    (void)state;
    hand_doors w;
    hand_doors_init(&w);
    const uint32_t a = hand_stop(&w.table, "a", 0.21, 0), b = hand_stop(&w.table, "b", 0.225, 0);
    w.table.stops[a].access_ms = MINUTES(1);
    w.table.stops[b].access_ms = 90000;
    hand_doors_open(&w, DOORS_DAY, HSD_FROM);
    assert_walk(&w, a, b, MINUTES(10)); /* just so */
    w.table.stops[b].access_ms++;
    hand_doors_open(&w, DOORS_DAY, HSD_FROM);
    assert_walk(&w, a, b, NONE);
    hand_doors_finish(&w);
}

static void within_a_station_one_changes_and_does_not_walk(void **state) {
    (void)state;
    hand_doors w;
    hand_doors_init(&w);
    const uint32_t s = hand_station(&w.table, "s", 0.21, 0);
    const uint32_t p = hand_platform(&w.table, "p", s), q = hand_platform(&w.table, "q", s);
    const uint32_t r = hand_platform(&w.table, "r", s);
    const uint32_t x = hand_stop(&w.table, "x", 0.215, 0);
    w.table.stops[q].change_ms = MINUTES(3);
    hand_transfer(&w.table, p, q, 2, 60);  /* less than the change takes */
    hand_transfer(&w.table, q, p, 2, 240); /* more */
    hand_transfer(&w.table, p, r, 3, 0);   /* forbidden */
    hand_transfer(&w.table, r, r, 2, 45);  /* r's own */
    hand_doors_open(&w, DOORS_DAY, HSD_FROM);
    assert_int_equal(hsd_stop_set_feet(w.stops, s, HSD_END_ACCESS)->count, 0);
    assert_int_equal(w.stops->change_ms[p], MINUTES(2));
    assert_int_equal(w.stops->change_ms[q], MINUTES(3));
    assert_int_equal(w.stops->change_ms[r], 45000);
    assert_inside(&w, p, q, MINUTES(2));
    assert_inside(&w, q, p, MINUTES(4));
    assert_inside(&w, q, r, MINUTES(3));
    assert_inside(&w, p, r, NONE);
    assert_inside(&w, r, p, 45000);
    assert_inside(&w, p, p, NONE);
    assert_inside(&w, p, x, NONE);
    assert_walk(&w, p, q, NONE);
    assert_walk(&w, q, r, NONE); /* no row speaks of them */
    assert_walk(&w, p, x, 150000);
    assert_walk(&w, s, x, NONE);
    hand_doors_finish(&w);
}

/* The whole station changes in 5 min, and one pair is said apart; nobody changes at r itself. */
static void a_row_of_a_station_speaks_of_its_platforms_unless_they_are_named(void **state) {
    (void)state;
    hand_doors w;
    hand_doors_init(&w);
    const uint32_t s = hand_station(&w.table, "s", 0.21, 0);
    const uint32_t p = hand_platform(&w.table, "p", s), q = hand_platform(&w.table, "q", s);
    const uint32_t r = hand_platform(&w.table, "r", s);
    const uint32_t x = hand_stop(&w.table, "x", 0.215, 0);
    hand_transfer(&w.table, q, q, 2, 60);
    hand_transfer(&w.table, s, s, 2, 300);
    hand_transfer(&w.table, r, r, 3, 0);
    hand_transfer(&w.table, q, r, 0, 0);
    hand_transfer(&w.table, s, x, 3, 0);
    hand_transfer(&w.table, q, x, 1, 0);
    hand_transfer(&w.table, x, s, 2, 600);
    hand_transfer(&w.table, x, r, 2, 60);
    hand_doors_open(&w, DOORS_DAY, HSD_FROM);
    assert_int_equal(w.stops->change_ms[p], MINUTES(5));
    assert_int_equal(w.stops->change_ms[q], MINUTES(1));
    assert_int_equal(w.stops->change_ms[r], NONE);
    assert_inside(&w, p, q, MINUTES(5));
    assert_inside(&w, q, p, MINUTES(5));
    assert_inside(&w, q, r, MINUTES(1)); /* q's own change; the row of the station is overruled */
    assert_inside(&w, r, q, MINUTES(5));
    assert_walk(&w, p, x, NONE); /* forbidden from the station */
    assert_walk(&w, q, x, 150000);
    assert_walk(&w, x, p, MINUTES(10));
    assert_walk(&w, x, r, 150000);
    hand_doors_finish(&w);
}

static void the_feeds_minimum_lengthens_a_walk_and_makes_one_where_there_is_none(void **state) {
    (void)state;
    hand_doors w;
    hand_doors_init(&w);
    const uint32_t a = hand_stop(&w.table, "a", 0.21, 0), b = hand_stop(&w.table, "b", 0.225, 0);
    const uint32_t far = hand_stop(&w.table, "c", 0.01, 0), off = hand_stop(&w.table, "d", 5, 5);
    hand_transfer(&w.table, a, b, 2, 700); /* more than the cap, even */
    hand_transfer(&w.table, b, a, 2, 60);
    hand_transfer(&w.table, a, far, 2, 900);
    hand_transfer(&w.table, off, a, 2, 120); /* a stop that joins no street */
    hand_transfer(&w.table, b, far, 1, 0);   /* says nothing of time */
    hand_doors_open(&w, DOORS_DAY, HSD_FROM);
    assert_walk(&w, a, b, 700000);
    assert_walk(&w, b, a, 450000);
    assert_walk(&w, a, far, 900000);
    assert_walk(&w, far, a, NONE);
    assert_walk(&w, off, a, 120000);
    assert_walk(&w, b, far, NONE);
    assert_int_equal(hsd_stop_set_feet(w.stops, off, HSD_END_WALK)->reason, HSD_SNAP_OUTSIDE);
    hand_doors_finish(&w);
}

static void without_a_walking_profile_there_are_the_feeds_walks_alone(void **state) {
    (void)state;
    hand_doors w;
    hand_doors_init(&w);
    const uint32_t a = hand_stop(&w.table, "a", 0.21, 0), b = hand_stop(&w.table, "b", 0.215, 0);
    hand_transfer(&w.table, a, b, 2, 120);
    assert_int_equal(hsd_stop_set_create(&w.table.table, w.locator, w.locator, NULL, &w.rules, NULL,
                                         &w.stops, NULL),
                     HSD_OK);
    assert_walk(&w, a, b, 120000);
    assert_walk(&w, b, a, NONE);
    assert_int_equal(hsd_stop_set_feet(w.stops, a, HSD_END_WALK)->count, 0);
    hand_doors_finish(&w);
}

/* Stops a, b and c on a meridian, 0.005 and 0.0055 degrees apart (552.87 and 608.16 m): at 1 m/s
 * the first two are 9:13 apart, the other pair 10:08. */
static void where_no_streets_are_drawn_a_walk_is_the_straight_line(void **state) {
    (void)state;
    static hand_timetable table;
    hand_timetable_init(&table, DOORS_DAY, 1);
    const uint32_t a = hand_stop(&table, "a", 0.123456789, 0);
    const uint32_t b = hand_stop(&table, "b", 0.123456789, 0.005);
    const uint32_t c = hand_stop(&table, "c", 0.123456789, 0.0105);
    const hsd_profile profile = {.name = "access",
                                 .mode = "access",
                                 .leg_rule = HSD_LEG_NODES,
                                 .leg_speed_mh = 3600,
                                 .leg_detour_ppm = 1000000,
                                 .leg_cap_m = 2000};
    const hsd_build_options options = {.timetable = &table.table};
    const hsd_transit_rules rules = hsd_transit_defaults();
    hsd_road_table roads;
    hsd_network *network;
    hand_doors w = {0};
    assert_int_equal(hsd_stop_table(&table.table, &roads, NULL), HSD_OK);
    assert_int_equal(hsd_network_build(&roads, &profile, 1, &options, NULL, &network, NULL),
                     HSD_OK);
    hsd_road_table_finish(&roads);
    assert_int_equal(hsd_locator_create(network, 0, NULL, &w.locator, NULL), HSD_OK);
    assert_int_equal(hsd_stop_set_create(&table.table, w.locator, w.locator, w.locator, &rules,
                                         NULL, &w.stops, NULL),
                     HSD_OK);
    for (uint32_t s = 0; s < 3; s++) { /* itself, without a leg */
        const hsd_feet *feet = hsd_stop_set_feet(w.stops, s, HSD_END_EGRESS);
        assert_int_equal(feet->count, 1);
        assert_int_equal(feet->feet[0].leg_ms, 0);
    }
    assert_in_range(way_ms(&w.stops->walks[HSD_FROM], a, b), 552860, 552880);
    assert_walk(&w, b, a, way_ms(&w.stops->walks[HSD_FROM], a, b));
    assert_walk(&w, b, c, NONE);
    assert_walk(&w, a, c, NONE);
    hsd_stop_set_destroy(w.stops);
    hsd_locator_destroy(w.locator);
    hsd_network_destroy(network);
}

/* 12,000 platforms are 144 million ways inside: refused before they are listed. */
static void a_station_of_too_many_platforms_is_refused(void **state) {
    (void)state;
    enum { PLATFORMS = 12000 };
    hand_doors w;
    hand_doors_init(&w);
    const uint32_t s = hand_station(&w.table, "s", 0.21, 0);
    hsd_stop_row *stops = calloc(PLATFORMS + 1, sizeof *stops);
    assert_non_null(stops);
    stops[s] = w.table.stops[s];
    for (uint32_t i = 1; i <= PLATFORMS; i++) {
        stops[i] = w.table.stops[s];
        stops[i].is_station = 0;
        stops[i].station = s;
    }
    w.table.table.stops = stops;
    w.table.table.stop_count = PLATFORMS + 1;
    for (int transfers = 0; transfers < 2; transfers++) {
        hsd_error err = {0};
        assert_int_equal(hsd_stop_set_create(&w.table.table, w.locator, w.locator, w.locator,
                                             &w.rules, NULL, &w.stops, &err),
                         HSD_E_MEMORY);
        assert_non_null(strstr(err.message, "platforms in one station"));
        hand_transfer(&w.table, s, s, 2, 60); /* of each with each */
    }
    hand_doors_finish(&w);
    free(stops);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_that_are_stated),
        cmocka_unit_test(stops_within_ten_minutes_are_joined_by_walks),
        cmocka_unit_test(ways_to_the_platform_count_at_both_ends_of_a_walk),
        cmocka_unit_test(within_a_station_one_changes_and_does_not_walk),
        cmocka_unit_test(a_row_of_a_station_speaks_of_its_platforms_unless_they_are_named),
        cmocka_unit_test(the_feeds_minimum_lengthens_a_walk_and_makes_one_where_there_is_none),
        cmocka_unit_test(without_a_walking_profile_there_are_the_feeds_walks_alone),
        cmocka_unit_test(where_no_streets_are_drawn_a_walk_is_the_straight_line),
        cmocka_unit_test(a_station_of_too_many_platforms_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
