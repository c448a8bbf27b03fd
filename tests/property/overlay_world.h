/* A random network, links over it and places to travel between: one case of a property test. */
#ifndef OVERLAY_WORLD_H
#define OVERLAY_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_network.h"
#include "random_overlay.h"
#include "times/tree.h"

#define FEET 10 /* of a case: each is an origin once, and a target always */

typedef struct world {
    random_network *streets;
    hsd_locator *locator;
    random_overlay overlay;
    hsd_foot feet[FEET];
    uint32_t limit_ms;
} world;

static inline void world_make(world *w, hsd_random *random) {
    w->streets = random_network_create(random);
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(w->streets->network, 0, &options, &w->locator, NULL),
                     HSD_OK);
    random_overlay_make(&w->overlay, w->streets->network, random);
    for (size_t i = 0; i < FEET; i++) {
        const hsd_joint *joint =
            &w->overlay
                 .joints[w->overlay.resolved.joint_count
                             ? overlay_below(random, (uint32_t)w->overlay.resolved.joint_count)
                             : 0];
        w->feet[i] = overlay_foot(w->streets->network, random);
        if (w->overlay.resolved.joint_count && joint->edge != HSD_NO_EDGE && i % 3 == 0)
            w->feet[i] = overlay_foot_on(w->streets->network, joint->edge, random);
        w->feet[i].leg_ms = overlay_below(random, 3) ? 0 : overlay_below(random, 60000);
    }
    w->limit_ms = overlay_below(random, 2) ? HSD_UNREACHABLE - 1 : overlay_below(random, 900000);
}

static inline void world_finish(world *w) {
    hsd_locator_destroy(w->locator);
    random_network_destroy(w->streets);
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
#endif
