/* rank: what is read. Network, profile and zones as a circle run reads them; proposals, flows, the
 * pairs of break-even; and all of it given back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/issues.h"
#include "base/memory.h"
#include "read/csv_table.h"
#include "study/compare_transit.h"
#include "study/rank_run.h"

/* ---- Cut-offs ---- */

static int by_ms(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* By timetable to a place: what runs before the clock, a day before the date, is not known. */
static hsd_status check_reach(const hsd_rank_run *run, hsd_error *err) {
    const hsd_circle_run *c = &run->compare.circle;
    if (!hsd_circle_by_transit(c->request)) return HSD_OK;
    const double horizon = run->request->horizon_min > 0 ? run->request->horizon_min : 120,
                 cutoff = c->cutoffs_ms[c->cutoff_count - 1] / 60000.0,
                 longest = cutoff > horizon ? cutoff : horizon,
                 most = hsd_transit_plan_reach_ms(&c->plan) / 60000.0;
    if (longest <= most) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "%s of %g minutes: to arrive at the window's first minute one would leave "
                    "before the day before the date; at most %g",
                    cutoff > horizon ? "cut-off" : "horizon", longest, most);
}

static hsd_status take_cutoffs(hsd_rank_run *run, hsd_error *err) {
    const hsd_rank_request *r = run->request;
    enum { WEEK_MIN = 7 * 24 * 60 };
    static const double hour[] = {60};
    const double *minutes = r->minute_count ? r->minutes : hour;
    const size_t count = r->minute_count ? r->minute_count : 1;
    if (count > 6)
        return hsd_fail(err, HSD_E_ARGUMENT, "%zu cut-offs; at most 6 in one ranking", count);
    uint32_t *ms = hsd_alloc(count, sizeof *ms, err);
    run->compare.circle.cutoffs_ms = ms;
    if (!ms) return HSD_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (!(minutes[i] * 60000 >= 1 && minutes[i] <= WEEK_MIN))
            return hsd_fail(err, HSD_E_ARGUMENT, "cut-off of %g minutes: above 0 and at most %d",
                            minutes[i], WEEK_MIN);
        ms[i] = (uint32_t)floor(minutes[i] * 60000 + 0.5);
    }
    uint32_t first = ms[0];
    qsort(ms, count, sizeof *ms, by_ms);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || ms[i] != ms[i - 1]) ms[run->compare.circle.cutoff_count++] = ms[i];
    while (ms[run->first_cutoff] != first) run->first_cutoff++;
    if (r->horizon_min < 0 || r->horizon_min > WEEK_MIN)
        return hsd_fail(err, HSD_E_ARGUMENT, "horizon of %g minutes: above 0 and at most %d",
                        r->horizon_min, WEEK_MIN);
    return check_reach(run, err);
}

/* ---- Zones ---- */

static hsd_status check_paths(const hsd_rank_request *r, hsd_error *err) {
    const char *inputs[] = {r->network, r->proposals.path, r->zones, r->flows, r->barriers};
    if (!r->proposals.path) return hsd_fail(err, HSD_E_ARGUMENT, "no proposals: --proposals FILE");
    if (!r->zones) return hsd_fail(err, HSD_E_ARGUMENT, "no zones: --zones FILE, with people");
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
        if (hsd_same_file(r->output, inputs[i]))
            return hsd_fail(err, HSD_E_ARGUMENT, "output %s is an input of this run", r->output);
    return HSD_OK;
}

/* Every percentile would be a ranking of its own. */
static hsd_status check_transit(hsd_rank_run *run, hsd_error *err) {
    const hsd_rank_request *r = run->request;
    hsd_transit_plan *plan = &run->compare.circle.plan;
    hsd_status status = hsd_transit_plan_read(&r->transit, r->mode, r->direction, plan, err);
    if (status != HSD_OK) return status;
    if (!hsd_circle_by_transit(run->compare.circle.request)) {
        if (r->direction == HSD_TO)
            return hsd_fail(err, HSD_E_ARGUMENT, "--direction to: nothing without --mode transit");
        return HSD_OK;
    }
    const struct {
        bool said;
        const char *option, *why;
    } refused[] = {
        {r->profile, "--profile", "--access, --egress and --walk-profile name profiles"},
        {r->engine == HSD_RANK_SHORTCUT, "--engine shortcut",
         "it is for added streets; every set is searched"},
        {r->break_even_count, "--break-even", "it stretches the times of added streets"}};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (refused[i].said)
            return hsd_fail(err, HSD_E_ARGUMENT, "%s: not with --mode transit; %s",
                            refused[i].option, refused[i].why);
    if (plan->percentile_count > 1)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--percentiles %g,%g: a ranking has one; a run each for several",
                        r->transit.percentiles[0], r->transit.percentiles[1]);
    return HSD_OK;
}

