/* Trips, the shapes they name and the headways that run them: trips.txt, shapes.txt,
 * frequencies.txt. Shapes that no trip names are passed over. O(rows log rows). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "read/gtfs.h"
#include "read/message.h"

/* ---- Trips ---------------------------------------------------------------------------------- */

enum { ID, ROUTE, SERVICE, HEADSIGN, SHORT, DIRECTION, SHAPE };
static const char *const trip_names[] = {"trip_id",       "route_id",        "service_id",
                                         "trip_headsign", "trip_short_name", "direction_id",
                                         "shape_id"};
static const gtfs_columns trip_columns = {trip_names, 7, 1u << ID | 1u << ROUTE | 1u << SERVICE};

static bool same_trip(const gtfs_trip *a, const gtfs_trip *b) {
    return a->headsign == b->headsign && a->short_name == b->short_name && a->route == b->route &&
           a->service == b->service && a->shape == b->shape && a->direction == b->direction;
}

static const char *calendar_name(const gtfs_feed *f) {
    const bool week = gtfs_files_has(&f->files, "calendar.txt");
    const bool dates = gtfs_files_has(&f->files, "calendar_dates.txt");
    return week && dates ? "calendar.txt or calendar_dates.txt"
           : week        ? "calendar.txt"
                         : "calendar_dates.txt";
}

static hsd_status trip_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    gtfs_trip t = {.line = (uint32_t)row->line};
    uint32_t twin;
    hsd_status status = gtfs_own_id(r, row, ID, "trip_id", &f->trip_of, &t.id, &twin);
    if (status == HSD_OK)
        status = gtfs_lookup(r, row, &f->route_of, ROUTE, "route_id", "routes.txt", &t.route);
    if (status == HSD_OK)
        status = gtfs_lookup(r, row, &f->service_of, SERVICE, "service_id", calendar_name(f),
                             &t.service);
    if (status == HSD_OK) status = gtfs_keep(r, &row->cells[HEADSIGN], &t.headsign);
    if (status == HSD_OK) status = gtfs_keep(r, &row->cells[SHORT], &t.short_name);
    if (status == HSD_OK) status = gtfs_keep(r, &row->cells[SHAPE], &t.shape);
    if (status == HSD_OK)
        status = gtfs_choice(r, row, DIRECTION, "direction_id", 1, HSD_NO_ROW, &t.direction);
    if (status != HSD_OK || !t.id) return status;
    if (twin != HSD_NO_ROW)
        return gtfs_twin(r, row, "trip_id", t.id, same_trip(&t, &f->trips.data[twin]),
                         f->trips.data[twin].line);
    return hsd_text_index_add(&f->trip_of, &r->pool, t.id, (uint32_t)f->trips.count, r->err) &&
                   hsd_array_push(&f->trips, t, r->err)
               ? HSD_OK
               : HSD_E_MEMORY;
}

static uint32_t find_shape(const gtfs_reader *r, uint32_t text) {
    const char *id = gtfs_text(r, text);
    return hsd_text_index_find(&r->feed.shape_of, &r->pool, id, strlen(id));
}

/* The shapes that trips name, in the order of their ids; trips name them by row from here on. */
static hsd_status list_shapes(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < f->trips.count && status == HSD_OK; i++) {
        const gtfs_trip *t = &f->trips.data[i];
        if (!t->shape) continue;
        const uint32_t row = find_shape(r, t->shape);
        const gtfs_shape s = {.id = t->shape, .line = t->line, .row = HSD_NO_ROW};
        if (row == HSD_NO_ROW) {
            if (!hsd_text_index_add(&f->shape_of, &r->pool, s.id, (uint32_t)f->shapes.count,
                                    r->err) ||
                !hsd_array_push(&f->shapes, s, r->err))
                status = HSD_E_MEMORY;
        } else if (t->line < f->shapes.data[row].line) {
            f->shapes.data[row].line = t->line;
        }
    }
    if (status == HSD_OK)
        status = gtfs_sort(r, f->shapes.data, f->shapes.count, sizeof *f->shapes.data, &f->shape_of,
                           NULL);
    for (size_t i = 0; i < f->trips.count && status == HSD_OK; i++)
        f->trips.data[i].shape = find_shape(r, f->trips.data[i].shape);
    return status;
}

