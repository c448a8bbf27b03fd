/* Maps of a result: circles of a run; before and after side by side, for the origin that a scenario
 * changes most; metropolitan circles; members of one by verdict. What is drawn is what the file
 * holds: its polygons, its water, its origins. O(points). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/styles.h"
#include "study/plot_run.h"
#include "study/words.h"

enum { MOST_CUTOFFS = 40 };

typedef struct box {
    double min_lon, min_lat, max_lon, max_lat;
} box;

static const box nothing = {INFINITY, INFINITY, -INFINITY, -INFINITY};

static void stretch(box *b, const hsd_geometry *g) {
    for (size_t i = 0; i < g->point_count; i++) {
        b->min_lon = fmin(b->min_lon, g->points[i].lon);
        b->max_lon = fmax(b->max_lon, g->points[i].lon);
        b->min_lat = fmin(b->min_lat, g->points[i].lat);
        b->max_lat = fmax(b->max_lat, g->points[i].lat);
    }
}

static void set_frame(hsd_map *map, const box *b) {
    const double lon = 0.06 * (b->max_lon - b->min_lon), lat = 0.06 * (b->max_lat - b->min_lat);
    hsd_map_frame(map, b->min_lon - lon, b->min_lat - lat, b->max_lon + lon, b->max_lat + lat);
}

/* ---- Layers that every map has ---- */

static hsd_status add_layer(const hsd_plot_run *run, hsd_map *map, const char *layer,
                            const hsd_map_style *style, const char *label_field, hsd_error *err) {
    hsd_layer_table t;
    if (!hsd_layers_has(run->layers, layer)) return HSD_OK;
    hsd_status status = hsd_layers_read(run->layers, layer, HSD_LAYER_AND_GEOMETRY, &t, err);
    hsd_map_style once = *style;
    for (size_t r = 0; status == HSD_OK && r < t.row_count; r++) {
        if (!t.geometries[r].point_count) continue;
        const char *label = label_field ? hsd_plot_cell(hsd_plot_texts(&t, label_field), r) : "";
        status = hsd_map_add(map, &t.geometries[r], &once, label[0] ? label : NULL, err);
        once.legend = NULL;
    }
    hsd_layer_table_finish(&t);
    return status;
}

static hsd_status add_water(const hsd_plot_run *run, hsd_map *map, hsd_error *err) {
    const hsd_map_style style = {.fill_rgba = HSD_COLOUR_BARRIER,
                                 .legend = hsd_word_text(HSD_WORD_WATER, run->lang)};
    return add_layer(run, map, "water", &style, NULL, err);
}

static hsd_status add_origins(const hsd_plot_run *run, hsd_map *map, const char *only,
                              const char *legend, hsd_error *err) {
    hsd_layer_table t;
    if (!hsd_layers_has(run->layers, "origins")) return HSD_OK;
    hsd_status status = hsd_layers_read(run->layers, "origins", HSD_LAYER_AND_GEOMETRY, &t, err);
    hsd_map_style style = {.fill_rgba = HSD_COLOUR_ORIGIN,
                           .line_rgba = 0xFFFFFFFFu,
                           .line_px = 1.5,
                           .point_px = 10,
                           .legend = legend};
    for (size_t r = 0; status == HSD_OK && r < t.row_count; r++) {
        const char *id = hsd_plot_cell(hsd_plot_texts(&t, "id"), r);
        if (!t.geometries[r].point_count || (only && strcmp(only, id) != 0)) continue;
        status = hsd_map_add(map, &t.geometries[r], &style, hsd_plot_origin(run, id), err);
        style.legend = NULL;
    }
    hsd_layer_table_finish(&t);
    return status;
}

static hsd_status create(const hsd_plot_run *run, const char *title, size_t columns,
                         hsd_plot_picture *out, hsd_error *err) {
    const hsd_plot_request *r = run->request;
    const hsd_map_options options = {
        .width_px = columns > 1 ? r->width_px ? r->width_px / (uint32_t)columns : 900 : r->width_px,
        .height_px = r->height_px,
        .title = columns == 1 && r->title ? r->title : title,
        .footer = run->footer};
    hsd_status status = hsd_map_create(&options, &out->maps[out->map_count], err);
    if (status == HSD_OK) out->map_count++;
    return status;
}

