/* Floating catchment areas: the numbers of R's packages accessibility and fca and of PySAL access,
 * and towns of two or three places worked by hand. */
#include "towns.h"

#include "base/memory.h"

/* targets a row; FAR: no way. */
static hsd_cost_table oblong_table(size_t origins, size_t targets, const double *costs) {
    hsd_cost_pair pairs[64];
    assert_true(origins * targets <= 64);
    for (uint32_t c = 0; c < origins * targets; c++)
        pairs[c] = (hsd_cost_pair){c / (uint32_t)targets, c % (uint32_t)targets, {costs[c]}};
    hsd_cost_table table = {0};
    assert_int_equal(hsd_cost_table_from_pairs(origins, targets, pairs, origins * targets, 1, NULL,
                                               &table, NULL),
                     HSD_OK);
    return table;
}

static hsd_catchment_options options_of(hsd_catchment_kind kind, const char *decay) {
    hsd_catchment_options o = {.kind = kind};
    assert_int_equal(hsd_decay_parse(decay, &o.decay, NULL), HSD_OK);
    return o;
}

/* expected: of origins; crowdedness: of targets. Finishes the table. */
static double expect(hsd_cost_table table, hsd_catchment_options options, const double *supply,
                     const double *demand, const double *expected, double tolerance) {
    double out[64], unserved = -1;
    hsd_error err = {0};
    if (hsd_access_catchment(&table, &options, supply, demand, out, &unserved, &err))
        fail_msg("%s", err.message);
    assert_all_near(out, expected,
                    options.kind == HSD_CATCHMENT_I2SFCA ? table.target_count : table.origin_count,
                    tolerance);
    hsd_cost_table_finish(&table);
    return unserved;
}

static void five_cells_are_as_published(void **state) {
    (void)state;
    const hsd_catchment_options two = options_of(HSD_CATCHMENT_2SFCA, "binary:45"),
                                balanced = options_of(HSD_CATCHMENT_BFCA, "binary:45"),
                                all = options_of(HSD_CATCHMENT_2SFCA, "none");
    const double a = .14910111549202681, b = .19934446846897635, every = 599. / 5404;
    assert_near(every, .1108, 5e-5);
    const double of_two[] = {.015173945225758698, a, a, .10678202958428243, 0},
                 of_balanced[] = {.009436495454371092, b, b, .11470629665348755, 0},
                 of_all[] = {every, every, every, every, every};
    assert_near(expect(cells(), two, cell_jobs, cell_people, of_two, 1e-15), 0, 0);
    assert_near(expect(cells(), balanced, cell_jobs, cell_people, of_balanced, 1e-15), 0, 0);
    assert_near(expect(cells(), all, cell_jobs, cell_people, of_all, 1e-15), 0, 0);
}

/* PySAL access, its hospitals: minutes between the two towns, from them to the third, and back. */
static hsd_cost_table hospitals(double inbound, double outbound, double cross) {
    const double minutes[] = {1, cross, inbound, cross, 1, inbound, outbound, outbound, 1};
    return square_table(3, minutes, NULL);
}

static void hospitals_are_as_pysal_has_them(void **state) {
    (void)state;
    static const double people[] = {100, 50, 10}, doctors[] = {15, 20, 100};
    static const struct {
        double inbound, outbound, cross, two[3], three[3];
    } rows[] = {
        {40, 40, 80, {.331444117, .579828132, 7.286418170}, {.156256588, .406216452, 9.906351855}},
        {20, 40, 80, {.435340221, .683724236, 5.727976611}, {.173813543, .423772440, 9.643002370}},
        {40, 20, 80, {.331071913, .577857786, 7.299991939}, {.156525927, .406372741, 9.902877021}},
        {20, 20, 40, {.442568395, .666758280, 5.740524646}, {.174802148, .424035509, 9.631800976}},
    };
    hsd_catchment_options two = options_of(HSD_CATCHMENT_2SFCA, "power:1"),
                          three = options_of(HSD_CATCHMENT_3SFCA, "power:1");
    two.max_cost = three.max_cost = 61;
    three.choice_before_cutoff = true;
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        expect(hospitals(rows[k].inbound, rows[k].outbound, rows[k].cross), two, doctors, people,
               rows[k].two, 5e-10);
        expect(hospitals(rows[k].inbound, rows[k].outbound, rows[k].cross), three, doctors, people,
               rows[k].three, 5e-10);
    }
}

