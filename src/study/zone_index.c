/* Zones by their boxes: what holds a point is looked for among the few whose box does. O(log zones
 * + corners of those). */
#include "study/zone_index.h"

#include <math.h>

#include "base/memory.h"
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
    *out = (hsd_zone_index){.zones = zones};
    hsd_box_e7 *boxes = hsd_alloc(zones->place_count, sizeof *boxes, err);
    if (!boxes) return HSD_E_MEMORY;
    for (size_t z = 0; z < zones->place_count; z++) boxes[z] = box_of(&zones->places[z].geometry);
    hsd_status status =
        hsd_rtree_build(boxes, NULL, (uint32_t)zones->place_count, &out->boxes, err);
    hsd_free(boxes);
    return status;
}

typedef struct seeking {
    const hsd_place_table *zones;
    hsd_lonlat at;
    size_t found;
} seeking;

static bool take_first(void *context, uint32_t zone) {
    seeking *s = context;
    if (zone < s->found && s->zones->places[zone].geometry.type == HSD_GEOMETRY_POLYGON &&
        hsd_geometry_holds(&s->zones->places[zone].geometry, s->at))
        s->found = zone;
    return true;
}

size_t hsd_zone_index_at(const hsd_zone_index *index, hsd_lonlat at) {
    seeking s = {index->zones, at, SIZE_MAX};
    const int32_t lon = (int32_t)lround(at.lon * 1e7), lat = (int32_t)lround(at.lat * 1e7);
    hsd_rtree_query(&index->boxes, (hsd_box_e7){lon, lat, lon, lat}, take_first, &s);
    return s.found;
}

void hsd_zone_index_finish(hsd_zone_index *index) {
    hsd_rtree_finish(&index->boxes);
}
