/* Where the poles of links join the network (docs/methods.md, 7): the node or the position nearest
 * to each, the twin carriageway (twins.c), and further ones until the pole can be entered and left.
 * What lies near is found in the network's indexes, by distance, ties to the lowest edge; the
 * choice among it is plain. O(log edges + candidates) a pole. */
#include <string.h>

#include "base/text.h"
#include "scenario/joints.h"
#include "scenario/spot.h"

enum { ISLAND = 4 }; /* beside HSD_CAN_... */

/* ---- What can be entered and left
 * ------------------------------------------------------------------- */

static bool part_lives(const hsd_resolver *r, uint32_t node) {
    return r->part_has_core[r->reach.part[node]];
}

/* In a part without a core, an island, everything counts as reached. */
static unsigned vertex_can(const hsd_resolver *r, uint32_t vertex) {
    const uint32_t node = r->vertex_node[vertex];
    if (!part_lives(r, node)) return HSD_CAN_BOTH | ISLAND;
    return (r->reach.entered[node] ? HSD_CAN_ENTER : 0u) |
           (r->reach.left[node] ? HSD_CAN_LEAVE : 0u);
}

static unsigned edge_can(const hsd_resolver *r, uint32_t edge) {
    const hsd_graph *g = r->graph;
    unsigned can = 0;
    for (uint32_t k = 2 * edge; k < 2 * edge + 2; k++)
        for (uint32_t u = g->edge_first_use[k]; r->metric->pace[k] && u < g->edge_first_use[k + 1];
             u++) {
            const uint32_t arc = g->link_arc[g->use_link[u]];
            if (!part_lives(r, g->tail[arc])) return HSD_CAN_BOTH | ISLAND;
            if (r->reach.entered[g->tail[arc]]) can |= HSD_CAN_ENTER;
            if (r->reach.left[g->head[arc]]) can |= HSD_CAN_LEAVE;
        }
    return can;
}

/* It is no island, and offers something of what is asked for. */
static bool offers(unsigned can, unsigned ask) {
    return ask == 0 || (!(can & ISLAND) && (can & ask));
}

/* ---- What may be joined
 * -------------------------------------------------------------------------- */

static bool joins_motorway(const hsd_link_work *link, const hsd_junction_row *junction) {
    return link->motorway || (junction && ((junction->connect_to && junction->connect_to[0]) ||
                                           junction->ramp_min > 0));
}

static bool source_is(const char *text, int64_t id) {
    int64_t value;
    return hsd_parse_int(text, &value) && value == id;
}

/* connect_to: a class, a name or a source id. */
static bool edge_is(const hsd_network *n, uint32_t edge, const char *text) {
    const hsd_edge *e = &n->edges[edge];
    return strcmp(n->classes[e->class_id], text) == 0 ||
           (e->name && strcmp(n->strings + e->name, text) == 0) || source_is(text, e->source_id);
}

bool hsd_road_admissible(const hsd_resolver *r, const hsd_link_work *link,
                         const hsd_junction_row *junction, uint32_t edge) {
    const hsd_network *n = r->network;
    const uint32_t *pace = &r->metric->pace[2 * (size_t)edge];
    if ((!pace[0] && !pace[1]) || !hsd_graph_has_edge(r->graph, edge)) return false;
    if (hsd_class_is_motorway(n->classes[n->edges[edge].class_id]) &&
        !joins_motorway(link, junction))
        return false;
    return !junction || !junction->connect_to || !junction->connect_to[0] ||
           edge_is(n, edge, junction->connect_to);
}

bool hsd_edge_admissible(const hsd_resolver *r, const hsd_link_work *link,
                         const hsd_junction_row *junction, unsigned ask, uint32_t edge) {
    const uint16_t above = HSD_WAY_BRIDGE | HSD_WAY_TUNNEL | HSD_WAY_FERRY;
    return !(r->network->edges[edge].flags & above) &&
           hsd_road_admissible(r, link, junction, edge) && offers(edge_can(r, edge), ask);
}

typedef struct vertex_test {
    const hsd_joining *j;
    uint32_t vertex;
    bool found;
} vertex_test;

static bool ends_there(void *context, uint32_t item) {
    vertex_test *t = context;
    const hsd_network *n = t->j->r->network;
    const uint32_t edge = n->point_edge[item];
    if (n->edges[edge].from != t->vertex && n->edges[edge].to != t->vertex) return true;
    t->found = hsd_road_admissible(t->j->r, t->j->link, t->j->junction, edge);
    return !t->found;
}

