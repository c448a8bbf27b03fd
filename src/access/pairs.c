/* Checks of the columns that measures take, and names of zones in their messages. */
#include <math.h>
#include <stdio.h>

#include "access/pairs.h"
#include "base/text.h"

const char *hsd_zone_label(const char *const *ids, size_t zone, char *buffer) {
    enum { SIZE = 80, ROOM = SIZE - 6 }; /* quotes, an ellipsis */
    if (!ids) {
        snprintf(buffer, SIZE, "number %zu", zone + 1);
        return buffer;
    }
    const size_t length = hsd_utf8_cut(ids[zone], ROOM);
    snprintf(buffer, SIZE, "\"%.*s%s\"", (int)length, ids[zone], ids[zone][length] ? "..." : "");
    return buffer;
}

hsd_status hsd_check_masses(const char *what, const double *values, size_t count,
                            const char *const *ids, hsd_error *err) {
    for (size_t i = 0; values && i < count; i++) {
        if (values[i] >= 0 && values[i] < INFINITY) continue;
        char label[80];
        return hsd_fail(err, HSD_E_FORMAT, "%s of zone %s is %g, expected a number of at least 0",
                        what, hsd_zone_label(ids, i, label),
                        isnan(values[i]) ? NAN : values[i]); /* no "-nan" */
    }
    return HSD_OK;
}
