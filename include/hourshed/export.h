/* Hourshed: result files. A dataset is a set of named layers; a GeoPackage carries styles, a QGIS
 * project and provenance with it, other GDAL vector drivers take what they can. */
#ifndef HOURSHED_EXPORT_H
#define HOURSHED_EXPORT_H

#include "hourshed/geo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hsd_field_type {
    HSD_FIELD_TEXT,
    HSD_FIELD_INT,
    HSD_FIELD_REAL,
    HSD_FIELD_BOOL
} hsd_field_type;

typedef struct hsd_field {
    const char *name; /* unit in the name: time_min, area_km2 */
    hsd_field_type type;
    const char *title; /* what it is, with its unit: goes to gpkg_data_columns */
} hsd_field;

typedef enum hsd_style_kind {
    HSD_STYLE_NONE,       /* a table, or the reader's default */
    HSD_STYLE_SINGLE,     /* one symbol */
    HSD_STYLE_CATEGORIES, /* by equal value of a field */
    HSD_STYLE_GRADUATED   /* by upper bounds of a numeric field */
} hsd_style_kind;

typedef struct hsd_style_class {
    double value;     /* category value, or upper bound (inclusive) */
    const char *text; /* category value when the field is text; else NULL */
    const char *label;
    uint32_t rgba; /* 0xRRGGBBAA */
} hsd_style_class;

typedef struct hsd_style {
    hsd_style_kind kind;
    const char *field;
    const hsd_style_class *classes; /* SINGLE: one */
    size_t class_count;
    double width_mm;         /* line or outline; 0: 0.3 */
    double size_mm;          /* points; 0: 2.5 */
    const char *label_field; /* NULL: no labels */
    bool outline_only;       /* polygons without fill */
} hsd_style;

/* A value of a drop-down list. */
typedef struct hsd_choice {
    const char *value, *label; /* label NULL: the value; value NULL: leaves the field empty */
} hsd_choice;

typedef enum hsd_widget {
    HSD_WIDGET_LINE,  /* a line of text, or a number; a drop-down list where there are choices */
    HSD_WIDGET_LINES, /* several lines */
    HSD_WIDGET_KNOWN  /* a line that offers what other rows say */
} hsd_widget;

/* How a person fills a field in, for layers that are drawn on: QGIS takes it from the style and
 * the project. */
typedef struct hsd_form_field {
    const char *alias; /* what the form calls it; NULL: its name */
    hsd_widget widget;
    const hsd_choice *choices;
    size_t choice_count;
    const char *preset;  /* of new rows, in QGIS and as the column's own default; NULL: none */
    const char *check;   /* QGIS expression that must hold for a row to be saved; NULL: none */
    const char *message; /* what is expected where it does not */
} hsd_form_field;

/* What a project shows of a layer: the rows that a filter lets pass. */
typedef struct hsd_layer_view {
    const char *title;
    const char *filter; /* SQL, as after WHERE */
    bool hidden;
    hsd_box_e7 box; /* of its rows, for the map's extent; all 0: the layer's */
} hsd_layer_view;

typedef struct hsd_layer_spec {
    const char *name;
    hsd_geometry_type geometry; /* NONE: a table without geometry */
    const hsd_field *fields;    /* first one is the id */
    size_t field_count;
    const char *title, *description;
    const hsd_style *style; /* NULL: none */
    bool hidden;            /* in the project, but switched off */
    bool background;        /* the project opens on the other layers */
    /* In the project above the whole layer, which is then switched off. */
    const hsd_layer_view *views;
    size_t view_count;
    const hsd_form_field *form; /* one a field; NULL: not for filling in */
} hsd_layer_spec;

typedef struct hsd_value {
    enum { HSD_VALUE_NULL, HSD_VALUE_TEXT, HSD_VALUE_INT, HSD_VALUE_REAL } kind;
    const char *text;
    int64_t integer; /* BOOL fields: 0 or 1 */
    double real;     /* not finite is written as NULL */
} hsd_value;

typedef struct hsd_dataset hsd_dataset;
typedef struct hsd_dataset_options {
    const char *format; /* GDAL vector driver; NULL: by the file's ending, else GPKG */
    bool overwrite;
    const char *title;         /* of the embedded project */
    const hsd_box_e7 *view;    /* what it shows where no layer has a row; NULL: the world */
    const char *provenance;    /* JSON, stored in gpkg_metadata; NULL: none */
    const char *const *config; /* "KEY=VALUE" creation options, NULL-ended; may be NULL */
    hsd_datum datum;           /* geometry is written back in it; WGS84 is what it comes in */
} hsd_dataset_options;
/* Nothing stands under `path` before hsd_dataset_commit. Formats of one layer a file (CSV, GeoJSON,
 * FlatGeobuf ...) become a folder, or, for a path with an ending and one layer, that file. */
