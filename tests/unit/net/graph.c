/* Graphs of small networks, worked out by hand: which vertices are nodes, what turns are left. */
#include "hand.h"

#include "base/file.h"

static hand h;

/* Nodes 1 .. count along the equator. */
static void line_of_nodes(int count) {
    hand_init(&h);
    for (int i = 1; i <= count; i++) hand_node(&h, i, i, 0);
}

/* A crossing at 5: 1 west, 2 north, 3 east, 4 south, a way from each arm's end to the middle. */
static hsd_way *arm[5];
static void crossing(void) {
    hand_init(&h);
    hand_node(&h, 1, -1, 0);
    hand_node(&h, 2, 0, 1);
    hand_node(&h, 3, 1, 0);
    hand_node(&h, 4, 0, -1);
    hand_node(&h, 5, 0, 0);
    arm[1] = hand_way(&h, 1000, 1, 5, 0);
    arm[2] = hand_way(&h, 2000, 2, 5, 0);
    arm[3] = hand_way(&h, 3000, 3, 5, 0);
    arm[4] = hand_way(&h, 4000, 4, 5, 0);
}

/* ---- Contraction
 * ------------------------------------------------------------------------------------ */

static void vertices_of_degree_two_are_contracted(void **state) {
    (void)state;
    line_of_nodes(4);
    hand_way(&h, 1000, 1, 2, 0);
    hand_way(&h, 200, 2, 3, 0);
    hand_way(&h, 30, 4, 3, 0); /* drawn against the others */
    hsd_network *n = hand_build(&h, &h.car, 1);
    const hsd_graph *g = &n->graphs[0];
    assert_int_equal(n->edge_count, 3);
    assert_int_equal(g->node_count, 2);
    assert_int_equal(g->arc_count, 2);
    assert_int_equal(g->link_count, 6);
    assert_int_equal(n->metrics[0].arc_ms[0], 1230);
    assert_int_equal(n->metrics[0].arc_ms[1], 1230);
    assert_int_equal(hand_route_ms(n, 0, 1, 4), 1230);
    assert_int_equal(hand_nodes_at(n, 0, 2), 0);
    for (uint32_t a = 0; a < 2; a++) {
        uint32_t l = g->arc_first_link[a];
        bool from_one = n->vertex_source[g->node_vertex[g->tail[a]]] == 1;
        assert_int_equal(n->metrics[0].link_ms[l], 0);
        assert_int_equal(n->metrics[0].link_ms[l + 1], from_one ? 1000 : 30);
        assert_int_equal(n->metrics[0].link_ms[l + 2], from_one ? 1200 : 230);
    }
    hsd_network_destroy(n);
}

static void a_way_through_a_junction_is_cut_there(void **state) {
    (void)state;
    line_of_nodes(5);
    hand_node(&h, 9, 3, 5);
    hand_way(&h, 4000, 1, 2, 3, 4, 5, 0);
    hand_way(&h, 700, 3, 9, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->edge_count, 3);
    assert_int_equal(n->vertex_count, 4);
    assert_int_equal(n->graphs[0].node_count, 4);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), 2000);
    assert_int_equal(hand_route_ms(n, 0, 9, 5), 2700);
    hsd_network_destroy(n);
}

static void one_ways_that_meet_head_on_make_a_node(void **state) {
    (void)state;
    line_of_nodes(3);
    hand_way(&h, 100, 1, 2, 0)->no[1] = HAND_CAR;
    hand_way(&h, 100, 3, 2, 0)->no[1] = HAND_CAR;
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->graphs[0].node_count, 3);
    assert_int_equal(n->graphs[0].arc_count, 2);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 100);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), HSD_UNREACHABLE);
    hsd_network_destroy(n);
}

static void a_one_way_run_is_one_arc(void **state) {
    (void)state;
    line_of_nodes(3);
    hand_way(&h, 100, 1, 2, 0)->no[1] = HAND_CAR;
    hand_way(&h, 50, 3, 2, 0)->no[0] = HAND_CAR;
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->graphs[0].node_count, 2);
    assert_int_equal(n->graphs[0].arc_count, 1);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), 150);
    hsd_network_destroy(n);
}

