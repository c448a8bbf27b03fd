/* Rows and fields of result layers: a small buffer filled in the order of the fields. */
#ifndef STUDY_ROWS_H
#define STUDY_ROWS_H

#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "export/styles.h"
#include "hourshed/export.h"
#include "study/circle_run.h"
#include "study/words.h"

enum { HSD_MAX_FIELDS = 48 };

typedef struct hsd_row {
    hsd_value values[HSD_MAX_FIELDS];
    size_t count;
    char *key;   /* an id made for the row; hsd_row_write frees it */
    bool no_key; /* it could not be made: hsd_row_write fails */
} hsd_row;

static inline void hsd_row_add(hsd_row *r, hsd_value value) {
    if (r->count < HSD_MAX_FIELDS) r->values[r->count++] = value;
}
static inline void hsd_row_text(hsd_row *r, const char *text) {
    hsd_row_add(r, (hsd_value){text ? HSD_VALUE_TEXT : HSD_VALUE_NULL, text, 0, 0});
}
static inline void hsd_row_int(hsd_row *r, int64_t value) {
    hsd_row_add(r, (hsd_value){HSD_VALUE_INT, NULL, value, 0});
}
static inline void hsd_row_real(hsd_row *r, double value) {
    hsd_row_add(r, (hsd_value){isfinite(value) ? HSD_VALUE_REAL : HSD_VALUE_NULL, NULL, 0, value});
}
static inline void hsd_row_null(hsd_row *r) {
    hsd_row_add(r, (hsd_value){HSD_VALUE_NULL, NULL, 0, 0});
}
static inline void hsd_row_minutes(hsd_row *r, uint32_t ms) {
    if (ms >= HSD_UNREACHABLE)
        hsd_row_null(r);
    else
        hsd_row_real(r, ms / 60000.0);
}

/* The first value: a text made by hsd_asprintf, which has said why where it is NULL. */
static inline void hsd_row_key(hsd_row *r, char *key) {
    r->key = key;
    r->no_key = !key;
    hsd_row_text(r, key);
}

static inline hsd_status hsd_row_write(hsd_dataset *file, hsd_row *r, const hsd_geometry *geometry,
                                       hsd_error *err) {
    if (r->no_key) return HSD_E_MEMORY;
    hsd_status status = hsd_dataset_row(file, r->values, geometry, err);
    hsd_free(r->key);
    r->key = NULL;
    return status;
}

typedef struct hsd_fields {
    hsd_field list[HSD_MAX_FIELDS];
    char names[HSD_MAX_FIELDS][64];
    size_t count;
} hsd_fields;

static inline void hsd_fields_add(hsd_fields *f, const char *name, hsd_field_type type,
                                  const char *title) {
    if (f->count == HSD_MAX_FIELDS) return;
    snprintf(f->names[f->count], sizeof f->names[0], "%s", name);
    f->list[f->count] = (hsd_field){f->names[f->count], type, title};
    f->count++;
}

static inline double hsd_cutoff_minutes(const hsd_circle_run *run, size_t cutoff) {
    return run->cutoffs_ms[cutoff] / 60000.0;
}

static inline hsd_status hsd_layer_start_views(hsd_dataset *file, const hsd_circle_run *run,
                                               const char *name, hsd_word title,
                                               hsd_geometry_type geometry, const hsd_fields *f,
                                               const hsd_style *style, bool hidden,
                                               const char *about, const hsd_layer_view *views,
                                               size_t view_count, hsd_error *err) {
    hsd_layer_spec spec = {.name = name,
                           .geometry = geometry,
                           .fields = f->list,
                           .field_count = f->count,
                           .title = hsd_word_text(title, run->lang),
                           .description = about,
                           .style = style,
                           .hidden = hidden,
                           .views = views,
                           .view_count = view_count};
    return hsd_dataset_layer(file, &spec, err);
}

static inline hsd_status hsd_layer_start(hsd_dataset *file, const hsd_circle_run *run,
                                         const char *name, hsd_word title,
                                         hsd_geometry_type geometry, const hsd_fields *f,
                                         const hsd_style *style, bool hidden, const char *about,
                                         hsd_error *err) {
    return hsd_layer_start_views(file, run, name, title, geometry, f, style, hidden, about, NULL, 0,
                                 err);
}

static inline hsd_geometry hsd_point_geometry(hsd_lonlat *at) {
    static size_t one = 1; /* a point's only ring; never written to */
    return (hsd_geometry){HSD_GEOMETRY_POINT, 1, 1, 0, at, &one, NULL};
}

static inline void hsd_fields_masses(hsd_fields *f, const hsd_place_table *places) {
    for (size_t m = 0; m < places->mass_count; m++)
        hsd_fields_add(f, places->mass_names[m], HSD_FIELD_REAL, places->mass_names[m]);
}

/* By timetable each profile is a percentile, with a column of its own; core and fringe have none.
 */
static inline void hsd_fields_percentile(hsd_fields *f, const hsd_circle_run *run) {
    if (run->transit)
        hsd_fields_add(f, "percentile", HSD_FIELD_REAL,
                       "of the times in the window: 0 the earliest, 50 the median");
}
static inline void hsd_row_percentile(hsd_row *r, const hsd_circle_run *run, const char *profile) {
    double percentile = NAN;
    for (size_t p = 0; p < run->profile_count; p++)
        if (run->profiles[p].name == profile) percentile = run->profiles[p].percentile;
    if (run->transit) hsd_row_real(r, percentile);
}

/* ---- circle_areas.c: rows of circles; scenario: its column's title, or its name; NULL: none */
void hsd_circle_fields(hsd_fields *f, const hsd_circle_run *run, const char *scenario);
hsd_status hsd_write_circle_row(hsd_dataset *file, const hsd_circle_run *run, const char *scenario,
                                size_t p, size_t o, size_t c, const hsd_circle *circle,
                                const double *masses, hsd_error *err);
/* id, scenario, origin, profile, direction, cut-off: how every row of an area begins. */
void hsd_area_head(hsd_row *r, const hsd_circle_run *run, const char *scenario, size_t o,
                   const char *profile, size_t c, const char *kind, hsd_error *err);

/* The cut-offs in minutes for a style, and how many of them it can show. */
static inline size_t hsd_cutoffs_shown(const hsd_circle_run *run,
                                       double minutes[HSD_STYLE_CLASSES_MAX]) {
    size_t shown =
        run->cutoff_count < HSD_STYLE_CLASSES_MAX ? run->cutoff_count : HSD_STYLE_CLASSES_MAX;
    for (size_t c = 0; c < shown; c++) minutes[c] = hsd_cutoff_minutes(run, c);
    return shown;
}
#endif
