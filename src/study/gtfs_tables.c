/* A timetable as the tables of a GTFS feed (gtfs.org, Schedule Reference). Ids are those of the
 * feed, behind its name where there are several; services and shapes are numbered, for their ids
 * are not kept. A service is its weekdays, and the days that differ. What a feed must have and a
 * timetable has not (addresses of web pages) is said to be unknown. O(rows). */
#include "study/gtfs_tables.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/issues.h"

static const char UNKNOWN_URL[] = "https://unknown.invalid/";

typedef struct writer {
    const hsd_timetable *t;
    hsd_csv_zip *zip;
    bool only_proposed;
    uint8_t *stop, *line, *service, *shape; /* is written */
    uint32_t *agency;                       /* of each line: the first line that has the same */
    hsd_text id;
    int digits; /* of services, shapes and lines */
    hsd_export_gtfs_report *report;
    hsd_error *err;
} writer;

static const char *string(const writer *w, uint32_t offset) {
    return w->t->strings + offset;
}

static bool is_out(const writer *w, const hsd_trip_row *trip) {
    return w->only_proposed && trip->proposal == HSD_NO_ROW;
}

/* ---- What is written ----------------------------------------------------------------------- */

static void use_stop(writer *w, uint32_t stop) {
    w->stop[stop] = 1;
    if (w->t->stops[stop].station != HSD_NO_ROW) w->stop[w->t->stops[stop].station] = 1;
}

static void mark_trip(writer *w, const hsd_trip_row *trip) {
    w->line[trip->line] = w->service[trip->service] = 1;
    if (trip->shape != HSD_NO_ROW) w->shape[trip->shape] = 1;
    for (uint32_t c = 0; c < trip->call_count; c++)
        use_stop(w, w->t->calls[trip->first_call + c].stop);
}

static hsd_status mark(writer *w) {
    const hsd_timetable *t = w->t;
    w->stop = hsd_calloc(t->stop_count, 1, w->err);
    w->line = hsd_calloc(t->line_count, 1, w->err);
    w->service = hsd_calloc(t->service_count, 1, w->err);
    w->shape = hsd_calloc(t->shape_count, 1, w->err);
    w->agency = hsd_calloc(t->line_count, sizeof *w->agency, w->err);
    if (!w->stop || !w->line || !w->service || !w->shape || !w->agency) return HSD_E_MEMORY;
    for (size_t i = 0; i < t->trip_count; i++)
        if (!is_out(w, &t->trips[i])) mark_trip(w, &t->trips[i]);
    for (uint32_t i = 0; i < t->stop_count && !w->only_proposed; i++)
        if (t->stops[i].proposal == HSD_NO_ROW) use_stop(w, i);
    size_t most = t->service_count > t->shape_count ? t->service_count : t->shape_count;
    if (t->line_count > most) most = t->line_count;
    for (w->digits = 1; most > 9; most /= 10) w->digits++;
    return HSD_OK;
}

/* ---- Ids ----------------------------------------------------------------------------------- */

static void put_id(writer *w, uint32_t feed, uint32_t id) {
    if (w->t->feed_count < 2 || feed == HSD_NO_ROW) {
        hsd_csv_text(w->zip, string(w, id));
        return;
    }
    w->id.length = 0;
    hsd_text_addf(&w->id, "%s:%s", string(w, w->t->feeds[feed].name), string(w, id));
    hsd_csv_text(w->zip, w->id.failed ? "" : w->id.data);
}

static void put_stop(writer *w, uint32_t stop) {
    put_id(w, w->t->stops[stop].feed, w->t->stops[stop].id);
}

static void put_trip(writer *w, const hsd_trip_row *trip) {
    put_id(w, w->t->lines[trip->line].feed, trip->id);
}

/* As wide as the largest, so that they stand in the order of their ids. */
static void put_number(writer *w, char kind, uint32_t number) {
    char text[24];
    snprintf(text, sizeof text, "%c%0*u", kind, w->digits, number);
    hsd_csv_text(w->zip, text);
}

static void put_day(writer *w, int32_t day) {
    int year, month, of_month;
    char text[40];
    hsd_date_of_day(day, &year, &month, &of_month);
    snprintf(text, sizeof text, "%04d%02d%02d", year, month, of_month);
    hsd_csv_text(w->zip, text);
}

/* ---- Agencies and the feed ----------------------------------------------------------------- */

static const char *agency_name(const writer *w, const hsd_line_row *line) {
    const char *name = string(w, line->agency);
    if (name[0]) return name;
    return line->feed == HSD_NO_ROW ? "proposals" : string(w, w->t->feeds[line->feed].name);
}

