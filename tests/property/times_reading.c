/* Readings of many trees on random networks against each tree asked alone: the rank-th smallest by
 * sorting, the greatest of two parts; at feet, points, zones, along edges and over surfaces; a
 * reading of one tree is the tree, and its circles have the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hourshed/circles.h"
#include "random_network.h"
#include "times/reading.h"

#define NETWORKS 40
#define TREES 9
#define SEED 20261123

typedef struct world {
    random_network *r;
    hsd_locator *locator;
    hsd_tree *tree[2 * TREES];
    const hsd_tree *trees[2 * TREES];
    uint32_t limit_ms;
    hsd_reading reading;
} world;

static void open_world(world *w, hsd_random *random, hsd_leg_rule rule) {
    *w = (world){.r = random_network_create(random)};
    w->r->hand->metric.leg_rule = rule;
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(w->r->network, 0, &options, &w->locator, NULL), HSD_OK);
    w->limit_ms = 200000 + random_below(random, 800000);
    for (int i = 0; i < 2 * TREES; i++) {
        assert_int_equal(hsd_tree_create(w->locator, &w->tree[i], NULL), HSD_OK);
        w->trees[i] = w->tree[i];
        hsd_seed seeds[4];
        for (int s = 0; s < 4; s++) {
            const uint32_t extra_ms = random_below(random, 200000); /* first, on any compiler */
            seeds[s] = (hsd_seed){random_foot(w->r, random), extra_ms, 0};
            if (s == 3) seeds[s].foot = random_vertex_foot(random_below(random, 3), 0);
            if (i % 3 == 0) seeds[s].until_ms = 1 + random_below(random, 500000); /* lapses */
        }
        assert_int_equal(hsd_tree_grow(w->tree[i], i < TREES ? HSD_FROM : HSD_TO, seeds,
                                       1 + random_below(random, 4), w->limit_ms, NULL),
                         HSD_OK);
    }
    w->reading.part_count = 1 + random_below(random, 2);
    for (size_t p = 0; p < w->reading.part_count; p++) {
        const size_t count = 1 + random_below(random, TREES);
        w->reading.parts[p] =
            (hsd_reading_part){w->trees + p * TREES, count, random_below(random, (uint32_t)count)};
    }
}

static void close_world(world *w) {
    for (int i = 0; i < 2 * TREES; i++) hsd_tree_destroy(w->tree[i]);
    hsd_locator_destroy(w->locator);
    random_network_destroy(w->r);
}

