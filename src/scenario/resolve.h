/* What the files of scenario/ share while the rows of a proposals file are resolved. */
#ifndef SCENARIO_RESOLVE_H
#define SCENARIO_RESOLVE_H

#include "base/issues.h"
#include "base/memory.h"
#include "hourshed/scenario.h"
#include "net/network.h"
#include "net/reach.h"

#define HSD_NO_ID UINT32_MAX
#define HSD_TOUCH_M 1.0       /* what is nearer than this is one place */
#define HSD_NODE_M 10.0       /* a node is preferred to an edge this near */
#define HSD_ON_PURPOSE_M 50.0 /* a corridor's node is meant, drawn this near to it */
#define HSD_NO_GAP_M .02      /* no gap: coordinates are rounded to 1e-7 degree */

/* What a proposal does to edges, besides links; a closure's part lies in it as it was drawn. */
typedef struct hsd_closing {
    uint32_t proposal;
    hsd_closed_part part;
} hsd_closing;
typedef struct hsd_slowing {
    uint32_t proposal, directed_edge;
    double divisor; /* of the speed: (1 - s) + s / f */
} hsd_slowing;
typedef struct hsd_waiting {
    uint32_t proposal, directed_edge;
    int64_t ms;
} hsd_waiting;

/* What hsd_resolved.storage points to. */
typedef struct hsd_effects {
    HSD_ARRAY(char *) texts;
    HSD_ARRAY(hsd_closing) closings;
    HSD_ARRAY(hsd_slowing) slowings;
    HSD_ARRAY(hsd_waiting) waitings;
} hsd_effects;

/* A position on the line of a link. */
typedef struct hsd_link_spot {
    uint32_t segment;
    double fraction;
    hsd_lonlat at;
} hsd_link_spot;

/* Why a link has a pole; several may hold. */
enum {
    HSD_POLE_START = 1,
    HSD_POLE_END = 2,
    HSD_POLE_JUNCTION = 4,
    HSD_POLE_CROSSING = 8, /* of a road, or of another link of the proposal */
    HSD_POLE_TOUCH = 16    /* another link ends there: no joint for that */
};
#define HSD_POLE_JOINS (HSD_POLE_START | HSD_POLE_END | HSD_POLE_JUNCTION | HSD_POLE_CROSSING)

typedef struct hsd_pole_draft {
    uint32_t link;
    unsigned why;
    hsd_link_spot spot;
    const hsd_junction_row *junction; /* that describes it; NULL: none */
    bool touched;                     /* shares its place with another link */
} hsd_pole_draft;
typedef HSD_ARRAY(hsd_pole_draft) hsd_pole_drafts;

/* A link of the table that the profile can use: its shape and its times. */
typedef struct hsd_link_work {
    const hsd_link_row *row;
    bool serves;              /* it has a shape and a time, and the profile may use it */
    bool open[2];             /* as drawn, against */
    bool motorway;            /* may join motorways */
    uint32_t count;           /* segments */
    double *metres;           /* count: of segments, scaled to the stated length */
    uint32_t *ms;             /* count */
    double drawn_m, length_m; /* as drawn; stated, else drawn */
    double tolerance_m;
    uint32_t pace;     /* metres per hour, or HSD_PACE_FIXED | ms of the whole link */
    uint32_t extra_ms; /* wait and toll, once a use */
    uint32_t first_pole, pole_count;
    uint32_t crossings; /* roads passed without joining them */
} hsd_link_work;

typedef struct hsd_resolver {
    const hsd_network *network;
    const hsd_metric *metric;
    const hsd_graph *graph;
    const hsd_proposal_table *table;
    hsd_resolve_options options;
    bool corridor; /* legs start at nodes: poles join nodes, shapes are sketches */
    hsd_reach reach;
    uint8_t *part_has_core;    /* by representative node */
    uint32_t *vertex_node;     /* the open free node of a vertex; HSD_NO_ID: none */
    hsd_link_work *links;      /* of the table */
    hsd_rtree link_index;      /* over the segments of the links that serve */
    uint32_t *segment_link;    /* of its items: link */
    uint32_t *segment_number;  /* and segment of it */
    hsd_pole_drafts drafts;    /* by link, then along it */
    HSD_ARRAY(hsd_pole) poles; /* one a draft */
    HSD_ARRAY(hsd_joint) joints;
    HSD_ARRAY(hsd_added) added;
    HSD_ARRAY(hsd_lonlat) points;
    HSD_ARRAY(hsd_edit) edits;
    hsd_effects *effects;
    uint8_t *effective; /* of each proposal: something of it acts under this profile */
    uint8_t *faulty;    /* of each proposal: it has an error */
    hsd_issues *issues;
    hsd_issues remarks; /* go to issues at the end, so that they never crowd errors out */
    hsd_error *err;
} hsd_resolver;

