/* From a field to finished polygons at ascending levels: contoured, thinned, put together, checked.
 */
#ifndef CIRCLES_SHAPES_H
#define CIRCLES_SHAPES_H

#include "circles/rings.h"

/* One cell gained for a point inside the level, one lost for a point outside, part of one within
 * half a cell's leg of the level; not yet summed along the rows: the caller may add to it before
 * hsd_shapes_make, which sums and frees it. */
int32_t *hsd_gain_plain(const hsd_field_grid *field, int32_t level, hsd_error *err);

/* Sums values along the rows of the field. */
void hsd_gain_sum(const hsd_field_grid *field, int32_t *values);
/* Water points, summed in this way; NULL without water, or without memory (*status says so). */
int32_t *hsd_water_sums(const hsd_field_grid *field, hsd_status *status, hsd_error *err);

/* Polygons of the field at ascending levels: out[level_count], each valid, each covering the one
 * before, with at most max_vertices points (closing points count) before any repair. gains[level]
 * as hsd_gain_plain makes them, or NULL for these; summed in place. */
hsd_status hsd_shapes_make(const hsd_field_grid *field, const int32_t *levels,
                           int32_t *const *gains, uint32_t level_count, uint32_t max_vertices,
                           hsd_geometry *out, hsd_error *err);
hsd_status hsd_shape_copy(const hsd_geometry *shape, hsd_geometry *out, hsd_error *err);
/* Valid, and covering `inner` (may be NULL); mended by union where it is not; HSD_E_INTERNAL where
 * that does not help either. */
hsd_status hsd_shape_settle(hsd_geometry *shape, const hsd_geometry *inner, hsd_error *err);
#endif
