/* Rail proposals by hand, for tests: rows of links, stations and services, and a timetable of four
 * stops on the equator, S0 to S3, 0.1 degrees (11,131.949 m) apart. */
#ifndef TESTS_SCENARIO_RAIL_DRAWN_H
#define TESTS_SCENARIO_RAIL_DRAWN_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../hand_timetable.h"
#include "base/memory.h"
#include "hourshed/scenario.h"

#define WORD(text) ((char *)(uintptr_t)(text))
enum { DRAWN_ROWS = 16, DRAWN_POINTS = 128, DRAWN_DAY = 20000 };

typedef struct rail_drawn {
    hsd_proposal_table table;
    hsd_proposal proposals[4];
    hsd_link_row links[DRAWN_ROWS];
    hsd_station_row stations[DRAWN_ROWS];
    hsd_service_row services[DRAWN_ROWS];
    hsd_lonlat points[DRAWN_POINTS];
    size_t ends[DRAWN_ROWS], point_count;
    hand_timetable base;
} rail_drawn;

static inline void rail_init(rail_drawn *d) {
    static char names[4][4] = {"p", "q", "r", "s"};
    memset(d, 0, sizeof *d);
    for (int i = 0; i < 4; i++) d->proposals[i].name = names[i];
    d->table = (hsd_proposal_table){.proposals = d->proposals,
                                    .proposal_count = 4,
                                    .links = d->links,
                                    .stations = d->stations,
                                    .services = d->services};
}

/* xy: pairs of degrees, ended by NAN. */
static inline hsd_link_row *rail_link(rail_drawn *d, uint32_t proposal, const char *name,
                                      double speed_kmh, const double *xy) {
    const size_t i = d->table.link_count++;
    hsd_link_row *row = &d->links[i];
    *row = (hsd_link_row){.proposal = proposal,
                          .feature_id = (int64_t)i + 1,
                          .name = WORD(name),
                          .kind = HSD_KIND_RAIL,
                          .speed_kmh = speed_kmh,
                          .minutes = NAN,
                          .length_km = NAN};
    hsd_geometry *g = &row->line;
    *g = (hsd_geometry){
        .type = HSD_GEOMETRY_LINE, .points = d->points + d->point_count, .ring_count = 1};
    for (; !isnan(xy[0]); xy += 2, g->point_count++) {
        assert_true(d->point_count < DRAWN_POINTS);
        d->points[d->point_count++] = (hsd_lonlat){xy[0], xy[1]};
    }
    d->ends[i] = g->point_count;
    g->ring_end = &d->ends[i];
    return row;
}
#define XY(...) ((const double[]){__VA_ARGS__, NAN})

static inline hsd_station_row *rail_station(rail_drawn *d, uint32_t proposal, const char *name,
                                            double lon, double lat) {
    const size_t i = d->table.station_count++;
    d->stations[i] = (hsd_station_row){.proposal = proposal,
                                       .feature_id = (int64_t)i + 1,
                                       .name = WORD(name),
                                       .access_min = NAN,
                                       .park_min = NAN,
                                       .dwell_min = NAN,
                                       .at = {lon, lat}};
    return &d->stations[i];
}

static inline hsd_service_row *rail_service(rail_drawn *d, uint32_t proposal,
                                            hsd_service_action action, const char *line) {
    const size_t i = d->table.service_count++;
    d->services[i] = (hsd_service_row){.proposal = proposal,
                                       .feature_id = (int64_t)i + 1,
                                       .action = action,
                                       .line = WORD(line),
                                       .headway_min = 30,
                                       .first_s = hand_time(6, 0),
                                       .last_s = hand_time(22, 0),
                                       .speed_kmh = NAN,
                                       .factor = NAN,
                                       .loss_min = NAN,
                                       .kind = HSD_RIDE_KINDS};
    return &d->services[i];
}

/* Line L of the timetable: three trips east (07:00, 08:00, 09:00), two west (07:30, 08:30), 10
 * minutes a run and 1 a stop; the 08:00 takes 12 minutes from S1 to S2. Runs daily for 14 days but
 * not on the first. */
