/* geo: geodesics, areas, frames, barriers, the GEOS wrapper. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "geo/barrier.h"
#include "geo/geometry.h"
#include "geo/geos.h"

static void geodesic_is_karneys(void **state) {
    (void)state; /* GeodSolve's documentation: JFK to LHR, 5551759.400 m */
    assert_true(fabs(hsd_geodesic_m(-73.8, 40.6, -0.5, 51.6) - 5551759.400) < 0.001);
    assert_true(hsd_geodesic_m(114, 22, 114, 22) == 0);
}

/* A square with a square hole, and a second square. */
static hsd_lonlat two_squares_points[] = {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0},
                                          {1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1},
                                          {6, 0}, {7, 0}, {7, 1}, {6, 1}, {6, 0}};
static size_t two_squares_rings[] = {5, 10, 15}, two_squares_polygons[] = {2, 3};
static const hsd_geometry two_squares = {
    HSD_GEOMETRY_POLYGON, 15, 3, 2, two_squares_points, two_squares_rings, two_squares_polygons};

static void areas_subtract_holes(void **state) {
    (void)state;
    hsd_geometry one = two_squares;
    one.polygon_count = 1, one.ring_count = 2, one.point_count = 10;
    /* 1 degree squares at the equator: about 12,308.8 km2 each (by hand: 111.3195 x 110.5743) */
    double km2 = hsd_geometry_area_m2(&one) / 1e6;
    assert_true(fabs(km2 - 15 * 12300) < 100);
}

static void frames_keep_area_and_come_back(void **state) {
    (void)state;
    hsd_frame *frame;
    assert_int_equal(hsd_frame_create(113.5, 22.5, &frame, NULL), HSD_OK);
    double x, y, lon, lat;
    hsd_frame_forward(frame, 113.5, 22.5, &x, &y);
    assert_true(fabs(x) < 1e-6 && fabs(y) < 1e-6);
    hsd_frame_forward(frame, 114.1, 22.9, &x, &y);
    assert_true(fabs(hypot(x, y) / hsd_geodesic_m(113.5, 22.5, 114.1, 22.9) - 1) < 1e-4);
    hsd_frame_inverse(frame, x, y, &lon, &lat);
    assert_true(fabs(lon - 114.1) < 1e-7 && fabs(lat - 22.9) < 1e-7); /* 1 cm: PROJ's series */
    hsd_frame_destroy(frame);
    assert_int_equal(hsd_frame_create(0, 91, &frame, NULL), HSD_E_ARGUMENT);
    hsd_frame_destroy(NULL);
}

