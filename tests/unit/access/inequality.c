/* Measures over people: the published rows of package accessibility (Belo Horizonte, five cells),
 * R's quantiles, and sums small enough for the hand. */
#include "access/inequality.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"

static void near(double found, double expected, double tolerance) {
    if (!(fabs(found - expected) <= tolerance)) fail_msg("%.17g, expected %.17g", found, expected);
}

/* Jobs within 30 minutes, people, income a head. The last four are no cells of the table: they
 * stand for the city's 893 others in what Palma takes from them, quantiles of 1208.6 and 3741.6. */
static const double jobs[] = {22239, 36567, 42372, 55571, 26774, NAN, NAN, NAN, NAN};
static const double people[] = {852, 394, 1969, 2189, 0, 12000, 17000, 100, 0};
static const double income[] = {4757.8, 1627.8, 543.1, 3822.0, NAN, 1208.6, 3741.6, 9000, 1};
enum { CELLS = 5, CITY = 9 };

static double gini_of(const double *x, const double *w, size_t count) {
    double value = -1;
    assert_int_equal(hsd_gini(x, w, count, &value, NULL), HSD_OK);
    return value;
}

static double concentration_of(const double *x, const double *w, const double *by, size_t count,
                               bool corrected, bool average) {
    double value = -1;
    assert_int_equal(hsd_concentration(x, w, by, count, corrected, average, &value, NULL), HSD_OK);
    return value;
}

static double palma_of(const double *x, const double *w, const double *by, size_t count,
                       bool shares) {
    double value = -1;
    assert_int_equal(hsd_palma(x, w, by, count, shares, &value, NULL), HSD_OK);
    return value;
}

static void five_cells_are_as_published(void **state) {
    (void)state;
    near(gini_of(jobs, people, CELLS), .13856117798553302, 1e-15);
    near(concentration_of(jobs, people, income, CELLS, false, false), -.02481479246504996, 1e-15);
    near(concentration_of(jobs, people, income, CELLS, true, false), -.1313879620162856, 1e-15);
    near(hsd_fgt(jobs, people, CELLS, 1e5, 0), 1, 0);
    near(hsd_fgt(jobs, people, CELLS, 1e5, 1), .5587890210954848, 1e-15);
    near(hsd_fgt(jobs, people, CELLS, 1e5, 2), .32563239462625837, 1e-15);
    for (int alpha = 0; alpha < 3; alpha++) near(hsd_fgt(jobs, people, CELLS, 1e4, alpha), 0, 0);
    const hsd_palma_groups city = {1208.6, 3741.6};
    near(hsd_palma_over(city, jobs, people, income, CELLS, false), 1.0911059272295278, 1e-14);
}

static void palma_takes_its_groups_from_the_whole_table(void **state) {
    (void)state;
    /* people by income, added up: 543.1: 1969; 1208.6: 13969; 1627.8: 14363; 3741.6: 31363; 3822:
     * 33552; 4757.8: 34404; 9000: 34504. Ranks 1 + 34503 p = 13802.2 and 31053.7 */
    near(hsd_quantile(income, people, CITY, 0.4), 1208.6, 1e-9);
    near(hsd_quantile(income, people, CITY, 0.9), 3741.6, 1e-9);
    near(palma_of(jobs, people, income, CITY, false), 1.0911059272295278, 1e-14);
}

static void four_cells_are_as_published(void **state) {
    (void)state;
    /* without the cell of 55571 jobs */
    double x[CELLS] = {22239, 36567, 42372, NAN, 26774};
    const hsd_palma_groups city = {1208.6, 3741.6};
    near(gini_of(x, people, CELLS), .1148, 5e-5);
    near(hsd_palma_over(city, x, people, income, CELLS, false), .5249, 5e-5);
    near(concentration_of(x, people, income, CELLS, false, false), -.1148, 5e-5);
    near(concentration_of(x, people, income, CELLS, true, false), -.8282, 5e-5);
    near(hsd_fgt(x, people, CELLS, 1e5, 1), .6367, 5e-5);
    near(hsd_fgt(x, people, CELLS, 1e5, 2), .4129, 5e-5);
}

