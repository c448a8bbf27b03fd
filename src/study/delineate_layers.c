/* delineate: the result file. Circles as dissolved polygons over their members, a row a centre,
 * rule and candidate; the project opens on the first centre and rule, the others are ready,
 * switched off. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/geometry.h"
#include "geo/geos.h"
#include "study/compare_views.h"
#include "study/delineate_run.h"
#include "study/rows.h"
#include "study/water_layer.h"

static const char *verdict(const hsd_delineate_run *run, size_t at, size_t pair) {
    const bool model = run->members[at];
    if (run->official_count == 0) return model ? "in" : "out";
    const bool official = run->officials[0].flags[pair];
    if (model) return official ? "both" : "model only";
    return official ? "official only" : "neither";
}

static const char *fate_text(hsd_fate fate) {
    static const char *const texts[] = {NULL, "core", "enclave", "exclave"};
    return texts[fate];
}

/* Told apart by colour-blind readers (Okabe and Ito 2008). */
static void verdict_style(const hsd_delineate_run *run, hsd_style_set *style) {
    static const struct {
        const char *text;
        hsd_word word;
        uint32_t rgba;
    } with[] = {{"both", HSD_WORD_BOTH, 0x009E73B8u},
                {"model only", HSD_WORD_MODEL_ONLY, 0x56B4E9B8u},
                {"official only", HSD_WORD_OFFICIAL_ONLY, 0xD55E00B8u},
                {"neither", HSD_WORD_NEITHER, 0x8C8C8C20u}},
      without[] = {{"in", HSD_WORD_MEMBER, 0x009E73B8u}, {"out", HSD_WORD_NO_MEMBER, 0x8C8C8C20u}};
    const bool list = run->official_count > 0;
    hsd_style_plain(style, run->polygons ? HSD_LOOK_FILL : HSD_LOOK_POINT, 0, "");
    style->style.kind = HSD_STYLE_CATEGORIES;
    style->style.field = "verdict";
    /* cells of a grid have ids alone */
    if (run->circle.zones.places[0].name[0]) style->style.label_field = "name";
    style->style.class_count = list ? 4 : 2;
    for (size_t k = 0; k < style->style.class_count; k++)
        style->classes[k] = (hsd_style_class){
            .text = list ? with[k].text : without[k].text,
            .label = hsd_word_text(list ? with[k].word : without[k].word, run->circle.lang),
            .rgba = list ? with[k].rgba : without[k].rgba};
}

/* "share_60", "share_7_5" */
static void add_cutoff_field(hsd_fields *f, const hsd_delineate_run *run, const char *name,
                             size_t c, const char *title) {
    char full[64];
    snprintf(full, sizeof full, "%s_%g", name, run->circle.cutoffs_ms[c] / 60000.0);
    for (char *p = full; *p; p++)
        if (*p == '.') *p = '_';
    hsd_fields_add(f, full, HSD_FIELD_REAL, title);
}

static void add_official_fields(hsd_fields *f, const hsd_delineate_run *run) {
    for (size_t i = 0; i < run->official_count; i++) {
        char full[64];
        snprintf(full, sizeof full, "in_%s", run->officials[i].name);
        hsd_fields_add(f, full, HSD_FIELD_BOOL, "on this official list");
    }
}

static double people_of(const hsd_delineate_run *run, size_t candidate) {
    return run->people ? run->population[candidate] : NAN;
}
static double area_of(const hsd_delineate_run *run, size_t candidate) {
    return run->polygons ? run->area_km2[candidate] : NAN;
}

/* ---- Views ---- */

static void equals(hsd_text *sql, const char *field, const char *value) {
    hsd_text_addf(sql, "%s\"%s\" = '", sql->length ? " AND " : "", field);
    for (const char *c = value; *c; c++)
        hsd_text_add_n(sql, *c == '\'' ? "''" : c, 1 + (*c == '\''));
    hsd_text_add(sql, "'");
}

