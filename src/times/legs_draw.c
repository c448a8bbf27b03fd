/* The lines of legs. Streets are drawn as their edges are. A ride follows its trip's shape: the
 * calls between boarding and alighting are matched to the shape's segments in order, so that the
 * sum of distances is least (dynamic programming), for the nearest point alone goes astray where a
 * line passes a place twice. O(calls x points) for a ride, at most MOST_MATCHES: beyond (real
 * shapes have a few thousand points) it is drawn from stop to stop. */
#include "times/legs.h"

#include "geo/rtree.h"

static hsd_lonlat lonlat_of(hsd_point_e7 p) {
    return (hsd_lonlat){p.lon_e7 / 1e7, p.lat_e7 / 1e7};
}

bool hsd_legs_add_point(hsd_legs *legs, hsd_lonlat at, hsd_error *err) {
    const size_t first = legs->legs[legs->count - 1].first_point;
    if (legs->point_count > first) {
        const hsd_lonlat last = legs->points[legs->point_count - 1];
        if (last.lon == at.lon && last.lat == at.lat) return true;
    }
    if (legs->point_count == legs->point_capacity &&
        !hsd_array_grow((void **)(void *)&legs->points, &legs->point_capacity,
                        legs->point_count + 1, sizeof *legs->points, err))
        return false;
    legs->points[legs->point_count++] = at;
    return true;
}

static bool add_step(hsd_legs *legs, const hsd_locator *locator, const hsd_track_step *step,
                     hsd_error *err) {
    const hsd_network *network = locator->network;
    const uint32_t edge = step->directed_edge / 2;
    const hsd_point_e7 *points = network->points + network->edges[edge].first_point;
    const hsd_foot from = {
        .edge = edge, .segment = step->from_segment, .fraction = step->from_fraction};
    const hsd_foot to = {.edge = edge, .segment = step->to_segment, .fraction = step->to_fraction};
    bool ok = hsd_legs_add_point(legs, hsd_locator_foot_point(locator, &from), err);
    if (step->directed_edge & 1) { /* bends strictly between the two ends, in travel order */
        for (uint32_t i = from.segment; ok && i > to.segment; i--)
            ok = hsd_legs_add_point(legs, lonlat_of(points[i]), err);
    } else {
        for (uint32_t i = from.segment + 1; ok && i <= to.segment; i++)
            ok = hsd_legs_add_point(legs, lonlat_of(points[i]), err);
    }
    return ok && hsd_legs_add_point(legs, hsd_locator_foot_point(locator, &to), err);
}

bool hsd_legs_add_track(hsd_legs *legs, const hsd_locator *locator, const hsd_track *track,
                        hsd_error *err) {
    for (size_t i = 0; i < track->step_count; i++)
        if (!add_step(legs, locator, &track->steps[i], err)) return false;
    return true;
}

/* ---- Shapes
 * --------------------------------------------------------------------------------------- */

enum { MOST_MATCHES = 1 << 24 };

/* Calls against segments. */
typedef struct matching {
    const hsd_timetable *timetable;
    const hsd_point_e7 *points;
    size_t call_count, segment_count;
    uint32_t *best; /* call by call: the segment of the one before, by segment */
    double *cost;   /* of the present call, by segment */
} matching;

static hsd_tangent tangent_of(const hsd_timetable *timetable, uint32_t call) {
    const hsd_stop_row *stop = &timetable->stops[timetable->calls[call].stop];
    return hsd_tangent_at(stop->lon, stop->lat);
}

/* Fills cost and best; a call stands on the segment of the one before, or further. */
static void match_call(const matching *m, uint32_t call, size_t row) {
    const hsd_tangent tangent = tangent_of(m->timetable, call);
    double before = 0, fraction;
    uint32_t from = 0;
    for (uint32_t s = 0; s < m->segment_count; s++) {
        const double away =
            hsd_tangent_segment_m(&tangent, m->points[s], m->points[s + 1], &fraction);
        if (row > 0 && (s == 0 || m->cost[s] < before)) {
            before = m->cost[s];
            from = s;
        }
        m->cost[s] = before + away;
        m->best[row * m->segment_count + s] = from;
    }
}

static void match(const matching *m, uint32_t first_call, uint32_t ends[2]) {
    for (size_t row = 0; row < m->call_count; row++) match_call(m, first_call + (uint32_t)row, row);
    uint32_t at = 0;
    for (uint32_t s = 1; s < m->segment_count; s++)
        if (m->cost[s] < m->cost[at]) at = s;
    ends[1] = at;
    for (size_t row = m->call_count - 1; row > 0; row--) at = m->best[row * m->segment_count + at];
    ends[0] = at;
}

static hsd_lonlat place_on(const matching *m, uint32_t call, uint32_t segment, double *fraction) {
    const hsd_tangent tangent = tangent_of(m->timetable, call);
    const hsd_point_e7 a = m->points[segment], b = m->points[segment + 1];
    hsd_tangent_segment_m(&tangent, a, b, fraction);
    return (hsd_lonlat){(a.lon_e7 + *fraction * ((double)b.lon_e7 - a.lon_e7)) / 1e7,
                        (a.lat_e7 + *fraction * ((double)b.lat_e7 - a.lat_e7)) / 1e7};
}

static hsd_status along_shape(hsd_legs *legs, matching *m, uint32_t from_call, uint32_t to_call,
                              hsd_error *err) {
    uint32_t ends[2];
    double begin, end;
    m->best = hsd_alloc(m->call_count, m->segment_count * sizeof *m->best, err);
    m->cost = hsd_alloc(m->segment_count, sizeof *m->cost, err);
    bool ok = m->best != NULL && m->cost != NULL;
    if (ok) {
        match(m, from_call, ends);
        const hsd_lonlat first = place_on(m, from_call, ends[0], &begin);
        const hsd_lonlat last = place_on(m, to_call, ends[1], &end);
        ok = hsd_legs_add_point(legs, first, err);
        for (uint32_t p = ends[0] + 1; ok && p <= ends[1]; p++)
            ok = hsd_legs_add_point(legs, lonlat_of(m->points[p]), err);
        if (ok && (ends[0] != ends[1] || end > begin)) ok = hsd_legs_add_point(legs, last, err);
    }
    hsd_free(m->best);
    hsd_free(m->cost);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_legs_add_ride(hsd_legs *legs, const hsd_timetable *timetable, uint32_t trip,
                             uint32_t from_call, uint32_t to_call, hsd_error *err) {
    const uint32_t shape = timetable->trips[trip].shape;
    const size_t points = shape != HSD_NO_ROW ? timetable->shapes[shape].point_count : 0;
    if (points > 1 && points <= MOST_MATCHES / (to_call - from_call + 1)) {
        matching m = {.timetable = timetable,
                      .points = timetable->shape_points + timetable->shapes[shape].first_point,
                      .call_count = to_call - from_call + 1,
                      .segment_count = points - 1};
        return along_shape(legs, &m, from_call, to_call, err);
    }
    for (uint32_t c = from_call; c <= to_call; c++) {
        const hsd_stop_row *stop = &timetable->stops[timetable->calls[c].stop];
        if (!hsd_legs_add_point(legs, (hsd_lonlat){stop->lon, stop->lat}, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}
