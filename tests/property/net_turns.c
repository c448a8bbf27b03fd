/* Random small networks with random restrictions: the built graph against a search that knows
 * nothing of chains, copies or automata. It moves from node to node of the table, one drawn piece
 * at a time, with the last pieces travelled as its memory, and holds every restriction, as a
 * sequence of pieces, against them at each step (docs/methods.md, 2 and 3). */
#include <math.h>

#include "../unit/net/hand.h"
#include "base/random.h"

#define ROUNDS 4000
#define PIECES 160
#define MEMORY 32
#define STATES 20000

enum { CAR, LORRY, WALK, PROFILES };

static hand h;
static hsd_profile profiles[PROFILES];
static hsd_random random_state;

static uint32_t below(uint32_t n) {
    return (uint32_t)(hsd_random_next(&random_state) % n);
}

/* ---- Random tables
 * ---------------------------------------------------------------------------------- */

static void random_way(void) {
    hsd_way *way = &h.ways[h.table.way_count++];
    *way = (hsd_way){.source_id = 100 + (int64_t)h.table.way_count,
                     .first_node = (uint32_t)h.table.way_node_count,
                     .node_count = 2 + below(3),
                     .class_id = below(4) ? HAND_ROAD : (uint16_t)(1 + below(3))};
    uint32_t nodes = (uint32_t)h.table.node_count, at = below(nodes);
    for (uint32_t i = 0; i < way->node_count; i++) {
        h.way_nodes[h.table.way_node_count++] = at;
        at = (at + 1 + below(nodes < 5 ? nodes - 1 : 4)) % nodes;
    }
    if (way->node_count > 3 && below(4) == 0) /* a closed way */
        h.way_nodes[h.table.way_node_count - 1] = h.way_nodes[way->first_node];
    for (int d = 0; d < 2; d++) {
        if (below(3) == 0) way->speed_mh[d] = 5000 + below(90000);
        if (below(6) == 0) way->no[d] |= HAND_CAR;
        if (below(12) == 0) way->no[d] |= HAND_WALK;
        if (below(3) == 0) way->yes[d] = HAND_CAR;
    }
}

static uint32_t way_at(uint32_t node) {
    for (int tries = 0; tries < 40; tries++) {
        const hsd_way *way = &h.ways[below((uint32_t)h.table.way_count)];
        for (uint32_t i = 0; i < way->node_count; i++)
            if (h.way_nodes[way->first_node + i] == node) return hand_index(&h, way);
    }
    return below((uint32_t)h.table.way_count);
}

static void random_restriction(void) {
    hsd_restriction *r = &h.restrictions[h.table.restriction_count++];
    *r = (hsd_restriction){.source_id = (int64_t)h.table.restriction_count,
                           .via_node = below((uint32_t)h.table.node_count),
                           .first_via = (uint32_t)h.table.via_way_count,
                           .modes = below(8) ? HAND_CAR : HAND_PERMIT,
                           .flags = below(3) == 0 ? HSD_RESTRICTION_ONLY : 0};
    uint32_t begin = r->via_node, end = r->via_node, via = below(3);
    for (uint32_t i = 0; i < via; i++) {
        uint32_t w = way_at(end);
        const hsd_way *way = &h.ways[w];
        uint32_t first = h.way_nodes[way->first_node];
        uint32_t last = h.way_nodes[way->first_node + way->node_count - 1];
        if (i == 0 && first != begin) begin = last;
        end = end == first ? last : first;
        if (i == 0) end = begin == first ? last : first;
        h.via_ways[h.table.via_way_count++] = w;
        r->via_count++;
    }
    if (via) r->via_node = UINT32_MAX;
    r->from_way = way_at(begin);
    r->to_way = below(8) ? way_at(end) : r->from_way;
}

