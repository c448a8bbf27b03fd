/* Trips door to door on a street drawn by hand; every time here is added up in the comments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hand_doors.h"

/* Stops at 0.015 and 0.215; the bus leaves one at 08:10 and is at the other at 08:20. From 0.005 to
 * the first stop, and from the second to 0.225, one walks half a street and half a street: 5 min.
 */
#define HOME 0.005
#define WORK 0.225

typedef struct two_stops {
    hand_doors w;
    uint32_t a, b, trip;
} two_stops;

static void two_stops_init(two_stops *t) {
    hand_doors_init(&t->w);
    t->a = hand_stop(&t->w.table, "a", 0.015, 0);
    t->b = hand_stop(&t->w.table, "b", 0.215, 0);
    t->trip = hand_ride(&t->w, "t", t->w.bus, t->a, hand_time(8, 10), t->b, hand_time(8, 20));
}

static uint32_t leaving(two_stops *t, uint32_t instant_ms) {
    hand_doors_open(&t->w, DOORS_DAY, HSD_FROM);
    hand_grow(&t->w, HOME, &instant_ms, 1);
    return hand_time_to(&t->w, WORK, 50);
}

static uint32_t arriving(two_stops *t, uint32_t instant_ms) {
    hand_doors_open(&t->w, DOORS_DAY, HSD_TO);
    hand_grow(&t->w, WORK, &instant_ms, 1);
    return hand_time_to(&t->w, HOME, 50);
}

/* 08:00 + 5 walk = 08:05, wait, ride to 08:20, + 5 walk = 08:25. On foot it is 4.5 streets, the
 * hour, 2.5 streets: 95 min. */
static void a_trip_is_walk_wait_ride_walk(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    assert_int_equal(leaving(&t, AT(8, 0)), MINUTES(25));
    assert_int_equal(leaving(&t, AT(8, 5)), MINUTES(20)); /* just in time */
    assert_int_equal(leaving(&t, AT(8, 5) + 1), MINUTES(95));
    assert_int_equal(leaving(&t, AT(7, 0)), MINUTES(85));
    assert_int_equal(leaving(&t, AT(6, 49)), MINUTES(95)); /* the bus would be 96 */
    hand_doors_finish(&t.w);
}

static void arriving_by_an_instant_one_leaves_as_late_as_the_ride_allows(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    assert_int_equal(arriving(&t, AT(8, 25)), MINUTES(20)); /* left at 08:05 */
    assert_int_equal(arriving(&t, AT(8, 30)), MINUTES(25));
    assert_int_equal(arriving(&t, AT(8, 25) - 1), MINUTES(95));
    hand_doors_finish(&t.w);
}

static void caps_end_ways_along_the_network_inclusively(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    t.w.rules.access_cap_ms = MINUTES(5);
    t.w.rules.egress_cap_ms = MINUTES(5);
    assert_int_equal(leaving(&t, AT(8, 0)), MINUTES(25));
    assert_int_equal(arriving(&t, AT(8, 25)), MINUTES(20));
    t.w.rules.access_cap_ms = MINUTES(5) - 1;
    assert_int_equal(leaving(&t, AT(8, 0)), MINUTES(95));
    assert_int_equal(arriving(&t, AT(8, 25)), MINUTES(95));
    t.w.rules.access_cap_ms = MINUTES(5);
    t.w.rules.egress_cap_ms = MINUTES(5) - 1;
    assert_int_equal(leaving(&t, AT(8, 0)), MINUTES(95));
    assert_int_equal(arriving(&t, AT(8, 25)), MINUTES(95));
    hand_doors_finish(&t.w);
}

/* Each of two gates serves what lies within the cap from itself, its own cost apart: the near one
 * costs ten minutes, from the far one the stop is too far. */
