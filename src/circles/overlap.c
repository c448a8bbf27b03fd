/* Overlaps: where at least k origins reach within the cut-off, that is where the k-th smallest time
 * is <= c. The k-th smallest grows with k, so overlaps are nested.
 *
 * Surfaces whose boxes meet, directly or through others, make a cluster; clusters are far apart and
 * share nothing, so each has canvases of its own, and of a cluster only the box in which k origins
 * reach is drawn. One pass over the surfaces counts, for every k at once, these boxes and how long
 * the border is; the number of vertices is parted among clusters by the length of their borders.
 * More origins than reach any point give nothing without being drawn. O(points of all surfaces) for
 * the counts, O(points x surfaces over them x k) for each overlap. */
#include <string.h>

#include "circles/contest.h"
#include "geo/geometry.h"

#define MARGIN 4 /* cells round a box, so that no border lies on the rim */
#define LEAST_VERTICES 4

/* Of a cluster, where at least some number of origins reach. */
typedef struct extent {
    hsd_lattice_box box; /* empty: nowhere */
    uint64_t sides;      /* sides between points inside and points outside */
} extent;

typedef struct cluster {
    const uint32_t *members; /* origins, ascending */
    extent *extents;         /* [k - 1]: at least k of the members */
    size_t count;
} cluster;

/* Overlaps of one cut-off, from the highest count down: each is made to cover the one above. */
struct hsd_overlap_cache {
    bool made;
    uint32_t cutoff_ms, max_vertices;
    uint32_t *members; /* of all clusters, one after the other */
    extent *extents;
    cluster *clusters;
    size_t cluster_count, origin_count;
    hsd_geometry *shapes; /* [k - 1]: at least k origins */
    size_t most;          /* so many reach some point; more reach none */
    size_t lowest;        /* counts from here up are made */
};

hsd_overlap_cache *hsd_overlap_cache_create(hsd_error *err) {
    return hsd_calloc(1, sizeof(hsd_overlap_cache), err);
}

void hsd_overlap_cache_clear(hsd_overlap_cache *cache) {
    for (size_t k = 0; cache->shapes && k < cache->origin_count; k++)
        hsd_geometry_finish(&cache->shapes[k]);
    hsd_free(cache->shapes);
    hsd_free(cache->clusters);
    hsd_free(cache->extents);
    hsd_free(cache->members);
    *cache = (hsd_overlap_cache){.made = false};
}

void hsd_overlap_cache_destroy(hsd_overlap_cache *cache) {
    if (!cache) return;
    hsd_overlap_cache_clear(cache);
    hsd_free(cache);
}

/* ---- Clusters ---- */

static bool boxes_meet(const hsd_surface *a, const hsd_surface *b) {
    hsd_lattice_box x = hsd_surface_box(a), y = hsd_surface_box(b);
    return x.i0 < y.i1 && y.i0 < x.i1 && x.j0 < y.j1 && y.j0 < x.j1;
}

/* Gathers one cluster, breadth first, from the lowest origin left; taken: origins in clusters. */
static void gather(const hsd_contest *contest, uint8_t *taken, uint32_t first, uint32_t *members,
                   size_t *count) {
    *count = 0;
    members[(*count)++] = first;
    taken[first] = 1;
    for (size_t at = 0; at < *count; at++)
        for (uint32_t o = first + 1; o < contest->count; o++) {
            const hsd_surface *s = &contest->surfaces[o];
            if (taken[o] || !s->ms || !boxes_meet(s, &contest->surfaces[members[at]])) continue;
            taken[o] = 1;
            members[(*count)++] = o;
        }
}

static hsd_status find_clusters(const hsd_contest *contest, hsd_overlap_cache *cache,
                                hsd_error *err) {
    uint8_t *taken = hsd_calloc(contest->count, 1, err);
    if (!taken) return HSD_E_MEMORY;
    size_t used = 0;
    for (uint32_t o = 0; o < contest->count; o++) {
        if (taken[o] || !contest->surfaces[o].ms) continue;
        cluster *c = &cache->clusters[cache->cluster_count++];
        gather(contest, taken, o, cache->members + used, &c->count);
        c->members = cache->members + used;
        c->extents = cache->extents + used;
        used += c->count;
    }
    hsd_free(taken);
    return HSD_OK;
}

/* ---- How many reach ---- */

static hsd_lattice_box box_of(const hsd_contest *contest, const cluster *c) {
    hsd_lattice_box all = hsd_surface_box(&contest->surfaces[c->members[0]]);
    for (size_t m = 1; m < c->count; m++) {
        hsd_lattice_box b = hsd_surface_box(&contest->surfaces[c->members[m]]);
        all.i0 = b.i0 < all.i0 ? b.i0 : all.i0;
        all.j0 = b.j0 < all.j0 ? b.j0 : all.j0;
        all.i1 = b.i1 > all.i1 ? b.i1 : all.i1;
        all.j1 = b.j1 > all.j1 ? b.j1 : all.j1;
    }
    return all;
}

