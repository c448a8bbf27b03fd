/* Measures of sets from what they change for each origin: sums in the order of zones, then
 * inequality over all zones; then rows, pairs, Shapley values (Shapley 1953), zones. */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "compare/rank_job.h"

/* Where a measure lies among those of a set; by cut-off but for the last two. */
typedef struct layout {
    size_t cutoffs, access, gdp, gini, palma, saving, trips, count;
} layout;

typedef struct tally {
    hsd_rank_job *job;
    layout at;
    size_t *first; /* by set, into records */
    struct {
        uint32_t origin, record;
    } * records;
    double *measures;       /* by set, layout.count */
    uint64_t *pairs;        /* by set */
    double *before;         /* gini and palma of the baseline: 2 * cutoffs */
    double people, partner; /* sums of P, and of P P over pairs of zones */
    hsd_palma_groups palma;
    double **x;       /* one a worker: people within, by zone */
    uint32_t **order; /* one a worker: scratch */
} tally;

static layout make_layout(const hsd_rank_options *o) {
    size_t c = o->cutoff_count;
    layout at = {.cutoffs = c, .gdp = c, .gini = 2 * c, .palma = 3 * c, .saving = 4 * c};
    at.trips = at.saving + 1;
    at.count = at.saving + 2;
    return at;
}

/* ---- Which records are a set's ---- */

static hsd_status sort_records(tally *t, hsd_error *err) {
    const hsd_rank_job *job = t->job;
    size_t sets = job->sets.count, total = 0;
    for (size_t o = 0; o < job->origin_count; o++) total += job->results[o].heads.count;
    t->first = hsd_calloc(sets + 2, sizeof *t->first, err);
    t->records = hsd_alloc(total, sizeof *t->records, err);
    if (!t->first || !t->records) return HSD_E_MEMORY;
    size_t *end = t->first + 1;
    for (size_t o = 0; o < job->origin_count; o++)
        for (size_t k = 0; k < job->results[o].heads.count; k++)
            end[job->results[o].heads.data[k].set + 1]++;
    for (size_t s = 0; s < sets; s++) end[s + 1] += end[s];
    for (size_t o = 0; o < job->origin_count; o++)
        for (size_t k = 0; k < job->results[o].heads.count; k++) {
            size_t i = end[job->results[o].heads.data[k].set]++;
            t->records[i].origin = (uint32_t)o;
            t->records[i].record = (uint32_t)k;
        }
    return HSD_OK;
}

static const double *values_of(const tally *t, size_t record) {
    const hsd_rank_job *job = t->job;
    return job->results[t->records[record].origin].values.data +
           t->records[record].record * job->value_count;
}

/* ---- Measures of a set ---- */

static void add_up(tally *t, size_t set, double *m) {
    const hsd_rank_job *job = t->job;
    const hsd_rank_options *o = job->options;
    for (size_t r = t->first[set]; r < t->first[set + 1]; r++) {
        size_t zone = job->origins[t->records[r].origin];
        const double *v = values_of(t, r), people = o->population[zone];
        for (size_t c = 0; c < t->at.cutoffs; c++) {
            m[t->at.access + c] += people * v[c];
            if (o->gdp) m[t->at.gdp + c] += people * v[t->at.cutoffs + c];
        }
        m[t->at.saving] += people * v[job->saving_value];
        if (o->flow_count) m[t->at.trips] += v[job->saving_value + 2];
        t->pairs[set] += job->results[t->records[r].origin].heads.data[t->records[r].record].pairs;
    }
    for (size_t c = 0; c < t->at.cutoffs; c++) {
        m[t->at.access + c] /= t->people;
        m[t->at.gdp + c] = o->gdp ? m[t->at.gdp + c] / t->people : NAN;
    }
    m[t->at.saving] = t->partner > 0 ? m[t->at.saving] / t->partner : NAN;
    if (!o->flow_count) m[t->at.trips] = NAN;
}

/* set SIZE_MAX: the baseline. */
static void weigh(tally *t, size_t set, double *gini, double *palma, int worker) {
    const hsd_rank_job *job = t->job;
    const hsd_rank_options *o = job->options;
    double *x = t->x[worker];
    for (size_t c = 0; c < t->at.cutoffs; c++) {
        for (size_t z = 0; z < job->zone_count; z++)
            x[z] = job->people_before[z * t->at.cutoffs + c];
        for (size_t r = set < SIZE_MAX ? t->first[set] : 0; set < SIZE_MAX && r < t->first[set + 1];
             r++)
            x[job->origins[t->records[r].origin]] += values_of(t, r)[c];
        gini[c] = hsd_gini_in(x, o->population, job->zone_count, t->order[worker]);
        palma[c] = o->income ? hsd_palma_over(t->palma, x, o->population, o->income,
                                              job->zone_count, false)
                             : NAN;
    }
}

