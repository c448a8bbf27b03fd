/* Location measures: four cities and a bridge (docs/methods.md, 14; worked by hand), a grid that
 * PySAL prints values for, and the edges: nothing reached, no mass, a cost of 0. */
#include "towns.h"

#include <string.h>

#include "base/memory.h"

static hsd_cost_table without_self(hsd_cost_table table) {
    table.skip_self = true;
    return table;
}

static void weighted_mean_times_and_coefficients_of_the_bridge(void **state) {
    (void)state;
    static const double expected[2][4] = {{84.143772, 91.793482, 62.169444, 111.779745},
                                          {52.111580, 41.593247, 62.169444, 66.225418}};
    static const double coefficients[2][4] = {{.961955, 1.049409, .710739, 1.277897},
                                              {.938526, .749091, 1.119667, 1.192715}};
    for (int after = 0; after < 2; after++) {
        hsd_cost_table t = cities(after);
        const hsd_cost_table view = without_self(t);
        double out[4], missing[4], relative[4];
        assert_int_equal(
            hsd_access_mean_time(&view, city_mass, HSD_UNREACHED_DROP, 0, out, missing, NULL),
            HSD_OK);
        assert_all_near(out, expected[after], 4, 5e-7);
        assert_all_near(missing, (double[4]){0}, 4, 0);
        hsd_access_coefficient(out, 4, relative);
        assert_all_near(relative, coefficients[after], 4, 5e-7);
        hsd_cost_table_finish(&t);
    }
}

static void plain_mean_times_count_every_target_once(void **state) {
    (void)state;
    hsd_cost_table t = cities(false);
    const hsd_cost_table view = without_self(t);
    double out[4];
    assert_int_equal(hsd_access_mean_time(&view, NULL, HSD_UNREACHED_INFINITE, 0, out, NULL, NULL),
                     HSD_OK);
    assert_all_near(out, (double[]){110, 70, 70, 90}, 4, 1e-13); /* (120 + 60 + 150) / 3 ... */
    assert_int_equal(hsd_access_mean_time(&t, NULL, HSD_UNREACHED_DROP, 0, out, NULL, NULL),
                     HSD_OK);
    assert_all_near(out, (double[]){85, 54.5, 54.75, 69}, 4, 1e-13); /* with self */
    hsd_cost_table_finish(&t);
}

/* a: b 10 (mass 1), c 20 (3), d none (4); b: a 30 alone; c: nothing but itself; d: all, 0 self */
static const double islands_min[] = {1,   10,  20, FAR, 30, 1,  FAR, FAR,
                                     FAR, FAR, 1,  FAR, 10, 20, 30,  0};
static const double islands_mass[] = {2, 1, 3, 4};

static void what_cannot_be_reached_is_left_out_or_infinite_or_capped_as_asked(void **state) {
    (void)state;
    hsd_cost_table t = square_table(4, islands_min, NULL);
    const hsd_cost_table view = without_self(t);
    double out[4], missing[4];
    assert_int_equal(
        hsd_access_mean_time(&view, islands_mass, HSD_UNREACHED_DROP, 0, out, missing, NULL),
        HSD_OK);
    assert_all_near(out, (double[]){17.5, 30, NAN, 130.0 / 6}, 4, 1e-13);
    assert_all_near(missing, (double[]){0.5, 7.0 / 9, 1, 0}, 4, 1e-15);
    assert_int_equal(
        hsd_access_mean_time(&view, islands_mass, HSD_UNREACHED_INFINITE, 0, out, missing, NULL),
        HSD_OK);
    assert_all_near(out, (double[]){FAR, FAR, FAR, 130.0 / 6}, 4, 1e-13);
    assert_all_near(missing, (double[]){0.5, 7.0 / 9, 1, 0}, 4, 1e-15);
    assert_int_equal(
        hsd_access_mean_time(&view, islands_mass, HSD_UNREACHED_CAP, 15, out, missing, NULL),
        HSD_OK);
    /* a: (10 + 3 x 15 + 4 x 15) / 8; b: all at 15; c: too; d: (2 x 10 + 1 x 15 + 3 x 15) / 6 */
    assert_all_near(out, (double[]){115.0 / 8, 15, 15, 80.0 / 6}, 4, 1e-13);
    assert_all_near(missing, (double[]){0.5, 7.0 / 9, 1, 0}, 4, 1e-15);
    hsd_cost_table_finish(&t);
}