static void each_gate_of_an_origin_has_its_own_cap(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    t.w.rules.access_cap_ms = MINUTES(5);
    hand_doors_open(&t.w, DOORS_DAY, HSD_FROM);
    const hsd_seed gates[2] = {{hand_foot(&t.w, HOME), MINUTES(5), 0},
                               {hand_foot(&t.w, 0.0025), 0, 0}};
    const uint32_t instant = AT(8, 0);
    assert_int_equal(
        hsd_departures_ride(t.w.departures, gates, 2, NULL, 0, &instant, 1, MINUTES(180), NULL),
        HSD_OK);
    assert_int_equal(hsd_departures_stop_ms(t.w.departures, t.b, 0), MINUTES(20));
    assert_int_equal(
        hsd_departures_ride(t.w.departures, gates + 1, 1, NULL, 0, &instant, 1, MINUTES(180), NULL),
        HSD_OK);
    assert_int_equal(hsd_departures_stop_ms(t.w.departures, t.b, 0), HSD_UNREACHABLE);
    hand_doors_finish(&t.w);
}

/* The platform's way in, the gates and the car park come before the ride: 5 walk + 1 way in + 1
 * park
 * + 3 gates before 08:10; behind it the way out of b, 2. */
static void platforms_gates_and_car_parks_take_their_time(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    t.w.table.stops[t.a].access_ms = MINUTES(1);
    t.w.table.stops[t.b].access_ms = MINUTES(2);
    t.w.rules.board_ms[HSD_RIDE_BUS] = MINUTES(3);
    t.w.rules.park_ms = MINUTES(1);
    assert_int_equal(leaving(&t, AT(8, 1)), MINUTES(26)); /* no car to park */
    assert_int_equal(leaving(&t, AT(8, 1) + 1), MINUTES(95));
    t.w.rules.park = true;
    assert_int_equal(leaving(&t, AT(8, 0)), MINUTES(27));
    assert_int_equal(leaving(&t, AT(8, 0) + 1), MINUTES(95));
    assert_int_equal(arriving(&t, AT(8, 27)), MINUTES(27));
    t.w.table.stops[t.a].park_ms = MINUTES(4); /* the timetable says so: three more */
    assert_int_equal(leaving(&t, AT(7, 57)), MINUTES(30));
    assert_int_equal(arriving(&t, AT(8, 27)), MINUTES(30));
    t.w.table.stops[t.b].park_ms = MINUTES(9); /* nobody parks there */
    assert_int_equal(leaving(&t, AT(7, 57)), MINUTES(30));
    assert_int_equal(arriving(&t, AT(8, 27)), MINUTES(30));
    hand_doors_finish(&t.w);
}

static void without_service_all_is_as_on_foot(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    for (int d = 0; d < 2; d++) {
        hand_doors_open(&t.w, DOORS_DAY + 1, d == 0 ? HSD_FROM : HSD_TO);
        const uint32_t instants[2] = {AT(8, 0), AT(8, 1)};
        hand_grow(&t.w, HOME, instants, 2);
        hsd_tree *walk;
        const hsd_seed seed = {hand_foot(&t.w, HOME), 0, 0};
        assert_int_equal(hsd_tree_create(t.w.locator, &walk, NULL), HSD_OK);
        assert_int_equal(
            hsd_tree_grow(walk, d == 0 ? HSD_FROM : HSD_TO, &seed, 1, MINUTES(180), NULL), HSD_OK);
        for (double lon = 0; lon <= 0.25; lon += 0.0007) {
            const hsd_foot foot = hand_foot(&t.w, lon);
            assert_int_equal(hand_time_to(&t.w, lon, 50), hsd_tree_foot_ms(walk, &foot));
        }
        hsd_tree_destroy(walk);
    }
    hand_doors_finish(&t.w);
}

/* ---- Windows
 * -------------------------------------------------------------------------------------- */

static hsd_place_table places_at(const double *lons, size_t count, hsd_place *places,
                                 hsd_lonlat *points) {
    for (size_t i = 0; i < count; i++) {
        points[i] = (hsd_lonlat){lons[i], 0};
        places[i] = (hsd_place){
            .geometry = {.type = HSD_GEOMETRY_POINT, .points = &points[i], .point_count = 1}};
    }
    return (hsd_place_table){.places = places, .place_count = count};
}

