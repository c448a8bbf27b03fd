/* Charts, read back as pixels and as the numbers of their SVG paths. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cairo.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "hourshed/figures.h"

static char folder[64], path[2][128];

static int folder_make(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hsd-chart-XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(path[0], sizeof path[0], "%s/c.svg", folder);
    snprintf(path[1], sizeof path[1], "%s/c.png", folder);
    return 0;
}

static int folder_remove(void **state) {
    (void)state;
    unlink(path[0]);
    unlink(path[1]);
    return rmdir(folder); /* nothing else may be left */
}

enum { RED = 0xFF0000, BLUE = 0x0000FF };

static hsd_chart *chart_of(const hsd_chart_options *options) {
    hsd_chart *chart = NULL;
    assert_int_equal(hsd_chart_create(options, &chart, NULL), HSD_OK);
    return chart;
}

static char *svg_of(const hsd_chart *chart) {
    static char *text; /* of the last call: gcc takes a local one for dangling */
    size_t length;
    assert_int_equal(hsd_chart_write(chart, path[0], true, NULL), HSD_OK);
    assert_int_equal(hsd_read_text(path[0], 1 << 24, &text, &length, NULL), HSD_OK);
    return text;
}

/* Boxes of one colour in a picture, as columns of pixels: how many separate runs of columns. */
static int runs_of(uint32_t colour, bool across, int *longest) {
    cairo_surface_t *image = cairo_image_surface_create_from_png(path[1]);
    const int width = cairo_image_surface_get_width(image),
              height = cairo_image_surface_get_height(image), outer = across ? width : height,
              inner = across ? height : width;
    int runs = 0;
    bool inside = false;
    *longest = 0;
    for (int i = 0; i < outer; i++) {
        int count = 0;
        for (int k = 0; k < inner; k++) {
            const int x = across ? i : k, y = across ? k : i;
            uint32_t value;
            memcpy(&value,
                   cairo_image_surface_get_data(image) + y * cairo_image_surface_get_stride(image) +
                       4 * x,
                   4);
            count += (value & 0xFFFFFF) == colour;
        }
        if (count && !inside) runs++;
        inside = count > 0;
        if (count > *longest) *longest = count;
    }
    cairo_surface_destroy(image);
    return runs;
}

static void bars_of_a_histogram_stand_apart_and_are_as_high_as_their_values(void **state) {
    (void)state;
    static const double edges[] = {0, 10, 20, 30, 40}, values[] = {8, 0, 4, 2};
    hsd_chart *chart = chart_of(&(hsd_chart_options){.y = {.min = 0, .max = 10}});
    const hsd_chart_style style = {.rgba = 0xFF0000FF};
    assert_int_equal(hsd_chart_add_bars(chart, edges, values, 4, &style, NULL), HSD_OK);
    assert_int_equal(hsd_chart_write(chart, path[1], true, NULL), HSD_OK);
    hsd_chart_destroy(chart);
    int eight, two;
    /* the last two touch but for a hair of one pixel */
    assert_int_equal(runs_of(RED, true, &eight), 3);
    chart = chart_of(&(hsd_chart_options){.y = {.min = 0, .max = 10}});
    assert_int_equal(hsd_chart_add_bars(chart, edges, values + 3, 1, &style, NULL), HSD_OK);
    assert_int_equal(hsd_chart_write(chart, path[1], true, NULL), HSD_OK);
    hsd_chart_destroy(chart);
    assert_int_equal(runs_of(RED, true, &two), 1);
    if (abs(eight - 4 * two) > 8) fail_msg("%d and %d pixels", eight, two);
    assert_true(two > 100);
}

