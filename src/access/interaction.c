/* Interaction of zones two by two, and the hinterlands it gives. O(pairs). Values of pairs that a
 * measure passes over (a zone with itself, slower ways to a target) are 0. Formulas and sources:
 * docs/methods.md, 14. */
#include <math.h>

#include "access/pairs.h"

hsd_status hsd_access_linkage(const hsd_cost_table *table, const double *mass_from,
                              const double *mass_to, double k, double exponent, double *strength,
                              double *totals, hsd_error *err) {
    hsd_status status =
        hsd_check_masses("mass", mass_from, table->origin_count, table->origin_ids, err);
    if (!status) status = hsd_check_target_masses(table, mass_to, err);
    if (!status) status = hsd_check_number("factor", k, true, err);
    if (!status) status = hsd_check_number("exponent", exponent, false, err);
    if (status) return status;
    for (size_t p = 0; strength && p < table->pair_count; p++) strength[p] = 0;
    for (size_t i = 0; i < table->origin_count; i++) {
        const uint32_t self = hsd_pairs_self(table, i);
        double sum = 0;
        for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);) {
            if (at.target == self) continue;
            const double t = table->costs[0][at.pair];
            if (t <= 0) return hsd_fail_zero_cost(table, i, at.target, err);
            const double value = k * mass_from[i] * mass_to[at.target] / pow(t, exponent);
            if (strength) strength[at.pair] = value;
            sum += value;
        }
        if (totals) totals[i] = sum;
    }
    return HSD_OK;
}

hsd_status hsd_access_field(const hsd_cost_table *table, const double *mass, double exponent,
                            double floor_min, double *strength, uint32_t *target, hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    if (!status) status = hsd_check_number("exponent", exponent, false, err);
    if (!status) status = hsd_check_number("floor", floor_min, false, err);
    if (status) return status;
    for (size_t i = 0; i < table->origin_count; i++) {
        double best = 0;
        uint32_t which = HSD_NO_ROW;
        for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);) {
            const double t = fmax(table->costs[0][at.pair], floor_min);
            if (t <= 0) return hsd_fail_zero_cost(table, i, at.target, err);
            const double value = mass[at.target] / pow(t, exponent);
            if (!(value > best))
                continue; /* ties stay with the lowest; without mass nothing pulls */
            best = value;
            which = at.target;
        }
        if (strength) strength[i] = which == HSD_NO_ROW ? NAN : best;
        if (target) target[i] = which;
    }
    return HSD_OK;
}

typedef struct huff {
    double a, b, floor_min;
} huff;

/* The least time and the largest mass of a row: powers of what is measured by them stay in range.
 */
static hsd_status row_scale(const hsd_cost_table *table, const double *mass, const huff *h,
                            size_t i, double *least, double *most, hsd_error *err) {
    *least = INFINITY;
    *most = 0;
    for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);) {
        const double t = fmax(table->costs[0][at.pair], h->floor_min);
        if (t <= 0) return hsd_fail_zero_cost(table, i, at.target, err);
        if (mass[at.target] <= 0) continue;
        *least = fmin(*least, t);
        *most = fmax(*most, mass[at.target]);
    }
    return HSD_OK;
}

hsd_status hsd_access_huff(const hsd_cost_table *table, const double *mass, double a, double b,
                           double floor_min, double *shares, hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    if (!status) status = hsd_check_number("exponent of masses", a, false, err);
    if (!status) status = hsd_check_number("exponent of times", b, false, err);
    if (!status) status = hsd_check_number("floor", floor_min, false, err);
    const huff h = {a, b, floor_min};
    for (size_t p = 0; !status && p < table->pair_count; p++) shares[p] = 0;
    for (size_t i = 0; !status && i < table->origin_count; i++) {
        double least, most, sum = 0;
        status = row_scale(table, mass, &h, i, &least, &most, err);
        if (status) return status;
        for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);) {
            if (mass[at.target] <= 0) continue;
            const double t = fmax(table->costs[0][at.pair], floor_min);
            shares[at.pair] = pow(mass[at.target] / most, a) * pow(least / t, b);
            sum += shares[at.pair];
        }
        for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);)
            shares[at.pair] = sum > 0 ? shares[at.pair] / sum : NAN;
    }
    return status;
}

double hsd_access_breakpoint(double distance, double mass_a, double mass_b) {
    if (!(distance >= 0 && mass_a >= 0 && mass_b >= 0)) return NAN;
    return distance / (1 + sqrt(mass_b / mass_a));
}
