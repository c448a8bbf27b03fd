/* To be written. */
#include <math.h>

#include "hourshed/access.h"

hsd_status hsd_access_mean_time(const hsd_cost_table *table, const double *mass,
                                hsd_unreachable_rule rule, double cap_min, double *out,
                                double *missing, hsd_error *err) {
    (void)table;
    (void)mass;
    (void)rule;
    (void)cap_min;
    (void)out;
    (void)missing;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

void hsd_access_coefficient(const double *values, size_t count, double *out) {
    (void)values;
    (void)count;
    (void)out;
}

hsd_status hsd_access_gravity(const hsd_cost_table *table, const double *mass,
                              const hsd_decay *decay, double floor_min, double *out,
                              hsd_error *err) {
    (void)table;
    (void)mass;
    (void)decay;
    (void)floor_min;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_potential(const hsd_cost_table *table, const double *mass, double exponent,
                                double floor_min, double *out, hsd_error *err) {
    (void)table;
    (void)mass;
    (void)exponent;
    (void)floor_min;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_efficiency(const hsd_cost_table *table, const double *mass,
                                 const hsd_lonlat *from, const hsd_lonlat *to, double ideal_kmh,
                                 double *out, hsd_error *err) {
    (void)table;
    (void)mass;
    (void)from;
    (void)to;
    (void)ideal_kmh;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_performance(const hsd_cost_table *table, const double *mass,
                                  const hsd_lonlat *from, const hsd_lonlat *to, double cutoff_min,
                                  double radius_km, double *out, double *proximity,
                                  hsd_error *err) {
    (void)table;
    (void)mass;
    (void)from;
    (void)to;
    (void)cutoff_min;
    (void)radius_km;
    (void)out;
    (void)proximity;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}
