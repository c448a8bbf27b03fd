/* City to city: from gate to gate, from centre to centre, and on the average over the people of
 * both. Initial costs of gates are left out: published times are portal to portal (design 5.4).
 * The average takes a search a population point, O(points) of them. */
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "study/scene_tree.h"

/* Of searches; by timetable one is a search an instant. */
enum { MOST_SEARCHES = 3000 };

static uint32_t target_ms(const hsd_scene_tree *tree, size_t target) {
    return hsd_scene_tree_zone_ms(tree, tree->scene->targets, tree->scene->link_targets, target);
}

uint32_t hsd_scene_city(const hsd_scene_tree *tree, size_t origin, bool gates) {
    const hsd_city *city = &tree->run->cities[origin];
    size_t first = gates ? city->first_gate : city->centre, count = gates ? city->gates : 1;
    uint32_t best = HSD_UNREACHABLE;
    if (city->centre == SIZE_MAX) return best;
    for (size_t i = first; i < first + count; i++) {
        uint32_t ms = target_ms(tree, i);
        if (ms < best) best = ms;
    }
    return best;
}

const hsd_feet *hsd_scene_city_feet(const hsd_scene_tree *tree, size_t origin) {
    const hsd_compare_run *run = tree->run;
    const hsd_city *city = &run->cities[origin];
    size_t best = city->centre;
    uint32_t least = HSD_UNREACHABLE;
    for (size_t i = city->first_gate; run->gates && i < city->first_gate + city->gates; i++) {
        uint32_t ms = target_ms(tree, i);
        if (ms >= least) continue;
        least = ms;
        best = i;
    }
    return hsd_zone_set_feet(tree->scene->targets, best);
}

hsd_status hsd_scene_grow_city(hsd_scene_tree *tree, hsd_direction direction, size_t origin,
                               bool gates, hsd_error *err) {
    const hsd_city *city = &tree->run->cities[origin];
    return hsd_scene_grow(tree, direction, gates ? city->first_gate : city->centre,
                          gates ? city->gates : 1, NULL, NULL, err);
}

static hsd_status take(hsd_scene_tree *tree, size_t profile, bool gates, uint32_t **out,
                       hsd_error *err) {
    size_t count = tree->run->circle.origins.count;
    *out = hsd_alloc(count, sizeof **out, err);
    if (!*out) return HSD_E_MEMORY;
    hsd_scene_tree_choose(tree, profile);
    for (size_t o = 0; o < count; o++) (*out)[o] = hsd_scene_city(tree, o, gates);
    return HSD_OK;
}

hsd_status hsd_scene_cities(hsd_scene_tree *tree, size_t first_profile, size_t profiles,
                            size_t origin, size_t scene, hsd_error *err) {
    const hsd_compare_run *run = tree->run;
    hsd_status status = HSD_OK;
    for (int gates = 0; gates < (run->gates ? 2 : 1); gates++) {
        if (status == HSD_OK)
            status = hsd_scene_grow_city(tree, run->circle.request->direction, origin, gates, err);
        for (size_t p = first_profile; status == HSD_OK && p < first_profile + profiles; p++) {
            hsd_scene_result *result = hsd_scene_result_at(run, p, origin, scene);
            status = take(tree, p, gates, gates ? &result->gate_ms : &result->centre_ms, err);
        }
    }
    return status;
}

/* ---- Means over people ---- */

typedef struct means {
    hsd_compare_run *run;
    uint32_t *city_of; /* population places: origin, UINT32_MAX: none */
    uint32_t *points;  /* population places of cities, ascending */
    size_t point_count;
    hsd_popmean *sums; /* profiles x points x scenes x origins */
} means;

/* By the field of ids, else the polygon it lies in; the first origin that has it. */
static hsd_status find_city(const hsd_compare_run *run, const hsd_place *place, uint32_t *out,
                            hsd_error *err) {
    const hsd_origin_list *origins = &run->circle.origins;
    hsd_lonlat at;
    *out = UINT32_MAX;
    if (place->fault || !(place->masses[0] > 0)) return HSD_OK;
    hsd_status status = hsd_geometry_point(&place->geometry, &at, err);
    for (size_t o = 0; status == HSD_OK && o < origins->count && *out == UINT32_MAX; o++) {
        const hsd_origin *origin = &origins->origins[o];
        bool in = run->request->city_of ? strcmp(place->name, origin->id) == 0
                                        : origin->geometry.type == HSD_GEOMETRY_POLYGON &&
                                              hsd_geometry_holds(&origin->geometry, at);
        if (in) *out = (uint32_t)o;
    }
    return status;
}

static hsd_status find_points(means *m, hsd_error *err) {
    const hsd_place_table *people = &m->run->circle.population;
    m->city_of = hsd_alloc(people->place_count, sizeof *m->city_of, err);
    m->points = hsd_alloc(people->place_count, sizeof *m->points, err);
    hsd_status status = m->city_of && m->points ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < people->place_count; i++) {
        status = find_city(m->run, &people->places[i], &m->city_of[i], err);
        if (status == HSD_OK && m->city_of[i] != UINT32_MAX)
            m->points[m->point_count++] = (uint32_t)i;
    }
    return status;
}

