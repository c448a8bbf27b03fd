/* A comparison of many cities is too much for one map: the project opens on the origin, scenario
 * and cut-off where most changes, and has the next ones ready, switched off. Everything else is in
 * the whole layers below them. Views are of the first profile and the largest cut-off. */
#include "study/compare_views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "study/rows.h"

void hsd_views_finish(hsd_views *views) {
    for (size_t i = 0; i < 2 * views->count; i++) hsd_free(views->texts[i]);
    *views = (hsd_views){0};
}

/* ---- Which origins ---- */

/* People who come in or fall out, else square kilometres; at the last cut-off, any scenario. */
static double weight_of(const hsd_compare_run *run, size_t o) {
    const size_t c = run->circle.cutoff_count - 1;
    double weight = 0;
    for (size_t s = 1; s < run->scene_count; s++) {
        const hsd_scene_result *result = hsd_scene_result_at(run, 0, o, s);
        if (result->same) continue;
        const hsd_change *change = &result->changes[c];
        double here = 1e-6 * (change->gained_km2 + change->lost_km2);
        if (run->circle.population.mass_count)
            here += hsd_change_mass(run, 0, o, s, c, HSD_CHANGE_GAINED, 0) +
                    hsd_change_mass(run, 0, o, s, c, HSD_CHANGE_LOST, 0);
        weight = fmax(weight, here);
    }
    return weight;
}

/* The origins where most changes, most first; the first one where nothing does. */
static size_t headlines(const hsd_compare_run *run, size_t out[HSD_HEADLINES]) {
    double weights[HSD_HEADLINES];
    size_t count = 0;
    for (size_t o = 0; o < run->circle.origins.count; o++) {
        if (!hsd_run_result(&run->circle, 0, o)->ok) continue;
        const double weight = weight_of(run, o);
        if (weight <= 0 && count > 0) continue;
        size_t at = count;
        while (at > 0 && weights[at - 1] < weight) at--;
        if (at == HSD_HEADLINES) continue;
        for (size_t i = count < HSD_HEADLINES ? count : HSD_HEADLINES - 1; i > at; i--) {
            out[i] = out[i - 1];
            weights[i] = weights[i - 1];
        }
        out[at] = o;
        weights[at] = weight;
        if (count < HSD_HEADLINES) count++;
    }
    return count;
}

static bool one_of_all(const hsd_compare_run *run) {
    const hsd_circle_run *c = &run->circle;
    return c->origins.count * c->profile_count * c->cutoff_count * (run->scene_count - 1) == 1;
}

/* ---- Filters ---- */

static void equals(hsd_text *sql, const char *field, const char *value) {
    if (sql->length) hsd_text_add(sql, " AND ");
    hsd_text_addf(sql, "\"%s\" = '", field);
    for (const char *c = value; *c; c++) {
        if (*c == '\'') hsd_text_add(sql, "'");
        hsd_text_add_n(sql, c, 1);
    }
    hsd_text_add(sql, "'");
}

static void of_origin(const hsd_compare_run *run, hsd_text *sql, size_t o, const char *scenario) {
    equals(sql, "origin_id", run->circle.origins.origins[o].id);
    equals(sql, "scenario", scenario);
    equals(sql, "profile", run->circle.profiles[0].name);
}

static hsd_status add(hsd_views *views, hsd_text *sql, char *title, bool hidden, hsd_error *err) {
    if (!title || sql->failed || views->count == HSD_MAX_VIEWS) {
        hsd_free(title);
        bool failed = sql->failed;
        hsd_text_finish(sql);
        if (failed) hsd_fail(err, HSD_E_MEMORY, "out of memory: views of the project");
        return title && !failed ? HSD_OK : HSD_E_MEMORY;
    }
    views->texts[2 * views->count] = title;
    views->texts[2 * views->count + 1] = sql->data;
    views->list[views->count++] =
        (hsd_layer_view){.title = title, .filter = sql->data, .hidden = hidden};
    return HSD_OK;
}

