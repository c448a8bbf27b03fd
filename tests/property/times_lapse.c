/* Trees whose seeds lapse, on random networks with restrictions and, now and then, closed
 * stretches: at every position the least over trees of one seed each, that seed's own end
 * respected, to the millisecond; the same for pieces, points, zones and surfaces, both directions,
 * legs from edges and from nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_network.h"
#include "times/tree.h"

#define NETWORKS 120
#define SEEDS 7
#define SEED 20261122

typedef struct world {
    random_network *r;
    random_view view;
    bool viewed;
    hsd_locator *locator;
    hsd_tree *tree, *one[SEEDS];
    hsd_seed seeds[SEEDS];
    size_t count;
    uint32_t limit_ms;
} world;

static void open_world(world *w, hsd_random *random, hsd_leg_rule rule) {
    *w = (world){.r = random_network_create(random)};
    w->r->hand->metric.leg_rule = rule;
    w->viewed = rule == HSD_LEG_EDGES && random_below(random, 3) == 0;
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    if (w->viewed) {
        w->view = random_view_create(w->r, random);
        w->locator = w->view.locator;
    } else {
        assert_int_equal(hsd_locator_create(w->r->network, 0, &options, &w->locator, NULL), HSD_OK);
    }
    assert_int_equal(hsd_tree_create(w->locator, &w->tree, NULL), HSD_OK);
    for (int i = 0; i < SEEDS; i++)
        assert_int_equal(hsd_tree_create(w->locator, &w->one[i], NULL), HSD_OK);
}

static void close_world(world *w) {
    hsd_tree_destroy(w->tree);
    for (int i = 0; i < SEEDS; i++) hsd_tree_destroy(w->one[i]);
    if (w->viewed)
        random_view_destroy(&w->view);
    else
        hsd_locator_destroy(w->locator);
    random_network_destroy(w->r);
}

static hsd_foot foot_on(const world *w, uint32_t edge, hsd_random *random) {
    hsd_foot foot = random_foot_on(w->r, edge, random);
    hsd_locator_foot_prefix(w->locator, &foot);
    return foot;
}

static hsd_foot any_foot(const world *w, hsd_random *random) {
    if (random_below(random, 5) == 0)
        return random_vertex_foot(random_below(random, w->r->junction_count),
                                  random_below(random, 9000));
    if (w->count > 0 && random_below(random, 3) == 0) {
        const uint32_t edge = w->seeds[random_below(random, (uint32_t)w->count)].foot.edge;
        if (edge != HSD_NO_EDGE) return foot_on(w, edge, random);
    }
    return foot_on(w, random_below(random, w->r->network->edge_count), random);
}

/* Later seeds that reach farther, and any others; some alike, some that never end. */
static void sow(world *w, hsd_direction direction, hsd_random *random) {
    const size_t count = 2 + random_below(random, SEEDS - 1);
    w->count = 0;
    w->limit_ms = random_below(random, 2) ? 20000000 : random_below(random, 900000);
    for (size_t i = 0; i < count; i++) {
        const uint32_t extra_ms = random_below(random, 300000); /* first, on any compiler */
        hsd_seed seed = {any_foot(w, random), extra_ms, 0};
        if (i > 0 && random_below(random, 5) == 0) seed.foot = w->seeds[i - 1].foot;
        if (i > 0 && random_below(random, 5) == 0) seed.extra_ms = w->seeds[i - 1].extra_ms;
        if (random_below(random, 6) > 0)
            seed.until_ms = 1 + seed.extra_ms + random_below(random, 600000);
        w->seeds[w->count++] = seed;
    }
    hsd_error err = {HSD_OK, ""};
    if (hsd_tree_grow(w->tree, direction, w->seeds, w->count, w->limit_ms, &err) != HSD_OK)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < w->count; i++) {
        hsd_seed alone = w->seeds[i];
        alone.until_ms = 0;
        assert_int_equal(hsd_tree_grow(w->one[i], direction, &alone, 1, w->limit_ms, NULL), HSD_OK);
    }
}

