/* Proposals drawn by hand over the road tables of tests/unit/net/hand.h: coordinates in
 * milli-degrees near the equator, where a step east is 111.3195 m and one north 110.5743 m. */
#ifndef TESTS_SCENARIO_DRAWN_H
#define TESTS_SCENARIO_DRAWN_H

#include "../net/hand.h"

#include <math.h>

#include "base/memory.h"
#include "hourshed/scenario.h"

#define STEP_X 111.31949079
#define STEP_Y 110.57427582
#define WORD(text) ((char *)(uintptr_t)(text))
#define assert_near(a, b, by) assert_true(fabs((a) - (b)) <= (by))
#define DRAWN_ROWS 16
#define DRAWN_POINTS 512
enum { ROAD, MOTORWAY, LANE, FERRY };

typedef struct drawn {
    hsd_proposal_table table;
    hsd_proposal proposals[3];
    hsd_link_row links[DRAWN_ROWS];
    hsd_junction_row junctions[DRAWN_ROWS];
    hsd_closure_row closures[DRAWN_ROWS];
    hsd_speed_row speeds[DRAWN_ROWS];
    hsd_wait_row waits[DRAWN_ROWS];
    hsd_lonlat points[DRAWN_POINTS];
    size_t ends[DRAWN_ROWS * 8], point_count, end_count;
} drawn;

/* The classes of these tests, on top of hand_init: road 36 km/h, motorway 108, lane 18, ferry 18 at
 * half of it. */
static inline void drawn_classes(hand *h) {
    static char words[][12] = {"road", "motorway", "lane", "ferry"};
    static char *classes[] = {words[0], words[1], words[2], words[3]};
    static hsd_class_speed speeds[] = {{"road", 36000, 1000000, true, false},
                                       {"motorway", 108000, 1000000, false, false},
                                       {"lane", 18000, 1000000, true, false},
                                       {"ferry", 18000, 500000, false, false},
                                       {"trunk", 72000, 500000, true, false}};
    h->table.classes = classes;
    h->table.class_count = 4;
    h->car.classes = speeds;
    h->car.class_count = 5;
}

static inline void drawn_init(drawn *d) {
    static char names[3][8] = {"a", "b", "c,d"};
    memset(d, 0, sizeof *d);
    for (int i = 0; i < 3; i++) d->proposals[i].name = names[i];
    d->table = (hsd_proposal_table){.proposals = d->proposals,
                                    .proposal_count = 3,
                                    .links = d->links,
                                    .junctions = d->junctions,
                                    .closures = d->closures,
                                    .speeds = d->speeds,
                                    .waits = d->waits};
}

/* xy: pairs of milli-degrees, ended by NAN. */
static inline hsd_geometry drawn_line(drawn *d, const double *xy) {
    hsd_geometry g = {.type = HSD_GEOMETRY_LINE, .points = d->points + d->point_count};
    for (; !isnan(xy[0]); xy += 2, g.point_count++) {
        assert_true(d->point_count < DRAWN_POINTS);
        d->points[d->point_count++] = (hsd_lonlat){xy[0] / 1000, xy[1] / 1000};
    }
    g.ring_end = d->ends + d->end_count;
    g.ring_count = 1;
    d->ends[d->end_count++] = g.point_count;
    return g;
}
#define LINE(...) ((const double[]){__VA_ARGS__, NAN})

static inline hsd_geometry drawn_box(drawn *d, double west, double south, double east,
                                     double north) {
    hsd_geometry g =
        drawn_line(d, LINE(west, south, east, south, east, north, west, north, west, south));
    g.type = HSD_GEOMETRY_POLYGON;
    g.polygon_end = d->ends + d->end_count;
    g.polygon_count = 1;
    d->ends[d->end_count++] = 1;
    return g;
}

