/* A pole while it is joined, for joints.c and unjoined.c. */
#ifndef SCENARIO_JOINTS_H
#define SCENARIO_JOINTS_H

#include "scenario/resolve.h"

/* An edge within the tolerance, with its position nearest to the pole. */
typedef struct hsd_candidate {
    uint32_t edge, segment;
    double fraction, m;
} hsd_candidate;

typedef struct hsd_joining {
    hsd_resolver *r;
    const hsd_link_work *link;
    const hsd_pole_draft *draft;
    const hsd_junction_row *junction;
    hsd_tangent tangent;
    double tolerance_m;
    unsigned need; /* which ways the link needs at the pole */
    unsigned ask;  /* what a joint must offer something of: need, or 0: nothing */
    HSD_ARRAY(hsd_candidate) near;
    HSD_ARRAY(uint32_t) vertices; /* open nodes within reach, by distance */
    HSD_ARRAY(double) vertex_m;
    uint32_t node;                 /* the first joint, if it is a node, */
    HSD_ARRAY(hsd_candidate) ends; /* and the ends there of roads the link may join */
    unsigned can;                  /* what the joints so far allow */
    size_t first_joint;
    bool failed;
} hsd_joining;

/* The link may join the road; its ends, if it is a bridge: they are roads like others. */
bool hsd_road_admissible(const hsd_resolver *r, const hsd_link_work *link,
                         const hsd_junction_row *junction, uint32_t edge);
/* An open node where something ends that the link may join and that offers what is asked for; on
 * corridor networks: where one may stop, what is drawn to, or what connect_to names. */
bool hsd_vertex_admissible(const hsd_joining *j, uint32_t vertex);
/* Metres from the pole, for hsd_rtree_nearest; context: hsd_joining. */
double hsd_joining_segment_m(void *context, uint32_t item);
double hsd_joining_vertex_m(void *context, uint32_t vertex);

/* Joins the open node at a candidate's place, else the position, once. */
hsd_status hsd_join_candidate(hsd_joining *j, const hsd_candidate *c);
/* twins.c: beside the first joint. */
hsd_status hsd_join_twin(hsd_joining *j);

/* unjoined.c */
hsd_status hsd_say_nothing_joined(hsd_joining *j);
hsd_status hsd_say_one_way(hsd_joining *j);
#endif
