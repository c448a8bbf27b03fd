/* A polygon made ready for many questions: is a point inside, how much of a line is. */
#ifndef CIRCLES_REGION_H
#define CIRCLES_REGION_H

#include "base/memory.h"
#include "hourshed/geo.h"

/* Borrows the geometry, which must stay. */
typedef struct hsd_region {
    const hsd_geometry *polygon;
    double min_lon, min_lat, max_lon, max_lat, row_height;
    uint32_t row_count;
    uint32_t *row_first;   /* row_count + 1, into row_segment */
    uint32_t *row_segment; /* first point of a segment */
} hsd_region;
hsd_status hsd_region_make(const hsd_geometry *polygon, hsd_region *out, hsd_error *err);
void hsd_region_finish(hsd_region *region);
/* Even-odd rule. O(segments of a row). */
bool hsd_region_contains(const hsd_region *region, double lon, double lat);
/* Share 0..1 of the straight line a-b that is inside. *inside says whether a is and becomes whether
 * b is. */
double hsd_region_share(const hsd_region *region, hsd_lonlat a, hsd_lonlat b, bool *inside);
/* The ring hit first by a ray from the point to the west; SIZE_MAX: none. The point's own ring
 * (skip) is not seen. */
size_t hsd_region_ring_west(const hsd_region *region, hsd_lonlat from, size_t skip);
#endif
