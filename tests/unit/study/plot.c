/* plot as a call, on a result of every layer it knows: allocations that fail, cancelling, nothing
 * half-written. What the pictures show is held against other numbers in tests/golden/plot.py. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* cmocka wants the above first */
#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "hourshed/export.h"
#include "hourshed/study.h"

static char folder[64], result[96], figures[96];

static const char *const names[] = {"population", "lorenz", "savings",
                                    "ranking",    "map",    "delineation"};
enum { FIGURES = 6 };

/* A row's values as text, "-" for none; fields in front of a colon are numbers. */
typedef struct layer {
    const char *name, *fields[10];
    const char *rows[4][10];
    bool drawn;
} layer;

static const layer layers[] = {
    {"origins", {"id", "name"}, {{"o1", "一"}, {"o2", "two"}}, true},
    {"zones",
     {"id", "scenario", "origin_id", "profile", ":before_min", ":after_min", ":saving_min",
      ":people"},
     {{"a", "link", "o1", "car", "30", "20", "10", "5"},
      {"b", "link", "o1", "car", "-", "50", "-", "7"},
      {"c", "link", "o2", "car", "40", "40", "0", "7"},
      {"d", "link", "o2", "car", "40", "45", "-5", "7"}},
     false},
    {"change",
     {"id", "scenario", "origin_id", "profile", "kind", ":cutoff_min", ":area_km2"},
     {{"a", "link", "o1", "car", "gained", "60", "5"},
      {"b", "link", "o1", "car", "kept", "60", "9"}},
     true},
    {"circles",
     {"id", "scenario", "origin_id", "profile", ":cutoff_min"},
     {{"a", "baseline", "o1", "car", "60"}, {"b", "link", "o1", "car", "60"}},
     true},
    {"members",
     {"id", "centre_id", "rule", "name", "verdict"},
     {{"a", "o1", "r", "A", "both"}, {"b", "o1", "r", "B", "neither"}},
     true},
    {"access",
     {"id", ":people", ":reach", ":reach_link"},
     {{"a", "10", "1", "3"}, {"b", "20", "2", "3"}, {"c", "5", "-", "3"}},
     false},
    {"measures",
     {"id", "column", "name", "title", "unit"},
     {{"1", "reach", "mine", "Reach", "min"}},
     false},
    {"summary", {"id", "scenario"}, {{"1", "baseline"}, {"2", "link"}}, false},
    {"ranking",
     {"id", "set", "proposal", ":cutoff_min", ":access_gain"},
     {{"a", "alone", "bridge", "60", "30"}, {"b", "alone", "隧道", "60", "-4"}},
     false}};

static void write_layer(hsd_dataset *file, const layer *l) {
    hsd_field fields[10];
    size_t count = 0;
    for (; l->fields[count]; count++) {
        const bool number = l->fields[count][0] == ':';
        fields[count] =
            (hsd_field){l->fields[count] + number, number ? HSD_FIELD_REAL : HSD_FIELD_TEXT, NULL};
    }
    const bool point = strcmp(l->name, "origins") == 0;
    const hsd_layer_spec spec = {.name = l->name,
                                 .geometry = !l->drawn ? HSD_GEOMETRY_NONE
                                             : point   ? HSD_GEOMETRY_POINT
                                                       : HSD_GEOMETRY_POLYGON,
                                 .fields = fields,
                                 .field_count = count};
    assert_int_equal(hsd_dataset_layer(file, &spec, NULL), HSD_OK);
    for (size_t r = 0; r < 4 && l->rows[r][0]; r++) {
        hsd_value values[10];
        for (size_t c = 0; c < count; c++) {
            const char *text = l->rows[r][c];
            values[c] = (hsd_value){.kind = HSD_VALUE_TEXT, .text = text};
            if (l->fields[c][0] == ':')
                values[c] = (hsd_value){HSD_VALUE_REAL, NULL, 0, atof(text)};
            if (strcmp(text, "-") == 0) values[c].kind = HSD_VALUE_NULL;
        }
        const double x = 1 + 0.1 * (double)r;
        hsd_lonlat points[] = {{x, 1}, {x + 0.1, 1}, {x + 0.1, 1.1}, {x, 1.1}, {x, 1}};
        size_t end = point ? 1 : 5, polygon = 1;
        const hsd_geometry geometry = {
            point ? HSD_GEOMETRY_POINT : HSD_GEOMETRY_POLYGON, end, 1, 1, points, &end, &polygon};
        assert_int_equal(hsd_dataset_row(file, values, l->drawn ? &geometry : NULL, NULL), HSD_OK);
    }
}

static int make_result(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hourshed-plot-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(result, sizeof result, "%s/r.gpkg", folder);
    snprintf(figures, sizeof figures, "%s/figures", folder);
    const hsd_dataset_options options = {
        .provenance =
            "{\"program\":\"hourshed\",\"command\":\"compare\",\"configuration\":"
            "{\"minutes\":[30,60],\"people\":\"people\",\"by\":\"access_gain\"},"
            "\"inputs\":[{\"role\":\"zones\",\"name\":\"places.csv\",\"sha256\":\"0\"}]}"};
    hsd_dataset *file;
    if (hsd_dataset_create(result, &options, &file, NULL) != HSD_OK) return -1;
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) write_layer(file, &layers[i]);
    const hsd_status status = hsd_dataset_commit(file, NULL);
    hsd_dataset_destroy(file);
    return status == HSD_OK ? 0 : -1;
}

