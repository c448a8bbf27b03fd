/* The working state of a comparison: a circle run up to the join, and over it scenes: each profile
 * under each scenario. compare.c holds the order of steps, compare_prepare.c makes the scenes,
 * compare_compute.c the times and areas, compare_layers.c and compare_tables.c the result file. */
#ifndef STUDY_COMPARE_RUN_H
#define STUDY_COMPARE_RUN_H

#include "hourshed/compare.h"
#include "study/circle_run.h"

/* study/scene_tree.h, compare_transit.c */
typedef struct hsd_scene_tree hsd_scene_tree;
typedef struct hsd_scene_timetable hsd_scene_timetable;

typedef enum hsd_change_kind {
    HSD_CHANGE_GAINED,
    HSD_CHANGE_LOST,
    HSD_CHANGE_KEPT,
    HSD_CHANGE_FASTER,
    HSD_CHANGE_KINDS
} hsd_change_kind;

/* What a gain may be due to: a link in force, or a whole proposal of several. */
typedef struct hsd_part {
    uint32_t proposal;
    uint32_t link; /* of the proposal table; HSD_WHOLE: all of the proposal's */
} hsd_part;
#define HSD_WHOLE UINT32_MAX

/* One profile under one scenario; scene 0 is the baseline. What a scene shares with the baseline it
 * borrows: only a changed metric needs a network, feet and lattice of its own. */
typedef struct hsd_scene {
    hsd_network *own_network; /* NULL: the metric is the baseline's, and so is all up to targets */
    hsd_locator *locator;
    hsd_lattice *lattice;
    hsd_zone_set *zones, *population, *targets;
    hsd_pole_times *own_poles; /* NULL: the profile's, or no links */
    hsd_overlay *overlay;      /* NULL: no links in force */
    hsd_scenario_place *place;
    hsd_lattice *link_lattice; /* of links one may stop on; NULL: none */
    hsd_zone_set *link_zones, *link_population, *link_targets;
    const hsd_pole_times *poles;
    /* By transit, instead of place and links. own_timetable NULL: the baseline's; else it owns
     * own_network and locator, too. */
    const hsd_transit_run *transit;
    hsd_scene_timetable *own_timetable;
    /* For attribution: the same scene without one part, and with it alone, in turn. */
    struct hsd_scene *parts; /* 2 x part_count */
    hsd_part *part_list;
    size_t part_count;
} hsd_scene;

/* By timetable: a ride, rows of the scene's timetable; HSD_NO_ROW: none. */
typedef struct hsd_ridden {
    uint32_t trip, from_stop, to_stop;
} hsd_ridden;
#define HSD_NOT_RIDDEN ((hsd_ridden){HSD_NO_ROW, HSD_NO_ROW, HSD_NO_ROW})

/* Trips of a timetable by name. */
typedef struct hsd_trip_index {
    const hsd_timetable *timetable; /* NULL: there are none */
    uint32_t *trips;
} hsd_trip_index;

/* One part, for a gained zone or city under one cut-off. */
typedef struct hsd_attributed {
    size_t target; /* zone, or origin */
    bool city;
    size_t cutoff;
    hsd_part part;
    bool on_path;
    uint32_t without_ms, alone_ms; /* the target's time without this part, and with it alone */
    hsd_ridden ride;               /* by timetable, where it is on the path */
} hsd_attributed;

/* One origin under one scene. */
typedef struct hsd_scene_result {
    bool same;           /* nothing differs from the baseline: the arrays are there */
    hsd_circle *circles; /* cut-offs */
    double *masses;      /* cut-offs x masses within */
    uint32_t *zone_ms;   /* zones: their points */
    double *zone_shares; /* zones x cut-offs: sub-points within */
    double *zone_gained; /* zones x cut-offs: sub-points newly within; not of the baseline */
    double *zone_lost;
    uint32_t *gate_ms;     /* origins: gate to gate, without initial costs; NULL: no gates */
    uint32_t *centre_ms;   /* origins: centre to centre */
    hsd_change *changes;   /* cut-offs; not of the baseline */
    double *change_masses; /* cut-offs x kinds x masses */
    HSD_ARRAY(hsd_attributed) attributed;
    hsd_ridden saving_ride; /* by timetable: to the zone with the largest saving */
    hsd_search_counters counters;
} hsd_scene_result;

/* Where an origin stands as a target: where it starts, its gates, its centre. */
typedef struct hsd_city {
    size_t first, count;      /* into targets: where it starts */
    size_t first_gate, gates; /* of city to city: its gates, or its centre where it has none */
    size_t centre;            /* SIZE_MAX: it has none */
} hsd_city;

