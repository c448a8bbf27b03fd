/* Map pictures, read back as pixels. */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cairo.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "sample.h"

typedef struct folder {
    char path[64];
    char name[160];
} folder;

static int folder_make(void **state) {
    folder *f = calloc(1, sizeof *f);
    snprintf(f->path, sizeof f->path, "/tmp/hsd-figures-XXXXXX");
    if (!mkdtemp(f->path)) return -1;
    *state = f;
    return 0;
}

static int folder_remove(void **state) {
    folder *f = *state;
    DIR *dir = opendir(f->path);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", f->path, e->d_name);
        unlink(path);
    }
    if (dir) closedir(dir);
    rmdir(f->path);
    free(f);
    return 0;
}

static const char *in_folder(folder *f, const char *name) {
    snprintf(f->name, sizeof f->name, "%s/%s", f->path, name);
    return f->name;
}

static int entry_count(const char *path) {
    int count = 0;
    DIR *dir = opendir(path);
    while (readdir(dir)) count++;
    closedir(dir);
    return count - 2;
}

static uint32_t pixel(cairo_surface_t *image, int x, int y) {
    const unsigned char *row =
        cairo_image_surface_get_data(image) + y * cairo_image_surface_get_stride(image);
    uint32_t value;
    memcpy(&value, row + 4 * x, 4);
    return value & 0xFFFFFF;
}

static hsd_status add_box(hsd_map *map, double west, double south, double east, double north,
                          double hole, uint32_t fill, const char *label) {
    double x = (west + east) / 2, y = (south + north) / 2;
    hsd_lonlat points[] = {{west, south},        {east, south},        {east, north},
                           {west, north},        {west, south},        {x - hole, y - hole},
                           {x - hole, y + hole}, {x + hole, y + hole}, {x + hole, y - hole},
                           {x - hole, y - hole}};
    size_t ring_end[] = {5, 10}, polygon_end[] = {hole > 0 ? 2 : 1};
    hsd_geometry box = {.type = HSD_GEOMETRY_POLYGON,
                        .point_count = hole > 0 ? 10 : 5,
                        .ring_count = polygon_end[0],
                        .polygon_count = 1,
                        .points = points,
                        .ring_end = ring_end,
                        .polygon_end = polygon_end};
    hsd_map_style style = {.fill_rgba = fill};
    return hsd_map_add(map, &box, &style, label, NULL);
}

/* Without text the map lies between a margin of 36, 28 above and 62 below: its middle is at (600,
 * 433).
 */
static void polygons_are_filled_with_their_holes_left_open(void **state) {
    folder *f = *state;
    hsd_map *map = NULL;
    assert_int_equal(hsd_map_create(NULL, &map, NULL), HSD_OK);
    assert_int_equal(add_box(map, -0.1, -0.1, 0.1, 0.1, 0.05, 0xFF0000FF, NULL), HSD_OK);
    assert_int_equal(hsd_map_write(map, in_folder(f, "m.png"), false, NULL), HSD_OK);
    hsd_map_destroy(map);
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->name);
    assert_int_equal(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(image), 1200);
    assert_int_equal(cairo_image_surface_get_height(image), 900);
    /* the map is 810 high, the square 750 of it: the hole ends at 187 from the middle */
    assert_int_equal(pixel(image, 600, 433), 0xF4F2ED);
    assert_int_equal(pixel(image, 600 + 180, 433), 0xF4F2ED);
    assert_int_equal(pixel(image, 600 + 195, 433), 0xFF0000);
    assert_int_equal(pixel(image, 600 - 195, 433), 0xFF0000);
    assert_int_equal(pixel(image, 600, 433 - 360), 0xFF0000);
    assert_int_equal(pixel(image, 600 + 390, 433), 0xF4F2ED);
    assert_int_equal(pixel(image, 10, 433), 0xFFFFFF);
    cairo_surface_destroy(image);
}

static size_t count_pixels(cairo_surface_t *image, uint32_t colour) {
    size_t count = 0;
    for (int y = 0; y < cairo_image_surface_get_height(image); y++)
        for (int x = 0; x < cairo_image_surface_get_width(image); x++)
            count += pixel(image, x, y) == colour;
    return count;
}

