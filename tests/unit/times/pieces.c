/* Reached pieces and allocations on hand-made streets. Vertices at the equator 0.001 degrees
 * (111.319 m) apart; fixed paces make round milliseconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hand_network.h"
#include "times/tree.h"

#define FIXED(ms) (HSD_PACE_FIXED | (ms))

typedef struct scene {
    hand_network *hand;
    hsd_locator *locator;
    hsd_tree *tree;
    double length_m; /* of each edge */
    HSD_ARRAY(hsd_piece) pieces;
} scene;

/* 0 - 1 - 2 - 3 in a row, 1000 ms each way; the middle edge may not be stopped on. */
static scene row_of_three(uint32_t backward) {
    scene s = {.hand = hand_create()};
    for (int i = 0; i < 4; i++) hand_vertex(s.hand, i * 10000, 0);
    for (uint32_t i = 0; i < 3; i++) hand_edge(s.hand, i, i + 1, FIXED(1000), backward);
    s.hand->edges[1].stop = 0;
    hand_plain_graph(s.hand);
    hand_finish(s.hand);
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(&s.hand->network, 0, &options, &s.locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(s.locator, &s.tree, NULL), HSD_OK);
    s.length_m = s.hand->network.edges[0].length_m;
    return s;
}

static void scene_end(scene *s) {
    hsd_array_finish(&s->pieces);
    hsd_tree_destroy(s->tree);
    hsd_locator_destroy(s->locator);
    hand_destroy(s->hand);
}

static hsd_seed seed_at(const scene *s, uint32_t edge, double fraction, uint32_t ms) {
    hsd_seed seed = {{.edge = edge, .vertex = HSD_NO_EDGE, .fraction = fraction}, ms, 0};
    hsd_locator_foot_prefix(s->locator, &seed.foot);
    return seed;
}

static hsd_status keep(void *context, const hsd_piece *piece, hsd_error *err) {
    scene *s = context;
    return hsd_array_push(&s->pieces, *piece, err) ? HSD_OK : HSD_E_MEMORY;
}

static void check_piece(const scene *s, size_t i, uint32_t edge, int direction, double in,
                        double out, uint32_t in_ms, uint32_t out_ms, bool whole) {
    assert_true(i < s->pieces.count);
    const hsd_piece *p = &s->pieces.data[i];
    assert_int_equal(p->edge, edge);
    assert_int_equal(p->direction, direction);
    assert_true(fabs(p->in_m - in * s->length_m) < 1e-6);
    assert_true(fabs(p->out_m - out * s->length_m) < 1e-6);
    assert_int_equal(p->in_ms, in_ms);
    assert_int_equal(p->out_ms, out_ms);
    assert_int_equal(p->whole, whole);
    assert_int_equal(p->may_stop, edge != 1);
}

static void pieces_end_exactly_at_the_cut_off(void **state) {
    (void)state;
    scene s = row_of_three(FIXED(2000));
    const hsd_seed seed = seed_at(&s, 0, 0.5, 100);
    assert_int_equal(hsd_tree_grow(s.tree, HSD_FROM, &seed, 1, 5000, NULL), HSD_OK);
    assert_int_equal(hsd_tree_pieces(s.tree, 1350, keep, &s, NULL), HSD_OK);
    assert_int_equal(s.pieces.count, 3);
    check_piece(&s, 0, 0, HSD_BACKWARD, 0.5, 0, 100, 1100, true); /* at 2000 ms an edge */
    check_piece(&s, 1, 0, HSD_FORWARD, 0.5, 1, 100, 600, true);
    check_piece(&s, 2, 1, HSD_FORWARD, 0, 0.75, 600, 1350, false);
    hsd_geometry line;
    assert_int_equal(hsd_piece_geometry(&s.hand->network, &s.pieces.data[0], &line, NULL), HSD_OK);
    assert_int_equal(line.point_count, 2);
    assert_true(fabs(line.points[0].lon - 0.0005) < 1e-9 && line.points[1].lon == 0);
    hsd_geometry_finish(&line);
    scene_end(&s);
}

static void pieces_towards_a_target_run_towards_it(void **state) {
    (void)state;
    scene s = row_of_three(FIXED(2000));
    const hsd_seed seed = seed_at(&s, 2, 0.5, 100);
    assert_int_equal(hsd_tree_grow(s.tree, HSD_TO, &seed, 1, 5000, NULL), HSD_OK);
    assert_int_equal(hsd_tree_pieces(s.tree, 1350, keep, &s, NULL), HSD_OK);
    assert_int_equal(s.pieces.count, 3);
    check_piece(&s, 0, 1, HSD_FORWARD, 0.25, 1, 1350, 600, false);
    check_piece(&s, 1, 2, HSD_FORWARD, 0, 0.5, 600, 100, true);
    check_piece(&s, 2, 2, HSD_BACKWARD, 1, 0.5, 1100, 100, true);
    scene_end(&s);
}

