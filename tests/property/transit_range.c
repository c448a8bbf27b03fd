/* On random timetables, in both directions: a range equals single runs at every instant; more
 * trips, shorter headways and more rides never lengthen; copies of trips change no journey; the
 * order of trips changes no time; threads share a day. */
#include "random_timetable.h"

#include "base/parallel.h"

#define SEED 20241013
#define WORLDS 1500
enum { MOST_INSTANTS = 40 };

static void run(const world *w, hsd_direction direction, const hsd_stop_way *access, uint32_t count,
                uint32_t instant, uint32_t limit, uint32_t *out_ms) {
    const hsd_transfer_rules rules = world_rules(w, direction);
    hsd_day *day = world_day(w, direction);
    hsd_raptor *raptor = world_raptor(day, &rules);
    assert_int_equal(hsd_raptor_run(raptor, access, count, instant, limit, NULL), HSD_OK);
    memcpy(out_ms, hsd_raptor_out(raptor), w->stop_count * sizeof *out_ms);
    hsd_raptor_destroy(raptor);
    hsd_day_destroy(day);
}

static uint32_t random_instants(hsd_random *random, uint32_t *instants) {
    const uint32_t count = below(random, MOST_INSTANTS), step = below(random, 3) * 60000 + 60000;
    uint32_t at = below(random, 4) ? HSD_DAY_MS + 7 * 3600000 : random_instant(random);
    for (uint32_t i = 0; i < count; i++) {
        instants[i] = at;
        at += below(random, 4) ? step : below(random, 3) * below(random, 3600000);
    }
    return count;
}

static void a_range_equals_single_runs_at_every_instant(void **state) {
    (void)state;
    hsd_random random = {SEED};
    size_t reached = 0;
    for (int n = 0; n < WORLDS; n++) {
        static world w;
        random_world(&random, &w);
        const hsd_direction direction = n % 2 ? HSD_TO : HSD_FROM;
        const hsd_transfer_rules rules = world_rules(&w, direction);
        hsd_day *day = world_day(&w, direction);
        hsd_raptor *range = world_raptor(day, &rules), *single = world_raptor(day, &rules);
        for (int k = 0; k < 4; k++) {
            hsd_stop_way access[MAX_STOPS];
            uint32_t instants[MOST_INSTANTS], out_ms[MOST_INSTANTS * MAX_STOPS];
            const uint32_t ways = random_access(&random, &w, access);
            const uint32_t count = random_instants(&random, instants);
            const uint32_t limit = below(&random, 3) ? below(&random, 7200000) : UINT32_MAX;
            assert_int_equal(
                hsd_raptor_range(range, access, ways, instants, count, limit, out_ms, NULL),
                HSD_OK);
            for (uint32_t i = 0; i < count; i++) {
                hsd_raptor_run(single, access, ways, instants[i], limit, NULL);
                for (uint32_t s = 0; s < w.stop_count; s++) {
                    const uint32_t ms = hsd_raptor_out(single)[s];
                    if (ms != out_ms[i * w.stop_count + s])
                        fail_msg("world %d, range %d, instant %u, stop %u: %u ms, alone %u", n, k,
                                 i, s, out_ms[i * w.stop_count + s], ms);
                    reached += ms < HSD_UNREACHABLE;
                }
            }
        }
        hsd_raptor_destroy(range);
        hsd_raptor_destroy(single);
        hsd_day_destroy(day);
    }
    printf("%zu times\n", reached);
    assert_true(reached > 20000);
}

/* ---- Never longer ---------------------------------------------------------------------------- */

static void add_trips(hsd_random *random, world *w) {
    uint32_t sequence[5];
    for (int i = 0; i < 5; i++) sequence[i] = below(random, w->stop_count);
    random_trip(random, &w->timetable, sequence, 2 + below(random, 4), 0);
}

static void shorten_headways(hsd_random *random, world *w) {
    w->phase_count = w->phase = 0; /* where a headway waits half of it */
    for (size_t i = 0; i < w->timetable.table.headway_count; i++) {
        hsd_headway_row *row = &w->timetable.headways[i];
        if (row->exact)
            row->headway_s = row->headway_s % 2 ? row->headway_s : row->headway_s / 2;
        else
            row->headway_s -= below(random, row->headway_s);
    }
}

static void better_service_never_lengthens(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    size_t shorter = 0;
    for (int n = 0; n < 2 * WORLDS; n++) {
        static world w;
        random_world(&random, &w);
        if (n % 3 == 1) w.phase_count = w.phase = 0;
        const hsd_direction direction = n % 2 ? HSD_TO : HSD_FROM;
        hsd_stop_way access[MAX_STOPS];
        const uint32_t ways = random_access(&random, &w, access);
        const uint32_t instant = random_instant(&random), limit = below(&random, 4 * 3600000);
        uint32_t before[MAX_STOPS], after[MAX_STOPS];
        run(&w, direction, access, ways, instant, limit, before);
        if (n % 3 == 0) add_trips(&random, &w);
        if (n % 3 == 1) shorten_headways(&random, &w);
        if (n % 3 == 2 && w.max_rides < HSD_MAX_RIDES) w.max_rides++;
        run(&w, direction, access, ways, instant, limit, after);
        for (uint32_t s = 0; s < w.stop_count; s++) {
            if (after[s] > before[s])
                fail_msg("world %d, stop %u: %u ms, was %u", n, s, after[s], before[s]);
            shorter += after[s] < before[s];
        }
    }
    printf("%zu times are shorter\n", shorter);
    assert_true(shorter > 200);
}

/* ---- Order and copies ------------------------------------------------------------------------ */

