/* The stops of a timetable on the streets (docs/methods.md, 10 and 11): where each one's feet are
 * under the profiles that bring to it, lead away from it and walk between rides, and how one walks
 * or changes from stop to stop.
 *
 * A stop that nobody calls at has feet as well: another timetable with the same stops may. Walks
 * between stops are one bounded tree a stop; what transfers.txt says is laid over them afterwards,
 * so the streets may lack a walk that the feed knows. On networks of stops alone a stop is its
 * vertex, and a walk the straight leg from one to the other. Every stop is worked out by itself, in
 * parallel: O(stops x nodes within the cap). */
#include "times/stop_set.h"

#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"

enum { MINUTE_MS = 60000 };

hsd_transit_rules hsd_transit_defaults(void) {
    return (hsd_transit_rules){.board_ms = {[HSD_RIDE_RAIL] = 5 * MINUTE_MS,
                                            [HSD_RIDE_HIGH_SPEED] = 30 * MINUTE_MS,
                                            [HSD_RIDE_FERRY] = 10 * MINUTE_MS},
                               .walk_cap_ms = 10 * MINUTE_MS,
                               .change_ms = 2 * MINUTE_MS,
                               .max_rides = 5,
                               .park_ms = 5 * MINUTE_MS};
}

static uint32_t default_cap_ms(const hsd_locator *locator) {
    return (strcmp(locator->graph->mode, "car") == 0 ? 30 : 20) * MINUTE_MS;
}

static uint32_t clamped(uint32_t ms) {
    return ms < HSD_UNREACHABLE ? ms : HSD_UNREACHABLE;
}

static uint32_t ms_of_seconds(uint32_t seconds) {
    return seconds < HSD_UNREACHABLE / 1000 ? seconds * 1000 : HSD_UNREACHABLE;
}

uint32_t hsd_stop_end_ms(const hsd_stop_set *stops, uint32_t stop, int end) {
    const hsd_stop_row *row = &stops->timetable->stops[stop];
    const uint32_t way_ms = clamped(row->access_ms);
    if (end != HSD_END_ACCESS || !stops->rules.park) return way_ms;
    const uint32_t park_ms = row->park_ms != HSD_NO_ROW ? row->park_ms : stops->rules.park_ms;
    return hsd_ms_add(way_ms, clamped(park_ms));
}

const hsd_feet *hsd_stop_set_feet(const hsd_stop_set *stops, uint32_t stop, int end) {
    static const hsd_feet none = {.reason = HSD_SNAP_OK};
    return stops->locators[end] != NULL ? hsd_stop_feet(stops, stop, end) : &none;
}

/* ---- Feet
 * ----------------------------------------------------------------------------------------- */

/* Of a network of stops alone: the stop's own vertex, without a leg. */
static void keep_own_vertex(hsd_feet *feet) {
    size_t nearest = 0;
    for (size_t f = 1; f < feet->count; f++)
        if (feet->feet[f].leg_m < feet->feet[nearest].leg_m) nearest = f;
    if (feet->count == 0) return;
    feet->feet[0] = feet->feet[nearest];
    feet->feet[0].leg_ms = 0;
    feet->feet[0].leg_m = 0;
    feet->count = 1;
}

typedef struct locating {
    hsd_stop_set *stops;
    int end;
} locating;

static hsd_status locate_some(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    (void)worker;
    const locating *l = context;
    const hsd_locator *locator = l->stops->locators[l->end];
    hsd_status status = HSD_OK;
    for (size_t s = begin; status == HSD_OK && s < end; s++) {
        const hsd_stop_row *row = &l->stops->timetable->stops[s];
        hsd_feet *feet = &l->stops->feet[l->end][s];
        if (row->is_station) continue;
        status = hsd_locate(locator, row->lon, row->lat, feet, err);
        if (hsd_stops_alone(locator)) keep_own_vertex(feet);
    }
    return status;
}

