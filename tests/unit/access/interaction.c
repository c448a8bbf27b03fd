/* Linkage, field strength and hinterlands, Huff's shares and breakpoints: the four cities with a
 * bridge, and edges by hand. */
#include "towns.h"

#include <string.h>

static void check_refused(hsd_status status, hsd_status expected, const hsd_error *err,
                          const char *words) {
    assert_int_equal(status, expected);
    if (!strstr(err->message, words)) fail_msg("\"%s\" lacks \"%s\"", err->message, words);
}

static void the_bridge_doubles_the_linkage_of_the_cities(void **state) {
    (void)state;
    static const double expected[] = {.062190, .125782};
    for (int after = 0; after < 2; after++) {
        hsd_cost_table t = cities(after);
        double strength[16], totals[4], sum = 0;
        assert_int_equal(hsd_access_linkage(&t, city_mass, city_mass, 1, 2, strength, totals, NULL),
                         HSD_OK);
        for (size_t i = 0; i < 4; i++) sum += totals[i];
        assert_near(sum / 2, expected[after], 5e-7);
        for (size_t i = 0; i < 4; i++) {
            assert_near(strength[5 * i], 0, 0); /* with itself: none */
            double row = 0;
            for (size_t j = 0; j < 4; j++) row += strength[4 * i + j];
            assert_near(row, totals[i], 1e-17);
        }
        assert_near(strength[1], city_mass[0] * 4 / (after ? 900.0 : 14400.0), 1e-15);
        double tenfold[4];
        assert_int_equal(hsd_access_linkage(&t, city_mass, city_mass, 10, 2, NULL, tenfold, NULL),
                         HSD_OK);
        assert_near(tenfold[2], 10 * totals[2], 1e-15);
        hsd_cost_table_finish(&t);
    }
}

static void the_hinterland_is_where_the_field_is_strongest(void **state) {
    (void)state;
    /* three zones, two centres: masses 100 and 25 */
    hsd_cost_pair pairs[] = {{0, 0, {10}}, {0, 1, {10}}, {1, 0, {20}}, {1, 1, {10}},
                             {2, 0, {40}}, {2, 1, {10}}, {3, 1, {50}}};
    const double mass[] = {100, 25}, none[] = {0, 0};
    hsd_cost_table t = {0};
    double strength[5];
    uint32_t target[5];
    assert_int_equal(hsd_cost_table_from_pairs(5, 2, pairs, 7, 1, NULL, &t, NULL), HSD_OK);
    assert_int_equal(hsd_access_field(&t, mass, 1, 0, strength, target, NULL), HSD_OK);
    /* 10 : 2.5; 5 : 2.5; 2.5 : 2.5, a tie, to the lowest; 0.5 alone; nothing */
    assert_all_near(strength, (double[]){10, 5, 2.5, 0.5, NAN}, 5, 1e-15);
    const uint32_t first[] = {0, 0, 0, 1, HSD_NO_ROW};
    assert_memory_equal(target, first, sizeof first);
    assert_int_equal(hsd_access_field(&t, mass, 2, 0, strength, target, NULL), HSD_OK);
    const uint32_t second[] = {0, 0, 1, 1, HSD_NO_ROW}; /* 0.25 : 0.25 at b, a tie */
    assert_memory_equal(target, second, sizeof second);
    assert_int_equal(hsd_access_field(&t, mass, 1, 45, strength, target, NULL), HSD_OK);
    assert_near(strength[0], 100 / 45.0, 1e-15);
    assert_int_equal(hsd_access_field(&t, none, 1, 0, strength, target, NULL), HSD_OK);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(target[i], HSD_NO_ROW);
        assert_true(isnan(strength[i]));
    }
    hsd_cost_table_finish(&t);
}

