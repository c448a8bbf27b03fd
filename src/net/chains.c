/* Chains: what the arcs of a mode stand for (docs/methods.md, 3).
 *
 * Around each vertex stand "slots", the ends of edges that the mode can use; slot k is named by the
 * directed edge leaving there, so that k ^ 1 arrives. A vertex is passed through when it has two
 * slots of different edges and whatever may enter by one may leave by the other, for each profile;
 * all others are places where chains begin and end. Hence the profiles that can use one link of a
 * chain can use all of it. At a vertex closed to the mode each slot is a place of its own.
 * O(edges). */
#include <string.h>

#include "net/build.h"

/* ---- The mode's view
 * ------------------------------------------------------------------------------ */

static bool closed_node(const hsd_mode_view *view, uint32_t vertex) {
    uint32_t node = view->streets->vertex_node[vertex];
    uint16_t no = view->table->node_no ? view->table->node_no[node] : 0;
    uint16_t mask = view->rules[0]->use_mask; /* the profiles agree: hsd_rules_check */
    return mask != 0 && (mask & ~no) == 0;
}

static void fill_slots(hsd_mode_view *view) {
    const hsd_street_set *s = view->streets;
    for (uint32_t k = 0; k < 2 * s->edge_count; k++)
        if (view->pass[k] | view->pass[k ^ 1]) view->first_slot[hsd_slot_vertex(s, k) + 1]++;
    for (uint32_t v = 0; v < s->vertex_count; v++) view->first_slot[v + 1] += view->first_slot[v];
    for (uint32_t k = 0; k < 2 * s->edge_count; k++)
        if (view->pass[k] | view->pass[k ^ 1])
            view->slots[view->first_slot[hsd_slot_vertex(s, k)]++] = k;
    for (uint32_t v = s->vertex_count; v > 0; v--) view->first_slot[v] = view->first_slot[v - 1];
    view->first_slot[0] = 0;
}

hsd_status hsd_mode_view_make(const hsd_street_set *streets, const hsd_road_table *table,
                              const hsd_rules *rules, size_t rule_count, uint32_t graph,
                              const hsd_edge_metric *metrics, hsd_mode_view *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    size_t directed = 2 * (size_t)streets->edge_count;
    out->streets = streets;
    out->table = table;
    out->rules = hsd_alloc(rule_count, sizeof *out->rules, err);
    out->pass = hsd_calloc(directed, sizeof *out->pass, err);
    out->first_slot = hsd_calloc((size_t)streets->vertex_count + 1, sizeof *out->first_slot, err);
    out->slots = hsd_alloc(directed, sizeof *out->slots, err);
    out->vertex_state = hsd_calloc(streets->vertex_count, sizeof *out->vertex_state, err);
    if (!out->rules || !out->pass || !out->first_slot || !out->slots || !out->vertex_state) {
        hsd_mode_view_finish(out);
        return HSD_E_MEMORY;
    }
    for (size_t r = 0; r < rule_count; r++) {
        if (rules[r].graph != graph) continue;
        for (size_t k = 0; k < directed; k++)
            if (metrics[r].pace[k]) out->pass[k] |= 1u << out->rule_count;
        out->rules[out->rule_count++] = &rules[r];
    }
    fill_slots(out);
    for (uint32_t v = 0; v < streets->vertex_count; v++)
        if (closed_node(out, v)) out->vertex_state[v] |= HSD_VERTEX_CLOSED;
    return HSD_OK;
}

void hsd_mode_view_finish(hsd_mode_view *view) {
    hsd_free(view->rules);
    hsd_free(view->pass);
    hsd_free(view->first_slot);
    hsd_free(view->slots);
    hsd_free(view->vertex_state);
    memset(view, 0, sizeof *view);
}

/* ---- Which vertices are nodes
 * --------------------------------------------------------------------- */

