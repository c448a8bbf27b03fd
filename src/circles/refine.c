/* After thinning, vertices still stand where the contour had them. Moving each to where its corner
 * gains most, its neighbours standing still, mends about a third of what the thinning cost.
 *
 * With p and n the neighbours, the corner p-v-n is worth the gains of its triangle, taken off when
 * it turns right; a move is judged by the difference, a handful of row sums. Steps of 4 cells down
 * to a half, eight directions, some rounds over all vertices in their order. A move is made only if
 * its two new sides meet no other side and come no closer than a tenth of a millimetre to another
 * vertex, no vertex lies in the triangles swept, and no water point is covered: the invariant of
 * simplify.c stays. Sides are kept in bins; sides that moved away stay there too and are tested
 * where they are now. O(vertices) moves, each a few bins. */
#include <math.h>
#include <stdlib.h>

#include "circles/rings.h"

#define NONE UINT32_MAX
#define TOLERANCE_M 1e-4 /* contours of two levels may be half a millimetre apart */
#define BIN_CELLS 16.0
#define STEPS 3

typedef struct node {
    hsd_corner at;
    hsd_vertex vertex;
    uint32_t prev, next, ring, level;
    uint8_t due; /* rounds: it or a neighbour moved in the last one */
} node;

typedef struct entry {
    uint32_t side, next; /* the side from vertex `side` to its next one */
} entry;

typedef struct refiner {
    const hsd_field_grid *field;
    const hsd_gain_grid *gains;
    hsd_frame *frame;
    hsd_tangent scale;
    node *nodes;
    uint32_t count;
    uint32_t *bins;
    uint32_t columns, rows;
    HSD_ARRAY(entry) entries;
    hsd_error *err;
} refiner;

static uint32_t clamp_bin(double at, uint32_t count) {
    double b = floor((at + 1.0) / BIN_CELLS);
    return b < 0 ? 0 : b >= count ? count - 1 : (uint32_t)b;
}

static bool add_side(refiner *r, uint32_t side) {
    const hsd_corner *a = &r->nodes[side].at, *b = &r->nodes[r->nodes[side].next].at;
    uint32_t c0 = clamp_bin(fmin(a->u, b->u), r->columns),
             c1 = clamp_bin(fmax(a->u, b->u), r->columns);
    uint32_t r0 = clamp_bin(fmin(a->v, b->v), r->rows), r1 = clamp_bin(fmax(a->v, b->v), r->rows);
    for (uint32_t row = r0; row <= r1; row++)
        for (uint32_t column = c0; column <= c1; column++) {
            uint32_t *bin = &r->bins[(size_t)row * r->columns + column];
            entry e = {side, *bin};
            if (!hsd_array_push(&r->entries, e, r->err)) return false;
            *bin = (uint32_t)(r->entries.count - 1);
        }
    return true;
}

/* q is within the tolerance of the segment a-b. */
static bool close_to(const hsd_corner *a, const hsd_corner *b, const hsd_corner *q) {
    double dx = b->x - a->x, dy = b->y - a->y, l2 = dx * dx + dy * dy;
    double t = l2 > 0.0 ? ((q->x - a->x) * dx + (q->y - a->y) * dy) / l2 : 0.0;
    t = t < 0.0 ? 0.0 : t > 1.0 ? 1.0 : t;
    double ex = q->x - a->x - t * dx, ey = q->y - a->y - t * dy;
    return ex * ex + ey * ey < TOLERANCE_M * TOLERANCE_M;
}

static bool sides_meet(const hsd_corner *a, const hsd_corner *b, const hsd_corner *c,
                       const hsd_corner *d) {
    if (fmax(a->x, b->x) + TOLERANCE_M < fmin(c->x, d->x) ||
        fmax(c->x, d->x) + TOLERANCE_M < fmin(a->x, b->x) ||
        fmax(a->y, b->y) + TOLERANCE_M < fmin(c->y, d->y) ||
        fmax(c->y, d->y) + TOLERANCE_M < fmin(a->y, b->y))
        return false;
    double s1 = hsd_corner_cross(a, b, c), s2 = hsd_corner_cross(a, b, d);
    double s3 = hsd_corner_cross(c, d, a), s4 = hsd_corner_cross(c, d, b);
    if ((s1 > 0.0) != (s2 > 0.0) && (s3 > 0.0) != (s4 > 0.0)) return true;
    return close_to(a, b, c) || close_to(a, b, d) || close_to(c, d, a) || close_to(c, d, b);
}

