/* Rows of places, from a GDAL layer or a CSV table, behind one face. Private to read/. */
#ifndef READ_PLACE_SOURCE_H
#define READ_PLACE_SOURCE_H

#include "hourshed/read.h"
#include "read/csv_table.h"
#include "read/vector.h"

typedef struct hsd_place_source {
    bool is_csv;
    hsd_csv csv;
    hsd_vector vector; /* of a CSV only transform and geographic, for x, y and WKT columns */
    int id, name, name_en, initial_min, lon, lat, wkt; /* columns; -1: none */
    bool id_is_fid;
    int *masses;
    const char *const *mass_names; /* borrowed */
    size_t mass_count;
    int *texts; /* columns */
    size_t text_count;
    bool masses_only; /* without coordinates every place is the point 0, 0 */
    size_t next_row; /* CSV */
} hsd_place_source;

typedef struct hsd_place_row {
    const hsd_place_source *source;
    OGRFeatureH feature; /* NULL: a CSV row */
    size_t row;
} hsd_place_row;

hsd_status hsd_place_source_open(const char *path, const hsd_place_fields *fields,
                                 hsd_place_source *out, hsd_error *err);
void hsd_place_source_close(hsd_place_source *source);         /* NULL-safe */
double hsd_place_source_total(const hsd_place_source *source); /* rows; 0: not known */

/* *more is false at the end. A row must be ended before the next. */
hsd_status hsd_place_source_next(hsd_place_source *source, hsd_place_row *row, bool *more,
                                 hsd_error *err);
void hsd_place_row_end(hsd_place_row *row);
int64_t hsd_place_row_id(const hsd_place_row *row); /* feature id, or 1-based data row */
hsd_status hsd_place_row_text(const hsd_place_row *row, int column, const char **out,
                              hsd_error *err);
hsd_status hsd_place_row_number(const hsd_place_row *row, int column, double *out, bool *given,
                                hsd_error *err);
/* The row's geometry in WGS84, or a fault of at most HSD_FAULT_SIZE. */
hsd_status hsd_place_row_geometry(const hsd_place_row *row, hsd_geometry *out, char *fault,
                                  hsd_error *err);
hsd_status hsd_place_row_fail(const hsd_place_row *row, hsd_error *err, const char *format, ...)
    HSD_PRINTF(3, 4);
#endif
