/* Trips door to door over random streets (with turn restrictions, one-way streets, impassable
 * chains) and random timetables (stations, transfers, headways, phases, gates, caps, car parks):
 * what must hold whatever they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../unit/hand_timetable.h"
#include "random_network.h"
#include "times/departures.h"

#define WORLDS 400
#define SEED 20260214
#define POINTS 10
#define INSTANTS 5
#define DAY 20000
#define FEET 60 /* of a point, at most */

typedef struct world {
    random_network *streets;
    hsd_locator *locator;
    hand_timetable table;
    hsd_transit_rules rules;
    hsd_place places[POINTS];
    hsd_lonlat points[POINTS];
    hsd_place_table place_table;
    hsd_feet feet[POINTS];
    uint32_t instants[INSTANTS], limit_ms;
} world;

/* Everything one direction needs. */
typedef struct run {
    hsd_stop_set *stops;
    hsd_transit *transit;
    hsd_departures *departures;
    hsd_zone_set *zones;
    hsd_egress_table *egress;
} run;

static hsd_lonlat any_place(hsd_random *random) {
    return (hsd_lonlat){random_below(random, 400000) / 1e7,
                        (411000000 + random_below(random, 300000)) / 1e7};
}

static uint32_t minutes(uint32_t n) {
    return n * 60000;
}

static void add_stops(world *w, hsd_random *random) {
    const uint32_t count = 4 + random_below(random, 12);
    const uint32_t stations = random_below(random, 3);
    hand_timetable *t = &w->table;
    for (uint32_t s = 0; s < stations; s++) {
        const hsd_lonlat at = any_place(random);
        hand_station(t, "station", at.lon, at.lat);
    }
    for (uint32_t s = 0; s < count; s++) {
        const hsd_lonlat at = any_place(random);
        const uint32_t row = stations > 0 && random_below(random, 3) == 0
                                 ? hand_platform(t, "platform", random_below(random, stations))
                                 : hand_stop(t, "stop", at.lon, at.lat);
        if (random_below(random, 4) == 0) t->stops[row].access_ms = random_below(random, 90000);
        if (random_below(random, 4) == 0) t->stops[row].park_ms = random_below(random, 90000);
        if (random_below(random, 4) == 0) t->stops[row].change_ms = random_below(random, 90000);
    }
    for (uint32_t i = random_below(random, 8); i-- > 0;)
        hand_transfer(t, random_below(random, stations + count),
                      random_below(random, stations + count), random_below(random, 4),
                      random_below(random, 600));
}

static uint32_t any_call(const world *w, hsd_random *random) {
    for (;;) {
        const uint32_t stop = random_below(random, (uint32_t)w->table.table.stop_count);
        if (!w->table.stops[stop].is_station) return stop;
    }
}

static void add_line(world *w, uint32_t service, hsd_random *random) {
    hand_timetable *t = &w->table;
    uint32_t stops[6], flags[6];
    const uint32_t count = 2 + random_below(random, 5);
    const uint32_t line = hand_line(t, "line", (hsd_ride_kind)random_below(random, HSD_RIDE_KINDS));
    for (uint32_t c = 0; c < count; c++) {
        stops[c] = any_call(w, random);
        flags[c] = random_below(random, 8) == 0 ? 1 + random_below(random, 2) : 0;
    }
    for (uint32_t n = 1 + random_below(random, 6); n-- > 0;) {
        int32_t now = hand_time(7, 40) + (int32_t)random_below(random, 6000);
        hand_trip(t, "trip", line, service);
        for (uint32_t c = 0; c < count; c++) {
            const int32_t leaves = now + (int32_t)random_below(random, 60);
            hand_call(t, stops[c], now, leaves);
            t->calls[t->table.call_count - 1].flags = flags[c];
            now = leaves + (int32_t)random_below(random, 500);
        }
        if (random_below(random, 5) == 0)
            hand_headway(t, hand_time(7, 30),
                         hand_time(8, 30) + (int32_t)random_below(random, 3600),
                         120 + random_below(random, 1200), random_below(random, 2));
    }
}

static void ask(world *w, hsd_random *random) {
    hsd_transit_rules *r = &w->rules;
    *r = hsd_transit_defaults();
    r->access_cap_ms = 1 + random_below(random, minutes(8));
    r->egress_cap_ms = 1 + random_below(random, minutes(8));
    r->walk_cap_ms = 1 + random_below(random, minutes(8));
    for (size_t k = 0; k < HSD_RIDE_KINDS; k++) r->board_ms[k] = random_below(random, 3) * 50000;
    r->penalty_ms = random_below(random, 2) * 30000;
    r->max_rides = 1 + random_below(random, 4);
    r->park = random_below(random, 3) == 0;
    r->phase_count = random_below(random, 3) == 0 ? 1 + random_below(random, 3) : 0;
    w->limit_ms = minutes(20) + random_below(random, minutes(90));
    uint32_t at = HSD_DAY_MS + minutes(8 * 60);
    for (size_t i = 0; i < INSTANTS; i++)
        w->instants[i] = at += 1 + random_below(random, minutes(10));
}

