/* What a trip is made of, at one departure (docs/methods.md, 11).
 *
 * Its time is worked out as the egress table does it, so it equals the tree's: a tree from the
 * target finds the stops around it, the best of them (ties: none, then the lowest stop) is where
 * the rides end. The rides come from a search at that instant alone. Legs follow each other without
 * gaps. Leaving at m, one goes at once and waits at the first stop; arriving at m is the mirror
 * image: one leaves as late as possible, and what is too early at the end is waited for at the last
 * stop. Streets are drawn from trees of single places, which tell the way as well as the time;
 * walks between rides too, and straight where the feed knows a walk that the streets have not. */
#include "times/legs.h"

#include "times/tree_state.h"

const char *hsd_leg_kind_name(hsd_leg_kind kind) {
    static const char *const names[] = {
        [HSD_LEG_ACCESS] = "access", [HSD_LEG_DIRECT] = "direct", [HSD_LEG_BOARD] = "board",
        [HSD_LEG_WAIT] = "wait",     [HSD_LEG_RIDE] = "ride",     [HSD_LEG_CHANGE] = "change",
        [HSD_LEG_WALK] = "walk",     [HSD_LEG_EGRESS] = "egress"};
    return names[kind];
}

void hsd_legs_finish(hsd_legs *legs) {
    hsd_free(legs->legs);
    hsd_free(legs->points);
    *legs = (hsd_legs){0};
}

typedef struct telling {
    hsd_departures *d;
    const hsd_transit *transit;
    const hsd_feet *target;
    hsd_legs *out;
    uint32_t now_ms; /* where the next leg begins */
    hsd_error *err;
} telling;

/* ---- Legs and their lines
 * ------------------------------------------------------------------------- */

/* A line needs two points. */
static void close_leg(hsd_legs *out) {
    hsd_leg *leg = &out->legs[out->count - 1];
    if (out->point_count == leg->first_point + 1) out->point_count--;
    leg->point_count = out->point_count - leg->first_point;
}

static hsd_status add_leg(telling *t, hsd_leg leg, uint32_t end_ms) {
    hsd_legs *out = t->out;
    if (end_ms < t->now_ms)
        return hsd_fail(t->err, HSD_E_INTERNAL, "leg %zu, %s: it would end %u ms before it begins",
                        out->count, hsd_leg_kind_name(leg.kind), t->now_ms - end_ms);
    leg.start_ms = t->now_ms;
    leg.end_ms = t->now_ms = end_ms;
    leg.first_point = out->point_count;
    if (out->count == out->capacity && !hsd_array_grow((void **)(void *)&out->legs, &out->capacity,
                                                       out->count + 1, sizeof *out->legs, t->err))
        return HSD_E_MEMORY;
    out->legs[out->count++] = leg;
    return HSD_OK;
}

static hsd_leg leg_between(hsd_leg_kind kind, uint32_t from_stop, uint32_t to_stop) {
    return (hsd_leg){.kind = kind,
                     .from_stop = from_stop,
                     .to_stop = to_stop,
                     .trip = HSD_NO_ROW,
                     .from_call = HSD_NO_ROW,
                     .to_call = HSD_NO_ROW};
}

/* Boarding and waiting: at a stop, without a line, and left out where they take no time. */
static hsd_status add_pause(telling *t, hsd_leg_kind kind, uint32_t stop, uint32_t end_ms) {
    return end_ms == t->now_ms ? HSD_OK : add_leg(t, leg_between(kind, stop, stop), end_ms);
}

static bool add_stop_point(telling *t, uint32_t stop) {
    if (stop == HSD_NO_ROW) return true;
    const hsd_stop_row *row = &t->transit->timetable->stops[stop];
    return hsd_legs_add_point(t->out, (hsd_lonlat){row->lon, row->lat}, t->err);
}

/* ---- Streets
 * -------------------------------------------------------------------------------------- */

/* Between some places and the feet of another, at most cap_ms along the network. */
typedef struct streets {
    const hsd_locator *locator;
    hsd_tree **tree; /* scratch on it */
    hsd_direction direction;
    const hsd_seed *seeds;
    size_t seed_count;
    const hsd_feet *feet;
    uint32_t cap_ms;
} streets;

static hsd_status grow_seed(const telling *t, const streets *s, size_t seed) {
    return hsd_tree_grow_place(*s->tree, s->direction, &s->seeds[seed].foot,
                               s->seeds[seed].extra_ms, s->cap_ms, t->err);
}

