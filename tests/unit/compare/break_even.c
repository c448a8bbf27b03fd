/* How slow a bridge may be, by hand. Random networks: tests/property/break_even_brute.c. */
#include "bridge.h"

typedef struct pair {
    hsd_foot from_foot, to_foot;
    hsd_feet from, to;
} pair;

static void pair_of(pair *p, const bridge *b, uint32_t edge, double fraction) {
    p->from_foot = bridge_foot(b, 0, 0.2);
    p->to_foot = bridge_foot(b, edge, fraction);
    p->from = (hsd_feet){.feet = &p->from_foot, .count = 1};
    p->to = (hsd_feet){.feet = &p->to_foot, .count = 1};
}

static hsd_break_even find(const bridge *b, const pair *p, uint32_t cutoff_ms) {
    const hsd_run run = {.threads = 1};
    hsd_pole_times *times;
    hsd_break_even found;
    assert_int_equal(hsd_pole_times_create(b->locator, &b->resolved, HOUR, &run, &times, NULL),
                     HSD_OK);
    assert_int_equal(hsd_break_even_find(times, 0, &p->from, &p->to, cutoff_ms, &found, NULL),
                     HSD_OK);
    hsd_pole_times_destroy(times);
    return found;
}

/* 7 s of streets; the bridge 5 s, its gaps 0.3 s; slower direction 7 s. At twice the time: 17.6 s.
 */
static void a_bridge_may_be_as_slow_as_the_cutoff_leaves(void **state) {
    (void)state;
    bridge *b = bridge_create(false);
    pair p;
    pair_of(&p, b, 1, 0.75);
    hsd_break_even found = find(b, &p, 17600);
    assert_int_equal(found.kind, HSD_BREAK_VALUE);
    assert_int_equal(found.before_ms, U);
    assert_int_equal(found.after_ms, 12300);
    assert_int_equal(found.link_ms, 14000);
    assert_true(found.factor == 2);
    found = find(b, &p, 12299); /* as drawn it is a millisecond too slow */
    assert_int_equal(found.kind, HSD_BREAK_VALUE);
    assert_int_equal(found.link_ms, 6999);
    assert_true(found.factor < 1);
    assert_int_equal(find(b, &p, 7000).link_ms, 0);
    assert_int_equal(find(b, &p, 6999).kind, HSD_BREAK_IMPOSSIBLE);
    bridge_destroy(b);
}

static void what_is_within_reach_already_needs_no_bridge(void **state) {
    (void)state;
    bridge *b = bridge_create(false);
    pair p;
    pair_of(&p, b, 0, 0.5);
    const hsd_break_even found = find(b, &p, 3000);
    assert_int_equal(found.kind, HSD_BREAK_ALREADY);
    assert_int_equal(found.before_ms, 3000);
    assert_int_equal(found.after_ms, 3000);
    assert_true(isnan(found.factor));
    bridge_destroy(b);
}

static void a_bridge_without_time_is_measured_by_its_gaps(void **state) {
    (void)state;
    bridge *b = bridge_create(false);
    pair p;
    pair_of(&p, b, 1, 0.75);
    b->added[0].ms[0] = b->added[0].ms[1] = 0;
    hsd_break_even found = find(b, &p, 7000 + 600);
    assert_int_equal(found.kind, HSD_BREAK_VALUE);
    assert_int_equal(found.link_ms, 0);
    assert_true(found.factor >= 2 && found.factor < 2.01); /* 200 and 400 ms */
    b->joints[0].enter_ms = b->joints[1].exit_ms = 0;
    found = find(b, &p, 7000);
    assert_true(isinf(found.factor));
    bridge_destroy(b);
}

static void a_proposal_without_links_is_refused(void **state) {
    (void)state;
    bridge *b = bridge_create(false);
    const hsd_run run = {.threads = 1};
    hsd_pole_times *times;
    hsd_break_even found;
    hsd_error err = {0};
    pair p;
    pair_of(&p, b, 1, 0.75);
    assert_int_equal(hsd_pole_times_create(b->locator, &b->resolved, HOUR, &run, &times, NULL),
                     HSD_OK);
    assert_int_equal(hsd_break_even_find(times, 7, &p.from, &p.to, HOUR, &found, &err),
                     HSD_E_ARGUMENT);
    assert_string_equal(err.message, "proposal 7 has no links");
    hsd_pole_times_destroy(times);
    bridge_destroy(b);
}

static void running_out_of_memory_is_told(void **state) {
    (void)state;
    bridge *b = bridge_create(false);
    const hsd_run run = {.threads = 1};
    hsd_pole_times *times;
    pair p;
    pair_of(&p, b, 1, 0.75);
    assert_int_equal(hsd_pole_times_create(b->locator, &b->resolved, HOUR, &run, &times, NULL),
                     HSD_OK);
    uint64_t n = 1;
    for (; n < 1000; n++) {
        hsd_break_even found;
        hsd_memory_fail_at(n);
        const hsd_status status =
            hsd_break_even_find(times, 0, &p.from, &p.to, 17600, &found, NULL);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
    }
    assert_in_range(n, 20, 900);
    hsd_pole_times_destroy(times);
    bridge_destroy(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bridge_may_be_as_slow_as_the_cutoff_leaves),
        cmocka_unit_test(what_is_within_reach_already_needs_no_bridge),
        cmocka_unit_test(a_bridge_without_time_is_measured_by_its_gaps),
        cmocka_unit_test(a_proposal_without_links_is_refused),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
