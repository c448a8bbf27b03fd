/* The network while it is being built, for the files of net/ alone. The order is: rules (what may a
 * profile use), edges (ways cut at junctions), metrics of edges, then for each mode: restrictions
 * as sequences of edges, chains between nodes, the automaton, the graph; at last arcs' times. */
#ifndef NET_BUILD_H
#define NET_BUILD_H

#include "base/memory.h"
#include "net/network.h"

#define HSD_NONE UINT32_MAX
#define HSD_MAX_PROFILES 32

/* A profile over the words and classes of one table. */
typedef struct hsd_rules {
    const hsd_profile *profile;
    uint32_t graph;                  /* of its mode, in order of first profiles */
    uint16_t use_mask;               /* modes of the table it may pass as */
    const hsd_class_speed **classes; /* class_count of the table; NULL: not for it */
} hsd_rules;

/* How a profile passes a way in a direction: neither speed nor time: not at all. */
typedef struct hsd_passage {
    uint32_t speed_mh; /* effective */
    uint32_t time_ms;  /* of the whole way; wins when timed */
    bool timed;
    uint8_t source; /* hsd_speed_source */
} hsd_passage;

hsd_status hsd_rules_make(const hsd_road_table *table, const hsd_profile *profiles, size_t count,
                          hsd_rules *out, hsd_error *err);
void hsd_rules_finish(hsd_rules *rules, size_t count);
hsd_passage hsd_rules_passage(const hsd_rules *rules, const hsd_way *way, int direction);
static inline bool hsd_passable(hsd_passage passage) {
    return passage.timed || passage.speed_mh > 0;
}
/* Refuses a table whose indices do not hold, and profiles of one mode that disagree. */
hsd_status hsd_table_check(const hsd_road_table *table, hsd_error *err);
hsd_status hsd_rules_check(const hsd_road_table *table, const hsd_rules *rules, size_t count,
                           hsd_error *err);

/* The ways that count, cut into edges; edges of a way are neighbours, in drawing order. */
typedef struct hsd_street_set {
    uint32_t vertex_count, edge_count, point_count;
    hsd_point_e7 *vertex_point;
    int64_t *vertex_source;
    uint8_t *vertex_flags;
    uint32_t *vertex_node; /* of the table */
    hsd_edge *edges;
    hsd_point_e7 *points;
    double *segment_m;
    uint32_t *point_edge;
    uint32_t *edge_way;
    double *edge_begin, *edge_end; /* along the way: metres, or points where it has no length */
    double *way_total;             /* way_count of the table, the same measure */
    uint32_t *way_first_edge;      /* way_count + 1 */
    uint32_t *node_vertex;         /* of the table's nodes; HSD_NONE: inside an edge or unused */
} hsd_street_set;
/* Names of edges are left as offsets into the table's strings. */
hsd_status hsd_streets_make(const hsd_road_table *table, const hsd_rules *rules, size_t rule_count,
                            const hsd_run *run, hsd_street_set *out, hsd_error *err);
void hsd_streets_finish(hsd_street_set *streets);

/* The part of a metric that lies on edges. */
typedef struct hsd_edge_metric {
    uint32_t *pace, *edge_ms;
    uint8_t *edge_stop, *speed_source;
    double km[4];
} hsd_edge_metric;
hsd_status hsd_edge_metric_make(const hsd_street_set *streets, const hsd_road_table *table,
                                const hsd_rules *rules, hsd_edge_metric *out, hsd_error *err);
void hsd_edge_metric_finish(hsd_edge_metric *metric);
/* arc_ms and link_ms of a graph under edge times; arrays of arc_count and link_count. */
void hsd_arc_metric(const hsd_graph *graph, const uint32_t *pace, const uint32_t *edge_ms,
                    uint32_t *arc_ms, uint32_t *link_ms);

/* A mode's view of the streets: which profiles pass a directed edge, and the ends at each vertex.
 * An end ("slot") is named by the directed edge that leaves there: k leaves, k ^ 1 arrives. */
typedef struct hsd_mode_view {
    const hsd_street_set *streets;
    const hsd_road_table *table;
    const hsd_rules **rules; /* of the mode */
    size_t rule_count;
    uint32_t *pass;       /* 2 * edge_count: bit set of profiles of the mode */
    uint32_t *first_slot; /* vertex_count + 1 */
    uint32_t *slots;
    uint8_t *vertex_state; /* enum below */
} hsd_mode_view;
enum { HSD_VERTEX_CLOSED = 1, HSD_VERTEX_VIA = 2 };
hsd_status hsd_mode_view_make(const hsd_street_set *streets, const hsd_road_table *table,
                              const hsd_rules *rules, size_t rule_count, uint32_t graph,
                              const hsd_edge_metric *metrics, hsd_mode_view *out, hsd_error *err);
