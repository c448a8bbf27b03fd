/* study: where circles start, what a run was made from, the words of two languages. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "base/memory.h"
#include "study/origins.h"
#include "study/provenance.h"
#include "study/words.h"

static char folder[64], path[96], gates_path[96];

static void write_text(const char *where, const char *text) {
    FILE *file = fopen(where, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_files(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hourshed-study-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/cities.geojson", folder);
    snprintf(gates_path, sizeof gates_path, "%s/gates.csv", folder);
    /* U: open to the north, its centroid in the opening; S: a square of 2 by 2; P: a point */
    write_text(
        path,
        "{\"type\":\"FeatureCollection\",\"features\":["
        "{\"type\":\"Feature\",\"properties\":{\"id\":\"U\",\"name\":\"U\"},\"geometry\":{\"type\":"
        "\"Polygon\",\"coordinates\":[[[0,0],[3,0],[3,3],[2.9,3],[2.9,0.1],[0.1,0.1],[0.1,3],[0,3],"
        "[0,0]]]}},"
        "{\"type\":\"Feature\",\"properties\":{\"id\":\"S\",\"name\":\"方\",\"name_en\":\"Square\"}"
        ","
        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[10,10],[12,10],[12,12],[10,12],[10,"
        "10]]]}},"
        "{\"type\":\"Feature\",\"properties\":{\"id\":\"P\"},\"geometry\":{\"type\":\"Point\","
        "\"coordinates\":[5,6]}}]}");
    write_text(gates_path,
               "id,of,lon,lat,initial_min\n1,S,10.5,10.5,0\n2,S,11.5,11.5,2.5\n3,P,5,6,0\n");
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    unlink(path);
    unlink(gates_path);
    return rmdir(folder);
}

static void points_become_origins_in_order(void **state) {
    (void)state;
    const hsd_lonlat points[] = {{-8.61, 41.15}, {113.4, 22.5}};
    hsd_circle_request request = {.points = points, .point_count = 2};
    hsd_origin_list list;
    assert_int_equal(hsd_origins_read(&request, NULL, NULL, &list, NULL), HSD_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.origins[0].id, "1");
    assert_string_equal(list.origins[1].name, "113.40000,22.50000");
    assert_int_equal(list.origins[1].gate_count, 1);
    assert_true(list.origins[1].gates[0].at.lat == 22.5);
    hsd_origins_finish(&list);
}

static void a_polygon_starts_at_its_centroid_or_inside(void **state) {
    (void)state;
    hsd_circle_request request = {.origins = path};
    hsd_origin_list list;
    assert_int_equal(hsd_origins_read(&request, NULL, NULL, &list, NULL), HSD_OK);
    assert_int_equal(list.count, 3);
    hsd_lonlat u = list.origins[0].gates[0].at, s = list.origins[1].gates[0].at;
    assert_true(u.lon < 0.1 || u.lon > 2.9 || u.lat < 0.1); /* in the U, not in its opening */
    assert_true(fabs(s.lon - 11) < 1e-9 && fabs(s.lat - 11) < 1e-9);
    assert_string_equal(list.origins[1].name_en, "Square");
    assert_string_equal(list.origins[2].name, "P"); /* no name: the id */
    hsd_origins_finish(&list);
}

static void the_weighted_point_is_the_centre_of_gravity(void **state) {
    (void)state;
    double three = 3, one = 1, far = 1000;
    hsd_lonlat at[] = {{10.5, 10.5}, {11.5, 11.5}, {50, 50}};
    size_t ring = 1;
    char text[] = "p";
    hsd_place people[3];
    double *masses[] = {&three, &one, &far};
    for (int i = 0; i < 3; i++)
        people[i] = (hsd_place){.id = text,
                                .name = text,
                                .name_en = text,
                                .geometry = {HSD_GEOMETRY_POINT, 1, 1, 0, &at[i], &ring, NULL},
                                .masses = masses[i]};
    hsd_place_table table = {.places = people, .place_count = 3, .mass_count = 1};
    hsd_circle_request request = {.origins = path, .origin_at = HSD_ORIGIN_WEIGHTED};
    hsd_origin_list list;
    assert_int_equal(hsd_origins_read(&request, &table, NULL, &list, NULL), HSD_OK);
    assert_non_null(list.origins[0].fault); /* nobody lives in the U */
    assert_true(fabs(list.origins[1].gates[0].at.lon - 10.75) < 1e-12);
    assert_null(list.origins[2].fault); /* a point is where it is */
    hsd_origins_finish(&list);
}

