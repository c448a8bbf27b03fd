/* The result file of a circle run: layers in drawing order, points over lines over areas. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "net/network.h"
#include "study/rows.h"

/* ---- origins, snap ---- */

/* How many gates joined, and the first of them to show. */
static size_t gates_joined(const hsd_origin *origin, const hsd_origin_result *result,
                           size_t *shown) {
    size_t joined = 0;
    *shown = 0;
    for (size_t g = 0; result->joined && g < origin->gate_count; g++)
        if (result->joined[g].reason == HSD_SNAP_OK && joined++ == 0) *shown = g;
    return joined;
}

static hsd_status write_origins(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "name", HSD_FIELD_TEXT, "name");
    hsd_fields_add(&f, "name_en", HSD_FIELD_TEXT, "English name");
    hsd_fields_add(&f, "gates", HSD_FIELD_INT, "points it starts from");
    hsd_fields_add(&f, "status", HSD_FIELD_TEXT, "ok, or why it has no circle");
    hsd_style_set style;
    hsd_style_plain(&style, HSD_LOOK_POINT, HSD_COLOUR_ORIGIN,
                    hsd_word_text(HSD_WORD_ORIGINS, run->lang));
    style.style.label_field = run->lang && run->lang[0] == 'z' ? "name" : "name_en";
    bool english = false;
    for (size_t i = 0; i < run->origins.count; i++)
        english = english || run->origins.origins[i].name_en[0];
    if (!english) style.style.label_field = "name";
    hsd_status status = hsd_layer_start(file, run, "origins", HSD_WORD_ORIGINS, HSD_GEOMETRY_POINT,
                                        &f, &style.style, false, "Where the circles start", err);
    for (size_t i = 0; status == HSD_OK && i < run->origins.count; i++) {
        const hsd_origin *o = &run->origins.origins[i];
        const hsd_origin_result *result = hsd_run_result(run, 0, i);
        hsd_row r = {.count = 0};
        hsd_row_text(&r, o->id);
        hsd_row_text(&r, o->name);
        hsd_row_text(&r, o->name_en[0] ? o->name_en : NULL);
        hsd_row_int(&r, (int64_t)o->gate_count);
        size_t shown, joined = gates_joined(o, result, &shown);
        char some[64];
        snprintf(some, sizeof some, "%zu of %zu gates joined", joined, o->gate_count);
        hsd_row_text(&r, !result->ok ? result->why : joined < o->gate_count ? some : "ok");
        hsd_geometry point = {0};
        bool drawn = o->gate_count && fabs(o->gates[shown].at.lon) <= 180 &&
                     fabs(o->gates[shown].at.lat) <= 90;
        if (drawn) point = hsd_point_geometry(&o->gates[shown].at);
        status = hsd_row_write(file, &r, drawn ? &point : NULL, err);
    }
    return status;
}

static hsd_status snap_row(hsd_dataset *file, const hsd_circle_run *run, const char *role,
                           const char *id, const char *profile, size_t gate, hsd_snap_reason reason,
                           uint32_t feet, const hsd_foot *nearest, hsd_lonlat from, hsd_lonlat to,
                           hsd_error *err) {
    hsd_row r = {.count = 0};
    hsd_row_key(&r, hsd_asprintf(err, "%s/%s/%s/%zu", role, id, profile, gate + 1));
    hsd_row_text(&r, role);
    hsd_row_text(&r, id);
    hsd_row_text(&r, profile);
    hsd_row_text(&r, hsd_snap_reason_text(reason));
    hsd_row_int(&r, feet);
    hsd_lonlat ends[2] = {from, to};
    size_t ring = 2;
    hsd_geometry line = {HSD_GEOMETRY_LINE, 2, 1, 0, ends, &ring, NULL};
    if (reason != HSD_SNAP_OK) {
        for (int i = 0; i < 4; i++) hsd_row_null(&r);
        return hsd_row_write(file, &r, NULL, err);
    }
    const hsd_network *net = run->network;
    bool edge = nearest->edge != HSD_NO_EDGE;
    hsd_row_real(&r, nearest->leg_m);
    hsd_row_minutes(&r, nearest->leg_ms);
    hsd_row_text(&r, edge ? net->classes[net->edges[nearest->edge].class_id] : "node");
    hsd_row_int(&r,
                edge ? net->edges[nearest->edge].source_id : net->vertex_source[nearest->vertex]);
    return hsd_row_write(file, &r, &line, err);
}

