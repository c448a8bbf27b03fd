/* What the times of an origin under a scene are read from: on the streets a scenario tree, by
 * transit departures at a percentile. All that a comparison says of an origin and a scene comes
 * through these calls. Scratch, one a thread. */
#ifndef STUDY_SCENE_TREE_H
#define STUDY_SCENE_TREE_H

#include "study/compare_run.h"

struct hsd_scene_tree {
    const hsd_compare_run *run;
    const hsd_scene *scene;
    hsd_scenario_tree *streets; /* NULL by transit */
    hsd_transit_trees rides;    /* by transit */
    hsd_reading reading;        /* by transit, of one percentile */
    hsd_feet feet;
};

hsd_status hsd_scene_tree_create(const hsd_compare_run *run, const hsd_scene *scene,
                                 hsd_scene_tree **out, hsd_error *err);
void hsd_scene_tree_destroy(hsd_scene_tree *tree);
/* Grows from points with their initial costs (NULL: none). *changed (may be NULL): false when added
 * links provably change nothing; by transit always true. By transit the direction is the run's, and
 * the first percentile is read until another one is chosen. */
hsd_status hsd_scene_tree_grow(hsd_scene_tree *tree, hsd_direction direction, const hsd_lonlat *at,
                               const uint32_t *extra_ms, size_t count, bool *changed,
                               hsd_error *err);
/* By transit: as far as the stops; for egress tables, and nothing below. */
hsd_status hsd_scene_tree_ride(hsd_scene_tree *tree, const hsd_lonlat *at, const uint32_t *extra_ms,
                               size_t count, hsd_error *err);
/* By transit: the times at all stops at all instants. On streets of one metric equal ones make
 * equal trees. */
typedef HSD_ARRAY(uint32_t) hsd_stop_times;
hsd_status hsd_scene_tree_keep_stops(const hsd_scene_tree *tree, hsd_stop_times *out,
                                     hsd_error *err);
bool hsd_scene_tree_has_stops(const hsd_scene_tree *tree, const hsd_stop_times *kept);
/* By transit: reads the percentile of this profile run from now on. */
void hsd_scene_tree_choose(hsd_scene_tree *tree, size_t profile);

/* Times of a zone's one point, of feet, of all sub-points of a set. link_set: of the scene's links
 * one may stop on, or NULL. */
uint32_t hsd_scene_tree_zone_ms(const hsd_scene_tree *tree, const hsd_zone_set *set,
                                const hsd_zone_set *link_set, size_t zone);
hsd_status hsd_scene_tree_points(const hsd_scene_tree *tree, const hsd_zone_set *set,
                                 const hsd_zone_set *link_set, uint32_t *out_ms, hsd_error *err);
/* Surface and circles at the run's cut-offs; pieces of edges within the largest. */
hsd_status hsd_scene_tree_surface(const hsd_scene_tree *tree, hsd_surface *out, hsd_error *err);
hsd_status hsd_scene_tree_circles(const hsd_scene_tree *tree, const hsd_surface *surface,
                                  hsd_circle *out, hsd_error *err);
hsd_status hsd_scene_tree_pieces(const hsd_scene_tree *tree, hsd_piece_visit visit, void *context,
                                 hsd_error *err);
hsd_search_counters hsd_scene_tree_counters(const hsd_scene_tree *tree);
#endif
