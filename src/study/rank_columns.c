/* rank: the figures of every row under the names of their columns, and the order of the rows.
 * Measures by cut-off: the one named first under the plain name, others with its minutes behind
 * it ("access_gain_45"). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "study/rank_run.h"

const char *hsd_rank_set_name(uint32_t set) {
    switch (set) {
    case HSD_RANK_ALONE:
        return "alone";
    case HSD_RANK_TOGETHER:
        return "together";
    case HSD_RANK_WITHOUT:
        return "without";
    case HSD_RANK_PAIRS:
        return "pair";
    default:
        return "shapley";
    }
}

/* ---- Which columns ---- */

bool hsd_rank_smaller_first(const char *column) {
    static const char *const stems[] = {"gini",      "gini_change", "palma", "palma_change",
                                        "length_km", "cost",        "year"};
    for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++) {
        const size_t length = strlen(stems[i]);
        if (strncmp(column, stems[i], length) != 0) continue;
        const char *tail = column + length;
        if (!*tail || (*tail == '_' && strspn(tail + 1, "0123456789_") == strlen(tail + 1)))
            return true;
    }
    return false;
}

static bool add(hsd_rank_run *run, const char *name, const char *title, bool whole,
                hsd_error *err) {
    hsd_rank_column column = {
        .title = title, .whole = whole, .smaller_first = hsd_rank_smaller_first(name)};
    snprintf(column.name, sizeof column.name, "%s", name);
    return hsd_array_push(&run->columns, column, err);
}

/* Place c of the cut-offs as columns have them: the first one named, then the others. */
static size_t cutoff_at(const hsd_rank_run *run, size_t c) {
    if (c == 0) return run->first_cutoff;
    return c <= run->first_cutoff ? c - 1 : c;
}

static bool add_by_cutoff(hsd_rank_run *run, const char *name, const char *title, hsd_error *err) {
    bool ok = true;
    for (size_t c = 0; ok && c < run->compare.circle.cutoff_count; c++) {
        char full[64], minutes[24];
        snprintf(minutes, sizeof minutes, "%g",
                 run->compare.circle.cutoffs_ms[cutoff_at(run, c)] / 60000.0);
        for (char *p = minutes; *p; p++)
            if (*p == '.') *p = '_';
        snprintf(full, sizeof full, c ? "%s_%s" : "%s", name, minutes);
        ok = add(run, full, title, false, err);
    }
    return ok;
}

size_t hsd_rank_column_of(const hsd_rank_run *run, const char *name) {
    for (size_t c = 0; c < run->columns.count; c++)
        if (strcmp(run->columns.data[c].name, name) == 0) return c;
    return SIZE_MAX;
}

static hsd_status check_by(const hsd_rank_run *run, hsd_error *err) {
    const char *by = run->request->by;
    if (!by || hsd_rank_column_of(run, by) != SIZE_MAX) return HSD_OK;
    char list[180] = "";
    size_t used = 0;
    for (size_t c = 0; c < run->columns.count && used < sizeof list; c++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", c ? ", " : "",
                                 run->columns.data[c].name);
    return hsd_fail(err, HSD_E_ARGUMENT, "by \"%s\": no such column; %s", by, list);
}

hsd_status hsd_rank_columns_make(hsd_rank_run *run, hsd_error *err) {
    const hsd_rank_request *r = run->request;
    bool pairs = r->sets & HSD_RANK_PAIRS;
    bool ok =
        add_by_cutoff(run, "access_gain", "people newly within reach, mean over people", err) &&
        add_by_cutoff(run, "people_within", "people within reach, mean over people", err) &&
        add(run, "mean_saving_min", "minutes saved up to the horizon, mean over pairs of people",
            false, err) &&
        (!run->gdp ||
         add_by_cutoff(run, "gdp_gain", "GDP newly within reach, mean over people", err)) &&
        add_by_cutoff(run, "gini", "Gini coefficient of people within reach", err) &&
        add_by_cutoff(run, "gini_change", "change of it; below 0: more equal", err) &&
        (!run->income ||
         (add_by_cutoff(run, "palma", "reach of the rich over that of the poor", err) &&
          add_by_cutoff(run, "palma_change", "change of it", err))) &&
        (!run->flows.count ||
         add(run, "person_minutes", "minutes saved by all trips", false, err)) &&
        (!pairs || add_by_cutoff(run, "synergy", "gain of both less that of each alone", err)) &&
        add(run, "loss_without", "access_gain of all less that of all but this", false, err) &&
        add(run, "per_km", "access_gain per km of links", false, err) &&
        add(run, "per_cost", "access_gain per unit of cost", false, err) &&
        add(run, "length_km", "length of the links, km", false, err) &&
        add(run, "cost", "cost of the links", false, err) && add(run, "year", "year", true, err) &&
        add(run, "pairs_changed", "pairs of zones whose time changes", true, err) &&
        add(run, "origins_skipped", "origins that it provably cannot change", true, err) &&
        add(run, "zones_skipped", "zones that none of its ends reaches", true, err);
    enum { MOST = 36 }; /* a layer's fields, less those that are no figures */
    if (ok && run->columns.count > MOST)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%zu cut-offs make %zu columns; at most %d: fewer cut-offs, please",
                        run->compare.circle.cutoff_count, run->columns.count, MOST);
    return ok ? check_by(run, err) : HSD_E_MEMORY;
}

/* ---- Their values ---- */

/* The next column, or several by cut-off. */
typedef struct filler {
    const hsd_rank_run *run;
    double *at;
} filler;

