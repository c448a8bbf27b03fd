/* check and info as calls: cancelling, outputs on top of inputs, two languages, the record. What
 * check finds is tested on a network with one fault of each kind (tests/golden/faults.sh). */
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

#include "hourshed/export.h"
#include "hourshed/study.h"

static char folder[64], osm[96], profile[96], network[96], result[96];

static void write_text(const char *where, const char *text) {
    FILE *file = fopen(where, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Two streets that do not meet, each a kilometre or so. */
static int make_network(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hourshed-check-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(osm, sizeof osm, "%s/a.osm", folder);
    snprintf(profile, sizeof profile, "%s/car.yaml", folder);
    snprintf(network, sizeof network, "%s/a.hsn", folder);
    snprintf(result, sizeof result, "%s/a.gpkg", folder);
    write_text(osm, "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>"
                    "<node id='1' lon='0' lat='0'/><node id='2' lon='0.01' lat='0'/>"
                    "<node id='3' lon='0' lat='0.01'/><node id='4' lon='0.01' lat='0.01'/>"
                    "<way id='7'><nd ref='1'/><nd ref='2'/><tag k='highway' v='residential'/></way>"
                    "<way id='8'><nd ref='3'/><nd ref='4'/><tag k='highway' v='residential'/></way>"
                    "</osm>");
    write_text(profile, "name: car\nmode: car\nclasses: {residential: {speed_kmh: 30}}\n");
    const char *profiles[] = {profile};
    hsd_build_request request = {
        .osm = osm, .profiles = profiles, .profile_count = 1, .output = network};
    hsd_error err = {0};
    if (hsd_study_build(&request, NULL, NULL, NULL, &err) != HSD_OK) {
        print_message("%s\n", err.message);
        return -1;
    }
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    const char *const files[] = {osm, profile, network, result};
    for (int i = 0; i < 4; i++) unlink(files[i]);
    return rmdir(folder); /* fails where something else was left behind */
}

static bool stop_at(void *user, const char *what, double fraction) {
    (void)fraction;
    return strcmp(what, user) != 0;
}

static int entries(void) {
    int count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir)) count++;
    closedir(dir);
    return count - 2;
}

static void a_check_can_be_cancelled_at_each_step_and_leaves_nothing(void **state) {
    (void)state;
    static char steps[][24] = {"graphs",  "near misses", "one-way traps",
                               "islands", "duplicates",  "dead ends"};
    hsd_check_request request = {.network = network, .output = result};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        hsd_run run = {.progress = stop_at, .user = steps[i]};
        hsd_check_counts counts;
        hsd_error err = {0};
        assert_int_equal(hsd_study_check(&request, &run, &counts, &err), HSD_E_CANCELLED);
        assert_int_equal(entries(), 3);
    }
}

static void a_check_counts_parts_and_records_what_it_was_made_from(void **state) {
    (void)state;
    hsd_check_request request = {
        .network = network, .output = result, .near_miss_m = 7, .lang = "zh"};
    hsd_check_counts counts;
    hsd_error err = {0};
    assert_int_equal(hsd_study_check(&request, NULL, &counts, &err), HSD_OK);
    assert_int_equal(counts.islands, 1);
    assert_true(counts.island_km > 1.1 && counts.island_km < 1.12); /* 0.01 degrees */
    assert_int_equal(counts.dead_ends, 4);
    hsd_info_request info = {.network = result};
    hsd_network *none = NULL;
    char *json = NULL;
    assert_int_equal(hsd_study_info(&info, NULL, &none, &json, &err), HSD_OK);
    assert_null(none);
    assert_non_null(strstr(json, "\"command\":\"check\""));
    assert_non_null(strstr(json, "\"near\":7"));
    assert_non_null(strstr(json, "\"lang\":\"zh\""));
    assert_non_null(strstr(json, "\"name\":\"a.hsn\""));
    hsd_text_release(json);
    info.verify = true; /* of networks */
    assert_int_equal(hsd_study_info(&info, NULL, &none, &json, &err), HSD_E_ARGUMENT);
    assert_null(json);
}

static void outputs_do_not_take_the_network_s_place(void **state) {
    (void)state;
    hsd_check_request request = {.network = network, .output = network, .overwrite = true};
    hsd_check_counts counts;
    hsd_error err = {0};
    assert_int_equal(hsd_study_check(&request, NULL, &counts, &err), HSD_E_ARGUMENT);
    hsd_info_request info = {.network = network, .arcs = network, .overwrite = true};
    hsd_network *opened = NULL;
    char *json = NULL;
    assert_int_equal(hsd_study_info(&info, NULL, &opened, &json, &err), HSD_E_ARGUMENT);
    assert_null(opened);
    info = (hsd_info_request){.network = network, .verify = true};
    assert_int_equal(hsd_study_info(&info, NULL, &opened, &json, &err), HSD_OK);
    hsd_network_destroy(opened);
    hsd_text_release(json);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_can_be_cancelled_at_each_step_and_leaves_nothing),
        cmocka_unit_test(a_check_counts_parts_and_records_what_it_was_made_from),
        cmocka_unit_test(outputs_do_not_take_the_network_s_place),
    };
    return cmocka_run_group_tests(tests, make_network, remove_folder) != 0;
}
