/* A raster of counts as places: each cell with a value above 0 becomes its four corners in WGS84.
 * Rows of corners are projected once and shared by the cells above and below, so neighbours meet
 * exactly. The window is turned into rows and columns by a grid of its points; cells are then
 * tested by their own boxes; where the window has more cells than memory holds they are counted
 * first. O(cells of the window). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "hourshed/read.h"
#include "read/message.h"
#include "read/vector.h"

/* A cell takes about 0.9 kB through a whole run (measured: 1, 2 and 4 million around Porto took
 * 1.0, 1.9 and 3.6 GB): as many as 4 GB hold. */
static const size_t most_cells = 4000000;

typedef struct raster {
    const char *file;
    GDALDatasetH dataset;
    GDALRasterBandH band;
    OGRCoordinateTransformationH transform;
    double g[6]; /* geotransform */
    bool has_nodata;
    double nodata, scale, offset;
    int column0, row0, columns, rows; /* what is read */
    double *values;                   /* a row */
    double *x[2], *y[2];              /* corners above and below it: columns + 1 */
    const hsd_box_e7 *window;
    bool counting; /* cells are counted and not kept */
    size_t counted;
    hsd_place_table *out;
    size_t capacity;
} raster;

static hsd_status open_raster(const char *path, const char *assume_crs, raster *r, hsd_error *err) {
    char message[HSD_FAULT_SIZE];
    int has_nodata = 0, unused;
    bool geographic;
    GDALAllRegister();
    CPLErrorReset();
    r->dataset = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL,
                            NULL, NULL);
    if (!r->dataset)
        return hsd_fail(err, HSD_E_OPEN, "%s: cannot be read as a raster: %.120s", r->file,
                        hsd_gdal_message(message));
    if (GDALGetRasterCount(r->dataset) != 1)
        return hsd_fail(err, HSD_E_FORMAT, "%s has %d bands; one, of counts, was expected", r->file,
                        GDALGetRasterCount(r->dataset));
    if (GDALGetGeoTransform(r->dataset, r->g) != CE_None)
        return hsd_fail(err, HSD_E_FORMAT, "%s: the raster does not say where it lies", r->file);
    r->band = GDALGetRasterBand(r->dataset, 1);
    if (GDALDataTypeIsComplex(GDALGetRasterDataType(r->band)))
        return hsd_fail(err, HSD_E_FORMAT, "%s: complex numbers; counts were expected", r->file);
    r->nodata = GDALGetRasterNoDataValue(r->band, &has_nodata);
    r->has_nodata = has_nodata != 0;
    r->scale = GDALGetRasterScale(r->band, &unused);
    r->offset = GDALGetRasterOffset(r->band, &unused);
    r->columns = GDALGetRasterXSize(r->dataset);
    r->rows = GDALGetRasterYSize(r->dataset);
    return hsd_crs_transform(GDALGetSpatialRef(r->dataset), (hsd_assumed_crs){assume_crs, NULL},
                             r->file, &r->transform, &geographic, err);
}

/* Rows and columns that can touch the window: a grid of 33 x 33 of its points, taken back into the
 * raster; one cell and 2 % more on every side, for the bulge between them. All where one of them
 * has no way back. */
static void narrow(raster *r) {
    enum { STEPS = 33 };
    double inverse[6], low_c = INFINITY, high_c = -INFINITY, low_r = INFINITY, high_r = -INFINITY;
    if (!r->window || !GDALInvGeoTransform(r->g, inverse)) return;
    OGRCoordinateTransformationH back = r->transform ? OCTGetInverse(r->transform) : NULL;
    bool sure = !r->transform || back;
    for (int i = 0; i < STEPS * STEPS && sure; i++) {
        double s = (i % STEPS) / (STEPS - 1.0), t = (double)(i / STEPS) / (STEPS - 1.0);
        const hsd_box_e7 *w = r->window;
        double x = (w->min_lon_e7 + s * ((double)w->max_lon_e7 - w->min_lon_e7)) * 1e-7;
        double y = (w->min_lat_e7 + t * ((double)w->max_lat_e7 - w->min_lat_e7)) * 1e-7;
        sure = !back || OCTTransform(back, 1, &x, &y, NULL);
        double c = inverse[0] + inverse[1] * x + inverse[2] * y,
               row = inverse[3] + inverse[4] * x + inverse[5] * y;
        sure = sure && isfinite(c) && isfinite(row);
        low_c = fmin(low_c, c), high_c = fmax(high_c, c);
        low_r = fmin(low_r, row), high_r = fmax(high_r, row);
    }
    if (back) OCTDestroyCoordinateTransformation(back);
    if (!sure) return;
    double margin_c = 1 + 0.02 * (high_c - low_c), margin_r = 1 + 0.02 * (high_r - low_r);
    double c0 = fmax(0, floor(low_c - margin_c)), c1 = fmin(r->columns, ceil(high_c + margin_c));
    double r0 = fmax(0, floor(low_r - margin_r)), r1 = fmin(r->rows, ceil(high_r + margin_r));
    r->column0 = (int)fmin(c0, r->columns);
    r->row0 = (int)fmin(r0, r->rows);
    r->columns = c1 > c0 ? (int)(c1 - c0) : 0;
    r->rows = r1 > r0 ? (int)(r1 - r0) : 0;
}

