/* The circles of one reading, of one origin. What the thinning keeps is weighed so that the errors
 * a circle is judged by shrink together: a lattice point inside or outside against the truth costs
 * one cell, a metre of street a quarter of as many cells as make 2 % of the reached length as dear
 * as 1 % of the land in the circle's box (docs/methods.md, 5). */
#include <math.h>
#include <string.h>

#include "circles/check.h"
#include "circles/shapes.h"
#include "geo/geos.h"

#define MAX_VERTICES 2000u
#define CHECK_POINTS 10000u
/* Streets are long and thin, and a polygon right for the land has most of them right already: at
 * 0.3 of the dearness stated above both errors stay within their limits (measured on Porto). */
#define STREET_SHARE 0.25

void hsd_circle_finish(hsd_circle *circle) {
    if (!circle) return;
    hsd_geometry_finish(&circle->polygon);
    *circle = (hsd_circle){0};
}

typedef struct maker {
    const hsd_network *network;
    const hsd_locator *locator;
    const hsd_reading *reading;
    const hsd_surface *surface;
    hsd_field_grid field;
    hsd_local_streets streets;
    hsd_interval_array *reached; /* one a level */
    int32_t **gains;
    int32_t *levels;
    size_t count;
} maker;

static hsd_status check_arguments(const maker *m, const uint32_t *cutoffs, size_t count,
                                  hsd_error *err) {
    const hsd_status status = hsd_reading_prepare(m->reading, err);
    if (status != HSD_OK) return status;
    const uint32_t limit_ms = hsd_reading_limit_ms(m->reading);
    if (m->locator->network != m->network || hsd_reading_locator(m->reading) != m->locator)
        return hsd_fail(err, HSD_E_ARGUMENT, "network, locator and tree do not belong together");
    if (count == 0 || count > 1000)
        return hsd_fail(err, HSD_E_ARGUMENT, "%zu cut-offs: expected 1 to 1000", count);
    for (size_t k = 0; k < count; k++) {
        if (cutoffs[k] > limit_ms)
            return hsd_fail(err, HSD_E_ARGUMENT, "cut-off %u ms of a tree grown to %u ms",
                            cutoffs[k], limit_ms);
        if (k > 0 && cutoffs[k] <= cutoffs[k - 1])
            return hsd_fail(err, HSD_E_ARGUMENT, "cut-off %u ms after %u ms: expected ascending",
                            cutoffs[k], cutoffs[k - 1]);
    }
    return HSD_OK;
}

/* lon/lat box of the surface. */
static hsd_status surface_box(const hsd_surface *s, hsd_box_e7 *box, hsd_error *err) {
    hsd_frame *frame;
    hsd_status status = hsd_frame_create(s->centre_lon, s->centre_lat, &frame, err);
    if (status != HSD_OK) return status;
    double lon0 = 180, lat0 = 90, lon1 = -180, lat1 = -90;
    for (int side = 0; side < 4; side++)
        for (int k = 0; k <= 8; k++) {
            double t = k / 8.0, lon, lat;
            double i = side == 0 ? 0.0 : side == 1 ? s->width : t * s->width;
            double j = side == 2 ? 0.0 : side == 3 ? s->height : t * s->height;
            hsd_frame_inverse(frame, (s->i0 + i) * s->cell_m, (s->j0 + j) * s->cell_m, &lon, &lat);
            lon0 = fmin(lon0, lon);
            lon1 = fmax(lon1, lon);
            lat0 = fmin(lat0, lat);
            lat1 = fmax(lat1, lat);
        }
    hsd_frame_destroy(frame);
    double pad = 0.001 + 0.01 * (lat1 - lat0);
    *box = (hsd_box_e7){(int32_t)((lon0 - pad) * 1e7), (int32_t)((lat0 - pad) * 1e7),
                        (int32_t)((lon1 + pad) * 1e7), (int32_t)((lat1 + pad) * 1e7)};
    return HSD_OK;
}

