/* The order of nodes is a permutation, whatever the graph; components against plain reachability.
 */
#include "hand.h"

#include <signal.h>
#include <sys/time.h>

#include "base/memory.h"
#include "base/random.h"
#include "net/build.h"

#define MOST 400

static void order_is_a_permutation(uint32_t nodes, uint32_t arcs, const uint32_t *tail,
                                   const uint32_t *head) {
    uint32_t rank[MOST], again[MOST];
    uint8_t seen[MOST] = {0};
    hsd_error err = {0};
    assert_int_equal(hsd_order_make(nodes, arcs, tail, head, rank, &err), HSD_OK);
    for (uint32_t n = 0; n < nodes; n++) {
        assert_true(rank[n] < nodes);
        assert_int_equal(seen[rank[n]]++, 0);
    }
    (void)rand(); /* somebody else draws from the C library's numbers in between */
    assert_int_equal(hsd_order_make(nodes, arcs, tail, head, again, &err), HSD_OK);
    assert_memory_equal(rank, again, nodes * sizeof *rank);
}

static void small_graphs_are_ordered(void **state) {
    (void)state;
    const uint32_t tail[] = {0, 1, 0, 2, 2}, head[] = {1, 0, 0, 3, 3};
    order_is_a_permutation(0, 0, tail, head);
    order_is_a_permutation(1, 0, tail, head);
    order_is_a_permutation(5, 0, tail, head);
    order_is_a_permutation(2, 1, tail, head);
    order_is_a_permutation(2, 2, tail, head);
    order_is_a_permutation(1, 1, tail + 2, head + 2); /* a loop */
    order_is_a_permutation(6, 5, tail, head);         /* two parts, two nodes alone */
}

static void random_graphs_are_ordered(void **state) {
    (void)state;
    hsd_random random = {42};
    uint32_t tail[3 * MOST], head[3 * MOST];
    for (int round = 0; round < 60; round++) {
        uint32_t nodes = 1 + (uint32_t)(hsd_random_next(&random) % MOST);
        uint32_t arcs = (uint32_t)(hsd_random_next(&random) % (3 * nodes));
        for (uint32_t a = 0; a < arcs; a++) {
            tail[a] = (uint32_t)(hsd_random_next(&random) % nodes);
            head[a] = (uint32_t)(hsd_random_next(&random) % nodes);
        }
        order_is_a_permutation(nodes, arcs, tail, head);
    }
}

static void a_grid_is_dissected(void **state) {
    (void)state;
    /* in a good order of a 20 x 20 grid, the last 20 or so nodes separate the others: taking the
     * last 30 away leaves no part with more than two thirds of them */
    uint32_t tail[1600], head[1600], arcs = 0, rank[MOST];
    for (uint32_t i = 0; i < 400; i++) {
        if (i % 20 < 19) tail[arcs] = i, head[arcs++] = i + 1;
        if (i / 20 < 19) tail[arcs] = i, head[arcs++] = i + 20;
    }
    assert_int_equal(hsd_order_make(400, arcs, tail, head, rank, NULL), HSD_OK);
    uint32_t part[MOST], size[MOST] = {0};
    for (uint32_t i = 0; i < 400; i++) part[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t a = 0; a < arcs; a++) {
            uint32_t u = tail[a], v = head[a];
            if (rank[u] >= 370 || rank[v] >= 370 || part[u] == part[v]) continue;
            part[u] = part[v] = part[u] < part[v] ? part[u] : part[v];
            changed = true;
        }
    }
    for (uint32_t i = 0; i < 400; i++)
        if (rank[i] < 370) assert_true(++size[part[i]] <= 267);
}

static volatile sig_atomic_t terminated;
static void on_term(int number) {
    (void)number;
    terminated = 1;
}
static void on_alarm(int number) {
    (void)number;
    raise(SIGTERM);
}

