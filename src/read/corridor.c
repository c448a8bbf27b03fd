/* A corridor folder: the two tables, and the land mask turned round into water. Water is the box of
 * the land, widened to hold every node, less the land. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "geo/barrier.h"
#include "geo/geos.h"
#include "read/corridor.h"
#include "read/message.h"
#include "read/road_table.h"

enum { MAX_TABLE_SIZE = 64 << 20 };

typedef struct box {
    double west, south, east, north;
} box;

static void widen(box *b, double lon, double lat) {
    b->west = fmin(b->west, lon);
    b->east = fmax(b->east, lon);
    b->south = fmin(b->south, lat);
    b->north = fmax(b->north, lat);
}

static hsd_status water_of(const hsd_geometry *land, const hsd_road_table *table,
                           hsd_geometry *water, hsd_error *err) {
    box b = {180, 90, -180, -90};
    for (size_t i = 0; i < land->point_count; i++)
        widen(&b, land->points[i].lon, land->points[i].lat);
    hsd_box_e7 nodes = hsd_road_table_box(table);
    widen(&b, nodes.min_lon_e7 * 1e-7, nodes.min_lat_e7 * 1e-7);
    widen(&b, nodes.max_lon_e7 * 1e-7, nodes.max_lat_e7 * 1e-7);
    hsd_lonlat ring[5] = {{b.west, b.south},
                          {b.east, b.south},
                          {b.east, b.north},
                          {b.west, b.north},
                          {b.west, b.south}};
    size_t ring_end = 5, polygon_end = 1;
    hsd_geometry whole = {HSD_GEOMETRY_POLYGON, 5, 1, 1, ring, &ring_end, &polygon_end};
    return hsd_geos_difference(&whole, land, water, err);
}

/* Where one may leave the network no leg gets out of the water: said, for it is seldom meant. */
static hsd_status note_wet_nodes(hsd_road_table *table, hsd_error *err) {
    hsd_rtree index = {0};
    hsd_status status = hsd_barriers_index(&table->water, &index, err);
    if (status != HSD_OK) return status;
    hsd_barriers barriers = {&table->water, &index};
    size_t wet = 0;
    int64_t first = 0;
    for (size_t i = 0; i < table->node_count; i++) {
        hsd_point_e7 p = table->nodes[i];
        if (table->node_flags[i] & HSD_NODE_NO_STOP) continue;
        if (!hsd_barriers_contain(&barriers, p.lon_e7 * 1e-7, p.lat_e7 * 1e-7)) continue;
        if (wet++ == 0) first = table->node_source[i];
    }
    hsd_rtree_finish(&index);
    if (!wet) return HSD_OK;
    return hsd_road_table_note(
        table, err,
        "nodes.csv: %zu nodes with stop=yes lie in the water of land.geojson, "
        "first in row %lld",
        wet, (long long)first);
}

static hsd_status read_land(const char *path, const char *datum, hsd_road_table *out,
                            const hsd_run *run, hsd_error *err) {
    hsd_geometry land = {0};
    hsd_status status = hsd_read_barriers(path, NULL, NULL, datum, run, &land, err);
    if (status != HSD_OK) return status;
    status = water_of(&land, out, &out->water, err);
    hsd_geometry_finish(&land);
    out->has_water = status == HSD_OK;
    return status == HSD_OK ? note_wet_nodes(out, err) : status;
}

static hsd_status read_tables(const char *folder, const char *as_of, hsd_datum datum,
                              hsd_road_table *out, hsd_error *err) {
    char *paths[2] = {hsd_path_join(folder, "nodes.csv", err), NULL}, *texts[2] = {NULL, NULL};
    size_t lengths[2] = {0, 0};
    hsd_status status = paths[0] ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK && !(paths[1] = hsd_path_join(folder, "links.csv", err)))
        status = HSD_E_MEMORY;
    for (int i = 0; i < 2 && status == HSD_OK; i++)
        status = hsd_read_text(paths[i], MAX_TABLE_SIZE, &texts[i], &lengths[i], err);
    if (status == HSD_OK)
        status = hsd_corridor_parse((hsd_text_file){texts[0], lengths[0]},
                                    (hsd_text_file){texts[1], lengths[1]}, as_of, datum, out, err);
    for (int i = 0; i < 2; i++) {
        hsd_free(paths[i]);
        hsd_free(texts[i]);
    }
    return status;
}

hsd_status hsd_read_corridor(const char *folder, const char *as_of, const char *datum,
                             const hsd_run *run, hsd_road_table *out, hsd_error *err) {
    *out = (hsd_road_table){0};
    hsd_datum known;
    hsd_status status = hsd_datum_choose(datum, &known, err);
    if (status == HSD_OK) status = hsd_progress(run, "reading the corridor tables", 0, err);
    if (status == HSD_OK) status = read_tables(folder, as_of, known, out, err);
    if (status != HSD_OK) return status;
    char *land = hsd_path_join(folder, "land.geojson", err);
    if (!land)
        status = HSD_E_MEMORY;
    else if (hsd_path_exists(land))
        status = read_land(land, datum, out, run, err);
    hsd_free(land);
    if (status != HSD_OK) hsd_road_table_finish(out);
    return status;
}
