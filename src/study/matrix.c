/* To be written. */
#include <math.h>

#include "hourshed/study.h"

hsd_status hsd_study_matrix(const hsd_matrix_request *request, const hsd_run *run,
                            hsd_matrix_report *out, hsd_error *err) {
    (void)request;
    (void)run;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

void hsd_matrix_report_finish(hsd_matrix_report *report) {
    (void)report;
}
