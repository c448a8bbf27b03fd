/* Grids of zones: squares or hexagons of one area in a Lambert azimuthal equal-area frame at the
 * middle of the area's box. Corners are whole multiples of two steps from there, so neighbours
 * share theirs to the bit. Edges near a cell tell whether it touches the area; where there are none
 * it is in or out as a whole, and so is the next one in its row. O(cells log edges). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "base/text.h"
#include "geo/barrier.h"
#include "geo/geometry.h"
#include "geo/geos.h"
#include "hourshed/read.h"
#include "read/message.h"

static const size_t most_cells = 4000000;
static const double most_looked_at = 1e8, least_m = 1, greatest_m = 1e6;

/* ---- "hex:1km" ---- */

hsd_status hsd_grid_parse(const char *text, hsd_grid_spec *out, hsd_error *err) {
    static const char *const shapes[] = {"square", "hex"};
    char clip[HSD_CLIP_SIZE], number[32];
    const char *colon = text ? strchr(text, ':') : NULL;
    for (int i = 0; colon && i < 2; i++) {
        const size_t length = strlen(colon + 1);
        if (strlen(shapes[i]) != (size_t)(colon - text) ||
            strncmp(text, shapes[i], (size_t)(colon - text)) != 0)
            continue;
        const bool km = length > 2 && strcmp(colon + length - 1, "km") == 0;
        const size_t digits = length - (km ? 2 : 1);
        if (length < 2 || digits >= sizeof number || colon[length] != 'm') break;
        memcpy(number, colon + 1, digits);
        number[digits] = '\0';
        double value;
        if (!hsd_parse_double(number, &value)) break;
        value *= km ? 1000 : 1;
        if (!(value >= least_m && value <= greatest_m)) break;
        *out = (hsd_grid_spec){i ? HSD_GRID_HEX : HSD_GRID_SQUARE, value};
        return HSD_OK;
    }
    return hsd_fail(
        err, HSD_E_ARGUMENT,
        "grid \"%s\": a shape (hex, square) and a size of 1 m to 1000 km were expected, "
        "such as hex:1km or square:500m",
        hsd_clip(text ? text : "", clip));
}

/* ---- The lattice ---- */

typedef struct step {
    int x, y;
} step;

typedef struct lattice {
    hsd_grid_shape shape;
    hsd_frame *frame;
    double step_x, step_y; /* metres */
    step row, column;      /* from a cell to the next; odd rows of hexagons start half a cell on */
    const step *corners;
    int corner_count;
    double west, south, east, north; /* of the area, metres */
} lattice;

static const step square_corners[] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
static const step hex_corners[] = {{0, -2}, {1, -1}, {1, 1}, {0, 2}, {-1, 1}, {-1, -1}};

static void lattice_init(lattice *l, const hsd_grid_spec *spec) {
    const bool hex = spec->shape == HSD_GRID_HEX;
    const double hex_side_m = spec->size_m * sqrt(2 / (3 * sqrt(3))); /* of the square's area */
    l->shape = spec->shape;
    l->step_x = hex ? hex_side_m * sqrt(3) / 2 : spec->size_m / 2;
    l->step_y = hex ? hex_side_m / 2 : spec->size_m / 2;
    l->row = (step){0, hex ? -3 : -2};
    l->column = (step){2, 0};
    l->corners = hex ? hex_corners : square_corners;
    l->corner_count = hex ? 6 : 4;
    l->west = l->south = INFINITY;
    l->east = l->north = -INFINITY;
}

/* The area's extent in the frame: its edges bend there, so points are taken along them. */
static void measure(lattice *l, const hsd_geometry *area) {
    for (size_t r = 0, i = 0; r < area->ring_count; i = area->ring_end[r++])
        for (; i + 1 < area->ring_end[r]; i++) {
            const hsd_lonlat a = area->points[i], b = area->points[i + 1];
            const double degrees = fmax(fabs(b.lon - a.lon), fabs(b.lat - a.lat));
            const int parts = (int)fmin(ceil(degrees * 10) + 1, 1000);
            for (int k = 0; k < parts; k++) {
                const double t = (double)k / parts;
                double x, y;
                hsd_frame_forward(l->frame, a.lon + t * (b.lon - a.lon),
                                  a.lat + t * (b.lat - a.lat), &x, &y);
                l->west = fmin(l->west, x), l->east = fmax(l->east, x);
                l->south = fmin(l->south, y), l->north = fmax(l->north, y);
            }
        }
}

static step cell_centre(const lattice *l, int row, int column) {
    const int shift = l->shape == HSD_GRID_HEX && row % 2 != 0;
    return (step){column * l->column.x + shift, row * l->row.y};
}

/* Counter-clockwise and closed: corner_count + 1 points. */
static void cell_ring(const lattice *l, int row, int column, hsd_lonlat *ring) {
    const step c = cell_centre(l, row, column);
    for (int i = 0; i < l->corner_count; i++)
        hsd_frame_inverse(l->frame, (c.x + l->corners[i].x) * l->step_x,
                          (c.y + l->corners[i].y) * l->step_y, &ring[i].lon, &ring[i].lat);
    ring[l->corner_count] = ring[0];
}

