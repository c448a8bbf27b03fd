/* Origins: from the command line or a layer, by centroid, by the population's centre of gravity, or
 * by the gates given for them (design 5.4). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "geo/geometry.h"
#include "read/message.h"
#include "study/origins.h"

void hsd_origins_finish(hsd_origin_list *list) {
    if (!list) return;
    for (size_t i = 0; list->origins && i < list->count; i++) {
        hsd_origin *o = &list->origins[i];
        hsd_free(o->id);
        hsd_free(o->name);
        hsd_free(o->name_en);
        hsd_free(o->gates);
        hsd_free(o->portals);
        hsd_geometry_finish(&o->geometry);
        hsd_free(o->fault);
    }
    hsd_free(list->origins);
    *list = (hsd_origin_list){0};
}

static bool append_gate(hsd_gate **gates, size_t *count, hsd_lonlat at, double initial_min,
                        hsd_error *err) {
    hsd_gate *grown = hsd_realloc(*gates, *count + 1, sizeof *grown, err);
    if (!grown) return false;
    *gates = grown;
    grown[(*count)++] = (hsd_gate){at, (uint32_t)floor(initial_min * 60000 + 0.5)};
    return true;
}

static bool add_gate(hsd_origin *origin, hsd_lonlat at, double initial_min, hsd_error *err) {
    return append_gate(&origin->gates, &origin->gate_count, at, initial_min, err);
}

/* Of points, origins and gates. */
static const char *own_datum(const hsd_circle_request *r) {
    return r->origin_fields.datum ? r->origin_fields.datum : r->datum;
}

