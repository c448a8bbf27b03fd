/* Cumulative opportunities of five cells of Belo Horizonte, as R's package accessibility prints
 * them, and of the four cities; edges by hand. */
#include "towns.h"

#include <string.h>

#include "base/memory.h"

static void check_refused(hsd_status status, hsd_status expected, const hsd_error *err,
                          const char *words) {
    assert_int_equal(status, expected);
    if (!strstr(err->message, words)) fail_msg("\"%s\" lacks \"%s\"", err->message, words);
}

static void cut_offs_give_what_r_gives(void **state) {
    (void)state;
    hsd_cost_table t = cells(), passive = {0};
    double out[5];
    assert_int_equal(hsd_access_cumulative(&t, cell_jobs, (double[]){30}, out, NULL), HSD_OK);
    assert_all_near(out, (double[]){82, 408, 408, 109, 0}, 5, 0);
    assert_int_equal(hsd_cost_table_transpose(&t, &passive, NULL), HSD_OK);
    assert_int_equal(hsd_access_cumulative(&passive, cell_people, (double[]){45}, out, NULL),
                     HSD_OK);
    assert_all_near(out, (double[]){5404, 4552, 2363, 4552, 0}, 5, 0);
    hsd_cost_table_finish(&t);
    hsd_cost_table_finish(&passive);
}

static void daily_accessibility_of_the_bridge_includes_its_cut_off(void **state) {
    (void)state;
    static const double sixty[2][4] = {{18, 14, 22, 6}, {24, 24, 22, 16}};
    static const double thirty[2][4] = {{10, 6, 8, 6}, {14, 16, 8, 6}};
    for (int after = 0; after < 2; after++) {
        hsd_cost_table t = cities(after);
        double out[4];
        assert_int_equal(hsd_access_cumulative(&t, city_people, (double[]){60}, out, NULL), HSD_OK);
        assert_all_near(out, sixty[after], 4, 0);
        assert_int_equal(hsd_access_cumulative(&t, city_people, (double[]){30}, out, NULL), HSD_OK);
        assert_all_near(out, thirty[after], 4, 0);
        t.skip_self = true;
        assert_int_equal(hsd_access_cumulative(&t, NULL, (double[]){60}, out, NULL), HSD_OK);
        assert_near(out[1], after ? 3 : 2, 0); /* numbers of cities, itself aside */
        hsd_cost_table_finish(&t);
    }
}

/* Two costs. Fast and dear, slow and cheap to x (10 jobs); y (5) one way; z (3) both dear. */
static void a_target_with_several_ways_counts_once_if_one_is_within_all_cut_offs(void **state) {
    (void)state;
    hsd_cost_pair pairs[] = {{0, 0, {10, 5}}, {0, 0, {40, 1}}, {0, 0, {20, 3}},
                             {0, 1, {15, 2}}, {0, 2, {5, 9}},  {0, 2, {50, 6}}};
    const double jobs[] = {10, 5, 3};
    static const struct {
        double minutes, money, jobs;
    } known[] = {{60, 9, 18}, {60, 5, 15}, {15, 2, 5}, {40, 1, 10}, {20, 3, 15},      {19, 3, 5},
                 {10, 4, 0},  {10, 5, 10}, {5, 9, 3},  {0, 0, 0},   {INFINITY, 1, 10}};
    hsd_cost_table t = {0};
    assert_int_equal(hsd_cost_table_from_pairs(1, 3, pairs, 6, 2, NULL, &t, NULL), HSD_OK);
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        double out;
        const double cutoffs[] = {known[k].minutes, known[k].money};
        assert_int_equal(hsd_access_cumulative(&t, jobs, cutoffs, &out, NULL), HSD_OK);
        assert_near(out, known[k].jobs, 0);
    }
    hsd_cost_table_finish(&t);
}

