/* Trips of one origin at every instant of a window (docs/methods.md, 11): access on the near end's
 * streets, rides, and the far end's streets, one tree a sample.
 *
 * The access is searched once, for it does not depend on the instant; the rides of all instants are
 * one range search a phase; then each sample's stops are the seeds of a tree, lapsing where the cap
 * ends, beside the seeds of trips without a ride, which do not. With HSD_TO all is the mirror
 * image: near is the egress, and times count backwards from the instant of arrival. Times at stops
 * lie stop by stop, all samples of one together: what reads them (egress_table.c) takes the least
 * of sums over samples, lane by lane. Memory: samples x (stops + a tree once grown). */
#include "times/departures.h"

hsd_status hsd_departures_create(const hsd_transit *transit, hsd_departures **out, hsd_error *err) {
    *out = NULL;
    hsd_departures *d = hsd_calloc(1, sizeof *d, err);
    if (d == NULL) return HSD_E_MEMORY;
    d->transit = transit;
    d->ran = SIZE_MAX;
    d->raptors = hsd_calloc(transit->day_count, sizeof(hsd_raptor *), err);
    hsd_status status = d->raptors != NULL ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = hsd_tree_create(hsd_transit_near(transit), &d->near, err);
    if (status == HSD_OK) status = hsd_tree_create(hsd_transit_far(transit), &d->direct, err);
    for (size_t p = 0; status == HSD_OK && p < transit->day_count; p++)
        status = hsd_raptor_create(transit->days[p], &transit->rules, &d->raptors[p], err);
    if (status != HSD_OK) {
        hsd_departures_destroy(d);
        return status;
    }
    *out = d;
    return HSD_OK;
}

void hsd_departures_destroy(hsd_departures *d) {
    if (d == NULL) return;
    for (size_t p = 0; d->raptors != NULL && p < d->transit->day_count; p++)
        hsd_raptor_destroy(d->raptors[p]);
    for (size_t k = 0; k < d->trees.count; k++) hsd_tree_destroy(d->trees.data[k]);
    for (int end = 0; end < HSD_ENDS; end++) hsd_tree_destroy(d->way[end]);
    hsd_tree_destroy(d->near);
    hsd_tree_destroy(d->direct);
    hsd_near_stops_finish(&d->found);
    hsd_track_finish(&d->track);
    hsd_journey_finish(&d->journey);
    hsd_array_finish(&d->near_seeds);
    hsd_array_finish(&d->direct_seeds);
    hsd_array_finish(&d->instants);
    hsd_array_finish(&d->access);
    hsd_array_finish(&d->out_ms);
    hsd_array_finish(&d->lanes);
    hsd_array_finish(&d->least);
    hsd_array_finish(&d->sorting);
    hsd_array_finish(&d->trees);
    hsd_array_finish(&d->far_seeds);
    hsd_free(d->raptors);
    hsd_free(d);
}

static uint64_t settled_by(const hsd_tree *tree) {
    return hsd_search_counters_get(hsd_tree_search(tree)).settled;
}

static uint32_t cost_of(const hsd_seed *seed) {
    return hsd_ms_add(seed->foot.leg_ms, seed->extra_ms);
}

/* ---- What is asked for
 * ---------------------------------------------------------------------------- */

#define SAME_PLACE_M 0.02

/* On a network of stops alone a trip without a ride is a straight line from where it begins, and
 * never goes by way of a stop: a station that is built brings nobody nearer who takes no train. */
static bool is_no_way(const hsd_departures *d, const hsd_foot *foot) {
    const hsd_locator *far = hsd_transit_far(d->transit);
    if (!hsd_stops_alone(far) || foot->vertex == HSD_NO_EDGE) return false;
    return far->network->vertex_source[foot->vertex] >= 0 || foot->leg_m > SAME_PLACE_M;
}

