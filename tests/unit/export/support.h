/* A fresh folder for each test, and looks at what lies in it. */
#ifndef UNIT_EXPORT_SUPPORT_H
#define UNIT_EXPORT_SUPPORT_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "base/file.h"
#include "base/memory.h"

typedef struct folder {
    char path[64];
    char name[160];
} folder;

static inline int folder_make(void **state) {
    folder *f = calloc(1, sizeof *f);
    snprintf(f->path, sizeof f->path, "/tmp/hsd-export-XXXXXX");
    if (!f || !mkdtemp(f->path)) return -1;
    *state = f;
    return 0;
}

static inline int folder_remove(void **state) {
    folder *f = *state;
    VSIRmdirRecursive(f->path);
    free(f);
    return 0;
}

static inline const char *in_folder(folder *f, const char *name) {
    snprintf(f->name, sizeof f->name, "%s/%s", f->path, name);
    return f->name;
}

static inline int entry_count(const char *path) {
    int count = 0;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));)
        count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static inline GDALDatasetH open_vector(const char *path) {
    GDALAllRegister();
    GDALDatasetH gdal = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
    assert_non_null(gdal);
    return gdal;
}

/* The first column of the first row, as text; the caller frees with CPLFree. NULL: no row. */
static inline char *query(GDALDatasetH gdal, const char *sql) {
    OGRLayerH rows = GDALDatasetExecuteSQL(gdal, sql, NULL, NULL);
    assert_non_null(rows);
    OGRFeatureH row = OGR_L_GetNextFeature(rows);
    char *text = row ? CPLStrdup(OGR_F_GetFieldAsString(row, 0)) : NULL;
    if (row) OGR_F_Destroy(row);
    GDALDatasetReleaseResultSet(gdal, rows);
    return text;
}

static inline void assert_query(GDALDatasetH gdal, const char *sql, const char *expected) {
    char *text = query(gdal, sql);
    assert_non_null(text);
    assert_string_equal(text, expected);
    CPLFree(text);
}
#endif
