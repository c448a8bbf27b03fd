/* The picture of a comparison: before and after side by side, under the first profile and the first
 * scenario, for the origin that it changes most; what is gained stands out on the after side. */
#include <stdio.h>

#include "base/memory.h"
#include "export/styles.h"
#include "net/network.h"
#include "study/circle_map.h"
#include "study/scene_tree.h"
#include "study/words.h"

typedef struct drawing {
    const hsd_compare_run *run;
    size_t o, s; /* scene 0: before */
    hsd_map *map;
    hsd_bounds *bounds;
} drawing;

/* Gained and lost at the largest cut-off, over the circles. */
static hsd_status draw_change(const drawing *d, hsd_error *err) {
    const hsd_circle_run *c = &d->run->circle;
    const hsd_scene_result *result = hsd_scene_result_at(d->run, 0, d->o, d->s);
    if (d->s == 0 || result->same) return HSD_OK;
    const hsd_change *change = &result->changes[c->cutoff_count - 1];
    const struct {
        const hsd_geometry *polygon;
        uint32_t rgba;
        hsd_word word;
    } kinds[] = {{&change->lost, 0xD55E00C0u, HSD_WORD_LOST},
                 {&change->gained, 0x009E73C0u, HSD_WORD_GAINED}};
    hsd_status status = HSD_OK;
    for (size_t k = 0; status == HSD_OK && k < 2; k++) {
        char legend[96];
        if (!kinds[k].polygon->point_count) continue;
        snprintf(legend, sizeof legend, "%s, %g %s", hsd_word_text(kinds[k].word, c->lang),
                 c->cutoffs_ms[c->cutoff_count - 1] / 60000.0,
                 hsd_word_text(HSD_WORD_MINUTES, c->lang));
        hsd_map_style style = {kinds[k].rgba, hsd_rgba_shade(kinds[k].rgba | 0xFF, 0.7), 1, 0,
                               legend};
        hsd_bounds_stretch(d->bounds, kinds[k].polygon);
        status = hsd_map_add(d->map, kinds[k].polygon, &style, NULL, err);
    }
    return status;
}

static hsd_status draw_streets(const drawing *d, hsd_error *err) {
    const hsd_circle_run *c = &d->run->circle;
    if (!hsd_map_few_streets(c)) return HSD_OK;
    hsd_street_drawing streets = {c->network, d->map};
    hsd_scene_tree *tree = NULL;
    hsd_status status = hsd_scene_tree_create(d->run, hsd_scene_of(d->run, 0, d->s), &tree, err);
    if (status == HSD_OK) status = hsd_scene_grow_origin(tree, d->o, NULL, err);
    if (status == HSD_OK) status = hsd_scene_tree_pieces(tree, hsd_map_piece, &streets, err);
    hsd_scene_tree_destroy(tree);
    return status;
}

static hsd_status draw_links(const drawing *d, hsd_error *err) {
    const bool transit = d->run->circle.transit != NULL;
    const hsd_edit *edits = transit ? d->run->rail.edits : d->run->resolved[0].edits;
    const size_t count = transit ? d->run->rail.edit_count : d->run->resolved[0].edit_count;
    hsd_map_style style = {.line_rgba = HSD_COLOUR_LINK,
                           .line_px = 4,
                           .legend = hsd_word_text(HSD_WORD_LINKS, d->run->circle.lang)};
    hsd_status status = HSD_OK;
    for (size_t e = 0; d->s && status == HSD_OK && e < count; e++) {
        const hsd_edit *edit = &edits[e];
        const bool line =
            transit ? edit->geometry.type == HSD_GEOMETRY_LINE : edit->layer == HSD_LAYER_LINKS;
        if (!line || !edit->geometry.point_count ||
            !hsd_scenario_has(&d->run->scenarios[d->s - 1], edit->proposal))
            continue;
        status = hsd_map_add(d->map, &edit->geometry, &style, NULL, err);
        style.legend = NULL;
    }
    return status;
}

