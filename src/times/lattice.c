/* Feet of lattice points, found once and shared by all origins of a run.
 *
 * Idea: a tile of 64 x 64 points collects the admissible segments within the cap once; a quadtree
 * over the tile then narrows the list: with d the least distance of any segment from a block's
 * centre and h the block's half diagonal, the nearest segment of every point of the block lies
 * within d + 2h of the centre. Blocks of 4 x 4 points are left with a score of segments. Distances
 * there are single precision in one plane a tile, widened by its error; what is left within that
 * error of the best is measured again as hsd_locate measures it, so that a lattice point and a
 * located point agree. Where a barrier is near, the leg found is tested, and only when it crosses
 * does the locator search on.
 *
 * Cost: about 50 segment distances a point, whatever the network's size. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "times/lattice.h"

#define LEVELS 5 /* blocks of 64, 32, 16, 8, 4 points a side */
#define LEAF 4
#define EARTH_M 6371000.0

typedef struct hsd_segment_list {
    float *x, *y, *dx, *dy, *inverse; /* start, way, 1 / squared length */
    uint32_t *item;                   /* first point in the network */
    float *d2;                        /* squared distances of the last measure */
    size_t count, capacity;
} segment_list;

static void list_finish(segment_list *list) {
    hsd_free(list->x);
    hsd_free(list->item);
    *list = (segment_list){0};
}

static bool list_reserve(segment_list *list, size_t need, hsd_error *err) {
    if (need <= list->capacity) return true;
    size_t capacity = need + need / 2 + 64;
    list_finish(list);
    list->x = hsd_alloc(capacity * 6, sizeof *list->x, err);
    list->item = hsd_alloc(capacity, sizeof *list->item, err);
    if (!list->x || !list->item) {
        list_finish(list);
        return false;
    }
    list->y = list->x + capacity;
    list->dx = list->y + capacity;
    list->dy = list->dx + capacity;
    list->inverse = list->dy + capacity;
    list->d2 = list->inverse + capacity;
    list->capacity = capacity;
    return true;
}

/* Squared distances of every segment from (px, py); the least. Written to vectorise. */
static float list_measure(segment_list *list, float px, float py) {
    const float *restrict x = list->x, *restrict y = list->y, *restrict dx = list->dx,
                          *restrict dy = list->dy, *restrict inverse = list->inverse;
    float *restrict d2 = list->d2;
    size_t count = list->count;
    for (size_t s = 0; s < count; s++) {
        float ax = px - x[s], ay = py - y[s];
        float t = (ax * dx[s] + ay * dy[s]) * inverse[s];
        t = t < 0.0f ? 0.0f : t;
        t = t > 1.0f ? 1.0f : t;
        float ex = ax - t * dx[s], ey = ay - t * dy[s];
        d2[s] = ex * ex + ey * ey;
    }
    float least = INFINITY;
    for (size_t s = 0; s < count; s++) least = d2[s] < least ? d2[s] : least;
    return least;
}

static bool list_narrow(const segment_list *from, float within, segment_list *to, hsd_error *err) {
    float limit = within * within;
    if (!list_reserve(to, from->count, err)) return false;
    size_t n = 0;
    for (size_t s = 0; s < from->count; s++) {
        if (!(from->d2[s] <= limit)) continue;
        to->x[n] = from->x[s];
        to->y[n] = from->y[s];
        to->dx[n] = from->dx[s];
        to->dy[n] = from->dy[s];
        to->inverse[n] = from->inverse[s];
        to->item[n++] = from->item[s];
    }
    to->count = n;
    return true;
}

void hsd_lattice_scratch_finish(hsd_lattice_scratch *scratch) {
    if (!scratch) return;
    hsd_frame_destroy(scratch->frame);
    hsd_free(scratch->lon);
    hsd_free(scratch->px);
    hsd_free(scratch->found);
    for (int l = 0; scratch->levels && l < LEVELS + 1; l++) list_finish(&scratch->levels[l]);
    hsd_free(scratch->levels);
    *scratch = (hsd_lattice_scratch){0};
}