static void intervals_give_what_r_gives(void **state) {
    (void)state;
    hsd_cost_table t = cells(), passive = {0};
    assert_int_equal(hsd_cost_table_transpose(&t, &passive, NULL), HSD_OK);
    static const struct {
        bool passive;
        double high;
        hsd_summary summary;
        double expected[5];
    } known[] = {
        {false, 45, HSD_SUMMARY_MEDIAN, {82, 517, 517, 304, 0}},
        {false, 45, HSD_SUMMARY_MEAN, {82, 512, 508, 304, 0}},
        {false, 45, HSD_SUMMARY_MIN, {82, 408, 408, 109, 0}},
        {false, 45, HSD_SUMMARY_MAX, {82, 599, 599, 499, 0}}, /* as cut-off 45: by hand */
        {false, 50, HSD_SUMMARY_MEDIAN, {82, 599, 599, 499, 0}},
        {true, 45, HSD_SUMMARY_MEDIAN, {1946, 3457, 2363, 4552, 0}},
        {true, 50, HSD_SUMMARY_MEDIAN, {5404, 4552, 2363, 4552, 0}},
    };
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        double out[5];
        assert_int_equal(hsd_access_interval(known[k].passive ? &passive : &t,
                                             known[k].passive ? cell_people : cell_jobs, 40,
                                             known[k].high, 1, known[k].summary, true, out, NULL),
                         HSD_OK);
        for (size_t i = 0; i < 5; i++)
            if (out[i] != known[k].expected[i])
                fail_msg("row %zu, cell %zu: %g, expected %g", k, i, out[i], known[k].expected[i]);
    }
    hsd_cost_table_finish(&t);
    hsd_cost_table_finish(&passive);
}

static void summaries_are_cut_to_whole_numbers_only_when_asked(void **state) {
    (void)state;
    hsd_cost_table t = cells();
    double out[5];
    /* 40: 408; 41 ... 44: 517; 45: 599, six of them */
    assert_int_equal(
        hsd_access_interval(&t, cell_jobs, 40, 45, 1, HSD_SUMMARY_MEAN, false, out, NULL), HSD_OK);
    assert_near(out[1], (408 + 4 * 517 + 599) / 6.0, 1e-12);
    /* 40, 42.5, 45: 304 is the mean of the two in the middle of 40 ... 45, not of three */
    assert_int_equal(
        hsd_access_interval(&t, cell_jobs, 40, 45, 2.5, HSD_SUMMARY_MEDIAN, false, out, NULL),
        HSD_OK);
    assert_all_near(out, (double[]){82, 517, 517, 109, 0}, 5, 0);
    hsd_cost_table_finish(&t);
}

/* Tenths that binary fractions miss: 3 x 0.1 > 0.3, and a cost of 0.3 is within 0.3. */
static void a_grid_of_cut_offs_is_multiples_of_its_step(void **state) {
    (void)state;
    hsd_cost_pair pairs[] = {{0, 0, {0.3}}, {0, 1, {0.7}}};
    const double mass[] = {1, 10};
    hsd_cost_table t = {0};
    double out;
    assert_int_equal(hsd_cost_table_from_pairs(1, 2, pairs, 2, 1, NULL, &t, NULL), HSD_OK);
    assert_int_equal(
        hsd_access_interval(&t, mass, 0, 0.3, 0.1, HSD_SUMMARY_MEAN, false, &out, NULL), HSD_OK);
    assert_near(out, 0.25, 0); /* 0, 0, 0, 1 */
    assert_int_equal(
        hsd_access_interval(&t, mass, 0, 0.7, 0.1, HSD_SUMMARY_MEAN, false, &out, NULL), HSD_OK);
    assert_near(out, (1 + 1 + 1 + 1 + 11) / 8.0, 0);
    assert_int_equal(
        hsd_access_interval(&t, mass, 0, 0.75, 0.1, HSD_SUMMARY_MAX, false, &out, NULL), HSD_OK);
    assert_near(out, 11, 0); /* 0.7 is the last */
    assert_int_equal(
        hsd_access_interval(&t, mass, 0.3, 0.3, 5, HSD_SUMMARY_MEDIAN, false, &out, NULL), HSD_OK);
    assert_near(out, 1, 0);
    const double demand = 0.5;
    for (int strict = 0; strict < 2; strict++) { /* 7 x 0.1 > 0.7: within; 3 x 0.1 > 0.3, too */
        assert_int_equal(hsd_access_balancing(&t, mass, &demand, 0.1, strict, &out, NULL), HSD_OK);
        assert_near(out, 3 * 0.1, 0);
    }
    hsd_cost_table_finish(&t);
}