/* ---- Circles ---- */

typedef struct circles {
    const hsd_plot_run *run;
    hsd_layer_table table;
    const double *cutoffs;
    double list[MOST_CUTOFFS]; /* ascending */
    size_t count;
    const char *profile;
} circles;

static void add_cutoff(circles *c, double value) {
    size_t k = 0;
    while (k < c->count && c->list[k] < value) k++;
    if (!isfinite(value) || (k < c->count && c->list[k] == value) || c->count == MOST_CUTOFFS)
        return;
    for (size_t i = c->count++; i > k; i--) c->list[i] = c->list[i - 1];
    c->list[k] = value;
}

static hsd_status read_circles(circles *c, const char *layer, hsd_error *err) {
    hsd_status status =
        hsd_layers_read(c->run->layers, layer, HSD_LAYER_AND_GEOMETRY, &c->table, err);
    if (status != HSD_OK) return status;
    c->cutoffs = hsd_plot_numbers(&c->table, "cutoff_min");
    c->profile = c->table.row_count ? hsd_plot_cell(hsd_plot_texts(&c->table, "profile"), 0) : NULL;
    if (!c->cutoffs) return HSD_OK;
    for (size_t r = 0; r < c->table.row_count; r++) add_cutoff(c, c->cutoffs[r]);
    return HSD_OK;
}

/* From the largest to the smallest, as rows of the scenario and origin have them. */
static hsd_status add_circles(const circles *c, hsd_map *map, const char *scenario,
                              const char *origin, box *b, hsd_error *err) {
    uint32_t colours[MOST_CUTOFFS];
    hsd_plot_filter filter = {.count = 0};
    hsd_plot_only(&filter, hsd_plot_texts(&c->table, "scenario"), scenario);
    hsd_plot_only(&filter, hsd_plot_texts(&c->table, "origin_id"), origin);
    hsd_plot_only(&filter, hsd_plot_texts(&c->table, "profile"), c->profile);
    hsd_palette_sequential(c->count, 0x90, colours);
    hsd_status status = HSD_OK;
    for (size_t k = c->count; k-- > 0;) {
        char legend[64];
        snprintf(legend, sizeof legend, hsd_plot_word_of(c->run, HSD_PLOT_CIRCLE), c->list[k]);
        hsd_map_style style = {colours[k], hsd_rgba_shade(hsd_rgba_alpha(colours[k], 0xFF), 0.8),
                               1.2, 0, legend};
        for (size_t r = 0; status == HSD_OK && r < c->table.row_count; r++) {
            const hsd_geometry *g = &c->table.geometries[r];
            if (c->cutoffs[r] != c->list[k] || !g->point_count || !hsd_plot_takes(&filter, r))
                continue;
            stretch(b, g);
            status = hsd_map_add(map, g, &style, NULL, err);
            style.legend = NULL;
        }
    }
    return status;
}

static hsd_status draw_circles(const circles *c, hsd_plot_picture *out, hsd_error *err) {
    const hsd_plot_run *run = c->run;
    const char *only = run->request->origin;
    char title[256];
    box b = nothing;
    hsd_status status = hsd_plot_known(run, "origin", only, hsd_plot_texts(&c->table, "origin_id"),
                                       c->table.row_count, err);
    const size_t origins = only ? 1 : run->origins.row_count;
    if (origins == 1)
        snprintf(title, sizeof title, hsd_plot_word_of(run, HSD_PLOT_MAP),
                 hsd_plot_origin(
                     run, only ? only : hsd_plot_cell(hsd_plot_texts(&run->origins, "id"), 0)));
    else
        snprintf(title, sizeof title, hsd_plot_word_of(run, HSD_PLOT_MAP_MANY), origins);
    if (status == HSD_OK) status = create(run, title, 1, out, err);
    hsd_map *map = out->maps[0];
    if (status == HSD_OK) status = add_water(run, map, err);
    if (status == HSD_OK) status = add_circles(c, map, NULL, only, &b, err);
    if (status == HSD_OK)
        status = add_origins(run, map, only, hsd_word_text(HSD_WORD_ORIGINS, run->lang), err);
    if (status == HSD_OK && b.min_lon <= b.max_lon) set_frame(map, &b);
    return status;
}

