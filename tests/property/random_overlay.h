/* Random added links over a network, and times under them by an independent way: Bellman-Ford over
 * all states a traveller can be in. A state is a node of the graph, a position on an arc (every
 * arc that passes a joint, an origin or a target is cut there, by integer prefixes), "at a pole, to
 * begin a piece" or "at a pole, having just ended one" (docs/methods.md, 7 and 8). Knows nothing of
 * trees, closures or seeds; any network will do. */
#ifndef RANDOM_OVERLAY_H
#define RANDOM_OVERLAY_H

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "hourshed/compare.h"
#include "net/network.h"

#define OVERLAY_LINKS 6
#define OVERLAY_POLES 24
#define OVERLAY_JOINTS 72

typedef struct random_overlay {
    hsd_resolved resolved;
    uint32_t link_count;
    hsd_joint joints[OVERLAY_JOINTS];
    hsd_pole poles[OVERLAY_POLES];
    hsd_added added[OVERLAY_POLES];
    hsd_lonlat points[3 * OVERLAY_POLES];
} random_overlay;

static inline uint32_t overlay_below(hsd_random *random, uint32_t n) {
    return (uint32_t)(hsd_random_next(random) % n);
}

/* ---- Random links
 * ----------------------------------------------------------------------------------------- */

static inline hsd_foot overlay_foot_on(const hsd_network *n, uint32_t edge, hsd_random *random) {
    const hsd_metric *metric = &n->metrics[0];
    hsd_foot foot = {.edge = edge, .vertex = HSD_NO_EDGE};
    foot.segment = overlay_below(random, n->edges[edge].point_count - 1);
    foot.fraction = hsd_random_unit(random);
    if (overlay_below(random, 6) == 0) foot.fraction = overlay_below(random, 2);
    for (uint32_t d = 0; d < 2; d++)
        if (metric->edge_ms[2 * edge + d] < HSD_UNREACHABLE)
            foot.ms[d] = hsd_edge_prefix_ms(n, edge, metric->pace[2 * edge + d], foot.segment,
                                            foot.fraction);
    return foot;
}

static inline hsd_foot overlay_foot(const hsd_network *n, hsd_random *random) {
    const hsd_graph *g = &n->graphs[n->metrics[0].graph];
    if (overlay_below(random, 4) || g->node_count == 0)
        return overlay_foot_on(n, overlay_below(random, n->edge_count), random);
    return (hsd_foot){.edge = HSD_NO_EDGE,
                      .vertex = g->node_vertex[overlay_below(random, g->node_count)]};
}

static inline hsd_lonlat overlay_point(const hsd_network *n, const hsd_foot *foot) {
    const bool vertex = foot->edge == HSD_NO_EDGE;
    const hsd_point_e7 *p = vertex ? &n->vertex_point[foot->vertex]
                                   : &n->points[n->edges[foot->edge].first_point + foot->segment];
    const hsd_point_e7 a = p[0], b = p[vertex ? 0 : 1];
    return (hsd_lonlat){(a.lon_e7 + foot->fraction * ((double)b.lon_e7 - a.lon_e7)) / 1e7,
                        (a.lat_e7 + foot->fraction * ((double)b.lat_e7 - a.lat_e7)) / 1e7};
}

/* 0, short, long, or not at all */
static inline uint32_t overlay_ms(hsd_random *random, uint32_t never_percent) {
    if (overlay_below(random, 100) < never_percent) return HSD_UNREACHABLE;
    const uint32_t most[] = {1, 1000, 60000, 600000};
    return overlay_below(random, 40) ? overlay_below(random, most[overlay_below(random, 4)])
                                     : 300000000;
}

static inline void overlay_add_joint(random_overlay *o, const hsd_network *n, hsd_random *random) {
    const uint32_t count = (uint32_t)o->resolved.joint_count;
    hsd_foot foot = overlay_foot(n, random);
    if (count > 0 && overlay_below(random, 3) == 0) { /* where another one is, or on its edge */
        const hsd_joint *other = &o->joints[overlay_below(random, count)];
        if (overlay_below(random, 3) == 0)
            foot = (hsd_foot){.edge = other->edge,
                              .vertex = other->vertex,
                              .segment = other->segment,
                              .fraction = other->fraction};
        else if (other->edge != HSD_NO_EDGE)
            foot = overlay_foot_on(n, other->edge, random);
    }
    o->joints[count] = (hsd_joint){.pole = (uint32_t)o->resolved.pole_count,
                                   .edge = foot.edge,
                                   .vertex = foot.vertex,
                                   .segment = foot.segment,
                                   .fraction = foot.fraction,
                                   .at = overlay_point(n, &foot),
                                   .enter_ms = overlay_ms(random, 10),
                                   .exit_ms = overlay_ms(random, 10)};
    o->resolved.joint_count++;
}

