/* What to say of a pole that does not join: the nearest road and why it would not do, where the
 * line shot over a road, which direction is missing. */
#include <math.h>

#include "scenario/joints.h"
#include "scenario/spot.h"

static const char *pole_words(unsigned why) {
    return why & HSD_POLE_START      ? "its start"
           : why & HSD_POLE_END      ? "its end"
           : why & HSD_POLE_JUNCTION ? "its junction"
                                     : "its crossing";
}

typedef struct nearest_road {
    hsd_joining *j;
    uint32_t edge;
    double m;
} nearest_road;

static double road_m(void *context, uint32_t item) {
    return hsd_joining_segment_m(((nearest_road *)context)->j, item);
}
static bool see_any_road(void *context, uint32_t item, double m) {
    nearest_road *s = context;
    const uint32_t edge = s->j->r->network->point_edge[item];
    const uint32_t *pace = &s->j->r->metric->pace[2 * (size_t)edge];
    if (!pace[0] && !pace[1]) return true;
    s->edge = edge;
    s->m = m;
    return false;
}

static double vertex_stop_m(void *context, uint32_t vertex) {
    return hsd_joining_vertex_m(((nearest_road *)context)->j, vertex);
}
static bool see_any_stop(void *context, uint32_t vertex, double m) {
    nearest_road *s = context;
    if (!hsd_vertex_admissible(s->j, vertex)) return true;
    s->edge = vertex;
    s->m = m;
    return false;
}

/* Metres from the pole back to where the line last crosses a road; NAN: nowhere near. */
static hsd_status find_overshoot(hsd_joining *j, double *metres, uint32_t *edge) {
    hsd_road_crossings crossed = {0};
    *metres = NAN;
    if (j->r->corridor || !(j->draft->why & (HSD_POLE_START | HSD_POLE_END))) return HSD_OK;
    const hsd_status status = hsd_roads_crossed(j->r, j->link, &crossed);
    if (status == HSD_OK && crossed.count > 0) {
        const bool last = (j->draft->why & HSD_POLE_END) != 0;
        const hsd_road_crossing *c = &crossed.data[last ? crossed.count - 1 : 0];
        *metres = fabs(hsd_link_prefix_m(j->link, &j->draft->spot) -
                       hsd_link_prefix_m(j->link, &c->spot));
        *edge = c->edge;
    }
    hsd_array_finish(&crossed);
    return status;
}

static bool outside(const hsd_joining *j) {
    const hsd_box_e7 box = j->r->network->extent;
    const hsd_lonlat at = j->draft->spot.at;
    const double x = fmax(fmax(box.min_lon_e7 / 1e7 - at.lon, at.lon - box.max_lon_e7 / 1e7), 0);
    const double y = fmax(fmax(box.min_lat_e7 / 1e7 - at.lat, at.lat - box.max_lat_e7 / 1e7), 0);
    return hypot(x * j->tangent.m_per_lon, y * j->tangent.m_per_lat) > j->tolerance_m;
}

static hsd_status say_corridor(hsd_joining *j, hsd_row_name name, const char *pole) {
    nearest_road road = {j, HSD_NO_ID, 0};
    const hsd_lonlat at = j->draft->spot.at;
    hsd_status status = hsd_rtree_nearest(&j->r->network->vertex_index, &j->tangent, 100000,
                                          vertex_stop_m, see_any_stop, &road, j->r->err);
    if (status != HSD_OK) return status;
    if (road.edge == HSD_NO_ID)
        return hsd_resolver_error(j->r, name,
                                  "%s (%.6f, %.6f) joins nothing: no node where %s may stop%s "
                                  "within 100 km",
                                  pole, at.lon, at.lat, j->r->metric->name,
                                  j->junction && j->junction->connect_to ? " and connect_to fits"
                                                                         : "");
    return hsd_resolver_error(j->r, name,
                              "%s (%.6f, %.6f) joins nothing: the nearest node where %s may stop "
                              "(id %lld) is %.0f m away, more than %.0f m; move it there, or give "
                              "a larger tolerance",
                              pole, at.lon, at.lat, j->r->metric->name,
                              (long long)j->r->network->vertex_source[road.edge], road.m,
                              j->tolerance_m);
}

