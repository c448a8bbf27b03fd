/* Which part of an edge lies in a polygon. */
#ifndef SCENARIO_INSIDE_H
#define SCENARIO_INSIDE_H

#include "geo/barrier.h"
#include "net/network.h"

typedef struct hsd_inside_test {
    hsd_barriers polygon; /* with its index */
    hsd_box_e7 box;
    double *cuts; /* scratch */
    size_t cut_count, cut_capacity;
} hsd_inside_test;
/* The polygon is borrowed. */
hsd_status hsd_inside_init(hsd_inside_test *test, const hsd_geometry *polygon, hsd_error *err);
void hsd_inside_finish(hsd_inside_test *test);

typedef struct hsd_inside_part {
    double share; /* of the edge's length (of its segments where it has none), 0..1 */
    bool whole;   /* no part of it lies outside */
    uint32_t from_segment, to_segment; /* from the first point inside to the last one */
    double from_fraction, to_fraction;
} hsd_inside_part;
/* share 0: nowhere. Touching the border is not being inside. */
hsd_status hsd_inside_edge(hsd_inside_test *test, const hsd_network *network, uint32_t edge,
                           hsd_inside_part *out, hsd_error *err);
#endif
