/* Tables of costs from pairs and milliseconds, transposed, with other self times, and what is
 * refused; by hand. */
#include "towns.h"

#include <string.h>

#include "base/memory.h"

static const char *const abc[] = {"a", "b", "c"};
static const char *const wxyz[] = {"w", "x", "y", "z"};

static void assert_pair(const hsd_cost_table *t, size_t p, uint32_t target, double cost) {
    assert_true(p < t->pair_count);
    assert_int_equal(t->target[p], target);
    assert_near(t->costs[0][p], cost, 0);
}

/* a: z 5, x 2 and 3 (dearer and cheaper), w none; b: nothing; c: w 0, y 1 */
static hsd_cost_table ragged(void) {
    hsd_cost_pair pairs[] = {{2, 2, {1, 0}}, {0, 3, {5, 9}}, {0, 1, {3, 1}},
                             {2, 0, {0, 0}}, {0, 1, {2, 4}}, {0, 0, {INFINITY, 1}}};
    const uint32_t same[] = {1, HSD_NO_ROW, 2};
    hsd_cost_table table = {.origin_ids = abc, .target_ids = wxyz};
    assert_int_equal(hsd_cost_table_from_pairs(3, 4, pairs, 6, 2, same, &table, NULL), HSD_OK);
    return table;
}

static void pairs_in_any_order_become_rows_by_target_and_cost(void **state) {
    (void)state;
    hsd_cost_table t = ragged();
    const size_t first[] = {0, 3, 3, 5};
    assert_memory_equal(t.first, first, sizeof first);
    assert_int_equal(t.pair_count, 5);
    assert_pair(&t, 0, 1, 2);
    assert_pair(&t, 1, 1, 3);
    assert_pair(&t, 2, 3, 5);
    assert_pair(&t, 3, 0, 0);
    assert_pair(&t, 4, 2, 1);
    const double money[] = {4, 1, 9, 0, 0};
    assert_memory_equal(t.costs[1], money, sizeof money);
    assert_ptr_equal(t.costs[2], NULL);
    hsd_cost_table_finish(&t);
    hsd_cost_table_finish(&t); /* of nothing */
    hsd_cost_table_finish(NULL);
}

static void a_walk_gives_each_target_once_by_its_fastest_way(void **state) {
    (void)state;
    hsd_cost_table t = ragged();
    hsd_pairs at = hsd_pairs_of(&t, 0);
    assert_true(hsd_pairs_next(&at));
    assert_int_equal(at.pair, 0);
    assert_true(hsd_pairs_next(&at));
    assert_int_equal(at.target, 3);
    assert_int_equal(at.pair, 2);
    assert_false(hsd_pairs_next(&at));
    at = hsd_pairs_of(&t, 1);
    assert_false(hsd_pairs_next(&at));

    hsd_cost_table view = t;
    view.skip_self = true; /* target 1 is origin 0: both ways to it go */
    at = hsd_pairs_of(&view, 0);
    assert_true(hsd_pairs_next(&at));
    assert_int_equal(at.target, 3);
    assert_false(hsd_pairs_next(&at));
    at = hsd_pairs_of(&view, 2);
    assert_true(hsd_pairs_next(&at));
    assert_int_equal(at.target, 0);
    assert_false(hsd_pairs_next(&at));
    hsd_cost_table_finish(&t);
}

static void milliseconds_become_minutes_and_no_way_no_pair(void **state) {
    (void)state;
    const uint32_t ms[] = {0, HSD_UNREACHABLE, 90000, HSD_UNREACHABLE, UINT32_MAX, 1};
    hsd_cost_table t = {0};
    assert_int_equal(hsd_cost_table_from_ms(2, 3, ms, NULL, &t, NULL), HSD_OK);
    const size_t first[] = {0, 2, 3};
    assert_memory_equal(t.first, first, sizeof first);
    assert_pair(&t, 0, 0, 0);
    assert_pair(&t, 1, 2, 1.5);
    assert_pair(&t, 2, 2, 1 / 60000.0);
    assert_ptr_equal(t.same, NULL);
    assert_int_equal(t.cost_count, 1);
    hsd_cost_table_finish(&t);
    assert_int_equal(hsd_cost_table_from_ms(0, 0, ms, NULL, &t, NULL), HSD_OK);
    assert_int_equal(t.pair_count, 0);
    hsd_cost_table_finish(&t);
}