static hsd_status snap_zones(hsd_dataset *file, const hsd_circle_run *run, size_t p,
                             hsd_error *err) {
    const hsd_zone_set *set = run->profiles[p].zones;
    hsd_status status = HSD_OK;
    for (size_t z = 0; status == HSD_OK && z < run->zones.place_count; z++) {
        const hsd_place *place = &run->zones.places[z];
        const hsd_feet *feet = hsd_zone_set_feet(set, z);
        hsd_snap_reason reason = hsd_zone_set_reason(set, z);
        hsd_foot nearest = {0};
        hsd_lonlat from = {0}, to = {0};
        if (reason == HSD_SNAP_OK && feet->count) {
            nearest = feet->feet[0];
            for (size_t i = 1; i < feet->count; i++)
                if (feet->feet[i].leg_ms < nearest.leg_ms) nearest = feet->feet[i];
            to = hsd_locator_foot_point(run->profiles[p].locator, &nearest);
            status = hsd_geometry_point(&place->geometry, &from, err);
        }
        if (status == HSD_OK)
            status = snap_row(file, run, "zone", place->id, run->profiles[p].name, 0, reason,
                              (uint32_t)feet->count, &nearest, from, to, err);
    }
    return status;
}

static hsd_status write_snap(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "role/point/profile/gate");
    hsd_fields_add(&f, "role", HSD_FIELD_TEXT, "origin or zone");
    hsd_fields_add(&f, "point_id", HSD_FIELD_TEXT, "id of the origin or zone");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(&f, "status", HSD_FIELD_TEXT, "ok, or why it did not join");
    hsd_fields_add(&f, "joined", HSD_FIELD_INT, "edges or nodes it joined");
    hsd_fields_add(&f, "leg_m", HSD_FIELD_REAL, "straight leg to the nearest of them, metres");
    hsd_fields_add(&f, "leg_min", HSD_FIELD_REAL, "minutes of that leg");
    hsd_fields_add(&f, "road_class", HSD_FIELD_TEXT, "class of the edge, or node");
    hsd_fields_add(&f, "source_id", HSD_FIELD_INT, "id of the way or node in the source");
    hsd_style_set style;
    hsd_style_plain(&style, HSD_LOOK_LINE, HSD_COLOUR_SNAP,
                    hsd_word_text(HSD_WORD_SNAP, run->lang));
    hsd_status status =
        hsd_layer_start(file, run, "snap", HSD_WORD_SNAP, HSD_GEOMETRY_LINE, &f, &style.style, true,
                        "What each point joined, how far, or why not", err);
    for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
        for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
            const hsd_origin *origin = &run->origins.origins[o];
            const hsd_origin_result *result = hsd_run_result(run, p, o);
            for (size_t g = 0; status == HSD_OK && result->joined && g < origin->gate_count; g++) {
                const hsd_joined *j = &result->joined[g];
                status = snap_row(file, run, "origin", origin->id, run->profiles[p].name, g,
                                  j->reason, j->feet, &j->nearest, origin->gates[g].at, j->at, err);
            }
        }
        if (status == HSD_OK && run->profiles[p].zones) status = snap_zones(file, run, p, err);
    }
    return status;
}

/* ---- zones, od_times ---- */

