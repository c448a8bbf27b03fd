/* Tables of costs: pairs by origin in compressed rows (first[], target[], costs[][]), 12 bytes a
 * pair with one cost. What cannot be travelled has no pair. Within an origin pairs go by target,
 * and those of one target by their costs, so that the first of a target is its fastest.
 *
 * From milliseconds, transposed, with other self times: O(pairs + origins + targets), two passes,
 * the first of which counts; the transposition is a counting sort, stable, so the order of ways
 * stays. From pairs: O(pairs log pairs), nothing where they come sorted. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "access/pairs.h"
#include "base/memory.h"

void hsd_cost_table_finish(hsd_cost_table *table) {
    if (!table) return;
    hsd_free(table->first);
    hsd_free(table->target);
    for (size_t c = 0; c < HSD_MAX_COSTS; c++) hsd_free(table->costs[c]);
    hsd_free(table->same);
    *table = (hsd_cost_table){0};
}

static hsd_status check_same(const uint32_t *same, size_t origin_count, size_t target_count,
                             hsd_error *err) {
    for (size_t i = 0; same && i < origin_count; i++)
        if (same[i] != HSD_NO_ROW && same[i] >= target_count)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "origin number %zu is said to be target %u, of %zu targets", i + 1,
                            same[i], target_count);
    return HSD_OK;
}

/* Arrays for the counts that the table says; rows are all empty, same not filled. */
static hsd_status allocate(hsd_cost_table *table, bool with_same, hsd_error *err) {
    if (table->origin_count >= HSD_NO_ROW || table->target_count >= HSD_NO_ROW)
        return hsd_fail(err, HSD_E_MEMORY,
                        "%zu origins and %zu targets, expected less than %u of either",
                        table->origin_count, table->target_count, HSD_NO_ROW);
    table->first = hsd_calloc(table->origin_count + 1, sizeof *table->first, err);
    table->target = hsd_alloc(table->pair_count, sizeof *table->target, err);
    bool whole = table->first && table->target;
    for (size_t c = 0; c < table->cost_count; c++) {
        table->costs[c] = hsd_alloc(table->pair_count, sizeof **table->costs, err);
        whole = whole && table->costs[c];
    }
    if (with_same) {
        table->same = hsd_alloc(table->origin_count, sizeof *table->same, err);
        whole = whole && table->same;
    }
    return whole ? HSD_OK : HSD_E_MEMORY;
}

/* The table built, or one of nothing. */
static hsd_status hand_over(hsd_status status, hsd_cost_table *table, hsd_cost_table *out) {
    if (status) hsd_cost_table_finish(table);
    *out = *table;
    return status;
}

/* ---- From pairs ---- */

static int compare_pairs(const void *left, const void *right) {
    const hsd_cost_pair *a = left, *b = right;
    if (a->origin != b->origin) return a->origin < b->origin ? -1 : 1;
    if (a->target != b->target) return a->target < b->target ? -1 : 1;
    for (size_t c = 0; c < HSD_MAX_COSTS; c++)
        if (a->costs[c] != b->costs[c]) return a->costs[c] < b->costs[c] ? -1 : 1;
    return 0;
}

static hsd_status fail_pair(const hsd_cost_table *table, const hsd_cost_pair *pair,
                            const char *what, hsd_error *err) {
    char from[HSD_ZONE_LABEL], to[HSD_ZONE_LABEL];
    return hsd_fail(err, HSD_E_FORMAT, "from %s to %s: %s",
                    hsd_zone_label(table->origin_ids, pair->origin, from),
                    hsd_zone_label(table->target_ids, pair->target, to), what);
}

/* Zones that exist and costs that are costs; unused costs are zeroed, for the order. */
static hsd_status check_pair(const hsd_cost_table *table, size_t number, hsd_cost_pair *pair,
                             hsd_error *err) {
    if (pair->origin >= table->origin_count || pair->target >= table->target_count)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "pair %zu joins origin %u and target %u, of %zu and %zu", number,
                        pair->origin, pair->target, table->origin_count, table->target_count);
    for (size_t c = 0; c < HSD_MAX_COSTS; c++) {
        if (c >= table->cost_count) pair->costs[c] = 0;
        if (pair->costs[c] >= 0 && (c == 0 || pair->costs[c] < INFINITY)) continue;
        return fail_pair(table, pair,
                         isnan(pair->costs[c]) ? "a cost is not a number"
                         : pair->costs[c] < 0  ? "a cost is below 0"
                                               : "a cost besides the first is infinite",
                         err);
    }
    return HSD_OK;
}

static hsd_status check_pairs(hsd_cost_table *table, hsd_cost_pair *pairs, size_t count,
                              hsd_error *err) {
    bool sorted = true;
    for (size_t p = 0; p < count; p++) {
        hsd_status status = check_pair(table, p + 1, &pairs[p], err);
        if (status) return status;
        sorted = sorted && (p == 0 || compare_pairs(&pairs[p - 1], &pairs[p]) <= 0);
    }
    if (!sorted) qsort(pairs, count, sizeof *pairs, compare_pairs);
    for (size_t p = 1; p < count && table->cost_count == 1; p++)
        if (pairs[p].origin == pairs[p - 1].origin && pairs[p].target == pairs[p - 1].target)
            return fail_pair(table, &pairs[p], "the pair stands twice, expected once", err);
    return HSD_OK;
}

