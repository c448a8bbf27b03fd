/* To be written. */
#include <math.h>

#include "hourshed/access.h"

hsd_status hsd_access_availability(const hsd_cost_table *table, const hsd_decay *decay,
                                   double alpha, bool as_r, const double *mass,
                                   const double *demand, double *out, double *unserved,
                                   hsd_error *err) {
    (void)table;
    (void)decay;
    (void)alpha;
    (void)as_r;
    (void)mass;
    (void)demand;
    (void)out;
    (void)unserved;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_constrained(const hsd_cost_table *table, const hsd_decay *decay,
                                  const double *mass, const double *demand, double total,
                                  double *out, hsd_error *err) {
    (void)table;
    (void)decay;
    (void)mass;
    (void)demand;
    (void)total;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_doubly(const hsd_cost_table *table, const hsd_decay *decay,
                             const double *mass, const double *demand, double tolerance,
                             double *flows, hsd_error *err) {
    (void)table;
    (void)decay;
    (void)mass;
    (void)demand;
    (void)tolerance;
    (void)flows;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}
