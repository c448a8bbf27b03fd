/* How one changes, what boarding takes, what a journey says, and what is refused: by hand. */
#include "hand_transit.h"

#include "base/memory.h"

/* 1 A-B bus 08:00-08:10. 2 B-C high speed at 08:15, 08:45, 09:15, twenty minutes. 3 D-C bus at
 * 08:20 and 08:50, ten minutes. B to D is a walk of 4 minutes, D to E one of 1; F is another
 * platform of B's station, 3 minutes away, where 4 leaves for C at 08:16, a minute's ride. */
typedef struct place {
    hand_timetable h;
    uint32_t a, b, c, d, e, f;
    hsd_stop_way walks[2], insides[1];
    uint32_t first_walk[2][8], first_inside[2][8], change_ms[8];
    hsd_transfer_rules rules;
} place;
static place p;

static void two_calls(uint32_t line, uint32_t from, int32_t leaves, uint32_t to, int32_t arrives) {
    hand_trip(&p.h, "t", line, 0);
    hand_call(&p.h, from, leaves, leaves);
    hand_call(&p.h, to, arrives, arrives);
}

static void begin(bool with_platform) {
    memset(&p, 0, sizeof p);
    hand_timetable_init(&p.h, DATE, 1);
    hand_service(&p.h, 1);
    uint32_t *stops[] = {&p.a, &p.b, &p.c, &p.d, &p.e, &p.f};
    const char *names[] = {"A", "B", "C", "D", "E", "F"};
    for (int i = 0; i < 6; i++) *stops[i] = hand_stop(&p.h, names[i], 0, 0);
    hand_line(&p.h, "1", HSD_RIDE_BUS);
    hand_line(&p.h, "2", HSD_RIDE_HIGH_SPEED);
    two_calls(0, p.a, hand_time(8, 0), p.b, hand_time(8, 10));
    for (int i = 0; i < 3; i++)
        two_calls(1, p.b, hand_time(8, 15 + 30 * i), p.c, hand_time(8, 35 + 30 * i));
    two_calls(0, p.d, hand_time(8, 20), p.c, hand_time(8, 30));
    two_calls(0, p.d, hand_time(8, 50), p.c, hand_time(9, 0));
    if (with_platform) two_calls(1, p.f, hand_time(8, 16), p.c, hand_time(8, 17));
    p.walks[0] = (hsd_stop_way){p.d, 4 * MINUTE};
    p.walks[1] = (hsd_stop_way){p.e, MINUTE};
    for (int i = 0; i < 8; i++)
        p.first_walk[0][i] = (i > 1) + (uint32_t)(i > 3), p.first_inside[0][i] = i > 1;
    p.insides[0] = (hsd_stop_way){p.f, 3 * MINUTE};
    for (int i = 0; i < 8; i++) p.change_ms[i] = 2 * MINUTE;
    p.rules = (hsd_transfer_rules){.first_walk = p.first_walk[0],
                                   .walks = p.walks,
                                   .first_inside = p.first_inside[0],
                                   .insides = p.insides,
                                   .change_ms = p.change_ms,
                                   .max_rides = 5};
}

static const uint32_t *run_from(hsd_raptor **raptor, hsd_day **day, uint32_t stop, uint32_t instant,
                                uint32_t limit) {
    *day = hand_day(&p.h, HSD_FROM);
    assert_int_equal(hsd_raptor_create(*day, &p.rules, raptor, NULL), HSD_OK);
    const hsd_stop_way access = {stop, 0};
    assert_int_equal(hsd_raptor_run(*raptor, &access, 1, instant, limit, NULL), HSD_OK);
    return hsd_raptor_out(*raptor);
}

static uint32_t from_a(uint32_t to) {
    hsd_raptor *raptor;
    hsd_day *day;
    const uint32_t ms = run_from(&raptor, &day, p.a, at(8, 0, 0), NEVER)[to];
    hsd_raptor_destroy(raptor);
    hsd_day_destroy(day);
    return ms;
}

static void a_change_takes_its_time(void **state) {
    (void)state;
    begin(false);
    p.walks[0].ms = 20 * MINUTE;
    assert_int_equal(from_a(p.c), 35 * MINUTE); /* 08:10 + 2, 08:15, no gates: one is inside */
    p.change_ms[p.b] = 6 * MINUTE;
    assert_int_equal(from_a(p.c), 60 * MINUTE); /* by foot to D, 08:50 there */
    p.change_ms[p.b] = HSD_UNREACHABLE;         /* forbidden */
    p.walks[0].ms = 60 * MINUTE;
    assert_int_equal(from_a(p.c), NEVER);
}

