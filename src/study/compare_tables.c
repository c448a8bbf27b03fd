/* Layers of a comparison with a row a pair: zones, cities, and what each link has done for them. */
#include "base/memory.h"
#include "geo/geometry.h"
#include "study/compare_transit.h"
#include "study/compare_views.h"
#include "study/rows.h"

/* Minutes before and after, what they save, and the saving's share of the time before. */
static void add_saving(hsd_row *r, uint32_t before, uint32_t after) {
    bool both = before < HSD_UNREACHABLE && after < HSD_UNREACHABLE;
    double saving = both ? ((double)before - (double)after) / 60000.0 : NAN;
    hsd_row_minutes(r, before);
    hsd_row_minutes(r, after);
    hsd_row_real(r, saving);
    hsd_row_real(r, both && before ? 100 * saving / (before / 60000.0) : NAN);
}

static void saving_fields(hsd_fields *f) {
    hsd_fields_add(f, "before_min", HSD_FIELD_REAL, "minutes in the baseline; empty: no way");
    hsd_fields_add(f, "after_min", HSD_FIELD_REAL, "minutes under the scenario; empty: no way");
    hsd_fields_add(f, "saving_min", HSD_FIELD_REAL, "before less after, minutes");
    hsd_fields_add(f, "saving_pct", HSD_FIELD_REAL, "of the time before, percent");
}

static void add_within(hsd_row *r, const hsd_circle_run *run, uint32_t ms) {
    size_t c = 0;
    while (c < run->cutoff_count && ms > run->cutoffs_ms[c]) c++;
    hsd_row_real(r, c < run->cutoff_count ? hsd_cutoff_minutes(run, c) : NAN);
}

/* ---- zones ---- */