static hsd_status corners(raster *r, int line, int row, hsd_error *err) {
    size_t count = (size_t)r->columns + 1;
    for (size_t i = 0; i < count; i++) {
        double c = r->column0 + (double)i;
        r->x[line][i] = r->g[0] + r->g[1] * c + r->g[2] * row;
        r->y[line][i] = r->g[3] + r->g[4] * c + r->g[5] * row;
    }
    if (r->transform && !OCTTransform(r->transform, (int)count, r->x[line], r->y[line], NULL))
        return hsd_fail(err, HSD_E_FORMAT, "%s row %d: outside the reach of its coordinate system",
                        r->file, row);
    for (size_t i = 0; i < count; i++) /* whole-earth grids end a hair past the pole */
        if (!(fabs(r->x[line][i]) <= 180 + 1e-6 && fabs(r->y[line][i]) <= 90 + 1e-6))
            return hsd_fail(err, HSD_E_FORMAT,
                            "%s row %d: corner %.6g,%.6g is not longitude,latitude", r->file, row,
                            r->x[line][i], r->y[line][i]);
    return HSD_OK;
}

static bool touches(const raster *r, const hsd_lonlat *p) {
    const hsd_box_e7 *w = r->window;
    if (!w) return true;
    double west = fmin(fmin(p[0].lon, p[1].lon), fmin(p[2].lon, p[3].lon));
    double east = fmax(fmax(p[0].lon, p[1].lon), fmax(p[2].lon, p[3].lon));
    double south = fmin(fmin(p[0].lat, p[1].lat), fmin(p[2].lat, p[3].lat));
    double north = fmax(fmax(p[0].lat, p[1].lat), fmax(p[2].lat, p[3].lat));
    return west <= w->max_lon_e7 * 1e-7 && east >= w->min_lon_e7 * 1e-7 &&
           south <= w->max_lat_e7 * 1e-7 && north >= w->min_lat_e7 * 1e-7;
}

static hsd_status add_cell(raster *r, int row, int column, const hsd_lonlat *corner, double value,
                           hsd_error *err) {
    hsd_place_table *t = r->out;
    if (t->place_count == r->capacity &&
        !hsd_array_grow((void **)(void *)&t->places, &r->capacity, t->place_count + 1,
                        sizeof *t->places, err))
        return HSD_E_MEMORY;
    hsd_place *p = &t->places[t->place_count++];
    *p = (hsd_place){.feature_id = (int64_t)row * GDALGetRasterXSize(r->dataset) + column};
    p->id = hsd_asprintf(err, "r%dc%d", row, column);
    p->name = hsd_strdup("", err);
    p->name_en = hsd_strdup("", err);
    p->masses = hsd_alloc(1, sizeof *p->masses, err);
    hsd_geometry *g = &p->geometry;
    *g = (hsd_geometry){
        .type = HSD_GEOMETRY_POLYGON, .point_count = 5, .ring_count = 1, .polygon_count = 1};
    g->points = hsd_alloc(5, sizeof *g->points, err);
    g->ring_end = hsd_alloc(1, sizeof *g->ring_end, err);
    g->polygon_end = hsd_alloc(1, sizeof *g->polygon_end, err);
    if (!p->id || !p->name || !p->name_en || !p->masses || !g->points || !g->ring_end ||
        !g->polygon_end)
        return HSD_E_MEMORY;
    p->masses[0] = value;
    g->ring_end[0] = 5;
    g->polygon_end[0] = 1;
    double twice = (corner[2].lon - corner[0].lon) * (corner[3].lat - corner[1].lat) -
                   (corner[3].lon - corner[1].lon) * (corner[2].lat - corner[0].lat);
    for (int i = 0; i < 5; i++) g->points[i] = corner[twice < 0 ? (4 - i) % 4 : i % 4];
    return HSD_OK;
}

