/* OGR geometries to flat ones in WGS84. Faults of single features (empty, of another kind, outside
 * the globe) are text, not errors: the caller decides whether one bad feature ends a run. Winding
 * follows hsd_geometry: outer rings counter-clockwise by the shoelace sign, holes clockwise.
 * O(points). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "read/message.h"
#include "read/vector.h"

typedef struct shape {
    HSD_ARRAY(hsd_lonlat) points;
    HSD_ARRAY(size_t) ring_end;
    HSD_ARRAY(size_t) polygon_end;
    const hsd_vector *vector;
    hsd_geometry_type type;
    char *fault;
    HSD_ARRAY(double) x;
    HSD_ARRAY(double) y;
} shape;

static bool faulty(const shape *s) {
    return s->fault[0] != '\0';
}

static void set_fault(shape *s, const char *text) {
    if (!faulty(s)) snprintf(s->fault, HSD_FAULT_SIZE, "%s", text);
}

static void off_globe(shape *s, double x, double y) {
    if (!faulty(s))
        snprintf(s->fault, HSD_FAULT_SIZE,
                 "coordinates %.10g,%.10g are not longitude,latitude (x is the longitude; swapped, "
                 "or metres?)",
                 x, y);
}

static bool reverse_needed(const hsd_lonlat *p, size_t count, bool want_ccw) {
    double twice = 0;
    for (size_t i = 0; i + 1 < count; i++)
        twice += (p[i].lon - p[0].lon) * (p[i + 1].lat - p[0].lat) -
                 (p[i + 1].lon - p[0].lon) * (p[i].lat - p[0].lat);
    return want_ccw ? twice < 0 : twice > 0;
}

static hsd_status project(shape *s, size_t count) {
    const hsd_vector *v = s->vector;
    if (!v) return HSD_OK;
    if (v->geographic)
        for (size_t i = 0; i < count; i++)
            if (!hsd_on_globe(s->x.data[i], s->y.data[i])) {
                off_globe(s, s->x.data[i], s->y.data[i]);
                return HSD_OK;
            }
    if (v->transform) {
        hsd_quiet_begin();
        int done = OCTTransform(v->transform, (int)count, s->x.data, s->y.data, NULL);
        hsd_quiet_end();
        if (!done) set_fault(s, "coordinates outside the reach of its coordinate system");
    }
    return HSD_OK;
}

/* One point list of an OGR line or ring, projected and appended; rings are closed. */
static hsd_status add_points(shape *s, OGRGeometryH g, bool ring, bool outer, hsd_error *err) {
    int count = OGR_G_GetPointCount(g);
    if (count <= 0) {
        set_fault(s, "empty geometry");
        return HSD_OK;
    }
    size_t n = (size_t)count, first = s->points.count;
    if (!hsd_array_reserve(&s->x, n, err) || !hsd_array_reserve(&s->y, n, err) ||
        !hsd_array_reserve(&s->points, first + n + 1, err))
        return HSD_E_MEMORY;
    OGR_G_GetPoints(g, s->x.data, sizeof(double), s->y.data, sizeof(double), NULL, 0);
    hsd_status status = project(s, n);
    if (status != HSD_OK || faulty(s)) return status;
    hsd_lonlat *p = s->points.data + first;
    for (size_t i = 0; i < n; i++) {
        p[i] = (hsd_lonlat){s->x.data[i], s->y.data[i]};
        if (!hsd_on_globe(p[i].lon, p[i].lat)) {
            off_globe(s, p[i].lon, p[i].lat);
            return HSD_OK;
        }
        if (s->vector) p[i] = hsd_datum_to_wgs84(s->vector->datum, p[i]);
    }
    if (ring && (p[0].lon != p[n - 1].lon || p[0].lat != p[n - 1].lat)) {
        p[n] = p[0];
        n++;
    }
    if (ring && n < 4) set_fault(s, "a ring of fewer than three corners");
    if (ring && reverse_needed(p, n, outer))
        for (size_t i = 0, k = n - 1; i < k; i++, k--) {
            hsd_lonlat swap = p[i];
            p[i] = p[k];
            p[k] = swap;
        }
    s->points.count = first + n;
    if (s->type == HSD_GEOMETRY_POINT) return HSD_OK;
    return hsd_array_push(&s->ring_end, s->points.count, err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status add_polygon(shape *s, OGRGeometryH g, hsd_error *err) {
    int rings = OGR_G_GetGeometryCount(g);
    if (rings == 0) return HSD_OK; /* an empty part */
    hsd_status status = HSD_OK;
    for (int i = 0; i < rings && status == HSD_OK && !faulty(s); i++)
        status = add_points(s, OGR_G_GetGeometryRef(g, i), true, i == 0, err);
    if (status == HSD_OK && !faulty(s) && !hsd_array_push(&s->polygon_end, s->ring_end.count, err))
        status = HSD_E_MEMORY;
    return status;
}

static hsd_geometry_type type_of(OGRwkbGeometryType flat) {
    switch (flat) {
    case wkbPoint:
    case wkbMultiPoint:
        return HSD_GEOMETRY_POINT;
    case wkbLineString:
    case wkbMultiLineString:
        return HSD_GEOMETRY_LINE;
    case wkbPolygon:
    case wkbMultiPolygon:
    case wkbTriangle:
        return HSD_GEOMETRY_POLYGON;
    default:
        return HSD_GEOMETRY_NONE;
    }
}

/* Depth-first over collections; every leaf must be of one kind. */
static hsd_status add_geometry(shape *s, OGRGeometryH g, hsd_error *err) {
    OGRwkbGeometryType flat = wkbFlatten(OGR_G_GetGeometryType(g));
    hsd_geometry_type type = type_of(flat);
    if (OGR_G_IsEmpty(g)) return HSD_OK;
    if (type == HSD_GEOMETRY_NONE && flat != wkbGeometryCollection) {
        set_fault(s, "a geometry of a kind that is not read");
        return HSD_OK;
    }
    if (type != HSD_GEOMETRY_NONE) {
        if (s->type != HSD_GEOMETRY_NONE && s->type != type)
            set_fault(s, "points, lines and polygons mixed in one feature");
        s->type = type;
    }
    if (faulty(s)) return HSD_OK;
    if (flat == wkbLineString || flat == wkbPoint) return add_points(s, g, false, false, err);
    if (flat == wkbPolygon || flat == wkbTriangle) return add_polygon(s, g, err);
    hsd_status status = HSD_OK;
    int parts = OGR_G_GetGeometryCount(g);
    for (int i = 0; i < parts && status == HSD_OK && !faulty(s); i++)
        status = add_geometry(s, OGR_G_GetGeometryRef(g, i), err);
    return status;
}

static void finish_shape(shape *s) {
    hsd_array_finish(&s->points);
    hsd_array_finish(&s->ring_end);
    hsd_array_finish(&s->polygon_end);
    hsd_array_finish(&s->x);
    hsd_array_finish(&s->y);
}

static void hand_over(shape *s, hsd_geometry *out) {
    *out = (hsd_geometry){.type = s->type,
                          .point_count = s->points.count,
                          .ring_count = s->ring_end.count,
                          .polygon_count = s->polygon_end.count,
                          .points = s->points.data,
                          .ring_end = s->ring_end.data,
                          .polygon_end = s->polygon_end.data};
    s->points.data = NULL;
    s->ring_end.data = NULL;
    s->polygon_end.data = NULL;
}

hsd_status hsd_vector_geometry(const hsd_vector *vector, OGRGeometryH geometry, hsd_geometry *out,
                               char *fault, hsd_error *err) {
    *out = (hsd_geometry){0};
    fault[0] = '\0';
    shape s = {.vector = vector, .fault = fault};
    if (!geometry) {
        set_fault(&s, "no geometry");
        return HSD_OK;
    }
    OGRGeometryH linear = NULL;
    if (OGR_G_HasCurveGeometry(geometry, 1)) {
        hsd_quiet_begin();
        linear = OGR_G_GetLinearGeometry(geometry, 0, NULL);
        hsd_quiet_end();
    }
    hsd_status status = add_geometry(&s, linear ? linear : geometry, err);
    if (linear) OGR_G_DestroyGeometry(linear);
    if (status == HSD_OK && !faulty(&s) && s.points.count == 0) set_fault(&s, "empty geometry");
    if (status == HSD_OK && !faulty(&s) && s.type == HSD_GEOMETRY_POINT && s.points.count > 1)
        set_fault(&s, "several points in one feature");
    if (status == HSD_OK && !faulty(&s)) hand_over(&s, out);
    finish_shape(&s);
    return status;
}
