/* Spillovers of a plan between regions (docs/methods.md, 16): which proposals lie in which region,
 * the scenes that follow from it, and the matrix of gains. A proposal lies in the region whose
 * zones hold most of its length, walked in steps; over open water, and between zones that are
 * points, in that of the zone nearest to its middle; --proposal-region wins over both. The scenes:
 * all proposals, all but a region's, a region's alone. Zones x steps tests of a point, boxes first.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "geo/geometry.h"
#include "study/access_run.h"
#include "study/rows.h"

enum { STEP_M = 200, STEPS = 2000 }; /* along a line */

/* ---- Where a proposal lies ---- */

typedef struct box {
    double west, south, east, north;
} box;

typedef struct atlas {
    hsd_access_run *run;
    const hsd_proposal_table *proposals;
    box *boxes;        /* zones */
    uint32_t *of_zone; /* regions; HSD_NO_ROW: the text is empty */
    double *lengths;   /* regions: metres of the proposal at hand */
    hsd_lonlat middle; /* of its longest line, else of what there is */
    double longest;    /* metres; < 0: nothing has a place yet */
    uint32_t *region;  /* proposals */
} atlas;

static size_t zone_at(const atlas *a, hsd_lonlat p) {
    const hsd_place_table *zones = &a->run->region_zones;
    for (size_t z = 0; z < zones->place_count; z++) {
        const box *b = &a->boxes[z];
        if (p.lon < b->west || p.lon > b->east || p.lat < b->south || p.lat > b->north) continue;
        if (zones->places[z].geometry.type == HSD_GEOMETRY_POLYGON &&
            hsd_geometry_holds(&zones->places[z].geometry, p))
            return z;
    }
    return SIZE_MAX;
}

static hsd_status nearest_zone(const atlas *a, hsd_lonlat p, size_t *out, hsd_error *err) {
    const hsd_place_table *zones = &a->run->region_zones;
    double least = INFINITY;
    *out = SIZE_MAX;
    for (size_t z = 0; z < zones->place_count; z++) {
        hsd_lonlat at;
        hsd_status status = hsd_geometry_point(&zones->places[z].geometry, &at, err);
        if (status != HSD_OK) return status;
        const double m = hsd_geodesic_m(p.lon, p.lat, at.lon, at.lat);
        if (a->of_zone[z] == HSD_NO_ROW || m >= least) continue;
        least = m;
        *out = z;
    }
    return HSD_OK;
}

static hsd_lonlat between(hsd_lonlat a, hsd_lonlat b, double share) {
    return (hsd_lonlat){a.lon + share * (b.lon - a.lon), a.lat + share * (b.lat - a.lat)};
}

static void note_middle(atlas *a, hsd_lonlat at, double metres) {
    if (metres <= a->longest) return;
    a->longest = metres;
    a->middle = at;
}

/* A line's length goes to the regions of its steps; its middle may be the proposal's. */
static void walk(atlas *a, const hsd_geometry *line) {
    double total = 0;
    const hsd_lonlat *p = line->points;
    for (size_t i = 1; i < line->point_count; i++)
        total += hsd_geodesic_m(p[i - 1].lon, p[i - 1].lat, p[i].lon, p[i].lat);
    double done = 0;
    for (size_t i = 1; i < line->point_count; i++) {
        const double m = hsd_geodesic_m(p[i - 1].lon, p[i - 1].lat, p[i].lon, p[i].lat);
        const size_t steps = (size_t)fmax(1, fmin(STEPS, ceil(m / STEP_M)));
        for (size_t k = 0; k < steps; k++) {
            const size_t zone =
                zone_at(a, between(p[i - 1], p[i], ((double)k + 0.5) / (double)steps));
            if (zone != SIZE_MAX && a->of_zone[zone] != HSD_NO_ROW)
                a->lengths[a->of_zone[zone]] += m / (double)steps;
        }
        if (m > 0 && done <= total / 2 && done + m >= total / 2)
            note_middle(a, between(p[i - 1], p[i], (total / 2 - done) / m), total);
        done += m;
    }
}

