/* Runs into patterns: RAPTOR wants vehicles on one sequence of stops, in an order no one breaks.
 *
 * Runs with the same stops, boarding flags and kind of ride share a shape (a hash table over the
 * calls themselves). Within a shape runs are sorted by their times, then trip, then day, and each
 * joins the first chain whose last run is nowhere later; a chain is a pattern, so every column of
 * it ascends and "the first vehicle one can still board" is a search in an array. A headway service
 * is a pattern of its own. Patterns are in the order of their shape's first trip: nothing depends
 * on the hash. O(calls + runs (log runs + chains) x length). */
#include <stdlib.h>

#include "transit/day.h"

typedef struct grouping {
    hsd_day *day;
    const day_runs *runs;
    uint32_t *shape;      /* of each run */
    uint32_t *first_run;  /* of each shape: into by_shape; shape_count + 1 */
    uint32_t *example;    /* of each shape: its first run */
    uint32_t *by_shape;   /* runs, sorted within a shape */
    uint32_t *slots;      /* the hash table: shapes + 1 */
    uint32_t *chain_last; /* of the chains of the shape in hand: the last run, */
    uint32_t *chain_of;   /* of each run: its pattern */
    size_t shape_count, slot_count;
    HSD_ARRAY(day_pattern) patterns;
    hsd_error *err;
} grouping;

/* ---- Shapes --------------------------------------------------------------------------------- */

static uint32_t kind_of(const hsd_timetable *t, const day_run *run) {
    return t->lines[t->trips[run->trip].line].kind;
}

static const uint32_t boarding_flags = HSD_CALL_NO_BOARDING | HSD_CALL_NO_ALIGHTING;

static uint64_t shape_hash(const hsd_timetable *t, const day_run *run) {
    uint64_t hash = UINT64_C(0x9E3779B97F4A7C15) * (kind_of(t, run) + 1);
    for (uint32_t i = 0; i < run->call_count; i++) {
        const hsd_call_row *call = &t->calls[run->first_call + i];
        hash ^= (uint64_t)call->stop << 2 | (call->flags & boarding_flags);
        hash *= UINT64_C(0xBF58476D1CE4E5B9);
        hash ^= hash >> 31;
    }
    return hash;
}

static bool same_shape(const hsd_timetable *t, const day_run *a, const day_run *b) {
    if (a->headway || b->headway || a->call_count != b->call_count ||
        kind_of(t, a) != kind_of(t, b))
        return false;
    if (a->first_call == b->first_call) return true;
    for (uint32_t i = 0; i < a->call_count; i++) {
        const hsd_call_row *p = &t->calls[a->first_call + i], *q = &t->calls[b->first_call + i];
        if (p->stop != q->stop || ((p->flags ^ q->flags) & boarding_flags)) return false;
    }
    return true;
}

static void find_shapes(grouping *g) {
    const hsd_timetable *t = g->day->timetable;
    for (uint32_t r = 0; r < g->runs->count; r++) {
        const day_run *run = &g->runs->data[r];
        if (run->headway) {
            g->example[g->shape_count] = r;
            g->shape[r] = (uint32_t)g->shape_count++;
            continue;
        }
        size_t slot = shape_hash(t, run) & (g->slot_count - 1);
        while (g->slots[slot] != 0 &&
               !same_shape(t, run, &g->runs->data[g->example[g->slots[slot] - 1]]))
            slot = (slot + 1) & (g->slot_count - 1);
        if (g->slots[slot] == 0) {
            g->example[g->shape_count] = r;
            g->slots[slot] = (uint32_t)++g->shape_count;
        }
        g->shape[r] = g->slots[slot] - 1;
    }
    for (size_t s = 0; s <= g->shape_count; s++) g->first_run[s] = 0;
    for (size_t r = 0; r < g->runs->count; r++) g->first_run[g->shape[r] + 1]++;
    for (size_t s = 0; s < g->shape_count; s++) g->first_run[s + 1] += g->first_run[s];
    for (size_t r = g->runs->count; r-- > 0;)
        g->by_shape[--g->first_run[g->shape[r] + 1]] =
            (uint32_t)r; /* now first_run[s + 1] is where s begins */
    for (size_t s = 0; s < g->shape_count; s++) g->first_run[s] = g->first_run[s + 1];
    g->first_run[g->shape_count] = (uint32_t)g->runs->count;
}

