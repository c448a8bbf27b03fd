/* Matrices as a layer of a GDAL vector file: a long table, whatever geometry it has. The layer is
 * "matrix", as our own files have it, else the only one with columns of origins and targets. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/parallel.h"
#include "base/text.h"
#include "read/matrix.h"
#include "read/message.h"
#include "read/vector.h"

typedef struct layer_matrix {
    hsd_matrix_reading *r;
    hsd_vector vector;
    hsd_matrix_columns columns;
} layer_matrix;

/* Names of the fields, borrowed from GDAL; the caller frees the list. */
static const char **field_names(OGRLayerH layer, size_t *count, hsd_error *err) {
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    *count = (size_t)OGR_FD_GetFieldCount(definition);
    const char **names = hsd_alloc(*count, sizeof *names, err);
    for (size_t i = 0; names && i < *count; i++)
        names[i] = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)i));
    return names;
}

static hsd_status fits(const hsd_matrix_reading *r, OGRLayerH layer, bool *out) {
    size_t count = 0;
    const char **names = field_names(layer, &count, r->err);
    if (!names) return HSD_E_MEMORY;
    bool from = false, to = false;
    for (size_t i = 0; i < count; i++) {
        if (r->fields->from) from |= hsd_text_equal_nocase(names[i], r->fields->from);
        if (r->fields->to) to |= hsd_text_equal_nocase(names[i], r->fields->to);
    }
    *out = r->fields->from || r->fields->to ? from || to : hsd_matrix_has_ids(names, count);
    hsd_free(names);
    return HSD_OK;
}

static hsd_status choose_layer(const hsd_matrix_reading *r, const hsd_vector *file,
                               const hsd_vector_layer *layers, size_t count, const char **out) {
    hsd_status status = HSD_OK;
    size_t found = 0;
    *out = count == 1 ? layers[0].name : NULL;
    for (size_t i = 0; i < count && !*out; i++)
        if (strcmp(layers[i].name, "matrix") == 0) *out = layers[i].name;
    if (*out) return HSD_OK;
    for (size_t i = 0; i < count && status == HSD_OK; i++) {
        bool fit = false;
        status = fits(r, GDALDatasetGetLayer(file->dataset, (int)i), &fit);
        if (fit) *out = layers[i].name;
        found += fit;
    }
    if (status != HSD_OK || found == 1) return status;
    return hsd_fail(r->err, HSD_E_FORMAT,
                    "%s: %zu of its %zu layers have columns of origins and targets; one, or one "
                    "called matrix, was expected",
                    file->file, found, count);
}

static hsd_status open_layer(layer_matrix *m) {
    hsd_vector file;
    hsd_vector_layer *layers = NULL;
    size_t count = 0;
    const char *layer = NULL;
    hsd_status status = hsd_vector_open_file(m->r->path, NULL, &file, m->r->err);
    if (status != HSD_OK) return status;
    status = hsd_vector_layers(&file, &layers, &count, m->r->err);
    if (status == HSD_OK && count == 0)
        status = hsd_fail(m->r->err, HSD_E_FORMAT, "%s has no layer to read", file.file);
    if (status == HSD_OK) status = choose_layer(m->r, &file, layers, count, &layer);
    if (status == HSD_OK) {
        /* geometry is not looked at: any coordinate system does where there is none */
        const hsd_vector_options options = {.layer = layer,
                                            .assume_crs = "EPSG:4326",
                                            .flags = HSD_VECTOR_TABLE_PASSES,
                                            .beside = &file};
        status = hsd_vector_open(m->r->path, &options, &m->vector, m->r->err);
    }
    hsd_vector_layers_finish(layers, count);
    hsd_vector_close(&file);
    return status;
}

