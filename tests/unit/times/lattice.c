/* Surfaces against the time of a point as hsd_locate and the tree give it, point by point. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/random.h"
#include "hand_network.h"
#include "hourshed/times.h"
#include "times/tree.h"

#define LON (-86000000)
#define LAT 411000000
#define STEP 12000 /* about 100 m east, 133 m north */

static hsd_lonlat lake_points[5] = {{-8.5968, 41.1031},
                                    {-8.5939, 41.1029},
                                    {-8.5941, 41.1052},
                                    {-8.5966, 41.1049},
                                    {-8.5968, 41.1031}};
static size_t lake_ring = 5, lake_polygon = 1;
static const hsd_geometry lake = {.type = HSD_GEOMETRY_POLYGON,
                                  .point_count = 5,
                                  .ring_count = 1,
                                  .polygon_count = 1,
                                  .points = lake_points,
                                  .ring_end = &lake_ring,
                                  .polygon_end = &lake_polygon};

/* A bent grid of 7 x 7 junctions, some streets missing, a lake in the middle. */
static hand_network *make_town(hsd_leg_rule rule, bool with_lake) {
    hand_network *h = hand_create();
    hsd_random random = {3};
    h->leg_rule = rule;
    h->leg_cap_m = rule == HSD_LEG_NODES ? 400 : 300;
    h->leg_speed_mh = 4800;
    h->leg_detour_ppm = rule == HSD_LEG_NODES ? 1300000 : 1000000;
    if (with_lake) h->barriers = &lake;
    for (int j = 0; j < 7; j++)
        for (int i = 0; i < 7; i++)
            hand_vertex(h, LON + i * STEP + (int32_t)(hsd_random_next(&random) % 4000),
                        LAT + j * STEP + (int32_t)(hsd_random_next(&random) % 4000));
    for (uint32_t v = 0; v < 49; v++) {
        if (v % 7 < 6 && hsd_random_unit(&random) < 0.8) {
            uint32_t e = hand_edge(h, v, v + 1, 30000, 20000);
            hand_bend(h, e, (h->vertices[v].lon_e7 + h->vertices[v + 1].lon_e7) / 2,
                      h->vertices[v].lat_e7 + 1500);
        }
        if (v < 42 && hsd_random_unit(&random) < 0.8) hand_edge(h, v, v + 7, 40000, 40000);
    }
    hand_plain_graph(h);
    hand_finish(h);
    return h;
}

typedef struct town {
    hand_network *hand;
    hsd_locator *locator;
    hsd_tree *tree;
    hsd_lattice *lattice;
    hsd_surface surface;
    uint32_t limit_ms;
} town;

static void open_town(town *t, hsd_leg_rule rule, bool with_lake, double cell_m, uint32_t limit_ms,
                      hsd_direction direction, int threads) {
    t->hand = make_town(rule, with_lake);
    t->limit_ms = limit_ms;
    hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(&t->hand->network, 0, &options, &t->locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(t->locator, &t->tree, NULL), HSD_OK);
    hsd_feet feet = {0};
    assert_int_equal(hsd_locate(t->locator, -8.5977, 41.1017, &feet, NULL), HSD_OK);
    assert_true(feet.count > 0);
    hsd_seed seeds[64];
    for (size_t k = 0; k < feet.count; k++) seeds[k] = (hsd_seed){feet.feet[k], 0, 0};
    assert_int_equal(hsd_tree_grow(t->tree, direction, seeds, feet.count, limit_ms, NULL), HSD_OK);
    hsd_feet_finish(&feet);
    hsd_lattice_options where = {-8.59, 41.11, cell_m};
    assert_int_equal(hsd_lattice_create(t->locator, &where, &t->lattice, NULL), HSD_OK);
    hsd_run run = {.threads = threads};
    hsd_error err = {HSD_OK, ""};
    if (hsd_surface_make(t->lattice, t->tree, limit_ms, &run, &t->surface, &err) != HSD_OK)
        fail_msg("%s", err.message);
}

static void close_town(town *t) {
    hsd_surface_finish(&t->surface);
    hsd_lattice_destroy(t->lattice);
    hsd_tree_destroy(t->tree);
    hsd_locator_destroy(t->locator);
    hand_destroy(t->hand);
}