static void theil_t_of_groups_is_as_published(void **state) {
    (void)state;
    /* deciles 10, 6, 1, 10 and 3. Of the last cell the package prints neither people nor jobs:
     * 1011 and about 13980 are those with which all eight of its figures come out. */
    const double x[] = {22239, 36567, 42372, 55571, 13980};
    const double w[] = {852, 394, 1969, 2189, 1011};
    const uint32_t groups[] = {3, 2, 0, 3, 1};
    double within[4], between[4];
    for (int as_r = 0; as_r < 2; as_r++) {
        hsd_theil_parts t = {.between_of = between, .within_of = within};
        assert_int_equal(hsd_theil_t(x, w, 5, as_r, groups, 4, &t, NULL), HSD_OK);
        near(t.between, .0515, 5e-5);
        near(t.within, .0337, 5e-5);
        near(t.total, .0852, 5e-5);
        near(between[0], .0243, 5e-5);
        near(between[1], -.0579, 5e-5);
        near(between[2], -.0042, 5e-5);
        near(between[3], .0894, 5e-5);
        for (int g = 0; g < 3; g++) near(within[g], 0, 1e-15);
        near(within[3], .0337, 5e-5);
        assert_int_equal(hsd_theil_t(x, w, 5, as_r, NULL, 0, &t, NULL), HSD_OK);
        near(t.total, .0852, 5e-5);
        /* the four cells that are known in full; the empty group adds nothing */
        assert_int_equal(hsd_theil_t(x, w, 4, as_r, groups, 4, &t, NULL), HSD_OK);
        near(t.between, .0021, 5e-5);
        near(t.within, .0357, 5e-5);
        near(t.total, .0378, 5e-5);
        near(between[0], -.0142, 5e-5);
        near(between[2], -.0113, 5e-5);
        near(between[3], .0276, 5e-5);
        near(within[3], .0357, 5e-5);
        assert_true(between[1] == 0 && within[1] == 0);
    }
}

static void a_zone_with_nothing_counts_in_theil_t_but_not_in_rs(void **state) {
    (void)state;
    /* mean 1; r = 0, 2: 2 ln 2 over two people, or over the one who has something */
    const double x[] = {0, 2}, w[] = {1, 1};
    const uint32_t groups[] = {0, 1};
    hsd_theil_parts t = {0};
    assert_int_equal(hsd_theil_t(x, w, 2, false, NULL, 0, &t, NULL), HSD_OK);
    near(t.total, log(2), 1e-15);
    assert_int_equal(hsd_theil_t(x, w, 2, true, NULL, 0, &t, NULL), HSD_OK);
    near(t.total, 2 * log(2), 1e-15);
    assert_int_equal(hsd_theil_t(x, w, 2, false, groups, 2, &t, NULL), HSD_OK);
    near(t.total, log(2), 1e-15);
    near(t.between, log(2), 1e-15);
    assert_int_equal(hsd_theil_t(x, w, 2, true, groups, 2, &t, NULL), HSD_OK);
    assert_true(isnan(t.total));
    const double nothing[] = {0, 0};
    assert_int_equal(hsd_theil_t(nothing, w, 2, false, NULL, 0, &t, NULL), HSD_OK);
    assert_true(isnan(t.total));
}

