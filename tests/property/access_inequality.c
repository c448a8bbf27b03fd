/* Measures of inequality over random people: access_inequality CASES [SEED].
 *  - equal values: Gini, Theil T and L, Atkinson, CV and concentration are 0, Palma is 1;
 *  - the unit of x does not matter to them, nor does everybody twice (all but the quantiles and the
 *    sample's CV, which count heads);
 *  - two zones of one value and income may be one, a zone of nobody may go;
 *  - Theil T and L are the sum of their parts, whatever the groups;
 *  - the order of zones does not matter: to Gini and quantiles not to the last bit;
 *  - Gini is half the mean difference of two people over the mean, by a loop over pairs;
 *  - a quantile of n people is that of their list, sorted (type 7). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "hourshed/access.h"

enum { MOST = 40, GROUPS = 4, MEASURES = 10 };

static int cases = 3000;
static uint64_t seed = 20261122;
static int number;

typedef struct world {
    size_t count;
    double x[2 * MOST], w[2 * MOST], income[2 * MOST];
    uint32_t group[2 * MOST];
} world;

static double unit(hsd_random *random) {
    return hsd_random_unit(random);
}

/* Few different values, so that there are ties; people in whole numbers, some zones of nobody. */
static world make(hsd_random *random) {
    world w = {.count = 2 + (size_t)(unit(random) * (MOST - 2))};
    for (size_t i = 0; i < w.count; i++) {
        w.x[i] = (1 + floor(unit(random) * 20)) / 3;
        w.w[i] = unit(random) < .15 ? 0 : 1 + floor(unit(random) * 9);
        w.income[i] = floor(unit(random) * 12) * 7;
        w.group[i] = (uint32_t)(unit(random) * GROUPS);
    }
    w.w[0] = 1;
    return w;
}

static void near(double found, double expected, const char *what) {
    if (isnan(found) && isnan(expected)) return;
    if (!(fabs(found - expected) <= 1e-12 * (1 + fabs(expected))))
        fail_msg("seed %llu, case %d, %s: %.17g, expected %.17g", (unsigned long long)seed, number,
                 what, found, expected);
}

static const char *const names[MEASURES] = {
    "Gini",          "Theil T",      "Theil T as R",
    "Theil L",       "Atkinson 0.5", "Atkinson 1",
    "concentration", "Erreygers's",  "coefficient of variation",
    "Palma"};

/* Averaged ties, so that nothing depends on the order of zones; Palma last: it counts heads. */
static void measure(const world *w, double *out) {
    hsd_theil_parts parts = {0};
    hsd_status bad = hsd_gini(w->x, w->w, w->count, &out[0], NULL);
    bad |= hsd_theil_t(w->x, w->w, w->count, false, NULL, 0, &parts, NULL);
    out[1] = parts.total;
    bad |= hsd_theil_t(w->x, w->w, w->count, true, NULL, 0, &parts, NULL);
    out[2] = parts.total;
    bad |= hsd_theil_l(w->x, w->w, w->count, NULL, 0, &parts, NULL);
    out[3] = parts.total;
    out[4] = hsd_atkinson(w->x, w->w, w->count, .5);
    out[5] = hsd_atkinson(w->x, w->w, w->count, 1);
    bad |= hsd_concentration(w->x, w->w, w->income, w->count, false, true, &out[6], NULL);
    bad |= hsd_concentration(w->x, w->w, w->income, w->count, true, true, &out[7], NULL);
    out[8] = hsd_cv(w->x, w->w, w->count, false);
    bad |= hsd_palma(w->x, w->w, w->income, w->count, false, &out[9], NULL);
    assert_int_equal(bad, HSD_OK);
}

static void same_measures(const world *w, const double *expected, int measures, const char *when) {
    double found[MEASURES];
    char what[100];
    measure(w, found);
    for (int k = 0; k < measures; k++) {
        snprintf(what, sizeof what, "%s %s", names[k], when);
        near(found[k], expected[k], what);
    }
}

static void equal_values_are_equal(void **state) {
    (void)state;
    hsd_random random = {seed};
    for (number = 0; number < cases; number++) {
        world w = make(&random);
        double found[MEASURES];
        for (size_t i = 1; i < w.count; i++) w.x[i] = w.x[0];
        measure(&w, found);
        for (int k = 0; k < MEASURES - 1; k++)
            if (k != 7) near(found[k], 0, names[k]); /* Erreygers: no range to divide by */
        if (!isnan(found[9])) near(found[9], 1, names[9]);
    }
}

static void units_and_doubles_do_not_matter(void **state) {
    (void)state;
    hsd_random random = {seed + 1};
    for (number = 0; number < cases; number++) {
        const world w = make(&random);
        double before[MEASURES];
        measure(&w, before);
        world scaled = w, twice = w, doubled = w;
        for (size_t i = 0; i < w.count; i++) {
            scaled.x[i] *= 7.3;
            doubled.w[i] *= 2;
        }
        same_measures(&scaled, before, MEASURES, "in another unit");
        same_measures(&doubled, before, MEASURES - 1, "of twice as many");
        for (size_t i = 0; i < w.count; i++) {
            twice.x[w.count + i] = w.x[i];
            twice.w[w.count + i] = w.w[i];
            twice.income[w.count + i] = w.income[i];
        }
        twice.count = 2 * w.count;
        same_measures(&twice, before, MEASURES - 1, "of everybody twice");
    }
}

