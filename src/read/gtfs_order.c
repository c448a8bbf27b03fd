/* Calls by trip and in the order of their stop_sequence, whatever the order of the file, with the
 * times that are missing filled in (docs/methods.md, 10). A counting sort by trip; the calls of one
 * trip are looked at together. O(calls), plus O(n log n) for trips whose rows are not in order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "read/gtfs.h"

#define MOST_SPEED (400 / 3.6) /* m/s */
enum { LEEWAY_S = 60 };        /* timetables in whole minutes */

typedef struct timed_call {
    gtfs_call call;
    double distance; /* NAN: not said */
} timed_call;

typedef struct trip_calls {
    timed_call *list;
    size_t count;
} trip_calls;

/* ---- Order ---------------------------------------------------------------------------------- */

static int by_sequence(const void *a, const void *b) {
    const gtfs_call *x = &((const timed_call *)a)->call, *y = &((const timed_call *)b)->call;
    if (x->sequence != y->sequence) return x->sequence < y->sequence ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static bool same_call(const gtfs_call *a, const gtfs_call *b) {
    return a->stop == b->stop && a->arrival == b->arrival && a->departure == b->departure &&
           a->flags == b->flags;
}

static hsd_status order(gtfs_reader *r, trip_calls *t) {
    bool sorted = true;
    for (size_t i = 1; i < t->count && sorted; i++)
        sorted = t->list[i - 1].call.sequence < t->list[i].call.sequence;
    if (sorted) return HSD_OK;
    qsort(t->list, t->count, sizeof *t->list, by_sequence);
    size_t kept = 1;
    hsd_status status = HSD_OK;
    for (size_t i = 1; i < t->count && status == HSD_OK; i++) {
        const gtfs_call *c = &t->list[i].call, *o = &t->list[kept - 1].call;
        if (c->sequence != o->sequence)
            t->list[kept++] = t->list[i];
        else if (same_call(c, o))
            gtfs_note(r, GTFS_SAME_ROW, c->line);
        else
            status =
                gtfs_error(r, c->line, "stop_sequence %u stands in line %u too, with other values",
                           c->sequence, o->line);
    }
    t->count = kept;
    return status;
}

/* ---- Times ---------------------------------------------------------------------------------- */

static double length_m(const gtfs_reader *r, const gtfs_call *a, const gtfs_call *b) {
    const gtfs_stop *from = &r->feed.stops.data[a->stop], *to = &r->feed.stops.data[b->stop];
    return hsd_geodesic_m(from->lon, from->lat, to->lon, to->lat);
}

static bool has_distances(const timed_call *list, size_t last) {
    for (size_t i = 0; i <= last; i++)
        if (isnan(list[i].distance) || (i && list[i].distance < list[i - 1].distance)) return false;
    return list[last].distance > list[0].distance;
}

/* list[0] and list[last] are timed, none between. */
static void fill_gap(gtfs_reader *r, timed_call *list, size_t last) {
    const bool given = has_distances(list, last);
    double whole = 0, done = 0;
    for (size_t i = 1; i <= last && !given; i++)
        whole += length_m(r, &list[i - 1].call, &list[i].call);
    const double from = list[0].call.departure, span = list[last].call.arrival - from;
    for (size_t i = 1; i < last; i++) {
        double share = (double)i / (double)last;
        if (given) {
            share =
                (list[i].distance - list[0].distance) / (list[last].distance - list[0].distance);
        } else if (whole > 0) {
            done += length_m(r, &list[i - 1].call, &list[i].call);
            share = done / whole;
        }
        gtfs_call *c = &list[i].call;
        c->arrival = c->departure = (int32_t)floor(from + span * share + 0.5);
        c->flags |= HSD_CALL_INTERPOLATED;
        gtfs_note(r, GTFS_INTERPOLATED, c->line);
    }
}

static void time_text(int32_t s, char buffer[16]) {
    static const int unit[] = {36000, 3600, 0, 600, 60, 0, 10, 1};
    const uint32_t hours = (uint32_t)s / 3600 % 1000, rest = (uint32_t)s % 3600;
    size_t at = 0;
    if (hours > 99) buffer[at++] = (char)('0' + hours / 100);
    for (size_t i = 0; i < 8; i++) {
        const uint32_t from = i < 2 ? hours % 100 * 3600 : i < 5 ? rest : rest % 60;
        buffer[at++] = unit[i] ? (char)('0' + from / (uint32_t)unit[i] % 10) : ':';
    }
    buffer[at] = '\0';
}

/* A call that ends before it begins, or begins before the last timed one ends. */
static hsd_status check_forward(gtfs_reader *r, const gtfs_call *c, const gtfs_call *before) {
    char later[16], sooner[16];
    if (c->departure < c->arrival) {
        time_text(c->arrival, later);
        time_text(c->departure, sooner);
        return gtfs_error(r, c->line, "arrives at %s and departs at %s, which is before", later,
                          sooner);
    }
    if (!before || c->arrival >= before->departure) return HSD_OK;
    time_text(before->departure, later);
    time_text(c->arrival, sooner);
    return gtfs_error(r, c->line, "arrives at %s, before it leaves the call before (line %u) at %s",
                      sooner, before->line, later);
}

/* What one of the two times leaves open, then what lies between timed calls. */
static hsd_status fill_times(gtfs_reader *r, trip_calls *t) {
    size_t before = SIZE_MAX;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < t->count && status == HSD_OK; i++) {
        gtfs_call *c = &t->list[i].call;
        if (c->arrival == GTFS_NO_TIME) c->arrival = c->departure;
        if (c->departure == GTFS_NO_TIME) c->departure = c->arrival;
        if (c->arrival == GTFS_NO_TIME) {
            if (i == 0 || i + 1 == t->count)
                status = gtfs_error(r, c->line, "the %s call of a trip has no time",
                                    i == 0 ? "first" : "last");
            continue;
        }
        status = check_forward(r, c, before == SIZE_MAX ? NULL : &t->list[before].call);
        if (before != SIZE_MAX && i - before > 1 && status == HSD_OK &&
            gtfs_is_clean(r, GTFS_STOP_TIMES))
            fill_gap(r, t->list + before, i - before);
        before = i;
    }
    return status;
}

