/* Rings, seas and groups on shapes small enough to draw: areas counted by hand in square degrees.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "read/osm_groups.h"
#include "read/osm_rings.h"

/* Lines as numbers: x, y, x, y, ... END for the next line. */
#define END 1e9

static void add_lines(hsd_osm_shape *shape, const double *numbers, size_t count) {
    for (size_t i = 0; i < count;) {
        if (numbers[i] == END) {
            assert_int_equal(hsd_osm_shape_end_line(shape, NULL), HSD_OK);
            i++;
            continue;
        }
        hsd_lonlat p = {numbers[i], numbers[i + 1]};
        assert_int_equal(hsd_osm_shape_point(shape, p, NULL), HSD_OK);
        i += 2;
    }
    assert_int_equal(hsd_osm_shape_end_line(shape, NULL), HSD_OK);
}

/* Even-odd over all rings, so it also sees a hole filled twice. */
static bool is_inside(const hsd_geometry *g, double x, double y) {
    bool inside = false;
    for (size_t r = 0; r < g->ring_count; r++) {
        for (size_t i = r ? g->ring_end[r - 1] : 0; i + 1 < g->ring_end[r]; i++) {
            hsd_lonlat a = g->points[i], b = g->points[i + 1];
            if ((a.lat > y) != (b.lat > y) &&
                x < a.lon + (y - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
                inside = !inside;
        }
    }
    return inside;
}

static double area_of(const hsd_geometry *g) {
    double sum = 0; /* holes turn the other way and count negative */
    for (size_t r = 0; r < g->ring_count; r++)
        for (size_t i = r ? g->ring_end[r - 1] : 0; i + 1 < g->ring_end[r]; i++)
            sum +=
                g->points[i].lon * g->points[i + 1].lat - g->points[i + 1].lon * g->points[i].lat;
    return sum / 2;
}

typedef struct sea_case {
    hsd_osm_shape coast, sea;
    hsd_geometry view;
} sea_case;

/* The sea in the box 0,0 .. 10,10. */
static void make_sea(sea_case *c, const double *numbers, size_t count) {
    *c = (sea_case){0};
    add_lines(&c->coast, numbers, count);
    hsd_geometry lines = hsd_osm_shape_view(&c->coast, HSD_GEOMETRY_LINE);
    hsd_error err = {0};
    hsd_status status =
        hsd_osm_sea(&lines, (hsd_lonlat){0, 0}, (hsd_lonlat){10, 10}, &c->sea, &err);
    if (status != HSD_OK) fail_msg("%s", err.message);
    c->view = hsd_osm_shape_view(&c->sea, HSD_GEOMETRY_POLYGON);
}

static void end_sea(sea_case *c) {
    hsd_osm_shape_finish(&c->coast);
    hsd_osm_shape_finish(&c->sea);
}

#define SEA(c, ...)                                                                                \
    do {                                                                                           \
        const double numbers_[] = {__VA_ARGS__};                                                   \
        make_sea(c, numbers_, sizeof numbers_ / sizeof(double));                                   \
    } while (0)

static void a_coast_across_the_box_has_land_on_its_left(void **state) {
    (void)state;
    sea_case c;
    SEA(&c, -5, 4, 15, 4); /* eastwards: land in the north */
    assert_true(is_inside(&c.view, 5, 2));
    assert_false(is_inside(&c.view, 5, 6));
    assert_true(fabs(area_of(&c.view) - 40) < 1e-9);
    end_sea(&c);
    SEA(&c, 15, 4, -5, 4); /* westwards: land in the south */
    assert_true(fabs(area_of(&c.view) - 60) < 1e-9);
    assert_true(is_inside(&c.view, 5, 6));
    end_sea(&c);
}

static void an_island_is_land_inside_the_sea(void **state) {
    (void)state;
    sea_case c;
    SEA(&c, 4, 4, 6, 4, 6, 6, 4, 6, 4, 4); /* counter-clockwise: land within */
    assert_int_equal(c.view.polygon_count, 1);
    assert_int_equal(c.view.ring_count, 2);
    assert_true(fabs(area_of(&c.view) - 96) < 1e-9);
    assert_false(is_inside(&c.view, 5, 5));
    assert_true(is_inside(&c.view, 1, 1));
    end_sea(&c);
}

static void an_island_of_two_ways_is_one_island(void **state) {
    (void)state;
    sea_case c;
    SEA(&c, 6, 6, 4, 6, 4, 4, END, 4, 4, 6, 4, 6, 6);
    assert_true(fabs(area_of(&c.view) - 96) < 1e-9);
    assert_false(is_inside(&c.view, 5, 5));
    end_sea(&c);
}

static void a_coast_round_all_land_the_other_way_is_a_bay(void **state) {
    (void)state;
    sea_case c;
    SEA(&c, 4, 4, 4, 6, 6, 6, 6, 4, 4, 4); /* clockwise: sea within */
    assert_true(fabs(area_of(&c.view) - 4) < 1e-9);
    assert_true(is_inside(&c.view, 5, 5));
    assert_false(is_inside(&c.view, 1, 1));
    end_sea(&c);
}

static void a_bay_opens_to_the_sea_and_holds_an_island(void **state) {
    (void)state;
    sea_case c;
    /* sea below y = 2 and in the bay 3..7 x 2..8; an island 4..5 x 4..5 in it */
    SEA(&c, 0, 2, 3, 2, 3, 8, 7, 8, 7, 2, 10, 2, END, 4, 4, 5, 4, 5, 5, 4, 5, 4, 4);
    assert_true(fabs(area_of(&c.view) - (20 + 24 - 1)) < 1e-9);
    assert_true(is_inside(&c.view, 6, 7));
    assert_false(is_inside(&c.view, 4.5, 4.5));
    assert_false(is_inside(&c.view, 2, 5));
    end_sea(&c);
}

static void a_coast_that_leaves_and_returns_is_cut_at_the_box(void **state) {
    (void)state;
    sea_case c;
    /* out in the east at y = 3, back at y = 7: a strip of land between two seas */
    SEA(&c, -5, 3, 20, 3, 20, 7, -5, 7);
    assert_int_equal(c.view.polygon_count, 2);
    assert_true(fabs(area_of(&c.view) - 60) < 1e-9);
    assert_true(is_inside(&c.view, 5, 1) && is_inside(&c.view, 5, 9));
    assert_false(is_inside(&c.view, 5, 5));
    end_sea(&c);
}

static void loose_ends_are_carried_to_the_nearest_side(void **state) {
    (void)state;
    sea_case c;
    SEA(&c, 2, 4, 9, 4); /* west end to x = 0, east end to x = 10 */
    assert_true(fabs(area_of(&c.view) - 40) < 1e-9);
    assert_true(is_inside(&c.view, 1, 3.9));
    assert_false(is_inside(&c.view, 9.5, 4.1));
    end_sea(&c);
}

static void a_gap_that_is_no_gap_is_not_carried_out(void **state) {
    (void)state;
    sea_case c;
    SEA(&c, 0, 4, 5, 4, END, 5, 4, 10, 4); /* two ways that meet in the middle */
    assert_int_equal(c.view.polygon_count, 1);
    assert_true(fabs(area_of(&c.view) - 40) < 1e-9);
    end_sea(&c);
}

static void no_coast_in_the_box_is_no_sea(void **state) {
    (void)state;
    sea_case c;
    SEA(&c, 20, 4, 30, 4);
    assert_int_equal(c.view.polygon_count, 0);
    end_sea(&c);
    SEA(&c, -5, -1, 15, -1);
    assert_int_equal(c.view.polygon_count, 0);
    end_sea(&c);
}

static void a_coast_along_the_border_or_through_a_corner_does_no_harm(void **state) {
    (void)state;
    sea_case c;
    SEA(&c, -5, 0, 15, 0); /* along the south side, land in the north */
    assert_int_equal(c.view.polygon_count, 0);
    end_sea(&c);
    SEA(&c, -5, -5, 15, 15); /* from corner to corner, land in the north-west */
    assert_true(fabs(area_of(&c.view) - 50) < 1e-9);
    assert_true(is_inside(&c.view, 6, 4));
    end_sea(&c);
}

static hsd_geometry rings_of(hsd_osm_shape *lines, hsd_osm_shape *rings, int open, size_t *count) {
    hsd_geometry view = hsd_osm_shape_view(lines, HSD_GEOMETRY_LINE);
    hsd_error err = {0};
    hsd_status status = hsd_osm_rings(&view, open, rings, count, &err);
    if (status != HSD_OK) fail_msg("%s", err.message);
    return hsd_osm_shape_view(rings, HSD_GEOMETRY_POLYGON);
}

static void ways_in_any_direction_make_a_ring(void **state) {
    (void)state;
    hsd_osm_shape lines = {0}, rings = {0};
    const double numbers[] = {0, 0, 4, 0, END, 4, 4, 4, 0, END, 4, 4, 0, 4, END, 0, 0, 0, 4};
    add_lines(&lines, numbers, sizeof numbers / sizeof *numbers);
    size_t open;
    hsd_geometry made = rings_of(&lines, &rings, HSD_OSM_LEAVE_OPEN, &open);
    assert_int_equal(open, 0);
    assert_int_equal(made.polygon_count, 1);
    assert_int_equal(made.point_count, 5);
    assert_true(fabs(fabs(area_of(&made)) - 16) < 1e-12);
    hsd_osm_shape_finish(&lines);
    hsd_osm_shape_finish(&rings);
}

static void open_chains_are_left_out_or_closed_as_asked(void **state) {
    (void)state;
    /* the banks of a river 0..10 x 0..2, cut at both ends, the north bank in two ways */
    const double numbers[] = {0, 0, 10, 0, END, 6, 2, 10, 2, END, 6, 2, 0, 2};
    hsd_osm_shape lines = {0}, rings = {0};
    add_lines(&lines, numbers, sizeof numbers / sizeof *numbers);
    size_t open;
    hsd_geometry made = rings_of(&lines, &rings, HSD_OSM_LEAVE_OPEN, &open);
    assert_int_equal(open, 2);
    assert_int_equal(made.polygon_count, 0);
    made = rings_of(&lines, &rings, HSD_OSM_CLOSE_OPEN, &open);
    assert_int_equal(open, 2);
    assert_int_equal(made.polygon_count, 1);
    assert_true(fabs(fabs(area_of(&made)) - 20) < 1e-12);
    assert_true(is_inside(&made, 5, 1));
    hsd_osm_shape_finish(&lines);
    hsd_osm_shape_finish(&rings);
}

static void rings_that_touch_at_a_point_stay_whole(void **state) {
    (void)state;
    /* two squares meeting at 4,4, each of two ways, and a closed way by itself */
    const double numbers[] = {0, 0, 4,   0, 4, 4, END, 4, 4, 0,   4,  0,  0,  END, 4,  4,  8,  4,
                              8, 8, END, 8, 8, 4, 8,   4, 4, END, 20, 20, 21, 20,  21, 21, 20, 20};
    hsd_osm_shape lines = {0}, rings = {0};
    add_lines(&lines, numbers, sizeof numbers / sizeof *numbers);
    size_t open;
    hsd_geometry made = rings_of(&lines, &rings, HSD_OSM_CLOSE_OPEN, &open);
    assert_int_equal(open, 0);
    assert_true(is_inside(&made, 2, 2) && is_inside(&made, 6, 6));
    assert_false(is_inside(&made, 2, 6));
    assert_true(is_inside(&made, 20.9, 20.5));
    hsd_osm_shape_finish(&lines);
    hsd_osm_shape_finish(&rings);
}

static void cities_far_apart_are_groups_of_their_own(void **state) {
    (void)state;
    hsd_osm_boxes boxes = {0};
    const hsd_point_e7 points[] = {{100000000, 500000000},   {100100000, 500200000},
                                   {-770000000, 389000000},  {103000000, 502600000},
                                   {1799999999, -170000000}, {-1799999999, -170000000}};
    assert_int_equal(hsd_osm_groups(points, 6, &boxes, NULL), HSD_OK);
    /* 10.0..10.3 E is one group by touching cells; the date line parts the last two */
    assert_int_equal(boxes.count, 4);
    assert_int_equal(boxes.data[0].min_lon_e7, -1799999999);
    assert_int_equal(boxes.data[1].min_lon_e7, 1799999999);
    assert_int_equal(boxes.data[2].max_lat_e7, 389000000);
    assert_int_equal(boxes.data[3].min_lon_e7, 100000000);
    assert_int_equal(boxes.data[3].max_lon_e7, 103000000);
    assert_int_equal(boxes.data[3].max_lat_e7, 502600000);
    hsd_array_finish(&boxes);
}

static void the_sea_survives_each_allocation_that_fails(void **state) {
    (void)state;
    const double numbers[] = {0, 2, 3, 2, 3, 8, 7, 8, 7, 2, 9, 2};
    hsd_osm_shape coast = {0};
    add_lines(&coast, numbers, sizeof numbers / sizeof *numbers);
    hsd_geometry lines = hsd_osm_shape_view(&coast, HSD_GEOMETRY_LINE);
    hsd_status status = HSD_E_MEMORY;
    for (uint64_t n = 1; status != HSD_OK && n < 200; n++) {
        hsd_osm_shape sea = {0};
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        status = hsd_osm_sea(&lines, (hsd_lonlat){0, 0}, (hsd_lonlat){10, 10}, &sea, &err);
        hsd_memory_fail_at(0);
        if (status != HSD_OK) assert_int_equal(err.code, HSD_E_MEMORY);
        hsd_osm_shape_finish(&sea);
    }
    assert_int_equal(status, HSD_OK);
    hsd_osm_shape_finish(&coast);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_coast_across_the_box_has_land_on_its_left),
        cmocka_unit_test(an_island_is_land_inside_the_sea),
        cmocka_unit_test(an_island_of_two_ways_is_one_island),
        cmocka_unit_test(a_coast_round_all_land_the_other_way_is_a_bay),
        cmocka_unit_test(a_bay_opens_to_the_sea_and_holds_an_island),
        cmocka_unit_test(a_coast_that_leaves_and_returns_is_cut_at_the_box),
        cmocka_unit_test(loose_ends_are_carried_to_the_nearest_side),
        cmocka_unit_test(a_gap_that_is_no_gap_is_not_carried_out),
        cmocka_unit_test(no_coast_in_the_box_is_no_sea),
        cmocka_unit_test(a_coast_along_the_border_or_through_a_corner_does_no_harm),
        cmocka_unit_test(ways_in_any_direction_make_a_ring),
        cmocka_unit_test(open_chains_are_left_out_or_closed_as_asked),
        cmocka_unit_test(rings_that_touch_at_a_point_stay_whole),
        cmocka_unit_test(cities_far_apart_are_groups_of_their_own),
        cmocka_unit_test(the_sea_survives_each_allocation_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
