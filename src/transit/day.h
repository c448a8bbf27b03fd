/* A day as the search sees it: flat arrays, in the direction of the search. */
#ifndef TRANSIT_DAY_H
#define TRANSIT_DAY_H

#include "base/memory.h"
#include "hourshed/transit.h"

/* The clock's last instant. A mirrored search sees an instant t as CLOCK_END - t. */
#define CLOCK_END (HSD_UNREACHABLE - 1)

/* One vehicle on one service day, or a headway service of one: what its trip's calls say, moved by
 * shift_ms (span_ms = 0), or by anything from shift_ms to shift_ms + span_ms. first_call and
 * call_count are the calls within the clock. */
typedef struct day_run {
    int64_t shift_ms;
    uint32_t trip, first_call, call_count;
    uint32_t span_ms;
    uint32_t wait_ms;     /* half a headway */
    int32_t day_offset_s; /* of the service day against the date's, in the first feed's zone */
    bool headway;
} day_run;

/* Runs with one sequence of stops, flags and kind, none of which overtakes another, so that each
 * column (the runs' times at one position) ascends. Times are in columns: that of position i is
 * [i * run_count ...] from first_time. A headway service is a pattern of one run: its times are the
 * first vehicle's, the last is span_ms later. */
typedef struct day_pattern {
    uint32_t first_stop, stop_count; /* into pattern_stops */
    uint32_t first_run, run_count;
    size_t first_time;
    uint32_t kind; /* hsd_ride_kind */
    bool headway;
    uint32_t span_ms;
    uint32_t wait_before_ms, wait_after_ms; /* the mirror charges h/2 where the ride ends */
} day_pattern;

enum { DAY_MAY_BOARD = 1, DAY_MAY_ALIGHT = 2 };
typedef struct day_stop {
    uint32_t stop, flags; /* in search direction */
} day_stop;

/* Where a stop stands in a pattern. */
typedef struct day_place {
    uint32_t pattern, position;
} day_place;

struct hsd_day {
    const hsd_timetable *timetable;
    hsd_day_options options;
    day_run *runs;
    day_pattern *patterns;
    day_stop *pattern_stops;
    uint32_t *departures, *arrivals; /* columns */
    uint32_t *first_place;           /* stop_count + 1, into places: */
    uint32_t *board_end;             /* stop_count: those where one may board come first */
    day_place *places;
    size_t run_count, pattern_count, headway_count, pattern_stop_count, time_count;
};

/* Every run in view of the day (runs.c), and runs to patterns, columns and places (patterns.c).
 * False: out of memory, err filled. */
typedef HSD_ARRAY(day_run) day_runs;
hsd_status day_collect_runs(const hsd_timetable *timetable, const hsd_day_options *options,
                            day_runs *out, hsd_error *err);
bool day_group_runs(hsd_day *day, const day_runs *runs, hsd_error *err);

/* The call of a run at a position of its pattern, and its instants there in search direction. */
static inline uint32_t day_call(const hsd_day *day, const day_run *run, uint32_t position) {
    return run->first_call +
           (day->options.direction == HSD_FROM ? position : run->call_count - 1 - position);
}
static inline uint32_t day_instant(const hsd_day *day, int64_t ms) {
    const uint32_t on_clock = ms < 0 ? 0 : ms > CLOCK_END ? CLOCK_END : (uint32_t)ms;
    return day->options.direction == HSD_FROM ? on_clock : CLOCK_END - on_clock;
}
static inline uint32_t day_departure(const hsd_day *day, const day_run *run, uint32_t position) {
    const hsd_call_row *call = &day->timetable->calls[day_call(day, run, position)];
    return day->options.direction == HSD_FROM
               ? day_instant(day, call->departure_s * INT64_C(1000) + run->shift_ms)
               : day_instant(day, call->arrival_s * INT64_C(1000) + run->shift_ms + run->span_ms);
}
static inline uint32_t day_arrival(const hsd_day *day, const day_run *run, uint32_t position) {
    const hsd_call_row *call = &day->timetable->calls[day_call(day, run, position)];
    return day->options.direction == HSD_FROM
               ? day_instant(day, call->arrival_s * INT64_C(1000) + run->shift_ms)
               : day_instant(day, call->departure_s * INT64_C(1000) + run->shift_ms + run->span_ms);
}
static inline uint32_t day_flags(const hsd_day *day, const day_run *run, uint32_t position) {
    const uint32_t flags = day->timetable->calls[day_call(day, run, position)].flags;
    const bool boards = !(flags & HSD_CALL_NO_BOARDING), alights = !(flags & HSD_CALL_NO_ALIGHTING);
    const bool mirrored = day->options.direction == HSD_TO;
    return ((mirrored ? alights : boards) ? DAY_MAY_BOARD : 0u) |
           ((mirrored ? boards : alights) ? DAY_MAY_ALIGHT : 0u);
}
#endif