static void a_transposed_table_asks_from_the_other_side(void **state) {
    (void)state;
    hsd_cost_table t = ragged(), back = {0};
    assert_int_equal(hsd_cost_table_transpose(&t, &back, NULL), HSD_OK);
    const size_t first[] = {0, 1, 3, 4, 5};
    assert_int_equal(back.origin_count, 4);
    assert_int_equal(back.target_count, 3);
    assert_memory_equal(back.first, first, sizeof first);
    assert_pair(&back, 0, 2, 0); /* to w: c */
    assert_pair(&back, 1, 0, 2); /* to x: a, twice, the faster first */
    assert_pair(&back, 2, 0, 3);
    assert_pair(&back, 3, 2, 1);
    assert_pair(&back, 4, 0, 5);
    const double money[] = {0, 4, 1, 0, 9};
    assert_memory_equal(back.costs[1], money, sizeof money);
    const uint32_t same[] = {HSD_NO_ROW, 0, 2, HSD_NO_ROW};
    assert_memory_equal(back.same, same, sizeof same);
    assert_ptr_equal(back.origin_ids, wxyz);
    assert_ptr_equal(back.target_ids, abc);
    hsd_cost_table_finish(&t);
    hsd_cost_table_finish(&back);
}

static void a_target_that_is_several_origins_is_the_lowest_when_transposed(void **state) {
    (void)state;
    const uint32_t ms[] = {1, 2, 3}, same[] = {HSD_NO_ROW, 0, 0};
    hsd_cost_table t = {0}, back = {0};
    assert_int_equal(hsd_cost_table_from_ms(3, 1, ms, same, &t, NULL), HSD_OK);
    assert_int_equal(hsd_cost_table_transpose(&t, &back, NULL), HSD_OK);
    assert_int_equal(back.same[0], 1);
    hsd_cost_table_finish(&t);
    hsd_cost_table_finish(&back);
}

static void self_times_are_kept_taken_out_or_set(void **state) {
    (void)state;
    hsd_cost_table t = ragged(), u = {0};
    assert_int_equal(hsd_cost_table_with_self(&t, HSD_SELF_AS_IS, 0, NULL, &u, NULL), HSD_OK);
    assert_int_equal(u.pair_count, 5);
    assert_memory_equal(u.costs[0], t.costs[0], 5 * sizeof(double));
    assert_memory_equal(u.first, t.first, 4 * sizeof(size_t));
    hsd_cost_table_finish(&u);

    assert_int_equal(hsd_cost_table_with_self(&t, HSD_SELF_NONE, 0, NULL, &u, NULL), HSD_OK);
    assert_int_equal(u.pair_count, 2);
    assert_pair(&u, 0, 3, 5);
    assert_pair(&u, 1, 0, 0);

    hsd_cost_table v = {0}; /* added where they are not: in the middle, at the end */
    assert_int_equal(hsd_cost_table_with_self(&u, HSD_SELF_FIXED, 7, NULL, &v, NULL), HSD_OK);
    const size_t first[] = {0, 2, 2, 4};
    assert_memory_equal(v.first, first, sizeof first);
    assert_pair(&v, 0, 1, 7);
    assert_pair(&v, 1, 3, 5);
    assert_pair(&v, 2, 0, 0);
    assert_pair(&v, 3, 2, 7);
    assert_near(v.costs[1][0], 0, 0);
    hsd_cost_table_finish(&u);
    hsd_cost_table_finish(&v);

    /* pi km2: a radius of 1 km, half of it at 30 km/h is a minute; 4 pi: two */
    const double area[] = {M_PI, NAN, 4 * M_PI};
    assert_int_equal(hsd_cost_table_with_self(&t, HSD_SELF_RADIUS, 30, area, &u, NULL), HSD_OK);
    assert_int_equal(u.pair_count, 5);
    assert_near(u.costs[0][0], 1, 1e-12);
    assert_near(u.costs[0][1], 1, 1e-12);
    assert_near(u.costs[0][4], 2, 1e-12);
    assert_near(u.costs[1][0], 4, 0);
    hsd_cost_table_finish(&u);
    hsd_cost_table_finish(&t);
}