/* ---- Before and after ---- */

typedef struct comparison {
    circles circles, change;
    const char *scenario, *origin;
} comparison;

/* The origin with most gained and lost within the largest cut-off: people, else km2; ties: the
 * first. */
static const char *most_changed(const comparison *m, const double *people) {
    const hsd_layer_table *t = &m->change.table;
    const double *areas = hsd_plot_numbers(t, "area_km2"), *sizes = people ? people : areas;
    char *const *ids = hsd_plot_texts(t, "origin_id"), *const *kinds = hsd_plot_texts(t, "kind");
    hsd_plot_filter filter = {.count = 0};
    hsd_plot_only(&filter, hsd_plot_texts(t, "scenario"), m->scenario);
    hsd_plot_only(&filter, hsd_plot_texts(t, "profile"), m->change.profile);
    const char *best = "";
    double most = -1;
    for (size_t r = 0; sizes && r < t->row_count; r++) {
        const char *id = hsd_plot_cell(ids, r);
        double sum = 0;
        for (size_t k = 0; k < t->row_count; k++) {
            const char *kind = hsd_plot_cell(kinds, k);
            if (strcmp(id, hsd_plot_cell(ids, k)) == 0 && hsd_plot_takes(&filter, k) &&
                m->change.cutoffs[k] == m->change.list[m->change.count - 1] &&
                (strcmp(kind, "gained") == 0 || strcmp(kind, "lost") == 0) && isfinite(sizes[k]))
                sum += sizes[k];
        }
        if (sum > most) {
            most = sum;
            best = id;
        }
        while (r + 1 < t->row_count && strcmp(hsd_plot_cell(ids, r + 1), id) == 0) r++;
    }
    return best;
}

static hsd_status choose(comparison *m, hsd_error *err) {
    const hsd_plot_run *run = m->circles.run;
    const hsd_layer_table *t = &m->change.table;
    char *const *scenarios = hsd_plot_texts(t, "scenario");
    const double *people = NULL;
    hsd_status status =
        hsd_plot_known(run, "scenario", run->request->scenario, scenarios, t->row_count, err);
    if (status == HSD_OK)
        status = hsd_plot_known(run, "origin", run->request->origin, hsd_plot_texts(t, "origin_id"),
                                t->row_count, err);
    if (status != HSD_OK) return status;
    if (hsd_plot_people(run, t, "change", &people, NULL) != HSD_OK) people = NULL;
    m->scenario = run->request->scenario ? run->request->scenario : hsd_plot_cell(scenarios, 0);
    m->origin = run->request->origin ? run->request->origin : most_changed(m, people);
    return HSD_OK;
}

static hsd_status add_change(const comparison *m, hsd_map *map, const char *kind, uint32_t rgba,
                             hsd_plot_word word, box *b, hsd_error *err) {
    const hsd_layer_table *t = &m->change.table;
    const double last = m->change.list[m->change.count - 1];
    hsd_plot_filter filter = {.count = 0};
    hsd_plot_only(&filter, hsd_plot_texts(t, "scenario"), m->scenario);
    hsd_plot_only(&filter, hsd_plot_texts(t, "origin_id"), m->origin);
    hsd_plot_only(&filter, hsd_plot_texts(t, "profile"), m->change.profile);
    hsd_plot_only(&filter, hsd_plot_texts(t, "kind"), kind);
    char legend[96];
    snprintf(legend, sizeof legend, hsd_plot_word_of(m->change.run, word), last);
    hsd_map_style style = {rgba, hsd_rgba_shade(rgba | 0xFF, 0.7), 1, 0, legend};
    hsd_status status = HSD_OK;
    for (size_t r = 0; status == HSD_OK && r < t->row_count; r++) {
        if (m->change.cutoffs[r] != last || !hsd_plot_takes(&filter, r) ||
            !t->geometries[r].point_count)
            continue;
        stretch(b, &t->geometries[r]);
        status = hsd_map_add(map, &t->geometries[r], &style, NULL, err);
        style.legend = NULL;
    }
    return status;
}