static void put(filler *f, double value) {
    *f->at++ = value;
}
static void put_by_cutoff(filler *f, const double *values) {
    for (size_t c = 0; c < f->run->compare.circle.cutoff_count; c++)
        put(f, values ? values[cutoff_at(f->run, c)] : NAN);
}

static bool holds(const hsd_rank_row *row, uint32_t proposal) {
    switch (row->set) {
    case HSD_RANK_TOGETHER:
        return true;
    case HSD_RANK_WITHOUT:
        return proposal != row->first;
    default:
        return proposal == row->first || proposal == row->second;
    }
}

static void fill_row(const hsd_rank_run *run, const hsd_rank_row *row, double together,
                     double *out) {
    filler f = {run, out};
    const hsd_ranking *ranking = &run->ranking;
    double within[8], length = 0, cost = 0, gain = row->access_gain[run->first_cutoff];
    for (size_t c = 0; c < run->compare.circle.cutoff_count; c++)
        within[c] =
            row->set == HSD_RANK_SHAPLEY ? NAN : ranking->people_before[c] + row->access_gain[c];
    for (uint32_t p = 0; p < run->compare.proposals.proposal_count; p++)
        if (holds(row, p)) {
            length += run->length_km[p];
            cost += run->compare.proposals.proposals[p].cost; /* NAN where one does not say */
        }
    put_by_cutoff(&f, row->access_gain);
    put_by_cutoff(&f, within);
    put(&f, row->mean_saving_min);
    if (run->gdp) put_by_cutoff(&f, row->gdp_gain);
    put_by_cutoff(&f, row->gini);
    put_by_cutoff(&f, row->gini_change);
    if (run->income) put_by_cutoff(&f, row->palma);
    if (run->income) put_by_cutoff(&f, row->palma_change);
    if (run->flows.count) put(&f, row->person_minutes);
    if (run->request->sets & HSD_RANK_PAIRS) put_by_cutoff(&f, row->synergy);
    put(&f, row->set == HSD_RANK_WITHOUT ? together - gain : NAN);
    put(&f, length > 0 ? gain / length : NAN);
    put(&f, cost > 0 ? gain / cost : NAN);
    put(&f, length > 0 ? length : NAN);
    put(&f, cost);
    bool one = row->set == HSD_RANK_ALONE || row->set == HSD_RANK_SHAPLEY;
    put(&f, one ? run->compare.proposals.proposals[row->first].year : NAN);
    bool value = row->set == HSD_RANK_SHAPLEY;
    put(&f, value ? NAN : (double)row->pairs_changed);
    put(&f, value ? NAN : (double)row->origins_skipped);
    put(&f, value || row->searched ? NAN : (double)row->zones_skipped);
}

/* ---- Their order ---- */

typedef struct sorter {
    const hsd_rank_run *run;
    size_t column;
} sorter;

static int by_figure(const void *a, const void *b, void *context) {
    const sorter *s = context;
    const hsd_ranking *ranking = &s->run->ranking;
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    const hsd_rank_row *x = &ranking->rows[i], *y = &ranking->rows[k];
    if (x->set != y->set) return x->set < y->set ? -1 : 1;
    double u = hsd_rank_figure(s->run, i, s->column), v = hsd_rank_figure(s->run, k, s->column);
    if (isnan(u) != isnan(v)) return isnan(u) ? 1 : -1; /* what has no figure comes last */
    if (!isnan(u) && u != v) {
        bool smaller = s->run->columns.data[s->column].smaller_first;
        return (u < v) == smaller ? -1 : 1;
    }
    return i < k ? -1 : i > k; /* rows of a set are by name */
}

hsd_status hsd_rank_columns_fill(hsd_rank_run *run, hsd_error *err) {
    const hsd_ranking *ranking = &run->ranking;
    size_t rows = ranking->row_count, proposals = run->compare.proposals.proposal_count;
    run->figures = hsd_alloc(rows, run->columns.count * sizeof *run->figures, err);
    run->order = hsd_alloc(rows, sizeof *run->order, err);
    run->rank = hsd_calloc(rows, sizeof *run->rank, err);
    run->alone = hsd_alloc(proposals, sizeof *run->alone, err);
    if (!run->figures || !run->order || !run->rank || !run->alone) return HSD_E_MEMORY;
    double together = NAN;
    for (size_t p = 0; p < proposals; p++) run->alone[p] = UINT32_MAX;
    for (size_t r = 0; r < rows; r++) {
        if (ranking->rows[r].set == HSD_RANK_TOGETHER)
            together = ranking->rows[r].access_gain[run->first_cutoff];
        if (ranking->rows[r].set == HSD_RANK_ALONE)
            run->alone[ranking->rows[r].first] = (uint32_t)r;
        run->order[r] = (uint32_t)r;
    }
    for (size_t r = 0; r < rows; r++)
        fill_row(run, &ranking->rows[r], together, run->figures + r * run->columns.count);
    const char *by = run->request->by;
    sorter s = {run, hsd_rank_column_of(run, by ? by : "access_gain")};
    qsort_r(run->order, rows, sizeof *run->order, by_figure, &s);
    uint32_t place = 0;
    for (size_t k = 0; k < rows; k++) {
        bool same = k && ranking->rows[run->order[k]].set == ranking->rows[run->order[k - 1]].set;
        place = same ? place + 1 : 1;
        run->rank[run->order[k]] = place;
    }
    return HSD_OK;
}
