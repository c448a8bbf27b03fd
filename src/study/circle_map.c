/* The picture of a circle run: water, circles from the largest to the smallest, streets, places. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "export/styles.h"
#include "hourshed/figures.h"
#include "net/network.h"
#include "study/circle_map.h"
#include "study/transit_layers.h"
#include "study/words.h"

void hsd_bounds_stretch(hsd_bounds *b, const hsd_geometry *g) {
    for (size_t i = 0; i < g->point_count; i++) {
        b->min_lon = fmin(b->min_lon, g->points[i].lon);
        b->max_lon = fmax(b->max_lon, g->points[i].lon);
        b->min_lat = fmin(b->min_lat, g->points[i].lat);
        b->max_lat = fmax(b->max_lat, g->points[i].lat);
    }
}

hsd_bounds hsd_circle_bounds(const hsd_circle_run *run) {
    hsd_bounds b = HSD_NO_BOUNDS;
    for (size_t p = 0; p < run->profile_count; p++)
        for (size_t o = 0; o < run->origins.count; o++) {
            const hsd_origin_result *result = hsd_run_result(run, p, o);
            if (result->ok && result->circles)
                hsd_bounds_stretch(&b, &result->circles[run->cutoff_count - 1].polygon);
        }
    return b;
}

/* One cut-off of every origin; the legend stands once. */
static hsd_status draw_cutoff(const hsd_circle_run *run, hsd_map *map,
                              const hsd_circle *const *circles, size_t count, size_t cutoff,
                              uint32_t colour, hsd_bounds *b, hsd_error *err) {
    char legend[64];
    snprintf(legend, sizeof legend, "%g %s", run->cutoffs_ms[cutoff] / 60000.0,
             hsd_word_text(HSD_WORD_MINUTES, run->lang));
    hsd_map_style style = {colour, hsd_rgba_shade(hsd_rgba_alpha(colour, 0xFF), 0.8), 1.2, 0,
                           legend};
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        const hsd_geometry *polygon = &circles[i][cutoff].polygon;
        if (!polygon->point_count) continue;
        hsd_bounds_stretch(b, polygon);
        status = hsd_map_add(map, polygon, &style, NULL, err);
        style.legend = NULL;
    }
    return status;
}

hsd_status hsd_map_circles(const hsd_circle_run *run, hsd_map *map,
                           const hsd_circle *const *circles, size_t count, hsd_bounds *b,
                           hsd_error *err) {
    uint32_t *colours = hsd_alloc(run->cutoff_count, sizeof *colours, err);
    if (!colours) return HSD_E_MEMORY;
    hsd_palette_sequential(run->cutoff_count, 0x90, colours);
    hsd_status status = HSD_OK;
    for (size_t c = run->cutoff_count; status == HSD_OK && c-- > 0;)
        status = draw_cutoff(run, map, circles, count, c, colours[c], b, err);
    hsd_free(colours);
    return status;
}

static hsd_status draw_circles(const hsd_circle_run *run, hsd_map *map, hsd_bounds *b,
                               hsd_error *err) {
    const hsd_circle **circles = hsd_alloc(run->origins.count, sizeof *circles, err);
    size_t count = 0;
    if (!circles) return HSD_E_MEMORY;
    for (size_t o = 0; o < run->origins.count; o++)
        if (hsd_run_result(run, 0, o)->ok) circles[count++] = hsd_run_result(run, 0, o)->circles;
    hsd_status status = hsd_map_circles(run, map, circles, count, b, err);
    hsd_free(circles);
    return status;
}

hsd_status hsd_map_piece(void *context, const hsd_piece *piece, hsd_error *err) {
    hsd_street_drawing *d = context;
    hsd_geometry line;
    hsd_status status = hsd_piece_geometry(d->network, piece, &line, err);
    hsd_map_style style = {.line_rgba = 0x33333370u, .line_px = 0.5};
    if (status == HSD_OK) status = hsd_map_add(d->map, &line, &style, NULL, err);
    hsd_geometry_finish(&line);
    return status;
}

bool hsd_map_few_streets(const hsd_circle_run *run) {
    enum { FEW_EDGES = 5000 };
    return run->network->edge_count <= FEW_EDGES;
}

static hsd_status draw_streets(const hsd_circle_run *run, hsd_map *map, hsd_error *err) {
    /* streets of many origins would blacken the picture; a corridor network is few lines */
    enum { FEW_ORIGINS = 4 };
    bool few = hsd_map_few_streets(run) && run->origins.count <= FEW_ORIGINS;
    if (run->origins.count != 1 && !few) return HSD_OK;
    hsd_street_drawing d = {run->network, map};
    hsd_status status = HSD_OK;
    for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
        if (!hsd_run_result(run, 0, o)->ok) continue;
        status = hsd_origin_trees_pieces(run->trees, 0, o, hsd_map_piece, &d, err);
    }
    return status;
}

hsd_status hsd_map_point(hsd_map *map, hsd_lonlat at, const hsd_map_style *style, const char *label,
                         hsd_error *err) {
    size_t one = 1;
    hsd_geometry point = {HSD_GEOMETRY_POINT, 1, 1, 0, &at, &one, NULL};
    return hsd_map_add(map, &point, style, label, err);
}

/* The least first mass a zone must have for its name to be shown: the largest few. Without masses
 * few zones are named, many are not. */
