/* Hourshed: travel times between points, door to door. The only currency downstream: circles,
 * zones, tables and paths all take their minutes from here. */
#ifndef HOURSHED_TIMES_H
#define HOURSHED_TIMES_H

#include "hourshed/roads.h"
#include "hourshed/transit.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HSD_NO_EDGE UINT32_MAX

/* ---- Where a point meets the network ----------------------------------------------------------
 */

typedef struct hsd_locator_options {
    uint32_t min_component_ppm;   /* of the graph's arcs; components below are no place to stop.
                                   * 0: 10,000 (1 %), none on corridor networks;
                                   * UINT32_MAX: no minimum */
    const hsd_geometry *barriers; /* NULL: the network's own; borrowed while the locator lives */
} hsd_locator_options;

/* The rule of legs for one profile: which edges or nodes admit stopping, barriers, speeds.
 * Immutable; shared between threads. */
typedef struct hsd_locator hsd_locator;
HSD_API hsd_status hsd_locator_create(const hsd_network *network, size_t profile,
                                      const hsd_locator_options *options, hsd_locator **out,
                                      hsd_error *err);
HSD_API void hsd_locator_destroy(hsd_locator *locator);
/* The same rule of legs over a view of the locator's network with another metric (net/network.h,
 * hsd_network_adapt): the same edges and nodes admit stopping. Borrows both. */
HSD_API hsd_status hsd_locator_adapt(const hsd_locator *base, const hsd_network *view,
                                     hsd_locator **out, hsd_error *err);

/* A position on an edge (or, on corridor networks, a vertex) and the leg to it. */
typedef struct hsd_foot {
    uint32_t edge;    /* HSD_NO_EDGE: a vertex foot, or none at all when vertex is too */
    uint32_t vertex;  /* HSD_NO_EDGE unless a vertex foot */
    uint32_t segment; /* of the edge, in drawing order */
    double fraction;  /* 0..1 of the segment */
    uint32_t ms[2];   /* prefix from the drawn start at the pace of each direction */
    uint32_t leg_ms;
    double leg_m; /* straight line */
} hsd_foot;

typedef enum hsd_snap_reason {
    HSD_SNAP_OK,
    HSD_SNAP_BAD_COORDINATE, /* not finite or not on the globe; swapped lat/lon looks like this */
    HSD_SNAP_OUTSIDE,        /* further from the network's extent than the cap */
    HSD_SNAP_IN_WATER,       /* inside a barrier */
    HSD_SNAP_TOO_FAR,        /* nothing admissible within the cap */
    HSD_SNAP_BEHIND_BARRIER, /* something within the cap, all of it across a barrier */
    HSD_SNAP_BAD_GEOMETRY    /* a zone whose place has a fault; the place says which */
} hsd_snap_reason;
HSD_API const char *hsd_snap_reason_text(hsd_snap_reason reason);

/* Feet of a point: one on networks whose legs start at edges (the nearest admissible edge, straight
 * leg crossing no barrier; ties: lowest edge id), several on corridor networks (every admissible
 * vertex within the cap, ascending vertex). Design 5.4. */
typedef struct hsd_feet {
    hsd_foot *feet;
    size_t count, capacity;
    hsd_snap_reason reason;
} hsd_feet;
HSD_API hsd_status hsd_locate(const hsd_locator *locator, double lon, double lat, hsd_feet *out,
                              hsd_error *err); /* reuses out's memory */
HSD_API void hsd_feet_finish(hsd_feet *feet);
/* The drawn position of a foot: on its edge, or its vertex. */
HSD_API hsd_lonlat hsd_locator_foot_point(const hsd_locator *locator, const hsd_foot *foot);

/* ---- One-to-all times --------------------------------------------------------------------------
 */

