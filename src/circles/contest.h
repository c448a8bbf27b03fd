/* What hinterlands and overlaps share: the surfaces of competing origins, and canvases on their
 * common lattice. */
#ifndef CIRCLES_CONTEST_H
#define CIRCLES_CONTEST_H

#include "circles/shapes.h"

typedef struct hsd_overlap_cache hsd_overlap_cache;

struct hsd_contest {
    hsd_surface *surfaces; /* by origin; ms NULL: not added yet */
    size_t count;
    hsd_overlap_cache *overlaps;
};

/* Lattice points i0 <= i < i1, j0 <= j < j1. */
typedef struct hsd_lattice_box {
    int64_t i0, j0, i1, j1;
} hsd_lattice_box;
static inline hsd_lattice_box hsd_surface_box(const hsd_surface *s) {
    return (hsd_lattice_box){s->i0, s->j0, (int64_t)s->i0 + s->width, (int64_t)s->j0 + s->height};
}

/* A field of HSD_UNREACHABLE, all land, with the arrays it borrows, which may be written. */
typedef struct hsd_canvas {
    hsd_field_grid field;
    int32_t *values;
    uint8_t *land;
} hsd_canvas;
hsd_status hsd_canvas_make(const hsd_surface *like, hsd_lattice_box box, hsd_canvas *out,
                           hsd_error *err);
void hsd_canvas_finish(hsd_canvas *canvas);
/* The canvas contoured at a level and thinned to max_vertices. */
hsd_status hsd_canvas_shape(const hsd_canvas *canvas, int32_t level, uint32_t max_vertices,
                            hsd_geometry *out, hsd_error *err);

/* Time of a surface at a lattice point; false outside of it. Clears *land in water. */
static inline bool hsd_surface_time(const hsd_surface *s, int64_t i, int64_t j, uint32_t *ms,
                                    uint8_t *land) {
    int64_t a = i - s->i0, b = j - s->j0;
    if (!s->ms || a < 0 || b < 0 || a >= s->width || b >= s->height) return false;
    size_t at = (size_t)b * s->width + (size_t)a;
    *ms = s->ms[at];
    if (!s->land[at]) *land = 0;
    return true;
}

/* Overlaps made so far, of one cut-off: cleared when a surface comes. */
hsd_overlap_cache *hsd_overlap_cache_create(hsd_error *err);
void hsd_overlap_cache_clear(hsd_overlap_cache *cache);
void hsd_overlap_cache_destroy(hsd_overlap_cache *cache); /* takes NULL */
#endif
