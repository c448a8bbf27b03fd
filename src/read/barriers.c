/* Barrier layers: every polygon of a layer, united and valid. */
#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "geo/geos.h"
#include "hourshed/read.h"
#include "read/vector.h"

static hsd_status add_feature(const hsd_vector *vector, OGRFeatureH feature, hsd_geometry *all,
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
    else
        status = hsd_geometry_append(all, &g, err);
    hsd_geometry_finish(&g);
    return status;
}

hsd_status hsd_read_barriers(const char *path, const char *layer, const char *assume_crs,
                             const char *datum, const hsd_run *run, hsd_geometry *out,
                             hsd_error *err) {
    *out = (hsd_geometry){0};
    hsd_vector vector;
    hsd_vector_options options = {.layer = layer, .assume_crs = assume_crs, .datum = datum};
    hsd_status status = hsd_vector_open(path, &options, &vector, err);
    if (status != HSD_OK) return status;
    hsd_geometry all = {0};
    for (size_t seen = 0; status == HSD_OK; seen++) {
        OGRFeatureH feature;
        if (seen % 4096 == 0) status = hsd_progress(run, "reading barriers", 0, err);
        if (status == HSD_OK) status = hsd_vector_next(&vector, &feature, err);
        if (status != HSD_OK || !feature) break;
        status = add_feature(&vector, feature, &all, err);
        OGR_F_Destroy(feature);
    }
    if (status == HSD_OK && all.polygon_count == 0)
        status = hsd_fail(err, HSD_E_FORMAT, "%s: layer \"%.60s\" has no polygons", vector.file,
                          vector.layer_name);
    if (status == HSD_OK) status = hsd_geos_union(&all, out, err);
    hsd_geometry_finish(&all);
    hsd_vector_close(&vector);
    return status;
}
