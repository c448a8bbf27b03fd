/* Rows of times for matrices, measures and delineations: a comparison up to its scenes, without
 * what is drawn, and its trees read at the points of zones. On streets a tree an origin; by transit
 * a search for departures an origin and the ways between stops and points, found once a scene.
 * Zones that are origins, too, are read once. Rows in parallel, each to its own place: nothing
 * depends on the number of threads. O(origins x (a search + points)) a scene. */
#include "study/time_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/issues.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "study/scene_tree.h"
#include "study/time_samples.h"

/* The points of zones on a scene's streets; what a scene shares with the baseline it borrows. */
typedef struct feet_of_scene {
    const hsd_zone_set *set;
    hsd_zone_set *own_set, *link_set;
    const hsd_egress_table *ways[2];
    hsd_egress_table *own_ways[2];
} feet_of_scene;

typedef struct rows_worker {
    hsd_scene_tree *tree;
    size_t scene;     /* the tree's */
    uint32_t *ms;     /* points */
    uint32_t *way_ms; /* points, of one of several ways */
} rows_worker;

struct hsd_time_rows {
    const hsd_time_rows_ask *ask;
    const hsd_run *settings;
    hsd_compare_request request; /* its circle: with the masses and texts of the ask */
    hsd_circle_request lean;     /* what scenes are made for: neither zones nor people */
    const char **masses, **texts;
    hsd_compare_run run;
    hsd_time_samples samples;
    feet_of_scene *feet; /* scenes */
    uint32_t *same;
    rows_worker *workers;
    size_t worker_count;
};

/* ---- The request ---- */

static bool listed(const char *const *list, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], text) == 0) return true;
    return false;
}

/* Of both lists each once, but for what the population brings into the cells of a grid. */
static hsd_status join_names(const char *const *a, size_t a_count, const char *const *b,
                             size_t b_count, const hsd_matrix_request *grid, const char ***out,
                             size_t *count, hsd_error *err) {
    static const char *const people[] = {"population"};
    const hsd_place_fields *given =
        grid && grid->circle.population ? &grid->circle.population_fields : NULL;
    const char *const *brought = given && given->mass_count ? given->masses : people;
    const size_t brought_count = !given ? 0 : given->mass_count ? given->mass_count : 1;
    const char **names = *out = hsd_calloc(a_count + b_count, sizeof *names, err);
    if (!names) return HSD_E_MEMORY;
    *count = a_count;
    for (size_t i = 0; i < a_count; i++) names[i] = a[i];
    for (size_t i = 0; i < b_count; i++)
        if (!listed(names, *count, b[i]) && !listed(brought, brought_count, b[i]))
            names[(*count)++] = b[i];
    return HSD_OK;
}

static hsd_status check_ask(const hsd_time_rows *rows, hsd_error *err) {
    const hsd_matrix_request *m = rows->ask->matrix;
    const hsd_circle_request *c = &m->circle;
    const char *proposals = rows->request.proposals.path;
    if (!c->zones) return hsd_fail(err, HSD_E_ARGUMENT, "no targets: --targets LAYER");
    if (c->minute_count > 1)
        return hsd_fail(err, HSD_E_ARGUMENT, "--minutes %g,%g: a matrix has one limit",
                        c->minutes[0], c->minutes[1]);
    if (c->profile_count > 1)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--profile %s, %s: one profile; a run each for several", c->profiles[0],
                        c->profiles[1]);
    if (m->zone_at == HSD_ZONE_WEIGHTED && !c->population)
        return hsd_fail(err, HSD_E_ARGUMENT, "--zone-at weighted: nothing without --population");
    if (c->gates && c->origin_at != HSD_ORIGIN_GATES)
        return hsd_fail(err, HSD_E_ARGUMENT, "--gates: nothing without --origin-at gates");
    if (hsd_same_file(c->output, proposals))
        return hsd_fail(err, HSD_E_ARGUMENT, "output %s is an input of this run", c->output);
    if (!proposals && rows->ask->scenario_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "--scenario %s: nothing without --proposals",
                        rows->ask->scenarios[0]);
    return HSD_OK;
}

