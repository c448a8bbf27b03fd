/* The other formats, rasters and palettes. */
#include "support.h"

#include "sample.h"

#include <strings.h>

static hsd_status write_origins(const char *path, const hsd_dataset_options *options) {
    hsd_dataset *dataset = NULL;
    hsd_status status = hsd_dataset_create(path, options, &dataset, NULL);
    if (status == HSD_OK) status = sample_origins(dataset, NULL);
    if (status == HSD_OK) status = hsd_dataset_commit(dataset, NULL);
    hsd_dataset_destroy(dataset);
    return status;
}

static void assert_text(const char *path, const char *expected) {
    char *text = NULL;
    assert_int_equal(hsd_read_text(path, 100000, &text, NULL, NULL), HSD_OK);
    assert_string_equal(text, expected);
    hsd_free(text);
}

static void points_in_csv_have_lon_and_lat_and_one_layer_is_the_file_itself(void **state) {
    folder *f = *state;
    assert_int_equal(write_origins(in_folder(f, "o.csv"), NULL), HSD_OK);
    assert_text(f->name, "id,lon,lat,name,population\n"
                         "a,-8.61,41.15,Porto,231962\n"
                         "b,-8.689,41.182,Matosinhos,231962\n"
                         "c,-8.612,41.124,Vila Nova de Gaia,\n"
                         "d,-8.5,41.2,深圳,231962\n"
                         "e,-8.533,41.145,Gondomar,231962\n");
    assert_int_equal(entry_count(f->path), 1);
}

static void several_layers_of_csv_are_a_folder_without_geometry_where_it_has_none(void **state) {
    folder *f = *state;
    hsd_dataset_options options = {.format = "CSV"};
    assert_int_equal(sample_write(in_folder(f, "out"), &options, 3, NULL), HSD_OK);
    assert_int_equal(entry_count(f->name), 5);
    assert_text(in_folder(f, "out/summary.csv"), "id,value\nreached_km,1234.5\n");
    char *text = NULL;
    assert_int_equal(hsd_read_text(in_folder(f, "out/circles.csv"), 100000, &text, NULL, NULL),
                     HSD_OK);
    assert_memory_equal(text, "id,origin,minutes,area_km2,data_end\n", 36);
    hsd_free(text);
}

static void overwriting_a_folder_leaves_files_of_other_names_alone(void **state) {
    folder *f = *state;
    hsd_dataset_options options = {.format = "CSV"};
    assert_int_equal(sample_write(in_folder(f, "out"), &options, 3, NULL), HSD_OK);
    FILE *file = fopen(in_folder(f, "out/thesis.txt"), "w");
    fclose(file);
    assert_int_equal(sample_write(in_folder(f, "out"), &options, 3, NULL), HSD_E_WRITE);
    options.overwrite = true;
    assert_int_equal(sample_write(f->name, &options, 3, NULL), HSD_OK);
    assert_int_equal(entry_count(f->name), 6);
    assert_int_equal(entry_count(f->path), 1);
}

static void a_shapefile_of_one_layer_keeps_its_companions_together(void **state) {
    folder *f = *state;
    assert_int_equal(write_origins(in_folder(f, "o.shp"), NULL), HSD_OK);
    assert_true(hsd_path_exists(in_folder(f, "o.shp")));
    assert_true(hsd_path_exists(in_folder(f, "o.dbf")));
    assert_true(hsd_path_exists(in_folder(f, "o.shx")));
    assert_true(hsd_path_exists(in_folder(f, "o.prj")));
    GDALDatasetH gdal = open_vector(in_folder(f, "o.shp"));
    OGRFeatureH row = OGR_L_GetFeature(GDALDatasetGetLayer(gdal, 0), 3);
    assert_string_equal(OGR_F_GetFieldAsString(row, 1), "深圳");
    OGR_F_Destroy(row);
    GDALClose(gdal);
}