static void a_two_way_street_that_turns_one_way_keeps_its_node(void **state) {
    (void)state;
    line_of_nodes(3);
    hand_way(&h, 100, 1, 2, 0);
    hand_way(&h, 50, 2, 3, 0)->no[1] = HAND_CAR;
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->graphs[0].node_count, 3);
    assert_int_equal(n->graphs[0].arc_count, 3);
    hsd_network_destroy(n);
}

static void a_closed_way_alone_has_its_node_where_it_is_drawn_from(void **state) {
    (void)state;
    hand_init(&h);
    hand_node(&h, 7, 0, 0);
    hand_node(&h, 2, 1, 0);
    hand_node(&h, 3, 1, 1);
    hand_way(&h, 900, 7, 2, 3, 7, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->edge_count, 1);
    assert_int_equal(n->graphs[0].node_count, 1);
    assert_int_equal(n->graphs[0].arc_count, 2);
    assert_int_equal(hand_nodes_at(n, 0, 7), 1);
    assert_int_equal(n->edges[0].from, n->edges[0].to);
    hsd_network_destroy(n);
}

static void a_ring_without_nodes_is_broken_at_its_lowest_id(void **state) {
    (void)state;
    hand_init(&h);
    hand_node(&h, 30, 0, 0);
    hand_node(&h, 10, 1, 0);
    hand_node(&h, 20, 1, 1);
    hand_way(&h, 100, 30, 10, 0);
    hand_way(&h, 200, 10, 20, 0);
    hand_way(&h, 400, 20, 30, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->graphs[0].node_count, 1);
    assert_int_equal(hand_nodes_at(n, 0, 10), 1);
    assert_int_equal(n->graphs[0].arc_count, 2);
    assert_int_equal(n->metrics[0].arc_ms[0], 700);
    hsd_network_destroy(n);
}

static void footpaths_do_not_break_car_chains(void **state) {
    (void)state;
    line_of_nodes(3);
    hand_node(&h, 9, 2, 1);
    hand_way(&h, 1000, 1, 2, 3, 0);
    hsd_way *path = hand_way(&h, 60, 2, 9, 0);
    path->no[0] = path->no[1] = HAND_CAR;
    hsd_profile both[] = {h.car, hand_profile(&h, "walk-test", "walk")};
    hsd_network *n = hand_build(&h, both, 2);
    assert_int_equal(n->edge_count, 3);
    assert_int_equal(n->graphs[0].node_count, 2);
    assert_int_equal(n->graphs[0].arc_count, 2);
    assert_int_equal(n->graphs[1].node_count, 4);
    assert_int_equal(n->graphs[1].arc_count, 6);
    assert_int_equal(hand_route_ms(n, 1, 9, 3), 560);
    assert_string_equal(n->graphs[1].mode, "walk");
    hsd_network_destroy(n);
}

static void profiles_of_one_mode_share_a_graph(void **state) {
    (void)state;
    line_of_nodes(4);
    hand_way(&h, 0, 1, 2, 0);
    hand_way(&h, 0, 2, 3, 0)->class_id = HAND_LANE;
    hand_way(&h, 0, 3, 4, 0);
    hsd_profile two[] = {h.car, hand_profile(&h, "no-lanes", "car")};
    hsd_class_speed road = h.class_speeds[0];
    two[1].classes = &road;
    two[1].class_count = 1;
    hsd_network *n = hand_build(&h, two, 2);
    assert_int_equal(n->graph_count, 1);
    /* the second profile comes to an end at 2 and 3: they are nodes for both */
    assert_int_equal(n->graphs[0].node_count, 4);
    /* 111.3195 m at 36 km/h is 11,132 ms, at 18 km/h 22,264 ms */
    assert_int_equal(hand_route_ms(n, 0, 1, 4), 11132 + 22264 + 11132);
    assert_int_equal(hand_route_ms(n, 1, 1, 2), 11132);
    assert_int_equal(hand_route_ms(n, 1, 1, 4), HSD_UNREACHABLE);
    assert_int_equal(hsd_network_profile(n, "car", NULL), 0);
    assert_int_equal(hsd_network_profile(n, "car", "no-lanes"), 1);
    assert_int_equal(hsd_network_profile(n, NULL, "no-lanes"), 1);
    assert_int_equal(hsd_network_profile(n, "walk", NULL), -1);
    hsd_network_destroy(n);
}