static hsd_status fill_from_pairs(hsd_cost_table *table, hsd_cost_pair *pairs, size_t count,
                                  const uint32_t *same, hsd_error *err) {
    if (table->cost_count < 1 || table->cost_count > HSD_MAX_COSTS)
        return hsd_fail(err, HSD_E_ARGUMENT, "%zu costs a pair, expected 1 to %d",
                        table->cost_count, HSD_MAX_COSTS);
    hsd_status status = check_same(same, table->origin_count, table->target_count, err);
    if (!status) status = check_pairs(table, pairs, count, err);
    if (status) return status;
    for (size_t p = 0; p < count; p++) table->pair_count += pairs[p].costs[0] < INFINITY;
    status = allocate(table, same != NULL, err);
    if (status) return status;
    size_t to = 0;
    for (size_t p = 0; p < count; p++) {
        if (!(pairs[p].costs[0] < INFINITY)) continue;
        table->target[to] = pairs[p].target;
        for (size_t c = 0; c < table->cost_count; c++) table->costs[c][to] = pairs[p].costs[c];
        table->first[pairs[p].origin + 1] = ++to;
    }
    for (size_t i = 0; i < table->origin_count; i++) /* rows without pairs */
        if (table->first[i + 1] < table->first[i]) table->first[i + 1] = table->first[i];
    if (same && table->origin_count > 0)
        memcpy(table->same, same, table->origin_count * sizeof *same);
    return HSD_OK;
}

hsd_status hsd_cost_table_from_pairs(size_t origin_count, size_t target_count, hsd_cost_pair *pairs,
                                     size_t pair_count, size_t cost_count, const uint32_t *same,
                                     hsd_cost_table *out, hsd_error *err) {
    hsd_cost_table table = {.origin_count = origin_count,
                            .target_count = target_count,
                            .cost_count = cost_count,
                            .origin_ids = out->origin_ids,
                            .target_ids = out->target_ids};
    return hand_over(fill_from_pairs(&table, pairs, pair_count, same, err), &table, out);
}

/* ---- From milliseconds ---- */

static hsd_status fill_from_ms(hsd_cost_table *table, const uint32_t *ms, const uint32_t *same,
                               hsd_error *err) {
    hsd_status status = check_same(same, table->origin_count, table->target_count, err);
    if (status) return status;
    const size_t cells = table->origin_count * table->target_count;
    for (size_t c = 0; c < cells; c++) table->pair_count += ms[c] < HSD_UNREACHABLE;
    status = allocate(table, same != NULL, err);
    if (status) return status;
    size_t to = 0;
    for (size_t i = 0; i < table->origin_count; i++) {
        const uint32_t *row = &ms[i * table->target_count];
        for (size_t j = 0; j < table->target_count; j++) {
            if (row[j] >= HSD_UNREACHABLE) continue;
            table->target[to] = (uint32_t)j;
            table->costs[0][to++] = row[j] / 60000.0;
        }
        table->first[i + 1] = to;
    }
    if (same && table->origin_count > 0)
        memcpy(table->same, same, table->origin_count * sizeof *same);
    return HSD_OK;
}

hsd_status hsd_cost_table_from_ms(size_t origin_count, size_t target_count, const uint32_t *ms,
                                  const uint32_t *same, hsd_cost_table *out, hsd_error *err) {
    hsd_cost_table table = {.origin_count = origin_count,
                            .target_count = target_count,
                            .cost_count = 1,
                            .origin_ids = out->origin_ids,
                            .target_ids = out->target_ids};
    return hand_over(fill_from_ms(&table, ms, same, err), &table, out);
}

/* ---- From tables ---- */

/* Appends pair p of a table, to its end so far. */
static void append_pair(hsd_cost_table *to, const hsd_cost_table *from, size_t p) {
    to->target[to->pair_count] = from->target[p];
    for (size_t c = 0; c < from->cost_count; c++) to->costs[c][to->pair_count] = from->costs[c][p];
    to->pair_count++;
}

static hsd_status fill_transposed(hsd_cost_table *table, const hsd_cost_table *from,
                                  hsd_error *err) {
    hsd_status status = allocate(table, from->same != NULL, err);
    if (status) return status;
    /* first[t + 1] is where the next pair of t goes, and its end when all are there */
    for (size_t p = 0; p < from->pair_count; p++)
        if (from->target[p] + 2u <= table->origin_count) table->first[from->target[p] + 2u]++;
    for (size_t t = 1; t <= table->origin_count; t++) table->first[t] += table->first[t - 1];
    for (size_t i = 0; i < from->origin_count; i++) {
        for (size_t p = from->first[i]; p < from->first[i + 1]; p++) {
            const size_t to = table->first[from->target[p] + 1u]++;
            table->target[to] = (uint32_t)i;
            for (size_t c = 0; c < from->cost_count; c++) table->costs[c][to] = from->costs[c][p];
        }
    }
    if (!from->same) return HSD_OK;
    for (size_t t = 0; t < table->origin_count; t++) table->same[t] = HSD_NO_ROW;
    for (size_t i = from->origin_count; i-- > 0;) /* of several the lowest */
        if (from->same[i] != HSD_NO_ROW) table->same[from->same[i]] = (uint32_t)i;
    return HSD_OK;
}

