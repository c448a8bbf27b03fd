/* Parts of a run's picture that circles and comparisons share. */
#ifndef STUDY_CIRCLE_MAP_H
#define STUDY_CIRCLE_MAP_H

#include "hourshed/figures.h"
#include "study/circle_run.h"

typedef struct hsd_bounds {
    double min_lon, min_lat, max_lon, max_lat;
} hsd_bounds;
#define HSD_NO_BOUNDS                                                                              \
    { 180, 90, -180, -90 }
void hsd_bounds_stretch(hsd_bounds *bounds, const hsd_geometry *geometry);
/* The bounds and a little around them. */
void hsd_map_frame_bounds(hsd_map *map, const hsd_bounds *bounds);

typedef struct hsd_captions {
    char subtitle[256], footer[256]; /* profiles; sources, may be empty */
} hsd_captions;
void hsd_map_captions(const hsd_circle_run *run, hsd_captions *out);

/* Circles of some origins (cut-offs of each), from the largest cut-off to the smallest. */
hsd_status hsd_map_circles(const hsd_circle_run *run, hsd_map *map,
                           const hsd_circle *const *circles, size_t count, hsd_bounds *bounds,
                           hsd_error *err);
hsd_status hsd_map_water(const hsd_circle_run *run, hsd_map *map, hsd_error *err);
/* Origins and zones: names that come first have the better places. */
hsd_status hsd_map_places(const hsd_circle_run *run, hsd_map *map, hsd_error *err);
hsd_status hsd_map_point(hsd_map *map, hsd_lonlat at, const hsd_map_style *style, const char *label,
                         hsd_error *err);

/* Reached stops, by timetable, where there are no streets. */
hsd_status hsd_map_stops(const hsd_circle_run *run, hsd_map *map, hsd_error *err);

/* What runs on the date around the bounds, by timetable (NULL: nothing): in the picture, and as
 * layer timetable_lines. */
hsd_status hsd_map_timetable_lines(const hsd_transit_run *transit, const char *lang, hsd_map *map,
                                   const hsd_bounds *bounds, hsd_error *err);
hsd_status hsd_write_timetable_lines(hsd_dataset *file, const hsd_circle_run *run,
                                     const hsd_bounds *bounds, hsd_error *err);
/* Of all circles of a circle run. */
hsd_bounds hsd_circle_bounds(const hsd_circle_run *run);

/* Reached streets as thin lines: a visitor of pieces. */
typedef struct hsd_street_drawing {
    const hsd_network *network;
    hsd_map *map;
} hsd_street_drawing;
hsd_status hsd_map_piece(void *drawing, const hsd_piece *piece, hsd_error *err);
/* So few that they do not blacken the picture: a corridor network. */
bool hsd_map_few_streets(const hsd_circle_run *run);
#endif
