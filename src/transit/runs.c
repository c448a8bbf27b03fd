/* Which trips run in view of a date, and when: docs/methods.md, 10.
 *
 * The clock begins 24 h before the midnight of the date and ends after HSD_UNREACHABLE ms. In view
 * are trips of the day after the date, the date, and of as many days before as it takes for a trip
 * to be under way on the clock; what of them lies off the clock is cut away, call by call. A
 * headway service that is under way when the clock begins becomes several, one for each call at
 * which vehicles first appear on it; the wait is the same as that for the whole (test property/
 * transit_brute). O(days x trips + runs). */
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "transit/day.h"

enum { MOST_DAYS = 400 };     /* before the date; a longer trip is not believed */
enum { MOST_RUNS = 1 << 22 }; /* in view: a country's on a day are a quarter of it */

typedef struct collector {
    const hsd_timetable *timetable;
    const hsd_day_options *options;
    const int32_t *zone_shift_s; /* of each feed */
    day_runs *runs;
    hsd_error *err;
} collector;

/* Vehicles of a trip moved by low ... high ms: those calls of them that lie on the clock. */
static bool add_run(collector *c, day_run run, int64_t low, int64_t high) {
    const hsd_trip_row *trip = &c->timetable->trips[run.trip];
    const hsd_call_row *calls = &c->timetable->calls[trip->first_call];
    for (uint32_t j = 0; j + 1 < trip->call_count; j++) {
        /* vehicles whose first call on the clock is the j-th */
        const int64_t at_least = -(int64_t)calls[j].departure_s * 1000;
        const int64_t begin = low > at_least ? low : at_least;
        int64_t end = high;
        if (j > 0 && end > -(int64_t)calls[j - 1].departure_s * 1000 - 1)
            end = -(int64_t)calls[j - 1].departure_s * 1000 - 1;
        uint32_t count = trip->call_count - j;
        while (count > 0 && calls[j + count - 1].arrival_s * INT64_C(1000) + end > CLOCK_END)
            count--;
        if (begin <= end && count >= 2) {
            run.shift_ms = begin;
            run.span_ms = (uint32_t)(end - begin);
            run.first_call = trip->first_call + j;
            run.call_count = count;
            if (!hsd_array_push(c->runs, run, c->err)) return false;
        }
        if (at_least <= low) break;
    }
    return true;
}