/* Sums over pairs of people of two cities: people x people, and that times minutes. */
typedef struct hsd_popmean {
    double weight, before, after;
} hsd_popmean;

typedef struct hsd_compare_run {
    hsd_circle_run circle; /* its request is a copy: see hsd_study_compare */
    const hsd_compare_request *request;
    hsd_circle_request circle_request;
    hsd_proposal_table proposals;
    hsd_issues issues;
    hsd_scenario *scenarios;
    size_t scene_count;     /* scenarios and the baseline */
    hsd_resolved *resolved; /* profiles; by transit those of access, egress and walks, where
                             * closures, speeds or waits are proposed */
    size_t resolved_count;
    hsd_resolved_rail rail;          /* by transit */
    hsd_trip_index base_trips;       /* by transit */
    hsd_proposal_table street_edits; /* by transit: borrowed, the proposals without added streets */
    hsd_pole_times **poles;          /* profiles: over the baseline's metric; NULL until needed */
    hsd_scene *scenes;               /* profiles x scenes */
    hsd_place_table targets;
    hsd_city *cities;          /* origins */
    hsd_scene_result *results; /* profiles x origins x scenes */
    hsd_popmean *popmeans;     /* profiles x scenes x origins x origins; NULL: not asked for */
    uint32_t limit_ms;         /* of searches: the largest cut-off, or none; preparing sets it
                                * where it is 0 */
    bool gates;                /* the cities have gates */
} hsd_compare_run;

/* By transit the profile runs are percentiles of one search, and share their scenes. */
static inline hsd_scene *hsd_scene_of(const hsd_compare_run *run, size_t profile, size_t scene) {
    return &run->scenes[(run->circle.transit ? 0 : profile) * run->scene_count + scene];
}
static inline hsd_scene_result *hsd_scene_result_at(const hsd_compare_run *run, size_t profile,
                                                    size_t origin, size_t scene) {
    return &run->results[(profile * run->circle.origins.count + origin) * run->scene_count + scene];
}
/* Where times and circles of a scene stand: the baseline's own where nothing differs. */
static inline const hsd_scene_result *hsd_scene_times(const hsd_compare_run *run, size_t profile,
                                                      size_t origin, size_t scene) {
    const hsd_scene_result *r = hsd_scene_result_at(run, profile, origin, scene);
    return r->same ? hsd_scene_result_at(run, profile, origin, 0) : r;
}
/* City to city: gate to gate where there are gates, else centre to centre. */
static inline const uint32_t *hsd_scene_city_ms(const hsd_scene_result *result) {
    return result->gate_ms ? result->gate_ms : result->centre_ms;
}
/* From one city to another (HSD_TO: to one from another); NULL: not asked for. */
static inline const hsd_popmean *hsd_popmean_of(const hsd_compare_run *run, size_t profile,
                                                size_t scene, size_t origin, size_t other) {
    size_t count = run->circle.origins.count;
    if (!run->popmeans) return NULL;
    return &run->popmeans[((profile * run->scene_count + scene) * count + origin) * count + other];
}
/* "baseline", or the scenario's own name. */
static inline const char *hsd_scene_name(const hsd_compare_run *run, size_t scene) {
    return scene ? run->scenarios[scene - 1].name : "baseline";
}
static inline bool hsd_scenario_has(const hsd_scenario *scenario, uint32_t proposal) {
    for (size_t i = 0; i < scenario->proposal_count; i++)
        if (scenario->proposals[i] == proposal) return true;
    return false;
}
const char *hsd_kind_name(hsd_change_kind kind); /* "gained" ... */

/* ---- compare.c */
/* Everything that is asked for, proposals before places; without proposals (path NULL) there is the
 * baseline alone. */
hsd_status hsd_compare_read(hsd_compare_run *run, hsd_error *err);
void hsd_compare_run_finish(hsd_compare_run *run);
/* What resolving finds, each text once. */
hsd_status hsd_compare_add_issues(hsd_compare_run *run, const hsd_issues *more, hsd_error *err);
/* The name of a scenario as people read it: "all proposals" where none was asked for. */
const char *hsd_compare_shown(const hsd_compare_run *run, size_t scene, const char *lang);
/* The title of picture and project, into a buffer. */
void hsd_compare_title(const hsd_compare_run *run, char *buffer, size_t size);