/* Every point of the surface, and a margin round it, against hsd_locate. */
static void compare_surface(const town *t, uint32_t tolerance_ms, bool expect_water) {
    const hsd_surface *s = &t->surface;
    hsd_frame *frame;
    assert_int_equal(hsd_frame_create(s->centre_lon, s->centre_lat, &frame, NULL), HSD_OK);
    hsd_feet feet = {0};
    uint32_t reached = 0, water = 0;
    for (int64_t j = -3; j < (int64_t)s->height + 3; j++)
        for (int64_t i = -3; i < (int64_t)s->width + 3; i++) {
            double lon, lat;
            hsd_frame_inverse(frame, ((double)(s->i0 + i) + 0.5) * s->cell_m,
                              ((double)(s->j0 + j) + 0.5) * s->cell_m, &lon, &lat);
            assert_int_equal(hsd_locate(t->locator, lon, lat, &feet, NULL), HSD_OK);
            uint32_t want = hsd_tree_feet_ms(t->tree, &feet), got = HSD_UNREACHABLE;
            bool wet = feet.reason == HSD_SNAP_IN_WATER;
            if (i >= 0 && j >= 0 && i < s->width && j < s->height) {
                got = s->ms[(size_t)j * s->width + (size_t)i];
                /* a leg over one cell longer than the limit, at most */
                assert_true(got == HSD_UNREACHABLE || got < t->limit_ms + 15000);
                if (got > t->limit_ms) got = HSD_UNREACHABLE;
                if (wet) assert_int_equal(s->land[(size_t)j * s->width + (size_t)i], 0);
                if (want < HSD_UNREACHABLE)
                    assert_int_equal(s->land[(size_t)j * s->width + (size_t)i], 1);
                if (i < 2 || j < 2 || i + 2 >= s->width || j + 2 >= s->height)
                    assert_int_equal(got, HSD_UNREACHABLE);
            }
            water += wet;
            reached += want < HSD_UNREACHABLE;
            uint32_t apart = want > got ? want - got : got - want;
            if (apart > tolerance_ms)
                fail_msg("point %g %g: surface %u ms, located %u ms", lon, lat, got, want);
        }
    assert_true(reached > 1000);
    if (expect_water) assert_true(water > 50);
    hsd_feet_finish(&feet);
    hsd_frame_destroy(frame);
}

static void a_surface_is_the_time_of_its_points(void **state) {
    (void)state;
    town t;
    open_town(&t, HSD_LEG_EDGES, false, 7.0, 240000, HSD_FROM, 1);
    compare_surface(&t, 1, false); /* the lattice's positions are within 10 um */
    close_town(&t);
    open_town(&t, HSD_LEG_EDGES, false, 9.0, 240000, HSD_TO, 1);
    compare_surface(&t, 1, false);
    close_town(&t);
}

/* Gates on a dozen edges, some of them twice: the way along each of these edges counts. */
static void gates_on_many_edges_count_each_along_its_edge(void **state) {
    (void)state;
    town t;
    open_town(&t, HSD_LEG_EDGES, false, 9.0, 100000, HSD_FROM, 2);
    hsd_surface_finish(&t.surface);
    hsd_seed seeds[16];
    hsd_feet feet = {0};
    for (int k = 0; k < 16; k++) {
        double lon = -8.5990 + 0.0011 * (k % 4), lat = 41.1005 + 0.0009 * (double)(k / 4);
        assert_int_equal(hsd_locate(t.locator, lon, lat, &feet, NULL), HSD_OK);
        assert_int_equal(feet.count, 1);
        seeds[15 - k] = (hsd_seed){feet.feet[0], 1000u * (uint32_t)k, 0};
    }
    hsd_feet_finish(&feet);
    assert_int_equal(hsd_tree_grow(t.tree, HSD_FROM, seeds, 16, 100000, NULL), HSD_OK);
    t.limit_ms = 100000;
    assert_int_equal(hsd_surface_make(t.lattice, t.tree, 100000, NULL, &t.surface, NULL), HSD_OK);
    compare_surface(&t, 1, false);
    close_town(&t);
}

/* Stretches closed in the middle of streets, some one way: which side of them a point's foot lies
 * on decides its time. */
