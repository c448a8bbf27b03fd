/* A new line, or a new service on one: calls in order, minutes between them, a trip a direction
 * with its headway, or a trip for each departure. O(calls x (points + anchors)). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "read/message.h"
#include "scenario/rail.h"

/* Where no line is drawn the way is this much longer than the straight line: the median of drawn
 * railways (tests/real/stop_loss.py). */
static const double DETOUR = 1.055;
static const double HIGH_SPEED_KMH = 250;
static const double USUAL_RATIO[2] = {0.45, 0.85};

typedef struct call {
    uint32_t stop, anchor;
    hsd_lonlat at;
    double dwell_s; /* NAN: by kind */
} call;

typedef struct service {
    hsd_rail *rail;
    const hsd_service_row *row;
    hsd_rail_line *line;
    HSD_ARRAY(call) calls;
    HSD_ARRAY(hsd_rail_way) ways; /* from each call to the next */
    hsd_lonlats points;
    hsd_train_pace pace;
    hsd_ride_kind kind;
    bool ring, speed_known;
    int32_t *run_s, *dwell_s; /* of each way; at each call */
    double length_m, hours;
    int64_t total_s;
    bool bad;
} service;

static hsd_status bad(service *s, const char *text) {
    s->bad = true;
    return hsd_rail_bad(s->rail, HSD_LAYER_SERVICES, s->row->feature_id, "line \"%.60s\": %s",
                        s->row->line, text);
}

/* ---- Calls --------------------------------------------------------------------------------- */

static bool add_call(service *s, uint32_t stop, hsd_lonlat at, double dwell_min) {
    const call c = {stop, HSD_NO_ROW, at, dwell_min * 60};
    return hsd_array_push(&s->calls, c, s->rail->err);
}

static const char *station_name(const service *s, uint32_t stop) {
    return hsd_rail_string(s->rail, s->rail->stops.data[stop].name);
}

static hsd_status call_row(service *s, size_t i) {
    const hsd_station_row *row = &s->rail->table->stations[i];
    if (s->rail->station_stop[i] == HSD_NO_ROW) { /* its own issue stands already */
        s->bad = true;
        return HSD_OK;
    }
    s->rail->station_used[i] = 1;
    if (hsd_rail_line_there(s->line)) {
        const double away = hsd_rail_line_distance_m(s->line, row->at);
        if (away > HSD_STATION_M) {
            s->bad = true;
            return hsd_rail_bad(s->rail, HSD_LAYER_STATIONS, row->feature_id,
                                "\"%.60s\" is %.0f m from line \"%.60s\"; at most %.0f m was "
                                "expected",
                                row->name, away, s->row->line, HSD_STATION_M);
        }
    }
    return add_call(s, s->rail->station_stop[i], row->at, row->dwell_min) ? HSD_OK : HSD_E_MEMORY;
}

/* The row of the proposal that is called so, one of this line first; HSD_NO_ROW: none. */
static uint32_t row_called(const service *s, const char *name) {
    const hsd_proposal_table *t = s->rail->table;
    uint32_t found = HSD_NO_ROW;
    for (uint32_t i = 0; i < t->station_count; i++) {
        const hsd_station_row *row = &t->stations[i];
        if (row->proposal != s->row->proposal || strcmp(row->name, name) != 0) continue;
        if (row->line && strcmp(row->line, s->row->line) == 0) return i;
        if (found == HSD_NO_ROW) found = i;
    }
    return found;
}

