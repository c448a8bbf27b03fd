/* The timetable of a network: stored as it is, refused where it cannot be, asked for its days. */
#include "hand.h"

#include <math.h>
#include <unistd.h>

#include "../hand_timetable.h"
#include "base/memory.h"
#include "net/hsn.h"

static hand_timetable t;
enum { MONDAY = 17042 }; /* 2016-08-29; 1970-01-01 was a Thursday, and 17042 = 4 + 7 x 2434 */

/* Two weeks from a Monday. Weekdays: two trips of 1 and a headway; first Sunday: one trip of M. */
static void lines(void) {
    hand_timetable_init(&t, MONDAY, 14);
    const uint32_t a = hand_stop(&t, "a", 0, 0), b = hand_stop(&t, "b", 0.01, 0);
    const uint32_t weekdays = hand_service(&t, 31 | 31 << 7), sunday = hand_service(&t, 1 << 6);
    hand_service(&t, 1 << 13); /* of nobody */
    const uint32_t bus = hand_line(&t, "1", HSD_RIDE_BUS);
    hand_feed(&t, "metro");
    const uint32_t metro = hand_line(&t, "M", HSD_RIDE_METRO);
    const uint32_t of[] = {bus, bus, bus, metro}, on[] = {weekdays, weekdays, weekdays, sunday};
    const char *const ids[] = {"t1", "t2", "t3", "t4"};
    for (int i = 0; i < 4; i++) {
        hand_trip(&t, ids[i], of[i], on[i]);
        if (i == 2) hand_headway(&t, hand_time(6, 0), hand_time(7, 0), 600, 0);  /* 6 */
        if (i == 2) hand_headway(&t, hand_time(7, 0), hand_time(7, 50), 900, 1); /* 4 */
        hand_call(&t, a, hand_time(8 + i, 0), hand_time(8 + i, 0));
        hand_call(&t, b, hand_time(9 + i, 0), hand_time(9 + i, 0));
    }
}

static void trips_are_counted_by_day_and_feed(void **state) {
    (void)state;
    lines();
    assert_int_equal(hsd_timetable_trips(&t.table, HSD_NO_ROW, MONDAY), 2 + 6 + 4);
    assert_int_equal(hsd_timetable_trips(&t.table, 0, MONDAY + 4), 12);
    assert_int_equal(hsd_timetable_trips(&t.table, 1, MONDAY), 0);
    assert_int_equal(hsd_timetable_trips(&t.table, 1, MONDAY + 6), 1);
    assert_int_equal(hsd_timetable_trips(&t.table, HSD_NO_ROW, MONDAY + 5), 0);
    assert_int_equal(hsd_timetable_trips(&t.table, HSD_NO_ROW, MONDAY - 1), 0);
    assert_int_equal(hsd_timetable_trips(&t.table, HSD_NO_ROW, MONDAY + 14), 0);
    uint64_t days[14];
    for (uint32_t feed = 0; feed < 3; feed++) {
        const uint32_t of = feed < 2 ? feed : HSD_NO_ROW;
        assert_int_equal(hsd_timetable_trips_by_day(&t.table, of, days, NULL), HSD_OK);
        for (int d = 0; d < 14; d++) {
            const uint64_t bus = d % 7 < 5 ? 12 : 0, metro = d == 6;
            assert_int_equal(days[d], (feed != 1 ? bus : 0) + (feed != 0 ? metro : 0));
        }
    }
}

static void a_service_whose_last_train_is_its_first_is_one_train(void **state) {
    (void)state;
    lines();
    t.headways[0].end_s = t.headways[0].start_s;
    t.headways[1].end_s = t.headways[1].start_s; /* exact: the end is not included */
    assert_int_equal(hsd_timetable_trips(&t.table, HSD_NO_ROW, MONDAY), 2 + 1);
    t.table.trips = &t.trips[2]; /* no other */
    t.table.trip_count = 1;
    assert_int_equal(hsd_timetable_served(&t.table, MONDAY, NULL), HSD_OK);
}

