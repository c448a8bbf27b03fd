/* A matrix file in the making: what its formats share. Private to export/. */
#ifndef EXPORT_MATRIX_H
#define EXPORT_MATRIX_H

#include "base/memory.h"
#include "hourshed/export.h"

typedef struct hsd_matrix_format {
    hsd_status (*begin)(hsd_matrix_writer *writer, hsd_error *err);
    hsd_status (*row)(hsd_matrix_writer *writer, const double *values, hsd_error *err);
    hsd_status (*commit)(hsd_matrix_writer *writer, hsd_error *err);
    void (*finish)(hsd_matrix_writer *writer); /* after any of these, and after begin failed */
} hsd_matrix_format;
bool hsd_matrix_path_ends(const char *path, const char *ending); /* in either case */
extern const hsd_matrix_format hsd_matrix_csv, hsd_matrix_table_format;
extern const hsd_matrix_format hsd_matrix_omx; /* where there is HDF5 */

struct hsd_matrix_writer {
    const hsd_matrix_format *format;
    char *path;
    hsd_matrix_spec spec; /* with texts of its own */
    size_t rows;          /* written */
    bool failed;
    void *state; /* the format's */
};
#endif