static void two_fronts_cut_an_edge_where_they_meet(void **state) {
    (void)state;
    scene s = row_of_three(FIXED(3000));
    const hsd_seed seeds[] = {seed_at(&s, 0, 0, 0), seed_at(&s, 2, 1, 0)};
    assert_int_equal(hsd_tree_grow(s.tree, HSD_FROM, seeds, 2, 5000, NULL), HSD_OK);
    assert_int_equal(hsd_tree_pieces(s.tree, 5000, keep, &s, NULL), HSD_OK);
    /* forwards 1000 ms an edge from the left, backwards 3000 ms from the right: on the last edge
     * 2000 + 1000 x = 3000 (1 - x), x = 1/4 */
    assert_int_equal(s.pieces.count, 4);
    check_piece(&s, 0, 0, HSD_FORWARD, 0, 1, 0, 1000, true);
    check_piece(&s, 1, 1, HSD_FORWARD, 0, 1, 1000, 2000, true);
    check_piece(&s, 2, 2, HSD_FORWARD, 0, 0.25, 2000, 2250, true);
    check_piece(&s, 3, 2, HSD_BACKWARD, 1, 0.25, 0, 2250, true);
    s.pieces.count = 0;
    assert_int_equal(hsd_tree_pieces(s.tree, 2100, keep, &s, NULL), HSD_OK);
    assert_int_equal(s.pieces.count, 4);
    check_piece(&s, 2, 2, HSD_FORWARD, 0, 0.1, 2000, 2100, false);
    check_piece(&s, 3, 2, HSD_BACKWARD, 1, 0.3, 0, 2100, false);
    s.pieces.count = 0;
    assert_int_equal(hsd_tree_pieces(s.tree, 1000, keep, &s, NULL), HSD_OK);
    assert_int_equal(s.pieces.count, 2); /* inclusive: the first edge is whole, nothing of 1 */
    check_piece(&s, 0, 0, HSD_FORWARD, 0, 1, 0, 1000, true);
    scene_end(&s);
}

static void a_cut_off_past_the_limit_is_refused(void **state) {
    (void)state;
    scene s = row_of_three(0);
    hsd_error err;
    assert_int_equal(hsd_tree_grow(s.tree, HSD_FROM, NULL, 0, 999, NULL), HSD_OK);
    assert_int_equal(hsd_tree_pieces(s.tree, 1000, keep, &s, &err), HSD_E_ARGUMENT);
    assert_string_equal(err.message, "pieces within 1000 ms of a tree grown to 999 ms");
    assert_int_equal(hsd_tree_pieces(s.tree, 999, keep, &s, NULL), HSD_OK);
    assert_int_equal(s.pieces.count, 0);
    scene_end(&s);
}

static void the_line_of_a_piece_follows_the_bends(void **state) {
    (void)state;
    scene s = {.hand = hand_create()};
    hand_vertex(s.hand, 0, 0);
    hand_vertex(s.hand, 20000, 10000);
    hand_edge(s.hand, 0, 1, 36000, 36000);
    hand_bend(s.hand, 0, 10000, 0);
    hand_bend(s.hand, 0, 20000, 0);
    hand_plain_graph(s.hand);
    const hsd_network *n = hand_finish(s.hand);
    hsd_geometry line;
    hsd_piece piece = {.direction = HSD_BACKWARD, .in_m = 222.639 + 55.287, .out_m = 55.66};
    assert_int_equal(hsd_piece_geometry(n, &piece, &line, NULL), HSD_OK);
    assert_int_equal(line.type, HSD_GEOMETRY_LINE);
    assert_int_equal(line.ring_count, 1);
    assert_int_equal(line.point_count, 4);
    assert_int_equal(line.ring_end[0], 4);
    assert_true(fabs(line.points[0].lon - 0.002) < 1e-9 && fabs(line.points[0].lat - 5e-4) < 1e-7);
    assert_true(line.points[1].lon == 0.002 && line.points[1].lat == 0);
    assert_true(line.points[2].lon == 0.001 && line.points[2].lat == 0);
    assert_true(fabs(line.points[3].lon - 5e-4) < 1e-7);
    hsd_geometry_finish(&line);
    piece = (hsd_piece){.in_m = 0, .out_m = n->edges[0].length_m};
    assert_int_equal(hsd_piece_geometry(n, &piece, &line, NULL), HSD_OK);
    assert_int_equal(line.point_count, 4);
    assert_true(line.points[3].lon == 0.002 && line.points[3].lat == 0.001);
    hsd_geometry_finish(&line);
    piece.edge = 1;
    assert_int_equal(hsd_piece_geometry(n, &piece, &line, NULL), HSD_E_ARGUMENT);
    hand_destroy(s.hand);
}

static void allocate(scene *s, const hsd_seed *seeds, const uint32_t *origins, size_t count,
                     uint32_t cutoff) {
    hsd_allocation *allocation;
    assert_int_equal(hsd_allocation_create(s->locator, &allocation, NULL), HSD_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(hsd_tree_grow(s->tree, HSD_FROM, &seeds[i], 1, 5000, NULL), HSD_OK);
        assert_int_equal(hsd_allocation_add(allocation, s->tree, origins[i], NULL), HSD_OK);
    }
    s->pieces.count = 0;
    assert_int_equal(hsd_allocation_pieces(allocation, cutoff, keep, s, NULL), HSD_OK);
    hsd_allocation_destroy(allocation);
}