static hsd_status add_view(const hsd_delineate_run *run, size_t o, size_t r, hsd_views *views,
                           hsd_error *err) {
    hsd_text sql = {0};
    equals(&sql, "centre_id", run->circle.origins.origins[o].id);
    equals(&sql, "rule", run->rules.rules[r].name);
    if (sql.failed) {
        hsd_text_finish(&sql);
        return hsd_fail(err, HSD_E_MEMORY, "out of memory: views of the project");
    }
    char **texts = &views->texts[2 * views->count];
    texts[1] = sql.data;
    texts[0] = hsd_asprintf(err, "%s: %s", hsd_centre_name(run, o), run->rules.rules[r].name);
    views->list[views->count] =
        (hsd_layer_view){.title = texts[0], .filter = texts[1], .hidden = views->count > 0};
    views->count++;
    return texts[0] ? HSD_OK : HSD_E_MEMORY;
}

/* One a centre and rule, as many as there is room for; none where there is but one. */
static hsd_status make_views(const hsd_delineate_run *run, hsd_views *views, hsd_error *err) {
    hsd_status status = HSD_OK;
    *views = (hsd_views){0};
    if (hsd_delineate_centres(run) * run->rules.count == 1) return HSD_OK;
    for (size_t o = 0; o < hsd_delineate_centres(run); o++)
        for (size_t r = 0; hsd_delineate_ok(run, o) && r < run->rules.count; r++)
            if (status == HSD_OK && views->count < HSD_MAX_VIEWS)
                status = add_view(run, o, r, views, err);
    return status;
}

/* ---- members ---- */

static void member_fields(const hsd_delineate_run *run, hsd_fields *f) {
    hsd_fields_add(f, "id", HSD_FIELD_TEXT, "centre/rule/candidate");
    hsd_fields_add(f, "centre_id", HSD_FIELD_TEXT, "centre");
    hsd_fields_add(f, "centre", HSD_FIELD_TEXT, "name of the centre");
    hsd_fields_add(f, "rule", HSD_FIELD_TEXT, "rule; table rules says it in words");
    hsd_fields_add(f, "candidate_id", HSD_FIELD_TEXT, "candidate");
    hsd_fields_add(f, "name", HSD_FIELD_TEXT, "name of the candidate");
    hsd_fields_add(f, "member", HSD_FIELD_BOOL, "in the circle");
    hsd_fields_add(f, "by_rule", HSD_FIELD_BOOL, "in by the rule alone");
    hsd_fields_add(f, "change", HSD_FIELD_TEXT,
                   "why they differ: core (the centre's own), enclave (filled), exclave (dropped)");
    hsd_fields_add(f, "verdict", HSD_FIELD_TEXT,
                   run->official_count ? "by the first official list: both, model only, official "
                                         "only, neither"
                                       : "in or out");
    hsd_fields_add(f, "time_min", HSD_FIELD_REAL, "minutes of its point; empty: no way");
    hsd_fields_add(f, "soonest_min", HSD_FIELD_REAL, "minutes of whoever or whatever is soonest");
    hsd_fields_add(f, "mean_min", HSD_FIELD_REAL,
                   "mean minutes of its people who have a way within the horizon");
    hsd_fields_add(f, "reached_share", HSD_FIELD_REAL, "share of its people who have, 0..1");
    for (size_t c = 0; c < run->cutoff_count; c++)
        add_cutoff_field(f, run, "share", c, "share of its people within that many minutes, 0..1");
    for (size_t c = 0; run->polygons && c < run->cutoff_count; c++)
        add_cutoff_field(f, run, "area_share", c,
                         "share of its land within that many minutes, 0..1");
    hsd_fields_add(f, "population", HSD_FIELD_REAL, "people");
    hsd_fields_add(f, "area_km2", HSD_FIELD_REAL, "square kilometres");
    add_official_fields(f, run);
}

/* Borders are long and would stand in the file once for each centre and rule: those of a candidate
 * that is far off (nothing of it within the largest cut-off, in no circle, on no list) are left to
 * layer candidates. */
