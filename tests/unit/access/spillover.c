/* Who gains by what is built where: two regions and a zone of none, by hand. */
#include "towns.h"

#include "base/memory.h"

enum { ZONES = 4, REGIONS = 2 };
static const uint32_t region[ZONES] = {0, 0, 1, HSD_NO_ROW};
static const double people[ZONES] = {1, 3, 5, 100};
static const double base[ZONES] = {10, 10, 20, 7};
static const double full[ZONES] = {20, 14, 30, 99};
/* less what lies in region 0, in region 1 */
static const double without[REGIONS * ZONES] = {12, 10, 26, 7, 18, 14, 22, 7};
/* base and region 0 alone, region 1 alone */
static const double only[REGIONS * ZONES] = {16, 14, 21, 7, 12, 10, 24, 7};

static const hsd_spillover plan = {.zone_count = ZONES,
                                   .region_count = REGIONS,
                                   .base = base,
                                   .full = full,
                                   .without = without,
                                   .only = only,
                                   .weights = people,
                                   .region = region};

static void gains_are_means_over_the_people_of_a_region(void **state) {
    (void)state;
    double spill[4], first_in[4], residual[2];
    assert_int_equal(hsd_access_spillover(&plan, spill, first_in, residual, NULL), HSD_OK);
    /* region 0 for itself: (1 * 8 + 3 * 4) / 4, for the other: 4; region 1 for the first: 1/2, for
     * itself: 8 */
    const double last[] = {5, 4, .5, 8};
    /* (6 + 3 * 4) / 4, 1; (2 + 0) / 4, 4 */
    const double first[] = {4.5, 1, .5, 4};
    /* gains of the whole: (10 + 3 * 4) / 4 = 5.5 and 10; less 4.5 + .5 and 1 + 4 */
    const double rest[] = {.5, 5};
    assert_all_near(spill, last, 4, 1e-15);
    assert_all_near(first_in, first, 4, 1e-15);
    assert_all_near(residual, rest, 2, 1e-15);
}

static void without_weights_every_zone_counts_once(void **state) {
    (void)state;
    hsd_spillover in = plan;
    in.weights = NULL;
    in.only = NULL;
    double spill[4], residual[2];
    assert_int_equal(hsd_access_spillover(&in, spill, NULL, residual, NULL), HSD_OK);
    const double last[] = {6, 4, 1, 8}, none[] = {NAN, NAN};
    assert_all_near(spill, last, 4, 1e-15);
    assert_all_near(residual, none, 2, 0);
    assert_int_equal(hsd_access_spillover(&in, spill, NULL, NULL, NULL), HSD_OK);
}

static void a_zone_that_somewhere_has_no_value_is_left_out_of_all(void **state) {
    (void)state;
    hsd_spillover in = plan;
    double holes[REGIONS * ZONES], spill[4], first_in[4], residual[2];
    for (int i = 0; i < REGIONS * ZONES; i++) holes[i] = only[i];
    holes[ZONES] = NAN; /* zone 0 with region 1 alone */
    in.only = holes;
    assert_int_equal(hsd_access_spillover(&in, spill, first_in, residual, NULL), HSD_OK);
    const double last[] = {4, 4, 0, 8}, first[] = {4, 1, 0, 4}, rest[] = {0, 5};
    assert_all_near(spill, last, 4, 1e-15);
    assert_all_near(first_in, first, 4, 1e-15);
    assert_all_near(residual, rest, 2, 1e-15);
    /* and a region that is left with nobody has no gain */
    holes[1] = INFINITY;
    const double gone[] = {NAN, 4, NAN, 8};
    assert_int_equal(hsd_access_spillover(&in, spill, NULL, NULL, NULL), HSD_OK);
    assert_all_near(spill, gone, 4, 1e-15);
}

static void what_is_not_there_is_refused(void **state) {
    (void)state;
    hsd_spillover in = plan;
    const uint32_t wrong[] = {0, 0, 2, 0};
    double spill[4], first_in[4];
    hsd_error err = {0};
    in.region = wrong;
    assert_int_equal(hsd_access_spillover(&in, spill, NULL, NULL, &err), HSD_E_ARGUMENT);
    assert_string_equal(err.message, "zone number 3: region 2; there are 2");
    in = plan;
    in.only = NULL;
    assert_int_equal(hsd_access_spillover(&in, spill, first_in, NULL, &err), HSD_E_ARGUMENT);
    const double less[] = {1, -1, 1, 1};
    in = plan;
    in.weights = less;
    assert_int_equal(hsd_access_spillover(&in, spill, NULL, NULL, &err), HSD_E_FORMAT);
}

static void a_failed_allocation_is_said_and_nothing_leaks(void **state) {
    (void)state;
    for (uint64_t n = 1;; n++) {
        double spill[4], first_in[4], residual[2];
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        const hsd_status status = hsd_access_spillover(&plan, spill, first_in, residual, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_in_range(n, 1, 3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gains_are_means_over_the_people_of_a_region),
        cmocka_unit_test(without_weights_every_zone_counts_once),
        cmocka_unit_test(a_zone_that_somewhere_has_no_value_is_left_out_of_all),
        cmocka_unit_test(what_is_not_there_is_refused),
        cmocka_unit_test(a_failed_allocation_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
