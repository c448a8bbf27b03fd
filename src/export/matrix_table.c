/* Matrices as the table `matrix` of a dataset (GeoPackage or any GDAL vector driver): what
 * hsd_dataset makes of it, whole or not at all. */
#include <math.h>

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
