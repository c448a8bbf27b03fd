/* RAPTOR: round-based public transit routing (Delling, Pajor, Werneck, "Round-Based Public Transit
 * Routing", 2012, sections 3 and 4.1), with labels for both sides of the gates:
 * docs/methods.md, 10.
 *
 * Round k extends what was reached with k - 1 rides by one: every pattern at a stop whose boarding
 * label fell in round k - 1 is scanned once, from the earliest such stop on, in the first vehicle
 * that can still be had there; then walks and changes relax from where somebody alighted, once.
 * A label is the least over at most k rides: what falls in round k falls in all later ones too, so
 * one comparison prunes against fewer rides and, in a range, against later instants.
 *
 * A place is scanned only when there is a vehicle to catch by the new label that the old one did
 * not catch: all that can be reached in the others was drawn from the old label.
 * Invariant between rounds: the lists marked, alighted and queue are empty or about to be read, and
 * each flag of `state` says who is in them. O(rounds x calls) at worst; no allocation. */
#include "transit/raptor.h"

static void touch(hsd_raptor *r, uint32_t stop) {
    if (r->state[stop] & STOP_TOUCHED) return;
    r->state[stop] |= STOP_TOUCHED;
    r->touched[r->touched_count++] = stop;
}

/* ---- Boarding labels ------------------------------------------------------------------------- */

static void mark(hsd_raptor *r, uint32_t stop, const raptor_label *label) {
    if (r->state[stop] & STOP_MARKED) return;
    touch(r, stop);
    r->state[stop] |= STOP_MARKED;
    r->fell[stop] = (raptor_source){label->foot, label->inner};
    r->marked[r->marked_count++] = stop;
}

/* Ready on the street side of a stop, or on its platform, after `rides` rides; coming from a stop
 * (the lowest of those that give the same time). */
static void reach_foot(hsd_raptor *r, uint32_t stop, uint32_t rides, uint32_t ms, uint32_t from) {
    raptor_label *labels = raptor_labels(r, stop);
    raptor_source *source = &r->sources[&labels[rides] - r->labels];
    if (ms > r->deadline_ms || ms > labels[rides].foot) return;
    if (ms == labels[rides].foot) {
        if (from < source->foot) source->foot = from;
        return;
    }
    mark(r, stop, &labels[rides]);
    source->foot = from;
    for (uint32_t k = rides; k <= r->max_rides && labels[k].foot > ms; k++) labels[k].foot = ms;
}

static void reach_inner(hsd_raptor *r, uint32_t stop, uint32_t rides, uint32_t ms, uint32_t from) {
    raptor_label *labels = raptor_labels(r, stop);
    raptor_source *source = &r->sources[&labels[rides] - r->labels];
    if (ms > r->deadline_ms || ms > labels[rides].inner) return;
    if (ms == labels[rides].inner) {
        if (from < source->inner) source->inner = from;
        return;
    }
    mark(r, stop, &labels[rides]);
    source->inner = from;
    for (uint32_t k = rides; k <= r->max_rides && labels[k].inner > ms; k++) labels[k].inner = ms;
}

static void relax_ways(hsd_raptor *r, uint32_t rides) {
    const hsd_transfer_rules *rules = r->rules;
    for (size_t i = 0; i < r->alighted_count; i++) {
        const uint32_t stop = r->alighted[i];
        const raptor_label *label = &raptor_labels(r, stop)[rides];
        const uint32_t off = label->off + rules->penalty_ms, out = label->out + rules->penalty_ms;
        if (r->state[stop] & STOP_OFF) {
            reach_inner(r, stop, rides, off + rules->change_ms[stop], stop);
            for (uint32_t w = rules->first_inside[stop]; w < rules->first_inside[stop + 1]; w++)
                reach_inner(r, rules->insides[w].stop, rides, off + rules->insides[w].ms, stop);
        }
        if (r->state[stop] & STOP_OUT) {
            const uint32_t begin = rules->first_walk[stop], end = rules->first_walk[stop + 1];
            r->counters.walks += end - begin;
            for (uint32_t w = begin; w < end; w++)
                reach_foot(r, rules->walks[w].stop, rides, out + rules->walks[w].ms, stop);
        }
    }
}

/* ---- Patterns -------------------------------------------------------------------------------- */

/* Is there a vehicle to catch from `ready` on that one ready at `before` did not catch? */
static bool newly_catchable(const hsd_raptor *r, const day_pattern *pattern, uint32_t position,
                            uint32_t ready, uint32_t before) {
    if (ready >= before || ready > r->deadline_ms) return false;
    const uint32_t *column =
        &r->day->departures[pattern->first_time + (size_t)position * pattern->run_count];
    if (pattern->headway) {
        const uint32_t at = ready + pattern->wait_before_ms;
        return at <= column[0] + pattern->span_ms &&
               (before >= HSD_UNREACHABLE || before + pattern->wait_before_ms > column[0]);
    }
    const uint32_t run = raptor_first_from(column, pattern->run_count, ready);
    return run < pattern->run_count && column[run] < before && column[run] <= r->deadline_ms;
}

