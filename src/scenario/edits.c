/* Rows of layer `edits`: what each edit did, in figures and in words. */
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "geo/geometry.h"
#include "scenario/resolve.h"

#define MAX_IDS 100

static int ascending(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sorts, and drops what comes twice. */
static size_t distinct(uint32_t *list, size_t count) {
    size_t kept = 0;
    if (count > 1) qsort(list, count, sizeof *list, ascending);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || list[i] != list[kept - 1]) list[kept++] = list[i];
    return kept;
}

/* Takes the text over, even on failure. */
static hsd_status keep_text(hsd_resolver *r, char *text, const char **out) {
    *out = text;
    if (text && hsd_array_push(&r->effects->texts, text, r->err)) return HSD_OK;
    hsd_free(text);
    return HSD_E_MEMORY;
}

static hsd_status push_edit(hsd_resolver *r, hsd_edit *edit) {
    if (hsd_array_push(&r->edits, *edit, r->err)) return HSD_OK;
    hsd_geometry_finish(&edit->geometry);
    return HSD_E_MEMORY;
}

/* ---- Links
 * ------------------------------------------------------------------------------------------ */

static hsd_status add_gap(hsd_resolver *r, hsd_geometry *to, hsd_lonlat a, hsd_lonlat b) {
    hsd_lonlat points[2] = {a, b};
    size_t ends[1] = {2};
    const hsd_geometry gap = {.type = HSD_GEOMETRY_LINE,
                              .point_count = 2,
                              .ring_count = 1,
                              .points = points,
                              .ring_end = ends};
    return hsd_geometry_append(to, &gap, r->err);
}

static uint32_t component_of(const hsd_resolver *r, const hsd_joint *joint) {
    const uint32_t node = joint->edge == HSD_NO_ID
                              ? r->vertex_node[joint->vertex]
                              : r->graph->tail[hsd_graph_arc_of(r->graph, joint->edge)];
    return r->graph->node_component[node];
}

/* Edges with a joint inside, components joined, gaps drawn. */
static hsd_status see_joints(hsd_resolver *r, const hsd_link_work *link, hsd_edit *edit) {
    size_t total = 0, edges = 0;
    for (uint32_t p = link->first_pole; p < link->first_pole + link->pole_count; p++)
        total += r->poles.data[p].joint_count;
    uint32_t *split = hsd_alloc(total, sizeof *split, r->err);
    uint32_t *components = hsd_alloc(total, sizeof *components, r->err);
    hsd_status status = split && components ? HSD_OK : HSD_E_MEMORY;
    total = 0;
    for (uint32_t p = link->first_pole; p < link->first_pole + link->pole_count; p++) {
        const hsd_pole *pole = &r->poles.data[p];
        const bool end = (r->drafts.data[p].why & (HSD_POLE_START | HSD_POLE_END)) != 0;
        edit->ends_joined += end && pole->joint_count > 0;
        for (uint32_t j = 0; status == HSD_OK && j < pole->joint_count; j++) {
            const hsd_joint *joint = &r->joints.data[pole->first_joint + j];
            components[total++] = component_of(r, joint);
            if (joint->edge != HSD_NO_ID) split[edges++] = joint->edge;
            if (joint->gap_m > 0) status = add_gap(r, &edit->geometry, pole->at, joint->at);
        }
    }
    if (status == HSD_OK) {
        edit->edges_split = (uint32_t)distinct(split, edges);
        const size_t apart = distinct(components, total);
        edit->components_joined = apart > 1 ? (uint32_t)apart : 0;
    }
    hsd_free(split);
    hsd_free(components);
    return status;
}

static double minutes_of(const hsd_resolver *r, const hsd_link_work *link, int direction) {
    const uint32_t last = link->first_pole + link->pole_count - 1;
    if (!link->open[direction] || link->pole_count < 2) return NAN;
    const uint32_t ms = hsd_link_prefix_ms(link, &r->drafts.data[last].spot) -
                        hsd_link_prefix_ms(link, &r->drafts.data[link->first_pole].spot);
    return ((double)ms + link->extra_ms) / 60000;
}

static char *words_of(const hsd_resolver *r, const hsd_link_work *link, const hsd_edit *edit) {
    static const char *const kinds[] = {"road", "railway", "ferry", "path"};
    hsd_text text = {0};
    const double minutes = isfinite(edit->forward_min) ? edit->forward_min : edit->backward_min;
    hsd_text_addf(&text, "%s, %.2f km, %.1f min", kinds[link->row->kind], edit->length_km, minutes);
    if (!link->open[0] || !link->open[1]) hsd_text_add(&text, " one way");
    hsd_text_addf(&text, "; joins %u of 2 ends", edit->ends_joined);
    uint32_t between = 0;
    for (uint32_t p = link->first_pole; p < link->first_pole + link->pole_count; p++)
        between += r->poles.data[p].joint_count > 0 &&
                   !(r->drafts.data[p].why & (HSD_POLE_START | HSD_POLE_END));
    if (between) hsd_text_addf(&text, " and %u junctions between", between);
    if (edit->edges_split) hsd_text_addf(&text, "; %u roads inside", edit->edges_split);
    if (edit->components_joined)
        hsd_text_addf(&text, "; connects %u separate networks", edit->components_joined);
    if (edit->crossings)
        hsd_text_addf(&text, "; crosses %u roads without joining them", edit->crossings);
    if (text.failed) {
        hsd_text_finish(&text);
        hsd_fail(r->err, HSD_E_MEMORY, "out of memory: a text of an edit");
        return NULL;
    }
    return text.data;
}