static hsd_status check_people(const hsd_rank_run *run, hsd_error *err) {
    size_t count = run->compare.circle.zones.place_count;
    for (size_t z = 0; z < count; z++)
        if (!(run->population[z] <= 0)) return HSD_OK;
    return hsd_fail(err, HSD_E_FORMAT, "%s: %s is 0 in all of %zu zones; people were expected",
                    hsd_base_name(run->request->zones), run->masses[0], count);
}

static hsd_status check_joined(const hsd_rank_run *run, hsd_error *err) {
    const hsd_zone_set *set = run->compare.circle.profiles[0].zones;
    const hsd_place_table *zones = &run->compare.circle.zones;
    for (size_t z = 0; z < zones->place_count; z++)
        if (hsd_zone_set_reason(set, z) == HSD_SNAP_OK) return HSD_OK;
    return hsd_fail(err, HSD_E_FORMAT, "%s: none of %zu zones joins the network; the first, %s: %s",
                    hsd_base_name(run->request->zones), zones->place_count, zones->places[0].id,
                    hsd_snap_reason_text(hsd_zone_set_reason(set, 0)));
}

static hsd_status read_zones(hsd_rank_run *run, hsd_error *err) {
    const hsd_rank_request *r = run->request;
    hsd_circle_request *c = &run->compare_request.circle;
    size_t masses = 0;
    run->masses[masses++] = r->population_field ? r->population_field : "population";
    if (r->gdp_field) run->masses[masses++] = r->gdp_field;
    if (r->income_field) run->masses[masses++] = r->income_field;
    c->zone_fields.masses = run->masses;
    c->zone_fields.mass_count = masses;
    hsd_status status = hsd_circle_read(&run->compare.circle, err);
    if (status != HSD_OK) return status;
    while (run->compare.circle.profile_count > 1) /* of several, the first */
        hsd_locator_destroy(
            run->compare.circle.profiles[--run->compare.circle.profile_count].locator);
    const hsd_place_table *zones = &run->compare.circle.zones;
    double **columns[3] = {&run->population, &run->gdp, &run->income};
    if (!r->gdp_field) columns[1] = columns[2];
    for (size_t m = 0; m < masses; m++) {
        double *values = *columns[m] = hsd_alloc(zones->place_count, sizeof *values, err);
        if (!values) return HSD_E_MEMORY;
        for (size_t z = 0; z < zones->place_count; z++) values[z] = zones->places[z].masses[m];
    }
    return check_people(run, err);
}

static hsd_status join_zones(hsd_rank_run *run, hsd_error *err) {
    hsd_profile_run *profile = &run->compare.circle.profiles[0];
    hsd_status status = hsd_zone_set_create(profile->locator, &run->compare.circle.zones, run->run,
                                            &profile->zones, err);
    return status == HSD_OK ? check_joined(run, err) : status;
}

/* ---- Flows and pairs, by ids of zones ---- */

typedef struct zone_name {
    const char *id;
    size_t zone;
} zone_name;

static int by_id(const void *a, const void *b) {
    return strcmp(((const zone_name *)a)->id, ((const zone_name *)b)->id);
}

/* Ids in order; two zones of one id cannot be told apart. */
static hsd_status sort_ids(const hsd_rank_run *run, zone_name **out, hsd_error *err) {
    const hsd_place_table *zones = &run->compare.circle.zones;
    zone_name *names = *out = hsd_alloc(zones->place_count, sizeof *names, err);
    if (!names) return HSD_E_MEMORY;
    for (size_t z = 0; z < zones->place_count; z++) names[z] = (zone_name){zones->places[z].id, z};
    qsort(names, zones->place_count, sizeof *names, by_id);
    for (size_t z = 1; z < zones->place_count; z++)
        if (strcmp(names[z].id, names[z - 1].id) == 0)
            return hsd_fail(err, HSD_E_FORMAT, "%s: two zones have the id %s",
                            hsd_base_name(run->request->zones), names[z].id);
    return HSD_OK;
}

/* SIZE_MAX: none. */
static size_t zone_of(const hsd_rank_run *run, const zone_name *names, const char *id) {
    zone_name key = {id, 0};
    const zone_name *found =
        bsearch(&key, names, run->compare.circle.zones.place_count, sizeof *names, by_id);
    return found ? found->zone : SIZE_MAX;
}

