/* Zone by zone, the sources whose boxes meet its box, from an R-tree of them. Most lie wholly in or
 * out: told by corners where the zone is convex, else by its edges near them. Where both are not
 * convex GEOS cuts them, else Sutherland and Hodgman do. A border is drawn by two zones with the
 * same ends, so a point near it is held against the same numbers from both sides and lies in
 * exactly one of them. O((zones + sources) log sources + cut corners). */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "geo/barrier.h"
#include "geo/clip.h"
#include "geo/geos.h"
#include "read/overlap.h"

/* Parts smaller than this, of a source, are no more than rounding. */
static const double least_part = 1e-12, nearly_all = 1e-9;

typedef struct source_state {
    double area_m2, held_m2; /* of a point: 1 once a zone has it */
    bool convex;
} source_state;

typedef struct search {
    const hsd_place_table *sources;
    source_state *states;
    hsd_rtree tree;
    hsd_overlaps *out;
    hsd_clip_scratch scratch;
    /* the zone at hand */
    const hsd_geometry *zone;
    uint32_t zone_row;
    bool convex;
    hsd_rtree edges; /* none of convex zones */
    hsd_status status;
    hsd_error *err;
} search;

static int32_t e7(double degrees, double up) {
    return (int32_t)fmin(fmax(floor(degrees * 1e7) + up, -2e9), 2e9);
}

static hsd_box_e7 box_of(const hsd_geometry *g) {
    hsd_lonlat low = g->points[0], high = g->points[0];
    for (size_t i = 1; i < g->point_count; i++) {
        low = (hsd_lonlat){fmin(low.lon, g->points[i].lon), fmin(low.lat, g->points[i].lat)};
        high = (hsd_lonlat){fmax(high.lon, g->points[i].lon), fmax(high.lat, g->points[i].lat)};
    }
    return (hsd_box_e7){e7(low.lon, 0), e7(low.lat, 0), e7(high.lon, 1), e7(high.lat, 1)};
}

/* ---- Does the zone hold a point? ---- */

typedef struct ray {
    const hsd_lonlat *points;
    hsd_lonlat from;
    bool inside, on_border;
} ray;

/* Edges are taken from their south end (from the west where level), whoever draws them: the same
 * arithmetic for both sides of a border. Half-open in latitude, so that a vertex counts once. */
static bool ray_meets(void *context, uint32_t item) {
    ray *r = context;
    const hsd_lonlat p = r->from;
    hsd_lonlat a = r->points[item], b = r->points[item + 1];
    if (a.lat > b.lat || (a.lat == b.lat && a.lon > b.lon)) {
        const hsd_lonlat swap = a;
        a = b;
        b = swap;
    }
    if (p.lat < a.lat || p.lat > b.lat) return true;
    const double side = (b.lon - a.lon) * (p.lat - a.lat) - (b.lat - a.lat) * (p.lon - a.lon);
    r->on_border = side == 0 && p.lon >= fmin(a.lon, b.lon) && p.lon <= fmax(a.lon, b.lon);
    if (r->on_border) return false;
    if (p.lat < b.lat && side > 0) r->inside = !r->inside; /* the edge is east of p */
    return true;
}

static bool zone_holds(const search *s, hsd_lonlat p) {
    const hsd_geometry *zone = s->zone;
    ray r = {zone->points, p, false, false};
    if (s->edges.item_count) {
        const hsd_box_e7 all = s->edges.boxes[s->edges.box_count - 1];
        const hsd_box_e7 east = {e7(p.lon, 0), e7(p.lat, 0), all.max_lon_e7, e7(p.lat, 1)};
        hsd_rtree_query(&s->edges, east, ray_meets, &r);
    } else {
        for (size_t k = 0, i = 0; k < zone->ring_count && !r.on_border; i = zone->ring_end[k++])
            for (; i + 1 < zone->ring_end[k] && ray_meets(&r, (uint32_t)i); i++) {
            }
    }
    return r.inside || r.on_border;
}

/* ---- How much of a polygon lies in the zone ---- */

static bool found_one(void *context, uint32_t item) {
    (void)item;
    *(bool *)context = true;
    return false;
}

/* Whether the zone has it all or nothing of it, where that is seen at once. */
static bool whole(const search *s, const hsd_geometry *g, bool *inside) {
    *inside = false;
    if (s->convex) {
        const hsd_geometry *z = s->zone;
        for (size_t i = 0; i + 1 < z->point_count; i++) {
            const hsd_lonlat a = z->points[i], b = z->points[i + 1];
            for (size_t k = 0; k < g->point_count; k++)
                if ((b.lon - a.lon) * (g->points[k].lat - a.lat) <
                    (b.lat - a.lat) * (g->points[k].lon - a.lon))
                    return false;
        }
        *inside = true;
        return true;
    }
    bool edge = false;
    hsd_rtree_query(&s->edges, box_of(g), found_one, &edge);
    if (!edge) *inside = zone_holds(s, g->points[0]);
    return !edge;
}

