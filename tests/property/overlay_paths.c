/* Paths over random networks with random links: their steps follow one another in time and place,
 * cost what edges and links cost, use links in force alone, and sum to the time that Bellman-Ford
 * has for the pair, from an origin and to it. overlay_paths CASES [SEED] runs longer. */
#include "overlay_world.h"
#include "random_network.h"

static int cases = 1000;
static uint64_t seed = 20260301;
static uint64_t paths, over_links, over_several;

static bool near(hsd_lonlat a, hsd_lonlat b) {
    return fabs(a.lon - b.lon) < 1e-9 && fabs(a.lat - b.lat) < 1e-9;
}

static bool leg_of_an_end(const hsd_path *path, size_t i) {
    return path->steps[i].kind == HSD_STEP_LEG && path->steps[i].point_count == 1 &&
           (i == 0 || i + 1 == path->step_count);
}

static void check_edge_step(const world *w, const hsd_path *path, const hsd_path_step *step) {
    const hsd_network *n = w->network;
    const uint32_t whole = n->metrics[0].edge_ms[2 * step->id + step->direction];
    const hsd_edge *edge = &n->edges[step->id];
    const hsd_point_e7 a = n->vertex_point[step->direction ? edge->to : edge->from],
                       b = n->vertex_point[step->direction ? edge->from : edge->to];
    assert_true(whole < HSD_UNREACHABLE && step->out_ms - step->in_ms <= whole);
    assert_true(step->point_count >= 2);
    if (edge->from != edge->to &&
        near(path->points[step->first_point], (hsd_lonlat){a.lon_e7 / 1e7, a.lat_e7 / 1e7}) &&
        near(path->points[step->first_point + step->point_count - 1],
             (hsd_lonlat){b.lon_e7 / 1e7, b.lat_e7 / 1e7})) {
        assert_int_equal(step->out_ms - step->in_ms, whole);
        assert_int_equal(step->point_count, edge->point_count);
        for (uint32_t i = 0; i < edge->point_count; i++) {
            const uint32_t k = step->direction ? edge->point_count - 1 - i : i;
            const hsd_point_e7 bend = n->points[edge->first_point + k];
            assert_true(near(path->points[step->first_point + i],
                             (hsd_lonlat){bend.lon_e7 / 1e7, bend.lat_e7 / 1e7}));
        }
    }
}

static size_t check_path(const world *w, const hsd_path *path, const uint8_t *links) {
    size_t pieces = 0;
    uint32_t clock = 0;
    for (size_t i = 0; i < path->step_count; i++) {
        const hsd_path_step *step = &path->steps[i];
        assert_int_equal(step->in_ms, clock);
        clock = step->out_ms;
        assert_true(step->point_count >= (leg_of_an_end(path, i) ? 1 : 2));
        if (i > 0) {
            const hsd_path_step *last = &path->steps[i - 1];
            assert_true(near(path->points[last->first_point + last->point_count - 1],
                             path->points[step->first_point]));
        }
        if (step->kind == HSD_STEP_EDGE) check_edge_step(w, path, step);
        if (step->kind != HSD_STEP_LINK) continue;
        const hsd_added *piece = &w->overlay.added[step->id];
        assert_true(links[piece->link]);
        assert_int_equal(step->out_ms - step->in_ms, piece->ms[step->direction]);
        const uint32_t pole = step->direction ? piece->to_pole : piece->from_pole;
        assert_true(near(path->points[step->first_point], w->overlay.poles[pole].at));
        pieces++;
    }
    assert_int_equal(clock, path->total_ms);
    return pieces;
}

static void check_origin(const world *w, const uint8_t *links, hsd_scenario_tree *tree,
                         hsd_direction direction, size_t origin, const uint32_t *expected,
                         const uint32_t *before) {
    const hsd_seed own = {w->feet[origin], 0, 0};
    hsd_path path = {0};
    bool changed;
    assert_int_equal(hsd_scenario_tree_grow(tree, direction, NULL, NULL, 0, &own, 1, w->limit_ms,
                                            &changed, NULL),
                     HSD_OK);
    for (size_t j = 0; j < FEET; j++) {
        hsd_foot foot = w->feet[j];
        const hsd_feet feet = {.feet = &foot, .count = 1};
        const size_t at = direction == HSD_FROM ? origin * FEET + j : j * FEET + origin;
        hsd_error err = {0};
        if (hsd_scenario_tree_path(tree, &feet, &path, &err) != HSD_OK)
            fail_msg("%zu to %zu: %s", origin, j, err.message);
        assert_int_equal(path.total_ms, expected[at]);
        if (expected[at] >= HSD_UNREACHABLE) {
            assert_int_equal(path.step_count, 0);
            continue;
        }
        const size_t pieces = check_path(w, &path, links);
        if (expected[at] < before[at]) assert_true(pieces > 0 && changed);
        if (pieces == 0) assert_int_equal(expected[at], before[at]);
        paths++;
        over_links += pieces > 0;
        over_several += pieces > 1;
    }
    hsd_path_finish(&path);
}

static void paths_add_up_to_the_times_of_bellman_ford(void **state) {
    (void)state;
    for (int n = 0; n < cases; n++) {
        hsd_random random = {seed + (uint64_t)n};
        world w;
        uint8_t links[OVERLAY_LINKS], none[OVERLAY_LINKS] = {0};
        uint32_t expected[FEET * FEET], before[FEET * FEET];
        random_network *streets = random_network_create(&random);
        world_make(&w, streets->network, &random);
        some_links(&w, links, &random);
        times_by_states(&w, links, expected);
        times_by_states(&w, none, before);
        hsd_pole_times *times = world_pole_times(&w, 1);
        hsd_overlay *overlay;
        hsd_scenario_place *place;
        hsd_scenario_tree *tree;
        assert_int_equal(hsd_overlay_create(times, links, &overlay, NULL), HSD_OK);
        assert_int_equal(hsd_scenario_place_create(w.locator, overlay, &place, NULL), HSD_OK);
        assert_int_equal(hsd_scenario_tree_create(place, &tree, NULL), HSD_OK);
        for (size_t i = 0; i < 3; i++) {
            check_origin(&w, links, tree, HSD_FROM, i, expected, before);
            check_origin(&w, links, tree, HSD_TO, i, expected, before);
        }
        hsd_scenario_tree_destroy(tree);
        hsd_scenario_place_destroy(place);
        hsd_overlay_destroy(overlay);
        hsd_pole_times_destroy(times);
        world_finish(&w);
        random_network_destroy(streets);
    }
    printf("%llu paths, %llu over links, %llu over several\n", (unsigned long long)paths,
           (unsigned long long)over_links, (unsigned long long)over_several);
    assert_true(over_several > (uint64_t)cases);
}

int main(int argc, char **argv) {
    if (argc > 1) cases = atoi(argv[1]);
    if (argc > 2) seed = strtoull(argv[2], NULL, 10);
    printf("seed %llu, %d cases\n", (unsigned long long)seed, cases);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_add_up_to_the_times_of_bellman_ford),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
