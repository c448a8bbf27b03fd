/* Random street networks with turn restrictions, and times on them by an independent way:
 * Bellman-Ford over directed edges with the restrictions as they stand (no splitting, no
 * contraction). */
#ifndef RANDOM_NETWORK_H
#define RANDOM_NETWORK_H

#include <stdio.h>

#include "../unit/times/hand_network.h"
#include "base/random.h"
#include "hourshed/times.h"

#define RANDOM_ROADS 80
#define RANDOM_BANS 60

typedef struct random_road {
    uint32_t from, to;             /* vertices */
    uint32_t link_count, links[4]; /* directed edges, travelled from -> to */
    int open[2];                   /* the graph has arcs along, against */
} random_road;

typedef struct random_network {
    hand_network *hand;
    const hsd_network *network;
    uint32_t junction_count, road_count, ban_count;
    random_road roads[RANDOM_ROADS];
    uint32_t bans[RANDOM_BANS][2]; /* after this directed edge not that one */
} random_network;

static inline uint32_t random_below(hsd_random *random, uint32_t n) {
    return (uint32_t)(hsd_random_next(random) % n);
}

/* A speed of 4 to 100 km/h, sometimes a fixed time, sometimes closed. */
static inline uint32_t random_pace(hsd_random *random, uint32_t closed_percent) {
    if (random_below(random, 100) < closed_percent) return 0;
    if (random_below(random, 10) == 0) return HSD_PACE_FIXED | random_below(random, 90000);
    return 4000 + random_below(random, 96000);
}

/* Directed edges that begin (end = 0) or finish (end = 1) at a junction by one of its roads. */
static inline uint32_t random_road_link(const random_road *road, int against, int last) {
    if (against) return road->links[last ? 0 : road->link_count - 1] ^ 1;
    return road->links[last ? road->link_count - 1 : 0];
}

static inline int random_banned(const random_network *r, uint32_t after, uint32_t next) {
    for (uint32_t i = 0; i < r->ban_count; i++)
        if (r->bans[i][0] == after && r->bans[i][1] == next) return 1;
    return 0;
}

static inline int random_bans_after(const random_network *r, uint32_t after) {
    for (uint32_t i = 0; i < r->ban_count; i++)
        if (r->bans[i][0] == after) return 1;
    return 0;
}

static inline void random_add_road(random_network *r, hsd_random *random) {
    hand_network *h = r->hand;
    random_road *road = &r->roads[r->road_count++];
    *road = (random_road){.from = random_below(random, r->junction_count),
                          .to = random_below(random, r->junction_count)};
    road->link_count = 1 + random_below(random, 3);
    if (road->from == road->to) road->link_count = 3;
    const hsd_point_e7 a = h->vertices[road->from], b = h->vertices[road->to];
    uint32_t at = road->from;
    const uint32_t one_way = random_below(random, 4);
    for (uint32_t i = 0; i < road->link_count; i++) {
        uint32_t next = road->to;
        if (i + 1 < road->link_count) {
            const double t = (i + 1.0) / road->link_count;
            next = hand_vertex(h,
                               (int32_t)(a.lon_e7 + t * (b.lon_e7 - a.lon_e7)) +
                                   (int32_t)random_below(random, 20000),
                               (int32_t)(a.lat_e7 + t * (b.lat_e7 - a.lat_e7)) +
                                   (int32_t)random_below(random, 20000));
        }
        uint32_t pace[2] = {random_pace(random, 3), random_pace(random, 3)};
        if (one_way == 0) pace[1] = 0;
        const uint32_t turned = random_below(random, 2);
        const uint32_t e = turned ? hand_edge(h, next, at, pace[1], pace[0])
                                  : hand_edge(h, at, next, pace[0], pace[1]);
        for (uint32_t bends = random_below(random, 4); bends > 0; bends--) {
            const hsd_point_e7 p = h->vertices[at], q = h->vertices[next];
            hand_bend(h, e, (p.lon_e7 + q.lon_e7) / 2 + (int32_t)random_below(random, 8000),
                      (p.lat_e7 + q.lat_e7) / 2 + (int32_t)random_below(random, 8000));
        }
        road->links[i] = 2 * e + turned;
        at = next;
    }
    road->open[0] = 1;
    road->open[1] = one_way != 0;
}