static void a_choice_is_among_what_is_within_unless_said_otherwise(void **state) {
    (void)state;
    /* one place of one person, targets at 1 and 9, cut off at 5, all decays 1: it chooses the first
     * for certain, or one time in two. Supply 6 for one person who comes G times, G of it each. */
    const double minutes[] = {1, 9}, supply[] = {6, 100}, one[] = {1};
    /* two people at two places, so that the share shows: the second place has the first target
     * alone, within 5. Certain: 6 / 2 each. One time in two: pressure 1/2 + 1, 6 / 1.5 = 4; 2
     * and 4. */
    const double two_places[] = {1, 9, 1, FAR}, people[] = {1, 1};
    hsd_catchment_options o = options_of(HSD_CATCHMENT_3SFCA, "none");
    o.max_cost = 5;
    const double six[] = {6}, three[] = {3, 3}, parted[] = {2, 4};
    assert_near(expect(oblong_table(1, 2, minutes), o, supply, one, six, 1e-15), 100, 0);
    expect(oblong_table(2, 2, two_places), o, supply, people, three, 1e-15);
    o.choice_before_cutoff = true;
    expect(oblong_table(2, 2, two_places), o, supply, people, parted, 1e-15);
}

/* R's fca: places of 1 to 4 people, supplies of 1 to 6, weights 1 to 24 place by place. */
static void weights_one_to_twenty_four_are_as_fca_has_them(void **state) {
    (void)state;
    double weights[24];
    for (int i = 0; i < 24; i++) weights[i] = i + 1;
    static const double people[] = {1, 2, 3, 4}, supply[] = {1, 2, 3, 4, 5, 6};
    static const double two[] = {2.1, 2.1, 2.1, 2.1},
                        three[] = {.6686168, 1.3565093, 2.0921208, 2.8355005},
                        modified[] = {9.617634, 21.717421, 34.325798, 47.032856};
    expect(oblong_table(4, 6, weights), options_of(HSD_CATCHMENT_2SFCA, "none"), supply, people,
           two, 1e-14);
    expect(oblong_table(4, 6, weights), options_of(HSD_CATCHMENT_3SFCA, "value"), supply, people,
           three, 5e-8);
    expect(oblong_table(4, 6, weights), options_of(HSD_CATCHMENT_MH3SFCA, "value"), supply, people,
           modified, 5e-7);
}

static void the_example_of_fca_is_as_printed(void **state) {
    (void)state;
    static const double minutes[] = {
        8.627326,  28.705000, 26.686179, 23.64915,  13.60002,  20.78410,  12.26931, 20.32712,
        19.21520,  26.49052,  17.17900,  29.82809,  28.21402,  3.08774,   19.67117, 1.366695,
        26.994749, 21.255914, 15.843165, 7.382632,  16.321981, 26.772571, 1.261786, 17.824261,
        16.543050, 9.837622,  8.674792,  13.698442, 28.635109, 4.413409};
    static const double people[] = {100, 200, 50, 100, 500, 50, 100, 100, 50, 500};
    static const double supply[] = {1000, 200, 500};
    static const double expected[] = {3.97260949, .03678999, 1.46747735, .01079342, .28782748,
                                      9.11410451, .19596873, .31194607,  .37539987, 1.10349481};
    expect(oblong_table(10, 3, minutes), options_of(HSD_CATCHMENT_3SFCA, "gaussian_to:20:0.01"),
           supply, people, expected, 2e-6); /* minutes are printed to 5 or 6 decimals */
}

