/* Stub. */
#include "hourshed/times.h"

size_t hsd_percentile_rank(double percent, size_t count) {
    (void)percent;
    (void)count;
    return 0;
}

uint32_t hsd_reading_foot_ms(const hsd_reading *reading, const hsd_foot *foot) {
    (void)reading;
    (void)foot;
    return 0;
}

uint32_t hsd_reading_feet_ms(const hsd_reading *reading, const hsd_feet *feet) {
    (void)reading;
    (void)feet;
    return 0;
}

hsd_status hsd_reading_pieces(const hsd_reading *reading, uint32_t cutoff_ms, hsd_piece_visit visit,
                              void *context, hsd_error *err) {
    (void)reading;
    (void)cutoff_ms;
    (void)visit;
    (void)context;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_reading_pieces is not there yet");
}

hsd_status hsd_zone_set_read(const hsd_zone_set *zones, const hsd_reading *reading,
                             const uint32_t *cutoffs_ms, size_t cutoff_count, hsd_zone_time *out,
                             double *shares, hsd_error *err) {
    (void)zones;
    (void)reading;
    (void)cutoffs_ms;
    (void)cutoff_count;
    (void)out;
    (void)shares;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_zone_set_read is not there yet");
}

void hsd_zone_set_point_read(const hsd_zone_set *zones, const hsd_reading *reading,
                             uint32_t *out_ms) {
    (void)zones;
    (void)reading;
    (void)out_ms;
}

hsd_status hsd_surface_read(hsd_lattice *lattice, const hsd_reading *reading, uint32_t limit_ms,
                            const hsd_run *run, hsd_surface *out, hsd_error *err) {
    (void)lattice;
    (void)reading;
    (void)limit_ms;
    (void)run;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_surface_read is not there yet");
}
