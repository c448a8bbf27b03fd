/* Closures, speed changes and waits: which parts of which edges, and what a set of proposals makes
 * of them. A step east is 111.31949 m: 11132 ms at 36 km/h. */
#include "drawn.h"

static hand h;
static drawn d;
static const hsd_geometry nothing;

/* West - east: 1001 (0,0) - (10,0) - (20,0), drawn through (15,0); north of its middle 1002 to
 * (10,10), a lane; a bridge 1003 from there to (20,10) stating 60 s; 1004 one-way back down to
 * (20,0). */
static hsd_network *town(void) {
    hand_init(&h);
    drawn_classes(&h);
    drawn_init(&d);
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 10, 0);
    hand_node(&h, 3, 15, 0);
    hand_node(&h, 4, 20, 0);
    hand_node(&h, 5, 10, 10);
    hand_node(&h, 6, 20, 10);
    hand_way(&h, 0, 1, 2, 3, 4, 0);
    hand_way(&h, 0, 2, 5, 0)->class_id = LANE;
    hand_way(&h, 60000, 5, 6, 0)->flags = HSD_WAY_BRIDGE;
    hand_way(&h, 0, 6, 4, 0)->no[1] = HAND_CAR;
    return hand_build(&h, &h.car, 1);
}

/* The network under all proposals marked in `which`, by bits; NULL: as it was. */
static hsd_network *applied(const hsd_resolved *r, unsigned which) {
    const uint8_t active[] = {which & 1, which >> 1 & 1, which >> 2 & 1};
    hsd_network *out = NULL;
    hsd_error err = {0};
    if (hsd_scenario_network(r, active, &out, &err) != HSD_OK) fail_msg("%s", err.message);
    return out;
}

static void assert_closed(const hsd_network *n, size_t i, int64_t source, int nth,
                          const double part[4]) {
    const hsd_metric *m = &n->metrics[0];
    assert_true(i < m->closed_count);
    const hsd_closed_part *c = &m->closed[i];
    assert_int_equal(c->edge, edge_by_source(n, source, nth));
    assert_int_equal(c->directions, 3);
    assert_near(c->from_segment, part[0], 0);
    assert_near(c->from_fraction, part[1], 1e-9);
    assert_near(c->to_segment, part[2], 0);
    assert_near(c->to_fraction, part[3], 1e-9);
}
#define PART(...) ((const double[4]){__VA_ARGS__})