static bool passed_through(const hsd_mode_view *view, uint32_t vertex) {
    const uint32_t *slots = view->slots + view->first_slot[vertex];
    if (view->first_slot[vertex + 1] - view->first_slot[vertex] != 2) return false;
    if (view->vertex_state[vertex] || slots[0] >> 1 == slots[1] >> 1) return false;
    for (size_t r = 0; r < view->rule_count; r++)
        if (view->rules[r]->profile->leg_rule == HSD_LEG_NODES) return false;
    return view->pass[slots[0] ^ 1] == view->pass[slots[1]] &&
           view->pass[slots[1] ^ 1] == view->pass[slots[0]];
}

/* The slot by which a passed-through vertex is left again after arriving along k. */
static uint32_t onward(const hsd_mode_view *view, uint32_t k) {
    const uint32_t *slots = view->slots + view->first_slot[hsd_slot_vertex(view->streets, k ^ 1)];
    return slots[0] == (k ^ 1) ? slots[1] : slots[0];
}

static bool is_before(const hsd_street_set *s, uint32_t a, uint32_t b) {
    if (s->vertex_source[a] != s->vertex_source[b])
        return s->vertex_source[a] < s->vertex_source[b];
    return a < b;
}

/* Gives every ring without a node one at its vertex of lowest source id. seen: edge_count bytes. */
static void break_rings(const hsd_mode_view *view, uint8_t *is_node, uint8_t *seen) {
    const hsd_street_set *s = view->streets;
    for (uint32_t v = 0; v < s->vertex_count; v++) {
        if (!is_node[v]) continue;
        for (uint32_t i = view->first_slot[v]; i < view->first_slot[v + 1]; i++) {
            uint32_t k = view->slots[i];
            if (seen[k >> 1]) continue;
            seen[k >> 1] = 1;
            while (!is_node[hsd_slot_vertex(s, k ^ 1)]) {
                k = onward(view, k);
                seen[k >> 1] = 1;
            }
        }
    }
    for (uint32_t e = 0; e < s->edge_count; e++) {
        if (seen[e] || !(view->pass[2 * e] | view->pass[2 * e + 1])) continue;
        uint32_t lowest = s->edges[e].from;
        for (uint32_t k = 2 * e; !seen[k >> 1]; k = onward(view, k)) {
            seen[k >> 1] = 1;
            uint32_t head = hsd_slot_vertex(s, k ^ 1);
            if (is_before(s, head, lowest)) lowest = head;
        }
        is_node[lowest] = 1;
    }
}

static uint32_t number_places(const hsd_mode_view *view, const uint8_t *is_node,
                              uint32_t *slot_place) {
    uint32_t places = 0;
    for (uint32_t v = 0; v < view->streets->vertex_count; v++) {
        if (!is_node[v]) continue;
        bool closed = view->vertex_state[v] & HSD_VERTEX_CLOSED;
        for (uint32_t i = view->first_slot[v]; i < view->first_slot[v + 1]; i++)
            slot_place[view->slots[i]] = closed ? places++ : places;
        if (!closed) places++;
    }
    return places;
}

/* ---- Chains
 * ------------------------------------------------------------------------------------------ */

static bool allocate(const hsd_street_set *s, uint32_t places, uint32_t chains, uint32_t links,
                     hsd_chain_set *out, hsd_error *err) {
    out->place_count = places;
    out->chain_count = chains;
    out->link_count = links;
    out->place_vertex = hsd_alloc(places, sizeof *out->place_vertex, err);
    out->place_end = hsd_calloc(places, sizeof *out->place_end, err);
    out->first_chain = hsd_calloc((size_t)places + 1, sizeof *out->first_chain, err);
    out->chain_head = hsd_alloc(chains, sizeof *out->chain_head, err);
    out->chain_tail = hsd_alloc(chains, sizeof *out->chain_tail, err);
    out->first_link = hsd_alloc((size_t)chains + 1, sizeof *out->first_link, err);
    out->link_edge = hsd_alloc(links, sizeof *out->link_edge, err);
    out->link_chain = hsd_alloc(links, sizeof *out->link_chain, err);
    out->link_of = hsd_alloc(2 * (size_t)s->edge_count, sizeof *out->link_of, err);
    return out->place_vertex && out->place_end && out->first_chain && out->chain_head &&
           out->chain_tail && out->first_link && out->link_edge && out->link_chain && out->link_of;
}

