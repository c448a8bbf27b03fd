/* Competing origins: every position of every edge goes to its nearest origin.
 *
 * All that is kept of a tree is the least (time, origin) at each directed edge, and its seeds on
 * edges: every front of an edge has the same slope in its direction, so the least at the edge's end
 * stays the least all along, and ties go to the lowest index however the trees come. Adding is
 * O(touched edges), pieces O(edges / 64 + pieces). */
#include <stdlib.h>
#include <string.h>

#include "times/envelope.h"
#include "times/tree.h"

typedef struct sown {
    hsd_foot foot;
    uint32_t ms, origin;
} sown;

struct hsd_allocation {
    const hsd_locator *locator;
    hsd_direction direction;
    uint32_t limit_ms; /* the least of the trees' */
    size_t tree_count;
    uint32_t *ms, *origin; /* 2 * edge_count */
    uint64_t *touched;     /* bit set over edges */
    HSD_ARRAY(sown) seeds;
};

hsd_status hsd_allocation_create(const hsd_locator *locator, hsd_allocation **out, hsd_error *err) {
    *out = NULL;
    hsd_allocation *allocation = hsd_calloc(1, sizeof *allocation, err);
    if (allocation == NULL) return HSD_E_MEMORY;
    const size_t directed = 2 * (size_t)locator->network->edge_count;
    allocation->locator = locator;
    allocation->limit_ms = HSD_UNREACHABLE;
    allocation->ms = hsd_alloc(directed, sizeof *allocation->ms, err);
    allocation->origin = hsd_calloc(directed, sizeof *allocation->origin, err);
    allocation->touched = hsd_calloc(directed / 128 + 1, sizeof *allocation->touched, err);
    if (!allocation->ms || !allocation->origin || !allocation->touched) {
        hsd_allocation_destroy(allocation);
        return HSD_E_MEMORY;
    }
    for (size_t i = 0; i < directed; i++) allocation->ms[i] = HSD_UNREACHABLE;
    *out = allocation;
    return HSD_OK;
}

void hsd_allocation_destroy(hsd_allocation *allocation) {
    if (allocation == NULL) return;
    hsd_free(allocation->ms);
    hsd_free(allocation->origin);
    hsd_free(allocation->touched);
    hsd_array_finish(&allocation->seeds);
    hsd_free(allocation);
}

static void offer(hsd_allocation *allocation, uint32_t directed, uint32_t ms, uint32_t origin) {
    if (ms >= HSD_UNREACHABLE || ms > allocation->ms[directed]) return;
    if (ms == allocation->ms[directed] && origin >= allocation->origin[directed]) return;
    allocation->ms[directed] = ms;
    allocation->origin[directed] = origin;
}

