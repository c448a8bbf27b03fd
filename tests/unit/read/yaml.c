/* The strict YAML reader and the profiles on it. Expected lines are counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "read/profile.h"
#include "read/yaml_tree.h"

static const char *const colours[] = {"red", "green", NULL};

typedef struct target {
    char *text;
    char chars[5];
    double number;
    int64_t whole;
    bool truth;
    int colour;
    double inner;
} target;

static const hsd_yaml_field inner_fields[] = {
    {.key = "deep", .type = HSD_YAML_NUMBER, .offset = offsetof(target, inner), .max = 9}};
static const hsd_yaml_fields inner_table = {inner_fields, 1};
static const hsd_yaml_field fields[] = {
    {.key = "text", .type = HSD_YAML_TEXT, .offset = offsetof(target, text)},
    {.key = "chars", .type = HSD_YAML_CHARS, .offset = offsetof(target, chars), .size = 5},
    {.key = "number",
     .type = HSD_YAML_NUMBER,
     .offset = offsetof(target, number),
     .min = 0,
     .max = 100,
     .above = true},
    {.key = "whole", .type = HSD_YAML_INT, .offset = offsetof(target, whole), .min = -5, .max = 5},
    {.key = "truth", .type = HSD_YAML_BOOL, .offset = offsetof(target, truth)},
    {.key = "colour", .type = HSD_YAML_WORD, .offset = offsetof(target, colour), .words = colours},
    {.key = "inner", .type = HSD_YAML_NESTED, .nested = &inner_table},
    {.key = "note", .type = HSD_YAML_REMARK},
};
static const hsd_yaml_fields table = {fields, sizeof fields / sizeof fields[0]};

static hsd_status fill_n(const char *text, size_t length, target *out, hsd_error *err) {
    hsd_yaml yaml;
    *out = (target){0};
    hsd_status status = hsd_yaml_parse(text, length, "f.yaml", &yaml, err);
    if (status != HSD_OK) return status;
    status = hsd_yaml_fill(&yaml, hsd_yaml_root(&yaml), &table, out, err);
    hsd_yaml_finish(&yaml);
    return status;
}

/* Refused, with every one of the pieces in the message. */
static void refused_n(const char *text, size_t length, const char *where, const char *what) {
    target t;
    hsd_error err = {0};
    hsd_status status = fill_n(text, length, &t, &err);
    hsd_free(t.text);
    if (status != HSD_E_FORMAT || !strstr(err.message, where) || !strstr(err.message, what))
        fail_msg("\"%s\" gave status %d, \"%s\"; expected \"%s\" and \"%s\"", text, (int)status,
                 err.message, where, what);
}

static void refused(const char *text, const char *where, const char *what) {
    refused_n(text, strlen(text), where, what);
}

static void every_type_is_read(void **state) {
    (void)state;
    target t;
    hsd_error err = {0};
    const char *text =
        "\xEF\xBB\xBF# 中文\ntext: \"yes\"\nchars: 中x\nnumber: 1.5\nwhole: -3\r\ntruth: yes\n"
        "colour: green\ninner: {deep: 2}\nnote: [a, b]\n";
    assert_int_equal(fill_n(text, strlen(text), &t, &err), HSD_OK);
    assert_string_equal(t.text, "yes");
    assert_string_equal(t.chars, "中x");
    assert_true(t.number == 1.5);
    assert_int_equal(t.whole, -3);
    assert_true(t.truth);
    assert_int_equal(t.colour, 1);
    assert_true(t.inner == 2);
    hsd_free(t.text);
}

static void truth_is_true_false_yes_or_no_and_nothing_else(void **state) {
    (void)state;
    target t;
    assert_int_equal(fill_n("truth: true", 11, &t, NULL), HSD_OK);
    assert_true(t.truth);
    assert_int_equal(fill_n("truth: false", 12, &t, NULL), HSD_OK);
    assert_false(t.truth);
    assert_int_equal(fill_n("truth: no", 9, &t, NULL), HSD_OK);
    assert_false(t.truth);
    static const char *const wrong[] = {"maybe", "on",      "Yes",   "TRUE", "1",
                                        "y",     "\"yes\"", "[yes]", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "\n\ntruth: %s\n", wrong[i]);
        refused(text, "f.yaml line 3: truth", "expected");
    }
}

