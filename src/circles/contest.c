/* Competing origins on one lattice.
 *
 * Hinterland of i: where max(t_i - c, t_i - min over j of t_j) <= 0, with one millisecond added for
 * lower j, so that ties go to the lowest index and no lattice point lies in two hinterlands.
 * Overlap of k: where the k-th smallest time is <= c; the k-th smallest grows with k, so overlaps
 * are nested. Both are fields, contoured and thinned as circles are. The surfaces are copied as
 * they come: 5 bytes a point and origin. O(points x origins). */
#include <math.h>
#include <string.h>

#include "circles/shapes.h"

/* Overlaps of one cut-off, from the highest count down: each is made to cover the one above. */
typedef struct overlap_cache {
    uint32_t cutoff_ms, max_vertices;
    hsd_geometry *shapes; /* [k - 1]: at least k origins */
    size_t lowest;        /* counts from here up are made; count + 1: none yet */
} overlap_cache;

struct hsd_contest {
    hsd_surface *surfaces; /* by origin; ms NULL: not added yet */
    size_t count;
    overlap_cache *cache;
};

hsd_status hsd_contest_create(size_t origin_count, hsd_contest **out, hsd_error *err) {
    *out = NULL;
    if (origin_count == 0 || origin_count > UINT32_MAX)
        return hsd_fail(err, HSD_E_ARGUMENT, "a contest of %zu origins: expected at least 1",
                        origin_count);
    hsd_contest *contest = hsd_calloc(1, sizeof *contest, err);
    if (!contest) return HSD_E_MEMORY;
    contest->count = origin_count;
    contest->surfaces = hsd_calloc(origin_count, sizeof *contest->surfaces, err);
    contest->cache = hsd_calloc(1, sizeof *contest->cache, err);
    if (!contest->surfaces || !contest->cache) {
        hsd_contest_destroy(contest);
        return HSD_E_MEMORY;
    }
    *out = contest;
    return HSD_OK;
}

static void cache_clear(const hsd_contest *contest) {
    overlap_cache *cache = contest->cache;
    for (size_t k = 0; cache->shapes && k < contest->count; k++)
        hsd_geometry_finish(&cache->shapes[k]);
    hsd_free(cache->shapes);
    *cache = (overlap_cache){.lowest = contest->count + 1};
}

void hsd_contest_destroy(hsd_contest *contest) {
    if (!contest) return;
    for (size_t o = 0; contest->surfaces && o < contest->count; o++)
        hsd_surface_finish(&contest->surfaces[o]);
    if (contest->cache) cache_clear(contest);
    hsd_free(contest->cache);
    hsd_free(contest->surfaces);
    hsd_free(contest);
}

static const hsd_surface *any_surface(const hsd_contest *contest) {
    for (size_t o = 0; o < contest->count; o++)
        if (contest->surfaces[o].ms) return &contest->surfaces[o];
    return NULL;
}

hsd_status hsd_contest_add(hsd_contest *contest, const hsd_surface *surface, uint32_t origin,
                           hsd_error *err) {
    if (origin >= contest->count)
        return hsd_fail(err, HSD_E_ARGUMENT, "origin %u of a contest of %zu", origin,
                        contest->count);
    const hsd_surface *other = any_surface(contest);
    if (other && (other->centre_lon != surface->centre_lon ||
                  other->centre_lat != surface->centre_lat || other->cell_m != surface->cell_m))
        return hsd_fail(err, HSD_E_ARGUMENT, "surface of origin %u lies on another lattice",
                        origin);
    size_t points = (size_t)surface->width * surface->height;
    hsd_surface copy = *surface;
    copy.ms = hsd_alloc(points, sizeof *copy.ms, err);
    copy.land = hsd_alloc(points, sizeof *copy.land, err);
    if (!copy.ms || !copy.land) {
        hsd_surface_finish(&copy);
        return HSD_E_MEMORY;
    }
    if (points) {
        memcpy(copy.ms, surface->ms, points * sizeof *copy.ms);
        memcpy(copy.land, surface->land, points * sizeof *copy.land);
    }
    hsd_surface_finish(&contest->surfaces[origin]);
    contest->surfaces[origin] = copy;
    cache_clear(contest);
    return HSD_OK;
}

