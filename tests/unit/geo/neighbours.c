/* Who lies beside whom, on squares of 0.01 degrees by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/memory.h"
#include "geo/neighbours.h"

enum { MOST = 8, POINTS = 16 };

typedef struct layer {
    hsd_lonlat points[MOST][POINTS];
    size_t ring_end[MOST][2], polygon_end[MOST];
    hsd_geometry shapes[MOST];
    const hsd_geometry *list[MOST];
    size_t count;
} layer;

/* A ring of corners in hundredths of a degree from 118, 32, closed here. */
static void add(layer *l, const double (*corners)[2], size_t count) {
    const size_t i = l->count++;
    for (size_t k = 0; k <= count; k++)
        l->points[i][k] =
            (hsd_lonlat){118 + corners[k % count][0] / 100, 32 + corners[k % count][1] / 100};
    l->ring_end[i][0] = count + 1;
    l->polygon_end[i] = 1;
    l->shapes[i] = (hsd_geometry){HSD_GEOMETRY_POLYGON, count + 1,         1, 1, l->points[i],
                                  l->ring_end[i],       &l->polygon_end[i]};
    l->list[i] = &l->shapes[i];
}

static void add_box(layer *l, double west, double south, double east, double north) {
    const double corners[][2] = {{west, south}, {east, south}, {east, north}, {west, north}};
    add(l, corners, 4);
}

static void expect(const layer *l, const char *pairs, const char *border) {
    hsd_neighbours found;
    hsd_error err = {HSD_OK, ""};
    char text[256] = "";
    size_t used = 0;
    assert_int_equal(hsd_neighbours_find(l->list, l->count, NULL, &found, &err), HSD_OK);
    for (size_t i = 0; i < found.pair_count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%u-%u", i ? " " : "",
                                 found.pairs[i][0], found.pairs[i][1]);
    assert_string_equal(text, pairs);
    for (size_t i = 0; i < l->count; i++) text[i] = found.on_border[i] ? 'b' : '.';
    text[l->count] = '\0';
    assert_string_equal(text, border);
    hsd_neighbours_finish(&found);
}

static void sides_join_and_corners_do_not(void **state) {
    (void)state;
    layer l = {0};
    add_box(&l, 0, 0, 1, 1);
    add_box(&l, 1, 0, 2, 1); /* beside 0 */
    add_box(&l, 1, 1, 2, 2); /* over 1; at the corner of 0 */
    add_box(&l, 5, 5, 6, 6); /* far from all */
    expect(&l, "0-1 1-2", "bbbb");
}

static void vertices_need_not_meet(void **state) {
    (void)state;
    layer l = {0};
    add_box(&l, 0, 0, 3, 1);
    add_box(&l, 0.4, 1, 1.3, 2);      /* on a part of its side, no vertex of which is one of 0 */
    add_box(&l, 1.3, 1.0001, 2, 2);   /* 0.1 m off 0 */
    add_box(&l, 2.2, 1.004, 2.9, 2);  /* 4 m off: not beside it */
    add_box(&l, 3, 0.995, 4, 1.9);    /* along 5.5 m: by a corner, as it were */
    add_box(&l, 2.9999, 0.2, 4, 0.8); /* over 0 by 9 cm */
    expect(&l, "0-1 0-2 0-5 1-2", "bbbbbb");
}

/* A ring of four about a square: the square has no way out, nor has what a hole alone leads to. */
static void a_hole_is_no_way_out(void **state) {
    (void)state;
    layer l = {0};
    add_box(&l, 0, 0, 3, 1);
    add_box(&l, 0, 1, 1, 2);
    add_box(&l, 2, 1, 3, 2);
    add_box(&l, 0, 2, 3, 3);
    add_box(&l, 1, 1, 1.5, 2); /* in the middle, with a lake to its right */
    expect(&l, "0-1 0-2 0-4 1-3 1-4 2-3 3-4", "bbbb.");
    /* the same with a sliver of half a metre beside it */
    layer m = {0};
    add_box(&m, 0, 0, 3, 1);
    add_box(&m, 0, 1, 1, 2);
    add_box(&m, 2, 1, 3, 2);
    add_box(&m, 0, 2, 3, 3);
    add_box(&m, 1.0005, 1, 2, 2);
    expect(&m, "0-1 0-2 0-4 1-3 1-4 2-3 2-4 3-4", "bbbb.");
}

static void one_alone_has_a_way_out(void **state) {
    (void)state;
    layer l = {0};
    add_box(&l, 0, 0, 1, 1);
    expect(&l, "", "b");
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    layer l = {0};
    add_box(&l, 0, 0, 1, 1);
    add_box(&l, 1, 0, 2, 1);
    for (uint64_t n = 1;; n++) {
        hsd_neighbours found;
        hsd_error err = {HSD_OK, ""};
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_neighbours_find(l.list, l.count, NULL, &found, &err);
        const uint64_t made = hsd_memory_fail_at(0);
        if (status == HSD_OK) {
            assert_true(made < n && n > 5);
            hsd_neighbours_finish(&found);
            break;
        }
        assert_int_equal(status, HSD_E_MEMORY);
        assert_null(found.pairs);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sides_join_and_corners_do_not), cmocka_unit_test(vertices_need_not_meet),
        cmocka_unit_test(a_hole_is_no_way_out),          cmocka_unit_test(one_alone_has_a_way_out),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
