/* study: a whole comparison as a call. Three places in a row, A -25- B -30- C minutes, and a drawn
 * bridge A - C of 21. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "base/memory.h"
#include "hourshed/study.h"

static char folder[64], network[96], links[96], bad[96], cities[96], result[96];

static void write_text(const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_files(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hourshed-compare-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(network, sizeof network, "%s/net.hsn", folder);
    snprintf(links, sizeof links, "%s/links.geojson", folder);
    snprintf(bad, sizeof bad, "%s/bad.geojson", folder);
    snprintf(cities, sizeof cities, "%s/cities.csv", folder);
    snprintf(result, sizeof result, "%s/result.gpkg", folder);
    write_text("nodes.csv", "id,name,lon,lat,stop,source,year,confidence\n"
                            "A,甲,113.0,22.0,yes,made by hand,2026,A\n"
                            "B,乙,113.2,22.0,yes,made by hand,2026,A\n"
                            "C,丙,113.4,22.0,yes,made by hand,2026,A\n");
    write_text("links.csv", "id,from,to,name,class,length_km,oneway,modes,source,year,confidence\n"
                            "ab,A,B,Road,road,25,no,car,made by hand,2026,A\n"
                            "bc,B,C,Road,road,30,no,car,made by hand,2026,A\n");
    write_text("car.yaml",
               "name: car\nmode: car\ndescription: one kilometre a minute\nuses: [car]\n"
               "respects_oneway: yes\nrespects_turns: yes\nuses_tags: yes\nfactor: 1\n"
               "leg: {rule: nodes, speed_kmh: 30, detour: 1.3, cap_m: 1000}\n"
               "classes:\n  road: {speed_kmh: 60}\n");
    write_text("links.geojson",
               "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
               "{\"name\":\"bridge\",\"minutes\":21},\"geometry\":{\"type\":\"LineString\","
               "\"coordinates\":[[113.0,22.0],[113.2,21.9],[113.4,22.0]]}}]}");
    write_text("bad.geojson",
               "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
               "{\"name\":\"far\",\"minutes\":21},\"geometry\":{\"type\":\"LineString\","
               "\"coordinates\":[[114.0,23.0],[114.2,23.0]]}},{\"type\":\"Feature\",\"properties\":"
               "{\"name\":\"half\",\"minutes\":21},\"geometry\":{\"type\":\"LineString\","
               "\"coordinates\":[[113.0,22.0],[114.3,23.1]]}}]}");
    write_text("cities.csv", "id,name,name_en,lon,lat,population\na,甲,Alpha,113.0,22.0,1000\n"
                             "c,丙,Gamma,113.4,22.0,30\n");
    char profile[128];
    snprintf(profile, sizeof profile, "%s/car.yaml", folder);
    const char *profiles[] = {profile};
    hsd_build_request build = {
        .corridor = folder, .profiles = profiles, .profile_count = 1, .output = network};
    hsd_error err = {HSD_OK, ""};
    return hsd_study_build(&build, NULL, NULL, NULL, &err) == HSD_OK ? 0 : -1;
}

static int remove_files(void **state) {
    (void)state;
    static const char *const names[] = {"nodes.csv",   "links.csv",  "car.yaml", "links.geojson",
                                        "bad.geojson", "cities.csv", "net.hsn",  "result.gpkg"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static const double hour[] = {40, 60};

static hsd_compare_request request_of(const char *proposals) {
    return (hsd_compare_request){.circle = {.network = network,
                                            .origins = cities,
                                            .population = cities,
                                            .zones = cities,
                                            .minutes = hour,
                                            .minute_count = 2,
                                            .output = result,
                                            .overwrite = true},
                                 .proposals = {.path = proposals},
                                 .attribution = true};
}

static void the_report_holds_before_and_after(void **state) {
    (void)state;
    hsd_compare_request request = request_of(links);
    hsd_compare_report report;
    hsd_error err = {HSD_OK, ""};
    assert_int_equal(hsd_study_compare(&request, NULL, &report, &err), HSD_OK);
    assert_int_equal(report.row_count, 4); /* 2 origins x 2 cut-offs */
    assert_string_equal(report.rows[0].scenario, "all");
    assert_string_equal(report.rows[0].origin, "Alpha");
    assert_float_equal(report.rows[0].cutoff_min, 40, 0);
    assert_float_equal(report.rows[0].masses_before[0], 1000, 0);
    assert_float_equal(report.rows[0].masses_after[0], 1030, 0);
    assert_float_equal(report.rows[0].before_road_km, 40, 1e-9); /* 25, and 15 beyond B */
    assert_float_equal(report.rows[0].after_road_km, 55, 1e-9);  /* all of it */
    assert_true(report.rows[0].gained_km2 > 0 && report.rows[0].lost_km2 == 0);
    assert_float_equal(report.rows[1].masses_before[0], 1030, 0);
    assert_int_equal(report.city_count, 2);
    assert_float_equal(report.cities[0].before_min, 55, 1e-9);
    assert_float_equal(report.cities[0].after_min, 21, 1e-9);
    assert_true(report.sentence_count > 0);
    assert_int_equal(report.failed_count, 0);
    hsd_compare_report_finish(&report);
}

static void every_problem_is_in_the_report(void **state) {
    (void)state;
    hsd_compare_request request = request_of(bad);
    hsd_compare_report report;
    hsd_error err = {HSD_OK, ""};
    assert_int_equal(hsd_study_compare(&request, NULL, &report, &err), HSD_E_FORMAT);
    assert_true(report.issues.errors >= 2);
    assert_non_null(strstr(report.issues.list[0].text, "feature"));
    assert_int_equal(report.row_count, 0);
    hsd_compare_report_finish(&report);
    assert_int_not_equal(access(result, F_OK), 0);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    const char *twice[] = {"x=bridge", "x=*"}, *base[] = {"baseline=*"}, *paths[] = {"a:q"};
    hsd_compare_request requests[6];
    for (size_t i = 0; i < 6; i++) requests[i] = request_of(links);
    requests[0].scenarios = twice;
    requests[0].scenario_count = 2;
    requests[1].scenarios = base;
    requests[1].scenario_count = 1;
    requests[2].paths = paths;
    requests[2].path_count = 1;
    requests[3].circle.edges = HSD_EDGES_NEAREST;
    requests[4].circle.output = links;
    requests[5].faster_min = -1;
    for (size_t i = 0; i < 6; i++) {
        hsd_compare_report report;
        hsd_error err = {HSD_OK, ""};
        assert_int_equal(hsd_study_compare(&requests[i], NULL, &report, &err), HSD_E_ARGUMENT);
        assert_true(err.message[0] != '\0');
        hsd_compare_report_finish(&report);
    }
}

/* A run makes thousands of allocations: each of the first, then further and further apart. */
static void every_allocation_may_fail(void **state) {
    (void)state;
    const hsd_run run = {.threads = 1};
    hsd_compare_request request = request_of(links);
    for (uint64_t n = 1; n < 10000000; n += 1 + n / 6) {
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_problem_is_in_the_report),
        cmocka_unit_test(the_report_holds_before_and_after),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files) != 0;
}