static void theil_l_is_the_mean_log_deviation(void **state) {
    (void)state;
    /* mean 2: (ln 2/1 + ln 2/3) / 2 = ln(4/3) / 2 */
    const double x[] = {1, 3}, w[] = {5, 5};
    hsd_theil_parts t = {0};
    assert_int_equal(hsd_theil_l(x, w, 2, NULL, 0, &t, NULL), HSD_OK);
    near(t.total, log(4.0 / 3) / 2, 1e-15);
    /* groups {1, 3} and {6, 6}, 2 and 6 people: means 2 and 6, of all 5. Between: 1/4 ln(5/2) + 3/4
     * ln(5/6); within: 1/4 of the above. A zone of no group is not there. */
    const double y[] = {1, 3, 6, 6, 100}, v[] = {1, 1, 2, 4, 9};
    const uint32_t groups[] = {0, 0, 1, 1, HSD_NO_ROW};
    double within[2], between[2];
    t = (hsd_theil_parts){.between_of = between, .within_of = within};
    assert_int_equal(hsd_theil_l(y, v, 5, groups, 2, &t, NULL), HSD_OK);
    near(between[0], log(2.5) / 4, 1e-15);
    near(between[1], log(5.0 / 6) * 3 / 4, 1e-15);
    near(within[0], log(4.0 / 3) / 8, 1e-15);
    near(within[1], 0, 1e-15);
    near(t.total, log(2.5) / 4 + log(5.0 / 6) * 3 / 4 + log(4.0 / 3) / 8, 1e-15);
    /* of somebody who has nothing there is no logarithm; where nobody lives, none is needed */
    const double z[] = {0, 1, 3}, some[] = {1, 5, 5}, none[] = {0, 5, 5};
    assert_int_equal(hsd_theil_l(z, some, 3, NULL, 0, &t, NULL), HSD_OK);
    assert_true(isnan(t.total));
    t = (hsd_theil_parts){0};
    assert_int_equal(hsd_theil_l(z, none, 3, NULL, 0, &t, NULL), HSD_OK);
    near(t.total, log(4.0 / 3) / 2, 1e-15);
}

static void a_group_that_is_not_there_is_refused(void **state) {
    (void)state;
    const double x[] = {1, 3}, w[] = {5, 5};
    const uint32_t groups[] = {0, 2};
    hsd_theil_parts t = {0};
    hsd_error err = {0};
    assert_int_equal(hsd_theil_t(x, w, 2, false, groups, 2, &t, &err), HSD_E_ARGUMENT);
    assert_string_equal(err.message, "zone number 2: group 2; there are 2");
}

static void gini_of_equal_shares_is_zero_and_of_nothing_undefined(void **state) {
    (void)state;
    const double same[] = {7, 7, 7}, none[] = {0, 0, 0}, some[] = {1, 2, 3};
    near(gini_of(same, some, 3), 0, 1e-15);
    assert_true(isnan(gini_of(none, some, 3)));
    assert_true(isnan(gini_of(same, none, 3)));
    assert_true(isnan(gini_of(same, none, 0)));
    /* one of four people has all: half the square less a triangle of base 1/4 is 3/4 of the half */
    const double all[] = {0, 9}, w[] = {3, 1};
    near(gini_of(all, w, 2), .75, 1e-15);
}

static void quantiles_count_people(void **state) {
    (void)state;
    /* one person each: R's quantile(1:5, c(.4, .9, .5, 0, 1)) */
    const double one_to_five[] = {5, 3, NAN, 1, 4, 2}, ones[] = {1, 1, 9, 1, 1, 1};
    near(hsd_quantile(one_to_five, ones, 6, .4), 2.6, 1e-12);
    near(hsd_quantile(one_to_five, ones, 6, .9), 4.6, 1e-12);
    near(hsd_quantile(one_to_five, NULL, 6, .5), 3, 0);
    near(hsd_quantile(one_to_five, ones, 6, 0), 1, 0);
    near(hsd_quantile(one_to_five, ones, 6, 1), 5, 0);
    /* ranks 1 + 9 p = 4.6 and 9.1 of 10 people: the third and the last value */
    const double x[] = {10, 20, 30, 40}, w[] = {1, 2, 3, 4};
    near(hsd_quantile(x, w, 4, .4), 30, 0);
    near(hsd_quantile(x, w, 4, .9), 40, 0);
    /* 1 + 9 / 9 = 2, and a ninth further: 2 5/9 between ranks 2 and 3, both 20 */
    near(hsd_quantile(x, w, 4, 1. / 9), 20, 1e-12);
    const double signs[] = {-5, 1e-300, -0.0, -1e300, 2};
    near(hsd_quantile(signs, NULL, 5, .5), 0, 0);
    near(hsd_quantile(signs, NULL, 5, .75), 1e-300, 0);
    near(hsd_quantile(signs, NULL, 5, .25), -5, 0);
    assert_true(isnan(hsd_quantile(signs, NULL, 5, 1.5)));
    assert_true(isnan(hsd_quantile(signs, NULL, 0, .5)));
}

