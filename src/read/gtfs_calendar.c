/* On which days services run: weekly patterns (calendar.txt) and single days added and removed
 * (calendar_dates.txt), as a row of bits a service. Only services that trips use make the calendar
 * longer. O(services x days + dates log dates). */
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "read/gtfs.h"
#include "read/message.h"

enum { MOST_WORDS = 1 << 26 }; /* bits of days: half a gigabyte */

/* ---- Weekly patterns ------------------------------------------------------------------------ */

enum { SERVICE, MONDAY, FROM = MONDAY + 7, TO };
static const char *const week_names[] = {"service_id", "monday",  "tuesday",  "wednesday",
                                         "thursday",   "friday",  "saturday", "sunday",
                                         "start_date", "end_date"};
static const gtfs_columns week_columns = {week_names, 10, (1u << 10) - 1};

static hsd_status read_day(gtfs_reader *r, const gtfs_row *row, size_t cell, const char *name,
                           int32_t *day, bool *ok) {
    char clip[HSD_CLIP_SIZE];
    *ok = gtfs_parse_day(&row->cells[cell], day);
    if (*ok && row->cells[cell].length > 8) gtfs_note(r, GTFS_DAY_WITH_TIME, row->line);
    if (*ok) return HSD_OK;
    return gtfs_error(r, row->line, "%s is \"%s\"; a day as YYYYMMDD was expected", name,
                      hsd_clip(row->cells[cell].text, clip));
}

static hsd_status add_service(gtfs_reader *r, const gtfs_service *s) {
    gtfs_feed *f = &r->feed;
    return hsd_text_index_add(&f->service_of, &r->pool, s->id, (uint32_t)f->services.count,
                              r->err) &&
                   hsd_array_push(&f->services, *s, r->err)
               ? HSD_OK
               : HSD_E_MEMORY;
}

static hsd_status week_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    gtfs_service s = {.line = (uint32_t)row->line};
    uint32_t twin, runs;
    bool from_ok = false, to_ok = false;
    hsd_status status = gtfs_own_id(r, row, SERVICE, "service_id", &f->service_of, &s.id, &twin);
    for (size_t i = 0; i < 7 && status == HSD_OK; i++) {
        status = gtfs_choice(r, row, MONDAY + i, week_names[MONDAY + i], 1, 2, &runs);
        if (status == HSD_OK && row->cells[MONDAY + i].length == 0)
            status = gtfs_error(r, row->line, "%s is empty; 0 or 1 was expected",
                                week_names[MONDAY + i]);
        if (runs == 1) s.weekdays |= 1u << i;
    }
    if (status == HSD_OK) status = read_day(r, row, FROM, "start_date", &s.from, &from_ok);
    if (status == HSD_OK) status = read_day(r, row, TO, "end_date", &s.to, &to_ok);
    if (status == HSD_OK && from_ok && to_ok && s.from > s.to)
        status = gtfs_error(r, row->line, "end_date %s is before start_date %s",
                            row->cells[TO].text, row->cells[FROM].text);
    if (status != HSD_OK || !s.id) return status;
    if (twin == HSD_NO_ROW) return add_service(r, &s);
    const gtfs_service *o = &f->services.data[twin];
    return gtfs_twin(r, row, "service_id", s.id,
                     o->from == s.from && o->to == s.to && o->weekdays == s.weekdays, o->line);
}

/* ---- Single days ---------------------------------------------------------------------------- */

enum { DATE_SERVICE, DATE, TYPE };
static const char *const date_names[] = {"service_id", "date", "exception_type"};
static const gtfs_columns date_columns = {date_names, 3, 7};

static hsd_status date_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    gtfs_exception e = {.line = (uint32_t)row->line};
    char clip[HSD_CLIP_SIZE];
    uint32_t id;
    bool ok;
    hsd_status status =
        gtfs_own_id(r, row, DATE_SERVICE, "service_id", &f->service_of, &id, &e.service);
    if (status == HSD_OK) status = read_day(r, row, DATE, "date", &e.day, &ok);
    if (status != HSD_OK || !id || !ok) return status;
    if (!gtfs_parse_count(&row->cells[TYPE], 2, &e.type) || e.type == 0)
        return gtfs_error(r, row->line,
                          "exception_type is \"%s\"; 1 (added) or 2 (removed) was expected",
                          hsd_clip(row->cells[TYPE].text, clip));
    if (e.service == HSD_NO_ROW) {
        const gtfs_service s = {.id = id, .from = 1, .to = 0};
        e.service = (uint32_t)f->services.count;
        status = add_service(r, &s);
    }
    if (status != HSD_OK) return status;
    return hsd_array_push(&f->exceptions, e, r->err) ? HSD_OK : HSD_E_MEMORY;
}