/* Cells one metre of street is worth: 1 % of the land in the level's box, 10 % wider on every side,
 * over 2 % of the reached metres. */
static double street_weight(const maker *m, int32_t level, const hsd_interval_array *reached) {
    const hsd_field_grid *f = &m->field;
    size_t i0 = f->width, i1 = 0, j0 = f->height, j1 = 0;
    for (size_t j = 0; j < f->height; j++)
        for (size_t i = 0; i < f->width; i++) {
            if (f->value[j * f->width + i] > level) continue;
            i0 = i < i0 ? i : i0;
            i1 = i > i1 ? i : i1;
            j0 = j < j0 ? j : j0;
            j1 = j > j1 ? j : j1;
        }
    double metres = 0.0;
    for (size_t k = 0; k < reached->count; k++)
        metres += reached->data[k].to_m - reached->data[k].from_m;
    if (i0 > i1 || j0 > j1 || metres <= 0.0) return 0.0;
    double cells = 1.44 * (double)(i1 - i0 + 1) * (double)(j1 - j0 + 1);
    return STREET_SHARE * 0.01 * cells / (0.02 * metres);
}

static hsd_status prepare(maker *m, const uint32_t *cutoffs, hsd_error *err) {
    const hsd_surface *s = m->surface;
    const hsd_metric *metric = m->locator->metric;
    double detour = metric->leg_detour_ppm ? metric->leg_detour_ppm * 1e-6 : 1.0;
    m->field = (hsd_field_grid){.width = s->width,
                                .height = s->height,
                                .i0 = s->i0,
                                .j0 = s->j0,
                                .cell_m = s->cell_m,
                                .value = (const int32_t *)s->ms,
                                .land = s->land,
                                .barriers = &m->locator->barriers,
                                .centre_lon = s->centre_lon,
                                .centre_lat = s->centre_lat};
    if (metric->leg_speed_mh > 0)
        m->field.step_ms = s->cell_m * detour * 3.6e6 / metric->leg_speed_mh;
    m->reached = hsd_calloc(m->count, sizeof *m->reached, err);
    m->gains = hsd_calloc(m->count, sizeof *m->gains, err);
    m->levels = hsd_calloc(m->count, sizeof *m->levels, err);
    if (!m->reached || !m->gains || !m->levels) return HSD_E_MEMORY;
    hsd_box_e7 box;
    hsd_status status = surface_box(s, &box, err);
    if (status == HSD_OK)
        status = hsd_local_streets_near(m->locator, box, &m->field, &m->streets, err);
    for (size_t l = 0; status == HSD_OK && l < m->count; l++) {
        m->levels[l] = (int32_t)cutoffs[l];
        status = hsd_local_streets_reached(m->reading, cutoffs[l], &m->reached[l], err);
        if (status != HSD_OK) break;
        m->gains[l] = hsd_gain_plain(&m->field, m->levels[l], err);
        if (!m->gains[l]) return HSD_E_MEMORY;
        if (metric->leg_rule == HSD_LEG_EDGES)
            hsd_local_streets_gain(&m->streets, &m->reached[l], &m->field,
                                   street_weight(m, m->levels[l], &m->reached[l]), m->gains[l]);
    }
    return status;
}

static void maker_finish(maker *m) {
    for (size_t l = 0; l < m->count; l++) {
        if (m->reached) hsd_array_finish(&m->reached[l]);
        if (m->gains) hsd_free(m->gains[l]);
    }
    hsd_free(m->reached);
    hsd_free(m->gains);
    hsd_free(m->levels);
    hsd_local_streets_finish(&m->streets);
}