/* The one time zone of the feed; feeds of several cannot be one feed. */
static hsd_status find_zone(writer *w, const char **zone) {
    *zone = "";
    for (size_t i = 0; i < w->t->feed_count; i++) {
        const char *other = string(w, w->t->feeds[i].time_zone);
        if (!other[0]) continue;
        if ((*zone)[0] && strcmp(*zone, other) != 0)
            return hsd_fail(w->err, HSD_E_ARGUMENT,
                            "the timetable is in the time zones %.60s and %.60s; a GTFS feed has "
                            "one for all its agencies",
                            *zone, other);
        *zone = other;
    }
    if ((*zone)[0]) return HSD_OK;
    *zone = "Etc/UTC";
    return hsd_issues_remark(&w->report->issues, w->err,
                             "no time zone is known: agency.txt says Etc/UTC, mend it by hand")
               ? HSD_OK
               : HSD_E_MEMORY;
}

static hsd_status write_agencies(writer *w) {
    const char *zone;
    hsd_status status = find_zone(w, &zone);
    if (status == HSD_OK)
        status = hsd_csv_table(w->zip, "agency.txt",
                               "agency_id,agency_name,agency_url,agency_timezone", w->err);
    for (uint32_t i = 0; i < w->t->line_count && status == HSD_OK; i++) {
        if (!w->line[i]) continue;
        const char *name = agency_name(w, &w->t->lines[i]);
        uint32_t first = 0;
        while (first < i &&
               !(w->line[first] && strcmp(agency_name(w, &w->t->lines[first]), name) == 0))
            first++;
        w->agency[i] = first;
        if (first != i) continue;
        put_number(w, 'a', i);
        hsd_csv_text(w->zip, name);
        hsd_csv_text(w->zip, UNKNOWN_URL);
        hsd_csv_text(w->zip, zone);
        hsd_csv_end(w->zip);
    }
    return status;
}

static hsd_status write_feed(writer *w) {
    const hsd_timetable *t = w->t;
    const hsd_feed_row *feed = t->feed_count == 1 ? &t->feeds[0] : NULL;
    hsd_status status = hsd_csv_table(
        w->zip, "feed_info.txt",
        "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,"
        "feed_version",
        w->err);
    const char *publisher = feed ? string(w, feed->publisher) : "";
    hsd_csv_text(w->zip, publisher[0] ? publisher : "hourshed export-gtfs");
    hsd_csv_text(w->zip, UNKNOWN_URL);
    hsd_csv_text(w->zip, "mul");
    put_day(w, t->first_day);
    put_day(w, t->first_day + (t->day_count > 0 ? t->day_count - 1 : 0));
    hsd_csv_text(w->zip, feed ? string(w, feed->version) : "");
    hsd_csv_end(w->zip);
    return status;
}

/* ---- Stops, lines -------------------------------------------------------------------------- */

static hsd_status write_stops(writer *w) {
    const hsd_timetable *t = w->t;
    hsd_status status =
        hsd_csv_table(w->zip, "stops.txt",
                      "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station", w->err);
    size_t access = 0;
    for (uint32_t i = 0; i < t->stop_count && status == HSD_OK; i++) {
        const hsd_stop_row *stop = &t->stops[i];
        if (!w->stop[i]) continue;
        put_stop(w, i);
        hsd_csv_text(w->zip,
                     string(w, stop->name)[0] ? string(w, stop->name) : string(w, stop->id));
        hsd_csv_real(w->zip, stop->lat);
        hsd_csv_real(w->zip, stop->lon);
        hsd_csv_int(w->zip, stop->is_station ? 1 : 0);
        if (stop->station == HSD_NO_ROW)
            hsd_csv_text(w->zip, "");
        else
            put_stop(w, stop->station);
        hsd_csv_end(w->zip);
        w->report->stops++;
        access += stop->access_ms > 0 || stop->park_ms != HSD_NO_ROW;
    }
    if (status != HSD_OK || access == 0) return status;
    return hsd_issues_remark(&w->report->issues, w->err,
                             "access_min and park_min of %zu stations are left out: stops.txt has "
                             "no such fields",
                             access)
               ? HSD_OK
               : HSD_E_MEMORY;
}