/* The least time and its pair of seed and foot, the first of equals; the tree is the seed's. */
static hsd_status find_pair(const telling *t, const streets *s, size_t *seed, size_t *foot,
                            uint32_t *best_ms) {
    *best_ms = HSD_UNREACHABLE;
    hsd_status status = HSD_OK;
    if (*s->tree == NULL) status = hsd_tree_create(s->locator, s->tree, t->err);
    for (size_t i = 0; status == HSD_OK && i < s->seed_count; i++) {
        status = grow_seed(t, s, i);
        for (size_t f = 0; status == HSD_OK && f < s->feet->count; f++) {
            const uint32_t place_ms = hsd_tree_place_ms(*s->tree, &s->feet->feet[f]);
            const uint32_t ms = hsd_ms_add(place_ms, s->feet->feet[f].leg_ms);
            if (ms >= *best_ms) continue;
            *best_ms = ms;
            *seed = i;
            *foot = f;
        }
    }
    if (status == HSD_OK && *best_ms < HSD_UNREACHABLE && *seed + 1 < s->seed_count)
        status = grow_seed(t, s, *seed);
    return status;
}

/* In order of travel, both feet's points included. */
static hsd_status draw_track(telling *t, const hsd_tree *tree, const hsd_foot *foot) {
    hsd_track *track = &t->d->track;
    const hsd_locator *locator = hsd_tree_locator(tree);
    const hsd_status status = hsd_tree_track(tree, foot, track, t->err);
    if (status != HSD_OK || track->ms >= HSD_UNREACHABLE) return status;
    const bool from = hsd_tree_direction(tree) == HSD_FROM;
    const hsd_lonlat at = hsd_locator_foot_point(locator, foot);
    const hsd_lonlat seed = hsd_locator_foot_point(locator, &tree->seeds.data[track->seed].foot);
    return hsd_legs_add_point(t->out, from ? seed : at, t->err) &&
                   hsd_legs_add_track(t->out, locator, track, t->err) &&
                   hsd_legs_add_point(t->out, from ? at : seed, t->err)
               ? HSD_OK
               : HSD_E_MEMORY;
}

static hsd_status draw_streets(telling *t, const streets *s) {
    size_t seed = 0, foot = 0;
    uint32_t ms;
    hsd_status status = find_pair(t, s, &seed, &foot, &ms);
    if (status != HSD_OK || ms >= HSD_UNREACHABLE) return status;
    return draw_track(t, *s->tree, &s->feet->feet[foot]);
}

/* A stop's feet as seeds. */
static hsd_status sow_feet(const telling *t, const hsd_feet *feet) {
    t->d->far_seeds.count = 0;
    for (size_t f = 0; f < feet->count; f++)
        if (!hsd_array_push(&t->d->far_seeds, ((hsd_seed){feet->feet[f], 0, 0}), t->err))
            return HSD_E_MEMORY;
    return HSD_OK;
}

/* The origin's streets (the target's where the search runs against time), or the other end's. */
static hsd_status draw_end(telling *t, uint32_t stop, int end) {
    const hsd_stop_set *stops = t->transit->stops;
    hsd_departures *d = t->d;
    const hsd_feet *feet = hsd_stop_feet(stops, stop, end);
    streets s = {.locator = stops->locators[end],
                 .tree = &d->way[end],
                 .direction = t->transit->direction,
                 .cap_ms = hsd_stop_end_cap_ms(stops, end)};
    if (end == t->transit->near_end) {
        s.seeds = d->near_seeds.data;
        s.seed_count = d->near_seeds.count;
        s.feet = feet;
        return draw_streets(t, &s);
    }
    const hsd_status status = sow_feet(t, feet);
    s.seeds = d->far_seeds.data;
    s.seed_count = d->far_seeds.count;
    s.feet = t->target;
    return status == HSD_OK ? draw_streets(t, &s) : status;
}

/* ---- The two ends
 * --------------------------------------------------------------------------------- */

static hsd_status add_end(telling *t, int end, uint32_t stop, uint32_t ms) {
    const bool access = end == HSD_END_ACCESS;
    const uint32_t from = access ? HSD_NO_ROW : stop, to = access ? stop : HSD_NO_ROW;
    const hsd_leg leg = leg_between(access ? HSD_LEG_ACCESS : HSD_LEG_EGRESS, from, to);
    hsd_status status = add_leg(t, leg, t->now_ms + ms);
    if (status == HSD_OK && !add_stop_point(t, from)) status = HSD_E_MEMORY;
    if (status == HSD_OK) status = draw_end(t, stop, end);
    if (status == HSD_OK && !add_stop_point(t, to)) status = HSD_E_MEMORY;
    if (status == HSD_OK) close_leg(t->out);
    return status;
}