/* Equal areas on the ground are equal areas on paper: a box at 60 degrees north is twice as many
 * degrees wide as one at the equator. Ellipsoidal zone areas by Snyder (1987), equation 3-12. */
static double zone_q(double lat_degrees) {
    double e = 0.0818191908426, s = sin(lat_degrees * M_PI / 180);
    return (1 - e * e) * (s / (1 - e * e * s * s) - log((1 - e * s) / (1 + e * s)) / (2 * e));
}

static void areas_on_paper_are_in_the_ratio_of_areas_on_the_ground(void **state) {
    folder *f = *state;
    hsd_map *map = NULL;
    assert_int_equal(hsd_map_create(NULL, &map, NULL), HSD_OK);
    assert_int_equal(add_box(map, 0, 40, 4, 43, 0, 0xFF0000FF, NULL), HSD_OK);
    assert_int_equal(add_box(map, 0, 55, 4, 58, 0, 0x0000FFFF, NULL), HSD_OK);
    assert_int_equal(hsd_map_write(map, in_folder(f, "m.png"), false, NULL), HSD_OK);
    hsd_map_destroy(map);
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->name);
    double south = (double)count_pixels(image, 0xFF0000);
    double north = (double)count_pixels(image, 0x0000FF);
    cairo_surface_destroy(image);
    double expected = (zone_q(58) - zone_q(55)) / (zone_q(43) - zone_q(40));
    assert_true(south > 10000);
    assert_true(fabs(north / south - expected) < 0.02 * expected);
}

static void the_frame_set_is_the_frame_shown(void **state) {
    folder *f = *state;
    hsd_map *map = NULL;
    assert_int_equal(hsd_map_create(NULL, &map, NULL), HSD_OK);
    assert_int_equal(add_box(map, -50, -50, 50, 50, 0, 0x00FF00FF, NULL), HSD_OK);
    hsd_map_frame(map, -0.01, -0.01, 0.01, 0.01);
    assert_int_equal(hsd_map_write(map, in_folder(f, "m.png"), false, NULL), HSD_OK);
    hsd_map_destroy(map);
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->name);
    assert_int_equal(pixel(image, 40, 32), 0x00FF00);
    assert_int_equal(pixel(image, 1160, 834), 0x00FF00);
    assert_int_equal(pixel(image, 20, 433), 0xFFFFFF); /* clipped to the map */
    cairo_surface_destroy(image);
}

static cairo_surface_t *titled(folder *f, const char *title) {
    hsd_map *map = NULL;
    hsd_map_options options = {.width_px = 400, .height_px = 300, .title = title};
    assert_int_equal(hsd_map_create(&options, &map, NULL), HSD_OK);
    assert_int_equal(add_box(map, 0, 0, 1, 1, 0, 0xFF0000FF, NULL), HSD_OK);
    assert_int_equal(hsd_map_write(map, in_folder(f, "m.png"), true, NULL), HSD_OK);
    hsd_map_destroy(map);
    return cairo_image_surface_create_from_png(f->name);
}

static size_t differing(cairo_surface_t *a, cairo_surface_t *b) {
    size_t count = 0;
    for (int y = 0; y < 300; y++)
        for (int x = 0; x < 400; x++) count += pixel(a, x, y) != pixel(b, x, y);
    return count;
}

/* A font without them draws the same empty box for every character. */
static void chinese_is_drawn_not_boxed(void **state) {
    if (system("fc-list :lang=zh-cn family 2> /dev/null | grep -q .") != 0) skip();
    cairo_surface_t *one = titled(*state, "中山"), *other = titled(*state, "深圳");
    cairo_surface_t *again = titled(*state, "中山");
    assert_true(differing(one, other) > 40);
    assert_int_equal(differing(one, again), 0);
    cairo_surface_destroy(one);
    cairo_surface_destroy(other);
    cairo_surface_destroy(again);
}

/* Titles far too long are shortened, not drawn over the edge. */
static void a_title_too_long_stays_on_the_page(void **state) {
    char title[900];
    for (size_t i = 0; i + 1 < sizeof title; i++) title[i] = "Mountain 山"[i % 12];
    title[sizeof title - 1] = '\0';
    cairo_surface_t *image = titled(*state, title);
    for (int y = 0; y < 60; y++)
        for (int x = 390; x < 400; x++) assert_int_equal(pixel(image, x, y), 0xFFFFFF);
    cairo_surface_destroy(image);
}

