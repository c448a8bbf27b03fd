/* Proposals of rail: stations and services as rows. */
#include <math.h>

#include "proposals.h"

static const char *const station_fields[] = {"proposal:t",   "name:t",     "line:t",      "stop:t",
                                             "access_min:r", "park_min:r", "dwell_min:r", NULL};
static const char *const service_fields[] = {
    "proposal:t",   "line:t",         "action:t",     "kind:t",    "stations:t",  "headway_min:r",
    "departures:t", "first:t",        "last:t",       "minutes:t", "speed_kmh:r", "direction:t",
    "of:t",         "from_station:t", "to_station:t", "factor:r",  "loss_min:r",  NULL};

static const char *services(files *f, const char *name, const char *const *rows) {
    layer_spec spec = {"GPKG", "services", NULL, wkbNone, service_fields, rows, NULL};
    return files_layers(f, name, &spec, 1);
}

static void a_new_line_by_headway_has_its_presets(void **state) {
    const char *const rows[] = {"|p|Line 1|||A; B；C|7.5", NULL};
    hsd_proposal_table t;
    must(services(*state, "new.gpkg", rows), &t);
    assert_int_equal(t.proposal_count, 1);
    assert_int_equal(t.service_count, 1);
    const hsd_service_row *s = &t.services[0];
    assert_int_equal(s->action, HSD_SERVICE_NEW);
    assert_string_equal(s->line, "Line 1");
    assert_string_equal(s->stations, "A;B;C");
    assert_true(s->headway_min == 7.5);
    assert_int_equal(s->departure_count, 0);
    assert_int_equal(s->first_s, 6 * 3600);
    assert_int_equal(s->last_s, 22 * 3600);
    assert_int_equal(s->kind, HSD_RIDE_KINDS);
    assert_false(s->forward);
    assert_int_equal(s->minute_count, 0);
    assert_true(isnan(s->speed_kmh) && isnan(s->factor) && isnan(s->loss_min));
    assert_null(s->of);
    hsd_proposal_table_finish(&t);
}

static void departures_are_sorted_and_the_last_train_may_run_past_midnight(void **state) {
    const char *const rows[] = {"|p|L||metro|||8:05;07:00:30,25:10;07:00:30||| 3 ; 4.5 |80|forward",
                                "|p|L||高铁||10||05:30|0:30||350|双向", NULL};
    hsd_proposal_table t;
    must(services(*state, "departures.gpkg", rows), &t);
    const hsd_service_row *s = t.services;
    assert_int_equal(s[0].departure_count, 3);
    assert_int_equal(s[0].departures_s[0], 7 * 3600 + 30);
    assert_int_equal(s[0].departures_s[1], 8 * 3600 + 300);
    assert_int_equal(s[0].departures_s[2], 25 * 3600 + 600);
    assert_int_equal(s[0].minute_count, 2);
    assert_true(s[0].minutes[0] == 3 && s[0].minutes[1] == 4.5);
    assert_int_equal(s[0].kind, HSD_RIDE_METRO);
    assert_true(s[0].forward && !s[1].forward);
    assert_int_equal(s[1].kind, HSD_RIDE_HIGH_SPEED);
    assert_int_equal(s[1].first_s, 5 * 3600 + 1800);
    assert_int_equal(s[1].last_s, 24 * 3600 + 1800);
    assert_true(s[1].speed_kmh == 350);
    hsd_proposal_table_finish(&t);
}

static void what_is_done_to_trains_that_run_is_read(void **state) {
    const char *const rows[] = {
        "|p||speed||||||||||G*|A|B|1.25", "|p|L|提速|||||||40",     "|p|L|headway|||15",
        "|p|L|stop||X;Y||||||||||||2.5",  "|p|L|cut|||||||||||A|B", NULL};
    hsd_proposal_table t;
    must(services(*state, "changes.gpkg", rows), &t);
    const hsd_service_row *s = t.services;
    static const char *const names[] = {"speed", "speed", "headway", "stop", "cut"};
    for (int i = 0; i < 5; i++) assert_string_equal(hsd_service_action_name(s[i].action), names[i]);
    assert_string_equal(s[0].of, "G*");
    assert_null(s[0].line);
    assert_string_equal(s[0].from_station, "A");
    assert_string_equal(s[0].to_station, "B");
    assert_true(s[0].factor == 1.25);
    assert_true(s[1].minutes[0] == 40 && isnan(s[1].factor));
    assert_string_equal(s[3].stations, "X;Y");
    assert_true(s[3].loss_min == 2.5);
    assert_string_equal(s[4].to_station, "B");
    hsd_proposal_table_finish(&t);
}

