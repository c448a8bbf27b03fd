/* A street of hand, two places an hour's walk apart, and stops on it, for tests of trips door to
 * door. Junctions stand at 0.00, 0.01 ... 0.05 and 0.20 ... 0.25 degrees east on the equator; every
 * street between two of them takes five minutes, the one from 0.05 to 0.20 an hour; both ways. */
#ifndef TESTS_HAND_DOORS_H
#define TESTS_HAND_DOORS_H

#include "../hand_timetable.h"
#include "hand_network.h"
#include "times/stop_set.h"

#define MINUTES(n) ((uint32_t)((n)*60000))
#define DOORS_DAY 20000
/* Clock of searches: hours and minutes of the date. */
#define AT(hours, minutes) (HSD_DAY_MS + MINUTES(60 * (hours) + (minutes)))

typedef struct hand_doors {
    hand_network *hand;
    const hsd_network *network;
    hsd_locator *locator;
    hand_timetable table;
    uint32_t service, bus; /* runs on DOORS_DAY alone */
    hsd_transit_rules rules;
    hsd_stop_set *stops;
    hsd_transit *transit;
    hsd_departures *departures;
} hand_doors;

static inline void hand_doors_init(hand_doors *w) {
    memset(w, 0, sizeof *w);
    w->hand = hand_create();
    for (int i = 0; i < 12; i++) hand_vertex(w->hand, i < 6 ? i * 100000 : (i + 14) * 100000, 0);
    for (uint32_t i = 0; i < 11; i++) {
        const uint32_t ms = HSD_PACE_FIXED | (i == 5 ? MINUTES(60) : MINUTES(5));
        hand_edge(w->hand, i, i + 1, ms, ms);
    }
    hand_plain_graph(w->hand);
    w->network = hand_finish(w->hand);
    if (hsd_locator_create(w->network, 0, NULL, &w->locator, NULL) != HSD_OK) abort();
    hand_timetable_init(&w->table, DOORS_DAY, 3);
    w->service = hand_service(&w->table, 1);
    w->bus = hand_line(&w->table, "bus", HSD_RIDE_BUS);
    w->rules = hsd_transit_defaults();
    w->rules.access_cap_ms = w->rules.egress_cap_ms = MINUTES(20);
}

static inline void hand_doors_close(hand_doors *w) {
    hsd_departures_destroy(w->departures);
    hsd_transit_destroy(w->transit);
    hsd_stop_set_destroy(w->stops);
    w->departures = NULL;
    w->transit = NULL;
    w->stops = NULL;
}

static inline void hand_doors_finish(hand_doors *w) {
    hand_doors_close(w);
    hsd_locator_destroy(w->locator);
    hand_destroy(w->hand);
}

/* Stop set, day and scratch anew, after rows or rules have changed. */
static inline void hand_doors_open(hand_doors *w, int32_t date, hsd_direction direction) {
    static const hsd_run one = {.threads = 1};
    hsd_error err = {0};
    hand_doors_close(w);
    if (hsd_stop_set_create(&w->table.table, w->locator, w->locator, w->locator, &w->rules, &one,
                            &w->stops, &err) != HSD_OK ||
        hsd_transit_create(w->stops, &w->table.table, date, direction, &one, &w->transit, &err) !=
            HSD_OK ||
        hsd_departures_create(w->transit, &w->departures, &err) != HSD_OK)
        fail_msg("%s", err.message);
}

/* A place on the street, by its degrees east: on it, so without a leg. */
static inline hsd_feet hand_place(const hand_doors *w, double lon) {
    hsd_feet feet = {0};
    if (hsd_locate(w->locator, lon, 0, &feet, NULL) != HSD_OK || feet.count != 1) abort();
    return feet;
}

static inline hsd_foot hand_foot(const hand_doors *w, double lon) {
    hsd_feet feet = hand_place(w, lon);
    const hsd_foot foot = feet.feet[0];
    hsd_feet_finish(&feet);
    return foot;
}

static inline uint32_t hand_ride(hand_doors *w, const char *id, uint32_t line, uint32_t from,
                                 int32_t departure_s, uint32_t to, int32_t arrival_s) {
    const uint32_t trip = hand_trip(&w->table, id, line, w->service);
    hand_call(&w->table, from, departure_s, departure_s);
    hand_call(&w->table, to, arrival_s, arrival_s);
    return trip;
}

/* Grows the trips from (or to) a place at some instants, with the way without a ride. */
static inline void hand_grow(hand_doors *w, double lon, const uint32_t *instants, size_t count) {
    const hsd_seed seed = {hand_foot(w, lon), 0, 0};
    hsd_error err = {0};
    if (hsd_departures_grow(w->departures, &seed, 1, &seed, 1, instants, count, MINUTES(180),
                            &err) != HSD_OK)
        fail_msg("%s", err.message);
}

/* The k-th smallest of the trees' times, k = max(1, ceil(p n / 100)), counted out. */
static inline uint32_t hand_time_to(const hand_doors *w, double lon, double percent) {
    const hsd_reading_part part = hsd_departures_part(w->departures, percent);
    const hsd_foot foot = hand_foot(w, lon);
    const double k = ceil(percent * (double)part.count / 100);
    uint32_t best = HSD_UNREACHABLE;
    for (size_t i = 0; i < part.count; i++) {
        const uint32_t ms = hsd_tree_foot_ms(part.trees[i], &foot);
        size_t within = 0;
        for (size_t j = 0; j < part.count; j++)
            within += hsd_tree_foot_ms(part.trees[j], &foot) <= ms;
        if ((double)within >= (k > 1 ? k : 1) && ms < best) best = ms;
    }
    return best;
}
#endif