static hsd_status write_zones(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    const hsd_place_table *zones = &run->zones;
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "zone");
    hsd_fields_add(&f, "name", HSD_FIELD_TEXT, "name");
    hsd_fields_add(&f, "name_en", HSD_FIELD_TEXT, "English name");
    hsd_fields_masses(&f, zones);
    hsd_fields_add(&f, "time_min", HSD_FIELD_REAL, "minutes to the nearest origin, first profile");
    hsd_fields_add(&f, "nearest_id", HSD_FIELD_TEXT, "that origin; ties: the first");
    hsd_fields_add(&f, "within_min", HSD_FIELD_REAL, "smallest cut-off it lies within, minutes");
    double cutoffs[HSD_STYLE_CLASSES_MAX];
    size_t shown = hsd_cutoffs_shown(run, cutoffs);
    hsd_geometry_type type = HSD_GEOMETRY_POINT;
    for (size_t z = 0; z < zones->place_count; z++)
        if (!zones->places[z].fault) type = zones->places[z].geometry.type;
    hsd_style_set style;
    hsd_style_by_cutoff(&style, type == HSD_GEOMETRY_POINT ? HSD_LOOK_POINT : HSD_LOOK_FILL,
                        "time_min", cutoffs, shown, hsd_word_text(HSD_WORD_MINUTES, run->lang));
    hsd_status status =
        hsd_layer_start(file, run, "zones", HSD_WORD_ZONES, type, &f, &style.style, false,
                        "Time of each zone's point from (or to) the nearest origin", err);
    for (size_t z = 0; status == HSD_OK && z < zones->place_count; z++) {
        const hsd_place *place = &zones->places[z];
        uint32_t best = HSD_UNREACHABLE;
        const char *nearest = NULL;
        for (size_t o = 0; o < run->origins.count; o++) {
            const hsd_origin_result *result = hsd_run_result(run, 0, o);
            if (!result->ok || result->zones[z].point_ms >= best) continue;
            best = result->zones[z].point_ms;
            nearest = run->origins.origins[o].id;
        }
        hsd_row r = {.count = 0};
        hsd_row_text(&r, place->id);
        hsd_row_text(&r, place->name);
        hsd_row_text(&r, place->name_en[0] ? place->name_en : NULL);
        for (size_t m = 0; m < zones->mass_count; m++) hsd_row_real(&r, place->masses[m]);
        hsd_row_minutes(&r, best);
        hsd_row_text(&r, nearest);
        size_t c = 0;
        while (c < run->cutoff_count && best > run->cutoffs_ms[c]) c++;
        if (c < run->cutoff_count)
            hsd_row_real(&r, hsd_cutoff_minutes(run, c));
        else
            hsd_row_null(&r);
        status = hsd_row_write(file, &r, place->fault ? NULL : &place->geometry, err);
    }
    return status;
}

static hsd_status write_od_times(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(&f, "from_id", HSD_FIELD_TEXT, "from");
    hsd_fields_add(&f, "to_id", HSD_FIELD_TEXT, "to");
    hsd_fields_add(&f, "from_name", HSD_FIELD_TEXT, "from");
    hsd_fields_add(&f, "to_name", HSD_FIELD_TEXT, "to");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(&f, "time_min", HSD_FIELD_REAL,
                   "minutes door to door; empty: beyond the largest cut-off");
    hsd_fields_add(&f, "mean_min", HSD_FIELD_REAL, "mean over the zone's land sub-points, minutes");
    hsd_status status =
        hsd_layer_start(file, run, "od_times", HSD_WORD_OD_TIMES, HSD_GEOMETRY_NONE, &f, NULL, true,
                        "Travel times between origins and zones", err);
    int64_t id = 0;
    bool to = run->request->direction == HSD_TO;
    for (size_t p = 0; p < run->profile_count; p++)
        for (size_t o = 0; o < run->origins.count; o++) {
            const hsd_origin *origin = &run->origins.origins[o];
            const hsd_origin_result *result = hsd_run_result(run, p, o);
            const char *name = hsd_shown_name(origin->name, origin->name_en, run->lang);
            for (size_t z = 0; status == HSD_OK && result->ok && z < run->zones.place_count; z++) {
                const hsd_place *zone = &run->zones.places[z];
                const char *zone_name = hsd_shown_name(zone->name, zone->name_en, run->lang);
                hsd_row r = {.count = 0};
                hsd_row_int(&r, ++id);
                hsd_row_text(&r, to ? zone->id : origin->id);
                hsd_row_text(&r, to ? origin->id : zone->id);
                hsd_row_text(&r, to ? zone_name : name);
                hsd_row_text(&r, to ? name : zone_name);
                hsd_row_text(&r, run->profiles[p].name);
                hsd_row_minutes(&r, result->zones[z].point_ms);
                hsd_row_minutes(&r, result->zones[z].mean_ms);
                status = hsd_row_write(file, &r, NULL, err);
            }
        }
    return status;
}

/* ---- reached edges and nodes ---- */

typedef struct edge_writer {
    hsd_dataset *file;
    const hsd_circle_run *run;
    const char *profile;
    size_t origin; /* SIZE_MAX: the piece's own */
    int64_t id;
} edge_writer;

