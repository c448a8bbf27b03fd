/* Opportunities shared out without rest: the toy of Soukhov and others, five cells as R's package
 * accessibility has them, flows of three zones balanced apart, and what cannot be balanced. */
#include "towns.h"

#include "base/memory.h"

static hsd_decay decay_of(const char *text) {
    hsd_decay decay;
    assert_int_equal(hsd_decay_parse(text, &decay, NULL), HSD_OK);
    return decay;
}

static double sum(const double *values, size_t count) {
    double all = 0;
    for (size_t i = 0; i < count; i++) all += values[i];
    return all;
}

static const double toy_minutes[] = {15, 30, 100, 30, 15, 100, 100, 100, 15};
static const double toy_people[] = {50000, 150000, 10000}, toy_jobs[] = {100000, 100000, 10000};

static void the_toy_of_the_paper_comes_out(void **state) {
    (void)state;
    hsd_cost_table table = square_table(3, toy_minutes, NULL);
    const hsd_decay decay = decay_of("exponential:0.1");
    static const double expected[] = {66833.46577090456, 133203.36286390296, 9963.17136519247};
    double out[3], unserved = -1;
    for (int as_r = 0; as_r < 2; as_r++) {
        assert_int_equal(hsd_access_availability(&table, &decay, 1, as_r, toy_jobs, toy_people, out,
                                                 &unserved, NULL),
                         HSD_OK);
        assert_all_near(out, expected, 3, 1e-9);
        assert_near(unserved, 0, 0);
    }
    hsd_cost_table_finish(&table);
}

static void five_cells_are_as_published(void **state) {
    (void)state;
    hsd_cost_table table = cells();
    const hsd_decay all = decay_of("none");
    static const double expected[] = {94.438934, 43.672465, 218.251480, 242.637121, 0};
    double out[5];
    assert_int_equal(
        hsd_access_availability(&table, &all, 1, true, cell_jobs, cell_people, out, NULL, NULL),
        HSD_OK);
    assert_all_near(out, expected, 5, 5e-7);
    assert_near(sum(out, 5), 599, 1e-12);
    /* alpha 0: everybody the same, empty places too */
    assert_int_equal(
        hsd_access_availability(&table, &all, 0, false, cell_jobs, cell_people, out, NULL, NULL),
        HSD_OK);
    for (int i = 0; i < 5; i++) assert_near(out[i], 599 / 5., 1e-12);
    hsd_cost_table_finish(&table);
}

static void what_only_empty_places_reach_is_nobodys_or_as_in_r(void **state) {
    (void)state;
    /* the first place is empty and alone has a way to the second target; the third has none to it
     */
    const double minutes[] = {5, 5, 9, 5, FAR, FAR, FAR, FAR, FAR};
    const double jobs[] = {6, 7, 3}, people[] = {0, 2, 4};
    hsd_cost_table table = square_table(3, minutes, NULL);
    const hsd_decay all = decay_of("none");
    const double shared[] = {0, 6, 0}, as_r[] = {NAN, 6, 0};
    double out[3], unserved;
    assert_int_equal(
        hsd_access_availability(&table, &all, 1, false, jobs, people, out, &unserved, NULL),
        HSD_OK);
    assert_all_near(out, shared, 3, 0);
    assert_near(unserved, 10, 0);
    assert_int_equal(
        hsd_access_availability(&table, &all, 1, true, jobs, people, out, &unserved, NULL), HSD_OK);
    assert_all_near(out, as_r, 3, 0);
    hsd_error err = {0};
    assert_int_equal(hsd_access_availability(&table, &all, -1, true, jobs, people, out, NULL, &err),
                     HSD_E_ARGUMENT);
    assert_string_equal(err.message, "alpha is -1, expected a finite number of at least 0");
    hsd_cost_table_finish(&table);
}

static const double three_minutes[] = {10, 30, 15, 30, 10, 25, 15, 25, 10};
static const double three_people[] = {4, 10, 6}, three_jobs[] = {160, 150, 180};

