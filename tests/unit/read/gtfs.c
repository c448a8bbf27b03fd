/* GTFS feeds as timetables. Times and days are worked out by hand from the feeds below. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "gtfs_feeds.h"
#include "read/gtfs.h"

static void read_all(const char *const *paths, size_t count, hsd_timetable *t, hsd_issues *issues) {
    hsd_error err = {0};
    *issues = (hsd_issues){0};
    if (hsd_read_gtfs(paths, count, NULL, NULL, t, issues, &err) != HSD_OK)
        fail_msg("%s", err.message);
}

static void must(const char *path, hsd_timetable *t) {
    hsd_issues issues;
    read_all(&path, 1, t, &issues);
    hsd_issues_finish(&issues);
}

static bool has_issue(const hsd_issues *issues, bool error, const char *text) {
    for (size_t i = 0; i < issues->count; i++)
        if (issues->list[i].error == error && strstr(issues->list[i].text, text)) return true;
    return false;
}

static void expect_remark(const char *path, const char *text) {
    hsd_timetable t;
    hsd_issues issues;
    read_all(&path, 1, &t, &issues);
    if (!has_issue(&issues, false, text))
        fail_msg("no remark \"%s\"; the first is \"%s\"", text,
                 issues.count ? issues.list[0].text : "none");
    hsd_issues_finish(&issues);
    hsd_timetable_finish(&t);
}

static void refused(const char *path, const char *text) {
    hsd_timetable t;
    hsd_issues issues = {0};
    hsd_error err = {0};
    assert_int_equal(hsd_read_gtfs(&path, 1, NULL, NULL, &t, &issues, &err), HSD_E_FORMAT);
    if (!has_issue(&issues, true, text)) fail_msg("no error \"%s\"; but %s", text, err.message);
    assert_null(t.storage);
    hsd_issues_finish(&issues);
}

static const char *text_of(const hsd_timetable *t, uint32_t offset) {
    assert_true(offset < t->string_size);
    return t->strings + offset;
}

static size_t stop_of(const hsd_timetable *t, const char *id) {
    for (size_t i = 0; i < t->stop_count; i++)
        if (strcmp(t->strings + t->stops[i].id, id) == 0) return i;
    fail_msg("no stop %s", id);
    return 0;
}

static const hsd_trip_row *trip_of(const hsd_timetable *t, const char *id) {
    return &t->trips[FIND(t, trips, trip_count, id)];
}

static const hsd_call_row *call(const hsd_timetable *t, const char *trip, uint32_t i) {
    const hsd_trip_row *row = trip_of(t, trip);
    assert_true(i < row->call_count);
    return &t->calls[row->first_call + i];
}

static int32_t at(int h, int m, int s) {
    return h * 3600 + m * 60 + s;
}

static int32_t day(const char *text) {
    int32_t d;
    assert_true(hsd_day_parse(text, &d));
    return d;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

static void files_become_rows_in_the_order_of_ids(void **state) {
    (void)state; /* a byte order mark, CRLF, spaces, quotes with line ends, another order of all */
    const char *path = FEED(
        "rows",
        {"agency.txt", "\xEF\xBB\xBF agency_timezone , agency_name,agency_id\r\n"
                       "Asia/Shanghai,\"铁路 \"\"CR\"\", one\",a\r\n"},
        {"stops.txt",
         "extra,stop_lon, stop_lat ,stop_name,stop_id\r\n"
         "x,0.4,0,Four,s4\r\n\r\n   \r\n\"two\r\nlines\",0.3,0,\"Three\r\nhalls\",s3\r\n"
         ",,,,\r\n y , 0.1 , 0 , Two , s2 \r\nz,0,0,,s1"},
        {"stop_times.txt", "stop_sequence,stop_id,departure_time,arrival_time,trip_id\n"
                           "20,s4,8:40:00,8:40:00,t1\n7,s1,9:00:00,9:00:00,t2\n"
                           "3,s2,8:11:00,8:10:00,t1\n0,s1,8:00:00,8:00:00,t1\n"
                           "9,s4,09:40:00,09:40:00,t2\n7,s3,8:31:00,8:30:00,t1\n"},
        {"trips.txt", "trip_id,service_id,route_id,trip_headsign,direction_id,trip_short_name\n"
                      "t2,wd,r,,,\nt1,wd,r,To Four,1,G12\n"},
        {"feed_info.txt", "feed_publisher_name,feed_version\nPublisher,v7\n"});
    hsd_timetable t;
    must(path, &t);
    assert_int_equal(t.feed_count, 1);
    assert_string_equal(text_of(&t, t.feeds[0].name), "rows");
    assert_string_equal(text_of(&t, t.feeds[0].time_zone), "Asia/Shanghai");
    assert_string_equal(text_of(&t, t.feeds[0].publisher), "Publisher");
    assert_string_equal(text_of(&t, t.feeds[0].version), "v7");
    assert_int_equal(t.feeds[0].first_day, day("2024-09-30"));
    assert_int_equal(t.feeds[0].last_day, day("2024-10-11")); /* the 12th is a Saturday */
    assert_int_equal(t.first_day, day("2024-09-30"));
    assert_int_equal(t.day_count, 12);
    assert_int_equal(t.stop_count, 4);
    static const char *const ids[] = {"s1", "s2", "s3", "s4"};
    static const char *const names[] = {"s1", "Two", "Three\r\nhalls", "Four"};
    static const double lon[] = {0, 0.1, 0.3, 0.4};
    for (size_t i = 0; i < 4; i++) {
        const hsd_stop_row *s = &t.stops[i];
        assert_string_equal(text_of(&t, s->id), ids[i]);
        assert_string_equal(text_of(&t, s->name), names[i]);
        assert_true(s->lon == lon[i] && s->lat == 0);
        assert_int_equal(s->station, HSD_NO_ROW);
        assert_int_equal(s->feed, 0);
        assert_int_equal(s->is_station | s->access_ms, 0);
        assert_int_equal(s->change_ms, HSD_NO_ROW);
        assert_int_equal(s->park_ms, HSD_NO_ROW);
        assert_int_equal(s->proposal, HSD_NO_ROW);
    }
    assert_int_equal(t.line_count, 1);
    assert_string_equal(text_of(&t, t.lines[0].name), "R1");
    assert_string_equal(text_of(&t, t.lines[0].long_name), "Long");
    assert_string_equal(text_of(&t, t.lines[0].agency), "铁路 \"CR\", one");
    assert_int_equal(t.lines[0].kind, HSD_RIDE_RAIL);
    assert_int_equal(t.lines[0].colour, HSD_NO_ROW);
    assert_int_equal(t.trip_count, 2);
    assert_string_equal(text_of(&t, t.trips[0].id), "t1");
    assert_string_equal(text_of(&t, t.trips[0].headsign), "To Four");
    assert_string_equal(text_of(&t, t.trips[0].short_name), "G12");
    assert_int_equal(t.trips[0].direction, 1);
    assert_int_equal(t.trips[1].direction, HSD_NO_ROW);
    assert_int_equal(t.trips[0].call_count, 4);
    assert_int_equal(t.trips[1].call_count, 2);
    assert_int_equal(t.trips[1].shape, HSD_NO_ROW);
    static const int32_t arrivals[] = {480, 490, 510, 520}, departures[] = {480, 491, 511, 520};
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(call(&t, "t1", i)->stop, i);
        assert_int_equal(call(&t, "t1", i)->arrival_s, arrivals[i] * 60);
        assert_int_equal(call(&t, "t1", i)->departure_s, departures[i] * 60);
        assert_int_equal(call(&t, "t1", i)->flags, 0);
    }
    assert_int_equal(call(&t, "t2", 1)->stop, 3);
    hsd_timetable_finish(&t);
    assert_null(t.stops);
}

