/* Contour, thinning and assembly on fields made by hand and at random. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "circles/region.h"
#include "circles/shapes.h"
#include "geo/geos.h"

#define SIDE 48
#define OUT ((int32_t)HSD_UNREACHABLE)

typedef struct picture {
    hsd_field_grid field;
    int32_t value[SIDE * SIDE];
    uint8_t land[SIDE * SIDE];
} picture;

static void picture_init(picture *p, uint32_t width, uint32_t height) {
    memset(p->land, 1, sizeof p->land);
    for (int k = 0; k < SIDE * SIDE; k++) p->value[k] = OUT;
    p->field = (hsd_field_grid){.width = width,
                                .height = height,
                                .cell_m = 10.0,
                                .value = p->value,
                                .land = p->land,
                                .step_ms = 7500.0,
                                .centre_lon = -8.6,
                                .centre_lat = 41.1};
}

/* Rows from north to south; '.': never, '~': water, a digit: so many seconds. */
static void picture_draw(picture *p, const char *const *rows, uint32_t height) {
    uint32_t width = (uint32_t)strlen(rows[0]);
    picture_init(p, width, height);
    for (uint32_t j = 0; j < height; j++)
        for (uint32_t i = 0; i < width; i++) {
            char c = rows[height - 1 - j][i];
            if (c >= '0' && c <= '9') p->value[j * width + i] = (c - '0') * 1000;
            if (c == '~') p->land[j * width + i] = 0;
        }
}

static double ring_area(const hsd_ring_set *rings, size_t ring) {
    size_t begin = ring ? rings->ring_end.data[ring - 1] : 0, end = rings->ring_end.data[ring];
    double sum = 0.0;
    for (size_t v = begin; v < end; v++) {
        const hsd_vertex *a = &rings->vertices.data[v];
        const hsd_vertex *b = &rings->vertices.data[v + 1 < end ? v + 1 : begin];
        sum += a->x * b->y - b->x * a->y;
    }
    return 0.5 * sum;
}

static void one_point_becomes_a_diamond_about_it(void **state) {
    (void)state;
    picture p;
    const char *rows[] = {".....", ".....", "..0..", ".....", "....."};
    picture_draw(&p, rows, 5);
    hsd_ring_set rings = {0};
    assert_int_equal(hsd_contour(&p.field, 0, 0, &rings, NULL), HSD_OK);
    assert_int_equal(rings.ring_end.count, 1);
    assert_int_equal(rings.vertices.count, 4);
    for (size_t v = 0; v < 4; v++) { /* point (2, 2) stands at 25, 25 */
        double dx = fabs(rings.vertices.data[v].x - 25.0),
               dy = fabs(rings.vertices.data[v].y - 25.0);
        assert_true((dx == 0.0) != (dy == 0.0));
        assert_true(dx + dy > 0.0 && dx + dy < 10.0);
    }
    assert_true(ring_area(&rings, 0) > 0.0);
    hsd_ring_set_finish(&rings);
}

static void the_cut_off_itself_is_inside(void **state) {
    (void)state;
    picture p;
    const char *rows[] = {".....", ".....", "..5..", ".....", "....."};
    picture_draw(&p, rows, 5);
    hsd_ring_set rings = {0};
    assert_int_equal(hsd_contour(&p.field, 4999, 0, &rings, NULL), HSD_OK);
    assert_int_equal(rings.ring_end.count, 0);
    assert_int_equal(hsd_contour(&p.field, 5000, 0, &rings, NULL), HSD_OK);
    assert_int_equal(rings.ring_end.count, 1);
    hsd_ring_set_finish(&rings);
}

static void a_crossing_lies_where_the_time_runs_out(void **state) {
    (void)state;
    picture p;
    const char *rows[] = {".....", ".....", ".04..", ".....", "....."};
    picture_draw(&p, rows, 5);
    hsd_ring_set rings = {0};
    assert_int_equal(hsd_contour(&p.field, 3000, 0, &rings, NULL), HSD_OK);
    double east = -INFINITY;
    for (size_t v = 0; v < rings.vertices.count; v++) east = fmax(east, rings.vertices.data[v].x);
    /* 3 of 4 s on the way from x = 15 to 25, squeezed into 0.02..0.98 of it */
    assert_true(fabs(east - (15.0 + 10.0 * (0.02 + 0.96 * 0.75))) < 1e-9);
    hsd_ring_set_finish(&rings);
}

