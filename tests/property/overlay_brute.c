/* Added links over random networks with restrictions, one-way streets and closed chains: every time
 * of a tree grown from an origin's seeds and those of the overlay equals Bellman-Ford over the
 * states of a traveller, from an origin and to it. overlay_brute CASES [SEED] runs longer. */
#include "overlay_world.h"
#include "random_network.h"

static int cases = 2000;
static uint64_t seed = 20260214;
static uint64_t compared, shortened;

static void times_with_links_equal_bellman_ford(void **state) {
    (void)state;
    for (int n = 0; n < cases; n++) {
        hsd_random random = {seed + (uint64_t)n};
        world w;
        uint8_t links[OVERLAY_LINKS], none[OVERLAY_LINKS] = {0};
        uint32_t from[FEET * FEET], to[FEET * FEET], expected[FEET * FEET], before[FEET * FEET];
        random_network *streets = random_network_create(&random);
        world_make(&w, streets->network, &random);
        some_links(&w, links, &random);
        hsd_pole_times *times = world_pole_times(&w, 1);
        times_by_trees(&w, none, times, HSD_FROM, before);
        times_by_trees(&w, links, times, HSD_FROM, from);
        times_by_trees(&w, links, times, HSD_TO, to);
        times_by_states(&w, links, expected);
        assert_same_times(from, expected, seed + (uint64_t)n);
        assert_same_times(to, expected, seed + (uint64_t)n);
        for (size_t i = 0; i < (size_t)FEET * FEET; i++) {
            assert_true(from[i] <= before[i]); /* adding never lengthens */
            compared += 2;
            shortened += from[i] < before[i];
        }
        hsd_pole_times_destroy(times);
        world_finish(&w);
        random_network_destroy(streets);
    }
    printf("%llu times compared, %llu pairs made faster by links\n", (unsigned long long)compared,
           (unsigned long long)shortened);
    assert_true(shortened > (uint64_t)cases * 5);
}

/* Stretches without length are a matter of their own (net/closed.h). */
static bool has_empty_stretch(const random_view *view) {
    for (size_t i = 0; i < view->part_count; i++) {
        const hsd_closed_part *p = &view->parts[i];
        if (p->from_segment + p->from_fraction >= p->to_segment + p->to_fraction) return true;
    }
    return false;
}

/* A scenario's own network: stretches closed, other paces; joints may lie in a closed stretch. */
static void links_over_closures_equal_bellman_ford(void **state) {
    (void)state;
    uint64_t faster = 0;
    for (int n = 0; n < cases / 2; n++) {
        hsd_random random = {seed + 4000000000 + (uint64_t)n};
        random_network *streets = random_network_create(&random);
        random_view view = random_view_create(streets, &random);
        if (has_empty_stretch(&view)) {
            random_view_destroy(&view);
            random_network_destroy(streets);
            continue;
        }
        world w;
        uint8_t links[OVERLAY_LINKS], none[OVERLAY_LINKS] = {0};
        uint32_t from[FEET * FEET], to[FEET * FEET], expected[FEET * FEET], before[FEET * FEET];
        world_make(&w, view.view, &random);
        some_links(&w, links, &random);
        hsd_pole_times *times = world_pole_times(&w, 1);
        times_by_trees(&w, links, times, HSD_FROM, from);
        times_by_trees(&w, links, times, HSD_TO, to);
        times_by_states(&w, links, expected);
        times_by_states(&w, none, before);
        assert_same_times(from, expected, (uint64_t)n);
        assert_same_times(to, expected, (uint64_t)n);
        for (size_t i = 0; i < (size_t)FEET * FEET; i++) faster += from[i] < before[i];
        hsd_pole_times_destroy(times);
        world_finish(&w);
        random_view_destroy(&view);
        random_network_destroy(streets);
    }
    assert_true(faster > (uint64_t)cases * 5);
}