static void gates_go_to_their_origins_with_their_costs(void **state) {
    (void)state;
    hsd_circle_request request = {
        .origins = path, .origin_at = HSD_ORIGIN_GATES, .gates = gates_path};
    hsd_origin_list list;
    hsd_error err;
    assert_int_equal(hsd_origins_read(&request, NULL, NULL, &list, &err), HSD_OK);
    assert_non_null(list.origins[0].fault); /* the U has none */
    assert_int_equal(list.origins[1].gate_count, 2);
    assert_int_equal(list.origins[1].gates[1].extra_ms, 150000);
    hsd_origins_finish(&list);
    write_text(gates_path, "id,of,lon,lat\n1,nowhere,10.5,10.5\n");
    assert_int_equal(hsd_origins_read(&request, NULL, NULL, &list, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "nowhere"));
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    const hsd_lonlat points[] = {{1, 2}, {3, 4}, {5, 6}};
    hsd_circle_request request = {.points = points, .point_count = 3};
    for (uint64_t n = 1; n < 100; n++) {
        hsd_origin_list list;
        hsd_error err = {HSD_OK, ""};
        hsd_memory_fail_at(n);
        hsd_status status = hsd_origins_read(&request, NULL, NULL, &list, &err);
        hsd_memory_fail_at(0);
        hsd_origins_finish(&list);
        if (status == HSD_OK) {
            assert_true(n > 4);
            return;
        }
        assert_int_equal(status, HSD_E_MEMORY);
        assert_true(err.message[0] != '\0');
    }
    fail_msg("never succeeded");
}

static void provenance_names_inputs_without_their_folders(void **state) {
    (void)state;
    hsd_provenance p;
    hsd_provenance_init(&p, "circle");
    hsd_json_key(&p.configuration, "lang");
    hsd_json_string(&p.configuration, "zh");
    assert_int_equal(hsd_provenance_input(&p, "origins", path, NULL), HSD_OK);
    assert_int_equal(hsd_provenance_input(&p, "zones", NULL, NULL), HSD_OK);
    assert_int_equal(hsd_provenance_input(&p, "zones", "/nonexistent/file", NULL), HSD_E_OPEN);
    char *json = hsd_provenance_json(&p, NULL);
    assert_non_null(strstr(json, "\"configuration\":{\"lang\":\"zh\"}"));
    assert_non_null(
        strstr(json, "{\"role\":\"origins\",\"name\":\"cities.geojson\",\"sha256\":\""));
    assert_null(strstr(json, folder));
    hsd_free(json);
    hsd_provenance_finish(&p);
}

static void every_word_has_two_languages(void **state) {
    (void)state;
    for (int w = 0; w < HSD_WORD_COUNT; w++) {
        assert_non_null(hsd_word_text((hsd_word)w, "en"));
        assert_non_null(hsd_word_text((hsd_word)w, "zh_CN"));
        assert_string_equal(hsd_word_text((hsd_word)w, NULL), hsd_word_text((hsd_word)w, "en"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_become_origins_in_order),
        cmocka_unit_test(a_polygon_starts_at_its_centroid_or_inside),
        cmocka_unit_test(the_weighted_point_is_the_centre_of_gravity),
        cmocka_unit_test(gates_go_to_their_origins_with_their_costs),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(provenance_names_inputs_without_their_folders),
        cmocka_unit_test(every_word_has_two_languages),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files) != 0;
}
