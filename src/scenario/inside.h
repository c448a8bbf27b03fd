/* Which part of an edge lies in a polygon, and where. */
#ifndef SCENARIO_INSIDE_H
#define SCENARIO_INSIDE_H

#include "base/memory.h"
#include "geo/barrier.h"
#include "net/network.h"

/* A run of an edge inside, by positions. */
typedef struct hsd_inside_stretch {
    uint32_t from_segment, to_segment;
    double from_fraction, to_fraction;
} hsd_inside_stretch;

typedef struct hsd_inside_test {
    hsd_barriers polygon; /* with its index */
    hsd_box_e7 box;
    double *cuts; /* scratch */
    size_t cut_count, cut_capacity;
    HSD_ARRAY(hsd_inside_stretch) stretches; /* of the last edge, ascending, apart */
    bool inside;                             /* scratch: the last part seen is */
} hsd_inside_test;
/* The polygon is borrowed. */
hsd_status hsd_inside_init(hsd_inside_test *test, const hsd_geometry *polygon, hsd_error *err);
void hsd_inside_finish(hsd_inside_test *test);

typedef struct hsd_inside_part {
    double share; /* of the edge's length (of its segments where it has none), 0..1 */
    bool whole;   /* no part of it lies outside: one stretch, from end to end */
} hsd_inside_part;
/* Fills the test's stretches, too. share 0: nowhere. Touching the border is not being inside. */
hsd_status hsd_inside_edge(hsd_inside_test *test, const hsd_network *network, uint32_t edge,
                           hsd_inside_part *out, hsd_error *err);
#endif
