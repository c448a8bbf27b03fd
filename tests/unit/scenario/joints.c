/* Where poles join: nodes, positions, twins, motorways, ramps, corridors. A step is about 111 m. */
#include "drawn.h"

static hand h;
static drawn d;

/* A pole's joints. */
static const hsd_joint *joint(const hsd_resolved *r, uint32_t pole, uint32_t i) {
    assert_true(i < r->poles[pole].joint_count);
    return &r->joints[r->poles[pole].first_joint + i];
}
static int64_t source_of(const hsd_network *n, const hsd_joint *j) {
    return j->edge != UINT32_MAX ? n->edges[j->edge].source_id : n->vertex_source[j->vertex];
}

static void begin(void) {
    hand_init(&h);
    drawn_classes(&h);
    drawn_init(&d);
}

/* A street (0,0)-(20,0) drawn through (5,0), and one in the north to lead to. */
static hsd_network *street(void) {
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 5, 0);
    hand_node(&h, 3, 20, 0);
    hand_node(&h, 4, 0, 20);
    hand_node(&h, 5, 20, 20);
    hand_way(&h, 0, 1, 2, 3, 0);
    hand_way(&h, 0, 4, 5, 0);
    return hand_build(&h, &h.car, 1);
}

static void an_end_joins_the_nearest_position_and_pays_the_gap(void **state) {
    (void)state;
    hsd_network *n = street();
    drawn_link(&d, 0, 1, LINE(8, 0.1, 8, 20));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.joint_count, 2);
    const hsd_joint *j = joint(&r, 0, 0);
    assert_int_equal(j->edge, 0);
    assert_int_equal(j->segment, 1);
    assert_near(j->fraction, 0.2, 1e-9);
    assert_near(j->gap_m, 0.1 * STEP_Y, 1e-3);
    assert_int_equal(j->enter_ms, 1106); /* 11.0574 m at 10 m/s */
    assert_int_equal(j->exit_ms, 1106);
    assert_near(j->at.lon, 0.008, 1e-12);
    j = joint(&r, 1, 0);
    assert_int_equal(j->edge, 1);
    assert_int_equal(j->enter_ms, 0);
    assert_near(j->fraction, 0.4, 1e-9);
    assert_int_equal(r.edits[0].edges_split, 2);
    assert_int_equal(r.edits[0].ends_joined, 2);
    assert_int_equal(r.edits[0].components_joined, 2);
    assert_int_equal(r.edits[0].geometry.ring_count, 2); /* the line and one gap */
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void an_end_on_a_shape_point_is_a_position_at_the_end_of_a_segment(void **state) {
    (void)state;
    hsd_network *n = street();
    drawn_link(&d, 0, 1, LINE(5, 0, 5, 20));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    const hsd_joint *j = joint(&r, 0, 0);
    assert_int_equal(j->edge, 0);
    assert_near(j->segment + j->fraction, 1, 0);
    assert_int_equal(j->enter_ms, 0);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void an_end_near_a_dead_end_joins_its_node(void **state) {
    (void)state;
    hsd_network *n = street();
    drawn_link(&d, 0, 1, LINE(20.3, 0, 20.05, 20)); /* 33 m and 5.6 m off */
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(joint(&r, 0, 0)->edge, UINT32_MAX);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 3);
    assert_int_equal(source_of(n, joint(&r, 1, 0)), 5);
    assert_int_equal(joint(&r, 0, 0)->enter_ms, 3340); /* 33.3958 m */
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void a_gap_below_two_centimetres_is_none(void **state) {
    (void)state;
    hsd_network *n = street();
    drawn_link(&d, 0, 1, LINE(8, 0.0001, 8, 19.999)); /* 1.1 cm and 11 cm */
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(joint(&r, 0, 0)->enter_ms, 0);
    assert_int_equal(joint(&r, 1, 0)->enter_ms, 11);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* A parallel street ends 5.5 m away: the street the end is drawn on is nearer. */
static void a_node_is_not_preferred_to_a_nearer_street(void **state) {
    (void)state;
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 20, 0);
    hand_node(&h, 3, 10, 0);
    hand_node(&h, 4, 20, 1);
    hand_node(&h, 5, 0, 20);
    hand_node(&h, 6, 20, 20);
    h.nodes[2].lat_e7 = 500;
    hand_way(&h, 0, 1, 2, 0);
    hand_way(&h, 0, 3, 4, 0);
    hand_way(&h, 0, 5, 6, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    drawn_link(&d, 0, 1, LINE(10, 0.01, 10, 20));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.poles[0].joint_count, 1);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 1001);
    hsd_resolved_finish(&r);
    d.links[0].line = drawn_line(&d, LINE(10, 0.03, 10, 20)); /* now the node is */
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 3);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void a_loop_has_two_ends_at_one_place(void **state) {
    (void)state;
    hsd_network *n = street();
    drawn_link(&d, 0, 1, LINE(8, 0, 12, 5, 4, 5, 8, 0));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.pole_count, 2);
    assert_int_equal(r.poles[0].place, r.poles[1].place);
    assert_int_equal(r.joint_count, 2);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* Whoever comes to node 2 has the restricted way behind him: its free copy has no arc in. */
