/* What an added way in changes, on random street networks with and without ponds: polygons valid,
 * disjoint and out of the water, nothing lost, nothing at all where nothing was added, and as much
 * gained one way as lost the other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "geo/geos.h"
#include "hourshed/circles.h"
#include "random_network.h"

#define SEED 20240631
#define ROUNDS 60

/* One pond, somewhere among the streets. */
typedef struct pond {
    hsd_lonlat points[5];
    size_t ring_end, polygon_end;
    hsd_geometry geometry;
} pond;

static void dig(pond *p, hsd_random *random) {
    double lon = 0.03 * hsd_random_unit(random), lat = 41.1 + 0.025 * hsd_random_unit(random);
    double w = 0.002 + 0.01 * hsd_random_unit(random), h = 0.002 + 0.008 * hsd_random_unit(random);
    const double corner[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    for (int c = 0; c < 5; c++)
        p->points[c] = (hsd_lonlat){lon + w * corner[c][0], lat + h * corner[c][1]};
    p->ring_end = 5;
    p->polygon_end = 1;
    p->geometry = (hsd_geometry){.type = HSD_GEOMETRY_POLYGON,
                                 .points = p->points,
                                 .point_count = 5,
                                 .ring_end = &p->ring_end,
                                 .ring_count = 1,
                                 .polygon_end = &p->polygon_end,
                                 .polygon_count = 1};
}

typedef struct scene {
    const random_network *network;
    hsd_locator *locator;
    hsd_lattice *lattice;
    hsd_surface surface[2]; /* without the added seed, and with it */
    uint32_t limit;
} scene;

static void open_scene(scene *s, const random_network *r, const hsd_geometry *barriers,
                       hsd_random *random) {
    hsd_locator_options options = {UINT32_MAX, barriers};
    hsd_lattice_options where = {0.02, 41.115, 12.5};
    hsd_tree *tree;
    *s = (scene){.network = r, .limit = 60000 + random_below(random, 400000)};
    assert_int_equal(hsd_locator_create(r->network, 0, &options, &s->locator, NULL), HSD_OK);
    assert_int_equal(hsd_lattice_create(s->locator, &where, &s->lattice, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(s->locator, &tree, NULL), HSD_OK);
    hsd_seed seeds[2] = {{random_foot(r, random), random_below(random, 5000), 0},
                         {random_foot(r, random), random_below(random, s->limit), 0}};
    hsd_direction direction = random_below(random, 2) ? HSD_TO : HSD_FROM;
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(hsd_tree_grow(tree, direction, seeds, k + 1, s->limit, NULL), HSD_OK);
        assert_int_equal(hsd_surface_make(s->lattice, tree, s->limit, NULL, &s->surface[k], NULL),
                         HSD_OK);
    }
    hsd_tree_destroy(tree);
}

static void close_scene(scene *s) {
    for (int k = 0; k < 2; k++) hsd_surface_finish(&s->surface[k]);
    hsd_lattice_destroy(s->lattice);
    hsd_locator_destroy(s->locator);
}

static hsd_change make(const scene *s, int before, int after, uint32_t max_vertices) {
    hsd_change_options options = {.max_vertices = max_vertices};
    hsd_change change;
    hsd_error err = {HSD_OK, ""};
    if (hsd_change_make(s->network->network, s->locator, &s->surface[before], &s->surface[after],
                        s->limit, &options, &change, &err) != HSD_OK)
        fail_msg("%s", err.message);
    return change;
}

static double shared_km2(const hsd_geometry *a, const hsd_geometry *b) {
    if (a->point_count == 0 || b->point_count == 0) return 0.0;
    hsd_geometry both;
    assert_int_equal(hsd_geos_intersection(a, b, &both, NULL), HSD_OK);
    double area = hsd_geometry_area_m2(&both) * 1e-6;
    hsd_geometry_finish(&both);
    return area;
}

static void check(const hsd_change *c, uint32_t limit, const hsd_geometry *water) {
    const hsd_geometry *all[4] = {&c->gained, &c->lost, &c->kept, &c->faster};
    double total = c->gained_km2 + c->lost_km2 + c->kept_km2;
    for (int k = 0; k < 4; k++) {
        char why[128] = "";
        if (all[k]->point_count && !hsd_geos_valid(all[k], why, sizeof why)) fail_msg("%s", why);
        assert_true(all[k]->point_count <= limit);
        if (water) assert_true(shared_km2(all[k], water) <= 0.01 * total + 400e-6);
    }
    assert_true(shared_km2(&c->gained, &c->lost) <= 1e-9 * total);
    assert_true(shared_km2(&c->gained, &c->kept) <= 1e-9 * total);
    assert_true(shared_km2(&c->lost, &c->kept) <= 1e-9 * total);
    assert_true(fabs(shared_km2(&c->faster, &c->kept) - c->faster_km2) <= 1e-9 * total);
}

static void a_way_in_that_is_added_gains_and_loses_nothing(void **state) {
    (void)state;
    hsd_random random = {SEED};
    int gains = 0;
    for (int round = 0; round < ROUNDS; round++) {
        random_network *r = random_network_create(&random);
        pond water;
        dig(&water, &random);
        const hsd_geometry *barriers = round % 2 ? &water.geometry : NULL;
        uint32_t limit = round % 3 ? 2000 : 150;
        scene s;
        open_scene(&s, r, barriers, &random);
        hsd_change there = make(&s, 0, 1, limit), back = make(&s, 1, 0, limit);
        hsd_change same = make(&s, 1, 1, limit);
        check(&there, limit, barriers);
        check(&back, limit, barriers);
        check(&same, limit, barriers);
        assert_int_equal(there.lost.point_count + back.gained.point_count, 0);
        assert_int_equal(same.gained.point_count + same.lost.point_count + same.faster.point_count,
                         0);
        /* the borders are the same; faster ones among the kept are not on the way back */
        assert_true(fabs(there.gained_km2 - back.lost_km2) <=
                    0.02 * (there.gained_km2 + there.kept_km2) + 1e-3);
        gains += there.gained_km2 > 0.0;
        hsd_change_finish(&there);
        hsd_change_finish(&back);
        hsd_change_finish(&same);
        close_scene(&s);
        random_network_destroy(r);
    }
    assert_true(gains > ROUNDS / 4);
}

static void surfaces_of_two_lattices_are_refused(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    random_network *r = random_network_create(&random);
    scene s;
    open_scene(&s, r, NULL, &random);
    hsd_change change;
    hsd_error err = {HSD_OK, ""};
    s.surface[1].cell_m = 25.0;
    assert_int_equal(hsd_change_make(r->network, s.locator, &s.surface[0], &s.surface[1], s.limit,
                                     NULL, &change, &err),
                     HSD_E_ARGUMENT);
    s.surface[1].cell_m = s.surface[0].cell_m;
    assert_int_equal(hsd_change_make(r->network, s.locator, &s.surface[0], &s.surface[1],
                                     HSD_UNREACHABLE, NULL, &change, &err),
                     HSD_E_ARGUMENT);
    hsd_change_options few = {.max_vertices = 3};
    assert_int_equal(hsd_change_make(r->network, s.locator, &s.surface[0], &s.surface[1], s.limit,
                                     &few, &change, &err),
                     HSD_E_ARGUMENT);
    close_scene(&s);
    random_network_destroy(r);
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_in_that_is_added_gains_and_loses_nothing),
        cmocka_unit_test(surfaces_of_two_lattices_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
