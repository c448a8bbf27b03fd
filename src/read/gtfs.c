/* GTFS feeds (gtfs.org/schedule/reference) as one timetable: each feed is read file by file, in an
 * order in which ids are known before they are named, checked, and added to the tables of all.
 * Nothing is mended in silence: what is wrong goes to the issues with file and line, and with an
 * error among them there is no timetable. */
#include <cpl_error.h>
#include <string.h>

#include "base/file.h"
#include "base/issues.h"
#include "read/gtfs.h"
#include "read/message.h"

static void finish_feed(gtfs_feed *f) {
    gtfs_files_finish(&f->files);
    hsd_free(f->label);
    hsd_array_finish(&f->agencies);
    hsd_array_finish(&f->stops);
    hsd_array_finish(&f->routes);
    hsd_array_finish(&f->services);
    hsd_array_finish(&f->exceptions);
    hsd_array_finish(&f->trips);
    hsd_array_finish(&f->shapes);
    hsd_array_finish(&f->points);
    hsd_array_finish(&f->calls);
    hsd_array_finish(&f->distances);
    hsd_array_finish(&f->headways);
    hsd_array_finish(&f->transfers);
    hsd_array_finish(&f->days);
    hsd_text_index *const all[] = {&f->agency_of,  &f->stop_of, &f->route_of,
                                   &f->service_of, &f->trip_of, &f->shape_of};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) hsd_text_index_finish(all[i]);
    *f = (gtfs_feed){0};
}

static void finish_reader(gtfs_reader *r) {
    finish_feed(&r->feed);
    hsd_text_pool_finish(&r->pool);
    hsd_array_finish(&r->feeds);
    hsd_array_finish(&r->stops);
    hsd_array_finish(&r->lines);
    hsd_array_finish(&r->trips);
    hsd_array_finish(&r->calls);
    hsd_array_finish(&r->headways);
    hsd_array_finish(&r->transfers);
    hsd_array_finish(&r->shapes);
    hsd_array_finish(&r->points);
    hsd_array_finish(&r->day_sets);
    hsd_array_finish(&r->days);
}

/* ---- Names of feeds ------------------------------------------------------------------------- */

static bool is_label(const gtfs_reader *r, char *const *labels, const char *label) {
    for (size_t i = 0; i < r->feed_index; i++)
        if (strcmp(labels[i], label) == 0) return true;
    return false;
}

/* File name without folders and ending; "-2", "-3" where an earlier feed has it. */
static char *label_of(const gtfs_reader *r, const char *path, char *const *labels) {
    size_t end = strlen(path), begin;
    while (end > 1 && path[end - 1] == '/') end--;
    for (begin = end; begin > 0 && path[begin - 1] != '/'; begin--) {
    }
    size_t length = end - begin;
    const char *name = path + begin;
    if (length > 4 && memcmp(name + length - 4, ".zip", 4) == 0) length -= 4;
    if (length == 0 || name[0] == '.') name = "gtfs", length = 4;
    char *label = hsd_strndup(name, length, r->err);
    for (unsigned i = 2; label && is_label(r, labels, label); i++) {
        hsd_free(label);
        label = hsd_asprintf(r->err, "%.*s-%u", (int)length, name, i);
    }
    return label;
}

/* ---- One feed ------------------------------------------------------------------------------- */

static hsd_status check_files(gtfs_reader *r) {
    static const gtfs_file needed[] = {GTFS_AGENCY, GTFS_STOPS, GTFS_ROUTES, GTFS_TRIPS,
                                       GTFS_STOP_TIMES};
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0] && status == HSD_OK; i++) {
        r->feed.now = needed[i];
        if (!gtfs_files_has(&r->feed.files, gtfs_file_names[needed[i]]))
            status = gtfs_broken(r, 0, "the file is missing");
    }
    return status;
}

static hsd_status check_trips(gtfs_reader *r) {
    if (!gtfs_is_clean(r, GTFS_STOP_TIMES) || !gtfs_is_clean(r, GTFS_TRIPS)) return HSD_OK;
    for (size_t i = 0; i < r->feed.trips.count; i++)
        if (r->feed.trips.data[i].call_count) return HSD_OK;
    r->feed.now = GTFS_STOP_TIMES;
    return gtfs_error(r, 0, "no trip has two calls; there is nothing to ride");
}

typedef hsd_status (*step)(gtfs_reader *r);

/* A file that could not be read to its end stops the feed: what names its ids would be in error
 * too. Times and days are looked at only where the rows they stand in are right. */
static hsd_status read_feed(gtfs_reader *r, const char *path) {
    static const step reading[] = {check_files,      gtfs_read_agencies,    gtfs_read_stops,
                                   gtfs_read_routes, gtfs_read_calendars,   gtfs_read_trips,
                                   gtfs_read_shapes, gtfs_read_frequencies, gtfs_read_transfers,
                                   gtfs_read_calls};
    static const step checking[] = {gtfs_order_calls, check_trips, gtfs_count_days};
    r->feed.errors_before = r->issues->errors;
    hsd_status status = gtfs_files_open(path, &r->feed.files, r->err);
    for (size_t i = 0; i < sizeof reading / sizeof reading[0] && status == HSD_OK; i++)
        if (!r->feed.broken) status = reading[i](r);
    for (size_t i = 0; i < sizeof checking / sizeof checking[0] && status == HSD_OK; i++)
        if (!r->feed.broken) status = checking[i](r);
    if (status == HSD_OK) status = gtfs_tell_notes(r);
    if (status == HSD_OK && !gtfs_has_errors(r)) status = gtfs_add_feed(r);
    return status;
}

static hsd_status read_feeds(gtfs_reader *r, const char *const *paths, size_t path_count,
                             char **labels) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < path_count && status == HSD_OK; i++) {
        r->feed_index = i;
        if (!paths[i]) return hsd_fail(r->err, HSD_E_ARGUMENT, "the path of a feed is missing");
        if (!(labels[i] = label_of(r, paths[i], labels))) return HSD_E_MEMORY;
        if (!(r->feed.label = hsd_strdup(labels[i], r->err))) return HSD_E_MEMORY;
        status = read_feed(r, paths[i]);
        finish_feed(&r->feed);
    }
    return status;
}

hsd_status hsd_read_gtfs(const char *const *paths, size_t path_count, const char *datum,
                         const hsd_run *run, hsd_timetable *out, hsd_issues *issues,
                         hsd_error *err) {
    *out = (hsd_timetable){0};
    if (path_count == 0) return hsd_fail(err, HSD_E_ARGUMENT, "no feed to read");
    hsd_issues own = {0};
    gtfs_reader r = {
        .run = run, .issues = issues ? issues : &own, .err = err, .feed_total = path_count};
    hsd_status status = hsd_datum_choose(datum, &r.datum, err);
    if (status != HSD_OK) return status;
    char **labels = hsd_calloc(path_count, sizeof *labels, err);
    status = labels ? HSD_OK : HSD_E_MEMORY;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    if (status == HSD_OK) status = read_feeds(&r, paths, path_count, labels);
    if (status == HSD_OK && r.issues->errors == 0) status = gtfs_tables(&r, out);
    if (status == HSD_OK) status = hsd_issues_status(r.issues, err);
    CPLPopErrorHandler();
    for (size_t i = 0; labels && i < path_count; i++) hsd_free(labels[i]);
    hsd_free(labels);
    finish_reader(&r);
    hsd_issues_finish(&own);
    return status;
}