static inline void random_add_ban(random_network *r, hsd_random *random) {
    const uint32_t in = random_below(random, r->road_count);
    const int against = (int)random_below(random, 2);
    const uint32_t via = against ? r->roads[in].from : r->roads[in].to;
    for (int tries = 0; tries < 50; tries++) {
        const uint32_t out = random_below(random, r->road_count);
        for (int back = 0; back < 2; back++) {
            if ((back ? r->roads[out].to : r->roads[out].from) != via) continue;
            r->bans[r->ban_count][0] = random_road_link(&r->roads[in], against, 1);
            r->bans[r->ban_count][1] = random_road_link(&r->roads[out], back, 0);
            r->ban_count++;
            return;
        }
    }
}

/* Free nodes have the number of their junction; copies come after. */
static inline void random_split(random_network *r) {
    hand_network *h = r->hand;
    uint32_t copy_of[2 * 4 * RANDOM_ROADS], copy_edge[RANDOM_BANS], copies = 0;
    for (uint32_t v = 0; v < r->junction_count; v++) hand_node(h, v, 1);
    for (uint32_t d = 0; d < 2 * h->edge_count; d++) copy_of[d] = UINT32_MAX;
    for (uint32_t i = 0; i < 2 * r->road_count; i++) {
        const random_road *road = &r->roads[i / 2];
        const uint32_t last = random_road_link(road, i % 2, 1);
        if (!random_bans_after(r, last)) continue;
        copy_of[last] = hand_node(h, i % 2 ? road->from : road->to, 0);
        copy_edge[copies++] = last;
    }
    for (uint32_t i = 0; i < 2 * r->road_count; i++) {
        const random_road *road = &r->roads[i / 2];
        if (!road->open[i % 2]) continue;
        const uint32_t first = random_road_link(road, i % 2, 0);
        const uint32_t last = random_road_link(road, i % 2, 1);
        const uint32_t from = i % 2 ? road->to : road->from, to = i % 2 ? road->from : road->to;
        const uint32_t head = copy_of[last] != UINT32_MAX ? copy_of[last] : to;
        for (uint32_t c = 0; c <= copies; c++) {
            const uint32_t tail = c == 0 ? from : copy_of[copy_edge[c - 1]];
            if (h->node_vertex[tail] != from) continue;
            if (c > 0 && random_banned(r, copy_edge[c - 1], first)) continue;
            hand_arc(h, tail, head, 0);
            hand_arc_row *arc = &h->arcs[h->arc_count - 1];
            arc->link_count = road->link_count;
            for (uint32_t l = 0; l < road->link_count; l++)
                arc->links[l] = i % 2 ? road->links[road->link_count - 1 - l] ^ 1 : road->links[l];
        }
    }
}

static inline random_network *random_network_create(hsd_random *random) {
    random_network *r = hand_alloc(1, sizeof *r);
    r->hand = hand_create();
    r->junction_count = 3 + random_below(random, 20);
    for (uint32_t v = 0; v < r->junction_count; v++)
        hand_vertex(r->hand, (int32_t)random_below(random, 400000),
                    411000000 + (int32_t)random_below(random, 300000));
    const uint32_t roads = 2 + random_below(random, RANDOM_ROADS - 2);
    while (r->road_count < roads) random_add_road(r, random);
    const uint32_t bans = random_below(random, RANDOM_BANS);
    for (uint32_t i = 0; i < bans; i++) random_add_ban(r, random);
    random_split(r);
    r->network = hand_finish(r->hand);
    return r;
}

static inline void random_network_destroy(random_network *r) {
    hand_destroy(r->hand);
    free(r);
}

/* A position on an edge; at the very end of a segment now and then. */
static inline hsd_foot random_foot_on(const random_network *r, uint32_t edge, hsd_random *random) {
    hsd_foot foot = {.edge = edge, .vertex = HSD_NO_EDGE};
    foot.segment = random_below(random, r->network->edges[foot.edge].point_count - 1);
    foot.fraction = hsd_random_unit(random);
    if (random_below(random, 10) == 0) foot.fraction = random_below(random, 2);
    for (uint32_t d = 0; d < 2; d++)
        if (r->hand->metric.pace[2 * foot.edge + d])
            foot.ms[d] =
                hsd_edge_prefix_ms(r->network, foot.edge, r->hand->metric.pace[2 * foot.edge + d],
                                   foot.segment, foot.fraction);
    foot.leg_ms = random_below(random, 3) ? random_below(random, 60000) : 0;
    return foot;
}