static hsd_status take_ask(hsd_time_rows *rows, hsd_error *err) {
    const hsd_time_rows_ask *ask = rows->ask;
    const hsd_matrix_request *m = ask->matrix;
    hsd_compare_request *r = &rows->request;
    *r = (hsd_compare_request){
        .circle = m->circle, .scenarios = ask->scenarios, .scenario_count = ask->scenario_count};
    if (ask->proposals) r->proposals = *ask->proposals;
    if (ask->resolve) r->resolve = *ask->resolve;
    hsd_circle_request *c = &r->circle;
    hsd_place_fields *z = &c->zone_fields;
    c->edges = HSD_EDGES_NONE;
    c->bands = c->hinterland = c->overlap = c->nodes = false;
    c->raster = c->map = NULL;
    hsd_status status =
        join_names(m->circle.zone_fields.masses, m->circle.zone_fields.mass_count, ask->zone_masses,
                   ask->zone_mass_count, m->grid ? m : NULL, &rows->masses, &z->mass_count, err);
    if (status == HSD_OK)
        status = join_names(m->circle.zone_fields.texts, m->circle.zone_fields.text_count,
                            ask->zone_texts, ask->zone_text_count, NULL, &rows->texts,
                            &z->text_count, err);
    z->masses = rows->masses;
    z->texts = rows->texts;
    rows->run = (hsd_compare_run){
        .request = r,
        .scene_count = 1,
        .circle = {.request = c,
                   .run = rows->settings,
                   .lang = c->lang ? c->lang : "en",
                   .edges = HSD_EDGES_NONE,
                   .portals = r->proposals.path != NULL, /* which may bring the timetable */
                   .one_profile = true,
                   .zone_masses_may_miss =
                       ask->zone_masses_may_miss && !m->grid, /* a grid shares them */
                   .from_zones = !c->origins && c->point_count == 0,
                   .grid = m->grid}};
    return status;
}

hsd_status hsd_time_rows_effective(const hsd_time_rows *rows, hsd_option_pool *pool,
                                   hsd_matrix_request *out, hsd_error *err) {
    const hsd_matrix_request *asked = rows->ask->matrix;
    *out = *asked;
    hsd_status status = hsd_circle_effective(&rows->run.circle, pool, &out->circle, err);
    if (asked->circle.minute_count == 0) out->circle.minute_count = 0;
    out->circle.zone_fields = asked->circle.zone_fields;
    out->circle.edges = asked->circle.edges;
    out->circle.cell_m = asked->circle.cell_m;
    out->circle.max_vertices = asked->circle.max_vertices;
    return status;
}

/* ---- Origins and targets ---- */

typedef struct target_id {
    const char *id;
    uint32_t target;
} target_id;

static int by_id(const void *a, const void *b) {
    return strcmp(((const target_id *)a)->id, ((const target_id *)b)->id);
}

static bool point_in(const hsd_geometry *g, hsd_lonlat at) {
    static const double as_near = 1e-7; /* degrees: what the network keeps of a place */
    if (g->type == HSD_GEOMETRY_POLYGON) return hsd_geometry_holds(g, at);
    return fabs(g->points[0].lon - at.lon) <= as_near && fabs(g->points[0].lat - at.lat) <= as_near;
}

hsd_status hsd_same_place(const hsd_geometry *a, const hsd_geometry *b, bool *out, hsd_error *err) {
    *out = false;
    hsd_lonlat at;
    for (int i = 0; i < 2 && !*out; i++) {
        const hsd_geometry *in = i ? a : b, *of = i ? b : a;
        if (in->point_count == 0 || of->point_count == 0) return HSD_OK;
        hsd_status status = hsd_geometry_point(of, &at, err);
        if (status != HSD_OK) return status;
        *out = point_in(in, at);
    }
    return HSD_OK;
}