/* An open node, and a road the link may join ends there. On corridor networks: where one may stop,
 * what the pole is drawn to, or what connect_to names. */
bool hsd_vertex_admissible(const hsd_joining *j, uint32_t vertex) {
    const hsd_resolver *r = j->r;
    const hsd_network *n = r->network;
    if (r->vertex_node[vertex] == HSD_NO_ID || !offers(vertex_can(r, vertex), j->ask)) return false;
    const char *to = j->junction && j->junction->connect_to && j->junction->connect_to[0]
                         ? j->junction->connect_to
                         : NULL;
    if (r->corridor && !to) /* drawn to it, a junction without an exit is meant */
        return !(n->vertex_flags[vertex] & HSD_NODE_NO_STOP) ||
               hsd_joining_vertex_m((void *)(uintptr_t)j, vertex) < HSD_ON_PURPOSE_M;
    if (r->corridor && source_is(to, n->vertex_source[vertex])) return true;
    vertex_test test = {j, vertex, false};
    const hsd_point_e7 at = n->vertex_point[vertex];
    hsd_rtree_query(&n->snap, hsd_box_of(at, at), ends_there, &test);
    return test.found;
}

/* ---- What lies near
 * ------------------------------------------------------------------------------ */

double hsd_joining_segment_m(void *context, uint32_t item) {
    const hsd_joining *j = context;
    const hsd_network *n = j->r->network;
    return hsd_tangent_segment_m(&j->tangent, n->points[item], n->points[item + 1], NULL);
}

static bool see_segment(void *context, uint32_t item, double m) {
    hsd_joining *j = context;
    const hsd_network *n = j->r->network;
    const uint32_t edge = n->point_edge[item];
    for (size_t i = 0; i < j->near.count; i++)
        if (j->near.data[i].edge == edge) return true; /* its nearest position came first */
    if (!hsd_edge_admissible(j->r, j->link, j->junction, j->ask, edge)) return true;
    hsd_candidate c = {edge, item - n->edges[edge].first_point, 0, m};
    hsd_tangent_segment_m(&j->tangent, n->points[item], n->points[item + 1], &c.fraction);
    if (!hsd_array_push(&j->near, c, j->r->err)) j->failed = true;
    return !j->failed;
}

double hsd_joining_vertex_m(void *context, uint32_t vertex) {
    const hsd_joining *j = context;
    const hsd_point_e7 p = j->r->network->vertex_point[vertex];
    return hsd_tangent_segment_m(&j->tangent, p, p, NULL);
}

static bool see_vertex(void *context, uint32_t vertex, double m) {
    hsd_joining *j = context;
    if (!hsd_vertex_admissible(j, vertex)) return true;
    if (!hsd_array_push(&j->vertices, vertex, j->r->err) ||
        !hsd_array_push(&j->vertex_m, m, j->r->err))
        j->failed = true;
    return !j->failed;
}

static hsd_status look_around(hsd_joining *j) {
    const hsd_network *n = j->r->network;
    j->near.count = j->vertices.count = j->vertex_m.count = 0;
    const double node_m = j->r->corridor ? j->tolerance_m : fmin(HSD_NODE_M, j->tolerance_m);
    hsd_status status = hsd_rtree_nearest(&n->vertex_index, &j->tangent, node_m,
                                          hsd_joining_vertex_m, see_vertex, j, j->r->err);
    if (status == HSD_OK && !j->failed && !j->r->corridor)
        status = hsd_rtree_nearest(&n->snap, &j->tangent, j->tolerance_m, hsd_joining_segment_m,
                                   see_segment, j, j->r->err);
    return j->failed ? HSD_E_MEMORY : status;
}

/* ---- Joints
 * ---------------------------------------------------------------------------------------- */

/* The gap, at the link's own speed. */
static uint32_t gap_ms(const hsd_joining *j, double m) {
    const hsd_link_work *link = j->link;
    uint32_t ms = 0;
    if (link->pace & HSD_PACE_FIXED) {
        const double whole = (double)(link->pace & ~HSD_PACE_FIXED);
        ms = (uint32_t)fmin(floor(m * whole / link->length_m + 0.5), HSD_UNREACHABLE);
    } else {
        ms = hsd_ms_of(m, link->pace);
    }
    const hsd_junction_row *junction = j->junction;
    if (junction && junction->ramp_min > 0)
        ms = hsd_ms_add(ms,
                        (uint32_t)fmin(floor(junction->ramp_min * 60000 + 0.5), HSD_UNREACHABLE));
    return ms;
}