static void check_refused(hsd_status status, hsd_status expected, const hsd_error *err,
                          const char *words) {
    assert_int_equal(status, expected);
    if (!strstr(err->message, words)) fail_msg("\"%s\" lacks \"%s\"", err->message, words);
}

static void refuse_pairs(hsd_cost_pair *pairs, size_t count, size_t costs, const char *words) {
    hsd_error err;
    hsd_cost_table t = {.origin_ids = abc, .target_ids = wxyz};
    check_refused(hsd_cost_table_from_pairs(3, 4, pairs, count, costs, NULL, &t, &err),
                  HSD_E_FORMAT, &err, words);
    assert_ptr_equal(t.first, NULL);
}

static void bad_pairs_are_refused_by_the_ids_of_their_zones(void **state) {
    (void)state;
    refuse_pairs((hsd_cost_pair[]){{0, 0, {1}}, {1, 2, {NAN}}}, 2, 1,
                 "from \"b\" to \"y\": a cost is not a number");
    refuse_pairs((hsd_cost_pair[]){{1, 2, {-1}}}, 1, 1, "from \"b\" to \"y\": a cost is below 0");
    refuse_pairs((hsd_cost_pair[]){{1, 2, {1, INFINITY}}}, 1, 2, "besides the first is infinite");
    refuse_pairs((hsd_cost_pair[]){{2, 3, {1}}, {0, 0, {4}}, {2, 3, {8}}}, 3, 1,
                 "from \"c\" to \"z\": the pair stands twice");
    hsd_error err;
    hsd_cost_table t = {0};
    hsd_cost_pair beyond = {3, 0, {1}};
    check_refused(hsd_cost_table_from_pairs(3, 4, &beyond, 1, 1, NULL, &t, &err), HSD_E_ARGUMENT,
                  &err, "pair 1 joins origin 3 and target 0, of 3 and 4");
    check_refused(hsd_cost_table_from_pairs(3, 4, &beyond, 0, 5, NULL, &t, &err), HSD_E_ARGUMENT,
                  &err, "5 costs a pair, expected 1 to 4");
    check_refused(hsd_cost_table_from_pairs(1, 4, &beyond, 0, 1, (uint32_t[]){4}, &t, &err),
                  HSD_E_ARGUMENT, &err, "of 4 targets");
    hsd_cost_pair negative = {2, 3, {-2}}; /* no ids */
    check_refused(hsd_cost_table_from_pairs(3, 4, &negative, 1, 1, NULL, &t, &err), HSD_E_FORMAT,
                  &err, "from number 3 to number 4: a cost is below 0");
}

