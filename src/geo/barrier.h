/* Tests against barrier polygons: is a point inside, does a straight leg cross one. Exact on the
 * polygons as given (WGS84 plane: a leg is a straight line in lon/lat), O(log n) by the R-tree. */
#ifndef GEO_BARRIER_H
#define GEO_BARRIER_H

#include "geo/rtree.h"

/* polygons: disjoint, rings closed. index: over segments, item = index of the segment's first point
 * (never the last point of a ring). Both borrowed. An empty set holds nothing back. */
typedef struct hsd_barriers {
    const hsd_geometry *polygons;
    const hsd_rtree *index;
} hsd_barriers;

hsd_status hsd_barriers_index(const hsd_geometry *polygons, hsd_rtree *out, hsd_error *err);
/* Even-odd rule; a point on an edge of a polygon is outside (shores are land). */
bool hsd_barriers_contain(const hsd_barriers *barriers, double lon, double lat);
/* True when the open segment from-to passes through a barrier: it properly crosses or its middle
 * part lies inside. Touching a shore at an end is not crossing. */
bool hsd_barriers_cross(const hsd_barriers *barriers, hsd_lonlat from, hsd_lonlat to);
/* True when no barrier segment meets the box: nothing inside it needs a crossing test unless its
 * corner is inside a polygon. */
bool hsd_barriers_clear(const hsd_barriers *barriers, hsd_box_e7 box);
#endif
