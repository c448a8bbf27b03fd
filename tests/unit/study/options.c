/* The tables of options: read strictly, recorded so that they read back the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "study/options.h"

typedef struct document {
    hsd_yaml yaml;
    hsd_option_pool pool;
    hsd_option_reader reader;
    hsd_error err;
} document;

/* Fills a request from a text; the caller finishes the document after looking at it. */
static hsd_status fill(document *d, const hsd_option_table *table, const char *text,
                       void *request) {
    *d = (document){0};
    hsd_status status = hsd_yaml_parse(text, strlen(text), "s.yaml", &d->yaml, &d->err);
    if (status != HSD_OK) return status;
    d->reader = (hsd_option_reader){&d->yaml, "studies", &d->pool};
    for (const hsd_yaml_node *n = hsd_yaml_first(&d->yaml, hsd_yaml_root(&d->yaml));
         n && status == HSD_OK; n = hsd_yaml_next(&d->yaml, n)) {
        const hsd_option *option = hsd_option_find(table, n->key);
        status = option ? hsd_option_read(&d->reader, n, option, request, &d->err)
                        : hsd_option_unknown(&d->yaml, n, &table, 1, NULL, &d->err);
    }
    return status;
}

static void finish(document *d) {
    hsd_option_pool_finish(&d->pool);
    hsd_yaml_finish(&d->yaml);
}

static void every_kind_of_value_reaches_its_field(void **state) {
    (void)state;
    document d;
    hsd_compare_request r = {0};
    assert_int_equal(fill(&d, &hsd_compare_options_table,
                          "origins: cities.csv\n"
                          "zones: /data/zones.gpkg\n"
                          "minutes: [30, 45.5, 60]\n"
                          "profile: car\n"
                          "direction: to\n"
                          "min_component: 0\n"
                          "encoding: GBK\n"
                          "vertices: 4000\n"
                          "attribution: yes\n"
                          "waits: high\n"
                          "value_of_time: 60\n"
                          "scenario: [\"link=深中通道\", \"all=*\"]\n"
                          "date: 2019-05-14\n"
                          "depart: 08:00\n"
                          "window: 0\n"
                          "percentiles: [0, 50]\n"
                          "walk_profile: walk\n"
                          "max_transfers: 0\n"
                          "transfer_penalty: 0\n"
                          "phases: 4\n"
                          "day_return: no\n"
                          "legs: a:b@08:15\n",
                          &r),
                     HSD_OK);
    assert_string_equal(r.circle.origins, "studies/cities.csv");
    assert_string_equal(r.circle.zones, "/data/zones.gpkg");
    assert_int_equal(r.circle.minute_count, 3);
    assert_true(r.circle.minutes[1] == 45.5);
    assert_int_equal(r.circle.profile_count, 1);
    assert_string_equal(r.circle.profiles[0], "car");
    assert_int_equal(r.circle.direction, HSD_TO);
    assert_true(r.circle.min_component_percent == -1); /* 0 in the file: no minimum */
    assert_string_equal(r.circle.origin_fields.encoding, "GBK");
    assert_string_equal(r.circle.zone_fields.encoding, "GBK");
    assert_int_equal(r.circle.max_vertices, 4000);
    assert_true(r.attribution);
    assert_int_equal(r.resolve.waits, HSD_WAIT_HIGH);
    assert_true(r.resolve.value_of_time == 60);
    assert_int_equal(r.scenario_count, 2);
    assert_string_equal(r.scenarios[0], "link=深中通道");
    const hsd_transit_choice *t = &r.circle.transit;
    assert_string_equal(t->date, "2019-05-14");
    assert_string_equal(t->depart, "08:00");
    assert_true(t->window_min == -1); /* 0 in the file: one instant */
    assert_int_equal(t->percentile_count, 2);
    assert_true(t->percentiles[0] == 0 && t->percentiles[1] == 50);
    assert_string_equal(t->walk, "walk");
    assert_true(t->max_transfers == -1 && t->transfer_penalty_min == 0 && t->max_walk_min == 0);
    assert_int_equal(t->phases, 4);
    assert_false(t->day_return);
    assert_string_equal(r.circle.legs[0], "a:b@08:15");
    finish(&d);
}

