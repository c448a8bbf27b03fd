/* Any bytes as a matrix in CSV, long and wide. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_vsi.h>

#include "hourshed/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const hsd_matrix_table *t) {
    if (t->pair_count == 0 || t->cost_count == 0) abort();
    for (size_t i = 0; i < t->from_count; i++)
        if (!t->from_ids[i][0]) abort();
    for (size_t i = 0; i < t->to_count; i++)
        if (!t->to_ids[i][0] || (i && strcmp(t->to_ids[i], t->to_ids[i - 1]) == 0)) abort();
    for (size_t i = 0; i < t->pair_count; i++) {
        if (t->from[i] >= t->from_count || t->to[i] >= t->to_count) abort();
        if (!(t->costs[i * t->cost_count] >= 0)) abort(); /* minutes: INFINITY, never below 0 */
        for (size_t k = 0; k < t->cost_count; k++)
            if (isnan(t->costs[i * t->cost_count + k])) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char path[] = "/vsimem/fuzz_matrix.csv";
    VSILFILE *file = VSIFileFromMemBuffer(path, (GByte *)(uintptr_t)data, size, 0);
    if (!file) return 0;
    VSIFCloseL(file);
    for (int wide = 0; wide < 2; wide++) {
        const hsd_matrix_fields fields = {.wide = wide, .unreachable = wide ? 999 : 0};
        hsd_matrix_table table;
        hsd_error err = {HSD_OK, ""};
        const hsd_status status = hsd_read_matrix(path, &fields, NULL, &table, &err);
        if (status == HSD_OK) check(&table);
        if (status == HSD_OK && wide && !table.complete) abort();
        if (status != HSD_OK && (!err.message[0] || table.from_ids)) abort();
        hsd_matrix_table_finish(&table);
    }
    VSIUnlink(path);
    return 0;
}
