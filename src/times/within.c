/* Is a point within a cut-off? The answer of hsd_locate and hsd_tree_feet_ms, without the feet that
 * cannot decide it. On corridor networks a point has a foot at every vertex within the leg's cap:
 * only those reached in time are looked at, the length of the leg is worked out to the millimetre
 * only where an estimate of it leaves doubt, and the first foot that will do ends the search. O(log
 * n + vertices within the cap). */
#include <math.h>

#include "base/memory.h"
#include "geo/rtree.h"
#include "times/lattice.h"
#include "times/tree.h"

/* The estimate's relative error up to legs and latitudes so far, and much more than it is. */
#define ESTIMATE_M 1e5
#define ESTIMATE_LAT 80.0
#define DOUBT 1e-3

typedef struct question {
    const hsd_tree *tree;
    hsd_lonlat at;
    hsd_near_metre metre;
    bool estimate; /* may be used */
    uint32_t cutoff_ms;
    bool within;
} question;

static bool leg_in_time(const question *q, uint32_t vertex_ms, double leg_m) {
    const hsd_locator *locator = hsd_tree_locator(q->tree);
    return leg_m <= locator->leg_cap_m &&
           hsd_ms_add(vertex_ms, hsd_locator_leg_ms(locator, leg_m)) <= q->cutoff_ms;
}

static bool ask_vertex(void *context, uint32_t vertex) {
    question *q = context;
    const hsd_locator *locator = hsd_tree_locator(q->tree);
    if (!hsd_bit_get(locator->stop_vertices, vertex)) return true;
    const uint32_t ms = hsd_tree_vertex_ms(q->tree, vertex);
    if (ms > q->cutoff_ms) return true;
    const hsd_point_e7 p = locator->network->vertex_point[vertex];
    const hsd_lonlat to = {p.lon_e7 / 1e7, p.lat_e7 / 1e7};
    const double m = hsd_near_metre_m(&q->metre, to.lon, to.lat);
    if (q->estimate && !leg_in_time(q, ms, m * (1 - DOUBT))) return true;
    if (q->estimate && leg_in_time(q, ms, m * (1 + DOUBT))) {
        q->within = hsd_locator_leg_dry(locator, q->at, to);
    } else {
        hsd_foot foot;
        bool blocked;
        q->within = hsd_locate_vertex(locator, q->at.lon, q->at.lat, vertex, &foot, &blocked) &&
                    hsd_ms_add(ms, foot.leg_ms) <= q->cutoff_ms;
    }
    return !q->within;
}

bool hsd_tree_within(const hsd_tree *tree, double lon, double lat, uint32_t cutoff_ms) {
    const hsd_locator *locator = hsd_tree_locator(tree);
    const uint32_t limit = hsd_tree_limit_ms(tree);
    question q = {.tree = tree, .at = {lon, lat}};
    q.cutoff_ms = cutoff_ms < limit ? cutoff_ms : limit;
    if (!(fabs(lon) <= 180) || !(fabs(lat) <= 90)) return false;
    if (hsd_locator_outside(locator, lon, lat)) return false;
    if (locator->metric->leg_rule == HSD_LEG_NODES) {
        q.metre = hsd_near_metre_at(lon, lat);
        q.estimate = locator->leg_cap_m <= ESTIMATE_M && fabs(lat) <= ESTIMATE_LAT;
        hsd_rtree_query(&locator->network->vertex_index,
                        hsd_box_around(lon, lat, locator->leg_cap_m), ask_vertex, &q);
        return q.within;
    }
    hsd_foot foot;
    if (hsd_locate_edge(locator, lon, lat, NULL, &foot) != HSD_SNAP_OK) return false;
    hsd_locator_foot_prefix(locator, &foot);
    return hsd_tree_foot_ms(tree, &foot) <= q.cutoff_ms;
}
