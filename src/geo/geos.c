/* GEOS behind flat geometries: one context a call, so calls from several threads do not meet.
 * GEOS's own messages become the error's text. */
#include <geos_c.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "geo/geos.h"

typedef struct session {
    GEOSContextHandle_t handle;
    char message[160];
} session;

static void note_message(const char *message, void *user) {
    session *s = user;
    snprintf(s->message, sizeof s->message, "%s", message);
}

static bool session_init(session *s) {
    memset(s, 0, sizeof *s);
    s->handle = GEOS_init_r();
    if (s->handle) GEOSContext_setErrorMessageHandler_r(s->handle, note_message, s);
    return s->handle != NULL;
}

static hsd_status geos_failed(const session *s, const char *what, hsd_error *err) {
    return hsd_fail(err, HSD_E_FORMAT, "%s: %s", what, s->message[0] ? s->message : "GEOS failed");
}

static GEOSGeometry *ring_in(session *s, const hsd_lonlat *points, size_t count, bool closed) {
    GEOSCoordSequence *sequence =
        GEOSCoordSeq_copyFromBuffer_r(s->handle, &points[0].lon, (unsigned)count, 0, 0);
    if (!sequence) return NULL;
    return closed ? GEOSGeom_createLinearRing_r(s->handle, sequence)
                  : GEOSGeom_createLineString_r(s->handle, sequence);
}

static void destroy_all(session *s, GEOSGeometry **parts, size_t count) {
    for (size_t i = 0; i < count; i++) GEOSGeom_destroy_r(s->handle, parts[i]);
}

static GEOSGeometry *polygon_in(session *s, const hsd_geometry *g, size_t ring, size_t ring_end,
                                GEOSGeometry **rings) {
    size_t made = 0;
    for (size_t r = ring; r < ring_end; r++) {
        size_t first = r ? g->ring_end[r - 1] : 0;
        rings[made] = ring_in(s, g->points + first, g->ring_end[r] - first, true);
        if (!rings[made]) {
            destroy_all(s, rings, made);
            return NULL;
        }
        made++;
    }
    if (made == 0) return GEOSGeom_createEmptyPolygon_r(s->handle);
    return GEOSGeom_createPolygon_r(s->handle, rings[0], rings + 1, (unsigned)(made - 1));
}

static GEOSGeometry *collection_in(session *s, const hsd_geometry *g, int type, size_t count,
                                   GEOSGeometry **parts, GEOSGeometry **rings) {
    for (size_t i = 0; i < count; i++) {
        if (type == GEOS_MULTIPOLYGON) {
            parts[i] = polygon_in(s, g, i ? g->polygon_end[i - 1] : 0, g->polygon_end[i], rings);
        } else {
            size_t first = i ? g->ring_end[i - 1] : 0;
            parts[i] = ring_in(s, g->points + first, g->ring_end[i] - first, false);
        }
        if (!parts[i]) {
            destroy_all(s, parts, i);
            return NULL;
        }
    }
    return GEOSGeom_createCollection_r(s->handle, type, parts, (unsigned)count);
}

/* NULL with err filled when memory is short or a ring is no ring (fewer than 4 points, open). */
static GEOSGeometry *geometry_in(session *s, const hsd_geometry *g, hsd_error *err) {
    if (!g || g->type == HSD_GEOMETRY_NONE || g->point_count == 0)
        return GEOSGeom_createEmptyCollection_r(s->handle, GEOS_MULTIPOLYGON);
    if (g->type == HSD_GEOMETRY_POINT)
        return GEOSGeom_createPointFromXY_r(s->handle, g->points[0].lon, g->points[0].lat);
    size_t count = g->type == HSD_GEOMETRY_POLYGON ? g->polygon_count : g->ring_count;
    GEOSGeometry **parts = hsd_alloc(count, sizeof(GEOSGeometry *), err);
    GEOSGeometry **rings = hsd_alloc(g->ring_count, sizeof(GEOSGeometry *), err);
    GEOSGeometry *made = NULL;
    if (parts && rings) {
        int type = g->type == HSD_GEOMETRY_POLYGON ? GEOS_MULTIPOLYGON : GEOS_MULTILINESTRING;
        made = collection_in(s, g, type, count, parts, rings);
        if (!made) geos_failed(s, "geometry", err);
    }
    hsd_free(parts);
    hsd_free(rings);
    return made;
}