/* An origin: feet of one or several points (gates), each with an initial cost in leg_ms + extra. */
typedef struct hsd_seed {
    hsd_foot foot;
    uint32_t extra_ms; /* initial cost of its gate */
    uint32_t until_ms; /* > 0: it serves positions it comes to by then; a later one may serve what
                        * lies beyond (docs/methods.md, 11). 0: it does not lapse */
} hsd_seed;

/* Times of one origin: scratch, one a thread, reused from origin to origin. */
typedef struct hsd_tree hsd_tree;
HSD_API hsd_status hsd_tree_create(const hsd_locator *locator, hsd_tree **out, hsd_error *err);
HSD_API void hsd_tree_destroy(hsd_tree *tree);
/* After it every time <= limit_ms is exact; longer ones read HSD_UNREACHABLE. */
HSD_API hsd_status hsd_tree_grow(hsd_tree *tree, hsd_direction direction, const hsd_seed *seeds,
                                 size_t seed_count, uint32_t limit_ms, hsd_error *err);
/* Time of a foot, its leg included: both directions of its edge, and the way along the edge from
 * seeds on it. Past the limit: HSD_UNREACHABLE. */
HSD_API uint32_t hsd_tree_foot_ms(const hsd_tree *tree, const hsd_foot *foot);
/* The smallest over the feet of a point. */
HSD_API uint32_t hsd_tree_feet_ms(const hsd_tree *tree, const hsd_feet *feet);
HSD_API const hsd_search *hsd_tree_search(const hsd_tree *tree);
/* Time at a vertex: the least over its copies (junctions of the mode; HSD_UNREACHABLE elsewhere).
 */
HSD_API uint32_t hsd_tree_vertex_ms(const hsd_tree *tree, uint32_t vertex);

/* A time no trip is made better by: whoever arrives at the foot's place from outside at this time
 * or later, free to go on both ways, changes no time of the tree (HSD_FROM; HSD_TO: leaves it).
 * HSD_UNREACHABLE where the tree has not all the ways on. */
HSD_API uint32_t hsd_tree_settled_ms(const hsd_tree *tree, const hsd_foot *foot);

/* The best way to a foot (HSD_TO: from it), ties to the lowest arc, then seed; in order of travel.
 * The seed is that of hsd_tree_grow's array. in_ms, out_ms: as the tree has them, legs of the foot
 * left out, so HSD_FROM begins with the seed's cost and HSD_TO ends with it. */
typedef struct hsd_track_step {
    uint32_t directed_edge;
    uint32_t from_segment,
        to_segment; /* in drawing order, positions where travel begins and ends */
    double from_fraction, to_fraction;
    uint32_t in_ms, out_ms;
} hsd_track_step;
typedef struct hsd_track {
    hsd_track_step *steps;
    size_t step_count, step_capacity;
    size_t seed;
    uint32_t ms; /* hsd_tree_foot_ms less the foot's leg; HSD_UNREACHABLE: no way, no steps */
} hsd_track;
HSD_API hsd_status hsd_tree_track(const hsd_tree *tree, const hsd_foot *foot, hsd_track *out,
                                  hsd_error *err); /* reuses out's memory */
HSD_API void hsd_track_finish(hsd_track *track);

/* ---- Reading times off trees
 * ---------------------------------------------------------------------- */

/* What the time of a point is taken from. A part: the rank-th smallest (0: the least) of the times
 * in its trees, one tree a departure. Several parts: the greatest of theirs (there and back). All
 * trees have one locator and one limit. A plain reading of one tree has one part, rank 0. */
typedef struct hsd_reading_part {
    const hsd_tree *const *trees;
    size_t count, rank;
} hsd_reading_part;
typedef struct hsd_reading {
    hsd_reading_part parts[2];
    size_t part_count;
} hsd_reading;
/* rank of the p-th percentile of n: max(1, ceil(p n / 100)) - 1. */
HSD_API size_t hsd_percentile_rank(double percent, size_t count);
HSD_API uint32_t hsd_reading_foot_ms(const hsd_reading *reading, const hsd_foot *foot);
HSD_API uint32_t hsd_reading_feet_ms(const hsd_reading *reading, const hsd_feet *feet);

