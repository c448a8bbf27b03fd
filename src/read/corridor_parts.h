/* What the readers of nodes.csv and links.csv share. Private to read/corridor*.c. */
#ifndef READ_CORRIDOR_PARTS_H
#define READ_CORRIDOR_PARTS_H

#include "read/csv_table.h"
#include "read/table_builder.h"

typedef struct hsd_node_key {
    const char *id;
    uint32_t row;
} hsd_node_key;

typedef struct hsd_link_columns {
    int id, from, to, name, road_class, length_km, speed_kmh, minutes, wait_min, oneway, modes,
        opened, closed, geometry;
} hsd_link_columns;

typedef struct hsd_corridor {
    hsd_csv nodes, links;
    hsd_table_builder builder;
    hsd_road_table *out;
    hsd_node_key *keys; /* of nodes, sorted by id */
    uint8_t *used;      /* node rows that a link in the table touches */
    hsd_link_columns c;
    uint32_t as_of; /* yyyymmdd; 0: not asked */
    hsd_datum datum;
    size_t left_out, unmeasured;
    size_t first_unmeasured; /* row */
    hsd_error *err;
} hsd_corridor;

/* Ids of a table sorted, row order where equal; one that stands twice is an error. Empty ids pass.
 */
hsd_status hsd_corridor_sort_ids(hsd_corridor *corridor, const hsd_csv *csv, int column,
                                 hsd_node_key *keys);
/* A note for every column that is not known (NULL-ended list). */
hsd_status hsd_corridor_note_columns(hsd_corridor *corridor, const hsd_csv *csv,
                                     const char *const *known);
/* All links; the nodes must have been read. */
hsd_status hsd_corridor_links(hsd_corridor *corridor);
#endif