static void corridor_networks_keep_every_vertex(void **state) {
    (void)state;
    line_of_nodes(3);
    hand_way(&h, 1000, 1, 2, 0);
    hand_way(&h, 200, 2, 3, 0);
    h.car.leg_rule = HSD_LEG_NODES;
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->graphs[0].node_count, 3);
    assert_int_equal(n->metrics[0].leg_rule, HSD_LEG_NODES);
    hsd_network_destroy(n);
}

/* ---- Closed vertices
 * ------------------------------------------------------------------------------------ */

static void a_closed_vertex_is_a_dead_end_on_every_side(void **state) {
    (void)state;
    line_of_nodes(3);
    hand_node(&h, 9, 2, 1);
    hand_way(&h, 1000, 1, 2, 3, 0);
    hand_way(&h, 70, 2, 9, 0);
    h.node_no[hand_find(&h, 2)] = HAND_CAR;
    hsd_profile both[] = {h.car, hand_profile(&h, "walk-test", "walk")};
    hsd_network *n = hand_build(&h, both, 2);
    const hsd_graph *g = &n->graphs[0];
    assert_int_equal(hand_nodes_at(n, 0, 2), 3);
    assert_int_equal(g->node_count, 6);
    assert_int_equal(g->arc_count, 6);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 500);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), HSD_UNREACHABLE);
    assert_int_equal(hand_route_ms(n, 0, 9, 1), HSD_UNREACHABLE);
    assert_int_equal(hand_route_ms(n, 1, 9, 1), 570); /* walkers pass */
    uint32_t ends = 0;
    for (uint32_t i = 0; i < g->node_count; i++) {
        assert_int_equal(g->node_free[i], 1);
        assert_int_equal(g->node_free_copy[i], i);
        if (n->vertex_source[g->node_vertex[i]] == 2) ends |= 1u << g->node_copy[i];
    }
    assert_int_equal(ends, 2 | 4 | 8); /* ends 1, 2 and 3 */
    hsd_network_destroy(n);
}

/* ---- Restrictions
 * ---------------------------------------------------------------------------------------- */

static void without_restrictions_every_turn_is_free(void **state) {
    (void)state;
    crossing();
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->graphs[0].node_count, 5);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 3000);
    assert_int_equal(n->info.split_nodes, 0);
    hsd_network_destroy(n);
}

static void a_ban_may_be_dodged_by_turning_round_at_a_node(void **state) {
    (void)state;
    crossing();
    hand_restrict(&h, arm[1], 5, arm[2], 0); /* no left from west to north */
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->info.restrictions, 1);
    assert_int_equal(n->info.split_nodes, 1);
    assert_int_equal(hand_nodes_at(n, 0, 5), 2);
    /* back west and again is no help; east and back is: 1 + 3 + 3 + 2 */
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 9000);
    assert_int_equal(hand_route_ms(n, 0, 2, 1), 3000);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), 4000);
    assert_int_equal(hand_route_ms(n, 0, 5, 2), 2000); /* who begins there has no history */
    hsd_network_destroy(n);
}

static void walkers_do_not_care(void **state) {
    (void)state;
    crossing();
    hand_restrict(&h, arm[1], 5, arm[2], 0);
    hsd_profile both[] = {h.car, hand_profile(&h, "walk-test", "walk")};
    both[1].respects_turns = false;
    hsd_network *n = hand_build(&h, both, 2);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 9000);
    assert_int_equal(hand_route_ms(n, 1, 1, 2), 3000);
    both[1].respects_turns = true; /* respects turns, but the restriction is not for its words */
    hsd_network_destroy(n);
    n = hand_build(&h, both, 2);
    assert_int_equal(hand_route_ms(n, 1, 1, 2), 3000);
    hsd_network_destroy(n);
}

static void only_straight_on_leaves_one_way(void **state) {
    (void)state;
    crossing();
    hand_restrict(&h, arm[1], 5, arm[3], HSD_RESTRICTION_ONLY);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), 4000);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 1000 + 3000 + 3000 + 2000);
    assert_int_equal(hand_route_ms(n, 0, 1, 4), 1000 + 3000 + 3000 + 4000);
    assert_int_equal(hand_route_ms(n, 0, 2, 4), 6000);
    hsd_network_destroy(n);
}

