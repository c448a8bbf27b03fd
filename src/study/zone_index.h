/* In which zone a point lies. */
#ifndef STUDY_ZONE_INDEX_H
#define STUDY_ZONE_INDEX_H

#include "geo/rtree.h"
#include "hourshed/read.h"

typedef struct hsd_zone_index {
    const hsd_place_table *zones; /* borrowed */
    hsd_rtree boxes;
    hsd_rtree *borders; /* segments of each zone; none of points */
} hsd_zone_index;
hsd_status hsd_zone_index_make(const hsd_place_table *zones, hsd_zone_index *out, hsd_error *err);
void hsd_zone_index_finish(hsd_zone_index *index); /* of a zeroed one, too */
/* The first polygon that has it inside, else the first that even-odd counting gives a point on its
 * border; SIZE_MAX: none. */
size_t hsd_zone_index_at(const hsd_zone_index *index, hsd_lonlat at);
#endif
