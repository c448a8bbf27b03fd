/* Ways behind times, settled times and closed stretches, worked out by hand on a street of two
 * edges in one chain and on a crossing with a banned turn. */
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
    hsd_network *view;
    hsd_locator *base, *locator;
    hsd_tree *tree;
    hsd_track track;
} scene;

static scene scene_of(hand_network *h, const hsd_closed_part *parts, size_t count) {
    scene s = {.hand = h};
    hand_finish(h);
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(&h->network, 0, &options, &s.base, NULL), HSD_OK);
    assert_int_equal(hsd_network_adapt(&h->network, 0, NULL, 0, parts, count, &s.view, NULL),
                     HSD_OK);
    assert_int_equal(hsd_locator_adapt(s.base, s.view, &s.locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(s.locator, &s.tree, NULL), HSD_OK);
    return s;
}

static void scene_end(scene *s) {
    hsd_track_finish(&s->track);
    hsd_tree_destroy(s->tree);
    hsd_locator_destroy(s->locator);
    hsd_locator_destroy(s->base);
    hsd_network_destroy(s->view);
    hand_destroy(s->hand);
}

static hsd_foot at(const scene *s, uint32_t edge, double fraction, uint32_t leg_ms) {
    hsd_foot foot = {.edge = edge, .vertex = HSD_NO_EDGE, .fraction = fraction, .leg_ms = leg_ms};
    hsd_locator_foot_prefix(s->locator, &foot);
    return foot;
}

static hsd_foot at_vertex(uint32_t vertex) {
    return (hsd_foot){.edge = HSD_NO_EDGE, .vertex = vertex};
}

static void grow(scene *s, hsd_direction direction, hsd_foot foot, uint32_t extra) {
    const hsd_seed seed = {foot, extra, 0};
    assert_int_equal(hsd_tree_grow(s->tree, direction, &seed, 1, 100000, NULL), HSD_OK);
}

static uint32_t time_at(const scene *s, uint32_t edge, double fraction) {
    const hsd_foot foot = at(s, edge, fraction, 0);
    return hsd_tree_foot_ms(s->tree, &foot);
}

static uint32_t settled_at(const scene *s, uint32_t edge, double fraction) {
    const hsd_foot foot = at(s, edge, fraction, 0);
    return hsd_tree_settled_ms(s->tree, &foot);
}

static void track_to(scene *s, hsd_foot foot) {
    assert_int_equal(hsd_tree_track(s->tree, &foot, &s->track, NULL), HSD_OK);
}

static void check_step(const scene *s, size_t i, uint32_t directed, double from, double to,
                       uint32_t in_ms, uint32_t out_ms) {
    assert_true(i < s->track.step_count);
    const hsd_track_step *step = &s->track.steps[i];
    assert_int_equal(step->directed_edge, directed);
    assert_int_equal(step->from_segment + step->to_segment, 0);
    assert_true(step->from_fraction == from && step->to_fraction == to);
    assert_int_equal(step->in_ms, in_ms);
    assert_int_equal(step->out_ms, out_ms);
}

/* 0 - 1 - 2 - 3: 1000, 2000 and 4000 ms out; 1000 ms more each back. The chain from 0 to 2 passes 1
 * without a junction there. */
static hand_network *street(void) {
    hand_network *h = hand_create();
    for (int i = 0; i < 4; i++) hand_vertex(h, i * 10000, 0);
    hand_edge(h, 0, 1, FIXED(1000), FIXED(2000));
    hand_edge(h, 1, 2, FIXED(2000), FIXED(3000));
    hand_edge(h, 2, 3, FIXED(4000), FIXED(5000));
    hand_node(h, 0, 1);
    hand_node(h, 2, 1);
    hand_node(h, 3, 1);
    hand_arc(h, 0, 1, 2, 0u, 2u);
    hand_arc(h, 1, 0, 2, 3u, 1u);
    hand_arc(h, 1, 2, 1, 4u);
    hand_arc(h, 2, 1, 1, 5u);
    return h;
}

static void a_way_runs_from_the_seed_to_the_foot(void **state) {
    (void)state;
    scene s = scene_of(street(), NULL, 0);
    grow(&s, HSD_FROM, at(&s, 0, 0.5, 70), 5);
    track_to(&s, at(&s, 2, 0.25, 11));
    assert_int_equal(s.track.ms, 75 + 500 + 2000 + 1000);
    assert_int_equal(s.track.step_count, 3);
    check_step(&s, 0, 0, 0.5, 1, 75, 575);
    check_step(&s, 1, 2, 0, 1, 575, 2575);
    check_step(&s, 2, 4, 0, 0.25, 2575, 3575);
    track_to(&s, at(&s, 1, 0.5, 0)); /* on the seed's own arc */
    assert_int_equal(s.track.ms, 1575);
    assert_int_equal(s.track.step_count, 2);
    check_step(&s, 1, 2, 0, 0.5, 575, 1575);
    track_to(&s, at(&s, 0, 0.25, 0)); /* on its own edge, against the drawing */
    check_step(&s, 0, 1, 0.5, 0.25, 75, 575);
    assert_int_equal(s.track.step_count, 1);
    track_to(&s, at_vertex(3));
    assert_int_equal(s.track.ms, 6575);
    assert_int_equal(s.track.step_count, 3);
    scene_end(&s);
}

