/* Searches whose sources lapse: each serves nodes up to a time of its own. */
#ifndef ROADS_LAPSE_H
#define ROADS_LAPSE_H

#include "hourshed/roads.h"

#define HSD_NO_LABEL UINT32_MAX

/* A way to a node that takes ms and may be gone on with until until_ms (>= ms). */
typedef struct hsd_label {
    uint32_t ms, until_ms;
    uint32_t node, next; /* the search's own */
} hsd_label;

/* As hsd_search_run, but a source serves nodes up to its until_ms[] alone. Afterwards a node has
 * the labels none of which is both as early and as far-reaching as another; hsd_search_ms and
 * hsd_search_settled tell the least. */
hsd_status hsd_search_run_lapsing(hsd_search *search, hsd_direction direction,
                                  const hsd_node_cost *sources, const uint32_t *until_ms,
                                  size_t source_count, uint32_t limit_ms, hsd_error *err);
/* Labels of a node after such a run, ms and until_ms ascending; NULL: none (any more). */
const hsd_label *hsd_search_first_label(const hsd_search *search, uint32_t node);
const hsd_label *hsd_search_next_label(const hsd_search *search, const hsd_label *label);
#endif