static hsd_status match_origin(hsd_time_rows *rows, size_t o, const target_id *found,
                               size_t *elsewhere, hsd_error *err) {
    const hsd_origin *origin = &rows->run.circle.origins.origins[o];
    const hsd_place *zone = found ? &rows->run.circle.zones.places[found->target] : NULL;
    bool same = zone && rows->run.circle.from_zones;
    hsd_status status = HSD_OK;
    if (zone && !same && !origin->fault && !zone->fault) {
        status = hsd_same_place(&origin->geometry, &zone->geometry, &same, err);
        *elsewhere += !same && origin->geometry.type != HSD_GEOMETRY_NONE;
    }
    rows->same[o] = same ? found->target : HSD_NO_ROW;
    return status;
}

static hsd_status match_ids(hsd_time_rows *rows, hsd_error *err) {
    const hsd_origin_list *origins = &rows->run.circle.origins;
    const hsd_place_table *zones = &rows->run.circle.zones;
    target_id *ids = hsd_alloc(zones->place_count, sizeof *ids, err);
    rows->same = hsd_alloc(origins->count, sizeof *rows->same, err);
    hsd_status status = ids && rows->same ? HSD_OK : HSD_E_MEMORY;
    size_t elsewhere = 0;
    for (uint32_t z = 0; status == HSD_OK && z < zones->place_count; z++)
        ids[z] = (target_id){zones->places[z].id, z};
    if (status == HSD_OK) qsort(ids, zones->place_count, sizeof *ids, by_id);
    for (size_t o = 0; status == HSD_OK && o < origins->count; o++) {
        const target_id key = {origins->origins[o].id, 0};
        const target_id *found = bsearch(&key, ids, zones->place_count, sizeof *ids, by_id);
        status = match_origin(rows, o, found, &elsewhere, err);
    }
    hsd_free(ids);
    if (status == HSD_OK && elsewhere)
        hsd_log(rows->settings, HSD_LOG_WARNING,
                "%zu of %zu origins have the id of a target that lies elsewhere: they are not "
                "taken for one",
                elsewhere, origins->count);
    return status;
}

/* ---- Scenes ---- */

/* As far as a comparison looks that was asked for no more than this (docs/methods.md, 17). */
static uint32_t limit_of(const hsd_time_rows *rows) {
    const hsd_circle_run *c = &rows->run.circle;
    enum { LONG_TRIP_MS = 5 * 3600000 };
    if (c->request->minute_count) return c->cutoffs_ms[c->cutoff_count - 1];
    if (!c->transit) return HSD_UNREACHABLE - 1;
    const uint32_t most = hsd_transit_plan_reach_ms(&c->transit->plan);
    return LONG_TRIP_MS < most ? LONG_TRIP_MS : most;
}

static hsd_status find_ways(const hsd_time_rows *rows, size_t scene, hsd_error *err) {
    const hsd_transit_run *transit = hsd_scene_of(&rows->run, 0, scene)->transit,
                          *base = rows->run.circle.transit;
    feet_of_scene *f = &rows->feet[scene];
    hsd_status status = HSD_OK;
    for (size_t w = 0; status == HSD_OK && w < transit->way_count; w++) {
        f->ways[w] = rows->feet[0].own_ways[w];
        if (scene && f->set == rows->feet[0].set && transit->stops == base->stops &&
            transit->back == base->back)
            continue;
        status = hsd_egress_table_create(transit->ways[w].transit, f->set, rows->settings,
                                         &f->own_ways[w], err);
        f->ways[w] = f->own_ways[w];
    }
    return status;
}