static hsd_status read_flows(hsd_rank_run *run, const zone_name *names, hsd_error *err) {
    hsd_csv csv;
    hsd_status status = hsd_csv_read(run->request->flows, NULL, &csv, err);
    if (status != HSD_OK) return status;
    static const char *const wanted[] = {"from", "to", "trips"};
    int columns[3];
    for (int i = 0; status == HSD_OK && i < 3; i++)
        status = hsd_csv_need(&csv, wanted[i], &columns[i], err);
    for (size_t row = 0; status == HSD_OK && row < csv.row_count; row++) {
        size_t ends[2];
        for (int i = 0; status == HSD_OK && i < 2; i++) {
            const char *id = hsd_csv_cell(&csv, row, columns[i]);
            ends[i] = zone_of(run, names, id);
            if (ends[i] == SIZE_MAX)
                status =
                    hsd_csv_fail(&csv, row, err, "%s \"%s\": no zone has this id", wanted[i], id);
        }
        double trips = 0;
        bool given = false;
        if (status == HSD_OK) status = hsd_csv_number(&csv, row, columns[2], &trips, &given, err);
        if (status == HSD_OK && (!given || trips < 0))
            status = hsd_csv_fail(&csv, row, err, "trips \"%s\": expected a number, 0 or more",
                                  hsd_csv_cell(&csv, row, columns[2]));
        hsd_flow flow = {(uint32_t)ends[0], (uint32_t)ends[1], trips};
        if (status == HSD_OK && !hsd_array_push(&run->flows, flow, err)) status = HSD_E_MEMORY;
    }
    if (status == HSD_OK && run->flows.count == 0)
        status = hsd_fail(err, HSD_E_FORMAT, "%s: no flows", csv.file);
    hsd_csv_finish(&csv);
    return status;
}

/* "FROM:TO"; an id may hold colons: the split that names two zones counts. */
static hsd_status read_pair(hsd_rank_run *run, const zone_name *names, const char *text,
                            hsd_error *err) {
    for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
        char *from = hsd_strndup(text, (size_t)(colon - text), err);
        if (!from) return HSD_E_MEMORY;
        hsd_rank_pair pair = {zone_of(run, names, from), zone_of(run, names, colon + 1)};
        hsd_free(from);
        if (pair.from != SIZE_MAX && pair.to != SIZE_MAX)
            return hsd_array_push(&run->pairs, pair, err) ? HSD_OK : HSD_E_MEMORY;
    }
    const char *colon = strchr(text, ':'), *unknown = NULL;
    char *from = colon ? hsd_strndup(text, (size_t)(colon - text), err) : NULL;
    if (from) unknown = zone_of(run, names, from) == SIZE_MAX ? from : colon + 1;
    hsd_fail(err, HSD_E_ARGUMENT,
             "break-even \"%s\": %s%s%sexpected FROM:TO, ids of zones (%s ...)", text,
             unknown ? "no zone \"" : "", unknown ? unknown : "", unknown ? "\"; " : "",
             names[0].id);
    hsd_free(from);
    return HSD_E_ARGUMENT;
}

static hsd_status read_by_ids(hsd_rank_run *run, hsd_error *err) {
    const hsd_rank_request *r = run->request;
    if (!r->flows && r->break_even_count == 0) return HSD_OK;
    zone_name *names;
    hsd_status status = sort_ids(run, &names, err);
    if (status == HSD_OK && r->flows) status = read_flows(run, names, err);
    for (size_t i = 0; status == HSD_OK && i < r->break_even_count; i++)
        status = read_pair(run, names, r->break_even[i], err);
    hsd_free(names);
    return status;
}

/* ---- Proposals ---- */

static hsd_status resolve(hsd_rank_run *run, hsd_error *err) {
    hsd_compare_run *c = &run->compare;
    if (c->circle.transit) return hsd_compare_transit_resolve(c, err);
    c->resolved = hsd_calloc(1, sizeof *c->resolved, err);
    if (!c->resolved) return HSD_E_MEMORY;
    c->resolved_count = 1;
    return hsd_proposals_resolve(c->circle.network, (size_t)c->circle.profiles[0].profile,
                                 &c->proposals, &run->request->resolve, run->run, &c->resolved[0],
                                 &c->issues, err);
}

