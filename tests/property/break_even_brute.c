/* Break-even factors on random networks: the time at the factor found is within the cut-off and a
 * millisecond more of links is not, by Bellman-Ford over links scaled here. break_even_brute CASES
 * [SEED] runs longer. */
#include "overlay_world.h"
#include "random_network.h"

static int cases = 2000;
static uint64_t seed = 20260402;
static uint64_t kinds[3], endless;

static uint32_t scaled(uint32_t ms, double factor) {
    if (ms >= HSD_UNREACHABLE) return ms;
    const double value = floor(ms * factor + 0.5);
    return value < HSD_UNREACHABLE ? (uint32_t)value : HSD_UNREACHABLE;
}

/* From foot 0 to foot 1 with a proposal alone, all its links' times times a factor. */
static uint32_t time_at(const world *w, uint32_t proposal, double factor, uint32_t limit_ms) {
    static random_overlay o;
    uint8_t links[OVERLAY_LINKS] = {0};
    const size_t from = 0;
    const uint64_t cost = w->feet[0].leg_ms;
    o = w->overlay;
    o.resolved.joints = o.joints;
    o.resolved.poles = o.poles;
    o.resolved.added = o.added;
    for (uint32_t l = 0; l < OVERLAY_LINKS; l++) links[l] = overlay_proposal(l) == proposal;
    for (size_t i = 0; i < o.resolved.added_count; i++)
        for (int d = 0; d < 2; d++) o.added[i].ms[d] = scaled(o.added[i].ms[d], factor);
    for (size_t j = 0; j < o.resolved.joint_count; j++) {
        o.joints[j].enter_ms = scaled(o.joints[j].enter_ms, factor);
        o.joints[j].exit_ms = scaled(o.joints[j].exit_ms, factor);
    }
    states *s = states_create(w->network, &o, links, w->feet, 2);
    states_search(s, &from, &cost, 1);
    const uint32_t ms = states_time(s, 1, limit_ms);
    states_destroy(s);
    return ms;
}

static uint64_t drawn_ms(const world *w, uint32_t proposal) {
    uint64_t sum = 0;
    for (size_t i = 0; i < w->overlay.resolved.added_count; i++) {
        const hsd_added *piece = &w->overlay.added[i];
        if (piece->proposal != proposal) continue;
        const uint32_t a = piece->ms[0] % HSD_UNREACHABLE, b = piece->ms[1] % HSD_UNREACHABLE;
        sum += a > b ? a : b;
    }
    return sum;
}

static void check_value(const world *w, uint32_t proposal, const hsd_break_even *found,
                        uint32_t cutoff_ms) {
    const uint64_t drawn = drawn_ms(w, proposal);
    if (isinf(found->factor)) {
        assert_true(time_at(w, proposal, 1e9, cutoff_ms) <= cutoff_ms);
        endless++;
        return;
    }
    assert_true(time_at(w, proposal, found->factor, cutoff_ms) <= cutoff_ms);
    if (drawn == 0 || found->link_ms >= HSD_UNREACHABLE) return;
    assert_true(found->factor == (double)found->link_ms / (double)drawn);
    assert_true(time_at(w, proposal, (found->link_ms + 1.0) / (double)drawn, cutoff_ms) >
                cutoff_ms);
}

static void factors_are_the_largest_within_the_cutoff(void **state) {
    (void)state;
    for (int n = 0; n < cases; n++) {
        hsd_random random = {seed + (uint64_t)n};
        world w;
        hsd_break_even found;
        hsd_error err = {0};
        random_network *streets = random_network_create(&random);
        world_make(&w, streets->network, &random);
        hsd_pole_times *times = world_pole_times(&w, 1);
        const uint32_t proposal = overlay_proposal(overlay_below(&random, w.overlay.link_count));
        const hsd_feet from = {.feet = &w.feet[0], .count = 1},
                       to = {.feet = &w.feet[1], .count = 1};
        const uint32_t with = time_at(&w, proposal, 1, HSD_UNREACHABLE - 1);
        uint32_t cutoff_ms = overlay_below(&random, 900000);
        if (with < HSD_UNREACHABLE && n % 2) cutoff_ms = with + overlay_below(&random, 5000);
        if (cutoff_ms >= HSD_UNREACHABLE) cutoff_ms = HSD_UNREACHABLE - 1;
        const uint32_t limit = cutoff_ms > w.limit_ms ? cutoff_ms : w.limit_ms;
        if (hsd_break_even_find(times, proposal, &from, &to, cutoff_ms, &found, &err) != HSD_OK)
            fail_msg("%s", err.message);
        assert_int_equal(found.before_ms, time_at(&w, UINT32_MAX, 1, limit));
        assert_int_equal(found.after_ms, with <= limit ? with : HSD_UNREACHABLE);
        kinds[found.kind]++;
        if (found.before_ms <= cutoff_ms) {
            assert_int_equal(found.kind, HSD_BREAK_ALREADY);
        } else if (time_at(&w, proposal, 0, cutoff_ms) > cutoff_ms) {
            assert_int_equal(found.kind, HSD_BREAK_IMPOSSIBLE);
        } else {
            assert_int_equal(found.kind, HSD_BREAK_VALUE);
            check_value(&w, proposal, &found, cutoff_ms);
        }
        hsd_pole_times_destroy(times);
        world_finish(&w);
        random_network_destroy(streets);
    }
    printf("%llu already, %llu impossible, %llu values, %llu of them without end\n",
           (unsigned long long)kinds[HSD_BREAK_ALREADY],
           (unsigned long long)kinds[HSD_BREAK_IMPOSSIBLE],
           (unsigned long long)kinds[HSD_BREAK_VALUE], (unsigned long long)endless);
    assert_true(kinds[HSD_BREAK_VALUE] - endless > (uint64_t)cases / 20);
}

int main(int argc, char **argv) {
    if (argc > 1) cases = atoi(argv[1]);
    if (argc > 2) seed = strtoull(argv[2], NULL, 10);
    printf("seed %llu, %d cases\n", (unsigned long long)seed, cases);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_are_the_largest_within_the_cutoff),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
