/* What the tags of OpenStreetMap mean to us: pure functions, docs/methods.md section 1 in C. */
#ifndef READ_OSM_TAGS_H
#define READ_OSM_TAGS_H

#include "hourshed/read.h"
#include "read/osm_file.h"

enum hsd_osm_mode {
    HSD_OSM_CAR = 1 << 0,
    HSD_OSM_WALK = 1 << 1,
    HSD_OSM_BICYCLE = 1 << 2
}; /* bits, in the order of the table's modes */

const char *hsd_osm_tag_value(hsd_osm_tags tags, const char *key); /* NULL: not there */

/* A counted way's attributes; texts are borrowed from the tags. */
typedef struct hsd_osm_road {
    const char *class_name, *name; /* name "" when there is none */
    uint16_t flags, yes[2], no[2]; /* as in hsd_way; no bit stands in both yes and no */
    uint32_t speed_mh[2], time_ms; /* 0: not given */
    int8_t layer;
    uint8_t bad_speeds, bad_durations; /* values out of range or not readable, left aside */
} hsd_osm_road;
bool hsd_osm_read_road(hsd_osm_tags tags, hsd_osm_road *out); /* false: the way does not count */

uint16_t hsd_osm_node_bans(hsd_osm_tags tags); /* modes that cannot pass the node */

typedef enum hsd_osm_turn {
    HSD_OSM_TURN_NONE, /* no restriction for cars */
    HSD_OSM_TURN_NO,
    HSD_OSM_TURN_NO_ENTRY, /* may have several from */
    HSD_OSM_TURN_NO_EXIT,  /* may have several to */
    HSD_OSM_TURN_ONLY
} hsd_osm_turn;
hsd_osm_turn hsd_osm_read_turn(hsd_osm_tags tags);

bool hsd_osm_is_water(hsd_osm_tags tags);
bool hsd_osm_is_coastline(hsd_osm_tags tags);
/* A multipolygon without a say of its own: nothing but type, name, source, created_by, note. */
bool hsd_osm_is_bare(hsd_osm_tags tags);

typedef enum hsd_osm_number {
    HSD_OSM_NUMBER_NONE, /* says nothing we read */
    HSD_OSM_NUMBER_GOOD,
    HSD_OSM_NUMBER_BAD /* a number, but out of range */
} hsd_osm_number;
hsd_osm_number hsd_osm_speed(const char *text, uint32_t *speed_mh);
hsd_osm_number hsd_osm_duration(const char *text, uint32_t *time_ms);

#endif
