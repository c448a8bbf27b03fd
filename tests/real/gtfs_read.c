/* gtfs_read FEED... : reads feeds as one timetable and prints what it holds, for tests that compare
 * it with another reading. Issues go to stderr; the exit status is that of the command. */
#include <stdio.h>
#include <string.h>

#include "hourshed/read.h"

static void print_days(const hsd_timetable *t) {
    for (int32_t i = 0; i < t->day_count; i++) {
        char text[11];
        size_t trips = 0;
        for (size_t k = 0; k < t->trip_count; k++)
            trips += hsd_service_runs(t, t->trips[k].service, t->first_day + i);
        hsd_day_text(t->first_day + i, text);
        printf("day %s %zu\n", text, trips);
    }
}

/* A number that changes with any time, stop or flag of any call: sums, for an independent program.
 */
static void print_calls(const hsd_timetable *t) {
    for (size_t k = 0; k < t->trip_count; k++) {
        const hsd_trip_row *trip = &t->trips[k];
        unsigned long long sum = 0;
        for (uint32_t i = 0; i < trip->call_count; i++) {
            const hsd_call_row *c = &t->calls[trip->first_call + i];
            const char *id = t->strings + t->stops[c->stop].id;
            for (; *id; id++) sum = (sum * 31 + (unsigned char)*id) % 1000003;
            sum = (sum * 31 + (unsigned long long)c->arrival_s) % 1000003;
            sum = (sum * 31 + (unsigned long long)c->departure_s) % 1000003;
            sum = (sum * 31 + (c->flags & 3)) % 1000003;
        }
        const hsd_line_row *line = &t->lines[trip->line];
        printf("trip %s/%s %s %u %u %llu\n", t->strings + t->feeds[line->feed].name,
               t->strings + trip->id, t->strings + line->id, trip->call_count, trip->headway_count,
               sum);
    }
}

static int exit_status(hsd_status status) {
    return status == HSD_OK                                 ? 0
           : status == HSD_E_ARGUMENT                       ? 2
           : status == HSD_E_OPEN || status == HSD_E_FORMAT ? 3
                                                            : 4;
}

int main(int argc, char **argv) {
    hsd_timetable t;
    hsd_issues issues = {0};
    hsd_error err = {0};
    const bool quiet = argc > 1 && strcmp(argv[1], "-q") == 0;
    const int first = quiet ? 2 : 1;
    const hsd_status status =
        hsd_read_gtfs((const char *const *)argv + first, argc > first ? (size_t)(argc - first) : 0,
                      NULL, NULL, &t, &issues, &err);
    for (size_t i = 0; i < issues.count; i++)
        fprintf(stderr, "%s: %s\n", issues.list[i].error ? "error" : "remark", issues.list[i].text);
    if (status != HSD_OK) fprintf(stderr, "gtfs_read: %s\n", err.message);
    if (status == HSD_OK) {
        size_t stations = 0;
        for (size_t i = 0; i < t.stop_count; i++) stations += t.stops[i].is_station;
        printf("count feeds %zu\ncount stops %zu\ncount stations %zu\ncount lines %zu\n"
               "count trips %zu\ncount calls %zu\ncount services %zu\ncount headways %zu\n"
               "count transfers %zu\ncount shapes %zu\ncount points %zu\n",
               t.feed_count, t.stop_count - stations, stations, t.line_count, t.trip_count,
               t.call_count, t.service_count, t.headway_count, t.transfer_count, t.shape_count,
               t.shape_point_count);
        if (!quiet) {
            print_days(&t);
            print_calls(&t);
        }
    }
    hsd_timetable_finish(&t);
    hsd_issues_finish(&issues);
    return exit_status(status);
}
