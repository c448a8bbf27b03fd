/* Calls on the shape of their trip: matched to its segments in order, so that the sum of distances
 * is least (dynamic programming), for the nearest point alone goes astray where a line passes a
 * place twice. O(calls x points), at most MOST_MATCHES: real shapes have a few thousand points. */
#include "times/shape_match.h"

#include "base/memory.h"
#include "geo/rtree.h"

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

static hsd_shape_place place_on(const matching *m, uint32_t call, uint32_t segment) {
    const hsd_tangent tangent = tangent_of(m->timetable, call);
    const hsd_point_e7 a = m->points[segment], b = m->points[segment + 1];
    hsd_shape_place place = {.segment = segment};
    place.away_m = hsd_tangent_segment_m(&tangent, a, b, &place.fraction);
    place.at = (hsd_lonlat){(a.lon_e7 + place.fraction * ((double)b.lon_e7 - a.lon_e7)) / 1e7,
                            (a.lat_e7 + place.fraction * ((double)b.lat_e7 - a.lat_e7)) / 1e7};
    return place;
}

static void match(const matching *m, uint32_t first_call, hsd_shape_place *out) {
    for (size_t row = 0; row < m->call_count; row++) match_call(m, first_call + (uint32_t)row, row);
    uint32_t at = 0;
    for (uint32_t s = 1; s < m->segment_count; s++)
        if (m->cost[s] < m->cost[at]) at = s;
    for (size_t row = m->call_count; row-- > 0;) {
        out[row] = place_on(m, first_call + (uint32_t)row, at);
        at = m->best[row * m->segment_count + at];
    }
}

bool hsd_shape_fits(const hsd_timetable *timetable, uint32_t trip, uint32_t call_count) {
    const uint32_t shape = timetable->trips[trip].shape;
    const size_t points = shape != HSD_NO_ROW ? timetable->shapes[shape].point_count : 0;
    return points > 1 && call_count > 0 && points <= MOST_MATCHES / call_count;
}

hsd_status hsd_shape_match(const hsd_timetable *timetable, uint32_t trip, uint32_t first_call,
                           uint32_t call_count, hsd_shape_place *out, hsd_error *err) {
    const hsd_shape_row *shape = &timetable->shapes[timetable->trips[trip].shape];
    matching m = {.timetable = timetable,
                  .points = timetable->shape_points + shape->first_point,
                  .call_count = call_count,
                  .segment_count = shape->point_count - 1};
    m.best = hsd_alloc(m.call_count, m.segment_count * sizeof *m.best, err);
    m.cost = hsd_alloc(m.segment_count, sizeof *m.cost, err);
    const bool ok = m.best != NULL && m.cost != NULL;
    if (ok) match(&m, first_call, out);
    hsd_free(m.best);
    hsd_free(m.cost);
    return ok ? HSD_OK : HSD_E_MEMORY;
}
