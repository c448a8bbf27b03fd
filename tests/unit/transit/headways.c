/* Services with a headway, each answer worked out by hand. The line: A, 10 min, B, 1 min there,
 * 9 min, C; every 10 minutes from 07:00 to 09:00 at A (so 07:11 to 09:11 at B) unless said
 * otherwise. */
#include "hand_transit.h"

static hand_timetable h;
static uint32_t a, b, c;

static void begin(void) {
    hand_timetable_init(&h, DATE - 4, 8);
    a = hand_stop(&h, "A", 0, 0);
    b = hand_stop(&h, "B", 0, 0);
    c = hand_stop(&h, "C", 0, 0);
    hand_line(&h, "L", HSD_RIDE_BUS);
    hand_service(&h, 1 << 4); /* the date alone */
    hand_trip(&h, "t", 0, 0);
    hand_call(&h, a, hand_time(5, 0), hand_time(5, 0)); /* its own times run nothing */
    hand_call(&h, b, hand_time(5, 10), hand_time(5, 11));
    hand_call(&h, c, hand_time(5, 20), hand_time(5, 20));
}

static void begin_10_min(uint32_t exact) {
    begin();
    hand_headway(&h, hand_time(7, 0), hand_time(9, 0), 600, exact);
}

static void one_waits_half_a_headway(void **state) {
    (void)state;
    begin_10_min(0);
    /* 08:00 + 5 = 08:05 at A, 08:15 at B, 08:25 at C */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, b, at(8, 0, 0)), 15 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 0, 0)), 25 * MINUTE);
    /* wherever one boards: 08:00 + 5 = 08:05 at B, 08:14 at C */
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, at(8, 0, 0)), 14 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 3, 21)), 25 * MINUTE);
}

static void before_the_first_one_waits_for_it(void **state) {
    (void)state;
    begin_10_min(0);
    /* 06:30 + 5 < 07:00: C at 07:20 */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(6, 30, 0)), 50 * MINUTE);
    /* 06:58 + 5 = 07:03: C at 07:23 */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(6, 58, 0)), 25 * MINUTE);
    /* at B the first is at 07:11: 07:00 + 5 < 07:11, C at 07:20 */
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, at(7, 0, 0)), 20 * MINUTE);
}

static void after_the_last_nothing_runs(void **state) {
    (void)state;
    begin_10_min(0);
    /* 08:55 + 5 = 09:00, the last, included */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 55, 0)), 25 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 55, 1)), NEVER);
    /* at B the last is at 09:11 */
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, at(9, 6, 0)), 14 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, at(9, 6, 1)), NEVER);
}

static void trips_by_the_million_are_refused_before_they_are_made(void **state) {
    (void)state;
    hsd_day *day;
    hsd_error err = {0};
    begin();
    for (int i = 0; i < 8; i++) /* 863,000 trips each */
        hand_headway(&h, 0, hand_time(239, 0), 1, 1);
    const hsd_day_options options = {.date = DATE};
    assert_int_equal(hsd_day_create(&h.table, &options, &day, &err), HSD_E_MEMORY);
    assert_non_null(strstr(err.message, "trip \"t\": every 1 s make more than 4194304 trips"));
    assert_null(day);
}

static void arriving_by_waits_at_the_same_end(void **state) {
    (void)state;
    begin_10_min(0);
    /* at C by 08:00: leaves A at 07:40, so one stands there from 07:35 */
    assert_int_equal(ride_ms(&h, HSD_TO, a, c, at(8, 0, 0)), 25 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_TO, b, c, at(8, 0, 0)), 14 * MINUTE);
    /* by 10:00: the last leaves A at 09:00, one stands there from 08:55 */
    assert_int_equal(ride_ms(&h, HSD_TO, a, c, at(10, 0, 0)), 65 * MINUTE);
    /* by 07:20: the first; a second earlier: none */
    assert_int_equal(ride_ms(&h, HSD_TO, a, c, at(7, 20, 0)), 25 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_TO, a, c, at(7, 19, 59)), NEVER);
}

static void exact_departures_are_trips(void **state) {
    (void)state;
    begin_10_min(1);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 0, 0)), 20 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 1, 0)), 29 * MINUTE); /* 08:10 */
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, at(8, 2, 0)), 18 * MINUTE); /* 08:11 */
    /* the end, 09:00, is no departure: the last is at 08:50 */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 50, 0)), 20 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 50, 1)), NEVER);
    assert_int_equal(ride_ms(&h, HSD_TO, a, c, at(8, 0, 0)), 20 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_TO, a, c, at(7, 59, 0)), 29 * MINUTE); /* 07:30 */
}