/* Two towns at one place: both labels cannot be on the same pixels, so the picture with both
 * differs from either alone, and dots far from each other change nothing for the other. */
static size_t dark_pixels(folder *f, const char *const *labels, int count) {
    hsd_map *map = NULL;
    assert_int_equal(hsd_map_create(NULL, &map, NULL), HSD_OK);
    hsd_map_frame(map, -0.1, -0.1, 0.1, 0.1);
    for (int i = 0; i < count; i++) {
        hsd_lonlat point = {0.0001 * i, 0};
        hsd_geometry geometry = {.type = HSD_GEOMETRY_POINT, .point_count = 1, .points = &point};
        hsd_map_style style = {.fill_rgba = 0, .point_px = 4};
        assert_int_equal(hsd_map_add(map, &geometry, &style, labels[i], NULL), HSD_OK);
    }
    assert_int_equal(hsd_map_write(map, in_folder(f, "m.png"), true, NULL), HSD_OK);
    hsd_map_destroy(map);
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->name);
    size_t dark = 0;
    for (int y = 28; y < 838; y++)
        for (int x = 36; x < 1164; x++) dark += (pixel(image, x, y) & 0xFF) < 0x80;
    cairo_surface_destroy(image);
    return dark;
}

static void labels_of_neighbours_do_not_cover_each_other(void **state) {
    static const char *const labels[] = {"Matosinhos", "Gondomar", "Porto"};
    size_t each = 0;
    for (int i = 0; i < 3; i++) each += dark_pixels(*state, labels + i, 1);
    size_t all = dark_pixels(*state, labels, 3);
    assert_true(each > 300);
    assert_true(all > each - each / 20 && all < each + each / 20);
}

/* A dot inside a small area that was added first: the dot gets its label all the same, and the
 * area's, for which its few pixels have no place then, does not stray into what lies next to it. */
static size_t dark_about_a_dot(folder *f, const char *area, const char *dot) {
    hsd_map *map = NULL;
    assert_int_equal(hsd_map_create(NULL, &map, NULL), HSD_OK);
    hsd_map_frame(map, -0.1, -0.1, 0.1, 0.1);
    assert_int_equal(add_box(map, -0.002, -0.002, 0.002, 0.002, 0, 0xFFFFFFFF, area), HSD_OK);
    hsd_lonlat point = {0, 0};
    hsd_geometry geometry = {.type = HSD_GEOMETRY_POINT, .point_count = 1, .points = &point};
    hsd_map_style style = {.fill_rgba = 0, .point_px = 4};
    assert_int_equal(hsd_map_add(map, &geometry, &style, dot, NULL), HSD_OK);
    assert_int_equal(hsd_map_write(map, in_folder(f, "a.png"), true, NULL), HSD_OK);
    hsd_map_destroy(map);
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->name);
    size_t dark = 0;
    for (int y = 28; y < 838; y++)
        for (int x = 36; x < 1164; x++) dark += (pixel(image, x, y) & 0xFF) < 0x80;
    cairo_surface_destroy(image);
    return dark;
}

static void a_dot_is_named_first_and_an_area_only_in_itself(void **state) {
    const size_t dot = dark_about_a_dot(*state, NULL, "Nanjing");
    const size_t area = dark_about_a_dot(*state, "Xuanwu", NULL);
    const size_t bare = dark_about_a_dot(*state, NULL, NULL);
    assert_true(dot > bare + 20 && area > bare + 20); /* either has the place to itself */
    assert_int_equal(dark_about_a_dot(*state, "Xuanwu", "Nanjing"), dot);
}

