/* The network's tables, as engines see them: flat arrays, in memory or mapped. Private to the
 * library; lifetimes are the network's. */
#ifndef NET_NETWORK_H
#define NET_NETWORK_H

#include "geo/rtree.h"
#include "hourshed/net.h"

/* A directed edge is 2 * edge + direction (HSD_FORWARD as drawn, HSD_BACKWARD). */

typedef struct hsd_edge {
    int64_t source_id; /* of the way */
    double length_m;
    uint32_t from, to;    /* vertices */
    uint32_t first_point; /* into points; the last one is point_count - 1 further */
    uint32_t point_count; /* >= 2 */
    uint32_t name;        /* into strings */
    uint16_t class_id;
    uint16_t flags; /* enum hsd_way_flag */
} hsd_edge;

/* How fast a directed edge is: 0 impassable; HSD_PACE_FIXED | ms for a time of the whole edge,
 * spread over its segments by length; else metres per hour. */
#define HSD_PACE_FIXED 0x80000000u

/* The contracted graph of a mode. Arcs are sorted by tail; ids of nodes are ranks of the METIS
 * nested-dissection order (0 is the first one a hierarchy would contract). A vertex with turn
 * restrictions has several nodes ("copies"): the free one, reached without history, and one per
 * restriction begun. An arc is a chain of directed edges, called links. */
typedef struct hsd_graph {
    const char *mode;
    uint32_t node_count, arc_count, link_count;
    const uint32_t *first_out;      /* node_count + 1 */
    const uint32_t *head, *tail;    /* arc_count */
    const uint32_t *first_in;       /* node_count + 1 */
    const uint32_t *in_arc;         /* arc_count: arc ids grouped by head, ascending */
    const uint32_t *node_vertex;    /* node_count */
    const uint8_t *node_free;       /* node_count: 1 for the free copy */
    const uint32_t *node_free_copy; /* node_count: the free copy of the same junction, itself if
                                     * free. A trip that starts inside a chain counts it as
                                     * travelled whole: it takes the arc whose tail is free */
    const uint32_t *node_copy; /* node_count: a name within the vertex that does not depend on the
                                * order of nodes; 0: the free copy of an open vertex. A vertex
                                * closed to the mode has one free node an edge end: 1, 2 ... */
    const uint32_t *node_component; /* strongly connected component, 0 the one with most arcs */
    uint32_t component_count;
    const uint32_t *component_arcs; /* component_count: arcs with both ends inside */
    const uint32_t *arc_first_link; /* arc_count + 1 */
    const uint32_t *link_edge;      /* link_count: directed edge */
    const uint32_t *link_arc;       /* link_count: the arc it belongs to */
    const uint32_t *edge_first_use; /* 2 * edge_count + 1 */
    const uint32_t *use_link;       /* link_count: link ids grouped by directed edge, ascending */
} hsd_graph;

/* A stretch of an edge that is closed: nobody passes it, nobody stops on it; what lies before it
 * and behind it can be used from the edge's own ends. Positions as drawn. An edge closed as a whole
 * runs from segment 0, 0.0 to its last segment, 1.0. */
typedef struct hsd_closed_part {
    uint32_t edge;
    uint8_t directions; /* bit HSD_FORWARD, bit HSD_BACKWARD: those closed */
    uint32_t from_segment, to_segment;
    double from_fraction, to_fraction;
} hsd_closed_part;

/* What a profile says of a class of roads, whether the network has one or not: for roads that are
 * yet to be. */
enum { HSD_CLASS_STOP = 1, HSD_CLASS_NEEDS_YES = 2 };
typedef struct hsd_class_rule {
    uint32_t name; /* into strings */
    uint32_t speed_mh, factor_ppm;
    uint32_t flags; /* HSD_CLASS_... */
} hsd_class_rule;

/* Times of a profile over its mode's graph, milliseconds, HSD_UNREACHABLE where impassable. */
typedef struct hsd_metric {
    const char *name;
    uint32_t graph;              /* index into graphs */
    const uint32_t *pace;        /* 2 * edge_count */
    const uint32_t *edge_ms;     /* 2 * edge_count: the whole directed edge */
    const uint32_t *arc_ms;      /* arc_count */
    const uint32_t *link_ms;     /* link_count: from the arc's start to the link's start */
    const uint8_t *edge_stop;    /* edge_count: 1 where the mode may stop (class and flags) */
    const uint8_t *speed_source; /* 2 * edge_count: hsd_speed_source */
    hsd_leg_rule leg_rule;
    uint32_t leg_speed_mh, leg_detour_ppm, leg_cap_m;
    bool respects_oneway, respects_turns;
    const hsd_class_rule *classes; /* class_count, in the profile's order */
    const uint32_t *words;         /* word_count, into strings: words of access it may use */
    size_t class_count, word_count;
    uint32_t max_speed_mh; /* caps given speeds before the factor; 0: none */
    /* Of adapted metrics alone. An arc with a closed edge is impassable as a whole; its links have
     * times up to and with the first closed one (link_ms), then HSD_UNREACHABLE. */
    const hsd_closed_part *closed; /* ascending edge, one an edge and direction set; NULL: none */
    size_t closed_count;
    const uint64_t *closed_edges; /* bit set over edges; NULL: none */
} hsd_metric;

