/* Ways behind times, and times from which on a seed changes nothing, on random networks with
 * restrictions, one-way streets, partly impassable chains and arcs without time.
 *
 * A way must be walkable in the graph of copies: from the free copy (HSD_FROM: of the seed's arc,
 * HSD_TO: of the foot's) over whole arcs, its steps end to end, its times the sums of its parts and
 * in the end the tree's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_network.h"
#include "times/tree.h"

#define NETWORKS 400
#define SEED 20250118

/* Two in three with closed stretches and new paces; the rest as they are. */
static random_view view_of(const random_network *r, int n, hsd_random *random) {
    random_view v = random_view_create(r, random);
    if (n % 3 != 0) return v;
    hsd_locator_destroy(v.locator);
    assert_int_equal(hsd_locator_adapt(v.base, r->network, &v.locator, NULL), HSD_OK);
    v.metric = &r->network->metrics[0];
    v.part_count = 0;
    return v;
}

static hsd_foot foot_on(const random_view *v, uint32_t edge, hsd_random *random) {
    hsd_foot foot = random_foot_on(v->r, edge, random);
    hsd_locator_foot_prefix(v->locator, &foot);
    return foot;
}

static hsd_foot any_foot(const random_view *v, hsd_random *random) {
    const uint32_t vertex = random_below(random, v->r->junction_count);
    if (random_below(random, 4) == 0)
        return random_vertex_foot(vertex, random_below(random, 30000));
    if (v->part_count > 0 && random_below(random, 4) == 0) /* near a stretch */
        return foot_on(v, v->parts[random_below(random, (uint32_t)v->part_count)].edge, random);
    return foot_on(v, random_below(random, v->r->network->edge_count), random);
}

static hsd_seed any_seed(const random_view *v, hsd_random *random) {
    const uint32_t extra_ms = random_below(random, 30000);
    return (hsd_seed){any_foot(v, random), extra_ms, 0};
}

/* ---- Ways
 * --------------------------------------------------------------------------------------------- */

static uint32_t last_segment(const random_network *r, uint32_t directed) {
    return r->network->edges[directed / 2].point_count - 2;
}

static int step_begins(const random_network *r, const hsd_track_step *s) {
    return s->directed_edge & 1
               ? s->from_segment == last_segment(r, s->directed_edge) && s->from_fraction == 1
               : s->from_segment == 0 && s->from_fraction == 0;
}

static int step_ends(const random_network *r, const hsd_track_step *s) {
    return s->directed_edge & 1
               ? s->to_segment == 0 && s->to_fraction == 0
               : s->to_segment == last_segment(r, s->directed_edge) && s->to_fraction == 1;
}

static uint32_t step_prefix(const random_view *v, const hsd_track_step *s, int end) {
    const uint32_t pace = v->metric->pace[s->directed_edge];
    return hsd_edge_prefix_ms(v->r->network, s->directed_edge / 2, pace,
                              end ? s->to_segment : s->from_segment,
                              end ? s->to_fraction : s->from_fraction);
}

/* Nodes and places on arcs where one may be after the steps so far. */
typedef struct places {
    uint8_t at_node[20000];
    uint8_t on_link[20000]; /* having travelled this link, or being on it */
} places;

static void arrive(const hsd_graph *g, places *p, uint32_t link) {
    const uint32_t arc = g->link_arc[link];
    p->on_link[link] = 1;
    if (link + 1 == g->arc_first_link[arc + 1]) p->at_node[g->head[arc]] = 1;
}

/* The first step begins on an arc with a free tail (a trip without history), or at a free node. */
static void first_places(const random_network *r, const hsd_track_step *s, places *p) {
    const hsd_graph *g = &r->network->graphs[0];
    memset(p, 0, sizeof *p);
    for (uint32_t l = 0; l < g->link_count; l++)
        if (g->link_edge[l] == s->directed_edge && g->node_free[g->tail[g->link_arc[l]]])
            arrive(g, p, l);
}

