/* The decay of every pair of a table at once, for measures that walk pairs several times. */
#ifndef ACCESS_PAIR_WEIGHTS_H
#define ACCESS_PAIR_WEIGHTS_H

#include "access/pairs.h"

/* f[pair_count]; 0 for what hsd_pairs_next passes over: a zone with itself under skip_self, further
 * ways to a target. HSD_E_ARGUMENT names the first pair whose decay is infinite or below 0. */
static inline hsd_status hsd_pair_weights(const hsd_cost_table *table, const hsd_decay *decay,
                                          double *f, hsd_error *err) {
    for (size_t pair = 0; pair < table->pair_count; pair++) f[pair] = 0;
    for (size_t i = 0; i < table->origin_count; i++)
        for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);) {
            const double cost = table->costs[0][at.pair], value = hsd_decay_value(decay, cost);
            f[at.pair] = value;
            if (value >= 0 && value * 0 == 0) continue;
            char from[HSD_ZONE_LABEL], to[HSD_ZONE_LABEL];
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "the decay of %s to %s, at %g, is %g: expected a finite weight, >= 0",
                            hsd_zone_label(table->origin_ids, i, from),
                            hsd_zone_label(table->target_ids, at.target, to), cost, value);
        }
    return HSD_OK;
}
#endif
