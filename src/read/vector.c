/* GDAL layers: which layer, which coordinate system, which fields. Coordinate systems are used in
 * traditional order (x = longitude) whatever their authority says. A layer without one is refused
 * unless the user names it. */
#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "read/message.h"
#include "read/recode.h"
#include "read/vector.h"

void hsd_quiet_begin(void) {
    CPLPushErrorHandler(CPLQuietErrorHandler);
}

void hsd_quiet_end(void) {
    CPLPopErrorHandler();
}

const char *hsd_gdal_message(char *buffer) {
    snprintf(buffer, HSD_FAULT_SIZE, "%s", CPLGetLastErrorMsg());
    for (char *c = buffer; *c; c++)
        if ((unsigned char)*c < 0x20) *c = ' ';
    size_t length = strlen(buffer);
    while (length && (buffer[length - 1] == ' ' || buffer[length - 1] == '.'))
        buffer[--length] = '\0';
    return length ? buffer : "GDAL says no more";
}

static bool is_wgs84(OGRSpatialReferenceH crs) {
    const char *authority = OSRGetAuthorityName(crs, NULL), *code = OSRGetAuthorityCode(crs, NULL);
    return authority && code && strcmp(authority, "EPSG") == 0 && strcmp(code, "4326") == 0;
}

static hsd_status transform_from(OGRSpatialReferenceH crs, const char *what,
                                 OGRCoordinateTransformationH *transform, hsd_error *err) {
    char message[HSD_FAULT_SIZE];
    *transform = NULL;
    if (is_wgs84(crs)) return HSD_OK;
    OGRSpatialReferenceH wgs84 = OSRNewSpatialReference(NULL);
    if (wgs84 && OSRImportFromEPSG(wgs84, 4326) == OGRERR_NONE) {
        OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
        *transform = OCTNewCoordinateTransformation(crs, wgs84);
    }
    OSRDestroySpatialReference(wgs84);
    if (*transform) return HSD_OK;
    return hsd_fail(err, HSD_E_FORMAT, "%s: no way from its coordinate system to WGS84: %.120s",
                    what, hsd_gdal_message(message));
}

/* A GeoPackage says "no coordinate system" by rows of this name. */
static bool is_undefined(OGRSpatialReferenceH crs) {
    const char *name = OSRGetName(crs);
    return name && strncmp(name, "Undefined ", 10) == 0;
}

hsd_status hsd_crs_transform(OGRSpatialReferenceH own, hsd_assumed_crs assumed, const char *what,
                             OGRCoordinateTransformationH *transform, bool *geographic,
                             hsd_error *err) {
    *transform = NULL;
    char clip[HSD_CLIP_SIZE];
    if (own && is_undefined(own)) own = NULL;
    OGRSpatialReferenceH crs = own ? OSRClone(own) : OSRNewSpatialReference(NULL);
    hsd_status status = HSD_OK;
    if (!crs)
        status = hsd_fail(err, HSD_E_MEMORY, "out of memory");
    else if (!own && !assumed.crs)
        status = hsd_fail(err, HSD_E_FORMAT,
                          "%s has no coordinate system; say which with %s, for instance "
                          "EPSG:4326 or EPSG:4490",
                          what, assumed.option ? assumed.option : "--assume-crs");
    else if (!own && OSRSetFromUserInput(crs, assumed.crs) != OGRERR_NONE)
        status = hsd_fail(err, HSD_E_ARGUMENT,
                          "\"%s\" is no coordinate system; for instance EPSG:4490 was expected",
                          hsd_clip(assumed.crs, clip));
    if (status == HSD_OK) {
        OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
        *geographic = OSRIsGeographic(crs) != 0;
        if (!*geographic && !OSRIsProjected(crs))
            status = hsd_fail(err, HSD_E_FORMAT,
                              "%s has a coordinate system that is not on the earth", what);
        else
            status = transform_from(crs, what, transform, err);
    }
    OSRDestroySpatialReference(crs);
    return status;
}

static bool layer_has_geometry(OGRLayerH layer) {
    return OGR_FD_GetGeomFieldCount(OGR_L_GetLayerDefn(layer)) > 0 &&
           OGR_L_GetGeomType(layer) != wkbNone;
}

/* Names of all layers, for messages. */
static void list_layers(GDALDatasetH dataset, char *out, size_t size) {
    char clip[HSD_CLIP_SIZE];
    size_t length = 0;
    int count = GDALDatasetGetLayerCount(dataset);
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        const char *name = OGR_L_GetName(GDALDatasetGetLayer(dataset, i));
        int more =
            snprintf(out + length, size - length, "%s%s", i ? ", " : "", hsd_clip(name, clip));
        if (more < 0 || (size_t)more >= size - length) {
            out[length] = '\0';
            return;
        }
        length += (size_t)more;
    }
}

