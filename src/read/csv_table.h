/* A CSV file as a table of cells that remember their lines, over libcsv in strict mode. UTF-8 with
 * or without a byte order mark; comma, or semicolon or tab where the first line has no comma;
 * quoted fields may hold line ends; rows without content are skipped. Refused: bad UTF-8, NULs,
 * stray quotes, rows shorter or longer than the header, a column named twice. */
#ifndef READ_CSV_TABLE_H
#define READ_CSV_TABLE_H

#include "hourshed/base.h"

typedef struct hsd_csv {
    char *file;    /* name without folders, for messages */
    char *text;    /* pool of zero-ended cells */
    size_t *cells; /* offsets into text: the header's column_count, then row by row */
    size_t *lines; /* row_count: line of the file where the row begins, from 1 */
    size_t row_count, column_count;
} hsd_csv;

enum { HSD_CSV_NONE = -1 };

/* encoding: NULL for UTF-8, else what iconv calls it. */
hsd_status hsd_csv_read(const char *path, const char *encoding, hsd_csv *out, hsd_error *err);
hsd_status hsd_csv_parse(const char *data, size_t length, const char *file, hsd_csv *out,
                         hsd_error *err);
void hsd_csv_finish(hsd_csv *csv); /* NULL-safe */

const char *hsd_csv_header(const hsd_csv *csv, int column);
/* Column of a name (ASCII letters in either case), or HSD_CSV_NONE. */
int hsd_csv_column(const hsd_csv *csv, const char *name);
/* The same, but its absence is an error that lists the columns there are. */
hsd_status hsd_csv_need(const hsd_csv *csv, const char *name, int *column, hsd_error *err);
/* "" for HSD_CSV_NONE. */
const char *hsd_csv_cell(const hsd_csv *csv, size_t row, int column);
/* The cell as a number; given = false (and *out untouched) where it is empty. */
hsd_status hsd_csv_number(const hsd_csv *csv, size_t row, int column, double *out, bool *given,
                          hsd_error *err);
/* yes/true/1, no/false/0; an empty cell leaves *out as it is. */
hsd_status hsd_csv_bool(const hsd_csv *csv, size_t row, int column, bool *out, hsd_error *err);
/* "FILE line N: MESSAGE" */
hsd_status hsd_csv_fail(const hsd_csv *csv, size_t row, hsd_error *err, const char *format, ...)
    HSD_PRINTF(4, 5);

#endif