static void a_walk_may_be_the_better_change(void **state) {
    (void)state;
    begin(false);
    assert_int_equal(from_a(p.c), 30 * MINUTE); /* 08:10 + 4 at D, 08:20 */
    p.rules.penalty_ms = 7 * MINUTE;            /* 08:21 at D, 08:19 at B: 08:45, 08:50 */
    assert_int_equal(from_a(p.c), 60 * MINUTE);
    p.rules.penalty_ms = 0;
    p.rules.max_rides = 1;
    assert_int_equal(from_a(p.c), NEVER);
}

static void another_platform_is_a_change_without_gates(void **state) {
    (void)state;
    begin(true);
    p.rules.board_ms[HSD_RIDE_HIGH_SPEED] = 30 * MINUTE;
    assert_int_equal(from_a(p.c), 17 * MINUTE); /* 08:10 + 3 at F, 08:16 */
}

static void walks_are_not_chained_and_lead_to_no_end(void **state) {
    (void)state;
    begin(false);
    two_calls(0, p.e, hand_time(8, 15), p.f, hand_time(8, 16)); /* B to D to E would do */
    assert_int_equal(from_a(p.f), NEVER);
    assert_int_equal(from_a(p.d), NEVER); /* out is after a ride: nobody alights at D */
    assert_int_equal(from_a(p.a), NEVER);
}

static void gates_take_time_from_the_street_only(void **state) {
    (void)state;
    begin(false);
    p.rules.board_ms[HSD_RIDE_HIGH_SPEED] = 30 * MINUTE;
    hsd_raptor *raptor;
    hsd_day *day;
    /* at B at 08:10: gates until 08:40, 08:45, 09:05 */
    assert_int_equal(run_from(&raptor, &day, p.b, at(8, 10, 0), NEVER)[p.c], 55 * MINUTE);
    hsd_raptor_destroy(raptor);
    hsd_day_destroy(day);
    assert_int_equal(from_a(p.c), 30 * MINUTE);
    p.walks[0].ms = 20 * MINUTE;
    assert_int_equal(from_a(p.c), 35 * MINUTE); /* inside: the 08:15 */
}

static void the_limit_is_inclusive(void **state) {
    (void)state;
    begin(false);
    for (uint32_t less = 0; less < 2; less++) {
        hsd_raptor *raptor;
        hsd_day *day;
        const uint32_t *out = run_from(&raptor, &day, p.a, at(8, 0, 0), 30 * MINUTE - less);
        assert_int_equal(out[p.c], less ? NEVER : 30 * MINUTE);
        assert_int_equal(out[p.b], 10 * MINUTE);
        hsd_raptor_destroy(raptor);
        hsd_day_destroy(day);
    }
}

static void a_journey_says_when_one_is_ready(void **state) {
    (void)state;
    begin(false);
    p.rules.board_ms[HSD_RIDE_BUS] = MINUTE;
    p.walks[0].ms = 3 * MINUTE;
    hsd_raptor *raptor;
    hsd_day *day;
    assert_int_equal(run_from(&raptor, &day, p.a, at(7, 50, 0), NEVER)[p.c], 40 * MINUTE);
    hsd_journey j = {0};
    assert_int_equal(hsd_raptor_journey(raptor, p.c, &j, NULL), HSD_OK);
    assert_int_equal(j.count, 2);
    assert_int_equal(j.first_stop, p.a);
    assert_int_equal(j.last_stop, p.c);
    assert_int_equal(j.start_ms, at(7, 50, 0));
    assert_int_equal(j.end_ms, at(8, 30, 0));
    assert_int_equal(j.rides[0].trip, 0);
    assert_int_equal(j.rides[0].ready_ms, at(7, 51, 0));
    assert_int_equal(j.rides[0].board_ms, at(8, 0, 0));
    assert_int_equal(j.rides[0].alight_ms, at(8, 10, 0));
    assert_int_equal(j.rides[1].trip, 4);
    assert_true(j.rides[1].walked);
    assert_int_equal(j.rides[1].ready_ms, at(8, 14, 0)); /* 3 of walking, 1 of boarding */
    assert_int_equal(j.rides[1].board_ms, at(8, 20, 0));
    assert_int_equal(hsd_raptor_journey(raptor, p.e, &j, NULL), HSD_OK);
    assert_int_equal(j.count, 0);
    assert_int_equal(hsd_raptor_journey(raptor, 6, &j, NULL), HSD_E_ARGUMENT);
    hsd_journey_finish(&j);
    hsd_raptor_destroy(raptor);
    hsd_day_destroy(day);
}

/* At C by 08:31: 08:20 from D, so off the bus at B at 08:16 at the latest, which is the 08:00 from
 * A; real waits are where one boards. */