static hsd_status look_at(atlas *a, const hsd_geometry *geometry, hsd_error *err) {
    hsd_lonlat at;
    if (geometry->type == HSD_GEOMETRY_NONE) return HSD_OK;
    hsd_status status = hsd_geometry_point(geometry, &at, err);
    if (status == HSD_OK) note_middle(a, at, 0);
    return status;
}

static hsd_status walk_proposal(atlas *a, uint32_t p, hsd_error *err) {
    const hsd_proposal_table *t = a->proposals;
    hsd_status status = HSD_OK;
    memset(a->lengths, 0, a->run->region_count * sizeof *a->lengths);
    a->longest = -1;
    for (size_t i = 0; i < t->link_count; i++)
        if (t->links[i].proposal == p) walk(a, &t->links[i].line);
    for (size_t i = 0; i < t->wait_count; i++)
        if (t->waits[i].proposal == p) walk(a, &t->waits[i].line);
    for (size_t i = 0; i < t->station_count; i++)
        if (t->stations[i].proposal == p) note_middle(a, t->stations[i].at, 0);
    for (size_t i = 0; status == HSD_OK && i < t->closure_count; i++)
        if (t->closures[i].proposal == p) status = look_at(a, &t->closures[i].polygon, err);
    for (size_t i = 0; status == HSD_OK && i < t->speed_count; i++)
        if (t->speeds[i].proposal == p) status = look_at(a, &t->speeds[i].polygon, err);
    return status;
}

static hsd_status find_region(atlas *a, uint32_t p, hsd_error *err) {
    hsd_status status = walk_proposal(a, p, err);
    if (status != HSD_OK) return status;
    uint32_t best = 0;
    for (uint32_t r = 1; r < a->run->region_count; r++)
        if (a->lengths[r] > a->lengths[best]) best = r;
    a->region[p] = best;
    if (a->lengths[best] > 0) return HSD_OK;
    const char *name = a->proposals->proposals[p].name;
    if (a->longest < 0)
        return hsd_fail(
            err, HSD_E_ARGUMENT,
            "proposal %.80s has no place of its own: --proposal-region \"%.80s=REGION\"", name,
            name);
    size_t zone = zone_at(a, a->middle);
    if (zone == SIZE_MAX || a->of_zone[zone] == HSD_NO_ROW)
        status = nearest_zone(a, a->middle, &zone, err);
    if (status == HSD_OK) a->region[p] = a->of_zone[zone];
    return status;
}

/* ---- Regions ---- */

static uint32_t region_named(const hsd_access_run *run, const char *name) {
    for (uint32_t r = 0; r < run->region_count; r++)
        if (strcmp(run->regions[r].name, name) == 0) return r;
    return HSD_NO_ROW;
}

/* In order of first appearance among the zones. */
static hsd_status list_regions(atlas *a, hsd_error *err) {
    hsd_access_run *run = a->run;
    const hsd_place_table *zones = &run->region_zones;
    run->regions = hsd_calloc(zones->place_count, sizeof *run->regions, err);
    a->of_zone = hsd_alloc(zones->place_count, sizeof *a->of_zone, err);
    a->boxes = hsd_alloc(zones->place_count, sizeof *a->boxes, err);
    if (!run->regions || !a->of_zone || !a->boxes) return HSD_E_MEMORY;
    for (size_t z = 0; z < zones->place_count; z++) {
        const hsd_geometry *g = &zones->places[z].geometry;
        box b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
        for (size_t i = 0; i < g->point_count; i++)
            b = (box){fmin(b.west, g->points[i].lon), fmin(b.south, g->points[i].lat),
                      fmax(b.east, g->points[i].lon), fmax(b.north, g->points[i].lat)};
        a->boxes[z] = b;
        const char *name = zones->places[z].texts[0];
        a->of_zone[z] = name[0] ? region_named(run, name) : HSD_NO_ROW;
        if (!name[0] || a->of_zone[z] != HSD_NO_ROW) continue;
        a->of_zone[z] = (uint32_t)run->region_count;
        run->regions[run->region_count++].name = name;
    }
    if (run->region_count < 2)
        return hsd_fail(
            err, HSD_E_ARGUMENT, "--spillover %s: %zu region%s in it; two were expected at least",
            run->request->spillover, run->region_count, run->region_count == 1 ? "" : "s");
    return HSD_OK;
}

