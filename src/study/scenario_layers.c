/* Layers edits and snap of runs with proposals. Edits of lines and of polygons go to layers of
 * their own: a layer has one type of geometry. */
#include "study/scenario_layers.h"

#include "net/network.h"
#include "study/rows.h"

/* ---- edits ---- */

static void edit_fields(hsd_fields *f) {
    hsd_fields_add(f, "id", HSD_FIELD_TEXT, "layer/feature/part of the proposals file");
    hsd_fields_add(f, "proposal", HSD_FIELD_TEXT, "proposal");
    hsd_fields_add(f, "layer", HSD_FIELD_TEXT, "layer of the proposals file");
    hsd_fields_add(f, "feature_id", HSD_FIELD_INT, "feature in that layer");
    hsd_fields_add(f, "name", HSD_FIELD_TEXT, "name");
    hsd_fields_add(f, "what", HSD_FIELD_TEXT, "what the edit did, in words");
    hsd_fields_add(f, "length_km", HSD_FIELD_REAL, "of the link, or of the roads changed, km");
    hsd_fields_add(f, "forward_min", HSD_FIELD_REAL, "minutes of a link as drawn; empty: closed");
    hsd_fields_add(f, "backward_min", HSD_FIELD_REAL, "minutes the other way; empty: closed");
    hsd_fields_add(f, "edges_split", HSD_FIELD_INT, "roads a link joins between their ends");
    hsd_fields_add(f, "ends_joined", HSD_FIELD_INT, "ends and junction points of a link that join");
    hsd_fields_add(f, "components_joined", HSD_FIELD_INT, "parts of the network it connects");
    hsd_fields_add(f, "crossings", HSD_FIELD_INT, "roads a link crosses without joining them");
    hsd_fields_add(f, "edges_closed", HSD_FIELD_INT, "roads closed");
    hsd_fields_add(f, "edges_changed", HSD_FIELD_INT, "roads with other times");
    hsd_fields_add(f, "arcs_changed", HSD_FIELD_INT, "arcs of the graph with other times");
    hsd_fields_add(f, "edge_ids", HSD_FIELD_TEXT, "ids of roads closed or changed, the first 100");
}

static void rail_fields(hsd_fields *f) {
    hsd_fields_add(f, "stops_added", HSD_FIELD_INT, "stops that were not there");
    hsd_fields_add(f, "trips_added", HSD_FIELD_INT, "trips that did not run");
    hsd_fields_add(f, "trips_changed", HSD_FIELD_INT, "trips with other times or calls");
    hsd_fields_add(f, "trips_removed", HSD_FIELD_INT, "trips that run no more");
    hsd_fields_add(f, "commercial_ratio", HSD_FIELD_REAL,
                   "of a new line: commercial speed over design speed");
}

static hsd_status write_edit(hsd_dataset *file, const hsd_edit_lists *edits, const hsd_edit *e,
                             hsd_geometry_type type, hsd_error *err) {
    const char *layer = hsd_proposal_layer_name(e->layer);
    hsd_row r = {.count = 0};
    hsd_row_key(&r, hsd_asprintf(err, "%s/%lld/%u", layer, (long long)e->feature_id, e->part));
    hsd_row_text(&r, edits->table->proposals[e->proposal].name);
    hsd_row_text(&r, layer);
    hsd_row_int(&r, e->feature_id);
    hsd_row_text(&r, e->name && e->name[0] ? e->name : NULL);
    hsd_row_text(&r, e->what);
    hsd_row_real(&r, e->length_km);
    hsd_row_real(&r, e->forward_min);
    hsd_row_real(&r, e->backward_min);
    const uint32_t counts[] = {e->edges_split, e->ends_joined,  e->components_joined,
                               e->crossings,   e->edges_closed, e->edges_changed,
                               e->arcs_changed};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) hsd_row_int(&r, counts[i]);
    hsd_row_text(&r, e->edge_ids && e->edge_ids[0] ? e->edge_ids : NULL);
    if (edits->rail) {
        const uint32_t rail[] = {e->stops_added, e->trips_added, e->trips_changed,
                                 e->trips_removed};
        for (size_t i = 0; i < sizeof rail / sizeof rail[0]; i++) hsd_row_int(&r, rail[i]);
        hsd_row_real(&r, e->commercial_ratio);
    }
    const bool drawn = e->geometry.point_count && e->geometry.type == type;
    return hsd_row_write(file, &r, drawn ? &e->geometry : NULL, err);
}