static void a_journey_to_a_target_is_told_in_order_of_travel(void **state) {
    (void)state;
    begin(false);
    p.walks[0].stop = p.b; /* read from their other end: from D's row */
    for (int i = 0; i < 8; i++) p.first_walk[1][i] = i > 3;
    p.rules.first_walk = p.first_walk[1];
    p.rules.board_ms[HSD_RIDE_BUS] = MINUTE;
    hsd_day *day = hand_day(&p.h, HSD_TO);
    hsd_raptor *raptor;
    assert_int_equal(hsd_raptor_create(day, &p.rules, &raptor, NULL), HSD_OK);
    const hsd_stop_way egress = {p.c, MINUTE};
    assert_int_equal(hsd_raptor_run(raptor, &egress, 1, at(8, 31, 0), NEVER, NULL), HSD_OK);
    assert_int_equal(hsd_raptor_out(raptor)[p.a], 32 * MINUTE); /* gates at A from 07:59 */
    hsd_journey j = {0};
    assert_int_equal(hsd_raptor_journey(raptor, p.a, &j, NULL), HSD_OK);
    assert_int_equal(j.count, 2);
    assert_int_equal(j.start_ms, at(7, 59, 0));
    assert_int_equal(j.end_ms, at(8, 31, 0));
    assert_int_equal(j.rides[0].ready_ms, at(8, 0, 0));
    assert_int_equal(j.rides[0].board_ms, at(8, 0, 0));
    assert_int_equal(j.rides[0].alight_ms, at(8, 10, 0));
    assert_int_equal(j.rides[1].ready_ms, at(8, 15, 0)); /* 4 of walking, 1 of boarding */
    assert_int_equal(j.rides[1].board_ms, at(8, 20, 0));
    assert_int_equal(j.rides[1].alight_ms, at(8, 30, 0));
    hsd_journey_finish(&j);
    hsd_raptor_destroy(raptor);
    hsd_day_destroy(day);
}

/* Two ways to E, one over D, that is found first, and one over B; two trips on to F. */
static void ties_go_to_the_lowest_trip_then_stop(void **state) {
    (void)state;
    for (int inside = 0; inside < 2; inside++) {
        begin(false);
        hand_timetable_init(&p.h, DATE, 1);
        for (int i = 0; i < 6; i++) hand_stop(&p.h, "s", 0, 0);
        hand_line(&p.h, "1", HSD_RIDE_BUS);
        hand_service(&p.h, 1);
        two_calls(0, p.a, hand_time(8, 0), p.d, hand_time(8, 10));
        two_calls(0, p.a, hand_time(8, 0), p.b, hand_time(8, 10));
        two_calls(0, p.a, hand_time(8, 1), p.b, hand_time(8, 10));
        two_calls(0, p.e, hand_time(8, 30), p.f, hand_time(8, 40));
        two_calls(0, p.e, hand_time(8, 20), p.f, hand_time(8, 40));
        p.walks[0] = p.walks[1] = (hsd_stop_way){p.e, 4 * MINUTE};
        for (uint32_t i = 0; i < 8; i++) p.first_walk[0][i] = (i > 1) + (i > 3 ? 1u : 0u);
        for (uint32_t i = 0; i < 8; i++) p.first_inside[0][i] = 0;
        if (inside) {
            p.rules.first_inside = p.first_walk[0];
            p.rules.insides = p.walks;
            p.rules.first_walk = p.first_inside[0];
        }
        hsd_raptor *raptor;
        hsd_day *day;
        assert_int_equal(run_from(&raptor, &day, p.a, at(8, 0, 0), NEVER)[p.f], 40 * MINUTE);
        hsd_journey j = {0};
        assert_int_equal(hsd_raptor_journey(raptor, p.f, &j, NULL), HSD_OK);
        assert_int_equal(j.count, 2);
        assert_int_equal(j.rides[1].trip, 3);
        assert_int_equal(j.rides[0].trip, 1);
        assert_int_equal(j.rides[1].walked, !inside);
        hsd_journey_finish(&j);
        hsd_raptor_destroy(raptor);
        hsd_day_destroy(day);
    }
}

