/* The timetable a network is built with: feeds of GTFS read together, and the rail of a proposals
 * file on top, or alone. What was proposed is then no proposal any more but what runs: its rows get
 * a feed of their own, so that a network knows nothing of the file they came from. */
#include "study/build_timetable.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "hourshed/scenario.h"
#include "read/timetable.h"

enum { FEW = 10 }; /* remarks that are said one by one */

static void log_remarks(const hsd_run *run, const hsd_issues *issues) {
    size_t said = 0;
    for (size_t i = 0; i < issues->count && said < FEW; i++)
        if (!issues->list[i].error) {
            hsd_log(run, HSD_LOG_WARNING, "%s", issues->list[i].text);
            said++;
        }
    if (issues->remarks > said)
        hsd_log(run, HSD_LOG_WARNING, "and %zu remarks more", issues->remarks - said);
}

/* ---- Rows of proposals become the timetable's own ----------------------------------------------
 */

static bool has_feed(const hsd_timetable *t, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(t->strings + t->feeds[i].name, name) == 0) return true;
    return false;
}

static bool is_proposed(const hsd_timetable *t) {
    for (size_t i = 0; i < t->stop_count; i++)
        if (t->stops[i].feed == HSD_NO_ROW) return true;
    for (size_t i = 0; i < t->line_count; i++)
        if (t->lines[i].feed == HSD_NO_ROW) return true;
    return false;
}

static void copy(const void *to, const void *from, size_t count, size_t size) {
    if (count > 0) memcpy((void *)(uintptr_t)to, from, count * size);
}

static void copy_all(const hsd_timetable *from, hsd_timetable *to) {
    copy(to->feeds, from->feeds, from->feed_count, sizeof *from->feeds);
    copy(to->stops, from->stops, from->stop_count, sizeof *from->stops);
    copy(to->lines, from->lines, from->line_count, sizeof *from->lines);
    copy(to->trips, from->trips, from->trip_count, sizeof *from->trips);
    copy(to->calls, from->calls, from->call_count, sizeof *from->calls);
    copy(to->headways, from->headways, from->headway_count, sizeof *from->headways);
    copy(to->transfers, from->transfers, from->transfer_count, sizeof *from->transfers);
    copy(to->shapes, from->shapes, from->shape_count, sizeof *from->shapes);
    copy(to->shape_points, from->shape_points, from->shape_point_count, sizeof *from->shape_points);
    copy(to->service_days, from->service_days, from->service_count * from->day_words,
         sizeof *from->service_days);
    copy(to->strings, from->strings, from->string_size, 1);
}

static void adopt(hsd_timetable *t, uint32_t feed) {
    hsd_stop_row *stops = (hsd_stop_row *)(uintptr_t)t->stops;
    hsd_line_row *lines = (hsd_line_row *)(uintptr_t)t->lines;
    hsd_trip_row *trips = (hsd_trip_row *)(uintptr_t)t->trips;
    for (size_t i = 0; i < t->stop_count; i++) {
        if (stops[i].feed == HSD_NO_ROW) stops[i].feed = feed;
        stops[i].proposal = HSD_NO_ROW;
    }
    for (size_t i = 0; i < t->line_count; i++) {
        if (lines[i].feed == HSD_NO_ROW) lines[i].feed = feed;
        lines[i].proposal = HSD_NO_ROW;
    }
    for (size_t i = 0; i < t->trip_count; i++) trips[i].proposal = HSD_NO_ROW;
}

