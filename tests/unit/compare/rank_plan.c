/* Sets of proposals and walks over their links, against a plain search over the same links. */
#include "compare/rank_sets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

#define FAR HSD_UNREACHABLE

enum { MOST_POLES = 40 };

typedef struct world {
    hsd_web web;
    uint32_t direct[MOST_POLES * MOST_POLES], place[MOST_POLES], poles[MOST_POLES];
    uint32_t first_pole[MOST_POLES], first_link[MOST_POLES], to_pole[MOST_POLES];
    hsd_web_link links[2 * MOST_POLES];
} world;

static uint32_t below(hsd_random *random, uint32_t n) {
    return (uint32_t)(hsd_random_next(random) % n);
}

/* Times that know no triangle inequality: nothing may rely on it. */
static void make_world(world *w, uint32_t proposals, hsd_random *random) {
    uint32_t poles = 0, links = 0;
    for (uint32_t p = 0; p < proposals; p++) {
        w->first_pole[p] = poles;
        w->first_link[p] = links;
        uint32_t parts = 1 + below(random, 2);
        for (uint32_t k = 0; k <= parts; k++, poles++) {
            w->poles[poles] = poles;
            w->place[poles] = below(random, 3) ? poles : below(random, poles + 1);
            if (k == 0) continue;
            uint32_t ms = 1 + below(random, 60);
            w->links[links++] = (hsd_web_link){poles - 1, poles, ms};
            if (below(random, 4)) w->links[links++] = (hsd_web_link){poles, poles - 1, ms};
        }
    }
    w->first_pole[proposals] = poles;
    w->first_link[proposals] = links;
    for (uint32_t i = 0; i < poles; i++) {
        w->to_pole[i] = below(random, 3) ? below(random, 200) : FAR;
        for (uint32_t k = 0; k < poles; k++)
            w->direct[i * poles + k] = i == k ? 0 : below(random, 3) ? 1 + below(random, 90) : FAR;
    }
    w->web = (hsd_web){.pole_count = poles,
                       .proposal_count = proposals,
                       .direct = w->direct,
                       .place = w->place,
                       .links = w->links,
                       .first_link = w->first_link,
                       .poles = w->poles,
                       .first_pole = w->first_pole};
}

static bool holds_pole(const world *w, const hsd_rank_set *set, uint32_t pole) {
    for (uint32_t p = 0; p < w->web.proposal_count; p++)
        if (pole >= w->first_pole[p] && pole < w->first_pole[p + 1])
            return hsd_rank_set_holds(set, p);
    return false;
}

/* Bellman's rounds over "came out of a link at pole v", nothing else: the rule as the page says. */
static void search_plainly(const world *w, const hsd_rank_set *set, uint32_t *x) {
    const uint32_t n = w->web.pole_count;
    for (uint32_t v = 0; v < n; v++) x[v] = FAR;
    for (uint32_t round = 0; round <= n; round++)
        for (uint32_t l = 0; l < w->first_link[w->web.proposal_count]; l++) {
            const hsd_web_link *link = &w->links[l];
            if (!holds_pole(w, set, link->from)) continue;
            uint32_t best = FAR;
            for (uint32_t p = 0; p < n; p++) {
                if (w->place[p] != w->place[link->from] || !holds_pole(w, set, p)) continue;
                if (w->to_pole[p] < best) best = w->to_pole[p];
                for (uint32_t u = 0; u < n; u++) {
                    uint32_t ms = hsd_ms_add(x[u], w->direct[u * n + p]);
                    if (ms < best) best = ms;
                }
            }
            uint32_t ms = hsd_ms_add(best, link->ms);
            for (uint32_t q = 0; q < n; q++)
                if (w->place[q] == w->place[link->to] && holds_pole(w, set, q) && ms < x[q])
                    x[q] = ms;
        }
}

typedef struct check {
    const world *world;
    const hsd_rank_sets *sets;
    uint8_t seen[1000];
} check;

static hsd_status check_set(void *context, uint32_t set, const uint32_t *poles, const uint32_t *ms,
                            size_t count, hsd_error *err) {
    (void)err;
    check *c = context;
    uint32_t expected[MOST_POLES];
    search_plainly(c->world, &c->sets->list[set], expected);
    size_t in_force = 0;
    for (uint32_t p = 0; p < c->world->web.pole_count; p++)
        in_force += holds_pole(c->world, &c->sets->list[set], p);
    assert_int_equal(count, in_force);
    for (size_t k = 0; k < count; k++) assert_int_equal(ms[k], expected[poles[k]]);
    c->seen[set]++;
    return HSD_OK;
}

