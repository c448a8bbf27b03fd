/* What info says of a timetable, as JSON. O(trips + services x days) a feed. */
#include "study/info_timetable.h"

#include "base/memory.h"

static void add_count(hsd_json *j, const char *key, uint64_t value) {
    hsd_json_key(j, key);
    hsd_json_int(j, (int64_t)value);
}

static void add_text(hsd_json *j, const hsd_timetable *t, const char *key, uint32_t text) {
    hsd_json_key(j, key);
    hsd_json_string(j, t->strings + text);
}

static void add_day(hsd_json *j, const char *key, int32_t day) {
    char text[11];
    hsd_day_text(day, text);
    hsd_json_key(j, key);
    hsd_json_string(j, text);
}

static void add_feed(hsd_json *j, const hsd_timetable *t, uint32_t i) {
    const hsd_feed_row *feed = &t->feeds[i];
    uint64_t stops = 0, lines = 0, trips = 0;
    for (size_t s = 0; s < t->stop_count; s++) stops += t->stops[s].feed == i;
    for (size_t l = 0; l < t->line_count; l++) lines += t->lines[l].feed == i;
    for (size_t k = 0; k < t->trip_count; k++) trips += t->lines[t->trips[k].line].feed == i;
    hsd_json_open(j, '{');
    add_text(j, t, "name", feed->name);
    add_text(j, t, "time_zone", feed->time_zone);
    add_text(j, t, "publisher", feed->publisher);
    add_text(j, t, "version", feed->version);
    add_day(j, "first_day", feed->first_day);
    add_day(j, "last_day", feed->last_day);
    add_count(j, "stops", stops);
    add_count(j, "lines", lines);
    add_count(j, "trips", trips);
    hsd_json_close(j);
}

static void add_kinds(hsd_json *j, const hsd_timetable *t) {
    uint64_t lines[HSD_RIDE_KINDS] = {0};
    for (size_t i = 0; i < t->line_count; i++) lines[t->lines[i].kind]++;
    hsd_json_key(j, "lines_by_kind");
    hsd_json_open(j, '{');
    for (int k = 0; k < HSD_RIDE_KINDS; k++)
        if (lines[k] > 0) add_count(j, hsd_ride_kind_name((hsd_ride_kind)k), lines[k]);
    hsd_json_close(j);
}

static void add_counts(hsd_json *j, const hsd_timetable *t) {
    uint64_t stations = 0, headway_trips = 0, interpolated = 0;
    for (size_t i = 0; i < t->stop_count; i++) stations += t->stops[i].is_station;
    for (size_t i = 0; i < t->trip_count; i++) headway_trips += t->trips[i].headway_count > 0;
    for (size_t i = 0; i < t->call_count; i++)
        interpolated += (t->calls[i].flags & HSD_CALL_INTERPOLATED) != 0;
    add_count(j, "stops", t->stop_count - stations);
    add_count(j, "stations", stations);
    add_count(j, "lines", t->line_count);
    add_kinds(j, t);
    add_count(j, "trips", t->trip_count);
    add_count(j, "headway_trips", headway_trips);
    add_count(j, "calls", t->call_count);
    add_count(j, "interpolated_calls", interpolated);
    add_count(j, "transfers", t->transfer_count);
    add_count(j, "shapes", t->shape_count);
}

static hsd_status add_dates(hsd_json *j, const hsd_timetable *t, hsd_error *err) {
    uint64_t *trips = hsd_alloc((size_t)t->day_count, sizeof *trips, err);
    if (!trips) return HSD_E_MEMORY;
    hsd_status status = hsd_timetable_trips_by_day(t, HSD_NO_ROW, trips, err);
    hsd_json_key(j, "trips_by_date");
    hsd_json_open(j, '{');
    for (int32_t d = 0; status == HSD_OK && d < t->day_count; d++) {
        char day[11];
        hsd_day_text(t->first_day + d, day);
        add_count(j, day, trips[d]);
    }
    hsd_json_close(j);
    hsd_free(trips);
    return status;
}

static void add_date(hsd_json *j, const hsd_timetable *t, int32_t date) {
    hsd_json_key(j, "date");
    hsd_json_open(j, '{');
    add_day(j, "date", date);
    add_count(j, "trips", hsd_timetable_trips(t, HSD_NO_ROW, date));
    hsd_json_key(j, "feeds");
    hsd_json_open(j, '{');
    for (uint32_t i = 0; i < t->feed_count; i++)
        add_count(j, t->strings + t->feeds[i].name, hsd_timetable_trips(t, i, date));
    hsd_json_close(j);
    hsd_json_close(j);
}

hsd_status hsd_info_timetable(hsd_json *j, const hsd_timetable *t, const int32_t *date,
                              hsd_error *err) {
    hsd_status status = date ? hsd_timetable_served(t, *date, err) : HSD_OK;
    if (status != HSD_OK) return status;
    hsd_json_key(j, "timetable");
    hsd_json_open(j, '{');
    add_day(j, "first_day", t->first_day);
    add_day(j, "last_day", t->first_day + t->day_count - 1);
    hsd_json_key(j, "feeds");
    hsd_json_open(j, '[');
    for (uint32_t i = 0; i < t->feed_count; i++) add_feed(j, t, i);
    hsd_json_close(j);
    add_counts(j, t);
    status = add_dates(j, t, err);
    if (date) add_date(j, t, *date);
    hsd_json_close(j);
    return status;
}
