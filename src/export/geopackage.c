/* What a GeoPackage of ours holds beside its layers (design 9): column titles (schema extension),
 * provenance (metadata extension), styles (layer_styles, as QGIS keeps them) and the QGIS project
 * (qgis_projects). Plain SQL through GDAL; texts go in pieces, because SQLite refuses statements
 * past a million bytes. Dates are the stamp of the run, never the clock. O(size of the texts). */
#include <string.h>

#include "base/text.h"
#include "export/dataset.h"

enum { PIECE = 400000 };
#define PROVENANCE_URI "urn:hourshed:provenance:1"

typedef struct writer {
    const hsd_dataset *dataset;
    hsd_gdal_scope *scope;
    hsd_error *err;
    char stamp[32];
} writer;

static hsd_status run_sql(writer *w, const char *sql) {
    OGRLayerH result = GDALDatasetExecuteSQL(w->dataset->gdal, sql, NULL, NULL);
    if (result) GDALDatasetReleaseResultSet(w->dataset->gdal, result);
    return w->scope->failed ? hsd_gdal_fail(w->scope, w->err, HSD_E_WRITE, w->dataset->path)
                            : HSD_OK;
}

/* Runs what was gathered and forgets it. */
static hsd_status run_text(writer *w, hsd_text *sql) {
    hsd_status status =
        sql->failed ? hsd_fail(w->err, HSD_E_MEMORY, "out of memory for a GeoPackage's tables")
                    : run_sql(w, sql->data);
    hsd_text_finish(sql);
    *sql = (hsd_text){0};
    return status;
}

static void quote_n(hsd_text *sql, const char *text, size_t length) {
    hsd_text_add(sql, "'");
    size_t begin = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\'') {
            hsd_text_add_n(sql, text + begin, i + 1 - begin);
            begin = i; /* the quote itself comes again: '' */
        }
    hsd_text_add_n(sql, text + begin, length - begin);
    hsd_text_add(sql, "'");
}

static void quote(hsd_text *sql, const char *text) {
    if (text)
        quote_n(sql, text, strlen(text));
    else
        hsd_text_add(sql, "NULL");
}

/* Puts a long text into a column that holds '' now, pieces cut between characters. */
static hsd_status append(writer *w, const char *table, const char *column, const char *where,
                         const char *text) {
    size_t left = strlen(text);
    hsd_status status = HSD_OK;
    while (status == HSD_OK && left > 0) {
        size_t piece = left < PIECE ? left : PIECE;
        while (piece < left && piece > 1 && ((unsigned char)text[piece] & 0xC0) == 0x80) piece--;
        hsd_text sql = {0};
        hsd_text_addf(&sql, "UPDATE %s SET %s = %s || ", table, column, column);
        quote_n(&sql, text, piece);
        hsd_text_addf(&sql, " WHERE %s", where);
        status = run_text(w, &sql);
        text += piece;
        left -= piece;
    }
    return status;
}

static hsd_status run_all(writer *w, const char *const *statements, size_t count) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < count; i++) status = run_sql(w, statements[i]);
    return status;
}

/* ---- Titles and extensions ---------------------------------------------------------------------
 */

static hsd_status write_schema(writer *w) {
    static const char *const tables[] = {
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, "
        "extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, "
        "CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))",
        "CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT "
        "NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT, "
        "CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), "
        "CONSTRAINT gdc_tn UNIQUE (table_name, name))",
        "CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL, "
        "constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, "
        "max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, "
        "CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))",
        "INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', "
        "'http://www.geopackage.org/spec121/#extension_schema', 'read-write')",
        "INSERT INTO gpkg_extensions VALUES ('gpkg_data_column_constraints', NULL, 'gpkg_schema', "
        "'http://www.geopackage.org/spec121/#extension_schema', 'read-write')"};
    return run_all(w, tables, sizeof tables / sizeof *tables);
}

static hsd_status write_titles(writer *w) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < w->dataset->layers.count; i++) {
        const hsd_kept_layer *layer = &w->dataset->layers.data[i];
        hsd_text sql = {0};
        for (size_t f = 0; f < layer->field_count; f++) {
            if (!layer->fields[f].title) continue;
            hsd_text_add(&sql, sql.length ? ", ("
                                          : "INSERT INTO gpkg_data_columns (table_name, "
                                            "column_name, title) VALUES (");
            quote(&sql, layer->styled.name);
            hsd_text_add(&sql, ", ");
            quote(&sql, layer->fields[f].name);
            hsd_text_add(&sql, ", ");
            quote(&sql, layer->fields[f].title);
            hsd_text_add(&sql, ")");
        }
        status = sql.length || sql.failed ? run_text(w, &sql) : HSD_OK;
    }
    return status;
}

