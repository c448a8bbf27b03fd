/* Where points meet the network, for the files of times/: which edges and vertices admit stopping,
 * the nearest one, the leg to it. */
#ifndef TIMES_LOCATOR_H
#define TIMES_LOCATOR_H

#include "geo/barrier.h"
#include "hourshed/times.h"
#include "net/closed.h"

#define HSD_LOCATOR_LEVELS 9 /* 16^8 = 2^32 items */

struct hsd_locator {
    const hsd_network *network;
    const hsd_graph *graph;
    const hsd_metric *metric;
    size_t profile;
    hsd_barriers barriers; /* never NULL inside: an empty set when there are none */
    hsd_rtree own_index;   /* of the caller's barriers; empty for the network's */
    double leg_cap_m;
    uint32_t snap_start[HSD_LOCATOR_LEVELS]; /* where each level of network->snap begins, */
    uint32_t snap_size[HSD_LOCATOR_LEVELS];  /* and how many boxes it has */
    int snap_levels;
    uint64_t *stop_edges;    /* bit set: edges that admit stopping (class, flags, component) */
    uint64_t *stop_vertices; /* bit set over vertices; NULL unless HSD_LEG_NODES */
    uint32_t *stop_list;     /* the same, ascending; NULL unless HSD_LEG_NODES */
    size_t stop_count;
    uint32_t *vertex_first_node; /* vertex_count + 1, into vertex_node */
    uint32_t *vertex_node;       /* nodes of a vertex, ascending */
    bool borrows;                /* adapted: the sets and lists are the base's */
};

static inline bool hsd_bit_get(const uint64_t *bits, size_t i) {
    return (bits[i >> 6] >> (i & 63)) & 1;
}
static inline void hsd_bit_set(uint64_t *bits, size_t i) {
    bits[i >> 6] |= (uint64_t)1 << (i & 63);
}
static inline bool hsd_locator_edge_stops(const hsd_locator *locator, uint32_t edge) {
    return hsd_bit_get(locator->stop_edges, edge);
}

/* What the caller knows already; all zero knows nothing. The result never depends on it. */
typedef struct hsd_locate_hint {
    double within_m; /* > 0: an admissible foot is likely within this distance; looked at first */
    bool clear; /* no barrier meets a leg of at most within_m (0: the cap): no crossing tests */
} hsd_locate_hint;

/* The nearest admissible position on an edge with its leg, as hsd_locate finds it on networks whose
 * legs start at edges (ties: lowest edge, then segment). HSD_SNAP_OK, HSD_SNAP_TOO_FAR or
 * HSD_SNAP_BEHIND_BARRIER; the caller has made sure that the point is finite and on land. Allocates
 * nothing, thread-safe, about O(log n). out->ms is filled by hsd_locator_foot_prefix, not here. */
hsd_snap_reason hsd_locate_edge(const hsd_locator *locator, double lon, double lat,
                                const hsd_locate_hint *hint, hsd_foot *out);
/* Fills foot->ms of a position on an edge from its segment and fraction. */
void hsd_locator_foot_prefix(const hsd_locator *locator, hsd_foot *foot);

/* floor(leg_m x detour x 3,600,000 / leg speed + 0.5), clamped. */
uint32_t hsd_locator_leg_ms(const hsd_locator *locator, double leg_m);
/* True where the network's extent is farther than the leg's cap. */
bool hsd_locator_outside(const hsd_locator *locator, double lon, double lat);
/* True inside a barrier. */
bool hsd_locator_in_water(const hsd_locator *locator, double lon, double lat);

/* HSD_LEG_NODES: the foot of a point at a vertex known to stop: leg by geodesic length. False when
 * it is past the cap or across a barrier. */
bool hsd_locate_vertex(const hsd_locator *locator, double lon, double lat, uint32_t vertex,
                       hsd_foot *out, bool *blocked);
/* The drawn line of a step, in order of travel, its ends included: false when add says so. */
typedef bool (*hsd_point_add)(void *context, hsd_lonlat at, hsd_error *err);
bool hsd_track_step_line(const hsd_locator *locator, const hsd_track_step *step, hsd_point_add add,
                         void *context, hsd_error *err);
/* The straight leg between a point on land and a position crosses no barrier. */
bool hsd_locator_leg_dry(const hsd_locator *locator, hsd_lonlat from, hsd_lonlat to);
#endif