/* "NAME=REGION"; a name may hold an equals sign: the split that names two counts. */
static hsd_status take_said(atlas *a, const char *text, hsd_error *err) {
    const hsd_proposal_table *t = a->proposals;
    bool proposal = false;
    for (const char *equals = strchr(text, '='); equals; equals = strchr(equals + 1, '=')) {
        const size_t length = (size_t)(equals - text);
        for (uint32_t p = 0; p < t->proposal_count; p++) {
            const char *name = t->proposals[p].name;
            if (strlen(name) != length || strncmp(name, text, length) != 0) continue;
            proposal = true;
            a->region[p] = region_named(a->run, equals + 1);
            if (a->region[p] != HSD_NO_ROW) return HSD_OK;
        }
    }
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "proposal region \"%.80s\": %s; PROPOSAL=REGION was expected, e.g. %s=%s", text,
                    proposal ? "no zone lies in such a region" : "no such proposal",
                    t->proposal_count ? t->proposals[0].name : "bridge", a->run->regions[0].name);
}

static hsd_status place_proposals(atlas *a, hsd_error *err) {
    const hsd_access_request *r = a->run->request;
    const size_t count = a->proposals->proposal_count;
    a->lengths = hsd_calloc(a->run->region_count, sizeof *a->lengths, err);
    a->region = hsd_alloc(count, sizeof *a->region, err);
    if (!a->lengths || !a->region) return HSD_E_MEMORY;
    for (size_t p = 0; p < count; p++) a->region[p] = HSD_NO_ROW;
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < r->proposal_region_count; i++)
        status = take_said(a, r->proposal_regions[i], err);
    for (uint32_t p = 0; status == HSD_OK && p < count; p++) {
        if (a->region[p] == HSD_NO_ROW) status = find_region(a, p, err);
        if (status != HSD_OK) break;
        hsd_access_region *region = &a->run->regions[a->region[p]];
        if (region->proposals++) hsd_text_add(&region->names, "; ");
        hsd_text_add(&region->names, a->proposals->proposals[p].name);
        if (region->names.failed) status = hsd_fail(err, HSD_E_MEMORY, "out of memory: regions");
        hsd_log(a->run->run, HSD_LOG_INFO, "proposal %s lies in region %s",
                a->proposals->proposals[p].name, region->name);
    }
    return status;
}

/* ---- Scenes ---- */

static hsd_status ask(hsd_access_run *run, char *text, hsd_error *err) {
    const char *kept = hsd_option_keep(&run->pool, text, err);
    return kept && hsd_array_push(&run->asked, kept, err) ? HSD_OK : HSD_E_MEMORY;
}

/* Proposals in a region, or all others; commas in names doubled. */
static hsd_status ask_part(const atlas *a, uint32_t region, bool alone, hsd_error *err) {
    hsd_text text = {0};
    hsd_text_addf(&text, "spillover %s %u=", alone ? "only" : "without", region + 1);
    bool first = true;
    for (size_t p = 0; p < a->proposals->proposal_count; p++) {
        if ((a->region[p] == region) != alone) continue;
        if (!first) hsd_text_add(&text, ",");
        first = false;
        for (const char *c = a->proposals->proposals[p].name; *c; c++)
            hsd_text_add_n(&text, *c == ',' ? ",," : c, *c == ',' ? 2 : 1);
    }
    if (text.failed) {
        hsd_text_finish(&text);
        return hsd_fail(err, HSD_E_MEMORY, "out of memory: scenarios of spillovers");
    }
    return ask(a->run, text.data, err);
}