static char *title_of(const hsd_compare_run *run, hsd_word what, size_t o, const char *more,
                      double minutes, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    const hsd_origin *origin = &c->origins.origins[o];
    return hsd_asprintf(
        err, "%s: %s, %s, %g %s%s%s%s", hsd_shown_name(origin->name, origin->name_en, c->lang),
        hsd_word_text(what, c->lang), more, minutes, hsd_word_text(HSD_WORD_MINUTES, c->lang),
        c->profile_count > 1 ? " (" : "", c->profile_count > 1 ? c->profiles[0].name : "",
        c->profile_count > 1 ? ")" : "");
}

/* ---- Views ---- */

static hsd_box_e7 box_of(const hsd_geometry *a, const hsd_geometry *b) {
    const hsd_geometry *both[] = {a, b};
    hsd_box_e7 box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->point_count; i++) {
            const int32_t x = (int32_t)(both[k]->points[i].lon * 1e7);
            const int32_t y = (int32_t)(both[k]->points[i].lat * 1e7);
            box = (hsd_box_e7){
                x < box.min_lon_e7 ? x : box.min_lon_e7, y < box.min_lat_e7 ? y : box.min_lat_e7,
                x > box.max_lon_e7 ? x : box.max_lon_e7, y > box.max_lat_e7 ? y : box.max_lat_e7};
        }
    return box.min_lon_e7 > box.max_lon_e7 ? (hsd_box_e7){0, 0, 0, 0} : box;
}

static hsd_box_e7 box_at(const hsd_compare_run *run, size_t o, size_t s) {
    const size_t c = run->circle.cutoff_count - 1;
    const hsd_scene_result *result = hsd_scene_result_at(run, 0, o, s);
    const hsd_geometry *before = &hsd_scene_result_at(run, 0, o, 0)->circles[c].polygon;
    return box_of(before, result->same ? before : &result->circles[c].polygon);
}

typedef struct view_kind {
    hsd_word title;
    const char *more; /* of the filter: a format with the cut-off in minutes; NULL: none */
    bool before;      /* a view of the baseline beside the first scenario's, not of each scenario */
} view_kind;

/* One view: of scene s (0: the baseline) for an origin. */
static hsd_status add_view(const hsd_compare_run *run, const view_kind *kind, size_t o, size_t s,
                           bool hidden, hsd_views *out, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    const double minutes = hsd_cutoff_minutes(c, c->cutoff_count - 1);
    const char *scene =
        s ? hsd_compare_shown(run, s, c->lang) : hsd_word_text(HSD_WORD_BEFORE, c->lang);
    hsd_text sql = {0};
    of_origin(run, &sql, o, hsd_scene_name(run, s));
    if (kind->more) hsd_text_addf(&sql, kind->more, minutes);
    hsd_status status =
        add(out, &sql, title_of(run, kind->title, o, scene, minutes, err), hidden, err);
    if (status == HSD_OK) out->list[out->count - 1].box = box_at(run, o, s ? s : 1);
    return status;
}

static hsd_status make_views(const hsd_compare_run *run, const view_kind *kind, hsd_views *out,
                             hsd_error *err) {
    enum { MOST_SCENARIOS = 3 };
    *out = (hsd_views){0};
    if (one_of_all(run)) return HSD_OK;
    size_t origins[HSD_HEADLINES], count = headlines(run, origins);
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        const size_t last = kind->before ? 1 : MOST_SCENARIOS;
        for (size_t s = 1; status == HSD_OK && s < run->scene_count && s <= last; s++)
            status = add_view(run, kind, origins[i], s, i > 0 || s > 1, out, err);
        if (status == HSD_OK && kind->before)
            status = add_view(run, kind, origins[i], 0, true, out, err);
    }
    return status;
}

hsd_status hsd_change_views(const hsd_compare_run *run, hsd_views *out, hsd_error *err) {
    static const view_kind kind = {HSD_WORD_CHANGE, " AND \"cutoff_min\" = %.17g", false};
    return make_views(run, &kind, out, err);
}

hsd_status hsd_circle_views(const hsd_compare_run *run, hsd_views *out, hsd_error *err) {
    static const view_kind kind = {HSD_WORD_CIRCLES, NULL, true};
    return make_views(run, &kind, out, err);
}

hsd_status hsd_zone_views(const hsd_compare_run *run, hsd_views *out, hsd_error *err) {
    static const view_kind kind = {HSD_WORD_NEWLY, " AND \"new_%g\" > 0", false};
    return make_views(run, &kind, out, err);
}
