/* Reached pieces and allocations on random networks: a position is inside a piece exactly when its
 * time is within the cut-off, the piece tells that time, pieces do not overlap and end at the
 * cut-off or where fronts meet; every position goes to its nearest origin whatever the order of the
 * trees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_network.h"
#include "times/tree.h"

#define NETWORKS 150
#define ORIGINS 4
#define SEED 20240612

typedef HSD_ARRAY(hsd_piece) piece_list;

static hsd_status keep(void *context, const hsd_piece *piece, hsd_error *err) {
    return hsd_array_push((piece_list *)context, *piece, err) ? HSD_OK : HSD_E_MEMORY;
}

static double lower_m(const hsd_piece *p) {
    return p->in_m < p->out_m ? p->in_m : p->out_m;
}
static double upper_m(const hsd_piece *p) {
    return p->in_m < p->out_m ? p->out_m : p->in_m;
}

static void check_order(const random_network *r, const piece_list *list, uint32_t cutoff,
                        hsd_direction direction) {
    for (size_t i = 0; i < list->count; i++) {
        const hsd_piece *p = &list->data[i];
        const double length_m = r->network->edges[p->edge].length_m;
        assert_true(lower_m(p) >= 0 && upper_m(p) <= length_m && lower_m(p) < upper_m(p));
        assert_int_equal(p->direction, p->in_m < p->out_m ? HSD_FORWARD : HSD_BACKWARD);
        assert_true(r->hand->metric.edge_ms[2 * p->edge + p->direction] < HSD_UNREACHABLE);
        const uint32_t early = direction == HSD_FROM ? p->in_ms : p->out_ms;
        const uint32_t late = direction == HSD_FROM ? p->out_ms : p->in_ms;
        assert_true(early <= late && late <= cutoff);
        if (!p->whole) assert_int_equal(late, cutoff);
        if (i == 0) continue;
        const hsd_piece *before = p - 1;
        assert_true(before->edge < p->edge ||
                    (before->edge == p->edge && upper_m(before) <= lower_m(p)));
    }
}

static hsd_foot foot_at(const random_network *r, uint32_t edge, double m) {
    const hsd_edge *e = &r->network->edges[edge];
    const double *segment_m = r->network->segment_m + e->first_point;
    hsd_foot foot = {.edge = edge, .vertex = HSD_NO_EDGE};
    double before = 0;
    while (foot.segment + 2 < e->point_count && before + segment_m[foot.segment] < m)
        before += segment_m[foot.segment++];
    foot.fraction = fmin(fmax((m - before) / segment_m[foot.segment], 0), 1);
    for (uint32_t d = 0; d < 2; d++)
        if (r->hand->metric.pace[2 * edge + d])
            foot.ms[d] = hsd_edge_prefix_ms(r->network, edge, r->hand->metric.pace[2 * edge + d],
                                            foot.segment, foot.fraction);
    return foot;
}

static const hsd_piece *piece_at(const piece_list *list, uint32_t edge, double m) {
    for (size_t i = 0; i < list->count; i++)
        if (list->data[i].edge == edge && lower_m(&list->data[i]) <= m &&
            m <= upper_m(&list->data[i]))
            return &list->data[i];
    return NULL;
}

/* The time a piece tells at a position on it. */
static uint32_t told_ms(const random_network *r, const hsd_piece *p, const hsd_foot *foot) {
    const uint32_t pace = r->hand->metric.pace[2 * p->edge + p->direction];
    const hsd_foot in = foot_at(r, p->edge, p->in_m);
    const uint32_t a = hsd_edge_prefix_ms(r->network, p->edge, pace, in.segment, in.fraction);
    const uint32_t b = foot->ms[p->direction];
    const uint32_t way = p->direction == HSD_FORWARD ? b - a : a - b;
    return p->in_ms <= p->out_ms ? p->in_ms + way : p->in_ms - way;
}

typedef struct trees {
    hsd_tree *tree[ORIGINS];
    size_t count;
} trees;

static uint32_t nearest_ms(const trees *t, const hsd_foot *foot) {
    uint32_t best = HSD_UNREACHABLE;
    for (size_t i = 0; i < t->count; i++) {
        const uint32_t ms = hsd_tree_foot_ms(t->tree[i], foot);
        if (ms < best) best = ms;
    }
    return best;
}

static int check_positions(const random_network *r, const piece_list *list, const trees *t,
                           uint32_t cutoff, hsd_random *random) {
    int inside = 0;
    for (uint32_t edge = 0; edge < r->network->edge_count; edge++) {
        for (int i = 0; i < 6; i++) {
            const double m = r->network->edges[edge].length_m * hsd_random_unit(random);
            const hsd_foot foot = foot_at(r, edge, m);
            const uint32_t ms = nearest_ms(t, &foot);
            const hsd_piece *p = piece_at(list, edge, m);
            if (p == NULL) {
                assert_true(ms + 1 >= cutoff); /* rounding: one millisecond */
                continue;
            }
            inside++;
            assert_true(ms <= cutoff + 1);
            const uint32_t told = told_ms(r, p, &foot);
            assert_in_range(told + 2, ms, ms + 4);
            assert_in_range(hsd_tree_foot_ms(t->tree[p->origin], &foot), ms, ms + 2);
        }
    }
    return inside;
}

