/* Hourshed: whole runs. Each command of the program is one call here; options and studies parse
 * into the same structs, and the effective configuration is stored in the output. */
#ifndef HOURSHED_STUDY_H
#define HOURSHED_STUDY_H

#include "hourshed/compare.h"
#include "hourshed/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- build -------------------------------------------------------------------------------------
 */

typedef struct hsd_build_request {
    const char *osm; /* at most one of osm, roads, corridor; exactly one without a timetable */
    const char *roads;
    hsd_line_fields road_fields;
    const char *corridor;
    const char *const *gtfs; /* feeds; with none of the three above: a network of stops alone */
    size_t gtfs_count;
    hsd_proposal_source rail; /* lines, stations and services as the timetable (or added to it) */
    const char *as_of;        /* corridor and rail: as it stood on YYYY-MM-DD */
    const char *const *profiles; /* files, or names in the geodata's profiles folder; none: car-osm
                                  * and walk for streets, car-corridor for corridors,
                                  * station-access for stops alone */
    size_t profile_count;
    const char *barriers;   /* one more polygon layer of barriers; NULL: none */
    const char *assume_crs; /* of the barriers */
    const char *datum;      /* of all that is read but OpenStreetMap: "gcj02" ...; NULL: "wgs84" */
    const char *output;
    bool overwrite;
} hsd_build_request;
/* out: the network just saved; the caller destroys it. NULL: not wanted. issues: what was found in
 * feeds and proposals, the caller finishes them; on HSD_E_FORMAT the errors too. NULL: not wanted;
 * remarks are logged besides. */
HSD_API hsd_status hsd_study_build(const hsd_build_request *request, const hsd_run *run,
                                   hsd_network **out, hsd_issues *issues, hsd_error *err);

/* ---- info ---------------------------------------------------------------------------------------
 */

typedef struct hsd_info_request {
    const char *network; /* or a result: .gpkg */
    bool verify;         /* check every checksum and index */
    const char *arcs;    /* write the arcs of a profile's graph to this CSV; NULL: no */
    const char *profile; /* for arcs; NULL: the first */
    const char *date;    /* YYYY-MM-DD: the trips of that day too; NULL: no */
    bool overwrite;
} hsd_info_request;
/* Opens (and verifies) a network; JSON text of what is inside, released with hsd_text_release. Of a
 * GeoPackage that a run wrote: JSON of what it was made from, and no network (NULL). */
HSD_API hsd_status hsd_study_info(const hsd_info_request *request, const hsd_run *run,
                                  hsd_network **network, char **json, hsd_error *err);

/* ---- check --------------------------------------------------------------------------------------
 */

typedef struct hsd_check_request {
    const char *network;
    const char *mode;   /* NULL: every mode */
    double near_miss_m; /* dead ends this close to another street; 0: 5 m */
    const char *output, *format;
    bool overwrite;
    const char *lang;
} hsd_check_request;

typedef struct hsd_check_counts {
    size_t islands; /* parts not connected with the largest */
    size_t near_misses, dead_ends, one_way_traps, duplicates;
    double island_km;
} hsd_check_counts;
HSD_API hsd_status hsd_study_check(const hsd_check_request *request, const hsd_run *run,
                                   hsd_check_counts *out, hsd_error *err);

/* ---- circle -------------------------------------------------------------------------------------
 */

typedef enum hsd_edges {
    HSD_EDGES_AUTO,
    HSD_EDGES_NONE,
    HSD_EDGES_NEAREST,
    HSD_EDGES_EACH
} hsd_edges;
typedef enum hsd_origin_at {
    HSD_ORIGIN_CENTROID, /* of a polygon, or a point inside where the centroid is not */
    HSD_ORIGIN_WEIGHTED, /* the population's centre of gravity in the polygon */
    HSD_ORIGIN_GATES     /* the points of --gates that belong to it, with their initial costs */
} hsd_origin_at;

/* What a run by transit (mode "transit") is asked for besides. Texts NULL, numbers 0: the defaults
 * of docs/methods.md, 10 and 11. */