static void a_junction_is_entered_by_any_copy(void **state) {
    (void)state;
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 10, 0);
    hand_node(&h, 3, 20, 0);
    hand_node(&h, 4, 10, 10);
    hand_node(&h, 5, 0, 20);
    hand_node(&h, 6, 20, 20);
    hsd_way *a = hand_way(&h, 0, 1, 2, 0), *b = hand_way(&h, 0, 2, 3, 0);
    a->no[1] = b->no[1] = HAND_CAR;
    hand_way(&h, 0, 2, 4, 0)->no[1] = HAND_CAR;
    hand_way(&h, 0, 4, 1, 0)->no[1] = HAND_CAR;
    hand_way(&h, 0, 5, 6, 0);
    hand_restrict(&h, a, 2, b, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    drawn_link(&d, 0, 1, LINE(10, 0, 15, -5, 10, 20))->oneway = 1;
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(joint(&r, 0, 0)->edge, UINT32_MAX);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 2);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void both_ends_may_lie_on_one_street(void **state) {
    (void)state;
    hsd_network *n = street();
    drawn_link(&d, 0, 1, LINE(8, 0, 12, 3, 16, 0));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(joint(&r, 0, 0)->edge, joint(&r, 1, 0)->edge);
    assert_near(joint(&r, 1, 0)->fraction, 11.0 / 15, 1e-9);
    assert_int_equal(r.edits[0].edges_split, 1);
    assert_int_equal(r.edits[0].components_joined, 0);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* Two dead ends 40 m apart: the tolerance is 18 m then, so that neither end takes the other's. */
static void a_link_shorter_than_the_tolerance_joins_its_own_ends(void **state) {
    (void)state;
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 5, 0);
    hand_node(&h, 3, 6, 0);
    hand_node(&h, 4, 9, 0);
    h.nodes[2].lon_e7 = 53600;
    hand_way(&h, 0, 1, 2, 0);
    hand_way(&h, 0, 3, 4, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    drawn_link(&d, 0, 1, LINE(5.1, 0, 5.3, 0)); /* 22 m: the tolerance is 10 m */
    assert_refused(n, &d, NULL, "links feature 1", "its start", "11 m away, more than 10 m");
    d.links[0].line = drawn_line(&d, LINE(5.05, 0, 5.35, 0));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.joint_count, 2);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 2);
    assert_int_equal(source_of(n, joint(&r, 1, 0)), 3);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void nodes_of_restricted_junctions_and_closed_vertices(void **state) {
    (void)state;
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 10, 0);
    hand_node(&h, 3, 20, 0);
    hand_node(&h, 4, 10, 10);
    hand_node(&h, 5, 30, 0);
    hsd_way *a = hand_way(&h, 0, 1, 2, 0), *b = hand_way(&h, 0, 2, 3, 0);
    hand_way(&h, 0, 2, 4, 0);
    hand_way(&h, 0, 3, 5, 0);
    hand_restrict(&h, a, 2, b, 0);
    h.node_no[hand_find(&h, 3)] = HAND_CAR;
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_nodes_at(n, 0, 2), 2);
    drawn_link(&d, 0, 1, LINE(10, 0, 15, -10, 20, 0));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.joint_count, 2);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 2);
    assert_int_equal(joint(&r, 0, 0)->edge, UINT32_MAX);
    const hsd_joint *closed = joint(&r, 1, 0); /* the end of the lower of the two edges there */
    assert_int_equal(closed->edge, edge_by_source(n, 1002, 0));
    assert_near(closed->segment + closed->fraction, 1, 0);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* A dual carriageway 22 m apart, joined at its ends, eastwards in the south. */
