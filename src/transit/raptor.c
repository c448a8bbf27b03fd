/* Stub. */
#include "hourshed/transit.h"

hsd_status hsd_raptor_create(const hsd_day *day, const hsd_transfer_rules *rules, hsd_raptor **out,
                             hsd_error *err) {
    (void)day;
    (void)rules;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_raptor_create is not there yet");
}

void hsd_raptor_destroy(hsd_raptor *raptor) {
    (void)raptor;
}

hsd_status hsd_raptor_run(hsd_raptor *raptor, const hsd_stop_way *access, size_t access_count,
                          uint32_t instant_ms, uint32_t limit_ms, hsd_error *err) {
    (void)raptor;
    (void)access;
    (void)access_count;
    (void)instant_ms;
    (void)limit_ms;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_raptor_run is not there yet");
}

const uint32_t *hsd_raptor_out(const hsd_raptor *raptor) {
    (void)raptor;
    return NULL;
}

hsd_status hsd_raptor_range(hsd_raptor *raptor, const hsd_stop_way *access, size_t access_count,
                            const uint32_t *instants_ms, size_t count, uint32_t limit_ms,
                            uint32_t *out_ms, hsd_error *err) {
    (void)raptor;
    (void)access;
    (void)access_count;
    (void)instants_ms;
    (void)count;
    (void)limit_ms;
    (void)out_ms;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_raptor_range is not there yet");
}

hsd_raptor_counters hsd_raptor_counters_get(const hsd_raptor *raptor) {
    (void)raptor;
    return (hsd_raptor_counters){0};
}

hsd_status hsd_raptor_journey(const hsd_raptor *raptor, uint32_t stop, hsd_journey *out,
                              hsd_error *err) {
    (void)raptor;
    (void)stop;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_raptor_journey is not there yet");
}

void hsd_journey_finish(hsd_journey *journey) {
    (void)journey;
}
