/* An edge against a polygon, both as drawn in longitude and latitude: each segment is cut where it
 * meets the border, and the middle of each part decides. O(log n + cuts) a segment. */
#include "scenario/inside.h"

#include <stdlib.h>

#include "base/memory.h"
#include "scenario/spot.h"

hsd_status hsd_inside_init(hsd_inside_test *test, const hsd_geometry *polygon, hsd_error *err) {
    *test = (hsd_inside_test){0};
    hsd_rtree *index = hsd_calloc(1, sizeof *index, err);
    if (!index) return HSD_E_MEMORY;
    const hsd_status status = hsd_barriers_index(polygon, index, err);
    if (status != HSD_OK) {
        hsd_free(index);
        return status;
    }
    test->polygon = (hsd_barriers){polygon, index};
    if (index->box_count > 0) test->box = index->boxes[index->box_count - 1];
    return HSD_OK;
}

void hsd_inside_finish(hsd_inside_test *test) {
    hsd_rtree_finish((hsd_rtree *)(uintptr_t)test->polygon.index);
    hsd_free((void *)(uintptr_t)test->polygon.index);
    hsd_free(test->cuts);
    hsd_array_finish(&test->stretches);
    *test = (hsd_inside_test){0};
}

typedef struct cutting {
    hsd_inside_test *test;
    hsd_lonlat a, b;
    bool failed;
    hsd_error *err;
} cutting;

static bool add_cut(cutting *c, double t) {
    hsd_inside_test *test = c->test;
    if (!(t > 0 && t < 1)) return true;
    if (test->cut_count == test->cut_capacity &&
        !hsd_array_grow((void **)(void *)&test->cuts, &test->cut_capacity, test->cut_count + 1,
                        sizeof *test->cuts, c->err)) {
        c->failed = true;
        return false;
    }
    test->cuts[test->cut_count++] = t;
    return true;
}

/* Where the segment's line passes a corner of the border, it is cut there too: then no part has
 * the border in its inside. */
static bool see_border(void *context, uint32_t item) {
    cutting *c = context;
    const hsd_lonlat p = c->test->polygon.polygons->points[item];
    const hsd_lonlat q = c->test->polygon.polygons->points[item + 1];
    const double dx = c->b.lon - c->a.lon, dy = c->b.lat - c->a.lat;
    double t;
    if (hsd_turn(c->a, c->b, p) == 0 &&
        !add_cut(c, ((p.lon - c->a.lon) * dx + (p.lat - c->a.lat) * dy) / (dx * dx + dy * dy)))
        return false;
    if (hsd_segments_cross(c->a, c->b, p, q, &t)) return add_cut(c, t);
    return true;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool meets(hsd_box_e7 a, hsd_box_e7 b) {
    return a.min_lon_e7 <= b.max_lon_e7 && b.min_lon_e7 <= a.max_lon_e7 &&
           a.min_lat_e7 <= b.max_lat_e7 && b.min_lat_e7 <= a.max_lat_e7;
}

/* A part of a segment inside: the last stretch goes on, or another one begins. */
static bool add_stretch(cutting *c, uint32_t segment, double from, double to) {
    hsd_inside_test *test = c->test;
    const hsd_inside_stretch next = {segment, segment, from, to};
    if (!test->inside) return hsd_array_push(&test->stretches, next, c->err);
    hsd_inside_stretch *last = &test->stretches.data[test->stretches.count - 1];
    last->to_segment = segment;
    last->to_fraction = to;
    return true;
}

/* Adds a segment's inside parts to the edge's. */
static hsd_status see_segment(cutting *c, uint32_t segment, double weight, hsd_inside_part *out) {
    hsd_inside_test *test = c->test;
    const hsd_box_e7 box = hsd_segment_box(c->a, c->b);
    if (c->a.lon == c->b.lon && c->a.lat == c->b.lat) return HSD_OK; /* nowhere is all of it */
    test->cut_count = 0;
    if (meets(box, test->box)) hsd_rtree_query(test->polygon.index, box, see_border, c);
    if (c->failed) return HSD_E_MEMORY;
    if (test->cut_count > 1) qsort(test->cuts, test->cut_count, sizeof *test->cuts, ascending);
    double from = 0;
    for (size_t i = 0; i <= test->cut_count; i++) {
        const double to = i < test->cut_count ? test->cuts[i] : 1;
        if (!(to > from)) continue;
        const hsd_lonlat middle = hsd_lonlat_between(c->a, c->b, (from + to) / 2);
        if (hsd_barriers_contain(&test->polygon, middle.lon, middle.lat)) {
            if (!add_stretch(c, segment, from, to)) return HSD_E_MEMORY;
            out->share += weight * (to - from);
            test->inside = true;
        } else {
            out->whole = test->inside = false;
        }
        from = to;
    }
    return HSD_OK;
}

hsd_status hsd_inside_edge(hsd_inside_test *test, const hsd_network *network, uint32_t edge,
                           hsd_inside_part *out, hsd_error *err) {
    const hsd_edge *e = &network->edges[edge];
    const hsd_point_e7 *points = network->points + e->first_point;
    const double *metres = network->segment_m + e->first_point;
    cutting c = {.test = test, .err = err};
    *out = (hsd_inside_part){.whole = true};
    test->stretches.count = 0;
    test->inside = false;
    double total = 0;
    for (uint32_t i = 0; i + 1 < e->point_count; i++) total += metres[i];
    hsd_status status = HSD_OK;
    for (uint32_t i = 0; status == HSD_OK && i + 1 < e->point_count; i++) {
        c.a = hsd_lonlat_of(points[i]);
        c.b = hsd_lonlat_of(points[i + 1]);
        const double weight = total > 0 ? metres[i] / total : 1.0 / (e->point_count - 1);
        status = see_segment(&c, i, weight, out);
    }
    if (test->stretches.count == 0) out->whole = false;
    if (out->whole) { /* with segments of no length at its ends, too */
        out->share = 1;
        test->stretches.data[0] = (hsd_inside_stretch){0, e->point_count - 2, 0, 1};
    }
    return status;
}
