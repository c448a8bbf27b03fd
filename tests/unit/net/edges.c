/* Edges and their times, by hand: a step of a milli-degree on the equator is 111.319491 m, which
 * takes 11,131.95 ms at 36 km/h and 22,263.90 ms at 18 km/h. */
#include "hand.h"

static hand h;

static void line_of_nodes(int count) {
    hand_init(&h);
    for (int i = 1; i <= count; i++) hand_node(&h, i, i, 0);
}

/* Segment times of an edge, in drawing order, for both directions; their sum must be the edge's. */
static void segments_are(const hsd_network *n, uint32_t edge, int direction, uint32_t count,
                         const uint32_t *expected) {
    uint32_t ms[16], sum = 0, pace = n->metrics[0].pace[2 * edge + (uint32_t)direction];
    assert_int_equal(n->edges[edge].point_count, count + 1);
    hsd_edge_segment_ms(n, edge, pace, ms);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(ms[i], expected[i]);
        assert_int_equal(hsd_edge_prefix_ms(n, edge, pace, i, 0), sum);
        sum += ms[i];
        assert_int_equal(hsd_edge_prefix_ms(n, edge, pace, i, 1), sum);
    }
    assert_int_equal(n->metrics[0].edge_ms[2 * edge + (uint32_t)direction], sum);
}
#define SEGMENTS_ARE(n, edge, direction, ...)                                                      \
    segments_are(n, edge, direction, sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t),         \
                 (uint32_t[]){__VA_ARGS__})

static void each_segment_is_rounded_once(void **state) {
    (void)state;
    line_of_nodes(4);
    hand_way(&h, 0, 1, 2, 3, 4, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    SEGMENTS_ARE(n, 0, HSD_FORWARD, 11132, 11132, 11132); /* not 33,396 = round(3 x 11,131.95) */
    SEGMENTS_ARE(n, 0, HSD_BACKWARD, 11132, 11132, 11132);
    assert_int_equal(hsd_edge_prefix_ms(n, 0, 36000, 2, 0.25), 2 * 11132 + 2783);
    assert_true(n->segment_m[0] > 111.31949 && n->segment_m[0] < 111.319492);
    assert_true(n->segment_m[3] == 0);
    assert_true(n->edges[0].length_m == n->segment_m[0] + n->segment_m[1] + n->segment_m[2]);
    hsd_network_destroy(n);
}

static void a_stated_time_is_spread_by_length_from_the_drawn_start(void **state) {
    (void)state;
    line_of_nodes(6);
    hand_node(&h, 9, 3, 1);
    hand_way(&h, 1001, 1, 2, 3, 4, 5, 6, 0);
    hand_way(&h, 7, 3, 9, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    /* passed at 200.2 400.4 | 600.6 800.8 1001: the edges take 400 and 601 */
    SEGMENTS_ARE(n, 0, HSD_FORWARD, 200, 200);
    SEGMENTS_ARE(n, 0, HSD_BACKWARD, 200, 200);
    SEGMENTS_ARE(n, 1, HSD_FORWARD, 200, 201, 200); /* 200.3 400.7 601 */
    SEGMENTS_ARE(n, 2, HSD_FORWARD, 7);
    assert_int_equal(hand_route_ms(n, 0, 1, 6), 1001);
    assert_int_equal(hand_route_ms(n, 0, 6, 9), 608);
    hsd_network_destroy(n);
}

static void a_stated_length_scales_the_drawing(void **state) {
    (void)state;
    line_of_nodes(4);
    hand_way(&h, 0, 1, 2, 4, 0)->length_m = 3000; /* drawn 1 : 2 */
    hsd_network *n = hand_build(&h, &h.car, 1);
    SEGMENTS_ARE(n, 0, HSD_FORWARD, 100000, 200000);
    assert_true(n->edges[0].length_m > 2999.999 && n->edges[0].length_m < 3000.001);
    hsd_network_destroy(n);
}

static void a_drawing_without_length_shares_equally(void **state) {
    (void)state;
    hand_init(&h);
    for (int i = 1; i <= 4; i++) hand_node(&h, i, 5, 5);
    hand_way(&h, 0, 1, 2, 3, 4, 0)->length_m = 300;
    hsd_network *n = hand_build(&h, &h.car, 1);
    SEGMENTS_ARE(n, 0, HSD_FORWARD, 10000, 10000, 10000);
    hsd_network_destroy(n);
    h.ways[0].length_m = 0;
    n = hand_build(&h, &h.car, 1);
    SEGMENTS_ARE(n, 0, HSD_FORWARD, 0, 0, 0);
    hsd_network_destroy(n);
    h.ways[0].time_ms[0] = h.ways[0].time_ms[1] = 10;
    n = hand_build(&h, &h.car, 1);
    SEGMENTS_ARE(n, 0, HSD_FORWARD, 3, 4, 3); /* passed at 3.3 6.7 10 */
    hsd_network_destroy(n);
}

static void a_segment_with_length_takes_a_millisecond_at_least(void **state) {
    (void)state;
    hand_init(&h);
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 0, 0);
    h.nodes[1].lon_e7 = 1; /* 11 mm: 0.4 ms at 100 km/h */
    hand_way(&h, 0, 1, 2, 0)->speed_mh[0] = 100000;
    hsd_network *n = hand_build(&h, &h.car, 1);
    SEGMENTS_ARE(n, 0, HSD_FORWARD, 1);
    hsd_network_destroy(n);
}

static void equal_neighbours_are_one_node(void **state) {
    (void)state;
    line_of_nodes(3);
    hand_way(&h, 0, 1, 1, 2, 2, 2, 3, 3, 0);
    hand_way(&h, 0, 3, 3, 0); /* nothing is left of this one */
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->edge_count, 1);
    SEGMENTS_ARE(n, 0, HSD_FORWARD, 11132, 11132);
    hsd_network_destroy(n);
}

