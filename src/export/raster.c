/* Grids of minutes as cloud-optimised GeoTIFF: GDAL's COG driver over an in-memory dataset that
 * borrows the caller's array. The frame is that of hsd_frame: Lambert azimuthal equal-area on
 * WGS84. O(cells). */
#include <math.h>
#include <stdio.h>

#include <cpl_string.h>

#include "base/text.h"
#include "export/dataset.h"

/* MEM datasets take their array by its address in text. */
static GDALDatasetH borrow(const float *values, uint32_t width, uint32_t height) {
    GDALDatasetH memory =
        GDALCreate(GDALGetDriverByName("MEM"), "", (int)width, (int)height, 0, GDT_Float32, NULL);
    if (!memory) return NULL;
    char address[64], pointer[40];
    snprintf(pointer, sizeof pointer, "%p", (const void *)values);
    snprintf(address, sizeof address, "DATAPOINTER=%s", pointer);
    char *options[] = {address, NULL};
    if (GDALAddBand(memory, GDT_Float32, options) == CE_None) return memory;
    GDALClose(memory);
    return NULL;
}

static bool describe(GDALDatasetH memory, double centre_lon, double centre_lat, double west_m,
                     double north_m, double cell_m) {
    char lon[32], lat[32];
    OGRSpatialReferenceH frame = OSRNewSpatialReference(NULL);
    const char *definition =
        CPLSPrintf("+proj=laea +lat_0=%s +lon_0=%s +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs",
                   hsd_double_text(centre_lat, lat), hsd_double_text(centre_lon, lon));
    double transform[6] = {west_m, cell_m, 0, north_m, 0, -cell_m};
    GDALRasterBandH band = GDALGetRasterBand(memory, 1);
    bool ok = OSRImportFromProj4(frame, definition) == OGRERR_NONE &&
              GDALSetSpatialRef(memory, frame) == CE_None &&
              GDALSetGeoTransform(memory, transform) == CE_None &&
              GDALSetRasterNoDataValue(band, (double)NAN) == CE_None;
    GDALSetDescription(band, "minutes");
    GDALSetRasterUnitType(band, "min");
    OSRRelease(frame);
    return ok;
}

/* Overviews take the nearest cell: a mean of minutes with unreached cells is nobody's time. */
static bool copy_as_cog(GDALDatasetH memory, const char *path) {
    GDALDriverH driver = GDALGetDriverByName("COG");
    char **options = NULL;
    options = CSLSetNameValue(options, "COMPRESS", "DEFLATE");
    options = CSLSetNameValue(options, "PREDICTOR", "YES");
    options = CSLSetNameValue(options, "RESAMPLING", "NEAREST");
    options = CSLSetNameValue(options, "BIGTIFF", "IF_SAFER");
    GDALDatasetH copy =
        driver ? GDALCreateCopy(driver, path, memory, FALSE, options, NULL, NULL) : NULL;
    CSLDestroy(options);
    if (copy) GDALClose(copy);
    return copy != NULL;
}

static hsd_status write_raster(const hsd_output *output, GDALDatasetH memory, hsd_gdal_scope *scope,
                               hsd_error *err) {
    bool ok = copy_as_cog(memory, output->temp_path);
    return ok && !scope->failed ? HSD_OK : hsd_gdal_fail(scope, err, HSD_E_WRITE, output->path);
}

hsd_status hsd_raster_write(const char *path, bool overwrite, double centre_lon, double centre_lat,
                            double west_m, double north_m, double cell_m, uint32_t width,
                            uint32_t height, const float *values, hsd_error *err) {
    if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX || !(cell_m > 0))
        return hsd_fail(err, HSD_E_ARGUMENT, "raster of %u x %u cells of %g m: expected some",
                        width, height, cell_m);
    hsd_output output;
    hsd_status status = hsd_output_begin(path, overwrite, &output, err);
    if (status != HSD_OK) return status;
    hsd_gdal_scope scope;
    hsd_gdal_enter(&scope);
    GDALDatasetH memory = borrow(values, width, height);
    if (memory && describe(memory, centre_lon, centre_lat, west_m, north_m, cell_m))
        status = write_raster(&output, memory, &scope, err);
    else
        status = hsd_gdal_fail(&scope, err, HSD_E_WRITE, path);
    if (memory) GDALClose(memory);
    hsd_gdal_leave(&scope);
    if (status == HSD_OK) status = hsd_output_commit(&output, err);
    hsd_output_finish(&output);
    return status;
}