static void stops_and_shapes_leave_their_datum(void **state) {
    (void)state;
    const char *path = FEED("datum",
                            {"stops.txt", "stop_id,stop_name,stop_lat,stop_lon\n"
                                          "s1,One,39.91334545536069,116.38404722455657\n"
                                          "s2,Two,39.92,116.4\ns3,Three,39.93,116.4\n"
                                          "s4,Four,39.94,116.4\n"},
                            {"trips.txt", "route_id,service_id,trip_id,shape_id\n"
                                          "r,wd,t1,h\nr,wd,t2,h\n"},
                            {"shapes.txt", "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
                                           "h,39.91334545536069,116.38404722455657,1\n"
                                           "h,39.94,116.4,2\n"});
    hsd_timetable t;
    hsd_error err = {0};
    if (hsd_read_gtfs(&path, 1, "gcj02", NULL, &t, NULL, &err) != HSD_OK)
        fail_msg("%s", err.message);
    /* as eviltransform has it, to 2 cm */
    assert_true(fabs(t.stops[0].lon - 116.377817) < 2e-7);
    assert_true(fabs(t.stops[0].lat - 39.911954) < 2e-7);
    assert_true(fabs(t.shape_points[0].lon_e7 * 1e-7 - 116.377817) < 3e-7);
    hsd_timetable_finish(&t);
    assert_int_equal(hsd_read_gtfs(&path, 1, "mars", NULL, &t, NULL, &err), HSD_E_ARGUMENT);
    assert_string_equal(err.message, "datum \"mars\": wgs84, gcj02 or bd09 was expected");
}

