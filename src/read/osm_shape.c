/* Growing geometries for the shores: points are pushed, then ended as a line or a polygon. Ends fix
 * what the data may lack (closing points, repeated points), so a shape is always well formed. */
#include "read/osm_shape.h"

static size_t open_start(const hsd_osm_shape *shape) {
    return shape->ring_end.count ? shape->ring_end.data[shape->ring_end.count - 1] : 0;
}

static bool same(hsd_lonlat a, hsd_lonlat b) {
    return a.lon == b.lon && a.lat == b.lat;
}

hsd_status hsd_osm_shape_point(hsd_osm_shape *shape, hsd_lonlat point, hsd_error *err) {
    size_t count = shape->points.count;
    if (count > open_start(shape) && same(shape->points.data[count - 1], point)) return HSD_OK;
    return hsd_array_push(&shape->points, point, err) ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_osm_shape_end_line(hsd_osm_shape *shape, hsd_error *err) {
    size_t start = open_start(shape);
    if (shape->points.count < start + 2) {
        shape->points.count = start;
        return HSD_OK;
    }
    return hsd_array_push(&shape->ring_end, shape->points.count, err) ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_osm_shape_end_polygon(hsd_osm_shape *shape, hsd_error *err) {
    size_t start = open_start(shape);
    hsd_status status = HSD_OK;
    if (shape->points.count > start)
        status = hsd_osm_shape_point(shape, shape->points.data[start], err);
    if (status != HSD_OK) return status;
    if (shape->points.count < start + 4) {
        shape->points.count = start;
        return HSD_OK;
    }
    if (!hsd_array_push(&shape->ring_end, shape->points.count, err) ||
        !hsd_array_push(&shape->polygon_end, shape->ring_end.count, err))
        return HSD_E_MEMORY;
    return HSD_OK;
}

hsd_status hsd_osm_shape_copy(hsd_osm_shape *shape, const hsd_geometry *from, size_t p,
                              hsd_error *err) {
    for (size_t r = p ? from->polygon_end[p - 1] : 0; r < from->polygon_end[p]; r++) {
        for (size_t i = r ? from->ring_end[r - 1] : 0; i < from->ring_end[r]; i++)
            if (!hsd_array_push(&shape->points, from->points[i], err)) return HSD_E_MEMORY;
        if (!hsd_array_push(&shape->ring_end, shape->points.count, err)) return HSD_E_MEMORY;
    }
    bool done = hsd_array_push(&shape->polygon_end, shape->ring_end.count, err);
    return done ? HSD_OK : HSD_E_MEMORY;
}

hsd_geometry hsd_osm_shape_view(const hsd_osm_shape *shape, hsd_geometry_type type) {
    if (shape->ring_end.count == 0) return (hsd_geometry){.type = HSD_GEOMETRY_NONE};
    return (hsd_geometry){.type = type,
                          .point_count = open_start(shape),
                          .ring_count = shape->ring_end.count,
                          .polygon_count = shape->polygon_end.count,
                          .points = shape->points.data,
                          .ring_end = shape->ring_end.data,
                          .polygon_end = shape->polygon_end.data};
}

void hsd_osm_shape_finish(hsd_osm_shape *shape) {
    hsd_array_finish(&shape->points);
    hsd_array_finish(&shape->ring_end);
    hsd_array_finish(&shape->polygon_end);
}