/* METIS would catch the signal itself and give up. */
static void a_termination_while_ordering_reaches_its_handler(void **state) {
    (void)state;
    enum { SIDE = 200, NODES = SIDE * SIDE };
    uint32_t *tail = hsd_alloc(2 * NODES, 4, NULL), *head = hsd_alloc(2 * NODES, 4, NULL);
    uint32_t *rank = hsd_alloc(NODES, 4, NULL), arcs = 0;
    for (uint32_t i = 0; i < NODES; i++) {
        if (i % SIDE < SIDE - 1) tail[arcs] = i, head[arcs++] = i + 1;
        if (i / SIDE < SIDE - 1) tail[arcs] = i, head[arcs++] = i + SIDE;
    }
    struct sigaction term = {.sa_handler = on_term}, alarmed = {.sa_handler = on_alarm}, old[2];
    sigaction(SIGTERM, &term, &old[0]);
    sigaction(SIGALRM, &alarmed, &old[1]);
    struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    hsd_error err = {0};
    hsd_status status = hsd_order_make(NODES, arcs, tail, head, rank, &err);
    struct itimerval never = {0}, left;
    setitimer(ITIMER_REAL, &never, &left);
    sigaction(SIGTERM, &old[0], NULL);
    sigaction(SIGALRM, &old[1], NULL);
    if (status != HSD_OK) fail_msg("%s", err.message);
    assert_int_equal(left.it_value.tv_usec, 0); /* it came in time */
    assert_int_equal(terminated, 1);
    hsd_free(tail);
    hsd_free(head);
    hsd_free(rank);
}

static void components_are_mutual_reachability(void **state) {
    (void)state;
    hsd_random random = {9};
    enum { N = 24 };
    for (int round = 0; round < 300; round++) {
        bool reach[N][N] = {{false}};
        uint32_t first[N + 1] = {0}, head[4 * N], vertex[N], component[N], count, *inside;
        uint32_t nodes = (uint32_t)(hsd_random_next(&random) % (N + 1)), arcs = 0;
        for (uint32_t n = 0; n < nodes; n++) {
            first[n] = arcs;
            vertex[n] = nodes - n;
            reach[n][n] = true;
            for (uint64_t d = hsd_random_next(&random) % 4; d > 0; d--) {
                head[arcs] = (uint32_t)(hsd_random_next(&random) % nodes);
                reach[n][head[arcs++]] = true;
            }
        }
        first[nodes] = arcs;
        for (uint32_t k = 0; k < nodes; k++)
            for (uint32_t i = 0; i < nodes; i++)
                for (uint32_t j = 0; j < nodes; j++)
                    reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j]);
        assert_int_equal(
            hsd_components_make(nodes, first, head, vertex, component, &count, &inside, NULL),
            HSD_OK);
        uint32_t arcs_in[N] = {0};
        for (uint32_t i = 0; i < nodes; i++) {
            assert_true(component[i] < count);
            for (uint32_t a = first[i]; a < first[i + 1]; a++)
                arcs_in[component[i]] += component[head[a]] == component[i];
            for (uint32_t j = 0; j < nodes; j++)
                assert_int_equal(component[i] == component[j], reach[i][j] && reach[j][i]);
        }
        for (uint32_t c = 0; c < count; c++) {
            assert_int_equal(inside[c], arcs_in[c]);
            assert_true(c == 0 || inside[c - 1] >= inside[c]);
        }
        hsd_free(inside);
    }
}

static void a_long_line_needs_no_deep_stack(void **state) {
    (void)state;
    enum { LONG = 1000000 };
    uint32_t *first = hsd_alloc(LONG + 1, 4, NULL), *head = hsd_alloc(LONG, 4, NULL);
    uint32_t *vertex = hsd_alloc(LONG, 4, NULL), *component = hsd_alloc(LONG, 4, NULL);
    for (uint32_t n = 0; n < LONG; n++) {
        first[n] = n;
        vertex[n] = n;
        head[n] = (n + 1) % LONG;
    }
    first[LONG] = LONG;
    uint32_t count, *inside;
    assert_int_equal(
        hsd_components_make(LONG, first, head, vertex, component, &count, &inside, NULL), HSD_OK);
    assert_int_equal(count, 1);
    assert_int_equal(inside[0], LONG);
    hsd_free(first);
    hsd_free(head);
    hsd_free(vertex);
    hsd_free(component);
    hsd_free(inside);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_graphs_are_ordered),
        cmocka_unit_test(random_graphs_are_ordered),
        cmocka_unit_test(a_grid_is_dissected),
        cmocka_unit_test(a_termination_while_ordering_reaches_its_handler),
        cmocka_unit_test(components_are_mutual_reachability),
        cmocka_unit_test(a_long_line_needs_no_deep_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