static void a_place_without_mass_is_not_missed(void **state) {
    (void)state;
    hsd_cost_table t = square_table(4, islands_min, NULL);
    const hsd_cost_table view = without_self(t);
    double out[4], missing[4];
    const double d_empty[] = {2, 1, 3, 0}, none[] = {0, 0, 0, 0}, own[] = {0, 0, 0, 5};
    assert_int_equal(
        hsd_access_mean_time(&view, d_empty, HSD_UNREACHED_INFINITE, 0, out, missing, NULL),
        HSD_OK);
    assert_all_near(out, (double[]){17.5, FAR, FAR, 130.0 / 6}, 4, 1e-13);
    assert_all_near(missing, (double[]){0, 0.6, 1, 0}, 4, 1e-15);
    for (int rule = HSD_UNREACHED_DROP; rule <= HSD_UNREACHED_CAP; rule++) {
        assert_int_equal(
            hsd_access_mean_time(&view, none, (hsd_unreachable_rule)rule, 60, out, missing, NULL),
            HSD_OK);
        assert_all_near(out, (double[]){NAN, NAN, NAN, NAN}, 4, 0);
        assert_all_near(missing, (double[]){NAN, NAN, NAN, NAN}, 4, 0);
    }
    /* all there is is d itself */
    assert_int_equal(
        hsd_access_mean_time(&view, own, HSD_UNREACHED_INFINITE, 0, out, missing, NULL), HSD_OK);
    assert_all_near(out, (double[]){FAR, FAR, FAR, NAN}, 4, 0);
    assert_all_near(missing, (double[]){1, 1, 1, NAN}, 4, 0);
    hsd_cost_table_finish(&t);
}

static void coefficients_are_relative_to_the_mean_of_what_is_finite(void **state) {
    (void)state;
    double values[] = {1, INFINITY, 3, NAN};
    hsd_access_coefficient(values, 4, values); /* in place */
    assert_all_near(values, (double[]){0.5, INFINITY, 1.5, NAN}, 4, 0);
    double zeros[2];
    hsd_access_coefficient((double[]){0, 0}, 2, zeros);
    assert_true(isnan(zeros[0]) && isnan(zeros[1]));
}

static void potentials_of_the_bridge_with_and_without_the_city_itself(void **state) {
    (void)state;
    static const double with[2][4] = {{1.18, .783333, 1.144444, .622222},
                                      {1.3, 1.033333, 1.144444, .722222}};
    static const double without[2][4] = {{.18, .283333, .255556, .288889},
                                         {.3, .533333, .255556, .388889}};
    for (int after = 0; after < 2; after++) {
        hsd_cost_table t = cities(after);
        const hsd_cost_table view = without_self(t);
        double out[4];
        assert_int_equal(hsd_access_potential(&t, city_people, 1, 0, out, NULL), HSD_OK);
        assert_all_near(out, with[after], 4, 5e-7);
        assert_int_equal(hsd_access_potential(&view, city_people, 1, 0, out, NULL), HSD_OK);
        assert_all_near(out, without[after], 4, 5e-7);
        assert_int_equal(hsd_access_potential(&t, city_people, 2, 60, out, NULL), HSD_OK);
        if (!after) /* 10/60^2 + 4/120^2 + 8/60^2 + 2/150^2 */
            assert_near(out[0], 18 / 3600.0 + 4 / 14400.0 + 2 / 22500.0, 1e-15);
        hsd_cost_table_finish(&t);
    }
}

/* 5 x 5 points a unit apart, straight lines, all of mass 1: printed by PySAL's own tests,
 * cut after nine digits. */