static inline uint32_t overlay_add_pole(random_overlay *o, const hsd_network *n,
                                        hsd_random *random) {
    const uint32_t count = (uint32_t)o->resolved.pole_count;
    if (count > 0 && overlay_below(random, 6) == 0) return overlay_below(random, count);
    hsd_pole *pole = &o->poles[count];
    *pole = (hsd_pole){.first_joint = (uint32_t)o->resolved.joint_count, .place = 100 - count};
    if (count > 0 && overlay_below(random, 4) == 0)
        pole->place = o->poles[overlay_below(random, count)].place;
    pole->at = (hsd_lonlat){0.0004 * pole->place, 41.1 + 0.0003 * (pole->place * 37 % 100)};
    pole->joint_count = overlay_below(random, 4);
    for (uint32_t j = 0; j < pole->joint_count; j++) overlay_add_joint(o, n, random);
    o->resolved.pole_count++;
    return count;
}

/* Three links each. */
static inline uint32_t overlay_proposal(uint32_t link) {
    return link / 3;
}

static inline hsd_lonlat overlay_middle(hsd_lonlat a, hsd_lonlat b, hsd_random *random) {
    return (hsd_lonlat){(a.lon + b.lon) / 2 + 0.002 * hsd_random_unit(random),
                        (a.lat + b.lat) / 2 + 0.002 * hsd_random_unit(random)};
}

static inline void random_overlay_make(random_overlay *o, const hsd_network *n,
                                       hsd_random *random) {
    memset(o, 0, sizeof *o);
    o->resolved.network = n;
    o->resolved.joints = o->joints;
    o->resolved.poles = o->poles;
    o->resolved.added = o->added;
    o->resolved.points = o->points;
    o->link_count = 1 + overlay_below(random, OVERLAY_LINKS);
    for (uint32_t link = 0; link < o->link_count; link++) {
        uint32_t at = overlay_add_pole(o, n, random);
        for (uint32_t pieces = 1 + overlay_below(random, 3); pieces > 0; pieces--) {
            const uint32_t next = overlay_add_pole(o, n, random);
            const uint32_t first = (uint32_t)o->resolved.point_count;
            const hsd_lonlat line[3] = {o->poles[at].at,
                                        overlay_middle(o->poles[at].at, o->poles[next].at, random),
                                        o->poles[next].at};
            memcpy(o->points + first, line, sizeof line);
            o->resolved.point_count += 3;
            o->added[o->resolved.added_count++] =
                (hsd_added){.proposal = overlay_proposal(link),
                            .link = link,
                            .access = link % 2,
                            .from_pole = at,
                            .to_pole = next,
                            .first_point = first,
                            .point_count = 3,
                            .ms = {overlay_ms(random, 15), overlay_ms(random, 15)}};
            at = next;
        }
    }
}

/* ---- The independent way
 * ---------------------------------------------------------------------------------- */

#define STATES_NEVER ((uint64_t)HSD_UNREACHABLE)

typedef struct cut { /* a position on an arc */
    uint32_t position, link;
    double along; /* in the sense of travel, for the order */
    uint64_t before_ms;
} cut;

typedef struct one_step {
    uint32_t from, to;
    uint64_t ms;
} one_step;

typedef struct states {
    const hsd_network *network;
    const hsd_graph *graph;
    const hsd_metric *metric;
    hsd_foot *positions; /* edges' ones and vertices' ones */
    size_t position_count;
    cut *cuts; /* by arc; state node_count + i */
    size_t cut_count;
    one_step *steps;
    size_t step_count, step_capacity;
    uint32_t first_pole; /* states: 2 * pole beginning a piece, + 1 having ended one */
    uint32_t state_count;
    uint64_t *ms;
} states;

static inline void states_step(states *s, uint32_t from, uint32_t to, uint64_t ms) {
    if (ms >= STATES_NEVER) return;
    if (s->step_count == s->step_capacity) {
        s->step_capacity = 2 * s->step_capacity + 1000;
        s->steps = realloc(s->steps, s->step_capacity * sizeof *s->steps);
        if (!s->steps) abort();
    }
    s->steps[s->step_count++] = (one_step){from, to, ms};
}

static inline int states_compare_cuts(const void *a, const void *b) {
    const cut *x = a, *y = b;
    if (x->link != y->link) return x->link < y->link ? -1 : 1; /* links of an arc are in a row */
    if (x->along != y->along) return x->along < y->along ? -1 : 1;
    return (x->position > y->position) - (x->position < y->position);
}

