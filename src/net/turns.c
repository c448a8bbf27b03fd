/* Turn restrictions: from ways and nodes of the table to sequences of directed edges, and from
 * sequences of chains to the automaton whose states are what a traveller has to remember
 * (docs/methods.md, 3; Aho and Corasick 1975).
 *
 * A state is a proper beginning of a restriction; after any walk the automaton is in the longest
 * state that is an ending of the walk, so it knows every restriction that is under way: those of
 * the state itself and of the states on its failure path. A ban names the chain that would complete
 * a restriction; a mandate ("only") the chains one of which must follow. States are numbered in the
 * order of their sequences of edges: that order names the copies of a node. O(total length x
 * out-degree). */
#include <stdlib.h>
#include <string.h>

#include "net/build.h"

#define MAX_VIA 64

/* ---- Restrictions as sequences of directed edges
 * ---------------------------------------------------- */

typedef HSD_ARRAY(uint32_t) id_list;

/* Directed edges of a way that arrive at (or leave) a vertex and that the mode can use. */
static bool edges_at(const hsd_mode_view *view, uint32_t way, uint32_t vertex, bool arriving,
                     id_list *out, hsd_error *err) {
    const hsd_street_set *s = view->streets;
    out->count = 0;
    for (uint32_t e = s->way_first_edge[way]; e < s->way_first_edge[way + 1]; e++)
        for (uint32_t d = 0; d < 2; d++) {
            uint32_t k = 2 * e + d;
            if (hsd_slot_vertex(s, arriving ? k ^ 1 : k) != vertex || !view->pass[k]) continue;
            if (!hsd_array_push(out, k, err)) return false;
        }
    return true;
}

typedef struct reading {
    hsd_mode_view *view;
    hsd_sequences *out;
    id_list from, to, via;
    bool only;
} reading;

/* At a vertex closed to the mode nothing follows an edge but turning round. */
static bool follows(const hsd_mode_view *view, uint32_t k, uint32_t next) {
    uint32_t vertex = hsd_slot_vertex(view->streets, next);
    return next == (k ^ 1) || !(view->vertex_state[vertex] & HSD_VERTEX_CLOSED);
}

static bool add_sequence(reading *r, uint32_t from, uint32_t to, hsd_error *err) {
    hsd_sequences *out = r->out;
    uint32_t before = from;
    for (size_t i = 0; i < r->via.count; before = r->via.data[i++])
        if (!follows(r->view, before, r->via.data[i])) return true;
    if (!follows(r->view, before, to)) return true;
    hsd_sequence sequence = {(uint32_t)out->members.count, (uint32_t)r->via.count + 2, r->only};
    bool ok = hsd_array_push(&out->members, from, err);
    for (size_t i = 0; ok && i < r->via.count; i++)
        ok = hsd_array_push(&out->members, r->via.data[i], err);
    ok = ok && hsd_array_push(&out->members, to, err);
    return ok && hsd_array_push(&out->list, sequence, err);
}

static bool add_all(reading *r, hsd_error *err) {
    for (size_t i = 0; i < r->from.count; i++)
        for (size_t j = 0; j < r->to.count; j++)
            if (!add_sequence(r, r->from.data[i], r->to.data[j], err)) return false;
    return true;
}

/* From and to are one way: a ban means turning round, a mandate going on (or round at its end). */
static bool add_same_way(reading *r, hsd_error *err) {
    for (size_t i = 0; i < r->from.count; i++) {
        uint32_t from = r->from.data[i], others = 0;
        for (size_t j = 0; j < r->to.count; j++) others += r->to.data[j] != (from ^ 1);
        for (size_t j = 0; j < r->to.count; j++) {
            bool round = r->to.data[j] == (from ^ 1);
            bool meant = r->only ? round == (others == 0) : round;
            if (meant && !add_sequence(r, from, r->to.data[j], err)) return false;
        }
    }
    return true;
}