/* Rows read back from formats of every kind of container. */
static void each_format_holds_the_rows(void **state) {
    folder *f = *state;
    static const struct {
        const char *format, *path, *file;
    } cases[] = {{"GeoJSON", "g", "g/origins.geojson"},
                 {"FlatGeobuf", "h", "h/origins.fgb"},
                 {"SQLite", "a.sqlite", "a.sqlite"},
                 {"GML", "a.gml", "a.gml"},
                 {"KML", "a.kml", "a.kml"},
                 {"XLSX", "a.xlsx", "a.xlsx"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hsd_dataset_options options = {.format = cases[i].format};
        if (!GDALGetDriverByName(cases[i].format)) continue;
        assert_int_equal(sample_write(in_folder(f, cases[i].path), &options, 5, NULL), HSD_OK);
        GDALDatasetH gdal = open_vector(in_folder(f, cases[i].file));
        OGRLayerH layer = GDALDatasetGetLayer(gdal, 0);
        assert_int_equal(OGR_L_GetFeatureCount(layer, TRUE), 5);
        GDALClose(gdal);
    }
}

/* The value of a column by its name: KML capitalises, shapefiles cut at ten characters. */
static const char *value_of(OGRFeatureH row, const char *name) {
    for (int i = 0; i < OGR_F_GetFieldCount(row); i++) {
        const char *own = OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(row, i));
        bool cut = strlen(own) == 10 && strncmp(own, name, 10) == 0;
        if (strcasecmp(own, name) == 0 || cut)
            return OGR_F_IsFieldSetAndNotNull(row, i) ? OGR_F_GetFieldAsString(row, i) : "";
    }
    return "no such column";
}

static OGRFeatureH row_of(OGRLayerH layer, const char *id) {
    OGRFeatureH row;
    while ((row = OGR_L_GetNextFeature(layer))) {
        if (strcmp(value_of(row, "id"), id) == 0) return row;
        OGR_F_Destroy(row);
    }
    return NULL;
}

/* A layer of a dataset, or of the folder that stands for it. */
static GDALDatasetH open_layer(const char *path, const char *name, OGRLayerH *layer) {
    char **files = VSIReadDir(path);
    GDALDatasetH gdal = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
    for (char **file = files; !gdal && file && *file; file++)
        if (strncmp(*file, name, strlen(name)) == 0 && !strstr(*file, ".dbf"))
            gdal = GDALOpenEx(CPLFormFilename(path, *file, NULL), GDAL_OF_VECTOR, NULL, NULL, NULL);
    CSLDestroy(files);
    if (gdal) *layer = GDALDatasetGetLayerByName(gdal, name);
    if (gdal && !*layer) print_message("%s has no layer %s\n", path, name);
    return gdal;
}

static void assert_row(const char *format, const char *path, const char *layer_name, const char *id,
                       const char *const *names, const char *const *values) {
    OGRLayerH layer = NULL;
    GDALDatasetH gdal = open_layer(path, layer_name, &layer);
    if (!gdal) print_message("%s: cannot be opened again\n", format);
    assert_non_null(gdal);
    assert_non_null(layer);
    OGRFeatureH row = row_of(layer, id);
    if (!row) print_message("%s: layer %s has no row %s\n", format, layer_name, id);
    assert_non_null(row);
    for (size_t i = 0; names[i]; i++) {
        const char *found = value_of(row, names[i]);
        char *end;
        double number = strtod(values[i], &end);
        bool same = values[i][0] && !*end && found[0] ? fabs(atof(found) - number) < 1e-9
                                                      : strcmp(found, values[i]) == 0;
        if (!same)
            print_message("%s: %s %s: \"%s\", expected \"%s\"\n", format, layer_name, names[i],
                          found, values[i]);
        assert_true(same);
    }
    OGR_F_Destroy(row);
    GDALClose(gdal);
}

/* Each value stands in the column of its name, and what is missing is missing: for every format
 * that is offered. A dump of SQL alone cannot be opened again. */