static void to_the_centre_the_way_begins_at_the_foot(void **state) {
    (void)state;
    scene s = scene_of(street(), NULL, 0);
    grow(&s, HSD_TO, at(&s, 0, 0.5, 70), 5);
    track_to(&s, at(&s, 2, 0.25, 11));
    assert_int_equal(s.track.ms, 1250 + 3000 + 1000 + 75);
    assert_int_equal(s.track.step_count, 3);
    check_step(&s, 0, 5, 0.25, 0, 5325, 4075);
    check_step(&s, 1, 3, 1, 0, 4075, 1075);
    check_step(&s, 2, 1, 1, 0.5, 1075, 75);
    track_to(&s, at_vertex(0));
    check_step(&s, 0, 0, 0, 0.5, 575, 75);
    assert_int_equal(s.track.step_count, 1);
    scene_end(&s);
}

static void out_of_reach_there_is_no_way(void **state) {
    (void)state;
    scene s = scene_of(street(), NULL, 0);
    const hsd_seed seeds[2] = {{at(&s, 2, 1, 0), 300, 0}, {at_vertex(0), 0, 0}};
    assert_int_equal(hsd_tree_grow(s.tree, HSD_FROM, seeds, 2, 4000, NULL), HSD_OK);
    track_to(&s, at(&s, 2, 0.5, 0)); /* 5000 from one, 2800 from the other */
    assert_int_equal(s.track.ms, 2800);
    assert_int_equal(s.track.seed, 0);
    track_to(&s, at(&s, 1, 0.5, 0));
    assert_int_equal(s.track.seed, 1);
    track_to(&s, at_vertex(0));
    assert_int_equal(s.track.ms, 0);
    assert_int_equal(s.track.step_count, 0);
    track_to(&s, at(&s, 1, 0.5, 3000)); /* its leg leads past the limit */
    assert_int_equal(s.track.ms, U);
    assert_int_equal(s.track.step_count, 0);
    scene_end(&s);
}

/* Settled: at the place itself and at the ends of the ways on. A seed at 0 of cost 10. */
static void a_seed_is_settled_by_place_and_ends(void **state) {
    (void)state;
    scene s = scene_of(street(), NULL, 0);
    grow(&s, HSD_FROM, at_vertex(0), 10);
    /* at 1/2 of edge 1: there at 2010, its end 2 at 3010 (1000 on), 0 at 10 (3500 back) */
    assert_int_equal(settled_at(&s, 1, 0.5), 2010);
    grow(&s, HSD_FROM, at(&s, 1, 0.5, 0), 10);
    assert_int_equal(settled_at(&s, 1, 0.5), 10);
    assert_int_equal(settled_at(&s, 1, 0.25), 10 + 750);
    grow(&s, HSD_TO, at_vertex(0), 10);
    assert_int_equal(settled_at(&s, 1, 0.5), 10 + 2000 + 1500);
    const hsd_foot end = at_vertex(3);
    assert_int_equal(hsd_tree_settled_ms(s.tree, &end), 10 + 2000 + 3000 + 5000);
    scene_end(&s);
}

/* A crossing 1 of 0, 2 and 3; from 0 nobody may turn to 3: the copy of 1 that knows it has no arc
 * there. Who arrives from outside on the street 0 - 1 counts as having come along it; at the
 * crossing itself he is free. */
static void banned_turns_keep_seeds_alive(void **state) {
    (void)state;
    hand_network *h = hand_create();
    hand_vertex(h, 0, 0);
    hand_vertex(h, 10000, 0);
    hand_vertex(h, 20000, 0);
    hand_vertex(h, 10000, 10000);
    for (uint32_t v = 0; v < 4; v++) hand_node(h, v, 1);
    hand_node(h, 1, 0);
    hand_edge(h, 0, 1, FIXED(1000), 0);
    hand_edge(h, 1, 2, FIXED(1000), FIXED(1000));
    hand_edge(h, 1, 3, FIXED(1000), 0);
    hand_arc(h, 0, 4, 1, 0u);
    hand_arc(h, 4, 2, 1, 2u);
    hand_arc(h, 1, 2, 1, 2u);
    hand_arc(h, 2, 1, 1, 3u);
    hand_arc(h, 1, 3, 1, 4u);
    scene s = scene_of(h, NULL, 0);
    grow(&s, HSD_FROM, at_vertex(0), 0);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 1), 1000);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 3), 4000); /* turns round at 2 */
    const hsd_foot crossing = at_vertex(1);
    assert_int_equal(hsd_tree_settled_ms(s.tree, &crossing), 3000);
    assert_int_equal(settled_at(&s, 0, 0.5), 500);
    assert_int_equal(settled_at(&s, 1, 0.5), 2500); /* back to the crossing, at 3000 free */
    assert_int_equal(settled_at(&s, 2, 0.5), 3500);
    track_to(&s, at_vertex(3));
    assert_int_equal(s.track.step_count, 4);
    check_step(&s, 2, 3, 1, 0, 2000, 3000);
    scene_end(&s);
}