static inline void rail_base(rail_drawn *d) {
    hand_timetable *h = &d->base;
    hand_timetable_init(h, DRAWN_DAY, 14);
    static const char *const names[] = {"S0", "S1", "S2", "S3"};
    uint32_t stops[4];
    for (int i = 0; i < 4; i++) stops[i] = hand_stop(h, names[i], i * 0.1, 0);
    const uint32_t line = hand_line(h, "L", HSD_RIDE_RAIL);
    const uint32_t daily = hand_service(h, 0x3FFE);
    for (int t = 0; t < 5; t++) {
        const bool west = t >= 3;
        static const char *const ids[] = {"e1", "e2", "e3", "w1", "w2"};
        int32_t clock = west ? hand_time(7 + t - 3, 30) : hand_time(7 + t, 0);
        hand_trip(h, ids[t], line, daily);
        for (int i = 0; i < 4; i++) {
            const int32_t stay = i == 0 || i == 3 ? 0 : 60;
            hand_call(h, stops[west ? 3 - i : i], clock, clock + stay);
            clock += stay + (t == 1 && i == 1 ? 720 : 600);
        }
    }
}

/* ---- Resolving ----------------------------------------------------------------------------- */

static hsd_issues issues; /* of the last resolving */

static inline hsd_status rail_try(rail_drawn *d, bool base, hsd_resolved_rail *out,
                                  hsd_error *err) {
    hsd_issues_finish(&issues);
    *err = (hsd_error){0};
    return hsd_rail_resolve(base ? &d->base.table : NULL, &d->table, INT32_MIN, NULL, out, &issues,
                            err);
}

static inline hsd_resolved_rail rail_resolved(rail_drawn *d, bool base) {
    hsd_resolved_rail out;
    hsd_error err;
    if (rail_try(d, base, &out, &err) != HSD_OK) fail_msg("%s", err.message);
    return out;
}

static inline void rail_refused(rail_drawn *d, bool base, const char *what) {
    hsd_resolved_rail out;
    hsd_error err;
    const hsd_status status = rail_try(d, base, &out, &err);
    assert_null(out.storage);
    for (size_t i = 0; i < issues.count; i++)
        if (issues.list[i].error && strstr(issues.list[i].text, what)) {
            assert_int_equal(status, HSD_E_FORMAT);
            return;
        }
    for (size_t i = 0; i < issues.count; i++) print_message("issue: %s\n", issues.list[i].text);
    fail_msg("status %d, no error says \"%s\"", (int)status, what);
}

/* The timetable under the proposals whose bits are set. */
static inline hsd_timetable rail_scenario(const hsd_resolved_rail *r, unsigned bits) {
    uint8_t active[4];
    hsd_timetable out;
    hsd_error err = {0};
    for (int i = 0; i < 4; i++) active[i] = bits >> i & 1;
    if (hsd_scenario_timetable(r, active, &out, &err) != HSD_OK) fail_msg("%s", err.message);
    return out;
}

static inline const char *text_of(const hsd_timetable *t, uint32_t offset) {
    assert_true(offset < t->string_size);
    return t->strings + offset;
}

/* Calls of a trip as stop names and times after its first departure: "A 0/0 B 455/590". */
static inline void assert_calls(const hsd_timetable *t, size_t trip, const char *want) {
    char got[400] = "";
    size_t length = 0;
    assert_true(trip < t->trip_count);
    const hsd_trip_row *row = &t->trips[trip];
    const hsd_call_row *calls = t->calls + row->first_call;
    for (uint32_t i = 0; i < row->call_count; i++)
        length += (size_t)snprintf(got + length, sizeof got - length, "%s%s %d/%d", i ? " " : "",
                                   text_of(t, t->stops[calls[i].stop].name),
                                   calls[i].arrival_s - calls[0].departure_s,
                                   calls[i].departure_s - calls[0].departure_s);
    assert_string_equal(got, want);
}

static inline const hsd_edit *edit_of(const hsd_resolved_rail *r, hsd_proposal_layer layer,
                                      int64_t feature_id) {
    for (size_t i = 0; i < r->edit_count; i++)
        if (r->edits[i].layer == layer && r->edits[i].feature_id == feature_id) return &r->edits[i];
    fail_msg("no edit of feature %lld", (long long)feature_id);
    return NULL;
}
#endif