static void two_mandates_with_one_beginning_admit_both(void **state) {
    (void)state;
    crossing();
    hand_restrict(&h, arm[1], 5, arm[3], HSD_RESTRICTION_ONLY);
    hand_restrict(&h, arm[1], 5, arm[4], HSD_RESTRICTION_ONLY);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), 4000);
    assert_int_equal(hand_route_ms(n, 0, 1, 4), 5000);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 9000);
    hsd_network_destroy(n);
}

static void no_u_turn_holds_at_its_node(void **state) {
    (void)state;
    crossing();
    hand_restrict(&h, arm[3], 5, arm[3], 0);
    hand_restrict(&h, arm[1], 5, arm[2], 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 9000); /* the turn is made at 3, not at 5 */
    /* 1 -> 5 -> 1 is still allowed, 3 -> 5 -> 3 is not */
    const hsd_graph *g = &n->graphs[0];
    for (uint32_t a = 0; a < g->arc_count; a++) {
        if (g->node_free[g->tail[a]] || n->vertex_source[g->node_vertex[g->head[a]]] != 3) continue;
        /* the copy reached from 1 may go to 3: it must not be the one reached from 3 */
        assert_int_equal(n->vertex_source[g->node_vertex[g->tail[a]]], 5);
        for (uint32_t b = 0; b < g->arc_count; b++)
            if (g->head[b] == g->tail[a])
                assert_int_equal(n->vertex_source[g->node_vertex[g->tail[b]]], 1);
    }
    hsd_network_destroy(n);
}

static void a_ban_along_via_ways_binds_only_the_whole_sequence(void **state) {
    (void)state;
    /* dual carriageway: 1 -> 2 -> 3 eastbound, 4 -> 5 -> 6 westbound, a link 2 - 5 that also leads
     * to 7 at its south end: no turning back by 1 2 5 6 */
    hand_init(&h);
    hand_node(&h, 1, 0, 0);
    hand_node(&h, 2, 1, 0);
    hand_node(&h, 3, 2, 0);
    hand_node(&h, 4, 2, 1);
    hand_node(&h, 5, 1, 1);
    hand_node(&h, 6, 0, 1);
    hand_node(&h, 7, 1, 2);
    hsd_way *in = hand_way(&h, 100, 1, 2, 0), *ahead = hand_way(&h, 100, 2, 3, 0);
    hsd_way *back = hand_way(&h, 100, 4, 5, 0), *out = hand_way(&h, 100, 5, 6, 0);
    in->no[1] = ahead->no[1] = back->no[1] = out->no[1] = HAND_CAR;
    hsd_way *link = hand_way(&h, 10, 5, 2, 0);
    hand_way(&h, 1000, 5, 7, 0);
    hand_via(&h, hand_restrict(&h, in, 0, out, 0), link);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->info.restrictions, 1);
    assert_int_equal(n->info.split_nodes, 2); /* 2 after in; 5 after in, link */
    assert_int_equal(hand_route_ms(n, 0, 1, 7), 1110);
    assert_int_equal(hand_route_ms(n, 0, 1, 6), 100 + 30 + 100); /* to and fro on the link */
    assert_int_equal(hand_route_ms(n, 0, 2, 6), 110);
    assert_int_equal(hand_route_ms(n, 0, 7, 6), 1100);
    assert_int_equal(hand_route_ms(n, 0, 4, 3), 210);
    hsd_network_destroy(n);
    link->no[0] = HAND_CAR; /* the link from 2 to 5 alone: no turning on it */
    n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_route_ms(n, 0, 1, 6), 100 + 10 + 2000 + 100); /* round at 7 */
    assert_int_equal(hand_route_ms(n, 0, 2, 6), 110);
    hsd_network_destroy(n);
}

static void a_mandate_along_via_ways_is_followed_to_its_end(void **state) {
    (void)state;
    crossing();
    hand_node(&h, 6, 2, 0);
    hand_node(&h, 8, 1, 1);
    hsd_way *on = hand_way(&h, 500, 3, 6, 0);
    hand_way(&h, 50, 3, 8, 0);
    hand_via(&h, hand_restrict(&h, arm[1], 0, on, HSD_RESTRICTION_ONLY), arm[3]);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_route_ms(n, 0, 1, 6), 4500);
    assert_int_equal(hand_route_ms(n, 0, 1, 8), 4500 + 500 + 50); /* to 6, round, back */
    assert_int_equal(hand_route_ms(n, 0, 5, 8), 3050);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 4500 + 500 + 3000 + 2000);
    hsd_network_destroy(n);
}