static bool read_via_node(reading *r, const hsd_restriction *restriction, hsd_error *err) {
    uint32_t vertex = r->view->streets->node_vertex[restriction->via_node];
    if (vertex == HSD_NONE) return true;
    r->via.count = 0;
    if (!edges_at(r->view, restriction->from_way, vertex, true, &r->from, err) ||
        !edges_at(r->view, restriction->to_way, vertex, false, &r->to, err))
        return false;
    size_t before = r->out->list.count;
    bool ok = restriction->from_way == restriction->to_way ? add_same_way(r, err) : add_all(r, err);
    if (r->out->list.count > before) r->view->vertex_state[vertex] |= HSD_VERTEX_VIA;
    return ok;
}

/* Runs a via way whole, as drawn or against it, from where the walk stands: false when it cannot.
 */
static bool run_way(reading *r, uint32_t way, bool backward, uint32_t *at, bool *fits,
                    hsd_error *err) {
    const hsd_street_set *s = r->view->streets;
    uint32_t begin = s->way_first_edge[way], end = s->way_first_edge[way + 1];
    *fits = false;
    for (uint32_t i = begin; i < end; i++) {
        uint32_t e = backward ? begin + (end - 1 - i) : i, k = 2 * e + backward;
        if (i == begin && *at != HSD_NONE && hsd_slot_vertex(s, k) != *at) return true;
        if (!r->view->pass[k]) return true;
        if (!hsd_array_push(&r->via, k, err)) return false;
        *at = hsd_slot_vertex(s, k ^ 1);
    }
    *fits = end > begin;
    return true;
}

static bool read_via_ways(reading *r, const hsd_restriction *restriction, hsd_error *err) {
    const hsd_street_set *s = r->view->streets;
    const uint32_t *ways = r->view->table->via_ways + restriction->first_via;
    uint32_t count = restriction->via_count, vertices[MAX_VIA + 1];
    if (count > MAX_VIA) return true;
    /* where the first via way is run from decides how the others are */
    for (int turn = 0; turn < 2; turn++) {
        uint32_t at = HSD_NONE;
        r->via.count = 0;
        bool fits = true;
        for (uint32_t i = 0; fits && i < count; i++) {
            size_t length = r->via.count;
            uint32_t start = at;
            if (!run_way(r, ways[i], i == 0 && turn, &at, &fits, err)) return false;
            if (!fits && i > 0) {
                r->via.count = length;
                at = start;
                if (!run_way(r, ways[i], true, &at, &fits, err)) return false;
            }
            if (fits) vertices[i] = hsd_slot_vertex(s, r->via.data[length]);
        }
        if (!fits) continue;
        vertices[count] = at;
        if (!edges_at(r->view, restriction->from_way, vertices[0], true, &r->from, err) ||
            !edges_at(r->view, restriction->to_way, at, false, &r->to, err))
            return false;
        size_t before = r->out->list.count;
        if (!add_all(r, err)) return false;
        for (uint32_t i = 0; i <= count && r->out->list.count > before; i++)
            r->view->vertex_state[vertices[i]] |= HSD_VERTEX_VIA;
    }
    return true;
}

static bool binds(const hsd_mode_view *view, const hsd_restriction *restriction) {
    for (size_t i = 0; i < view->rule_count; i++)
        if (view->rules[i]->profile->respects_turns &&
            (restriction->modes & view->rules[i]->use_mask))
            return true;
    return false;
}

