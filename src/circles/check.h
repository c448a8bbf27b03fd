/* What a circle's polygon is worth, measured on the polygon as written. */
#ifndef CIRCLES_CHECK_H
#define CIRCLES_CHECK_H

#include "circles/streets.h"

/* Time of a point, as hsd_locate and hsd_tree_feet_ms give it. feet is scratch. */
typedef struct hsd_probe {
    const hsd_tree *tree;
    const hsd_locator *locator;
    hsd_feet feet;
} hsd_probe;
hsd_status hsd_probe_ms(hsd_probe *probe, double lon, double lat, uint32_t *ms, hsd_error *err);

/* Share of seeded random land points, in the polygon's box made 10 % wider on every side, whose
 * membership differs from t <= cut-off. *count comes in as the number wanted and goes out as the
 * number found. */
hsd_status hsd_check_points(hsd_probe *probe, const hsd_region *region, uint32_t cutoff_ms,
                            uint32_t *count, double *error, hsd_error *err);
/* Do the data end before the circle does? docs/methods.md, 5. */
bool hsd_check_data_end(const hsd_tree *tree, uint32_t cutoff_ms);
#endif