static hsd_status keep_question(hsd_departures *d, const hsd_seed *near, size_t near_count,
                                const hsd_seed *direct, size_t direct_count,
                                const uint32_t *instants_ms, size_t count, uint32_t limit_ms,
                                hsd_error *err) {
    d->limit_ms = limit_ms < HSD_UNREACHABLE ? limit_ms : HSD_UNREACHABLE - 1;
    d->near_seeds.count = d->direct_seeds.count = d->instants.count = 0;
    d->tree_count = 0;
    d->ran = SIZE_MAX;
    d->counters = (hsd_transit_counters){0};
    if (count == 0) return hsd_fail(err, HSD_E_ARGUMENT, "no instant to leave or to arrive at");
    for (size_t i = 0; i < near_count; i++)
        if (!hsd_array_push(&d->near_seeds, near[i], err)) return HSD_E_MEMORY;
    for (size_t i = 0; i < direct_count; i++) {
        hsd_seed seed = direct[i];
        seed.until_ms = 0;
        if (is_no_way(d, &seed.foot)) continue;
        if (!hsd_array_push(&d->direct_seeds, seed, err)) return HSD_E_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && instants_ms[i] <= instants_ms[i - 1])
            return hsd_fail(err, HSD_E_ARGUMENT, "instant %zu of %zu: not after the one before", i,
                            count);
        if (!hsd_array_push(&d->instants, instants_ms[i], err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* ---- Access
 * --------------------------------------------------------------------------------------- */

/* Each seed serves the stops within the cap from it; a single one needs no label to say so. */
static hsd_status grow_near(hsd_departures *d, hsd_error *err) {
    const uint32_t cap_ms = hsd_stop_end_cap_ms(d->transit->stops, d->transit->near_end);
    hsd_seed *seeds = d->near_seeds.data;
    const size_t count = d->near_seeds.count;
    uint32_t limit_ms = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t until_ms = hsd_ms_add(cost_of(&seeds[i]), cap_ms);
        seeds[i].until_ms = count > 1 ? until_ms : 0;
        if (until_ms > limit_ms) limit_ms = until_ms;
    }
    if (limit_ms > d->limit_ms) limit_ms = d->limit_ms;
    const hsd_status status =
        hsd_tree_grow(d->near, d->transit->direction, seeds, count, limit_ms, err);
    if (status == HSD_OK) d->counters.access_settled += settled_by(d->near);
    return status;
}

static uint32_t access_ms(const hsd_departures *d, uint32_t stop) {
    const hsd_feet *feet = hsd_stop_feet(d->transit->stops, stop, d->transit->near_end);
    uint32_t best = HSD_UNREACHABLE;
    for (size_t f = 0; f < feet->count; f++) {
        const uint32_t place_ms = hsd_tree_place_ms(d->near, &feet->feet[f]);
        const uint32_t ms = hsd_ms_add(place_ms, feet->feet[f].leg_ms);
        if (ms < best) best = ms;
    }
    return hsd_ms_add(best, hsd_stop_end_ms(d->transit->stops, stop, d->transit->near_end));
}

static hsd_status find_access(hsd_departures *d, hsd_error *err) {
    d->access.count = 0;
    if (d->near_seeds.count == 0) return HSD_OK;
    const hsd_status status = grow_near(d, err);
    if (status != HSD_OK) return status;
    for (uint32_t s = 0; s < d->transit->stops->stop_count; s++) {
        const uint32_t ms = access_ms(d, s);
        if (ms <= d->limit_ms && !hsd_array_push(&d->access, ((hsd_stop_way){s, ms}), err))
            return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* ---- Rides
 * ---------------------------------------------------------------------------------------- */

static hsd_status make_room(hsd_departures *d, hsd_error *err) {
    const size_t stops = d->transit->stops->stop_count, samples = hsd_departures_samples(d);
    size_t lanes, out;
    if (__builtin_mul_overflow(stops, samples, &lanes) || lanes > SIZE_MAX / sizeof(uint32_t))
        return hsd_fail(err, HSD_E_MEMORY, "%zu stops at %zu departures are more than memory holds",
                        stops, samples);
    out = stops * d->instants.count;
    if (!hsd_array_reserve(&d->lanes, lanes, err) || !hsd_array_reserve(&d->out_ms, out, err) ||
        !hsd_array_reserve(&d->least, stops, err) || !hsd_array_reserve(&d->sorting, samples, err))
        return HSD_E_MEMORY;
    for (size_t i = 0; i < lanes; i++) d->lanes.data[i] = HSD_UNREACHABLE;
    for (size_t s = 0; s < stops; s++) d->least.data[s] = HSD_UNREACHABLE;
    return HSD_OK;
}

/* Of one phase: from instant by instant to stop by stop. */
static void turn_lanes(hsd_departures *d, size_t phase) {
    const size_t stops = d->transit->stops->stop_count, phases = d->transit->day_count;
    const size_t instants = d->instants.count, samples = instants * phases;
    for (size_t i = 0; i < instants; i++) {
        const uint32_t *out = d->out_ms.data + i * stops;
        uint32_t *lane = d->lanes.data + i * phases + phase;
        for (size_t s = 0; s < stops; s++, lane += samples) {
            *lane = out[s];
            if (out[s] < d->least.data[s]) d->least.data[s] = out[s];
        }
    }
}

static void count_rides(hsd_departures *d, const hsd_raptor *raptor) {
    const hsd_raptor_counters c = hsd_raptor_counters_get(raptor);
    d->counters.rides.rounds += c.rounds;
    d->counters.rides.patterns += c.patterns;
    d->counters.rides.calls += c.calls;
    d->counters.rides.walks += c.walks;
}

hsd_status hsd_departures_ride(hsd_departures *d, const hsd_seed *near, size_t near_count,
                               const hsd_seed *direct, size_t direct_count,
                               const uint32_t *instants_ms, size_t count, uint32_t limit_ms,
                               hsd_error *err) {
    hsd_status status =
        keep_question(d, near, near_count, direct, direct_count, instants_ms, count, limit_ms, err);
    if (status == HSD_OK) status = make_room(d, err);
    if (status == HSD_OK) status = find_access(d, err);
    for (size_t p = 0; status == HSD_OK && d->access.count > 0 && p < d->transit->day_count; p++) {
        status = hsd_raptor_range(d->raptors[p], d->access.data, d->access.count, d->instants.data,
                                  count, d->limit_ms, d->out_ms.data, err);
        if (status != HSD_OK) break;
        count_rides(d, d->raptors[p]);
        turn_lanes(d, p);
    }
    if (status == HSD_OK && d->direct_seeds.count > 0) {
        status = hsd_tree_grow(d->direct, d->transit->direction, d->direct_seeds.data,
                               d->direct_seeds.count, d->limit_ms, err);
        if (status == HSD_OK) d->counters.street_settled += settled_by(d->direct);
    }
    return status;
}

/* ---- Trees of the far end
 * ------------------------------------------------------------------------- */

static bool sow_stop(hsd_departures *d, uint32_t stop, uint32_t out_ms, hsd_error *err) {
    const hsd_transit *t = d->transit;
    const hsd_feet *feet = hsd_stop_feet(t->stops, stop, t->far_end);
    const uint32_t cap_ms = hsd_stop_end_cap_ms(t->stops, t->far_end);
    hsd_seed seed = {.extra_ms = hsd_ms_add(out_ms, hsd_stop_end_ms(t->stops, stop, t->far_end))};
    for (size_t f = 0; f < feet->count; f++) {
        seed.foot = feet->feet[f];
        seed.until_ms = hsd_ms_add(cost_of(&seed), cap_ms);
        if (cost_of(&seed) <= d->limit_ms && !hsd_array_push(&d->far_seeds, seed, err))
            return false;
    }
    return true;
}

static hsd_status grow_sample(hsd_departures *d, size_t sample, hsd_error *err) {
    const size_t samples = hsd_departures_samples(d);
    d->far_seeds.count = 0;
    for (size_t i = 0; i < d->direct_seeds.count; i++)
        if (!hsd_array_push(&d->far_seeds, d->direct_seeds.data[i], err)) return HSD_E_MEMORY;
    for (uint32_t s = 0; s < d->transit->stops->stop_count; s++) {
        const uint32_t out_ms = d->lanes.data[s * samples + sample];
        if (out_ms <= d->limit_ms && !sow_stop(d, s, out_ms, err)) return HSD_E_MEMORY;
    }
    hsd_tree *tree = d->trees.data[sample];
    const hsd_status status = hsd_tree_grow(tree, d->transit->direction, d->far_seeds.data,
                                            d->far_seeds.count, d->limit_ms, err);
    if (status == HSD_OK) d->counters.street_settled += settled_by(tree);
    return status;
}

#define MOST_TREE_BYTES ((uint64_t)8 << 30)

/* A tree keeps a few words for every node and edge: refused before memory is taken. */
static hsd_status check_trees(const hsd_departures *d, size_t samples, hsd_error *err) {
    const hsd_locator *far = hsd_transit_far(d->transit);
    const uint64_t tree = UINT64_C(12) * (far->graph->node_count + far->network->edge_count);
    if (samples * tree <= MOST_TREE_BYTES) return HSD_OK;
    return hsd_fail(err, HSD_E_MEMORY,
                    "%zu samples (instants x phases) need %.0f GB of trees on the streets, at most "
                    "%.0f are taken: expected a shorter window or fewer phases",
                    samples, (double)(samples * tree) / 1e9, (double)MOST_TREE_BYTES / 1e9);
}

hsd_status hsd_departures_grow(hsd_departures *d, const hsd_seed *near, size_t near_count,
                               const hsd_seed *direct, size_t direct_count,
                               const uint32_t *instants_ms, size_t count, uint32_t limit_ms,
                               hsd_error *err) {
    hsd_status status = check_trees(d, count * d->transit->day_count, err);
    if (status != HSD_OK) return status;
    status = hsd_departures_ride(d, near, near_count, direct, direct_count, instants_ms, count,
                                 limit_ms, err);
    const size_t samples = hsd_departures_samples(d);
    for (size_t k = 0; status == HSD_OK && k < samples; k++) {
        if (k == d->trees.count) {
            hsd_tree *tree;
            if (!hsd_array_reserve(&d->trees, k + 1, err)) return HSD_E_MEMORY;
            status = hsd_tree_create(hsd_transit_far(d->transit), &tree, err);
            if (status != HSD_OK) return status;
            d->trees.data[d->trees.count++] = tree;
        }
        status = grow_sample(d, k, err);
    }
    if (status == HSD_OK) d->tree_count = samples;
    return status;
}

/* ---- Answers
 * -------------------------------------------------------------------------------------- */

size_t hsd_departures_count(const hsd_departures *d) {
    return hsd_departures_samples(d);
}

hsd_reading_part hsd_departures_part(const hsd_departures *d, double percent) {
    return (hsd_reading_part){(const hsd_tree *const *)d->trees.data, d->tree_count,
                              hsd_percentile_rank(percent, d->tree_count)};
}

uint32_t hsd_departures_stop_ms(const hsd_departures *d, uint32_t stop, size_t rank) {
    const size_t samples = hsd_departures_samples(d);
    const uint32_t *lane = hsd_departures_lane(d, stop);
    if (d->least.data[stop] >= HSD_UNREACHABLE) return HSD_UNREACHABLE;
    for (size_t k = 0; k < samples; k++) d->sorting.data[k] = lane[k];
    return hsd_rank_ms(d->sorting.data, samples, rank);
}

hsd_transit_counters hsd_departures_counters(const hsd_departures *d) {
    return d->counters;
}

hsd_status hsd_departures_run(hsd_departures *d, size_t sample, hsd_error *err) {
    const size_t phases = d->transit->day_count;
    if (sample >= hsd_departures_samples(d))
        return hsd_fail(err, HSD_E_ARGUMENT, "departure %zu: there are %zu", sample,
                        hsd_departures_samples(d));
    if (d->ran == sample) return HSD_OK;
    d->ran = SIZE_MAX;
    const hsd_status status =
        hsd_raptor_run(d->raptors[sample % phases], d->access.data, d->access.count,
                       d->instants.data[sample / phases], d->limit_ms, err);
    if (status == HSD_OK) d->ran = sample;
    return status;
}

hsd_status hsd_departures_journey(hsd_departures *d, size_t sample, uint32_t stop, hsd_journey *out,
                                  hsd_error *err) {
    const hsd_status status = hsd_departures_run(d, sample, err);
    if (status != HSD_OK) return status;
    return hsd_raptor_journey(d->raptors[sample % d->transit->day_count], stop, out, err);
}

size_t hsd_departures_stop_sample(const hsd_departures *d, uint32_t stop, size_t rank) {
    const uint32_t ms = hsd_departures_stop_ms(d, stop, rank);
    const uint32_t *lane = hsd_departures_lane(d, stop);
    size_t sample = 0;
    while (lane[sample] != ms) sample++;
    return sample;
}
