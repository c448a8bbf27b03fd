/* Cumulative opportunities: what lies within cut-offs, and the cost within which enough lies.
 * Cut-offs are inclusive; grids of them are multiples of a step, never sums of it. Formulas and
 * sources: docs/methods.md, 14.
 *
 * Cut-offs: O(pairs). The cost of enough: a heap of a row's targets by cost, from which only as
 * many are taken as it needs: O(row + taken log row). */
#include <math.h>

#include "access/pairs.h"
#include "base/memory.h"

/* ---- Within cut-offs ---- */

static bool is_within(const hsd_cost_table *table, const double *cutoffs, size_t pair) {
    for (size_t c = 0; c < table->cost_count; c++)
        if (!(table->costs[c][pair] <= cutoffs[c])) return false;
    return true;
}

hsd_status hsd_access_cumulative(const hsd_cost_table *table, const double *mass,
                                 const double *cutoffs, double *out, hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    if (status) return status;
    for (size_t c = 0; c < table->cost_count; c++)
        if (!(cutoffs[c] >= 0)) /* infinite: not bound by this cost */
            return hsd_fail(err, HSD_E_ARGUMENT, "cut-off is %g, expected at least 0", cutoffs[c]);
    for (size_t i = 0; i < table->origin_count; i++) {
        const uint32_t self = table->skip_self ? hsd_pairs_self(table, i) : HSD_NO_ROW;
        uint32_t counted = HSD_NO_ROW; /* of several ways to a target any will do, once */
        double sum = 0;
        for (size_t p = table->first[i]; p < table->first[i + 1]; p++) {
            const uint32_t target = table->target[p];
            if (target == counted || target == self || !is_within(table, cutoffs, p)) continue;
            counted = target;
            sum += hsd_mass_at(mass, target);
        }
        out[i] = sum;
    }
    return HSD_OK;
}

/* ---- Intervals ---- */

enum { MOST_CUTOFFS = 100000 };

typedef struct grid {
    double *cutoffs;
    size_t count;
    double low, step;
} grid;

/* low, low + step ... high; as R's seq, an end that is missed by a rounding is not missed. */
static hsd_status make_grid(double low, double high, double step, grid *out, hsd_error *err) {
    hsd_status status = hsd_check_number("first cut-off", low, false, err);
    if (!status) status = hsd_check_number("last cut-off", high, false, err);
    if (!status) status = hsd_check_number("step of cut-offs", step, true, err);
    if (status) return status;
    if (high < low)
        return hsd_fail(err, HSD_E_ARGUMENT, "cut-offs from %g to %g, expected the lower first",
                        low, high);
    const double last = floor((high - low) / step + 1e-10);
    if (!(last < MOST_CUTOFFS))
        return hsd_fail(err, HSD_E_ARGUMENT, "%g cut-offs from %g to %g, expected at most %d",
                        last + 1, low, high, MOST_CUTOFFS);
    *out = (grid){.count = (size_t)last + 1, .low = low, .step = step};
    out->cutoffs = hsd_alloc(out->count, sizeof *out->cutoffs, err);
    if (!out->cutoffs) return HSD_E_MEMORY;
    for (size_t k = 0; k < out->count; k++) out->cutoffs[k] = fmin(low + (double)k * step, high);
    return HSD_OK;
}

/* The first cut-off that a cost is within; count: none. */
static size_t first_within(const grid *g, double cost) {
    if (!(cost <= g->cutoffs[g->count - 1])) return g->count;
    size_t k =
        cost <= g->low ? 0 : (size_t)fmin(ceil((cost - g->low) / g->step), (double)(g->count - 1));
    while (k > 0 && cost <= g->cutoffs[k - 1]) k--;
    while (cost > g->cutoffs[k]) k++;
    return k;
}

/* Of values that do not fall: masses are not negative. */
static double summarize(const double *values, size_t count, hsd_summary summary) {
    double sum = 0;
    switch (summary) {
    case HSD_SUMMARY_MEDIAN:
        return (values[(count - 1) / 2] + values[count / 2]) / 2;
    case HSD_SUMMARY_MEAN:
        for (size_t k = 0; k < count; k++) sum += values[k];
        return sum / (double)count;
    case HSD_SUMMARY_MIN:
        return values[0];
    case HSD_SUMMARY_MAX:
        return values[count - 1];
    }
    return NAN;
}

static void interval_rows(const hsd_cost_table *table, const double *mass, const grid *g,
                          hsd_summary summary, bool whole, double *within, double *out) {
    for (size_t i = 0; i < table->origin_count; i++) {
        for (size_t k = 0; k < g->count; k++) within[k] = 0;
        for (hsd_pairs at = hsd_pairs_of(table, i); hsd_pairs_next(&at);) {
            const size_t k = first_within(g, table->costs[0][at.pair]);
            if (k < g->count) within[k] += hsd_mass_at(mass, at.target);
        }
        for (size_t k = 1; k < g->count; k++) within[k] += within[k - 1];
        const double value = summarize(within, g->count, summary);
        out[i] = whole ? trunc(value) : value;
    }
}

