/* Layer paths: the best path of chosen pairs before and after, as a line, with its minutes and the
 * added links it takes. A pair is two origins, or an origin and a zone. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "study/rows.h"
#include "study/scene_tree.h"

typedef struct place_ref {
    bool found, zone;
    size_t index;
} place_ref;

typedef struct place_pair {
    place_ref from, to;
} place_pair;

static place_ref find_place(const hsd_compare_run *run, const char *id, size_t length) {
    const hsd_circle_run *c = &run->circle;
    for (size_t o = 0; o < c->origins.count; o++)
        if (strlen(c->origins.origins[o].id) == length &&
            strncmp(c->origins.origins[o].id, id, length) == 0)
            return (place_ref){true, false, o};
    for (size_t z = 0; z < c->zones.place_count; z++)
        if (strlen(c->zones.places[z].id) == length &&
            strncmp(c->zones.places[z].id, id, length) == 0)
            return (place_ref){true, true, z};
    return (place_ref){0};
}

/* Ids may hold colons themselves: the first colon that parts two known ones counts. */
static hsd_status parse_pair(const hsd_compare_run *run, const char *text, place_pair *out,
                             hsd_error *err) {
    bool known = false;
    for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
        out->from = find_place(run, text, (size_t)(colon - text));
        out->to = find_place(run, colon + 1, strlen(colon + 1));
        known = known || (out->from.found && out->to.found);
        if (out->from.found && out->to.found && !(out->from.zone && out->to.zone)) return HSD_OK;
    }
    if (known)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--path %s: two zones; one of the two must be an origin", text);
    const char *colon = strchr(text, ':');
    if (!colon)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--path %s: expected FROM:TO, ids of origins, or of an origin and a zone",
                        text);
    int length = (int)(colon - text);
    bool from = find_place(run, text, (size_t)length).found;
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "--path %s: no origin or zone has the id \"%.*s\"; expected FROM:TO", text,
                    from ? (int)strlen(colon + 1) : length, from ? colon + 1 : text);
}

hsd_status hsd_check_paths(const hsd_compare_run *run, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < run->request->path_count; i++) {
        place_pair p;
        status = parse_pair(run, run->request->paths[i], &p, err);
    }
    return status;
}

/* ---- One path ---- */

/* The root is an origin: the start, or the goal of a search backwards. Between cities the times are
 * those of layer cities, to zones those of layer zones. */
static hsd_status find_path(const place_pair *p, hsd_scene_tree *tree, hsd_path *out,
                            hsd_error *err) {
    const hsd_compare_run *run = tree->run;
    bool forward = !p->from.zone;
    size_t root = forward ? p->from.index : p->to.index;
    const place_ref *goal = forward ? &p->to : &p->from;
    hsd_direction direction = forward ? HSD_FROM : HSD_TO;
    const hsd_city *city = &run->cities[root];
    bool nowhere =
        city->centre == SIZE_MAX || (!goal->zone && run->cities[goal->index].centre == SIZE_MAX);
    hsd_path_finish(out);
    out->total_ms = HSD_UNREACHABLE;
    if (nowhere) return HSD_OK; /* an origin with a fault; layer origins says which */
    hsd_status status;
    if (goal->zone)
        status = hsd_scene_grow(tree, direction, city->first, city->count,
                                run->circle.origins.origins[root].gates, NULL, err);
    else
        status = hsd_scene_grow_city(tree, direction, root, run->gates, err);
    if (status != HSD_OK) return status;
    const hsd_feet *feet = goal->zone ? hsd_zone_set_feet(tree->scene->zones, goal->index)
                                      : hsd_scene_city_feet(tree, goal->index);
    return hsd_scenario_tree_path(tree->streets, feet, out, err);
}

/* "A; B": the links in order of travel, each once in a row. */
static void link_names(const hsd_compare_run *run, size_t p, const hsd_path *path,
                       hsd_text *names) {
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < path->step_count; i++) {
        if (path->steps[i].kind != HSD_STEP_LINK) continue;
        const hsd_added *added = &run->resolved[p].added[path->steps[i].id];
        const hsd_link_row *link = &run->proposals.links[added->link];
        if (added->link == last) continue;
        last = added->link;
        hsd_text_addf(names, "%s%s", names->length ? "; " : "",
                      link->name && link->name[0] ? link->name
                                                  : run->proposals.proposals[link->proposal].name);
    }
}