static void several_gates_with_costs_equal_bellman_ford(void **state) {
    (void)state;
    for (int n = 0; n < cases / 4; n++) {
        hsd_random random = {seed + 1000000000 + (uint64_t)n};
        world w;
        uint8_t links[OVERLAY_LINKS];
        hsd_seed gates[3];
        size_t at[3];
        uint64_t cost[3];
        random_network *streets = random_network_create(&random);
        world_make(&w, streets->network, &random);
        some_links(&w, links, &random);
        for (uint32_t g = 0; g < 3; g++) {
            gates[g] = (hsd_seed){w.feet[g], overlay_below(&random, 100000), 0};
            at[g] = g;
            cost[g] = (uint64_t)w.feet[g].leg_ms + gates[g].extra_ms;
        }
        hsd_pole_times *times = world_pole_times(&w, 1);
        hsd_overlay *overlay;
        hsd_tree *tree;
        assert_int_equal(hsd_overlay_create(times, links, &overlay, NULL), HSD_OK);
        assert_int_equal(hsd_tree_create(w.locator, &tree, NULL), HSD_OK);
        grow(&w, overlay, HSD_FROM, gates, 3, tree);
        states *s = states_create(w.network, &w.overlay, links, w.feet, FEET);
        states_search(s, at, cost, 3);
        for (size_t j = 0; j < FEET; j++)
            assert_int_equal(hsd_tree_foot_ms(tree, &w.feet[j]), states_time(s, j, w.limit_ms));
        states_destroy(s);
        hsd_tree_destroy(tree);
        hsd_overlay_destroy(overlay);
        hsd_pole_times_destroy(times);
        world_finish(&w);
        random_network_destroy(streets);
    }
}

/* Shares no place with another link. (Where links touch, each may use the other's joints.) */
static bool stands_alone(const random_overlay *o, uint32_t link) {
    for (size_t i = 0; i < o->resolved.added_count; i++)
        for (size_t j = 0; j < o->resolved.added_count; j++) {
            const hsd_added *a = &o->added[i], *b = &o->added[j];
            if (a->link != link || b->link == link) continue;
            const uint32_t mine[] = {o->poles[a->from_pole].place, o->poles[a->to_pole].place};
            for (int k = 0; k < 2; k++)
                if (mine[k] == o->poles[b->from_pole].place ||
                    mine[k] == o->poles[b->to_pole].place)
                    return false;
        }
    return true;
}

static void no_links_and_links_too_slow_change_nothing(void **state) {
    (void)state;
    uint64_t slower = 0;
    for (int n = 0; n < cases / 4; n++) {
        hsd_random random = {seed + 2000000000 + (uint64_t)n};
        world w;
        uint8_t links[OVERLAY_LINKS], without[OVERLAY_LINKS], none[OVERLAY_LINKS] = {0};
        uint32_t with_ms[FEET * FEET], without_ms[FEET * FEET];
        random_network *streets = random_network_create(&random);
        world_make(&w, streets->network, &random);
        some_links(&w, links, &random);
        hsd_pole_times *times = world_pole_times(&w, 1);
        hsd_overlay *empty;
        hsd_tree *tree;
        assert_int_equal(hsd_overlay_create(times, none, &empty, NULL), HSD_OK);
        assert_int_equal(hsd_tree_create(w.locator, &tree, NULL), HSD_OK);
        const hsd_seed origin = {w.feet[0], 0, 0};
        assert_int_equal(grow(&w, empty, HSD_FROM, &origin, 1, tree), 0);
        hsd_tree_destroy(tree);
        hsd_overlay_destroy(empty);

        /* a trip is never longer than without a link; where it is no longer than that link's least
         * piece, the link is no part of it and may as well not be there */
        const uint32_t link = overlay_below(&random, w.overlay.link_count);
        uint32_t least = HSD_UNREACHABLE;
        links[link] = 1;
        memcpy(without, links, sizeof without);
        without[link] = 0;
        for (size_t i = 0; i < w.overlay.resolved.added_count; i++)
            for (int d = 0; d < 2; d++) {
                hsd_added *piece = &w.overlay.added[i];
                if (piece->link != link) continue;
                if (piece->ms[d] < HSD_UNREACHABLE && n % 2) piece->ms[d] += 1500000;
                if (piece->ms[d] < least) least = piece->ms[d];
            }
        times_by_trees(&w, links, times, HSD_FROM, with_ms);
        times_by_trees(&w, without, times, HSD_FROM, without_ms);
        for (size_t i = 0; i < (size_t)FEET * FEET; i++) {
            assert_true(with_ms[i] <= without_ms[i]);
            if (without_ms[i] > least || !stands_alone(&w.overlay, link)) continue;
            assert_int_equal(with_ms[i], without_ms[i]);
            slower++;
        }
        hsd_pole_times_destroy(times);
        world_finish(&w);
        random_network_destroy(streets);
    }
    assert_true(slower > (uint64_t)cases);
}

