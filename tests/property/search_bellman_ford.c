/* The bounded search on random graphs, both directions, equal to Bellman-Ford; with weights from
 * zero to hours, so that the queue's windows move, and impassable arcs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../unit/times/hand_network.h"
#include "base/random.h"
#include "hourshed/roads.h"

#define SEED 20240613
#define GRAPHS 300
#define MAX_NODES 300
#define MAX_ARCS 1500

static uint32_t below(hsd_random *random, uint32_t n) {
    return (uint32_t)(hsd_random_next(random) % n);
}

/* Milliseconds, seconds, minutes or hours; zero and impassable too. */
static uint32_t weight(hsd_random *random) {
    switch (below(random, 12)) {
    case 0:
        return 0;
    case 1:
        return HSD_UNREACHABLE;
    case 2:
        return below(random, 20000000);
    case 3:
        return below(random, 32);
    default:
        return below(random, 200000);
    }
}

typedef struct graph {
    uint32_t first_out[MAX_NODES + 1], first_in[MAX_NODES + 1];
    uint32_t head[MAX_ARCS], tail[MAX_ARCS], in_arc[MAX_ARCS], ms[MAX_ARCS];
    hsd_graph tables;
    hsd_metric metric;
    hsd_network network;
} graph;

static graph *random_graph(hsd_random *random) {
    graph *g = hand_alloc(1, sizeof *g);
    const uint32_t n = 1 + below(random, MAX_NODES), m = below(random, MAX_ARCS);
    uint32_t at = 0;
    for (uint32_t a = 0; a < m; a++) g->tail[a] = below(random, n);
    for (uint32_t a = 1; a < m; a++) /* sorted by tail */
        for (uint32_t b = a; b > 0 && g->tail[b - 1] > g->tail[b]; b--) {
            const uint32_t swap = g->tail[b];
            g->tail[b] = g->tail[b - 1];
            g->tail[b - 1] = swap;
        }
    for (uint32_t a = 0; a < m; a++) {
        g->head[a] = below(random, n);
        g->ms[a] = weight(random);
        for (uint32_t v = g->tail[a] + 1; v <= n; v++) g->first_out[v]++;
    }
    for (uint32_t v = 0; v < n; v++) {
        g->first_in[v] = at;
        for (uint32_t a = 0; a < m; a++)
            if (g->head[a] == v) g->in_arc[at++] = a;
    }
    g->first_in[n] = at;
    g->tables = (hsd_graph){.node_count = n,
                            .arc_count = m,
                            .first_out = g->first_out,
                            .head = g->head,
                            .tail = g->tail,
                            .first_in = g->first_in,
                            .in_arc = g->in_arc};
    g->metric = (hsd_metric){.arc_ms = g->ms};
    g->network = (hsd_network){
        .graph_count = 1, .graphs = &g->tables, .metric_count = 1, .metrics = &g->metric};
    return g;
}

static void bellman_ford(const graph *g, hsd_direction direction, const hsd_node_cost *sources,
                         size_t count, uint64_t *ms) {
    for (uint32_t v = 0; v < g->tables.node_count; v++) ms[v] = HSD_UNREACHABLE;
    for (size_t i = 0; i < count; i++)
        if (sources[i].ms < ms[sources[i].node]) ms[sources[i].node] = sources[i].ms;
    for (int changed = 1; changed;) {
        changed = 0;
        for (uint32_t a = 0; a < g->tables.arc_count; a++) {
            const uint32_t from = direction == HSD_FROM ? g->tail[a] : g->head[a];
            const uint32_t to = direction == HSD_FROM ? g->head[a] : g->tail[a];
            if (ms[from] + g->ms[a] < ms[to]) ms[to] = ms[from] + g->ms[a], changed = 1;
        }
    }
}

static void check_settled(const graph *g, const hsd_search *search, const uint64_t *expected,
                          uint32_t limit) {
    size_t count, within = 0;
    const uint32_t *settled = hsd_search_settled(search, &count);
    for (uint32_t v = 0; v < g->tables.node_count; v++) {
        const bool in = expected[v] <= limit && expected[v] < HSD_UNREACHABLE;
        assert_int_equal(hsd_search_ms(search, v), in ? expected[v] : HSD_UNREACHABLE);
        within += in;
    }
    assert_int_equal(count, within); /* each once: their times ascend, and all have one */
    for (size_t i = 1; i < count; i++)
        assert_true(hsd_search_ms(search, settled[i - 1]) <= hsd_search_ms(search, settled[i]));
    assert_int_equal(hsd_search_counters_get(search).settled, count);
}

static void the_search_equals_bellman_ford(void **state) {
    (void)state;
    hsd_random random = {SEED};
    uint64_t expected[MAX_NODES];
    for (int n = 0; n < GRAPHS; n++) {
        graph *g = random_graph(&random);
        hsd_search *search;
        assert_int_equal(hsd_search_create(&g->network, 0, &search, NULL), HSD_OK);
        for (int run = 0; run < 8; run++) {
            hsd_node_cost sources[5];
            const size_t count = below(&random, 6);
            for (size_t i = 0; i < count; i++)
                sources[i] = (hsd_node_cost){below(&random, g->tables.node_count),
                                             below(&random, 2) ? weight(&random) : 0};
            const hsd_direction direction = run % 2 ? HSD_TO : HSD_FROM;
            const uint32_t limits[] = {0, below(&random, 100000), below(&random, 10000000),
                                       UINT32_MAX};
            const uint32_t limit = limits[below(&random, 4)];
            bellman_ford(g, direction, sources, count, expected);
            assert_int_equal(hsd_search_run(search, direction, sources, count, limit, NULL),
                             HSD_OK);
            check_settled(g, search, expected, limit);
        }
        hsd_search_destroy(search);
        free(g);
    }
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_equals_bellman_ford),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