/* Leaving at 08:04, 08:05, 08:06, 08:07: 21, 20, and on foot 95 twice. */
static void percentiles_are_ranks_and_the_table_tells_the_same_times_as_trees(void **state) {
    (void)state;
    static const double lons[] = {0.005, 0.0125, 0.03, 0.1, 0.2125, 0.215, WORK, 0.25};
    enum { COUNT = sizeof lons / sizeof *lons };
    hsd_place rows[COUNT];
    hsd_lonlat points[COUNT];
    const hsd_place_table places = places_at(lons, COUNT, rows, points);
    const uint32_t instants[4] = {AT(8, 4), AT(8, 5), AT(8, 6), AT(8, 7)};
    two_stops t;
    two_stops_init(&t);
    hand_doors_open(&t.w, DOORS_DAY, HSD_FROM);
    hsd_zone_set *zones;
    hsd_egress_table *table;
    assert_int_equal(hsd_zone_set_create(t.w.locator, &places, NULL, &zones, NULL), HSD_OK);
    assert_int_equal(hsd_egress_table_create(t.w.transit, zones, NULL, &table, NULL), HSD_OK);
    hand_grow(&t.w, HOME, instants, 4);
    static const struct {
        double percent;
        uint32_t minutes;
    } want[] = {{0, 20}, {25, 20}, {26, 21}, {50, 21}, {51, 95}, {100, 95}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        uint32_t ms[COUNT];
        assert_int_equal(hand_time_to(&t.w, WORK, want[i].percent), MINUTES(want[i].minutes));
        assert_int_equal(
            hsd_egress_table_times(table, t.w.departures, want[i].percent, ms, NULL, NULL), HSD_OK);
        for (size_t z = 0; z < COUNT; z++)
            assert_int_equal(ms[z], hand_time_to(&t.w, lons[z], want[i].percent));
    }
    assert_int_equal(hsd_departures_stop_ms(t.w.departures, t.b, 0), MINUTES(15));
    assert_int_equal(hsd_departures_stop_ms(t.w.departures, t.b, 1), MINUTES(16));
    assert_int_equal(hsd_departures_stop_ms(t.w.departures, t.b, 2), HSD_UNREACHABLE);
    assert_int_equal(hsd_departures_stop_sample(t.w.departures, t.b, 0), 1);
    hsd_egress_table_destroy(table);
    hsd_zone_set_destroy(zones);
    hand_doors_finish(&t.w);
}

/* With an hour's limit only two of four departures get there. */
static void shares_count_departures_within_the_limit(void **state) {
    (void)state;
    static const double lons[] = {WORK, HOME};
    hsd_place rows[2];
    hsd_lonlat points[2];
    const hsd_place_table places = places_at(lons, 2, rows, points);
    const uint32_t instants[4] = {AT(8, 4), AT(8, 5), AT(8, 6), AT(8, 7)};
    two_stops t;
    two_stops_init(&t);
    hand_doors_open(&t.w, DOORS_DAY, HSD_FROM);
    hsd_zone_set *zones;
    hsd_egress_table *table;
    uint32_t ms[2];
    double shares[2];
    const hsd_seed seed = {hand_foot(&t.w, HOME), 0, 0};
    assert_int_equal(hsd_zone_set_create(t.w.locator, &places, NULL, &zones, NULL), HSD_OK);
    assert_int_equal(hsd_egress_table_create(t.w.transit, zones, NULL, &table, NULL), HSD_OK);
    assert_int_equal(
        hsd_departures_ride(t.w.departures, &seed, 1, &seed, 1, instants, 4, MINUTES(60), NULL),
        HSD_OK);
    assert_int_equal(hsd_egress_table_times(table, t.w.departures, 51, ms, shares, NULL), HSD_OK);
    assert_int_equal(ms[0], HSD_UNREACHABLE);
    assert_int_equal(ms[1], 0);
    assert_true(shares[0] == 0.5 && shares[1] == 1);
    hsd_stop_set *others = t.w.stops;
    t.w.stops = NULL; /* a table is of its own stops */
    hsd_transit *their = t.w.transit;
    t.w.transit = NULL;
    hsd_departures *old = t.w.departures;
    t.w.departures = NULL;
    hand_doors_open(&t.w, DOORS_DAY, HSD_FROM);
    hand_grow(&t.w, HOME, instants, 4);
    assert_int_equal(hsd_egress_table_times(table, t.w.departures, 50, ms, NULL, NULL),
                     HSD_E_ARGUMENT);
    hsd_egress_table_destroy(table);
    hsd_zone_set_destroy(zones);
    hsd_departures_destroy(old);
    hsd_transit_destroy(their);
    hsd_stop_set_destroy(others);
    hand_doors_finish(&t.w);
}

