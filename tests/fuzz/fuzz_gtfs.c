/* Any bytes as a GTFS feed: files begin at lines "== stops.txt"; bytes that begin as a zip are one.
 */
#include <cpl_vsi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hourshed/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FOLDER "/vsimem/fuzz_gtfs"

static void must(bool holds) {
    if (!holds) abort();
}

static void check_trip(const hsd_timetable *t, const hsd_trip_row *trip) {
    must(trip->line < t->line_count && trip->service < t->service_count);
    must(trip->id < t->string_size && trip->headsign < t->string_size);
    must(trip->call_count >= 2 && trip->first_call + (size_t)trip->call_count <= t->call_count);
    must(trip->first_headway + (size_t)trip->headway_count <= t->headway_count);
    must(trip->shape == HSD_NO_ROW || trip->shape < t->shape_count);
    must(trip->direction <= 1 || trip->direction == HSD_NO_ROW);
    int32_t now = 0;
    for (uint32_t i = 0; i < trip->call_count; i++) {
        const hsd_call_row *c = &t->calls[trip->first_call + i];
        must(c->stop < t->stop_count && !t->stops[c->stop].is_station && c->flags < 8);
        must(c->arrival_s >= now && c->departure_s >= c->arrival_s);
        now = c->departure_s;
    }
}

static void check(const hsd_timetable *t) {
    must(t->feed_count == 1 && t->trip_count > 0 && t->day_count > 0 && t->day_count <= 36525);
    must(t->string_size > 0 && t->strings[0] == '\0' && t->strings[t->string_size - 1] == '\0');
    for (size_t i = 0; i < t->stop_count; i++) {
        const hsd_stop_row *s = &t->stops[i];
        must(s->lon >= -180 && s->lon <= 180 && s->lat >= -90 && s->lat <= 90);
        must(s->id > 0 && s->id < t->string_size && s->name < t->string_size);
        must(s->station == HSD_NO_ROW ||
             (s->station < t->stop_count && t->stops[s->station].is_station && !s->is_station));
        must(i == 0 || strcmp(t->strings + t->stops[i - 1].id, t->strings + s->id) < 0);
    }
    for (size_t i = 0; i < t->line_count; i++)
        must(t->lines[i].name < t->string_size && t->lines[i].kind < HSD_RIDE_KINDS);
    for (size_t i = 0; i < t->trip_count; i++) check_trip(t, &t->trips[i]);
    for (size_t i = 0; i < t->headway_count; i++)
        must(t->headways[i].start_s < t->headways[i].end_s && t->headways[i].headway_s > 0);
    for (size_t i = 0; i < t->transfer_count; i++)
        must(t->transfers[i].from < t->stop_count && t->transfers[i].to < t->stop_count &&
             t->transfers[i].type <= 3);
    for (size_t i = 0; i < t->shape_count; i++)
        must(t->shapes[i].point_count >= 2 &&
             t->shapes[i].first_point + (size_t)t->shapes[i].point_count <= t->shape_point_count);
}

static void write_file(const char *path, const char *text, size_t size) {
    VSILFILE *file = VSIFOpenL(path, "wb");
    if (!file) return;
    VSIFWriteL(text, 1, size, file);
    VSIFCloseL(file);
}

static void write_folder(const char *text, size_t size) {
    const char *end = text + size;
    VSIMkdir(FOLDER, 0777);
    while (text && (size_t)(end - text) > 3) {
        const char *line = memchr(text, '\n', (size_t)(end - text));
        if (!line || memcmp(text, "== ", 3) != 0) return;
        char path[64];
        const int length = (int)(line - text - 3);
        snprintf(path, sizeof path, FOLDER "/%.*s", length < 30 ? length : 30, text + 3);
        const char *body = line + 1, *next = memmem(body, (size_t)(end - body), "\n== ", 4);
        const char *stop = next ? next + 1 : end;
        if (!strstr(path + strlen(FOLDER) + 1, "/") && length > 0 && !strstr(path, ".."))
            write_file(path, body, (size_t)(stop - body));
        text = next ? next + 1 : NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const bool zip = size > 2 && memcmp(data, "PK", 2) == 0;
    const char *path = zip ? FOLDER ".zip" : FOLDER;
    if (zip)
        write_file(path, (const char *)data, size);
    else
        write_folder((const char *)data, size);
    hsd_timetable t;
    hsd_issues issues = {0};
    hsd_error err = {0};
    const hsd_status status = hsd_read_gtfs(&path, 1, "gcj02", NULL, &t, &issues, &err);
    must((status == HSD_OK) == (issues.errors == 0 && t.storage != NULL));
    must(status == HSD_OK || err.message[0]);
    if (status == HSD_OK) check(&t);
    hsd_timetable_finish(&t);
    hsd_issues_finish(&issues);
    if (zip)
        VSIUnlink(path);
    else
        VSIRmdirRecursive(path);
    return 0;
}