static void numbers_are_plain_and_in_range(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "1.5x", "1,5",  "nan", ".inf",   "0x10", "1_000", "90 km/h", "\"5\"", "",      "1e999",
        "~",    "null", "[1]", "{a: 1}", "0",    "-1",    "100.1",   "１",    "1.5.2", "- 1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "# c\nnumber: %s\n", wrong[i]);
        refused(text, strcmp(wrong[i], "- 1") ? "f.yaml line 2: number" : "f.yaml line 2:", "");
    }
    refused("number: 1.5x", "line 1", "\"1.5x\"; a number (decimal point, no unit) was expected");
    refused("whole: 1.0", "line 1: whole", "a whole number");
    refused("whole: 6", "line 1: whole", "-5 to 5");
    refused("whole: 99999999999999999999", "line 1: whole", "a whole number");
    refused("number: 0", "line 1: number", "above 0 and at most 100");
}

static void the_line_is_the_one_of_the_offending_key(void **state) {
    (void)state;
    refused("text: a\n\n# c\nnumbre: 3\n", "line 4", "unknown key \"numbre\"");
    refused("text: a\ninner:\n  # deep: 1\n  deep: 10\n", "line 4: deep", "at most 9");
    refused("text: a\ninner:\n  depp: 1\n", "line 3", "\"depp\"");
    refused("number: 1\ntext: >\n  long\n  text\nnumber: 2\n", "line 5",
            "\"number\" stands here again, first in line 1");
    refused("inner:\n  deep: 1\n  deep: 1\n", "line 3", "first in line 2");
    refused("number:\n  - 1\n", "line 1: number", "a list");
    refused("number:\n\n  abc\n", "line 1: number", "abc");
    refused("colour: blue\n", "line 1: colour", "one of red green");
    refused("chars: 12345\n", "line 1: chars", "at most 4 bytes");
    refused("note: {a: b}\n", "line 1: note", "one value");
}

static void yaml_of_the_wider_kind_is_refused(void **state) {
    (void)state;
    refused("text: &x a\n", "line 1", "anchors");
    refused("text: a\nnumber: *x\n", "line 2", "aliases");
    refused("text: !!str a\n", "line 1", "tags");
    refused("inner: !m {deep: 1}\n", "line 1", "tags");
    refused("text: a\n---\ntext: b\n", "line 2", "second document");
    refused("? [a]\n: b\n", "line 1", "a key must be a plain word");
    refused("", "f.yaml", "empty");
    refused("# only a remark\n", "f.yaml", "empty");
    refused("- a\n- b\n", "line 1", "a list; a map of keys was expected");
    refused("just text", "line 1", "a map of keys was expected");
    refused("text: a\n\tnumber: 1\n", "line 2", "tab");
    refused("text: \"a\n", "f.yaml line", "not YAML");
    refused("text: [a\n", "f.yaml line", "not YAML");
    refused("a: b: c\n", "line 1", "not YAML");
    refused("text: a\nnumber: \xB9\xE3\n", "line 2", "not UTF-8");
    refused("text: \xC0\xAF\n", "line 1", "not UTF-8");
    refused_n("text: a\nx\0y: 1\n", 14, "line 2", "not UTF-8");
    refused("text: \"a\\0b\"\n", "line 1", "NUL");
    refused("\xFF\xFEt\n", "line 1", "not UTF-8");
}

