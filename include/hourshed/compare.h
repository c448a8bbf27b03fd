/* Hourshed: what a scenario changes. Times with added links by the exact shortcut (docs/methods.md,
 * 8), rankings of many proposals, break-even times. */
#ifndef HOURSHED_COMPARE_H
#define HOURSHED_COMPARE_H

#include "hourshed/access.h"
#include "hourshed/circles.h"
#include "hourshed/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Added links over a network
 * ------------------------------------------------------------------
 */

/* Times from each pole to each pole (and, on demand, to feet) over the network as it stands: one
 * tree a pole, grown in parallel. Immutable. The locator's network is the resolved one or a
 * scenario's of it (then feet are measured there); all three are borrowed (the run cancels what is
 * made from the times, too). */
typedef struct hsd_pole_times hsd_pole_times;
HSD_API hsd_status hsd_pole_times_create(const hsd_locator *locator, const hsd_resolved *resolved,
                                         uint32_t limit_ms, const hsd_run *run,
                                         hsd_pole_times **out, hsd_error *err);
HSD_API void hsd_pole_times_destroy(hsd_pole_times *times);

/* A set of added links in force: the closure of all walks that use at least one of them. links[i]
 * non-zero: link i of the proposal table is in force. Immutable; borrows times. O(poles^3) of the
 * links in force. */
typedef struct hsd_overlay hsd_overlay;
HSD_API hsd_status hsd_overlay_create(const hsd_pole_times *times, const uint8_t *links,
                                      hsd_overlay **out, hsd_error *err);
HSD_API void hsd_overlay_destroy(hsd_overlay *overlay);

/* The seeds that the links add to an origin whose tree is grown without them (limit at most the
 * times' own): the joints where a walk over a link comes out (HSD_TO: goes in), with its time as
 * extra_ms. A tree grown from the origin's seeds and these has every time of the scenario, exactly.
 * Seeds that cannot matter are left out; none left: nothing changes for this origin. The array
 * grows and is the caller's. */
typedef struct hsd_overlay_seeds {
    hsd_seed *seeds;
    uint32_t *poles; /* of each seed */
    size_t count, capacity;
} hsd_overlay_seeds;
HSD_API hsd_status hsd_overlay_sow(const hsd_overlay *overlay, const hsd_tree *tree,
                                   hsd_overlay_seeds *out, hsd_error *err);
HSD_API void hsd_overlay_seeds_finish(hsd_overlay_seeds *seeds);

/* ---- One origin under a scenario
 * -----------------------------------------------------------------
 */

/* The times of one origin with all of a scenario's links, those with access = yes as places to
 * stop, too: scratch, one a thread. */
typedef struct hsd_scenario_tree hsd_scenario_tree;
typedef struct hsd_scenario_place
    hsd_scenario_place; /* shared: overlay, locator, network of links */
/* overlay NULL: no added links (the baseline, or closures alone). */
HSD_API hsd_status hsd_scenario_place_create(const hsd_locator *locator, const hsd_overlay *overlay,
                                             hsd_scenario_place **out, hsd_error *err);
HSD_API void hsd_scenario_place_destroy(hsd_scenario_place *place);
HSD_API hsd_status hsd_scenario_tree_create(const hsd_scenario_place *place,
                                            hsd_scenario_tree **out, hsd_error *err);
HSD_API void hsd_scenario_tree_destroy(hsd_scenario_tree *tree);
/* gates[gate_count]: the origin's points with their initial costs; seeds: their feet on the
 * network, as hsd_locate gives them. *changed (may be NULL): false when the links provably change
 * nothing. */
HSD_API hsd_status hsd_scenario_tree_grow(hsd_scenario_tree *tree, hsd_direction direction,
                                          const hsd_lonlat *gates, const uint32_t *gate_extra_ms,
                                          size_t gate_count, const hsd_seed *seeds,
                                          size_t seed_count, uint32_t limit_ms, bool *changed,
                                          hsd_error *err);
