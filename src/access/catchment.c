/* To be written. */
#include <math.h>

#include "hourshed/access.h"

hsd_status hsd_access_catchment(const hsd_cost_table *table, const hsd_catchment_options *options,
                                const double *supply, const double *demand, double *out,
                                double *unserved, hsd_error *err) {
    (void)table;
    (void)options;
    (void)supply;
    (void)demand;
    (void)out;
    (void)unserved;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}