hsd_status hsd_lattice_scratch_make(const hsd_lattice *lattice, hsd_lattice_scratch *scratch,
                                    hsd_error *err) {
    if (!scratch->frame) {
        hsd_status status =
            hsd_frame_create(lattice->centre_lon, lattice->centre_lat, &scratch->frame, err);
        if (status != HSD_OK) return status;
    }
    if (!scratch->lon) scratch->lon = hsd_alloc(2 * HSD_TILE_POINTS, sizeof *scratch->lon, err);
    if (!scratch->px) scratch->px = hsd_alloc(2 * HSD_TILE_POINTS, sizeof *scratch->px, err);
    if (!scratch->levels) scratch->levels = hsd_calloc(LEVELS + 1, sizeof *scratch->levels, err);
    if (!scratch->lon || !scratch->px || !scratch->levels) return HSD_E_MEMORY;
    scratch->lat = scratch->lon + HSD_TILE_POINTS;
    scratch->py = scratch->px + HSD_TILE_POINTS;
    return HSD_OK;
}

/* Small tiles: nine projected points and the parabolas through them (10 um at 800 m); they stand at
 * columns and rows 0, 31.5 and 63. */
static void points_between(const hsd_lattice *lattice, double x0, double y0,
                           hsd_lattice_scratch *scratch) {
    const double middle = 0.5 * (HSD_TILE - 1);
    double half = middle * lattice->cell_m, lon[3][3], lat[3][3];
    for (int b = 0; b < 3; b++)
        for (int a = 0; a < 3; a++)
            hsd_frame_inverse(scratch->frame, x0 + a * half, y0 + b * half, &lon[b][a], &lat[b][a]);
    for (int b = 0; b < HSD_TILE; b++) {
        double w[3], row_lon[3], row_lat[3];
        hsd_parabola_weights(b / middle, w);
        for (int a = 0; a < 3; a++) {
            row_lon[a] = w[0] * lon[0][a] + w[1] * lon[1][a] + w[2] * lon[2][a];
            row_lat[a] = w[0] * lat[0][a] + w[1] * lat[1][a] + w[2] * lat[2][a];
        }
        for (int a = 0; a < HSD_TILE; a++) {
            double v[3];
            hsd_parabola_weights(a / middle, v);
            scratch->lon[b * HSD_TILE + a] =
                v[0] * row_lon[0] + v[1] * row_lon[1] + v[2] * row_lon[2];
            scratch->lat[b * HSD_TILE + a] =
                v[0] * row_lat[0] + v[1] * row_lat[1] + v[2] * row_lat[2];
        }
    }
}

hsd_status hsd_lattice_tile_points(const hsd_lattice *lattice, int32_t ti, int32_t tj,
                                   hsd_lattice_scratch *scratch, hsd_error *err) {
    hsd_status status = hsd_lattice_scratch_make(lattice, scratch, err);
    if (status != HSD_OK) return status;
    double cell = lattice->cell_m;
    double x0 = ((double)ti * HSD_TILE + 0.5) * cell, y0 = ((double)tj * HSD_TILE + 0.5) * cell;
    if (cell <= 50.0) {
        points_between(lattice, x0, y0, scratch);
        return HSD_OK;
    }
    for (int p = 0; p < HSD_TILE_POINTS; p++)
        hsd_frame_inverse(scratch->frame, x0 + (p % HSD_TILE) * cell, y0 + (p / HSD_TILE) * cell,
                          &scratch->lon[p], &scratch->lat[p]);
    return HSD_OK;
}

/* ---- Filling a tile ----------------------------------------------------------------------------
 */

typedef struct filler {
    const hsd_locator *locator;
    hsd_lattice_scratch *scratch;
    hsd_tile *tile;
    hsd_tangent plane; /* at the tile's middle */
    float slack;       /* relative error of distances in the plane */
    bool any_foot;
    hsd_error *err;
} filler;

typedef struct block {
    int a, b, size; /* first point, points a side */
    bool dry;       /* known: no point in water */
    bool clear;     /* known: no barrier meets any leg */
} block;

static hsd_box_e7 box_around(double lon0, double lat0, double lon1, double lat1, double margin_m,
                             const hsd_tangent *plane) {
    double mx = margin_m / plane->m_per_lon, my = margin_m / plane->m_per_lat;
    double lo_lon = (lon0 - mx) * 1e7, lo_lat = (lat0 - my) * 1e7;
    double hi_lon = (lon1 + mx) * 1e7, hi_lat = (lat1 + my) * 1e7;
    return (hsd_box_e7){(int32_t)floor(fmax(lo_lon, -2.1e9)), (int32_t)floor(fmax(lo_lat, -2.1e9)),
                        (int32_t)ceil(fmin(hi_lon, 2.1e9)), (int32_t)ceil(fmin(hi_lat, 2.1e9))};
}

