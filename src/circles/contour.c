/* Marching squares of our own (Lorensen and Cline 1987 in the plane), made so that contours of
 * several levels never meet.
 *
 * A ring is walked from lattice edge to lattice edge with the inside on its left; one bit a lattice
 * edge in x direction remembers where rings have been. What keeps levels apart:
 * - on a lattice edge with its inner end L and outer end R the crossing lies at a fraction from L
 *   that grows strictly with the level and stays within 0.02..0.98, so no vertex falls on a lattice
 *   point and two levels never share one;
 * - a saddle is joined when the mean of its four values is within the level, which once true stays
 *   true for higher levels; a saddle with a corner in water or out of reach stays parted.
 * With these, segments of a lower level lie strictly inside those of a higher one in every cell.
 *
 * Where time is continuous the fraction is linear. Where it jumps (a leg over the edge could not
 * explain the difference: two streets meet back to back) the middle is the best guess, sooner when
 * the time left does not last that far. At a shore the crossing is found by bisection on the
 * barrier and kept just short of it. O(cells + vertices). */
#include <math.h>

#include "circles/rings.h"
#include "hourshed/times.h"

#define CLEAR 0.02 /* of a lattice edge, kept free at both ends */

void hsd_ring_set_finish(hsd_ring_set *rings) {
    if (!rings) return;
    hsd_array_finish(&rings->vertices);
    hsd_array_finish(&rings->ring_end);
    hsd_array_finish(&rings->ring_level);
}

bool hsd_ring_set_close(hsd_ring_set *rings, uint32_t level, hsd_error *err) {
    return hsd_array_push(&rings->ring_end, rings->vertices.count, err) &&
           hsd_array_push(&rings->ring_level, level, err);
}

typedef struct walk {
    const hsd_field_grid *field;
    int32_t level;
    uint32_t name;  /* of the level */
    uint64_t *seen; /* lattice edges (i, j)-(i + 1, j) already walked through */
    hsd_frame *frame;
    hsd_ring_set *out;
    hsd_error *err;
} walk;

static size_t index_of(const hsd_field_grid *f, hsd_spot p) {
    return (size_t)p.j * f->width + (size_t)p.i;
}

static bool within(const walk *w, hsd_spot p) {
    const hsd_field_grid *f = w->field;
    if (p.i <= 0 || p.j <= 0 || p.i >= (int64_t)f->width - 1 || p.j >= (int64_t)f->height - 1)
        return false;
    return f->value[index_of(f, p)] <= w->level;
}

static bool is_water(const hsd_field_grid *f, hsd_spot p) {
    if (!f->land || p.i < 0 || p.j < 0 || p.i >= f->width || p.j >= f->height) return false;
    return f->land[index_of(f, p)] == 0;
}

/* 0..1, strictly growing, 0.5 at 1. */
static double bounded(double u) {
    return u / (1.0 + u);
}

static void position(const hsd_field_grid *f, hsd_spot p, double *x, double *y) {
    *x = ((double)f->i0 + (double)p.i + 0.5) * f->cell_m;
    *y = ((double)f->j0 + (double)p.j + 0.5) * f->cell_m;
}

/* Fraction of L-R on land. */
static double shore(const hsd_field_grid *f, hsd_frame *frame, hsd_spot l, hsd_spot r) {
    if (!f->barriers) return 0.5;
    double lx, ly, rx, ry, lo = 0.0, hi = 1.0;
    position(f, l, &lx, &ly);
    position(f, r, &rx, &ry);
    for (int k = 0; k < 7; k++) {
        double middle = 0.5 * (lo + hi), lon, lat;
        hsd_frame_inverse(frame, lx + middle * (rx - lx), ly + middle * (ry - ly), &lon, &lat);
        if (hsd_barriers_contain(f->barriers, lon, lat))
            hi = middle;
        else
            lo = middle;
    }
    return lo;
}

static double fraction(const hsd_field_grid *f, int32_t at_level, hsd_frame *frame, hsd_spot l,
                       hsd_spot r) {
    bool edge = r.i < 0 || r.j < 0 || r.i >= f->width || r.j >= f->height;
    double here = f->value[index_of(f, l)], level = at_level;
    double there = edge ? (double)HSD_UNREACHABLE : (double)f->value[index_of(f, r)];
    double left = level - here; /* >= 0 */
    double spread = f->step_ms > 0.0 ? f->step_ms : 60000.0;
    double t;
    if (is_water(f, r)) {
        t = shore(f, frame, l, r) * (0.9 + 0.1 * bounded(left / spread));
    } else if (there <= level) { /* the lattice's rim, outside by decree */
        t = 0.5 + 0.4 * bounded(left / spread);
    } else if (there < HSD_UNREACHABLE && (f->step_ms <= 0.0 || there - here <= 1.1 * spread)) {
        t = left / (there - here);
    } else {
        double walked = left / spread;
        t = walked < 0.45 ? walked : 0.45 + 0.1 * bounded(walked - 0.45);
    }
    return CLEAR + (1.0 - 2.0 * CLEAR) * t;
}

