/* Measures by name, and the columns that they read: each is taken from the zones, and from the
 * origins where they stand apart, wherever it is found. A column that is nowhere is refused before
 * anything is read. */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "study/access_run.h"

/* ---- Measures ---- */

static hsd_status take(hsd_access_run *run, const char *text, bool inequality, hsd_error *err) {
    hsd_measure **list = NULL;
    size_t count = 0;
    hsd_status status = hsd_measures_parse(text, &run->request->defaults, &list, &count, err);
    if (status != HSD_OK) return status;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        const hsd_measure_info *info = hsd_measure_get_info(list[i]);
        if ((info->shape == HSD_MEASURE_INEQUALITY) != inequality)
            status = hsd_fail(err, HSD_E_ARGUMENT,
                              inequality ? "inequality \"%.60s\": a measure of zones; --measure "
                                           "takes it, --inequality takes gini, palma ..."
                                         : "measure \"%.60s\": it is of values of zones; "
                                           "--inequality takes it",
                              text);
    }
    hsd_measure_list *to = inequality ? &run->inequality : &run->measures;
    if (status == HSD_OK && !hsd_array_reserve(to, to->count + count, err)) status = HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < count; i++) { /* now they are the run's */
        to->data[to->count++] = list[i];
        list[i] = NULL;
    }
    hsd_measures_destroy(list, count);
    return status;
}

/* Statistics go by their names alone. */
static hsd_status check_twice(const hsd_access_run *run, hsd_error *err) {
    const hsd_measure_list *measures = &run->measures, *unequal = &run->inequality;
    for (size_t i = 0; i < measures->count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(hsd_measure_text(measures->data[i]), hsd_measure_text(measures->data[k])) ==
                0)
                return hsd_fail(err, HSD_E_ARGUMENT, "measure \"%.120s\" is asked for twice",
                                hsd_measure_text(measures->data[i]));
    for (size_t i = 0; i < unequal->count; i++)
        for (size_t k = 0; k < i; k++)
            if (hsd_text_equal_nocase(hsd_measure_column(unequal->data[i]),
                                      hsd_measure_column(unequal->data[k])))
                return hsd_fail(err, HSD_E_ARGUMENT,
                                "inequality \"%.120s\": one called %.60s is asked for already; "
                                "as=NAME calls it something else",
                                hsd_measure_text(unequal->data[i]),
                                hsd_measure_column(unequal->data[i]));
    return HSD_OK;
}

hsd_status hsd_access_parse(hsd_access_run *run, hsd_error *err) {
    const hsd_access_request *r = run->request;
    hsd_status status = HSD_OK;
    if (r->measure_count == 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "no measure: --measure NAME, e.g. cumulative:cutoff=60; --list has all");
    for (size_t i = 0; status == HSD_OK && i < r->measure_count; i++)
        status = take(run, r->measures[i], false, err);
    for (size_t i = 0; status == HSD_OK && i < r->inequality_count; i++)
        status = take(run, r->inequality[i], true, err);
    return status == HSD_OK ? check_twice(run, err) : status;
}

/* ---- Columns ---- */

static bool listed(const hsd_name_list *list, const char *name) {
    for (size_t i = 0; i < list->count; i++)
        if (hsd_text_equal_nocase(list->data[i], name)) return true;
    return false;
}

static hsd_status add(hsd_name_list *list, const char *name, hsd_error *err) {
    if (!name || listed(list, name)) return HSD_OK;
    return hsd_array_push(list, name, err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status add_of(hsd_access_run *run, const hsd_measure_list *measures, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < measures->count; i++)
        for (int role = 0; status == HSD_OK && role < HSD_ROLES; role++)
            status = add(role == HSD_ROLE_GROUP ? &run->texts : &run->numbers,
                         hsd_measure_reads(measures->data[i], (hsd_measure_role)role), err);
    return status;
}

/* A grid's cells get the masses of the population besides those of the zones. */
static bool from_population(const hsd_access_run *run, const char *name) {
    const hsd_circle_request *c = &run->request->times.circle;
    if (!run->request->times.grid || !c->population) return false;
    for (size_t i = 0; i < c->population_fields.mass_count; i++)
        if (hsd_text_equal_nocase(c->population_fields.masses[i], name)) return true;
    return c->population_fields.mass_count == 0 && hsd_text_equal_nocase(name, "population");
}

static hsd_status nowhere(const hsd_access_run *run, const char *name, hsd_error *err) {
    static const char *const words[HSD_ROLES] = {"mass",       "second mass", "demand",
                                                 "population", "income",      "group"};
    const hsd_circle_request *c = &run->request->times.circle;
    const hsd_measure_list *const lists[] = {&run->measures, &run->inequality};
    const char *what = "", *reader = NULL;
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; !reader && i < lists[l]->count; i++)
            for (int role = 0; role < HSD_ROLES; role++) {
                const char *column = hsd_measure_reads(lists[l]->data[i], (hsd_measure_role)role);
                if (!column || !hsd_text_equal_nocase(column, name)) continue;
                what = words[role];
                reader = hsd_measure_get_info(lists[l]->data[i])->name;
            }
    const char *file = hsd_base_name(c->zones);
    if (!reader) return hsd_fail(err, HSD_E_ARGUMENT, "%s has no field \"%.60s\"", file, name);
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "%s%s%s no field \"%.60s\", which %s reads as %s; %s=FIELD names another", file,
                    run->apart && c->origins ? " and " : "",
                    run->apart && c->origins ? "the origins have" : " has", name, reader, what,
                    strcmp(what, "second mass") == 0 ? "mass2" : what);
}

