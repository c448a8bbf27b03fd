/* The R-tree against looking at every box, and its distances against geodesics. */
#include "geo/rtree.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"

#define COUNT 3000

static hsd_box_e7 boxes[COUNT];

static int32_t between(hsd_random *random, int32_t low, int32_t high) {
    return low + (int32_t)(hsd_random_next(random) % (uint64_t)(high - low + 1));
}

/* Small boxes about Porto; every tenth is a copy of an earlier one, so that there are ties. */
static void make_boxes(uint64_t seed) {
    hsd_random random = {seed};
    for (int i = 0; i < COUNT; i++) {
        int32_t lon = between(&random, -87000000, -85000000);
        int32_t lat = between(&random, 410000000, 412000000);
        boxes[i] = (hsd_box_e7){lon, lat, lon + between(&random, 0, 20000),
                                lat + between(&random, 0, 20000)};
        if (i % 10 == 9) boxes[i] = boxes[i - 7];
    }
}

typedef struct seen {
    uint32_t items[COUNT];
    double m[COUNT];
    uint32_t count, limit;
    const hsd_tangent *from;
    uint32_t offset; /* item id = box + offset */
} seen;

static bool note(void *context, uint32_t item) {
    seen *s = context;
    s->items[s->count++] = item;
    return s->count < s->limit;
}

static bool overlap(hsd_box_e7 a, hsd_box_e7 b) {
    return !(a.max_lon_e7 < b.min_lon_e7 || b.max_lon_e7 < a.min_lon_e7 ||
             a.max_lat_e7 < b.min_lat_e7 || b.max_lat_e7 < a.min_lat_e7);
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void a_query_finds_what_looking_at_every_box_finds(void **state) {
    (void)state;
    static const uint32_t counts[] = {0, 1, 2, 15, 16, 17, 255, 256, 257, COUNT};
    hsd_random random = {7};
    static seen found;
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        make_boxes(c + 1);
        hsd_rtree tree;
        assert_int_equal(hsd_rtree_build(boxes, NULL, counts[c], &tree, NULL), HSD_OK);
        assert_int_equal(tree.box_count, hsd_rtree_box_count(counts[c]));
        for (int q = 0; q < 200; q++) {
            int32_t lon = between(&random, -87000000, -85000000);
            int32_t lat = between(&random, 410000000, 412000000);
            int32_t size = between(&random, 0, q % 2 ? 5000 : 700000);
            hsd_box_e7 box = {lon, lat, lon + size, lat + size};
            if (q == 0) box = (hsd_box_e7){INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX};
            found.count = 0;
            found.limit = UINT32_MAX;
            hsd_rtree_query(&tree, box, note, &found);
            qsort(found.items, found.count, sizeof *found.items, ascending);
            uint32_t k = 0;
            for (uint32_t i = 0; i < counts[c]; i++)
                if (overlap(boxes[i], box)) {
                    assert_true(k < found.count);
                    assert_int_equal(found.items[k++], i);
                }
            assert_int_equal(k, found.count);
        }
        hsd_rtree_finish(&tree);
    }
}

static void a_query_stops_when_told(void **state) {
    (void)state;
    make_boxes(1);
    hsd_rtree tree;
    assert_int_equal(hsd_rtree_build(boxes, NULL, COUNT, &tree, NULL), HSD_OK);
    static seen found;
    found.count = 0;
    found.limit = 5;
    hsd_rtree_query(&tree, (hsd_box_e7){INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX}, note, &found);
    assert_int_equal(found.count, 5);
    hsd_rtree_finish(&tree);
}

/* The distance of an item is that of the nearest point of its box, worked out apart. */
static double box_distance(const hsd_tangent *from, hsd_box_e7 box) {
    double lon = fmin(fmax(from->lon, box.min_lon_e7 / 1e7), box.max_lon_e7 / 1e7);
    double lat = fmin(fmax(from->lat, box.min_lat_e7 / 1e7), box.max_lat_e7 / 1e7);
    return hypot((lon - from->lon) * from->m_per_lon, (lat - from->lat) * from->m_per_lat);
}

static double distance(void *context, uint32_t item) {
    seen *s = context;
    return box_distance(s->from, boxes[item - s->offset]);
}