static void a_service_refused(files *f, const char *row, const char *what) {
    const char *const rows[] = {row, NULL};
    refused(services(f, "bad.gpkg", rows), what);
}

static void services_that_say_too_little_or_too_much_are_refused(void **state) {
    files *f = *state;
    a_service_refused(f, "|p||||A;B|10", "services feature 1: line is empty");
    a_service_refused(f, "|p|L|||A;B", "neither headway_min nor departures");
    a_service_refused(f, "|p|L||||10|07:00", "both headway_min and departures");
    a_service_refused(f, "|p|L|||||07:00|06:00", "first and last go with headway_min");
    a_service_refused(f, "|p|L|||A;;B|10", "an empty word between its semicolons");
    a_service_refused(f, "|p|L|||||7 Uhr", "departures: \"7 Uhr\"; HH:MM was expected");
    a_service_refused(f, "|p|L|||||48:00", "departures: \"48:00\"");
    a_service_refused(f, "|p|L|||||07:60", "departures: \"07:60\"");
    a_service_refused(f, "|p|L|||||07:00:00:00", "HH:MM was expected");
    a_service_refused(f, "|p|L||||10||7", "first is \"7\"; HH:MM was expected");
    a_service_refused(f, "|p|L||||0", "headway_min above 0");
    a_service_refused(f, "|p|L||||10||||3;-1", "minutes: \"-1\"; a number above 0");
    a_service_refused(f, "|p|L||||10||||3;x", "minutes: \"x\"");
    a_service_refused(f, "|p|L||||10||47:00|01:00", "the last train is before the first");
    a_service_refused(f, "|p|L|build|||10", "new, speed, headway, stop or cut was expected");
    a_service_refused(f, "|p|L||airship||10", "high_speed, rail, metro, tram, bus or ferry");
    a_service_refused(f, "|p|L||||10|||||||G1", "of says nothing to action new; leave it empty");
    a_service_refused(f, "|p|L|cut|||10", "headway_min says nothing to action cut");
    a_service_refused(f, "|p||cut", "line and of are empty");
    a_service_refused(f, "|p|L|speed", "0 of factor, minutes and speed_kmh; one was expected");
    a_service_refused(f, "|p|L|speed|||||||9||||||2", "2 of factor, minutes and speed_kmh");
    a_service_refused(f, "|p|L|speed|||||||9;8", "minutes: one number was expected");
    a_service_refused(f, "|p|L|stop", "stations is empty");
    a_service_refused(f, "|p|L|cut|||||||||||A", "to_station is empty");
    a_service_refused(f, "|p|L|cut||||||||||||B", "from_station is empty");
}

static void stations_are_read_with_what_stands_beside_them(void **state) {
    const char *const rows[] = {"POINT(117 36.5)|p|Jinan East||JNK|4|6|2.5",
                                "POINT(120 36)|p|青岛|L", NULL};
    layer_spec spec = {"GPKG", "stations", "EPSG:4326", wkbPoint, station_fields, rows, NULL};
    hsd_proposal_table t;
    must(files_layers(*state, "stations.gpkg", &spec, 1), &t);
    assert_int_equal(t.station_count, 2);
    const hsd_station_row *s = t.stations;
    assert_string_equal(s[0].name, "Jinan East");
    assert_string_equal(s[0].stop, "JNK");
    assert_null(s[0].line);
    assert_true(s[0].at.lon == 117 && s[0].at.lat == 36.5);
    assert_true(s[0].access_min == 4 && s[0].park_min == 6 && s[0].dwell_min == 2.5);
    assert_string_equal(s[1].line, "L");
    assert_null(s[1].stop);
    assert_true(isnan(s[1].access_min) && isnan(s[1].park_min) && isnan(s[1].dwell_min));
    hsd_proposal_table_finish(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_line_by_headway_has_its_presets),
        cmocka_unit_test(departures_are_sorted_and_the_last_train_may_run_past_midnight),
        cmocka_unit_test(what_is_done_to_trains_that_run_is_read),
        cmocka_unit_test(services_that_say_too_little_or_too_much_are_refused),
        cmocka_unit_test(stations_are_read_with_what_stands_beside_them),
    };
    return cmocka_run_group_tests(tests, files_begin, end) != 0;
}
