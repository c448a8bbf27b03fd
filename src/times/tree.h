/* A grown tree's times on directed edges, for the files of times/. */
#ifndef TIMES_TREE_H
#define TIMES_TREE_H

#include "times/locator.h"

/* Works out the time of every touched edge once a grow, so that the times of feet become two loads.
 * Not thread-safe; call it before sharing the tree with a parallel body. Without it
 * hsd_tree_foot_ms gives the same times from the nodes, more slowly. O(touched arcs and links). */
hsd_status hsd_tree_touch(const hsd_tree *tree, hsd_error *err);
/* Edges with a time within the limit somewhere on them, after hsd_tree_touch: bit set over edges.
 */
const uint64_t *hsd_tree_touched_bits(const hsd_tree *tree);
/* HSD_FROM: earliest time at the directed edge's travel start. HSD_TO: from its travel end to the
 * target. A trip's own start (HSD_FROM: seeds; HSD_TO: the far end) has no history: free copies.
 * Seeds on the edge itself are not in it. HSD_UNREACHABLE past the limit or where impassable. */
uint32_t hsd_tree_edge_ms(const hsd_tree *tree, uint32_t directed_edge);

/* Some seed of it lapses: where the least time of an edge ends a later one may go on. */
bool hsd_tree_lapses(const hsd_tree *tree);
const hsd_locator *hsd_tree_locator(const hsd_tree *tree);
hsd_direction hsd_tree_direction(const hsd_tree *tree);
uint32_t hsd_tree_limit_ms(const hsd_tree *tree);
/* Seeds at positions on edges, ascending edge; a seed's cost is foot.leg_ms + extra_ms. */
const hsd_seed *hsd_tree_edge_seeds(const hsd_tree *tree, size_t *count);
/* Those on one edge. */
const hsd_seed *hsd_tree_seeds_on(const hsd_tree *tree, uint32_t edge, size_t *count);

/* hsd_tree_foot_ms before the leg: a point at a position, for callers that add their own leg. */
uint32_t hsd_tree_position_ms(const hsd_tree *tree, const hsd_foot *foot);

/* The time of a point (hsd_locate, hsd_tree_feet_ms) is within the cut-off. The caller has made
 * sure that the point is on land. Allocates nothing. */
bool hsd_tree_within(const hsd_tree *tree, double lon, double lat, uint32_t cutoff_ms);
#endif
