/* Geometries as flat arrays. Appending grows each array to its exact size: a block of any length is
 * moved by its pages, not copied, so that many appends stay cheap. */
#include "geo/geometry.h"

#include <string.h>

#include "base/memory.h"
#include "geo/geos.h"

void hsd_geometry_finish(hsd_geometry *geometry) {
    if (!geometry) return;
    hsd_free(geometry->points);
    hsd_free(geometry->ring_end);
    hsd_free(geometry->polygon_end);
    *geometry = (hsd_geometry){0};
}

/* Room for `more` items after the first `count`; what is there stays where memory ends. */
static bool widen(void **data, size_t count, size_t more, size_t size, hsd_error *err) {
    size_t all;
    if (__builtin_add_overflow(count, more, &all)) all = SIZE_MAX; /* hsd_realloc says so */
    void *grown = hsd_realloc(*data, all, size, err);
    if (grown) *data = grown;
    return grown != NULL;
}
#define WIDEN(array, count, more, err)                                                             \
    widen((void **)(void *)&(array), (count), (more), sizeof *(array), (err))

hsd_status hsd_geometry_append(hsd_geometry *to, const hsd_geometry *more, hsd_error *err) {
    if (more->type == HSD_GEOMETRY_NONE && more->point_count == 0) return HSD_OK;
    if (more->type <= HSD_GEOMETRY_POINT ||
        (to->type != HSD_GEOMETRY_NONE && to->type != more->type))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "a geometry of type %d cannot be appended to one of type %d",
                        (int)more->type, (int)to->type);
    if (!WIDEN(to->points, to->point_count, more->point_count, err) ||
        !WIDEN(to->ring_end, to->ring_count, more->ring_count, err) ||
        !WIDEN(to->polygon_end, to->polygon_count, more->polygon_count, err))
        return HSD_E_MEMORY;
    const size_t points = to->point_count, rings = to->ring_count;
    if (more->point_count)
        memcpy(to->points + points, more->points, more->point_count * sizeof *more->points);
    for (size_t r = 0; r < more->ring_count; r++)
        to->ring_end[to->ring_count++] = points + more->ring_end[r];
    for (size_t p = 0; p < more->polygon_count; p++)
        to->polygon_end[to->polygon_count++] = rings + more->polygon_end[p];
    to->point_count += more->point_count;
    to->type = more->type;
    return HSD_OK;
}

bool hsd_geometry_holds(const hsd_geometry *polygon, hsd_lonlat p) {
    bool inside = false;
    for (size_t r = 0, first = 0; r < polygon->ring_count; first = polygon->ring_end[r], r++)
        for (size_t i = first; i + 1 < polygon->ring_end[r]; i++) {
            const hsd_lonlat a = polygon->points[i], b = polygon->points[i + 1];
            if ((a.lat > p.lat) != (b.lat > p.lat) &&
                p.lon < a.lon + (p.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
                inside = !inside;
        }
    return inside;
}

hsd_status hsd_geometry_point(const hsd_geometry *geometry, hsd_lonlat *out, hsd_error *err) {
    if (geometry->point_count == 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "an empty geometry has no point");
    if (geometry->type != HSD_GEOMETRY_POLYGON) {
        *out = geometry->points[0];
        return HSD_OK;
    }
    const hsd_status status = hsd_geos_centroid(geometry, out, err);
    if (status != HSD_OK || hsd_geometry_holds(geometry, *out)) return status;
    return hsd_geos_point_on_surface(geometry, out, err);
}
