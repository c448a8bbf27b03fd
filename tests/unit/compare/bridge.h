/* A bridge between two streets that do not meet, by hand. South, along the equator: edge 0, 10 s
 * out and 20 s back. North of it: edge 1, 8 s both ways. The bridge leaves the middle of the south
 * street (gap 100 ms) and comes to a quarter of the north one (gap 200 ms): 5 s over, 7 s back. */
#ifndef TESTS_COMPARE_BRIDGE_H
#define TESTS_COMPARE_BRIDGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../times/hand_network.h"
#include "hourshed/compare.h"
#include "times/locator.h"

#define FIXED(ms) (HSD_PACE_FIXED | (ms))
#define U HSD_UNREACHABLE
#define HOUR 3600000u

typedef struct bridge {
    hand_network *hand;
    hsd_locator *locator;
    hsd_joint joints[3];
    hsd_pole poles[4];
    hsd_added added[2];
    hsd_lonlat points[4];
    hsd_resolved resolved;
} bridge;

static inline bridge *bridge_create(bool access) {
    bridge *b = hand_alloc(1, sizeof *b);
    hand_network *h = b->hand = hand_create();
    hand_vertex(h, 0, 0);
    hand_vertex(h, 100000, 0);
    hand_vertex(h, 0, 200000);
    hand_vertex(h, 100000, 200000);
    hand_edge(h, 0, 1, FIXED(10000), FIXED(20000));
    hand_edge(h, 2, 3, FIXED(8000), FIXED(8000));
    hand_plain_graph(h);
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(hand_finish(h), 0, &options, &b->locator, NULL), HSD_OK);
    b->points[0] = (hsd_lonlat){0.005, 0};
    b->points[1] = (hsd_lonlat){0.0025, 0.02};
    b->joints[0] = (hsd_joint){.pole = 0,
                               .edge = 0,
                               .vertex = UINT32_MAX,
                               .fraction = 0.5,
                               .at = b->points[0],
                               .enter_ms = 100,
                               .exit_ms = 100};
    b->joints[1] = (hsd_joint){.pole = 1,
                               .edge = 1,
                               .vertex = UINT32_MAX,
                               .fraction = 0.25,
                               .at = b->points[1],
                               .enter_ms = 200,
                               .exit_ms = 200};
    b->poles[0] = (hsd_pole){.at = b->points[0], .first_joint = 0, .joint_count = 1, .place = 0};
    b->poles[1] = (hsd_pole){.at = b->points[1], .first_joint = 1, .joint_count = 1, .place = 1};
    b->added[0] = (hsd_added){.from_pole = 0,
                              .to_pole = 1,
                              .ms = {5000, 7000},
                              .length_m = 2229,
                              .point_count = 2,
                              .access = access};
    b->resolved = (hsd_resolved){.network = &h->network,
                                 .joints = b->joints,
                                 .joint_count = 2,
                                 .poles = b->poles,
                                 .pole_count = 2,
                                 .added = b->added,
                                 .added_count = 1,
                                 .points = b->points,
                                 .point_count = 2};
    return b;
}

/* A second link (of another proposal) from where the bridge comes to, to the north street's end:
 * 1 s there, and back not at all. */
static inline void bridge_go_on(bridge *b) {
    b->points[2] = b->points[1];
    b->points[3] = (hsd_lonlat){0.01, 0.02};
    b->joints[2] = (hsd_joint){.pole = 3, .edge = UINT32_MAX, .vertex = 3, .at = b->points[3]};
    b->poles[2] = (hsd_pole){.at = b->points[2], .proposal = 1, .first_joint = 2, .place = 1};
    b->poles[3] = (hsd_pole){
        .at = b->points[3], .proposal = 1, .first_joint = 2, .joint_count = 1, .place = 3};
    b->added[1] = (hsd_added){.proposal = 1,
                              .link = 1,
                              .from_pole = 2,
                              .to_pole = 3,
                              .ms = {1000, U},
                              .first_point = 2,
                              .point_count = 2};
    b->resolved.joint_count = 3;
    b->resolved.pole_count = 4;
    b->resolved.added_count = 2;
    b->resolved.point_count = 4;
}

static inline void bridge_destroy(bridge *b) {
    hsd_locator_destroy(b->locator);
    hand_destroy(b->hand);
    free(b);
}

static inline hsd_foot bridge_foot(const bridge *b, uint32_t edge, double fraction) {
    hsd_foot foot = {.edge = edge, .vertex = HSD_NO_EDGE, .fraction = fraction};
    hsd_locator_foot_prefix(b->locator, &foot);
    return foot;
}

/* Everything for the trees of a scenario. */
typedef struct crossing {
    hsd_pole_times *times;
    hsd_overlay *overlay;
    hsd_scenario_place *place;
    hsd_scenario_tree *tree;
} crossing;

static inline hsd_status crossing_make(crossing *c, const bridge *b, const uint8_t *links,
                                       hsd_error *err) {
    const hsd_run run = {.threads = 1};
    *c = (crossing){0};
    hsd_status status = hsd_pole_times_create(b->locator, &b->resolved, HOUR, &run, &c->times, err);
    if (status == HSD_OK) status = hsd_overlay_create(c->times, links, &c->overlay, err);
    if (status == HSD_OK)
        status = hsd_scenario_place_create(b->locator, c->overlay, &c->place, err);
    if (status == HSD_OK) status = hsd_scenario_tree_create(c->place, &c->tree, err);
    return status;
}

static inline void crossing_finish(crossing *c) {
    hsd_scenario_tree_destroy(c->tree);
    hsd_scenario_place_destroy(c->place);
    hsd_overlay_destroy(c->overlay);
    hsd_pole_times_destroy(c->times);
}
#endif
