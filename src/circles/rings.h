/* Rings: what the contour finds, the simplification thins and the assembly turns into polygons. */
#ifndef CIRCLES_RINGS_H
#define CIRCLES_RINGS_H

#include "base/memory.h"
#include "geo/barrier.h"
#include "hourshed/circles.h"

/* A field over a surface's lattice: inside of level c is value <= c. Values and levels lie in
 * -HSD_UNREACHABLE..HSD_UNREACHABLE; HSD_UNREACHABLE is outside of every level. The outermost
 * points of the lattice count as outside. */
typedef struct hsd_field_grid {
    uint32_t width, height;
    int32_t i0, j0;
    double cell_m;
    const int32_t *value;
    const uint8_t *land; /* NULL: all */
    double step_ms;      /* a leg over one cell; 0: the field is not a time */
    const hsd_barriers
        *barriers; /* to find the shore between a land and a water point; may be NULL */
    double centre_lon, centre_lat;
} hsd_field_grid;

/* x, y in metres of the frame. Vertices of a ring run on, the last joins the first; inside on the
 * left: outer rings counter-clockwise, holes clockwise. A ring whose first vertex is a junction is
 * an open line to the junction it ends with, on which other lines end, too. */
typedef struct hsd_vertex {
    double x, y;
    double lon, lat;
    uint32_t junction; /* not 0: it stays where it is */
} hsd_vertex;

typedef struct hsd_ring_set {
    HSD_ARRAY(hsd_vertex) vertices;
    struct {
        size_t *data;
        size_t count, capacity;
    } ring_end; /* of ring r, into vertices */
    struct {
        uint32_t *data;
        size_t count, capacity;
    } ring_level;
} hsd_ring_set;
void hsd_ring_set_finish(hsd_ring_set *rings);
bool hsd_ring_set_close(hsd_ring_set *rings, uint32_t level, hsd_error *err); /* ends a ring */

/* Adds the rings of one level. Rings of one level are simple and disjoint; rings of two levels
 * neither cross nor touch. `level` is written to the rings. O(cells). */
hsd_status hsd_contour(const hsd_field_grid *field, int32_t level_value, uint32_t level,
                       hsd_ring_set *out, hsd_error *err);
/* A point (i, j) of a field. */
typedef struct hsd_spot {
    int64_t i, j;
} hsd_spot;
/* Where the level crosses the lattice edge from L (inside) to its neighbour R (outside). The frame
 * is that of the field's centre; NULL will do without barriers. */
void hsd_contour_cross(const hsd_field_grid *field, int32_t level, hsd_frame *frame, hsd_spot l,
                       hsd_spot r, double *x, double *y);
/* Whether the inside corners of a saddle hold together. */
bool hsd_contour_joined(const hsd_field_grid *field, int32_t level, const hsd_spot corners[4]);
/* Fills lon, lat of all vertices. */
hsd_status hsd_rings_project(hsd_ring_set *rings, double centre_lon, double centre_lat,
                             hsd_error *err);

/* What it is worth that a polygon covers a lattice point, in 64ths of a cell, negative where
 * it should not; summed along each row up to and with the point, so that a triangle is weighed row
 * by row. What thinning and refining keep. */
#define HSD_GAIN_CELL 64
typedef struct hsd_gain_grid {
    const int32_t *row_sum; /* width * height of the field */
    const int32_t
        *water_sum;    /* points in water, summed in the same way; NULL: none. Never covered */
    uint32_t polygons; /* 0: a level bounds its own polygon; else those it bounds, as bits */
} hsd_gain_grid;

/* A vertex among its neighbours, for thinning and refining. */
typedef struct hsd_corner {
    double x, y; /* lon/lat scaled to metres from the field's centre: lines stay lines */
    double u, v; /* lattice columns and rows: point (i, j) of the field at u = i, v = j */
} hsd_corner;
hsd_corner hsd_corner_of(const hsd_vertex *vertex, const hsd_field_grid *field,
                         const hsd_tangent *scale);
double hsd_corner_cross(const hsd_corner *a, const hsd_corner *b, const hsd_corner *c);
/* The gains in a triangle. */
int64_t hsd_triangle_gain(const hsd_field_grid *field, const int32_t *row_sum, const hsd_corner *a,
                          const hsd_corner *b, const hsd_corner *c);
/* A water point in the triangle or on its rim. */
bool hsd_triangle_wet(const hsd_field_grid *field, const int32_t *water_sum, const hsd_corner *a,
                      const hsd_corner *b, const hsd_corner *c);

/* Thins the rings of all levels together until each polygon has at most max_vertices points, one
 * closing point a ring included, keeping them free of crossings, in lon/lat. gains[level].
 * Junctions stay, and with them polygons may exceed the limit. */
hsd_status hsd_rings_simplify(hsd_ring_set *rings, const hsd_field_grid *field,
                              const hsd_gain_grid *gains, uint32_t level_count,
                              uint32_t max_vertices, hsd_error *err);
/* Puts up to more[level] new vertices where the polygon gains most, then moves vertices for some
 * rounds, keeping rings free of crossings. more is used up. */
hsd_status hsd_rings_refine(hsd_ring_set *rings, const hsd_field_grid *field,
                            const hsd_gain_grid *gains, uint32_t *more, uint32_t level_count,
                            int rounds, hsd_error *err);

/* The polygons of one level: outer rings with the holes in them. */
hsd_status hsd_rings_polygons(const hsd_ring_set *rings, uint32_t level, hsd_geometry *out,
                              hsd_error *err);
#endif
