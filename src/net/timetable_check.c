/* What a timetable must hold before it is stored or an engine sees it: every index inside its
 * array, every text ended, times along a trip in order, nobody's calls counted twice over (so that
 * work is bounded by the size of the table). A file may have been damaged or made by another
 * program, a reader may err: engines trust these checks and nothing else. O(size). */
#include <math.h>

#include "net/network.h"

#define LONGEST_S 864000                          /* ten days: within HSD_UNREACHABLE */
enum { FIRST_DAY = -719162, LAST_DAY = 2932896 }; /* 0001-01-01 to 9999-12-31 */

typedef struct checking {
    const hsd_timetable *t;
    const char *table; /* "stops" ... */
    hsd_error *err;
} checking;

static hsd_status wrong(const checking *c, size_t row, const char *what) {
    return hsd_fail(c->err, HSD_E_FORMAT, "timetable: row %zu of %s %s", row, c->table, what);
}

static bool is_row(uint32_t row, size_t count) {
    return row == HSD_NO_ROW || row < count;
}
static bool is_time(uint32_t ms) {
    return ms == HSD_NO_ROW || ms <= HSD_UNREACHABLE;
}
static bool is_text(const hsd_timetable *t, uint32_t offset) {
    return offset < t->string_size;
}
static bool is_day(int32_t day) {
    return day >= FIRST_DAY && day <= LAST_DAY;
}
static bool is_second(int32_t s) {
    return s >= -LONGEST_S && s <= LONGEST_S;
}
static bool within(uint32_t first, uint32_t count, size_t total) {
    return first <= total && count <= total - first;
}

static hsd_status check_days(const hsd_timetable *t, hsd_error *err) {
    if (t->string_size == 0 || t->strings[0] != '\0' || t->strings[t->string_size - 1] != '\0')
        return hsd_fail(err, HSD_E_FORMAT, "timetable: its strings do not begin and end with a 0");
    if (t->day_count < 1 || !is_day(t->first_day) || t->day_count > LAST_DAY - t->first_day ||
        t->day_words != ((size_t)t->day_count + 63) / 64)
        return hsd_fail(err, HSD_E_FORMAT, "timetable: %d days from day %d, %zu words each",
                        t->day_count, t->first_day, t->day_words);
    const uint64_t beyond = t->day_count % 64 ? ~(uint64_t)0 << (t->day_count % 64) : 0;
    for (size_t s = 0; s < t->service_count; s++)
        if (t->service_days[(s + 1) * t->day_words - 1] & beyond)
            return hsd_fail(err, HSD_E_FORMAT, "timetable: service %zu runs past the last day", s);
    return HSD_OK;
}

static hsd_status check_feeds(checking *c) {
    c->table = "feeds";
    const hsd_timetable *t = c->t;
    for (size_t i = 0; i < t->feed_count; i++) {
        const hsd_feed_row *feed = &t->feeds[i];
        if (!is_text(t, feed->name) || !is_text(t, feed->time_zone) ||
            !is_text(t, feed->publisher) || !is_text(t, feed->version))
            return wrong(c, i, "has no text");
        if (!is_day(feed->first_day) || !is_day(feed->last_day)) return wrong(c, i, "has no days");
    }
    return HSD_OK;
}

static hsd_status check_stops(checking *c) {
    c->table = "stops";
    const hsd_timetable *t = c->t;
    for (size_t i = 0; i < t->stop_count; i++) {
        const hsd_stop_row *stop = &t->stops[i];
        if (!(fabs(stop->lon) <= 180) || !(fabs(stop->lat) <= 90))
            return wrong(c, i, "is not on the globe");
        if (!is_text(t, stop->id) || !is_text(t, stop->name)) return wrong(c, i, "has no text");
        if (!is_row(stop->feed, t->feed_count)) return wrong(c, i, "has no feed");
        if (stop->is_station > 1) return wrong(c, i, "is neither stop nor station");
        if (stop->station != HSD_NO_ROW && (stop->is_station || stop->station >= t->stop_count ||
                                            t->stops[stop->station].is_station != 1))
            return wrong(c, i, "has no station");
        if (stop->access_ms > HSD_UNREACHABLE || !is_time(stop->park_ms) ||
            !is_time(stop->change_ms))
            return wrong(c, i, "has a time that is too long");
        if (stop->proposal != HSD_NO_ROW) return wrong(c, i, "is of a proposal");
    }
    return HSD_OK;
}

static hsd_status check_lines(checking *c) {
    c->table = "lines";
    const hsd_timetable *t = c->t;
    for (size_t i = 0; i < t->line_count; i++) {
        const hsd_line_row *line = &t->lines[i];
        if (!is_text(t, line->id) || !is_text(t, line->name) || !is_text(t, line->long_name) ||
            !is_text(t, line->agency))
            return wrong(c, i, "has no text");
        if (!is_row(line->feed, t->feed_count)) return wrong(c, i, "has no feed");
        if (line->kind >= HSD_RIDE_KINDS) return wrong(c, i, "has no kind");
        if (line->colour != HSD_NO_ROW && line->colour > 0xFFFFFF)
            return wrong(c, i, "has no colour");
        if (line->proposal != HSD_NO_ROW) return wrong(c, i, "is of a proposal");
    }
    return HSD_OK;
}

