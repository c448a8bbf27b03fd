/* Hourshed: circles, bands, hinterlands and overlaps as polygons, with their measured error. */
#ifndef HOURSHED_CIRCLES_H
#define HOURSHED_CIRCLES_H

#include "hourshed/times.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hsd_circle_options {
    uint32_t
        max_vertices; /* a circle; 0: 2,000. Simplified together, so that circles stay nested */
    uint32_t check_points; /* seeded random land points; 0: 10,000 */
} hsd_circle_options;

typedef struct hsd_circle {
    uint32_t cutoff_ms;
    hsd_geometry polygon; /* lon/lat; valid; covers the circle of the next smaller cut-off */
    double area_km2;
    double reached_km;  /* road length reached, on edges where the mode may stop (corridor networks:
                         * on all, and the two lengths below are NAN: one leaves only at nodes) */
    double missed_km;   /* of it outside the polygon */
    double excess_km;   /* not reached, inside the polygon, on edges where the mode may stop */
    double point_error; /* share of the land points in the circle's box (10 % wider on every side)
                         * whose membership differs from t <= cut-off */
    uint32_t check_points; /* how many that was measured on */
    uint32_t vertices;
    bool data_end; /* the data end before the circle does */
} hsd_circle;
HSD_API void hsd_circle_finish(hsd_circle *circle);

/* The circles of a grown tree at ascending cut-offs, polygons nested and valid in lon/lat.
 * O(cells + vertices log vertices). */
HSD_API hsd_status hsd_circles_make(const hsd_network *network, const hsd_locator *locator,
                                    const hsd_tree *tree, const hsd_surface *surface,
                                    const uint32_t *cutoffs_ms, size_t cutoff_count,
                                    const hsd_circle_options *options, hsd_circle *out,
                                    hsd_error *err);
HSD_API hsd_status hsd_circles_read(const hsd_network *network, const hsd_locator *locator,
                                    const hsd_reading *reading, const hsd_surface *surface,
                                    const uint32_t *cutoffs_ms, size_t cutoff_count,
                                    const hsd_circle_options *options, hsd_circle *out,
                                    hsd_error *err);
/* Between two circles of one origin: outer minus inner (inner NULL: the outer itself). */
HSD_API hsd_status hsd_circle_band(const hsd_circle *outer, const hsd_circle *inner,
                                   hsd_geometry *out, hsd_error *err);

/* Competing origins and overlaps over surfaces of one lattice. Surfaces are added in any order. */
typedef struct hsd_contest hsd_contest;
HSD_API hsd_status hsd_contest_create(size_t origin_count, hsd_contest **out, hsd_error *err);
HSD_API void hsd_contest_destroy(hsd_contest *contest);
HSD_API hsd_status hsd_contest_add(hsd_contest *contest, const hsd_surface *surface,
                                   uint32_t origin, hsd_error *err);
/* Where `origin` is the nearest within the cut-off (ties: lowest index). */
HSD_API hsd_status hsd_contest_hinterland(const hsd_contest *contest, uint32_t origin,
                                          uint32_t cutoff_ms, uint32_t max_vertices,
                                          hsd_geometry *out, hsd_error *err);
/* Where at least `count` origins reach within the cut-off; nested in count. */
HSD_API hsd_status hsd_contest_overlap(const hsd_contest *contest, uint32_t count,
                                       uint32_t cutoff_ms, uint32_t max_vertices, hsd_geometry *out,
                                       hsd_error *err);

/* ---- What changed between two surfaces of one origin (design 7) --------------------------------
 */

typedef struct hsd_change_options {
    uint32_t faster_ms;    /* kept and at least this much sooner; 0: 60,000 */
    uint32_t max_vertices; /* of each polygon; 0: 2,000 */
} hsd_change_options;
typedef struct hsd_change {
    hsd_geometry gained, lost, kept,
        faster; /* lon/lat, valid, may be empty; the first three are disjoint */
    double gained_km2, lost_km2, kept_km2, faster_km2;
} hsd_change;
HSD_API void hsd_change_finish(hsd_change *change);
/* gained: before > c >= after; lost: before <= c < after; kept: both <= c; faster: kept, and sooner
 * by faster_ms. The surfaces lie on one lattice (HSD_E_ARGUMENT otherwise). Where no time changed
 * the two contours are one and the same line, so nothing gained or lost stands there; with no
 * change at all both are empty. */
HSD_API hsd_status hsd_change_make(const hsd_network *network, const hsd_locator *locator,
                                   const hsd_surface *before, const hsd_surface *after,
                                   uint32_t cutoff_ms, const hsd_change_options *options,
                                   hsd_change *out, hsd_error *err);

#ifdef __cplusplus
}
#endif
#endif
