/* Timetables written by hand, for tests: rows are added one by one, and `table` is whole after each
 * of them. The arrays are the struct's own (nothing to finish); rows should be added in the order
 * of their ids, as a reader gives them. Times are seconds of the service day; hand_time(8, 30) is
 * half past eight. */
#ifndef TESTS_HAND_TIMETABLE_H
#define TESTS_HAND_TIMETABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hourshed/read.h"

enum {
    HAND_FEEDS = 4,
    HAND_STOPS = 256,
    HAND_LINES = 64,
    HAND_TRIPS = 1024,
    HAND_CALLS = 8192,
    HAND_HEADWAYS = 64,
    HAND_TRANSFERS = 256,
    HAND_SERVICES = 32,
    HAND_STRINGS = 32768
};

typedef struct hand_timetable {
    hsd_timetable table;
    hsd_feed_row feeds[HAND_FEEDS];
    hsd_stop_row stops[HAND_STOPS];
    hsd_line_row lines[HAND_LINES];
    hsd_trip_row trips[HAND_TRIPS];
    hsd_call_row calls[HAND_CALLS];
    hsd_headway_row headways[HAND_HEADWAYS];
    hsd_transfer_row transfers[HAND_TRANSFERS];
    uint64_t service_days[HAND_SERVICES];
    char strings[HAND_STRINGS];
} hand_timetable;

/* assert() is silent in release builds. */
static inline void hand_expect(bool room, const char *what) {
    if (room) return;
    fprintf(stderr, "hand_timetable.h: no room for another %s\n", what);
    abort();
}

static inline int32_t hand_time(int hours, int minutes) {
    return hours * 3600 + minutes * 60;
}

static inline uint32_t hand_text(hand_timetable *h, const char *text) {
    const size_t offset = h->table.string_size, length = strlen(text) + 1;
    if (length == 1) return 0;
    hand_expect(offset + length <= HAND_STRINGS, "text");
    memcpy(h->strings + offset, text, length);
    h->table.string_size += length;
    return (uint32_t)offset;
}

static inline uint32_t hand_feed(hand_timetable *h, const char *name) {
    hand_expect(h->table.feed_count < HAND_FEEDS, "feed");
    h->feeds[h->table.feed_count] =
        (hsd_feed_row){.name = hand_text(h, name),
                       .time_zone = hand_text(h, "Asia/Shanghai"),
                       .first_day = h->table.first_day,
                       .last_day = h->table.first_day + h->table.day_count - 1};
    return (uint32_t)h->table.feed_count++;
}

/* One feed, "hand"; 1 to 64 days from first_day (days since 1970-01-01). */
static inline void hand_timetable_init(hand_timetable *h, int32_t first_day, int32_t day_count) {
    memset(h, 0, sizeof *h);
    hand_expect(day_count > 0 && day_count <= 64, "day");
    h->table = (hsd_timetable){.feeds = h->feeds,
                               .stops = h->stops,
                               .lines = h->lines,
                               .trips = h->trips,
                               .calls = h->calls,
                               .headways = h->headways,
                               .transfers = h->transfers,
                               .service_days = h->service_days,
                               .strings = h->strings,
                               .string_size = 1,
                               .day_words = 1,
                               .first_day = first_day,
                               .day_count = day_count};
    hand_feed(h, "hand");
}

/* Later rows belong to the last feed. A stop is its own name; change fields of the row at will. */
static inline uint32_t hand_stop(hand_timetable *h, const char *id, double lon, double lat) {
    hand_expect(h->table.stop_count < HAND_STOPS, "stop");
    const uint32_t text = hand_text(h, id);
    h->stops[h->table.stop_count] = (hsd_stop_row){.lon = lon,
                                                   .lat = lat,
                                                   .id = text,
                                                   .name = text,
                                                   .station = HSD_NO_ROW,
                                                   .feed = (uint32_t)h->table.feed_count - 1,
                                                   .park_ms = HSD_NO_ROW,
                                                   .change_ms = HSD_NO_ROW,
                                                   .proposal = HSD_NO_ROW};
    return (uint32_t)h->table.stop_count++;
}

static inline uint32_t hand_station(hand_timetable *h, const char *id, double lon, double lat) {
    const uint32_t row = hand_stop(h, id, lon, lat);
    h->stops[row].is_station = 1;
    return row;
}

static inline uint32_t hand_platform(hand_timetable *h, const char *id, uint32_t station) {
    const uint32_t row = hand_stop(h, id, h->stops[station].lon, h->stops[station].lat);
    h->stops[row].station = station;
    return row;
}

static inline uint32_t hand_line(hand_timetable *h, const char *id, hsd_ride_kind kind) {
    hand_expect(h->table.line_count < HAND_LINES, "line");
    const uint32_t text = hand_text(h, id);
    h->lines[h->table.line_count] = (hsd_line_row){.id = text,
                                                   .name = text,
                                                   .feed = (uint32_t)h->table.feed_count - 1,
                                                   .kind = kind,
                                                   .colour = HSD_NO_ROW,
                                                   .proposal = HSD_NO_ROW};
    return (uint32_t)h->table.line_count++;
}

/* Bit i: runs on the timetable's i-th day. */
static inline uint32_t hand_service(hand_timetable *h, uint64_t days) {
    hand_expect(h->table.service_count < HAND_SERVICES, "service");
    h->service_days[h->table.service_count] = days;
    return (uint32_t)h->table.service_count++;
}

/* Calls and headways that follow are the trip's. */
static inline uint32_t hand_trip(hand_timetable *h, const char *id, uint32_t line,
                                 uint32_t service) {
    hand_expect(h->table.trip_count < HAND_TRIPS, "trip");
    h->trips[h->table.trip_count] =
        (hsd_trip_row){.id = hand_text(h, id),
                       .line = line,
                       .service = service,
                       .first_call = (uint32_t)h->table.call_count,
                       .shape = HSD_NO_ROW,
                       .direction = HSD_NO_ROW,
                       .first_headway = (uint32_t)h->table.headway_count,
                       .proposal = HSD_NO_ROW};
    return (uint32_t)h->table.trip_count++;
}

static inline void hand_call(hand_timetable *h, uint32_t stop, int32_t arrival_s,
                             int32_t departure_s) {
    hand_expect(h->table.call_count < HAND_CALLS && h->table.trip_count > 0, "call");
    h->calls[h->table.call_count++] = (hsd_call_row){stop, arrival_s, departure_s, 0};
    h->trips[h->table.trip_count - 1].call_count++;
}

static inline void hand_headway(hand_timetable *h, int32_t start_s, int32_t end_s,
                                uint32_t headway_s, uint32_t exact) {
    hand_expect(h->table.headway_count < HAND_HEADWAYS && h->table.trip_count > 0, "headway");
    h->headways[h->table.headway_count++] = (hsd_headway_row){start_s, end_s, headway_s, exact};
    h->trips[h->table.trip_count - 1].headway_count++;
}

static inline void hand_transfer(hand_timetable *h, uint32_t from, uint32_t to, uint32_t type,
                                 uint32_t min_s) {
    hand_expect(h->table.transfer_count < HAND_TRANSFERS, "transfer");
    h->transfers[h->table.transfer_count++] = (hsd_transfer_row){from, to, type, min_s};
}
#endif
