/* The barrier polygons of an OpenStreetMap file. */
#ifndef READ_OSM_WATER_H
#define READ_OSM_WATER_H

#include "read/osm_raw.h"

/* Fills table->water and has_water; the table's nodes must be complete. */
hsd_status hsd_osm_water_add(const hsd_osm_raw *raw, hsd_road_table *table, hsd_error *err);

#endif
