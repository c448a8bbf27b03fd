/* A closed stretch against the network built without it: the way cut into two dead-end stubs (or,
 * closed in one direction, into a way back and two one-way stubs). Times of all junctions and of
 * positions on all streets agree to the millisecond, both from and to, in networks with turn
 * restrictions too.
 *
 * Stretches here run from one point of the way's drawing to the next, so that every segment is
 * rounded alike. The stubs' new ends would be places to turn round, where a traveller could get rid
 * of a banned turn behind him; nobody turns at the border of a stretch, so the built network bans
 * just that. */
#include "../unit/net/hand.h"
#include "base/random.h"
#include "hourshed/times.h"
#include "times/locator.h"

#define ROUNDS 2000
#define SEED 20250120
#define WAYS 14

static hsd_random random_state = {SEED};
static uint32_t below(uint32_t n) {
    return (uint32_t)(hsd_random_next(&random_state) % n);
}

typedef struct ban {
    uint32_t from, to, via; /* ways; via NO_WAY: at a junction */
    int begin, end;         /* junctions where from ends and to begins */
    bool only;
} ban;
#define NO_WAY UINT32_MAX

/* Streets between junctions 1 ... n, with points of their own between. */
typedef struct town {
    int junctions;
    uint32_t way_count, ban_count;
    int end[WAYS][2];
    uint32_t points[WAYS]; /* on the way, its ends included */
    uint32_t speed[WAYS][2];
    bool one_way[WAYS];
    ban bans[WAYS];
    uint32_t closed;  /* way */
    uint32_t segment; /* of it */
    uint8_t directions;
} town;

static bool touches(const town *t, uint32_t w, int junction) {
    return t->end[w][0] == junction || t->end[w][1] == junction;
}

static void random_ban(town *t) {
    ban b = {.from = below(t->way_count), .via = NO_WAY};
    b.to = below(t->way_count);
    b.begin = 1 + (int)below((uint32_t)t->junctions);
    b.only = below(3) == 0;
    b.end = b.begin;
    if (below(2)) { /* by a street in between: a history of two chains and more */
        const uint32_t side = below(2);
        b.via = below(t->way_count);
        b.begin = t->end[b.via][side];
        b.end = t->end[b.via][1 - side];
        if (b.via == t->closed || b.via == b.from || b.via == b.to) return;
        /* read from the other end it must not stand: a stub has but one */
        if (touches(t, b.from, b.end) && touches(t, b.to, b.begin)) return;
    }
    if (b.from != b.to && touches(t, b.from, b.begin) && touches(t, b.to, b.end))
        t->bans[t->ban_count++] = b;
}

static town random_town(bool with_bans) {
    town t = {.junctions = 3 + (int)below(6)};
    t.way_count = 3 + below(WAYS - 3);
    for (uint32_t w = 0; w < t.way_count; w++) {
        t.end[w][0] = 1 + (int)below((uint32_t)t.junctions);
        do t.end[w][1] = 1 + (int)below((uint32_t)t.junctions);
        while (t.end[w][1] == t.end[w][0]);
        t.points[w] = 4 + below(2);
        t.one_way[w] = below(4) == 0;
        for (int d = 0; d < 2; d++) t.speed[w][d] = 5000 + below(90000);
    }
    t.closed = below(t.way_count);
    t.segment = 1 + below(t.points[t.closed] - 3); /* two stubs */
    t.directions = with_bans || t.one_way[t.closed] ? 3 : (uint8_t)(1 + below(3));
    for (int tries = 0; with_bans && tries < 80 && t.ban_count < 8; tries++) random_ban(&t);
    return t;
}

static hand h;

static int point_id(const town *t, uint32_t w, uint32_t i) {
    if (i == 0) return t->end[w][0];
    return i + 1 == t->points[w] ? t->end[w][1] : 100 + (int)(10 * w + i);
}

/* Points [first, last] of a way; directions: 1 as drawn, 2 against; other: id of its points. */
static hsd_way *add_way(const town *t, uint32_t w, uint32_t first, uint32_t last, int directions,
                        int other) {
    hsd_way *way = hand_way(&h, 0, 0);
    for (uint32_t i = first; i <= last; i++, way->node_count++)
        h.way_nodes[h.table.way_node_count++] =
            hand_find(&h, point_id(t, w, i) + (i > 0 && i + 1 < t->points[w] ? other : 0));
    for (int d = 0; d < 2; d++) {
        way->speed_mh[d] = t->speed[w][d];
        if (!(directions & (1 << d))) way->no[d] = HAND_CAR;
    }
    return way;
}

