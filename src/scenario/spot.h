/* Segments in plane longitude and latitude, as they are drawn: where two cross, where one is
 * nearest. */
#ifndef SCENARIO_SPOT_H
#define SCENARIO_SPOT_H

#include <math.h>

#include "geo/rtree.h"

static inline hsd_lonlat hsd_lonlat_of(hsd_point_e7 p) {
    return (hsd_lonlat){p.lon_e7 / 1e7, p.lat_e7 / 1e7};
}

static inline hsd_lonlat hsd_lonlat_between(hsd_lonlat a, hsd_lonlat b, double fraction) {
    if (fraction <= 0) return a;
    if (fraction >= 1) return b;
    return (hsd_lonlat){a.lon + fraction * (b.lon - a.lon), a.lat + fraction * (b.lat - a.lat)};
}

/* > 0: c lies to the left of a -> b. */
static inline double hsd_turn(hsd_lonlat a, hsd_lonlat b, hsd_lonlat c) {
    return (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon);
}

/* a-b crosses p-q; *t: where along a-b. Half-open: what goes through a common vertex of two
 * segments crosses one of them. */
static inline bool hsd_segments_cross(hsd_lonlat a, hsd_lonlat b, hsd_lonlat p, hsd_lonlat q,
                                      double *t) {
    const double from = hsd_turn(p, q, a), to = hsd_turn(p, q, b);
    if ((from > 0) == (to > 0) || (hsd_turn(a, b, p) > 0) == (hsd_turn(a, b, q) > 0)) return false;
    *t = from / (from - to);
    return true;
}

/* Metres from the tangent's point to a-b, and where. */
static inline double hsd_nearest_m(const hsd_tangent *tangent, hsd_lonlat a, hsd_lonlat b,
                                   double *t) {
    const double ax = (a.lon - tangent->lon) * tangent->m_per_lon;
    const double ay = (a.lat - tangent->lat) * tangent->m_per_lat;
    const double dx = (b.lon - a.lon) * tangent->m_per_lon;
    const double dy = (b.lat - a.lat) * tangent->m_per_lat, square = dx * dx + dy * dy;
    *t = square > 0 ? fmin(fmax(-(ax * dx + ay * dy) / square, 0), 1) : 0;
    return hypot(ax + *t * dx, ay + *t * dy);
}

/* The box of a segment, a hair wide. */
static inline hsd_box_e7 hsd_segment_box(hsd_lonlat a, hsd_lonlat b) {
    return (hsd_box_e7){
        (int32_t)floor(fmin(a.lon, b.lon) * 1e7) - 1, (int32_t)floor(fmin(a.lat, b.lat) * 1e7) - 1,
        (int32_t)ceil(fmax(a.lon, b.lon) * 1e7) + 1, (int32_t)ceil(fmax(a.lat, b.lat) * 1e7) + 1};
}
#endif