hsd_status gtfs_read_trips(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    f->last_trip = HSD_NO_ROW;
    hsd_status status = gtfs_table_read(r, GTFS_TRIPS, &trip_columns, trip_row);
    if (status == HSD_OK)
        status =
            gtfs_sort(r, f->trips.data, f->trips.count, sizeof *f->trips.data, &f->trip_of, NULL);
    return status == HSD_OK ? list_shapes(r) : status;
}

/* ---- Shapes --------------------------------------------------------------------------------- */

enum { POINT_SHAPE, POINT_LAT, POINT_LON, POINT_SEQUENCE };
static const char *const point_names[] = {"shape_id", "shape_pt_lat", "shape_pt_lon",
                                          "shape_pt_sequence"};
static const gtfs_columns point_columns = {point_names, 4, 15};

static hsd_status point_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    char clip[HSD_CLIP_SIZE];
    const gtfs_cell *id = &row->cells[POINT_SHAPE];
    gtfs_point p = {.line = (uint32_t)row->line};
    p.shape = hsd_text_index_find(&f->shape_of, &r->pool, id->text, id->length);
    if (p.shape == HSD_NO_ROW) return HSD_OK;
    double lon, lat;
    const hsd_status status = gtfs_coordinates(r, row, POINT_LON, POINT_LAT, &lon, &lat);
    if (status != HSD_OK) return status;
    if (!gtfs_parse_count(&row->cells[POINT_SEQUENCE], 999999999, &p.sequence))
        return gtfs_error(r, row->line, "shape_pt_sequence is \"%s\"; a number was expected",
                          hsd_clip(row->cells[POINT_SEQUENCE].text, clip));
    if (isnan(lon)) {
        const bool said = row->cells[POINT_LON].length || row->cells[POINT_LAT].length;
        return said ? HSD_OK : gtfs_error(r, row->line, "a point without coordinates");
    }
    p.at = (hsd_point_e7){hsd_e7_of(lon), hsd_e7_of(lat)};
    return hsd_array_push(&f->points, p, r->err) ? HSD_OK : HSD_E_MEMORY;
}

