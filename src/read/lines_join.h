/* From drawn lines to ways that share nodes. Private to read/. */
#ifndef READ_LINES_JOIN_H
#define READ_LINES_JOIN_H

#include "hourshed/geo.h"

typedef struct hsd_line_part {
    size_t first_point;
    uint32_t point_count; /* >= 2 */
    bool raised;          /* on a bridge or in a tunnel: nothing joins it between its ends */
} hsd_line_part;

typedef struct hsd_line_join_options {
    double tolerance_m;
    bool crossings;
} hsd_line_join_options;

typedef struct hsd_joined_lines {
    hsd_point_e7 *nodes;
    size_t node_count;
    uint32_t *way_nodes;
    size_t way_node_count;
    size_t *way_end; /* of each part: ends before way_nodes[way_end]; no nodes: no length */
} hsd_joined_lines;

/* Ends within the tolerance of each other become one node (transitively), placed where the first of
 * them is drawn. With crossings: lines that cross or touch share a node there too, raised ones only
 * by their own ends. O(n log n + crossings). */
hsd_status hsd_lines_join(const hsd_point_e7 *points, size_t point_count,
                          const hsd_line_part *parts, size_t part_count,
                          const hsd_line_join_options *options, hsd_joined_lines *out,
                          hsd_error *err);
void hsd_joined_lines_finish(hsd_joined_lines *joined);
#endif