static hsd_status write_piece(void *context, const hsd_piece *piece, hsd_error *err) {
    edge_writer *w = context;
    const hsd_network *net = w->run->network;
    const hsd_edge *edge = &net->edges[piece->edge];
    size_t origin = w->origin == SIZE_MAX ? piece->origin : w->origin;
    hsd_geometry line;
    hsd_status status = hsd_piece_geometry(net, piece, &line, err);
    if (status != HSD_OK) return status;
    hsd_row r = {.count = 0};
    hsd_row_int(&r, ++w->id);
    hsd_row_text(&r, w->run->origins.origins[origin].id);
    hsd_row_text(&r, w->profile);
    hsd_row_int(&r, edge->source_id);
    hsd_row_text(&r, net->classes[edge->class_id]);
    hsd_row_text(&r, edge->name ? net->strings + edge->name : NULL);
    hsd_row_minutes(&r, piece->in_ms);
    hsd_row_minutes(&r, piece->out_ms);
    hsd_row_real(&r, fabs(piece->out_m - piece->in_m));
    hsd_row_int(&r, piece->may_stop);
    hsd_row_int(&r, piece->whole);
    status = hsd_row_write(w->file, &r, &line, err);
    hsd_geometry_finish(&line);
    return status;
}

/* Trees are grown again here, one after the other: cheaper than keeping every origin's pieces. */
static hsd_status write_edges_of(edge_writer *w, size_t p, hsd_error *err) {
    const hsd_circle_run *run = w->run;
    const hsd_profile_run *profile = &run->profiles[p];
    uint32_t limit = run->cutoffs_ms[run->cutoff_count - 1];
    bool nearest = run->edges == HSD_EDGES_NEAREST;
    hsd_tree *tree = NULL;
    hsd_allocation *allocation = NULL;
    hsd_status status = hsd_tree_create(profile->locator, &tree, err);
    if (status == HSD_OK && nearest)
        status = hsd_allocation_create(profile->locator, &allocation, err);
    for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
        const hsd_origin_result *result = hsd_run_result(run, p, o);
        if (!result->ok) continue;
        status = hsd_tree_grow(tree, run->request->direction, result->seeds, result->seed_count,
                               limit, err);
        w->origin = o;
        if (status == HSD_OK)
            status = nearest ? hsd_allocation_add(allocation, tree, (uint32_t)o, err)
                             : hsd_tree_pieces(tree, limit, write_piece, w, err);
        if (status == HSD_OK)
            status = hsd_progress(run->run, "reached edges",
                                  (double)(o + 1) / (double)run->origins.count, err);
    }
    w->origin = SIZE_MAX;
    if (status == HSD_OK && nearest)
        status = hsd_allocation_pieces(allocation, limit, write_piece, w, err);
    hsd_allocation_destroy(allocation);
    hsd_tree_destroy(tree);
    return status;
}

static hsd_status write_edges(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "piece");
    hsd_fields_add(&f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(&f, "source_id", HSD_FIELD_INT, "id of the way in the source");
    hsd_fields_add(&f, "road_class", HSD_FIELD_TEXT, "class");
    hsd_fields_add(&f, "name", HSD_FIELD_TEXT, "name");
    hsd_fields_add(&f, "time_in_min", HSD_FIELD_REAL, "minutes where travel enters the piece");
    hsd_fields_add(&f, "time_out_min", HSD_FIELD_REAL,
                   "minutes where travel leaves it, or the cut-off ends it");
    hsd_fields_add(&f, "length_m", HSD_FIELD_REAL, "length, metres");
    hsd_fields_add(&f, "may_stop", HSD_FIELD_BOOL, "the mode may stop here");
    hsd_fields_add(&f, "whole", HSD_FIELD_BOOL, "not cut by the time limit");
    double cutoffs[HSD_STYLE_CLASSES_MAX];
    size_t shown = hsd_cutoffs_shown(run, cutoffs);
    hsd_style_set style;
    hsd_style_by_cutoff(&style, HSD_LOOK_LINE,
                        run->request->direction == HSD_TO ? "time_in_min" : "time_out_min", cutoffs,
                        shown, hsd_word_text(HSD_WORD_MINUTES, run->lang));
    hsd_status status = hsd_layer_start(file, run, "reached_edges", HSD_WORD_REACHED_EDGES,
                                        HSD_GEOMETRY_LINE, &f, &style.style, false,
                                        "Streets reached, each piece cut where the time ends", err);
    edge_writer w = {.file = file, .run = run};
    for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
        w.profile = run->profiles[p].name;
        status = write_edges_of(&w, p, err);
    }
    return status;
}

