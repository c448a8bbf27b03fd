/* Is a point within a cut-off? The answer of hsd_locate and hsd_reading_feet_ms, without the feet
 * that cannot decide it. On corridor networks a point has a foot at every vertex within the leg's
 * cap: only those reached in time are looked at, the length of the leg is worked out to the
 * millimetre only where an estimate of it leaves doubt, and the search ends as soon as enough trees
 * of a part have a foot that will do; they are asked by sixty-fours. O(log n + vertices within the
 * cap x trees). */
#include <math.h>

#include "base/memory.h"
#include "geo/rtree.h"
#include "times/lattice.h"
#include "times/reading.h"

/* The estimate's relative error up to legs and latitudes so far, and much more than it is. */
#define ESTIMATE_M 1e5
#define ESTIMATE_LAT 80.0
#define DOUBT 1e-3

typedef struct question {
    const hsd_locator *locator;
    const hsd_tree *const *trees;
    size_t count;    /* at most 64 */
    uint64_t within; /* bit set: trees with a foot that will do */
    size_t wanted, found;
    hsd_lonlat at;
    hsd_near_metre metre;
    bool estimate; /* may be used */
    uint32_t cutoff_ms;
} question;

/* The leg to a vertex, worked out no further than it was asked for. */
typedef struct vertex_leg {
    uint32_t vertex;
    hsd_lonlat to;
    double estimate_m; /* < 0: not yet */
    enum { UNKNOWN, NO, YES } dry, exact;
    uint32_t exact_ms;
} vertex_leg;

static bool leg_in_time(const question *q, uint32_t vertex_ms, double leg_m) {
    return leg_m <= q->locator->leg_cap_m &&
           hsd_ms_add(vertex_ms, hsd_locator_leg_ms(q->locator, leg_m)) <= q->cutoff_ms;
}

static bool serves(const question *q, vertex_leg *leg, uint32_t vertex_ms) {
    if (leg->estimate_m < 0) {
        const hsd_point_e7 p = q->locator->network->vertex_point[leg->vertex];
        leg->to = (hsd_lonlat){p.lon_e7 / 1e7, p.lat_e7 / 1e7};
        leg->estimate_m = hsd_near_metre_m(&q->metre, leg->to.lon, leg->to.lat);
    }
    if (q->estimate && !leg_in_time(q, vertex_ms, leg->estimate_m * (1 - DOUBT))) return false;
    if (q->estimate && leg_in_time(q, vertex_ms, leg->estimate_m * (1 + DOUBT))) {
        if (leg->dry == UNKNOWN)
            leg->dry = hsd_locator_leg_dry(q->locator, q->at, leg->to) ? YES : NO;
        return leg->dry == YES;
    }
    if (leg->exact == UNKNOWN) {
        hsd_foot foot;
        bool blocked;
        leg->exact = NO;
        if (hsd_locate_vertex(q->locator, q->at.lon, q->at.lat, leg->vertex, &foot, &blocked)) {
            leg->exact = YES;
            leg->exact_ms = foot.leg_ms;
        }
    }
    return leg->exact == YES && hsd_ms_add(vertex_ms, leg->exact_ms) <= q->cutoff_ms;
}

static bool ask_vertex(void *context, uint32_t vertex) {
    question *q = context;
    vertex_leg leg = {.vertex = vertex, .estimate_m = -1};
    if (!hsd_bit_get(q->locator->stop_vertices, vertex)) return true;
    for (size_t i = 0; i < q->count; i++) {
        if ((q->within >> i) & 1) continue;
        const uint32_t ms = hsd_tree_vertex_ms(q->trees[i], vertex);
        if (ms > q->cutoff_ms || !serves(q, &leg, ms)) continue;
        q->within |= (uint64_t)1 << i;
        if (++q->found == q->wanted) return false;
    }
    return true;
}

static bool part_within(question *q, const hsd_reading_part *part) {
    const double lon = q->at.lon, lat = q->at.lat;
    q->wanted = part->rank + 1;
    q->found = 0;
    for (size_t first = 0; first < part->count && q->found < q->wanted; first += 64) {
        q->trees = part->trees + first;
        q->count = part->count - first < 64 ? part->count - first : 64;
        q->within = 0;
        hsd_rtree_query(&q->locator->network->vertex_index,
                        hsd_box_around(lon, lat, q->locator->leg_cap_m), ask_vertex, q);
    }
    return q->found >= q->wanted;
}

bool hsd_reading_within(const hsd_reading *reading, double lon, double lat, uint32_t cutoff_ms) {
    const hsd_locator *locator = hsd_reading_locator(reading);
    const uint32_t limit = hsd_reading_limit_ms(reading);
    question q = {.locator = locator, .at = {lon, lat}};
    q.cutoff_ms = cutoff_ms < limit ? cutoff_ms : limit;
    if (!(fabs(lon) <= 180) || !(fabs(lat) <= 90)) return false;
    if (hsd_locator_outside(locator, lon, lat)) return false;
    if (locator->metric->leg_rule == HSD_LEG_NODES) {
        q.metre = hsd_near_metre_at(lon, lat);
        q.estimate = locator->leg_cap_m <= ESTIMATE_M && fabs(lat) <= ESTIMATE_LAT;
        for (size_t p = 0; p < reading->part_count; p++)
            if (!part_within(&q, &reading->parts[p])) return false;
        return true;
    }
    hsd_foot foot;
    if (hsd_locate_edge(locator, lon, lat, NULL, &foot) != HSD_SNAP_OK) return false;
    hsd_locator_foot_prefix(locator, &foot);
    return hsd_reading_foot_ms(reading, &foot) <= q.cutoff_ms;
}

bool hsd_tree_within(const hsd_tree *tree, double lon, double lat, uint32_t cutoff_ms) {
    const hsd_reading reading = hsd_reading_of(&tree);
    return hsd_reading_within(&reading, lon, lat, cutoff_ms);
}
