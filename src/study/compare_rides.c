/* Whose trains one rides to a place: on the best trip at the sample whose time is the percentile's
 * (the first of several). A ride is a proposal's where it is not there without the proposal: no
 * trip of that name goes from the one stop to the other at those times. Trips are found by name in
 * a sorted list, O(log trips) a ride. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "study/compare_transit.h"
#include "study/scene_tree.h"

/* ---- Trips by name ---- */

static const char *name_of(const hsd_timetable *t, uint32_t trip) {
    return t->strings + t->trips[trip].id;
}

static int by_name(const void *a, const void *b, void *timetable) {
    const uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    const int order = strcmp(name_of(timetable, i), name_of(timetable, k));
    return order ? order : (i > k) - (i < k);
}

hsd_status hsd_trip_index_make(const hsd_timetable *timetable, hsd_trip_index *out,
                               hsd_error *err) {
    *out = (hsd_trip_index){.timetable = timetable};
    out->trips = hsd_alloc(timetable->trip_count, sizeof *out->trips, err);
    if (!out->trips) return HSD_E_MEMORY;
    for (uint32_t i = 0; i < timetable->trip_count; i++) out->trips[i] = i;
    qsort_r(out->trips, timetable->trip_count, sizeof *out->trips, by_name,
            (void *)(uintptr_t)timetable);
    return HSD_OK;
}

void hsd_trip_index_finish(hsd_trip_index *index) {
    hsd_free(index->trips);
    *index = (hsd_trip_index){0};
}

/* The first of the trips called so; there may be several, of other lines. */
static size_t first_named(const hsd_trip_index *index, const char *name) {
    size_t low = 0, high = index->timetable->trip_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(name_of(index->timetable, index->trips[middle]), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- Rides ---- */

static bool same_line(const hsd_timetable *a, uint32_t trip, const hsd_timetable *b,
                      uint32_t other) {
    const hsd_line_row *line = &a->lines[a->trips[trip].line];
    const hsd_line_row *its = &b->lines[b->trips[other].line];
    return strcmp(a->strings + line->id, b->strings + its->id) == 0 && line->feed == its->feed;
}

static bool same_headways(const hsd_timetable *a, const hsd_trip_row *trip, const hsd_timetable *b,
                          const hsd_trip_row *other) {
    return trip->headway_count == other->headway_count &&
           (trip->headway_count == 0 ||
            memcmp(a->headways + trip->first_headway, b->headways + other->first_headway,
                   trip->headway_count * sizeof *a->headways) == 0);
}

/* The trip goes from stop to stop of the leg at its times. */
static bool same_section(const hsd_timetable *a, const hsd_leg *leg, const hsd_timetable *b,
                         const hsd_trip_row *other) {
    const hsd_call_row *from = &a->calls[leg->from_call], *to = &a->calls[leg->to_call];
    const hsd_call_row *calls = b->calls + other->first_call;
    bool boarded = false;
    for (uint32_t i = 0; i < other->call_count; i++) {
        if (boarded && calls[i].stop == to->stop && calls[i].arrival_s == to->arrival_s)
            return true;
        boarded =
            boarded || (calls[i].stop == from->stop && calls[i].departure_s == from->departure_s);
    }
    return false;
}

static bool runs_in(const hsd_trip_index *index, const hsd_timetable *t, const hsd_leg *leg) {
    const hsd_timetable *other = index->timetable;
    const char *name = name_of(t, leg->trip);
    for (size_t i = other ? first_named(index, name) : 0; other && i < other->trip_count; i++) {
        const uint32_t trip = index->trips[i];
        if (strcmp(name_of(other, trip), name) != 0) break;
        if (same_line(t, leg->trip, other, trip) &&
            same_headways(t, &t->trips[leg->trip], other, &other->trips[trip]) &&
            same_section(t, leg, other, &other->trips[trip]))
            return true;
    }
    return false;
}

/* The sample of a way that the percentile falls on; SIZE_MAX: not reached. */
static size_t sample_of(const hsd_reading_part *part, const hsd_feet *feet) {
    const hsd_reading reading = {.parts = {*part}, .part_count = 1};
    const uint32_t ms = hsd_reading_feet_ms(&reading, feet);
    for (size_t k = 0; ms < HSD_UNREACHABLE && k < part->count; k++)
        if (hsd_tree_feet_ms(part->trees[k], feet) == ms) return k;
    return SIZE_MAX;
}

hsd_status hsd_scene_ridden(hsd_scene_tree *tree, const hsd_feet *feet,
                            const hsd_trip_index *const *without, size_t count, hsd_ridden *out,
                            hsd_error *err) {
    const hsd_timetable *t = tree->scene->transit->timetable;
    hsd_legs legs = {0};
    hsd_status status = HSD_OK;
    for (size_t k = 0; k < count; k++) out[k] = HSD_NOT_RIDDEN;
    for (size_t w = 0; status == HSD_OK && w < tree->reading.part_count; w++) {
        const size_t sample = sample_of(&tree->reading.parts[w], feet);
        if (sample == SIZE_MAX) continue;
        status = hsd_departures_legs(tree->rides.ways[w], sample, feet, &legs, err);
        for (size_t i = 0; status == HSD_OK && i < legs.count; i++) {
            const hsd_leg *leg = &legs.legs[i];
            for (size_t k = 0; leg->kind == HSD_LEG_RIDE && k < count; k++)
                if (out[k].trip == HSD_NO_ROW && !runs_in(without[k], t, leg))
                    out[k] = (hsd_ridden){leg->trip, leg->from_stop, leg->to_stop};
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
