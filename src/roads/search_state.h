/* The inside of a search, for search.c and lapse.c. */
#ifndef ROADS_SEARCH_STATE_H
#define ROADS_SEARCH_STATE_H

#include "net/network.h"
#include "roads/lapse.h"
#include "roads/queue.h"

struct hsd_search {
    const hsd_graph *graph;
    const hsd_metric *metric;
    uint32_t *label;   /* node_count */
    uint32_t *settled; /* node_count; settled_count of them */
    size_t settled_count;
    hsd_search_counters counters;
    queue queue;
    /* Of runs that lapse: labels of a node are a ring in ascending time, named by its last one. */
    uint32_t *last_label; /* node_count, HSD_NO_LABEL unless settled; NULL before the first run */
    HSD_ARRAY(hsd_label) labels;
    uint32_t free_label; /* dropped ones, to be used again */
};

/* Makes ready for a run: every node is without a label again. */
void hsd_search_forget(hsd_search *search);
/* A run that ran out of memory leaves labels that no list names. */
hsd_status hsd_search_abandon(hsd_search *search);
/* HSD_E_ARGUMENT: a source that is no node. */
hsd_status hsd_search_check_sources(const hsd_search *search, const hsd_node_cost *sources,
                                    size_t count, hsd_error *err);
#endif
