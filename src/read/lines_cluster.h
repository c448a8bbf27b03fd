/* Points closer than a tolerance, united. Private to read/. */
#ifndef READ_LINES_CLUSTER_H
#define READ_LINES_CLUSTER_H

#include "hourshed/geo.h"

/* root[i]: the lowest index of the points united with point i, itself where none is. On entry root
 * holds unions already made (root[i] <= i). Chains unite: a-b and b-c within the tolerance join a
 * and c. O(n log n) for points that do not crowd. */
hsd_status hsd_cluster(const hsd_point_e7 *points, uint32_t count, double tolerance_m,
                       uint32_t *root, hsd_error *err);
/* Union by lowest index; find with path halving. */
uint32_t hsd_cluster_find(uint32_t *root, uint32_t i);
void hsd_cluster_unite(uint32_t *root, uint32_t a, uint32_t b);
/* Metres between near points, on the plane tangent at a. */
double hsd_near_m(hsd_point_e7 a, hsd_point_e7 b);
#endif
