/* Calls (stop_times.txt), the one file that is large: 28 bytes a row while it is read, with its
 * ids resolved at once. O(rows). */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "read/gtfs.h"
#include "read/message.h"

enum { TRIP, ARRIVAL, DEPARTURE, STOP, SEQUENCE, PICKUP, DROP_OFF, DISTANCE };
static const char *const call_names[] = {"trip_id",       "arrival_time",       "departure_time",
                                         "stop_id",       "stop_sequence",      "pickup_type",
                                         "drop_off_type", "shape_dist_traveled"};
static const gtfs_columns call_columns = {call_names, 8, 31};

static hsd_status find_trip(gtfs_reader *r, const gtfs_row *row, uint32_t *out) {
    gtfs_feed *f = &r->feed;
    if (f->last_trip != HSD_NO_ROW &&
        strcmp(gtfs_text(r, f->trips.data[f->last_trip].id), row->cells[TRIP].text) == 0) {
        *out = f->last_trip;
        return HSD_OK;
    }
    const hsd_status status = gtfs_lookup(r, row, &f->trip_of, TRIP, "trip_id", "trips.txt", out);
    f->last_trip = *out;
    return status;
}

static hsd_status find_stop(gtfs_reader *r, const gtfs_row *row, uint32_t *out) {
    const gtfs_feed *f = &r->feed;
    char clip[HSD_CLIP_SIZE];
    const hsd_status status = gtfs_lookup(r, row, &f->stop_of, STOP, "stop_id", "stops.txt", out);
    if (status != HSD_OK || *out == HSD_NO_ROW || f->stops.data[*out].type == 0) return status;
    const uint32_t type = f->stops.data[*out].type;
    *out = HSD_NO_ROW;
    return gtfs_error(r, row->line,
                      "stop_id \"%s\" has location_type %u; a trip calls at stops "
                      "(type 0) alone",
                      hsd_clip(row->cells[STOP].text, clip), type);
}

static hsd_status read_time(gtfs_reader *r, const gtfs_row *row, size_t cell, int32_t *out) {
    char clip[HSD_CLIP_SIZE];
    const gtfs_cell *c = &row->cells[cell];
    *out = GTFS_NO_TIME;
    if (c->length == 0 || gtfs_parse_time(c, out)) return HSD_OK;
    *out = GTFS_NO_TIME;
    return gtfs_error(r, row->line,
                      "%s is \"%s\"; a time as HH:MM:SS (at most 240:00:00) was "
                      "expected",
                      call_names[cell], hsd_clip(c->text, clip));
}

static hsd_status read_flags(gtfs_reader *r, const gtfs_row *row, uint32_t *flags) {
    uint32_t pickup, drop_off;
    hsd_status status = gtfs_choice(r, row, PICKUP, "pickup_type", 3, 0, &pickup);
    if (status == HSD_OK) status = gtfs_choice(r, row, DROP_OFF, "drop_off_type", 3, 0, &drop_off);
    if (status == HSD_OK)
        *flags = (pickup == 1 ? HSD_CALL_NO_BOARDING : 0u) |
                 (drop_off == 1 ? HSD_CALL_NO_ALIGHTING : 0u);
    return status;
}

static hsd_status push_distance(gtfs_reader *r, const gtfs_row *row) {
    char clip[HSD_CLIP_SIZE];
    const gtfs_cell *c = &row->cells[DISTANCE];
    double distance = NAN;
    if (!(row->there >> DISTANCE & 1)) return HSD_OK;
    if (c->length && !hsd_parse_double(c->text, &distance)) {
        const hsd_status status =
            gtfs_error(r, row->line, "shape_dist_traveled is \"%s\"; a number was expected",
                       hsd_clip(c->text, clip));
        if (status != HSD_OK) return status;
        distance = NAN;
    }
    return hsd_array_push(&r->feed.distances, distance, r->err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status call_row(gtfs_reader *r, const gtfs_row *row) {
    char clip[HSD_CLIP_SIZE];
    gtfs_call c = {.line = (uint32_t)row->line};
    hsd_status status = find_trip(r, row, &c.trip);
    if (status == HSD_OK) status = find_stop(r, row, &c.stop);
    if (status == HSD_OK) status = read_time(r, row, ARRIVAL, &c.arrival);
    if (status == HSD_OK) status = read_time(r, row, DEPARTURE, &c.departure);
    if (status == HSD_OK) status = read_flags(r, row, &c.flags);
    if (status == HSD_OK && !gtfs_parse_count(&row->cells[SEQUENCE], 999999999, &c.sequence)) {
        c.trip = HSD_NO_ROW;
        status = gtfs_error(r, row->line, "stop_sequence is \"%s\"; a number was expected",
                            hsd_clip(row->cells[SEQUENCE].text, clip));
    }
    if (status != HSD_OK || c.trip == HSD_NO_ROW || c.stop == HSD_NO_ROW) return status;
    status = push_distance(r, row);
    if (status != HSD_OK) return status;
    r->feed.trips.data[c.trip].call_count++;
    return hsd_array_push(&r->feed.calls, c, r->err) ? HSD_OK : HSD_E_MEMORY;
}

hsd_status gtfs_read_calls(gtfs_reader *r) {
    const hsd_status status = gtfs_table_read(r, GTFS_STOP_TIMES, &call_columns, call_row);
    if (status == HSD_OK && r->feed.calls.count >= UINT32_MAX)
        return hsd_fail(r->err, HSD_E_MEMORY, "%s: more than 4 billion calls", r->feed.label);
    return status;
}