static void every_position_goes_to_its_nearest_origin(void **state) {
    (void)state;
    scene s = row_of_three(FIXED(1000));
    const hsd_seed seeds[] = {seed_at(&s, 0, 0, 0), seed_at(&s, 2, 1, 500)};
    for (int turned = 0; turned < 2; turned++) {
        const hsd_seed order[] = {seeds[turned], seeds[1 - turned]};
        const uint32_t origins[] = {turned ? 8 : 7, turned ? 7 : 8};
        allocate(&s, order, origins, 2, 5000);
        /* 1000 x = 500 + 1000 (3 - x), x = 1.75 edges from the left */
        assert_int_equal(s.pieces.count, 4);
        check_piece(&s, 1, 1, HSD_FORWARD, 0, 0.75, 1000, 1750, true);
        check_piece(&s, 2, 1, HSD_BACKWARD, 1, 0.75, 1500, 1750, true);
        const uint32_t owners[] = {7, 7, 8, 8};
        for (int i = 0; i < 4; i++) assert_int_equal(s.pieces.data[i].origin, owners[i]);
    }
    scene_end(&s);
}

static void ties_go_to_the_lowest_origin(void **state) {
    (void)state;
    scene s = row_of_three(FIXED(1000));
    const hsd_seed seeds[] = {seed_at(&s, 1, 0.5, 0), seed_at(&s, 1, 0.5, 0)};
    allocate(&s, seeds, (uint32_t[]){5, 3}, 2, 5000);
    assert_int_equal(s.pieces.count, 4);
    for (int i = 0; i < 4; i++) assert_int_equal(s.pieces.data[i].origin, 3);
    scene_end(&s);
}

static void trees_that_do_not_belong_together_are_refused(void **state) {
    (void)state;
    scene s = row_of_three(FIXED(1000)), other = row_of_three(0);
    hsd_allocation *allocation;
    assert_int_equal(hsd_allocation_create(s.locator, &allocation, NULL), HSD_OK);
    assert_int_equal(hsd_tree_grow(s.tree, HSD_FROM, NULL, 0, 700, NULL), HSD_OK);
    assert_int_equal(hsd_allocation_add(allocation, s.tree, 0, NULL), HSD_OK);
    assert_int_equal(hsd_allocation_add(allocation, other.tree, 1, NULL), HSD_E_ARGUMENT);
    assert_int_equal(hsd_tree_grow(s.tree, HSD_TO, NULL, 0, 900, NULL), HSD_OK);
    assert_int_equal(hsd_allocation_add(allocation, s.tree, 1, NULL), HSD_E_ARGUMENT);
    assert_int_equal(hsd_allocation_pieces(allocation, 701, keep, &s, NULL), HSD_E_ARGUMENT);
    hsd_allocation_destroy(allocation);
    scene_end(&s);
    scene_end(&other);
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state) {
    (void)state;
    scene s = row_of_three(FIXED(3000));
    const hsd_seed seeds[] = {seed_at(&s, 0, 0.1, 0), seed_at(&s, 2, 0.9, 0)};
    assert_int_equal(hsd_tree_grow(s.tree, HSD_FROM, seeds, 2, 5000, NULL), HSD_OK);
    assert_int_equal(hsd_tree_touch(s.tree, NULL), HSD_OK);
    int failures = 0;
    for (uint64_t n = 1; n < 100; n++) {
        hsd_allocation *allocation = NULL;
        s.pieces.count = 0;
        hsd_memory_fail_at(n);
        hsd_status status = hsd_tree_pieces(s.tree, 5000, keep, &s, NULL);
        if (status == HSD_OK) status = hsd_allocation_create(s.locator, &allocation, NULL);
        if (status == HSD_OK) status = hsd_allocation_add(allocation, s.tree, 1, NULL);
        if (status == HSD_OK) status = hsd_allocation_pieces(allocation, 5000, keep, &s, NULL);
        hsd_geometry line = {0};
        if (status == HSD_OK)
            status = hsd_piece_geometry(&s.hand->network, &s.pieces.data[0], &line, NULL);
        hsd_memory_fail_at(0);
        hsd_geometry_finish(&line);
        hsd_allocation_destroy(allocation);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        failures++;
    }
    assert_in_range(failures, 8, 60);
    scene_end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_end_exactly_at_the_cut_off),
        cmocka_unit_test(pieces_towards_a_target_run_towards_it),
        cmocka_unit_test(two_fronts_cut_an_edge_where_they_meet),
        cmocka_unit_test(a_cut_off_past_the_limit_is_refused),
        cmocka_unit_test(the_line_of_a_piece_follows_the_bends),
        cmocka_unit_test(every_position_goes_to_its_nearest_origin),
        cmocka_unit_test(ties_go_to_the_lowest_origin),
        cmocka_unit_test(trees_that_do_not_belong_together_are_refused),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
