/* The result file of measures. Layer access has a row a zone and columns for every measure: of the
 * baseline, then of each scenario with its change, so that a map is one field away. What the
 * columns mean stands in table measures; means and inequality in tables of their own. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "study/access_run.h"
#include "study/rows.h"
#include "study/scenario_layers.h"

/* ---- Names ---- */

const char *hsd_access_column(const hsd_access_run *run, size_t measure, char *buffer) {
    const char *name = hsd_measure_column(run->measures.data[measure]);
    size_t before = 0;
    for (size_t m = 0; m < measure; m++)
        before += hsd_text_equal_nocase(hsd_measure_column(run->measures.data[m]), name);
    if (before)
        snprintf(buffer, 128, "%.110s_%zu", name, before + 1);
    else
        snprintf(buffer, 128, "%.120s", name);
    return buffer;
}

hsd_status hsd_access_layer(hsd_access_run *run, const char *name, const char *title,
                            hsd_geometry_type geometry, const hsd_field *fields, size_t count,
                            const hsd_style *style, bool hidden, const char *about,
                            hsd_error *err) {
    const hsd_layer_spec spec = {.name = name,
                                 .geometry = geometry,
                                 .fields = fields,
                                 .field_count = count,
                                 .title = title,
                                 .description = about,
                                 .style = style,
                                 .hidden = hidden};
    return hsd_dataset_layer(run->file, &spec, err);
}

/* ---- Columns of layer access ---- */

typedef struct column {
    char *name;
    const char *title;
    const double *values, *less;  /* a number: values, or values - less */
    const uint32_t *labels;       /* a text: id (or name) of these places */
    const uint32_t *before;       /* a number: 1 where labels are others than these, else 0 */
    const hsd_access_side *named; /* whose places the labels are */
    bool by_name;
} column;

typedef struct sheet {
    hsd_access_run *run;
    const hsd_access_side *side;
    HSD_ARRAY(column) columns;
} sheet;