/* The tree over the network, with the links' seeds in it: for circles, pieces, paths. */
HSD_API const hsd_tree *hsd_scenario_tree_streets(const hsd_scenario_tree *tree);
/* Times of places: like hsd_zone_set_times and _point_times, with stops on links counted. set is
 * made with the place's locator and link_set (NULL unless hsd_scenario_place_links) with its links'
 * one. */
HSD_API const hsd_locator *hsd_scenario_place_links(const hsd_scenario_place *place); /* or NULL */
HSD_API hsd_status hsd_scenario_tree_points(const hsd_scenario_tree *tree, const hsd_zone_set *set,
                                            const hsd_zone_set *link_set, uint32_t *out_ms,
                                            hsd_error *err); /* sub-points */
HSD_API uint32_t hsd_scenario_tree_zone_ms(const hsd_scenario_tree *tree, const hsd_zone_set *set,
                                           const hsd_zone_set *link_set,
                                           size_t zone); /* its one point */
/* The surface, stops on links counted; link_lattice NULL unless the place has links to stop on. */
HSD_API hsd_status hsd_scenario_tree_surface(const hsd_scenario_tree *tree, hsd_lattice *lattice,
                                             hsd_lattice *link_lattice, uint32_t limit_ms,
                                             const hsd_run *run, hsd_surface *out, hsd_error *err);

/* ---- Paths
 * ---------------------------------------------------------------------------------------
 */

/* The best path of a foot: streets and added links in order of travel. Ties: the tree's own
 * (hsd_tree_track), then fewest pieces of links, then the lowest. Legs from or to points the path
 * does not know (the origin's, the target's) have one point, where they meet the streets; so has
 * that of a trip that begins on a link, at the pole where it leaves it. The first path over a seed
 * of links costs a search or more, further ones none: kept until the tree grows again. */
typedef struct hsd_path_step {
    enum { HSD_STEP_LEG, HSD_STEP_EDGE, HSD_STEP_LINK } kind;
    uint32_t id;                     /* edge, or index into resolved->added */
    uint32_t direction;              /* HSD_FORWARD, HSD_BACKWARD */
    uint32_t in_ms, out_ms;          /* since the start of the trip */
    size_t first_point, point_count; /* into points: line of this step */
} hsd_path_step;
typedef struct hsd_path {
    hsd_path_step *steps;
    size_t step_count, step_capacity;
    hsd_lonlat *points;
    size_t point_count, point_capacity;
    uint32_t total_ms; /* HSD_UNREACHABLE: no path, no steps */
} hsd_path;
HSD_API hsd_status hsd_scenario_tree_path(const hsd_scenario_tree *tree, const hsd_feet *target,
                                          hsd_path *out, hsd_error *err);
HSD_API void hsd_path_finish(hsd_path *path);

/* ---- Ranking
 * -------------------------------------------------------------------------------------
 */

typedef struct hsd_flow {
    uint32_t from, to; /* zones */
    double trips;
} hsd_flow;

typedef enum hsd_rank_engine {
    HSD_RANK_AUTO,     /* the shortcut where it serves, else a search an origin */
    HSD_RANK_SHORTCUT, /* refused where it does not serve */
    HSD_RANK_SEARCH
} hsd_rank_engine;

enum { /* sets of proposals to rank, as bits */
       HSD_RANK_ALONE = 1,
       HSD_RANK_TOGETHER = 2,
       HSD_RANK_WITHOUT = 4, /* all but one */
       HSD_RANK_PAIRS = 8,
       HSD_RANK_SHAPLEY = 16 /* at most 8 proposals */
};

typedef struct hsd_rank_options {
    const uint32_t *cutoffs_ms; /* ascending */
    size_t cutoff_count;
    uint32_t horizon_ms; /* H; 0: 120 min */
    unsigned sets;       /* 0: ALONE | TOGETHER | WITHOUT */
    hsd_rank_engine engine;
    const double *population;   /* of zones, required */
    const double *gdp, *income; /* of zones; NULL: none */
    const hsd_flow *flows;
    size_t flow_count;
} hsd_rank_options;