/* A canvas on the common lattice, filled with `value`. */
static hsd_status canvas(const hsd_surface *like, int64_t i0, int64_t j0, int64_t i1, int64_t j1,
                         int32_t value, hsd_field_grid *field, int32_t **values, uint8_t **land,
                         hsd_error *err) {
    size_t width = (size_t)(i1 - i0), height = (size_t)(j1 - j0), count = width * height;
    if (i1 - i0 > INT32_MAX || j1 - j0 > INT32_MAX || (double)width * (double)height > 2e9)
        return hsd_fail(err, HSD_E_MEMORY, "a contest over %zu x %zu points: take larger cells",
                        width, height);
    *values = hsd_alloc(count, sizeof **values, err);
    *land = hsd_alloc(count, sizeof **land, err);
    if (!*values || !*land) return HSD_E_MEMORY;
    for (size_t p = 0; p < count; p++) (*values)[p] = value;
    memset(*land, 1, count);
    *field = (hsd_field_grid){.width = (uint32_t)width,
                              .height = (uint32_t)height,
                              .i0 = (int32_t)i0,
                              .j0 = (int32_t)j0,
                              .cell_m = like->cell_m,
                              .value = *values,
                              .land = *land,
                              .centre_lon = like->centre_lon,
                              .centre_lat = like->centre_lat};
    return HSD_OK;
}

static bool time_at(const hsd_surface *s, int64_t i, int64_t j, uint32_t *ms, uint8_t *land) {
    int64_t a = i - s->i0, b = j - s->j0;
    if (!s->ms || a < 0 || b < 0 || a >= s->width || b >= s->height) return false;
    size_t at = (size_t)b * s->width + (size_t)a;
    *ms = s->ms[at];
    if (!s->land[at]) *land = 0;
    return true;
}

static hsd_status finish_shape(const hsd_field_grid *field, int32_t level, uint32_t max_vertices,
                               hsd_geometry *out, hsd_error *err) {
    int32_t *gain = hsd_gain_plain(field, level, err);
    if (!gain) return HSD_E_MEMORY;
    hsd_status status =
        hsd_shapes_make(field, &level, &gain, 1, max_vertices ? max_vertices : 2000u, out, err);
    hsd_free(gain);
    return status;
}

static int32_t hinterland_value(const hsd_contest *contest, uint32_t origin, int64_t i, int64_t j,
                                uint32_t own, uint32_t cutoff_ms, uint8_t *land) {
    int64_t worst = (int64_t)own - cutoff_ms;
    for (size_t o = 0; o < contest->count; o++) {
        uint32_t ms;
        if (o == origin || !time_at(&contest->surfaces[o], i, j, &ms, land)) continue;
        if (ms >= HSD_UNREACHABLE) continue;
        int64_t behind = (int64_t)own - ms + (o < origin ? 1 : 0);
        if (behind > worst) worst = behind;
    }
    return (int32_t)worst;
}

hsd_status hsd_contest_hinterland(const hsd_contest *contest, uint32_t origin, uint32_t cutoff_ms,
                                  uint32_t max_vertices, hsd_geometry *out, hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    if (origin >= contest->count || !contest->surfaces[origin].ms)
        return hsd_fail(err, HSD_E_ARGUMENT, "origin %u was not added to the contest", origin);
    const hsd_surface *s = &contest->surfaces[origin];
    hsd_field_grid field;
    int32_t *values = NULL;
    uint8_t *land = NULL;
    hsd_status status =
        canvas(s, s->i0, s->j0, (int64_t)s->i0 + s->width, (int64_t)s->j0 + s->height,
               (int32_t)HSD_UNREACHABLE, &field, &values, &land, err);
    for (size_t p = 0; status == HSD_OK && p < (size_t)s->width * s->height; p++) {
        land[p] = s->land[p];
        if (s->ms[p] >= HSD_UNREACHABLE) continue;
        values[p] =
            hinterland_value(contest, origin, s->i0 + (int64_t)(p % s->width),
                             s->j0 + (int64_t)(p / s->width), s->ms[p], cutoff_ms, &land[p]);
    }
    if (status == HSD_OK) status = finish_shape(&field, 0, max_vertices, out, err);
    hsd_free(values);
    hsd_free(land);
    return status;
}