static void next_places(const random_network *r, const hsd_track_step *s, const places *before,
                        places *p) {
    const hsd_graph *g = &r->network->graphs[0];
    memset(p, 0, sizeof *p);
    for (uint32_t l = 0; l < g->link_count; l++) {
        if (g->link_edge[l] != s->directed_edge) continue;
        const uint32_t arc = g->link_arc[l];
        if (l == g->arc_first_link[arc] ? before->at_node[g->tail[arc]] : before->on_link[l - 1])
            arrive(g, p, l);
    }
}

static void assert_walkable(const random_network *r, const hsd_track *t, int from_vertex) {
    static places a, b;
    const hsd_graph *g = &r->network->graphs[0];
    for (size_t i = 0; i < t->step_count; i++) {
        const hsd_track_step *s = &t->steps[i];
        if (i > 0) {
            b = a;
            next_places(r, s, &b, &a);
        } else if (from_vertex) { /* at the free copies of where the first edge begins */
            const uint32_t v = s->directed_edge & 1 ? r->network->edges[s->directed_edge / 2].to
                                                    : r->network->edges[s->directed_edge / 2].from;
            memset(&b, 0, sizeof b);
            for (uint32_t n = 0; n < g->node_count; n++)
                b.at_node[n] = g->node_vertex[n] == v && g->node_free[n];
            next_places(r, s, &b, &a);
        } else {
            first_places(r, s, &a);
        }
        assert_non_null(memchr(a.on_link, 1, g->link_count));
        if (i > 0) assert_true(step_begins(r, s));
        if (i + 1 < t->step_count) assert_true(step_ends(r, s));
    }
}

static void assert_place(const random_network *r, const hsd_foot *foot, const hsd_track_step *s,
                         int end) {
    if (foot->edge == HSD_NO_EDGE) {
        const hsd_edge *e = &r->network->edges[s->directed_edge / 2];
        assert_true(end ? step_ends(r, s) : step_begins(r, s));
        assert_int_equal(foot->vertex, (s->directed_edge & 1) == (uint32_t)end ? e->from : e->to);
    } else {
        assert_int_equal(s->directed_edge / 2, foot->edge);
        assert_int_equal(end ? s->to_segment : s->from_segment, foot->segment);
        assert_true((end ? s->to_fraction : s->from_fraction) == foot->fraction);
    }
}

/* Nobody passes a stretch, by the plainest of comparisons. */
static void assert_open(const random_view *v, const hsd_track_step *s) {
    const double a = s->from_segment + s->from_fraction, b = s->to_segment + s->to_fraction;
    assert_true(v->metric->pace[s->directed_edge] != 0);
    for (size_t i = 0; i < v->part_count; i++) {
        const hsd_closed_part *p = &v->parts[i];
        const double begin = p->from_segment + p->from_fraction;
        const double end = p->to_segment + p->to_fraction;
        if (p->edge == s->directed_edge / 2 && (p->directions >> (s->directed_edge & 1) & 1))
            assert_true(begin == end || fmax(a, b) <= begin || fmin(a, b) >= end);
    }
}

static void assert_track(const random_view *v, const hsd_tree *tree, hsd_direction direction,
                         const hsd_seed *seeds, const hsd_foot *foot, const hsd_track *t) {
    const random_network *r = v->r;
    const uint32_t ms = hsd_tree_foot_ms(tree, foot);
    assert_int_equal(t->ms, ms < HSD_UNREACHABLE ? ms - foot->leg_ms : HSD_UNREACHABLE);
    if (t->ms >= HSD_UNREACHABLE) {
        assert_int_equal(t->step_count, 0);
        return;
    }
    const hsd_seed *seed = &seeds[t->seed];
    const uint32_t cost = seed->foot.leg_ms + seed->extra_ms;
    const int to = direction == HSD_TO;
    uint32_t at = to ? t->ms : cost;
    for (size_t i = 0; i < t->step_count; i++) {
        const hsd_track_step *s = &t->steps[i];
        assert_int_equal(s->in_ms, at);
        const uint32_t a = step_prefix(v, s, 0), b = step_prefix(v, s, 1);
        assert_open(v, s);
        const uint32_t way = s->directed_edge & 1 ? a - b : b - a;
        assert_true(s->directed_edge & 1 ? a >= b : b >= a);
        at = to ? at - way : at + way;
        assert_int_equal(s->out_ms, at);
    }
    assert_int_equal(at, to ? cost : t->ms);
    const hsd_foot *first = to ? foot : &seed->foot, *last = to ? &seed->foot : foot;
    if (t->step_count == 0) {
        assert_true(first->edge == HSD_NO_EDGE && first->vertex == last->vertex);
        return;
    }
    assert_place(r, first, &t->steps[0], 0);
    assert_place(r, last, &t->steps[t->step_count - 1], 1);
    assert_walkable(r, t, first->edge == HSD_NO_EDGE);
}