static void follow(const hsd_mode_view *view, const uint32_t *slot_place, uint32_t start,
                   uint32_t chain, uint32_t *link, hsd_chain_set *out) {
    uint32_t k = start;
    out->chain_tail[chain] = slot_place[k];
    out->first_link[chain] = *link;
    for (;;) {
        out->link_of[k] = *link;
        out->link_chain[*link] = chain;
        out->link_edge[(*link)++] = k;
        if (slot_place[k ^ 1] != HSD_NONE) break;
        k = onward(view, k);
    }
    out->chain_head[chain] = slot_place[k ^ 1];
}

static hsd_status fill(const hsd_mode_view *view, const uint8_t *is_node,
                       const uint32_t *slot_place, uint32_t places, hsd_chain_set *out,
                       hsd_error *err) {
    const hsd_street_set *s = view->streets;
    uint32_t chains = 0, links = 0;
    for (uint32_t k = 0; k < 2 * s->edge_count; k++) {
        if (!view->pass[k]) continue;
        links++;
        if (slot_place[k] != HSD_NONE) chains++;
    }
    if (!allocate(s, places, chains, links, out, err)) return HSD_E_MEMORY;
    for (uint32_t k = 0; k < 2 * s->edge_count; k++) out->link_of[k] = HSD_NONE;
    uint32_t chain = 0, link = 0, bare = 0;
    for (uint32_t v = 0; v < s->vertex_count; v++) {
        if (!is_node[v]) continue;
        if (s->edge_count == 0) out->place_vertex[bare++] = v;
        for (uint32_t i = view->first_slot[v]; i < view->first_slot[v + 1]; i++) {
            uint32_t k = view->slots[i], place = slot_place[k];
            out->place_vertex[place] = v;
            if (view->vertex_state[v] & HSD_VERTEX_CLOSED)
                out->place_end[place] = i - view->first_slot[v] + 1;
            if (view->pass[k]) follow(view, slot_place, k, chain++, &link, out);
            out->first_chain[place + 1] = chain;
        }
    }
    out->first_link[chains] = link;
    if (chain != chains || link != links)
        return hsd_fail(err, HSD_E_INTERNAL, "chains: %u of %u, links: %u of %u", chain, chains,
                        link, links);
    return HSD_OK;
}

hsd_status hsd_chains_make(const hsd_mode_view *view, hsd_chain_set *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    const hsd_street_set *s = view->streets;
    uint8_t *is_node = hsd_calloc(s->vertex_count, 1, err);
    uint8_t *seen = hsd_calloc(s->edge_count, 1, err);
    uint32_t *slot_place = hsd_alloc(2 * (size_t)s->edge_count, sizeof *slot_place, err);
    hsd_status status = is_node && seen && slot_place ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        for (uint32_t v = 0; v < s->vertex_count; v++)
            is_node[v] =
                s->edge_count == 0 /* stops alone: each is a node without arcs */
                    ? !(view->vertex_state[v] & HSD_VERTEX_CLOSED)
                    : view->first_slot[v + 1] > view->first_slot[v] && !passed_through(view, v);
        break_rings(view, is_node, seen);
        for (uint32_t k = 0; k < 2 * s->edge_count; k++) slot_place[k] = HSD_NONE;
        uint32_t places = number_places(view, is_node, slot_place);
        status = fill(view, is_node, slot_place, places, out, err);
    }
    hsd_free(is_node);
    hsd_free(seen);
    hsd_free(slot_place);
    if (status != HSD_OK) hsd_chains_finish(out);
    return status;
}

void hsd_chains_finish(hsd_chain_set *chains) {
    hsd_free(chains->place_vertex);
    hsd_free(chains->place_end);
    hsd_free(chains->first_chain);
    hsd_free(chains->chain_head);
    hsd_free(chains->chain_tail);
    hsd_free(chains->first_link);
    hsd_free(chains->link_edge);
    hsd_free(chains->link_chain);
    hsd_free(chains->link_of);
    memset(chains, 0, sizeof *chains);
}