static void random_table(uint64_t seed) {
    random_state.state = seed;
    hand_init(&h);
    uint32_t nodes = 3 + below(8), ways = 2 + below(10), bans = below(9);
    for (uint32_t i = 0; i < nodes; i++) {
        hand_node(&h, 1 + (int64_t)((i * 7 + 3) % 11), (int)(4 * i + below(4)), (int)below(40));
        if (below(14) == 0) h.node_no[i] = (uint16_t)(1 + below(3));
        if (below(14) == 0) h.node_flags[i] = HSD_NODE_NO_STOP;
    }
    while (h.table.way_count < ways) random_way();
    while (h.table.restriction_count < bans) random_restriction();
    profiles[CAR] = hand_profile(&h, "car", "car");
    profiles[LORRY] = hand_profile(&h, "lorry", "car"); /* knows no lanes */
    static hsd_class_speed wide[2];
    wide[0] = h.class_speeds[0];
    wide[1] = h.class_speeds[2];
    profiles[LORRY].classes = wide;
    profiles[LORRY].class_count = 2;
    profiles[WALK] = hand_profile(&h, "walk", "walk");
    profiles[WALK].respects_turns = profiles[WALK].respects_oneway = false;
}

/* ---- The same network in pieces
 * -------------------------------------------------------------------------- */

/* Directed piece 2 * i + d runs from tail to head of piece i (d = 1: against the drawing). */
static struct piece {
    uint32_t way, tail, head;
    uint32_t ms[PROFILES][2]; /* 0: not passable */
} pieces[PIECES];
static uint32_t piece_count;

static uint32_t tail_of(uint32_t k) {
    return k & 1 ? pieces[k >> 1].head : pieces[k >> 1].tail;
}
static uint32_t head_of(uint32_t k) {
    return tail_of(k ^ 1);
}
static uint32_t ms_of(int profile, uint32_t k) {
    return pieces[k >> 1].ms[profile][k & 1];
}

static uint32_t speed_of(int profile, const hsd_way *way, int d) {
    uint16_t word = profile == WALK ? HAND_WALK : HAND_CAR;
    bool banned = way->no[d] & word;
    if (profile == WALK && !(way->no[1 - d] & word)) banned = false;
    if (banned) return 0;
    if (way->class_id == HAND_STRANGE) return 0;
    if (way->class_id == HAND_LANE && profile == LORRY) return 0;
    if (way->class_id == HAND_GATED && !(way->yes[d] & word)) return 0;
    if (way->speed_mh[d]) return way->speed_mh[d];
    return way->class_id == HAND_LANE ? 18000 : 36000;
}

static void cut_into_pieces(void) {
    piece_count = 0;
    for (uint32_t w = 0; w < h.table.way_count; w++) {
        const hsd_way *way = &h.ways[w];
        for (uint32_t i = 0; i + 1 < way->node_count; i++) {
            uint32_t a = h.way_nodes[way->first_node + i];
            uint32_t b = h.way_nodes[way->first_node + i + 1];
            if (a == b) continue;
            struct piece *p = &pieces[piece_count++];
            *p = (struct piece){.way = w, .tail = a, .head = b};
            double m = hsd_geodesic_m(h.nodes[a].lon_e7 / 1e7, h.nodes[a].lat_e7 / 1e7,
                                      h.nodes[b].lon_e7 / 1e7, h.nodes[b].lat_e7 / 1e7);
            for (int profile = 0; profile < PROFILES; profile++)
                for (int d = 0; d < 2; d++) {
                    uint32_t speed = speed_of(profile, way, d);
                    if (speed) /* no two nodes coincide, so it is 1 ms at least */
                        p->ms[profile][d] = (uint32_t)fmax(1, floor(m * 3600000 / speed + 0.5));
                }
        }
    }
}

static bool of_mode(int profile, bool walk) {
    return (profile == WALK) == walk;
}

static bool mode_passes(bool walk, uint32_t k) {
    for (int p = 0; p < PROFILES; p++)
        if (of_mode(p, walk) && ms_of(p, k)) return true;
    return false;
}

static bool closed(bool walk, uint32_t node) {
    return h.node_no[node] & (walk ? HAND_WALK : HAND_CAR);
}

/* ---- Restrictions as sequences of pieces
 * --------------------------------------------------------------------- */

static struct sequence {
    uint32_t k[32], count;
    bool only;
} sequences[4000];
static uint32_t sequence_count;

static bool is_via[HAND_NODES];

static void try_sequence(const uint32_t *k, uint32_t count, bool only) {
    for (uint32_t i = 0; i < count; i++) {
        if (!mode_passes(false, k[i])) return;
        if (i > 0 && head_of(k[i - 1]) != tail_of(k[i])) return;
        if (i > 0 && closed(false, tail_of(k[i])) && k[i] != (k[i - 1] ^ 1)) return;
    }
    struct sequence *s = &sequences[sequence_count++];
    memcpy(s->k, k, count * sizeof *k);
    s->count = count;
    s->only = only;
}

