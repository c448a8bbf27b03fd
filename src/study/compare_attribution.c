/* Which link, and which proposal of several links, brings a zone or a city inside (by timetable:
 * the rail of which proposal): on its best path after; needed (without it alone the place is not
 * inside); alone (with it alone it is). A search a part and side: without, alone (docs/methods.md,
 * 8). */
#include "base/memory.h"
#include "study/compare_transit.h"
#include "study/scene_tree.h"

/* A zone or city that some cut-off gains. */
typedef struct gained {
    size_t target;
    bool city;
    uint32_t before_ms, after_ms;
} gained;

typedef struct attribution {
    const hsd_compare_run *run;
    const hsd_scene *scene;
    size_t p, o;
    HSD_ARRAY(gained) gains;
    uint8_t *on_path;  /* gains x parts */
    uint32_t *part_ms; /* gains x parts x 2: without, alone */
    hsd_ridden *rides; /* gains x parts, by timetable */
} attribution;

static bool crosses_cutoff(const hsd_compare_run *run, uint32_t before, uint32_t after) {
    for (size_t c = 0; c < run->circle.cutoff_count; c++)
        if (before > run->circle.cutoffs_ms[c] && after <= run->circle.cutoffs_ms[c]) return true;
    return false;
}

static hsd_status find_gains(attribution *a, const uint32_t *before, const uint32_t *after,
                             size_t count, bool city, hsd_error *err) {
    for (size_t i = 0; before && after && i < count; i++) {
        gained g = {i, city, before[i], after[i]};
        if ((city && i == a->o) || !crosses_cutoff(a->run, before[i], after[i])) continue;
        if (!hsd_array_push(&a->gains, g, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static const hsd_feet *target_feet(const attribution *a, const hsd_scene_tree *tree,
                                   const gained *g) {
    return g->city ? hsd_scene_city_feet(tree, g->target)
                   : hsd_zone_set_feet(a->scene->zones, g->target);
}

static hsd_status grow(const attribution *a, hsd_scene_tree *tree, bool city, hsd_error *err) {
    const hsd_direction direction = a->run->circle.request->direction;
    hsd_status status = city ? hsd_scene_grow_city(tree, direction, a->o, a->run->gates, err)
                             : hsd_scene_grow_origin(tree, a->o, NULL, err);
    if (status == HSD_OK) hsd_scene_tree_choose(tree, a->p);
    return status;
}

static hsd_status mark_links(attribution *a, const hsd_scene_tree *tree, size_t gain,
                             hsd_path *path, hsd_error *err) {
    const size_t parts = a->scene->part_count;
    hsd_status status = hsd_scenario_tree_path(
        tree->streets, target_feet(a, tree, &a->gains.data[gain]), path, err);
    for (size_t k = 0; status == HSD_OK && k < path->step_count; k++) {
        if (path->steps[k].kind != HSD_STEP_LINK) continue;
        const hsd_added *added = &a->run->resolved[a->p].added[path->steps[k].id];
        for (size_t l = 0; l < parts; l++) {
            const hsd_part *part = &a->scene->part_list[l];
            if (part->link == added->link ||
                (part->link == HSD_WHOLE && part->proposal == added->proposal))
                a->on_path[gain * parts + l] = 1;
        }
    }
    return status;
}

static hsd_status mark_rides(attribution *a, hsd_scene_tree *tree, size_t gain,
                             const hsd_trip_index *const *without, hsd_error *err) {
    const size_t parts = a->scene->part_count;
    hsd_ridden *rides = a->rides + gain * parts;
    const hsd_status status = hsd_scene_ridden(tree, target_feet(a, tree, &a->gains.data[gain]),
                                               without, parts, rides, err);
    for (size_t l = 0; status == HSD_OK && l < parts; l++)
        a->on_path[gain * parts + l] = rides[l].trip != HSD_NO_ROW;
    return status;
}

static hsd_status find_paths(attribution *a, hsd_scene_tree *tree, bool city, hsd_error *err) {
    hsd_path path = {0};
    const hsd_trip_index **without =
        hsd_calloc(a->scene->part_count, sizeof(const hsd_trip_index *), err);
    hsd_status status = without ? grow(a, tree, city, err) : HSD_E_MEMORY;
    for (size_t l = 0; without && !tree->streets && l < a->scene->part_count; l++)
        without[l] = hsd_scene_trips(&a->scene->parts[2 * l]);
    for (size_t i = 0; status == HSD_OK && i < a->gains.count; i++)
        if (a->gains.data[i].city == city)
            status = tree->streets ? mark_links(a, tree, i, &path, err)
                                   : mark_rides(a, tree, i, without, err);
    hsd_path_finish(&path);
    hsd_free(without);
    return status;
}

static hsd_status time_part(attribution *a, size_t part, bool city, hsd_error *err) {
    const hsd_scene *scene = &a->scene->parts[part];
    hsd_scene_tree *tree = NULL;
    hsd_status status = hsd_scene_tree_create(a->run, scene, &tree, err);
    if (status == HSD_OK) status = grow(a, tree, city, err);
    for (size_t i = 0; status == HSD_OK && i < a->gains.count; i++) {
        const gained *g = &a->gains.data[i];
        if (g->city != city) continue;
        a->part_ms[i * 2 * a->scene->part_count + part] =
            city ? hsd_scene_city(tree, g->target, a->run->gates)
                 : hsd_scene_tree_zone_ms(tree, scene->zones, scene->link_zones, g->target);
    }
    hsd_scene_tree_destroy(tree);
    return status;
}

static hsd_status keep_rows(const attribution *a, hsd_scene_result *result, hsd_error *err) {
    const hsd_circle_run *c = &a->run->circle;
    size_t parts = a->scene->part_count;
    for (size_t i = 0; i < a->gains.count; i++)
        for (size_t k = 0; k < c->cutoff_count; k++)
            for (size_t l = 0; l < parts; l++) {
                const gained *g = &a->gains.data[i];
                if (g->before_ms <= c->cutoffs_ms[k] || g->after_ms > c->cutoffs_ms[k]) continue;
                const uint32_t *ms = &a->part_ms[(i * parts + l) * 2];
                const hsd_attributed row = {.target = g->target,
                                            .city = g->city,
                                            .cutoff = k,
                                            .part = a->scene->part_list[l],
                                            .on_path = a->on_path[i * parts + l],
                                            .without_ms = ms[0],
                                            .alone_ms = ms[1],
                                            .ride = a->rides[i * parts + l]};
                if (!hsd_array_push(&result->attributed, row, err)) return HSD_E_MEMORY;
            }
    return HSD_OK;
}

hsd_status hsd_scene_attribute(const hsd_compare_run *run, size_t profile, size_t origin,
                               size_t scene, hsd_scene_tree *tree, hsd_error *err) {
    attribution a = {
        .run = run, .scene = hsd_scene_of(run, profile, scene), .p = profile, .o = origin};
    const hsd_scene_result *before = hsd_scene_result_at(run, profile, origin, 0);
    hsd_scene_result *after = hsd_scene_result_at(run, profile, origin, scene);
    const uint32_t *cities0 = hsd_scene_city_ms(before), *cities1 = hsd_scene_city_ms(after);
    hsd_status status =
        find_gains(&a, before->zone_ms, after->zone_ms, run->circle.zones.place_count, false, err);
    size_t zones = a.gains.count, parts = a.scene->part_count;
    if (status == HSD_OK)
        status = find_gains(&a, cities0, cities1, run->circle.origins.count, true, err);
    a.on_path = hsd_calloc(a.gains.count * parts, 1, err);
    a.part_ms = hsd_alloc(a.gains.count * 2 * parts, sizeof *a.part_ms, err);
    a.rides = hsd_calloc(a.gains.count * parts, sizeof *a.rides, err);
    if (status == HSD_OK && (!a.on_path || !a.part_ms || !a.rides)) status = HSD_E_MEMORY;
    for (int city = 0; city < 2; city++) {
        if (city ? a.gains.count == zones : zones == 0) continue;
        if (status == HSD_OK) status = find_paths(&a, tree, city, err);
        for (size_t part = 0; status == HSD_OK && part < 2 * parts; part++)
            status = time_part(&a, part, city, err);
    }
    if (status == HSD_OK) status = keep_rows(&a, after, err);
    hsd_array_finish(&a.gains);
    hsd_free(a.on_path);
    hsd_free(a.part_ms);
    hsd_free(a.rides);
    return status;
}