static hsd_status choose_layer(hsd_vector *v, const hsd_vector_options *options, hsd_error *err) {
    char names[140], clip[HSD_CLIP_SIZE];
    list_layers(v->dataset, names, sizeof names);
    if (options->layer) {
        v->layer = GDALDatasetGetLayerByName(v->dataset, options->layer);
        return v->layer ? HSD_OK
                        : hsd_fail(err, HSD_E_ARGUMENT, "%s has no layer \"%s\"; there are: %s",
                                   v->file, hsd_clip(options->layer, clip), names);
    }
    int count = GDALDatasetGetLayerCount(v->dataset), drawn = 0;
    for (int i = 0; i < count; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(v->dataset, i);
        if (count > 1 && !layer_has_geometry(layer)) continue; /* layer_styles and the like */
        v->layer = layer;
        drawn++;
    }
    if (drawn == 1) return HSD_OK;
    v->layer = NULL;
    if (drawn == 0) return hsd_fail(err, HSD_E_FORMAT, "%s has no layer to read", v->file);
    return hsd_fail(err, HSD_E_ARGUMENT, "%s has several layers, name one: %s", v->file, names);
}

static hsd_status settle_layer(hsd_vector *v, const hsd_vector_options *options, hsd_error *err) {
    v->layer_name = OGR_L_GetName(v->layer);
    v->has_geometry = layer_has_geometry(v->layer);
    if (!v->has_geometry) {
        if (options->flags & HSD_VECTOR_TABLE_PASSES) return HSD_OK;
        return hsd_fail(err, HSD_E_FORMAT, "%s: layer \"%.60s\" has no geometry", v->file,
                        v->layer_name);
    }
    return hsd_crs_transform(OGR_L_GetSpatialRef(v->layer),
                             (hsd_assumed_crs){options->assume_crs, options->crs_option}, v->file,
                             &v->transform, &v->geographic, err);
}

static hsd_status open_dataset(const char *path, const hsd_vector_options *options, hsd_vector *v,
                               hsd_error *err) {
    char message[HSD_FAULT_SIZE];
    char **open_options = NULL;
    if (options->beside) {
        v->dataset = options->beside->dataset;
        GDALReferenceDataset(v->dataset);
        return HSD_OK;
    }
    if (options->encoding) {
        hsd_status status = hsd_encoding_check(options->encoding, err);
        if (status != HSD_OK) return status;
        open_options = CSLSetNameValue(open_options, "ENCODING", options->encoding);
    }
    GDALAllRegister();
    CPLErrorReset();
    /* else "10:24;12:39" is a time of day to GDAL, and what follows the first one is lost */
    static const char as_text[] = "OGR_GEOJSON_DATE_AS_STRING";
    char *before = CPLStrdup(CPLGetThreadLocalConfigOption(as_text, ""));
    CPLSetThreadLocalConfigOption(as_text, "YES");
    v->dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL,
                            (const char *const *)open_options, NULL);
    CPLSetThreadLocalConfigOption(as_text, before[0] ? before : NULL);
    CPLFree(before);
    CSLDestroy(open_options);
    if (v->dataset) return HSD_OK;
    bool plain = strncmp(path, "/vsi", 4) != 0 && !strchr(path, ':');
    if (plain && !hsd_path_exists(path)) return hsd_fail(err, HSD_E_OPEN, "%s: no such file", path);
    return hsd_fail(err, HSD_E_OPEN, "%s: cannot be read as a vector file: %.120s", v->file,
                    hsd_gdal_message(message));
}

hsd_status hsd_vector_open(const char *path, const hsd_vector_options *options, hsd_vector *out,
                           hsd_error *err) {
    *out = (hsd_vector){.file = hsd_base_name(path), .encoding_option = options->encoding_option};
    hsd_status status = hsd_datum_choose(options->datum, &out->datum, err);
    if (status != HSD_OK) return status;
    hsd_quiet_begin();
    status = open_dataset(path, options, out, err);
    if (status == HSD_OK) status = choose_layer(out, options, err);
    if (status == HSD_OK) status = settle_layer(out, options, err);
    if (status == HSD_OK) OGR_L_ResetReading(out->layer);
    hsd_quiet_end();
    if (status != HSD_OK) hsd_vector_close(out);
    return status;
}

static bool may_have_lines(OGRLayerH layer) {
    OGRwkbGeometryType flat = wkbFlatten(OGR_L_GetGeomType(layer));
    return flat == wkbUnknown || flat == wkbGeometryCollection ||
           OGR_GT_IsSubClassOf(flat, wkbCurve) || OGR_GT_IsSubClassOf(flat, wkbMultiCurve);
}

hsd_status hsd_vector_open_file(const char *path, const char *encoding, hsd_vector *out,
                                hsd_error *err) {
    *out = (hsd_vector){.file = hsd_base_name(path)};
    const hsd_vector_options options = {.encoding = encoding};
    hsd_quiet_begin();
    hsd_status status = open_dataset(path, &options, out, err);
    hsd_quiet_end();
    return status;
}