static void every_set_is_planned_once_with_the_times_of_a_plain_search(void **state) {
    (void)state;
    uint64_t seed = 20260721;
    printf("seed %llu\n", (unsigned long long)seed);
    hsd_random random = {seed};
    for (int round = 0; round < 400; round++) {
        static world w;
        uint32_t n = 1 + below(&random, round % 4 ? 5 : 12);
        make_world(&w, n, &random);
        unsigned kinds = HSD_RANK_ALONE | HSD_RANK_TOGETHER | HSD_RANK_WITHOUT | HSD_RANK_PAIRS |
                         (n <= HSD_SHAPLEY_MOST ? HSD_RANK_SHAPLEY : 0);
        uint8_t search[16] = {0};
        if (round % 5 == 0) search[below(&random, n)] = 1;
        if (round % 15 == 0) search[below(&random, n)] = 1;
        hsd_rank_sets sets;
        hsd_plan plan;
        assert_int_equal(hsd_rank_sets_make(n, kinds, search, &sets, NULL), HSD_OK);
        assert_int_equal(hsd_rank_sets_plan(&sets, &w.web, &plan, NULL), HSD_OK);
        check c = {&w, &sets, {0}};
        uint32_t *scratch = calloc(hsd_plan_scratch(&plan) + 1, sizeof *scratch);
        assert_non_null(scratch);
        assert_int_equal(hsd_plan_run(&plan, w.to_pole, scratch, check_set, &c, NULL), HSD_OK);
        for (size_t s = 0; s < sets.count; s++) {
            bool has_searched = false;
            for (uint32_t p = 0; p < n; p++)
                has_searched |= search[p] && hsd_rank_set_holds(&sets.list[s], p);
            assert_int_equal(sets.list[s].searched, has_searched);
            assert_int_equal(c.seen[s], !has_searched);
        }
        free(scratch);
        hsd_plan_finish(&plan);
        hsd_rank_sets_finish(&sets);
    }
}

static void few_proposals_make_no_set_twice(void **state) {
    (void)state;
    const uint8_t none[9] = {0};
    hsd_rank_sets sets;
    unsigned usual = HSD_RANK_ALONE | HSD_RANK_TOGETHER | HSD_RANK_WITHOUT;
    assert_int_equal(hsd_rank_sets_make(1, usual, none, &sets, NULL), HSD_OK);
    assert_int_equal(sets.count, 1); /* alone is together; without it there is nothing to rank */
    assert_int_equal(sets.row_count, 2);
    hsd_rank_sets_finish(&sets);
    assert_int_equal(hsd_rank_sets_make(2, usual | HSD_RANK_PAIRS, none, &sets, NULL), HSD_OK);
    assert_int_equal(sets.count, 3); /* a, b, both */
    assert_int_equal(sets.row_count, 2 + 1 + 2 + 1);
    assert_int_equal(sets.row_set[3], 1); /* all but the first is the second alone */
    hsd_rank_sets_finish(&sets);
    hsd_error err;
    assert_int_equal(hsd_rank_sets_make(9, HSD_RANK_SHAPLEY, none, &sets, &err), HSD_E_ARGUMENT);
    assert_string_equal(err.message,
                        "Shapley values of 9 proposals: at most 8, for they take every subset");
}

static void a_failed_allocation_is_said_and_nothing_leaks(void **state) {
    (void)state;
    static world w;
    hsd_random random = {3};
    make_world(&w, 5, &random);
    const uint8_t none[5] = {0};
    for (uint64_t n = 1;; n++) {
        hsd_rank_sets sets;
        hsd_plan plan;
        hsd_memory_fail_at(n);
        hsd_status status = hsd_rank_sets_make(5, 31, none, &sets, NULL);
        if (status == HSD_OK) {
            status = hsd_rank_sets_plan(&sets, &w.web, &plan, NULL);
            hsd_memory_fail_at(0);
            if (status == HSD_OK) hsd_plan_finish(&plan);
            hsd_rank_sets_finish(&sets);
        }
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_in_range(n, 1, 500);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_is_planned_once_with_the_times_of_a_plain_search),
        cmocka_unit_test(few_proposals_make_no_set_twice),
        cmocka_unit_test(a_failed_allocation_is_said_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