static hsd_status node_rows(hsd_dataset *file, const hsd_circle_run *run, size_t p, size_t o,
                            const hsd_tree *tree, int64_t *id, hsd_error *err) {
    const hsd_network *net = run->network;
    hsd_status status = HSD_OK;
    for (uint32_t v = 0; status == HSD_OK && v < net->vertex_count; v++) {
        uint32_t ms = hsd_tree_vertex_ms(tree, v);
        if (ms >= HSD_UNREACHABLE) continue;
        hsd_row r = {.count = 0};
        hsd_row_int(&r, ++*id);
        hsd_row_text(&r, run->origins.origins[o].id);
        hsd_row_text(&r, run->profiles[p].name);
        hsd_row_int(&r, net->vertex_source[v]);
        hsd_row_int(&r, ms);
        hsd_row_real(&r, net->vertex_point[v].lon_e7 / 1e7);
        hsd_row_real(&r, net->vertex_point[v].lat_e7 / 1e7);
        hsd_lonlat at = {net->vertex_point[v].lon_e7 / 1e7, net->vertex_point[v].lat_e7 / 1e7};
        hsd_geometry point = hsd_point_geometry(&at);
        status = hsd_row_write(file, &r, &point, err);
    }
    return status;
}

static hsd_status write_nodes(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(&f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(&f, "source_id", HSD_FIELD_INT, "id of the node in the source");
    hsd_fields_add(&f, "time_ms", HSD_FIELD_INT, "milliseconds, exact");
    hsd_fields_add(&f, "lon", HSD_FIELD_REAL, "longitude");
    hsd_fields_add(&f, "lat", HSD_FIELD_REAL, "latitude");
    hsd_status status =
        hsd_layer_start(file, run, "reached_nodes", HSD_WORD_REACHED_NODES, HSD_GEOMETRY_POINT, &f,
                        NULL, true, "Junctions of the mode's graph with their exact times", err);
    uint32_t limit = run->cutoffs_ms[run->cutoff_count - 1];
    int64_t id = 0;
    for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
        hsd_tree *tree;
        status = hsd_tree_create(run->profiles[p].locator, &tree, err);
        for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
            const hsd_origin_result *result = hsd_run_result(run, p, o);
            if (!result->ok) continue;
            status = hsd_tree_grow(tree, run->request->direction, result->seeds, result->seed_count,
                                   limit, err);
            if (status == HSD_OK) status = node_rows(file, run, p, o, tree, &id, err);
        }
        if (tree) hsd_tree_destroy(tree);
    }
    return status;
}

/* ---- The file
 * -------------------------------------------------------------------------------------------------
 */

static hsd_status write_layers(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_status status = write_origins(file, run, err);
    if (status == HSD_OK && r->zones) status = write_zones(file, run, err);
    if (status == HSD_OK) status = write_snap(file, run, err);
    if (status == HSD_OK && r->nodes) status = write_nodes(file, run, err);
    if (status == HSD_OK && run->edges != HSD_EDGES_NONE) status = write_edges(file, run, err);
    if (status == HSD_OK) status = hsd_write_circles(file, run, err);
    if (status == HSD_OK && r->bands) status = hsd_write_bands(file, run, err);
    if (status == HSD_OK && r->hinterland) status = hsd_write_hinterland(file, run, err);
    if (status == HSD_OK && r->overlap) status = hsd_write_overlap(file, run, err);
    if (status == HSD_OK && r->zones) status = write_od_times(file, run, err);
    return status;
}

hsd_status hsd_circle_begin(hsd_circle_run *run, hsd_error *err) {
    char title[256];
    hsd_circle_title(run, title, sizeof title);
    hsd_dataset_options options = {.format = run->request->format,
                                   .overwrite = run->request->overwrite,
                                   .title = title,
                                   .provenance = run->record};
    return hsd_dataset_create(run->request->output, &options, &run->file, err);
}

hsd_status hsd_circle_write(const hsd_circle_run *run, hsd_error *err) {
    hsd_status status = write_layers(run->file, run, err);
    return status == HSD_OK ? hsd_dataset_commit(run->file, err) : status;
}
