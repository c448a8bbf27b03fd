/* Grids over areas, and masses shared out to zones. Counts and shares are by hand: of squares laid
 * out in degrees, where halves are halves whatever the ellipsoid does. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "geo/clip.h"
#include "hourshed/read.h"

/* ---- Shapes by hand ---- */

typedef struct shape {
    hsd_lonlat points[16];
    size_t ring_end[2], polygon_end[1];
} shape;

static hsd_geometry box(shape *s, double west, double south, double east, double north) {
    *s = (shape){
        {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}, {5}, {1}};
    return (hsd_geometry){HSD_GEOMETRY_POLYGON, 5, 1, 1, s->points, s->ring_end, s->polygon_end};
}

/* An L: the box without its north-eastern quarter. */
static hsd_geometry corner_box(shape *s, double west, double south, double east, double north) {
    const double x = (west + east) / 2, y = (south + north) / 2;
    *s = (shape){
        {{west, south}, {east, south}, {east, y}, {x, y}, {x, north}, {west, north}, {west, south}},
        {7},
        {1}};
    return (hsd_geometry){HSD_GEOMETRY_POLYGON, 7, 1, 1, s->points, s->ring_end, s->polygon_end};
}

static hsd_geometry point(shape *s, double lon, double lat) {
    *s = (shape){{{lon, lat}}, {1}, {0}};
    return (hsd_geometry){HSD_GEOMETRY_POINT, 1, 1, 0, s->points, s->ring_end, NULL};
}

enum { MOST = 12 };
typedef struct hand_table {
    hsd_place_table t;
    hsd_place places[MOST];
    shape shapes[MOST];
    double masses[MOST];
    char *name;
} hand_table;

/* A source of one mass; rows are added by source_add. */
static void source_init(hand_table *h, const char *name) {
    memset(h, 0, sizeof *h);
    h->name = (char *)(uintptr_t)name;
    h->t = (hsd_place_table){.places = h->places, .mass_names = &h->name, .mass_count = 1};
}
static shape *source_add(hand_table *h, double mass, hsd_geometry **g) {
    const size_t i = h->t.place_count++;
    h->masses[i] = mass;
    h->places[i] = (hsd_place){.id = (char *)(uintptr_t) "s", .masses = &h->masses[i]};
    *g = &h->places[i].geometry;
    return &h->shapes[i];
}
static void add_box(hand_table *h, double mass, double west, double south, double east,
                    double north) {
    hsd_geometry *g;
    shape *s = source_add(h, mass, &g);
    *g = box(s, west, south, east, north);
}
static void add_point(hand_table *h, double mass, double lon, double lat) {
    hsd_geometry *g;
    shape *s = source_add(h, mass, &g);
    *g = point(s, lon, lat);
}

/* Zones own their masses, as tables that are read do. */
static void own_masses(hand_table *h) {
    h->t.mass_names = NULL;
    h->t.mass_count = 0;
    for (size_t i = 0; i < h->t.place_count; i++) h->places[i].masses = NULL;
}
static void drop_masses(hand_table *h) {
    for (size_t i = 0; i < h->t.place_count; i++) hsd_free(h->places[i].masses);
    for (size_t i = 0; i < h->t.mass_count; i++) hsd_free(h->t.mass_names[i]);
    hsd_free(h->t.mass_names);
}

static void share(hsd_place_table *zones, const hsd_place_table *source, double *left) {
    hsd_error err = {0};
    if (hsd_places_share(zones, source, NULL, left, &err) != HSD_OK) fail_msg("%s", err.message);
}

static void assert_about(double got, double want, double relative) {
    if (!(fabs(got - want) <= relative * fmax(fabs(want), 1e-300)) && got != want)
        fail_msg("%.17g, expected %.17g", got, want);
}

/* ---- Specifications ---- */