static void hostile_sizes_are_refused(void **state) {
    (void)state;
    size_t size = HSD_YAML_MAX_SIZE + 1;
    char *text = malloc(size + 1);
    memset(text, '#', size);
    refused_n(text, size, "f.yaml", "larger than 4194304 bytes");
    memset(text, '[', 1000);
    refused_n(text, 1000, "line 1", "nested too deeply");
    char *at = text;
    at += sprintf(at, "note: [");
    for (int i = 0; i < HSD_YAML_MAX_NODES; i++) at += sprintf(at, "a,");
    at += sprintf(at, "a]");
    refused_n(text, (size_t)(at - text), "line 1", "too many values");
    at = text;
    for (int i = 0; i <= HSD_YAML_MAX_ENTRIES; i++) at += sprintf(at, "k%d: 1\n", i);
    refused_n(text, (size_t)(at - text), "line 5001", "too many keys");
    free(text);
}

static void memory_failures_are_reported_and_leak_nothing(void **state) {
    (void)state;
    const char *text = "text: abc\nnote: [a, b]\ninner:\n  deep: 2\n";
    hsd_status status = HSD_E_MEMORY;
    uint64_t n = 1;
    for (; status == HSD_E_MEMORY && n < 1000; n++) {
        target t;
        hsd_memory_fail_at(n);
        status = fill_n(text, strlen(text), &t, NULL);
        hsd_free(t.text);
    }
    hsd_memory_fail_at(0);
    assert_int_equal(status, HSD_OK);
    assert_true(n > 10);
}

/* ---- profiles ---- */

static hsd_status profile(const char *text, hsd_profile *out, hsd_error *err) {
    return hsd_profile_parse(text, strlen(text), "p.yaml", out, err);
}

static void profile_refused(const char *text, const char *where, const char *what) {
    hsd_profile p;
    hsd_error err = {0};
    hsd_status status = profile(text, &p, &err);
    if (status != HSD_E_FORMAT || !strstr(err.message, where) || !strstr(err.message, what))
        fail_msg("\"%s\" gave status %d, \"%s\"; expected \"%s\" and \"%s\"", text, (int)status,
                 err.message, where, what);
    assert_null(p.classes);
}

static void a_profile_keeps_every_key(void **state) {
    (void)state;
    hsd_profile p;
    hsd_error err = {0};
    assert_int_equal(profile("name: n\nmode: car\nuses: [car, car_permit]\nrespects_oneway: no\n"
                             "respects_turns: no\nuses_tags: no\nmax_speed_kmh: 120\nfactor: 0.85\n"
                             "no_stop: [bridge, ferry]\n"
                             "leg: {rule: nodes, speed_kmh: 27.5, detour: 1.3, cap_m: 15000}\n"
                             "sources: [a, b]\ndescription: d\n"
                             "classes:\n  motorway: {speed_kmh: 100.0005, stop: no}\n"
                             "  track: {speed_kmh: 15, factor: 0.3333333, needs_yes: yes}\n",
                             &p, &err),
                     HSD_OK);
    assert_string_equal(p.name, "n");
    assert_string_equal(p.mode, "car");
    assert_int_equal(p.use_count, 2);
    assert_string_equal(p.uses[1], "car_permit");
    assert_false(p.respects_oneway || p.respects_turns || p.uses_tags);
    assert_int_equal(p.max_speed_mh, 120000);
    assert_int_equal(p.no_stop_flags, HSD_WAY_BRIDGE | HSD_WAY_FERRY);
    assert_int_equal(p.leg_rule, HSD_LEG_NODES);
    assert_int_equal(p.leg_speed_mh, 27500);
    assert_int_equal(p.leg_detour_ppm, 1300000);
    assert_int_equal(p.leg_cap_m, 15000);
    assert_int_equal(p.class_count, 2);
    assert_string_equal(p.classes[0].road_class, "motorway");
    assert_int_equal(p.classes[0].speed_mh, 100001); /* 100,000.5 m/h, half up */
    assert_int_equal(p.classes[0].factor_ppm, 850000);
    assert_false(p.classes[0].stop || p.classes[0].needs_yes);
    assert_int_equal(p.classes[1].factor_ppm, 333333);
    assert_true(p.classes[1].stop && p.classes[1].needs_yes);
    hsd_profile_finish(&p);
    hsd_profile_finish(&p);
    hsd_profile_finish(NULL);
}

