/* The journal of a matrix run: finished blocks of rows beside the output, so that a run that was
 * killed goes on from where it stood. Binary, of this machine's byte order: a header (magic, a key
 * of all that decides the numbers, counts), then blocks (range of rows, times as uint32 ms, SHA-256
 * of both). Rows stand in order, without gaps. One run at a time has it. */
#ifndef STUDY_MATRIX_JOURNAL_H
#define STUDY_MATRIX_JOURNAL_H

#include "hourshed/base.h"

typedef struct hsd_journal hsd_journal;

typedef struct hsd_journal_shape {
    uint8_t key[32];
    uint64_t rows, row_values; /* row_values: percentiles x targets */
} hsd_journal_shape;

/* Opens it, or begins one. What stands there is kept up to the first block that is torn or damaged;
 * a journal of another key or shape is HSD_E_ARGUMENT, unless fresh: then it begins anew. One that
 * another run holds, or that will not fit on its disk, is HSD_E_WRITE. */
hsd_status hsd_journal_open(const char *path, const hsd_journal_shape *shape, bool fresh,
                            hsd_journal **out, hsd_error *err);
void hsd_journal_close(hsd_journal *journal);  /* the file stays; NULL-safe */
void hsd_journal_remove(hsd_journal *journal); /* the file, too */
uint64_t hsd_journal_rows(const hsd_journal *journal);
size_t hsd_journal_blocks(const hsd_journal *journal);
/* The next `count` rows. */
hsd_status hsd_journal_add(hsd_journal *journal, const uint32_t *ms, uint64_t count,
                           hsd_error *err);
/* All rows in order; ms[row_values] lives until the visitor returns. Also where that fails, the
 * journal holds what it held. */
typedef hsd_status (*hsd_journal_visit)(void *context, uint64_t row, const uint32_t *ms,
                                        hsd_error *err);
hsd_status hsd_journal_read(hsd_journal *journal, hsd_journal_visit visit, void *context,
                            hsd_error *err);
/* Bytes of a journal in blocks of so many rows. */
uint64_t hsd_journal_bytes(const hsd_journal_shape *shape, uint64_t block_rows);
#endif