static void overlapping_restrictions_are_all_remembered(void **state) {
    (void)state;
    /* a line 1 2 3 4 5 with a spur at each inner node. No 12 23 34, no 23 34 45. Who comes from 1
     * by 12 23 may not go 34; who starts at 2 may go 34, then not 45. */
    line_of_nodes(5);
    for (int i = 2; i <= 4; i++) {
        hand_node(&h, 10 + i, i, 1);
        hand_way(&h, 1000, i, 10 + i, 0);
    }
    hsd_way *w[5];
    for (int i = 1; i <= 4; i++) {
        w[i] = hand_way(&h, 100, i, i + 1, 0);
        w[i]->no[1] = HAND_CAR;
    }
    hand_via(&h, hand_restrict(&h, w[1], 0, w[3], 0), w[2]);
    hand_via(&h, hand_restrict(&h, w[2], 0, w[4], 0), w[3]);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), 200);
    /* 12, spur and back (clears it all), 23, 34 */
    assert_int_equal(hand_route_ms(n, 0, 1, 4), 100 + 2000 + 200);
    assert_int_equal(hand_route_ms(n, 0, 2, 4), 200);
    assert_int_equal(hand_route_ms(n, 0, 2, 5), 300 + 2000);
    /* 23 34 45 is under way after any 23, also the one in 12 23: one spur at 3 clears both */
    assert_int_equal(hand_route_ms(n, 0, 1, 5), 400 + 2000);
    hsd_network_destroy(n);
}

static void a_way_that_passes_the_via_node_is_meant_on_both_sides(void **state) {
    (void)state;
    crossing();
    h.table.way_count = h.table.way_node_count = 0;
    hsd_way *through = hand_way(&h, 4000, 1, 5, 3, 0);
    hsd_way *north = hand_way(&h, 2000, 2, 5, 0);
    hand_way(&h, 4000, 4, 5, 0);
    hand_restrict(&h, through, 5, north, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->info.split_nodes, 2);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 2000 + 4000 + 4000 + 2000); /* round at 4 */
    assert_int_equal(hand_route_ms(n, 0, 3, 2), 2000 + 4000 + 4000 + 2000);
    hsd_network_destroy(n);
    /* from = to on such a way is the turning round alone */
    h.table.restriction_count = 0;
    hand_restrict(&h, through, 5, through, 0);
    n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), 4000);
    assert_int_equal(hand_route_ms(n, 0, 1, 2), 4000);
    hsd_network_destroy(n);
    /* and as a mandate the going on */
    h.restrictions[0].flags = HSD_RESTRICTION_ONLY;
    n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), 4000);
    /* 1 and 3 lead only to each other now, south and north are for those who start there */
    assert_int_equal(hand_route_ms(n, 0, 1, 2), HSD_UNREACHABLE);
    assert_int_equal(hand_route_ms(n, 0, 4, 2), 6000);
    hsd_network_destroy(n);
}

static void restrictions_that_cannot_be_travelled_do_not_bind(void **state) {
    (void)state;
    crossing();
    arm[2]->no[1] = HAND_CAR; /* north is one way into the crossing */
    hand_restrict(&h, arm[1], 5, arm[2], HSD_RESTRICTION_ONLY);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(n->info.restrictions, 0);
    assert_int_equal(hand_route_ms(n, 0, 1, 4), 5000);
    hsd_network_destroy(n);
}

static void a_restricted_vertex_of_degree_two_is_a_node(void **state) {
    (void)state;
    line_of_nodes(3);
    hsd_way *a = hand_way(&h, 100, 1, 2, 0), *b = hand_way(&h, 100, 2, 3, 0);
    hand_restrict(&h, a, 2, b, 0);
    hsd_network *n = hand_build(&h, &h.car, 1);
    assert_int_equal(hand_nodes_at(n, 0, 2), 2);
    assert_int_equal(hand_route_ms(n, 0, 1, 3), HSD_UNREACHABLE);
    assert_int_equal(hand_route_ms(n, 0, 3, 1), 200);
    assert_int_equal(hand_route_ms(n, 0, 2, 3), 100);
    hsd_network_destroy(n);
}

