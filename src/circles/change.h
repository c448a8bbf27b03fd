/* The change between two surfaces without a network: what hsd_change_make does. */
#ifndef CIRCLES_CHANGE_H
#define CIRCLES_CHANGE_H

#include "circles/rings.h"

typedef struct hsd_change_rules {
    uint32_t cutoff_ms, faster_ms, max_vertices;
    double step_ms;               /* a leg over one cell; 0: the times are not continuous */
    const hsd_barriers *barriers; /* may be NULL */
} hsd_change_rules;
hsd_status hsd_change_draw(const hsd_surface *before, const hsd_surface *after,
                           const hsd_change_rules *rules, hsd_change *out, hsd_error *err);
#endif
