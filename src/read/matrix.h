/* A matrix while it is read: what CSV, layers and OMX share. Private to read/. */
#ifndef READ_MATRIX_H
#define READ_MATRIX_H

#include "hourshed/read.h"
#include "read/text_pool.h"

/* Rows by id, in order of first appearance. Zero it to begin. */
typedef struct hsd_matrix_ids {
    hsd_text_pool pool;
    hsd_text_index rows;
    HSD_ARRAY(uint32_t) texts; /* of a row, in the pool */
    uint32_t last;             /* found last: in long tables it mostly comes again */
} hsd_matrix_ids;
/* The row of an id that is not empty, new or not. */
hsd_status hsd_matrix_id(hsd_matrix_ids *ids, const char *text, size_t length, uint32_t *row,
                         hsd_error *err);

enum { HSD_MATRIX_MOST_COSTS = 64, HSD_MATRIX_UNNAMED_COSTS = 4 };

typedef struct hsd_matrix_reading {
    const char *path;
    const hsd_matrix_fields *fields;
    const hsd_run *run;
    hsd_matrix_ids from, to;
    HSD_ARRAY(char *) names; /* of costs */
    HSD_ARRAY(uint32_t) pair_from;
    HSD_ARRAY(uint32_t) pair_to;
    HSD_ARRAY(double) costs;
    hsd_error *err;
} hsd_matrix_reading;

hsd_status hsd_matrix_add_name(hsd_matrix_reading *reading, const char *name);
/* The name must be known already (those of a layer or a file); costs: one a name. */
hsd_status hsd_matrix_add_pair(hsd_matrix_reading *reading, uint32_t from, uint32_t to,
                               const double *costs);
/* A number as it was given, or NAN, as a cost: INFINITY where it says that there is no way. */
double hsd_matrix_cost(const hsd_matrix_reading *reading, size_t cost, double value);
/* The same of a text; false: it is no number. */
bool hsd_matrix_cost_text(const hsd_matrix_reading *reading, size_t cost, const char *text,
                          size_t length, double *out);

/* Which of the columns (or fields) are origin, target and costs: by the names given, else by the
 * usual ones and by which may be costs. */
typedef struct hsd_matrix_columns {
    int from, to;
    int costs[HSD_MATRIX_MOST_COSTS];
    size_t cost_count;
} hsd_matrix_columns;
typedef struct hsd_matrix_header {
    const char *file; /* for messages */
    const char *const *names;
    size_t count;
    const char *what, *many; /* "column", "columns" */
} hsd_matrix_header;
hsd_status hsd_matrix_choose_ids(const hsd_matrix_reading *reading, const hsd_matrix_header *header,
                                 hsd_matrix_columns *columns);
/* may: of each column whether it may be a cost where none is named (NULL: all); minutes come
 * first. */
hsd_status hsd_matrix_choose_costs(hsd_matrix_reading *reading, const hsd_matrix_header *header,
                                   const bool *may, hsd_matrix_columns *columns);
bool hsd_matrix_has_ids(const char *const *names, size_t count);

hsd_status hsd_matrix_read_csv(hsd_matrix_reading *reading);
hsd_status hsd_matrix_read_layer(hsd_matrix_reading *reading);
hsd_status hsd_matrix_read_omx(hsd_matrix_reading *reading); /* where there is HDF5 */
#endif