/* One train, which calls at C, then A, then F, and an origin near both: the lower stop is told. */
static void of_two_stops_of_a_train_the_lower_is_told(void **state) {
    (void)state;
    begin(false);
    hand_trip(&p.h, "t", 0, 0);
    hand_call(&p.h, p.c, hand_time(7, 0), hand_time(7, 0));
    hand_call(&p.h, p.a, hand_time(7, 10), hand_time(7, 10));
    hand_call(&p.h, p.f, hand_time(7, 20), hand_time(7, 20));
    hsd_day *day = hand_day(&p.h, HSD_FROM);
    hsd_raptor *raptor;
    assert_int_equal(hsd_raptor_create(day, &p.rules, &raptor, NULL), HSD_OK);
    const hsd_stop_way access[] = {{p.c, MINUTE}, {p.a, 0}};
    assert_int_equal(hsd_raptor_run(raptor, access, 2, at(6, 50, 0), NEVER, NULL), HSD_OK);
    hsd_journey j = {0};
    assert_int_equal(hsd_raptor_journey(raptor, p.f, &j, NULL), HSD_OK);
    assert_int_equal(j.count, 1);
    assert_int_equal(j.first_stop, p.a);
    assert_int_equal(j.rides[0].board_ms, at(7, 10, 0));
    hsd_journey_finish(&j);
    hsd_raptor_destroy(raptor);
    hsd_day_destroy(day);
}

static void bad_arguments_are_refused(void **state) {
    (void)state;
    begin(false);
    hsd_day *day = hand_day(&p.h, HSD_FROM);
    hsd_raptor *raptor;
    const hsd_transfer_rules good = p.rules;
    for (int i = 0; i < 5; i++) {
        p.rules = good;
        if (i == 0) p.rules.max_rides = 0;
        if (i == 1) p.rules.max_rides = HSD_MAX_RIDES + 1;
        if (i == 2) p.rules.penalty_ms = UINT32_MAX;
        if (i == 3) p.rules.board_ms[0] = UINT32_MAX;
        if (i == 4) p.walks[1].stop = 6;
        assert_int_equal(hsd_raptor_create(day, &p.rules, &raptor, NULL), HSD_E_ARGUMENT);
        assert_null(raptor);
    }
    p.walks[1].stop = p.e;
    assert_int_equal(hsd_raptor_create(day, &good, &raptor, NULL), HSD_OK);
    const hsd_stop_way nowhere = {6, 0}, access = {p.a, 0};
    assert_int_equal(hsd_raptor_run(raptor, &nowhere, 1, 0, NEVER, NULL), HSD_E_ARGUMENT);
    assert_int_equal(hsd_raptor_run(raptor, &access, 1, NEVER, NEVER, NULL), HSD_E_ARGUMENT);
    uint32_t out_ms[12];
    const uint32_t falling[] = {60000, 0};
    assert_int_equal(hsd_raptor_range(raptor, &access, 1, falling, 2, NEVER, out_ms, NULL),
                     HSD_E_ARGUMENT);
    assert_int_equal(hsd_raptor_range(raptor, &access, 1, falling, 1, NEVER, out_ms, NULL), HSD_OK);
    hsd_journey j = {0};
    assert_int_equal(hsd_raptor_journey(raptor, p.c, &j, NULL), HSD_E_ARGUMENT);
    hsd_raptor_destroy(raptor);
    hsd_day_destroy(day);
}

static void running_out_of_memory_is_an_error(void **state) {
    (void)state;
    begin(false);
    hsd_day *day = hand_day(&p.h, HSD_FROM);
    const hsd_stop_way access = {p.a, 0};
    bool finished = false;
    for (uint64_t n = 1; !finished; n++) {
        hsd_raptor *raptor;
        hsd_error err;
        hsd_journey j = {0};
        hsd_memory_fail_at(n);
        hsd_status status = hsd_raptor_create(day, &p.rules, &raptor, &err);
        if (status == HSD_OK) status = hsd_raptor_run(raptor, &access, 1, at(8, 0, 0), NEVER, &err);
        if (status == HSD_OK) status = hsd_raptor_journey(raptor, p.c, &j, &err);
        finished = hsd_memory_fail_at(0) < n;
        assert_int_equal(status, finished ? HSD_OK : HSD_E_MEMORY);
        hsd_journey_finish(&j);
        hsd_raptor_destroy(raptor);
    }
    hsd_day_destroy(day);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_takes_its_time),
        cmocka_unit_test(a_walk_may_be_the_better_change),
        cmocka_unit_test(another_platform_is_a_change_without_gates),
        cmocka_unit_test(walks_are_not_chained_and_lead_to_no_end),
        cmocka_unit_test(gates_take_time_from_the_street_only),
        cmocka_unit_test(the_limit_is_inclusive),
        cmocka_unit_test(a_journey_says_when_one_is_ready),
        cmocka_unit_test(a_journey_to_a_target_is_told_in_order_of_travel),
        cmocka_unit_test(ties_go_to_the_lowest_trip_then_stop),
        cmocka_unit_test(of_two_stops_of_a_train_the_lower_is_told),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