static void what_is_recorded_reads_back_the_same(void **state) {
    (void)state;
    static const double minutes[] = {30, 60}, percentiles[] = {0, 50, 97.5};
    static const hsd_lonlat points[] = {{113.5, 22.25}, {-8.6, 41.1}};
    static const char *const scenarios[] = {"a=x,y", "b=\"z\" \\"};
    hsd_compare_request r = {.scenarios = scenarios,
                             .scenario_count = 2,
                             .faster_min = 0.5,
                             .attribution = true,
                             .resolve = {.waits = HSD_WAIT_LOW, .tolerance_m = 12.5}};
    r.circle.minutes = minutes;
    r.circle.minute_count = 2;
    r.circle.points = points;
    r.circle.point_count = 2;
    r.circle.min_component_percent = -1;
    r.circle.cell_m = 1.0 / 3 + 1;
    r.circle.origins = "somewhere/cities.csv"; /* an input: not an option of the record */
    r.circle.output = "out.gpkg";
    r.circle.title = "一小时";
    r.circle.transit = (hsd_transit_choice){.date = "2019-05-14",
                                            .depart = "08:00",
                                            .window_min = -1,
                                            .percentiles = percentiles,
                                            .percentile_count = 3,
                                            .board = "rail=3,ferry=12.5",
                                            .change_min = -1,
                                            .max_transfers = 2};
    hsd_json j = {0};
    hsd_json_open(&j, '{');
    hsd_options_record(&j, &hsd_compare_options_table, &r);
    hsd_json_close(&j);
    assert_null(strstr(j.text.data, "cities"));
    assert_null(strstr(j.text.data, "out.gpkg"));
    document d;
    hsd_compare_request back = {0};
    assert_int_equal(fill(&d, &hsd_compare_options_table, j.text.data, &back), HSD_OK);
    hsd_json again = {0};
    hsd_json_open(&again, '{');
    hsd_options_record(&again, &hsd_compare_options_table, &back);
    hsd_json_close(&again);
    assert_string_equal(j.text.data, again.text.data);
    assert_true(back.circle.cell_m == r.circle.cell_m);
    assert_true(back.circle.points[1].lon == -8.6);
    assert_string_equal(back.scenarios[1], scenarios[1]);
    assert_true(back.circle.min_component_percent == -1);
    assert_true(back.circle.transit.window_min == -1 && back.circle.transit.change_min == -1);
    assert_true(back.circle.transit.percentiles[0] == 0);
    assert_string_equal(back.circle.transit.board, "rail=3,ferry=12.5");
    finish(&d);
    hsd_json_finish(&j);
    hsd_json_finish(&again);
}

static void bad_values_name_their_line_and_what_was_expected(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"title: x\nminutes: [30, 1.5x]\n",
         "s.yaml line 2: minutes is \"1.5x\"; a number (decimal point, no unit) was expected"},
        {"minutes: 1,5\n", "s.yaml line 1: minutes is \"1,5\"; a number"},
        {"lang: en\nfaster: nan\n", "s.yaml line 2: faster is \"nan\"; a number"},
        {"minutes: 0\n",
         "s.yaml line 1: minutes is \"0\"; a number above 0 and at most 10080 was expected"},
        {"attribution: maybe\n", "s.yaml line 1: attribution is \"maybe\"; yes or no was expected"},
        {"attribution: \"yes\"\n", "s.yaml line 1: attribution is \"yes\"; yes or no"},
        {"direction: both\n", "s.yaml line 1: direction is \"both\"; one of from, to was expected"},
        {"lang: fr\n", "s.yaml line 1: lang is \"fr\"; one of en, zh was expected"},
        {"vertices: 20.5\n", "s.yaml line 1: vertices is \"20.5\"; a whole number was expected"},
        {"from: [200, 10]\n", "s.yaml line 1: from: [longitude, latitude] was expected"},
        {"zones:\n", "s.yaml line 1: zones: a file was expected"},
        {"zones: {file: x}\n", "s.yaml line 1: zones: a file was expected"},
        {"\n\nminuts: 30\n", "s.yaml line 3: unknown key \"minuts\"; did you mean \"minutes\"?"},
        {"qwertyuiop: 30\n", "s.yaml line 1: unknown key \"qwertyuiop\""},
        {"mode: car\nmode: walk\n", "s.yaml line 2:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        document d;
        hsd_compare_request r = {0};
        assert_int_equal(fill(&d, &hsd_compare_options_table, cases[i].text, &r), HSD_E_FORMAT);
        if (strncmp(d.err.message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("case %zu: %s", i, d.err.message);
        finish(&d);
    }
}

static void no_table_names_a_key_twice(void **state) {
    (void)state;
    const hsd_option_table *const all[] = {&hsd_build_options_table, &hsd_circle_options_table,
                                           &hsd_compare_options_table, &hsd_rank_options_table,
                                           &hsd_check_options_table};
    for (size_t t = 0; t < 5; t++)
        for (size_t i = 0; i < all[t]->count; i++)
            assert_ptr_equal(hsd_option_find(all[t], all[t]->options[i].key), &all[t]->options[i]);
}

static void sets_are_bits(void **state) {
    (void)state;
    document d;
    hsd_rank_request r = {0};
    assert_int_equal(fill(&d, &hsd_rank_options_table, "sets: [alone, pairs]\n", &r), HSD_OK);
    assert_int_equal(r.sets, HSD_RANK_ALONE | HSD_RANK_PAIRS);
    finish(&d);
    assert_int_equal(fill(&d, &hsd_rank_options_table, "sets: [all]\n", &r), HSD_E_FORMAT);
    finish(&d);
}

static void a_request_survives_memory_running_out(void **state) {
    (void)state;
    for (uint64_t n = 1; n < 200; n++) {
        document d;
        hsd_compare_request r = {0};
        hsd_memory_fail_at(n);
        hsd_status status = fill(&d, &hsd_compare_options_table,
                                 "minutes: [30, 60]\nzones: a\nscenario: [a, b]\n", &r);
        hsd_memory_fail_at(0);
        finish(&d);
        if (status == HSD_OK) return;
        assert_int_equal(status, HSD_E_MEMORY);
    }
    fail_msg("never succeeded");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_reaches_its_field),
        cmocka_unit_test(what_is_recorded_reads_back_the_same),
        cmocka_unit_test(bad_values_name_their_line_and_what_was_expected),
        cmocka_unit_test(no_table_names_a_key_twice),
        cmocka_unit_test(sets_are_bits),
        cmocka_unit_test(a_request_survives_memory_running_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