/* A stop of the timetable: the nearest to the line, or to the station before. */
static hsd_status call_stop(service *s, const char *name) {
    hsd_rail *rail = s->rail;
    uint8_t *meant;
    size_t count;
    char text[200];
    hsd_status status = hsd_rail_meant(rail, name, &meant, &count);
    if (status != HSD_OK) return status;
    if (count == 0) {
        snprintf(text, sizeof text,
                 "station \"%.60s\" is neither a row of layer stations nor a stop of the timetable",
                 name);
        return bad(s, text);
    }
    uint32_t best = HSD_NO_ROW;
    double least = INFINITY;
    for (uint32_t i = 0; i < rail->base->stop_count; i++) {
        if (!meant[i]) continue;
        const hsd_lonlat at = {rail->stops.data[i].lon, rail->stops.data[i].lat};
        double away = 0;
        if (hsd_rail_line_there(s->line))
            away = hsd_rail_line_distance_m(s->line, at);
        else if (s->calls.count)
            away = hsd_rail_apart_m(rail, i, s->calls.data[s->calls.count - 1].stop);
        if (best != HSD_NO_ROW && !(away < least)) continue;
        best = i;
        least = away;
    }
    if (hsd_rail_line_there(s->line) && least > HSD_STATION_M) {
        snprintf(text, sizeof text, "stop \"%.60s\" is %.0f m from it; at most %.0f m was expected",
                 name, least, HSD_STATION_M);
        return bad(s, text);
    }
    const hsd_stop_row *stop = &rail->stops.data[best];
    return add_call(s, best, (hsd_lonlat){stop->lon, stop->lat}, NAN) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status calls_by_name(service *s) {
    char name[256];
    hsd_status status = HSD_OK;
    for (const char *list = s->row->stations;
         status == HSD_OK && hsd_rail_piece(&list, name, sizeof name);) {
        const uint32_t row = row_called(s, name);
        status = row == HSD_NO_ROW ? call_stop(s, name) : call_row(s, row);
    }
    return status;
}

/* Every station of the line, in the order of the table; of those that name no line, in a proposal
 * of several, the near ones. */
static hsd_status calls_of_line(service *s) {
    const hsd_proposal_table *t = s->rail->table;
    if (!hsd_rail_line_there(s->line))
        return bad(s, "stations is empty, and no link of kind rail has the line: their order is "
                      "not known");
    bool other_lines = false;
    for (size_t i = 0; i < t->service_count; i++)
        other_lines = other_lines || (t->services[i].proposal == s->row->proposal &&
                                      t->services[i].action == HSD_SERVICE_NEW &&
                                      strcmp(t->services[i].line, s->row->line) != 0);
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < t->station_count && status == HSD_OK; i++) {
        const hsd_station_row *row = &t->stations[i];
        if (row->proposal != s->row->proposal) continue;
        if (row->line && strcmp(row->line, s->row->line) != 0) continue;
        if (!row->line && other_lines && hsd_rail_line_distance_m(s->line, row->at) > HSD_STATION_M)
            continue;
        status = call_row(s, i);
    }
    return status;
}

/* Anchors of the calls; without a list of stations, in the order along the line. */
static hsd_status order_calls(service *s) {
    hsd_error *err = s->rail->err;
    const size_t count = s->calls.count;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < count && status == HSD_OK; i++)
        status = hsd_rail_line_add(s->line, s->calls.data[i].at, &s->calls.data[i].anchor, err);
    if (status != HSD_OK || s->row->stations) return status;
    uint32_t *anchors = hsd_alloc(count, sizeof *anchors, err),
             *order = hsd_alloc(count, sizeof *order, err);
    call *sorted = hsd_alloc(count + 1, sizeof *sorted, err);
    bool ordered = false;
    status = anchors && order && sorted ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; i < count && status == HSD_OK; i++) anchors[i] = s->calls.data[i].anchor;
    if (status == HSD_OK)
        status = hsd_rail_line_order(s->line, anchors, count, order, &s->ring, &ordered, err);
    if (status == HSD_OK && !ordered)
        status = bad(s, "it branches, or its links do not meet within 50 m: name its stations in "
                        "order, ;-separated");
    if (status == HSD_OK && ordered) {
        for (size_t i = 0; i < count; i++) sorted[i] = s->calls.data[order[i]];
        memcpy(s->calls.data, sorted, count * sizeof *sorted);
        if (s->ring && count && !hsd_array_push(&s->calls, sorted[0], err)) status = HSD_E_MEMORY;
    }
    hsd_free(anchors);
    hsd_free(order);
    hsd_free(sorted);
    return status;
}