static void a_way_is_cut_where_something_may_happen(void **state) {
    (void)state;
    line_of_nodes(8);
    hsd_way *way = hand_way(&h, 0, 1, 2, 3, 4, 5, 6, 7, 0);
    h.node_flags[hand_find(&h, 2)] = HSD_NODE_NO_STOP;
    h.node_no[hand_find(&h, 4)] = HAND_WALK;
    hand_restrict(&h, way, 6, way, 0);
    h.node_no[hand_find(&h, 8)] = HAND_CAR; /* unused: no vertex */
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->vertex_count, 5);
    assert_int_equal(n->edge_count, 4);
    for (uint32_t v = 0; v < 5; v++) {
        assert_int_equal(n->vertex_source[v], ((int[]){1, 2, 4, 6, 7})[v]);
        assert_int_equal(n->vertex_flags[v], v == 1 ? HSD_NODE_NO_STOP : 0);
    }
    assert_int_equal(hand_nodes_at(n, 0, 2), 0); /* cut, but no node of the graph */
    assert_int_equal(hand_nodes_at(n, 0, 4), 0);
    assert_int_equal(hand_nodes_at(n, 0, 6), 3); /* no turning round from either side */
    hsd_network_destroy(n);
}

static void a_figure_of_eight_is_cut_at_its_waist(void **state) {
    (void)state;
    hand_init(&h);
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, -1, 1);
    hand_node(&h, 3, -1, -1);
    hand_node(&h, 4, 1, 1);
    hand_node(&h, 5, 1, -1);
    hand_way(&h, 0, 1, 2, 3, 1, 4, 5, 1, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->vertex_count, 1);
    assert_int_equal(n->edge_count, 2);
    assert_int_equal(n->edges[1].first_point, 4);
    assert_int_equal(n->graphs[0].arc_count, 4);
    hsd_network_destroy(n);
}

/* ---- Speeds and access
 * -------------------------------------------------------------------------------- */

