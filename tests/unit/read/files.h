/* Small inputs for the reader tests, in a folder of their own: text files, and layers by GDAL. */
#ifndef TESTS_READ_FILES_H
#define TESTS_READ_FILES_H

#include <dirent.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct files {
    char folder[64], path[8][160];
    int next;
} files;

static inline int files_begin(void **state) {
    files *f = calloc(1, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/hsd_read_XXXXXX");
    if (!mkdtemp(f->folder)) return -1;
    GDALAllRegister();
    *state = f;
    return 0;
}

static inline int files_end(void **state) {
    files *f = *state;
    DIR *dir = opendir(f->folder);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", f->folder, e->d_name);
        if (e->d_name[0] != '.') unlink(path);
    }
    if (dir) closedir(dir);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* A path in the folder; a file of that name goes. Valid for the next eight calls. */
static inline const char *files_path(files *f, const char *name) {
    char path[160], *kept = f->path[f->next++ % 8];
    snprintf(path, sizeof path, "%.63s/%.90s", f->folder, name);
    unlink(path);
    return memcpy(kept, path, sizeof path);
}

static inline const char *files_text(files *f, const char *name, const char *text) {
    const char *path = files_path(f, name);
    FILE *file = fopen(path, "wb");
    if (!file) abort();
    fputs(text, file);
    fclose(file);
    return path;
}

/* GeoJSON of features: "properties|geometry" each, both without their outer braces' names. */
static inline const char *files_geojson(files *f, const char *name, const char *const *features) {
    static char text[20000];
    int n = snprintf(text, sizeof text, "{\"type\":\"FeatureCollection\",\"features\":[");
    for (int i = 0; features[i]; i++) {
        const char *bar = strchr(features[i], '|');
        n += snprintf(text + n, sizeof text - (size_t)n,
                      "%s{\"type\":\"Feature\",\"properties\":{%.*s},\"geometry\":%s}",
                      i ? "," : "", (int)(bar - features[i]), features[i], bar + 1);
    }
    snprintf(text + n, sizeof text - (size_t)n, "]}");
    return files_text(f, name, text);
}

typedef struct layer_spec {
    const char *driver, *name;
    const char *crs; /* NULL: none */
    OGRwkbGeometryType type;
    const char *const *fields;  /* "name:t" (text), ":r" (real), ":i" (integer); NULL-ended */
    const char *const *rows;    /* "WKT|value|value", empty value: NULL; NULL-ended */
    const char *const *options; /* layer creation options */
} layer_spec;

static inline void files_add_layer(GDALDatasetH dataset, const layer_spec *spec) {
    OGRSpatialReferenceH crs = NULL;
    if (spec->crs) {
        crs = OSRNewSpatialReference(NULL);
        if (OSRSetFromUserInput(crs, spec->crs) != OGRERR_NONE) abort();
        OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
    }
    OGRLayerH layer = GDALDatasetCreateLayer(dataset, spec->name, crs, spec->type,
                                             (char **)(uintptr_t)spec->options);
    if (!layer) abort();
    for (int i = 0; spec->fields && spec->fields[i]; i++) {
        char field[64];
        snprintf(field, sizeof field, "%s", spec->fields[i]);
        char *colon = strchr(field, ':');
        *colon = '\0';
        OGRFieldDefnH d = OGR_Fld_Create(field, colon[1] == 'r'   ? OFTReal
                                                : colon[1] == 'i' ? OFTInteger
                                                                  : OFTString);
        if (OGR_L_CreateField(layer, d, 1) != OGRERR_NONE) abort();
        OGR_Fld_Destroy(d);
    }
    for (int i = 0; spec->rows && spec->rows[i]; i++) {
        char row[4000];
        snprintf(row, sizeof row, "%s", spec->rows[i]);
        OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        char *bar = strchr(row, '|');
        if (bar) *bar = '\0';
        OGRGeometryH geometry = NULL;
        char *wkt = row;
        if (row[0]) {
            if (OGR_G_CreateFromWkt(&wkt, NULL, &geometry) != OGRERR_NONE) abort();
            OGR_F_SetGeometryDirectly(feature, geometry);
        }
        for (int k = 0; bar; k++) {
            char *value = bar + 1;
            bar = strchr(value, '|');
            if (bar) *bar = '\0';
            if (value[0]) OGR_F_SetFieldString(feature, k, value);
        }
        if (OGR_L_CreateFeature(layer, feature) != OGRERR_NONE) abort();
        OGR_F_Destroy(feature);
    }
    if (crs) OSRDestroySpatialReference(crs);
}

static inline const char *files_layers(files *f, const char *name, const layer_spec *specs,
                                       size_t count) {
    const char *path = files_path(f, name);
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName(specs[0].driver), path, 0, 0, 0, GDT_Unknown, NULL);
    if (!dataset) abort();
    for (size_t i = 0; i < count; i++) files_add_layer(dataset, &specs[i]);
    GDALClose(dataset);
    return path;
}

#endif
