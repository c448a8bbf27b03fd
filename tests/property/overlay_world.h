/* A random network, links over it and places to travel between: one case of a property test. */
#ifndef OVERLAY_WORLD_H
#define OVERLAY_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_overlay.h"
#include "times/tree.h"

#define FEET 10 /* of a case: each is an origin once, and a target always */

typedef struct world {
    const hsd_network *network; /* the caller's; metric 0 */
    hsd_locator *locator;
    random_overlay overlay;
    hsd_foot feet[FEET];
    uint32_t limit_ms;
} world;

static inline void world_make(world *w, const hsd_network *network, hsd_random *random) {
    w->network = network;
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(w->network, 0, &options, &w->locator, NULL), HSD_OK);
    random_overlay_make(&w->overlay, w->network, random);
    for (size_t i = 0; i < FEET; i++) {
        const hsd_joint *joint =
            &w->overlay
                 .joints[w->overlay.resolved.joint_count
                             ? overlay_below(random, (uint32_t)w->overlay.resolved.joint_count)
                             : 0];
        w->feet[i] = overlay_foot(w->network, random);
        if (w->overlay.resolved.joint_count && joint->edge != HSD_NO_EDGE && i % 3 == 0)
            w->feet[i] = overlay_foot_on(w->network, joint->edge, random);
        w->feet[i].leg_ms = overlay_below(random, 3) ? 0 : overlay_below(random, 60000);
    }
    w->limit_ms = overlay_below(random, 2) ? HSD_UNREACHABLE - 1 : overlay_below(random, 900000);
}

static inline void world_finish(world *w) {
    hsd_locator_destroy(w->locator);
}

static inline hsd_pole_times *world_pole_times(const world *w, int threads) {
    const hsd_run run = {.threads = threads};
    hsd_pole_times *times;
    assert_int_equal(
        hsd_pole_times_create(w->locator, &w->overlay.resolved, w->limit_ms, &run, &times, NULL),
        HSD_OK);
    return times;
}

static inline void some_links(const world *w, uint8_t *links, hsd_random *random) {
    for (uint32_t l = 0; l < OVERLAY_LINKS; l++)
        links[l] = l < w->overlay.link_count && overlay_below(random, 4) > 0;
}
/* The tree of an origin with the links in force, and how many seeds they gave. */
static inline size_t grow(const world *w, const hsd_overlay *overlay, hsd_direction direction,
                          const hsd_seed *origin, size_t count, hsd_tree *tree) {
    hsd_overlay_seeds sown = {0};
    assert_int_equal(hsd_tree_grow(tree, direction, origin, count, w->limit_ms, NULL), HSD_OK);
    assert_int_equal(hsd_overlay_sow(overlay, tree, &sown, NULL), HSD_OK);
    const size_t added = sown.count;
    hsd_seed *all = calloc(count + added + 1, sizeof *all);
    assert_non_null(all);
    memcpy(all, origin, count * sizeof *all);
    if (added) memcpy(all + count, sown.seeds, added * sizeof *all);
    assert_int_equal(hsd_tree_grow(tree, direction, all, count + added, w->limit_ms, NULL), HSD_OK);
    free(all);
    hsd_overlay_seeds_finish(&sown);
    return added;
}

/* out[i * FEET + j]: from foot i to foot j, by trees in one direction. */
static inline void times_by_trees(const world *w, const uint8_t *links, const hsd_pole_times *times,
                                  hsd_direction direction, uint32_t *out) {
    hsd_overlay *overlay;
    hsd_tree *tree;
    assert_int_equal(hsd_overlay_create(times, links, &overlay, NULL), HSD_OK);
    assert_int_equal(hsd_tree_create(w->locator, &tree, NULL), HSD_OK);
    for (size_t i = 0; i < FEET; i++) {
        const hsd_seed origin = {w->feet[i], 0, 0};
        grow(w, overlay, direction, &origin, 1, tree);
        for (size_t j = 0; j < FEET; j++)
            out[direction == HSD_FROM ? i * FEET + j : j * FEET + i] =
                hsd_tree_foot_ms(tree, &w->feet[j]);
    }
    hsd_tree_destroy(tree);
    hsd_overlay_destroy(overlay);
}

static inline void times_by_states(const world *w, const uint8_t *links, uint32_t *out) {
    states *s = states_create(w->network, &w->overlay, links, w->feet, FEET);
    for (size_t i = 0; i < FEET; i++) {
        const uint64_t cost = w->feet[i].leg_ms;
        states_search(s, &i, &cost, 1);
        for (size_t j = 0; j < FEET; j++) out[i * FEET + j] = states_time(s, j, w->limit_ms);
    }
    states_destroy(s);
}

static inline void assert_same_times(const uint32_t *a, const uint32_t *b, uint64_t this_seed) {
    for (size_t i = 0; i < (size_t)FEET * FEET; i++)
        if (a[i] != b[i])
            fail_msg("case %llu, %zu to %zu: %u ms, expected %u", (unsigned long long)this_seed,
                     i / FEET, i % FEET, a[i], b[i]);
}
#endif
