/* The sea of an extract. Coastlines have land on their left, but an extract cuts them anywhere.
 * They are clipped to a box; ends that stop inside are carried straight to its nearest side; then
 * lines and box bound faces, and a face is sea when more coastline turns its water side to it than
 * its land side. Clipping puts every meeting point into the box's ring as a vertex, so the faces'
 * edges are the coast's segments to the last bit and can be looked up. O(n log n) for n points. */
#include <math.h>
#include <stdlib.h>

#include "geo/geos.h"
#include "read/osm_rings.h"

typedef struct edge {
    hsd_lonlat from, to;
} edge;

typedef struct sea {
    hsd_lonlat min, max;
    hsd_osm_shape lines;         /* coast in the box, then extensions, then the box */
    size_t coast_count;          /* how many of the lines are coast */
    HSD_ARRAY(hsd_lonlat) touch; /* vertices of the box's ring */
    HSD_ARRAY(edge) edges;       /* of the coast, sorted */
} sea;

static int compare_points(hsd_lonlat a, hsd_lonlat b) {
    if (a.lon != b.lon) return a.lon < b.lon ? -1 : 1;
    if (a.lat != b.lat) return a.lat < b.lat ? -1 : 1;
    return 0;
}

static int compare_vertices(const void *a, const void *b) {
    return compare_points(*(const hsd_lonlat *)a, *(const hsd_lonlat *)b);
}

static int compare_edges(const void *a, const void *b) {
    const edge *x = a, *y = b;
    int order = compare_points(x->from, y->from);
    return order ? order : compare_points(x->to, y->to);
}

static bool on_border(const sea *s, hsd_lonlat p) {
    return p.lon == s->min.lon || p.lon == s->max.lon || p.lat == s->min.lat || p.lat == s->max.lat;
}

/* ---- Clipping ---- */

typedef struct clip {
    double enter, leave;        /* along the segment, 0..1 */
    int enter_side, leave_side; /* 0 west, 1 east, 2 south, 3 north; -1: an end */
} clip;

/* Liang and Barsky 1984; borders are inside. False when the segment misses the box. */
static bool clip_segment(const sea *s, hsd_lonlat a, hsd_lonlat b, clip *out) {
    double x = b.lon - a.lon, y = b.lat - a.lat;
    const double step[4] = {-x, x, -y, y};
    const double room[4] = {a.lon - s->min.lon, s->max.lon - a.lon, a.lat - s->min.lat,
                            s->max.lat - a.lat};
    *out = (clip){0, 1, -1, -1};
    for (int side = 0; side < 4; side++) {
        if (step[side] == 0) {
            if (room[side] < 0) return false;
            continue;
        }
        double t = room[side] / step[side];
        if (step[side] < 0 && room[side] < 0 && t > out->enter) {
            out->enter = t;
            out->enter_side = side;
        } else if (step[side] < 0 && room[side] >= 0) {
            continue; /* begins inside this side and moves away from it, or along the border */
        } else if (step[side] > 0 && t < out->leave) {
            out->leave = t;
            out->leave_side = side;
        }
    }
    return out->enter <= out->leave && out->leave >= 0;
}

/* The point at t, its coordinate exactly on the side. */
static hsd_lonlat point_on(const sea *s, hsd_lonlat a, hsd_lonlat b, double t, int side) {
    hsd_lonlat p = {a.lon + (b.lon - a.lon) * t, a.lat + (b.lat - a.lat) * t};
    p.lon = fmin(fmax(p.lon, s->min.lon), s->max.lon);
    p.lat = fmin(fmax(p.lat, s->min.lat), s->max.lat);
    if (side == 0) p.lon = s->min.lon;
    if (side == 1) p.lon = s->max.lon;
    if (side == 2) p.lat = s->min.lat;
    if (side == 3) p.lat = s->max.lat;
    return p;
}

