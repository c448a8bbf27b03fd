/* Lines of a timetable as they are drawn: sections counted and thinned out, and laid on shapes. On
 * the equator a hundredth of a degree is 1.1 km. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../hand_timetable.h"
#include "study/line_sections.h"

static hand_timetable t;
static const hsd_lonlat everywhere[2] = {{-180, -90}, {180, 90}};
enum { MONDAY = 17042 };

static void add_trip(const char *id, uint32_t line, uint32_t service, const uint32_t *stops,
                     int count) {
    hand_trip(&t, id, line, service);
    for (int i = 0; i < count; i++)
        hand_call(&t, stops[i], hand_time(8 + i, 0), hand_time(8 + i, 0));
}

/* A, B and C in a row, 11 km apart, D far off. Trains stop at all three, thrice a day one way and
 * once back, and six run from A to C without a stop; a bus runs from A to C; once a day a train
 * goes by D, and on Tuesdays from B to D. */
static void rows(void) {
    hand_timetable_init(&t, MONDAY, 2);
    const uint32_t a = hand_stop(&t, "A", 0, 0), b = hand_stop(&t, "B", 0.1, 0),
                   c = hand_stop(&t, "C", 0.2, 0), d = hand_stop(&t, "D", 0.1, 0.3);
    const uint32_t monday = hand_service(&t, 1), tuesday = hand_service(&t, 2);
    const uint32_t local = hand_line(&t, "L", HSD_RIDE_RAIL),
                   fast = hand_line(&t, "F", HSD_RIDE_RAIL), bus = hand_line(&t, "1", HSD_RIDE_BUS);
    for (int i = 0; i < 3; i++) add_trip("l", local, monday, (const uint32_t[]){a, b, c}, 3);
    add_trip("back", local, monday, (const uint32_t[]){c, b, a}, 3);
    add_trip("f", fast, monday, (const uint32_t[]){a, c}, 2);
    hand_headway(&t, hand_time(6, 0), hand_time(7, 0), 600, 0);
    add_trip("b", bus, monday, (const uint32_t[]){c, a}, 2);
    add_trip("d", fast, monday, (const uint32_t[]){a, b, d}, 3);
    add_trip("t", local, tuesday, (const uint32_t[]){b, d}, 2);
}

static void is_section(const hsd_line_sections *s, size_t i, uint32_t from, uint32_t to,
                       uint32_t kind, uint64_t trips, const char *lines) {
    const hsd_line_section *one = &s->list.data[i];
    char names[32] = "";
    assert_int_equal(one->from, from);
    assert_int_equal(one->to, to);
    assert_int_equal(one->kind, kind);
    assert_int_equal(one->trips, trips);
    for (uint32_t k = 0; k < one->line_count; k++)
        strcat(names, t.strings + t.lines[s->lines.data[one->first_line + k]].name);
    assert_string_equal(names, lines);
    assert_int_equal(one->point_count, 2);
}

static void trains_that_pass_are_counted_where_they_run(void **state) {
    (void)state;
    rows();
    hsd_line_sections s;
    assert_int_equal(hsd_line_sections_make(&t.table, MONDAY, everywhere, &s, NULL), HSD_OK);
    assert_int_equal(s.list.count, 4);
    is_section(&s, 0, 0, 1, HSD_RIDE_RAIL, 3 + 1 + 6 + 1, "LF");
    is_section(&s, 1, 0, 2, HSD_RIDE_BUS, 1, "1");
    is_section(&s, 2, 1, 2, HSD_RIDE_RAIL, 3 + 1 + 6, "L");
    is_section(&s, 3, 1, 3, HSD_RIDE_RAIL, 1, "F");
    hsd_line_sections_finish(&s);
    assert_int_equal(hsd_line_sections_make(&t.table, MONDAY + 1, everywhere, &s, NULL), HSD_OK);
    assert_int_equal(s.list.count, 1);
    is_section(&s, 0, 1, 3, HSD_RIDE_RAIL, 1, "L");
    hsd_line_sections_finish(&s);
}

/* What lies outside still says what passes inside. */
static void a_box_takes_what_has_an_end_in_it(void **state) {
    (void)state;
    rows();
    const hsd_lonlat about_d[2] = {{0, 0.2}, {0.2, 0.4}}, about_c[2] = {{0.15, -1}, {0.3, 1}};
    hsd_line_sections s;
    assert_int_equal(hsd_line_sections_make(&t.table, MONDAY, about_d, &s, NULL), HSD_OK);
    assert_int_equal(s.list.count, 1);
    is_section(&s, 0, 1, 3, HSD_RIDE_RAIL, 1, "F");
    hsd_line_sections_finish(&s);
    assert_int_equal(hsd_line_sections_make(&t.table, MONDAY, about_c, &s, NULL), HSD_OK);
    assert_int_equal(s.list.count, 2);
    is_section(&s, 1, 1, 2, HSD_RIDE_RAIL, 10, "L");
    hsd_line_sections_finish(&s);
}

