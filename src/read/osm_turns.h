/* Turn restrictions of OpenStreetMap, from relations to rows of the road table. */
#ifndef READ_OSM_TURNS_H
#define READ_OSM_TURNS_H

#include "read/osm_raw.h"

/* Fills the table's restrictions from raw->turns; ways and nodes of the table must be complete.
 * cut[i] != 0: way i of the table is a piece of a way that missing nodes cut. */
hsd_status hsd_osm_turns_add(const hsd_osm_raw *raw, const uint8_t *cut, hsd_road_table *table,
                             hsd_error *err);

#endif