/* via[count] pieces run; from and to are any pieces of their ways that fit. */
static void close_sequence(const hsd_restriction *r, const uint32_t *via, uint32_t count,
                           uint32_t begin, uint32_t end, const uint32_t *ends, uint32_t end_count) {
    uint32_t before = sequence_count, k[32];
    bool only = r->flags & HSD_RESTRICTION_ONLY;
    memcpy(k + 1, via, count * sizeof *k);
    for (k[0] = 0; k[0] < 2 * piece_count; k[0]++) {
        if (pieces[k[0] >> 1].way != r->from_way || head_of(k[0]) != begin) continue;
        uint32_t others = 0;
        for (uint32_t t = 0; t < 2 * piece_count; t++)
            others += pieces[t >> 1].way == r->to_way && tail_of(t) == end && t != (k[0] ^ 1) &&
                      mode_passes(false, t);
        for (uint32_t t = 0; t < 2 * piece_count; t++) {
            if (pieces[t >> 1].way != r->to_way || tail_of(t) != end) continue;
            if (count == 0 && r->from_way == r->to_way) {
                bool round = t == (k[0] ^ 1);
                if (round != (!only || others == 0)) continue;
            }
            k[count + 1] = t;
            try_sequence(k, count + 2, only);
        }
    }
    for (uint32_t i = 0; sequence_count > before && i < end_count; i++) is_via[ends[i]] = true;
}

static void read_via_ways(const hsd_restriction *r) {
    for (uint32_t turns = 0; turns < 1u << r->via_count; turns++) {
        uint32_t k[32], count = 0, ends[8], end_count = 0;
        bool fits = true;
        for (uint32_t v = 0; v < r->via_count; v++) {
            uint32_t w = h.via_ways[r->first_via + v], first = 0, last = 0;
            while (first < piece_count && pieces[first].way != w) first++;
            for (last = first; last < piece_count && pieces[last].way == w;) last++;
            /* of a closed way that is not the first, the drawn direction is tried before the other
             */
            uint32_t from = pieces[first].tail, to = pieces[last - 1].head;
            bool against = turns >> v & 1;
            if (v > 0 && from == to && against) {
                bool drawn = true;
                for (uint32_t p = first; p < last; p++) drawn = drawn && mode_passes(false, 2 * p);
                if (drawn) fits = false;
            }
            for (uint32_t p = first; p < last; p++)
                k[count++] = against ? 2 * (last - 1 - (p - first)) + 1 : 2 * p;
            ends[end_count++] = against ? to : from;
            if (v + 1 == r->via_count) ends[end_count++] = against ? from : to;
        }
        for (uint32_t i = 0; i + 1 < count; i++) fits = fits && head_of(k[i]) == tail_of(k[i + 1]);
        if (fits) close_sequence(r, k, count, ends[0], ends[end_count - 1], ends, end_count);
    }
}

static void read_restrictions(void) {
    sequence_count = 0;
    memset(is_via, 0, sizeof is_via);
    for (uint32_t i = 0; i < h.table.restriction_count; i++) {
        const hsd_restriction *r = &h.restrictions[i];
        if (!(r->modes & HAND_CAR)) continue;
        if (r->via_count)
            read_via_ways(r);
        else
            close_sequence(r, &r->via_node, 0, r->via_node, r->via_node, &r->via_node, 1);
    }
}

/* ---- Nodes
 * ----------------------------------------------------------------------------------------------------
 */

static bool is_node[2][HAND_NODES];

/* Where the pieces of ways that count meet, and where something may happen. */
static bool is_vertex(uint32_t node) {
    uint32_t uses = 0;
    for (uint32_t p = 0; p < piece_count; p++) {
        bool counts = false;
        for (int d = 0; d < 2; d++)
            counts = counts || mode_passes(false, 2 * p + (uint32_t)d) ||
                     mode_passes(true, 2 * p + (uint32_t)d);
        if (!counts) continue;
        const hsd_way *way = &h.ways[pieces[p].way];
        uses += pieces[p].tail == node;
        uses += pieces[p].head == node;
        if (h.way_nodes[way->first_node] == node ||
            h.way_nodes[way->first_node + way->node_count - 1] == node)
            uses += 3;
    }
    if (uses > 0 && (h.node_no[node] || h.node_flags[node])) return true;
    for (uint32_t i = 0; uses > 0 && i < h.table.restriction_count; i++)
        if (!h.restrictions[i].via_count && h.restrictions[i].via_node == node) return true;
    return uses > 2;
}