static int files_in(const char *path) {
    int count = -2;
    DIR *dir = opendir(path);
    while (dir && readdir(dir)) count++;
    if (dir) closedir(dir);
    return dir ? count : -1;
}

static void remove_figures(void) {
    static const char *const endings[] = {"svg", "png"};
    for (size_t f = 0; f < FIGURES; f++)
        for (size_t e = 0; e < 2; e++) {
            char path[160];
            snprintf(path, sizeof path, "%s/%s.%s", figures, names[f], endings[e]);
            unlink(path);
        }
    rmdir(figures);
}

static int remove_result(void **state) {
    (void)state;
    remove_figures();
    unlink(result);
    return rmdir(folder);
}

static hsd_status plot(const hsd_plot_request *asked, const hsd_run *run, hsd_error *err) {
    hsd_plot_request request = *asked;
    hsd_plot_report report;
    request.result = result;
    if (!request.output) request.output = figures;
    const hsd_status status = hsd_study_plot(&request, run, &report, err);
    hsd_plot_report_finish(&report);
    return status;
}

static void every_figure_that_a_file_has_data_for_is_drawn(void **state) {
    (void)state;
    hsd_error err = {HSD_OK, ""};
    assert_int_equal(plot(&(hsd_plot_request){.lang = "zh"}, NULL, &err), HSD_OK);
    assert_int_equal(files_in(figures), 2 * FIGURES);
    char path[160], *svg;
    size_t length;
    snprintf(path, sizeof path, "%s/savings.svg", figures);
    assert_int_equal(hsd_read_text(path, 1 << 24, &svg, &length, NULL), HSD_OK);
    assert_non_null(strstr(svg, "<desc>不变：7；新增可达：7; link;")); /* c; b, which had no way */
    hsd_free(svg);
    assert_int_equal(plot(&(hsd_plot_request){.lang = "zh"}, NULL, &err), HSD_E_WRITE);
    assert_int_equal(plot(&(hsd_plot_request){.overwrite = true}, NULL, &err), HSD_OK);
    assert_int_equal(files_in(figures), 2 * FIGURES);
    remove_figures();
}

/* A folder that was there already stays; one that was made for them goes with them. */
static void a_file_in_the_way_of_one_figure_is_in_the_way_of_all(void **state) {
    (void)state;
    char path[160];
    assert_int_equal(mkdir(figures, 0777), 0);
    snprintf(path, sizeof path, "%s/map.png", figures);
    fclose(fopen(path, "w"));
    assert_int_equal(plot(&(hsd_plot_request){0}, NULL, NULL), HSD_E_WRITE);
    assert_int_equal(files_in(figures), 1);
    remove_figures();
    const char *unknown[] = {"cake"};
    hsd_error err;
    assert_int_equal(plot(&(hsd_plot_request){.figures = unknown, .figure_count = 1}, NULL, &err),
                     HSD_E_ARGUMENT);
    assert_int_equal(files_in(figures), -1);
}

static bool at_once(void *user, const char *what, double fraction) {
    (void)user, (void)what;
    return fraction < 0.5;
}

static void a_plot_that_is_cancelled_leaves_nothing(void **state) {
    (void)state;
    const hsd_run run = {.progress = at_once};
    assert_int_equal(plot(&(hsd_plot_request){0}, &run, NULL), HSD_E_CANCELLED);
    assert_int_equal(files_in(figures), -1);
    assert_int_equal(files_in(folder), 1);
}

static bool never(void *user, const char *what, double fraction) {
    (void)user, (void)what, (void)fraction;
    return false;
}

/* What comes before the first figure is tried once, with the first. */
static void every_allocation_that_fails_is_said_and_leaves_nothing(void **state) {
    (void)state;
    hsd_memory_fail_at(0);
    assert_int_equal(plot(&(hsd_plot_request){0}, &(hsd_run){.progress = never}, NULL),
                     HSD_E_CANCELLED);
    const uint64_t opening = hsd_memory_fail_at(0);
    for (size_t f = 0; f < FIGURES; f++) {
        const hsd_plot_request request = {
            .figures = &names[f], .figure_count = 1, .format = "svg", .lang = "zh"};
        hsd_memory_fail_at(0);
        assert_int_equal(plot(&request, NULL, NULL), HSD_OK);
        const uint64_t count = hsd_memory_fail_at(0);
        assert_true(opening > 30 && count > opening + 20);
        remove_figures();
        for (uint64_t n = f ? opening : 1; n <= count; n++) {
            hsd_error err = {HSD_OK, ""};
            hsd_memory_fail_at(n);
            const hsd_status status = plot(&request, NULL, &err);
            hsd_memory_fail_at(0);
            if (status == HSD_OK) fail_msg("%s: allocation %d", names[f], (int)n);
            assert_int_equal(status, HSD_E_MEMORY);
            assert_int_equal(files_in(folder), 1);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_that_a_file_has_data_for_is_drawn),
        cmocka_unit_test(a_file_in_the_way_of_one_figure_is_in_the_way_of_all),
        cmocka_unit_test(a_plot_that_is_cancelled_leaves_nothing),
        cmocka_unit_test(every_allocation_that_fails_is_said_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, make_result, remove_result) != 0;
}