static int by_sequence(const void *a, const void *b) {
    const gtfs_point *x = a, *y = b;
    if (x->shape != y->shape) return x->shape < y->shape ? -1 : 1;
    if (x->sequence != y->sequence) return x->sequence < y->sequence ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

hsd_status gtfs_read_shapes(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    const hsd_status status = gtfs_table_read(r, GTFS_SHAPES, &point_columns, point_row);
    if (status != HSD_OK) return status;
    bool sorted = true;
    for (size_t i = 1; i < f->points.count && sorted; i++)
        sorted = by_sequence(&f->points.data[i - 1], &f->points.data[i]) < 0;
    if (!sorted) qsort(f->points.data, f->points.count, sizeof *f->points.data, by_sequence);
    for (size_t i = 0; i < f->points.count; i++) {
        gtfs_shape *s = &f->shapes.data[f->points.data[i].shape];
        if (s->point_count++ == 0) s->first_point = (uint32_t)i;
    }
    for (size_t i = 0; i < f->shapes.count; i++) {
        const gtfs_shape *s = &f->shapes.data[i];
        if (s->point_count < 2)
            gtfs_note_in(r, GTFS_TRIPS, s->point_count ? GTFS_SHORT_SHAPE : GTFS_NO_SHAPE, s->line);
    }
    return HSD_OK;
}

/* ---- Headways ------------------------------------------------------------------------------- */

enum { HEADWAY_TRIP, START, END, HEADWAY, EXACT };
static const char *const headway_names[] = {"trip_id", "start_time", "end_time", "headway_secs",
                                            "exact_times"};
static const gtfs_columns headway_columns = {headway_names, 5, 15};

static hsd_status read_time(gtfs_reader *r, const gtfs_row *row, size_t cell, const char *name,
                            int32_t *out, bool *ok) {
    char clip[HSD_CLIP_SIZE];
    if (gtfs_parse_time(&row->cells[cell], out)) return HSD_OK;
    *ok = false;
    return gtfs_error(r, row->line, "%s is \"%s\"; a time as HH:MM:SS was expected", name,
                      hsd_clip(row->cells[cell].text, clip));
}

static hsd_status headway_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    char clip[HSD_CLIP_SIZE];
    gtfs_headway h = {.line = (uint32_t)row->line};
    bool ok = true;
    hsd_status status =
        gtfs_lookup(r, row, &f->trip_of, HEADWAY_TRIP, "trip_id", "trips.txt", &h.trip);
    if (status == HSD_OK) status = read_time(r, row, START, "start_time", &h.row.start_s, &ok);
    if (status == HSD_OK) status = read_time(r, row, END, "end_time", &h.row.end_s, &ok);
    if (status == HSD_OK) status = gtfs_choice(r, row, EXACT, "exact_times", 1, 0, &h.row.exact);
    if (status != HSD_OK) return status;
    if (!gtfs_parse_count(&row->cells[HEADWAY], 86400, &h.row.headway_s) || !h.row.headway_s)
        return gtfs_error(r, row->line, "headway_secs is \"%s\"; 1 to 86400 was expected",
                          hsd_clip(row->cells[HEADWAY].text, clip));
    if (!ok || h.trip == HSD_NO_ROW) return HSD_OK;
    if (h.row.start_s >= h.row.end_s)
        return gtfs_error(r, row->line, "end_time %s is not after start_time %s",
                          row->cells[END].text, row->cells[START].text);
    return hsd_array_push(&f->headways, h, r->err) ? HSD_OK : HSD_E_MEMORY;
}

static int by_trip(const void *a, const void *b) {
    const gtfs_headway *x = a, *y = b;
    if (x->trip != y->trip) return x->trip < y->trip ? -1 : 1;
    if (x->row.start_s != y->row.start_s) return x->row.start_s < y->row.start_s ? -1 : 1;
    if (x->row.end_s != y->row.end_s) return x->row.end_s < y->row.end_s ? -1 : 1;
    if (x->row.headway_s != y->row.headway_s) return x->row.headway_s < y->row.headway_s ? -1 : 1;
    if (x->row.exact != y->row.exact) return x->row.exact < y->row.exact ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

hsd_status gtfs_read_frequencies(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    const hsd_status status = gtfs_table_read(r, GTFS_FREQUENCIES, &headway_columns, headway_row);
    if (status != HSD_OK || f->headways.count == 0) return status;
    qsort(f->headways.data, f->headways.count, sizeof *f->headways.data, by_trip);
    size_t kept = 0;
    for (size_t i = 0; i < f->headways.count; i++) {
        const gtfs_headway h = f->headways.data[i];
        const gtfs_headway *o = kept ? &f->headways.data[kept - 1] : NULL;
        if (o && o->trip == h.trip && memcmp(&o->row, &h.row, sizeof h.row) == 0) {
            gtfs_note(r, GTFS_SAME_ROW, h.line);
            continue;
        }
        if (o && o->trip == h.trip && h.row.start_s < o->row.end_s)
            gtfs_note(r, GTFS_HEADWAY_OVERLAP, h.line);
        gtfs_trip *t = &f->trips.data[h.trip];
        if (t->headway_count++ == 0) t->first_headway = (uint32_t)kept;
        f->headways.data[kept++] = h;
    }
    f->headways.count = kept;
    return HSD_OK;
}