typedef struct hsd_transit_choice {
    const char *date;            /* YYYY-MM-DD; required */
    const char *depart, *arrive; /* HH:MM[:SS]; one of them, both for day_return; none: depart
                                  * 08:00, in runs to a centre arrive 09:00; to 30:00 */
    double window_min;           /* < 0: one instant; 0: 60 */
    const double *percentiles;   /* none: 50 */
    size_t percentile_count;
    const char *access, *egress; /* "walk", "car", "park" (access alone), or a profile's name; NULL:
                                  * walk, on networks of stops alone the only profile */
    const char *walk;            /* profile of walks between rides; NULL: the first of mode walk */
    double max_access_min, max_egress_min, max_walk_min;
    double max_transfers; /* < 0: none; 0: 4 */
    const char *board;    /* "high_speed=20,rail=3": minutes; "none": 0 for all */
    double change_min;    /* < 0: 0; 0: 2 */
    double transfer_penalty_min;
    double park_min; /* < 0: 0; 0: 5 */
    unsigned phases; /* 0: headways wait half of themselves */
    bool day_return;
} hsd_transit_choice;

typedef struct hsd_circle_request {
    const char *network;
    const hsd_lonlat *points; /* --from / --to; or an origins layer */
    size_t point_count;
    const char *origins;
    hsd_place_fields origin_fields;
    hsd_origin_at origin_at;
    const char *assume_crs; /* of gates and barriers that do not say theirs */
    /* "wgs84", "gcj02" or "bd09"; NULL: "wgs84". Of points, gates, barriers, and of layers whose
     * fields do not say theirs; gates are in that of the origins. Not of rasters. */
    const char *datum;
    const char *output_datum; /* the result's geometry is written back in it; not raster, map */
    const char *gates;        /* layer of points */
    const char *gate_of;      /* its field with the origin's id; NULL: "of" */
    hsd_direction direction;
    const double *minutes; /* cut-offs, any order, > 0; none: 60 */
    size_t minute_count;
    const char *mode;            /* NULL: that of the first profile in the network */
    const char *const *profiles; /* NULL: all of the mode; two or more: core and fringe */
    size_t profile_count;
    hsd_edges edges;
    bool bands;                 /* layer bands: between cut-offs */
    bool hinterland;            /* layer hinterland: each place to its nearest origin */
    bool overlap;               /* layer overlap: reached by 1, 2, 3 ... origins */
    bool nodes;                 /* layer reached_nodes: junctions with their milliseconds */
    hsd_transit_choice transit; /* of mode "transit" alone */
    const char *const *legs;    /* "ORIGIN:TARGET[@HH:MM]", ids of origins and of origins or zones:
                                 * layer legs; transit alone */
    size_t leg_count;
    const char *barriers;   /* layer instead of the network's own */
    const char *population; /* point or polygon layer, or raster of counts */
    hsd_place_fields population_fields;
    const char *zones; /* layer of places to give times for */
    hsd_place_fields zone_fields;
    const char *raster;           /* GeoTIFF of minutes of the first origin and profile */
    const char *map;              /* picture .png or .svg */
    const char *title;            /* of map and project; NULL: made from the origins */
    double min_component_percent; /* < 0: no minimum; 0: 1 % */
    double cell_m;                /* 0: by the cut-off */
    unsigned max_vertices;        /* 0: 2,000 */
    const char *output, *format;
    bool overwrite;
    const char *lang; /* "en" or "zh"; NULL: en */
} hsd_circle_request;

typedef struct hsd_circle_row {
    const char *origin_id, *origin, *profile;
    double percentile; /* of transit; NAN else */
    double cutoff_min, area_km2, reached_km, missed_percent, excess_percent, point_error_percent;
    unsigned vertices;
    bool data_end;
    const double *masses; /* mass_count of the report; NAN without --population */
} hsd_circle_row;

typedef struct hsd_failed_origin {
    const char *id, *name, *why;
} hsd_failed_origin;