/* Origins that reach each point of a row of the box. */
static void count_row(const hsd_contest *contest, const cluster *c, hsd_lattice_box box, int64_t j,
                      uint32_t cutoff_ms, uint32_t *reach) {
    memset(reach, 0, (size_t)(box.i1 - box.i0) * sizeof *reach);
    for (size_t m = 0; m < c->count; m++) {
        const hsd_surface *s = &contest->surfaces[c->members[m]];
        if (j < s->j0 || j >= (int64_t)s->j0 + s->height) continue;
        const uint32_t *ms = s->ms + (size_t)(j - s->j0) * s->width;
        uint32_t *row = reach + (s->i0 - box.i0);
        for (uint32_t a = 0; a < s->width; a++)
            row[a] += ms[a] < HSD_UNREACHABLE && ms[a] <= cutoff_ms;
    }
}

/* The side between a point that `more` origins reach and one that `fewer` reach. */
static void note_side(const cluster *c, uint32_t fewer, uint32_t more, int64_t i, int64_t j) {
    for (uint32_t k = fewer; k < more; k++) {
        extent *e = &c->extents[k];
        hsd_lattice_box *b = &e->box;
        if (e->sides++ == 0) *b = (hsd_lattice_box){i, j, i + 1, j + 1};
        b->i0 = i < b->i0 ? i : b->i0;
        b->j0 = j < b->j0 ? j : b->j0;
        b->i1 = i + 1 > b->i1 ? i + 1 : b->i1;
        b->j1 = j + 1 > b->j1 ? j + 1 : b->j1;
    }
}

static hsd_status measure(const hsd_contest *contest, const cluster *c, uint32_t cutoff_ms,
                          hsd_error *err) {
    hsd_lattice_box box = box_of(contest, c);
    size_t width = (size_t)(box.i1 - box.i0);
    uint32_t *rows = hsd_calloc(2 * width, sizeof *rows, err);
    if (!rows) return HSD_E_MEMORY;
    uint32_t *below = rows, *here = rows + width;
    for (int64_t j = box.j0; j <= box.j1; j++) { /* one past the last: all outside */
        count_row(contest, c, box, j, cutoff_ms, here);
        uint32_t left = 0;
        for (size_t a = 0; a <= width; a++) {
            int64_t i = box.i0 + (int64_t)a;
            uint32_t own = a < width ? here[a] : 0, under = a < width ? below[a] : 0;
            if (own > left) note_side(c, left, own, i, j);
            if (own < left) note_side(c, own, left, i - 1, j);
            if (own > under) note_side(c, under, own, i, j);
            if (own < under) note_side(c, own, under, i, j - 1);
            left = own;
        }
        uint32_t *swap = below;
        below = here;
        here = swap;
    }
    hsd_free(rows);
    return HSD_OK;
}

static hsd_status make_cache(const hsd_contest *contest, uint32_t cutoff_ms, uint32_t max_vertices,
                             hsd_overlap_cache *cache, hsd_error *err) {
    hsd_overlap_cache_clear(cache);
    cache->cutoff_ms = cutoff_ms;
    cache->max_vertices = max_vertices;
    cache->origin_count = contest->count;
    cache->members = hsd_calloc(contest->count, sizeof *cache->members, err);
    cache->extents = hsd_calloc(contest->count, sizeof *cache->extents, err);
    cache->clusters = hsd_calloc(contest->count, sizeof *cache->clusters, err);
    cache->shapes = hsd_calloc(contest->count, sizeof *cache->shapes, err);
    hsd_status status = cache->members && cache->extents && cache->clusters && cache->shapes
                            ? find_clusters(contest, cache, err)
                            : HSD_E_MEMORY;
    for (size_t n = 0; status == HSD_OK && n < cache->cluster_count; n++) {
        cluster *c = &cache->clusters[n];
        status = measure(contest, c, cutoff_ms, err);
        for (size_t k = c->count; k > cache->most; k--)
            if (c->extents[k - 1].sides) cache->most = k;
    }
    cache->lowest = cache->most + 1;
    cache->made = status == HSD_OK;
    return status;
}

/* ---- Drawing ---- */

/* The count-th smallest time at a point among some origins; sorted is scratch for as many. */
static uint32_t kth_smallest(const hsd_contest *contest, const uint32_t *among, size_t among_count,
                             uint32_t count, int64_t i, int64_t j, uint32_t *sorted,
                             uint8_t *land) {
    uint32_t n = 0;
    for (size_t m = 0; m < among_count; m++) {
        uint32_t ms;
        if (!hsd_surface_time(&contest->surfaces[among[m]], i, j, &ms, land) ||
            ms >= HSD_UNREACHABLE)
            continue;
        if (n == count && ms >= sorted[n - 1]) continue;
        uint32_t place = n < count ? n++ : n - 1;
        while (place > 0 && sorted[place - 1] > ms) {
            sorted[place] = sorted[place - 1];
            place--;
        }
        sorted[place] = ms;
    }
    return n == count ? sorted[count - 1] : HSD_UNREACHABLE;
}

