/* What a feed has wrong. Errors are told one by one, with file and line; remarks are summed up, one
 * line a kind and file with the first line and how many, in the order of files and kinds. */
#include <stdarg.h>
#include <stdio.h>

#include "base/issues.h"
#include "base/text.h"
#include "read/gtfs.h"

static const char *const remark_texts[GTFS_REMARKS] = {
    [GTFS_SAME_ROW] = "the same row stands twice; the second is left out",
    [GTFS_UNKNOWN_ZONE] =
        "this system does not know the time zone; feeds of another one cannot join it",
    [GTFS_DAY_WITH_TIME] = "a day with a time behind it; the day is read",
    [GTFS_STOPS_LEFT_OUT] =
        "entrances, nodes and boarding areas (location_type 2, 3, 4) are left out",
    [GTFS_UNUSED_STOP] = "no trip calls at the stop",
    [GTFS_UNKNOWN_KIND] = "unknown route_type, taken as \"other\"",
    [GTFS_BAD_COLOUR] = "route_color is not six hexadecimal digits; left out",
    [GTFS_NO_SHAPE] = "shape_id is not in shapes.txt; left out",
    [GTFS_SHORT_SHAPE] = "a shape of one point; left out",
    [GTFS_SHORT_TRIP] = "a trip of fewer than two calls; left out",
    [GTFS_TRIP_WITHOUT_DAYS] = "a trip whose service runs on no day",
    [GTFS_INTERPOLATED] = "a call without times, interpolated",
    [GTFS_SAME_STOP] = "a call at the same stop as the one before",
    [GTFS_TOO_FAST] = "faster than 400 km/h from the stop before",
    [GTFS_HEADWAY_OVERLAP] = "the row overlaps another of its trip",
    [GTFS_TRANSFER_OF_LINES] = "a transfer of a route or a trip alone; left out",
    [GTFS_TRANSFER_OF_TRIPS] = "in-seat transfers (types 4 and 5) are left out",
    [GTFS_TRANSFER_ELSEWHERE] = "a transfer at an entrance or the like; left out",
    [GTFS_TRANSFER_UNTIMED] = "transfer_type 2 without min_transfer_time, taken as 0",
};

static hsd_status say(gtfs_reader *r, size_t line, const char *format, va_list args) {
    char what[400], where[40] = "";
    if (vsnprintf(what, sizeof what, format, args) >= (int)sizeof what)
        hsd_text_end_cut(what, sizeof what);
    if (line) snprintf(where, sizeof where, ", line %zu", line);
    return hsd_issues_error(r->issues, r->err, "%s/%s%s: %s", r->feed.label,
                            gtfs_file_names[r->feed.now], where, what)
               ? HSD_OK
               : HSD_E_MEMORY;
}

hsd_status gtfs_error(gtfs_reader *r, size_t line, const char *format, ...) {
    r->feed.errors[r->feed.now]++;
    if (r->issues->count == HSD_MAX_ISSUES) { /* counted, not worded */
        r->issues->errors++;
        return HSD_OK;
    }
    va_list args;
    va_start(args, format);
    const hsd_status status = say(r, line, format, args);
    va_end(args);
    return status;
}

hsd_status gtfs_broken(gtfs_reader *r, size_t line, const char *format, ...) {
    r->feed.broken = true;
    r->feed.errors[r->feed.now]++;
    va_list args;
    va_start(args, format);
    const hsd_status status = say(r, line, format, args);
    va_end(args);
    return status;
}

void gtfs_note_in(gtfs_reader *r, gtfs_file file, gtfs_remark remark, size_t line) {
    gtfs_count *c = &r->feed.counts[file][remark];
    if (c->count++ == 0 || line < c->first_line) c->first_line = line;
}

hsd_status gtfs_tell_notes(gtfs_reader *r) {
    for (size_t f = 0; f < GTFS_FILES; f++)
        for (size_t k = 0; k < GTFS_REMARKS; k++) {
            const gtfs_count *c = &r->feed.counts[f][k];
            char more[48] = "";
            if (c->count == 0) continue;
            if (c->count > 1)
                snprintf(more, sizeof more, " (%llu in all)", (unsigned long long)c->count);
            if (!hsd_issues_remark(r->issues, r->err, "%s/%s, line %zu: %s%s", r->feed.label,
                                   gtfs_file_names[f], c->first_line, remark_texts[k], more))
                return HSD_E_MEMORY;
        }
    return HSD_OK;
}
