/* What proposals do to trains that run: the timetable of rail_drawn.h, worked out by hand. */
#include "rail_drawn.h"

static rail_drawn d;
static hsd_service_row *s;

static void begin(hsd_service_action action) {
    rail_init(&d);
    rail_base(&d);
    s = rail_service(&d, 0, action, "L");
    s->headway_min = NAN;
}

static void between(const char *from, const char *to) {
    s->from_station = WORD(from);
    s->to_station = WORD(to);
}

#define AS_IT_WAS "S0 0/0 S1 600/660 S2 1260/1320 S3 1920/1920"

static void trains_run_faster_between_two_stations(void **state) {
    (void)state;
    begin(HSD_SERVICE_SPEED);
    s->factor = 1.25;
    between("S1", "S2");
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 5);
    assert_calls(&t, 0, "S0 0/0 S1 600/660 S2 1140/1200 S3 1800/1800"); /* 600 / 1.25 = 480 */
    assert_calls(&t, 1, "S0 0/0 S1 600/660 S2 1236/1296 S3 1896/1896"); /* 720 / 1.25 = 576 */
    assert_calls(&t, 3, "S3 0/0 S2 600/660 S1 1140/1200 S0 1800/1800");
    /* (4 x 120 + 144) / 5 = 124.8 s */
    assert_string_equal(edit_of(&r, HSD_LAYER_SERVICES, 1)->what,
                        "L between S1 and S2: 5 trips faster by 2.1 min on average; 5 a day");
    assert_int_equal(edit_of(&r, HSD_LAYER_SERVICES, 1)->trips_changed, 5);
    hsd_timetable_finish(&t);
    t = rail_scenario(&r, 0);
    assert_calls(&t, 0, AS_IT_WAS);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
    s->forward = true;
    r = rail_resolved(&d, true);
    t = rail_scenario(&r, 1);
    assert_calls(&t, 0, "S0 0/0 S1 600/660 S2 1140/1200 S3 1800/1800");
    assert_calls(&t, 3, "S3 0/0 S2 600/660 S1 1260/1320 S0 1920/1920"); /* not back */
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

static void a_section_takes_the_minutes_that_are_asked(void **state) {
    (void)state;
    begin(HSD_SERVICE_SPEED);
    double minutes[] = {20.85};
    s->minutes = minutes;
    s->minute_count = 1;
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 1);
    /* 1,251 s less two stops of 60 leave 1,131: 377 a run */
    assert_calls(&t, 0, "S0 0/0 S1 377/437 S2 814/874 S3 1251/1251");
    /* of 1,920 s, runs 600, 720, 600: 353.4, 424.1, 353.4; sums 353, 778, 1131 */
    assert_calls(&t, 1, "S0 0/0 S1 353/413 S2 838/898 S3 1251/1251");
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
    minutes[0] = 2;
    rail_refused(&d, true, "2 minutes: the stops of some trains between the two stations");
}

/* 160 km/h: w = 35.556, k = 2.5: 11,131.949 x 1.055 / 35.556 + 44.444 = 374.7 s. */
static void a_design_speed_never_slows_a_train(void **state) {
    (void)state;
    begin(HSD_SERVICE_SPEED);
    s->speed_kmh = 160;
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_calls(&t, 0, "S0 0/0 S1 375/435 S2 810/870 S3 1245/1245");
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
    s->speed_kmh = 50;
    rail_refused(&d, true, "5 trips of \"L\" stay as they are: nothing is changed");
}