static int ascending(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* ms[p][i]: of tree i of part p. */
static uint32_t sorted_ms(const hsd_reading *reading, uint32_t ms[2][TREES]) {
    uint32_t worst = 0;
    for (size_t p = 0; p < reading->part_count; p++) {
        qsort(ms[p], reading->parts[p].count, sizeof **ms, ascending);
        const uint32_t one = ms[p][reading->parts[p].rank];
        if (one > worst) worst = one;
    }
    return worst;
}

#define EACH(w, ms, value)                                                                         \
    for (size_t p = 0; p < (w)->reading.part_count; p++)                                           \
        for (size_t t = 0; t < (w)->reading.parts[p].count; t++) {                                 \
            const hsd_tree *tree = (w)->reading.parts[p].trees[t];                                 \
            ms[p][t] = (value);                                                                    \
        }

static void check_feet(const world *w, hsd_random *random) {
    uint32_t ms[2][TREES];
    for (int i = 0; i < 80; i++) {
        const hsd_foot foot = random_below(random, 4)
                                  ? random_foot(w->r, random)
                                  : random_vertex_foot(random_below(random, 3), 500);
        EACH(w, ms, hsd_tree_foot_ms(tree, &foot));
        assert_int_equal(hsd_reading_foot_ms(&w->reading, &foot), sorted_ms(&w->reading, ms));
    }
    hsd_feet feet = {0};
    for (int i = 0; i < 40; i++) {
        const double lon = 0.045 * hsd_random_unit(random) - 0.002;
        const double lat = 41.098 + 0.034 * hsd_random_unit(random);
        assert_int_equal(hsd_locate(w->locator, lon, lat, &feet, NULL), HSD_OK);
        EACH(w, ms, hsd_tree_feet_ms(tree, &feet));
        const uint32_t want = sorted_ms(&w->reading, ms);
        assert_int_equal(hsd_reading_feet_ms(&w->reading, &feet), want);
        const uint32_t cutoff = random_below(random, 1000000);
        assert_int_equal(hsd_reading_within(&w->reading, lon, lat, cutoff), want <= cutoff);
    }
    hsd_feet_finish(&feet);
}

static void check_zone(const world *w, hsd_random *random) {
    const double lon = 0.03 * hsd_random_unit(random), lat = 41.1 + 0.02 * hsd_random_unit(random);
    hsd_lonlat ring[5] = {
        {lon, lat}, {lon + 0.006, lat}, {lon + 0.006, lat + 0.006}, {lon, lat + 0.006}, {lon, lat}};
    size_t end = 5, one = 1;
    hsd_place place = {.geometry = {.type = HSD_GEOMETRY_POLYGON,
                                    .points = ring,
                                    .point_count = 5,
                                    .ring_end = &end,
                                    .ring_count = 1,
                                    .polygon_end = &one,
                                    .polygon_count = 1}};
    const hsd_place_table table = {.places = &place, .place_count = 1};
    hsd_zone_set *zones;
    assert_int_equal(hsd_zone_set_create(w->locator, &table, NULL, &zones, NULL), HSD_OK);
    const size_t count = hsd_zone_set_point_count(zones);
    static uint32_t alone[2][TREES][400];
    uint32_t got[400], ms[2][TREES];
    assert_in_range(count, 1, 400);
    hsd_zone_set_point_read(zones, &w->reading, got);
    for (size_t p = 0; p < w->reading.part_count; p++)
        for (size_t i = 0; i < w->reading.parts[p].count; i++)
            hsd_zone_set_point_times(zones, w->reading.parts[p].trees[i], alone[p][i]);
    const uint32_t cutoff = w->limit_ms / 2;
    size_t within = 0;
    for (size_t k = 0; k < count; k++) {
        EACH(w, ms, (tree ? alone[p][t][k] : 0));
        assert_int_equal(got[k], sorted_ms(&w->reading, ms));
        within += got[k] <= cutoff;
    }
    hsd_zone_time time = {0};
    double share;
    assert_int_equal(hsd_zone_set_read(zones, &w->reading, &cutoff, 1, &time, &share, NULL),
                     HSD_OK);
    assert_true(share == (double)within / (double)count);
    assert_int_equal(time.point_ms, hsd_reading_feet_ms(&w->reading, hsd_zone_set_feet(zones, 0)));
    hsd_zone_set_destroy(zones);
}

static void times_are_the_ranked_ones_of_the_trees(void **state) {
    (void)state;
    hsd_random random = {SEED};
    for (int n = 0; n < NETWORKS; n++) {
        world w;
        open_world(&w, &random, n % 2 ? HSD_LEG_NODES : HSD_LEG_EDGES);
        check_feet(&w, &random);
        check_zone(&w, &random);
        close_world(&w);
    }
}

/* More trees than a buffer holds: the same ones over and over. */
static void many_trees_are_read_like_few(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    world w;
    open_world(&w, &random, HSD_LEG_EDGES);
    const hsd_tree *many[100 * TREES];
    for (size_t i = 0; i < 100 * TREES; i++) many[i] = w.trees[i % TREES];
    for (size_t rank = 0; rank < TREES; rank++) {
        const hsd_reading few = {.parts = {{w.trees, TREES, rank}}, .part_count = 1};
        const hsd_reading lots = {
            .parts = {{many, 100 * TREES, 100 * rank + random_below(&random, 100)}},
            .part_count = 1};
        for (int i = 0; i < 100; i++) {
            const hsd_foot foot = random_foot(w.r, &random);
            assert_int_equal(hsd_reading_foot_ms(&lots, &foot), hsd_reading_foot_ms(&few, &foot));
        }
    }
    close_world(&w);
}

static void ranks_of_percentiles_by_hand(void **state) {
    (void)state;
    assert_int_equal(hsd_percentile_rank(0, 60), 0);
    assert_int_equal(hsd_percentile_rank(1, 60), 0);
    assert_int_equal(hsd_percentile_rank(10, 60), 5);
    assert_int_equal(hsd_percentile_rank(50, 60), 29);
    assert_int_equal(hsd_percentile_rank(50, 61), 30);
    assert_int_equal(hsd_percentile_rank(95, 60), 56);
    assert_int_equal(hsd_percentile_rank(100, 60), 59);
    assert_int_equal(hsd_percentile_rank(50, 1), 0);
    assert_int_equal(hsd_percentile_rank(50, 0), 0);
    assert_int_equal(hsd_percentile_rank((double)NAN, 60), 0);
}

/* ---- Along edges
 * -------------------------------------------------------------------------------------- */

typedef HSD_ARRAY(hsd_piece) piece_list;

static hsd_status keep(void *context, const hsd_piece *piece, hsd_error *err) {
    return hsd_array_push((piece_list *)context, *piece, err) ? HSD_OK : HSD_E_MEMORY;
}

/* A position lies over a stretch exactly when enough trees of every part have a piece there. */
static size_t check_edges(const world *w, uint32_t cutoff, hsd_random *random) {
    piece_list list = {0}, own[2][TREES] = {0};
    assert_int_equal(hsd_reading_pieces(&w->reading, cutoff, keep, &list, NULL), HSD_OK);
    for (size_t p = 0; p < w->reading.part_count; p++)
        for (size_t i = 0; i < w->reading.parts[p].count; i++)
            assert_int_equal(
                hsd_tree_pieces(w->reading.parts[p].trees[i], cutoff, keep, &own[p][i], NULL),
                HSD_OK);
    size_t inside = 0;
    for (uint32_t edge = 0; edge < w->r->network->edge_count; edge++)
        for (int k = 0; k < 8; k++) {
            const double m = w->r->network->edges[edge].length_m * hsd_random_unit(random);
            bool want = true;
            for (size_t p = 0; p < w->reading.part_count; p++) {
                size_t over = 0;
                for (size_t i = 0; i < w->reading.parts[p].count; i++) {
                    bool here = false;
                    for (size_t n = 0; n < own[p][i].count; n++) {
                        const hsd_piece *q = &own[p][i].data[n];
                        here |= q->edge == edge && fmin(q->in_m, q->out_m) <= m &&
                                fmax(q->in_m, q->out_m) >= m;
                    }
                    over += here;
                }
                want &= over > w->reading.parts[p].rank;
            }
            bool got = false;
            for (size_t n = 0; n < list.count; n++) {
                const hsd_piece *q = &list.data[n];
                got |=
                    q->edge == edge && fmin(q->in_m, q->out_m) <= m && fmax(q->in_m, q->out_m) >= m;
            }
            assert_int_equal(got, want);
            inside += got;
        }
    for (size_t n = 0; n < list.count; n++) { /* ends: in order, apart, and with their times */
        const hsd_piece *q = &list.data[n];
        assert_true(q->in_ms <= q->out_ms && q->out_ms <= cutoff);
        assert_int_equal(q->direction, q->in_m < q->out_m ? HSD_FORWARD : HSD_BACKWARD);
        if (n > 0 && q[-1].edge == q->edge)
            assert_true(fmax(q[-1].in_m, q[-1].out_m) < fmin(q->in_m, q->out_m));
        assert_true(n == 0 || q[-1].edge <= q->edge);
        if (fabs(q->out_m - q->in_m) < 2) continue;
        for (int k = 0; k < 2; k++) { /* a millimetre inside */
            const double end = k ? q->out_m : q->in_m, other = k ? q->in_m : q->out_m;
            const double m = end + (other > end ? 1e-3 : -1e-3);
            const hsd_edge *e = &w->r->network->edges[q->edge];
            const double *segment_m = w->r->network->segment_m + e->first_point;
            hsd_foot foot = {.edge = q->edge, .vertex = HSD_NO_EDGE};
            double before = 0;
            while (foot.segment + 2 < e->point_count && before + segment_m[foot.segment] < m)
                before += segment_m[foot.segment++];
            foot.fraction = fmin(fmax((m - before) / segment_m[foot.segment], 0), 1);
            hsd_locator_foot_prefix(w->locator, &foot);
            const uint32_t at = hsd_reading_position_ms(&w->reading, &foot);
            assert_in_range(at + 3, k ? q->out_ms : q->in_ms, (k ? q->out_ms : q->in_ms) + 6);
        }
    }
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < TREES; i++) hsd_array_finish(&own[p][i]);
    hsd_array_finish(&list);
    return inside;
}