static hsd_network *dual(void) {
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 20, 0);
    hand_node(&h, 3, 20, 0);
    hand_node(&h, 4, 0, 0);
    h.nodes[2].lat_e7 = h.nodes[3].lat_e7 = 2000;
    hand_node(&h, 5, 0, 20);
    hand_node(&h, 6, 20, 20);
    hand_way(&h, 0, 1, 2, 0)->no[1] = HAND_CAR;
    hand_way(&h, 0, 3, 4, 0)->no[1] = HAND_CAR;
    hand_way(&h, 0, 2, 3, 0);
    hand_way(&h, 0, 4, 1, 0);
    hand_way(&h, 0, 5, 6, 0);
    return hand_build(&h, &h.car, 1);
}

static void ends_at_dual_carriageways_join_both(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++) {
        hsd_network *n = dual();
        const double x = 1 + 0.9 * i, y = -0.2 + 0.03 * i; /* south, between, north of both */
        drawn_link(&d, 0, 1, LINE(x, y, 10, 20));
        hsd_resolved r = drawn_resolved(n, &d, NULL);
        assert_int_equal(r.poles[0].joint_count, 2);
        const int64_t first = source_of(n, joint(&r, 0, 0)), twin = source_of(n, joint(&r, 0, 1));
        assert_int_equal(first, y < 0.1 ? 1001 : 1002);
        assert_int_equal(twin, y < 0.1 ? 1002 : 1001);
        assert_near(joint(&r, 0, 0)->gap_m, fabs(y - (y < 0.1 ? 0 : 0.2)) * STEP_Y, 0.02);
        assert_near(joint(&r, 0, 1)->gap_m, fabs(y - (y < 0.1 ? 0.2 : 0)) * STEP_Y, 0.02);
        hsd_resolved_finish(&r);
        hsd_network_destroy(n);
    }
}

/* The carriageway in the south in two ways, with a node between them at (10, 0) because an order to
 * go straight on is there; its twin in the north in one. */
static hsd_network *dual_with_a_node(int lane, int bend, bool crossing) {
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 10, 0);
    hand_node(&h, 3, 20, bend);
    hand_node(&h, 4, 20, 0);
    hand_node(&h, 5, 0, 0);
    h.nodes[3].lat_e7 = h.nodes[4].lat_e7 = 2000;
    hand_node(&h, 6, 0, 20);
    hand_node(&h, 7, 20, 20);
    hand_node(&h, 8, 10, -10);
    hsd_way *a = hand_way(&h, 0, 1, 2, 0), *b = hand_way(&h, 0, 2, 3, 0);
    a->no[1] = b->no[1] = HAND_CAR;
    hand_node(&h, 9, 10, 0);
    h.nodes[8].lat_e7 = 2000;
    hand_way(&h, 0, 4, 9, 5, 0)->no[1] = HAND_CAR;
    hand_way(&h, 0, 3, 4, 0);
    hand_way(&h, 0, 5, 1, 0);
    hand_way(&h, 0, 6, 7, 0);
    if (crossing) hand_way(&h, 0, 2, 9, 0);
    if (lane) hand_way(&h, 0, 2, 8, 0)->class_id = LANE;
    hand_restrict(&h, a, 2, b, HSD_RESTRICTION_ONLY);
    return hand_build(&h, &h.car, 1);
}