/* The middle edge closed from 1/4 to 3/4, out only or both ways. */
static void stubs_are_used_from_their_open_ends(void **state) {
    (void)state;
    const hsd_closed_part part = {1, 3, 0, 0, 0.25, 0.75};
    scene s = scene_of(street(), &part, 1);
    grow(&s, HSD_FROM, at_vertex(0), 0);
    assert_int_equal(time_at(&s, 1, 0.125), 1250);
    assert_int_equal(time_at(&s, 1, 0.25), 1500);
    assert_int_equal(time_at(&s, 1, 0.26), U);
    assert_int_equal(time_at(&s, 1, 0.75), U);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 2), U);
    assert_int_equal(time_at(&s, 2, 0.5), U);
    grow(&s, HSD_FROM, at_vertex(3), 0);
    assert_int_equal(time_at(&s, 1, 0.75), 5750);
    assert_int_equal(time_at(&s, 1, 0.74), U);
    assert_int_equal(time_at(&s, 0, 0.5), U);
    grow(&s, HSD_TO, at_vertex(0), 0);
    assert_int_equal(time_at(&s, 1, 0.25), 2750);
    assert_int_equal(time_at(&s, 1, 0.5), U);
    grow(&s, HSD_FROM, at(&s, 1, 0.5, 0), 0); /* inside: nowhere, not even here */
    assert_int_equal(time_at(&s, 1, 0.5), U);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 0), U);
    grow(&s, HSD_FROM, at(&s, 1, 0.125, 0), 0);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 0), 375 + 2000);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 2), U);
    assert_int_equal(time_at(&s, 1, 0.2), 150);
    track_to(&s, at(&s, 1, 0.9, 0));
    assert_int_equal(s.track.ms, U);
    scene_end(&s);
}

static void a_stretch_closed_one_way_is_open_the_other(void **state) {
    (void)state;
    const hsd_closed_part part = {1, 1 << HSD_FORWARD, 0, 0, 0.25, 0.75};
    scene s = scene_of(street(), &part, 1);
    grow(&s, HSD_FROM, at_vertex(0), 0);
    assert_int_equal(time_at(&s, 1, 0.25), 1500);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 2), U);
    grow(&s, HSD_FROM, at_vertex(2), 0);
    assert_int_equal(time_at(&s, 1, 0.5), 1500);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 0), 5000);
    grow(&s, HSD_TO, at_vertex(2), 0);
    assert_int_equal(time_at(&s, 1, 0.75), 500);
    assert_int_equal(time_at(&s, 1, 0.5), U);
    assert_int_equal(hsd_tree_vertex_ms(s.tree, 0), U);
    scene_end(&s);
}

static void running_out_of_memory_on_the_way_is_told(void **state) {
    (void)state;
    scene s = scene_of(street(), NULL, 0);
    grow(&s, HSD_FROM, at(&s, 0, 0.5, 0), 0);
    const hsd_foot foot = at(&s, 2, 0.5, 0);
    uint64_t n = 0;
    for (hsd_status status = HSD_E_MEMORY; status != HSD_OK;) {
        hsd_track track = {0};
        hsd_memory_fail_at(++n);
        status = hsd_tree_track(s.tree, &foot, &track, NULL);
        hsd_memory_fail_at(0);
        assert_true(status == HSD_OK || status == HSD_E_MEMORY);
        assert_int_equal(track.step_count, status == HSD_OK ? 3 : 0);
        hsd_track_finish(&track);
    }
    assert_in_range(n, 3, 9);
    n = 0;
    for (hsd_status status = HSD_E_MEMORY; status != HSD_OK;) {
        hsd_locator *locator;
        hsd_memory_fail_at(++n);
        status = hsd_locator_adapt(s.base, s.view, &locator, NULL);
        hsd_memory_fail_at(0);
        hsd_locator_destroy(locator);
    }
    assert_int_equal(n, 2);
    scene_end(&s);
}

static void a_view_of_another_network_is_refused(void **state) {
    (void)state;
    scene s = scene_of(street(), NULL, 0), other = scene_of(street(), NULL, 0);
    hsd_locator *locator;
    assert_int_equal(hsd_locator_adapt(s.base, other.view, &locator, NULL), HSD_E_ARGUMENT);
    assert_null(locator);
    scene_end(&s);
    scene_end(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_runs_from_the_seed_to_the_foot),
        cmocka_unit_test(to_the_centre_the_way_begins_at_the_foot),
        cmocka_unit_test(out_of_reach_there_is_no_way),
        cmocka_unit_test(a_seed_is_settled_by_place_and_ends),
        cmocka_unit_test(banned_turns_keep_seeds_alive),
        cmocka_unit_test(stubs_are_used_from_their_open_ends),
        cmocka_unit_test(a_stretch_closed_one_way_is_open_the_other),
        cmocka_unit_test(running_out_of_memory_on_the_way_is_told),
        cmocka_unit_test(a_view_of_another_network_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