/* A closed stretch bars travel by a directed edge from one place to another (along, as cuts have
 * it; any number past an end is the end). Its borders are open. */
static inline int states_closed(const states *s, uint32_t d, double from, double to) {
    const double last = s->network->edges[d / 2].point_count - 1;
    const double a = d & 1 ? -to : from, b = d & 1 ? -from : to; /* as drawn */
    const double low = a > 0 ? a : 0, high = b < last ? b : last;
    for (size_t i = 0; i < s->metric->closed_count; i++) {
        const hsd_closed_part *p = &s->metric->closed[i];
        const double begin = p->from_segment + p->from_fraction,
                     end = p->to_segment + p->to_fraction;
        if (p->edge == d / 2 && p->directions >> (d & 1) & 1 && begin < end && low < end &&
            high > begin)
            return 1;
    }
    return 0;
}

static inline void states_cut(states *s) {
    const hsd_graph *g = s->graph;
    size_t capacity = 0;
    for (size_t k = 0; k < s->position_count; k++) {
        const hsd_foot *foot = &s->positions[k];
        for (uint32_t l = 0; foot->edge != HSD_NO_EDGE && l < g->link_count; l++) {
            const uint32_t d = g->link_edge[l];
            if (d / 2 != foot->edge || s->metric->edge_ms[d] >= HSD_UNREACHABLE) continue;
            const uint32_t prefix = hsd_edge_prefix_ms(s->network, d / 2, s->metric->pace[d],
                                                       foot->segment, foot->fraction);
            const double drawn = foot->segment + foot->fraction;
            const double along = d & 1 ? -drawn : drawn;
            if (states_closed(s, d, along, along)) continue; /* inside: neither come nor gone */
            if (s->cut_count == capacity) {
                capacity = 2 * capacity + 100;
                s->cuts = realloc(s->cuts, capacity * sizeof *s->cuts);
                if (!s->cuts) abort();
            }
            s->cuts[s->cut_count++] =
                (cut){(uint32_t)k, l, along, d & 1 ? s->metric->edge_ms[d] - prefix : prefix};
        }
    }
    if (s->cut_count) qsort(s->cuts, s->cut_count, sizeof *s->cuts, states_compare_cuts);
}

/* Time from one place of an arc to a later one; link one past the last: the arc's end. */
static inline uint64_t states_along(const states *s, const cut *from, const cut *to) {
    const hsd_graph *g = s->graph;
    uint64_t ms = to->before_ms;
    for (uint32_t l = from->link; l <= to->link && l < g->link_count; l++) {
        const uint32_t d = g->link_edge[l];
        const uint64_t whole = s->metric->edge_ms[d];
        if (l == to->link && to->along == -DBL_MAX) break; /* its very beginning */
        if (whole >= STATES_NEVER || states_closed(s, d, l == from->link ? from->along : -DBL_MAX,
                                                   l == to->link ? to->along : DBL_MAX))
            return STATES_NEVER;
        if (l < to->link) ms += whole;
    }
    return ms - from->before_ms;
}

static inline void states_streets(states *s) {
    const hsd_graph *g = s->graph;
    size_t c = 0;
    for (uint32_t arc = 0; arc < g->arc_count; arc++) {
        cut at = {.link = g->arc_first_link[arc], .along = -DBL_MAX};
        const cut end = {.link = g->arc_first_link[arc + 1], .along = -DBL_MAX};
        uint32_t from = g->tail[arc];
        for (; c < s->cut_count && s->cuts[c].link < end.link; c++) {
            const cut *next = &s->cuts[c];
            const uint32_t state = g->node_count + (uint32_t)c;
            states_step(s, from, state, states_along(s, &at, next));
            if (c > 0 && from == state - 1 && at.link == next->link && at.along == next->along)
                states_step(s, state, from, 0); /* two at one place */
            from = state;
            at = *next;
        }
        states_step(s, from, g->head[arc], states_along(s, &at, &end));
    }
}

/* States in which a trip may begin (free copies), or end (any), at a position. */
static inline int states_is_at(const states *s, uint32_t state, size_t position, bool begins) {
    const hsd_graph *g = s->graph;
    const hsd_foot *foot = &s->positions[position];
    if (state < g->node_count)
        return foot->edge == HSD_NO_EDGE && g->node_vertex[state] == foot->vertex &&
               (!begins || g->node_free[state]);
    if (state - g->node_count >= s->cut_count) return 0;
    const cut *c = &s->cuts[state - g->node_count];
    return c->position == position && (!begins || g->node_free[g->tail[g->link_arc[c->link]]]);
}

