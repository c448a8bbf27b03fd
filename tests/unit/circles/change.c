/* What changed between two surfaces drawn by hand and at random. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "circles/change.h"
#include "circles/labels.h"
#include "circles/region.h"
#include "circles/shapes.h"
#include "geo/geos.h"

#define SIDE 56
#define CELL 10.0
#define CELL_KM2 1e-4
#define CUTOFF 60000
#define OUT HSD_UNREACHABLE

typedef struct pair {
    uint32_t before_ms[SIDE * SIDE], after_ms[SIDE * SIDE];
    uint8_t land[SIDE * SIDE];
    hsd_surface before, after;
} pair;

static void pair_init(pair *p) {
    for (int k = 0; k < SIDE * SIDE; k++) p->before_ms[k] = p->after_ms[k] = OUT;
    memset(p->land, 1, sizeof p->land);
    p->before = (hsd_surface){.centre_lon = -8.6,
                              .centre_lat = 41.1,
                              .cell_m = CELL,
                              .width = SIDE,
                              .height = SIDE,
                              .ms = p->before_ms,
                              .land = p->land};
    p->after = p->before;
    p->after.ms = p->after_ms;
}

static void block(uint32_t *ms, int i0, int j0, int i1, int j1, uint32_t value) {
    for (int j = j0; j < j1; j++)
        for (int i = i0; i < i1; i++) ms[j * SIDE + i] = value;
}

static hsd_change draw(const pair *p, uint32_t max_vertices) {
    hsd_change_rules rules = {CUTOFF, 60000, max_vertices, 7500.0, NULL};
    hsd_change change;
    hsd_error err = {HSD_OK, ""};
    if (hsd_change_draw(&p->before, &p->after, &rules, &change, &err) != HSD_OK)
        fail_msg("%s", err.message);
    return change;
}

static double shared_km2(const hsd_geometry *a, const hsd_geometry *b) {
    if (a->point_count == 0 || b->point_count == 0) return 0.0;
    hsd_geometry both;
    assert_int_equal(hsd_geos_intersection(a, b, &both, NULL), HSD_OK);
    double area = hsd_geometry_area_m2(&both) * 1e-6;
    hsd_geometry_finish(&both);
    return area;
}

static void check_sound(const hsd_change *c) {
    const hsd_geometry *all[4] = {&c->gained, &c->lost, &c->kept, &c->faster};
    char why[128] = "";
    for (int k = 0; k < 4; k++)
        if (all[k]->point_count && !hsd_geos_valid(all[k], why, sizeof why))
            fail_msg("polygon %d: %s", k, why);
    double total = c->gained_km2 + c->lost_km2 + c->kept_km2;
    assert_true(shared_km2(&c->gained, &c->lost) <= 1e-9 * total);
    assert_true(shared_km2(&c->gained, &c->kept) <= 1e-9 * total);
    assert_true(shared_km2(&c->lost, &c->kept) <= 1e-9 * total);
    assert_true(fabs(shared_km2(&c->faster, &c->kept) - c->faster_km2) <= 1e-9 * total);
}

/* Lattice points of a label, from the times alone. */
static uint8_t truth(const pair *p, int k) {
    bool in0 = p->before_ms[k] <= CUTOFF, in1 = p->after_ms[k] <= CUTOFF;
    if (!in0) return in1 ? HSD_LABEL_GAINED : HSD_LABEL_NONE;
    if (!in1) return HSD_LABEL_LOST;
    return (int64_t)p->before_ms[k] - p->after_ms[k] >= 60000 ? HSD_LABEL_FASTER : HSD_LABEL_KEPT;
}

static void nothing_changed_gives_nothing_but_what_is_kept(void **state) {
    (void)state;
    pair *p = malloc(sizeof *p);
    pair_init(p);
    block(p->before_ms, 10, 10, 30, 40, 20000);
    block(p->before_ms, 15, 20, 18, 22, 90000);
    memcpy(p->after_ms, p->before_ms, sizeof p->after_ms);
    hsd_change c = draw(p, 2000);
    assert_int_equal(c.gained.point_count + c.lost.point_count + c.faster.point_count, 0);
    assert_true(c.gained_km2 == 0.0 && c.lost_km2 == 0.0);
    assert_int_equal(c.kept.ring_count, 2);
    /* 600 points less 6; a border in the jump lies at 0.02 + 0.96 of almost half a cell */
    assert_true(fabs(c.kept_km2 / CELL_KM2 - 594.0) < 0.1 * 110);
    hsd_change_finish(&c);
    free(p);
}