static hsd_status some_sets(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    (void)err;
    tally *t = context;
    for (size_t s = begin; s < end; s++) {
        double *m = t->measures + s * t->at.count;
        add_up(t, s, m);
        if (t->first[s] == t->first[s + 1]) /* nothing changes */
            memcpy(m + t->at.gini, t->before, 2 * t->at.cutoffs * sizeof *m);
        else
            weigh(t, s, m + t->at.gini, m + t->at.palma, worker);
    }
    return HSD_OK;
}

static hsd_status measure(tally *t, hsd_error *err) {
    hsd_rank_job *job = t->job;
    const hsd_rank_options *o = job->options;
    size_t zones = job->zone_count;
    t->measures = hsd_calloc(job->sets.count, t->at.count * sizeof(double), err);
    t->pairs = hsd_calloc(job->sets.count, sizeof *t->pairs, err);
    t->before = hsd_calloc(t->at.cutoffs, 2 * sizeof(double), err);
    t->x = hsd_calloc(job->worker_count, sizeof *t->x, err);
    t->order = hsd_calloc(job->worker_count, sizeof *t->order, err);
    if (!t->measures || !t->pairs || !t->before || !t->x || !t->order) return HSD_E_MEMORY;
    for (size_t w = 0; w < job->worker_count; w++) {
        t->x[w] = hsd_alloc(zones, sizeof **t->x, err);
        t->order[w] = hsd_alloc(zones, sizeof **t->order, err);
        if (!t->x[w] || !t->order[w]) return HSD_E_MEMORY;
    }
    for (size_t z = 0; z < zones; z++) t->people += o->population[z];
    for (size_t z = 0; z < zones; z++)
        t->partner += o->population[z] * (t->people - o->population[z]);
    if (o->income) t->palma = hsd_palma_groups_of(o->income, o->population, zones);
    weigh(t, SIZE_MAX, t->before, t->before + t->at.cutoffs, 0);
    return hsd_parallel_for(job->run, "measures", job->sets.count, 1, some_sets, t, err);
}

/* ---- Rows ---- */

/* Doubles of a ranking live in two blocks. */
typedef struct storage {
    double *rows, *zones, *before;
} storage;

/* 1 / (n (n - 1 over size)) */
static double shapley_weight(uint32_t n, uint32_t size) {
    double ways = n;
    for (uint32_t k = 1; k <= size; k++) ways = ways * (n - k) / k;
    return 1 / ways;
}

static void shapley(const tally *t, uint32_t proposal, double *m) {
    const hsd_rank_sets *sets = &t->job->sets;
    uint32_t n = sets->proposal_count;
    for (size_t k = 0; k < t->at.count; k++) m[k] = 0;
    for (uint32_t b = 0; b < 1u << n; b++) {
        if (b >> proposal & 1) continue;
        double weight = shapley_weight(n, (uint32_t)__builtin_popcount(b));
        const double *less = t->measures + sets->subset[b] * t->at.count;
        const double *more = t->measures + sets->subset[b | 1u << proposal] * t->at.count;
        for (size_t k = 0; k < t->at.count; k++) m[k] += weight * (more[k] - less[k]);
    }
}

/* Zones that no pole of a set reaches within the limit: nothing changes there. reach: by proposal,
 * zone. */
static uint64_t zones_skipped(const hsd_rank_job *job, const uint8_t *reach,
                              const uint32_t *reached_by, const hsd_rank_set *set) {
    uint64_t count = 0;
    for (size_t z = 0; z < job->zone_count; z++) {
        const uint8_t *of = reach + z;
        size_t n = job->zone_count;
        uint32_t by = 0;
        switch (set->kind) {
        case HSD_RANK_ALONE:
            by = of[set->first * n];
            break;
        case HSD_RANK_PAIRS:
            by = of[set->first * n] | of[set->second * n];
            break;
        case HSD_RANK_WITHOUT:
            by = reached_by[z] - of[set->first * n];
            break;
        default:
            by = reached_by[z];
        }
        count += by == 0;
    }
    return count;
}

