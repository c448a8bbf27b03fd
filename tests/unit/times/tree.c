/* Trees on hand-made streets, times worked out by hand: fixed paces make round milliseconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hand_network.h"
#include "times/tree.h"

#define FIXED(ms) (HSD_PACE_FIXED | (ms))
#define U HSD_UNREACHABLE

typedef struct scene {
    hand_network *hand;
    hsd_locator *locator;
    hsd_tree *tree;
} scene;

static scene scene_of(hand_network *h) {
    scene s = {.hand = h};
    hand_finish(h);
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(&h->network, 0, &options, &s.locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(s.locator, &s.tree, NULL), HSD_OK);
    return s;
}

static void scene_end(scene *s) {
    hsd_tree_destroy(s->tree);
    hsd_locator_destroy(s->locator);
    hand_destroy(s->hand);
}

static hsd_foot at(const scene *s, uint32_t edge, double fraction, uint32_t leg_ms) {
    hsd_foot foot = {.edge = edge, .vertex = HSD_NO_EDGE, .fraction = fraction, .leg_ms = leg_ms};
    hsd_locator_foot_prefix(s->locator, &foot);
    return foot;
}

static void grow(scene *s, hsd_direction direction, hsd_foot foot, uint32_t extra, uint32_t limit) {
    const hsd_seed seed = {foot, extra, 0};
    assert_int_equal(hsd_tree_grow(s->tree, direction, &seed, 1, limit, NULL), HSD_OK);
}

static uint32_t time_at(const scene *s, uint32_t edge, double fraction) {
    const hsd_foot foot = at(s, edge, fraction, 0);
    return hsd_tree_foot_ms(s->tree, &foot);
}

/* A street 0 - 1 - 2 of two edges: 1000 ms out and 3000 ms back, then 2000 ms out and 4000 ms back.
 */
static hand_network *street(void) {
    hand_network *h = hand_create();
    for (int i = 0; i < 3; i++) hand_vertex(h, i * 10000, 0);
    hand_edge(h, 0, 1, FIXED(1000), FIXED(3000));
    hand_edge(h, 1, 2, FIXED(2000), FIXED(4000));
    return h;
}

static void a_trip_is_leg_and_way_and_leg(void **state) {
    (void)state;
    hand_network *h = street();
    hand_plain_graph(h);
    scene s = scene_of(h);
    grow(&s, HSD_FROM, at(&s, 0, 0.25, 70), 5, 100000);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 1), 70 + 5 + 750);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 0), 70 + 5 + 750); /* 25 % of 3000 */
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 2), 75 + 750 + 2000);
    const hsd_foot far = at(&s, 1, 0.5, 11);
    assert_int_equal(hsd_tree_foot_ms(s.tree, &far), 75 + 750 + 1000 + 11);
    grow(&s, HSD_TO, at(&s, 0, 0.25, 70), 5, 100000);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 0), 75 + 250);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 1), 75 + 2250);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 2), 75 + 2250 + 4000);
    assert_int_equal(hsd_tree_foot_ms(s.tree, &far), 11 + 2000 + 2250 + 75);
    scene_end(&s);
}

static void two_positions_on_one_edge_know_the_way_along_it(void **state) {
    (void)state;
    hand_network *h = street();
    hand_plain_graph(h);
    scene s = scene_of(h);
    grow(&s, HSD_FROM, at(&s, 0, 0.25, 0), 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.75), 500);
    assert_int_equal(time_at(&s, 0, 0.25), 0);
    assert_int_equal(time_at(&s, 0, 0.05), 600); /* back along the edge */
    grow(&s, HSD_TO, at(&s, 0, 0.25, 0), 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.75), 1500);
    assert_int_equal(time_at(&s, 0, 0.05), 200);
    scene_end(&s);
}

static void a_one_way_street_is_not_driven_back(void **state) {
    (void)state;
    hand_network *h = street();
    hand_edge(h, 2, 0, FIXED(10000), 0); /* a ring: 0 -> 1 -> 2 -> 0 */
    h->edges[0].pace[1] = h->edges[1].pace[1] = 0;
    hand_plain_graph(h);
    scene s = scene_of(h);
    grow(&s, HSD_FROM, at(&s, 0, 0.5, 0), 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.75), 250);
    assert_int_equal(time_at(&s, 0, 0.25), 500 + 2000 + 10000 + 250); /* all the way round */
    grow(&s, HSD_TO, at(&s, 0, 0.5, 0), 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.25), 250);
    assert_int_equal(time_at(&s, 0, 0.75), 250 + 2000 + 10000 + 500);
    scene_end(&s);
}

