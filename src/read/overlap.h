/* Which places of one table lie in which zones of another, and with how much of them. */
#ifndef READ_OVERLAP_H
#define READ_OVERLAP_H

#include "base/memory.h"
#include "hourshed/read.h"

typedef struct hsd_overlap {
    uint32_t zone, source;
    double share; /* of the source, above 0; all shares of a source sum up to 1 at most */
} hsd_overlap;
typedef struct hsd_overlaps {
    HSD_ARRAY(hsd_overlap) list; /* by zone */
} hsd_overlaps;

/* Points lie in the first zone that holds them or has them on its border; polygons with the share
 * of their area. What several zones hold is divided among them by area. Zones and sources with a
 * fault are passed over; a zone that is a point is HSD_E_ARGUMENT. */
hsd_status hsd_overlaps_find(const hsd_place_table *zones, const hsd_place_table *sources,
                             const hsd_run *run, hsd_overlaps *out, hsd_error *err);
void hsd_overlaps_finish(hsd_overlaps *overlaps);
#endif
