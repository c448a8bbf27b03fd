/* Neighbours by shared border. Each border is walked in pieces of at most 20 m, whose middles look
 * for segments of other polygons within 2 m in an R-tree of all segments; who is met along 10 m or
 * more is a neighbour. The outer rings of all polygons together, each grown by a metre so that
 * slivers between them close, are one polygon more: who meets it has a way out. O(pieces log
 * segments). */
#include "geo/neighbours.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "geo/geos.h"
#include "geo/rtree.h"

#define PIECE_M 20.
#define GROWN_DEGREES 9e-6 /* a metre of latitude */

typedef struct segment {
    hsd_point_e7 a, b;
    uint32_t of; /* polygon; their number: the outer rings of all */
} segment;

typedef HSD_ARRAY(uint32_t) met_list;

typedef struct finding {
    const hsd_geometry *const *polygons;
    size_t count;
    HSD_ARRAY(segment) segments;
    hsd_rtree tree;
    met_list *met;      /* one a polygon: who is met along it */
    double **scratches; /* one a worker: metres along each polygon */
} finding;

static hsd_point_e7 point_e7(hsd_lonlat p) {
    return (hsd_point_e7){(int32_t)lround(p.lon * 1e7), (int32_t)lround(p.lat * 1e7)};
}

static hsd_status add_ring(finding *f, const hsd_geometry *g, size_t ring, uint32_t of,
                           hsd_error *err) {
    for (size_t i = (ring ? g->ring_end[ring - 1] : 0) + 1; i < g->ring_end[ring]; i++) {
        const segment s = {point_e7(g->points[i - 1]), point_e7(g->points[i]), of};
        if (!hsd_array_push(&f->segments, s, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* Grown one by one and joined then: GEOS takes minutes for growing all of them at once. The first
 * ring of a polygon is its outer one. */
static hsd_status add_outer_rings(finding *f, hsd_error *err) {
    hsd_geometry all = {0}, joined = {0};
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < f->count; i++) {
        hsd_geometry grown = {0};
        status = hsd_geos_grow(f->polygons[i], GROWN_DEGREES, &grown, err);
        if (status == HSD_OK) status = hsd_geometry_append(&all, &grown, err);
        hsd_geometry_finish(&grown);
    }
    if (status == HSD_OK) status = hsd_geos_union(&all, &joined, err);
    for (size_t p = 0; status == HSD_OK && p < joined.polygon_count; p++)
        status = add_ring(f, &joined, p ? joined.polygon_end[p - 1] : 0, (uint32_t)f->count, err);
    hsd_geometry_finish(&all);
    hsd_geometry_finish(&joined);
    return status;
}

static hsd_status index_segments(finding *f, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < f->count; i++)
        for (size_t r = 0; status == HSD_OK && r < f->polygons[i]->ring_count; r++)
            status = add_ring(f, f->polygons[i], r, (uint32_t)i, err);
    if (status == HSD_OK) status = add_outer_rings(f, err);
    if (status != HSD_OK) return status;
    if (f->segments.count >= UINT32_MAX / 2)
        return hsd_fail(err, HSD_E_MEMORY, "%zu segments of borders are more than can be compared",
                        f->segments.count);
    hsd_box_e7 *boxes = hsd_alloc(f->segments.count, sizeof *boxes, err);
    if (!boxes) return HSD_E_MEMORY;
    for (size_t i = 0; i < f->segments.count; i++)
        boxes[i] = hsd_box_of(f->segments.data[i].a, f->segments.data[i].b);
    status = hsd_rtree_build(boxes, NULL, (uint32_t)f->segments.count, &f->tree, err);
    hsd_free(boxes);
    return status;
}

/* ---- Walking along a border ---- */

typedef struct look {
    const finding *found;
    hsd_tangent at;
    uint32_t self;
    uint32_t met[16]; /* at this middle, each once; more do not meet at one place */
    size_t met_count;
} look;

static bool look_at(void *context, uint32_t item) {
    look *l = context;
    const segment *s = &l->found->segments.data[item];
    double fraction;
    if (s->of == l->self) return true;
    for (size_t i = 0; i < l->met_count; i++)
        if (l->met[i] == s->of) return true;
    if (hsd_tangent_segment_m(&l->at, s->a, s->b, &fraction) > HSD_NEIGHBOURS_APART_M) return true;
    l->met[l->met_count++] = s->of;
    return l->met_count < sizeof l->met / sizeof l->met[0];
}

/* Segments with both ends of a piece of border within reach: all of it is, distance to a segment
 * being convex. */
typedef struct cover {
    look look;
    hsd_tangent end;
} cover;

static bool covers(void *context, uint32_t item) {
    cover *c = context;
    const segment *s = &c->look.found->segments.data[item];
    double fraction;
    if (hsd_tangent_segment_m(&c->end, s->a, s->b, &fraction) > HSD_NEIGHBOURS_APART_M) return true;
    return look_at(&c->look, item);
}

static hsd_box_e7 box_along(hsd_lonlat a, hsd_lonlat b) {
    const hsd_box_e7 x = hsd_box_around(a.lon, a.lat, HSD_NEIGHBOURS_APART_M);
    const hsd_box_e7 y = hsd_box_around(b.lon, b.lat, HSD_NEIGHBOURS_APART_M);
    return (hsd_box_e7){x.min_lon_e7 < y.min_lon_e7 ? x.min_lon_e7 : y.min_lon_e7,
                        x.min_lat_e7 < y.min_lat_e7 ? x.min_lat_e7 : y.min_lat_e7,
                        x.max_lon_e7 > y.max_lon_e7 ? x.max_lon_e7 : y.max_lon_e7,
                        x.max_lat_e7 > y.max_lat_e7 ? x.max_lat_e7 : y.max_lat_e7};
}

/* Most often a neighbour has the very same segment: then one look does. */
static bool walk_at_once(const finding *f, uint32_t self, hsd_lonlat a, hsd_lonlat b, double length,
                         double *along) {
    cover c = {{.found = f, .at = hsd_tangent_at(a.lon, a.lat), .self = self},
               hsd_tangent_at(b.lon, b.lat)};
    hsd_rtree_query(&f->tree, box_along(a, b), covers, &c);
    for (size_t i = 0; i < c.look.met_count; i++) along[c.look.met[i]] += length;
    return c.look.met_count > 0;
}

static void walk(const finding *f, uint32_t self, hsd_lonlat a, hsd_lonlat b, double *along) {
    const double length = hsd_geodesic_m(a.lon, a.lat, b.lon, b.lat);
    if (walk_at_once(f, self, a, b, length, along)) return;
    const size_t pieces = (size_t)ceil(length / PIECE_M);
    for (size_t k = 0; k < pieces; k++) {
        const double part = ((double)k + 0.5) / (double)pieces;
        const double lon = a.lon + part * (b.lon - a.lon), lat = a.lat + part * (b.lat - a.lat);
        look l = {.found = f, .at = hsd_tangent_at(lon, lat), .self = self};
        hsd_rtree_query(&f->tree, hsd_box_around(lon, lat, HSD_NEIGHBOURS_APART_M), look_at, &l);
        for (size_t i = 0; i < l.met_count; i++) along[l.met[i]] += length / (double)pieces;
    }
}

static hsd_status walk_some(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    finding *f = context;
    double *along = f->scratches[worker];
    for (size_t i = begin; i < end; i++) {
        const hsd_geometry *g = f->polygons[i];
        for (size_t k = 0; k <= f->count; k++) along[k] = 0;
        for (size_t r = 0; r < g->ring_count; r++)
            for (size_t p = (r ? g->ring_end[r - 1] : 0) + 1; p < g->ring_end[r]; p++)
                walk(f, (uint32_t)i, g->points[p - 1], g->points[p], along);
        for (uint32_t k = 0; k <= f->count; k++)
            if (along[k] >= HSD_NEIGHBOURS_ALONG_M && !hsd_array_push(&f->met[i], k, err))
                return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status walk_all(finding *f, const hsd_run *run, hsd_error *err) {
    const int workers = hsd_thread_count(run);
    hsd_status status = HSD_OK;
    f->scratches = hsd_calloc((size_t)workers, sizeof *f->scratches, err);
    if (!f->scratches) return HSD_E_MEMORY;
    for (int w = 0; status == HSD_OK && w < workers; w++) {
        f->scratches[w] = hsd_alloc(f->count + 1, sizeof(double), err);
        if (!f->scratches[w]) status = HSD_E_MEMORY;
    }
    if (status == HSD_OK) status = hsd_parallel_for(run, "borders", f->count, 1, walk_some, f, err);
    for (int w = 0; w < workers; w++) hsd_free(f->scratches[w]);
    hsd_free(f->scratches);
    return status;
}

/* ---- What comes out ---- */

static int by_pair(const void *a, const void *b) {
    const uint32_t *x = a, *y = b;
    if (x[0] != y[0]) return x[0] < y[0] ? -1 : 1;
    return (x[1] > y[1]) - (x[1] < y[1]);
}

/* Met from one side is enough: pieces differ where one border is coarser than the other. */
static hsd_status collect(const finding *f, hsd_neighbours *out, hsd_error *err) {
    size_t total = 0, kept = 0;
    for (size_t i = 0; i < f->count; i++) total += f->met[i].count;
    out->pairs = hsd_alloc(total, sizeof *out->pairs, err);
    out->on_border = hsd_calloc(f->count, 1, err);
    if (!out->pairs || !out->on_border) return HSD_E_MEMORY;
    total = 0;
    for (uint32_t i = 0; i < f->count; i++)
        for (size_t k = 0; k < f->met[i].count; k++) {
            const uint32_t other = f->met[i].data[k];
            if (other == f->count) {
                out->on_border[i] = 1;
                continue;
            }
            out->pairs[total][0] = i < other ? i : other;
            out->pairs[total++][1] = i < other ? other : i;
        }
    qsort(out->pairs, total, sizeof *out->pairs, by_pair);
    for (size_t i = 0; i < total; i++)
        if (i == 0 || by_pair(out->pairs[i], out->pairs[kept - 1]) != 0) {
            out->pairs[kept][0] = out->pairs[i][0];
            out->pairs[kept++][1] = out->pairs[i][1];
        }
    out->pair_count = kept;
    return HSD_OK;
}

hsd_status hsd_neighbours_find(const hsd_geometry *const *polygons, size_t count,
                               const hsd_run *run, hsd_neighbours *out, hsd_error *err) {
    *out = (hsd_neighbours){0};
    finding f = {.polygons = polygons, .count = count};
    f.met = hsd_calloc(count, sizeof *f.met, err);
    hsd_status status = f.met ? index_segments(&f, err) : HSD_E_MEMORY;
    if (status == HSD_OK) status = walk_all(&f, run, err);
    if (status == HSD_OK) status = collect(&f, out, err);
    for (size_t i = 0; f.met && i < count; i++) hsd_array_finish(&f.met[i]);
    hsd_free(f.met);
    hsd_array_finish(&f.segments);
    hsd_rtree_finish(&f.tree);
    if (status != HSD_OK) hsd_neighbours_finish(out);
    return status;
}

void hsd_neighbours_finish(hsd_neighbours *neighbours) {
    hsd_free(neighbours->pairs);
    hsd_free(neighbours->on_border);
    *neighbours = (hsd_neighbours){0};
}