/* Of the position or vertex, before the leg; *seed: the first whose time it is. */
static uint32_t least_ms(const world *w, const hsd_foot *foot, size_t *seed) {
    uint32_t best = HSD_UNREACHABLE;
    for (size_t i = 0; i < w->count; i++) {
        const uint32_t ms = foot->edge != HSD_NO_EDGE ? hsd_tree_position_ms(w->one[i], foot)
                                                      : hsd_tree_vertex_ms(w->one[i], foot->vertex);
        if (w->seeds[i].until_ms > 0 && ms > w->seeds[i].until_ms) continue;
        if (ms >= best) continue;
        best = ms;
        if (seed) *seed = i;
    }
    return best;
}

static uint32_t least_feet_ms(const world *w, const hsd_feet *feet) {
    uint32_t best = HSD_UNREACHABLE;
    for (size_t f = 0; f < feet->count; f++) {
        const uint32_t ms = hsd_ms_add(least_ms(w, &feet->feet[f], NULL), feet->feet[f].leg_ms);
        if (ms < best && ms <= w->limit_ms) best = ms;
    }
    return best;
}

/* The way leads from (to) a seed that has this time and still serves it, without gaps. */
static void check_track(const world *w, const hsd_foot *foot, uint32_t want, hsd_track *track,
                        hsd_direction direction) {
    hsd_error err = {HSD_OK, ""};
    if (hsd_tree_track(w->tree, foot, track, &err) != HSD_OK) fail_msg("%s", err.message);
    assert_int_equal(track->ms, want);
    if (want >= HSD_UNREACHABLE) return;
    const hsd_seed *seed = &w->seeds[track->seed];
    const hsd_tree *one = w->one[track->seed];
    assert_int_equal(want, foot->edge != HSD_NO_EDGE ? hsd_tree_position_ms(one, foot)
                                                     : hsd_tree_vertex_ms(one, foot->vertex));
    assert_true(seed->until_ms == 0 || want <= seed->until_ms);
    uint32_t at = direction == HSD_FROM ? seed->foot.leg_ms + seed->extra_ms : want;
    for (size_t s = 0; s < track->step_count; s++) {
        assert_int_equal(track->steps[s].in_ms, at);
        at = track->steps[s].out_ms;
    }
    assert_int_equal(at, direction == HSD_FROM ? want : seed->foot.leg_ms + seed->extra_ms);
}

static int times_of_feet(const world *w, hsd_direction direction, hsd_random *random) {
    int later = 0;
    hsd_track track = {0};
    for (int i = 0; i < 120; i++) {
        const hsd_foot foot = any_foot(w, random);
        size_t seed = 0;
        const uint32_t want = least_ms(w, &foot, &seed);
        const uint32_t whole = hsd_ms_add(want, foot.leg_ms);
        const bool in = whole <= w->limit_ms;
        assert_int_equal(hsd_tree_foot_ms(w->tree, &foot), in ? whole : HSD_UNREACHABLE);
        if (foot.edge != HSD_NO_EDGE)
            assert_int_equal(hsd_tree_position_ms(w->tree, &foot), want);
        else
            assert_int_equal(hsd_tree_vertex_ms(w->tree, foot.vertex), want);
        check_track(w, &foot, in ? want : HSD_UNREACHABLE, &track, direction);
        for (size_t k = 0; in && k < w->count; k++) /* an earlier seed ended before */
            later += foot.edge != HSD_NO_EDGE && hsd_tree_position_ms(w->one[k], &foot) < want;
    }
    hsd_track_finish(&track);
    return later;
}

static void lapsing_seeds_are_separate_trees_put_together(void **state) {
    (void)state;
    hsd_random random = {SEED};
    int later = 0;
    for (int n = 0; n < NETWORKS; n++) {
        world w;
        open_world(&w, &random, HSD_LEG_EDGES);
        for (int run = 0; run < 6; run++) {
            const hsd_direction direction = run % 2 ? HSD_TO : HSD_FROM;
            sow(&w, direction, &random);
            later += times_of_feet(&w, direction, &random);
        }
        close_world(&w);
    }
    assert_true(later > 20 * NETWORKS); /* there is something to it */
}

/* ---- Pieces
 * ------------------------------------------------------------------------------------------ */

typedef HSD_ARRAY(hsd_piece) piece_list;

