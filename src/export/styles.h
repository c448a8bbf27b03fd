/* Ready-made colours and styles for the layers of a run: what study/ hands to hsd_dataset_layer.
 * Palettes hold for colour-blind readers and in grey: sequential ones fall steadily in lightness.
 */
#ifndef EXPORT_STYLES_H
#define EXPORT_STYLES_H

#include "hourshed/export.h"

/* n colours 0xRRGGBBAA from the inner (dark) to the outer (light) cut-off. */
void hsd_palette_sequential(size_t n, uint8_t alpha, uint32_t *rgba);
/* n colours told apart by hue (Okabe and Ito 2008, then Tol's muted set); repeats after 16. */
void hsd_palette_categorical(size_t n, uint8_t alpha, uint32_t *rgba);
/* The same colour with another alpha; lightness times factor (below 1: darker). */
uint32_t hsd_rgba_alpha(uint32_t rgba, uint8_t alpha);
uint32_t hsd_rgba_shade(uint32_t rgba, double factor);

#define HSD_STYLE_CLASSES_MAX 40

/* A style with the memory it points to: fill it where it stays, do not copy it. Field, text
 * values and single labels are borrowed. */
typedef struct hsd_style_set {
    hsd_style style;
    hsd_style_class classes[HSD_STYLE_CLASSES_MAX];
    char labels[HSD_STYLE_CLASSES_MAX][64];
} hsd_style_set;

typedef enum hsd_style_look {
    HSD_LOOK_FILL,    /* transparent fill and legible outline: bands, hinterland, zones */
    HSD_LOOK_OUTLINE, /* outline only: circles over bands or edges */
    HSD_LOOK_LINE,    /* reached edges */
    HSD_LOOK_POINT    /* origins, cities, snap */
} hsd_style_look;

/* By ascending cut-offs of a numeric field ("minutes", "time_out_min"): a class up to and including
 * each, coloured from inner to outer; labels are the cut-off and the unit ("30 min").
 * At most HSD_STYLE_CLASSES_MAX classes are made. */
void hsd_style_by_cutoff(hsd_style_set *out, hsd_style_look look, const char *field,
                         const double *cutoffs, size_t count, const char *unit);
/* By a text field: one colour a name. Past HSD_STYLE_CLASSES_MAX names: one colour for all. */
void hsd_style_by_name(hsd_style_set *out, hsd_style_look look, const char *field,
                       const char *const *names, size_t count);
/* One symbol. */
void hsd_style_plain(hsd_style_set *out, hsd_style_look look, uint32_t rgba, const char *label);

/* Colours of layers that look the same in every run. */
#define HSD_COLOUR_ORIGIN 0x1A1A2EFFu
#define HSD_COLOUR_ZONE 0x5B7083C0u
#define HSD_COLOUR_BARRIER 0xC9D6DFFFu /* water and sea */
#define HSD_COLOUR_SNAP 0x7A7A7AFFu
#define HSD_COLOUR_FAULT 0xD81B60FFu
#define HSD_COLOUR_LINK 0x0B6E4FFFu /* a proposed bridge or railway */

/* ---- Used by the writer ------------------------------------------------------------------------
 */

#include "base/text.h"

/* What the style and project writers need to know of a written layer. */
typedef struct hsd_styled_layer {
    const char *name, *title, *description;
    hsd_geometry_type geometry;
    const hsd_style *style; /* NULL or kind NONE: the reader's default */
    bool hidden;
    const char *filter; /* of a view: SQL; NULL: every row */
    bool background;    /* its rows do not count for the extent */
    bool framed;        /* a view with a box of its own: the project opens on such alone */
    const hsd_field *fields;
    const hsd_form_field *form; /* one a field; NULL: none */
    size_t field_count;
    double min_value, max_value; /* of the style's field, over the rows; min > max: none */
    double min_lon, min_lat, max_lon, max_lat; /* of the rows; min > max: none */
} hsd_styled_layer;

/* <renderer-v2> and <labeling> as they stand in both a QML file and a project. */
void hsd_qml_elements(hsd_text *out, const hsd_styled_layer *layer);
void hsd_qml_document(hsd_text *out, const hsd_styled_layer *layer);
void hsd_sld_document(hsd_text *out, const hsd_styled_layer *layer);
/* A preset as SQL and QGIS write it: numbers as they stand, texts quoted. */
void hsd_text_add_preset(hsd_text *out, const char *preset, hsd_field_type type);
/* The elements of a layer's form, the same in both. */
void hsd_qml_form(hsd_text *out, const hsd_styled_layer *layer);
/* A QGIS project whose layers lie in file_name, in the project's own folder. view: shown where no
 * layer has a row; NULL: the world. */
void hsd_project_document(hsd_text *out, const char *title, const char *file_name,
                          const hsd_box_e7 *view, const hsd_styled_layer *layers, size_t count);
/* One file in a zip archive, as hexadecimal text; deterministic. The caller frees *hex. */
hsd_status hsd_zip_hex(const char *name, const void *data, size_t size, char **hex, hsd_error *err);
#endif
