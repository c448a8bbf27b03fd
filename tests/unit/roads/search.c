/* The bounded search on hand-made graphs whose times are worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../times/hand_network.h"
#include "hourshed/roads.h"

#define FIXED(ms) (HSD_PACE_FIXED | (ms))

/* 0 -100-> 1 -200-> 2 -50-> 3, 0 -500-> 2, 3 -7-> 0 and a lone 4 with 4 -1-> 0 */
static hand_network *five_nodes(void) {
    hand_network *h = hand_create();
    for (int i = 0; i < 5; i++) hand_vertex(h, i * 10000, i * i * 5000);
    hand_edge(h, 0, 1, FIXED(100), 0);
    hand_edge(h, 1, 2, FIXED(200), 0);
    hand_edge(h, 2, 3, FIXED(50), 0);
    hand_edge(h, 0, 2, FIXED(500), 0);
    hand_edge(h, 3, 0, FIXED(7), 0);
    hand_edge(h, 4, 0, FIXED(1), 0);
    hand_plain_graph(h);
    hand_finish(h);
    return h;
}

static void check_times(const hsd_search *search, const uint32_t *expected) {
    for (uint32_t i = 0; i < 5; i++) assert_int_equal(hsd_search_ms(search, i), expected[i]);
}

#define U HSD_UNREACHABLE

static void times_from_a_node_are_shortest(void **state) {
    (void)state;
    hand_network *h = five_nodes();
    hsd_search *search;
    assert_int_equal(hsd_search_create(&h->network, 0, &search, NULL), HSD_OK);
    const hsd_node_cost source = {0, 0};
    assert_int_equal(hsd_search_run(search, HSD_FROM, &source, 1, 1000, NULL), HSD_OK);
    check_times(search, (uint32_t[]){0, 100, 300, 350, U});
    size_t count;
    const uint32_t *settled = hsd_search_settled(search, &count);
    assert_int_equal(count, 4);
    for (uint32_t i = 0; i < 4; i++) assert_int_equal(settled[i], i); /* by ascending time */
    const hsd_search_counters counters = hsd_search_counters_get(search);
    assert_int_equal(counters.settled, 4);
    assert_int_equal(counters.relaxed, 5);
    assert_int_equal(counters.pushed, 5); /* the source, 1, 2 twice, 3 */
    hsd_search_destroy(search);
    hand_destroy(h);
}

static void times_to_a_node_run_against_the_arcs(void **state) {
    (void)state;
    hand_network *h = five_nodes();
    hsd_search *search;
    assert_int_equal(hsd_search_create(&h->network, 0, &search, NULL), HSD_OK);
    const hsd_node_cost source = {0, 0};
    assert_int_equal(hsd_search_run(search, HSD_TO, &source, 1, 1000, NULL), HSD_OK);
    check_times(search, (uint32_t[]){0, 257, 57, 7, 1});
    hsd_search_destroy(search);
    hand_destroy(h);
}

static void the_limit_is_inclusive_and_leaves_nothing_beyond(void **state) {
    (void)state;
    hand_network *h = five_nodes();
    hsd_search *search;
    assert_int_equal(hsd_search_create(&h->network, 0, &search, NULL), HSD_OK);
    const hsd_node_cost source = {0, 0};
    assert_int_equal(hsd_search_run(search, HSD_FROM, &source, 1, 300, NULL), HSD_OK);
    check_times(search, (uint32_t[]){0, 100, 300, U, U});
    assert_int_equal(hsd_search_run(search, HSD_FROM, &source, 1, 299, NULL), HSD_OK);
    check_times(search, (uint32_t[]){0, 100, U, U, U});
    assert_int_equal(hsd_search_run(search, HSD_FROM, &source, 1, 0, NULL), HSD_OK);
    check_times(search, (uint32_t[]){0, U, U, U, U});
    hsd_search_destroy(search);
    hand_destroy(h);
}