static void palma_compares_means_or_shares(void **state) {
    (void)state;
    /* quantiles of 1 to 10: 4.6 and 9.1, so the poor are four and the rich one */
    double x[] = {1, 2, 3, 4, 50, 50, 50, 50, 50, 20}, by[10], w[10];
    for (int i = 0; i < 10; i++) {
        by[i] = i + 1;
        w[i] = 1;
    }
    near(palma_of(x, w, by, 10, false), 20 / 2.5, 1e-14);
    near(palma_of(x, w, by, 10, true), 2, 1e-14);
    x[0] = NAN; /* has no value, but an income */
    near(palma_of(x, w, by, 10, false), 20 / 3., 1e-14);
    near(palma_of(x, w, by, 10, true), 20 / 9., 1e-14);
    x[9] = NAN;
    assert_true(isnan(palma_of(x, w, by, 10, false)));
    /* 11 people: ranks 5 and 10, incomes 20 and 30. Who earns 20 is poor, who earns 30 is not rich:
     * means of 8 and (2 + 10) / 6 */
    const double at[] = {10, 20, 30, 40}, heads[] = {2, 4, 4, 1}, y[] = {1, 2.5, 9, 8};
    near(palma_of(y, heads, at, 4, false), 4, 1e-15);
    double out;
    assert_int_equal(hsd_palma(x, w, NULL, 10, false, &out, NULL), HSD_E_ARGUMENT);
    assert_int_equal(hsd_concentration(x, w, NULL, 10, false, false, &out, NULL), HSD_E_ARGUMENT);
}

static void ties_of_income_stand_as_they_come_or_are_averaged(void **state) {
    (void)state;
    /* mean 2; as they come: 2 (1/4 * 1/2 + 1/4 * 1/2) / 2 = 1/4 */
    const double x[] = {1, 3}, turned[] = {3, 1}, w[] = {1, 1}, by[] = {8, 8}, apart[] = {8, 9};
    near(concentration_of(x, w, by, 2, false, false), .25, 1e-15);
    near(concentration_of(turned, w, by, 2, false, false), -.25, 1e-15);
    near(concentration_of(x, w, by, 2, false, true), 0, 1e-15);
    near(concentration_of(x, w, apart, 2, false, true), .25, 1e-15);
    /* 4 mean / (max - min) = 4; 1 with a zone of 8 where nobody lives: 4 * 2 / 7 */
    near(concentration_of(x, w, apart, 2, true, true), 1, 1e-15);
    const double more[] = {1, 3, 8}, nobody[] = {1, 1, 0}, incomes[] = {8, 9, NAN};
    near(concentration_of(more, nobody, incomes, 3, true, true), .25 * 8 / 7, 1e-15);
    assert_true(isnan(concentration_of(by, w, apart, 2, true, true)));
}

static void variation_is_over_people_or_a_sample(void **state) {
    (void)state;
    const double x[] = {1, 3, NAN}, w[] = {1, 3, 7}, twice[] = {1, 1, 0};
    near(hsd_weighted_mean(x, w, 3), 2.5, 0);
    near(hsd_cv(x, w, 3, false), sqrt(.75) / 2.5, 1e-15);
    near(hsd_cv(x, w, 3, true), 1 / 2.5, 1e-15); /* sqrt(3 / (4 - 1)) */
    near(hsd_cv(x, NULL, 3, true), sqrt(2) / 2, 1e-15);
    near(hsd_cv(x, twice, 3, false), .5, 1e-15);
    /* cities of the toy bridge, mean times before and after */
    const double before[] = {84.143772, 91.793482, 62.169444, 111.779745};
    const double after[] = {52.111580, 41.593247, 62.169444, 66.225418};
    near(hsd_cv(before, NULL, 4, false), .202970, 5e-7);
    near(hsd_cv(after, NULL, 4, false), .171896, 5e-7);
    assert_true(isnan(hsd_cv(x, w, 0, false)) && isnan(hsd_cv(x, NULL, 1, true)));
    assert_true(isnan(hsd_weighted_mean(x, twice, 0)));
}

