/* delineate: what is read. Rules first: they say which cut-offs and fields are needed. Then centres
 * and candidates as a circle run reads its origins and zones, the centre's own candidates, and
 * which candidates lie side by side. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "geo/geometry.h"
#include "study/delineate_run.h"

/* ---- The request ---- */

static hsd_status check_request(const hsd_delineate_run *run, hsd_error *err) {
    const hsd_delineate_request *r = run->request;
    const hsd_circle_request *c = &r->circle;
    const struct {
        bool wrong;
        const char *message;
    } faults[] = {
        {!c->zones, "no candidates: --zones FILE"},
        {c->profile_count > 1, "--profile: a delineation has one; a run each for several"},
        {c->transit.percentile_count > 1,
         "--percentiles: a delineation has one; a run each for several"},
        {c->population && c->zone_fields.mass_count,
         "--zone-mass: nothing with --population, whose people are counted"},
        {c->zone_fields.mass_count > 1, "--zone-mass: one field, with people"},
        {c->population_fields.mass_count > 1, "--mass: one field, with people"},
        {r->official_count + (r->official_list != NULL) > HSD_MAX_OFFICIALS,
         "--official: at most 6 lists in one run"},
        {hsd_same_file(c->output, r->official_list), "the output is the official list"}};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i].wrong) return hsd_fail(err, HSD_E_ARGUMENT, "%s", faults[i].message);
    if (r->horizon_min < 0 || r->horizon_min > 10080)
        return hsd_fail(err, HSD_E_ARGUMENT, "horizon of %g minutes: above 0 and at most 10080",
                        r->horizon_min);
    return HSD_OK;
}

static hsd_status read_rules(hsd_delineate_run *run, hsd_error *err) {
    static const char *const usual[] = {"one-hour"};
    const hsd_delineate_request *r = run->request;
    hsd_status status = hsd_member_rules_read(r->rule_set_count ? r->rules : usual,
                                              r->rule_set_count ? r->rule_set_count : 1, r->only,
                                              r->only_count, &run->rules, err);
    if (status == HSD_OK && run->rules.count > HSD_MAX_RULES)
        return hsd_fail(err, HSD_E_ARGUMENT, "%zu rules; at most %d in one run: --rule picks some",
                        run->rules.count, HSD_MAX_RULES);
    return status;
}

/* Each minute that a rule or the request asks for. */
static hsd_status gather_minutes(hsd_delineate_run *run, hsd_error *err) {
    const hsd_circle_request *c = &run->request->circle;
    size_t most = c->minute_count, count = 0;
    for (size_t r = 0; r < run->rules.count; r++) most += run->rules.rules[r].condition_count;
    double *minutes = run->minutes = hsd_calloc(most + 1, sizeof *minutes, err);
    if (!minutes) return HSD_E_MEMORY;
    for (size_t i = 0; i < c->minute_count; i++) minutes[count++] = c->minutes[i];
    for (size_t r = 0; r < run->rules.count; r++)
        for (size_t i = 0; i < run->rules.rules[r].condition_count; i++)
            if (run->rules.rules[r].conditions[i].minutes > 0)
                minutes[count++] = run->rules.rules[r].conditions[i].minutes;
    if (count == 0) minutes[count++] = 60; /* rules of commuting alone */
    run->circle_request.minutes = minutes;
    run->circle_request.minute_count = count;
    return HSD_OK;
}

static size_t add_name(const char **list, size_t *count, const char *name) {
    for (size_t i = 0; i < *count; i++)
        if (strcmp(list[i], name) == 0) return i;
    list[*count] = name;
    return (*count)++;
}

/* Numbers and texts of the candidates: people, commuting, official scopes, the core. */
static hsd_status gather_fields(hsd_delineate_run *run, hsd_error *err) {
    const hsd_delineate_request *r = run->request;
    hsd_place_fields *fields = &run->circle_request.zone_fields;
    size_t conditions = 0, masses = 0, texts = 0;
    bool people = false;
    for (size_t i = 0; i < run->rules.count; i++) {
        conditions += run->rules.rules[i].condition_count;
        people = people || hsd_member_rule_counts_people(&run->rules.rules[i]);
    }
    run->masses = hsd_calloc(conditions + 1, sizeof *run->masses, err);
    run->texts = hsd_calloc(r->official_count + 1, sizeof *run->texts, err);
    if (!run->masses || !run->texts) return HSD_E_MEMORY;
    if (!r->circle.population && (fields->mass_count || people)) {
        run->people = fields->mass_count ? fields->masses[0] : "population";
        add_name(run->masses, &masses, run->people);
    }
    for (size_t i = 0; i < run->rules.count; i++)
        for (size_t k = 0; k < run->rules.rules[i].condition_count; k++) {
            hsd_condition *c = &run->rules.rules[i].conditions[k];
            if (c->field) c->mass = add_name(run->masses, &masses, c->field);
        }
    for (size_t i = 0; i < r->official_count; i++) {
        for (size_t k = 0; k < i; k++)
            if (strcmp(r->official[k], r->official[i]) == 0)
                return hsd_fail(err, HSD_E_ARGUMENT, "--official %s is said twice", r->official[i]);
        add_name(run->texts, &texts, r->official[i]);
    }
    if (r->core) run->core_text = add_name(run->texts, &texts, r->core);
    fields->masses = run->masses;
    fields->mass_count = masses;
    fields->texts = run->texts;
    fields->text_count = texts;
    return HSD_OK;
}