/* FNV-1a of the line's id: where between two departures of phase 0 the service begins. */
static uint32_t line_hash(const hsd_timetable *t, uint32_t line) {
    uint32_t hash = 2166136261u;
    for (const char *c = t->strings + t->lines[line].id; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    return hash;
}

/* Departures of a headway row as trips of their own. base: what a trip that starts at the row's
 * start is moved by. */
static bool add_departures(collector *c, day_run run, const hsd_headway_row *row, int64_t base) {
    const int64_t step = row->headway_s * INT64_C(1000);
    const int64_t length = (row->end_s - (int64_t)row->start_s) * 1000;
    int64_t at = 0;
    if (step > 0 && length / step + (int64_t)c->runs->count > MOST_RUNS) {
        hsd_fail(c->err, HSD_E_MEMORY,
                 "trip \"%.60s\": every %u s make more than %d trips about the date; are minutes "
                 "meant?",
                 c->timetable->strings + c->timetable->trips[run.trip].id, row->headway_s,
                 MOST_RUNS);
        return false;
    }
    if (!row->exact) {
        const uint64_t turn = ((uint64_t)c->options->phase << 32) / c->options->phase_count;
        const uint32_t fraction =
            (uint32_t)turn + line_hash(c->timetable, c->timetable->trips[run.trip].line);
        at = (int64_t)(((uint64_t)step * fraction) >> 32);
    }
    for (; at < length; at += step) {
        if (!add_run(c, run, base + at, base + at)) return false;
        if (step == 0) break;
    }
    return true;
}

static bool add_headways(collector *c, day_run run, int64_t midnight_ms) {
    const hsd_timetable *t = c->timetable;
    const hsd_trip_row *trip = &t->trips[run.trip];
    const int64_t own_start = t->calls[trip->first_call].departure_s * INT64_C(1000);
    for (uint32_t i = 0; i < trip->headway_count; i++) {
        const hsd_headway_row *row = &t->headways[trip->first_headway + i];
        const int64_t base = midnight_ms + row->start_s * INT64_C(1000) - own_start;
        if (row->exact || c->options->phase_count > 0) {
            if (!add_departures(c, run, row, base)) return false;
            continue;
        }
        const uint64_t half = row->headway_s * UINT64_C(500);
        day_run service = run;
        service.headway = true;
        service.wait_ms = half < HSD_UNREACHABLE ? (uint32_t)half : HSD_UNREACHABLE;
        if (!add_run(c, service, base, base + (row->end_s - (int64_t)row->start_s) * 1000))
            return false;
    }
    return true;
}

/* Seconds from the service day's midnight until the last vehicle of a trip has arrived. */
static int64_t trip_end_s(const hsd_timetable *t, const hsd_trip_row *trip) {
    const hsd_call_row *calls = &t->calls[trip->first_call];
    const int64_t arrival = calls[trip->call_count - 1].arrival_s;
    if (trip->headway_count == 0) return arrival;
    int64_t end = INT32_MIN;
    for (uint32_t i = 0; i < trip->headway_count; i++) {
        const int64_t last = t->headways[trip->first_headway + i].end_s;
        if (last > end) end = last;
    }
    return end + arrival - calls[0].departure_s;
}

static bool add_trip(collector *c, uint32_t index) {
    const hsd_timetable *t = c->timetable;
    const hsd_trip_row *trip = &t->trips[index];
    if (trip->call_count < 2) return true;
    const uint32_t feed = t->lines[trip->line].feed;
    const int64_t shift_s = feed == HSD_NO_ROW ? 0 : c->zone_shift_s[feed];
    const int64_t end_s = trip_end_s(t, trip) + shift_s;
    for (int32_t day = 1; day >= -MOST_DAYS; day--) {
        const int64_t midnight_s = (day + INT64_C(1)) * 86400;
        if (midnight_s + end_s < 0) break;
        if (!hsd_service_runs(t, trip->service, c->options->date + day)) continue;
        const day_run run = {.trip = index, .day_offset_s = (int32_t)(day * 86400 + shift_s)};
        const int64_t moved_ms = (midnight_s + shift_s) * 1000;
        if (!(trip->headway_count > 0 ? add_headways(c, run, moved_ms)
                                      : add_run(c, run, moved_ms, moved_ms)))
            return false;
    }
    return true;
}

/* Feeds in another zone than the first one's are moved by the difference at noon of the date. */
static hsd_status find_zone_shifts(const hsd_timetable *t, int32_t date, int32_t *shift_s,
                                   hsd_error *err) {
    for (size_t i = 1; i < t->feed_count; i++) {
        const char *names[2] = {t->strings + t->feeds[0].time_zone,
                                t->strings + t->feeds[i].time_zone};
        if (strcmp(names[0], names[1]) == 0) continue;
        int32_t offsets[2];
        for (int k = 0; k < 2; k++)
            if (!hsd_zone_offset_s(names[k], date, &offsets[k]))
                return hsd_fail(err, HSD_E_FORMAT,
                                "feed %s: time zone \"%s\" is not known to this system, and feeds "
                                "of different zones must be put on one clock",
                                t->strings + t->feeds[k == 0 ? 0 : i].name, names[k]);
        shift_s[i] = offsets[0] - offsets[1];
    }
    return HSD_OK;
}

hsd_status day_collect_runs(const hsd_timetable *timetable, const hsd_day_options *options,
                            day_runs *out, hsd_error *err) {
    int32_t *shift_s = hsd_calloc(timetable->feed_count, sizeof *shift_s, err);
    if (shift_s == NULL) return HSD_E_MEMORY;
    collector c = {timetable, options, shift_s, out, err};
    hsd_status status = find_zone_shifts(timetable, options->date, shift_s, err);
    for (uint32_t i = 0; status == HSD_OK && i < timetable->trip_count; i++)
        if (!add_trip(&c, i)) status = HSD_E_MEMORY;
    hsd_free(shift_s);
    return status;
}