static void who_is_at_the_line_is_not_poor(void **state) {
    (void)state;
    const double x[] = {1, 2, 4}, w[] = {1, 1, 2};
    near(hsd_fgt(x, w, 3, 2, 0), .25, 0);
    near(hsd_fgt(x, w, 3, 2, 1), .125, 0);
    near(hsd_fgt(x, w, 3, 2, 2), .0625, 0);
    assert_true(isnan(hsd_fgt(x, w, 3, 0, 1)) && isnan(hsd_fgt(x, w, 3, 2, -1)));
}

static void atkinson_is_the_mean_given_up_for_equality(void **state) {
    (void)state;
    /* of 1 and 4 the mean is 2.5; means of power 1/2, 0 and -1: 2.25, 2 and 1.6 */
    const double x[] = {1, 4}, zero[] = {0, 4}, w[] = {3, 3};
    near(hsd_atkinson(x, w, 2, 0), 0, 1e-15);
    near(hsd_atkinson(x, w, 2, .5), .1, 1e-15);
    near(hsd_atkinson(x, w, 2, 1), .2, 1e-15);
    near(hsd_atkinson(x, w, 2, 2), .36, 1e-15);
    near(hsd_atkinson(zero, w, 2, .5), .5, 1e-15);
    near(hsd_atkinson(zero, w, 2, 1), 1, 0);
    near(hsd_atkinson(zero, w, 2, 2), 1, 0);
    assert_true(isnan(hsd_atkinson(x, w, 2, -1)) && isnan(hsd_atkinson(x, w, 0, 1)));
}

static void a_failed_allocation_is_said_and_nothing_leaks(void **state) {
    (void)state;
    double value = 5;
    hsd_theil_parts t = {0};
    hsd_error err;
    hsd_memory_fail_at(1);
    assert_int_equal(hsd_gini(jobs, people, CELLS, &value, &err), HSD_E_MEMORY);
    hsd_memory_fail_at(1);
    assert_int_equal(hsd_concentration(jobs, people, income, CELLS, true, true, &value, &err),
                     HSD_E_MEMORY);
    hsd_memory_fail_at(1);
    assert_int_equal(hsd_theil_t(jobs, people, CELLS, true, NULL, 0, &t, &err), HSD_E_MEMORY);
    hsd_memory_fail_at(0);
    assert_true(value == 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_cells_are_as_published),
        cmocka_unit_test(palma_takes_its_groups_from_the_whole_table),
        cmocka_unit_test(four_cells_are_as_published),
        cmocka_unit_test(theil_t_of_groups_is_as_published),
        cmocka_unit_test(a_zone_with_nothing_counts_in_theil_t_but_not_in_rs),
        cmocka_unit_test(theil_l_is_the_mean_log_deviation),
        cmocka_unit_test(a_group_that_is_not_there_is_refused),
        cmocka_unit_test(gini_of_equal_shares_is_zero_and_of_nothing_undefined),
        cmocka_unit_test(quantiles_count_people),
        cmocka_unit_test(palma_compares_means_or_shares),
        cmocka_unit_test(ties_of_income_stand_as_they_come_or_are_averaged),
        cmocka_unit_test(variation_is_over_people_or_a_sample),
        cmocka_unit_test(who_is_at_the_line_is_not_poor),
        cmocka_unit_test(atkinson_is_the_mean_given_up_for_equality),
        cmocka_unit_test(a_failed_allocation_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