static hsd_status measure_links(hsd_rank_run *run, hsd_error *err) {
    const hsd_compare_run *c = &run->compare;
    double *km = run->length_km = hsd_calloc(c->proposals.proposal_count, sizeof *km, err);
    if (!km) return HSD_E_MEMORY;
    for (size_t r = 0; !c->circle.transit && r < c->resolved_count; r++)
        for (size_t i = 0; i < c->resolved[r].added_count; i++)
            km[c->resolved[r].added[i].proposal] += c->resolved[r].added[i].length_m / 1000;
    for (size_t l = 0; c->circle.transit && l < c->proposals.link_count; l++) {
        const hsd_link_row *link = &c->proposals.links[l];
        if (link->kind != HSD_KIND_RAIL) continue;
        double metres = 0;
        for (size_t i = 1; i < link->line.point_count; i++)
            metres += hsd_geodesic_m(link->line.points[i - 1].lon, link->line.points[i - 1].lat,
                                     link->line.points[i].lon, link->line.points[i].lat);
        km[link->proposal] += link->length_km > 0 ? link->length_km : metres / 1000;
    }
    return HSD_OK;
}

static hsd_status read_proposals(hsd_rank_run *run, hsd_error *err) {
    const hsd_rank_request *r = run->request;
    hsd_compare_run *c = &run->compare;
    hsd_status status = hsd_read_proposals(&run->compare_request.proposals, run->run, &c->proposals,
                                           &c->issues, err);
    if (status == HSD_OK) status = resolve(run, err);
    if (status != HSD_OK) return status;
    if (c->proposals.proposal_count == 0)
        return hsd_fail(err, HSD_E_FORMAT, "%s: no proposals (as of %s, status %s)",
                        hsd_base_name(r->proposals.path),
                        r->proposals.as_of ? r->proposals.as_of : "any day",
                        r->proposals.status ? r->proposals.status : "any");
    return measure_links(run, err);
}

/* ---- All of it: proposals before places, for by timetable they may bring stops to join ---- */

void hsd_rank_begin(hsd_rank_run *run, const hsd_rank_request *r, const hsd_run *settings) {
    *run = (hsd_rank_run){.request = r, .run = settings, .profile_name = r->profile};
    hsd_compare_request *asked = &run->compare_request;
    asked->circle = (hsd_circle_request){.network = r->network,
                                         .mode = r->mode,
                                         .profiles = &run->profile_name,
                                         .profile_count = r->profile != NULL,
                                         .direction = r->direction,
                                         .transit = r->transit,
                                         .barriers = r->barriers,
                                         .assume_crs = r->assume_crs,
                                         .datum = r->datum,
                                         .output_datum = r->output_datum,
                                         .min_component_percent = r->min_component_percent,
                                         .zones = r->zones,
                                         .zone_fields = r->zone_fields,
                                         .title = r->title,
                                         .lang = r->lang};
    asked->proposals = r->proposals;
    if (!asked->proposals.encoding) asked->proposals.encoding = r->zone_fields.encoding;
    if (!asked->proposals.assume_crs) asked->proposals.assume_crs = r->assume_crs;
    if (!asked->proposals.datum) asked->proposals.datum = r->datum;
    asked->resolve = r->resolve;
    run->compare = (hsd_compare_run){.request = asked,
                                     .scene_count = 1,
                                     .circle = {.request = &asked->circle,
                                                .run = settings,
                                                .portals = true,
                                                .lang = r->lang ? r->lang : "en"}};
}

hsd_status hsd_rank_read(hsd_rank_run *run, hsd_error *err) {
    hsd_status status = check_transit(run, err);
    if (status == HSD_OK) status = check_paths(run->request, err);
    if (status == HSD_OK) status = take_cutoffs(run, err);
    if (status == HSD_OK) status = hsd_circle_open(&run->compare.circle, err);
    if (status == HSD_OK) status = read_proposals(run, err);
    if (status == HSD_OK) status = read_zones(run, err);
    if (status == HSD_OK) status = join_zones(run, err);
    return status == HSD_OK ? read_by_ids(run, err) : status;
}

void hsd_rank_run_finish(hsd_rank_run *run) {
    hsd_compare_run *c = &run->compare;
    hsd_ranking_finish(&run->ranking);
    for (size_t i = 0; i < c->resolved_count; i++) hsd_resolved_finish(&c->resolved[i]);
    hsd_free(c->resolved);
    hsd_trip_index_finish(&c->base_trips);
    hsd_proposal_table_finish(&c->proposals);
    hsd_issues_finish(&c->issues);
    hsd_array_finish(&run->flows);
    hsd_array_finish(&run->pairs);
    hsd_array_finish(&run->columns);
    void *const blocks[] = {run->population, run->gdp,   run->income, run->breaks, run->length_km,
                            run->figures,    run->order, run->rank,   run->alone};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) hsd_free(blocks[i]);
    hsd_circle_run_finish(&c->circle);
    hsd_resolved_rail_finish(&c->rail); /* the run's timetable */
}
