/* Measures of equality over zones, for rankings. Formulas: docs/methods.md, 9. */
#ifndef COMPARE_RANK_MEASURES_H
#define COMPARE_RANK_MEASURES_H

#include "hourshed/base.h"

/* Gini coefficient of x weighted by `weights` (>= 0). order: count, scratch. NAN where the weighted
 * sum of x is 0. O(n log n). */
double hsd_rank_gini(const double *x, const double *weights, size_t count, uint32_t *order);

/* Palma ratio: groups are made once, of incomes and people alone. */
typedef struct hsd_palma_groups {
    double poor_max, rich_above; /* weighted quantiles 0.4 and 0.9 of income; NAN without any */
} hsd_palma_groups;
hsd_palma_groups hsd_rank_palma_groups(const double *income, const double *people, size_t count,
                                       uint32_t *order);
/* Mean of x over the rich by that over the poor, weighted by people; NAN where a group is empty or
 * the poor have nothing. */
double hsd_rank_palma(hsd_palma_groups groups, const double *x, const double *income,
                      const double *people, size_t count);
#endif