static hsd_status add_direct(telling *t, uint32_t ms) {
    const hsd_tree *tree = t->d->direct;
    hsd_status status =
        add_leg(t, leg_between(HSD_LEG_DIRECT, HSD_NO_ROW, HSD_NO_ROW), t->now_ms + ms);
    for (size_t f = 0; status == HSD_OK && f < t->target->count; f++) {
        if (hsd_tree_foot_ms(tree, &t->target->feet[f]) != ms) continue;
        status = draw_track(t, tree, &t->target->feet[f]);
        break;
    }
    if (status == HSD_OK) close_leg(t->out);
    return status;
}

/* ---- Between rides
 * -------------------------------------------------------------------------------- */

static uint32_t walk_ms(const hsd_stop_set *stops, uint32_t from, uint32_t to) {
    const hsd_stop_ways *walks = &stops->walks[HSD_FROM];
    for (uint32_t i = walks->first[from]; i < walks->first[from + 1]; i++)
        if (walks->ways[i].stop == to) return walks->ways[i].ms;
    return HSD_UNREACHABLE;
}

static hsd_status draw_walk(telling *t, uint32_t from, uint32_t to) {
    const hsd_stop_set *stops = t->transit->stops;
    const hsd_locator *locator = stops->locators[HSD_END_WALK];
    hsd_status status = add_stop_point(t, from) ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK && locator != NULL && !hsd_stops_alone(locator)) {
        status = sow_feet(t, hsd_stop_feet(stops, from, HSD_END_WALK));
        const streets s = {.locator = locator,
                           .tree = &t->d->way[HSD_END_WALK],
                           .direction = HSD_FROM,
                           .seeds = t->d->far_seeds.data,
                           .seed_count = t->d->far_seeds.count,
                           .feet = hsd_stop_feet(stops, to, HSD_END_WALK),
                           .cap_ms = stops->rules.walk_cap_ms};
        if (status == HSD_OK) status = draw_streets(t, &s);
    }
    return status == HSD_OK && !add_stop_point(t, to) ? HSD_E_MEMORY : status;
}

/* From alighting to where one may board. */
static hsd_status add_change(telling *t, uint32_t from, uint32_t to, const hsd_ride *ride) {
    hsd_status status = HSD_OK;
    if (ride->walked) {
        const uint32_t end_ms = hsd_ms_add(t->now_ms, walk_ms(t->transit->stops, from, to));
        status = add_leg(t, leg_between(HSD_LEG_WALK, from, to), end_ms);
        if (status == HSD_OK) status = draw_walk(t, from, to);
        if (status == HSD_OK) close_leg(t->out);
        return status == HSD_OK ? add_pause(t, HSD_LEG_BOARD, to, ride->ready_ms) : status;
    }
    status = add_leg(t, leg_between(HSD_LEG_CHANGE, from, to), ride->ready_ms);
    if (status != HSD_OK) return status;
    if (!add_stop_point(t, from) || !add_stop_point(t, to)) return HSD_E_MEMORY;
    close_leg(t->out);
    return HSD_OK;
}

static hsd_status add_ride(telling *t, const hsd_ride *ride) {
    const hsd_timetable *timetable = t->transit->timetable;
    hsd_leg leg = leg_between(HSD_LEG_RIDE, timetable->calls[ride->from_call].stop,
                              timetable->calls[ride->to_call].stop);
    leg.trip = ride->trip;
    leg.from_call = ride->from_call;
    leg.to_call = ride->to_call;
    hsd_status status = add_pause(t, HSD_LEG_WAIT, leg.from_stop, ride->board_ms);
    if (status == HSD_OK) status = add_leg(t, leg, ride->alight_ms);
    if (status == HSD_OK)
        status = hsd_legs_add_ride(t->out, timetable, ride->trip, ride->from_call, ride->to_call,
                                   t->err);
    if (status == HSD_OK) close_leg(t->out);
    return status;
}

/* ---- The trip
 * ------------------------------------------------------------------------------------- */

static uint32_t access_of(const hsd_departures *d, uint32_t stop) {
    for (size_t i = 0; i < d->access.count; i++)
        if (d->access.data[i].stop == stop) return d->access.data[i].ms;
    return HSD_UNREACHABLE;
}

