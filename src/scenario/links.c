/* Links by themselves: whether the profile may use them, how long they are, how long they take, and
 * the pieces between their poles (docs/methods.md, 7). Every segment is rounded once; a piece is a
 * difference of integer prefixes, so that pieces sum to the whole. O(points). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/resolve.h"

static bool any_of(const char *text, const char *const *words) {
    for (; *words; words++)
        if (strcmp(text, *words) == 0) return true;
    return false;
}

bool hsd_class_is_motorway(const char *road_class) {
    static const char *const words[] = {"motorway", "motorway_link", "expressway", NULL};
    return any_of(road_class, words);
}

/* The class a link has: its own, else that of its kind. */
static const char *class_of(const hsd_link_row *row) {
    if (row->road_class && row->road_class[0]) return row->road_class;
    return row->kind == HSD_KIND_FERRY ? "ferry" : row->kind == HSD_KIND_WALK ? "footway" : "";
}

/* Who may use a link that does not say so. */
static const char *modes_of(const hsd_link_row *row) {
    static const char *const cars[] = {"motorway",   "motorway_link", "trunk",
                                       "trunk_link", "expressway",    NULL};
    if (row->modes && row->modes[0]) return row->modes;
    if (row->kind == HSD_KIND_WALK) return "walk";
    return row->kind == HSD_KIND_ROAD && any_of(class_of(row), cars) ? "car" : "car;bicycle;walk";
}

static uint32_t rounded_ms(double ms) {
    const double value = floor(ms + 0.5);
    return value < (double)HSD_UNREACHABLE ? (uint32_t)value : HSD_UNREACHABLE;
}

/* ---- Length and time
 * ----------------------------------------------------------------------------- */

static hsd_status measure_shape(hsd_resolver *r, hsd_link_work *link, bool *fits) {
    const hsd_link_row *row = link->row;
    *fits = false;
    if (row->line.type != HSD_GEOMETRY_LINE || row->line.point_count < 2)
        return hsd_resolver_error(r, hsd_link_name(row),
                                  "has no line; draw one with two points or more");
    link->count = (uint32_t)row->line.point_count - 1;
    link->metres = hsd_alloc(link->count, sizeof *link->metres, r->err);
    link->ms = hsd_alloc(link->count, sizeof *link->ms, r->err);
    if (!link->metres || !link->ms) return HSD_E_MEMORY;
    double drawn = 0;
    for (uint32_t i = 0; i < link->count; i++) {
        const hsd_lonlat a = row->line.points[i], b = row->line.points[i + 1];
        if (!(fabs(b.lon) <= 180) || !(fabs(b.lat) <= 90) || !(fabs(a.lon) <= 180) ||
            !(fabs(a.lat) <= 90))
            return hsd_resolver_error(r, hsd_link_name(row),
                                      "point %u at %.7g, %.7g is no longitude, latitude; give the "
                                      "layer the coordinate system it is drawn in",
                                      i + 1, a.lon, a.lat);
        link->metres[i] = hsd_geodesic_m(a.lon, a.lat, b.lon, b.lat);
        drawn += link->metres[i];
    }
    if (!(drawn > HSD_TOUCH_M))
        return hsd_resolver_error(r, hsd_link_name(row),
                                  "is %.2f m long; a link has more than %.0f m between its ends, "
                                  "draw it from road to road",
                                  drawn, HSD_TOUCH_M);
    link->drawn_m = link->length_m = drawn;
    if (row->length_km > 0) {
        link->length_m = row->length_km * 1000;
        for (uint32_t i = 0; i < link->count; i++) link->metres[i] *= link->length_m / drawn;
    }
    const double most = r->options.tolerance_m;
    link->tolerance_m = fmin(most, 0.45 * drawn);
    *fits = true;
    return HSD_OK;
}

/* Names of the profile's classes, for a message. */
static const char *class_list(const hsd_resolver *r, char *buffer, size_t size) {
    size_t at = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < r->metric->class_count && at + 1 < size; i++)
        at += (size_t)snprintf(buffer + at, size - at, "%s%s", i ? ", " : "",
                               r->network->strings + r->metric->classes[i].name);
    return buffer;
}

static hsd_status find_pace(hsd_resolver *r, hsd_link_work *link, bool *fits) {
    const hsd_link_row *row = link->row;
    const char *road_class = class_of(row);
    const hsd_class_rule *rule = hsd_metric_class(r->network, r->metric, road_class);
    char classes[400];
    *fits = true;
    if (row->minutes >= 0) {
        link->pace = HSD_PACE_FIXED | rounded_ms(row->minutes * 60000);
    } else if (row->speed_kmh > 0) {
        double mh = floor(row->speed_kmh * 1000 + 0.5);
        const uint32_t most = r->metric->max_speed_mh ? r->metric->max_speed_mh : 1000000000;
        link->pace = hsd_speed_times(mh < most ? (uint32_t)mh : most, rule ? rule->factor_ppm : 0);
    } else if (rule && rule->speed_mh > 0) {
        link->pace = hsd_speed_times(rule->speed_mh, rule->factor_ppm);
    } else if (!road_class[0]) {
        *fits = false;
        return hsd_resolver_error(r, hsd_link_name(row),
                                  "has neither class, speed_kmh nor minutes; give one (classes of "
                                  "profile %s: %s)",
                                  r->metric->name, class_list(r, classes, sizeof classes));
    } else {
        *fits = false;
        return hsd_resolver_error(r, hsd_link_name(row),
                                  "class \"%s\" is not in profile %s and the row has no speed; "
                                  "give speed_kmh or minutes, or one of: %s",
                                  road_class, r->metric->name,
                                  class_list(r, classes, sizeof classes));
    }
    return HSD_OK;
}