static void grids_are_named_by_shape_and_size(void **state) {
    (void)state;
    static const struct {
        const char *text;
        hsd_grid_shape shape;
        double size_m;
    } good[] = {{"hex:1km", HSD_GRID_HEX, 1000},   {"square:500m", HSD_GRID_SQUARE, 500},
                {"hex:0.5km", HSD_GRID_HEX, 500},  {"square:1m", HSD_GRID_SQUARE, 1},
                {"hex:1000km", HSD_GRID_HEX, 1e6}, {"square:1e3m", HSD_GRID_SQUARE, 1000}};
    static const char *const bad[] = {
        "",          "hex",          "hex:",      "hex:km",
        "hex:1",     "tri:1km",      "hex:0km",   "hex:-1km",
        "hex:1 km",  "hex:1mm",      "hex:0.5m",  "hex:1001km",
        "Hex:1km",   "hex:1kmm",     ":1km",      "hex:nanm",
        "hexes:1km", "square:1,5km", "hex:1:2km", "hex:00000000000000000000000000000001m"};
    hsd_error err = {0};
    hsd_grid_spec spec;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (hsd_grid_parse(good[i].text, &spec, &err) != HSD_OK) fail_msg("%s", err.message);
        assert_true(spec.shape == good[i].shape && spec.size_m == good[i].size_m);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (hsd_grid_parse(bad[i], &spec, &err) != HSD_E_ARGUMENT) fail_msg("%s passes", bad[i]);
        assert_non_null(strstr(err.message, "such as hex:1km or square:500m"));
    }
    assert_int_equal(hsd_grid_parse(NULL, &spec, &err), HSD_E_ARGUMENT);
}

/* ---- Cells ---- */

static hsd_place_table cells(const char *text, const hsd_geometry *area, bool clip) {
    hsd_grid_spec spec;
    hsd_place_table t = {0};
    hsd_error err = {0};
    hsd_status status = hsd_grid_parse(text, &spec, &err);
    if (status == HSD_OK) status = hsd_grid_places(&spec, area, clip, NULL, &t, &err);
    if (status != HSD_OK) fail_msg("%s", err.message);
    return t;
}

static const hsd_place *cell_at(const hsd_place_table *t, const char *id) {
    for (size_t i = 0; i < t->place_count; i++)
        if (strcmp(t->places[i].id, id) == 0) return &t->places[i];
    fail_msg("no cell %s", id);
    return NULL;
}

/* 0.05 degrees about the equator are 5,566 by 5,529 m: 5.57 / 2 = 2.78 squares of a kilometre each
 * way from the middle, whose own square reaches 0.5: columns and rows -3 to 3. */
static void squares_cover_what_they_touch(void **state) {
    (void)state;
    shape s;
    const hsd_geometry area = box(&s, 10, -0.025, 10.05, 0.025);
    hsd_place_table t = cells("square:1km", &area, false);
    assert_int_equal(t.place_count, 49);
    assert_string_equal(t.places[0].id, "R-3C-3");
    assert_string_equal(t.places[48].id, "R3C3");
    assert_true(cell_at(&t, "R-3C0")->geometry.points[0].lat > 0.02); /* rows run southwards */
    assert_true(cell_at(&t, "R0C3")->geometry.points[0].lon > 10.04);
    for (size_t i = 0; i < t.place_count; i++) {
        assert_about(hsd_plane_area_m2(&t.places[i].geometry), 1e6, 1e-6);
        assert_int_equal(t.places[i].feature_id, i + 1);
        assert_true(t.places[i].name[0] == '\0' && !t.places[i].fault);
    }
    /* neighbours share corners to the bit */
    const hsd_lonlat east = cell_at(&t, "R0C0")->geometry.points[1],
                     west = cell_at(&t, "R0C1")->geometry.points[0];
    assert_true(east.lon == west.lon && east.lat == west.lat);
    hsd_place_table_finish(&t);
}

