/* Forms of layers that are drawn on: the columns as GDAL reads them, the style and the project as
 * XML. That QGIS understands them is tested with QGIS itself (tests/real/qgis_template.py). */
#include "support.h"

#include <cpl_minixml.h>
#include <math.h>

#include "export/styles.h"
#include "hourshed/export.h"

static const hsd_choice kinds[] = {
    {NULL, "(none)"}, {"road", "公路 <road>"}, {"a\"b&c'd", NULL}, {"ferry", "ferry"}};
static const hsd_field fields[] = {{"proposal", HSD_FIELD_TEXT, "project"},
                                   {"kind", HSD_FIELD_TEXT, "what is built"},
                                   {"ramp_min", HSD_FIELD_REAL, "ramp, minutes"},
                                   {"note", HSD_FIELD_TEXT, NULL}};
static const hsd_form_field form[] = {
    {.alias = "proposal: \"project\"",
     .widget = HSD_WIDGET_KNOWN,
     .check = "\"proposal\" <> '' AND 1 < 2",
     .message = "name it & it's <good>"},
    {.choices = kinds, .choice_count = 4, .preset = "it's a road"},
    {.preset = "0", .check = "\"ramp_min\" >= 0"},
    {.widget = HSD_WIDGET_LINES}};

static hsd_status write_forms(const char *path, hsd_error *err) {
    hsd_style_set set;
    hsd_style_plain(&set, HSD_LOOK_LINE, HSD_COLOUR_LINK, "Links");
    hsd_layer_spec links = {.name = "links",
                            .geometry = HSD_GEOMETRY_LINE,
                            .fields = fields,
                            .field_count = 4,
                            .style = &set.style,
                            .form = form};
    hsd_layer_spec table = {.name = "services", .fields = fields, .field_count = 4, .form = form};
    hsd_box_e7 box = {1134000000, 220000000, 1136000000, 222000000};
    hsd_dataset_options options = {.title = "forms", .overwrite = true, .view = &box};
    hsd_dataset *dataset = NULL;
    hsd_status status = hsd_dataset_create(path, &options, &dataset, err);
    if (status == HSD_OK) status = hsd_dataset_layer(dataset, &links, err);
    if (status == HSD_OK) status = hsd_dataset_layer(dataset, &table, err);
    if (status == HSD_OK) status = hsd_dataset_commit(dataset, err);
    hsd_dataset_destroy(dataset);
    return status;
}

/* The element of a list whose attribute has the value. */
static CPLXMLNode *find(CPLXMLNode *list, const char *attribute, const char *value) {
    assert_non_null(list);
    for (CPLXMLNode *n = list->psChild; n; n = n->psNext)
        if (n->eType == CXT_Element && strcmp(CPLGetXMLValue(n, attribute, ""), value) == 0)
            return n;
    return NULL;
}

static int count_elements(const CPLXMLNode *list) {
    int count = 0;
    for (const CPLXMLNode *n = list->psChild; n; n = n->psNext) count += n->eType == CXT_Element;
    return count;
}

static void assert_choices(CPLXMLNode *root) {
    CPLXMLNode *kind = find(CPLGetXMLNode(root, "fieldConfiguration"), "name", "kind");
    assert_non_null(kind);
    assert_string_equal(CPLGetXMLValue(kind, "editWidget.type", ""), "ValueMap");
    CPLXMLNode *list = CPLGetXMLNode(kind, "editWidget.config.Option.Option");
    assert_string_equal(CPLGetXMLValue(list, "type", ""), "List");
    assert_int_equal(count_elements(list), 4);
    static const char *const expected[4][2] = {{"(none)", "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"},
                                               {"公路 <road>", "road"},
                                               {"a\"b&c'd", "a\"b&c'd"},
                                               {"ferry", "ferry"}};
    int i = 0;
    for (CPLXMLNode *n = list->psChild; n; n = n->psNext) {
        if (n->eType != CXT_Element) continue;
        assert_string_equal(CPLGetXMLValue(n, "Option.name", ""), expected[i][0]);
        assert_string_equal(CPLGetXMLValue(n, "Option.value", ""), expected[i][1]);
        i++;
    }
}

static void assert_form(CPLXMLNode *root) {
    assert_non_null(root);
    assert_choices(root);
    CPLXMLNode *widgets = CPLGetXMLNode(root, "fieldConfiguration");
    assert_string_equal(CPLGetXMLValue(find(widgets, "name", "fid"), "editWidget.type", ""),
                        "Hidden");
    assert_string_equal(CPLGetXMLValue(find(widgets, "name", "proposal"), "editWidget.type", ""),
                        "UniqueValues");
    assert_string_equal(CPLGetXMLValue(find(widgets, "name", "note"), "editWidget.type", ""),
                        "TextEdit");
    CPLXMLNode *aliases = CPLGetXMLNode(root, "aliases");
    assert_int_equal(count_elements(aliases), 1);
    assert_string_equal(CPLGetXMLValue(find(aliases, "field", "proposal"), "name", ""),
                        "proposal: \"project\"");
    CPLXMLNode *defaults = CPLGetXMLNode(root, "defaults");
    assert_int_equal(count_elements(defaults), 2);
    assert_string_equal(CPLGetXMLValue(find(defaults, "field", "kind"), "expression", ""),
                        "'it''s a road'");
    assert_string_equal(CPLGetXMLValue(find(defaults, "field", "ramp_min"), "expression", ""), "0");
    CPLXMLNode *hard = find(CPLGetXMLNode(root, "constraints"), "field", "proposal");
    assert_string_equal(CPLGetXMLValue(hard, "constraints", ""), "4");
    assert_string_equal(CPLGetXMLValue(hard, "exp_strength", ""), "1");
    assert_int_equal(count_elements(CPLGetXMLNode(root, "constraints")), 2);
    CPLXMLNode *rule = find(CPLGetXMLNode(root, "constraintExpressions"), "field", "proposal");
    assert_string_equal(CPLGetXMLValue(rule, "exp", ""), "\"proposal\" <> '' AND 1 < 2");
    assert_string_equal(CPLGetXMLValue(rule, "desc", ""), "name it & it's <good>");
    assert_string_equal(CPLGetXMLValue(root, "editorlayout", ""), "generatedlayout");
}