static hsd_status held_area(search *s, const hsd_geometry *g, const source_state *state,
                            double *area) {
    bool inside;
    *area = 0;
    if (whole(s, g, &inside)) {
        if (inside) *area = state->area_m2;
        return HSD_OK;
    }
    if (s->convex) return hsd_clip_area_m2(g, s->zone, &s->scratch, area, s->err);
    if (state->convex) return hsd_clip_area_m2(s->zone, g, &s->scratch, area, s->err);
    hsd_geometry both;
    hsd_status status = hsd_geos_intersection(s->zone, g, &both, s->err);
    if (status != HSD_OK) return status;
    *area = hsd_plane_area_m2(&both);
    hsd_geometry_finish(&both);
    return HSD_OK;
}

static bool add_source(void *context, uint32_t item) {
    search *s = context;
    source_state *state = &s->states[item];
    const hsd_geometry *g = &s->sources->places[item].geometry;
    double held = 0;
    if (g->type == HSD_GEOMETRY_POINT) {
        held = state->held_m2 == 0 && zone_holds(s, g->points[0]) ? 1 : 0;
    } else {
        s->status = held_area(s, g, state, &held);
        if (s->status != HSD_OK) return false;
    }
    if (!(held > least_part * state->area_m2)) return true;
    state->held_m2 += held;
    const hsd_overlap found = {s->zone_row, item, held};
    if (!hsd_array_push(&s->out->list, found, s->err)) s->status = HSD_E_MEMORY;
    return s->status == HSD_OK;
}

/* ---- All zones ---- */

static hsd_status one_zone(search *s, const hsd_place_table *zones, uint32_t z) {
    const hsd_place *place = &zones->places[z];
    if (place->fault) return HSD_OK;
    if (place->geometry.type != HSD_GEOMETRY_POLYGON)
        return hsd_fail(s->err, HSD_E_ARGUMENT,
                        "zone %s is a point: it holds nothing; a polygon was expected", place->id);
    s->zone = &place->geometry;
    s->zone_row = z;
    s->convex = hsd_geometry_convex(s->zone);
    s->status = s->convex ? HSD_OK : hsd_barriers_index(s->zone, &s->edges, s->err);
    if (s->status == HSD_OK) hsd_rtree_query(&s->tree, box_of(s->zone), add_source, s);
    hsd_rtree_finish(&s->edges);
    s->edges = (hsd_rtree){0};
    return s->status;
}

static hsd_status prepare(search *s, hsd_error *err) {
    const size_t n = s->sources->place_count;
    s->states = hsd_calloc(n, sizeof *s->states, err);
    hsd_box_e7 *boxes = hsd_alloc(n, sizeof *boxes, err);
    uint32_t *items = hsd_alloc(n, sizeof *items, err);
    hsd_status status = s->states && boxes && items ? HSD_OK : HSD_E_MEMORY;
    uint32_t count = 0;
    for (size_t i = 0; i < n && status == HSD_OK; i++) {
        const hsd_place *place = &s->sources->places[i];
        if (place->fault || place->geometry.point_count == 0) continue;
        const bool point = place->geometry.type == HSD_GEOMETRY_POINT;
        s->states[i].area_m2 = point ? 1 : hsd_plane_area_m2(&place->geometry);
        s->states[i].convex = !point && hsd_geometry_convex(&place->geometry);
        boxes[count] = box_of(&place->geometry);
        items[count++] = (uint32_t)i;
    }
    if (status == HSD_OK) status = hsd_rtree_build(boxes, items, count, &s->tree, err);
    hsd_free(boxes);
    hsd_free(items);
    return status;
}

/* Areas to shares. A source that the zones cover but for rounding is theirs altogether. */
static void make_shares(const search *s) {
    for (size_t i = 0; i < s->out->list.count; i++) {
        hsd_overlap *o = &s->out->list.data[i];
        const source_state *state = &s->states[o->source];
        o->share /=
            state->held_m2 > state->area_m2 * (1 - nearly_all) ? state->held_m2 : state->area_m2;
    }
}

hsd_status hsd_overlaps_find(const hsd_place_table *zones, const hsd_place_table *sources,
                             const hsd_run *run, hsd_overlaps *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    if (zones->place_count > UINT32_MAX / 2 || sources->place_count > UINT32_MAX / 2)
        return hsd_fail(err, HSD_E_MEMORY, "too many places to lay over each other");
    search s = {.sources = sources, .out = out, .err = err};
    hsd_status status = prepare(&s, err);
    for (size_t z = 0; z < zones->place_count && status == HSD_OK; z++) {
        if (z % 256 == 0)
            status =
                hsd_progress(run, "sharing masses", (double)z / (double)zones->place_count, err);
        if (status == HSD_OK) status = one_zone(&s, zones, (uint32_t)z);
    }
    if (status == HSD_OK) make_shares(&s);
    hsd_rtree_finish(&s.tree);
    hsd_clip_scratch_finish(&s.scratch);
    hsd_free(s.states);
    if (status != HSD_OK) hsd_overlaps_finish(out);
    return status;
}

void hsd_overlaps_finish(hsd_overlaps *overlaps) {
    hsd_array_finish(&overlaps->list);
}
