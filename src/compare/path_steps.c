/* Steps of a path and their lines, one after the other: a step begins when the one before it ends.
 */
#include <string.h>

#include "compare/path.h"
#include "times/locator.h"

static bool add_point(hsd_path *path, hsd_lonlat point, hsd_error *err) {
    if (path->point_count == path->point_capacity &&
        !hsd_array_grow((void **)(void *)&path->points, &path->point_capacity,
                        path->point_count + 1, sizeof *path->points, err))
        return false;
    path->points[path->point_count++] = point;
    path->steps[path->step_count - 1].point_count++;
    return true;
}

static bool add_step(hsd_path *path, hsd_path_step step, uint32_t ms, hsd_error *err) {
    if (path->step_count == path->step_capacity &&
        !hsd_array_grow((void **)(void *)&path->steps, &path->step_capacity, path->step_count + 1,
                        sizeof *path->steps, err))
        return false;
    step.in_ms = path->total_ms;
    path->total_ms = step.out_ms = hsd_ms_add(path->total_ms, ms);
    step.first_point = path->point_count;
    step.point_count = 0;
    path->steps[path->step_count++] = step;
    return true;
}

hsd_status hsd_path_add_leg(hsd_path *path, const hsd_lonlat *line, size_t point_count, uint32_t ms,
                            hsd_error *err) {
    const hsd_lonlat last = line[point_count - 1];
    if (ms == 0 && line[0].lon == last.lon && line[0].lat == last.lat) return HSD_OK;
    if (!add_step(path, (hsd_path_step){.kind = HSD_STEP_LEG}, ms, err)) return HSD_E_MEMORY;
    for (size_t i = 0; i < point_count; i++)
        if (!add_point(path, line[i], err)) return HSD_E_MEMORY;
    return HSD_OK;
}

static bool add_to_path(void *path, hsd_lonlat at, hsd_error *err) {
    return add_point(path, at, err);
}

hsd_status hsd_path_add_track(hsd_path *path, const hsd_locator *locator, const hsd_track *track,
                              hsd_error *err) {
    for (size_t i = 0; i < track->step_count; i++) {
        const hsd_track_step *from = &track->steps[i];
        const hsd_path_step step = {.kind = HSD_STEP_EDGE,
                                    .id = from->directed_edge / 2,
                                    .direction = from->directed_edge & 1};
        const uint32_t ms =
            from->in_ms > from->out_ms ? from->in_ms - from->out_ms : from->out_ms - from->in_ms;
        if (!add_step(path, step, ms, err) ||
            !hsd_track_step_line(locator, from, add_to_path, path, err))
            return HSD_E_MEMORY;
    }
    return HSD_OK;
}

hsd_status hsd_path_add_piece(hsd_path *path, const hsd_resolved *resolved, uint32_t added,
                              uint32_t direction, hsd_error *err) {
    const hsd_added *piece = &resolved->added[added];
    const hsd_path_step step = {.kind = HSD_STEP_LINK, .id = added, .direction = direction};
    if (!add_step(path, step, piece->ms[direction], err)) return HSD_E_MEMORY;
    for (uint32_t i = 0; i < piece->point_count; i++) {
        const uint32_t k = direction == HSD_FORWARD ? i : piece->point_count - 1 - i;
        if (!add_point(path, resolved->points[piece->first_point + k], err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

hsd_status hsd_path_add_path(hsd_path *path, const hsd_path *more, hsd_error *err) {
    for (size_t s = 0; s < more->step_count; s++) {
        const hsd_path_step *step = &more->steps[s];
        if (!add_step(path, *step, step->out_ms - step->in_ms, err)) return HSD_E_MEMORY;
        for (size_t i = 0; i < step->point_count; i++)
            if (!add_point(path, more->points[step->first_point + i], err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

void hsd_path_finish(hsd_path *path) {
    hsd_free(path->steps);
    hsd_free(path->points);
    *path = (hsd_path){0};
}