static void every_format_offered_gives_back_what_was_written(void **state) {
    folder *f = *state;
    char *list = NULL, *rest = NULL;
    int formats = 0;
    assert_int_equal(hsd_formats(&list, NULL), HSD_OK);
    for (char *name = strtok_r(list, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest)) {
        hsd_dataset_options options = {.format = name};
        hsd_error err = {0};
        char path[40], ending[16] = "";
        sscanf(GDALGetMetadataItem(GDALGetDriverByName(name), GDAL_DMD_EXTENSIONS, NULL), "%15s",
               ending);
        snprintf(path, sizeof path, "f%d.%s", formats++, ending);
        hsd_status status = sample_write(in_folder(f, path), &options, 5, &err);
        if (status != HSD_OK) print_message("%s: %s\n", name, err.message);
        assert_int_equal(status, HSD_OK);
        if (strcmp(name, "PGDUMP") == 0) continue;
        static const char *const origin[] = {"name", "population", NULL};
        assert_row(name, f->name, "origins", "a", origin, (const char *[]){"Porto", "231962"});
        assert_row(name, f->name, "origins", "c", origin,
                   (const char *[]){"Vila Nova de Gaia", ""});
        static const char *const circle[] = {"minutes", "area_km2", NULL};
        assert_row(name, f->name, "circles", "porto-30", circle, (const char *[]){"30", "25"});
        assert_row(name, f->name, "circles", "porto-60", circle, (const char *[]){"60", ""});
        static const char *const edge[] = {"edge_id", "time_in_min", NULL};
        assert_row(name, f->name, "reached_edges", "3", edge, (const char *[]){"21", "0"});
    }
    assert_true(formats >= 8);
    hsd_text_release(list);
}

static void a_format_that_would_give_back_something_else_is_refused(void **state) {
    folder *f = *state;
    static const char *const names[] = {"MapInfo File", "netCDF", "MVT", "VDV"};
    for (size_t i = 0; i < 4; i++) {
        if (!GDALGetDriverByName(names[i])) continue;
        hsd_error err = {0};
        hsd_dataset_options options = {.format = names[i]};
        assert_int_equal(sample_write(in_folder(f, "x"), &options, 1, &err), HSD_E_ARGUMENT);
        assert_non_null(strstr(err.message, names[i]));
        assert_non_null(strstr(err.message, "GPKG"));
    }
    assert_int_equal(write_origins(in_folder(f, "o.tab"), NULL), HSD_E_ARGUMENT);
    assert_int_equal(entry_count(f->path), 0);
}

static void the_ending_chooses_the_format_and_geojson_is_rfc_7946(void **state) {
    folder *f = *state;
    assert_int_equal(write_origins(in_folder(f, "o.geojson"), NULL), HSD_OK);
    char *text = NULL;
    assert_int_equal(hsd_read_text(f->name, 100000, &text, NULL, NULL), HSD_OK);
    assert_non_null(strstr(text, "\"FeatureCollection\""));
    assert_null(strstr(text, "\"crs\""));
    hsd_free(text);
    const char *config[] = {"SEPARATOR=SEMICOLON", NULL};
    hsd_dataset_options options = {.config = config};
    assert_int_equal(write_origins(in_folder(f, "o.csv"), &options), HSD_OK);
    assert_int_equal(hsd_read_text(f->name, 100000, &text, NULL, NULL), HSD_OK);
    assert_memory_equal(text, "id;lon;lat", 10);
    hsd_free(text);
}

static void formats_lists_what_can_be_written(void **state) {
    (void)state;
    char *list = NULL;
    assert_int_equal(hsd_formats(&list, NULL), HSD_OK);
    assert_memory_equal(list, "GPKG\n", 5);
    assert_non_null(strstr(list, "\nGeoJSON\n"));
    assert_null(strstr(list, "PostgreSQL"));
    assert_null(strstr(list, "Memory"));
    hsd_text_release(list);
}

