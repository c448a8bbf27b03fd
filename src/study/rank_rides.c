/* Rankings by timetable: rows of times for the measures of compare/rank*. A set of proposals is a
 * scene of a comparison; of an origin's row the rides are searched stop to stop (all instants at
 * once), the egress table has the ways on to the zones, and the way without a ride, which no train
 * changes, is found once an origin: the least with a constant commutes with percentiles.
 *
 * An origin is skipped where no instant brings it, within the limit, to a stop of a trip that the
 * set adds, changes or takes away: the first such trip of a journey would be boarded there, after
 * rides that are there with the set and without it. O(sets x origins x (rides + pairs of zone and
 * stop x samples)); memory: a row of times, and a bit a stop, an origin of the block. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "compare/rank_job.h"
#include "study/compare_transit.h"
#include "study/rank_run.h"
#include "times/departures.h"

typedef struct rides_worker {
    hsd_departures *ways[2]; /* of the set in force, when first needed */
    HSD_ARRAY(hsd_seed) near;
    HSD_ARRAY(hsd_seed) direct;
    uint32_t *times; /* zone_count */
} rides_worker;

/* Streets with their zones: the baseline's, or those of a set that changes them. */
typedef struct rides_streets {
    hsd_zone_set *own_near, *own_far; /* NULL: somebody else's */
    const hsd_zone_set *near, *far;
    hsd_egress_table *ways[2];
} rides_streets;

typedef struct rides {
    hsd_rank_run *run;
    hsd_place_table points;
    size_t zone_count, stop_words, way_count, way_bytes;
    uint32_t limit_ms;
    rides_streets base;
    uint32_t *base_trips; /* by what they are */
    rides_worker *workers;
    size_t worker_count;
    /* in force: */
    hsd_scene scene;
    bool baseline;
    rides_streets own;            /* where the set changes streets */
    const rides_streets *streets; /* own or base */
    uint64_t *touched;            /* stops of trips that are not in both timetables */
} rides;

static const hsd_transit_run *base_of(const rides *r) {
    return r->run->compare.circle.transit;
}

/* ---- Streets ---- */

static void streets_finish(rides_streets *s) {
    for (size_t w = 0; w < 2; w++) hsd_egress_table_destroy(s->ways[w]);
    hsd_zone_set_destroy(s->own_near);
    hsd_zone_set_destroy(s->own_far);
    *s = (rides_streets){0};
}

/* far: feet that are there already, or NULL. */
static hsd_status streets_make(const rides *r, const hsd_transit_run *transit,
                               const hsd_zone_set *far, rides_streets *s, hsd_error *err) {
    const hsd_locator *far_end = hsd_transit_run_far(transit),
                      *near_end = hsd_transit_run_near(transit);
    hsd_status status = HSD_OK;
    if (!far) status = hsd_zone_set_create(far_end, &r->points, r->run->run, &s->own_far, err);
    s->far = s->near = far ? far : s->own_far;
    if (status == HSD_OK && near_end != far_end) {
        status = hsd_zone_set_create(near_end, &r->points, r->run->run, &s->own_near, err);
        s->near = s->own_near;
    }
    for (size_t w = 0; status == HSD_OK && w < r->way_count; w++)
        status = hsd_egress_table_create(transit->ways[w].transit, s->far, r->run->run, &s->ways[w],
                                         err);
    return status;
}

/* ---- Trips that differ ---- */

static int by_bytes(const void *a, const void *b, size_t count, size_t size) {
    return count ? memcmp(a, b, count * size) : 0;
}

/* Timetables of one rail have the base's lines, services and stops at the same rows. */
static int by_trip(const hsd_timetable *a, uint32_t i, const hsd_timetable *b, uint32_t k) {
    const hsd_trip_row *x = &a->trips[i], *y = &b->trips[k];
    const uint32_t left[] = {x->line, x->service, x->call_count, x->headway_count};
    const uint32_t right[] = {y->line, y->service, y->call_count, y->headway_count};
    for (size_t n = 0; n < sizeof left / sizeof left[0]; n++)
        if (left[n] != right[n]) return left[n] < right[n] ? -1 : 1;
    const int calls = by_bytes(a->calls + x->first_call, b->calls + y->first_call, x->call_count,
                               sizeof *a->calls);
    return calls ? calls
                 : by_bytes(a->headways + x->first_headway, b->headways + y->first_headway,
                            x->headway_count, sizeof *a->headways);
}