static void queue_patterns(hsd_raptor *r, uint32_t rides) {
    const hsd_day *day = r->day;
    for (size_t i = 0; i < r->marked_count; i++) {
        const uint32_t stop = r->marked[i];
        const raptor_label *label = &raptor_labels(r, stop)[rides];
        const raptor_label before = {.foot = r->fell[stop].foot, .inner = r->fell[stop].inner};
        r->state[stop] &= (uint8_t)~STOP_MARKED;
        for (uint32_t p = day->first_place[stop]; p < day->board_end[stop]; p++) {
            const day_place *place = &day->places[p];
            if (r->queued_at[place->pattern] <= place->position) continue;
            const day_pattern *pattern = &day->patterns[place->pattern];
            if (!newly_catchable(r, pattern, place->position, raptor_ready(r, label, pattern->kind),
                                 raptor_ready(r, &before, pattern->kind)))
                continue;
            if (r->queued_at[place->pattern] == UINT32_MAX)
                r->queue[r->queue_count++] = place->pattern;
            r->queued_at[place->pattern] = place->position;
        }
    }
    r->marked_count = 0;
}

static void alight(hsd_raptor *r, uint32_t stop, uint32_t rides, uint32_t off, uint32_t out) {
    raptor_label *labels = raptor_labels(r, stop);
    uint8_t fell = 0;
    if (off < labels[rides].off && off <= r->deadline_ms) {
        for (uint32_t k = rides; k <= r->max_rides && labels[k].off > off; k++) labels[k].off = off;
        fell |= STOP_OFF;
    }
    if (out < labels[rides].out && out <= r->deadline_ms) {
        for (uint32_t k = rides; k <= r->max_rides && labels[k].out > out; k++) labels[k].out = out;
        if (out < r->best_out[stop]) r->best_out[stop] = out;
        fell |= STOP_OUT;
    }
    if (fell == 0) return;
    touch(r, stop);
    if (!(r->state[stop] & (STOP_OFF | STOP_OUT))) r->alighted[r->alighted_count++] = stop;
    r->state[stop] |= fell;
}

static void scan_trips(hsd_raptor *r, const day_pattern *pattern, uint32_t from, uint32_t rides) {
    const day_stop *stops = &r->day->pattern_stops[pattern->first_stop];
    const uint32_t runs = pattern->run_count, deadline = r->deadline_ms;
    const uint32_t after = r->board_after_ms[pattern->kind];
    size_t column = pattern->first_time + (size_t)from * runs;
    uint32_t run = runs; /* that one sits in; none yet */
    for (uint32_t i = from; i < pattern->stop_count; i++, column += runs) {
        const uint32_t stop = stops[i].stop;
        if (run < runs) {
            const uint32_t arrival = r->day->arrivals[column + run];
            if (arrival > deadline)
                run = runs;
            else if (stops[i].flags & DAY_MAY_ALIGHT)
                alight(r, stop, rides, arrival, arrival + after);
        }
        if (!(stops[i].flags & DAY_MAY_BOARD)) continue;
        const uint32_t ready = raptor_ready(r, &raptor_labels(r, stop)[rides - 1], pattern->kind);
        const uint32_t *departures = &r->day->departures[column];
        if (ready <= deadline && (run == runs || (run > 0 && ready <= departures[run - 1])))
            run = raptor_first_from(departures, run, ready);
    }
}

/* The vehicle one sits in is `later` ms behind the service's first. */
static void scan_headway(hsd_raptor *r, const day_pattern *pattern, uint32_t from, uint32_t rides) {
    const day_stop *stops = &r->day->pattern_stops[pattern->first_stop];
    const uint32_t *departures = &r->day->departures[pattern->first_time];
    const uint32_t *arrivals = &r->day->arrivals[pattern->first_time];
    const uint32_t after = r->board_after_ms[pattern->kind];
    uint32_t later = UINT32_MAX;
    for (uint32_t i = from; i < pattern->stop_count; i++) {
        const uint32_t stop = stops[i].stop;
        if (later != UINT32_MAX && (stops[i].flags & DAY_MAY_ALIGHT)) {
            const uint32_t off = arrivals[i] + later + pattern->wait_after_ms;
            alight(r, stop, rides, off, off + after);
        }
        if (!(stops[i].flags & DAY_MAY_BOARD)) continue;
        const uint32_t ready = raptor_ready(r, &raptor_labels(r, stop)[rides - 1], pattern->kind);
        if (ready > r->deadline_ms) continue;
        const uint32_t at = ready + pattern->wait_before_ms;
        const uint32_t behind = at > departures[i] ? at - departures[i] : 0;
        if (behind <= pattern->span_ms && behind < later) later = behind;
    }
}

static void scan_queue(hsd_raptor *r, uint32_t rides) {
    for (size_t i = 0; i < r->queue_count; i++) {
        const day_pattern *pattern = &r->day->patterns[r->queue[i]];
        const uint32_t from = r->queued_at[r->queue[i]];
        r->queued_at[r->queue[i]] = UINT32_MAX;
        r->counters.calls += pattern->stop_count - from;
        if (pattern->headway)
            scan_headway(r, pattern, from, rides);
        else
            scan_trips(r, pattern, from, rides);
    }
    r->counters.patterns += r->queue_count;
    r->queue_count = 0;
}

void raptor_search(hsd_raptor *r, const hsd_stop_way *access, size_t access_count) {
    for (size_t i = 0; i < access_count; i++)
        if (access[i].ms < HSD_UNREACHABLE)
            reach_foot(r, access[i].stop, 0, r->instant_ms + access[i].ms, HSD_NO_ROW);
    for (uint32_t rides = 1; rides <= r->max_rides && r->marked_count > 0; rides++) {
        r->counters.rounds++;
        queue_patterns(r, rides - 1);
        scan_queue(r, rides);
        if (rides < r->max_rides) relax_ways(r, rides);
        for (size_t i = 0; i < r->alighted_count; i++)
            r->state[r->alighted[i]] &= (uint8_t) ~(STOP_OFF | STOP_OUT);
        r->alighted_count = 0;
    }
}