/* Scene numbers: 0 is the baseline, scenarios follow in the order they are asked in. */
static hsd_status ask_parts(atlas *a, hsd_error *err) {
    hsd_access_run *run = a->run;
    hsd_status status = HSD_OK;
    run->full = run->request->scenario_count ? run->asked.count + 1 : 1;
    if (run->request->scenario_count) status = ask(run, hsd_strdup("spillover full=*", err), err);
    for (uint32_t r = 0; status == HSD_OK && r < run->region_count; r++) {
        hsd_access_region *region = &run->regions[r];
        region->without = run->full; /* nothing lies there */
        region->only = 0;
        if (region->proposals == a->proposals->proposal_count) {
            region->without = 0;
            region->only = run->full;
        } else if (region->proposals) {
            region->without = run->asked.count + 1;
            status = ask_part(a, r, false, err);
            region->only = run->asked.count + 1;
            if (status == HSD_OK) status = ask_part(a, r, true, err);
        }
    }
    return status;
}

static hsd_status prepare(hsd_access_run *run, hsd_error *err) {
    const hsd_access_request *r = run->request;
    const hsd_circle_request *c = &r->times.circle;
    hsd_proposal_table proposals = {0};
    hsd_issues issues = {0};
    atlas a = {.run = run, .proposals = &proposals};
    hsd_place_fields fields = c->zone_fields;
    fields.masses = NULL;
    fields.mass_count = 0;
    fields.texts = &r->spillover;
    fields.text_count = 1;
    if (!fields.datum) fields.datum = c->datum;
    hsd_status status = hsd_read_proposals(&run->own.proposals, run->run, &proposals, &issues, err);
    if (status == HSD_E_FORMAT) { /* the caller lists them */
        run->issues = issues;
        issues = (hsd_issues){0};
    }
    if (status == HSD_OK)
        status = hsd_read_places(c->zones, &fields, run->run, &run->region_zones, err);
    for (size_t z = 0; status == HSD_OK && z < run->region_zones.place_count; z++)
        if (run->region_zones.places[z].fault)
            status = hsd_fail(err, HSD_E_FORMAT, "%s: feature %s: %s", hsd_base_name(c->zones),
                              run->region_zones.places[z].id, run->region_zones.places[z].fault);
    if (status == HSD_OK) status = list_regions(&a, err);
    if (status == HSD_OK) status = place_proposals(&a, err);
    if (status == HSD_OK) status = ask_parts(&a, err);
    hsd_issues_finish(&issues);
    hsd_proposal_table_finish(&proposals);
    hsd_free(a.boxes);
    hsd_free(a.of_zone);
    hsd_free(a.lengths);
    hsd_free(a.region);
    return status;
}

hsd_status hsd_access_ask_scenarios(hsd_access_run *run, hsd_error *err) {
    const hsd_access_request *r = run->request;
    for (size_t i = 0; i < r->scenario_count; i++)
        if (!hsd_array_push(&run->asked, r->scenarios[i], err)) return HSD_E_MEMORY;
    if (r->scenario_count == 0 && r->proposals.path && !hsd_array_push(&run->asked, "all=*", err))
        return HSD_E_MEMORY;
    run->shown = 1 + run->asked.count;
    return r->spillover ? prepare(run, err) : HSD_OK;
}

/* ---- The table ---- */

static hsd_status regions_of(const hsd_access_run *run, const hsd_access_side *side, uint32_t *out,
                             hsd_error *err) {
    const hsd_zone_columns *columns = &side->columns;
    for (size_t c = 0; c < columns->text_count; c++) {
        if (!hsd_text_equal_nocase(columns->text_names[c], run->request->spillover)) continue;
        for (size_t z = 0; z < columns->count; z++)
            out[z] = region_named(run, columns->texts[c][z]);
        return HSD_OK;
    }
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "%s has no field \"%s\": spillovers of measures of these "
                    "places have no regions",
                    side->file, run->request->spillover);
}