static void the_style_of_each_layer_carries_its_form(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    assert_int_equal(write_forms(path, NULL), HSD_OK);
    GDALDatasetH gdal = open_vector(path);
    static const char *const where[] = {"f_table_name = 'links' AND f_geometry_column = 'geom'",
                                        "f_table_name = 'services' AND f_geometry_column = ''"};
    static const char *const categories[] = {"Symbology|Labeling|Fields|Forms", "Fields|Forms"};
    for (int i = 0; i < 2; i++) {
        char sql[200];
        snprintf(sql, sizeof sql, "SELECT styleQML FROM layer_styles WHERE useAsDefault AND %s",
                 where[i]);
        char *text = query(gdal, sql);
        assert_non_null(text);
        CPLXMLNode *xml = CPLParseXMLString(text);
        assert_non_null(xml);
        assert_form(CPLGetXMLNode(xml, "=qgis"));
        assert_string_equal(CPLGetXMLValue(xml, "=qgis.styleCategories", ""), categories[i]);
        assert_true((CPLGetXMLNode(xml, "=qgis.renderer-v2") != NULL) == (i == 0));
        CPLDestroyXMLNode(xml);
        CPLFree(text);
    }
    GDALClose(gdal);
}

/* In the project as the writer makes it: the archive is tested with the other projects. */
static void the_project_carries_the_forms_and_opens_where_it_is_told(void **state) {
    (void)state;
    hsd_styled_layer layer = {.name = "services",
                              .fields = fields,
                              .form = form,
                              .field_count = 4,
                              .min_lon = 1,
                              .max_lon = -1};
    hsd_box_e7 box = {0, 0, 100000000, 0};
    hsd_text text = {0};
    hsd_project_document(&text, "t", "a.gpkg", &box, &layer, 1);
    assert_false(text.failed);
    CPLXMLNode *xml = CPLParseXMLString(text.data);
    assert_non_null(xml);
    assert_form(CPLGetXMLNode(xml, "=qgis.projectlayers.maplayer"));
    /* 10 degrees of Mercator are 6378137 x pi / 18 = 1113194.9 m; the margin is 4 % of it */
    CPLXMLNode *extent = CPLGetXMLNode(xml, "=qgis.mapcanvas.extent");
    assert_true(fabs(CPLAtof(CPLGetXMLValue(extent, "xmin", "")) + 0.04 * 1113194.9) < 1);
    assert_true(fabs(CPLAtof(CPLGetXMLValue(extent, "xmax", "")) - 1.04 * 1113194.9) < 1);
    CPLDestroyXMLNode(xml);
    hsd_text_finish(&text);
}

/* What programs other than QGIS see: a row that says nothing gets the columns' own defaults. */
static void columns_have_their_presets(void **state) {
    const char *path = in_folder(*state, "a.gpkg");
    assert_int_equal(write_forms(path, NULL), HSD_OK);
    GDALDatasetH gdal = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_UPDATE, NULL, NULL, NULL);
    assert_non_null(gdal);
    OGRLayerH rows = GDALDatasetExecuteSQL(
        gdal, "INSERT INTO services (proposal) VALUES ('bridge')", NULL, NULL);
    if (rows) GDALDatasetReleaseResultSet(gdal, rows);
    assert_query(gdal, "SELECT kind FROM services", "it's a road");
    assert_query(gdal, "SELECT ramp_min FROM services", "0");
    assert_query(gdal, "SELECT note IS NULL FROM services", "1");
    GDALClose(gdal);
}

static void every_failed_allocation_is_told_and_leaves_nothing(void **state) {
    folder *f = *state;
    in_folder(f, "a.gpkg");
    int refused = 0;
    for (uint64_t n = 1;; n++) {
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        hsd_status status = write_forms(f->name, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        refused++;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_true(err.message[0] != '\0');
        assert_int_equal(entry_count(f->path), 0);
        assert_true(n < 2000);
    }
    assert_true(refused > 50);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, folder_make, folder_remove)
int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(the_style_of_each_layer_carries_its_form),
        CASE(the_project_carries_the_forms_and_opens_where_it_is_told),
        CASE(columns_have_their_presets),
        CASE(every_failed_allocation_is_told_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