/* One set of feet for each distinct locator. */
static hsd_status find_feet(hsd_stop_set *stops, const hsd_run *run, hsd_error *err) {
    for (int end = 0; end < HSD_ENDS; end++) {
        stops->shared[end] = end;
        for (int other = end; other-- > 0;)
            if (stops->locators[other] == stops->locators[end]) stops->shared[end] = other;
        if (stops->shared[end] != end || stops->locators[end] == NULL) continue;
        stops->feet[end] = hsd_calloc(stops->stop_count, sizeof *stops->feet[end], err);
        if (stops->feet[end] == NULL) return HSD_E_MEMORY;
        locating l = {stops, end};
        hsd_status status =
            hsd_parallel_for(run, "locating stops", stops->stop_count, 64, locate_some, &l, err);
        if (status == HSD_OK)
            status = hsd_stop_finder_init(&stops->finders[end], stops->locators[end],
                                          stops->feet[end], stops->stop_count, err);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}

/* ---- Walks on the streets
 * ------------------------------------------------------------------------- */

typedef struct walker { /* one a worker */
    hsd_tree *tree;
    hsd_near_stops near;
    hsd_feet feet; /* of networks of stops alone: all vertices within the leg */
    HSD_ARRAY(hsd_seed) seeds;
} walker;

typedef struct walking {
    const hsd_stop_set *stops;
    hsd_stop_way_array *walks; /* of each stop */
    walker *walkers;
    atomic_size_t *count; /* of walks so far */
} walking;

hsd_status hsd_stop_ways_check(size_t count, hsd_error *err) {
    if (count <= HSD_MOST_STOP_WAYS) return HSD_OK;
    return hsd_fail(
        err, HSD_E_MEMORY,
        "more than %zu ways from stop to stop: too many stops at one place or platforms "
        "in one station",
        HSD_MOST_STOP_WAYS);
}

static void walker_finish(walker *w) {
    hsd_tree_destroy(w->tree);
    hsd_near_stops_finish(&w->near);
    hsd_feet_finish(&w->feet);
    hsd_array_finish(&w->seeds);
}

static bool same_station(const hsd_timetable *timetable, uint32_t a, uint32_t b) {
    return timetable->stops[a].station != HSD_NO_ROW &&
           timetable->stops[a].station == timetable->stops[b].station;
}

/* Where walks from a stop begin, its own way out paid. */
static hsd_status sow(const walking *work, walker *w, uint32_t stop, hsd_error *err) {
    const hsd_locator *locator = work->stops->locators[HSD_END_WALK];
    const hsd_stop_row *row = &work->stops->timetable->stops[stop];
    const hsd_feet *feet = hsd_stop_feet(work->stops, stop, HSD_END_WALK);
    w->seeds.count = 0;
    if (feet->count == 0) return HSD_OK;
    if (hsd_stops_alone(locator)) {
        const hsd_status status = hsd_locate(locator, row->lon, row->lat, &w->feet, err);
        if (status != HSD_OK) return status;
        feet = &w->feet;
    }
    for (size_t f = 0; f < feet->count; f++) {
        const hsd_seed seed = {feet->feet[f], clamped(row->access_ms), 0};
        if (!hsd_array_push(&w->seeds, seed, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status walk_from(const walking *work, walker *w, uint32_t stop, hsd_error *err) {
    const hsd_stop_set *stops = work->stops;
    const uint32_t cap_ms = stops->rules.walk_cap_ms;
    hsd_status status = sow(work, w, stop, err);
    if (status != HSD_OK || w->seeds.count == 0) return status;
    status = hsd_tree_grow(w->tree, HSD_FROM, w->seeds.data, w->seeds.count, cap_ms, err);
    hsd_near_stops_clear(&w->near);
    if (status == HSD_OK)
        status =
            hsd_stop_finder_add(hsd_stop_finder_of(stops, HSD_END_WALK), w->tree, &w->near, err);
    hsd_near_stops_sort(&w->near);
    for (size_t i = 0; status == HSD_OK && i < w->near.found.count; i++) {
        const uint32_t to = w->near.found.data[i];
        const uint32_t ms =
            hsd_ms_add(w->near.ms[to], clamped(stops->timetable->stops[to].access_ms));
        if (ms > cap_ms || to == stop || same_station(stops->timetable, stop, to)) continue;
        if (!hsd_array_push(&work->walks[stop], ((hsd_stop_way){to, ms}), err))
            status = HSD_E_MEMORY;
    }
    if (status != HSD_OK) return status;
    const size_t own = work->walks[stop].count;
    return hsd_stop_ways_check(atomic_fetch_add(work->count, own) + own, err);
}

static hsd_status walk_some(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    const walking *work = context;
    const hsd_locator *locator = work->stops->locators[HSD_END_WALK];
    walker *w = &work->walkers[worker];
    hsd_status status = HSD_OK;
    if (w->tree == NULL) status = hsd_tree_create(locator, &w->tree, err);
    if (status == HSD_OK && w->near.ms == NULL)
        status = hsd_near_stops_init(&w->near, work->stops->stop_count, err);
    for (size_t s = begin; status == HSD_OK && s < end; s++)
        status = walk_from(work, w, (uint32_t)s, err);
    return status;
}

static hsd_status walk_streets(const hsd_stop_set *stops, hsd_stop_way_array *walks,
                               const hsd_run *run, hsd_error *err) {
    if (stops->locators[HSD_END_WALK] == NULL) return HSD_OK;
    const size_t workers = (size_t)hsd_thread_count(run);
    atomic_size_t count = 0;
    walking work = {stops, walks, hsd_calloc(workers, sizeof *work.walkers, err), &count};
    if (work.walkers == NULL) return HSD_E_MEMORY;
    const hsd_status status =
        hsd_parallel_for(run, "walks between stops", stops->stop_count, 16, walk_some, &work, err);
    for (size_t w = 0; w < workers; w++) walker_finish(&work.walkers[w]);
    hsd_free(work.walkers);
    return status;
}

/* ---- What the feed says of them
 * ------------------------------------------------------------------- */

typedef struct ruling {
    const hsd_stop_set *stops;
    const hsd_stop_rules *rules;
    hsd_stop_way_array out;
    hsd_error *err;
} ruling;

static const hsd_transfer_row *row_of(const ruling *r, const hsd_stop_rule *rule) {
    return rule != NULL ? &r->stops->timetable->transfers[rule->row] : NULL;
}

static bool add_way(ruling *r, uint32_t to, uint32_t ms) {
    return hsd_array_push(&r->out, ((hsd_stop_way){to, ms}), r->err);
}

/* Two ascending lists, the streets' and the feed's, become one. */
static bool rule_walks(ruling *r, uint32_t from, const hsd_stop_way_array *walks) {
    const hsd_stop_rule *rules;
    const size_t rule_count = hsd_stop_rules_of(r->rules, from, &rules);
    size_t w = 0, k = 0;
    while (w < walks->count || k < rule_count) {
        const uint32_t walk_to = w < walks->count ? walks->data[w].stop : UINT32_MAX;
        const uint32_t rule_to = k < rule_count ? rules[k].to : UINT32_MAX;
        const uint32_t to = walk_to < rule_to ? walk_to : rule_to;
        uint32_t ms = walk_to == to ? walks->data[w].ms : HSD_UNREACHABLE;
        if (rule_to == to) {
            const hsd_transfer_row *row = row_of(r, &rules[k]);
            const uint32_t min_ms = ms_of_seconds(row->min_s);
            if (row->type == 2 && (ms >= HSD_UNREACHABLE || ms < min_ms)) ms = min_ms;
            if (row->type == 3 || to == from || same_station(r->stops->timetable, from, to))
                ms = HSD_UNREACHABLE;
        }
        if (ms < HSD_UNREACHABLE && !add_way(r, to, ms)) return false;
        w += walk_to == to;
        k += rule_to == to;
    }
    return true;
}

/* Between two rides at a stop, forbidden or not. */
static uint32_t change_time(const ruling *r, uint32_t stop, const hsd_transfer_row *own) {
    const hsd_stop_row *row = &r->stops->timetable->stops[stop];
    if (own != NULL && own->type == 2) return ms_of_seconds(own->min_s);
    const bool said = own == NULL && row->change_ms != HSD_NO_ROW;
    return clamped(said ? row->change_ms : r->stops->rules.change_ms);
}

static bool rule_insides(ruling *r, uint32_t from) {
    const uint32_t station = r->stops->timetable->stops[from].station;
    const hsd_stop_rule *rules;
    const size_t rule_count = hsd_stop_rules_of(r->rules, from, &rules);
    const hsd_transfer_row *own = row_of(r, hsd_stop_rule_of(r->rules, from, from));
    const uint32_t change_ms = change_time(r, from, own);
    r->stops->change_ms[from] = own != NULL && own->type == 3 ? HSD_UNREACHABLE : change_ms;
    if (station == HSD_NO_ROW) return true;
    size_t k = 0; /* rules and platforms ascend */
    for (uint32_t i = r->rules->first_platform[station]; i < r->rules->first_platform[station + 1];
         i++) {
        const uint32_t to = r->rules->platforms[i];
        while (k < rule_count && rules[k].to < to) k++;
        const hsd_transfer_row *row =
            k < rule_count && rules[k].to == to ? row_of(r, &rules[k]) : NULL;
        uint32_t ms = change_ms;
        if (row != NULL && row->type == 2 && ms_of_seconds(row->min_s) > ms)
            ms = ms_of_seconds(row->min_s);
        if (to == from || (row != NULL && row->type == 3) || ms >= HSD_UNREACHABLE) continue;
        if (!add_way(r, to, ms)) return false;
    }
    return true;
}

/* Before they are listed: every platform to every other of its station. */
static hsd_status check_insides(const hsd_stop_rules *rules, size_t stop_count, hsd_error *err) {
    size_t count = 0;
    for (size_t s = 0; s < stop_count; s++) {
        const size_t platforms = rules->first_platform[s + 1] - rules->first_platform[s];
        count += platforms * platforms;
    }
    return hsd_stop_ways_check(count, err);
}

/* ---- Both ways round
 * ------------------------------------------------------------------------------ */

/* The same ways by the stop they lead to. */
static hsd_status turn_round(const hsd_stop_ways *by_from, size_t stop_count, hsd_stop_ways *by_to,
                             hsd_error *err) {
    const uint32_t total = by_from->first[stop_count];
    uint32_t *first = by_to->first = hsd_calloc(stop_count + 2, sizeof *first, err);
    by_to->ways = hsd_alloc(total, sizeof *by_to->ways, err);
    if (first == NULL || by_to->ways == NULL) return HSD_E_MEMORY;
    for (uint32_t i = 0; i < total; i++) first[by_from->ways[i].stop + 2]++;
    for (size_t s = 0; s < stop_count; s++) first[s + 2] += first[s + 1];
    for (uint32_t from = 0; from < stop_count; from++)
        for (uint32_t i = by_from->first[from]; i < by_from->first[from + 1]; i++)
            by_to->ways[first[by_from->ways[i].stop + 1]++] =
                (hsd_stop_way){from, by_from->ways[i].ms};
    return HSD_OK;
}

static hsd_status settle_ways(ruling *r, hsd_stop_ways ways[2], const hsd_stop_way_array *walks,
                              hsd_error *err) {
    const size_t count = r->stops->stop_count;
    r->out = (hsd_stop_way_array){0};
    ways[HSD_FROM].first = hsd_alloc(count + 1, sizeof *ways[HSD_FROM].first, err);
    if (ways[HSD_FROM].first == NULL) return HSD_E_MEMORY;
    bool ok = true;
    for (uint32_t s = 0; ok && s < count; s++) {
        ways[HSD_FROM].first[s] = (uint32_t)r->out.count;
        if (r->stops->timetable->stops[s].is_station) continue;
        ok = walks != NULL ? rule_walks(r, s, &walks[s]) : rule_insides(r, s);
        if (ok && hsd_stop_ways_check(r->out.count, err) != HSD_OK) return HSD_E_MEMORY;
    }
    ways[HSD_FROM].first[count] = (uint32_t)r->out.count;
    ways[HSD_FROM].ways = r->out.data;
    r->out = (hsd_stop_way_array){0};
    return ok ? turn_round(&ways[HSD_FROM], count, &ways[HSD_TO], err) : HSD_E_MEMORY;
}

static hsd_status join_stops(hsd_stop_set *stops, const hsd_run *run, hsd_error *err) {
    hsd_stop_rules rules = {0};
    ruling r = {.stops = stops, .rules = &rules, .err = err};
    hsd_stop_way_array *walks = hsd_calloc(stops->stop_count, sizeof *walks, err);
    stops->change_ms = hsd_calloc(stops->stop_count, sizeof *stops->change_ms, err);
    hsd_status status = walks && stops->change_ms ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = hsd_stop_rules_init(&rules, stops->timetable, err);
    if (status == HSD_OK) status = check_insides(&rules, stops->stop_count, err);
    if (status == HSD_OK) status = walk_streets(stops, walks, run, err);
    if (status == HSD_OK) status = settle_ways(&r, stops->walks, walks, err);
    if (status == HSD_OK) status = settle_ways(&r, stops->insides, NULL, err);
    hsd_array_finish(&r.out);
    hsd_stop_rules_finish(&rules);
    for (size_t s = 0; walks != NULL && s < stops->stop_count; s++) hsd_array_finish(&walks[s]);
    hsd_free(walks);
    return status;
}

/* ---- The set
 * -------------------------------------------------------------------------------------- */

static void take_rules(hsd_stop_set *stops, const hsd_transit_rules *rules) {
    const hsd_transit_rules defaults = hsd_transit_defaults();
    stops->rules = rules != NULL ? *rules : defaults;
    hsd_transit_rules *r = &stops->rules;
    if (r->access_cap_ms == 0) r->access_cap_ms = default_cap_ms(stops->locators[HSD_END_ACCESS]);
    if (r->egress_cap_ms == 0) r->egress_cap_ms = default_cap_ms(stops->locators[HSD_END_EGRESS]);
    if (r->walk_cap_ms == 0) r->walk_cap_ms = defaults.walk_cap_ms;
    if (r->max_rides == 0) r->max_rides = defaults.max_rides;
}

hsd_status hsd_stop_set_create(const hsd_timetable *timetable, const hsd_locator *access,
                               const hsd_locator *egress, const hsd_locator *walk,
                               const hsd_transit_rules *rules, const hsd_run *run,
                               hsd_stop_set **out, hsd_error *err) {
    *out = NULL;
    hsd_stop_set *stops = hsd_calloc(1, sizeof *stops, err);
    if (stops == NULL) return HSD_E_MEMORY;
    stops->timetable = timetable;
    stops->stop_count = timetable->stop_count;
    stops->locators[HSD_END_ACCESS] = access;
    stops->locators[HSD_END_EGRESS] = egress;
    stops->locators[HSD_END_WALK] = walk;
    take_rules(stops, rules);
    hsd_status status = find_feet(stops, run, err);
    if (status == HSD_OK) status = join_stops(stops, run, err);
    if (status != HSD_OK) {
        hsd_stop_set_destroy(stops);
        return status;
    }
    *out = stops;
    return HSD_OK;
}

void hsd_stop_set_destroy(hsd_stop_set *stops) {
    if (stops == NULL) return;
    for (int end = 0; end < HSD_ENDS; end++) {
        for (size_t s = 0; stops->feet[end] != NULL && s < stops->stop_count; s++)
            hsd_feet_finish(&stops->feet[end][s]);
        hsd_free(stops->feet[end]);
        hsd_stop_finder_finish(&stops->finders[end]);
    }
    for (int d = 0; d < 2; d++) {
        hsd_free(stops->walks[d].first);
        hsd_free(stops->walks[d].ways);
        hsd_free(stops->insides[d].first);
        hsd_free(stops->insides[d].ways);
    }
    hsd_free(stops->change_ms);
    hsd_free(stops);
}
