/* An origin of a ranking: one plain search gives its row of times to the zones and to the poles;
 * each set of the plan then costs a few sums at the poles and, where a walk over links comes out
 * somewhere in time to help, one vector minimum a pole over the zones. A pole cannot help when its
 * time is past the limit, or when at each of its joints the origin is without links no later
 * (hsd_tree_settled_ms): most sets end here for most origins.
 *
 * Results are kept by origin and added up afterwards in the order of zones, so that they do not
 * depend on threads. */
#include <string.h>
#include <time.h>

#include "base/parallel.h"
#include "compare/rank_job.h"

double hsd_rank_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- What a set changes ---- */

static double minutes_within(uint32_t ms, uint32_t horizon_ms) {
    return (ms < horizon_ms ? ms : horizon_ms) / 60000.0;
}

static void fill_values(const hsd_rank_job *job, const hsd_rank_worker *worker, size_t zone,
                        const uint32_t *before, size_t moved, double *values) {
    const hsd_rank_options *o = job->options;
    const uint32_t *after = worker->after, horizon = job->horizon_ms;
    double saved = 0, newly = 0;
    for (size_t k = 0; k < moved; k++) {
        size_t j = worker->moved[k];
        for (size_t c = 0; c < o->cutoff_count; c++) {
            int in = (after[j] <= o->cutoffs_ms[c]) - (before[j] <= o->cutoffs_ms[c]);
            values[c] += in * o->population[j];
            if (o->gdp) values[o->cutoff_count + c] += in * o->gdp[j];
        }
        if (j == zone) continue; /* a zone that links alone join: no trip, though it counts */
        saved += o->population[j] *
                 (minutes_within(before[j], horizon) - minutes_within(after[j], horizon));
        if (after[j] <= horizon && before[j] > horizon) newly += o->population[j];
    }
    values[job->saving_value] = saved;
    values[job->saving_value + 1] = newly;
    double *trips = o->flow_count ? &values[job->saving_value + 2] : NULL;
    for (size_t f = job->first_flow[zone]; trips && f < job->first_flow[zone + 1]; f++) {
        size_t j = job->flows[f].to;
        if (j != zone)
            *trips += job->flows[f].trips *
                      (minutes_within(before[j], horizon) - minutes_within(after[j], horizon));
    }
}

hsd_status hsd_rank_record(hsd_rank_job *job, hsd_rank_worker *worker, size_t origin, uint32_t set,
                           const uint32_t *before, hsd_error *err) {
    hsd_rank_origin *result = &job->results[origin];
    uint32_t *after = worker->after;
    size_t moved = 0, kept = result->values.count;
    for (size_t j = 0; j < job->zone_count; j++) {
        uint32_t ms = after[j] <= job->limit_ms ? after[j] : HSD_UNREACHABLE;
        after[j] = ms;
        worker->moved[moved] = (uint32_t)j;
        moved += ms != before[j];
    }
    if (moved == 0) return HSD_OK;
    hsd_rank_head head = {set, (uint32_t)moved};
    if (!hsd_array_reserve(&result->values, kept + job->value_count, err) ||
        !hsd_array_push(&result->heads, head, err))
        return HSD_E_MEMORY;
    double *values = result->values.data + kept;
    memset(values, 0, job->value_count * sizeof *values);
    fill_values(job, worker, job->origins[origin], before, moved, values);
    result->values.count += job->value_count;
    return HSD_OK;
}

/* ---- The sets of the plan ---- */

typedef struct plan_run {
    hsd_rank_job *job;
    hsd_rank_worker *worker;
    size_t origin;
    const uint32_t *before;
} plan_run;

/* The record of all together serves every set that comes out at the same poles at the same times.
 */
static hsd_status take_record(plan_run *r, uint32_t set, hsd_error *err) {
    hsd_rank_origin *result = &r->job->results[r->origin];
    size_t values = r->job->value_count, from = r->worker->together_record;
    if (from == SIZE_MAX) return HSD_OK; /* it changes nothing */
    hsd_rank_head head = {set, result->heads.data[from].pairs};
    if (!hsd_array_reserve(&result->values, result->values.count + values, err) ||
        !hsd_array_push(&result->heads, head, err))
        return HSD_E_MEMORY;
    memcpy(result->values.data + result->values.count, result->values.data + from * values,
           values * sizeof *result->values.data);
    result->values.count += values;
    return HSD_OK;
}

static hsd_status one_set(void *context, uint32_t set, const uint32_t *poles, const uint32_t *ms,
                          size_t count, hsd_error *err) {
    plan_run *r = context;
    const hsd_rank_job *job = r->job;
    hsd_rank_worker *worker = r->worker;
    size_t comes = 0;
    for (size_t k = 0; k < count; k++)
        if (ms[k] <= job->limit_ms && ms[k] < worker->settled[poles[k]]) {
            worker->comes[comes++] = poles[k];
            worker->comes[comes++] = ms[k];
        }
    if (comes == 0) {
        worker->skipped[set]++;
        return HSD_OK;
    }
    /* in order of poles in force: equal lists are found in equal order or not at all */
    if (worker->together_known && comes == worker->together_count &&
        memcmp(worker->comes, worker->together, comes * sizeof *worker->comes) == 0)
        return take_record(r, set, err);
    memcpy(worker->after, r->before, job->zone_count * sizeof *worker->after);
    for (size_t k = 0; k < comes; k += 2) {
        size_t first = job->pole_range[2 * worker->comes[k]];
        size_t end = job->pole_range[2 * worker->comes[k] + 1];
        hsd_min_plus(worker->after + first,
                     job->pole_zone + worker->comes[k] * job->zone_count + first,
                     worker->comes[k + 1], end - first);
    }
    size_t records = job->results[r->origin].heads.count;
    hsd_status status = hsd_rank_record(r->job, worker, r->origin, set, r->before, err);
    if (job->sets.list[set].kind == HSD_RANK_TOGETHER) {
        memcpy(worker->together, worker->comes, comes * sizeof *worker->comes);
        worker->together_count = comes;
        worker->together_known = true;
        worker->together_record =
            job->results[r->origin].heads.count > records ? records : SIZE_MAX;
    }
    return status;
}