/* The steps' lines as one, in order of travel. */
static hsd_status path_line(const hsd_path *path, hsd_geometry *out, hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_LINE, .ring_count = 1};
    out->points = hsd_alloc(path->point_count, sizeof *out->points, err);
    out->ring_end = hsd_alloc(1, sizeof *out->ring_end, err);
    if (!out->points || !out->ring_end) return HSD_E_MEMORY;
    for (size_t i = 0; i < path->step_count; i++)
        for (size_t k = 0; k < path->steps[i].point_count; k++) {
            hsd_lonlat at = path->points[path->steps[i].first_point + k];
            const hsd_lonlat *last = out->point_count ? &out->points[out->point_count - 1] : NULL;
            if (!last || last->lon != at.lon || last->lat != at.lat)
                out->points[out->point_count++] = at;
        }
    out->ring_end[0] = out->point_count;
    return HSD_OK;
}

static hsd_status path_row(hsd_dataset *file, const hsd_compare_run *run, const char *text,
                           const place_pair *pair, size_t p, size_t s, const hsd_path *path,
                           hsd_error *err) {
    const place_ref *refs[] = {&pair->from, &pair->to};
    const hsd_circle_run *c = &run->circle;
    hsd_text names = {0};
    hsd_geometry line = {0};
    hsd_row r = {.count = 0};
    hsd_text_add(&names, "");
    link_names(run, p, path, &names);
    hsd_row_key(&r,
                hsd_asprintf(err, "%s/%s/%s", text, c->profiles[p].name, hsd_scene_name(run, s)));
    for (size_t i = 0; i < 2; i++)
        hsd_row_text(&r, refs[i]->zone ? c->zones.places[refs[i]->index].id
                                       : c->origins.origins[refs[i]->index].id);
    hsd_row_text(&r, c->profiles[p].name);
    hsd_row_text(&r, hsd_scene_name(run, s));
    hsd_row_minutes(&r, path->total_ms);
    hsd_row_text(&r, names.length ? names.data : NULL);
    hsd_status status = path_line(path, &line, err);
    if (status == HSD_OK && names.failed) status = hsd_fail(err, HSD_E_MEMORY, "out of memory");
    if (status == HSD_OK)
        status = hsd_row_write(file, &r, line.point_count > 1 ? &line : NULL, err);
    hsd_geometry_finish(&line);
    hsd_text_finish(&names);
    return status;
}

static hsd_status write_pair(hsd_dataset *file, const hsd_compare_run *run, const char *text,
                             hsd_error *err) {
    place_pair pair;
    hsd_path path = {0};
    hsd_status status = parse_pair(run, text, &pair, err);
    for (size_t p = 0; p < run->circle.profile_count; p++)
        for (size_t s = 0; status == HSD_OK && s < run->scene_count; s++) {
            hsd_scene_tree *tree = NULL;
            status = hsd_scene_tree_create(run, hsd_scene_of(run, p, s), &tree, err);
            if (status == HSD_OK) status = find_path(&pair, tree, &path, err);
            if (status == HSD_OK) status = path_row(file, run, text, &pair, p, s, &path, err);
            hsd_scene_tree_destroy(tree);
        }
    hsd_path_finish(&path);
    return status;
}

hsd_status hsd_write_paths(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "pair/profile/scenario");
    hsd_fields_add(&f, "from_id", HSD_FIELD_TEXT, "from");
    hsd_fields_add(&f, "to_id", HSD_FIELD_TEXT, "to");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(&f, "scenario", HSD_FIELD_TEXT, "baseline, or the scenario");
    hsd_fields_add(&f, "time_min", HSD_FIELD_REAL, "minutes door to door; empty: no way");
    hsd_fields_add(&f, "links", HSD_FIELD_TEXT, "added links on it, in order of travel");
    const char **names = hsd_alloc(run->scene_count, sizeof *names, err);
    if (!names) return HSD_E_MEMORY;
    for (size_t s = 0; s < run->scene_count; s++) names[s] = hsd_scene_name(run, s);
    hsd_style_set style;
    hsd_style_by_name(&style, HSD_LOOK_LINE, "scenario", names, run->scene_count);
    style.style.width_mm = 0.8;
    hsd_status status = hsd_layer_start(file, &run->circle, "paths", HSD_WORD_PATHS,
                                        HSD_GEOMETRY_LINE, &f, &style.style, false,
                                        "Best paths of the chosen pairs, before and after", err);
    for (size_t i = 0; status == HSD_OK && i < run->request->path_count; i++)
        status = write_pair(file, run, run->request->paths[i], err);
    hsd_free(names);
    return status;
}