static void stretches_are_where_enough_trees_have_pieces(void **state) {
    (void)state;
    hsd_random random = {SEED + 2};
    size_t inside = 0;
    for (int n = 0; n < NETWORKS; n++) {
        world w;
        open_world(&w, &random, HSD_LEG_EDGES);
        inside += check_edges(&w, w.limit_ms, &random);
        inside += check_edges(&w, w.limit_ms / 2, &random);
        close_world(&w);
    }
    assert_true(inside > 50 * NETWORKS);
}

/* ---- Surfaces and circles
 * ------------------------------------------------------------------------------ */

static uint32_t surface_at(const hsd_surface *s, int64_t i, int64_t j) {
    i -= s->i0;
    j -= s->j0;
    if (i < 0 || j < 0 || i >= s->width || j >= s->height) return HSD_UNREACHABLE;
    return s->ms[(size_t)j * s->width + (size_t)i];
}

static size_t check_surface(const world *w) {
    const hsd_lattice_options where = {0.02, 41.115, 60};
    hsd_lattice *lattice;
    hsd_surface s, own[2][TREES];
    uint32_t ms[2][TREES];
    size_t reached = 0;
    assert_int_equal(hsd_lattice_create(w->locator, &where, &lattice, NULL), HSD_OK);
    const hsd_run machine = {.threads = 3};
    assert_int_equal(hsd_surface_read(lattice, &w->reading, w->limit_ms, &machine, &s, NULL),
                     HSD_OK);
    for (size_t p = 0; p < w->reading.part_count; p++)
        for (size_t i = 0; i < w->reading.parts[p].count; i++)
            assert_int_equal(hsd_surface_make(lattice, w->reading.parts[p].trees[i], w->limit_ms,
                                              NULL, &own[p][i], NULL),
                             HSD_OK);
    const int64_t far = 100; /* cells: past all of it */
    for (int64_t j = -far; j < far; j++)
        for (int64_t i = -far; i < far; i++) {
            EACH(w, ms, (tree ? surface_at(&own[p][t], i, j) : 0));
            const uint32_t want = sorted_ms(&w->reading, ms), got = surface_at(&s, i, j);
            if (want <= w->limit_ms || got <= w->limit_ms) assert_int_equal(got, want);
            reached += want <= w->limit_ms;
        }
    for (size_t p = 0; p < w->reading.part_count; p++)
        for (size_t i = 0; i < w->reading.parts[p].count; i++) hsd_surface_finish(&own[p][i]);
    hsd_surface_finish(&s);
    hsd_lattice_destroy(lattice);
    return reached;
}

