/* To be written. */
#include <math.h>

#include "hourshed/access.h"

hsd_status hsd_decay_parse(const char *text, hsd_decay *out, hsd_error *err) {
    (void)text;
    (void)out;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}

int hsd_decay_text(const hsd_decay *decay, char *buffer, size_t size) {
    (void)decay;
    (void)buffer;
    (void)size;
    return 0;
}

double hsd_decay_value(const hsd_decay *decay, double cost) {
    (void)decay;
    (void)cost;
    return NAN;
}
