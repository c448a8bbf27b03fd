/* Any bytes as a measure or a decay: refused with a line, or read, and what is read reads back the
 * same from its own text. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hourshed/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_measures(const char *text) {
    hsd_measure **list, **again;
    size_t count, one;
    hsd_error err = {HSD_OK, ""};
    if (hsd_measures_parse(text, NULL, &list, &count, &err) != HSD_OK) {
        if (!err.message[0] || list || count) abort();
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *own = hsd_measure_text(list[i]);
        if (hsd_measures_parse(own, NULL, &again, &one, &err) != HSD_OK || one != 1) abort();
        if (strcmp(own, hsd_measure_text(again[0])) != 0) abort();
        if (strcmp(hsd_measure_column(list[i]), hsd_measure_column(again[0])) != 0) abort();
        if (strcmp(hsd_measure_conventions(list[i]), hsd_measure_conventions(again[0])) != 0)
            abort();
        hsd_measures_destroy(again, one);
    }
    hsd_measures_destroy(list, count);
}

static void check_decay(const char *text) {
    static const double costs[] = {0, 1e-300, 0.5, 1, 10, 59.9, 60, 240, 1e9, 1e300};
    hsd_decay decay, again;
    hsd_error err = {HSD_OK, ""};
    char own[1024];
    if (hsd_decay_parse(text, &decay, &err) != HSD_OK) {
        if (!err.message[0]) abort();
        return;
    }
    hsd_decay_text(&decay, own, sizeof own);
    if (hsd_decay_parse(own, &again, &err) != HSD_OK) abort();
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        const double f = hsd_decay_value(&decay, costs[i]);
        if (isnan(f) || f < 0 || f != hsd_decay_value(&again, costs[i])) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = hsd_strndup((const char *)data, size, NULL);
    if (!text) return 0;
    check_measures(text);
    check_decay(text);
    hsd_free(text);
    return 0;
}
