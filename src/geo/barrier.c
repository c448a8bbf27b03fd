/* Barrier polygons: even-odd ray casting and segment crossings over the packed R-tree of their
 * segments. Coordinates are taken as plane lon/lat: rings are straight lines in it, as in the files
 * they came from. O(log n + k) a test, once more for every 16 touches of a leg along a shore. */
#include <math.h>

#include "base/memory.h"
#include "geo/barrier.h"

static int32_t e7_floor(double degrees) {
    double v = floor(degrees * 1e7);
    return v < -2e9 ? -2000000000 : v > 2e9 ? 2000000000 : (int32_t)v;
}
static int32_t e7_ceil(double degrees) {
    return -e7_floor(-degrees);
}

static hsd_box_e7 box_of(hsd_lonlat a, hsd_lonlat b) {
    return (hsd_box_e7){e7_floor(fmin(a.lon, b.lon)), e7_floor(fmin(a.lat, b.lat)),
                        e7_ceil(fmax(a.lon, b.lon)), e7_ceil(fmax(a.lat, b.lat))};
}

hsd_status hsd_barriers_index(const hsd_geometry *polygons, hsd_rtree *out, hsd_error *err) {
    *out = (hsd_rtree){0};
    size_t count = 0, points = polygons ? polygons->point_count : 0;
    if (points > UINT32_MAX / 2)
        return hsd_fail(err, HSD_E_MEMORY, "barriers have %zu points, too many", points);
    hsd_box_e7 *boxes = hsd_alloc(points, sizeof *boxes, err);
    uint32_t *items = hsd_alloc(points, sizeof *items, err);
    hsd_status status = boxes && items ? HSD_OK : HSD_E_MEMORY;
    size_t point = 0;
    for (size_t r = 0; status == HSD_OK && r < (polygons ? polygons->ring_count : 0); r++) {
        for (; point + 1 < polygons->ring_end[r]; point++) {
            boxes[count] = box_of(polygons->points[point], polygons->points[point + 1]);
            items[count++] = (uint32_t)point;
        }
        point = polygons->ring_end[r];
    }
    if (status == HSD_OK) status = hsd_rtree_build(boxes, items, (uint32_t)count, out, err);
    hsd_free(boxes);
    hsd_free(items);
    return status;
}

static bool any_barrier(const hsd_barriers *b) {
    return b && b->polygons && b->index && b->index->item_count > 0;
}

/* Sign of the turn a -> b -> c: > 0 left. */
static double turn(hsd_lonlat a, hsd_lonlat b, hsd_lonlat c) {
    return (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon);
}

typedef struct ray {
    const hsd_lonlat *points;
    hsd_lonlat from;
    bool inside, on_edge;
} ray;

/* Half-open in latitude, so that a ray through a vertex is counted once. */
static bool ray_meets(void *context, uint32_t item) {
    ray *r = context;
    hsd_lonlat a = r->points[item], b = r->points[item + 1], p = r->from;
    double side = turn(a, b, p);
    if (side == 0 && p.lon >= fmin(a.lon, b.lon) && p.lon <= fmax(a.lon, b.lon) &&
        p.lat >= fmin(a.lat, b.lat) && p.lat <= fmax(a.lat, b.lat)) {
        r->on_edge = true;
        return false;
    }
    if ((a.lat > p.lat) == (b.lat > p.lat)) return true;
    if ((b.lat > a.lat) == (side > 0)) r->inside = !r->inside; /* the crossing is east of p */
    return true;
}

bool hsd_barriers_contain(const hsd_barriers *barriers, double lon, double lat) {
    if (!any_barrier(barriers)) return false;
    const hsd_rtree *index = barriers->index;
    hsd_box_e7 all = index->boxes[index->box_count - 1];
    int32_t low = e7_floor(lat), high = e7_ceil(lat);
    hsd_box_e7 box = {e7_floor(lon), low, all.max_lon_e7, high};
    if (box.min_lon_e7 > all.max_lon_e7) return false;
    ray r = {barriers->polygons->points, {lon, lat}, false, false};
    hsd_rtree_query(index, box, ray_meets, &r);
    return r.inside && !r.on_edge;
}

/* Where a leg meets barrier segments: positions along the leg, to test the parts between them.
 * There may be any number of them, so they are taken some at a time, in order along the leg. */
#define TOUCHES 16
typedef struct crossing {
    const hsd_lonlat *points;
    hsd_lonlat from, to;
    bool crosses;
    double after;          /* only touches past it are kept, */
    double touch[TOUCHES]; /* the first ones, ascending: a vertex on the leg, a shore along it */
    int touches;
} crossing;

static void note_touch(crossing *c, hsd_lonlat p) {
    double dx = c->to.lon - c->from.lon, dy = c->to.lat - c->from.lat;
    double t = ((p.lon - c->from.lon) * dx + (p.lat - c->from.lat) * dy) / (dx * dx + dy * dy);
    if (!(t > c->after && t < 1)) return;
    int k = c->touches;
    while (k > 0 && c->touch[k - 1] > t) k--;
    if (k == TOUCHES || (k > 0 && c->touch[k - 1] == t)) return;
    if (c->touches < TOUCHES) c->touches++;
    for (int i = c->touches - 1; i > k; i--) c->touch[i] = c->touch[i - 1];
    c->touch[k] = t;
}

static bool leg_meets(void *context, uint32_t item) {
    crossing *c = context;
    hsd_lonlat a = c->points[item], b = c->points[item + 1];
    double from = turn(a, b, c->from), to = turn(a, b, c->to);
    double first = turn(c->from, c->to, a), second = turn(c->from, c->to, b);
    if (((from > 0 && to < 0) || (from < 0 && to > 0)) &&
        ((first > 0 && second < 0) || (first < 0 && second > 0))) {
        c->crosses = true;
        return false;
    }
    if (first == 0) note_touch(c, a); /* the leg's line passes a vertex of the shore */
    if (second == 0) note_touch(c, b);
    return true;
}

/* Without a proper crossing each part between touches is wholly inside or wholly outside. */
bool hsd_barriers_cross(const hsd_barriers *barriers, hsd_lonlat from, hsd_lonlat to) {
    if (!any_barrier(barriers) || (from.lon == to.lon && from.lat == to.lat)) return false;
    crossing c = {.points = barriers->polygons->points, .from = from, .to = to};
    for (bool more = true; more;) {
        c.touches = 0;
        hsd_rtree_query(barriers->index, box_of(from, to), leg_meets, &c);
        if (c.crosses) return true;
        more = c.touches == TOUCHES;
        for (int i = 0; i <= c.touches; i++) {
            if (i == c.touches && more) break; /* what follows the last comes next time */
            double end = i < c.touches ? c.touch[i] : 1, t = (c.after + end) / 2;
            if (hsd_barriers_contain(barriers, from.lon + t * (to.lon - from.lon),
                                     from.lat + t * (to.lat - from.lat)))
                return true;
            c.after = end;
        }
    }
    return false;
}

static bool found_one(void *context, uint32_t item) {
    (void)item;
    *(bool *)context = true;
    return false;
}

bool hsd_barriers_clear(const hsd_barriers *barriers, hsd_box_e7 box) {
    if (!any_barrier(barriers)) return true;
    bool found = false;
    hsd_rtree_query(barriers->index, box, found_one, &found);
    return !found;
}
