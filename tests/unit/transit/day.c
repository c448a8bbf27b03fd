/* What a day sees of a timetable: service days, time zones, patterns. */
#include "hand_transit.h"

#include "base/memory.h"

static hand_timetable h;
static uint32_t a, b, c;

static void begin(void) {
    hand_timetable_init(&h, DATE - 4, 8);
    a = hand_stop(&h, "A", 0, 0);
    b = hand_stop(&h, "B", 0, 0);
    c = hand_stop(&h, "C", 0, 0);
    hand_line(&h, "1", HSD_RIDE_BUS);
    hand_line(&h, "2", HSD_RIDE_TRAM);
    hand_service(&h, 1 << 4); /* the date alone */
    hand_service(&h, UINT64_MAX);
}

static uint32_t trip(uint32_t line, uint32_t service, int32_t start, int32_t minutes) {
    const uint32_t row = hand_trip(&h, "t", line, service);
    hand_call(&h, a, start, start);
    hand_call(&h, b, start + 300, start + 300);
    hand_call(&h, c, start + 60 * minutes, start + 60 * minutes);
    return row;
}

static hsd_day_info info(hsd_direction direction) {
    hsd_day *day = hand_day(&h, direction);
    const hsd_day_info found = hsd_day_info_get(day);
    hsd_day_destroy(day);
    return found;
}

static void trips_that_follow_each_other_are_one_pattern(void **state) {
    (void)state;
    begin();
    trip(0, 0, hand_time(8, 20), 10);
    trip(0, 0, hand_time(8, 0), 20);
    trip(0, 0, hand_time(8, 10), 20); /* at C with the first */
    for (int d = 0; d < 2; d++) {
        const hsd_day_info found = info(d ? HSD_TO : HSD_FROM);
        assert_int_equal(found.patterns, 1);
        assert_int_equal(found.trips, 3);
        assert_int_equal(found.calls, 9);
    }
}

static void a_trip_that_overtakes_is_another_pattern(void **state) {
    (void)state;
    begin();
    trip(0, 0, hand_time(8, 0), 40);
    trip(0, 0, hand_time(8, 10), 20); /* at C at 08:30, before 08:40 */
    trip(0, 0, hand_time(8, 20), 40);
    assert_int_equal(info(HSD_FROM).patterns, 2);
    assert_int_equal(info(HSD_TO).patterns, 2);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 0, 0)), 30 * MINUTE); /* one lets it pass */
}

static void other_flags_or_kinds_are_other_patterns(void **state) {
    (void)state;
    begin();
    trip(0, 0, hand_time(8, 0), 20);
    trip(1, 0, hand_time(8, 10), 20); /* a tram */
    h.calls[h.table.trips[trip(0, 0, hand_time(8, 20), 20)].first_call + 1].flags =
        HSD_CALL_NO_BOARDING;
    h.calls[h.table.trips[trip(0, 0, hand_time(8, 30), 20)].first_call + 1].flags =
        HSD_CALL_NO_ALIGHTING | HSD_CALL_INTERPOLATED;
    h.calls[h.table.trips[trip(0, 0, hand_time(8, 40), 20)].first_call + 1].flags =
        HSD_CALL_INTERPOLATED; /* like the first */
    assert_int_equal(info(HSD_FROM).patterns, 4);
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, at(8, 16, 0)), 34 * MINUTE); /* 08:35 at B */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, b, at(8, 30, 0)), 15 * MINUTE); /* 08:40 at A */
}

static void a_date_sees_the_days_around_it(void **state) {
    (void)state;
    begin();
    trip(0, 1, hand_time(8, 0), 20);
    assert_int_equal(info(HSD_FROM).trips, 3); /* the day before, the date, the day after */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(9, 0, 0)), (23 * 60 + 20) * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_TO, a, c, at(8, 0, 0)), 24 * 60 * MINUTE);
    begin();
    trip(0, 1, hand_time(23, 58), 40); /* at B at 24:03, at C at 24:38 */
    assert_int_equal(info(HSD_FROM).trips, 4);
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, at(-1, 54, 0)), 44 * MINUTE);
}

