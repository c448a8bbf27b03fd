/* Cutting an edge into reached pieces: the lower envelope of everything that spreads along it. */
#ifndef TIMES_ENVELOPE_H
#define TIMES_ENVELOPE_H

#include "base/memory.h"
#include "times/locator.h"

/* Something that spreads over an edge from a position: up, towards the drawn end, or down. In
 * HSD_FROM up is travel as drawn; in HSD_TO up is where travel against the drawing comes from. */
typedef struct hsd_front {
    uint32_t segment;
    double fraction;
    uint32_t prefix_ms; /* of the position, at the pace of the travel it stands for */
    uint32_t ms;        /* time at the position */
    uint32_t until_ms;  /* it ends where its time is longer */
    uint32_t origin;
    bool up;
    uint32_t end_segment; /* where it lapses: the envelope's own */
    double end_fraction;
} hsd_front;

typedef struct hsd_envelope {
    const hsd_locator *locator;
    hsd_direction direction;
    uint32_t cutoff_ms;
    hsd_piece_visit visit;
    void *context;
    HSD_ARRAY(hsd_front) fronts;        /* of the edge at hand; the caller fills them */
    HSD_ARRAY(uint32_t) up_ms, down_ms; /* time from the drawn start to each point */
    HSD_ARRAY(double) at_m;             /* metres to each point */
} hsd_envelope;

void hsd_envelope_finish(hsd_envelope *envelope);
/* Adds the front that enters by an end of the edge: the time of its directed edge as
 * hsd_tree_edge_ms gives it; nothing for HSD_UNREACHABLE. It lapses behind until_ms. */
bool hsd_envelope_enter(hsd_envelope *envelope, uint32_t directed_edge, uint32_t ms,
                        uint32_t until_ms, uint32_t origin, hsd_error *err);
/* Adds the fronts of a seed at a position: both directions the mode can travel. */
bool hsd_envelope_seed(hsd_envelope *envelope, const hsd_foot *foot, uint32_t ms, uint32_t until_ms,
                       uint32_t origin, hsd_error *err);
/* Cuts one edge of a touched tree: its fronts, in its direction. */
hsd_status hsd_tree_cut_edge(const hsd_tree *tree, hsd_envelope *envelope, uint32_t edge,
                             hsd_error *err);
/* Visits the pieces of the edge by ascending position and empties the fronts. O(f^2 + points). */
hsd_status hsd_envelope_cut(hsd_envelope *envelope, uint32_t edge, hsd_error *err);
#endif
