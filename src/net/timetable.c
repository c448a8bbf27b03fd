/* Stub. */
#include "hourshed/net.h"

hsd_status hsd_network_timetable(const hsd_network *network, const hsd_timetable **out,
                                 hsd_error *err) {
    (void)network;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_network_timetable is not there yet");
}

uint64_t hsd_timetable_trips(const hsd_timetable *timetable, uint32_t feed, int32_t day) {
    (void)timetable;
    (void)feed;
    (void)day;
    return 0;
}

hsd_status hsd_timetable_served(const hsd_timetable *timetable, int32_t day, hsd_error *err) {
    (void)timetable;
    (void)day;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_timetable_served is not there yet");
}