/* ---- Chains --------------------------------------------------------------------------------- */

static int by_times(const void *a, const void *b, void *context) {
    const grouping *g = context;
    const uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const day_run *p = &g->runs->data[i], *q = &g->runs->data[j];
    for (uint32_t k = 0; k < p->call_count; k++) {
        const uint32_t times[2][2] = {{day_arrival(g->day, p, k), day_arrival(g->day, q, k)},
                                      {day_departure(g->day, p, k), day_departure(g->day, q, k)}};
        for (int d = 0; d < 2; d++)
            if (times[d][0] != times[d][1]) return times[d][0] < times[d][1] ? -1 : 1;
    }
    return i < j ? -1 : i > j; /* runs come by trip, then day */
}

static bool nowhere_later(const hsd_day *day, const day_run *a, const day_run *b) {
    for (uint32_t k = 0; k < a->call_count; k++)
        if (day_arrival(day, a, k) > day_arrival(day, b, k) ||
            day_departure(day, a, k) > day_departure(day, b, k))
            return false;
    return true;
}

static bool add_pattern(grouping *g, const day_run *run) {
    hsd_day *day = g->day;
    const bool mirrored = day->options.direction == HSD_TO;
    const day_pattern pattern = {.first_stop = (uint32_t)day->pattern_stop_count,
                                 .stop_count = run->call_count,
                                 .kind = kind_of(day->timetable, run),
                                 .headway = run->headway,
                                 .span_ms = run->span_ms,
                                 .wait_before_ms = mirrored ? 0 : run->wait_ms,
                                 .wait_after_ms = mirrored ? run->wait_ms : 0};
    day->pattern_stop_count += run->call_count;
    day->headway_count += run->headway;
    return hsd_array_push(&g->patterns, pattern, g->err);
}

static bool find_chains(grouping *g) {
    const day_run *runs = g->runs->data;
    for (size_t s = 0; s < g->shape_count; s++) {
        uint32_t *begin = g->by_shape + g->first_run[s];
        const size_t count = g->first_run[s + 1] - g->first_run[s], base = g->patterns.count;
        qsort_r(begin, count, sizeof *begin, by_times, g);
        size_t chains = 0;
        for (size_t i = 0; i < count; i++) {
            size_t c = 0;
            while (c < chains && !nowhere_later(g->day, &runs[g->chain_last[c]], &runs[begin[i]]))
                c++;
            if (c == chains) {
                chains++;
                if (!add_pattern(g, &runs[begin[i]])) return false;
            }
            g->chain_last[c] = begin[i];
            g->chain_of[begin[i]] = (uint32_t)(base + c);
            g->patterns.data[base + c].run_count++;
        }
    }
    return true;
}

/* ---- Tables of the day ---------------------------------------------------------------------- */

/* Runs by pattern, in their order within it; where each pattern's runs and times begin. */
static bool place_runs(grouping *g) {
    hsd_day *day = g->day;
    uint32_t at = 0;
    for (size_t p = 0; p < g->patterns.count; p++) {
        day_pattern *pattern = &g->patterns.data[p];
        pattern->first_run = at;
        pattern->first_time = day->time_count;
        at += pattern->run_count;
        day->time_count += (size_t)pattern->run_count * pattern->stop_count;
        pattern->run_count = 0; /* counted again below */
    }
    day->run_count = g->runs->count;
    day->runs = hsd_alloc(day->run_count, sizeof *day->runs, g->err);
    if (day->runs == NULL) return false;
    for (size_t i = 0; i < g->runs->count; i++) {
        day_pattern *pattern = &g->patterns.data[g->chain_of[g->by_shape[i]]];
        day->runs[pattern->first_run + pattern->run_count++] = g->runs->data[g->by_shape[i]];
    }
    day->patterns = g->patterns.data;
    day->pattern_count = g->patterns.count;
    g->patterns.data = NULL;
    return true;
}