static void a_block_that_moves_gains_ahead_and_loses_behind(void **state) {
    (void)state;
    pair *p = malloc(sizeof *p);
    pair_init(p);
    block(p->before_ms, 10, 10, 30, 30, 20000);
    block(p->after_ms, 17, 10, 37, 30, 20000);
    hsd_change c = draw(p, 2000);
    check_sound(&c);
    assert_true(fabs(c.gained_km2 / CELL_KM2 - 7 * 20) < 0.1 * 54);
    assert_true(fabs(c.lost_km2 / CELL_KM2 - 7 * 20) < 0.1 * 54);
    assert_true(fabs(c.kept_km2 / CELL_KM2 - 13 * 20) < 0.1 * 66);
    assert_int_equal(c.faster.point_count, 0);
    for (size_t v = 0; v < c.gained.point_count; v++)
        assert_true(c.gained.points[v].lon > c.lost.points[0].lon);
    hsd_change_finish(&c);
    free(p);
}

static void faster_is_the_part_of_kept_that_saves_enough(void **state) {
    (void)state;
    pair *p = malloc(sizeof *p);
    pair_init(p);
    block(p->before_ms, 10, 10, 40, 30, 60000);
    block(p->after_ms, 10, 10, 20, 30, 60000);
    block(p->after_ms, 20, 10, 30, 30, 1);
    block(p->after_ms, 30, 10, 40, 30, 0);
    hsd_change c = draw(p, 2000);
    check_sound(&c);
    assert_int_equal(c.gained.point_count + c.lost.point_count, 0);
    assert_true(fabs(c.kept_km2 / CELL_KM2 - 600) < 0.5 * 100);
    assert_true(fabs(c.faster_km2 / CELL_KM2 - 200) < 0.5 * 60);
    hsd_change_finish(&c);
    free(p);
}

static void boxes_of_the_two_surfaces_may_differ(void **state) {
    (void)state;
    pair *p = malloc(sizeof *p);
    pair_init(p);
    block(p->before_ms, 10, 10, 30, 30, 20000);
    block(p->after_ms, 10, 10, 30, 40, 20000);
    hsd_change whole = draw(p, 2000);
    uint32_t part_ms[24 * 24];
    uint8_t part_land[24 * 24];
    memset(part_land, 1, sizeof part_land);
    for (int j = 0; j < 24; j++)
        for (int i = 0; i < 24; i++) part_ms[j * 24 + i] = p->before_ms[(j + 8) * SIDE + i + 8];
    p->before = (hsd_surface){-8.6, 41.1, CELL, 8, 8, 24, 24, part_ms, part_land};
    hsd_change cut = draw(p, 2000);
    assert_true(whole.gained_km2 == cut.gained_km2 && whole.kept_km2 == cut.kept_km2);
    assert_true(whole.gained_km2 > 0.015);
    p->before = (hsd_surface){-8.6, 41.1, CELL, 0, 0, 0, 0, NULL, NULL};
    hsd_change_finish(&cut);
    cut = draw(p, 2000);
    assert_true(cut.kept_km2 == 0.0 && cut.gained_km2 > 0.055);
    hsd_change_finish(&cut);
    hsd_change_finish(&whole);
    free(p);
}

/* ---- At random ---- */

static void randomize(pair *p, hsd_random *random, bool adding) {
    pair_init(p);
    double phase = 6.0 * hsd_random_unit(random), tilt = hsd_random_unit(random);
    for (int j = 2; j < SIDE - 2; j++)
        for (int i = 2; i < SIDE - 2; i++) {
            int k = j * SIDE + i;
            double t = 60000.0 + 40000.0 * sin(0.2 * i + phase) * cos(0.17 * j * (0.5 + tilt));
            t += 20000.0 * hsd_random_unit(random);
            double change = i < SIDE / 2 ? 0.0 : 3000.0 * (i - SIDE / 2) * sin(0.3 * j + phase);
            if (adding) change = -fabs(change);
            if (hsd_random_unit(random) < 0.02 || (adding && i < 6 + j / 8)) {
                p->land[k] = hsd_random_unit(random) < 0.5;
                continue;
            }
            p->before_ms[k] = (uint32_t)t;
            p->after_ms[k] = (uint32_t)fmax(0.0, t + change);
        }
}