static void equal_zones_may_be_one_and_empty_ones_go(void **state) {
    (void)state;
    hsd_random random = {seed + 2};
    for (number = 0; number < cases; number++) {
        world w = make(&random), parted = w, fewer = w;
        double before[MEASURES];
        measure(&w, before);
        /* a zone becomes two of the same value and income */
        const size_t zone = (size_t)(unit(&random) * (double)w.count);
        parted.x[w.count] = w.x[zone];
        parted.income[w.count] = w.income[zone];
        parted.w[w.count] = floor(unit(&random) * w.w[zone]);
        parted.w[zone] -= parted.w[w.count];
        parted.count++;
        same_measures(&parted, before, MEASURES, "with a zone in two");
        fewer.count = 0;
        for (size_t i = 0; i < w.count; i++) {
            if (w.w[i] == 0) continue;
            fewer.x[fewer.count] = w.x[i];
            fewer.income[fewer.count] = w.income[i];
            fewer.w[fewer.count++] = w.w[i];
        }
        before[7] = 0; /* Erreygers's range is over all zones, on purpose */
        double after[MEASURES];
        measure(&fewer, after);
        after[7] = 0;
        for (int k = 0; k < MEASURES; k++) near(after[k], before[k], names[k]);
    }
}

static void theil_is_the_sum_of_its_parts(void **state) {
    (void)state;
    hsd_random random = {seed + 3};
    for (number = 0; number < cases; number++) {
        world w = make(&random);
        for (int l = 0; l < 2; l++) {
            double within[GROUPS], between[GROUPS], sum = 0;
            hsd_theil_parts all = {0}, parts = {.within_of = within, .between_of = between};
            if (!l && number % 2) w.x[1] = 0; /* nothing times its logarithm is nothing */
            const hsd_status bad =
                l ? hsd_theil_l(w.x, w.w, w.count, NULL, 0, &all, NULL) ||
                        hsd_theil_l(w.x, w.w, w.count, w.group, GROUPS, &parts, NULL)
                  : hsd_theil_t(w.x, w.w, w.count, false, NULL, 0, &all, NULL) ||
                        hsd_theil_t(w.x, w.w, w.count, false, w.group, GROUPS, &parts, NULL);
            assert_int_equal(bad, HSD_OK);
            if (!l && number % 2) w.x[1] = 1;
            for (int g = 0; g < GROUPS; g++) {
                sum += within[g] + between[g];
                assert_true(within[g] >= -1e-15);
            }
            near(parts.total, all.total, "Theil of groups");
            near(sum, all.total, "Theil of each group");
            assert_true(parts.between >= -1e-15 && all.total >= -1e-15);
        }
    }
}

static void the_order_of_zones_does_not_matter(void **state) {
    (void)state;
    hsd_random random = {seed + 4};
    for (number = 0; number < cases; number++) {
        world w = make(&random), mixed;
        for (size_t i = 0; i < w.count; i++) w.w[i] *= 1 + unit(&random) / 8; /* sums that round */
        mixed = w;
        for (size_t i = w.count; i-- > 1;) {
            const size_t k = (size_t)(unit(&random) * (double)(i + 1));
            const double x = mixed.x[i], people = mixed.w[i], income = mixed.income[i];
            mixed.x[i] = mixed.x[k];
            mixed.w[i] = mixed.w[k];
            mixed.income[i] = mixed.income[k];
            mixed.x[k] = x;
            mixed.w[k] = people;
            mixed.income[k] = income;
        }
        double before[MEASURES], after[MEASURES];
        measure(&w, before);
        measure(&mixed, after);
        assert_memory_equal(&before[0], &after[0], sizeof before[0]);
        same_measures(&mixed, before, MEASURES - 1, "in another order");
    }
}

static int by_value(const void *a, const void *b) {
    const double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

static void gini_and_quantiles_are_those_of_a_list_of_people(void **state) {
    (void)state;
    hsd_random random = {seed + 5};
    for (number = 0; number < cases / 4; number++) {
        const world w = make(&random);
        double list[MOST * 9], difference = 0, sum = 0, found[MEASURES];
        size_t n = 0;
        for (size_t i = 0; i < w.count; i++)
            for (int k = 0; k < (int)w.w[i]; k++) list[n++] = w.x[i];
        qsort(list, n, sizeof *list, by_value);
        for (size_t i = 0; i < n; i++) {
            sum += list[i];
            for (size_t k = 0; k < n; k++) difference += fabs(list[i] - list[k]);
        }
        measure(&w, found);
        near(found[0], difference / (2 * (double)n * sum), "Gini by pairs of people");
        for (int k = 0; k <= 10; k++) {
            const double p = k / 10.0, at = (double)(n - 1) * p;
            const size_t low = (size_t)at, high = low + 1 < n ? low + 1 : low;
            near(hsd_quantile(w.x, w.w, w.count, p),
                 list[low] + (at - (double)low) * (list[high] - list[low]), "a quantile");
        }
    }
}

int main(int argc, char **argv) {
    if (argc > 1) cases = atoi(argv[1]);
    if (argc > 2) seed = strtoull(argv[2], NULL, 10);
    printf("%d cases, seed %llu\n", cases, (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_values_are_equal),
        cmocka_unit_test(units_and_doubles_do_not_matter),
        cmocka_unit_test(equal_zones_may_be_one_and_empty_ones_go),
        cmocka_unit_test(theil_is_the_sum_of_its_parts),
        cmocka_unit_test(the_order_of_zones_does_not_matter),
        cmocka_unit_test(gini_and_quantiles_are_those_of_a_list_of_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
