/* The course of sections along the shapes of their trips. All calls of a trip are matched together
 * (times/shape_match.h), once, whatever number of sections is drawn after it. A stop further than
 * 300 m from its place leaves its sections straight. */
#include <stdlib.h>

#include "study/line_sections.h"
#include "times/shape_match.h"

static const double FARTHEST_M = 300;

typedef HSD_ARRAY(hsd_shape_place) place_list;

static bool add(hsd_line_sections *out, hsd_line_section *s, hsd_lonlat at, hsd_error *err) {
    s->point_count++;
    return hsd_array_push(&out->points, at, err);
}

static hsd_lonlat stop_at(const hsd_timetable *t, uint32_t call) {
    const hsd_stop_row *stop = &t->stops[t->calls[call].stop];
    return (hsd_lonlat){stop->lon, stop->lat};
}

/* From the stop along the shape to the other stop; places: of the trip's calls, none: straight. */
static bool draw(const hsd_timetable *t, const place_list *places, hsd_line_sections *out,
                 hsd_line_section *s, hsd_error *err) {
    const hsd_trip_row *trip = &t->trips[s->trip];
    s->first_point = out->points.count;
    s->point_count = 0;
    if (!add(out, s, stop_at(t, s->call), err)) return false;
    if (places->count > 0) {
        const hsd_point_e7 *points = t->shape_points + t->shapes[trip->shape].first_point;
        const hsd_shape_place *a = &places->data[s->call - trip->first_call], *b = a + 1;
        const bool near = a->away_m <= FARTHEST_M && b->away_m <= FARTHEST_M;
        for (uint32_t j = a->segment + 1; near && j <= b->segment; j++) {
            const hsd_lonlat at = {points[j].lon_e7 / 1e7, points[j].lat_e7 / 1e7};
            if (!add(out, s, at, err)) return false;
        }
    }
    return add(out, s, stop_at(t, s->call + 1), err);
}

static hsd_status match(const hsd_timetable *t, uint32_t trip, place_list *places, hsd_error *err) {
    const hsd_trip_row *row = &t->trips[trip];
    places->count = 0;
    if (!hsd_shape_fits(t, trip, row->call_count)) return HSD_OK;
    if (!hsd_array_reserve(places, row->call_count, err)) return HSD_E_MEMORY;
    places->count = row->call_count;
    return hsd_shape_match(t, trip, row->first_call, row->call_count, places->data, err);
}

typedef struct drawn {
    uint32_t trip, section;
} drawn;

static int by_trip(const void *a, const void *b) {
    const drawn *x = a, *y = b;
    if (x->trip != y->trip) return x->trip < y->trip ? -1 : 1;
    return (x->section > y->section) - (x->section < y->section);
}

hsd_status hsd_line_shapes(const hsd_timetable *t, hsd_line_sections *sections, hsd_error *err) {
    const size_t count = sections->list.count;
    place_list places = {0};
    drawn *order = hsd_alloc(count, sizeof *order, err);
    hsd_status status = order ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; order && i < count; i++)
        order[i] = (drawn){sections->list.data[i].trip, (uint32_t)i};
    if (order && count > 1) qsort(order, count, sizeof *order, by_trip);
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        hsd_line_section *s = &sections->list.data[order[i].section];
        if (i == 0 || order[i - 1].trip != s->trip) status = match(t, s->trip, &places, err);
        if (status == HSD_OK && !draw(t, &places, sections, s, err)) status = HSD_E_MEMORY;
    }
    hsd_free(order);
    hsd_array_finish(&places);
    return status;
}