/* True when the second origin is the first one once more. */
static bool grow_all(const random_network *r, trees *t, hsd_direction direction,
                     hsd_random *random) {
    const bool twins = random_below(random, 3) == 0;
    hsd_seed first[2];
    for (size_t i = 0; i < t->count; i++) {
        hsd_seed seeds[2];
        for (int s = 0; s < 2; s++) {
            hsd_foot foot = random_foot(r, random);
            if (random_below(random, 4) == 0)
                foot = random_vertex_foot(random_below(random, r->junction_count),
                                          random_below(random, 9000));
            seeds[s] = (hsd_seed){foot, random_below(random, 3) * 10000, 0};
        }
        if (seeds[0].foot.edge != HSD_NO_EDGE && random_below(random, 2))
            seeds[1].foot = random_foot_on(r, seeds[0].foot.edge, random);
        if (i == 0) memcpy(first, seeds, sizeof first);
        if (i == 1 && twins) memcpy(seeds, first, sizeof seeds);
        assert_int_equal(hsd_tree_grow(t->tree[i], direction, seeds, 2, UINT32_MAX, NULL), HSD_OK);
    }
    return twins;
}

static void check_allocation(const random_network *r, const hsd_locator *locator, const trees *t,
                             uint32_t cutoff, hsd_direction direction, bool twins,
                             hsd_random *random) {
    piece_list lists[2] = {{0}, {0}};
    for (int turned = 0; turned < 2; turned++) {
        hsd_allocation *allocation;
        assert_int_equal(hsd_allocation_create(locator, &allocation, NULL), HSD_OK);
        for (uint32_t i = 0; i < t->count; i++) {
            const uint32_t origin = turned ? (uint32_t)t->count - 1 - i : i;
            assert_int_equal(hsd_allocation_add(allocation, t->tree[origin], origin, NULL), HSD_OK);
        }
        assert_int_equal(hsd_allocation_pieces(allocation, cutoff, keep, &lists[turned], NULL),
                         HSD_OK);
        hsd_allocation_destroy(allocation);
    }
    assert_int_equal(lists[0].count, lists[1].count);
    for (size_t i = 0; i < lists[0].count; i++) {
        const hsd_piece *a = &lists[0].data[i], *b = &lists[1].data[i];
        assert_int_equal(a->edge, b->edge);
        assert_int_equal(a->origin, b->origin);
        assert_int_equal(a->in_ms, b->in_ms);
        assert_true(a->in_m == b->in_m && a->out_m == b->out_m);
        if (twins) assert_int_not_equal(a->origin, 1); /* ties go to the lowest index */
    }
    check_order(r, &lists[0], cutoff, direction);
    check_positions(r, &lists[0], t, cutoff, random);
    hsd_array_finish(&lists[0]);
    hsd_array_finish(&lists[1]);
}

static void a_position_is_in_a_piece_exactly_when_it_is_reached(void **state) {
    (void)state;
    hsd_random random = {SEED};
    int inside = 0;
    for (int n = 0; n < NETWORKS; n++) {
        random_network *r = random_network_create(&random);
        hsd_locator *locator;
        const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
        assert_int_equal(hsd_locator_create(r->network, 0, &options, &locator, NULL), HSD_OK);
        trees t = {.count = ORIGINS};
        for (size_t i = 0; i < t.count; i++) {
            assert_int_equal(hsd_tree_create(locator, &t.tree[i], NULL), HSD_OK);
        }
        const hsd_direction direction = n % 2 ? HSD_TO : HSD_FROM;
        for (int run = 0; run < 4; run++) {
            const bool twins = grow_all(r, &t, direction, &random);
            const uint32_t cutoff = random_below(&random, 500000);
            for (size_t i = 0; i < t.count; i++) {
                trees one = {{t.tree[i]}, 1};
                piece_list list = {0};
                assert_int_equal(hsd_tree_pieces(t.tree[i], cutoff, keep, &list, NULL), HSD_OK);
                check_order(r, &list, cutoff, direction);
                inside += check_positions(r, &list, &one, cutoff, &random);
                hsd_array_finish(&list);
            }
            check_allocation(r, locator, &t, cutoff, direction, twins, &random);
        }
        for (size_t i = 0; i < t.count; i++) hsd_tree_destroy(t.tree[i]);
        hsd_locator_destroy(locator);
        random_network_destroy(r);
    }
    assert_true(inside > 1000 * NETWORKS);
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_position_is_in_a_piece_exactly_when_it_is_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