typedef struct builder {
    HSD_ARRAY(hsd_lonlat) points;
    HSD_ARRAY(size_t) ring_end;
    HSD_ARRAY(size_t) polygon_end;
} builder;

static bool add_ring(session *s, builder *b, const GEOSGeometry *ring, int winding,
                     hsd_error *err) {
    const GEOSCoordSequence *sequence = GEOSGeom_getCoordSeq_r(s->handle, ring);
    unsigned count = 0;
    char ccw = 0;
    if (!sequence || !GEOSCoordSeq_getSize_r(s->handle, sequence, &count)) return false;
    if (!hsd_array_reserve(&b->points, b->points.count + count, err)) return false;
    hsd_lonlat *at = b->points.data + b->points.count;
    if (count && !GEOSCoordSeq_copyToBuffer_r(s->handle, sequence, &at[0].lon, 0, 0)) return false;
    if (winding && count >= 4 && GEOSCoordSeq_isCCW_r(s->handle, sequence, &ccw) &&
        (ccw == 1) != (winding > 0))
        for (unsigned i = 0, k = count - 1; i < k; i++, k--) {
            hsd_lonlat swap = at[i];
            at[i] = at[k];
            at[k] = swap;
        }
    b->points.count += count;
    return hsd_array_push(&b->ring_end, b->points.count, err);
}

static bool add_parts(session *s, builder *b, const GEOSGeometry *g, hsd_geometry_type want,
                      hsd_error *err) {
    int type = GEOSGeomTypeId_r(s->handle, g);
    if (GEOSisEmpty_r(s->handle, g)) return true;
    if (type == GEOS_POLYGON && want == HSD_GEOMETRY_POLYGON) {
        int holes = GEOSGetNumInteriorRings_r(s->handle, g);
        bool ok = add_ring(s, b, GEOSGetExteriorRing_r(s->handle, g), 1, err);
        for (int i = 0; ok && i < holes; i++)
            ok = add_ring(s, b, GEOSGetInteriorRingN_r(s->handle, g, i), -1, err);
        return ok && hsd_array_push(&b->polygon_end, b->ring_end.count, err);
    }
    if ((type == GEOS_LINESTRING || type == GEOS_LINEARRING) && want == HSD_GEOMETRY_LINE)
        return add_ring(s, b, g, 0, err);
    if (type < GEOS_MULTIPOINT) return true; /* left over from an overlay: not what was asked */
    int count = GEOSGetNumGeometries_r(s->handle, g);
    for (int i = 0; i < count; i++)
        if (!add_parts(s, b, GEOSGetGeometryN_r(s->handle, g, i), want, err)) return false;
    return true;
}

/* Takes g. */
static hsd_status geometry_out(session *s, GEOSGeometry *g, const char *what,
                               hsd_geometry_type want, hsd_geometry *out, hsd_error *err) {
    if (!g) return geos_failed(s, what, err);
    builder b = {0};
    if (err) err->code = HSD_OK;
    bool ok = add_parts(s, &b, g, want, err);
    GEOSGeom_destroy_r(s->handle, g);
    if (!ok) {
        hsd_array_finish(&b.points);
        hsd_array_finish(&b.ring_end);
        hsd_array_finish(&b.polygon_end);
        if (err && err->code != HSD_OK) return err->code;
        return hsd_fail(err, HSD_E_MEMORY, "%s: out of memory", what);
    }
    *out = (hsd_geometry){.type = want,
                          .point_count = b.points.count,
                          .ring_count = b.ring_end.count,
                          .polygon_count = b.polygon_end.count,
                          .points = b.points.data,
                          .ring_end = b.ring_end.data,
                          .polygon_end = b.polygon_end.data};
    return HSD_OK;
}

