/* rank as a call: cancelling, allocations that fail, what is refused before anything is computed.
 * Its figures are held against hand work in tests/golden/rank.sh. */
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
#include "hourshed/export.h"
#include "hourshed/study.h"

enum { OSM, PROFILE, NETWORK, ZONES, PROPOSALS, TRIPS, RESULT, FILES };
static const char *const names[FILES] = {"a.osm",         "car.yaml",  "a.hsn", "zones.csv",
                                         "links.geojson", "trips.csv", "a.gpkg"};
static char folder[64], paths[FILES][96];

static void write_text(int which, const char *text) {
    FILE *file = fopen(paths[which], "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Two streets on either bank, joined by a third far to the east; a bridge between their ends. */
static int make_network(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hourshed-rank-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    for (int i = 0; i < FILES; i++) snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
    write_text(OSM, "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"
                    "<node id='1' lon='0' lat='0'/><node id='2' lon='0.05' lat='0'/>"
                    "<node id='3' lon='0.05' lat='0.01'/><node id='4' lon='0' lat='0.01'/>"
                    "<way id='7'><nd ref='1'/><nd ref='2'/><nd ref='3'/><nd ref='4'/>"
                    "<tag k='highway' v='residential'/></way></osm>");
    write_text(PROFILE, "name: car\nmode: car\nclasses: {residential: {speed_kmh: 30}}\n");
    write_text(ZONES, "id,lon,lat,population,income\nn,0,0.01,30,2\ns,0,0,40,1\ne,0.05,0,7,3\n");
    write_text(TRIPS, "from,to,trips\nn,s,5\n");
    write_text(PROPOSALS,
               "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
               "{\"name\":\"bridge\",\"speed_kmh\":30},\"geometry\":{\"type\":\"LineString\","
               "\"coordinates\":[[0,0],[0,0.01]]}},{\"type\":\"Feature\",\"properties\":{\"name\":"
               "\"middle\",\"speed_kmh\":30},\"geometry\":{\"type\":\"LineString\","
               "\"coordinates\":[[0.02,0],[0.02,0.01]]}}]}");
    const char *profiles[] = {paths[PROFILE]};
    hsd_build_request request = {
        .osm = paths[OSM], .profiles = profiles, .profile_count = 1, .output = paths[NETWORK]};
    hsd_error err = {0};
    if (hsd_study_build(&request, NULL, NULL, NULL, &err) == HSD_OK) return 0;
    print_message("%s\n", err.message);
    return -1;
}

static int remove_folder(void **state) {
    (void)state;
    for (int i = 0; i < FILES; i++) unlink(paths[i]);
    return rmdir(folder); /* fails where something else was left behind */
}

static const double minutes[] = {5, 3};
static const char *const pairs[] = {"n:s"};

static hsd_rank_request plain_request(void) {
    return (hsd_rank_request){.network = paths[NETWORK],
                              .proposals = {.path = paths[PROPOSALS]},
                              .zones = paths[ZONES],
                              .income_field = "income",
                              .flows = paths[TRIPS],
                              .minutes = minutes,
                              .minute_count = 2,
                              .sets = 31,
                              .break_even = pairs,
                              .break_even_count = 1,
                              .output = paths[RESULT],
                              .overwrite = true};
}

static void the_report_has_a_line_for_each_set(void **state) {
    (void)state;
    hsd_rank_request request = plain_request();
    hsd_rank_report report;
    hsd_error err = {0};
    if (hsd_study_rank(&request, NULL, &report, &err) != HSD_OK) fail_msg("%s", err.message);
    /* two alone, both, all but one twice, a pair, two Shapley values */
    assert_int_equal(report.line_count, 8);
    assert_string_equal(report.lines[0].set, "alone");
    assert_string_equal(report.lines[5].proposal, "bridge + middle");
    assert_int_equal(report.baseline_searches, 3);
    assert_int_equal(report.scenario_searches, 0);
    hsd_rank_report_finish(&report);
}

static void an_allocation_that_fails_leaves_nothing_behind(void **state) {
    (void)state;
    hsd_rank_request request = plain_request();
    const hsd_run run = {.threads = 1};
    hsd_rank_report report;
    hsd_memory_fail_at(0);
    assert_int_equal(hsd_study_rank(&request, &run, &report, NULL), HSD_OK);
    hsd_rank_report_finish(&report);
    const uint64_t count = hsd_memory_fail_at(0);
    assert_true(count > 500);
    for (uint64_t n = 1; n <= count; n += 1 + n / 100) {
        unlink(paths[RESULT]);
        hsd_memory_fail_at(n);
        hsd_status status = hsd_study_rank(&request, &run, &report, NULL);
        hsd_memory_fail_at(0);
        hsd_rank_report_finish(&report);
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_not_equal(access(paths[RESULT], F_OK), 0);
    }
}

static bool stop_at(void *user, const char *what, double fraction) {
    (void)fraction;
    return strcmp(what, user) != 0;
}

static void cancelling_leaves_nothing_behind(void **state) {
    (void)state;
    char what[] = "ranking";
    hsd_run run = {.progress = stop_at, .user = what};
    hsd_rank_request request = plain_request();
    hsd_rank_report report;
    unlink(paths[RESULT]);
    assert_int_equal(hsd_study_rank(&request, &run, &report, NULL), HSD_E_CANCELLED);
    hsd_rank_report_finish(&report);
    assert_int_not_equal(access(paths[RESULT], F_OK), 0);
}

static void refused(const hsd_rank_request *request, hsd_status expected, const char *message) {
    hsd_rank_report report;
    hsd_error err = {0};
    assert_int_equal(hsd_study_rank(request, NULL, &report, &err), expected);
    assert_string_equal(err.message, message);
    hsd_rank_report_finish(&report);
}

static void bad_requests_say_what_is_wrong(void **state) {
    (void)state;
    hsd_rank_request request = plain_request();
    request.zones = NULL;
    refused(&request, HSD_E_ARGUMENT, "no zones: --zones FILE, with people");
    request = plain_request();
    request.population_field = "people";
    hsd_rank_report report;
    hsd_error err = {0};
    assert_int_equal(hsd_study_rank(&request, NULL, &report, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "people"));
    hsd_rank_report_finish(&report);
    static const char *const nowhere[] = {"n:x"};
    request = plain_request();
    request.break_even = nowhere;
    refused(&request, HSD_E_ARGUMENT,
            "break-even \"n:x\": no zone \"x\"; expected FROM:TO, ids of zones (e ...)");
    write_text(TRIPS, "from,to,trips\nn,s,5\nn,q,5\n");
    request = plain_request();
    refused(&request, HSD_E_FORMAT, "trips.csv line 3: to \"q\": no zone has this id");
    write_text(TRIPS, "from,to,trips\nn,s,-1\n");
    refused(&request, HSD_E_FORMAT, "trips.csv line 2: trips \"-1\": expected a number, 0 or more");
    write_text(TRIPS, "from,to,trips\nn,s,5\n");
    request.output = paths[ZONES];
    char text[200];
    snprintf(text, sizeof text, "output %s is an input of this run", paths[ZONES]);
    refused(&request, HSD_E_ARGUMENT, text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_report_has_a_line_for_each_set),
        cmocka_unit_test(an_allocation_that_fails_leaves_nothing_behind),
        cmocka_unit_test(cancelling_leaves_nothing_behind),
        cmocka_unit_test(bad_requests_say_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, make_network, remove_folder) != 0;
}
