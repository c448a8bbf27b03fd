/* Stub. */
#include "hourshed/times.h"

const char *hsd_leg_kind_name(hsd_leg_kind kind) {
    (void)kind;
    return NULL;
}

hsd_status hsd_departures_legs(hsd_departures *departures, size_t sample, const hsd_feet *target,
                               hsd_legs *out, hsd_error *err) {
    (void)departures;
    (void)sample;
    (void)target;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_departures_legs is not there yet");
}

void hsd_legs_finish(hsd_legs *legs) {
    (void)legs;
}
