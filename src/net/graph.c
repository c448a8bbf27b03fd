/* The graph of a mode: chains and automaton multiplied out. A node is (place, state): the free copy
 * of every place, and one copy for each state that stands there. From a copy leave the chains of
 * its place that no restriction under way forbids; each goes to the copy that stands for what is
 * under way then. So every search sees a plain graph. Nodes are numbered by the rank of a
 * nested-dissection order, arcs sorted by tail. O(nodes + arcs + links) and the order. */
#include <string.h>

#include "net/build.h"

typedef struct raw_arcs { /* before nodes are renumbered */
    uint32_t count;
    uint32_t *tail, *head, *chain;
} raw_arcs;

/* Nodes before renumbering: places, then states 1 ... */
static uint32_t node_of(const hsd_chain_set *chains, const hsd_automaton *a, uint32_t state,
                        uint32_t chain) {
    uint32_t next = hsd_automaton_next(a, state, chain);
    return next ? chains->place_count + next - 1 : chains->chain_head[chain];
}

static hsd_status make_arcs(const hsd_chain_set *chains, const hsd_automaton *a, raw_arcs *out,
                            hsd_error *err) {
    uint64_t most = chains->chain_count;
    for (uint32_t s = 1; s < a->state_count; s++)
        most += chains->first_chain[a->place[s] + 1] - chains->first_chain[a->place[s]];
    if (most >= HSD_NONE / 2)
        return hsd_fail(err, HSD_E_MEMORY, "a graph of %llu arcs is too large",
                        (unsigned long long)most);
    out->tail = hsd_alloc(most, sizeof *out->tail, err);
    out->head = hsd_alloc(most, sizeof *out->head, err);
    out->chain = hsd_alloc(most, sizeof *out->chain, err);
    if (!out->tail || !out->head || !out->chain) return HSD_E_MEMORY;
    for (uint32_t c = 0; c < chains->chain_count; c++) {
        out->tail[c] = chains->chain_tail[c];
        out->head[c] = node_of(chains, a, 0, c);
        out->chain[c] = c;
    }
    out->count = chains->chain_count;
    for (uint32_t s = 1; s < a->state_count; s++) {
        uint32_t place = a->place[s];
        for (uint32_t c = chains->first_chain[place]; c < chains->first_chain[place + 1]; c++) {
            if (!hsd_automaton_allows(a, s, c)) continue;
            out->tail[out->count] = chains->place_count + s - 1;
            out->head[out->count] = node_of(chains, a, s, c);
            out->chain[out->count++] = c;
        }
    }
    return HSD_OK;
}

static hsd_status fill_nodes(const hsd_chain_set *chains, const hsd_automaton *a,
                             const uint32_t *rank, hsd_graph_parts *out, hsd_error *err) {
    uint32_t *copies = hsd_calloc(chains->place_count, sizeof *copies, err);
    if (!copies) return HSD_E_MEMORY;
    for (uint32_t p = 0; p < chains->place_count; p++) {
        uint32_t node = rank[p];
        out->node_vertex[node] = chains->place_vertex[p];
        out->node_free[node] = 1;
        out->node_free_copy[node] = node;
        out->node_copy[node] = chains->place_end[p];
    }
    for (uint32_t s = 1; s < a->state_count; s++) {
        uint32_t node = rank[chains->place_count + s - 1], place = a->place[s];
        out->node_vertex[node] = chains->place_vertex[place];
        out->node_free[node] = 0;
        out->node_free_copy[node] = rank[place];
        out->node_copy[node] = hsd_copy_number(chains->place_end[place], ++copies[place]);
    }
    hsd_free(copies);
    return HSD_OK;
}

/* Positions of items when sorted stably by key: first[keys + 1] is filled too. */
static void sort_by(const uint32_t *key, uint32_t count, uint32_t keys, uint32_t *first,
                    uint32_t *sorted) {
    memset(first, 0, ((size_t)keys + 1) * sizeof *first);
    for (uint32_t i = 0; i < count; i++) first[key[i] + 1]++;
    for (uint32_t k = 0; k < keys; k++) first[k + 1] += first[k];
    for (uint32_t i = 0; i < count; i++) sorted[first[key[i]]++] = i;
    for (uint32_t k = keys; k > 0; k--) first[k] = first[k - 1];
    first[0] = 0;
}

