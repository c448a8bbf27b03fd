/* Flat geometries to OGR: points are interleaved lon, lat, which OGR copies as they stand.
 * O(points). */
#include "export/dataset.h"

static void set_points(OGRGeometryH line, const hsd_lonlat *points, size_t count) {
    OGR_G_SetPoints(line, (int)count, &points->lon, sizeof *points, &points->lat, sizeof *points,
                    NULL, 0);
}

static OGRGeometryH ring_of(const hsd_geometry *geometry, size_t ring, OGRwkbGeometryType type) {
    size_t begin = ring ? geometry->ring_end[ring - 1] : 0;
    OGRGeometryH line = OGR_G_CreateGeometry(type);
    set_points(line, geometry->points + begin, geometry->ring_end[ring] - begin);
    return line;
}

static OGRGeometryH lines_of(const hsd_geometry *geometry) {
    OGRGeometryH multi = OGR_G_CreateGeometry(wkbMultiLineString);
    for (size_t r = 0; r < geometry->ring_count; r++)
        OGR_G_AddGeometryDirectly(multi, ring_of(geometry, r, wkbLineString));
    return multi;
}

static OGRGeometryH polygons_of(const hsd_geometry *geometry) {
    OGRGeometryH multi = OGR_G_CreateGeometry(wkbMultiPolygon);
    size_t ring = 0;
    for (size_t p = 0; p < geometry->polygon_count; p++) {
        OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
        for (; ring < geometry->polygon_end[p]; ring++)
            OGR_G_AddGeometryDirectly(polygon, ring_of(geometry, ring, wkbLinearRing));
        OGR_G_AddGeometryDirectly(multi, polygon);
    }
    return multi;
}

OGRGeometryH hsd_ogr_geometry(const hsd_geometry *geometry) {
    switch (geometry->type) {
    case HSD_GEOMETRY_POINT: {
        OGRGeometryH point = OGR_G_CreateGeometry(wkbPoint);
        if (geometry->point_count > 0)
            OGR_G_SetPoint_2D(point, 0, geometry->points[0].lon, geometry->points[0].lat);
        return point;
    }
    case HSD_GEOMETRY_LINE:
        return lines_of(geometry);
    case HSD_GEOMETRY_POLYGON:
        return polygons_of(geometry);
    case HSD_GEOMETRY_NONE:
        break;
    }
    return NULL;
}
