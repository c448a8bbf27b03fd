/* The steps from a field to polygons, and the last word on them: GEOS says valid and covering, in
 * the coordinates written, or nothing is returned. */
#include "circles/shapes.h"

#include <math.h>
#include <string.h>

#include "geo/geometry.h"
#include "geo/geos.h"

/* Where the time comes within half a cell's leg of the level, the level runs through the cell: it
 * is inside by that part only. */
static int32_t point_gain(const hsd_field_grid *field, int32_t value, int32_t level) {
    double left = (double)level - value, half = 0.5 * field->step_ms;
    if (left >= half) return HSD_GAIN_CELL;
    if (left <= -half) return -HSD_GAIN_CELL;
    return (int32_t)floor(left / half * HSD_GAIN_CELL + 0.5);
}

int32_t *hsd_gain_plain(const hsd_field_grid *field, int32_t level, hsd_error *err) {
    size_t count = (size_t)field->width * field->height;
    int32_t *gain = hsd_alloc(count, sizeof *gain, err);
    for (size_t p = 0; gain && p < count; p++) gain[p] = point_gain(field, field->value[p], level);
    return gain;
}

/* A gain so large that a row of it would overflow decides anyway: it is cut off. */
void hsd_gain_sum(const hsd_field_grid *field, int32_t *values) {
    const int32_t most = field->width ? (int32_t)(INT32_MAX / field->width) : 0;
    for (size_t j = 0; j < field->height; j++) {
        int32_t *row = values + j * field->width, sum = 0;
        for (size_t i = 0; i < field->width; i++) {
            sum += row[i] > most ? most : row[i] < -most ? -most : row[i];
            row[i] = sum;
        }
    }
}

int32_t *hsd_water_sums(const hsd_field_grid *field, hsd_status *status, hsd_error *err) {
    size_t count = (size_t)field->width * field->height;
    if (!field->land || !memchr(field->land, 0, count)) return NULL;
    int32_t *water = hsd_alloc(count, sizeof *water, err);
    if (!water) {
        *status = HSD_E_MEMORY;
        return NULL;
    }
    for (size_t p = 0; p < count; p++) water[p] = !field->land[p];
    hsd_gain_sum(field, water);
    return water;
}

hsd_status hsd_shape_copy(const hsd_geometry *shape, hsd_geometry *out, hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    hsd_status status = hsd_geometry_append(out, shape, err);
    if (status != HSD_OK) hsd_geometry_finish(out);
    return status;
}

/* A union's new crossings are rounded, so it may miss what it was made of by 1e-15 degrees: it is
 * made with the inner shape grown by a centimetre. */
#define GROWTH_DEG 1e-7

static hsd_status mend(hsd_geometry *shape, const hsd_geometry *other, hsd_error *err) {
    hsd_geometry grown = {.type = HSD_GEOMETRY_POLYGON}, merged;
    hsd_status status = other ? hsd_geos_grow(other, GROWTH_DEG, &grown, err) : HSD_OK;
    if (status == HSD_OK) status = hsd_geometry_append(&grown, shape, err);
    if (status == HSD_OK) status = hsd_geos_union(&grown, &merged, err);
    hsd_geometry_finish(&grown);
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

/* Thinned to the limit; then, in turns, an eighth more vertices where they
 * gain most and as many gone where they are missed least. */
#define TURNS 4

/* How many vertices each level may have more, to come an eighth above the limit. */
static void allow_more(const hsd_ring_set *rings, uint32_t max_vertices, uint32_t level_count,
                       uint32_t *more) {
    uint32_t top = max_vertices < UINT32_MAX / 2 ? max_vertices + max_vertices / 8 : UINT32_MAX;
    for (uint32_t l = 0; l < level_count; l++) more[l] = top;
    size_t begin = 0;
    for (size_t r = 0; r < rings->ring_end.count; begin = rings->ring_end.data[r++]) {
        size_t size = rings->ring_end.data[r] - begin + 1;
        uint32_t *left = &more[rings->ring_level.data[r]];
        *left = size < *left ? *left - (uint32_t)size : 0;
    }
    for (uint32_t l = 0; l < level_count; l++)
        if (more[l] > rings->vertices.count) more[l] = (uint32_t)rings->vertices.count;
}

static hsd_status improve(hsd_ring_set *rings, const hsd_field_grid *field,
                          const hsd_gain_grid *grids, uint32_t level_count, uint32_t max_vertices,
                          hsd_error *err) {
    uint32_t *more = hsd_calloc(level_count, sizeof *more, err);
    if (!more) return HSD_E_MEMORY;
    hsd_status status = hsd_rings_simplify(rings, field, grids, level_count, max_vertices, err);
    for (int turn = 0; status == HSD_OK && turn < TURNS; turn++) {
        status = hsd_rings_refine(rings, field, grids, more, level_count, 1, err);
        if (status == HSD_OK) {
            allow_more(rings, max_vertices, level_count, more);
            status = hsd_rings_refine(rings, field, grids, more, level_count, 1, err);
        }
        if (status == HSD_OK)
            status = hsd_rings_simplify(rings, field, grids, level_count, max_vertices, err);
        memset(more, 0, level_count * sizeof *more);
    }
    if (status == HSD_OK) status = hsd_rings_refine(rings, field, grids, more, level_count, 2, err);
    hsd_free(more);
    return status;
}

static hsd_status thin(hsd_ring_set *rings, const hsd_field_grid *field, int32_t *const *gains,
                       uint32_t level_count, uint32_t max_vertices, hsd_error *err) {
    hsd_status status = HSD_OK;
    int32_t *water = hsd_water_sums(field, &status, err);
    hsd_gain_grid *grids = hsd_calloc(level_count, sizeof *grids, err);
    if (!grids) status = HSD_E_MEMORY;
    for (uint32_t l = 0; status == HSD_OK && l < level_count; l++) {
        hsd_gain_sum(field, gains[l]);
        grids[l] = (hsd_gain_grid){gains[l], water, 0};
    }
    if (status == HSD_OK) status = improve(rings, field, grids, level_count, max_vertices, err);
    hsd_free(grids);
    hsd_free(water);
    return status;
}

hsd_status hsd_shapes_make(const hsd_field_grid *field, const int32_t *levels,
                           int32_t *const *gains, uint32_t level_count, uint32_t max_vertices,
                           hsd_geometry *out, hsd_error *err) {
    memset(out, 0, level_count * sizeof *out);
    hsd_ring_set rings = {0};
    hsd_status status = HSD_OK;
    for (uint32_t l = 0; status == HSD_OK && l < level_count; l++)
        status = hsd_contour(field, levels[l], l, &rings, err);
    if (status == HSD_OK)
        status = hsd_rings_project(&rings, field->centre_lon, field->centre_lat, err);
    if (status == HSD_OK) status = thin(&rings, field, gains, level_count, max_vertices, err);
    for (uint32_t l = 0; status == HSD_OK && l < level_count; l++) {
        status = hsd_rings_polygons(&rings, l, &out[l], err);
        if (status == HSD_OK) status = hsd_shape_settle(&out[l], l ? &out[l - 1] : NULL, err);
    }
    hsd_ring_set_finish(&rings);
    for (uint32_t l = 0; status != HSD_OK && l < level_count; l++) hsd_geometry_finish(&out[l]);
    return status;
}