static void what_a_profile_leaves_out_has_stated_defaults(void **state) {
    (void)state;
    hsd_profile p;
    assert_int_equal(profile("name: n\nmode: car\nclasses: {road: {speed_kmh: 50}}\n", &p, NULL),
                     HSD_OK);
    assert_int_equal(p.use_count, 1);
    assert_string_equal(p.uses[0], "car");
    assert_true(p.respects_oneway && p.respects_turns && p.uses_tags);
    assert_int_equal(p.max_speed_mh, 0);
    assert_int_equal(p.no_stop_flags, 0);
    assert_int_equal(p.leg_rule, HSD_LEG_EDGES);
    assert_int_equal(p.leg_speed_mh, 4800);
    assert_int_equal(p.leg_detour_ppm, 1000000);
    assert_int_equal(p.leg_cap_m, 500);
    assert_int_equal(p.classes[0].factor_ppm, 1000000);
    hsd_profile_finish(&p);
    assert_int_equal(profile("name: n\nmode: access\nleg: {rule: nodes}\n", &p, NULL), HSD_OK);
    assert_int_equal(p.class_count, 0);
    hsd_profile_finish(&p);
}

static void a_bad_profile_is_refused_with_its_line(void **state) {
    (void)state;
    const char *good = "name: n\nmode: car\n";
    char text[400];
    static const struct {
        const char *rest, *where, *what;
    } cases[] = {
        {"", "p.yaml line 1", "key \"classes\" is missing"},
        {"leg: {rule: edges}\n", "p.yaml line 1", "key \"classes\" is missing"},
        {"classes: {}\n", "line 3", "classes is empty"},
        {"classes:\n", "line 3: classes is empty", "a map"},
        {"classes:\n  a: 50\n", "line 4: a is one value", "a map of keys"},
        {"classes:\n  a: {stop: no}\n", "line 4", "\"speed_kmh\" is missing"},
        {"classes:\n  a: {speed_kmh: 0}\n", "line 4: speed_kmh", "above 0 and at most 300"},
        {"classes:\n  a: {speed_kmh: 301}\n", "line 4: speed_kmh", "at most 300"},
        {"classes:\n  a: {speed_kmh: 0.0001}\n", "line 4", "below 1 metre per hour"},
        {"classes:\n  a:\n    speed_kmh: 50\n    factor: 0\n", "line 6: factor", "above 0"},
        {"classes:\n  a:\n    speed_kmh: 50\n    stop: maybe\n", "line 6: stop", "yes or no"},
        {"classes:\n  a: {speed_kmh: 5}\n  b: {speed_kmh: 5}\n  a: {speed_kmh: 5}\n", "line 6",
         "again, first in line 4"},
        {"leg: {rule: ends}\n", "line 3: rule", "one of edges nodes"},
        {"leg: {detour: 0.9}\n", "line 3: detour", "at least 1"},
        {"leg: {cap_m: 1e9}\n", "line 3: cap_m", "at most 100000"},
        {"no_stop: bridge\n", "line 3: no_stop", "a list"},
        {"no_stop:\n  - bridge\n  - motorway\n", "line 5", "bridge, tunnel or ferry"},
        {"uses: []\n", "line 3: uses is empty", ""},
        {"uses: [car, car]\n", "line 3: uses has \"car\" twice", ""},
        {"factor: 1,5\n", "line 3: factor", "\"1,5\""},
        {"speed: 5\n", "line 3: unknown key \"speed\"", "known are name mode"},
        {"name: again\n", "line 3", "again"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "%s%s", good, cases[i].rest);
        profile_refused(text, cases[i].where, cases[i].what);
    }
    profile_refused("mode: car\nclasses: {a: {speed_kmh: 5}}\n", "line 1", "\"name\" is missing");
    profile_refused("name: n\nmode: a_mode_with_more_than_23_bytes\n", "line 2: mode",
                    "at most 23 bytes");
    hsd_profile p;
    hsd_error err = {0};
    assert_int_equal(hsd_read_profile("/nowhere/p.yaml", &p, &err), HSD_E_OPEN);
    assert_non_null(strstr(err.message, "/nowhere/p.yaml"));
    assert_int_equal(hsd_read_profile("/", &p, &err), HSD_E_OPEN);
}

