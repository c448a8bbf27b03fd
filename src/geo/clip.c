/* The area under an edge is its width times the mean of the authalic height A along it, where A of
 * a latitude is the ellipsoid's area between the equator and it, a radian wide (Snyder, Map
 * projections, a working manual, 1987, eq. 3-12); the mean by Gauss's rule of three points, good to
 * 1e-12 for edges of 5 degrees. Clipping is that of Sutherland and Hodgman (1974): where a ring
 * falls into parts they stay joined along the window's side, which adds no area. */
#include <math.h>

#include "geo/clip.h"

static const double equator_m = 6378137.0, e = 0.0818191908426214957; /* of WGS84 */

static double authalic(double lat) {
    const double s = sin(lat * M_PI / 180);
    return equator_m * equator_m * (1 - e * e) / 2 * (s / (1 - e * e * s * s) + atanh(e * s) / e);
}

static double mean_height(double lat1, double lat2) {
    const double middle = 0.5 * (lat1 + lat2), step = 0.5 * (lat2 - lat1) * sqrt(0.6);
    if (step == 0) return authalic(middle);
    return (5 * authalic(middle - step) + 8 * authalic(middle) + 5 * authalic(middle + step)) / 18;
}

/* Positive where the ring runs counter-clockwise. */
static double ring_area_m2(const hsd_lonlat *p, size_t count) {
    double sum = 0;
    for (size_t i = 0, k = count - 1; i < count; k = i++)
        if (p[i].lon != p[k].lon)
            sum -= (p[i].lon - p[k].lon) * M_PI / 180 * mean_height(p[k].lat, p[i].lat);
    return sum;
}

double hsd_plane_area_m2(const hsd_geometry *polygon) {
    if (!polygon || polygon->type != HSD_GEOMETRY_POLYGON) return 0;
    double sum = 0;
    for (size_t r = 0, first = 0; r < polygon->ring_count; first = polygon->ring_end[r++])
        sum += ring_area_m2(polygon->points + first, polygon->ring_end[r] - first);
    return sum;
}

/* > 0: c lies left of a-b. */
static double side(hsd_lonlat a, hsd_lonlat b, hsd_lonlat c) {
    return (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon);
}

bool hsd_geometry_convex(const hsd_geometry *g) {
    if (g->type != HSD_GEOMETRY_POLYGON || g->ring_count != 1 || g->point_count < 4) return false;
    const size_t n = g->point_count - 1; /* the last is the first */
    double turned = 0; /* a star turns left at every corner too, but twice round */
    for (size_t i = 0; i < n; i++) {
        const hsd_lonlat a = g->points[i], b = g->points[i + 1], c = g->points[(i + 1) % n + 1];
        const double turn = side(a, b, c);
        if (!(turn >= 0)) return false;
        turned +=
            atan2(turn, (b.lon - a.lon) * (c.lon - b.lon) + (b.lat - a.lat) * (c.lat - b.lat));
    }
    return turned < 3 * M_PI;
}

/* What of a ring lies left of a-b. */
static hsd_status cut(const hsd_lonlat *ring, size_t count, hsd_lonlat a, hsd_lonlat b,
                      hsd_clip_scratch *scratch, int into, hsd_error *err) {
    scratch->ring[into].count = 0;
    if (count == 0) return HSD_OK;
    if (!hsd_array_reserve(&scratch->ring[into], 2 * count, err)) return HSD_E_MEMORY;
    hsd_lonlat *out = scratch->ring[into].data, from = ring[count - 1];
    size_t kept = 0;
    double from_side = side(a, b, from);
    for (size_t i = 0; i < count; i++) {
        const hsd_lonlat to = ring[i];
        const double to_side = side(a, b, to);
        if ((from_side < 0) != (to_side < 0)) {
            const double t = from_side / (from_side - to_side);
            out[kept++] = (hsd_lonlat){from.lon + t * (to.lon - from.lon),
                                       from.lat + t * (to.lat - from.lat)};
        }
        if (to_side >= 0) out[kept++] = to;
        from = to;
        from_side = to_side;
    }
    scratch->ring[into].count = kept;
    return HSD_OK;
}

hsd_status hsd_clip_area_m2(const hsd_geometry *polygon, const hsd_geometry *window,
                            hsd_clip_scratch *scratch, double *out, hsd_error *err) {
    *out = 0;
    for (size_t r = 0, first = 0; r < polygon->ring_count; first = polygon->ring_end[r++]) {
        const hsd_lonlat *ring = polygon->points + first;
        size_t count = polygon->ring_end[r] - first - 1;
        for (size_t i = 0; i + 1 < window->point_count && count > 0; i++) {
            const int into = (int)(i & 1);
            hsd_status status =
                cut(ring, count, window->points[i], window->points[i + 1], scratch, into, err);
            if (status != HSD_OK) return status;
            ring = scratch->ring[into].data;
            count = scratch->ring[into].count;
        }
        if (count >= 3) *out += ring_area_m2(ring, count);
    }
    *out = fmax(*out, 0);
    return HSD_OK;
}

void hsd_clip_scratch_finish(hsd_clip_scratch *scratch) {
    hsd_array_finish(&scratch->ring[0]);
    hsd_array_finish(&scratch->ring[1]);
}
