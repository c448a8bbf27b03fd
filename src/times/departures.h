/* Trips of one origin over a window, inside: for departures.c, egress_table.c and legs.c. */
#ifndef TIMES_DEPARTURES_H
#define TIMES_DEPARTURES_H

#include "times/reading.h"
#include "times/stop_set.h"

struct hsd_transit {
    const hsd_stop_set *stops;
    const hsd_timetable *timetable;
    hsd_direction direction;
    int near_end,
        far_end;    /* HSD_END_...: HSD_FROM begins with the access, HSD_TO with the egress */
    hsd_day **days; /* day_count: one a phase */
    size_t day_count;
    hsd_transfer_rules rules;
};

struct hsd_departures {
    const hsd_transit *transit;
    uint32_t limit_ms;
    HSD_ARRAY(hsd_seed) near_seeds;
    HSD_ARRAY(hsd_seed) direct_seeds;
    HSD_ARRAY(uint32_t) instants;
    hsd_tree *near;             /* to the stops; tells nothing where there are no near seeds */
    hsd_tree *direct;           /* without a ride; the same */
    hsd_stop_way_array access;  /* between the origin and stops, ascending */
    hsd_raptor **raptors;       /* day_count */
    HSD_ARRAY(uint32_t) out_ms; /* of one phase: instant by instant, all stops */
    HSD_ARRAY(uint32_t) lanes;  /* stop by stop, all samples */
    HSD_ARRAY(uint32_t) least;  /* of each stop's lane */
    HSD_ARRAY(uint32_t) sorting;
    HSD_ARRAY(hsd_tree *) trees; /* of samples, on the far end; made when first needed */
    HSD_ARRAY(hsd_seed) far_seeds;
    size_t tree_count; /* grown by the last call */
    hsd_transit_counters counters;
    size_t ran; /* the sample the raptor of its phase last ran alone for; SIZE_MAX: none */
    /* scratch of legs.c */
    hsd_tree *way[HSD_ENDS];
    hsd_near_stops found;
    hsd_track track;
    hsd_journey journey;
};

/* Samples stand instant by instant, phase by phase. */
static inline size_t hsd_departures_samples(const hsd_departures *departures) {
    return departures->instants.count * departures->transit->day_count;
}
static inline const uint32_t *hsd_departures_lane(const hsd_departures *departures, uint32_t stop) {
    return departures->lanes.data + stop * hsd_departures_samples(departures);
}
/* Ways between one place of the far end and the stops around it, as long as the cap allows: what is
 * paid at the stop included; near was cleared before. tree: scratch on the far end's locator. */
hsd_status hsd_transit_far_stops(const hsd_transit *transit, const hsd_feet *place, hsd_tree *tree,
                                 hsd_near_stops *near, hsd_error *err);
/* The journeys of a sample can be asked for afterwards. */
hsd_status hsd_departures_run(hsd_departures *departures, size_t sample, hsd_error *err);
#endif
