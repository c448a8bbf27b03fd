/* Matrices as the table `matrix` of a dataset (GeoPackage or any GDAL vector driver): what
 * hsd_dataset makes of it, whole or not at all. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "export/matrix.h"

/* SQLite holds 2,000 columns; fid and from_id are two of them. */
enum { MOST_COLUMNS = 1998 };

typedef struct table_state {
    hsd_dataset *dataset;
    hsd_value *values; /* of a row */
} table_state;

static hsd_status begin_layer(hsd_matrix_writer *w, hsd_error *err) {
    const hsd_matrix_spec *spec = &w->spec;
    table_state *s = w->state;
    const size_t ids = spec->wide ? 1 : 2;
    const size_t count = ids + (spec->wide ? spec->to_count : spec->name_count);
    hsd_field *fields = hsd_calloc(count, sizeof *fields, err);
    s->values = hsd_calloc(count, sizeof *s->values, err);
    hsd_status status = fields && s->values ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        fields[0] = (hsd_field){"from_id", HSD_FIELD_TEXT, "Origin"};
        if (!spec->wide) fields[1] = (hsd_field){"to_id", HSD_FIELD_TEXT, "Target"};
        for (size_t i = ids; i < count; i++)
            fields[i] = (hsd_field){spec->wide ? spec->to_ids[i - ids] : spec->names[i - ids],
                                    HSD_FIELD_REAL, NULL};
        const hsd_layer_spec layer = {
            .name = "matrix", .fields = fields, .field_count = count, .title = "Matrix"};
        status = hsd_dataset_layer(s->dataset, &layer, err);
    }
    hsd_free(fields);
    return status;
}

static int by_name(const void *a, const void *b) {
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    const int order = strcasecmp(x, y);
    return order ? order : strcmp(x, y);
}

static bool is_dbf(const hsd_matrix_writer *w) {
    if (w->spec.format) return strcasecmp(w->spec.format, "ESRI Shapefile") == 0;
    return hsd_matrix_path_ends(w->path, ".shp") || hsd_matrix_path_ends(w->path, ".dbf") ||
           hsd_matrix_path_ends(w->path, ".shz");
}

/* Most drivers say it when the file is closed, after the work; that of shapefiles, never: it gives
 * columns other names. */
static hsd_status check_columns(const hsd_matrix_writer *w, hsd_error *err) {
    enum { DBF_NAME = 10 };
    const hsd_matrix_spec *spec = &w->spec;
    const size_t count = spec->to_count + 1;
    const char **names = hsd_alloc(count, sizeof *names, err);
    if (!names) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < spec->to_count; i++) {
        names[i] = spec->to_ids[i];
        if (status == HSD_OK && is_dbf(w) && strlen(names[i]) > DBF_NAME)
            status =
                hsd_fail(err, HSD_E_ARGUMENT,
                         "%s: target \"%.80s\" is too long for a column of a shapefile: a long "
                         "table, CSV or OMX can",
                         w->path, names[i]);
    }
    names[count - 1] = "from_id";
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 1; status == HSD_OK && i < count; i++)
        if (strcasecmp(names[i], names[i - 1]) == 0)
            status = hsd_fail(err, HSD_E_ARGUMENT,
                              "%s: \"%.60s\" and \"%.60s\" are one name for columns of a wide "
                              "table: a long one, CSV or OMX can",
                              w->path, names[i - 1], names[i]);
    hsd_free(names);
    return status;
}

static hsd_status begin(hsd_matrix_writer *w, hsd_error *err) {
    const hsd_matrix_spec *spec = &w->spec;
    if (spec->wide && spec->name_count > 1)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s: a wide table holds one value a pair, not %zu: a long one or OMX can",
                        w->path, spec->name_count);
    if (spec->wide && spec->to_count > MOST_COLUMNS)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s: %zu targets are too many for columns of a wide table, which holds %d: "
                        "a long one, CSV or OMX can",
                        w->path, spec->to_count, MOST_COLUMNS);
    if (spec->wide) {
        const hsd_status status = check_columns(w, err);
        if (status != HSD_OK) return status;
    }
    table_state *s = w->state = hsd_calloc(1, sizeof *s, err);
    if (!s) return HSD_E_MEMORY;
    const hsd_dataset_options options = {.format = spec->format,
                                         .overwrite = spec->overwrite,
                                         .title = "Matrix",
                                         .provenance = spec->provenance};
    hsd_status status = hsd_dataset_create(w->path, &options, &s->dataset, err);
    return status == HSD_OK ? begin_layer(w, err) : status;
}

static hsd_value real(double value) {
    if (!isfinite(value)) return (hsd_value){.kind = HSD_VALUE_NULL};
    return (hsd_value){.kind = HSD_VALUE_REAL, .real = value};
}

static hsd_status row(hsd_matrix_writer *w, const double *values, hsd_error *err) {
    const hsd_matrix_spec *spec = &w->spec;
    table_state *s = w->state;
    hsd_status status = HSD_OK;
    s->values[0] = (hsd_value){.kind = HSD_VALUE_TEXT, .text = spec->from_ids[w->rows]};
    if (spec->wide) {
        for (size_t t = 0; t < spec->to_count; t++) s->values[t + 1] = real(values[t]);
        return hsd_dataset_row(s->dataset, s->values, NULL, err);
    }
    for (size_t t = 0; t < spec->to_count && status == HSD_OK; t++) {
        bool way = spec->all;
        s->values[1] = (hsd_value){.kind = HSD_VALUE_TEXT, .text = spec->to_ids[t]};
        for (size_t i = 0; i < spec->name_count; i++) {
            s->values[i + 2] = real(values[i * spec->to_count + t]);
            way |= s->values[i + 2].kind == HSD_VALUE_REAL;
        }
        if (way) status = hsd_dataset_row(s->dataset, s->values, NULL, err);
    }
    return status;
}

static hsd_status commit(hsd_matrix_writer *w, hsd_error *err) {
    table_state *s = w->state;
    return hsd_dataset_commit(s->dataset, err);
}

static void finish(hsd_matrix_writer *w) {
    table_state *s = w->state;
    hsd_dataset_destroy(s->dataset);
    hsd_free(s->values);
    hsd_free(s);
}

const hsd_matrix_format hsd_matrix_table_format = {begin, row, commit, finish};
