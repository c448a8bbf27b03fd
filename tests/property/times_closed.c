/* Closed stretches and new paces on random networks with restrictions: equal to Bellman-Ford over
 * directed edges in which nobody passes a stretch; the same from o to d as to d from o; reached
 * pieces end where the stretches begin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_network.h"
#include "times/tree.h"

#define NETWORKS 150
#define SEED 20250119

typedef struct scenario {
    random_network *r;
    random_view v;
} scenario;

static scenario scenario_create(hsd_random *random) {
    scenario s = {.r = random_network_create(random)};
    s.v = random_view_create(s.r, random);
    return s;
}

static void scenario_destroy(scenario *s) {
    random_view_destroy(&s->v);
    random_network_destroy(s->r);
}

static hsd_foot any_foot(const scenario *s, hsd_random *random) {
    const uint32_t vertex = random_below(random, s->r->junction_count);
    if (random_below(random, 4) == 0)
        return random_vertex_foot(vertex, random_below(random, 30000));
    hsd_foot foot = random_foot(s->r, random);
    if (s->v.part_count && random_below(random, 2)) { /* near a stretch, at its very border */
        const hsd_closed_part *p = &s->v.parts[random_below(random, (uint32_t)s->v.part_count)];
        foot = random_foot_on(s->r, p->edge, random);
        const uint32_t where = random_below(random, 6);
        if (where == 0) foot.segment = p->from_segment, foot.fraction = p->from_fraction;
        if (where == 1) foot.segment = p->to_segment, foot.fraction = p->to_fraction;
    }
    hsd_locator_foot_prefix(s->v.locator, &foot);
    return foot;
}

/* ---- The oracle
 * ------------------------------------------------------------------------------------------ */

static double place_of(uint32_t segment, double fraction) {
    return segment + fraction;
}

static int barred(const scenario *s, uint32_t d, double a, double b) {
    const double low = a < b ? a : b, high = a < b ? b : a;
    for (size_t i = 0; i < s->v.part_count; i++) {
        const hsd_closed_part *p = &s->v.parts[i];
        if (p->edge != d / 2 || !(p->directions & (1 << (d & 1)))) continue;
        const double begin = place_of(p->from_segment, p->from_fraction);
        const double end = place_of(p->to_segment, p->to_fraction);
        if (begin < end && low < end && high > begin) return 1;
    }
    return 0;
}

static uint64_t way_ms(const scenario *s, uint32_t d, const hsd_foot *foot) {
    const uint32_t prefix =
        hsd_edge_prefix_ms(s->v.view, d / 2, s->v.metric->pace[d], foot->segment, foot->fraction);
    return d & 1 ? s->v.metric->edge_ms[d] - prefix : prefix;
}

static double end_place(const scenario *s, uint32_t d, int end) {
    return (d & 1) == (uint32_t)end ? 0 : s->v.view->edges[d / 2].point_count - 1;
}

typedef struct closed_oracle {
    const scenario *s;
    const hsd_seed *seeds;
    size_t count;
    uint64_t *end_ms;
} closed_oracle;

static uint64_t cost_of(const hsd_seed *seed) {
    return (uint64_t)seed->foot.leg_ms + seed->extra_ms;
}

static uint64_t start_ms(const closed_oracle *o, uint32_t d) {
    const oracle plain = {o->s->r, o->seeds, o->count, o->end_ms};
    return oracle_start_ms(&plain, d);
}

static uint64_t by_seeds(const closed_oracle *o, uint32_t d, double to, uint64_t to_ms) {
    uint64_t best = ORACLE_NEVER;
    for (size_t i = 0; i < o->count; i++) {
        const hsd_foot *foot = &o->seeds[i].foot;
        const double from = place_of(foot->segment, foot->fraction);
        if (foot->edge != d / 2 || (d & 1 ? to > from : to < from)) continue;
        if (barred(o->s, d, from, to)) continue;
        const uint64_t ms = cost_of(&o->seeds[i]) + to_ms - way_ms(o->s, d, foot);
        if (ms < best) best = ms;
    }
    return best;
}