static hsd_status find_calls(service *s) {
    hsd_status status = s->row->stations ? calls_by_name(s) : calls_of_line(s);
    if (status != HSD_OK || s->bad) return status;
    if (s->calls.count < 2)
        return bad(s, s->calls.count ? "it has one station; two were expected"
                                     : "it has no station; two were expected");
    if (hsd_rail_line_there(s->line)) status = order_calls(s);
    return status;
}

/* ---- Minutes ------------------------------------------------------------------------------- */

static hsd_status find_ways(service *s) {
    const hsd_service_row *row = s->row;
    const hsd_ride_kind kind = row->kind == HSD_RIDE_KINDS ? HSD_RIDE_RAIL : row->kind;
    const double usual = row->speed_kmh > 0 ? row->speed_kmh : hsd_train_speed_kmh(kind);
    const hsd_link_row *link = hsd_rail_line_link(s->line);
    s->speed_known = row->speed_kmh > 0 || (link && link->speed_kmh > 0);
    for (size_t i = 0; i + 1 < s->calls.count; i++) {
        const call *a = &s->calls.data[i], *b = &s->calls.data[i + 1];
        hsd_rail_way way;
        if (link) {
            hsd_status status = hsd_rail_line_way(s->line, a->anchor, b->anchor, usual,
                                                  row->speed_kmh > 0 ? row->speed_kmh : 0,
                                                  &s->points, &way, s->rail->err);
            if (status != HSD_OK) return status;
        } else {
            way.length_m = DETOUR * hsd_geodesic_m(a->at.lon, a->at.lat, b->at.lon, b->at.lat);
            way.hours = way.length_m / 1000 / usual;
        }
        char text[200] = "";
        if (way.length_m < 0)
            snprintf(
                text, sizeof text,
                "no way along it from \"%.50s\" to \"%.50s\": its links do not meet within 50 m",
                station_name(s, a->stop), station_name(s, b->stop));
        else if (way.length_m < 1 || a->stop == b->stop)
            snprintf(text, sizeof text, "\"%.50s\" and \"%.50s\" are at one place of it",
                     station_name(s, a->stop), station_name(s, b->stop));
        if (text[0]) return bad(s, text);
        if (!hsd_array_push(&s->ways, way, s->rail->err)) return HSD_E_MEMORY;
        s->length_m += way.length_m;
        s->hours += way.hours;
    }
    return HSD_OK;
}

static double model_s(const service *s, size_t i) {
    const hsd_rail_way *way = &s->ways.data[i];
    return hsd_train_run_s(&s->pace, way->length_m, way->length_m / 1000 / way->hours);
}

static int32_t whole_s(double seconds) {
    const double whole = floor(seconds + 0.5);
    return whole < 1 ? 1 : (int32_t)whole;
}

/* The whole line in so many seconds: what the stops leave, shared as the model's runs are. */
static hsd_status share_out(service *s, double total_s) {
    double stops = 0, all = 0, done = 0;
    const size_t runs = s->ways.count;
    for (size_t i = 1; i < runs; i++) stops += s->dwell_s[i];
    for (size_t i = 0; i < runs; i++) all += model_s(s, i);
    if (!(total_s - stops >= (double)runs)) {
        char text[120];
        snprintf(text, sizeof text, "%.1f minutes end to end, but its stops alone take %.1f",
                 total_s / 60, stops / 60);
        return bad(s, text);
    }
    double before = 0;
    for (size_t i = 0; i < runs; i++) {
        done += model_s(s, i);
        const double until = floor((total_s - stops) * done / all + 0.5);
        s->run_s[i] = whole_s(until - before);
        before = until;
    }
    return HSD_OK;
}

