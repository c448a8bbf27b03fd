/* Do two results hold the same? Layer by layer, row by row (matched by the first field, the id, so
 * that a missing row is one difference and not a hundred), value by value, geometries to the last
 * bit. Styles and projects are looks, not content: left out. O(rows log rows), one layer in memory.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "export/dataset.h"

enum { MOST_KEPT = 100 };

typedef struct matcher {
    GDALDatasetH a, b;
    const char *layer;
    hsd_differences *out;
    hsd_error *err;
    bool failed; /* out of memory */
} matcher;

HSD_PRINTF(2, 3) static void differ(matcher *m, const char *format, ...) {
    m->out->total++;
    if (m->out->count == MOST_KEPT) return;
    char line[600];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (!m->out->list) m->out->list = hsd_calloc(MOST_KEPT, sizeof(char *), m->err);
    char *text = m->out->list ? hsd_strdup(line, m->err) : NULL;
    if (text)
        m->out->list[m->out->count++] = text;
    else
        m->failed = true;
}

void hsd_differences_finish(hsd_differences *differences) {
    for (size_t i = 0; i < differences->count; i++) hsd_free(differences->list[i]);
    hsd_free(differences->list);
    *differences = (hsd_differences){0};
}

/* ---- Rows ---- */

typedef struct row {
    OGRFeatureH feature;
    const char *id;
    size_t order;
} row;
typedef HSD_ARRAY(row) row_array;

static int by_id(const void *a, const void *b) {
    const row *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static bool read_rows(OGRLayerH layer, row_array *out, hsd_error *err) {
    OGR_L_ResetReading(layer);
    OGRFeatureH feature;
    while ((feature = OGR_L_GetNextFeature(layer)) != NULL) {
        row r = {feature, "", out->count};
        if (OGR_F_GetFieldCount(feature) > 0 && OGR_F_IsFieldSetAndNotNull(feature, 0))
            r.id = OGR_F_GetFieldAsString(feature, 0);
        char *id = hsd_strdup(r.id, err); /* GDAL's text lives until the next call */
        r.id = id;
        if (!id || !hsd_array_push(out, r, err)) {
            hsd_free(id);
            OGR_F_Destroy(feature);
            return false;
        }
    }
    if (out->count) qsort(out->data, out->count, sizeof(row), by_id);
    return true;
}

static void rows_finish(row_array *rows) {
    for (size_t i = 0; i < rows->count; i++) {
        hsd_free((char *)(uintptr_t)rows->data[i].id);
        OGR_F_Destroy(rows->data[i].feature);
    }
    hsd_array_finish(rows);
}

/* ---- Values ---- */

static bool same_bytes(OGRGeometryH a, OGRGeometryH b, hsd_error *err, bool *failed) {
    if (!a || !b) return !a && !b;
    const size_t size = OGR_G_WkbSizeEx(a);
    if (size != OGR_G_WkbSizeEx(b)) return false;
    unsigned char *x = hsd_alloc(size, 1, err), *y = hsd_alloc(size, 1, err);
    bool same = false;
    if (x && y)
        same = OGR_G_ExportToWkb(a, wkbNDR, x) == OGRERR_NONE &&
               OGR_G_ExportToWkb(b, wkbNDR, y) == OGRERR_NONE && memcmp(x, y, size) == 0;
    else
        *failed = true;
    hsd_free(x);
    hsd_free(y);
    return same;
}

static bool same_value(OGRFeatureH a, OGRFeatureH b, int field) {
    const bool there = OGR_F_IsFieldSetAndNotNull(a, field) != 0;
    if (there != (OGR_F_IsFieldSetAndNotNull(b, field) != 0)) return false;
    if (!there) return true;
    OGRFieldDefnH definition = OGR_F_GetFieldDefnRef(a, field);
    switch (OGR_Fld_GetType(definition)) {
    case OFTReal: {
        const double x = OGR_F_GetFieldAsDouble(a, field), y = OGR_F_GetFieldAsDouble(b, field);
        return memcmp(&x, &y, sizeof x) == 0;
    }
    case OFTInteger:
    case OFTInteger64:
        return OGR_F_GetFieldAsInteger64(a, field) == OGR_F_GetFieldAsInteger64(b, field);
    default: {
        char *first = strdup(OGR_F_GetFieldAsString(a, field));
        const bool same = first && strcmp(first, OGR_F_GetFieldAsString(b, field)) == 0;
        free(first);
        return same;
    }
    }
}

static void value_text(OGRFeatureH feature, int field, char *buffer, size_t size) {
    if (!OGR_F_IsFieldSetAndNotNull(feature, field)) {
        snprintf(buffer, size, "nothing");
    } else if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, field)) == OFTReal) {
        char number[32];
        snprintf(buffer, size, "%s",
                 hsd_double_text(OGR_F_GetFieldAsDouble(feature, field), number));
    } else {
        snprintf(buffer, size, "%.80s", OGR_F_GetFieldAsString(feature, field));
    }
}