static const hsd_class_speed *class_of(const hsd_profile *p, const char *name) {
    for (size_t i = 0; i < p->class_count; i++)
        if (strcmp(p->classes[i].road_class, name) == 0) return &p->classes[i];
    fail_msg("%s has no class %s", p->name, name);
    return NULL;
}

static void load(const char *name, hsd_profile *p) {
    char path[1024];
    hsd_error err = {0};
    const char *root = getenv("HSD_SOURCE_ROOT");
    snprintf(path, sizeof path, "%s/geodata/profiles/%s.yaml", root ? root : ".", name);
    if (hsd_read_profile(path, p, &err) != HSD_OK) fail_msg("%s", err.message);
    assert_string_equal(p->name, name);
}

static double effective_kmh(const hsd_profile *p, const char *name) {
    const hsd_class_speed *c = class_of(p, name);
    return (double)c->speed_mh * (double)c->factor_ppm / 1e9;
}

/* Defaults of R5 (miles an hour, here as km/h) and GraphHopper, as their documents print them. */
static void car_osm_lies_between_the_defaults_of_its_peers(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double r5_mph, graphhopper;
    } peers[] = {{"motorway", 65, 100},    {"motorway_link", 35, 70}, {"trunk", 55, 70},
                 {"primary", 45, 65},      {"secondary", 35, 60},     {"tertiary", 25, 50},
                 {"unclassified", 25, 30}, {"residential", 25, 30},   {"service", 25, 20},
                 {"track", 25, 15},        {"living_street", 5, 6}};
    hsd_profile p;
    load("car-osm", &p);
    for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++) {
        double r5 = peers[i].r5_mph * 1.609344, other = peers[i].graphhopper;
        double kmh = effective_kmh(&p, peers[i].name);
        if (kmh < (r5 < other ? r5 : other) || kmh > (r5 > other ? r5 : other))
            fail_msg("%s: %g km/h is not between %g and %g", peers[i].name, kmh, r5, other);
    }
    hsd_profile_finish(&p);
}

static void cars_never_stop_on_motorways_ramps_and_crossings(void **state) {
    (void)state;
    static const char *const files[] = {"car-osm", "car-cn-design", "car-cn-peak"};
    static const char *const closed[] = {"motorway",     "motorway_link",  "trunk_link",
                                         "primary_link", "secondary_link", "tertiary_link",
                                         "ferry"};
    for (size_t f = 0; f < 3; f++) {
        hsd_profile p;
        load(files[f], &p);
        assert_int_equal(p.no_stop_flags, HSD_WAY_BRIDGE | HSD_WAY_TUNNEL | HSD_WAY_FERRY);
        for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
            assert_false(class_of(&p, closed[i])->stop);
        assert_true(class_of(&p, "trunk")->stop && class_of(&p, "residential")->stop);
        assert_int_equal(p.leg_rule, HSD_LEG_EDGES);
        hsd_profile_finish(&p);
    }
}

