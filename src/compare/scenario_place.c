/* What the trees of a scenario share; links with access = yes as a network of their own.
 *
 * The pieces in force on which one may stop become the ways of a small road table, each with its
 * stated time, joined where their stops are one; a network built of it measures legs, positions and
 * surfaces by the same code as the streets, and its times are integer prefixes that sum to the
 * pieces'. A stop need not be a node of that network's graph (two pieces in a row make a chain), so
 * it is named by positions: the ends, there, of all its edges. O(points log points). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "compare/scenario_tree.h"
#include "times/locator.h"

/* ---- The road table
 * ------------------------------------------------------------------------------------- */

typedef struct drawing {
    const hsd_overlay *overlay;
    HSD_ARRAY(hsd_point_e7) nodes; /* stops first */
    HSD_ARRAY(uint32_t) way_nodes;
    HSD_ARRAY(hsd_way) ways;
} drawing;

static hsd_point_e7 rounded(hsd_lonlat at) {
    return (hsd_point_e7){(int32_t)lround(at.lon * 1e7), (int32_t)lround(at.lat * 1e7)};
}

static bool draw_inside(drawing *d, const hsd_added *piece, hsd_point_e7 last, hsd_error *err) {
    const hsd_lonlat *points = d->overlay->times->resolved->points + piece->first_point;
    for (uint32_t i = 1; i + 1 < piece->point_count; i++) {
        const hsd_point_e7 p = rounded(points[i]);
        if (p.lon_e7 == last.lon_e7 && p.lat_e7 == last.lat_e7) continue;
        last = p;
        if (!hsd_array_push(&d->way_nodes, (uint32_t)d->nodes.count, err) ||
            !hsd_array_push(&d->nodes, p, err))
            return false;
    }
    return true;
}

static bool draw_piece(drawing *d, uint32_t index, hsd_error *err) {
    const hsd_added *piece = &d->overlay->times->resolved->added[index];
    const uint32_t from = d->overlay->pole_stop[piece->from_pole],
                   to = d->overlay->pole_stop[piece->to_pole];
    hsd_way way = {.source_id = (int64_t)index + 1, .first_node = (uint32_t)d->way_nodes.count};
    for (uint32_t k = 0; k < 2; k++) {
        way.no[k] = piece->ms[k] >= HSD_UNREACHABLE;
        way.time_ms[k] = piece->ms[k] > 0 && !way.no[k] ? piece->ms[k] : 1; /* 0: not stated */
        way.speed_source[k] = HSD_SPEED_USER;
    }
    if (way.no[0] && way.no[1]) return true;
    if (!hsd_array_push(&d->way_nodes, from, err) ||
        !draw_inside(d, piece, d->nodes.data[from], err) || !hsd_array_push(&d->way_nodes, to, err))
        return false;
    way.node_count = (uint32_t)d->way_nodes.count - way.first_node;
    return hsd_array_push(&d->ways, way, err);
}

static bool draw(drawing *d, hsd_error *err) {
    const hsd_overlay *overlay = d->overlay;
    const hsd_resolved *resolved = overlay->times->resolved;
    for (uint32_t s = 0; s < overlay->stop_count; s++) {
        const hsd_pole *pole = &resolved->poles[overlay->poles[overlay->first_pole[s]]];
        if (!hsd_array_push(&d->nodes, rounded(pole->at), err)) return false;
    }
    for (size_t i = 0; i < overlay->added_count; i++)
        if (resolved->added[overlay->added[i]].access && !draw_piece(d, overlay->added[i], err))
            return false;
    return true;
}

static void drawing_finish(drawing *d) {
    hsd_array_finish(&d->nodes);
    hsd_array_finish(&d->way_nodes);
    hsd_array_finish(&d->ways);
}

/* ---- The network
 * ---------------------------------------------------------------------------------------- */

/* The legs of the streets' profile over a class of its own. */
static hsd_profile link_profile(const hsd_locator *locator, hsd_class_speed *road) {
    const hsd_metric *metric = locator->metric;
    *road = (hsd_class_speed){.road_class = "link", .speed_mh = 1, .stop = true};
    hsd_profile profile = {.classes = road,
                           .class_count = 1,
                           .respects_oneway = true,
                           .leg_rule = metric->leg_rule,
                           .leg_speed_mh = metric->leg_speed_mh,
                           .leg_detour_ppm = metric->leg_detour_ppm,
                           .leg_cap_m = metric->leg_cap_m};
    snprintf(profile.name, sizeof profile.name, "links");
    snprintf(profile.mode, sizeof profile.mode, "link");
    return profile;
}

