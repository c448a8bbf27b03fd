/* New lines: where stations lie, in what order, how long trains take. On the equator 0.1 degrees
 * are 11,131.949 m. A 200 km/h railway: w = 0.8 x 200 / 3.6 = 44.444 m/s, w k / 2 = 204.444 s with
 * k = 9.2; its triangle ends at w w k / 2 = 9,086 m. */
#include "rail_drawn.h"

static rail_drawn d;

static void stations_in_any_order(void) {
    rail_station(&d, 0, "C", 0.3, 0);
    rail_station(&d, 0, "A", 0, 0);
    rail_station(&d, 0, "B", 0.1, 0.0009); /* 100 m off */
}

/* 11,131.949 / 44.444 + 204.444 = 454.9 s, then 22,263.898 / 44.444 + 204.444 = 705.4 s. */
static void minutes_come_from_the_speed_and_a_loss_a_stop(void **state) {
    (void)state;
    rail_init(&d);
    rail_link(&d, 0, NULL, 200, XY(0, 0, 0.3, 0));
    stations_in_any_order();
    rail_service(&d, 0, HSD_SERVICE_NEW, "Coast");
    hsd_resolved_rail r = rail_resolved(&d, false);
    assert_int_equal(r.all_stops.stop_count, 3);
    assert_int_equal(r.all_stops.trip_count, 0);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 2);
    assert_calls(&t, 0, "A 0/0 B 455/590 C 1295/1295");
    assert_calls(&t, 1, "C 0/0 B 705/840 A 1295/1295");
    assert_int_equal(t.trips[1].direction, 1);
    assert_int_equal(t.headway_count, 2);
    assert_int_equal(t.headways[0].start_s, hand_time(6, 0));
    assert_int_equal(t.headways[0].end_s, hand_time(22, 0));
    assert_int_equal(t.headways[0].headway_s, 1800);
    assert_int_equal(t.headways[0].exact, 0);
    assert_int_equal(t.line_count, 1);
    assert_string_equal(text_of(&t, t.lines[0].name), "Coast");
    assert_int_equal(t.lines[0].kind, HSD_RIDE_RAIL);
    assert_string_equal(text_of(&t, t.trips[0].headsign), "C");
    /* 33.396 km in 1,295 s: 92.8 km/h of 200 */
    const hsd_edit *edit = edit_of(&r, HSD_LAYER_SERVICES, 1);
    assert_string_equal(edit->what,
                        "new line Coast: 3 stations, 33.4 km, 22 min end to end at 200 km/h: "
                        "commercial speed 93 km/h, 0.46 of design; 33 trips a day each way");
    assert_true(fabs(edit->commercial_ratio - 0.46419) < 1e-4);
    assert_true(fabs(edit->length_km - 33.395847) < 1e-5);
    assert_int_equal(edit->trips_added, 66);
    assert_int_equal(edit->geometry.type, HSD_GEOMETRY_LINE);
    assert_int_equal(issues.remarks, 0);
    assert_int_equal(edit_of(&r, HSD_LAYER_STATIONS, 2)->stops_added, 1);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

/* A metro of 80 km/h: w = 0.85 x 80 / 3.6, its triangle ends at 446 m: sqrt(2 x 222.639 x 2.5) =
 * 33.4 s. */
static void a_short_hop_never_reaches_its_speed(void **state) {
    (void)state;
    rail_init(&d);
    rail_link(&d, 0, NULL, 80, XY(0, 0, 0.002, 0));
    rail_station(&d, 0, "A", 0, 0);
    rail_station(&d, 0, "B", 0.002, 0);
    hsd_service_row *s = rail_service(&d, 0, HSD_SERVICE_NEW, "M");
    s->kind = HSD_RIDE_METRO;
    s->forward = true;
    hsd_resolved_rail r = rail_resolved(&d, false);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 1);
    assert_calls(&t, 0, "A 0/0 B 33/33");
    assert_int_equal(issues.remarks, 1); /* 24 km/h of 80 */
    assert_non_null(strstr(issues.list[0].text, "0.30 of the design speed 80 km/h"));
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