/* ---- Legs
 * ----------------------------------------------------------------------------------------- */

static void assert_leg(const hsd_leg *leg, hsd_leg_kind kind, uint32_t start_ms, uint32_t end_ms) {
    assert_string_equal(hsd_leg_kind_name(leg->kind), hsd_leg_kind_name(kind));
    assert_int_equal(leg->start_ms, start_ms);
    assert_int_equal(leg->end_ms, end_ms);
}

static void assert_line(const hsd_legs *legs, size_t i, const double *lons, size_t count) {
    assert_int_equal(legs->legs[i].point_count, count);
    for (size_t p = 0; p < count; p++)
        assert_float_equal(legs->points[legs->legs[i].first_point + p].lon, lons[p], 1e-9);
}

static hsd_legs legs_of(two_stops *t, double lon) {
    hsd_legs legs = {0};
    hsd_feet feet = hand_place(&t->w, lon);
    hsd_error err = {0};
    if (hsd_departures_legs(t->w.departures, 0, &feet, &legs, &err) != HSD_OK)
        fail_msg("%s", err.message);
    hsd_feet_finish(&feet);
    return legs;
}

static void legs_begin_where_the_last_one_ends(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    t.w.rules.board_ms[HSD_RIDE_BUS] = MINUTES(3);
    assert_int_equal(leaving(&t, AT(8, 0)), MINUTES(25));
    hsd_legs legs = legs_of(&t, WORK);
    assert_int_equal(legs.total_ms, MINUTES(25));
    assert_int_equal(legs.count, 5);
    assert_leg(&legs.legs[0], HSD_LEG_ACCESS, AT(8, 0), AT(8, 5));
    assert_leg(&legs.legs[1], HSD_LEG_BOARD, AT(8, 5), AT(8, 8));
    assert_leg(&legs.legs[2], HSD_LEG_WAIT, AT(8, 8), AT(8, 10));
    assert_leg(&legs.legs[3], HSD_LEG_RIDE, AT(8, 10), AT(8, 20));
    assert_leg(&legs.legs[4], HSD_LEG_EGRESS, AT(8, 20), AT(8, 25));
    assert_int_equal(legs.legs[0].from_stop, HSD_NO_ROW);
    assert_int_equal(legs.legs[0].to_stop, t.a);
    assert_int_equal(legs.legs[3].trip, t.trip);
    assert_int_equal(legs.legs[3].from_stop, t.a);
    assert_int_equal(legs.legs[4].from_stop, t.b);
    assert_line(&legs, 0, (const double[]){0.005, 0.01, 0.015}, 3);
    assert_line(&legs, 1, NULL, 0);
    assert_line(&legs, 3, (const double[]){0.015, 0.215}, 2);
    assert_line(&legs, 4, (const double[]){0.215, 0.22, 0.225}, 3);
    hsd_legs_finish(&legs);
    hand_doors_finish(&t.w);
}

static void legs_to_an_instant_are_told_in_order_of_travel(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    assert_int_equal(arriving(&t, AT(8, 30)), MINUTES(25));
    hsd_legs legs = legs_of(&t, HOME);
    assert_int_equal(legs.total_ms, MINUTES(25));
    assert_int_equal(legs.count, 4);
    assert_leg(&legs.legs[0], HSD_LEG_ACCESS, AT(8, 5), AT(8, 10));
    assert_leg(&legs.legs[1], HSD_LEG_RIDE, AT(8, 10), AT(8, 20));
    assert_leg(&legs.legs[2], HSD_LEG_WAIT, AT(8, 20), AT(8, 25));
    assert_leg(&legs.legs[3], HSD_LEG_EGRESS, AT(8, 25), AT(8, 30));
    assert_line(&legs, 0, (const double[]){0.005, 0.01, 0.015}, 3);
    assert_line(&legs, 3, (const double[]){0.215, 0.22, 0.225}, 3);
    hsd_legs_finish(&legs);
    hand_doors_finish(&t.w);
}