static void route_types_become_kinds_of_ride(void **state) {
    (void)state;
    static const struct {
        uint32_t type, kind;
    } cases[] = {{0, HSD_RIDE_TRAM},     {1, HSD_RIDE_METRO},    {2, HSD_RIDE_RAIL},
                 {3, HSD_RIDE_BUS},      {4, HSD_RIDE_FERRY},    {5, HSD_RIDE_TRAM},
                 {6, HSD_RIDE_KINDS},    {7, HSD_RIDE_KINDS},    {11, HSD_RIDE_BUS},
                 {12, HSD_RIDE_METRO},   {100, HSD_RIDE_RAIL},   {101, HSD_RIDE_HIGH_SPEED},
                 {102, HSD_RIDE_RAIL},   {117, HSD_RIDE_RAIL},   {118, HSD_RIDE_KINDS},
                 {200, HSD_RIDE_BUS},    {209, HSD_RIDE_BUS},    {400, HSD_RIDE_METRO},
                 {405, HSD_RIDE_METRO},  {500, HSD_RIDE_METRO},  {600, HSD_RIDE_METRO},
                 {700, HSD_RIDE_BUS},    {716, HSD_RIDE_BUS},    {717, HSD_RIDE_KINDS},
                 {800, HSD_RIDE_BUS},    {900, HSD_RIDE_TRAM},   {906, HSD_RIDE_TRAM},
                 {1000, HSD_RIDE_FERRY}, {1200, HSD_RIDE_FERRY}, {1300, HSD_RIDE_KINDS}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (gtfs_ride_kind(cases[i].type) != cases[i].kind) fail_msg("type %u", cases[i].type);
    hsd_timetable t;
    must(FEED("kinds", {"routes.txt", "route_id,route_type,route_long_name,route_color\n"
                                      "r,1501,Long,00FFa0\nq,101,,\n"}),
         &t);
    assert_string_equal(text_of(&t, t.lines[0].name), "q"); /* no name: the id */
    assert_int_equal(t.lines[0].kind, HSD_RIDE_HIGH_SPEED);
    assert_string_equal(text_of(&t, t.lines[1].name), "Long");
    assert_string_equal(text_of(&t, t.lines[1].agency), "Agency"); /* the only one */
    assert_int_equal(t.lines[1].kind, HSD_RIDE_OTHER);
    assert_int_equal(t.lines[1].colour, 0x00FFA0);
    hsd_timetable_finish(&t);
    for (int k = 0; k < HSD_RIDE_KINDS; k++) assert_non_null(hsd_ride_kind_name((hsd_ride_kind)k));
    assert_string_equal(hsd_ride_kind_name(HSD_RIDE_HIGH_SPEED), "high_speed");
}

static void platforms_know_their_station(void **state) {
    (void)state;
    const char *path =
        FEED("parents", {"stops.txt", "stop_id,stop_lat,stop_lon,location_type,parent_station\n"
                                      "door,0,0.1,2,hub\ns2,,,0,hub\nhub,0,0.1,1,\n"
                                      "s1,0,0,0,\nbay,,,4,s2\ns3,0,0.3,,\ns4,0,0.4,,\n"});
    hsd_timetable t;
    must(path, &t);
    assert_int_equal(t.stop_count, 5);
    const hsd_stop_row *s2 = &t.stops[stop_of(&t, "s2")];
    assert_int_equal(s2->station, stop_of(&t, "hub"));
    assert_int_equal(t.stops[s2->station].is_station, 1);
    assert_true(s2->lon == 0.1 && s2->lat == 0);
    hsd_timetable_finish(&t);
    expect_remark(path, "parents/stops.txt, line 2: entrances");
}

/* ---- Times ---------------------------------------------------------------------------------- */

static const char *times_feed(const char *name, const char *rows) {
    static char text[2000];
    snprintf(
        text, sizeof text,
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled,"
        "pickup_type,drop_off_type\nt2,09:00:00,09:00:00,s1,1,,,\nt2,09:40:00,09:40:00,s4,2,,,\n"
        "%s",
        rows);
    return FEED(name, {"stop_times.txt", text});
}

static void missing_times_lie_between_by_distance(void **state) {
    (void)state; /* 0.1 of 0.4 degrees of an hour: 15 minutes */
    hsd_timetable t;
    must(times_feed("straight", "t1,07:58:00,08:00:00,s1,1,,,\nt1,,,s2,2,,,\nt1,,,s3,3,,,\n"
                                "t1,09:00:00,09:01:00,s4,4,,,\n"),
         &t);
    assert_int_equal(call(&t, "t1", 1)->arrival_s, at(8, 15, 0));
    assert_int_equal(call(&t, "t1", 1)->departure_s, at(8, 15, 0));
    assert_int_equal(call(&t, "t1", 2)->arrival_s, at(8, 45, 0));
    assert_int_equal(call(&t, "t1", 2)->flags, HSD_CALL_INTERPOLATED);
    assert_int_equal(call(&t, "t1", 3)->flags, 0);
    hsd_timetable_finish(&t);
}

static void missing_times_lie_between_by_the_distance_travelled(void **state) {
    (void)state; /* 10, 11, 14, 15: a fifth and four fifths of an hour */
    hsd_timetable t;
    must(times_feed("travelled", "t1,08:00:00,08:00:00,s1,1,10,,\nt1,,,s2,2,11,,\nt1,,,s3,3,14,,\n"
                                 "t1,09:00:00,09:00:00,s4,4,15,,\n"),
         &t);
    assert_int_equal(call(&t, "t1", 1)->arrival_s, at(8, 12, 0));
    assert_int_equal(call(&t, "t1", 2)->arrival_s, at(8, 48, 0));
    hsd_timetable_finish(&t);
    /* it falls, or one is missing: the straight line */
    must(times_feed("falls", "t1,08:00:00,08:00:00,s1,1,10,,\nt1,,,s2,2,14,,\nt1,,,s3,3,11,,\n"
                             "t1,09:00:00,09:00:00,s4,4,15,,\n"),
         &t);
    assert_int_equal(call(&t, "t1", 1)->arrival_s, at(8, 15, 0));
    hsd_timetable_finish(&t);
    must(times_feed("gap", "t1,08:00:00,08:00:00,s1,1,10,,\nt1,,,s2,2,,,\nt1,,,s3,3,11,,\n"
                           "t1,09:00:00,09:00:00,s4,4,15,,\n"),
         &t);
    assert_int_equal(call(&t, "t1", 2)->arrival_s, at(8, 45, 0));
    hsd_timetable_finish(&t);
}

static void missing_times_at_one_place_lie_evenly(void **state) {
    (void)state; /* thirds of 100 s: 33.3 and 66.7; a half of 3 s rounds up */
    hsd_timetable t;
    must(times_feed("evenly", "t1,08:00:00,08:00:00,s1,1,,,\nt1,,,s1,2,,,\nt1,,,s1,3,,,\n"
                              "t1,08:01:40,08:01:40,s1,4,,,\nt1,,,s1,5,,,\n"
                              "t1,08:01:43,08:01:43,s1,6,,,\n"),
         &t);
    assert_int_equal(call(&t, "t1", 1)->arrival_s, at(8, 0, 33));
    assert_int_equal(call(&t, "t1", 2)->arrival_s, at(8, 1, 7));
    assert_int_equal(call(&t, "t1", 4)->arrival_s, at(8, 1, 42));
    hsd_timetable_finish(&t);
    expect_remark(times_feed("counted", "t1,08:00:00,08:00:00,s1,1,,,\nt1,,,s2,2,,,\nt1,,,s3,3,,,\n"
                                        "t1,09:00:00,09:00:00,s4,4,,,\n"),
                  "counted/stop_times.txt, line 5: a call without times, interpolated (2 in all)");
}

static void one_of_two_times_stands_for_both_and_days_may_pass(void **state) {
    (void)state;
    hsd_timetable t;
    must(times_feed("past", "t1,,23:59:30,s1,1,,0,1\nt1,24:10:00,,s2,2,,1,0\n"
                            "t1,25:00:01,25:00:02,s3,3,,2,3\nt1,100:00:00,,s4,4,,,\n"),
         &t);
    assert_int_equal(call(&t, "t1", 0)->arrival_s, at(23, 59, 30));
    assert_int_equal(call(&t, "t1", 0)->flags, HSD_CALL_NO_ALIGHTING);
    assert_int_equal(call(&t, "t1", 1)->departure_s, at(24, 10, 0));
    assert_int_equal(call(&t, "t1", 1)->flags, HSD_CALL_NO_BOARDING);
    assert_int_equal(call(&t, "t1", 2)->arrival_s, at(25, 0, 1));
    assert_int_equal(call(&t, "t1", 2)->flags, 0); /* by arrangement counts as usual */
    assert_int_equal(call(&t, "t1", 3)->departure_s, at(100, 0, 0));
    hsd_timetable_finish(&t);
}

static void times_that_run_backwards_are_refused(void **state) {
    (void)state;
    refused(times_feed("back", "t1,08:00:00,08:05:00,s1,1,,,\nt1,08:04:00,08:10:00,s2,2,,,\n"),
            "back/stop_times.txt, line 5: arrives at 08:04:00, before it leaves the call before "
            "(line 4) at 08:05:00");
    refused(times_feed("within", "t1,08:00:00,07:59:59,s1,1,,,\nt1,08:04:00,08:10:00,s2,2,,,\n"),
            "line 4: arrives at 08:00:00 and departs at 07:59:59");
    /* over a call without times */
    refused(
        times_feed("over", "t1,08:00:00,08:05:00,s1,1,,,\nt1,,,s2,2,,,\nt1,08:04:00,,s3,3,,,\n"),
        "line 6: arrives at 08:04:00, before");
    refused(times_feed("first", "t1,,,s1,1,,,\nt1,08:04:00,,s3,3,,,\n"), "line 4: the first call");
    refused(times_feed("last", "t1,8:00:00,,s1,1,,,\nt1,,,s3,3,,,\n"), "line 5: the last call");
}

/* ---- Days ----------------------------------------------------------------------------------- */

static void both_calendars_make_the_days(void **state) {
    (void)state;
    const char *path = FEED("days",
                            {"calendar_dates.txt", "service_id,date,exception_type\n"
                                                   "wd,20241001,2\nwd,20241005,1\n"
                                                   "we,20241020,1\nwd,20241019,2\n"},
                            {"trips.txt", "route_id,service_id,trip_id\nr,wd,t1\nr,we,t2\n"});
    hsd_timetable t;
    must(path, &t);
    assert_int_equal(t.service_count, 2);
    const uint32_t wd = trip_of(&t, "t1")->service, we = trip_of(&t, "t2")->service;
    assert_int_equal(wd, 0); /* by id */
    static const char *const off[] = {"2024-09-29", "2024-10-01", "2024-10-06", "2024-10-12", NULL};
    static const char *const on[] = {"2024-09-30", "2024-10-02", "2024-10-05", "2024-10-11", NULL};
    for (size_t i = 0; off[i]; i++) assert_false(hsd_service_runs(&t, wd, day(off[i])));
    for (size_t i = 0; on[i]; i++) assert_true(hsd_service_runs(&t, wd, day(on[i])));
    assert_true(hsd_service_runs(&t, we, day("2024-10-20")));
    assert_false(hsd_service_runs(&t, we, day("2024-10-19")));
    assert_int_equal(t.day_count, 21); /* 30 September to 20 October */
    assert_int_equal(t.feeds[0].last_day, day("2024-10-20"));
    hsd_timetable_finish(&t);
    must(FEED("dates", {"calendar.txt", NULL},
              {"calendar_dates.txt", "service_id,date,exception_type\nwd,20240229,1\n"}),
         &t);
    assert_int_equal(t.first_day, day("2024-02-29"));
    assert_int_equal(t.day_count, 1);
    hsd_timetable_finish(&t);
}

static void days_are_texts_and_back(void **state) {
    (void)state;
    char text[11];
    int32_t d;
    assert_true(hsd_day_parse("2024-09-29", &d));
    assert_int_equal(d, 19995);
    hsd_day_text(d, text);
    assert_string_equal(text, "2024-09-29");
    hsd_day_text(-1, text);
    assert_string_equal(text, "1969-12-31");
    assert_false(hsd_day_parse("2023-02-29", &d) || hsd_day_parse("20240929", &d) ||
                 hsd_day_parse(NULL, &d) || hsd_day_parse("", &d));
}

/* ---- Headways, transfers, shapes ------------------------------------------------------------ */

static void headways_belong_to_their_trips(void **state) {
    (void)state;
    const char *path = FEED("headways", {"frequencies.txt",
                                         "trip_id,start_time,end_time,headway_secs,exact_times\n"
                                         "t2,10:00:00,12:00:00,600,1\nt2,06:00:00,10:00:00,300,\n"
                                         "t2,06:00:00,10:00:00,300,0\n"});
    hsd_timetable t;
    must(path, &t);
    assert_int_equal(t.headway_count, 2);
    assert_int_equal(trip_of(&t, "t1")->headway_count, 0);
    assert_int_equal(trip_of(&t, "t2")->headway_count, 2);
    const hsd_headway_row *h = &t.headways[trip_of(&t, "t2")->first_headway];
    assert_int_equal(h[0].start_s, at(6, 0, 0));
    assert_int_equal(h[0].end_s, at(10, 0, 0));
    assert_int_equal(h[0].headway_s, 300);
    assert_int_equal(h[0].exact, 0);
    assert_int_equal(h[1].headway_s, 600);
    assert_int_equal(h[1].exact, 1);
    hsd_timetable_finish(&t);
    expect_remark(path, "frequencies.txt, line 4: the same row stands twice");
}

static void transfers_set_change_times(void **state) {
    (void)state;
    const char *path = FEED(
        "changes",
        {"stops.txt",
         "stop_id,stop_lat,stop_lon,location_type,parent_station\n"
         "hub,0,0.1,1,\ns1,0,0,,\ns2,0,0.1,,hub\ns3,0,0.3,,hub\ns4,0,0.4,,\ndoor,0,0,2,hub\n"},
        {"transfers.txt", "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_route_id\n"
                          "s1,s4,2,240,\ns4,s4,2,90,\nhub,hub,2,180,\ns3,s3,2,60,\ns1,s2,,,\n"
                          "s1,s3,3,,\ns1,s1,4,,\ns1,s1,2,10,r\ndoor,s1,2,10,\n"
                          "s4,s1,3,,\ns4,s1,2,30,\n"});
    hsd_timetable t;
    must(path, &t);
    assert_int_equal(t.transfer_count, 8);
    assert_int_equal(t.stops[stop_of(&t, "s1")].change_ms, HSD_NO_ROW);
    assert_int_equal(t.stops[stop_of(&t, "s2")].change_ms, 180000); /* its station's */
    assert_int_equal(t.stops[stop_of(&t, "s3")].change_ms, 60000);
    assert_int_equal(t.stops[stop_of(&t, "s4")].change_ms, 90000);
    const hsd_transfer_row *x = &t.transfers[4]; /* in the order of the file: the last row counts */
    assert_int_equal(x->from, stop_of(&t, "s1"));
    assert_int_equal(x->to, stop_of(&t, "s2"));
    assert_int_equal(x->type | x->min_s, 0);
    assert_int_equal(t.transfers[5].type, 3);
    assert_int_equal(t.transfers[0].min_s, 240);
    assert_int_equal(t.transfers[6].type, 3);
    assert_int_equal(t.transfers[7].min_s, 30);
    hsd_timetable_finish(&t);
    expect_remark(path, "transfers.txt, line 8: in-seat transfers");
    expect_remark(path, "transfers.txt, line 9: a transfer of a route");
    expect_remark(path, "transfers.txt, line 10: a transfer at an entrance");
}

static void shapes_are_drawn_in_their_sequence(void **state) {
    (void)state;
    const char *path = FEED(
        "shapes", {"trips.txt", "route_id,service_id,trip_id,shape_id\nr,wd,t1,b\nr,wd,t2,none\n"},
        {"shapes.txt", "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
                       "b,0,0.4,30\na,9,9,1\nb,0,0,1\nb,0.00000004,0.2,7\na,9,8,2\n"});
    hsd_timetable t;
    must(path, &t);
    assert_int_equal(t.shape_count, 1); /* nobody names "a" */
    assert_int_equal(t.shape_point_count, 3);
    assert_int_equal(trip_of(&t, "t1")->shape, 0);
    assert_int_equal(trip_of(&t, "t2")->shape, HSD_NO_ROW);
    assert_int_equal(t.shapes[0].point_count, 3);
    assert_int_equal(t.shape_points[1].lon_e7, 2000000);
    assert_int_equal(t.shape_points[1].lat_e7, 0);
    assert_int_equal(t.shape_points[2].lon_e7, 4000000);
    hsd_timetable_finish(&t);
    expect_remark(path, "shapes/trips.txt, line 3: shape_id is not in shapes.txt");
}

/* ---- Feeds ---------------------------------------------------------------------------------- */

static void feeds_of_one_name_are_told_apart(void **state) {
    (void)state;
    static const feed_file none[] = {{"calendar_dates.txt", NULL}};
    const char *a = feed_make("one/bus", none, 1);
    const char *b =
        FEED("two/bus",
             {"calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,"
                              "sunday,start_date,end_date\nwd,0,0,0,0,0,1,1,20250101,20250107\n"});
    const char *const paths[] = {a, b, a};
    hsd_timetable t;
    hsd_issues issues;
    read_all(paths, 3, &t, &issues);
    hsd_issues_finish(&issues);
    assert_int_equal(t.feed_count, 3);
    assert_string_equal(text_of(&t, t.feeds[0].name), "bus");
    assert_string_equal(text_of(&t, t.feeds[1].name), "bus-2");
    assert_string_equal(text_of(&t, t.feeds[2].name), "bus-3");
    assert_int_equal(t.stop_count, 12);
    assert_int_equal(t.trip_count, 6);
    assert_int_equal(t.service_count, 3);
    for (uint32_t i = 0; i < 6; i++) {
        const hsd_trip_row *trip = &t.trips[i];
        assert_int_equal(trip->line, i / 2);
        assert_int_equal(trip->service, i / 2);
        assert_int_equal(t.lines[trip->line].feed, i / 2);
        for (uint32_t k = 0; k < trip->call_count; k++)
            assert_int_equal(t.stops[t.calls[trip->first_call + k].stop].feed, i / 2);
    }
    assert_int_equal(t.first_day, day("2024-09-30"));
    assert_true(hsd_service_runs(&t, 0, day("2024-10-01")));
    assert_false(hsd_service_runs(&t, 1, day("2024-10-01")));
    assert_true(hsd_service_runs(&t, 1, day("2025-01-04")));
    assert_false(hsd_service_runs(&t, 1, day("2025-01-06")));
    assert_true(hsd_service_runs(&t, 2, day("2024-10-11")));
    assert_int_equal(t.feeds[1].first_day, day("2025-01-04"));
    hsd_timetable_finish(&t);
}

static void a_zip_whose_files_lie_in_a_folder_passes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof plain_feed / sizeof plain_feed[0]; i++)
        feed_write("/vsizip//vsimem/gtfs/inner.zip/my feed", plain_feed[i].name,
                   plain_feed[i].text);
    hsd_timetable t;
    must("/vsimem/gtfs/inner.zip", &t);
    assert_string_equal(text_of(&t, t.feeds[0].name), "inner");
    assert_int_equal(t.call_count, 6);
    hsd_timetable_finish(&t);
}

