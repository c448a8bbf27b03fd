/* Hourshed: the network. One table of edges with geometry; over it one contracted graph per mode;
 * over each graph one metric per profile. Immutable once built, shared between threads, saved as a
 * memory-mapped .hsn file. */
#ifndef HOURSHED_NET_H
#define HOURSHED_NET_H

#include "hourshed/geo.h"
#include "hourshed/read.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hsd_direction {
    HSD_FROM, /* times from the origin to everywhere */
    HSD_TO    /* times from everywhere to the origin */
} hsd_direction;

typedef struct hsd_network hsd_network;

/* One input, as provenance keeps it. */
typedef struct hsd_input_record {
    const char *role;   /* "osm", "roads", "corridor", "gtfs", "rail", "profile", "barriers" */
    const char *name;   /* file name without folders */
    const char *sha256; /* 64 hex digits */
} hsd_input_record;

typedef struct hsd_build_options {
    const hsd_input_record *inputs; /* stored in the file */
    size_t input_count;
    const char *configuration;      /* JSON text stored in the file; NULL: {} */
    const hsd_geometry *barriers;   /* more barriers than the table's own water; may be NULL */
    const hsd_timetable *timetable; /* stored with the network; NULL: none */
} hsd_build_options;

/* Builds the network of a road table under one or more profiles (profiles of one mode share a
 * graph). O((n + m) log n) and the METIS order. Fails with HSD_E_FORMAT where no profile can use
 * any way; classes unknown to every profile are logged with their kilometres. */
HSD_API hsd_status hsd_network_build(const hsd_road_table *table, const hsd_profile *profiles,
                                     size_t profile_count, const hsd_build_options *options,
                                     const hsd_run *run, hsd_network **out, hsd_error *err);

/* Writes beside the path and renames when whole. The content id is the SHA-256 of all sections. */
HSD_API hsd_status hsd_network_save(const hsd_network *network, const char *path, bool overwrite,
                                    hsd_error *err);
/* Maps the file read-only; header and section table are checked now, every index of a section when
 * it is first needed. verify: checks all checksums now. */
enum { HSD_OPEN_VERIFY = 1 };
HSD_API hsd_status hsd_network_open(const char *path, unsigned flags, hsd_network **out,
                                    hsd_error *err);
HSD_API void hsd_network_destroy(hsd_network *network);

typedef struct hsd_profile_info {
    const char *name, *mode;
    double km[4];                /* passable kilometres (either direction) by hsd_speed_source */
    uint32_t nodes, arcs;        /* of the mode's graph */
    uint32_t components;         /* strongly connected, with at least one arc */
    double main_component_share; /* of arcs */
} hsd_profile_info;

typedef struct hsd_network_info {
    char content_id[65];
    uint32_t format_version;
    uint32_t vertices, edges, points, restrictions, split_nodes, barrier_polygons;
    hsd_box_e7 extent;
    double length_km;
    size_t profile_count, input_count;
    uint32_t feeds, stops, lines, trips; /* of the timetable; feeds 0: there is none */
    int32_t first_day, last_day;
    const hsd_profile_info *profiles; /* borrowed from the network */
    const hsd_input_record *inputs;
    const char *configuration;
} hsd_network_info;
HSD_API hsd_status hsd_network_info_get(const hsd_network *network, hsd_network_info *out,
                                        hsd_error *err);

/* The timetable stored in the network, checked; NULL: there is none. Lives as long as the network.
 * A network of stops alone (no ways; profiles with legs at nodes) has a vertex at each stop that is
 * no station; the vertex's source is the stop's row + 1. */
HSD_API hsd_status hsd_network_timetable(const hsd_network *network, const hsd_timetable **out,
                                         hsd_error *err);
/* Trips that run on a day, headway services counted by their departures. feed HSD_NO_ROW: of all.
 */
HSD_API uint64_t hsd_timetable_trips(const hsd_timetable *timetable, uint32_t feed, int32_t day);
/* The same for every day of the timetable: out[day_count]. O(trips + services x days). */
HSD_API hsd_status hsd_timetable_trips_by_day(const hsd_timetable *timetable, uint32_t feed,
                                              uint64_t *out, hsd_error *err);
/* HSD_E_ARGUMENT where no feed has a trip on the day: the message names the nearest served day of
 * the same weekday, and the first and last day served. */
HSD_API hsd_status hsd_timetable_served(const hsd_timetable *timetable, int32_t day,
                                        hsd_error *err);

/* Index of a profile by name, or of the first profile of a mode when name is NULL; -1: none. */
HSD_API int hsd_network_profile(const hsd_network *network, const char *mode, const char *name);

#ifdef __cplusplus
}
#endif
#endif