static void says(int32_t day, const char *what) {
    hsd_error err = {0};
    assert_int_equal(hsd_timetable_served(&t.table, day, &err), HSD_E_ARGUMENT);
    assert_string_equal(err.message, what);
}

static void a_day_without_service_names_the_nearest_like_it(void **state) {
    (void)state;
    lines();
    assert_int_equal(hsd_timetable_served(&t.table, MONDAY, NULL), HSD_OK);
    assert_int_equal(hsd_timetable_served(&t.table, MONDAY + 6, NULL), HSD_OK);
    says(MONDAY + 13, "no trip runs on 2016-09-11 (a Sunday): the timetable serves 2016-08-29 to "
                      "2016-09-09, the nearest served Sunday is 2016-09-04");
    says(MONDAY + 15, "no trip runs on 2016-09-13 (a Tuesday): the timetable serves 2016-08-29 to "
                      "2016-09-09, the nearest served Tuesday is 2016-09-06");
    says(MONDAY - 3, "no trip runs on 2016-08-26 (a Friday): the timetable serves 2016-08-29 to "
                     "2016-09-09, the nearest served Friday is 2016-09-02");
    says(MONDAY + 5, "no trip runs on 2016-09-03 (a Saturday): the timetable serves 2016-08-29 to "
                     "2016-09-09, and no Saturday");
    says(-719162, "no trip runs on 0001-01-01 (a Monday): the timetable serves 2016-08-29 to "
                  "2016-09-09, the nearest served Monday is 2016-08-29");
    t.table.trip_count = 0;
    says(MONDAY, "no trip runs on 2016-08-29 (a Monday), nor on any other day of the timetable");
}

static void is_wrong(const char *what) {
    hsd_error err = {0};
    assert_int_equal(hsd_timetable_check(&t.table, &err), HSD_E_FORMAT);
    if (!strstr(err.message, what)) fail_msg("\"%s\" does not say \"%s\"", err.message, what);
    lines();
    assert_int_equal(hsd_timetable_check(&t.table, NULL), HSD_OK);
}

static void what_engines_would_stumble_over_is_refused(void **state) {
    (void)state;
    lines();
    t.stops[1].station = 0; /* which is no station */
    is_wrong("row 1 of stops has no station");
    t.stops[0].lat = NAN;
    is_wrong("row 0 of stops is not on the globe");
    t.stops[0].is_station = 1;
    is_wrong("row 0 of trips calls at no stop");
    t.stops[0].proposal = 0;
    is_wrong("row 0 of stops is of a proposal");
    t.lines[1].kind = HSD_RIDE_KINDS;
    is_wrong("row 1 of lines has no kind");
    t.lines[0].feed = 2;
    is_wrong("row 0 of lines has no feed");
    t.trips[3].service = 3;
    is_wrong("row 3 of trips has no service");
    t.trips[3].call_count = 3;
    is_wrong("row 3 of trips has no calls of its own");
    t.trips[3].first_call = UINT32_MAX;
    is_wrong("row 3 of trips has no calls of its own");
    t.trips[1].call_count = 4; /* all inside, but more than there are */
    is_wrong("of trips has no calls of its own");
    t.trips[1].call_count = 1;
    is_wrong("row 1 of trips has no calls of its own");
    t.trips[0].first_headway = 2;
    t.trips[0].headway_count = 1;
    is_wrong("row 0 of trips has no headways of its own");
    t.calls[3].arrival_s = hand_time(8, 59);
    is_wrong("row 1 of trips goes back in time");
    t.calls[3].departure_s = 864001;
    is_wrong("row 1 of trips goes back in time");
    t.headways[1].headway_s = 0;
    is_wrong("row 2 of trips has a headway that is none");
    t.headways[1].end_s = t.headways[1].start_s - 1;
    is_wrong("row 2 of trips has a headway that is none");
    hand_transfer(&t, 0, 2, 0, 0);
    is_wrong("row 0 of transfers has no stop");
    t.service_days[1] |= 1 << 14;
    is_wrong("service 1 runs past the last day");
    t.table.day_words = 2;
    is_wrong("14 days from day 17042, 2 words each");
    t.table.day_count = 0;
    is_wrong("0 days from day 17042, 1 words each");
    t.strings[t.table.string_size - 1] = 'x';
    is_wrong("strings");
    t.feeds[0].time_zone = (uint32_t)t.table.string_size;
    is_wrong("row 0 of feeds has no text");
}