static int by_service(const void *a, const void *b) {
    const gtfs_exception *x = a, *y = b;
    if (x->service != y->service) return x->service < y->service ? -1 : 1;
    if (x->day != y->day) return x->day < y->day ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* One exception a service and day. */
static hsd_status merge_exceptions(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    if (f->exceptions.count == 0) return HSD_OK;
    qsort(f->exceptions.data, f->exceptions.count, sizeof *f->exceptions.data, by_service);
    size_t kept = 1;
    hsd_status status = HSD_OK;
    for (size_t i = 1; i < f->exceptions.count && status == HSD_OK; i++) {
        const gtfs_exception *e = &f->exceptions.data[i], *o = &f->exceptions.data[kept - 1];
        if (e->service != o->service || e->day != o->day)
            f->exceptions.data[kept++] = *e;
        else if (e->type == o->type)
            gtfs_note(r, GTFS_SAME_ROW, e->line);
        else
            status = gtfs_error(r, e->line, "the day is added and removed: line %u says otherwise",
                                o->line);
    }
    f->exceptions.count = kept;
    return status;
}

/* Services in the order of ids; exceptions named them by their rows. */
static hsd_status sort_services(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    for (size_t i = 0; i < f->exceptions.count; i++)
        f->exceptions.data[i].service = f->services.data[f->exceptions.data[i].service].id;
    const hsd_status status = gtfs_sort(r, f->services.data, f->services.count,
                                        sizeof *f->services.data, &f->service_of, NULL);
    for (size_t i = 0; i < f->exceptions.count && status == HSD_OK; i++) {
        const char *id = gtfs_text(r, f->exceptions.data[i].service);
        f->exceptions.data[i].service =
            hsd_text_index_find(&f->service_of, &r->pool, id, strlen(id));
    }
    return status;
}

hsd_status gtfs_read_calendars(gtfs_reader *r) {
    const gtfs_files *files = &r->feed.files;
    hsd_status status = gtfs_table_read(r, GTFS_CALENDAR, &week_columns, week_row);
    if (status == HSD_OK) status = gtfs_table_read(r, GTFS_CALENDAR_DATES, &date_columns, date_row);
    if (status == HSD_OK) status = sort_services(r);
    if (status == HSD_OK) status = merge_exceptions(r);
    if (status == HSD_OK && !gtfs_files_has(files, "calendar.txt") &&
        !gtfs_files_has(files, "calendar_dates.txt")) {
        r->feed.now = GTFS_CALENDAR;
        status = gtfs_broken(r, 0, "the file is missing, and so is calendar_dates.txt");
    }
    return status;
}

/* ---- The days ------------------------------------------------------------------------------- */

typedef struct span {
    int32_t from, to;
    gtfs_file file; /* where `to` stands */
    uint32_t line;
} span;

static void widen(span *s, int32_t from, int32_t to, gtfs_file file, uint32_t line) {
    if (from < s->from) s->from = from;
    if (to <= s->to) return;
    s->to = to;
    s->file = file;
    s->line = line;
}

/* From the first to the last day that a used service may run. */
static span find_span(const gtfs_feed *f) {
    span s = {INT32_MAX, INT32_MIN, GTFS_CALENDAR, 0};
    for (size_t i = 0; i < f->services.count; i++) {
        const gtfs_service *v = &f->services.data[i];
        if (v->used && v->weekdays && v->from <= v->to)
            widen(&s, v->from, v->to, GTFS_CALENDAR, v->line);
    }
    for (size_t i = 0; i < f->exceptions.count; i++) {
        const gtfs_exception *e = &f->exceptions.data[i];
        if (e->type == 1 && f->services.data[e->service].used)
            widen(&s, e->day, e->day, GTFS_CALENDAR_DATES, e->line);
    }
    return s;
}

static void set_day(gtfs_feed *f, size_t service, int32_t day) {
    const int32_t bit = day - f->first_day;
    f->days.data[service * f->day_words + (size_t)bit / 64] |= UINT64_C(1) << (bit & 63);
}

static void set_days(gtfs_feed *f) {
    for (size_t i = 0; i < f->services.count; i++) {
        const gtfs_service *v = &f->services.data[i];
        const int32_t last = f->first_day + f->day_count - 1;
        const int32_t from = v->from > f->first_day ? v->from : f->first_day;
        for (int32_t day = from; day <= v->to && day <= last; day++)
            if (v->weekdays >> hsd_weekday(day) & 1) set_day(f, i, day);
    }
    for (size_t i = 0; i < f->exceptions.count; i++) {
        const gtfs_exception *e = &f->exceptions.data[i];
        uint64_t *row = f->days.data + e->service * f->day_words;
        const int64_t bit = (int64_t)e->day - f->first_day;
        if (bit < 0 || bit >= f->day_count) continue;
        if (e->type == 1)
            row[bit / 64] |= UINT64_C(1) << (bit & 63);
        else
            row[bit / 64] &= ~(UINT64_C(1) << (bit & 63));
    }
}

static bool is_served(const gtfs_feed *f, int32_t bit) {
    for (size_t i = 0; i < f->services.count; i++)
        if (f->services.data[i].used &&
            f->days.data[i * f->day_words + (size_t)bit / 64] >> (bit & 63) & 1)
            return true;
    return false;
}

static bool never_runs(const gtfs_feed *f, uint32_t service) {
    for (size_t w = 0; w < f->day_words; w++)
        if (f->days.data[service * f->day_words + w]) return false;
    return true;
}

/* Days at either end on which nothing runs do not count: first_served ... last_served. */
static hsd_status check_served(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    int32_t first = 0, last = f->day_count - 1;
    while (first <= last && !is_served(f, first)) first++;
    while (last > first && !is_served(f, last)) last--;
    if (first > last) {
        f->now = gtfs_files_has(&f->files, "calendar.txt") ? GTFS_CALENDAR : GTFS_CALENDAR_DATES;
        return gtfs_error(r, 0, "no trip runs on any day");
    }
    f->first_served = f->first_day + first;
    f->last_served = f->first_day + last;
    for (size_t i = 0; i < f->trips.count; i++)
        if (never_runs(f, f->trips.data[i].service))
            gtfs_note_in(r, GTFS_TRIPS, GTFS_TRIP_WITHOUT_DAYS, f->trips.data[i].line);
    return HSD_OK;
}

hsd_status gtfs_count_days(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    if (!gtfs_is_clean(r, GTFS_TRIPS) || !gtfs_is_clean(r, GTFS_CALENDAR) ||
        !gtfs_is_clean(r, GTFS_CALENDAR_DATES))
        return HSD_OK;
    for (size_t i = 0; i < f->trips.count; i++)
        f->services.data[f->trips.data[i].service].used = true;
    const span s = find_span(f);
    f->now = s.file;
    if (s.from <= s.to && s.to - s.from >= GTFS_MOST_DAYS) {
        char from[11], to[11];
        hsd_day_text(s.from, from);
        hsd_day_text(s.to, to);
        return gtfs_error(r, s.line, "service from %s to %s: more than 100 years", from, to);
    }
    f->first_day = s.from <= s.to ? s.from : 0;
    f->day_count = s.from <= s.to ? s.to - s.from + 1 : 0;
    f->day_words = ((size_t)f->day_count + 63) / 64;
    const size_t words = f->services.count * f->day_words;
    if (words > MOST_WORDS)
        return gtfs_error(r, s.line, "%zu services over %d days: more than half a gigabyte",
                          f->services.count, (int)f->day_count);
    if (!hsd_array_reserve(&f->days, words, r->err)) return HSD_E_MEMORY;
    f->days.count = words;
    if (words) memset(f->days.data, 0, words * sizeof *f->days.data);
    set_days(f);
    return check_served(r);
}