static uint8_t *find_reach(const hsd_rank_job *job, uint32_t *reached_by, hsd_error *err) {
    const hsd_web *web = &job->web;
    size_t zones = job->zone_count;
    uint8_t *reach = hsd_calloc(web->proposal_count, zones, err);
    for (uint32_t p = 0; reach && p < web->proposal_count; p++) {
        for (uint32_t k = web->first_pole[p]; k < web->first_pole[p + 1]; k++)
            for (size_t z = 0; z < zones; z++)
                reach[p * zones + z] |= job->pole_zone[web->poles[k] * zones + z] < HSD_UNREACHABLE;
        for (size_t z = 0; z < zones; z++) reached_by[z] += reach[p * zones + z];
    }
    return reach;
}

static void fill_row(const tally *t, size_t r, double *m, hsd_rank_row *row) {
    const hsd_rank_job *job = t->job;
    const hsd_rank_sets *sets = &job->sets;
    const hsd_rank_set *asked = &sets->rows[r];
    const hsd_rank_options *o = job->options;
    size_t c = t->at.cutoffs;
    bool value = asked->kind == HSD_RANK_SHAPLEY;
    *row = (hsd_rank_row){.set = asked->kind, .first = asked->first, .second = asked->second};
    double *gini_change = m + t->at.count, *palma_change = gini_change + c,
           *synergy = palma_change + c;
    if (value) {
        shapley(t, asked->first, m);
        for (size_t k = 0; k < 2 * c; k++) {
            gini_change[k] = m[t->at.gini + k];
            m[t->at.gini + k] = NAN;
        }
        for (uint32_t b = 0; b < 1u << sets->proposal_count; b++)
            row->searched = row->searched || sets->list[sets->subset[b]].searched;
    } else {
        uint32_t set = sets->row_set[r];
        memcpy(m, t->measures + set * t->at.count, t->at.count * sizeof *m);
        for (size_t k = 0; k < 2 * c; k++) gini_change[k] = m[t->at.gini + k] - t->before[k];
        row->pairs_changed = t->pairs[set];
        for (size_t w = 0; w < job->worker_count; w++)
            row->origins_skipped += job->workers[w].skipped[set];
        row->searched = sets->list[set].searched;
    }
    row->access_gain = m + t->at.access;
    row->gdp_gain = o->gdp ? m + t->at.gdp : NULL;
    row->gini = m + t->at.gini;
    row->gini_change = gini_change;
    row->palma = o->income ? m + t->at.palma : NULL;
    row->palma_change = o->income ? palma_change : NULL;
    row->mean_saving_min = m[t->at.saving];
    row->person_minutes = m[t->at.trips];
    if (asked->kind != HSD_RANK_PAIRS) return;
    const double *a = t->measures + sets->alone[asked->first] * t->at.count + t->at.access;
    const double *b = t->measures + sets->alone[asked->second] * t->at.count + t->at.access;
    for (size_t k = 0; k < c; k++) {
        synergy[k] = row->access_gain[k] - a[k] - b[k];
        /* what rounding leaves is no synergy */
        if (fabs(synergy[k]) <= 1e-12 * (fabs(row->access_gain[k]) + fabs(a[k]) + fabs(b[k])))
            synergy[k] = 0;
    }
    row->synergy = synergy;
}