/* Links of proposals that the scenario has: "scenarios" lists them with commas. */
static hsd_status add_links(const comparison *m, hsd_map *map, hsd_error *err) {
    const hsd_plot_run *run = m->circles.run;
    const char *layer = hsd_layers_has(run->layers, "links") ? "links" : "lines";
    hsd_layer_table t;
    if (!hsd_layers_has(run->layers, layer)) return HSD_OK;
    hsd_status status = hsd_layers_read(run->layers, layer, HSD_LAYER_AND_GEOMETRY, &t, err);
    hsd_map_style style = {.line_rgba = HSD_COLOUR_LINK,
                           .line_px = 4,
                           .legend = hsd_word_text(HSD_WORD_LINKS, run->lang)};
    const size_t length = strlen(m->scenario);
    for (size_t r = 0; status == HSD_OK && r < t.row_count; r++) {
        const char *at = hsd_plot_cell(hsd_plot_texts(&t, "scenarios"), r);
        while (strncmp(at, m->scenario, length) != 0 || (at[length] && at[length] != ',')) {
            at = strstr(at, ", ");
            if (!at) break;
            at += 2;
        }
        if (!at || !t.geometries[r].point_count) continue;
        status = hsd_map_add(map, &t.geometries[r], &style, NULL, err);
        style.legend = NULL;
    }
    hsd_layer_table_finish(&t);
    return status;
}

static hsd_status draw_side(const comparison *m, bool after, hsd_plot_picture *out, box *b,
                            hsd_error *err) {
    const hsd_plot_run *run = m->circles.run;
    char title[256];
    if (after)
        snprintf(title, sizeof title, hsd_plot_word_of(run, HSD_PLOT_AFTER), m->scenario);
    else
        snprintf(title, sizeof title, "%s", hsd_plot_word_of(run, HSD_PLOT_BEFORE));
    hsd_status status = create(run, title, 2, out, err);
    if (status != HSD_OK) return status;
    hsd_map *map = out->maps[out->map_count - 1];
    status = add_water(run, map, err);
    if (status == HSD_OK)
        status = add_circles(&m->circles, map, after ? m->scenario : "baseline", m->origin, b, err);
    if (status == HSD_OK && after)
        status = add_change(m, map, "lost", 0xD55E00C0u, HSD_PLOT_LOST, b, err);
    if (status == HSD_OK && after)
        status = add_change(m, map, "gained", 0x009E73C0u, HSD_PLOT_GAINED, b, err);
    if (status == HSD_OK && after) status = add_links(m, map, err);
    return status == HSD_OK
               ? add_origins(run, map, NULL, hsd_word_text(HSD_WORD_ORIGINS, run->lang), err)
               : status;
}

static hsd_status draw_comparison(const circles *c, hsd_plot_picture *out, hsd_error *err) {
    comparison m = {.circles = *c, .change = {.run = c->run}};
    box b = nothing;
    hsd_status status = read_circles(&m.change, "change", err);
    if (status == HSD_OK && (!m.change.cutoffs || m.change.count == 0))
        status = hsd_plot_lacks(out, "rows in layer change");
    else if (status == HSD_OK && (status = choose(&m, err)) == HSD_OK) {
        char word[160];
        snprintf(word, sizeof word, hsd_plot_word_of(c->run, HSD_PLOT_MAP_COMPARE), m.scenario);
        snprintf(out->title, sizeof out->title, "%s · %s",
                 c->run->request->title ? c->run->request->title : word,
                 hsd_plot_origin(c->run, m.origin));
        status = draw_side(&m, false, out, &b, err);
        if (status == HSD_OK) status = draw_side(&m, true, out, &b, err);
        if (status == HSD_OK && b.min_lon <= b.max_lon) set_frame(out->maps[0], &b);
    }
    hsd_layer_table_finish(&m.change.table);
    return status;
}

