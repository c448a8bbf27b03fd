/* Places as columns. Times bring their zones with them; of a matrix the zones may be a plain table
 * without geometry. Origins that stand apart are read here for their masses, and are the places of
 * the times in the same order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "geo/geometry.h"
#include "study/access_run.h"

/* ---- Reading ---- */

static bool is_income(const hsd_access_run *run, const char *name) {
    const hsd_measure_list *const lists[] = {&run->measures, &run->inequality};
    bool income = false;
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            for (int role = 0; role < HSD_ROLES; role++) {
                const char *column = hsd_measure_reads(lists[l]->data[i], (hsd_measure_role)role);
                if (!column || !hsd_text_equal_nocase(column, name)) continue;
                if (role != HSD_ROLE_INCOME) return false;
                income = true;
            }
    return income;
}

static size_t mass_of(const hsd_place_table *table, const char *name) {
    for (size_t m = 0; name && m < table->mass_count; m++)
        if (hsd_text_equal_nocase(table->mass_names[m], name)) return m;
    return SIZE_MAX;
}

static const char *people_field(const hsd_access_run *run) {
    const char *name = run->request->defaults.population;
    return name ? name : "population";
}

/* Every mass is there; where nobody lives there may be no income. */
static hsd_status check_places(const hsd_access_run *run, const char *path,
                               const hsd_place_table *table, hsd_error *err) {
    const char *file = hsd_base_name(path);
    const size_t people = mass_of(table, people_field(run));
    for (size_t i = 0; i < table->place_count; i++) {
        const hsd_place *place = &table->places[i];
        if (place->fault)
            return hsd_fail(err, HSD_E_FORMAT, "%s: feature %s: %s", file, place->id, place->fault);
        for (size_t m = 0; m < table->mass_count; m++) {
            if (isfinite(place->masses[m])) continue;
            const bool empty = people != SIZE_MAX && place->masses[people] == 0;
            if (isnan(place->masses[m]) && empty && is_income(run, table->mass_names[m])) continue;
            return hsd_fail(err, HSD_E_FORMAT, "%s: feature %s has no %s%s", file, place->id,
                            table->mass_names[m],
                            is_income(run, table->mass_names[m]) ? ", but people" : "");
        }
        if (place->geometry.type != table->places[0].geometry.type)
            return hsd_fail(err, HSD_E_FORMAT,
                            "%s: feature %s is not of the same kind as those before it: points "
                            "and polygons go into layers of their own",
                            file, place->id);
    }
    return HSD_OK;
}

static hsd_status read_table(hsd_access_run *run, const char *path, hsd_place_fields fields,
                             const hsd_name_list *numbers, const hsd_name_list *texts,
                             hsd_place_table *out, hsd_error *err) {
    fields.masses = numbers->data;
    fields.mass_count = numbers->count;
    fields.texts = texts->data;
    fields.text_count = texts->count;
    fields.masses_only = run->request->matrix != NULL;
    if (!fields.datum) fields.datum = run->request->times.circle.datum;
    hsd_status status = hsd_read_places(path, &fields, run->run, out, err);
    return status == HSD_OK ? check_places(run, path, out, err) : status;
}

hsd_status hsd_access_read_places(hsd_access_run *run, hsd_error *err) {
    const hsd_circle_request *c = &run->request->times.circle;
    hsd_status status = HSD_OK;
    if (run->request->matrix)
        status = read_table(run, c->zones, c->zone_fields, &run->zone_numbers, &run->zone_texts,
                            &run->zones, err);
    if (status == HSD_OK && c->origins)
        status = read_table(run, c->origins, c->origin_fields, &run->place_numbers,
                            &run->place_texts, &run->origins, err);
    return status;
}

/* ---- Origins of the times ---- */

static hsd_status copy_origin(const hsd_origin *origin, hsd_place *out, hsd_error *err) {
    *out = (hsd_place){.id = hsd_strdup(origin->id, err),
                       .name = hsd_strdup(origin->name, err),
                       .name_en = hsd_strdup(origin->name_en ? origin->name_en : "", err)};
    hsd_geometry *g = &out->geometry;
    *g = (hsd_geometry){.type = HSD_GEOMETRY_POINT, .point_count = 1, .ring_count = 1};
    g->points = hsd_alloc(1, sizeof *g->points, err);
    g->ring_end = hsd_alloc(1, sizeof *g->ring_end, err);
    if (!out->id || !out->name || !out->name_en || !g->points || !g->ring_end) return HSD_E_MEMORY;
    g->points[0] = origin->gate_count ? origin->gates[0].at : (hsd_lonlat){0, 0};
    g->ring_end[0] = 1;
    return HSD_OK;
}

