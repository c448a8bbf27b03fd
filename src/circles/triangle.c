/* Triangles of three vertices against the lattice: what they gain, whether they hold water. Row by
 * row over sums kept along the rows: O(rows), whatever the width. */
#include <math.h>

#include "circles/rings.h"

hsd_corner hsd_corner_of(const hsd_vertex *vertex, const hsd_field_grid *field,
                         const hsd_tangent *scale) {
    return (hsd_corner){.x = (vertex->lon - field->centre_lon) * scale->m_per_lon,
                        .y = (vertex->lat - field->centre_lat) * scale->m_per_lat,
                        .u = vertex->x / field->cell_m - 0.5 - field->i0,
                        .v = vertex->y / field->cell_m - 0.5 - field->j0};
}

double hsd_corner_cross(const hsd_corner *a, const hsd_corner *b, const hsd_corner *c) {
    return (b->x - a->x) * (c->y - a->y) - (b->y - a->y) * (c->x - a->x);
}

static int64_t floor_of(double x) {
    int64_t t = (int64_t)x;
    return t - ((double)t > x);
}

/* Sum over the rows first..last of the columns between two lines, given by a point and a slope. */
static int64_t span_sum(const hsd_field_grid *f, const int32_t *row_sum, const hsd_corner *p,
                        double p_slope, const hsd_corner *q, double q_slope, int64_t first,
                        int64_t last) {
    int64_t sum = 0, width = f->width;
    for (int64_t row = first; row <= last; row++) {
        double a = p->u + ((double)row - p->v) * p_slope, b = q->u + ((double)row - q->v) * q_slope;
        double lo = a < b ? a : b, hi = a < b ? b : a;
        /* columns lo <= i < hi */
        int64_t from = -floor_of(-lo), to = -floor_of(-hi) - 1;
        if (from < 0) from = 0;
        if (to >= width) to = width - 1;
        if (from > to) continue;
        const int32_t *line = row_sum + row * width;
        sum += line[to] - (from > 0 ? line[from - 1] : 0);
    }
    return sum;
}

/* Rows are those above the lowest corner, up to and with the highest: a point on a common side is
 * counted for one of two neighbouring triangles, never for both. */
static int64_t triangle_sum(const hsd_field_grid *f, const int32_t *row_sum, const hsd_corner *a,
                            const hsd_corner *b, const hsd_corner *c) {
    const hsd_corner *low = a, *middle = b, *high = c, *swap;
    if (low->v > middle->v) swap = low, low = middle, middle = swap;
    if (middle->v > high->v) swap = middle, middle = high, high = swap;
    if (low->v > middle->v) swap = low, low = middle, middle = swap;
    int64_t first = floor_of(low->v) + 1, turn = floor_of(middle->v), last = floor_of(high->v);
    if (first < 0) first = 0;
    if (last >= (int64_t)f->height) last = (int64_t)f->height - 1;
    if (turn > last) turn = last;
    if (first > last) return 0;
    double slope = (high->u - low->u) / (high->v - low->v);
    int64_t sum = 0;
    if (first <= turn)
        sum = span_sum(f, row_sum, low, slope, low, (middle->u - low->u) / (middle->v - low->v),
                       first, turn);
    if (turn < first) turn = first - 1;
    if (turn < last)
        sum += span_sum(f, row_sum, low, slope, high, (high->u - middle->u) / (high->v - middle->v),
                        turn + 1, last);
    return sum;
}

int64_t hsd_triangle_gain(const hsd_field_grid *field, const int32_t *row_sum, const hsd_corner *a,
                          const hsd_corner *b, const hsd_corner *c) {
    return triangle_sum(field, row_sum, a, b, c);
}

bool hsd_triangle_wet(const hsd_field_grid *field, const int32_t *water_sum, const hsd_corner *a,
                      const hsd_corner *b, const hsd_corner *c) {
    if (!water_sum) return false;
    /* grown by a fiftieth of a cell about its middle, so that points on the rim are inside */
    hsd_corner grown[3] = {*a, *b, *c};
    double mu = (a->u + b->u + c->u) / 3.0, mv = (a->v + b->v + c->v) / 3.0;
    for (int k = 0; k < 3; k++) {
        double du = grown[k].u - mu, dv = grown[k].v - mv;
        double by = 0.02 / (sqrt(du * du + dv * dv) + 1e-9);
        grown[k].u += by * du;
        grown[k].v += by * dv;
    }
    return triangle_sum(field, water_sum, &grown[0], &grown[1], &grown[2]) > 0;
}