static hsd_status find_minutes(service *s) {
    const hsd_service_row *row = s->row;
    const size_t calls = s->calls.count, runs = calls - 1;
    const hsd_link_row *link = hsd_rail_line_link(s->line);
    const double design = s->length_m / 1000 / s->hours;
    s->kind = row->kind;
    if (s->kind == HSD_RIDE_KINDS)
        s->kind = design >= HIGH_SPEED_KMH ? HSD_RIDE_HIGH_SPEED : HSD_RIDE_RAIL;
    s->pace = hsd_train_pace_of(s->kind, design);
    s->run_s = hsd_calloc(runs, sizeof *s->run_s, s->rail->err);
    s->dwell_s = hsd_calloc(calls, sizeof *s->dwell_s, s->rail->err);
    if (!s->run_s || !s->dwell_s) return HSD_E_MEMORY;
    for (size_t i = 1; i < runs; i++) {
        const double dwell = s->calls.data[i].dwell_s;
        s->dwell_s[i] = (int32_t)floor((isnan(dwell) ? s->pace.dwell_s : dwell) + 0.5);
    }
    hsd_status status = HSD_OK;
    if (row->minute_count > 1 && row->minute_count != runs) {
        char text[120];
        snprintf(text, sizeof text, "%zu minutes for %zu runs between %zu stations",
                 row->minute_count, runs, calls);
        return bad(s, text);
    }
    if (row->minute_count == 1)
        status = share_out(s, row->minutes[0] * 60);
    else if (row->minute_count == 0 && link && link->minutes > 0 &&
             hsd_rail_line_links(s->line) == 1)
        status = share_out(s, link->minutes * 60 * s->length_m / hsd_rail_line_length_m(s->line));
    else
        for (size_t i = 0; i < runs; i++)
            s->run_s[i] = whole_s(row->minute_count ? row->minutes[i] * 60 : model_s(s, i));
    for (size_t i = 0; i < runs; i++) s->total_s += s->run_s[i] + s->dwell_s[i];
    return status;
}

/* ---- Trips --------------------------------------------------------------------------------- */