static void constrained_measures_keep_their_totals(void **state) {
    (void)state;
    hsd_cost_table table = square_table(3, three_minutes, NULL), passive;
    assert_int_equal(hsd_cost_table_transpose(&table, &passive, NULL), HSD_OK);
    const hsd_decay decay = decay_of("exponential:0.1");
    static const struct {
        bool passive, singly;
        double expected[3];
    } rows[] = {
        {false, false, {174.725141, 127.850987, 187.423872}},
        {false, true, {118.981498, 188.026771, 182.991731}},
        {true, false, {5.704100, 7.535738, 6.760162}},
        {true, true, {5.108350, 8.008817, 6.882833}},
    };
    double out[3];
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        const double *mass = rows[k].passive ? three_people : three_jobs,
                     *demand = rows[k].passive ? three_jobs : three_people;
        assert_int_equal(hsd_access_constrained(rows[k].passive ? &passive : &table, &decay, mass,
                                                rows[k].singly ? demand : NULL, 0, out, NULL),
                         HSD_OK);
        assert_all_near(out, rows[k].expected, 3, 5e-7);
        assert_near(sum(out, 3), rows[k].passive ? 20 : 490, 1e-12);
    }
    /* a total of its own: twice the masses */
    assert_int_equal(hsd_access_constrained(&table, &decay, three_jobs, NULL, 980, out, NULL),
                     HSD_OK);
    assert_near(out[0], 2 * 174.725141, 1e-6);
    hsd_cost_table_finish(&passive);
    hsd_cost_table_finish(&table);
}

static void a_total_that_nobody_can_share_is_not_defined(void **state) {
    (void)state;
    const double minutes[] = {FAR, FAR, FAR, FAR}, jobs[] = {1, 2};
    hsd_cost_table table = square_table(2, minutes, NULL);
    const hsd_decay all = decay_of("none");
    const double none[] = {NAN, NAN};
    double out[2];
    assert_int_equal(hsd_access_constrained(&table, &all, jobs, NULL, 0, out, NULL), HSD_OK);
    assert_all_near(out, none, 2, 0);
    hsd_cost_table_finish(&table);
}

static void flows_of_three_zones_balance(void **state) {
    (void)state;
    hsd_cost_table table = square_table(3, three_minutes, NULL);
    const hsd_decay decay = decay_of("power:3");
    static const double jobs[] = {7, 5, 8};
    static const double expected[] = {3.234468, .010310,  .755222, 2.134302, 4.959367,
                                      2.906331, 1.631230, .030323, 4.338447};
    double flows[9];
    assert_int_equal(hsd_access_doubly(&table, &decay, jobs, three_people, 0, flows, NULL), HSD_OK);
    assert_all_near(flows, expected, 9, 5e-7);
    for (int i = 0; i < 3; i++) {
        assert_near(flows[3 * i] + flows[3 * i + 1] + flows[3 * i + 2], three_people[i], 2e-8);
        assert_near(flows[i] + flows[3 + i] + flows[6 + i], jobs[i], 1e-12);
    }
    /* ends sooner where it may: no row off by more, columns exact */
    assert_int_equal(hsd_access_doubly(&table, &decay, jobs, three_people, .1, flows, NULL),
                     HSD_OK);
    double off = 0;
    for (int i = 0; i < 3; i++)
        off = fmax(off, fabs(sum(flows + 3 * (size_t)i, 3) - three_people[i]));
    assert_true(off <= .1 && off > 1e-6);
    hsd_cost_table_finish(&table);
}

static void flows_go_where_rows_say_not_columns(void **state) {
    (void)state;
    /* all ways lead from the first zone to the second and back; no self pairs, nothing symmetric */
    const double minutes[] = {FAR, 1, 2, 5, FAR, 1, 1, 7, FAR};
    const double people[] = {10, 20, 30}, jobs[] = {25, 15, 20};
    hsd_cost_table table = square_table(3, minutes, NULL);
    const hsd_decay decay = decay_of("exponential:0.2");
    double flows[6];
    assert_int_equal(hsd_access_doubly(&table, &decay, jobs, people, 0, flows, NULL), HSD_OK);
    /* pairs: 1-2, 1-3, 2-1, 2-3, 3-1, 3-2 */
    assert_near(flows[0] + flows[1], 10, 1e-7);
    assert_near(flows[2] + flows[3], 20, 1e-7);
    assert_near(flows[4] + flows[5], 30, 1e-7);
    assert_near(flows[2] + flows[4], 25, 1e-7);
    assert_near(flows[0] + flows[5], 15, 1e-7);
    assert_near(flows[1] + flows[3], 20, 1e-7);
    /* the cross ratio of the one circuit is that of the decay: t 1 + 1 + 1 against 2 + 5 + 7 */
    assert_near(log(flows[0] * flows[3] * flows[4] / (flows[1] * flows[2] * flows[5])),
                -.2 * (1 + 1 + 1 - 2 - 5 - 7), 1e-6);
    hsd_cost_table_finish(&table);
}

