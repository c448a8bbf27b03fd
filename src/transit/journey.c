/* Journeys told from the labels of a run alone: no parents of rides are kept.
 *
 * A label of round k was set by a vehicle that arrives just then and could be boarded by a label of
 * round k - 1. All such vehicles are looked up in the columns of the patterns at the stop, and the
 * lowest trip, then boarding stop, is taken: the answer does not depend on patterns or their order.
 * The walk before it is the source kept with the label. As k is the fewest rides that reach the
 * time, no label used on the way has its value with fewer, so all sources are of their own round.
 * O(rides x calls of the patterns at a stop). */
#include "transit/raptor.h"

#include <string.h>

/* A ride as the search sees it. */
typedef struct found_ride {
    uint32_t pattern, run;        /* run: of the pattern */
    uint32_t board_at, alight_at; /* positions */
    uint32_t trip, board_stop;
    uint32_t departure, arrival;
    bool walked;      /* boards by the foot label */
    uint32_t link_ms; /* from the ride before (in search order): walk or change, and penalty */
} found_ride;

static bool comes_first(const found_ride *a, const found_ride *b) {
    if (a->trip != b->trip) return a->trip < b->trip;
    if (a->board_stop != b->board_stop) return a->board_stop < b->board_stop;
    return a->departure < b->departure;
}

/* Where the vehicle could be boarded with one ride less. */
static void try_vehicle(const hsd_raptor *r, found_ride *vehicle, uint32_t rides,
                        found_ride *best) {
    const hsd_day *day = r->day;
    const day_pattern *pattern = &day->patterns[vehicle->pattern];
    vehicle->trip = day->runs[pattern->first_run + vehicle->run].trip;
    const size_t column = pattern->first_time + vehicle->run;
    const uint32_t later =
        vehicle->arrival - day->arrivals[column + (size_t)vehicle->alight_at * pattern->run_count];
    for (uint32_t i = 0; i < vehicle->alight_at; i++) {
        const day_stop *stop = &day->pattern_stops[pattern->first_stop + i];
        if (!(stop->flags & DAY_MAY_BOARD)) continue;
        const raptor_label *label = &raptor_labels(r, stop->stop)[rides - 1];
        const uint32_t ready = raptor_ready(r, label, pattern->kind);
        vehicle->departure = day->departures[column + (size_t)i * pattern->run_count] + later;
        if (ready > r->deadline_ms || ready + pattern->wait_before_ms > vehicle->departure)
            continue;
        vehicle->board_at = i;
        vehicle->board_stop = stop->stop;
        vehicle->walked = label->foot + r->board_before_ms[pattern->kind] < label->inner;
        if (best->trip == HSD_NO_ROW || comes_first(vehicle, best)) *best = *vehicle;
    }
}

/* The ride that set off (street: out) of a stop in a round. */
static bool find_ride(const hsd_raptor *r, uint32_t stop, uint32_t rides, bool street,
                      found_ride *best) {
    const hsd_day *day = r->day;
    const raptor_label *label = &raptor_labels(r, stop)[rides];
    *best = (found_ride){.trip = HSD_NO_ROW};
    for (uint32_t p = day->first_place[stop]; p < day->first_place[stop + 1]; p++) {
        const day_place place = day->places[p];
        const day_pattern *pattern = &day->patterns[place.pattern];
        if (!(day->pattern_stops[pattern->first_stop + place.position].flags & DAY_MAY_ALIGHT))
            continue;
        const uint32_t charged =
            pattern->wait_after_ms + (street ? r->board_after_ms[pattern->kind] : 0);
        const uint32_t reached = street ? label->out : label->off;
        if (reached < charged) continue;
        found_ride vehicle = {
            .pattern = place.pattern, .alight_at = place.position, .arrival = reached - charged};
        const uint32_t *column =
            &day->arrivals[pattern->first_time + (size_t)place.position * pattern->run_count];
        if (pattern->headway) {
            if (vehicle.arrival >= column[0] && vehicle.arrival - column[0] <= pattern->span_ms)
                try_vehicle(r, &vehicle, rides, best);
            continue;
        }
        vehicle.run = raptor_first_from(column, pattern->run_count, vehicle.arrival);
        for (; vehicle.run < pattern->run_count && column[vehicle.run] == vehicle.arrival;
             vehicle.run++)
            try_vehicle(r, &vehicle, rides, best);
    }
    return best->trip != HSD_NO_ROW;
}