static const char *const profile_name = "access";

static hsd_status build(const hsd_timetable *timetable, hsd_leg_rule rule, hsd_network **out,
                        hsd_error *err) {
    hsd_road_table stops;
    hsd_profile profile = {
        .leg_rule = rule, .leg_speed_mh = 20000, .leg_detour_ppm = 1300000, .leg_cap_m = 20000};
    snprintf(profile.name, sizeof profile.name, "%s", profile_name);
    snprintf(profile.mode, sizeof profile.mode, "%s", profile_name);
    hsd_build_options options = {.timetable = timetable};
    hsd_status status = hsd_stop_table(timetable, &stops, err);
    if (status != HSD_OK) return status;
    status = hsd_network_build(&stops, &profile, 1, &options, NULL, out, err);
    hsd_road_table_finish(&stops);
    return status;
}

static void a_network_of_stops_alone_has_a_node_at_each(void **state) {
    (void)state;
    lines();
    hand_station(&t, "S", 0.02, 0.02);
    hand_stop(&t, "c", 0.03, -0.01);
    hsd_network *n = NULL, *opened = NULL;
    hsd_error err = {0};
    if (build(&t.table, HSD_LEG_NODES, &n, &err) != HSD_OK) fail_msg("%s", err.message);
    char path[] = "/tmp/hsd-unit-timetable-XXXXXX";
    close(mkstemp(path));
    assert_int_equal(hsd_network_save(n, path, true, NULL), HSD_OK);
    if (hsd_network_open(path, HSD_OPEN_VERIFY, &opened, &err) != HSD_OK)
        fail_msg("%s", err.message);
    remove(path);
    assert_int_equal(opened->vertex_count, 3); /* the station is none */
    assert_int_equal(opened->edge_count, 0);
    assert_int_equal(opened->vertex_source[2], 4);
    assert_int_equal(opened->vertex_point[2].lon_e7, 300000);
    assert_int_equal(opened->extent.max_lon_e7, 300000);
    assert_int_equal(opened->extent.min_lat_e7, -100000);
    const hsd_graph *g = &opened->graphs[0];
    assert_int_equal(g->node_count, 3);
    assert_int_equal(g->arc_count, 0);
    assert_int_equal(g->component_count, 3);
    bool seen[3] = {false};
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(g->node_free[i], 1);
        seen[g->node_vertex[i]] = true;
    }
    assert_true(seen[0] && seen[1] && seen[2]);
    hsd_network_info info;
    assert_int_equal(hsd_network_info_get(opened, &info, NULL), HSD_OK);
    assert_int_equal(info.feeds, 2);
    assert_int_equal(info.stops, 4);
    assert_int_equal(info.lines, 2);
    assert_int_equal(info.trips, 4);
    assert_int_equal(info.first_day, MONDAY);
    assert_int_equal(info.last_day, MONDAY + 13);
    assert_string_equal(info.content_id, n->info.content_id);
    const hsd_timetable *found = NULL;
    assert_int_equal(hsd_network_timetable(opened, &found, NULL), HSD_OK);
    assert_string_equal(found->strings + found->stops[3].id, "c");
    assert_int_equal(found->calls[7].arrival_s, hand_time(12, 0));
    assert_int_equal(found->service_count, 3);
    assert_true(hsd_service_runs(found, 1, MONDAY + 6));
    hsd_network *view = NULL;
    const hsd_timetable *of_view = NULL;
    assert_int_equal(hsd_network_adapt(opened, 0, NULL, 0, NULL, 0, &view, NULL), HSD_OK);
    assert_int_equal(hsd_network_timetable(view, &of_view, NULL), HSD_OK);
    assert_ptr_equal(of_view, found);
    hsd_network_destroy(view);
    hsd_network_destroy(opened);
    hsd_network_destroy(n);
}

