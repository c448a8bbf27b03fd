/* What a run by timetable is asked for, as numbers; messages of what cannot be asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "study/circle_run.h"
#include "study/transit_layers.h"

static hsd_error err;

static hsd_status plan_of(const hsd_transit_choice *choice, hsd_direction direction,
                          hsd_transit_plan *plan) {
    err = (hsd_error){0};
    return hsd_transit_plan_read(choice, "transit", direction, plan, &err);
}

static void refused(hsd_transit_choice choice, hsd_direction direction, const char *why) {
    hsd_transit_plan plan;
    assert_int_equal(plan_of(&choice, direction, &plan), HSD_E_ARGUMENT);
    if (!strstr(err.message, why)) fail_msg("\"%s\" does not say \"%s\"", err.message, why);
    assert_null(plan.percentiles);
}

static void clocks_count_from_the_day_before(void **state) {
    (void)state;
    uint32_t ms;
    char text[16];
    assert_true(hsd_transit_clock("08:00", &ms));
    assert_int_equal(ms, 115200000); /* docs/methods.md, 10 */
    assert_true(hsd_transit_clock("0:00:01", &ms));
    assert_int_equal(ms, 86401000);
    assert_true(hsd_transit_clock("30:00", &ms));
    assert_int_equal(ms, 86400000 + 108000000);
    static const char *const bad[] = {"",      "8",           "8:0",    "08:61",
                                      "30:01", "8:00:60",     "08:00x", "008:00",
                                      "-1:00", "08:00:00:00", " 8:00",  "08.00"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(hsd_transit_clock(bad[i], &ms));
    hsd_transit_clock_text(115200000, text);
    assert_string_equal(text, "08:00");
    hsd_transit_clock_text(86400000 + 90061000, text);
    assert_string_equal(text, "25:01:01");
    hsd_transit_clock_text(86400000 - 90 * 60000, text);
    assert_string_equal(text, "-01:30");
}

static void what_is_not_said_has_its_default(void **state) {
    (void)state;
    hsd_transit_plan plan;
    const hsd_transit_choice choice = {.date = "1970-01-02"};
    assert_int_equal(plan_of(&choice, HSD_FROM, &plan), HSD_OK);
    assert_int_equal(plan.date, 1);
    assert_int_equal(plan.depart_ms, 115200000);
    assert_int_equal(plan.arrive_ms, 118800000);
    assert_int_equal(plan.instant_count, 60);
    assert_int_equal(plan.percentile_count, 1);
    assert_true(plan.percentiles[0] == 50);
    assert_int_equal(plan.rules.max_rides, 5);
    assert_int_equal(plan.rules.change_ms, 120000);
    assert_int_equal(plan.rules.park_ms, 300000);
    assert_int_equal(plan.rules.board_ms[HSD_RIDE_HIGH_SPEED], 1800000);
    assert_int_equal(plan.rules.board_ms[HSD_RIDE_BUS], 0);
    assert_false(plan.day_return || plan.rules.park);
    hsd_transit_plan_finish(&plan);
}

static void what_is_said_replaces_it(void **state) {
    (void)state;
    static const double percentiles[] = {90, 50, 10, 90, 0};
    hsd_transit_plan plan;
    const hsd_transit_choice choice = {.date = "2019-05-14",
                                       .arrive = "10:30",
                                       .window_min = 90.5,
                                       .percentiles = percentiles,
                                       .percentile_count = 5,
                                       .access = "park",
                                       .park_min = -1,
                                       .max_walk_min = 7.5,
                                       .max_transfers = -1,
                                       .change_min = -1,
                                       .transfer_penalty_min = 3,
                                       .board = "rail=2.5,bus=1",
                                       .phases = 4};
    assert_int_equal(plan_of(&choice, HSD_TO, &plan), HSD_OK);
    assert_int_equal(plan.arrive_ms, 86400000 + 37800000);
    assert_int_equal(plan.instant_count, 91);
    assert_int_equal(plan.percentile_count, 4); /* the median first */
    assert_true(plan.percentiles[0] == 50 && plan.percentiles[1] == 0);
    assert_true(plan.percentiles[2] == 10 && plan.percentiles[3] == 90);
    assert_true(plan.rules.park);
    assert_int_equal(plan.rules.park_ms, 0);
    assert_int_equal(plan.rules.walk_cap_ms, 450000);
    assert_int_equal(plan.rules.max_rides, 1);
    assert_int_equal(plan.rules.change_ms, 0);
    assert_int_equal(plan.rules.penalty_ms, 180000);
    assert_int_equal(plan.rules.board_ms[HSD_RIDE_RAIL], 150000);
    assert_int_equal(plan.rules.board_ms[HSD_RIDE_BUS], 60000);
    assert_int_equal(plan.rules.board_ms[HSD_RIDE_FERRY], 600000);
    assert_int_equal(plan.rules.phase_count, 4);
    hsd_transit_plan_finish(&plan);
    const hsd_transit_choice none = {.date = "2019-05-14", .board = "none", .window_min = -1};
    assert_int_equal(plan_of(&none, HSD_FROM, &plan), HSD_OK);
    assert_int_equal(plan.rules.board_ms[HSD_RIDE_HIGH_SPEED], 0);
    assert_int_equal(plan.instant_count, 1);
    hsd_transit_plan_finish(&plan);
}

