/* Any bytes as GeoJSON lines with every field mapped, ends and crossings joined. */
#include <stdint.h>
#include <stdlib.h>

#include <cpl_vsi.h>

#include "hourshed/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const hsd_road_table *t) {
    for (size_t i = 0; i < t->way_count; i++) {
        const hsd_way *w = &t->ways[i];
        if (w->node_count < 2 || w->first_node + (size_t)w->node_count > t->way_node_count) abort();
        if (w->class_id >= t->class_count || w->name >= t->string_size) abort();
        for (uint32_t k = 0; k < w->node_count; k++) {
            uint32_t node = t->way_nodes[w->first_node + k];
            if (node >= t->node_count || (k && node == t->way_nodes[w->first_node + k - 1]))
                abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char path[] = "/vsimem/fuzz_lines.geojson";
    static const hsd_line_fields fields = {.road_class = "class",
                                           .speed_kmh = "speed",
                                           .oneway = "oneway",
                                           .bridge = "bridge",
                                           .modes = "modes",
                                           .node_crossings = true};
    VSILFILE *file = VSIFileFromMemBuffer(path, (GByte *)(uintptr_t)data, size, 0);
    if (!file) return 0;
    VSIFCloseL(file);
    hsd_road_table table;
    hsd_error err = {0};
    hsd_status status = hsd_read_lines(path, &fields, NULL, &table, &err);
    if (status == HSD_OK) check(&table);
    if (status != HSD_OK && !err.message[0]) abort();
    hsd_road_table_finish(&table);
    VSIUnlink(path);
    return 0;
}