/* The longest trip that is looked for is a cut-off of the circle's, the last one. */
static hsd_status add_horizon(hsd_delineate_run *run, hsd_error *err) {
    hsd_circle_run *c = &run->circle;
    const bool transit = hsd_circle_by_transit(c->request);
    const uint32_t largest = c->cutoffs_ms[c->cutoff_count - 1];
    const uint32_t reach = hsd_transit_plan_reach_ms(&c->plan), night = 5 * 3600000;
    uint32_t horizon = 24 * 3600000;
    if (transit) horizon = 2 * largest > night ? 2 * largest : night;
    if (transit && horizon > reach) horizon = reach;
    if (run->request->horizon_min > 0)
        horizon = (uint32_t)floor(run->request->horizon_min * 60000 + 0.5);
    if (transit && horizon > reach)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "horizon of %g minutes: to arrive at the window's first minute one would "
                        "leave before the day before the date; at most %g",
                        horizon / 60000.0, reach / 60000.0);
    if (run->request->horizon_min > 0 && horizon < largest)
        return hsd_fail(err, HSD_E_ARGUMENT, "horizon of %g minutes: a cut-off is %g",
                        horizon / 60000.0, largest / 60000.0);
    run->cutoff_count = c->cutoff_count;
    run->horizon_ms = horizon > largest ? horizon : largest;
    uint32_t *more = hsd_realloc(c->cutoffs_ms, c->cutoff_count + 1, sizeof *more, err);
    if (!more) return HSD_E_MEMORY;
    c->cutoffs_ms = more;
    if (run->horizon_ms > largest) more[c->cutoff_count++] = run->horizon_ms;
    if (run->cutoff_count > HSD_MAX_RULE_CUTOFFS)
        return hsd_fail(err, HSD_E_ARGUMENT, "%zu cut-offs; at most %d in one run",
                        run->cutoff_count, HSD_MAX_RULE_CUTOFFS);
    return HSD_OK;
}

/* ---- The centre's own ---- */

/* The candidate that holds one of its points, those whose points it holds, those that the field
 * names. Where there is none, the one of its id: not before, for ids that are numbers meet by
 * accident, and not of points of the command line, whose ids are ours. */
static hsd_status mark_core(const hsd_delineate_run *run, size_t centre, uint8_t *core,
                            hsd_error *err) {
    const hsd_origin *o = &run->circle.origins.origins[centre];
    for (size_t z = 0; z < hsd_delineate_candidates(run); z++) {
        const hsd_place *place = &run->circle.zones.places[z];
        const char *owner = run->request->core ? place->texts[run->core_text] : "";
        core[z] = strcmp(owner, o->id) == 0;
        for (size_t g = 0; run->polygons && g < o->gate_count && !core[z]; g++)
            core[z] = hsd_geometry_holds(&place->geometry, o->gates[g].at);
        if (core[z] || o->geometry.type != HSD_GEOMETRY_POLYGON) continue;
        hsd_lonlat at;
        const hsd_status status = hsd_geometry_point(&place->geometry, &at, err);
        if (status != HSD_OK) return status;
        core[z] = hsd_geometry_holds(&o->geometry, at);
    }
    if (!run->request->circle.origins || memchr(core, 1, hsd_delineate_candidates(run)))
        return HSD_OK;
    for (size_t z = 0; z < hsd_delineate_candidates(run); z++)
        core[z] = strcmp(run->circle.zones.places[z].id, o->id) == 0;
    return HSD_OK;
}

static hsd_status check_core_field(const hsd_delineate_run *run, hsd_error *err) {
    const hsd_place_table *zones = &run->circle.zones;
    for (size_t z = 0; run->request->core && z < zones->place_count; z++) {
        const char *owner = zones->places[z].texts[run->core_text];
        if (owner[0] && hsd_centre_of_id(run, owner, strlen(owner)) == SIZE_MAX)
            return hsd_fail(err, HSD_E_FORMAT,
                            "%s: candidate %.60s: %s is \"%.40s\", which is no centre's id",
                            hsd_base_name(run->request->circle.zones), zones->places[z].id,
                            run->request->core, owner);
    }
    return HSD_OK;
}