static void bad_self_times_are_refused(void **state) {
    (void)state;
    hsd_error err;
    hsd_cost_table t = ragged(), u = {0};
    check_refused(hsd_cost_table_with_self(&t, HSD_SELF_FIXED, NAN, NULL, &u, &err), HSD_E_ARGUMENT,
                  &err, "time of a zone to itself is nan");
    check_refused(hsd_cost_table_with_self(&t, HSD_SELF_RADIUS, 0, NULL, &u, &err), HSD_E_ARGUMENT,
                  &err, "speed within a zone is 0");
    check_refused(hsd_cost_table_with_self(&t, HSD_SELF_RADIUS, 30, NULL, &u, &err), HSD_E_ARGUMENT,
                  &err, "no areas");
    check_refused(hsd_cost_table_with_self(&t, HSD_SELF_RADIUS, 30, (double[]){1, 1, 0}, &u, &err),
                  HSD_E_FORMAT, &err, "area of zone \"c\" is 0 km2");
    hsd_cost_table apart = t;
    apart.same = NULL;
    check_refused(hsd_cost_table_with_self(&apart, HSD_SELF_FIXED, 5, NULL, &u, &err),
                  HSD_E_ARGUMENT, &err, "no origin is one of the targets");
    hsd_cost_table_finish(&t);
}

static void bad_masses_are_refused_by_the_id_of_their_zone(void **state) {
    (void)state;
    hsd_error err;
    const double masses[] = {0, 1, -3}, none[] = {NAN};
    check_refused(hsd_check_masses("mass", masses, 3, abc, &err), HSD_E_FORMAT, &err,
                  "mass of zone \"c\" is -3, expected a number of at least 0");
    check_refused(hsd_check_masses("demand", none, 1, NULL, &err), HSD_E_FORMAT, &err,
                  "demand of zone number 1 is nan");
    assert_int_equal(hsd_check_masses("mass", masses, 2, abc, &err), HSD_OK);
    char label[HSD_ZONE_LABEL], name[200];
    memset(name, 'n', sizeof name - 1);
    name[199] = '\0';
    const char *const names[] = {name};
    assert_int_equal(strlen(hsd_zone_label(names, 0, label)), 79);
    assert_string_equal(label + 75, "...\"");
}

/* Every way to a table, with the n-th allocation failing until none does. */
static void a_failed_allocation_leaves_nothing_behind(void **state) {
    (void)state;
    hsd_cost_table t = ragged();
    const uint32_t ms[] = {1, 2, 3, 4}, same[] = {0, 1};
    for (int way = 0; way < 4; way++) {
        hsd_status status = HSD_E_MEMORY;
        for (uint64_t n = 1; status; n++) {
            assert_true(n < 20);
            hsd_cost_pair pairs[] = {{0, 0, {1}}, {1, 1, {2}}};
            hsd_cost_table u = {0};
            hsd_error err = {0};
            hsd_memory_fail_at(n);
            status = way == 0   ? hsd_cost_table_from_pairs(2, 2, pairs, 2, 1, same, &u, &err)
                     : way == 1 ? hsd_cost_table_from_ms(2, 2, ms, same, &u, &err)
                     : way == 2 ? hsd_cost_table_transpose(&t, &u, &err)
                                : hsd_cost_table_with_self(&t, HSD_SELF_FIXED, 1, NULL, &u, &err);
            hsd_memory_fail_at(0);
            assert_true(status == HSD_OK || status == HSD_E_MEMORY);
            if (status) {
                assert_true(err.message[0] != '\0');
                assert_ptr_equal(u.first, NULL);
            }
            if (!status) assert_true(n > 3);
            hsd_cost_table_finish(&u);
        }
    }
    hsd_cost_table_finish(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_in_any_order_become_rows_by_target_and_cost),
        cmocka_unit_test(a_walk_gives_each_target_once_by_its_fastest_way),
        cmocka_unit_test(milliseconds_become_minutes_and_no_way_no_pair),
        cmocka_unit_test(a_transposed_table_asks_from_the_other_side),
        cmocka_unit_test(a_target_that_is_several_origins_is_the_lowest_when_transposed),
        cmocka_unit_test(self_times_are_kept_taken_out_or_set),
        cmocka_unit_test(bad_pairs_are_refused_by_the_ids_of_their_zones),
        cmocka_unit_test(bad_self_times_are_refused),
        cmocka_unit_test(bad_masses_are_refused_by_the_id_of_their_zone),
        cmocka_unit_test(a_failed_allocation_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