/* A detour of more than a fifth is another way: by B it is 1.19 or 1.22 times as far. */
static void a_way_that_is_longer_is_another_way(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        const double off = 0.1 * sqrt((i ? 1.22 * 1.22 : 1.19 * 1.19) - 1);
        hand_timetable_init(&t, MONDAY, 1);
        const uint32_t a = hand_stop(&t, "A", 0, 0), b = hand_stop(&t, "B", 0.1, off),
                       c = hand_stop(&t, "C", 0.2, 0);
        const uint32_t line = hand_line(&t, "L", HSD_RIDE_RAIL), daily = hand_service(&t, 1);
        add_trip("1", line, daily, (const uint32_t[]){a, b, c}, 3);
        add_trip("2", line, daily, (const uint32_t[]){a, c}, 2);
        hsd_line_sections s;
        assert_int_equal(hsd_line_sections_make(&t.table, MONDAY, everywhere, &s, NULL), HSD_OK);
        assert_int_equal(s.list.count, i ? 3 : 2);
        assert_int_equal(s.list.data[0].trips, i ? 1 : 2);
        hsd_line_sections_finish(&s);
    }
}

static void is_course(const hsd_line_sections *s, size_t i, const hsd_lonlat *points,
                      size_t count) {
    const hsd_line_section *one = &s->list.data[i];
    assert_int_equal(one->point_count, count);
    for (size_t k = 0; k < count; k++) {
        const hsd_lonlat at = s->points.data[one->first_point + k];
        assert_true(fabs(at.lon - points[k].lon) < 1e-9 && fabs(at.lat - points[k].lat) < 1e-9);
    }
}

/* Round a block and back to where it began: A is at both ends of the shape, and the second call
 * there belongs to the second end. E lies a kilometre off, and is gone to straight. */
static void a_course_follows_the_shape_call_by_call(void **state) {
    (void)state;
    static const hsd_point_e7 points[] = {
        {0, 0}, {200000, 0}, {200000, 100000}, {0, 100000}, {0, 0}};
    static const hsd_shape_row shape = {0, 5};
    hand_timetable_init(&t, MONDAY, 1);
    const uint32_t a = hand_stop(&t, "A", 0, 0), b = hand_stop(&t, "B", 0.0201, 0.005),
                   e = hand_stop(&t, "E", 0.01, 0.02);
    const uint32_t line = hand_line(&t, "L", HSD_RIDE_BUS), daily = hand_service(&t, 1);
    add_trip("straight", line, daily, (const uint32_t[]){a, b}, 2);
    add_trip("round", line, daily, (const uint32_t[]){a, b, e, a}, 4);
    t.trips[1].shape = 0;
    t.table.shapes = &shape;
    t.table.shape_count = 1;
    t.table.shape_points = points;
    t.table.shape_point_count = 5;
    hsd_line_sections s;
    assert_int_equal(hsd_line_sections_make(&t.table, MONDAY, everywhere, &s, NULL), HSD_OK);
    assert_int_equal(s.list.count, 3);
    is_course(&s, 0, (const hsd_lonlat[]){{0, 0}, {0.02, 0}, {0.0201, 0.005}}, 3);
    is_course(&s, 1, (const hsd_lonlat[]){{0.01, 0.02}, {0, 0}}, 2);
    is_course(&s, 2, (const hsd_lonlat[]){{0.0201, 0.005}, {0.01, 0.02}}, 2);
    assert_int_equal(s.list.data[0].trips, 2);
    hsd_line_sections_finish(&s);
    t.stops[e].lat = 0.0101; /* 11 m off the shape */
    assert_int_equal(hsd_line_sections_make(&t.table, MONDAY, everywhere, &s, NULL), HSD_OK);
    is_course(&s, 1, (const hsd_lonlat[]){{0.01, 0.0101}, {0, 0.01}, {0, 0}}, 3);
    is_course(&s, 2, (const hsd_lonlat[]){{0.0201, 0.005}, {0.02, 0.01}, {0.01, 0.0101}}, 3);
    uint64_t failures = 0;
    for (uint64_t n = 1;; n++, failures++) {
        hsd_line_sections_finish(&s);
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_line_sections_make(&t.table, MONDAY, everywhere, &s, NULL);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
    }
    assert_true(failures > 10);
    hsd_line_sections_finish(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trains_that_pass_are_counted_where_they_run),
        cmocka_unit_test(a_box_takes_what_has_an_end_in_it),
        cmocka_unit_test(a_way_that_is_longer_is_another_way),
        cmocka_unit_test(a_course_follows_the_shape_call_by_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
