/* The template of proposals: its form against the schema, its classes against a network, and what
 * is refused. Columns, presets and styles are read back by tests/golden/template.py, QGIS's opinion
 * is asked in tests/real/qgis_template.py. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka wants the above first */
#include <cmocka.h>
#include <gdal.h>
#include <ogr_api.h>

#include "base/file.h"
#include "hourshed/study.h"
#include "study/template_form.h"

static char folder[64], osm[96], profile[96], network[96], result[96];

static void write_text(const char *where, const char *text) {
    FILE *file = fopen(where, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_network(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hourshed-template-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(osm, sizeof osm, "%s/a.osm", folder);
    snprintf(profile, sizeof profile, "%s/car.yaml", folder);
    snprintf(network, sizeof network, "%s/a.hsn", folder);
    snprintf(result, sizeof result, "%s/a.gpkg", folder);
    write_text(osm, "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"
                    "<node id='1' lon='0' lat='0'/><node id='2' lon='0.01' lat='0'/>"
                    "<way id='7'><nd ref='1'/><nd ref='2'/><tag k='highway' v='lane'/></way>"
                    "</osm>");
    write_text(profile, "name: car\nmode: car\nfactor: 0.5\n"
                        "classes: {lane: {speed_kmh: 30}, causeway: {speed_kmh: 45}}\n");
    const char *profiles[] = {profile};
    hsd_build_request request = {
        .osm = osm, .profiles = profiles, .profile_count = 1, .output = network};
    hsd_error err = {0};
    if (hsd_study_build(&request, NULL, NULL, NULL, &err) == HSD_OK) return 0;
    print_message("%s\n", err.message);
    return -1;
}

static int remove_folder(void **state) {
    (void)state;
    const char *const files[] = {osm, profile, network, result};
    for (int i = 0; i < 4; i++) unlink(files[i]);
    return rmdir(folder); /* fails where something else was left behind */
}

static bool is_chinese(const char *text) {
    for (; text && *text; text++)
        if ((unsigned char)*text >= 0xE4) return true;
    return false;
}

static const hsd_template_class classes[] = {{"motorway", 103500}, {"trunk_link", 54000}};

static void a_form_has_the_fields_of_the_schema_in_both_languages(void **state) {
    (void)state;
    size_t count, seen = 0;
    const hsd_proposal_field *fields = hsd_proposal_fields(&count);
    for (int layer = 0; layer < HSD_LAYER_COUNT; layer++)
        for (int zh = 0; zh < 2; zh++) {
            hsd_template_form form;
            assert_int_equal(
                hsd_template_form_make((hsd_proposal_layer)layer, classes, 2, zh, &form, NULL),
                HSD_OK);
            size_t at = 0;
            for (size_t i = 0; i < count; i++) {
                if ((int)fields[i].layer != layer) continue;
                assert_true(at < form.count);
                assert_string_equal(form.fields[at].name, fields[i].name);
                assert_int_equal(form.fields[at].type, fields[i].type == HSD_PROPOSAL_REAL
                                                           ? HSD_FIELD_REAL
                                                           : HSD_FIELD_TEXT);
                assert_true(strncmp(form.form[at].alias, fields[i].name, strlen(fields[i].name)) ==
                            0);
                assert_true(is_chinese(form.form[at].alias) == (zh == 1));
                assert_true(strlen(form.form[at].alias) < 90);
                if (fields[i].preset) assert_string_equal(form.form[at].preset, fields[i].preset);
                assert_true((form.form[at].check == NULL) == (form.form[at].message == NULL));
                at++;
                seen++;
            }
            assert_int_equal(at, form.count);
            hsd_template_form_finish(&form);
        }
    assert_int_equal(seen, 2 * count);
}

/* Each value of the schema's lists has a row with Chinese words, and none is left out; a field
 * without a preset may stay empty. */
static void every_value_of_a_list_has_its_words(void **state) {
    (void)state;
    size_t count;
    const hsd_proposal_field *fields = hsd_proposal_fields(&count);
    for (int layer = 0; layer < HSD_LAYER_COUNT; layer++) {
        hsd_template_form form;
        assert_int_equal(
            hsd_template_form_make((hsd_proposal_layer)layer, classes, 2, 1, &form, NULL), HSD_OK);
        size_t at = 0;
        for (size_t i = 0; i < count; i++) {
            if ((int)fields[i].layer != layer) continue;
            const hsd_form_field *f = &form.form[at++];
            size_t choice = 0;
            if (!fields[i].words) continue;
            if (!fields[i].preset) assert_null(f->choices[choice++].value);
            for (size_t w = 0; fields[i].words[w]; w++, choice++) {
                assert_true(choice < f->choice_count);
                assert_string_equal(f->choices[choice].value, fields[i].words[w]);
                assert_true(is_chinese(f->choices[choice].label));
            }
            assert_int_equal(choice, f->choice_count);
        }
        hsd_template_form_finish(&form);
    }
}

static void classes_are_offered_with_their_speed(void **state) {
    (void)state;
    hsd_template_form form;
    for (int zh = 0; zh < 2; zh++) {
        assert_int_equal(hsd_template_form_make(HSD_LAYER_LINKS, classes, 2, zh, &form, NULL),
                         HSD_OK);
        const hsd_form_field *class = NULL;
        for (size_t i = 0; i < form.count; i++)
            if (strcmp(form.fields[i].name, "class") == 0) class = &form.form[i];
        assert_non_null(class);
        assert_int_equal(class->choice_count, 3);
        assert_null(class->choices[0].value);
        assert_string_equal(class->choices[1].value, "motorway");
        assert_string_equal(class->choices[1].label,
                            zh ? "motorway 高速公路 (103.5 km/h)" : "motorway (103.5 km/h)");
        assert_string_equal(class->choices[2].label,
                            zh ? "trunk_link 快速路匝道 (54 km/h)" : "trunk_link (54 km/h)");
        assert_non_null(class->check);
        hsd_template_form_finish(&form);
    }
}

static bool file_has(const char *path, const char *what) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static char data[1 << 20];
    size_t length = fread(data, 1, sizeof data, file);
    fclose(file);
    assert_true(length < sizeof data);
    return memmem(data, length, what, strlen(what)) != NULL;
}

/* 30 km/h times 0.5; a class no street has is offered too. SQLite keeps short texts as they are. */
static void classes_come_from_the_network(void **state) {
    (void)state;
    hsd_template_request request = {.output = result, .network = network};
    assert_int_equal(hsd_study_template(&request, NULL, NULL), HSD_OK);
    assert_true(file_has(result, "lane (15 km/h)"));
    assert_true(file_has(result, "causeway (22.5 km/h)"));
    assert_false(file_has(result, "motorway"));
    unlink(result);
}

/* As another program would write them: what it leaves out is preset by the column. */
static void draw(const char *layer, const char *sets, const char *wkt) {
    GDALAllRegister();
    GDALDatasetH gdal = GDALOpenEx(result, GDAL_OF_VECTOR | GDAL_OF_UPDATE, NULL, NULL, NULL);
    assert_non_null(gdal);
    OGRLayerH rows = GDALDatasetGetLayerByName(gdal, layer);
    OGRFeatureH row = OGR_F_Create(OGR_L_GetLayerDefn(rows));
    char *copy = strdup(sets), *rest = copy;
    for (char *set; (set = strsep(&rest, "|"));) {
        char *equals = strchr(set, '=');
        *equals = '\0';
        int field = OGR_F_GetFieldIndex(row, set);
        assert_true(field >= 0);
        OGR_F_SetFieldString(row, field, equals + 1);
    }
    free(copy);
    OGRGeometryH geometry = NULL;
    char text[160], *cursor = text;
    snprintf(text, sizeof text, "%s", wkt);
    assert_int_equal(OGR_G_CreateFromWkt(&cursor, NULL, &geometry), OGRERR_NONE);
    OGR_F_SetGeometryDirectly(row, geometry);
    assert_int_equal(OGR_L_CreateFeature(rows, row), OGRERR_NONE);
    OGR_F_Destroy(row);
    GDALClose(gdal);
}

static void what_is_drawn_in_it_is_read_as_proposals(void **state) {
    (void)state;
    hsd_template_request request = {.output = result, .network = network};
    assert_int_equal(hsd_study_template(&request, NULL, NULL), HSD_OK);
    hsd_proposal_source source = {.path = result};
    hsd_proposal_table table;
    hsd_issues issues = {0};
    hsd_error err = {0};
    assert_int_equal(hsd_read_proposals(&source, NULL, &table, &issues, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "no rows"));
    hsd_issues_finish(&issues);
    draw("links", "proposal=bridge|class=causeway", "MULTILINESTRING((0 0.01,0.01 0.01))");
    draw("junctions", "proposal=bridge|connect_to=lane", "POINT(0.005 0.01)");
    draw("closures", "proposal=works", "MULTIPOLYGON(((0 0,0.001 0,0.001 0.001,0 0)))");
    draw("speed_changes", "proposal=works|factor=0.5",
         "MULTIPOLYGON(((0 0,0.001 0,0.001 0.001,0 0)))");
    draw("waits", "proposal=port|typical_min=-5", "MULTILINESTRING((0.005 -0.01,0.005 0.01))");
    hsd_status status = hsd_read_proposals(&source, NULL, &table, &issues, &err);
    if (status != HSD_OK) print_message("%s\n", err.message);
    assert_int_equal(status, HSD_OK);
    assert_int_equal(table.proposal_count, 3);
    assert_int_equal(table.link_count, 1);
    assert_int_equal(table.links[0].kind, HSD_KIND_ROAD);
    assert_int_equal(table.links[0].connect, HSD_CONNECT_ENDS);
    assert_string_equal(table.links[0].road_class, "causeway");
    assert_false(table.links[0].bridge);
    assert_int_equal(table.junction_count, 1);
    assert_int_equal(table.closure_count, 1);
    assert_int_equal(table.closures[0].inside, HSD_INSIDE_TOUCH);
    assert_int_equal(table.speed_count, 1);
    assert_int_equal(table.wait_count, 1);
    assert_int_equal(table.waits[0].direction, 0);
    hsd_proposal_table_finish(&table);
    hsd_issues_finish(&issues);
    unlink(result);
}

static void the_same_call_gives_the_same_bytes(void **state) {
    (void)state;
    hsd_template_request request = {
        .output = result, .network = network, .lang = "zh", .overwrite = true};
    char first[65], second[65];
    assert_int_equal(hsd_study_template(&request, NULL, NULL), HSD_OK);
    assert_int_equal(hsd_sha256_path(result, first, NULL), HSD_OK);
    assert_int_equal(hsd_study_template(&request, NULL, NULL), HSD_OK);
    assert_int_equal(hsd_sha256_path(result, second, NULL), HSD_OK);
    assert_string_equal(first, second);
    unlink(result);
}

static void what_was_drawn_is_not_overwritten_unasked(void **state) {
    (void)state;
    write_text(result, "drawn");
    hsd_template_request request = {.output = result, .network = network};
    hsd_error err = {0};
    assert_int_equal(hsd_study_template(&request, NULL, &err), HSD_E_WRITE);
    assert_non_null(strstr(err.message, "--overwrite"));
    assert_true(file_has(result, "drawn"));
    unlink(result);
}

static void other_formats_and_missing_networks_are_refused(void **state) {
    (void)state;
    hsd_error err = {0};
    hsd_template_request shape = {.output = "/tmp/a.shp", .network = network};
    assert_int_equal(hsd_study_template(&shape, NULL, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, ".gpkg"));
    hsd_template_request missing = {.output = result, .network = "no/such.hsn"};
    assert_int_equal(hsd_study_template(&missing, NULL, &err), HSD_E_OPEN);
    hsd_template_request same = {.output = result, .network = result};
    assert_int_equal(hsd_study_template(&same, NULL, &err), HSD_E_ARGUMENT);
    assert_false(hsd_path_exists(result));
}

static void every_failed_allocation_is_told_and_leaves_nothing(void **state) {
    (void)state;
    int refused = 0;
    /* the forms allocate first and much: each call up to there, then a sample */
    for (uint64_t n = 1;; n += n < 700 ? 1 : 29) {
        hsd_template_request request = {.output = result, .network = network, .lang = "zh"};
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        hsd_status status = hsd_study_template(&request, NULL, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        refused++;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_true(err.message[0] != '\0');
        assert_false(hsd_path_exists(result));
        assert_true(n < 20000);
    }
    assert_true(refused > 300);
    unlink(result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_has_the_fields_of_the_schema_in_both_languages),
        cmocka_unit_test(every_value_of_a_list_has_its_words),
        cmocka_unit_test(classes_are_offered_with_their_speed),
        cmocka_unit_test(classes_come_from_the_network),
        cmocka_unit_test(what_is_drawn_in_it_is_read_as_proposals),
        cmocka_unit_test(the_same_call_gives_the_same_bytes),
        cmocka_unit_test(what_was_drawn_is_not_overwritten_unasked),
        cmocka_unit_test(other_formats_and_missing_networks_are_refused),
        cmocka_unit_test(every_failed_allocation_is_told_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, make_network, remove_folder) != 0;
}