hsd_status hsd_timetable_settle(const hsd_timetable *from, size_t read, const char *feed_name,
                                hsd_timetable *out, hsd_error *err) {
    char name[256];
    snprintf(name, sizeof name, "%s", feed_name);
    for (unsigned i = 2; has_feed(from, read, name); i++)
        snprintf(name, sizeof name, "%.200s-%u", feed_name, i);
    const bool has_own = from->feed_count > read, more = !has_own && is_proposed(from);
    const size_t length = has_own || more ? strlen(name) + 1 : 0;
    *out = *from;
    out->storage = NULL;
    out->feed_count += more;
    out->string_size += length;
    hsd_status status = hsd_timetable_alloc(out, err);
    if (status != HSD_OK) return status;
    copy_all(from, out);
    adopt(out, (uint32_t)read);
    if (length == 0) return HSD_OK;
    hsd_feed_row *feed = (hsd_feed_row *)(uintptr_t)out->feeds + read;
    if (more)
        *feed = (hsd_feed_row){.time_zone = read > 0 ? from->feeds[0].time_zone : 0,
                               .first_day = from->first_day,
                               .last_day = from->first_day + from->day_count - 1};
    feed->name = (uint32_t)from->string_size;
    memcpy((char *)(uintptr_t)out->strings + from->string_size, name, length);
    return HSD_OK;
}

/* ---- Reading -----------------------------------------------------------------------------------
 */

static hsd_status resolve(const hsd_timetable *base, const hsd_proposal_table *table,
                          const hsd_run *run, hsd_timetable *out, hsd_issues *issues,
                          hsd_error *err) {
    hsd_resolved_rail rail = {0};
    uint8_t *active = hsd_alloc(table->proposal_count, 1, err);
    if (!active) return HSD_E_MEMORY;
    memset(active, 1, table->proposal_count);
    hsd_status status = hsd_rail_resolve(base, table, INT32_MIN, run, &rail, issues, err);
    if (status == HSD_OK) {
        status = hsd_scenario_timetable(&rail, active, out, err);
        for (size_t i = 0; i < rail.edit_count; i++)
            hsd_log(run, HSD_LOG_INFO, "%s", rail.edits[i].what);
        hsd_resolved_rail_finish(&rail);
    }
    hsd_free(active);
    return status;
}

static hsd_status has_rail(const hsd_proposal_table *table, const char *path, hsd_error *err) {
    for (uint32_t p = 0; p < table->proposal_count; p++)
        if (hsd_proposal_is_rail(table, p)) return HSD_OK;
    return hsd_fail(err, HSD_E_FORMAT,
                    "%s: no line, station or service of a railway in it: nothing for --rail", path);
}

/* "out/plans.gpkg" -> "plans" */
static char *stem_of(const char *path, hsd_error *err) {
    const char *base = hsd_base_name(path), *dot = strrchr(base, '.');
    return hsd_strndup(base, dot && dot != base ? (size_t)(dot - base) : strlen(base), err);
}

static hsd_status add_rail(const hsd_proposal_source *source, const hsd_timetable *base,
                           const hsd_run *run, hsd_timetable *out, hsd_issues *issues,
                           hsd_error *err) {
    hsd_proposal_table table = {0};
    hsd_timetable proposed = {0};
    hsd_status status = hsd_read_proposals(source, run, &table, issues, err);
    if (status != HSD_OK) return status;
    char *name = stem_of(source->path, err);
    status = name ? has_rail(&table, source->path, err) : HSD_E_MEMORY;
    if (status == HSD_OK) status = resolve(base, &table, run, &proposed, issues, err);
    if (status == HSD_OK)
        status = hsd_timetable_settle(&proposed, base ? base->feed_count : 0, name, out, err);
    hsd_timetable_finish(&proposed);
    hsd_proposal_table_finish(&table);
    hsd_free(name);
    return status;
}

hsd_status hsd_build_timetable(const hsd_build_request *request, const hsd_run *run,
                               hsd_timetable *out, bool *any, hsd_issues *issues, hsd_error *err) {
    hsd_timetable feeds = {0};
    hsd_status status = HSD_OK;
    *out = (hsd_timetable){0};
    *any = request->gtfs_count > 0 || request->rail.path;
    if (request->gtfs_count > 0)
        status = hsd_read_gtfs(request->gtfs, request->gtfs_count, request->datum, run, &feeds,
                               issues, err);
    if (status == HSD_OK && request->rail.path) {
        status = add_rail(&request->rail, request->gtfs_count > 0 ? &feeds : NULL, run, out, issues,
                          err);
        hsd_timetable_finish(&feeds);
    } else if (status == HSD_OK) {
        *out = feeds;
    }
    if (status == HSD_OK) log_remarks(run, issues);
    return status;
}
