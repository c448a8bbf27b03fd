/* The result file of a comparison: layers in drawing order, points over lines over areas. */
#include "base/memory.h"
#include "net/network.h"
#include "study/circle_map.h"
#include "study/compare_views.h"
#include "study/rows.h"
#include "study/scenario_layers.h"
#include "study/scene_tree.h"
#include "study/water_layer.h"

/* ---- change ---- */

/* Told apart by colour-blind readers: bluish green, vermillion, grey (Okabe and Ito 2008). */
static const uint32_t kind_colours[HSD_CHANGE_KINDS] = {0x009E73B8u, 0xD55E00B8u, 0x8C8C8C20u,
                                                        0x7FD1B970u};
static const hsd_word kind_words[HSD_CHANGE_KINDS] = {HSD_WORD_GAINED, HSD_WORD_LOST, HSD_WORD_KEPT,
                                                      HSD_WORD_FASTER};
/* Rows from the bottom up. */
static const hsd_change_kind drawn[HSD_CHANGE_KINDS] = {HSD_CHANGE_KEPT, HSD_CHANGE_FASTER,
                                                        HSD_CHANGE_LOST, HSD_CHANGE_GAINED};

static void kind_style(hsd_style_set *style, const char *lang) {
    hsd_style_plain(style, HSD_LOOK_FILL, 0, "");
    style->style.kind = HSD_STYLE_CATEGORIES;
    style->style.field = "kind";
    style->style.class_count = HSD_CHANGE_KINDS;
    for (size_t k = 0; k < HSD_CHANGE_KINDS; k++)
        style->classes[k] = (hsd_style_class){.text = hsd_kind_name((hsd_change_kind)k),
                                              .label = hsd_word_text(kind_words[k], lang),
                                              .rgba = kind_colours[k]};
}

/* Of an unchanged origin all is kept, and nothing else stands. */
static void kind_area(const hsd_compare_run *run, size_t p, size_t o, size_t s, size_t c,
                      hsd_change_kind kind, const hsd_geometry **polygon, double *area_km2) {
    static const hsd_geometry none = {0};
    const hsd_scene_result *result = hsd_scene_result_at(run, p, o, s);
    *polygon = &none;
    *area_km2 = 0;
    if (result->same) {
        const hsd_circle *circle = &hsd_scene_result_at(run, p, o, 0)->circles[c];
        if (kind != HSD_CHANGE_KEPT) return;
        *polygon = &circle->polygon;
        *area_km2 = circle->area_km2;
        return;
    }
    const hsd_change *change = &result->changes[c];
    const hsd_geometry *polygons[] = {&change->gained, &change->lost, &change->kept,
                                      &change->faster};
    const double areas[] = {change->gained_km2, change->lost_km2, change->kept_km2,
                            change->faster_km2};
    *polygon = polygons[kind];
    *area_km2 = areas[kind];
}

double hsd_change_mass(const hsd_compare_run *run, size_t p, size_t o, size_t s, size_t c,
                       hsd_change_kind kind, size_t mass) {
    const hsd_scene_result *result = hsd_scene_result_at(run, p, o, s);
    size_t masses = run->circle.population.mass_count;
    if (!result->same) return result->change_masses[(c * HSD_CHANGE_KINDS + kind) * masses + mass];
    return kind == HSD_CHANGE_KEPT ? hsd_scene_result_at(run, p, o, 0)->masses[c * masses + mass]
                                   : 0;
}

static hsd_status change_row(hsd_dataset *file, const hsd_compare_run *run, size_t p, size_t o,
                             size_t s, size_t c, hsd_change_kind kind, hsd_error *err) {
    const hsd_circle_run *circle = &run->circle;
    const hsd_geometry *polygon;
    double area_km2;
    kind_area(run, p, o, s, c, kind, &polygon, &area_km2);
    hsd_row r = {.count = 0};
    hsd_area_head(&r, circle, hsd_scene_name(run, s), o, circle->profiles[p].name, c,
                  hsd_kind_name(kind), err);
    hsd_row_text(&r, hsd_kind_name(kind));
    hsd_row_real(&r, area_km2);
    for (size_t m = 0; m < circle->population.mass_count; m++)
        hsd_row_real(&r, hsd_change_mass(run, p, o, s, c, kind, m));
    return hsd_row_write(file, &r, polygon->point_count ? polygon : NULL, err);
}