static uint32_t extra_ms(const hsd_resolver *r, const hsd_link_row *row) {
    uint32_t ms = row->wait_min > 0 ? rounded_ms(row->wait_min * 60000) : 0;
    if (row->toll > 0 && r->options.value_of_time > 0)
        ms = hsd_ms_add(ms, rounded_ms(row->toll / r->options.value_of_time * 3600000));
    return ms;
}

static hsd_status measure(hsd_resolver *r, hsd_link_work *link) {
    const hsd_link_row *row = link->row;
    bool fits;
    if (row->kind == HSD_KIND_RAIL) return HSD_OK; /* rail.c */
    hsd_status status = measure_shape(r, link, &fits);
    if (status != HSD_OK || !fits) return status;
    if (!hsd_modes_serve(r, modes_of(row)))
        return hsd_resolver_remark(r, hsd_link_name(row),
                                   "is for %s: profile %s cannot use it; modes says who may",
                                   modes_of(row), r->metric->name);
    status = find_pace(r, link, &fits);
    if (status != HSD_OK || !fits) return status;
    hsd_segments_ms(link->metres, link->count, link->pace, link->ms);
    link->extra_ms = extra_ms(r, row);
    link->motorway = hsd_class_is_motorway(class_of(row));
    link->open[HSD_FORWARD] = row->oneway >= 0 || !r->metric->respects_oneway;
    link->open[HSD_BACKWARD] = row->oneway <= 0 || !r->metric->respects_oneway;
    link->serves = true;
    return HSD_OK;
}

hsd_status hsd_links_measure(hsd_resolver *r) {
    hsd_status status = HSD_OK;
    r->links = hsd_calloc(r->table->link_count, sizeof *r->links, r->err);
    if (!r->links) return HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < r->table->link_count; i++) {
        r->links[i].row = &r->table->links[i];
        status = measure(r, &r->links[i]);
    }
    return status;
}

void hsd_links_finish(hsd_resolver *r) {
    for (size_t i = 0; r->links && i < r->table->link_count; i++) {
        hsd_free(r->links[i].metres);
        hsd_free(r->links[i].ms);
    }
    hsd_free(r->links);
}

/* ---- Pieces
 * -------------------------------------------------------------------------------------- */

uint32_t hsd_link_prefix_ms(const hsd_link_work *link, const hsd_link_spot *spot) {
    uint32_t before = 0;
    for (uint32_t i = 0; i < spot->segment; i++) before = hsd_ms_add(before, link->ms[i]);
    return hsd_ms_add(before, rounded_ms(spot->fraction * link->ms[spot->segment]));
}

double hsd_link_prefix_m(const hsd_link_work *link, const hsd_link_spot *spot) {
    double before = 0;
    for (uint32_t i = 0; i < spot->segment; i++) before += link->metres[i];
    return before + spot->fraction * link->metres[spot->segment];
}

/* The line from one spot to a later one. */
static bool add_line(hsd_resolver *r, const hsd_link_work *link, const hsd_link_spot *from,
                     const hsd_link_spot *to, hsd_added *piece) {
    piece->first_point = (uint32_t)r->points.count;
    bool ok = hsd_array_push(&r->points, from->at, r->err);
    for (uint32_t i = from->segment + 1; ok && i <= to->segment; i++) {
        if (i == from->segment + 1 && from->fraction >= 1) continue;
        if (i == to->segment && to->fraction <= 0) continue;
        ok = hsd_array_push(&r->points, link->row->line.points[i], r->err);
    }
    ok = ok && hsd_array_push(&r->points, to->at, r->err);
    piece->point_count = (uint32_t)r->points.count - piece->first_point;
    return ok;
}

static hsd_status cut(hsd_resolver *r, uint32_t index) {
    const hsd_link_work *link = &r->links[index];
    const uint32_t last = link->first_pole + link->pole_count - 1;
    for (uint32_t p = link->first_pole; p < last; p++) {
        const hsd_link_spot *from = &r->drafts.data[p].spot, *to = &r->drafts.data[p + 1].spot;
        const uint32_t ms = hsd_link_prefix_ms(link, to) - hsd_link_prefix_ms(link, from);
        hsd_added piece = {.proposal = link->row->proposal,
                           .link = index,
                           .from_pole = p,
                           .to_pole = p + 1,
                           .ms = {HSD_UNREACHABLE, HSD_UNREACHABLE},
                           .length_m = hsd_link_prefix_m(link, to) - hsd_link_prefix_m(link, from),
                           .access = link->row->access};
        if (link->open[HSD_FORWARD])
            piece.ms[HSD_FORWARD] = hsd_ms_add(ms, p == link->first_pole ? link->extra_ms : 0);
        if (link->open[HSD_BACKWARD])
            piece.ms[HSD_BACKWARD] = hsd_ms_add(ms, p + 1 == last ? link->extra_ms : 0);
        if (!add_line(r, link, from, to, &piece) || !hsd_array_push(&r->added, piece, r->err))
            return HSD_E_MEMORY;
    }
    return HSD_OK;
}

hsd_status hsd_links_cut(hsd_resolver *r) {
    hsd_status status = HSD_OK;
    for (uint32_t i = 0; status == HSD_OK && i < r->table->link_count; i++)
        if (r->links[i].serves && r->links[i].pole_count > 1) status = cut(r, i);
    return status;
}
