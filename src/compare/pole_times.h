/* Times between the poles of added links, for the files of compare/. */
#ifndef COMPARE_POLE_TIMES_H
#define COMPARE_POLE_TIMES_H

#include "hourshed/compare.h"

struct hsd_pole_times {
    const hsd_locator *locator;
    const hsd_resolved *resolved;
    const hsd_run *run; /* for what is made from these times: progress, cancelling; may be NULL */
    uint32_t limit_ms;  /* longer times read HSD_UNREACHABLE */
    hsd_foot *feet;     /* of each joint, at the paces of the locator's network; no leg */
    uint32_t *ms; /* pole_count * pole_count: row p holds the times from pole p over the streets,
                   * gaps at both ends included; 0 on the diagonal. That poles at one place touch
                   * depends on what is in force: it is not in here */
};

static inline uint32_t hsd_pole_to_pole_ms(const hsd_pole_times *times, uint32_t from,
                                           uint32_t to) {
    return times->ms[(size_t)from * times->resolved->pole_count + to];
}

/* Grows the tree of a pole: from it, its exits paid (HSD_TO: to it, its entries paid), so that
 * hsd_tree_foot_ms of any foot is the time between the pole and the foot. */
hsd_status hsd_pole_grow(const hsd_pole_times *times, hsd_tree *tree, hsd_direction direction,
                         uint32_t pole, hsd_error *err);
/* Time between a grown tree's origin and a pole, the gap included: the least over its joints.
 * HSD_FROM: from the origin into the pole; HSD_TO: out of the pole to the origin. */
uint32_t hsd_pole_reach_ms(const hsd_pole_times *times, const hsd_tree *tree, uint32_t pole);

/* Called once a pole with its tree, by many threads at once and in no order. */
typedef hsd_status (*hsd_pole_visit)(void *context, uint32_t pole, const hsd_tree *tree,
                                     hsd_error *err);
/* hsd_pole_times_create that shows each tree (from the pole) before it is forgotten, so that times
 * from the poles to anything else cost no second search; visit may be NULL. */
hsd_status hsd_pole_times_make(const hsd_locator *locator, const hsd_resolved *resolved,
                               uint32_t limit_ms, const hsd_run *run, hsd_pole_visit visit,
                               void *context, hsd_pole_times **out, hsd_error *err);
/* A tree from (HSD_TO: to) every pole, shown to visit. */
hsd_status hsd_pole_times_visit(const hsd_pole_times *times, hsd_direction direction,
                                const hsd_run *run, hsd_pole_visit visit, void *context,
                                hsd_error *err);
#endif
