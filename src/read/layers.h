/* Layers of a vector file as columns in memory: what our own results hold, read back. */
#ifndef READ_LAYERS_H
#define READ_LAYERS_H

#include "hourshed/geo.h"

typedef struct hsd_layers hsd_layers; /* an open file */
hsd_status hsd_layers_open(const char *path, hsd_layers **out, hsd_error *err);
void hsd_layers_close(hsd_layers *layers); /* NULL-safe */
bool hsd_layers_has(const hsd_layers *layers, const char *name);

typedef struct hsd_layer_column {
    char *name;
    bool number;
    double *numbers; /* of numbers and truth values; NAN: empty */
    char **texts;    /* else; NULL: empty */
} hsd_layer_column;
typedef struct hsd_layer_table {
    hsd_layer_column *columns;
    size_t column_count, row_count;
    hsd_geometry *geometries; /* WGS84, empty ones among them; NULL: not asked for */
} hsd_layer_table;

typedef enum hsd_layer_part { HSD_LAYER_COLUMNS, HSD_LAYER_AND_GEOMETRY } hsd_layer_part;
/* A layer that is not there is an error that lists those that are. */
hsd_status hsd_layers_read(const hsd_layers *layers, const char *name, hsd_layer_part part,
                           hsd_layer_table *out, hsd_error *err);
void hsd_layer_table_finish(hsd_layer_table *table); /* NULL-safe */

/* The column (any case); NULL: there is none such. */
const hsd_layer_column *hsd_layer_find(const hsd_layer_table *table, const char *name);
#endif
