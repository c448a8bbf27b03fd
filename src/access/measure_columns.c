/* Columns of zones by the names measures give them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "access/measures.h"
#include "access/pairs.h"

/* ---- What is read ---- */

const char *hsd_measure_reads(const hsd_measure *measure, hsd_measure_role role) {
    const char *const columns[HSD_ROLES] = {
        [HSD_ROLE_MASS] = measure->mass,     [HSD_ROLE_MASS2] = measure->mass2,
        [HSD_ROLE_DEMAND] = measure->demand, [HSD_ROLE_POPULATION] = measure->population,
        [HSD_ROLE_INCOME] = measure->income, [HSD_ROLE_GROUP] = measure->group};
    const char *name = columns[role];
    return name && name[0] && strcmp(name, "1") != 0 ? name : NULL;
}

/* ---- Finding ---- */

static hsd_status no_column(const hsd_zone_columns *zones, const char *whose, const char *key,
                            const char *name, hsd_error *err) {
    for (size_t i = 0; i < zones->text_count; i++)
        if (strcmp(zones->text_names[i], name) == 0)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "%s=%.60s: that column of the %s is text; numbers were expected", key,
                            name, whose);
    hsd_text list = {0};
    for (size_t i = 0; i < zones->column_count; i++)
        hsd_text_addf(&list, "%s%s", i ? ", " : "", zones->names[i]);
    if (!list.length) hsd_text_add(&list, "none");
    const hsd_status status =
        hsd_fail(err, HSD_E_ARGUMENT, "%s=%.60s: the %s have no such column; there are %s", key,
                 name, whose, list.failed ? "others" : list.data);
    hsd_text_finish(&list);
    return status;
}

hsd_status hsd_measure_numbers(const hsd_zone_columns *zones, const char *whose, const char *key,
                               const char *name, const double **out, hsd_error *err) {
    for (size_t i = 0; i < zones->column_count; i++)
        if (strcmp(zones->names[i], name) == 0) {
            *out = zones->values[i];
            return HSD_OK;
        }
    if (strcmp(name, "area_km2") == 0 && zones->area_km2) {
        *out = zones->area_km2;
        return HSD_OK;
    }
    return no_column(zones, whose, key, name, err);
}

/* ---- Masses ---- */

static hsd_status checked(const hsd_zone_columns *zones, const char *whose, const char *key,
                          const char *name, const double **out, hsd_error *err) {
    const hsd_status status = hsd_measure_numbers(zones, whose, key, name, out, err);
    return status != HSD_OK ? status : hsd_check_masses(name, *out, zones->count, zones->ids, err);
}

hsd_status hsd_measure_masses(const hsd_zone_columns *zones, const char *whose, const char *key,
                              const char *name, const char *second, double **out, hsd_error *err) {
    const double *first = NULL, *other = NULL;
    const bool ones = strcmp(name, "1") == 0;
    hsd_status status = ones ? HSD_OK : checked(zones, whose, key, name, &first, err);
    if (status == HSD_OK && second) status = checked(zones, whose, "mass2", second, &other, err);
    if (status != HSD_OK) return status;
    double *masses = *out = hsd_alloc(zones->count, sizeof *masses, err);
    if (!masses) return HSD_E_MEMORY;
    for (size_t i = 0; i < zones->count; i++) {
        masses[i] = first ? first[i] : 1;
        if (other) masses[i] = sqrt(masses[i]) * sqrt(other[i]);
    }
    return HSD_OK;
}

/* ---- Groups ---- */

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static hsd_status find_texts(const hsd_zone_columns *zones, const char *name,
                             const char *const **out, hsd_error *err) {
    hsd_text list = {0};
    for (size_t i = 0; i < zones->text_count; i++) {
        if (strcmp(zones->text_names[i], name) == 0) {
            *out = zones->texts[i];
            hsd_text_finish(&list);
            return HSD_OK;
        }
        hsd_text_addf(&list, "%s%s", i ? ", " : "", zones->text_names[i]);
    }
    if (!list.length) hsd_text_add(&list, "none");
    const hsd_status status = hsd_fail(
        err, HSD_E_ARGUMENT, "group=%.60s: the zones have no such column of text; there are %s",
        name, list.failed ? "others" : list.data);
    hsd_text_finish(&list);
    return status;
}

static bool is_text(const char *text) {
    return text && *text;
}

hsd_status hsd_measure_groups(const hsd_zone_columns *zones, const char *name, uint32_t **groups,
                              const char ***names, size_t *count, hsd_error *err) {
    const char *const *texts = NULL;
    const hsd_status status = find_texts(zones, name, &texts, err);
    if (status != HSD_OK) return status;
    const char **sorted = hsd_alloc(zones->count, sizeof *sorted, err);
    uint32_t *rows = hsd_alloc(zones->count, sizeof *rows, err);
    if (!sorted || !rows) {
        hsd_free(sorted);
        hsd_free(rows);
        return HSD_E_MEMORY;
    }
    size_t all = 0, n = 0;
    for (size_t i = 0; i < zones->count; i++)
        if (is_text(texts[i])) sorted[all++] = texts[i];
    if (all) qsort(sorted, all, sizeof *sorted, by_text);
    for (size_t i = 0; i < all; i++)
        if (n == 0 || strcmp(sorted[n - 1], sorted[i]) != 0) sorted[n++] = sorted[i];
    for (size_t i = 0; i < zones->count; i++) {
        const char **at =
            n && is_text(texts[i]) ? bsearch(&texts[i], sorted, n, sizeof *sorted, by_text) : NULL;
        rows[i] = at ? (uint32_t)(at - sorted) : HSD_NO_ROW;
    }
    *groups = rows;
    *names = sorted;
    *count = n;
    return HSD_OK;
}
