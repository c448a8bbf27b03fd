/* Weakly connected parts by union-find, the lower node being the representative; what the strongly
 * connected core reaches, forward and backward, breadth first. O(nodes + arcs + edges). */
#include <string.h>

#include "base/memory.h"
#include "net/reach.h"

bool hsd_graph_has_edge(const hsd_graph *graph, uint32_t edge) {
    return graph->edge_first_use[2 * (size_t)edge] != graph->edge_first_use[2 * (size_t)edge + 2];
}

uint32_t hsd_graph_arc_of(const hsd_graph *graph, uint32_t edge) {
    return graph->link_arc[graph->use_link[graph->edge_first_use[2 * (size_t)edge]]];
}

static uint32_t find_root(uint32_t *parent, uint32_t node) {
    while (parent[node] != node) node = parent[node] = parent[parent[node]];
    return node;
}

static void join_parts(const hsd_graph *g, uint32_t *part) {
    for (uint32_t n = 0; n < g->node_count; n++) part[n] = n;
    for (uint32_t a = 0; a < g->arc_count; a++) {
        uint32_t x = find_root(part, g->tail[a]), y = find_root(part, g->head[a]);
        if (x < y)
            part[y] = x;
        else
            part[x] = y;
    }
    for (uint32_t n = 0; n < g->node_count; n++) part[n] = find_root(part, n);
}

static hsd_status choose_main(const hsd_network *net, const hsd_graph *g, hsd_reach *r,
                              hsd_error *err) {
    uint32_t *arcs = hsd_calloc(g->node_count, sizeof *arcs, err), most = 0;
    if (!arcs) return HSD_E_MEMORY;
    for (uint32_t a = 0; a < g->arc_count; a++) arcs[r->part[g->tail[a]]]++;
    for (uint32_t e = 0; e < net->edge_count; e++) {
        if (!hsd_graph_has_edge(g, e)) continue;
        uint32_t part = r->part[g->tail[hsd_graph_arc_of(g, e)]];
        if (arcs[part] <= most) continue;
        most = arcs[part];
        r->main_part = part;
    }
    hsd_free(arcs);
    return HSD_OK;
}

/* Marks what the core reaches along arcs, or against them. */
static void mark_reached(const hsd_graph *g, bool against, uint32_t *queue, uint8_t *mark) {
    uint32_t first = 0, last = 0;
    for (uint32_t n = 0; n < g->node_count; n++) {
        mark[n] = (uint64_t)g->component_arcs[g->node_component[n]] * 100 >= g->arc_count;
        if (mark[n]) queue[last++] = n;
    }
    while (first < last) {
        uint32_t n = queue[first++];
        uint32_t begin = against ? g->first_in[n] : g->first_out[n];
        uint32_t end = against ? g->first_in[n + 1] : g->first_out[n + 1];
        for (uint32_t i = begin; i < end; i++) {
            uint32_t next = against ? g->tail[g->in_arc[i]] : g->head[i];
            if (mark[next]) continue;
            mark[next] = 1;
            queue[last++] = next;
        }
    }
}

hsd_status hsd_reach_make(const hsd_network *network, const hsd_graph *graph, hsd_reach *out,
                          hsd_error *err) {
    *out = (hsd_reach){.part = hsd_alloc(graph->node_count, sizeof *out->part, err),
                       .entered = hsd_alloc(graph->node_count, 1, err),
                       .left = hsd_alloc(graph->node_count, 1, err)};
    uint32_t *queue = hsd_alloc(graph->node_count, sizeof *queue, err);
    hsd_status status = out->part && out->entered && out->left && queue ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        join_parts(graph, out->part);
        mark_reached(graph, false, queue, out->entered);
        mark_reached(graph, true, queue, out->left);
        status = choose_main(network, graph, out, err);
    }
    hsd_free(queue);
    if (status != HSD_OK) hsd_reach_finish(out);
    return status;
}

void hsd_reach_finish(hsd_reach *reach) {
    hsd_free(reach->part);
    hsd_free(reach->entered);
    hsd_free(reach->left);
    *reach = (hsd_reach){0};
}
