/* Regular points inside a polygon, each standing for the same area. */
#ifndef TIMES_SUBPOINTS_H
#define TIMES_SUBPOINTS_H

#include "base/memory.h"
#include "hourshed/geo.h"

#define HSD_SUBPOINT_TARGET 100    /* points a polygon */
#define HSD_SUBPOINT_SPACING_M 50. /* but not closer than this: a 100 m raster cell has four */

typedef HSD_ARRAY(hsd_lonlat) hsd_subpoints;

/* Appends the points of the grid that lie inside the polygons (even-odd); none when the polygon
 * slips between them. O(crossings log crossings). */
hsd_status hsd_subpoints_make(const hsd_geometry *polygon, hsd_subpoints *out, hsd_error *err);
#endif
