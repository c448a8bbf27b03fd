/* Single runs on random timetables against all rows gone through one by one: from an origin, every
 * stop and the journey to it; to a target, the latest one can leave every stop: a forward search at
 * that instant arrives in time, one a millisecond later does not. So to = from reversed, headways,
 * changes, walks, boarding times and penalties included. */
#include "random_timetable.h"

#define SEED 20240929
#define WORLDS 2500

static void journey_fits(const world *w, const hsd_journey *j, uint32_t took, hsd_direction dir);

static uint32_t random_limit(hsd_random *random) {
    const uint32_t limits[] = {below(random, 600000), 3600000, below(random, 4 * 3600000),
                               HSD_UNREACHABLE, UINT32_MAX};
    return limits[below(random, 5)];
}

static void from_an_origin_all_stops_equal_the_brute_force(void **state) {
    (void)state;
    hsd_random random = {SEED};
    hsd_journey journey = {0};
    size_t reached = 0, told = 0;
    for (int n = 0; n < WORLDS; n++) {
        static world w;
        random_world(&random, &w);
        const hsd_transfer_rules rules = world_rules(&w, HSD_FROM);
        hsd_day *day = world_day(&w, HSD_FROM);
        hsd_raptor *raptor = world_raptor(day, &rules);
        for (int run = 0; run < 8; run++) {
            hsd_stop_way access[MAX_STOPS];
            const uint32_t count = random_access(&random, &w, access);
            const uint32_t instant = random_instant(&random), limit = random_limit(&random);
            brute b;
            brute_search(&w, access, count, instant, &b);
            assert_int_equal(hsd_raptor_run(raptor, access, count, instant, limit, NULL), HSD_OK);
            for (uint32_t s = 0; s < w.stop_count; s++) {
                uint32_t rides = 0;
                const int64_t out = brute_out(&w, &b, s, &rides);
                const bool in = out != NEVER && out - instant <= limit && out < HSD_UNREACHABLE;
                const uint32_t ms = hsd_raptor_out(raptor)[s];
                if (ms != (in ? (uint32_t)(out - instant) : HSD_UNREACHABLE))
                    fail_msg("world %d, run %d, stop %u: %u ms, by brute force %lld", n, run, s, ms,
                             (long long)(in ? out - instant : -1));
                assert_int_equal(hsd_raptor_journey(raptor, s, &journey, NULL), HSD_OK);
                assert_int_equal(journey.count, in ? rides : 0);
                if (!in) continue;
                reached++;
                told += rides > 1;
                assert_int_equal(journey.start_ms, instant);
                assert_int_equal(journey.last_stop, s);
                journey_fits(&w, &journey, ms, HSD_FROM);
            }
        }
        hsd_raptor_destroy(raptor);
        hsd_day_destroy(day);
    }
    hsd_journey_finish(&journey);
    printf("%zu stops reached, %zu with changes\n", reached, told);
    assert_true(reached > 10000 && told > 1000);
}

/* The earliest arrival at the target of who is at a stop's street side at an instant. */
static int64_t arrival(const world *w, uint32_t stop, int64_t instant, const hsd_stop_way *egress,
                       uint32_t count) {
    const hsd_stop_way here = {stop, 0};
    brute b;
    brute_search(w, &here, 1, instant, &b);
    int64_t best = NEVER;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rides;
        const int64_t out = brute_out(w, &b, egress[i].stop, &rides);
        if (out != NEVER) least(&best, out + egress[i].ms);
    }
    return best;
}

static void to_a_target_leaving_later_is_too_late(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    hsd_journey journey = {0};
    size_t reached = 0, told = 0;
    for (int n = 0; n < WORLDS; n++) {
        static world w;
        random_world(&random, &w);
        const hsd_transfer_rules rules = world_rules(&w, HSD_TO);
        hsd_day *day = world_day(&w, HSD_TO);
        hsd_raptor *raptor = world_raptor(day, &rules);
        for (int run = 0; run < 4; run++) {
            hsd_stop_way egress[MAX_STOPS];
            const uint32_t count = random_access(&random, &w, egress);
            const uint32_t instant = random_instant(&random), limit = random_limit(&random);
            assert_int_equal(hsd_raptor_run(raptor, egress, count, instant, limit, NULL), HSD_OK);
            for (uint32_t s = 0; s < w.stop_count; s++) {
                const uint32_t ms = hsd_raptor_out(raptor)[s];
                assert_int_equal(hsd_raptor_journey(raptor, s, &journey, NULL), HSD_OK);
                assert_int_equal(journey.count > 0, ms < HSD_UNREACHABLE);
                if (ms == HSD_UNREACHABLE) {
                    const uint32_t first = limit < instant ? instant - limit : 0;
                    assert_true(arrival(&w, s, first, egress, count) > instant);
                    continue;
                }
                reached++;
                told += journey.count > 1;
                assert_true(ms <= limit && ms <= instant);
                assert_true(arrival(&w, s, (int64_t)instant - ms, egress, count) <= instant);
                assert_true(arrival(&w, s, (int64_t)instant - ms + 1, egress, count) > instant);
                assert_int_equal(journey.end_ms, instant);
                assert_int_equal(journey.first_stop, s);
                journey_fits(&w, &journey, ms, HSD_TO);
            }
        }
        hsd_raptor_destroy(raptor);
        hsd_day_destroy(day);
    }
    hsd_journey_finish(&journey);
    printf("%zu stops reached, %zu with changes\n", reached, told);
    assert_true(reached > 4000 && told > 400);
}