/* A place that the reading reaches within the cut-off, among the seeds and nodes of one tree. */
static bool tree_place(const maker *m, const hsd_tree *tree, int64_t cutoff_ms, hsd_lonlat *out) {
    size_t count = 0;
    const hsd_seed *seeds = hsd_tree_edge_seeds(tree, &count);
    for (size_t k = 0; k < count; k++)
        if ((int64_t)hsd_reading_position_ms(m->reading, &seeds[k].foot) <= cutoff_ms) {
            *out = hsd_locator_foot_point(m->locator, &seeds[k].foot);
            return true;
        }
    const uint32_t *settled = hsd_search_settled(hsd_tree_search(tree), &count);
    for (size_t k = 0; k < count; k++)
        if ((int64_t)hsd_reading_node_ms(m->reading, settled[k]) <= cutoff_ms) {
            const uint32_t vertex = m->locator->graph->node_vertex[settled[k]];
            hsd_point_e7 p = m->network->vertex_point[vertex];
            *out = (hsd_lonlat){p.lon_e7 * 1e-7, p.lat_e7 * 1e-7};
            return true;
        }
    return false;
}

/* For circles smaller than the lattice can show. */
static bool reached_place(const maker *m, size_t level, hsd_lonlat *out) {
    for (size_t p = 0; p < m->reading->part_count; p++)
        for (size_t t = 0; t < m->reading->parts[p].count; t++)
            if (tree_place(m, m->reading->parts[p].trees[t], m->levels[level], out)) return true;
    return false;
}

/* A square of 2 m about the place: the least a reached origin is shown as. */
static hsd_status speck(hsd_lonlat at, hsd_geometry *out, hsd_error *err) {
    hsd_geometry_finish(out);
    out->type = HSD_GEOMETRY_POLYGON;
    out->points = hsd_alloc(5, sizeof *out->points, err);
    out->ring_end = hsd_alloc(1, sizeof *out->ring_end, err);
    out->polygon_end = hsd_alloc(1, sizeof *out->polygon_end, err);
    if (!out->points || !out->ring_end || !out->polygon_end) {
        hsd_geometry_finish(out);
        return HSD_E_MEMORY;
    }
    hsd_tangent t = hsd_tangent_at(at.lon, at.lat);
    double x = 1.0 / t.m_per_lon, y = 1.0 / t.m_per_lat;
    const double corner[5][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}};
    for (int k = 0; k < 5; k++)
        out->points[k] = (hsd_lonlat){at.lon + x * corner[k][0], at.lat + y * corner[k][1]};
    out->point_count = out->ring_end[0] = 5;
    out->ring_count = out->polygon_end[0] = out->polygon_count = 1;
    return HSD_OK;
}

static hsd_status show_specks(const maker *m, hsd_geometry *shapes, hsd_error *err) {
    bool any = false;
    for (size_t l = 0; l < m->count; l++) {
        hsd_lonlat place;
        if (shapes[l].point_count == 0 && reached_place(m, l, &place)) {
            hsd_status status = speck(place, &shapes[l], err);
            if (status != HSD_OK) return status;
            any = true;
        }
        if (any) {
            hsd_status status = hsd_shape_settle(&shapes[l], l ? &shapes[l - 1] : NULL, err);
            if (status != HSD_OK) return status;
        }
    }
    return HSD_OK;
}

static hsd_status add_length(void *context, const hsd_piece *piece, hsd_error *err) {
    (void)err;
    *(double *)context += fabs(piece->out_m - piece->in_m);
    return HSD_OK;
}

/* On corridor networks one leaves only at nodes: all reached road counts, and no polygon can hold
 * or miss it by the metre. */
static hsd_status measure_corridor(const maker *m, hsd_circle *circle, hsd_error *err) {
    double metres = 0;
    hsd_status status =
        hsd_local_streets_pieces(m->reading, circle->cutoff_ms, add_length, &metres, err);
    circle->reached_km = metres * 1e-3;
    circle->missed_km = circle->excess_km = NAN;
    return status;
}

