/* delineate: who lives where. Sub-points of the population's places, each in the candidate that
 * holds it, its people shared out evenly among the sub-points of its place: the same points whose
 * times are read. Without a population the candidates' own people, evenly over their land. A point
 * on a border belongs to the first candidate that even-odd counting finds. O(points log n). */
#include <math.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "geo/barrier.h"
#include "geo/geometry.h"
#include "study/delineate_run.h"
#include "times/subpoints.h"

/* ---- Candidates in space ---- */

typedef struct atlas {
    const hsd_place_table *zones;
    hsd_rtree boxes;    /* of candidates */
    hsd_rtree *borders; /* segments of each */
} atlas;

static hsd_box_e7 box_of(const hsd_geometry *g) {
    hsd_box_e7 box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (size_t i = 0; i < g->point_count; i++) {
        const int32_t x = (int32_t)lround(g->points[i].lon * 1e7);
        const int32_t y = (int32_t)lround(g->points[i].lat * 1e7);
        if (x < box.min_lon_e7) box.min_lon_e7 = x;
        if (y < box.min_lat_e7) box.min_lat_e7 = y;
        if (x > box.max_lon_e7) box.max_lon_e7 = x;
        if (y > box.max_lat_e7) box.max_lat_e7 = y;
    }
    return box;
}

static hsd_status make_atlas(const hsd_place_table *zones, atlas *out, hsd_error *err) {
    const size_t count = zones->place_count;
    hsd_box_e7 *boxes = hsd_alloc(count, sizeof *boxes, err);
    *out = (atlas){.zones = zones};
    out->borders = hsd_calloc(count, sizeof *out->borders, err);
    hsd_status status = boxes && out->borders ? HSD_OK : HSD_E_MEMORY;
    for (size_t z = 0; status == HSD_OK && z < count; z++) {
        boxes[z] = box_of(&zones->places[z].geometry);
        status = hsd_barriers_index(&zones->places[z].geometry, &out->borders[z], err);
    }
    if (status == HSD_OK) status = hsd_rtree_build(boxes, NULL, (uint32_t)count, &out->boxes, err);
    hsd_free(boxes);
    return status;
}

static void finish_atlas(atlas *a) {
    for (size_t z = 0; a->borders && z < a->zones->place_count; z++)
        hsd_rtree_finish(&a->borders[z]);
    hsd_free(a->borders);
    hsd_rtree_finish(&a->boxes);
}

typedef struct search {
    const atlas *atlas;
    hsd_lonlat at;
    uint32_t inside, on_border; /* the lowest; HSD_NO_ROW: none */
} search;

static bool look_at(void *context, uint32_t item) {
    search *s = context;
    const hsd_geometry *shape = &s->atlas->zones->places[item].geometry;
    const hsd_barriers borders = {shape, &s->atlas->borders[item]};
    if (hsd_barriers_contain(&borders, s->at.lon, s->at.lat)) {
        if (item < s->inside) s->inside = item;
    } else if (!hsd_barriers_clear(&borders, hsd_box_around(s->at.lon, s->at.lat, 0.1)) &&
               item < s->on_border && hsd_geometry_holds(shape, s->at)) {
        s->on_border = item;
    }
    return true;
}

static uint32_t candidate_at(const atlas *a, hsd_lonlat at) {
    search s = {a, at, HSD_NO_ROW, HSD_NO_ROW};
    const hsd_point_e7 point = {(int32_t)lround(at.lon * 1e7), (int32_t)lround(at.lat * 1e7)};
    hsd_rtree_query(&a->boxes, hsd_box_of(point, point), look_at, &s);
    return s.inside != HSD_NO_ROW ? s.inside : s.on_border;
}

/* ---- Places of people ---- */

typedef struct placing {
    hsd_delineate_run *run;
    const atlas *atlas;
} placing;