static void ends_at_a_node_of_one_carriageway_join_both(void **state) {
    (void)state;
    for (int i = 0; i < 5; i++) {
        /* beside the node; a side street at it; a bend of 45 degrees; a crossing; with both */
        hsd_network *n = dual_with_a_node(i == 1 || i == 4, i == 2 ? -10 : 0, i > 2);
        hsd_link_row *link = drawn_link(&d, 0, 1, LINE(10.02, 0.01, 10, 20));
        hsd_resolved r = drawn_resolved(n, &d, NULL);
        assert_int_equal(r.poles[0].joint_count, i < 2 ? 2 : 1);
        assert_int_equal(joint(&r, 0, 0)->edge, UINT32_MAX);
        assert_int_equal(source_of(n, joint(&r, 0, 0)), 2);
        if (i < 2) {
            assert_int_equal(source_of(n, joint(&r, 0, 1)), 1003);
            assert_near(joint(&r, 0, 1)->segment + joint(&r, 0, 1)->fraction, 0.998, 1e-6);
            assert_near(joint(&r, 0, 1)->gap_m, 0.19 * STEP_Y, 0.02);
        }
        hsd_resolved_finish(&r);
        link->oneway = -1; /* onto the carriageway it is drawn to */
        r = drawn_resolved(n, &d, NULL);
        assert_int_equal(r.poles[0].joint_count, 1);
        hsd_resolved_finish(&r);
        hsd_network_destroy(n);
    }
}

/* A motorway 1.1 m north of the end, a street 44 m south of it. */
static hsd_network *motorway(void) {
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 20, 0);
    hand_node(&h, 3, 0, 0);
    hand_node(&h, 4, 20, 0);
    h.nodes[2].lat_e7 = h.nodes[3].lat_e7 = 4100;
    hand_node(&h, 5, 0, 20);
    hand_node(&h, 6, 20, 20);
    hand_way(&h, 0, 1, 2, 0);
    hsd_way *fast = hand_way(&h, 0, 3, 4, 0);
    fast->class_id = MOTORWAY;
    fast->name = 1; /* Long Street */
    hand_way(&h, 0, 1, 3, 0);
    hand_way(&h, 0, 5, 6, 0);
    return hand_build(&h, &h.car, 1);
}

static void motorways_are_joined_only_where_a_ramp_is_meant(void **state) {
    (void)state;
    hsd_network *n = motorway();
    hsd_link_row *link = drawn_link(&d, 0, 1, LINE(10, 0.4, 10, 20));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 1001);
    assert_int_equal(joint(&r, 0, 0)->enter_ms, 4423); /* 44.2297 m at 10 m/s */
    hsd_resolved_finish(&r);
    link->road_class = WORD("motorway"); /* 30 m/s: 1.10574 m take 37 ms */
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 1002);
    assert_int_equal(joint(&r, 0, 0)->exit_ms, 37);
    hsd_resolved_finish(&r);
    link->road_class = WORD("road");
    hsd_junction_row *ramp = drawn_junction(&d, 0, 5, 10.1, 0.4);
    ramp->ramp_min = 2;
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.pole_count, 2); /* it describes the end */
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 1002);
    assert_int_equal(joint(&r, 0, 0)->enter_ms, 120000 + 111);
    hsd_resolved_finish(&r);
    ramp->ramp_min = 0;
    const char *const names[] = {"Long Street", "1002", "motorway", "1001", "road"};
    for (int i = 0; i < 5; i++) {
        ramp->connect_to = WORD(names[i]);
        r = drawn_resolved(n, &d, NULL);
        assert_int_equal(source_of(n, joint(&r, 0, 0)), i < 3 ? 1002 : 1001);
        hsd_resolved_finish(&r);
    }
    ramp->connect_to = NULL;
    ramp->ramp_min = 2;
    ramp->modes = WORD("walk"); /* not for this profile */
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 1001);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void crossings_join_roads_at_grade_alone(void **state) {
    (void)state;
    hsd_network *n = motorway(); /* the link goes over the motorway and over nothing else */
    hsd_link_row *link = drawn_link(&d, 0, 1, LINE(10, -10, 10, 20));
    drawn_link(&d, 0, 2, LINE(0, 0, 5, -10, 10, -10)); /* gives the start something to touch */
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added_count, 2);
    assert_int_equal(r.edits[0].crossings, 2);
    hsd_resolved_finish(&r);
    link->connect = HSD_CONNECT_CROSSINGS;
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added_count, 3);
    assert_int_equal(r.edits[0].crossings, 1); /* the motorway */
    assert_int_equal(source_of(n, joint(&r, 1, 0)), 1001);
    assert_near(r.poles[1].at.lat, 0, 1e-12);
    assert_int_equal(joint(&r, 1, 0)->enter_ms, 0);
    hsd_resolved_finish(&r);
    link->bridge = true;
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added_count, 2);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void a_junction_point_joins_in_between(void **state) {
    (void)state;
    hsd_network *n = motorway();
    drawn_link(&d, 0, 1, LINE(0, 0, 1, -10, 12, 0.1, 20, 20));
    d.links[0].line = drawn_line(&d, LINE(0, 0, 10, -0.2, 20, 20));
    drawn_junction(&d, 0, 1, 10, 0)->ramp_min = 0;
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added_count, 2);
    assert_int_equal(r.poles[1].joint_count, 1);
    assert_int_equal(source_of(n, joint(&r, 1, 0)), 1001);
    hsd_resolved_finish(&r);
    d.links[0].connect = HSD_CONNECT_JUNCTIONS; /* its ends join nothing then */
    drawn_junction(&d, 0, 2, 0, 0.1);
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.added_count, 1);
    assert_int_equal(r.pole_count, 2);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* The nearest street, 2.8 m away, only leads out of the network: the next one, 23 m away, gives the
 * way back. */
