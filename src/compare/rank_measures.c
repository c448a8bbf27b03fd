/* Gini and Palma as package accessibility (ipea) has them: inequality_gini by trapezoids under the
 * Lorenz curve without a correction for small samples, palma_ratio with the quantiles of Hmisc's
 * wtd.quantile (weights are counts of people). Ties are sorted by index, so that sums do not depend
 * on the sort. */
#include "compare/rank_measures.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b, void *values) {
    const double *v = values;
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    if (v[i] != v[k]) return v[i] < v[k] ? -1 : 1;
    return i < k ? -1 : i > k;
}

static void sort_by(const double *values, uint32_t *order, size_t count) {
    qsort_r(order, count, sizeof *order, by_value, (void *)(uintptr_t)values);
}

double hsd_rank_gini(const double *x, const double *weights, size_t count, uint32_t *order) {
    double people = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        people += weights[i];
        sum += weights[i] * x[i];
        order[i] = (uint32_t)i;
    }
    if (!(people > 0) || !(sum > 0)) return NAN;
    sort_by(x, order, count);
    double before = 0, held = 0, area = 0;
    for (size_t k = 0; k < count; k++) {
        size_t i = order[k];
        held += weights[i] * x[i];
        double lorenz = held / sum;
        area += (before + lorenz) * (weights[i] / people);
        before = lorenz;
    }
    return 1 - area;
}

/* The least income up to which at least `rank` people earn. */
static double income_of(const double *income, const double *people, const uint32_t *order,
                        size_t count, double rank) {
    double counted = 0;
    for (size_t k = 0; k < count; k++) {
        counted += people[order[k]];
        if (counted >= rank) return income[order[k]];
    }
    return income[order[count - 1]]; /* rounding of the sum alone */
}

static double quantile(const double *income, const double *people, const uint32_t *order,
                       size_t count, double total, double share) {
    double rank = 1 + (total - 1) * share;
    double low = fmax(floor(rank), 1), high = fmin(low + 1, total), part = fmod(rank, 1);
    return (1 - part) * income_of(income, people, order, count, low) +
           part * income_of(income, people, order, count, high);
}

hsd_palma_groups hsd_rank_palma_groups(const double *income, const double *people, size_t count,
                                       uint32_t *order) {
    size_t used = 0;
    double total = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(income[i]) && people[i] > 0) {
            order[used++] = (uint32_t)i;
            total += people[i];
        }
    if (used == 0) return (hsd_palma_groups){NAN, NAN};
    sort_by(income, order, used);
    return (hsd_palma_groups){quantile(income, people, order, used, total, 0.4),
                              quantile(income, people, order, used, total, 0.9)};
}

double hsd_rank_palma(hsd_palma_groups groups, const double *x, const double *income,
                      const double *people, size_t count) {
    double poor = 0, poor_x = 0, rich = 0, rich_x = 0;
    for (size_t i = 0; i < count; i++) {
        if (income[i] <= groups.poor_max) {
            poor += people[i];
            poor_x += people[i] * x[i];
        } else if (income[i] > groups.rich_above) {
            rich += people[i];
            rich_x += people[i] * x[i];
        }
    }
    return rich > 0 && poor_x > 0 ? (rich_x / rich) / (poor_x / poor) : NAN;
}