static hsd_status write_lines(writer *w) {
    static const int types[HSD_RIDE_KINDS] = {
        [HSD_RIDE_BUS] = 3,     [HSD_RIDE_TRAM] = 0,         [HSD_RIDE_METRO] = 1,
        [HSD_RIDE_RAIL] = 2,    [HSD_RIDE_HIGH_SPEED] = 101, [HSD_RIDE_FERRY] = 4,
        [HSD_RIDE_OTHER] = 1700};
    hsd_status status = hsd_csv_table(
        w->zip, "routes.txt",
        "route_id,agency_id,route_short_name,route_long_name,route_type,route_color", w->err);
    for (uint32_t i = 0; i < w->t->line_count && status == HSD_OK; i++) {
        const hsd_line_row *line = &w->t->lines[i];
        if (!w->line[i]) continue;
        const char *name = string(w, line->name), *more = string(w, line->long_name);
        put_id(w, line->feed, line->id);
        put_number(w, 'a', w->agency[i]);
        hsd_csv_text(w->zip, name);
        hsd_csv_text(w->zip, strcmp(name, more) == 0 ? "" : more);
        hsd_csv_int(w->zip, line->kind < HSD_RIDE_KINDS ? types[line->kind] : 1700);
        char colour[16] = "";
        if (line->colour != HSD_NO_ROW) snprintf(colour, sizeof colour, "%06X", line->colour);
        hsd_csv_text(w->zip, colour);
        hsd_csv_end(w->zip);
        w->report->lines++;
    }
    return status;
}

/* ---- Services ------------------------------------------------------------------------------ */

typedef struct week {
    int32_t first, last; /* with service */
    bool runs[7];
} week;

/* A weekday runs where it does on more than half of its days. */
static week week_of(const hsd_timetable *t, uint32_t service) {
    week w = {.first = t->first_day, .last = t->first_day - 1};
    int32_t on[7] = {0}, all[7] = {0};
    bool any = false;
    for (int32_t d = t->first_day; d < t->first_day + t->day_count; d++) {
        if (!hsd_service_runs(t, service, d)) continue;
        if (!any) w.first = d;
        any = true;
        w.last = d;
        on[hsd_weekday(d)]++;
    }
    for (int32_t d = w.first; d <= w.last; d++) all[hsd_weekday(d)]++;
    for (int i = 0; i < 7; i++) w.runs[i] = 2 * on[i] > all[i];
    if (!any) w.last = w.first;
    return w;
}

static hsd_status write_services(writer *w) {
    const hsd_timetable *t = w->t;
    hsd_status status = hsd_csv_table(
        w->zip, "calendar.txt",
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
        w->err);
    for (uint32_t s = 0; s < t->service_count && status == HSD_OK; s++) {
        if (!w->service[s]) continue;
        const week days = week_of(t, s);
        put_number(w, 's', s);
        for (int i = 0; i < 7; i++) hsd_csv_int(w->zip, days.runs[i]);
        put_day(w, days.first);
        put_day(w, days.last);
        hsd_csv_end(w->zip);
    }
    if (status == HSD_OK)
        status =
            hsd_csv_table(w->zip, "calendar_dates.txt", "service_id,date,exception_type", w->err);
    for (uint32_t s = 0; s < t->service_count && status == HSD_OK; s++) {
        if (!w->service[s]) continue;
        const week days = week_of(t, s);
        for (int32_t d = days.first; d <= days.last; d++) {
            const bool runs = hsd_service_runs(t, s, d);
            if (runs == days.runs[hsd_weekday(d)]) continue;
            put_number(w, 's', s);
            put_day(w, d);
            hsd_csv_int(w->zip, runs ? 1 : 2);
            hsd_csv_end(w->zip);
        }
    }
    return status;
}

/* ---- Trips --------------------------------------------------------------------------------- */

static hsd_status write_trips(writer *w) {
    hsd_status status = hsd_csv_table(
        w->zip, "trips.txt",
        "route_id,service_id,trip_id,trip_headsign,trip_short_name,direction_id,shape_id", w->err);
    for (size_t i = 0; i < w->t->trip_count && status == HSD_OK; i++) {
        const hsd_trip_row *trip = &w->t->trips[i];
        if (is_out(w, trip)) continue;
        const hsd_line_row *line = &w->t->lines[trip->line];
        put_id(w, line->feed, line->id);
        put_number(w, 's', trip->service);
        put_trip(w, trip);
        hsd_csv_text(w->zip, string(w, trip->headsign));
        hsd_csv_text(w->zip, string(w, trip->short_name));
        hsd_csv_text(w->zip, trip->direction == 0 ? "0" : trip->direction == 1 ? "1" : "");
        if (trip->shape == HSD_NO_ROW)
            hsd_csv_text(w->zip, "");
        else
            put_number(w, 'h', trip->shape);
        hsd_csv_end(w->zip);
        w->report->trips++;
    }
    return status;
}