static hsd_status write_change(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *circle = &run->circle;
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "scenario/origin/profile/cut-off/kind");
    hsd_fields_add(&f, "scenario", HSD_FIELD_TEXT, "scenario, against the baseline");
    hsd_fields_add(&f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "origin", HSD_FIELD_TEXT, "name of the origin");
    hsd_fields_add(&f, "origin_en", HSD_FIELD_TEXT, "English name of the origin");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_percentile(&f, circle);
    hsd_fields_add(&f, "direction", HSD_FIELD_TEXT, "from the origin, or to it");
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL, "cut-off, minutes, inclusive");
    hsd_fields_add(&f, "kind", HSD_FIELD_TEXT,
                   "gained: newly within; lost: no longer; kept: within before and after; faster: "
                   "of the kept, sooner by at least --faster minutes");
    hsd_fields_add(&f, "area_km2", HSD_FIELD_REAL, "ellipsoidal area, square kilometres");
    hsd_fields_masses(&f, &circle->population);
    hsd_style_set style;
    kind_style(&style, circle->lang);
    hsd_views views;
    hsd_status status = hsd_change_views(run, &views, err);
    if (status == HSD_OK)
        status = hsd_layer_start_views(
            file, circle, "change", HSD_WORD_CHANGE, HSD_GEOMETRY_POLYGON, &f, &style.style, false,
            "What each scenario changes. People are counted from times of their points", views.list,
            views.count, err);
    hsd_views_finish(&views);
    for (size_t k = 0; k < HSD_CHANGE_KINDS; k++)
        for (size_t c = circle->cutoff_count; c-- > 0;)
            for (size_t s = 1; s < run->scene_count; s++)
                for (size_t o = 0; o < circle->origins.count; o++)
                    for (size_t p = 0; status == HSD_OK && p < circle->profile_count; p++)
                        if (hsd_run_result(circle, p, o)->ok)
                            status = change_row(file, run, p, o, s, c, drawn[k], err);
    return status;
}

/* ---- circles ---- */

static hsd_status write_circles(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *circle = &run->circle;
    hsd_fields f = {.count = 0};
    hsd_circle_fields(&f, circle, "baseline, or the scenario");
    double cutoffs[HSD_STYLE_CLASSES_MAX];
    size_t shown = hsd_cutoffs_shown(circle, cutoffs);
    hsd_style_set style;
    hsd_style_by_cutoff(&style, HSD_LOOK_OUTLINE, "cutoff_min", cutoffs, shown,
                        hsd_word_text(HSD_WORD_MINUTES, circle->lang));
    hsd_views views;
    hsd_status status = hsd_circle_views(run, &views, err);
    if (status == HSD_OK)
        status = hsd_layer_start_views(
            file, circle, "circles", HSD_WORD_CIRCLES, HSD_GEOMETRY_POLYGON, &f, &style.style,
            false, "All that is reached within the cut-off, door to door, before and after",
            views.list, views.count, err);
    hsd_views_finish(&views);
    for (size_t s = 0; s < run->scene_count; s++)
        for (size_t c = circle->cutoff_count; c-- > 0;)
            for (size_t o = 0; o < circle->origins.count; o++)
                for (size_t p = 0; status == HSD_OK && p < circle->profile_count; p++) {
                    if (!hsd_run_result(circle, p, o)->ok) continue;
                    const hsd_scene_result *result = hsd_scene_times(run, p, o, s);
                    status = hsd_write_circle_row(file, circle, hsd_scene_name(run, s), p, o, c,
                                                  &result->circles[c], result->masses, err);
                }
    return status;
}