static hsd_status make_rows(const tally *t, storage *keep, hsd_ranking *out, hsd_error *err) {
    const hsd_rank_job *job = t->job;
    size_t count = job->sets.row_count, stride = t->at.count + 3 * t->at.cutoffs;
    uint32_t *reached_by = hsd_calloc(job->zone_count, sizeof *reached_by, err);
    uint8_t *reach = reached_by ? find_reach(job, reached_by, err) : NULL;
    out->rows = hsd_calloc(count, sizeof *out->rows, err);
    keep->rows = hsd_alloc(count, stride * sizeof *keep->rows, err);
    bool ok = reach && out->rows && keep->rows;
    for (size_t r = 0; ok && r < count; r++) {
        hsd_rank_row *row = &out->rows[r];
        fill_row(t, r, keep->rows + r * stride, row);
        if (!row->searched)
            row->zones_skipped = zones_skipped(job, reach, reached_by, &job->sets.rows[r]);
    }
    out->row_count = ok ? count : 0;
    hsd_free(reached_by);
    hsd_free(reach);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

/* ---- Zones ---- */

static hsd_status make_zones(const tally *t, storage *keep, hsd_ranking *out, hsd_error *err) {
    const hsd_rank_job *job = t->job;
    const hsd_rank_sets *sets = &job->sets;
    size_t total = 0, c = t->at.cutoffs, n = 0;
    bool asked = sets->row_count && sets->rows[0].kind == HSD_RANK_ALONE; /* they come first */
    for (uint32_t p = 0; asked && p < sets->proposal_count; p++)
        total += t->first[sets->alone[p] + 1] - t->first[sets->alone[p]];
    out->zones = hsd_calloc(total, sizeof *out->zones, err);
    keep->zones = hsd_alloc(total, 2 * c * sizeof *keep->zones, err);
    if (!out->zones || !keep->zones) return HSD_E_MEMORY;
    for (uint32_t p = 0; asked && p < sets->proposal_count; p++) {
        size_t set = sets->alone[p];
        for (size_t r = t->first[set]; r < t->first[set + 1]; r++, n++) {
            size_t zone = job->origins[t->records[r].origin];
            double *people = keep->zones + 2 * c * n, *v = (double *)(uintptr_t)values_of(t, r);
            double within = job->results[t->records[r].origin].within_horizon;
            /* targets within H before or after */
            double weight = within + v[job->saving_value + 1];
            for (size_t k = 0; k < c; k++) {
                people[k] = job->people_before[zone * c + k];
                people[c + k] = people[k] + v[k];
            }
            out->zones[n] = (hsd_rank_zone){p, (uint32_t)zone, people, people + c,
                                            weight > 0 ? v[job->saving_value] / weight : NAN};
        }
    }
    out->zone_count = n;
    return HSD_OK;
}

static hsd_status make_before(const tally *t, storage *keep, hsd_ranking *out, hsd_error *err) {
    const hsd_rank_job *job = t->job;
    size_t c = t->at.cutoffs;
    keep->before = hsd_calloc(c, 3 * sizeof *keep->before, err);
    if (!keep->before) return HSD_E_MEMORY;
    memcpy(keep->before, t->before, 2 * c * sizeof *keep->before);
    out->gini_before = keep->before;
    out->palma_before = job->options->income ? keep->before + c : NULL;
    out->people_before = keep->before + 2 * c;
    for (size_t k = 0; k < c; k++) {
        for (size_t z = 0; z < job->zone_count; z++)
            out->people_before[k] += job->options->population[z] * job->people_before[z * c + k];
        out->people_before[k] /= t->people;
    }
    return HSD_OK;
}

static void tally_finish(tally *t) {
    for (size_t w = 0; w < t->job->worker_count; w++) {
        if (t->x) hsd_free(t->x[w]);
        if (t->order) hsd_free(t->order[w]);
    }
    void *const blocks[] = {t->first, t->records, t->measures, t->pairs, t->before, t->x, t->order};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) hsd_free(blocks[i]);
}

hsd_status hsd_rank_result(hsd_rank_job *job, hsd_ranking *out, hsd_error *err) {
    tally t = {.job = job, .at = make_layout(job->options)};
    storage *keep = hsd_calloc(1, sizeof *keep, err);
    out->storage = keep;
    hsd_status status = keep ? sort_records(&t, err) : HSD_E_MEMORY;
    if (status == HSD_OK) status = measure(&t, err);
    if (status == HSD_OK) status = make_rows(&t, keep, out, err);
    if (status == HSD_OK) status = make_zones(&t, keep, out, err);
    if (status == HSD_OK) status = make_before(&t, keep, out, err);
    tally_finish(&t);
    for (size_t w = 0; w < job->worker_count; w++) {
        out->baseline_searches += job->workers[w].baseline_searches;
        out->scenario_searches += job->workers[w].scenario_searches;
        out->baseline_s += job->workers[w].baseline_s;
        out->sets_s += job->workers[w].sets_s;
    }
    out->pole_searches = job->source ? 0 : job->resolved->pole_count;
    return status;
}

void hsd_ranking_finish(hsd_ranking *ranking) {
    if (!ranking) return;
    storage *keep = ranking->storage;
    if (keep) {
        hsd_free(keep->rows);
        hsd_free(keep->zones);
        hsd_free(keep->before);
    }
    hsd_free(keep);
    hsd_free(ranking->rows);
    hsd_free(ranking->zones);
    *ranking = (hsd_ranking){0};
}