static world *world_create(hsd_random *random) {
    world *w = hand_alloc(1, sizeof *w);
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    w->streets = random_network_create(random);
    if (random_below(random, 4) == 0) w->streets->hand->metric.leg_rule = HSD_LEG_NODES;
    assert_int_equal(hsd_locator_create(w->streets->network, 0, &options, &w->locator, NULL),
                     HSD_OK);
    hand_timetable_init(&w->table, DAY, 1);
    add_stops(w, random);
    const uint32_t service = hand_service(&w->table, 1);
    for (uint32_t n = 1 + random_below(random, 8); n-- > 0;) add_line(w, service, random);
    for (size_t i = 0; i < POINTS; i++) {
        w->points[i] = any_place(random);
        w->places[i] = (hsd_place){
            .geometry = {.type = HSD_GEOMETRY_POINT, .points = &w->points[i], .point_count = 1}};
        assert_int_equal(
            hsd_locate(w->locator, w->points[i].lon, w->points[i].lat, &w->feet[i], NULL), HSD_OK);
    }
    w->place_table = (hsd_place_table){.places = w->places, .place_count = POINTS};
    ask(w, random);
    return w;
}

static void world_destroy(world *w) {
    for (size_t i = 0; i < POINTS; i++) hsd_feet_finish(&w->feet[i]);
    hsd_locator_destroy(w->locator);
    random_network_destroy(w->streets);
    free(w);
}

static void ok(hsd_status status, const hsd_error *err) {
    if (status != HSD_OK) fail_msg("%s", err->message);
}

static run run_create(world *w, hsd_direction direction, int threads) {
    const hsd_run how = {.threads = threads};
    hsd_error err = {0};
    run r = {0};
    ok(hsd_stop_set_create(&w->table.table, w->locator, w->locator, w->locator, &w->rules, &how,
                           &r.stops, &err),
       &err);
    ok(hsd_transit_create(r.stops, &w->table.table, DAY, direction, &how, &r.transit, &err), &err);
    ok(hsd_departures_create(r.transit, &r.departures, &err), &err);
    ok(hsd_zone_set_create(w->locator, &w->place_table, &how, &r.zones, &err), &err);
    ok(hsd_egress_table_create(r.transit, r.zones, &how, &r.egress, &err), &err);
    return r;
}

static void run_destroy(run *r) {
    hsd_egress_table_destroy(r->egress);
    hsd_zone_set_destroy(r->zones);
    hsd_departures_destroy(r->departures);
    hsd_transit_destroy(r->transit);
    hsd_stop_set_destroy(r->stops);
}

/* A point's feet: one, or where legs start at nodes several. */
static size_t feet_of(const world *w, size_t point, uint32_t extra_ms, hsd_seed *seeds) {
    const hsd_feet *feet = &w->feet[point];
    assert_true(feet->count <= FEET);
    for (size_t f = 0; f < feet->count; f++) seeds[f] = (hsd_seed){feet->feet[f], extra_ms, 0};
    return feet->count;
}

/* Two gates, the first two points, where they join anything. */
static size_t gates_of(const world *w, uint32_t extra_ms, hsd_seed seeds[2 * FEET]) {
    const size_t count = feet_of(w, 0, extra_ms, seeds);
    return count + feet_of(w, 1, 0, seeds + count);
}

static void grow(const world *w, run *r, const hsd_seed *seeds, size_t count, bool direct,
                 const uint32_t *instants, size_t instant_count) {
    hsd_error err = {0};
    ok(hsd_departures_grow(r->departures, seeds, count, seeds, direct ? count : 0, instants,
                           instant_count, w->limit_ms, &err),
       &err);
}

static uint32_t time_of(const world *w, const run *r, size_t sample, size_t point) {
    return hsd_tree_feet_ms(hsd_departures_part(r->departures, 0).trees[sample], &w->feet[point]);
}

static int compare_ms(const void *a, const void *b) {
    const uint32_t ma = *(const uint32_t *)a, mb = *(const uint32_t *)b;
    return (ma > mb) - (ma < mb);
}