/* ---- links ---- */

char *hsd_compare_scenarios(const hsd_compare_run *run, uint32_t proposal, hsd_error *err) {
    hsd_text text = {0};
    hsd_text_add(&text, "");
    for (size_t s = 1; s < run->scene_count; s++)
        if (hsd_scenario_has(&run->scenarios[s - 1], proposal))
            hsd_text_addf(&text, "%s%s", text.length ? ", " : "", hsd_scene_name(run, s));
    if (!text.failed) return text.data;
    hsd_text_finish(&text);
    hsd_fail(err, HSD_E_MEMORY, "out of memory: names of scenarios");
    return NULL;
}

static hsd_status link_row(hsd_dataset *file, const hsd_compare_run *run, size_t p,
                           const hsd_edit *edit, int64_t id, hsd_error *err) {
    char *scenarios = hsd_compare_scenarios(run, edit->proposal, err);
    if (!scenarios) return HSD_E_MEMORY;
    hsd_row r = {.count = 0};
    hsd_row_int(&r, id);
    hsd_row_text(&r, edit->name && edit->name[0] ? edit->name
                                                 : run->proposals.proposals[edit->proposal].name);
    hsd_row_text(&r, run->proposals.proposals[edit->proposal].name);
    hsd_row_text(&r, scenarios);
    hsd_row_text(&r, run->circle.profiles[p].name);
    hsd_row_int(&r, edit->feature_id);
    hsd_row_real(&r, edit->length_km);
    hsd_row_real(&r, edit->forward_min);
    hsd_row_real(&r, edit->backward_min);
    hsd_status status =
        hsd_row_write(file, &r, edit->geometry.point_count ? &edit->geometry : NULL, err);
    hsd_free(scenarios);
    return status;
}

static hsd_status write_links(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *circle = &run->circle;
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(&f, "name", HSD_FIELD_TEXT, "name of the link, else of its proposal");
    hsd_fields_add(&f, "proposal", HSD_FIELD_TEXT, "proposal");
    hsd_fields_add(&f, "scenarios", HSD_FIELD_TEXT, "scenarios that have it");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(&f, "feature_id", HSD_FIELD_INT, "feature of the proposals file");
    hsd_fields_add(&f, "length_km", HSD_FIELD_REAL, "length, kilometres");
    hsd_fields_add(&f, "forward_min", HSD_FIELD_REAL,
                   "minutes as drawn, gaps and waits included; empty: not that way");
    hsd_fields_add(&f, "backward_min", HSD_FIELD_REAL, "minutes against the drawing");
    hsd_style_set style;
    hsd_style_plain(&style, HSD_LOOK_LINE, HSD_COLOUR_LINK,
                    hsd_word_text(HSD_WORD_LINKS, circle->lang));
    style.style.width_mm = 1;
    style.style.label_field = "name";
    hsd_status status =
        hsd_layer_start(file, circle, "links", HSD_WORD_LINKS, HSD_GEOMETRY_LINE, &f, &style.style,
                        false, "Proposed links, with the gaps to the roads they join", err);
    int64_t id = 0;
    for (size_t p = 0; p < circle->profile_count; p++)
        for (size_t e = 0; status == HSD_OK && e < run->resolved[p].edit_count; e++) {
            const hsd_edit *edit = &run->resolved[p].edits[e];
            if (edit->layer == HSD_LAYER_LINKS) status = link_row(file, run, p, edit, ++id, err);
        }
    return status;
}

/* ---- reached edges of the scenarios ---- */

