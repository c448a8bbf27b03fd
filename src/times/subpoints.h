/* Regular points inside a polygon, each standing for the same area. */
#ifndef TIMES_SUBPOINTS_H
#define TIMES_SUBPOINTS_H

#include "base/memory.h"
#include "hourshed/times.h"

#define HSD_SUBPOINT_TARGET 100    /* points a polygon */
#define HSD_SUBPOINT_SPACING_M 50. /* but not closer than this: a 100 m raster cell has four */

typedef HSD_ARRAY(hsd_lonlat) hsd_subpoints;

/* Appends the points of the grid that lie inside the polygons (even-odd); none when the polygon
 * slips between them. O(crossings log crossings). */
hsd_status hsd_subpoints_make(const hsd_geometry *polygon, hsd_subpoints *out, hsd_error *err);
/* zones.c: what stands for a place (out is empty): a point itself, a polygon's points on land, or
 * one on its surface where there are none. */
hsd_status hsd_subpoints_of_place(const hsd_locator *locator, const hsd_place *place,
                                  hsd_subpoints *out, hsd_error *err);
#endif