/* What a circle run found, for tables on a terminal. */
typedef struct hsd_circle_report {
    hsd_circle_row *rows;
    size_t row_count;
    const char *const *mass_names;
    size_t mass_count;
    hsd_failed_origin *failed;
    size_t failed_count;
    uint64_t settled, relaxed; /* counters of all searches */
    void *storage;
} hsd_circle_report;
/* HSD_OK also when some origins failed (they are in the report and in layer snap); an error when
 * all did. */
HSD_API hsd_status hsd_study_circle(const hsd_circle_request *request, const hsd_run *run,
                                    hsd_circle_report *out, hsd_error *err);
HSD_API void hsd_circle_report_finish(hsd_circle_report *report);

/* ---- template -----------------------------------------------------------------------------------
 */

typedef struct hsd_template_request {
    const char *output;
    bool overwrite;
    const char *network; /* value list of classes from its profile, map where it lies; NULL: those
                            of car-osm */
    const char *lang;
} hsd_template_request;
/* A GeoPackage with the empty layers of a proposals file: value lists, defaults, constraints and
 * forms that QGIS shows, in an embedded project. */
HSD_API hsd_status hsd_study_template(const hsd_template_request *request, const hsd_run *run,
                                      hsd_error *err);

/* ---- compare ------------------------------------------------------------------------------------
 */

typedef struct hsd_compare_request {
    /* Network, origins, gates, cut-offs, profiles, zones, population, barriers, output ... as in
     * circle. bands, hinterland, overlap, nodes and raster are not used. */
    hsd_circle_request circle;
    hsd_proposal_source proposals; /* encoding, assume_crs, datum NULL: as the other layers' */
    const char *const *scenarios;  /* "NAME=p1,p2"; none: one, "all", of all proposals */
    size_t scenario_count;
    hsd_resolve_options resolve;
    const char *const *paths; /* "FROM:TO", ids of origins (or an origin and a zone): layer paths */
    size_t path_count;
    const char *city_of; /* field of --population with the city's id, for popmean; NULL: by polygon,
                          * or not at all */
    double faster_min;   /* 0: 1 */
    bool attribution;    /* layer attribution: a search a link and origin */
} hsd_compare_request;

typedef struct hsd_compare_row {
    const char *scenario, *origin_id, *origin, *profile;
    double cutoff_min, before_km2, after_km2, gained_km2, lost_km2;
    double before_road_km, after_road_km;
    const double *masses_before, *masses_after; /* mass_count; NAN without --population */
} hsd_compare_row;
typedef struct hsd_city_row {
    const char *scenario, *profile, *from, *to; /* names */
    double before_min, after_min; /* gate to gate, else centre to centre; NAN: no way */
} hsd_city_row;
typedef struct hsd_compare_report {
    hsd_compare_row *rows;
    size_t row_count;
    hsd_city_row *cities;
    size_t city_count;
    const char *const *mass_names;
    size_t mass_count;
    const char *const *sentences; /* in the language of the run */
    size_t sentence_count;
    hsd_failed_origin *failed;
    size_t failed_count;
    hsd_issues issues; /* remarks; on HSD_E_FORMAT the errors too */
    void *storage;
} hsd_compare_report;
HSD_API hsd_status hsd_study_compare(const hsd_compare_request *request, const hsd_run *run,
                                     hsd_compare_report *out, hsd_error *err);
HSD_API void hsd_compare_report_finish(hsd_compare_report *report);

/* ---- rank ---------------------------------------------------------------------------------------
 */

typedef struct hsd_rank_request {
    const char *network, *mode, *profile; /* one profile; NULL: the first */
    hsd_transit_choice transit;           /* of mode "transit": one percentile */
    hsd_direction direction;              /* of transit: leaving, or arriving */
    hsd_proposal_source proposals;        /* encoding, assume_crs, datum NULL: as the zones' */
    hsd_resolve_options resolve;
    const char *zones; /* points or polygons with population */
    hsd_place_fields zone_fields;
    const char *population_field, *gdp_field, *income_field; /* NULL: population, none, none */
    const char *flows;                                       /* CSV: from, to, trips (zone ids) */
    const double *minutes; /* cut-offs, the main one first; none: 60 */
    size_t minute_count;
    double horizon_min; /* 0: 120 */
    unsigned sets;      /* HSD_RANK_...; 0: the usual */
    hsd_rank_engine engine;
    const char *by; /* column of layer ranking; NULL: access_gain of the first cut-off */
    const char *const *break_even; /* "FROM:TO" zone ids: table break_even */
    size_t break_even_count;
    const char *barriers, *assume_crs;
    const char *datum, *output_datum; /* as in circle */
    double min_component_percent;
    const char *output, *format;
    bool overwrite;
    const char *lang;
    const char *title;
} hsd_rank_request;