static void joints_are_added_until_the_pole_can_be_left(void **state) {
    (void)state;
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 20, 0);
    hand_node(&h, 3, 10, 10);
    hand_node(&h, 4, 0, 20);
    hand_node(&h, 5, 20, 20);
    hand_node(&h, 6, 20, 10);
    h.nodes[2] = (hsd_point_e7){100000, 100};
    h.nodes[5] = (hsd_point_e7){200000, 3600};
    hand_way(&h, 0, 1, 2, 0);
    hand_way(&h, 0, 1, 3, 6, 0)->no[1] = HAND_CAR;
    hand_way(&h, 0, 4, 5, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    drawn_link(&d, 0, 1, LINE(15, 0.21, 10, 20));
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.poles[0].joint_count, 2);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 1002);
    assert_int_equal(source_of(n, joint(&r, 0, 1)), 1001);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

/* A bridge taken out of a motorway leaves stubs: drawn again, it joins these, not the street below.
 */
static void a_one_way_link_joins_the_stub_it_continues(void **state) {
    (void)state;
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 20, 0);
    hand_node(&h, 3, 10, 10);
    hand_node(&h, 4, 10, 20);
    hand_node(&h, 5, 20, 20);
    h.nodes[2] = (hsd_point_e7){100000, 2000}; /* 22 m north of (10, 0) */
    hand_way(&h, 0, 1, 2, 0);
    hand_way(&h, 0, 1, 3, 0)->no[1] = HAND_CAR;
    hand_way(&h, 0, 4, 5, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    hsd_link_row *link = drawn_link(&d, 0, 1, LINE(10, 0.2, 10, 20));
    link->oneway = 1;
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.joint_count, 2);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 3);
    assert_int_equal(joint(&r, 0, 0)->enter_ms, 0);
    hsd_resolved_finish(&r);
    link->oneway = 0; /* both ways: back by the street */
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.joint_count, 3);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 3);
    assert_int_equal(source_of(n, joint(&r, 0, 1)), 1001);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void a_one_way_link_joins_its_own_carriageway_alone(void **state) {
    (void)state;
    hsd_network *n = dual();
    drawn_link(&d, 0, 1, LINE(10, 0.3, 10, 20))->oneway = 1;
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.poles[0].joint_count, 1);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 1002);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