static bool note_near(void *context, uint32_t item, double m) {
    seen *s = context;
    s->items[s->count] = item;
    s->m[s->count++] = m;
    return s->count < s->limit;
}

typedef struct near_item {
    double m;
    uint32_t item;
} near_item;

static int nearer(const void *a, const void *b) {
    const near_item *x = a, *y = b;
    if (x->m != y->m) return x->m < y->m ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static void nearest_visits_by_distance_then_item(void **state) {
    (void)state;
    make_boxes(3);
    static uint32_t items[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) items[i] = i + 100;
    hsd_rtree tree;
    assert_int_equal(hsd_rtree_build(boxes, items, COUNT, &tree, NULL), HSD_OK);
    hsd_random random = {11};
    static seen found;
    static near_item expected[COUNT];
    for (int q = 0; q < 60; q++) {
        hsd_tangent from = hsd_tangent_at(-8.75 + 0.3 * hsd_random_unit(&random),
                                          40.95 + 0.3 * hsd_random_unit(&random));
        double max_m = q % 3 ? 3000 * hsd_random_unit(&random) : INFINITY;
        uint32_t limit = q % 2 ? UINT32_MAX : 25, count = 0;
        found = (seen){.from = &from, .limit = limit, .offset = 100};
        assert_int_equal(hsd_rtree_nearest(&tree, &from, max_m, distance, note_near, &found, NULL),
                         HSD_OK);
        for (uint32_t i = 0; i < COUNT; i++) {
            double m = box_distance(&from, boxes[i]);
            if (m <= max_m) expected[count++] = (near_item){m, i + 100};
        }
        qsort(expected, count, sizeof *expected, nearer);
        assert_int_equal(found.count, count < limit ? count : limit);
        for (uint32_t i = 0; i < found.count; i++) {
            assert_int_equal(found.items[i], expected[i].item);
            assert_true(found.m[i] == expected[i].m);
        }
    }
    hsd_rtree_finish(&tree);
}

static void a_distance_of_exactly_the_limit_counts(void **state) {
    (void)state;
    make_boxes(3);
    hsd_rtree tree;
    assert_int_equal(hsd_rtree_build(boxes, NULL, 1, &tree, NULL), HSD_OK);
    hsd_tangent from = hsd_tangent_at(-8.0, 41.0);
    double m = box_distance(&from, boxes[0]);
    static seen found;
    found = (seen){.from = &from, .limit = UINT32_MAX};
    assert_int_equal(hsd_rtree_nearest(&tree, &from, m, distance, note_near, &found, NULL), HSD_OK);
    assert_int_equal(found.count, 1);
    found.count = 0;
    assert_int_equal(
        hsd_rtree_nearest(&tree, &from, nextafter(m, 0), distance, note_near, &found, NULL),
        HSD_OK);
    assert_int_equal(found.count, 0);
    hsd_rtree_finish(&tree);
}

static void levels_are_sixteenths_rounded_up(void **state) {
    (void)state;
    assert_int_equal(hsd_rtree_box_count(0), 0);
    assert_int_equal(hsd_rtree_box_count(1), 1);
    assert_int_equal(hsd_rtree_box_count(2), 3);
    assert_int_equal(hsd_rtree_box_count(16), 17);
    assert_int_equal(hsd_rtree_box_count(17), 20);
    assert_int_equal(hsd_rtree_box_count(256), 273);
    assert_int_equal(hsd_rtree_box_count(257), 277);
}

static void neighbours_share_boxes(void **state) {
    (void)state;
    /* points of a 64 x 64 grid: a Hilbert order puts each 4 x 4 block in one box of side 3 */
    static hsd_box_e7 grid[4096];
    for (int i = 0; i < 4096; i++) {
        int32_t x = i % 64, y = i / 64;
        grid[i] = (hsd_box_e7){x, y, x, y};
    }
    hsd_rtree tree;
    assert_int_equal(hsd_rtree_build(grid, NULL, 4096, &tree, NULL), HSD_OK);
    for (uint32_t i = 4096; i < 4096 + 256; i++) {
        assert_int_equal(tree.boxes[i].max_lon_e7 - tree.boxes[i].min_lon_e7, 3);
        assert_int_equal(tree.boxes[i].max_lat_e7 - tree.boxes[i].min_lat_e7, 3);
    }
    hsd_rtree_finish(&tree);
}

static void tangent_distances_agree_with_geodesics(void **state) {
    (void)state;
    hsd_random random = {5};
    for (int i = 0; i < 500; i++) {
        double lon = -180 + 360 * hsd_random_unit(&random),
               lat = -65 + 130 * hsd_random_unit(&random);
        hsd_tangent at = hsd_tangent_at(lon, lat);
        double east = (2 * hsd_random_unit(&random) - 1) * 1400 / at.m_per_lon;
        double north = (2 * hsd_random_unit(&random) - 1) * 1400 / at.m_per_lat;
        hsd_point_e7 p = {(int32_t)lround((lon + east) * 1e7),
                          (int32_t)lround((lat + north) * 1e7)};
        double fraction, m = hsd_tangent_segment_m(&at, p, p, &fraction);
        double geodesic = hsd_geodesic_m(lon, lat, p.lon_e7 / 1e7, p.lat_e7 / 1e7);
        /* the plane's error grows with the distance times tan(latitude) over the earth's radius */
        assert_true(fabs(m - geodesic) <= 1e-3 + geodesic * geodesic / 6.3e6);
        assert_true(fraction == 0);
    }
    /* on the equator, a degree is 111,319.49 m of longitude and 110,574.28 m of latitude */
    hsd_tangent zero = hsd_tangent_at(0, 0);
    assert_true(fabs(zero.m_per_lon - 111319.4908) < 1e-3);
    assert_true(fabs(zero.m_per_lat - 110574.2758) < 1e-3);
}

static void the_foot_lies_on_the_segment(void **state) {
    (void)state;
    hsd_tangent at = hsd_tangent_at(0, 0);
    double fraction;
    hsd_point_e7 a = {-10000, 10000}, b = {30000, 10000}; /* 0.001 degrees north of the point */
    double m = hsd_tangent_segment_m(&at, a, b, &fraction);
    assert_true(fabs(m - 110.5744) < 1e-3);
    assert_true(fabs(fraction - 0.25) < 1e-12);
    m = hsd_tangent_segment_m(&at, b, a, &fraction);
    assert_true(fabs(fraction - 0.75) < 1e-12);
    hsd_point_e7 c = {10000, 0}, d = {20000, 0};
    m = hsd_tangent_segment_m(&at, c, d, &fraction);
    assert_true(fraction == 0 && fabs(m - 111.3195) < 1e-3);
    m = hsd_tangent_segment_m(&at, d, c, &fraction);
    assert_true(fraction == 1 && fabs(m - 111.3195) < 1e-3);
    assert_true(hsd_tangent_segment_m(&at, a, b, NULL) > 0);
}

static void running_out_of_memory_is_said(void **state) {
    (void)state;
    make_boxes(1);
    hsd_error err;
    uint64_t n = 0;
    for (;;) {
        hsd_rtree tree;
        hsd_memory_fail_at(++n);
        hsd_status status = hsd_rtree_build(boxes, NULL, COUNT, &tree, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) {
            /* and so is a search's heap that cannot grow: all boxes lie about the point */
            hsd_tangent from = hsd_tangent_at(-8.6, 41.1);
            static seen found;
            found = (seen){.from = &from, .limit = UINT32_MAX};
            hsd_memory_fail_at(1);
            status = hsd_rtree_nearest(&tree, &from, INFINITY, distance, note_near, &found, &err);
            hsd_memory_fail_at(0);
            assert_int_equal(status, HSD_E_MEMORY);
            hsd_rtree_finish(&tree);
            break;
        }
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_equal(err.code, HSD_E_MEMORY);
    }
    assert_true(n > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_finds_what_looking_at_every_box_finds),
        cmocka_unit_test(a_query_stops_when_told),
        cmocka_unit_test(nearest_visits_by_distance_then_item),
        cmocka_unit_test(a_distance_of_exactly_the_limit_counts),
        cmocka_unit_test(levels_are_sixteenths_rounded_up),
        cmocka_unit_test(neighbours_share_boxes),
        cmocka_unit_test(tangent_distances_agree_with_geodesics),
        cmocka_unit_test(the_foot_lies_on_the_segment),
        cmocka_unit_test(running_out_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
