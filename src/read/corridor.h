/* Corridor tables from memory: for hsd_read_corridor, tests and fuzzing. Private to read/. */
#ifndef READ_CORRIDOR_H
#define READ_CORRIDOR_H

#include "hourshed/read.h"

typedef struct hsd_text_file {
    const char *data;
    size_t length;
} hsd_text_file;

/* All but the water. The table is finished on failure. */
hsd_status hsd_corridor_parse(hsd_text_file nodes, hsd_text_file links, const char *as_of,
                              hsd_datum datum, hsd_road_table *out, hsd_error *err);
#endif