static void trains_stop_once_more(void **state) {
    (void)state;
    begin(HSD_SERVICE_STOP);
    s->stations = WORD("X");
    s->loss_min = 2;
    rail_station(&d, 0, "X", 0.15, 0)->dwell_min = 1;
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 1);
    /* 600 s parted by half, a minute of the loss to each: 360; then the stop; then 360 */
    assert_calls(&t, 0, "S0 0/0 S1 600/660 X 1020/1080 S2 1440/1500 S3 2100/2100");
    assert_calls(&t, 4, "S3 0/0 S2 600/660 X 1020/1080 S1 1440/1500 S0 2100/2100");
    assert_string_equal(edit_of(&r, HSD_LAYER_SERVICES, 1)->what,
                        "L: 5 of 5 trips stop at X, 3.0 min longer; 5 a day");
    assert_int_equal(edit_of(&r, HSD_LAYER_STATIONS, 1)->stops_added, 1);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
    d.stations[0].at.lat = 0.1; /* 11 km aside */
    rail_refused(&d, true, "none of 5 trips of \"L\" passes \"X\" without stopping");
    d.table.station_count = 0;
    s->stations = WORD("S1");
    rail_refused(&d, true, "none of 5 trips of \"L\" passes \"S1\" without stopping");
    s->stations = WORD("Y");
    rail_refused(&d, true, "stations \"Y\" is not a stop of the timetable, nor a row");
}

/* w k / 2 at 160 km/h, suburban: 35.556 x 1.25 = 44 s; dwell 40 s. */
static void a_new_station_on_a_line_that_runs_needs_no_service(void **state) {
    (void)state;
    begin(HSD_SERVICE_STOP);
    d.table.service_count = 0;
    rail_station(&d, 0, "X", 0.15, 0)->line = WORD("L");
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_calls(&t, 0, "S0 0/0 S1 600/660 X 982/1022 S2 1344/1404 S3 2004/2004");
    assert_string_equal(edit_of(&r, HSD_LAYER_STATIONS, 1)->what,
                        "new stop X; L: 5 of 5 trips stop at X, 1.4 min longer; 5 a day");
    assert_int_equal(r.edit_count, 1);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

/* A run of 150 s: 11,131.949 x 1.055 / 150 x 3.6 / 0.8 = 352.3 km/h: w k / 2 = 0.8 x 352.3 / 3.6
 * x 4.6 = 360.2 s, and 135 s of stop. */
static void what_a_stop_costs_follows_the_speed_of_the_train(void **state) {
    (void)state;
    begin(HSD_SERVICE_STOP);
    for (int c = 0; c < 4; c++) { /* of the first trip */
        d.base.calls[c].arrival_s = hand_time(7, 0) + c * 210 - (c ? 60 : 0);
        d.base.calls[c].departure_s = hand_time(7, 0) + c * 210;
    }
    s->stations = WORD("X");
    s->of = WORD("e1");
    rail_station(&d, 0, "X", 0.15, 0);
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 1);
    /* 75 + 180.1, and 150 + 360 - 255 */
    assert_calls(&t, 0, "S0 0/0 S1 150/210 X 465/600 S2 855/915 S3 1065/1125");
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

static void more_trains_are_copies_of_the_usual_one(void **state) {
    (void)state;
    begin(HSD_SERVICE_HEADWAY);
    s->headway_min = 20;
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 7);
    assert_calls(&t, 0, AS_IT_WAS); /* what runs keeps running */
    assert_calls(&t, 5, AS_IT_WAS); /* the median of three */
    assert_calls(&t, 6, "S3 0/0 S2 600/660 S1 1260/1320 S0 1920/1920");
    assert_int_equal(t.headways[t.trips[5].first_headway].headway_s, 1200);
    assert_int_equal(t.trips[5].line, t.trips[0].line);
    assert_true(hsd_service_runs(&t, t.trips[5].service, DRAWN_DAY));
    assert_false(hsd_service_runs(&t, t.trips[0].service, DRAWN_DAY));
    assert_string_equal(edit_of(&r, HSD_LAYER_SERVICES, 1)->what,
                        "L: 98 trips a day more, every 20 min from 06:00 to 22:00; 5 run there "
                        "now"); /* 49 each way */
    assert_int_equal(edit_of(&r, HSD_LAYER_SERVICES, 1)->trips_added, 98);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);

    between("S3", "S1"); /* a section, one way, at two hours */
    s->forward = true;
    s->headway_min = NAN;
    int32_t hours[] = {hand_time(10, 0), hand_time(11, 0)};
    s->departures_s = hours;
    s->departure_count = 2;
    r = rail_resolved(&d, true);
    t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 7);
    assert_calls(&t, 6, "S3 0/0 S2 600/660 S1 1260/1260");
    assert_int_equal(t.calls[t.trips[6].first_call].departure_s, hand_time(11, 0));
    assert_int_equal(t.trips[6].headway_count, 0);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