static void the_table_tells_the_times_of_the_trees(void **state) {
    (void)state;
    static const double percents[] = {0, 1, 30, 50, 99, 100};
    hsd_random random = {SEED};
    size_t ridden = 0, walked = 0;
    for (int n = 0; n < WORLDS; n++) {
        world *w = world_create(&random);
        run r = run_create(w, n % 2 ? HSD_TO : HSD_FROM, 1);
        hsd_seed seeds[2 * FEET];
        const size_t count = gates_of(w, random_below(&random, minutes(3)), seeds);
        grow(w, &r, seeds, count, n % 3 != 0, w->instants, INSTANTS);
        const size_t samples = hsd_departures_count(r.departures);
        uint32_t before[POINTS] = {0};
        for (size_t p = 0; p < sizeof percents / sizeof *percents; p++) {
            uint32_t ms[POINTS], sorted[3 * INSTANTS];
            double shares[POINTS];
            assert_int_equal(
                hsd_egress_table_times(r.egress, r.departures, percents[p], ms, shares, NULL),
                HSD_OK);
            for (size_t i = 0; i < POINTS; i++) {
                size_t within = 0;
                for (size_t k = 0; k < samples; k++) sorted[k] = time_of(w, &r, k, i);
                qsort(sorted, samples, sizeof *sorted, compare_ms);
                for (size_t k = 0; k < samples; k++) within += sorted[k] < HSD_UNREACHABLE;
                const double k = ceil(percents[p] * (double)samples / 100);
                assert_int_equal(ms[i], sorted[k > 1 ? (size_t)k - 1 : 0]);
                assert_true(shares[i] == (double)within / (double)samples);
                assert_true(ms[i] >= before[i]); /* percentiles do not cross */
                before[i] = ms[i];
                ridden += within > 0 && sorted[0] != sorted[samples - 1];
                walked += within == samples && sorted[0] == sorted[samples - 1];
            }
        }
        run_destroy(&r);
        world_destroy(w);
    }
    assert_true(ridden > 200 && walked > 200);
}

static void a_window_is_its_departures_one_by_one(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    for (int n = 0; n < WORLDS / 2; n++) {
        world *w = world_create(&random);
        run r = run_create(w, n % 2 ? HSD_TO : HSD_FROM, 1);
        hsd_seed seeds[2 * FEET];
        uint32_t together[3 * INSTANTS][POINTS];
        const size_t count = gates_of(w, 0, seeds);
        grow(w, &r, seeds, count, true, w->instants, INSTANTS);
        const size_t phases = hsd_departures_count(r.departures) / INSTANTS;
        for (size_t k = 0; k < phases * INSTANTS; k++)
            for (size_t i = 0; i < POINTS; i++) together[k][i] = time_of(w, &r, k, i);
        for (size_t m = 0; m < INSTANTS; m++) {
            grow(w, &r, seeds, count, true, &w->instants[m], 1);
            assert_int_equal(hsd_departures_count(r.departures), phases);
            for (size_t k = 0; k < phases; k++)
                for (size_t i = 0; i < POINTS; i++)
                    assert_int_equal(time_of(w, &r, k, i), together[m * phases + k][i]);
        }
        run_destroy(&r);
        world_destroy(w);
    }
}

static void assert_same_ways(const hsd_stop_ways *a, const hsd_stop_ways *b, size_t stops) {
    assert_memory_equal(a->first, b->first, (stops + 1) * sizeof *a->first);
    assert_memory_equal(a->ways, b->ways, a->first[stops] * sizeof *a->ways);
}

static void eight_threads_find_what_one_finds(void **state) {
    (void)state;
    hsd_random random = {SEED + 2};
    for (int n = 0; n < WORLDS / 4; n++) {
        world *w = world_create(&random);
        run a = run_create(w, HSD_FROM, 1), b = run_create(w, HSD_FROM, 8);
        uint32_t one[POINTS], eight[POINTS];
        hsd_seed seeds[2 * FEET];
        const size_t count = gates_of(w, 0, seeds), stops = a.stops->stop_count;
        for (int d = 0; d < 2; d++) {
            assert_same_ways(&a.stops->walks[d], &b.stops->walks[d], stops);
            assert_same_ways(&a.stops->insides[d], &b.stops->insides[d], stops);
        }
        assert_memory_equal(a.stops->change_ms, b.stops->change_ms, stops * sizeof(uint32_t));
        grow(w, &a, seeds, count, true, w->instants, INSTANTS);
        grow(w, &b, seeds, count, true, w->instants, INSTANTS);
        ok(hsd_egress_table_times(a.egress, a.departures, 50, one, NULL, NULL), NULL);
        ok(hsd_egress_table_times(b.egress, b.departures, 50, eight, NULL, NULL), NULL);
        assert_memory_equal(one, eight, sizeof one);
        run_destroy(&a);
        run_destroy(&b);
        world_destroy(w);
    }
}

