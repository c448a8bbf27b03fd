/* Flows constrained at both ends (Wilson 1967, 1971): T_ij = A_i D_i B_j O_j f_ij, the factors
 * found by balancing rows and columns in turns. docs/methods.md, 15.
 *
 * Where a pair of factors exists, the turns converge to the one set of flows with these sums that
 * has the shape of f. After each turn the columns are exact, so the rows alone are looked at.
 * O(pairs) a turn; a shape that cannot have these sums (all ways from two origins lead to one
 * target that is too small for both) never converges, and is refused after MAX_TURNS. */
#include <math.h>

#include "access/pair_weights.h"
#include "base/memory.h"

enum { MAX_TURNS = 10000 };

typedef struct balance {
    const hsd_cost_table *table;
    const double *mass, *demand;
    const double *f;
    double scale;                /* of masses: to the same total as demand, to the last bit of it */
    double *row, *next, *column; /* A_i D_i, those of the next turn, and B_j O_j */
    double *sums;                /* of a target: scratch */
} balance;

/* What balances the rows, to be taken by the next turn; how far, and where, a row is off now. */
static double weigh_rows(balance *b, size_t *worst) {
    const hsd_cost_table *t = b->table;
    double off = 0;
    for (size_t i = 0; i < t->origin_count; i++) {
        double sum = 0;
        for (size_t pair = t->first[i]; pair < t->first[i + 1]; pair++)
            sum += b->column[t->target[pair]] * b->f[pair];
        const double error = fabs(b->row[i] * sum - b->demand[i]);
        if (!(error <= off)) {
            off = error;
            *worst = i;
        }
        b->next[i] = sum > 0 ? b->demand[i] / sum : 0;
    }
    return off;
}

static void turn_columns(balance *b) {
    const hsd_cost_table *t = b->table;
    for (size_t j = 0; j < t->target_count; j++) b->sums[j] = 0;
    for (size_t i = 0; i < t->origin_count; i++)
        for (size_t pair = t->first[i]; pair < t->first[i + 1]; pair++)
            b->sums[t->target[pair]] += b->row[i] * b->f[pair];
    for (size_t j = 0; j < t->target_count; j++)
        b->column[j] = b->sums[j] > 0 ? b->scale * b->mass[j] / b->sums[j] : 0;
}

/* Nothing can be balanced where somebody has nowhere to go, or nobody can come. */
static hsd_status check_ways(balance *b, hsd_error *err) {
    const hsd_cost_table *t = b->table;
    char label[HSD_ZONE_LABEL];
    for (size_t j = 0; j < t->target_count; j++) b->sums[j] = 0;
    for (size_t i = 0; i < t->origin_count; i++) {
        double sum = 0;
        for (size_t pair = t->first[i]; pair < t->first[i + 1]; pair++) {
            sum += b->mass[t->target[pair]] * b->f[pair];
            b->sums[t->target[pair]] += b->demand[i] * b->f[pair];
        }
        if (b->demand[i] > 0 && !(sum > 0))
            return hsd_fail(err, HSD_E_FORMAT,
                            "origin %s: demand %g, but no way to any mass; flows cannot balance",
                            hsd_zone_label(t->origin_ids, i, label), b->demand[i]);
    }
    for (size_t j = 0; j < t->target_count; j++)
        if (b->mass[j] > 0 && !(b->sums[j] > 0))
            return hsd_fail(err, HSD_E_FORMAT,
                            "target %s: mass %g, but no way from any demand; flows cannot balance",
                            hsd_zone_label(t->target_ids, j, label), b->mass[j]);
    return HSD_OK;
}

static hsd_status turn(balance *b, double tolerance, hsd_error *err) {
    const hsd_cost_table *t = b->table;
    hsd_status status = check_ways(b, err);
    if (status) return status;
    for (size_t j = 0; j < t->target_count; j++) b->column[j] = b->mass[j] > 0;
    size_t worst = 0;
    weigh_rows(b, &worst);
    for (int turns = 0; turns < MAX_TURNS; turns++) {
        double *const row = b->row;
        b->row = b->next;
        b->next = row;
        turn_columns(b);
        if (weigh_rows(b, &worst) <= tolerance) return HSD_OK;
    }
    char label[HSD_ZONE_LABEL];
    return hsd_fail(err, HSD_E_FORMAT,
                    "flows do not balance in %d turns, least at origin %s: its ways lead to too "
                    "little mass, or to too much",
                    (int)MAX_TURNS, hsd_zone_label(t->origin_ids, worst, label));
}

static hsd_status check_totals(const hsd_cost_table *table, const double *mass,
                               const double *demand, double *total, double *scale, hsd_error *err) {
    hsd_status status = hsd_check_masses("mass", mass, table->target_count, table->target_ids, err);
    if (!status)
        status = hsd_check_masses("demand", demand, table->origin_count, table->origin_ids, err);
    if (status) return status;
    double masses = 0;
    *total = 0;
    for (size_t i = 0; i < table->origin_count; i++) *total += demand[i];
    for (size_t j = 0; j < table->target_count; j++) masses += mass[j];
    if (fabs(*total - masses) > 1e-6 * fmax(*total, masses))
        return hsd_fail(err, HSD_E_FORMAT,
                        "demand adds up to %.9g and mass to %.9g: expected the same total", *total,
                        masses);
    *scale = masses > 0 ? *total / masses : 0;
    return HSD_OK;
}

hsd_status hsd_access_doubly(const hsd_cost_table *table, const hsd_decay *decay,
                             const double *mass, const double *demand, double tolerance,
                             double *flows, hsd_error *err) {
    double total;
    balance b = {.table = table, .mass = mass, .demand = demand, .f = flows};
    hsd_status status = check_totals(table, mass, demand, &total, &b.scale, err);
    if (!status) status = hsd_pair_weights(table, decay, flows, err);
    if (status) return status;
    b.row = hsd_calloc(table->origin_count, sizeof *b.row, err);
    b.next = hsd_calloc(table->origin_count, sizeof *b.next, err);
    b.column = hsd_calloc(table->target_count, sizeof *b.column, err);
    b.sums = hsd_calloc(table->target_count, sizeof *b.sums, err);
    status = b.row && b.next && b.column && b.sums
                 ? turn(&b, tolerance > 0 ? tolerance : 1e-9 * total, err)
                 : HSD_E_MEMORY;
    for (size_t i = 0; !status && i < table->origin_count; i++)
        for (size_t pair = table->first[i]; pair < table->first[i + 1]; pair++)
            flows[pair] *= b.row[i] * b.column[table->target[pair]];
    hsd_free(b.row);
    hsd_free(b.next);
    hsd_free(b.column);
    hsd_free(b.sums);
    return status;
}
