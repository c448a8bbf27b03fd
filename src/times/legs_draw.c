/* The lines of legs. Streets are drawn as their edges are. A ride follows its trip's shape from
 * where the boarding stop lies on it to where the alighting one does (shape_match.c), else from
 * stop to stop. */
#include "times/legs.h"

#include "base/memory.h"
#include "times/shape_match.h"

static hsd_lonlat lonlat_of(hsd_point_e7 p) {
    return (hsd_lonlat){p.lon_e7 / 1e7, p.lat_e7 / 1e7};
}

bool hsd_legs_add_point(hsd_legs *legs, hsd_lonlat at, hsd_error *err) {
    const size_t first = legs->legs[legs->count - 1].first_point;
    if (legs->point_count > first) {
        const hsd_lonlat last = legs->points[legs->point_count - 1];
        if (last.lon == at.lon && last.lat == at.lat) return true;
    }
    if (legs->point_count == legs->point_capacity &&
        !hsd_array_grow((void **)(void *)&legs->points, &legs->point_capacity,
                        legs->point_count + 1, sizeof *legs->points, err))
        return false;
    legs->points[legs->point_count++] = at;
    return true;
}

static bool add_to_legs(void *legs, hsd_lonlat at, hsd_error *err) {
    return hsd_legs_add_point(legs, at, err);
}

bool hsd_legs_add_track(hsd_legs *legs, const hsd_locator *locator, const hsd_track *track,
                        hsd_error *err) {
    for (size_t i = 0; i < track->step_count; i++)
        if (!hsd_track_step_line(locator, &track->steps[i], add_to_legs, legs, err)) return false;
    return true;
}

/* ---- Shapes
 * --------------------------------------------------------------------------------------- */

static hsd_status along_shape(hsd_legs *legs, const hsd_timetable *timetable, uint32_t trip,
                              uint32_t from_call, uint32_t to_call, hsd_error *err) {
    const uint32_t count = to_call - from_call + 1;
    const hsd_shape_row *shape = &timetable->shapes[timetable->trips[trip].shape];
    const hsd_point_e7 *points = timetable->shape_points + shape->first_point;
    hsd_shape_place *places = hsd_alloc(count, sizeof *places, err);
    hsd_status status = places ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = hsd_shape_match(timetable, trip, from_call, count, places, err);
    if (status == HSD_OK) {
        const hsd_shape_place *first = &places[0], *last = &places[count - 1];
        bool ok = hsd_legs_add_point(legs, first->at, err);
        for (uint32_t p = first->segment + 1; ok && p <= last->segment; p++)
            ok = hsd_legs_add_point(legs, lonlat_of(points[p]), err);
        if (ok && (first->segment != last->segment || last->fraction > first->fraction))
            ok = hsd_legs_add_point(legs, last->at, err);
        if (!ok) status = HSD_E_MEMORY;
    }
    hsd_free(places);
    return status;
}

hsd_status hsd_legs_add_ride(hsd_legs *legs, const hsd_timetable *timetable, uint32_t trip,
                             uint32_t from_call, uint32_t to_call, hsd_error *err) {
    if (hsd_shape_fits(timetable, trip, to_call - from_call + 1))
        return along_shape(legs, timetable, trip, from_call, to_call, err);
    for (uint32_t c = from_call; c <= to_call; c++) {
        const hsd_stop_row *stop = &timetable->stops[timetable->calls[c].stop];
        if (!hsd_legs_add_point(legs, (hsd_lonlat){stop->lon, stop->lat}, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}
