/* Thinning the rings of all levels together (after Visvalingam and Whyatt 1993).
 *
 * The vertex whose removal costs least goes first. The cost is not the triangle's area but what the
 * polygon loses of its truth: over the lattice points in the triangle of the vertex and its two
 * neighbours, the gains that are uncovered, or covered against the truth, less what is mended.
 * Every lattice point is counted when it changes sides, so the sum of costs paid is the polygon's
 * error on the lattice. A little of the triangle's area is added, for triangles that hold no point.
 * A ring of three vertices goes as a whole.
 *
 * Invariant: rings neither cross nor touch, within a level and across levels. A vertex goes only if
 * its triangle, widened by a tenth of a millimetre, holds no other vertex of any ring: then the new
 * side can cross nothing. Blocked vertices wait under the vertex that blocks them. Triangles are
 * judged in plane lon/lat, in which the polygons are written, so what holds here holds in the file.
 * Lines may end at junctions, which stay: what two polygons share is thinned once, for both. Two
 * lines between the same junctions may fall into one; what was between them is gone then.
 * O(v log v) heap work, and the lattice points of the triangles. */
#include <math.h>

#include "circles/shapes.h"

#define NONE UINT32_MAX
#define TOLERANCE_M 1e-4 /* contours of two levels may be half a millimetre apart */
#define BIN_CELLS 6.0    /* side of a bin of the vertex grid, in cells */
#define AREA_SHARE 0.03f
#define FREE_COST 0.05f /* goes even when the level is small enough */
#define NEVER 1e9f
#define POLYGONS 32 /* that levels may bound together */

typedef struct corner {
    hsd_corner at;
    uint32_t prev, next, ring, level;
    uint32_t bin_next, bin_prev;
    uint32_t heap;   /* place in the heap; NONE: not in it */
    uint32_t parked; /* head of the waiting list of those it blocks */
    uint32_t waits;  /* for this vertex; NONE: not waiting */
    float cost;
    bool gone;
    bool stays; /* a junction */
    bool open;  /* on a line that ends at junctions */
} corner;

typedef struct waiting {
    uint32_t who, next;
} waiting;

typedef struct thinner {
    const hsd_field_grid *field;
    const hsd_gain_grid *gains;
    corner *c;
    uint32_t count;
    uint32_t *heap;
    uint32_t heap_count;
    uint32_t *ring_size;
    uint32_t *level_size; /* vertices and one closing point a ring */
    uint64_t polygon_size[POLYGONS];
    uint32_t max_vertices;
    uint32_t *bins;
    uint32_t bin_columns, bin_rows;
    double bin_u0, bin_v0;
    HSD_ARRAY(waiting) waits;
    HSD_ARRAY(uint32_t) deferred;
    bool force; /* deferred ones go too, to free what they block */
    hsd_error *err;
} thinner;

/* ---- Heap: least cost first, ties by vertex
 * ------------------------------------------------------- */

static bool before(const thinner *t, uint32_t a, uint32_t b) {
    float ca = t->c[a].cost, cb = t->c[b].cost;
    return ca < cb || (ca == cb && a < b);
}

static void heap_put(thinner *t, uint32_t at, uint32_t v) {
    t->heap[at] = v;
    t->c[v].heap = at;
}