static hsd_status write_edges(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *circle = &run->circle;
    hsd_edge_writer w = {.file = file, .run = circle, .scenario = ""};
    hsd_status status = hsd_edges_start(&w, err);
    for (size_t p = 0; status == HSD_OK && p < circle->profile_count; p++)
        for (size_t s = 1; status == HSD_OK && s < run->scene_count; s++) {
            hsd_scene_tree *tree = NULL;
            w.profile = circle->profiles[p].name;
            w.scenario = hsd_scene_name(run, s);
            status = hsd_scene_tree_create(run, hsd_scene_of(run, p, s), &tree, err);
            for (w.origin = 0; status == HSD_OK && w.origin < circle->origins.count; w.origin++) {
                if (!hsd_run_result(circle, p, w.origin)->ok) continue;
                status = hsd_scene_grow_origin(tree, w.origin, NULL, err);
                if (status != HSD_OK) break;
                hsd_scene_tree_choose(tree, p);
                status = hsd_scene_tree_pieces(tree, hsd_edges_piece, &w, err);
            }
            hsd_scene_tree_destroy(tree);
        }
    return status;
}

/* ---- edits ---- */

/* By timetable rail first, then streets; else those of the first profile. */
hsd_status hsd_compare_write_edits(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    const bool transit = run->circle.transit != NULL;
    const size_t streets = transit ? run->resolved_count : 1;
    hsd_edit_lists edits = {.table = &run->proposals, .rail = transit};
    size_t lists = 0;
    if (transit) {
        edits.lists[lists] = run->rail.edits;
        edits.counts[lists++] = run->rail.edit_count;
    }
    for (size_t r = 0; r < streets; r++) {
        edits.lists[lists] = run->resolved[r].edits;
        edits.counts[lists++] = run->resolved[r].edit_count;
    }
    return hsd_write_edits(file, &edits, run->circle.lang, err);
}

/* ---- timetable_lines ---- */

/* What runs without the proposals, around the circles of all scenes. */
static hsd_status write_lines(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    hsd_bounds b = HSD_NO_BOUNDS;
    for (size_t p = 0; p < c->profile_count; p++)
        for (size_t o = 0; o < c->origins.count; o++)
            for (size_t s = 0; s < run->scene_count; s++) {
                if (!hsd_run_result(c, p, o)->ok) continue;
                const hsd_circle *circles = hsd_scene_times(run, p, o, s)->circles;
                hsd_bounds_stretch(&b, &circles[c->cutoff_count - 1].polygon);
            }
    return hsd_write_timetable_lines(file, c, &b, err);
}

/* ---- The file ---- */

hsd_status hsd_compare_write(const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *circle = &run->circle;
    const hsd_circle_request *r = circle->request;
    hsd_dataset *file = circle->file;
    hsd_status status = hsd_write_origins(file, circle, err);
    if (status == HSD_OK)
        status = circle->transit ? hsd_write_rail(file, run, err) : write_links(file, run, err);
    if (status == HSD_OK && run->request->path_count) status = hsd_write_paths(file, run, err);
    if (status == HSD_OK && circle->origins.count > 1) status = hsd_write_cities(file, run, err);
    if (status == HSD_OK && r->zones) status = hsd_write_compare_zones(file, run, err);
    if (status == HSD_OK) status = hsd_snap_start(file, circle, err);
    if (status == HSD_OK) status = hsd_snap_rows(file, circle, err);
    for (size_t p = 0; status == HSD_OK && !circle->transit && p < circle->profile_count; p++)
        status = hsd_write_link_snap(file, &run->resolved[p], circle->profiles[p].name, err);
    if (status == HSD_OK && r->leg_count) status = hsd_write_compare_legs(file, run, err);
    if (status == HSD_OK && circle->edges == HSD_EDGES_EACH) status = write_edges(file, run, err);
    if (status == HSD_OK && circle->transit) status = write_lines(file, run, err);
    if (status == HSD_OK) status = write_change(file, run, err);
    if (status == HSD_OK) status = write_circles(file, run, err);
    if (status == HSD_OK) status = hsd_write_water(file, circle, err);
    if (status == HSD_OK && run->request->attribution)
        status = hsd_write_attribution(file, run, err);
    if (status == HSD_OK) status = hsd_write_summary(file, run, err);
    if (status == HSD_OK) status = hsd_compare_write_edits(file, run, err);
    return status == HSD_OK ? hsd_dataset_commit(file, err) : status;
}
