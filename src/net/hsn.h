/* The sections a network is made of, in memory and in a .hsn file alike, for the files of net/. The
 * format is described in docs/hsn-format.md. */
#ifndef NET_HSN_H
#define NET_HSN_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/file.h"
#include "base/memory.h"
#include "net/network.h"

#define HSN_VERSION 3
#define HSN_OLDEST 2 /* the same without a timetable: still read */
#define HSN_ALIGN 64

/* What a section holds; of a graph's or metric's section, `index` says whose. */
enum hsn_kind {
    HSN_HEAD = 1,
    HSN_STRINGS,
    HSN_CLASSES,
    HSN_MODE_WORDS,
    HSN_INPUTS,
    HSN_VERTEX_POINT,
    HSN_VERTEX_SOURCE,
    HSN_VERTEX_FLAGS,
    HSN_EDGES,
    HSN_POINTS,
    HSN_SEGMENT_M,
    HSN_POINT_EDGE,
    HSN_SNAP_BOXES,
    HSN_SNAP_ITEMS,
    HSN_VERTEX_BOXES,
    HSN_VERTEX_ITEMS,
    HSN_BARRIER_POINTS,
    HSN_BARRIER_RINGS,
    HSN_BARRIER_POLYGONS,
    HSN_BARRIER_BOXES,
    HSN_BARRIER_ITEMS,
    HSN_GRAPH_HEAD = 64,
    HSN_FIRST_OUT,
    HSN_HEADS,
    HSN_TAILS,
    HSN_FIRST_IN,
    HSN_IN_ARC,
    HSN_NODE_VERTEX,
    HSN_NODE_FREE,
    HSN_NODE_FREE_COPY,
    HSN_NODE_COPY,
    HSN_NODE_COMPONENT,
    HSN_COMPONENT_ARCS,
    HSN_ARC_FIRST_LINK,
    HSN_LINK_EDGE,
    HSN_LINK_ARC,
    HSN_EDGE_FIRST_USE,
    HSN_USE_LINK,
    HSN_METRIC_HEAD = 128,
    HSN_PACE,
    HSN_EDGE_MS,
    HSN_ARC_MS,
    HSN_LINK_MS,
    HSN_EDGE_STOP,
    HSN_SPEED_SOURCE,
    HSN_CLASS_RULES,
    HSN_PROFILE_WORDS,
    HSN_TIMETABLE_HEAD = 192,
    HSN_TIMETABLE_STRINGS,
    HSN_FEEDS,
    HSN_STOPS,
    HSN_TRANSIT_LINES,
    HSN_TRIPS,
    HSN_CALLS,
    HSN_HEADWAYS,
    HSN_TRANSFERS,
    HSN_SHAPES,
    HSN_SHAPE_POINTS,
    HSN_SERVICE_DAYS,
    HSN_END
};

/* Sections with fixed fields. Text is an offset into HSN_STRINGS. */
typedef struct hsn_head {
    uint32_t vertex_count, edge_count, point_count;
    uint32_t restriction_count, split_nodes;
    uint32_t graph_count, metric_count;
    uint32_t configuration;
    hsd_box_e7 extent;
    double length_km;
} hsn_head;

typedef struct hsn_graph_head {
    uint32_t mode, node_count, arc_count, link_count, component_count;
    uint32_t linked_components; /* with at least one arc inside */
    uint32_t main_arcs;         /* inside component 0 */
    uint32_t unused;
} hsn_graph_head;

typedef struct hsn_metric_head {
    uint32_t name, graph, leg_rule, leg_speed_mh, leg_detour_ppm, leg_cap_m;
    uint32_t respects; /* bit 0: one-way, bit 1: turns */
    uint32_t max_speed_mh;
    double km[4];
} hsn_metric_head;

typedef struct hsn_timetable_head {
    int32_t first_day, day_count;
    uint32_t day_words, unused;
} hsn_timetable_head;

typedef struct hsn_input {
    uint32_t role, name, sha256;
} hsn_input;

typedef struct hsn_section {
    uint32_t kind, index;
    const void *data;
    uint64_t size;     /* bytes */
    uint64_t checksum; /* stated by the file; 0 in memory until saved */
    bool owned;        /* data is heap, ours */
} hsn_section;

