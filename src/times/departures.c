/* Stub. */
#include "hourshed/times.h"

hsd_status hsd_transit_create(const hsd_stop_set *stops, const hsd_timetable *timetable,
                              int32_t date, hsd_direction direction, const hsd_run *run,
                              hsd_transit **out, hsd_error *err) {
    (void)stops;
    (void)timetable;
    (void)date;
    (void)direction;
    (void)run;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_transit_create is not there yet");
}

void hsd_transit_destroy(hsd_transit *transit) {
    (void)transit;
}

const hsd_locator *hsd_transit_far(const hsd_transit *transit) {
    (void)transit;
    return NULL;
}

const hsd_locator *hsd_transit_near(const hsd_transit *transit) {
    (void)transit;
    return NULL;
}

hsd_status hsd_departures_create(const hsd_transit *transit, hsd_departures **out, hsd_error *err) {
    (void)transit;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_departures_create is not there yet");
}

void hsd_departures_destroy(hsd_departures *departures) {
    (void)departures;
}

hsd_status hsd_departures_ride(hsd_departures *departures, const hsd_seed *near, size_t near_count,
                               const hsd_seed *direct, size_t direct_count,
                               const uint32_t *instants_ms, size_t count, uint32_t limit_ms,
                               hsd_error *err) {
    (void)departures;
    (void)near;
    (void)near_count;
    (void)direct;
    (void)direct_count;
    (void)instants_ms;
    (void)count;
    (void)limit_ms;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_departures_ride is not there yet");
}

hsd_status hsd_departures_grow(hsd_departures *departures, const hsd_seed *near, size_t near_count,
                               const hsd_seed *direct, size_t direct_count,
                               const uint32_t *instants_ms, size_t count, uint32_t limit_ms,
                               hsd_error *err) {
    (void)departures;
    (void)near;
    (void)near_count;
    (void)direct;
    (void)direct_count;
    (void)instants_ms;
    (void)count;
    (void)limit_ms;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_departures_grow is not there yet");
}

size_t hsd_departures_count(const hsd_departures *departures) {
    (void)departures;
    return 0;
}

hsd_reading_part hsd_departures_part(const hsd_departures *departures, double percent) {
    (void)departures;
    (void)percent;
    return (hsd_reading_part){0};
}

uint32_t hsd_departures_stop_ms(const hsd_departures *departures, uint32_t stop, size_t rank) {
    (void)departures;
    (void)stop;
    (void)rank;
    return 0;
}

hsd_transit_counters hsd_departures_counters(const hsd_departures *departures) {
    (void)departures;
    return (hsd_transit_counters){0};
}
