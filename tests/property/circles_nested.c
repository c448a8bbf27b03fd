/* Circles of random origins on random street networks, with and without random ponds, from and to:
 * valid, nested, within their vertices, out of the water, right about nearly all land points, and
 * the same for any number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "geo/geos.h"
#include "hourshed/circles.h"
#include "random_network.h"

#define SEED 20240630
#define ROUNDS 40
#define LEVELS 4

typedef struct ponds {
    hsd_lonlat points[20];
    size_t ring_end[4], polygon_end[4];
    hsd_geometry geometry;
} ponds;

/* Four squares, one in each quarter of the streets' box, so that they are disjoint. */
static void dig(ponds *p, hsd_random *random) {
    p->geometry = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON,
                                 .points = p->points,
                                 .ring_end = p->ring_end,
                                 .polygon_end = p->polygon_end};
    for (int k = 0; k < 4; k++) {
        double lon = 0.02 * (k % 2) + 0.008 * hsd_random_unit(random);
        double lat = 41.1 + 0.015 * (k / 2) + 0.006 * hsd_random_unit(random);
        double w = 0.001 + 0.009 * hsd_random_unit(random);
        double h = 0.001 + 0.006 * hsd_random_unit(random);
        const double corner[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
        for (int c = 0; c < 5; c++)
            p->points[p->geometry.point_count++] =
                (hsd_lonlat){lon + w * corner[c][0], lat + h * corner[c][1]};
        p->ring_end[p->geometry.ring_count++] = p->geometry.point_count;
        p->polygon_end[p->geometry.polygon_count++] = p->geometry.ring_count;
    }
}

static void check_circles(const hsd_circle *circles, const uint32_t *cutoffs, uint32_t limit,
                          const ponds *water) {
    for (int l = 0; l < LEVELS; l++) {
        const hsd_circle *c = &circles[l];
        char why[128] = "";
        assert_int_equal(c->cutoff_ms, cutoffs[l]);
        assert_true(c->vertices <= limit);
        if (c->polygon.point_count == 0) continue;
        if (!hsd_geos_valid(&c->polygon, why, sizeof why)) fail_msg("%s", why);
        if (l > 0 && circles[l - 1].polygon.point_count > 0)
            assert_true(hsd_geos_covers(&c->polygon, &circles[l - 1].polygon));
        if (l > 0) assert_true(c->reached_km >= circles[l - 1].reached_km);
        assert_true(c->missed_km >= 0 && c->missed_km <= c->reached_km + 1e-9);
        /* a circle of a few cells has its lattice's coarseness, and thin ones have thin boxes */
        if (limit >= 2000 && c->area_km2 > 0.3 && c->point_error > 0.02)
            fail_msg("%.2f km2: %.4f of the points", c->area_km2, c->point_error);
        if (!water) continue;
        hsd_geometry wet;
        assert_int_equal(hsd_geos_intersection(&c->polygon, &water->geometry, &wet, NULL), HSD_OK);
        /* corners of shores within a cell's grasp: never as much as one cell in a hundred */
        assert_true(hsd_geometry_area_m2(&wet) <= 0.01 * c->area_km2 * 1e6 + 400.0);
        hsd_geometry_finish(&wet);
    }
}

static void same_circles(const hsd_circle *a, const hsd_circle *b) {
    for (int l = 0; l < LEVELS; l++) {
        assert_int_equal(a[l].polygon.point_count, b[l].polygon.point_count);
        if (a[l].polygon.point_count)
            assert_memory_equal(a[l].polygon.points, b[l].polygon.points,
                                a[l].polygon.point_count * sizeof *a[l].polygon.points);
        assert_true(a[l].point_error == b[l].point_error && a[l].missed_km == b[l].missed_km);
    }
}

static void run(const random_network *r, const hsd_geometry *barriers, const ponds *water,
                hsd_random *random, uint32_t max_vertices) {
    hsd_locator_options options = {UINT32_MAX, barriers};
    hsd_locator *locator;
    hsd_tree *tree;
    assert_int_equal(hsd_locator_create(r->network, 0, &options, &locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(locator, &tree, NULL), HSD_OK);
    uint32_t cutoffs[LEVELS];
    for (int l = 0; l < LEVELS; l++)
        cutoffs[l] = (l ? cutoffs[l - 1] : 0) + 1000 + random_below(random, 200000);
    hsd_seed seed = {random_foot(r, random), random_below(random, 5000), 0};
    hsd_direction direction = random_below(random, 2) ? HSD_TO : HSD_FROM;
    uint32_t limit = cutoffs[LEVELS - 1];
    assert_int_equal(hsd_tree_grow(tree, direction, &seed, 1, limit, NULL), HSD_OK);
    hsd_circle circles[2][LEVELS];
    for (int k = 0; k < 2; k++) {
        hsd_lattice_options where = {0.02, 41.115, 12.5};
        hsd_lattice *lattice;
        hsd_surface surface;
        hsd_run machine = {.threads = k ? 8 : 1};
        hsd_circle_options wanted = {max_vertices, 1000};
        hsd_error err = {HSD_OK, ""};
        assert_int_equal(hsd_lattice_create(locator, &where, &lattice, NULL), HSD_OK);
        assert_int_equal(hsd_surface_make(lattice, tree, limit, &machine, &surface, NULL), HSD_OK);
        if (hsd_circles_make(r->network, locator, tree, &surface, cutoffs, LEVELS, &wanted,
                             circles[k], &err) != HSD_OK)
            fail_msg("%s", err.message);
        hsd_surface_finish(&surface);
        hsd_lattice_destroy(lattice);
    }
    check_circles(circles[0], cutoffs, max_vertices ? max_vertices : 2000, water);
    same_circles(circles[0], circles[1]);
    for (int k = 0; k < 2; k++)
        for (int l = 0; l < LEVELS; l++) hsd_circle_finish(&circles[k][l]);
    hsd_tree_destroy(tree);
    hsd_locator_destroy(locator);
}

static void circles_of_random_networks_hold_what_they_promise(void **state) {
    (void)state;
    hsd_random random = {SEED};
    for (int round = 0; round < ROUNDS; round++) {
        random_network *r = random_network_create(&random);
        ponds water;
        dig(&water, &random);
        bool wet = round % 2 == 0;
        run(r, wet ? &water.geometry : NULL, wet ? &water : NULL, &random, round % 3 ? 0 : 200);
        random_network_destroy(r);
    }
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(circles_of_random_networks_hold_what_they_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