static void modified_two_steps_weigh_twice(void **state) {
    (void)state;
    /* 10 for two people, weighed 1/2 and 1: 10 / 1.5, times 1/4 and 1 */
    const double weights[] = {.5, 1}, supply[] = {10}, people[] = {1, 1};
    const double expected[] = {2.5 / 1.5, 10 / 1.5};
    expect(oblong_table(2, 1, weights), options_of(HSD_CATCHMENT_M2SFCA, "value"), supply, people,
           expected, 1e-15);
}

static void crowdedness_is_demand_per_supply(void **state) {
    (void)state;
    /* 10 people see 1 + 3/2 of supply, 20 see 2 + 3: 4 and 4 a unit */
    const double weights[] = {1, .5, 2, 1}, supply[] = {1, 3}, people[] = {10, 20};
    const double expected[] = {4 + 8, 2 + 4};
    expect(oblong_table(2, 2, weights), options_of(HSD_CATCHMENT_I2SFCA, "value"), supply, people,
           expected, 1e-14);
}

static void enhanced_zones_weigh_by_step(void **state) {
    (void)state;
    /* 1, 0.68 and 0.22 up to 10, 20 and 30 minutes: 19 / (1 * 1 + 1 * .68 + 1 * .22) = 10 */
    const double minutes[] = {10, 20, 30, 31}, supply[] = {19}, people[] = {1, 1, 1, 5};
    const double expected[] = {10, 6.8, 2.2, 0};
    expect(oblong_table(4, 1, minutes),
           options_of(HSD_CATCHMENT_2SFCA, "steps_to:10=1:20=0.68:30=0.22"), supply, people,
           expected, 1e-14);
}

static void a_limit_is_inclusive_and_below_zero_nothing_is_within(void **state) {
    (void)state;
    /* PySAL's grid: five supplies of 5 for five people of 1 each, a place apart */
    double minutes[25], ones[5], fives[5], five[5], one[5], none[5];
    for (int i = 0; i < 25; i++) minutes[i] = fabs((double)(i / 5 - i % 5));
    for (int i = 0; i < 5; i++) {
        ones[i] = 1;
        fives[i] = five[i] = 5;
        one[i] = 1;
        none[i] = NAN;
    }
    hsd_catchment_options o = options_of(HSD_CATCHMENT_2SFCA, "none");
    assert_near(expect(oblong_table(5, 5, minutes), o, fives, ones, five, 1e-14), 0, 0);
    o.max_cost = .9;
    expect(oblong_table(5, 5, minutes), o, ones, ones, one, 0);
    o.max_cost = 4;
    expect(oblong_table(5, 5, minutes), o, fives, ones, five, 1e-14);
    o.max_cost = -1;
    assert_near(expect(oblong_table(5, 5, minutes), o, fives, ones, none, 0), 25, 0);
    o.kind = HSD_CATCHMENT_I2SFCA;
    expect(oblong_table(5, 5, minutes), o, fives, ones, none, 0);
    /* at 3.9 the ends do not meet: 5/4 of the outer two, 1 of the inner three */
    o.kind = HSD_CATCHMENT_2SFCA;
    o.max_cost = 3.9;
    const double ends[] = {1.25 + 3, 2.5 + 3, 2.5 + 3, 2.5 + 3, 1.25 + 3};
    expect(oblong_table(5, 5, minutes), o, fives, ones, ends, 1e-14);
}

