/* A bridge by hand: times over it, both ways; paths; touching links; stops on it; running out of
 * memory anywhere. Random networks: tests/property/overlay_*.c. */
#include "bridge.h"

static const uint8_t both[2] = {1, 1};

static bool grow(crossing *c, hsd_direction direction, hsd_foot foot) {
    const hsd_seed seed = {foot, 0, 0};
    bool changed;
    assert_int_equal(
        hsd_scenario_tree_grow(c->tree, direction, NULL, NULL, 0, &seed, 1, HOUR, &changed, NULL),
        HSD_OK);
    return changed;
}

static uint32_t time_of(const crossing *c, hsd_foot foot) {
    return hsd_tree_foot_ms(hsd_scenario_tree_streets(c->tree), &foot);
}

static void a_bridge_is_crossed_from_street_to_street(void **state) {
    (void)state;
    bridge *b = bridge_create(false);
    crossing c;
    assert_int_equal(crossing_make(&c, b, both, NULL), HSD_OK);
    assert_true(grow(&c, HSD_FROM, bridge_foot(b, 0, 0.2)));
    assert_int_equal(time_of(&c, bridge_foot(b, 0, 0.5)), 3000);
    assert_int_equal(time_of(&c, bridge_foot(b, 1, 0.25)), 3000 + 100 + 5000 + 200);
    assert_int_equal(time_of(&c, bridge_foot(b, 1, 0.75)), 8300 + 4000);
    assert_int_equal(time_of(&c, bridge_foot(b, 1, 0)), 8300 + 2000);
    assert_true(grow(&c, HSD_TO, bridge_foot(b, 0, 0.2)));
    assert_int_equal(time_of(&c, bridge_foot(b, 1, 0.75)), 4000 + 200 + 7000 + 100 + 6000);
    crossing_finish(&c);
    bridge_destroy(b);
}

static void no_link_in_force_changes_nothing(void **state) {
    (void)state;
    const uint8_t none[2] = {0};
    bridge *b = bridge_create(true);
    crossing c;
    assert_int_equal(crossing_make(&c, b, none, NULL), HSD_OK);
    assert_null(hsd_scenario_place_links(c.place));
    assert_false(grow(&c, HSD_FROM, bridge_foot(b, 0, 0.2)));
    assert_int_equal(time_of(&c, bridge_foot(b, 1, 0.25)), U);
    assert_int_equal(time_of(&c, bridge_foot(b, 0, 0.5)), 3000);
    crossing_finish(&c);
    hsd_scenario_place *place;
    assert_int_equal(hsd_scenario_place_create(b->locator, NULL, &place, NULL), HSD_OK);
    c = (crossing){.place = place};
    assert_int_equal(hsd_scenario_tree_create(place, &c.tree, NULL), HSD_OK);
    assert_false(grow(&c, HSD_FROM, bridge_foot(b, 0, 0.2)));
    assert_int_equal(time_of(&c, bridge_foot(b, 0, 0.5)), 3000);
    crossing_finish(&c);
    bridge_destroy(b);
}

static void links_that_touch_are_passed_without_time_when_both_are_in_force(void **state) {
    (void)state;
    bridge *b = bridge_create(false);
    bridge_go_on(b);
    crossing c;
    assert_int_equal(crossing_make(&c, b, both, NULL), HSD_OK);
    grow(&c, HSD_FROM, bridge_foot(b, 0, 0.2));
    assert_int_equal(time_of(&c, bridge_foot(b, 1, 1)), 3000 + 100 + 5000 + 1000);
    crossing_finish(&c);
    const uint8_t second[2] = {0, 1};
    assert_int_equal(crossing_make(&c, b, second, NULL), HSD_OK);
    assert_false(grow(&c, HSD_FROM, bridge_foot(b, 0, 0.2))); /* it begins nowhere by itself */
    crossing_finish(&c);
    bridge_destroy(b);
}

static void assert_path(const crossing *c, hsd_foot foot, size_t count, const hsd_path_step *steps,
                        uint32_t total_ms) {
    hsd_path path = {0};
    const hsd_feet feet = {.feet = &foot, .count = 1};
    assert_int_equal(hsd_scenario_tree_path(c->tree, &feet, &path, NULL), HSD_OK);
    assert_int_equal(path.total_ms, total_ms);
    assert_int_equal(path.step_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(path.steps[i].kind, steps[i].kind);
        assert_int_equal(path.steps[i].id, steps[i].id);
        assert_int_equal(path.steps[i].direction, steps[i].direction);
        assert_int_equal(path.steps[i].in_ms, steps[i].in_ms);
    }
    hsd_path_finish(&path);
}