/* Points of the command line become places without masses; a layer's must be those of the times. */
static hsd_status join_origins(hsd_access_run *run, hsd_error *err) {
    const hsd_origin_list *list = &hsd_time_rows_run(run->times)->circle.origins;
    if (run->request->times.circle.origins) {
        bool same = run->origins.place_count == list->count;
        for (size_t i = 0; same && i < list->count; i++)
            same = strcmp(run->origins.places[i].id, list->origins[i].id) == 0;
        return same ? HSD_OK
                    : hsd_fail(err, HSD_E_INTERNAL, "origins of the times are other places");
    }
    run->origins.places = hsd_calloc(list->count, sizeof *run->origins.places, err);
    hsd_status status = run->origins.places ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < list->count; i++) {
        run->origins.place_count++;
        status = copy_origin(&list->origins[i], &run->origins.places[i], err);
    }
    return status;
}

/* ---- Columns ---- */

static hsd_status fill_numbers(hsd_access_side *side, const hsd_place_table *t, hsd_error *err) {
    side->values = hsd_calloc(t->mass_count, sizeof *side->values, err);
    if (!side->values) return HSD_E_MEMORY;
    side->columns.column_count = t->mass_count; /* what is there is given back by it */
    for (size_t m = 0; m < t->mass_count; m++) {
        double *values = side->values[m] = hsd_alloc(t->place_count, sizeof *values, err);
        if (!values) return HSD_E_MEMORY;
        for (size_t i = 0; i < t->place_count; i++) values[i] = t->places[i].masses[m];
    }
    side->columns.names = (const char *const *)t->mass_names;
    side->columns.values = (const double *const *)side->values;
    return HSD_OK;
}

static hsd_status fill_texts(hsd_access_side *side, const hsd_place_table *t, hsd_error *err) {
    side->texts = hsd_calloc(t->text_count, sizeof *side->texts, err);
    if (!side->texts) return HSD_E_MEMORY;
    side->columns.text_count = t->text_count;
    for (size_t c = 0; c < t->text_count; c++) {
        side->texts[c] = hsd_alloc(t->place_count, sizeof *side->texts[c], err);
        if (!side->texts[c]) return HSD_E_MEMORY;
        for (size_t i = 0; i < t->place_count; i++) side->texts[c][i] = t->places[i].texts[c];
    }
    side->columns.text_names = (const char *const *)t->text_names;
    side->columns.texts = (const char *const *const *)side->texts;
    return HSD_OK;
}

/* Points at 0, 0 alone are those of a table without geometry. */
static bool is_drawn(const hsd_place_table *t) {
    for (size_t i = 0; i < t->place_count; i++) {
        const hsd_geometry *g = &t->places[i].geometry;
        if (g->type == HSD_GEOMETRY_NONE) return false;
        if (g->type != HSD_GEOMETRY_POINT || g->points[0].lon != 0 || g->points[0].lat != 0)
            return true;
    }
    return false;
}

static hsd_status fill_shapes(hsd_access_side *side, const hsd_place_table *t, hsd_error *err) {
    side->drawn = is_drawn(t);
    if (!side->drawn) return HSD_OK;
    side->points = hsd_alloc(t->place_count, sizeof *side->points, err);
    side->area_km2 = hsd_alloc(t->place_count, sizeof *side->area_km2, err);
    hsd_status status = side->points && side->area_km2 ? HSD_OK : HSD_E_MEMORY;
    const bool areas = t->places[0].geometry.type == HSD_GEOMETRY_POLYGON;
    for (size_t i = 0; status == HSD_OK && i < t->place_count; i++) {
        status = hsd_geometry_point(&t->places[i].geometry, &side->points[i], err);
        side->area_km2[i] = areas ? hsd_geometry_area_m2(&t->places[i].geometry) / 1e6 : 0;
    }
    side->columns.points = side->points;
    side->columns.area_km2 = areas ? side->area_km2 : NULL;
    return status;
}