typedef struct hsd_rank_line {
    const char *set, *proposal; /* "alone", "together", "without", "pair", "shapley" */
    double access_gain, mean_saving_min, gini_change, per_km, per_cost, length_km, cost;
    double synergy; /* of a pair; NAN else */
    double loss;    /* of all but one: what goes with it; NAN else */
} hsd_rank_line;
typedef struct hsd_rank_report {
    hsd_rank_line *lines; /* in the order of the ranking */
    size_t line_count;
    double cutoff_min;
    uint64_t baseline_searches, pole_searches, scenario_searches;
    double seconds[3];
    hsd_issues issues;
    void *storage;
} hsd_rank_report;
HSD_API hsd_status hsd_study_rank(const hsd_rank_request *request, const hsd_run *run,
                                  hsd_rank_report *out, hsd_error *err);
HSD_API void hsd_rank_report_finish(hsd_rank_report *report);

/* ---- matrix -------------------------------------------------------------------------------------
 */

/* Where in a zone its time is taken, as a target. */
typedef enum hsd_zone_at {
    HSD_ZONE_POINT,   /* its point: the centroid, or one on its surface */
    HSD_ZONE_AREA,    /* the mean over its land sub-points; one that is not reached: not reached */
    HSD_ZONE_WEIGHTED /* the mean over the people of --population in it, each where they live */
} hsd_zone_at;

typedef struct hsd_matrix_request {
    /* Network, origins, gates, direction, mode, profile, transit (several percentiles: several
     * values), barriers, zones (the targets), population, output ... as in circle. Without origins
     * and points: from every zone. minutes: at most one, beyond which there is no way; none: all
     * times (by transit as far as a comparison looks). One profile. */
    hsd_circle_request circle;
    hsd_zone_at zone_at;
    bool wide, all;      /* see hsd_matrix_spec */
    const char *journal; /* finished blocks, for going on after a kill; NULL: OUTPUT.journal */
    bool fresh;          /* begin anew: a journal that is there is dropped */
    double memory_mb; /* of a block of rows; 0: 256. Of measures: of all tables; 0: the machine's */
    const char *grid; /* "hex:1km": targets (and origins) are cells over the zones' polygons */
    const char *cells; /* of matrix: the cells as a layer of their own, with their masses */
} hsd_matrix_request;
typedef struct hsd_matrix_report {
    size_t origins, targets, percentiles, blocks,
        resumed_blocks; /* resumed: found in the journal */
    uint64_t pairs, reached;
    double mean_min; /* of those reached */
    size_t failed_count;
    hsd_failed_origin *failed;
    void *storage;
} hsd_matrix_report;
HSD_API hsd_status hsd_study_matrix(const hsd_matrix_request *request, const hsd_run *run,
                                    hsd_matrix_report *out, hsd_error *err);
HSD_API void hsd_matrix_report_finish(hsd_matrix_report *report);

/* ---- access -------------------------------------------------------------------------------------
 */