static void remarks_are_summed_by_kind_and_file(void **state) {
    (void)state;
    const char *path = FEED(
        "remarks", {"agency.txt", "agency_name,agency_timezone\nA,Mars/Base\n"},
        {"stops.txt", "stop_id,stop_lat,stop_lon\ns1,0,0\nx,0,1\ns2,0,0.1\ns3,0,0.3\ns4,0,0.4\n"
                      "far,0,20\ns4,0,0.4\ny,1,1\n"},
        {"routes.txt", "route_id,route_type,route_color\nr,99,red\n"},
        {"trips.txt", "route_id,service_id,trip_id\nr,wd,t1\nr,never,t2\nr,wd,lonely\n"},
        {"calendar_dates.txt", "service_id,date,exception_type\nnever,20240930,2\n"},
        {"stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
                           "t1,08:00:00,08:00:00,s1,1\nt1,08:10:00,08:11:00,s1,2\n"
                           "t1,08:30:00,08:31:00,far,3\nt1,08:30:00,08:31:00,far,3\n"
                           "lonely,08:00:00,08:00:00,s1,1\n"
                           "t2,09:00:00,09:00:00,s1,1\nt2,09:40:00,09:40:00,s4,2\n"});
    hsd_timetable t;
    hsd_issues issues;
    read_all(&path, 1, &t, &issues);
    assert_int_equal(t.trip_count, 2);
    static const char *const wanted[] = {
        "remarks/agency.txt, line 2: this system does not know the time zone",
        "remarks/stops.txt, line 8: the same row stands twice",
        "remarks/stops.txt, line 3: no trip calls at the stop (4 in all)",
        "remarks/routes.txt, line 2: unknown route_type",
        "remarks/routes.txt, line 2: route_color",
        "remarks/trips.txt, line 4: a trip of fewer than two calls",
        "remarks/trips.txt, line 3: a trip whose service runs on no day",
        "remarks/stop_times.txt, line 5: the same row stands twice",
        "remarks/stop_times.txt, line 3: a call at the same stop as the one before",
        "remarks/stop_times.txt, line 4: faster than 400 km/h"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!has_issue(&issues, false, wanted[i])) fail_msg("no remark \"%s\"", wanted[i]);
    assert_int_equal(issues.remarks, sizeof wanted / sizeof wanted[0]);
    assert_int_equal(issues.errors, 0);
    hsd_issues_finish(&issues);
    hsd_timetable_finish(&t);
}