static hsd_status clip_line(sea *s, const hsd_lonlat *points, size_t count, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; i + 1 < count && status == HSD_OK; i++) {
        hsd_lonlat a = points[i], b = points[i + 1];
        clip c;
        if (!clip_segment(s, a, b, &c)) {
            status = hsd_osm_shape_end_line(&s->lines, err);
            continue;
        }
        if (c.enter_side >= 0) {
            status = hsd_osm_shape_end_line(&s->lines, err);
            a = point_on(s, points[i], points[i + 1], c.enter, c.enter_side);
        }
        if (c.leave_side >= 0) b = point_on(s, points[i], points[i + 1], c.leave, c.leave_side);
        if (status == HSD_OK) status = hsd_osm_shape_point(&s->lines, a, err);
        if (status == HSD_OK) status = hsd_osm_shape_point(&s->lines, b, err);
        if (status == HSD_OK && c.leave_side >= 0) status = hsd_osm_shape_end_line(&s->lines, err);
    }
    return status == HSD_OK ? hsd_osm_shape_end_line(&s->lines, err) : status;
}

static hsd_status clip_coast(sea *s, const hsd_geometry *coast, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t line = 0; line < coast->ring_count && status == HSD_OK; line++) {
        size_t first = line ? coast->ring_end[line - 1] : 0;
        status = clip_line(s, coast->points + first, coast->ring_end[line] - first, err);
    }
    s->coast_count = s->lines.ring_end.count;
    for (size_t i = 0; i < s->lines.points.count && status == HSD_OK; i++) {
        hsd_lonlat p = s->lines.points.data[i];
        if (on_border(s, p) && !hsd_array_push(&s->touch, p, err)) status = HSD_E_MEMORY;
    }
    return status;
}

/* ---- Loose ends and the box ---- */

static hsd_lonlat nearest_border(const sea *s, hsd_lonlat p) {
    const double room[4] = {p.lon - s->min.lon, s->max.lon - p.lon, p.lat - s->min.lat,
                            s->max.lat - p.lat};
    int best = 0;
    for (int side = 1; side < 4; side++)
        if (room[side] < room[best]) best = side;
    return point_on(s, p, p, 0, best);
}

static size_t times_there(const hsd_lonlat *sorted, size_t count, hsd_lonlat p) {
    size_t low = 0, high = count, times = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_points(sorted[middle], p) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + times < count && compare_points(sorted[low + times], p) == 0) times++;
    return times;
}

static hsd_status extend_end(sea *s, hsd_lonlat end, hsd_error *err) {
    hsd_lonlat border = nearest_border(s, end);
    hsd_status status = hsd_osm_shape_point(&s->lines, end, err);
    if (status == HSD_OK) status = hsd_osm_shape_point(&s->lines, border, err);
    if (status == HSD_OK) status = hsd_osm_shape_end_line(&s->lines, err);
    if (status == HSD_OK && !hsd_array_push(&s->touch, border, err)) status = HSD_E_MEMORY;
    return status;
}

static hsd_status extend_loose_ends(sea *s, hsd_error *err) {
    size_t count = s->lines.points.count, first = 0;
    hsd_lonlat *sorted = hsd_alloc(count, sizeof *sorted, err);
    if (!sorted) return HSD_E_MEMORY;
    for (size_t i = 0; i < count; i++) sorted[i] = s->lines.points.data[i];
    qsort(sorted, count, sizeof *sorted, compare_vertices);
    hsd_status status = HSD_OK;
    for (size_t line = 0; line < s->coast_count && status == HSD_OK; line++) {
        const size_t ends[2] = {first, s->lines.ring_end.data[line] - 1};
        first = s->lines.ring_end.data[line];
        for (int e = 0; e < 2 && status == HSD_OK; e++) {
            hsd_lonlat p = s->lines.points.data[ends[e]];
            if (!on_border(s, p) && times_there(sorted, count, p) == 1)
                status = extend_end(s, p, err);
        }
    }
    hsd_free(sorted);
    return status;
}

/* How far along the box's ring, counter-clockwise from its south-west corner, side by side. */
static int side_of(const sea *s, hsd_lonlat p) {
    if (p.lat == s->min.lat && p.lon < s->max.lon) return 0;
    if (p.lon == s->max.lon && p.lat < s->max.lat) return 1;
    if (p.lat == s->max.lat && p.lon > s->min.lon) return 2;
    return 3;
}

