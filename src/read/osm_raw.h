/* What three passes over an OpenStreetMap file leave in memory, by id, before it becomes a table.
 */
#ifndef READ_OSM_RAW_H
#define READ_OSM_RAW_H

#include "base/memory.h"
#include "read/osm_ids.h"
#include "read/osm_tags.h"
#include "read/road_table.h"

/* Every row begins with this, and rows are sorted by it: the id, then the place in the file. */
typedef struct hsd_osm_raw_head {
    int64_t id;
    size_t first;   /* where its refs or members begin */
    uint32_t count; /* how many */
} hsd_osm_raw_head;

/* A counted way; refs in road_refs. Class and name are texts of the raw data's own pool. */
typedef struct hsd_osm_raw_road {
    hsd_osm_raw_head head;
    uint32_t class_name, name; /* offsets into names */
    uint32_t speed_mh[2], time_ms;
    uint16_t flags, yes[2], no[2];
    int8_t layer;
    uint8_t bad_speeds, bad_durations;
} hsd_osm_raw_road;

enum hsd_osm_shore_kind {
    HSD_OSM_SHORE_WATER = 1 << 0,  /* tagged as water */
    HSD_OSM_SHORE_COAST = 1 << 1,  /* natural=coastline */
    HSD_OSM_SHORE_MEMBER = 1 << 2, /* of a multipolygon that is or may be water */
};

/* A way that may bound water; refs in shore_refs. */
typedef struct hsd_osm_raw_shore {
    hsd_osm_raw_head head;
    uint32_t kinds; /* enum hsd_osm_shore_kind */
} hsd_osm_raw_shore;

enum hsd_osm_role { HSD_OSM_FROM, HSD_OSM_TO, HSD_OSM_VIA, HSD_OSM_OUTER, HSD_OSM_INNER };

typedef struct hsd_osm_raw_member {
    int64_t ref;
    uint8_t kind; /* hsd_osm_kind */
    uint8_t role; /* enum hsd_osm_role */
} hsd_osm_raw_member;

typedef struct hsd_osm_raw_relation {
    hsd_osm_raw_head head; /* into members */
    uint8_t turn;          /* hsd_osm_turn; NONE for water */
    uint8_t water;         /* 1: by its own tags; 0: only if an outer way says so */
} hsd_osm_raw_relation;

enum hsd_osm_node_state { HSD_OSM_NODE_FOUND = 1 << 7 }; /* the bits below: modes stopped */

typedef HSD_ARRAY(int64_t) hsd_osm_refs;

typedef struct hsd_osm_raw {
    HSD_ARRAY(hsd_osm_raw_road) roads;
    hsd_osm_refs road_refs;
    HSD_ARRAY(hsd_osm_raw_shore) shores;
    hsd_osm_refs shore_refs;
    HSD_ARRAY(hsd_osm_raw_relation) turns;
    HSD_ARRAY(hsd_osm_raw_relation) waters;
    HSD_ARRAY(hsd_osm_raw_member) members;
    hsd_name_pool names;
    hsd_osm_ids member_ways; /* shores wanted by relations */
    hsd_osm_ids nodes;       /* all nodes of roads and shores */
    hsd_point_e7 *points;    /* by rank in nodes */
    uint8_t *node_state;     /* by rank in nodes */
    bool has_water;          /* anything that speaks of water was seen */
} hsd_osm_raw;

/* Roads, shores and relations end up by ascending id, each once. */
hsd_status hsd_osm_raw_read(const char *path, const hsd_run *run, hsd_osm_raw *out, hsd_error *err);
void hsd_osm_raw_finish(hsd_osm_raw *raw);

/* The shore with this id, or NULL. */
const hsd_osm_raw_shore *hsd_osm_raw_shore_of(const hsd_osm_raw *raw, int64_t id);

#endif