/* ---- Reached pieces of edges
 * ---------------------------------------------------------------------- */

/* A part of an edge reached within the cut-off, in the direction of travel: from time in_ms at
 * position `in` to out_ms at `out` (both <= cut-off, out_ms >= in_ms in HSD_FROM; the reverse holds
 * in HSD_TO, where a piece runs towards the target). Positions are metres from the drawn start. */
typedef struct hsd_piece {
    uint32_t edge;
    uint8_t direction; /* HSD_FORWARD or HSD_BACKWARD: how the edge is travelled */
    bool may_stop;     /* the mode may stop on this edge */
    bool whole;        /* the cut-off does not end it */
    uint32_t in_ms, out_ms;
    double in_m, out_m;
    uint32_t origin; /* of an allocation; 0 else */
} hsd_piece;
typedef hsd_status (*hsd_piece_visit)(void *context, const hsd_piece *piece, hsd_error *err);
/* Every reached piece, ascending edge then position: no two overlap along a length; where two
 * fronts meet the edge is cut at the meeting point. */
HSD_API hsd_status hsd_tree_pieces(const hsd_tree *tree, uint32_t cutoff_ms, hsd_piece_visit visit,
                                   void *context, hsd_error *err);
/* Of a reading: an edge's stretches where it is within the cut-off, cut at their ends alone; in_ms
 * and out_ms are its times there (a stretch need not be travelled one way: direction is that in
 * which the time grows, HSD_FORWARD where it does not). */
HSD_API hsd_status hsd_reading_pieces(const hsd_reading *reading, uint32_t cutoff_ms,
                                      hsd_piece_visit visit, void *context, hsd_error *err);
/* The piece's line: at least two points, in travel direction. The caller finishes it. */
HSD_API hsd_status hsd_piece_geometry(const hsd_network *network, const hsd_piece *piece,
                                      hsd_geometry *out, hsd_error *err);

/* Competing origins: each edge position to its nearest origin (ties: lowest index). Trees are added
 * in any order; the result does not depend on it. */
typedef struct hsd_allocation hsd_allocation;
HSD_API hsd_status hsd_allocation_create(const hsd_locator *locator, hsd_allocation **out,
                                         hsd_error *err);
HSD_API void hsd_allocation_destroy(hsd_allocation *allocation);
HSD_API hsd_status hsd_allocation_add(hsd_allocation *allocation, const hsd_tree *tree,
                                      uint32_t origin, hsd_error *err);
HSD_API hsd_status hsd_allocation_pieces(const hsd_allocation *allocation, uint32_t cutoff_ms,
                                         hsd_piece_visit visit, void *context, hsd_error *err);

/* ---- Zones: people are counted from times, never from polygons (design 5.12) -------------------
 */

/* Points of zones with their feet: one for a point zone; for a polygon (or raster cell) its land
 * sub-points on a regular grid, each with the same share of the mass. Immutable once made. */
typedef struct hsd_zone_set hsd_zone_set;
HSD_API hsd_status hsd_zone_set_create(const hsd_locator *locator, const hsd_place_table *places,
                                       const hsd_run *run, hsd_zone_set **out, hsd_error *err);
HSD_API void hsd_zone_set_destroy(hsd_zone_set *zones);

typedef struct hsd_zone_time {
    uint32_t point_ms;    /* of the zone's point: see hsd_zone_set_feet */
    uint32_t mean_ms;     /* mean over sub-points; HSD_UNREACHABLE if any is */
    uint32_t subpoints;   /* land sub-points */
    uint32_t first_share; /* index into shares */
} hsd_zone_time;
/* out[zone_count]; shares[zone_count * cutoff_count]: share 0..1 of sub-points with t <= cut-off.
 */