/* The way back beside two stubs has points of its own at the same places. */
#define BACK 1000

static void add_points(const town *t) {
    hand_init(&h);
    for (int i = 1; i <= t->junctions; i++) hand_node(&h, i, 13 * i % 40, 29 * i % 37);
    for (uint32_t w = 0; w < t->way_count; w++)
        for (uint32_t i = 1; i + 1 < t->points[w]; i++)
            for (int other = 0; other <= (w == t->closed ? BACK : 0); other += BACK)
                hand_node(&h, point_id(t, w, i) + other, (int)(40 + 3 * w), (int)(5 * i + w));
}

/* What stands for each way: itself, or [0] the part at its drawn start, [1] that at its end, and
 * [2] the way back. */
typedef struct parts {
    hsd_way *way[3];
} parts;

static hsd_network *build(const town *t, bool cut) {
    parts of[WAYS];
    add_points(t);
    for (uint32_t w = 0; w < t->way_count; w++) {
        const uint32_t last = t->points[w] - 1;
        const int open = t->one_way[w] ? 1 : 3;
        of[w] = (parts){{NULL}};
        if (!cut || w != t->closed) {
            of[w].way[0] = of[w].way[1] = add_way(t, w, 0, last, open, 0);
            continue;
        }
        of[w].way[0] = add_way(t, w, 0, t->segment, open & t->directions, 0);
        of[w].way[1] = add_way(t, w, t->segment + 1, last, open & t->directions, 0);
        if (open & ~t->directions)
            of[w].way[2] = add_way(t, w, 0, last, open & ~t->directions, BACK);
    }
    for (uint32_t i = 0; i < t->ban_count; i++) {
        const ban *b = &t->bans[i];
        hsd_restriction *r = hand_restrict(
            &h, of[b->from].way[t->end[b->from][1] == b->begin], b->via == NO_WAY ? b->begin : 0,
            of[b->to].way[t->end[b->to][1] == b->end], b->only ? HSD_RESTRICTION_ONLY : 0);
        if (b->via != NO_WAY) hand_via(&h, r, of[b->via].way[0]);
    }
    if (cut && t->ban_count) /* no turning round at the borders */
        for (uint32_t i = 0; i < 2; i++) {
            hsd_way *stub = of[t->closed].way[i];
            hand_restrict(&h, stub, point_id(t, t->closed, t->segment + i), stub, 0);
        }
    return hand_build(&h, &h.car, 1);
}

/* ---- Places in both networks
 * ------------------------------------------------------------------------------ */

typedef struct world {
    hsd_network *network, *base;
    hsd_locator *locator, *base_locator;
    hsd_tree *tree;
} world;

static void world_end(world *w) {
    hsd_tree_destroy(w->tree);
    hsd_locator_destroy(w->locator);
    hsd_locator_destroy(w->base_locator);
    hsd_network_destroy(w->network);
    hsd_network_destroy(w->base);
}

static uint32_t edge_of(const hsd_network *network, uint32_t way) {
    for (uint32_t e = 0; e < network->edge_count; e++)
        if (network->edges[e].source_id == 1001 + (int64_t)way) return e;
    return HSD_NO_EDGE;
}

static uint32_t vertex_of(const hsd_network *network, int64_t id) {
    for (uint32_t v = 0; v < network->vertex_count; v++)
        if (network->vertex_source[v] == id) return v;
    return HSD_NO_EDGE;
}

