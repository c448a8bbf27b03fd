/* Hourshed: searches on a mode's graph. Exact to the millisecond; a search is scratch, one a
 * thread. */
#ifndef HOURSHED_ROADS_H
#define HOURSHED_ROADS_H

#include "hourshed/net.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hsd_node_cost {
    uint32_t node, ms;
} hsd_node_cost;

typedef struct hsd_search hsd_search;

/* profile: index as hsd_network_profile gives it. O(nodes) memory. */
HSD_API hsd_status hsd_search_create(const hsd_network *network, size_t profile, hsd_search **out,
                                     hsd_error *err);
HSD_API void hsd_search_destroy(hsd_search *search);

/* Bounded one-to-all from several sources with initial costs: afterwards every node with time
 * <= limit_ms has its exact time (Dijkstra 1959, with a radix heap or better). */
HSD_API hsd_status hsd_search_run(hsd_search *search, hsd_direction direction,
                                  const hsd_node_cost *sources, size_t source_count,
                                  uint32_t limit_ms, hsd_error *err);
/* HSD_UNREACHABLE beyond the limit. Of a run that lapses: the least label. */
HSD_API uint32_t hsd_search_ms(const hsd_search *search, uint32_t node);
/* Nodes settled by the last run, in settling order; borrowed until the next run. */
HSD_API const uint32_t *hsd_search_settled(const hsd_search *search, size_t *count);

typedef struct hsd_search_counters {
    uint64_t settled, relaxed, pushed;
} hsd_search_counters;
HSD_API hsd_search_counters hsd_search_counters_get(const hsd_search *search); /* of the last run */

#ifdef __cplusplus
}
#endif
#endif