HSD_API hsd_status hsd_zone_set_times(const hsd_zone_set *zones, const hsd_tree *tree,
                                      const uint32_t *cutoffs_ms, size_t cutoff_count,
                                      hsd_zone_time *out, double *shares, hsd_error *err);
HSD_API hsd_status hsd_zone_set_read(const hsd_zone_set *zones, const hsd_reading *reading,
                                     const uint32_t *cutoffs_ms, size_t cutoff_count,
                                     hsd_zone_time *out, double *shares, hsd_error *err);
HSD_API size_t hsd_zone_set_count(const hsd_zone_set *zones);
/* Of the zone's one point: itself, a polygon's centroid where it lies inside, else a point on its
 * surface. Sub-points may be reached though it joins nothing, and the other way round. */
HSD_API hsd_snap_reason hsd_zone_set_reason(const hsd_zone_set *zones, size_t zone);
HSD_API const hsd_feet *hsd_zone_set_feet(const hsd_zone_set *zones, size_t zone);

/* Sub-points of all zones in zone order: how many there are, which are a zone's (first, and how
 * many as the result), and their times under a tree. Two profiles' sets of the same places and
 * barriers have the same sub-points: what is inside under all profiles is counted on them. */
HSD_API size_t hsd_zone_set_point_count(const hsd_zone_set *zones);
HSD_API size_t hsd_zone_set_points(const hsd_zone_set *zones, size_t zone, size_t *first);
HSD_API void hsd_zone_set_point_times(const hsd_zone_set *zones, const hsd_tree *tree,
                                      uint32_t *out_ms);
HSD_API void hsd_zone_set_point_read(const hsd_zone_set *zones, const hsd_reading *reading,
                                     uint32_t *out_ms);

/* ---- Surfaces: the time of a point over a grid
 * ---------------------------------------------------- */

/* A lattice in a local equal-area frame: point (i, j) stands at ((i + 0.5) cell, (j + 0.5) cell)
 * metres from the frame's centre, i and j from negative to positive: every surface of a run lies on
 * it. */
typedef struct hsd_lattice_options {
    double centre_lon, centre_lat;
    double cell_m; /* 0: hsd_lattice_cell_m of the largest cut-off */
} hsd_lattice_options;
/* At most 12.5 m at a walking leg up to 15 minutes, growing with the cut-off and the leg's speed:
 * 12.5 * max(1, cutoff / 15 min) * max(1, leg speed / detour / 4.8 km/h) (docs/methods.md). */
HSD_API double hsd_lattice_cell_m(const hsd_locator *locator, uint32_t cutoff_ms);

/* The feet of lattice points, found once and shared by all origins of a run. */
typedef struct hsd_lattice hsd_lattice;
HSD_API hsd_status hsd_lattice_create(const hsd_locator *locator,
                                      const hsd_lattice_options *options, hsd_lattice **out,
                                      hsd_error *err);
HSD_API void hsd_lattice_destroy(hsd_lattice *lattice);

typedef struct hsd_surface {
    double centre_lon, centre_lat, cell_m;
    int32_t i0, j0; /* lattice index of the first point; rows go north */
    uint32_t width, height;
    uint32_t *ms;  /* width * height, row by row; HSD_UNREACHABLE in water and past the limit,
                    * but for points past it by no more than a leg over a cell */
    uint8_t *land; /* width * height: 0 in a barrier */
} hsd_surface;
/* The surface of a grown tree, or of a reading: covers everything within the limit with a margin of
 * two cells that is not reached. Finds missing feet in parallel under run (NULL inside a parallel
 * body). */
HSD_API hsd_status hsd_surface_make(hsd_lattice *lattice, const hsd_tree *tree, uint32_t limit_ms,
                                    const hsd_run *run, hsd_surface *out, hsd_error *err);
HSD_API hsd_status hsd_surface_read(hsd_lattice *lattice, const hsd_reading *reading,
                                    uint32_t limit_ms, const hsd_run *run, hsd_surface *out,
                                    hsd_error *err);
HSD_API void hsd_surface_finish(hsd_surface *surface);

