/* Views of a network with other paces and closed stretches of one profile: times worked out by
 * hand, what a view refuses, and that the base never changes. */
#include "base/memory.h"
#include "hand.h"
#include "net/closed.h"

#define U HSD_UNREACHABLE
#define FIXED(ms) (HSD_PACE_FIXED | (ms))

/* 1 - 2 - 3 - 4: three ways of 1, 2 and 4 seconds in one chain, drawn from left to right. */
static hand h;
static hsd_network *chain(void) {
    hand_init(&h);
    for (int i = 1; i <= 4; i++) hand_node(&h, i, i, 0);
    hand_way(&h, 1000, 1, 2, 0);
    hand_way(&h, 2000, 2, 3, 0);
    hand_way(&h, 4000, 3, 4, 0);
    static hsd_profile profiles[2];
    profiles[0] = hand_profile(&h, "car-a", "car");
    profiles[1] = hand_profile(&h, "car-b", "car");
    hsd_network *network = hand_build(&h, profiles, 2);
    assert_int_equal(network->edge_count, 3);
    assert_int_equal(network->graphs[0].arc_count, 2);
    return network;
}

static hsd_network *adapted(const hsd_network *base, const hsd_pace_edit *paces, size_t pace_count,
                            const hsd_closed_part *closed, size_t closed_count) {
    hsd_network *view = NULL;
    hsd_error err = {0};
    if (hsd_network_adapt(base, 1, paces, pace_count, closed, closed_count, &view, &err) != HSD_OK)
        fail_msg("adapt: %s", err.message);
    return view;
}

static uint32_t edge_of(const hsd_network *network, int64_t source) {
    for (uint32_t e = 0; e < network->edge_count; e++)
        if (network->edges[e].source_id == source) return e;
    fail_msg("no edge of way %lld", (long long)source);
    return 0;
}

/* The arc from junction 1 to 4, or back; its link's time by number. */
static uint32_t arc_of(const hsd_network *network, int64_t from) {
    const hsd_graph *g = &network->graphs[0];
    for (uint32_t a = 0; a < g->arc_count; a++)
        if (network->vertex_source[g->node_vertex[g->tail[a]]] == from) return a;
    fail_msg("no arc from %lld", (long long)from);
    return 0;
}

static uint32_t link_ms(const hsd_network *network, int64_t from, uint32_t link) {
    const uint32_t arc = arc_of(network, from);
    return network->metrics[1].link_ms[network->graphs[0].arc_first_link[arc] + link];
}

static void a_new_pace_changes_its_edge_and_every_arc_over_it(void **state) {
    (void)state;
    hsd_network *base = chain();
    const uint32_t e = edge_of(base, 1002);
    const hsd_pace_edit paces[] = {{2 * e, FIXED(9000)}, {2 * e + 1, 3600}};
    hsd_network *view = adapted(base, paces, 2, NULL, 0);
    const hsd_metric *m = &view->metrics[1];
    assert_int_equal(m->edge_ms[2 * e], 9000);
    assert_int_equal(m->edge_ms[2 * e + 1], 111319); /* 111.31949 m at a metre a second */
    assert_int_equal(m->arc_ms[arc_of(view, 1)], 14000);
    assert_int_equal(link_ms(view, 1, 0), 0);
    assert_int_equal(link_ms(view, 1, 1), 1000);
    assert_int_equal(link_ms(view, 1, 2), 10000);
    assert_int_equal(m->arc_ms[arc_of(view, 4)], 4000 + 111319 + 1000);
    assert_int_equal(base->metrics[1].arc_ms[arc_of(base, 1)], 7000);
    assert_int_equal(view->metrics[0].arc_ms[arc_of(view, 1)], 7000); /* the other profile's */
    assert_ptr_equal(view->edges, base->edges);
    assert_ptr_equal(view->graphs, base->graphs);
    hsd_network_destroy(view);
    assert_int_equal(base->metrics[1].edge_ms[2 * e], 2000);
    hsd_network_destroy(base);
}