void hsd_mode_view_finish(hsd_mode_view *view);
static inline uint32_t hsd_slot_vertex(const hsd_street_set *streets, uint32_t slot) {
    const hsd_edge *edge = &streets->edges[slot >> 1];
    return slot & 1 ? edge->to : edge->from;
}

/* Restrictions as sequences of directed edges. */
typedef struct hsd_sequence {
    uint32_t first, count; /* into members */
    uint32_t only;
} hsd_sequence;
typedef struct hsd_sequences {
    HSD_ARRAY(uint32_t) members;
    HSD_ARRAY(hsd_sequence) list;
    uint32_t bound; /* restrictions with at least one sequence */
} hsd_sequences;
/* Marks the vertices between members HSD_VERTEX_VIA. */
hsd_status hsd_sequences_make(hsd_mode_view *view, hsd_sequences *out, hsd_error *err);
void hsd_sequences_finish(hsd_sequences *sequences);

/* Chains between places; a place is an open node vertex, or one end at a closed vertex. */
typedef struct hsd_chain_set {
    uint32_t place_count, chain_count, link_count;
    uint32_t *place_vertex;
    uint32_t *place_end;   /* 1, 2 ... at a closed vertex; 0: open */
    uint32_t *first_chain; /* place_count + 1: chains are sorted by their tail */
    uint32_t *chain_head, *chain_tail;
    uint32_t *first_link; /* chain_count + 1 */
    uint32_t *link_edge, *link_chain;
    uint32_t *link_of; /* 2 * edge_count: the link a directed edge is; HSD_NONE: not in the graph */
} hsd_chain_set;
hsd_status hsd_chains_make(const hsd_mode_view *view, hsd_chain_set *out, hsd_error *err);
void hsd_chains_finish(hsd_chain_set *chains);

/* The automaton of Aho and Corasick over chains; state 0 is the root, "no history". */
typedef struct hsd_automaton {
    uint32_t state_count;
    uint32_t *place;                          /* where a state stands; state 0: none */
    uint32_t *chain, *fail, *child, *sibling; /* 0: none */
    uint32_t *root_child;                     /* chain_count: the state after that chain; 0: none */
    uint32_t *first_ban, *ban;                /* CSR by state: chains that may not follow */
    uint32_t *first_only, *only;              /* CSR by state: chains one of which must follow */
} hsd_automaton;
hsd_status hsd_automaton_make(const hsd_sequences *sequences, const hsd_chain_set *chains,
                              hsd_automaton *out, hsd_error *err);
void hsd_automaton_finish(hsd_automaton *automaton);
uint32_t hsd_automaton_next(const hsd_automaton *automaton, uint32_t state, uint32_t chain);
bool hsd_automaton_allows(const hsd_automaton *automaton, uint32_t state, uint32_t chain);

/* The copy number of a node: which end of a closed vertex (0: open), which state there (0: free).
 */
static inline uint32_t hsd_copy_number(uint32_t end, uint32_t state) {
    return state ? (end << 16) + state : end;
}

/* A graph with arrays of its own; the names are those of hsd_graph. */
typedef struct hsd_graph_parts {
    uint32_t node_count, arc_count, link_count, component_count;
    uint32_t *first_out, *head, *tail, *first_in, *in_arc;
    uint32_t *node_vertex, *node_free_copy, *node_copy, *node_component, *component_arcs;
    uint8_t *node_free;
    uint32_t *arc_first_link, *link_edge, *link_arc, *edge_first_use, *use_link;
} hsd_graph_parts;
hsd_status hsd_graph_make(const hsd_chain_set *chains, const hsd_automaton *automaton,
                          uint32_t edge_count, hsd_graph_parts *out, hsd_error *err);
void hsd_graph_parts_finish(hsd_graph_parts *graph);

/* rank[node] of the METIS nested-dissection order; arcs need not be sorted. */
hsd_status hsd_order_make(uint32_t node_count, uint32_t arc_count, const uint32_t *tail,
                          const uint32_t *head, uint32_t *rank, hsd_error *err);
/* Strongly connected components, by arcs inside (descending), then lowest node_vertex. arcs is
 * allocated here: component_count entries. */
hsd_status hsd_components_make(uint32_t node_count, const uint32_t *first_out, const uint32_t *head,
                               const uint32_t *node_vertex, uint32_t *component,
                               uint32_t *component_count, uint32_t **arcs, hsd_error *err);
#endif