static inline hsd_foot random_foot(const random_network *r, hsd_random *random) {
    return random_foot_on(r, random_below(random, r->network->edge_count), random);
}

static inline hsd_foot random_vertex_foot(uint32_t vertex, uint32_t leg_ms) {
    return (hsd_foot){.edge = HSD_NO_EDGE, .vertex = vertex, .leg_ms = leg_ms};
}

/* ---- The independent way
 * ----------------------------------------------------------------------------- */

typedef struct oracle {
    const random_network *r;
    const hsd_seed *seeds;
    size_t seed_count;
    uint64_t *end_ms; /* by directed edge: earliest at its end, having travelled on it */
} oracle;

#define ORACLE_NEVER ((uint64_t)HSD_UNREACHABLE)

static inline uint32_t oracle_start(const random_network *r, uint32_t d) {
    return d & 1 ? r->network->edges[d / 2].to : r->network->edges[d / 2].from;
}
static inline uint32_t oracle_end(const random_network *r, uint32_t d) {
    return oracle_start(r, d ^ 1);
}
static inline uint64_t oracle_whole(const random_network *r, uint32_t d) {
    return r->hand->metric.edge_ms[d];
}
static inline uint64_t oracle_way(const random_network *r, uint32_t d, const hsd_foot *foot) {
    return d & 1 ? oracle_whole(r, d) - foot->ms[1] : foot->ms[0];
}

/* The mode may travel a directed edge right after another. */
static inline int oracle_follows(const random_network *r, uint32_t d, uint32_t next) {
    if (oracle_end(r, d) != oracle_start(r, next) || random_banned(r, d, next)) return 0;
    return oracle_end(r, d) < r->junction_count || d / 2 != next / 2; /* no turning in a chain */
}

static inline uint64_t oracle_start_ms(const oracle *o, uint32_t d) {
    uint64_t best = ORACLE_NEVER;
    for (uint32_t p = 0; p < 2 * o->r->network->edge_count; p++)
        if (o->end_ms[p] < best && oracle_follows(o->r, p, d)) best = o->end_ms[p];
    for (size_t i = 0; i < o->seed_count; i++)
        if (o->seeds[i].foot.edge == HSD_NO_EDGE &&
            o->seeds[i].foot.vertex == oracle_start(o->r, d) &&
            o->seeds[i].foot.leg_ms + (uint64_t)o->seeds[i].extra_ms < best)
            best = o->seeds[i].foot.leg_ms + (uint64_t)o->seeds[i].extra_ms;
    return best;
}

static inline oracle *oracle_create(const random_network *r, const hsd_seed *seeds, size_t count) {
    oracle *o = hand_alloc(1, sizeof *o);
    *o = (oracle){r, seeds, count, hand_alloc(2 * (size_t)r->network->edge_count, 8)};
    for (uint32_t d = 0; d < 2 * r->network->edge_count; d++) o->end_ms[d] = ORACLE_NEVER;
    for (int changed = 1; changed;) {
        changed = 0;
        for (uint32_t d = 0; d < 2 * r->network->edge_count; d++) {
            if (oracle_whole(r, d) >= ORACLE_NEVER) continue;
            uint64_t best = oracle_start_ms(o, d) + oracle_whole(r, d);
            for (size_t i = 0; i < count; i++) {
                const uint64_t cost = seeds[i].foot.leg_ms + (uint64_t)seeds[i].extra_ms;
                if (seeds[i].foot.edge != d / 2) continue;
                const uint64_t ms = cost + oracle_whole(r, d) - oracle_way(r, d, &seeds[i].foot);
                if (ms < best) best = ms;
            }
            if (best < o->end_ms[d]) o->end_ms[d] = best, changed = 1;
        }
    }
    return o;
}

static inline void oracle_destroy(oracle *o) {
    free(o->end_ms);
    free(o);
}