static void zone_fields(hsd_fields *f, const hsd_compare_run *run) {
    const hsd_circle_run *c = &run->circle;
    char name[64];
    hsd_fields_add(f, "id", HSD_FIELD_TEXT, "scenario/origin/profile/zone");
    hsd_fields_add(f, "zone_id", HSD_FIELD_TEXT, "zone");
    hsd_fields_add(f, "name", HSD_FIELD_TEXT, "name");
    hsd_fields_add(f, "name_en", HSD_FIELD_TEXT, "English name");
    hsd_fields_add(f, "scenario", HSD_FIELD_TEXT, "scenario, against the baseline");
    hsd_fields_add(f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(f, "origin", HSD_FIELD_TEXT, "name of the origin");
    hsd_fields_add(f, "profile", HSD_FIELD_TEXT, "profile");
    saving_fields(f);
    hsd_fields_add(f, "within_before_min", HSD_FIELD_REAL,
                   "smallest cut-off its point lies within, in the baseline");
    hsd_fields_add(f, "within_after_min", HSD_FIELD_REAL, "the same under the scenario");
    for (size_t k = 0; k < c->cutoff_count; k++) {
        snprintf(name, sizeof name, "new_%g", hsd_cutoff_minutes(c, k));
        hsd_fields_add(f, name, HSD_FIELD_REAL, "share of it newly within that many minutes, 0..1");
        snprintf(name, sizeof name, "lost_%g", hsd_cutoff_minutes(c, k));
        hsd_fields_add(f, name, HSD_FIELD_REAL, "share of it no longer within, 0..1");
    }
    for (size_t m = 0; m < c->zones.mass_count; m++)
        hsd_fields_add(f, c->zones.mass_names[m], HSD_FIELD_REAL, c->zones.mass_names[m]);
    for (size_t m = 0; m < c->zones.mass_count; m++)
        for (size_t k = 0; k < c->cutoff_count; k++) {
            snprintf(name, sizeof name, "%.40s_new_%g", c->zones.mass_names[m],
                     hsd_cutoff_minutes(c, k));
            hsd_fields_add(f, name, HSD_FIELD_REAL, "of it newly within that many minutes");
        }
}

static hsd_status zone_row(hsd_dataset *file, const hsd_compare_run *run, size_t p, size_t o,
                           size_t s, size_t z, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    const hsd_place *zone = &c->zones.places[z];
    const hsd_origin *origin = &c->origins.origins[o];
    const hsd_scene_result *before = hsd_scene_result_at(run, p, o, 0);
    const hsd_scene_result *after = hsd_scene_times(run, p, o, s);
    hsd_row r = {.count = 0};
    hsd_row_key(&r, hsd_asprintf(err, "%s/%s/%s/%s", hsd_scene_name(run, s), origin->id,
                                 c->profiles[p].name, zone->id));
    hsd_row_text(&r, zone->id);
    hsd_row_text(&r, zone->name);
    hsd_row_text(&r, zone->name_en[0] ? zone->name_en : NULL);
    hsd_row_text(&r, hsd_scene_name(run, s));
    hsd_row_text(&r, origin->id);
    hsd_row_text(&r, hsd_shown_name(origin->name, origin->name_en, c->lang));
    hsd_row_text(&r, c->profiles[p].name);
    add_saving(&r, before->zone_ms[z], after->zone_ms[z]);
    add_within(&r, c, before->zone_ms[z]);
    add_within(&r, c, after->zone_ms[z]);
    for (size_t k = 0; k < c->cutoff_count; k++) {
        hsd_row_real(&r, after->zone_gained[z * c->cutoff_count + k]);
        hsd_row_real(&r, after->zone_lost[z * c->cutoff_count + k]);
    }
    for (size_t m = 0; m < c->zones.mass_count; m++) hsd_row_real(&r, zone->masses[m]);
    for (size_t m = 0; m < c->zones.mass_count; m++)
        for (size_t k = 0; k < c->cutoff_count; k++)
            hsd_row_real(&r, zone->masses[m] * after->zone_gained[z * c->cutoff_count + k]);
    return hsd_row_write(file, &r, zone->fault ? NULL : &zone->geometry, err);
}

hsd_status hsd_write_compare_zones(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    hsd_fields f = {.count = 0};
    zone_fields(&f, run);
    double cutoffs[HSD_STYLE_CLASSES_MAX];
    size_t shown = hsd_cutoffs_shown(c, cutoffs);
    hsd_geometry_type type = c->zones.places[0].geometry.type;
    bool points = type == HSD_GEOMETRY_POINT;
    /* rows of several origins lie on each other: shown only where each place has one */
    bool one = run->scene_count * c->origins.count * c->profile_count == 2;
    hsd_style_set style;
    hsd_style_by_cutoff(&style, points ? HSD_LOOK_POINT : HSD_LOOK_FILL, "after_min", cutoffs,
                        shown, hsd_word_text(HSD_WORD_MINUTES, c->lang));
    hsd_views views;
    hsd_status status = hsd_zone_views(run, &views, err);
    if (status == HSD_OK)
        status = hsd_layer_start_views(
            file, c, "zones", HSD_WORD_ZONES, type, &f, &style.style, !points || !one,
            "Time of each zone's point before and after, from (or to) each origin", views.list,
            views.count, err);
    hsd_views_finish(&views);
    for (size_t s = 1; s < run->scene_count; s++)
        for (size_t o = 0; o < c->origins.count; o++)
            for (size_t p = 0; p < c->profile_count; p++)
                for (size_t z = 0; status == HSD_OK && z < c->zones.place_count; z++)
                    if (hsd_run_result(c, p, o)->ok) status = zone_row(file, run, p, o, s, z, err);
    return status;
}

/* ---- cities ---- */

static void city_fields(hsd_fields *f) {
    static const char *const kinds[] = {"gate", "centre", "popmean"};
    static const char *const about[] = {"gate to gate, the nearest pair, without initial costs",
                                        "centre to centre", "mean over the people of both cities"};
    hsd_fields_add(f, "id", HSD_FIELD_TEXT, "scenario/profile/from/to");
    hsd_fields_add(f, "scenario", HSD_FIELD_TEXT, "scenario, against the baseline");
    hsd_fields_add(f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(f, "from_id", HSD_FIELD_TEXT, "from");
    hsd_fields_add(f, "to_id", HSD_FIELD_TEXT, "to");
    hsd_fields_add(f, "from_name", HSD_FIELD_TEXT, "from");
    hsd_fields_add(f, "to_name", HSD_FIELD_TEXT, "to");
    saving_fields(f);
    hsd_fields_add(f, "slack_min", HSD_FIELD_REAL,
                   "after less the first cut-off, minutes: above 0 it needs so much less");
    for (size_t k = 0; k < 3; k++)
        for (size_t after = 0; after < 2; after++) {
            char name[64];
            snprintf(name, sizeof name, "%s_%s_min", kinds[k], after ? "after" : "before");
            hsd_fields_add(f, name, HSD_FIELD_REAL, about[k]);
        }
}

static hsd_status city_row(hsd_dataset *file, const hsd_compare_run *run, size_t p, size_t s,
                           size_t o, size_t other, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    bool to = c->request->direction == HSD_TO;
    const hsd_origin *from = &c->origins.origins[to ? other : o];
    const hsd_origin *goal = &c->origins.origins[to ? o : other];
    const hsd_scene_result *before = hsd_scene_result_at(run, p, o, 0);
    const hsd_scene_result *after = hsd_scene_result_at(run, p, o, s);
    uint32_t now = hsd_scene_city_ms(after)[other];
    hsd_row r = {.count = 0};
    hsd_row_key(&r, hsd_asprintf(err, "%s/%s/%s/%s", hsd_scene_name(run, s), c->profiles[p].name,
                                 from->id, goal->id));
    hsd_row_text(&r, hsd_scene_name(run, s));
    hsd_row_text(&r, c->profiles[p].name);
    hsd_row_text(&r, from->id);
    hsd_row_text(&r, goal->id);
    hsd_row_text(&r, hsd_shown_name(from->name, from->name_en, c->lang));
    hsd_row_text(&r, hsd_shown_name(goal->name, goal->name_en, c->lang));
    add_saving(&r, hsd_scene_city_ms(before)[other], now);
    hsd_row_real(&r,
                 now < HSD_UNREACHABLE ? ((double)now - (double)c->cutoffs_ms[0]) / 60000.0 : NAN);
    hsd_row_minutes(&r, before->gate_ms ? before->gate_ms[other] : HSD_UNREACHABLE);
    hsd_row_minutes(&r, after->gate_ms ? after->gate_ms[other] : HSD_UNREACHABLE);
    hsd_row_minutes(&r, before->centre_ms[other]);
    hsd_row_minutes(&r, after->centre_ms[other]);
    const hsd_popmean *mean = hsd_popmean_of(run, p, s, o, other);
    hsd_row_real(&r, mean && mean->weight > 0 ? mean->before / mean->weight : NAN);
    hsd_row_real(&r, mean && mean->weight > 0 ? mean->after / mean->weight : NAN);
    size_t a = run->cities[to ? other : o].centre, b = run->cities[to ? o : other].centre;
    if (a == SIZE_MAX || b == SIZE_MAX) return hsd_row_write(file, &r, NULL, err);
    hsd_lonlat ends[2] = {run->targets.places[a].geometry.points[0],
                          run->targets.places[b].geometry.points[0]};
    size_t ring = 2;
    hsd_geometry line = {HSD_GEOMETRY_LINE, 2, 1, 0, ends, &ring, NULL};
    return hsd_row_write(file, &r, &line, err);
}

hsd_status hsd_write_cities(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    hsd_fields f = {.count = 0};
    city_fields(&f);
    double cutoffs[HSD_STYLE_CLASSES_MAX];
    size_t shown = hsd_cutoffs_shown(c, cutoffs);
    hsd_style_set style;
    hsd_style_by_cutoff(&style, HSD_LOOK_LINE, "after_min", cutoffs, shown,
                        hsd_word_text(HSD_WORD_MINUTES, c->lang));
    hsd_status status = hsd_layer_start(
        file, c, "cities", HSD_WORD_CITIES, HSD_GEOMETRY_LINE, &f, &style.style, true,
        "City to city before and after: gate to gate where there are gates, "
        "else centre to centre, and both beside the mean over people",
        err);
    for (size_t s = 1; s < run->scene_count; s++)
        for (size_t p = 0; p < c->profile_count; p++)
            for (size_t o = 0; o < c->origins.count; o++)
                for (size_t k = 0; status == HSD_OK && k < c->origins.count; k++)
                    if (k != o && hsd_run_result(c, p, o)->ok)
                        status = city_row(file, run, p, s, o, k, err);
    return status;
}

/* ---- attribution ---- */

static hsd_status attribution_row(hsd_dataset *file, const hsd_compare_run *run, size_t p, size_t o,
                                  size_t s, const hsd_attributed *a, int64_t id, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    const hsd_link_row *link =
        a->part.link == HSD_WHOLE ? NULL : &run->proposals.links[a->part.link];
    uint32_t cutoff = c->cutoffs_ms[a->cutoff];
    const char *name, *english;
    if (a->city) {
        name = c->origins.origins[a->target].name;
        english = c->origins.origins[a->target].name_en;
    } else {
        name = c->zones.places[a->target].name;
        english = c->zones.places[a->target].name_en;
    }
    hsd_row r = {.count = 0};
    hsd_row_int(&r, id);
    hsd_row_text(&r, hsd_scene_name(run, s));
    hsd_row_text(&r, c->origins.origins[o].id);
    hsd_row_text(&r, c->profiles[p].name);
    hsd_row_real(&r, hsd_cutoff_minutes(c, a->cutoff));
    hsd_row_text(&r, a->city ? "city" : "zone");
    hsd_row_text(&r, a->city ? c->origins.origins[a->target].id : c->zones.places[a->target].id);
    hsd_row_text(&r, hsd_shown_name(name, english, c->lang));
    hsd_row_text(&r, run->proposals.proposals[a->part.proposal].name);
    if (link)
        hsd_row_int(&r, link->feature_id);
    else
        hsd_row_null(&r);
    hsd_row_text(&r, link ? link->name : NULL);
    hsd_row_int(&r, a->on_path);
    hsd_row_int(&r, a->without_ms > cutoff);
    hsd_row_int(&r, a->alone_ms <= cutoff);
    hsd_row_minutes(&r, a->without_ms);
    hsd_row_minutes(&r, a->alone_ms);
    if (c->transit) {
        const hsd_scene *scene = hsd_scene_of(run, p, s);
        hsd_row_text(&r, hsd_ridden_line(scene, &a->ride));
        hsd_row_text(&r, hsd_ridden_stop(scene, a->ride.from_stop));
        hsd_row_text(&r, hsd_ridden_stop(scene, a->ride.to_stop));
    }
    return hsd_row_write(file, &r, NULL, err);
}

hsd_status hsd_write_attribution(hsd_dataset *file, const hsd_compare_run *run, hsd_error *err) {
    const hsd_circle_run *c = &run->circle;
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(&f, "scenario", HSD_FIELD_TEXT, "scenario");
    hsd_fields_add(&f, "origin_id", HSD_FIELD_TEXT, "origin");
    hsd_fields_add(&f, "profile", HSD_FIELD_TEXT, "profile");
    hsd_fields_add(&f, "cutoff_min", HSD_FIELD_REAL, "cut-off that gains it, minutes");
    hsd_fields_add(&f, "target", HSD_FIELD_TEXT, "zone or city");
    hsd_fields_add(&f, "target_id", HSD_FIELD_TEXT, "what is gained");
    hsd_fields_add(&f, "name", HSD_FIELD_TEXT, "its name");
    hsd_fields_add(&f, "proposal", HSD_FIELD_TEXT,
                   "proposal; without a link: as a whole, where it has several");
    hsd_fields_add(&f, "feature_id", HSD_FIELD_INT, "the link in the proposals file");
    hsd_fields_add(&f, "link", HSD_FIELD_TEXT, "its name");
    hsd_fields_add(&f, "on_path", HSD_FIELD_BOOL, "it lies on the best path after");
    hsd_fields_add(&f, "needed", HSD_FIELD_BOOL, "without it alone the place is not gained");
    hsd_fields_add(&f, "alone", HSD_FIELD_BOOL, "with it alone (and closures and speeds) it is");
    hsd_fields_add(&f, "without_min", HSD_FIELD_REAL, "minutes without it");
    hsd_fields_add(&f, "alone_min", HSD_FIELD_REAL, "minutes with it alone");
    if (c->transit) {
        hsd_fields_add(&f, "line", HSD_FIELD_TEXT,
                       "the line ridden first, where it is on the path");
        hsd_fields_add(&f, "board_at", HSD_FIELD_TEXT, "station where one boards");
        hsd_fields_add(&f, "alight_at", HSD_FIELD_TEXT, "station where one alights");
    }
    hsd_status status =
        hsd_layer_start(file, c, "attribution", HSD_WORD_ATTRIBUTION, HSD_GEOMETRY_NONE, &f, NULL,
                        true, "Which link brings each gained zone and city inside", err);
    int64_t id = 0;
    for (size_t s = 1; s < run->scene_count; s++)
        for (size_t o = 0; o < c->origins.count; o++)
            for (size_t p = 0; p < c->profile_count; p++) {
                const hsd_scene_result *result = hsd_scene_result_at(run, p, o, s);
                for (size_t i = 0; status == HSD_OK && i < result->attributed.count; i++)
                    status =
                        attribution_row(file, run, p, o, s, &result->attributed.data[i], ++id, err);
            }
    return status;
}