static void a_trip_without_a_ride_is_one_leg(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    for (int d = 0; d < 2; d++) {
        assert_int_equal(d == 0 ? leaving(&t, AT(9, 0)) : arriving(&t, AT(8, 0)), MINUTES(95));
        hsd_legs legs = legs_of(&t, d == 0 ? WORK : HOME);
        assert_int_equal(legs.count, 1);
        assert_leg(&legs.legs[0], HSD_LEG_DIRECT, d == 0 ? AT(9, 0) : AT(6, 25),
                   d == 0 ? AT(10, 35) : AT(8, 0));
        assert_line(&legs, 0,
                    (const double[]){0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.2, 0.21, 0.22, 0.225},
                    10);
        hsd_legs_finish(&legs);
    }
    hand_doors_finish(&t.w);
}

/* Nowhere to go: no legs, and no failure. */
static void no_way_has_no_legs(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    hand_doors_open(&t.w, DOORS_DAY + 1, HSD_FROM);
    const hsd_seed seed = {hand_foot(&t.w, HOME), 0, 0};
    const uint32_t instant = AT(8, 0);
    assert_int_equal(
        hsd_departures_ride(t.w.departures, &seed, 1, &seed, 1, &instant, 1, MINUTES(60), NULL),
        HSD_OK);
    hsd_legs legs = legs_of(&t, WORK);
    assert_int_equal(legs.count, 0);
    assert_int_equal(legs.total_ms, HSD_UNREACHABLE);
    hsd_legs_finish(&legs);
    hand_doors_finish(&t.w);
}

/* A second bus, from c at 0.23 (a street and a half from b: 7.5 min) at 08:30 to d at 0.0125 at
 * 08:40: 08:20 + 7.5 = 08:27.5, 2 penalty = 08:29.5. */
static void changes_on_foot_are_a_walk_and_then_the_gates(void **state) {
    (void)state;
    two_stops t;
    two_stops_init(&t);
    const uint32_t c = hand_stop(&t.w.table, "c", 0.23, 0);
    const uint32_t d = hand_stop(&t.w.table, "d", 0.1, 0);
    const uint32_t second = hand_ride(&t.w, "u", t.w.bus, c, hand_time(8, 30), d, hand_time(8, 40));
    hand_transfer(&t.w.table, c, t.b, 3, 0); /* nobody walks the other way */
    t.w.rules.penalty_ms = MINUTES(2);
    for (int direction = 0; direction < 2; direction++) {
        const uint32_t instant = direction == 0 ? AT(8, 0) : AT(8, 40);
        hand_doors_open(&t.w, DOORS_DAY, direction == 0 ? HSD_FROM : HSD_TO);
        hand_grow(&t.w, direction == 0 ? HOME : 0.1, &instant, 1);
        assert_int_equal(hand_time_to(&t.w, direction == 0 ? 0.1 : HOME, 0),
                         direction == 0 ? MINUTES(40) : MINUTES(35));
        hsd_legs legs = legs_of(&t, direction == 0 ? 0.1 : HOME);
        const size_t waited = direction == 0; /* at a: leaving at 08:00 one is early */
        assert_int_equal(legs.count, 7 + waited);
        assert_leg(&legs.legs[1 + waited], HSD_LEG_RIDE, AT(8, 10), AT(8, 20));
        assert_leg(&legs.legs[2 + waited], HSD_LEG_WALK, AT(8, 20), AT(8, 27) + 30000);
        assert_leg(&legs.legs[3 + waited], HSD_LEG_BOARD, AT(8, 27) + 30000, AT(8, 29) + 30000);
        assert_leg(&legs.legs[4 + waited], HSD_LEG_WAIT, AT(8, 29) + 30000, AT(8, 30));
        assert_leg(&legs.legs[5 + waited], HSD_LEG_RIDE, AT(8, 30), AT(8, 40));
        assert_leg(&legs.legs[6 + waited], HSD_LEG_EGRESS, AT(8, 40), AT(8, 40));
        assert_int_equal(legs.legs[5 + waited].trip, second);
        assert_line(&legs, 2 + waited, (const double[]){0.215, 0.22, 0.23}, 3);
        hsd_legs_finish(&legs);
    }
    t.w.rules.penalty_ms = MINUTES(3); /* 08:30.5: too late */
    hand_doors_open(&t.w, DOORS_DAY, HSD_FROM);
    const uint32_t instant = AT(8, 0);
    hand_grow(&t.w, HOME, &instant, 1);
    hsd_legs legs = legs_of(&t, 0.1);
    assert_true(legs.total_ms > MINUTES(40));
    hsd_legs_finish(&legs);
    hand_doors_finish(&t.w);
}

