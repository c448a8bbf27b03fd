/* Scenes of comparisons by timetable. */
#ifndef STUDY_COMPARE_TRANSIT_H
#define STUDY_COMPARE_TRANSIT_H

#include "study/compare_run.h"

/* Every problem of every proposal; sets the run's timetable to that with the stops of all of them.
 * Between hsd_circle_open and hsd_circle_read. */
hsd_status hsd_compare_transit_resolve(hsd_compare_run *run, hsd_error *err);
/* Fills transit, own_timetable and, where its streets change, own_network and locator. */
hsd_status hsd_compare_transit_scene(hsd_compare_run *run, size_t s, hsd_scene *scene,
                                     hsd_error *err);
/* The scene without the rail of each of its proposals, and with it alone. */
hsd_status hsd_compare_transit_parts(hsd_compare_run *run, size_t s, hsd_scene *scene,
                                     hsd_error *err);
/* Trips of the scene's own timetable, by name. */
const hsd_trip_index *hsd_scene_trips(const hsd_scene *scene);
void hsd_scene_timetable_destroy(hsd_scene_timetable *own);

/* ---- compare_rides.c */
hsd_status hsd_trip_index_make(const hsd_timetable *timetable, hsd_trip_index *out, hsd_error *err);
void hsd_trip_index_finish(hsd_trip_index *index);
/* out[count]: the first ride to the place that is not in without[k]. */
hsd_status hsd_scene_ridden(hsd_scene_tree *tree, const hsd_feet *feet,
                            const hsd_trip_index *const *without, size_t count, hsd_ridden *out,
                            hsd_error *err);
/* Names; NULL: no ride. */
const char *hsd_ridden_line(const hsd_scene *scene, const hsd_ridden *ride);
const char *hsd_ridden_stop(const hsd_scene *scene, uint32_t stop);
#endif