struct hsd_network {
    uint32_t vertex_count, edge_count, point_count;
    const hsd_point_e7 *vertex_point;
    const int64_t *vertex_source;
    const uint8_t *vertex_flags; /* enum hsd_node_flag */
    const hsd_edge *edges;
    const hsd_point_e7 *points; /* edge geometry, ends included */
    const double *segment_m;    /* point_count: from this point to the next; 0 at an edge's last */
    const uint32_t *point_edge; /* point_count: the edge it belongs to */
    const char *strings;
    size_t string_size;
    const char *const *classes;
    size_t class_count;
    const char *const *mode_words; /* words of access */
    size_t mode_word_count;
    size_t graph_count, metric_count;
    const hsd_graph *graphs;
    const hsd_metric *metrics;
    hsd_rtree snap;                 /* over segments: item = index of the segment's first point */
    hsd_rtree vertex_index;         /* over vertices: item = vertex */
    const hsd_geometry *barriers;   /* polygons, disjoint; land is what is outside */
    hsd_rtree barrier_index;        /* over barrier segments: item = index of the first point */
    const hsd_timetable *timetable; /* NULL: none. Unchecked: hsd_network_timetable */
    hsd_box_e7 extent; /* of the points; of a network of stops alone: of its vertices */
    hsd_network_info info;
    void *storage; /* mapping or heap, net/hsn.c's own */
    void *adapted; /* of a view (hsd_network_adapt): its own arrays; storage is then the base's */
};

/* A new pace of a directed edge. */
typedef struct hsd_pace_edit {
    uint32_t directed_edge, pace;
} hsd_pace_edit;
/* A view of the network in which one profile has other paces and closed stretches; everything else
 * is shared, so the base must outlive it. Only that profile may be used of it; it cannot be saved.
 * Both lists ascend, without repetition. O(edges + links). */
hsd_status hsd_network_adapt(const hsd_network *base, size_t metric, const hsd_pace_edit *paces,
                             size_t pace_count, const hsd_closed_part *closed, size_t closed_count,
                             hsd_network **out, hsd_error *err);

/* Every index, text and order in a timetable that is to be stored, or was: HSD_E_FORMAT names the
 * row. Rows of proposals are refused. O(size). */
hsd_status hsd_timetable_check(const hsd_timetable *timetable, hsd_error *err);
/* How often a trip runs on a day of its service: once, or by its headways. */
uint64_t hsd_trip_runs(const hsd_timetable *timetable, const hsd_trip_row *trip);
/* The table of a network of stops alone: a node at each row that is not a station, its source the
 * row's number + 1; no ways. hsd_road_table_finish. */
hsd_status hsd_stop_table(const hsd_timetable *timetable, hsd_road_table *out, hsd_error *err);
/* A network of stops alone over more stops than its own, and over places that no train serves: the
 * same profiles and barriers, no timetable. Its vertices are those of base, in order, then the
 * other stops, then the places, whose source is negative. */
hsd_status hsd_network_with_stops(const hsd_network *base, const hsd_timetable *stops,
                                  const hsd_lonlat *places, size_t place_count, const hsd_run *run,
                                  hsd_network **out, hsd_error *err);

/* Opening checks the header and the section table; this checks (once, thread-safe) the checksum and
 * the indexes of everything the profile's search needs, and must come before engines read arrays.
 */
hsd_status hsd_network_require(const hsd_network *network, size_t metric, hsd_error *err);

/* Times of the segments of a directed edge under a pace: out[i] for segment i in drawing order (not
 * in travel order), count = point_count - 1. Speeds: each segment rounded once, half up, at least
 * 1 ms if it has length. Fixed times: cumulative rounding in drawing order. Their sum is edge_ms.
 */
void hsd_edge_segment_ms(const hsd_network *network, uint32_t edge, uint32_t pace, uint32_t *out);

/* The same for segments given by their lengths. */
void hsd_segments_ms(const double *segment_m, uint32_t count, uint32_t pace, uint32_t *out);
/* Their sum: of an edge, of segments. Pace 0: HSD_UNREACHABLE. */
uint32_t hsd_edge_whole_ms(const hsd_network *network, uint32_t edge, uint32_t pace);
uint32_t hsd_segments_sum_ms(const double *segment_m, uint32_t count, uint32_t pace);

/* What the profile says of a class; NULL: it cannot use it. */
const hsd_class_rule *hsd_metric_class(const hsd_network *network, const hsd_metric *metric,
                                       const char *road_class);
/* speed x factor, rounded half up, at least 1; factor 0 is 1. */
uint32_t hsd_speed_times(uint32_t speed_mh, uint32_t factor_ppm);

/* Milliseconds from the edge's drawn start to a position (segment, fraction 0..1 of it) at a pace:
 * the segments before, plus the fraction of its segment rounded half up. An integer prefix: for
 * travel against the drawing the time from the position to the drawn start is this value, and the
 * time from the drawn end to the position is edge_ms minus it. */
uint32_t hsd_edge_prefix_ms(const hsd_network *network, uint32_t edge, uint32_t pace,
                            uint32_t segment, double fraction);

/* Writes the arcs of a profile's graph as CSV: from_node,to_node,time_ms,from_source,to_source, a
 * node being named "<source id of its vertex>" or "<source id>#<copy>" for split copies: for
 * checking with other programs. */
hsd_status hsd_network_export_arcs(const hsd_network *network, size_t metric, const char *path,
                                   bool overwrite, hsd_error *err);
#endif