static hsd_status fill_side(const hsd_access_run *run, hsd_access_side *side,
                            const hsd_place_table *t, const char *path, hsd_error *err) {
    *side = (hsd_access_side){.places = t, .file = path ? hsd_base_name(path) : "the origins"};
    side->columns.count = t->place_count;
    side->ids = hsd_alloc(t->place_count, sizeof *side->ids, err);
    if (!side->ids) return HSD_E_MEMORY;
    for (size_t i = 0; i < t->place_count; i++) side->ids[i] = t->places[i].id;
    side->columns.ids = side->ids;
    hsd_status status = fill_numbers(side, t, err);
    if (status == HSD_OK) status = fill_texts(side, t, err);
    if (status == HSD_OK) status = fill_shapes(side, t, err);
    const size_t people = mass_of(t, people_field(run));
    if (status == HSD_OK && people != SIZE_MAX) side->people = side->values[people];
    return status;
}

void hsd_access_side_finish(hsd_access_side *side) {
    for (size_t m = 0; side->values && m < side->columns.column_count; m++)
        hsd_free(side->values[m]);
    for (size_t c = 0; side->texts && c < side->columns.text_count; c++) hsd_free(side->texts[c]);
    hsd_free(side->values);
    hsd_free(side->texts);
    hsd_free(side->ids);
    hsd_free(side->points);
    hsd_free(side->area_km2);
    *side = (hsd_access_side){0};
}

/* ---- Which is which ---- */

typedef struct named {
    const char *id;
    uint32_t place;
} named;

static int by_id(const void *a, const void *b) {
    return strcmp(((const named *)a)->id, ((const named *)b)->id);
}

hsd_status hsd_access_find_places(const hsd_access_side *side, const char *const *ids, size_t count,
                                  uint32_t *place, hsd_error *err) {
    const size_t places = side->columns.count;
    named *sorted = hsd_alloc(places, sizeof *sorted, err);
    if (!sorted) return HSD_E_MEMORY;
    for (size_t i = 0; i < places; i++) sorted[i] = (named){side->ids[i], (uint32_t)i};
    qsort(sorted, places, sizeof *sorted, by_id);
    for (size_t i = 0; i < count; i++) {
        const named key = {ids[i], 0};
        const named *found = bsearch(&key, sorted, places, sizeof *sorted, by_id);
        place[i] = found ? found->place : HSD_NO_ROW;
    }
    hsd_free(sorted);
    return HSD_OK;
}

/* Of a matrix: a zone is the origin of its id; of two files that both say where places are, only
 * where these meet. Times know it themselves. */
static hsd_status find_same(hsd_access_run *run, hsd_error *err) {
    const size_t count = run->from.columns.count;
    run->same = hsd_alloc(count, sizeof *run->same, err);
    if (!run->same) return HSD_E_MEMORY;
    hsd_status status = hsd_access_find_places(&run->to, run->from.ids, count, run->same, err);
    const bool drawn = run->from.drawn && run->to.drawn;
    size_t same = 0, elsewhere = 0;
    for (size_t i = 0; status == HSD_OK && run->apart && i < count; i++) {
        bool meet = true;
        if (run->same[i] == HSD_NO_ROW) continue;
        if (drawn)
            status = hsd_same_place(&run->from.places->places[i].geometry,
                                    &run->to.places->places[run->same[i]].geometry, &meet, err);
        if (!meet) run->same[i] = HSD_NO_ROW;
        same += meet;
        elsewhere += !meet;
    }
    if (status == HSD_OK && elsewhere)
        status = hsd_access_warn(run, err,
                                 "%zu of %zu origins have the id of a zone that lies elsewhere: "
                                 "they are not taken for it",
                                 elsewhere, count);
    if (status == HSD_OK && same && !drawn)
        status = hsd_access_warn(run, err,
                                 "%zu of %zu origins have the id of a zone and are taken for it: "
                                 "nothing says where they are",
                                 same, count);
    return status;
}

hsd_status hsd_access_make_sides(hsd_access_run *run, hsd_error *err) {
    const hsd_circle_request *c = &run->request->times.circle;
    const hsd_place_table *zones =
        run->times ? &hsd_time_rows_run(run->times)->circle.zones : &run->zones;
    hsd_status status = run->times && run->apart ? join_origins(run, err) : HSD_OK;
    hsd_access_side *zone_side = run->apart && !run->swapped ? &run->to : &run->from;
    hsd_access_side *origin_side = run->swapped ? &run->to : &run->from;
    if (status == HSD_OK && run->times) status = check_places(run, c->zones, zones, err);
    if (status == HSD_OK) status = fill_side(run, zone_side, zones, c->zones, err);
    if (status == HSD_OK && run->apart)
        status = fill_side(run, origin_side, &run->origins, c->origins, err);
    if (status == HSD_OK && !run->apart) status = fill_side(run, &run->to, zones, c->zones, err);
    return status == HSD_OK && !run->times ? find_same(run, err) : status;
}
