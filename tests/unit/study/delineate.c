/* delineate as a call: allocations that fail, cancelling; and its rules on figures by hand. Circles
 * are held against hand work in tests/golden/delineate.py. */
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
#include "study/delineate_rules.h"

enum { OSM, PROFILE, NETWORK, ZONES, PEOPLE, CENTRES, RULES, LIST, RESULT, FILES };
static const char *const names[FILES] = {"a.osm",         "car.yaml",   "a.hsn",
                                         "zones.geojson", "people.csv", "centres.csv",
                                         "own.yaml",      "list.txt",   "a.gpkg"};
static char folder[64], paths[FILES][96];

static void write_text(int which, const char *text) {
    FILE *file = fopen(paths[which], "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

#define BOX(id, w, e)                                                                              \
    "{\"type\":\"Feature\",\"properties\":{\"id\":\"" id "\",\"commuting\":0.2,\"scope\":1},"      \
    "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[" w ",-0.01],[" e ",-0.01],[" e         \
    ",0.01],[" w ",0.01],[" w ",-0.01]]]}}"

/* A street through three boxes side by side, with a person in each of the first two. */
static int make_network(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hourshed-delineate-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    for (int i = 0; i < FILES; i++) snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
    write_text(OSM, "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"
                    "<node id='1' lon='0' lat='0'/><node id='2' lon='0.06' lat='0'/>"
                    "<way id='7'><nd ref='1'/><nd ref='2'/>"
                    "<tag k='highway' v='residential'/></way></osm>");
    write_text(PROFILE, "name: car\nmode: car\nclasses: {residential: {speed_kmh: 30}}\n");
    write_text(ZONES,
               "{\"type\":\"FeatureCollection\",\"features\":[" BOX("a", "0", "0.02") "," BOX(
                   "b", "0.02", "0.04") "," BOX("c", "0.04", "0.06") "]}");
    write_text(PEOPLE, "id,lon,lat,population\np,0.01,0,30\nq,0.03,0,40\n");
    write_text(CENTRES, "id,lon,lat\nx,0.01,0\ny,0.05,0\n");
    write_text(RULES, "rules:\n  - name: own\n    about: of this test\n    any_of:\n"
                      "      - share_within: {minutes: 5, at_least: 0.4}\n"
                      "      - commuting: {field: commuting, at_least: 0.5}\n"
                      "    enclaves: fill\n    exclaves: drop\n");
    write_text(LIST, "a\nb\n");
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
    rmdir(folder);
    return 0;
}

static const char *const rules[] = {paths[RULES]}, *const official[] = {"scope"};
static hsd_delineate_request plain_request(void) {
    return (hsd_delineate_request){.circle = {.network = paths[NETWORK],
                                              .origins = paths[CENTRES],
                                              .direction = HSD_TO,
                                              .zones = paths[ZONES],
                                              .population = paths[PEOPLE],
                                              .output = paths[RESULT]},
                                   .rules = rules,
                                   .rule_set_count = 1,
                                   .official = official,
                                   .official_count = 1,
                                   .official_list = paths[LIST]};
}

/* 0.02 degrees, 2226 m, at 30 km/h (500 m a minute): 4.45 minutes to the next box. */
static void circles_of_two_centres_share_the_middle(void **state) {
    (void)state;
    const hsd_delineate_request request = plain_request();
    hsd_delineate_report report;
    hsd_error err = {HSD_OK, ""};
    unlink(paths[RESULT]);
    assert_int_equal(hsd_study_delineate(&request, NULL, &report, &err), HSD_OK);
    assert_int_equal(report.line_count, 4); /* two centres, two lists */
    const hsd_delineate_line *x = &report.lines[0], *y = &report.lines[3];
    assert_string_equal(x->centre_id, "x");
    assert_string_equal(x->official, "scope");
    assert_int_equal(x->members, 2);
    assert_true(fabs(x->population - 70) < 1e-9);
    assert_true(x->both == 2 && x->model_only == 0 && x->official_only == 1);
    assert_true(x->jaccard == 2.0 / 3 && x->population_jaccard == 1);
    assert_string_equal(x->official_only_names, "c");
    assert_string_equal(y->centre_id, "y");
    assert_string_equal(y->official, "list");
    assert_string_equal(y->model_only_names, "c");
    assert_int_equal(report.nesting_count, 2); /* a and c in one circle, b in two */
    assert_true(report.nesting[0].circles == 1 && report.nesting[0].candidates == 2);
    assert_true(report.nesting[1].circles == 2 && report.nesting[1].population == 40);
    hsd_delineate_report_finish(&report);
}

static void an_allocation_that_fails_leaves_nothing_behind(void **state) {
    (void)state;
    const hsd_delineate_request request = plain_request();
    const hsd_run run = {.threads = 1};
    hsd_delineate_report report;
    unlink(paths[RESULT]);
    hsd_memory_fail_at(0);
    assert_int_equal(hsd_study_delineate(&request, &run, &report, NULL), HSD_OK);
    hsd_delineate_report_finish(&report);
    const uint64_t count = hsd_memory_fail_at(0);
    assert_true(count > 500);
    for (uint64_t n = 1; n <= count; n += 1 + n / 100) {
        unlink(paths[RESULT]);
        hsd_memory_fail_at(n);
        hsd_error err = {HSD_OK, ""};
        const hsd_status status = hsd_study_delineate(&request, &run, &report, &err);
        hsd_memory_fail_at(0);
        hsd_delineate_report_finish(&report);
        /* the test of a polygon says so as a fault of the feature */
        if (status != HSD_E_MEMORY && !(status && strstr(err.message, "out of memory")))
            fail_msg("allocation %d: %s", (int)n, err.message);
        assert_int_not_equal(access(paths[RESULT], F_OK), 0);
    }
}

static bool stop_at(void *user, const char *what, double fraction) {
    (void)fraction;
    return strcmp(what, user) != 0;
}

static void cancelling_leaves_nothing_behind(void **state) {
    (void)state;
    static char steps[][24] = {"borders", "placing people", "centres"};
    for (size_t i = 0; i < 3; i++) {
        const hsd_run run = {.threads = 1, .progress = stop_at, .user = steps[i]};
        const hsd_delineate_request request = plain_request();
        hsd_delineate_report report;
        unlink(paths[RESULT]);
        assert_int_equal(hsd_study_delineate(&request, &run, &report, NULL), HSD_E_CANCELLED);
        hsd_delineate_report_finish(&report);
        assert_int_not_equal(access(paths[RESULT], F_OK), 0);
    }
}

/* ---- Rules by themselves ---- */

static const uint32_t cutoffs_ms[] = {1800000, 3600000};

static bool holds(const char *condition, const hsd_served *served, const double *masses) {
    char text[400];
    snprintf(text, sizeof text, "rules:\n  - name: x\n    %s\n", condition);
    write_text(LIST, text);
    char path[120];
    snprintf(path, sizeof path, "%s/rule.yaml", folder);
    assert_int_equal(rename(paths[LIST], path), 0);
    const char *set[] = {path};
    hsd_member_rules list;
    hsd_error err = {HSD_OK, ""};
    if (hsd_member_rules_read(set, 1, NULL, 0, &list, &err) != HSD_OK) fail_msg("%s", err.message);
    const bool found = hsd_member_rule_holds(&list.rules[0], served, cutoffs_ms, 2, masses);
    hsd_member_rules_finish(&list);
    unlink(path);
    return found;
}

static void conditions_hold_at_their_very_mark(void **state) {
    (void)state;
    double shares[] = {0.2, 0.1 + 0.2 + 0.2}, areas[] = {0, 0.3};
    const double masses[] = {0.15};
    const hsd_served s = {3600000, 1800000, 60, 0.99, shares, areas};
    assert_true(holds("share_within: {minutes: 60, at_least: 0.5}", &s, masses));
    assert_true(holds("majority: {minutes: 60}", &s, masses));
    assert_false(holds("share_within: {minutes: 60, at_least: 0.500001}", &s, masses));
    assert_false(holds("majority: {minutes: 30}", &s, masses));
    assert_true(holds("share_within: {minutes: 30, at_least: 0.2}", &s, masses));
    assert_true(holds("area_within: {minutes: 60, at_least: 0.3}", &s, masses));
    assert_false(holds("area_within: {minutes: 30, at_least: 0.1}", &s, masses));
    assert_true(holds("mean_at_most: {minutes: 60, reached_at_least: 0.99}", &s, masses));
    assert_false(holds("mean_at_most: {minutes: 60}", &s, masses)); /* of everybody */
    assert_false(holds("mean_at_most: {minutes: 59.9, reached_at_least: 0.5}", &s, masses));
    assert_true(holds("centroid_within: {minutes: 60}", &s, masses));
    assert_false(holds("centroid_within: {minutes: 59}", &s, masses));
    assert_true(holds("any_part_within: {minutes: 30}", &s, masses));
    assert_false(holds("any_part_within: {minutes: 29}", &s, masses));
    assert_true(holds("commuting: {field: rate, at_least: 0.15}", &s, masses));
    assert_false(holds("commuting: {field: rate, at_least: 0.16}", &s, masses));
}

static void what_is_not_known_holds_nowhere(void **state) {
    (void)state;
    double shares[] = {NAN, NAN}, areas[] = {1, 1};
    const hsd_served s = {HSD_UNREACHABLE, HSD_UNREACHABLE, NAN, NAN, shares, areas};
    assert_false(holds("majority: {minutes: 60}", &s, NULL));
    assert_false(holds("mean_at_most: {minutes: 60, reached_at_least: 0.1}", &s, NULL));
    assert_false(holds("centroid_within: {minutes: 1440}", &s, NULL));
    assert_false(holds("any_part_within: {minutes: 1440}", &s, NULL));
    assert_true(holds("area_within: {minutes: 60, at_least: 1}", &s, NULL));
}

static void conditions_join_and_nest(void **state) {
    (void)state;
    double shares[] = {0, 1}, areas[] = {0, 0};
    const double masses[] = {0};
    const hsd_served s = {0, 0, 0, 1, shares, areas};
    /* 1: majority at 60; 0: majority at 30 */
#define ONE "{majority: {minutes: 60}}"
#define NIL "{majority: {minutes: 30}}"
    assert_true(holds("all_of: [" ONE ", " ONE "]", &s, masses));
    assert_false(holds("all_of: [" ONE ", " NIL "]", &s, masses));
    assert_true(holds("any_of: [" NIL ", " ONE "]", &s, masses));
    assert_false(holds("any_of: [" NIL ", " NIL "]", &s, masses));
    assert_true(holds("all_of: [{any_of: [" NIL ", " ONE "]}, " ONE "]", &s, masses));
    assert_false(holds("all_of: [{any_of: [" ONE ", " ONE "]}, " NIL "]", &s, masses));
    assert_true(holds("any_of: [{all_of: [" ONE ", " NIL "]}, {all_of: [" ONE "]}]", &s, masses));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(circles_of_two_centres_share_the_middle),
        cmocka_unit_test(cancelling_leaves_nothing_behind),
        cmocka_unit_test(an_allocation_that_fails_leaves_nothing_behind),
        cmocka_unit_test(conditions_hold_at_their_very_mark),
        cmocka_unit_test(what_is_not_known_holds_nowhere),
        cmocka_unit_test(conditions_join_and_nest),
    };
    return cmocka_run_group_tests(tests, make_network, remove_folder) != 0;
}