static bool is_taken(const sheet *s, const char *name) {
    static const char *const own[] = {"fid", "geom", "id", "name"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (hsd_text_equal_nocase(own[i], name)) return true;
    for (size_t i = 0; i < s->columns.count; i++)
        if (hsd_text_equal_nocase(s->columns.data[i].name, name)) return true;
    return false;
}

/* Takes the name over; one that is taken gets a number. */
static hsd_status add(sheet *s, char *name, column c, hsd_error *err) {
    for (int n = 2; name && is_taken(s, name); n++) {
        char *next = hsd_asprintf(err, "%s_%d", name, n);
        hsd_free(name);
        name = next;
    }
    c.name = name;
    if (name && hsd_array_push(&s->columns, c, err)) return HSD_OK;
    hsd_free(name);
    return HSD_E_MEMORY;
}

/* What a measure says besides its value, and its change; of the baseline old is now. */
static hsd_status add_second(sheet *s, const char *name, const char *of, const char *title,
                             const hsd_measured *now, const hsd_measured *old, hsd_error *err) {
    hsd_status status = add(s, hsd_asprintf(err, "%s_%s%s", name, now->second_name, of),
                            (column){.title = title, .values = now->second}, err);
    if (status == HSD_OK && now != old)
        status = add(
            s, hsd_asprintf(err, "%s_%s_change%s", name, now->second_name, of),
            (column){.title = "against the baseline", .values = now->second, .less = old->second},
            err);
    return status;
}

/* The places that zones belong to, and whether they are others than before. */
static hsd_status add_labels(sheet *s, const char *name, const char *of, const hsd_measured *now,
                             const hsd_measured *old, hsd_error *err) {
    const hsd_access_side *other = now->passive ? &s->run->from : &s->run->to;
    hsd_status status = HSD_OK;
    for (int k = 0; status == HSD_OK && k < 2; k++)
        status = add(s, hsd_asprintf(err, "%s_%s%s", name, k ? "name" : "id", of),
                     (column){.title = "the place it belongs to",
                              .labels = now->labels,
                              .named = other,
                              .by_name = k},
                     err);
    if (status == HSD_OK && now != old)
        status = add(s, hsd_asprintf(err, "%s_id_changed%s", name, of),
                     (column){.title = "1: it belongs to another place than in the baseline",
                              .labels = now->labels,
                              .before = old->labels},
                     err);
    return status;
}

static hsd_status add_measure(sheet *s, size_t scene, size_t m, hsd_error *err) {
    const hsd_access_run *run = s->run;
    const hsd_measured *now = hsd_access_measured(run, scene, m),
                       *old = hsd_access_measured(run, 0, m);
    if (!now->values || hsd_access_side_of(run, now) != s->side) return HSD_OK;
    char stem[128], of[200] = "";
    const char *name = hsd_access_column(run, m, stem),
               *title = hsd_measure_conventions(run->measures.data[m]);
    if (scene) snprintf(of, sizeof of, "_%.190s", run->scenes[scene].name);
    hsd_status status = add(s, hsd_asprintf(err, "%s%s", name, of),
                            (column){.title = title, .values = now->values}, err);
    if (status == HSD_OK && scene)
        status = add(
            s, hsd_asprintf(err, "%s_change%s", name, of),
            (column){.title = "against the baseline", .values = now->values, .less = old->values},
            err);
    if (status == HSD_OK && now->second) status = add_second(s, name, of, title, now, old, err);
    return status == HSD_OK && now->labels ? add_labels(s, name, of, now, old, err) : status;
}

static hsd_status make_columns(sheet *s, hsd_error *err) {
    const hsd_access_run *run = s->run;
    hsd_status status = HSD_OK;
    for (size_t c = 0; status == HSD_OK && c < s->side->columns.column_count; c++)
        status = add(s, hsd_strdup(s->side->columns.names[c], err),
                     (column){.title = "of the zones", .values = s->side->columns.values[c]}, err);
    for (size_t m = 0; status == HSD_OK && m < run->measures.count; m++)
        for (size_t scene = 0; status == HSD_OK && scene < run->shown; scene++)
            status = add_measure(s, scene, m, err);
    enum { MOST = 1900 }; /* SQLite has 2,000 */
    if (status == HSD_OK && s->columns.count > MOST)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%zu columns of %zu measures in %zu scenarios; at most %d: take fewer",
                        s->columns.count, run->measures.count, run->shown, MOST);
    return status;
}

/* ---- Style ---- */

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Fifths of the zones by a column's values, the dark end where it is better. */
static hsd_status fifths(hsd_style_set *style, const column *c, size_t count,
                         hsd_geometry_type type, const char *better, hsd_error *err) {
    double *sorted = hsd_alloc(count, sizeof *sorted, err);
    if (!sorted) return HSD_E_MEMORY;
    size_t n = 0, classes = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(c->values[i])) sorted[n++] = c->values[i];
    qsort(sorted, n, sizeof *sorted, by_value);
    double bounds[5];
    for (size_t k = 1; n && k <= 5; k++) {
        const double bound = sorted[(n * k + 4) / 5 - 1];
        if (classes == 0 || bound > bounds[classes - 1]) bounds[classes++] = bound;
    }
    hsd_free(sorted);
    hsd_style_plain(style, type == HSD_GEOMETRY_POINT ? HSD_LOOK_POINT : HSD_LOOK_FILL,
                    HSD_COLOUR_ZONE, "");
    if (classes == 0) return HSD_OK;
    uint32_t colours[5];
    hsd_palette_sequential(classes, 0xC8, colours);
    style->style.kind = HSD_STYLE_GRADUATED;
    style->style.field = c->name;
    style->style.class_count = classes;
    const bool more = better && strcmp(better, "more") == 0;
    for (size_t k = 0; k < classes; k++) {
        snprintf(style->labels[k], sizeof style->labels[k], "\u2264 %.6g", bounds[k]);
        style->classes[k] = (hsd_style_class){.value = bounds[k],
                                              .label = style->labels[k],
                                              .rgba = colours[more ? classes - 1 - k : k]};
    }
    return HSD_OK;
}

/* ---- Layer access ---- */