/* 1,800 s less a stop of 135 leave 1,665, shared 454.913 : 705.382. */
static void given_minutes_win(void **state) {
    (void)state;
    rail_init(&d);
    rail_link(&d, 0, NULL, 200, XY(0, 0, 0.3, 0));
    stations_in_any_order();
    hsd_service_row *s = rail_service(&d, 0, HSD_SERVICE_NEW, "Coast");
    double total[] = {30}, each[] = {5, 8};
    s->minutes = total;
    s->minute_count = 1;
    hsd_resolved_rail r = rail_resolved(&d, false);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_calls(&t, 0, "A 0/0 B 653/788 C 1800/1800");
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
    s->minutes = each;
    s->minute_count = 2;
    d.stations[2].dwell_min = 1;
    r = rail_resolved(&d, false);
    t = rail_scenario(&r, 1);
    assert_calls(&t, 0, "A 0/0 B 300/360 C 840/840");
    assert_calls(&t, 1, "C 0/0 B 480/540 A 840/840");
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
    s->minutes = total;
    s->minute_count = 1;
    total[0] = 1;
    d.stations[2].dwell_min = 2;
    rail_refused(&d, false, "1.0 minutes end to end, but its stops alone take 2.0");
    s->minutes = each;
    s->minute_count = 2;
    d.services[0].stations = WORD("A;B");
    rail_refused(&d, false, "2 minutes for 1 runs between 2 stations");
}

static void departures_are_trips_of_their_own(void **state) {
    (void)state;
    rail_init(&d);
    rail_link(&d, 0, "X", 200, XY(0, 0, 0.1, 0));
    rail_station(&d, 0, "A", 0, 0);
    rail_station(&d, 0, "B", 0.1, 0);
    hsd_service_row *s = rail_service(&d, 0, HSD_SERVICE_NEW, "whatever"); /* the only line */
    int32_t hours[] = {hand_time(7, 0), hand_time(24, 30)};
    s->departures_s = hours;
    s->departure_count = 2;
    s->headway_min = NAN;
    hsd_resolved_rail r = rail_resolved(&d, false);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 4);
    assert_int_equal(t.headway_count, 0);
    assert_int_equal(t.calls[t.trips[1].first_call].departure_s, hand_time(24, 30));
    assert_int_equal(t.calls[t.trips[3].first_call].departure_s, hand_time(24, 30));
    assert_string_equal(text_of(&t, t.stops[t.calls[t.trips[3].first_call].stop].name), "B");
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(text_of(&t, t.trips[i].id), text_of(&t, t.trips[k].id));
    assert_true(hsd_service_runs(&t, t.trips[0].service, 10957)); /* 2000-01-01 */
    assert_true(hsd_service_runs(&t, t.trips[0].service, 47481)); /* 2099-12-31 */
    assert_false(hsd_service_runs(&t, t.trips[0].service, 47482));
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