static hsd_status add_seeds(hsd_allocation *allocation, const hsd_tree *tree, uint32_t origin,
                            hsd_error *err) {
    size_t count;
    const hsd_seed *seeds = hsd_tree_edge_seeds(tree, &count);
    for (size_t i = 0; i < count; i++) {
        const sown seed = {seeds[i].foot, hsd_ms_add(seeds[i].foot.leg_ms, seeds[i].extra_ms),
                           origin};
        if (!hsd_array_push(&allocation->seeds, seed, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

hsd_status hsd_allocation_add(hsd_allocation *allocation, const hsd_tree *tree, uint32_t origin,
                              hsd_error *err) {
    if (hsd_tree_locator(tree) != allocation->locator)
        return hsd_fail(err, HSD_E_ARGUMENT, "origin %u: its tree has another locator", origin);
    if (allocation->tree_count > 0 && hsd_tree_direction(tree) != allocation->direction)
        return hsd_fail(err, HSD_E_ARGUMENT, "origin %u: its tree has the other direction", origin);
    if (hsd_tree_lapses(tree))
        return hsd_fail(err, HSD_E_ARGUMENT, "origin %u: its tree has seeds that lapse", origin);
    hsd_status status = hsd_tree_touch(tree, err);
    if (status == HSD_OK) status = add_seeds(allocation, tree, origin, err);
    if (status != HSD_OK) return status;
    allocation->tree_count++;
    allocation->direction = hsd_tree_direction(tree);
    if (hsd_tree_limit_ms(tree) < allocation->limit_ms)
        allocation->limit_ms = hsd_tree_limit_ms(tree);
    const uint64_t *touched = hsd_tree_touched_bits(tree);
    const size_t words = allocation->locator->network->edge_count / 64 + 1;
    for (size_t word = 0; word < words; word++) {
        allocation->touched[word] |= touched[word];
        for (uint64_t bits = touched[word]; bits != 0; bits &= bits - 1) {
            const uint32_t edge = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
            for (uint32_t directed = 2 * edge; directed < 2 * edge + 2; directed++)
                offer(allocation, directed, hsd_tree_edge_ms(tree, directed), origin);
        }
    }
    return HSD_OK;
}

/* By edge; what follows makes the order total, so that it does not depend on the order of adding.
 */
static int compare_sown(const void *a, const void *b) {
    const sown *sa = a, *sb = b;
    if (sa->foot.edge != sb->foot.edge) return sa->foot.edge < sb->foot.edge ? -1 : 1;
    if (sa->origin != sb->origin) return sa->origin < sb->origin ? -1 : 1;
    if (sa->foot.segment != sb->foot.segment) return sa->foot.segment < sb->foot.segment ? -1 : 1;
    if (sa->foot.fraction != sb->foot.fraction)
        return sa->foot.fraction < sb->foot.fraction ? -1 : 1;
    return (sa->ms > sb->ms) - (sa->ms < sb->ms);
}

static hsd_status cut_edge(const hsd_allocation *allocation, hsd_envelope *envelope, uint32_t edge,
                           const sown **seed, const sown *end, hsd_error *err) {
    for (uint32_t directed = 2 * edge; directed < 2 * edge + 2; directed++)
        if (!hsd_envelope_enter(envelope, directed, allocation->ms[directed], UINT32_MAX,
                                allocation->origin[directed], err))
            return HSD_E_MEMORY;
    for (; *seed < end && (*seed)->foot.edge == edge; (*seed)++)
        if (!hsd_envelope_seed(envelope, &(*seed)->foot, (*seed)->ms, UINT32_MAX, (*seed)->origin,
                               err))
            return HSD_E_MEMORY;
    return hsd_envelope_cut(envelope, edge, err);
}

hsd_status hsd_allocation_pieces(const hsd_allocation *allocation, uint32_t cutoff_ms,
                                 hsd_piece_visit visit, void *context, hsd_error *err) {
    if (cutoff_ms > allocation->limit_ms)
        return hsd_fail(err, HSD_E_ARGUMENT, "pieces within %u ms of trees grown to %u ms",
                        cutoff_ms, allocation->limit_ms);
    const size_t seed_count = allocation->seeds.count;
    sown *seeds = hsd_alloc(seed_count, sizeof *seeds, err);
    if (seeds == NULL) return HSD_E_MEMORY;
    if (seed_count > 0) {
        memcpy(seeds, allocation->seeds.data, seed_count * sizeof *seeds);
        qsort(seeds, seed_count, sizeof *seeds, compare_sown);
    }
    hsd_envelope envelope = {.locator = allocation->locator,
                             .direction = allocation->direction,
                             .cutoff_ms = cutoff_ms,
                             .visit = visit,
                             .context = context};
    hsd_status status = HSD_OK;
    const sown *seed = seeds, *end = seeds + seed_count;
    const size_t words = allocation->locator->network->edge_count / 64 + 1;
    for (size_t word = 0; status == HSD_OK && word < words; word++)
        for (uint64_t bits = allocation->touched[word]; status == HSD_OK && bits != 0;
             bits &= bits - 1)
            status =
                cut_edge(allocation, &envelope,
                         (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits)), &seed, end, err);
    hsd_envelope_finish(&envelope);
    hsd_free(seeds);
    return status;
}
