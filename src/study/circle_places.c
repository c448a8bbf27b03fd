/* Layers of where a run starts: origins, and what each point joined. */
#include <math.h>
#include <stdio.h>

#include "base/memory.h"
#include "geo/geometry.h"
#include "net/network.h"
#include "study/rows.h"

/* How many gates joined, and the first of them to show. */
static size_t gates_joined(const hsd_origin *origin, const hsd_origin_result *result,
                           size_t *shown) {
    size_t joined = 0;
    *shown = 0;
    for (size_t g = 0; result->joined && g < origin->gate_count; g++)
        if (result->joined[g].reason == HSD_SNAP_OK && joined++ == 0) *shown = g;
    return joined;
}

hsd_status hsd_write_origins(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "name", HSD_FIELD_TEXT, "name");
    hsd_fields_add(&f, "name_en", HSD_FIELD_TEXT, "English name");
    hsd_fields_add(&f, "gates", HSD_FIELD_INT, "points it starts from");
    hsd_fields_add(&f, "status", HSD_FIELD_TEXT, "ok, or why it has no circle");
    hsd_style_set style;
    hsd_style_plain(&style, HSD_LOOK_POINT, HSD_COLOUR_ORIGIN,
                    hsd_word_text(HSD_WORD_ORIGINS, run->lang));
    style.style.label_field = run->lang && run->lang[0] == 'z' ? "name" : "name_en";
    bool english = false;
    for (size_t i = 0; i < run->origins.count; i++)
        english = english || run->origins.origins[i].name_en[0];
    if (!english) style.style.label_field = "name";
    hsd_status status = hsd_layer_start(file, run, "origins", HSD_WORD_ORIGINS, HSD_GEOMETRY_POINT,
                                        &f, &style.style, false, "Where the circles start", err);
    for (size_t i = 0; status == HSD_OK && i < run->origins.count; i++) {
        const hsd_origin *o = &run->origins.origins[i];
        const hsd_origin_result *result = hsd_run_result(run, 0, i);
        hsd_row r = {.count = 0};
        hsd_row_text(&r, o->id);
        hsd_row_text(&r, o->name);
        hsd_row_text(&r, o->name_en[0] ? o->name_en : NULL);
        hsd_row_int(&r, (int64_t)o->gate_count);
        size_t shown, joined = gates_joined(o, result, &shown);
        char some[64];
        snprintf(some, sizeof some, "%zu of %zu gates joined", joined, o->gate_count);
        hsd_row_text(&r, !result->ok ? result->why : joined < o->gate_count ? some : "ok");
        hsd_geometry point = {0};
        bool drawn = o->gate_count && fabs(o->gates[shown].at.lon) <= 180 &&
                     fabs(o->gates[shown].at.lat) <= 90;
        if (drawn) point = hsd_point_geometry(&o->gates[shown].at);
        status = hsd_row_write(file, &r, drawn ? &point : NULL, err);
    }
    return status;
}

static hsd_status snap_row(hsd_dataset *file, const hsd_circle_run *run, const char *role,
                           const char *id, const char *profile, size_t gate, hsd_snap_reason reason,
                           uint32_t feet, const hsd_foot *nearest, hsd_lonlat from, hsd_lonlat to,
                           hsd_error *err) {
    hsd_row r = {.count = 0};
    hsd_row_key(&r, hsd_asprintf(err, "%s/%s/%s/%zu", role, id, profile, gate + 1));
    hsd_row_text(&r, role);
    hsd_row_text(&r, id);
    hsd_row_text(&r, profile);
    hsd_row_text(&r, hsd_snap_reason_text(reason));
    hsd_row_int(&r, feet);
    hsd_lonlat ends[2] = {from, to};
    size_t ring = 2;
    hsd_geometry line = {HSD_GEOMETRY_LINE, 2, 1, 0, ends, &ring, NULL};
    if (reason != HSD_SNAP_OK) {
        for (int i = 0; i < 4; i++) hsd_row_null(&r);
        return hsd_row_write(file, &r, NULL, err);
    }
    const hsd_network *net = run->network;
    bool edge = nearest->edge != HSD_NO_EDGE;
    hsd_row_real(&r, nearest->leg_m);
    hsd_row_minutes(&r, nearest->leg_ms);
    hsd_row_text(&r, edge ? net->classes[net->edges[nearest->edge].class_id] : "node");
    hsd_row_int(&r,
                edge ? net->edges[nearest->edge].source_id : net->vertex_source[nearest->vertex]);
    return hsd_row_write(file, &r, &line, err);
}

static hsd_status snap_zones(hsd_dataset *file, const hsd_circle_run *run, size_t p,
                             const char *profile, hsd_error *err) {
    const hsd_zone_set *set = run->profiles[p].zones;
    hsd_status status = HSD_OK;
    for (size_t z = 0; status == HSD_OK && z < run->zones.place_count; z++) {
        const hsd_place *place = &run->zones.places[z];
        const hsd_feet *feet = hsd_zone_set_feet(set, z);
        hsd_snap_reason reason = hsd_zone_set_reason(set, z);
        hsd_foot nearest = {0};
        hsd_lonlat from = {0}, to = {0};
        if (reason == HSD_SNAP_OK && feet->count) {
            nearest = hsd_nearest_foot(feet);
            to = hsd_locator_foot_point(run->profiles[p].locator, &nearest);
            status = hsd_geometry_point(&place->geometry, &from, err);
        }
        if (status == HSD_OK)
            status = snap_row(file, run, "zone", place->id, profile, 0, reason,
                              (uint32_t)feet->count, &nearest, from, to, err);
    }
    return status;
}

