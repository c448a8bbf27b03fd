/* Tiny random timetables with everything in them that tells labels apart (headways, exact and not,
 * trips past midnight, flags, loops, overtaking, walks, changes, ways inside, boarding times,
 * penalties), and what is reached on them by going through all rows, round by round: no patterns,
 * no dominance, no mirror, nothing of src/transit. */
#ifndef TESTS_RANDOM_TIMETABLE_H
#define TESTS_RANDOM_TIMETABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../unit/hand_timetable.h"
#include "base/random.h"
#include "hourshed/transit.h"

enum { MAX_STOPS = 9, MAX_WAYS = 40, FIRST_DAY = 20000, DATE = FIRST_DAY + 4 };
#define NEVER INT64_MAX

static inline uint32_t below(hsd_random *random, uint32_t n) {
    return (uint32_t)(hsd_random_next(random) % n);
}

/* Walks or ways inside: a list, and as the rules want it, from either end. */
typedef struct way_list {
    uint32_t count, from[MAX_WAYS], to[MAX_WAYS], ms[MAX_WAYS];
    uint32_t first[2][MAX_STOPS + 1];
    hsd_stop_way rows[2][MAX_WAYS];
} way_list;

typedef struct world {
    hand_timetable timetable;
    uint32_t stop_count, change_ms[MAX_STOPS];
    way_list walks, insides;
    uint32_t board_ms[HSD_RIDE_KINDS], penalty_ms, max_rides;
    uint32_t phase, phase_count;
} world;

static inline void ways_index(way_list *w, uint32_t stops) {
    for (int end = 0; end < 2; end++) {
        uint32_t at = 0;
        for (uint32_t s = 0; s < stops; s++) {
            w->first[end][s] = at;
            for (uint32_t i = 0; i < w->count; i++)
                if ((end ? w->to[i] : w->from[i]) == s)
                    w->rows[end][at++] = (hsd_stop_way){end ? w->from[i] : w->to[i], w->ms[i]};
        }
        w->first[end][stops] = at;
    }
}

static inline hsd_transfer_rules world_rules(const world *w, hsd_direction direction) {
    const int end = direction == HSD_TO;
    hsd_transfer_rules rules = {.first_walk = w->walks.first[end],
                                .walks = w->walks.rows[end],
                                .first_inside = w->insides.first[end],
                                .insides = w->insides.rows[end],
                                .change_ms = w->change_ms,
                                .penalty_ms = w->penalty_ms,
                                .max_rides = w->max_rides};
    memcpy(rules.board_ms, w->board_ms, sizeof rules.board_ms);
    return rules;
}

/* ---- Random ones ----------------------------------------------------------------------------- */

static inline void random_ways(hsd_random *random, way_list *w, uint32_t stops, uint32_t most_ms) {
    w->count = below(random, 2 * stops);
    for (uint32_t i = 0; i < w->count; i++) {
        w->from[i] = below(random, stops);
        w->to[i] = below(random, stops);
        w->ms[i] =
            below(random, 4) ? below(random, most_ms / 60000 + 1) * 60000 : below(random, most_ms);
    }
    ways_index(w, stops);
}

/* A trip along a sequence; coarse times, so that much ties. */
static inline void random_trip(hsd_random *random, hand_timetable *h, const uint32_t *sequence,
                               uint32_t length, uint32_t flags) {
    static const int32_t steps[] = {0, 60, 60, 120, 300, 300, 600, 1200, 7};
    int32_t at = (int32_t)(below(random, 3) ? 7 * 3600 + below(random, 90) * 60
                                            : below(random, 30 * 60) * 60);
    hand_trip(h, "trip", below(random, (uint32_t)h->table.line_count),
              below(random, (uint32_t)h->table.service_count));
    for (uint32_t i = 0; i < length; i++) {
        const int32_t arrival = at;
        at += below(random, 3) ? 0 : steps[below(random, 9)];
        hand_call(h, sequence[i], arrival, at);
        h->calls[h->table.call_count - 1].flags = flags >> (2 * i) & 3;
        at += steps[below(random, 9)];
        if (below(random, 60) == 0) at += 40 * 3600; /* one that goes on for days */
    }
    if (below(random, 4)) return;
    for (uint32_t n = 1 + below(random, 2); n > 0; n--) {
        const int32_t start = (int32_t)(below(random, 3) ? 7 * 3600 + below(random, 60) * 60
                                                         : below(random, 26 * 60) * 60);
        hand_headway(h, start, start + (int32_t)below(random, 90) * 60,
                     60 * (1 + below(random, 20)) + below(random, 2), below(random, 2));
    }
}

