/* Sorted sets of OpenStreetMap ids: eight bytes an id, no hash. */
#ifndef READ_OSM_IDS_H
#define READ_OSM_IDS_H

#include "hourshed/base.h"

#define HSD_OSM_NOT_FOUND SIZE_MAX

typedef struct hsd_osm_ids {
    int64_t *data; /* ascending, each once */
    size_t count;
    size_t cursor; /* where the last hsd_osm_ids_seek ended */
} hsd_osm_ids;

/* Of two lists together, in any order and with repeats. O(n). */
hsd_status hsd_osm_ids_make(const int64_t *a, size_t a_count, const int64_t *b, size_t b_count,
                            hsd_osm_ids *out, hsd_error *err);
void hsd_osm_ids_finish(hsd_osm_ids *ids);
/* Rank of an id, or HSD_OSM_NOT_FOUND. O(log n). */
size_t hsd_osm_ids_find(const hsd_osm_ids *ids, int64_t id);
/* The same, fast when asked in nearly ascending order: O(log distance from the last answer). */
size_t hsd_osm_ids_seek(hsd_osm_ids *ids, int64_t id);

#endif
