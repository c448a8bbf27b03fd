/* Sub-points of polygon zones: a square grid in the cylindrical equal-area projection of the
 * ellipsoid (Snyder 1987, p. 81), true to shape at the polygon's middle latitude. Its rows are
 * parallels and its columns meridians, so that the polygon is cut row by row in plain longitude and
 * latitude, in which its sides are straight. Equal cells have equal areas: every point stands for
 * the same share. Spacing is sqrt(area / 100), at least 50 m; the grid starts half a step inside
 * the south-west corner of the box. */
#include "times/subpoints.h"

#include <math.h>
#include <stdlib.h>

static const double major_m = 6378137.0;
static const double ecc2 = 0.0066943799901413165; /* of WGS84 */
static const double radian = 3.14159265358979323846 / 180;

/* Half of Snyder's q (3-12) times the major axis: the area below a parallel, per radian of
 * longitude and per metre of width. */
static double authalic_m(double lat) {
    const double ecc = sqrt(ecc2), sine = sin(lat * radian);
    return major_m * (1 - ecc2) / 2 * (sine / (1 - ecc2 * sine * sine) + atanh(ecc * sine) / ecc);
}

static double metres_per_lat_degree(double lat) {
    const double sine = sin(lat * radian), root = 1 - ecc2 * sine * sine;
    return major_m * (1 - ecc2) * cos(lat * radian) * radian / (root * root);
}

typedef struct grid {
    double west, south_m;    /* first column's and first row's outer sides */
    double step_lon, step_m; /* columns; rows in authalic metres */
    double start_lat;        /* for the inverse */
    double south, north;
} grid;

/* The latitude of a row: Newton from the middle of the box; the function is smooth and monotone. */
static double row_lat(const grid *g, double row) {
    const double goal = g->south_m + (row + 0.5) * g->step_m;
    double lat = g->start_lat;
    for (int i = 0; i < 20; i++) {
        const double step = (goal - authalic_m(lat)) / metres_per_lat_degree(lat);
        lat = fmin(fmax(lat + step, g->south - 1), g->north + 1);
        if (fabs(step) < 1e-13) break;
    }
    return lat;
}

static bool make_grid(const hsd_geometry *polygon, grid *g) {
    double east = -INFINITY;
    g->west = g->south = INFINITY;
    g->north = -INFINITY;
    for (size_t i = 0; i < polygon->point_count; i++) {
        g->west = fmin(g->west, polygon->points[i].lon);
        east = fmax(east, polygon->points[i].lon);
        g->south = fmin(g->south, polygon->points[i].lat);
        g->north = fmax(g->north, polygon->points[i].lat);
    }
    const double area_m2 = hsd_geometry_area_m2(polygon);
    if (!(east > g->west) || !(g->north > g->south) || !(area_m2 > 0)) return false;
    const double spacing = fmax(sqrt(area_m2 / HSD_SUBPOINT_TARGET), HSD_SUBPOINT_SPACING_M);
    g->start_lat = (g->south + g->north) / 2;
    const double sine = sin(g->start_lat * radian);
    const double true_scale = cos(g->start_lat * radian) / sqrt(1 - ecc2 * sine * sine);
    g->step_lon = spacing / (major_m * true_scale * radian);
    g->step_m = spacing * true_scale;
    g->south_m = authalic_m(g->south);
    return true;
}

typedef struct crossing {
    uint32_t row;
    double column; /* of the meridian where the row meets a side, in steps */
} crossing;

typedef HSD_ARRAY(crossing) crossings;

static int compare_crossings(const void *a, const void *b) {
    const crossing *ca = a, *cb = b;
    if (ca->row != cb->row) return ca->row < cb->row ? -1 : 1;
    return (ca->column > cb->column) - (ca->column < cb->column);
}

/* Rows the side from a to b passes: half-open in latitude, so that a corner counts once. */
static bool cross_side(const grid *g, hsd_lonlat a, hsd_lonlat b, crossings *out, hsd_error *err) {
    if (a.lat > b.lat) {
        const hsd_lonlat swap = a;
        a = b;
        b = swap;
    }
    double row = floor((authalic_m(a.lat) - g->south_m) / g->step_m - 0.5) - 1;
    for (row = fmax(row, 0); row < UINT32_MAX; row++) {
        const double lat = row_lat(g, row);
        if (lat < a.lat) continue;
        if (lat >= b.lat) return true;
        const double lon = a.lon + (lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon);
        const crossing found = {(uint32_t)row, (lon - g->west) / g->step_lon - 0.5};
        if (!hsd_array_push(out, found, err)) return false;
    }
    return true;
}

static hsd_status fill_rows(const grid *g, const crossings *sides, hsd_subpoints *out,
                            hsd_error *err) {
    for (size_t i = 0; i + 1 < sides->count; i += 2) {
        const crossing *in = &sides->data[i], *away = in + 1;
        const double lat = row_lat(g, in->row);
        for (double column = fmax(ceil(in->column), 0); column < away->column; column++) {
            const hsd_lonlat point = {g->west + (column + 0.5) * g->step_lon, lat};
            if (!hsd_array_push(out, point, err)) return HSD_E_MEMORY;
        }
    }
    return HSD_OK;
}

hsd_status hsd_subpoints_make(const hsd_geometry *polygon, hsd_subpoints *out, hsd_error *err) {
    grid g;
    if (!make_grid(polygon, &g)) return HSD_OK;
    crossings sides = {0};
    hsd_status status = HSD_OK;
    size_t point = 0;
    for (size_t r = 0; status == HSD_OK && r < polygon->ring_count; r++) {
        for (; status == HSD_OK && point + 1 < polygon->ring_end[r]; point++)
            if (!cross_side(&g, polygon->points[point], polygon->points[point + 1], &sides, err))
                status = HSD_E_MEMORY;
        point = polygon->ring_end[r];
    }
    if (status == HSD_OK && sides.count > 0) {
        qsort(sides.data, sides.count, sizeof *sides.data, compare_crossings);
        status = fill_rows(&g, &sides, out, err);
    }
    hsd_array_finish(&sides);
    return status;
}
