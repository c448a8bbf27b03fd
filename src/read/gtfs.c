/* Stub. */
#include "hourshed/read.h"

const char *hsd_ride_kind_name(hsd_ride_kind kind) {
    (void)kind;
    return NULL;
}

void hsd_timetable_finish(hsd_timetable *timetable) {
    (void)timetable;
}

bool hsd_day_parse(const char *text, int32_t *day) {
    (void)text;
    (void)day;
    return 0;
}

void hsd_day_text(int32_t day, char buffer[11]) {
    (void)day;
    (void)buffer;
}

hsd_status hsd_read_gtfs(const char *const *paths, size_t path_count, const hsd_run *run,
                         hsd_timetable *out, hsd_issues *issues, hsd_error *err) {
    (void)paths;
    (void)path_count;
    (void)run;
    (void)out;
    (void)issues;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_read_gtfs is not there yet");
}
