/* Which proposals' trains one rides to a place: on the best trip at the sample whose time is the
 * percentile's (the first of several). A ride is a proposal's where it added or changed the trip,
 * its line, or a station where one boards or alights. */
#include "study/compare_transit.h"
#include "study/scene_tree.h"

static bool is_of(const hsd_timetable *t, const hsd_leg *leg, uint32_t proposal) {
    const hsd_trip_row *trip = &t->trips[leg->trip];
    return trip->proposal == proposal || t->lines[trip->line].proposal == proposal ||
           t->stops[leg->from_stop].proposal == proposal ||
           t->stops[leg->to_stop].proposal == proposal;
}

/* The sample of a way that the percentile falls on; SIZE_MAX: not reached. */
static size_t sample_of(const hsd_reading_part *part, const hsd_feet *feet) {
    const hsd_reading reading = {.parts = {*part}, .part_count = 1};
    const uint32_t ms = hsd_reading_feet_ms(&reading, feet);
    for (size_t k = 0; ms < HSD_UNREACHABLE && k < part->count; k++)
        if (hsd_tree_feet_ms(part->trees[k], feet) == ms) return k;
    return SIZE_MAX;
}

hsd_status hsd_scene_ridden(hsd_scene_tree *tree, const hsd_feet *feet, hsd_ridden *out,
                            hsd_error *err) {
    const hsd_timetable *t = tree->scene->transit->timetable;
    const uint32_t proposals = (uint32_t)tree->run->proposals.proposal_count;
    hsd_legs legs = {0};
    hsd_status status = HSD_OK;
    for (uint32_t p = 0; p < proposals; p++)
        out[p] = (hsd_ridden){HSD_NO_ROW, HSD_NO_ROW, HSD_NO_ROW};
    for (size_t w = 0; status == HSD_OK && w < tree->reading.part_count; w++) {
        const size_t sample = sample_of(&tree->reading.parts[w], feet);
        if (sample == SIZE_MAX) continue;
        status = hsd_departures_legs(tree->rides.ways[w], sample, feet, &legs, err);
        for (size_t i = 0; status == HSD_OK && i < legs.count; i++) {
            const hsd_leg *leg = &legs.legs[i];
            if (leg->kind != HSD_LEG_RIDE) continue;
            for (uint32_t p = 0; p < proposals; p++)
                if (out[p].trip == HSD_NO_ROW && is_of(t, leg, p))
                    out[p] = (hsd_ridden){leg->trip, leg->from_stop, leg->to_stop};
        }
    }
    hsd_legs_finish(&legs);
    return status;
}

const char *hsd_ridden_line(const hsd_scene *scene, const hsd_ridden *ride) {
    const hsd_timetable *t = scene->transit->timetable;
    return ride->trip == HSD_NO_ROW ? NULL : t->strings + t->lines[t->trips[ride->trip].line].name;
}

const char *hsd_ridden_stop(const hsd_scene *scene, uint32_t stop) {
    const hsd_timetable *t = scene->transit->timetable;
    return stop == HSD_NO_ROW ? NULL : t->strings + t->stops[stop].name;
}