static hsd_status build(hsd_scenario_place *place, drawing *d, hsd_error *err) {
    int64_t *source = hsd_alloc(d->nodes.count, sizeof *source, err);
    uint16_t *closed = hsd_calloc(d->nodes.count, sizeof *closed, err);
    uint8_t *flags = hsd_calloc(d->nodes.count, sizeof *flags, err);
    hsd_status status = source && closed && flags ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        char none[1] = "", word[] = "link", *words[] = {word};
        for (size_t i = 0; i < d->nodes.count; i++) source[i] = (int64_t)i;
        hsd_road_table table = {.nodes = d->nodes.data,
                                .node_source = source,
                                .node_no = closed,
                                .node_flags = flags,
                                .node_count = d->nodes.count,
                                .way_nodes = d->way_nodes.data,
                                .way_node_count = d->way_nodes.count,
                                .ways = d->ways.data,
                                .way_count = d->ways.count,
                                .strings = none,
                                .string_size = 1,
                                .classes = words,
                                .class_count = 1,
                                .modes = {word},
                                .mode_count = 1};
        hsd_class_speed road;
        const hsd_profile profile = link_profile(place->locator, &road);
        const hsd_run alone = {.threads = 1};
        status = hsd_network_build(&table, &profile, 1, NULL, &alone, &place->link_network, err);
    }
    hsd_free(source);
    hsd_free(closed);
    hsd_free(flags);
    return status;
}

static hsd_status locate(hsd_scenario_place *place, hsd_error *err) {
    const hsd_locator_options options = {.min_component_ppm = UINT32_MAX};
    const hsd_status status =
        hsd_locator_create(place->link_network, 0, &options, &place->links, err);
    if (status == HSD_OK) place->links->barriers = place->locator->barriers; /* borrowed, indexed */
    return status;
}

/* Where the edges of each stop end, by counting. */
static hsd_status find_ends(hsd_scenario_place *place, hsd_error *err) {
    const hsd_network *network = place->link_network;
    const uint32_t stops = place->overlay->stop_count;
    uint32_t *first = place->first_end = hsd_calloc((size_t)stops + 2, sizeof *first, err);
    place->ends = hsd_alloc(2 * (size_t)network->edge_count, sizeof *place->ends, err);
    if (first == NULL || place->ends == NULL) return HSD_E_MEMORY;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < 2 * network->edge_count; i++) {
            const hsd_edge *edge = &network->edges[i / 2];
            const int64_t stop = network->vertex_source[i % 2 ? edge->to : edge->from];
            if (stop >= stops) continue; /* a ring's own vertex */
            if (pass == 0) {
                first[stop + 2]++;
                continue;
            }
            hsd_foot *end = &place->ends[first[stop + 1]++];
            *end = (hsd_foot){.edge = i / 2,
                              .vertex = HSD_NO_EDGE,
                              .segment = i % 2 ? edge->point_count - 2 : 0,
                              .fraction = i % 2};
            hsd_locator_foot_prefix(place->links, end);
        }
        for (uint32_t s = 0; pass == 0 && s < stops; s++) first[s + 2] += first[s + 1];
    }
    return HSD_OK;
}

static hsd_status add_links(hsd_scenario_place *place, hsd_error *err) {
    drawing d = {.overlay = place->overlay};
    hsd_status status = draw(&d, err) ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK && d.ways.count > 0) {
        status = build(place, &d, err);
        if (status == HSD_OK) status = locate(place, err);
        if (status == HSD_OK) status = find_ends(place, err);
    }
    drawing_finish(&d);
    return status;
}

hsd_status hsd_scenario_place_create(const hsd_locator *locator, const hsd_overlay *overlay,
                                     hsd_scenario_place **out, hsd_error *err) {
    *out = NULL;
    if (overlay != NULL && overlay->times->locator != locator)
        return hsd_fail(err, HSD_E_ARGUMENT, "the overlay and the place have different locators");
    hsd_scenario_place *place = hsd_calloc(1, sizeof *place, err);
    if (place == NULL) return HSD_E_MEMORY;
    place->locator = locator;
    place->overlay = overlay;
    const hsd_status status = overlay != NULL ? add_links(place, err) : HSD_OK;
    if (status != HSD_OK) {
        hsd_scenario_place_destroy(place);
        return status;
    }
    *out = place;
    return HSD_OK;
}

void hsd_scenario_place_destroy(hsd_scenario_place *place) {
    if (place == NULL) return;
    hsd_locator_destroy(place->links);
    hsd_network_destroy(place->link_network);
    hsd_free(place->first_end);
    hsd_free(place->ends);
    hsd_free(place);
}

const hsd_locator *hsd_scenario_place_links(const hsd_scenario_place *place) {
    return place->links;
}