/* ---- Which cells ---- */

typedef struct grid {
    lattice lattice;
    hsd_geometry area; /* united */
    hsd_rtree edges;
    bool clip;
    hsd_geometry strip; /* what of it is about the row at hand, once a cell of it is cut */
    hsd_place_table *out;
    size_t capacity;
} grid;

typedef struct touch {
    const hsd_lonlat *points, *ring;
    int corners;
    bool near, inside; /* an edge is near; one runs through the cell's inside */
} touch;

/* Cyrus and Beck: what of an edge lies left of all sides. An edge along a side is not inside. */
static bool edge_near(void *context, uint32_t item) {
    touch *t = context;
    const hsd_lonlat a = t->points[item], b = t->points[item + 1];
    double low = 0, high = 1;
    t->near = true;
    for (int i = 0; i < t->corners; i++) {
        const hsd_lonlat p = t->ring[i], q = t->ring[i + 1];
        const double at_a = (q.lon - p.lon) * (a.lat - p.lat) - (q.lat - p.lat) * (a.lon - p.lon);
        const double at_b = (q.lon - p.lon) * (b.lat - p.lat) - (q.lat - p.lat) * (b.lon - p.lon);
        if (at_a <= 0 && at_b <= 0) return true;
        if (at_a < 0) low = fmax(low, at_a / (at_a - at_b));
        if (at_b < 0) high = fmin(high, at_a / (at_a - at_b));
    }
    t->inside = low < high;
    return !t->inside;
}

static hsd_box_e7 ring_box(const hsd_lonlat *ring, int corners) {
    hsd_lonlat low = ring[0], high = ring[0];
    for (int i = 1; i < corners; i++) {
        low = (hsd_lonlat){fmin(low.lon, ring[i].lon), fmin(low.lat, ring[i].lat)};
        high = (hsd_lonlat){fmax(high.lon, ring[i].lon), fmax(high.lat, ring[i].lat)};
    }
    return (hsd_box_e7){(int32_t)floor(low.lon * 1e7), (int32_t)floor(low.lat * 1e7),
                        (int32_t)ceil(high.lon * 1e7), (int32_t)ceil(high.lat * 1e7)};
}

static hsd_status add_cell(grid *g, int row, int column, const hsd_lonlat *ring, bool border,
                           hsd_error *err) {
    hsd_place_table *t = g->out;
    const size_t points = (size_t)g->lattice.corner_count + 1;
    if (t->place_count == most_cells)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "the grid has more than %zu million cells: take a larger size",
                        most_cells / 1000000);
    if (t->place_count == g->capacity &&
        !hsd_array_grow((void **)(void *)&t->places, &g->capacity, t->place_count + 1,
                        sizeof *t->places, err))
        return HSD_E_MEMORY;
    size_t ring_end = points, polygon_end = 1;
    const hsd_geometry cell = {HSD_GEOMETRY_POLYGON,          points,    1,           1,
                               (hsd_lonlat *)(uintptr_t)ring, &ring_end, &polygon_end};
    hsd_place place = {.feature_id = (int64_t)t->place_count + 1};
    hsd_status status = g->clip && border
                            ? hsd_geos_intersection(&cell, &g->strip, &place.geometry, err)
                            : hsd_geometry_append(&place.geometry, &cell, err);
    if (status != HSD_OK || place.geometry.type != HSD_GEOMETRY_POLYGON ||
        place.geometry.polygon_count == 0) {
        hsd_geometry_finish(&place.geometry); /* HSD_OK: all but nothing of it */
        return status;
    }
    t->places[t->place_count++] = place;
    hsd_place *p = &t->places[t->place_count - 1];
    p->id = hsd_asprintf(err, "R%dC%d", row, column);
    p->name = hsd_strdup("", err);
    p->name_en = hsd_strdup("", err);
    p->masses = hsd_alloc(0, sizeof *p->masses, err);
    return p->id && p->name && p->name_en && p->masses ? HSD_OK : HSD_E_MEMORY;
}

/* Cells at the border are cut from a strip about their row, so that a long border is not looked
 * through for each of them. */
static hsd_status cut_strip(grid *g, int row, int first, int last, hsd_error *err) {
    const lattice *l = &g->lattice;
    hsd_lonlat ring[7], low = {180, 90}, high = {-180, -90};
    for (int column = first; column <= last; column++) {
        cell_ring(l, row, column, ring);
        for (int i = 0; i < l->corner_count; i++) {
            low = (hsd_lonlat){fmin(low.lon, ring[i].lon), fmin(low.lat, ring[i].lat)};
            high = (hsd_lonlat){fmax(high.lon, ring[i].lon), fmax(high.lat, ring[i].lat)};
        }
    }
    const double more = (high.lat - low.lat) / 16;
    hsd_lonlat box[5] = {{low.lon - more, low.lat - more},
                         {high.lon + more, low.lat - more},
                         {high.lon + more, high.lat + more},
                         {low.lon - more, high.lat + more},
                         {low.lon - more, low.lat - more}};
    size_t ring_end = 5, polygon_end = 1;
    const hsd_geometry about = {HSD_GEOMETRY_POLYGON, 5, 1, 1, box, &ring_end, &polygon_end};
    return hsd_geos_intersection(&g->area, &about, &g->strip, err);
}

