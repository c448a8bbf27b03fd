/* OpenStreetMap files as a stream of plain objects: mechanism only, what a tag means is
 * osm_tags.h's. The implementation is the one C++ file of the project; no exception leaves it. */
#ifndef READ_OSM_FILE_H
#define READ_OSM_FILE_H

#include "hourshed/geo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hsd_osm_kind {
    HSD_OSM_NODE = 1,
    HSD_OSM_WAY = 2,
    HSD_OSM_RELATION = 4,
    HSD_OSM_OTHER = 8
} hsd_osm_kind;

typedef struct hsd_osm_tag {
    const char *key, *value;
} hsd_osm_tag;

typedef struct hsd_osm_tags {
    const hsd_osm_tag *list;
    size_t count;
} hsd_osm_tags;

typedef struct hsd_osm_member {
    int64_t ref;
    hsd_osm_kind kind;
    const char *role;
} hsd_osm_member;

/* Borrowed for the length of the visit; what does not belong to the kind is empty. */
typedef struct hsd_osm_object {
    hsd_osm_kind kind;
    int64_t id;
    hsd_osm_tags tags;
    hsd_point_e7 point;  /* of a node */
    bool located;        /* the node has a position on the globe */
    const int64_t *refs; /* nodes of a way */
    size_t ref_count;
    const hsd_osm_member *members; /* of a relation */
    size_t member_count;
} hsd_osm_object;

typedef hsd_status (*hsd_osm_visit)(void *context, const hsd_osm_object *object, hsd_error *err);

/* One pass over the file: every object of the wanted kinds (bits of hsd_osm_kind), in file order,
 * from the calling thread. Deleted objects are left out. A visit that does not return HSD_OK ends
 * the pass with its status. Progress of this pass runs from `from` to `to`. */
hsd_status hsd_osm_scan(const char *path, unsigned kinds, const hsd_run *run, double from,
                        double to, hsd_osm_visit visit, void *context, hsd_error *err);

#ifdef __cplusplus
}
#endif
#endif