static void cells_add_up_to_the_area_when_clipped(void **state) {
    (void)state;
    static const char *const specs[] = {"square:1km", "hex:1km", "hex:300m", "square:20km"};
    shape s;
    for (size_t i = 0; i < 8; i++) {
        const hsd_geometry area =
            i / 4 ? corner_box(&s, 118.7, 32, 118.75, 32.06) : box(&s, 118.7, 32, 118.75, 32.06);
        hsd_place_table whole = cells(specs[i % 4], &area, false),
                        cut = cells(specs[i % 4], &area, true);
        double sum = 0, most = 0;
        for (size_t k = 0; k < cut.place_count; k++) {
            const double m2 = hsd_plane_area_m2(&cut.places[k].geometry);
            sum += m2;
            most = fmax(most, m2);
        }
        assert_about(sum, hsd_plane_area_m2(&area), 1e-9);
        assert_true(cut.place_count <= whole.place_count && cut.place_count > 0);
        hsd_grid_spec spec;
        assert_int_equal(hsd_grid_parse(specs[i % 4], &spec, NULL), HSD_OK);
        assert_true(most <= spec.size_m * spec.size_m * (1 + 1e-6));
        for (size_t k = 0; k < whole.place_count; k++)
            assert_about(hsd_plane_area_m2(&whole.places[k].geometry), spec.size_m * spec.size_m,
                         1e-5);
        hsd_place_table_finish(&whole);
        hsd_place_table_finish(&cut);
    }
}

static void an_l_has_no_cells_in_its_missing_quarter(void **state) {
    (void)state;
    shape s;
    const hsd_geometry area = corner_box(&s, 10, 10, 10.2, 10.2);
    hsd_place_table t = cells("hex:1km", &area, false);
    size_t in_quarter = 0;
    for (size_t i = 0; i < t.place_count; i++) {
        const hsd_geometry *g = &t.places[i].geometry;
        bool north_east = true;
        for (size_t k = 0; k < g->point_count; k++)
            north_east = north_east && g->points[k].lon > 10.1 && g->points[k].lat > 10.1;
        in_quarter += north_east;
    }
    assert_int_equal(in_quarter, 0);
    assert_true(t.place_count > 360 && t.place_count < 420); /* 363 km2 and the border */
    hsd_place_table_finish(&t);
}

static void grids_too_fine_or_too_wide_are_refused(void **state) {
    (void)state;
    shape s;
    hsd_place_table t;
    hsd_error err = {0};
    hsd_geometry area = box(&s, 100, 20, 110, 30);
    const hsd_grid_spec fine = {HSD_GRID_SQUARE, 100};
    assert_int_equal(hsd_grid_places(&fine, &area, false, NULL, &t, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "take a larger size"));
    area = box(&s, -170, 20, 170, 30);
    assert_int_equal(hsd_grid_places(&fine, &area, false, NULL, &t, &err), HSD_E_ARGUMENT);
    area = point(&s, 1, 1);
    assert_int_equal(hsd_grid_places(&fine, &area, false, NULL, &t, &err), HSD_E_ARGUMENT);
    assert_null(t.places);
}

/* ---- Shares ---- */

static void points_go_to_one_zone_and_to_the_first_on_a_border(void **state) {
    (void)state;
    hand_table zones, people;
    source_init(&zones, "x");
    add_box(&zones, 0, 0, 0, 1, 1);
    add_box(&zones, 0, 1, 0, 2, 1);
    own_masses(&zones);
    source_init(&people, "people");
    add_point(&people, 1, 0.5, 0.5);
    add_point(&people, 2, 1, 0.5); /* on the border of both */
    add_point(&people, 4, 1, 1);   /* a corner of both */
    add_point(&people, 8, 2, 0);   /* a corner of the second */
    add_point(&people, 16, 2.01, 0);
    add_point(&people, 32, 1.5, 1); /* an edge of the second */
    double left;
    share(&zones.t, &people.t, &left);
    assert_int_equal(zones.t.mass_count, 1);
    assert_string_equal(zones.t.mass_names[0], "people");
    assert_true(zones.places[0].masses[0] == 7 && zones.places[1].masses[0] == 40 && left == 16);
    hsd_error err = {0};
    assert_int_equal(hsd_places_share(&zones.t, &people.t, NULL, NULL, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "have a mass \"people\" already"));
    drop_masses(&zones);
}

