/* study: circles by timetable as a call. A street of 6 km on the equator, walked at 100 m a minute,
 * and one bus from 500 m to 5,500 m: 08:10 - 08:20, back 17:20 - 17:30. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "base/memory.h"
#include "hourshed/study.h"

#define METRE (1 / 111319.490793) /* degrees of longitude */

static char folder[64], network[96], places[96], result[96], feed[96];

static const char *const names[] = {"feed/agency.txt",
                                    "feed/stops.txt",
                                    "feed/routes.txt",
                                    "feed/trips.txt",
                                    "feed/stop_times.txt",
                                    "feed/calendar.txt",
                                    "street.geojson",
                                    "walk.yaml",
                                    "car.yaml",
                                    "places.csv",
                                    "net.hsn",
                                    "result.gpkg"};

static void write_text(const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void write_profile(const char *name, const char *mode, int kmh) {
    char text[512];
    snprintf(text, sizeof text,
             "name: %s\nmode: %s\nuses: [%s]\nrespects_oneway: no\nrespects_turns: no\n"
             "uses_tags: no\nfactor: 1\nno_stop: []\n"
             "leg: {rule: edges, speed_kmh: 6, detour: 1, cap_m: 200}\n"
             "classes:\n  residential: {speed_kmh: %d}\n",
             mode, mode, mode, kmh);
    write_text(name, text);
}

static void write_feed(void) {
    char stops[256];
    snprintf(stops, sizeof stops,
             "stop_id,stop_name,stop_lat,stop_lon\nw,West,0,%.7f\n"
             "e,East,0,%.7f\n",
             500 * METRE, 5500 * METRE);
    write_text("feed/agency.txt",
               "agency_id,agency_name,agency_url,agency_timezone\na,A,http://a.example,UTC\n");
    write_text("feed/stops.txt", stops);
    write_text("feed/routes.txt", "route_id,agency_id,route_short_name,route_type\nr,a,7,3\n");
    write_text("feed/trips.txt", "route_id,service_id,trip_id\nr,d,out\nr,d,home\n");
    write_text("feed/stop_times.txt", "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n"
                                      "out,1,w,08:10:00,08:10:00\nout,2,e,08:20:00,08:20:00\n"
                                      "home,1,e,17:20:00,17:20:00\nhome,2,w,17:30:00,17:30:00\n");
    write_text("feed/calendar.txt",
               "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
               "end_date\nd,1,1,1,1,1,1,1,20240101,20241231\n");
}

static int make_files(void **state) {
    (void)state;
    char street[512], table[256], walk[128], car[128];
    snprintf(folder, sizeof folder, "/tmp/hourshed-transit-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(network, sizeof network, "%s/net.hsn", folder);
    snprintf(places, sizeof places, "%s/places.csv", folder);
    snprintf(result, sizeof result, "%s/result.gpkg", folder);
    snprintf(feed, sizeof feed, "%s/feed", folder);
    snprintf(street, sizeof street, "%s/street.geojson", folder);
    snprintf(walk, sizeof walk, "%s/walk.yaml", folder);
    snprintf(car, sizeof car, "%s/car.yaml", folder);
    if (mkdir(feed, 0700) != 0) return -1;
    write_feed();
    write_profile("walk.yaml", "walk", 6);
    write_profile("car.yaml", "car", 60);
    snprintf(table, sizeof table, "id,name,lon,lat\nhome,Home,0,0\nmill,Mill,%.7f,0\n",
             5900.5 * METRE);
    write_text("places.csv", table);
    char text[512];
    snprintf(text, sizeof text,
             "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
             "{\"class\":\"residential\"},\"geometry\":{\"type\":\"LineString\",\"coordinates\":"
             "[[0,0],[%.7f,0],[%.7f,0]]}}]}",
             3000 * METRE, 6000 * METRE);
    write_text("street.geojson", text);
    const char *profiles[] = {walk, car}, *feeds[] = {feed};
    hsd_build_request build = {.roads = street,
                               .road_fields = {.road_class = "class"},
                               .profiles = profiles,
                               .profile_count = 2,
                               .gtfs = feeds,
                               .gtfs_count = 1,
                               .output = network};
    hsd_error err = {HSD_OK, ""};
    return hsd_study_build(&build, NULL, NULL, NULL, &err) == HSD_OK ? 0 : -1;
}

static int remove_files(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(feed);
    return rmdir(folder);
}

static const double minutes[] = {10, 30}, percentiles[] = {50, 100};
static const hsd_lonlat mill = {5900.5 * METRE, 0};
static const char *const legs[] = {"1:home"};

/* Of the mill: there by 08:25 at the latest, back from 17:12 on. */
static hsd_circle_request request_of(void) {
    return (hsd_circle_request){.network = network,
                                .points = &mill,
                                .point_count = 1,
                                .direction = HSD_TO,
                                .zones = places,
                                .minutes = minutes,
                                .minute_count = 2,
                                .mode = "transit",
                                .cell_m = 100,
                                .overlap = true,
                                .transit = {.date = "2024-05-14",
                                            .arrive = "08:27",
                                            .depart = "17:12",
                                            .window_min = 3,
                                            .percentiles = percentiles,
                                            .percentile_count = 2,
                                            .day_return = true},
                                .legs = legs,
                                .leg_count = 1,
                                .output = result,
                                .overwrite = true};
}

static void the_report_has_a_row_a_percentile(void **state) {
    (void)state;
    const hsd_circle_request request = request_of();
    hsd_circle_report report;
    hsd_error err = {HSD_OK, ""};
    assert_int_equal(hsd_study_circle(&request, NULL, &report, &err), HSD_OK);
    assert_int_equal(report.row_count, 4);
    assert_float_equal(report.rows[0].percentile, 50, 0);
    assert_float_equal(report.rows[2].percentile, 100, 0);
    assert_string_equal(report.rows[3].profile, "transit p100");
    /* ten minutes on foot, 100 m to the street's end */
    assert_float_equal(report.rows[0].reached_km, 1.0995, 1e-3);
    /* from home there: 08:05 to 08:24, 22 min at 08:27; back at 17:12, 4 and 4 min of walks, bus at
     * 17:20, 23 min: so with 30 min one comes from the first 500 m and from further */
    assert_true(report.rows[1].reached_km > 1.0995 + 0.5 + 0.5);
    assert_int_equal(report.failed_count, 0);
    hsd_circle_report_finish(&report);
}

/* A run makes thousands of allocations: each of the first, then further and further apart. */
static void every_allocation_may_fail(void **state) {
    (void)state;
    const hsd_run run = {.threads = 1};
    hsd_circle_request request = request_of();
    request.transit.access = "car";
    for (uint64_t n = 1; n < 10000000; n += 1 + n / 8) {
        hsd_circle_report report;
        hsd_error err = {HSD_OK, ""};
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_study_circle(&request, &run, &report, &err);
        hsd_memory_fail_at(0);
        hsd_circle_report_finish(&report);
        if (status == HSD_OK) {
            assert_true(n > 100);
            return;
        }
        assert_int_equal(status, HSD_E_MEMORY);
        assert_true(err.message[0] != '\0');
    }
    fail_msg("never succeeded");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_report_has_a_row_a_percentile),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files) != 0;
}