/* ---- What a journey must be ------------------------------------------------------------------ */

/* The least way from one stop to another; NEVER: none. */
static int64_t way_ms(const way_list *list, uint32_t from, uint32_t to) {
    int64_t best = NEVER;
    for (uint32_t i = 0; i < list->count; i++)
        if (list->from[i] == from && list->to[i] == to) least(&best, list->ms[i]);
    return best;
}

static int64_t half_headway(const hsd_timetable *t, const hsd_trip_row *trip,
                            const hsd_ride *ride) {
    int64_t half = NEVER;
    const int64_t midnight = HSD_DAY_MS + 1000 * (int64_t)ride->day_offset_s;
    const int64_t to_here = 1000 * (int64_t)(t->calls[ride->from_call].departure_s -
                                             t->calls[trip->first_call].departure_s);
    for (uint32_t n = 0; n < trip->headway_count; n++) { /* some row has this departure */
        const hsd_headway_row *row = &t->headways[trip->first_headway + n];
        const int64_t first = midnight + 1000 * (int64_t)row->start_s + to_here;
        const int64_t last = midnight + 1000 * (int64_t)row->end_s + to_here;
        if (ride->board_ms < first || ride->board_ms > last) continue;
        int64_t wait = row->exact ? 0 : 500 * (int64_t)row->headway_s;
        if (!row->exact && ride->board_ms < ride->ready_ms + wait) continue;
        least(&half, wait);
    }
    return half;
}

static void ride_fits(const world *w, const hsd_ride *ride) {
    const hsd_timetable *t = &w->timetable.table;
    const hsd_trip_row *trip = &t->trips[ride->trip];
    const hsd_call_row *from = &t->calls[ride->from_call], *to = &t->calls[ride->to_call];
    assert_true(ride->from_call >= trip->first_call && ride->from_call < ride->to_call);
    assert_true(ride->to_call < trip->first_call + trip->call_count);
    assert_false(from->flags & HSD_CALL_NO_BOARDING);
    assert_false(to->flags & HSD_CALL_NO_ALIGHTING);
    assert_true(ride->ready_ms <= ride->board_ms && ride->board_ms <= ride->alight_ms);
    assert_int_equal(ride->alight_ms - ride->board_ms, 1000 * (to->arrival_s - from->departure_s));
    assert_true(hsd_service_runs(t, trip->service, DATE + ride->day_offset_s / 86400));
    if (trip->headway_count == 0)
        assert_int_equal(ride->board_ms, HSD_DAY_MS + 1000 * (int64_t)ride->day_offset_s +
                                             1000 * (int64_t)from->departure_s);
    else if (w->phase_count == 0)
        assert_true(half_headway(t, trip, ride) != NEVER);
}

static void journey_fits(const world *w, const hsd_journey *j, uint32_t took, hsd_direction dir) {
    const hsd_timetable *t = &w->timetable.table;
    assert_int_equal(j->end_ms - j->start_ms, took);
    assert_int_equal(t->calls[j->rides[0].from_call].stop, j->first_stop);
    assert_int_equal(t->calls[j->rides[j->count - 1].to_call].stop, j->last_stop);
    assert_true(j->rides[0].walked && j->count <= w->max_rides);
    if (dir == HSD_FROM) assert_int_equal(j->rides[j->count - 1].alight_ms, j->end_ms);
    for (size_t i = 0; i < j->count; i++) {
        ride_fits(w, &j->rides[i]);
        const hsd_trip_row *trip = &t->trips[j->rides[i].trip];
        const uint32_t kind = t->lines[trip->line].kind;
        const uint32_t here = t->calls[j->rides[i].from_call].stop;
        if (i == 0) {
            if (dir == HSD_TO) assert_true(j->rides[0].ready_ms == j->start_ms + w->board_ms[kind]);
            continue;
        }
        const uint32_t last = t->calls[j->rides[i - 1].to_call].stop;
        int64_t link = way_ms(j->rides[i].walked ? &w->walks : &w->insides, last, here);
        if (!j->rides[i].walked && last == here && w->change_ms[here] < HSD_UNREACHABLE)
            least(&link, w->change_ms[here]);
        assert_true(link != NEVER);
        link += w->penalty_ms + (j->rides[i].walked ? w->board_ms[kind] : 0);
        assert_true(j->rides[i].ready_ms == j->rides[i - 1].alight_ms + link);
    }
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_an_origin_all_stops_equal_the_brute_force),
        cmocka_unit_test(to_a_target_leaving_later_is_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
