/* The lattice's inside, for surface.c: tiles of feet, and what each stopping vertex sees. */
#ifndef TIMES_LATTICE_H
#define TIMES_LATTICE_H

#include <pthread.h>

#include "base/parallel.h"
#include "times/locator.h"

#define HSD_TILE 64 /* lattice points a side */
#define HSD_TILE_POINTS (HSD_TILE * HSD_TILE)

/* Weights of three values at 0, 1 and 2 in the parabola through them, at t. */
static inline void hsd_parabola_weights(double t, double weight[3]) {
    weight[0] = 0.5 * (t - 1.0) * (t - 2.0);
    weight[1] = t * (2.0 - t);
    weight[2] = 0.5 * t * (t - 1.0);
}

/* A foot as surfaces need it: hsd_foot without what the network can tell again. */
typedef struct hsd_lattice_foot {
    uint32_t edge; /* HSD_NO_EDGE: none */
    uint32_t ms[2];
    uint32_t leg_ms;
} hsd_lattice_foot;

/* Points (64 ti + a, 64 tj + b), a and b in 0..63, row by row. Immutable once in the lattice. */
typedef struct hsd_tile {
    int32_t ti, tj;
    uint64_t water[HSD_TILE]; /* bit a of row b: inside a barrier */
    hsd_lattice_foot *feet;   /* HSD_TILE_POINTS; NULL where no point has one, or HSD_LEG_NODES */
    double *lon, *lat;        /* HSD_TILE_POINTS, HSD_LEG_NODES alone: many vertices look at them */
} hsd_tile;

/* HSD_LEG_NODES: the lattice points a vertex sees within the cap, as bits of a window. */
typedef struct hsd_viewshed {
    uint32_t vertex;
    int32_t i0, j0;
    uint32_t width, height;
    uint64_t *seen; /* width * height bits, row by row */
} hsd_viewshed;

struct hsd_lattice {
    const hsd_locator *locator;
    double centre_lon, centre_lat, cell_m;
    pthread_mutex_t lock; /* guards the two tables, never held while computing */
    hsd_tile **tiles;     /* open addressing, power of two */
    size_t tile_count, tile_capacity;
    hsd_viewshed **viewsheds; /* by rank in locator->stop_list */
};

/* Scratch of one worker: a frame of its own and the lists of tile filling. */
typedef struct hsd_lattice_scratch {
    hsd_frame *frame;
    double *lon, *lat;               /* HSD_TILE_POINTS */
    float *px, *py;                  /* the same in the tile's plane */
    struct hsd_segment_list *levels; /* one a level of the quadtree */
    uint32_t *found;                 /* segments near the tile */
    size_t found_count, found_capacity;
} hsd_lattice_scratch;
/* Fills what is still empty. */
hsd_status hsd_lattice_scratch_make(const hsd_lattice *lattice, hsd_lattice_scratch *scratch,
                                    hsd_error *err);
void hsd_lattice_scratch_finish(hsd_lattice_scratch *scratch);

/* lon, lat of the points of a tile into the scratch. */
hsd_status hsd_lattice_tile_points(const hsd_lattice *lattice, int32_t ti, int32_t tj,
                                   hsd_lattice_scratch *scratch, hsd_error *err);
/* The tile, found now if nobody did before. Thread-safe; the same for any order of calls. */
hsd_status hsd_lattice_tile(hsd_lattice *lattice, int32_t ti, int32_t tj,
                            hsd_lattice_scratch *scratch, const hsd_tile **out, hsd_error *err);
/* What stopping vertex number `rank` of locator->stop_list sees. Thread-safe. */
hsd_status hsd_lattice_viewshed(hsd_lattice *lattice, size_t rank, hsd_lattice_scratch *scratch,
                                const hsd_viewshed **out, hsd_error *err);

/* Metres between points some kilometres apart by the Gauss mid-latitude formula: 4 mm at 15 km, a
 * hundred times faster than the geodesic. Coefficients hold round one latitude. */
typedef struct hsd_near_metre {
    double lon, lat;
    double east[3], north[2]; /* metres a degree, by powers of (mean latitude - lat) in degrees */
} hsd_near_metre;
hsd_near_metre hsd_near_metre_at(double lon, double lat);
double hsd_near_metre_m(const hsd_near_metre *at, double lon, double lat);
#endif
