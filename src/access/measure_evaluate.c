/* A measure of zones or pairs, of a table: its columns found, the table turned round where it is
 * passive, the zone's own time put as it says, then the function of access.h. Tables that are made
 * for one measure stay on the bench for the next that wants them so. */
#include <math.h>
#include <string.h>

#include "access/measures.h"
#include "access/pairs.h"

typedef struct evaluation {
    const hsd_measure *m;
    hsd_measure_bench *bench;
    hsd_cost_table table; /* the view that functions get */
    const hsd_zone_columns *from, *to;
    const char *from_name, *to_name;
    hsd_measured *out;
    double *mass, *demand;
    double *values; /* of table's origins */
} evaluation;

/* ---- The table ---- */

static hsd_status turn(evaluation *e, const hsd_zone_columns *origins,
                       const hsd_zone_columns *targets, hsd_error *err) {
    const bool passive = e->m->direction == MEASURE_PASSIVE;
    e->from = passive ? targets : origins;
    e->to = passive ? origins : targets;
    e->from_name = passive ? "targets" : "origins";
    e->to_name = passive ? "origins" : "targets";
    e->table = *e->bench->table;
    if (!passive) return HSD_OK;
    hsd_cost_table *turned = &e->bench->turned;
    const hsd_status status =
        turned->first ? HSD_OK : hsd_cost_table_transpose(e->bench->table, turned, err);
    e->table = *turned;
    return status;
}

/* The table at hand with the zone's own times of the measure. */
static hsd_status put_times(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    hsd_measure_bench *b = e->bench;
    const bool turned = m->direction == MEASURE_PASSIVE;
    if (!b->timed.first || b->timed_is_turned != turned || b->rule != m->self_time ||
        b->value != m->self_value) {
        hsd_cost_table_finish(&b->timed);
        const hsd_status status = hsd_cost_table_with_self(&e->table, m->self_time, m->self_value,
                                                           e->from->area_km2, &b->timed, err);
        if (status != HSD_OK) return status;
        b->timed_is_turned = turned;
        b->rule = m->self_time;
        b->value = m->self_value;
    }
    e->table = b->timed;
    e->table.skip_self = false;
    return HSD_OK;
}

static hsd_status put_self(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    if (!hsd_measure_has(m, "self")) return HSD_OK;
    e->table.skip_self = !m->self || m->self_time == HSD_SELF_NONE;
    if (e->table.skip_self || m->self_time == HSD_SELF_AS_IS) return HSD_OK;
    if (m->self_time == HSD_SELF_RADIUS && !e->from->area_km2)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "self_time=radius needs the areas of the %s; they have none", e->from_name);
    return put_times(e, err);
}

static hsd_status take_columns(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    hsd_status status = HSD_OK;
    if (hsd_measure_has(m, "mass"))
        status = hsd_measure_masses(e->to, e->to_name, "mass", m->mass, m->mass2, &e->mass, err);
    if (status == HSD_OK && hsd_measure_has(m, "demand"))
        status =
            hsd_measure_masses(e->from, e->from_name, "demand", m->demand, NULL, &e->demand, err);
    return status;
}

/* ---- What goes beside the values ---- */

hsd_status hsd_measured_add(hsd_measured *out, const char *name, const char *group, double value,
                            hsd_error *err) {
    hsd_statistic *list = hsd_realloc(out->statistics, out->statistic_count + 1, sizeof *list, err);
    if (!list) return HSD_E_MEMORY;
    out->statistics = list;
    hsd_statistic *s = &list[out->statistic_count++];
    *s = (hsd_statistic){.value = value};
    if (!(s->name = hsd_strdup(name, err))) return HSD_E_MEMORY;
    if (group && !(s->group = hsd_strdup(group, err))) return HSD_E_MEMORY;
    return HSD_OK;
}