static void what_cannot_balance_is_refused(void **state) {
    (void)state;
    static const char *const ids[] = {"a", "b"};
    const hsd_decay all = decay_of("none");
    double flows[4];
    hsd_error err = {0};
    const double near[] = {1, 1, 1, 1}, minutes[] = {1, 1, FAR, 1}, cut[] = {1, 1, FAR, FAR},
                 lone[] = {1, FAR, 1, FAR};
    const double five[] = {5, 5}, six[] = {6, 5}, much[] = {9, 1}, little[] = {1, 9};
    hsd_cost_table table = square_table(2, near, ids);
    assert_int_equal(hsd_access_doubly(&table, &all, six, five, 0, flows, &err), HSD_E_FORMAT);
    assert_string_equal(err.message,
                        "demand adds up to 10 and mass to 11: expected the same total");
    /* a part in a million and a half is too much, half of one is not */
    const double over[] = {5 * (1 + 1.5e-6), 5 * (1 + 1.5e-6)},
                 just[] = {5 * (1 + .5e-6), 5 * (1 + .5e-6)};
    assert_int_equal(hsd_access_doubly(&table, &all, over, five, 0, flows, &err), HSD_E_FORMAT);
    assert_int_equal(hsd_access_doubly(&table, &all, just, five, 0, flows, &err), HSD_OK);
    hsd_cost_table_finish(&table);
    table = square_table(2, minutes, ids);
    /* b goes to b alone, where nine want to go and one may */
    assert_int_equal(hsd_access_doubly(&table, &all, much, little, 0, flows, &err), HSD_E_FORMAT);
    assert_string_equal(err.message,
                        "flows do not balance in 10000 turns, least at origin \"b\": its "
                        "ways lead to too little mass, or to too much");
    hsd_cost_table_finish(&table);
    table = square_table(2, cut, ids);
    assert_int_equal(hsd_access_doubly(&table, &all, five, five, 0, flows, &err), HSD_E_FORMAT);
    assert_string_equal(err.message,
                        "origin \"b\": demand 5, but no way to any mass; flows cannot balance");
    hsd_cost_table_finish(&table);
    table = square_table(2, lone, ids);
    assert_int_equal(hsd_access_doubly(&table, &all, five, five, 0, flows, &err), HSD_E_FORMAT);
    assert_string_equal(err.message,
                        "target \"b\": mass 5, but no way from any demand; flows cannot balance");
    hsd_cost_table_finish(&table);
}

static void nothing_to_move_is_balanced(void **state) {
    (void)state;
    const double minutes[] = {1, 1, 1, 1}, none[] = {0, 0}, some[] = {0, 3}, other[] = {3, 0};
    hsd_cost_table table = square_table(2, minutes, NULL);
    const hsd_decay all = decay_of("none");
    double flows[4] = {9, 9, 9, 9};
    const double zero[] = {0, 0, 0, 0}, one_way[] = {0, 0, 3, 0};
    assert_int_equal(hsd_access_doubly(&table, &all, none, none, 0, flows, NULL), HSD_OK);
    assert_all_near(flows, zero, 4, 0);
    assert_int_equal(hsd_access_doubly(&table, &all, other, some, 0, flows, NULL), HSD_OK);
    assert_all_near(flows, one_way, 4, 1e-15);
    hsd_cost_table_finish(&table);
}

static hsd_status one_of(int which, const hsd_cost_table *table, hsd_error *err) {
    const hsd_decay all = decay_of("none");
    double out[5], flows[25];
    switch (which) {
    case 0:
        return hsd_access_availability(table, &all, 1, true, cell_jobs, cell_people, out, NULL,
                                       err);
    case 1:
        return hsd_access_constrained(table, &all, cell_jobs, NULL, 0, out, err);
    default:
        return hsd_access_doubly(table, &all, cell_people, cell_people, 0, flows, err);
    }
}

static void a_failed_allocation_is_said_and_nothing_leaks(void **state) {
    (void)state;
    hsd_cost_table table = cells();
    for (int which = 0; which < 3; which++)
        for (uint64_t n = 1;; n++) {
            hsd_error err = {0};
            hsd_memory_fail_at(n);
            const hsd_status status = one_of(which, &table, &err);
            hsd_memory_fail_at(0);
            if (status == HSD_OK) break;
            assert_int_equal(status, HSD_E_MEMORY);
            assert_in_range(n, 1, 4);
        }
    hsd_cost_table_finish(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_toy_of_the_paper_comes_out),
        cmocka_unit_test(five_cells_are_as_published),
        cmocka_unit_test(what_only_empty_places_reach_is_nobodys_or_as_in_r),
        cmocka_unit_test(constrained_measures_keep_their_totals),
        cmocka_unit_test(a_total_that_nobody_can_share_is_not_defined),
        cmocka_unit_test(flows_of_three_zones_balance),
        cmocka_unit_test(flows_go_where_rows_say_not_columns),
        cmocka_unit_test(what_cannot_balance_is_refused),
        cmocka_unit_test(nothing_to_move_is_balanced),
        cmocka_unit_test(a_failed_allocation_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