static void match_rows(matcher *m, const row *a, const row *b) {
    for (int i = 0; i < OGR_F_GetFieldCount(a->feature); i++) {
        if (same_value(a->feature, b->feature, i)) continue;
        char before[100], now[100];
        value_text(a->feature, i, before, sizeof before);
        value_text(b->feature, i, now, sizeof now);
        differ(m, "layer %s, row %.80s, %s: %s, now %s", m->layer, a->id,
               OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(a->feature, i)), before, now);
    }
    if (!same_bytes(OGR_F_GetGeometryRef(a->feature), OGR_F_GetGeometryRef(b->feature), m->err,
                    &m->failed))
        differ(m, "layer %s, row %.80s: another geometry", m->layer, a->id);
}

/* ---- Layers ---- */

static bool same_fields(matcher *m, OGRLayerH a, OGRLayerH b) {
    OGRFeatureDefnH x = OGR_L_GetLayerDefn(a), y = OGR_L_GetLayerDefn(b);
    const int count = OGR_FD_GetFieldCount(x);
    bool same = count == OGR_FD_GetFieldCount(y);
    for (int i = 0; same && i < count; i++) {
        OGRFieldDefnH f = OGR_FD_GetFieldDefn(x, i), g = OGR_FD_GetFieldDefn(y, i);
        same = strcmp(OGR_Fld_GetNameRef(f), OGR_Fld_GetNameRef(g)) == 0 &&
               OGR_Fld_GetType(f) == OGR_Fld_GetType(g);
    }
    if (!same) differ(m, "layer %s: other columns", m->layer);
    return same;
}

static void match_layers(matcher *m, OGRLayerH a, OGRLayerH b) {
    if (!same_fields(m, a, b)) return;
    row_array x = {0}, y = {0};
    if (!read_rows(a, &x, m->err) || !read_rows(b, &y, m->err)) m->failed = true;
    size_t i = 0, k = 0;
    while (!m->failed && (i < x.count || k < y.count)) {
        const int order = i == x.count ? 1 : k == y.count ? -1 : strcmp(x.data[i].id, y.data[k].id);
        if (order < 0)
            differ(m, "layer %s: row %.80s is gone", m->layer, x.data[i++].id);
        else if (order > 0)
            differ(m, "layer %s: row %.80s is new", m->layer, y.data[k++].id);
        else
            match_rows(m, &x.data[i++], &y.data[k++]);
    }
    rows_finish(&x);
    rows_finish(&y);
}

static bool is_look(const char *layer) {
    return strcmp(layer, "layer_styles") == 0 || strcmp(layer, "qgis_projects") == 0;
}

static void match_datasets(matcher *m) {
    for (int i = 0; !m->failed && i < GDALDatasetGetLayerCount(m->a); i++) {
        OGRLayerH a = GDALDatasetGetLayer(m->a, i);
        m->layer = OGR_L_GetName(a);
        if (is_look(m->layer)) continue;
        OGRLayerH b = GDALDatasetGetLayerByName(m->b, m->layer);
        if (b)
            match_layers(m, a, b);
        else
            differ(m, "layer %s is gone", m->layer);
    }
    for (int i = 0; !m->failed && i < GDALDatasetGetLayerCount(m->b); i++) {
        m->layer = OGR_L_GetName(GDALDatasetGetLayer(m->b, i));
        if (!is_look(m->layer) && !GDALDatasetGetLayerByName(m->a, m->layer))
            differ(m, "layer %s is new", m->layer);
    }
}

static GDALDatasetH open_result(const char *path, const hsd_gdal_scope *scope, hsd_error *err) {
    static const char *const drivers[] = {"GPKG", NULL};
    GDALDatasetH gdal = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
    if (!gdal)
        hsd_fail(err, HSD_E_OPEN, "%s cannot be read as a GeoPackage: %s", path,
                 scope->failed ? scope->message : "GDAL does not know it");
    return gdal;
}

hsd_status hsd_dataset_compare(const char *path, const char *other, hsd_differences *out,
                               hsd_error *err) {
    *out = (hsd_differences){0};
    hsd_gdal_scope scope;
    hsd_gdal_enter(&scope);
    matcher m = {.out = out, .err = err};
    m.a = open_result(path, &scope, err);
    m.b = m.a ? open_result(other, &scope, err) : NULL;
    hsd_status status = m.b ? HSD_OK : HSD_E_OPEN;
    if (status == HSD_OK) {
        match_datasets(&m);
        if (m.failed) status = HSD_E_MEMORY;
    }
    if (m.a) GDALClose(m.a);
    if (m.b) GDALClose(m.b);
    hsd_gdal_leave(&scope);
    if (status != HSD_OK) hsd_differences_finish(out);
    return status;
}