hsd_status hsd_say_nothing_joined(hsd_joining *j) {
    const hsd_resolver *r = j->r;
    const hsd_row_name name = hsd_link_name(j->link->row);
    const hsd_lonlat at = j->draft->spot.at;
    const char *pole = pole_words(j->draft->why);
    char label[160];
    if (outside(j))
        return hsd_resolver_error(j->r, name,
                                  "%s (%.6f, %.6f) lies outside the network's extent (%.4f, %.4f "
                                  "to %.4f, %.4f); check the layer's coordinate system, or build a "
                                  "larger network",
                                  pole, at.lon, at.lat, r->network->extent.min_lon_e7 / 1e7,
                                  r->network->extent.min_lat_e7 / 1e7,
                                  r->network->extent.max_lon_e7 / 1e7,
                                  r->network->extent.max_lat_e7 / 1e7);
    if (r->corridor) return say_corridor(j, name, pole);
    nearest_road road = {j, HSD_NO_ID, 0};
    double overshoot;
    uint32_t crossed = HSD_NO_ID;
    hsd_status status = hsd_rtree_nearest(&r->network->snap, &j->tangent, 20000, road_m,
                                          see_any_road, &road, r->err);
    if (status == HSD_OK) status = find_overshoot(j, &overshoot, &crossed);
    if (status != HSD_OK) return status;
    if (road.edge == HSD_NO_ID)
        return hsd_resolver_error(j->r, name,
                                  "%s (%.6f, %.6f) joins nothing: no road that %s can use within "
                                  "20 km",
                                  pole, at.lon, at.lat, r->metric->name);
    const hsd_edge *edge = &r->network->edges[road.edge];
    hsd_edge_label(r, road.edge, label, sizeof label);
    if (road.m <= j->tolerance_m) {
        if (j->junction && j->junction->connect_to && j->junction->connect_to[0])
            return hsd_resolver_error(j->r, name,
                                      "%s (%.6f, %.6f) joins nothing: no road within %.0f m is "
                                      "\"%.*s\" (connect_to: a class, a name or a source id); the "
                                      "nearest road is %s",
                                      pole, at.lon, at.lat, j->tolerance_m,
                                      hsd_cut(j->junction->connect_to, 40), j->junction->connect_to,
                                      label);
        if (hsd_class_is_motorway(r->network->classes[edge->class_id]))
            return hsd_resolver_error(j->r, name,
                                      "%s (%.6f, %.6f) would join a motorway, %s %.0f m away, "
                                      "where no ramp is meant; put a junction point with "
                                      "connect_to or ramp_min there, or move it to a road",
                                      pole, at.lon, at.lat, label, road.m);
        return hsd_resolver_error(j->r, name,
                                  "%s (%.6f, %.6f) joins nothing: %s, %.0f m away, is a bridge, "
                                  "tunnel or ferry; move it to a road",
                                  pole, at.lon, at.lat, label, road.m);
    }
    if (crossed != HSD_NO_ID) {
        char other[160];
        return hsd_resolver_error(j->r, name,
                                  "%s (%.6f, %.6f) joins nothing: the nearest road is %s, %.0f m "
                                  "away, more than %.0f m; its line crosses %s %.0f m before: end "
                                  "it there, or say connect=crossings",
                                  pole, at.lon, at.lat, label, road.m, j->tolerance_m,
                                  hsd_edge_label(r, crossed, other, sizeof other), overshoot);
    }
    return hsd_resolver_error(j->r, name,
                              "%s (%.6f, %.6f) joins nothing: the nearest road is %s, %.0f m away, "
                              "more than %.0f m; move it there, or give a larger tolerance",
                              pole, at.lon, at.lat, label, road.m, j->tolerance_m);
}

hsd_status hsd_say_one_way(hsd_joining *j) {
    const unsigned missing = j->need & ~j->can;
    const hsd_joint *joint = &j->r->joints.data[j->first_joint];
    char label[160] = "a node";
    if (joint->edge != HSD_NO_ID) hsd_edge_label(j->r, joint->edge, label, sizeof label);
    const bool end = (j->draft->why & (HSD_POLE_START | HSD_POLE_END)) != 0;
    return (end ? hsd_resolver_error : hsd_resolver_remark)(
        j->r, hsd_link_name(j->link->row),
        "%s joins %s %.0f m away and %s: no road within %.0f m %s; move it, or draw the other "
        "carriageway's link too",
        pole_words(j->draft->why), label, joint->gap_m,
        missing == HSD_CAN_BOTH    ? "can be neither entered nor left"
        : missing == HSD_CAN_LEAVE ? "can be entered but not left"
                                   : "can be left but not entered",
        j->tolerance_m,
        missing == HSD_CAN_LEAVE ? "leads back to the main network"
                                 : "is reached from the main network");
}