/* ---- Provenance --------------------------------------------------------------------------------
 */

static hsd_status write_provenance(writer *w) {
    if (!w->dataset->provenance) return HSD_OK;
    static const char *const tables[] = {
        "CREATE TABLE IF NOT EXISTS gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT "
        "NULL, md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL, mime_type "
        "TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '')",
        "CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (reference_scope TEXT NOT NULL, "
        "table_name TEXT, column_name TEXT, row_id_value INTEGER, timestamp DATETIME NOT NULL "
        "DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id "
        "INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id), "
        "CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id))",
        "INSERT INTO gpkg_extensions VALUES ('gpkg_metadata', NULL, 'gpkg_metadata', "
        "'http://www.geopackage.org/spec120/#extension_metadata', 'read-write')",
        "INSERT INTO gpkg_extensions VALUES ('gpkg_metadata_reference', NULL, 'gpkg_metadata', "
        "'http://www.geopackage.org/spec120/#extension_metadata', 'read-write')",
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', '" PROVENANCE_URI
        "', 'application/json', '')"};
    hsd_status status = run_all(w, tables, sizeof tables / sizeof *tables);
    if (status == HSD_OK)
        status = append(w, "gpkg_metadata", "metadata", "id = 1", w->dataset->provenance);
    if (status != HSD_OK) return status;
    hsd_text sql = {0};
    hsd_text_addf(&sql,
                  "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, "
                  "'%s', 1, NULL)",
                  w->stamp);
    return run_text(w, &sql);
}

/* ---- Styles ------------------------------------------------------------------------------------
 */

static hsd_status create_styles(writer *w) {
    static const char table[] =
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
        "f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), "
        "f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, "
        "useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME "
        "DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))";
    hsd_status status = run_sql(w, table);
    if (status != HSD_OK) return status;
    hsd_text sql = {0};
    hsd_text_addf(&sql,
                  "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
                  "last_change, srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', "
                  "'default styles of the layers, QML and SLD', '%s', 0)",
                  w->stamp);
    return run_text(w, &sql);
}

static hsd_status write_document(writer *w, const hsd_kept_layer *layer, const char *column,
                                 void (*document)(hsd_text *, const hsd_styled_layer *),
                                 size_t number) {
    hsd_text text = {0};
    document(&text, &layer->styled);
    char where[40];
    snprintf(where, sizeof where, "id = %zu", number);
    hsd_status status = text.failed
                            ? hsd_fail(w->err, HSD_E_MEMORY, "out of memory for a layer's style")
                            : append(w, "layer_styles", column, where, text.data);
    hsd_text_finish(&text);
    return status;
}

static hsd_status write_style(writer *w, const hsd_kept_layer *layer, size_t number) {
    hsd_text sql = {0};
    hsd_text_addf(&sql, "INSERT INTO layer_styles VALUES (%zu, '', '', ", number);
    quote(&sql, layer->styled.name);
    hsd_text_addf(&sql, ", '%s', ", layer->styled.geometry == HSD_GEOMETRY_NONE ? "" : "geom");
    quote(&sql, layer->styled.name);
    hsd_text_addf(&sql, ", '', '', 1, '', 'hourshed', NULL, '%s')", w->stamp);
    hsd_status status = run_text(w, &sql);
    if (status == HSD_OK) status = write_document(w, layer, "styleQML", hsd_qml_document, number);
    if (status == HSD_OK && layer->styled.style) /* SLD knows no forms */
        status = write_document(w, layer, "styleSLD", hsd_sld_document, number);
    return status;
}

static hsd_status write_styles(writer *w) {
    hsd_status status = create_styles(w);
    size_t number = 0;
    for (size_t i = 0; status == HSD_OK && i < w->dataset->layers.count; i++) {
        const hsd_kept_layer *layer = &w->dataset->layers.data[i];
        if (layer->styled.style || layer->styled.form) status = write_style(w, layer, ++number);
    }
    return status;
}

/* ---- Project -----------------------------------------------------------------------------------
 */

/* A view without a box of its own (all zero) has the layer's extent. */
static hsd_styled_layer view_of(const hsd_kept_layer *layer, const hsd_layer_view *view) {
    const hsd_box_e7 none = {0, 0, 0, 0}, box = view->box;
    hsd_styled_layer shown = layer->styled;
    shown.title = view->title;
    shown.filter = view->filter;
    shown.hidden = view->hidden;
    if (memcmp(&box, &none, sizeof box) != 0) {
        shown.framed = true;
        shown.min_lon = box.min_lon_e7 / 1e7;
        shown.min_lat = box.min_lat_e7 / 1e7;
        shown.max_lon = box.max_lon_e7 / 1e7;
        shown.max_lat = box.max_lat_e7 / 1e7;
    }
    return shown;
}

