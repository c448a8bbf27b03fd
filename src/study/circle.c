/* circle: the order of a circle run. Everything that can be wrong is found before the first search;
 * outputs appear when all is computed, each whole: the result file, then the raster, the picture.
 */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "study/circle_run.h"
#include "study/words.h"

/* ---- The record ---- */

/* How a layer of places was read; nothing for one that was not. */
static void record_fields(hsd_provenance *p, const char *role, const hsd_place_fields *f,
                          const char *path) {
    if (!path) return;
    hsd_json *j = &p->configuration;
    hsd_json_key(j, role);
    hsd_json_open(j, '{');
    hsd_provenance_text(p, "layer", f->layer);
    hsd_provenance_text(p, "id", f->id);
    hsd_provenance_text(p, "name", f->name);
    hsd_provenance_text(p, "encoding", f->encoding);
    hsd_provenance_text(p, "assume_crs", f->assume_crs);
    hsd_json_key(j, "masses");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < f->mass_count; i++) hsd_json_string(j, f->masses[i]);
    hsd_json_close(j);
    hsd_json_close(j);
}

void hsd_circle_record(const hsd_circle_run *run, hsd_provenance *p) {
    static const char *const edges[] = {"auto", "none", "nearest", "each"};
    static const char *const at[] = {"centroid", "weighted", "gates"};
    const hsd_circle_request *r = run->request;
    hsd_json *j = &p->configuration;
    hsd_json_key(j, "points");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < r->point_count; i++) {
        hsd_json_open(j, '[');
        hsd_json_number(j, r->points[i].lon);
        hsd_json_number(j, r->points[i].lat);
        hsd_json_close(j);
    }
    hsd_json_close(j);
    hsd_json_key(j, "minutes");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < run->cutoff_count; i++) hsd_json_number(j, run->cutoffs_ms[i] / 60000.0);
    hsd_json_close(j);
    hsd_json_key(j, "profiles");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < run->profile_count; i++) hsd_json_string(j, run->profiles[i].name);
    hsd_json_close(j);
    hsd_provenance_text(p, "mode", run->profiles[0].mode);
    record_fields(p, "origin", &r->origin_fields, r->origins);
    record_fields(p, "population", &r->population_fields, r->population);
    record_fields(p, "zone", &r->zone_fields, r->zones);
    hsd_provenance_text(p, "assume_crs", r->assume_crs);
    hsd_provenance_text(p, "direction", r->direction == HSD_TO ? "to" : "from");
    hsd_provenance_text(p, "edges", edges[run->edges]);
    hsd_provenance_text(p, "origin_at", at[r->origin_at]);
    hsd_provenance_text(p, "gate_of", r->gate_of);
    hsd_provenance_flag(p, "bands", r->bands);
    hsd_provenance_flag(p, "hinterland", r->hinterland);
    hsd_provenance_flag(p, "overlap", r->overlap);
    hsd_provenance_flag(p, "nodes", r->nodes);
    if (r->min_component_percent != 0) /* else by the rule of legs: methods.md, 4 */
        hsd_provenance_number(p, "min_component_percent", fmax(0, r->min_component_percent));
    hsd_provenance_number(p, "cell_m", run->cell_m);
    hsd_provenance_number(p, "max_vertices", r->max_vertices ? r->max_vertices : 2000);
    hsd_provenance_text(p, "title", r->title);
    hsd_provenance_text(p, "lang", run->lang);
    hsd_json_key(j, "masses");
    hsd_json_open(j, '[');
    for (size_t i = 0; i < run->population.mass_count; i++)
        hsd_json_string(j, run->population.mass_names[i]);
    hsd_json_close(j);
}

