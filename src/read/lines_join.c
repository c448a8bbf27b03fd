/* Topology of drawn lines. Candidates for nodes are the ends of all parts, and, where asked,
 * crossings and touched vertices; candidates within the tolerance unite (lines_cluster.c) into
 * nodes. A crossing within the tolerance of a vertex is that vertex. Every other vertex is a node
 * of its own, so roads join nowhere else. Nodes are numbered in the order the parts pass them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "geo/rtree.h"
#include "read/lines_cluster.h"
#include "read/lines_join.h"
#include "read/message.h"

#define NONE UINT32_MAX

/* A candidate that lies inside a segment, named by the segment's first point. */
typedef struct insertion {
    uint32_t segment;
    double fraction;
    uint32_t candidate;
} insertion;

typedef struct joiner {
    const hsd_point_e7 *points;
    const hsd_line_part *parts;
    size_t part_count;
    double tolerance_m;
    HSD_ARRAY(hsd_point_e7) candidates;
    HSD_ARRAY(uint32_t) root;
    HSD_ARRAY(insertion) insertions;
    uint32_t *of_point; /* candidate of a point, or NONE */
    uint32_t *part_of;  /* part of a point; only with crossings */
    hsd_rtree tree;     /* of segments; only with crossings */
    uint32_t at;        /* the segment or candidate that a query is about */
    hsd_status status;
    hsd_error *err;
} joiner;

static uint32_t add_candidate(joiner *j, hsd_point_e7 point) {
    uint32_t index = (uint32_t)j->candidates.count;
    if (j->status != HSD_OK) return NONE;
    if (index >= UINT32_MAX - 1)
        j->status = hsd_fail(j->err, HSD_E_MEMORY, "more than 4,294,967,294 junctions");
    else if (!hsd_array_push(&j->candidates, point, j->err) ||
             !hsd_array_push(&j->root, index, j->err))
        j->status = HSD_E_MEMORY;
    return j->status == HSD_OK ? index : NONE;
}

static uint32_t candidate_of(joiner *j, uint32_t point) {
    if (j->of_point[point] == NONE) j->of_point[point] = add_candidate(j, j->points[point]);
    return j->of_point[point];
}

static void add_ends(joiner *j) {
    for (size_t i = 0; i < j->part_count && j->status == HSD_OK; i++) {
        const hsd_line_part *p = &j->parts[i];
        candidate_of(j, (uint32_t)p->first_point);
        if (j->status == HSD_OK) candidate_of(j, (uint32_t)(p->first_point + p->point_count - 1));
    }
}

static void insert_into(joiner *j, uint32_t segment, double fraction, uint32_t candidate) {
    insertion in = {segment, fraction, candidate};
    if (j->status == HSD_OK && !hsd_array_push(&j->insertions, in, j->err))
        j->status = HSD_E_MEMORY;
}

/* An end (at) near a segment of a part that is not raised: at one of its vertices, or inside it. */
static bool touch(void *context, uint32_t segment) {
    joiner *j = context;
    hsd_point_e7 end = j->candidates.data[j->at], a = j->points[segment],
                 b = j->points[segment + 1];
    if (j->parts[j->part_of[segment]].raised) return true;
    hsd_tangent t = hsd_tangent_at(end.lon_e7 * 1e-7, end.lat_e7 * 1e-7);
    double fraction = 0;
    bool near_a = hsd_near_m(end, a) <= j->tolerance_m,
         near_b = hsd_near_m(end, b) <= j->tolerance_m;
    if (!near_a && !near_b) {
        if (hsd_tangent_segment_m(&t, a, b, &fraction) <= j->tolerance_m)
            insert_into(j, segment, fraction, j->at);
        return j->status == HSD_OK;
    }
    if (near_a && candidate_of(j, segment) != NONE)
        hsd_cluster_unite(j->root.data, j->of_point[segment], j->at);
    if (near_b && candidate_of(j, segment + 1) != NONE)
        hsd_cluster_unite(j->root.data, j->of_point[segment + 1], j->at);
    return j->status == HSD_OK;
}

/* Where two segments meet, ends included; false for parallels. Exact for segments up to a degree:
 * the products stay below 2^53. */
static bool meet(hsd_point_e7 a, hsd_point_e7 b, hsd_point_e7 c, hsd_point_e7 d, double *s,
                 double *t) {
    double abx = (double)b.lon_e7 - a.lon_e7, aby = (double)b.lat_e7 - a.lat_e7;
    double cdx = (double)d.lon_e7 - c.lon_e7, cdy = (double)d.lat_e7 - c.lat_e7;
    double acx = (double)c.lon_e7 - a.lon_e7, acy = (double)c.lat_e7 - a.lat_e7;
    double cross = abx * cdy - aby * cdx;
    if (cross == 0) return false;
    *s = (acx * cdy - acy * cdx) / cross;
    *t = (acx * aby - acy * abx) / cross;
    return *s >= 0 && *s <= 1 && *t >= 0 && *t <= 1;
}