/* JTG B01-2014: expressway 120, class 1 100/80/60, class 2 80/60, class 3 40/30, class 4 30/20. */
static void the_chinese_profile_has_design_speeds_and_its_peak_is_slower(void **state) {
    (void)state;
    hsd_profile fast, slow;
    load("car-cn-design", &fast);
    load("car-cn-peak", &slow);
    assert_int_equal(class_of(&fast, "expressway")->speed_mh, 120000);
    assert_int_equal(class_of(&fast, "class1")->speed_mh, 80000);
    assert_int_equal(class_of(&fast, "class2")->speed_mh, 60000);
    assert_int_equal(class_of(&fast, "class3")->speed_mh, 40000);
    assert_int_equal(class_of(&fast, "class4")->speed_mh, 30000);
    assert_int_equal(fast.class_count, slow.class_count);
    for (size_t i = 0; i < fast.class_count; i++) {
        const hsd_class_speed *a = &fast.classes[i], *b = class_of(&slow, a->road_class);
        assert_int_equal(a->speed_mh, b->speed_mh);
        assert_int_equal(a->factor_ppm, 850000);
        assert_true(b->factor_ppm <= a->factor_ppm && a->stop == b->stop);
    }
    hsd_profile_finish(&fast);
    hsd_profile_finish(&slow);
    load("car-corridor", &fast);
    load("car-corridor-peak", &slow);
    assert_int_equal(fast.leg_rule, HSD_LEG_NODES);
    assert_int_equal(slow.leg_rule, HSD_LEG_NODES);
    assert_int_equal(fast.leg_detour_ppm, 1300000);
    assert_true(slow.leg_speed_mh < fast.leg_speed_mh);
    for (size_t i = 0; i < fast.class_count; i++) {
        const hsd_class_speed *a = &fast.classes[i], *b = class_of(&slow, a->road_class);
        assert_true(a->speed_mh == b->speed_mh && b->factor_ppm <= a->factor_ppm);
    }
    hsd_profile_finish(&fast);
    hsd_profile_finish(&slow);
}

static void the_permit_profile_differs_only_in_its_words(void **state) {
    (void)state;
    hsd_profile plain, permit;
    load("car-corridor", &plain);
    load("car-corridor-permit", &permit);
    assert_int_equal(plain.use_count, 1);
    assert_int_equal(permit.use_count, 2);
    assert_string_equal(permit.uses[1], "car_permit");
    assert_string_equal(permit.mode, plain.mode);
    assert_int_equal(plain.class_count, permit.class_count);
    for (size_t i = 0; i < plain.class_count; i++) {
        const hsd_class_speed *a = &plain.classes[i], *b = &permit.classes[i];
        assert_string_equal(a->road_class, b->road_class);
        assert_true(a->speed_mh == b->speed_mh && a->factor_ppm == b->factor_ppm);
        assert_true(a->stop == b->stop && a->needs_yes == b->needs_yes);
    }
    assert_int_equal(plain.leg_cap_m, permit.leg_cap_m);
    assert_int_equal(plain.leg_speed_mh, permit.leg_speed_mh);
    hsd_profile_finish(&plain);
    hsd_profile_finish(&permit);
}

static void walkers_ignore_one_way_streets_and_turn_bans(void **state) {
    (void)state;
    hsd_profile p;
    load("walk", &p);
    assert_false(p.respects_oneway || p.respects_turns || p.uses_tags);
    assert_int_equal(class_of(&p, "footway")->speed_mh, 4800);
    assert_true(class_of(&p, "motorway")->needs_yes);
    hsd_profile_finish(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read),
        cmocka_unit_test(truth_is_true_false_yes_or_no_and_nothing_else),
        cmocka_unit_test(numbers_are_plain_and_in_range),
        cmocka_unit_test(the_line_is_the_one_of_the_offending_key),
        cmocka_unit_test(yaml_of_the_wider_kind_is_refused),
        cmocka_unit_test(hostile_sizes_are_refused),
        cmocka_unit_test(memory_failures_are_reported_and_leak_nothing),
        cmocka_unit_test(a_profile_keeps_every_key),
        cmocka_unit_test(what_a_profile_leaves_out_has_stated_defaults),
        cmocka_unit_test(a_bad_profile_is_refused_with_its_line),
        cmocka_unit_test(car_osm_lies_between_the_defaults_of_its_peers),
        cmocka_unit_test(cars_never_stop_on_motorways_ramps_and_crossings),
        cmocka_unit_test(the_chinese_profile_has_design_speeds_and_its_peak_is_slower),
        cmocka_unit_test(the_permit_profile_differs_only_in_its_words),
        cmocka_unit_test(walkers_ignore_one_way_streets_and_turn_bans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
