/* Sets of zones: agreement with an official list, enclaves and exclaves, all by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "hourshed/access.h"

static void agreement_counts_both_sides(void **state) {
    (void)state;
    /* in both: 0, 1; the model alone: 2; the list alone: 3, 4, 5; in neither: 6 */
    static const uint8_t model[] = {1, 1, 1, 0, 0, 0, 0}, official[] = {1, 1, 0, 1, 1, 1, 0};
    static const double km2[] = {10, 30, 20, 1, 2, 37, 900};
    const hsd_agreement a = hsd_members_compare(model, official, 7);
    assert_int_equal(a.both, 2);
    assert_int_equal(a.model_only, 1);
    assert_int_equal(a.official_only, 3);
    assert_true(a.jaccard == 2.0 / 6 && a.recall == 2.0 / 5 && a.precision == 2.0 / 3);
    const hsd_agreement_by b = hsd_members_compare_by(model, official, km2, 7);
    assert_true(b.both == 40 && b.model_only == 20 && b.official_only == 40);
    assert_true(b.jaccard == 0.4 && b.recall == 0.5 && b.precision == 40.0 / 60);
}

static void agreement_of_nothing_is_not_a_number(void **state) {
    (void)state;
    static const uint8_t none[3] = {0}, some[] = {0, 1, 0};
    static const double nobody[3] = {0};
    hsd_agreement a = hsd_members_compare(none, none, 3);
    assert_true(isnan(a.jaccard) && isnan(a.recall) && isnan(a.precision));
    a = hsd_members_compare(none, some, 3);
    assert_true(a.jaccard == 0 && a.recall == 0 && isnan(a.precision));
    const hsd_agreement_by b = hsd_members_compare_by(some, some, nobody, 3);
    assert_true(isnan(b.jaccard) && b.both == 0);
}

/* Squares side by side in rows of four, numbered from 0; on the border: all but 5, 6, 9, 10. */
enum { SIDE = 4, SQUARES = SIDE * SIDE, PAIRS = 2 * SIDE * (SIDE - 1) };
typedef struct board {
    uint32_t pairs[PAIRS][2];
    uint8_t border[SQUARES], core[SQUARES];
} board;

static board make_board(void) {
    board b = {0};
    size_t n = 0;
    for (uint32_t i = 0; i < SQUARES; i++) {
        const uint32_t x = i % SIDE, y = i / SIDE;
        if (x + 1 < SIDE) {
            b.pairs[n][0] = i;
            b.pairs[n++][1] = i + 1;
        }
        if (y + 1 < SIDE) { /* the other way round, too: pairs have no order */
            b.pairs[n][0] = i + SIDE;
            b.pairs[n++][1] = i;
        }
        b.border[i] = x == 0 || y == 0 || x + 1 == SIDE || y + 1 == SIDE;
    }
    b.core[0] = 1;
    return b;
}

static void tidy(const board *b, const char *before, bool fill, bool drop, const char *after) {
    uint8_t members[SQUARES];
    char found[SQUARES + 1] = "";
    for (int i = 0; i < SQUARES; i++) members[i] = before[i] == 'x';
    assert_int_equal(
        hsd_members_tidy(members, SQUARES, b->pairs, PAIRS, b->core, b->border, fill, drop, NULL),
        HSD_OK);
    for (int i = 0; i < SQUARES; i++) found[i] = members[i] ? 'x' : '.';
    assert_string_equal(found, after);
}

static void an_enclave_is_filled(void **state) {
    (void)state;
    const board b = make_board();
    tidy(&b,
         "xxxx"
         "x..x"
         "xxxx"
         "....",
         true, false,
         "xxxx"
         "xxxx"
         "xxxx"
         "....");
    tidy(&b,
         "xxxx"
         "x..x"
         "xxxx"
         "....",
         false, true,
         "xxxx"
         "x..x"
         "xxxx"
         "....");
}

static void what_has_a_way_out_is_no_enclave(void **state) {
    (void)state;
    const board b = make_board();
    /* out at a side; by a corner there is no way: 9 touches 4 and 12 by corners alone */
    tidy(&b,
         "xxxx"
         "x..."
         "xxxx"
         "....",
         true, true,
         "xxxx"
         "x..."
         "xxxx"
         "....");
    tidy(&b,
         "xxxx"
         "xxxx"
         "x.xx"
         ".xxx",
         true, true,
         "xxxx"
         "xxxx"
         "xxxx"
         ".xxx");
}

static void an_exclave_is_dropped(void **state) {
    (void)state;
    const board b = make_board();
    tidy(&b,
         "xx.."
         "...."
         "..xx"
         "..xx",
         true, true,
         "xx.."
         "...."
         "...."
         "....");
    tidy(&b,
         "xx.."
         "...."
         "..xx"
         "..xx",
         true, false,
         "xx.."
         "...."
         "..xx"
         "..xx");
    /* by a corner they are not connected */
    tidy(&b,
         "xx.."
         "..x."
         "...."
         "....",
         true, true,
         "xx.."
         "...."
         "...."
         "....");
}

static void a_chain_holds_together(void **state) {
    (void)state;
    const board b = make_board();
    tidy(&b,
         "xxx."
         "..x."
         "xxx."
         "x...",
         true, true,
         "xxx."
         "..x."
         "xxx."
         "x...");
    /* one link out of it, and the rest is gone */
    tidy(&b,
         "xxx."
         "...."
         "xxx."
         "x...",
         true, true,
         "xxx."
         "...."
         "...."
         "....");
}

static void an_enclave_joins_what_lies_in_it(void **state) {
    (void)state;
    const board b = make_board();
    /* 10 is cut off from the ring until 5, 6 and 9 are filled: enclaves go first */
    tidy(&b,
         "xxxx"
         "x..x"
         "x.xx"
         "xxx.",
         true, true,
         "xxxx"
         "xxxx"
         "xxxx"
         "xxx.");
}

static void without_a_core_nobody_stays(void **state) {
    (void)state;
    board b = make_board();
    memset(b.core, 0, sizeof b.core);
    tidy(&b, "xx..xx..........", true, true, "................");
    /* a core that is no member holds nobody */
    b.core[15] = 1;
    tidy(&b, "xx..xx..........", true, true, "................");
    tidy(&b, "xx..xx..........", true, false, "xx..xx..........");
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    const board b = make_board();
    for (uint64_t n = 1; n <= 2; n++) {
        uint8_t members[SQUARES] = {1};
        hsd_error err = {HSD_OK, ""};
        hsd_memory_fail_at(n);
        const hsd_status status =
            hsd_members_tidy(members, SQUARES, b.pairs, PAIRS, b.core, b.border, true, true, &err);
        hsd_memory_fail_at(0);
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_equal(members[0], 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agreement_counts_both_sides),
        cmocka_unit_test(agreement_of_nothing_is_not_a_number),
        cmocka_unit_test(an_enclave_is_filled),
        cmocka_unit_test(what_has_a_way_out_is_no_enclave),
        cmocka_unit_test(an_exclave_is_dropped),
        cmocka_unit_test(a_chain_holds_together),
        cmocka_unit_test(an_enclave_joins_what_lies_in_it),
        cmocka_unit_test(without_a_core_nobody_stays),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
