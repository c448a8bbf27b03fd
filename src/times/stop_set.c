/* Stub. */
#include "hourshed/times.h"

hsd_transit_rules hsd_transit_defaults(void) {
    return (hsd_transit_rules){0};
}

hsd_status hsd_stop_set_create(const hsd_timetable *timetable, const hsd_locator *access,
                               const hsd_locator *egress, const hsd_locator *walk,
                               const hsd_transit_rules *rules, const hsd_run *run,
                               hsd_stop_set **out, hsd_error *err) {
    (void)timetable;
    (void)access;
    (void)egress;
    (void)walk;
    (void)rules;
    (void)run;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_stop_set_create is not there yet");
}

void hsd_stop_set_destroy(hsd_stop_set *stops) {
    (void)stops;
}

const hsd_feet *hsd_stop_set_feet(const hsd_stop_set *stops, uint32_t stop, int end) {
    (void)stops;
    (void)stop;
    (void)end;
    return NULL;
}
