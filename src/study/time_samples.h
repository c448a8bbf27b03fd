/* The points at which the times of zones are taken. */
#ifndef STUDY_TIME_SAMPLES_H
#define STUDY_TIME_SAMPLES_H

#include "hourshed/study.h"

typedef struct hsd_time_samples {
    hsd_zone_at at;
    hsd_place_table points; /* of all zones in their order; their ids are borrowed */
    hsd_lonlat *places;     /* where they are */
    double *weights;        /* WEIGHTED: people; else NULL */
    size_t *first;          /* zones + 1: the points of a zone */
    size_t empty;           /* WEIGHTED: zones where nobody lives, taken at their point */
} hsd_time_samples;

/* people: WEIGHTED alone; its first mass weighs. locator: says where water is. */
hsd_status hsd_time_samples_make(hsd_zone_at at, const hsd_place_table *zones,
                                 const hsd_place_table *people, const hsd_locator *locator,
                                 hsd_time_samples *out, hsd_error *err);
void hsd_time_samples_finish(hsd_time_samples *samples);
/* Of a zone, from the times of all points: POINT as it is, AREA and WEIGHTED the mean, rounded half
 * up; HSD_UNREACHABLE where some point is not reached. */
uint32_t hsd_time_samples_zone_ms(const hsd_time_samples *samples, size_t zone, const uint32_t *ms);
#endif