static hsd_status keep(void *context, const hsd_piece *piece, hsd_error *err) {
    return hsd_array_push((piece_list *)context, *piece, err) ? HSD_OK : HSD_E_MEMORY;
}
static double lower_m(const hsd_piece *p) {
    return fmin(p->in_m, p->out_m);
}
static double upper_m(const hsd_piece *p) {
    return fmax(p->in_m, p->out_m);
}
static int by_place(const void *a, const void *b) {
    const hsd_piece *x = a, *y = b;
    if (x->edge != y->edge) return x->edge < y->edge ? -1 : 1;
    return (lower_m(x) > lower_m(y)) - (lower_m(x) < lower_m(y));
}

/* Stretches that pieces cover, joined where they touch. */
static size_t cover(piece_list *list) {
    size_t kept = 0;
    if (list->count > 1) qsort(list->data, list->count, sizeof *list->data, by_place);
    for (size_t i = 0; i < list->count; i++) {
        const hsd_piece p = {.edge = list->data[i].edge,
                             .in_m = lower_m(&list->data[i]),
                             .out_m = upper_m(&list->data[i])};
        hsd_piece *last = kept > 0 ? &list->data[kept - 1] : NULL;
        if (last && last->edge == p.edge && p.in_m <= last->out_m)
            last->out_m = fmax(last->out_m, p.out_m);
        else
            list->data[kept++] = p;
    }
    return list->count = kept;
}

/* A place of the piece, and the time it tells there. */
static hsd_foot foot_in(const world *w, const hsd_piece *p, double t, uint32_t *told) {
    const hsd_edge *e = &w->r->network->edges[p->edge];
    const double *segment_m = w->r->network->segment_m + e->first_point;
    const double at[2] = {p->in_m, p->in_m + t * (p->out_m - p->in_m)};
    hsd_foot foot[2];
    for (int k = 0; k < 2; k++) {
        double before = 0;
        foot[k] = (hsd_foot){.edge = p->edge, .vertex = HSD_NO_EDGE};
        while (foot[k].segment + 2 < e->point_count && before + segment_m[foot[k].segment] < at[k])
            before += segment_m[foot[k].segment++];
        foot[k].fraction = fmin(fmax((at[k] - before) / segment_m[foot[k].segment], 0), 1);
        hsd_locator_foot_prefix(w->locator, &foot[k]);
    }
    const uint32_t a = foot[0].ms[p->direction], b = foot[1].ms[p->direction];
    const uint32_t way = a < b ? b - a : a - b;
    *told = p->in_ms <= p->out_ms ? p->in_ms + way : p->in_ms - way;
    return foot[1];
}

static void pieces_end_where_their_seeds_do(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    size_t compared = 0;
    for (int n = 0; n < NETWORKS; n++) {
        world w;
        open_world(&w, &random, HSD_LEG_EDGES);
        for (int run = 0; run < 4; run++) {
            const hsd_direction direction = run % 2 ? HSD_TO : HSD_FROM;
            sow(&w, direction, &random);
            uint32_t cutoff = random_below(&random, 900000);
            if (cutoff > w.limit_ms) cutoff = w.limit_ms;
            piece_list list = {0}, want = {0};
            assert_int_equal(hsd_tree_pieces(w.tree, cutoff, keep, &list, NULL), HSD_OK);
            for (size_t i = 0; i < w.count; i++) {
                const uint32_t until = w.seeds[i].until_ms;
                assert_int_equal(hsd_tree_pieces(w.one[i], until && until < cutoff ? until : cutoff,
                                                 keep, &want, NULL),
                                 HSD_OK);
            }
            for (size_t i = 0; i < list.count; i++) {
                const hsd_piece *p = &list.data[i];
                if (i > 0 && p[-1].edge == p->edge) assert_true(upper_m(p - 1) <= lower_m(p));
                uint32_t told;
                const hsd_foot foot = foot_in(&w, p, 0.1 + 0.8 * hsd_random_unit(&random), &told);
                if (upper_m(p) - lower_m(p) < 1) continue; /* millimetres from an end */
                assert_in_range(told + 2, least_ms(&w, &foot, NULL), told + 4);
            }
            compared += cover(&want);
            assert_int_equal(cover(&list), want.count);
            for (size_t i = 0; i < list.count; i++) {
                assert_int_equal(list.data[i].edge, want.data[i].edge);
                assert_true(list.data[i].in_m == want.data[i].in_m);
                assert_true(list.data[i].out_m == want.data[i].out_m);
            }
            hsd_array_finish(&list);
            hsd_array_finish(&want);
        }
        close_world(&w);
    }
    assert_true(compared > 10 * NETWORKS);
}