static void a_surface_knows_both_sides_of_a_closed_stretch(void **state) {
    (void)state;
    town t;
    open_town(&t, HSD_LEG_EDGES, false, 9.0, 240000, HSD_FROM, 1);
    const hsd_locator *open = t.locator;
    const hsd_network *base = &t.hand->network;
    hsd_closed_part parts[8];
    for (uint32_t k = 0; k < 8; k++) {
        const uint32_t edge = 3 + 5 * k;
        parts[k] =
            (hsd_closed_part){edge, (uint8_t)(k % 2 ? 3 : 1 + k % 3), 0, 0, 0.3, 0.3 + 0.08 * k};
    }
    hsd_network *view;
    hsd_tree *open_tree = t.tree;
    assert_int_equal(hsd_network_adapt(base, 0, NULL, 0, parts, 8, &view, NULL), HSD_OK);
    assert_int_equal(hsd_locator_adapt(open, view, &t.locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(t.locator, &t.tree, NULL), HSD_OK);
    hsd_lattice_destroy(t.lattice);
    const hsd_lattice_options where = {-8.59, 41.11, 9.0};
    assert_int_equal(hsd_lattice_create(t.locator, &where, &t.lattice, NULL), HSD_OK);
    hsd_feet feet = {0};
    assert_int_equal(hsd_locate(t.locator, -8.5977, 41.1017, &feet, NULL), HSD_OK);
    const hsd_seed seed = {feet.feet[0], 0, 0};
    hsd_surface all = t.surface;
    for (int to = 0; to < 2; to++) {
        assert_int_equal(hsd_tree_grow(t.tree, to ? HSD_TO : HSD_FROM, &seed, 1, t.limit_ms, NULL),
                         HSD_OK);
        assert_int_equal(hsd_surface_make(t.lattice, t.tree, t.limit_ms, NULL, &t.surface, NULL),
                         HSD_OK);
        compare_surface(&t, 1, false);
        if (to == 0) hsd_surface_finish(&t.surface);
    }
    hsd_surface_finish(&all);
    hsd_feet_finish(&feet);
    hsd_tree_destroy(open_tree);
    hsd_locator *adapted = t.locator;
    t.locator = (hsd_locator *)(uintptr_t)open;
    hsd_lattice_destroy(t.lattice);
    t.lattice = NULL;
    hsd_tree_destroy(t.tree);
    t.tree = NULL;
    hsd_locator_destroy(adapted);
    hsd_network_destroy(view);
    close_town(&t);
}

static void legs_of_a_surface_cross_no_barrier(void **state) {
    (void)state;
    town t;
    open_town(&t, HSD_LEG_EDGES, true, 6.0, 300000, HSD_FROM, 2);
    compare_surface(&t, 1, true);
    close_town(&t);
}

static void on_corridor_networks_the_least_over_the_visible_vertices_counts(void **state) {
    (void)state;
    town t;
    open_town(&t, HSD_LEG_NODES, true, 8.0, 400000, HSD_FROM, 2);
    compare_surface(&t, 1, true); /* legs by the mid-latitude formula */
    close_town(&t);
    open_town(&t, HSD_LEG_NODES, true, 8.0, 400000, HSD_TO, 1);
    compare_surface(&t, 1, true);
    close_town(&t);
}

static void threads_and_earlier_origins_change_nothing(void **state) {
    (void)state;
    for (int rule = 0; rule < 2; rule++) {
        town a, b;
        open_town(&a, rule ? HSD_LEG_NODES : HSD_LEG_EDGES, true, 8.0, 300000, HSD_FROM, 1);
        open_town(&b, rule ? HSD_LEG_NODES : HSD_LEG_EDGES, true, 8.0, 300000, HSD_FROM, 4);
        hsd_surface again;
        assert_int_equal(hsd_surface_make(b.lattice, b.tree, 300000, NULL, &again, NULL), HSD_OK);
        const hsd_surface *others[2] = {&b.surface, &again};
        for (int k = 0; k < 2; k++) {
            size_t count = (size_t)a.surface.width * a.surface.height;
            assert_int_equal(a.surface.width, others[k]->width);
            assert_int_equal(a.surface.height, others[k]->height);
            assert_memory_equal(a.surface.ms, others[k]->ms, count * sizeof *a.surface.ms);
            assert_memory_equal(a.surface.land, others[k]->land, count);
        }
        hsd_surface_finish(&again);
        close_town(&a);
        close_town(&b);
    }
}

static void cells_grow_with_the_cut_off_and_the_leg(void **state) {
    (void)state;
    town t;
    open_town(&t, HSD_LEG_EDGES, false, 20.0, 60000, HSD_FROM, 1);
    assert_true(hsd_lattice_cell_m(t.locator, 600000) == 12.5);
    assert_true(hsd_lattice_cell_m(t.locator, 900000) == 12.5);
    assert_true(hsd_lattice_cell_m(t.locator, 3600000) == 50.0);
    close_town(&t);
}

static void wrong_calls_are_refused(void **state) {
    (void)state;
    town t;
    open_town(&t, HSD_LEG_EDGES, false, 20.0, 60000, HSD_FROM, 1);
    hsd_surface s;
    hsd_lattice *lattice;
    assert_int_equal(hsd_surface_make(t.lattice, t.tree, 60001, NULL, &s, NULL), HSD_E_ARGUMENT);
    hsd_lattice_options bad = {NAN, 41.0, 10.0}, fine_cells = {-8.0, 41.0, 0.001};
    assert_int_equal(hsd_lattice_create(t.locator, &bad, &lattice, NULL), HSD_E_ARGUMENT);
    assert_int_equal(hsd_lattice_create(t.locator, &fine_cells, &lattice, NULL), HSD_E_ARGUMENT);
    close_town(&t);
}

static void no_allocation_that_fails_goes_unsaid(void **state) {
    (void)state;
    for (int rule = 0; rule < 2; rule++) {
        town t;
        open_town(&t, rule ? HSD_LEG_NODES : HSD_LEG_EDGES, true, 25.0, 200000, HSD_FROM, 1);
        bool finished = false;
        for (uint64_t n = 1; !finished && n < 3000; n++) {
            hsd_lattice *lattice = NULL;
            hsd_surface s = {0};
            hsd_run run = {.threads = 1};
            hsd_lattice_options where = {-8.59, 41.11, 25.0};
            hsd_memory_fail_at(n);
            hsd_status status = hsd_lattice_create(t.locator, &where, &lattice, NULL);
            if (status == HSD_OK)
                status = hsd_surface_make(lattice, t.tree, 200000, &run, &s, NULL);
            finished = hsd_memory_fail_at(0) < n;
            assert_int_equal(status, finished ? HSD_OK : HSD_E_MEMORY);
            hsd_surface_finish(&s);
            hsd_lattice_destroy(lattice);
        }
        assert_true(finished);
        close_town(&t);
    }
}

/* ---- Within a cut-off ---- */

static void a_point_is_within_a_cut_off_when_its_time_is(void **state) {
    (void)state;
    for (int k = 0; k < 4; k++) {
        town t;
        open_town(&t, k % 2 ? HSD_LEG_NODES : HSD_LEG_EDGES, true, 25.0, 400000,
                  k / 2 ? HSD_TO : HSD_FROM, 1);
        hsd_random random = {5};
        hsd_feet feet = {0};
        size_t reached = 0, out = 0;
        for (int n = 0; n < 20000; n++) {
            const double lon = -8.605 + 0.02 * hsd_random_unit(&random);
            const double lat = 41.095 + 0.02 * hsd_random_unit(&random);
            if (hsd_locator_in_water(t.locator, lon, lat)) continue;
            assert_int_equal(hsd_locate(t.locator, lon, lat, &feet, NULL), HSD_OK);
            const uint32_t ms = hsd_tree_feet_ms(t.tree, &feet);
            const uint32_t any = (uint32_t)(hsd_random_next(&random) % 500000);
            assert_int_equal(hsd_tree_within(t.tree, lon, lat, any), ms <= any);
            assert_int_equal(hsd_tree_within(t.tree, lon, lat, ms), ms < HSD_UNREACHABLE);
            if (ms) assert_false(hsd_tree_within(t.tree, lon, lat, ms - 1) && ms < HSD_UNREACHABLE);
            reached += ms < HSD_UNREACHABLE;
            out += ms == HSD_UNREACHABLE;
        }
        assert_true(reached > 5000 && out > 2000);
        hsd_feet_finish(&feet);
        close_town(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_is_within_a_cut_off_when_its_time_is),
        cmocka_unit_test(a_surface_is_the_time_of_its_points),
        cmocka_unit_test(gates_on_many_edges_count_each_along_its_edge),
        cmocka_unit_test(a_surface_knows_both_sides_of_a_closed_stretch),
        cmocka_unit_test(legs_of_a_surface_cross_no_barrier),
        cmocka_unit_test(on_corridor_networks_the_least_over_the_visible_vertices_counts),
        cmocka_unit_test(threads_and_earlier_origins_change_nothing),
        cmocka_unit_test(cells_grow_with_the_cut_off_and_the_leg),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(no_allocation_that_fails_goes_unsaid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
