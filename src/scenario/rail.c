/* Stub. */
#include "hourshed/scenario.h"

hsd_status hsd_rail_resolve(const hsd_timetable *base, const hsd_proposal_table *table,
                            int32_t date, const hsd_run *run, hsd_resolved_rail *out,
                            hsd_issues *issues, hsd_error *err) {
    (void)base;
    (void)table;
    (void)date;
    (void)run;
    (void)out;
    (void)issues;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_rail_resolve is not there yet");
}

void hsd_resolved_rail_finish(hsd_resolved_rail *resolved) {
    (void)resolved;
}

hsd_status hsd_scenario_timetable(const hsd_resolved_rail *resolved, const uint8_t *active,
                                  hsd_timetable *out, hsd_error *err) {
    (void)resolved;
    (void)active;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_scenario_timetable is not there yet");
}

bool hsd_proposal_is_rail(const hsd_proposal_table *table, uint32_t proposal) {
    for (size_t i = 0; i < table->service_count; i++)
        if (table->services[i].proposal == proposal) return true;
    for (size_t i = 0; i < table->station_count; i++)
        if (table->stations[i].proposal == proposal) return true;
    for (size_t i = 0; i < table->link_count; i++)
        if (table->links[i].proposal == proposal && table->links[i].kind == HSD_KIND_RAIL)
            return true;
    return false;
}
