/* Groups of streets: a file may hold cities of several continents, and the sea of one must not be
 * drawn over the others. A dense grid of the globe (1 million cells) is marked and flood-filled;
 * groups are numbered row by row from the south, so the order of points does not matter. O(points).
 */
#include "read/osm_groups.h"

#define CELL_E7 2500000
#define COLUMNS 1441
#define ROWS 721
#define UNLABELLED UINT32_MAX

typedef struct grid {
    uint32_t *label; /* 0: no points; UNLABELLED: points; else group + 1 */
    HSD_ARRAY(uint32_t) stack;
} grid;

/* The globe's coordinates are within the grid; others are pulled to its border. */
static uint32_t cell_of(hsd_point_e7 p) {
    int64_t column = ((int64_t)p.lon_e7 + 1800000000) / CELL_E7;
    int64_t row = ((int64_t)p.lat_e7 + 900000000) / CELL_E7;
    if (column < 0) column = 0;
    if (column >= COLUMNS) column = COLUMNS - 1;
    if (row < 0) row = 0;
    if (row >= ROWS) row = ROWS - 1;
    return (uint32_t)(row * COLUMNS + column);
}

static hsd_status fill(grid *g, uint32_t start, uint32_t label, hsd_error *err) {
    g->label[start] = label;
    if (!hsd_array_push(&g->stack, start, err)) return HSD_E_MEMORY;
    while (g->stack.count) {
        uint32_t cell = g->stack.data[--g->stack.count];
        int row = (int)(cell / COLUMNS), column = (int)(cell % COLUMNS);
        for (int r = row - 1; r <= row + 1; r++) {
            for (int c = column - 1; c <= column + 1; c++) {
                if (r < 0 || r >= ROWS || c < 0 || c >= COLUMNS) continue;
                uint32_t next = (uint32_t)(r * COLUMNS + c);
                if (g->label[next] != UNLABELLED) continue;
                g->label[next] = label;
                if (!hsd_array_push(&g->stack, next, err)) return HSD_E_MEMORY;
            }
        }
    }
    return HSD_OK;
}

static hsd_status label_cells(grid *g, hsd_osm_boxes *out, hsd_error *err) {
    const hsd_box_e7 empty = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (uint32_t cell = 0; cell < COLUMNS * ROWS; cell++) {
        if (g->label[cell] != UNLABELLED) continue;
        if (!hsd_array_push(out, empty, err)) return HSD_E_MEMORY;
        hsd_status status = fill(g, cell, (uint32_t)out->count, err);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}

static void widen(hsd_box_e7 *box, hsd_point_e7 p) {
    if (p.lon_e7 < box->min_lon_e7) box->min_lon_e7 = p.lon_e7;
    if (p.lon_e7 > box->max_lon_e7) box->max_lon_e7 = p.lon_e7;
    if (p.lat_e7 < box->min_lat_e7) box->min_lat_e7 = p.lat_e7;
    if (p.lat_e7 > box->max_lat_e7) box->max_lat_e7 = p.lat_e7;
}

hsd_status hsd_osm_groups(const hsd_point_e7 *points, size_t count, hsd_osm_boxes *out,
                          hsd_error *err) {
    grid g = {.label = hsd_calloc(COLUMNS * ROWS, sizeof *g.label, err)};
    if (!g.label) return HSD_E_MEMORY;
    out->count = 0;
    for (size_t i = 0; i < count; i++) g.label[cell_of(points[i])] = UNLABELLED;
    hsd_status status = label_cells(&g, out, err);
    for (size_t i = 0; i < count && status == HSD_OK; i++)
        widen(&out->data[g.label[cell_of(points[i])] - 1], points[i]);
    hsd_free(g.label);
    hsd_array_finish(&g.stack);
    return status;
}
