/* Gini and Palma for callers that need them thousands of times over the same zones (rankings): the
 * scratch is theirs, the groups of incomes are found once. Formulas: docs/methods.md, 16. */
#ifndef ACCESS_INEQUALITY_H
#define ACCESS_INEQUALITY_H

#include "hourshed/access.h"

/* A zone that counts: somebody lives there and it has a value. w NULL: one each. */
static inline double hsd_people(const double *w, size_t zone) {
    const double people = w ? w[zone] : 1;
    return people > 0 ? people : 0;
}
static inline bool hsd_counts(const double *x, const double *w, size_t zone) {
    return hsd_people(w, zone) > 0 && x[zone] == x[zone];
}

/* hsd_gini; order[count] is the caller's scratch. O(n log n). */
double hsd_gini_in(const double *x, const double *w, size_t count, uint32_t *order);

/* Whom Palma compares, by income and people alone: NAN without any. O(n). */
typedef struct hsd_palma_groups {
    double poor_max, rich_above; /* quantiles 0.4 and 0.9 */
} hsd_palma_groups;
hsd_palma_groups hsd_palma_groups_of(const double *income, const double *w, size_t count);
/* hsd_palma of groups found before. O(n). */
double hsd_palma_over(hsd_palma_groups groups, const double *x, const double *w,
                      const double *income, size_t count, bool shares);
#endif
