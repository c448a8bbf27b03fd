/* GeoPackages, read back with GDAL and as XML: what a reader sees, not what the writer meant. */
#include <math.h>

#include "support.h"

#include "sample.h"

#include <cpl_minixml.h>

static const hsd_dataset_options plain = {.title = "Porto", .provenance = SAMPLE_PROVENANCE};

static void write_sample(const char *path) {
    hsd_error err = {0};
    hsd_status status = sample_write(path, &plain, 100, &err);
    if (status != HSD_OK) print_message("%s\n", err.message);
    assert_int_equal(status, HSD_OK);
}

static void layers_come_back_with_their_geometry_fields_and_nulls(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    write_sample(path);
    GDALDatasetH gdal = open_vector(path);
    OGRLayerH circles = GDALDatasetGetLayerByName(gdal, "circles");
    assert_non_null(circles);
    assert_int_equal(OGR_L_GetGeomType(circles), wkbMultiPolygon);
    assert_string_equal(OGR_L_GetFIDColumn(circles), "fid");
    assert_string_equal(OGR_L_GetGeometryColumn(circles), "geom");
    assert_int_equal(OGR_L_GetFeatureCount(circles, TRUE), 4);
    OGRFeatureH last = OGR_L_GetFeature(circles, 4);
    assert_string_equal(OGR_F_GetFieldAsString(last, 0), "porto-60");
    assert_string_equal(OGR_F_GetFieldAsString(last, 1), "Porto's \"centre\" & 市中心");
    assert_int_equal(OGR_F_GetFieldAsInteger64(last, 2), 60);
    assert_true(OGR_F_IsFieldNull(last, 3)); /* NAN */
    assert_int_equal(OGR_F_GetFieldAsInteger(last, 4), 1);
    OGRFeatureDefnH fields = OGR_L_GetLayerDefn(circles);
    assert_int_equal(OGR_Fld_GetType(OGR_FD_GetFieldDefn(fields, 2)), OFTInteger64);
    assert_int_equal(OGR_Fld_GetSubType(OGR_FD_GetFieldDefn(fields, 4)), OFSTBoolean);
    OGR_F_Destroy(last);
    OGRLayerH edges = GDALDatasetGetLayerByName(gdal, "reached_edges");
    assert_int_equal(OGR_L_GetGeomType(edges), wkbMultiLineString);
    assert_int_equal(OGR_L_GetFeatureCount(edges, TRUE), 100);
    OGRLayerH summary = GDALDatasetGetLayerByName(gdal, "summary");
    assert_int_equal(OGR_L_GetGeomType(summary), wkbNone);
    GDALClose(gdal);
}

static void x_is_longitude_and_the_crs_is_wgs84(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    write_sample(path);
    GDALDatasetH gdal = open_vector(path);
    OGRLayerH origins = GDALDatasetGetLayerByName(gdal, "origins");
    OGRFeatureH first = OGR_L_GetFeature(origins, 1);
    OGRGeometryH point = OGR_F_GetGeometryRef(first);
    assert_int_equal(wkbFlatten(OGR_G_GetGeometryType(point)), wkbPoint);
    assert_true(OGR_G_GetX(point, 0) == SAMPLE_LON && OGR_G_GetY(point, 0) == SAMPLE_LAT);
    OGR_F_Destroy(first);
    assert_string_equal(OSRGetAuthorityCode(OGR_L_GetSpatialRef(origins), NULL), "4326");
    assert_query(gdal, "SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'circles'",
                 "4326");
    GDALClose(gdal);
}

static void bands_keep_their_holes(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    write_sample(path);
    GDALDatasetH gdal = open_vector(path);
    OGRFeatureH band = OGR_L_GetFeature(GDALDatasetGetLayerByName(gdal, "bands"), 2);
    OGRGeometryH polygon = OGR_G_GetGeometryRef(OGR_F_GetGeometryRef(band), 0);
    assert_int_equal(OGR_G_GetGeometryCount(polygon), 2);
    assert_int_equal(OGR_G_GetPointCount(OGR_G_GetGeometryRef(polygon, 1)), SAMPLE_RING);
    assert_true(OGR_G_IsValid(polygon));
    OGR_F_Destroy(band);
    GDALClose(gdal);
}

