/* Times off many trees: per part the rank-th smallest, of parts the greatest.
 *
 * What is not reached counts as longest, so that where no more trees than the rank have a time
 * there is none. The others stand in a small buffer and are parted (Hoare 1961); more trees than it
 * holds are counted against a time that is halved in on: the same value. O(trees), then O(31
 * trees). */
#include "times/reading.h"

#include <math.h>

#define BUFFER 256

size_t hsd_percentile_rank(double percent, size_t count) {
    const double k = ceil(percent * (double)count / 100);
    if (!(k > 1)) return 0;
    return k < (double)count ? (size_t)k - 1 : count - 1;
}

uint32_t hsd_rank_ms(uint32_t *ms, size_t count, size_t rank) {
    if (rank >= count) return HSD_UNREACHABLE;
    ptrdiff_t low = 0, high = (ptrdiff_t)count - 1, at = (ptrdiff_t)rank;
    while (low < high) {
        const uint32_t pivot = ms[at];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (ms[i] < pivot) i++;
            while (ms[j] > pivot) j--;
            if (i > j) break;
            const uint32_t other = ms[i];
            ms[i++] = ms[j];
            ms[j--] = other;
        }
        if (j < at) low = i;
        if (i > at) high = j;
    }
    return ms[at];
}

static size_t count_within(const hsd_reading_part *part, hsd_tree_time time, const void *of,
                           uint32_t ms) {
    size_t count = 0;
    for (size_t i = 0; i < part->count; i++) count += time(part->trees[i], of) <= ms;
    return count;
}

/* The least time that more than `rank` trees have or undercut. */
static uint32_t halved_in_on(const hsd_reading_part *part, hsd_tree_time time, const void *of) {
    uint32_t low = 0, high = HSD_UNREACHABLE;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (count_within(part, time, of, middle) > part->rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static uint32_t part_ms(const hsd_reading_part *part, hsd_tree_time time, const void *of) {
    if (part->count > BUFFER) return halved_in_on(part, time, of);
    uint32_t ms[BUFFER];
    size_t count = 0;
    for (size_t i = 0; i < part->count; i++) {
        const uint32_t one = time(part->trees[i], of);
        if (one < HSD_UNREACHABLE) ms[count++] = one;
    }
    return hsd_rank_ms(ms, count, part->rank);
}

uint32_t hsd_reading_ms(const hsd_reading *reading, hsd_tree_time time, const void *of) {
    const hsd_tree *plain = hsd_reading_tree(reading);
    if (plain != NULL) return time(plain, of);
    uint32_t worst = 0;
    for (size_t p = 0; p < reading->part_count; p++) {
        const uint32_t ms = part_ms(&reading->parts[p], time, of);
        if (ms > worst) worst = ms;
    }
    return worst;
}

hsd_status hsd_reading_prepare(const hsd_reading *reading, hsd_error *err) {
    if (reading->part_count < 1 || reading->part_count > 2)
        return hsd_fail(err, HSD_E_ARGUMENT, "a reading of %zu parts: expected 1 or 2",
                        reading->part_count);
    for (size_t p = 0; p < reading->part_count; p++) {
        const hsd_reading_part *part = &reading->parts[p];
        if (part->rank >= part->count)
            return hsd_fail(err, HSD_E_ARGUMENT, "part %zu: rank %zu of %zu trees", p, part->rank,
                            part->count);
    }
    for (size_t p = 0; p < reading->part_count; p++)
        for (size_t i = 0; i < reading->parts[p].count; i++) {
            const hsd_tree *tree = reading->parts[p].trees[i];
            if (hsd_tree_locator(tree) != hsd_reading_locator(reading))
                return hsd_fail(err, HSD_E_ARGUMENT, "part %zu, tree %zu: another locator", p, i);
            if (hsd_tree_limit_ms(tree) != hsd_reading_limit_ms(reading))
                return hsd_fail(err, HSD_E_ARGUMENT,
                                "part %zu, tree %zu: grown to %u ms, the first one to %u ms", p, i,
                                hsd_tree_limit_ms(tree), hsd_reading_limit_ms(reading));
            const hsd_status status = hsd_tree_touch(tree, err);
            if (status != HSD_OK) return status;
        }
    return HSD_OK;
}

/* ---- What trees have times of
 * ---------------------------------------------------------------------- */

static uint32_t position_time(const hsd_tree *tree, const void *of) {
    return hsd_tree_position_ms(tree, of);
}

uint32_t hsd_reading_position_ms(const hsd_reading *reading, const hsd_foot *foot) {
    return hsd_reading_ms(reading, position_time, foot);
}

static uint32_t node_time(const hsd_tree *tree, const void *of) {
    return hsd_search_ms(hsd_tree_search(tree), *(const uint32_t *)of);
}

uint32_t hsd_reading_node_ms(const hsd_reading *reading, uint32_t node) {
    return hsd_reading_ms(reading, node_time, &node);
}

static uint32_t foot_time(const hsd_tree *tree, const void *of) {
    return hsd_tree_foot_ms(tree, of);
}

uint32_t hsd_reading_foot_ms(const hsd_reading *reading, const hsd_foot *foot) {
    return hsd_reading_ms(reading, foot_time, foot);
}

static uint32_t feet_time(const hsd_tree *tree, const void *of) {
    return hsd_tree_feet_ms(tree, of);
}

uint32_t hsd_reading_feet_ms(const hsd_reading *reading, const hsd_feet *feet) {
    return hsd_reading_ms(reading, feet_time, feet);
}

typedef struct point_feet {
    const hsd_foot *feet;
    size_t count;
} point_feet;

static uint32_t least_time(const hsd_tree *tree, const void *of) {
    const point_feet *point = of;
    uint32_t best = HSD_UNREACHABLE;
    for (size_t i = 0; i < point->count; i++) {
        const uint32_t ms = hsd_tree_foot_ms(tree, &point->feet[i]);
        if (ms < best) best = ms;
    }
    return best;
}

uint32_t hsd_reading_least_ms(const hsd_reading *reading, const hsd_foot *feet, size_t count) {
    const point_feet point = {feet, count};
    return hsd_reading_ms(reading, least_time, &point);
}