static hsd_value value_of(const column *c, size_t zone, const char *lang) {
    hsd_value value = {.kind = HSD_VALUE_NULL};
    if (c->before)
        return (hsd_value){.kind = HSD_VALUE_REAL, .real = c->labels[zone] != c->before[zone]};
    if (c->labels) {
        if (c->labels[zone] == HSD_NO_ROW) return value;
        const hsd_place *place = &c->named->places->places[c->labels[zone]];
        value.kind = HSD_VALUE_TEXT;
        value.text = c->by_name ? hsd_shown_name(place->name, place->name_en, lang) : place->id;
        return value;
    }
    value.real = c->values[zone] - (c->less ? c->less[zone] : 0);
    if (isfinite(value.real)) value.kind = HSD_VALUE_REAL;
    return value;
}

static hsd_status write_rows(const sheet *s, hsd_value *values, hsd_error *err) {
    const hsd_access_run *run = s->run;
    hsd_status status = HSD_OK;
    for (size_t z = 0; status == HSD_OK && z < s->side->columns.count; z++) {
        const hsd_place *place = &s->side->places->places[z];
        const char *name = hsd_shown_name(place->name, place->name_en, run->lang);
        values[0] = (hsd_value){.kind = HSD_VALUE_TEXT, .text = place->id};
        values[1] = (hsd_value){.kind = name ? HSD_VALUE_TEXT : HSD_VALUE_NULL, .text = name};
        for (size_t c = 0; c < s->columns.count; c++)
            values[c + 2] = value_of(&s->columns.data[c], z, run->lang);
        status = hsd_dataset_row(run->file, values, s->side->drawn ? &place->geometry : NULL, err);
    }
    return status;
}

static bool is_text(const column *c) {
    return c->labels && !c->before;
}

static hsd_status fill_sheet(sheet *s, const char *layer, hsd_field *fields, hsd_value *values,
                             size_t first, hsd_error *err) {
    hsd_access_run *run = s->run;
    fields[0] = (hsd_field){"id", HSD_FIELD_TEXT, "id of the zone"};
    fields[1] = (hsd_field){"name", HSD_FIELD_TEXT, "its name"};
    for (size_t c = 0; c < s->columns.count; c++)
        fields[c + 2] = (hsd_field){s->columns.data[c].name,
                                    is_text(&s->columns.data[c]) ? HSD_FIELD_TEXT : HSD_FIELD_REAL,
                                    s->columns.data[c].title};
    const hsd_geometry_type type =
        s->side->drawn ? s->side->places->places[0].geometry.type : HSD_GEOMETRY_NONE;
    const hsd_measure_info *info = hsd_measure_get_info(run->measures.data[first]);
    const double *shown = hsd_access_measured(run, 0, first)->values;
    hsd_style_set style;
    hsd_status status = HSD_OK;
    const column *c = s->columns.data;
    while (c->values != shown) c++; /* it is one of them */
    if (s->side->drawn) status = fifths(&style, c, s->side->columns.count, type, info->better, err);
    const bool chinese = run->lang[0] == 'z' && info->title_zh;
    char title[160];
    snprintf(title, sizeof title, "%.150s", chinese ? info->title_zh : info->title);
    if (status == HSD_OK)
        status = hsd_access_layer(run, layer, title, type, fields, s->columns.count + 2,
                                  s->side->drawn ? &style.style : NULL, false,
                                  "Measures of each zone: table measures says what they are", err);
    return status == HSD_OK ? write_rows(s, values, err) : status;
}

/* The first measure whose values stand on a side; SIZE_MAX: none does. */
static size_t first_on(const hsd_access_run *run, const hsd_access_side *side) {
    for (size_t m = 0; m < run->measures.count; m++) {
        const hsd_measured *measured = hsd_access_measured(run, 0, m);
        if (measured->values && hsd_access_side_of(run, measured) == side) return m;
    }
    return SIZE_MAX;
}