hsd_status hsd_access_interval(const hsd_cost_table *table, const double *mass, double low,
                               double high, double step, hsd_summary summary, bool whole,
                               double *out, hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    grid g = {0};
    if (!status) status = make_grid(low, high, step, &g, err);
    if (status) return status;
    double *within = hsd_alloc(g.count, sizeof *within, err);
    if (within) interval_rows(table, mass, &g, summary, whole, within, out);
    status = within ? HSD_OK : HSD_E_MEMORY;
    hsd_free(within);
    hsd_free(g.cutoffs);
    return status;
}

/* ---- The cost of enough ---- */

typedef struct offer {
    double cost, mass;
    uint32_t target;
} offer;

static bool is_before(const offer *a, const offer *b) {
    return a->cost != b->cost ? a->cost < b->cost : a->target < b->target;
}

/* Lets the offer at `at` sink to its place among heap[at, count). */
static void sink(offer *heap, size_t count, size_t at) {
    const offer moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && is_before(&heap[child + 1], &heap[child])) child++;
        if (!is_before(&heap[child], &moved)) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

/* The cost at which the masses within come to `need`, or with `more` pass it; INFINITY: never. */
static double cost_of_enough(const hsd_cost_table *table, const double *mass, size_t origin,
                             double need, bool more, offer *heap) {
    size_t count = 0;
    for (hsd_pairs at = hsd_pairs_of(table, origin); hsd_pairs_next(&at);) {
        const double m = hsd_mass_at(mass, at.target);
        if (m > 0) heap[count++] = (offer){table->costs[0][at.pair], m, at.target};
    }
    for (size_t k = count / 2; k-- > 0;) sink(heap, count, k);
    for (double sum = 0; count > 0;) {
        sum += heap[0].mass;
        if (more ? sum > need : sum >= need) return heap[0].cost;
        heap[0] = heap[--count];
        if (count > 0) sink(heap, count, 0);
    }
    return INFINITY;
}

static offer *make_heap(const hsd_cost_table *table, hsd_error *err) {
    size_t most = 0;
    for (size_t i = 0; i < table->origin_count; i++)
        if (table->first[i + 1] - table->first[i] > most)
            most = table->first[i + 1] - table->first[i];
    return hsd_alloc(most, sizeof(offer), err);
}

hsd_status hsd_access_closest(const hsd_cost_table *table, const double *mass, double n,
                              double *out, hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    if (!status) status = hsd_check_number("number of opportunities", n, true, err);
    if (status) return status;
    offer *heap = make_heap(table, err);
    if (!heap) return HSD_E_MEMORY;
    for (size_t i = 0; i < table->origin_count; i++)
        out[i] = cost_of_enough(table, mass, i, n, false, heap);
    hsd_free(heap);
    return HSD_OK;
}

/* The smallest k step that is at least the cost. */
static double round_up(double cost, double step) {
    double k = ceil(cost / step);
    if (!(k < 0x1p52)) return cost;           /* a step that a cost cannot tell from none */
    if (k > 0 && (k - 1) * step >= cost) k--; /* the quotient was rounded */
    if (k * step < cost) k++;
    return k * step;
}

/* Where R's grid of costs ends: the last step up to the longest cost of the table. */
static double last_step(const hsd_cost_table *table, double step) {
    double longest = 0;
    for (size_t p = 0; p < table->pair_count; p++) longest = fmax(longest, table->costs[0][p]);
    return floor(longest / step + 1e-10) * step;
}

hsd_status hsd_access_balancing(const hsd_cost_table *table, const double *mass,
                                const double *demand, double step, bool strict, double *out,
                                hsd_error *err) {
    hsd_status status = hsd_check_target_masses(table, mass, err);
    if (!status)
        status = hsd_check_masses("demand", demand, table->origin_count, table->origin_ids, err);
    if (!status) status = hsd_check_number("step of costs", step, true, err);
    if (status) return status;
    offer *heap = make_heap(table, err);
    if (!heap) return HSD_E_MEMORY;
    const double last = strict ? last_step(table, step) : INFINITY;
    for (size_t i = 0; i < table->origin_count; i++) {
        if (demand[i] > 0) {
            const double cost = cost_of_enough(table, mass, i, demand[i], strict, heap),
                         rounded = cost < INFINITY ? round_up(cost, step) : INFINITY;
            out[i] = rounded <= last && rounded < INFINITY ? rounded : NAN;
        } else {
            out[i] = 0;
        }
    }
    hsd_free(heap);
    return HSD_OK;
}