static void a_hole_runs_clockwise_and_belongs_to_the_ring_round_it(void **state) {
    (void)state;
    picture p;
    const char *rows[] = {".........", ".0000000.", ".0.....0.", ".0.000.0.", ".0.0.0.0.",
                          ".0.000.0.", ".0.....0.", ".0000000.", "........."};
    picture_draw(&p, rows, 9);
    hsd_ring_set rings = {0};
    assert_int_equal(hsd_contour(&p.field, 0, 0, &rings, NULL), HSD_OK);
    assert_int_equal(rings.ring_end.count, 4);
    int holes = 0;
    for (size_t r = 0; r < 4; r++) holes += ring_area(&rings, r) < 0.0;
    assert_int_equal(holes, 2);
    assert_int_equal(hsd_rings_project(&rings, -8.6, 41.1, NULL), HSD_OK);
    hsd_geometry g;
    assert_int_equal(hsd_rings_polygons(&rings, 0, &g, NULL), HSD_OK);
    assert_int_equal(g.polygon_count, 2); /* the frame and the island in it, a hole each */
    assert_int_equal(g.polygon_end[0], 2);
    assert_int_equal(g.polygon_end[1], 4);
    char why[100];
    assert_true(hsd_geos_valid(&g, why, sizeof why));
    hsd_geometry_finish(&g);
    hsd_ring_set_finish(&rings);
}

static void a_saddle_is_parted_until_its_mean_is_within(void **state) {
    (void)state;
    picture p;
    const char *rows[] = {"......", "..04..", "..40..", "......"};
    picture_draw(&p, rows, 4);
    hsd_ring_set rings = {0};
    assert_int_equal(hsd_contour(&p.field, 1999, 0, &rings, NULL), HSD_OK);
    assert_int_equal(rings.ring_end.count, 2);
    hsd_ring_set_finish(&rings);
    assert_int_equal(hsd_contour(&p.field, 2000, 0, &rings, NULL), HSD_OK);
    assert_int_equal(rings.ring_end.count, 1);
    hsd_ring_set_finish(&rings);
}

static void random_field(picture *p, hsd_random *random, bool smooth) {
    picture_init(p, SIDE, SIDE);
    for (int j = 0; j < SIDE; j++)
        for (int i = 0; i < SIDE; i++) {
            double wave = sin(i * 0.31) * cos(j * 0.23) + sin(i * 0.05 * j);
            double t = smooth ? 30000.0 * (1.2 + wave) : 0.0;
            t += (smooth ? 9000.0 : 90000.0) * hsd_random_unit(random);
            if (i > 0 && j > 0 && i + 1 < SIDE && j + 1 < SIDE && hsd_random_unit(random) > 0.05)
                p->value[j * SIDE + i] = (int32_t)fmax(0.0, t);
            if (i < 3 + j / 5) p->land[j * SIDE + i] = 0;
            if (!p->land[j * SIDE + i]) p->value[j * SIDE + i] = OUT;
        }
}

static void contours_of_many_levels_are_valid_and_nested_unthinned(void **state) {
    (void)state;
    hsd_random random = {11};
    for (int round = 0; round < 10; round++) {
        picture p;
        random_field(&p, &random, round % 2 == 0);
        hsd_ring_set rings = {0};
        hsd_geometry shapes[6];
        for (uint32_t l = 0; l < 6; l++)
            assert_int_equal(hsd_contour(&p.field, (int32_t)(20000 + 7000 * l), l, &rings, NULL),
                             HSD_OK);
        assert_int_equal(hsd_rings_project(&rings, -8.6, 41.1, NULL), HSD_OK);
        for (uint32_t l = 0; l < 6; l++) {
            assert_int_equal(hsd_rings_polygons(&rings, l, &shapes[l], NULL), HSD_OK);
            char why[200] = "";
            if (!hsd_geos_valid(&shapes[l], why, sizeof why)) fail_msg("level %u: %s", l, why);
            if (l > 0) assert_true(hsd_geos_covers(&shapes[l], &shapes[l - 1]));
        }
        for (uint32_t l = 0; l < 6; l++) hsd_geometry_finish(&shapes[l]);
        hsd_ring_set_finish(&rings);
    }
}