/* In a list before that one: resolved for another profile. */
static bool shown_already(const hsd_edit_lists *edits, size_t list, const hsd_edit *e) {
    for (size_t l = 0; l < list; l++)
        for (size_t i = 0; i < edits->counts[l]; i++) {
            const hsd_edit *other = &edits->lists[l][i];
            if (other->layer == e->layer && other->feature_id == e->feature_id &&
                other->part == e->part)
                return true;
        }
    return false;
}

static bool is_area(const hsd_edit *edit) {
    return edit->geometry.type == HSD_GEOMETRY_POLYGON;
}

static hsd_status write_edits_of(hsd_dataset *file, const hsd_edit_lists *edits, bool areas,
                                 const char *lang, hsd_error *err) {
    hsd_fields f = {.count = 0};
    edit_fields(&f);
    if (edits->rail) rail_fields(&f);
    hsd_style_set style;
    hsd_style_plain(&style, areas ? HSD_LOOK_FILL : HSD_LOOK_LINE,
                    areas ? hsd_rgba_alpha(HSD_COLOUR_FAULT, 0x60) : HSD_COLOUR_LINK,
                    hsd_word_text(HSD_WORD_EDITS, lang));
    style.style.width_mm = areas ? 0.4 : 0.9;
    if (!areas) style.style.label_field = "name";
    hsd_layer_spec spec = {.name = areas ? "edits_areas" : "edits",
                           .geometry = areas ? HSD_GEOMETRY_POLYGON : HSD_GEOMETRY_LINE,
                           .fields = f.list,
                           .field_count = f.count,
                           .title =
                               hsd_word_text(areas ? HSD_WORD_EDITS_AREAS : HSD_WORD_EDITS, lang),
                           .description = "What each edit of the proposals did",
                           .style = &style.style};
    hsd_status status = hsd_dataset_layer(file, &spec, err);
    for (size_t l = 0; l < HSD_EDIT_LISTS; l++)
        for (size_t i = 0; status == HSD_OK && i < edits->counts[l]; i++)
            if (is_area(&edits->lists[l][i]) == areas &&
                !shown_already(edits, l, &edits->lists[l][i]))
                status = write_edit(file, edits, &edits->lists[l][i], spec.geometry, err);
    return status;
}

hsd_status hsd_write_edits(hsd_dataset *file, const hsd_edit_lists *edits, const char *lang,
                           hsd_error *err) {
    bool areas = false;
    for (size_t l = 0; l < HSD_EDIT_LISTS; l++)
        for (size_t i = 0; i < edits->counts[l]; i++) areas = areas || is_area(&edits->lists[l][i]);
    hsd_status status = write_edits_of(file, edits, false, lang, err);
    return status == HSD_OK && areas ? write_edits_of(file, edits, true, lang, err) : status;
}

/* ---- snap ---- */

hsd_status hsd_write_link_snap(hsd_dataset *file, const hsd_resolved *resolved, const char *profile,
                               hsd_error *err) {
    const hsd_network *net = resolved->network;
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < resolved->pole_count; i++) {
        const hsd_pole *pole = &resolved->poles[i];
        const char *proposal = resolved->table->proposals[pole->proposal].name;
        hsd_row r = {.count = 0};
        hsd_row_key(&r, hsd_asprintf(err, "link end/%s/%s/%zu", proposal, profile, i + 1));
        hsd_row_text(&r, "link end");
        hsd_row_text(&r, proposal);
        hsd_row_text(&r, profile);
        hsd_row_text(&r, pole->joint_count ? "ok" : "joins other links alone");
        hsd_row_int(&r, pole->joint_count);
        if (pole->joint_count == 0) {
            for (int k = 0; k < 4; k++) hsd_row_null(&r);
            status = hsd_row_write(file, &r, NULL, err);
            continue;
        }
        const hsd_joint *joint = &resolved->joints[pole->first_joint];
        bool edge = joint->edge != UINT32_MAX;
        hsd_row_real(&r, joint->gap_m);
        hsd_row_minutes(&r, joint->enter_ms < joint->exit_ms ? joint->enter_ms : joint->exit_ms);
        hsd_row_text(&r, edge ? net->classes[net->edges[joint->edge].class_id] : "node");
        hsd_row_int(&r,
                    edge ? net->edges[joint->edge].source_id : net->vertex_source[joint->vertex]);
        hsd_lonlat ends[2] = {pole->at, joint->at};
        size_t ring = 2;
        hsd_geometry line = {HSD_GEOMETRY_LINE, 2, 1, 0, ends, &ring, NULL};
        status = hsd_row_write(file, &r, &line, err);
    }
    return status;
}
