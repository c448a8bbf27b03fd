/* Feeds that are whole become rows of one timetable: offsets are moved, rows that are left out
 * are passed over, days are set down anew from the first day of all feeds. O(rows + days). */
#include <string.h>

#include "base/issues.h"
#include "read/gtfs.h"

/* ---- One feed ------------------------------------------------------------------------------- */

static hsd_status add_stops(gtfs_reader *r, uint32_t feed) {
    const gtfs_feed *f = &r->feed;
    const uint32_t base = (uint32_t)r->stops.count;
    for (size_t i = 0; i < f->kept_stops; i++) {
        const gtfs_stop *s = &f->stops.data[i];
        const hsd_stop_row row = {.lon = s->lon,
                                  .lat = s->lat,
                                  .id = s->id,
                                  .name = s->name,
                                  .station =
                                      s->station == HSD_NO_ROW ? HSD_NO_ROW : base + s->station,
                                  .feed = feed,
                                  .park_ms = HSD_NO_ROW,
                                  .change_ms = s->change_ms,
                                  .is_station = s->type == 1,
                                  .proposal = HSD_NO_ROW};
        if (!hsd_array_push(&r->stops, row, r->err)) return HSD_E_MEMORY;
    }
    for (size_t i = 0; i < f->transfers.count; i++) {
        hsd_transfer_row row = f->transfers.data[i].row;
        row.from += base;
        row.to += base;
        if (!hsd_array_push(&r->transfers, row, r->err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status add_lines(gtfs_reader *r, uint32_t feed) {
    for (size_t i = 0; i < r->feed.routes.count; i++) {
        const gtfs_route *t = &r->feed.routes.data[i];
        const hsd_line_row row = {.id = t->id,
                                  .name = t->name,
                                  .long_name = t->long_name,
                                  .agency = t->agency,
                                  .feed = feed,
                                  .kind = t->kind,
                                  .colour = t->colour,
                                  .proposal = HSD_NO_ROW};
        if (!hsd_array_push(&r->lines, row, r->err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status add_shapes(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    for (size_t i = 0; i < f->shapes.count; i++) {
        gtfs_shape *s = &f->shapes.data[i];
        if (s->point_count < 2) continue;
        s->row = (uint32_t)r->shapes.count;
        const hsd_shape_row row = {(uint32_t)r->points.count, s->point_count};
        if (!hsd_array_push(&r->shapes, row, r->err)) return HSD_E_MEMORY;
        for (uint32_t k = 0; k < s->point_count; k++)
            if (!hsd_array_push(&r->points, f->points.data[s->first_point + k].at, r->err))
                return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status add_headways(gtfs_reader *r, const gtfs_trip *t, hsd_trip_row *row) {
    row->first_headway = (uint32_t)r->headways.count;
    for (uint32_t i = 0; i < t->headway_count; i++)
        if (!hsd_array_push(&r->headways, r->feed.headways.data[t->first_headway + i].row, r->err))
            return HSD_E_MEMORY;
    row->headway_count = t->headway_count;
    return HSD_OK;
}

typedef struct bases {
    uint32_t stop, line, service;
} bases;

static hsd_status add_trips(gtfs_reader *r, const bases *base) {
    const gtfs_feed *f = &r->feed;
    for (size_t i = 0; i < f->trips.count; i++) {
        const gtfs_trip *t = &f->trips.data[i];
        if (t->call_count == 0) continue;
        hsd_trip_row row = {.id = t->id,
                            .headsign = t->headsign,
                            .short_name = t->short_name,
                            .line = base->line + t->route,
                            .service = base->service + t->service,
                            .first_call = t->first_call,
                            .call_count = t->call_count,
                            .shape = HSD_NO_ROW,
                            .direction = t->direction,
                            .proposal = HSD_NO_ROW};
        if (t->shape != HSD_NO_ROW) row.shape = f->shapes.data[t->shape].row;
        for (uint32_t k = 0; k < t->call_count; k++)
            r->calls.data[t->first_call + k].stop += base->stop;
        if (add_headways(r, t, &row) != HSD_OK || !hsd_array_push(&r->trips, row, r->err))
            return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status add_days(gtfs_reader *r, uint32_t service_base) {
    const gtfs_feed *f = &r->feed;
    const gtfs_days set = {f->first_day,      f->day_count,  service_base,
                           f->services.count, r->days.count, f->day_words};
    if (!hsd_array_reserve(&r->days, r->days.count + f->days.count, r->err) ||
        !hsd_array_push(&r->day_sets, set, r->err))
        return HSD_E_MEMORY;
    if (f->days.count)
        memcpy(r->days.data + r->days.count, f->days.data, f->days.count * sizeof *f->days.data);
    r->days.count += f->days.count;
    return HSD_OK;
}

static size_t service_count(const gtfs_reader *r) {
    if (r->day_sets.count == 0) return 0;
    const gtfs_days *last = &r->day_sets.data[r->day_sets.count - 1];
    return last->first_service + last->service_count;
}

hsd_status gtfs_add_feed(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    const uint32_t feed = (uint32_t)r->feeds.count;
    const bases base = {(uint32_t)r->stops.count, (uint32_t)r->lines.count,
                        (uint32_t)service_count(r)};
    hsd_feed_row row = {.time_zone = f->zone,
                        .publisher = f->publisher,
                        .version = f->version,
                        .first_day = f->first_served,
                        .last_day = f->last_served};
    if (!hsd_text_pool_add(&r->pool, f->label, strlen(f->label), &row.name, r->err) ||
        !hsd_array_push(&r->feeds, row, r->err))
        return HSD_E_MEMORY;
    hsd_status status = add_stops(r, feed);
    if (status == HSD_OK) status = add_lines(r, feed);
    if (status == HSD_OK) status = add_shapes(r);
    if (status == HSD_OK) status = add_trips(r, &base);
    return status == HSD_OK ? add_days(r, base.service) : status;
}

/* ---- All feeds ------------------------------------------------------------------------------ */

static hsd_status span_of_all(gtfs_reader *r, hsd_timetable *t) {
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < r->feeds.count; i++) {
        if (r->feeds.data[i].first_day < first) first = r->feeds.data[i].first_day;
        if (r->feeds.data[i].last_day > last) last = r->feeds.data[i].last_day;
    }
    t->first_day = first;
    t->day_count = last - first + 1;
    if (t->day_count <= GTFS_MOST_DAYS) return HSD_OK;
    char from[11], to[11];
    hsd_day_text(first, from);
    hsd_day_text(last, to);
    return hsd_issues_error(r->issues, r->err, "the feeds serve %s to %s: more than 100 years",
                            from, to)
               ? HSD_OK
               : HSD_E_MEMORY;
}

static void copy(const void *to, const void *from, size_t count, size_t size) {
    if (count) memcpy((void *)(uintptr_t)to, from, count * size);
}

static void copy_days(const gtfs_reader *r, const gtfs_days *set, const hsd_timetable *t) {
    uint64_t *all = (uint64_t *)(uintptr_t)t->service_days;
    for (size_t s = 0; s < set->service_count; s++) {
        const uint64_t *from = r->days.data + set->first_word + s * set->words;
        uint64_t *to = all + (set->first_service + s) * t->day_words;
        for (int32_t i = 0; i < set->day_count; i++) {
            const int32_t bit = set->first_day + i - t->first_day;
            if ((from[i / 64] >> (i & 63) & 1) && bit >= 0 && bit < t->day_count)
                to[bit / 64] |= UINT64_C(1) << (bit & 63);
        }
    }
}

hsd_status gtfs_tables(gtfs_reader *r, hsd_timetable *out) {
    hsd_timetable t = {.feed_count = r->feeds.count,
                       .stop_count = r->stops.count,
                       .line_count = r->lines.count,
                       .trip_count = r->trips.count,
                       .call_count = r->calls.count,
                       .headway_count = r->headways.count,
                       .transfer_count = r->transfers.count,
                       .shape_count = r->shapes.count,
                       .shape_point_count = r->points.count,
                       .service_count = service_count(r),
                       .string_size = r->pool.text.count};
    hsd_status status = span_of_all(r, &t);
    if (status != HSD_OK || r->issues->errors) return status;
    t.day_words = ((size_t)t.day_count + 63) / 64;
    if ((status = hsd_timetable_alloc(&t, r->err)) != HSD_OK) return status;
    copy(t.feeds, r->feeds.data, t.feed_count, sizeof *t.feeds);
    copy(t.stops, r->stops.data, t.stop_count, sizeof *t.stops);
    copy(t.lines, r->lines.data, t.line_count, sizeof *t.lines);
    copy(t.trips, r->trips.data, t.trip_count, sizeof *t.trips);
    copy(t.calls, r->calls.data, t.call_count, sizeof *t.calls);
    copy(t.headways, r->headways.data, t.headway_count, sizeof *t.headways);
    copy(t.transfers, r->transfers.data, t.transfer_count, sizeof *t.transfers);
    copy(t.shapes, r->shapes.data, t.shape_count, sizeof *t.shapes);
    copy(t.shape_points, r->points.data, t.shape_point_count, sizeof *t.shape_points);
    copy(t.strings, r->pool.text.data, t.string_size, 1);
    for (size_t i = 0; i < r->day_sets.count; i++) copy_days(r, &r->day_sets.data[i], &t);
    *out = t;
    return HSD_OK;
}
