/* Contiguity over random graphs against a search from every zone: members_tidy CASES [SEED]. What
 * is tidy stays as it is; another pair of neighbours never breaks a circle apart: who is connected
 * with the core stays so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "hourshed/access.h"

enum { ZONES = 24, PAIRS = 60 };

static int cases = 4000;
static uint64_t seed = 20261122;

typedef struct world {
    size_t zones, pairs;
    uint32_t pair[PAIRS + 1][2];
    uint8_t members[ZONES], core[ZONES], border[ZONES];
} world;

static uint64_t below(hsd_random *random, uint64_t n) {
    return hsd_random_next(random) % n;
}

static world make_world(hsd_random *random) {
    world w = {.zones = 1 + below(random, ZONES)};
    w.pairs = below(random, PAIRS + 1);
    for (size_t i = 0; i < w.pairs; i++)
        for (int k = 0; k < 2; k++) w.pair[i][k] = (uint32_t)below(random, w.zones);
    const uint64_t dense = 1 + below(random, 4);
    for (size_t i = 0; i < w.zones; i++) {
        w.members[i] = below(random, 5) < dense;
        w.core[i] = below(random, 8) == 0;
        w.border[i] = below(random, 4) == 0;
    }
    return w;
}

static void tidy(world *w, bool fill, bool drop) {
    assert_int_equal(hsd_members_tidy(w->members, w->zones, (const uint32_t(*)[2])w->pair, w->pairs,
                                      w->core, w->border, fill, drop, NULL),
                     HSD_OK);
}

/* Whether one gets from a zone to one that is marked over zones of its own side, by trying. */
static bool gets_to(const world *w, size_t zone, const uint8_t *marks) {
    bool seen[ZONES] = {false};
    seen[zone] = true;
    for (size_t round = 0; round < w->zones; round++)
        for (size_t i = 0; i < w->pairs; i++)
            for (int k = 0; k < 2; k++) {
                const uint32_t a = w->pair[i][k], b = w->pair[i][1 - k];
                if (seen[a] && w->members[a] == w->members[b]) seen[b] = true;
            }
    for (size_t i = 0; i < w->zones; i++)
        if (seen[i] && marks[i]) return true;
    return false;
}

static void tidy_by_trying(world *w) {
    world filled = *w;
    for (size_t i = 0; i < w->zones; i++)
        if (!w->members[i] && !gets_to(w, i, w->border)) filled.members[i] = 1;
    *w = filled;
    for (size_t i = 0; i < w->zones; i++)
        if (filled.members[i] && !gets_to(&filled, i, filled.core)) w->members[i] = 0;
}

static void both_steps_are_those_of_a_search_from_every_zone(void **state) {
    (void)state;
    hsd_random random = {seed};
    size_t changed = 0;
    for (int c = 0; c < cases; c++) {
        world w = make_world(&random), other = w, first = w;
        tidy(&w, true, true);
        tidy_by_trying(&other);
        assert_memory_equal(w.members, other.members, w.zones);
        changed += memcmp(w.members, first.members, w.zones) != 0;
    }
    assert_true(changed > (size_t)cases / 4);
}

static void tidy_members_stay_as_they_are(void **state) {
    (void)state;
    hsd_random random = {seed + 1};
    for (int c = 0; c < cases; c++) {
        world w = make_world(&random);
        tidy(&w, true, true);
        const world once = w;
        tidy(&w, true, true);
        assert_memory_equal(w.members, once.members, w.zones);
    }
}

static void another_pair_of_neighbours_drops_nobody(void **state) {
    (void)state;
    hsd_random random = {seed + 2};
    for (int c = 0; c < cases; c++) {
        world w = make_world(&random), more = w;
        for (int k = 0; k < 2; k++) more.pair[more.pairs][k] = (uint32_t)below(&random, more.zones);
        more.pairs++;
        tidy(&w, false, true);
        tidy(&more, false, true);
        for (size_t i = 0; i < w.zones; i++) assert_true(more.members[i] >= w.members[i]);
    }
}

static void another_member_beside_one_that_stays_stays_with_it(void **state) {
    (void)state;
    hsd_random random = {seed + 3};
    size_t added = 0;
    for (int c = 0; c < cases; c++) {
        world w = make_world(&random), more = w;
        tidy(&w, true, true);
        size_t zone = ZONES;
        for (size_t i = 0; i < w.pairs && zone == ZONES; i++)
            if (w.members[w.pair[i][0]] && !w.members[w.pair[i][1]]) zone = w.pair[i][1];
        if (zone == ZONES) continue;
        added++;
        more.members[zone] = 1;
        tidy(&more, true, true);
        assert_true(more.members[zone]);
        for (size_t i = 0; i < w.zones; i++) assert_true(more.members[i] >= w.members[i]);
    }
    assert_true(added > (size_t)cases / 20);
}

int main(int argc, char **argv) {
    if (argc > 1) cases = atoi(argv[1]);
    if (argc > 2) seed = strtoull(argv[2], NULL, 10);
    printf("members_tidy: %d cases, seed %llu\n", cases, (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_steps_are_those_of_a_search_from_every_zone),
        cmocka_unit_test(tidy_members_stay_as_they_are),
        cmocka_unit_test(another_pair_of_neighbours_drops_nobody),
        cmocka_unit_test(another_member_beside_one_that_stays_stays_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