static bool is_drawn(const hsd_delineate_run *run, size_t o, size_t z) {
    const size_t pair = hsd_of_centre(run, o) + z;
    if (!run->polygons || !hsd_dataset_allows_empty(run->circle.file) ||
        run->served[pair].least_ms <= run->circle.cutoffs_ms[run->cutoff_count - 1])
        return true;
    for (size_t r = 0; r < run->rules.count; r++)
        if (run->members[hsd_of_rule(run, o, r) + z]) return true;
    for (size_t i = 0; i < run->official_count; i++)
        if (run->officials[i].flags[pair]) return true;
    return false;
}

static hsd_status member_row(hsd_dataset *file, const hsd_delineate_run *run, size_t o, size_t r,
                             size_t z, hsd_error *err) {
    const hsd_place *place = &run->circle.zones.places[z];
    const char *centre = run->circle.origins.origins[o].id, *rule = run->rules.rules[r].name;
    const size_t at = hsd_of_rule(run, o, r) + z, pair = hsd_of_centre(run, o) + z;
    const hsd_served *s = &run->served[pair];
    hsd_row row = {.count = 0};
    hsd_row_key(&row, hsd_asprintf(err, "%s/%s/%s", centre, rule, place->id));
    hsd_row_text(&row, centre);
    hsd_row_text(&row, hsd_centre_name(run, o));
    hsd_row_text(&row, rule);
    hsd_row_text(&row, place->id);
    hsd_row_text(&row, hsd_candidate_name(run, z));
    hsd_row_int(&row, run->members[at]);
    hsd_row_int(&row, run->by_rule[at]);
    hsd_row_text(&row, fate_text((hsd_fate)run->fate[at]));
    hsd_row_text(&row, verdict(run, at, pair));
    hsd_row_minutes(&row, s->point_ms);
    hsd_row_minutes(&row, s->least_ms);
    hsd_row_real(&row, s->mean_min);
    hsd_row_real(&row, s->reached);
    for (size_t c = 0; c < run->cutoff_count; c++) hsd_row_real(&row, s->shares[c]);
    for (size_t c = 0; run->polygons && c < run->cutoff_count; c++) hsd_row_real(&row, s->areas[c]);
    hsd_row_real(&row, people_of(run, z));
    hsd_row_real(&row, area_of(run, z));
    for (size_t i = 0; i < run->official_count; i++)
        hsd_row_int(&row, run->officials[i].flags[pair]);
    return hsd_row_write(file, &row, is_drawn(run, o, z) ? &place->geometry : NULL, err);
}

static hsd_status write_members(hsd_dataset *file, const hsd_delineate_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_style_set style;
    hsd_views views;
    member_fields(run, &f);
    verdict_style(run, &style);
    hsd_status status = make_views(run, &views, err);
    if (status == HSD_OK)
        status = hsd_layer_start_views(file, &run->circle, "members", HSD_WORD_MEMBERS,
                                       run->circle.zones.places[0].geometry.type, &f, &style.style,
                                       false,
                                       "Each candidate by each rule, and why; those out of reach "
                                       "have their polygons in layer candidates",
                                       views.list, views.count, err);
    hsd_views_finish(&views);
    for (size_t o = 0; o < hsd_delineate_centres(run); o++)
        for (size_t r = 0; hsd_delineate_ok(run, o) && r < run->rules.count; r++)
            for (size_t z = 0; status == HSD_OK && z < hsd_delineate_candidates(run); z++)
                status = member_row(file, run, o, r, z, err);
    return status;
}

/* ---- metropolis ---- */

static hsd_status dissolve(const hsd_delineate_run *run, const uint8_t *members, hsd_geometry *out,
                           hsd_error *err) {
    hsd_geometry all = {0};
    hsd_status status = HSD_OK;
    for (size_t z = 0; status == HSD_OK && z < hsd_delineate_candidates(run); z++)
        if (members[z])
            status = hsd_geometry_append(&all, &run->circle.zones.places[z].geometry, err);
    if (status == HSD_OK) status = hsd_geos_union(&all, out, err);
    hsd_geometry_finish(&all);
    return status;
}