static void the_database_is_sound_and_its_tables_are_registered(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    write_sample(path);
    GDALDatasetH gdal = open_vector(path);
    assert_query(gdal, "PRAGMA integrity_check", "ok");
    OGRLayerH broken = GDALDatasetExecuteSQL(gdal, "PRAGMA foreign_key_check", NULL, NULL);
    OGRFeatureH row = broken ? OGR_L_GetNextFeature(broken) : NULL;
    assert_null(row);
    if (broken) GDALDatasetReleaseResultSet(gdal, broken);
    assert_query(gdal,
                 "SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'",
                 "4");
    assert_query(gdal,
                 "SELECT count(*) FROM gpkg_extensions WHERE extension_name IN ('gpkg_metadata', "
                 "'gpkg_schema')",
                 "4");
    assert_query(gdal, "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'",
                 "attributes");
    assert_query(gdal, "SELECT count(*) FROM rtree_reached_edges_geom", "100");
    assert_query(gdal,
                 "SELECT title FROM gpkg_data_columns WHERE table_name = 'circles' AND "
                 "column_name = 'area_km2'",
                 "area (km2)");
    assert_query(gdal, "SELECT description FROM gpkg_contents WHERE table_name = 'circles'",
                 "all that is reached within the cut-off");
    GDALClose(gdal);
}

/* The independent opinion of GDAL's own programs, where they are installed. */
static void ogrinfo_and_the_validator_accept_it(void **state) {
    folder *f = *state;
    write_sample(in_folder(f, "a.gpkg"));
    char command[400];
    if (system("ogrinfo --version > /dev/null 2>&1") != 0) skip();
    snprintf(command, sizeof command, "ogrinfo -so -al %s > %s/out 2> %s/err", f->name, f->path,
             f->path);
    assert_int_equal(system(command), 0);
    size_t length = 0;
    char *text = NULL;
    char err_path[128];
    snprintf(err_path, sizeof err_path, "%s/err", f->path);
    if (hsd_read_text(err_path, 100000, &text, &length, NULL) == HSD_OK)
        assert_string_equal(text, "");
    hsd_free(text);
    const char *validator = "/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py";
    if (!hsd_path_exists(validator)) return;
    snprintf(command, sizeof command, "/usr/bin/python3 %s %s > %s/out 2>&1", validator, f->name,
             f->path);
    assert_int_equal(system(command), 0);
}

static int count_text(const char *text, const char *what) {
    int count = 0;
    for (const char *c = text; (c = strstr(c, what)); c += strlen(what)) count++;
    return count;
}

static void each_styled_layer_has_one_default_style_of_well_formed_xml(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    write_sample(path);
    GDALDatasetH gdal = open_vector(path);
    static const char *const names[] = {"origins", "circles", "reached_edges", "bands"};
    for (size_t i = 0; i < 4; i++) {
        char sql[200];
        for (int sld = 0; sld < 2; sld++) {
            snprintf(sql, sizeof sql,
                     "SELECT %s FROM layer_styles WHERE f_table_name = '%s' AND f_geometry_column "
                     "= 'geom' AND useAsDefault = 1 AND f_table_schema = ''",
                     sld ? "styleSLD" : "styleQML", names[i]);
            char *text = query(gdal, sql);
            assert_non_null(text);
            CPLXMLNode *xml = CPLParseXMLString(text);
            assert_non_null(xml);
            CPLDestroyXMLNode(xml);
            if (strcmp(names[i], "bands") == 0 && !sld) {
                assert_int_equal(count_text(text, "<range "), 4);
                assert_int_equal(count_text(text, "lower=\"15\" upper=\"30\" label=\"30 min\""), 1);
            }
            if (strcmp(names[i], "circles") == 0 && sld) /* outline only */
                assert_int_equal(count_text(text, "se:Fill"), 0);
            CPLFree(text);
        }
    }
    assert_query(gdal, "SELECT count(*) FROM layer_styles", "4");
    GDALClose(gdal);
}

