/* A CSV file of any size as a stream of rows: the rules of csv_table.h, the memory of one row.
 * What gzip packed is unpacked, and paths of GDAL's virtual file system open too. Private to
 * read/. */
#ifndef READ_CSV_STREAM_H
#define READ_CSV_STREAM_H

#include "hourshed/base.h"

typedef struct hsd_csv_span {
    char *text; /* zero-ended; the row's function may write into it */
    size_t length;
} hsd_csv_span;

typedef struct hsd_csv_row {
    const char *file; /* name without folders, for messages */
    size_t line;      /* where the row begins, from 1 */
    char delimiter;
    hsd_csv_span *cells; /* until the function returns */
    size_t count;
} hsd_csv_row;

/* Called for the header first, then for each row; every one has as many cells as the header. */
typedef hsd_status (*hsd_csv_row_fn)(void *context, const hsd_csv_row *row, hsd_error *err);

/* delimiter 0: the one of comma, semicolon and tab that the first line has most of. what: of
 * progress. */
hsd_status hsd_csv_stream(const char *path, char delimiter, const hsd_run *run, const char *what,
                          hsd_csv_row_fn row, void *context, hsd_error *err);
/* "FILE line N: MESSAGE" */
hsd_status hsd_csv_row_fail(const hsd_csv_row *row, hsd_error *err, const char *format, ...)
    HSD_PRINTF(3, 4);
#endif