bool hsd_geos_valid(const hsd_geometry *geometry, char *why, size_t why_size) {
    if (why && why_size) why[0] = '\0';
    session s;
    if (!session_init(&s)) return false;
    hsd_error error = {HSD_OK, ""};
    GEOSGeometry *g = geometry_in(&s, geometry, &error);
    bool valid = g && GEOSisValid_r(s.handle, g) == 1;
    if (!valid && why && why_size) {
        char *reason = g ? GEOSisValidReason_r(s.handle, g) : NULL;
        snprintf(why, why_size, "%s", reason ? reason : error.message);
        GEOSFree_r(s.handle, reason);
    }
    GEOSGeom_destroy_r(s.handle, g);
    GEOS_finish_r(s.handle);
    return valid;
}

typedef GEOSGeometry *(*one_operand)(GEOSContextHandle_t, const GEOSGeometry *);
typedef GEOSGeometry *(*two_operands)(GEOSContextHandle_t, const GEOSGeometry *,
                                      const GEOSGeometry *);

static hsd_status with_one(const hsd_geometry *in, one_operand first, one_operand second,
                           const char *what, hsd_geometry_type want, hsd_geometry *out,
                           hsd_error *err) {
    *out = (hsd_geometry){.type = want};
    session s;
    if (!session_init(&s)) return hsd_fail(err, HSD_E_MEMORY, "%s: no GEOS context", what);
    GEOSGeometry *g = geometry_in(&s, in, err);
    hsd_status status = g ? HSD_OK : err ? err->code : HSD_E_MEMORY;
    for (int step = 0; status == HSD_OK && step < 2; step++) {
        one_operand operation = step ? second : first;
        GEOSGeometry *next = operation ? operation(s.handle, g) : NULL;
        if (!operation) continue;
        GEOSGeom_destroy_r(s.handle, g);
        g = next;
        if (!g) status = geos_failed(&s, what, err);
    }
    if (status == HSD_OK) status = geometry_out(&s, g, what, want, out, err);
    GEOS_finish_r(s.handle);
    return status;
}

static hsd_status with_two(const hsd_geometry *a, const hsd_geometry *b, two_operands operation,
                           const char *what, hsd_geometry *out, hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    session s;
    if (!session_init(&s)) return hsd_fail(err, HSD_E_MEMORY, "%s: no GEOS context", what);
    GEOSGeometry *ga = geometry_in(&s, a, err);
    GEOSGeometry *gb = ga ? geometry_in(&s, b, err) : NULL;
    hsd_status status = gb ? HSD_OK : err ? err->code : HSD_E_MEMORY;
    if (status == HSD_OK)
        status =
            geometry_out(&s, operation(s.handle, ga, gb), what, HSD_GEOMETRY_POLYGON, out, err);
    GEOSGeom_destroy_r(s.handle, ga);
    GEOSGeom_destroy_r(s.handle, gb);
    GEOS_finish_r(s.handle);
    return status;
}

hsd_status hsd_geos_union(const hsd_geometry *polygons, hsd_geometry *out, hsd_error *err) {
    /* overlapping parts make the collection itself invalid: MakeValid would cut them out by the
     * even-odd rule, so each polygon is mended alone */
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    session s;
    if (!session_init(&s)) return hsd_fail(err, HSD_E_MEMORY, "union: no GEOS context");
    GEOSGeometry *g = geometry_in(&s, polygons, err);
    hsd_status status = g ? HSD_OK : err ? err->code : HSD_E_MEMORY;
    int count = g ? GEOSGetNumGeometries_r(s.handle, g) : 0;
    GEOSGeometry **parts = hsd_calloc((size_t)count, sizeof(GEOSGeometry *), err);
    if (!parts) status = HSD_E_MEMORY;
    int made = 0;
    for (; status == HSD_OK && made < count; made++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(s.handle, g, made);
        parts[made] = GEOSisValid_r(s.handle, part) == 1 ? GEOSGeom_clone_r(s.handle, part)
                                                         : GEOSMakeValid_r(s.handle, part);
        if (!parts[made]) {
            status = geos_failed(&s, "union", err);
            break;
        }
    }
    GEOSGeom_destroy_r(s.handle, g);
    if (status == HSD_OK) {
        GEOSGeometry *all =
            GEOSGeom_createCollection_r(s.handle, GEOS_GEOMETRYCOLLECTION, parts, (unsigned)count);
        GEOSGeometry *joined = all ? GEOSUnaryUnion_r(s.handle, all) : NULL;
        GEOSGeom_destroy_r(s.handle, all);
        status = geometry_out(&s, joined, "union", HSD_GEOMETRY_POLYGON, out, err);
    } else if (parts) {
        destroy_all(&s, parts, (size_t)made);
    }
    hsd_free(parts);
    GEOS_finish_r(s.handle);
    return status;
}