static hsd_status measure(const maker *m, size_t level, uint32_t check_points, hsd_circle *circle,
                          hsd_error *err) {
    circle->vertices = (uint32_t)circle->polygon.point_count;
    circle->area_km2 = hsd_geometry_area_m2(&circle->polygon) * 1e-6;
    circle->data_end = hsd_check_data_end(m->reading, circle->cutoff_ms);
    hsd_region region;
    hsd_status status = hsd_region_make(&circle->polygon, &region, err);
    if (status != HSD_OK) return status;
    hsd_street_errors streets;
    status = hsd_local_streets_errors(&m->streets, &m->reached[level], &region, &streets, err);
    circle->check_points = check_points;
    if (status == HSD_OK)
        circle->point_error =
            hsd_check_points(m->reading, &region, circle->cutoff_ms, &circle->check_points);
    hsd_region_finish(&region);
    if (status != HSD_OK) return status;
    circle->reached_km = streets.reached_m * 1e-3;
    circle->missed_km = streets.missed_m * 1e-3;
    circle->excess_km = streets.excess_m * 1e-3;
    bool corridor = m->locator->metric->leg_rule == HSD_LEG_NODES;
    return corridor ? measure_corridor(m, circle, err) : HSD_OK;
}

hsd_status hsd_circles_read(const hsd_network *network, const hsd_locator *locator,
                            const hsd_reading *reading, const hsd_surface *surface,
                            const uint32_t *cutoffs_ms, size_t cutoff_count,
                            const hsd_circle_options *options, hsd_circle *out, hsd_error *err) {
    uint32_t max_vertices = options && options->max_vertices ? options->max_vertices : MAX_VERTICES;
    uint32_t check_points = options && options->check_points ? options->check_points : CHECK_POINTS;
    maker m = {.network = network, .locator = locator, .reading = reading, .surface = surface};
    hsd_status status = check_arguments(&m, cutoffs_ms, cutoff_count, err);
    if (status != HSD_OK) return status;
    if (max_vertices < 16)
        return hsd_fail(err, HSD_E_ARGUMENT, "%u vertices a circle: expected at least 16",
                        max_vertices);
    m.count = cutoff_count;
    memset(out, 0, cutoff_count * sizeof *out);
    hsd_geometry *shapes = hsd_calloc(cutoff_count, sizeof *shapes, err);
    status = shapes ? prepare(&m, cutoffs_ms, err) : HSD_E_MEMORY;
    if (status == HSD_OK)
        status = hsd_shapes_make(&m.field, m.levels, m.gains, (uint32_t)cutoff_count, max_vertices,
                                 shapes, err);
    if (status == HSD_OK) status = show_specks(&m, shapes, err);
    for (size_t l = 0; shapes && l < cutoff_count; l++) {
        out[l].cutoff_ms = cutoffs_ms[l];
        out[l].polygon = shapes[l];
        if (status == HSD_OK) status = measure(&m, l, check_points, &out[l], err);
    }
    for (size_t l = 0; status != HSD_OK && l < cutoff_count; l++) hsd_circle_finish(&out[l]);
    hsd_free(shapes);
    maker_finish(&m);
    return status;
}

hsd_status hsd_circles_make(const hsd_network *network, const hsd_locator *locator,
                            const hsd_tree *tree, const hsd_surface *surface,
                            const uint32_t *cutoffs_ms, size_t cutoff_count,
                            const hsd_circle_options *options, hsd_circle *out, hsd_error *err) {
    const hsd_reading reading = hsd_reading_of(&tree);
    return hsd_circles_read(network, locator, &reading, surface, cutoffs_ms, cutoff_count, options,
                            out, err);
}

hsd_status hsd_circle_band(const hsd_circle *outer, const hsd_circle *inner, hsd_geometry *out,
                           hsd_error *err) {
    const hsd_geometry none = {.type = HSD_GEOMETRY_POLYGON};
    if (outer->polygon.point_count == 0) {
        *out = none;
        return HSD_OK;
    }
    return hsd_geos_difference(&outer->polygon, inner ? &inner->polygon : &none, out, err);
}