/* scratch: room for two lists of the cluster's members. */
static void draw(const hsd_contest *contest, const cluster *c, uint32_t count, hsd_canvas *canvas,
                 uint32_t *scratch) {
    const hsd_field_grid *f = &canvas->field;
    uint32_t *row = scratch, *sorted = scratch + c->count;
    for (uint32_t b = 0; b < f->height; b++) {
        int64_t j = (int64_t)f->j0 + b;
        size_t in_row = 0;
        for (size_t m = 0; m < c->count; m++) {
            const hsd_surface *s = &contest->surfaces[c->members[m]];
            if (j >= s->j0 && j < (int64_t)s->j0 + s->height) row[in_row++] = c->members[m];
        }
        for (uint32_t a = 0; a < f->width; a++) {
            size_t p = (size_t)b * f->width + a;
            canvas->values[p] = (int32_t)kth_smallest(
                contest, row, in_row, count, (int64_t)f->i0 + a, j, sorted, &canvas->land[p]);
        }
    }
}

/* Adds the overlap of one cluster to `out`. */
static hsd_status add_cluster(const hsd_contest *contest, const cluster *c, uint32_t count,
                              uint32_t cutoff_ms, uint32_t max_vertices, hsd_geometry *out,
                              hsd_error *err) {
    hsd_lattice_box box = c->extents[count - 1].box;
    box.i0 -= MARGIN, box.j0 -= MARGIN, box.i1 += MARGIN, box.j1 += MARGIN;
    hsd_canvas canvas;
    hsd_geometry shape = {.type = HSD_GEOMETRY_POLYGON};
    uint32_t *scratch = hsd_alloc(2 * c->count, sizeof *scratch, err);
    if (!scratch) return HSD_E_MEMORY;
    hsd_status status = hsd_canvas_make(&contest->surfaces[c->members[0]], box, &canvas, err);
    if (status == HSD_OK) {
        draw(contest, c, count, &canvas, scratch);
        status = hsd_canvas_shape(&canvas, (int32_t)cutoff_ms, max_vertices, &shape, err);
        hsd_canvas_finish(&canvas);
    }
    hsd_free(scratch);
    if (status == HSD_OK) status = hsd_geometry_append(out, &shape, err);
    hsd_geometry_finish(&shape);
    return status;
}

static hsd_status make_shape(const hsd_contest *contest, const hsd_overlap_cache *cache,
                             uint32_t count, hsd_geometry *out, hsd_error *err) {
    hsd_status status = HSD_OK;
    double sides = 0, most = cache->max_vertices ? cache->max_vertices : 2000;
    for (size_t n = 0; n < cache->cluster_count; n++)
        if (count <= cache->clusters[n].count)
            sides += (double)cache->clusters[n].extents[count - 1].sides;
    for (size_t n = 0; status == HSD_OK && n < cache->cluster_count; n++) {
        const cluster *c = &cache->clusters[n];
        if (count > c->count || c->extents[count - 1].sides == 0) continue;
        double share = most * ((double)c->extents[count - 1].sides / sides);
        status = add_cluster(contest, c, count, cache->cutoff_ms,
                             share > LEAST_VERTICES ? (uint32_t)share : LEAST_VERTICES, out, err);
    }
    return status;
}

hsd_status hsd_contest_overlap(const hsd_contest *contest, uint32_t count, uint32_t cutoff_ms,
                               uint32_t max_vertices, hsd_geometry *out, hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    bool any = false;
    for (size_t o = 0; o < contest->count && !any; o++) any = contest->surfaces[o].ms != NULL;
    if (count == 0 || count > contest->count || !any)
        return hsd_fail(err, HSD_E_ARGUMENT, "overlap of %u among %zu origins", count,
                        contest->count);
    hsd_overlap_cache *cache = contest->overlaps;
    hsd_status status = HSD_OK;
    if (!cache->made || cache->cutoff_ms != cutoff_ms || cache->max_vertices != max_vertices)
        status = make_cache(contest, cutoff_ms, max_vertices, cache, err);
    if (status != HSD_OK || count > cache->most) return status;
    while (cache->lowest > count) {
        size_t k = cache->lowest - 1;
        hsd_geometry *shape = &cache->shapes[k - 1];
        hsd_geometry_finish(shape);
        shape->type = HSD_GEOMETRY_POLYGON;
        status = make_shape(contest, cache, (uint32_t)k, shape, err);
        if (status == HSD_OK && k < cache->most)
            status = hsd_shape_settle(shape, &cache->shapes[k], err);
        if (status != HSD_OK) return status;
        cache->lowest = k;
    }
    return hsd_shape_copy(&cache->shapes[count - 1], out, err);
}
