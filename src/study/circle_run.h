/* The working state of a circle run, shared by its files: circle.c (the order of steps),
 * circle_request.c (what is asked for), circle_inputs.c (what is read), circle_join.c (where
 * origins start), circle_compute.c (times and polygons), circle_layers.c (the result file),
 * circle_map.c (the picture). compare*.c takes the same state up to the join. */
#ifndef STUDY_CIRCLE_RUN_H
#define STUDY_CIRCLE_RUN_H

#include "hourshed/export.h"
#include "study/options.h"
#include "study/origins.h"
#include "study/transit_run.h"

/* A gate's feet under one profile. */
typedef struct hsd_joined {
    hsd_snap_reason reason;
    uint32_t feet;    /* how many */
    hsd_foot nearest; /* the one with the shortest leg; only when reason is HSD_SNAP_OK */
    hsd_lonlat at;    /* its place */
} hsd_joined;

/* One origin under one profile. */
typedef struct hsd_origin_result {
    hsd_seed *seeds; /* by transit: under the near end's profile */
    size_t seed_count;
    hsd_seed *direct; /* by transit: under the far end's, for trips without a ride; may be seeds */
    size_t direct_count;
    hsd_joined *joined; /* gate_count of the origin; by transit: of the first percentile alone */
    hsd_joined *direct_joined; /* the same at the far end; NULL: as at the near one */
    bool ok;
    char why[128];         /* when not ok */
    hsd_circle *circles;   /* cutoff_count */
    double *masses;        /* cutoff_count x mass_count */
    hsd_zone_time *zones;  /* zone place count; NULL without zones */
    double *zone_shares;   /* zone place count x cutoff_count */
    double *window_shares; /* by timetable, of the first percentile: zone place count, of instants
                            * with t <= the largest cut-off */
    uint8_t *reached; /* population sub-points x cutoff_count, for core and fringe; else NULL */
    hsd_search_counters counters;
} hsd_origin_result;

typedef struct hsd_profile_run {
    const hsd_transit_run *transit; /* NULL: streets. Shared by the profile runs of its percentiles,
                                     * which have the far end's locator; all but the first borrow
                                     * locator, lattice and sets from it */
    double percentile;              /* NAN: streets */
    int profile;                    /* index in the network; by transit: of the far end */
    const char *name, *mode;
    char own_name[32]; /* name, by transit */
    hsd_locator *locator;
    hsd_lattice *lattice;
    hsd_zone_set *zones, *population;
    hsd_contest *contest;       /* hinterland or overlap wanted */
    hsd_origin_result *results; /* one an origin */
} hsd_profile_run;

typedef struct hsd_origin_trees hsd_origin_trees;

typedef struct hsd_circle_run {
    const hsd_circle_request *request;
    const hsd_run *run;
    const char *lang;
    hsd_network *network;
    hsd_network *file_network; /* NULL: network is the file's; else that has more stops than it */
    hsd_network_info info;     /* of the file, but for the extent */
    hsd_geometry own_barriers; /* --barriers */
    uint32_t *cutoffs_ms;      /* ascending, each once */
    size_t cutoff_count;
    hsd_origin_list origins;
    hsd_place_table zones, population;
    hsd_profile_run *profiles;
    size_t profile_count;
    hsd_transit_plan plan;     /* of a run by timetable, until it is opened */
    hsd_transit_run *transit;  /* NULL: streets */
    double cell_m;             /* of the lattice */
    hsd_surface first;         /* the first task's surface, kept for the raster */
    hsd_edges edges;           /* never AUTO */
    bool portals;              /* gates may stand beside other starts: a comparison's city pairs */
    bool one_profile;          /* of several of a mode, the first */
    bool zone_masses_may_miss; /* NAN then; the caller judges */
    bool from_zones;           /* every zone is an origin, at its point; points and origins are not
                                * asked for */
    const char *grid; /* the zones are cells over the polygons of the layer; NULL: its rows */
    hsd_origin_trees *trees; /* of layers and picture: what one grew serves the next */
    hsd_dataset *file;       /* the result, in the making */
    char *record;            /* provenance as JSON */
} hsd_circle_run;

static inline const hsd_origin_result *hsd_run_result(const hsd_circle_run *run, size_t profile,
                                                      size_t origin) {
    return &run->profiles[profile].results[origin];
}
/* The name to show: name_en in English runs where there is one. */
static inline const char *hsd_shown_name(const char *name, const char *name_en, const char *lang) {
    bool chinese = lang && lang[0] == 'z';
    return !chinese && name_en && name_en[0] ? name_en : name;
}

/* Checks a request and fills the cut-offs; opens the network and finds the profiles; reads all else
 * that it names, with locators (and opens, where that is not done); joins the origins and makes
 * lattices and zone sets, run->profiles[].results besides. */
hsd_status hsd_circle_check(hsd_circle_run *run, hsd_error *err);
hsd_status hsd_circle_open(hsd_circle_run *run, hsd_error *err);
hsd_status hsd_circle_read(hsd_circle_run *run, hsd_error *err);
hsd_status hsd_circle_prepare(hsd_circle_run *run, hsd_error *err);
/* zone_grid.c: the zones are now cells over the polygons that they were, with their masses, those
 * of the population and the texts of the zone each cell's point lies in. */
