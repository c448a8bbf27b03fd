/* Trips of a date over a stop set: its days (one a phase of the headways) and how one changes, seen
 * in the direction of the search. A mirrored search reads walks by the stop they lead to. */
#include "base/parallel.h"
#include "times/departures.h"

typedef struct making {
    hsd_transit *transit;
    hsd_day_options options;
} making;

static hsd_status make_days(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    (void)worker;
    const making *m = context;
    hsd_status status = HSD_OK;
    for (size_t i = begin; status == HSD_OK && i < end; i++) {
        hsd_day_options options = m->options;
        options.phase = (uint32_t)i;
        status = hsd_day_create(m->transit->timetable, &options, &m->transit->days[i], err);
    }
    return status;
}

static void take_rules(hsd_transit *transit) {
    const hsd_stop_set *stops = transit->stops;
    hsd_transfer_rules *rules = &transit->rules;
    *rules = (hsd_transfer_rules){.first_walk = stops->walks[transit->direction].first,
                                  .walks = stops->walks[transit->direction].ways,
                                  .first_inside = stops->insides[transit->direction].first,
                                  .insides = stops->insides[transit->direction].ways,
                                  .change_ms = stops->change_ms,
                                  .penalty_ms = stops->rules.penalty_ms,
                                  .max_rides = stops->rules.max_rides};
    for (size_t k = 0; k < HSD_RIDE_KINDS; k++) rules->board_ms[k] = stops->rules.board_ms[k];
}

hsd_status hsd_transit_create(const hsd_stop_set *stops, const hsd_timetable *timetable,
                              int32_t date, hsd_direction direction, const hsd_run *run,
                              hsd_transit **out, hsd_error *err) {
    *out = NULL;
    if (timetable->stop_count != stops->stop_count)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "the timetable has %zu stops, those joined to the streets are %zu",
                        timetable->stop_count, stops->stop_count);
    hsd_transit *transit = hsd_calloc(1, sizeof *transit, err);
    if (transit == NULL) return HSD_E_MEMORY;
    const bool from = direction == HSD_FROM;
    transit->stops = stops;
    transit->timetable = timetable;
    transit->direction = direction;
    transit->near_end = from ? HSD_END_ACCESS : HSD_END_EGRESS;
    transit->far_end = from ? HSD_END_EGRESS : HSD_END_ACCESS;
    transit->day_count = stops->rules.phase_count > 0 ? stops->rules.phase_count : 1;
    take_rules(transit);
    transit->days = hsd_calloc(transit->day_count, sizeof(hsd_day *), err);
    making m = {transit,
                {.date = date, .direction = direction, .phase_count = stops->rules.phase_count}};
    hsd_status status = transit->days != NULL ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK)
        status =
            hsd_parallel_for(run, "trips of the day", transit->day_count, 1, make_days, &m, err);
    if (status != HSD_OK) {
        hsd_transit_destroy(transit);
        return status;
    }
    *out = transit;
    return HSD_OK;
}

void hsd_transit_destroy(hsd_transit *transit) {
    if (transit == NULL) return;
    for (size_t i = 0; transit->days != NULL && i < transit->day_count; i++)
        hsd_day_destroy(transit->days[i]);
    hsd_free(transit->days);
    hsd_free(transit);
}

const hsd_locator *hsd_transit_far(const hsd_transit *transit) {
    return transit->stops->locators[transit->far_end];
}

const hsd_locator *hsd_transit_near(const hsd_transit *transit) {
    return transit->stops->locators[transit->near_end];
}

/* A tree for each foot: the way along the network is bounded from each by itself. The tree runs
 * towards the stops, so against the direction of the search; times of a pair are the same both
 * ways round (times/tree.c). */
hsd_status hsd_transit_far_stops(const hsd_transit *transit, const hsd_feet *place, hsd_tree *tree,
                                 hsd_near_stops *near, hsd_error *err) {
    const hsd_stop_finder *finder = hsd_stop_finder_of(transit->stops, transit->far_end);
    const hsd_direction against = transit->direction == HSD_FROM ? HSD_TO : HSD_FROM;
    const uint32_t cap_ms = hsd_stop_end_cap_ms(transit->stops, transit->far_end);
    hsd_status status = HSD_OK;
    for (size_t f = 0; status == HSD_OK && f < place->count; f++) {
        status = hsd_tree_grow_place(tree, against, &place->feet[f], 0, cap_ms, err);
        if (status == HSD_OK) status = hsd_stop_finder_add(finder, tree, near, err);
    }
    hsd_near_stops_sort(near);
    for (size_t i = 0; i < near->found.count; i++) {
        const uint32_t stop = near->found.data[i];
        const uint32_t end_ms = hsd_stop_end_ms(transit->stops, stop, transit->far_end);
        near->ms[stop] = hsd_ms_add(near->ms[stop], end_ms);
    }
    return status;
}
