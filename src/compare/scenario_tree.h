/* One origin under a scenario, for the files of compare/. */
#ifndef COMPARE_SCENARIO_TREE_H
#define COMPARE_SCENARIO_TREE_H

#include "base/memory.h"
#include "compare/overlay.h"

struct hsd_scenario_place {
    const hsd_locator *locator;
    const hsd_overlay *overlay; /* NULL: no added links */
    /* Links in force on which one may stop, as a network of their own; NULL where there are none.
     * Its vertices are stops of the overlay; a position at the end of each of its edges says where.
     */
    hsd_network *link_network;
    hsd_locator *links;
    uint32_t *first_end; /* stop_count + 1, into ends */
    hsd_foot *ends;
};

struct hsd_scenario_tree {
    const hsd_scenario_place *place;
    hsd_tree *streets;
    hsd_tree *on_links;        /* NULL without links to stop on */
    bool links_reached;        /* on_links is of this grow */
    HSD_ARRAY(hsd_seed) seeds; /* of streets: own_count of the origin, then sown's */
    size_t own_count;
    hsd_overlay_seeds sown;
    HSD_ARRAY(hsd_seed) link_seeds; /* of on_links */
    hsd_feet feet;                  /* of a gate on the links */
    uint32_t *enter_ms, *pass_ms;   /* stop_count: see hsd_overlay_enter, _pass */
    uint32_t *begin_ms;             /* stop_count: from an origin that lies on a link */
    uint32_t *reach_ms;             /* stop_count: over the streets with links' seeds */
    /* For paths alone, made when first asked: trees of the streets without links from the origin
     * and from a pole, and for each of sown's seeds the way from the origin to it (HSD_TO: from it
     * to the origin). */
    hsd_tree *bare, *from_pole;
    bool bare_grown;
    hsd_path *ways;
    size_t way_count;
};

/* Forgets the ways of the last grow. */
void hsd_scenario_tree_forget_ways(hsd_scenario_tree *tree);
#endif