/* Some edges without time: the metric is made by hand after the network. */
static void still_some_edges(random_network *r, hsd_random *random) {
    hsd_metric *m = &r->hand->metric;
    const hsd_graph *g = &r->hand->graph;
    uint32_t *pace = (uint32_t *)(uintptr_t)m->pace, *edge_ms = (uint32_t *)(uintptr_t)m->edge_ms;
    uint32_t *arc_ms = (uint32_t *)(uintptr_t)m->arc_ms;
    uint32_t *link_ms = (uint32_t *)(uintptr_t)m->link_ms;
    for (uint32_t d = 0; d < 2 * r->network->edge_count; d++)
        if (pace[d] && random_below(random, 2)) pace[d] = HSD_PACE_FIXED, edge_ms[d] = 0;
    for (uint32_t a = 0; a < g->arc_count; a++) {
        uint32_t sum = 0;
        for (uint32_t l = g->arc_first_link[a]; l < g->arc_first_link[a + 1]; l++) {
            link_ms[l] = sum;
            sum = hsd_ms_add(sum, edge_ms[g->link_edge[l]]);
        }
        arc_ms[a] = sum;
    }
}

static void a_way_is_walkable_and_sums_to_its_time(void **state) {
    (void)state;
    hsd_random random = {SEED};
    hsd_track track = {0};
    int found = 0, long_ones = 0, second = 0;
    for (int n = 0; n < NETWORKS; n++) {
        random_network *r = random_network_create(&random);
        if (n % 2 == 0) still_some_edges(r, &random);
        random_view v = view_of(r, n, &random);
        hsd_tree *tree;
        assert_int_equal(hsd_tree_create(v.locator, &tree, NULL), HSD_OK);
        for (int run = 0; run < 6; run++) {
            hsd_seed seeds[3];
            const size_t count = 1 + random_below(&random, 3);
            for (size_t i = 0; i < count; i++) seeds[i] = any_seed(&v, &random);
            if (count > 1 && seeds[0].foot.edge != HSD_NO_EDGE && run % 3 == 0)
                seeds[1].foot = foot_on(&v, seeds[0].foot.edge, &random);
            const hsd_direction direction = run % 2 ? HSD_TO : HSD_FROM;
            const uint32_t limit =
                run < 4 ? HSD_UNREACHABLE - 1 : 1000 + random_below(&random, 200000);
            assert_int_equal(hsd_tree_grow(tree, direction, seeds, count, limit, NULL), HSD_OK);
            for (int i = 0; i < 25; i++) {
                hsd_foot foot = any_foot(&v, &random);
                if (i % 4 == 0 && seeds[0].foot.edge != HSD_NO_EDGE)
                    foot = foot_on(&v, seeds[0].foot.edge, &random);
                assert_int_equal(hsd_tree_track(tree, &foot, &track, NULL), HSD_OK);
                assert_track(&v, tree, direction, seeds, &foot, &track);
                found += track.ms < HSD_UNREACHABLE;
                long_ones += track.step_count > 5;
                second += track.ms < HSD_UNREACHABLE && track.seed > 0;
            }
        }
        hsd_tree_destroy(tree);
        random_view_destroy(&v);
        random_network_destroy(r);
    }
    hsd_track_finish(&track);
    assert_true(found > 20 * NETWORKS && long_ones > NETWORKS && second > NETWORKS);
}

/* ---- Settled
 * ------------------------------------------------------------------------------------------ */

#define SAMPLES 80

static void sample(const hsd_tree *tree, const random_network *r, const hsd_foot *feet,
                   uint32_t *out) {
    for (int i = 0; i < SAMPLES; i++) out[i] = hsd_tree_foot_ms(tree, &feet[i]);
    for (uint32_t v = 0; v < r->junction_count; v++) out[SAMPLES + v] = hsd_tree_vertex_ms(tree, v);
}