/* All that a leg is read from, class rules and words too: as the file has it. */
static void assert_same_profile(const hsd_network *a, const hsd_network *b, size_t m) {
    const hsd_metric *x = &a->metrics[m], *y = &b->metrics[m];
    assert_string_equal(x->name, y->name);
    assert_string_equal(a->graphs[x->graph].mode, b->graphs[y->graph].mode);
    assert_int_equal(x->leg_rule, y->leg_rule);
    assert_int_equal(x->leg_speed_mh, y->leg_speed_mh);
    assert_int_equal(x->leg_detour_ppm, y->leg_detour_ppm);
    assert_int_equal(x->leg_cap_m, y->leg_cap_m);
    assert_int_equal(x->max_speed_mh, y->max_speed_mh);
    assert_int_equal(x->respects_oneway, y->respects_oneway);
    assert_int_equal(x->class_count, y->class_count);
    for (size_t c = 0; c < x->class_count; c++) {
        assert_string_equal(a->strings + x->classes[c].name, b->strings + y->classes[c].name);
        assert_int_equal(x->classes[c].speed_mh, y->classes[c].speed_mh);
        assert_int_equal(x->classes[c].flags, y->classes[c].flags);
    }
    assert_int_equal(x->word_count, y->word_count);
    for (size_t w = 0; w < x->word_count; w++)
        assert_string_equal(a->strings + x->words[w], b->strings + y->words[w]);
}

/* Two profiles of different legs, and a lake. */
static hsd_status build_with_lake(hsd_network **out) {
    static hsd_class_speed road = {"road", 50000, 1000000, true, false};
    hsd_lonlat corners[] = {{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}};
    size_t ring = 5, polygon = 1;
    const hsd_geometry lake = {HSD_GEOMETRY_POLYGON, 5, 1, 1, corners, &ring, &polygon};
    hsd_profile profiles[2] = {{.name = "access",
                                .mode = "access",
                                .leg_rule = HSD_LEG_NODES,
                                .leg_speed_mh = 20000,
                                .leg_detour_ppm = 1300000,
                                .leg_cap_m = 15000},
                               {.name = "taxi",
                                .mode = "car",
                                .uses = {"car", "taxi"},
                                .use_count = 2,
                                .classes = &road,
                                .class_count = 1,
                                .respects_oneway = true,
                                .max_speed_mh = 120000,
                                .leg_rule = HSD_LEG_NODES,
                                .leg_speed_mh = 40000,
                                .leg_detour_ppm = 1400000,
                                .leg_cap_m = 30000}};
    const hsd_build_options options = {.timetable = &t.table, .barriers = &lake};
    hsd_road_table stops;
    hsd_status status = hsd_stop_table(&t.table, &stops, NULL);
    if (status != HSD_OK) return status;
    status = hsd_network_build(&stops, profiles, 2, &options, NULL, out, NULL);
    hsd_road_table_finish(&stops);
    return status;
}