static void a_polygon_closes_the_parts_it_touches(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_closure(&d, 0, 1, drawn_box(&d, 8, -1, 16, 9));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    const hsd_edit *edit = &r.edits[0];
    assert_int_equal(edit->edges_closed, 3);
    assert_string_equal(edit->edge_ids, "1001;1002");
    assert_int_equal(edit->arcs_changed, 6);
    /* 8..10, 10..16 of the street; 0..9 of the lane */
    assert_near(edit->length_km, (8 * STEP_X + 9 * STEP_Y) / 1000, 1e-6);
    assert_int_equal(edit->geometry.type, HSD_GEOMETRY_POLYGON);
    hsd_network *c = applied(&r, 1);
    assert_int_equal(c->metrics[0].closed_count, 3);
    assert_closed(c, 0, 1001, 0, PART(0, 0.8, 0, 1));
    assert_closed(c, 1, 1001, 1, PART(0, 0, 1, 0.2));
    assert_closed(c, 2, 1002, 0, PART(0, 0, 0, 0.9));
    assert_int_equal(hand_route_ms(c, 0, 1, 4), HSD_UNREACHABLE);
    hsd_network_destroy(c);
    assert_null(applied(&r, 2));
    assert_false(hsd_scenario_only_adds(&r, 0));
    assert_true(hsd_scenario_only_adds(&r, 1));
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void within_means_the_whole_edge(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_closure(&d, 0, 1, drawn_box(&d, 8, -1, 21, 9))->inside = HSD_INSIDE_WITHIN;
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.edits[0].edges_closed, 1);
    hsd_network *c = applied(&r, 1);
    assert_closed(c, 0, 1001, 1, PART(0, 0, 1, 1));
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void bridges_are_spared_but_with_all_layers(void **state) {
    (void)state;
    hsd_network *n = town();
    hsd_closure_row *row = drawn_closure(&d, 0, 1, drawn_box(&d, 9, 8, 15, 12));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_string_equal(r.edits[0].edge_ids, "1002");
    hsd_resolved_finish(&r);
    row->all_layers = true;
    r = drawn_resolved(n, &d, NULL);
    assert_string_equal(r.edits[0].edge_ids, "1002;1003");
    hsd_network *c = applied(&r, 1);
    assert_closed(c, 0, 1002, 0, PART(0, 0.8, 0, 1));
    assert_closed(c, 1, 1003, 0, PART(0, 0, 0, 0.5));
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    row->all_layers = false;
    row->road_class = WORD("lane");
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.edits[0].edges_closed, 1);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void roads_are_closed_by_id_whatever_they_are(void **state) {
    (void)state;
    hsd_network *n = town();
    hsd_closure_row *row = drawn_closure(&d, 0, 1, nothing);
    row->roads = WORD(" 1003; 1001;1003");
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.edits[0].edges_closed, 3);
    assert_string_equal(r.edits[0].edge_ids, "1001;1003");
    hsd_network *c = applied(&r, 1);
    assert_closed(c, 2, 1003, 0, PART(0, 0, 0, 1));
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    /* ids and a polygon: of these roads what lies in it */
    row->polygon = drawn_box(&d, 12, -1, 18, 12);
    row->roads = WORD("1003");
    r = drawn_resolved(n, &d, NULL);
    c = applied(&r, 1);
    assert_int_equal(c->metrics[0].closed_count, 1);
    assert_closed(c, 0, 1003, 0, PART(0, 0.2, 0, 0.8));
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void stretches_of_closures_stay_apart_unless_they_meet(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_closure(&d, 0, 1, drawn_box(&d, 2, -1, 4, 1));
    drawn_closure(&d, 1, 2, drawn_box(&d, 6, -1, 7, 1));
    drawn_closure(&d, 2, 3, drawn_box(&d, 3, -1, 6, 1));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    hsd_network *c = applied(&r, 2);
    assert_closed(c, 0, 1001, 0, PART(0, 0.6, 0, 0.7));
    hsd_network_destroy(c);
    c = applied(&r, 3);
    assert_int_equal(c->metrics[0].closed_count, 2);
    assert_closed(c, 0, 1001, 0, PART(0, 0.2, 0, 0.4));
    assert_closed(c, 1, 1001, 0, PART(0, 0.6, 0, 0.7));
    hsd_network_destroy(c);
    c = applied(&r, 7); /* the third overlaps the first and meets the second */
    assert_int_equal(c->metrics[0].closed_count, 1);
    assert_closed(c, 0, 1001, 0, PART(0, 0.2, 0, 0.7));
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* A comb with teeth at 2..4 and 12..18 of the street, which bends nowhere but has points at 10, 15
 * and 20: the second tooth closes two segments in one stretch. */
static void a_polygon_that_leaves_an_edge_and_comes_back_closes_two_stretches(void **state) {
    (void)state;
    hsd_network *n = town();
    hsd_geometry comb = drawn_line(&d, LINE(2, -2, 18, -2, 18, 1, 12, 1, 12, -1, 9, -1, 9, 1, 8, 1,
                                            8, -1, 4, -1, 4, 1, 2, 1, 2, -2));
    comb.type = HSD_GEOMETRY_POLYGON;
    comb.polygon_end = d.ends + d.end_count;
    comb.polygon_count = 1;
    d.ends[d.end_count++] = 1;
    drawn_closure(&d, 0, 1, comb);
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.edits[0].edges_closed, 2);
    assert_near(r.edits[0].length_km, 9 * STEP_X / 1000, 1e-6);
    hsd_network *c = applied(&r, 1);
    assert_int_equal(c->metrics[0].closed_count, 3);
    assert_closed(c, 0, 1001, 0, PART(0, 0.2, 0, 0.4));
    assert_closed(c, 1, 1001, 0, PART(0, 0.8, 0, 0.9));
    assert_closed(c, 2, 1001, 1, PART(0, 0.4, 1, 0.6));
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* ---- Speeds -------------------------------------------------------------------------------- */

static uint32_t pace_of(const hsd_network *n, int64_t source, int nth, int direction) {
    return n->metrics[0].pace[2 * edge_by_source(n, source, nth) + (uint32_t)direction];
}

static void a_factor_acts_on_the_share_inside(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_speed(&d, 0, 1, 0.5, drawn_box(&d, -1, -1, 4, 1)); /* 0.4 of the first edge */
    drawn_speed(&d, 1, 2, 2, nothing)->road_class = WORD("lane");
    drawn_speed(&d, 2, 3, 0.5, drawn_box(&d, 12, 9, 18, 11)); /* 0.6 of the bridge */
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    hsd_network *c = applied(&r, 7);
    /* 0.6 + 0.4 / 0.5 = 1.4: 36000 / 1.4 = 25714.29 */
    assert_int_equal(pace_of(c, 1001, 0, 0), 25714);
    assert_int_equal(pace_of(c, 1001, 0, 1), 25714);
    assert_int_equal(pace_of(c, 1001, 1, 0), 36000);
    assert_int_equal(pace_of(c, 1002, 0, 0), 36000);
    assert_int_equal(pace_of(c, 1003, 0, 0), HSD_PACE_FIXED | 96000);
    assert_int_equal(pace_of(c, 1004, 0, 1), 0);
    assert_int_equal(r.edits[0].edges_changed, 1);
    assert_int_equal(r.edits[0].arcs_changed, 2);
    assert_near(r.edits[0].length_km, 4 * STEP_X / 1000, 1e-6);
    hsd_network_destroy(c);
    c = applied(&r, 2);
    assert_int_equal(pace_of(c, 1001, 0, 0), 36000);
    assert_int_equal(pace_of(c, 1002, 0, 0), 36000);
    /* 1105.74 m at 10 m/s instead of 5 */
    assert_int_equal(c->metrics[0].edge_ms[2 * edge_by_source(c, 1002, 0)], 110574);
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void a_speed_stands_for_what_it_makes_of_the_present_one(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_speed(&d, 0, 1, NAN, nothing)->speed_kmh = 50;
    d.speeds[0].road_class = WORD("road");
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    hsd_network *c = applied(&r, 1);
    assert_int_equal(pace_of(c, 1001, 0, 0), 50000);
    assert_int_equal(pace_of(c, 1002, 0, 0), 18000);
    /* the bridge: 1113.19 m in 60 s are 66.79 km/h; at 50 they take 80150 ms */
    assert_int_equal(pace_of(c, 1003, 0, 0), HSD_PACE_FIXED | 80150);
    assert_int_equal(r.edits[0].edges_changed, 4);
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void several_changes_multiply_and_round_once(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_speed(&d, 0, 1, 1 / 1.00003, nothing)->road_class = WORD("lane");
    drawn_speed(&d, 1, 2, 1 / 1.00003, nothing)->road_class = WORD("lane");
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    hsd_network *c = applied(&r, 1);
    assert_int_equal(pace_of(c, 1002, 0, 0), 17999); /* 17999.46 */
    hsd_network_destroy(c);
    c = applied(&r, 3);
    assert_int_equal(pace_of(c, 1002, 0, 0), 17999); /* 17998.92, not 17998.46 */
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* A bridge of a minute at a hundred thousandth of its speed takes 69 days: no way through, and a
 * wait there makes it none. The lane, at a wait of 13 days, is none either. */
static void what_takes_twelve_days_is_no_way(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_speed(&d, 0, 1, 1e-5, drawn_box(&d, 9, 9, 21, 11));
    drawn_wait(&d, 0, 1, -5, LINE(15, 9, 15, 11));
    drawn_wait(&d, 0, 2, 13 * 24 * 60, LINE(9, 5, 11, 5));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    hsd_network *c = applied(&r, 1);
    const uint32_t bridge = 2 * edge_by_source(n, 1003, 0), lane = 2 * edge_by_source(n, 1002, 0);
    for (uint32_t k = 0; k < 2; k++) {
        assert_int_equal(c->metrics[0].edge_ms[bridge + k], HSD_UNREACHABLE);
        assert_int_equal(c->metrics[0].edge_ms[lane + k], HSD_UNREACHABLE);
    }
    assert_int_equal(hand_route_ms(c, 0, 5, 6), HSD_UNREACHABLE);
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* ---- Waits --------------------------------------------------------------------------------- */

static void waits_count_by_the_side_one_comes_from(void **state) {
    (void)state;
    hsd_network *n = town();
    /* northwards across the street: west is on its left, so 1 means eastwards */
    hsd_wait_row *wait = drawn_wait(&d, 0, 1, 10, LINE(5, -1, 5, 1));
    static const int64_t more[3][2] = {{600000, 600000}, {600000, 0}, {0, 600000}};
    static const int directions[] = {0, 1, -1};
    for (int i = 0; i < 3; i++) {
        wait->direction = directions[i];
        hsd_resolved r = drawn_resolved(n, &d, NULL);
        assert_int_equal(r.edits[0].edges_changed, 1);
        assert_int_equal(r.edits[0].arcs_changed, i ? 1 : 2);
        hsd_network *c = applied(&r, 1);
        for (int k = 0; k < 2; k++)
            assert_int_equal(pace_of(c, 1001, 0, k),
                             more[i][k] ? HSD_PACE_FIXED | (111319 + 600000) : 36000);
        assert_int_equal(hand_route_ms(c, 0, 1, 2), 111319 + more[i][0]);
        assert_int_equal(hand_route_ms(c, 0, 2, 1), 111319 + more[i][1]);
        hsd_network_destroy(c);
        hsd_resolved_finish(&r);
    }
    hsd_network_destroy(n);
}

static void a_line_crossed_twice_waits_twice_and_levels_differ(void **state) {
    (void)state;
    hsd_network *n = town();
    hsd_wait_row *wait = drawn_wait(&d, 0, 1, 10, LINE(5, -1, 5, 1, 6, 1, 6, -1));
    wait->minutes[0] = 1;
    wait->minutes[2] = 30;
    hsd_resolve_options low = {.waits = HSD_WAIT_LOW}, high = {.waits = HSD_WAIT_HIGH};
    const hsd_resolve_options *options[] = {NULL, &low, &high};
    const uint32_t ms[] = {1200000, 120000, 3600000};
    for (int i = 0; i < 3; i++) {
        hsd_resolved r = drawn_resolved(n, &d, options[i]);
        hsd_network *c = applied(&r, 1);
        assert_int_equal(hand_route_ms(c, 0, 1, 2), 111319 + ms[i]);
        hsd_network_destroy(c);
        hsd_resolved_finish(&r);
    }
    wait->direction = 1; /* eastwards in, westwards out again: one of them */
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    hsd_network *c = applied(&r, 1);
    assert_int_equal(hand_route_ms(c, 0, 1, 2), 111319 + 600000);
    assert_int_equal(hand_route_ms(c, 0, 2, 1), 111319 + 600000);
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    wait->minutes[0] = 0; /* nothing at this level is no mistake */
    r = drawn_resolved(n, &d, &low);
    assert_null(applied(&r, 1));
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void waits_come_on_top_of_speeds_and_may_go_away(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_speed(&d, 0, 1, 0.5, nothing);
    drawn_wait(&d, 1, 2, 10, LINE(5, -1, 5, 1));
    drawn_wait(&d, 2, 3, -0.5, LINE(15, 9, 15, 11)); /* half of what the bridge takes */
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    hsd_network *c = applied(&r, 7);
    assert_int_equal(hand_route_ms(c, 0, 1, 2), 222639 + 600000);
    assert_int_equal(pace_of(c, 1003, 0, 0), HSD_PACE_FIXED | (120000 - 30000));
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    d.waits[1].minutes[1] = -2;
    r = drawn_resolved(n, &d, NULL);
    c = applied(&r, 4);
    assert_int_equal(pace_of(c, 1003, 0, 0), HSD_PACE_FIXED); /* never below 0 */
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void what_rounds_away_is_no_network_of_its_own(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_speed(&d, 0, 1, 1.000001, nothing);
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_null(applied(&r, 1));
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void modes_choose_who_is_meant(void **state) {
    (void)state;
    hsd_network *n = town();
    drawn_closure(&d, 0, 1, drawn_box(&d, 8, -1, 16, 9))->modes = WORD("walk");
    drawn_speed(&d, 0, 2, 0.5, nothing)->modes = WORD("walk; car");
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.edit_count, 1);
    assert_int_equal(r.edits[0].layer, HSD_LAYER_SPEED_CHANGES);
    hsd_network *c = applied(&r, 1);
    assert_int_equal(c->metrics[0].closed_count, 0);
    assert_int_equal(pace_of(c, 1001, 0, 0), 18000);
    hsd_network_destroy(c);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_polygon_closes_the_parts_it_touches),
        cmocka_unit_test(within_means_the_whole_edge),
        cmocka_unit_test(bridges_are_spared_but_with_all_layers),
        cmocka_unit_test(roads_are_closed_by_id_whatever_they_are),
        cmocka_unit_test(stretches_of_closures_stay_apart_unless_they_meet),
        cmocka_unit_test(a_polygon_that_leaves_an_edge_and_comes_back_closes_two_stretches),
        cmocka_unit_test(a_factor_acts_on_the_share_inside),
        cmocka_unit_test(what_takes_twelve_days_is_no_way),
        cmocka_unit_test(a_speed_stands_for_what_it_makes_of_the_present_one),
        cmocka_unit_test(several_changes_multiply_and_round_once),
        cmocka_unit_test(waits_count_by_the_side_one_comes_from),
        cmocka_unit_test(a_line_crossed_twice_waits_twice_and_levels_differ),
        cmocka_unit_test(waits_come_on_top_of_speeds_and_may_go_away),
        cmocka_unit_test(what_rounds_away_is_no_network_of_its_own),
        cmocka_unit_test(modes_choose_who_is_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
