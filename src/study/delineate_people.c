/* delineate: who lives where. Sub-points of the population's places, each in the candidate that
 * holds it, its people shared out evenly among the sub-points of its place: the same points whose
 * times are read. Without a population the candidates' own people, evenly over their land. A point
 * on a border belongs to the first candidate that even-odd counting finds. O(points log n). */
#include <math.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "study/delineate_run.h"
#include "study/zone_index.h"
#include "times/subpoints.h"

/* ---- Places of people ---- */

typedef struct placing {
    hsd_delineate_run *run;
    const hsd_zone_index *candidates;
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
        const size_t in = hsd_zone_index_at(p->candidates, points->data[k]);
        p->run->residents.candidate[first + k] = in == SIZE_MAX ? HSD_NO_ROW : (uint32_t)in;
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
    hsd_zone_index candidates;
    placing p = {run, &candidates};
    hsd_status status = hsd_zone_index_make(&run->circle.zones, &candidates, err);
    if (status == HSD_OK)
        status = hsd_parallel_for(run->run, "placing people", run->circle.population.place_count,
                                  256, place_some, &p, err);
    hsd_zone_index_finish(&candidates);
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