static void more_stops_are_more_vertices_and_nothing_else(void **state) {
    (void)state;
    lines();
    hsd_network *base = NULL, *more = NULL;
    hsd_error err = {0};
    assert_int_equal(build_with_lake(&base), HSD_OK);
    hand_station(&t, "S", 0.02, 0.02);
    hand_stop(&t, "c", 0.03, -0.01);
    t.stops[3].proposal = 0; /* as scenarios have them */
    const hsd_lonlat home = {0.0123456, 0.0};
    if (hsd_network_with_stops(base, &t.table, &home, 1, NULL, &more, &err) != HSD_OK)
        fail_msg("%s", err.message);
    assert_int_equal(base->vertex_count, 2);
    assert_int_equal(more->vertex_count, 4);
    assert_int_equal(more->vertex_source[3], -1);
    assert_int_equal(more->vertex_point[3].lon_e7, 123456);
    assert_memory_equal(more->vertex_point, base->vertex_point, 2 * sizeof(hsd_point_e7));
    assert_int_equal(more->vertex_source[1], 2);
    assert_int_equal(more->vertex_source[2], 4);
    assert_int_equal(more->extent.max_lon_e7, 300000);
    assert_null(more->timetable);
    assert_int_equal(more->metric_count, 2);
    for (size_t m = 0; m < 2; m++) assert_same_profile(base, more, m);
    assert_int_equal(more->barriers->point_count, 5);
    assert_memory_equal(more->barriers->points, base->barriers->points, 5 * sizeof(hsd_lonlat));
    hsd_network_destroy(more);
    uint64_t failures = 0;
    for (uint64_t n = 1;; n++, failures++) {
        err = (hsd_error){0};
        hsd_memory_fail_at(n);
        const hsd_status status =
            hsd_network_with_stops(base, &t.table, &home, 1, NULL, &more, &err);
        hsd_memory_fail_at(0);
        if (status == HSD_OK) break;
        assert_null(more);
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_equal(err.code, HSD_E_MEMORY);
    }
    assert_true(failures > 50);
    hsd_network_destroy(more);
    hsd_network_destroy(base);
}

static void another_call_is_another_content(void **state) {
    (void)state;
    hsd_network *a = NULL, *b = NULL;
    lines();
    assert_int_equal(build(&t.table, HSD_LEG_NODES, &a, NULL), HSD_OK);
    t.calls[1].departure_s++;
    assert_int_equal(build(&t.table, HSD_LEG_NODES, &b, NULL), HSD_OK);
    assert_string_not_equal(a->info.content_id, b->info.content_id);
    hsd_network_destroy(a);
    hsd_network_destroy(b);
}

static void stops_alone_want_legs_at_nodes_and_a_right_timetable(void **state) {
    (void)state;
    lines();
    hsd_network *n = NULL;
    hsd_error err = {0};
    assert_int_equal(build(&t.table, HSD_LEG_EDGES, &n, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "profile \"access\": its legs start at streets"));
    assert_null(n);
    t.trips[0].line = 9;
    assert_int_equal(build(&t.table, HSD_LEG_NODES, &n, &err), HSD_E_FORMAT);
    assert_non_null(strstr(err.message, "row 0 of trips has no line"));
    assert_null(n);
}

static void running_out_of_memory_is_said(void **state) {
    (void)state;
    lines();
    uint64_t failures = 0;
    for (uint64_t n = 1;; n++, failures++) {
        hsd_network *network = NULL;
        hsd_error err = {0};
        uint64_t days[14];
        hsd_memory_fail_at(n);
        hsd_status status = build(&t.table, HSD_LEG_NODES, &network, &err);
        if (status == HSD_OK) status = hsd_timetable_trips_by_day(&t.table, 0, days, &err);
        hsd_memory_fail_at(0);
        hsd_network_destroy(network);
        if (status == HSD_OK) break;
        assert_int_equal(status, HSD_E_MEMORY);
        assert_int_equal(err.code, HSD_E_MEMORY);
    }
    assert_true(failures > 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trips_are_counted_by_day_and_feed),
        cmocka_unit_test(a_service_whose_last_train_is_its_first_is_one_train),
        cmocka_unit_test(a_day_without_service_names_the_nearest_like_it),
        cmocka_unit_test(what_engines_would_stumble_over_is_refused),
        cmocka_unit_test(a_network_of_stops_alone_has_a_node_at_each),
        cmocka_unit_test(more_stops_are_more_vertices_and_nothing_else),
        cmocka_unit_test(another_call_is_another_content),
        cmocka_unit_test(stops_alone_want_legs_at_nodes_and_a_right_timetable),
        cmocka_unit_test(running_out_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
