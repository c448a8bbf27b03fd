/* What is refused, and in which words: layer, feature, what, what to do. */
#include "drawn.h"

static hand h;
static drawn d;

/* Long Street (way 1001) along the equator with a side street (1002) at its middle; a motorway in
 * the south (1003) with ramps of class lane at both ends (1004, 1005); a one-way street to a dead
 * end (1006); a bridge (1007) with the street behind it (1008); a one-way street from a dead end
 * (1009); two parts of their own: a footpath no car uses (1010). */
static hsd_network *town(void) {
    hand_init(&h);
    drawn_classes(&h);
    drawn_init(&d);
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 10, 0);
    hand_node(&h, 3, 20, 0);
    hand_node(&h, 4, 10, 10);
    hand_node(&h, 5, 0, -3);
    hand_node(&h, 6, 20, -3);
    hand_node(&h, 7, 10, 30);
    hand_node(&h, 8, 20, 10);
    hand_node(&h, 9, 0, 20);
    hand_node(&h, 10, 40, 0);
    hand_node(&h, 11, 40, 10);
    hand_way(&h, 0, 1, 2, 3, 0)->name = 1;
    hand_way(&h, 0, 2, 4, 0);
    hand_way(&h, 0, 5, 6, 0)->class_id = MOTORWAY;
    hand_way(&h, 0, 1, 5, 0)->class_id = LANE;
    hand_way(&h, 0, 3, 6, 0)->class_id = LANE;
    hand_way(&h, 0, 4, 7, 0)->no[1] = HAND_CAR;
    hand_way(&h, 0, 4, 8, 0)->flags = HSD_WAY_BRIDGE;
    hand_way(&h, 0, 8, 3, 0);
    hand_way(&h, 0, 9, 1, 0)->no[1] = HAND_CAR;
    hsd_way *path = hand_way(&h, 0, 10, 11, 0);
    path->no[0] = path->no[1] = HAND_CAR;
    hsd_profile profiles[] = {h.car, h.car};
    snprintf(profiles[1].name, sizeof profiles[1].name, "walk-test");
    snprintf(profiles[1].mode, sizeof profiles[1].mode, "walk");
    return hand_build(&h, profiles, 2);
}

static hsd_link_row *from_street(double x, double y) {
    return drawn_link(&d, 0, 7, LINE(12, 0, x, y));
}

static void zero_length(void) {
    drawn_link(&d, 0, 7, LINE(10, 0, 10, 0));
}
static void no_line(void) {
    drawn_link(&d, 0, 7, LINE(10, 0));
}
static void not_on_the_globe(void) {
    from_street(12685000, 2580000); /* metres taken for degrees */
}
static void far_off(void) {
    drawn_link(&d, 0, 7, LINE(500, 500, 510, 500));
}
static void joins_nothing(void) {
    from_street(13, 5);
}
static void overshoots(void) {
    drawn_link(&d, 0, 7, LINE(20, 5, 9, 5));
}
static void motorway(void) {
    from_street(12, -2.9);
}
static void on_a_bridge(void) {
    from_street(15, 10.1);
}
static void not_left(void) {
    from_street(10, 20);
}
static void not_entered(void) {
    from_street(0, 10);
}
static void no_such_class(void) {
    from_street(20, 5)->road_class = WORD("moon");
}
static void no_class(void) {
    from_street(20, 5)->road_class = NULL;
}
static void crossing_links(void) {
    from_street(20, 5);
    drawn_link(&d, 0, 8, LINE(15, 0, 14, 5, 20, 2))->name = WORD("Ring");
}
static void junction_off_the_link(void) {
    from_street(20, 5);
    drawn_junction(&d, 0, 3, 16, 5);
}
static void junction_without_links(void) {
    from_street(20, 5);
    drawn_junction(&d, 1, 3, 16, 5);
}
static void junctions_missing(void) {
    from_street(20, 5)->connect = HSD_CONNECT_JUNCTIONS;
}
static void connect_to_nothing(void) {
    from_street(20, 5);
    drawn_junction(&d, 0, 3, 20, 5)->connect_to = WORD("Short Street");
}
static void island(void) {
    drawn_link(&d, 0, 7, LINE(2, 5, 5, 5));
    drawn_link(&d, 0, 8, LINE(5, 5, 5, 8, 2, 5));
}
static void nobody_uses_it(void) {
    from_street(20, 5)->modes = WORD("walk;bicycle");
}
static const hsd_geometry nothing;
static void closes_by_nothing(void) {
    drawn_closure(&d, 0, 4, nothing);
}
static void closes_unknown_road(void) {
    drawn_closure(&d, 0, 4, nothing)->roads = WORD("1001;77");
}
static void closes_a_word(void) {
    drawn_closure(&d, 0, 4, nothing)->roads = WORD("1001; Long Street");
}
static void closes_unknown_class(void) {
    drawn_closure(&d, 0, 4, drawn_box(&d, -1, -1, 5, 1))->road_class = WORD("path");
}
static void closes_no_road(void) {
    drawn_closure(&d, 0, 4, drawn_box(&d, 2, 2, 3, 3));
}
static void closes_nothing_within(void) {
    drawn_closure(&d, 0, 4, drawn_box(&d, -1, -1, 5, 1))->inside = HSD_INSIDE_WITHIN;
}
static void closes_bridges_alone(void) {
    drawn_closure(&d, 0, 4, drawn_box(&d, 12, 9, 15, 11));
}
static void closes_footpaths(void) {
    drawn_closure(&d, 0, 4, nothing)->roads = WORD("1010");
}
static void factor_one(void) {
    drawn_speed(&d, 0, 6, 1, nothing);
}
static void no_factor(void) {
    drawn_speed(&d, 0, 6, NAN, nothing);
}
static void speeds_nowhere(void) {
    drawn_speed(&d, 0, 6, 0.5, drawn_box(&d, 2, 2, 3, 3));
}
static void speeds_as_before(void) {
    hsd_speed_row *row = drawn_speed(&d, 0, 6, NAN, drawn_box(&d, 1, -1, 9, 1));
    row->speed_kmh = 36;
}
static void speeds_unknown_class(void) {
    drawn_speed(&d, 0, 6, 0.5, nothing)->road_class = WORD("moon");
}
static void waits_nowhere(void) {
    drawn_wait(&d, 0, 9, 10, LINE(2, 2, 3, 3));
}
static void waits_the_other_way(void) {
    /* way 1006 runs north; drawn from west to east the line has north on its left */
    drawn_wait(&d, 0, 9, 10, LINE(9, 20, 11, 20))->direction = 1;
}
static void waits_zero(void) {
    drawn_wait(&d, 0, 9, 0, LINE(5, 1, 5, -1));
}
static void waits_unsaid(void) {
    drawn_wait(&d, 0, 9, NAN, LINE(5, 1, 5, -1));
}
static void waits_without_line(void) {
    drawn_wait(&d, 0, 9, 5, LINE(5, 1))->roads = WORD("1001");
}