static void gravity_on_a_grid_is_that_of_pysal(void **state) {
    (void)state;
    static const struct {
        size_t id;
        double value;
    } known[] = {
        {1, 1.322340210}, {5, 1.322340210}, {13, .780985109}, {19, .925540119}, {24, 1.133733026}};
    hsd_cost_pair pairs[625];
    for (uint32_t c = 0; c < 625; c++) {
        const uint32_t i = c / 25, j = c % 25;
        pairs[c] = (hsd_cost_pair){
            i, j, {hypot((double)(i % 5) - (double)(j % 5), (double)(i / 5) - (double)(j / 5))}};
    }
    hsd_cost_table t = {0};
    double out[25];
    hsd_decay decay;
    assert_int_equal(hsd_cost_table_from_pairs(25, 25, pairs, 625, 1, NULL, &t, NULL), HSD_OK);
    assert_int_equal(hsd_decay_parse("scaled:60:1:0", &decay, NULL), HSD_OK);
    assert_int_equal(hsd_access_gravity(&t, NULL, &decay, 0, out, NULL), HSD_OK);
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        assert_near(out[known[k].id - 1], known[k].value, 1e-9);
    assert_int_equal(hsd_decay_parse("steps_to:0.5=1", &decay, NULL), HSD_OK);
    assert_int_equal(hsd_access_gravity(&t, NULL, &decay, 0, out, NULL), HSD_OK);
    for (size_t i = 0; i < 25; i++) assert_near(out[i], 1, 0);
    assert_int_equal(hsd_decay_parse("steps_to:10=1", &decay, NULL), HSD_OK);
    assert_int_equal(hsd_access_gravity(&t, NULL, &decay, 0, out, NULL), HSD_OK);
    for (size_t i = 0; i < 25; i++) assert_near(out[i], 25, 0);
    hsd_cost_table_finish(&t);
}

static void nothing_within_reach_is_a_potential_of_nothing(void **state) {
    (void)state;
    hsd_cost_table t = square_table(4, islands_min, NULL);
    const hsd_cost_table view = without_self(t);
    hsd_decay decay;
    double out[4];
    assert_int_equal(hsd_decay_parse("none", &decay, NULL), HSD_OK);
    assert_int_equal(hsd_access_gravity(&view, islands_mass, &decay, 0, out, NULL), HSD_OK);
    assert_all_near(out, (double[]){4, 2, 0, 6}, 4, 0);
    hsd_cost_table_finish(&t);
}

static void check_refused(hsd_status status, hsd_status expected, const hsd_error *err,
                          const char *words) {
    assert_int_equal(status, expected);
    if (!strstr(err->message, words)) fail_msg("\"%s\" lacks \"%s\"", err->message, words);
}

static void a_power_of_no_time_is_refused_unless_there_is_a_floor(void **state) {
    (void)state;
    const char *const ids[] = {"p", "q", "r", "s"};
    hsd_cost_table t = square_table(4, islands_min, ids);
    hsd_error err;
    double out[4];
    check_refused(hsd_access_potential(&t, islands_mass, 1, 0, out, &err), HSD_E_ARGUMENT, &err,
                  "from \"s\" to \"s\" the cost is 0");
    assert_int_equal(hsd_access_potential(&t, islands_mass, 1, 5, out, &err), HSD_OK);
    assert_near(out[3], 2 / 10.0 + 1 / 20.0 + 3 / 30.0 + 4 / 5.0, 1e-15);
    hsd_decay decay;
    assert_int_equal(hsd_decay_parse("scaled:1:-1:0", &decay, NULL), HSD_OK);
    check_refused(hsd_access_gravity(&t, islands_mass, &decay, 0, out, &err), HSD_E_ARGUMENT, &err,
                  "from \"s\" to \"s\" the cost is 0");
    assert_int_equal(hsd_access_gravity(&t, islands_mass, &decay, 5, out, &err), HSD_OK);
    assert_near(out[3], 2 / 10.0 + 1 / 20.0 + 3 / 30.0 + 4 / 5.0, 1e-15);
    assert_int_equal(hsd_decay_parse("power:1", &decay, NULL), HSD_OK); /* is 1 there */
    assert_int_equal(hsd_access_gravity(&t, islands_mass, &decay, 0, out, &err), HSD_OK);
    assert_near(out[3], 2 / 10.0 + 1 / 20.0 + 3 / 30.0 + 4, 1e-15);
    hsd_cost_table_finish(&t);
}