/* The first sample stands at (36..60, 44..58), under a margin of 28 and a gap of 16. */
static void the_legend_counts_upwards_whatever_is_drawn_first(void **state) {
    folder *f = *state;
    hsd_map *map = NULL;
    assert_int_equal(hsd_map_create(NULL, &map, NULL), HSD_OK);
    static const char *const legends[] = {"Zones", "60 min", "5 min", "60 min"};
    static const uint32_t colours[] = {0x808080FF, 0x0000FFFF, 0xFF0000FF, 0x0000FFFF};
    for (int i = 0; i < 4; i++) {
        hsd_lonlat points[] = {{0, 0}, {1, 0}, {1, 1}, {0, 0}};
        size_t ring_end = 4, polygon_end = 1;
        hsd_geometry area = {.type = HSD_GEOMETRY_POLYGON,
                             .point_count = 4,
                             .ring_count = 1,
                             .polygon_count = 1,
                             .points = points,
                             .ring_end = &ring_end,
                             .polygon_end = &polygon_end};
        hsd_map_style style = {.fill_rgba = colours[i], .legend = legends[i]};
        assert_int_equal(hsd_map_add(map, &area, &style, NULL, NULL), HSD_OK);
    }
    assert_int_equal(hsd_map_write(map, in_folder(f, "m.png"), false, NULL), HSD_OK);
    hsd_map_destroy(map);
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->name);
    uint32_t seen[8] = {0}, last = 0xFFFFFF;
    int count = 0;
    for (int x = 0; x < 1200 && count < 8; x++) { /* along the top of the samples, above the text */
        uint32_t here = pixel(image, x, 45);
        if (here != last && (here == 0x808080 || here == 0x0000FF || here == 0xFF0000))
            seen[count++] = here;
        last = here;
    }
    cairo_surface_destroy(image);
    assert_int_equal(count, 3);
    assert_int_equal(seen[0], 0xFF0000);
    assert_int_equal(seen[1], 0x0000FF);
    assert_int_equal(seen[2], 0x808080);
}

static const hsd_map_options full = {
    .title = "Who reaches 马鞍岛 within the hour", .subtitle = "morning", .footer = "sources"};

static void the_same_map_gives_the_same_bytes(void **state) {
    folder *f = *state;
    static const char *const names[] = {"m.png", "m.svg"};
    for (int i = 0; i < 2; i++) {
        char first[65], second[65];
        assert_int_equal(sample_draw(&full, in_folder(f, names[i]), 0, NULL), HSD_OK);
        assert_int_equal(hsd_sha256_path(f->name, first, NULL), HSD_OK);
        assert_int_equal(sample_draw(&full, f->name, 1, NULL), HSD_OK);
        assert_int_equal(hsd_sha256_path(f->name, second, NULL), HSD_OK);
        assert_string_equal(first, second);
    }
    char *text = NULL;
    assert_int_equal(hsd_read_text(in_folder(f, "m.svg"), 9000000, &text, NULL, NULL), HSD_OK);
    assert_non_null(strstr(text, "width=\"1200px\" height=\"900px\""));
    hsd_free(text);
}

static void bad_calls_and_files_are_refused(void **state) {
    folder *f = *state;
    hsd_error err = {0};
    assert_int_equal(sample_draw(&full, in_folder(f, "m.jpeg"), 0, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, ".png or .svg"));
    assert_int_equal(sample_draw(&full, in_folder(f, "m"), 0, &err), HSD_E_ARGUMENT);
    assert_int_equal(sample_draw(&full, in_folder(f, "m.png"), 0, &err), HSD_OK);
    assert_int_equal(sample_draw(&full, f->name, 0, &err), HSD_E_WRITE);
    assert_non_null(strstr(err.message, "--overwrite"));
    assert_int_equal(sample_draw(&full, in_folder(f, "m.png/x.png"), 0, &err), HSD_E_WRITE);
    hsd_map_options small = {.width_px = 60, .height_px = 40, .title = "no room"};
    assert_int_equal(sample_draw(&small, in_folder(f, "s.png"), 0, &err), HSD_E_ARGUMENT);
    hsd_map_options huge = {.width_px = 2000000};
    assert_int_equal(sample_draw(&huge, in_folder(f, "h.png"), 0, &err), HSD_E_ARGUMENT);
    hsd_map *map = NULL;
    assert_int_equal(hsd_map_create(NULL, &map, &err), HSD_OK);
    assert_int_equal(hsd_map_write(map, in_folder(f, "e.png"), false, &err), HSD_E_ARGUMENT);
    assert_int_equal(add_box(map, 0, NAN, 1, 1, 0, 0, NULL), HSD_E_ARGUMENT);
    hsd_map_destroy(map);
    assert_int_equal(entry_count(f->path), 1);
}