static hsd_box_e7 block_box(const filler *f, const block *k, double margin_m) {
    const hsd_lattice_scratch *s = f->scratch;
    double lon0 = INFINITY, lat0 = INFINITY, lon1 = -INFINITY, lat1 = -INFINITY;
    for (int c = 0; c < 4; c++) {
        int p = (k->b + (c / 2) * (k->size - 1)) * HSD_TILE + k->a + (c % 2) * (k->size - 1);
        lon0 = fmin(lon0, s->lon[p]);
        lon1 = fmax(lon1, s->lon[p]);
        lat0 = fmin(lat0, s->lat[p]);
        lat1 = fmax(lat1, s->lat[p]);
    }
    /* sides of the block bend a little in lon/lat */
    double bend = 0.01 + 1e-3 * (lat1 - lat0) * f->plane.m_per_lat;
    return box_around(lon0, lat0, lon1, lat1, margin_m + bend, &f->plane);
}

static bool in_water(const filler *f, int point) {
    return hsd_barriers_contain(&f->locator->barriers, f->scratch->lon[point],
                                f->scratch->lat[point]);
}

static void flood_block(filler *f, const block *k) {
    uint64_t bits = k->size == 64 ? UINT64_MAX : (((uint64_t)1 << k->size) - 1) << k->a;
    for (int b = k->b; b < k->b + k->size; b++) f->tile->water[b] |= bits;
}

/* Exact, as hsd_locate: among the segments within the plane's error of the best. */
static bool nearest_exact(const filler *f, const segment_list *list, int point, float least,
                          hsd_foot *out) {
    const hsd_network *network = f->locator->network;
    float within = sqrtf(least) * (1.0f + f->slack) + 0.05f, limit = within * within;
    hsd_tangent tangent = hsd_tangent_at(f->scratch->lon[point], f->scratch->lat[point]);
    double best = INFINITY;
    uint32_t best_item = UINT32_MAX;
    for (size_t s = 0; s < list->count; s++) {
        if (!(list->d2[s] <= limit)) continue;
        uint32_t item = list->item[s];
        double fraction;
        double d = hsd_tangent_segment_m(&tangent, network->points[item], network->points[item + 1],
                                         &fraction);
        /* ascending edge and segment is not ascending item: compare the edge first */
        if (d > best) continue;
        if (d == best) {
            uint32_t e = network->point_edge[item], old = network->point_edge[best_item];
            if (e > old || (e == old && item > best_item)) continue;
        }
        best = d;
        best_item = item;
        out->fraction = fraction;
    }
    if (!(best <= f->locator->leg_cap_m)) return false;
    out->edge = network->point_edge[best_item];
    out->vertex = HSD_NO_EDGE;
    out->segment = best_item - network->edges[out->edge].first_point;
    out->leg_m = best;
    return true;
}

static hsd_status fill_point(filler *f, segment_list *list, int point, bool clear) {
    hsd_lattice_scratch *s = f->scratch;
    float least = list_measure(list, s->px[point], s->py[point]);
    hsd_foot foot = {0};
    if (!(least < INFINITY) || !nearest_exact(f, list, point, least, &foot)) return HSD_OK;
    if (!clear) {
        hsd_lonlat here = {s->lon[point], s->lat[point]};
        if (hsd_barriers_cross(&f->locator->barriers, here,
                               hsd_locator_foot_point(f->locator, &foot)) &&
            hsd_locate_edge(f->locator, here.lon, here.lat, NULL, &foot) != HSD_SNAP_OK)
            return HSD_OK;
    }
    hsd_locator_foot_prefix(f->locator, &foot);
    if (!f->any_foot) {
        f->tile->feet = hsd_alloc(HSD_TILE_POINTS, sizeof *f->tile->feet, f->err);
        if (!f->tile->feet) return HSD_E_MEMORY;
        for (int p = 0; p < HSD_TILE_POINTS; p++)
            f->tile->feet[p] = (hsd_lattice_foot){.edge = HSD_NO_EDGE};
        f->any_foot = true;
    }
    f->tile->feet[point] = (hsd_lattice_foot){
        foot.edge, {foot.ms[0], foot.ms[1]}, hsd_locator_leg_ms(f->locator, foot.leg_m)};
    return HSD_OK;
}