static void surfaces_are_the_ranked_ones_of_the_trees(void **state) {
    (void)state;
    hsd_random random = {SEED + 3};
    size_t reached = 0;
    for (int n = 0; n < NETWORKS; n++) {
        world w;
        open_world(&w, &random, n % 2 ? HSD_LEG_NODES : HSD_LEG_EDGES);
        reached += check_surface(&w);
        close_world(&w);
    }
    assert_true(reached > 100 * NETWORKS);
}

enum { LEVELS = 2 };

static void make_circles(const world *w, const hsd_reading *reading, hsd_circle *out) {
    const hsd_lattice_options where = {0.02, 41.115, 25};
    const uint32_t cutoffs[LEVELS] = {w->limit_ms / 2, w->limit_ms};
    const hsd_circle_options options = {.check_points = 500};
    hsd_lattice *lattice;
    hsd_surface s;
    hsd_error err = {HSD_OK, ""};
    assert_int_equal(hsd_lattice_create(w->locator, &where, &lattice, NULL), HSD_OK);
    assert_int_equal(hsd_surface_read(lattice, reading, w->limit_ms, NULL, &s, NULL), HSD_OK);
    if (hsd_circles_read(w->r->network, w->locator, reading, &s, cutoffs, LEVELS, &options, out,
                         &err) != HSD_OK)
        fail_msg("%s", err.message);
    hsd_surface_finish(&s);
    hsd_lattice_destroy(lattice);
}

static void finish_circles(hsd_circle *circles) {
    for (int l = 0; l < LEVELS; l++) hsd_circle_finish(&circles[l]);
}

/* The same tree three times over, at its median, is no plain reading, but has the same times. */
static void the_same_tree_over_and_over_has_its_circles(void **state) {
    (void)state;
    hsd_random random = {SEED + 4};
    for (int n = 0; n < 8; n++) {
        world w;
        open_world(&w, &random, n % 2 ? HSD_LEG_NODES : HSD_LEG_EDGES);
        const hsd_tree *thrice[3] = {w.trees[0], w.trees[0], w.trees[0]};
        const hsd_reading one = hsd_reading_of(&w.trees[0]);
        const hsd_reading many = {.parts = {{thrice, 3, 1}, {thrice, 2, 0}}, .part_count = 2};
        hsd_circle a[LEVELS], b[LEVELS];
        make_circles(&w, &one, a);
        make_circles(&w, &many, b);
        for (int l = 0; l < LEVELS; l++) {
            assert_int_equal(a[l].polygon.point_count, b[l].polygon.point_count);
            if (a[l].polygon.point_count > 0)
                assert_memory_equal(a[l].polygon.points, b[l].polygon.points,
                                    a[l].polygon.point_count * sizeof *a[l].polygon.points);
            assert_true(a[l].point_error == b[l].point_error);
            assert_int_equal(a[l].data_end, b[l].data_end);
            assert_true(fabs(a[l].reached_km - b[l].reached_km) < 1e-9);
        }
        finish_circles(a);
        finish_circles(b);
        close_world(&w);
    }
}

