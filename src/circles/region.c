/* Rows of equal height over a polygon's box, each with the segments that enter it: a point asks its
 * row, a line the rows it passes. With about one row per two vertices a row holds a few dozen
 * segments. Building O(vertices + entries). */
#include "circles/region.h"

#include <math.h>

static uint32_t row_of(const hsd_region *r, double lat) {
    double row = floor((lat - r->min_lat) / r->row_height);
    if (!(row > 0.0)) return 0;
    return row >= r->row_count ? r->row_count - 1 : (uint32_t)row;
}

/* Calls for each segment: counts entries, then, with first set, fills them. */
static void enter_segments(hsd_region *r, uint32_t *next, bool fill) {
    const hsd_geometry *g = r->polygon;
    size_t point = 0;
    for (size_t ring = 0; ring < g->ring_count; ring++) {
        for (; point + 1 < g->ring_end[ring]; point++) {
            double a = g->points[point].lat, b = g->points[point + 1].lat;
            uint32_t last = row_of(r, fmax(a, b));
            for (uint32_t row = row_of(r, fmin(a, b)); row <= last; row++) {
                if (fill)
                    r->row_segment[next[row]++] = (uint32_t)point;
                else
                    next[row + 1]++;
            }
        }
        point = g->ring_end[ring];
    }
}

hsd_status hsd_region_make(const hsd_geometry *polygon, hsd_region *out, hsd_error *err) {
    *out = (hsd_region){.polygon = polygon,
                        .min_lon = INFINITY,
                        .min_lat = INFINITY,
                        .max_lon = -INFINITY,
                        .max_lat = -INFINITY};
    if (polygon->point_count > UINT32_MAX / 4)
        return hsd_fail(err, HSD_E_MEMORY, "polygon of %zu points", polygon->point_count);
    for (size_t p = 0; p < polygon->point_count; p++) {
        out->min_lon = fmin(out->min_lon, polygon->points[p].lon);
        out->min_lat = fmin(out->min_lat, polygon->points[p].lat);
        out->max_lon = fmax(out->max_lon, polygon->points[p].lon);
        out->max_lat = fmax(out->max_lat, polygon->points[p].lat);
    }
    out->row_count = (uint32_t)(polygon->point_count / 2) + 1;
    if (out->row_count > 65536) out->row_count = 65536;
    double height = polygon->point_count ? out->max_lat - out->min_lat : 0.0;
    out->row_height = height > 0.0 ? height / out->row_count : 1.0;
    uint32_t *next = hsd_calloc((size_t)out->row_count + 1, sizeof *next, err);
    out->row_first = hsd_alloc((size_t)out->row_count + 1, sizeof *out->row_first, err);
    if (next && out->row_first) {
        enter_segments(out, next, false);
        for (uint32_t row = 0; row < out->row_count; row++) next[row + 1] += next[row];
        for (uint32_t row = 0; row <= out->row_count; row++) out->row_first[row] = next[row];
        out->row_segment = hsd_alloc(out->row_first[out->row_count], sizeof *out->row_segment, err);
        if (out->row_segment) enter_segments(out, next, true);
    }
    hsd_free(next);
    if (out->row_segment) return HSD_OK;
    hsd_region_finish(out);
    return HSD_E_MEMORY;
}

void hsd_region_finish(hsd_region *region) {
    hsd_free(region->row_first);
    hsd_free(region->row_segment);
    *region = (hsd_region){0};
}

/* Longitude at which a segment passes the latitude, half-open so that vertices count once. */
static bool passes(const hsd_lonlat *p, double lat, double *lon) {
    if ((p[0].lat > lat) == (p[1].lat > lat)) return false;
    *lon = p[0].lon + (lat - p[0].lat) * (p[1].lon - p[0].lon) / (p[1].lat - p[0].lat);
    return true;
}

bool hsd_region_contains(const hsd_region *r, double lon, double lat) {
    if (!(lon >= r->min_lon && lon <= r->max_lon && lat >= r->min_lat && lat <= r->max_lat))
        return false;
    uint32_t row = row_of(r, lat);
    bool inside = false;
    for (uint32_t k = r->row_first[row]; k < r->row_first[row + 1]; k++) {
        double at;
        if (passes(r->polygon->points + r->row_segment[k], lat, &at) && at > lon) inside = !inside;
    }
    return inside;
}