static void a_path_names_streets_gaps_and_links_in_order_of_travel(void **state) {
    (void)state;
    bridge *b = bridge_create(false);
    crossing c;
    assert_int_equal(crossing_make(&c, b, both, NULL), HSD_OK);
    b->joints[0].at.lon -= 0.0001; /* gaps are drawn where they have a length or a time */
    grow(&c, HSD_FROM, bridge_foot(b, 0, 0.2));
    const hsd_path_step there[] = {{.kind = HSD_STEP_EDGE, .id = 0, .in_ms = 0},
                                   {.kind = HSD_STEP_LEG, .in_ms = 3000},
                                   {.kind = HSD_STEP_LINK, .id = 0, .in_ms = 3100},
                                   {.kind = HSD_STEP_LEG, .in_ms = 8100},
                                   {.kind = HSD_STEP_EDGE, .id = 1, .in_ms = 8300}};
    assert_path(&c, bridge_foot(b, 1, 0.75), 5, there, 12300);
    grow(&c, HSD_TO, bridge_foot(b, 0, 0.2));
    const hsd_path_step back[] = {
        {.kind = HSD_STEP_EDGE, .id = 1, .direction = HSD_BACKWARD, .in_ms = 0},
        {.kind = HSD_STEP_LEG, .in_ms = 4000},
        {.kind = HSD_STEP_LINK, .id = 0, .direction = HSD_BACKWARD, .in_ms = 4200},
        {.kind = HSD_STEP_LEG, .in_ms = 11200},
        {.kind = HSD_STEP_EDGE, .id = 0, .direction = HSD_BACKWARD, .in_ms = 11300}};
    assert_path(&c, bridge_foot(b, 1, 0.75), 5, back, 17300);
    grow(&c, HSD_FROM, bridge_foot(b, 0, 0.2));
    const hsd_path_step near[] = {{.kind = HSD_STEP_EDGE, .id = 0, .in_ms = 0}};
    assert_path(&c, bridge_foot(b, 0, 0.5), 1, near, 3000);
    crossing_finish(&c);
    bridge_destroy(b);
}

/* ---- Stops on the bridge
 * -------------------------------------------------------------------------------------------- */

typedef struct visitor {
    hsd_lonlat at;
    hsd_place place;
    hsd_zone_set *set, *link_set;
} visitor;

static void visit(visitor *v, const bridge *b, const crossing *c, double lon, double lat) {
    static char none[1] = "";
    *v = (visitor){.at = {lon, lat}};
    v->place = (hsd_place){.id = none, .name = none, .name_en = none};
    v->place.geometry =
        (hsd_geometry){.type = HSD_GEOMETRY_POINT, .point_count = 1, .points = &v->at};
    const hsd_place_table table = {.places = &v->place, .place_count = 1};
    assert_int_equal(hsd_zone_set_create(b->locator, &table, NULL, &v->set, NULL), HSD_OK);
    assert_int_equal(
        hsd_zone_set_create(hsd_scenario_place_links(c->place), &table, NULL, &v->link_set, NULL),
        HSD_OK);
}

static void leave(visitor *v) {
    hsd_zone_set_destroy(v->set);
    hsd_zone_set_destroy(v->link_set);
}

static void on_a_bridge_with_access_one_may_stop(void **state) {
    (void)state;
    bridge *b = bridge_create(true);
    crossing c;
    visitor v;
    uint32_t ms;
    assert_int_equal(crossing_make(&c, b, both, NULL), HSD_OK);
    visit(&v, b, &c, 0.00375, 0.01); /* its middle, further than 1 km from either street */
    grow(&c, HSD_FROM, bridge_foot(b, 0, 0.2));
    assert_int_equal(hsd_scenario_tree_zone_ms(c.tree, v.set, NULL, 0), U);
    assert_int_equal(hsd_scenario_tree_zone_ms(c.tree, v.set, v.link_set, 0), 3000 + 100 + 2500);
    assert_int_equal(hsd_scenario_tree_points(c.tree, v.set, v.link_set, &ms, NULL), HSD_OK);
    assert_int_equal(ms, 5600);
    /* a trip from there */
    assert_int_equal(
        hsd_scenario_tree_grow(c.tree, HSD_FROM, &v.at, NULL, 1, NULL, 0, HOUR, NULL, NULL),
        HSD_OK);
    assert_int_equal(time_of(&c, bridge_foot(b, 1, 0.75)), 2500 + 200 + 4000);
    assert_int_equal(time_of(&c, bridge_foot(b, 0, 0.2)), 3500 + 100 + 6000);
    const hsd_path_step steps[] = {{.kind = HSD_STEP_LEG, .in_ms = 0},
                                   {.kind = HSD_STEP_LEG, .in_ms = 2500},
                                   {.kind = HSD_STEP_EDGE, .id = 1, .in_ms = 2700}};
    assert_path(&c, bridge_foot(b, 1, 0.75), 3, steps, 6700);
    leave(&v);
    crossing_finish(&c);
    bridge_destroy(b);
}