static hsd_status add_rides(telling *t, size_t sample, uint32_t stop, uint32_t far_ms,
                            uint32_t end_ms) {
    hsd_journey *journey = &t->d->journey;
    const bool from = t->transit->direction == HSD_FROM;
    const hsd_call_row *calls = t->transit->timetable->calls;
    hsd_status status = hsd_departures_journey(t->d, sample, stop, journey, t->err);
    if (status != HSD_OK) return status;
    if (journey->count == 0)
        return hsd_fail(t->err, HSD_E_INTERNAL, "stop %u: no journey for a time", stop);
    const uint32_t near_ms = access_of(t->d, from ? journey->first_stop : journey->last_stop);
    status = add_end(t, HSD_END_ACCESS, journey->first_stop, from ? near_ms : far_ms);
    for (size_t i = 0; status == HSD_OK && i < journey->count; i++) {
        const hsd_ride *ride = &journey->rides[i];
        const uint32_t board = calls[ride->from_call].stop;
        if (i == 0)
            status = add_pause(t, HSD_LEG_BOARD, board, ride->ready_ms);
        else
            status = add_change(t, calls[ride[-1].to_call].stop, board, ride);
        if (status == HSD_OK) status = add_ride(t, ride);
    }
    if (status == HSD_OK && !from)
        status = add_pause(t, HSD_LEG_WAIT, journey->last_stop, end_ms - near_ms);
    if (status == HSD_OK)
        status = add_end(t, HSD_END_EGRESS, journey->last_stop, from ? far_ms : near_ms);
    if (status == HSD_OK && t->now_ms != end_ms)
        return hsd_fail(t->err, HSD_E_INTERNAL, "the legs end at %u, the trip at %u", t->now_ms,
                        end_ms);
    return status;
}

/* The stop on the far end where rides end (HSD_TO: begin); HSD_NO_ROW: none within the limit. */
static hsd_status find_stop(telling *t, size_t sample, uint32_t *stop, uint32_t *total_ms) {
    hsd_departures *d = t->d;
    hsd_tree **tree = &d->way[t->transit->far_end];
    hsd_status status = HSD_OK;
    if (*tree == NULL) status = hsd_tree_create(hsd_transit_far(t->transit), tree, t->err);
    if (status == HSD_OK && d->found.ms == NULL)
        status = hsd_near_stops_init(&d->found, t->transit->stops->stop_count, t->err);
    if (status != HSD_OK) return status;
    hsd_near_stops_clear(&d->found);
    status = hsd_transit_far_stops(t->transit, t->target, *tree, &d->found, t->err);
    *stop = HSD_NO_ROW;
    *total_ms = HSD_UNREACHABLE;
    for (size_t i = 0; status == HSD_OK && i < d->found.found.count; i++) {
        const uint32_t s = d->found.found.data[i];
        const uint32_t ms = hsd_ms_add(hsd_departures_lane(d, s)[sample], d->found.ms[s]);
        if (ms >= *total_ms || ms > d->limit_ms) continue;
        *total_ms = ms;
        *stop = s;
    }
    return status;
}

hsd_status hsd_departures_legs(hsd_departures *d, size_t sample, const hsd_feet *target,
                               hsd_legs *out, hsd_error *err) {
    telling t = {.d = d, .transit = d->transit, .target = target, .out = out, .err = err};
    uint32_t stop, ride_ms, direct_ms = HSD_UNREACHABLE;
    out->count = out->point_count = 0;
    out->total_ms = HSD_UNREACHABLE;
    if (sample >= hsd_departures_samples(d))
        return hsd_fail(err, HSD_E_ARGUMENT, "departure %zu: there are %zu", sample,
                        hsd_departures_samples(d));
    const hsd_status status = find_stop(&t, sample, &stop, &ride_ms);
    if (status != HSD_OK) return status;
    if (d->direct_seeds.count > 0) direct_ms = hsd_tree_feet_ms(d->direct, target);
    const uint32_t total_ms = direct_ms <= ride_ms ? direct_ms : ride_ms;
    if (total_ms >= HSD_UNREACHABLE) return HSD_OK;
    const uint32_t instant_ms = d->instants.data[sample / d->transit->day_count];
    const bool from = d->transit->direction == HSD_FROM;
    out->total_ms = total_ms;
    t.now_ms = from ? instant_ms : instant_ms - total_ms;
    if (direct_ms <= ride_ms) return add_direct(&t, total_ms);
    return add_rides(&t, sample, stop, d->found.ms[stop], t.now_ms + total_ms);
}