static void ranked_bars_are_a_row_each_and_as_long_as_their_values(void **state) {
    (void)state;
    static const char *const labels[] = {"bridge", "深中通道", "a tunnel with quite a long name"};
    static const double values[] = {30, 15, -10};
    hsd_chart *chart = chart_of(&(hsd_chart_options){.title = "Ranked"});
    const hsd_chart_style style = {.rgba = 0x0000FFFF};
    assert_int_equal(hsd_chart_add_ranked(chart, labels, values, 3, &style, NULL), HSD_OK);
    assert_int_not_equal(hsd_chart_add_ranked(chart, labels, values, 3, &style, NULL), HSD_OK);
    assert_int_equal(hsd_chart_write(chart, path[1], true, NULL), HSD_OK);
    char *svg = svg_of(chart);
    hsd_chart_destroy(chart);
    assert_non_null(strstr(svg, "<title>Ranked</title>"));
    assert_non_null(strstr(svg, "bridge; 深中通道; a tunnel"));
    hsd_free(svg);
    int longest;
    assert_int_equal(runs_of(BLUE, false, &longest), 3);
    assert_true(longest > 400);
}

/* Numbers of the path that is drawn in pure red; returns how many points. */
static size_t path_of(const char *svg, double points[][2], size_t most) {
    const char *at = strstr(svg, "stroke:rgb(100%,0%,0%)");
    size_t count = 0;
    assert_non_null(at);
    at = strstr(at, " d=\"");
    assert_non_null(at);
    at += 4;
    while (*at && *at != '"' && count < most) {
        char *end;
        const double x = strtod(at + 1 + (at[1] == ' '), &end);
        if (end == at + 1) break;
        points[count][0] = x;
        points[count++][1] = strtod(end, &end);
        at = end;
        while (*at == ' ') at++;
    }
    return count;
}

static void a_step_line_holds_its_value_up_to_the_next(void **state) {
    (void)state;
    static const hsd_chart_point line[] = {{0, 0}, {25, 4}, {50, 10}, {100, 10}};
    hsd_chart *chart =
        chart_of(&(hsd_chart_options){.x = {.min = 0, .max = 100}, .y = {.min = 0, .max = 10}});
    hsd_chart_style style = {.rgba = 0xFF0000FF, .line_px = 2, .steps = true};
    assert_int_equal(hsd_chart_add_line(chart, line, 4, &style, NULL), HSD_OK);
    char *svg = svg_of(chart);
    hsd_chart_destroy(chart);
    double p[16][2];
    assert_int_equal(path_of(svg, p, 16), 6); /* cairo keeps a point twice once */
    hsd_free(svg);
    const double left = p[0][0], right = p[5][0], bottom = p[0][1], top = p[5][1];
    assert_true(right > left + 500 && bottom > top + 300);
    const double expected[6][2] = {{0, 0}, {.25, 0}, {.25, .4}, {.5, .4}, {.5, 1}, {1, 1}};
    for (int i = 0; i < 6; i++) {
        assert_true(fabs(p[i][0] - (left + expected[i][0] * (right - left))) < 0.01);
        assert_true(fabs(p[i][1] - (bottom - expected[i][1] * (bottom - top))) < 0.01);
    }
}

static void a_square_chart_has_one_length_on_both_axes(void **state) {
    (void)state;
    static const hsd_chart_point line[] = {{0, 0}, {100, 100}};
    hsd_chart *chart = chart_of(&(hsd_chart_options){
        .x = {.title = "people", .max = 100}, .y = {.title = "value", .max = 100}, .square = true});
    const hsd_chart_style style = {.rgba = 0xFF0000FF, .line_px = 2, .legend = "A & B <1>"};
    assert_int_equal(hsd_chart_add_line(chart, line, 2, &style, NULL), HSD_OK);
    char *svg = svg_of(chart);
    hsd_chart_destroy(chart);
    assert_non_null(strstr(svg, "<desc>A &amp; B &lt;1&gt;; people; value</desc>"));
    const char *last = svg, *next; /* the legend's sample comes first */
    while ((next = strstr(last + 1, "stroke:rgb(100%,0%,0%)"))) last = next;
    double p[4][2];
    assert_int_equal(path_of(last, p, 4), 2);
    hsd_free(svg);
    assert_true(fabs(fabs(p[1][0] - p[0][0]) - fabs(p[1][1] - p[0][1])) < 0.01);
}