static bool in_triangle(const hsd_corner *a, const hsd_corner *b, const hsd_corner *c,
                        const hsd_corner *q) {
    double s1 = hsd_corner_cross(a, b, q), s2 = hsd_corner_cross(b, c, q),
           s3 = hsd_corner_cross(c, a, q);
    return (s1 >= 0.0 && s2 >= 0.0 && s3 >= 0.0) || (s1 <= 0.0 && s2 <= 0.0 && s3 <= 0.0);
}

/* Nothing else touches the two new sides, or lies where they sweep. */
static bool is_free(const refiner *r, uint32_t v, const hsd_corner *to) {
    const node *me = &r->nodes[v];
    const hsd_corner *p = &r->nodes[me->prev].at, *n = &r->nodes[me->next].at, *from = &me->at;
    if (r->nodes[me->next].next == me->prev && /* a triangle must not turn over */
        (close_to(p, n, to) ||
         (hsd_corner_cross(p, from, n) > 0.0) != (hsd_corner_cross(p, to, n) > 0.0)))
        return false;
    double lo_u = fmin(fmin(p->u, n->u), fmin(from->u, to->u)) - 0.1;
    double hi_u = fmax(fmax(p->u, n->u), fmax(from->u, to->u)) + 0.1;
    double lo_v = fmin(fmin(p->v, n->v), fmin(from->v, to->v)) - 0.1;
    double hi_v = fmax(fmax(p->v, n->v), fmax(from->v, to->v)) + 0.1;
    uint32_t c0 = clamp_bin(lo_u, r->columns), c1 = clamp_bin(hi_u, r->columns);
    uint32_t r0 = clamp_bin(lo_v, r->rows), r1 = clamp_bin(hi_v, r->rows);
    for (uint32_t row = r0; row <= r1; row++)
        for (uint32_t column = c0; column <= c1; column++)
            for (uint32_t e = r->bins[(size_t)row * r->columns + column]; e != NONE;
                 e = r->entries.data[e].next) {
                uint32_t side = r->entries.data[e].side, end = r->nodes[side].next;
                if (side == v || end == v) continue;
                const hsd_corner *a = &r->nodes[side].at, *b = &r->nodes[end].at;
                /* sides that share p or n may touch there only */
                if (side != me->prev && end != me->prev && sides_meet(p, to, a, b)) return false;
                if (side != me->next && end != me->next && sides_meet(to, n, a, b)) return false;
                if (end == me->prev && close_to(p, to, a)) return false;
                if (side == me->prev && close_to(p, to, b)) return false;
                if (side == me->next && close_to(to, n, b)) return false;
                if (end == me->next && close_to(to, n, a)) return false;
                if (side != me->prev && side != me->next &&
                    (in_triangle(p, from, to, a) || in_triangle(from, to, n, a)))
                    return false;
            }
    return true;
}

/* What the corner p-v-n is worth: its triangle counts when it turns left. */
static int64_t worth(const refiner *r, uint32_t v, const hsd_corner *at) {
    const node *me = &r->nodes[v];
    const hsd_corner *p = &r->nodes[me->prev].at, *n = &r->nodes[me->next].at;
    double turn = (at->u - p->u) * (n->v - p->v) - (at->v - p->v) * (n->u - p->u);
    int64_t gain = hsd_triangle_gain(r->field, r->gains[me->level].row_sum, p, at, n);
    return turn > 0.0 ? gain : -gain;
}

/* The new corner covers water the old one did not: triangles on the covering side of the move. */
static bool covers_water(const refiner *r, uint32_t v, const hsd_corner *to) {
    const node *me = &r->nodes[v];
    const int32_t *water = r->gains[me->level].water_sum;
    if (!water) return false;
    const hsd_corner *p = &r->nodes[me->prev].at, *n = &r->nodes[me->next].at;
    return hsd_triangle_wet(r->field, water, p, &me->at, to) ||
           hsd_triangle_wet(r->field, water, &me->at, to, n);
}

static hsd_corner corner_at(const refiner *r, double u, double v, hsd_vertex *vertex) {
    const hsd_field_grid *f = r->field;
    *vertex = (hsd_vertex){.x = (u + 0.5 + f->i0) * f->cell_m, .y = (v + 0.5 + f->j0) * f->cell_m};
    hsd_frame_inverse(r->frame, vertex->x, vertex->y, &vertex->lon, &vertex->lat);
    return hsd_corner_of(vertex, f, &r->scale);
}