static hsd_status check_calls(checking *c, size_t i) {
    const hsd_timetable *t = c->t;
    const hsd_trip_row *trip = &t->trips[i];
    int32_t before = -LONGEST_S;
    for (uint32_t k = 0; k < trip->call_count; k++) {
        const hsd_call_row *call = &t->calls[trip->first_call + k];
        if (call->stop >= t->stop_count || t->stops[call->stop].is_station)
            return wrong(c, i, "calls at no stop");
        if (!is_second(call->arrival_s) || !is_second(call->departure_s) ||
            call->arrival_s < before || call->departure_s < call->arrival_s)
            return wrong(c, i, "goes back in time");
        if (call->flags >= 2 * HSD_CALL_INTERPOLATED) return wrong(c, i, "has a call of no kind");
        before = call->departure_s;
    }
    return HSD_OK;
}

static hsd_status check_headways(checking *c, size_t i) {
    const hsd_timetable *t = c->t;
    const hsd_trip_row *trip = &t->trips[i];
    for (uint32_t k = 0; k < trip->headway_count; k++) {
        const hsd_headway_row *row = &t->headways[trip->first_headway + k];
        if (!is_second(row->start_s) || !is_second(row->end_s) || row->end_s < row->start_s ||
            row->headway_s < 1 || row->headway_s > LONGEST_S || row->exact > 1)
            return wrong(c, i, "has a headway that is none");
    }
    return HSD_OK;
}

static hsd_status check_trips(checking *c) {
    c->table = "trips";
    const hsd_timetable *t = c->t;
    uint64_t calls = 0, headways = 0;
    for (size_t i = 0; i < t->trip_count; i++) {
        const hsd_trip_row *trip = &t->trips[i];
        if (!is_text(t, trip->id) || !is_text(t, trip->headsign) || !is_text(t, trip->short_name))
            return wrong(c, i, "has no text");
        if (trip->line >= t->line_count) return wrong(c, i, "has no line");
        if (trip->service >= t->service_count) return wrong(c, i, "has no service");
        if (!is_row(trip->shape, t->shape_count)) return wrong(c, i, "has no shape");
        if (trip->direction != HSD_NO_ROW && trip->direction > 1)
            return wrong(c, i, "has no direction");
        if (trip->proposal != HSD_NO_ROW) return wrong(c, i, "is of a proposal");
        if (trip->call_count < 2 || !within(trip->first_call, trip->call_count, t->call_count) ||
            (calls += trip->call_count) > t->call_count)
            return wrong(c, i, "has no calls of its own");
        if (!within(trip->first_headway, trip->headway_count, t->headway_count) ||
            (headways += trip->headway_count) > t->headway_count)
            return wrong(c, i, "has no headways of its own");
        hsd_status status = check_calls(c, i);
        if (status == HSD_OK) status = check_headways(c, i);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}

static hsd_status check_rest(checking *c) {
    const hsd_timetable *t = c->t;
    c->table = "transfers";
    for (size_t i = 0; i < t->transfer_count; i++) {
        const hsd_transfer_row *row = &t->transfers[i];
        if (row->from >= t->stop_count || row->to >= t->stop_count)
            return wrong(c, i, "has no stop");
        if (row->type > 3 || row->min_s > LONGEST_S) return wrong(c, i, "is no transfer");
    }
    c->table = "shapes";
    for (size_t i = 0; i < t->shape_count; i++)
        if (!within(t->shapes[i].first_point, t->shapes[i].point_count, t->shape_point_count))
            return wrong(c, i, "has no points of its own");
    c->table = "shape points";
    for (size_t i = 0; i < t->shape_point_count; i++) {
        const hsd_point_e7 p = t->shape_points[i];
        if (p.lon_e7 < -1800000000 || p.lon_e7 > 1800000000 || p.lat_e7 < -900000000 ||
            p.lat_e7 > 900000000)
            return wrong(c, i, "is not on the globe");
    }
    return HSD_OK;
}

hsd_status hsd_timetable_check(const hsd_timetable *timetable, hsd_error *err) {
    checking c = {timetable, "", err};
    hsd_status status = check_days(timetable, err);
    if (status == HSD_OK) status = check_feeds(&c);
    if (status == HSD_OK) status = check_stops(&c);
    if (status == HSD_OK) status = check_lines(&c);
    if (status == HSD_OK) status = check_trips(&c);
    return status == HSD_OK ? check_rest(&c) : status;
}
