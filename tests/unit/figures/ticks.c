/* Nice numbers: ticks of axes, bins of histograms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hourshed/figures.h"

static void expect(double min, double max, size_t most, bool minutes, double first, double last,
                   size_t count) {
    const hsd_ticks t = hsd_ticks_cover(min, max, most, minutes);
    assert_true(hsd_ticks_at(&t, 0) == first);
    assert_true(hsd_ticks_at(&t, t.count - 1) == last);
    assert_int_equal(t.count, count);
}

static void steps_are_one_two_or_five_times_a_power_of_ten(void **state) {
    (void)state;
    expect(0, 100, 10, false, 0, 100, 11);
    expect(0, 100, 9, false, 0, 100, 6); /* 20: ten steps of 10 are one too many */
    expect(0, 93, 5, false, 0, 100, 6);
    expect(0, 7, 7, false, 0, 7, 8);
    expect(0, 7, 6, false, 0, 8, 5);
    expect(0, 11, 5, false, 0, 15, 4);
    expect(-3, 11, 8, false, -4, 12, 9);
    expect(1e9, 3.2e9, 5, false, 1e9, 3.5e9, 6);
    expect(0, 0.0035, 4, false, 0, 0.004, 5);
}

static void minutes_are_divided_as_a_clock_is(void **state) {
    (void)state;
    expect(0, 60, 4, true, 0, 60, 5);     /* 15 */
    expect(0, 60, 2, true, 0, 60, 3);     /* 30 */
    expect(0, 150, 12, true, 0, 150, 11); /* 15 */
    expect(0, 400, 8, true, 0, 420, 8);   /* 60 */
    expect(0, 1.5, 5, true, 0, 1.5, 4);   /* 0.5 */
}

/* 3 x 0.1 is 0.30000000000000004 */
static void ticks_of_tenths_are_the_doubles_nearest_to_them(void **state) {
    (void)state;
    char text[HSD_TICK_TEXT];
    const hsd_ticks t = hsd_ticks_cover(0, 1, 10, false);
    assert_int_equal(t.count, 11);
    assert_true(hsd_ticks_at(&t, 3) == 0.3);
    assert_true(hsd_ticks_at(&t, 7) == 0.7);
    assert_string_equal(hsd_ticks_text(&t, hsd_ticks_at(&t, 3), text), "0.3");
    assert_string_equal(hsd_ticks_text(&t, -0.0, text), "0.0");
}

static void a_range_of_nothing_still_has_two_ticks(void **state) {
    (void)state;
    static const double odd[][2] = {{0, 0},        {5, 5},         {-5, -5},           {NAN, 1},
                                    {0, INFINITY}, {1e300, 1e300}, {1e15, 1e15 + 0.5}, {3, 2}};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        const hsd_ticks t = hsd_ticks_cover(odd[i][0], odd[i][1], 8, i % 2);
        assert_true(t.count >= 2 && t.count <= 9);
        assert_true(hsd_ticks_at(&t, 0) < hsd_ticks_at(&t, t.count - 1));
    }
}

static void all_of_a_range_is_covered_by_the_fewest_ticks(void **state) {
    (void)state;
    uint64_t random = 11;
    for (int i = 0; i < 20000; i++) {
        double parts[3];
        for (int k = 0; k < 3; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            parts[k] = (double)(random >> 11) / 9007199254740992.0;
        }
        const double min = (parts[0] - 0.5) * pow(10, 8 * parts[2] - 2),
                     max = min + parts[1] * pow(10, 8 * parts[2] - 3) + 1e-6 * fabs(min);
        const size_t most = 2 + (size_t)i % 11;
        const hsd_ticks t = hsd_ticks_cover(min, max, most, i % 3 == 0);
        assert_in_range(t.count, 2, most + 1);
        assert_true(hsd_ticks_at(&t, 0) <= min && hsd_ticks_at(&t, t.count - 1) >= max);
        assert_true(hsd_ticks_at(&t, 1) > min && hsd_ticks_at(&t, t.count - 2) < max);
    }
}

static void a_value_on_an_edge_belongs_to_the_bin_that_begins_there(void **state) {
    (void)state;
    const hsd_ticks t = hsd_ticks_cover(-10, 20, 6, false); /* -10, -5 ... 20 */
    assert_int_equal(t.count, 7);
    assert_int_equal(hsd_ticks_bin(&t, -10), 0);
    assert_int_equal(hsd_ticks_bin(&t, -5.0001), 0);
    assert_int_equal(hsd_ticks_bin(&t, -5), 1);
    assert_int_equal(hsd_ticks_bin(&t, 0), 2);
    assert_int_equal(hsd_ticks_bin(&t, nextafter(5, 0)), 2);
    assert_int_equal(hsd_ticks_bin(&t, 20), 5);  /* the last holds its end */
    assert_int_equal(hsd_ticks_bin(&t, 1e9), 5); /* and all above */
    assert_int_equal(hsd_ticks_bin(&t, -1e9), 0);
    const hsd_ticks tenths = hsd_ticks_cover(0, 1, 10, false);
    for (size_t i = 0; i + 1 < tenths.count; i++)
        assert_int_equal(hsd_ticks_bin(&tenths, (double)i / 10), i);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_one_two_or_five_times_a_power_of_ten),
        cmocka_unit_test(minutes_are_divided_as_a_clock_is),
        cmocka_unit_test(ticks_of_tenths_are_the_doubles_nearest_to_them),
        cmocka_unit_test(a_range_of_nothing_still_has_two_ticks),
        cmocka_unit_test(all_of_a_range_is_covered_by_the_fewest_ticks),
        cmocka_unit_test(a_value_on_an_edge_belongs_to_the_bin_that_begins_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
