/* Runs of measures as a whole, on matrices: what is found, what is refused and in which words, and
 * that running out of memory anywhere leaves nothing behind. Values against printed ones, networks
 * and spillovers: tests/golden/access.py. */
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
#include "hourshed/access.h"
#include "hourshed/study.h"
#include "study/options.h"

enum { ZONES, BEFORE, AFTER, GAP, RESULT, FILES };
static char folder[64], paths[FILES][96];

static void write_text(const char *where, const char *text) {
    FILE *file = fopen(where, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_files(void **state) {
    (void)state;
    static const char *const names[FILES] = {"zones.csv", "before.csv", "after.csv", "gap.csv",
                                             "a.gpkg"};
    snprintf(folder, sizeof folder, "/tmp/hourshed-access-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    for (int i = 0; i < FILES; i++) snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
    write_text(paths[ZONES], "id,population,jobs,region\na,10,0,x\nb,4,20,y\nc,0,30,y\n");
    write_text(paths[BEFORE], "from,to,min\na,a,5\na,b,40\nb,a,20\nb,b,5\nc,a,90\n");
    write_text(paths[AFTER], "from,to,min\na,a,5\na,b,15\nb,a,15\nb,b,5\nc,a,90\n");
    write_text(paths[GAP], "from,to,min\na,a,5\na,c,40\nb,c,40\n");
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    for (int i = 0; i < FILES; i++) unlink(paths[i]);
    return rmdir(folder); /* fails where something else was left behind */
}

static const char *measures[] = {"cumulative:cutoff=30,mass=jobs,as=reached",
                                 "mean_time:mass=population,as=mean", "field:mass=jobs,as=field",
                                 "huff:mass=jobs,as=huff"};
static const char *unequal[] = {"gini"};
static char scenario[128];

static hsd_access_request plain_request(void) {
    static const char *scenarios[] = {scenario};
    snprintf(scenario, sizeof scenario, "after=%s", paths[AFTER]);
    hsd_access_request r = {.matrix = paths[BEFORE],
                            .scenario_matrices = scenarios,
                            .scenario_matrix_count = 1,
                            .measures = measures,
                            .measure_count = 4,
                            .inequality = unequal,
                            .inequality_count = 1};
    r.times.circle.zones = paths[ZONES];
    r.times.circle.output = paths[RESULT];
    r.times.circle.overwrite = true;
    return r;
}

static const hsd_access_line *line_of(const hsd_access_report *report, const char *scene,
                                      const char *measure, const char *statistic) {
    for (size_t i = 0; i < report->line_count; i++) {
        const hsd_access_line *l = &report->lines[i];
        if (strcmp(l->scenario, scene) == 0 && strcmp(l->measure, measure) == 0 &&
            strcmp(l->statistic, statistic) == 0)
            return l;
    }
    fail_msg("no line %s %s %s", scene, measure, statistic);
    return NULL;
}

/* Within 30 minutes: before a none of 20 jobs, b its own 20, c none; after a 20, b 20. People 10, 4
 * and 0: means 80 / 14 and 280 / 14. */
static void means_are_over_people_and_changes_against_the_baseline(void **state) {
    (void)state;
    hsd_access_request request = plain_request();
    hsd_access_report report;
    hsd_error err = {HSD_OK, ""};
    if (hsd_study_access(&request, NULL, &report, &err) != HSD_OK) fail_msg("%s", err.message);
    assert_true(fabs(line_of(&report, "baseline", "reached", "mean")->value - 80.0 / 14) < 1e-12);
    assert_true(isnan(line_of(&report, "baseline", "reached", "mean")->change));
    const hsd_access_line *after = line_of(&report, "after", "reached", "mean");
    assert_true(fabs(after->value - 20) < 1e-12 && fabs(after->change - 200.0 / 14) < 1e-12);
    assert_true(line_of(&report, "baseline", "mean", "max")->value == 90); /* c to a */
    assert_true(line_of(&report, "after", "reached", "gini")->value == 0);
    assert_int_equal(report.convention_count, 5);
    assert_int_equal(report.warning_count > 0, true); /* c is no target */
    assert_non_null(strstr(report.warnings[0], "no row to 1 of 3 zones: c"));
    hsd_access_report_finish(&report);
}

static size_t lines_of(const hsd_access_report *report, const char *measure,
                       const char *statistic) {
    size_t count = 0;
    for (size_t i = 0; i < report->line_count; i++)
        count += strcmp(report->lines[i].measure, measure) == 0 &&
                 strcmp(report->lines[i].statistic, statistic) == 0;
    return count;
}

/* Of x 10 people with 0 jobs, of y 4 with 20 and 0 with 0: what was asked for stands once, and once
 * a group; c, which reaches nothing in the baseline, is counted in both scenes; linkage_total's own
 * sum is not told twice. */
static void a_statistic_stands_once_in_each_scene(void **state) {
    (void)state;
    static const char *const means[] = {"mean:group=region", "cv:population=1,as=plain"};
    static const char *const totals[] = {"cumulative:cutoff=30,mass=jobs,as=reached",
                                         "closest:mass=jobs,n=20,as=near",
                                         "linkage_total:as=links"};
    hsd_access_request request = plain_request();
    request.inequality = (const char **)means;
    request.inequality_count = 2;
    request.measures = (const char **)totals;
    request.measure_count = 3;
    hsd_access_report report;
    hsd_error err = {HSD_OK, ""};
    if (hsd_study_access(&request, NULL, &report, &err) != HSD_OK) fail_msg("%s", err.message);
    assert_int_equal(lines_of(&report, "reached", "mean"), 2 * 3);
    assert_int_equal(lines_of(&report, "reached", "plain"), 2);
    assert_int_equal(lines_of(&report, "near", "without_value"), 2);
    assert_int_equal(lines_of(&report, "reached", "without_value"), 0);
    assert_int_equal(lines_of(&report, "links", "sum"), 2);
    assert_int_equal(strncmp(report.conventions[4], "plain: coefficient of variation", 31), 0);
    hsd_access_report_finish(&report);
}

typedef struct bad {
    void (*change)(hsd_access_request *);
    hsd_status status;
    const char *message;
} bad;

static const char *measure[1];
static void take_gap(hsd_access_request *r) {
    r->matrix = paths[GAP];
}
static void take_no_field(hsd_access_request *r) {
    measure[0] = "cumulative:cutoff=30,mass=shops";
    r->measures = measure;
    r->measure_count = 1;
}
static void take_gini_twice(hsd_access_request *r) {
    static const char *twice[] = {"gini", "gini:population=jobs"};
    r->inequality = twice;
    r->inequality_count = 2;
}
static void take_as_a_field(hsd_access_request *r) {
    measure[0] = "cumulative:cutoff=30,mass=jobs,as=Jobs";
    r->measures = measure;
    r->measure_count = 1;
}
static void take_no_measure(hsd_access_request *r) {
    r->measure_count = 0;
}
static void take_network_too(hsd_access_request *r) {
    r->times.circle.network = "a.hsn";
}
static void take_grid(hsd_access_request *r) {
    r->times.grid = "hex:1km";
}
static void take_zones_as_output(hsd_access_request *r) {
    r->times.circle.output = paths[ZONES];
}
static void take_cap_without_minutes(hsd_access_request *r) {
    r->defaults.unreachable = HSD_UNREACHED_CAP;
}
static void take_minutes_without_cap(hsd_access_request *r) {
    r->defaults.cap_min = 90;
}
static void take_radius_without_speed(hsd_access_request *r) {
    r->defaults.self_time = HSD_SELF_RADIUS;
}
static void take_self_value_without_rule(hsd_access_request *r) {
    r->defaults.self_value = 5;
}
static void take_little_memory(hsd_access_request *r) {
    r->times.memory_mb = 0.0001; /* 100 bytes; 5 pairs made from 56, 4 tables of 12: 520 */
}
static void take_other_lang(hsd_access_request *r) {
    r->times.circle.lang = "fr";
}

static void what_is_wrong_is_said_and_nothing_is_written(void **state) {
    (void)state;
    static const bad cases[] = {
        {take_gap, HSD_E_FORMAT, "gap.csv: no row from 1 of 3 zones that it leads to: c"},
        {take_no_field, HSD_E_ARGUMENT, "zones.csv has no field \"shops\", which cumulative reads"},
        {take_as_a_field, HSD_E_ARGUMENT, "measure \"cumulative:mass=jobs,cutoff=30"},
        {take_no_measure, HSD_E_ARGUMENT, "no measure"},
        {take_gini_twice, HSD_E_ARGUMENT,
         "inequality \"gini:population=jobs\": one called gini is asked for already; as=NAME"},
        {take_network_too, HSD_E_ARGUMENT, "a network with --matrix"},
        {take_grid, HSD_E_ARGUMENT, "--grid with --matrix"},
        {take_zones_as_output, HSD_E_ARGUMENT, "output "},
        {take_cap_without_minutes, HSD_E_ARGUMENT, "--unreachable cap: as how many"},
        {take_minutes_without_cap, HSD_E_ARGUMENT, "--cap 90: nothing without --unreachable"},
        {take_radius_without_speed, HSD_E_ARGUMENT, "--self-time radius: at how many"},
        {take_self_value_without_rule, HSD_E_ARGUMENT, "--self-value 5: nothing without"},
        {take_little_memory, HSD_E_MEMORY,
         "tables of 5 pairs take 5.2e-07 GB, more than the 1e-07 GB of --memory"},
        {take_other_lang, HSD_E_ARGUMENT, "language \"fr\""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hsd_access_request request = plain_request();
        hsd_access_report report;
        hsd_error err = {HSD_OK, ""};
        unlink(paths[RESULT]);
        cases[i].change(&request);
        assert_int_equal(hsd_study_access(&request, NULL, &report, &err), cases[i].status);
        if (strncmp(err.message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("case %zu: %s", i, err.message);
        assert_int_not_equal(access(paths[RESULT], F_OK), 0);
        hsd_access_report_finish(&report);
    }
}

static void an_allocation_that_fails_leaves_nothing_behind(void **state) {
    (void)state;
    hsd_access_request request = plain_request();
    const hsd_run run = {.threads = 1};
    hsd_access_report report;
    hsd_memory_fail_at(0);
    assert_int_equal(hsd_study_access(&request, &run, &report, NULL), HSD_OK);
    hsd_access_report_finish(&report);
    const uint64_t count = hsd_memory_fail_at(0);
    assert_true(count > 300);
    for (uint64_t n = 1; n <= count; n += 1 + n / 100) {
        unlink(paths[RESULT]);
        hsd_memory_fail_at(n);
        hsd_status status = hsd_study_access(&request, &run, &report, NULL);
        hsd_memory_fail_at(0);
        hsd_access_report_finish(&report);
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_not_equal(access(paths[RESULT], F_OK), 0);
    }
}

/* 0 in the struct is "not said"; 0 in a study is 0. */
static void named_files_and_zero_are_recorded_as_they_were_said(void **state) {
    (void)state;
    static const char text[] = "scenario_matrix: [\"a=times.csv\", \"b=/data/x=y.csv\"]\n"
                               "matrix_none: 0\nself: without\nself_time: as-is\n";
    hsd_yaml yaml;
    hsd_option_pool pool = {0};
    hsd_access_request r = {0};
    assert_int_equal(hsd_yaml_parse(text, strlen(text), "s.yaml", &yaml, NULL), HSD_OK);
    const hsd_option_reader reader = {&yaml, "studies", &pool};
    for (const hsd_yaml_node *n = hsd_yaml_first(&yaml, hsd_yaml_root(&yaml)); n;
         n = hsd_yaml_next(&yaml, n))
        assert_int_equal(hsd_option_read(&reader, n,
                                         hsd_option_find(&hsd_access_options_table, n->key), &r,
                                         NULL),
                         HSD_OK);
    assert_int_equal(r.scenario_matrix_count, 2);
    assert_string_equal(r.scenario_matrices[0], "a=studies/times.csv");
    assert_string_equal(r.scenario_matrices[1], "b=/data/x=y.csv");
    assert_true(r.matrix_fields.unreachable == -1);
    hsd_json j = {0};
    hsd_json_open(&j, '{');
    hsd_options_record(&j, &hsd_access_options_table, &r);
    hsd_json_close(&j);
    assert_non_null(strstr(j.text.data, "\"scenario_matrix\":[\"a=times.csv\",\"b=x=y.csv\"]"));
    assert_non_null(strstr(j.text.data, "\"matrix_none\":0"));
    assert_non_null(strstr(j.text.data, "\"self\":\"without\""));
    hsd_json_finish(&j);
    hsd_option_pool_finish(&pool);
    hsd_yaml_finish(&yaml);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_are_over_people_and_changes_against_the_baseline),
        cmocka_unit_test(a_statistic_stands_once_in_each_scene),
        cmocka_unit_test(what_is_wrong_is_said_and_nothing_is_written),
        cmocka_unit_test(an_allocation_that_fails_leaves_nothing_behind),
        cmocka_unit_test(named_files_and_zero_are_recorded_as_they_were_said),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files) != 0;
}