static void shapes(const picture *p, const int32_t *levels, uint32_t count, uint32_t max_vertices,
                   hsd_geometry *out) {
    int32_t *gains[8];
    for (uint32_t l = 0; l < count; l++) {
        gains[l] = hsd_gain_plain(&p->field, levels[l], NULL);
        assert_non_null(gains[l]);
    }
    hsd_error err = {HSD_OK, ""};
    if (hsd_shapes_make(&p->field, levels, gains, count, max_vertices, out, &err) != HSD_OK)
        fail_msg("%s", err.message);
    for (uint32_t l = 0; l < count; l++) hsd_free(gains[l]);
}

static bool shape_contains(const hsd_geometry *g, const picture *p, uint32_t i, uint32_t j) {
    hsd_frame *frame;
    hsd_region region;
    double lon, lat;
    assert_int_equal(hsd_frame_create(-8.6, 41.1, &frame, NULL), HSD_OK);
    hsd_frame_inverse(frame, (i + 0.5) * p->field.cell_m, (j + 0.5) * p->field.cell_m, &lon, &lat);
    hsd_frame_destroy(frame);
    assert_int_equal(hsd_region_make(g, &region, NULL), HSD_OK);
    bool inside = hsd_region_contains(&region, lon, lat);
    hsd_region_finish(&region);
    return inside;
}

static void a_block_keeps_few_vertices_and_all_its_points(void **state) {
    (void)state;
    picture p;
    picture_init(&p, SIDE, SIDE);
    for (uint32_t j = 10; j < 30; j++)
        for (uint32_t i = 5; i < 40; i++) p.value[j * SIDE + i] = 1000;
    hsd_geometry g;
    int32_t level = 60000;
    shapes(&p, &level, 1, 2000, &g);
    assert_true(g.point_count <= 12); /* from 110 */
    for (uint32_t j = 0; j < SIDE; j += 3)
        for (uint32_t i = 0; i < SIDE; i += 3)
            assert_int_equal(shape_contains(&g, &p, i, j), i >= 5 && i < 40 && j >= 10 && j < 30);
    hsd_geometry_finish(&g);
}

/* As when a few metres of street are worth a whole town: the sums of a row stay in range. */
static void gains_past_all_measure_are_kept_apart_from_losses(void **state) {
    (void)state;
    picture p;
    picture_init(&p, SIDE, SIDE);
    for (uint32_t j = 10; j < 30; j++)
        for (uint32_t i = 5; i < 40; i++) p.value[j * SIDE + i] = 1000;
    int32_t level = 60000, *gain = hsd_gain_plain(&p.field, level, NULL);
    for (int k = 0; k < SIDE * SIDE; k++) gain[k] = gain[k] > 0 ? INT32_MAX : -INT32_MAX;
    hsd_geometry g;
    assert_int_equal(hsd_shapes_make(&p.field, &level, &gain, 1, 2000, &g, NULL), HSD_OK);
    for (uint32_t j = 0; j < SIDE; j++) /* no row's sum has left its bounds, whatever its sign */
        for (uint32_t i = 0; i + 1 < SIDE; i++) {
            bool inside = i + 1 >= 5 && i + 1 < 40 && j >= 10 && j < 30;
            assert_true((gain[j * SIDE + i + 1] > gain[j * SIDE + i]) == inside);
        }
    for (uint32_t j = 0; j < SIDE; j += 3)
        for (uint32_t i = 0; i < SIDE; i += 3)
            assert_int_equal(shape_contains(&g, &p, i, j), i >= 5 && i < 40 && j >= 10 && j < 30);
    hsd_geometry_finish(&g);
    hsd_free(gain);
}