static double least_named(const hsd_circle_run *run) {
    enum { NAMED = 24 };
    const hsd_place_table *zones = &run->zones;
    if (zones->place_count <= NAMED) return -INFINITY;
    if (zones->mass_count == 0) return INFINITY;
    double top[NAMED + 1];
    size_t count = 0;
    for (size_t z = 0; z < zones->place_count; z++) {
        double mass = zones->places[z].masses[0];
        size_t k = count < NAMED ? count++ : NAMED;
        for (; k > 0 && top[k - 1] < mass; k--) top[k] = top[k - 1];
        top[k] = mass;
    }
    return top[NAMED - 1];
}

static hsd_status draw_zones(const hsd_circle_run *run, hsd_map *map, hsd_error *err) {
    hsd_map_style zone = {.fill_rgba = HSD_COLOUR_ZONE, .point_px = 3};
    double least = least_named(run);
    hsd_status status = HSD_OK;
    for (size_t z = 0; status == HSD_OK && z < run->zones.place_count; z++) {
        const hsd_place *place = &run->zones.places[z];
        if (place->geometry.type != HSD_GEOMETRY_POINT) continue;
        bool named = isinf(least) ? least < 0 : place->masses[0] >= least;
        const char *name = hsd_shown_name(place->name, place->name_en, run->lang);
        status = hsd_map_point(map, place->geometry.points[0], &zone, named ? name : NULL, err);
    }
    return status;
}

/* Origins first: names that come first have the better places. */
hsd_status hsd_map_places(const hsd_circle_run *run, hsd_map *map, hsd_error *err) {
    hsd_status status = HSD_OK;
    hsd_map_style origin = {.fill_rgba = HSD_COLOUR_ORIGIN,
                            .line_rgba = 0xFFFFFFFFu,
                            .line_px = 1.5,
                            .point_px = 10,
                            .legend = hsd_word_text(HSD_WORD_ORIGINS, run->lang)};
    for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
        const hsd_origin *p = &run->origins.origins[o];
        if (p->gate_count == 0) continue;
        const char *name = hsd_shown_name(p->name, p->name_en, run->lang);
        for (size_t g = 0; status == HSD_OK && g < p->gate_count; g++) {
            if (hsd_run_result(run, 0, o)->joined[g].reason != HSD_SNAP_OK) continue;
            status = hsd_map_point(map, p->gates[g].at, &origin, g == 0 ? name : NULL, err);
            origin.legend = NULL;
        }
    }
    return status == HSD_OK ? draw_zones(run, map, err) : status;
}

void hsd_map_captions(const hsd_circle_run *run, hsd_captions *out) {
    size_t used = 0;
    out->subtitle[0] = out->footer[0] = '\0';
    if (run->transit)
        hsd_transit_caption(run->transit, run->lang, out->subtitle, sizeof out->subtitle);
    for (size_t p = 0; !run->transit && p < run->profile_count && used < sizeof out->subtitle; p++)
        used += (size_t)snprintf(out->subtitle + used, sizeof out->subtitle - used, "%s%s",
                                 p ? ", " : "", run->profiles[p].name);
    used = 0;
    for (size_t i = 0; i < run->info.input_count && used < sizeof out->footer; i++)
        if (strcmp(run->info.inputs[i].role, "profile") != 0)
            used += (size_t)snprintf(out->footer + used, sizeof out->footer - used, "%s%s",
                                     used ? ", " : "", run->info.inputs[i].name);
}

hsd_status hsd_map_water(const hsd_circle_run *run, hsd_map *map, hsd_error *err) {
    const hsd_geometry *water =
        run->request->barriers ? &run->own_barriers : run->network->barriers;
    hsd_map_style sea = {.fill_rgba = HSD_COLOUR_BARRIER,
                         .legend = hsd_word_text(HSD_WORD_WATER, run->lang)};
    return water && water->point_count ? hsd_map_add(map, water, &sea, NULL, err) : HSD_OK;
}

void hsd_map_frame_bounds(hsd_map *map, const hsd_bounds *b) {
    double pad_lon = 0.06 * (b->max_lon - b->min_lon), pad_lat = 0.06 * (b->max_lat - b->min_lat);
    hsd_map_frame(map, b->min_lon - pad_lon, b->min_lat - pad_lat, b->max_lon + pad_lon,
                  b->max_lat + pad_lat);
}

hsd_status hsd_circle_draw(const hsd_circle_run *run, hsd_error *err) {
    char title[256];
    hsd_captions captions;
    hsd_circle_title(run, title, sizeof title);
    hsd_map_captions(run, &captions);
    hsd_map_options options = {.title = title,
                               .subtitle = captions.subtitle,
                               .footer = captions.footer[0] ? captions.footer : NULL};
    hsd_map *map = NULL;
    hsd_bounds b = HSD_NO_BOUNDS;
    hsd_status status = hsd_map_create(&options, &map, err);
    if (status == HSD_OK) status = hsd_map_water(run, map, err);
    if (status == HSD_OK) status = draw_circles(run, map, &b, err);
    if (status == HSD_OK) status = draw_streets(run, map, err);
    if (status == HSD_OK) status = hsd_map_timetable_lines(run->transit, run->lang, map, &b, err);
    if (status == HSD_OK) status = hsd_map_places(run, map, err);
    if (status == HSD_OK) status = hsd_map_stops(run, map, err);
    if (status == HSD_OK) hsd_map_frame_bounds(map, &b);
    if (status == HSD_OK)
        status = hsd_map_write(map, run->request->map, run->request->overwrite, err);
    hsd_map_destroy(map);
    return status;
}
