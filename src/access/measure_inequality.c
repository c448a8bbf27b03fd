/* Measures of how values lie over people, by name: one statistic, with groups the parts as well. */
#include <math.h>
#include <string.h>

#include "access/measures.h"

typedef struct distribution {
    const hsd_measure *m;
    const double *x, *income;
    double *w;
    size_t count;
    const hsd_zone_columns *zones;
    hsd_measured *out;
} distribution;

static hsd_status theil(distribution *d, const uint32_t *groups, size_t count,
                        hsd_theil_parts *parts, hsd_error *err) {
    return d->m->entry->kind == MEASURE_THEIL_T
               ? hsd_theil_t(d->x, d->w, d->count, hsd_measure_is_variant(d->m, "r"), groups, count,
                             parts, err)
               : hsd_theil_l(d->x, d->w, d->count, groups, count, parts, err);
}

static hsd_status add_part(distribution *d, const char *part, const char *group, double value,
                           hsd_error *err) {
    char *name = hsd_asprintf(err, "%s_%s", d->m->column, part);
    if (!name) return HSD_E_MEMORY;
    const hsd_status status = hsd_measured_add(d->out, name, group, value, err);
    hsd_free(name);
    return status;
}

static hsd_status run_grouped_theil(distribution *d, double *total, hsd_error *err) {
    uint32_t *groups = NULL;
    const char **names = NULL;
    size_t count = 0;
    hsd_status status = hsd_measure_groups(d->zones, d->m->group, &groups, &names, &count, err);
    if (status != HSD_OK) return status;
    hsd_theil_parts parts = {.between_of = hsd_calloc(count, sizeof(double), err),
                             .within_of = hsd_calloc(count, sizeof(double), err)};
    status =
        parts.between_of && parts.within_of ? theil(d, groups, count, &parts, err) : HSD_E_MEMORY;
    *total = parts.total;
    if (status == HSD_OK) status = hsd_measured_add(d->out, d->m->column, NULL, *total, err);
    if (status == HSD_OK) status = add_part(d, "between", NULL, parts.between, err);
    if (status == HSD_OK) status = add_part(d, "within", NULL, parts.within, err);
    for (size_t g = 0; status == HSD_OK && g < count; g++) {
        status = add_part(d, "between", names[g], parts.between_of[g], err);
        if (status == HSD_OK) status = add_part(d, "within", names[g], parts.within_of[g], err);
    }
    hsd_free(parts.between_of);
    hsd_free(parts.within_of);
    hsd_free(groups);
    hsd_free(names);
    return status;
}

static hsd_status run_theil(distribution *d, double *value, hsd_error *err) {
    if (d->m->group) return run_grouped_theil(d, value, err);
    hsd_theil_parts parts = {0};
    const hsd_status status = theil(d, NULL, 0, &parts, err);
    *value = parts.total;
    return status;
}

/* Over everybody, and of each group: its values next to each other first. */
static hsd_status run_mean(distribution *d, double *value, hsd_error *err) {
    *value = hsd_weighted_mean(d->x, d->w, d->count);
    if (!d->m->group) return HSD_OK;
    uint32_t *groups = NULL;
    const char **names = NULL;
    size_t count = 0;
    hsd_status status = hsd_measure_groups(d->zones, d->m->group, &groups, &names, &count, err);
    if (status != HSD_OK) return status;
    double *x = hsd_alloc(d->count, sizeof *x, err), *w = hsd_alloc(d->count, sizeof *w, err);
    status = x && w ? hsd_measured_add(d->out, d->m->column, NULL, *value, err) : HSD_E_MEMORY;
    for (size_t g = 0; status == HSD_OK && g < count; g++) {
        size_t n = 0;
        for (size_t i = 0; i < d->count; i++)
            if (groups[i] == g) {
                x[n] = d->x[i];
                w[n++] = d->w ? d->w[i] : 1;
            }
        status = hsd_measured_add(d->out, d->m->column, names[g], hsd_weighted_mean(x, w, n), err);
    }
    hsd_free(x);
    hsd_free(w);
    hsd_free(groups);
    hsd_free(names);
    return status;
}

static hsd_status run(distribution *d, double *value, hsd_error *err) {
    const hsd_measure *m = d->m;
    switch (m->entry->kind) {
    case MEASURE_MEAN:
        return run_mean(d, value, err);
    case MEASURE_GINI:
        return hsd_gini(d->x, d->w, d->count, value, err);
    case MEASURE_PALMA:
        return hsd_palma(d->x, d->w, d->income, d->count, hsd_measure_is_variant(m, "shares"),
                         value, err);
    case MEASURE_THEIL_T:
    case MEASURE_THEIL_L:
        return run_theil(d, value, err);
    case MEASURE_CONCENTRATION:
    case MEASURE_CONCENTRATION_CORRECTED:
        return hsd_concentration(d->x, d->w, d->income, d->count,
                                 m->entry->kind == MEASURE_CONCENTRATION_CORRECTED,
                                 hsd_measure_is_variant(m, "textbook"), value, err);
    case MEASURE_CV:
        *value = hsd_cv(d->x, d->w, d->count, m->sample > 0);
        return HSD_OK;
    case MEASURE_FGT:
        *value = hsd_fgt(d->x, d->w, d->count, m->line, m->alpha);
        return HSD_OK;
    case MEASURE_ATKINSON:
        *value = hsd_atkinson(d->x, d->w, d->count, m->epsilon);
        return HSD_OK;
    case MEASURE_QUANTILE_RATIO: {
        const double low = hsd_quantile(d->x, d->w, d->count, m->q / 100);
        *value = low > 0 ? hsd_quantile(d->x, d->w, d->count, m->p / 100) / low : NAN;
        return HSD_OK;
    }
    default:
        return hsd_fail(err, HSD_E_ARGUMENT, "it is of times, not of values of zones");
    }
}

hsd_status hsd_measure_inequality(const hsd_measure *measure, const double *values,
                                  const hsd_zone_columns *zones, hsd_measured *out,
                                  hsd_error *err) {
    *out = (hsd_measured){0};
    distribution d = {.m = measure, .x = values, .count = zones->count, .zones = zones, .out = out};
    double value = NAN;
    hsd_status status = HSD_OK;
    if (measure->population)
        status =
            hsd_measure_masses(zones, "zones", "population", measure->population, NULL, &d.w, err);
    if (status == HSD_OK && measure->income)
        status = hsd_measure_numbers(zones, "zones", "income", measure->income, &d.income, err);
    if (status == HSD_OK) status = run(&d, &value, err);
    if (status == HSD_OK && out->statistic_count == 0)
        status = hsd_measured_add(out, measure->column, NULL, value, err);
    hsd_free(d.w);
    if (status == HSD_OK && isnan(value) &&
        !(out->warning = hsd_strdup("not defined over these values and people", err)))
        status = HSD_E_MEMORY;
    if (status == HSD_OK) return HSD_OK;
    hsd_measured_finish(out);
    return status == HSD_E_MEMORY
               ? status
               : hsd_fail_prefix(err, status, "measure %s", measure->entry->info.name);
}
