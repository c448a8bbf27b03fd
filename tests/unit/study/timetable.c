/* The timetable a network is built with: what was proposed becomes what runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../hand_timetable.h"
#include "base/memory.h"
#include "net/network.h"
#include "study/build_timetable.h"

static hand_timetable t;

/* A line of a feed and a proposed one, as a scenario's timetable has them. */
static void proposed(const char *feed) {
    hand_timetable_init(&t, 17042, 7);
    t.feeds[0].name = hand_text(&t, feed);
    const uint32_t daily = hand_service(&t, 127);
    const uint32_t a = hand_stop(&t, "a", 116, 40), b = hand_stop(&t, "b", 117, 40);
    const uint32_t old = hand_line(&t, "old", HSD_RIDE_RAIL), new = hand_line(&t, "new", 3);
    for (uint32_t i = 0; i < 2; i++) {
        hand_trip(&t, i ? "n1" : "o1", i ? new : old, daily);
        hand_call(&t, a, hand_time(8, 0), hand_time(8, 0));
        hand_call(&t, b, hand_time(9, 0), hand_time(9, 0));
    }
    t.stops[b].feed = t.lines[new].feed = HSD_NO_ROW;
    t.stops[b].proposal = t.lines[new].proposal = t.trips[1].proposal = 5;
}

static void rows_of_proposals_get_a_feed_of_their_own(void **state) {
    (void)state;
    hsd_timetable out;
    proposed("hand");
    assert_int_not_equal(hsd_timetable_check(&t.table, NULL), HSD_OK);
    assert_int_equal(hsd_timetable_settle(&t.table, 1, "plans", &out, NULL), HSD_OK);
    assert_int_equal(hsd_timetable_check(&out, NULL), HSD_OK);
    assert_int_equal(out.feed_count, 2);
    assert_string_equal(out.strings + out.feeds[0].name, "hand");
    assert_string_equal(out.strings + out.feeds[1].name, "plans");
    assert_string_equal(out.strings + out.feeds[1].time_zone, "Asia/Shanghai");
    assert_int_equal(out.feeds[1].first_day, 17042);
    assert_int_equal(out.feeds[1].last_day, 17048);
    assert_int_equal(out.stops[0].feed, 0);
    assert_int_equal(out.stops[1].feed, 1);
    assert_int_equal(out.lines[1].feed, 1);
    assert_int_equal(hsd_timetable_trips(&out, 1, 17044), 1);
    assert_int_equal(hsd_timetable_trips(&out, 0, 17044), 1);
    assert_string_equal(out.strings + out.trips[1].id, "n1");
    assert_int_equal(out.calls[3].arrival_s, hand_time(9, 0));
    hsd_timetable_finish(&out);
}

static void a_feed_of_that_name_keeps_it(void **state) {
    (void)state;
    hsd_timetable out;
    proposed("plans");
    assert_int_equal(hsd_timetable_settle(&t.table, 1, "plans", &out, NULL), HSD_OK);
    assert_string_equal(out.strings + out.feeds[1].name, "plans-2");
    hsd_timetable_finish(&out);
}

/* Without a feed below them, proposals come with one. */
static void a_feed_of_proposals_gets_the_name(void **state) {
    (void)state;
    hsd_timetable out;
    proposed("proposals");
    t.stops[1].feed = t.lines[1].feed = 0;
    assert_int_equal(hsd_timetable_settle(&t.table, 0, "plans", &out, NULL), HSD_OK);
    assert_int_equal(out.feed_count, 1);
    assert_string_equal(out.strings + out.feeds[0].name, "plans");
    assert_int_equal(hsd_timetable_check(&out, NULL), HSD_OK);
    hsd_timetable_finish(&out);
}

static void lines_that_only_changed_need_no_feed(void **state) {
    (void)state;
    hsd_timetable out;
    proposed("hand");
    t.stops[1].feed = t.lines[1].feed = 0;
    assert_int_equal(hsd_timetable_settle(&t.table, 1, "plans", &out, NULL), HSD_OK);
    assert_int_equal(out.feed_count, 1);
    assert_int_equal(hsd_timetable_check(&out, NULL), HSD_OK);
    assert_int_equal(hsd_timetable_trips(&out, 0, 17044), 2);
    hsd_timetable_finish(&out);
}

static void running_out_of_memory_is_said(void **state) {
    (void)state;
    hsd_timetable out;
    proposed("hand");
    hsd_memory_fail_at(1);
    assert_int_equal(hsd_timetable_settle(&t.table, 1, "plans", &out, NULL), HSD_E_MEMORY);
    hsd_memory_fail_at(0);
    assert_null(out.storage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_proposals_get_a_feed_of_their_own),
        cmocka_unit_test(a_feed_of_that_name_keeps_it),
        cmocka_unit_test(a_feed_of_proposals_gets_the_name),
        cmocka_unit_test(lines_that_only_changed_need_no_feed),
        cmocka_unit_test(running_out_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
