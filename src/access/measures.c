/* To be written. */
#include <math.h>

#include "hourshed/access.h"

size_t hsd_measure_count(void) {
    return 0;
}

const hsd_measure_info *hsd_measure_at(size_t index) {
    (void)index;
    return NULL;
}

const hsd_measure_info *hsd_measure_find(const char *name) {
    (void)name;
    return NULL;
}

hsd_status hsd_measures_parse(const char *text, const hsd_measure_defaults *defaults,
                              hsd_measure ***out, size_t *count, hsd_error *err) {
    (void)text;
    (void)defaults;
    (void)out;
    (void)count;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

void hsd_measures_destroy(hsd_measure **list, size_t count) {
    (void)list;
    (void)count;
}

const hsd_measure_info *hsd_measure_get_info(const hsd_measure *measure) {
    (void)measure;
    return NULL;
}

const char *hsd_measure_column(const hsd_measure *measure) {
    (void)measure;
    return NULL;
}

const char *hsd_measure_text(const hsd_measure *measure) {
    (void)measure;
    return NULL;
}

const char *hsd_measure_conventions(const hsd_measure *measure) {
    (void)measure;
    return NULL;
}

hsd_status hsd_measure_evaluate(const hsd_measure *measure, const hsd_cost_table *table,
                                const hsd_zone_columns *origins, const hsd_zone_columns *targets,
                                hsd_measured *out, hsd_error *err) {
    (void)measure;
    (void)table;
    (void)origins;
    (void)targets;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_measure_inequality(const hsd_measure *measure, const double *values,
                                  const hsd_zone_columns *zones, hsd_measured *out,
                                  hsd_error *err) {
    (void)measure;
    (void)values;
    (void)zones;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

void hsd_measured_finish(hsd_measured *measured) {
    (void)measured;
}
