/* Road tables written by hand, for the tests of net/. Node ids are small numbers of the test's
 * choice; nodes lie on the equator or near it, one milli-degree (111.3195 m) apart by x and y. */
#ifndef TESTS_NET_HAND_H
#define TESTS_NET_HAND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/network.h"

#define HAND_NODES 64
#define HAND_WAYS 64
enum { HAND_CAR = 1, HAND_WALK = 2, HAND_PERMIT = 4 };
enum { HAND_ROAD, HAND_LANE, HAND_GATED, HAND_STRANGE };

typedef struct hand {
    hsd_road_table table;
    hsd_point_e7 nodes[HAND_NODES];
    int64_t node_source[HAND_NODES];
    uint16_t node_no[HAND_NODES];
    uint8_t node_flags[HAND_NODES];
    uint32_t way_nodes[HAND_WAYS * 8];
    hsd_way ways[HAND_WAYS];
    hsd_restriction restrictions[HAND_WAYS];
    uint32_t via_ways[HAND_WAYS];
    char *classes[4];
    hsd_class_speed class_speeds[3];
    hsd_profile car;
} hand;

static inline hsd_profile hand_profile(hand *h, const char *name, const char *mode) {
    hsd_profile profile = {.classes = h->class_speeds,
                           .class_count = 3,
                           .respects_oneway = true,
                           .respects_turns = true,
                           .uses_tags = true,
                           .leg_speed_mh = 4800,
                           .leg_detour_ppm = 1300000,
                           .leg_cap_m = 1000};
    snprintf(profile.name, sizeof profile.name, "%s", name);
    snprintf(profile.mode, sizeof profile.mode, "%s", mode);
    return profile;
}

static inline void hand_init(hand *h) {
    memset(h, 0, sizeof *h);
    static char names[] = "\0Long Street";
    static char words[][12] = {"road", "lane", "gated", "strange", "car", "walk", "car_permit"};
    for (int i = 0; i < 4; i++) h->classes[i] = words[i];
    h->table = (hsd_road_table){.nodes = h->nodes,
                                .node_source = h->node_source,
                                .node_no = h->node_no,
                                .node_flags = h->node_flags,
                                .way_nodes = h->way_nodes,
                                .ways = h->ways,
                                .restrictions = h->restrictions,
                                .via_ways = h->via_ways,
                                .strings = names,
                                .string_size = sizeof names,
                                .classes = h->classes,
                                .class_count = 4,
                                .modes = {words[4], words[5], words[6]},
                                .mode_count = 3};
    /* 111.3195 m a step: 3,600 m/h makes a metre a second; times are mostly stated anyway */
    h->class_speeds[0] = (hsd_class_speed){"road", 36000, 1000000, true, false};
    h->class_speeds[1] = (hsd_class_speed){"lane", 18000, 1000000, false, false};
    h->class_speeds[2] = (hsd_class_speed){"gated", 36000, 1000000, true, true};
    h->car = hand_profile(h, "car-test", "car");
}

/* Index of a node by its id; made at (x, y) when new. */
static inline uint32_t hand_node(hand *h, int64_t id, int x, int y) {
    uint32_t n = (uint32_t)h->table.node_count++;
    assert_true(n < HAND_NODES);
    h->nodes[n] = (hsd_point_e7){x * 10000, y * 10000};
    h->node_source[n] = id;
    return n;
}

static inline uint32_t hand_find(const hand *h, int64_t id) {
    for (uint32_t n = 0; n < h->table.node_count; n++)
        if (h->node_source[n] == id) return n;
    fail_msg("no node %lld", (long long)id);
    return 0;
}

/* A way through nodes given by id, ended by 0; time_ms of the whole way both ways, 0: by speed. */
static inline hsd_way *hand_way(hand *h, uint32_t time_ms, ...) {
    hsd_way *way = &h->ways[h->table.way_count++];
    assert_true(h->table.way_count <= HAND_WAYS);
    *way = (hsd_way){.source_id = 1000 + (int64_t)h->table.way_count,
                     .first_node = (uint32_t)h->table.way_node_count,
                     .time_ms = {time_ms, time_ms},
                     .speed_source = {HSD_SPEED_TAG, HSD_SPEED_TAG}};
    va_list ids;
    va_start(ids, time_ms);
    for (int id; (id = va_arg(ids, int)) != 0; way->node_count++)
        h->way_nodes[h->table.way_node_count++] = hand_find(h, id);
    va_end(ids);
    return way;
}

static inline uint32_t hand_index(const hand *h, const hsd_way *way) {
    return (uint32_t)(way - h->ways);
}

static inline hsd_restriction *hand_restrict(hand *h, const hsd_way *from, int via,
                                             const hsd_way *to, unsigned flags) {
    hsd_restriction *r = &h->restrictions[h->table.restriction_count++];
    *r = (hsd_restriction){.source_id = 5000 + (int64_t)h->table.restriction_count,
                           .from_way = hand_index(h, from),
                           .to_way = hand_index(h, to),
                           .via_node = via ? hand_find(h, via) : UINT32_MAX,
                           .first_via = (uint32_t)h->table.via_way_count,
                           .modes = HAND_CAR,
                           .flags = (uint16_t)flags};
    return r;
}

static inline void hand_via(hand *h, hsd_restriction *r, const hsd_way *way) {
    h->via_ways[h->table.via_way_count++] = hand_index(h, way);
    r->via_count++;
}

static inline hsd_network *hand_build(hand *h, const hsd_profile *profiles, size_t count) {
    hsd_network *network = NULL;
    hsd_error err = {0};
    hsd_status status = hsd_network_build(&h->table, profiles, count, NULL, NULL, &network, &err);
    if (status != HSD_OK) fail_msg("build: %s", err.message);
    return network;
}

/* Least time from the free copy of a vertex to any copy of another, by relaxing until nothing
 * changes; HSD_UNREACHABLE: no way, or no such node. */
static inline uint32_t hand_route_ms(const hsd_network *network, size_t metric, int64_t from,
                                     int64_t to) {
    const hsd_metric *m = &network->metrics[metric];
    const hsd_graph *g = &network->graphs[m->graph];
    uint32_t *ms = malloc((g->node_count + 1) * sizeof *ms), best = HSD_UNREACHABLE;
    assert_non_null(ms);
    for (uint32_t n = 0; n < g->node_count; n++)
        ms[n] = g->node_free[n] && network->vertex_source[g->node_vertex[n]] == from
                    ? 0
                    : HSD_UNREACHABLE;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t a = 0; a < g->arc_count; a++) {
            uint32_t sum = ms[g->tail[a]] + m->arc_ms[a];
            if (sum < ms[g->head[a]]) {
                ms[g->head[a]] = sum;
                changed = true;
            }
        }
    }
    for (uint32_t n = 0; n < g->node_count; n++)
        if (network->vertex_source[g->node_vertex[n]] == to && ms[n] < best) best = ms[n];
    free(ms);
    return best;
}

static inline size_t hand_nodes_at(const hsd_network *network, size_t graph, int64_t source) {
    const hsd_graph *g = &network->graphs[graph];
    size_t count = 0;
    for (uint32_t n = 0; n < g->node_count; n++)
        count += network->vertex_source[g->node_vertex[n]] == source;
    return count;
}
#endif