static closed_oracle closed_oracle_create(const scenario *s, const hsd_seed *seeds, size_t count) {
    const uint32_t directed = 2 * s->v.view->edge_count;
    closed_oracle o = {s, seeds, count, hand_alloc(directed, 8)};
    for (uint32_t d = 0; d < directed; d++) o.end_ms[d] = ORACLE_NEVER;
    for (int changed = 1; changed;) {
        changed = 0;
        for (uint32_t d = 0; d < directed; d++) {
            if (s->v.metric->pace[d] == 0) continue;
            uint64_t best = by_seeds(&o, d, end_place(s, d, 1), s->v.metric->edge_ms[d]);
            if (!barred(s, d, end_place(s, d, 0), end_place(s, d, 1))) {
                const uint64_t ms = start_ms(&o, d) + s->v.metric->edge_ms[d];
                if (ms < best) best = ms;
            }
            if (best < o.end_ms[d]) o.end_ms[d] = best, changed = 1;
        }
    }
    return o;
}

static uint64_t closed_oracle_ms(const closed_oracle *o, const hsd_foot *foot) {
    if (foot->edge == HSD_NO_EDGE) {
        const oracle plain = {o->s->r, o->seeds, o->count, o->end_ms};
        return oracle_foot_ms(&plain, foot);
    }
    uint64_t best = ORACLE_NEVER;
    const double at = place_of(foot->segment, foot->fraction);
    for (uint32_t d = 2 * foot->edge; d < 2 * foot->edge + 2; d++) {
        if (o->s->v.metric->pace[d] == 0) continue;
        const uint64_t way = way_ms(o->s, d, foot), own = by_seeds(o, d, at, way);
        if (own < best) best = own;
        if (barred(o->s, d, end_place(o->s, d, 0), at)) continue;
        const uint64_t ms = start_ms(o, d) + way;
        if (ms < best) best = ms;
    }
    return best + foot->leg_ms;
}

/* ---- Tests
 * ------------------------------------------------------------------------------------------ */

static void compare(const scenario *s, const hsd_tree *tree, const closed_oracle *o, uint32_t limit,
                    hsd_random *random, int *reached, int *cut) {
    for (int i = 0; i < 60; i++) {
        hsd_foot foot = any_foot(s, random);
        if (i % 4 == 0 && o->seeds[0].foot.edge != HSD_NO_EDGE) {
            foot = random_foot_on(s->r, o->seeds[0].foot.edge, random);
            hsd_locator_foot_prefix(s->v.locator, &foot);
        }
        const uint64_t expected = closed_oracle_ms(o, &foot);
        const uint32_t found = hsd_tree_foot_ms(tree, &foot);
        assert_int_equal(found, expected <= limit ? expected : HSD_UNREACHABLE);
        *reached += found < HSD_UNREACHABLE;
        *cut += found >= HSD_UNREACHABLE;
    }
}

static void closed_trees_equal_bellman_ford(void **state) {
    (void)state;
    hsd_random random = {SEED};
    int reached = 0, cut = 0;
    for (int n = 0; n < NETWORKS; n++) {
        scenario s = scenario_create(&random);
        hsd_tree *tree;
        assert_int_equal(hsd_tree_create(s.v.locator, &tree, NULL), HSD_OK);
        for (int run = 0; run < 6; run++) {
            hsd_seed seeds[3];
            const size_t count = 1 + random_below(&random, 3);
            for (size_t i = 0; i < count; i++) seeds[i] = (hsd_seed){any_foot(&s, &random), 0, 0};
            for (size_t i = 0; i < count; i++) seeds[i].extra_ms = random_below(&random, 100000);
            const uint32_t limit =
                run % 2 ? HSD_UNREACHABLE - 1 : 1000 + random_below(&random, 600000);
            closed_oracle o = closed_oracle_create(&s, seeds, count);
            assert_int_equal(hsd_tree_grow(tree, HSD_FROM, seeds, count, limit, NULL), HSD_OK);
            compare(&s, tree, &o, limit, &random, &reached, &cut);
            assert_int_equal(hsd_tree_touch(tree, NULL), HSD_OK);
            compare(&s, tree, &o, limit, &random, &reached, &cut);
            free(o.end_ms);
        }
        hsd_tree_destroy(tree);
        scenario_destroy(&s);
    }
    assert_true(reached > 100 * NETWORKS && cut > 20 * NETWORKS);
}