static bool brute_contains(const hsd_geometry *g, double lon, double lat) {
    bool inside = false;
    for (size_t r = 0, p = 0; r < g->ring_count; p = g->ring_end[r], r++)
        for (size_t i = p; i + 1 < g->ring_end[r]; i++) {
            hsd_lonlat a = g->points[i], b = g->points[i + 1];
            if ((a.lat > lat) != (b.lat > lat) &&
                lon < a.lon + (lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
                inside = !inside;
        }
    return inside;
}

static void barriers_hold_what_is_inside(void **state) {
    (void)state;
    hsd_rtree index;
    assert_int_equal(hsd_barriers_index(&two_squares, &index, NULL), HSD_OK);
    hsd_barriers b = {&two_squares, &index};
    hsd_random random = {7};
    for (int i = 0; i < 20000; i++) {
        double lon = hsd_random_unit(&random) * 9 - 1, lat = hsd_random_unit(&random) * 6 - 1;
        assert_int_equal(hsd_barriers_contain(&b, lon, lat),
                         brute_contains(&two_squares, lon, lat));
    }
    assert_false(hsd_barriers_contain(&b, 0, 2)); /* a shore is land */
    assert_false(hsd_barriers_contain(&b, 4, 4));
    assert_false(hsd_barriers_contain(&b, 1.5, 1.5)); /* the hole */
    hsd_barriers none = {NULL, NULL};
    assert_false(hsd_barriers_contain(&none, 1, 1));
    assert_false(hsd_barriers_cross(&none, (hsd_lonlat){0, 0}, (hsd_lonlat){1, 1}));
    hsd_rtree_finish(&index);
}

static void legs_cross_or_only_touch(void **state) {
    (void)state;
    hsd_rtree index;
    assert_int_equal(hsd_barriers_index(&two_squares, &index, NULL), HSD_OK);
    hsd_barriers b = {&two_squares, &index};
    static const struct {
        hsd_lonlat from, to;
        bool crosses;
    } legs[] = {
        {{-1, 2.5}, {5, 2.5}, true},     /* straight through */
        {{-1, 5}, {5, 5}, false},        /* passes by */
        {{-1, 0}, {5, 0}, false},        /* along the shore */
        {{0, -1}, {0, 5}, false},        /* along the other shore */
        {{-1, -1}, {5, 5}, true},        /* through two corners and the inside */
        {{3, -1}, {5, 1}, false},        /* touches the corner 4,0 from outside */
        {{1.2, 1.2}, {1.8, 1.8}, false}, /* within the hole */
        {{1.5, 1.5}, {3, 1.5}, true},    /* out of the hole into the water */
        {{3, 3}, {3.5, 3.5}, true},      /* wholly in the water */
        {{4, 1}, {6, 1}, false},         /* from shore to shore across land */
        {{0, 1}, {4, 3}, true},          /* from shore to shore through the water */
        {{0, 0}, {4, 4}, true},          /* corner to corner */
        {{4, 4}, {4, 4}, false},
    };
    for (size_t i = 0; i < sizeof legs / sizeof legs[0]; i++) {
        assert_int_equal(hsd_barriers_cross(&b, legs[i].from, legs[i].to), legs[i].crosses);
        assert_int_equal(hsd_barriers_cross(&b, legs[i].to, legs[i].from), legs[i].crosses);
    }
    assert_true(hsd_barriers_clear(&b, (hsd_box_e7){50000000, 0, 55000000, 10000000}));
    assert_false(hsd_barriers_clear(&b, (hsd_box_e7){39000000, 0, 55000000, 10000000}));
    hsd_rtree_finish(&index);
}

/* Water south of a shore whose 30 teeth of water reach up to the equator, and at 40..42 a diamond of
 * water north and south of it, entered and left through corners on the equator: no side is properly
 * crossed there. The leg along the equator touches 30 tips, then passes the water. */
static void a_leg_that_touches_many_teeth_is_tested_to_its_end(void **state) {
    (void)state;
    enum { TEETH = 30, COMB = 2 * TEETH + 4, ALL = COMB + 5 };
    hsd_lonlat points[ALL];
    for (int mirrored = 0; mirrored < 2; mirrored++)
        for (int pond = 0; pond < 2; pond++) {
            size_t n = 0, ring_end[2], polygon_end[2] = {1, 2};
            points[n++] = (hsd_lonlat){0, -2};
            points[n++] = (hsd_lonlat){TEETH + 1, -2};
            points[n++] = (hsd_lonlat){TEETH + 1, -1};
            for (int k = TEETH; k > 0; k--) {
                points[n++] = (hsd_lonlat){k, 0};
                points[n++] = (hsd_lonlat){k - 0.5, -1};
            }
            points[n++] = points[0];
            ring_end[0] = n;
            const hsd_lonlat diamond[] = {{40, 0}, {41, -1}, {42, 0}, {41, 1}, {40, 0}};
            for (int k = 0; k < 5; k++) points[n++] = diamond[k];
            ring_end[1] = n;
            for (size_t k = 0; mirrored && k < n; k++) points[k].lon = -points[k].lon;
            const size_t rings = pond ? 2 : 1;
            const hsd_geometry shore = {
                HSD_GEOMETRY_POLYGON, ring_end[rings - 1], rings, rings, points, ring_end,
                polygon_end};
            hsd_rtree index;
            assert_int_equal(hsd_barriers_index(&shore, &index, NULL), HSD_OK);
            const hsd_barriers b = {&shore, &index};
            const hsd_lonlat west = {mirrored ? -50 : -1, 0}, east = {mirrored ? 1 : 50, 0};
            assert_int_equal(hsd_barriers_cross(&b, west, east), pond);
            assert_int_equal(hsd_barriers_cross(&b, east, west), pond);
            hsd_rtree_finish(&index);
        }
}

/* Open to the north; its centroid lies in the opening. By hand: legs 0.1 x 2.9 and foot 3 x 0.1. */
static void a_point_stands_for_a_geometry_and_lies_in_it(void **state) {
    (void)state;
    hsd_lonlat u[] = {{0, 0},     {3, 0},   {3, 3}, {2.9, 3}, {2.9, 0.1},
                      {0.1, 0.1}, {0.1, 3}, {0, 3}, {0, 0}};
    size_t ring = 9, polygon = 1;
    const hsd_geometry shape = {HSD_GEOMETRY_POLYGON, 9, 1, 1, u, &ring, &polygon};
    hsd_lonlat at;
    assert_false(hsd_geometry_holds(&shape, (hsd_lonlat){1.5, 1}));
    assert_true(hsd_geometry_holds(&shape, (hsd_lonlat){0.05, 2}));
    assert_int_equal(hsd_geometry_point(&shape, &at, NULL), HSD_OK);
    assert_true(brute_contains(&shape, at.lon, at.lat));
    assert_int_equal(hsd_geometry_point(&two_squares, &at, NULL), HSD_OK);
    assert_true(brute_contains(&two_squares, at.lon, at.lat));
    hsd_lonlat square[] = {{10, 10}, {12, 10}, {12, 12}, {10, 12}, {10, 10}};
    ring = 5;
    const hsd_geometry plain = {HSD_GEOMETRY_POLYGON, 5, 1, 1, square, &ring, &polygon};
    assert_int_equal(hsd_geometry_point(&plain, &at, NULL), HSD_OK);
    assert_true(fabs(at.lon - 11) < 1e-12 && fabs(at.lat - 11) < 1e-12);
    ring = 1;
    const hsd_geometry point = {HSD_GEOMETRY_POINT, 1, 1, 0, square, &ring, NULL};
    assert_int_equal(hsd_geometry_point(&point, &at, NULL), HSD_OK);
    assert_true(at.lon == 10 && at.lat == 10);
    const hsd_geometry none = {.type = HSD_GEOMETRY_POLYGON};
    assert_int_equal(hsd_geometry_point(&none, &at, NULL), HSD_E_ARGUMENT);
}

static void appended_geometries_lie_side_by_side(void **state) {
    (void)state;
    hsd_lonlat points[] = {{0, 0}, {1, 0}, {1, 1}, {0, 0}, {5, 5}, {6, 5}, {6, 6}, {5, 5}};
    size_t rings[] = {4, 8}, polygons[] = {1, 2};
    const hsd_geometry two = {HSD_GEOMETRY_POLYGON, 8, 2, 2, points, rings, polygons};
    const hsd_geometry none = {0}, line = {HSD_GEOMETRY_LINE, 4, 1, 0, points, rings, NULL},
                       point = {HSD_GEOMETRY_POINT, 1, 1, 0, points, rings, NULL};
    hsd_geometry all = {0};
    assert_int_equal(hsd_geometry_append(&all, &none, NULL), HSD_OK);
    assert_int_equal(all.type, HSD_GEOMETRY_NONE);
    assert_int_equal(hsd_geometry_append(&all, &two, NULL), HSD_OK);
    assert_int_equal(hsd_geometry_append(&all, &line, NULL), HSD_E_ARGUMENT);
    assert_int_equal(hsd_geometry_append(&all, &point, NULL), HSD_E_ARGUMENT);
    for (uint64_t n = 1; n <= 3; n++) {
        hsd_memory_fail_at(n);
        assert_int_equal(hsd_geometry_append(&all, &two, NULL), HSD_E_MEMORY);
        hsd_memory_fail_at(0);
        assert_true(all.point_count == 8 && all.ring_count == 2 && all.polygon_count == 2);
    }
    assert_int_equal(hsd_geometry_append(&all, &two, NULL), HSD_OK);
    assert_true(all.point_count == 16 && all.ring_count == 4 && all.polygon_count == 4);
    const size_t ring_end[] = {4, 8, 12, 16}, polygon_end[] = {1, 2, 3, 4};
    assert_memory_equal(all.ring_end, ring_end, sizeof ring_end);
    assert_memory_equal(all.polygon_end, polygon_end, sizeof polygon_end);
    assert_memory_equal(all.points + 8, points, sizeof points);
    hsd_geometry_finish(&all);
}

static void geos_unions_overlaps_and_mends_bow_ties(void **state) {
    (void)state;
    hsd_lonlat points[] = {{0, 0}, {2, 0}, {2, 2},  {0, 2},  {0, 0},  {1, 1},  {3, 1}, {3, 3},
                           {1, 3}, {1, 1}, {10, 0}, {12, 2}, {12, 0}, {10, 2}, {10, 0}};
    size_t rings[] = {5, 10, 15}, polygons[] = {1, 2, 3};
    hsd_geometry in = {HSD_GEOMETRY_POLYGON, 15, 3, 3, points, rings, polygons}, out;
    char why[100];
    assert_false(hsd_geos_valid(&in, why, sizeof why));
    assert_true(why[0] != '\0');
    assert_int_equal(hsd_geos_union(&in, &out, NULL), HSD_OK);
    assert_true(hsd_geos_valid(&out, NULL, 0));
    assert_int_equal(out.polygon_count, 3); /* the union of two, and both wings of the bow tie */
    hsd_lonlat point;
    assert_int_equal(hsd_geos_point_on_surface(&out, &point, NULL), HSD_OK);
    assert_true(brute_contains(&out, point.lon, point.lat));
    hsd_geometry two = in, cut;
    two.point_count = 5, two.ring_count = 1, two.polygon_count = 1;
    assert_true(hsd_geos_covers(&out, &two));
    assert_false(hsd_geos_covers(&two, &out));
    assert_int_equal(hsd_geos_difference(&out, &two, &cut, NULL), HSD_OK);
    assert_int_equal(cut.polygon_count, 3);
    hsd_geometry_finish(&cut);
    assert_int_equal(hsd_geos_intersection(&out, &two, &cut, NULL), HSD_OK);
    assert_true(fabs(hsd_geometry_area_m2(&cut) / hsd_geometry_area_m2(&two) - 1) <
                1e-3); /* new points on
straight sides bend a geodesic polygon a little */
    hsd_geometry_finish(&cut);
    hsd_geometry_finish(&out);
}

static void geos_finds_faces(void **state) {
    (void)state; /* a box crossed by one line: two faces */
    hsd_lonlat points[] = {{0, 0}, {2, 0}, {2, 2}, {0, 2}, {0, 0}, {-1, 1}, {3, 1}};
    size_t rings[] = {5, 7};
    hsd_geometry in = {HSD_GEOMETRY_LINE, 7, 2, 0, points, rings, NULL}, out;
    assert_int_equal(hsd_geos_polygonize(&in, &out, NULL), HSD_OK);
    assert_int_equal(out.polygon_count, 2);
    hsd_geometry_finish(&out);
}

static void a_ring_of_two_points_is_an_error(void **state) {
    (void)state;
    hsd_lonlat points[] = {{0, 0}, {2, 0}};
    size_t rings[] = {2}, polygons[] = {1};
    hsd_geometry in = {HSD_GEOMETRY_POLYGON, 2, 1, 1, points, rings, polygons}, out;
    hsd_error e;
    assert_int_equal(hsd_geos_union(&in, &out, &e), HSD_E_FORMAT);
    assert_true(e.message[0] != '\0');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(geodesic_is_karneys),
        cmocka_unit_test(areas_subtract_holes),
        cmocka_unit_test(frames_keep_area_and_come_back),
        cmocka_unit_test(barriers_hold_what_is_inside),
        cmocka_unit_test(legs_cross_or_only_touch),
        cmocka_unit_test(a_leg_that_touches_many_teeth_is_tested_to_its_end),
        cmocka_unit_test(a_point_stands_for_a_geometry_and_lies_in_it),
        cmocka_unit_test(appended_geometries_lie_side_by_side),
        cmocka_unit_test(geos_unions_overlaps_and_mends_bow_ties),
        cmocka_unit_test(geos_finds_faces),
        cmocka_unit_test(a_ring_of_two_points_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