static hsd_region region_of(const hsd_geometry *g) {
    hsd_region region;
    assert_int_equal(hsd_region_make(g, &region, NULL), HSD_OK);
    return region;
}

/* What the polygons say of a place, in cells of the lattice. */
static uint8_t said(hsd_frame *frame, const hsd_region r[4], double i, double j) {
    double lon, lat;
    hsd_frame_inverse(frame, (i + 0.5) * CELL, (j + 0.5) * CELL, &lon, &lat);
    if (hsd_region_contains(&r[0], lon, lat)) return HSD_LABEL_GAINED;
    if (hsd_region_contains(&r[1], lon, lat)) return HSD_LABEL_LOST;
    if (!hsd_region_contains(&r[2], lon, lat)) return HSD_LABEL_NONE;
    return hsd_region_contains(&r[3], lon, lat) ? HSD_LABEL_FASTER : HSD_LABEL_KEPT;
}

/* All lattice points within a cell are alike. */
static bool plain(const pair *p, double i, double j) {
    uint8_t own = truth(p, (int)floor(j + 0.5) * SIDE + (int)floor(i + 0.5));
    for (int b = (int)ceil(j - 1.0); b <= (int)floor(j + 1.0); b++)
        for (int a = (int)ceil(i - 1.0); a <= (int)floor(i + 1.0); a++)
            if (truth(p, b * SIDE + a) != own) return false;
    return true;
}

static void places_further_than_a_cell_from_a_border_are_right(void **state) {
    (void)state;
    hsd_random random = {31};
    pair *p = malloc(sizeof *p);
    hsd_frame *frame;
    assert_int_equal(hsd_frame_create(-8.6, 41.1, &frame, NULL), HSD_OK);
    size_t asked = 0, changed = 0, wrong = 0;
    for (int round = 0; round < 20; round++) {
        randomize(p, &random, round % 2);
        hsd_change c = draw(p, 1000000);
        check_sound(&c);
        hsd_region r[4] = {region_of(&c.gained), region_of(&c.lost), region_of(&c.kept),
                           region_of(&c.faster)};
        for (int k = 0; k < 4000; k++) {
            double i = 2.0 + (SIDE - 5.0) * hsd_random_unit(&random);
            double j = 2.0 + (SIDE - 5.0) * hsd_random_unit(&random);
            if (!plain(p, i, j)) continue;
            uint8_t own = truth(p, (int)floor(j + 0.5) * SIDE + (int)floor(i + 0.5));
            asked++;
            changed += own == HSD_LABEL_GAINED || own == HSD_LABEL_LOST;
            wrong += said(frame, r, i, j) != own;
        }
        /* the grid's count of each label, to a third of a cell along its border */
        double cells[HSD_LABEL_COUNT] = {0}, sides[HSD_LABEL_COUNT] = {0};
        for (int k = SIDE + 1; k < SIDE * SIDE - SIDE; k++) {
            uint8_t own = truth(p, k);
            cells[own]++;
            for (int d = 0; d < 4; d++)
                sides[own] += truth(p, k + (int[]){1, -1, SIDE, -SIDE}[d]) != own;
        }
        assert_true(fabs(c.gained_km2 / CELL_KM2 - cells[HSD_LABEL_GAINED]) <=
                    0.34 * sides[HSD_LABEL_GAINED]);
        assert_true(fabs(c.lost_km2 / CELL_KM2 - cells[HSD_LABEL_LOST]) <=
                    0.34 * sides[HSD_LABEL_LOST]);
        for (int k = 0; k < 4; k++) hsd_region_finish(&r[k]);
        hsd_change_finish(&c);
    }
    /* thinning lets go of points whose time is all but the cut-off */
    if (!(asked > 5000 && changed > 300 && wrong * 10000 <= asked))
        fail_msg("%zu of %zu places wrong, %zu changed", wrong, asked, changed);
    hsd_frame_destroy(frame);
    free(p);
}

