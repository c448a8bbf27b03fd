/* Times of edges and arcs under a profile, and the positions inside an edge (docs/methods.md, 2).
 *
 * Every segment is rounded once, half up; all else is integer sums of segments, clamped, so that
 * pieces of an edge always sum to the whole. A pace is what a directed edge needs to know of its
 * profile; for a time given for the whole way it holds the edge's own share of it. */
#include <math.h>
#include <string.h>

#include "net/build.h"

static uint32_t rounded(double ms) {
    double value = floor(ms + 0.5);
    return value < (double)HSD_UNREACHABLE ? (uint32_t)value : HSD_UNREACHABLE;
}

/* ---- Inside an edge -----------------------------------------------------------------------------
 */

/* A fixed time passes each point at round(time x metres before it / metres): without length, at
 * round(time x points before it / points). */
static void fixed_ms(const double *segment_m, uint32_t count, uint32_t time_ms, uint32_t *out) {
    double total = 0;
    for (uint32_t i = 0; i < count; i++) total += segment_m[i];
    bool pointwise = !(total > 0);
    if (pointwise) total = count;
    double along = 0;
    uint32_t before = 0;
    for (uint32_t i = 0; i < count; i++) {
        along += pointwise ? 1 : segment_m[i];
        uint32_t passed = rounded((double)time_ms * along / total);
        out[i] = passed - before;
        before = passed;
    }
}

void hsd_segments_ms(const double *segment_m, uint32_t count, uint32_t pace, uint32_t *out) {
    if (pace == 0) {
        for (uint32_t i = 0; i < count; i++) out[i] = HSD_UNREACHABLE;
    } else if (pace & HSD_PACE_FIXED) {
        fixed_ms(segment_m, count, pace & ~HSD_PACE_FIXED, out);
    } else {
        for (uint32_t i = 0; i < count; i++) out[i] = hsd_ms_of(segment_m[i], pace);
    }
}

uint32_t hsd_segments_sum_ms(const double *segment_m, uint32_t count, uint32_t pace) {
    if (pace == 0) return HSD_UNREACHABLE;
    if (pace & HSD_PACE_FIXED) return pace & ~HSD_PACE_FIXED;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) sum = hsd_ms_add(sum, hsd_ms_of(segment_m[i], pace));
    return sum;
}

uint32_t hsd_edge_whole_ms(const hsd_network *network, uint32_t edge, uint32_t pace) {
    const hsd_edge *e = &network->edges[edge];
    return hsd_segments_sum_ms(network->segment_m + e->first_point, e->point_count - 1, pace);
}

void hsd_edge_segment_ms(const hsd_network *network, uint32_t edge, uint32_t pace, uint32_t *out) {
    const hsd_edge *e = &network->edges[edge];
    hsd_segments_ms(network->segment_m + e->first_point, e->point_count - 1, pace, out);
}

uint32_t hsd_edge_prefix_ms(const hsd_network *network, uint32_t edge, uint32_t pace,
                            uint32_t segment, double fraction) {
    const hsd_edge *e = &network->edges[edge];
    const double *segment_m = network->segment_m + e->first_point;
    if (pace == 0) return HSD_UNREACHABLE;
    uint32_t before = 0, own = 0;
    if (pace & HSD_PACE_FIXED) {
        uint32_t time_ms = pace & ~HSD_PACE_FIXED, count = e->point_count - 1;
        double total = 0, begin = 0, end = 0;
        for (uint32_t i = 0; i < count; i++) total += segment_m[i];
        bool pointwise = !(total > 0);
        if (pointwise) total = count;
        for (uint32_t i = 0; i <= segment; i++) {
            begin = end;
            end += pointwise ? 1 : segment_m[i];
        }
        before = rounded((double)time_ms * begin / total);
        own = rounded((double)time_ms * end / total) - before;
    } else {
        for (uint32_t i = 0; i < segment; i++)
            before = hsd_ms_add(before, hsd_ms_of(segment_m[i], pace));
        own = hsd_ms_of(segment_m[segment], pace);
    }
    return hsd_ms_add(before, rounded(fraction * own));
}

