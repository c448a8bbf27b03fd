/* What every measure does with a table of costs: walk the targets of an origin, check its columns.
 *
 *     for (hsd_pairs at = hsd_pairs_of(table, origin); hsd_pairs_next(&at);)
 *         sum += mass[at.target] * f(cost_min[at.pair]);
 */
#ifndef ACCESS_PAIRS_H
#define ACCESS_PAIRS_H

#include "hourshed/access.h"

/* Where a walk over the targets of one origin stands. */
typedef struct hsd_pairs {
    const uint32_t *targets;
    size_t pair, next, end;
    uint32_t target;
    uint32_t self; /* passed over; HSD_NO_ROW: none is */
} hsd_pairs;

/* The target that is the origin's own zone; HSD_NO_ROW: none is. */
static inline uint32_t hsd_pairs_self(const hsd_cost_table *table, size_t origin) {
    return table->same ? table->same[origin] : HSD_NO_ROW;
}

static inline hsd_pairs hsd_pairs_of(const hsd_cost_table *table, size_t origin) {
    return (hsd_pairs){.targets = table->target,
                       .next = table->first[origin],
                       .end = table->first[origin + 1],
                       .target = HSD_NO_ROW,
                       .self = table->skip_self ? hsd_pairs_self(table, origin) : HSD_NO_ROW};
}

/* Steps to the next target that can be reached, not the zone itself where the table says skip_self;
 * false at the end. A target with several ways comes once, by the one of the least first cost. */
static inline bool hsd_pairs_next(hsd_pairs *at) {
    while (at->next < at->end) {
        const uint32_t target = at->targets[at->next++];
        if (target == at->target || target == at->self) continue;
        at->target = target;
        at->pair = at->next - 1;
        return true;
    }
    return false;
}

/* Masses, supply, demand, `what` it is: HSD_E_FORMAT names the first zone whose value is NAN,
 * infinite or negative. values NULL: nothing to check. ids may be NULL. */
hsd_status hsd_check_masses(const char *what, const double *values, size_t count,
                            const char *const *ids, hsd_error *err);
static inline hsd_status hsd_check_target_masses(const hsd_cost_table *table, const double *mass,
                                                 hsd_error *err) {
    return hsd_check_masses("mass", mass, table->target_count, table->target_ids, err);
}
/* mass NULL: every target counts once. */
static inline double hsd_mass_at(const double *mass, size_t target) {
    return mass ? mass[target] : 1;
}
/* HSD_E_ARGUMENT where a parameter is not finite, or is below 0 (above: or 0). */
hsd_status hsd_check_number(const char *what, double value, bool above, hsd_error *err);
/* HSD_E_ARGUMENT: a power or a ratio of a cost of 0 has no value; names the pair. */
hsd_status hsd_fail_zero_cost(const hsd_cost_table *table, size_t origin, uint32_t target,
                              hsd_error *err);
enum { HSD_ZONE_LABEL = 80 };
/* A zone in a message: its id in quotes, else "number N" from 1. buffer of HSD_ZONE_LABEL. */
const char *hsd_zone_label(const char *const *ids, size_t zone, char *buffer);
#endif