static hsd_status choose_columns(layer_matrix *m) {
    const hsd_vector *v = &m->vector;
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(v->layer);
    size_t count = 0;
    const char **names = field_names(v->layer, &count, m->r->err);
    bool *may = hsd_calloc(count, sizeof *may, m->r->err);
    const hsd_matrix_header header = {v->file, names, count, "field", "fields"};
    hsd_status status = names && may ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; i < count && status == HSD_OK; i++) {
        const OGRFieldType type = OGR_Fld_GetType(OGR_FD_GetFieldDefn(definition, (int)i));
        may[i] = type == OFTInteger || type == OFTInteger64 || type == OFTReal;
    }
    if (status == HSD_OK) status = hsd_matrix_choose_ids(m->r, &header, &m->columns);
    if (status == HSD_OK) status = hsd_matrix_choose_costs(m->r, &header, may, &m->columns);
    hsd_free(names);
    hsd_free(may);
    return status;
}

static hsd_status id_of(layer_matrix *m, OGRFeatureH feature, int column, hsd_matrix_ids *ids,
                        uint32_t *out) {
    const char *text;
    hsd_status status = hsd_vector_text(&m->vector, feature, column, &text, m->r->err);
    if (status != HSD_OK) return status;
    if (text[0]) return hsd_matrix_id(ids, text, strlen(text), out, m->r->err);
    return hsd_vector_fail(&m->vector, feature, m->r->err,
                           "field \"%.60s\" is empty; an id was expected",
                           OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, column)));
}

static hsd_status cost_of(layer_matrix *m, OGRFeatureH feature, size_t cost, double *out) {
    const int column = m->columns.costs[cost];
    const OGRFieldType type = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, column));
    *out = INFINITY;
    if (!OGR_F_IsFieldSetAndNotNull(feature, column)) return HSD_OK;
    if (type == OFTInteger || type == OFTInteger64 || type == OFTReal) {
        *out = hsd_matrix_cost(m->r, cost, OGR_F_GetFieldAsDouble(feature, column));
        return HSD_OK;
    }
    const char *text;
    char clip[HSD_CLIP_SIZE];
    hsd_status status = hsd_vector_text(&m->vector, feature, column, &text, m->r->err);
    if (status != HSD_OK || hsd_matrix_cost_text(m->r, cost, text, strlen(text), out))
        return status;
    return hsd_vector_fail(&m->vector, feature, m->r->err,
                           "field \"%.60s\" is \"%s\"; a number (decimal point, no unit) was "
                           "expected",
                           OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, column)),
                           hsd_clip(text, clip));
}

static hsd_status read_row(layer_matrix *m, OGRFeatureH feature) {
    uint32_t from = 0, to = 0;
    double costs[HSD_MATRIX_MOST_COSTS];
    hsd_status status = id_of(m, feature, m->columns.from, &m->r->from, &from);
    if (status == HSD_OK) status = id_of(m, feature, m->columns.to, &m->r->to, &to);
    for (size_t i = 0; i < m->columns.cost_count && status == HSD_OK; i++)
        status = cost_of(m, feature, i, &costs[i]);
    return status == HSD_OK ? hsd_matrix_add_pair(m->r, from, to, costs) : status;
}

hsd_status hsd_matrix_read_layer(hsd_matrix_reading *r) {
    layer_matrix m = {.r = r};
    if (r->fields->wide)
        return hsd_fail(r->err, HSD_E_ARGUMENT,
                        "%s: wide matrices are read from CSV; a long table was expected", r->path);
    hsd_status status = open_layer(&m);
    if (status == HSD_OK) status = choose_columns(&m);
    const GIntBig all = status == HSD_OK ? OGR_L_GetFeatureCount(m.vector.layer, 0) : 0;
    OGRFeatureH feature = NULL;
    for (size_t i = 0; status == HSD_OK; i++) {
        status = hsd_vector_next(&m.vector, &feature, r->err);
        if (status != HSD_OK || !feature) break;
        status = read_row(&m, feature);
        OGR_F_Destroy(feature);
        if (status == HSD_OK && i % 65536 == 0)
            status = hsd_progress(r->run, "reading the matrix",
                                  all > 0 ? (double)i / (double)all : 0, r->err);
    }
    hsd_vector_close(&m.vector);
    return status;
}
