/* Hourshed: rides on a timetable, from stop to stop. Engines see arrays alone: how one comes to the
 * stops and between them is worked out on the streets by times/ and handed in. docs/methods.md, 10.
 */
#ifndef HOURSHED_TRANSIT_H
#define HOURSHED_TRANSIT_H

#include "hourshed/net.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Instants: milliseconds since 24 h before the midnight of the date. */
#define HSD_DAY_MS 86400000u

/* ---- A day of a timetable
 * ------------------------------------------------------------------------ */

typedef struct hsd_day_options {
    int32_t date;                /* days since 1970-01-01 */
    hsd_direction direction;     /* HSD_TO: the day in a mirror, for arrive-by searches */
    uint32_t phase, phase_count; /* headway services as exact trips: phase of phase_count; 0 of 0:
                                  * they wait half a headway */
} hsd_day_options;

/* The trips of a date as patterns: one sequence of stops each, in which no trip overtakes another.
 * Immutable, shared between threads; borrows the timetable. O(calls log trips). */
typedef struct hsd_day hsd_day;
HSD_API hsd_status hsd_day_create(const hsd_timetable *timetable, const hsd_day_options *options,
                                  hsd_day **out, hsd_error *err);
HSD_API void hsd_day_destroy(hsd_day *day);
typedef struct hsd_day_info {
    size_t patterns, headway_patterns, trips, calls; /* trips: runs, of all service days in view */
} hsd_day_info;
HSD_API hsd_day_info hsd_day_info_get(const hsd_day *day);

/* ---- Between rides
 * ------------------------------------------------------------------------------- */

typedef struct hsd_stop_way {
    uint32_t stop, ms;
} hsd_stop_way;

/* How one changes; arrays borrowed. In travel direction, for both directions of search (a mirrored
 * search reads walks and ways inside from their other end: give it the arrays by `to`). All times
 * at most HSD_UNREACHABLE. */
typedef struct hsd_transfer_rules {
    const uint32_t *first_walk; /* stop_count + 1: walks away from a stop (mirrored: towards it) */
    const hsd_stop_way *walks;
    const uint32_t *first_inside; /* the same within a station: ms is the change time */
    const hsd_stop_way *insides;
    const uint32_t *change_ms; /* stop_count: at the stop itself; HSD_UNREACHABLE: forbidden */
    uint32_t board_ms[HSD_RIDE_KINDS];
    uint32_t penalty_ms; /* of every transfer, added before the next ride */
    uint32_t max_rides;  /* 1 ... HSD_MAX_RIDES */
} hsd_transfer_rules;
enum { HSD_MAX_RIDES = 16 };

/* ---- RAPTOR (Delling, Pajor, Werneck 2012)
 * -------------------------------------------------------- */

/* Scratch, one a thread. Borrows the day and the rules. */
typedef struct hsd_raptor hsd_raptor;
HSD_API hsd_status hsd_raptor_create(const hsd_day *day, const hsd_transfer_rules *rules,
                                     hsd_raptor **out, hsd_error *err);
HSD_API void hsd_raptor_destroy(hsd_raptor *raptor);

/* One-to-all at one instant: access[] holds the ways from the origin to stops (HSD_TO: from stops
 * to the target), each stop once. Afterwards hsd_raptor_out_ms is the least time from the instant
 * to when one can leave a stop after at least one ride (HSD_TO: from when one must be at the stop
 * to the instant of arrival); longer than limit_ms reads HSD_UNREACHABLE. */
HSD_API hsd_status hsd_raptor_run(hsd_raptor *raptor, const hsd_stop_way *access,
                                  size_t access_count, uint32_t instant_ms, uint32_t limit_ms,
                                  hsd_error *err);
HSD_API const uint32_t *hsd_raptor_out(const hsd_raptor *raptor); /* stop_count */

/* The same at every one of instants[] (ascending), each as if alone: out_ms[i * stop_count + stop].
 * Range-RAPTOR: from the last instant to the first (HSD_TO: the other way), labels kept. Journeys
 * cannot be asked for after it. */
HSD_API hsd_status hsd_raptor_range(hsd_raptor *raptor, const hsd_stop_way *access,
                                    size_t access_count, const uint32_t *instants_ms, size_t count,
                                    uint32_t limit_ms, uint32_t *out_ms, hsd_error *err);

typedef struct hsd_raptor_counters {
    uint64_t rounds, patterns, calls, walks; /* of the last run or range: scanned */
} hsd_raptor_counters;
HSD_API hsd_raptor_counters hsd_raptor_counters_get(const hsd_raptor *raptor);

/* The best journey to a stop after hsd_raptor_run (HSD_TO: from it), in order of travel; ties: the
 * fewest rides, then the lowest trip, then stop. Instants are real ones in both directions. */
typedef struct hsd_ride {
    uint32_t trip;               /* of the timetable */
    uint32_t from_call, to_call; /* of the timetable */
    uint32_t ready_ms; /* when one may board: gates passed, change over (penalty included); the wait
                        * begins. HSD_TO, first ride: as late as it can be */
    uint32_t board_ms, alight_ms; /* of departure and arrival; a headway's departure: at least
                                   * ready + h/2 */
    int32_t day_offset_s;         /* of its service day against the date's */
    bool walked;                  /* came to the boarding stop on foot (or by car), not inside */
} hsd_ride;
typedef struct hsd_journey {
    hsd_ride *rides;
    size_t count, capacity;
    uint32_t first_stop, last_stop;
    uint32_t start_ms, end_ms; /* end - start = hsd_raptor_out. HSD_FROM: the run's instant, and
                                * when one can leave last_stop; HSD_TO: when one must be at
                                * first_stop, and the run's instant */
} hsd_journey;
HSD_API hsd_status hsd_raptor_journey(const hsd_raptor *raptor, uint32_t stop, hsd_journey *out,
                                      hsd_error *err); /* reuses out's memory; none: count 0 */
HSD_API void hsd_journey_finish(hsd_journey *journey);

#ifdef __cplusplus
}
#endif
#endif