/* The count-th smallest time at a point; sorted is scratch for as many. */
static uint32_t kth_smallest(const hsd_contest *contest, uint32_t count, int64_t i, int64_t j,
                             uint32_t *sorted, uint8_t *land) {
    uint32_t n = 0;
    for (size_t o = 0; o < contest->count; o++) {
        uint32_t ms;
        if (!time_at(&contest->surfaces[o], i, j, &ms, land) || ms >= HSD_UNREACHABLE) continue;
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

static hsd_status overlap_shape(const hsd_contest *contest, uint32_t count, uint32_t cutoff_ms,
                                uint32_t max_vertices, hsd_geometry *out, hsd_error *err) {
    int64_t i0 = INT64_MAX, j0 = INT64_MAX, i1 = INT64_MIN, j1 = INT64_MIN;
    for (size_t o = 0; o < contest->count; o++) {
        const hsd_surface *s = &contest->surfaces[o];
        if (!s->ms) continue;
        if (s->i0 < i0) i0 = s->i0;
        if (s->j0 < j0) j0 = s->j0;
        if ((int64_t)s->i0 + s->width > i1) i1 = (int64_t)s->i0 + s->width;
        if ((int64_t)s->j0 + s->height > j1) j1 = (int64_t)s->j0 + s->height;
    }
    hsd_field_grid field;
    int32_t *values = NULL;
    uint8_t *land = NULL;
    uint32_t *sorted = hsd_alloc(count, sizeof *sorted, err);
    hsd_status status = sorted ? canvas(any_surface(contest), i0, j0, i1, j1,
                                        (int32_t)HSD_UNREACHABLE, &field, &values, &land, err)
                               : HSD_E_MEMORY;
    for (size_t p = 0; status == HSD_OK && p < (size_t)field.width * field.height; p++)
        values[p] = (int32_t)kth_smallest(contest, count, i0 + (int64_t)(p % field.width),
                                          j0 + (int64_t)(p / field.width), sorted, &land[p]);
    if (status == HSD_OK) status = finish_shape(&field, (int32_t)cutoff_ms, max_vertices, out, err);
    hsd_free(sorted);
    hsd_free(values);
    hsd_free(land);
    return status;
}

hsd_status hsd_contest_overlap(const hsd_contest *contest, uint32_t count, uint32_t cutoff_ms,
                               uint32_t max_vertices, hsd_geometry *out, hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON};
    if (count == 0 || count > contest->count || !any_surface(contest))
        return hsd_fail(err, HSD_E_ARGUMENT, "overlap of %u among %zu origins", count,
                        contest->count);
    overlap_cache *cache = contest->cache;
    if (!cache->shapes || cache->cutoff_ms != cutoff_ms || cache->max_vertices != max_vertices) {
        cache_clear(contest);
        cache->cutoff_ms = cutoff_ms;
        cache->max_vertices = max_vertices;
        cache->shapes = hsd_calloc(contest->count, sizeof *cache->shapes, err);
        if (!cache->shapes) return HSD_E_MEMORY;
    }
    while (cache->lowest > count) {
        size_t k = cache->lowest - 1;
        hsd_geometry *shape = &cache->shapes[k - 1];
        hsd_geometry_finish(shape);
        hsd_status status =
            overlap_shape(contest, (uint32_t)k, cutoff_ms, max_vertices, shape, err);
        if (status == HSD_OK && k < contest->count)
            status = hsd_shape_settle(shape, &cache->shapes[k], err);
        if (status != HSD_OK) return status;
        cache->lowest = k;
    }
    return hsd_shape_copy(&cache->shapes[count - 1], out, err);
}
