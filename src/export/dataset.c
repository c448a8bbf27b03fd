/* Result files: one writer for every format. A GeoPackage is written under a hidden name in one
 * transaction with SQLite's journal off (if anything fails the file is thrown away, so there is
 * nothing to roll back), the R-trees when a layer is done, the tables beside the layers at the end,
 * and is renamed at commit. Other formats: stage.c. After a failure only destroy is of use.
 * O(bytes written + rows log rows). */
#include <math.h>
#include <string.h>

#include <cpl_string.h>
#include <cpl_vsi.h>

#include "export/dataset.h"

/* ---- Opening -----------------------------------------------------------------------------------
 */

static hsd_status open_gdal(hsd_dataset *dataset, const char *path, hsd_gdal_scope *scope,
                            hsd_error *err) {
    dataset->gdal =
        GDALCreate(dataset->driver, path, 0, 0, 0, GDT_Unknown, dataset->dataset_options);
    if (dataset->gdal && !scope->failed) return HSD_OK;
    return hsd_gdal_fail(scope, err, HSD_E_WRITE, dataset->path);
}

/* A write-ahead log beside a database of that name would be replayed into the new one. */
static hsd_status refuse_open_database(const hsd_dataset *dataset, hsd_error *err) {
    static const char *const suffixes[] = {"-wal", "-journal", "-shm"};
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < 3; i++) {
        char *side = hsd_asprintf(err, "%s%s", dataset->path, suffixes[i]);
        if (!side) return HSD_E_MEMORY;
        VSIStatBufL info;
        if (VSIStatL(side, &info) == 0) {
            if (i < 2 && info.st_size > 0)
                status = hsd_fail(err, HSD_E_WRITE,
                                  "%s is open in another program (%s has unsaved changes): close "
                                  "it there first",
                                  dataset->path, hsd_base_name(side));
            else
                VSIUnlink(side);
        }
        hsd_free(side);
    }
    return status;
}

static hsd_status open_geopackage(hsd_dataset *dataset, hsd_gdal_scope *scope, hsd_error *err) {
    hsd_status status = hsd_output_begin(dataset->path, dataset->overwrite, &dataset->output, err);
    if (status != HSD_OK) return status;
    VSIUnlink(dataset->output.temp_path); /* of a killed run */
    status = open_gdal(dataset, dataset->output.temp_path, scope, err);
    if (status == HSD_OK && GDALDatasetStartTransaction(dataset->gdal, FALSE) != OGRERR_NONE)
        status = hsd_gdal_fail(scope, err, HSD_E_WRITE, dataset->path);
    return status;
}

static hsd_status open_stage(hsd_dataset *dataset, hsd_gdal_scope *scope, hsd_error *err) {
    hsd_status status = hsd_stage_begin(dataset, err);
    if (status != HSD_OK || dataset->container == HSD_CONTAINER_FOLDER) return status;
    char *path = hsd_stage_path(dataset, NULL, err);
    if (!path) return HSD_E_MEMORY;
    status = open_gdal(dataset, path, scope, err);
    hsd_free(path);
    return status;
}

static hsd_status begin(hsd_dataset *dataset, const hsd_dataset_options *options,
                        hsd_gdal_scope *scope, hsd_error *err) {
    hsd_status status = hsd_dataset_format(dataset, options, err);
    if (status != HSD_OK) return status;
    dataset->wgs84 = OSRNewSpatialReference(NULL);
    if (OSRImportFromEPSG(dataset->wgs84, 4326) != OGRERR_NONE)
        return hsd_gdal_fail(scope, err, HSD_E_OPEN, "EPSG:4326 (proj.db)");
    OSRSetAxisMappingStrategy(dataset->wgs84, OAMS_TRADITIONAL_GIS_ORDER);
    return dataset->container == HSD_CONTAINER_GEOPACKAGE ? open_geopackage(dataset, scope, err)
                                                          : open_stage(dataset, scope, err);
}

static hsd_status copy_text(char **to, const char *from, hsd_error *err) {
    if (from && !(*to = hsd_strdup(from, err))) return HSD_E_MEMORY;
    return HSD_OK;
}