static uint32_t pace_of(const hsd_profile *profile, int direction) {
    hsd_network *n = NULL;
    hsd_status status = hsd_network_build(&h.table, profile, 1, NULL, NULL, &n, NULL);
    if (status == HSD_E_FORMAT) return 0;
    assert_int_equal(status, HSD_OK);
    uint32_t pace = n->metrics[0].pace[direction];
    hsd_network_destroy(n);
    return pace;
}

static void speeds_are_tagged_or_of_the_class_times_the_factor(void **state) {
    (void)state;
    line_of_nodes(2);
    hsd_way *way = hand_way(&h, 0, 1, 2, 0);
    hsd_profile p = h.car;
    h.class_speeds[0].factor_ppm = 833333;
    assert_int_equal(pace_of(&p, 0), 30000); /* 29,999.988 rounded half up */
    way->speed_mh[0] = 50001;
    assert_int_equal(pace_of(&p, 0), 41667); /* 41,667.48 */
    assert_int_equal(pace_of(&p, 1), 30000);
    p.max_speed_mh = 48000;
    assert_int_equal(pace_of(&p, 0), 40000); /* capped before the factor */
    p.uses_tags = false;
    assert_int_equal(pace_of(&p, 0), 30000);
    way->speed_source[0] = HSD_SPEED_USER; /* the user's own word counts all the same */
    assert_int_equal(pace_of(&p, 0), 40000);
    h.class_speeds[0].factor_ppm = 1;
    assert_int_equal(pace_of(&p, 1), 1); /* never 0 */
    way->time_ms[0] = 1234;
    assert_int_equal(pace_of(&p, 0), HSD_PACE_FIXED | 1234);
    way->time_ms[0] = HSD_UNREACHABLE;
    assert_int_equal(pace_of(&p, 0), 0);
}

static void the_source_of_a_speed_is_kept(void **state) {
    (void)state;
    line_of_nodes(2);
    hsd_way *way = hand_way(&h, 0, 1, 2, 0);
    way->speed_mh[0] = 50000;
    way->no[1] = HAND_CAR;
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->metrics[0].speed_source[0], HSD_SPEED_TAG);
    assert_int_equal(n->metrics[0].speed_source[1], HSD_SPEED_NONE);
    assert_int_equal(n->metrics[0].edge_ms[1], HSD_UNREACHABLE);
    hsd_network_destroy(n);
}

static void bans_hold_for_the_words_a_profile_uses(void **state) {
    (void)state;
    line_of_nodes(2);
    hsd_way *way = hand_way(&h, 0, 1, 2, 0);
    hsd_profile p = h.car;
    way->no[0] = HAND_CAR;
    assert_int_equal(pace_of(&p, 0), 0);
    assert_int_equal(pace_of(&p, 1), 36000);
    strcpy(p.uses[0], "car");
    strcpy(p.uses[1], "car_permit");
    strcpy(p.uses[2], "unheard_of");
    p.use_count = 3;
    assert_int_equal(pace_of(&p, 0), 36000); /* passes as car_permit */
    way->no[0] = HAND_CAR | HAND_PERMIT;
    assert_int_equal(pace_of(&p, 0), 0); /* the unheard-of word does not count */
    p.respects_oneway = false;
    assert_int_equal(pace_of(&p, 0), 36000); /* it stands in one direction only */
    way->no[1] = HAND_CAR;
    assert_int_equal(pace_of(&p, 0), 36000); /* as car_permit */
    way->no[1] = HAND_CAR | HAND_PERMIT;
    assert_int_equal(pace_of(&p, 0), 0);
    strcpy(p.uses[0], "unheard_of");
    p.use_count = 1;
    way->no[0] = way->no[1] = 0;
    assert_int_equal(pace_of(&p, 0), 0); /* no word of its own at all */
}

