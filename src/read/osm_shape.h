/* A geometry that grows: points into rings, rings into polygons. Rings of lines are its lines. */
#ifndef READ_OSM_SHAPE_H
#define READ_OSM_SHAPE_H

#include "base/memory.h"
#include "hourshed/geo.h"

typedef struct hsd_osm_shape {
    HSD_ARRAY(hsd_lonlat) points;
    HSD_ARRAY(size_t) ring_end;
    HSD_ARRAY(size_t) polygon_end;
} hsd_osm_shape;

hsd_status hsd_osm_shape_point(hsd_osm_shape *shape, hsd_lonlat point, hsd_error *err);
/* Ends a line; one of fewer than two points is taken back. */
hsd_status hsd_osm_shape_end_line(hsd_osm_shape *shape, hsd_error *err);
/* Closes the ring and makes it a polygon; one of fewer than three corners is taken back. */
hsd_status hsd_osm_shape_end_polygon(hsd_osm_shape *shape, hsd_error *err);
/* Adds polygon p of the geometry, holes too. */
hsd_status hsd_osm_shape_copy(hsd_osm_shape *shape, const hsd_geometry *from, size_t p,
                              hsd_error *err);
/* Borrows the shape's arrays; NONE when it is empty. */
hsd_geometry hsd_osm_shape_view(const hsd_osm_shape *shape, hsd_geometry_type type);
void hsd_osm_shape_finish(hsd_osm_shape *shape);

#endif