static void a_surface_has_the_time_of_stops_on_the_bridge(void **state) {
    (void)state;
    bridge *b = bridge_create(true);
    crossing c;
    visitor v;
    hsd_lattice *lattice, *link_lattice;
    hsd_surface surface;
    const hsd_lattice_options options = {0.00375, 0.01, 50};
    assert_int_equal(crossing_make(&c, b, both, NULL), HSD_OK);
    assert_int_equal(hsd_lattice_create(b->locator, &options, &lattice, NULL), HSD_OK);
    assert_int_equal(
        hsd_lattice_create(hsd_scenario_place_links(c.place), &options, &link_lattice, NULL),
        HSD_OK);
    grow(&c, HSD_FROM, bridge_foot(b, 0, 0.2));
    assert_int_equal(
        hsd_scenario_tree_surface(c.tree, lattice, link_lattice, 600000, NULL, &surface, NULL),
        HSD_OK);
    size_t reached = 0;
    for (int32_t i = -24; i < 24; i += 3)
        for (int32_t j = -40; j < 40; j += 3) {
            visit(&v, b, &c, 0.00375 + (i + 0.5) * 50 / 111319.4908,
                  0.01 + (j + 0.5) * 50 / 110574.2759);
            const uint32_t ms = hsd_scenario_tree_zone_ms(c.tree, v.set, v.link_set, 0);
            const uint32_t drawn =
                surface.ms[(size_t)(j - surface.j0) * surface.width + (size_t)(i - surface.i0)];
            if (ms < 550000) {
                assert_in_range(drawn, ms - 100, ms + 100); /* a metre a second: 10 cm */
                reached++;
            }
            leave(&v);
        }
    assert_true(reached > 200);
    hsd_surface_finish(&surface);
    hsd_lattice_destroy(lattice);
    hsd_lattice_destroy(link_lattice);
    crossing_finish(&c);
    bridge_destroy(b);
}

/* ---- Refused, and out of memory
 * ------------------------------------------------------------------------------------- */

static void a_tree_further_than_the_times_between_links_is_refused(void **state) {
    (void)state;
    bridge *b = bridge_create(false);
    crossing c;
    hsd_error err = {0};
    hsd_overlay_seeds seeds = {0};
    const hsd_seed seed = {bridge_foot(b, 0, 0.2), 0, 0};
    assert_int_equal(crossing_make(&c, b, both, NULL), HSD_OK);
    assert_int_equal(
        hsd_scenario_tree_grow(c.tree, HSD_FROM, NULL, NULL, 0, &seed, 1, HOUR + 1, NULL, &err),
        HSD_E_ARGUMENT);
    assert_string_equal(err.message,
                        "a tree up to 3600001 ms, times between links up to 3600000 ms");
    assert_int_equal(hsd_overlay_sow(c.overlay, hsd_scenario_tree_streets(c.tree), &seeds, &err),
                     HSD_E_ARGUMENT);
    crossing_finish(&c);
    bridge_destroy(b);
}

static hsd_status everything(const bridge *b, crossing *c, hsd_error *err) {
    const hsd_lonlat gate = {0.002, 0};
    hsd_foot target = bridge_foot(b, 1, 1);
    const hsd_seed seed = {bridge_foot(b, 0, 0.2), 0, 0};
    const hsd_feet feet = {.feet = &target, .count = 1};
    hsd_path path = {0};
    hsd_overlay_seeds seeds = {0};
    hsd_status status = crossing_make(c, b, both, err);
    if (status == HSD_OK)
        status =
            hsd_scenario_tree_grow(c->tree, HSD_FROM, &gate, NULL, 1, &seed, 1, HOUR, NULL, err);
    if (status == HSD_OK) status = hsd_scenario_tree_path(c->tree, &feet, &path, err);
    if (status == HSD_OK)
        status = hsd_overlay_sow(c->overlay, hsd_scenario_tree_streets(c->tree), &seeds, err);
    hsd_path_finish(&path);
    hsd_overlay_seeds_finish(&seeds);
    return status;
}

static void running_out_of_memory_is_told(void **state) {
    (void)state;
    bridge *b = bridge_create(true);
    bridge_go_on(b);
    int failures = 0;
    for (uint64_t n = 1; n < 2000; n++) {
        crossing c = {0};
        hsd_error err = {0};
        hsd_memory_fail_at(n);
        const hsd_status status = everything(b, &c, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) assert_int_equal(time_of(&c, bridge_foot(b, 1, 1)), 9100);
        crossing_finish(&c);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_equal(err.code, HSD_E_MEMORY);
        failures++;
    }
    assert_in_range(failures, 60, 1500);
    bridge_destroy(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bridge_is_crossed_from_street_to_street),
        cmocka_unit_test(no_link_in_force_changes_nothing),
        cmocka_unit_test(links_that_touch_are_passed_without_time_when_both_are_in_force),
        cmocka_unit_test(a_path_names_streets_gaps_and_links_in_order_of_travel),
        cmocka_unit_test(on_a_bridge_with_access_one_may_stop),
        cmocka_unit_test(a_surface_has_the_time_of_stops_on_the_bridge),
        cmocka_unit_test(a_tree_further_than_the_times_between_links_is_refused),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