static hsd_status find_feet(const hsd_time_rows *rows, size_t s, hsd_error *err) {
    const hsd_scene *scene = hsd_scene_of(&rows->run, 0, s), *base = hsd_scene_of(&rows->run, 0, 0);
    const hsd_place_table *points = &rows->samples.points;
    feet_of_scene *f = &rows->feet[s];
    hsd_status status = HSD_OK;
    f->set = rows->feet[0].own_set;
    if (s == 0 || scene->locator != base->locator) {
        status = hsd_zone_set_create(scene->locator, points, rows->settings, &f->own_set, err);
        f->set = f->own_set;
    }
    const hsd_locator *links = scene->place ? hsd_scenario_place_links(scene->place) : NULL;
    if (status == HSD_OK && links)
        status = hsd_zone_set_create(links, points, rows->settings, &f->link_set, err);
    return status == HSD_OK && scene->transit ? find_ways(rows, s, err) : status;
}

static void tell(const hsd_time_rows *rows) {
    const hsd_place_table *zones = &rows->run.circle.zones;
    const hsd_time_samples *samples = &rows->samples;
    size_t apart = 0;
    for (size_t z = 0; z < zones->place_count; z++) {
        bool joins = true;
        for (size_t i = samples->first[z]; i < samples->first[z + 1]; i++)
            joins = joins && hsd_zone_set_reason(rows->feet[0].set, i) == HSD_SNAP_OK;
        apart += !joins;
    }
    if (apart)
        hsd_log(rows->settings, HSD_LOG_WARNING,
                "%zu of %zu targets do not join the network%s: there is no way %s them", apart,
                zones->place_count, samples->at == HSD_ZONE_POINT ? "" : " with all their points",
                rows->run.circle.request->direction == HSD_TO ? "from" : "to");
    if (samples->empty)
        hsd_log(rows->settings, HSD_LOG_WARNING,
                "nobody lives in %zu of %zu targets: their times are those of their points",
                samples->empty, zones->place_count);
}

static hsd_status prepare(hsd_time_rows *rows, hsd_error *err) {
    hsd_compare_run *run = &rows->run;
    hsd_circle_run *c = &run->circle;
    const hsd_circle_request *asked = c->request;
    rows->lean = *asked;
    rows->lean.zones = rows->lean.population = NULL;
    run->limit_ms = limit_of(rows);
    c->request = &rows->lean;
    hsd_status status = hsd_circle_prepare(c, err);
    if (status == HSD_OK) status = hsd_circle_all_failed(c, err);
    if (status == HSD_OK) status = hsd_compare_prepare(run, err);
    c->request = asked;
    if (status == HSD_OK)
        status = hsd_time_samples_make(rows->ask->matrix->zone_at, &c->zones, &c->population,
                                       c->profiles[0].locator, &rows->samples, err);
    if (status != HSD_OK) return status;
    rows->feet = hsd_calloc(run->scene_count, sizeof *rows->feet, err);
    if (!rows->feet) return HSD_E_MEMORY;
    for (size_t s = 0; status == HSD_OK && s < run->scene_count; s++)
        status = find_feet(rows, s, err);
    if (status == HSD_OK) tell(rows);
    return status;
}

static hsd_status make_workers(hsd_time_rows *rows, hsd_error *err) {
    const size_t points = rows->samples.points.place_count;
    const size_t count = (size_t)hsd_thread_count(rows->settings);
    rows->workers = hsd_calloc(count, sizeof *rows->workers, err);
    if (!rows->workers) return HSD_E_MEMORY;
    for (; rows->worker_count < count; rows->worker_count++) {
        rows_worker *w = &rows->workers[rows->worker_count];
        w->ms = hsd_alloc(2 * points, sizeof *w->ms, err);
        if (!w->ms) return HSD_E_MEMORY;
        w->way_ms = w->ms + points;
    }
    return HSD_OK;
}

/* ---- Opened and closed ---- */