/* The rides to a stop, the last one first. */
static hsd_status trace(const hsd_raptor *r, uint32_t stop, uint32_t count, found_ride *rides,
                        hsd_error *err) {
    bool street = true;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t round = count - i;
        if (!find_ride(r, stop, round, street, &rides[i]))
            return hsd_fail(err, HSD_E_INTERNAL, "no ride to stop %u in round %u", stop, round);
        if (round == 1) break;
        const raptor_label *label = &raptor_labels(r, rides[i].board_stop)[round - 1];
        const raptor_source source = r->sources[label - r->labels];
        street = rides[i].walked;
        stop = street ? source.foot : source.inner;
        const raptor_label *from = &raptor_labels(r, stop)[round - 1];
        rides[i].link_ms = street ? label->foot - from->out : label->inner - from->off;
    }
    return HSD_OK;
}

/* ---- As it really is ------------------------------------------------------------------------- */

static hsd_ride ride_forward(const hsd_raptor *r, const found_ride *found, uint32_t round) {
    const day_pattern *pattern = &r->day->patterns[found->pattern];
    const day_run *run = &r->day->runs[pattern->first_run + found->run];
    return (hsd_ride){
        .trip = found->trip,
        .from_call = day_call(r->day, run, found->board_at),
        .to_call = day_call(r->day, run, found->alight_at),
        .ready_ms = raptor_ready(r, &raptor_labels(r, found->board_stop)[round - 1], pattern->kind),
        .board_ms = found->departure,
        .alight_ms = found->arrival,
        .day_offset_s = run->day_offset_s,
        .walked = found->walked};
}

/* before: the ride before it in travel order, and so the one found before; NULL: the first. */
static hsd_ride ride_mirrored(const hsd_raptor *r, const found_ride *found,
                              const found_ride *before) {
    const day_pattern *pattern = &r->day->patterns[found->pattern];
    const day_run *run = &r->day->runs[pattern->first_run + found->run];
    hsd_ride ride = {.trip = found->trip,
                     .from_call = day_call(r->day, run, found->alight_at),
                     .to_call = day_call(r->day, run, found->board_at),
                     .board_ms = CLOCK_END - found->arrival,
                     .alight_ms = CLOCK_END - found->departure,
                     .day_offset_s = run->day_offset_s,
                     .walked = before == NULL || before->walked};
    if (before == NULL)
        ride.ready_ms = ride.board_ms - pattern->wait_after_ms;
    else
        ride.ready_ms = CLOCK_END - before->departure + before->link_ms +
                        (before->walked ? r->board_after_ms[pattern->kind] : 0);
    return ride;
}

hsd_status hsd_raptor_journey(const hsd_raptor *raptor, uint32_t stop, hsd_journey *out,
                              hsd_error *err) {
    out->count = 0;
    if (!raptor->traced)
        return hsd_fail(err, HSD_E_ARGUMENT, "journeys can be asked for after a single run only");
    if (stop >= raptor->stop_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "stop %u: the timetable has %zu", stop,
                        raptor->stop_count);
    if (raptor->out_ms[stop] >= HSD_UNREACHABLE) return HSD_OK;
    const raptor_label *labels = raptor_labels(raptor, stop);
    uint32_t count = 1;
    while (labels[count].out != raptor->best_out[stop]) count++;
    found_ride found[HSD_MAX_RIDES];
    const hsd_status status = trace(raptor, stop, count, found, err);
    if (status != HSD_OK) return status;
    if (count > out->capacity && !hsd_array_grow((void **)(void *)&out->rides, &out->capacity,
                                                 count, sizeof *out->rides, err))
        return HSD_E_MEMORY;
    const bool mirrored = raptor->day->options.direction == HSD_TO;
    for (uint32_t i = 0; i < count; i++)
        out->rides[i] = mirrored ? ride_mirrored(raptor, &found[i], i > 0 ? &found[i - 1] : NULL)
                                 : ride_forward(raptor, &found[count - 1 - i], i + 1);
    out->count = count;
    const uint32_t far_stop = found[count - 1].board_stop;
    const uint32_t far_ms = raptor_turn(raptor, raptor->instant_ms);
    const uint32_t near_ms = raptor_turn(raptor, raptor->best_out[stop]);
    out->first_stop = mirrored ? stop : far_stop;
    out->last_stop = mirrored ? far_stop : stop;
    out->start_ms = mirrored ? near_ms : far_ms;
    out->end_ms = mirrored ? far_ms : near_ms;
    return HSD_OK;
}

void hsd_journey_finish(hsd_journey *journey) {
    hsd_free(journey->rides);
    *journey = (hsd_journey){0};
}
