/* Closures, speed changes and waits: which edges they mean, and what they do to them
 * (docs/methods.md, 7). O((rows + edges in polygons) log edges). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scenario/inside.h"
#include "scenario/resolve.h"
#include "scenario/spot.h"

typedef HSD_ARRAY(uint32_t) id_list;

static int ascending(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool passable(const hsd_resolver *r, uint32_t edge) {
    return r->metric->pace[2 * (size_t)edge] || r->metric->pace[2 * (size_t)edge + 1];
}

/* ---- Which edges
 * --------------------------------------------------------------------------------- */

/* Source ids of a row, ;-separated. */
typedef struct road_ids {
    HSD_ARRAY(int64_t) list; /* ascending */
    HSD_ARRAY(uint8_t) seen;
} road_ids;

static void road_ids_finish(road_ids *ids) {
    hsd_array_finish(&ids->list);
    hsd_array_finish(&ids->seen);
}

static int ascending_ids(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static hsd_status read_ids(hsd_resolver *r, hsd_row_name name, const char *text, road_ids *out) {
    for (const char *at = text; at && *at;) {
        const size_t length = strcspn(at, ";");
        char word[32];
        int64_t id;
        size_t skip = strspn(at, " ");
        size_t used = length > skip ? length - skip : 0;
        while (used > 0 && at[skip + used - 1] == ' ') used--;
        snprintf(word, sizeof word, "%.*s", (int)(used < 31 ? used : 31), at + skip);
        if (used > 0 && !hsd_parse_int(word, &id)) {
            const hsd_status status =
                hsd_resolver_error(r, name,
                                   "roads: \"%s\" is no source id of a road; give whole numbers, "
                                   "such as OSM way ids, with ; between them",
                                   word);
            if (status != HSD_OK) return status;
        } else if (used > 0 && (!hsd_array_push(&out->list, id, r->err) ||
                                !hsd_array_push(&out->seen, 0, r->err))) {
            return HSD_E_MEMORY;
        }
        at += length + (at[length] == ';');
    }
    if (out->list.count > 1)
        qsort(out->list.data, out->list.count, sizeof *out->list.data, ascending_ids);
    return HSD_OK;
}

static bool names_edge(road_ids *ids, int64_t source) {
    size_t low = 0, high = ids->list.count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (ids->list.data[middle] < source)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = false;
    for (; low < ids->list.count && ids->list.data[low] == source; low++)
        ids->seen.data[low] = found = true;
    return found;
}

/* Every edge of the network is looked at once, so that unknown ids are known. */
static hsd_status check_ids(hsd_resolver *r, hsd_row_name name, road_ids *ids) {
    hsd_status status = HSD_OK;
    for (uint32_t e = 0; ids->list.count && e < r->network->edge_count; e++)
        names_edge(ids, r->network->edges[e].source_id);
    for (size_t i = 0; status == HSD_OK && i < ids->list.count; i++)
        if (!ids->seen.data[i])
            status = hsd_resolver_error(r, name,
                                        "roads: no road of the network has the source id %lld; "
                                        "look it up in the layer the network was built from",
                                        (long long)ids->list.data[i]);
    return status;
}

typedef struct edge_search {
    const hsd_network *network;
    id_list *out;
    bool failed;
    hsd_error *err;
} edge_search;

static bool see_edge(void *context, uint32_t item) {
    edge_search *s = context;
    s->failed = !hsd_array_push(s->out, s->network->point_edge[item], s->err);
    return !s->failed;
}

/* Edges with a segment whose box meets the box, or (NULL) all edges; ascending, each once. */
static hsd_status edges_in(const hsd_resolver *r, const hsd_box_e7 *box, id_list *out) {
    out->count = 0;
    if (!box) {
        if (!hsd_array_reserve(out, (size_t)r->network->edge_count + 1, r->err))
            return HSD_E_MEMORY;
        for (uint32_t e = 0; e < r->network->edge_count; e++) out->data[out->count++] = e;
        return HSD_OK;
    }
    edge_search search = {r->network, out, false, r->err};
    hsd_rtree_query(&r->network->snap, *box, see_edge, &search);
    if (search.failed) return HSD_E_MEMORY;
    if (out->count > 1) qsort(out->data, out->count, sizeof *out->data, ascending);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (i == 0 || out->data[i] != out->data[kept - 1]) out->data[kept++] = out->data[i];
    out->count = kept;
    return HSD_OK;
}

/* What one row asks of edges. */
typedef struct selection {
    hsd_row_name name;
    const hsd_geometry *polygon; /* or NONE */
    const char *road_class;
    road_ids ids;
    id_list edges;
    hsd_inside_test inside;
    HSD_ARRAY(uint32_t) touched; /* directed edges */
    double length_m;
    uint32_t partly;
} selection;

static void selection_finish(selection *s) {
    road_ids_finish(&s->ids);
    hsd_array_finish(&s->edges);
    hsd_inside_finish(&s->inside);
    hsd_array_finish(&s->touched);
}

static bool has_area(const hsd_geometry *polygon) {
    return polygon->type == HSD_GEOMETRY_POLYGON && polygon->point_count > 0;
}

static bool given(const char *text) {
    return text && text[0];
}

/* box: of the edges to look at; NULL: the polygon's, else all. */
static hsd_status selection_init(hsd_resolver *r, selection *s, const char *roads,
                                 const hsd_box_e7 *box) {
    const bool area = has_area(s->polygon);
    hsd_status status = HSD_OK;
    if (given(roads)) status = read_ids(r, s->name, roads, &s->ids);
    if (status == HSD_OK) status = check_ids(r, s->name, &s->ids);
    if (status == HSD_OK && area) status = hsd_inside_init(&s->inside, s->polygon, r->err);
    if (!box && area) box = &s->inside.box;
    if (status == HSD_OK) status = edges_in(r, box, &s->edges);
    return status;
}

/* The part of an edge that the row means; share 0: none. */
static hsd_status select_edge(hsd_resolver *r, selection *s, uint32_t edge, hsd_inside_part *out) {
    const hsd_edge *e = &r->network->edges[edge];
    *out = (hsd_inside_part){0};
    if (!passable(r, edge)) return HSD_OK;
    if (given(s->road_class) && strcmp(r->network->classes[e->class_id], s->road_class) != 0)
        return HSD_OK;
    if (s->ids.list.count > 0 && !names_edge(&s->ids, e->source_id)) return HSD_OK;
    if (has_area(s->polygon)) return hsd_inside_edge(&s->inside, r->network, edge, out, r->err);
    *out = (hsd_inside_part){1, true};
    return HSD_OK;
}

static bool touch(hsd_resolver *r, selection *s, uint32_t edge, unsigned directions, double share) {
    for (uint32_t d = 0; d < 2; d++)
        if ((directions >> d & 1) && !hsd_array_push(&s->touched, 2 * edge + d, r->err))
            return false;
    s->length_m += share * r->network->edges[edge].length_m;
    s->partly += share < 1;
    return true;
}

static unsigned open_directions(const hsd_resolver *r, uint32_t edge) {
    return (r->metric->pace[2 * (size_t)edge] ? 1u : 0) |
           (r->metric->pace[2 * (size_t)edge + 1] ? 2u : 0);
}

/* The row of layer `edits`; "%u roads" is what. Nothing touched is an error, `why` says of what. */
static hsd_status conclude(hsd_resolver *r, selection *s, bool closed, const char *did,
                           const char *why, const hsd_geometry *geometry) {
    if (s->touched.count == 0)
        return (r->options.spare_idle ? hsd_resolver_remark : hsd_resolver_error)(r, s->name, "%s",
                                                                                  why);
    uint32_t edges = 0;
    for (size_t i = 0; i < s->touched.count; i++)
        edges += i == 0 || s->touched.data[i] / 2 != s->touched.data[i - 1] / 2;
    char *what = s->partly
                     ? hsd_asprintf(r->err, "%s %u roads, %u of them in part, %.2f km", did, edges,
                                    s->partly, s->length_m / 1000)
                     : hsd_asprintf(r->err, "%s %u roads, %.2f km", did, edges, s->length_m / 1000);
    if (!what) return HSD_E_MEMORY;
    r->effective[s->name.proposal] = 1;
    hsd_touched_edges touched = {s->touched.data, s->touched.count, s->length_m};
    return hsd_edit_of_edges(r, s->name, what, &touched, closed, geometry);
}

static hsd_status not_served(hsd_resolver *r, hsd_row_name name, const char *modes) {
    return hsd_resolver_remark(r, name, "is for %s: it does nothing to profile %s", modes,
                               r->metric->name);
}

static hsd_status class_unknown(hsd_resolver *r, hsd_row_name name, const char *road_class,
                                bool *known) {
    *known = !given(road_class);
    for (size_t c = 0; !*known && c < r->network->class_count; c++)
        *known = strcmp(r->network->classes[c], road_class) == 0;
    if (*known) return HSD_OK;
    return hsd_resolver_error(r, name, "class \"%s\" is no class of the network's roads",
                              road_class);
}

/* ---- Closures
 * ------------------------------------------------------------------------------------- */

static hsd_status close_edge(hsd_resolver *r, selection *s, const hsd_closure_row *row,
                             uint32_t edge, uint32_t *spared) {
    hsd_inside_part part;
    const bool above = (r->network->edges[edge].flags & (HSD_WAY_BRIDGE | HSD_WAY_TUNNEL)) != 0;
    hsd_status status = select_edge(r, s, edge, &part);
    if (status != HSD_OK || part.share == 0) return status;
    if (row->inside == HSD_INSIDE_WITHIN && !part.whole) return HSD_OK;
    if (above && has_area(s->polygon) && !row->all_layers && s->ids.list.count == 0) {
        ++*spared;
        return HSD_OK;
    }
    const hsd_inside_stretch all = {0, r->network->edges[edge].point_count - 2, 0, 1};
    const hsd_inside_stretch *stretch = part.whole ? &all : s->inside.stretches.data;
    for (size_t n = part.whole ? 1 : s->inside.stretches.count; n > 0; n--, stretch++) {
        const hsd_closing closing = {s->name.proposal,
                                     {edge, 3, stretch->from_segment, stretch->to_segment,
                                      stretch->from_fraction, stretch->to_fraction}};
        if (!hsd_array_push(&r->effects->closings, closing, r->err)) return HSD_E_MEMORY;
    }
    return touch(r, s, edge, open_directions(r, edge), part.share) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status resolve_closure(hsd_resolver *r, const hsd_closure_row *row) {
    selection s = {.name = {HSD_LAYER_CLOSURES, row->proposal, row->feature_id, 0, NULL},
                   .polygon = &row->polygon,
                   .road_class = row->road_class};
    bool known;
    if (!hsd_modes_serve(r, row->modes)) return not_served(r, s.name, row->modes);
    if (!has_area(s.polygon) && !given(row->roads) && !given(row->road_class))
        return hsd_resolver_error(r, s.name,
                                  "has neither a polygon nor roads; draw one, or give source ids");
    hsd_status status = class_unknown(r, s.name, row->road_class, &known);
    if (status != HSD_OK || !known) return status;
    const size_t errors = r->issues->errors;
    status = selection_init(r, &s, row->roads, NULL);
    uint32_t spared = 0;
    for (size_t i = 0; status == HSD_OK && i < s.edges.count; i++)
        status = close_edge(r, &s, row, s.edges.data[i], &spared);
    if (status == HSD_OK && (s.touched.count > 0 || r->issues->errors == errors)) {
        char why[240];
        snprintf(why, sizeof why, "closes nothing: no road that profile %s can use %s%s",
                 r->metric->name,
                 !has_area(s.polygon)               ? "is meant"
                 : row->inside == HSD_INSIDE_WITHIN ? "lies within its polygon"
                                                    : "touches its polygon",
                 spared ? " but bridges or tunnels; layers=all closes them too" : "");
        status = conclude(r, &s, true, "closes", why, has_area(s.polygon) ? s.polygon : NULL);
    }
    selection_finish(&s);
    return status;
}

/* ---- Speed changes
 * -------------------------------------------------------------------------------- */

/* Metres per hour at a pace. */
static double present_mh(const hsd_resolver *r, uint32_t directed) {
    const uint32_t pace = r->metric->pace[directed];
    if (!(pace & HSD_PACE_FIXED)) return pace;
    const uint32_t ms = pace & ~HSD_PACE_FIXED;
    return ms ? r->network->edges[directed / 2].length_m * 3600000 / ms : 0;
}

static hsd_status slow_edge(hsd_resolver *r, selection *s, const hsd_speed_row *row,
                            uint32_t edge) {
    hsd_inside_part part;
    hsd_status status = select_edge(r, s, edge, &part);
    if (status != HSD_OK || part.share == 0) return status;
    unsigned directions = 0;
    for (uint32_t d = 0; d < 2; d++) {
        const uint32_t k = 2 * edge + d;
        if (!r->metric->pace[k]) continue;
        const double now = present_mh(r, k);
        const double factor = row->factor > 0 ? row->factor : row->speed_kmh * 1000 / now;
        if (!(now > 0) || factor == 1) continue; /* what takes no time takes none at any speed */
        const hsd_slowing slowing = {s->name.proposal, k, (1 - part.share) + part.share / factor};
        if (!hsd_array_push(&r->effects->slowings, slowing, r->err)) return HSD_E_MEMORY;
        directions |= 1u << d;
    }
    return !directions || touch(r, s, edge, directions, part.share) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status resolve_speed(hsd_resolver *r, const hsd_speed_row *row) {
    selection s = {.name = {HSD_LAYER_SPEED_CHANGES, row->proposal, row->feature_id, 0, NULL},
                   .polygon = &row->polygon,
                   .road_class = row->road_class};
    bool known;
    if (!hsd_modes_serve(r, row->modes)) return not_served(r, s.name, row->modes);
    if (!(row->factor > 0) && !(row->speed_kmh > 0))
        return hsd_resolver_error(r, s.name,
                                  "has neither factor nor speed_kmh above 0; give one (a closure "
                                  "closes roads)");
    if (row->factor == 1)
        return hsd_resolver_error(r, s.name,
                                  "factor 1 changes nothing; give the new speed divided "
                                  "by the old one");
    hsd_status status = class_unknown(r, s.name, row->road_class, &known);
    if (status != HSD_OK || !known) return status;
    status = selection_init(r, &s, NULL, NULL);
    for (size_t i = 0; status == HSD_OK && i < s.edges.count; i++)
        status = slow_edge(r, &s, row, s.edges.data[i]);
    if (status == HSD_OK) {
        char why[240];
        snprintf(why, sizeof why, "changes nothing: no road%s%.*s %s that profile %s can use%s",
                 given(row->road_class) ? " of class " : "",
                 given(row->road_class) ? hsd_cut(row->road_class, 48) : 0,
                 given(row->road_class) ? row->road_class : "",
                 has_area(s.polygon) ? "lies in its polygon" : "is there", r->metric->name,
                 row->factor > 0 ? "" : " at another speed");
        status = conclude(r, &s, false, "changes the speed of", why,
                          has_area(s.polygon) ? s.polygon : NULL);
    }
    selection_finish(&s);
    return status;
}

/* ---- Waits
 * ------------------------------------------------------------------------------------------ */

/* How often the edge, as drawn, crosses the line: from its left to its right, and back. */
static void count_crossings(const hsd_resolver *r, const hsd_geometry *line, uint32_t edge,
                            uint32_t out[2]) {
    const hsd_edge *e = &r->network->edges[edge];
    out[0] = out[1] = 0;
    for (uint32_t i = e->first_point; i + 1 < e->first_point + e->point_count; i++) {
        const hsd_lonlat a = hsd_lonlat_of(r->network->points[i]);
        const hsd_lonlat b = hsd_lonlat_of(r->network->points[i + 1]);
        for (size_t ring = 0, first = 0; ring < line->ring_count; first = line->ring_end[ring++])
            for (size_t p = first; p + 1 < line->ring_end[ring]; p++) {
                double t;
                const hsd_lonlat *at = &line->points[p];
                if (!hsd_segments_cross(a, b, at[0], at[1], &t)) continue;
                out[hsd_turn(at[0], at[1], a) > 0 ? 0 : 1]++;
            }
    }
}

static double wait_of(const hsd_resolver *r, const hsd_wait_row *row) {
    const int level = r->options.waits == HSD_WAIT_LOW    ? 0
                      : r->options.waits == HSD_WAIT_HIGH ? 2
                                                          : 1;
    if (isfinite(row->minutes[level])) return row->minutes[level];
    if (isfinite(row->minutes[1])) return row->minutes[1];
    return isfinite(row->minutes[0]) ? row->minutes[0] : row->minutes[2];
}

static hsd_status wait_at_edge(hsd_resolver *r, selection *s, const hsd_wait_row *row, int64_t ms,
                               uint32_t edge) {
    hsd_inside_part part;
    hsd_status status = select_edge(r, s, edge, &part);
    if (status != HSD_OK || part.share == 0) return status;
    uint32_t crossed[2];
    count_crossings(r, &row->line, edge, crossed);
    unsigned directions = 0;
    for (uint32_t d = 0; d < 2; d++) {
        /* against the drawing what was left to right is right to left */
        const uint32_t times =
            (row->direction >= 0 ? crossed[d] : 0) + (row->direction <= 0 ? crossed[1 - d] : 0);
        if (!times || !r->metric->pace[2 * (size_t)edge + d]) continue;
        const hsd_waiting waiting = {s->name.proposal, 2 * edge + d, ms * times};
        if (!hsd_array_push(&r->effects->waitings, waiting, r->err)) return HSD_E_MEMORY;
        directions |= 1u << d;
    }
    return !directions || touch(r, s, edge, directions, 1) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_box_e7 box_of_line(const hsd_geometry *line) {
    hsd_box_e7 box = hsd_segment_box(line->points[0], line->points[0]);
    for (size_t i = 1; i < line->point_count; i++) {
        const hsd_box_e7 more = hsd_segment_box(line->points[i], line->points[i]);
        if (more.min_lon_e7 < box.min_lon_e7) box.min_lon_e7 = more.min_lon_e7;
        if (more.min_lat_e7 < box.min_lat_e7) box.min_lat_e7 = more.min_lat_e7;
        if (more.max_lon_e7 > box.max_lon_e7) box.max_lon_e7 = more.max_lon_e7;
        if (more.max_lat_e7 > box.max_lat_e7) box.max_lat_e7 = more.max_lat_e7;
    }
    return box;
}

static hsd_status resolve_wait(hsd_resolver *r, const hsd_wait_row *row) {
    static const hsd_geometry nowhere = {0};
    selection s = {.name = {HSD_LAYER_WAITS, row->proposal, row->feature_id, 0, NULL},
                   .polygon = &nowhere};
    const double minutes = wait_of(r, row);
    if (!hsd_modes_serve(r, row->modes)) return not_served(r, s.name, row->modes);
    if (row->line.type != HSD_GEOMETRY_LINE || row->line.point_count < 2)
        return hsd_resolver_error(r, s.name, "has no line; draw it across the roads that wait");
    if (!isfinite(minutes))
        return hsd_resolver_error(r, s.name, "has no minutes; give typical_min");
    if (minutes == 0 && (row->minutes[0] > 0 || row->minutes[1] > 0 || row->minutes[2] > 0)) {
        r->effective[row->proposal] = 1; /* at another level */
        return hsd_resolver_remark(r, s.name, "waits 0 minutes at this level: nothing changes");
    }
    if (minutes == 0)
        return hsd_resolver_error(r, s.name,
                                  "a wait of 0 minutes changes nothing; give minutes, "
                                  "or leave the row out");
    const size_t errors = r->issues->errors;
    const hsd_box_e7 box = box_of_line(&row->line);
    hsd_status status = selection_init(r, &s, row->roads, &box);
    const int64_t ms = (int64_t)floor(minutes * 60000 + 0.5);
    for (size_t i = 0; status == HSD_OK && i < s.edges.count; i++)
        status = wait_at_edge(r, &s, row, ms, s.edges.data[i]);
    if (status == HSD_OK && (s.touched.count > 0 || r->issues->errors == errors)) {
        char did[64], why[240];
        snprintf(did, sizeof did, "adds %g min to", minutes);
        snprintf(why, sizeof why,
                 "changes nothing: no road that profile %s can use crosses its line%s; draw it "
                 "across them",
                 r->metric->name, row->direction ? " that way" : "");
        status = conclude(r, &s, false, did, why, &row->line);
    }
    selection_finish(&s);
    return status;
}

hsd_status hsd_edges_resolve(hsd_resolver *r) {
    const hsd_proposal_table *t = r->table;
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < t->closure_count; i++)
        status = resolve_closure(r, &t->closures[i]);
    for (size_t i = 0; status == HSD_OK && i < t->speed_count; i++)
        status = resolve_speed(r, &t->speeds[i]);
    for (size_t i = 0; status == HSD_OK && i < t->wait_count; i++)
        status = resolve_wait(r, &t->waits[i]);
    return status;
}
