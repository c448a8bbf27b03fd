/* To be written. */
#include <math.h>

#include "study/time_rows.h"

hsd_status hsd_time_rows_open(const hsd_time_rows_ask *ask, const hsd_run *run, hsd_time_rows **out,
                              hsd_issues *issues, hsd_error *err) {
    (void)ask;
    (void)run;
    (void)out;
    (void)issues;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

void hsd_time_rows_destroy(hsd_time_rows *rows) {
    (void)rows;
}

const hsd_compare_run *hsd_time_rows_run(const hsd_time_rows *rows) {
    (void)rows;
    return NULL;
}

size_t hsd_time_rows_origins(const hsd_time_rows *rows) {
    (void)rows;
    return 0;
}

size_t hsd_time_rows_targets(const hsd_time_rows *rows) {
    (void)rows;
    return 0;
}

size_t hsd_time_rows_scenes(const hsd_time_rows *rows) {
    (void)rows;
    return 0;
}

size_t hsd_time_rows_percentiles(const hsd_time_rows *rows) {
    (void)rows;
    return 0;
}

const uint32_t *hsd_time_rows_same(const hsd_time_rows *rows) {
    (void)rows;
    return NULL;
}

hsd_status hsd_time_rows_read(hsd_time_rows *rows, size_t scene, size_t first, size_t count,
                              uint32_t *ms, hsd_error *err) {
    (void)rows;
    (void)scene;
    (void)first;
    (void)count;
    (void)ms;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}