/* Costs that are k step as doubles, and the next double above: within k, and within k + 1 alone. */
static void a_cost_on_the_grid_is_within_its_own_cut_off(void **state) {
    (void)state;
    static const double steps[] = {0.1, 0.3, 0.7, 1 / 3.0, 1.1, 2.3};
    enum { COUNT = 200 };
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        const double step = steps[s], low = 0.2, demand = 0.5;
        for (int k = 1; k + 1 < COUNT; k++) {
            for (int above = 0; above < 2; above++) {
                double cost = k * step, out;
                hsd_cost_pair pair = {0, 0, {above ? nextafter(cost, FAR) : cost}};
                hsd_cost_table t = {0};
                hsd_cost_table_from_pairs(1, 1, &pair, 1, 1, NULL, &t, NULL);
                hsd_access_balancing(&t, NULL, &demand, step, false, &out, NULL);
                assert_near(out, (k + above) * step, 0);
                hsd_cost_table_finish(&t);

                cost = low + k * step;
                pair.costs[0] = above ? nextafter(cost, FAR) : cost;
                hsd_cost_table_from_pairs(1, 1, &pair, 1, 1, NULL, &t, NULL);
                hsd_access_interval(&t, NULL, low, low + (COUNT - 0.5) * step, step,
                                    HSD_SUMMARY_MEAN, false, &out, NULL);
                assert_near(out, (COUNT - k - above) / (double)COUNT, 0);
                hsd_cost_table_finish(&t);
            }
        }
    }
}

static void the_closest_opportunities_are_those_of_r(void **state) {
    (void)state;
    hsd_cost_table t = cells(), passive = {0};
    double out[5];
    assert_int_equal(hsd_access_closest(&t, cell_schools, 1, out, NULL), HSD_OK);
    assert_all_near(out, (double[]){47, 5.8, 13, 43, 70}, 5, 0);
    assert_int_equal(hsd_access_closest(&t, cell_schools, 3, out, NULL), HSD_OK);
    assert_all_near(out, (double[]){FAR, FAR, FAR, FAR, FAR}, 5, 0);
    assert_int_equal(hsd_access_closest(&t, cell_jobs, 409, out, NULL), HSD_OK);
    /* jobs 82 308 100 109 at: a 5.8 47 48 47; b 45 5.8 13 41; c 44 13 5.8 42; d 43 43 49 5.8 */
    assert_all_near(out, (double[]){47, 41, 42, 43, 70}, 5, 0);
    assert_int_equal(hsd_cost_table_transpose(&t, &passive, NULL), HSD_OK);
    assert_int_equal(hsd_access_closest(&passive, cell_people, 1, out, NULL), HSD_OK);
    assert_all_near(out, (double[]){5.8, 5.8, 5.8, 5.8, 58}, 5, 0);
    hsd_cost_table_finish(&t);
    hsd_cost_table_finish(&passive);
}

/* From a: b 10 (4 jobs), c 20 (6), d 20 (1), itself 3 (5). */
/* Of costs up to 64.5, R's grid of ones ends at 64: what needs the last place never balances. */
static void strict_balancing_ends_with_the_longest_cost(void **state) {
    (void)state;
    hsd_cost_pair pairs[] = {{0, 0, {1}}, {0, 1, {64.5}}};
    static const double mass[] = {5, 5}, demand = 7, whole = 64.5;
    hsd_cost_table t = {0};
    double out;
    assert_int_equal(hsd_cost_table_from_pairs(1, 2, pairs, 2, 1, NULL, &t, NULL), HSD_OK);
    assert_int_equal(hsd_access_balancing(&t, mass, &demand, 1, false, &out, NULL), HSD_OK);
    assert_true(out == 65);
    assert_int_equal(hsd_access_balancing(&t, mass, &demand, 1, true, &out, NULL), HSD_OK);
    assert_true(isnan(out));
    assert_int_equal(hsd_access_balancing(&t, mass, &demand, 0.5, true, &out, NULL), HSD_OK);
    assert_true(out == whole);
    hsd_cost_table_finish(&t);
}

static void balancing_takes_the_first_step_with_enough(void **state) {
    (void)state;
    hsd_cost_pair pairs[] = {{0, 0, {3}}, {0, 1, {10}}, {0, 2, {20}}, {0, 3, {20}}};
    const double jobs[] = {5, 4, 6, 1};
    static const struct {
        double demand, step, more, at_least;
    } known[] = {{0, 1, 0, 0},
                 {4, 1, 3, 3},
                 {5, 1, 10, 3},
                 {5, 4, 12, 4},
                 {9, 7, NAN, 14} /* 21 is past 20 */,
                 {15, 1, 20, 20},
                 {16, 1, NAN, 20},
                 {17, 1, NAN, NAN},
                 {5, 0.3, 10.2, 3}};
    hsd_cost_table t = {0};
    assert_int_equal(hsd_cost_table_from_pairs(1, 4, pairs, 4, 1, NULL, &t, NULL), HSD_OK);
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        double out[2];
        for (int strict = 0; strict < 2; strict++)
            assert_int_equal(hsd_access_balancing(&t, jobs, &known[k].demand, known[k].step, strict,
                                                  &out[strict], NULL),
                             HSD_OK);
        assert_all_near(out, (double[]){known[k].at_least, known[k].more}, 2, 1e-14);
    }
    hsd_cost_table_finish(&t);
}