static hsd_status from_points(const hsd_circle_request *r, hsd_origin_list *out, hsd_error *err) {
    hsd_datum datum;
    hsd_status status = hsd_datum_choose(own_datum(r), &datum, err);
    if (status != HSD_OK) return status;
    out->origins = hsd_calloc(r->point_count, sizeof *out->origins, err);
    if (!out->origins) return HSD_E_MEMORY;
    out->count = r->point_count;
    for (size_t i = 0; i < r->point_count; i++) {
        hsd_origin *o = &out->origins[i];
        o->id = hsd_asprintf(err, "%zu", i + 1);
        o->name = hsd_asprintf(err, "%.5f,%.5f", r->points[i].lon, r->points[i].lat);
        o->name_en = hsd_strdup("", err);
        const hsd_lonlat at = hsd_datum_to_wgs84(datum, r->points[i]);
        if (!o->id || !o->name || !o->name_en || !add_gate(o, at, 0, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* The centre of gravity of the population inside the place; false where nobody lives in it. */
static hsd_status weighted_point(const hsd_place *place, const hsd_place_table *population,
                                 bool *found, hsd_lonlat *out, hsd_error *err) {
    double sum = 0, lon = 0, lat = 0;
    *found = false;
    for (size_t i = 0; i < population->place_count; i++) {
        const hsd_place *p = &population->places[i];
        hsd_lonlat at;
        if (p->fault || !(p->masses[0] > 0)) continue;
        hsd_status status = hsd_geometry_point(&p->geometry, &at, err);
        if (status != HSD_OK) return status;
        if (!hsd_geometry_holds(&place->geometry, at)) continue;
        sum += p->masses[0];
        lon += p->masses[0] * at.lon;
        lat += p->masses[0] * at.lat;
    }
    if (sum > 0) {
        *out = (hsd_lonlat){lon / sum, lat / sum};
        *found = true;
    }
    return HSD_OK;
}

static hsd_status locate_origin(const hsd_circle_request *r, const hsd_place *place,
                                const hsd_place_table *population, hsd_origin *o, hsd_error *err) {
    hsd_lonlat at;
    bool found = true;
    hsd_status status;
    if (r->origin_at == HSD_ORIGIN_WEIGHTED && place->geometry.type == HSD_GEOMETRY_POLYGON) {
        status = weighted_point(place, population, &found, &at, err);
        if (status == HSD_OK && !found) {
            o->fault = hsd_strdup("no population lies inside the polygon", err);
            return o->fault ? HSD_OK : HSD_E_MEMORY;
        }
    } else {
        status = hsd_geometry_point(&place->geometry, &at, err);
    }
    if (status == HSD_OK && !add_gate(o, at, place->initial_min, err)) status = HSD_E_MEMORY;
    return status;
}

/* As starts of the origins, or beside the points they start from. */
static hsd_status add_gates(const hsd_circle_request *r, const hsd_run *run, hsd_origin_list *list,
                            hsd_error *err) {
    hsd_place_fields fields = {.name = r->gate_of ? r->gate_of : "of",
                               .encoding = r->origin_fields.encoding,
                               .assume_crs = r->assume_crs,
                               .datum = own_datum(r)};
    bool starts = r->origin_at == HSD_ORIGIN_GATES;
    hsd_place_table gates = {0};
    hsd_status status = hsd_read_places(r->gates, &fields, run, &gates, err);
    for (size_t i = 0; status == HSD_OK && i < gates.place_count; i++) {
        const hsd_place *gate = &gates.places[i];
        hsd_origin *o = NULL;
        for (size_t k = 0; k < list->count && !o; k++)
            if (strcmp(list->origins[k].id, gate->name) == 0) o = &list->origins[k];
        hsd_lonlat at;
        if (gate->fault)
            status =
                hsd_fail(err, HSD_E_FORMAT, "%s: gate %s: %s", r->gates, gate->id, gate->fault);
        else if (!o)
            status = hsd_fail(err, HSD_E_FORMAT, "%s: gate %s: no origin has the id \"%s\"",
                              r->gates, gate->id, gate->name);
        else
            status = hsd_geometry_point(&gate->geometry, &at, err);
        bool added = status != HSD_OK ? false
                     : starts         ? add_gate(o, at, gate->initial_min, err)
                                      : append_gate(&o->portals, &o->portal_count, at, 0, err);
        if (status == HSD_OK && !added) status = HSD_E_MEMORY;
    }
    hsd_place_table_finish(&gates);
    for (size_t k = 0; starts && status == HSD_OK && k < list->count; k++) {
        hsd_origin *o = &list->origins[k];
        if (o->fault || o->gate_count) continue;
        o->fault = hsd_asprintf(err, "no gate of %s belongs to it", r->gates);
        if (!o->fault) status = HSD_E_MEMORY;
    }
    return status;
}

static hsd_status name_origin(hsd_origin *o, const hsd_place *place, hsd_error *err) {
    o->id = hsd_strdup(place->id, err);
    o->name = hsd_strdup(place->name && place->name[0] ? place->name : place->id, err);
    o->name_en = hsd_strdup(place->name_en ? place->name_en : "", err);
    if (place->fault) o->fault = hsd_strdup(place->fault, err);
    return o->id && o->name && o->name_en && (!place->fault || o->fault) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status from_layer(const hsd_circle_request *r, const hsd_place_table *population,
                             const hsd_run *run, hsd_origin_list *out, hsd_error *err) {
    hsd_place_table places = {0};
    hsd_place_fields fields = r->origin_fields;
    fields.datum = own_datum(r);
    hsd_status status = hsd_read_places(r->origins, &fields, run, &places, err);
    if (status == HSD_OK && places.place_count == 0)
        status = hsd_fail(err, HSD_E_FORMAT, "%s: the layer has no features", r->origins);
    if (status == HSD_OK) {
        out->origins = hsd_calloc(places.place_count, sizeof *out->origins, err);
        if (out->origins)
            out->count = places.place_count;
        else
            status = HSD_E_MEMORY;
    }
    for (size_t i = 0; status == HSD_OK && i < out->count; i++) {
        hsd_place *place = &places.places[i];
        hsd_origin *o = &out->origins[i];
        status = name_origin(o, place, err);
        if (status == HSD_OK && !o->fault && r->origin_at != HSD_ORIGIN_GATES)
            status = locate_origin(r, place, population, o, err);
        o->geometry = place->geometry;
        place->geometry = (hsd_geometry){0};
    }
    if (status == HSD_OK && r->gates) status = add_gates(r, run, out, err);
    hsd_place_table_finish(&places);
    return status;
}

hsd_status hsd_origins_of_places(const hsd_place_table *places, hsd_origin_list *out,
                                 hsd_error *err) {
    const size_t count = places->place_count;
    *out = (hsd_origin_list){.origins = hsd_calloc(count, sizeof *out->origins, err)};
    hsd_status status = out->origins ? HSD_OK : HSD_E_MEMORY;
    for (; status == HSD_OK && out->count < count; out->count++) {
        const hsd_place *place = &places->places[out->count];
        hsd_origin *o = &out->origins[out->count];
        hsd_lonlat at;
        status = name_origin(o, place, err);
        if (status == HSD_OK && !o->fault) status = hsd_geometry_point(&place->geometry, &at, err);
        if (status == HSD_OK && !o->fault && !add_gate(o, at, 0, err)) status = HSD_E_MEMORY;
    }
    if (status != HSD_OK) hsd_origins_finish(out);
    return status;
}

hsd_status hsd_origins_read(const hsd_circle_request *request, const hsd_place_table *population,
                            const hsd_run *run, hsd_origin_list *out, hsd_error *err) {
    *out = (hsd_origin_list){0};
    hsd_status status = request->origins ? from_layer(request, population, run, out, err)
                                         : from_points(request, out, err);
    if (status != HSD_OK) hsd_origins_finish(out);
    return status;
}
