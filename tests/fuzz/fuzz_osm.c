/* hsd_read_osm on any bytes: the first byte picks the format, the rest is the file. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "hourshed/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const hsd_road_table *table) {
    for (size_t w = 0; w < table->way_count; w++) {
        const hsd_way *way = &table->ways[w];
        if (way->node_count < 2 || way->class_id >= table->class_count ||
            way->name >= table->string_size ||
            (size_t)way->first_node + way->node_count > table->way_node_count)
            abort();
    }
    for (size_t i = 0; i < table->way_node_count; i++)
        if (table->way_nodes[i] >= table->node_count) abort();
    for (size_t i = 0; i < table->restriction_count; i++) {
        const hsd_restriction *r = &table->restrictions[i];
        if (r->from_way >= table->way_count || r->to_way >= table->way_count ||
            (size_t)r->first_via + r->via_count > table->via_way_count ||
            (r->via_count == 0 && r->via_node >= table->node_count))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const endings[] = {".osm", ".osm.pbf", ".osm.gz", ".osm.bz2"};
    if (size < 1) return 0;
    char path[64];
    const char *ending = endings[data[0] % 4];
    snprintf(path, sizeof path, "/tmp/hourshed-fuzz-%ld%s", (long)getpid(), ending);
    FILE *file = fopen(path, "wb");
    if (!file) return 0;
    size_t written = fwrite(data + 1, 1, size - 1, file);
    if (fclose(file) == 0 && written == size - 1) {
        const hsd_run run = {.threads = 1};
        hsd_road_table table;
        hsd_error err = {0};
        if (hsd_read_osm(path, &run, &table, &err) == HSD_OK) {
            check(&table);
            hsd_road_table_finish(&table);
        } else if (!err.message[0]) {
            abort(); /* refused without a word */
        }
    }
    unlink(path);
    return 0;
}
