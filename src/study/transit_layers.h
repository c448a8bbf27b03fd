/* Layers that only runs by timetable have, and what the project shows of layers that hold several
 * percentiles. */
#ifndef STUDY_TRANSIT_LAYERS_H
#define STUDY_TRANSIT_LAYERS_H

#include "study/rows.h"

/* "Door to door by transit, Tuesday 2019-05-14, leaving 08:00-08:59, median". */
void hsd_transit_caption(const hsd_transit_run *run, const char *lang, char *buffer, size_t size);

/* A view a percentile, the first one visible; of one percentile or streets none. */
typedef struct hsd_percentile_views {
    hsd_layer_view *list;
    char (*texts)[2][96]; /* title, filter */
    size_t count;
} hsd_percentile_views;
hsd_status hsd_percentile_views_make(hsd_percentile_views *views, const hsd_circle_run *run,
                                     hsd_word what, hsd_error *err);
void hsd_percentile_views_finish(hsd_percentile_views *views);

/* Legs of trips, in a circle run and in the scenes of a comparison. */
typedef struct hsd_leg_writer {
    hsd_dataset *file;
    const hsd_circle_run *run;
    const char *scenario; /* NULL: no such column */
} hsd_leg_writer;
hsd_status hsd_legs_start(const hsd_leg_writer *writer, hsd_error *err);
/* Every trip that the request asks for from the origin; trees hold its times under the scene. far:
 * the locator the trees stand on. */
hsd_status hsd_legs_of_origin(const hsd_leg_writer *writer, const hsd_transit_trees *trees,
                              size_t origin, hsd_error *err);
#endif
