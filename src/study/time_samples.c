/* Where the time of a zone is taken (docs/methods.md, 17): its one point, the sub-points that stand
 * for equal parts of its land, or the places of the people who live in it: points, or sub-points of
 * polygons with equal shares of their people, each in the first zone that holds it. All become
 * points with feet of their own, so that streets and egress tables read them alike.
 * O(points x zones near them). */
#include "study/time_samples.h"

#include <math.h>

#include "base/memory.h"
#include "geo/geometry.h"
#include "study/zone_index.h"
#include "times/subpoints.h"

typedef struct sample {
    hsd_lonlat at;
    double weight;
    size_t zone;
} sample;

typedef struct gathering {
    hsd_zone_at at;
    const hsd_place_table *zones, *people;
    const hsd_locator *locator;
    HSD_ARRAY(sample) samples;
    size_t empty;
} gathering;

static hsd_status add_points(gathering *g, size_t zone, const hsd_subpoints *points, double weight,
                             hsd_error *err) {
    for (size_t i = 0; i < points->count; i++)
        if (!hsd_array_push(&g->samples, ((sample){points->data[i], weight, zone}), err))
            return HSD_E_MEMORY;
    return HSD_OK;
}

static hsd_status add_point(gathering *g, size_t zone, hsd_error *err) {
    sample s = {.weight = 1, .zone = zone};
    hsd_status status = hsd_geometry_point(&g->zones->places[zone].geometry, &s.at, err);
    if (status != HSD_OK) return hsd_fail_prefix(err, status, "zone %s", g->zones->places[zone].id);
    return hsd_array_push(&g->samples, s, err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status add_area(gathering *g, size_t zone, hsd_error *err) {
    hsd_subpoints points = {0};
    hsd_status status = hsd_subpoints_of_place(g->locator, &g->zones->places[zone], &points, err);
    if (status == HSD_OK) status = add_points(g, zone, &points, 1, err);
    hsd_array_finish(&points);
    return status;
}

/* ---- People ---- */

static hsd_status add_place(gathering *g, const hsd_zone_index *index, const hsd_place *place,
                            hsd_subpoints *points, hsd_error *err) {
    if (!(place->masses[0] > 0)) return HSD_OK;
    points->count = 0;
    hsd_status status = hsd_subpoints_of_place(g->locator, place, points, err);
    if (status != HSD_OK) return hsd_fail_prefix(err, status, "population %s", place->id);
    for (size_t i = 0; i < points->count; i++) {
        const sample s = {points->data[i], place->masses[0] / (double)points->count,
                          hsd_zone_index_at(index, points->data[i])};
        if (s.zone != SIZE_MAX && !hsd_array_push(&g->samples, s, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status add_people(gathering *g, hsd_error *err) {
    hsd_zone_index index = {0};
    hsd_subpoints points = {0};
    uint8_t *lived_in = hsd_calloc(g->zones->place_count, 1, err);
    hsd_status status = lived_in ? hsd_zone_index_make(g->zones, &index, err) : HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < g->people->place_count; i++)
        status = add_place(g, &index, &g->people->places[i], &points, err);
    for (size_t i = 0; status == HSD_OK && i < g->samples.count; i++)
        lived_in[g->samples.data[i].zone] = 1;
    for (size_t z = 0; status == HSD_OK && z < g->zones->place_count; z++)
        if (!lived_in[z]) {
            g->empty++;
            status = add_point(g, z, err);
        }
    hsd_array_finish(&points);
    hsd_zone_index_finish(&index);
    hsd_free(lived_in);
    return status;
}

/* ---- In the order of zones ---- */

static hsd_status settle(const gathering *g, hsd_time_samples *out, hsd_error *err) {
    static size_t one = 1; /* a point's only ring; never written to */
    const size_t zones = g->zones->place_count, count = g->samples.count;
    out->first = hsd_calloc(zones + 2, sizeof *out->first, err);
    out->places = hsd_alloc(count, sizeof *out->places, err);
    out->weights = hsd_alloc(count, sizeof *out->weights, err);
    out->points.places = hsd_calloc(count, sizeof *out->points.places, err);
    if (!out->first || !out->places || !out->weights || !out->points.places) return HSD_E_MEMORY;
    size_t *next = out->first + 1; /* counts, then where the next one goes, then ends */
    for (size_t i = 0; i < count; i++) next[g->samples.data[i].zone + 1]++;
    for (size_t z = 0; z < zones; z++) next[z + 1] += next[z];
    for (size_t i = 0; i < count; i++) {
        const sample *s = &g->samples.data[i];
        const size_t k = next[s->zone]++;
        out->places[k] = s->at;
        out->weights[k] = s->weight;
        out->points.places[k] =
            (hsd_place){.id = g->zones->places[s->zone].id,
                        .geometry = {HSD_GEOMETRY_POINT, 1, 1, 0, &out->places[k], &one, NULL}};
    }
    out->points.place_count = count;
    return HSD_OK;
}

hsd_status hsd_time_samples_make(hsd_zone_at at, const hsd_place_table *zones,
                                 const hsd_place_table *people, const hsd_locator *locator,
                                 hsd_time_samples *out, hsd_error *err) {
    gathering g = {.at = at, .zones = zones, .people = people, .locator = locator};
    *out = (hsd_time_samples){.at = at};
    hsd_status status = HSD_OK;
    if (at == HSD_ZONE_WEIGHTED) status = add_people(&g, err);
    for (size_t z = 0; status == HSD_OK && at != HSD_ZONE_WEIGHTED && z < zones->place_count; z++)
        status = at == HSD_ZONE_AREA ? add_area(&g, z, err) : add_point(&g, z, err);
    if (status == HSD_OK) status = settle(&g, out, err);
    out->empty = g.empty;
    hsd_array_finish(&g.samples);
    if (status != HSD_OK) hsd_time_samples_finish(out);
    return status;
}

void hsd_time_samples_finish(hsd_time_samples *samples) {
    hsd_free(samples->points.places);
    hsd_free(samples->places);
    hsd_free(samples->weights);
    hsd_free(samples->first);
    *samples = (hsd_time_samples){0};
}

uint32_t hsd_time_samples_zone_ms(const hsd_time_samples *samples, size_t zone,
                                  const uint32_t *ms) {
    const size_t first = samples->first[zone], count = samples->first[zone + 1] - first;
    if (samples->at == HSD_ZONE_POINT) return ms[first];
    uint64_t sum = 0;
    double people = 0, spent = 0;
    for (size_t i = first; i < first + count; i++) {
        if (ms[i] >= HSD_UNREACHABLE) return HSD_UNREACHABLE;
        sum += ms[i];
        people += samples->weights[i];
        spent += samples->weights[i] * ms[i];
    }
    return samples->at == HSD_ZONE_AREA ? (uint32_t)((sum + count / 2) / count)
                                        : (uint32_t)floor(spent / people + 0.5);
}