hsd_status hsd_dataset_create(const char *path, const hsd_dataset_options *options,
                              hsd_dataset **out, hsd_error *err) {
    static const hsd_dataset_options none = {0};
    if (!options) options = &none;
    *out = NULL;
    if (!path || !path[0]) return hsd_fail(err, HSD_E_ARGUMENT, "the output path is empty");
    hsd_dataset *dataset = hsd_calloc(1, sizeof *dataset, err);
    if (!dataset) return HSD_E_MEMORY;
    dataset->overwrite = options->overwrite;
    dataset->datum = options->datum;
    dataset->has_view = options->view != NULL;
    if (options->view) dataset->view = *options->view;
    hsd_status status = copy_text(&dataset->path, path, err);
    if (status == HSD_OK) status = copy_text(&dataset->title, options->title, err);
    if (status == HSD_OK) status = copy_text(&dataset->provenance, options->provenance, err);
    if (status == HSD_OK) {
        hsd_gdal_scope scope;
        hsd_gdal_enter(&scope);
        status = begin(dataset, options, &scope, err);
        hsd_gdal_leave(&scope);
    }
    if (status != HSD_OK) {
        hsd_dataset_destroy(dataset);
        return status;
    }
    *out = dataset;
    return HSD_OK;
}

/* ---- Layers ------------------------------------------------------------------------------------
 */

static bool has_field(const hsd_layer_spec *spec, const char *name) {
    for (size_t i = 0; i < spec->field_count; i++)
        if (strcmp(spec->fields[i].name, name) == 0) return true;
    return false;
}

static hsd_status check_spec(const hsd_dataset *dataset, const hsd_layer_spec *spec,
                             hsd_error *err) {
    if (!spec->name || !spec->name[0] || strpbrk(spec->name, "/\\"))
        return hsd_fail(err, HSD_E_ARGUMENT, "layer name \"%s\": expected a name without slashes",
                        spec->name ? spec->name : "");
    if (spec->field_count == 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "layer %s has no fields", spec->name);
    if (has_field(spec, "fid") || has_field(spec, "geom"))
        return hsd_fail(err, HSD_E_ARGUMENT, "layer %s: fid and geom are the format's own columns",
                        spec->name);
    for (size_t i = 0; i < dataset->layers.count; i++)
        if (strcmp(dataset->layers.data[i].styled.name, spec->name) == 0)
            return hsd_fail(err, HSD_E_ARGUMENT, "layer %s is written twice", spec->name);
    const hsd_style *style = spec->style;
    if (style && (style->kind == HSD_STYLE_CATEGORIES || style->kind == HSD_STYLE_GRADUATED) &&
        (!style->field || !has_field(spec, style->field)))
        return hsd_fail(err, HSD_E_ARGUMENT, "layer %s: the style's field \"%s\" is not one of it",
                        spec->name, style->field ? style->field : "");
    if (style && style->label_field && !has_field(spec, style->label_field))
        return hsd_fail(err, HSD_E_ARGUMENT, "layer %s: the label field \"%s\" is not one of it",
                        spec->name, style->label_field);
    return HSD_OK;
}

/* Tables without geometry: points become the columns lon and lat. */
static bool is_table(const hsd_dataset *dataset) {
    static const char *const tables[] = {"CSV", "XLSX", "ODS"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strcmp(GDALGetDriverShortName(dataset->driver), tables[i]) == 0) return true;
    return false;
}

/* The new column's place in the layer: a driver may have columns of its own before ours (KML: Name,
 * Description). -1: it was not made, or another was taken for it. */
static int add_field(const hsd_dataset *dataset, const char *name, hsd_field_type type,
                     const char *preset) {
    static const OGRFieldType types[] = {OFTString, OFTInteger64, OFTReal, OFTInteger};
    OGRFieldType known = types[type];
    const char *all = GDALGetMetadataItem(dataset->driver, GDAL_DMD_CREATIONFIELDDATATYPES, NULL);
    if (known == OFTInteger64 && all && !strstr(all, "Integer64")) known = OFTReal;
    OGRFeatureDefnH columns = OGR_L_GetLayerDefn(dataset->layer);
    int before = OGR_FD_GetFieldCount(columns);
    OGRFieldDefnH field = OGR_Fld_Create(name, known);
    if (type == HSD_FIELD_BOOL) OGR_Fld_SetSubType(field, OFSTBoolean);
    if (preset) OGR_Fld_SetDefault(field, preset);
    bool ok = OGR_L_CreateField(dataset->layer, field, TRUE) == OGRERR_NONE;
    OGR_Fld_Destroy(field);
    return ok && OGR_FD_GetFieldCount(columns) == before + 1 ? before : -1;
}