/* ---- Door to door by transit (docs/methods.md, 11)
 * ---------------------------------------------- */

typedef struct hsd_transit_rules {
    uint32_t access_cap_ms, egress_cap_ms; /* along the network, legs apart; 0: 20 min, 30 where the
                                            * profile's mode is car */
    uint32_t walk_cap_ms;                  /* between two rides, all in all; 0: 10 min */
    uint32_t board_ms[HSD_RIDE_KINDS];     /* all zero is what it says: see hsd_transit_defaults */
    uint32_t change_ms;                    /* where the timetable says nothing */
    uint32_t penalty_ms;
    uint32_t max_rides;
    uint32_t park_ms; /* where the timetable says nothing; with park alone */
    bool park;        /* access: the car stays at the station */
    uint32_t phase_count;
} hsd_transit_rules;
/* The stated defaults of docs/methods.md, 10 and 11. */
HSD_API hsd_transit_rules hsd_transit_defaults(void);

/* The stops of a timetable joined to the streets: their feet under the access, egress and walking
 * profiles, and the walks between them. Depends on where stops are, not on trips: scenarios with
 * the same stops share it. Locators may be one and the same. Immutable; borrows all. */
typedef struct hsd_stop_set hsd_stop_set;
HSD_API hsd_status hsd_stop_set_create(const hsd_timetable *timetable, const hsd_locator *access,
                                       const hsd_locator *egress, const hsd_locator *walk,
                                       const hsd_transit_rules *rules, const hsd_run *run,
                                       hsd_stop_set **out, hsd_error *err);
HSD_API void hsd_stop_set_destroy(hsd_stop_set *stops);
/* Feet of a stop; end 0: access, 1: egress, 2: walk. */
HSD_API const hsd_feet *hsd_stop_set_feet(const hsd_stop_set *stops, uint32_t stop, int end);

/* Trips of a date over a stop set, in one direction of search. Immutable; borrows both. */
typedef struct hsd_transit hsd_transit;
HSD_API hsd_status hsd_transit_create(const hsd_stop_set *stops, const hsd_timetable *timetable,
                                      int32_t date, hsd_direction direction, const hsd_run *run,
                                      hsd_transit **out, hsd_error *err);
HSD_API void hsd_transit_destroy(hsd_transit *transit);
/* What the far end of trips is read on: egress for HSD_FROM, access for HSD_TO. */
HSD_API const hsd_locator *hsd_transit_far(const hsd_transit *transit);
HSD_API const hsd_locator *hsd_transit_near(const hsd_transit *transit);

/* The times of one origin (HSD_TO: target) at several instants. Scratch, one a thread: memory of a
 * tree an instant. */
typedef struct hsd_departures hsd_departures;
HSD_API hsd_status hsd_departures_create(const hsd_transit *transit, hsd_departures **out,
                                         hsd_error *err);
HSD_API void hsd_departures_destroy(hsd_departures *departures);
/* near: the origin's seeds under the near end's profile; direct: under the far end's, for trips
 * without a ride (none: there are none; at a proposal's stop of a network of stops alone they are
 * left out). The stops alone: no trees are grown. instants ascend. */
HSD_API hsd_status hsd_departures_ride(hsd_departures *departures, const hsd_seed *near,
                                       size_t near_count, const hsd_seed *direct,
                                       size_t direct_count, const uint32_t *instants_ms,
                                       size_t count, uint32_t limit_ms, hsd_error *err);
/* And the trees of the far end. */
HSD_API hsd_status hsd_departures_grow(hsd_departures *departures, const hsd_seed *near,
                                       size_t near_count, const hsd_seed *direct,
                                       size_t direct_count, const uint32_t *instants_ms,
                                       size_t count, uint32_t limit_ms, hsd_error *err);
