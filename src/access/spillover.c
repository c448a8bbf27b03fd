/* To be written. */
#include <math.h>

#include "hourshed/access.h"

hsd_status hsd_access_spillover(const hsd_spillover *in, double *spill, double *first_in,
                                double *residual, hsd_error *err) {
    (void)in;
    (void)spill;
    (void)first_in;
    (void)residual;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}
