/* Readings, for the files of times/ and circles/: one path for one tree and for many. */
#ifndef TIMES_READING_H
#define TIMES_READING_H

#include "times/tree.h"

/* A plain reading; borrows the pointer. */
static inline hsd_reading hsd_reading_of(const hsd_tree *const *tree) {
    return (hsd_reading){.parts = {{tree, 1, 0}}, .part_count = 1};
}
/* The tree of a plain reading, whose times it has; NULL: it is none. */
static inline const hsd_tree *hsd_reading_tree(const hsd_reading *reading) {
    const bool plain = reading->part_count == 1 && reading->parts[0].count == 1;
    return plain && reading->parts[0].rank == 0 ? reading->parts[0].trees[0] : NULL;
}
static inline const hsd_locator *hsd_reading_locator(const hsd_reading *reading) {
    return hsd_tree_locator(reading->parts[0].trees[0]);
}
static inline uint32_t hsd_reading_limit_ms(const hsd_reading *reading) {
    return hsd_tree_limit_ms(reading->parts[0].trees[0]);
}

/* One or two parts with trees, one locator, one limit; touches the trees. What else is read of
 * them needs it first. HSD_E_ARGUMENT. */
hsd_status hsd_reading_prepare(const hsd_reading *reading, hsd_error *err);

/* The reading's value of anything a tree has a time of. Allocates nothing. O(trees). */
typedef uint32_t (*hsd_tree_time)(const hsd_tree *tree, const void *of);
uint32_t hsd_reading_ms(const hsd_reading *reading, hsd_tree_time time, const void *of);
uint32_t hsd_reading_position_ms(const hsd_reading *reading, const hsd_foot *foot);
uint32_t hsd_reading_node_ms(const hsd_reading *reading, uint32_t node);
/* Of a point with so many feet. */
uint32_t hsd_reading_least_ms(const hsd_reading *reading, const hsd_foot *feet, size_t count);
/* hsd_tree_within for a reading. */
bool hsd_reading_within(const hsd_reading *reading, double lon, double lat, uint32_t cutoff_ms);

/* The rank-th smallest of values, which change places. HSD_UNREACHABLE past the last one. */
uint32_t hsd_rank_ms(uint32_t *ms, size_t count, size_t rank);
#endif