static void shares_of_huff_are_by_mass_and_time(void **state) {
    (void)state;
    hsd_cost_pair pairs[] = {{0, 0, {10}}, {0, 1, {20}}, {0, 2, {5}}, {1, 2, {7}}, {2, 1, {30}}};
    const double mass[] = {100, 200, 0};
    hsd_cost_table t = {0};
    double shares[5];
    assert_int_equal(hsd_cost_table_from_pairs(3, 3, pairs, 5, 1, NULL, &t, NULL), HSD_OK);
    assert_int_equal(hsd_access_huff(&t, mass, 1, 2, 0, shares, NULL), HSD_OK);
    /* 100 / 100 : 200 / 400 = 2 : 1; nothing to choose from: not defined; all to one */
    assert_all_near(shares, (double[]){2 / 3.0, 1 / 3.0, 0, NAN, 1}, 5, 1e-15);
    assert_int_equal(hsd_access_huff(&t, mass, 2, 1, 0, shares, NULL), HSD_OK);
    assert_all_near(shares, (double[]){1 / 3.0, 2 / 3.0, 0, NAN, 1}, 5, 1e-15);
    assert_int_equal(hsd_access_huff(&t, mass, 0, 0, 0, shares, NULL), HSD_OK);
    assert_all_near(shares, (double[]){0.5, 0.5, 0, NAN, 1}, 5, 0); /* no mass is no place */
    assert_int_equal(hsd_access_huff(&t, mass, 1, 2, 20, shares, NULL), HSD_OK);
    assert_all_near(shares, (double[]){1 / 3.0, 2 / 3.0, 0, NAN, 1}, 5, 1e-15);
    assert_int_equal(hsd_access_huff(&t, mass, 1, 900, 0, shares, NULL), HSD_OK);
    assert_near(shares[0], 1, 0); /* powers past the range of doubles */
    const double vast[] = {1e200, 2e200, 0};
    assert_int_equal(hsd_access_huff(&t, vast, 2, 0, 0, shares, NULL), HSD_OK);
    assert_all_near(shares, (double[]){0.2, 0.8, 0, NAN, 1}, 5, 1e-15);
    hsd_cost_table_finish(&t);
}

static void pairs_passed_over_have_no_share(void **state) {
    (void)state;
    hsd_cost_table t = cities(false);
    t.skip_self = true;
    double shares[16];
    assert_int_equal(hsd_access_huff(&t, city_people, 1, 1, 0, shares, NULL), HSD_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_near(shares[5 * i], 0, 0);
        double sum = 0;
        for (size_t j = 0; j < 4; j++) sum += shares[4 * i + j];
        assert_near(sum, 1, 1e-15);
    }
    hsd_cost_table_finish(&t);
}

static void the_border_lies_nearer_to_the_smaller_town(void **state) {
    (void)state;
    assert_near(hsd_access_breakpoint(100, 5, 5), 50, 0);
    assert_near(hsd_access_breakpoint(90, 400, 100), 60, 1e-13); /* 90 / 1.5 */
    assert_near(hsd_access_breakpoint(90, 100, 400), 30, 1e-13);
    assert_near(hsd_access_breakpoint(90, 0, 1), 0, 0);
    assert_near(hsd_access_breakpoint(90, 1, 0), 90, 0);
    assert_true(isnan(hsd_access_breakpoint(90, 0, 0)));
    assert_true(isnan(hsd_access_breakpoint(90, -1, -1)));
}

static void a_cost_of_nothing_and_bad_masses_are_refused(void **state) {
    (void)state;
    const double minutes[] = {0, 0, 5, 5};
    const char *const ids[] = {"p", "q"};
    hsd_cost_table t = square_table(2, minutes, ids);
    hsd_error err;
    double out[4];
    uint32_t target[2];
    const double one[] = {1, 1}, bad[] = {1, -2};
    check_refused(hsd_access_linkage(&t, one, one, 1, 2, NULL, out, &err), HSD_E_ARGUMENT, &err,
                  "from \"p\" to \"q\" the cost is 0");
    check_refused(hsd_access_field(&t, one, 1, 0, out, target, &err), HSD_E_ARGUMENT, &err,
                  "from \"p\" to \"p\" the cost is 0");
    check_refused(hsd_access_huff(&t, one, 1, 1, 0, out, &err), HSD_E_ARGUMENT, &err,
                  "from \"p\" to \"p\" the cost is 0");
    check_refused(hsd_access_linkage(&t, bad, one, 1, 2, NULL, out, &err), HSD_E_FORMAT, &err,
                  "mass of zone \"q\" is -2");
    check_refused(hsd_access_linkage(&t, one, bad, 1, 2, NULL, out, &err), HSD_E_FORMAT, &err,
                  "mass of zone \"q\" is -2");
    check_refused(hsd_access_field(&t, bad, 1, 1, out, target, &err), HSD_E_FORMAT, &err, "-2");
    check_refused(hsd_access_huff(&t, bad, 1, 1, 1, out, &err), HSD_E_FORMAT, &err, "-2");
    check_refused(hsd_access_linkage(&t, one, one, 0, 2, NULL, out, &err), HSD_E_ARGUMENT, &err,
                  "factor is 0");
    check_refused(hsd_access_huff(&t, one, 1, -1, 1, out, &err), HSD_E_ARGUMENT, &err,
                  "exponent of times is -1");
    hsd_cost_table_finish(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bridge_doubles_the_linkage_of_the_cities),
        cmocka_unit_test(the_hinterland_is_where_the_field_is_strongest),
        cmocka_unit_test(shares_of_huff_are_by_mass_and_time),
        cmocka_unit_test(pairs_passed_over_have_no_share),
        cmocka_unit_test(the_border_lies_nearer_to_the_smaller_town),
        cmocka_unit_test(a_cost_of_nothing_and_bad_masses_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