typedef struct bad {
    void (*draw)(void);
    const char *where, *what, *more;
} bad;
static const bad table[] = {
    {zero_length, "links feature 7", "is 0.00 m long", "draw it from road to road"},
    {no_line, "links feature 7", "has no line", "two points"},
    {not_on_the_globe, "links feature 7", "no longitude, latitude", "coordinate system"},
    {far_off, "links feature 7", "its start (0.500000, 0.500000)", "outside the network's extent"},
    {joins_nothing, "links feature 7: its end", "road 1002 (road), 334 m away", "more than 50 m"},
    {overshoots, "links feature 7: its end", "111 m away", "crosses road 1002 (road) 111 m before"},
    {motorway, "links feature 7: its end", "road 1003 (motorway) 11 m away", "ramp_min"},
    {on_a_bridge, "links feature 7: its end", "road 1007 (road), 11 m away", "is a bridge"},
    {not_left, "links feature 7: its end", "road 1006", "can be entered but not left"},
    {not_entered, "links feature 7: its end", "road 1009", "can be left but not entered"},
    {no_such_class, "links feature 7", "class \"moon\" is not in profile car-test", "motorway"},
    {no_class, "links feature 7", "neither class, speed_kmh nor minutes", "trunk"},
    {crossing_links, "links feature 7", "crosses links feature 8 (Ring) at 0.01", "bridge=yes"},
    {junction_off_the_link, "junctions feature 3", "m from the nearest link", "links feature 7"},
    {junction_without_links, "junctions feature 3", "no link", "proposal"},
    {junctions_missing, "links feature 7", "connect=junctions", "0 of the junction points"},
    {connect_to_nothing, "links feature 7", "\"Short Street\"", "connect_to"},
    {island, "links feature 7", "joins nothing", "the links it touches"},
    {nobody_uses_it, "proposal \"a\"", "none of its rows", "car-test"},
    {closes_by_nothing, "closures feature 4", "neither a polygon nor roads", "source ids"},
    {closes_unknown_road, "closures feature 4", "no road", "source id 77"},
    {closes_a_word, "closures feature 4", "\"Long Street\" is no source id", "whole numbers"},
    {closes_unknown_class, "closures feature 4", "class \"path\"", "no class of the network"},
    {closes_no_road, "closures feature 4", "closes nothing", "touches its polygon"},
    {closes_nothing_within, "closures feature 4", "closes nothing", "within its polygon"},
    {closes_bridges_alone, "closures feature 4", "but bridges", "layers=all"},
    {closes_footpaths, "closures feature 4", "closes nothing", "car-test"},
    {factor_one, "speed_changes feature 6", "factor 1", "changes nothing"},
    {no_factor, "speed_changes feature 6", "neither factor nor speed_kmh", "above 0"},
    {speeds_nowhere, "speed_changes feature 6", "changes nothing", "polygon"},
    {speeds_as_before, "speed_changes feature 6", "changes nothing", "at another speed"},
    {speeds_unknown_class, "speed_changes feature 6", "class \"moon\"", "no class of the network"},
    {waits_nowhere, "waits feature 9", "changes nothing", "crosses its line; draw it"},
    {waits_the_other_way, "waits feature 9", "changes nothing", "that way"},
    {waits_zero, "waits feature 9", "0 minutes", "changes nothing"},
    {waits_unsaid, "waits feature 9", "no minutes", "typical_min"},
    {waits_without_line, "waits feature 9", "no line", "across the roads"},
};

