/* To be written. */
#include <math.h>

#include "hourshed/read.h"

hsd_status hsd_read_matrix(const char *path, const hsd_matrix_fields *fields, const hsd_run *run,
                           hsd_matrix_table *out, hsd_error *err) {
    (void)path;
    (void)fields;
    (void)run;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

void hsd_matrix_table_finish(hsd_matrix_table *matrix) {
    (void)matrix;
}