static int by_what_it_is(const void *a, const void *b, void *timetable) {
    const uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    const int order = by_trip(timetable, i, timetable, k);
    return order ? order : (i > k) - (i < k);
}

static uint32_t *sort_trips(const hsd_timetable *t, hsd_error *err) {
    uint32_t *trips = hsd_alloc(t->trip_count, sizeof *trips, err);
    if (!trips) return NULL;
    for (uint32_t i = 0; i < t->trip_count; i++) trips[i] = i;
    qsort_r(trips, t->trip_count, sizeof *trips, by_what_it_is, (void *)(uintptr_t)t);
    return trips;
}

static void touch(rides *r, const hsd_timetable *t, uint32_t trip) {
    const hsd_trip_row *row = &t->trips[trip];
    for (uint32_t c = row->first_call; c < row->first_call + row->call_count; c++)
        r->touched[t->calls[c].stop / 64] |= (uint64_t)1 << (t->calls[c].stop & 63);
}

static hsd_status find_touched(rides *r, hsd_error *err) {
    const hsd_timetable *a = base_of(r)->timetable, *b = r->scene.transit->timetable;
    memset(r->touched, 0, r->stop_words * sizeof *r->touched);
    if (a == b) return HSD_OK;
    uint32_t *trips = sort_trips(b, err);
    if (!trips) return HSD_E_MEMORY;
    for (size_t i = 0, k = 0; i < a->trip_count || k < b->trip_count;) {
        const int order = i == a->trip_count   ? 1
                          : k == b->trip_count ? -1
                                               : by_trip(a, r->base_trips[i], b, trips[k]);
        if (order < 0) touch(r, a, r->base_trips[i]);
        if (order > 0) touch(r, b, trips[k]);
        i += order <= 0;
        k += order >= 0;
    }
    hsd_free(trips);
    return HSD_OK;
}

/* ---- A set in force ---- */

static void withdraw(rides *r) {
    for (size_t w = 0; w < r->worker_count; w++) {
        for (size_t k = 0; k < 2; k++) hsd_departures_destroy(r->workers[w].ways[k]);
        r->workers[w].ways[0] = r->workers[w].ways[1] = NULL;
    }
    streets_finish(&r->own);
    hsd_scene_timetable_destroy(r->scene.own_timetable);
    r->scene = (hsd_scene){.transit = base_of(r)};
    r->streets = &r->base;
}

static hsd_status make_scene(rides *r, const uint8_t *active, hsd_error *err) {
    hsd_compare_run *c = &r->run->compare;
    hsd_scenario scenario = {0};
    scenario.proposals = hsd_alloc(c->proposals.proposal_count, sizeof *scenario.proposals, err);
    if (!scenario.proposals) return HSD_E_MEMORY;
    for (uint32_t p = 0; p < c->proposals.proposal_count; p++)
        if (active[p]) scenario.proposals[scenario.proposal_count++] = p;
    c->scenarios = &scenario;
    hsd_status status = hsd_compare_transit_scene(c, 1, &r->scene, err);
    c->scenarios = NULL;
    hsd_free(scenario.proposals);
    return status;
}

static hsd_status put_in_force(void *context, const uint8_t *active, uint32_t limit_ms,
                               hsd_error *err) {
    rides *r = context;
    withdraw(r);
    r->limit_ms = limit_ms;
    r->baseline = active == NULL;
    hsd_status status = active ? make_scene(r, active, err) : HSD_OK;
    if (status == HSD_OK) status = find_touched(r, err);
    if (status != HSD_OK || r->scene.transit->stops == base_of(r)->stops) return status;
    r->streets = &r->own;
    return streets_make(r, r->scene.transit, NULL, &r->own, err);
}

/* ---- Rows ---- */

