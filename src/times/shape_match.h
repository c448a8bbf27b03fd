/* Where the calls of a trip lie on its shape. */
#ifndef TIMES_SHAPE_MATCH_H
#define TIMES_SHAPE_MATCH_H

#include "hourshed/net.h"

typedef struct hsd_shape_place {
    uint32_t segment; /* from the shape's point of that number to the next */
    double fraction;  /* of it */
    double away_m;    /* of the stop */
    hsd_lonlat at;
} hsd_shape_place;

/* The trip has a shape, and one that so many of its calls can be matched to. */
bool hsd_shape_fits(const hsd_timetable *timetable, uint32_t trip, uint32_t call_count);
/* out[call_count]: of calls of the trip, in order. After hsd_shape_fits. */
hsd_status hsd_shape_match(const hsd_timetable *timetable, uint32_t trip, uint32_t first_call,
                           uint32_t call_count, hsd_shape_place *out, hsd_error *err);
#endif