hsd_status hsd_snap_start(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_TEXT, "role/point/profile/gate");
    hsd_fields_add(&f, "role", HSD_FIELD_TEXT, "origin, zone or stop");
    hsd_fields_add(&f, "point_id", HSD_FIELD_TEXT, "id of the origin, zone or stop (feed:stop)");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(&f, "status", HSD_FIELD_TEXT, "ok, or why it did not join");
    hsd_fields_add(&f, "joined", HSD_FIELD_INT, "edges or nodes it joined");
    hsd_fields_add(&f, "leg_m", HSD_FIELD_REAL, "straight leg to the nearest of them, metres");
    hsd_fields_add(&f, "leg_min", HSD_FIELD_REAL, "minutes of that leg");
    hsd_fields_add(&f, "road_class", HSD_FIELD_TEXT, "class of the edge, or node");
    hsd_fields_add(&f, "source_id", HSD_FIELD_INT, "id of the way or node in the source");
    hsd_style_set style;
    hsd_style_plain(&style, HSD_LOOK_LINE, HSD_COLOUR_SNAP,
                    hsd_word_text(HSD_WORD_SNAP, run->lang));
    return hsd_layer_start(file, run, "snap", HSD_WORD_SNAP, HSD_GEOMETRY_LINE, &f, &style.style,
                           true, "What each point joined, how far, or why not", err);
}

static hsd_status snap_gates(hsd_dataset *file, const hsd_circle_run *run, size_t o,
                             const hsd_joined *joined, const char *profile, hsd_error *err) {
    const hsd_origin *origin = &run->origins.origins[o];
    hsd_status status = HSD_OK;
    for (size_t g = 0; status == HSD_OK && joined && g < origin->gate_count; g++) {
        const hsd_joined *j = &joined[g];
        status = snap_row(file, run, "origin", origin->id, profile, g, j->reason, j->feet,
                          &j->nearest, origin->gates[g].at, j->at, err);
    }
    return status;
}

/* Stops under one of the profiles that bring to them or away from them. */
static hsd_status snap_stops(hsd_dataset *file, const hsd_circle_run *run, int end,
                             const hsd_locator *locator, const char *profile, hsd_error *err) {
    const hsd_timetable *t = run->transit->timetable;
    hsd_status status = HSD_OK;
    for (uint32_t s = 0; status == HSD_OK && s < t->stop_count; s++) {
        const hsd_stop_row *stop = &t->stops[s];
        const hsd_feet *feet = hsd_stop_set_feet(run->transit->stops, s, end);
        if (stop->is_station || !feet) continue;
        const hsd_foot nearest = hsd_nearest_foot(feet);
        const hsd_lonlat from = {stop->lon, stop->lat};
        const hsd_lonlat to = feet->count ? hsd_locator_foot_point(locator, &nearest) : from;
        char *id = stop->feed == HSD_NO_ROW
                       ? hsd_strdup(t->strings + stop->id, err)
                       : hsd_asprintf(err, "%s:%s", t->strings + t->feeds[stop->feed].name,
                                      t->strings + stop->id);
        if (!id) return HSD_E_MEMORY;
        status = snap_row(file, run, "stop", id, profile, 0, feet->reason, (uint32_t)feet->count,
                          &nearest, from, to, err);
        hsd_free(id);
    }
    return status;
}

static hsd_status snap_transit(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    const hsd_transit_run *t = run->transit;
    const hsd_profile_info *profiles = run->info.profiles;
    const char *near = profiles[hsd_transit_run_near_profile(t)].name;
    const char *far = profiles[hsd_transit_run_far_profile(t)].name;
    hsd_status status = HSD_OK;
    for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++) {
        const hsd_origin_result *result = hsd_run_result(run, 0, o);
        status = snap_gates(file, run, o, result->joined, near, err);
        if (status == HSD_OK) status = snap_gates(file, run, o, result->direct_joined, far, err);
    }
    if (status == HSD_OK && run->profiles[0].zones) status = snap_zones(file, run, 0, far, err);
    if (status == HSD_OK)
        status = snap_stops(file, run, 0, t->access, profiles[t->access_profile].name, err);
    if (status == HSD_OK && t->egress != t->access)
        status = snap_stops(file, run, 1, t->egress, profiles[t->egress_profile].name, err);
    if (status == HSD_OK && t->walk != t->access && t->walk != t->egress)
        status = snap_stops(file, run, 2, t->walk, profiles[t->walk_profile].name, err);
    return status;
}

hsd_status hsd_snap_rows(hsd_dataset *file, const hsd_circle_run *run, hsd_error *err) {
    hsd_status status = HSD_OK;
    if (run->transit) return snap_transit(file, run, err);
    for (size_t p = 0; status == HSD_OK && p < run->profile_count; p++) {
        const char *name = run->profiles[p].name;
        for (size_t o = 0; status == HSD_OK && o < run->origins.count; o++)
            status = snap_gates(file, run, o, hsd_run_result(run, p, o)->joined, name, err);
        if (status == HSD_OK && run->profiles[p].zones)
            status = snap_zones(file, run, p, name, err);
    }
    return status;
}
