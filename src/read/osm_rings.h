/* Rings from lines that share their ends; the sea between coastlines and a box. Pure geometry. */
#ifndef READ_OSM_RINGS_H
#define READ_OSM_RINGS_H

#include "read/osm_shape.h"

enum { HSD_OSM_LEAVE_OPEN = 0, HSD_OSM_CLOSE_OPEN = 1 };

/* Joins lines at equal end points and adds each ring as a polygon without holes. Chains that stay
 * open are left out, or (HSD_OSM_CLOSE_OPEN) joined by straight lines, nearest loose ends first.
 * *open_count: how many chains were open. */
hsd_status hsd_osm_rings(const hsd_geometry *lines, int open_chains, hsd_osm_shape *out,
                         size_t *open_count, hsd_error *err);

/* The sea within the box: coastlines have land on their left. Adds one polygon a face of sea. */
hsd_status hsd_osm_sea(const hsd_geometry *coast, hsd_lonlat min, hsd_lonlat max,
                       hsd_osm_shape *out, hsd_error *err);

#endif
