/* To be written. */
#include <math.h>

#include "hourshed/access.h"

hsd_status hsd_cost_table_from_pairs(size_t origin_count, size_t target_count, hsd_cost_pair *pairs,
                                     size_t pair_count, size_t cost_count, const uint32_t *same,
                                     hsd_cost_table *out, hsd_error *err) {
    (void)origin_count;
    (void)target_count;
    (void)pairs;
    (void)pair_count;
    (void)cost_count;
    (void)same;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_cost_table_from_ms(size_t origin_count, size_t target_count, const uint32_t *ms,
                                  const uint32_t *same, hsd_cost_table *out, hsd_error *err) {
    (void)origin_count;
    (void)target_count;
    (void)ms;
    (void)same;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_cost_table_transpose(const hsd_cost_table *table, hsd_cost_table *out,
                                    hsd_error *err) {
    (void)table;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_cost_table_with_self(const hsd_cost_table *table, hsd_self_time rule, double value,
                                    const double *area_km2, hsd_cost_table *out, hsd_error *err) {
    (void)table;
    (void)rule;
    (void)value;
    (void)area_km2;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

void hsd_cost_table_finish(hsd_cost_table *table) {
    (void)table;
}