/* Which row an issue is about. */
typedef struct hsd_row_name {
    hsd_proposal_layer layer;
    uint32_t proposal;
    int64_t feature_id;
    uint32_t part;
    const char *name; /* may be NULL */
} hsd_row_name;
static inline hsd_row_name hsd_link_name(const hsd_link_row *row) {
    return (hsd_row_name){HSD_LAYER_LINKS, row->proposal, row->feature_id, row->part, row->name};
}

/* Bytes of a text for a message, at most so many, whole characters: for "%.*s". */
static inline int hsd_cut(const char *text, int most) {
    int length = 0;
    while (length < most && text[length]) length++;
    if (text[length])
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
    return length;
}

/* Union-find. */
static inline uint32_t hsd_root_of(uint32_t *parent, uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

/* "links feature 12 (Harbour Bridge): ...": HSD_E_MEMORY, or HSD_OK whatever is wrong with the row.
 */
hsd_status hsd_resolver_error(hsd_resolver *r, hsd_row_name row, const char *format, ...)
    HSD_PRINTF(3, 4);
hsd_status hsd_resolver_remark(hsd_resolver *r, hsd_row_name row, const char *format, ...)
    HSD_PRINTF(3, 4);
/* "links feature 12 (Harbour Bridge)" in a buffer of the caller's. */
const char *hsd_row_label(const hsd_resolver *r, hsd_row_name row, char *buffer, size_t size);
/* "\"Main Street\" (id 12, primary)". */
const char *hsd_edge_label(const hsd_resolver *r, uint32_t edge, char *buffer, size_t size);

/* One of ;-separated words is used by the profile. NULL: true. */
bool hsd_modes_serve(const hsd_resolver *r, const char *modes);

bool hsd_class_is_motorway(const char *road_class);

/* links.c: shapes and times of all links. */
hsd_status hsd_links_measure(hsd_resolver *r);
void hsd_links_finish(hsd_resolver *r);
uint32_t hsd_link_prefix_ms(const hsd_link_work *link, const hsd_link_spot *spot);
double hsd_link_prefix_m(const hsd_link_work *link, const hsd_link_spot *spot);
/* The pieces between neighbouring poles. */
hsd_status hsd_links_cut(hsd_resolver *r);

/* touch.c: the poles of all links, and which of them are at one place. */
hsd_status hsd_poles_find(hsd_resolver *r);

/* crossings.c: the roads that the line of a link properly crosses, by position along it. */
typedef struct hsd_road_crossing {
    hsd_link_spot spot; /* of the link */
    uint32_t edge;
} hsd_road_crossing;
typedef HSD_ARRAY(hsd_road_crossing) hsd_road_crossings;
hsd_status hsd_roads_crossed(const hsd_resolver *r, const hsd_link_work *link,
                             hsd_road_crossings *out);

/* joints.c: where poles join the network. */
hsd_status hsd_poles_join(hsd_resolver *r);
/* What a joint allows: the core reaches it, it reaches the core. */
enum { HSD_CAN_ENTER = 1, HSD_CAN_LEAVE = 2, HSD_CAN_BOTH = 3 };
/* The link may join the edge, which is no island and allows something of what is asked for (ask 0:
 * whatever it is). junction NULL: none describes the place. */
bool hsd_edge_admissible(const hsd_resolver *r, const hsd_link_work *link,
                         const hsd_junction_row *junction, unsigned ask, uint32_t edge);

/* edges.c: closures, speed changes and waits. */
hsd_status hsd_edges_resolve(hsd_resolver *r);

/* edits.c: rows of layer edits. */
hsd_status hsd_edit_of_link(hsd_resolver *r, uint32_t link);
typedef struct hsd_touched_edges {
    uint32_t *directed; /* ascending, each once */
    size_t count;
    double length_m;
} hsd_touched_edges;
/* Sorts and thins `touched`; takes `what` over, even on failure. */
hsd_status hsd_edit_of_edges(hsd_resolver *r, hsd_row_name row, char *what,
                             hsd_touched_edges *touched, bool closed, const hsd_geometry *geometry);
#endif
