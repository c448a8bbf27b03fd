/* Water from closed ways, multipolygons and coastlines (docs/methods.md, section 1, water): all
 * pieces go into one heap of polygons, which GEOS unites; small ones are dropped at the end, so
 * that a river drawn in pieces is not lost. O(n log n) for n shore points, and the union. */
#include "read/osm_water.h"

#include "geo/geos.h"
#include "read/osm_groups.h"
#include "read/osm_rings.h"

#define MIN_AREA_M2 10000.0
#define MARGIN_E7 1000000 /* 0.1 degrees around the streets */

typedef struct water {
    const hsd_osm_raw *raw;
    hsd_road_table *table;
    hsd_osm_shape all; /* polygons, overlapping as they come */
    uint8_t *outer;    /* by shore: bounds a water relation from outside */
    size_t open_count; /* chains closed by straight lines */
    int64_t first_open;
} water;

static bool is_found(const hsd_osm_raw *raw, size_t rank) {
    return raw->node_state[rank] & HSD_OSM_NODE_FOUND;
}

static hsd_lonlat position(const hsd_osm_raw *raw, size_t rank) {
    hsd_point_e7 p = raw->points[rank];
    return (hsd_lonlat){p.lon_e7 / 1e7, p.lat_e7 / 1e7};
}

enum { SKIP_MISSING, CUT_AT_MISSING };

/* Adds the way's points; the caller ends the line or polygon. */
static hsd_status add_points(const hsd_osm_raw *raw, const hsd_osm_raw_shore *shore, int missing,
                             hsd_osm_shape *out, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < shore->head.count && status == HSD_OK; i++) {
        size_t rank = hsd_osm_ids_find(&raw->nodes, raw->shore_refs.data[shore->head.first + i]);
        if (is_found(raw, rank))
            status = hsd_osm_shape_point(out, position(raw, rank), err);
        else if (missing == CUT_AT_MISSING)
            status = hsd_osm_shape_end_line(out, err);
    }
    return status;
}

static bool is_closed(const hsd_osm_raw *raw, const hsd_osm_raw_shore *shore) {
    const int64_t *refs = raw->shore_refs.data + shore->head.first;
    return shore->head.count >= 4 && refs[0] == refs[shore->head.count - 1];
}

/* ---- Multipolygons ---- */

static bool counts_as_water(const hsd_osm_raw *raw, const hsd_osm_raw_relation *relation) {
    if (relation->water) return true;
    for (size_t i = 0; i < relation->head.count; i++) {
        const hsd_osm_raw_member *m = &raw->members.data[relation->head.first + i];
        const hsd_osm_raw_shore *shore = hsd_osm_raw_shore_of(raw, m->ref);
        if (m->role == HSD_OSM_OUTER && shore && (shore->kinds & HSD_OSM_SHORE_WATER)) return true;
    }
    return false;
}

/* A closed way is a ring of its own even where its first node, which is its last, is missing. */
static hsd_status add_member(const hsd_osm_raw *raw, const hsd_osm_raw_shore *shore,
                             hsd_osm_shape *lines, hsd_osm_shape *rings, hsd_error *err) {
    bool closed = is_closed(raw, shore);
    hsd_osm_shape *out = closed ? rings : lines;
    hsd_status status = add_points(raw, shore, SKIP_MISSING, out, err);
    if (status != HSD_OK) return status;
    return closed ? hsd_osm_shape_end_polygon(out, err) : hsd_osm_shape_end_line(out, err);
}

