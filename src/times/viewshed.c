/* What a stopping vertex of a corridor network sees: the lattice points within the leg's cap whose
 * straight line to it crosses no barrier.
 *
 * Idea: around the vertex the directions fall into bins. A bin knows how near any barrier segment
 * comes in it, and beyond what distance a segment that spans the whole bin hides everything. A
 * point nearer than the first is seen, one farther than the second is not; only those between are
 * tested against the barriers themselves, so the answer is that of hsd_barriers_cross for every
 * point. Angles are those of the lon/lat plane, where the barriers' own lines are straight.
 * O(segments + bins + points) a vertex, and a crossing test for the few points along a shore. */
#include <math.h>

#include "base/memory.h"
#include "times/lattice.h"

#define BINS 2048
#define TURN (2.0 * M_PI)

hsd_near_metre hsd_near_metre_at(double lon, double lat) {
    const double a = 6378137.0, e2 = 0.0066943799901413165, degree = M_PI / 180.0;
    double at[3], north_at[3];
    const double step = 0.1; /* degrees: parabola through three latitudes; error below 1e-8 */
    for (int k = 0; k < 3; k++) {
        double phi = (lat + (k - 1) * step) * degree, s = sin(phi);
        double w = sqrt(1.0 - e2 * s * s);
        at[k] = a / w * cos(phi) * degree;
        north_at[k] = a * (1.0 - e2) / (w * w * w) * degree;
    }
    return (hsd_near_metre){lon,
                            lat,
                            {at[1], (at[2] - at[0]) / (2.0 * step),
                             (at[2] - 2.0 * at[1] + at[0]) / (2.0 * step * step)},
                            {north_at[1], (north_at[2] - north_at[0]) / (2.0 * step)}};
}

double hsd_near_metre_m(const hsd_near_metre *at, double lon, double lat) {
    double up = lat - at->lat, mean = 0.5 * up;
    double x = (lon - at->lon) * (at->east[0] + mean * (at->east[1] + mean * at->east[2]));
    double y = up * (at->north[0] + mean * at->north[1]);
    return sqrt(x * x + y * y);
}

typedef struct sight {
    const hsd_locator *locator;
    hsd_lonlat eye;
    double scale; /* of longitudes, so that angles are about even */
    float near[BINS], hidden[BINS];
} sight;

static double bin_angle(int bin) {
    return bin * (TURN / BINS) - M_PI;
}

/* Distance along the direction to the line a-b; infinite when it runs beside it. */
static double hit(double angle, double ax, double ay, double bx, double by) {
    double dx = cos(angle), dy = sin(angle), ex = bx - ax, ey = by - ay;
    double den = dx * ey - dy * ex;
    if (den == 0.0) return INFINITY;
    double r = (ax * ey - ay * ex) / den;
    return r > 0.0 ? r : INFINITY;
}

static double segment_distance(double ax, double ay, double bx, double by) {
    double ex = bx - ax, ey = by - ay, l2 = ex * ex + ey * ey;
    double t = l2 > 0.0 ? -(ax * ex + ay * ey) / l2 : 0.0;
    t = t < 0.0 ? 0.0 : t > 1.0 ? 1.0 : t;
    return hypot(ax + t * ex, ay + t * ey);
}

static bool see_segment(void *context, uint32_t item) {
    sight *s = context;
    const hsd_lonlat *p = s->locator->barriers.polygons->points + item;
    double ax = (p[0].lon - s->eye.lon) * s->scale, ay = p[0].lat - s->eye.lat;
    double bx = (p[1].lon - s->eye.lon) * s->scale, by = p[1].lat - s->eye.lat;
    double least = segment_distance(ax, ay, bx, by);
    double from = atan2(ay, ax), to = atan2(by, bx), sweep = to - from;
    if (sweep > M_PI) sweep -= TURN;
    if (sweep < -M_PI) sweep += TURN;
    if (sweep < 0.0) {
        from += sweep;
        sweep = -sweep;
    }
    if (least < 1e-7 || sweep > 3.1) { /* the eye stands on it: every direction is doubtful */
        for (int b = 0; b < BINS; b++) s->near[b] = 0.0f;
        return true;
    }
    const double width = TURN / BINS, shrink = 1.0 - 1e-6;
    int first = (int)floor((from + M_PI) / width - 1e-6);
    int last = (int)floor((from + sweep + M_PI) / width + 1e-6);
    for (int b = first; b <= last; b++) {
        int bin = ((b % BINS) + BINS) % BINS;
        double lo = bin_angle(b), hi = bin_angle(b + 1);
        bool whole = lo > from + 1e-9 && hi < from + sweep - 1e-9;
        double low = least;
        if (whole) {
            double at_lo = hit(lo, ax, ay, bx, by), at_hi = hit(hi, ax, ay, bx, by);
            double far = fmax(at_lo, at_hi) * (1.0 + 1e-6);
            low = fmax(low, fmin(at_lo, at_hi) * cos(width));
            if (far < (double)s->hidden[bin]) s->hidden[bin] = nextafterf((float)far, INFINITY);
        }
        low *= shrink;
        if (low < (double)s->near[bin]) s->near[bin] = nextafterf((float)low, 0.0f);
    }
    return true;
}

