/* nodes.csv and links.csv to a road table: nodes first, in file order, then links in file order.
 * docs/corridor-csv.md is the format. O(n log n). */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "read/corridor.h"
#include "read/corridor_parts.h"
#include "read/message.h"

static int by_id(const void *a, const void *b) {
    const hsd_node_key *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

hsd_status hsd_corridor_note_columns(hsd_corridor *k, const hsd_csv *csv,
                                     const char *const *known) {
    hsd_status status = HSD_OK;
    char clip[HSD_CLIP_SIZE];
    for (size_t i = 0; i < csv->column_count && status == HSD_OK; i++) {
        const char *name = hsd_csv_header(csv, (int)i);
        bool found = name[0] == '\0';
        for (size_t j = 0; known[j] && !found; j++) found = hsd_text_equal_nocase(known[j], name);
        if (!found)
            status = hsd_road_table_note(k->out, k->err, "%s: column \"%s\" is not read", csv->file,
                                         hsd_clip(name, clip));
    }
    return status;
}

static hsd_status add_node(hsd_corridor *k, size_t row, int lon_column, int lat_column,
                           int stop_column) {
    const hsd_csv *csv = &k->nodes;
    double lon = 0, lat = 0;
    bool has_lon, has_lat, stop = true;
    uint32_t index;
    hsd_status status = hsd_csv_number(csv, row, lon_column, &lon, &has_lon, k->err);
    if (status == HSD_OK) status = hsd_csv_number(csv, row, lat_column, &lat, &has_lat, k->err);
    if (status == HSD_OK) status = hsd_csv_bool(csv, row, stop_column, &stop, k->err);
    if (status != HSD_OK) return status;
    if (!has_lon || !has_lat)
        return hsd_csv_fail(csv, row, k->err, "%s is empty; degrees were expected",
                            has_lon ? "lat" : "lon");
    if (!hsd_on_globe(lon, lat))
        return hsd_csv_fail(csv, row, k->err,
                            "lon,lat %g,%g is not on the globe (lon is x, east; swapped?)", lon,
                            lat);
    const hsd_lonlat at = hsd_datum_to_wgs84(k->datum, (hsd_lonlat){lon, lat});
    hsd_point_e7 point = {hsd_e7_of(at.lon), hsd_e7_of(at.lat)};
    return hsd_builder_node(&k->builder, point, (int64_t)row + 1, stop ? 0 : HSD_NODE_NO_STOP,
                            &index, k->err);
}

hsd_status hsd_corridor_sort_ids(hsd_corridor *k, const hsd_csv *csv, int column,
                                 hsd_node_key *keys) {
    char clip[HSD_CLIP_SIZE];
    for (size_t i = 0; i < csv->row_count; i++)
        keys[i] = (hsd_node_key){hsd_csv_cell(csv, i, column), (uint32_t)i};
    qsort(keys, csv->row_count, sizeof *keys, by_id);
    for (size_t i = 1; i < csv->row_count; i++)
        if (keys[i].id[0] && strcmp(keys[i - 1].id, keys[i].id) == 0)
            return hsd_csv_fail(csv, keys[i].row, k->err,
                                "id \"%s\" stands twice, first in line %zu",
                                hsd_clip(keys[i].id, clip), csv->lines[keys[i - 1].row]);
    return HSD_OK;
}

static hsd_status index_nodes(hsd_corridor *k, int id_column) {
    const hsd_csv *csv = &k->nodes;
    k->keys = hsd_alloc(csv->row_count, sizeof *k->keys, k->err);
    k->used = hsd_calloc(csv->row_count, 1, k->err);
    if (!k->keys || !k->used) return HSD_E_MEMORY;
    for (size_t i = 0; i < csv->row_count; i++)
        if (!hsd_csv_cell(csv, i, id_column)[0]) return hsd_csv_fail(csv, i, k->err, "id is empty");
    return hsd_corridor_sort_ids(k, csv, id_column, k->keys);
}

static hsd_status read_nodes(hsd_corridor *k) {
    static const char *const known[] = {"id",   "lon",  "lat",    "name",       "name_en", "kind",
                                        "stop", "year", "source", "confidence", "note",    NULL};
    const hsd_csv *csv = &k->nodes;
    int id, lon, lat, stop = hsd_csv_column(csv, "stop");
    hsd_status status = hsd_csv_need(csv, "id", &id, k->err);
    if (status == HSD_OK) status = hsd_csv_need(csv, "lon", &lon, k->err);
    if (status == HSD_OK) status = hsd_csv_need(csv, "lat", &lat, k->err);
    if (status == HSD_OK && csv->row_count == 0)
        status = hsd_fail(k->err, HSD_E_FORMAT, "%s has no rows", csv->file);
    if (status == HSD_OK && csv->row_count >= UINT32_MAX)
        status = hsd_fail(k->err, HSD_E_MEMORY, "%s has too many rows", csv->file);
    for (size_t i = 0; i < csv->row_count && status == HSD_OK; i++)
        status = add_node(k, i, lon, lat, stop);
    if (status == HSD_OK) status = index_nodes(k, id);
    return status == HSD_OK ? hsd_corridor_note_columns(k, csv, known) : status;
}

static hsd_status add_notes(hsd_corridor *k) {
    hsd_status status = HSD_OK;
    size_t lonely = 0, first = 0;
    for (size_t i = k->nodes.row_count; i-- > 0;)
        if (!k->used[i]) {
            lonely++;
            first = i;
        }
    if (k->left_out)
        status =
            hsd_road_table_note(k->out, k->err, "links.csv: %zu of %zu links are not open then",
                                k->left_out, k->links.row_count);
    if (status == HSD_OK && k->unmeasured)
        status = hsd_road_table_note(
            k->out, k->err,
            "links.csv: %zu links without length_km, first in line %zu: taken as drawn",
            k->unmeasured, k->links.lines[k->first_unmeasured]);
    if (status == HSD_OK && lonely)
        status = hsd_road_table_note(k->out, k->err,
                                     "nodes.csv: %zu nodes without a link, first in line %zu",
                                     lonely, k->nodes.lines[first]);
    return status;
}

static hsd_status read_as_of(hsd_corridor *k, const char *as_of) {
    int year, month, day;
    char clip[HSD_CLIP_SIZE];
    if (!as_of) return HSD_OK;
    if (!hsd_parse_date(as_of, &year, &month, &day) || year == 0)
        return hsd_fail(k->err, HSD_E_ARGUMENT, "date \"%s\": YYYY-MM-DD was expected",
                        hsd_clip(as_of, clip));
    k->as_of = (uint32_t)(year * 10000 + month * 100 + day);
    return HSD_OK;
}

hsd_status hsd_corridor_parse(hsd_text_file nodes, hsd_text_file links, const char *as_of,
                              hsd_datum datum, hsd_road_table *out, hsd_error *err) {
    *out = (hsd_road_table){0};
    hsd_corridor k = {.out = out, .err = err, .datum = datum};
    hsd_status status = read_as_of(&k, as_of);
    if (status == HSD_OK) status = hsd_builder_init(out, &k.builder, err);
    if (status == HSD_OK)
        status = hsd_csv_parse(nodes.data, nodes.length, "nodes.csv", &k.nodes, err);
    if (status == HSD_OK)
        status = hsd_csv_parse(links.data, links.length, "links.csv", &k.links, err);
    if (status == HSD_OK) status = read_nodes(&k);
    if (status == HSD_OK) status = hsd_corridor_links(&k);
    if (status == HSD_OK) status = add_notes(&k);
    if (status == HSD_OK) status = hsd_builder_end(&k.builder, err);
    hsd_builder_finish(&k.builder);
    hsd_free(k.keys);
    hsd_free(k.used);
    hsd_csv_finish(&k.nodes);
    hsd_csv_finish(&k.links);
    if (status != HSD_OK) hsd_road_table_finish(out);
    return status;
}