static inline uint64_t oracle_position_ms(const oracle *o, const hsd_foot *foot) {
    uint64_t best = ORACLE_NEVER;
    for (uint32_t d = 2 * foot->edge; d < 2 * foot->edge + 2; d++) {
        if (oracle_whole(o->r, d) >= ORACLE_NEVER) continue;
        uint64_t ms = oracle_start_ms(o, d) + oracle_way(o->r, d, foot);
        if (ms < best) best = ms;
        for (size_t i = 0; i < o->seed_count; i++) {
            const hsd_foot *seed = &o->seeds[i].foot;
            if (seed->edge != foot->edge) continue;
            const double at = foot->segment + foot->fraction, from = seed->segment + seed->fraction;
            if (d & 1 ? at > from : at < from) continue;
            ms = seed->leg_ms + (uint64_t)o->seeds[i].extra_ms + oracle_way(o->r, d, foot) -
                 oracle_way(o->r, d, seed);
            if (ms < best) best = ms;
        }
    }
    return best;
}

static inline uint64_t oracle_foot_ms(const oracle *o, const hsd_foot *foot) {
    uint64_t best = ORACLE_NEVER;
    if (foot->edge != HSD_NO_EDGE) {
        best = oracle_position_ms(o, foot);
    } else {
        for (uint32_t d = 0; d < 2 * o->r->network->edge_count; d++)
            if (oracle_end(o->r, d) == foot->vertex && o->end_ms[d] < best) best = o->end_ms[d];
        for (size_t i = 0; i < o->seed_count; i++)
            if (o->seeds[i].foot.edge == HSD_NO_EDGE && o->seeds[i].foot.vertex == foot->vertex &&
                o->seeds[i].foot.leg_ms + (uint64_t)o->seeds[i].extra_ms < best)
                best = o->seeds[i].foot.leg_ms + (uint64_t)o->seeds[i].extra_ms;
    }
    return best + foot->leg_ms;
}

/* ---- Closed stretches and new paces
 * ---------------------------------------------------------------------------- */

#define RANDOM_PARTS 12

/* A view of a random network, and the locator over it. */
typedef struct random_view {
    const random_network *r;
    hsd_closed_part parts[2 * RANDOM_PARTS];
    size_t part_count;
    hsd_network *view;
    hsd_locator *base, *locator;
    const hsd_metric *metric;
} random_view;

static inline hsd_closed_part random_part(const random_network *r, uint32_t edge,
                                          hsd_random *random) {
    const uint32_t last = r->network->edges[edge].point_count - 2;
    hsd_foot a = random_foot_on(r, edge, random), b = random_foot_on(r, edge, random);
    if (a.segment + a.fraction > b.segment + b.fraction) {
        const hsd_foot c = a;
        a = b;
        b = c;
    }
    hsd_closed_part part = {
        edge, (uint8_t)(1 + random_below(random, 3)), a.segment, b.segment, a.fraction, b.fraction};
    if (random_below(random, 5) == 0) /* closed as a whole */
        part = (hsd_closed_part){edge, part.directions, 0, last, 0, 1};
    return part;
}

static inline random_view random_view_create(const random_network *r, hsd_random *random) {
    random_view v = {.r = r};
    const uint32_t edges = r->network->edge_count;
    hsd_pace_edit paces[RANDOM_PARTS];
    size_t pace_count = 0;
    uint32_t step = 1 + 2 * edges / RANDOM_PARTS;
    for (uint32_t d = random_below(random, step); d < 2 * edges;
         d += 1 + random_below(random, 2 * step))
        if (pace_count < RANDOM_PARTS && r->hand->metric.pace[d])
            paces[pace_count++] = (hsd_pace_edit){d, random_pace(random, 20)};
    step = 1 + edges / RANDOM_PARTS;
    for (uint32_t e = random_below(random, step); e < edges && v.part_count < 2 * RANDOM_PARTS - 1;
         e += 1 + random_below(random, 2 * step)) {
        v.parts[v.part_count++] = random_part(r, e, random);
        if (random_below(random, 3) == 0) v.parts[v.part_count++] = random_part(r, e, random);
    }
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    if (hsd_network_adapt(r->network, 0, paces, pace_count, v.parts, v.part_count, &v.view, NULL) ||
        hsd_locator_create(r->network, 0, &options, &v.base, NULL) ||
        hsd_locator_adapt(v.base, v.view, &v.locator, NULL))
        abort();
    v.metric = &v.view->metrics[0];
    return v;
}

static inline void random_view_destroy(random_view *v) {
    hsd_locator_destroy(v->locator);
    hsd_locator_destroy(v->base);
    hsd_network_destroy(v->view);
}
#endif
