/* Zones by their boxes, and each by the segments of its border: what holds a point is looked for
 * among the few whose box does. O(log zones + log corners of those). */
#include "study/zone_index.h"

#include <math.h>

#include "base/memory.h"
#include "geo/barrier.h"
#include "geo/geometry.h"

static hsd_box_e7 box_of(const hsd_geometry *g) {
    double west = 180, east = -180, south = 90, north = -90;
    for (size_t i = 0; i < g->point_count; i++) {
        west = fmin(west, g->points[i].lon);
        east = fmax(east, g->points[i].lon);
        south = fmin(south, g->points[i].lat);
        north = fmax(north, g->points[i].lat);
    }
    return (hsd_box_e7){(int32_t)floor(west * 1e7), (int32_t)floor(south * 1e7),
                        (int32_t)ceil(east * 1e7), (int32_t)ceil(north * 1e7)};
}

hsd_status hsd_zone_index_make(const hsd_place_table *zones, hsd_zone_index *out, hsd_error *err) {
    const size_t count = zones->place_count;
    *out = (hsd_zone_index){.zones = zones};
    hsd_box_e7 *boxes = hsd_alloc(count, sizeof *boxes, err);
    out->borders = hsd_calloc(count, sizeof *out->borders, err);
    hsd_status status = boxes && out->borders ? HSD_OK : HSD_E_MEMORY;
    for (size_t z = 0; status == HSD_OK && z < count; z++) {
        const hsd_geometry *shape = &zones->places[z].geometry;
        boxes[z] = box_of(shape);
        if (shape->type == HSD_GEOMETRY_POLYGON)
            status = hsd_barriers_index(shape, &out->borders[z], err);
    }
    if (status == HSD_OK) status = hsd_rtree_build(boxes, NULL, (uint32_t)count, &out->boxes, err);
    hsd_free(boxes);
    if (status != HSD_OK) hsd_zone_index_finish(out);
    return status;
}

typedef struct seeking {
    const hsd_zone_index *index;
    hsd_lonlat at;
    size_t inside, on_border; /* the lowest */
} seeking;

static bool look_at(void *context, uint32_t zone) {
    seeking *s = context;
    const hsd_geometry *shape = &s->index->zones->places[zone].geometry;
    const hsd_barriers borders = {shape, &s->index->borders[zone]};
    if (shape->type != HSD_GEOMETRY_POLYGON) return true;
    if (hsd_barriers_contain(&borders, s->at.lon, s->at.lat)) {
        if (zone < s->inside) s->inside = zone;
    } else if (!hsd_barriers_clear(&borders, hsd_box_around(s->at.lon, s->at.lat, 0.1)) &&
               zone < s->on_border && hsd_geometry_holds(shape, s->at)) {
        s->on_border = zone;
    }
    return true;
}

size_t hsd_zone_index_at(const hsd_zone_index *index, hsd_lonlat at) {
    seeking s = {index, at, SIZE_MAX, SIZE_MAX};
    const int32_t lon = (int32_t)lround(at.lon * 1e7), lat = (int32_t)lround(at.lat * 1e7);
    hsd_rtree_query(&index->boxes, (hsd_box_e7){lon, lat, lon, lat}, look_at, &s);
    return s.inside != SIZE_MAX ? s.inside : s.on_border;
}

void hsd_zone_index_finish(hsd_zone_index *index) {
    for (size_t z = 0; index->borders && z < index->zones->place_count; z++)
        hsd_rtree_finish(&index->borders[z]);
    hsd_free(index->borders);
    hsd_rtree_finish(&index->boxes);
    *index = (hsd_zone_index){0};
}