static bool fill_columns(hsd_day *day, hsd_error *err) {
    day->pattern_stops = hsd_alloc(day->pattern_stop_count, sizeof *day->pattern_stops, err);
    day->departures = hsd_alloc(day->time_count, sizeof *day->departures, err);
    day->arrivals = hsd_alloc(day->time_count, sizeof *day->arrivals, err);
    if (!day->pattern_stops || !day->departures || !day->arrivals) return false;
    for (size_t p = 0; p < day->pattern_count; p++) {
        const day_pattern *pattern = &day->patterns[p];
        const day_run *runs = &day->runs[pattern->first_run];
        size_t at = pattern->first_time;
        for (uint32_t i = 0; i < pattern->stop_count; i++) {
            day_stop *stop = &day->pattern_stops[pattern->first_stop + i];
            stop->stop = day->timetable->calls[day_call(day, runs, i)].stop;
            stop->flags = day_flags(day, runs, i);
            if (i + 1 == pattern->stop_count) stop->flags &= ~(uint32_t)DAY_MAY_BOARD;
            if (i == 0) stop->flags &= ~(uint32_t)DAY_MAY_ALIGHT;
            for (uint32_t r = 0; r < pattern->run_count; r++, at++) {
                day->departures[at] = day_departure(day, &runs[r], i);
                day->arrivals[at] = day_arrival(day, &runs[r], i);
            }
        }
    }
    return true;
}

/* Places of each stop, those to board at first. */
static bool index_places(hsd_day *day, hsd_error *err) {
    const size_t stops = day->timetable->stop_count;
    day->first_place = hsd_calloc(stops + 1, sizeof *day->first_place, err);
    day->board_end = hsd_calloc(stops, sizeof *day->board_end, err);
    day->places = hsd_alloc(day->pattern_stop_count, sizeof *day->places, err);
    if (!day->first_place || !day->board_end || !day->places) return false;
    for (size_t i = 0; i < day->pattern_stop_count; i++)
        day->first_place[day->pattern_stops[i].stop + 1]++;
    for (size_t s = 0; s < stops; s++) {
        day->first_place[s + 1] += day->first_place[s];
        day->board_end[s] = day->first_place[s];
    }
    uint32_t *last = hsd_alloc(stops, sizeof *last, err); /* the other half grows from the end */
    if (last == NULL) return false;
    for (size_t s = 0; s < stops; s++) last[s] = day->first_place[s + 1];
    for (size_t p = 0; p < day->pattern_count; p++)
        for (uint32_t i = 0; i < day->patterns[p].stop_count; i++) {
            const day_stop *at = &day->pattern_stops[day->patterns[p].first_stop + i];
            const day_place place = {(uint32_t)p, i};
            if (at->flags & DAY_MAY_BOARD)
                day->places[day->board_end[at->stop]++] = place;
            else
                day->places[--last[at->stop]] = place;
        }
    hsd_free(last);
    return true;
}

bool day_group_runs(hsd_day *day, const day_runs *runs, hsd_error *err) {
    grouping g = {.day = day, .runs = runs, .slot_count = 16, .err = err};
    while (g.slot_count < 2 * runs->count) g.slot_count *= 2;
    g.shape = hsd_alloc(runs->count, sizeof *g.shape, err);
    g.first_run = hsd_alloc(runs->count + 2, sizeof *g.first_run, err);
    g.example = hsd_alloc(runs->count, sizeof *g.example, err);
    g.by_shape = hsd_alloc(runs->count, sizeof *g.by_shape, err);
    g.chain_last = hsd_alloc(runs->count, sizeof *g.chain_last, err);
    g.chain_of = hsd_alloc(runs->count, sizeof *g.chain_of, err);
    g.slots = hsd_calloc(g.slot_count, sizeof *g.slots, err);
    bool done =
        g.shape && g.first_run && g.example && g.by_shape && g.chain_last && g.chain_of && g.slots;
    if (done) find_shapes(&g);
    done = done && find_chains(&g) && place_runs(&g) && fill_columns(day, err) &&
           index_places(day, err);
    hsd_free(g.shape);
    hsd_free(g.first_run);
    hsd_free(g.example);
    hsd_free(g.by_shape);
    hsd_free(g.chain_last);
    hsd_free(g.chain_of);
    hsd_free(g.slots);
    hsd_array_finish(&g.patterns);
    return done;
}