static hsd_status open_rows(hsd_time_rows *rows, hsd_error *err) {
    hsd_status status = take_ask(rows, err);
    if (status == HSD_OK) status = check_ask(rows, err);
    if (status == HSD_OK) status = hsd_circle_check(&rows->run.circle, err);
    if (status == HSD_OK) status = hsd_compare_read(&rows->run, err);
    if (status == HSD_OK && rows->run.circle.zones.place_count == 0)
        status = hsd_fail(err, HSD_E_FORMAT, "%s: the layer has no features",
                          hsd_base_name(rows->request.circle.zones));
    if (status == HSD_OK) status = match_ids(rows, err);
    if (status == HSD_OK) status = prepare(rows, err);
    return status == HSD_OK ? make_workers(rows, err) : status;
}

hsd_status hsd_time_rows_open(const hsd_time_rows_ask *ask, const hsd_run *run, hsd_time_rows **out,
                              hsd_issues *issues, hsd_error *err) {
    hsd_time_rows *rows = hsd_calloc(1, sizeof *rows, err);
    *out = NULL;
    *issues = (hsd_issues){0};
    if (!rows) return HSD_E_MEMORY;
    rows->ask = ask;
    rows->settings = run;
    hsd_status status = open_rows(rows, err);
    *issues = rows->run.issues; /* also where nothing was opened: they say why */
    rows->run.issues = (hsd_issues){0};
    if (status == HSD_OK)
        *out = rows;
    else
        hsd_time_rows_destroy(rows);
    return status;
}

void hsd_time_rows_destroy(hsd_time_rows *rows) {
    if (!rows) return;
    for (size_t w = 0; w < rows->worker_count; w++) {
        hsd_scene_tree_destroy(rows->workers[w].tree);
        hsd_free(rows->workers[w].ms);
    }
    hsd_free(rows->workers);
    for (size_t s = 0; rows->feet && s < rows->run.scene_count; s++) {
        feet_of_scene *f = &rows->feet[s];
        for (size_t w = 0; w < 2; w++) hsd_egress_table_destroy(f->own_ways[w]);
        hsd_zone_set_destroy(f->own_set);
        hsd_zone_set_destroy(f->link_set);
    }
    hsd_free(rows->feet);
    hsd_time_samples_finish(&rows->samples);
    hsd_compare_run_finish(&rows->run);
    hsd_free(rows->same);
    hsd_free(rows->masses);
    hsd_free(rows->texts);
    hsd_free(rows);
}

const hsd_compare_run *hsd_time_rows_run(const hsd_time_rows *rows) {
    return &rows->run;
}

size_t hsd_time_rows_origins(const hsd_time_rows *rows) {
    return rows->run.circle.origins.count;
}

size_t hsd_time_rows_targets(const hsd_time_rows *rows) {
    return rows->run.circle.zones.place_count;
}

size_t hsd_time_rows_scenes(const hsd_time_rows *rows) {
    return rows->run.scene_count;
}

size_t hsd_time_rows_percentiles(const hsd_time_rows *rows) {
    return rows->run.circle.profile_count;
}

const uint32_t *hsd_time_rows_same(const hsd_time_rows *rows) {
    return rows->same;
}

/* ---- Read ---- */

typedef struct reading_rows {
    const hsd_time_rows *rows;
    size_t scene, first, count;
    uint32_t *ms;
} reading_rows;

/* A worker's tree is of one scene at a time. */
static hsd_status take_tree(const hsd_time_rows *rows, rows_worker *w, size_t scene,
                            hsd_error *err) {
    if (w->tree && w->scene == scene) return HSD_OK;
    hsd_scene_tree_destroy(w->tree);
    w->tree = NULL;
    w->scene = scene;
    return hsd_scene_tree_create(&rows->run, hsd_scene_of(&rows->run, 0, scene), &w->tree, err);
}

static void read_streets(const hsd_time_rows *rows, rows_worker *w, size_t scene) {
    const feet_of_scene *f = &rows->feet[scene];
    for (size_t i = 0; i < rows->samples.points.place_count; i++)
        w->ms[i] = hsd_scene_tree_zone_ms(w->tree, f->set, f->link_set, i);
}