/* The same street as one arc: vertex 1 is inside the chain. */
static void edges_of_one_arc_know_the_way_along_it(void **state) {
    (void)state;
    hand_network *h = street();
    const uint32_t a = hand_node(h, 0, 1), b = hand_node(h, 2, 1);
    hand_arc(h, a, b, 2, 0u, 2u);
    hand_arc(h, b, a, 2, 3u, 1u);
    scene s = scene_of(h);
    grow(&s, HSD_FROM, at(&s, 0, 0.5, 0), 0, 100000);
    assert_int_equal(time_at(&s, 1, 0.5), 500 + 1000); /* not by 0 and back: 1500 + 1000 + 1000 */
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 2), 2500);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 1), U); /* no junction of the mode */
    grow(&s, HSD_FROM, at(&s, 1, 0.5, 0), 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.5), 2000 + 1500);
    grow(&s, HSD_TO, at(&s, 1, 0.5, 0), 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.5), 1500);
    grow(&s, HSD_TO, at(&s, 0, 0.5, 0), 0, 100000);
    assert_int_equal(time_at(&s, 1, 0.5), 3500);
    scene_end(&s);
}

static void a_closed_link_leaves_the_rest_of_its_arc_in_reach(void **state) {
    (void)state;
    hand_network *h = street();
    h->edges[1].pace[0] = 0; /* the second half is closed outwards, for this profile only */
    const uint32_t a = hand_node(h, 0, 1), b = hand_node(h, 2, 1);
    hand_arc(h, a, b, 2, 0u, 2u);
    hand_arc(h, b, a, 2, 3u, 1u);
    scene s = scene_of(h);
    grow(&s, HSD_FROM, (hsd_foot){.edge = HSD_NO_EDGE, .vertex = 0}, 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.5), 500); /* up to the closure */
    assert_int_equal(time_at(&s, 1, 0.5), U);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 2), U);
    grow(&s, HSD_TO, (hsd_foot){.edge = HSD_NO_EDGE, .vertex = 2}, 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.5), U);
    grow(&s, HSD_TO, at(&s, 0, 0.75, 0), 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.5), 250);
    assert_int_equal(time_at(&s, 1, 0.5), 2000 + 750);
    scene_end(&s);
}

/* A crossing 1 where whoever comes by edge 0 may not go on by edge 1: 1 has a free copy and one for
 * the restriction begun; edge 2 leads on by a detour 1 - 3 - 2. */
static scene banned_turn(void) {
    hand_network *h = street();
    hand_vertex(h, 10000, 10000);
    hand_edge(h, 1, 3, FIXED(700), FIXED(700));
    hand_edge(h, 3, 2, FIXED(800), FIXED(800));
    for (uint32_t v = 0; v < 4; v++) hand_node(h, v, 1);
    const uint32_t copy = hand_node(h, 1, 0);
    hand_arc(h, 0, copy, 1, 0u);
    hand_arc(h, 1, 0, 1, 1u);
    hand_arc(h, copy, 0, 1, 1u);
    hand_arc(h, 1, 2, 1, 2u); /* not from the copy */
    hand_arc(h, 2, 1, 1, 3u);
    hand_arc(h, 1, 3, 1, 4u);
    hand_arc(h, copy, 3, 1, 4u);
    hand_arc(h, 3, 1, 1, 5u);
    hand_arc(h, 3, 2, 1, 6u);
    hand_arc(h, 2, 3, 1, 7u);
    return scene_of(h);
}

static void a_banned_turn_is_driven_round(void **state) {
    (void)state;
    scene s = banned_turn();
    grow(&s, HSD_FROM, at(&s, 0, 0.5, 0), 0, 100000);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 1), 500);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 2), 500 + 700 + 800);
    assert_int_equal(time_at(&s, 1, 0.5),
                     500 + 700 + 700 + 1000); /* to 3, turn, by the free copy */
    grow(&s, HSD_TO, at(&s, 1, 0.5, 0), 0, 100000);
    assert_int_equal(time_at(&s, 0, 0.5), 500 + 700 + 700 + 1000);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 1), 1000); /* who begins there has no history */
    scene_end(&s);
}