hsd_status hsd_edit_of_link(hsd_resolver *r, uint32_t index) {
    const hsd_link_work *link = &r->links[index];
    const hsd_link_row *row = link->row;
    if (link->pole_count < 2) return HSD_OK;
    hsd_edit edit = {.proposal = row->proposal,
                     .layer = HSD_LAYER_LINKS,
                     .feature_id = row->feature_id,
                     .part = row->part,
                     .name = row->name ? row->name : "",
                     .edge_ids = "",
                     .crossings = link->crossings,
                     .length_km = link->length_m / 1000,
                     .forward_min = minutes_of(r, link, HSD_FORWARD),
                     .backward_min = minutes_of(r, link, HSD_BACKWARD)};
    hsd_status status = hsd_geometry_append(&edit.geometry, &row->line, r->err);
    if (status == HSD_OK) status = see_joints(r, link, &edit);
    if (status == HSD_OK) status = keep_text(r, words_of(r, link, &edit), &edit.what);
    if (status == HSD_OK) return push_edit(r, &edit);
    hsd_geometry_finish(&edit.geometry);
    return status;
}

/* ---- Edges closed or changed
 * ------------------------------------------------------------------------ */

static int ascending_ids(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static hsd_status list_ids(hsd_resolver *r, const hsd_touched_edges *touched, const char **out) {
    int64_t *ids = hsd_alloc(touched->count, sizeof *ids, r->err);
    if (!ids) return HSD_E_MEMORY;
    for (size_t i = 0; i < touched->count; i++)
        ids[i] = r->network->edges[touched->directed[i] / 2].source_id;
    if (touched->count > 1) qsort(ids, touched->count, sizeof *ids, ascending_ids);
    hsd_text text = {0};
    size_t listed = 0;
    for (size_t i = 0; i < touched->count && listed < MAX_IDS; i++) {
        if (i > 0 && ids[i] == ids[i - 1]) continue;
        hsd_text_addf(&text, listed++ ? ";%lld" : "%lld", (long long)ids[i]);
    }
    hsd_free(ids);
    if (!text.failed) return keep_text(r, text.data, out);
    hsd_text_finish(&text);
    return hsd_fail(r->err, HSD_E_MEMORY, "out of memory: the ids of an edit");
}

static hsd_status count_arcs(hsd_resolver *r, const hsd_touched_edges *touched, uint32_t *out) {
    const hsd_graph *g = r->graph;
    size_t count = 0;
    for (size_t i = 0; i < touched->count; i++)
        count +=
            g->edge_first_use[touched->directed[i] + 1] - g->edge_first_use[touched->directed[i]];
    uint32_t *arcs = hsd_alloc(count, sizeof *arcs, r->err);
    if (!arcs) return HSD_E_MEMORY;
    count = 0;
    for (size_t i = 0; i < touched->count; i++)
        for (uint32_t u = g->edge_first_use[touched->directed[i]];
             u < g->edge_first_use[touched->directed[i] + 1]; u++)
            arcs[count++] = g->link_arc[g->use_link[u]];
    *out = (uint32_t)distinct(arcs, count);
    hsd_free(arcs);
    return HSD_OK;
}

hsd_status hsd_edit_of_edges(hsd_resolver *r, hsd_row_name row, char *what,
                             hsd_touched_edges *touched, bool closed,
                             const hsd_geometry *geometry) {
    hsd_edit edit = {.proposal = row.proposal,
                     .layer = row.layer,
                     .feature_id = row.feature_id,
                     .part = row.part,
                     .name = row.name ? row.name : "",
                     .edge_ids = "",
                     .length_km = touched->length_m / 1000,
                     .forward_min = NAN,
                     .backward_min = NAN};
    hsd_status status = keep_text(r, what, &edit.what);
    touched->count = distinct(touched->directed, touched->count);
    uint32_t edges = 0;
    for (size_t i = 0; i < touched->count; i++)
        edges += i == 0 || touched->directed[i] / 2 != touched->directed[i - 1] / 2;
    if (closed)
        edit.edges_closed = edges;
    else
        edit.edges_changed = edges;
    if (status == HSD_OK) status = list_ids(r, touched, &edit.edge_ids);
    if (status == HSD_OK) status = count_arcs(r, touched, &edit.arcs_changed);
    if (status == HSD_OK && geometry)
        status = hsd_geometry_append(&edit.geometry, geometry, r->err);
    if (status == HSD_OK) return push_edit(r, &edit);
    hsd_geometry_finish(&edit.geometry);
    return status;
}