/* Of names, those that a layer has; the others are marked. */
static hsd_status take_found(const char *path, const hsd_place_fields *fields,
                             const hsd_name_list *names, hsd_name_list *to, bool *found,
                             hsd_error *err) {
    bool *has = hsd_calloc(names->count, sizeof *has, err);
    if (!has) return HSD_E_MEMORY;
    hsd_status status = hsd_places_have(path, fields, names->data, names->count, has, err);
    for (size_t i = 0; status == HSD_OK && i < names->count; i++) {
        if (has[i]) status = add(to, names->data[i], err);
        found[i] = found[i] || has[i];
    }
    hsd_free(has);
    return status;
}

static hsd_status find(hsd_access_run *run, hsd_name_list *names, hsd_name_list *zones,
                       hsd_name_list *places, const char *optional, hsd_error *err) {
    const hsd_circle_request *c = &run->request->times.circle;
    if (names->count == 0) return HSD_OK;
    bool *found = hsd_calloc(names->count, sizeof *found, err);
    if (!found) return HSD_E_MEMORY;
    hsd_place_fields fields = c->zone_fields;
    fields.masses_only = run->request->matrix != NULL;
    hsd_status status = take_found(c->zones, &fields, names, zones, found, err);
    fields = c->origin_fields;
    fields.masses_only = run->request->matrix != NULL;
    if (status == HSD_OK && c->origins)
        status = take_found(c->origins, &fields, names, places, found, err);
    for (size_t i = 0; status == HSD_OK && i < names->count; i++) {
        const char *name = names->data[i];
        if (found[i] || from_population(run, name)) continue;
        if (optional && strcmp(name, optional) == 0)
            names->count--; /* it is the last */
        else
            status = nowhere(run, name, err);
    }
    hsd_free(found);
    return status;
}

/* Layer access has the fields that measures read beside theirs. */
static hsd_status check_names(const hsd_access_run *run, hsd_error *err) {
    static const char *const own[] = {"fid", "geom", "id", "name"};
    for (size_t m = 0; m < run->measures.count; m++) {
        const char *column = hsd_measure_column(run->measures.data[m]);
        bool taken = listed(&run->numbers, column);
        for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
            taken = taken || hsd_text_equal_nocase(own[i], column);
        if (taken)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "measure \"%.120s\": the result has another field %.60s; as=NAME calls "
                            "it something else",
                            hsd_measure_text(run->measures.data[m]), column);
    }
    return HSD_OK;
}

/* People weigh means also where no measure reads them. */
hsd_status hsd_access_find_columns(hsd_access_run *run, hsd_error *err) {
    const hsd_access_request *r = run->request;
    hsd_status status = add_of(run, &run->measures, err);
    if (status == HSD_OK) status = add_of(run, &run->inequality, err);
    for (size_t i = 0; status == HSD_OK && i < r->times.circle.zone_fields.mass_count; i++)
        status = add(&run->numbers, r->times.circle.zone_fields.masses[i], err);
    if (status == HSD_OK) status = add(&run->texts, r->spillover, err);
    const char *people = r->defaults.population ? r->defaults.population : "population";
    const bool optional = !r->defaults.population && !listed(&run->numbers, people);
    if (status == HSD_OK) status = add(&run->numbers, people, err);
    if (status == HSD_OK)
        status = find(run, &run->numbers, &run->zone_numbers, &run->place_numbers,
                      optional ? people : NULL, err);
    if (status == HSD_OK)
        status = find(run, &run->texts, &run->zone_texts, &run->place_texts, NULL, err);
    return status == HSD_OK ? check_names(run, err) : status;
}