/* There and back: the more of both. */
static hsd_status read_rides(const hsd_time_rows *rows, rows_worker *w, size_t scene, size_t p,
                             hsd_error *err) {
    const hsd_transit_trees *rides = &w->tree->rides;
    const double percentile = rows->run.circle.profiles[p].percentile;
    hsd_status status = HSD_OK;
    for (size_t k = 0; status == HSD_OK && k < rides->run->way_count; k++) {
        status = hsd_egress_table_times(rows->feet[scene].ways[k], rides->ways[k], percentile,
                                        k ? w->way_ms : w->ms, NULL, err);
        for (size_t i = 0; status == HSD_OK && k && i < rows->samples.points.place_count; i++)
            if (w->way_ms[i] > w->ms[i]) w->ms[i] = w->way_ms[i];
    }
    return status;
}

static void put_row(const hsd_time_rows *rows, const rows_worker *w, size_t origin, uint32_t *out) {
    const size_t targets = hsd_time_rows_targets(rows);
    for (size_t z = 0; z < targets; z++)
        out[z] = hsd_time_samples_zone_ms(&rows->samples, z, w->ms);
    if (rows->same[origin] != HSD_NO_ROW) out[rows->same[origin]] = 0;
}

static hsd_status read_origin(const reading_rows *r, rows_worker *w, size_t origin,
                              hsd_error *err) {
    const hsd_time_rows *rows = r->rows;
    const size_t targets = hsd_time_rows_targets(rows), values = hsd_time_rows_percentiles(rows);
    uint32_t *out = r->ms + (origin - r->first) * values * targets;
    if (!hsd_run_result(&rows->run.circle, 0, origin)->ok) {
        for (size_t i = 0; i < values * targets; i++) out[i] = HSD_UNREACHABLE;
        return HSD_OK;
    }
    const bool transit = rows->run.circle.transit != NULL;
    hsd_status status = take_tree(rows, w, r->scene, err);
    if (status == HSD_OK)
        status = transit ? hsd_scene_ride_origin(w->tree, origin, err)
                         : hsd_scene_grow_origin(w->tree, origin, NULL, err);
    for (size_t p = 0; status == HSD_OK && p < values; p++) {
        if (transit)
            status = read_rides(rows, w, r->scene, p, err);
        else
            read_streets(rows, w, r->scene);
        if (status == HSD_OK) put_row(rows, w, origin, out + p * targets);
    }
    return status;
}

static hsd_status read_some(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    const reading_rows *r = context;
    hsd_status status = HSD_OK;
    for (size_t i = begin; status == HSD_OK && i < end; i++) {
        const size_t origin = r->first + i;
        status = read_origin(r, &r->rows->workers[worker], origin, err);
        if (status != HSD_OK)
            hsd_fail_prefix(err, status, "origin %s",
                            r->rows->run.circle.origins.origins[origin].id);
    }
    return status;
}

/* Progress of a block as part of the whole. */
static bool part_progress(void *user, const char *what, double fraction) {
    const reading_rows *r = user;
    const hsd_run *run = r->rows->settings;
    const double origins = (double)hsd_time_rows_origins(r->rows);
    if (!run || !run->progress) return true;
    return run->progress(
        run->user, what,
        ((double)r->scene * origins + (double)r->first + fraction * (double)r->count) /
            (origins * (double)r->rows->run.scene_count));
}

hsd_status hsd_time_rows_read(hsd_time_rows *rows, size_t scene, size_t first, size_t count,
                              uint32_t *ms, hsd_error *err) {
    reading_rows r = {rows, scene, first, count, ms};
    const hsd_run inner = {.threads = rows->settings ? rows->settings->threads : 0,
                           .progress = part_progress,
                           .user = &r};
    return hsd_parallel_for(&inner, "times", count, 1, read_some, &r, err);
}
