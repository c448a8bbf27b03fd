/* The only door to GEOS outside circles/: one context per hsd_geos, geometries in and out as
 * hsd_geometry. No GEOS type crosses this header. */
#ifndef GEO_GEOS_H
#define GEO_GEOS_H

#include "hourshed/geo.h"

/* NULL-safe. why (size why_size) says where and what when it is not valid. */
bool hsd_geos_valid(const hsd_geometry *geometry, char *why, size_t why_size);
/* Union of all polygons into disjoint valid polygons, repairing invalid ones first (MakeValid). */
hsd_status hsd_geos_union(const hsd_geometry *polygons, hsd_geometry *out, hsd_error *err);
hsd_status hsd_geos_difference(const hsd_geometry *a, const hsd_geometry *b, hsd_geometry *out,
                               hsd_error *err);
hsd_status hsd_geos_intersection(const hsd_geometry *a, const hsd_geometry *b, hsd_geometry *out,
                                 hsd_error *err);
/* Grown by a distance in degrees, corners mitred: what covers it covers the geometry for sure. */
hsd_status hsd_geos_grow(const hsd_geometry *polygons, double degrees, hsd_geometry *out,
                         hsd_error *err);
bool hsd_geos_covers(const hsd_geometry *outer, const hsd_geometry *inner);
/* Faces of an arrangement of lines (noded first by unary union): each polygon one face. */
hsd_status hsd_geos_polygonize(const hsd_geometry *lines, hsd_geometry *out, hsd_error *err);
/* A point surely inside (for faces and labels). */
hsd_status hsd_geos_point_on_surface(const hsd_geometry *polygon, hsd_lonlat *out, hsd_error *err);
hsd_status hsd_geos_centroid(const hsd_geometry *geometry, hsd_lonlat *out, hsd_error *err);
#endif
