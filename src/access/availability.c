/* Opportunities shared out without rest: spatial availability (Soukhov, Paez, Higgins and Mohamed
 * 2023) and the measures constrained in their total or at their targets (Soukhov and others 2025;
 * Wilson 1971). docs/methods.md, 15.
 *
 * The balancing factors of the paper, by population and by impedance, are divided by their sum over
 * the origins of a target; in that their own denominators cancel, and what is left is
 *     V_i = sum_j O_j D_i^alpha f_ij / sum_k D_k^alpha f_kj.
 * O(pairs). */
#include <math.h>

#include "access/pair_weights.h"
#include "base/memory.h"

typedef struct sharing {
    const hsd_cost_table *table;
    const double *mass;
    double *f;        /* [pair_count]: decay */
    double *claim;    /* of an origin: D^alpha */
    double *pressure; /* of a target: sum of claims times f */
} sharing;

static void share_out(const sharing *s, bool as_r, double *out, double *unserved) {
    const hsd_cost_table *t = s->table;
    for (size_t i = 0; i < t->origin_count; i++)
        for (size_t pair = t->first[i]; pair < t->first[i + 1]; pair++)
            s->pressure[t->target[pair]] += s->claim[i] * s->f[pair];
    for (size_t i = 0; i < t->origin_count; i++) {
        out[i] = 0;
        for (hsd_pairs at = hsd_pairs_of(t, i); hsd_pairs_next(&at);) {
            const double whole = s->pressure[at.target];
            if (whole > 0)
                out[i] += s->mass[at.target] * (s->claim[i] * s->f[at.pair] / whole);
            else if (as_r) /* 0/0, and R's sum takes it along */
                out[i] = NAN;
        }
    }
    if (unserved) *unserved = 0;
    for (size_t j = 0; unserved && j < t->target_count; j++)
        if (!(s->pressure[j] > 0)) *unserved += s->mass[j];
}

static hsd_status check(const hsd_cost_table *table, const double *mass, const double *demand,
                        hsd_error *err) {
    hsd_status status = hsd_check_masses("mass", mass, table->target_count, table->target_ids, err);
    return status ? status
                  : hsd_check_masses("demand", demand, table->origin_count, table->origin_ids, err);
}

hsd_status hsd_access_availability(const hsd_cost_table *table, const hsd_decay *decay,
                                   double alpha, bool as_r, const double *mass,
                                   const double *demand, double *out, double *unserved,
                                   hsd_error *err) {
    hsd_status status = hsd_check_number("alpha", alpha, false, err);
    if (!status) status = check(table, mass, demand, err);
    if (status) return status;
    sharing s = {.table = table, .mass = mass};
    s.f = hsd_alloc(table->pair_count, sizeof *s.f, err);
    s.claim = hsd_alloc(table->origin_count, sizeof *s.claim, err);
    s.pressure = hsd_calloc(table->target_count, sizeof *s.pressure, err);
    status = s.f && s.claim && s.pressure ? hsd_pair_weights(table, decay, s.f, err) : HSD_E_MEMORY;
    if (!status) {
        for (size_t i = 0; i < table->origin_count; i++) s.claim[i] = pow(demand[i], alpha);
        share_out(&s, as_r, out, unserved);
    }
    hsd_free(s.f);
    hsd_free(s.claim);
    hsd_free(s.pressure);
    return status;
}

/* V_i = T sum_j O_j f_ij / sum_ij O_j f_ij */
static hsd_status constrain_total(const hsd_cost_table *table, const hsd_decay *decay,
                                  const double *mass, double total, double *out, hsd_error *err) {
    double *f = hsd_alloc(table->pair_count, sizeof *f, err);
    if (!f) return HSD_E_MEMORY;
    const hsd_status status = hsd_pair_weights(table, decay, f, err);
    double whole = 0, masses = 0;
    for (size_t i = 0; !status && i < table->origin_count; i++) {
        out[i] = 0;
        for (size_t pair = table->first[i]; pair < table->first[i + 1]; pair++)
            out[i] += mass[table->target[pair]] * f[pair];
        whole += out[i];
    }
    hsd_free(f);
    if (status) return status;
    for (size_t j = 0; j < table->target_count; j++) masses += mass[j];
    if (!(total > 0)) total = masses;
    for (size_t i = 0; i < table->origin_count; i++)
        out[i] = whole > 0 ? total * (out[i] / whole) : NAN;
    return HSD_OK;
}

hsd_status hsd_access_constrained(const hsd_cost_table *table, const hsd_decay *decay,
                                  const double *mass, const double *demand, double total,
                                  double *out, hsd_error *err) {
    if (demand)
        return hsd_access_availability(table, decay, 1, false, mass, demand, out, NULL, err);
    const hsd_status status = check(table, mass, NULL, err);
    return status ? status : constrain_total(table, decay, mass, total, out, err);
}