static void each_bad_row_is_refused_by_layer_and_feature(void **state) {
    (void)state;
    hsd_network *n = town();
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        drawn_init(&d);
        table[i].draw();
        assert_refused(n, &d, NULL, table[i].where, table[i].what, table[i].more);
    }
    hsd_network_destroy(n);
}

static void all_problems_are_listed_at_once(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_init(&d);
    far_off(); /* both ends */
    joins_nothing();
    closes_unknown_road();
    factor_one();
    waits_nowhere();
    drawn_link(&d, 1, 11, LINE(12, 0, 20, 5)); /* nothing is wrong with this one */
    hsd_resolved r;
    hsd_issues issues = {0};
    hsd_error err = {0};
    assert_int_equal(hsd_proposals_resolve(n, 0, &d.table, NULL, NULL, &r, &issues, &err),
                     HSD_E_FORMAT);
    assert_int_equal(issues.errors, 6);
    assert_non_null(strstr(err.message, "links feature 7"));
    assert_non_null(strstr(err.message, "(and 5 more)"));
    hsd_issues_finish(&issues);
    /* and without a list */
    assert_int_equal(hsd_proposals_resolve(n, 0, &d.table, NULL, NULL, &r, NULL, &err),
                     HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "(and 5 more)"));
    hsd_network_destroy(n);
}

/* The list is bounded: two hundred remarks come after the error, wherever its row stands. */
static void remarks_never_crowd_errors_out(void **state) {
    (void)state;
    static hsd_link_row many[300];
    hsd_network *n = town();
    drawn_init(&d);
    const hsd_link_row row = *drawn_link(&d, 0, 0, LINE(12, 0, 20, 5));
    for (int i = 0; i < 300; i++) {
        many[i] = row;
        many[i].feature_id = i;
        many[i].modes = i < 299 ? WORD("walk") : NULL;
    }
    many[299].line = drawn_line(&d, LINE(12, 0, 13, 5)); /* its end joins nothing */
    d.table.links = many;
    d.table.link_count = 300;
    hsd_resolved r;
    hsd_issues issues = {0};
    hsd_error err = {0};
    assert_int_equal(hsd_proposals_resolve(n, 0, &d.table, NULL, NULL, &r, &issues, &err),
                     HSD_E_FORMAT);
    assert_int_equal(issues.count, HSD_MAX_ISSUES);
    assert_int_equal(issues.errors, 1);
    assert_int_equal(issues.remarks, 299);
    assert_true(issues.list[0].error);
    assert_non_null(strstr(err.message, "links feature 299"));
    hsd_issues_finish(&issues);
    hsd_network_destroy(n);
}

static void calls_that_make_no_sense_are_refused(void **state) {
    (void)state;
    hsd_network *n = town();
    hsd_resolved r;
    hsd_resolve_options options = {.tolerance_m = -1};
    assert_int_equal(hsd_proposals_resolve(n, 2, &d.table, NULL, NULL, &r, NULL, NULL),
                     HSD_E_ARGUMENT);
    assert_int_equal(hsd_proposals_resolve(n, 0, &d.table, &options, NULL, &r, NULL, NULL),
                     HSD_E_ARGUMENT);
    options = (hsd_resolve_options){.value_of_time = NAN};
    assert_int_equal(hsd_proposals_resolve(n, 0, &d.table, &options, NULL, &r, NULL, NULL),
                     HSD_E_ARGUMENT);
    hsd_network_destroy(n);
}

static void a_larger_tolerance_joins_more(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_init(&d);
    joins_nothing(); /* 334 m; the link is 564 m long */
    hsd_resolve_options options = {.tolerance_m = 400};
    assert_refused(n, &d, &options, "its end", "more than 254 m", "");
    d.links[0].line = drawn_line(&d, LINE(19, 0, 13, 5));
    hsd_resolved r = drawn_resolved(n, &d, &options);
    assert_int_equal(r.joint_count, 2);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bad_row_is_refused_by_layer_and_feature),
        cmocka_unit_test(all_problems_are_listed_at_once),
        cmocka_unit_test(remarks_never_crowd_errors_out),
        cmocka_unit_test(calls_that_make_no_sense_are_refused),
        cmocka_unit_test(a_larger_tolerance_joins_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