static void errors_are_listed_together_and_the_first_is_the_message(void **state) {
    (void)state;
    const char *path = FEED("many", {"stop_times.txt",
                                     "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
                                     "t1,08:00,08:00:00,s1,1\nt1,08:10:00,08:11:00,nowhere,2\n"
                                     "nobody,08:30:00,08:31:00,s1,3\nt1,08:30:00,08:31:00,s1,x\n"});
    hsd_timetable t;
    hsd_issues issues = {0};
    hsd_error err;
    assert_int_equal(hsd_read_gtfs(&path, 1, NULL, NULL, &t, &issues, &err), HSD_E_FORMAT);
    assert_int_equal(issues.errors, 4);
    assert_string_equal(err.message,
                        "many/stop_times.txt, line 2: arrival_time is \"08:00\"; a time as "
                        "HH:MM:SS (at most 240:00:00) was expected (and 3 more)");
    assert_true(has_issue(&issues, true, "line 3: stop_id \"nowhere\" is not in stops.txt"));
    assert_true(has_issue(&issues, true, "line 4: trip_id \"nobody\" is not in trips.txt"));
    assert_true(has_issue(&issues, true, "line 5: stop_sequence is \"x\"; a number was expected"));
    hsd_issues_finish(&issues);
    /* without a list the message is the same */
    assert_int_equal(hsd_read_gtfs(&path, 1, NULL, NULL, &t, NULL, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "line 2: arrival_time"));
    assert_int_equal(hsd_read_gtfs(&path, 0, NULL, NULL, &t, NULL, &err), HSD_E_ARGUMENT);
    path = "/vsimem/gtfs/nothing.zip";
    assert_int_equal(hsd_read_gtfs(&path, 1, NULL, NULL, &t, NULL, &err), HSD_E_OPEN);
}

