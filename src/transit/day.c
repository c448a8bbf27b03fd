/* Stub. */
#include "hourshed/transit.h"

hsd_status hsd_day_create(const hsd_timetable *timetable, const hsd_day_options *options,
                          hsd_day **out, hsd_error *err) {
    (void)timetable;
    (void)options;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_day_create is not there yet");
}

void hsd_day_destroy(hsd_day *day) {
    (void)day;
}

hsd_day_info hsd_day_info_get(const hsd_day *day) {
    (void)day;
    return (hsd_day_info){0};
}