/* Positions: first those of the caller, then the joints. */
static inline void states_links(states *s, const random_overlay *o, const uint8_t *links,
                                size_t first_joint) {
    uint8_t in_force[OVERLAY_POLES] = {0};
    for (size_t i = 0; i < o->resolved.added_count; i++) {
        const hsd_added *piece = &o->added[i];
        if (!links[piece->link]) continue;
        in_force[piece->from_pole] = in_force[piece->to_pole] = 1;
        states_step(s, s->first_pole + 2 * piece->from_pole, s->first_pole + 2 * piece->to_pole + 1,
                    piece->ms[0]);
        states_step(s, s->first_pole + 2 * piece->to_pole, s->first_pole + 2 * piece->from_pole + 1,
                    piece->ms[1]);
    }
    for (uint32_t p = 0; p < o->resolved.pole_count; p++) {
        const uint32_t begin = s->first_pole + 2 * p, ended = begin + 1;
        if (!in_force[p]) continue;
        states_step(s, ended, begin, 0);
        for (uint32_t q = 0; q < o->resolved.pole_count; q++) {
            if (q == p || !in_force[q] || o->poles[q].place != o->poles[p].place) continue;
            states_step(s, begin, s->first_pole + 2 * q, 0);
            states_step(s, ended, s->first_pole + 2 * q + 1, 0);
        }
        for (uint32_t j = o->poles[p].first_joint;
             j < o->poles[p].first_joint + o->poles[p].joint_count; j++)
            for (uint32_t state = 0; state < s->first_pole; state++) {
                if (states_is_at(s, state, first_joint + j, false))
                    states_step(s, state, begin, o->joints[j].enter_ms);
                if (states_is_at(s, state, first_joint + j, true))
                    states_step(s, ended, state, o->joints[j].exit_ms);
            }
    }
}

static inline states *states_create(const hsd_network *network, const random_overlay *o,
                                    const uint8_t *links, const hsd_foot *feet, size_t foot_count) {
    states *s = calloc(1, sizeof *s);
    if (!s) abort();
    s->network = network;
    s->metric = &network->metrics[0];
    s->graph = &network->graphs[s->metric->graph];
    s->position_count = foot_count + o->resolved.joint_count;
    s->positions = calloc(s->position_count + 1, sizeof *s->positions);
    if (!s->positions) abort();
    for (size_t i = 0; i < foot_count; i++) s->positions[i] = feet[i];
    for (size_t j = 0; j < o->resolved.joint_count; j++)
        s->positions[foot_count + j] = (hsd_foot){.edge = o->joints[j].edge,
                                                  .vertex = o->joints[j].vertex,
                                                  .segment = o->joints[j].segment,
                                                  .fraction = o->joints[j].fraction};
    states_cut(s);
    s->first_pole = s->graph->node_count + (uint32_t)s->cut_count;
    s->state_count = s->first_pole + 2 * (uint32_t)o->resolved.pole_count;
    s->ms = calloc(s->state_count + 1, sizeof *s->ms);
    if (!s->ms) abort();
    states_streets(s);
    states_links(s, o, links, foot_count);
    return s;
}

static inline void states_destroy(states *s) {
    free(s->positions);
    free(s->cuts);
    free(s->steps);
    free(s->ms);
    free(s);
}

/* Trips begin at positions (indices of the caller's feet), each with its cost. */
static inline void states_begin(states *s, const size_t *from, const uint64_t *cost, size_t count) {
    for (uint32_t i = 0; i < s->state_count; i++) s->ms[i] = STATES_NEVER;
    for (size_t k = 0; k < count; k++)
        for (uint32_t i = 0; i < s->first_pole; i++)
            if (states_is_at(s, i, from[k], true) && cost[k] < s->ms[i]) s->ms[i] = cost[k];
}

static inline void states_relax(states *s) {
    for (int changed = 1; changed;) {
        changed = 0;
        for (size_t i = 0; i < s->step_count; i++) {
            const one_step *step = &s->steps[i];
            if (s->ms[step->from] + step->ms >= s->ms[step->to]) continue;
            s->ms[step->to] = s->ms[step->from] + step->ms;
            changed = 1;
        }
    }
}

static inline void states_search(states *s, const size_t *from, const uint64_t *cost,
                                 size_t count) {
    states_begin(s, from, cost, count);
    states_relax(s);
}

static inline uint32_t states_time(const states *s, size_t position, uint32_t limit_ms) {
    uint64_t best = STATES_NEVER;
    for (uint32_t i = 0; i < s->first_pole; i++)
        if (s->ms[i] < best && states_is_at(s, i, position, false)) best = s->ms[i];
    best += s->positions[position].leg_ms;
    return best <= limit_ms ? (uint32_t)best : HSD_UNREACHABLE;
}
#endif