/* A form's preset as SQL has it: texts quoted. NULL: none. */
static hsd_status preset_of(const hsd_layer_spec *spec, size_t field, char **out, hsd_error *err) {
    const char *preset = spec->form ? spec->form[field].preset : NULL;
    if (!preset) return HSD_OK;
    hsd_text text = {0};
    hsd_text_add_preset(&text, preset, spec->fields[field].type);
    *out = text.data;
    if (!text.failed) return HSD_OK;
    hsd_text_finish(&text);
    *out = NULL;
    return hsd_fail(err, HSD_E_MEMORY, "out of memory for the columns of layer %s", spec->name);
}

static hsd_status add_fields(hsd_dataset *dataset, const hsd_layer_spec *spec,
                             const hsd_gdal_scope *scope, hsd_error *err) {
    dataset->columns.count = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < spec->field_count; i++) {
        char *preset = NULL;
        hsd_status status = preset_of(spec, i, &preset, err);
        if (status != HSD_OK) return status;
        int column = add_field(dataset, spec->fields[i].name, spec->fields[i].type, preset);
        hsd_free(preset);
        if (dataset->lonlat_fields && strcmp(spec->fields[i].name, "lon") == 0)
            dataset->lon_column = column;
        if (dataset->lonlat_fields && strcmp(spec->fields[i].name, "lat") == 0)
            dataset->lat_column = column;
        if (column < 0 && !scope->failed)
            return hsd_fail(err, HSD_E_WRITE, "%s: format %s cannot hold the column %s of layer %s",
                            dataset->path, GDALGetDriverShortName(dataset->driver),
                            spec->fields[i].name, spec->name);
        if (!hsd_array_push(&dataset->columns, column, err)) return HSD_E_MEMORY;
        ok = column >= 0;
        if (ok && i == 0 && dataset->lonlat_columns) {
            dataset->lon_column = add_field(dataset, "lon", HSD_FIELD_REAL, NULL);
            dataset->lat_column = add_field(dataset, "lat", HSD_FIELD_REAL, NULL);
            ok = dataset->lon_column >= 0 && dataset->lat_column >= 0;
        }
    }
    return ok ? HSD_OK : hsd_gdal_fail(scope, err, HSD_E_WRITE, dataset->path);
}

/* gpkg_contents.identifier must be unique: a title used before gives way to the name. */
static const char *identifier(const hsd_dataset *dataset, const hsd_layer_spec *spec) {
    if (!spec->title || !spec->title[0]) return spec->name;
    for (size_t i = 0; i < dataset->layers.count; i++) {
        const hsd_styled_layer *other = &dataset->layers.data[i].styled;
        if ((other->title && strcmp(other->title, spec->title) == 0) ||
            strcmp(other->name, spec->title) == 0)
            return spec->name;
    }
    return spec->title;
}

static hsd_status make_layer(hsd_dataset *dataset, const hsd_layer_spec *spec,
                             hsd_gdal_scope *scope, hsd_error *err) {
    static const OGRwkbGeometryType types[] = {wkbNone, wkbPoint, wkbMultiLineString,
                                               wkbMultiPolygon};
    OGRwkbGeometryType type = is_table(dataset) ? wkbNone : types[spec->geometry];
    char **options = CSLDuplicate(dataset->layer_options);
    if (dataset->container == HSD_CONTAINER_GEOPACKAGE) {
        options = CSLSetNameValue(options, "FID", "fid");
        options = CSLSetNameValue(options, "GEOMETRY_NAME", "geom");
        options = CSLSetNameValue(options, "IDENTIFIER", identifier(dataset, spec));
        if (spec->description) options = CSLSetNameValue(options, "DESCRIPTION", spec->description);
    }
    dataset->layer = GDALDatasetCreateLayer(dataset->gdal, spec->name,
                                            type == wkbNone ? NULL : dataset->wgs84, type, options);
    CSLDestroy(options);
    dataset->lonlat_columns = is_table(dataset) && spec->geometry == HSD_GEOMETRY_POINT &&
                              !has_field(spec, "lon") && !has_field(spec, "lat");
    dataset->lonlat_fields = dataset->datum != HSD_WGS84 && spec->geometry == HSD_GEOMETRY_POINT &&
                             has_field(spec, "lon") && has_field(spec, "lat");
    if (!dataset->layer) return hsd_gdal_fail(scope, err, HSD_E_WRITE, dataset->path);
    hsd_status status = add_fields(dataset, spec, scope, err);
    if (status != HSD_OK) return status;
    if (scope->failed) return hsd_gdal_fail(scope, err, HSD_E_WRITE, dataset->path);
    dataset->feature = OGR_F_Create(OGR_L_GetLayerDefn(dataset->layer));
    return HSD_OK;
}