static void the_cheapest_of_several_sources_counts(void **state) {
    (void)state;
    hand_network *h = five_nodes();
    hsd_search *search;
    assert_int_equal(hsd_search_create(&h->network, 0, &search, NULL), HSD_OK);
    const hsd_node_cost sources[] = {{2, 90}, {0, 10}, {2, 400}, {4, 2000}};
    assert_int_equal(hsd_search_run(search, HSD_FROM, sources, 4, 1000, NULL), HSD_OK);
    check_times(search, (uint32_t[]){10, 110, 90, 140, U});
    assert_int_equal(hsd_search_run(search, HSD_FROM, sources, 0, 1000, NULL), HSD_OK);
    check_times(search, (uint32_t[]){U, U, U, U, U});
    hsd_search_destroy(search);
    hand_destroy(h);
}

static void impassable_arcs_are_not_taken(void **state) {
    (void)state;
    hand_network *h = five_nodes();
    uint32_t *arc_ms = (uint32_t *)(uintptr_t)h->metric.arc_ms;
    for (uint32_t a = 0; a < h->graph.arc_count; a++) /* 1 -> 2 */
        if (h->graph.tail[a] == 1) arc_ms[a] = HSD_UNREACHABLE;
    hsd_search *search;
    assert_int_equal(hsd_search_create(&h->network, 0, &search, NULL), HSD_OK);
    const hsd_node_cost source = {0, 0};
    assert_int_equal(hsd_search_run(search, HSD_FROM, &source, 1, UINT32_MAX, NULL), HSD_OK);
    check_times(search, (uint32_t[]){0, 100, 500, 550, U});
    const hsd_node_cost late = {0, HSD_UNREACHABLE - 1};
    assert_int_equal(hsd_search_run(search, HSD_FROM, &late, 1, UINT32_MAX, NULL), HSD_OK);
    check_times(search, (uint32_t[]){HSD_UNREACHABLE - 1, U, U, U, U});
    hsd_search_destroy(search);
    hand_destroy(h);
}

static void a_source_that_is_no_node_is_refused(void **state) {
    (void)state;
    hand_network *h = five_nodes();
    hsd_search *search;
    hsd_error err;
    assert_int_equal(hsd_search_create(&h->network, 1, &search, &err), HSD_E_ARGUMENT);
    assert_null(search);
    assert_int_equal(hsd_search_create(&h->network, 0, &search, NULL), HSD_OK);
    const hsd_node_cost source = {5, 0};
    assert_int_equal(hsd_search_run(search, HSD_FROM, &source, 1, 10, &err), HSD_E_ARGUMENT);
    assert_string_equal(err.message, "source 0: node 5, the graph has 5");
    hsd_search_destroy(search);
    hsd_search_destroy(NULL);
    hand_destroy(h);
}

static void running_out_of_memory_leaves_a_search_that_still_works(void **state) {
    (void)state;
    hand_network *h = five_nodes();
    const hsd_node_cost source = {0, 0};
    int failures = 0;
    for (uint64_t n = 1; n < 100; n++) {
        hsd_search *search = NULL;
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        hsd_status status = hsd_search_create(&h->network, 0, &search, &err);
        if (status == HSD_OK) {
            status = hsd_search_run(search, HSD_FROM, &source, 1, 1000, &err);
            hsd_memory_fail_at(0);
            if (status == HSD_E_MEMORY) check_times(search, (uint32_t[]){U, U, U, U, U});
            assert_int_equal(hsd_search_run(search, HSD_FROM, &source, 1, 1000, NULL), HSD_OK);
            check_times(search, (uint32_t[]){0, 100, 300, 350, U});
        }
        hsd_memory_fail_at(0);
        hsd_search_destroy(search);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_equal(err.code, HSD_E_MEMORY);
        failures++;
    }
    assert_in_range(failures, 4, 20);
    hand_destroy(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_from_a_node_are_shortest),
        cmocka_unit_test(times_to_a_node_run_against_the_arcs),
        cmocka_unit_test(the_limit_is_inclusive_and_leaves_nothing_beyond),
        cmocka_unit_test(the_cheapest_of_several_sources_counts),
        cmocka_unit_test(impassable_arcs_are_not_taken),
        cmocka_unit_test(a_source_that_is_no_node_is_refused),
        cmocka_unit_test(running_out_of_memory_leaves_a_search_that_still_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