static void gated_classes_need_to_admit_by_name(void **state) {
    (void)state;
    line_of_nodes(2);
    hsd_way *way = hand_way(&h, 0, 1, 2, 0);
    way->class_id = HAND_GATED;
    assert_int_equal(pace_of(&h.car, 0), 0);
    way->yes[0] = HAND_WALK;
    assert_int_equal(pace_of(&h.car, 0), 0);
    way->yes[0] = HAND_CAR;
    assert_int_equal(pace_of(&h.car, 0), 36000);
    assert_int_equal(pace_of(&h.car, 1), 0);
}

static void stops_are_by_class_and_flag(void **state) {
    (void)state;
    line_of_nodes(4);
    hand_way(&h, 0, 1, 2, 0);
    hand_way(&h, 0, 2, 3, 0)->class_id = HAND_LANE;
    hand_way(&h, 0, 3, 4, 0)->flags = HSD_WAY_BRIDGE;
    hsd_way *walk = hand_way(&h, 0, 4, 1, 0);
    walk->no[0] = walk->no[1] = HAND_CAR;
    hsd_profile both[] = {h.car, hand_profile(&h, "walk-test", "walk")};
    both[0].no_stop_flags = HSD_WAY_BRIDGE | HSD_WAY_TUNNEL;
    hsd_network *n = hand_build(&h, both, 2);
    for (int e = 0; e < 4; e++) {
        assert_int_equal(n->metrics[0].edge_stop[e], e == 0);
        assert_int_equal(n->metrics[1].edge_stop[e], e != 1);
    }
    hsd_network_destroy(n);
}

static void count_logged(void *user, hsd_log_level level, const char *message) {
    if (level == HSD_LOG_INFO && strstr(message, "\"strange\"") && strstr(message, "0.2 km"))
        ++*(int *)user;
}

static void classes_no_profile_knows_are_told(void **state) {
    (void)state;
    line_of_nodes(4);
    hand_way(&h, 0, 1, 2, 0);
    hand_way(&h, 0, 2, 3, 4, 0)->class_id = HAND_STRANGE;
    int told = 0;
    hsd_run run = {.log = count_logged, .user = &told};
    hsd_network *n = NULL;
    assert_int_equal(hsd_network_build(&h.table, &h.car, 1, NULL, &run, &n, NULL), HSD_OK);
    assert_int_equal(told, 1);
    hsd_network_destroy(n);
}

static bool refuse(void *user, const char *what, double fraction) {
    (void)user, (void)what, (void)fraction;
    return false;
}

static void a_build_can_be_cancelled(void **state) {
    (void)state;
    line_of_nodes(2);
    hand_way(&h, 0, 1, 2, 0);
    hsd_run run = {.progress = refuse};
    hsd_network *n = NULL;
    assert_int_equal(hsd_network_build(&h.table, &h.car, 1, NULL, &run, &n, NULL), HSD_E_CANCELLED);
    assert_null(n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_segment_is_rounded_once),
        cmocka_unit_test(a_stated_time_is_spread_by_length_from_the_drawn_start),
        cmocka_unit_test(a_stated_length_scales_the_drawing),
        cmocka_unit_test(a_drawing_without_length_shares_equally),
        cmocka_unit_test(a_segment_with_length_takes_a_millisecond_at_least),
        cmocka_unit_test(equal_neighbours_are_one_node),
        cmocka_unit_test(a_way_is_cut_where_something_may_happen),
        cmocka_unit_test(a_figure_of_eight_is_cut_at_its_waist),
        cmocka_unit_test(speeds_are_tagged_or_of_the_class_times_the_factor),
        cmocka_unit_test(the_source_of_a_speed_is_kept),
        cmocka_unit_test(bans_hold_for_the_words_a_profile_uses),
        cmocka_unit_test(gated_classes_need_to_admit_by_name),
        cmocka_unit_test(stops_are_by_class_and_flag),
        cmocka_unit_test(classes_no_profile_knows_are_told),
        cmocka_unit_test(a_build_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