static uint32_t ends_at(bool walk, uint32_t node, uint32_t *out) {
    uint32_t count = 0;
    for (uint32_t k = 0; k < 2 * piece_count; k++)
        if (tail_of(k) == node && (mode_passes(walk, k) || mode_passes(walk, k ^ 1)))
            out[count++] = k;
    return count;
}

static bool passes_through(bool walk, uint32_t node) {
    uint32_t end[2 * PIECES];
    if (ends_at(walk, node, end) != 2 || closed(walk, node) || (!walk && is_via[node]))
        return false;
    for (int p = 0; p < PROFILES; p++)
        if (of_mode(p, walk) && (!ms_of(p, end[0] ^ 1) != !ms_of(p, end[1]) ||
                                 !ms_of(p, end[1] ^ 1) != !ms_of(p, end[0])))
            return false;
    return true;
}

static uint32_t onward(bool walk, uint32_t k) {
    uint32_t end[2 * PIECES];
    ends_at(walk, head_of(k), end);
    return end[0] == (k ^ 1) ? end[1] : end[0];
}

static void find_nodes(bool walk) {
    uint32_t end[2 * PIECES];
    for (uint32_t n = 0; n < h.table.node_count; n++)
        is_node[walk][n] = ends_at(walk, n, end) > 0 && !passes_through(walk, n);
    for (uint32_t k = 0; k < 2 * piece_count; k += 2) {
        if (!mode_passes(walk, k) && !mode_passes(walk, k ^ 1)) continue;
        uint32_t lowest = UINT32_MAX, at = k, steps = 0;
        bool ring = true;
        do {
            uint32_t head = head_of(at);
            if (is_node[walk][head]) ring = false;
            if (is_vertex(head) &&
                (lowest == UINT32_MAX || h.node_source[head] < h.node_source[lowest]))
                lowest = head;
            if (ring) at = onward(walk, at);
        } while (ring && at != k && ++steps < PIECES);
        if (ring) is_node[walk][lowest] = true;
    }
}

/* ---- The search
 * --------------------------------------------------------------------------------------------------
 */

static struct state {
    uint32_t count, ms;
    uint32_t last[MEMORY]; /* pieces travelled, oldest first */
    bool done;
} states[STATES];
static uint32_t state_count;

static bool ends_with(const struct state *s, const uint32_t *k, uint32_t count) {
    return count <= s->count && memcmp(s->last + s->count - count, k, count * sizeof *k) == 0;
}

static bool allowed(const struct state *s, uint32_t next) {
    for (uint32_t length = 1; length <= s->count; length++) {
        bool mandate = false, met = false;
        for (uint32_t i = 0; i < sequence_count; i++) {
            const struct sequence *q = &sequences[i];
            if (q->count <= length || !ends_with(s, q->k, length)) continue;
            if (q->only) {
                mandate = true;
                met = met || q->k[length] == next;
            } else if (length + 1 == q->count && q->k[length] == next) {
                return false;
            }
        }
        if (mandate && !met) return false;
    }
    return true;
}

/* True when pieces could still become a restriction. */
static bool begins_one(const uint32_t *k, uint32_t count) {
    for (uint32_t i = 0; i < sequence_count; i++)
        if (sequences[i].count > count && memcmp(sequences[i].k, k, count * sizeof *k) == 0)
            return true;
    return false;
}

/* What begins no restriction is forgotten, but for the last piece. */
static void reach(const struct state *from, uint32_t next, uint32_t ms) {
    struct state s = {.ms = ms};
    if (from) s = *from;
    assert_true(s.count < MEMORY);
    s.ms = ms;
    s.done = false;
    s.last[s.count++] = next;
    uint32_t forget = 0;
    while (forget + 1 < s.count && !begins_one(s.last + forget, s.count - forget)) forget++;
    s.count -= forget;
    memmove(s.last, s.last + forget, s.count * sizeof *s.last);
    for (uint32_t i = 0; i < state_count; i++)
        if (states[i].count == s.count &&
            memcmp(states[i].last, s.last, s.count * sizeof *s.last) == 0) {
            if (ms < states[i].ms) states[i].ms = ms;
            return;
        }
    assert_true(state_count < STATES);
    states[state_count++] = s;
}