static hsd_status write_side(hsd_access_run *run, const hsd_access_side *side, const char *layer,
                             hsd_error *err) {
    sheet s = {.run = run, .side = side};
    const size_t first = first_on(run, side);
    if (first == SIZE_MAX) return HSD_OK;
    hsd_status status = make_columns(&s, err);
    hsd_field *fields = hsd_calloc(s.columns.count + 2, sizeof *fields, err);
    hsd_value *values = hsd_calloc(s.columns.count + 2, sizeof *values, err);
    if (status == HSD_OK && (!fields || !values)) status = HSD_E_MEMORY;
    if (status == HSD_OK) status = fill_sheet(&s, layer, fields, values, first, err);
    for (size_t c = 0; c < s.columns.count; c++) hsd_free(s.columns.data[c].name);
    hsd_array_finish(&s.columns);
    hsd_free(fields);
    hsd_free(values);
    return status;
}

/* Values on both ends are two layers; the one the first measure stands on is access. */
static hsd_status write_sides(hsd_access_run *run, hsd_error *err) {
    const size_t from = first_on(run, &run->from), to = first_on(run, &run->to);
    const bool from_first = from <= to;
    hsd_status status = write_side(run, &run->from, from_first ? "access" : "access_from", err);
    if (status == HSD_OK)
        status =
            write_side(run, &run->to, from_first && from != SIZE_MAX ? "access_to" : "access", err);
    return status;
}

/* ---- Tables ---- */

/* What a measure says besides its values is in one column of it: the mean of a missing share. */
static double missing_share(const hsd_access_run *run, const hsd_measured *m) {
    if (!m->second || strcmp(m->second_name, "missing") != 0) return NAN;
    return hsd_weighted_mean(m->second, hsd_access_side_of(run, m)->people,
                             hsd_access_side_of(run, m)->columns.count);
}

static hsd_status write_measure(hsd_access_run *run, hsd_measure *measure, const char *shown,
                                const hsd_measured *m, int64_t id, hsd_error *err) {
    const hsd_measure_info *info = hsd_measure_get_info(measure);
    const bool chinese = run->lang[0] == 'z' && info->title_zh;
    hsd_row r = {.count = 0};
    hsd_row_int(&r, id);
    hsd_row_text(&r, shown);
    hsd_row_text(&r, info->name);
    hsd_row_text(&r, hsd_measure_text(measure));
    hsd_row_text(&r, chinese ? info->title_zh : info->title);
    hsd_row_text(&r, hsd_measure_conventions(measure));
    hsd_row_text(&r, info->formula);
    hsd_row_text(&r, info->unit);
    hsd_row_text(&r, info->better);
    hsd_row_text(&r, info->reference);
    hsd_row_text(&r, !m || info->shape != HSD_MEASURE_ZONES ? NULL : m->passive ? "to" : "from");
    hsd_row_real(&r, m ? missing_share(run, m) : NAN);
    hsd_row_text(&r, m ? m->warning : NULL);
    return hsd_row_write(run->file, &r, NULL, err);
}

static hsd_status write_measures(hsd_access_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(&f, "column", HSD_FIELD_TEXT, "column of layer access or pairs");
    hsd_fields_add(&f, "name", HSD_FIELD_TEXT, "name of the measure");
    hsd_fields_add(&f, "measure", HSD_FIELD_TEXT, "with every parameter: asks for the same again");
    hsd_fields_add(&f, "title", HSD_FIELD_TEXT, "title");
    hsd_fields_add(&f, "conventions", HSD_FIELD_TEXT, "what was decided: masses, self pairs ...");
    hsd_fields_add(&f, "formula", HSD_FIELD_TEXT, "formula");
    hsd_fields_add(&f, "unit", HSD_FIELD_TEXT, "unit");
    hsd_fields_add(&f, "better", HSD_FIELD_TEXT, "more or less is better; empty: neither");
    hsd_fields_add(&f, "reference", HSD_FIELD_TEXT, "where it comes from");
    hsd_fields_add(&f, "direction", HSD_FIELD_TEXT,
                   "from: what zones reach; to: who reaches them; empty: of pairs or sums");
    hsd_fields_add(&f, "unreached_share", HSD_FIELD_REAL,
                   "mass without a way in the baseline, mean over people");
    hsd_fields_add(&f, "warning", HSD_FIELD_TEXT, "what to know of the baseline's values");
    hsd_status status = hsd_access_layer(
        run, "measures", hsd_word_text(HSD_WORD_MEASURES, run->lang), HSD_GEOMETRY_NONE, f.list,
        f.count, NULL, false, "Each measure with its formula, conventions and source", err);
    int64_t id = 0;
    char name[128];
    for (size_t m = 0; status == HSD_OK && m < run->measures.count; m++)
        status = write_measure(run, run->measures.data[m], hsd_access_column(run, m, name),
                               hsd_access_measured(run, 0, m), ++id, err);
    for (size_t q = 0; status == HSD_OK && q < run->inequality.count; q++)
        status = write_measure(run, run->inequality.data[q], NULL, NULL, ++id, err);
    return status;
}

