/* Layers of comparisons by timetable alone: lines and stations, where the proposals' trains run and
 * stop, with what each row did to the timetable; legs, trips before and after. */
#include <string.h>

#include "base/memory.h"
#include "study/scene_tree.h"
#include "study/transit_layers.h"

/* A ranking has no scenarios but sets. */
static bool has_scenarios(const hsd_compare_run *run) {
    return run->scene_count > 1;
}

static void rail_fields(const hsd_compare_run *run, hsd_fields *f) {
    hsd_fields_add(f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(f, "name", HSD_FIELD_TEXT, "name, else that of its proposal");
    hsd_fields_add(f, "proposal", HSD_FIELD_TEXT, "proposal");
    if (has_scenarios(run))
        hsd_fields_add(f, "scenarios", HSD_FIELD_TEXT, "scenarios that have it");
    hsd_fields_add(f, "layer", HSD_FIELD_TEXT, "layer of the proposals file");
    hsd_fields_add(f, "feature_id", HSD_FIELD_INT, "feature in that layer");
    hsd_fields_add(f, "what", HSD_FIELD_TEXT, "what it did, in words");
}

static hsd_status rail_row(hsd_dataset *file, const hsd_compare_run *run, const hsd_edit *edit,
                           int64_t id, hsd_error *err) {
    const char *proposal = run->proposals.proposals[edit->proposal].name;
    char *scenarios = hsd_compare_scenarios(run, edit->proposal, err);
    if (!scenarios) return HSD_E_MEMORY;
    hsd_row r = {.count = 0};
    hsd_row_int(&r, id);
    hsd_row_text(&r, edit->name && edit->name[0] ? edit->name : proposal);
    hsd_row_text(&r, proposal);
    if (has_scenarios(run)) hsd_row_text(&r, scenarios);
    hsd_row_text(&r, hsd_proposal_layer_name(edit->layer));
    hsd_row_int(&r, edit->feature_id);
    hsd_row_text(&r, edit->what);
    hsd_status status = hsd_row_write(file, &r, &edit->geometry, err);
    hsd_free(scenarios);
    return status;
}

static hsd_status write_kind(hsd_dataset *file, const hsd_compare_run *run, bool lines,
                             hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    const hsd_geometry_type type = lines ? HSD_GEOMETRY_LINE : HSD_GEOMETRY_POINT;
    const hsd_word word = lines ? HSD_WORD_LINES : HSD_WORD_STATIONS;
    hsd_fields f = {.count = 0};
    hsd_style_set style;
    rail_fields(run, &f);
    hsd_style_plain(&style, lines ? HSD_LOOK_LINE : HSD_LOOK_POINT, HSD_COLOUR_LINK,
                    hsd_word_text(word, c->lang));
    if (lines) style.style.width_mm = 1;
    style.style.label_field = "name";
    hsd_status status = hsd_layer_start(
        file, c, lines ? "lines" : "stations", word, type, &f, &style.style, false,
        lines ? "Lines of the proposals, as their trains run" : "Stations of the proposals", err);
    int64_t id = 0;
    for (size_t e = 0; status == HSD_OK && e < run->rail.edit_count; e++) {
        const hsd_edit *edit = &run->rail.edits[e];
        if (edit->geometry.type == type && edit->geometry.point_count)
            status = rail_row(file, run, edit, ++id, err);
    }
    return status;
}

hsd_status hsd_write_rail(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    hsd_status status = write_kind(file, run, false, err);
    return status == HSD_OK ? write_kind(file, run, true, err) : status;
}

/* ---- legs ---- */

static bool asked_of(const hsd_circle_run *c, const hsd_origin *origin) {
    hsd_leg_ask ask;
    bool asked = false;
    for (size_t i = 0; i < c->request->leg_count; i++)
        asked = asked || (hsd_leg_ask_parse(c->request->legs[i], &ask, NULL) == HSD_OK &&
                          strcmp(ask.origin, origin->id) == 0);
    return asked;
}

static hsd_status legs_of_scene(const hsd_leg_writer *w, const hsd_compare_run *run, size_t s,
                                hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    hsd_scene_tree *tree = NULL;
    hsd_status status = hsd_scene_tree_create(run, hsd_scene_of(run, 0, s), &tree, err);
    for (size_t o = 0; status == HSD_OK && o < c->origins.count; o++) {
        if (!hsd_run_result(c, 0, o)->ok || !asked_of(c, &c->origins.origins[o])) continue;
        status = hsd_scene_grow_origin(tree, o, NULL, err);
        if (status == HSD_OK) status = hsd_legs_of_origin(w, &tree->rides, o, err);
    }
    hsd_scene_tree_destroy(tree);
    return status;
}

hsd_status hsd_write_compare_legs(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    hsd_leg_writer w = {.file = file, .run = &run->circle, .scenario = ""};
    hsd_status status = hsd_legs_start(&w, err);
    for (size_t s = 0; status == HSD_OK && s < run->scene_count; s++) {
        w.scenario = hsd_scene_name(run, s);
        status = legs_of_scene(&w, run, s, err);
    }
    return status;
}
