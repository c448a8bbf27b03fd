/* study: a whole comparison, and a ranking, by timetable as a call, on stops alone. A train from A
 * to B takes 40 minutes at 08:00 and every half hour after; a proposal makes it twice as fast. */
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

static char folder[64], feed[96], network[96], proposals[96], idle[96], cities[96], result[96];

static const char *const files[][2] = {
    {"feed/agency.txt", "agency_name,agency_url,agency_timezone\nA,http://a.example,UTC\n"},
    {"feed/stops.txt", "stop_id,stop_name,stop_lat,stop_lon\nA,甲,22,113\nB,乙,22,113.2\n"},
    {"feed/routes.txt", "route_id,route_short_name,route_type\nr,R,1\n"},
    {"feed/calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
                          "start_date,end_date\nd,1,1,1,1,1,1,1,20240101,20241231\n"},
    {"feed/trips.txt", "route_id,service_id,trip_id\nr,d,t1\nr,d,t2\nr,d,t3\n"},
    {"feed/stop_times.txt", "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n"
                            "t1,1,A,08:00:00,08:00:00\nt1,2,B,08:40:00,08:40:00\n"
                            "t2,1,A,08:30:00,08:30:00\nt2,2,B,09:10:00,09:10:00\n"
                            "t3,1,A,09:00:00,09:00:00\nt3,2,B,09:40:00,09:40:00\n"},
    {"access.yaml", "name: access\nmode: access\n"
                    "leg: {rule: nodes, speed_kmh: 6, detour: 1, cap_m: 500}\n"},
    {"services.csv", "proposal,action,of,factor\nfast,speed,R,2\n"},
    {"links.geojson",
     "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
     "{\"proposal\":\"road\",\"minutes\":5},\"geometry\":{\"type\":\"LineString\","
     "\"coordinates\":[[113,22],[113.2,22]]}}]}"},
    {"cities.csv", "id,name,name_en,lon,lat,population\na,甲,Alpha,113,22,1000\n"
                   "b,乙,Beta,113.2,22,30\n"},
};

static int make_files(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hourshed-rides-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(feed, sizeof feed, "%s/feed", folder);
    snprintf(network, sizeof network, "%s/net.hsn", folder);
    snprintf(proposals, sizeof proposals, "%s/services.csv", folder);
    snprintf(idle, sizeof idle, "%s/links.geojson", folder);
    snprintf(cities, sizeof cities, "%s/cities.csv", folder);
    snprintf(result, sizeof result, "%s/result.gpkg", folder);
    if (mkdir(feed, 0700) != 0) return -1;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, files[i][0]);
        FILE *file = fopen(path, "wb");
        if (!file) return -1;
        fputs(files[i][1], file);
        fclose(file);
    }
    char profile[128];
    snprintf(profile, sizeof profile, "%s/access.yaml", folder);
    const char *profiles[] = {profile}, *feeds[] = {feed};
    hsd_build_request build = {.gtfs = feeds,
                               .gtfs_count = 1,
                               .profiles = profiles,
                               .profile_count = 1,
                               .output = network};
    hsd_error err = {HSD_OK, ""};
    if (hsd_study_build(&build, NULL, NULL, NULL, &err) == HSD_OK) return 0;
    fprintf(stderr, "%s\n", err.message);
    return -1;
}

static int remove_files(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, files[i][0]);
        unlink(path);
    }
    unlink(network);
    unlink(result);
    rmdir(feed);
    return rmdir(folder);
}

static const double cutoffs[] = {30, 60};

static hsd_compare_request request_of(const char *drawn) {
    return (hsd_compare_request){.circle = {.network = network,
                                            .mode = "transit",
                                            .transit = {.date = "2024-05-14", .window_min = 31},
                                            .origins = cities,
                                            .population = cities,
                                            .zones = cities,
                                            .minutes = cutoffs,
                                            .minute_count = 2,
                                            .output = result,
                                            .overwrite = true},
                                 .proposals = {.path = drawn},
                                 .attribution = true};
}

/* Leaving at 08:00 + m, m = 0 ... 30, one waits 0, 29, 28 ... 0: the median of 31, the 16th, is 14.
 */
static void the_report_holds_before_and_after(void **state) {
    (void)state;
    hsd_compare_request request = request_of(proposals);
    hsd_compare_report report;
    hsd_error err = {HSD_OK, ""};
    hsd_status status = hsd_study_compare(&request, NULL, &report, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, HSD_OK);
    assert_int_equal(report.row_count, 4); /* 2 origins x 2 cut-offs */
    assert_string_equal(report.rows[0].origin, "Alpha");
    assert_string_equal(report.rows[0].profile, "transit p50");
    assert_float_equal(report.rows[0].masses_before[0], 1000, 0);
    assert_float_equal(report.rows[0].masses_after[0], 1000, 0);
    assert_float_equal(report.rows[1].masses_before[0], 1030, 0);
    assert_float_equal(report.rows[1].masses_after[0], 1030, 0);
    assert_int_equal(report.city_count, 2);
    assert_float_equal(report.cities[0].before_min, 54, 1e-9);
    assert_float_equal(report.cities[0].after_min, 34, 1e-9);
    assert_true(isnan(report.cities[1].before_min) && isnan(report.cities[1].after_min));
    assert_int_equal(report.failed_count, 0);
    hsd_compare_report_finish(&report);
}