/* ---- Metropolitan circles ---- */

typedef struct members {
    const hsd_plot_run *run;
    hsd_layer_table table;
    const char *rule, *centre;
} members;

static hsd_status read_members(members *m, const char *layer, bool one_centre, hsd_error *err) {
    const hsd_plot_request *r = m->run->request;
    hsd_status status =
        hsd_layers_read(m->run->layers, layer, HSD_LAYER_AND_GEOMETRY, &m->table, err);
    if (status != HSD_OK) return status;
    char *const *rules = hsd_plot_texts(&m->table, "rule");
    char *const *centres = hsd_plot_texts(&m->table, "centre_id");
    const size_t count = m->table.row_count;
    status = hsd_plot_known(m->run, "rule", r->rule, rules, count, err);
    if (status == HSD_OK) status = hsd_plot_known(m->run, "origin", r->origin, centres, count, err);
    if (status != HSD_OK || count == 0) return status;
    m->rule = r->rule ? r->rule : hsd_plot_cell(rules, 0);
    m->centre = r->origin ? r->origin : one_centre ? hsd_plot_cell(centres, 0) : NULL;
    return HSD_OK;
}

static hsd_plot_filter filter_members(const members *m) {
    hsd_plot_filter filter = {.count = 0};
    hsd_plot_only(&filter, hsd_plot_texts(&m->table, "rule"), m->rule);
    hsd_plot_only(&filter, hsd_plot_texts(&m->table, "centre_id"), m->centre);
    return filter;
}

/* Each centre's circle in a colour of its own. */
static hsd_status draw_metropolis(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err) {
    members m = {.run = run};
    char title[256];
    uint32_t colours[16];
    size_t drawn = 0;
    hsd_palette_categorical(16, 0x60, colours);
    hsd_status status = read_members(&m, "metropolis", false, err);
    if (status == HSD_OK && m.rule) {
        snprintf(title, sizeof title, hsd_plot_word_of(run, HSD_PLOT_MAP_METROPOLIS), m.rule);
        status = create(run, title, 1, out, err);
        if (status == HSD_OK) status = add_water(run, out->maps[0], err);
    }
    const hsd_plot_filter filter = filter_members(&m);
    for (size_t r = 0; status == HSD_OK && m.rule && r < m.table.row_count; r++) {
        const hsd_geometry *g = &m.table.geometries[r];
        if (!g->point_count || !hsd_plot_takes(&filter, r)) continue;
        const uint32_t rgba = colours[drawn++ % 16];
        const char *id = hsd_plot_cell(hsd_plot_texts(&m.table, "centre_id"), r);
        const hsd_map_style style = {rgba, hsd_rgba_shade(rgba | 0xFF, 0.8), 2.5, 0,
                                     hsd_plot_origin(run, id)};
        status = hsd_map_add(out->maps[0], g, &style, NULL, err);
    }
    if (status == HSD_OK && drawn)
        status =
            add_origins(run, out->maps[0], m.centre, hsd_plot_word_of(run, HSD_PLOT_CENTRES), err);
    hsd_layer_table_finish(&m.table);
    if (status != HSD_OK || drawn) return status;
    hsd_plot_picture_finish(out);
    return hsd_plot_lacks(out, "polygons in layer metropolis");
}

hsd_status hsd_plot_map(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err) {
    if (hsd_layers_has(run->layers, "metropolis")) return draw_metropolis(run, out, err);
    if (!hsd_layers_has(run->layers, "circles"))
        return hsd_plot_lacks(out, "layer circles, change or metropolis");
    circles c = {.run = run};
    hsd_status status = read_circles(&c, "circles", err);
    if (status == HSD_OK && (!c.cutoffs || c.count == 0))
        status = hsd_plot_lacks(out, "rows in layer circles");
    else if (status == HSD_OK && hsd_layers_has(run->layers, "change"))
        status = draw_comparison(&c, out, err);
    else if (status == HSD_OK)
        status = draw_circles(&c, out, err);
    hsd_layer_table_finish(&c.table);
    return status;
}