static hsd_status grow_point(hsd_scene_tree *tree, size_t place, hsd_error *err) {
    const hsd_circle_run *c = &tree->run->circle;
    hsd_lonlat at;
    hsd_status status = hsd_geometry_point(&c->population.places[place].geometry, &at, err);
    return status == HSD_OK
               ? hsd_scene_tree_grow(tree, c->request->direction, &at, NULL, 1, NULL, err)
               : status;
}

/* Sums of one point under one scene; pairs without a way before or after are left out of both. */
static void add_pairs(const means *m, const hsd_scene_tree *tree, uint32_t from, size_t s,
                      uint32_t *before, hsd_popmean *sums) {
    const hsd_scene *scene = tree->scene;
    const hsd_place_table *people = &m->run->circle.population;
    for (size_t k = 0; k < m->point_count; k++) {
        uint32_t to = m->points[k], city = m->city_of[to];
        if (city == m->city_of[from]) continue;
        uint32_t now = hsd_scene_tree_zone_ms(tree, scene->population, scene->link_population, to);
        if (s == 0) before[k] = now;
        if (before[k] >= HSD_UNREACHABLE || now >= HSD_UNREACHABLE) continue;
        double weight = people->places[from].masses[0] * people->places[to].masses[0];
        sums[city].weight += weight;
        sums[city].before += weight * before[k] / 60000.0;
        sums[city].after += weight * now / 60000.0;
    }
}

static hsd_status mean_task(means *m, size_t number, hsd_error *err) {
    hsd_compare_run *run = m->run;
    size_t p = number / m->point_count, i = number % m->point_count;
    size_t origins = run->circle.origins.count;
    uint32_t *before = hsd_alloc(m->point_count, sizeof *before, err);
    hsd_status status = before ? HSD_OK : HSD_E_MEMORY;
    for (size_t s = 0; status == HSD_OK && s < run->scene_count; s++) {
        hsd_scene_tree *tree = NULL;
        status = hsd_scene_tree_create(run, hsd_scene_of(run, p, s), &tree, err);
        if (status == HSD_OK) status = grow_point(tree, m->points[i], err);
        if (status == HSD_OK) {
            hsd_scene_tree_choose(tree, p);
            add_pairs(m, tree, m->points[i], s, before,
                      m->sums + (number * run->scene_count + s) * origins);
        }
        hsd_scene_tree_destroy(tree);
    }
    hsd_free(before);
    return status;
}

static hsd_status mean_tasks(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    (void)worker;
    hsd_status status = HSD_OK;
    for (size_t i = begin; status == HSD_OK && i < end; i++) status = mean_task(context, i, err);
    return status;
}

/* In ascending order of points, so that the sums are the same for any number of threads. */
static void add_up(means *m) {
    hsd_compare_run *run = m->run;
    size_t origins = run->circle.origins.count;
    for (size_t p = 0; p < run->circle.profile_count; p++)
        for (size_t i = 0; i < m->point_count; i++)
            for (size_t s = 0; s < run->scene_count; s++)
                for (size_t o = 0; o < origins; o++) {
                    const hsd_popmean *part =
                        &m->sums[((p * m->point_count + i) * run->scene_count + s) * origins + o];
                    hsd_popmean *sum = &run->popmeans[((p * run->scene_count + s) * origins +
                                                       m->city_of[m->points[i]]) *
                                                          origins +
                                                      o];
                    sum->weight += part->weight;
                    sum->before += part->before;
                    sum->after += part->after;
                }
}

static hsd_status average(means *m, hsd_error *err) {
    hsd_compare_run *run = m->run;
    size_t origins = run->circle.origins.count, profiles = run->circle.profile_count;
    size_t tasks = profiles * m->point_count;
    m->sums = hsd_calloc(tasks * run->scene_count * origins, sizeof *m->sums, err);
    run->popmeans =
        hsd_calloc(profiles * run->scene_count * origins * origins, sizeof *run->popmeans, err);
    if (!m->sums || !run->popmeans) return HSD_E_MEMORY;
    hsd_status status =
        hsd_parallel_for(run->circle.run, "people of cities", tasks, 1, mean_tasks, m, err);
    if (status == HSD_OK) add_up(m);
    return status;
}

static size_t most_points(const hsd_compare_run *run) {
    const hsd_transit_run *transit = run->circle.transit;
    return transit ? MOST_SEARCHES / transit->plan.instant_count : MOST_SEARCHES;
}

hsd_status hsd_compare_popmeans(hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    if (!c->request->population || c->origins.count < 2) return HSD_OK;
    means m = {.run = run};
    hsd_status status = find_points(&m, err);
    if (status == HSD_OK && run->request->city_of && m.point_count == 0)
        status =
            hsd_fail(err, HSD_E_FORMAT,
                     "--city-of %s: no feature of the population has the id of an origin there",
                     run->request->city_of);
    const size_t most = most_points(run);
    if (status == HSD_OK && m.point_count > most)
        hsd_log(c->run, HSD_LOG_WARNING,
                "no means over people between cities: %zu population points lie in them, at most "
                "%zu are searched from",
                m.point_count, most);
    else if (status == HSD_OK && m.point_count)
        status = average(&m, err);
    hsd_free(m.city_of);
    hsd_free(m.points);
    hsd_free(m.sums);
    return status;
}
