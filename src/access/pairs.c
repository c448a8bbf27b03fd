/* Checks of the columns that measures take, and names of zones in their messages. */
#include <math.h>
#include <stdio.h>

#include "access/pairs.h"
#include "base/text.h"

const char *hsd_zone_label(const char *const *ids, size_t zone, char *buffer) {
    enum { ROOM = HSD_ZONE_LABEL - 6 }; /* quotes, an ellipsis */
    if (!ids) {
        snprintf(buffer, HSD_ZONE_LABEL, "number %zu", zone + 1);
        return buffer;
    }
    const size_t length = hsd_utf8_cut(ids[zone], ROOM);
    snprintf(buffer, HSD_ZONE_LABEL, "\"%.*s%s\"", (int)length, ids[zone],
             ids[zone][length] ? "..." : "");
    return buffer;
}

hsd_status hsd_check_masses(const char *what, const double *values, size_t count,
                            const char *const *ids, hsd_error *err) {
    for (size_t i = 0; values && i < count; i++) {
        if (values[i] >= 0 && values[i] < INFINITY) continue;
        char label[HSD_ZONE_LABEL];
        return hsd_fail(err, HSD_E_FORMAT, "%s of zone %s is %g, expected a number of at least 0",
                        what, hsd_zone_label(ids, i, label),
                        isnan(values[i]) ? NAN : values[i]); /* no "-nan" */
    }
    return HSD_OK;
}

hsd_status hsd_check_number(const char *what, double value, bool above, hsd_error *err) {
    if (value < INFINITY && (above ? value > 0 : value >= 0)) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT, "%s is %g, expected a finite number %s 0", what,
                    isnan(value) ? NAN : value, above ? "above" : "of at least");
}

hsd_status hsd_fail_zero_cost(const hsd_cost_table *table, size_t origin, uint32_t target,
                              hsd_error *err) {
    char from[HSD_ZONE_LABEL], to[HSD_ZONE_LABEL];
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "from %s to %s the cost is 0, by which nothing can be divided; give a floor "
                    "above 0 or leave the zone itself out",
                    hsd_zone_label(table->origin_ids, origin, from),
                    hsd_zone_label(table->target_ids, target, to));
}