/* Its service day is three days before the date; it is at C at 02:00 on the date. */
static void a_trip_may_take_days(void **state) {
    (void)state;
    begin();
    h.service_days[0] = 1 << 1;
    trip(0, 0, hand_time(20, 0), 54 * 60);
    h.calls[1].departure_s = h.calls[1].arrival_s = hand_time(71, 0); /* B at 23:00 */
    assert_int_equal(ride_ms(&h, HSD_FROM, b, c, at(-1, 0, 0)), 3 * 60 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, 0), NEVER); /* it left A before the clock began */
    assert_int_equal(info(HSD_FROM).calls, 2);
}

static void feeds_of_other_zones_are_moved(void **state) {
    (void)state;
    begin(); /* in Shanghai; London is 8 hours behind on 2024-10-04, so 7 in summer time */
    hand_feed(&h, "far");
    h.feeds[1].time_zone = hand_text(&h, "Europe/London");
    hand_line(&h, "3", HSD_RIDE_BUS);
    trip(2, 0, hand_time(8, 0), 20); /* 15:00 in Shanghai */
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(15, 0, 0)), 20 * MINUTE);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(15, 0, 1)), NEVER);
    h.feeds[1].time_zone = hand_text(&h, "Nowhere/Land");
    hsd_day *day;
    hsd_error err;
    const hsd_day_options options = {.date = DATE};
    assert_int_equal(hsd_day_create(&h.table, &options, &day, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "feed far: time zone \"Nowhere/Land\""));
    h.feeds[0].time_zone = h.feeds[1].time_zone; /* one zone: nothing to look up */
    assert_int_equal(hsd_day_create(&h.table, &options, &day, &err), HSD_OK);
    hsd_day_destroy(day);
}

static void a_phase_must_be_one_of_them(void **state) {
    (void)state;
    begin();
    hsd_day *day;
    const hsd_day_options bad[] = {{.date = DATE, .phase = 1},
                                   {.date = DATE, .phase = 2, .phase_count = 2}};
    for (int i = 0; i < 2; i++)
        assert_int_equal(hsd_day_create(&h.table, &bad[i], &day, NULL), HSD_E_ARGUMENT);
    assert_null(day);
}

static void a_day_without_trips_is_no_fault(void **state) {
    (void)state;
    begin();
    assert_int_equal(info(HSD_FROM).patterns, 0);
    assert_int_equal(ride_ms(&h, HSD_FROM, a, c, at(8, 0, 0)), NEVER);
}

static void running_out_of_memory_is_an_error(void **state) {
    (void)state;
    begin();
    for (uint32_t i = 0; i < 40; i++) trip(i % 2, i % 2, hand_time(8, (int)i), 10 + (int)i % 7);
    hand_headway(&h, hand_time(8, 0), hand_time(9, 0), 600, 0);
    const hsd_day_options options = {.date = DATE};
    bool finished = false;
    for (uint64_t n = 1; !finished; n++) {
        hsd_day *day;
        hsd_error err;
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_day_create(&h.table, &options, &day, &err);
        finished = hsd_memory_fail_at(0) < n;
        assert_int_equal(status, finished ? HSD_OK : HSD_E_MEMORY);
        assert_true(finished || (day == NULL && err.code == HSD_E_MEMORY));
        hsd_day_destroy(day);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trips_that_follow_each_other_are_one_pattern),
        cmocka_unit_test(a_trip_that_overtakes_is_another_pattern),
        cmocka_unit_test(other_flags_or_kinds_are_other_patterns),
        cmocka_unit_test(a_date_sees_the_days_around_it),
        cmocka_unit_test(a_trip_may_take_days),
        cmocka_unit_test(feeds_of_other_zones_are_moved),
        cmocka_unit_test(a_phase_must_be_one_of_them),
        cmocka_unit_test(a_day_without_trips_is_no_fault),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