/* The line comes from 0.0, goes to 0.2, back to 0.1 and on to 0.25: the bus is boarded on its
 * second stretch, and left on the last one, not where it passes the stop's longitude before. */
static void a_ride_follows_its_shape_in_the_order_of_its_calls(void **state) {
    (void)state;
    static const hsd_point_e7 shape[] = {{0, 0},          {100000, 0},    {2000000, 1000},
                                         {1000000, 2000}, {2150000, 100}, {2500000, 100}};
    static const hsd_shape_row row = {0, 6};
    two_stops t;
    two_stops_init(&t);
    t.w.table.table.shapes = &row;
    t.w.table.table.shape_count = 1;
    t.w.table.table.shape_points = shape;
    t.w.table.table.shape_point_count = 6;
    t.w.table.trips[t.trip].shape = 0;
    assert_int_equal(leaving(&t, AT(8, 5)), MINUTES(20));
    hsd_legs legs = legs_of(&t, WORK);
    assert_int_equal(legs.count, 3);
    assert_line(&legs, 1, (const double[]){0.015, 0.2, 0.1, 0.215}, 4);
    hsd_legs_finish(&legs);
    hand_doors_finish(&t.w);
}

/* Ten million points, and all but the last at the first one's place: that one would be drawn. */
static void a_shape_of_ten_million_points_is_not_matched(void **state) {
    (void)state;
    enum { POINTS = 10000000 };
    hsd_point_e7 *shape = calloc(POINTS, sizeof *shape);
    assert_non_null(shape);
    shape[POINTS - 1] = (hsd_point_e7){1000000, 2000};
    const hsd_shape_row row = {0, POINTS};
    two_stops t;
    two_stops_init(&t);
    t.w.table.table.shapes = &row;
    t.w.table.table.shape_count = 1;
    t.w.table.table.shape_points = shape;
    t.w.table.table.shape_point_count = POINTS;
    t.w.table.trips[t.trip].shape = 0;
    assert_int_equal(leaving(&t, AT(8, 5)), MINUTES(20));
    hsd_legs legs = legs_of(&t, WORK);
    assert_line(&legs, 1, (const double[]){0.015, 0.215}, 2);
    hsd_legs_finish(&legs);
    hand_doors_finish(&t.w);
    free(shape);
}

/* ---- No streets
 * ----------------------------------------------------------------------------------- */

/* Stations a, b, c on a meridian; legs in a straight line x 1.3 at 20 km/h, 15 km at most. 0.05
 * degrees north of 40 are 5,551.7557 m, so 1,299.11 s to a; the train runs from 08:30 to 09:00;
 * 0.01 degrees from 41.35 are 1,110.6 m, 259.9 s. What lies 22 km beyond b is not reached by way of
 * the place where c stands, halfway, though nothing runs to c. */