/* A second array beside the values, of the same length. */
static hsd_status make_second(evaluation *e, const char *name, hsd_error *err) {
    e->out->second = hsd_calloc(e->table.origin_count, sizeof *e->out->second, err);
    e->out->second_name = name;
    return e->out->second ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status tell_unserved(evaluation *e, double unserved, hsd_error *err) {
    const hsd_status status = hsd_measured_add(e->out, "unserved", NULL, unserved, err);
    if (status != HSD_OK || !(unserved > 0)) return status;
    double all = 0;
    for (size_t j = 0; j < e->table.target_count; j++) all += e->mass[j];
    e->out->warning = hsd_asprintf(
        err, "%s: %g of %g %s lie where nobody with demand reaches them and count for nobody",
        e->m->column, unserved, all, e->m->mass);
    return e->out->warning ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status tell_missing(evaluation *e, hsd_error *err) {
    size_t short_of = 0;
    for (size_t i = 0; i < e->table.origin_count; i++) short_of += e->out->second[i] > 0;
    if (short_of == 0 || e->m->unreachable != HSD_UNREACHED_DROP) return HSD_OK;
    e->out->warning = hsd_asprintf(
        err,
        "%s: %zu of %zu zones cannot reach all; what they cannot reach is left out of the mean",
        e->m->column, short_of, e->table.origin_count);
    return e->out->warning ? HSD_OK : HSD_E_MEMORY;
}

/* ---- Times and potentials ---- */

static hsd_status run_mean(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    hsd_status status = make_second(e, "missing", err);
    if (status == HSD_OK)
        status = hsd_access_mean_time(&e->table, e->mass, m->unreachable, m->cap_min, e->values,
                                      e->out->second, err);
    return status == HSD_OK ? tell_missing(e, err) : status;
}

static hsd_status run_potential(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    return m->has_decay
               ? hsd_access_gravity(&e->table, e->mass, &m->decay, m->floor, e->values, err)
               : hsd_access_potential(&e->table, e->mass, m->power, m->floor, e->values, err);
}

static hsd_status run_coefficient(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    const double *mass = m->of == MEASURE_OF_SIMPLE_MEAN ? NULL : e->mass;
    const hsd_status status = m->of == MEASURE_OF_POTENTIAL
                                  ? run_potential(e, err)
                                  : hsd_access_mean_time(&e->table, mass, m->unreachable,
                                                         m->cap_min, e->values, NULL, err);
    if (status == HSD_OK) hsd_access_coefficient(e->values, e->table.origin_count, e->values);
    return status;
}

/* ---- Cumulative opportunities ---- */

static hsd_status run_cumulative(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    double cutoffs[HSD_MAX_COSTS] = {m->cutoff, m->cutoff2, m->cutoff3, m->cutoff4};
    for (size_t k = 1; k < HSD_MAX_COSTS; k++) {
        if (!isnan(cutoffs[k]) && k >= e->table.cost_count)
            return hsd_fail(err, HSD_E_ARGUMENT, "cutoff%zu is said, but pairs have %zu cost%s",
                            k + 1, e->table.cost_count, e->table.cost_count == 1 ? "" : "s");
        if (isnan(cutoffs[k])) cutoffs[k] = INFINITY;
    }
    return hsd_access_cumulative(&e->table, e->mass, cutoffs, e->values, err);
}

static hsd_status run_interval(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    return hsd_access_interval(&e->table, e->mass, m->from, m->to, m->step, (hsd_summary)m->summary,
                               m->whole > 0, e->values, err);
}

static hsd_status run_closest(evaluation *e, hsd_error *err) {
    return hsd_access_closest(&e->table, e->mass, e->m->n, e->values, err);
}

static hsd_status run_balancing(evaluation *e, hsd_error *err) {
    return hsd_access_balancing(&e->table, e->mass, e->demand, e->m->step,
                                hsd_measure_is_variant(e->m, "r"), e->values, err);
}

/* ---- Competition ---- */

static hsd_status run_catchment(evaluation *e, hsd_error *err) {
    static const hsd_catchment_kind kinds[MEASURE_KINDS] = {
        [MEASURE_2SFCA] = HSD_CATCHMENT_2SFCA,     [MEASURE_3SFCA] = HSD_CATCHMENT_3SFCA,
        [MEASURE_M2SFCA] = HSD_CATCHMENT_M2SFCA,   [MEASURE_BFCA] = HSD_CATCHMENT_BFCA,
        [MEASURE_MH3SFCA] = HSD_CATCHMENT_MH3SFCA, [MEASURE_I2SFCA] = HSD_CATCHMENT_I2SFCA};
    const hsd_measure *m = e->m;
    const hsd_catchment_options options = {
        .kind = kinds[m->entry->kind],
        .decay = m->decay,
        .max_cost = isnan(m->max_cost) ? 0 : m->max_cost,
        .choice_before_cutoff = m->entry->info.variants && hsd_measure_is_variant(m, "pysal")};
    double unserved = 0;
    const hsd_status status =
        hsd_access_catchment(&e->table, &options, e->mass, e->demand, e->values, &unserved, err);
    if (status != HSD_OK || m->entry->kind == MEASURE_I2SFCA) return status;
    return tell_unserved(e, unserved, err);
}

static hsd_status run_availability(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    double unserved = 0;
    const hsd_status status =
        hsd_access_availability(&e->table, &m->decay, m->alpha, hsd_measure_is_variant(m, "r"),
                                e->mass, e->demand, e->values, &unserved, err);
    return status == HSD_OK ? tell_unserved(e, unserved, err) : status;
}

static hsd_status run_constrained(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    if (e->demand) { /* hsd_access_constrained with demand, and what is left over */
        double unserved = 0;
        const hsd_status status = hsd_access_availability(&e->table, &m->decay, 1, false, e->mass,
                                                          e->demand, e->values, &unserved, err);
        return status == HSD_OK ? tell_unserved(e, unserved, err) : status;
    }
    return hsd_access_constrained(&e->table, &m->decay, e->mass, NULL,
                                  isnan(m->total) ? 0 : m->total, e->values, err);
}

/* ---- Straight lines beside times ---- */

static hsd_status need_points(const evaluation *e, hsd_error *err) {
    if (e->from->points && e->to->points) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT, "%s needs where zones are; the %s have no points",
                    e->m->entry->info.name, e->from->points ? e->to_name : e->from_name);
}

static hsd_status run_efficiency(evaluation *e, hsd_error *err) {
    const hsd_status status = need_points(e, err);
    return status != HSD_OK
               ? status
               : hsd_access_efficiency(&e->table, e->mass, e->from->points, e->to->points,
                                       e->m->ideal_kmh, e->bench->run, e->values, err);
}

static hsd_status run_performance(evaluation *e, hsd_error *err) {
    hsd_status status = need_points(e, err);
    if (status == HSD_OK) status = make_second(e, "proximity", err);
    if (status != HSD_OK) return status;
    return hsd_access_performance(&e->table, e->mass, e->from->points, e->to->points, e->m->cutoff,
                                  e->m->radius, e->values, e->out->second, err);
}

/* ---- Interaction ---- */

static hsd_status masses_from(const evaluation *e, double **out, hsd_error *err) {
    return hsd_measure_masses(e->from, e->from_name, "mass", e->m->mass, e->m->mass2, out, err);
}

static hsd_status run_linkage_total(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    double *mass = NULL, sum = 0;
    hsd_status status = masses_from(e, &mass, err);
    if (status == HSD_OK)
        status =
            hsd_access_linkage(&e->table, mass, e->mass, m->k, m->exponent, NULL, e->values, err);
    hsd_free(mass);
    if (status != HSD_OK) return status;
    for (size_t i = 0; i < e->table.origin_count; i++) sum += e->values[i];
    status = hsd_measured_add(e->out, "sum", NULL, sum, err);
    if (status == HSD_OK && e->table.same)
        status = hsd_measured_add(e->out, "sum_once", NULL, sum / 2, err);
    return status;
}

static hsd_status run_field(evaluation *e, hsd_error *err) {
    e->out->labels = hsd_alloc(e->table.origin_count, sizeof *e->out->labels, err);
    if (!e->out->labels) return HSD_E_MEMORY;
    return hsd_access_field(&e->table, e->mass, e->m->exponent, e->m->floor, e->values,
                            e->out->labels, err);
}

/* A zone with itself is no pair of two cities. */
static void leave_out_self(evaluation *e) {
    for (size_t i = 0; i < e->table.origin_count; i++) {
        const uint32_t self = hsd_pairs_self(&e->table, i);
        for (size_t p = e->table.first[i]; p < e->table.first[i + 1]; p++)
            if (e->table.target[p] == self) e->out->pairs[p] = NAN;
    }
}

static hsd_status run_linkage(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    double *mass = NULL;
    hsd_status status = masses_from(e, &mass, err);
    if (status == HSD_OK)
        status = hsd_access_linkage(&e->table, mass, e->mass, m->k, m->exponent, e->out->pairs,
                                    NULL, err);
    hsd_free(mass);
    if (status == HSD_OK) leave_out_self(e);
    return status;
}

static hsd_status run_huff(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    return hsd_access_huff(&e->table, e->mass, m->a, m->b, m->floor, e->out->pairs, err);
}

static hsd_status run_breakpoint(evaluation *e, hsd_error *err) {
    double *mass = NULL;
    const hsd_status status = masses_from(e, &mass, err);
    for (size_t i = 0; status == HSD_OK && i < e->table.origin_count; i++)
        for (size_t p = e->table.first[i]; p < e->table.first[i + 1]; p++)
            e->out->pairs[p] =
                hsd_access_breakpoint(e->table.costs[0][p], mass[i], e->mass[e->table.target[p]]);
    if (status == HSD_OK) leave_out_self(e);
    hsd_free(mass);
    return status;
}

static hsd_status run_doubly(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    return hsd_access_doubly(&e->table, &m->decay, e->mass, e->demand,
                             isnan(m->tolerance) ? 0 : m->tolerance, e->out->pairs, err);
}

/* ---- All of them ---- */

typedef hsd_status (*run_function)(evaluation *e, hsd_error *err);
static const run_function runs[MEASURE_KINDS] = {
    [MEASURE_MEAN_TIME] = run_mean,
    [MEASURE_SIMPLE_MEAN_TIME] = run_mean,
    [MEASURE_COEFFICIENT] = run_coefficient,
    [MEASURE_POTENTIAL] = run_potential,
    [MEASURE_GRAVITY] = run_potential,
    [MEASURE_CUMULATIVE] = run_cumulative,
    [MEASURE_INTERVAL] = run_interval,
    [MEASURE_CLOSEST] = run_closest,
    [MEASURE_BALANCING] = run_balancing,
    [MEASURE_2SFCA] = run_catchment,
    [MEASURE_3SFCA] = run_catchment,
    [MEASURE_M2SFCA] = run_catchment,
    [MEASURE_MH3SFCA] = run_catchment,
    [MEASURE_BFCA] = run_catchment,
    [MEASURE_I2SFCA] = run_catchment,
    [MEASURE_AVAILABILITY] = run_availability,
    [MEASURE_CONSTRAINED_TOTAL] = run_constrained,
    [MEASURE_CONSTRAINED_SINGLY] = run_constrained,
    [MEASURE_EFFICIENCY] = run_efficiency,
    [MEASURE_PERFORMANCE] = run_performance,
    [MEASURE_LINKAGE_TOTAL] = run_linkage_total,
    [MEASURE_FIELD] = run_field,
    [MEASURE_LINKAGE] = run_linkage,
    [MEASURE_HUFF] = run_huff,
    [MEASURE_BREAKPOINT] = run_breakpoint,
    [MEASURE_DOUBLY] = run_doubly,
};

static hsd_status make_values(evaluation *e, hsd_error *err) {
    const hsd_measure *m = e->m;
    if (m->entry->info.shape == HSD_MEASURE_PAIRS) {
        e->out->pairs = hsd_calloc(e->table.pair_count, sizeof *e->out->pairs, err);
        return e->out->pairs ? HSD_OK : HSD_E_MEMORY;
    }
    const bool of_targets = m->entry->kind == MEASURE_I2SFCA;
    const size_t count = of_targets ? e->table.target_count : e->table.origin_count;
    e->out->values = e->values = hsd_calloc(count, sizeof *e->values, err);
    e->out->passive = (m->direction == MEASURE_PASSIVE) != of_targets;
    return e->values ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_measure_evaluate_at(const hsd_measure *measure, hsd_measure_bench *bench,
                                   const hsd_zone_columns *origins, const hsd_zone_columns *targets,
                                   hsd_measured *out, hsd_error *err) {
    const hsd_cost_table *table = bench->table;
    *out = (hsd_measured){0};
    const run_function run = runs[measure->entry->kind];
    if (!run)
        return hsd_fail(err, HSD_E_ARGUMENT, "%s is of values of zones, not of times",
                        measure->entry->info.name);
    if (origins->count != table->origin_count || targets->count != table->target_count)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "a table of %zu x %zu zones was given columns of %zu and %zu",
                        table->origin_count, table->target_count, origins->count, targets->count);
    evaluation e = {.m = measure, .bench = bench, .out = out};
    hsd_status status = turn(&e, origins, targets, err);
    if (status == HSD_OK) status = put_self(&e, err);
    if (status == HSD_OK) status = take_columns(&e, err);
    if (status == HSD_OK) status = make_values(&e, err);
    if (status == HSD_OK) status = run(&e, err);
    hsd_free(e.mass);
    hsd_free(e.demand);
    if (status == HSD_OK) return HSD_OK;
    hsd_measured_finish(out);
    return status == HSD_E_MEMORY
               ? status
               : hsd_fail_prefix(err, status, "measure %s", measure->entry->info.name);
}

hsd_status hsd_measure_evaluate(const hsd_measure *measure, const hsd_cost_table *table,
                                const hsd_zone_columns *origins, const hsd_zone_columns *targets,
                                hsd_measured *out, hsd_error *err) {
    hsd_measure_bench bench = {.table = table};
    const hsd_status status = hsd_measure_evaluate_at(measure, &bench, origins, targets, out, err);
    hsd_measure_bench_finish(&bench);
    return status;
}

void hsd_measure_bench_finish(hsd_measure_bench *bench) {
    hsd_cost_table_finish(&bench->turned);
    hsd_cost_table_finish(&bench->timed);
}

void hsd_measured_finish(hsd_measured *measured) {
    if (!measured) return;
    hsd_free(measured->values);
    hsd_free(measured->second);
    hsd_free(measured->labels);
    hsd_free(measured->pairs);
    for (size_t i = 0; i < measured->statistic_count; i++) {
        hsd_free(measured->statistics[i].name);
        hsd_free(measured->statistics[i].group);
    }
    hsd_free(measured->statistics);
    hsd_free(measured->warning);
    *measured = (hsd_measured){0};
}