/* Each source is a degree wide: what lies west of its middle is half of it. */
static void polygons_are_shared_by_area(void **state) {
    (void)state;
    hand_table zones, people;
    source_init(&zones, "x");
    add_box(&zones, 0, 0, 0, 1, 1);
    add_box(&zones, 0, 1, 0, 2, 1);
    hsd_geometry *g;
    shape *s = source_add(&zones, 0, &g);
    *g = corner_box(s, 0, 1, 2, 3); /* without 1..2, 2..3 */
    own_masses(&zones);
    source_init(&people, "people");
    add_box(&people, 10, 0.5, 0, 1.5, 1);          /* half and half */
    add_box(&people, 20, 0.25, 0.25, 0.5, 1);      /* all in the first */
    add_box(&people, 40, 1.5, 0, 2.5, 0.5);        /* half in the second */
    add_box(&people, 80, 1.5, 1.25, 1.75, 1.5);    /* in the L */
    add_box(&people, 160, 1.25, 2.25, 1.75, 2.75); /* in its missing quarter */
    add_box(&people, 320, 0.75, 2.25, 1.25, 2.75); /* half in it */
    s = source_add(&people, 640, &g);
    *g = corner_box(s, 0, 2, 2, 4); /* an L over an L: west half of the south, 1 of 3 quarters */
    double left;
    share(&zones.t, &people.t, &left);
    assert_about(zones.places[0].masses[0], 5 + 20, 1e-9);
    assert_about(zones.places[1].masses[0], 5 + 20, 1e-9);
    shape b;
    const hsd_geometry quarter = box(&b, 0, 2, 1, 3);
    const double ls_share = hsd_plane_area_m2(&quarter) / hsd_plane_area_m2(g);
    assert_true(fabs(ls_share - 1.0 / 3) < 1e-3);
    assert_about(zones.places[2].masses[0], 80 + 160 + 640 * ls_share, 1e-9);
    assert_about(left, 20 + 160 + 160 + 640 * (1 - ls_share), 1e-9);
    drop_masses(&zones);
}

static void zones_that_overlap_give_nothing_twice(void **state) {
    (void)state;
    hand_table zones, people;
    source_init(&zones, "x");
    add_box(&zones, 0, 0, 0, 2, 1);
    add_box(&zones, 0, 1, 0, 2, 1);
    own_masses(&zones);
    source_init(&people, "people");
    add_box(&people, 30, 0, 0, 2, 1);
    add_point(&people, 1, 1.5, 0.5);
    double left;
    share(&zones.t, &people.t, &left);
    assert_about(zones.places[0].masses[0], 20 + 1, 1e-9);
    assert_about(zones.places[1].masses[0], 10, 1e-9);
    assert_true(left == 0);
    drop_masses(&zones);
}

static void what_cannot_hold_or_be_shared_is_refused(void **state) {
    (void)state;
    hand_table zones, people;
    source_init(&zones, "x");
    add_point(&zones, 0, 1, 1);
    own_masses(&zones);
    source_init(&people, "people");
    add_box(&people, NAN, 0, 0, 2, 1);
    hsd_error err = {0};
    assert_int_equal(hsd_places_share(&zones.t, &people.t, NULL, NULL, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "has no people"));
    people.masses[0] = 1;
    assert_int_equal(hsd_places_share(&zones.t, &people.t, NULL, NULL, &err), HSD_E_ARGUMENT);
    assert_non_null(strstr(err.message, "is a point"));
    drop_masses(&zones);
}