hsd_status hsd_sequences_make(hsd_mode_view *view, hsd_sequences *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    reading r = {.view = view, .out = out};
    bool ok = true;
    for (size_t i = 0; ok && i < view->table->restriction_count; i++) {
        const hsd_restriction *restriction = &view->table->restrictions[i];
        if (!binds(view, restriction)) continue;
        size_t before = out->list.count;
        r.only = restriction->flags & HSD_RESTRICTION_ONLY;
        ok = restriction->via_count ? read_via_ways(&r, restriction, err)
                                    : read_via_node(&r, restriction, err);
        out->bound += out->list.count > before;
    }
    hsd_array_finish(&r.from);
    hsd_array_finish(&r.to);
    hsd_array_finish(&r.via);
    if (!ok) hsd_sequences_finish(out);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

void hsd_sequences_finish(hsd_sequences *sequences) {
    hsd_array_finish(&sequences->members);
    hsd_array_finish(&sequences->list);
}

/* ---- The automaton
 * --------------------------------------------------------------------------------- */

/* A sequence of chains; key is what it is sorted by. */
typedef struct pattern {
    const uint32_t *chains;
    const uint32_t *keys; /* first edges of the chains */
    uint32_t count;
    bool only;
} pattern;

static int by_edges(const void *a, const void *b) {
    const pattern *x = a, *y = b;
    for (uint32_t i = 0; i < x->count && i < y->count; i++)
        if (x->keys[i] != y->keys[i]) return x->keys[i] < y->keys[i] ? -1 : 1;
    if (x->count != y->count) return x->count < y->count ? -1 : 1;
    return (x->only > y->only) - (x->only < y->only);
}

/* Chains of a sequence of directed edges; 0 when the mode cannot travel it. Edges that follow each
 * other inside a chain are one member. */
static uint32_t as_chains(const hsd_chain_set *chains, const uint32_t *edges, uint32_t count,
                          uint32_t *out) {
    uint32_t length = 0, before = HSD_NONE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t link = chains->link_of[edges[i]];
        if (link == HSD_NONE) return 0;
        uint32_t chain = chains->link_chain[link];
        bool same = before != HSD_NONE && link == before + 1 && chains->link_chain[before] == chain;
        before = link;
        if (same) continue;
        if (length > 0 && chains->chain_head[out[length - 1]] != chains->chain_tail[chain])
            return 0;
        out[length++] = chain;
    }
    return length;
}

static uint32_t find_child(const hsd_automaton *a, uint32_t state, uint32_t chain) {
    if (state == 0) return a->root_child[chain];
    for (uint32_t child = a->child[state]; child; child = a->sibling[child])
        if (a->chain[child] == chain) return child;
    return 0;
}

typedef struct rule {
    uint32_t state, chain;
    bool only;
} rule;

typedef struct building {
    hsd_automaton *a;
    const hsd_chain_set *chains;
    uint32_t *last_child; /* of each state: children are appended, in ascending order */
    HSD_ARRAY(rule) rules;
} building;

static uint32_t add_state(building *b, uint32_t parent, uint32_t chain) {
    hsd_automaton *a = b->a;
    uint32_t state = a->state_count++;
    a->chain[state] = chain;
    a->place[state] = b->chains->chain_head[chain];
    a->child[state] = a->sibling[state] = a->fail[state] = b->last_child[state] = 0;
    if (b->last_child[parent])
        a->sibling[b->last_child[parent]] = state;
    else
        a->child[parent] = state;
    b->last_child[parent] = state;
    if (parent == 0) a->root_child[chain] = state;
    return state;
}

static bool add_pattern(building *b, const pattern *p, hsd_error *err) {
    uint32_t state = 0;
    for (uint32_t i = 0; i + 1 < p->count; i++) {
        uint32_t child = find_child(b->a, state, p->chains[i]);
        state = child ? child : add_state(b, state, p->chains[i]);
        rule r = {state, p->chains[i + 1], p->only};
        if ((p->only || i + 2 == p->count) && !hsd_array_push(&b->rules, r, err)) return false;
    }
    return true;
}

/* Failure links, breadth first: queue holds the states in that order. */
static void link_failures(hsd_automaton *a, uint32_t *queue) {
    uint32_t count = 0;
    for (uint32_t state = a->child[0]; state; state = a->sibling[state]) queue[count++] = state;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t child = a->child[queue[i]]; child; child = a->sibling[child]) {
            a->fail[child] = hsd_automaton_next(a, a->fail[queue[i]], a->chain[child]);
            queue[count++] = child;
        }
}

static void fill_rules(const building *b, bool only, uint32_t *first, uint32_t *list) {
    for (size_t i = 0; i < b->rules.count; i++)
        if (b->rules.data[i].only == only) first[b->rules.data[i].state + 1]++;
    for (uint32_t s = 0; s < b->a->state_count; s++) first[s + 1] += first[s];
    for (size_t i = 0; i < b->rules.count; i++)
        if (b->rules.data[i].only == only)
            list[first[b->rules.data[i].state]++] = b->rules.data[i].chain;
    for (uint32_t s = b->a->state_count; s > 0; s--) first[s] = first[s - 1];
    first[0] = 0;
}