static void thinned_circles_keep_the_limit_and_stay_valid_and_nested(void **state) {
    (void)state;
    hsd_random random = {5};
    const int32_t levels[4] = {22000, 29000, 36000, 60000};
    const uint32_t limits[3] = {16, 60, 300};
    for (int round = 0; round < 12; round++) {
        picture p;
        random_field(&p, &random, round % 2 == 0);
        hsd_geometry g[4];
        shapes(&p, levels, 4, limits[round % 3], g);
        for (int l = 0; l < 4; l++) {
            assert_true(g[l].point_count <= limits[round % 3]);
            assert_true(hsd_geos_valid(&g[l], NULL, 0));
            if (l > 0 && g[l - 1].point_count > 0) assert_true(hsd_geos_covers(&g[l], &g[l - 1]));
        }
        for (int l = 0; l < 4; l++) hsd_geometry_finish(&g[l]);
    }
}

static void thinning_never_covers_a_water_point(void **state) {
    (void)state;
    hsd_random random = {6};
    const int32_t levels[2] = {40000, 90000};
    for (int round = 0; round < 6; round++) {
        picture p;
        random_field(&p, &random, true);
        for (int k = 0; k < 60; k++) /* ponds */
            p.land[hsd_random_next(&random) % (SIDE * SIDE)] = 0;
        for (int k = 0; k < SIDE * SIDE; k++)
            if (!p.land[k]) p.value[k] = OUT;
        hsd_geometry g[2];
        shapes(&p, levels, 2, 80, g);
        for (uint32_t j = 0; j < SIDE; j++)
            for (uint32_t i = 0; i < SIDE; i++)
                if (!p.land[j * SIDE + i])
                    for (int l = 0; l < 2; l++) assert_false(shape_contains(&g[l], &p, i, j));
        for (int l = 0; l < 2; l++) hsd_geometry_finish(&g[l]);
    }
}

static void no_allocation_that_fails_goes_unsaid(void **state) {
    (void)state;
    picture p;
    hsd_random random = {8};
    random_field(&p, &random, true);
    const int32_t levels[2] = {25000, 45000};
    bool finished = false;
    for (uint64_t n = 1; !finished && n < 2000; n++) {
        int32_t *gains[2] = {hsd_gain_plain(&p.field, levels[0], NULL),
                             hsd_gain_plain(&p.field, levels[1], NULL)};
        hsd_geometry g[2];
        hsd_error err = {HSD_OK, ""};
        hsd_memory_fail_at(n);
        hsd_status status = hsd_shapes_make(&p.field, levels, gains, 2, 100, g, &err);
        finished = hsd_memory_fail_at(0) < n;
        /* a test of validity that found no memory is repeated after a repair: OK then */
        assert_true(status == HSD_OK || (!finished && status == HSD_E_MEMORY));
        for (int l = 0; status == HSD_OK && l < 2; l++) {
            assert_true(hsd_geos_valid(&g[l], NULL, 0));
            hsd_geometry_finish(&g[l]);
        }
        for (int l = 0; l < 2; l++) hsd_free(gains[l]);
    }
    assert_true(finished);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_point_becomes_a_diamond_about_it),
        cmocka_unit_test(the_cut_off_itself_is_inside),
        cmocka_unit_test(a_crossing_lies_where_the_time_runs_out),
        cmocka_unit_test(a_hole_runs_clockwise_and_belongs_to_the_ring_round_it),
        cmocka_unit_test(a_saddle_is_parted_until_its_mean_is_within),
        cmocka_unit_test(contours_of_many_levels_are_valid_and_nested_unthinned),
        cmocka_unit_test(a_block_keeps_few_vertices_and_all_its_points),
        cmocka_unit_test(gains_past_all_measure_are_kept_apart_from_losses),
        cmocka_unit_test(thinned_circles_keep_the_limit_and_stay_valid_and_nested),
        cmocka_unit_test(thinning_never_covers_a_water_point),
        cmocka_unit_test(no_allocation_that_fails_goes_unsaid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
