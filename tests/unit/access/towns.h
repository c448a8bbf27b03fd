/* Tables of costs that tests share: five cells of Belo Horizonte with the values that R's package
 * accessibility prints for them, and four cities with a bridge, worked by hand. */
#ifndef TESTS_UNIT_ACCESS_TOWNS_H
#define TESTS_UNIT_ACCESS_TOWNS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/pairs.h"

#define FAR INFINITY /* no way */

static inline void assert_near(double found, double expected, double tolerance) {
    if (!(fabs(found - expected) <= tolerance) && found != expected)
        fail_msg("%.17g, expected %.17g", found, expected);
}
/* Printed to so many decimals. */
static inline void assert_all_near(const double *found, const double *expected, size_t count,
                                   double tolerance) {
    for (size_t i = 0; i < count; i++) {
        if (isnan(expected[i]))
            assert_true(isnan(found[i]));
        else
            assert_near(found[i], expected[i], tolerance);
    }
}

/* A square table from a full matrix, zone i of both sides the same; FAR: no pair. */
static inline hsd_cost_table square_table(size_t count, const double *minutes,
                                          const char *const *ids) {
    hsd_cost_pair pairs[64];
    uint32_t same[8];
    assert_true(count <= 8);
    for (uint32_t c = 0; c < count * count; c++)
        pairs[c] = (hsd_cost_pair){c / (uint32_t)count, c % (uint32_t)count, {minutes[c]}};
    for (uint32_t i = 0; i < count; i++) same[i] = i;
    hsd_cost_table table = {.origin_ids = ids, .target_ids = ids};
    assert_int_equal(
        hsd_cost_table_from_pairs(count, count, pairs, count * count, 1, same, &table, NULL),
        HSD_OK);
    return table;
}

static const char *const cell_ids[] = {"89a88cdb57bffff", "89a88cdb597ffff", "89a88cdb5b3ffff",
                                       "89a88cdb5cfffff", "89a88cd909bffff"};
static const double cell_minutes[] = {5.8, 47, 48, 47, 64, 45,  5.8, 13, 41, 70, 44, 13, 5.8,
                                      42,  67, 43, 43, 49, 5.8, 58,  60, 70, 68, 64, 5.8};
static const double cell_people[] = {852, 394, 1969, 2189, 0};
static const double cell_jobs[] = {82, 308, 100, 109, 0};
static const double cell_schools[] = {0, 2, 0, 0, 0};
static inline hsd_cost_table cells(void) {
    return square_table(5, cell_minutes, cell_ids);
}

/* East, West, North, South: before and after a link of 30 minutes between East and West. */
static const char *const city_ids[] = {"E", "W", "N", "S"};
static const double city_before[] = {10, 120, 60, 150, 120, 8,  60, 30,
                                     60, 60,  9,  90,  150, 30, 90, 6};
static const double city_after[] = {10, 30, 60, 60, 30, 8, 60, 30, 60, 60, 9, 90, 60, 30, 90, 6};
static const double city_people[] = {10, 4, 8, 2};
/* sqrt(people x product), product 20, 4, 12, 1 */
static const double city_mass[] = {14.142135623730951, 4, 9.797958971132712, 1.4142135623730951};
static inline hsd_cost_table cities(bool after) {
    return square_table(4, after ? city_after : city_before, city_ids);
}
#endif