static void where_no_streets_are_drawn_ends_are_straight_legs(void **state) {
    (void)state;
    static hand_doors w;
    w.rules = hsd_transit_defaults();
    hand_timetable *t = &w.table;
    hand_timetable_init(t, DOORS_DAY, 1);
    const uint32_t a = hand_stop(t, "a", 116, 40), b = hand_stop(t, "b", 116, 41.35);
    hand_stop(t, "c", 116, 41.45);
    hand_trip(t, "t", hand_line(t, "rail", HSD_RIDE_RAIL), hand_service(t, 1));
    hand_call(t, a, hand_time(8, 30), hand_time(8, 30));
    hand_call(t, b, hand_time(9, 0), hand_time(9, 0));
    const hsd_profile profile = {.name = "access",
                                 .mode = "access",
                                 .leg_rule = HSD_LEG_NODES,
                                 .leg_speed_mh = 20000,
                                 .leg_detour_ppm = 1300000,
                                 .leg_cap_m = 15000};
    const hsd_build_options options = {.timetable = &t->table};
    hsd_road_table roads;
    hsd_network *network;
    assert_int_equal(hsd_stop_table(&t->table, &roads, NULL), HSD_OK);
    assert_int_equal(hsd_network_build(&roads, &profile, 1, &options, NULL, &network, NULL),
                     HSD_OK);
    hsd_road_table_finish(&roads);
    assert_int_equal(hsd_locator_create(network, 0, NULL, &w.locator, NULL), HSD_OK);
    for (int d = 0; d < 2; d++) {
        hsd_feet feet = {0}, near_b = {0}, far = {0};
        hsd_legs legs = {0};
        const uint32_t instant = d == 0 ? AT(8, 0) : AT(9, 10);
        hand_doors_open(&w, DOORS_DAY, d == 0 ? HSD_FROM : HSD_TO);
        assert_int_equal(hsd_locate(w.locator, 116, d == 0 ? 40.05 : 41.36, &feet, NULL), HSD_OK);
        assert_int_equal(hsd_locate(w.locator, 116, d == 0 ? 41.36 : 40.05, &near_b, NULL), HSD_OK);
        assert_int_equal(hsd_locate(w.locator, 116, 41.55, &far, NULL), HSD_OK);
        assert_int_equal(feet.count, d == 0 ? 1 : 2); /* 41.36 is near c, too */
        hsd_seed seeds[2];
        for (size_t f = 0; f < feet.count; f++) seeds[f] = (hsd_seed){feet.feet[f], 0, 0};
        assert_int_equal(hsd_departures_grow(w.departures, seeds, feet.count, NULL, 0, &instant, 1,
                                             MINUTES(180), NULL),
                         HSD_OK);
        const hsd_reading_part part = hsd_departures_part(w.departures, 0);
        const uint32_t ms = hsd_tree_feet_ms(part.trees[0], &near_b);
        if (d == 0) /* 08:00 to 09:00, and the leg */
            assert_in_range(ms, MINUTES(60) + 259850, MINUTES(60) + 259950);
        else /* the train of 08:30, five minutes of gates and the leg before it, to 09:10 */
            assert_in_range(ms, MINUTES(45) + 1299105, MINUTES(45) + 1299115);
        assert_int_equal(hsd_tree_feet_ms(part.trees[0], &far), HSD_UNREACHABLE);
        assert_int_equal(hsd_departures_legs(w.departures, 0, &near_b, &legs, NULL), HSD_OK);
        assert_int_equal(legs.total_ms, ms);
        hsd_legs_finish(&legs);
        hsd_feet_finish(&feet);
        hsd_feet_finish(&near_b);
        hsd_feet_finish(&far);
    }
    hand_doors_close(&w);
    hsd_locator_destroy(w.locator);
    hsd_network_destroy(network);
}

/* ---- Without memory
 * -------------------------------------------------------------------------------- */