void hsd_contour_cross(const hsd_field_grid *field, int32_t level, hsd_frame *frame, hsd_spot l,
                       hsd_spot r, double *x, double *y) {
    double lx, ly, rx, ry, t = fraction(field, level, frame, l, r);
    position(field, l, &lx, &ly);
    position(field, r, &rx, &ry);
    *x = lx + t * (rx - lx);
    *y = ly + t * (ry - ly);
}

static bool put_vertex(walk *w, hsd_spot l, hsd_spot r) {
    hsd_vertex v = {.junction = 0};
    hsd_contour_cross(w->field, w->level, w->frame, l, r, &v.x, &v.y);
    return hsd_array_push(&w->out->vertices, v, w->err);
}

bool hsd_contour_joined(const hsd_field_grid *f, int32_t level, const hsd_spot corners[4]) {
    int64_t sum = 0;
    for (int k = 0; k < 4; k++) {
        hsd_spot p = corners[k];
        if (p.i < 0 || p.j < 0 || p.i >= f->width || p.j >= f->height || is_water(f, p))
            return false;
        int32_t value = f->value[index_of(f, p)];
        if (value >= (int32_t)HSD_UNREACHABLE) return false;
        sum += value;
    }
    return sum <= 4 * (int64_t)level;
}

/* Marks a lattice edge in x direction; true when it was marked before. */
static bool mark(walk *w, hsd_spot l, hsd_spot r) {
    if (l.j != r.j) return false;
    hsd_spot west = l.i < r.i ? l : r;
    size_t at = (size_t)west.j * w->field->width + (size_t)west.i;
    uint64_t bit = (uint64_t)1 << (at & 63);
    bool before = w->seen[at >> 6] & bit;
    w->seen[at >> 6] |= bit;
    return before;
}

/* From the crossing of L (inside, left) and R (outside, right) once round. */
static hsd_status walk_ring(walk *w, hsd_spot l, hsd_spot r) {
    hsd_spot first_l = l, first_r = r;
    do {
        mark(w, l, r);
        if (!put_vertex(w, l, r)) return HSD_E_MEMORY;
        /* ahead is to the left of L -> R turned: with R east of L, ahead is north */
        int64_t di = -(r.j - l.j), dj = r.i - l.i;
        hsd_spot beyond_l = {l.i + di, l.j + dj}, beyond_r = {r.i + di, r.j + dj};
        bool left_in = within(w, beyond_l), right_in = within(w, beyond_r);
        if (left_in && right_in) {
            l = beyond_r; /* turn right round R */
        } else if (left_in) {
            l = beyond_l;
            r = beyond_r;
        } else if (right_in &&
                   hsd_contour_joined(w->field, w->level, (hsd_spot[]){l, r, beyond_l, beyond_r})) {
            l = beyond_r;
        } else {
            r = beyond_l; /* turn left round L */
        }
    } while (l.i != first_l.i || l.j != first_l.j || r.i != first_r.i || r.j != first_r.j);
    return hsd_ring_set_close(w->out, w->name, w->err) ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_contour(const hsd_field_grid *field, int32_t level_value, uint32_t level,
                       hsd_ring_set *out, hsd_error *err) {
    if (field->width == 0 || field->height == 0) return HSD_OK;
    size_t words = (size_t)field->width * field->height / 64 + 1;
    walk w = {.field = field, .level = level_value, .name = level, .out = out, .err = err};
    w.seen = hsd_calloc(words, sizeof *w.seen, err);
    hsd_status status = w.seen ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK && field->barriers)
        status = hsd_frame_create(field->centre_lon, field->centre_lat, &w.frame, err);
    for (int64_t j = 1; status == HSD_OK && j + 1 < field->height; j++) {
        bool before = false;
        for (int64_t i = 1; status == HSD_OK && i < field->width; i++) {
            bool now = within(&w, (hsd_spot){i, j});
            if (now != before) {
                hsd_spot west = {i - 1, j}, east = {i, j};
                size_t at = (size_t)j * field->width + (size_t)(i - 1);
                if (!((w.seen[at >> 6] >> (at & 63)) & 1))
                    status = now ? walk_ring(&w, east, west) : walk_ring(&w, west, east);
            }
            before = now;
        }
    }
    hsd_frame_destroy(w.frame);
    hsd_free(w.seen);
    return status;
}

hsd_status hsd_rings_project(hsd_ring_set *rings, double centre_lon, double centre_lat,
                             hsd_error *err) {
    hsd_frame *frame;
    hsd_status status = hsd_frame_create(centre_lon, centre_lat, &frame, err);
    if (status != HSD_OK) return status;
    for (size_t v = 0; v < rings->vertices.count; v++) {
        hsd_vertex *at = &rings->vertices.data[v];
        hsd_frame_inverse(frame, at->x, at->y, &at->lon, &at->lat);
    }
    hsd_frame_destroy(frame);
    return HSD_OK;
}