/* ---- Remarks -------------------------------------------------------------------------------- */

/* Straight lines are measured only where degrees alone do not show that they are short enough: one
 * is 111.7 km at most. */
static bool is_too_fast(const gtfs_reader *r, const gtfs_call *a, const gtfs_call *b) {
    const gtfs_stop *from = &r->feed.stops.data[a->stop], *to = &r->feed.stops.data[b->stop];
    const double most = MOST_SPEED * (b->arrival - a->departure + LEEWAY_S);
    double x = fabs(from->lon - to->lon), y = fabs(from->lat - to->lat);
    if (x > 180) x = 360 - x;
    return (x + y) * 111700 > most && length_m(r, a, b) > most;
}

static void look_at(gtfs_reader *r, const trip_calls *t) {
    for (size_t i = 0; i < t->count; i++) {
        const gtfs_call *c = &t->list[i].call;
        r->feed.stops.data[c->stop].called = true;
        if (i == 0) continue;
        if (c->stop == t->list[i - 1].call.stop)
            gtfs_note(r, GTFS_SAME_STOP, c->line);
        else if (is_too_fast(r, &t->list[i - 1].call, c))
            gtfs_note(r, GTFS_TOO_FAST, c->line);
    }
}

/* ---- Trips ---------------------------------------------------------------------------------- */

static hsd_status finish_trip(gtfs_reader *r, gtfs_trip *trip, trip_calls *t) {
    trip->first_call = (uint32_t)r->calls.count;
    trip->call_count = 0;
    hsd_status status = order(r, t);
    if (status == HSD_OK && t->count < 2) {
        gtfs_note_in(r, GTFS_TRIPS, GTFS_SHORT_TRIP, trip->line);
        return HSD_OK;
    }
    if (status == HSD_OK) status = fill_times(r, t);
    if (status != HSD_OK || !gtfs_is_clean(r, GTFS_STOP_TIMES)) return status;
    look_at(r, t);
    if (!hsd_array_reserve(&r->calls, r->calls.count + t->count, r->err)) return HSD_E_MEMORY;
    for (size_t i = 0; i < t->count; i++) {
        const gtfs_call *c = &t->list[i].call;
        r->calls.data[r->calls.count++] =
            (hsd_call_row){c->stop, c->arrival, c->departure, c->flags};
    }
    trip->call_count = (uint32_t)t->count;
    return HSD_OK;
}

/* rows: the calls' places in the file, trip after trip. */
static hsd_status finish_trips(gtfs_reader *r, const uint32_t *rows, timed_call *list) {
    gtfs_feed *f = &r->feed;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < f->trips.count && status == HSD_OK; i++) {
        gtfs_trip *trip = &f->trips.data[i];
        trip_calls t = {list, trip->call_count};
        for (size_t k = 0; k < t.count; k++) {
            const uint32_t row = rows[trip->first_call + k];
            list[k].call = f->calls.data[row];
            list[k].distance = f->distances.count ? f->distances.data[row] : NAN;
        }
        status = finish_trip(r, trip, &t);
    }
    return status;
}

/* Where each trip's calls begin; the length of the longest. */
static size_t lay_out(gtfs_feed *f) {
    size_t at = 0, longest = 0;
    for (size_t i = 0; i < f->trips.count; i++) {
        gtfs_trip *t = &f->trips.data[i];
        t->first_call = (uint32_t)at;
        at += t->call_count;
        if (t->call_count > longest) longest = t->call_count;
        t->call_count = 0;
    }
    return longest;
}

hsd_status gtfs_order_calls(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    if (!gtfs_is_clean(r, GTFS_STOP_TIMES) || !gtfs_is_clean(r, GTFS_TRIPS)) return HSD_OK;
    f->now = GTFS_STOP_TIMES;
    const size_t longest = lay_out(f);
    uint32_t *rows = hsd_alloc(f->calls.count, sizeof *rows, r->err);
    timed_call *list = hsd_alloc(longest, sizeof *list, r->err);
    hsd_status status = rows && list ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        for (size_t i = 0; i < f->calls.count; i++) {
            gtfs_trip *t = &f->trips.data[f->calls.data[i].trip];
            rows[t->first_call + t->call_count++] = (uint32_t)i;
        }
        status = finish_trips(r, rows, list);
    }
    hsd_free(list);
    hsd_free(rows);
    for (size_t i = 0; i < f->kept_stops && gtfs_is_clean(r, GTFS_STOP_TIMES); i++)
        if (!f->stops.data[i].called && f->stops.data[i].type == 0)
            gtfs_note_in(r, GTFS_STOPS, GTFS_UNUSED_STOP, f->stops.data[i].line);
    return status;
}