hsd_status hsd_cost_table_transpose(const hsd_cost_table *from, hsd_cost_table *out,
                                    hsd_error *err) {
    hsd_cost_table table = {.origin_count = from->target_count,
                            .target_count = from->origin_count,
                            .pair_count = from->pair_count,
                            .cost_count = from->cost_count,
                            .skip_self = from->skip_self,
                            .origin_ids = from->target_ids,
                            .target_ids = from->origin_ids};
    return hand_over(fill_transposed(&table, from, err), &table, out);
}

static hsd_status check_rule(const hsd_cost_table *table, hsd_self_time rule, double value,
                             const double *area_km2, hsd_error *err) {
    if (rule != HSD_SELF_FIXED && rule != HSD_SELF_RADIUS) return HSD_OK;
    hsd_status status = rule == HSD_SELF_FIXED
                            ? hsd_check_number("time of a zone to itself", value, false, err)
                            : hsd_check_number("speed within a zone", value, true, err);
    if (status) return status;
    if (rule == HSD_SELF_RADIUS && !area_km2)
        return hsd_fail(err, HSD_E_ARGUMENT, "zones have no areas for the time to themselves");
    size_t own = 0;
    for (size_t i = 0; i < table->origin_count; i++) {
        if (hsd_pairs_self(table, i) == HSD_NO_ROW) continue;
        own++;
        if (rule == HSD_SELF_FIXED || (area_km2[i] > 0 && area_km2[i] < INFINITY)) continue;
        char label[HSD_ZONE_LABEL];
        return hsd_fail(err, HSD_E_FORMAT, "area of zone %s is %g km2, expected more than 0",
                        hsd_zone_label(table->origin_ids, i, label), area_km2[i]);
    }
    return own > 0 || table->origin_count == 0
               ? HSD_OK
               : hsd_fail(err, HSD_E_ARGUMENT,
                          "no origin is one of the targets: there is no zone whose time to itself "
                          "could be set");
}

/* The pairs of origin i with its own zone's rule; others as they are. */
static void append_origin(hsd_cost_table *to, const hsd_cost_table *from, size_t i,
                          hsd_self_time rule, double own_cost) {
    const uint32_t self = rule == HSD_SELF_AS_IS ? HSD_NO_ROW : hsd_pairs_self(from, i);
    bool wanted = self != HSD_NO_ROW && rule != HSD_SELF_NONE; /* and not there yet */
    for (size_t p = from->first[i]; p <= from->first[i + 1]; p++) {
        const bool end = p == from->first[i + 1];
        if (wanted && (end || from->target[p] > self)) {
            to->target[to->pair_count] = self;
            for (size_t c = 0; c < from->cost_count; c++) to->costs[c][to->pair_count] = 0;
            to->costs[0][to->pair_count++] = own_cost;
            wanted = false;
        }
        if (end || (from->target[p] == self && rule == HSD_SELF_NONE)) continue;
        append_pair(to, from, p);
        if (from->target[p] != self) continue;
        to->costs[0][to->pair_count - 1] = own_cost;
        wanted = false;
    }
    to->first[i + 1] = to->pair_count;
}

static hsd_status fill_with_self(hsd_cost_table *table, const hsd_cost_table *from,
                                 hsd_self_time rule, double value, const double *area_km2,
                                 hsd_error *err) {
    hsd_status status = check_rule(from, rule, value, area_km2, err);
    if (status) return status;
    table->pair_count = from->pair_count + from->origin_count; /* at most */
    status = allocate(table, from->same != NULL, err);
    if (status) return status;
    table->pair_count = 0;
    for (size_t i = 0; i < from->origin_count; i++) {
        double own = value;
        if (rule == HSD_SELF_RADIUS) own = 60 * 0.5 * sqrt(area_km2[i] / M_PI) / value;
        append_origin(table, from, i, rule, own);
    }
    if (from->same && from->origin_count > 0)
        memcpy(table->same, from->same, from->origin_count * sizeof *from->same);
    return HSD_OK;
}

hsd_status hsd_cost_table_with_self(const hsd_cost_table *from, hsd_self_time rule, double value,
                                    const double *area_km2, hsd_cost_table *out, hsd_error *err) {
    hsd_cost_table table = {.origin_count = from->origin_count,
                            .target_count = from->target_count,
                            .cost_count = from->cost_count,
                            .skip_self = from->skip_self,
                            .origin_ids = from->origin_ids,
                            .target_ids = from->target_ids};
    return hand_over(fill_with_self(&table, from, rule, value, area_km2, err), &table, out);
}