hsd_status hsd_zones_into_grid(hsd_circle_run *run, hsd_error *err);
/* The cells as the one layer of a file of its own. */
hsd_status hsd_cells_write(const hsd_circle_run *run, const char *path, const char *record,
                           hsd_error *err);
/* The one with the shortest leg; none without feet. */
hsd_foot hsd_nearest_foot(const hsd_feet *feet);
/* The frame of the run's lattices: every surface of the run lies on it. After the join. */
hsd_lattice_options hsd_circle_lattice(const hsd_circle_run *run);
void hsd_circle_run_finish(hsd_circle_run *run);
/* HSD_OK when at least one origin joined under some profile. */
hsd_status hsd_circle_all_failed(const hsd_circle_run *run, hsd_error *err);
/* The request with what was left open filled in: cut-offs, profiles, edges, cell ... */
hsd_status hsd_circle_effective(const hsd_circle_run *run, hsd_option_pool *pool,
                                hsd_circle_request *out, hsd_error *err);

/* circle_transit.c: of runs by timetable; the steps above call them. */
bool hsd_circle_by_transit(const hsd_circle_request *request);
hsd_status hsd_circle_transit_check(hsd_circle_run *run, hsd_error *err);
hsd_status hsd_circle_transit_open(hsd_circle_run *run, hsd_error *err);
/* Origins and zones are read, locators not yet made: a network of stops alone is built anew with
 * all stops of the run's timetable, those of proposals too, and with the places where trips begin.
 */
hsd_status hsd_circle_stand_alone(hsd_circle_run *run, hsd_error *err);
hsd_status hsd_circle_transit_effective(const hsd_circle_run *run, hsd_option_pool *pool,
                                        hsd_transit_choice *out, hsd_error *err);
typedef struct hsd_leg_ask {
    char origin[128], target[128]; /* ids */
    uint32_t instant_ms;           /* HSD_UNREACHABLE: not said */
} hsd_leg_ask;
hsd_status hsd_leg_ask_parse(const char *text, hsd_leg_ask *out, hsd_error *err);
/* After origins and zones are read: those that legs are asked of are there. */
hsd_status hsd_circle_check_leg_ids(const hsd_circle_run *run, hsd_error *err);

/* The times of origins, grown when they are asked for: streets a profile at a time, by timetable
 * all percentiles at once. Scratch of one thread. */
struct hsd_origin_trees {
    const hsd_circle_run *run;
    hsd_tree **trees; /* one a profile, made when first needed */
    hsd_transit_trees transit;
    size_t grown; /* by timetable: this origin; SIZE_MAX: none */
};
hsd_status hsd_origin_trees_init(hsd_origin_trees *trees, const hsd_circle_run *run,
                                 hsd_error *err);
void hsd_origin_trees_finish(hsd_origin_trees *trees);
/* Of an origin that is ok, up to the largest cut-off. The reading lives until the next. */
hsd_status hsd_origin_trees_read(hsd_origin_trees *trees, size_t profile, size_t origin,
                                 hsd_reading *out, hsd_error *err);
hsd_status hsd_origin_trees_pieces(hsd_origin_trees *trees, size_t profile, size_t origin,
                                   hsd_piece_visit visit, void *context, hsd_error *err);
hsd_search_counters hsd_origin_trees_counters(const hsd_origin_trees *trees, size_t profile);

hsd_status hsd_circle_compute(hsd_circle_run *run, hsd_error *err);
/* Begins the result file: says before the work that it cannot be written; then fills and commits
 * it. */
hsd_status hsd_circle_begin(hsd_circle_run *run, hsd_error *err);
hsd_status hsd_circle_write(const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_circle_write_raster(const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_circle_draw(const hsd_circle_run *run, hsd_error *err);
/* Core: inside under every profile; fringe: inside under some. The caller finishes both. */
hsd_status hsd_circle_core(const hsd_circle_run *run, size_t origin, size_t cutoff,
                           hsd_geometry *core, hsd_geometry *fringe, hsd_error *err);
/* Masses of core and of core + fringe, mass_count each. */
void hsd_circle_core_masses(const hsd_circle_run *run, size_t origin, size_t cutoff, double *core,
                            double *any);
hsd_status hsd_circle_report_make(const hsd_circle_run *run, hsd_circle_report *out,
                                  hsd_error *err);
/* Layer origins; layer snap, begun and filled with the origins' and zones' rows. */
hsd_status hsd_write_origins(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_snap_start(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_snap_rows(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);

/* Layer reached_edges: of a circle run as a whole, or piece by piece (a visitor of pieces). */
typedef struct hsd_edge_writer {
    hsd_dataset *file;
    const hsd_circle_run *run;
    const char *profile, *scenario; /* scenario NULL: no such column */
    size_t origin;                  /* SIZE_MAX: the piece's own */
    int64_t id;
} hsd_edge_writer;
hsd_status hsd_edges_start(hsd_edge_writer *writer, hsd_error *err);
hsd_status hsd_edges_piece(void *writer, const hsd_piece *piece, hsd_error *err);
hsd_status hsd_write_edges(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);

/* Layers of runs by timetable: reached_stops, legs. */
hsd_status hsd_write_stops(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_write_legs(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);

/* Layers of areas, written by hsd_circle_write. */
hsd_status hsd_write_circles(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_write_bands(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_write_hinterland(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_write_overlap(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
/* The title of map and project, into a buffer. */
void hsd_circle_title(const hsd_circle_run *run, char *buffer, size_t size);
#endif