static void links_have_times_up_to_the_first_closed_one(void **state) {
    (void)state;
    hsd_network *base = chain();
    const uint32_t e = edge_of(base, 1002);
    const hsd_closed_part part = {e, 1 << HSD_FORWARD, 0, 0, 0.25, 0.5};
    hsd_network *view = adapted(base, NULL, 0, &part, 1);
    const hsd_metric *m = &view->metrics[1];
    assert_int_equal(m->edge_ms[2 * e], 2000); /* its stubs are used */
    assert_int_equal(m->pace[2 * e], base->metrics[1].pace[2 * e]);
    assert_int_equal(m->arc_ms[arc_of(view, 1)], U);
    assert_int_equal(link_ms(view, 1, 0), 0);
    assert_int_equal(link_ms(view, 1, 1), 1000);
    assert_int_equal(link_ms(view, 1, 2), U);
    assert_int_equal(m->arc_ms[arc_of(view, 4)], 7000); /* the way back is open */
    assert_int_equal(link_ms(view, 4, 2), 6000);
    hsd_network_destroy(view);
    hsd_network_destroy(base);
}

static void a_pace_of_nothing_is_impassable_as_a_whole(void **state) {
    (void)state;
    hsd_network *base = chain();
    const uint32_t e = edge_of(base, 1003);
    const hsd_pace_edit pace = {2 * e, 0};
    hsd_network *view = adapted(base, &pace, 1, NULL, 0);
    assert_int_equal(view->metrics[1].edge_ms[2 * e], U);
    assert_int_equal(view->metrics[1].arc_ms[arc_of(view, 1)], U);
    assert_int_equal(link_ms(view, 1, 1), 1000);
    assert_int_equal(view->metrics[1].arc_ms[arc_of(view, 4)], 7000);
    hsd_network_destroy(view);
    hsd_network_destroy(base);
}

static void an_empty_edit_is_the_base_again(void **state) {
    (void)state;
    hsd_network *base = chain();
    hsd_network *view = adapted(base, NULL, 0, NULL, 0);
    const hsd_metric *a = &base->metrics[1], *b = &view->metrics[1];
    const hsd_graph *g = &base->graphs[0];
    assert_memory_equal(a->pace, b->pace, 2 * sizeof *a->pace * base->edge_count);
    assert_memory_equal(a->edge_ms, b->edge_ms, 2 * sizeof *a->edge_ms * base->edge_count);
    assert_memory_equal(a->arc_ms, b->arc_ms, sizeof *a->arc_ms * g->arc_count);
    assert_memory_equal(a->link_ms, b->link_ms, sizeof *a->link_ms * g->link_count);
    assert_null(b->closed_edges);
    hsd_network_destroy(view);
    hsd_network_destroy(base);
}

static void only_its_own_profile_is_served_and_nothing_is_saved(void **state) {
    (void)state;
    hsd_network *base = chain();
    hsd_network *view = adapted(base, NULL, 0, NULL, 0), *second = NULL;
    hsd_error err;
    assert_int_equal(hsd_network_require(view, 1, &err), HSD_OK);
    assert_int_equal(hsd_network_require(view, 0, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "profile 0 of a network adapted for profile 1"));
    assert_int_equal(hsd_network_require(view, 2, &err), HSD_E_ARGUMENT);
    assert_int_equal(hsd_network_save(view, "view.hsn", true, &err), HSD_E_ARGUMENT);
    assert_int_equal(hsd_network_adapt(view, 1, NULL, 0, NULL, 0, &second, &err), HSD_E_ARGUMENT);
    assert_int_equal(hsd_network_adapt(base, 2, NULL, 0, NULL, 0, &second, &err), HSD_E_ARGUMENT);
    assert_null(second);
    hsd_network_destroy(view);
    hsd_network_destroy(base);
}

