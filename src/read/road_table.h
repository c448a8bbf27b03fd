/* Parts every street reader needs to fill a road table: class names, names of roads, notes. */
#ifndef READ_ROAD_TABLE_H
#define READ_ROAD_TABLE_H

#include "base/memory.h"
#include "hourshed/read.h"

/* Zero-ended texts, each once; offset 0 is "". Offsets depend only on the order of adding. */
typedef struct hsd_name_pool {
    char *data;
    size_t size, capacity;
    uint32_t *slots; /* open addressing; 0: free */
    size_t slot_count, used;
} hsd_name_pool;
hsd_status hsd_name_pool_add(hsd_name_pool *pool, const char *text, uint32_t *offset,
                             hsd_error *err);
void hsd_name_pool_finish(hsd_name_pool *pool);

/* The id of a class, a new one where it is not there yet. */
hsd_status hsd_road_table_class(hsd_road_table *table, const char *name, uint16_t *id,
                                hsd_error *err);
hsd_status hsd_road_table_mode(hsd_road_table *table, const char *name, hsd_error *err);

#define HSD_MAX_NOTES 100
/* Adds a note, or drops it quietly when there are HSD_MAX_NOTES already. */
hsd_status hsd_road_table_note(hsd_road_table *table, hsd_error *err, const char *format, ...)
    HSD_PRINTF(3, 4);

/* The box of all nodes; empty (min > max) where there are none. */
hsd_box_e7 hsd_road_table_box(const hsd_road_table *table);

#endif
