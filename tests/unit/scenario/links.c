/* Lengths, times and pieces of links, by hand arithmetic: 111.31949 m a step east at 36 km/h take
 * 11132 ms. */
#include "drawn.h"

static hand h;
static drawn d;

/* Two streets north and south, joined at the west: 1 (0,0) - 2 (10,0), 3 (0,20) - 4 (10,20), 1 - 3.
 */
static hsd_network *two_shores(void) {
    hand_init(&h);
    drawn_classes(&h);
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 10, 0);
    hand_node(&h, 3, 0, 20);
    hand_node(&h, 4, 10, 20);
    hand_way(&h, 0, 1, 2, 0);
    hand_way(&h, 0, 3, 4, 0);
    hand_way(&h, 0, 1, 3, 0);
    drawn_init(&d);
    return hand_build(&h, &h.car, 1);
}

static void a_link_takes_its_length_at_its_speed(void **state) {
    (void)state;
    hsd_network *n = two_shores();
    drawn_link(&d, 0, 1, LINE(10, 0, 10, 10, 10, 20));
    drawn_link(&d, 0, 2, LINE(10, 0, 10, 20))->speed_kmh = 72; /* 20 m/s */
    drawn_link(&d, 0, 3, LINE(10, 0, 10, 20))->road_class =
        WORD("trunk"); /* 72 km/h at half of it */
    hsd_link_row *capped = drawn_link(&d, 0, 4, LINE(10, 0, 10, 20));
    capped->speed_kmh = 90;
    capped->road_class = WORD("trunk");
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added_count, 4);
    /* 1105.743 m at 10 m/s, twice: 110574 each */
    assert_int_equal(r.added[0].ms[0], 2 * 110574);
    assert_int_equal(r.added[0].ms[1], 2 * 110574);
    assert_near(r.added[0].length_m, 20 * STEP_Y, 1e-2);
    assert_int_equal(r.added[0].point_count, 3);
    /* 2211.4855 m at 20 m/s */
    assert_int_equal(r.added[1].ms[0], 110574);
    assert_int_equal(r.added[2].ms[0], 221149);
    assert_int_equal(r.added[3].ms[0], 176919); /* 45 km/h: 12.5 m/s */
    assert_near(r.edits[1].forward_min, 110.574 / 60, 1e-9);
    assert_near(r.edits[1].length_km, 2.2114855, 1e-6);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void the_profile_caps_given_speeds(void **state) {
    (void)state;
    hand_init(&h);
    hsd_network_destroy(two_shores());
    h.car.max_speed_mh = 36000;
    hsd_network *n = hand_build(&h, &h.car, 1);
    drawn_link(&d, 0, 2, LINE(10, 0, 10, 20))->speed_kmh = 72;
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added[0].ms[0], 221149);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void stated_lengths_and_minutes_are_spread_over_the_line(void **state) {
    (void)state;
    hsd_network *n = two_shores();
    hsd_link_row *longer = drawn_link(&d, 0, 1, LINE(10, 0, 10, 5, 10, 20));
    longer->length_km = 4; /* a quarter of it is 1 km: 100 s, then 3 km: 300 s */
    hsd_link_row *timed = drawn_link(&d, 1, 2, LINE(10, 0, 10, 20));
    timed->minutes = 2;
    timed->road_class = WORD("unheard of");
    drawn_junction(&d, 0, 1, 10, 5)->connect_to = WORD("nowhere");
    hsd_junction_row *half = drawn_junction(&d, 1, 2, 10.1, 10);
    half->connect_to = NULL;
    hsd_resolved r;
    hsd_issues issues = {0};
    /* the junctions have no road there: only that is wrong */
    assert_int_equal(hsd_proposals_resolve(n, 0, &d.table, NULL, NULL, &r, &issues, NULL),
                     HSD_E_FORMAT);
    assert_int_equal(issues.errors, 2);
    hsd_issues_finish(&issues);
    d.table.junction_count = 0;
    hsd_link_row *end = drawn_link(&d, 2, 3, LINE(10.0000001, 10, 10, 20)); /* touches both */
    end->minutes = 1;
    hsd_link_row *quarter = drawn_link(&d, 2, 4, LINE(10, 5, 9, 20));
    quarter->minutes = 1;
    r = drawn_resolved(n, &d, NULL);
    /* link 0: poles at 0, 5, 10 and 20; link 1 the same; the others two each */
    assert_int_equal(r.added_count, 3 + 3 + 1 + 1);
    assert_int_equal(r.added[0].ms[0], 100000);
    assert_int_equal(r.added[1].ms[1], 100000);
    assert_int_equal(r.added[2].ms[0], 200000);
    assert_near(r.added[2].length_m, 2000, 1e-3);
    assert_int_equal(r.added[3].ms[0], 30000);
    assert_int_equal(r.added[4].ms[0], 30000);
    assert_int_equal(r.added[5].ms[0], 60000);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void waits_and_tolls_are_paid_where_travel_begins(void **state) {
    (void)state;
    hsd_network *n = two_shores();
    hsd_link_row *ferry = drawn_link(&d, 0, 1, LINE(10, 0, 10, 10, 10, 20));
    ferry->kind = HSD_KIND_FERRY;
    ferry->road_class = NULL;
    ferry->minutes = 10;
    ferry->wait_min = 15;
    ferry->toll = 6;
    drawn_link(&d, 1, 2, LINE(10, 10, 12, 10, 12, 20.2, 10, 20));
    hsd_resolve_options options = {.value_of_time = 30}; /* 6 of 30 an hour: 12 min */
    hsd_resolved r = drawn_resolved(n, &d, &options);
    assert_int_equal(r.added[0].ms[0], 300000 + 27 * 60000);
    assert_int_equal(r.added[0].ms[1], 300000);
    assert_int_equal(r.added[1].ms[0], 300000);
    assert_int_equal(r.added[1].ms[1], 300000 + 27 * 60000);
    assert_near(r.edits[0].forward_min, 37, 1e-9);
    hsd_resolved_finish(&r);
    r = drawn_resolved(n, &d, NULL); /* tolls cost no time */
    assert_int_equal(r.added[0].ms[0], 300000 + 15 * 60000);
    hsd_resolved_finish(&r);
    ferry->minutes = NAN; /* class ferry: 18 km/h at half of it, 2.5 m/s */
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added[0].ms[1], 442297);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void one_way_links_go_one_way(void **state) {
    (void)state;
    hsd_network *n = two_shores();
    drawn_link(&d, 0, 1, LINE(10, 0, 10, 20))->oneway = 1;
    drawn_link(&d, 0, 2, LINE(10, 0, 10.5, 10, 10, 20))->oneway = -1;
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added[0].ms[0], 221149);
    assert_int_equal(r.added[0].ms[1], HSD_UNREACHABLE);
    assert_int_equal(r.added[1].ms[0], HSD_UNREACHABLE);
    assert_true(r.added[1].ms[1] < HSD_UNREACHABLE);
    assert_true(isnan(r.edits[0].backward_min));
    assert_true(isnan(r.edits[1].forward_min));
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void a_link_for_others_is_left_out_with_a_remark(void **state) {
    (void)state;
    hsd_network *n = two_shores();
    drawn_link(&d, 0, 1, LINE(10, 0, 10, 20));
    hsd_link_row *path = drawn_link(&d, 0, 2, LINE(10, 0, 10, 20));
    path->kind = HSD_KIND_WALK;
    drawn_link(&d, 0, 3, LINE(10, 0, 10, 20))->kind = HSD_KIND_RAIL;
    drawn_link(&d, 0, 4, LINE(10, 0, 10, 20))->modes = WORD("bicycle; walk");
    drawn_link(&d, 0, 5, LINE(10, 0, 10, 20))->modes = WORD("bicycle; car");
    hsd_resolved r;
    hsd_issues issues = {0};
    assert_int_equal(hsd_proposals_resolve(n, 0, &d.table, NULL, NULL, &r, &issues, NULL), HSD_OK);
    assert_int_equal(issues.remarks, 3);
    assert_issue(&issues, false, "links feature 2", "walk", "car-test");
    assert_issue(&issues, false, "proposal \"a\"", "rail", "--mode transit");
    assert_int_equal(r.added_count, 2);
    assert_int_equal(r.added[1].link, 4);
    hsd_issues_finish(&issues);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void links_of_two_proposals_touch_where_one_ends_on_the_other(void **state) {
    (void)state;
    hsd_network *n = two_shores();
    drawn_link(&d, 0, 1, LINE(10, 0, 10, 20));
    drawn_link(&d, 1, 2, LINE(10.005, 10, 14, 10)); /* 0.56 m from it; its far end joins nothing */
    drawn_link(&d, 2, 3, LINE(14, 10, 10, 20));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.pole_count, 3 + 2 + 2);
    assert_int_equal(r.poles[1].place, r.poles[3].place);
    assert_int_equal(r.poles[1].joint_count, 0);
    assert_int_equal(r.poles[4].place, r.poles[5].place);
    assert_int_equal(r.poles[2].place, r.poles[6].place);
    assert_int_equal(r.poles[4].proposal, 1);
    assert_int_not_equal(r.poles[0].place, r.poles[2].place);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void crossing_links_meet_at_a_junction_point_or_by_connect(void **state) {
    (void)state;
    hsd_network *n = two_shores();
    /* they cross at (10, 10) */
    drawn_link(&d, 0, 1, LINE(10, 0, 10, 20));
    drawn_link(&d, 0, 2, LINE(0, 10, 10.2, 10.2, 10, 0.1));
    d.links[1].line = drawn_line(&d, LINE(0, 9, 20, 11, 10, 0));
    assert_refused(n, &d, NULL, "links feature 1", "crosses links feature 2", "junction");
    d.links[1].bridge = true;
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added_count, 2);
    hsd_resolved_finish(&r);
    d.links[1].bridge = false;
    d.links[1].connect = HSD_CONNECT_CROSSINGS;
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added_count, 4);
    assert_int_equal(r.poles[1].place, r.poles[4].place);
    assert_near(r.poles[1].at.lat, 0.010, 1e-9);
    assert_int_equal(r.poles[1].joint_count, 0);
    hsd_resolved_finish(&r);
    d.links[1].connect = HSD_CONNECT_ENDS;
    drawn_junction(&d, 0, 1, 10.2, 10.1); /* 25 m off: the links meet where they cross */
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added_count, 4);
    assert_int_equal(r.poles[1].place, r.poles[4].place);
    assert_near(r.poles[1].at.lon, 0.010, 1e-9);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_takes_its_length_at_its_speed),
        cmocka_unit_test(the_profile_caps_given_speeds),
        cmocka_unit_test(stated_lengths_and_minutes_are_spread_over_the_line),
        cmocka_unit_test(waits_and_tolls_are_paid_where_travel_begins),
        cmocka_unit_test(one_way_links_go_one_way),
        cmocka_unit_test(a_link_for_others_is_left_out_with_a_remark),
        cmocka_unit_test(links_of_two_proposals_touch_where_one_ends_on_the_other),
        cmocka_unit_test(crossing_links_meet_at_a_junction_point_or_by_connect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
