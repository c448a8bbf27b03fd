/* The working state of a matrix run: matrix.c holds the order of steps and the blocks,
 * matrix_output.c the file that is made of them. */
#ifndef STUDY_MATRIX_RUN_H
#define STUDY_MATRIX_RUN_H

#include "hourshed/export.h"
#include "study/matrix_journal.h"
#include "study/time_rows.h"

typedef struct hsd_matrix_run {
    const hsd_matrix_request *request;
    const hsd_run *run;
    hsd_time_rows_ask ask;
    hsd_time_rows *rows;
    char *record, *journal_path;
    uint8_t key[32];
    hsd_journal *journal;
    size_t block_rows, resumed_blocks;
    /* The file's: of a run to its origins the targets are where trips begin. */
    const char **from_ids, **to_ids, **names;
    size_t from_count, to_count, name_count;
    char (*name_texts)[32];
    hsd_matrix_writer *writer;
    double *values; /* of a row of the file */
    uint64_t reached, sum_ms, written;
} hsd_matrix_run;

double hsd_matrix_memory_bytes(const hsd_matrix_run *run);

/* ---- matrix_output.c */
/* Ids and names; then what the writer refuses is said before the work. */
hsd_status hsd_matrix_output_check(hsd_matrix_run *run, hsd_error *err);
/* About what the file will hold, before it is packed. */
double hsd_matrix_output_bytes(const hsd_matrix_run *run);
/* The file from the journal, and the journal removed after it. Counts what is reached. */
hsd_status hsd_matrix_output_write(hsd_matrix_run *run, hsd_error *err);
void hsd_matrix_output_finish(hsd_matrix_run *run);
#endif