/* The rings of all members with this role. */
static hsd_status rings_of(water *w, const hsd_osm_raw_relation *relation, int role,
                           hsd_osm_shape *rings, hsd_error *err) {
    hsd_osm_shape lines = {0};
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < relation->head.count && status == HSD_OK; i++) {
        const hsd_osm_raw_member *m = &w->raw->members.data[relation->head.first + i];
        const hsd_osm_raw_shore *shore = hsd_osm_raw_shore_of(w->raw, m->ref);
        if (m->role != role || !shore) continue;
        if (role == HSD_OSM_OUTER) w->outer[shore - w->raw->shores.data] = 1;
        status = add_member(w->raw, shore, &lines, rings, err);
    }
    size_t open_count = 0;
    hsd_geometry view = hsd_osm_shape_view(&lines, HSD_GEOMETRY_LINE);
    if (status == HSD_OK && view.ring_count)
        status =
            hsd_osm_rings(&view, role == HSD_OSM_OUTER ? HSD_OSM_CLOSE_OPEN : HSD_OSM_LEAVE_OPEN,
                          rings, &open_count, err);
    if (role == HSD_OSM_OUTER && open_count) {
        if (w->open_count == 0) w->first_open = relation->head.id;
        w->open_count += open_count;
    }
    hsd_osm_shape_finish(&lines);
    return status;
}

static hsd_status copy_all(hsd_osm_shape *to, const hsd_geometry *from, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t p = 0; p < from->polygon_count && status == HSD_OK; p++)
        status = hsd_osm_shape_copy(to, from, p, err);
    return status;
}

static hsd_status subtract(water *w, const hsd_geometry *outer, const hsd_geometry *inner,
                           hsd_error *err) {
    hsd_geometry whole = {0}, holes = {0}, rest = {0};
    hsd_status status = hsd_geos_union(outer, &whole, err);
    if (status == HSD_OK) status = hsd_geos_union(inner, &holes, err);
    if (status == HSD_OK) status = hsd_geos_difference(&whole, &holes, &rest, err);
    if (status == HSD_OK) status = copy_all(&w->all, &rest, err);
    hsd_geometry_finish(&whole);
    hsd_geometry_finish(&holes);
    hsd_geometry_finish(&rest);
    return status;
}

static hsd_status add_relation(water *w, const hsd_osm_raw_relation *relation, hsd_error *err) {
    hsd_osm_shape outer = {0}, inner = {0};
    hsd_status status = rings_of(w, relation, HSD_OSM_OUTER, &outer, err);
    if (status == HSD_OK) status = rings_of(w, relation, HSD_OSM_INNER, &inner, err);
    hsd_geometry whole = hsd_osm_shape_view(&outer, HSD_GEOMETRY_POLYGON);
    hsd_geometry holes = hsd_osm_shape_view(&inner, HSD_GEOMETRY_POLYGON);
    if (status == HSD_OK)
        status = holes.polygon_count && whole.polygon_count ? subtract(w, &whole, &holes, err)
                                                            : copy_all(&w->all, &whole, err);
    hsd_osm_shape_finish(&outer);
    hsd_osm_shape_finish(&inner);
    return status;
}

/* ---- Closed ways and the sea ---- */

static hsd_status add_closed_ways(water *w, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < w->raw->shores.count && status == HSD_OK; i++) {
        const hsd_osm_raw_shore *shore = &w->raw->shores.data[i];
        bool counts = (shore->kinds & HSD_OSM_SHORE_WATER) && !w->outer[i];
        if (!counts || !is_closed(w->raw, shore)) continue;
        status = add_points(w->raw, shore, SKIP_MISSING, &w->all, err);
        if (status == HSD_OK) status = hsd_osm_shape_end_polygon(&w->all, err);
    }
    return status;
}

static double grown(int32_t value, int32_t by, int32_t limit) {
    int64_t sum = (int64_t)value + by;
    if (sum > limit) sum = limit;
    if (sum < -(int64_t)limit) sum = -(int64_t)limit;
    return (double)sum / 1e7;
}

static hsd_status add_sea_of(water *w, const hsd_geometry *coast, hsd_box_e7 box, hsd_error *err) {
    hsd_lonlat min = {grown(box.min_lon_e7, -MARGIN_E7, 1800000000),
                      grown(box.min_lat_e7, -MARGIN_E7, 900000000)};
    hsd_lonlat max = {grown(box.max_lon_e7, MARGIN_E7, 1800000000),
                      grown(box.max_lat_e7, MARGIN_E7, 900000000)};
    return hsd_osm_sea(coast, min, max, &w->all, err);
}