/* What the baseline keeps of a way: stops one may come to, times without a ride. */
static uint64_t *reached_of(const rides *r, void *kept, size_t way) {
    return (uint64_t *)(void *)((char *)kept + way * r->way_bytes);
}
static uint32_t *direct_of(const rides *r, void *kept, size_t way) {
    return (uint32_t *)(void *)(reached_of(r, kept, way) + r->stop_words);
}

static bool untouched(const rides *r, void *kept) {
    for (size_t w = 0; w < r->way_count; w++) {
        const uint64_t *reached = reached_of(r, kept, w);
        for (size_t i = 0; i < r->stop_words; i++)
            if (reached[i] & r->touched[i]) return false;
    }
    return true;
}

static void reach(const rides *r, uint64_t *reached, uint32_t stop, uint64_t ms) {
    if (ms <= r->limit_ms) reached[stop / 64] |= (uint64_t)1 << (stop & 63);
}

/* Where one may board at some instant: after the access, on alighting, after a walk or a change of
 * platforms. */
static void keep_reached(const rides *r, const hsd_departures *d, uint64_t *reached) {
    const hsd_transfer_rules *rules = &d->transit->rules;
    memset(reached, 0, r->stop_words * sizeof *reached);
    for (size_t i = 0; i < d->access.count; i++)
        reach(r, reached, d->access.data[i].stop, d->access.data[i].ms);
    for (uint32_t s = 0; s < d->transit->stops->stop_count; s++) {
        const uint64_t out = d->least.data[s];
        if (out > r->limit_ms) continue;
        reach(r, reached, s, out);
        for (uint32_t i = rules->first_walk[s]; i < rules->first_walk[s + 1]; i++)
            reach(r, reached, rules->walks[i].stop, out + rules->walks[i].ms);
        for (uint32_t i = rules->first_inside[s]; i < rules->first_inside[s + 1]; i++)
            reach(r, reached, rules->insides[i].stop, out + rules->insides[i].ms);
    }
}

static void keep_direct(const rides *r, const hsd_departures *d, uint32_t *out) {
    for (size_t j = 0; j < r->zone_count; j++)
        out[j] = d->direct_seeds.count
                     ? hsd_tree_feet_ms(d->direct, hsd_zone_set_feet(r->streets->far, j))
                     : HSD_UNREACHABLE;
}

static hsd_status sow(const rides *r, rides_worker *worker, size_t zone, hsd_error *err) {
    const hsd_feet *near = hsd_zone_set_feet(r->streets->near, zone),
                   *far = hsd_zone_set_feet(r->streets->far, zone);
    const bool own_way = r->baseline || r->streets != &r->base, /* else the baseline's */
        may = hsd_transit_run_direct(r->scene.transit, &r->run->compare.circle.info);
    worker->near.count = worker->direct.count = 0;
    for (size_t f = 0; f < near->count; f++)
        if (!hsd_array_push(&worker->near, ((hsd_seed){.foot = near->feet[f]}), err))
            return HSD_E_MEMORY;
    for (size_t f = 0; own_way && may && f < far->count; f++)
        if (!hsd_array_push(&worker->direct, ((hsd_seed){.foot = far->feet[f]}), err))
            return HSD_E_MEMORY;
    return HSD_OK;
}

/* Times of one way into worker->times, worker's seeds being sown. */
static hsd_status ride(const rides *r, rides_worker *worker, size_t w, void *kept, hsd_error *err) {
    const hsd_transit_run *transit = r->scene.transit;
    hsd_departures **d = &worker->ways[w];
    hsd_status status = HSD_OK;
    if (!*d) status = hsd_departures_create(transit->ways[w].transit, d, err);
    if (status == HSD_OK)
        status = hsd_departures_ride(*d, worker->near.data, worker->near.count, worker->direct.data,
                                     worker->direct.count, transit->ways[w].instants_ms,
                                     transit->ways[w].instant_count, r->limit_ms, err);
    if (status == HSD_OK)
        status = hsd_egress_table_times(r->streets->ways[w], *d, transit->plan.percentiles[0],
                                        worker->times, NULL, err);
    if (status != HSD_OK) return status;
    uint32_t *direct = direct_of(r, kept, w);
    if (r->baseline) {
        keep_reached(r, *d, reached_of(r, kept, w));
        keep_direct(r, *d, direct);
    } else if (r->streets == &r->base) {
        for (size_t j = 0; j < r->zone_count; j++)
            if (direct[j] < worker->times[j]) worker->times[j] = direct[j];
    }
    return HSD_OK;
}