/* Measures of a set against the baseline, per cut-off where that matters. docs/methods.md, 9. */
typedef struct hsd_rank_row {
    uint32_t set;           /* HSD_RANK_ALONE ... one bit; SHAPLEY rows hold values, not a set */
    uint32_t first, second; /* proposal; second: of a pair; UINT32_MAX: none */
    double *access_gain;    /* cutoff_count: mean over people of the people newly within reach */
    double *gdp_gain;       /* the same of GDP; NULL without */
    double *gini, *gini_change;   /* of people within reach, weighted by people */
    double *palma, *palma_change; /* NULL without income */
    double mean_saving_min;
    double person_minutes; /* NAN without flows */
    double *synergy;       /* pairs: access_gain less that of the two alone; else NULL */
    uint64_t pairs_changed, origins_skipped, zones_skipped;
    bool searched; /* not by the shortcut */
} hsd_rank_row;

typedef struct hsd_rank_zone {
    uint32_t proposal, zone;
    double *people_before, *people_after; /* cutoff_count */
    double mean_saving_min;               /* weighted by people over targets within H */
} hsd_rank_zone;

typedef struct hsd_ranking {
    hsd_rank_row *rows; /* by set, then first, second */
    size_t row_count;
    hsd_rank_zone *zones; /* of proposals alone, zones that changed */
    size_t zone_count;
    double *gini_before, *palma_before, *people_before; /* cutoff_count; people: mean over people */
    uint64_t baseline_searches, pole_searches, scenario_searches;
    double baseline_s, poles_s, sets_s; /* for -v alone, never for a result */
    void *storage;
} hsd_ranking;
HSD_API hsd_status hsd_rank_make(const hsd_locator *locator, const hsd_resolved *resolved,
                                 const hsd_place_table *zones, const hsd_rank_options *options,
                                 const hsd_run *run, hsd_ranking *out, hsd_error *err);
HSD_API void hsd_ranking_finish(hsd_ranking *ranking);

/* Times of another engine than the streets' own (by timetable), a row an origin and set. Calls come
 * in this order: a block of origins under the baseline, then the same block under each set. */
typedef struct hsd_rank_source {
    void *context;
    size_t proposal_count;
    bool to;           /* a row has the times to its zone, not from it */
    size_t kept_bytes; /* of a zone, from its baseline's row to those of sets; a multiple of 8 */
    /* From now on, until the next call: these proposals (active[]; NULL: the baseline) and times up
     * to the limit. */
    hsd_status (*begin)(void *context, const uint8_t *active, uint32_t limit_ms, hsd_error *err);
    /* Fills ms, one a zone: 0 for the zone itself, but if it joins nothing. The baseline fills
     * kept, too; sets read it. *same (of sets): provably the baseline's times, ms is left as it is.
     * Called by several threads at once, worker below hsd_thread_count. */
    hsd_status (*row)(void *context, size_t zone, void *kept, int worker, uint32_t *ms, bool *same,
                      hsd_error *err);
} hsd_rank_source;
/* The measures of hsd_rank_make from these times. Every set is searched; engine SHORTCUT is
 * refused. */
HSD_API hsd_status hsd_rank_make_from(const hsd_rank_source *source, const hsd_place_table *zones,
                                      const hsd_rank_options *options, const hsd_run *run,
                                      hsd_ranking *out, hsd_error *err);

/* The longest time of a proposal's links, as a factor on all of them, at which `to` is within c of
 * `from`: bisected until the link's time is known to 1 ms. */
typedef struct hsd_break_even {
    enum { HSD_BREAK_ALREADY, HSD_BREAK_IMPOSSIBLE, HSD_BREAK_VALUE } kind;
    uint32_t before_ms, after_ms; /* without the proposal; as drawn */
    double factor;                /* VALUE: on the time of every link; 1 = as drawn */
    uint32_t link_ms; /* VALUE: sum of the links' times (the slower direction) at that factor */
} hsd_break_even;
HSD_API hsd_status hsd_break_even_find(const hsd_pole_times *times, uint32_t proposal,
                                       const hsd_feet *from, const hsd_feet *to, uint32_t cutoff_ms,
                                       hsd_break_even *out, hsd_error *err);

#ifdef __cplusplus
}
#endif
#endif
