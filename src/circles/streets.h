/* The streets near a circle on which the mode may stop, and which parts of them are reached: what
 * the errors are measured on. */
#ifndef CIRCLES_STREETS_H
#define CIRCLES_STREETS_H

#include "circles/region.h"
#include "circles/rings.h"
#include "times/reading.h"

typedef struct hsd_interval {
    uint32_t edge;
    double from_m, to_m; /* metres from the drawn start */
} hsd_interval;

typedef struct hsd_local_streets {
    const hsd_locator *locator;
    uint32_t *edges; /* ascending: admit stopping and meet the box */
    size_t edge_count;
    size_t *first; /* edge_count + 1, into place */
    float *place;  /* u, v of the edges' points: columns and rows of the field */
} hsd_local_streets;
hsd_status hsd_local_streets_near(const hsd_locator *locator, hsd_box_e7 box,
                                  const hsd_field_grid *field, hsd_local_streets *out,
                                  hsd_error *err);
void hsd_local_streets_finish(hsd_local_streets *streets);

typedef HSD_ARRAY(hsd_interval) hsd_interval_array;
/* Reached parts of edges that admit stopping, ascending edge then position. */
hsd_status hsd_local_streets_reached(const hsd_reading *reading, uint32_t cutoff_ms,
                                     hsd_interval_array *out, hsd_error *err);

/* The pieces behind it: the tree's own where there is one tree alone. */
hsd_status hsd_local_streets_pieces(const hsd_reading *reading, uint32_t cutoff_ms,
                                    hsd_piece_visit visit, void *context, hsd_error *err);

/* Adds to each lattice point what covering it is worth in street length: the metres near it that
 * are reached less half of those that are not, times weight. */
void hsd_local_streets_gain(const hsd_local_streets *streets, const hsd_interval_array *reached,
                            const hsd_field_grid *field, double weight, int32_t *gain);

typedef struct hsd_street_errors {
    double reached_m, missed_m, excess_m;
} hsd_street_errors;
/* Of a polygon. O(points of the streets). */
hsd_status hsd_local_streets_errors(const hsd_local_streets *streets,
                                    const hsd_interval_array *reached, const hsd_region *region,
                                    hsd_street_errors *out, hsd_error *err);
#endif