static void bad_cut_offs_and_masses_are_refused(void **state) {
    (void)state;
    hsd_cost_table t = cells();
    hsd_error err;
    double out[5];
    const double negative[] = {1, 2, -1, 3, 4};
    check_refused(hsd_access_cumulative(&t, negative, (double[]){30}, out, &err), HSD_E_FORMAT,
                  &err, "mass of zone \"89a88cdb5b3ffff\" is -1");
    check_refused(hsd_access_cumulative(&t, NULL, (double[]){-1}, out, &err), HSD_E_ARGUMENT, &err,
                  "cut-off is -1");
    check_refused(hsd_access_cumulative(&t, NULL, (double[]){NAN}, out, &err), HSD_E_ARGUMENT, &err,
                  "cut-off is nan");
    const hsd_summary median = HSD_SUMMARY_MEDIAN;
    check_refused(hsd_access_interval(&t, NULL, 45, 40, 1, median, false, out, &err),
                  HSD_E_ARGUMENT, &err, "cut-offs from 45 to 40, expected the lower first");
    check_refused(hsd_access_interval(&t, NULL, 40, 45, 0, median, false, out, &err),
                  HSD_E_ARGUMENT, &err, "step of cut-offs is 0");
    check_refused(hsd_access_interval(&t, NULL, 0, 60, 1e-9, median, false, out, &err),
                  HSD_E_ARGUMENT, &err, "expected at most 100000");
    check_refused(hsd_access_interval(&t, negative, 0, 60, 1, median, false, out, &err),
                  HSD_E_FORMAT, &err, "is -1");
    check_refused(hsd_access_closest(&t, NULL, 0, out, &err), HSD_E_ARGUMENT, &err,
                  "number of opportunities is 0");
    check_refused(hsd_access_balancing(&t, NULL, negative, 1, true, out, &err), HSD_E_FORMAT, &err,
                  "demand of zone \"89a88cdb5b3ffff\" is -1");
    check_refused(hsd_access_balancing(&t, NULL, cell_people, NAN, true, out, &err), HSD_E_ARGUMENT,
                  &err, "step of costs is nan");
    hsd_cost_table_finish(&t);
}

static void a_failed_allocation_is_said(void **state) {
    (void)state;
    hsd_cost_table t = cells();
    double out[5];
    for (int which = 0; which < 3; which++) {
        hsd_status status = HSD_E_MEMORY;
        for (uint64_t n = 1; status; n++) {
            assert_true(n < 10);
            hsd_memory_fail_at(n);
            status = which == 0 ? hsd_access_interval(&t, NULL, 0, 60, 1, HSD_SUMMARY_MEDIAN, false,
                                                      out, NULL)
                     : which == 1 ? hsd_access_closest(&t, NULL, 1, out, NULL)
                                  : hsd_access_balancing(&t, NULL, cell_people, 1, true, out, NULL);
            hsd_memory_fail_at(0);
            assert_true(status == HSD_OK || status == HSD_E_MEMORY);
            assert_true(n > 1 || status);
        }
    }
    hsd_cost_table_finish(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_offs_give_what_r_gives),
        cmocka_unit_test(daily_accessibility_of_the_bridge_includes_its_cut_off),
        cmocka_unit_test(a_target_with_several_ways_counts_once_if_one_is_within_all_cut_offs),
        cmocka_unit_test(intervals_give_what_r_gives),
        cmocka_unit_test(summaries_are_cut_to_whole_numbers_only_when_asked),
        cmocka_unit_test(a_grid_of_cut_offs_is_multiples_of_its_step),
        cmocka_unit_test(a_cost_on_the_grid_is_within_its_own_cut_off),
        cmocka_unit_test(the_closest_opportunities_are_those_of_r),
        cmocka_unit_test(balancing_takes_the_first_step_with_enough),
        cmocka_unit_test(strict_balancing_ends_with_the_longest_cost),
        cmocka_unit_test(bad_cut_offs_and_masses_are_refused),
        cmocka_unit_test(a_failed_allocation_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
