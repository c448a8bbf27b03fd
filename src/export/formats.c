/* Which GDAL driver writes a path, and how its files are laid out. Drivers are asked for what they
 * can do; two that call a folder of files one dataset, and those that give back something else than
 * was written, are named here. O(drivers). */
#include <string.h>

#include <cpl_string.h>

#include "base/text.h"
#include "export/dataset.h"

static bool flag(GDALDriverH driver, const char *key) {
    const char *value = GDALGetMetadataItem(driver, key, NULL);
    return value && strcmp(value, "YES") == 0;
}

/* Files only: a driver without an ending is a database or memory. Without field types it cannot
 * hold our columns. */
static const char *extensions(GDALDriverH driver) {
    const char *list = GDALGetMetadataItem(driver, GDAL_DMD_EXTENSIONS, NULL);
    if (!list || !list[0]) list = GDALGetMetadataItem(driver, GDAL_DMD_EXTENSION, NULL);
    return list && list[0] ? list : NULL;
}

/* Drivers that take our layers and give something else back: tried with GDAL 3.6, values with gaps
 * written and read again. */
static const struct {
    const char *name, *why;
} unfit[] = {
    {"FITS", "it has no layers with geometry"},
    {"MapInfo File", "it has no empty numbers, so a place not reached would read 0 minutes"},
    {"MBTiles", "it cuts and rounds shapes by map tiles"},
    {"MVT", "it cuts and rounds shapes by map tiles"},
    {"PCIDSK", "it has no empty numbers, so a place not reached would read 0 minutes"},
    {"PDS4", "its files cannot be moved"},
    {"VDV", "it loses shapes, and text that is not Latin"},
    {"netCDF", "it has no empty numbers, so a place not reached would read 0 minutes"},
};

static const char *unfit_why(GDALDriverH driver) {
    for (size_t i = 0; driver && i < sizeof unfit / sizeof *unfit; i++)
        if (strcmp(GDALGetDriverShortName(driver), unfit[i].name) == 0) return unfit[i].why;
    return NULL;
}

static bool can_write(GDALDriverH driver) {
    return driver && !unfit_why(driver) && flag(driver, GDAL_DCAP_VECTOR) &&
           flag(driver, GDAL_DCAP_CREATE) && extensions(driver) &&
           GDALGetMetadataItem(driver, GDAL_DMD_CREATIONFIELDDATATYPES, NULL);
}

static bool has_extension(GDALDriverH driver, const char *extension) {
    char **list = CSLTokenizeString2(extensions(driver), " ", 0);
    bool found = CSLFindString(list, extension) >= 0;
    CSLDestroy(list);
    return found;
}

static const char *ending(const char *path) {
    const char *dot = strrchr(hsd_base_name(path), '.');
    return dot && dot != hsd_base_name(path) ? dot + 1 : "";
}

/* An unfit driver is chosen too where no other has the ending: it is then refused by its name. */
static GDALDriverH by_ending(const char *path) {
    const char *extension = ending(path);
    GDALDriverH chosen = NULL;
    for (int i = 0; extension[0] && i < GDALGetDriverCount(); i++) {
        GDALDriverH driver = GDALGetDriver(i);
        bool fit = can_write(driver), known = fit || unfit_why(driver);
        if (!known || !extensions(driver) || !has_extension(driver, extension)) continue;
        if (fit) return driver;
        if (!chosen) chosen = driver;
    }
    return chosen ? chosen : GDALGetDriverByName("GPKG");
}