static void a_larger_percentile_never_has_a_larger_circle(void **state) {
    (void)state;
    hsd_random random = {SEED + 5};
    for (int n = 0; n < 5; n++) {
        world w;
        open_world(&w, &random, HSD_LEG_EDGES);
        hsd_circle last[LEVELS] = {0};
        for (size_t rank = 0; rank < TREES; rank += 2) {
            const hsd_reading reading = {.parts = {{w.trees, TREES, rank}}, .part_count = 1};
            hsd_circle now[LEVELS];
            make_circles(&w, &reading, now);
            for (int l = 0; l < LEVELS; l++) {
                /* a circle of a few cells has its lattice's coarseness */
                if (now[l].area_km2 > 0.3 && now[l].point_error >= 0.05)
                    fail_msg("%.2f km2: %.4f of the points", now[l].area_km2, now[l].point_error);
                if (rank == 0) continue;
                assert_true(now[l].reached_km <= last[l].reached_km + 1e-9);
                assert_true(now[l].area_km2 <= last[l].area_km2 * 1.01 + 0.01); /* simplified */
            }
            finish_circles(last);
            memcpy(last, now, sizeof now);
        }
        finish_circles(last);
        close_world(&w);
    }
}

static void readings_of_nothing_and_of_strangers_are_refused(void **state) {
    (void)state;
    hsd_random random = {SEED + 6};
    world w;
    open_world(&w, &random, HSD_LEG_EDGES);
    piece_list list = {0};
    hsd_reading bad[4] = {{.part_count = 0},
                          {.parts = {{w.trees, 0, 0}}, .part_count = 1},
                          {.parts = {{w.trees, 3, 3}}, .part_count = 1},
                          {.parts = {{w.trees, 3, 1}}, .part_count = 1}};
    const hsd_seed seed = {random_foot(w.r, &random), 0, 0};
    assert_int_equal(hsd_tree_grow(w.tree[2], HSD_FROM, &seed, 1, w.limit_ms / 2, NULL), HSD_OK);
    for (int i = 0; i < 4; i++)
        assert_int_equal(hsd_reading_pieces(&bad[i], 1000, keep, &list, NULL), HSD_E_ARGUMENT);
    hsd_array_finish(&list);
    close_world(&w);
}

static void running_out_of_memory_is_told(void **state) {
    (void)state;
    hsd_random random = {SEED + 7};
    world w;
    open_world(&w, &random, HSD_LEG_EDGES);
    const hsd_reading reading = {.parts = {{w.trees, 5, 1}}, .part_count = 1};
    const hsd_lattice_options where = {0.02, 41.115, 200};
    hsd_status status[2] = {HSD_E_MEMORY, HSD_E_MEMORY};
    for (uint64_t n = 1; status[0] != HSD_OK || status[1] != HSD_OK; n++) {
        hsd_lattice *lattice;
        hsd_surface s;
        piece_list list = {0};
        assert_int_equal(hsd_lattice_create(w.locator, &where, &lattice, NULL), HSD_OK);
        hsd_memory_fail_at(n);
        status[0] = hsd_surface_read(lattice, &reading, w.limit_ms, NULL, &s, NULL);
        hsd_memory_fail_at(n);
        status[1] = hsd_reading_pieces(&reading, w.limit_ms, keep, &list, NULL);
        hsd_memory_fail_at(0);
        for (int k = 0; k < 2; k++) assert_true(status[k] == HSD_OK || status[k] == HSD_E_MEMORY);
        if (n == 1) assert_int_equal(status[0], HSD_E_MEMORY);
        if (status[0] == HSD_OK) hsd_surface_finish(&s);
        hsd_array_finish(&list);
        hsd_lattice_destroy(lattice);
    }
    close_world(&w);
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_the_ranked_ones_of_the_trees),
        cmocka_unit_test(many_trees_are_read_like_few),
        cmocka_unit_test(ranks_of_percentiles_by_hand),
        cmocka_unit_test(stretches_are_where_enough_trees_have_pieces),
        cmocka_unit_test(surfaces_are_the_ranked_ones_of_the_trees),
        cmocka_unit_test(the_same_tree_over_and_over_has_its_circles),
        cmocka_unit_test(a_larger_percentile_never_has_a_larger_circle),
        cmocka_unit_test(readings_of_nothing_and_of_strangers_are_refused),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
