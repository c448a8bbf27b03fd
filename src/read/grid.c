/* To be written. */
#include <math.h>

#include "hourshed/read.h"

hsd_status hsd_grid_parse(const char *text, hsd_grid_spec *out, hsd_error *err) {
    (void)text;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_grid_places(const hsd_grid_spec *spec, const hsd_geometry *area, bool clip,
                           const hsd_run *run, hsd_place_table *out, hsd_error *err) {
    (void)spec;
    (void)area;
    (void)clip;
    (void)run;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

hsd_status hsd_places_share(hsd_place_table *zones, const hsd_place_table *source,
                            const hsd_run *run, double *left, hsd_error *err) {
    (void)zones;
    (void)source;
    (void)run;
    (void)left;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}
