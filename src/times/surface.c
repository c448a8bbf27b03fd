/* The time of a point over the lattice: the reading's time at the foot, plus the leg
 * (HSD_LEG_EDGES); the reading of each tree's least over the vertices that see the point
 * (HSD_LEG_NODES).
 *
 * Times of points just past the limit, by no more than a leg over one cell, are kept where the foot
 * is within the limit: contours at the limit lie between them and the points inside. Only tiles
 * that a reached edge can touch are looked at: the edge's box widened by the leg that the time left
 * allows. Everything else stays HSD_UNREACHABLE. Tiles are independent and so are the strips
 * of the node rule: any number of threads gives the same surface. O((points of those tiles + edges)
 * x trees). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "times/lattice.h"
#include "times/reading.h"

/* A box in lon/lat and how many metres round it may be reached. */
typedef struct spot {
    hsd_box_e7 box;
    float reach_m;
} spot;

typedef HSD_ARRAY(spot) spot_array;

typedef struct spotter {
    const hsd_locator *locator;
    uint32_t limit_ms;
    double m_per_ms; /* of a leg's straight line */
    spot_array spots;
} spotter;

static double leg_m_per_ms(const hsd_locator *locator) {
    double detour = locator->metric->leg_detour_ppm * 1e-6;
    if (!(detour > 0.0)) detour = 1.0;
    return locator->metric->leg_speed_mh / 3.6e6 / detour;
}

/* A lower bound of the tree's times on an edge. */
static uint32_t edge_time(const hsd_tree *tree, const void *of) {
    const uint32_t edge = *(const uint32_t *)of;
    const uint32_t forward = hsd_tree_edge_ms(tree, 2 * edge),
                   backward = hsd_tree_edge_ms(tree, 2 * edge + 1);
    uint32_t best = forward < backward ? forward : backward;
    size_t count;
    const hsd_seed *seeds = hsd_tree_seeds_on(tree, edge, &count);
    for (size_t i = 0; i < count; i++) {
        const uint32_t ms = hsd_ms_add(seeds[i].foot.leg_ms, seeds[i].extra_ms);
        if (ms < best) best = ms;
    }
    return best;
}

static bool spot_edge(spotter *s, const hsd_reading *reading, uint32_t edge, hsd_error *err) {
    const hsd_network *network = s->locator->network;
    const hsd_edge *row = &network->edges[edge];
    if (!hsd_locator_edge_stops(s->locator, edge) || !(row->length_m > 0)) return true;
    const uint32_t first_ms = hsd_reading_ms(reading, edge_time, &edge);
    if (first_ms > s->limit_ms) return true;
    const hsd_point_e7 *p = network->points + row->first_point;
    hsd_box_e7 box = {p->lon_e7, p->lat_e7, p->lon_e7, p->lat_e7};
    for (uint32_t k = 1; k < row->point_count; k++) {
        if (p[k].lon_e7 < box.min_lon_e7) box.min_lon_e7 = p[k].lon_e7;
        if (p[k].lat_e7 < box.min_lat_e7) box.min_lat_e7 = p[k].lat_e7;
        if (p[k].lon_e7 > box.max_lon_e7) box.max_lon_e7 = p[k].lon_e7;
        if (p[k].lat_e7 > box.max_lat_e7) box.max_lat_e7 = p[k].lat_e7;
    }
    const double left = s->limit_ms - first_ms + 1.0;
    const spot found = {box, (float)fmin(s->locator->leg_cap_m, left * s->m_per_ms)};
    return hsd_array_push(&s->spots, found, err);
}

/* A foot is on one edge: no point there has less than the reading of the trees' least times on it.
 */
