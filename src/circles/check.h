/* What a circle's polygon is worth, measured on the polygon as written. */
#ifndef CIRCLES_CHECK_H
#define CIRCLES_CHECK_H

#include "circles/streets.h"

/* Share of seeded random land points, in the polygon's box made 10 % wider on every side, whose
 * membership differs from t <= cut-off. *count comes in as the number wanted and goes out as the
 * number found. */
double hsd_check_points(const hsd_reading *reading, const hsd_region *region, uint32_t cutoff_ms,
                        uint32_t *count);
/* Do the data end before the circle does? docs/methods.md, 5. Of a reading: at a dead end that the
 * reading reaches. */
bool hsd_check_data_end(const hsd_reading *reading, uint32_t cutoff_ms);
#endif
