/* Proposals against a network: every row is resolved, every problem listed, and only a table
 * without errors becomes a result (docs/methods.md, 7). The order of the steps stands here; what
 * each of them knows, in the files beside. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/parallel.h"
#include "scenario/resolve.h"

/* ---- Issues
 * ---------------------------------------------------------------------------------------- */

const char *hsd_row_label(const hsd_resolver *r, hsd_row_name row, char *buffer, size_t size) {
    const char *layer = row.layer == HSD_LAYER_LINKS && r->table->links_name
                            ? r->table->links_name
                            : hsd_proposal_layer_name(row.layer);
    int at = snprintf(buffer, size, "%.*s feature %lld", hsd_cut(layer, 40), layer,
                      (long long)row.feature_id);
    if (row.part > 0 && at > 0 && (size_t)at < size)
        at += snprintf(buffer + at, size - (size_t)at, " part %u", row.part + 1);
    if (row.name && row.name[0] && at > 0 && (size_t)at < size)
        snprintf(buffer + at, size - (size_t)at, " (%.*s)", hsd_cut(row.name, 60), row.name);
    return buffer;
}

const char *hsd_edge_label(const hsd_resolver *r, uint32_t edge, char *buffer, size_t size) {
    const hsd_network *n = r->network;
    const hsd_edge *e = &n->edges[edge];
    const char *name = n->strings + e->name, *road_class = n->classes[e->class_id];
    const long long id = (long long)e->source_id;
    if (name[0])
        snprintf(buffer, size, "\"%.*s\" (id %lld, %.*s)", hsd_cut(name, 60), name, id,
                 hsd_cut(road_class, 30), road_class);
    else
        snprintf(buffer, size, "road %lld (%.*s)", id, hsd_cut(road_class, 30), road_class);
    return buffer;
}