static void what_cannot_be_drawn_is_refused(void **state) {
    (void)state;
    static const hsd_chart_point bad[] = {{0, 0}, {1, NAN}};
    const hsd_chart_style style = {.rgba = 0xFF, .line_px = 1};
    hsd_error err;
    hsd_chart *chart = NULL;
    assert_int_equal(hsd_chart_create(&(hsd_chart_options){.width_px = 30000}, &chart, &err),
                     HSD_E_ARGUMENT);
    assert_null(chart);
    chart = chart_of(&(hsd_chart_options){.width_px = 300, .height_px = 120});
    assert_int_equal(hsd_chart_add_line(chart, bad, 2, &style, &err), HSD_E_ARGUMENT);
    assert_int_equal(hsd_chart_add_line(chart, bad, 1, &style, &err), HSD_OK);
    assert_int_equal(hsd_chart_write(chart, "/tmp/hsd.jpg", true, &err), HSD_E_ARGUMENT);
    assert_int_equal(hsd_chart_write(chart, "/nowhere/c.svg", true, &err), HSD_E_WRITE);
    hsd_chart_destroy(chart);
}

/* Everything a chart can hold; the picture's status. */
static hsd_status whole(const char *to, hsd_error *err) {
    static const hsd_chart_point line[] = {{0, 0}, {1, 2}, {5, 3}};
    static const double edges[] = {0, 2, 4}, values[] = {1, 3};
    static const char *const labels[] = {"one", "two"};
    const hsd_chart_style style = {
        .rgba = 0x336699FF, .line_px = 1, .point_px = 4, .dashed = true, .legend = "entry"};
    const hsd_chart_options options = {.title = "Title",
                                       .subtitle = "Subtitle",
                                       .footer = "Footer",
                                       .x = {.title = "x", .minutes = true},
                                       .y = {.title = "y"}};
    hsd_chart *chart = NULL, *ranked = NULL;
    hsd_status status = hsd_chart_create(&options, &chart, err);
    if (status == HSD_OK) status = hsd_chart_add_line(chart, line, 3, &style, err);
    if (status == HSD_OK) status = hsd_chart_add_bars(chart, edges, values, 2, &style, err);
    if (status == HSD_OK) status = hsd_chart_write(chart, to, true, err);
    hsd_chart_destroy(chart);
    if (status == HSD_OK) status = hsd_chart_create(&options, &ranked, err);
    if (status == HSD_OK) status = hsd_chart_add_ranked(ranked, labels, values, 2, &style, err);
    hsd_chart_destroy(ranked);
    return status;
}

static void two_charts_alike_have_the_same_bytes(void **state) {
    (void)state;
    for (int k = 0; k < 2; k++) {
        char first[65], second[65];
        assert_int_equal(whole(path[k], NULL), HSD_OK);
        assert_int_equal(hsd_sha256_path(path[k], first, NULL), HSD_OK);
        assert_int_equal(whole(path[k], NULL), HSD_OK);
        assert_int_equal(hsd_sha256_path(path[k], second, NULL), HSD_OK);
        assert_string_equal(first, second);
    }
}

static void every_allocation_that_fails_is_said_and_leaves_no_file(void **state) {
    (void)state;
    hsd_memory_fail_at(0);
    assert_int_equal(whole(path[0], NULL), HSD_OK);
    const uint64_t count = hsd_memory_fail_at(0);
    assert_true(count > 20);
    for (uint64_t n = 1; n <= count; n++) {
        hsd_error err = {HSD_OK, ""};
        unlink(path[0]);
        hsd_memory_fail_at(n);
        const hsd_status status = whole(path[0], &err);
        hsd_memory_fail_at(0);
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_equal(err.code, HSD_E_MEMORY);
    }
    assert_int_equal(whole(path[0], NULL), HSD_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_of_a_histogram_stand_apart_and_are_as_high_as_their_values),
        cmocka_unit_test(ranked_bars_are_a_row_each_and_as_long_as_their_values),
        cmocka_unit_test(a_step_line_holds_its_value_up_to_the_next),
        cmocka_unit_test(a_square_chart_has_one_length_on_both_axes),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(two_charts_alike_have_the_same_bytes),
        cmocka_unit_test(every_allocation_that_fails_is_said_and_leaves_no_file),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove) != 0;
}