hsd_status hsd_vector_layers(const hsd_vector *file, hsd_vector_layer **out, size_t *count,
                             hsd_error *err) {
    int all = GDALDatasetGetLayerCount(file->dataset);
    hsd_vector_layer *layers = hsd_calloc((size_t)all, sizeof *layers, err);
    *out = NULL;
    *count = 0;
    if (!layers) return HSD_E_MEMORY;
    for (int i = 0; i < all; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(file->dataset, i);
        layers[i].drawn = layer_has_geometry(layer);
        layers[i].lines = layers[i].drawn && may_have_lines(layer);
        layers[i].name = hsd_strdup(OGR_L_GetName(layer), err);
        if (layers[i].name) continue;
        hsd_vector_layers_finish(layers, (size_t)i);
        return HSD_E_MEMORY;
    }
    *out = layers;
    *count = (size_t)all;
    return HSD_OK;
}

void hsd_vector_layers_finish(hsd_vector_layer *layers, size_t count) {
    for (size_t i = 0; layers && i < count; i++) hsd_free(layers[i].name);
    hsd_free(layers);
}

void hsd_vector_close(hsd_vector *vector) {
    if (!vector) return;
    hsd_quiet_begin();
    if (vector->transform) OCTDestroyCoordinateTransformation(vector->transform);
    if (vector->dataset) GDALReleaseDataset(vector->dataset);
    hsd_quiet_end();
    *vector = (hsd_vector){0};
}

int hsd_vector_find(const hsd_vector *vector, const char *name) {
    if (!name) return -1;
    return OGR_FD_GetFieldIndex(OGR_L_GetLayerDefn(vector->layer), name);
}

hsd_status hsd_vector_need(const hsd_vector *vector, const char *name, int *index, hsd_error *err) {
    *index = hsd_vector_find(vector, name);
    if (!name || *index >= 0) return HSD_OK;
    char known[140] = "", clip[HSD_CLIP_SIZE];
    size_t length = 0;
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(vector->layer);
    int count = OGR_FD_GetFieldCount(definition);
    for (int i = 0; i < count; i++) {
        const char *field = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i));
        int more = snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "",
                            hsd_clip(field, clip));
        if (more < 0 || (size_t)more >= sizeof known - length) {
            known[length] = '\0';
            break;
        }
        length += (size_t)more;
    }
    return hsd_fail(err, HSD_E_ARGUMENT, "%s has no field \"%s\"; there are: %s", vector->file,
                    hsd_clip(name, clip), count ? known : "none");
}

hsd_status hsd_vector_next(const hsd_vector *vector, OGRFeatureH *feature, hsd_error *err) {
    char message[HSD_FAULT_SIZE];
    hsd_quiet_begin();
    CPLErrorReset();
    *feature = OGR_L_GetNextFeature(vector->layer);
    bool broken = !*feature && CPLGetLastErrorType() >= CE_Failure;
    if (broken) hsd_gdal_message(message);
    hsd_quiet_end();
    if (!broken) return HSD_OK;
    return hsd_fail(err, HSD_E_FORMAT, "%s: reading stopped half-way: %.120s", vector->file,
                    message);
}

hsd_status hsd_vector_fail(const hsd_vector *vector, OGRFeatureH feature, hsd_error *err,
                           const char *format, ...) {
    char what[200];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return hsd_fail(err, HSD_E_FORMAT, "%s feature %lld: %s", vector->file,
                    (long long)OGR_F_GetFID(feature), what);
}

static const char *field_name(OGRFeatureH feature, int index, char *buffer) {
    return hsd_clip(OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, index)), buffer);
}

hsd_status hsd_vector_text(const hsd_vector *vector, OGRFeatureH feature, int index,
                           const char **out, hsd_error *err) {
    *out = "";
    char name[HSD_CLIP_SIZE], clip[HSD_CLIP_SIZE];
    if (index < 0 || !OGR_F_IsFieldSetAndNotNull(feature, index)) return HSD_OK;
    *out = OGR_F_GetFieldAsString(feature, index);
    if (hsd_utf8_valid(*out, strlen(*out))) return HSD_OK;
    return hsd_vector_fail(vector, feature, err,
                           "field \"%s\" is not UTF-8 (\"%s\"); name its encoding, for instance %s "
                           "GBK",
                           field_name(feature, index, name), hsd_clip(*out, clip),
                           vector->encoding_option ? vector->encoding_option : "--encoding");
}

hsd_status hsd_vector_number(const hsd_vector *vector, OGRFeatureH feature, int index, double *out,
                             bool *given, hsd_error *err) {
    char name[HSD_CLIP_SIZE], clip[HSD_CLIP_SIZE];
    *given = false;
    if (index < 0 || !OGR_F_IsFieldSetAndNotNull(feature, index)) return HSD_OK;
    OGRFieldType type = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, index));
    if (type == OFTInteger || type == OFTInteger64 || type == OFTReal) {
        *out = OGR_F_GetFieldAsDouble(feature, index);
        *given = true;
        if (isfinite(*out)) return HSD_OK;
    }
    const char *text;
    hsd_status status = hsd_vector_text(vector, feature, index, &text, err);
    if (status != HSD_OK || text[0] == '\0') return status;
    *given = true;
    if (hsd_parse_double(text, out)) return HSD_OK;
    return hsd_vector_fail(vector, feature, err,
                           "field \"%s\" is \"%s\"; a number (decimal point, no unit) was expected",
                           field_name(feature, index, name), hsd_clip(text, clip));
}