/* A road of class "road" with this feature id. */
static inline hsd_link_row *drawn_link(drawn *d, uint32_t proposal, int64_t id, const double *xy) {
    hsd_link_row *row = &d->links[d->table.link_count++];
    *row = (hsd_link_row){.proposal = proposal,
                          .feature_id = id,
                          .road_class = WORD("road"),
                          .speed_kmh = NAN,
                          .minutes = NAN,
                          .length_km = NAN,
                          .wait_min = 0,
                          .toll = NAN,
                          .cost = NAN,
                          .line = drawn_line(d, xy)};
    return row;
}

static inline hsd_junction_row *drawn_junction(drawn *d, uint32_t proposal, int64_t id, double x,
                                               double y) {
    hsd_junction_row *row = &d->junctions[d->table.junction_count++];
    *row = (hsd_junction_row){.proposal = proposal, .feature_id = id, .at = {x / 1000, y / 1000}};
    return row;
}

static inline hsd_closure_row *drawn_closure(drawn *d, uint32_t proposal, int64_t id,
                                             hsd_geometry polygon) {
    hsd_closure_row *row = &d->closures[d->table.closure_count++];
    *row = (hsd_closure_row){.proposal = proposal, .feature_id = id, .polygon = polygon};
    return row;
}

static inline hsd_speed_row *drawn_speed(drawn *d, uint32_t proposal, int64_t id, double factor,
                                         hsd_geometry polygon) {
    hsd_speed_row *row = &d->speeds[d->table.speed_count++];
    *row = (hsd_speed_row){.proposal = proposal,
                           .feature_id = id,
                           .polygon = polygon,
                           .factor = factor,
                           .speed_kmh = NAN};
    return row;
}

static inline hsd_wait_row *drawn_wait(drawn *d, uint32_t proposal, int64_t id, double minutes,
                                       const double *xy) {
    hsd_wait_row *row = &d->waits[d->table.wait_count++];
    *row = (hsd_wait_row){.proposal = proposal,
                          .feature_id = id,
                          .line = drawn_line(d, xy),
                          .minutes = {NAN, minutes, NAN}};
    return row;
}

/* ---- Resolving -------------------------------------------------------------------------- */

static inline hsd_resolved drawn_resolved(const hsd_network *n, const drawn *d,
                                          const hsd_resolve_options *options) {
    hsd_resolved out;
    hsd_issues issues = {0};
    hsd_error err = {0};
    if (hsd_proposals_resolve(n, 0, &d->table, options, NULL, &out, &issues, &err) != HSD_OK)
        fail_msg("%s", err.message);
    hsd_issues_finish(&issues);
    return out;
}

/* Some issue (an error where error) holds all three pieces. */
static inline void assert_issue(const hsd_issues *issues, bool error, const char *a, const char *b,
                                const char *c) {
    for (size_t i = 0; i < issues->count; i++)
        if (issues->list[i].error == error && strstr(issues->list[i].text, a) &&
            strstr(issues->list[i].text, b) && strstr(issues->list[i].text, c))
            return;
    for (size_t i = 0; i < issues->count; i++) print_message("%s\n", issues->list[i].text);
    fail_msg("no issue says \"%s\", \"%s\" and \"%s\"", a, b, c);
}

static inline void assert_refused(const hsd_network *n, const drawn *d,
                                  const hsd_resolve_options *options, const char *a, const char *b,
                                  const char *c) {
    hsd_resolved out;
    hsd_issues issues = {0};
    hsd_error err = {0};
    assert_int_equal(hsd_proposals_resolve(n, 0, &d->table, options, NULL, &out, &issues, &err),
                     HSD_E_FORMAT);
    assert_null(out.storage);
    assert_null(out.added);
    assert_issue(&issues, true, a, b, c);
    assert_true(err.message[0] != '\0');
    hsd_issues_finish(&issues);
}

static inline uint32_t edge_by_source(const hsd_network *n, int64_t source, int nth) {
    for (uint32_t e = 0; e < n->edge_count; e++)
        if (n->edges[e].source_id == source && nth-- == 0) return e;
    fail_msg("no edge %lld", (long long)source);
    return 0;
}
#endif