static void a_street_alone_is_an_error_that_names_it(void **state) {
    (void)state;
    hsd_compare_request request = request_of(idle);
    hsd_compare_report report;
    hsd_error err = {HSD_OK, ""};
    assert_int_equal(hsd_study_compare(&request, NULL, &report, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "proposal \"road\": nothing of it bears"));
    hsd_compare_report_finish(&report);
}

static void one_thread_is_as_good_as_four(void **state) {
    (void)state;
    hsd_compare_request request = request_of(proposals);
    hsd_compare_report reports[2];
    for (int i = 0; i < 2; i++) {
        const hsd_run run = {.threads = i ? 4 : 1};
        assert_int_equal(hsd_study_compare(&request, &run, &reports[i], NULL), HSD_OK);
    }
    assert_int_equal(reports[0].row_count, reports[1].row_count);
    for (size_t i = 0; i < reports[0].row_count; i++) {
        assert_true(reports[0].rows[i].after_km2 == reports[1].rows[i].after_km2);
        assert_true(reports[0].rows[i].gained_km2 == reports[1].rows[i].gained_km2);
    }
    for (int i = 0; i < 2; i++) hsd_compare_report_finish(&reports[i]);
}

/* Denser where a comparison begins, so that every step of it fails somewhere. */
static void every_allocation_may_fail(void **state) {
    (void)state;
    const hsd_run run = {.threads = 1};
    hsd_compare_request request = request_of(proposals);
    for (uint64_t n = 1; n < 10000000; n += 1 + n / 12) {
        hsd_compare_report report;
        hsd_error err = {HSD_OK, ""};
        hsd_memory_fail_at(n);
        hsd_status status = hsd_study_compare(&request, &run, &report, &err);
        hsd_memory_fail_at(0);
        hsd_compare_report_finish(&report);
        if (status == HSD_OK) {
            assert_true(n > 100);
            return;
        }
        assert_int_equal(status, HSD_E_MEMORY);
        assert_true(err.message[0] != '\0');
    }
    fail_msg("never succeeded");
}

/* ---- Rankings ---- */

static const double within[] = {40, 30};

static hsd_rank_request ranking_of(const char *drawn) {
    return (hsd_rank_request){.network = network,
                              .mode = "transit",
                              .transit = {.date = "2024-05-14", .window_min = 31},
                              .proposals = {.path = drawn},
                              .zones = cities,
                              .minutes = within,
                              .minute_count = 2,
                              .output = result,
                              .overwrite = true};
}

/* A to B falls from 54 minutes to 34: 1000 of 1030 people gain 30 within 40 minutes; a pair in two
 * saves 20 minutes. */
static void a_ranking_says_what_faster_trains_bring(void **state) {
    (void)state;
    hsd_rank_request request = ranking_of(proposals);
    hsd_rank_report report;
    hsd_error err = {HSD_OK, ""};
    hsd_status status = hsd_study_rank(&request, NULL, &report, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, HSD_OK);
    assert_int_equal(report.line_count, 2); /* alone, together */
    for (size_t i = 0; i < 2; i++) {
        assert_float_equal(report.lines[i].access_gain, 30000.0 / 1030, 1e-9);
        assert_float_equal(report.lines[i].mean_saving_min, 10, 1e-9);
    }
    assert_int_equal(report.baseline_searches, 2);
    assert_int_equal(report.scenario_searches, 2); /* both are one set */
    hsd_rank_report_finish(&report);
}

static void a_ranking_of_streets_by_timetable_is_an_error(void **state) {
    (void)state;
    hsd_rank_request request = ranking_of(idle);
    hsd_rank_report report;
    hsd_error err = {HSD_OK, ""};
    assert_int_equal(hsd_study_rank(&request, NULL, &report, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "proposal \"road\": nothing of it bears"));
    hsd_rank_report_finish(&report);
}

static void every_allocation_of_a_ranking_may_fail(void **state) {
    (void)state;
    const hsd_run run = {.threads = 1};
    hsd_rank_request request = ranking_of(proposals);
    for (uint64_t n = 1; n < 10000000; n += 1 + n / 40) {
        hsd_rank_report report;
        hsd_error err = {HSD_OK, ""};
        hsd_memory_fail_at(n);
        hsd_status status = hsd_study_rank(&request, &run, &report, &err);
        hsd_memory_fail_at(0);
        hsd_rank_report_finish(&report);
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
        cmocka_unit_test(the_report_holds_before_and_after),
        cmocka_unit_test(a_street_alone_is_an_error_that_names_it),
        cmocka_unit_test(one_thread_is_as_good_as_four),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_ranking_says_what_faster_trains_bring),
        cmocka_unit_test(a_ranking_of_streets_by_timetable_is_an_error),
        cmocka_unit_test(every_allocation_of_a_ranking_may_fail),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files) != 0;
}
