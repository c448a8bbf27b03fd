/* Walks over added links in force, for the files of compare/. */
#ifndef COMPARE_OVERLAY_H
#define COMPARE_OVERLAY_H

#include "compare/pole_times.h"

/* A walk's time and how many pieces of links it uses, in one number, so that sums and minima take
 * both along: the least time, among equals the fewest pieces. That a walk behind a piece has fewer
 * pieces than the whole is what makes a path found again end. */
typedef uint64_t hsd_walk;
#define HSD_NO_WALK ((hsd_walk)HSD_UNREACHABLE << 32)
static inline hsd_walk hsd_walk_of(uint32_t ms, uint32_t pieces) {
    return ms < HSD_UNREACHABLE ? (hsd_walk)ms << 32 | pieces : HSD_NO_WALK;
}
static inline uint32_t hsd_walk_ms(hsd_walk walk) {
    return (uint32_t)(walk >> 32) < HSD_UNREACHABLE ? (uint32_t)(walk >> 32) : HSD_UNREACHABLE;
}

/* walks[p * n + q]: the least walk that begins with a piece at p and ends with a piece at q, with
 * streets between pieces as between[] says (n * n, from a place just reached by a piece to one
 * where a piece begins; 0 on the diagonal). pieces[] is n * n, the least piece or HSD_NO_WALK.
 * O(n^3). */
hsd_status hsd_walks_close(size_t n, const hsd_walk *pieces, const uint32_t *between,
                           const hsd_run *run, hsd_walk *walks, hsd_error *err);

/* Poles in force that stand at one place are one stop: travel passes among them without time. A
 * pole is in force when a piece in force ends at it. */
struct hsd_overlay {
    const hsd_pole_times *times;
    uint32_t stop_count;
    uint32_t *pole_stop;  /* pole_count; UINT32_MAX: not in force */
    uint32_t *first_pole; /* stop_count + 1, into poles */
    uint32_t *poles;      /* in force, by stop, ascending */
    uint32_t *added;      /* pieces in force, ascending: indices of resolved->added */
    size_t added_count;
    uint32_t *between; /* stop_count^2: over the streets, from stop to stop; 0 on the diagonal */
    hsd_walk *pieces;  /* stop_count^2: the least single piece */
    hsd_walk *walks;   /* stop_count^2: hsd_walks_close of these */
};

/* Times between a tree's origin and every stop: over its streets (HSD_FROM: into the stop, HSD_TO:
 * out of it), and by links: after (HSD_TO: before) a walk that ends (begins) with a piece there.
 * Both stop_count long. */
void hsd_overlay_enter(const hsd_overlay *overlay, const hsd_tree *tree, uint32_t *enter_ms);
void hsd_overlay_pass(const hsd_overlay *overlay, hsd_direction direction, const uint32_t *enter_ms,
                      uint32_t *pass_ms);
/* The seeds of stops with times pass_ms that are within the tree's limit and not settled. */
hsd_status hsd_overlay_leave(const hsd_overlay *overlay, const hsd_tree *tree,
                             const uint32_t *pass_ms, hsd_overlay_seeds *out, hsd_error *err);
#endif