static hsd_status add_issue(hsd_resolver *r, hsd_row_name row, bool error, const char *format,
                            va_list args) {
    char label[160], text[800];
    vsnprintf(text, sizeof text, format, args);
    hsd_row_label(r, row, label, sizeof label);
    if (error) r->faulty[row.proposal] = 1;
    const bool ok = error ? hsd_issues_error(r->issues, r->err, "%s: %s", label, text)
                          : hsd_issues_remark(&r->remarks, r->err, "%s: %s", label, text);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_resolver_error(hsd_resolver *r, hsd_row_name row, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const hsd_status status = add_issue(r, row, true, format, args);
    va_end(args);
    return status;
}

hsd_status hsd_resolver_remark(hsd_resolver *r, hsd_row_name row, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const hsd_status status = add_issue(r, row, false, format, args);
    va_end(args);
    return status;
}

bool hsd_modes_serve(const hsd_resolver *r, const char *modes) {
    if (!modes || !modes[0]) return true;
    for (const char *at = modes; *at;) {
        size_t length = strcspn(at, ";"), skip = strspn(at, " ");
        const char *next = at + length + (at[length] == ';');
        if (skip > length) skip = length;
        at += skip;
        length -= skip;
        while (length > 0 && at[length - 1] == ' ') length--;
        for (size_t w = 0; w < r->metric->word_count; w++) {
            const char *word = r->network->strings + r->metric->words[w];
            if (length > 0 && strlen(word) == length && strncmp(word, at, length) == 0) return true;
        }
        at = next;
    }
    return false;
}

/* ---- What the network is made of
 * ----------------------------------------------------------------- */

static hsd_status know_graph(hsd_resolver *r) {
    const hsd_graph *g = r->graph;
    hsd_status status = hsd_reach_make(r->network, g, &r->reach, r->err);
    if (status != HSD_OK) return status;
    r->part_has_core = hsd_calloc(g->node_count, 1, r->err);
    r->vertex_node = hsd_alloc(r->network->vertex_count, sizeof *r->vertex_node, r->err);
    if (!r->part_has_core || !r->vertex_node) return HSD_E_MEMORY;
    for (uint32_t v = 0; v < r->network->vertex_count; v++) r->vertex_node[v] = HSD_NO_ID;
    for (uint32_t n = 0; n < g->node_count; n++) {
        if (g->node_free[n] && g->node_copy[n] == 0) r->vertex_node[g->node_vertex[n]] = n;
        const uint32_t component = g->node_component[n];
        if ((uint64_t)g->component_arcs[component] * 100 >= g->arc_count)
            r->part_has_core[r->reach.part[n]] = 1;
    }
    return HSD_OK;
}

/* A vertex with restrictions has its joints at the free copy; it is entered by any. */
static void share_copies(hsd_resolver *r) {
    const hsd_graph *g = r->graph;
    for (uint32_t n = 0; n < g->node_count; n++) {
        const uint32_t free_copy = g->node_free_copy[n];
        if (r->reach.entered[n]) r->reach.entered[free_copy] = 1;
    }
}

/* ---- All of it
 * --------------------------------------------------------------------------------------- */

static bool given(double value) {
    return value > 0;
}

/* A proposal none of whose rows acts under this profile. */
static hsd_status check_effects(hsd_resolver *r) {
    const hsd_proposal_table *t = r->table;
    if (r->options.spare_idle) return HSD_OK;
    uint8_t *rows = hsd_calloc(t->proposal_count, 1, r->err);
    if (!rows) return HSD_E_MEMORY;
    for (size_t i = 0; i < t->link_count; i++) {
        if (t->links[i].kind != HSD_KIND_RAIL) rows[t->links[i].proposal] = 1;
        if (r->links[i].serves) r->effective[t->links[i].proposal] = 1;
    }
    for (size_t i = 0; i < t->closure_count; i++) rows[t->closures[i].proposal] = 1;
    for (size_t i = 0; i < t->speed_count; i++) rows[t->speeds[i].proposal] = 1;
    for (size_t i = 0; i < t->wait_count; i++) rows[t->waits[i].proposal] = 1;
    bool ok = true;
    for (size_t p = 0; ok && p < t->proposal_count; p++) {
        if (!rows[p] || r->effective[p] || r->faulty[p]) continue;
        ok = hsd_issues_error(r->issues, r->err,
                              "proposal \"%.*s\": none of its rows does anything to profile %s; "
                              "leave it out, or see modes",
                              hsd_cut(t->proposals[p].name, 80), t->proposals[p].name,
                              r->metric->name);
    }
    hsd_free(rows);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status resolve_links(hsd_resolver *r, const hsd_run *run) {
    hsd_status status = hsd_links_measure(r);
    if (status == HSD_OK) status = hsd_poles_find(r);
    if (status == HSD_OK) status = hsd_progress(run, "resolving proposals", 0.3, r->err);
    if (status == HSD_OK) status = hsd_poles_join(r);
    if (status == HSD_OK) status = hsd_links_cut(r);
    for (uint32_t i = 0; status == HSD_OK && i < r->table->link_count; i++)
        if (r->links[i].serves) status = hsd_edit_of_link(r, i);
    return status;
}

/* Lines over roads that they do not join: often meant, sometimes forgotten. One remark for all. */
static hsd_status remark_crossings(hsd_resolver *r) {
    const hsd_link_work *first = NULL;
    uint32_t links = 0;
    for (size_t i = 0; i < r->table->link_count; i++) {
        const hsd_link_work *link = &r->links[i];
        if (!link->serves || link->crossings == 0 || link->row->connect != HSD_CONNECT_ENDS ||
            link->row->bridge || link->row->tunnel || link->row->kind == HSD_KIND_FERRY)
            continue;
        if (links++ == 0) first = link;
    }
    if (links == 0) return HSD_OK;
    char others[48] = "";
    if (links > 1) snprintf(others, sizeof others, "; so do %u others", links - 1);
    return hsd_resolver_remark(r, hsd_link_name(first->row),
                               "crosses %u roads without joining them%s; connect=crossings joins "
                               "those at grade, bridge=yes says that it passes over",
                               first->crossings, others);
}

static bool has_roads(const hsd_proposal_table *t) {
    for (size_t i = 0; i < t->link_count; i++)
        if (t->links[i].kind != HSD_KIND_RAIL) return true;
    return false;
}

/* Rail changes timetables, not streets: who compares by road is told, and nobody compares nothing.
 */
static hsd_status check_rail(hsd_resolver *r) {
    const hsd_proposal_table *t = r->table;
    size_t rail = 0;
    uint32_t first = 0;
    for (uint32_t p = (uint32_t)t->proposal_count; p-- > 0;)
        if (hsd_proposal_is_rail(t, p)) {
            rail++;
            first = p;
        }
    if (rail == 0 || r->options.spare_idle) return HSD_OK;
    const bool nothing_else =
        t->closure_count + t->speed_count + t->wait_count == 0 && !has_roads(t);
    char others[40] = "";
    if (rail > 1) snprintf(others, sizeof others, " and %zu others", rail - 1);
    const char *name = t->proposals[first].name;
    const bool ok =
        nothing_else
            ? hsd_issues_error(r->issues, r->err,
                               "proposal \"%.*s\"%s: rail alone is proposed, which changes a "
                               "timetable; compare it with --mode transit",
                               hsd_cut(name, 80), name, others)
            : hsd_issues_remark(&r->remarks, r->err,
                                "proposal \"%.*s\"%s: rail counts with --mode transit alone",
                                hsd_cut(name, 80), name, others);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status add_remarks(hsd_resolver *r) {
    for (size_t i = 0; i < r->remarks.count; i++)
        if (!hsd_issues_remark(r->issues, r->err, "%s", r->remarks.list[i].text))
            return HSD_E_MEMORY;
    r->issues->remarks += r->remarks.remarks - r->remarks.count;
    return HSD_OK;
}

static hsd_status resolve_all(hsd_resolver *r, const hsd_run *run) {
    hsd_status status = hsd_progress(run, "resolving proposals", 0, r->err);
    r->effective = hsd_calloc(r->table->proposal_count, 1, r->err);
    r->faulty = hsd_calloc(r->table->proposal_count, 1, r->err);
    if (status == HSD_OK && (!r->effective || !r->faulty)) status = HSD_E_MEMORY;
    if (status == HSD_OK) status = know_graph(r);
    if (status == HSD_OK) {
        share_copies(r);
        status = resolve_links(r, run);
    }
    if (status == HSD_OK) status = hsd_progress(run, "resolving proposals", 0.7, r->err);
    if (status == HSD_OK) status = hsd_edges_resolve(r);
    if (status == HSD_OK) status = check_effects(r);
    if (status == HSD_OK) status = remark_crossings(r);
    if (status == HSD_OK) status = check_rail(r);
    if (status == HSD_OK) status = add_remarks(r);
    if (status == HSD_OK) status = hsd_issues_status(r->issues, r->err);
    if (status == HSD_OK) status = hsd_progress(run, "resolving proposals", 1, r->err);
    return status;
}

static void resolver_finish(hsd_resolver *r) {
    hsd_links_finish(r);
    hsd_rtree_finish(&r->link_index);
    hsd_free(r->segment_link);
    hsd_free(r->segment_number);
    hsd_array_finish(&r->drafts);
    hsd_reach_finish(&r->reach);
    hsd_free(r->part_has_core);
    hsd_free(r->vertex_node);
    hsd_free(r->effective);
    hsd_free(r->faulty);
    hsd_issues_finish(&r->remarks);
}

hsd_status hsd_proposals_resolve(const hsd_network *network, size_t profile,
                                 const hsd_proposal_table *table,
                                 const hsd_resolve_options *options, const hsd_run *run,
                                 hsd_resolved *out, hsd_issues *issues, hsd_error *err) {
    static const hsd_resolve_options usual = {0};
    *out = (hsd_resolved){0};
    if (!options) options = &usual;
    if (profile >= network->metric_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "profile %zu of %zu", profile, network->metric_count);
    if (!(options->tolerance_m >= 0) || !(options->value_of_time >= 0))
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "a tolerance of %g m and a value of time of %g: neither may be below 0",
                        options->tolerance_m, options->value_of_time);
    hsd_status status = hsd_network_require(network, profile, err);
    if (status != HSD_OK) return status;
    hsd_issues own = {0};
    hsd_resolver r = {.network = network,
                      .metric = &network->metrics[profile],
                      .graph = &network->graphs[network->metrics[profile].graph],
                      .table = table,
                      .options = *options,
                      .issues = issues ? issues : &own,
                      .err = err};
    r.corridor = r.metric->leg_rule == HSD_LEG_NODES;
    if (!given(r.options.tolerance_m)) r.options.tolerance_m = r.corridor ? 1000 : 50;
    r.effects = hsd_calloc(1, sizeof *r.effects, err);
    status = r.effects ? resolve_all(&r, run) : HSD_E_MEMORY;
    *out = (hsd_resolved){.network = network,
                          .table = table,
                          .profile = profile,
                          .joints = r.joints.data,
                          .joint_count = r.joints.count,
                          .poles = r.poles.data,
                          .pole_count = r.poles.count,
                          .added = r.added.data,
                          .added_count = r.added.count,
                          .points = r.points.data,
                          .point_count = r.points.count,
                          .edits = r.edits.data,
                          .edit_count = r.edits.count,
                          .storage = r.effects};
    resolver_finish(&r);
    hsd_issues_finish(&own);
    if (status != HSD_OK) hsd_resolved_finish(out);
    return status;
}

void hsd_resolved_finish(hsd_resolved *resolved) {
    hsd_effects *effects = resolved->storage;
    hsd_free(resolved->joints);
    hsd_free(resolved->poles);
    hsd_free(resolved->added);
    hsd_free(resolved->points);
    for (size_t i = 0; i < resolved->edit_count; i++)
        hsd_geometry_finish(&resolved->edits[i].geometry);
    hsd_free(resolved->edits);
    if (effects) {
        for (size_t i = 0; i < effects->texts.count; i++) hsd_free(effects->texts.data[i]);
        hsd_array_finish(&effects->texts);
        hsd_array_finish(&effects->closings);
        hsd_array_finish(&effects->slowings);
        hsd_array_finish(&effects->waitings);
        hsd_free(effects);
    }
    *resolved = (hsd_resolved){0};
}