static void supply_that_nobody_has_within_counts_for_nobody(void **state) {
    (void)state;
    /* the first place is empty, the second cannot get to the second target, the third nowhere */
    const double minutes[] = {5, 5, 5, FAR, FAR, FAR}, supply[] = {6, 7}, people[] = {0, 2, 1};
    static const hsd_catchment_kind kinds[] = {HSD_CATCHMENT_2SFCA, HSD_CATCHMENT_3SFCA,
                                               HSD_CATCHMENT_M2SFCA, HSD_CATCHMENT_MH3SFCA,
                                               HSD_CATCHMENT_BFCA};
    /* who would come to the empty place has its part of the first target. In 3SFCA it chooses that
     * with 1/2, in MH3SFCA with 6/13; in BFCA half of the first target's weight is its own, and the
     * other half the other's */
    static const double expected[][3] = {
        {3, 3, 0}, {1.5, 3, 0}, {3, 3, 0}, {3 * 6. / 13, 3, 0}, {1.5, 1.5, 0}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        assert_near(expect(oblong_table(3, 2, minutes), options_of(kinds[k], "none"), supply,
                           people, expected[k], 1e-15),
                    7, 0);
}

static void a_zone_itself_is_passed_over_where_asked(void **state) {
    (void)state;
    const double minutes[] = {1, 9, 9, 1}, supply[] = {6, 8}, people[] = {2, 4};
    const double with[] = {14. / 6, 14. / 6}, without[] = {8. / 2, 6. / 4};
    hsd_cost_table table = square_table(2, minutes, NULL);
    expect(table, options_of(HSD_CATCHMENT_2SFCA, "none"), supply, people, with, 1e-15);
    table = square_table(2, minutes, NULL);
    table.skip_self = true;
    expect(table, options_of(HSD_CATCHMENT_2SFCA, "none"), supply, people, without, 1e-15);
}

static void what_is_not_a_mass_or_a_weight_is_refused(void **state) {
    (void)state;
    hsd_cost_table table = cells();
    double out[5], bad[] = {1, 2, -3, 4, 5};
    hsd_catchment_options o = options_of(HSD_CATCHMENT_2SFCA, "none");
    hsd_error err = {0};
    assert_int_equal(hsd_access_catchment(&table, &o, bad, cell_people, out, NULL, &err),
                     HSD_E_FORMAT);
    assert_string_equal(
        err.message, "supply of zone \"89a88cdb5b3ffff\" is -3, expected a number of at least 0");
    bad[2] = NAN;
    assert_int_equal(hsd_access_catchment(&table, &o, cell_jobs, bad, out, NULL, &err),
                     HSD_E_FORMAT);
    o.max_cost = NAN;
    assert_int_equal(hsd_access_catchment(&table, &o, cell_jobs, cell_people, out, NULL, &err),
                     HSD_E_ARGUMENT);
    hsd_cost_table_finish(&table);
    const double minutes[] = {0, 1, 1, 0};
    table = square_table(2, minutes, NULL);
    o = options_of(HSD_CATCHMENT_2SFCA, "scaled:60:-1:0");
    assert_int_equal(hsd_access_catchment(&table, &o, cell_jobs, cell_people, out, NULL, &err),
                     HSD_E_ARGUMENT);
    assert_string_equal(err.message, "the decay of number 1 to number 1, at 0, is inf: expected a "
                                     "finite weight, >= 0");
    hsd_cost_table_finish(&table);
}

static void a_failed_allocation_is_said_and_nothing_leaks(void **state) {
    (void)state;
    hsd_cost_table table = cells();
    const hsd_catchment_options o = options_of(HSD_CATCHMENT_BFCA, "none");
    for (uint64_t n = 1;; n++) {
        double out[5], unserved;
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        const hsd_status status =
            hsd_access_catchment(&table, &o, cell_jobs, cell_people, out, &unserved, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_in_range(n, 1, 4);
    }
    hsd_cost_table_finish(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_cells_are_as_published),
        cmocka_unit_test(hospitals_are_as_pysal_has_them),
        cmocka_unit_test(a_choice_is_among_what_is_within_unless_said_otherwise),
        cmocka_unit_test(weights_one_to_twenty_four_are_as_fca_has_them),
        cmocka_unit_test(the_example_of_fca_is_as_printed),
        cmocka_unit_test(modified_two_steps_weigh_twice),
        cmocka_unit_test(crowdedness_is_demand_per_supply),
        cmocka_unit_test(enhanced_zones_weigh_by_step),
        cmocka_unit_test(a_limit_is_inclusive_and_below_zero_nothing_is_within),
        cmocka_unit_test(supply_that_nobody_has_within_counts_for_nobody),
        cmocka_unit_test(a_zone_itself_is_passed_over_where_asked),
        cmocka_unit_test(what_is_not_a_mass_or_a_weight_is_refused),
        cmocka_unit_test(a_failed_allocation_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
