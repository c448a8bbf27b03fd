/* What hangs together in a mode's graph, and what its core reaches. */
#ifndef NET_REACH_H
#define NET_REACH_H

#include "net/network.h"

typedef struct hsd_reach {
    uint32_t *part;     /* node -> the representative of its weakly connected part */
    uint32_t main_part; /* representative of the part with most arcs; ties: with the lowest edge */
    uint8_t *entered;   /* node: 1 where the core reaches it */
    uint8_t *left;      /* node: 1 where it reaches the core */
} hsd_reach;

/* The core is every strongly connected component with 1 % of the arcs or more. */
hsd_status hsd_reach_make(const hsd_network *network, const hsd_graph *graph, hsd_reach *out,
                          hsd_error *err);
void hsd_reach_finish(hsd_reach *reach);

/* Whether the graph travels an edge at all, and then any arc that does. */
bool hsd_graph_has_edge(const hsd_graph *graph, uint32_t edge);
uint32_t hsd_graph_arc_of(const hsd_graph *graph, uint32_t edge);
#endif
