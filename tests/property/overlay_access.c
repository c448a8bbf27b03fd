/* Links on which one may stop (access = yes) over random networks: times between places, each with
 * a foot on the streets and one on the links, against Bellman-Ford with states on the pieces too;
 * from an origin and to it. overlay_access CASES [SEED] runs longer. */
#include "overlay_world.h"
#include "random_network.h"
#include "times/locator.h"

#define PLACES 8

static int cases = 400;
static uint64_t seed = 20260511;
static uint64_t compared, by_links;

typedef struct scene {
    random_network *streets;
    world w;
    uint8_t links[OVERLAY_LINKS];
    hsd_pole_times *times;
    hsd_overlay *overlay;
    hsd_scenario_place *place;
    const hsd_locator *on_links;
    hsd_place places[PLACES];
    hsd_place_table table;
    hsd_zone_set *set, *link_set;
} scene;

static void place_at(scene *s, size_t i, hsd_random *random) {
    const random_overlay *o = &s->w.overlay;
    double lon = 0.04 * hsd_random_unit(random), lat = 41.1 + 0.03 * hsd_random_unit(random);
    if (i % 2) { /* near a link */
        const hsd_lonlat p = o->points[overlay_below(random, (uint32_t)o->resolved.point_count)];
        lon = p.lon + 0.002 * hsd_random_unit(random) - 0.001;
        lat = p.lat + 0.002 * hsd_random_unit(random) - 0.001;
    }
    static char none[1] = "";
    s->places[i] = (hsd_place){.id = none, .name = none, .name_en = none};
    hsd_geometry *g = &s->places[i].geometry;
    *g = (hsd_geometry){.type = HSD_GEOMETRY_POINT, .point_count = 1};
    g->points = hsd_alloc(1, sizeof *g->points, NULL);
    assert_non_null(g->points);
    g->points[0] = (hsd_lonlat){lon, lat};
}

static void scene_make(scene *s, hsd_random *random) {
    memset(s, 0, sizeof *s);
    s->streets = random_network_create(random);
    world_make(&s->w, s->streets->network, random);
    some_links(&s->w, s->links, random);
    for (size_t i = 0; i < s->w.overlay.resolved.added_count; i++)
        for (int d = 0; d < 2; d++) { /* a way without any time is not a way to stop on */
            uint32_t *ms = &s->w.overlay.added[i].ms[d];
            if (*ms < 10) *ms = 10;
        }
    s->times = world_pole_times(&s->w, 1);
    assert_int_equal(hsd_overlay_create(s->times, s->links, &s->overlay, NULL), HSD_OK);
    hsd_error err = {0};
    if (hsd_scenario_place_create(s->w.locator, s->overlay, &s->place, &err) != HSD_OK)
        fail_msg("%s", err.message);
    s->on_links = hsd_scenario_place_links(s->place);
    for (size_t i = 0; i < PLACES; i++) place_at(s, i, random);
    s->table = (hsd_place_table){.places = s->places, .place_count = PLACES};
    const hsd_run run = {.threads = 1};
    assert_int_equal(hsd_zone_set_create(s->w.locator, &s->table, &run, &s->set, NULL), HSD_OK);
    if (s->on_links != NULL)
        assert_int_equal(hsd_zone_set_create(s->on_links, &s->table, &run, &s->link_set, NULL),
                         HSD_OK);
}

static void scene_finish(scene *s) {
    hsd_zone_set_destroy(s->set);
    hsd_zone_set_destroy(s->link_set);
    for (size_t i = 0; i < PLACES; i++) hsd_geometry_finish(&s->places[i].geometry);
    hsd_scenario_place_destroy(s->place);
    hsd_overlay_destroy(s->overlay);
    hsd_pole_times_destroy(s->times);
    world_finish(&s->w);
    random_network_destroy(s->streets);
}

/* ---- States on links: two more a place, one to begin in and one to end in
 * ------------------------------------ */

typedef struct on_link {
    bool there;
    uint32_t added;
    double along;
    bool at_pole[2];               /* at the very end of the piece: at its pole */
    uint32_t before_ms[2], leg_ms; /* from the piece's beginning, in the sense of each direction */
} on_link;

static on_link find_on_link(const scene *s, size_t place) {
    on_link at = {0};
    if (s->on_links == NULL) return at;
    const hsd_feet *feet = hsd_zone_set_feet(s->link_set, place);
    if (feet->count == 0) return at;
    const hsd_foot *foot = &feet->feet[0];
    const hsd_edge *edge = &s->on_links->network->edges[foot->edge];
    at.there = true;
    at.added = (uint32_t)edge->source_id - 1;
    at.along = foot->segment + foot->fraction;
    at.at_pole[0] = at.along == 0;
    at.at_pole[1] = at.along == edge->point_count - 1;
    at.leg_ms = foot->leg_ms;
    const hsd_added *piece = &s->w.overlay.added[at.added];
    at.before_ms[0] = foot->ms[0];
    at.before_ms[1] = piece->ms[1] < HSD_UNREACHABLE ? piece->ms[1] - foot->ms[1] : 0;
    return at;
}