/* ---- The baseline ---- */

void hsd_rank_keep_baseline(hsd_rank_job *job, size_t origin, const uint32_t *row) {
    const hsd_rank_options *o = job->options;
    size_t zone = job->origins[origin];
    double *people = job->people_before + zone * o->cutoff_count, within = 0;
    for (size_t j = 0; j < job->zone_count; j++) {
        for (size_t c = 0; c < o->cutoff_count; c++)
            if (row[j] <= o->cutoffs_ms[c]) people[c] += o->population[j];
        if (j != zone && row[j] <= job->horizon_ms) within += o->population[j];
    }
    job->results[origin].within_horizon = within;
}

static void read_baseline(hsd_rank_job *job, size_t origin, const hsd_tree *tree, uint32_t *row) {
    for (size_t j = 0; j < job->zone_count; j++)
        row[j] = tree ? hsd_tree_feet_ms(tree, hsd_zone_set_feet(job->set, j)) : HSD_UNREACHABLE;
    if (tree) row[job->origins[origin]] = 0;
    hsd_rank_keep_baseline(job, origin, row);
}

/* See hsd_rank_worker.settled. */
static uint32_t settled_at(const hsd_rank_job *job, const hsd_tree *tree, uint32_t pole) {
    const hsd_pole *p = &job->resolved->poles[pole];
    uint32_t latest = 0;
    for (uint32_t j = p->first_joint; j < p->first_joint + p->joint_count; j++) {
        uint32_t exit = job->resolved->joints[j].exit_ms;
        uint32_t settled = hsd_tree_settled_ms(tree, &job->times->feet[j]);
        if (exit >= HSD_UNREACHABLE || settled <= exit) continue;
        uint32_t here = settled >= HSD_UNREACHABLE ? HSD_UNREACHABLE : settled - exit;
        if (here > latest) latest = here;
    }
    return latest;
}

static hsd_status search_baseline(hsd_rank_job *job, hsd_rank_worker *worker, size_t origin,
                                  uint32_t *row, hsd_error *err) {
    const hsd_feet *feet = hsd_zone_set_feet(job->set, job->origins[origin]);
    hsd_seed *seeds = hsd_calloc(feet->count, sizeof *seeds, err);
    if (!seeds) return HSD_E_MEMORY;
    for (size_t i = 0; i < feet->count; i++) seeds[i].foot = feet->feet[i];
    hsd_status status =
        hsd_tree_grow(worker->tree, HSD_FROM, seeds, feet->count, job->limit_ms, err);
    hsd_free(seeds);
    if (status != HSD_OK) return status;
    worker->baseline_searches++;
    read_baseline(job, origin, worker->tree, row);
    for (uint32_t p = 0; job->plan.most_poles && p < job->resolved->pole_count; p++) {
        worker->to_pole[p] = hsd_pole_reach_ms(job->times, worker->tree, p);
        worker->settled[p] = settled_at(job, worker->tree, p);
    }
    return HSD_OK;
}

static hsd_status some_origins(void *context, size_t begin, size_t end, int worker_index,
                               hsd_error *err) {
    hsd_rank_job *job = context;
    hsd_rank_worker *worker = &job->workers[worker_index];
    hsd_status status = HSD_OK;
    if (!worker->tree) status = hsd_tree_create(job->locator, &worker->tree, err);
    for (size_t k = begin; status == HSD_OK && k < end; k++) {
        size_t origin = job->block_first + k;
        uint32_t *row = job->block_ms + k * job->zone_count;
        if (!hsd_rank_joined(job, job->origins[origin])) {
            read_baseline(job, origin, NULL, row);
            for (size_t s = 0; s < job->sets.count; s++)
                worker->skipped[s] += !job->sets.list[s].searched;
            continue;
        }
        double start = hsd_rank_clock();
        status = search_baseline(job, worker, origin, row, err);
        double middle = hsd_rank_clock();
        worker->together_known = false;
        plan_run r = {job, worker, origin, row};
        if (status == HSD_OK)
            status = hsd_plan_run(&job->plan, worker->to_pole, worker->scratch, one_set, &r, err);
        worker->baseline_s += middle - start;
        worker->sets_s += hsd_rank_clock() - middle;
    }
    return status;
}

hsd_status hsd_rank_block(hsd_rank_job *job, size_t count, hsd_error *err) {
    return hsd_parallel_for(job->run, "ranking", count, 1, some_origins, job, err);
}