/* Ends the layer before: its last rows and its index go to the file, where a folder is written its
 * file is closed. */
static hsd_status end_layer(hsd_dataset *dataset, hsd_gdal_scope *scope, hsd_error *err) {
    if (dataset->feature) OGR_F_Destroy(dataset->feature);
    dataset->feature = NULL;
    bool ok = !dataset->layer || OGR_L_SyncToDisk(dataset->layer) == OGRERR_NONE;
    dataset->layer = NULL;
    if (dataset->container == HSD_CONTAINER_FOLDER && dataset->gdal) {
        GDALClose(dataset->gdal);
        dataset->gdal = NULL;
    }
    return ok && !scope->failed ? HSD_OK : hsd_gdal_fail(scope, err, HSD_E_WRITE, dataset->path);
}

/* Coordinate systems do not know of these datums: the description has to say it. */
static hsd_status describe(const hsd_dataset *dataset, hsd_layer_spec *spec, char **text,
                           hsd_error *err) {
    *text = NULL;
    if (dataset->datum == HSD_WGS84 || spec->geometry == HSD_GEOMETRY_NONE) return HSD_OK;
    *text = hsd_asprintf(err, "%s%sCoordinates inside China are %s, not WGS84",
                         spec->description ? spec->description : "", spec->description ? ". " : "",
                         dataset->datum == HSD_GCJ02 ? "GCJ-02" : "BD-09");
    spec->description = *text;
    return *text ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status begin_layer(hsd_dataset *dataset, const hsd_layer_spec *spec,
                              hsd_gdal_scope *scope, hsd_error *err) {
    hsd_status status = end_layer(dataset, scope, err);
    if (status == HSD_OK && dataset->container == HSD_CONTAINER_FOLDER) {
        char *path = hsd_stage_path(dataset, spec->name, err);
        status = path ? open_gdal(dataset, path, scope, err) : HSD_E_MEMORY;
        hsd_free(path);
    }
    if (status == HSD_OK) status = make_layer(dataset, spec, scope, err);
    return status == HSD_OK ? hsd_keep_layer(dataset, spec, err) : status;
}

hsd_status hsd_dataset_layer(hsd_dataset *dataset, const hsd_layer_spec *spec, hsd_error *err) {
    hsd_status status = check_spec(dataset, spec, err);
    if (status != HSD_OK) return status;
    hsd_layer_spec said = *spec;
    char *description;
    status = describe(dataset, &said, &description, err);
    if (status != HSD_OK) return status;
    hsd_gdal_scope scope;
    hsd_gdal_enter(&scope);
    status = begin_layer(dataset, &said, &scope, err);
    hsd_gdal_leave(&scope);
    hsd_free(description);
    if (status != HSD_OK) dataset->failed = true;
    return status;
}

/* ---- Rows --------------------------------------------------------------------------------------
 */

static bool fits(const hsd_value *value, hsd_field_type type) {
    if (value->kind == HSD_VALUE_NULL) return true;
    if (type == HSD_FIELD_TEXT) return value->kind == HSD_VALUE_TEXT;
    if (type == HSD_FIELD_REAL)
        return value->kind == HSD_VALUE_REAL || value->kind == HSD_VALUE_INT;
    return value->kind == HSD_VALUE_INT;
}

static double number_of(const hsd_value *value) {
    return value->kind == HSD_VALUE_REAL  ? value->real
           : value->kind == HSD_VALUE_INT ? (double)value->integer
                                          : NAN;
}

static void set_value(OGRFeatureH feature, int column, hsd_field_type type,
                      const hsd_value *value) {
    if (value->kind == HSD_VALUE_TEXT && value->text)
        OGR_F_SetFieldString(feature, column, value->text);
    else if (type == HSD_FIELD_REAL && isfinite(number_of(value)))
        OGR_F_SetFieldDouble(feature, column, number_of(value));
    else if (type == HSD_FIELD_INT && value->kind == HSD_VALUE_INT)
        OGR_F_SetFieldInteger64(feature, column, value->integer);
    else if (type == HSD_FIELD_BOOL && value->kind == HSD_VALUE_INT)
        OGR_F_SetFieldInteger(feature, column, value->integer != 0);
    else
        OGR_F_SetFieldNull(feature, column);
}

static hsd_status set_values(hsd_dataset *dataset, const hsd_kept_layer *layer,
                             const hsd_value *values, hsd_error *err) {
    for (size_t i = 0; i < layer->field_count; i++) {
        hsd_field_type type = layer->fields[i].type;
        if (!fits(&values[i], type))
            return hsd_fail(err, HSD_E_INTERNAL, "layer %s, field %s: a value of another type",
                            layer->styled.name, layer->fields[i].name);
        set_value(dataset->feature, dataset->columns.data[i], type, &values[i]);
    }
    return HSD_OK;
}

static void widen(hsd_styled_layer *layer, const hsd_geometry *geometry) {
    for (size_t i = 0; i < geometry->point_count; i++) {
        double lon = geometry->points[i].lon, lat = geometry->points[i].lat;
        if (lon < layer->min_lon) layer->min_lon = lon;
        if (lon > layer->max_lon) layer->max_lon = lon;
        if (lat < layer->min_lat) layer->min_lat = lat;
        if (lat > layer->max_lat) layer->max_lat = lat;
    }
}

/* The geometry in the dataset's datum, its points in the dataset until the next row. */
static hsd_status shift(hsd_dataset *dataset, const hsd_geometry **geometry, hsd_geometry *shifted,
                        hsd_error *err) {
    if (dataset->datum == HSD_WGS84 || !*geometry || (*geometry)->point_count == 0) return HSD_OK;
    *shifted = **geometry;
    if (!hsd_array_reserve(&dataset->shifted, shifted->point_count, err)) return HSD_E_MEMORY;
    memcpy(dataset->shifted.data, shifted->points, shifted->point_count * sizeof *shifted->points);
    shifted->points = dataset->shifted.data;
    hsd_geometry_from_wgs84(shifted, dataset->datum);
    *geometry = shifted;
    return HSD_OK;
}

static hsd_status set_geometry(hsd_dataset *dataset, hsd_kept_layer *layer,
                               const hsd_geometry *geometry, hsd_error *err) {
    bool none = !geometry || geometry->type == HSD_GEOMETRY_NONE || geometry->point_count == 0;
    if (!none && geometry->type != layer->styled.geometry)
        return hsd_fail(err, HSD_E_INTERNAL, "layer %s: a geometry of another type",
                        layer->styled.name);
    if (!none) widen(&layer->styled, geometry);
    if (dataset->lonlat_columns || dataset->lonlat_fields) {
        hsd_value lon = {.kind = none ? HSD_VALUE_NULL : HSD_VALUE_REAL}, lat = lon;
        if (!none) {
            lon.real = geometry->points[0].lon;
            lat.real = geometry->points[0].lat;
        }
        set_value(dataset->feature, dataset->lon_column, HSD_FIELD_REAL, &lon);
        set_value(dataset->feature, dataset->lat_column, HSD_FIELD_REAL, &lat);
    }
    if (layer->styled.geometry != HSD_GEOMETRY_NONE && !is_table(dataset)) {
        OGR_F_SetGeometryDirectly(dataset->feature, none ? NULL : hsd_ogr_geometry(geometry));
    }
    return HSD_OK;
}

static void widen_values(hsd_kept_layer *layer, const hsd_value *values) {
    if (layer->style_field >= layer->field_count) return;
    double value = number_of(&values[layer->style_field]);
    if (!isfinite(value)) return;
    layer->styled.min_value = fmin(layer->styled.min_value, value);
    layer->styled.max_value = fmax(layer->styled.max_value, value);
}

static hsd_status write_row(hsd_dataset *dataset, const hsd_value *values,
                            const hsd_geometry *geometry, const hsd_gdal_scope *scope,
                            hsd_error *err) {
    hsd_kept_layer *layer = &dataset->layers.data[dataset->layers.count - 1];
    hsd_geometry shifted;
    hsd_status status = set_values(dataset, layer, values, err);
    if (status == HSD_OK) status = shift(dataset, &geometry, &shifted, err);
    if (status == HSD_OK) status = set_geometry(dataset, layer, geometry, err);
    if (status != HSD_OK) return status;
    widen_values(layer, values);
    OGR_F_SetFID(dataset->feature, OGRNullFID);
    if (OGR_L_CreateFeature(dataset->layer, dataset->feature) != OGRERR_NONE || scope->failed)
        return hsd_gdal_fail(scope, err, HSD_E_WRITE, dataset->path);
    return HSD_OK;
}

hsd_status hsd_dataset_row(hsd_dataset *dataset, const hsd_value *values,
                           const hsd_geometry *geometry, hsd_error *err) {
    if (!dataset->layer)
        return hsd_fail(err, HSD_E_INTERNAL, "%s: a row before any layer", dataset->path);
    hsd_gdal_scope scope;
    hsd_gdal_enter(&scope);
    hsd_status status = write_row(dataset, values, geometry, &scope, err);
    hsd_gdal_leave(&scope);
    if (status != HSD_OK) dataset->failed = true;
    return status;
}

/* ---- The end -----------------------------------------------------------------------------------
 */

static hsd_status close_all(hsd_dataset *dataset, hsd_gdal_scope *scope, hsd_error *err) {
    hsd_status status = end_layer(dataset, scope, err);
    if (status != HSD_OK || !dataset->gdal) return status;
    if (dataset->container == HSD_CONTAINER_GEOPACKAGE) {
        hsd_link_styles(dataset);
        status = hsd_geopackage_finish(dataset, scope, err);
        if (status == HSD_OK && GDALDatasetCommitTransaction(dataset->gdal) != OGRERR_NONE)
            status = hsd_gdal_fail(scope, err, HSD_E_WRITE, dataset->path);
    }
    GDALClose(dataset->gdal);
    dataset->gdal = NULL;
    if (status == HSD_OK && scope->failed)
        status = hsd_gdal_fail(scope, err, HSD_E_WRITE, dataset->path);
    return status;
}

hsd_status hsd_dataset_commit(hsd_dataset *dataset, hsd_error *err) {
    if (dataset->failed)
        return hsd_fail(err, HSD_E_INTERNAL, "%s: commit after a failed write", dataset->path);
    hsd_gdal_scope scope;
    hsd_gdal_enter(&scope);
    hsd_status status = close_all(dataset, &scope, err);
    if (status == HSD_OK && dataset->container != HSD_CONTAINER_GEOPACKAGE)
        status = hsd_stage_commit(dataset, err);
    hsd_gdal_leave(&scope);
    if (status == HSD_OK && dataset->container == HSD_CONTAINER_GEOPACKAGE) {
        status = refuse_open_database(dataset, err);
        if (status == HSD_OK) status = hsd_output_commit(&dataset->output, err);
    }
    if (status != HSD_OK) dataset->failed = true;
    return status;
}

void hsd_dataset_destroy(hsd_dataset *dataset) {
    if (!dataset) return;
    hsd_gdal_scope scope;
    hsd_gdal_enter(&scope);
    if (dataset->feature) OGR_F_Destroy(dataset->feature);
    if (dataset->gdal) GDALClose(dataset->gdal);
    if (dataset->wgs84) OSRRelease(dataset->wgs84);
    hsd_stage_discard(dataset);
    CSLDestroy(dataset->dataset_options);
    CSLDestroy(dataset->layer_options);
    hsd_gdal_leave(&scope);
    hsd_output_finish(&dataset->output);
    for (size_t i = 0; i < dataset->layers.count; i++) {
        hsd_free(dataset->layers.data[i].views);
        hsd_free(dataset->layers.data[i].classes);
        hsd_free(dataset->layers.data[i].fields);
        hsd_free(dataset->layers.data[i].form);
    }
    for (size_t i = 0; i < dataset->choices.count; i++) hsd_free(dataset->choices.data[i]);
    hsd_array_finish(&dataset->choices);
    for (size_t i = 0; i < dataset->texts.count; i++) hsd_free(dataset->texts.data[i]);
    hsd_array_finish(&dataset->layers);
    hsd_array_finish(&dataset->texts);
    hsd_array_finish(&dataset->columns);
    hsd_array_finish(&dataset->shifted);
    hsd_free(dataset->path);
    hsd_free(dataset->title);
    hsd_free(dataset->provenance);
    hsd_free(dataset);
}