static void copies_of_trips_change_no_journey(void **state) {
    (void)state;
    hsd_random random = {SEED + 2};
    hsd_journey journeys[2] = {{0}};
    for (int n = 0; n < WORLDS; n++) {
        static world once, twice;
        random_world(&random, &once);
        twice = once;
        hand_timetable *h = &twice.timetable;
        h->table = once.timetable.table; /* shared but for the trips */
        h->table.trips = h->trips;
        memcpy(&h->trips[h->table.trip_count], h->trips, h->table.trip_count * sizeof *h->trips);
        h->table.trip_count *= 2;
        const hsd_direction direction = n % 2 ? HSD_TO : HSD_FROM;
        const hsd_transfer_rules rules = world_rules(&once, direction);
        hsd_day *days[2] = {world_day(&once, direction), world_day(&twice, direction)};
        hsd_raptor *raptors[2] = {world_raptor(days[0], &rules), world_raptor(days[1], &rules)};
        hsd_stop_way access[MAX_STOPS];
        const uint32_t ways = random_access(&random, &once, access);
        const uint32_t instant = random_instant(&random);
        for (int i = 0; i < 2; i++)
            hsd_raptor_run(raptors[i], access, ways, instant, HSD_UNREACHABLE, NULL);
        for (uint32_t s = 0; s < once.stop_count; s++) {
            for (int i = 0; i < 2; i++)
                assert_int_equal(hsd_raptor_journey(raptors[i], s, &journeys[i], NULL), HSD_OK);
            assert_int_equal(journeys[0].count, journeys[1].count);
            for (size_t i = 0; i < journeys[0].count; i++) {
                const hsd_ride *a = &journeys[0].rides[i], *b = &journeys[1].rides[i];
                assert_int_equal(a->trip, b->trip);
                assert_int_equal(a->from_call, b->from_call);
                assert_int_equal(a->to_call, b->to_call);
                assert_int_equal(a->ready_ms, b->ready_ms);
                assert_int_equal(a->board_ms, b->board_ms);
            }
        }
        for (int i = 0; i < 2; i++) {
            hsd_raptor_destroy(raptors[i]);
            hsd_day_destroy(days[i]);
        }
    }
    for (int i = 0; i < 2; i++) hsd_journey_finish(&journeys[i]);
}

static void the_order_of_trips_changes_no_time(void **state) {
    (void)state;
    hsd_random random = {SEED + 3};
    for (int n = 0; n < WORLDS; n++) {
        static world w;
        random_world(&random, &w);
        const hsd_direction direction = n % 2 ? HSD_TO : HSD_FROM;
        hsd_stop_way access[MAX_STOPS];
        const uint32_t ways = random_access(&random, &w, access);
        const uint32_t instant = random_instant(&random);
        uint32_t before[MAX_STOPS], after[MAX_STOPS];
        run(&w, direction, access, ways, instant, HSD_UNREACHABLE, before);
        hsd_trip_row *trips = w.timetable.trips;
        for (size_t i = w.timetable.table.trip_count; i > 1; i--) {
            const uint32_t j = below(&random, (uint32_t)i);
            const hsd_trip_row swap = trips[i - 1];
            trips[i - 1] = trips[j];
            trips[j] = swap;
        }
        run(&w, direction, access, ways, instant, HSD_UNREACHABLE, after);
        assert_memory_equal(before, after, w.stop_count * sizeof *before);
    }
}

/* ---- Threads --------------------------------------------------------------------------------- */

enum { ORIGINS = 400, THREADS = 8 };
typedef struct crowd {
    const hsd_day *day;
    hsd_raptor *raptors[THREADS];
    uint32_t out_ms[ORIGINS][MAX_STOPS];
    uint32_t stop_count;
} crowd;

static hsd_status run_origins(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    crowd *c = context;
    hsd_status status = HSD_OK;
    for (size_t i = begin; i < end && status == HSD_OK; i++) {
        const hsd_stop_way access = {(uint32_t)i % c->stop_count, 0};
        status = hsd_raptor_run(c->raptors[worker], &access, 1,
                                HSD_DAY_MS + 7 * 3600000 + (uint32_t)i * 20000, UINT32_MAX, err);
        memcpy(c->out_ms[i], hsd_raptor_out(c->raptors[worker]),
               c->stop_count * sizeof c->out_ms[i][0]);
    }
    return status;
}

static void eight_threads_share_a_day(void **state) {
    (void)state;
    hsd_random random = {SEED + 4};
    static world w;
    do random_world(&random, &w);
    while (w.stop_count < 5 || w.timetable.table.trip_count < 10);
    const hsd_transfer_rules rules = world_rules(&w, HSD_FROM);
    static crowd one, eight;
    hsd_day *day = world_day(&w, HSD_FROM);
    one.day = eight.day = day;
    one.stop_count = eight.stop_count = w.stop_count;
    for (int i = 0; i < THREADS; i++) eight.raptors[i] = world_raptor(day, &rules);
    one.raptors[0] = eight.raptors[0];
    assert_int_equal(
        hsd_parallel_for(&(hsd_run){.threads = 1}, NULL, ORIGINS, 7, run_origins, &one, NULL),
        HSD_OK);
    assert_int_equal(hsd_parallel_for(&(hsd_run){.threads = THREADS}, NULL, ORIGINS, 7, run_origins,
                                      &eight, NULL),
                     HSD_OK);
    assert_memory_equal(one.out_ms, eight.out_ms, sizeof one.out_ms);
    for (int i = 0; i < THREADS; i++) hsd_raptor_destroy(eight.raptors[i]);
    hsd_day_destroy(day);
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_equals_single_runs_at_every_instant),
        cmocka_unit_test(better_service_never_lengthens),
        cmocka_unit_test(copies_of_trips_change_no_journey),
        cmocka_unit_test(the_order_of_trips_changes_no_time),
        cmocka_unit_test(eight_threads_share_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