static uint32_t whole_ms(const hsd_street_set *s, uint32_t edge, uint32_t pace) {
    const hsd_edge *e = &s->edges[edge];
    return hsd_segments_sum_ms(s->segment_m + e->first_point, e->point_count - 1, pace);
}

/* ---- Edges under a profile ----------------------------------------------------------------------
 */

static uint32_t pace_of(const hsd_street_set *s, uint32_t edge, hsd_passage passage) {
    if (!passage.timed) return passage.speed_mh;
    double total = s->way_total[s->edge_way[edge]], time_ms = passage.time_ms;
    uint32_t enters = rounded(time_ms * s->edge_begin[edge] / total);
    uint32_t leaves = rounded(time_ms * s->edge_end[edge] / total);
    return HSD_PACE_FIXED | (leaves - enters);
}

hsd_status hsd_edge_metric_make(const hsd_street_set *streets, const hsd_road_table *table,
                                const hsd_rules *rules, hsd_edge_metric *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    size_t directed = 2 * (size_t)streets->edge_count;
    out->pace = hsd_alloc(directed, sizeof *out->pace, err);
    out->edge_ms = hsd_alloc(directed, sizeof *out->edge_ms, err);
    out->speed_source = hsd_alloc(directed, sizeof *out->speed_source, err);
    out->edge_stop = hsd_alloc(streets->edge_count, sizeof *out->edge_stop, err);
    if (!out->pace || !out->edge_ms || !out->speed_source || !out->edge_stop) {
        hsd_edge_metric_finish(out);
        return HSD_E_MEMORY;
    }
    for (uint32_t e = 0; e < streets->edge_count; e++) {
        const hsd_way *way = &table->ways[streets->edge_way[e]];
        uint8_t source = HSD_SPEED_NONE;
        for (int d = 1; d >= 0; d--) {
            hsd_passage passage = hsd_rules_passage(rules, way, d);
            size_t k = 2 * (size_t)e + (size_t)d;
            bool open = hsd_passable(passage);
            out->pace[k] = open ? pace_of(streets, e, passage) : 0;
            out->edge_ms[k] = d == 0 && open && out->pace[k] == out->pace[k + 1]
                                  ? out->edge_ms[k + 1]
                                  : whole_ms(streets, e, out->pace[k]);
            out->speed_source[k] = open ? passage.source : HSD_SPEED_NONE;
            if (open) source = passage.source;
        }
        bool passable = out->pace[2 * (size_t)e] || out->pace[2 * (size_t)e + 1];
        const hsd_class_speed *road = rules->classes[way->class_id];
        out->edge_stop[e] = passable && road->stop && !(way->flags & rules->profile->no_stop_flags);
        if (passable) out->km[source & 3] += streets->edges[e].length_m / 1000;
    }
    return HSD_OK;
}

void hsd_edge_metric_finish(hsd_edge_metric *metric) {
    hsd_free(metric->pace);
    hsd_free(metric->edge_ms);
    hsd_free(metric->speed_source);
    hsd_free(metric->edge_stop);
    memset(metric, 0, sizeof *metric);
}

/* ---- Arcs
 * ----------------------------------------------------------------------------------------- */

void hsd_arc_metric(const hsd_graph *graph, const uint32_t *pace, const uint32_t *edge_ms,
                    uint32_t *arc_ms, uint32_t *link_ms) {
    for (uint32_t arc = 0; arc < graph->arc_count; arc++) {
        uint32_t sum = 0, begin = graph->arc_first_link[arc], end = graph->arc_first_link[arc + 1];
        bool open = true;
        for (uint32_t link = begin; link < end; link++) {
            link_ms[link] = sum;
            sum = hsd_ms_add(sum, edge_ms[graph->link_edge[link]]);
            open = open && pace[graph->link_edge[link]] != 0;
        }
        arc_ms[arc] = open ? sum : HSD_UNREACHABLE;
        for (uint32_t link = begin; !open && link < end; link++) link_ms[link] = HSD_UNREACHABLE;
    }
}