typedef struct table_of_figures {
    hsd_access_run *run;
    bool inequality;
    int64_t id;
} table_of_figures;

static hsd_status write_figure(void *context, const hsd_access_figure *figure, hsd_error *err) {
    table_of_figures *t = context;
    char name[128];
    if (figure->inequality != t->inequality) return HSD_OK;
    hsd_row r = {.count = 0};
    hsd_row_int(&r, ++t->id);
    hsd_row_text(&r, t->run->scenes[figure->scene].name);
    hsd_row_text(&r, hsd_access_column(t->run, figure->measure, name));
    hsd_row_text(&r, figure->statistic);
    hsd_row_text(&r, figure->group);
    hsd_row_real(&r, figure->value);
    hsd_row_real(&r, figure->change);
    return hsd_row_write(t->run->file, &r, NULL, err);
}

static hsd_status write_figures(hsd_access_run *run, bool inequality, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(&f, "scenario", HSD_FIELD_TEXT, "scenario, or baseline");
    hsd_fields_add(&f, "measure", HSD_FIELD_TEXT, "its column");
    hsd_fields_add(&f, "statistic", HSD_FIELD_TEXT,
                   inequality ? "measure of inequality"
                              : "mean (over people, where there are), min, max, sum ...");
    hsd_fields_add(&f, "group", HSD_FIELD_TEXT, "of one group; empty: of all");
    hsd_fields_add(&f, "value", HSD_FIELD_REAL, "value");
    hsd_fields_add(&f, "change", HSD_FIELD_REAL, "against the baseline");
    hsd_status status = hsd_access_layer(
        run, inequality ? "inequality" : "summary",
        hsd_word_text(inequality ? HSD_WORD_INEQUALITY : HSD_WORD_SUMMARY, run->lang),
        HSD_GEOMETRY_NONE, f.list, f.count, NULL, false,
        inequality ? "How unequal the values of zones are" : "Sums over the zones", err);
    table_of_figures t = {run, inequality, 0};
    return status == HSD_OK ? hsd_access_figures(run, write_figure, &t, err) : status;
}

/* ---- The file ---- */

static hsd_status write_network(hsd_access_run *run, hsd_error *err) {
    if (!run->times) return HSD_OK;
    const hsd_compare_run *compare = hsd_time_rows_run(run->times);
    hsd_status status = HSD_OK;
    if (run->request->proposals.path) status = hsd_compare_write_edits(run->file, compare, err);
    if (status == HSD_OK) status = hsd_snap_start(run->file, &compare->circle, err);
    return status == HSD_OK ? hsd_snap_rows(run->file, &compare->circle, err) : status;
}

hsd_status hsd_access_write(hsd_access_run *run, hsd_error *err) {
    hsd_status status = hsd_access_has_pairs(run) ? hsd_access_write_pairs(run, err) : HSD_OK;
    if (status == HSD_OK) status = write_sides(run, err);
    if (status == HSD_OK) status = write_network(run, err);
    if (status == HSD_OK) status = write_measures(run, err);
    if (status == HSD_OK) status = write_figures(run, false, err);
    if (status == HSD_OK && run->inequality.count) status = write_figures(run, true, err);
    if (status == HSD_OK && run->request->spillover) status = hsd_access_write_spillover(run, err);
    return status == HSD_OK ? hsd_dataset_commit(run->file, err) : status;
}