HSD_API hsd_status hsd_dataset_create(const char *path, const hsd_dataset_options *options,
                                      hsd_dataset **out, hsd_error *err);
/* Layers are written one after the other, in drawing order from top to bottom of the project. */
HSD_API hsd_status hsd_dataset_layer(hsd_dataset *dataset, const hsd_layer_spec *spec,
                                     hsd_error *err);
HSD_API hsd_status hsd_dataset_row(hsd_dataset *dataset, const hsd_value *values,
                                   const hsd_geometry *geometry, hsd_error *err);
/* Whether rows of a layer with geometry may be without one: FlatGeobuf leaves such rows out. */
HSD_API bool hsd_dataset_allows_empty(const hsd_dataset *dataset);
HSD_API hsd_status hsd_dataset_commit(hsd_dataset *dataset, hsd_error *err);
HSD_API void hsd_dataset_destroy(hsd_dataset *dataset); /* discards what was not committed */
/* Provenance JSON of a GeoPackage of ours; the caller frees with hsd_text_release. */
HSD_API hsd_status hsd_dataset_provenance(const char *path, char **out, hsd_error *err);
HSD_API void hsd_text_release(char *text);

/* What two results differ in, layer by layer, rows matched by their first field; styles and
 * projects left out. A line each: "layer zones, row 12, time_min: 31.5, now 30.9". */
typedef struct hsd_differences {
    char **list; /* the first hundred */
    size_t count, total;
} hsd_differences;
HSD_API hsd_status hsd_dataset_compare(const char *path, const char *other, hsd_differences *out,
                                       hsd_error *err);
HSD_API void hsd_differences_finish(hsd_differences *differences);

/* ---- Matrices ---- */

/* A matrix file written row by row, whole or not at all (see hsd_dataset_create). By ending: .csv
 * (and .csv.gz), long: from_id, to_id and the values, one line a pair, pairs without a way left out
 * unless `all`; wide: ids in the first column and line, empty where there is no way. .omx: square
 * or not, HDF5 with /data/NAME (float64, chunked by rows, deflate; NA attribute), lookups from_id
 * and to_id, OMX_VERSION and SHAPE. Any GDAL vector driver: a table, long or wide (at most 1,998
 * targets, whose ids are names of columns) under the name `matrix`. */
typedef struct hsd_matrix_writer hsd_matrix_writer;
typedef struct hsd_matrix_spec {
    const char *format; /* as of a dataset, "OMX" and "CSV" besides; NULL: by the file's ending */
    bool overwrite, wide, all;
    const char *const *from_ids, *const *to_ids;
    size_t from_count, to_count;
    const char *const *names; /* of values: "time_min"; several: of percentiles */
    size_t name_count;
    const char *provenance; /* JSON; in CSV a file beside it, PATH.json; NULL: none */
} hsd_matrix_spec;
HSD_API bool hsd_omx_available(void);
HSD_API hsd_status hsd_matrix_writer_create(const char *path, const hsd_matrix_spec *spec,
                                            hsd_matrix_writer **out, hsd_error *err);
/* The next row: values[name_count x to_count], name by name; not finite: no way. */
HSD_API hsd_status hsd_matrix_writer_row(hsd_matrix_writer *writer, const double *values,
                                         hsd_error *err);
HSD_API hsd_status hsd_matrix_writer_commit(hsd_matrix_writer *writer, hsd_error *err);
HSD_API void
hsd_matrix_writer_destroy(hsd_matrix_writer *writer); /* discards what is not committed */

/* A grid of minutes (NAN: none) as cloud-optimised GeoTIFF (float32, DEFLATE, overviews), in a
 * Lambert azimuthal equal-area frame centred on lon, lat; the first row is the north one. */
HSD_API hsd_status hsd_raster_write(const char *path, bool overwrite, double centre_lon,
                                    double centre_lat, double west_m, double north_m, double cell_m,
                                    uint32_t width, uint32_t height, const float *values,
                                    hsd_error *err);
/* Sets a GDAL configuration option from "KEY=VALUE", for reading and writing, in the whole program.
 */
HSD_API hsd_status hsd_config_set(const char *key_value, hsd_error *err);
/* Names of GDAL vector drivers that can write, one a line; the caller releases it. */
HSD_API hsd_status hsd_formats(char **out, hsd_error *err);

#ifdef __cplusplus
}
#endif
#endif