hsd_status hsd_circle_record_inputs(const hsd_circle_run *run, hsd_provenance *p, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_status status = hsd_provenance_network(p, r->network, &run->info, err);
    if (status == HSD_OK) status = hsd_provenance_input(p, "origins", r->origins, err);
    if (status == HSD_OK) status = hsd_provenance_input(p, "gates", r->gates, err);
    if (status == HSD_OK) status = hsd_provenance_input(p, "zones", r->zones, err);
    if (status == HSD_OK) status = hsd_provenance_input(p, "population", r->population, err);
    if (status == HSD_OK) status = hsd_provenance_input(p, "barriers", r->barriers, err);
    return status;
}

static hsd_status make_record(hsd_circle_run *run, hsd_error *err) {
    hsd_provenance p;
    hsd_provenance_init(&p, "circle");
    hsd_circle_record(run, &p);
    hsd_status status = hsd_circle_record_inputs(run, &p, err);
    if (status == HSD_OK) {
        run->record = hsd_provenance_json(&p, err);
        if (!run->record) status = HSD_E_MEMORY;
    }
    hsd_provenance_finish(&p);
    return status;
}

/* ---- The run ---- */

void hsd_circle_title(const hsd_circle_run *run, char *buffer, size_t size) {
    const hsd_circle_request *r = run->request;
    bool to = r->direction == HSD_TO;
    if (r->title) {
        snprintf(buffer, size, "%s", r->title);
    } else if (run->origins.count == 1) {
        const hsd_origin *o = &run->origins.origins[0];
        snprintf(buffer, size,
                 hsd_word_text(to ? HSD_WORD_TITLE_TO : HSD_WORD_TITLE_FROM, run->lang),
                 hsd_shown_name(o->name, o->name_en, run->lang));
    } else {
        snprintf(buffer, size,
                 hsd_word_text(to ? HSD_WORD_TITLE_MANY_TO : HSD_WORD_TITLE_MANY_FROM, run->lang),
                 run->origins.count);
    }
}

hsd_status hsd_circle_all_failed(const hsd_circle_run *run, hsd_error *err) {
    const hsd_origin_result *first = hsd_run_result(run, 0, 0);
    for (size_t p = 0; p < run->profile_count; p++)
        for (size_t o = 0; o < run->origins.count; o++)
            if (hsd_run_result(run, p, o)->ok) return HSD_OK;
    if (run->origins.count == 1)
        return hsd_fail(err, HSD_E_FORMAT, "origin %s: %s", run->origins.origins[0].name,
                        first->why);
    return hsd_fail(err, HSD_E_FORMAT, "none of %zu origins joins the network; the first, %s: %s",
                    run->origins.count, run->origins.origins[0].name, first->why);
}

static hsd_status execute(hsd_circle_run *run, hsd_error *err) {
    const hsd_circle_request *r = run->request;
    hsd_status status = hsd_circle_check(run, err);
    if (status == HSD_OK) status = hsd_circle_read(run, err);
    run->edges = r->edges;
    if (run->edges == HSD_EDGES_AUTO)
        run->edges = run->origins.count > 1 ? HSD_EDGES_NEAREST : HSD_EDGES_EACH;
    if (status == HSD_OK) status = make_record(run, err);
    if (status == HSD_OK) status = hsd_circle_begin(run, err);
    if (status == HSD_OK) status = hsd_circle_compute(run, err);
    if (status == HSD_OK) status = hsd_circle_all_failed(run, err);
    if (status == HSD_OK) status = hsd_circle_write(run, err);
    if (status == HSD_OK && r->raster) status = hsd_circle_write_raster(run, err);
    if (status == HSD_OK && r->map) status = hsd_circle_draw(run, err);
    return status;
}

hsd_status hsd_study_circle(const hsd_circle_request *request, const hsd_run *run,
                            hsd_circle_report *out, hsd_error *err) {
    *out = (hsd_circle_report){0};
    hsd_circle_run circle = {
        .request = request, .run = run, .lang = request->lang ? request->lang : "en"};
    hsd_status status = execute(&circle, err);
    if (status == HSD_OK) status = hsd_circle_report_make(&circle, out, err);
    hsd_circle_run_finish(&circle);
    return status;
}
