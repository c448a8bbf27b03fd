/* The working state of a circle run, shared by its files: circle.c (the order of steps),
 * circle_compute.c (times and polygons), circle_layers.c (the result file), circle_map.c (the
 * picture). */
#ifndef STUDY_CIRCLE_RUN_H
#define STUDY_CIRCLE_RUN_H

#include "hourshed/export.h"
#include "study/origins.h"
#include "study/provenance.h"

/* A gate's feet under one profile. */
typedef struct hsd_joined {
    hsd_snap_reason reason;
    uint32_t feet;    /* how many */
    hsd_foot nearest; /* the one with the shortest leg; only when reason is HSD_SNAP_OK */
    hsd_lonlat at;    /* its place */
} hsd_joined;

/* One origin under one profile. */
typedef struct hsd_origin_result {
    hsd_seed *seeds;
    size_t seed_count;
    hsd_joined *joined; /* gate_count of the origin */
    bool ok;
    char why[128];        /* when not ok */
    hsd_circle *circles;  /* cutoff_count */
    double *masses;       /* cutoff_count x mass_count */
    hsd_zone_time *zones; /* zone place count; NULL without zones */
    double *zone_shares;  /* zone place count x cutoff_count */
    uint8_t *reached;     /* population sub-points x cutoff_count, for core and fringe; else NULL */
    hsd_search_counters counters;
} hsd_origin_result;

typedef struct hsd_profile_run {
    int profile; /* index in the network */
    const char *name, *mode;
    hsd_locator *locator;
    hsd_lattice *lattice;
    hsd_zone_set *zones, *population;
    hsd_contest *contest;       /* hinterland or overlap wanted */
    hsd_origin_result *results; /* one an origin */
} hsd_profile_run;

typedef struct hsd_circle_run {
    const hsd_circle_request *request;
    const hsd_run *run;
    const char *lang;
    hsd_network *network;
    hsd_network_info info;
    hsd_geometry own_barriers; /* --barriers */
    uint32_t *cutoffs_ms;      /* ascending, each once */
    size_t cutoff_count;
    hsd_origin_list origins;
    hsd_place_table zones, population;
    hsd_profile_run *profiles;
    size_t profile_count;
    double cell_m;     /* of the lattice */
    hsd_surface first; /* the first task's surface, kept for the raster */
    hsd_edges edges;   /* never AUTO */
    hsd_dataset *file; /* the result, in the making */
    char *record;      /* provenance as JSON */
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
/* Layers of areas, written by hsd_circle_write. */
hsd_status hsd_write_circles(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_write_bands(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_write_hinterland(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
hsd_status hsd_write_overlap(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err);
/* The title of map and project, into a buffer. */
void hsd_circle_title(const hsd_circle_run *run, char *buffer, size_t size);
#endif