static hsd_status find_cores(hsd_delineate_run *run, hsd_error *err) {
    const size_t candidates = hsd_delineate_candidates(run);
    hsd_status status = check_core_field(run, err);
    run->core = hsd_calloc(hsd_delineate_centres(run), candidates, err);
    if (!run->core) return HSD_E_MEMORY;
    for (size_t o = 0; status == HSD_OK && o < hsd_delineate_centres(run); o++) {
        uint8_t *core = run->core + hsd_of_centre(run, o);
        status = mark_core(run, o, core, err);
        if (status == HSD_OK && run->polygons && !memchr(core, 1, candidates))
            hsd_log(run->run, HSD_LOG_WARNING,
                    "centre %s lies in no candidate: exclaves of its circle cannot be told and "
                    "stay (--core FIELD names its own)",
                    hsd_centre_name(run, o));
    }
    return status;
}

/* ---- Borders ---- */

static hsd_status find_neighbours(hsd_delineate_run *run, hsd_error *err) {
    const hsd_place_table *zones = &run->circle.zones;
    bool asked = false;
    for (size_t r = 0; r < run->rules.count; r++)
        asked = asked || run->rules.rules[r].fill || run->rules.rules[r].drop;
    if (!run->polygons && asked)
        hsd_log(run->run, HSD_LOG_WARNING,
                "candidates are points: they have no borders, so no enclave is filled and no "
                "exclave dropped");
    if (!run->polygons || !asked) return HSD_OK;
    const hsd_geometry **shapes = hsd_alloc(zones->place_count, sizeof *shapes, err);
    if (!shapes) return HSD_E_MEMORY;
    for (size_t z = 0; z < zones->place_count; z++) shapes[z] = &zones->places[z].geometry;
    const hsd_status status =
        hsd_neighbours_find(shapes, zones->place_count, run->run, &run->neighbours, err);
    hsd_free(shapes);
    return status;
}

static hsd_status measure_areas(hsd_delineate_run *run, hsd_error *err) {
    const size_t count = hsd_delineate_candidates(run);
    run->area_km2 = hsd_calloc(count, sizeof(double), err);
    if (!run->area_km2) return HSD_E_MEMORY;
    for (size_t z = 0; run->polygons && z < count; z++)
        run->area_km2[z] = hsd_geometry_area_m2(&run->circle.zones.places[z].geometry) / 1e6;
    return HSD_OK;
}

/* A field has one number a candidate, whichever centre its people commute to. */
static void warn_of_commuting(const hsd_delineate_run *run) {
    const size_t centres = hsd_delineate_centres(run);
    for (size_t r = 0; centres > 1 && r < run->rules.count; r++)
        for (size_t i = 0; i < run->rules.rules[r].condition_count; i++) {
            const char *field = run->rules.rules[r].conditions[i].field;
            if (!field) continue;
            hsd_log(run->run, HSD_LOG_WARNING,
                    "rule %s takes %.40s as the commuting to each of %zu centres alike; a run for "
                    "each centre with a field of its own tells them apart",
                    run->rules.rules[r].name, field, centres);
            return;
        }
}

/* ---- All of it ---- */

static hsd_status read_places(hsd_delineate_run *run, hsd_error *err) {
    hsd_circle_run *c = &run->circle;
    hsd_status status = hsd_circle_read(c, err);
    if (status != HSD_OK) return status;
    warn_of_commuting(run);
    run->polygons = c->zones.places[0].geometry.type == HSD_GEOMETRY_POLYGON;
    if (run->request->circle.population) {
        run->people = c->population.mass_names[0];
        if (!run->polygons)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "%s: candidates are points, nobody lives within them; without "
                            "--population their own field counts (--zone-mass)",
                            hsd_base_name(run->request->circle.zones));
    }
    return HSD_OK;
}

hsd_status hsd_delineate_read(hsd_delineate_run *run, hsd_error *err) {
    hsd_circle_run *c = &run->circle;
    run->circle_request = run->request->circle;
    *c = (hsd_circle_run){.request = &run->circle_request,
                          .run = run->run,
                          .lang = run->request->circle.lang ? run->request->circle.lang : "en",
                          .edges = HSD_EDGES_NONE,
                          .one_profile = true};
    hsd_status status = check_request(run, err);
    if (status == HSD_OK) status = read_rules(run, err);
    if (status == HSD_OK) status = gather_minutes(run, err);
    if (status == HSD_OK) status = gather_fields(run, err);
    if (status == HSD_OK) status = hsd_circle_check(c, err);
    if (status == HSD_OK) status = add_horizon(run, err);
    if (status == HSD_OK) status = read_places(run, err);
    if (status == HSD_OK) status = hsd_delineate_officials(run, err);
    if (status == HSD_OK) status = find_cores(run, err);
    if (status == HSD_OK) status = measure_areas(run, err);
    if (status == HSD_OK) status = find_neighbours(run, err);
    return status;
}
