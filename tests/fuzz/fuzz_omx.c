/* Any bytes as a matrix in OMX. HDF5 opens files alone, so they are written to one. A search finds
 * faults of HDF5 1.10 itself, which trusts what a file says of its own parts: what can be known
 * before it is asked (sizes, chunks, other files) the reader refuses. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "hourshed/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const hsd_matrix_table *t) {
    if (!t->complete || t->pair_count != t->from_count * t->to_count) abort();
    for (size_t i = 0; i < t->pair_count; i++) {
        if (t->from[i] >= t->from_count || t->to[i] >= t->to_count) abort();
        if (!(t->costs[i * t->cost_count] >= 0)) abort();
        for (size_t k = 0; k < t->cost_count; k++)
            if (isnan(t->costs[i * t->cost_count + k])) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[] = "/tmp/hsd_fuzz_XXXXXX.omx";
    const int handle = mkstemps(path, 4);
    if (handle < 0) return 0;
    const bool written = write(handle, data, size) == (ssize_t)size;
    close(handle);
    const hsd_matrix_fields fields = {0};
    hsd_matrix_table table;
    hsd_error err = {HSD_OK, ""};
    if (written) {
        const hsd_status status = hsd_read_matrix(path, &fields, NULL, &table, &err);
        if (status == HSD_OK) check(&table);
        if (status != HSD_OK && (!err.message[0] || table.from_ids)) abort();
        hsd_matrix_table_finish(&table);
    }
    unlink(path);
    return 0;
}