/* ---- compare_prepare.c */
/* Scenes of all profiles. After hsd_circle_prepare. */
hsd_status hsd_compare_prepare(hsd_compare_run *run, hsd_error *err);
void hsd_compare_scenes_finish(hsd_compare_run *run);

/* ---- compare_compute.c */
/* Grows a tree from targets [first, first + count); gates: their initial costs, NULL: none. */
hsd_status hsd_scene_grow(hsd_scene_tree *tree, hsd_direction direction, size_t first, size_t count,
                          const hsd_gate *gates, bool *changed, hsd_error *err);
/* The same from an origin's gates with their initial costs, in the direction of the run. */
hsd_status hsd_scene_grow_origin(hsd_scene_tree *tree, size_t origin, bool *changed,
                                 hsd_error *err);
/* By transit: as far as the stops, for egress tables. */
hsd_status hsd_scene_ride_origin(hsd_scene_tree *tree, size_t origin, hsd_error *err);
hsd_status hsd_compare_compute(hsd_compare_run *run, hsd_error *err);
void hsd_scene_result_finish(hsd_scene_result *result, size_t cutoffs);

/* ---- compare_cities.c */
/* Fills centre_ms and gate_ms of the results of `profiles` profile runs, which share the tree; it
 * is grown anew. */
hsd_status hsd_scene_cities(hsd_scene_tree *tree, size_t first_profile, size_t profiles,
                            size_t origin, size_t scene, hsd_error *err);
/* Grows the tree that city times are read from: of the gates, or of the centre. */
hsd_status hsd_scene_grow_city(hsd_scene_tree *tree, hsd_direction direction, size_t origin,
                               bool gates, hsd_error *err);
/* Time of an origin as a target of a grown tree. */
uint32_t hsd_scene_city(const hsd_scene_tree *tree, size_t origin, bool gates);
/* Feet of the gate that is reached first (ties: the first), or of the centre. */
const hsd_feet *hsd_scene_city_feet(const hsd_scene_tree *tree, size_t origin);
/* Means over the people of both cities, where asked for and not too many. */
hsd_status hsd_compare_popmeans(hsd_compare_run *run, hsd_error *err);

/* ---- compare_attribution.c */
/* Rows for every zone and city that the scene gains from the origin. The tree is grown anew. */
hsd_status hsd_scene_attribute(const hsd_compare_run *run, size_t profile, size_t origin,
                               size_t scene, hsd_scene_tree *tree, hsd_error *err);

/* ---- compare_layers.c, compare_tables.c, compare_paths.c, compare_summary.c: the result file */
/* Mass of a kind in layer change. */
double hsd_change_mass(const hsd_compare_run *run, size_t profile, size_t origin, size_t scene,
                       size_t cutoff, hsd_change_kind kind, size_t mass);
hsd_status hsd_compare_write(const hsd_compare_run *run, hsd_error *err);
/* Layers edits and edits_areas. */
hsd_status hsd_compare_write_edits(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err);
/* "A, B": the scenarios that have the proposal; hsd_free. */
char *hsd_compare_scenarios(const hsd_compare_run *run, uint32_t proposal, hsd_error *err);
/* ---- compare_rail.c: layers lines and stations, by timetable. */
hsd_status hsd_write_rail(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err);
/* Layer legs: the trips asked for, in every scene. */
hsd_status hsd_write_compare_legs(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err);
hsd_status hsd_write_compare_zones(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err);
hsd_status hsd_write_cities(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err);
hsd_status hsd_write_attribution(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err);
hsd_status hsd_check_paths(const hsd_compare_run *run, hsd_error *err);
hsd_status hsd_write_paths(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err);
/* Every sentence of the run: scenario, origin, profile and cut-off it is about. */
typedef hsd_status (*hsd_summary_visit)(void *context, size_t scene, size_t origin, size_t profile,
                                        size_t cutoff, const char *en, const char *zh,
                                        hsd_error *err);
hsd_status hsd_summary_tell(const hsd_compare_run *run, hsd_summary_visit visit, void *context,
                            hsd_error *err);
/* The zone with the largest saving; ties: the first. SIZE_MAX: none. */
size_t hsd_compare_most_saved(const hsd_compare_run *run, size_t profile, size_t origin,
                              size_t scene);
hsd_status hsd_write_summary(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err);
/* ---- compare_map.c, compare_report.c */
hsd_status hsd_compare_draw(const hsd_compare_run *run, hsd_error *err);
hsd_status hsd_compare_report_make(const hsd_compare_run *run, hsd_compare_report *out,
                                   hsd_error *err);
#endif