static inline void random_world(hsd_random *random, world *w) {
    static const char *names[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8"};
    hand_timetable *h = &w->timetable;
    hand_timetable_init(h, FIRST_DAY, 8);
    w->stop_count = 2 + below(random, MAX_STOPS - 1);
    for (uint32_t s = 0; s < w->stop_count; s++) hand_stop(h, names[s], 0, 0);
    for (uint32_t n = 1 + below(random, 3); n > 0; n--)
        hand_line(h, names[n], (hsd_ride_kind)below(random, HSD_RIDE_KINDS));
    for (uint32_t n = 1 + below(random, 3); n > 0; n--)
        hand_service(h, below(random, 3) ? UINT64_MAX : hsd_random_next(random));
    uint32_t sequences[3][5], flags[4] = {0, 0, 0, 0};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 5; k++) sequences[i][k] = below(random, w->stop_count);
    flags[3] = (uint32_t)hsd_random_next(random) & (uint32_t)hsd_random_next(random);
    for (uint32_t n = below(random, 14); n > 0; n--)
        random_trip(random, h, sequences[below(random, 3)], 2 + below(random, 4),
                    flags[below(random, 4)]);
    random_ways(random, &w->walks, w->stop_count, 900000);
    random_ways(random, &w->insides, w->stop_count, 600000);
    for (uint32_t s = 0; s < w->stop_count; s++)
        w->change_ms[s] = below(random, 6) ? below(random, 5) * 60000 : HSD_UNREACHABLE;
    for (int k = 0; k < HSD_RIDE_KINDS; k++)
        w->board_ms[k] = below(random, 2) ? 0 : below(random, 8) * 60000 + below(random, 2);
    w->penalty_ms = below(random, 2) ? 0 : below(random, 400000);
    static const uint32_t most[] = {1, 2, 3, 5, 16};
    w->max_rides = most[below(random, 5)];
    w->phase_count = below(random, 3) ? 0 : 1 + below(random, 3);
    w->phase = w->phase_count ? below(random, w->phase_count) : 0;
}

static inline uint32_t random_access(hsd_random *random, const world *w, hsd_stop_way *access) {
    uint32_t count = 0;
    for (uint32_t s = 0; s < w->stop_count; s++)
        if (below(random, 3) == 0)
            access[count++] = (hsd_stop_way){s, below(random, 2) ? below(random, 10) * 60000
                                                                 : below(random, 900000)};
    return count;
}

/* Mostly where trips are, on minutes and off them. */
static inline uint32_t random_instant(hsd_random *random) {
    const uint32_t morning = HSD_DAY_MS + 7 * 3600000;
    switch (below(random, 5)) {
    case 0:
        return below(random, 3 * HSD_DAY_MS);
    case 1:
        return below(random, 72 * 60) * 60000;
    case 2:
        return morning + below(random, 7200000);
    default:
        return morning + below(random, 120) * 60000;
    }
}

static inline hsd_day *world_day(const world *w, hsd_direction direction) {
    const hsd_day_options options = {DATE, direction, w->phase, w->phase_count};
    hsd_day *day;
    hsd_error err;
    if (hsd_day_create(&w->timetable.table, &options, &day, &err) != HSD_OK)
        fail_msg("%s", err.message);
    return day;
}

static inline hsd_raptor *world_raptor(const hsd_day *day, const hsd_transfer_rules *rules) {
    hsd_raptor *raptor;
    hsd_error err;
    if (hsd_raptor_create(day, rules, &raptor, &err) != HSD_OK) fail_msg("%s", err.message);
    return raptor;
}

/* ---- By going through all rows --------------------------------------------------------------- */

/* Least instants after exactly so many rides. */
typedef struct brute {
    int64_t foot[HSD_MAX_RIDES + 1][MAX_STOPS], inner[HSD_MAX_RIDES + 1][MAX_STOPS];
    int64_t out[HSD_MAX_RIDES + 1][MAX_STOPS];
} brute;

static inline void least(int64_t *a, int64_t b) {
    if (b < *a) *a = b;
}

static inline int64_t brute_ready(const world *w, const brute *b, uint32_t rides, uint32_t stop,
                                  uint32_t kind) {
    int64_t ready = b->inner[rides][stop];
    if (b->foot[rides][stop] != NEVER) least(&ready, b->foot[rides][stop] + w->board_ms[kind]);
    return ready;
}

/* All vehicles of a trip that leave its first stop from `first` to `last` ms, half a headway
 * waited; one vehicle: first = last, half 0. */