static hsd_container container_of(GDALDriverH driver) {
    const char *name = GDALGetDriverShortName(driver);
    if (strcmp(name, "GPKG") == 0) return HSD_CONTAINER_GEOPACKAGE;
    static const char *const folders[] = {"ESRI Shapefile", "CSV"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (strcmp(name, folders[i]) == 0) return HSD_CONTAINER_FOLDER;
    return flag(driver, GDAL_DCAP_MULTIPLE_VECTOR_LAYERS) && strcmp(name, "FlatGeobuf") != 0
               ? HSD_CONTAINER_FILE
               : HSD_CONTAINER_FOLDER;
}

static hsd_status unknown_format(hsd_error *err, const char *name) {
    char *list = NULL;
    hsd_status status = hsd_formats(&list, err);
    if (status != HSD_OK) return status;
    size_t room = 130, length = 0, left = 0;
    for (char *c = list; *c; c++) {
        if (*c != '\n') continue;
        *c = ',';
        if ((size_t)(c - list) < room)
            length = (size_t)(c - list);
        else
            left++;
    }
    char more[32] = "";
    if (left) snprintf(more, sizeof more, " and %zu more", left);
    status = hsd_fail(err, HSD_E_ARGUMENT,
                      "format \"%.40s\" is not one this GDAL can write; expected one of %.*s%s",
                      name, (int)length, list, more);
    hsd_text_release(list);
    return status;
}

/* An option goes where the driver's own list knows it. */
static bool listed(GDALDriverH driver, const char *list_key, const char *key) {
    const char *list = GDALGetMetadataItem(driver, list_key, NULL);
    const char *quotes[] = {"name='%s'", "name=\"%s\""};
    for (size_t i = 0; list && i < 2; i++)
        if (strstr(list, CPLSPrintf(quotes[i], key))) return true;
    return false;
}

static hsd_status sort_option(hsd_dataset *dataset, const char *option, hsd_error *err) {
    char *key = NULL;
    const char *value = CPLParseNameValue(option, &key);
    const char *name = GDALGetDriverShortName(dataset->driver);
    hsd_status status = HSD_OK;
    if (!key || !value)
        status = hsd_fail(err, HSD_E_ARGUMENT, "creation option \"%s\" is not KEY=VALUE", option);
    else if (listed(dataset->driver, GDAL_DS_LAYER_CREATIONOPTIONLIST, key))
        dataset->layer_options = CSLSetNameValue(dataset->layer_options, key, value);
    else if (listed(dataset->driver, GDAL_DMD_CREATIONOPTIONLIST, key))
        dataset->dataset_options = CSLSetNameValue(dataset->dataset_options, key, value);
    else
        status =
            hsd_fail(err, HSD_E_ARGUMENT, "format %s has no creation option \"%s\"", name, key);
    CPLFree(key);
    return status;
}

/* What we want where the user says nothing else. */
static void defaults(hsd_dataset *dataset) {
    const char *name = GDALGetDriverShortName(dataset->driver);
    char ***options = &dataset->layer_options;
    if (strcmp(name, "GeoJSON") == 0) *options = CSLSetNameValue(*options, "RFC7946", "YES");
    if (strcmp(name, "ESRI Shapefile") == 0)
        *options = CSLSetNameValue(*options, "ENCODING", "UTF-8");
    if (strcmp(name, "CSV") == 0) {
        *options = CSLSetNameValue(*options, "LINEFORMAT", "LF");
        *options = CSLSetNameValue(*options, "STRING_QUOTING", "IF_NEEDED");
    }
}

static void keep_extension(hsd_dataset *dataset) {
    const char *own = ending(dataset->path);
    const char *name = GDALGetDriverShortName(dataset->driver);
    char **list = CSLTokenizeString2(extensions(dataset->driver), " ", 0);
    int at = CSLFindString(list, own);
    if (at < 0) at = CSLFindString(list, name); /* geojson before json */
    const char *use = at >= 0 ? list[at] : list && list[0] ? list[0] : "";
    if (strcmp(name, "ESRI Shapefile") == 0) use = "shp";
    strncpy(dataset->extension, use, sizeof dataset->extension - 1);
    CSLDestroy(list);
}

bool hsd_dataset_allows_empty(const hsd_dataset *dataset) {
    return strcmp(GDALGetDriverShortName(dataset->driver), "FlatGeobuf") != 0;
}

hsd_status hsd_dataset_format(hsd_dataset *dataset, const hsd_dataset_options *options,
                              hsd_error *err) {
    if (options->format) {
        dataset->driver = GDALGetDriverByName(options->format);
        if (!unfit_why(dataset->driver) && !can_write(dataset->driver))
            return unknown_format(err, options->format);
    } else {
        dataset->driver = by_ending(dataset->path);
        if (!dataset->driver)
            return hsd_fail(err, HSD_E_WRITE, "this GDAL cannot write GeoPackages");
    }
    const char *why = unfit_why(dataset->driver);
    if (why)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "format %s cannot hold the result: %s; GPKG, CSV or GeoJSON can",
                        GDALGetDriverShortName(dataset->driver), why);
    dataset->container = container_of(dataset->driver);
    keep_extension(dataset);
    defaults(dataset);
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && options->config && options->config[i]; i++)
        status = sort_option(dataset, options->config[i], err);
    return status;
}

hsd_status hsd_formats(char **out, hsd_error *err) {
    *out = NULL;
    hsd_gdal_scope scope;
    hsd_gdal_enter(&scope);
    /* the ones people ask for first: an error message has room for few */
    static const char *const first[] = {"GPKG", "CSV",  "GeoJSON", "FlatGeobuf", "ESRI Shapefile",
                                        "KML",  "XLSX", "SQLite",  "Parquet"};
    size_t first_count = sizeof first / sizeof *first;
    hsd_text text = {0};
    for (size_t i = 0; i < first_count; i++)
        if (can_write(GDALGetDriverByName(first[i]))) hsd_text_addf(&text, "%s\n", first[i]);
    for (int i = 0; i < GDALGetDriverCount(); i++) {
        GDALDriverH driver = GDALGetDriver(i);
        bool told = false;
        for (size_t k = 0; k < first_count; k++)
            told |= strcmp(GDALGetDriverShortName(driver), first[k]) == 0;
        if (can_write(driver) && !told)
            hsd_text_addf(&text, "%s\n", GDALGetDriverShortName(driver));
    }
    hsd_gdal_leave(&scope);
    if (text.failed || !text.data) {
        hsd_text_finish(&text);
        return hsd_fail(err, HSD_E_MEMORY, "out of memory for the list of formats");
    }
    *out = text.data;
    return HSD_OK;
}

void hsd_text_release(char *text) {
    hsd_free(text);
}