static hsd_status whole_run(hand_doors *w, const hsd_place_table *places, const hsd_seed *seeds,
                            hsd_foot work, uint32_t *total_ms, hsd_error *err) {
    static const hsd_run one = {.threads = 1};
    const uint32_t instants[2] = {AT(8, 4), AT(8, 5)};
    hsd_zone_set *zones = NULL;
    hsd_egress_table *table = NULL;
    hsd_legs legs = {0};
    uint32_t ms[2];
    const hsd_feet target = {.feet = &work, .count = 1};
    hsd_status status = hsd_stop_set_create(&w->table.table, w->locator, w->locator, w->locator,
                                            &w->rules, &one, &w->stops, err);
    if (status == HSD_OK)
        status = hsd_transit_create(w->stops, &w->table.table, DOORS_DAY, HSD_FROM, &one,
                                    &w->transit, err);
    if (status == HSD_OK) status = hsd_departures_create(w->transit, &w->departures, err);
    if (status == HSD_OK) status = hsd_zone_set_create(w->locator, places, &one, &zones, err);
    if (status == HSD_OK) status = hsd_egress_table_create(w->transit, zones, &one, &table, err);
    if (status == HSD_OK)
        status =
            hsd_departures_grow(w->departures, seeds, 2, seeds, 2, instants, 2, MINUTES(120), err);
    if (status == HSD_OK) status = hsd_egress_table_times(table, w->departures, 50, ms, NULL, err);
    if (status == HSD_OK) status = hsd_departures_legs(w->departures, 1, &target, &legs, err);
    *total_ms = legs.total_ms;
    hsd_legs_finish(&legs);
    hsd_egress_table_destroy(table);
    hsd_zone_set_destroy(zones);
    hand_doors_close(w);
    return status;
}

static void every_failing_allocation_is_reported(void **state) {
    (void)state;
    hsd_place rows[2];
    hsd_lonlat points[2];
    const hsd_place_table places = places_at((const double[]){WORK, 0.2}, 2, rows, points);
    two_stops t;
    two_stops_init(&t);
    const uint32_t c = hand_stop(&t.w.table, "c", 0.23, 0);
    hand_transfer(&t.w.table, t.b, c, 2, 60);
    hand_transfer(&t.w.table, t.a, c, 2, 60);
    const hsd_seed seeds[2] = {{hand_foot(&t.w, HOME), 0, 0},
                               {hand_foot(&t.w, 0.0125), MINUTES(30), 0}};
    const hsd_foot work = hand_foot(&t.w, WORK);
    uint32_t total_ms;
    hsd_status status = HSD_E_MEMORY;
    uint64_t n = 1;
    for (; status != HSD_OK && n < 5000; n++) {
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        status = whole_run(&t.w, &places, seeds, work, &total_ms, &err);
        hsd_memory_fail_at(0);
        if (status != HSD_OK) assert_int_equal(status, HSD_E_MEMORY);
    }
    assert_int_equal(status, HSD_OK);
    assert_int_equal(total_ms, MINUTES(20));
    assert_true(n > 50);
    hand_doors_finish(&t.w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trip_is_walk_wait_ride_walk),
        cmocka_unit_test(arriving_by_an_instant_one_leaves_as_late_as_the_ride_allows),
        cmocka_unit_test(caps_end_ways_along_the_network_inclusively),
        cmocka_unit_test(each_gate_of_an_origin_has_its_own_cap),
        cmocka_unit_test(platforms_gates_and_car_parks_take_their_time),
        cmocka_unit_test(without_service_all_is_as_on_foot),
        cmocka_unit_test(percentiles_are_ranks_and_the_table_tells_the_same_times_as_trees),
        cmocka_unit_test(shares_count_departures_within_the_limit),
        cmocka_unit_test(legs_begin_where_the_last_one_ends),
        cmocka_unit_test(legs_to_an_instant_are_told_in_order_of_travel),
        cmocka_unit_test(a_trip_without_a_ride_is_one_leg),
        cmocka_unit_test(no_way_has_no_legs),
        cmocka_unit_test(changes_on_foot_are_a_walk_and_then_the_gates),
        cmocka_unit_test(a_ride_follows_its_shape_in_the_order_of_its_calls),
        cmocka_unit_test(a_shape_of_ten_million_points_is_not_matched),
        cmocka_unit_test(where_no_streets_are_drawn_ends_are_straight_legs),
        cmocka_unit_test(every_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
