/* Where the streets of a file lie: one box for each group of them. */
#ifndef READ_OSM_GROUPS_H
#define READ_OSM_GROUPS_H

#include "base/memory.h"
#include "hourshed/geo.h"

typedef HSD_ARRAY(hsd_box_e7) hsd_osm_boxes;

/* Points fall into cells of 0.25 degrees; cells with points that touch, corners too, are a group.
 * Adds the box of each group's points, by its southernmost, then westernmost cell. */
hsd_status hsd_osm_groups(const hsd_point_e7 *points, size_t count, hsd_osm_boxes *out,
                          hsd_error *err);

#endif