static void rows_that_follow_or_overlap_are_services_of_their_own(void **state) {
    (void)state;
    begin_10_min(0);
    hand_headway(&h, hand_time(9, 0), hand_time(10, 0), 1200, 0);
    /* 08:55: the first row's last, 09:00; 08:56: the second row's first waits 10: 09:06 */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 55, 0)), 25 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 56, 0)), 30 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(9, 50, 0)), 30 * MINUTE);
    /* overlapping, every 2 minutes from 08:00 to 08:30: the better of the two */
    begin_10_min(0);
    hand_headway(&h, hand_time(8, 0), hand_time(8, 30), 120, 0);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 10, 0)), 21 * MINUTE);
    /* 07:56: 08:01 or the other's first, 08:00 */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(7, 56, 0)), 24 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 30, 0)), 25 * MINUTE);
}

/* Two lines, one change: half of each headway, and in the mirror the same 50 minutes. */
static void each_boarding_waits(void **state) {
    (void)state;
    begin_10_min(0);
    const uint32_t d = hand_stop(&h, "D", 0, 0);
    hand_line(&h, "M", HSD_RIDE_METRO);
    hand_trip(&h, "u", 1, 0);
    hand_call(&h, c, 0, 0);
    hand_call(&h, d, 900, 900);
    hand_headway(&h, hand_time(6, 0), hand_time(11, 0), 1200, 0);
    /* 08:00 + 5, C at 08:25, + 10, D at 08:50 */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, d, at(8, 0, 0)), 50 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_TO, a, d, at(8, 50, 0)), 50 * MINUTE);
}

/* FNV-1a of "L" is 0xc90bfeab, 0.785339: 471,203 ms into ten minutes in phase 0 of 2, and half a
 * turn on, so 171,203 ms in phase 1. */
static void phases_are_exact_trips(void **state) {
    (void)state;
    begin_10_min(0);
    const uint32_t first[2] = {471203, 171203};
    for (uint32_t phase = 0; phase < 2; phase++) {
        const hsd_transfer_rules rules = plain_rules();
        const hsd_day_options options = {.date = DATE, .phase = phase, .phase_count = 2};
        hsd_day *day;
        hsd_raptor *raptor;
        assert_int_equal(hsd_day_create(&h.table, &options, &day, NULL), HSD_OK);
        assert_int_equal(hsd_day_info_get(day).trips, 12); /* one every ten minutes */
        assert_int_equal(hsd_day_info_get(day).headway_patterns, 0);
        assert_int_equal(hsd_raptor_create(day, &rules, &raptor, NULL), HSD_OK);
        const hsd_stop_way access = {a, 0};
        assert_int_equal(hsd_raptor_run(raptor, &access, 1, at(7, 0, 0), NEVER, NULL), HSD_OK);
        assert_int_equal(hsd_raptor_out(raptor)[c], first[phase] + 20 * MINUTE);
        hsd_raptor_destroy(raptor);
        hsd_day_destroy(day);
    }
}

/* From 22:00 to 27:00 of its service day, and so until 03:00 of the next. */
static void a_service_runs_past_midnight(void **state) {
    (void)state;
    begin();
    hand_headway(&h, hand_time(22, 0), hand_time(27, 0), 600, 0);
    h.service_days[0] = 1 << 3; /* the day before */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(2, 0, 0)), 25 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(2, 55, 1)), NEVER);
    h.service_days[0] = 1 << 2; /* two days before: under way when the clock begins, at A ... */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, 0), 25 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, 0), 14 * MINUTE); /* ... and past A, at B */
    /* the vehicle that left A half a second before the clock: at B at 10:59.5 */
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, 359500), 14 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(2, 0, 0)), NEVER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_waits_half_a_headway),
        cmocka_unit_test(before_the_first_one_waits_for_it),
        cmocka_unit_test(after_the_last_nothing_runs),
        cmocka_unit_test(trips_by_the_million_are_refused_before_they_are_made),
        cmocka_unit_test(arriving_by_waits_at_the_same_end),
        cmocka_unit_test(exact_departures_are_trips),
        cmocka_unit_test(rows_that_follow_or_overlap_are_services_of_their_own),
        cmocka_unit_test(each_boarding_waits),
        cmocka_unit_test(phases_are_exact_trips),
        cmocka_unit_test(a_service_runs_past_midnight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
