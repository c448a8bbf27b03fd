/* Stub. */
#include "hourshed/circles.h"

hsd_status hsd_circles_read(const hsd_network *network, const hsd_locator *locator,
                            const hsd_reading *reading, const hsd_surface *surface,
                            const uint32_t *cutoffs_ms, size_t cutoff_count,
                            const hsd_circle_options *options, hsd_circle *out, hsd_error *err) {
    (void)network;
    (void)locator;
    (void)reading;
    (void)surface;
    (void)cutoffs_ms;
    (void)cutoff_count;
    (void)options;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_circles_read is not there yet");
}