static inline void brute_ride(const world *w, brute *b, uint32_t rides, const hsd_trip_row *trip,
                              int64_t first, int64_t last, int64_t half) {
    const hsd_timetable *t = &w->timetable.table;
    const hsd_call_row *c = &t->calls[trip->first_call];
    const uint32_t kind = t->lines[trip->line].kind;
    for (uint32_t i = 0; i < trip->call_count; i++) {
        const int64_t ready = brute_ready(w, b, rides - 1, c[i].stop, kind);
        if (ready == NEVER || (c[i].flags & HSD_CALL_NO_BOARDING)) continue;
        const int64_t to_here = 1000 * (int64_t)(c[i].departure_s - c[0].departure_s);
        int64_t leaves = ready + half;
        if (leaves < first + to_here) leaves = first + to_here;
        if (leaves > last + to_here) continue;
        for (uint32_t j = i + 1; j < trip->call_count; j++)
            if (!(c[j].flags & HSD_CALL_NO_ALIGHTING))
                least(&b->out[rides][c[j].stop],
                      leaves + 1000 * (int64_t)(c[j].arrival_s - c[i].departure_s));
    }
}

static inline void brute_trip(const world *w, brute *b, uint32_t rides, const hsd_trip_row *trip,
                              int64_t midnight) {
    const hsd_timetable *t = &w->timetable.table;
    if (trip->headway_count == 0) {
        const int64_t leaves = midnight + 1000 * (int64_t)t->calls[trip->first_call].departure_s;
        brute_ride(w, b, rides, trip, leaves, leaves, 0);
    }
    for (uint32_t n = 0; n < trip->headway_count; n++) {
        const hsd_headway_row *row = &t->headways[trip->first_headway + n];
        const int64_t start = midnight + 1000 * (int64_t)row->start_s;
        const int64_t end = midnight + 1000 * (int64_t)row->end_s,
                      h = 1000 * (int64_t)row->headway_s;
        if (!row->exact && w->phase_count == 0) {
            brute_ride(w, b, rides, trip, start, end, h / 2);
            continue;
        }
        int64_t leaves = start;
        if (!row->exact) {
            uint32_t hash = 2166136261u; /* FNV-1a */
            for (const char *c = t->strings + t->lines[trip->line].id; *c; c++) {
                hash ^= (uint8_t)*c;
                hash *= 16777619u;
            }
            uint64_t turn = ((uint64_t)w->phase << 32) / w->phase_count + hash;
            if (turn >= (UINT64_C(1) << 32)) turn -= UINT64_C(1) << 32;
            leaves += (int64_t)((uint64_t)h * turn / (UINT64_C(1) << 32));
        }
        for (; leaves < end; leaves += h) brute_ride(w, b, rides, trip, leaves, leaves, 0);
    }
}

static inline void brute_search(const world *w, const hsd_stop_way *access, uint32_t count,
                                int64_t instant, brute *b) {
    const hsd_timetable *t = &w->timetable.table;
    for (uint32_t k = 0; k <= HSD_MAX_RIDES; k++)
        for (uint32_t s = 0; s < MAX_STOPS; s++)
            b->foot[k][s] = b->inner[k][s] = b->out[k][s] = NEVER;
    for (uint32_t i = 0; i < count; i++) least(&b->foot[0][access[i].stop], instant + access[i].ms);
    for (uint32_t k = 1; k <= w->max_rides; k++) {
        for (uint32_t i = 0; i < t->trip_count; i++)
            for (int day = -4; day <= 1; day++)
                if (hsd_service_runs(t, t->trips[i].service, DATE + day))
                    brute_trip(w, b, k, &t->trips[i], (day + 1) * (int64_t)HSD_DAY_MS);
        bool any = false;
        for (uint32_t s = 0; s < w->stop_count; s++) {
            if (b->out[k][s] == NEVER) continue;
            any = true;
            const int64_t out = b->out[k][s] + w->penalty_ms;
            if (w->change_ms[s] < HSD_UNREACHABLE) least(&b->inner[k][s], out + w->change_ms[s]);
            for (uint32_t i = 0; i < w->insides.count; i++)
                if (w->insides.from[i] == s)
                    least(&b->inner[k][w->insides.to[i]], out + w->insides.ms[i]);
            for (uint32_t i = 0; i < w->walks.count; i++)
                if (w->walks.from[i] == s) least(&b->foot[k][w->walks.to[i]], out + w->walks.ms[i]);
        }
        if (!any) break;
    }
}

/* The least instant out of a stop, and with how many rides. */
static inline int64_t brute_out(const world *w, const brute *b, uint32_t stop, uint32_t *rides) {
    int64_t out = NEVER;
    for (uint32_t k = 1; k <= w->max_rides; k++)
        if (b->out[k][stop] < out) out = b->out[k][stop], *rides = k;
    return out;
}
#endif