size_t hsd_region_ring_west(const hsd_region *r, hsd_lonlat from, size_t skip) {
    const hsd_geometry *g = r->polygon;
    uint32_t row = row_of(r, from.lat);
    double best = -INFINITY;
    size_t found = SIZE_MAX;
    for (uint32_t k = r->row_first[row]; k < r->row_first[row + 1]; k++) {
        uint32_t point = r->row_segment[k];
        double at;
        if (!passes(g->points + point, from.lat, &at) || at > from.lon || at <= best) continue;
        size_t lo = 0, hi = g->ring_count; /* the ring of the point */
        while (lo < hi) {
            size_t middle = (lo + hi) / 2;
            if (g->ring_end[middle] > point)
                hi = middle;
            else
                lo = middle + 1;
        }
        if (lo == skip) continue;
        best = at;
        found = lo;
    }
    return found;
}

/* Where a-b (parameter 0..1) meets the segment; half-open on the segment. */
static bool meets(hsd_lonlat a, hsd_lonlat b, const hsd_lonlat *p, double *t) {
    double dx = b.lon - a.lon, dy = b.lat - a.lat;
    double s0 = dx * (p[0].lat - a.lat) - dy * (p[0].lon - a.lon);
    double s1 = dx * (p[1].lat - a.lat) - dy * (p[1].lon - a.lon);
    if ((s0 > 0.0) == (s1 > 0.0)) return false;
    double ex = p[1].lon - p[0].lon, ey = p[1].lat - p[0].lat, den = dx * ey - dy * ex;
    if (den == 0.0) return false;
    *t = ((p[0].lon - a.lon) * ey - (p[0].lat - a.lat) * ex) / den;
    return *t >= 0.0 && *t < 1.0;
}

#define MEETINGS 64

double hsd_region_share(const hsd_region *r, hsd_lonlat a, hsd_lonlat b, bool *inside) {
    double lo_lon = fmin(a.lon, b.lon), hi_lon = fmax(a.lon, b.lon);
    double lo_lat = fmin(a.lat, b.lat), hi_lat = fmax(a.lat, b.lat);
    if (hi_lat < r->min_lat || lo_lat > r->max_lat || hi_lon < r->min_lon || lo_lon > r->max_lon)
        return *inside ? 1.0 : 0.0;
    double at[MEETINGS];
    int count = 0;
    uint32_t first = row_of(r, lo_lat), last = row_of(r, hi_lat);
    for (uint32_t row = first; row <= last; row++)
        for (uint32_t k = r->row_first[row]; k < r->row_first[row + 1]; k++) {
            const hsd_lonlat *p = r->polygon->points + r->row_segment[k];
            if ((p[0].lon < lo_lon && p[1].lon < lo_lon) ||
                (p[0].lon > hi_lon && p[1].lon > hi_lon))
                continue;
            double t;
            if (!meets(a, b, p, &t)) continue;
            /* a segment stands in several rows: count it in the row of the meeting point, or, when
             * rounding puts that outside, in the nearest row both share */
            uint32_t own = row_of(r, a.lat + t * (b.lat - a.lat));
            uint32_t p_first = row_of(r, fmin(p[0].lat, p[1].lat));
            uint32_t p_last = row_of(r, fmax(p[0].lat, p[1].lat));
            if (own < first) own = first;
            if (own > last) own = last;
            if (own < p_first) own = p_first;
            if (own > p_last) own = p_last;
            if (own != row) continue;
            if (count == MEETINGS) { /* a long line: halves */
                hsd_lonlat middle = {0.5 * (a.lon + b.lon), 0.5 * (a.lat + b.lat)};
                double half = hsd_region_share(r, a, middle, inside);
                return 0.5 * (half + hsd_region_share(r, middle, b, inside));
            }
            int place = count++;
            while (place > 0 && at[place - 1] > t) {
                at[place] = at[place - 1];
                place--;
            }
            at[place] = t;
        }
    double share = 0.0, from = 0.0;
    for (int k = 0; k < count; k++) {
        if (*inside) share += at[k] - from;
        from = at[k];
        *inside = !*inside;
    }
    return *inside ? share + (1.0 - from) : share;
}