static hsd_status draw_side(drawing *d, hsd_error *err) {
    const hsd_circle_run *c = &d->run->circle;
    char title[256];
    if (d->s)
        snprintf(title, sizeof title, hsd_word_text(HSD_WORD_AFTER, c->lang),
                 hsd_compare_shown(d->run, d->s, c->lang));
    else
        snprintf(title, sizeof title, "%s", hsd_word_text(HSD_WORD_BEFORE, c->lang));
    hsd_map_options options = {.title = title};
    hsd_status status = hsd_map_create(&options, &d->map, err);
    if (status == HSD_OK) status = hsd_map_water(c, d->map, err);
    const hsd_circle *circles = hsd_scene_times(d->run, 0, d->o, d->s)->circles;
    if (status == HSD_OK) status = hsd_map_circles(c, d->map, &circles, 1, d->bounds, err);
    if (status == HSD_OK) status = draw_change(d, err);
    if (status == HSD_OK) status = draw_streets(d, err);
    if (status == HSD_OK)
        status = hsd_map_timetable_lines(hsd_scene_of(d->run, 0, d->s)->transit, c->lang, d->map,
                                         d->bounds, err);
    if (status == HSD_OK) status = draw_links(d, err);
    return status == HSD_OK ? hsd_map_places(c, d->map, err) : status;
}

/* "Before and after: the bridge · Zhongshan (car-free)". */
static void picture_title(const hsd_compare_run *run, size_t o, char *buffer, size_t size) {
    const hsd_circle_run *c = &run->circle;
    const hsd_origin *origin = &c->origins.origins[o];
    char title[192];
    if (c->request->title)
        snprintf(title, sizeof title, "%s", c->request->title);
    else
        snprintf(title, sizeof title, hsd_word_text(HSD_WORD_TITLE_COMPARE, c->lang),
                 hsd_compare_shown(run, 1, c->lang));
    snprintf(buffer, size, "%s · %s (%s)", title,
             hsd_shown_name(origin->name, origin->name_en, c->lang), c->profiles[0].name);
}

/* The origin with most gained and lost within the largest cut-off: in people, else in square
 * kilometres; ties: the first that joined. False: none joined. */
static bool choose_origin(const hsd_compare_run *run, size_t *out) {
    const hsd_circle_run *c = &run->circle;
    double most = -1;
    size_t last = c->cutoff_count - 1;
    for (size_t o = 0; o < c->origins.count; o++) {
        if (!hsd_run_result(c, 0, o)->ok) continue;
        const hsd_scene_result *result = hsd_scene_result_at(run, 0, o, 1);
        double size = 0;
        if (c->population.mass_count)
            size = hsd_change_mass(run, 0, o, 1, last, HSD_CHANGE_GAINED, 0) +
                   hsd_change_mass(run, 0, o, 1, last, HSD_CHANGE_LOST, 0);
        else if (!result->same)
            size = result->changes[last].gained_km2 + result->changes[last].lost_km2;
        if (size > most) {
            most = size;
            *out = o;
        }
    }
    return most >= 0;
}

hsd_status hsd_compare_draw(const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    size_t o = 0;
    if (!choose_origin(run, &o)) return HSD_OK;
    hsd_bounds bounds = HSD_NO_BOUNDS;
    drawing sides[2] = {{run, o, 0, NULL, &bounds}, {run, o, 1, NULL, &bounds}};
    char title[512];
    hsd_captions captions;
    picture_title(run, o, title, sizeof title);
    hsd_map_captions(c, &captions);
    for (size_t s = 0; s < 2; s++) /* both maps show one extent */
        hsd_bounds_stretch(&bounds,
                           &hsd_scene_times(run, 0, o, s)->circles[c->cutoff_count - 1].polygon);
    hsd_status status = draw_side(&sides[0], err);
    if (status == HSD_OK) status = draw_side(&sides[1], err);
    if (status == HSD_OK) {
        const hsd_map *maps[] = {sides[0].map, sides[1].map};
        hsd_map_frame_bounds(sides[0].map, &bounds);
        status = hsd_map_write_row(maps, 2, title, captions.footer[0] ? captions.footer : NULL,
                                   c->request->map, c->request->overwrite, err);
    }
    hsd_map_destroy(sides[0].map);
    hsd_map_destroy(sides[1].map);
    return status;
}
