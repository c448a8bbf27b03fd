/* The working state of a run of measures, shared by its files: access.c (the order of steps),
 * access_columns.c (which columns the measures read, and from where), access_sides.c (places as
 * columns), access_tables.c (times, or somebody else's matrix, as cost tables), access_compute.c
 * (measures, inequality, sums), access_spillover.c, access_layers.c and access_pairs.c (the result
 * file). A cost table runs from places to places; without an origins layer both are the zones. */
#ifndef STUDY_ACCESS_RUN_H
#define STUDY_ACCESS_RUN_H

#include "hourshed/access.h"
#include "study/options.h"
#include "study/time_rows.h"

/* Places on one end of the table. */
typedef struct hsd_access_side {
    const hsd_place_table *places; /* borrowed */
    const char *file;              /* borrowed: its name, for messages */
    hsd_zone_columns columns;
    double **values; /* what columns point to: numbers one after another */
    const char ***texts;
    const char **ids;
    hsd_lonlat *points;
    double *area_km2;
    const double *people; /* weights of means; NULL: every zone counts once */
    bool drawn;           /* places have geometry */
} hsd_access_side;

/* A scene: the baseline, a scenario that is shown, or one that spillovers alone need. */
typedef struct hsd_access_scene {
    char *name;
    hsd_measured *measured; /* one a measure */
    hsd_measured *unequal;  /* measures x inequality measures */
    hsd_cost_table table;   /* of scenes whose pairs are written */
} hsd_access_scene;

/* A region of the spillovers: its name, and how many proposals lie in it. */
typedef struct hsd_access_region {
    const char *name; /* borrowed from region_zones */
    size_t proposals;
    hsd_text names;       /* theirs, parted by "; " */
    size_t without, only; /* scenes: all but these proposals, and these alone */
} hsd_access_region;

typedef HSD_ARRAY(const char *) hsd_name_list;
typedef HSD_ARRAY(hsd_measure *) hsd_measure_list;

typedef struct hsd_access_run {
    const hsd_access_request *request; /* with defaults filled in: own */
    hsd_access_request own;
    const hsd_run *run;
    const char *lang;
    hsd_measure_list measures, inequality;
    hsd_name_list numbers, texts;             /* columns read, each once */
    hsd_name_list zone_numbers, zone_texts;   /* of these, those of the zones */
    hsd_name_list place_numbers, place_texts; /* and of the origins, where they stand apart */
    hsd_place_table zones, origins;           /* read here: of a matrix, or origins apart */
    bool apart;                               /* from and to are different layers */
    bool swapped;             /* times were asked to the origins: from is the zones */
    hsd_access_side from, to; /* to is from's twin unless they stand apart */
    uint32_t *same;           /* of matrices: the place of to that from's is */
    hsd_time_rows *times;     /* NULL: of matrices */
    hsd_time_rows_ask ask;
    hsd_issues issues;
    hsd_name_list asked; /* scenarios asked of the times: shown ones, then those of spillovers */
    hsd_option_pool pool;
    hsd_access_scene *scenes;
    size_t scene_count, shown; /* shown: the baseline and the user's scenarios */
    hsd_access_region *regions;
    size_t region_count, full;    /* full: the scene of all proposals */
    hsd_place_table region_zones; /* the zones' layer as the regions were found in it */
    hsd_dataset *file;
    char *record;
    HSD_ARRAY(char *) warnings;
} hsd_access_run;

/* Whose values they are; where origins and targets are the same zones, theirs. */
static inline const hsd_access_side *hsd_access_side_of(const hsd_access_run *run,
                                                        const hsd_measured *m) {
    return m->passive && run->apart ? &run->to : &run->from;
}
static inline hsd_measured *hsd_access_measured(const hsd_access_run *run, size_t scene,
                                                size_t measure) {
    return &run->scenes[scene].measured[measure];
}
static inline bool hsd_access_of_zones(const hsd_access_run *run, size_t measure) {
    return hsd_measure_get_info(run->measures.data[measure])->shape == HSD_MEASURE_ZONES;
}
/* A line for the terminal and the record. */
hsd_status hsd_access_warn(hsd_access_run *run, hsd_error *err, const char *format, ...)
    HSD_PRINTF(3, 4);

/* ---- access_columns.c */
hsd_status hsd_access_parse(hsd_access_run *run, hsd_error *err);
hsd_status hsd_access_find_columns(hsd_access_run *run, hsd_error *err);

/* ---- access_sides.c */
hsd_status hsd_access_read_places(hsd_access_run *run, hsd_error *err);
hsd_status hsd_access_make_sides(hsd_access_run *run, hsd_error *err);
void hsd_access_side_finish(hsd_access_side *side);
/* place[i]: that has ids[i]; HSD_NO_ROW: none has. */
hsd_status hsd_access_find_places(const hsd_access_side *side, const char *const *ids, size_t count,
                                  uint32_t *place, hsd_error *err);

/* ---- access_tables.c */
/* Times are opened, or the names of matrices read; how much memory it takes is checked. */
hsd_status hsd_access_open(hsd_access_run *run, hsd_error *err);
/* The cost table of a scene; the caller finishes it. */
hsd_status hsd_access_table(hsd_access_run *run, size_t scene, hsd_cost_table *out, hsd_error *err);

/* HSD_E_MEMORY where tables of as many pairs are more than --memory, or the machine has; made_from:
 * bytes of a pair while its table is made. */
hsd_status hsd_access_check_memory(const hsd_access_run *run, double pairs, size_t costs,
                                   double made_from, hsd_error *err);

/* ---- access_matrix.c */
/* A matrix file as a table between the sides, its ids joined to theirs. */
hsd_status hsd_access_matrix(hsd_access_run *run, const char *path, hsd_cost_table *out,
                             hsd_error *err);

/* ---- access_compute.c */
hsd_status hsd_access_compute(hsd_access_run *run, hsd_error *err);
/* Lines of a summary: scenario by scenario, measure by measure; ends at the first failure. */
typedef struct hsd_access_figure {
    size_t scene, measure;
    const char *statistic, *group; /* group NULL: none */
    bool inequality;
    double value, change; /* change NAN: of the baseline */
} hsd_access_figure;
typedef hsd_status (*hsd_access_visit)(void *context, const hsd_access_figure *figure,
                                       hsd_error *err);
hsd_status hsd_access_figures(const hsd_access_run *run, hsd_access_visit visit, void *context,
                              hsd_error *err);

/* ---- access_spillover.c */
/* Scenarios that are asked of the times: the user's, then those that spillovers need. */
hsd_status hsd_access_ask_scenarios(hsd_access_run *run, hsd_error *err);
hsd_status hsd_access_write_spillover(hsd_access_run *run, hsd_error *err);

/* ---- access_layers.c, access_pairs.c */
hsd_status hsd_access_write(hsd_access_run *run, hsd_error *err);
hsd_status hsd_access_write_pairs(hsd_access_run *run, hsd_error *err);
bool hsd_access_has_pairs(const hsd_access_run *run); /* a layer of pairs is written */
/* The one name of a measure's column in this run: see hsd_measure_column; two of one name get a
 * number. The buffer holds 128. */
const char *hsd_access_column(const hsd_access_run *run, size_t measure, char *buffer);
/* Geometry NONE, no style: a table. */
hsd_status hsd_access_layer(hsd_access_run *run, const char *name, const char *title,
                            hsd_geometry_type geometry, const hsd_field *fields, size_t count,
                            const hsd_style *style, bool hidden, const char *about, hsd_error *err);
#endif