typedef struct hsd_access_request {
    hsd_matrix_request times; /* from a network: zones are origins and targets, or the origins are
                               * named apart (then masses of origins are theirs); journal, wide and
                               * all are not used */
    const char *matrix;       /* or from somebody else's; its ids are those of the zones */
    hsd_matrix_fields matrix_fields;
    const char *const *scenario_matrices; /* "NAME=FILE": the same under a scenario */
    size_t scenario_matrix_count;
    hsd_proposal_source proposals; /* of a network; path NULL: the baseline alone */
    hsd_resolve_options resolve;
    const char *const *scenarios; /* as in compare */
    size_t scenario_count;
    const char *const *measures; /* see hsd_measures_parse; at least one */
    size_t measure_count;
    const char *const *inequality; /* measures of shape INEQUALITY, of every column of zones */
    size_t inequality_count;
    hsd_measure_defaults defaults;
    const char *spillover;               /* text field of zones: their region; NULL: none */
    const char *const *proposal_regions; /* "NAME=REGION"; else where most of its length lies */
    size_t proposal_region_count;
    bool pairs; /* layer of pairs, also of measures of zones that have them: else a table of sums */
} hsd_access_request;
typedef struct hsd_access_line {
    const char *scenario, *measure, *statistic, *group; /* statistic: "mean", "min", "gini" ... */
    double value, change; /* change: against the baseline; NAN: of it */
} hsd_access_line;
typedef struct hsd_access_report {
    hsd_access_line *lines;
    size_t line_count;
    const char *const *conventions; /* a line a measure */
    size_t convention_count;
    const char *const *warnings;
    size_t warning_count;
    hsd_issues issues;
    void *storage;
} hsd_access_report;
HSD_API hsd_status hsd_study_access(const hsd_access_request *request, const hsd_run *run,
                                    hsd_access_report *out, hsd_error *err);
HSD_API void hsd_access_report_finish(hsd_access_report *report);

/* ---- delineate ----------------------------------------------------------------------------------
 */

typedef struct hsd_delineate_request {
    /* Network, origins or points (the centres), gates, direction (the command's own is HSD_TO: the
     * morning), mode, one profile, transit (one percentile), barriers, zones (the candidates; the
     * first of zone_fields.masses: their people, where there is no population), population (its
     * first mass), title, output ... as in circle. minutes: cut-offs to give shares for besides
     * those of the rules. */
    hsd_circle_request circle;
    const char *const *rules; /* files, or names in the geodata's folder rules; none: one-hour */
    size_t rule_set_count;
    const char *const *only; /* names of rules; none: all of them */
    size_t only_count;
    const char *core;            /* text field of candidates: the centre whose own they are */
    const char *const *official; /* fields of candidates: yes or no, or ids of centres */
    size_t official_count;
    const char *official_list; /* ids of candidates, one a line */
    double horizon_min;        /* beyond it there is no way; 0: a day, by transit five hours */
} hsd_delineate_request;

typedef struct hsd_delineate_line {
    const char *centre_id, *centre, *rule;
    size_t members;
    double area_km2, population; /* population: NAN where nobody is counted */
    const char *official;        /* NULL: none; all below is about it */
    size_t both, model_only, official_only;
    double jaccard, recall, precision; /* by count; NAN: nothing to divide by */
    double area_jaccard, population_jaccard;
    const char *model_only_names, *official_only_names; /* with commas between */
} hsd_delineate_line;
/* Candidates in no circle, in one, in two ... under a rule. */
typedef struct hsd_nesting_line {
    const char *rule;
    size_t circles, candidates;
    double area_km2, population;
} hsd_nesting_line;
typedef struct hsd_delineate_report {
    hsd_delineate_line *lines; /* a centre, rule and official list, or a centre and rule */
    size_t line_count;
    hsd_nesting_line *nesting; /* of several centres */
    size_t nesting_count;
    hsd_failed_origin *failed;
    size_t failed_count;
    void *storage;
} hsd_delineate_report;
HSD_API hsd_status hsd_study_delineate(const hsd_delineate_request *request, const hsd_run *run,
                                       hsd_delineate_report *out, hsd_error *err);
HSD_API void hsd_delineate_report_finish(hsd_delineate_report *report);

/* ---- export-gtfs --------------------------------------------------------------------------------
 */

