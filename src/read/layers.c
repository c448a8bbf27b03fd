/* Layers as columns. Numbers are doubles, everything else is text; geometry comes in WGS84 (what
 * was written back in another datum stays in it, as its file says WGS84). O(rows x columns). */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "read/layers.h"
#include "read/vector.h"

struct hsd_layers {
    char *path;
    hsd_vector file;
    hsd_vector_layer *list;
    size_t count;
};

hsd_status hsd_layers_open(const char *path, hsd_layers **out, hsd_error *err) {
    *out = NULL;
    hsd_layers *layers = hsd_calloc(1, sizeof *layers, err);
    if (!layers) return HSD_E_MEMORY;
    hsd_status status = (layers->path = hsd_strdup(path, err)) ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) status = hsd_vector_open_file(layers->path, NULL, &layers->file, err);
    if (status == HSD_OK)
        status = hsd_vector_layers(&layers->file, &layers->list, &layers->count, err);
    if (status != HSD_OK) {
        hsd_layers_close(layers);
        return status;
    }
    *out = layers;
    return HSD_OK;
}

void hsd_layers_close(hsd_layers *layers) {
    if (!layers) return;
    hsd_vector_layers_finish(layers->list, layers->count);
    hsd_vector_close(&layers->file);
    hsd_free(layers->path);
    hsd_free(layers);
}

bool hsd_layers_has(const hsd_layers *layers, const char *name) {
    for (size_t i = 0; i < layers->count; i++)
        if (strcmp(layers->list[i].name, name) == 0) return true;
    return false;
}

const hsd_layer_column *hsd_layer_find(const hsd_layer_table *table, const char *name) {
    for (size_t i = 0; i < table->column_count; i++)
        if (hsd_text_equal_nocase(table->columns[i].name, name)) return &table->columns[i];
    return NULL;
}

void hsd_layer_table_finish(hsd_layer_table *table) {
    if (!table) return;
    for (size_t c = 0; c < table->column_count; c++) {
        hsd_layer_column *column = &table->columns[c];
        for (size_t r = 0; column->texts && r < table->row_count; r++) hsd_free(column->texts[r]);
        hsd_free(column->texts);
        hsd_free(column->numbers);
        hsd_free(column->name);
    }
    for (size_t r = 0; table->geometries && r < table->row_count; r++)
        hsd_geometry_finish(&table->geometries[r]);
    hsd_free(table->columns);
    hsd_free(table->geometries);
    *table = (hsd_layer_table){0};
}

/* ---- Reading ---- */

typedef HSD_ARRAY(OGRFeatureH) feature_array;

static hsd_status gather(const hsd_vector *vector, feature_array *out, hsd_error *err) {
    while (true) {
        OGRFeatureH feature = NULL;
        hsd_status status = hsd_vector_next(vector, &feature, err);
        if (status != HSD_OK || !feature) return status;
        if (hsd_array_push(out, feature, err)) continue;
        OGR_F_Destroy(feature);
        return HSD_E_MEMORY;
    }
}

static hsd_status read_column(const hsd_vector *vector, const feature_array *rows, int field,
                              hsd_layer_column *column, hsd_error *err) {
    OGRFieldDefnH definition = OGR_FD_GetFieldDefn(OGR_L_GetLayerDefn(vector->layer), field);
    const OGRFieldType type = OGR_Fld_GetType(definition);
    column->number = type == OFTInteger || type == OFTInteger64 || type == OFTReal;
    if (!(column->name = hsd_strdup(OGR_Fld_GetNameRef(definition), err))) return HSD_E_MEMORY;
    if (column->number) {
        column->numbers = hsd_alloc(rows->count, sizeof *column->numbers, err);
        for (size_t r = 0; column->numbers && r < rows->count; r++)
            column->numbers[r] = OGR_F_IsFieldSetAndNotNull(rows->data[r], field)
                                     ? OGR_F_GetFieldAsDouble(rows->data[r], field)
                                     : NAN;
        return column->numbers ? HSD_OK : HSD_E_MEMORY;
    }
    column->texts = hsd_calloc(rows->count, sizeof *column->texts, err);
    hsd_status status = column->texts ? HSD_OK : HSD_E_MEMORY;
    for (size_t r = 0; status == HSD_OK && r < rows->count; r++) {
        const char *text;
        if (!OGR_F_IsFieldSetAndNotNull(rows->data[r], field)) continue;
        status = hsd_vector_text(vector, rows->data[r], field, &text, err);
        if (status == HSD_OK && !(column->texts[r] = hsd_strdup(text, err))) status = HSD_E_MEMORY;
    }
    return status;
}

static hsd_status read_geometries(const hsd_vector *vector, const feature_array *rows,
                                  hsd_layer_table *out, hsd_error *err) {
    char fault[HSD_FAULT_SIZE];
    out->geometries = hsd_calloc(rows->count, sizeof *out->geometries, err);
    hsd_status status = out->geometries ? HSD_OK : HSD_E_MEMORY;
    for (size_t r = 0; status == HSD_OK && r < rows->count; r++) {
        OGRGeometryH geometry = OGR_F_GetGeometryRef(rows->data[r]);
        if (geometry)
            status = hsd_vector_geometry(vector, geometry, &out->geometries[r], fault, err);
    }
    return status;
}

static hsd_status fill(const hsd_vector *vector, const feature_array *rows, hsd_layer_part part,
                       hsd_layer_table *out, hsd_error *err) {
    const int fields = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(vector->layer));
    out->row_count = rows->count;
    out->columns = hsd_calloc((size_t)fields, sizeof *out->columns, err);
    hsd_status status = out->columns ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) out->column_count = (size_t)fields;
    for (int f = 0; status == HSD_OK && f < fields; f++)
        status = read_column(vector, rows, f, &out->columns[f], err);
    if (status == HSD_OK && part == HSD_LAYER_AND_GEOMETRY)
        status = read_geometries(vector, rows, out, err);
    return status;
}

hsd_status hsd_layers_read(const hsd_layers *layers, const char *name, hsd_layer_part part,
                           hsd_layer_table *out, hsd_error *err) {
    *out = (hsd_layer_table){0};
    const hsd_vector_options options = {.layer = name,
                                        .assume_crs = "EPSG:4326",
                                        .flags = HSD_VECTOR_TABLE_PASSES,
                                        .beside = &layers->file};
    hsd_vector vector;
    feature_array rows = {0};
    hsd_status status = hsd_vector_open(layers->path, &options, &vector, err);
    if (status != HSD_OK) return status;
    status = gather(&vector, &rows, err);
    if (status == HSD_OK) status = fill(&vector, &rows, part, out, err);
    if (status != HSD_OK) hsd_layer_table_finish(out);
    for (size_t r = 0; r < rows.count; r++) OGR_F_Destroy(rows.data[r]);
    hsd_array_finish(&rows);
    hsd_vector_close(&vector);
    return status;
}
