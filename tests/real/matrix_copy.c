/* matrix_copy IN OUT [wide] [lookup=NAME] [cost=NAME ...]: reads a matrix and writes it again,
 * every pair of it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hourshed/export.h"
#include "hourshed/read.h"

static int failed(const hsd_error *err) {
    fprintf(stderr, "matrix_copy: %s\n", err->message);
    return 1;
}

static hsd_status write_rows(hsd_matrix_writer *writer, const hsd_matrix_table *t, hsd_error *err) {
    const size_t width = t->cost_count * t->to_count;
    double *all = malloc(t->from_count * width * sizeof *all);
    for (size_t i = 0; i < t->from_count * width; i++) all[i] = NAN;
    for (size_t i = 0; i < t->pair_count; i++)
        for (size_t k = 0; k < t->cost_count; k++)
            all[t->from[i] * width + k * t->to_count + t->to[i]] = t->costs[i * t->cost_count + k];
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < t->from_count && status == HSD_OK; i++)
        status = hsd_matrix_writer_row(writer, all + i * width, err);
    free(all);
    return status;
}

int main(int argc, char **argv) {
    const char *costs[8];
    hsd_matrix_fields fields = {.costs = costs};
    hsd_matrix_spec spec = {.overwrite = true, .all = true, .provenance = "{\"by\":\"a test\"}"};
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "wide") == 0) spec.wide = true;
        if (strncmp(argv[i], "lookup=", 7) == 0) fields.lookup = argv[i] + 7;
        if (strncmp(argv[i], "cost=", 5) == 0) costs[fields.cost_count++] = argv[i] + 5;
    }
    hsd_matrix_table table;
    hsd_error err = {0};
    if (argc < 3) return 2;
    if (hsd_read_matrix(argv[1], &fields, NULL, &table, &err) != HSD_OK) return failed(&err);
    spec.from_ids = (const char *const *)table.from_ids;
    spec.to_ids = (const char *const *)table.to_ids;
    spec.from_count = table.from_count;
    spec.to_count = table.to_count;
    spec.names = (const char *const *)table.cost_names;
    spec.name_count = table.cost_count;
    hsd_matrix_writer *writer = NULL;
    hsd_status status = hsd_matrix_writer_create(argv[2], &spec, &writer, &err);
    if (status == HSD_OK) status = write_rows(writer, &table, &err);
    if (status == HSD_OK) status = hsd_matrix_writer_commit(writer, &err);
    hsd_matrix_writer_destroy(writer);
    hsd_matrix_table_finish(&table);
    return status == HSD_OK ? 0 : failed(&err);
}
