/* Any bytes as corridor tables: nodes.csv, a line of "====", links.csv. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/corridor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const hsd_road_table *t) {
    if (t->way_count == 0) abort();
    for (size_t i = 0; i < t->way_count; i++) {
        const hsd_way *w = &t->ways[i];
        if (w->node_count < 2 || w->first_node + (size_t)w->node_count > t->way_node_count) abort();
        if (w->class_id >= t->class_count || w->name >= t->string_size) abort();
        if (!(w->length_m >= 0) || w->time_ms[0] >= HSD_UNREACHABLE) abort();
        if ((w->yes[0] & w->no[0]) || (w->yes[1] & w->no[1])) abort();
    }
    for (size_t i = 0; i < t->way_node_count; i++)
        if (t->way_nodes[i] >= t->node_count) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char cut[] = "\n====\n";
    const char *text = (const char *)data, *at = memmem(text, size, cut, sizeof cut - 1);
    if (!at) return 0;
    hsd_text_file nodes = {text, (size_t)(at - text) + 1};
    hsd_text_file links = {at + sizeof cut - 1, size - nodes.length - (sizeof cut - 2)};
    hsd_road_table table;
    hsd_error err = {0};
    hsd_status status =
        hsd_corridor_parse(nodes, links, size % 2 ? "2024-06-30" : NULL, HSD_GCJ02, &table, &err);
    if (status == HSD_OK) check(&table);
    if (status != HSD_OK && !err.message[0]) abort();
    hsd_road_table_finish(&table);
    return 0;
}