static void seeds_past_the_settled_time_change_nothing(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    int left_out = 0, tight[2][2] = {{0}}, tried[2][2] = {{0}};
    for (int n = 0; n < 2 * NETWORKS; n++) {
        random_network *r = random_network_create(&random);
        random_view v = view_of(r, n, &random);
        hsd_tree *tree, *other;
        assert_int_equal(hsd_tree_create(v.locator, &tree, NULL), HSD_OK);
        assert_int_equal(hsd_tree_create(v.locator, &other, NULL), HSD_OK);
        for (int run = 0; run < 8; run++) {
            hsd_seed seeds[8];
            const size_t count = 1 + random_below(&random, 3);
            for (size_t i = 0; i < count; i++) seeds[i] = any_seed(&v, &random);
            const hsd_direction direction = run % 2 ? HSD_TO : HSD_FROM;
            const uint32_t limit =
                run < 6 ? HSD_UNREACHABLE - 1 : 1000 + random_below(&random, 200000);
            hsd_foot feet[SAMPLES];
            for (int i = 0; i < SAMPLES; i++) feet[i] = any_foot(&v, &random);
            uint32_t before[SAMPLES + 64], after[SAMPLES + 64];
            assert_int_equal(hsd_tree_grow(tree, direction, seeds, count, limit, NULL), HSD_OK);
            sample(tree, r, feet, before);
            const size_t all = SAMPLES + r->junction_count;
            size_t extra = count; /* several at once, at the bound and above it */
            for (int tries = 0; tries < 40 && extra < 8; tries++) {
                hsd_foot foot = any_foot(&v, &random);
                if (tries % 4 == 0 && seeds[0].foot.edge != HSD_NO_EDGE)
                    foot = foot_on(&v, seeds[0].foot.edge, &random);
                foot.leg_ms = 0;
                const uint32_t settled = hsd_tree_settled_ms(tree, &foot);
                if (settled >= HSD_UNREACHABLE) continue;
                assert_true(settled <= limit);
                const uint32_t more = random_below(&random, 2) ? random_below(&random, 1000) : 0;
                seeds[extra++] = (hsd_seed){foot, settled + more, 0};
                left_out++;
                const int vertex = foot.edge == HSD_NO_EDGE;
                if (settled == 0 || more > 0) continue;
                hsd_seed sooner[4]; /* one ms before the bound */
                memcpy(sooner, seeds, count * sizeof *seeds);
                sooner[count] = (hsd_seed){foot, settled - 1, 0};
                assert_int_equal(hsd_tree_grow(other, direction, sooner, count + 1, limit, NULL),
                                 HSD_OK);
                sample(other, r, feet, after);
                const int earlier =
                    hsd_tree_foot_ms(other, &foot) != hsd_tree_foot_ms(tree, &foot) ||
                    memcmp(before, after, all * sizeof *after) != 0;
                tight[direction == HSD_TO][vertex] += earlier;
                tried[direction == HSD_TO][vertex]++;
            }
            assert_int_equal(hsd_tree_grow(other, direction, seeds, extra, limit, NULL), HSD_OK);
            sample(other, r, feet, after);
            for (size_t i = 0; i < all; i++) assert_int_equal(before[i], after[i]);
        }
        hsd_tree_destroy(tree);
        hsd_tree_destroy(other);
        random_view_destroy(&v);
        random_network_destroy(r);
    }
    printf("left out %d; one ms sooner matters (edges, vertices): from %d/%d, %d/%d; to %d/%d, "
           "%d/%d\n",
           left_out, tight[0][0], tried[0][0], tight[0][1], tried[0][1], tight[1][0], tried[1][0],
           tight[1][1], tried[1][1]);
    assert_true(left_out > 4 * NETWORKS);
    for (int d = 0; d < 2; d++)
        for (int v = 0; v < 2; v++) assert_true(4 * tight[d][v] > 3 * tried[d][v]);
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_is_walkable_and_sums_to_its_time),
        cmocka_unit_test(seeds_past_the_settled_time_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