/* Tries one length of step; true when the vertex moved. */
static bool try_step(refiner *r, uint32_t v, double step, bool *failed) {
    static const double direction[8][2] = {{1, 0},  {0.7, 0.7},   {0, 1},  {-0.7, 0.7},
                                           {-1, 0}, {-0.7, -0.7}, {0, -1}, {0.7, -0.7}};
    node *me = &r->nodes[v];
    int64_t now = worth(r, v, &me->at), best = now;
    int chosen = -1;
    for (int d = 0; d < 8; d++) {
        hsd_corner guess = me->at; /* u and v are all that counts here */
        guess.u += step * direction[d][0];
        guess.v += step * direction[d][1];
        int64_t value = worth(r, v, &guess);
        if (value <= best) continue;
        best = value;
        chosen = d;
    }
    if (chosen < 0) return false;
    hsd_vertex moved;
    hsd_corner to = corner_at(r, me->at.u + step * direction[chosen][0],
                              me->at.v + step * direction[chosen][1], &moved);
    if (worth(r, v, &to) <= now || covers_water(r, v, &to) || !is_free(r, v, &to)) return false;
    me->at = to;
    me->vertex = moved;
    me->due = r->nodes[me->prev].due = r->nodes[me->next].due = 2;
    *failed = !add_side(r, v) || !add_side(r, me->prev);
    return true;
}

/* ---- New vertices
 * -----------------------------------------------------------------------------------
 */

typedef struct split {
    int64_t gain;
    uint32_t side;
    double u, v;
} split;

static int compare_splits(const void *a, const void *b) {
    const split *x = a, *y = b;
    if (x->gain != y->gain) return x->gain > y->gain ? -1 : 1;
    return x->side < y->side ? -1 : x->side > y->side;
}

/* The best place for a new vertex on a side: three places along it, some cells to either hand. */
static split best_split(const refiner *r, uint32_t side) {
    static const double along[3] = {0.25, 0.5, 0.75}, away[6] = {-6.0, -3.0, -1.5, 1.5, 3.0, 6.0};
    const hsd_corner *p = &r->nodes[side].at, *n = &r->nodes[r->nodes[side].next].at;
    double du = n->u - p->u, dv = n->v - p->v, length = sqrt(du * du + dv * dv);
    split best = {0, side, 0.0, 0.0};
    if (length < 1.5) return best;
    for (int a = 0; a < 3; a++)
        for (int h = 0; h < 6; h++) {
            if (fabs(away[h]) > length) continue;
            hsd_corner guess = {0, 0, p->u + along[a] * du - away[h] * dv / length,
                                p->v + along[a] * dv + away[h] * du / length};
            int64_t gain =
                hsd_triangle_gain(r->field, r->gains[r->nodes[side].level].row_sum, p, &guess, n);
            if (away[h] > 0.0) gain = -gain; /* to the left is inside: the triangle goes out */
            if (gain > best.gain) best = (split){gain, side, guess.u, guess.v};
        }
    return best;
}

/* Puts a vertex between a side's ends if nothing is in the way. */
static bool apply_split(refiner *r, const split *s, bool *failed) {
    uint32_t v = r->count, prev = s->side, next = r->nodes[prev].next;
    node *me = &r->nodes[v];
    *me = (node){.prev = prev,
                 .next = next,
                 .ring = r->nodes[prev].ring,
                 .level = r->nodes[prev].level,
                 .due = 2};
    /* it starts in the middle of its side and moves out */
    const hsd_corner *p = &r->nodes[prev].at, *n = &r->nodes[next].at;
    me->at = corner_at(r, 0.5 * (p->u + n->u), 0.5 * (p->v + n->v), &me->vertex);
    hsd_vertex moved;
    hsd_corner to = corner_at(r, s->u, s->v, &moved);
    r->nodes[prev].next = r->nodes[next].prev = v;
    if (covers_water(r, v, &to) || !is_free(r, v, &to)) {
        r->nodes[prev].next = next;
        r->nodes[next].prev = prev;
        return false;
    }
    me->at = to;
    me->vertex = moved;
    r->count++;
    *failed = !add_side(r, v) || !add_side(r, prev);
    return true;
}