static void a_line_in_pieces_is_one_line(void **state) {
    (void)state;
    rail_init(&d);
    rail_link(&d, 0, "X", 200, XY(0.1, 0, 0.2, 0));
    rail_link(&d, 0, "X", 100, XY(0.1, 0.0002, 0, 0)); /* against, its start 22 m off */
    rail_link(&d, 0, "Y", 200, XY(0, 1, 0.1, 1));
    stations_in_any_order();
    d.stations[0].at.lon = 0.2;
    d.stations[0].line = d.stations[1].line = d.stations[2].line = WORD("X");
    rail_station(&d, 0, "D", 0, 1)->line = WORD("Y");
    rail_station(&d, 0, "E", 0.1, 1)->line = WORD("Y");
    rail_service(&d, 0, HSD_SERVICE_NEW, "X");
    rail_service(&d, 0, HSD_SERVICE_NEW, "Y");
    hsd_resolved_rail r = rail_resolved(&d, false);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_int_equal(t.trip_count, 4);
    /* from the drawing of the first link on: eastward. 100 km/h by w = 22.222 and k = 9.2 (the kind
     * is rail by the mean speed of the line, 133 km/h: suburban, k = 2.5): 11,131.97 / 22.222 +
     * 22.222 x 1.25 = 528.7; dwell 40; 11,131.949 / 44.444 + 44.444 x 1.25 = 306.0 */
    assert_calls(&t, 0, "A 0/0 B 529/569 C 875/875");
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

static void a_line_that_branches_wants_its_stations_named(void **state) {
    (void)state;
    rail_init(&d);
    rail_link(&d, 0, NULL, 200, XY(0, 0, 0.2, 0));
    rail_link(&d, 0, NULL, 200, XY(0.1, 0.0001, 0.1, 0.1)); /* off the middle of the first */
    rail_station(&d, 0, "A", 0, 0);
    rail_station(&d, 0, "B", 0.2, 0);
    rail_station(&d, 0, "N", 0.1, 0.1);
    hsd_service_row *s = rail_service(&d, 0, HSD_SERVICE_NEW, "L");
    rail_refused(&d, false, "line \"L\": it branches");
    s->stations = WORD("N;A");
    rail_refused(&d, false, "\"B\": no train of the proposal calls there");
    rail_service(&d, 0, HSD_SERVICE_NEW, "L")->stations = WORD("A;B");
    hsd_resolved_rail r = rail_resolved(&d, false);
    /* 11,131.949 + 11,057.4 - 11 m, and 22,263.898 m */
    assert_true(fabs(edit_of(&r, HSD_LAYER_SERVICES, 1)->length_km - 22.178) < 0.002);
    assert_true(fabs(edit_of(&r, HSD_LAYER_SERVICES, 2)->length_km - 22.264) < 0.001);
    assert_int_equal(edit_of(&r, HSD_LAYER_SERVICES, 1)->geometry.point_count, 4);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_int_equal(t.line_count, 1);
    assert_int_equal(t.shape_count, 4);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

static void a_ring_comes_back_to_its_first_station(void **state) {
    (void)state;
    rail_init(&d);
    rail_link(&d, 0, NULL, 80, XY(0, 0, 0.1, 0, 0.1, 0.1, 0, 0.1, 0, 0));
    rail_station(&d, 0, "C", 0.05, 0.1);
    rail_station(&d, 0, "A", 0.05, 0);
    rail_station(&d, 0, "B", 0.1, 0.05);
    hsd_service_row *s = rail_service(&d, 0, HSD_SERVICE_NEW, "Ring");
    s->kind = HSD_RIDE_METRO;
    s->forward = true;
    hsd_resolved_rail r = rail_resolved(&d, false);
    hsd_timetable t = rail_scenario(&r, 1);
    const hsd_call_row *calls = t.calls;
    assert_int_equal(t.trips[0].call_count, 4);
    const char *const names[] = {"A", "B", "C", "A"};
    for (int i = 0; i < 4; i++)
        assert_string_equal(text_of(&t, t.stops[calls[i].stop].name), names[i]);
    assert_true(fabs(edit_of(&r, HSD_LAYER_SERVICES, 1)->length_km - 44.379) < 0.01);
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

static void a_station_at_a_stop_of_its_name_is_that_stop(void **state) {
    (void)state;
    rail_init(&d);
    rail_base(&d);
    rail_link(&d, 0, NULL, 200, XY(0.1, 0, 0.1, 0.2));
    rail_station(&d, 0, "S1", 0.1, 0.0004);                  /* 44 m */
    rail_station(&d, 0, "Two", 0.1, 0.1)->stop = WORD("S2"); /* named */
    rail_station(&d, 0, "S3", 0.1, 0.2)->access_min = 3;     /* far from the stop S3 */
    rail_service(&d, 0, HSD_SERVICE_NEW, "N");
    rail_link(&d, 1, NULL, 200, XY(0.1, 0.2, 0.1, 0.3));
    rail_station(&d, 1, "S3", 0.1, 0.2003); /* the same place in another proposal */
    rail_station(&d, 1, "S4", 0.1, 0.3)->park_min = 1.5;
    rail_service(&d, 1, HSD_SERVICE_NEW, "O");
    hsd_resolved_rail r = rail_resolved(&d, true);
    assert_int_equal(r.all_stops.stop_count, 6);
    assert_int_equal(r.all_stops.trip_count, 5);
    assert_string_equal(text_of(&r.all_stops, r.all_stops.stops[4].name), "S3");
    assert_int_equal(r.all_stops.stops[4].access_ms, 180000);
    assert_int_equal(r.all_stops.stops[4].park_ms, HSD_NO_ROW);
    assert_int_equal(r.all_stops.stops[4].feed, HSD_NO_ROW);
    assert_int_equal(r.all_stops.stops[5].park_ms, 90000);
    assert_int_equal(edit_of(&r, HSD_LAYER_STATIONS, 1)->stops_added, 0);
    assert_string_equal(edit_of(&r, HSD_LAYER_STATIONS, 2)->what,
                        "is stop S2 (S2) of the timetable");
    assert_int_equal(edit_of(&r, HSD_LAYER_STATIONS, 3)->stops_added, 1);
    assert_int_equal(edit_of(&r, HSD_LAYER_STATIONS, 4)->stops_added, 0);
    hsd_timetable t = rail_scenario(&r, 3);
    assert_int_equal(t.trip_count, 9);
    assert_int_equal(t.stop_count, 6);
    assert_int_equal(t.calls[t.trips[5].first_call].stop, 1);
    assert_int_equal(t.calls[t.trips[5].first_call + 1].stop, 2);
    assert_int_equal(t.calls[t.trips[5].first_call + 2].stop, 4);
    assert_int_equal(t.calls[t.trips[7].first_call].stop, 4);
    assert_true(hsd_service_runs(&t, t.trips[5].service, DRAWN_DAY + 13));
    assert_false(hsd_service_runs(&t, t.trips[5].service, DRAWN_DAY + 14));
    hsd_timetable_finish(&t);
    t = rail_scenario(&r, 2);
    assert_int_equal(t.trip_count, 7);
    assert_int_equal(t.line_count, 2);
    assert_string_equal(text_of(&t, t.lines[t.trips[5].line].name), "O");
    assert_int_equal(t.stop_count, 6); /* the same rows in every scenario */
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
}

static void a_service_without_a_line_runs_straight(void **state) {
    (void)state;
    rail_init(&d);
    rail_base(&d);
    rail_station(&d, 0, "X", 0.5, 0);
    hsd_service_row *s = rail_service(&d, 0, HSD_SERVICE_NEW, "Express");
    s->stations = WORD("S0;S3;X");
    double each[] = {20, 15};
    s->minutes = each;
    s->minute_count = 2;
    s->forward = true;
    hsd_resolved_rail r = rail_resolved(&d, true);
    hsd_timetable t = rail_scenario(&r, 1);
    assert_calls(&t, 5, "S0 0/0 S3 1200/1240 X 2140/2140"); /* rail at 160: 40 s a stop */
    assert_int_equal(t.trips[5].shape, HSD_NO_ROW);
    assert_true(isnan(edit_of(&r, HSD_LAYER_SERVICES, 1)->commercial_ratio));
    hsd_timetable_finish(&t);
    hsd_resolved_rail_finish(&r);
    s->stations = NULL;
    rail_refused(&d, true, "stations is empty, and no link of kind rail has the line");
    s->stations = WORD("S0;Nowhere");
    rail_refused(&d, true, "station \"Nowhere\" is neither a row of layer stations nor a stop");
}

static void what_does_nothing_is_refused(void **state) {
    (void)state;
    rail_init(&d);
    rail_link(&d, 0, NULL, 350, XY(0, 0, 0.3, 0));
    rail_refused(&d, false, "links feature 1: line \"p\": no train runs on it");
    rail_station(&d, 0, "A", 0, 0);
    rail_service(&d, 0, HSD_SERVICE_NEW, "L");
    rail_refused(&d, false, "services feature 1: line \"L\": it has one station");
    rail_station(&d, 0, "B", 0.3, 0.006);
    rail_refused(&d, false, "stations feature 2: \"B\" is 663 m from line \"L\"; at most 500 m");
    d.stations[1].at = (hsd_lonlat){0, 0.0001};
    rail_refused(&d, false, "\"A\" and \"B\" are at one place of it");
    d.stations[1].at = (hsd_lonlat){0.3, 0};
    d.stations[1].stop = WORD("J9");
    rail_refused(&d, false, "stations feature 2: stop \"J9\" is not in the timetable");
    d.stations[1].stop = NULL;
    rail_link(&d, 0, NULL, 350, XY(0.5, 0, 0.6, 0));
    rail_station(&d, 0, "C", 0.6, 0);
    rail_refused(&d, false, "it branches, or its links do not meet within 50 m");
    d.services[0].stations = WORD("A;B;C");
    rail_refused(&d, false, "no way along it from \"B\" to \"C\"");
    d.links[0].name = WORD("one");
    d.links[1].name = WORD("two");
    rail_refused(&d, false, "no link of kind rail has this name");
    rail_refused(&d, false, "links feature 2: line \"two\": no train runs on it");
}

static void nothing_leaks_when_memory_runs_out(void **state) {
    (void)state;
    rail_init(&d);
    rail_base(&d);
    rail_link(&d, 0, NULL, 200, XY(0, 0, 0.3, 0));
    stations_in_any_order();
    rail_service(&d, 0, HSD_SERVICE_NEW, "Coast");
    rail_service(&d, 1, HSD_SERVICE_HEADWAY, "L");
    rail_service(&d, 2, HSD_SERVICE_SPEED, "L")->factor = 2;
    hsd_service_row *cut = rail_service(&d, 3, HSD_SERVICE_CUT, "L");
    cut->from_station = WORD("S1");
    cut->to_station = WORD("S2");
    const uint8_t active[] = {1, 1, 1, 1};
    hsd_status status = HSD_E_MEMORY;
    uint64_t n = 1;
    for (; status != HSD_OK && n < 1000; n++) {
        hsd_resolved_rail r;
        hsd_timetable t = {0};
        hsd_error err = {0};
        hsd_issues found = {0};
        hsd_memory_fail_at(n);
        status = hsd_rail_resolve(&d.base.table, &d.table, INT32_MIN, NULL, &r, &found, &err);
        if (status == HSD_OK) status = hsd_scenario_timetable(&r, active, &t, &err);
        hsd_memory_fail_at(0);
        if (status != HSD_OK) {
            assert_int_equal(status, HSD_E_MEMORY);
            assert_non_null(strstr(err.message, "memory"));
        }
        hsd_timetable_finish(&t);
        hsd_resolved_rail_finish(&r);
        hsd_issues_finish(&found);
    }
    assert_int_equal(status, HSD_OK);
    assert_true(n > 50);
}

static int end(void **state) {
    (void)state;
    hsd_issues_finish(&issues);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_come_from_the_speed_and_a_loss_a_stop),
        cmocka_unit_test(a_short_hop_never_reaches_its_speed),
        cmocka_unit_test(given_minutes_win),
        cmocka_unit_test(departures_are_trips_of_their_own),
        cmocka_unit_test(a_line_in_pieces_is_one_line),
        cmocka_unit_test(a_line_that_branches_wants_its_stations_named),
        cmocka_unit_test(a_ring_comes_back_to_its_first_station),
        cmocka_unit_test(a_station_at_a_stop_of_its_name_is_that_stop),
        cmocka_unit_test(a_service_without_a_line_runs_straight),
        cmocka_unit_test(what_does_nothing_is_refused),
        cmocka_unit_test(nothing_leaks_when_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, end) != 0;
}