/* What hsd_network.storage points to. */
typedef struct hsn_storage {
    HSD_ARRAY(hsn_section) sections; /* ascending (kind group, index, kind): file order */
    hsd_mapping mapping;             /* of an opened file */
    uint8_t content_id[32];
    uint32_t version; /* of the file; HSN_VERSION when built here */
    bool in_memory;   /* built here: nothing to check */
    pthread_mutex_t lock;
    bool common_checked; /* under lock */
    bool *graph_checked; /* under lock */
    atomic_bool *ready;  /* of each metric */
    char **texts;        /* pointer tables of the view, owned */
    hsd_graph *graphs;
    hsd_metric *metrics;
    hsd_profile_info *profiles;
    hsd_input_record *inputs;
    hsd_geometry barriers;
    hsd_timetable timetable;
    atomic_bool timetable_ready;
} hsn_storage;

hsd_status hsn_storage_create(hsn_storage **out, hsd_error *err);
void hsn_storage_destroy(hsn_storage *storage);
/* Takes data over, even on failure. */
hsd_status hsn_add(hsn_storage *storage, uint32_t kind, uint32_t index, void *data, size_t count,
                   size_t size, hsd_error *err);
const hsn_section *hsn_find(const hsn_storage *storage, uint32_t kind, uint32_t index);

/* Fast 64-bit checksum of a section; catches any damage but a malicious one. */
uint64_t hsn_checksum(const void *data, size_t size);
/* SHA-256 over kind, index, size and bytes of every section, in file order. */
hsd_status hsn_content_id(hsn_storage *storage, hsd_error *err);

/* The network over its sections: every array has the length the heads say, and texts and heads are
 * right; the contents of other sections are not looked at. Takes storage over, even on failure. */
hsd_status hsn_view(hsn_storage *storage, hsd_network **out, hsd_error *err);
/* Compares checksums of one kind group of sections: 0 common, 64 a graph's, 128 a metric's, 192 the
 * timetable's. */
hsd_status hsn_check_sums(const hsn_storage *storage, uint32_t group, uint32_t index,
                          hsd_error *err);
const char *hsn_kind_name(uint32_t kind);
static inline uint32_t hsn_group(uint32_t kind) {
    return kind >= HSN_TIMETABLE_HEAD ? HSN_TIMETABLE_HEAD
           : kind >= HSN_METRIC_HEAD  ? HSN_METRIC_HEAD
           : kind >= HSN_GRAPH_HEAD   ? HSN_GRAPH_HEAD
                                      : 0;
}

/* Every index of the contents. */
hsd_status hsn_check_common(const hsd_network *network, hsd_error *err);
hsd_status hsn_check_graph(const hsd_network *network, const hsd_graph *graph, hsd_error *err);
hsd_status hsn_check_metric(const hsd_network *network, const hsd_metric *metric, hsd_error *err);

/* ---- The file -----------------------------------------------------------------------------------
 */

#define HSN_MAGIC "\x89HSN\r\n\x1a\n"
#define HSN_ENDIAN_MARK 0x01020304u
/* 21 common ones, 17 a graph, 9 a metric, 32 metrics at most, 12 of a timetable */
#define HSN_MAX_SECTIONS 1024

typedef struct hsn_file_header {
    char magic[8];
    uint32_t endian_mark, version;
    uint64_t file_size;
    uint32_t section_count, unused;
    uint8_t content_id[32];
    uint64_t checksum; /* of this header with 0 here, and the section table */
    uint8_t padding[56];
} hsn_file_header;

typedef struct hsn_file_section {
    uint32_t kind, index;
    uint64_t offset, size, checksum;
} hsn_file_section;

_Static_assert(sizeof(hsn_file_header) == 128, "the header is 128 bytes");
_Static_assert(sizeof(hsn_file_section) == 32, "a table entry is 32 bytes");
_Static_assert(sizeof(hsd_edge) == 40, "edges are stored as they are");
_Static_assert(sizeof(hsd_lonlat) == 16 && sizeof(size_t) == 8, "barriers are stored as they are");
_Static_assert(sizeof(hsn_head) == 56 && sizeof(hsn_metric_head) == 64, "heads have no holes");
_Static_assert(sizeof(hsd_feed_row) == 24 && sizeof(hsd_stop_row) == 56 &&
                   sizeof(hsd_line_row) == 32 && sizeof(hsd_trip_row) == 48 &&
                   sizeof(hsd_call_row) == 16 && sizeof(hsd_headway_row) == 16 &&
                   sizeof(hsd_transfer_row) == 16 && sizeof(hsd_shape_row) == 8,
               "rows of a timetable are stored as they are");
#endif