static void heap_up(thinner *t, uint32_t at) {
    uint32_t v = t->heap[at];
    while (at > 0 && before(t, v, t->heap[(at - 1) / 2])) {
        heap_put(t, at, t->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    heap_put(t, at, v);
}

static void heap_down(thinner *t, uint32_t at) {
    uint32_t v = t->heap[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= t->heap_count) break;
        if (child + 1 < t->heap_count && before(t, t->heap[child + 1], t->heap[child])) child++;
        if (!before(t, t->heap[child], v)) break;
        heap_put(t, at, t->heap[child]);
        at = child;
    }
    heap_put(t, at, v);
}

static void heap_remove(thinner *t, uint32_t v) {
    uint32_t at = t->c[v].heap;
    if (at == NONE) return;
    t->c[v].heap = NONE;
    uint32_t last = t->heap[--t->heap_count];
    if (last == v) return;
    heap_put(t, at, last);
    heap_up(t, at);
    heap_down(t, t->c[last].heap);
}

static void heap_add(thinner *t, uint32_t v) {
    if (t->c[v].heap != NONE) {
        heap_up(t, t->c[v].heap);
        heap_down(t, t->c[v].heap);
        return;
    }
    heap_put(t, t->heap_count++, v);
    heap_up(t, t->heap_count - 1);
}

/* ---- Bins of living vertices
 * ------------------------------------------------------------------------ */

static uint32_t bin_column(const thinner *t, double u) {
    double b = floor((u - t->bin_u0) / BIN_CELLS);
    return b < 0 ? 0 : b >= t->bin_columns ? t->bin_columns - 1 : (uint32_t)b;
}

static uint32_t bin_row(const thinner *t, double v) {
    double b = floor((v - t->bin_v0) / BIN_CELLS);
    return b < 0 ? 0 : b >= t->bin_rows ? t->bin_rows - 1 : (uint32_t)b;
}

static void bin_insert(thinner *t, uint32_t at) {
    corner *c = &t->c[at];
    size_t bin = (size_t)bin_row(t, c->at.v) * t->bin_columns + bin_column(t, c->at.u);
    c->bin_prev = NONE;
    c->bin_next = t->bins[bin];
    if (c->bin_next != NONE) t->c[c->bin_next].bin_prev = at;
    t->bins[bin] = at;
}

static void bin_delete(thinner *t, uint32_t at) {
    corner *c = &t->c[at];
    if (c->bin_prev != NONE)
        t->c[c->bin_prev].bin_next = c->bin_next;
    else
        t->bins[(size_t)bin_row(t, c->at.v) * t->bin_columns + bin_column(t, c->at.u)] =
            c->bin_next;
    if (c->bin_next != NONE) t->c[c->bin_next].bin_prev = c->bin_prev;
}

/* ---- Triangles
 * ----------------------------------------------------------------------------------------- */

/* q lies right of a-b by more than the tolerance. */
static bool clearly_right(const hsd_corner *a, const hsd_corner *b, const hsd_corner *q) {
    double length = hypot(b->x - a->x, b->y - a->y);
    return hsd_corner_cross(a, b, q) < -TOLERANCE_M * length;
}

static bool holds(const hsd_corner *a, const hsd_corner *b, const hsd_corner *c,
                  const hsd_corner *q) {
    /* a, b, c counter-clockwise */
    double lo_x = fmin(a->x, fmin(b->x, c->x)) - TOLERANCE_M;
    double hi_x = fmax(a->x, fmax(b->x, c->x)) + TOLERANCE_M;
    double lo_y = fmin(a->y, fmin(b->y, c->y)) - TOLERANCE_M;
    double hi_y = fmax(a->y, fmax(b->y, c->y)) + TOLERANCE_M;
    if (q->x < lo_x || q->x > hi_x || q->y < lo_y || q->y > hi_y) return false;
    return !clearly_right(a, b, q) && !clearly_right(b, c, q) && !clearly_right(c, a, q);
}

/* Another line's end at the same junction. */
static bool same_place(const corner *a, const corner *b) {
    return a->stays && b->stays && a->at.x == b->at.x && a->at.y == b->at.y;
}

/* The vertex with the lowest id in the triangle of v and its neighbours; NONE: it is free to go. */
static uint32_t blocker(const thinner *t, uint32_t v) {
    const corner *prev = &t->c[t->c[v].prev], *next = &t->c[t->c[v].next];
    const hsd_corner *b = &t->c[v].at, *a = &prev->at, *c = &next->at;
    if (hsd_corner_cross(a, b, c) < 0.0) {
        const hsd_corner *swap = a;
        a = c;
        c = swap;
    }
    double lo_u = fmin(a->u, fmin(b->u, c->u)) - 0.1, hi_u = fmax(a->u, fmax(b->u, c->u)) + 0.1;
    double lo_v = fmin(a->v, fmin(b->v, c->v)) - 0.1, hi_v = fmax(a->v, fmax(b->v, c->v)) + 0.1;
    uint32_t found = NONE;
    for (uint32_t row = bin_row(t, lo_v); row <= bin_row(t, hi_v); row++)
        for (uint32_t col = bin_column(t, lo_u); col <= bin_column(t, hi_u); col++)
            for (uint32_t q = t->bins[(size_t)row * t->bin_columns + col]; q != NONE;
                 q = t->c[q].bin_next)
                if (q != v && q != t->c[v].prev && q != t->c[v].next && q < found &&
                    !same_place(&t->c[q], prev) && !same_place(&t->c[q], next) &&
                    holds(a, b, c, &t->c[q].at))
                    found = q;
    return found;
}

static float removal_cost(const thinner *t, uint32_t v) {
    const hsd_corner *a = &t->c[t->c[v].prev].at, *b = &t->c[v].at, *c = &t->c[t->c[v].next].at;
    const hsd_gain_grid *gain = &t->gains[t->c[v].level];
    double area = 0.5 * ((b->u - a->u) * (c->v - a->v) - (b->v - a->v) * (c->u - a->u));
    bool covers = area < 0.0; /* a right turn: the triangle comes in */
    if (covers && hsd_triangle_wet(t->field, gain->water_sum, a, b, c)) return NEVER;
    float sum = (float)hsd_triangle_gain(t->field, gain->row_sum, a, b, c) / HSD_GAIN_CELL;
    return (covers ? -sum : sum) + AREA_SHARE * (float)fabs(area);
}

static void price(thinner *t, uint32_t v) {
    corner *b = &t->c[v];
    if (b->stays) return;
    float cost = removal_cost(t, v);
    if (t->ring_size[b->ring] == 3 && !b->open && cost < NEVER)
        cost *= 0.25f; /* four points saved */
    b->cost = cost;
    b->waits = NONE;
    if (cost >= NEVER)
        heap_remove(t, v);
    else
        heap_add(t, v);
}

/* ---- Removal
 * --------------------------------------------------------------------------------------------- */

static bool park(thinner *t, uint32_t v, uint32_t under) {
    waiting w = {v, t->c[under].parked};
    if (!hsd_array_push(&t->waits, w, t->err)) return false;
    t->c[under].parked = (uint32_t)(t->waits.count - 1);
    t->c[v].waits = under;
    return true;
}

static void release_waiting(thinner *t, uint32_t gone) {
    for (uint32_t w = t->c[gone].parked; w != NONE; w = t->waits.data[w].next) {
        uint32_t who = t->waits.data[w].who;
        if (t->c[who].gone || t->c[who].waits != gone) continue;
        t->c[who].waits = NONE;
        heap_add(t, who);
    }
    t->c[gone].parked = NONE;
}

static void shrink(thinner *t, uint32_t level) {
    t->level_size[level]--;
    for (uint32_t p = 0, bits = t->gains[level].polygons; bits; p++, bits >>= 1)
        if (bits & 1) t->polygon_size[p]--;
}

static void take_out(thinner *t, uint32_t v) {
    heap_remove(t, v);
    bin_delete(t, v);
    t->c[v].gone = true;
    shrink(t, t->c[v].level);
}

static void remove_vertex(thinner *t, uint32_t v) {
    corner *b = &t->c[v];
    uint32_t prev = b->prev, next = b->next, third = NONE;
    take_out(t, v);
    if (t->ring_size[b->ring] == 3 && !b->open) {
        take_out(t, prev);
        take_out(t, next);
        shrink(t, b->level); /* its closing point */
        t->ring_size[b->ring] = 0;
        release_waiting(t, prev);
        release_waiting(t, next);
        release_waiting(t, v);
        return;
    }
    t->c[prev].next = next;
    t->c[next].prev = prev;
    t->ring_size[b->ring]--;
    release_waiting(t, v);
    price(t, prev);
    price(t, next);
    if (t->ring_size[b->ring] == 3) third = t->c[next].next;
    if (third != NONE) price(t, third); /* now it stands for the whole ring */
}

/* A polygon that the level bounds has too many. */
static bool too_many(const thinner *t, uint32_t level) {
    uint32_t bits = t->gains[level].polygons;
    if (bits == 0) return t->level_size[level] > t->max_vertices;
    for (uint32_t p = 0; bits; p++, bits >>= 1)
        if ((bits & 1) && t->polygon_size[p] > t->max_vertices) return true;
    return false;
}

static bool over_budget(const thinner *t, uint32_t level_count) {
    for (uint32_t l = 0; l < level_count; l++)
        if (too_many(t, l)) return true;
    return false;
}

static hsd_status thin(thinner *t, uint32_t level_count) {
    for (;;) {
        if (t->heap_count == 0) {
            if (t->deferred.count == 0 || !over_budget(t, level_count)) return HSD_OK;
            t->force = true;
            for (size_t d = 0; d < t->deferred.count; d++) {
                uint32_t v = t->deferred.data[d];
                if (!t->c[v].gone && t->c[v].waits == NONE) heap_add(t, v);
            }
            t->deferred.count = 0;
            if (t->heap_count == 0) return HSD_OK;
        }
        if (t->force && !over_budget(t, level_count)) return HSD_OK;
        uint32_t v = t->heap[0];
        bool needed = too_many(t, t->c[v].level);
        if (!needed && t->c[v].cost > FREE_COST && !t->force) {
            heap_remove(t, v);
            if (!hsd_array_push(&t->deferred, v, t->err)) return HSD_E_MEMORY;
            continue;
        }
        uint32_t other = blocker(t, v);
        if (other == NONE) {
            remove_vertex(t, v);
        } else {
            heap_remove(t, v);
            if (!park(t, v, other)) return HSD_E_MEMORY;
        }
    }
}

/* ---- In and out
 * --------------------------------------------------------------------------------------------- */

static hsd_status load(thinner *t, const hsd_ring_set *rings, uint32_t level_count) {
    const hsd_field_grid *f = t->field;
    size_t n = rings->vertices.count;
    if (n >= NONE / 2) return hsd_fail(t->err, HSD_E_MEMORY, "%zu vertices in a contour", n);
    t->count = (uint32_t)n;
    t->c = hsd_calloc(n, sizeof *t->c, t->err);
    t->heap = hsd_alloc(n, sizeof *t->heap, t->err);
    t->ring_size = hsd_calloc(rings->ring_end.count, sizeof *t->ring_size, t->err);
    t->level_size = hsd_calloc(level_count, sizeof *t->level_size, t->err);
    t->bin_u0 = t->bin_v0 = -1.0;
    t->bin_columns = (uint32_t)(f->width / BIN_CELLS) + 2;
    t->bin_rows = (uint32_t)(f->height / BIN_CELLS) + 2;
    size_t bins = (size_t)t->bin_columns * t->bin_rows;
    t->bins = hsd_alloc(bins, sizeof *t->bins, t->err);
    if (!t->c || !t->heap || !t->ring_size || !t->level_size || !t->bins) return HSD_E_MEMORY;
    for (size_t b = 0; b < bins; b++) t->bins[b] = NONE;
    hsd_tangent scale = hsd_tangent_at(f->centre_lon, f->centre_lat);
    size_t v = 0;
    for (size_t r = 0; r < rings->ring_end.count; r++) {
        size_t begin = v, end = rings->ring_end.data[r];
        uint32_t level = rings->ring_level.data[r];
        t->ring_size[r] = (uint32_t)(end - begin);
        t->level_size[level] += (uint32_t)(end - begin) + 1;
        bool open = rings->vertices.data[begin].junction != 0;
        for (; v < end; v++) {
            const hsd_vertex *from = &rings->vertices.data[v];
            t->c[v] = (corner){.at = hsd_corner_of(from, f, &scale),
                               .prev = (uint32_t)(v == begin ? end - 1 : v - 1),
                               .next = (uint32_t)(v + 1 == end ? begin : v + 1),
                               .ring = (uint32_t)r,
                               .level = level,
                               .stays = from->junction != 0,
                               .open = open,
                               .heap = NONE,
                               .parked = NONE,
                               .waits = NONE};
            bin_insert(t, (uint32_t)v);
        }
    }
    for (uint32_t l = 0; l < level_count; l++)
        for (uint32_t p = 0; p < POLYGONS; p++)
            if ((t->gains[l].polygons >> p) & 1) t->polygon_size[p] += t->level_size[l];
    return HSD_OK;
}

/* Keeps the living, in their order. */
static void store(const thinner *t, hsd_ring_set *rings) {
    size_t v = 0, kept = 0, ring = 0;
    for (size_t r = 0; r < rings->ring_end.count; r++) {
        size_t end = rings->ring_end.data[r], first = kept;
        uint32_t level = rings->ring_level.data[r];
        for (; v < end; v++)
            if (!t->c[v].gone) rings->vertices.data[kept++] = rings->vertices.data[v];
        if (kept == first) continue;
        rings->ring_end.data[ring] = kept;
        rings->ring_level.data[ring++] = level;
    }
    rings->vertices.count = kept;
    rings->ring_end.count = rings->ring_level.count = ring;
}

hsd_status hsd_rings_simplify(hsd_ring_set *rings, const hsd_field_grid *field,
                              const hsd_gain_grid *gains, uint32_t level_count,
                              uint32_t max_vertices, hsd_error *err) {
    thinner t = {.field = field, .gains = gains, .max_vertices = max_vertices, .err = err};
    hsd_status status = load(&t, rings, level_count);
    for (uint32_t v = 0; status == HSD_OK && v < t.count; v++) price(&t, v);
    if (status == HSD_OK) status = thin(&t, level_count);
    if (status == HSD_OK) store(&t, rings);
    hsd_free(t.c);
    hsd_free(t.heap);
    hsd_free(t.ring_size);
    hsd_free(t.level_size);
    hsd_free(t.bins);
    hsd_array_finish(&t.waits);
    hsd_array_finish(&t.deferred);
    return status;
}