static void from_and_to_agree_past_closed_stretches(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    int finite = 0;
    for (int n = 0; n < NETWORKS; n++) {
        scenario s = scenario_create(&random);
        hsd_tree *from, *to;
        assert_int_equal(hsd_tree_create(s.v.locator, &from, NULL), HSD_OK);
        assert_int_equal(hsd_tree_create(s.v.locator, &to, NULL), HSD_OK);
        for (int pair = 0; pair < 40; pair++) {
            const hsd_seed o = {any_foot(&s, &random), 0, 0};
            hsd_seed d = {any_foot(&s, &random), 0, 0};
            if (pair % 5 == 0 && o.foot.edge != HSD_NO_EDGE) {
                d.foot = random_foot_on(s.r, o.foot.edge, &random);
                hsd_locator_foot_prefix(s.v.locator, &d.foot);
            }
            const uint32_t limit =
                pair % 2 ? HSD_UNREACHABLE - 1 : 1000 + random_below(&random, 600000);
            assert_int_equal(hsd_tree_grow(from, HSD_FROM, &o, 1, limit, NULL), HSD_OK);
            assert_int_equal(hsd_tree_grow(to, HSD_TO, &d, 1, limit, NULL), HSD_OK);
            const uint32_t there = hsd_tree_foot_ms(from, &d.foot);
            assert_int_equal(there, hsd_tree_foot_ms(to, &o.foot));
            assert_int_equal(hsd_tree_touch(to, NULL), HSD_OK);
            assert_int_equal(there, hsd_tree_foot_ms(to, &o.foot));
            finite += there < HSD_UNREACHABLE;
        }
        hsd_tree_destroy(from);
        hsd_tree_destroy(to);
        scenario_destroy(&s);
    }
    assert_true(finite > NETWORKS);
}

/* ---- Pieces
 * ----------------------------------------------------------------------------------------- */

typedef HSD_ARRAY(hsd_piece) piece_list;

static hsd_status keep(void *context, const hsd_piece *piece, hsd_error *err) {
    return hsd_array_push((piece_list *)context, *piece, err) ? HSD_OK : HSD_E_MEMORY;
}

static double metres_at(const scenario *s, uint32_t edge, uint32_t segment, double fraction) {
    const double *segment_m = s->v.view->segment_m + s->v.view->edges[edge].first_point;
    double m = 0;
    for (uint32_t i = 0; i < segment; i++) m += segment_m[i];
    return fmin(m + fraction * segment_m[segment], s->v.view->edges[edge].length_m);
}

static const hsd_piece *piece_at(const piece_list *list, uint32_t edge, double m) {
    for (size_t i = 0; i < list->count; i++) {
        const hsd_piece *p = &list->data[i];
        if (p->edge == edge && fmin(p->in_m, p->out_m) <= m && m <= fmax(p->in_m, p->out_m))
            return p;
    }
    return NULL;
}

/* A position is in a piece when it is reached, to a millisecond; not asked at the border of a
 * stretch, where metres do not tell one side from the other. */
