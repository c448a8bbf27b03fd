/* The other carriageway (docs/methods.md, 7): a link of both directions whose first joint is on a
 * one-way road, or at a node that one passes, joins the nearest one that runs the other way, too,
 * unless a crossing at the node leads there. O(candidates x ends at the node) a pole. */
#include <math.h>

#include "scenario/joints.h"

#define COS_30 0.86602540378443865

static bool one_way(const hsd_resolver *r, uint32_t edge) {
    const uint32_t *pace = &r->metric->pace[2 * (size_t)edge];
    return r->metric->respects_oneway && !pace[0] != !pace[1];
}

/* Unit vector of travel at a candidate of a one-way edge, metres east and north. */
static void heading(const hsd_joining *j, const hsd_candidate *c, double *x, double *y) {
    const hsd_network *n = j->r->network;
    const hsd_point_e7 *p = &n->points[n->edges[c->edge].first_point + c->segment];
    *x = ((double)p[1].lon_e7 - p[0].lon_e7) * j->tangent.m_per_lon;
    *y = ((double)p[1].lat_e7 - p[0].lat_e7) * j->tangent.m_per_lat;
    const double length = hypot(*x, *y) * (j->r->metric->pace[2 * (size_t)c->edge] ? 1 : -1);
    if (length == 0) return;
    *x /= length;
    *y /= length;
}

/* The cosine between the directions of travel of two one-way edges of one class; 0 for others. */
static double likeness(const hsd_joining *j, const hsd_candidate *a, const hsd_candidate *b) {
    const hsd_edge *edges = j->r->network->edges;
    if (!one_way(j->r, a->edge) || !one_way(j->r, b->edge) ||
        edges[a->edge].class_id != edges[b->edge].class_id)
        return 0;
    double ax, ay, bx, by;
    heading(j, a, &ax, &ay);
    heading(j, b, &bx, &by);
    return ax * bx + ay * by;
}

static bool see_road_end(void *context, uint32_t item) {
    hsd_joining *j = context;
    const hsd_network *n = j->r->network;
    const uint32_t edge = n->point_edge[item], segment = item - n->edges[edge].first_point;
    const hsd_edge *e = &n->edges[edge];
    if (!hsd_road_admissible(j->r, j->link, j->junction, edge)) return true;
    for (uint32_t side = 0; side < 2 && !j->failed; side++) {
        const hsd_candidate end = {edge, segment, side, 0};
        if (side ? segment + 2 == e->point_count && e->to == j->node
                 : segment == 0 && e->from == j->node)
            j->failed = !hsd_array_push(&j->ends, end, j->r->err);
    }
    return !j->failed;
}

/* The carriageway that passes the node: where the lowest edge arrives of those that another one
 * leaves in line with; edge HSD_NO_ID: none does. Fills j->ends. */
static hsd_status find_carriageway(hsd_joining *j, uint32_t vertex, hsd_candidate *out) {
    const hsd_network *n = j->r->network;
    j->node = vertex;
    j->ends.count = 0;
    out->edge = HSD_NO_ID;
    hsd_rtree_query(&n->snap, hsd_box_of(n->vertex_point[vertex], n->vertex_point[vertex]),
                    see_road_end, j);
    if (j->failed) return HSD_E_MEMORY;
    for (size_t a = 0; a < j->ends.count; a++)
        for (size_t b = 0; b < j->ends.count; b++) {
            const hsd_candidate *in = &j->ends.data[a], *away = &j->ends.data[b];
            const bool forward[2] = {j->r->metric->pace[2 * (size_t)in->edge] != 0,
                                     j->r->metric->pace[2 * (size_t)away->edge] != 0};
            if (in->edge < out->edge && forward[0] == (in->fraction > 0) &&
                forward[1] != (away->fraction > 0) && likeness(j, in, away) >= COS_30)
                *out = *in;
        }
    return HSD_OK;
}

/* A road that ends at the node, but the carriageway itself, leads to a twin of it. */
static bool is_crossing(const hsd_joining *j, const hsd_candidate *own) {
    const hsd_edge *edges = j->r->network->edges;
    for (size_t k = 0; k < j->ends.count; k++) {
        const hsd_candidate *end = &j->ends.data[k];
        const uint32_t far = end->fraction > 0 ? edges[end->edge].from : edges[end->edge].to;
        if (likeness(j, own, end) >= COS_30) continue;
        for (size_t i = 0; i < j->near.count; i++) {
            const hsd_edge *twin = &edges[j->near.data[i].edge];
            if (likeness(j, own, &j->near.data[i]) <= -COS_30 &&
                (twin->from == far || twin->to == far || twin->from == j->node ||
                 twin->to == j->node))
                return true;
        }
    }
    return false;
}

/* A one-way link is drawn to the carriageway it means. */
hsd_status hsd_join_twin(hsd_joining *j) {
    const hsd_joint *joint = &j->r->joints.data[j->first_joint];
    hsd_candidate own = {joint->edge, joint->segment, joint->fraction, 0};
    if (j->need != HSD_CAN_BOTH) return HSD_OK;
    if (joint->edge == HSD_NO_ID) {
        if (find_carriageway(j, joint->vertex, &own) != HSD_OK) return HSD_E_MEMORY;
        if (own.edge == HSD_NO_ID || is_crossing(j, &own)) return HSD_OK;
    }
    for (size_t i = 0; i < j->near.count; i++)
        if (likeness(j, &own, &j->near.data[i]) <= -COS_30)
            return hsd_join_candidate(j, &j->near.data[i]);
    return HSD_OK;
}