static bool stop_at_once(void *user, const char *what, double fraction) {
    assert_true(fraction >= 0 && fraction <= 1 && what);
    return --*(int *)user > 0;
}

static void progress_can_cancel(void **state) {
    (void)state;
    static const feed_file none[] = {{"calendar_dates.txt", NULL}};
    const char *path = feed_make("cancel", none, 1);
    hsd_timetable t;
    hsd_error err;
    int left = 3;
    const hsd_run run = {.progress = stop_at_once, .user = &left};
    assert_int_equal(hsd_read_gtfs(&path, 1, NULL, &run, &t, NULL, &err), HSD_E_CANCELLED);
    assert_null(t.storage);
}

static void every_failed_allocation_is_told(void **state) {
    (void)state;
    const char *const paths[] = {
        FEED("memory", {"trips.txt", "route_id,service_id,trip_id,shape_id\nr,wd,t1,b\nr,wd,t2,\n"},
             {"shapes.txt",
              "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nb,0,0.4,30\nb,0,0,1\n"},
             {"frequencies.txt",
              "trip_id,start_time,end_time,headway_secs\nt2,10:00:00,12:00:00,600\n"},
             {"transfers.txt", "from_stop_id,to_stop_id\ns1,s2\ns1,s2\n"},
             {"calendar_dates.txt", "service_id,date,exception_type\nwd,20241005,1\n"}),
        "/vsimem/gtfs/inner.zip"};
    hsd_status status = HSD_E_MEMORY;
    for (uint64_t n = 1; status != HSD_OK; n++) {
        hsd_timetable t;
        hsd_issues issues = {0};
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        status = hsd_read_gtfs(paths, 2, NULL, NULL, &t, &issues, &err);
        hsd_memory_fail_at(0);
        if (status != HSD_OK && (status != HSD_E_MEMORY || !err.message[0]))
            fail_msg("allocation %u: status %d, \"%s\"", (unsigned)n, (int)status, err.message);
        if (status != HSD_OK) assert_null(t.storage);
        hsd_timetable_finish(&t);
        hsd_issues_finish(&issues);
        assert_true(n < 5000);
    }
}

