/* Stops and stations (stops.txt), and how one changes at and between them (transfers.txt). A
 * station groups platforms, a platform has at most one station, a station none: so there are no
 * loops. O(rows log rows). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "read/gtfs.h"
#include "read/message.h"

enum { ID, NAME, LAT, LON, TYPE, PARENT };
static const char *const stop_names[] = {"stop_id",  "stop_name",     "stop_lat",
                                         "stop_lon", "location_type", "parent_station"};
static const gtfs_columns stop_columns = {stop_names, 6, 1u << ID};

static bool same_place(double a, double b) {
    return a == b || (isnan(a) && isnan(b));
}

static hsd_status stop_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    gtfs_stop s = {.line = (uint32_t)row->line, .station = HSD_NO_ROW, .change_ms = HSD_NO_ROW};
    uint32_t twin;
    hsd_status status = gtfs_own_id(r, row, ID, "stop_id", &f->stop_of, &s.id, &twin);
    if (status == HSD_OK) status = gtfs_keep(r, &row->cells[NAME], &s.name);
    if (status == HSD_OK) status = gtfs_keep(r, &row->cells[PARENT], &s.parent_id);
    if (status == HSD_OK) status = gtfs_choice(r, row, TYPE, "location_type", 4, 0, &s.type);
    if (status == HSD_OK) status = gtfs_coordinates(r, row, LON, LAT, &s.lon, &s.lat);
    if (status != HSD_OK || !s.id) return status;
    if (!s.name) s.name = s.id;
    if (isnan(s.lon) && row->cells[LON].length + row->cells[LAT].length)
        s.lon = s.lat = 0; /* said */
    if (twin != HSD_NO_ROW) {
        const gtfs_stop *o = &f->stops.data[twin];
        return gtfs_twin(r, row, "stop_id", s.id,
                         o->name == s.name && o->parent_id == s.parent_id && o->type == s.type &&
                             same_place(o->lon, s.lon) && same_place(o->lat, s.lat),
                         o->line);
    }
    if (s.type > 1) gtfs_note(r, GTFS_STOPS_LEFT_OUT, row->line);
    return hsd_text_index_add(&f->stop_of, &r->pool, s.id, (uint32_t)f->stops.count, r->err) &&
                   hsd_array_push(&f->stops, s, r->err)
               ? HSD_OK
               : HSD_E_MEMORY;
}

static uint32_t left_out(const void *row) {
    return ((const gtfs_stop *)row)->type > 1;
}

static hsd_status join_station(gtfs_reader *r, gtfs_stop *s) {
    char clip[HSD_CLIP_SIZE], own[HSD_CLIP_SIZE];
    const char *parent = gtfs_text(r, s->parent_id);
    hsd_clip(parent, clip);
    hsd_clip(gtfs_text(r, s->id), own);
    if (s->type == 1)
        return gtfs_error(
            r, s->line, "station \"%s\" has a parent_station, \"%s\"; it can have none", own, clip);
    const uint32_t row = hsd_text_index_find(&r->feed.stop_of, &r->pool, parent, strlen(parent));
    if (row == HSD_NO_ROW)
        return gtfs_error(r, s->line, "parent_station \"%s\" is not in stops.txt", clip);
    if (r->feed.stops.data[row].type != 1)
        return gtfs_error(r, s->line, "parent_station \"%s\" is no station (location_type 1)",
                          clip);
    s->station = row;
    if (isnan(s->lon)) {
        s->lon = r->feed.stops.data[row].lon;
        s->lat = r->feed.stops.data[row].lat;
    }
    return HSD_OK;
}

hsd_status gtfs_read_stops(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    char clip[HSD_CLIP_SIZE];
    hsd_status status = gtfs_table_read(r, GTFS_STOPS, &stop_columns, stop_row);
    if (status == HSD_OK)
        status = gtfs_sort(r, f->stops.data, f->stops.count, sizeof *f->stops.data, &f->stop_of,
                           left_out);
    for (size_t i = 0; i < f->stops.count && status == HSD_OK; i++) {
        gtfs_stop *s = &f->stops.data[i];
        if (s->type > 1) break;
        f->kept_stops++;
        if (s->parent_id) status = join_station(r, s);
        if (status == HSD_OK && isnan(s->lon))
            status = gtfs_error(r, s->line, "stop \"%s\" has no coordinates",
                                hsd_clip(gtfs_text(r, s->id), clip));
    }
    return status;
}

/* ---- Transfers ------------------------------------------------------------------------------ */