static hsd_status allocate_nodes(uint32_t nodes, uint32_t arcs, hsd_graph_parts *out,
                                 hsd_error *err) {
    out->node_count = nodes;
    out->arc_count = arcs;
    out->first_out = hsd_alloc((size_t)nodes + 1, sizeof *out->first_out, err);
    out->first_in = hsd_alloc((size_t)nodes + 1, sizeof *out->first_in, err);
    out->node_vertex = hsd_alloc(nodes, sizeof *out->node_vertex, err);
    out->node_free = hsd_alloc(nodes, sizeof *out->node_free, err);
    out->node_free_copy = hsd_alloc(nodes, sizeof *out->node_free_copy, err);
    out->node_copy = hsd_alloc(nodes, sizeof *out->node_copy, err);
    out->node_component = hsd_alloc(nodes, sizeof *out->node_component, err);
    out->head = hsd_alloc(arcs, sizeof *out->head, err);
    out->tail = hsd_alloc(arcs, sizeof *out->tail, err);
    out->in_arc = hsd_alloc(arcs, sizeof *out->in_arc, err);
    out->arc_first_link = hsd_alloc((size_t)arcs + 1, sizeof *out->arc_first_link, err);
    bool ok = out->first_out && out->first_in && out->node_vertex && out->node_free &&
              out->node_free_copy && out->node_copy && out->node_component && out->head &&
              out->tail && out->in_arc && out->arc_first_link;
    return ok ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status fill_arcs(const hsd_chain_set *chains, const raw_arcs *raw, const uint32_t *rank,
                            uint32_t edge_count, hsd_graph_parts *out, hsd_error *err) {
    uint64_t links = 0;
    for (uint32_t i = 0; i < raw->count; i++) {
        uint32_t chain = raw->chain[i];
        links += chains->first_link[chain + 1] - chains->first_link[chain];
        raw->tail[i] = rank[raw->tail[i]];
        raw->head[i] = rank[raw->head[i]];
    }
    if (links >= HSD_NONE / 2)
        return hsd_fail(err, HSD_E_MEMORY, "a graph of %llu links is too large",
                        (unsigned long long)links);
    out->link_count = (uint32_t)links;
    out->link_edge = hsd_alloc(links, sizeof *out->link_edge, err);
    out->link_arc = hsd_alloc(links, sizeof *out->link_arc, err);
    out->use_link = hsd_alloc(links, sizeof *out->use_link, err);
    out->edge_first_use = hsd_alloc(2 * (size_t)edge_count + 1, sizeof *out->edge_first_use, err);
    uint32_t *sorted = hsd_alloc(raw->count, sizeof *sorted, err);
    if (!out->link_edge || !out->link_arc || !out->use_link || !out->edge_first_use || !sorted) {
        hsd_free(sorted);
        return HSD_E_MEMORY;
    }
    sort_by(raw->tail, raw->count, out->node_count, out->first_out, sorted);
    uint32_t link = 0;
    for (uint32_t arc = 0; arc < raw->count; arc++) {
        uint32_t chain = raw->chain[sorted[arc]];
        out->tail[arc] = raw->tail[sorted[arc]];
        out->head[arc] = raw->head[sorted[arc]];
        out->arc_first_link[arc] = link;
        for (uint32_t l = chains->first_link[chain]; l < chains->first_link[chain + 1]; l++) {
            out->link_arc[link] = arc;
            out->link_edge[link++] = chains->link_edge[l];
        }
    }
    out->arc_first_link[raw->count] = link;
    sort_by(out->head, raw->count, out->node_count, out->first_in, out->in_arc);
    sort_by(out->link_edge, link, 2 * edge_count, out->edge_first_use, out->use_link);
    hsd_free(sorted);
    return HSD_OK;
}

hsd_status hsd_graph_make(const hsd_chain_set *chains, const hsd_automaton *automaton,
                          uint32_t edge_count, hsd_graph_parts *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    raw_arcs raw = {0};
    uint64_t nodes = (uint64_t)chains->place_count + automaton->state_count - 1;
    uint32_t *rank = hsd_alloc(nodes, sizeof *rank, err);
    hsd_status status = rank ? make_arcs(chains, automaton, &raw, err) : HSD_E_MEMORY;
    if (status == HSD_OK)
        status = hsd_order_make((uint32_t)nodes, raw.count, raw.tail, raw.head, rank, err);
    if (status == HSD_OK) status = allocate_nodes((uint32_t)nodes, raw.count, out, err);
    if (status == HSD_OK) status = fill_nodes(chains, automaton, rank, out, err);
    if (status == HSD_OK) status = fill_arcs(chains, &raw, rank, edge_count, out, err);
    if (status == HSD_OK)
        status = hsd_components_make(out->node_count, out->first_out, out->head, out->node_vertex,
                                     out->node_component, &out->component_count,
                                     &out->component_arcs, err);
    hsd_free(rank);
    hsd_free(raw.tail);
    hsd_free(raw.head);
    hsd_free(raw.chain);
    if (status != HSD_OK) hsd_graph_parts_finish(out);
    return status;
}

void hsd_graph_parts_finish(hsd_graph_parts *g) {
    hsd_free(g->first_out);
    hsd_free(g->head);
    hsd_free(g->tail);
    hsd_free(g->first_in);
    hsd_free(g->in_arc);
    hsd_free(g->node_vertex);
    hsd_free(g->node_free);
    hsd_free(g->node_free_copy);
    hsd_free(g->node_copy);
    hsd_free(g->node_component);
    hsd_free(g->component_arcs);
    hsd_free(g->arc_first_link);
    hsd_free(g->link_edge);
    hsd_free(g->link_arc);
    hsd_free(g->edge_first_use);
    hsd_free(g->use_link);
    memset(g, 0, sizeof *g);
}