/* A grid over a town, sources of every kind strewn about it: nothing is lost, nothing made. */
static void masses_are_conserved_over_random_places(void **state) {
    (void)state;
    enum { SOURCES = 3000 };
    hsd_random random = {77};
    static hsd_place places[SOURCES];
    static shape shapes[SOURCES];
    static double masses[SOURCES];
    double total = 0;
    for (int i = 0; i < SOURCES; i++) {
        const double lon = 113 + 0.4 * hsd_random_unit(&random),
                     lat = 22 + 0.4 * hsd_random_unit(&random),
                     size = 0.0005 + 0.03 * pow(hsd_random_unit(&random), 4);
        masses[i] = 1000 * hsd_random_unit(&random);
        total += masses[i];
        places[i] = (hsd_place){.id = (char *)(uintptr_t) "s", .masses = &masses[i]};
        places[i].geometry = i % 3 == 0 ? point(&shapes[i], lon, lat)
                             : i % 3 == 1
                                 ? box(&shapes[i], lon, lat, lon + size, lat + size)
                                 : corner_box(&shapes[i], lon, lat, lon + size, lat + size);
    }
    char *name = (char *)(uintptr_t) "people";
    const hsd_place_table source = {
        .places = places, .place_count = SOURCES, .mass_names = &name, .mass_count = 1};
    shape s;
    const hsd_geometry area = corner_box(&s, 113.05, 22.05, 113.35, 22.35);
    for (int k = 0; k < 4; k++) {
        hsd_place_table zones = cells(k % 2 ? "square:900m" : "hex:2km", &area, k >= 2);
        double left, sum = 0;
        share(&zones, &source, &left);
        for (size_t i = 0; i < zones.place_count; i++) sum += zones.places[i].masses[0];
        assert_about(sum + left, total, 1e-12);
        assert_true(left > 0 && sum > total / 3);
        hsd_place_table_finish(&zones);
    }
}

/* ---- Failures ---- */

static void memory_failures_are_reported_and_leak_nothing(void **state) {
    (void)state;
    shape s;
    const hsd_geometry area = corner_box(&s, 10, 10, 10.02, 10.02);
    const hsd_grid_spec spec = {HSD_GRID_HEX, 1500};
    hand_table people;
    source_init(&people, "people");
    add_box(&people, 10, 10, 10, 10.01, 10.01);
    add_point(&people, 10, 10.005, 10.005);
    for (int clip = 0; clip < 2; clip++) {
        hsd_status status = HSD_E_MEMORY;
        uint64_t n = 1;
        for (; status == HSD_E_MEMORY && n < 1000; n++) {
            hsd_place_table t;
            hsd_memory_fail_at(n);
            status = hsd_grid_places(&spec, &area, clip, NULL, &t, NULL);
            if (status == HSD_OK) status = hsd_places_share(&t, &people.t, NULL, NULL, NULL);
            hsd_memory_fail_at(0);
            hsd_place_table_finish(&t);
        }
        assert_int_equal(status, HSD_OK);
        assert_true(n > 40);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grids_are_named_by_shape_and_size),
        cmocka_unit_test(squares_cover_what_they_touch),
        cmocka_unit_test(cells_add_up_to_the_area_when_clipped),
        cmocka_unit_test(an_l_has_no_cells_in_its_missing_quarter),
        cmocka_unit_test(grids_too_fine_or_too_wide_are_refused),
        cmocka_unit_test(points_go_to_one_zone_and_to_the_first_on_a_border),
        cmocka_unit_test(polygons_are_shared_by_area),
        cmocka_unit_test(zones_that_overlap_give_nothing_twice),
        cmocka_unit_test(what_cannot_hold_or_be_shared_is_refused),
        cmocka_unit_test(masses_are_conserved_over_random_places),
        cmocka_unit_test(memory_failures_are_reported_and_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
