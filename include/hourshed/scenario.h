/* Hourshed: scenarios. Every edit of a proposals file is resolved against the network first, every
 * problem is listed, and only then is a chosen set of edits applied, to a copy that shares what did
 * not change. The rules stand in docs/methods.md, 7. */
#ifndef HOURSHED_SCENARIO_H
#define HOURSHED_SCENARIO_H

#include "hourshed/net.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which of the three waits of a border counts. */
typedef enum hsd_wait_level { HSD_WAIT_TYPICAL, HSD_WAIT_LOW, HSD_WAIT_HIGH } hsd_wait_level;

typedef struct hsd_resolve_options {
    double tolerance_m;   /* an end joins what is this near; 0: 50 m, corridor networks 1,000 m */
    double value_of_time; /* money an hour; tolls become minutes; 0: tolls cost no time */
    hsd_wait_level waits;
    bool spare_idle; /* what does nothing to the profile is a remark: the caller knows of more */
} hsd_resolve_options;

/* Where an added link joins the network: a position on an edge, or a junction. */
typedef struct hsd_joint {
    uint32_t pole;
    uint32_t edge;   /* UINT32_MAX: a vertex */
    uint32_t vertex; /* UINT32_MAX: a position on an edge */
    uint32_t segment;
    double fraction;
    hsd_lonlat at;
    double gap_m;               /* from the pole */
    uint32_t enter_ms, exit_ms; /* from the network to the pole, and back; HSD_UNREACHABLE: not */
} hsd_joint;

/* A point of an added link where it can meet others: its ends, junction points, touchings. A pole
 * belongs to one proposal; poles of two proposals at one place touch each other. */
typedef struct hsd_pole {
    hsd_lonlat at;
    uint32_t proposal;
    uint32_t first_joint, joint_count; /* into joints, by distance */
    uint32_t place;                    /* poles with the same place touch */
} hsd_pole;

/* A piece of an added link between two of its poles. */
typedef struct hsd_added {
    uint32_t proposal, link; /* link: index into the proposal table's links */
    uint32_t from_pole, to_pole;
    uint32_t ms[2]; /* as drawn, against; HSD_UNREACHABLE: not that way */
    double length_m;
    uint32_t first_point, point_count; /* into points: its line, drawing order */
    bool access;
} hsd_added;

/* One edit as layer `edits` shows it: what it did. */
typedef struct hsd_edit {
    uint32_t proposal;
    hsd_proposal_layer layer;
    int64_t feature_id;
    uint32_t part;
    const char *name; /* may be "" */
    const char *what; /* "link", "closure" ... in words for a person, with the figures */
    uint32_t edges_split, ends_joined, components_joined, edges_closed, edges_changed, arcs_changed;
    uint32_t crossings; /* roads a link crosses without joining them */
    uint32_t stops_added, trips_added, trips_changed, trips_removed; /* of rail */
    double commercial_ratio; /* of a new line: commercial over design speed; NAN else */
    const char *edge_ids; /* ;-separated source ids of closed or changed roads: the first hundred */
    double length_km;     /* of the link, or of the roads closed or changed */
    double forward_min, backward_min; /* of a link; NAN: not that way, or not a link */
    hsd_geometry geometry; /* the link with its gaps, the polygon, the line; NONE for edits by id */
} hsd_edit;

/* Proposals resolved against one profile of a network. Immutable, shared between threads; borrows
 * the network and the table. */
typedef struct hsd_resolved {
    const hsd_network *network;
    const hsd_proposal_table *table;
    size_t profile;
    hsd_joint *joints;
    size_t joint_count;
    hsd_pole *poles;
    size_t pole_count;
    hsd_added *added;
    size_t added_count;
    hsd_lonlat *points;
    size_t point_count;
    hsd_edit *edits; /* by layer, feature id, part */
    size_t edit_count;
    void *storage; /* texts, and what closures, speeds and waits do to edges */
} hsd_resolved;

/* All problems of all edits go to issues; with an error among them the result is HSD_E_FORMAT with
 * the first one's text. O((rows + edges in polygons) log edges). */
HSD_API hsd_status hsd_proposals_resolve(const hsd_network *network, size_t profile,
                                         const hsd_proposal_table *table,
                                         const hsd_resolve_options *options, const hsd_run *run,
                                         hsd_resolved *out, hsd_issues *issues, hsd_error *err);
HSD_API void hsd_resolved_finish(hsd_resolved *resolved);

/* ---- Rail and transit ---- */

/* The rail of a proposals file resolved against a timetable. all_stops: the timetable with the
 * stations of all proposals besides its own (without their trips): every scenario's timetable has
 * the same stops at the same rows, so that what the streets say of them is worked out once. */
typedef struct hsd_resolved_rail {
    const hsd_timetable *base; /* NULL: none */
    const hsd_proposal_table *table;
    hsd_timetable all_stops;
    hsd_edit *edits; /* by layer, feature id */
    size_t edit_count;
    void *storage;
} hsd_resolved_rail;
/* Like hsd_proposals_resolve. date: what "headway of the line" and the like are counted on;
 * INT32_MIN: the first served day. docs/methods.md, 12. */
HSD_API hsd_status hsd_rail_resolve(const hsd_timetable *base, const hsd_proposal_table *table,
                                    int32_t date, const hsd_run *run, hsd_resolved_rail *out,
                                    hsd_issues *issues, hsd_error *err);
HSD_API void hsd_resolved_rail_finish(hsd_resolved_rail *resolved);
/* The timetable under the proposals for which active[] is non-zero (NULL: none). Its services run
 * on every day the base has, or on 2000-01-01 to 2099-12-31 where there is no base. */
HSD_API hsd_status hsd_scenario_timetable(const hsd_resolved_rail *resolved, const uint8_t *active,
                                          hsd_timetable *out, hsd_error *err);
/* True when the proposal touches the timetable. */
HSD_API bool hsd_proposal_is_rail(const hsd_proposal_table *table, uint32_t proposal);

/* A scenario by the names of its proposals: "NAME=p1,p2" or "NAME=*" (all); the indices ascending,
 * each once. Commas in names are doubled (",,"). Unknown and repeated names are errors that list
 * what there is. */
typedef struct hsd_scenario {
    char *name;
    uint32_t *proposals;
    size_t proposal_count;
} hsd_scenario;
HSD_API hsd_status hsd_scenario_parse(const char *text, const hsd_proposal_table *table,
                                      hsd_scenario *out, hsd_error *err);
HSD_API void hsd_scenario_finish(hsd_scenario *scenario);

/* The network with the closures, speed changes and waits of the proposals for which active[] is
 * non-zero: the same graph under another metric. *out is NULL where they change no metric. It
 * shares the arrays of `resolved->network`, which must outlive it; hsd_network_destroy. Nothing
 * depends on the order of edits. */
HSD_API hsd_status hsd_scenario_network(const hsd_resolved *resolved, const uint8_t *active,
                                        hsd_network **out, hsd_error *err);
/* 1 for each proposal whose edits are added links alone: the shortcut serves it. */
HSD_API bool hsd_scenario_only_adds(const hsd_resolved *resolved, uint32_t proposal);

#ifdef __cplusplus
}
#endif
#endif
