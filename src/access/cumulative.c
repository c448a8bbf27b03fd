/* To be written. */
#include <math.h>

#include "hourshed/access.h"

hsd_status hsd_access_cumulative(const hsd_cost_table *table, const double *mass,
                                 const double *cutoffs, double *out, hsd_error *err) {
    (void)table;
    (void)mass;
    (void)cutoffs;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_interval(const hsd_cost_table *table, const double *mass, double low,
                               double high, double step, hsd_summary summary, bool whole,
                               double *out, hsd_error *err) {
    (void)table;
    (void)mass;
    (void)low;
    (void)high;
    (void)step;
    (void)summary;
    (void)whole;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_closest(const hsd_cost_table *table, const double *mass, double n,
                              double *out, hsd_error *err) {
    (void)table;
    (void)mass;
    (void)n;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_access_balancing(const hsd_cost_table *table, const double *mass,
                                const double *demand, double step, bool strict, double *out,
                                hsd_error *err) {
    (void)table;
    (void)mass;
    (void)demand;
    (void)step;
    (void)strict;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}
