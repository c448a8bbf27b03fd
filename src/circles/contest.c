/* Competing origins on one lattice.
 *
 * Hinterland of i: where max(t_i - c, t_i - min over j of t_j) <= 0, with one millisecond added for
 * lower j, so that ties go to the lowest index and no lattice point lies in two hinterlands.
 * The field is contoured and thinned as circles are. The surfaces are copied as they come: 5 bytes
 * a point and origin. O(points of the origin's surface x origins). */
#include <string.h>

#include "circles/contest.h"

hsd_status hsd_contest_create(size_t origin_count, hsd_contest **out, hsd_error *err) {
    *out = NULL;
    if (origin_count == 0 || origin_count > UINT32_MAX)
        return hsd_fail(err, HSD_E_ARGUMENT, "a contest of %zu origins: expected at least 1",
                        origin_count);
    hsd_contest *contest = hsd_calloc(1, sizeof *contest, err);
    if (!contest) return HSD_E_MEMORY;
    contest->count = origin_count;
    contest->surfaces = hsd_calloc(origin_count, sizeof *contest->surfaces, err);
    contest->overlaps = hsd_overlap_cache_create(err);
    if (!contest->surfaces || !contest->overlaps) {
        hsd_contest_destroy(contest);
        return HSD_E_MEMORY;
    }
    *out = contest;
    return HSD_OK;
}

void hsd_contest_destroy(hsd_contest *contest) {
    if (!contest) return;
    for (size_t o = 0; contest->surfaces && o < contest->count; o++)
        hsd_surface_finish(&contest->surfaces[o]);
    hsd_overlap_cache_destroy(contest->overlaps);
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
    hsd_overlap_cache_clear(contest->overlaps);
    return HSD_OK;
}

hsd_status hsd_canvas_make(const hsd_surface *like, hsd_lattice_box box, hsd_canvas *out,
                           hsd_error *err) {
    *out = (hsd_canvas){.values = NULL};
    size_t width = (size_t)(box.i1 - box.i0), height = (size_t)(box.j1 - box.j0);
    size_t count = width * height;
    if (box.i1 - box.i0 > INT32_MAX || box.j1 - box.j0 > INT32_MAX ||
        (double)width * (double)height > 2e9)
        return hsd_fail(err, HSD_E_MEMORY, "a contest over %zu x %zu points: take larger cells",
                        width, height);
    out->values = hsd_alloc(count, sizeof *out->values, err);
    out->land = hsd_alloc(count, sizeof *out->land, err);
    if (!out->values || !out->land) {
        hsd_canvas_finish(out);
        return HSD_E_MEMORY;
    }
    for (size_t p = 0; p < count; p++) out->values[p] = (int32_t)HSD_UNREACHABLE;
    memset(out->land, 1, count);
    out->field = (hsd_field_grid){.width = (uint32_t)width,
                                  .height = (uint32_t)height,
                                  .i0 = (int32_t)box.i0,
                                  .j0 = (int32_t)box.j0,
                                  .cell_m = like->cell_m,
                                  .value = out->values,
                                  .land = out->land,
                                  .centre_lon = like->centre_lon,
                                  .centre_lat = like->centre_lat};
    return HSD_OK;
}

void hsd_canvas_finish(hsd_canvas *canvas) {
    hsd_free(canvas->values);
    hsd_free(canvas->land);
    *canvas = (hsd_canvas){.values = NULL};
}

hsd_status hsd_canvas_shape(const hsd_canvas *canvas, int32_t level, uint32_t max_vertices,
                            hsd_geometry *out, hsd_error *err) {
    int32_t *gain = hsd_gain_plain(&canvas->field, level, err);
    if (!gain) return HSD_E_MEMORY;
    hsd_status status = hsd_shapes_make(&canvas->field, &level, &gain, 1, max_vertices, out, err);
    hsd_free(gain);
    return status;
}

static int32_t hinterland_value(const hsd_contest *contest, uint32_t origin, int64_t i, int64_t j,
                                uint32_t own, uint32_t cutoff_ms, uint8_t *land) {
    int64_t worst = (int64_t)own - cutoff_ms;
    for (size_t o = 0; o < contest->count; o++) {
        uint32_t ms;
        if (o == origin || !hsd_surface_time(&contest->surfaces[o], i, j, &ms, land)) continue;
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
    hsd_canvas canvas;
    hsd_status status = hsd_canvas_make(s, hsd_surface_box(s), &canvas, err);
    for (size_t p = 0; status == HSD_OK && p < (size_t)s->width * s->height; p++) {
        canvas.land[p] = s->land[p];
        if (s->ms[p] >= HSD_UNREACHABLE) continue;
        canvas.values[p] =
            hinterland_value(contest, origin, s->i0 + (int64_t)(p % s->width),
                             s->j0 + (int64_t)(p / s->width), s->ms[p], cutoff_ms, &canvas.land[p]);
    }
    if (status == HSD_OK)
        status = hsd_canvas_shape(&canvas, 0, max_vertices ? max_vertices : 2000, out, err);
    hsd_canvas_finish(&canvas);
    return status;
}
