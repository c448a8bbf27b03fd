/* Closed stretches of an adapted metric (net/adapt.c). */
#ifndef NET_CLOSED_H
#define NET_CLOSED_H

#include "net/network.h"

/* A place on a drawn edge. The end of a segment and the start of the next are one place. */
typedef struct hsd_edge_place {
    uint32_t segment;
    double fraction;
} hsd_edge_place;

/* The ends of any edge, for comparisons. */
#define HSD_EDGE_BEGIN ((hsd_edge_place){0, 0})
#define HSD_EDGE_END ((hsd_edge_place){UINT32_MAX - 1, 0})

/* -1: a lies before b as drawn, 0: at the same place, 1: behind it. */
static inline int hsd_edge_place_compare(hsd_edge_place a, hsd_edge_place b) {
    const uint32_t sa = a.segment + (a.fraction >= 1), sb = b.segment + (b.fraction >= 1);
    const double fa = a.fraction < 1 ? a.fraction : 0, fb = b.fraction < 1 ? b.fraction : 0;
    if (sa != sb) return sa < sb ? -1 : 1;
    return (fa > fb) - (fa < fb);
}

/* Whether anything of the edge is closed, in any direction: the cheap question first. */
static inline bool hsd_edge_closed(const hsd_metric *metric, uint32_t edge) {
    return metric->closed_edges != NULL && (metric->closed_edges[edge >> 6] >> (edge & 63) & 1);
}

/* The closed parts of an edge, as many as the result; O(log closed). */
size_t hsd_closed_parts(const hsd_metric *metric, uint32_t edge, const hsd_closed_part **first);

/* Whether a closed stretch bars the way from one end of a directed edge to the other. */
bool hsd_closed_directed(const hsd_metric *metric, uint32_t directed_edge);

/* Whether travel by a directed edge between two places, lower <= upper as drawn, meets a closed
 * stretch. Its borders belong to the open road: one may come up to them. A single place is met when
 * it lies inside. A stretch from a place to the same place closes nothing. */
bool hsd_closed_between(const hsd_metric *metric, uint32_t directed_edge, hsd_edge_place lower,
                        hsd_edge_place upper);

/* Frees what network->adapted points to; for hsd_network_destroy. */
void hsd_network_adapted_destroy(void *adapted);
/* For hsd_network_require: HSD_OK when the view may be used for the profile. */
hsd_status hsd_network_adapted_require(const hsd_network *view, size_t metric, hsd_error *err);
#endif