static hsd_status project_hex(writer *w, char **hex) {
    const hsd_dataset *dataset = w->dataset;
    HSD_ARRAY(hsd_styled_layer) styled = {0};
    hsd_text xml = {0};
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < dataset->layers.count; i++) {
        const hsd_kept_layer *layer = &dataset->layers.data[i];
        hsd_styled_layer whole = layer->styled;
        whole.hidden = whole.hidden || layer->view_count > 0;
        for (size_t v = 0; status == HSD_OK && v < layer->view_count; v++)
            if (!hsd_array_push(&styled, view_of(layer, &layer->views[v]), w->err))
                status = HSD_E_MEMORY;
        if (status == HSD_OK && !hsd_array_push(&styled, whole, w->err)) status = HSD_E_MEMORY;
    }
    if (status == HSD_OK) {
        hsd_project_document(&xml, dataset->title ? dataset->title : "hourshed",
                             hsd_base_name(dataset->path),
                             dataset->has_view ? &dataset->view : NULL, styled.data, styled.count);
        status = xml.failed ? hsd_fail(w->err, HSD_E_MEMORY, "out of memory for the QGIS project")
                            : hsd_zip_hex("hourshed.qgs", xml.data, xml.length, hex, w->err);
    }
    hsd_text_finish(&xml);
    hsd_array_finish(&styled);
    return status;
}

static hsd_status write_project(writer *w) {
    char *hex = NULL;
    hsd_status status = project_hex(w, &hex);
    if (status == HSD_OK)
        status = run_sql(w, "CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, "
                            "content BLOB)");
    if (status == HSD_OK) {
        hsd_text sql = {0};
        hsd_text_addf(&sql,
                      "INSERT INTO qgis_projects VALUES ('hourshed', '{\"last_modified_time\": "
                      "\"%.19s\", \"last_modified_user\": \"hourshed\"}', '')",
                      w->stamp);
        status = run_text(w, &sql);
    }
    if (status == HSD_OK) status = append(w, "qgis_projects", "content", "name = 'hourshed'", hex);
    hsd_free(hex);
    return status;
}

hsd_status hsd_geopackage_finish(hsd_dataset *dataset, hsd_gdal_scope *scope, hsd_error *err) {
    writer w = {.dataset = dataset, .scope = scope, .err = err};
    hsd_stamp_text(w.stamp);
    hsd_status status = write_schema(&w);
    if (status == HSD_OK) status = write_titles(&w);
    if (status == HSD_OK) status = write_provenance(&w);
    if (status == HSD_OK) status = write_styles(&w);
    if (status == HSD_OK) status = write_project(&w);
    return status;
}

/* ---- Reading provenance back -------------------------------------------------------------------
 */

static hsd_status fetch(GDALDatasetH gdal, const char *path, char **out, hsd_error *err) {
    OGRLayerH rows = GDALDatasetExecuteSQL(
        gdal, "SELECT metadata FROM gpkg_metadata WHERE md_standard_uri = '" PROVENANCE_URI "'",
        NULL, NULL);
    OGRFeatureH row = rows ? OGR_L_GetNextFeature(rows) : NULL;
    hsd_status status = HSD_OK;
    if (row) {
        *out = hsd_strdup(OGR_F_GetFieldAsString(row, 0), err);
        if (!*out) status = HSD_E_MEMORY;
        OGR_F_Destroy(row);
    } else {
        status = hsd_fail(
            err, HSD_E_FORMAT,
            "%s: no provenance of hourshed in its gpkg_metadata; a result of hourshed was expected",
            path);
    }
    if (rows) GDALDatasetReleaseResultSet(gdal, rows);
    return status;
}

hsd_status hsd_dataset_provenance(const char *path, char **out, hsd_error *err) {
    *out = NULL;
    if (!hsd_path_exists(path))
        return hsd_fail(err, HSD_E_OPEN, "%s: no such file; expected a GeoPackage", path);
    hsd_gdal_scope scope;
    hsd_gdal_enter(&scope);
    static const char *const drivers[] = {"GPKG", NULL};
    GDALDatasetH gdal = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
    hsd_status status = gdal ? fetch(gdal, path, out, err)
                             : hsd_fail(err, HSD_E_FORMAT, "%s is not a GeoPackage: %s", path,
                                        scope.failed ? scope.message : "GDAL does not know it");
    if (gdal) GDALClose(gdal);
    hsd_gdal_leave(&scope);
    return status;
}