static hsd_status make_line(service *s, uint32_t *out) {
    hsd_rail *rail = s->rail;
    const char *proposal = rail->table->proposals[s->row->proposal].name;
    for (uint32_t i = 0; i < rail->lines.count; i++)
        if (rail->lines.data[i].proposal == s->row->proposal &&
            rail->lines.data[i].kind == s->kind &&
            strcmp(hsd_rail_string(rail, rail->lines.data[i].name), s->row->line) == 0) {
            *out = i;
            return HSD_OK;
        }
    char *id =
        hsd_asprintf(rail->err, "%s:%s:%s", proposal, s->row->line, hsd_ride_kind_name(s->kind));
    if (!id) return HSD_E_MEMORY;
    const hsd_line_row line = {.id = hsd_rail_text(&rail->texts, id),
                               .name = hsd_rail_text(&rail->texts, s->row->line),
                               .agency = hsd_rail_text(&rail->texts, proposal),
                               .feed = rail->base == &rail->empty ? 0 : HSD_NO_ROW,
                               .kind = s->kind,
                               .colour = HSD_NO_ROW,
                               .proposal = s->row->proposal};
    hsd_free(id);
    *out = (uint32_t)rail->lines.count;
    return hsd_array_push(&rail->lines, line, rail->err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status make_shape(service *s, bool back, uint32_t *out) {
    hsd_rail *rail = s->rail;
    const size_t count = s->points.count;
    *out = HSD_NO_ROW;
    if (count < 2) return HSD_OK;
    const hsd_shape_row shape = {(uint32_t)rail->points.count, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        const hsd_lonlat p = s->points.data[back ? count - 1 - i : i];
        const hsd_point_e7 e7 = {hsd_e7_of(p.lon), hsd_e7_of(p.lat)};
        if (!hsd_array_push(&rail->points, e7, rail->err)) return HSD_E_MEMORY;
    }
    *out = (uint32_t)rail->shapes.count;
    return hsd_array_push(&rail->shapes, shape, rail->err) ? HSD_OK : HSD_E_MEMORY;
}

/* Calls of a trip that starts at start_s; NULL: out of memory. */
static hsd_call_row *make_calls(service *s, bool back, int32_t start_s) {
    const size_t count = s->calls.count;
    hsd_call_row *calls = hsd_blocks_take(&s->rail->blocks, count, sizeof *calls, s->rail->err);
    int32_t clock = start_s;
    for (size_t i = 0; calls && i < count; i++) {
        const size_t k = back ? count - 1 - i : i; /* call; the run before it is k - 1 or k */
        if (i) clock += s->run_s[back ? k : k - 1];
        calls[i] = (hsd_call_row){s->calls.data[k].stop, clock, clock + s->dwell_s[k], 0};
        clock += s->dwell_s[k];
    }
    return calls;
}

static hsd_status make_trip(service *s, hsd_board_trip *trip, uint32_t line, uint32_t shape,
                            bool back, size_t departure) {
    hsd_rail *rail = s->rail;
    const hsd_service_row *row = s->row;
    const bool headway = row->departure_count == 0;
    const char *proposal = rail->table->proposals[row->proposal].name;
    char *id =
        headway ? hsd_asprintf(rail->err, "%s:%lld:%d", proposal, (long long)row->feature_id, back)
                : hsd_asprintf(rail->err, "%s:%lld:%d:%zu", proposal, (long long)row->feature_id,
                               back, departure + 1);
    if (!id) return HSD_E_MEMORY;
    const call *last = &s->calls.data[back ? 0 : s->calls.count - 1];
    *trip = (hsd_board_trip){
        .row = {.id = hsd_rail_text(&rail->texts, id),
                .headsign = rail->stops.data[last->stop].name,
                .line = (uint32_t)rail->base->line_count + line,
                .service = HSD_EVERY_DAY,
                .call_count = (uint32_t)s->calls.count,
                .shape = shape == HSD_NO_ROW ? shape : (uint32_t)rail->base->shape_count + shape,
                .direction = back,
                .headway_count = headway,
                .proposal = row->proposal},
        .calls = make_calls(s, back, headway ? row->first_s : row->departures_s[departure])};
    hsd_free(id);
    if (!trip->calls) return HSD_E_MEMORY;
    if (!headway) return HSD_OK;
    hsd_headway_row *h = hsd_blocks_take(&rail->blocks, 1, sizeof *h, rail->err);
    if (!h) return HSD_E_MEMORY;
    *h = (hsd_headway_row){row->first_s, row->last_s, (uint32_t)whole_s(row->headway_min * 60), 0};
    trip->headways = h;
    return HSD_OK;
}

static hsd_status make_item(service *s) {
    hsd_rail *rail = s->rail;
    const hsd_service_row *row = s->row;
    const size_t each = row->departure_count ? row->departure_count : 1,
                 ways = row->forward ? 1 : 2;
    hsd_rail_item item = {.action = HSD_SERVICE_NEW,
                          .proposal = row->proposal,
                          .feature_id = row->feature_id,
                          .layer = HSD_LAYER_SERVICES,
                          .row = row,
                          .trip_count = each * ways};
    item.trips = hsd_blocks_take(&rail->blocks, item.trip_count, sizeof *item.trips, rail->err);
    hsd_status status = item.trips ? make_line(s, &item.line) : HSD_E_MEMORY;
    for (size_t back = 0; back < ways && status == HSD_OK; back++) {
        uint32_t shape;
        status = make_shape(s, back, &shape);
        for (size_t d = 0; d < each && status == HSD_OK; d++)
            status = make_trip(s, &item.trips[back * each + d], item.line, shape, back, d);
    }
    if (status == HSD_OK && !hsd_array_push(&rail->items, item, rail->err)) status = HSD_E_MEMORY;
    return status;
}

/* ---- What it did --------------------------------------------------------------------------- */

static hsd_status edit_shape(service *s, hsd_geometry *out) {
    const bool drawn = s->points.count >= 2;
    const size_t count = drawn ? s->points.count : s->calls.count;
    *out = (hsd_geometry){.type = HSD_GEOMETRY_LINE, .point_count = count, .ring_count = 1};
    out->points = hsd_alloc(count, sizeof *out->points, s->rail->err);
    out->ring_end = hsd_alloc(1, sizeof *out->ring_end, s->rail->err);
    if (!out->points || !out->ring_end) {
        hsd_geometry_finish(out);
        return HSD_E_MEMORY;
    }
    for (size_t i = 0; i < count; i++)
        out->points[i] = drawn ? s->points.data[i] : s->calls.data[i].at;
    out->ring_end[0] = count;
    return HSD_OK;
}

static hsd_status remark_ratio(service *s, double ratio, double design) {
    if (!(ratio < USUAL_RATIO[0]) && !(ratio > USUAL_RATIO[1])) return HSD_OK;
    return hsd_rail_remark(s->rail, HSD_LAYER_SERVICES, s->row->feature_id,
                           "line \"%.60s\": commercial speed %.0f km/h is %.2f of the design speed "
                           "%.0f km/h; %.2f to %.2f is usual: %s",
                           s->row->line, ratio * design, ratio, design, USUAL_RATIO[0],
                           USUAL_RATIO[1],
                           ratio < USUAL_RATIO[0] ? "few trains stop at so many stations"
                                                  : "paper is faster than life");
}

static hsd_status report(service *s) {
    hsd_rail *rail = s->rail;
    const hsd_service_row *row = s->row;
    const double minutes = (double)s->total_s / 60, design = s->length_m / 1000 / s->hours,
                 speed = s->length_m / 1000 / (minutes / 60);
    const size_t trips =
        row->departure_count
            ? row->departure_count
            : (size_t)((row->last_s - row->first_s) / whole_s(row->headway_min * 60)) + 1;
    char ratio[80] = "", at[40] = "";
    if (s->speed_known) {
        snprintf(ratio, sizeof ratio, ", %.2f of design", speed / design);
        snprintf(at, sizeof at, " at %.0f km/h", design);
    }
    hsd_edit edit = {.proposal = row->proposal,
                     .layer = HSD_LAYER_SERVICES,
                     .feature_id = row->feature_id,
                     .name = row->line,
                     .trips_added = (uint32_t)(row->forward ? trips : 2 * trips),
                     .commercial_ratio = s->speed_known ? speed / design : NAN,
                     .edge_ids = "",
                     .length_km = s->length_m / 1000,
                     .forward_min = minutes,
                     .backward_min = row->forward ? NAN : minutes};
    edit.what = hsd_blocks_text(
        &rail->blocks,
        hsd_asprintf(rail->err,
                     "new line %s: %zu stations, %.1f km, %.0f min end to end%s: commercial speed "
                     "%.0f km/h%s; %zu trips a day%s",
                     row->line, s->calls.count - s->ring, s->length_m / 1000, minutes, at, speed,
                     ratio, trips, row->forward ? "" : " each way"),
        rail->err);
    hsd_status status = edit.what ? edit_shape(s, &edit.geometry) : HSD_E_MEMORY;
    if (status == HSD_OK && !hsd_array_push(&rail->edits, edit, rail->err)) {
        hsd_geometry_finish(&edit.geometry);
        status = HSD_E_MEMORY;
    }
    return status == HSD_OK && s->speed_known ? remark_ratio(s, speed / design, design) : status;
}

/* A proposal draws lines, but none of that name. */
static hsd_status check_line(service *s) {
    const hsd_proposal_table *t = s->rail->table;
    if (hsd_rail_line_there(s->line)) return HSD_OK;
    for (size_t i = 0; i < t->link_count; i++)
        if (t->links[i].proposal == s->row->proposal && t->links[i].kind == HSD_KIND_RAIL)
            return bad(s, "no link of kind rail has this name; its proposal draws several other "
                          "lines");
    return HSD_OK;
}

hsd_status hsd_rail_new(hsd_rail *rail, const hsd_service_row *row) {
    service s = {.rail = rail, .row = row};
    hsd_status status = hsd_rail_line_create(rail, row->proposal, row->line, &s.line);
    if (status == HSD_OK) status = check_line(&s);
    if (status == HSD_OK && !s.bad) status = find_calls(&s);
    if (status == HSD_OK && !s.bad) status = find_ways(&s);
    if (status == HSD_OK && !s.bad) status = find_minutes(&s);
    if (status == HSD_OK && !s.bad) status = make_item(&s);
    if (status == HSD_OK && !s.bad) status = report(&s);
    hsd_rail_line_destroy(s.line);
    hsd_array_finish(&s.calls);
    hsd_array_finish(&s.ways);
    hsd_array_finish(&s.points);
    hsd_free(s.run_s);
    hsd_free(s.dwell_s);
    return status;
}