static hsd_status spot_edges(spotter *s, const hsd_reading *reading, hsd_error *err) {
    const hsd_reading_part *part = &reading->parts[0];
    const size_t words = s->locator->network->edge_count / 64 + 1;
    for (size_t word = 0; word < words; word++) {
        uint64_t bits = 0;
        for (size_t i = 0; i < part->count; i++)
            bits |= hsd_tree_touched_bits(part->trees[i])[word];
        for (; bits != 0; bits &= bits - 1)
            if (!spot_edge(s, reading, (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits)), err))
                return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* The least of all trees of a part: a point may be reached from another vertex in each. */
static uint32_t least_vertex_ms(const hsd_reading_part *part, uint32_t vertex) {
    uint32_t best = HSD_UNREACHABLE;
    for (size_t i = 0; i < part->count; i++) {
        const uint32_t ms = hsd_tree_vertex_ms(part->trees[i], vertex);
        if (ms < best) best = ms;
    }
    return best;
}

static hsd_status spot_vertices(spotter *s, const hsd_reading *reading, hsd_error *err) {
    const hsd_locator *locator = s->locator;
    for (size_t r = 0; r < locator->stop_count; r++) {
        const uint32_t vertex = locator->stop_list[r];
        const uint32_t ms = least_vertex_ms(&reading->parts[0], vertex);
        if (ms > s->limit_ms) continue;
        hsd_point_e7 p = locator->network->vertex_point[vertex];
        double reach = fmin(locator->leg_cap_m, (s->limit_ms - ms + 1.0) * s->m_per_ms);
        spot found = {{p.lon_e7, p.lat_e7, p.lon_e7, p.lat_e7}, (float)reach};
        if (!hsd_array_push(&s->spots, found, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* ---- From lon/lat boxes to the frame
 * -------------------------------------------------------------- Nine projected points of the
 * common box and parabolas between them stand in for the projection; their error, measured between
 * the nodes and doubled, widens the boxes. */

typedef struct fit {
    double lon0, lat0, lon_step, lat_step, x[3][3], y[3][3], error_m;
} fit;

static void fit_at(const fit *f, double lon, double lat, double *x, double *y) {
    double v[3], w[3];
    hsd_parabola_weights((lon - f->lon0) / f->lon_step, v);
    hsd_parabola_weights((lat - f->lat0) / f->lat_step, w);
    *x = *y = 0.0;
    for (int b = 0; b < 3; b++)
        for (int a = 0; a < 3; a++) {
            *x += w[b] * v[a] * f->x[b][a];
            *y += w[b] * v[a] * f->y[b][a];
        }
}

static fit fit_make(hsd_frame *frame, hsd_box_e7 box) {
    fit f = {.lon0 = box.min_lon_e7 * 1e-7, .lat0 = box.min_lat_e7 * 1e-7};
    f.lon_step = 0.5 * ((double)box.max_lon_e7 - box.min_lon_e7) * 1e-7 + 1e-6;
    f.lat_step = 0.5 * ((double)box.max_lat_e7 - box.min_lat_e7) * 1e-7 + 1e-6;
    for (int b = 0; b < 3; b++)
        for (int a = 0; a < 3; a++)
            hsd_frame_forward(frame, f.lon0 + a * f.lon_step, f.lat0 + b * f.lat_step, &f.x[b][a],
                              &f.y[b][a]);
    for (int b = 0; b < 5; b++)
        for (int a = 0; a < 5; a++) {
            double lon = f.lon0 + 0.45 * a * f.lon_step, lat = f.lat0 + 0.45 * b * f.lat_step;
            double x, y, fx, fy;
            hsd_frame_forward(frame, lon, lat, &x, &y);
            fit_at(&f, lon, lat, &fx, &fy);
            f.error_m = fmax(f.error_m, 2.0 * hypot(fx - x, fy - y));
        }
    f.error_m += 0.5;
    return f;
}

typedef struct rectangle {
    double x0, y0, x1, y1;
} rectangle;

static rectangle spot_rectangle(const fit *f, const spot *s, double cell_m) {
    rectangle r = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (int c = 0; c < 4; c++) {
        double x, y;
        fit_at(f, (c % 2 ? s->box.max_lon_e7 : s->box.min_lon_e7) * 1e-7,
               (c / 2 ? s->box.max_lat_e7 : s->box.min_lat_e7) * 1e-7, &x, &y);
        r.x0 = fmin(r.x0, x);
        r.x1 = fmax(r.x1, x);
        r.y0 = fmin(r.y0, y);
        r.y1 = fmax(r.y1, y);
    }
    /* a parallel sags between corners: a quarter of the side squared over the radius, at most */
    double side = fmax(r.x1 - r.x0, r.y1 - r.y0);
    double margin = (double)s->reach_m * 1.002 + f->error_m + side * side / 6.0e6 + 4.5 * cell_m;
    return (rectangle){r.x0 - margin, r.y0 - margin, r.x1 + margin, r.y1 + margin};
}

/* ---- Tiles
 * ----------------------------------------------------------------------------------------- */

typedef struct tile_key {
    int32_t ti, tj;
} tile_key;

typedef struct job {
    hsd_lattice *lattice;
    const hsd_reading *reading;
    const hsd_tree *plain;      /* the reading's only tree; NULL: it has more */
    uint32_t limit_ms, last_ms; /* last_ms: the longest time written */
    hsd_surface *surface;
    const tile_key *keys;
    hsd_lattice_scratch *scratch;
    const uint32_t *seed_edges; /* edges with seeds on them, ascending */
    size_t seed_edge_count;
    const size_t *ranks; /* HSD_LEG_NODES: reached stopping vertices */
    size_t rank_count, tree_count;
    uint32_t **fans; /* one a worker: times of a tile's points, tree by tree; made when needed */
} job;

/* Where a tile and the surface overlap, as surface columns and rows. */
static bool overlap(const hsd_surface *s, tile_key key, int64_t *a0, int64_t *a1, int64_t *b0,
                    int64_t *b1) {
    *a0 = (int64_t)key.ti * HSD_TILE - s->i0;
    *b0 = (int64_t)key.tj * HSD_TILE - s->j0;
    *a1 = *a0 + HSD_TILE < s->width ? *a0 + HSD_TILE : s->width;
    *b1 = *b0 + HSD_TILE < s->height ? *b0 + HSD_TILE : s->height;
    if (*a0 < 0) *a0 = 0;
    if (*b0 < 0) *b0 = 0;
    return *a0 < *a1 && *b0 < *b1;
}

static bool is_seed_edge(const job *j, uint32_t edge) {
    size_t first = 0, count = j->seed_edge_count;
    while (count > 0) { /* the first edge not below */
        size_t half = count / 2;
        bool below = j->seed_edges[first + half] < edge;
        first = below ? first + half + 1 : first;
        count = below ? count - half - 1 : half;
    }
    return first < j->seed_edge_count && j->seed_edges[first] == edge;
}

/* On an edge where the trip begins (or ends) the way along it counts, and on one with a closed
 * stretch the side of it: for that the tree wants the very position, which tiles do not keep: these
 * few feet are found again. */
static hsd_status exact_foot_ms(const job *j, tile_key key, int point, bool *placed,
                                hsd_lattice_scratch *scratch, uint32_t *ms, hsd_error *err) {
    if (!*placed) {
        hsd_status status = hsd_lattice_tile_points(j->lattice, key.ti, key.tj, scratch, err);
        if (status != HSD_OK) return status;
        *placed = true;
    }
    hsd_foot foot;
    *ms = HSD_UNREACHABLE;
    if (hsd_locate_edge(j->lattice->locator, scratch->lon[point], scratch->lat[point], NULL,
                        &foot) == HSD_SNAP_OK) {
        hsd_locator_foot_prefix(j->lattice->locator, &foot);
        foot.leg_ms = hsd_locator_leg_ms(j->lattice->locator, foot.leg_m);
        *ms = hsd_ms_add(hsd_reading_position_ms(j->reading, &foot), foot.leg_ms);
    }
    return HSD_OK;
}

/* With one tree two loads; nothing may come between. */
static inline uint32_t position_ms(const job *j, const hsd_foot *position) {
    return j->plain != NULL ? hsd_tree_position_ms(j->plain, position)
                            : hsd_reading_position_ms(j->reading, position);
}

static hsd_status time_tile(const job *j, tile_key key, const hsd_tile *tile,
                            hsd_lattice_scratch *scratch, hsd_error *err) {
    hsd_surface *s = j->surface;
    int64_t a0, a1, b0, b1;
    bool placed = false;
    if (!overlap(s, key, &a0, &a1, &b0, &b1)) return HSD_OK;
    for (int64_t b = b0; b < b1; b++) {
        int tb = (int)(b + s->j0 - (int64_t)key.tj * HSD_TILE);
        for (int64_t a = a0; a < a1; a++) {
            int ta = (int)(a + s->i0 - (int64_t)key.ti * HSD_TILE);
            size_t at = (size_t)b * s->width + (size_t)a;
            s->land[at] = !((tile->water[tb] >> ta) & 1);
            if (!tile->feet) continue;
            const hsd_lattice_foot *foot = &tile->feet[tb * HSD_TILE + ta];
            if (foot->edge == HSD_NO_EDGE) continue;
            uint32_t ms;
            if (is_seed_edge(j, foot->edge) ||
                hsd_edge_closed(j->lattice->locator->metric, foot->edge)) {
                hsd_status status =
                    exact_foot_ms(j, key, tb * HSD_TILE + ta, &placed, scratch, &ms, err);
                if (status != HSD_OK) return status;
            } else {
                hsd_foot position = {.edge = foot->edge,
                                     .vertex = HSD_NO_EDGE,
                                     .ms = {foot->ms[0], foot->ms[1]},
                                     .leg_ms = foot->leg_ms};
                ms = hsd_ms_add(position_ms(j, &position), foot->leg_ms);
            }
            s->ms[at] = ms <= j->last_ms ? ms : HSD_UNREACHABLE;
        }
    }
    return HSD_OK;
}

static hsd_status do_tiles(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    const job *j = context;
    for (size_t k = begin; k < end; k++) {
        const hsd_tile *tile;
        hsd_status status = hsd_lattice_tile(j->lattice, j->keys[k].ti, j->keys[k].tj,
                                             &j->scratch[worker], &tile, err);
        if (status != HSD_OK) return status;
        status = time_tile(j, j->keys[k], tile, &j->scratch[worker], err);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}

static hsd_status do_viewsheds(void *context, size_t begin, size_t end, int worker,
                               hsd_error *err) {
    const job *j = context;
    for (size_t k = begin; k < end; k++) {
        const hsd_viewshed *view;
        hsd_status status =
            hsd_lattice_viewshed(j->lattice, j->ranks[k], &j->scratch[worker], &view, err);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}

/* What one vertex adds to a fan: to each tree's time at the points of a tile it sees, as hsd_tree
 * _feet_ms has them. base_ms: of the vertex, one a tree. */
static void time_view(const job *j, tile_key key, const hsd_viewshed *view, const hsd_tile *tile,
                      const uint32_t *base_ms, uint32_t *fan) {
    const hsd_surface *s = j->surface;
    const hsd_locator *locator = j->lattice->locator;
    const size_t trees = j->tree_count;
    int64_t a0, a1, b0, b1;
    if (!overlap(s, key, &a0, &a1, &b0, &b1)) return;
    /* narrowed to the window */
    int64_t wa = (int64_t)view->i0 - s->i0, wb = (int64_t)view->j0 - s->j0;
    if (a0 < wa) a0 = wa;
    if (b0 < wb) b0 = wb;
    if (a1 > wa + view->width) a1 = wa + view->width;
    if (b1 > wb + view->height) b1 = wb + view->height;
    if (a0 >= a1 || b0 >= b1) return;
    uint32_t least = HSD_UNREACHABLE;
    for (size_t t = 0; t < trees; t++)
        if (base_ms[t] < least) least = base_ms[t];
    hsd_point_e7 p = locator->network->vertex_point[view->vertex];
    hsd_near_metre metre = hsd_near_metre_at(p.lon_e7 * 1e-7, p.lat_e7 * 1e-7);
    double ms_per_m = 1.0 / leg_m_per_ms(locator);
    for (int64_t b = b0; b < b1; b++) {
        size_t row = (size_t)(b - wb) * view->width;
        int64_t tb = b + s->j0 - (int64_t)key.tj * HSD_TILE;
        for (int64_t a = a0; a < a1; a++) {
            if (!hsd_bit_get(view->seen, row + (size_t)(a - wa))) continue;
            size_t point = (size_t)(tb * HSD_TILE + a + s->i0 - (int64_t)key.ti * HSD_TILE);
            uint32_t *ms = fan + point * trees;
            double m = hsd_near_metre_m(&metre, tile->lon[point], tile->lat[point]);
            const double about = least + m * ms_per_m;
            if (about > (double)j->last_ms + 1.0 || (trees == 1 && about > (double)ms[0] + 1.0))
                continue;
            const uint32_t leg_ms = hsd_locator_leg_ms(locator, m);
            for (size_t t = 0; t < trees; t++) {
                const uint32_t here = hsd_ms_add(base_ms[t], leg_ms);
                ms[t] = here < ms[t] ? here : ms[t];
            }
        }
    }
}

/* From the fan to the surface: the reading of every point's times. */
static void read_fan(const job *j, tile_key key, uint32_t *fan) {
    hsd_surface *s = j->surface;
    int64_t a0, a1, b0, b1;
    if (!overlap(s, key, &a0, &a1, &b0, &b1)) return;
    for (int64_t b = b0; b < b1; b++)
        for (int64_t a = a0; a < a1; a++) {
            int64_t tb = b + s->j0 - (int64_t)key.tj * HSD_TILE;
            int64_t ta = a + s->i0 - (int64_t)key.ti * HSD_TILE;
            uint32_t *ms = fan + (size_t)(tb * HSD_TILE + ta) * j->tree_count, worst = 0;
            for (size_t p = 0; p < j->reading->part_count; p++) {
                const hsd_reading_part *part = &j->reading->parts[p];
                const uint32_t one = hsd_rank_ms(ms, part->count, part->rank);
                if (one > worst) worst = one;
                ms += part->count;
            }
            s->ms[(size_t)b * s->width + (size_t)a] = worst <= j->last_ms ? worst : HSD_UNREACHABLE;
        }
}

/* Times of a vertex in every tree, as far as they count. */
static void vertex_times(const job *j, uint32_t vertex, uint32_t *out_ms) {
    for (size_t p = 0; p < j->reading->part_count; p++)
        for (size_t t = 0; t < j->reading->parts[p].count; t++) {
            const uint32_t ms = hsd_tree_vertex_ms(j->reading->parts[p].trees[t], vertex);
            *out_ms++ = ms <= j->limit_ms ? ms : HSD_UNREACHABLE;
        }
}

static hsd_status view_tile(const job *j, tile_key key, const hsd_tile *tile,
                            hsd_lattice_scratch *scratch, uint32_t *fan, hsd_error *err) {
    uint32_t *base_ms = fan + HSD_TILE_POINTS * j->tree_count;
    for (size_t k = 0; k < HSD_TILE_POINTS * j->tree_count; k++) fan[k] = HSD_UNREACHABLE;
    for (size_t v = 0; v < j->rank_count; v++) {
        const hsd_viewshed *view;
        hsd_status status = hsd_lattice_viewshed(j->lattice, j->ranks[v], scratch, &view, err);
        if (status != HSD_OK) return status;
        vertex_times(j, view->vertex, base_ms);
        time_view(j, key, view, tile, base_ms, fan);
    }
    read_fan(j, key, fan);
    return HSD_OK;
}

static hsd_status do_view_tiles(void *context, size_t begin, size_t end, int worker,
                                hsd_error *err) {
    const job *j = context;
    hsd_lattice_scratch *scratch = &j->scratch[worker];
    uint32_t **fan = &j->fans[worker];
    if (*fan == NULL) *fan = hsd_alloc((HSD_TILE_POINTS + 1) * j->tree_count, sizeof **fan, err);
    if (*fan == NULL) return HSD_E_MEMORY;
    for (size_t k = begin; k < end; k++) {
        const hsd_tile *tile;
        hsd_status status =
            hsd_lattice_tile(j->lattice, j->keys[k].ti, j->keys[k].tj, scratch, &tile, err);
        if (status == HSD_OK) status = time_tile(j, j->keys[k], tile, scratch, err); /* land */
        if (status == HSD_OK) status = view_tile(j, j->keys[k], tile, scratch, *fan, err);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}

/* ---- The whole
 * ------------------------------------------------------------------------------------- */

static int32_t tile_index(double m, double cell_m) {
    return (int32_t)floor((m / cell_m - 0.5) / HSD_TILE);
}

static hsd_status surface_allocate(const rectangle *box, hsd_surface *out, hsd_error *err) {
    double i0 = floor(box->x0 / out->cell_m - 0.5), j0 = floor(box->y0 / out->cell_m - 0.5);
    double width = ceil(box->x1 / out->cell_m - 0.5) - i0 + 1.0;
    double height = ceil(box->y1 / out->cell_m - 0.5) - j0 + 1.0;
    if (width * height > 2e9 || fabs(i0) > 1e9 || fabs(j0) > 1e9)
        return hsd_fail(err, HSD_E_MEMORY,
                        "a surface of %.0f x %.0f points: too many, take larger cells than %g m",
                        width, height, out->cell_m);
    out->i0 = (int32_t)i0;
    out->j0 = (int32_t)j0;
    out->width = (uint32_t)width;
    out->height = (uint32_t)height;
    size_t count = (size_t)out->width * out->height;
    out->ms = hsd_alloc(count, sizeof *out->ms, err);
    out->land = hsd_alloc(count, sizeof *out->land, err);
    if (!out->ms || !out->land) return HSD_E_MEMORY;
    for (size_t p = 0; p < count; p++) out->ms[p] = HSD_UNREACHABLE;
    memset(out->land, 1, count);
    return HSD_OK;
}

/* Tiles met by any spot, row by row; sizes the surface. */
static hsd_status plan(const spot_array *spots, hsd_frame *frame, hsd_surface *out, tile_key **keys,
                       size_t *key_count, hsd_error *err) {
    hsd_box_e7 all = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (size_t k = 0; k < spots->count; k++) {
        hsd_box_e7 b = spots->data[k].box;
        if (b.min_lon_e7 < all.min_lon_e7) all.min_lon_e7 = b.min_lon_e7;
        if (b.min_lat_e7 < all.min_lat_e7) all.min_lat_e7 = b.min_lat_e7;
        if (b.max_lon_e7 > all.max_lon_e7) all.max_lon_e7 = b.max_lon_e7;
        if (b.max_lat_e7 > all.max_lat_e7) all.max_lat_e7 = b.max_lat_e7;
    }
    double cell = out->cell_m;
    rectangle box = {-2.0 * cell, -2.0 * cell, 2.0 * cell, 2.0 * cell};
    fit f = {0};
    if (spots->count > 0) {
        f = fit_make(frame, all);
        box = (rectangle){INFINITY, INFINITY, -INFINITY, -INFINITY};
    }
    for (size_t k = 0; k < spots->count; k++) {
        rectangle r = spot_rectangle(&f, &spots->data[k], cell);
        box.x0 = fmin(box.x0, r.x0);
        box.y0 = fmin(box.y0, r.y0);
        box.x1 = fmax(box.x1, r.x1);
        box.y1 = fmax(box.y1, r.y1);
    }
    hsd_status status = surface_allocate(&box, out, err);
    if (status != HSD_OK) return status;
    int32_t t0 = tile_index(box.x0, cell), u0 = tile_index(box.y0, cell);
    size_t columns = (size_t)(tile_index(box.x1, cell) - t0 + 2);
    size_t rows = (size_t)(tile_index(box.y1, cell) - u0 + 2), count = 0;
    uint8_t *met = hsd_calloc(columns * rows, 1, err);
    if (!met) return HSD_E_MEMORY;
    for (size_t k = 0; k < spots->count; k++) {
        rectangle r = spot_rectangle(&f, &spots->data[k], cell);
        size_t a0 = (size_t)(tile_index(r.x0, cell) - t0),
               a1 = (size_t)(tile_index(r.x1, cell) - t0);
        size_t b0 = (size_t)(tile_index(r.y0, cell) - u0),
               b1 = (size_t)(tile_index(r.y1, cell) - u0);
        for (size_t b = b0; b <= b1; b++) memset(met + b * columns + a0, 1, a1 - a0 + 1);
    }
    for (size_t c = 0; c < columns * rows; c++) count += met[c];
    *keys = hsd_alloc(count, sizeof **keys, err);
    *key_count = 0;
    for (size_t c = 0; *keys && c < columns * rows; c++)
        if (met[c])
            (*keys)[(*key_count)++] =
                (tile_key){t0 + (int32_t)(c % columns), u0 + (int32_t)(c / columns)};
    hsd_free(met);
    return *keys ? HSD_OK : HSD_E_MEMORY;
}

/* Vertices that some tree reaches. */
static hsd_status reached_ranks(const job *j, size_t **ranks, size_t *count, hsd_error *err) {
    const hsd_locator *locator = j->lattice->locator;
    *count = 0;
    *ranks = hsd_alloc(locator->stop_count, sizeof **ranks, err);
    if (!*ranks) return HSD_E_MEMORY;
    for (size_t r = 0; r < locator->stop_count; r++)
        for (size_t p = 0; p < j->reading->part_count; p++)
            if (least_vertex_ms(&j->reading->parts[p], locator->stop_list[r]) <= j->limit_ms) {
                (*ranks)[(*count)++] = r;
                break;
            }
    return HSD_OK;
}

static int compare_u32(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Many gates may stand on few edges: each edge once, to be looked up for every lattice point. */
static hsd_status find_seed_edges(job *j, uint32_t **edges, hsd_error *err) {
    HSD_ARRAY(uint32_t) all = {0};
    bool ok = true;
    for (size_t p = 0; p < j->reading->part_count; p++)
        for (size_t t = 0; t < j->reading->parts[p].count; t++) {
            size_t count;
            const hsd_seed *seeds = hsd_tree_edge_seeds(j->reading->parts[p].trees[t], &count);
            for (size_t k = 0; ok && k < count; k++)
                if (k == 0 || seeds[k].foot.edge != seeds[k - 1].foot.edge)
                    ok = hsd_array_push(&all, seeds[k].foot.edge, err);
        }
    if (all.count > 1) qsort(all.data, all.count, sizeof *all.data, compare_u32);
    for (size_t k = 0; k < all.count; k++)
        if (k == 0 || all.data[k] != all.data[j->seed_edge_count - 1])
            all.data[j->seed_edge_count++] = all.data[k];
    j->seed_edges = *edges = all.data;
    return ok ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status compute(job *j, size_t key_count, const hsd_run *run, hsd_error *err) {
    size_t workers = (size_t)hsd_thread_count(run), *ranks = NULL;
    j->scratch = hsd_calloc(workers, sizeof *j->scratch, err);
    j->fans = hsd_calloc(workers, sizeof *j->fans, err);
    hsd_status status = j->scratch && j->fans ? HSD_OK : HSD_E_MEMORY;
    if (status != HSD_OK) {
        workers = 0;
    } else if (j->lattice->locator->metric->leg_rule == HSD_LEG_EDGES) {
        status = hsd_parallel_for(run, "surface", key_count, 4, do_tiles, j, err);
    } else {
        status = reached_ranks(j, &ranks, &j->rank_count, err);
        j->ranks = ranks;
        if (status == HSD_OK)
            status = hsd_parallel_for(run, "sight", j->rank_count, 1, do_viewsheds, j, err);
        if (status == HSD_OK)
            status = hsd_parallel_for(run, "surface", key_count, 1, do_view_tiles, j, err);
    }
    hsd_free(ranks);
    for (size_t w = 0; w < workers; w++) {
        hsd_lattice_scratch_finish(&j->scratch[w]);
        hsd_free(j->fans[w]);
    }
    hsd_free(j->scratch);
    hsd_free(j->fans);
    return status;
}

hsd_status hsd_surface_read(hsd_lattice *lattice, const hsd_reading *reading, uint32_t limit_ms,
                            const hsd_run *run, hsd_surface *out, hsd_error *err) {
    *out = (hsd_surface){.centre_lon = lattice->centre_lon,
                         .centre_lat = lattice->centre_lat,
                         .cell_m = lattice->cell_m};
    const hsd_locator *locator = lattice->locator;
    hsd_status status = hsd_reading_prepare(reading, err);
    if (status != HSD_OK) return status;
    if (hsd_reading_locator(reading) != locator)
        return hsd_fail(err, HSD_E_ARGUMENT, "the tree and the lattice have different locators");
    if (limit_ms > hsd_reading_limit_ms(reading))
        return hsd_fail(err, HSD_E_ARGUMENT, "surface up to %u ms of a tree grown to %u ms",
                        limit_ms, hsd_reading_limit_ms(reading));
    spotter s = {.locator = locator, .limit_ms = limit_ms, .m_per_ms = leg_m_per_ms(locator)};
    const bool by_edges = locator->metric->leg_rule == HSD_LEG_EDGES;
    status = by_edges ? spot_edges(&s, reading, err) : spot_vertices(&s, reading, err);
    hsd_frame *frame = NULL;
    if (status == HSD_OK)
        status = hsd_frame_create(lattice->centre_lon, lattice->centre_lat, &frame, err);
    tile_key *keys = NULL;
    size_t key_count = 0;
    if (status == HSD_OK) status = plan(&s.spots, frame, out, &keys, &key_count, err);
    hsd_frame_destroy(frame);
    hsd_array_finish(&s.spots);
    job j = {.lattice = lattice,
             .reading = reading,
             .plain = hsd_reading_tree(reading),
             .limit_ms = limit_ms,
             .surface = out,
             .keys = keys};
    for (size_t p = 0; p < reading->part_count; p++) j.tree_count += reading->parts[p].count;
    double step_ms = lattice->cell_m / leg_m_per_ms(locator);
    j.last_ms = hsd_ms_add(limit_ms, step_ms < 1e8 ? (uint32_t)(1.1 * step_ms) + 1 : 100000000);
    uint32_t *seed_edges = NULL;
    if (status == HSD_OK) status = find_seed_edges(&j, &seed_edges, err);
    if (status == HSD_OK) status = compute(&j, key_count, run, err);
    hsd_free(seed_edges);
    hsd_free(keys);
    if (status != HSD_OK) hsd_surface_finish(out);
    return status;
}

hsd_status hsd_surface_make(hsd_lattice *lattice, const hsd_tree *tree, uint32_t limit_ms,
                            const hsd_run *run, hsd_surface *out, hsd_error *err) {
    const hsd_reading reading = hsd_reading_of(&tree);
    return hsd_surface_read(lattice, &reading, limit_ms, run, out, err);
}

void hsd_surface_finish(hsd_surface *surface) {
    if (!surface) return;
    hsd_free(surface->ms);
    hsd_free(surface->land);
    *surface = (hsd_surface){0};
}