static void the_side_where_nothing_changed_has_nothing_and_adding_loses_nothing(void **state) {
    (void)state;
    hsd_random random = {32};
    pair *p = malloc(sizeof *p);
    hsd_frame *frame;
    assert_int_equal(hsd_frame_create(-8.6, 41.1, &frame, NULL), HSD_OK);
    for (int round = 0; round < 20; round++) {
        randomize(p, &random, round % 2);
        hsd_change c = draw(p, round % 4 < 2 ? 1000000 : 200);
        check_sound(&c);
        if (round % 2) assert_int_equal(c.lost.point_count, 0);
        const hsd_geometry *changed[2] = {&c.gained, &c.lost};
        for (int g = 0; g < 2; g++)
            for (size_t v = 0; v < changed[g]->point_count; v++) {
                double x, y;
                hsd_lonlat at = changed[g]->points[v];
                hsd_frame_forward(frame, at.lon, at.lat, &x, &y);
                assert_true(x > (SIDE / 2 - 0.5) * CELL); /* the last point that is the same */
            }
        hsd_change_finish(&c);
    }
    hsd_frame_destroy(frame);
    free(p);
}

static void what_is_gained_one_way_is_lost_the_other(void **state) {
    (void)state;
    hsd_random random = {33};
    pair *p = malloc(sizeof *p);
    for (int round = 0; round < 10; round++) {
        randomize(p, &random, round % 2);
        hsd_change there = draw(p, 1000000);
        hsd_surface swap = p->before;
        p->before = p->after;
        p->after = swap;
        hsd_change back = draw(p, 1000000);
        double cell = 2.0 * CELL_KM2; /* a border of gained and lost is taken from one side */
        assert_true(fabs(there.gained_km2 - back.lost_km2) < cell);
        assert_true(fabs(there.lost_km2 - back.gained_km2) < cell);
        assert_true(fabs(shared_km2(&there.gained, &back.lost) - there.gained_km2) < cell);
        hsd_change_finish(&there);
        hsd_change_finish(&back);
    }
    free(p);
}

