/* From rings to polygons: outer rings (counter-clockwise) in the order found, each with the holes
 * in it. A hole's outer ring is the first ring west of its westmost vertex, or, when that is a hole
 * too, the outer ring of that one; holes are settled from west to east, so it is known already.
 * O(v + rings log rings) with the rows of a region. */
#include <math.h>
#include <stdlib.h>

#include "circles/region.h"
#include "circles/rings.h"

typedef struct hole {
    size_t ring;
    hsd_lonlat west;
} hole;

static int compare_holes(const void *a, const void *b) {
    const hole *x = a, *y = b;
    if (x->west.lon != y->west.lon) return x->west.lon < y->west.lon ? -1 : 1;
    return x->ring < y->ring ? -1 : x->ring > y->ring;
}

/* All rings of the level as one geometry without polygons; which of them are holes. */
static hsd_status flatten(const hsd_ring_set *rings, uint32_t level, hsd_geometry *flat,
                          hsd_error *err) {
    size_t points = 0, count = 0, v = 0;
    for (size_t r = 0; r < rings->ring_end.count; v = rings->ring_end.data[r++])
        if (rings->ring_level.data[r] == level) {
            points += rings->ring_end.data[r] - v + 1;
            count++;
        }
    *flat = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    flat->points = hsd_alloc(points, sizeof *flat->points, err);
    flat->ring_end = hsd_alloc(count, sizeof *flat->ring_end, err);
    if (!flat->points || !flat->ring_end) return HSD_E_MEMORY;
    v = 0;
    for (size_t r = 0; r < rings->ring_end.count; v = rings->ring_end.data[r++]) {
        if (rings->ring_level.data[r] != level) continue;
        for (size_t k = v; k < rings->ring_end.data[r]; k++)
            flat->points[flat->point_count++] =
                (hsd_lonlat){rings->vertices.data[k].lon, rings->vertices.data[k].lat};
        flat->points[flat->point_count++] =
            (hsd_lonlat){rings->vertices.data[v].lon, rings->vertices.data[v].lat};
        flat->ring_end[flat->ring_count++] = flat->point_count;
    }
    return HSD_OK;
}

static double signed_area(const hsd_lonlat *p, size_t count) {
    double sum = 0.0;
    for (size_t k = 1; k + 2 < count; k++)
        sum += (p[k].lon - p[0].lon) * (p[k + 1].lat - p[0].lat) -
               (p[k + 1].lon - p[0].lon) * (p[k].lat - p[0].lat);
    return sum;
}

/* owner[ring]: the outer ring it belongs to (itself for outer rings). */
static hsd_status find_owners(const hsd_geometry *flat, size_t *owner, hsd_error *err) {
    hole *holes = hsd_alloc(flat->ring_count, sizeof *holes, err);
    if (!holes) return HSD_E_MEMORY;
    hsd_region region = {0};
    hsd_status status = hsd_region_make(flat, &region, err);
    size_t count = 0, begin = 0;
    for (size_t r = 0; status == HSD_OK && r < flat->ring_count; begin = flat->ring_end[r++]) {
        owner[r] = r;
        if (signed_area(flat->points + begin, flat->ring_end[r] - begin) > 0.0) continue;
        owner[r] = SIZE_MAX;
        hsd_lonlat west = flat->points[begin];
        for (size_t p = begin; p < flat->ring_end[r]; p++)
            if (flat->points[p].lon < west.lon) west = flat->points[p];
        holes[count++] = (hole){r, west};
    }
    if (status == HSD_OK) qsort(holes, count, sizeof *holes, compare_holes);
    for (size_t h = 0; status == HSD_OK && h < count; h++) {
        size_t west = hsd_region_ring_west(&region, holes[h].west, holes[h].ring);
        if (west == SIZE_MAX || owner[west] == SIZE_MAX)
            status = hsd_fail(err, HSD_E_INTERNAL, "a hole at %.7f %.7f lies in no ring",
                              holes[h].west.lon, holes[h].west.lat);
        else
            owner[holes[h].ring] = owner[west];
    }
    if (region.row_first) hsd_region_finish(&region);
    hsd_free(holes);
    return status;
}

static void append_ring(const hsd_geometry *flat, size_t ring, hsd_geometry *out) {
    size_t begin = ring ? flat->ring_end[ring - 1] : 0;
    for (size_t p = begin; p < flat->ring_end[ring]; p++)
        out->points[out->point_count++] = flat->points[p];
    out->ring_end[out->ring_count++] = out->point_count;
}

/* Rings chained by owner, then written owner by owner. */
static hsd_status write_polygons(const hsd_geometry *flat, const size_t *owner, hsd_geometry *out,
                                 hsd_error *err) {
    size_t n = flat->ring_count;
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    out->points = hsd_alloc(flat->point_count, sizeof *out->points, err);
    out->ring_end = hsd_alloc(n, sizeof *out->ring_end, err);
    out->polygon_end = hsd_alloc(n, sizeof *out->polygon_end, err);
    size_t *first = hsd_alloc(2 * n, sizeof *first, err);
    if (!out->points || !out->ring_end || !out->polygon_end || !first) {
        hsd_free(first);
        return HSD_E_MEMORY;
    }
    size_t *next = first + n;
    for (size_t r = 0; r < n; r++) first[r] = next[r] = SIZE_MAX;
    for (size_t r = n; r-- > 0;)
        if (owner[r] != r) {
            next[r] = first[owner[r]];
            first[owner[r]] = r;
        }
    for (size_t r = 0; r < n; r++) {
        if (owner[r] != r) continue;
        append_ring(flat, r, out);
        for (size_t h = first[r]; h != SIZE_MAX; h = next[h]) append_ring(flat, h, out);
        out->polygon_end[out->polygon_count++] = out->ring_count;
    }
    hsd_free(first);
    return HSD_OK;
}

hsd_status hsd_rings_polygons(const hsd_ring_set *rings, uint32_t level, hsd_geometry *out,
                              hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    hsd_geometry flat;
    hsd_status status = flatten(rings, level, &flat, err);
    size_t *owner = status == HSD_OK ? hsd_alloc(flat.ring_count, sizeof *owner, err) : NULL;
    if (status == HSD_OK && !owner) status = HSD_E_MEMORY;
    if (status == HSD_OK && flat.ring_count > 0) status = find_owners(&flat, owner, err);
    if (status == HSD_OK) status = write_polygons(&flat, owner, out, err);
    if (status != HSD_OK) hsd_geometry_finish(out);
    hsd_free(owner);
    hsd_geometry_finish(&flat);
    return status;
}
