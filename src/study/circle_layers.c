/* The result file of a circle run: layers in drawing order, points over lines over areas. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "net/network.h"
#include "study/circle_map.h"
#include "study/output_datum.h"
#include "study/rows.h"

/* ---- zones, od_times ---- */

static const char share_title[] =
    "share of the window's instants at which it is within the largest cut-off";

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
    if (run->transit) hsd_fields_add(&f, "share", HSD_FIELD_REAL, share_title);
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
        double share = 0; /* of the nearest origin; where there is none, the greatest */
        const char *nearest = NULL;
        for (size_t o = 0; o < run->origins.count; o++) {
            const hsd_origin_result *result = hsd_run_result(run, 0, o);
            if (result->window_shares && !nearest) share = fmax(share, result->window_shares[z]);
            if (!result->ok || result->zones[z].point_ms >= best) continue;
            if (result->window_shares) share = result->window_shares[z];
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
        if (run->transit) hsd_row_real(&r, share);
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
    hsd_fields_percentile(&f, run);
    hsd_fields_add(&f, "time_min", HSD_FIELD_REAL,
                   "minutes door to door; empty: beyond the largest cut-off");
    hsd_fields_add(&f, "mean_min", HSD_FIELD_REAL, "mean over the zone's land sub-points, minutes");
    if (run->transit) hsd_fields_add(&f, "share", HSD_FIELD_REAL, share_title);
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
                hsd_row_percentile(&r, run, run->profiles[p].name);
                hsd_row_minutes(&r, result->zones[z].point_ms);
                hsd_row_minutes(&r, result->zones[z].mean_ms);
                if (run->transit) hsd_row_real(&r, hsd_run_result(run, 0, o)->window_shares[z]);
                status = hsd_row_write(file, &r, NULL, err);
            }
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
    hsd_status status = hsd_write_origins(file, run, err);
    if (status == HSD_OK && r->leg_count) status = hsd_write_legs(file, run, err);
    if (status == HSD_OK && r->zones) status = write_zones(file, run, err);
    if (status == HSD_OK) status = hsd_snap_start(file, run, err);
    if (status == HSD_OK) status = hsd_snap_rows(file, run, err);
    if (status == HSD_OK && run->transit) status = hsd_write_stops(file, run, err);
    if (status == HSD_OK && r->nodes) status = write_nodes(file, run, err);
    if (status == HSD_OK && run->edges != HSD_EDGES_NONE) status = hsd_write_edges(file, run, err);
    const hsd_bounds bounds = hsd_circle_bounds(run);
    if (status == HSD_OK && run->transit)
        status = hsd_write_timetable_lines(file, run, &bounds, err);
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
    hsd_status status = hsd_output_datum(run->request->output_datum, run->run, &options, err);
    if (status != HSD_OK) return status;
    return hsd_dataset_create(run->request->output, &options, &run->file, err);
}

hsd_status hsd_circle_write(const hsd_circle_run *run, hsd_error *err) {
    hsd_status status = write_layers(run->file, run, err);
    return status == HSD_OK ? hsd_dataset_commit(run->file, err) : status;
}