static void bad_masses_and_parameters_are_refused(void **state) {
    (void)state;
    const char *const ids[] = {"p", "q", "r", "s"};
    hsd_cost_table t = square_table(4, islands_min, ids);
    hsd_error err;
    double out[4];
    const double bad[] = {1, NAN, 1, 1};
    const hsd_lonlat points[] = {{0, 0}, {0, 91}, {1, 0}, {2, 0}};
    hsd_decay decay = {0};
    check_refused(hsd_access_mean_time(&t, bad, HSD_UNREACHED_DROP, 0, out, NULL, &err),
                  HSD_E_FORMAT, &err, "mass of zone \"q\" is nan");
    check_refused(hsd_access_gravity(&t, bad, &decay, 0, out, &err), HSD_E_FORMAT, &err, "\"q\"");
    check_refused(hsd_access_potential(&t, bad, 1, 0, out, &err), HSD_E_FORMAT, &err, "\"q\"");
    check_refused(hsd_access_efficiency(&t, bad, points, points, 100, NULL, out, &err),
                  HSD_E_FORMAT, &err, "\"q\"");
    check_refused(hsd_access_mean_time(&t, NULL, HSD_UNREACHED_CAP, -1, out, NULL, &err),
                  HSD_E_ARGUMENT, &err, "time of what cannot be reached is -1");
    check_refused(hsd_access_gravity(&t, NULL, &decay, NAN, out, &err), HSD_E_ARGUMENT, &err,
                  "floor is nan");
    check_refused(hsd_access_potential(&t, NULL, -1, 0, out, &err), HSD_E_ARGUMENT, &err,
                  "exponent is -1");
    check_refused(hsd_access_efficiency(&t, NULL, points, points, 0, NULL, out, &err),
                  HSD_E_ARGUMENT, &err, "ideal speed is 0");
    check_refused(hsd_access_efficiency(&t, NULL, points, points, 100, NULL, out, &err),
                  HSD_E_FORMAT, &err, "origin \"q\" has no point on the globe (0,91)");
    check_refused(hsd_access_performance(&t, NULL, points, points, 90, 120, out, NULL, &err),
                  HSD_E_FORMAT, &err, "origin \"q\" has no point");
    check_refused(hsd_access_performance(&t, bad, points + 2, points + 2, 90, 0, out, NULL, &err),
                  HSD_E_ARGUMENT, &err, "radius is 0");
    hsd_cost_table_finish(&t);
}

/* On the equator a degree is a pi / 180 = 111.31949079 km: at 111.31949079 km/h an hour. */
static const hsd_lonlat equator[] = {{0, 0}, {1, 0}, {3, 0}, {3.000001, 0}};
static const double DEGREE_KM = 111.31949079327357;

static void efficiency_weighs_detours_by_mass(void **state) {
    (void)state;
    const double minutes[] = {9, 90, 180, FAR, 60, 9, FAR, FAR, FAR, FAR, 9, 1, 180, 120, 1, 9};
    hsd_cost_table t = square_table(4, minutes, NULL);
    const double mass[] = {1, 3, 1, 7};
    double out[4];
    assert_int_equal(hsd_access_efficiency(&t, mass, equator, equator, DEGREE_KM, NULL, out, NULL),
                     HSD_OK);
    /* a: to b 1.5 x 3, to c 1 x 1; b: to a alone, 1; c: d is 11 cm away, left out; d: as a grid */
    assert_near(out[0], 5.5 / 4, 1e-12);
    assert_near(out[1], 1, 1e-12);
    assert_true(isnan(out[2]));
    assert_near(out[3], (1 + 3) / 4.0, 1e-6);
    assert_int_equal(
        hsd_access_efficiency(&t, mass, equator, equator, 2 * DEGREE_KM, NULL, out, NULL), HSD_OK);
    assert_near(out[0], 11 / 4.0, 1e-12); /* twice the speed, half the ideal time */
    hsd_cost_table_finish(&t);
}

