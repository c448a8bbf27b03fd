/* Floating catchment areas: supply is parted among the demand that has it within reach, and a place
 * gets its part of each. docs/methods.md, 15; 2SFCA Luo and Wang 2003, E2SFCA Luo and Qi 2009,
 * 3SFCA Wan, Zou and Sternberg 2012, M2SFCA Delamater 2013, MH3SFCA Jörg, Lenz, Wetz and Widmer
 * 2019, BFCA Paez, Higgins and Vivona 2019, i2SFCA Wang 2018.
 *
 * All but the last are A_i = sum_j S_j v_ij / sum_k D_k u_kj: a kind is how a pair weighs on the
 * side of demand, u, and on that of supply, v. O(pairs), three walks over them. */
#include <math.h>

#include "access/pair_weights.h"
#include "base/memory.h"

typedef struct catchment {
    const hsd_cost_table *table;
    hsd_catchment_kind kind;
    const double *supply, *demand;
    double *f;        /* [pair_count]: decay; 0 beyond max_cost */
    double *row;      /* of an origin: what the shares of its choices are of */
    double *column;   /* of a target: sum of f; BFCA */
    double *pressure; /* of a target: demand that weighs on it */
} catchment;

static double demand_side(const catchment *c, size_t i, size_t pair) {
    const double f = c->f[pair];
    if (f == 0) return 0;
    switch (c->kind) {
    case HSD_CATCHMENT_3SFCA:
        return f / c->row[i] * f;
    case HSD_CATCHMENT_MH3SFCA: {
        const double weighed = c->supply[c->table->target[pair]] * f;
        return weighed > 0 ? weighed / c->row[i] : 0;
    }
    case HSD_CATCHMENT_BFCA:
        return f / c->row[i];
    default:
        return f;
    }
}

static double supply_side(const catchment *c, size_t i, size_t pair) {
    const double f = c->f[pair];
    if (f == 0) return 0;
    switch (c->kind) {
    case HSD_CATCHMENT_M2SFCA:
        return f * f;
    case HSD_CATCHMENT_MH3SFCA:
        return demand_side(c, i, pair) * f;
    case HSD_CATCHMENT_BFCA:
        return f / c->column[c->table->target[pair]];
    default:
        return demand_side(c, i, pair);
    }
}

/* Weights, and what they are shares of. */
static hsd_status weigh(catchment *c, const hsd_catchment_options *options, hsd_error *err) {
    const hsd_cost_table *t = c->table;
    hsd_status status = hsd_pair_weights(t, &options->decay, c->f, err);
    if (status) return status;
    const double limit = options->max_cost > 0 ? options->max_cost : INFINITY;
    const bool by_supply = c->kind == HSD_CATCHMENT_MH3SFCA || c->kind == HSD_CATCHMENT_I2SFCA;
    const bool all = c->kind == HSD_CATCHMENT_3SFCA && options->choice_before_cutoff;
    for (size_t i = 0; i < t->origin_count; i++)
        for (size_t pair = t->first[i]; pair < t->first[i + 1]; pair++) {
            const double f = c->f[pair];
            const bool within = t->costs[0][pair] <= limit;
            if (within || all) c->row[i] += by_supply ? c->supply[t->target[pair]] * f : f;
            if (within)
                c->column[t->target[pair]] += f;
            else
                c->f[pair] = 0;
        }
    return HSD_OK;
}

static void press(catchment *c) {
    const hsd_cost_table *t = c->table;
    for (size_t i = 0; i < t->origin_count; i++)
        for (size_t pair = t->first[i]; pair < t->first[i + 1]; pair++)
            c->pressure[t->target[pair]] += c->demand[i] * demand_side(c, i, pair);
}

static void give(const catchment *c, double *out) {
    const hsd_cost_table *t = c->table;
    for (size_t i = 0; i < t->origin_count; i++) {
        out[i] = 0;
        for (size_t pair = t->first[i]; pair < t->first[i + 1]; pair++) {
            const size_t j = t->target[pair];
            if (c->pressure[j] > 0)
                out[i] += c->supply[j] * (supply_side(c, i, pair) / c->pressure[j]);
        }
    }
}

/* i2SFCA, the other way round: demand is parted among the supply it has within reach. */
static void crowd(const catchment *c, double *out) {
    const hsd_cost_table *t = c->table;
    for (size_t j = 0; j < t->target_count; j++) out[j] = 0;
    for (size_t i = 0; i < t->origin_count; i++)
        for (size_t pair = t->first[i]; pair < t->first[i + 1]; pair++)
            if (c->row[i] > 0) out[t->target[pair]] += c->demand[i] * (c->f[pair] / c->row[i]);
}

static hsd_status measure(catchment *c, const hsd_catchment_options *options, double *out,
                          double *unserved, hsd_error *err) {
    const hsd_cost_table *t = c->table;
    c->f = hsd_alloc(t->pair_count, sizeof *c->f, err);
    c->row = hsd_calloc(t->origin_count, sizeof *c->row, err);
    c->column = hsd_calloc(t->target_count, sizeof *c->column, err);
    c->pressure = hsd_calloc(t->target_count, sizeof *c->pressure, err);
    if (!c->f || !c->row || !c->column || !c->pressure) return HSD_E_MEMORY;
    hsd_status status = weigh(c, options, err);
    if (status) return status;
    press(c);
    if (c->kind == HSD_CATCHMENT_I2SFCA)
        crowd(c, out);
    else
        give(c, out);
    for (size_t j = 0; unserved && j < t->target_count; j++)
        if (!(c->pressure[j] > 0)) *unserved += c->supply[j];
    return HSD_OK;
}

hsd_status hsd_access_catchment(const hsd_cost_table *table, const hsd_catchment_options *options,
                                const double *supply, const double *demand, double *out,
                                double *unserved, hsd_error *err) {
    catchment c = {.table = table, .kind = options->kind, .supply = supply, .demand = demand};
    if ((unsigned)c.kind > HSD_CATCHMENT_I2SFCA || isnan(options->max_cost))
        return hsd_fail(err, HSD_E_ARGUMENT, "catchment: there is no kind %d, or max_cost is NAN",
                        (int)c.kind);
    hsd_status status =
        hsd_check_masses("supply", supply, table->target_count, table->target_ids, err);
    if (!status)
        status = hsd_check_masses("demand", demand, table->origin_count, table->origin_ids, err);
    if (status) return status;
    if (unserved) *unserved = 0;
    if (options->max_cost < 0) { /* nothing is within: as PySAL, not defined */
        const bool crowded = c.kind == HSD_CATCHMENT_I2SFCA;
        for (size_t k = 0; k < (crowded ? table->target_count : table->origin_count); k++)
            out[k] = NAN;
        for (size_t j = 0; unserved && j < table->target_count; j++) *unserved += supply[j];
        return HSD_OK;
    }
    status = measure(&c, options, out, unserved, err);
    hsd_free(c.f);
    hsd_free(c.row);
    hsd_free(c.column);
    hsd_free(c.pressure);
    return status;
}