/* Samples: instants x phases, all phases of the first instant first. */
HSD_API size_t hsd_departures_count(const hsd_departures *departures);
/* A part of a reading at a percentile, after _grow; lives until the next one. */
HSD_API hsd_reading_part hsd_departures_part(const hsd_departures *departures, double percent);
/* Time to when one can leave (HSD_TO: from when one must be at) a stop, of a rank. */
HSD_API uint32_t hsd_departures_stop_ms(const hsd_departures *departures, uint32_t stop,
                                        size_t rank);
/* The first sample with that time, and the rides behind it (no rides: none within the limit). */
HSD_API size_t hsd_departures_stop_sample(const hsd_departures *departures, uint32_t stop,
                                          size_t rank);
HSD_API hsd_status hsd_departures_journey(hsd_departures *departures, size_t sample, uint32_t stop,
                                          hsd_journey *out, hsd_error *err);
typedef struct hsd_transit_counters {
    hsd_raptor_counters rides;
    uint64_t access_settled, street_settled;
} hsd_transit_counters;
HSD_API hsd_transit_counters hsd_departures_counters(const hsd_departures *departures);

/* Ways between all stops and the points of a zone set on the far end's locator (within the cap),
 * once a run: times of zones without growing trees, the same milliseconds. Immutable. O(points x
 * nodes within the cap). */
typedef struct hsd_egress_table hsd_egress_table;
HSD_API hsd_status hsd_egress_table_create(const hsd_transit *transit, const hsd_zone_set *zones,
                                           const hsd_run *run, hsd_egress_table **out,
                                           hsd_error *err);
HSD_API void hsd_egress_table_destroy(hsd_egress_table *table);
/* Of the zones' points (hsd_zone_set_feet) after _ride: out_ms[zone_count], at a percentile. Of
 * another transit with the same stop set and direction, too. shares (may be NULL): of samples with
 * t <= limit. */
HSD_API hsd_status hsd_egress_table_times(const hsd_egress_table *table,
                                          const hsd_departures *departures, double percent,
                                          uint32_t *out_ms, double *shares, hsd_error *err);

/* ---- Legs of a trip ---- */

typedef enum hsd_leg_kind {
    HSD_LEG_ACCESS, /* on the streets: from the origin to the first stop */
    HSD_LEG_DIRECT, /* all the way without a ride */
    HSD_LEG_BOARD,  /* gates, platform */
    HSD_LEG_WAIT,
    HSD_LEG_RIDE,
    HSD_LEG_CHANGE, /* within a stop or station */
    HSD_LEG_WALK,   /* between two rides */
    HSD_LEG_EGRESS
} hsd_leg_kind;
HSD_API const char *hsd_leg_kind_name(hsd_leg_kind kind); /* "access" ... */
typedef struct hsd_leg {
    hsd_leg_kind kind;
    uint32_t from_stop, to_stop;       /* HSD_NO_ROW: origin, target */
    uint32_t trip, from_call, to_call; /* RIDE; else HSD_NO_ROW */
    uint32_t start_ms, end_ms;         /* instants; each leg begins where the last one ends */
    size_t first_point, point_count;
} hsd_leg;
typedef struct hsd_legs {
    hsd_leg *legs;
    size_t count, capacity;
    hsd_lonlat *points;
    size_t point_count, point_capacity;
    uint32_t total_ms; /* the sum; HSD_UNREACHABLE: no way, no legs */
} hsd_legs;
/* The best trip between the origin of the last _ride or _grow and a point of the far end, at one of
 * its samples: total_ms equals the tree's time there. Waits at the origin are none: a trip that
 * leaves at m and waits longest at its first stop (HSD_TO: at its last stop). Lines have no points
 * where one stays at a place, else two or more; the origin's own leg is not among them. */
HSD_API hsd_status hsd_departures_legs(hsd_departures *departures, size_t sample,
                                       const hsd_feet *target, hsd_legs *out, hsd_error *err);
HSD_API void hsd_legs_finish(hsd_legs *legs);

#ifdef __cplusplus
}
#endif
#endif
