/* A zip archive of CSV tables, written value by value: texts are quoted where they must be, lines
 * end in CR LF (RFC 4180), numbers are the shortest that read back the same. */
#ifndef EXPORT_CSV_ZIP_H
#define EXPORT_CSV_ZIP_H

#include "base/file.h"
#include "base/text.h"
#include "export/zip.h"

typedef struct hsd_csv_zip {
    hsd_output output;
    hsd_zip zip;
    const char *table; /* that is being written; NULL: none */
    hsd_text text;
    bool row;    /* a value stands in the line */
    size_t rows; /* lines of the table */
} hsd_csv_zip;

/* Nothing stands under the path before commit. finish discards what was not committed. */
hsd_status hsd_csv_zip_begin(const char *path, bool overwrite, hsd_csv_zip *out, hsd_error *err);
/* Ends the table before; a table without rows is not written. titles: "stop_id,stop_name". */
hsd_status hsd_csv_table(hsd_csv_zip *zip, const char *name, const char *titles, hsd_error *err);
void hsd_csv_text(hsd_csv_zip *zip, const char *text);
void hsd_csv_int(hsd_csv_zip *zip, int64_t value);
void hsd_csv_real(hsd_csv_zip *zip, double value);     /* not finite: empty */
void hsd_csv_clock(hsd_csv_zip *zip, int32_t seconds); /* HH:MM:SS, past 24 too */
void hsd_csv_end(hsd_csv_zip *zip);                    /* of the row */
hsd_status hsd_csv_zip_commit(hsd_csv_zip *zip, hsd_error *err);
void hsd_csv_zip_finish(hsd_csv_zip *zip);
#endif