static void edits_that_make_no_sense_are_refused(void **state) {
    (void)state;
    hsd_network *base = chain(), *view;
    const hsd_pace_edit paces[][2] = {
        {{6, 1}, {7, 1}}, {{3, 1}, {3, 1}}, {{3, 1}, {2, 1}}, {{0, FIXED(U)}, {1, 1}}};
    for (size_t i = 0; i < sizeof paces / sizeof *paces; i++)
        assert_int_equal(hsd_network_adapt(base, 1, paces[i], 2, NULL, 0, &view, NULL),
                         HSD_E_ARGUMENT);
    const hsd_closed_part parts[] = {
        {3, 3, 0, 0, 0, 1}, {0, 0, 0, 0, 0, 1}, {0, 4, 0, 0, 0, 1},    {0, 3, 0, 1, 0, 1},
        {0, 3, 1, 1, 0, 1}, {0, 3, 0, 0, 1, 0}, {0, 3, 0, 0, -0.1, 1}, {0, 3, 0, 0, 0, 1.1},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_int_equal(hsd_network_adapt(base, 1, NULL, 0, &parts[i], 1, &view, NULL),
                         HSD_E_ARGUMENT);
    const hsd_closed_part turned[] = {{1, 3, 0, 0, 0, 1}, {0, 3, 0, 0, 0, 1}};
    assert_int_equal(hsd_network_adapt(base, 1, NULL, 0, turned, 2, &view, NULL), HSD_E_ARGUMENT);
    assert_null(view);
    hsd_network_destroy(base);
}

static void travel_meets_a_stretch_but_not_its_borders(void **state) {
    (void)state;
    hsd_network *base = chain();
    const hsd_closed_part parts[] = {{1, 1, 0, 0, 0.25, 0.5}, {1, 2, 0, 0, 0.75, 0.75}};
    hsd_network *view = adapted(base, NULL, 0, parts, 2);
    const hsd_metric *m = &view->metrics[1];
    static const struct {
        uint32_t directed;
        double lower, upper;
        bool met;
    } cases[] = {
        {2, 0, 0.25, false}, {2, 0, 0.26, true},     {2, 0.5, 1, false},   {2, 0.49, 1, true},
        {2, 0.3, 0.3, true}, {2, 0.25, 0.25, false}, {2, 0.25, 0.5, true}, {3, 0, 0.6, false},
        {3, 0, 0.75, false}, {3, 0.75, 1, false},    {3, 0.7, 0.8, false}, {3, 0.75, 0.75, false},
        {4, 0, 1, false},    {0, 0, 1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const hsd_edge_place lower = {0, cases[i].lower}, upper = {0, cases[i].upper};
        assert_int_equal(hsd_closed_between(m, cases[i].directed, lower, upper), cases[i].met);
    }
    assert_true(hsd_closed_directed(m, 2));
    assert_false(hsd_closed_directed(m, 3)); /* from a place to the same place: nothing */
    assert_false(hsd_closed_directed(m, 0) || hsd_edge_closed(m, 0) || hsd_edge_closed(m, 2));
    hsd_network_destroy(view);
    hsd_network_destroy(base);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    hsd_network *base = chain(), *view;
    const hsd_pace_edit pace = {0, 5000};
    const hsd_closed_part part = {1, 3, 0, 0, 0.25, 0.5};
    hsd_memory_fail_at(0);
    hsd_status status = HSD_E_MEMORY;
    uint64_t n = 0;
    while (status == HSD_E_MEMORY) {
        hsd_memory_fail_at(++n);
        status = hsd_network_adapt(base, 1, &pace, 1, &part, 1, &view, NULL);
        assert_true((status == HSD_OK) == (view != NULL));
    }
    hsd_memory_fail_at(0);
    assert_int_equal(status, HSD_OK);
    assert_true(n > 9);
    hsd_network_destroy(view);
    hsd_network_destroy(base);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_pace_changes_its_edge_and_every_arc_over_it),
        cmocka_unit_test(links_have_times_up_to_the_first_closed_one),
        cmocka_unit_test(a_pace_of_nothing_is_impassable_as_a_whole),
        cmocka_unit_test(an_empty_edit_is_the_base_again),
        cmocka_unit_test(only_its_own_profile_is_served_and_nothing_is_saved),
        cmocka_unit_test(edits_that_make_no_sense_are_refused),
        cmocka_unit_test(travel_meets_a_stretch_but_not_its_borders),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