static hsd_status make_row(grid *g, int row, int first, int last, hsd_error *err) {
    const lattice *l = &g->lattice;
    const hsd_barriers area = {&g->area, &g->edges};
    hsd_lonlat ring[7];
    hsd_status status = HSD_OK;
    bool known = false, inside = false; /* of the cell before, which had no edge near */
    for (int column = first; column <= last && status == HSD_OK; column++) {
        cell_ring(l, row, column, ring);
        touch t = {.points = g->area.points, .ring = ring, .corners = l->corner_count};
        hsd_rtree_query(&g->edges, ring_box(ring, l->corner_count), edge_near, &t);
        if (t.near || !known) {
            const step c = cell_centre(l, row, column);
            hsd_lonlat middle;
            hsd_frame_inverse(l->frame, c.x * l->step_x, c.y * l->step_y, &middle.lon, &middle.lat);
            inside = t.inside || hsd_barriers_contain(&area, middle.lon, middle.lat);
        }
        known = !t.near;
        if (inside && t.near && g->clip && g->strip.type == HSD_GEOMETRY_NONE)
            status = cut_strip(g, row, first, last, err);
        if (inside && status == HSD_OK) status = add_cell(g, row, column, ring, t.near, err);
    }
    hsd_geometry_finish(&g->strip);
    return status;
}

static hsd_status make_cells(grid *g, const hsd_run *run, hsd_error *err) {
    const lattice *l = &g->lattice;
    const double high_x = l->column.x * l->step_x, high_y = -l->row.y * l->step_y;
    const double first_row = -ceil(l->north / high_y) - 1, last_row = -floor(l->south / high_y) + 1;
    const double first = floor(l->west / high_x) - 1, last = ceil(l->east / high_x) + 1;
    if ((last - first) * (last_row - first_row) > most_looked_at ||
        hsd_geometry_area_m2(&g->area) / (high_x * high_y) > (double)most_cells)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "a grid of %.0f by %.0f cells: at most %zu million; take a larger size",
                        last_row - first_row, last - first, most_cells / 1000000);
    hsd_status status = HSD_OK;
    for (int row = (int)first_row; row <= (int)last_row && status == HSD_OK; row++) {
        if (row % 16 == 0)
            status = hsd_progress(run, "making the grid",
                                  (row - first_row) / (last_row - first_row + 1), err);
        if (status == HSD_OK) status = make_row(g, row, (int)first, (int)last, err);
    }
    return status;
}

static hsd_status prepare(grid *g, const hsd_geometry *area, hsd_error *err) {
    hsd_status status = hsd_geos_union(area, &g->area, err);
    if (status != HSD_OK) return status;
    hsd_lonlat low = {180, 90}, high = {-180, -90};
    for (size_t i = 0; i < g->area.point_count; i++) {
        const hsd_lonlat p = g->area.points[i];
        low = (hsd_lonlat){fmin(low.lon, p.lon), fmin(low.lat, p.lat)};
        high = (hsd_lonlat){fmax(high.lon, p.lon), fmax(high.lat, p.lat)};
    }
    if (g->area.polygon_count == 0 || high.lon - low.lon > 170 || high.lat - low.lat > 170)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "the area of a grid must be polygons within half of the earth");
    status = hsd_frame_create((low.lon + high.lon) / 2, (low.lat + high.lat) / 2, &g->lattice.frame,
                              err);
    if (status == HSD_OK) measure(&g->lattice, &g->area);
    return status == HSD_OK ? hsd_barriers_index(&g->area, &g->edges, err) : status;
}

hsd_status hsd_grid_places(const hsd_grid_spec *spec, const hsd_geometry *area, bool clip,
                           const hsd_run *run, hsd_place_table *out, hsd_error *err) {
    *out = (hsd_place_table){0};
    if (!area || area->type != HSD_GEOMETRY_POLYGON)
        return hsd_fail(err, HSD_E_ARGUMENT, "a grid is laid over polygons");
    grid g = {.clip = clip, .out = out};
    lattice_init(&g.lattice, spec);
    hsd_status status = prepare(&g, area, err);
    if (status == HSD_OK) status = make_cells(&g, run, err);
    if (status == HSD_OK && !(out->mass_names = hsd_alloc(0, sizeof *out->mass_names, err)))
        status = HSD_E_MEMORY;
    hsd_rtree_finish(&g.edges);
    hsd_geometry_finish(&g.area);
    hsd_frame_destroy(g.lattice.frame);
    if (status != HSD_OK) hsd_place_table_finish(out);
    return status;
}