/* The vertex of the segment within the tolerance of x, or NONE. */
static uint32_t vertex_near(const joiner *j, uint32_t segment, hsd_point_e7 x) {
    double a = hsd_near_m(x, j->points[segment]), b = hsd_near_m(x, j->points[segment + 1]);
    if (fmin(a, b) > j->tolerance_m) return NONE;
    return a <= b ? segment : segment + 1;
}

/* A segment that may cross the segment `at`; each pair is seen once, from the lower one. */
static bool cross(void *context, uint32_t other) {
    joiner *j = context;
    uint32_t own = j->at;
    double s, t;
    if (other <= own || j->parts[j->part_of[other]].raised) return true;
    if (other == own + 1 && j->part_of[other] == j->part_of[own])
        return true; /* neighbours in a line */
    hsd_point_e7 a = j->points[own], b = j->points[own + 1];
    if (!meet(a, b, j->points[other], j->points[other + 1], &s, &t)) return true;
    hsd_point_e7 x = {(int32_t)lround(a.lon_e7 + s * ((double)b.lon_e7 - a.lon_e7)),
                      (int32_t)lround(a.lat_e7 + s * ((double)b.lat_e7 - a.lat_e7))};
    uint32_t v = vertex_near(j, own, x), w = vertex_near(j, other, x);
    uint32_t at_v = v == NONE ? NONE : candidate_of(j, v),
             at_w = w == NONE ? NONE : candidate_of(j, w);
    uint32_t node = at_v != NONE ? at_v : at_w != NONE ? at_w : add_candidate(j, x);
    if (j->status != HSD_OK) return false;
    if (at_v == NONE) insert_into(j, own, s, node);
    if (at_w == NONE) insert_into(j, other, t, node);
    if (at_v != NONE && at_w != NONE) hsd_cluster_unite(j->root.data, at_v, at_w);
    return j->status == HSD_OK;
}

static hsd_status index_segments(joiner *j, size_t point_count) {
    hsd_box_e7 *boxes = hsd_alloc(point_count, sizeof *boxes, j->err);
    uint32_t *items = hsd_alloc(point_count, sizeof *items, j->err), count = 0;
    j->part_of = hsd_alloc(point_count, sizeof *j->part_of, j->err);
    hsd_status status = boxes && items && j->part_of ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; i < j->part_count && status == HSD_OK; i++) {
        const hsd_line_part *part = &j->parts[i];
        for (uint32_t k = 0; k < part->point_count; k++) {
            uint32_t segment = (uint32_t)part->first_point + k;
            j->part_of[segment] = (uint32_t)i;
            if (k + 1 == part->point_count) continue;
            hsd_point_e7 a = j->points[segment], b = j->points[segment + 1];
            items[count] = segment;
            boxes[count++] = hsd_box_of(a, b);
        }
    }
    if (status == HSD_OK) status = hsd_rtree_build(boxes, items, count, &j->tree, j->err);
    hsd_free(boxes);
    hsd_free(items);
    return status;
}

static hsd_status find_crossings(joiner *j, size_t point_count) {
    hsd_status status = index_segments(j, point_count);
    if (status != HSD_OK) return status;
    uint32_t ends = (uint32_t)j->candidates.count;
    for (j->at = 0; j->at < ends && j->status == HSD_OK; j->at++) {
        hsd_point_e7 end = j->candidates.data[j->at];
        hsd_rtree_query(&j->tree,
                        hsd_box_around(end.lon_e7 * 1e-7, end.lat_e7 * 1e-7, j->tolerance_m), touch,
                        j);
    }
    for (size_t i = 0; i < j->part_count; i++) {
        const hsd_line_part *part = &j->parts[i];
        if (part->raised) continue;
        for (uint32_t k = 0; k + 1 < part->point_count && j->status == HSD_OK; k++) {
            hsd_point_e7 a, b;
            j->at = (uint32_t)part->first_point + k;
            a = j->points[j->at], b = j->points[j->at + 1];
            hsd_rtree_query(&j->tree, hsd_box_of(a, b), cross, j);
        }
    }
    return j->status;
}

static int by_place(const void *a, const void *b) {
    const insertion *x = a, *y = b;
    if (x->segment != y->segment) return x->segment < y->segment ? -1 : 1;
    if (x->fraction != y->fraction) return x->fraction < y->fraction ? -1 : 1;
    return (x->candidate > y->candidate) - (x->candidate < y->candidate);
}

typedef struct writer {
    HSD_ARRAY(hsd_point_e7) nodes;
    HSD_ARRAY(uint32_t) way_nodes;
    uint32_t *node_of; /* of a root candidate, or NONE */
    size_t way_first;
} writer;

/* Adds a node to the way being written: that of a candidate, or a new one; never the last one
 * twice. */