/* ---- Points
 * ------------------------------------------------------------------------------------------ */

static void check_points(const world *w, hsd_random *random) {
    hsd_feet feet = {0};
    for (int i = 0; i < 40; i++) {
        const double lon = 0.045 * hsd_random_unit(random) - 0.002;
        const double lat = 41.098 + 0.034 * hsd_random_unit(random);
        assert_int_equal(hsd_locate(w->locator, lon, lat, &feet, NULL), HSD_OK);
        const uint32_t want = least_feet_ms(w, &feet);
        assert_int_equal(hsd_tree_feet_ms(w->tree, &feet), want);
        const uint32_t cutoff = random_below(random, 900000);
        assert_int_equal(hsd_tree_within(w->tree, lon, lat, cutoff), want <= cutoff);
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
    uint32_t got[400], best[400];
    assert_in_range(count, 1, 400);
    hsd_zone_set_point_times(zones, w->tree, got);
    for (size_t p = 0; p < count; p++) best[p] = HSD_UNREACHABLE;
    for (size_t i = 0; i < w->count; i++) { /* those that lapse nowhere can be told from outside */
        uint32_t alone[400];
        hsd_zone_set_point_times(zones, w->one[i], alone);
        for (size_t p = 0; p < count; p++)
            if (w->seeds[i].until_ms == 0 && alone[p] < best[p]) best[p] = alone[p];
    }
    for (size_t p = 0; p < count; p++) assert_true(got[p] <= best[p]);
    const hsd_zone_time none = {0};
    hsd_zone_time time = none;
    double share;
    assert_int_equal(hsd_zone_set_times(zones, w->tree, &w->limit_ms, 1, &time, &share, NULL),
                     HSD_OK);
    assert_int_equal(time.point_ms, least_feet_ms(w, hsd_zone_set_feet(zones, 0)));
    hsd_zone_set_destroy(zones);
}

static void check_surface(const world *w, uint32_t limit_ms) {
    hsd_lattice *lattice;
    hsd_surface s;
    const hsd_lattice_options where = {0.02, 41.115, 60};
    assert_int_equal(hsd_lattice_create(w->locator, &where, &lattice, NULL), HSD_OK);
    assert_int_equal(hsd_surface_make(lattice, w->tree, limit_ms, NULL, &s, NULL), HSD_OK);
    hsd_frame *frame;
    assert_int_equal(hsd_frame_create(s.centre_lon, s.centre_lat, &frame, NULL), HSD_OK);
    hsd_feet feet = {0};
    int apart = 0, all = 0;
    for (uint32_t j = 0; j < s.height; j++)
        for (uint32_t i = 0; i < s.width; i++, all++) {
            double lon, lat;
            hsd_frame_inverse(frame, (s.i0 + (double)i + 0.5) * s.cell_m,
                              (s.j0 + (double)j + 0.5) * s.cell_m, &lon, &lat);
            assert_int_equal(hsd_locate(w->locator, lon, lat, &feet, NULL), HSD_OK);
            if (feet.reason == HSD_SNAP_OUTSIDE) continue; /* about a junction without streets */
            uint32_t want = least_feet_ms(w, &feet), got = s.ms[(size_t)j * s.width + i];
            if (want > limit_ms) want = HSD_UNREACHABLE;
            if (got > limit_ms) got = HSD_UNREACHABLE;
            apart += got > want ? got - want > 1 : want - got > 1;
        }
    /* the lattice's positions are within 10 um: a seed may end between */
    if (apart * 1000 > all + 1000) fail_msg("%d of %d points", apart, all);
    hsd_feet_finish(&feet);
    hsd_frame_destroy(frame);
    hsd_surface_finish(&s);
    hsd_lattice_destroy(lattice);
}

static void points_zones_and_surfaces_are_those_of_their_feet(void **state) {
    (void)state;
    hsd_random random = {SEED + 2};
    for (int n = 0; n < 30; n++) {
        world w;
        open_world(&w, &random, n % 2 ? HSD_LEG_NODES : HSD_LEG_EDGES);
        for (int run = 0; run < 4; run++) {
            sow(&w, run % 2 ? HSD_TO : HSD_FROM, &random);
            check_points(&w, &random);
            check_zone(&w, &random);
            if (run < 2) check_surface(&w, w.limit_ms < 900000 ? w.limit_ms : 900000);
        }
        close_world(&w);
    }
}

/* ---- A tree without such seeds is what it was, and memory
 * ------------------------------------------------------------------------------------------ */

static void a_seed_that_ends_at_the_limit_does_not_lapse(void **state) {
    (void)state;
    hsd_random random = {SEED + 3};
    for (int n = 0; n < 40; n++) {
        world w;
        open_world(&w, &random, HSD_LEG_EDGES);
        sow(&w, n % 2 ? HSD_TO : HSD_FROM, &random);
        hsd_tree *plain = w.one[0];
        for (size_t i = 0; i < w.count; i++) w.seeds[i].until_ms = w.limit_ms + 1;
        const hsd_direction direction = hsd_tree_direction(w.tree);
        assert_int_equal(hsd_tree_grow(w.tree, direction, w.seeds, w.count, w.limit_ms, NULL),
                         HSD_OK);
        assert_true(hsd_tree_lapses(w.tree));
        for (size_t i = 0; i < w.count; i++) w.seeds[i].until_ms = 0;
        assert_int_equal(hsd_tree_grow(plain, direction, w.seeds, w.count, w.limit_ms, NULL),
                         HSD_OK);
        assert_false(hsd_tree_lapses(plain));
        size_t counts[2];
        hsd_search_settled(hsd_tree_search(w.tree), &counts[0]);
        hsd_search_settled(hsd_tree_search(plain), &counts[1]);
        assert_int_equal(counts[0], counts[1]);
        assert_int_equal(hsd_search_counters_get(hsd_tree_search(w.tree)).settled, counts[0]);
        for (int i = 0; i < 200; i++) {
            const hsd_foot foot = any_foot(&w, &random);
            assert_int_equal(hsd_tree_foot_ms(w.tree, &foot), hsd_tree_foot_ms(plain, &foot));
            assert_int_equal(hsd_tree_settled_ms(w.tree, &foot), HSD_UNREACHABLE);
        }
        close_world(&w);
    }
}

static void running_out_of_memory_leaves_a_tree_that_grows_again(void **state) {
    (void)state;
    hsd_random random = {SEED + 4};
    world w;
    open_world(&w, &random, HSD_LEG_EDGES);
    sow(&w, HSD_FROM, &random);
    bool done = false;
    uint64_t failed = 0;
    for (uint64_t n = 1; !done; n++) {
        hsd_tree *tree;
        hsd_error err = {HSD_OK, ""};
        assert_int_equal(hsd_tree_create(w.locator, &tree, NULL), HSD_OK);
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_tree_grow(tree, HSD_FROM, w.seeds, w.count, w.limit_ms, &err);
        hsd_memory_fail_at(0);
        done = status == HSD_OK;
        if (!done) {
            assert_int_equal(status, HSD_E_MEMORY);
            failed++;
            assert_int_equal(hsd_tree_grow(tree, HSD_FROM, w.seeds, w.count, w.limit_ms, NULL),
                             HSD_OK);
        }
        for (int i = 0; i < 50; i++) {
            const hsd_foot foot = any_foot(&w, &random);
            assert_int_equal(hsd_tree_foot_ms(tree, &foot), hsd_tree_foot_ms(w.tree, &foot));
        }
        hsd_tree_destroy(tree);
    }
    assert_true(failed > 5);
    close_world(&w);
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lapsing_seeds_are_separate_trees_put_together),
        cmocka_unit_test(pieces_end_where_their_seeds_do),
        cmocka_unit_test(points_zones_and_surfaces_are_those_of_their_feet),
        cmocka_unit_test(a_seed_that_ends_at_the_limit_does_not_lapse),
        cmocka_unit_test(running_out_of_memory_leaves_a_tree_that_grows_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
