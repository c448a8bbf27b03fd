/* To be written. */
#include <math.h>

#include "hourshed/access.h"

hsd_agreement hsd_members_compare(const uint8_t *model, const uint8_t *official, size_t count) {
    (void)model;
    (void)official;
    (void)count;
    return (hsd_agreement){0};
}

hsd_status hsd_members_tidy(uint8_t *members, size_t count, const uint32_t (*pairs)[2],
                            size_t pair_count, const uint8_t *seed, const uint8_t *on_border,
                            bool fill, bool drop, hsd_error *err) {
    (void)members;
    (void)count;
    (void)pairs;
    (void)pair_count;
    (void)seed;
    (void)on_border;
    (void)fill;
    (void)drop;
    return hsd_fail(err, HSD_E_INTERNAL, "is not there yet");
}