static hsd_status write_node(joiner *j, writer *w, uint32_t candidate, hsd_point_e7 point) {
    uint32_t root = candidate == NONE ? NONE : hsd_cluster_find(j->root.data, candidate);
    uint32_t node = root == NONE ? NONE : w->node_of[root];
    if (node == NONE) {
        node = (uint32_t)w->nodes.count;
        if (node == NONE) return hsd_fail(j->err, HSD_E_MEMORY, "more than 4,294,967,294 points");
        if (root != NONE) {
            point = j->candidates.data[root];
            w->node_of[root] = node;
        }
        if (!hsd_array_push(&w->nodes, point, j->err)) return HSD_E_MEMORY;
    }
    bool again =
        w->way_nodes.count > w->way_first && w->way_nodes.data[w->way_nodes.count - 1] == node;
    if (again) return HSD_OK;
    return hsd_array_push(&w->way_nodes, node, j->err) ? HSD_OK : HSD_E_MEMORY;
}

/* A part without length leaves no node behind that was not there before. */
static void drop_point(joiner *j, writer *w, uint32_t point, size_t nodes_before) {
    w->way_nodes.count = w->way_first;
    if (w->nodes.count == nodes_before) return;
    w->nodes.count = nodes_before;
    w->node_of[hsd_cluster_find(j->root.data, j->of_point[point])] = NONE;
}

static hsd_status write_ways(joiner *j, hsd_joined_lines *out) {
    writer w = {.node_of = hsd_alloc(j->candidates.count, sizeof *w.node_of, j->err)};
    hsd_status status = w.node_of ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) memset(w.node_of, 0xFF, j->candidates.count * sizeof *w.node_of);
    size_t next = 0;
    for (size_t i = 0; i < j->part_count && status == HSD_OK; i++) {
        const hsd_line_part *part = &j->parts[i];
        w.way_first = w.way_nodes.count;
        size_t nodes_before = w.nodes.count;
        for (uint32_t k = 0; k < part->point_count && status == HSD_OK; k++) {
            uint32_t point = (uint32_t)part->first_point + k;
            hsd_point_e7 p = j->points[point], before = k ? j->points[point - 1] : p;
            bool repeats = k && p.lon_e7 == before.lon_e7 && p.lat_e7 == before.lat_e7;
            if (!repeats || j->of_point[point] != NONE)
                status = write_node(j, &w, j->of_point[point], p);
            for (; status == HSD_OK && next < j->insertions.count &&
                   j->insertions.data[next].segment == point;
                 next++)
                status = write_node(j, &w, j->insertions.data[next].candidate, p);
        }
        if (status == HSD_OK && w.way_nodes.count == w.way_first + 1)
            drop_point(j, &w, (uint32_t)part->first_point, nodes_before);
        out->way_end[i] = w.way_nodes.count;
    }
    out->nodes = w.nodes.data;
    out->node_count = w.nodes.count;
    out->way_nodes = w.way_nodes.data;
    out->way_node_count = w.way_nodes.count;
    hsd_free(w.node_of);
    return status;
}

hsd_status hsd_lines_join(const hsd_point_e7 *points, size_t point_count,
                          const hsd_line_part *parts, size_t part_count,
                          const hsd_line_join_options *options, hsd_joined_lines *out,
                          hsd_error *err) {
    *out = (hsd_joined_lines){0};
    joiner j = {.points = points,
                .parts = parts,
                .part_count = part_count,
                .tolerance_m = options->tolerance_m,
                .err = err};
    if (point_count >= UINT32_MAX - 1)
        return hsd_fail(err, HSD_E_MEMORY, "more than 4,294,967,293 points of lines");
    j.of_point = hsd_alloc(point_count, sizeof *j.of_point, err);
    out->way_end = hsd_alloc(part_count, sizeof *out->way_end, err);
    hsd_status status = j.of_point && out->way_end ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        memset(j.of_point, 0xFF, point_count * sizeof *j.of_point);
        add_ends(&j);
        status = j.status;
    }
    if (status == HSD_OK && options->crossings) status = find_crossings(&j, point_count);
    if (status == HSD_OK)
        status = hsd_cluster(j.candidates.data, (uint32_t)j.candidates.count, j.tolerance_m,
                             j.root.data, err);
    if (status == HSD_OK && j.insertions.count)
        qsort(j.insertions.data, j.insertions.count, sizeof(insertion), by_place);
    if (status == HSD_OK) status = write_ways(&j, out);
    hsd_array_finish(&j.candidates);
    hsd_array_finish(&j.root);
    hsd_array_finish(&j.insertions);
    hsd_free(j.of_point);
    hsd_free(j.part_of);
    hsd_rtree_finish(&j.tree);
    if (status != HSD_OK) hsd_joined_lines_finish(out);
    return status;
}

void hsd_joined_lines_finish(hsd_joined_lines *joined) {
    hsd_free(joined->nodes);
    hsd_free(joined->way_nodes);
    hsd_free(joined->way_end);
    *joined = (hsd_joined_lines){0};
}
