/* To be written. */
#include <math.h>

#include "hourshed/export.h"

bool hsd_omx_available(void) {
    return false;
}

hsd_status hsd_matrix_writer_create(const char *path, const hsd_matrix_spec *spec,
                                    hsd_matrix_writer **out, hsd_error *err) {
    (void)path;
    (void)spec;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_matrix_writer_row(hsd_matrix_writer *writer, const double *values, hsd_error *err) {
    (void)writer;
    (void)values;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_matrix_writer_commit(hsd_matrix_writer *writer, hsd_error *err) {
    (void)writer;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

void hsd_matrix_writer_destroy(hsd_matrix_writer *writer) {
    (void)writer;
}