static void the_limit_holds_for_the_whole_trip(void **state) {
    (void)state;
    hand_network *h = street();
    hand_plain_graph(h);
    scene s = scene_of(h);
    const hsd_foot far = at(&s, 1, 0.5, 11);
    grow(&s, HSD_FROM, at(&s, 0, 0.25, 70), 5, 1836);
    assert_int_equal(hsd_tree_foot_ms(s.tree, &far), 1836);
    grow(&s, HSD_FROM, at(&s, 0, 0.25, 70), 5, 1835);
    assert_int_equal(hsd_tree_foot_ms(s.tree, &far), U);
    grow(&s, HSD_FROM, at(&s, 0, 0.25, 70), 5, 74); /* cannot even reach the street */
    assert_int_equal(time_at(&s, 0, 0.25), U);
    const hsd_foot nowhere = {.edge = HSD_NO_EDGE, .vertex = HSD_NO_EDGE};
    assert_int_equal(hsd_tree_foot_ms(s.tree, &nowhere), U);
    const hsd_feet none = {0};
    assert_int_equal(hsd_tree_feet_ms(s.tree, &none), U);
    scene_end(&s);
}

static void the_best_of_several_gates_counts(void **state) {
    (void)state;
    hand_network *h = street();
    hand_plain_graph(h);
    scene s = scene_of(h);
    const hsd_seed gates[] = {{at(&s, 0, 0, 0), 2000, 0}, {at(&s, 1, 1, 100), 0, 0}};
    assert_int_equal(hsd_tree_grow(s.tree, HSD_FROM, gates, 2, 100000, NULL), HSD_OK);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 0), 2000);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 1), 3000);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 2), 100);
    assert_int_equal(time_at(&s, 1, 0.75), 100 + 1000);
    scene_end(&s);
}

static void a_seed_off_the_network_is_refused(void **state) {
    (void)state;
    hand_network *h = street();
    hand_plain_graph(h);
    scene s = scene_of(h);
    hsd_error err;
    const hsd_seed bad[] = {{{.edge = 2, .vertex = HSD_NO_EDGE}, 0, 0},
                            {{.edge = 0, .vertex = HSD_NO_EDGE, .segment = 1}, 0, 0},
                            {{.edge = HSD_NO_EDGE, .vertex = 3}, 0, 0},
                            {{.edge = HSD_NO_EDGE, .vertex = HSD_NO_EDGE}, 0, 0}};
    for (int i = 0; i < 4; i++)
        assert_int_equal(hsd_tree_grow(s.tree, HSD_FROM, &bad[i], 1, 1, &err), HSD_E_ARGUMENT);
    scene_end(&s);
}

static void running_out_of_memory_is_told_and_the_tree_grows_again(void **state) {
    (void)state;
    hand_network *h = street();
    hand_plain_graph(h);
    scene s = scene_of(h);
    int failures = 0;
    for (uint64_t n = 1; n < 100; n++) {
        hsd_tree *tree = NULL;
        const hsd_seed seed = {at(&s, 0, 0.5, 0), 0, 0};
        hsd_memory_fail_at(n);
        hsd_status status = hsd_tree_create(s.locator, &tree, NULL);
        if (status == HSD_OK) status = hsd_tree_grow(tree, HSD_FROM, &seed, 1, 10000, NULL);
        if (status == HSD_OK) status = hsd_tree_touch(tree, NULL);
        hsd_memory_fail_at(0);
        if (tree != NULL) {
            assert_int_equal(hsd_tree_grow(tree, HSD_FROM, &seed, 1, 10000, NULL), HSD_OK);
            assert_int_equal(hsd_tree_touch(tree, NULL), HSD_OK);
            assert_int_equal(hsd_tree_vertex_ms(tree, 2), 2500);
        }
        hsd_tree_destroy(tree);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        failures++;
    }
    assert_in_range(failures, 8, 40);
    scene_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trip_is_leg_and_way_and_leg),
        cmocka_unit_test(two_positions_on_one_edge_know_the_way_along_it),
        cmocka_unit_test(a_one_way_street_is_not_driven_back),
        cmocka_unit_test(edges_of_one_arc_know_the_way_along_it),
        cmocka_unit_test(a_closed_link_leaves_the_rest_of_its_arc_in_reach),
        cmocka_unit_test(a_banned_turn_is_driven_round),
        cmocka_unit_test(the_limit_holds_for_the_whole_trip),
        cmocka_unit_test(the_best_of_several_gates_counts),
        cmocka_unit_test(a_seed_off_the_network_is_refused),
        cmocka_unit_test(running_out_of_memory_is_told_and_the_tree_grows_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
