/* Stub. */
#include "hourshed/times.h"

hsd_status hsd_egress_table_create(const hsd_transit *transit, const hsd_zone_set *zones,
                                   const hsd_run *run, hsd_egress_table **out, hsd_error *err) {
    (void)transit;
    (void)zones;
    (void)run;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_egress_table_create is not there yet");
}

void hsd_egress_table_destroy(hsd_egress_table *table) {
    (void)table;
}

hsd_status hsd_egress_table_times(const hsd_egress_table *table, const hsd_departures *departures,
                                  double percent, uint32_t *out_ms, double *shares,
                                  hsd_error *err) {
    (void)table;
    (void)departures;
    (void)percent;
    (void)out_ms;
    (void)shares;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_egress_table_times is not there yet");
}