/* ---- Texts ---------------------------------------------------------------------------------- */

static void texts_are_kept_once_and_found_again(void **state) {
    (void)state;
    hsd_text_pool pool = {0};
    hsd_text_index index = {0};
    hsd_random random = {7};
    static uint32_t offsets[5000];
    static char texts[5000][24];
    for (uint32_t i = 0; i < 5000; i++) { /* many share their first eight bytes */
        snprintf(texts[i], sizeof texts[i], "%s%u", hsd_random_next(&random) % 2 ? "stop_no_" : "",
                 (unsigned)(hsd_random_next(&random) % 3000));
        assert_true(hsd_text_pool_add(&pool, texts[i], strlen(texts[i]), &offsets[i], NULL));
        if (hsd_text_index_find(&index, &pool, texts[i], strlen(texts[i])) == HSD_NO_ROW)
            assert_true(hsd_text_index_add(&index, &pool, offsets[i], i, NULL));
    }
    for (uint32_t i = 0; i < 5000; i++) {
        assert_string_equal(pool.text.data + offsets[i], texts[i]);
        const uint32_t row = hsd_text_index_find(&index, &pool, texts[i], strlen(texts[i]));
        assert_true(row <= i && strcmp(texts[row], texts[i]) == 0 && offsets[row] == offsets[i]);
    }
    assert_int_equal(index.count, pool.all.count);
    assert_int_equal(hsd_text_index_find(&index, &pool, "stop_no_", 8), HSD_NO_ROW);
    assert_int_equal(hsd_text_index_find(&index, &pool, "", 0), HSD_NO_ROW);
    uint32_t empty = 1;
    assert_true(hsd_text_pool_add(&pool, "", 0, &empty, NULL) && empty == 0);
    hsd_text_index_finish(&index);
    hsd_text_pool_finish(&pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_become_rows_in_the_order_of_ids),
        cmocka_unit_test(stops_and_shapes_leave_their_datum),
        cmocka_unit_test(route_types_become_kinds_of_ride),
        cmocka_unit_test(platforms_know_their_station),
        cmocka_unit_test(missing_times_lie_between_by_distance),
        cmocka_unit_test(missing_times_lie_between_by_the_distance_travelled),
        cmocka_unit_test(missing_times_at_one_place_lie_evenly),
        cmocka_unit_test(one_of_two_times_stands_for_both_and_days_may_pass),
        cmocka_unit_test(times_that_run_backwards_are_refused),
        cmocka_unit_test(both_calendars_make_the_days),
        cmocka_unit_test(days_are_texts_and_back),
        cmocka_unit_test(headways_belong_to_their_trips),
        cmocka_unit_test(transfers_set_change_times),
        cmocka_unit_test(shapes_are_drawn_in_their_sequence),
        cmocka_unit_test(feeds_of_one_name_are_told_apart),
        cmocka_unit_test(a_zip_whose_files_lie_in_a_folder_passes),
        cmocka_unit_test(remarks_are_summed_by_kind_and_file),
        cmocka_unit_test(errors_are_listed_together_and_the_first_is_the_message),
        cmocka_unit_test(progress_can_cancel),
        cmocka_unit_test(every_failed_allocation_is_told),
        cmocka_unit_test(texts_are_kept_once_and_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
