/* Stub. */
#include "hourshed/read.h"

hsd_status hsd_read_gtfs(const char *const *paths, size_t path_count, const hsd_run *run,
                         hsd_timetable *out, hsd_issues *issues, hsd_error *err) {
    (void)paths;
    (void)path_count;
    (void)run;
    (void)out;
    (void)issues;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_read_gtfs is not there yet");
}