/* Who leaves o at m and is at p after t can leave o as late as that to be at p then, or later; and
 * whoever leaves o that late is at p in time. */
static void arriving_by_is_leaving_reversed(void **state) {
    (void)state;
    hsd_random random = {SEED + 3};
    size_t met = 0, later = 0;
    for (int n = 0; n < WORLDS; n++) {
        world *w = world_create(&random);
        if (w->feet[0].count == 0) {
            world_destroy(w);
            continue;
        }
        run out = run_create(w, HSD_FROM, 1), back = run_create(w, HSD_TO, 1);
        hsd_seed origin[FEET], target[FEET];
        const size_t origin_count = feet_of(w, 0, 0, origin);
        const size_t phases = out.transit->day_count;
        for (size_t p = 1; p < POINTS; p++) {
            if (w->feet[p].count == 0) continue;
            const size_t target_count = feet_of(w, p, 0, target);
            const uint32_t leaves = w->instants[p % INSTANTS];
            for (size_t k = 0; k < phases; k++) {
                grow(w, &out, origin, origin_count, true, &leaves, 1);
                const uint32_t there = time_of(w, &out, k, p);
                if (there >= HSD_UNREACHABLE) continue;
                const uint32_t arrives = leaves + there;
                grow(w, &back, target, target_count, true, &arrives, 1);
                const uint32_t again = time_of(w, &back, k, 0);
                assert_true(again <= there);
                const uint32_t late = arrives - again;
                grow(w, &out, origin, origin_count, true, &late, 1);
                assert_int_equal(time_of(w, &out, k, p), again);
                met++;
                later += again < there;
            }
        }
        run_destroy(&out);
        run_destroy(&back);
        world_destroy(w);
    }
    assert_true(met > 300 && later > 30);
}

static void check_legs(const hsd_legs *legs, const world *w, const run *r, size_t sample,
                       uint32_t ms) {
    const size_t phases = r->transit->day_count;
    const uint32_t instant = w->instants[sample / phases];
    const bool from = r->transit->direction == HSD_FROM;
    const uint32_t start = from ? instant : instant - ms;
    assert_int_equal(legs->total_ms, ms);
    if (ms >= HSD_UNREACHABLE) {
        assert_int_equal(legs->count, 0);
        return;
    }
    assert_true(legs->count > 0);
    assert_int_equal(legs->legs[0].start_ms, start);
    assert_int_equal(legs->legs[legs->count - 1].end_ms, start + ms);
    for (size_t i = 0; i < legs->count; i++) {
        const hsd_leg *leg = &legs->legs[i];
        assert_true(leg->end_ms >= leg->start_ms && leg->point_count != 1);
        if (i == 0) continue;
        assert_int_equal(leg->start_ms, leg[-1].end_ms);
        assert_int_equal(leg->from_stop, leg[-1].to_stop);
        const hsd_lonlat *points = legs->points + leg->first_point;
        if (leg->point_count > 0 && leg->kind != HSD_LEG_RIDE) { /* lines meet at the stops */
            const hsd_stop_row *stop = &r->transit->timetable->stops[leg->from_stop];
            assert_true(points[0].lon == stop->lon && points[0].lat == stop->lat);
        }
    }
}

static void legs_add_up_to_the_time_of_the_tree(void **state) {
    (void)state;
    hsd_random random = {SEED + 4};
    hsd_legs legs = {0};
    size_t longest = 0;
    for (int n = 0; n < WORLDS; n++) {
        world *w = world_create(&random);
        run r = run_create(w, n % 2 ? HSD_TO : HSD_FROM, 1);
        hsd_seed seeds[2 * FEET];
        hsd_error err = {0};
        const size_t count = gates_of(w, random_below(&random, minutes(3)), seeds);
        grow(w, &r, seeds, count, n % 3 != 0, w->instants, INSTANTS);
        for (size_t k = 0; k < hsd_departures_count(r.departures); k += 2)
            for (size_t i = 0; i < POINTS; i++) {
                ok(hsd_departures_legs(r.departures, k, &w->feet[i], &legs, &err), &err);
                check_legs(&legs, w, &r, k, time_of(w, &r, k, i));
                if (legs.count > longest) longest = legs.count;
            }
        run_destroy(&r);
        world_destroy(w);
    }
    hsd_legs_finish(&legs);
    assert_true(longest >= 8); /* two rides and more */
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_tells_the_times_of_the_trees),
        cmocka_unit_test(a_window_is_its_departures_one_by_one),
        cmocka_unit_test(eight_threads_find_what_one_finds),
        cmocka_unit_test(arriving_by_is_leaving_reversed),
        cmocka_unit_test(legs_add_up_to_the_time_of_the_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