static hsd_status take_row(void *context, size_t zone, void *kept, int index, uint32_t *ms,
                           bool *same, hsd_error *err) {
    const rides *r = context;
    rides_worker *worker = &r->workers[index];
    *same = !r->baseline && r->streets == &r->base && untouched(r, kept);
    if (*same) return HSD_OK;
    hsd_status status = sow(r, worker, zone, err);
    for (size_t j = 0; j < r->zone_count; j++) ms[j] = 0;
    for (size_t w = 0; status == HSD_OK && w < r->way_count; w++) {
        status = ride(r, worker, w, kept, err);
        for (size_t j = 0; status == HSD_OK && j < r->zone_count;
             j++) /* there and back: the most */
            if (worker->times[j] > ms[j]) ms[j] = worker->times[j];
    }
    const bool joined = hsd_zone_set_feet(r->streets->near, zone)->count ||
                        hsd_zone_set_feet(r->streets->far, zone)->count;
    if (joined) ms[zone] = 0;
    return status;
}

/* ---- All of it ---- */

static hsd_status prepare(rides *r, hsd_error *err) {
    hsd_rank_run *run = r->run;
    hsd_transit_run *base = run->compare.circle.transit;
    hsd_status status = hsd_transit_run_make(base, run->run, err);
    if (status != HSD_OK) return status;
    r->zone_count = run->compare.circle.zones.place_count;
    r->way_count = base->way_count;
    r->stop_words = (base->timetable->stop_count + 63) / 64;
    r->way_bytes = r->stop_words * sizeof(uint64_t) + (r->zone_count + 1) / 2 * sizeof(uint64_t);
    r->worker_count = (size_t)hsd_thread_count(run->run);
    r->touched = hsd_calloc(r->stop_words, sizeof *r->touched, err);
    r->base_trips = sort_trips(base->timetable, err);
    r->workers = hsd_calloc(r->worker_count, sizeof *r->workers, err);
    if (!r->workers) r->worker_count = 0;
    if (!r->touched || !r->base_trips || !r->workers) return HSD_E_MEMORY;
    for (size_t w = 0; w < r->worker_count; w++) {
        r->workers[w].times = hsd_alloc(r->zone_count, sizeof *r->workers[w].times, err);
        if (!r->workers[w].times) return HSD_E_MEMORY;
    }
    status = hsd_rank_points(&run->compare.circle.zones, &r->points, err);
    return status == HSD_OK
               ? streets_make(r, base, run->compare.circle.profiles[0].zones, &r->base, err)
               : status;
}

static void rides_finish(rides *r) {
    withdraw(r);
    for (size_t w = 0; w < r->worker_count; w++) {
        hsd_array_finish(&r->workers[w].near);
        hsd_array_finish(&r->workers[w].direct);
        hsd_free(r->workers[w].times);
    }
    streets_finish(&r->base);
    hsd_rank_points_finish(&r->points);
    hsd_free(r->workers);
    hsd_free(r->base_trips);
    hsd_free(r->touched);
}

hsd_status hsd_rank_by_rides(hsd_rank_run *run, const hsd_rank_options *options, hsd_error *err) {
    rides r = {.run = run};
    hsd_status status = prepare(&r, err);
    const hsd_rank_source source = {.context = &r,
                                    .proposal_count = run->compare.proposals.proposal_count,
                                    .to = run->request->direction == HSD_TO,
                                    .kept_bytes = r.way_count * r.way_bytes,
                                    .begin = put_in_force,
                                    .row = take_row};
    if (status == HSD_OK)
        status = hsd_rank_make_from(&source, &run->compare.circle.zones, options, run->run,
                                    &run->ranking, err);
    rides_finish(&r);
    return status;
}