static void one_way_links_need_one_direction(void **state) {
    (void)state;
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 10, 0);
    hand_node(&h, 3, 30, 0);
    hand_node(&h, 4, 0, 20);
    hand_node(&h, 5, 20, 20);
    hand_way(&h, 0, 1, 2, 0);
    hand_way(&h, 0, 2, 3, 0)->no[1] = HAND_CAR; /* a trap: entered, never left */
    hand_way(&h, 0, 4, 5, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    hsd_link_row *link = drawn_link(&d, 0, 1, LINE(20, 0, 20, 20));
    assert_refused(n, &d, NULL, "its start", "can be entered but not left", "leads back");
    link->oneway = 1;
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 1002);
    hsd_resolved_finish(&r);
    link->oneway = -1;
    assert_refused(n, &d, NULL, "its start", "can be entered but not left", "");
    hsd_network_destroy(n);
}

static void corridors_join_nodes_where_one_may_stop(void **state) {
    (void)state;
    begin();
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 30, 0);
    hand_node(&h, 3, 60, 0);
    hand_node(&h, 4, 30, 90);
    h.node_flags[hand_find(&h, 2)] = HSD_NODE_NO_STOP;
    hand_way(&h, 0, 1, 2, 0)->class_id = MOTORWAY;
    hand_way(&h, 0, 2, 3, 0)->class_id = MOTORWAY;
    hand_way(&h, 0, 3, 4, 0);
    h.car.leg_rule = HSD_LEG_NODES;
    h.car.leg_cap_m = 15000;
    hsd_network *n = hand_build(&h, &h.car, 1);
    /* 556.6 m from the end of the motorway, 9.95 km from the other end */
    drawn_link(&d, 0, 1, LINE(55, 0, 30, 89));
    d.links[0].length_km = 20; /* a sketch: 2,000 s */
    hsd_resolved r = drawn_resolved(n, &d, NULL);
    assert_int_equal(r.joint_count, 2);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 3);
    assert_int_equal(joint(&r, 0, 0)->edge, UINT32_MAX);
    assert_int_equal(joint(&r, 0, 0)->enter_ms, 55660);
    assert_int_equal(r.added[0].ms[0], 2000000);
    hsd_resolved_finish(&r);
    d.links[0].line = drawn_line(&d, LINE(31, 0, 30, 89));
    assert_refused(n, &d, NULL, "links feature 1", "its start", "may stop");
    d.links[0].line = drawn_line(&d, LINE(30, 0, 30, 89)); /* drawn to it: meant */
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 2);
    hsd_resolved_finish(&r);
    d.links[0].line = drawn_line(&d, LINE(31, 0, 30, 89));
    drawn_junction(&d, 0, 2, 31, 0)->connect_to = WORD("2");
    r = drawn_resolved(n, &d, NULL);
    assert_int_equal(source_of(n, joint(&r, 0, 0)), 2);
    hsd_resolved_finish(&r);
    hsd_network_destroy(n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_joins_the_nearest_position_and_pays_the_gap),
        cmocka_unit_test(an_end_on_a_shape_point_is_a_position_at_the_end_of_a_segment),
        cmocka_unit_test(an_end_near_a_dead_end_joins_its_node),
        cmocka_unit_test(a_gap_below_two_centimetres_is_none),
        cmocka_unit_test(a_node_is_not_preferred_to_a_nearer_street),
        cmocka_unit_test(a_loop_has_two_ends_at_one_place),
        cmocka_unit_test(a_junction_is_entered_by_any_copy),
        cmocka_unit_test(both_ends_may_lie_on_one_street),
        cmocka_unit_test(a_link_shorter_than_the_tolerance_joins_its_own_ends),
        cmocka_unit_test(nodes_of_restricted_junctions_and_closed_vertices),
        cmocka_unit_test(ends_at_dual_carriageways_join_both),
        cmocka_unit_test(ends_at_a_node_of_one_carriageway_join_both),
        cmocka_unit_test(motorways_are_joined_only_where_a_ramp_is_meant),
        cmocka_unit_test(crossings_join_roads_at_grade_alone),
        cmocka_unit_test(a_junction_point_joins_in_between),
        cmocka_unit_test(joints_are_added_until_the_pole_can_be_left),
        cmocka_unit_test(a_one_way_link_joins_the_stub_it_continues),
        cmocka_unit_test(a_one_way_link_joins_its_own_carriageway_alone),
        cmocka_unit_test(one_way_links_need_one_direction),
        cmocka_unit_test(corridors_join_nodes_where_one_may_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