static hsd_status write_rows(hsd_access_run *run, size_t measure, const double *spill,
                             const double *first_in, const double *residual, int64_t *id,
                             hsd_error *err) {
    char name[128];
    const char *column = hsd_access_column(run, measure, name);
    hsd_status status = HSD_OK;
    for (size_t r = 0; r < run->region_count; r++)
        for (size_t s = 0; status == HSD_OK && run->regions[r].proposals && s < run->region_count;
             s++) {
            hsd_row row = {.count = 0};
            hsd_row_int(&row, ++*id);
            hsd_row_text(&row, column);
            hsd_row_text(&row, run->regions[r].name);
            hsd_row_text(&row, run->regions[s].name);
            hsd_row_text(&row, run->regions[r].names.data);
            hsd_row_real(&row, spill[r * run->region_count + s]);
            hsd_row_real(&row, first_in[r * run->region_count + s]);
            hsd_row_real(&row, residual[s]);
            status = hsd_row_write(run->file, &row, NULL, err);
        }
    return status;
}

static hsd_status spill_measure(hsd_access_run *run, size_t measure, int64_t *id, hsd_error *err) {
    const hsd_measured *base = hsd_access_measured(run, 0, measure);
    const hsd_access_side *side = hsd_access_side_of(run, base);
    const size_t zones = side->columns.count, regions = run->region_count;
    double *without = hsd_alloc(regions * zones, sizeof *without, err);
    double *only = hsd_alloc(regions * zones, sizeof *only, err);
    double *out = hsd_alloc(regions * (2 * regions + 1), sizeof *out, err);
    uint32_t *region = hsd_alloc(zones, sizeof *region, err);
    hsd_status status = without && only && out && region ? HSD_OK : HSD_E_MEMORY;
    for (size_t r = 0; status == HSD_OK && r < regions; r++) {
        const hsd_access_region *g = &run->regions[r];
        memcpy(without + r * zones, hsd_access_measured(run, g->without, measure)->values,
               zones * sizeof *without);
        memcpy(only + r * zones, hsd_access_measured(run, g->only, measure)->values,
               zones * sizeof *only);
    }
    if (status == HSD_OK) status = regions_of(run, side, region, err);
    if (status == HSD_OK) {
        const hsd_spillover in = {.zone_count = zones,
                                  .region_count = regions,
                                  .base = base->values,
                                  .full = hsd_access_measured(run, run->full, measure)->values,
                                  .without = without,
                                  .only = only,
                                  .weights = side->people,
                                  .region = region};
        double *first_in = out + regions * regions, *residual = first_in + regions * regions;
        status = hsd_access_spillover(&in, out, first_in, residual, err);
        if (status == HSD_OK) status = write_rows(run, measure, out, first_in, residual, id, err);
    }
    hsd_free(without);
    hsd_free(only);
    hsd_free(out);
    hsd_free(region);
    return status;
}

hsd_status hsd_access_write_spillover(hsd_access_run *run, hsd_error *err) {
    hsd_fields f = {.count = 0};
    hsd_fields_add(&f, "id", HSD_FIELD_INT, "row");
    hsd_fields_add(&f, "measure", HSD_FIELD_TEXT, "column of layer access");
    hsd_fields_add(&f, "from_region", HSD_FIELD_TEXT, "where the proposals lie");
    hsd_fields_add(&f, "to_region", HSD_FIELD_TEXT, "whose zones gain");
    hsd_fields_add(&f, "proposals", HSD_FIELD_TEXT, "those in from_region");
    hsd_fields_add(&f, "leave_one_out", HSD_FIELD_REAL,
                   "all proposals less all but those of from_region; mean over people");
    hsd_fields_add(&f, "first_in", HSD_FIELD_REAL, "those of from_region alone less the baseline");
    hsd_fields_add(&f, "residual", HSD_FIELD_REAL,
                   "of to_region: gain of all proposals less the sum of first_in");
    hsd_status status = hsd_access_layer(
        run, "spillover", hsd_word_text(HSD_WORD_SPILLOVER, run->lang), HSD_GEOMETRY_NONE, f.list,
        f.count, NULL, false, "What each region gains by the proposals of another", err);
    int64_t id = 0;
    for (size_t m = 0; status == HSD_OK && m < run->measures.count; m++)
        if (hsd_access_measured(run, 0, m)->values) status = spill_measure(run, m, &id, err);
    return status;
}
