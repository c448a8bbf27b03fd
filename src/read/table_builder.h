/* Fills a road table row by row, for the readers of layers and corridor tables. Private to read/.
 */
#ifndef READ_TABLE_BUILDER_H
#define READ_TABLE_BUILDER_H

#include "read/road_table.h"

enum { HSD_BIT_WALK = 1 << 1 }; /* words of access begin car, walk, bicycle */

typedef struct hsd_table_builder {
    hsd_road_table *table;
    hsd_name_pool names;
    size_t node_capacity, way_capacity, way_node_capacity;
} hsd_table_builder;

/* The table must be zeroed; gets the modes car, walk, bicycle. */
hsd_status hsd_builder_init(hsd_road_table *table, hsd_table_builder *out, hsd_error *err);
hsd_status hsd_builder_node(hsd_table_builder *builder, hsd_point_e7 point, int64_t source,
                            uint8_t flags, uint32_t *index, hsd_error *err);
hsd_status hsd_builder_way_node(hsd_table_builder *builder, uint32_t node, hsd_error *err);
/* first_node must have been way_node_count before the way's nodes were added; node_count is set
 * here. */
hsd_status hsd_builder_way(hsd_table_builder *builder, const hsd_way *way, hsd_error *err);
/* Words of a ;-separated list as bits, new words registered; an empty list gives 0. A word that
 * cannot be one (empty, longer than 23 bytes, the seventeenth) fails without saying where. */
hsd_status hsd_builder_words(hsd_table_builder *builder, const char *list, uint16_t *bits,
                             hsd_error *err);
/* A direction closed to all but walkers: 0 forward, 1 backward. Call before hsd_builder_end. */
void hsd_way_close(hsd_way *way, int direction);
/* Once all words are known: a way with a list of words bans every other word, closed directions
 * every word but walk. Hands the names over. The builder is empty afterwards, whatever the status.
 */
hsd_status hsd_builder_end(hsd_table_builder *builder, hsd_error *err);
void hsd_builder_finish(hsd_table_builder *builder); /* after a failure; not the table */
#endif
