/* Streets against polygons. An edge is walked once as a whole for what of it lies inside; parts
 * that are reached only in part are walked again. Excess is what lies inside less what of it is
 * reached, missed is what is reached less what of it lies inside: measured on the polygon as
 * written. */
#include "circles/streets.h"

#include <math.h>
#include <stdlib.h>

/* A metre that is not reached counts half: excess stays far below missed even so (measured on
 * Porto). */
#define UNREACHED 0.5

typedef struct finder {
    const hsd_locator *locator;
    HSD_ARRAY(uint32_t) edges;
    uint32_t last;
    bool failed;
    hsd_error *err;
} finder;

static bool find_edge(void *context, uint32_t item) {
    finder *f = context;
    uint32_t edge = f->locator->network->point_edge[item];
    if (edge == f->last || !hsd_locator_edge_stops(f->locator, edge)) return true;
    f->last = edge;
    f->failed = !hsd_array_push(&f->edges, edge, f->err);
    return !f->failed;
}

static int compare_u32(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static hsd_status place_points(hsd_local_streets *streets, const hsd_field_grid *field,
                               hsd_error *err) {
    const hsd_network *network = streets->locator->network;
    streets->first = hsd_alloc(streets->edge_count + 1, sizeof *streets->first, err);
    if (!streets->first) return HSD_E_MEMORY;
    size_t count = 0;
    for (size_t e = 0; e < streets->edge_count; e++) {
        streets->first[e] = count;
        count += network->edges[streets->edges[e]].point_count;
    }
    streets->first[streets->edge_count] = count;
    streets->place = hsd_alloc(2 * count, sizeof *streets->place, err);
    hsd_frame *frame = NULL;
    if (!streets->place) return HSD_E_MEMORY;
    hsd_status status = hsd_frame_create(field->centre_lon, field->centre_lat, &frame, err);
    if (status != HSD_OK) return status;
    for (size_t e = 0; e < streets->edge_count; e++) {
        const hsd_edge *info = &network->edges[streets->edges[e]];
        float *place = streets->place + 2 * streets->first[e];
        for (uint32_t k = 0; k < info->point_count; k++) {
            hsd_point_e7 p = network->points[info->first_point + k];
            double x, y;
            hsd_frame_forward(frame, p.lon_e7 * 1e-7, p.lat_e7 * 1e-7, &x, &y);
            place[2 * k] = (float)(x / field->cell_m - 0.5 - field->i0);
            place[2 * k + 1] = (float)(y / field->cell_m - 0.5 - field->j0);
        }
    }
    hsd_frame_destroy(frame);
    return HSD_OK;
}

hsd_status hsd_local_streets_near(const hsd_locator *locator, hsd_box_e7 box,
                                  const hsd_field_grid *field, hsd_local_streets *out,
                                  hsd_error *err) {
    *out = (hsd_local_streets){.locator = locator};
    finder f = {.locator = locator, .last = UINT32_MAX, .err = err};
    hsd_rtree_query(&locator->network->snap, box, find_edge, &f);
    if (f.failed) {
        hsd_array_finish(&f.edges);
        return HSD_E_MEMORY;
    }
    if (f.edges.count) qsort(f.edges.data, f.edges.count, sizeof *f.edges.data, compare_u32);
    size_t kept = 0;
    for (size_t k = 0; k < f.edges.count; k++)
        if (kept == 0 || f.edges.data[k] != f.edges.data[kept - 1])
            f.edges.data[kept++] = f.edges.data[k];
    out->edges = f.edges.data;
    out->edge_count = kept;
    hsd_status status = place_points(out, field, err);
    if (status != HSD_OK) hsd_local_streets_finish(out);
    return status;
}

void hsd_local_streets_finish(hsd_local_streets *streets) {
    hsd_free(streets->edges);
    hsd_free(streets->first);
    hsd_free(streets->place);
    *streets = (hsd_local_streets){0};
}

typedef struct collector {
    const hsd_locator *locator;
    hsd_interval_array *out;
} collector;

static hsd_status collect(void *context, const hsd_piece *piece, hsd_error *err) {
    collector *c = context;
    if (!hsd_locator_edge_stops(c->locator, piece->edge)) return HSD_OK;
    hsd_interval interval = {piece->edge, fmin(piece->in_m, piece->out_m),
                             fmax(piece->in_m, piece->out_m)};
    if (interval.to_m <= interval.from_m) return HSD_OK;
    return hsd_array_push(c->out, interval, err) ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_local_streets_pieces(const hsd_reading *reading, uint32_t cutoff_ms,
                                    hsd_piece_visit visit, void *context, hsd_error *err) {
    const hsd_tree *plain = hsd_reading_tree(reading);
    return plain != NULL ? hsd_tree_pieces(plain, cutoff_ms, visit, context, err)
                         : hsd_reading_pieces(reading, cutoff_ms, visit, context, err);
}

hsd_status hsd_local_streets_reached(const hsd_reading *reading, uint32_t cutoff_ms,
                                     hsd_interval_array *out, hsd_error *err) {
    collector c = {hsd_reading_locator(reading), out};
    return hsd_local_streets_pieces(reading, cutoff_ms, collect, &c, err);
}

/* First interval of the edge at or after `at`, the intervals being in ascending edge. */
static size_t skip_to(const hsd_interval_array *reached, size_t at, uint32_t edge) {
    while (at < reached->count && reached->data[at].edge < edge) at++;
    return at;
}

static double reached_within(const hsd_interval_array *reached, size_t at, uint32_t edge,
                             double from, double to) {
    double sum = 0.0;
    for (; at < reached->count && reached->data[at].edge == edge; at++) {
        double lo = fmax(from, reached->data[at].from_m), hi = fmin(to, reached->data[at].to_m);
        if (hi > lo) sum += hi - lo;
    }
    return sum;
}

/* One segment from (u0, v0) to (u1, v1), in steps of half a cell, each to its nearest lattice
 * point. */
static void gain_segment(const hsd_field_grid *field, const double from[2], const double to[2],
                         double start_m, double length_m, const hsd_interval_array *reached,
                         size_t at, uint32_t edge, double weight, int32_t *gain) {
    double du = to[0] - from[0], dv = to[1] - from[1];
    int steps = (int)fmin(1e6, 2.0 * sqrt(du * du + dv * dv)) + 1;
    double part = length_m / steps;
    for (int s = 0; s < steps; s++) {
        double t = (s + 0.5) / steps;
        double column = from[0] + t * du + 0.5, row = from[1] + t * dv + 0.5;
        if (!(column >= 0 && row >= 0 && column < field->width && row < field->height)) continue;
        double begin = start_m + s * part;
        double in = reached_within(reached, at, edge, begin, begin + part);
        size_t point = (size_t)row * field->width + (size_t)column;
        double more = floor(weight * (in - UNREACHED * (part - in)) + 0.5);
        gain[point] = (int32_t)fmin(fmax(gain[point] + more, -INT32_MAX), INT32_MAX);
    }
}

void hsd_local_streets_gain(const hsd_local_streets *streets, const hsd_interval_array *reached,
                            const hsd_field_grid *field, double weight, int32_t *gain) {
    const hsd_network *network = streets->locator->network;
    size_t at = 0;
    for (size_t e = 0; e < streets->edge_count; e++) {
        uint32_t edge = streets->edges[e];
        const hsd_edge *info = &network->edges[edge];
        const float *place = streets->place + 2 * streets->first[e];
        double done = 0.0;
        at = skip_to(reached, at, edge);
        for (uint32_t k = 0; k + 1 < info->point_count; k++, place += 2) {
            double length = network->segment_m[info->first_point + k];
            const double from[2] = {(double)place[0], (double)place[1]},
                         to[2] = {(double)place[2], (double)place[3]};
            gain_segment(field, from, to, done, length, reached, at, edge, weight * HSD_GAIN_CELL,
                         gain);
            done += length;
        }
    }
}

/* Metres of the edge between two positions that lie inside. */
static double inside_m(const hsd_network *network, const hsd_region *region, uint32_t edge,
                       double from, double to) {
    const hsd_edge *info = &network->edges[edge];
    const hsd_point_e7 *p = network->points + info->first_point;
    const double *length = network->segment_m + info->first_point;
    double done = 0.0, sum = 0.0;
    bool inside = false, started = false;
    for (uint32_t k = 0; k + 1 < info->point_count; k++) {
        double lo = fmax(from, done), hi = fmin(to, done + length[k]);
        if (hi > lo && length[k] > 0.0) {
            double t0 = (lo - done) / length[k], t1 = (hi - done) / length[k];
            hsd_lonlat a = {p[k].lon_e7 * 1e-7, p[k].lat_e7 * 1e-7};
            hsd_lonlat b = {p[k + 1].lon_e7 * 1e-7, p[k + 1].lat_e7 * 1e-7};
            hsd_lonlat start = {a.lon + t0 * (b.lon - a.lon), a.lat + t0 * (b.lat - a.lat)};
            hsd_lonlat end = {a.lon + t1 * (b.lon - a.lon), a.lat + t1 * (b.lat - a.lat)};
            if (!started) inside = hsd_region_contains(region, start.lon, start.lat);
            started = true;
            sum += (hi - lo) * hsd_region_share(region, start, end, &inside);
        }
        done += length[k];
    }
    return sum;
}

static double edge_m(const hsd_network *network, uint32_t edge) {
    const hsd_edge *info = &network->edges[edge];
    double sum = 0.0;
    for (uint32_t k = 0; k + 1 < info->point_count; k++)
        sum += network->segment_m[info->first_point + k];
    return sum;
}

hsd_status hsd_local_streets_errors(const hsd_local_streets *streets,
                                    const hsd_interval_array *reached, const hsd_region *region,
                                    hsd_street_errors *out, hsd_error *err) {
    (void)err;
    const hsd_network *network = streets->locator->network;
    *out = (hsd_street_errors){0};
    for (size_t k = 0; k < reached->count; k++)
        out->reached_m += reached->data[k].to_m - reached->data[k].from_m;
    /* reached edges away from the polygon's box are not among the streets: missed as a whole */
    double inside_reached = 0.0;
    size_t at = 0;
    for (size_t e = 0; e < streets->edge_count; e++) {
        uint32_t edge = streets->edges[e];
        double all = edge_m(network, edge), inside = inside_m(network, region, edge, 0.0, all);
        double in_reached = 0.0;
        at = skip_to(reached, at, edge);
        for (; at < reached->count && reached->data[at].edge == edge; at++) {
            const hsd_interval *r = &reached->data[at];
            if (r->from_m <= 0.001 && r->to_m >= all - 0.001)
                in_reached += inside;
            else if (inside > 0.0)
                in_reached += inside_m(network, region, edge, r->from_m, r->to_m);
        }
        if (in_reached > inside) in_reached = inside;
        inside_reached += in_reached;
        out->excess_m += inside - in_reached;
    }
    out->missed_m = fmax(0.0, out->reached_m - inside_reached);
    return HSD_OK;
}