static bool sees(const sight *s, double lon, double lat) {
    double x = (lon - s->eye.lon) * s->scale, y = lat - s->eye.lat;
    int bin = (int)((atan2(y, x) + M_PI) / (TURN / BINS));
    if (bin >= BINS) bin = BINS - 1;
    double r = hypot(x, y);
    if (r < (double)s->near[bin]) return true;
    if (r > (double)s->hidden[bin]) return false;
    return !hsd_barriers_cross(&s->locator->barriers, (hsd_lonlat){lon, lat}, s->eye);
}

static void view_tile(const hsd_lattice *lattice, const sight *s, const hsd_near_metre *metre,
                      const hsd_tile *tile, hsd_viewshed *view) {
    for (int p = 0; p < HSD_TILE_POINTS; p++) {
        int a = p % HSD_TILE, b = p / HSD_TILE;
        int64_t i = (int64_t)tile->ti * HSD_TILE + a - view->i0;
        int64_t j = (int64_t)tile->tj * HSD_TILE + b - view->j0;
        if (i < 0 || j < 0 || i >= view->width || j >= view->height) continue;
        if ((tile->water[b] >> a) & 1) continue;
        double lon = tile->lon[p], lat = tile->lat[p];
        if (hsd_near_metre_m(metre, lon, lat) > lattice->locator->leg_cap_m) continue;
        if (sees(s, lon, lat)) hsd_bit_set(view->seen, (size_t)j * view->width + (size_t)i);
    }
}

static int32_t tile_of(int32_t i) {
    return i >= 0 ? i / HSD_TILE : -((-i + HSD_TILE - 1) / HSD_TILE);
}

static hsd_status view_make(hsd_lattice *lattice, uint32_t vertex, hsd_lattice_scratch *scratch,
                            hsd_viewshed *view, hsd_error *err) {
    const hsd_locator *locator = lattice->locator;
    hsd_point_e7 point = locator->network->vertex_point[vertex];
    sight s = {.locator = locator, .eye = {point.lon_e7 * 1e-7, point.lat_e7 * 1e-7}};
    s.scale = cos(s.eye.lat * (M_PI / 180.0));
    for (int b = 0; b < BINS; b++) s.near[b] = s.hidden[b] = INFINITY;
    double cap = locator->leg_cap_m, x, y;
    hsd_tangent plane = hsd_tangent_at(s.eye.lon, s.eye.lat);
    double margin = cap * 1.01 + 10.0;
    hsd_box_e7 box = {(int32_t)floor((s.eye.lon - margin / plane.m_per_lon) * 1e7),
                      (int32_t)floor((s.eye.lat - margin / plane.m_per_lat) * 1e7),
                      (int32_t)ceil((s.eye.lon + margin / plane.m_per_lon) * 1e7),
                      (int32_t)ceil((s.eye.lat + margin / plane.m_per_lat) * 1e7)};
    if (locator->barriers.polygons && locator->barriers.index)
        hsd_rtree_query(locator->barriers.index, box, see_segment, &s);
    hsd_near_metre metre = hsd_near_metre_at(s.eye.lon, s.eye.lat);
    hsd_status status = hsd_lattice_scratch_make(lattice, scratch, err);
    if (status != HSD_OK) return status;
    hsd_frame_forward(scratch->frame, s.eye.lon, s.eye.lat, &x, &y);
    double cell = lattice->cell_m, reach = cap * 1.01 + 2.0 * cell;
    view->i0 = (int32_t)floor((x - reach) / cell);
    view->j0 = (int32_t)floor((y - reach) / cell);
    view->width = view->height = (uint32_t)ceil(2.0 * reach / cell) + 2;
    size_t words = ((size_t)view->width * view->height + 63) / 64;
    view->seen = hsd_calloc(words, sizeof *view->seen, err);
    if (!view->seen) return HSD_E_MEMORY;
    int32_t t0 = tile_of(view->i0), t1 = tile_of(view->i0 + (int32_t)view->width);
    int32_t u0 = tile_of(view->j0), u1 = tile_of(view->j0 + (int32_t)view->height);
    for (int32_t tj = u0; tj <= u1; tj++)
        for (int32_t ti = t0; ti <= t1; ti++) {
            const hsd_tile *tile;
            status = hsd_lattice_tile(lattice, ti, tj, scratch, &tile, err);
            if (status != HSD_OK) return status;
            view_tile(lattice, &s, &metre, tile, view);
        }
    return HSD_OK;
}

hsd_status hsd_lattice_viewshed(hsd_lattice *lattice, size_t rank, hsd_lattice_scratch *scratch,
                                const hsd_viewshed **out, hsd_error *err) {
    pthread_mutex_lock(&lattice->lock);
    hsd_viewshed *view = lattice->viewsheds[rank];
    pthread_mutex_unlock(&lattice->lock);
    if (!view) {
        view = hsd_calloc(1, sizeof *view, err);
        if (!view) return HSD_E_MEMORY;
        view->vertex = lattice->locator->stop_list[rank];
        hsd_status status = view_make(lattice, view->vertex, scratch, view, err);
        if (status != HSD_OK) {
            hsd_free(view->seen);
            hsd_free(view);
            return status;
        }
        pthread_mutex_lock(&lattice->lock);
        hsd_viewshed *kept = lattice->viewsheds[rank];
        if (!kept) kept = lattice->viewsheds[rank] = view;
        pthread_mutex_unlock(&lattice->lock);
        if (kept != view) { /* another thread was faster: both are the same */
            hsd_free(view->seen);
            hsd_free(view);
            view = kept;
        }
    }
    *out = view;
    return HSD_OK;
}
