/* Union-find over a grid whose cells are at least the tolerance wide in both directions, so that a
 * point's partners lie in its own cell or a neighbour. Equal points are united first, so that a
 * crowd on one spot costs nothing. The lowest index is always the root: the result does not depend
 * on any order of visiting. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "geo/rtree.h"
#include "read/lines_cluster.h"

typedef struct cell_point {
    int64_t column, row;
    hsd_point_e7 point;
    uint32_t index;
} cell_point;

uint32_t hsd_cluster_find(uint32_t *root, uint32_t i) {
    while (root[i] != i) i = root[i] = root[root[i]];
    return i;
}

void hsd_cluster_unite(uint32_t *root, uint32_t a, uint32_t b) {
    a = hsd_cluster_find(root, a);
    b = hsd_cluster_find(root, b);
    if (a < b)
        root[b] = a;
    else
        root[a] = b;
}

double hsd_near_m(hsd_point_e7 a, hsd_point_e7 b) {
    hsd_tangent t = hsd_tangent_at(a.lon_e7 * 1e-7, a.lat_e7 * 1e-7);
    double x = ((double)b.lon_e7 - a.lon_e7) * 1e-7 * t.m_per_lon;
    double y = ((double)b.lat_e7 - a.lat_e7) * 1e-7 * t.m_per_lat;
    return sqrt(x * x + y * y);
}

static int by_cell(const void *a, const void *b) {
    const cell_point *x = a, *y = b;
    if (x->column != y->column) return x->column < y->column ? -1 : 1;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    if (x->point.lon_e7 != y->point.lon_e7) return x->point.lon_e7 < y->point.lon_e7 ? -1 : 1;
    if (x->point.lat_e7 != y->point.lat_e7) return x->point.lat_e7 < y->point.lat_e7 ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static size_t first_of_cell(const cell_point *cells, size_t count, int64_t column, int64_t row) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const cell_point *c = &cells[middle];
        if (c->column < column || (c->column == column && c->row < row))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Width of the cells in 1e-7 degrees: at least the tolerance, at the latitude furthest from 0. */
static void cell_size(const hsd_point_e7 *points, uint32_t count, double tolerance_m, double *width,
                      double *height) {
    double most = 0;
    for (uint32_t i = 0; i < count; i++) most = fmax(most, fabs((double)points[i].lat_e7));
    hsd_tangent t = hsd_tangent_at(0, fmin(most * 1e-7 + 0.01, 89.9));
    *width = fmax(1, ceil(tolerance_m * 1.01 / t.m_per_lon * 1e7));
    *height = fmax(
        1, ceil(tolerance_m * 1.01 / 110000 * 1e7)); /* a degree of latitude is 110.6 km or more */
}

static void unite_with_cell(const cell_point *cells, size_t count, const cell_point *from,
                            int64_t column, int64_t row, double tolerance_m, uint32_t *root) {
    for (size_t i = first_of_cell(cells, count, column, row);
         i < count && cells[i].column == column && cells[i].row == row; i++)
        if (cells[i].index != from->index && hsd_near_m(from->point, cells[i].point) <= tolerance_m)
            hsd_cluster_unite(root, from->index, cells[i].index);
}

hsd_status hsd_cluster(const hsd_point_e7 *points, uint32_t count, double tolerance_m,
                       uint32_t *root, hsd_error *err) {
    cell_point *cells = hsd_alloc(count, sizeof *cells, err);
    if (!cells) return HSD_E_MEMORY;
    double width, height;
    cell_size(points, count, tolerance_m, &width, &height);
    for (uint32_t i = 0; i < count; i++)
        cells[i] = (cell_point){(int64_t)floor(points[i].lon_e7 / width),
                                (int64_t)floor(points[i].lat_e7 / height), points[i], i};
    qsort(cells, count, sizeof *cells, by_cell);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        hsd_point_e7 p = cells[i].point, last = kept ? cells[kept - 1].point : p;
        if (kept && p.lon_e7 == last.lon_e7 && p.lat_e7 == last.lat_e7)
            hsd_cluster_unite(root, cells[kept - 1].index, cells[i].index);
        else
            cells[kept++] = cells[i];
    }
    static const int neighbours[5][2] = {{0, 0}, {0, 1}, {1, -1}, {1, 0}, {1, 1}};
    for (size_t i = 0; i < kept; i++)
        for (int k = 0; k < 5; k++)
            unite_with_cell(cells, kept, &cells[i], cells[i].column + neighbours[k][0],
                            cells[i].row + neighbours[k][1], tolerance_m, root);
    hsd_free(cells);
    for (uint32_t i = 0; i < count; i++) root[i] = hsd_cluster_find(root, i);
    return HSD_OK;
}