static hsd_status write_calls(writer *w) {
    hsd_status status = hsd_csv_table(w->zip, "stop_times.txt",
                                      "trip_id,arrival_time,departure_time,stop_id,stop_sequence,"
                                      "pickup_type,drop_off_type,timepoint",
                                      w->err);
    for (size_t i = 0; i < w->t->trip_count && status == HSD_OK; i++) {
        const hsd_trip_row *trip = &w->t->trips[i];
        if (is_out(w, trip)) continue;
        for (uint32_t c = 0; c < trip->call_count; c++) {
            const hsd_call_row *call = &w->t->calls[trip->first_call + c];
            put_trip(w, trip);
            hsd_csv_clock(w->zip, call->arrival_s > 0 ? call->arrival_s : 0);
            hsd_csv_clock(w->zip, call->departure_s);
            put_stop(w, call->stop);
            hsd_csv_int(w->zip, c + 1);
            hsd_csv_int(w->zip, call->flags & HSD_CALL_NO_BOARDING ? 1 : 0);
            hsd_csv_int(w->zip, call->flags & HSD_CALL_NO_ALIGHTING ? 1 : 0);
            hsd_csv_int(w->zip, call->flags & HSD_CALL_INTERPOLATED ? 0 : 1);
            hsd_csv_end(w->zip);
            w->report->calls++;
        }
    }
    return status;
}

static hsd_status write_headways(writer *w) {
    hsd_status status = hsd_csv_table(
        w->zip, "frequencies.txt", "trip_id,start_time,end_time,headway_secs,exact_times", w->err);
    for (size_t i = 0; i < w->t->trip_count && status == HSD_OK; i++) {
        const hsd_trip_row *trip = &w->t->trips[i];
        if (is_out(w, trip)) continue;
        for (uint32_t h = 0; h < trip->headway_count; h++) {
            const hsd_headway_row *row = &w->t->headways[trip->first_headway + h];
            put_trip(w, trip);
            hsd_csv_clock(w->zip, row->start_s);
            hsd_csv_clock(w->zip, row->end_s > row->start_s ? row->end_s : row->start_s + 1);
            hsd_csv_int(w->zip, row->headway_s);
            hsd_csv_int(w->zip, row->exact ? 1 : 0);
            hsd_csv_end(w->zip);
        }
    }
    return status;
}

/* ---- Shapes, transfers --------------------------------------------------------------------- */

static hsd_status write_shapes(writer *w) {
    const hsd_timetable *t = w->t;
    hsd_status status = hsd_csv_table(
        w->zip, "shapes.txt", "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence", w->err);
    for (uint32_t s = 0; s < t->shape_count && status == HSD_OK; s++) {
        if (!w->shape[s]) continue;
        for (uint32_t p = 0; p < t->shapes[s].point_count; p++) {
            const hsd_point_e7 *at = &t->shape_points[t->shapes[s].first_point + p];
            put_number(w, 'h', s);
            hsd_csv_real(w->zip, at->lat_e7 / 1e7);
            hsd_csv_real(w->zip, at->lon_e7 / 1e7);
            hsd_csv_int(w->zip, p + 1);
            hsd_csv_end(w->zip);
        }
    }
    return status;
}

static hsd_status write_transfers(writer *w) {
    hsd_status status = hsd_csv_table(
        w->zip, "transfers.txt", "from_stop_id,to_stop_id,transfer_type,min_transfer_time", w->err);
    for (size_t i = 0; i < w->t->transfer_count && status == HSD_OK; i++) {
        const hsd_transfer_row *row = &w->t->transfers[i];
        if (!w->stop[row->from] || !w->stop[row->to]) continue;
        put_stop(w, row->from);
        put_stop(w, row->to);
        hsd_csv_int(w->zip, row->type);
        if (row->type == 2)
            hsd_csv_int(w->zip, row->min_s);
        else
            hsd_csv_text(w->zip, "");
        hsd_csv_end(w->zip);
    }
    return status;
}

hsd_status hsd_gtfs_tables(const hsd_timetable *timetable, bool only_proposed, hsd_csv_zip *zip,
                           hsd_export_gtfs_report *report, hsd_error *err) {
    static hsd_status (*const steps[])(writer *) = {
        write_agencies, write_feed,  write_stops,    write_lines,  write_services,
        write_trips,    write_calls, write_headways, write_shapes, write_transfers};
    writer w = {
        .t = timetable, .zip = zip, .only_proposed = only_proposed, .report = report, .err = err};
    hsd_status status = mark(&w);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == HSD_OK; i++)
        status = steps[i](&w);
    if (status == HSD_OK && w.id.failed) status = hsd_fail(err, HSD_E_MEMORY, "out of memory");
    if (status == HSD_OK && report->trips == 0)
        status = hsd_fail(err, HSD_E_ARGUMENT, "nothing to export: there is no trip%s",
                          only_proposed ? " of a proposal" : "");
    hsd_free(w.stop);
    hsd_free(w.line);
    hsd_free(w.service);
    hsd_free(w.shape);
    hsd_free(w.agency);
    hsd_text_finish(&w.id);
    return status;
}