/* ---- Components, info, export
 * ------------------------------------------------------------------------------- */

static void components_are_numbered_by_their_arcs(void **state) {
    (void)state;
    line_of_nodes(8);
    hand_way(&h, 100, 1, 2, 0);
    hand_way(&h, 100, 3, 4, 0); /* 4 - 3, 5 - 3, 6 - 3: six arcs */
    hand_way(&h, 100, 3, 5, 0);
    hand_way(&h, 100, 3, 6, 0);
    hand_way(&h, 100, 6, 7, 0)->no[1] = HAND_CAR; /* a trap at 7 */
    hsd_network *n = hand_build(&h, &h.car, 1);
    const hsd_graph *g = &n->graphs[0];
    assert_int_equal(g->component_count, 3);
    assert_int_equal(g->component_arcs[0], 6);
    assert_int_equal(g->component_arcs[1], 2);
    assert_int_equal(g->component_arcs[2], 0);
    for (uint32_t i = 0; i < g->node_count; i++) {
        int64_t id = n->vertex_source[g->node_vertex[i]];
        assert_int_equal(g->node_component[i], id <= 2 ? 1 : id == 7 ? 2 : 0);
    }
    hsd_network_info info;
    assert_int_equal(hsd_network_info_get(n, &info, NULL), HSD_OK);
    assert_int_equal(info.profile_count, 1);
    assert_string_equal(info.profiles[0].name, "car-test");
    assert_int_equal(info.profiles[0].components, 2);
    assert_true(info.profiles[0].main_component_share == 6.0 / 9);
    assert_int_equal(info.edges, 5);
    assert_int_equal(info.vertices, 7);
    assert_string_equal(info.configuration, "{}");
    assert_int_equal(strlen(info.content_id), 64);
    /* five pieces: 1, 1, 2, 3 and 1 steps of 111.3195 m, all with a stated time */
    assert_true(info.length_km > 8 * 0.111319 && info.length_km < 8 * 0.11132);
    assert_true(info.profiles[0].km[HSD_SPEED_TAG] == info.length_km);
    hsd_network_destroy(n);
}

static void exported_arcs_name_copies_and_ends(void **state) {
    (void)state;
    crossing();
    hand_restrict(&h, arm[1], 5, arm[2], 0);
    h.table.way_count = 3; /* 1, 2 and 3; 4 is out */
    h.node_no[hand_find(&h, 3)] = HAND_CAR;
    hsd_network *n = hand_build(&h, &h.car, 1);
    char path[] = "/tmp/hsd-arcs-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    hsd_error err;
    assert_int_equal(hsd_network_export_arcs(n, 0, path, false, &err), HSD_E_WRITE);
    assert_int_equal(hsd_network_export_arcs(n, 0, path, true, &err), HSD_OK);
    char *text;
    size_t length;
    assert_int_equal(hsd_read_text(path, 10000, &text, &length, NULL), HSD_OK);
    assert_string_equal(text, "from_node,to_node,time_ms,from_source,to_source\n"
                              "1,5#1,1000,1,5\n"
                              "2,5,2000,2,5\n"
                              "3!1,5,3000,3,5\n"
                              "5,1,1000,5,1\n"
                              "5,2,2000,5,2\n"
                              "5,3!1,3000,5,3\n"
                              "5#1,1,1000,5,1\n"
                              "5#1,3!1,3000,5,3\n");
    free(text);
    remove(path);
    hsd_network_destroy(n);
}

/* ---- What is refused
 * ------------------------------------------------------------------------------------------ */

static void refused(const hsd_profile *profiles, size_t count, hsd_status code, const char *says) {
    hsd_network *n = NULL;
    hsd_error err = {0};
    assert_int_equal(hsd_network_build(&h.table, profiles, count, NULL, NULL, &n, &err), code);
    assert_null(n);
    if (!strstr(err.message, says)) fail_msg("\"%s\" does not say \"%s\"", err.message, says);
}