static void a_full_disk_is_an_error_and_leaves_nothing(void **state) {
    folder *f = *state;
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_IGN);
    small = (struct rlimit){20000, old.rlim_max};
    static const char *const names[] = {"m.png", "m.svg"};
    for (int i = 0; i < 2; i++) {
        hsd_error err = {0};
        setrlimit(RLIMIT_FSIZE, &small);
        hsd_status status = sample_draw(&full, in_folder(f, names[i]), 0, &err);
        setrlimit(RLIMIT_FSIZE, &old);
        assert_int_equal(status, HSD_E_WRITE);
        assert_non_null(strstr(err.message, names[i]));
        assert_int_equal(entry_count(f->path), 0);
    }
}

/* ---- Maps side by side ----------------------------------------------------------------------- */

static hsd_map *half(const char *title, const char *legend, uint32_t fill, double east) {
    hsd_map *map = NULL;
    hsd_map_options options = {.width_px = 600, .height_px = 500, .title = title};
    assert_int_equal(hsd_map_create(&options, &map, NULL), HSD_OK);
    hsd_lonlat points[] = {{0, 0}, {east, 0}, {east, 0.1}, {0, 0.1}, {0, 0}};
    size_t ring_end = 5, polygon_end = 1;
    hsd_geometry area = {HSD_GEOMETRY_POLYGON, 5, 1, 1, points, &ring_end, &polygon_end};
    hsd_map_style style = {.fill_rgba = fill, .legend = legend};
    assert_int_equal(hsd_map_add(map, &area, &style, NULL, NULL), HSD_OK);
    return map;
}

static cairo_surface_t *row_of(folder *f, hsd_map *left, hsd_map *right, const char *title) {
    const hsd_map *maps[] = {left, right};
    assert_int_equal(
        hsd_map_write_row(maps, 2, title, "footer", in_folder(f, "row.png"), true, NULL), HSD_OK);
    return cairo_image_surface_create_from_png(f->name);
}

typedef struct extent {
    int left, top, right, bottom;
} extent;

/* Of a colour below the legend, in a part of the page. */
static extent extent_of(cairo_surface_t *image, uint32_t colour, int from_x, int to_x) {
    extent e = {to_x, 9999, -1, -1};
    for (int y = 130; y < cairo_image_surface_get_height(image); y++)
        for (int x = from_x; x < to_x; x++) {
            if (pixel(image, x, y) != colour) continue;
            e.left = x < e.left ? x : e.left;
            e.right = x > e.right ? x : e.right;
            e.top = y < e.top ? y : e.top;
            e.bottom = y > e.bottom ? y : e.bottom;
        }
    return e;
}

/* The right map shows half of what the left one does: on the same scale it is half as wide, at the
 * same height, and begins as far into its column as the left one into its own. The columns are
 * (1200 - 2 x 36 u - 20 u) / 2 wide, u = sqrt(500 / 900). Edges fall within pixels. */
static void maps_in_a_row_have_one_extent_and_scale(void **state) {
    hsd_map *left = half("before", "reached", 0xFF0000FF, 0.1);
    hsd_map *right = half(NULL, "reached", 0x0000FFFF, 0.05);
    cairo_surface_t *image = row_of(*state, left, right, "one bridge");
    assert_int_equal(cairo_image_surface_get_width(image), 1200);
    assert_int_equal(cairo_image_surface_get_height(image), 500);
    extent a = extent_of(image, 0xFF0000, 0, 600), b = extent_of(image, 0x0000FF, 600, 1200);
    assert_true(a.right > a.left + 200);
    assert_int_equal(a.top, b.top);
    assert_int_equal(a.bottom, b.bottom);
    double u = sqrt(500.0 / 900), column = (1200 - 92 * u) / 2;
    assert_true(fabs(b.left - a.left - (column + 20 * u)) < 1.5);
    assert_true(abs((b.right - b.left) * 2 - (a.right - a.left)) < 7);
    cairo_surface_destroy(image);
    hsd_map_destroy(left);
    hsd_map_destroy(right);
}