static hsd_status metropolis_row(hsd_dataset *file, const hsd_delineate_run *run, size_t o,
                                 size_t r, hsd_error *err) {
    const char *centre = run->circle.origins.origins[o].id, *rule = run->rules.rules[r].name;
    const uint8_t *members = run->members + hsd_of_rule(run, o, r);
    const hsd_circle_size size = hsd_delineate_size(run, members);
    hsd_geometry shape = {0};
    hsd_row row = {.count = 0};
    hsd_row_key(&row, hsd_asprintf(err, "%s/%s", centre, rule));
    hsd_row_text(&row, centre);
    hsd_row_text(&row, hsd_centre_name(run, o));
    hsd_row_text(&row, rule);
    hsd_row_int(&row, (int64_t)size.members);
    hsd_row_real(&row, run->polygons ? size.area_km2 : NAN);
    hsd_row_real(&row, size.population);
    hsd_status status = run->polygons ? dissolve(run, members, &shape, err) : HSD_OK;
    if (status == HSD_OK)
        status = hsd_row_write(file, &row, shape.point_count ? &shape : NULL, err);
    else
        hsd_free(row.key);
    hsd_geometry_finish(&shape);
    return status;
}

static hsd_status write_metropolis(hsd_dataset *file, const hsd_delineate_run *run,
                                   hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "centre/rule");
    hsd_fields_add(&f, "centre_id", HSD_FIELD_TEXT, "centre");
    hsd_fields_add(&f, "centre", HSD_FIELD_TEXT, "name of the centre");
    hsd_fields_add(&f, "rule", HSD_FIELD_TEXT, "rule");
    hsd_fields_add(&f, "members", HSD_FIELD_INT, "candidates in it");
    hsd_fields_add(&f, "area_km2", HSD_FIELD_REAL, "their square kilometres");
    hsd_fields_add(&f, "population", HSD_FIELD_REAL, "their people");
    hsd_style_set style;
    hsd_style_plain(&style, HSD_LOOK_OUTLINE, HSD_COLOUR_ORIGIN,
                    hsd_word_text(HSD_WORD_METROPOLIS, run->circle.lang));
    style.style.width_mm = 0.8;
    hsd_views views;
    hsd_status status = run->polygons ? make_views(run, &views, err) : HSD_OK;
    if (!run->polygons) views = (hsd_views){0};
    if (status == HSD_OK)
        status = hsd_layer_start_views(file, &run->circle, "metropolis", HSD_WORD_METROPOLIS,
                                       run->polygons ? HSD_GEOMETRY_POLYGON : HSD_GEOMETRY_NONE, &f,
                                       run->polygons ? &style.style : NULL, false,
                                       "Each circle as one: its members together", views.list,
                                       views.count, err);
    hsd_views_finish(&views);
    for (size_t o = 0; o < hsd_delineate_centres(run); o++)
        for (size_t r = 0; hsd_delineate_ok(run, o) && r < run->rules.count; r++)
            if (status == HSD_OK) status = metropolis_row(file, run, o, r, err);
    return status;
}

/* ---- candidates ---- */