static bool has_joint(const hsd_joining *j, uint32_t edge, uint32_t vertex) {
    for (size_t i = j->first_joint; i < j->r->joints.count; i++)
        if (j->r->joints.data[i].edge == edge && j->r->joints.data[i].vertex == vertex) return true;
    return false;
}

static hsd_status add_joint(hsd_joining *j, hsd_joint joint, unsigned can) {
    const hsd_lonlat pole = j->draft->spot.at;
    joint.pole = (uint32_t)(j->draft - j->r->drafts.data);
    joint.gap_m = hsd_geodesic_m(pole.lon, pole.lat, joint.at.lon, joint.at.lat);
    if (joint.gap_m < HSD_NO_GAP_M) joint.gap_m = 0;
    joint.enter_ms = joint.exit_ms = gap_ms(j, joint.gap_m);
    j->can |= can;
    return hsd_array_push(&j->r->joints, joint, j->r->err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status join_vertex(hsd_joining *j, uint32_t vertex) {
    if (has_joint(j, HSD_NO_ID, vertex)) return HSD_OK;
    const hsd_joint joint = {.edge = HSD_NO_ID,
                             .vertex = vertex,
                             .at = hsd_lonlat_of(j->r->network->vertex_point[vertex])};
    return add_joint(j, joint, vertex_can(j->r, vertex));
}

/* The open node at whose place a candidate lies; HSD_NO_ID: inside the edge, or no node there. */
static uint32_t node_of(const hsd_resolver *r, const hsd_candidate *c) {
    const hsd_edge *edge = &r->network->edges[c->edge];
    uint32_t vertex = HSD_NO_ID;
    if (c->segment == 0 && c->fraction <= 0) vertex = edge->from;
    if (c->segment + 2 == edge->point_count && c->fraction >= 1) vertex = edge->to;
    return vertex != HSD_NO_ID && r->vertex_node[vertex] != HSD_NO_ID ? vertex : HSD_NO_ID;
}

hsd_status hsd_join_candidate(hsd_joining *j, const hsd_candidate *c) {
    const uint32_t vertex = node_of(j->r, c);
    if (vertex != HSD_NO_ID) return join_vertex(j, vertex);
    if (has_joint(j, c->edge, HSD_NO_ID)) return HSD_OK;
    const hsd_network *n = j->r->network;
    const hsd_point_e7 *p = &n->points[n->edges[c->edge].first_point + c->segment];
    const hsd_joint joint = {
        .edge = c->edge,
        .vertex = HSD_NO_ID,
        .segment = c->segment,
        .fraction = c->fraction,
        .at = hsd_lonlat_between(hsd_lonlat_of(p[0]), hsd_lonlat_of(p[1]), c->fraction)};
    return add_joint(j, joint, edge_can(j->r, c->edge));
}

/* ---- A pole
 * ---------------------------------------------------------------------------------------- */

/* The nearest node such that whatever edge is nearer ends there. */
static uint32_t preferred_node(const hsd_joining *j) {
    const hsd_edge *edges = j->r->network->edges;
    for (size_t v = 0; v < j->vertices.count; v++) {
        const uint32_t vertex = j->vertices.data[v];
        bool nearest = true;
        for (size_t i = 0; nearest && i < j->near.count; i++) {
            const hsd_edge *e = &edges[j->near.data[i].edge];
            if (!(j->near.data[i].m < j->vertex_m.data[v])) break;
            nearest = e->from == vertex || e->to == vertex;
        }
        if (nearest) return vertex;
    }
    return HSD_NO_ID;
}

/* Which ways the link needs at the pole: the beginning of a one-way link is only entered; where
 * one runs on, in itself or in a link it touches, a ramp off it or onto it will do. */
static unsigned needed(const hsd_joining *j) {
    const hsd_link_work *link = j->link;
    const unsigned why = j->draft->why;
    if (link->open[0] == link->open[1]) return HSD_CAN_BOTH;
    if (!(why & (HSD_POLE_START | HSD_POLE_END)) || j->draft->touched) return 0;
    const bool first = (why & HSD_POLE_START) != 0;
    return first == link->open[HSD_FORWARD] ? HSD_CAN_ENTER : HSD_CAN_LEAVE;
}

static hsd_status join_some(hsd_joining *j) {
    hsd_status status = look_around(j);
    if (status != HSD_OK || (j->near.count == 0 && j->vertices.count == 0)) return status;
    const uint32_t vertex = preferred_node(j);
    status = vertex != HSD_NO_ID ? join_vertex(j, vertex) : hsd_join_candidate(j, &j->near.data[0]);
    if (status == HSD_OK) status = hsd_join_twin(j);
    const unsigned need = j->need;
    for (size_t i = 0; status == HSD_OK && (need & ~j->can) && i < j->near.count; i++) {
        const uint32_t node = node_of(j->r, &j->near.data[i]);
        const unsigned can =
            node == HSD_NO_ID ? edge_can(j->r, j->near.data[i].edge) : vertex_can(j->r, node);
        if (can & need & ~j->can) status = hsd_join_candidate(j, &j->near.data[i]);
    }
    for (size_t i = 0; status == HSD_OK && (need & ~j->can) && i < j->vertices.count; i++)
        if (vertex_can(j->r, j->vertices.data[i]) & need & ~j->can)
            status = join_vertex(j, j->vertices.data[i]);
    return status;
}

static hsd_status join_pole(hsd_joining *j, uint32_t pole) {
    hsd_resolver *r = j->r;
    j->draft = &r->drafts.data[pole];
    j->link = &r->links[j->draft->link];
    j->junction = j->draft->junction;
    j->tangent = hsd_tangent_at(j->draft->spot.at.lon, j->draft->spot.at.lat);
    j->tolerance_m = j->link->tolerance_m;
    j->need = needed(j);
    j->can = 0;
    j->first_joint = r->joints.count;
    hsd_status status = HSD_OK;
    if (j->draft->why & HSD_POLE_JOINS) {
        j->ask = r->corridor ? 0 : j->need;
        status = join_some(j);
        if (status == HSD_OK && j->ask && r->joints.count == j->first_joint) {
            j->ask = 0;
            status = join_some(j);
        }
    }
    r->poles.data[pole].first_joint = (uint32_t)j->first_joint;
    r->poles.data[pole].joint_count = (uint32_t)(r->joints.count - j->first_joint);
    if (status != HSD_OK || j->draft->touched || !(j->draft->why & HSD_POLE_JOINS)) return status;
    if (r->joints.count == j->first_joint) return hsd_say_nothing_joined(j);
    return j->need & ~j->can ? hsd_say_one_way(j) : HSD_OK;
}

/* ---- All poles
 * ------------------------------------------------------------------------------------- */

/* Links that touch each other, and nothing else, join nothing. */
static hsd_status check_groups(hsd_resolver *r) {
    const uint32_t count = (uint32_t)r->table->link_count;
    uint32_t *parent = hsd_alloc(count, sizeof *parent, r->err);
    uint8_t *joined = hsd_calloc(count, 1, r->err), *many = hsd_calloc(count, 1, r->err);
    hsd_status status = parent && joined && many ? HSD_OK : HSD_E_MEMORY;
    for (uint32_t i = 0; status == HSD_OK && i < count; i++) parent[i] = i;
    for (uint32_t p = 0; status == HSD_OK && p < r->poles.count; p++) {
        const uint32_t a = hsd_root_of(parent, r->drafts.data[p].link);
        const uint32_t b = hsd_root_of(parent, r->drafts.data[r->poles.data[p].place].link);
        parent[a > b ? a : b] = a > b ? b : a;
    }
    for (uint32_t p = 0; status == HSD_OK && p < r->poles.count; p++)
        if (r->poles.data[p].joint_count > 0)
            joined[hsd_root_of(parent, r->drafts.data[p].link)] = 1;
    for (uint32_t i = 0; status == HSD_OK && i < count; i++)
        if (hsd_root_of(parent, i) != i) many[hsd_root_of(parent, i)] = 1;
    for (uint32_t i = 0; status == HSD_OK && i < count; i++)
        if (many[hsd_root_of(parent, i)] && !joined[hsd_root_of(parent, i)])
            status = hsd_resolver_error(r, hsd_link_name(r->links[i].row),
                                        "joins nothing: neither it nor the links it touches meet "
                                        "a road");
    hsd_free(parent);
    hsd_free(joined);
    hsd_free(many);
    return status;
}

hsd_status hsd_poles_join(hsd_resolver *r) {
    hsd_joining j = {.r = r};
    hsd_status status = HSD_OK;
    for (uint32_t p = 0; status == HSD_OK && p < r->poles.count; p++) status = join_pole(&j, p);
    hsd_array_finish(&j.near);
    hsd_array_finish(&j.vertices);
    hsd_array_finish(&j.vertex_m);
    hsd_array_finish(&j.ends);
    return status == HSD_OK ? check_groups(r) : status;
}