static int hex_digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* The project as QGIS takes it apart: hexadecimal text, a zip archive, one .qgs in it. */
static char *project_of(GDALDatasetH gdal) {
    char *hex =
        query(gdal, "SELECT CAST(content AS TEXT) FROM qgis_projects WHERE name = 'hourshed'");
    assert_non_null(hex);
    size_t size = strlen(hex) / 2;
    GByte *bytes = CPLMalloc(size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (GByte)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
    CPLFree(hex);
    VSIFCloseL(VSIFileFromMemBuffer("/vsimem/project.zip", bytes, size, TRUE));
    VSILFILE *file = VSIFOpenL("/vsizip//vsimem/project.zip/hourshed.qgs", "rb");
    assert_non_null(file);
    char *text = CPLCalloc(1, 4000000);
    assert_true(VSIFReadL(text, 1, 3999999, file) > 1000);
    VSIFCloseL(file);
    VSIUnlink("/vsimem/project.zip");
    return text;
}

static void the_project_lists_every_layer_in_order_from_beside_itself(void **state) {
    const char *path = in_folder(*state, "a & b.gpkg");
    write_sample(path);
    GDALDatasetH gdal = open_vector(path);
    char *text = project_of(gdal);
    CPLXMLNode *xml = CPLParseXMLString(text);
    assert_non_null(xml);
    CPLXMLNode *root = CPLGetXMLNode(xml, "=qgis");
    assert_string_equal(CPLGetXMLValue(root, "title", ""), "Porto");
    assert_string_equal(CPLGetXMLValue(root, "projectCrs.spatialrefsys.authid", ""), "EPSG:3857");
    static const char *const sources[] = {
        "./a & b.gpkg|layername=origins", "./a & b.gpkg|layername=circles",
        "./a & b.gpkg|layername=reached_edges", "./a & b.gpkg|layername=bands",
        "./a & b.gpkg|layername=summary"};
    int seen = 0;
    for (CPLXMLNode *n = CPLGetXMLNode(root, "layer-tree-group")->psChild; n; n = n->psNext) {
        if (strcmp(n->pszValue, "layer-tree-layer") != 0) continue;
        assert_true(seen < 5);
        assert_string_equal(CPLGetXMLValue(n, "source", ""), sources[seen]);
        assert_string_equal(CPLGetXMLValue(n, "checked", ""),
                            seen == 4 ? "Qt::Unchecked" : "Qt::Checked");
        seen++;
    }
    assert_int_equal(seen, 5);
    seen = 0;
    for (CPLXMLNode *n = CPLGetXMLNode(root, "projectlayers")->psChild; n; n = n->psNext)
        assert_string_equal(CPLGetXMLValue(n, "datasource", ""), sources[seen++]);
    assert_int_equal(seen, 5);
    CPLDestroyXMLNode(xml);
    CPLFree(text);
    GDALClose(gdal);
}

static void provenance_comes_back_whole(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    write_sample(path);
    char *text = NULL;
    assert_int_equal(hsd_dataset_provenance(path, &text, NULL), HSD_OK);
    assert_string_equal(text, SAMPLE_PROVENANCE);
    hsd_text_release(text);
}

/* Longer than SQLite takes in one statement, with quotes and characters of several bytes. */
static void long_provenance_comes_back_whole(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    size_t pieces = 150000;
    char *text = malloc(pieces * 11 + 16), *back = NULL;
    char *end = text;
    for (size_t i = 0; i < pieces; i++) end += sprintf(end, "'市'中x,");
    assert_true(end - text > 1200000);
    hsd_dataset_options options = {.provenance = text};
    assert_int_equal(sample_write(path, &options, 1, NULL), HSD_OK);
    assert_int_equal(hsd_dataset_provenance(path, &back, NULL), HSD_OK);
    assert_string_equal(back, text);
    hsd_text_release(back);
    free(text);
}

static void a_file_without_our_provenance_says_so(void **state) {
    folder *f = *state;
    hsd_error err = {0};
    char *text = NULL;
    hsd_dataset_options options = {0};
    assert_int_equal(sample_write(in_folder(f, "a.gpkg"), &options, 1, &err), HSD_OK);
    assert_int_equal(hsd_dataset_provenance(f->name, &text, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "no provenance"));
    assert_int_equal(hsd_dataset_provenance(in_folder(f, "none.gpkg"), &text, &err), HSD_E_OPEN);
    FILE *file = fopen(in_folder(f, "text.gpkg"), "w");
    fputs("not a database", file);
    fclose(file);
    assert_int_equal(hsd_dataset_provenance(f->name, &text, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "not a GeoPackage"));
    assert_null(text);
}

static void written_twice_the_bytes_are_the_same(void **state) {
    folder *f = *state;
    char first[65], second[65];
    write_sample(in_folder(f, "a.gpkg"));
    assert_int_equal(hsd_sha256_path(f->name, first, NULL), HSD_OK);
    unlink(f->name);
    usleep(1100000); /* a clock in the data would show */
    write_sample(f->name);
    assert_int_equal(hsd_sha256_path(f->name, second, NULL), HSD_OK);
    assert_string_equal(first, second);
}

static void every_date_is_the_stamp_of_the_run(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
    write_sample(path);
    unsetenv("SOURCE_DATE_EPOCH");
    static const char stamp[] = "2023-11-14T22:13:20.000Z";
    GDALDatasetH gdal = open_vector(path);
    static const char *const sql[] = {
        "SELECT CAST(%s AS TEXT) FROM gpkg_contents WHERE CAST(last_change AS TEXT) != '%s'",
        "SELECT 'x' FROM layer_styles WHERE CAST(update_time AS TEXT) != '%s'",
        "SELECT 'x' FROM gpkg_metadata_reference WHERE CAST(timestamp AS TEXT) != '%s'"};
    for (size_t i = 0; i < 3; i++) {
        char text[200];
        if (i == 0)
            snprintf(text, sizeof text, sql[i], "last_change", stamp);
        else
            snprintf(text, sizeof text, sql[i], stamp);
        char *other = query(gdal, text);
        assert_null(other);
    }
    GDALClose(gdal);
}

static void a_bad_description_of_a_layer_is_refused(void **state) {
    hsd_dataset *dataset = NULL;
    hsd_error err = {0};
    const char *path = in_folder(*state, "a.gpkg");
    assert_int_equal(hsd_dataset_create(path, NULL, &dataset, &err), HSD_OK);
    assert_int_equal(sample_origins(dataset, &err), HSD_OK);
    assert_int_equal(sample_origins(dataset, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "written twice"));
    hsd_field fields[] = {{"id", HSD_FIELD_TEXT, NULL}, {"fid", HSD_FIELD_INT, NULL}};
    hsd_layer_spec spec = {.name = "x", .fields = fields, .field_count = 2};
    assert_int_equal(hsd_dataset_layer(dataset, &spec, &err), HSD_E_ARGUMENT);
    spec.field_count = 0;
    assert_int_equal(hsd_dataset_layer(dataset, &spec, &err), HSD_E_ARGUMENT);
    hsd_style style = {.kind = HSD_STYLE_GRADUATED, .field = "minutes"};
    spec = (hsd_layer_spec){.name = "y", .fields = fields, .field_count = 1, .style = &style};
    assert_int_equal(hsd_dataset_layer(dataset, &spec, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "\"minutes\""));
    hsd_dataset_destroy(dataset);
}

static void a_value_or_shape_of_another_type_is_refused_and_nothing_is_committed(void **state) {
    folder *f = *state;
    hsd_dataset *dataset = NULL;
    hsd_error err = {0};
    assert_int_equal(hsd_dataset_create(in_folder(f, "a.gpkg"), NULL, &dataset, &err), HSD_OK);
    assert_int_equal(sample_origins(dataset, &err), HSD_OK);
    hsd_value row[] = {{.kind = HSD_VALUE_TEXT, .text = "a"},
                       {.kind = HSD_VALUE_REAL, .real = 1},
                       {.kind = HSD_VALUE_NULL}};
    assert_int_equal(hsd_dataset_row(dataset, row, NULL, &err), HSD_E_INTERNAL);
    assert_non_null(strstr(err.message, "field name"));
    assert_int_equal(hsd_dataset_commit(dataset, &err), HSD_E_INTERNAL);
    hsd_dataset_destroy(dataset);
    assert_int_equal(entry_count(f->path), 0);
}

static void classes_by_name_and_open_ended_ranges_are_written(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    hsd_dataset *dataset = NULL;
    static const char *const names[] = {"广州 <GZ>", "Shenzhen & \"SZ\""};
    hsd_style_set set;
    hsd_style_by_name(&set, HSD_LOOK_FILL, "city", names, 2);
    hsd_field fields[] = {{"id", HSD_FIELD_INT, NULL},
                          {"city", HSD_FIELD_TEXT, NULL},
                          {"saving_min", HSD_FIELD_REAL, NULL}};
    hsd_layer_spec spec = {.name = "hinterland",
                           .geometry = HSD_GEOMETRY_POLYGON,
                           .fields = fields,
                           .field_count = 3,
                           .style = &set.style};
    assert_int_equal(hsd_dataset_create(path, NULL, &dataset, NULL), HSD_OK);
    assert_int_equal(hsd_dataset_layer(dataset, &spec, NULL), HSD_OK);
    hsd_style_class classes[] = {{.value = 0, .label = "slower", .rgba = 0xFF0000FF},
                                 {.value = INFINITY, .label = "faster", .rgba = 0x0000FFFF}};
    hsd_style style = {
        .kind = HSD_STYLE_GRADUATED, .field = "saving_min", .classes = classes, .class_count = 2};
    spec.name = "change";
    spec.style = &style;
    assert_int_equal(hsd_dataset_layer(dataset, &spec, NULL), HSD_OK);
    for (int i = 0; i < 2; i++) {
        hsd_value row[] = {{.kind = HSD_VALUE_INT, .integer = i},
                           {.kind = HSD_VALUE_TEXT, .text = names[i]},
                           {.kind = HSD_VALUE_REAL, .real = i ? 7.25 : -3.5}};
        assert_int_equal(hsd_dataset_row(dataset, row, NULL, NULL), HSD_OK);
    }
    assert_int_equal(hsd_dataset_commit(dataset, NULL), HSD_OK);
    hsd_dataset_destroy(dataset);
    GDALDatasetH gdal = open_vector(path);
    char *text = query(gdal, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'hinterland'");
    CPLXMLNode *xml = CPLParseXMLString(text);
    CPLXMLNode *category = CPLGetXMLNode(xml, "=qgis.renderer-v2.categories.category");
    assert_string_equal(CPLGetXMLValue(category, "value", ""), names[0]);
    CPLDestroyXMLNode(xml);
    CPLFree(text);
    /* the first class reaches down to the least value, the last up to the greatest */
    text = query(gdal, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'change'");
    assert_non_null(strstr(text, "lower=\"-4\" upper=\"0\" label=\"slower\""));
    assert_non_null(strstr(text, "lower=\"0\" upper=\"8\" label=\"faster\""));
    CPLFree(text);
    GDALClose(gdal);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)
static void write_viewed(const char *path) {
    static const hsd_field fields[] = {{"id", HSD_FIELD_INT, "id"}, {"who", HSD_FIELD_TEXT, "who"}};
    const hsd_layer_view views[] = {{"first", "\"who\" = 'o''neill'", false, {0, 0, 100000000, 0}},
                                    {"second", "\"who\" = 'b'", true, {0, 0, 0, 0}}};
    const hsd_style_class one = {0, NULL, "all", 0xFF0000FFu};
    const hsd_style style = {.kind = HSD_STYLE_SINGLE, .classes = &one, .class_count = 1};
    hsd_layer_spec specs[] = {{.name = "change",
                               .geometry = HSD_GEOMETRY_POINT,
                               .fields = fields,
                               .field_count = 2,
                               .title = "Change",
                               .style = &style,
                               .views = views,
                               .view_count = 2},
                              {.name = "water",
                               .geometry = HSD_GEOMETRY_POINT,
                               .fields = fields,
                               .field_count = 2,
                               .title = "Water",
                               .style = &style,
                               .background = true}};
    hsd_dataset *dataset;
    hsd_dataset_options options = {.title = "t"};
    assert_int_equal(hsd_dataset_create(path, &options, &dataset, NULL), HSD_OK);
    for (size_t i = 0; i < 2; i++) {
        hsd_lonlat at = {i ? 50 : 5, 0};
        size_t one_ring = 1;
        hsd_geometry point = {HSD_GEOMETRY_POINT, 1, 1, 0, &at, &one_ring, NULL};
        hsd_value values[] = {{HSD_VALUE_INT, NULL, 1, 0}, {HSD_VALUE_TEXT, "o'neill", 0, 0}};
        assert_int_equal(hsd_dataset_layer(dataset, &specs[i], NULL), HSD_OK);
        assert_int_equal(hsd_dataset_row(dataset, values, &point, NULL), HSD_OK);
    }
    assert_int_equal(hsd_dataset_commit(dataset, NULL), HSD_OK);
    hsd_dataset_destroy(dataset);
}

static void views_stand_above_their_layer_and_the_project_opens_on_them(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    write_viewed(path);
    GDALDatasetH gdal = open_vector(path);
    char *text = project_of(gdal);
    CPLXMLNode *xml = CPLParseXMLString(text);
    CPLXMLNode *root = CPLGetXMLNode(xml, "=qgis");
    static const struct {
        const char *name, *source, *checked;
    } expected[] = {
        {"first", "./a.gpkg|layername=change|subset=\"who\" = 'o''neill'", "Qt::Checked"},
        {"second", "./a.gpkg|layername=change|subset=\"who\" = 'b'", "Qt::Unchecked"},
        {"Change", "./a.gpkg|layername=change", "Qt::Unchecked"},
        {"Water", "./a.gpkg|layername=water", "Qt::Checked"}};
    size_t seen = 0;
    for (CPLXMLNode *n = CPLGetXMLNode(root, "layer-tree-group")->psChild; n; n = n->psNext) {
        if (strcmp(n->pszValue, "layer-tree-layer") != 0) continue;
        assert_true(seen < 4);
        assert_string_equal(CPLGetXMLValue(n, "name", ""), expected[seen].name);
        assert_string_equal(CPLGetXMLValue(n, "source", ""), expected[seen].source);
        assert_string_equal(CPLGetXMLValue(n, "checked", ""), expected[seen].checked);
        seen++;
    }
    assert_int_equal(seen, 4);
    /* the first view's box, 10 degrees wide, with 4 % round it; not the water at 50 degrees */
    CPLXMLNode *extent = CPLGetXMLNode(root, "mapcanvas.extent");
    assert_true(fabs(CPLAtof(CPLGetXMLValue(extent, "xmax", "")) - 1.04 * 1113194.9) < 1);
    CPLDestroyXMLNode(xml);
    CPLFree(text);
    GDALClose(gdal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(layers_come_back_with_their_geometry_fields_and_nulls),
        CASE(x_is_longitude_and_the_crs_is_wgs84),
        CASE(bands_keep_their_holes),
        CASE(the_database_is_sound_and_its_tables_are_registered),
        CASE(ogrinfo_and_the_validator_accept_it),
        CASE(each_styled_layer_has_one_default_style_of_well_formed_xml),
        CASE(the_project_lists_every_layer_in_order_from_beside_itself),
        CASE(views_stand_above_their_layer_and_the_project_opens_on_them),
        CASE(provenance_comes_back_whole),
        CASE(long_provenance_comes_back_whole),
        CASE(a_file_without_our_provenance_says_so),
        CASE(written_twice_the_bytes_are_the_same),
        CASE(every_date_is_the_stamp_of_the_run),
        CASE(a_bad_description_of_a_layer_is_refused),
        CASE(a_value_or_shape_of_another_type_is_refused_and_nothing_is_committed),
        CASE(classes_by_name_and_open_ended_ranges_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