hsd_status hsd_geos_difference(const hsd_geometry *a, const hsd_geometry *b, hsd_geometry *out,
                               hsd_error *err) {
    return with_two(a, b, GEOSDifference_r, "difference", out, err);
}

hsd_status hsd_geos_intersection(const hsd_geometry *a, const hsd_geometry *b, hsd_geometry *out,
                                 hsd_error *err) {
    return with_two(a, b, GEOSIntersection_r, "intersection", out, err);
}

hsd_status hsd_geos_grow(const hsd_geometry *polygons, double degrees, hsd_geometry *out,
                         hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    session s;
    if (!session_init(&s)) return hsd_fail(err, HSD_E_MEMORY, "grow: no GEOS context");
    GEOSGeometry *g = geometry_in(&s, polygons, err);
    hsd_status status = g ? HSD_OK : err ? err->code : HSD_E_MEMORY;
    if (g)
        status = geometry_out(&s,
                              GEOSBufferWithStyle_r(s.handle, g, degrees, 1, GEOSBUF_CAP_FLAT,
                                                    GEOSBUF_JOIN_MITRE, 2.0),
                              "grow", HSD_GEOMETRY_POLYGON, out, err);
    GEOSGeom_destroy_r(s.handle, g);
    GEOS_finish_r(s.handle);
    return status;
}

bool hsd_geos_covers(const hsd_geometry *outer, const hsd_geometry *inner) {
    session s;
    if (!session_init(&s)) return false;
    GEOSGeometry *a = geometry_in(&s, outer, NULL), *b = geometry_in(&s, inner, NULL);
    bool covers = a && b && (GEOSisEmpty_r(s.handle, b) || GEOSCovers_r(s.handle, a, b) == 1);
    GEOSGeom_destroy_r(s.handle, a);
    GEOSGeom_destroy_r(s.handle, b);
    GEOS_finish_r(s.handle);
    return covers;
}

static GEOSGeometry *polygonize_one(GEOSContextHandle_t handle, const GEOSGeometry *lines) {
    return GEOSPolygonize_r(handle, &lines, 1);
}

hsd_status hsd_geos_polygonize(const hsd_geometry *lines, hsd_geometry *out, hsd_error *err) {
    return with_one(lines, GEOSUnaryUnion_r, polygonize_one, "polygonize", HSD_GEOMETRY_POLYGON,
                    out, err);
}

static hsd_status point_of(const hsd_geometry *in, one_operand operation, const char *what,
                           hsd_lonlat *out, hsd_error *err) {
    session s;
    if (!session_init(&s)) return hsd_fail(err, HSD_E_MEMORY, "%s: no GEOS context", what);
    GEOSGeometry *g = geometry_in(&s, in, err);
    hsd_status status = g ? HSD_OK : err ? err->code : HSD_E_MEMORY;
    GEOSGeometry *point = g ? operation(s.handle, g) : NULL;
    if (status == HSD_OK && (!point || GEOSisEmpty_r(s.handle, point) ||
                             GEOSGeomGetX_r(s.handle, point, &out->lon) != 1 ||
                             GEOSGeomGetY_r(s.handle, point, &out->lat) != 1))
        status = geos_failed(&s, what, err);
    GEOSGeom_destroy_r(s.handle, g);
    GEOSGeom_destroy_r(s.handle, point);
    GEOS_finish_r(s.handle);
    return status;
}

hsd_status hsd_geos_point_on_surface(const hsd_geometry *polygon, hsd_lonlat *out, hsd_error *err) {
    return point_of(polygon, GEOSPointOnSurface_r, "point on surface", out, err);
}

hsd_status hsd_geos_centroid(const hsd_geometry *geometry, hsd_lonlat *out, hsd_error *err) {
    return point_of(geometry, GEOSGetCentroid_r, "centroid", out, err);
}