/* Least times to the heads of pieces, from a node without history. */
static void search(int profile, uint32_t start, uint32_t *best) {
    bool walk = profile == WALK;
    for (uint32_t n = 0; n < h.table.node_count; n++) best[n] = HSD_UNREACHABLE;
    best[start] = 0;
    state_count = 0;
    for (uint32_t k = 0; k < 2 * piece_count; k++)
        if (tail_of(k) == start && ms_of(profile, k)) reach(NULL, k, ms_of(profile, k));
    for (;;) {
        uint32_t next = UINT32_MAX;
        for (uint32_t i = 0; i < state_count; i++)
            if (!states[i].done && (next == UINT32_MAX || states[i].ms < states[next].ms)) next = i;
        if (next == UINT32_MAX) return;
        states[next].done = true;
        struct state s = states[next];
        uint32_t last = s.last[s.count - 1], node = head_of(last);
        if (s.ms < best[node]) best[node] = s.ms;
        for (uint32_t k = 0; k < 2 * piece_count; k++) {
            if (tail_of(k) != node || !ms_of(profile, k)) continue;
            if (closed(walk, node) && k != (last ^ 1)) continue;
            if (!is_node[walk][node] && k == (last ^ 1)) continue;
            if (!walk && !allowed(&s, k)) continue;
            reach(&s, k, s.ms + ms_of(profile, k));
        }
    }
}

/* ---- The comparison
 * ------------------------------------------------------------------------------------------------
 */

static uint64_t pairs, unreachable, bound;

static void compare(const hsd_network *n, uint64_t seed) {
    uint32_t best[HAND_NODES];
    bound += sequence_count;
    for (int p = 0; p < PROFILES; p++) {
        bool walk = p == WALK;
        for (uint32_t a = 0; a < h.table.node_count; a++) {
            uint32_t end[2 * PIECES], ends = ends_at(walk, a, end);
            size_t expected = !is_node[walk][a] ? 0 : closed(walk, a) ? ends : 1;
            size_t copies = hand_nodes_at(n, walk, h.node_source[a]);
            if (expected == 0 ? copies != 0 : copies < expected)
                fail_msg("seed %llu: node %lld of %s has %zu copies, not %zu",
                         (unsigned long long)seed, (long long)h.node_source[a], profiles[p].name,
                         copies, expected);
            if (!is_node[walk][a] || closed(walk, a)) continue;
            search(p, a, best);
            for (uint32_t b = 0; b < h.table.node_count; b++) {
                if (!is_node[walk][b]) continue;
                uint32_t ms = hand_route_ms(n, (size_t)p, h.node_source[a], h.node_source[b]);
                if (ms != best[b])
                    fail_msg("seed %llu: %s %lld to %lld: %u ms by the graph, %u piece by piece",
                             (unsigned long long)seed, profiles[p].name,
                             (long long)h.node_source[a], (long long)h.node_source[b], ms, best[b]);
                pairs++;
                unreachable += best[b] == HSD_UNREACHABLE;
            }
        }
    }
}

static void the_graph_allows_what_the_restrictions_allow(void **state) {
    (void)state;
    uint32_t built = 0;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        random_table(seed);
        hsd_network *n = NULL;
        hsd_error err = {0};
        hsd_status status = hsd_network_build(&h.table, profiles, PROFILES, NULL, NULL, &n, &err);
        if (status == HSD_E_FORMAT) continue; /* nothing passable */
        if (status != HSD_OK) fail_msg("seed %llu: %s", (unsigned long long)seed, err.message);
        built++;
        cut_into_pieces();
        read_restrictions();
        find_nodes(false);
        find_nodes(true);
        compare(n, seed);
        hsd_network_destroy(n);
    }
    printf("seeds 1 to %d: %u networks, %llu sequences, %llu pairs of nodes, %llu unreachable\n",
           ROUNDS, built, (unsigned long long)bound, (unsigned long long)pairs,
           (unsigned long long)unreachable);
    assert_true(built > ROUNDS / 2 && bound > ROUNDS && pairs > 10 * ROUNDS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_graph_allows_what_the_restrictions_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