static void the_extent_of_a_row_is_that_of_its_first_map_where_it_is_set(void **state) {
    hsd_map *left = half(NULL, NULL, 0xFF0000FF, 0.1);
    hsd_map *right = half(NULL, NULL, 0x0000FFFF, 0.1);
    hsd_map_frame(left, 0.02, 0.02, 0.08, 0.08); /* inside: both maps are filled to the edge */
    cairo_surface_t *image = row_of(*state, left, right, NULL);
    extent a = extent_of(image, 0xFF0000, 0, 600), b = extent_of(image, 0x0000FF, 600, 1200);
    double u = sqrt(500.0 / 900), column = (1200 - 92 * u) / 2;
    assert_true(fabs(a.right - a.left + 1 - column) < 2.5);
    assert_true(fabs(b.right - b.left + 1 - column) < 2.5);
    cairo_surface_destroy(image);
    hsd_map_destroy(left);
    hsd_map_destroy(right);
}

/* The samples lie in the legend's line, above the maps: "reached" once, though both maps have it,
 * and "new" of the second map. Without titles the line is under a margin of 28 u and a gap of 16 u.
 */
static void the_legend_of_a_row_stands_once(void **state) {
    hsd_map *left = half(NULL, "reached", 0xFF0000FF, 0.1);
    hsd_map *right = half(NULL, "reached", 0xFF0000FF, 0.1);
    hsd_lonlat points[] = {{0, 0}, {0.1, 0}, {0.1, 0.1}, {0, 0}};
    size_t ring_end = 4, polygon_end = 1;
    hsd_geometry area = {HSD_GEOMETRY_POLYGON, 4, 1, 1, points, &ring_end, &polygon_end};
    hsd_map_style style = {.fill_rgba = 0x00FF00FF, .legend = "new"};
    assert_int_equal(hsd_map_add(right, &area, &style, NULL, NULL), HSD_OK);
    cairo_surface_t *image = row_of(*state, left, right, NULL);
    int red = 0, green = 0, y = (int)(sqrt(500.0 / 900) * (28 + 16 + 2));
    for (int x = 1; x < 1200; x++) {
        uint32_t before = pixel(image, x - 1, y), here = pixel(image, x, y);
        red += here == 0xFF0000 && before != here;
        green += here == 0x00FF00 && before != here;
    }
    assert_int_equal(red, 1);
    assert_int_equal(green, 1);
    cairo_surface_destroy(image);
    hsd_map_destroy(left);
    hsd_map_destroy(right);
}

static void rows_of_nothing_or_too_wide_are_refused(void **state) {
    folder *f = *state;
    hsd_error err = {0};
    const char *path = in_folder(f, "row.png");
    assert_int_equal(hsd_map_write_row(NULL, 0, NULL, NULL, path, false, &err), HSD_E_ARGUMENT);
    hsd_map *wide = NULL;
    hsd_map_options options = {.width_px = 15000};
    assert_int_equal(hsd_map_create(&options, &wide, &err), HSD_OK);
    const hsd_map *maps[] = {wide, wide};
    assert_int_equal(hsd_map_write_row(maps, 2, NULL, NULL, path, false, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "30000"));
    hsd_map_destroy(wide);
    assert_int_equal(entry_count(f->path), 0);
}

static void every_failed_allocation_is_told_and_leaves_nothing(void **state) {
    folder *f = *state;
    hsd_map_options options = full;
    options.width_px = 300;
    options.height_px = 240;
    in_folder(f, "m.png");
    int refused = 0;
    for (uint64_t n = 1;; n++) {
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        hsd_status status = sample_draw(&options, f->name, 1, &err);
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
        CASE(polygons_are_filled_with_their_holes_left_open),
        CASE(areas_on_paper_are_in_the_ratio_of_areas_on_the_ground),
        CASE(the_frame_set_is_the_frame_shown),
        CASE(chinese_is_drawn_not_boxed),
        CASE(a_title_too_long_stays_on_the_page),
        CASE(labels_of_neighbours_do_not_cover_each_other),
        CASE(a_dot_is_named_first_and_an_area_only_in_itself),
        CASE(the_legend_counts_upwards_whatever_is_drawn_first),
        CASE(the_same_map_gives_the_same_bytes),
        CASE(bad_calls_and_files_are_refused),
        CASE(a_full_disk_is_an_error_and_leaves_nothing),
        CASE(maps_in_a_row_have_one_extent_and_scale),
        CASE(the_extent_of_a_row_is_that_of_its_first_map_where_it_is_set),
        CASE(the_legend_of_a_row_stands_once),
        CASE(rows_of_nothing_or_too_wide_are_refused),
        CASE(every_failed_allocation_is_told_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