static void candidate_fields(const hsd_delineate_run *run, hsd_fields *f) {
    hsd_fields_add(f, "id", HSD_FIELD_TEXT, "candidate");
    hsd_fields_add(f, "name", HSD_FIELD_TEXT, "name");
    hsd_fields_add(f, "name_en", HSD_FIELD_TEXT, "English name");
    hsd_fields_add(f, "population", HSD_FIELD_REAL, "people");
    hsd_fields_add(f, "area_km2", HSD_FIELD_REAL, "square kilometres");
    hsd_fields_add(f, "best_id", HSD_FIELD_TEXT,
                   "centre with the smallest mean time of its people; ties: the first");
    hsd_fields_add(f, "best", HSD_FIELD_TEXT, "name of that centre");
    hsd_fields_add(f, "best_mean_min", HSD_FIELD_REAL, "mean minutes to it");
    hsd_fields_add(f, "best_time_min", HSD_FIELD_REAL, "minutes of the candidate's point to it");
    for (size_t r = 0; r < run->rules.count; r++) {
        char name[64];
        snprintf(name, sizeof name, "circles_%s", run->rules.rules[r].name);
        for (char *p = name; *p; p++)
            if (*p == '-') *p = '_';
        hsd_fields_add(f, name, HSD_FIELD_INT, "in how many circles by this rule");
    }
}

static hsd_status candidate_row(hsd_dataset *file, const hsd_delineate_run *run, size_t z,
                                hsd_error *err) {
    const hsd_place *place = &run->circle.zones.places[z];
    const uint32_t best = run->best[z];
    const bool any = best != HSD_NO_ROW;
    const hsd_served *s = any ? &run->served[hsd_of_centre(run, best) + z] : NULL;
    hsd_row row = {.count = 0};
    hsd_row_text(&row, place->id);
    hsd_row_text(&row, place->name);
    hsd_row_text(&row, place->name_en[0] ? place->name_en : NULL);
    hsd_row_real(&row, people_of(run, z));
    hsd_row_real(&row, area_of(run, z));
    hsd_row_text(&row, any ? run->circle.origins.origins[best].id : NULL);
    hsd_row_text(&row, any ? hsd_centre_name(run, best) : NULL);
    hsd_row_real(&row, any ? s->mean_min : NAN);
    hsd_row_minutes(&row, any ? s->point_ms : HSD_UNREACHABLE);
    for (size_t r = 0; r < run->rules.count; r++)
        hsd_row_int(&row, (int64_t)hsd_delineate_circles(run, r, z));
    return hsd_row_write(file, &row, &place->geometry, err);
}

static hsd_status write_candidates(hsd_dataset *file, const hsd_delineate_run *run,
                                   hsd_error *err) {
    const size_t centres = hsd_delineate_centres(run);
    const char *names[HSD_STYLE_CLASSES_MAX];
    size_t count = 0;
    for (size_t o = 0; o < centres && count < HSD_STYLE_CLASSES_MAX; o++)
        if (hsd_delineate_ok(run, o)) names[count++] = hsd_centre_name(run, o);
    hsd_fields f = {.count = 0};
    hsd_style_set style;
    candidate_fields(run, &f);
    hsd_style_by_name(&style, run->polygons ? HSD_LOOK_FILL : HSD_LOOK_POINT, "best", names, count);
    hsd_status status =
        hsd_layer_start(file, &run->circle, "candidates", HSD_WORD_CANDIDATES,
                        run->circle.zones.places[0].geometry.type, &f, &style.style, true,
                        "Which centre serves a candidate best, and in how many circles it is", err);
    for (size_t z = 0; status == HSD_OK && z < hsd_delineate_candidates(run); z++)
        status = candidate_row(file, run, z, err);
    return status;
}

/* ---- The file ---- */

hsd_status hsd_delineate_write(const hsd_delineate_run *run, hsd_error *err) {
    hsd_dataset *file = run->circle.file;
    hsd_status status = hsd_write_origins(file, &run->circle, err);
    if (status == HSD_OK) status = write_metropolis(file, run, err);
    if (status == HSD_OK) status = write_members(file, run, err);
    if (status == HSD_OK) status = write_candidates(file, run, err);
    if (status == HSD_OK) status = hsd_snap_start(file, &run->circle, err);
    if (status == HSD_OK) status = hsd_snap_rows(file, &run->circle, err);
    if (status == HSD_OK) status = hsd_write_water(file, &run->circle, err);
    if (status == HSD_OK) status = hsd_delineate_write_tables(run, err);
    return status == HSD_OK ? hsd_dataset_commit(file, err) : status;
}