static bool allocate(hsd_automaton *a, size_t states, uint32_t chains, hsd_error *err) {
    a->place = hsd_calloc(states, sizeof *a->place, err);
    a->chain = hsd_calloc(states, sizeof *a->chain, err);
    a->fail = hsd_calloc(states, sizeof *a->fail, err);
    a->child = hsd_calloc(states, sizeof *a->child, err);
    a->sibling = hsd_calloc(states, sizeof *a->sibling, err);
    a->root_child = hsd_calloc(chains, sizeof *a->root_child, err);
    a->first_ban = hsd_calloc(states + 1, sizeof *a->first_ban, err);
    a->first_only = hsd_calloc(states + 1, sizeof *a->first_only, err);
    return a->place && a->chain && a->fail && a->child && a->sibling && a->root_child &&
           a->first_ban && a->first_only;
}

static bool build(building *b, pattern *patterns, size_t count, size_t states, hsd_error *err) {
    hsd_automaton *a = b->a;
    uint32_t *queue = hsd_alloc(states, sizeof *queue, err);
    b->last_child = hsd_calloc(states, sizeof *b->last_child, err);
    bool ok = queue && b->last_child && allocate(a, states, b->chains->chain_count, err);
    a->state_count = 1;
    if (ok && count > 1) qsort(patterns, count, sizeof *patterns, by_edges);
    for (size_t i = 0; ok && i < count; i++) ok = add_pattern(b, &patterns[i], err);
    if (ok) {
        link_failures(a, queue);
        a->ban = hsd_alloc(b->rules.count, sizeof *a->ban, err);
        a->only = hsd_alloc(b->rules.count, sizeof *a->only, err);
        ok = a->ban && a->only;
    }
    if (ok) {
        fill_rules(b, false, a->first_ban, a->ban);
        fill_rules(b, true, a->first_only, a->only);
    }
    hsd_free(queue);
    hsd_free(b->last_child);
    hsd_array_finish(&b->rules);
    return ok;
}

hsd_status hsd_automaton_make(const hsd_sequences *sequences, const hsd_chain_set *chains,
                              hsd_automaton *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    size_t members = sequences->members.count, count = 0, used = 0;
    pattern *patterns = hsd_alloc(sequences->list.count, sizeof *patterns, err);
    uint32_t *ids = hsd_alloc(members, sizeof *ids, err);
    uint32_t *keys = hsd_alloc(members, sizeof *keys, err);
    bool ok = patterns && ids && keys;
    for (size_t i = 0; ok && i < sequences->list.count; i++) {
        hsd_sequence s = sequences->list.data[i];
        uint32_t length = as_chains(chains, sequences->members.data + s.first, s.count, ids + used);
        if (length < 2) continue;
        for (uint32_t j = 0; j < length; j++)
            keys[used + j] = chains->link_edge[chains->first_link[ids[used + j]]];
        patterns[count++] = (pattern){ids + used, keys + used, length, s.only};
        used += length;
    }
    building b = {.a = out, .chains = chains};
    ok = ok && build(&b, patterns, count, used + 1, err);
    hsd_free(patterns);
    hsd_free(ids);
    hsd_free(keys);
    if (!ok) hsd_automaton_finish(out);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

void hsd_automaton_finish(hsd_automaton *a) {
    hsd_free(a->place);
    hsd_free(a->chain);
    hsd_free(a->fail);
    hsd_free(a->child);
    hsd_free(a->sibling);
    hsd_free(a->root_child);
    hsd_free(a->first_ban);
    hsd_free(a->ban);
    hsd_free(a->first_only);
    hsd_free(a->only);
    memset(a, 0, sizeof *a);
}

uint32_t hsd_automaton_next(const hsd_automaton *a, uint32_t state, uint32_t chain) {
    for (;; state = a->fail[state]) {
        uint32_t child = find_child(a, state, chain);
        if (child || state == 0) return child;
    }
}

bool hsd_automaton_allows(const hsd_automaton *a, uint32_t state, uint32_t chain) {
    for (; state; state = a->fail[state]) {
        for (uint32_t i = a->first_ban[state]; i < a->first_ban[state + 1]; i++)
            if (a->ban[i] == chain) return false;
        bool met = a->first_only[state] == a->first_only[state + 1];
        for (uint32_t i = a->first_only[state]; !met && i < a->first_only[state + 1]; i++)
            met = a->only[i] == chain;
        if (!met) return false;
    }
    return true;
}
