/* To be written. */
#include <math.h>

#include "hourshed/access.h"

double hsd_quantile(const double *x, const double *w, size_t count, double p) {
    (void)x;
    (void)w;
    (void)count;
    (void)p;
    return NAN;
}

hsd_status hsd_gini(const double *x, const double *w, size_t count, double *out, hsd_error *err) {
    (void)x;
    (void)w;
    (void)count;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_palma(const double *x, const double *w, const double *income, size_t count,
                     bool shares, double *out, hsd_error *err) {
    (void)x;
    (void)w;
    (void)income;
    (void)count;
    (void)shares;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_theil_t(const double *x, const double *w, size_t count, bool as_r,
                       const uint32_t *groups, size_t group_count, hsd_theil_parts *out,
                       hsd_error *err) {
    (void)x;
    (void)w;
    (void)count;
    (void)as_r;
    (void)groups;
    (void)group_count;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_theil_l(const double *x, const double *w, size_t count, const uint32_t *groups,
                       size_t group_count, hsd_theil_parts *out, hsd_error *err) {
    (void)x;
    (void)w;
    (void)count;
    (void)groups;
    (void)group_count;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_concentration(const double *x, const double *w, const double *income, size_t count,
                             bool corrected, bool average_ties, double *out, hsd_error *err) {
    (void)x;
    (void)w;
    (void)income;
    (void)count;
    (void)corrected;
    (void)average_ties;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

double hsd_cv(const double *x, const double *w, size_t count, bool sample) {
    (void)x;
    (void)w;
    (void)count;
    (void)sample;
    return NAN;
}

double hsd_fgt(const double *x, const double *w, size_t count, double line, double alpha) {
    (void)x;
    (void)w;
    (void)count;
    (void)line;
    (void)alpha;
    return NAN;
}

double hsd_atkinson(const double *x, const double *w, size_t count, double epsilon) {
    (void)x;
    (void)w;
    (void)count;
    (void)epsilon;
    return NAN;
}

double hsd_weighted_mean(const double *x, const double *w, size_t count) {
    (void)x;
    (void)w;
    (void)count;
    return NAN;
}