static void a_raster_keeps_cells_frame_and_gaps(void **state) {
    folder *f = *state;
    enum { WIDTH = 700, HEIGHT = 600 };
    float *values = malloc(sizeof *values * WIDTH * HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++) values[i] = i % 7 == 0 ? NAN : (float)(i % 60);
    hsd_error err = {0};
    in_folder(f, "t.tif");
    hsd_status status = hsd_raster_write(f->name, false, -8.61, 41.15, -35000, 30000, 100, WIDTH,
                                         HEIGHT, values, &err);
    if (status != HSD_OK) print_message("%s\n", err.message);
    assert_int_equal(status, HSD_OK);
    GDALAllRegister();
    GDALDatasetH gdal = GDALOpen(f->name, GA_ReadOnly);
    assert_non_null(gdal);
    assert_string_equal(GDALGetMetadataItem(gdal, "LAYOUT", "IMAGE_STRUCTURE"), "COG");
    assert_string_equal(GDALGetMetadataItem(gdal, "COMPRESSION", "IMAGE_STRUCTURE"), "DEFLATE");
    double transform[6];
    GDALGetGeoTransform(gdal, transform);
    assert_true(transform[0] == -35000 && transform[1] == 100 && transform[3] == 30000 &&
                transform[5] == -100);
    assert_non_null(strstr(GDALGetProjectionRef(gdal), "Azimuthal_Equal_Area"));
    GDALRasterBandH band = GDALGetRasterBand(gdal, 1);
    assert_int_equal(GDALGetRasterDataType(band), GDT_Float32);
    assert_true(GDALGetOverviewCount(band) >= 1);
    assert_true(isnan(GDALGetRasterNoDataValue(band, NULL)));
    float *back = malloc(sizeof *back * WIDTH * HEIGHT);
    assert_int_equal(
        GDALRasterIO(band, GF_Read, 0, 0, WIDTH, HEIGHT, back, WIDTH, HEIGHT, GDT_Float32, 0, 0),
        CE_None);
    assert_memory_equal(back, values, sizeof *back * WIDTH * HEIGHT);
    GDALClose(gdal);
    assert_int_equal(entry_count(f->path), 1);
    assert_int_equal(hsd_raster_write(f->name, false, 0, 0, 0, 0, 100, 1, 1, values, &err),
                     HSD_E_WRITE);
    assert_non_null(strstr(err.message, "--overwrite"));
    assert_int_equal(hsd_raster_write(f->name, true, 0, 0, 0, 0, 100, 0, 1, values, &err),
                     HSD_E_ARGUMENT);
    free(values);
    free(back);
}

/* CIE lightness from sRGB, written down here apart from the palettes. */
static double lightness(uint32_t rgba) {
    double y = 0;
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    for (int i = 0; i < 3; i++) {
        double c = (double)(rgba >> (24 - 8 * i) & 255) / 255;
        y += weights[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return y > 0.008856 ? 116 * cbrt(y) - 16 : 903.3 * y;
}

static void sequential_colours_grow_steadily_lighter_outwards(void **state) {
    (void)state;
    for (size_t n = 2; n <= 12; n++) {
        uint32_t rgba[12];
        hsd_palette_sequential(n, 0x80, rgba);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(rgba[i] & 255, 0x80);
            if (i > 0) assert_true(lightness(rgba[i]) - lightness(rgba[i - 1]) > 45.0 / 12);
        }
    }
}

static void names_get_colours_of_their_own_until_there_are_too_many(void **state) {
    (void)state;
    uint32_t rgba[16];
    hsd_palette_categorical(16, 255, rgba);
    for (int i = 0; i < 16; i++)
        for (int k = 0; k < i; k++) assert_true(rgba[i] != rgba[k]);
    const char *names[HSD_STYLE_CLASSES_MAX + 1];
    for (int i = 0; i <= HSD_STYLE_CLASSES_MAX; i++) names[i] = "x";
    hsd_style_set set;
    hsd_style_by_name(&set, HSD_LOOK_FILL, "name", names, HSD_STYLE_CLASSES_MAX);
    assert_int_equal(set.style.kind, HSD_STYLE_CATEGORIES);
    hsd_style_by_name(&set, HSD_LOOK_FILL, "name", names, HSD_STYLE_CLASSES_MAX + 1);
    assert_int_equal(set.style.kind, HSD_STYLE_SINGLE);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)
int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(points_in_csv_have_lon_and_lat_and_one_layer_is_the_file_itself),
        CASE(several_layers_of_csv_are_a_folder_without_geometry_where_it_has_none),
        CASE(overwriting_a_folder_leaves_files_of_other_names_alone),
        CASE(a_shapefile_of_one_layer_keeps_its_companions_together),
        CASE(each_format_holds_the_rows),
        CASE(every_format_offered_gives_back_what_was_written),
        CASE(a_format_that_would_give_back_something_else_is_refused),
        CASE(the_ending_chooses_the_format_and_geojson_is_rfc_7946),
        CASE(formats_lists_what_can_be_written),
        CASE(a_raster_keeps_cells_frame_and_gaps),
        CASE(sequential_colours_grow_steadily_lighter_outwards),
        CASE(names_get_colours_of_their_own_until_there_are_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