/* The same links with poles, joints and pieces listed backwards. */
static void turn_round(const random_overlay *a, random_overlay *b) {
    memset(b, 0, sizeof *b);
    b->resolved = a->resolved;
    b->resolved.joints = b->joints;
    b->resolved.poles = b->poles;
    b->resolved.added = b->added;
    b->link_count = a->link_count;
    const uint32_t poles = (uint32_t)a->resolved.pole_count;
    uint32_t joints = 0;
    for (uint32_t p = 0; p < poles; p++) {
        const hsd_pole *old = &a->poles[poles - 1 - p];
        b->poles[p] = *old;
        b->poles[p].first_joint = joints;
        for (uint32_t j = old->joint_count; j-- > 0; joints++) {
            b->joints[joints] = a->joints[old->first_joint + j];
            b->joints[joints].pole = p;
        }
    }
    for (size_t i = 0; i < a->resolved.added_count; i++) {
        const hsd_added *old = &a->added[a->resolved.added_count - 1 - i];
        b->added[i] = *old;
        b->added[i].from_pole = poles - 1 - old->to_pole;
        b->added[i].to_pole = poles - 1 - old->from_pole;
        b->added[i].ms[0] = old->ms[1];
        b->added[i].ms[1] = old->ms[0];
        b->added[i].link = a->link_count - 1 - old->link;
    }
}

static void the_order_of_links_and_threads_do_not_matter(void **state) {
    (void)state;
    for (int n = 0; n < cases / 8; n++) {
        hsd_random random = {seed + 3000000000 + (uint64_t)n};
        world w, turned;
        uint8_t links[OVERLAY_LINKS], back[OVERLAY_LINKS] = {0};
        uint32_t ms[FEET * FEET], other[FEET * FEET];
        random_network *streets = random_network_create(&random);
        world_make(&w, streets->network, &random);
        some_links(&w, links, &random);
        turned = w;
        turn_round(&w.overlay, &turned.overlay);
        for (uint32_t l = 0; l < w.overlay.link_count; l++)
            back[w.overlay.link_count - 1 - l] = links[l];
        hsd_pole_times *one = world_pole_times(&w, 1), *two = world_pole_times(&turned, 2),
                       *eight = world_pole_times(&w, 8);
        times_by_trees(&w, links, one, HSD_FROM, ms);
        times_by_trees(&turned, back, two, HSD_FROM, other);
        assert_same_times(other, ms, (uint64_t)n);
        times_by_trees(&w, links, eight, HSD_TO, other);
        assert_same_times(other, ms, (uint64_t)n);
        hsd_pole_times_destroy(one);
        hsd_pole_times_destroy(two);
        hsd_pole_times_destroy(eight);
        world_finish(&w);
        random_network_destroy(streets);
    }
}

int main(int argc, char **argv) {
    if (argc > 1) cases = atoi(argv[1]);
    if (argc > 2) seed = strtoull(argv[2], NULL, 10);
    printf("seed %llu, %d cases\n", (unsigned long long)seed, cases);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_with_links_equal_bellman_ford),
        cmocka_unit_test(links_over_closures_equal_bellman_ford),
        cmocka_unit_test(several_gates_with_costs_equal_bellman_ford),
        cmocka_unit_test(no_links_and_links_too_slow_change_nothing),
        cmocka_unit_test(the_order_of_links_and_threads_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
