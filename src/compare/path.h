/* Paths while they are put together, for the files of compare/: total_ms is the clock. */
#ifndef COMPARE_PATH_H
#define COMPARE_PATH_H

#include "compare/scenario_tree.h"

hsd_status hsd_path_add_leg(hsd_path *path, const hsd_lonlat *line, size_t point_count, uint32_t ms,
                            hsd_error *err);
/* The steps of a track and their lines; the seed's cost is no part of them. */
hsd_status hsd_path_add_track(hsd_path *path, const hsd_locator *locator, const hsd_track *track,
                              hsd_error *err);
/* A piece of an added link, HSD_FORWARD or HSD_BACKWARD. */
hsd_status hsd_path_add_piece(hsd_path *path, const hsd_resolved *resolved, uint32_t added,
                              uint32_t direction, hsd_error *err);
hsd_status hsd_path_add_path(hsd_path *path, const hsd_path *more, hsd_error *err);

/* The way over links behind one of the scenario tree's sown seeds: HSD_FROM from the origin to the
 * seed's joint, HSD_TO from there to the origin. Appended to path. */
hsd_status hsd_scenario_tree_way(hsd_scenario_tree *tree, size_t sown, hsd_path *path,
                                 hsd_error *err);
#endif
