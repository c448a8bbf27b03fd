/* Searches on timetables written by hand: no walks and no changes unless a test says so. */
#ifndef TESTS_HAND_TRANSIT_H
#define TESTS_HAND_TRANSIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../hand_timetable.h"
#include "hourshed/transit.h"

enum { DATE = 20000, MINUTE = 60000 };
#define NEVER HSD_UNREACHABLE

/* An instant on the date, by the clock of its service day. */
static inline uint32_t at(int hours, int minutes, int seconds) {
    return HSD_DAY_MS + 1000 * (uint32_t)(hand_time(hours, minutes) + seconds);
}

/* Rules without walks; changes take no time. */
static inline hsd_transfer_rules plain_rules(void) {
    static const uint32_t none[HAND_STOPS + 1];
    return (hsd_transfer_rules){
        .first_walk = none, .first_inside = none, .change_ms = none, .max_rides = 5};
}

static inline hsd_day *hand_day(const hand_timetable *h, hsd_direction direction) {
    const hsd_day_options options = {.date = DATE, .direction = direction};
    hsd_day *day;
    assert_int_equal(hsd_day_create(&h->table, &options, &day, NULL), HSD_OK);
    return day;
}

/* The least time between one stop and another; HSD_TO: `instant` is that of arrival. */
static inline uint32_t ride_ms(const hand_timetable *h, hsd_direction direction, uint32_t from,
                               uint32_t to, uint32_t instant) {
    const hsd_transfer_rules rules = plain_rules();
    hsd_day *day = hand_day(h, direction);
    hsd_raptor *raptor;
    assert_int_equal(hsd_raptor_create(day, &rules, &raptor, NULL), HSD_OK);
    const hsd_stop_way access = {direction == HSD_FROM ? from : to, 0};
    assert_int_equal(hsd_raptor_run(raptor, &access, 1, instant, NEVER, NULL), HSD_OK);
    const uint32_t ms = hsd_raptor_out(raptor)[direction == HSD_FROM ? to : from];
    hsd_raptor_destroy(raptor);
    hsd_day_destroy(day);
    return ms;
}
#endif