static hsd_status place_one(const placing *p, size_t i, hsd_subpoints *points, hsd_error *err) {
    const hsd_profile_run *profile = &p->run->circle.profiles[0];
    const hsd_place *place = &p->run->circle.population.places[i];
    size_t first;
    const size_t count = hsd_zone_set_points(profile->population, i, &first);
    if (count == 0) return HSD_OK;
    points->count = 0;
    hsd_status status = hsd_subpoints_of_place(profile->locator, place, points, err);
    if (status == HSD_OK && points->count != count)
        status = hsd_fail(err, HSD_E_INTERNAL, "place %.40s has %zu points, and %zu times",
                          place->id, points->count, count);
    for (size_t k = 0; status == HSD_OK && k < count; k++) {
        p->run->residents.candidate[first + k] = candidate_at(p->atlas, points->data[k]);
        p->run->residents.weight[first + k] = place->masses[0] / (double)count;
    }
    return status;
}

static hsd_status place_some(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    (void)worker;
    hsd_subpoints points = {0};
    hsd_status status = HSD_OK;
    for (size_t i = begin; status == HSD_OK && i < end; i++)
        status = place_one(context, i, &points, err);
    hsd_array_finish(&points);
    return status;
}

static hsd_status place_population(hsd_delineate_run *run, hsd_error *err) {
    atlas a;
    placing p = {run, &a};
    hsd_status status = make_atlas(&run->circle.zones, &a, err);
    if (status == HSD_OK)
        status = hsd_parallel_for(run->run, "placing people", run->circle.population.place_count,
                                  256, place_some, &p, err);
    finish_atlas(&a);
    return status;
}

/* Their own people, evenly over their sub-points. */
static void place_own(hsd_delineate_run *run) {
    for (uint32_t z = 0; z < hsd_delineate_candidates(run); z++) {
        size_t first;
        const size_t count = hsd_zone_set_points(run->circle.profiles[0].zones, z, &first);
        for (size_t k = first; k < first + count; k++) {
            run->residents.candidate[k] = z;
            run->residents.weight[k] = run->circle.zones.places[z].masses[0] / (double)count;
        }
    }
}

/* ---- Sums ---- */

static hsd_status sum_up(hsd_delineate_run *run, hsd_error *err) {
    const hsd_residents *people = &run->residents;
    const size_t candidates = hsd_delineate_candidates(run);
    double nowhere = 0;
    size_t empty = 0, first = 0;
    run->population = hsd_calloc(candidates, sizeof(double), err);
    if (!run->population) return HSD_E_MEMORY;
    for (size_t i = 0; i < people->count; i++) {
        if (people->candidate[i] == HSD_NO_ROW)
            nowhere += people->weight[i];
        else
            run->population[people->candidate[i]] += people->weight[i];
    }
    for (size_t z = candidates; z-- > 0;)
        if (!(run->population[z] > 0)) {
            empty++;
            first = z;
        }
    if (empty == candidates)
        return hsd_fail(err, HSD_E_FORMAT,
                        "nobody lives in any of %zu candidates: %s is 0 in all of them%s",
                        candidates, run->people,
                        people->apart ? ", or lies in none (layers of different places?)" : "");
    if (empty)
        hsd_log(run->run, HSD_LOG_WARNING,
                "nobody lives in %zu of %zu candidates (%s the first): conditions on people do not "
                "hold there",
                empty, candidates, run->circle.zones.places[first].id);
    if (nowhere > 0) hsd_log(run->run, HSD_LOG_INFO, "%.0f people live in no candidate", nowhere);
    return HSD_OK;
}

hsd_status hsd_delineate_people(hsd_delineate_run *run, hsd_error *err) {
    const hsd_profile_run *profile = &run->circle.profiles[0];
    hsd_residents *people = &run->residents;
    if (!run->people) return HSD_OK;
    people->apart = run->request->circle.population != NULL;
    people->count = hsd_zone_set_point_count(people->apart ? profile->population : profile->zones);
    people->candidate = hsd_alloc(people->count, sizeof *people->candidate, err);
    people->weight = hsd_calloc(people->count, sizeof *people->weight, err);
    if (!people->candidate || !people->weight) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    if (people->apart)
        status = place_population(run, err);
    else
        place_own(run);
    return status == HSD_OK ? sum_up(run, err) : status;
}