static void check_piece(const scenario *s, const hsd_tree *tree, const piece_list *list,
                        uint32_t cutoff, const hsd_foot *foot) {
    const double m = metres_at(s, foot->edge, foot->segment, foot->fraction);
    for (size_t i = 0; i < s->v.part_count; i++) {
        const hsd_closed_part *p = &s->v.parts[i];
        if (p->edge != foot->edge) continue;
        if (fabs(metres_at(s, p->edge, p->from_segment, p->from_fraction) - m) < 1e-6 ||
            fabs(metres_at(s, p->edge, p->to_segment, p->to_fraction) - m) < 1e-6)
            return;
    }
    size_t count;
    const hsd_seed *seeds = hsd_tree_edge_seeds(tree, &count);
    for (size_t i = 0; i < count; i++) { /* a seed at the end of a one-way street: a mere point */
        const hsd_foot *at = &seeds[i].foot;
        if (at->edge == foot->edge &&
            fabs(metres_at(s, at->edge, at->segment, at->fraction) - m) < 1e-6)
            return;
    }
    hsd_foot bare = *foot;
    bare.leg_ms = 0;
    const uint32_t ms = hsd_tree_foot_ms(tree, &bare);
    if (piece_at(list, foot->edge, m) == NULL)
        assert_true(ms + 1 >= cutoff);
    else
        assert_true(ms <= cutoff + 1);
}

static void pieces_end_where_stretches_begin(void **state) {
    (void)state;
    hsd_random random = {SEED + 2};
    size_t pieces = 0, split = 0;
    for (int n = 0; n < NETWORKS; n++) {
        scenario s = scenario_create(&random);
        hsd_tree *tree;
        piece_list list = {0};
        assert_int_equal(hsd_tree_create(s.v.locator, &tree, NULL), HSD_OK);
        for (int run = 0; run < 4; run++) {
            hsd_seed seeds[2] = {{any_foot(&s, &random), 0, 0}};
            seeds[1].foot = any_foot(&s, &random);
            const hsd_direction direction = run % 2 ? HSD_TO : HSD_FROM;
            const uint32_t cutoff = 100000 + random_below(&random, 2000000);
            assert_int_equal(hsd_tree_grow(tree, direction, seeds, 2, 4 * cutoff, NULL), HSD_OK);
            list.count = 0;
            assert_int_equal(hsd_tree_pieces(tree, cutoff, keep, &list, NULL), HSD_OK);
            for (size_t i = 0; i < list.count; i++) {
                const hsd_piece *p = &list.data[i];
                if (i > 0 && p[-1].edge == p->edge) split++;
                if (i > 0 && p[-1].edge == p->edge)
                    assert_true(fmax(p[-1].in_m, p[-1].out_m) <= fmin(p->in_m, p->out_m));
                for (size_t k = 0; k < s.v.part_count; k++) { /* nothing of it inside a stretch */
                    const hsd_closed_part *c = &s.v.parts[k];
                    if (c->edge != p->edge || !(c->directions & (1 << p->direction))) continue;
                    const double low = metres_at(&s, c->edge, c->from_segment, c->from_fraction);
                    const double high = metres_at(&s, c->edge, c->to_segment, c->to_fraction);
                    assert_true(fmin(fmax(p->in_m, p->out_m), high) -
                                    fmax(fmin(p->in_m, p->out_m), low) <
                                1e-6);
                }
            }
            pieces += list.count;
            for (int i = 0; i < 300; i++) {
                const hsd_foot foot = any_foot(&s, &random);
                if (foot.edge != HSD_NO_EDGE) check_piece(&s, tree, &list, cutoff, &foot);
            }
        }
        hsd_array_finish(&list);
        hsd_tree_destroy(tree);
        scenario_destroy(&s);
    }
    assert_true(pieces > 100 * NETWORKS && split > 10 * NETWORKS);
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_trees_equal_bellman_ford),
        cmocka_unit_test(from_and_to_agree_past_closed_stretches),
        cmocka_unit_test(pieces_end_where_stretches_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
