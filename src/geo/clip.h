/* Areas that polygons share. Edges are straight lines in lon, lat, as in the files they came from;
 * their areas are those on the ellipsoid, and add up where a polygon is cut into parts. */
#ifndef GEO_CLIP_H
#define GEO_CLIP_H

#include "base/memory.h"
#include "hourshed/geo.h"

/* Square metres; 0 for what is no polygon. Unlike hsd_geometry_area_m2, whose edges are geodesics.
 */
double hsd_plane_area_m2(const hsd_geometry *polygon);
/* One ring that turns left or runs straight on at every corner. */
bool hsd_geometry_convex(const hsd_geometry *polygon);

/* Grown as needed, for one thread; zero it to begin. */
typedef struct hsd_clip_scratch {
    HSD_ARRAY(hsd_lonlat) ring[2];
} hsd_clip_scratch;
void hsd_clip_scratch_finish(hsd_clip_scratch *scratch);
/* Of what is in both; `window` is convex. O(points x corners of the window). */
hsd_status hsd_clip_area_m2(const hsd_geometry *polygon, const hsd_geometry *window,
                            hsd_clip_scratch *scratch, double *out, hsd_error *err);
#endif