enum { FROM, TO, KIND, LEAST, FROM_ROUTE, TO_ROUTE, FROM_TRIP, TO_TRIP };
static const char *const transfer_names[] = {"from_stop_id",      "to_stop_id",    "transfer_type",
                                             "min_transfer_time", "from_route_id", "to_route_id",
                                             "from_trip_id",      "to_trip_id"};
static const gtfs_columns transfer_columns = {transfer_names, 8, 1u << FROM | 1u << TO};
enum { MOST_CHANGE_S = 86400 };

static hsd_status transfer_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    hsd_transfer_row t = {0};
    hsd_status status = gtfs_choice(r, row, KIND, "transfer_type", 5, 0, &t.type);
    if (status == HSD_OK && t.type > 3) {
        gtfs_note(r, GTFS_TRANSFER_OF_TRIPS, row->line);
        return HSD_OK;
    }
    for (size_t i = FROM_ROUTE; i <= TO_TRIP; i++)
        if (row->cells[i].length) {
            gtfs_note(r, GTFS_TRANSFER_OF_LINES, row->line);
            return HSD_OK;
        }
    if (status == HSD_OK)
        status = gtfs_lookup(r, row, &f->stop_of, FROM, "from_stop_id", "stops.txt", &t.from);
    if (status == HSD_OK)
        status = gtfs_lookup(r, row, &f->stop_of, TO, "to_stop_id", "stops.txt", &t.to);
    if (status == HSD_OK)
        status = gtfs_choice(r, row, LEAST, "min_transfer_time", MOST_CHANGE_S, 0, &t.min_s);
    if (status != HSD_OK || t.from == HSD_NO_ROW || t.to == HSD_NO_ROW) return status;
    if (t.from >= f->kept_stops || t.to >= f->kept_stops) {
        gtfs_note(r, GTFS_TRANSFER_ELSEWHERE, row->line);
        return HSD_OK;
    }
    if (t.type == 2 && row->cells[LEAST].length == 0)
        gtfs_note(r, GTFS_TRANSFER_UNTIMED, row->line);
    if (t.type != 2) t.min_s = 0;
    const gtfs_transfer kept = {(uint32_t)row->line, t};
    return hsd_array_push(&f->transfers, kept, r->err) ? HSD_OK : HSD_E_MEMORY;
}

static int by_row(const void *a, const void *b) {
    const gtfs_transfer *x = a, *y = b;
    if (x->row.from != y->row.from) return x->row.from < y->row.from ? -1 : 1;
    if (x->row.to != y->row.to) return x->row.to < y->row.to ? -1 : 1;
    if (x->row.type != y->row.type) return x->row.type < y->row.type ? -1 : 1;
    if (x->row.min_s != y->row.min_s) return x->row.min_s < y->row.min_s ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static int by_line(const void *a, const void *b) {
    const gtfs_transfer *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

/* Of rows that are the same the last is left: of several for one pair of stops it counts. */
static void drop_same_transfers(gtfs_reader *r, gtfs_feed *f) {
    gtfs_transfer *rows = f->transfers.data;
    size_t kept = 0;
    qsort(rows, f->transfers.count, sizeof *rows, by_row);
    for (size_t i = 0; i < f->transfers.count; i++) {
        if (i + 1 < f->transfers.count &&
            memcmp(&rows[i].row, &rows[i + 1].row, sizeof rows[i].row) == 0)
            gtfs_note(r, GTFS_SAME_ROW, rows[i + 1].line);
        else
            rows[kept++] = rows[i];
    }
    f->transfers.count = kept;
    qsort(rows, kept, sizeof *rows, by_line);
}

/* A stop's own minimum is its change time (the last one said); a station's is that of its platforms
 * without one. */
static void set_change_times(gtfs_feed *f) {
    for (size_t i = 0; i < f->transfers.count; i++) {
        const hsd_transfer_row *t = &f->transfers.data[i].row;
        gtfs_stop *s = &f->stops.data[t->from];
        const uint32_t ms = t->min_s * 1000;
        if (t->type == 2 && t->from == t->to) s->change_ms = ms;
    }
    for (size_t i = 0; i < f->kept_stops; i++) {
        gtfs_stop *s = &f->stops.data[i];
        if (s->change_ms == HSD_NO_ROW && s->station != HSD_NO_ROW)
            s->change_ms = f->stops.data[s->station].change_ms;
    }
}

hsd_status gtfs_read_transfers(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    const hsd_status status = gtfs_table_read(r, GTFS_TRANSFERS, &transfer_columns, transfer_row);
    if (status != HSD_OK || f->transfers.count == 0) return status;
    drop_same_transfers(r, f);
    set_change_times(f);
    return HSD_OK;
}
