/* The steps from a field to polygons, and the last word on them: GEOS says valid and covering, in
 * the coordinates written, or nothing is returned. */
#include "circles/shapes.h"

#include <string.h>

#include "geo/geos.h"

float *hsd_gain_plain(const hsd_field_grid *field, int32_t level, hsd_error *err) {
    size_t count = (size_t)field->width * field->height;
    float *gain = hsd_alloc(count, sizeof *gain, err);
    for (size_t p = 0; gain && p < count; p++)
        gain[p] = field->land && !field->land[p] ? HSD_GAIN_FORBIDDEN
                  : field->value[p] <= level     ? 1.0f
                                                 : -1.0f;
    return gain;
}

/* Both as one geometry, for a union. */
static hsd_status together(const hsd_geometry *a, const hsd_geometry *b, hsd_geometry *out,
                           hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    out->points = hsd_alloc(a->point_count + b->point_count, sizeof *out->points, err);
    out->ring_end = hsd_alloc(a->ring_count + b->ring_count, sizeof *out->ring_end, err);
    out->polygon_end =
        hsd_alloc(a->polygon_count + b->polygon_count, sizeof *out->polygon_end, err);
    if (!out->points || !out->ring_end || !out->polygon_end) {
        hsd_geometry_finish(out);
        return HSD_E_MEMORY;
    }
    const hsd_geometry *parts[2] = {a, b};
    for (int k = 0; k < 2; k++) {
        const hsd_geometry *g = parts[k];
        size_t points = out->point_count, rings = out->ring_count;
        if (g->point_count)
            memcpy(out->points + points, g->points, g->point_count * sizeof *g->points);
        for (size_t r = 0; r < g->ring_count; r++)
            out->ring_end[out->ring_count++] = points + g->ring_end[r];
        for (size_t p = 0; p < g->polygon_count; p++)
            out->polygon_end[out->polygon_count++] = rings + g->polygon_end[p];
        out->point_count += g->point_count;
    }
    return HSD_OK;
}

hsd_status hsd_shape_copy(const hsd_geometry *shape, hsd_geometry *out, hsd_error *err) {
    const hsd_geometry none = {.type = HSD_GEOMETRY_POLYGON};
    return together(shape, &none, out, err);
}

static hsd_status mend(hsd_geometry *shape, const hsd_geometry *other, hsd_error *err) {
    hsd_geometry both, merged;
    const hsd_geometry none = {.type = HSD_GEOMETRY_POLYGON};
    hsd_status status = together(shape, other ? other : &none, &both, err);
    if (status != HSD_OK) return status;
    status = hsd_geos_union(&both, &merged, err);
    hsd_geometry_finish(&both);
    if (status != HSD_OK) return status;
    hsd_geometry_finish(shape);
    *shape = merged;
    return HSD_OK;
}

hsd_status hsd_shape_settle(hsd_geometry *shape, const hsd_geometry *inner, hsd_error *err) {
    char why[128] = "";
    if (inner && inner->point_count == 0) inner = NULL;
    for (int attempt = 0;; attempt++) {
        bool empty = shape->point_count == 0;
        bool valid = empty || hsd_geos_valid(shape, why, sizeof why);
        bool covers = valid && (!inner || (!empty && hsd_geos_covers(shape, inner)));
        if (valid && covers) return HSD_OK;
        if (attempt == 2)
            return hsd_fail(err, HSD_E_INTERNAL, "circle polygon %s",
                            valid ? "does not cover the smaller one" : why);
        hsd_status status = mend(shape, valid ? inner : NULL, err);
        if (status != HSD_OK) return status;
    }
}

hsd_status hsd_shapes_make(const hsd_field_grid *field, const int32_t *levels,
                           const hsd_gain_grid *gains, uint32_t level_count, uint32_t max_vertices,
                           hsd_geometry *out, hsd_error *err) {
    memset(out, 0, level_count * sizeof *out);
    hsd_ring_set rings = {0};
    hsd_status status = HSD_OK;
    for (uint32_t l = 0; status == HSD_OK && l < level_count; l++)
        status = hsd_contour(field, levels[l], l, &rings, err);
    if (status == HSD_OK)
        status = hsd_rings_project(&rings, field->centre_lon, field->centre_lat, err);
    if (status == HSD_OK)
        status = hsd_rings_simplify(&rings, field, gains, level_count, max_vertices, err);
    for (uint32_t l = 0; status == HSD_OK && l < level_count; l++) {
        status = hsd_rings_polygons(&rings, l, &out[l], err);
        if (status == HSD_OK) status = hsd_shape_settle(&out[l], l ? &out[l - 1] : NULL, err);
    }
    hsd_ring_set_finish(&rings);
    for (uint32_t l = 0; status != HSD_OK && l < level_count; l++) hsd_geometry_finish(&out[l]);
    return status;
}
