/* Zones: people are counted from times (design 5.12). A point zone is one point; a polygon zone is
 * its land sub-points, each with the same share, so that the share within a cut-off is a plain
 * count. Feet are found once, in parallel, each zone by itself; times of a tree are then O(feet).
 */
#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "geo/geos.h"
#include "times/reading.h"
#include "times/subpoints.h"

typedef struct zone {
    hsd_feet point;     /* of the zone's point, and why it has none */
    hsd_foot *feet;     /* of the sub-points, one after the other */
    uint32_t *foot_end; /* subpoints: where each one's feet end */
    uint32_t subpoints;
} zone;

struct hsd_zone_set {
    const hsd_locator *locator;
    size_t zone_count;
    zone *zones;
    size_t *first_point; /* zone_count + 1: sub-points before a zone */
};

/* ---- Making
 * ------------------------------------------------------------------------------------------ */

/* On land; all of them when none is: the zone then says that it lies in water. */
static void keep_land(const hsd_locator *locator, hsd_subpoints *points) {
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i++)
        if (!hsd_locator_in_water(locator, points->data[i].lon, points->data[i].lat))
            points->data[kept++] = points->data[i];
    points->count = kept;
}

hsd_status hsd_subpoints_of_place(const hsd_locator *locator, const hsd_place *place,
                                  hsd_subpoints *points, hsd_error *err) {
    if (place->geometry.type == HSD_GEOMETRY_POINT)
        return hsd_array_push(points, place->geometry.points[0], err) ? HSD_OK : HSD_E_MEMORY;
    hsd_status status = hsd_subpoints_make(&place->geometry, points, err);
    if (status != HSD_OK) return status;
    keep_land(locator, points);
    if (points->count > 0) return HSD_OK;
    hsd_lonlat inside;
    status = hsd_geos_point_on_surface(&place->geometry, &inside, err);
    if (status != HSD_OK) return status;
    return hsd_array_push(points, inside, err) ? HSD_OK : HSD_E_MEMORY;
}

typedef HSD_ARRAY(hsd_foot) foot_array;

static hsd_status locate_all(const hsd_locator *locator, const hsd_subpoints *points, zone *out,
                             foot_array *feet, hsd_error *err) {
    hsd_feet found = {0};
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < points->count; i++) {
        status = hsd_locate(locator, points->data[i].lon, points->data[i].lat, &found, err);
        if (status != HSD_OK) break;
        for (size_t f = 0; status == HSD_OK && f < found.count; f++)
            if (!hsd_array_push(feet, found.feet[f], err)) status = HSD_E_MEMORY;
        out->foot_end[i] = (uint32_t)feet->count;
    }
    hsd_feet_finish(&found);
    return status;
}

/* Feet in memory of their exact size: there may be a million zones. */
static hsd_status settle_feet(zone *out, foot_array *feet, hsd_error *err) {
    out->feet = hsd_alloc(feet->count, sizeof *out->feet, err);
    if (out->feet == NULL) return HSD_E_MEMORY;
    for (size_t i = 0; i < feet->count; i++) out->feet[i] = feet->data[i];
    return HSD_OK;
}

static bool usable(const hsd_place *place) {
    return place->fault == NULL && place->geometry.point_count > 0 &&
           (place->geometry.type == HSD_GEOMETRY_POINT ||
            place->geometry.type == HSD_GEOMETRY_POLYGON);
}

static hsd_status find_feet(const hsd_locator *locator, const hsd_place *place, zone *out,
                            hsd_error *err) {
    hsd_lonlat at;
    hsd_status status = hsd_geometry_point(&place->geometry, &at, err);
    if (status == HSD_OK) status = hsd_locate(locator, at.lon, at.lat, &out->point, err);
    if (status != HSD_OK) return status;
    hsd_subpoints points = {0};
    foot_array feet = {0};
    status = hsd_subpoints_of_place(locator, place, &points, err);
    if (status == HSD_OK) {
        out->foot_end = hsd_alloc(points.count, sizeof *out->foot_end, err);
        if (out->foot_end == NULL) status = HSD_E_MEMORY;
    }
    if (status == HSD_OK) status = locate_all(locator, &points, out, &feet, err);
    if (status == HSD_OK) status = settle_feet(out, &feet, err);
    if (status == HSD_OK) out->subpoints = (uint32_t)points.count;
    hsd_array_finish(&points);
    hsd_array_finish(&feet);
    return status;
}

/* A geometry that GEOS will not take is this zone's trouble, not the others'. */
static hsd_status make_zone(const hsd_locator *locator, const hsd_place *place, zone *out,
                            hsd_error *err) {
    hsd_status status = HSD_OK;
    bool bad = !usable(place);
    if (!bad) {
        status = find_feet(locator, place, out, err);
        bad = status != HSD_OK && status != HSD_E_MEMORY;
    }
    if (!bad) return status;
    out->point.reason = HSD_SNAP_BAD_GEOMETRY;
    out->point.count = out->subpoints = 0;
    return HSD_OK;
}

typedef struct making {
    hsd_zone_set *zones;
    const hsd_place_table *places;
} making;

static hsd_status make_some(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    (void)worker;
    const making *work = context;
    for (size_t i = begin; i < end; i++) {
        const hsd_status status =
            make_zone(work->zones->locator, &work->places->places[i], &work->zones->zones[i], err);
        if (status != HSD_OK) {
            const char *id = work->places->places[i].id;
            return hsd_fail_prefix(err, status, "zone \"%.40s\"", id ? id : "");
        }
    }
    return HSD_OK;
}