static world closed_world(const town *t) {
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    world w = {.base = build(t, false)};
    const hsd_closed_part part = {
        edge_of(w.base, t->closed), t->directions, t->segment, t->segment, 0, 1};
    assert_int_equal(hsd_network_adapt(w.base, 0, NULL, 0, &part, 1, &w.network, NULL), HSD_OK);
    assert_int_equal(hsd_locator_create(w.base, 0, &options, &w.base_locator, NULL), HSD_OK);
    assert_int_equal(hsd_locator_adapt(w.base_locator, w.network, &w.locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(w.locator, &w.tree, NULL), HSD_OK);
    return w;
}

static world cut_world(const town *t) {
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    world w = {.network = build(t, true)};
    assert_int_equal(hsd_locator_create(w.network, 0, &options, &w.locator, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(w.locator, &w.tree, NULL), HSD_OK);
    return w;
}

typedef struct place {
    uint32_t way, segment;
    double fraction;
} place;

static place random_place(const town *t) {
    place p = {below(3) ? below(t->way_count) : t->closed, 0, 0};
    p.fraction = hsd_random_unit(&random_state);
    p.segment = below(t->points[p.way] - 1);
    if (p.way == t->closed && p.segment == t->segment && t->directions == 3)
        p.segment--; /* there is nothing in the other network */
    return p;
}

static hsd_foot foot_at(const world *w, uint32_t edge, uint32_t segment, double fraction) {
    hsd_foot foot = {edge, HSD_NO_EDGE, segment, fraction, {0, 0}, 0, 0};
    hsd_locator_foot_prefix(w->locator, &foot);
    return foot;
}

/* The feet of a place: one, or in the cut network that on the stub and that on the way back. */
static size_t feet_of(const town *t, const world *w, const place *p, hsd_foot out[2]) {
    size_t count = 0;
    if (w->base != NULL || p->way != t->closed) {
        uint32_t number = p->way;
        if (w->base == NULL && p->way > t->closed)
            number += (uint32_t)h.table.way_count - t->way_count;
        out[count++] = foot_at(w, edge_of(w->network, number), p->segment, p->fraction);
        return count;
    }
    if (p->segment < t->segment)
        out[count++] = foot_at(w, edge_of(w->network, t->closed), p->segment, p->fraction);
    if (p->segment > t->segment)
        out[count++] = foot_at(w, edge_of(w->network, t->closed + 1), p->segment - t->segment - 1,
                               p->fraction);
    if (t->directions != 3)
        out[count++] = foot_at(w, edge_of(w->network, t->closed + 2), p->segment, p->fraction);
    return count;
}

static void grow(const town *t, const world *w, hsd_direction direction, const place *p) {
    hsd_foot feet[2];
    hsd_seed seeds[2] = {{{0}, 0, 0}};
    const size_t count = feet_of(t, w, p, feet);
    for (size_t i = 0; i < count; i++) seeds[i] = (hsd_seed){feet[i], 17, 0};
    assert_int_equal(hsd_tree_grow(w->tree, direction, seeds, count, UINT32_MAX, NULL), HSD_OK);
}

static uint32_t time_of(const town *t, const world *w, const place *p) {
    hsd_foot feet[2];
    uint32_t best = HSD_UNREACHABLE;
    const size_t count = feet_of(t, w, p, feet);
    for (size_t i = 0; i < count; i++) {
        const uint32_t ms = hsd_tree_foot_ms(w->tree, &feet[i]);
        if (ms < best) best = ms;
    }
    return best;
}

static uint32_t junction_ms(const world *w, int id) {
    const uint32_t v = vertex_of(w->network, id);
    return v == HSD_NO_EDGE ? HSD_UNREACHABLE : hsd_tree_vertex_ms(w->tree, v);
}

/* A junction of the cut network need not be a node of the other (a way back beside a stub). */
static bool is_junction(const world *w, int id) {
    const uint32_t v = vertex_of(w->network, id);
    return v != HSD_NO_EDGE &&
           w->locator->vertex_first_node[v] < w->locator->vertex_first_node[v + 1];
}

static void compare(const town *t, const world *a, const world *b, int counts[2]) {
    for (int run = 0; run < 12; run++) {
        const hsd_direction direction = run % 2 ? HSD_TO : HSD_FROM;
        const place from = random_place(t);
        grow(t, a, direction, &from);
        grow(t, b, direction, &from);
        for (int id = 1; id <= t->junctions; id++)
            if (is_junction(a, id) && is_junction(b, id))
                assert_int_equal(junction_ms(a, id), junction_ms(b, id));
        for (int i = 0; i < 30; i++) {
            const place p = i % 5 ? random_place(t) : (place){from.way, from.segment, 0.5};
            const uint32_t ms = time_of(t, a, &p);
            assert_int_equal(ms, time_of(t, b, &p));
            counts[ms < HSD_UNREACHABLE]++;
        }
        const place p = random_place(t); /* the other way round it is the same way */
        const uint32_t ms = time_of(t, a, &p);
        grow(t, a, direction == HSD_TO ? HSD_FROM : HSD_TO, &p);
        assert_int_equal(time_of(t, a, &from), ms);
    }
}

static void run(bool with_bans) {
    int counts[2] = {0, 0}, changed = 0;
    for (int n = 0; n < ROUNDS; n++) {
        const town t = random_town(with_bans);
        world a = closed_world(&t), b = cut_world(&t);
        compare(&t, &a, &b, counts);
        changed += t.ban_count > 0;
        world_end(&a);
        world_end(&b);
    }
    assert_true(counts[0] > 10 * ROUNDS && counts[1] > 100 * ROUNDS);
    assert_true(!with_bans || changed > ROUNDS / 2);
}

static void a_closed_stretch_is_a_way_cut_in_two(void **state) {
    (void)state;
    run(false);
}

static void so_it_is_among_banned_turns(void **state) {
    (void)state;
    run(true);
}

/* ---- Settled times, where a history is longer than one chain
 * ---------------------------------------------------- */

#define SAMPLES 40

static void sample(const town *t, const world *w, const place *places, uint32_t *out) {
    for (int i = 0; i < SAMPLES; i++) out[i] = time_of(t, w, &places[i]);
    for (int id = 1; id <= t->junctions; id++) out[SAMPLES + id - 1] = junction_ms(w, id);
}

static void seeds_past_the_settled_time_change_nothing(void **state) {
    (void)state;
    int left_out = 0, sooner = 0;
    for (int n = 0; n < ROUNDS; n++) {
        const town t = random_town(true);
        world w = closed_world(&t);
        for (int run_ = 0; run_ < 8; run_++) {
            const hsd_direction direction = run_ % 2 ? HSD_TO : HSD_FROM;
            place places[SAMPLES];
            uint32_t before[SAMPLES + 16], after[SAMPLES + 16];
            const size_t all = SAMPLES + (size_t)t.junctions;
            hsd_seed seeds[2] = {{{0}, 17, 0}, {{0}, 0, 0}};
            for (int i = 0; i < SAMPLES; i++) places[i] = random_place(&t);
            for (int i = 0; i < 2; i++) {
                hsd_foot feet[2];
                feet_of(&t, &w, &places[i], feet);
                seeds[i].foot = feet[0];
            }
            if (run_ % 4 == 3) /* at a junction */
                seeds[1].foot = (hsd_foot){.edge = HSD_NO_EDGE,
                                           .vertex = vertex_of(w.network, 1 + n % t.junctions)};
            if (seeds[1].foot.edge == HSD_NO_EDGE && seeds[1].foot.vertex == HSD_NO_EDGE) continue;
            assert_int_equal(hsd_tree_grow(w.tree, direction, seeds, 1, UINT32_MAX, NULL), HSD_OK);
            sample(&t, &w, places, before);
            const uint32_t settled = hsd_tree_settled_ms(w.tree, &seeds[1].foot);
            if (settled >= HSD_UNREACHABLE || settled == 0) continue;
            seeds[1].extra_ms = settled;
            assert_int_equal(hsd_tree_grow(w.tree, direction, seeds, 2, UINT32_MAX, NULL), HSD_OK);
            sample(&t, &w, places, after);
            assert_memory_equal(before, after, all * sizeof *before);
            left_out++;
            seeds[1].extra_ms = settled - 1;
            assert_int_equal(hsd_tree_grow(w.tree, direction, seeds, 2, UINT32_MAX, NULL), HSD_OK);
            sample(&t, &w, places, after);
            sooner += memcmp(before, after, all * sizeof *before) != 0;
        }
        world_end(&w);
    }
    printf("left out %d, of them one ms sooner mattered %d\n", left_out, sooner);
    assert_true(left_out > 2 * ROUNDS && 2 * sooner > left_out);
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_stretch_is_a_way_cut_in_two),
        cmocka_unit_test(so_it_is_among_banned_turns),
        cmocka_unit_test(seeds_past_the_settled_time_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
