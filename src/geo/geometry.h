/* What every stage does with a geometry: put two together, ask whether it holds a point, take one
 * point for the whole of it. */
#ifndef GEO_GEOMETRY_H
#define GEO_GEOMETRY_H

#include "hourshed/geo.h"

/* Appends the lines or polygons of `more` (not of `to` itself), which may overlap those there are;
 * `to` takes its type where it has none yet. HSD_E_ARGUMENT where the types differ, or for points;
 * on failure `to` is as it was. */
hsd_status hsd_geometry_append(hsd_geometry *to, const hsd_geometry *more, hsd_error *err);
/* Even-odd test of a point in a polygon geometry, O(points); for many tests of one geometry see
 * geo/barrier.h. */
bool hsd_geometry_holds(const hsd_geometry *polygon, hsd_lonlat point);
/* The point that stands for a geometry: itself, a polygon's centroid where it lies inside, else a
 * point surely inside. */
hsd_status hsd_geometry_point(const hsd_geometry *geometry, hsd_lonlat *out, hsd_error *err);
#endif