/* Up to wanted[level] new vertices, the most gainful first. */
static hsd_status split_sides(refiner *r, uint32_t *wanted) {
    uint32_t sides = r->count;
    split *splits = hsd_alloc(sides, sizeof *splits, r->err);
    if (!splits) return HSD_E_MEMORY;
    for (uint32_t side = 0; side < sides; side++) splits[side] = best_split(r, side);
    if (sides) qsort(splits, sides, sizeof *splits, compare_splits);
    bool failed = false;
    for (uint32_t k = 0; k < sides && splits[k].gain > HSD_GAIN_CELL && !failed; k++) {
        uint32_t level = r->nodes[splits[k].side].level;
        if (wanted[level] > 0 && apply_split(r, &splits[k], &failed)) wanted[level]--;
    }
    hsd_free(splits);
    return failed ? HSD_E_MEMORY : HSD_OK;
}

/* ---- In and out
 * ------------------------------------------------------------------------------------- */

static hsd_status load(refiner *r, const hsd_ring_set *rings, uint32_t more) {
    const hsd_field_grid *f = r->field;
    r->count = (uint32_t)rings->vertices.count;
    r->columns = (uint32_t)(f->width / BIN_CELLS) + 2;
    r->rows = (uint32_t)(f->height / BIN_CELLS) + 2;
    size_t bins = (size_t)r->columns * r->rows, v = 0;
    r->nodes = hsd_alloc((size_t)r->count + more, sizeof *r->nodes, r->err);
    r->bins = hsd_alloc(bins, sizeof *r->bins, r->err);
    if (!r->nodes || !r->bins) return HSD_E_MEMORY;
    for (size_t b = 0; b < bins; b++) r->bins[b] = NONE;
    r->scale = hsd_tangent_at(f->centre_lon, f->centre_lat);
    for (size_t ring = 0; ring < rings->ring_end.count; ring++) {
        size_t begin = v, end = rings->ring_end.data[ring];
        for (; v < end; v++)
            r->nodes[v] = (node){.at = hsd_corner_of(&rings->vertices.data[v], f, &r->scale),
                                 .vertex = rings->vertices.data[v],
                                 .prev = (uint32_t)(v == begin ? end - 1 : v - 1),
                                 .next = (uint32_t)(v + 1 == end ? begin : v + 1),
                                 .ring = (uint32_t)ring,
                                 .level = rings->ring_level.data[ring],
                                 .due = 2};
    }
    for (uint32_t side = 0; side < r->count; side++)
        if (!add_side(r, side)) return HSD_E_MEMORY;
    return HSD_OK;
}

/* Ring by ring from its first vertex, new ones in their place. */
static hsd_status store(const refiner *r, hsd_ring_set *rings) {
    if (!hsd_array_reserve(&rings->vertices, r->count, r->err)) return HSD_E_MEMORY;
    size_t first = 0, kept = 0;
    for (size_t ring = 0; ring < rings->ring_end.count; ring++) {
        size_t next_first = rings->ring_end.data[ring];
        uint32_t v = (uint32_t)first;
        do {
            rings->vertices.data[kept++] = r->nodes[v].vertex;
            v = r->nodes[v].next;
        } while (v != first);
        rings->ring_end.data[ring] = kept;
        first = next_first;
    }
    rings->vertices.count = kept;
    return HSD_OK;
}

static bool move_all(refiner *r) {
    static const double steps[STEPS] = {4.0, 1.5, 0.5};
    bool failed = false;
    for (uint32_t v = 0; v < r->count && !failed; v++) {
        if (r->nodes[v].due == 0) continue;
        r->nodes[v].due--;
        for (int s = 0; s < STEPS && !failed; s++) try_step(r, v, steps[s], &failed);
    }
    return !failed;
}

hsd_status hsd_rings_refine(hsd_ring_set *rings, const hsd_field_grid *field,
                            const hsd_gain_grid *gains, uint32_t *more, uint32_t level_count,
                            int rounds, hsd_error *err) {
    refiner r = {.field = field, .gains = gains, .err = err};
    uint32_t extra = 0;
    for (uint32_t l = 0; l < level_count; l++) extra += more[l];
    if (rings->vertices.count >= NONE / 2 - extra)
        return hsd_fail(err, HSD_E_MEMORY, "%zu vertices in a contour", rings->vertices.count);
    hsd_status status = hsd_frame_create(field->centre_lon, field->centre_lat, &r.frame, err);
    if (status == HSD_OK) status = load(&r, rings, extra);
    if (status == HSD_OK && extra > 0) status = split_sides(&r, more);
    for (int round = 0; status == HSD_OK && round < rounds; round++)
        if (!move_all(&r)) status = HSD_E_MEMORY;
    if (status == HSD_OK) status = store(&r, rings);
    hsd_free(r.nodes);
    hsd_free(r.bins);
    hsd_array_finish(&r.entries);
    hsd_frame_destroy(r.frame);
    return status;
}
