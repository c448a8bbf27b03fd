/* To be written. */
#include <math.h>

#include "hourshed/access.h"

hsd_status hsd_access_linkage(const hsd_cost_table *table, const double *mass_from,
                              const double *mass_to, double k, double exponent, double *strength,
                              double *totals, hsd_error *err) {
    (void)table;
    (void)mass_from;
    (void)mass_to;
    (void)k;
    (void)exponent;
    (void)strength;
    (void)totals;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_field(const hsd_cost_table *table, const double *mass, double exponent,
                            double floor_min, double *strength, uint32_t *target, hsd_error *err) {
    (void)table;
    (void)mass;
    (void)exponent;
    (void)floor_min;
    (void)strength;
    (void)target;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_huff(const hsd_cost_table *table, const double *mass, double a, double b,
                           double floor_min, double *shares, hsd_error *err) {
    (void)table;
    (void)mass;
    (void)a;
    (void)b;
    (void)floor_min;
    (void)shares;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

double hsd_access_breakpoint(double distance, double mass_a, double mass_b) {
    (void)distance;
    (void)mass_a;
    (void)mass_b;
    return NAN;
}
