/* Barrier layers: every polygon of a layer, united and valid. */
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geos.h"
#include "hourshed/read.h"
#include "read/vector.h"

typedef struct heap {
    HSD_ARRAY(hsd_lonlat) points;
    HSD_ARRAY(size_t) ring_end;
    HSD_ARRAY(size_t) polygon_end;
} heap;

static bool add_polygons(heap *h, const hsd_geometry *g, hsd_error *err) {
    size_t points = h->points.count, rings = h->ring_end.count;
    if (!hsd_array_reserve(&h->points, points + g->point_count, err) ||
        !hsd_array_reserve(&h->ring_end, rings + g->ring_count, err) ||
        !hsd_array_reserve(&h->polygon_end, h->polygon_end.count + g->polygon_count, err))
        return false;
    memcpy(h->points.data + points, g->points, g->point_count * sizeof *g->points);
    h->points.count += g->point_count;
    for (size_t i = 0; i < g->ring_count; i++)
        h->ring_end.data[h->ring_end.count++] = points + g->ring_end[i];
    for (size_t i = 0; i < g->polygon_count; i++)
        h->polygon_end.data[h->polygon_end.count++] = rings + g->polygon_end[i];
    return true;
}

static hsd_status add_feature(const hsd_vector *vector, OGRFeatureH feature, heap *h,
                              hsd_error *err) {
    hsd_geometry g = {0};
    char fault[HSD_FAULT_SIZE];
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (!geometry || OGR_G_IsEmpty(geometry)) return HSD_OK; /* nothing there holds nothing back */
    hsd_status status = hsd_vector_geometry(vector, geometry, &g, fault, err);
    if (status != HSD_OK) return status;
    if (!fault[0] && g.type != HSD_GEOMETRY_POLYGON)
        status = hsd_vector_fail(vector, feature, err, "a polygon was expected, not a %s",
                                 g.type == HSD_GEOMETRY_LINE ? "line" : "point");
    else if (fault[0])
        status = hsd_vector_fail(vector, feature, err, "%s", fault);
    else if (!add_polygons(h, &g, err))
        status = HSD_E_MEMORY;
    hsd_geometry_finish(&g);
    return status;
}

hsd_status hsd_read_barriers(const char *path, const char *layer, const char *assume_crs,
                             const hsd_run *run, hsd_geometry *out, hsd_error *err) {
    *out = (hsd_geometry){0};
    hsd_vector vector;
    hsd_vector_options options = {.layer = layer, .assume_crs = assume_crs};
    hsd_status status = hsd_vector_open(path, &options, &vector, err);
    if (status != HSD_OK) return status;
    heap h = {0};
    for (size_t seen = 0; status == HSD_OK; seen++) {
        OGRFeatureH feature;
        if (seen % 4096 == 0) status = hsd_progress(run, "reading barriers", 0, err);
        if (status == HSD_OK) status = hsd_vector_next(&vector, &feature, err);
        if (status != HSD_OK || !feature) break;
        status = add_feature(&vector, feature, &h, err);
        OGR_F_Destroy(feature);
    }
    if (status == HSD_OK && h.polygon_end.count == 0)
        status = hsd_fail(err, HSD_E_FORMAT, "%s: layer \"%.60s\" has no polygons", vector.file,
                          vector.layer_name);
    if (status == HSD_OK) {
        hsd_geometry all = {HSD_GEOMETRY_POLYGON, h.points.count, h.ring_end.count,
                            h.polygon_end.count,  h.points.data,  h.ring_end.data,
                            h.polygon_end.data};
        status = hsd_geos_union(&all, out, err);
    }
    hsd_array_finish(&h.points);
    hsd_array_finish(&h.ring_end);
    hsd_array_finish(&h.polygon_end);
    hsd_vector_close(&vector);
    return status;
}