typedef struct hsd_export_gtfs_request {
    const char *network;           /* its timetable; NULL: that of the proposals alone */
    hsd_proposal_source proposals; /* path NULL: none */
    const char *scenario;          /* "NAME=p1,p2"; NULL: all proposals */
    bool only_proposed;            /* lines and trips of the proposals alone */
    const char *output;            /* .zip */
    bool overwrite;
} hsd_export_gtfs_request;
typedef struct hsd_export_gtfs_report {
    size_t stops, lines, trips, calls;
    hsd_issues issues;
} hsd_export_gtfs_report;
HSD_API hsd_status hsd_study_export_gtfs(const hsd_export_gtfs_request *request, const hsd_run *run,
                                         hsd_export_gtfs_report *out, hsd_error *err);

/* ---- plot --------------------------------------------------------------------------------------
 */

typedef struct hsd_plot_request {
    const char *result; /* a .gpkg that a run wrote */
    const char *output; /* a folder, made where there is none; or, of one figure, FILE.svg, .png */
    const char *const *figures; /* names; none: all that the file has data for */
    size_t figure_count;
    const char *format; /* svg or png; NULL: both, or what the output's ending says */
    const char *column; /* of lorenz, ranking and maps of measures; NULL: the first there is */
    const char *population_field; /* NULL: the run's own people */
    const char *origin;           /* id of an origin or centre; NULL: all, or the first of maps */
    const char *scenario;         /* NULL: all, or the first of maps */
    const char *rule;             /* of a delineation; NULL: the first */
    const char *title;            /* instead of each figure's own */
    uint32_t width_px, height_px; /* 0: the figure's own */
    const char *lang;
    bool overwrite;
} hsd_plot_request;
typedef struct hsd_plot_report {
    struct hsd_plotted {
        const char *figure; /* name */
        char *path;
    } *files;
    size_t file_count;
} hsd_plot_report;
/* Figures of a result. All files or none. */
HSD_API hsd_status hsd_study_plot(const hsd_plot_request *request, const hsd_run *run,
                                  hsd_plot_report *out, hsd_error *err);
HSD_API void hsd_plot_report_finish(hsd_plot_report *report);

/* ---- run and rerun ------------------------------------------------------------------------------
 */

/* What a step of a study found; the report of its command is set. */
typedef struct hsd_run_step {
    const char *command, *output;
    const hsd_circle_report *circle;
    const hsd_compare_report *compare;
    const hsd_rank_report *rank;
    const hsd_check_counts *check;
    const hsd_matrix_report *matrix;
    const hsd_access_report *access;
    const hsd_delineate_report *delineate;
} hsd_run_step;

typedef struct hsd_run_request {
    const char *study;  /* .yaml */
    const char *output; /* NULL: what the study says */
    bool overwrite;
    void (*step)(void *user, const hsd_run_step *step); /* after each step; may be NULL */
    void *user;
} hsd_run_request;
/* Every run of a study in the order it says, on the network it names or has built. issues: those of
 * the run that failed, if any. */
HSD_API hsd_status hsd_study_run(const hsd_run_request *request, const hsd_run *run,
                                 hsd_issues *issues, hsd_error *err);

typedef struct hsd_rerun_request {
    const char *result; /* a .gpkg that a run wrote */
    const char *const
        *inputs; /* folders to look for the inputs in; beside the result and here besides */
    size_t input_count;
    const char *output; /* keep the new result here; NULL: a temporary file, removed */
    bool overwrite;
} hsd_rerun_request;
typedef struct hsd_rerun_report {
    bool equal;
    char *version; /* of the program that wrote the result, where it is another one; else NULL */
    hsd_differences differences;
} hsd_rerun_report;
/* Runs again what the file says it came from, inputs verified by their hashes, and compares every
 * layer. */
HSD_API hsd_status hsd_study_rerun(const hsd_rerun_request *request, const hsd_run *run,
                                   hsd_rerun_report *out, hsd_error *err);
HSD_API void hsd_rerun_report_finish(hsd_rerun_report *report);

/* Finds "name" in the geodata (environment HOURSHED_GEODATA, beside the program, or installed):
 * "profiles/walk.yaml". The caller releases it with hsd_text_release. */
HSD_API hsd_status hsd_geodata_find(const char *name, char **out, hsd_error *err);

#ifdef __cplusplus
}
#endif
#endif
