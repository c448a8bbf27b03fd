/* The inside of a tree, for the files that put its times together: tree.c, touch.c, settled.c,
 * track.c, pieces.c, lapse.c. */
#ifndef TIMES_TREE_STATE_H
#define TIMES_TREE_STATE_H

#include "base/memory.h"
#include "roads/lapse.h"
#include "times/tree.h"

/* A seed's time on another edge of its arc, as hsd_tree_edge_ms means it. */
typedef struct hsd_passed {
    uint32_t directed_edge, ms;
    uint32_t link;            /* of that edge on the arc */
    uint32_t seed, seed_link; /* where it comes from (HSD_TO: leads to) */
    uint32_t until_ms;
} hsd_passed;

/* Where a node source comes from: a seed, on a link of an arc, or at a vertex (HSD_NO_EDGE). */
typedef struct hsd_sown {
    uint32_t seed, link;
} hsd_sown;

/* A time of a directed edge and until when it serves positions. */
typedef struct hsd_edge_label {
    uint32_t ms, until_ms, next; /* HSD_NO_LABEL: the last one */
} hsd_edge_label;

/* Times of touched directed edges, filled on demand: see hsd_tree_touch. */
typedef struct hsd_edge_times {
    uint32_t *ms;      /* 2 * edge_count; HSD_UNREACHABLE unless touched */
    uint64_t *touched; /* bit set over edges */
    uint32_t *list;    /* of touched edges, in no order: room for all */
    size_t count;
    bool fresh; /* of this grow */
    /* Of trees that lapse: labels of a directed edge, ms and until ascending, the first with ms[].
     */
    uint32_t *first_label; /* 2 * edge_count; HSD_NO_LABEL unless touched; NULL: never needed */
    HSD_ARRAY(hsd_edge_label) labels;
} hsd_edge_times;

struct hsd_tree {
    const hsd_locator *locator;
    const hsd_graph *graph;
    const hsd_metric *metric;
    hsd_search *search;
    hsd_direction direction;
    uint32_t limit_ms;
    bool lapses;               /* some seed has an until_ms */
    HSD_ARRAY(hsd_seed) seeds; /* as they were given */
    HSD_ARRAY(hsd_node_cost) sources;
    HSD_ARRAY(hsd_sown) sown;       /* of each source */
    HSD_ARRAY(uint32_t) until_ms;   /* of each source; of trees that lapse alone */
    HSD_ARRAY(hsd_seed) edge_seeds; /* at positions, within the limit; ascending edge */
    HSD_ARRAY(hsd_passed) passed;   /* ascending directed edge, then time */
    uint64_t *seeded;               /* bit set: edges of edge_seeds and passed */
    hsd_edge_times *times;
};

static inline uint32_t hsd_seed_cost(const hsd_seed *seed) {
    return hsd_ms_add(seed->foot.leg_ms, seed->extra_ms);
}

/* The longest time at which the seed serves a position. One that does not lapse ends at the limit.
 */
static inline uint32_t hsd_seed_until_ms(const hsd_tree *tree, const hsd_seed *seed) {
    const bool lapses = seed->until_ms > 0 && seed->until_ms < tree->limit_ms;
    return lapses ? seed->until_ms : tree->limit_ms;
}

/* Time from a directed edge's travel start to a position on it. */
static inline uint32_t hsd_travelled_ms(const hsd_metric *metric, uint32_t directed,
                                        const hsd_foot *foot) {
    return (directed & 1) ? metric->edge_ms[directed] - foot->ms[1] : foot->ms[0];
}

static inline hsd_edge_place hsd_foot_place(const hsd_foot *foot) {
    return (hsd_edge_place){foot->segment, foot->fraction};
}

/* A closed stretch bars the way along a directed edge between its travel start and a position on
 * it, or between the position and its travel end. A position inside a stretch has neither. */
static inline bool hsd_barred_before(const hsd_metric *metric, uint32_t directed,
                                     const hsd_foot *foot) {
    const hsd_edge_place at = hsd_foot_place(foot);
    return hsd_edge_closed(metric, directed / 2) &&
           (directed & 1 ? hsd_closed_between(metric, directed, at, HSD_EDGE_END)
                         : hsd_closed_between(metric, directed, HSD_EDGE_BEGIN, at));
}
static inline bool hsd_barred_behind(const hsd_metric *metric, uint32_t directed,
                                     const hsd_foot *foot) {
    const hsd_edge_place at = hsd_foot_place(foot);
    return hsd_edge_closed(metric, directed / 2) &&
           (directed & 1 ? hsd_closed_between(metric, directed, HSD_EDGE_BEGIN, at)
                         : hsd_closed_between(metric, directed, at, HSD_EDGE_END));
}
/* What bars a position from the time of its directed edge (hsd_tree_edge_ms). */
static inline bool hsd_tree_barred(const hsd_tree *tree, uint32_t directed, const hsd_foot *foot) {
    return tree->direction == HSD_TO ? hsd_barred_behind(tree->metric, directed, foot)
                                     : hsd_barred_before(tree->metric, directed, foot);
}
/* What lies between a position and where hsd_tree_edge_ms counts. */
static inline uint32_t hsd_tree_rest_ms(const hsd_tree *tree, uint32_t directed,
                                        const hsd_foot *foot) {
    const uint32_t before = hsd_travelled_ms(tree->metric, directed, foot);
    return tree->direction == HSD_TO ? tree->metric->edge_ms[directed] - before : before;
}

/* Nobody goes on from link to link here: it has a closed stretch, or is impassable as a whole. */
static inline bool hsd_link_stops(const hsd_metric *metric, uint32_t directed) {
    return metric->edge_ms[directed] >= HSD_UNREACHABLE ||
           (hsd_edge_closed(metric, directed / 2) && hsd_closed_directed(metric, directed));
}

/* The node at one end of a link's arc, and the way between it and the link: HSD_FROM from the tail
 * to the link's start, HSD_TO from the link's end to the head. */
static inline uint32_t hsd_tree_link_node(const hsd_tree *tree, uint32_t link) {
    const uint32_t arc = tree->graph->link_arc[link];
    return tree->direction == HSD_TO ? tree->graph->head[arc] : tree->graph->tail[arc];
}
uint32_t hsd_tree_link_way_ms(const hsd_tree *tree, uint32_t link);
/* First passed record of a directed edge; they end where another edge's begin. */
size_t hsd_tree_first_passed(const hsd_tree *tree, uint32_t directed);
/* Along a directed edge between a position and a seed on it, in the tree's direction, the seed's
 * cost included. HSD_UNREACHABLE when it lies behind or a stretch between them is closed. */
uint32_t hsd_tree_seed_way_ms(const hsd_tree *tree, uint32_t directed, const hsd_foot *foot,
                              const hsd_seed *seed);

/* ---- Seeds that lapse (lapse.c) ---- */

/* A directed edge has a time until some time; true unless memory is out. */
bool hsd_lapse_add(hsd_tree *tree, uint32_t directed, uint32_t ms, uint32_t until_ms,
                   hsd_error *err);
hsd_status hsd_lapse_create(hsd_tree *tree, hsd_error *err);
/* The least time of a directed edge plus a rest that is still served; of a touched tree. */
uint32_t hsd_lapse_ms(const hsd_tree *tree, uint32_t directed, uint32_t rest_ms);
/* The node has this very time; until when it serves. Of any tree. */
bool hsd_tree_node_until(const hsd_tree *tree, uint32_t node, uint32_t ms, uint32_t *until_ms);
#endif