static hsd_status add_sea(water *w, hsd_error *err) {
    hsd_osm_shape coast = {0};
    hsd_osm_boxes boxes = {0};
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < w->raw->shores.count && status == HSD_OK; i++) {
        const hsd_osm_raw_shore *shore = &w->raw->shores.data[i];
        if (!(shore->kinds & HSD_OSM_SHORE_COAST)) continue;
        status = add_points(w->raw, shore, CUT_AT_MISSING, &coast, err);
        if (status == HSD_OK) status = hsd_osm_shape_end_line(&coast, err);
    }
    hsd_geometry lines = hsd_osm_shape_view(&coast, HSD_GEOMETRY_LINE);
    if (status == HSD_OK && lines.ring_count)
        status = hsd_osm_groups(w->table->nodes, w->table->node_count, &boxes, err);
    for (size_t i = 0; i < boxes.count && status == HSD_OK; i++)
        status = add_sea_of(w, &lines, boxes.data[i], err);
    hsd_osm_shape_finish(&coast);
    hsd_array_finish(&boxes);
    return status;
}

/* ---- All together ---- */

static hsd_status keep_large(const hsd_geometry *united, hsd_geometry *out, hsd_error *err) {
    hsd_osm_shape kept = {0}, one = {0};
    hsd_status status = HSD_OK;
    for (size_t p = 0; p < united->polygon_count && status == HSD_OK; p++) {
        one.points.count = one.ring_end.count = one.polygon_end.count = 0;
        status = hsd_osm_shape_copy(&one, united, p, err);
        if (status != HSD_OK) break;
        hsd_geometry view = hsd_osm_shape_view(&one, HSD_GEOMETRY_POLYGON);
        if (hsd_geometry_area_m2(&view) >= MIN_AREA_M2)
            status = hsd_osm_shape_copy(&kept, united, p, err);
    }
    hsd_osm_shape_finish(&one);
    *out = hsd_osm_shape_view(&kept, HSD_GEOMETRY_POLYGON); /* its arrays are the geometry's now */
    if (status != HSD_OK || kept.polygon_end.count == 0) {
        hsd_osm_shape_finish(&kept);
        *out = (hsd_geometry){0};
    }
    return status;
}

static hsd_status unite(water *w, hsd_error *err) {
    hsd_geometry heap = hsd_osm_shape_view(&w->all, HSD_GEOMETRY_POLYGON), united = {0};
    if (heap.polygon_count == 0) return HSD_OK;
    hsd_status status = hsd_geos_union(&heap, &united, err);
    if (status == HSD_OK) status = keep_large(&united, &w->table->water, err);
    hsd_geometry_finish(&united);
    return status;
}

hsd_status hsd_osm_water_add(const hsd_osm_raw *raw, hsd_road_table *table, hsd_error *err) {
    table->has_water = raw->has_water;
    if (!raw->has_water) return HSD_OK;
    water w = {.raw = raw, .table = table};
    w.outer = hsd_calloc(raw->shores.count, sizeof *w.outer, err);
    hsd_status status = w.outer ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; i < raw->waters.count && status == HSD_OK; i++)
        if (counts_as_water(raw, &raw->waters.data[i]))
            status = add_relation(&w, &raw->waters.data[i], err);
    if (status == HSD_OK) status = add_closed_ways(&w, err);
    if (status == HSD_OK) status = add_sea(&w, err);
    if (status == HSD_OK) status = unite(&w, err);
    if (status == HSD_OK && w.open_count)
        status = hsd_road_table_note(table, err,
                                     "%zu shores of water closed by straight lines, the file has "
                                     "only a part of them (first: relation %lld)",
                                     w.open_count, (long long)w.first_open);
    hsd_free(w.outer);
    hsd_osm_shape_finish(&w.all);
    return status;
}
