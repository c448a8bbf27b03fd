/* A packed Hilbert R-tree over boxes: flat arrays that can be written to a file and mapped back.
 * Built once, immutable; queries need no scratch on the heap. */
#ifndef GEO_RTREE_H
#define GEO_RTREE_H

#include "hourshed/geo.h"

#define HSD_RTREE_FANOUT 16

/* Level 0 holds the item boxes in Hilbert order (ties by item id), each further level the boxes of
 * 16 below it; the last level has one box. box_count is the sum of all levels. */
typedef struct hsd_rtree {
    uint32_t item_count, box_count;
    const hsd_box_e7 *boxes; /* level 0 first */
    const uint32_t *items;   /* item_count: item ids in Hilbert order */
} hsd_rtree;

/* boxes[i] belongs to items[i] (NULL: item i). Output arrays are the caller's (hsd_free). */
hsd_status hsd_rtree_build(const hsd_box_e7 *boxes, const uint32_t *items, uint32_t count,
                           hsd_rtree *out, hsd_error *err);
void hsd_rtree_finish(hsd_rtree *tree); /* only for trees made by hsd_rtree_build */
/* box_count a tree of item_count items must have; for checking files. */
uint32_t hsd_rtree_box_count(uint32_t item_count);

/* Visits every item whose box meets the query box, in a fixed order; visit returns false to stop.
 */
typedef bool (*hsd_rtree_visit)(void *context, uint32_t item);
void hsd_rtree_query(const hsd_rtree *tree, hsd_box_e7 box, hsd_rtree_visit visit, void *context);

/* The box of a segment. */
static inline hsd_box_e7 hsd_box_of(hsd_point_e7 a, hsd_point_e7 b) {
    return (hsd_box_e7){
        a.lon_e7 < b.lon_e7 ? a.lon_e7 : b.lon_e7, a.lat_e7 < b.lat_e7 ? a.lat_e7 : b.lat_e7,
        a.lon_e7 > b.lon_e7 ? a.lon_e7 : b.lon_e7, a.lat_e7 > b.lat_e7 ? a.lat_e7 : b.lat_e7};
}
/* A box that surely holds everything within m metres of a point (2 % wider for the curvature). */
hsd_box_e7 hsd_box_around(double lon, double lat, double m);

/* Distances from a point: the plane tangent to the ellipsoid at the point (radii of curvature at
 * its latitude), metres; good to 2e-4 within 2 km below 60 degrees. Foot of the point on a segment
 * a-b. */
typedef struct hsd_tangent {
    double lon, lat, m_per_lon, m_per_lat; /* metres per degree at the point */
} hsd_tangent;
hsd_tangent hsd_tangent_at(double lon, double lat);
/* fraction 0..1 along a-b of the nearest point; returns the distance in metres. */
double hsd_tangent_segment_m(const hsd_tangent *tangent, hsd_point_e7 a, hsd_point_e7 b,
                             double *fraction);

/* Visits items by ascending distance (ties: ascending item id) while distance <= max_m; the caller
 * gives the exact distance of an item (>= that of its box). visit returns false to stop. Used for
 * nearest edge subject to conditions. Returns HSD_E_MEMORY only when its heap cannot grow. */
typedef double (*hsd_rtree_distance)(void *context, uint32_t item);
typedef bool (*hsd_rtree_near_visit)(void *context, uint32_t item, double distance_m);
hsd_status hsd_rtree_nearest(const hsd_rtree *tree, const hsd_tangent *from, double max_m,
                             hsd_rtree_distance distance, hsd_rtree_near_visit visit, void *context,
                             hsd_error *err);
#endif
