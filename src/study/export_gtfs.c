/* Stub. */
#include "hourshed/study.h"

hsd_status hsd_study_export_gtfs(const hsd_export_gtfs_request *request, const hsd_run *run,
                                 hsd_export_gtfs_report *out, hsd_error *err) {
    (void)request;
    (void)run;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "hsd_study_export_gtfs is not there yet");
}