static void a_line_is_cut(void **state) {
    (void)state;
    begin(HSD_SERVICE_CUT);
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 0);
    assert_int_equal(edit_of(&r, HSD_LAYER_SERVICES, 1)->trips_removed, 5);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);

    between("S1", "S2");
    r = rail_resolved(&d, true);
    t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 10);
    assert_calls(&t, 0, "S0 0/0 S1 600/660");
    assert_calls(&t, 5, "S2 -60/0 S3 600/600");
    assert_int_equal(t.calls[t.trips[5].first_call].departure_s, hand_time(7, 22));
    assert_string_equal(text_of(&t, t.trips[5].id), "e1 (2)");
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);

    between("S2", "S3"); /* the end of the line */
    r = rail_resolved(&d, true);
    t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 5);
    assert_calls(&t, 0, "S0 0/0 S1 600/660 S2 1260/1320");
    assert_calls(&t, 3, "S2 -60/0 S1 600/660 S0 1260/1260");
    assert_string_equal(text_of(&t, t.trips[3].id), "w1");
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);

    between("S0", "S3");
    r = rail_resolved(&d, true);
    t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 0);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

/* Speed comes before headway, headway before cut, whatever the order of rows. */
static void changes_are_applied_in_one_order(void **state) {
    (void)state;
    begin(HSD_SERVICE_CUT);
    s->of = WORD("w*");
    s = rail_service(&d, 1, HSD_SERVICE_HEADWAY, "L");
    s = rail_service(&d, 2, HSD_SERVICE_SPEED, "L");
    s->factor = 2;
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 7);
    assert_int_equal(t.trip_count, 5); /* three east, and a copy each way */
    assert_calls(&t, 3, "S0 0/0 S1 300/360 S2 660/720 S3 1020/1020");
    assert_calls(&t, 4, "S3 0/0 S2 300/360 S1 660/720 S0 1020/1020");
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

static void trains_that_are_not_there_cannot_be_changed(void **state) {
    (void)state;
    begin(HSD_SERVICE_CUT);
    rail_refused(&d, false, "action cut changes trains that run: there is no timetable");
    s->of = WORD("M*");
    rail_refused(&d, true, "no line or trip of the timetable has the id or name \"M*\"");
    s->of = WORD("e2");
    hsd_resolved_rail r = rail_resolved(&d, true);
    assert_int_equal(edit_of(&r, HSD_LAYER_SERVICES, 1)->trips_removed, 1);
    hsd_resolved_rail_finish(&r);
    between("S0", "Z");
    rail_refused(&d, true, "to_station \"Z\" is not a stop of the timetable");
    between("S2", "S0");
    s->forward = true;
    rail_refused(&d, true, "no trip that \"e2\" chooses runs between S2 and S0");
}

static int end(void **state) {
    (void)state;
    hsd_issues_finish(&issues);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trains_run_faster_between_two_stations),
        cmocka_unit_test(a_section_takes_the_minutes_that_are_asked),
        cmocka_unit_test(a_design_speed_never_slows_a_train),
        cmocka_unit_test(trains_stop_once_more),
        cmocka_unit_test(a_new_station_on_a_line_that_runs_needs_no_service),
        cmocka_unit_test(what_a_stop_costs_follows_the_speed_of_the_train),
        cmocka_unit_test(more_trains_are_copies_of_the_usual_one),
        cmocka_unit_test(a_line_is_cut),
        cmocka_unit_test(changes_are_applied_in_one_order),
        cmocka_unit_test(trains_that_are_not_there_cannot_be_changed),
    };
    return cmocka_run_group_tests(tests, NULL, end) != 0;
}