static int by_place(const void *a, const void *b) {
    const hsd_vertex *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

/* Before any thinning: with one surface twice the border is the circle's own contour. */
static void borders_of_what_is_kept_are_the_contour_of_the_circle(void **state) {
    (void)state;
    hsd_random random = {34};
    pair *p = malloc(sizeof *p);
    int32_t saving[SIDE * SIDE];
    uint8_t label[SIDE * SIDE];
    for (int round = 0; round < 6; round++) {
        randomize(p, &random, round % 2);
        hsd_field_grid field = {.width = SIDE,
                                .height = SIDE,
                                .cell_m = CELL,
                                .value = (const int32_t *)p->before_ms,
                                .land = p->land,
                                .step_ms = 7500.0,
                                .centre_lon = -8.6,
                                .centre_lat = 41.1};
        hsd_label_map map = {.field = {field, field, field, field},
                             .level = {CUTOFF, CUTOFF, CUTOFF, 0},
                             .label = label};
        for (int k = 0; k < SIDE * SIDE; k++) {
            label[k] = p->before_ms[k] <= CUTOFF ? HSD_LABEL_KEPT : HSD_LABEL_NONE;
            saving[k] = 1;
        }
        map.field[HSD_LABEL_SAVING].value = saving;
        hsd_ring_set borders = {0}, contour = {0};
        assert_int_equal(hsd_label_borders(&map, &borders, NULL), HSD_OK);
        assert_int_equal(hsd_contour(&field, CUTOFF, 0, &contour, NULL), HSD_OK);
        size_t count = contour.vertices.count;
        assert_true(count > 100);
        assert_int_equal(borders.vertices.count, count);
        assert_int_equal(borders.ring_end.count, contour.ring_end.count);
        qsort(borders.vertices.data, count, sizeof *borders.vertices.data, by_place);
        qsort(contour.vertices.data, count, sizeof *contour.vertices.data, by_place);
        for (size_t v = 0; v < count; v++)
            assert_true(by_place(&borders.vertices.data[v], &contour.vertices.data[v]) == 0);
        hsd_ring_set_finish(&borders);
        hsd_ring_set_finish(&contour);
    }
    free(p);
}

static void any_labels_at_all_make_a_sound_coverage(void **state) {
    (void)state;
    hsd_random random = {35};
    pair *p = malloc(sizeof *p);
    const uint32_t limits[3] = {64, 400, 1000000};
    for (int round = 0; round < 12; round++) {
        pair_init(p);
        for (int k = 0; k < SIDE * SIDE; k++) {
            int i = k % SIDE, j = k / SIDE;
            if (i < 1 || j < 1 || i >= SIDE - 1 || j >= SIDE - 1) continue;
            p->land[k] = hsd_random_unit(&random) > 0.05;
            if (!p->land[k]) continue;
            const uint32_t some[4] = {0, 30000, 60000, 100000};
            p->before_ms[k] = some[hsd_random_next(&random) % 4];
            p->after_ms[k] = some[hsd_random_next(&random) % 4];
        }
        hsd_change c = draw(p, limits[round % 3]);
        check_sound(&c);
        hsd_frame *frame;
        assert_int_equal(hsd_frame_create(-8.6, 41.1, &frame, NULL), HSD_OK);
        hsd_region r[4] = {region_of(&c.gained), region_of(&c.lost), region_of(&c.kept),
                           region_of(&c.faster)};
        for (int k = 0; k < SIDE * SIDE; k++) /* whatever the limit, never a point in water */
            if (!p->land[k]) assert_int_equal(said(frame, r, k % SIDE, k / SIDE), HSD_LABEL_NONE);
        for (int k = 0; k < 4; k++) hsd_region_finish(&r[k]);
        hsd_frame_destroy(frame);
        hsd_change_finish(&c);
    }
    free(p);
}

static void speckles_go_until_the_limit_holds(void **state) {
    (void)state;
    hsd_random random = {36};
    pair *p = malloc(sizeof *p);
    pair_init(p);
    block(p->before_ms, 10, 10, 40, 40, 20000);
    block(p->after_ms, 10, 10, 40, 40, 20000);
    block(p->after_ms, 40, 18, 50, 32, 20000);
    for (int j = 10; j < 40; j++) /* every other point along two sides */
        for (int i = 8; i < 10; i++)
            if (hsd_random_unit(&random) < 0.4) p->after_ms[j * SIDE + i] = 30000;
    hsd_change c = draw(p, 60);
    check_sound(&c);
    assert_true(c.kept.point_count <= 60 && c.gained.point_count <= 60);
    assert_true(fabs(c.gained_km2 / CELL_KM2 - 10 * 14) < 25.0);
    hsd_change_finish(&c);
    free(p);
}

static void no_allocation_that_fails_goes_unsaid(void **state) {
    (void)state;
    hsd_random random = {37};
    pair *p = malloc(sizeof *p);
    randomize(p, &random, false);
    bool finished = false;
    for (uint64_t n = 1; !finished && n < 3000; n++) {
        hsd_change_rules rules = {CUTOFF, 60000, 100, 7500.0, NULL};
        hsd_change c;
        hsd_error err = {HSD_OK, ""};
        hsd_memory_fail_at(n);
        hsd_status status = hsd_change_draw(&p->before, &p->after, &rules, &c, &err);
        finished = hsd_memory_fail_at(0) < n;
        /* a test of validity that found no memory is repeated after a repair: OK then */
        assert_true(status == HSD_OK || (!finished && status == HSD_E_MEMORY));
        if (status == HSD_OK) check_sound(&c);
        hsd_change_finish(&c);
    }
    assert_true(finished);
    free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changed_gives_nothing_but_what_is_kept),
        cmocka_unit_test(a_block_that_moves_gains_ahead_and_loses_behind),
        cmocka_unit_test(faster_is_the_part_of_kept_that_saves_enough),
        cmocka_unit_test(boxes_of_the_two_surfaces_may_differ),
        cmocka_unit_test(places_further_than_a_cell_from_a_border_are_right),
        cmocka_unit_test(the_side_where_nothing_changed_has_nothing_and_adding_loses_nothing),
        cmocka_unit_test(what_is_gained_one_way_is_lost_the_other),
        cmocka_unit_test(borders_of_what_is_kept_are_the_contour_of_the_circle),
        cmocka_unit_test(any_labels_at_all_make_a_sound_coverage),
        cmocka_unit_test(speckles_go_until_the_limit_holds),
        cmocka_unit_test(no_allocation_that_fails_goes_unsaid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