/* ---- Members by verdict ---- */

enum { NAMED = 4 }; /* verdicts whose candidates are named on the map */
static const struct {
    const char *text;
    hsd_word word;
    uint32_t rgba;
} verdicts[] = {{"both", HSD_WORD_BOTH, 0x009E73B8u},
                {"in", HSD_WORD_MEMBER, 0x009E73B8u},
                {"model only", HSD_WORD_MODEL_ONLY, 0x56B4E9B8u},
                {"official only", HSD_WORD_OFFICIAL_ONLY, 0xD55E00B8u},
                {"neither", HSD_WORD_NEITHER, 0xB9BDC250u},
                {"out", HSD_WORD_NO_MEMBER, 0xB9BDC250u}};

static hsd_status add_verdicts(const members *m, hsd_map *map, size_t *drawn, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t v = 0; v < sizeof verdicts / sizeof verdicts[0]; v++) {
        hsd_plot_filter filter = filter_members(m);
        hsd_plot_only(&filter, hsd_plot_texts(&m->table, "verdict"), verdicts[v].text);
        hsd_map_style style = {verdicts[v].rgba, 0x55595FC0u, 0.8, 9,
                               hsd_word_text(verdicts[v].word, m->run->lang)};
        for (size_t r = 0; status == HSD_OK && r < m->table.row_count; r++) {
            if (!m->table.geometries[r].point_count || !hsd_plot_takes(&filter, r)) continue;
            const char *name = hsd_plot_cell(hsd_plot_texts(&m->table, "name"), r);
            status = hsd_map_add(map, &m->table.geometries[r], &style,
                                 name[0] && v < NAMED ? name : NULL, err);
            style.legend = NULL;
            ++*drawn;
        }
    }
    return status;
}

/* Verdicts are by the first of the official lists: table agreement names it. */
static hsd_status add_list(const members *m, char *title, size_t size, hsd_error *err) {
    hsd_layer_table t;
    if (!hsd_layers_has(m->run->layers, "agreement")) return HSD_OK;
    const hsd_status status =
        hsd_layers_read(m->run->layers, "agreement", HSD_LAYER_COLUMNS, &t, err);
    if (status == HSD_OK && t.row_count)
        hsd_plot_add(m->run, title, size, hsd_plot_word_of(m->run, HSD_PLOT_LIST),
                     hsd_plot_cell(hsd_plot_texts(&t, "official"), 0));
    hsd_layer_table_finish(&t);
    return status;
}

hsd_status hsd_plot_delineation(const hsd_plot_run *run, hsd_plot_picture *out, hsd_error *err) {
    if (!hsd_layers_has(run->layers, "members"))
        return hsd_plot_lacks(out, "layer members of a delineation");
    members m = {.run = run};
    char title[256];
    size_t drawn = 0;
    hsd_status status = read_members(&m, "members", true, err);
    if (status == HSD_OK && m.rule) {
        snprintf(title, sizeof title, hsd_plot_word_of(run, HSD_PLOT_DELINEATION),
                 hsd_plot_origin(run, m.centre));
        hsd_plot_add(run, title, sizeof title, hsd_plot_word_of(run, HSD_PLOT_RULE), m.rule);
        status = add_list(&m, title, sizeof title, err);
    }
    if (status == HSD_OK && m.rule) {
        status = create(run, title, 1, out, err);
        if (status == HSD_OK) status = add_verdicts(&m, out->maps[0], &drawn, err);
    }
    if (status == HSD_OK && drawn) status = add_water(run, out->maps[0], err);
    if (status == HSD_OK && drawn)
        status =
            add_origins(run, out->maps[0], m.centre, hsd_plot_word_of(run, HSD_PLOT_CENTRES), err);
    hsd_layer_table_finish(&m.table);
    if (status != HSD_OK || drawn) return status;
    hsd_plot_picture_finish(out);
    return hsd_plot_lacks(out, "candidates within reach in layer members");
}
