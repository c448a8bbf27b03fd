/* Layer reached_edges: the exact result, each piece cut where the time ends. */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "net/network.h"
#include "study/transit_layers.h"

hsd_status hsd_edges_piece(void *context, const hsd_piece *piece, hsd_error *err) {
    hsd_edge_writer *w = context;
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
    hsd_row_percentile(&r, w->run, w->profile);
    if (w->scenario) hsd_row_text(&r, w->scenario);
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
static hsd_status write_edges_of(hsd_edge_writer *w, size_t p, hsd_error *err) {
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
                             : hsd_tree_pieces(tree, limit, hsd_edges_piece, w, err);
        if (status == HSD_OK)
            status = hsd_progress(run->run, "reached edges",
                                  (double)(o + 1) / (double)run->origins.count, err);
    }
    w->origin = SIZE_MAX;
    if (status == HSD_OK && nearest)
        status = hsd_allocation_pieces(allocation, limit, hsd_edges_piece, w, err);
    hsd_allocation_destroy(allocation);
    hsd_tree_destroy(tree);
    return status;
}

/* One origin after the other, so that its trees serve every percentile. */
static hsd_status write_transit_edges(hsd_edge_writer *w, hsd_error *err) {
    const hsd_circle_run *run = w->run;
    hsd_status status = HSD_OK;
    for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
        if (!hsd_run_result(run, 0, o)->ok) continue;
        w->origin = o;
        for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
            w->profile = run->profiles[p].name;
            status = hsd_origin_trees_pieces(run->trees, p, o, hsd_edges_piece, w, err);
        }
        if (status == HSD_OK)
            status = hsd_progress(run->run, "reached edges",
                                  (double)(o + 1) / (double)run->origins.count, err);
    }
    return status;
}

hsd_status hsd_edges_start(hsd_edge_writer *w, hsd_error *err) {
    const hsd_circle_run *run = w->run;
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "piece");
    hsd_fields_add(&f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_percentile(&f, run);
    if (w->scenario) hsd_fields_add(&f, "scenario", HSD_FIELD_TEXT, "scenario");
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
    hsd_percentile_views views;
    hsd_status status = hsd_percentile_views_make(&views, run, HSD_WORD_REACHED_EDGES, err);
    if (status == HSD_OK)
        status = hsd_layer_start_views(w->file, run, "reached_edges", HSD_WORD_REACHED_EDGES,
                                       HSD_GEOMETRY_LINE, &f, &style.style, false,
                                       "Streets reached, each piece cut where the time ends",
                                       views.list, views.count, err);
    hsd_percentile_views_finish(&views);
    return status;
}

hsd_status hsd_write_edges(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_edge_writer w = {.file = file, .run = run};
    hsd_status status = hsd_edges_start(&w, err);
    if (run->transit) return status == HSD_OK ? write_transit_edges(&w, err) : status;
    for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
        w.profile = run->profiles[p].name;
        status = write_edges_of(&w, p, err);
    }
    return status;
}
