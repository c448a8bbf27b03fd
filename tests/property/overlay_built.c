/* Added links over networks built from random tables: junctions split for restrictions with via
 * nodes and via ways, nodes closed to the mode, one-way ways, chains; and corridor networks, where
 * every vertex is a node. Times equal Bellman-Ford over the states of a traveller, from an origin
 * and to it. overlay_built CASES [SEED] runs longer. */
#include "../unit/net/hand.h"

#include "overlay_world.h"

static int cases = 1000;
static uint64_t seed = 20260607;
static uint64_t split, closed, shortened;

static void random_way(hand *h, hsd_random *random) {
    const uint32_t nodes = (uint32_t)h->table.node_count;
    hsd_way *way = &h->ways[h->table.way_count++];
    *way = (hsd_way){.source_id = 100 + (int64_t)h->table.way_count,
                     .first_node = (uint32_t)h->table.way_node_count,
                     .node_count = 2 + overlay_below(random, 3),
                     .class_id = overlay_below(random, 4) ? HAND_ROAD : HAND_LANE};
    uint32_t at = overlay_below(random, nodes);
    for (uint32_t i = 0; i < way->node_count; i++) {
        h->way_nodes[h->table.way_node_count++] = at;
        at = (at + 1 + overlay_below(random, nodes < 5 ? nodes - 1 : 4)) % nodes;
    }
    if (overlay_below(random, 5) == 0) way->no[overlay_below(random, 2)] = HAND_CAR;
}

static uint32_t way_at(const hand *h, uint32_t node, hsd_random *random) {
    for (int tries = 0; tries < 40; tries++) {
        const uint32_t w = overlay_below(random, (uint32_t)h->table.way_count);
        for (uint32_t i = 0; i < h->ways[w].node_count; i++)
            if (h->way_nodes[h->ways[w].first_node + i] == node) return w;
    }
    return overlay_below(random, (uint32_t)h->table.way_count);
}

static void random_restriction(hand *h, hsd_random *random) {
    hsd_restriction *r = &h->restrictions[h->table.restriction_count++];
    uint32_t begin = overlay_below(random, (uint32_t)h->table.node_count), end = begin;
    *r = (hsd_restriction){.source_id = (int64_t)h->table.restriction_count,
                           .via_node = begin,
                           .first_via = (uint32_t)h->table.via_way_count,
                           .modes = HAND_CAR,
                           .flags = overlay_below(random, 4) == 0 ? HSD_RESTRICTION_ONLY : 0};
    if (overlay_below(random, 3) == 0) {
        const uint32_t via = way_at(h, begin, random);
        const hsd_way *way = &h->ways[via];
        begin = h->way_nodes[way->first_node];
        end = h->way_nodes[way->first_node + way->node_count - 1];
        h->via_ways[h->table.via_way_count++] = via;
        r->via_count = 1;
        r->via_node = UINT32_MAX;
    }
    r->from_way = way_at(h, begin, random);
    r->to_way = way_at(h, end, random);
}

static hsd_network *random_built(hsd_random *random) {
    static hand h;
    hand_init(&h);
    const uint32_t nodes = 4 + overlay_below(random, 9), ways = 3 + overlay_below(random, 12);
    const uint32_t bans = overlay_below(random, 12);
    for (uint32_t i = 0; i < nodes; i++) {
        hand_node(&h, i + 1, (int)(4 * i + overlay_below(random, 4)),
                  (int)overlay_below(random, 40));
        if (overlay_below(random, 10) == 0) h.node_no[i] = HAND_CAR;
    }
    while (h.table.way_count < ways) random_way(&h, random);
    while (h.table.restriction_count < bans) random_restriction(&h, random);
    hsd_profile car = hand_profile(&h, "car", "car");
    if (overlay_below(random, 4) == 0) {
        car.leg_rule = HSD_LEG_NODES;
        car.leg_cap_m = 15000;
    }
    hsd_network *network = NULL;
    const hsd_run run = {.threads = 1};
    /* now and then no way is passable at all */
    return hsd_network_build(&h.table, &car, 1, NULL, &run, &network, NULL) == HSD_OK ? network
                                                                                      : NULL;
}

static void built_networks_with_links_equal_bellman_ford(void **state) {
    (void)state;
    for (int n = 0; n < cases; n++) {
        hsd_random random = {seed + (uint64_t)n};
        hsd_network *network = random_built(&random);
        if (network == NULL) continue;
        world w;
        uint8_t links[OVERLAY_LINKS], none[OVERLAY_LINKS] = {0};
        uint32_t from[FEET * FEET], to[FEET * FEET], expected[FEET * FEET], before[FEET * FEET];
        world_make(&w, network, &random);
        some_links(&w, links, &random);
        hsd_pole_times *times = world_pole_times(&w, 1);
        times_by_states(&w, links, expected);
        times_by_states(&w, none, before);
        times_by_trees(&w, links, times, HSD_FROM, from);
        times_by_trees(&w, links, times, HSD_TO, to);
        assert_same_times(from, expected, seed + (uint64_t)n);
        assert_same_times(to, expected, seed + (uint64_t)n);
        for (size_t i = 0; i < (size_t)FEET * FEET; i++) shortened += from[i] < before[i];
        const hsd_graph *g = &network->graphs[0];
        for (uint32_t v = 0; v < g->node_count; v++) {
            split += !g->node_free[v];
            closed += g->node_free[v] && g->node_copy[v] > 0;
        }
        hsd_pole_times_destroy(times);
        world_finish(&w);
        hsd_network_destroy(network);
    }
    printf("%llu copies for restrictions, %llu ends at closed nodes, %llu pairs made faster\n",
           (unsigned long long)split, (unsigned long long)closed, (unsigned long long)shortened);
    assert_true(split > (uint64_t)cases && closed > (uint64_t)cases / 2);
    assert_true(shortened > (uint64_t)cases * 5);
}

int main(int argc, char **argv) {
    if (argc > 1) cases = atoi(argv[1]);
    if (argc > 2) seed = strtoull(argv[2], NULL, 10);
    printf("seed %llu, %d cases\n", (unsigned long long)seed, cases);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_networks_with_links_equal_bellman_ford),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