static hsd_status read_row(raster *r, int row, hsd_error *err) {
    char message[HSD_FAULT_SIZE];
    if (GDALRasterIO(r->band, GF_Read, r->column0, row, r->columns, 1, r->values, r->columns, 1,
                     GDT_Float64, 0, 0) != CE_None)
        return hsd_fail(err, HSD_E_FORMAT, "%s row %d: %.120s", r->file, row,
                        hsd_gdal_message(message));
    hsd_status status = HSD_OK;
    for (int c = 0; c < r->columns && status == HSD_OK; c++) {
        double value = r->values[c];
        if (isnan(value) || (r->has_nodata && value == r->nodata)) continue;
        value = value * r->scale + r->offset;
        hsd_lonlat corner[4] = {{r->x[0][c], r->y[0][c]},
                                {r->x[1][c], r->y[1][c]},
                                {r->x[1][c + 1], r->y[1][c + 1]},
                                {r->x[0][c + 1], r->y[0][c + 1]}};
        if (!touches(r, corner)) continue;
        if (value < 0 || !isfinite(value))
            return hsd_fail(
                err, HSD_E_FORMAT,
                "%s row %d column %d: %g; a count of 0 or more, or nodata, was expected", r->file,
                row, r->column0 + c, value);
        if (value > 0 && r->counting)
            r->counted++;
        else if (value > 0)
            status = add_cell(r, row, r->column0 + c, corner, value, err);
    }
    return status;
}

static hsd_status make_rows(raster *r, hsd_error *err) {
    size_t count = (size_t)r->columns + 1;
    r->values = hsd_alloc(count, sizeof(double), err);
    bool ok = r->values != NULL;
    for (int i = 0; i < 2 && ok; i++) {
        r->x[i] = hsd_alloc(count, sizeof(double), err);
        r->y[i] = hsd_alloc(count, sizeof(double), err);
        ok = r->x[i] && r->y[i];
    }
    return ok ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status read_rows(raster *r, const hsd_run *run, hsd_error *err) {
    hsd_status status = r->rows ? corners(r, 1, r->row0, err) : HSD_OK;
    for (int i = 0; i < r->rows && status == HSD_OK && r->columns; i++) {
        double *x = r->x[0], *y = r->y[0];
        r->x[0] = r->x[1], r->y[0] = r->y[1];
        r->x[1] = x, r->y[1] = y;
        if (i % 64 == 0) status = hsd_progress(run, "reading the raster", (double)i / r->rows, err);
        if (status == HSD_OK) status = corners(r, 1, r->row0 + i + 1, err);
        if (status == HSD_OK) status = read_row(r, r->row0 + i, err);
    }
    return status;
}

/* Memory for the cells is taken only when it is known that they fit. */
static hsd_status refuse_too_many(raster *r, const hsd_run *run, hsd_error *err) {
    if ((double)r->columns * r->rows <= (double)most_cells) return HSD_OK;
    r->counting = true;
    hsd_status status = read_rows(r, run, err);
    r->counting = false;
    if (status != HSD_OK || r->counted <= most_cells) return status;
    return hsd_fail(err, HSD_E_MEMORY,
                    "%s: %zu cells with people where they count; 4 GB of memory hold %zu million: "
                    "aggregate it (gdalwarp -tr, -r sum) or take a network of a smaller extent",
                    r->file, r->counted, most_cells / 1000000);
}

static void close_raster(raster *r) {
    for (int i = 0; i < 2; i++) {
        hsd_free(r->x[i]);
        hsd_free(r->y[i]);
    }
    hsd_free(r->values);
    if (r->transform) OCTDestroyCoordinateTransformation(r->transform);
    if (r->dataset) GDALClose(r->dataset);
}

static hsd_status name_mass(const char *name, hsd_place_table *out, hsd_error *err) {
    out->mass_names = hsd_calloc(1, sizeof *out->mass_names, err);
    if (!out->mass_names) return HSD_E_MEMORY;
    out->mass_count = 1;
    out->mass_names[0] = hsd_strdup(name, err);
    return out->mass_names[0] ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_read_mass_raster(const char *path, const char *mass_name, const char *assume_crs,
                                const hsd_box_e7 *window, const hsd_run *run, hsd_place_table *out,
                                hsd_error *err) {
    *out = (hsd_place_table){0};
    raster r = {.file = hsd_base_name(path), .window = window, .out = out};
    if (strncmp(path, "/vsi", 4) != 0 && !hsd_path_exists(path))
        return hsd_fail(err, HSD_E_OPEN, "%s: no such file", path);
    hsd_quiet_begin();
    hsd_status status = open_raster(path, assume_crs, &r, err);
    if (status == HSD_OK) narrow(&r);
    if (status == HSD_OK) status = name_mass(mass_name ? mass_name : "mass", out, err);
    if (status == HSD_OK) status = make_rows(&r, err);
    if (status == HSD_OK) status = refuse_too_many(&r, run, err);
    if (status == HSD_OK) status = read_rows(&r, run, err);
    close_raster(&r);
    hsd_quiet_end();
    if (status != HSD_OK) hsd_place_table_finish(out);
    return status;
}