static hsd_status add_side(sea *s, int side, hsd_error *err) {
    /* touch is sorted by longitude, then latitude: upwards on sides 0 and 1, downwards on 2 and 3
     */
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < s->touch.count && status == HSD_OK; i++) {
        hsd_lonlat p = s->touch.data[side < 2 ? i : s->touch.count - 1 - i];
        if (side_of(s, p) == side) status = hsd_osm_shape_point(&s->lines, p, err);
    }
    return status;
}

static hsd_status add_box(sea *s, hsd_error *err) {
    const hsd_lonlat corners[4] = {
        s->min, {s->max.lon, s->min.lat}, s->max, {s->min.lon, s->max.lat}};
    for (int c = 0; c < 4; c++)
        if (!hsd_array_push(&s->touch, corners[c], err)) return HSD_E_MEMORY;
    qsort(s->touch.data, s->touch.count, sizeof *s->touch.data, compare_vertices);
    hsd_status status = HSD_OK;
    for (int side = 0; side < 4 && status == HSD_OK; side++) status = add_side(s, side, err);
    if (status == HSD_OK) status = hsd_osm_shape_point(&s->lines, s->min, err);
    return status == HSD_OK ? hsd_osm_shape_end_line(&s->lines, err) : status;
}

/* ---- Faces ---- */

static hsd_status index_edges(sea *s, hsd_error *err) {
    size_t first = 0;
    for (size_t line = 0; line < s->coast_count; line++) {
        size_t end = s->lines.ring_end.data[line];
        for (size_t i = first; i + 1 < end; i++) {
            edge e = {s->lines.points.data[i], s->lines.points.data[i + 1]};
            if (!hsd_array_push(&s->edges, e, err)) return HSD_E_MEMORY;
        }
        first = end;
    }
    if (s->edges.count) qsort(s->edges.data, s->edges.count, sizeof *s->edges.data, compare_edges);
    return HSD_OK;
}

static bool is_coast(const sea *s, hsd_lonlat from, hsd_lonlat to) {
    const edge wanted = {from, to};
    return s->edges.count &&
           bsearch(&wanted, s->edges.data, s->edges.count, sizeof *s->edges.data, compare_edges);
}

/* Rings have the face on their left: along a coastline it is land, against it sea. */
static bool is_sea(const sea *s, const hsd_geometry *faces, size_t face) {
    double land = 0, water = 0;
    for (size_t r = face ? faces->polygon_end[face - 1] : 0; r < faces->polygon_end[face]; r++) {
        for (size_t i = r ? faces->ring_end[r - 1] : 0; i + 1 < faces->ring_end[r]; i++) {
            hsd_lonlat a = faces->points[i], b = faces->points[i + 1];
            double length = hypot(b.lon - a.lon, b.lat - a.lat);
            if (is_coast(s, a, b)) land += length;
            if (is_coast(s, b, a)) water += length;
        }
    }
    return water > land;
}

static hsd_status gather_sea(sea *s, hsd_osm_shape *out, hsd_error *err) {
    hsd_geometry lines = hsd_osm_shape_view(&s->lines, HSD_GEOMETRY_LINE), faces = {0};
    hsd_status status = hsd_geos_polygonize(&lines, &faces, err);
    if (status == HSD_OK) status = index_edges(s, err);
    for (size_t face = 0; status == HSD_OK && face < faces.polygon_count; face++)
        if (is_sea(s, &faces, face)) status = hsd_osm_shape_copy(out, &faces, face, err);
    hsd_geometry_finish(&faces);
    return status;
}

hsd_status hsd_osm_sea(const hsd_geometry *coast, hsd_lonlat min, hsd_lonlat max,
                       hsd_osm_shape *out, hsd_error *err) {
    sea s = {.min = min, .max = max};
    hsd_status status = clip_coast(&s, coast, err);
    if (status == HSD_OK && s.coast_count) {
        status = extend_loose_ends(&s, err);
        if (status == HSD_OK) status = add_box(&s, err);
        if (status == HSD_OK) status = gather_sea(&s, out, err);
    }
    hsd_osm_shape_finish(&s.lines);
    hsd_array_finish(&s.touch);
    hsd_array_finish(&s.edges);
    return status;
}