static hsd_status fill_leaf(filler *f, const block *k, segment_list *list) {
    for (int b = k->b; b < k->b + k->size; b++)
        for (int a = k->a; a < k->a + k->size; a++) {
            int point = b * HSD_TILE + a;
            if (!k->dry && in_water(f, point)) {
                f->tile->water[b] |= (uint64_t)1 << a;
                continue;
            }
            hsd_status status = fill_point(f, list, point, k->clear);
            if (status != HSD_OK) return status;
        }
    return HSD_OK;
}

static hsd_status fill_block(filler *f, block k, int level) {
    hsd_lattice_scratch *s = f->scratch;
    segment_list *list = &s->levels[level];
    int p0 = k.b * HSD_TILE + k.a, last = k.size - 1;
    int corner[4] = {p0, p0 + last, p0 + last * HSD_TILE, p0 + last * HSD_TILE + last};
    float cx = 0, cy = 0, half = 0;
    for (int c = 0; c < 4; c++) {
        cx += 0.25f * s->px[corner[c]];
        cy += 0.25f * s->py[corner[c]];
    }
    for (int c = 0; c < 4; c++)
        half = fmaxf(half, hypotf(s->px[corner[c]] - cx, s->py[corner[c]] - cy));
    half = half * 1.001f + 0.01f;
    float cap = (float)f->locator->leg_cap_m * (1.0f + f->slack) + 0.05f;
    float near = sqrtf(list_measure(list, cx, cy)) * (1.0f + f->slack) + 0.05f;
    float reach = fminf(near + half, cap); /* the longest leg of the block before barriers */

    if (!k.dry && hsd_barriers_clear(&f->locator->barriers, block_box(f, &k, 0.0))) {
        if (in_water(f, corner[0])) {
            flood_block(f, &k);
            return HSD_OK;
        }
        k.dry = true;
    }
    if (k.dry && !k.clear)
        k.clear = hsd_barriers_clear(&f->locator->barriers, block_box(f, &k, (double)reach));
    bool empty = list->count == 0 || near > cap + half;
    if (empty && k.dry) return HSD_OK;

    segment_list *next = &s->levels[level + 1];
    float within = fminf(near + 2.0f * half, cap + half) * (1.0f + f->slack) + 0.05f;
    if (!list_narrow(list, empty ? 0.0f : within, next, f->err)) return HSD_E_MEMORY;
    if (k.size == LEAF) return fill_leaf(f, &k, next);
    for (int c = 0; c < 4; c++) {
        block child = k;
        child.size = k.size / 2;
        child.a += (c % 2) * child.size;
        child.b += (c / 2) * child.size;
        hsd_status status = fill_block(f, child, level + 1);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}

typedef struct gather {
    hsd_lattice_scratch *scratch;
    const hsd_locator *locator;
    bool failed;
    hsd_error *err;
} gather;

static bool gather_segment(void *context, uint32_t item) {
    gather *g = context;
    hsd_lattice_scratch *s = g->scratch;
    if (!hsd_locator_edge_stops(g->locator, g->locator->network->point_edge[item])) return true;
    if (s->found_count == s->found_capacity &&
        !hsd_array_grow((void **)(void *)&s->found, &s->found_capacity, s->found_count + 1,
                        sizeof *s->found, g->err)) {
        g->failed = true;
        return false;
    }
    s->found[s->found_count++] = item;
    return true;
}

static hsd_status gather_segments(filler *f, const block *whole) {
    hsd_lattice_scratch *s = f->scratch;
    gather g = {s, f->locator, false, f->err};
    s->found_count = 0;
    double cap = f->locator->leg_cap_m * (1.0 + (double)f->slack) + 1.0;
    hsd_rtree_query(&f->locator->network->snap, block_box(f, whole, cap), gather_segment, &g);
    segment_list *list = &s->levels[0];
    list->count = 0;
    if (g.failed || !list_reserve(list, s->found_count, f->err)) return HSD_E_MEMORY;
    const hsd_point_e7 *points = f->locator->network->points;
    for (size_t n = 0; n < s->found_count; n++) {
        hsd_point_e7 a = points[s->found[n]], b = points[s->found[n] + 1];
        double ax = (a.lon_e7 * 1e-7 - f->plane.lon) * f->plane.m_per_lon;
        double ay = (a.lat_e7 * 1e-7 - f->plane.lat) * f->plane.m_per_lat;
        double bx = (b.lon_e7 * 1e-7 - f->plane.lon) * f->plane.m_per_lon;
        double by = (b.lat_e7 * 1e-7 - f->plane.lat) * f->plane.m_per_lat;
        double length2 = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
        list->x[n] = (float)ax;
        list->y[n] = (float)ay;
        list->dx[n] = (float)(bx - ax);
        list->dy[n] = (float)(by - ay);
        list->inverse[n] = length2 > 0.0 ? (float)(1.0 / length2) : 0.0f;
        list->item[n] = s->found[n];
    }
    list->count = s->found_count;
    return HSD_OK;
}

static hsd_status keep_points(hsd_tile *tile, const hsd_lattice_scratch *scratch, hsd_error *err) {
    tile->lon = hsd_alloc(2 * HSD_TILE_POINTS, sizeof *tile->lon, err);
    if (!tile->lon) return HSD_E_MEMORY;
    tile->lat = tile->lon + HSD_TILE_POINTS;
    memcpy(tile->lon, scratch->lon, HSD_TILE_POINTS * sizeof *tile->lon);
    memcpy(tile->lat, scratch->lat, HSD_TILE_POINTS * sizeof *tile->lat);
    return HSD_OK;
}

static hsd_status fill_tile(const hsd_lattice *lattice, hsd_tile *tile,
                            hsd_lattice_scratch *scratch, hsd_error *err) {
    hsd_status status = hsd_lattice_tile_points(lattice, tile->ti, tile->tj, scratch, err);
    if (status != HSD_OK) return status;
    int middle = (HSD_TILE / 2) * HSD_TILE + HSD_TILE / 2;
    filler f = {.locator = lattice->locator, .scratch = scratch, .tile = tile, .err = err};
    f.plane = hsd_tangent_at(scratch->lon[middle], scratch->lat[middle]);
    /* metres per degree of longitude change with latitude across the tile and its cap */
    double span = (double)HSD_TILE * lattice->cell_m + lattice->locator->leg_cap_m;
    double bend = span / EARTH_M * (fabs(tan(f.plane.lat * (M_PI / 180.0))) + 0.1);
    f.slack = (float)(2.0 * bend + 1e-4);
    for (int p = 0; p < HSD_TILE_POINTS; p++) {
        scratch->px[p] = (float)((scratch->lon[p] - f.plane.lon) * f.plane.m_per_lon);
        scratch->py[p] = (float)((scratch->lat[p] - f.plane.lat) * f.plane.m_per_lat);
    }
    block whole = {0, 0, HSD_TILE, false, false};
    if (lattice->locator->metric->leg_rule == HSD_LEG_EDGES) {
        status = gather_segments(&f, &whole);
    } else {
        scratch->levels[0].count = 0; /* water only */
        status = keep_points(tile, scratch, err);
    }
    if (status != HSD_OK) return status;
    return fill_block(&f, whole, 0);
}

/* ---- The table of tiles -------------------------------------------------------------------------
 */

static size_t tile_slot(hsd_tile *const *tiles, size_t capacity, int32_t ti, int32_t tj) {
    uint64_t key = ((uint64_t)(uint32_t)ti << 32 | (uint32_t)tj) * 0x9E3779B97F4A7C15u;
    size_t slot = (size_t)(key >> 32) & (capacity - 1);
    while (tiles[slot] && (tiles[slot]->ti != ti || tiles[slot]->tj != tj))
        slot = (slot + 1) & (capacity - 1);
    return slot;
}

static bool table_reserve(hsd_lattice *lattice, hsd_error *err) {
    if (2 * (lattice->tile_count + 1) <= lattice->tile_capacity) return true;
    size_t capacity = lattice->tile_capacity ? 2 * lattice->tile_capacity : 256;
    hsd_tile **tiles = hsd_calloc(capacity, sizeof *tiles, err);
    if (!tiles) return false;
    for (size_t s = 0; s < lattice->tile_capacity; s++) {
        hsd_tile *tile = lattice->tiles[s];
        if (tile) tiles[tile_slot(tiles, capacity, tile->ti, tile->tj)] = tile;
    }
    hsd_free(lattice->tiles);
    lattice->tiles = tiles;
    lattice->tile_capacity = capacity;
    return true;
}

static void tile_destroy(hsd_tile *tile) {
    if (!tile) return;
    hsd_free(tile->feet);
    hsd_free(tile->lon);
    hsd_free(tile);
}

/* Puts the tile in, or drops it when another thread was faster: both are the same. */
static hsd_tile *table_put(hsd_lattice *lattice, hsd_tile *tile, hsd_error *err) {
    pthread_mutex_lock(&lattice->lock);
    hsd_tile *kept = NULL;
    if (table_reserve(lattice, err)) {
        size_t slot = tile_slot(lattice->tiles, lattice->tile_capacity, tile->ti, tile->tj);
        if (!lattice->tiles[slot]) {
            lattice->tiles[slot] = tile;
            lattice->tile_count++;
        }
        kept = lattice->tiles[slot];
    }
    pthread_mutex_unlock(&lattice->lock);
    if (kept != tile) tile_destroy(tile);
    return kept;
}

hsd_status hsd_lattice_tile(hsd_lattice *lattice, int32_t ti, int32_t tj,
                            hsd_lattice_scratch *scratch, const hsd_tile **out, hsd_error *err) {
    pthread_mutex_lock(&lattice->lock);
    hsd_tile *tile = NULL;
    if (lattice->tile_capacity)
        tile = lattice->tiles[tile_slot(lattice->tiles, lattice->tile_capacity, ti, tj)];
    pthread_mutex_unlock(&lattice->lock);
    if (!tile) {
        tile = hsd_calloc(1, sizeof *tile, err);
        if (!tile) return HSD_E_MEMORY;
        tile->ti = ti;
        tile->tj = tj;
        hsd_status status = fill_tile(lattice, tile, scratch, err);
        if (status != HSD_OK) {
            tile_destroy(tile);
            return status;
        }
        tile = table_put(lattice, tile, err);
        if (!tile) return HSD_E_MEMORY;
    }
    *out = tile;
    return HSD_OK;
}

/* ---- Making and freeing -------------------------------------------------------------------------
 */

double hsd_lattice_cell_m(const hsd_locator *locator, uint32_t cutoff_ms) {
    const hsd_metric *metric = locator->metric;
    double detour = metric->leg_detour_ppm ? metric->leg_detour_ppm * 1e-6 : 1.0;
    double speed_kmh = metric->leg_speed_mh * 1e-3 / detour;
    return 12.5 * fmax(1.0, cutoff_ms / (15.0 * 60000.0)) * fmax(1.0, speed_kmh / 4.8);
}

hsd_status hsd_lattice_create(const hsd_locator *locator, const hsd_lattice_options *options,
                              hsd_lattice **out, hsd_error *err) {
    *out = NULL;
    if (!options || !isfinite(options->centre_lon) || !isfinite(options->centre_lat) ||
        fabs(options->centre_lat) > 90.0 || fabs(options->centre_lon) > 180.0)
        return hsd_fail(err, HSD_E_ARGUMENT, "lattice centre %g %g: expected lon, lat in degrees",
                        options ? options->centre_lon : NAN, options ? options->centre_lat : NAN);
    double cell = options->cell_m == 0.0 ? hsd_lattice_cell_m(locator, 0) : options->cell_m;
    if (!(cell >= 0.1 && cell <= 100000.0))
        return hsd_fail(err, HSD_E_ARGUMENT, "lattice cell %g m: expected 0.1 to 100000", cell);
    hsd_lattice *lattice = hsd_calloc(1, sizeof *lattice, err);
    if (!lattice) return HSD_E_MEMORY;
    lattice->locator = locator;
    lattice->centre_lon = options->centre_lon;
    lattice->centre_lat = options->centre_lat;
    lattice->cell_m = cell;
    if (locator->metric->leg_rule == HSD_LEG_NODES) {
        lattice->viewsheds = hsd_calloc(locator->stop_count, sizeof *lattice->viewsheds, err);
        if (!lattice->viewsheds) {
            hsd_free(lattice);
            return HSD_E_MEMORY;
        }
    }
    pthread_mutex_init(&lattice->lock, NULL);
    *out = lattice;
    return HSD_OK;
}

void hsd_lattice_destroy(hsd_lattice *lattice) {
    if (!lattice) return;
    for (size_t s = 0; s < lattice->tile_capacity; s++) tile_destroy(lattice->tiles[s]);
    hsd_free(lattice->tiles);
    for (size_t v = 0; lattice->viewsheds && v < lattice->locator->stop_count; v++) {
        if (lattice->viewsheds[v]) hsd_free(lattice->viewsheds[v]->seen);
        hsd_free(lattice->viewsheds[v]);
    }
    hsd_free(lattice->viewsheds);
    pthread_mutex_destroy(&lattice->lock);
    hsd_free(lattice);
}