static void add_states_on_links(const scene *s, states *t, const on_link *at, uint32_t first) {
    for (uint32_t i = 0; i < PLACES; i++) {
        if (!at[i].there) continue;
        const hsd_added *piece = &s->w.overlay.added[at[i].added];
        const uint32_t poles[2] = {piece->from_pole, piece->to_pole};
        for (uint32_t d = 0; d < 2; d++) {
            if (at[i].at_pole[d]) {
                states_step(t, first + 2 * i, t->first_pole + 2 * poles[d] + 1, 0);
                states_step(t, t->first_pole + 2 * poles[d], first + 2 * i + 1, 0);
            }
            if (piece->ms[d] >= HSD_UNREACHABLE) continue;
            states_step(t, t->first_pole + 2 * poles[d], first + 2 * i + 1, at[i].before_ms[d]);
            states_step(t, first + 2 * i, t->first_pole + 2 * poles[1 - d] + 1,
                        piece->ms[d] - at[i].before_ms[d]);
            for (uint32_t j = 0; j < PLACES; j++)
                if (at[j].there && at[j].added == at[i].added &&
                    (d ? at[j].along <= at[i].along : at[j].along >= at[i].along))
                    states_step(t, first + 2 * i, first + 2 * j + 1,
                                at[j].before_ms[d] - at[i].before_ms[d]);
        }
    }
}

static void times_of_places(const scene *s, uint32_t *out) {
    hsd_foot feet[PLACES];
    on_link at[PLACES];
    for (size_t i = 0; i < PLACES; i++) {
        const hsd_feet *own = hsd_zone_set_feet(s->set, i);
        feet[i] =
            own->count ? own->feet[0] : (hsd_foot){.edge = HSD_NO_EDGE, .vertex = HSD_NO_EDGE};
        at[i] = find_on_link(s, i);
    }
    states *t = states_create(s->w.network, &s->w.overlay, s->links, feet, PLACES);
    const uint32_t first = t->state_count;
    t->state_count += 2 * PLACES;
    t->ms = realloc(t->ms, t->state_count * sizeof *t->ms);
    if (!t->ms) abort();
    add_states_on_links(s, t, at, first);
    for (uint32_t i = 0; i < PLACES; i++) {
        const size_t from = i;
        const uint64_t cost = feet[i].leg_ms;
        states_begin(t, &from, &cost, 1);
        if (at[i].there) t->ms[first + 2 * i] = at[i].leg_ms;
        states_relax(t);
        for (uint32_t j = 0; j < PLACES; j++) {
            uint32_t ms = states_time(t, j, s->w.limit_ms);
            const uint64_t by_link = t->ms[first + 2 * j + 1] + at[j].leg_ms;
            if (at[j].there && by_link <= s->w.limit_ms && by_link < ms) ms = (uint32_t)by_link;
            out[i * PLACES + j] = ms;
        }
    }
    states_destroy(t);
}

static void check_origin(const scene *s, hsd_scenario_tree *tree, hsd_direction direction,
                         uint32_t i, const uint32_t *expected, uint64_t this_seed) {
    const hsd_lonlat gate = {s->places[i].geometry.points[0].lon,
                             s->places[i].geometry.points[0].lat};
    const hsd_feet *feet = hsd_zone_set_feet(s->set, i);
    const hsd_seed own = feet->count ? (hsd_seed){feet->feet[0], 0, 0} : (hsd_seed){0};
    uint32_t points[PLACES];
    bool changed;
    assert_int_equal(hsd_scenario_tree_grow(tree, direction, &gate, NULL, 1, &own, feet->count,
                                            s->w.limit_ms, &changed, NULL),
                     HSD_OK);
    assert_int_equal(hsd_scenario_tree_points(tree, s->set, s->link_set, points, NULL), HSD_OK);
    for (uint32_t j = 0; j < PLACES; j++) {
        const uint32_t right = expected[direction == HSD_FROM ? i * PLACES + j : j * PLACES + i];
        const uint32_t ms = hsd_scenario_tree_zone_ms(tree, s->set, s->link_set, j);
        if (ms != right || points[j] != right)
            fail_msg("case %llu, %u and %u, direction %d: %u ms (%u), expected %u",
                     (unsigned long long)this_seed, i, j, (int)direction, ms, points[j], right);
        const hsd_tree *streets = hsd_scenario_tree_streets(tree);
        by_links += ms < hsd_tree_feet_ms(streets, hsd_zone_set_feet(s->set, j));
        compared++;
    }
}

static void stops_on_links_equal_bellman_ford(void **state) {
    (void)state;
    for (int n = 0; n < cases; n++) {
        hsd_random random = {seed + (uint64_t)n};
        scene s;
        uint32_t expected[PLACES * PLACES];
        hsd_scenario_tree *tree;
        scene_make(&s, &random);
        times_of_places(&s, expected);
        assert_int_equal(hsd_scenario_tree_create(s.place, &tree, NULL), HSD_OK);
        for (uint32_t i = 0; i < PLACES; i++) {
            check_origin(&s, tree, HSD_FROM, i, expected, seed + (uint64_t)n);
            check_origin(&s, tree, HSD_TO, i, expected, seed + (uint64_t)n);
        }
        hsd_scenario_tree_destroy(tree);
        scene_finish(&s);
    }
    printf("%llu times compared, %llu by a foot on a link\n", (unsigned long long)compared,
           (unsigned long long)by_links);
    assert_true(by_links > (uint64_t)cases);
}

int main(int argc, char **argv) {
    if (argc > 1) cases = atoi(argv[1]);
    if (argc > 2) seed = strtoull(argv[2], NULL, 10);
    printf("seed %llu, %d cases\n", (unsigned long long)seed, cases);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_on_links_equal_bellman_ford),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
