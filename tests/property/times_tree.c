/* Trees on random networks with restrictions, one-way streets and partly closed chains: equal to
 * Bellman-Ford over directed edges, the same from o to d as to d from o, and a bounded tree is the
 * unbounded one cut off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_network.h"
#include "times/tree.h"

#define NETWORKS 150
#define SEED 20240611

static hsd_locator *locator_of(const random_network *r) {
    hsd_locator *locator;
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    assert_int_equal(hsd_locator_create(r->network, 0, &options, &locator, NULL), HSD_OK);
    return locator;
}

static hsd_foot any_vertex_foot(const random_network *r, hsd_random *random) {
    return random_vertex_foot(random_below(random, r->junction_count), random_below(random, 30000));
}

static hsd_foot any_foot(const random_network *r, hsd_random *random) {
    return random_below(random, 4) ? random_foot(r, random) : any_vertex_foot(r, random);
}

static void compare_with_oracle(const random_network *r, const hsd_tree *tree, const oracle *o,
                                uint32_t limit_ms, hsd_random *random) {
    for (int i = 0; i < 60; i++) {
        hsd_foot foot = any_foot(r, random);
        if (i % 3 == 0 && o->seeds[0].foot.edge != HSD_NO_EDGE)
            foot = random_foot_on(r, o->seeds[0].foot.edge, random);
        const uint64_t expected = oracle_foot_ms(o, &foot);
        assert_int_equal(hsd_tree_foot_ms(tree, &foot),
                         expected <= limit_ms ? expected : HSD_UNREACHABLE);
    }
}

static void trees_equal_bellman_ford(void **state) {
    (void)state;
    hsd_random random = {SEED};
    uint64_t reached = 0;
    for (int n = 0; n < NETWORKS; n++) {
        random_network *r = random_network_create(&random);
        hsd_locator *locator = locator_of(r);
        hsd_tree *tree;
        assert_int_equal(hsd_tree_create(locator, &tree, NULL), HSD_OK);
        for (int run = 0; run < 6; run++) {
            hsd_seed seeds[3];
            const size_t count = 1 + random_below(&random, 3);
            for (size_t i = 0; i < count; i++)
                seeds[i] = (hsd_seed){any_foot(r, &random), random_below(&random, 100000), 0};
            if (count > 1 && seeds[0].foot.edge != HSD_NO_EDGE && random_below(&random, 2))
                seeds[1].foot =
                    random_foot_on(r, seeds[0].foot.edge, &random); /* two on one edge */
            const uint32_t limit =
                run % 2 ? HSD_UNREACHABLE - 1 : 1000 + random_below(&random, 600000);
            oracle *o = oracle_create(r, seeds, count);
            assert_int_equal(hsd_tree_grow(tree, HSD_FROM, seeds, count, limit, NULL), HSD_OK);
            compare_with_oracle(r, tree, o, limit, &random);
            assert_int_equal(hsd_tree_touch(tree, NULL), HSD_OK);
            compare_with_oracle(r, tree, o, limit, &random);
            oracle_destroy(o);
            size_t settled;
            hsd_search_settled(hsd_tree_search(tree), &settled);
            reached += settled;
        }
        hsd_tree_destroy(tree);
        hsd_locator_destroy(locator);
        random_network_destroy(r);
    }
    assert_true(reached > 20 * NETWORKS); /* the networks are worth something */
}

static void from_and_to_agree_to_the_millisecond(void **state) {
    (void)state;
    hsd_random random = {SEED + 1};
    int finite = 0;
    for (int n = 0; n < NETWORKS; n++) {
        random_network *r = random_network_create(&random);
        hsd_locator *locator = locator_of(r);
        hsd_tree *from, *to;
        assert_int_equal(hsd_tree_create(locator, &from, NULL), HSD_OK);
        assert_int_equal(hsd_tree_create(locator, &to, NULL), HSD_OK);
        for (int pair = 0; pair < 30; pair++) {
            const hsd_seed o = {any_foot(r, &random), 0, 0};
            hsd_seed d = {any_foot(r, &random), 0, 0};
            if (pair % 5 == 0 && o.foot.edge != HSD_NO_EDGE)
                d.foot = random_foot_on(r, o.foot.edge, &random);
            const uint32_t limit =
                pair % 2 ? HSD_UNREACHABLE - 1 : 1000 + random_below(&random, 600000);
            assert_int_equal(hsd_tree_grow(from, HSD_FROM, &o, 1, limit, NULL), HSD_OK);
            assert_int_equal(hsd_tree_grow(to, HSD_TO, &d, 1, limit, NULL), HSD_OK);
            const uint32_t there = hsd_tree_foot_ms(from, &d.foot);
            assert_int_equal(there, hsd_tree_foot_ms(to, &o.foot));
            assert_int_equal(hsd_tree_touch(to, NULL), HSD_OK);
            assert_int_equal(there, hsd_tree_foot_ms(to, &o.foot));
            finite += there < HSD_UNREACHABLE;
        }
        hsd_tree_destroy(from);
        hsd_tree_destroy(to);
        hsd_locator_destroy(locator);
        random_network_destroy(r);
    }
    assert_true(finite > NETWORKS);
}

static void a_bounded_tree_is_the_unbounded_one_cut_off(void **state) {
    (void)state;
    hsd_random random = {SEED + 2};
    for (int n = 0; n < NETWORKS / 4; n++) {
        random_network *r = random_network_create(&random);
        hsd_locator *locator = locator_of(r);
        hsd_tree *all, *some;
        assert_int_equal(hsd_tree_create(locator, &all, NULL), HSD_OK);
        assert_int_equal(hsd_tree_create(locator, &some, NULL), HSD_OK);
        for (int run = 0; run < 10; run++) {
            const hsd_seed seed = {any_foot(r, &random), 0, 0};
            const hsd_direction direction = run % 2 ? HSD_TO : HSD_FROM;
            const uint32_t limit = random_below(&random, 400000);
            assert_int_equal(hsd_tree_grow(all, direction, &seed, 1, UINT32_MAX, NULL), HSD_OK);
            assert_int_equal(hsd_tree_grow(some, direction, &seed, 1, limit, NULL), HSD_OK);
            for (uint32_t v = 0; v < r->junction_count; v++) {
                const uint32_t ms = hsd_tree_vertex_ms(all, v);
                assert_int_equal(hsd_tree_vertex_ms(some, v), ms <= limit ? ms : HSD_UNREACHABLE);
            }
            for (int i = 0; i < 40; i++) {
                const hsd_foot foot = any_foot(r, &random);
                const uint32_t ms = hsd_tree_foot_ms(all, &foot);
                assert_int_equal(hsd_tree_foot_ms(some, &foot), ms <= limit ? ms : HSD_UNREACHABLE);
            }
        }
        hsd_tree_destroy(all);
        hsd_tree_destroy(some);
        hsd_locator_destroy(locator);
        random_network_destroy(r);
    }
}

int main(void) {
    printf("seed %d\n", SEED);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_equal_bellman_ford),
        cmocka_unit_test(from_and_to_agree_to_the_millisecond),
        cmocka_unit_test(a_bounded_tree_is_the_unbounded_one_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