static void what_would_be_passed_over_is_refused(void **state) {
    (void)state;
    static const double over[] = {50, 101};
    const char *day = "2019-05-14";
    refused((hsd_transit_choice){0}, HSD_FROM, "--date");
    refused((hsd_transit_choice){.date = "2019-02-29"}, HSD_FROM, "2019-02-29");
    refused((hsd_transit_choice){.date = day, .depart = "08:61"}, HSD_FROM, "08:61");
    refused((hsd_transit_choice){.date = day, .depart = "08:00"}, HSD_TO, "--arrive");
    refused((hsd_transit_choice){.date = day, .arrive = "08:00"}, HSD_FROM, "--depart");
    refused((hsd_transit_choice){.date = day, .day_return = true}, HSD_FROM, "--to");
    refused((hsd_transit_choice){.date = day, .day_return = true, .access = "park"}, HSD_TO, "car");
    refused((hsd_transit_choice){.date = day, .day_return = true, .arrive = "18:00"}, HSD_TO,
            "before");
    refused((hsd_transit_choice){.date = day, .egress = "park"}, HSD_FROM, "--egress park");
    refused((hsd_transit_choice){.date = day, .park_min = 5}, HSD_FROM, "--access park");
    refused((hsd_transit_choice){.date = day, .percentiles = over, .percentile_count = 2}, HSD_FROM,
            "101");
    refused((hsd_transit_choice){.date = day, .max_transfers = 1.5}, HSD_FROM, "1.5");
    refused((hsd_transit_choice){.date = day, .max_walk_min = 601}, HSD_FROM, "--max-walk");
    refused((hsd_transit_choice){.date = day, .window_min = 1441}, HSD_FROM, "1441");
    refused((hsd_transit_choice){.date = day, .board = "rail"}, HSD_FROM, "KIND=MINUTES");
    refused((hsd_transit_choice){.date = day, .board = "rail=1,"}, HSD_FROM, "missing");
    refused((hsd_transit_choice){.date = day, .board = "rail=1,rail=2"}, HSD_FROM, "twice");
    refused((hsd_transit_choice){.date = day, .board = "train=1"}, HSD_FROM, "high_speed");
    refused((hsd_transit_choice){.date = day, .board = "rail=x"}, HSD_FROM, "\"x\"");
}

static void without_the_mode_every_choice_is_idle(void **state) {
    (void)state;
    hsd_transit_plan plan;
    const hsd_transit_choice nothing = {0}, change = {.change_min = -1};
    assert_int_equal(hsd_transit_plan_read(&nothing, NULL, HSD_FROM, &plan, &err), HSD_OK);
    assert_int_equal(hsd_transit_plan_read(&change, "car", HSD_FROM, &plan, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "--change"));
}

static void legs_are_asked_by_ids_and_instant(void **state) {
    (void)state;
    hsd_leg_ask ask;
    assert_int_equal(hsd_leg_ask_parse("a:b", &ask, &err), HSD_OK);
    assert_string_equal(ask.origin, "a");
    assert_string_equal(ask.target, "b");
    assert_int_equal(ask.instant_ms, HSD_UNREACHABLE);
    assert_int_equal(hsd_leg_ask_parse("a:b:c@08:00", &ask, &err), HSD_OK);
    assert_string_equal(ask.target, "b:c");
    assert_int_equal(ask.instant_ms, 115200000);
    static const char *const bad[] = {"", "a", ":b", "a:", "a:b@", "a:b@25", "a@08:00"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(hsd_leg_ask_parse(bad[i], &ask, &err), HSD_E_ARGUMENT);
}

static void captions_say_when(void **state) {
    (void)state;
    uint32_t morning[60];
    for (uint32_t i = 0; i < 60; i++) morning[i] = 115200000 + i * 60000;
    double percentiles[] = {50};
    char text[256];
    hsd_transit_run run = {.plan = {.percentiles = percentiles, .percentile_count = 1},
                           .way_count = 1};
    assert_true(hsd_day_parse("2019-05-14", &run.plan.date));
    run.ways[0].instants_ms = morning;
    run.ways[0].instant_count = 60;
    hsd_transit_caption(&run, "en", text, sizeof text);
    assert_string_equal(text,
                        "Door to door by transit, Tuesday 2019-05-14, leaving 08:00–08:59, median");
    hsd_transit_caption(&run, "zh", text, sizeof text);
    assert_string_equal(text, "公共交通门到门，星期二 2019-05-14，08:00–08:59 出发，中位数");
    percentiles[0] = 92;
    run.plan.direction = HSD_TO;
    run.ways[0].instant_count = 1;
    hsd_transit_caption(&run, "en", text, sizeof text);
    assert_string_equal(
        text, "Door to door by transit, Tuesday 2019-05-14, arriving 08:00, 92nd percentile");
}

static void memory_may_end_anywhere(void **state) {
    (void)state;
    static const double percentiles[] = {10, 90};
    const hsd_transit_choice choice = {
        .date = "2019-05-14", .percentiles = percentiles, .percentile_count = 2};
    hsd_transit_plan plan;
    hsd_memory_fail_at(1);
    assert_int_equal(plan_of(&choice, HSD_FROM, &plan), HSD_E_MEMORY);
    hsd_memory_fail_at(0);
    assert_null(plan.percentiles);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_count_from_the_day_before),
        cmocka_unit_test(what_is_not_said_has_its_default),
        cmocka_unit_test(what_is_said_replaces_it),
        cmocka_unit_test(what_would_be_passed_over_is_refused),
        cmocka_unit_test(without_the_mode_every_choice_is_idle),
        cmocka_unit_test(legs_are_asked_by_ids_and_instant),
        cmocka_unit_test(captions_say_when),
        cmocka_unit_test(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