static void performance_is_what_is_reached_over_what_is_near(void **state) {
    (void)state;
    const double minutes[] = {9, 90, 180, FAR, 90.001, 9, FAR, FAR, FAR, FAR, 9, 1, FAR, FAR, 1, 9};
    hsd_cost_table t = square_table(4, minutes, NULL);
    const double mass[] = {1, 3, 1, 7};
    double out[4], near[4];
    assert_int_equal(hsd_access_performance(&t, mass, equator, equator, 90, 120, out, near, NULL),
                     HSD_OK);
    assert_all_near(near, (double[]){4, 4, 8, 8}, 4, 0);
    assert_all_near(out, (double[]){100, 75, 100, 100}, 4, 1e-12);
    /* the radius just misses and just takes in a degree; the zone itself aside */
    const hsd_cost_table view = without_self(t);
    assert_int_equal(hsd_access_performance(&view, mass, equator, equator, 90, DEGREE_KM - 1e-6,
                                            out, near, NULL),
                     HSD_OK);
    assert_all_near(near, (double[]){0, 0, 7, 1}, 4, 0);
    assert_all_near(out, (double[]){NAN, NAN, 100, 100}, 4, 1e-12);
    assert_int_equal(hsd_access_performance(&view, mass, equator, equator, 200, DEGREE_KM + 1e-6,
                                            out, NULL, NULL),
                     HSD_OK);
    assert_all_near(out, (double[]){400.0 / 3, 100, 100, 100}, 4, 1e-12); /* more than 100 */
    hsd_cost_table_finish(&t);
}

static void performance_is_by_the_first_cost_alone(void **state) {
    (void)state;
    hsd_cost_pair pairs[] = {{0, 0, {80, 12}}, {0, 1, {100, 1}}};
    hsd_cost_table t = {0};
    double out;
    assert_int_equal(hsd_cost_table_from_pairs(1, 2, pairs, 2, 2, NULL, &t, NULL), HSD_OK);
    assert_int_equal(hsd_access_performance(&t, NULL, equator, equator, 90, 120, &out, NULL, NULL),
                     HSD_OK);
    assert_near(out, 50, 0);
    hsd_cost_table_finish(&t);
}

static void a_failed_allocation_is_said(void **state) {
    (void)state;
    hsd_cost_table t = square_table(4, islands_min, NULL);
    double out[4];
    hsd_status status = HSD_E_MEMORY;
    for (uint64_t n = 1; status; n++) {
        assert_true(n < 10);
        hsd_memory_fail_at(n);
        status = hsd_access_performance(&t, NULL, equator, equator, 90, 120, out, NULL, NULL);
        hsd_memory_fail_at(0);
        assert_true(status == HSD_E_MEMORY || n == 3);
    }
    hsd_cost_table_finish(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weighted_mean_times_and_coefficients_of_the_bridge),
        cmocka_unit_test(plain_mean_times_count_every_target_once),
        cmocka_unit_test(what_cannot_be_reached_is_left_out_or_infinite_or_capped_as_asked),
        cmocka_unit_test(a_place_without_mass_is_not_missed),
        cmocka_unit_test(coefficients_are_relative_to_the_mean_of_what_is_finite),
        cmocka_unit_test(potentials_of_the_bridge_with_and_without_the_city_itself),
        cmocka_unit_test(gravity_on_a_grid_is_that_of_pysal),
        cmocka_unit_test(nothing_within_reach_is_a_potential_of_nothing),
        cmocka_unit_test(a_power_of_no_time_is_refused_unless_there_is_a_floor),
        cmocka_unit_test(bad_masses_and_parameters_are_refused),
        cmocka_unit_test(efficiency_weighs_detours_by_mass),
        cmocka_unit_test(performance_is_what_is_reached_over_what_is_near),
        cmocka_unit_test(performance_is_by_the_first_cost_alone),
        cmocka_unit_test(a_failed_allocation_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