static void profiles_of_a_mode_must_agree(void **state) {
    (void)state;
    crossing();
    hsd_profile two[] = {h.car, hand_profile(&h, "other", "car")};
    two[1].respects_turns = false;
    refused(two, 2, HSD_E_ARGUMENT, "only one respects turn restrictions");
    two[1].respects_turns = true;
    strcpy(two[1].uses[0], "car");
    strcpy(two[1].uses[1], "car_permit");
    two[1].use_count = 2;
    h.node_no[4] = HAND_CAR;
    refused(two, 2, HSD_E_ARGUMENT, "node 5 stops only one of them");
    refused(&h.car, 0, HSD_E_ARGUMENT, "1 to 32 profiles");
    hsd_profile same[] = {h.car, h.car};
    refused(same, 2, HSD_E_ARGUMENT, "given twice");
}

static void a_network_nobody_can_use_is_refused(void **state) {
    (void)state;
    crossing();
    for (int i = 1; i <= 4; i++) arm[i]->class_id = HAND_STRANGE;
    refused(&h.car, 1, HSD_E_FORMAT, "none of the 4 ways can be used");
    h.table.way_count = 0;
    refused(&h.car, 1, HSD_E_FORMAT, "its legs start at streets");
}

static void tables_with_wrong_indices_are_refused(void **state) {
    (void)state;
    crossing();
    h.way_nodes[3] = 99;
    refused(&h.car, 1, HSD_E_ARGUMENT, "names node 99");
    crossing();
    arm[2]->node_count = 1000;
    refused(&h.car, 1, HSD_E_ARGUMENT, "nodes of way 1 lie outside");
    crossing();
    arm[2]->class_id = 4;
    refused(&h.car, 1, HSD_E_ARGUMENT, "class 4 of 4");
    crossing();
    hand_restrict(&h, arm[1], 5, arm[2], 0)->to_way = 4;
    refused(&h.car, 1, HSD_E_ARGUMENT, "restriction 5001");
    crossing();
    arm[2]->length_m = -1;
    refused(&h.car, 1, HSD_E_ARGUMENT, "length of -1 m");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vertices_of_degree_two_are_contracted),
        cmocka_unit_test(a_way_through_a_junction_is_cut_there),
        cmocka_unit_test(one_ways_that_meet_head_on_make_a_node),
        cmocka_unit_test(a_one_way_run_is_one_arc),
        cmocka_unit_test(a_two_way_street_that_turns_one_way_keeps_its_node),
        cmocka_unit_test(a_closed_way_alone_has_its_node_where_it_is_drawn_from),
        cmocka_unit_test(a_ring_without_nodes_is_broken_at_its_lowest_id),
        cmocka_unit_test(footpaths_do_not_break_car_chains),
        cmocka_unit_test(profiles_of_one_mode_share_a_graph),
        cmocka_unit_test(corridor_networks_keep_every_vertex),
        cmocka_unit_test(a_closed_vertex_is_a_dead_end_on_every_side),
        cmocka_unit_test(without_restrictions_every_turn_is_free),
        cmocka_unit_test(a_ban_may_be_dodged_by_turning_round_at_a_node),
        cmocka_unit_test(walkers_do_not_care),
        cmocka_unit_test(only_straight_on_leaves_one_way),
        cmocka_unit_test(two_mandates_with_one_beginning_admit_both),
        cmocka_unit_test(no_u_turn_holds_at_its_node),
        cmocka_unit_test(a_ban_along_via_ways_binds_only_the_whole_sequence),
        cmocka_unit_test(a_mandate_along_via_ways_is_followed_to_its_end),
        cmocka_unit_test(overlapping_restrictions_are_all_remembered),
        cmocka_unit_test(a_way_that_passes_the_via_node_is_meant_on_both_sides),
        cmocka_unit_test(restrictions_that_cannot_be_travelled_do_not_bind),
        cmocka_unit_test(a_restricted_vertex_of_degree_two_is_a_node),
        cmocka_unit_test(components_are_numbered_by_their_arcs),
        cmocka_unit_test(exported_arcs_name_copies_and_ends),
        cmocka_unit_test(profiles_of_a_mode_must_agree),
        cmocka_unit_test(a_network_nobody_can_use_is_refused),
        cmocka_unit_test(tables_with_wrong_indices_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