hsd_status hsd_zone_set_create(const hsd_locator *locator, const hsd_place_table *places,
                               const hsd_run *run, hsd_zone_set **out, hsd_error *err) {
    *out = NULL;
    hsd_zone_set *zones = hsd_calloc(1, sizeof *zones, err);
    if (zones == NULL) return HSD_E_MEMORY;
    zones->locator = locator;
    zones->zone_count = places->place_count;
    zones->zones = hsd_calloc(places->place_count, sizeof *zones->zones, err);
    zones->first_point = hsd_calloc(places->place_count + 1, sizeof *zones->first_point, err);
    hsd_status status = zones->zones && zones->first_point ? HSD_OK : HSD_E_MEMORY;
    making work = {zones, places};
    if (status == HSD_OK)
        status =
            hsd_parallel_for(run, "locating zones", places->place_count, 64, make_some, &work, err);
    if (status != HSD_OK) {
        hsd_zone_set_destroy(zones);
        return status;
    }
    for (size_t i = 0; i < zones->zone_count; i++)
        zones->first_point[i + 1] = zones->first_point[i] + zones->zones[i].subpoints;
    *out = zones;
    return HSD_OK;
}

void hsd_zone_set_destroy(hsd_zone_set *zones) {
    if (zones == NULL) return;
    for (size_t i = 0; zones->zones != NULL && i < zones->zone_count; i++) {
        hsd_feet_finish(&zones->zones[i].point);
        hsd_free(zones->zones[i].feet);
        hsd_free(zones->zones[i].foot_end);
    }
    hsd_free(zones->first_point);
    hsd_free(zones->zones);
    hsd_free(zones);
}

size_t hsd_zone_set_count(const hsd_zone_set *zones) {
    return zones->zone_count;
}

hsd_snap_reason hsd_zone_set_reason(const hsd_zone_set *zones, size_t zone_index) {
    return zones->zones[zone_index].point.reason;
}

const hsd_feet *hsd_zone_set_feet(const hsd_zone_set *zones, size_t zone_index) {
    return &zones->zones[zone_index].point;
}

/* ---- Times
 * ------------------------------------------------------------------------------------------- */

/* Time of sub-point i of a zone; *foot walks through the feet of all, in order. */
static uint32_t subpoint_ms(const zone *z, const hsd_reading *reading, uint32_t i, uint32_t *foot) {
    const uint32_t first = *foot;
    *foot = z->foot_end[i];
    return hsd_reading_least_ms(reading, z->feet + first, *foot - first);
}

static void zone_times(const zone *z, const hsd_reading *reading, const uint32_t *cutoffs_ms,
                       size_t cutoff_count, hsd_zone_time *out, double *shares) {
    uint64_t sum = 0;
    bool missing = z->subpoints == 0;
    uint32_t foot = 0;
    for (size_t c = 0; c < cutoff_count; c++) shares[c] = 0;
    for (uint32_t i = 0; i < z->subpoints; i++) {
        const uint32_t best = subpoint_ms(z, reading, i, &foot);
        missing = missing || best >= HSD_UNREACHABLE;
        sum += best;
        for (size_t c = 0; c < cutoff_count; c++)
            if (best < HSD_UNREACHABLE && best <= cutoffs_ms[c]) shares[c] += 1;
    }
    for (size_t c = 0; c < cutoff_count; c++)
        if (z->subpoints > 0) shares[c] /= z->subpoints;
    out->point_ms = hsd_reading_feet_ms(reading, &z->point);
    out->mean_ms = missing ? HSD_UNREACHABLE : (uint32_t)((sum + z->subpoints / 2) / z->subpoints);
    out->subpoints = z->subpoints;
}

hsd_status hsd_zone_set_read(const hsd_zone_set *zones, const hsd_reading *reading,
                             const uint32_t *cutoffs_ms, size_t cutoff_count, hsd_zone_time *out,
                             double *shares, hsd_error *err) {
    size_t total;
    if (__builtin_mul_overflow(zones->zone_count, cutoff_count, &total) || total > UINT32_MAX)
        return hsd_fail(err, HSD_E_MEMORY, "%zu zones at %zu cut-offs are more than a table holds",
                        zones->zone_count, cutoff_count);
    for (size_t i = 0; i < zones->zone_count; i++) {
        out[i].first_share = (uint32_t)(i * cutoff_count);
        zone_times(&zones->zones[i], reading, cutoffs_ms, cutoff_count, &out[i],
                   shares + i * cutoff_count);
    }
    return HSD_OK;
}

hsd_status hsd_zone_set_times(const hsd_zone_set *zones, const hsd_tree *tree,
                              const uint32_t *cutoffs_ms, size_t cutoff_count, hsd_zone_time *out,
                              double *shares, hsd_error *err) {
    const hsd_reading reading = hsd_reading_of(&tree);
    return hsd_zone_set_read(zones, &reading, cutoffs_ms, cutoff_count, out, shares, err);
}

size_t hsd_zone_set_point_count(const hsd_zone_set *zones) {
    return zones->first_point[zones->zone_count];
}

size_t hsd_zone_set_points(const hsd_zone_set *zones, size_t zone_index, size_t *first) {
    *first = zones->first_point[zone_index];
    return zones->zones[zone_index].subpoints;
}

void hsd_zone_set_point_read(const hsd_zone_set *zones, const hsd_reading *reading,
                             uint32_t *out_ms) {
    for (size_t i = 0; i < zones->zone_count; i++) {
        uint32_t foot = 0;
        for (uint32_t k = 0; k < zones->zones[i].subpoints; k++)
            *out_ms++ = subpoint_ms(&zones->zones[i], reading, k, &foot);
    }
}

void hsd_zone_set_point_times(const hsd_zone_set *zones, const hsd_tree *tree, uint32_t *out_ms) {
    const hsd_reading reading = hsd_reading_of(&tree);
    hsd_zone_set_point_read(zones, &reading, out_ms);
}
