/* Rankings by another engine than the streets' own: a source gives the row of times of an origin
 * under a set, and the measures never know. A block of origins under the baseline first, then under
 * each set, so that what a set needs (a timetable) is made once a block. O(rows of the source +
 * sets * origins * zones); memory: a row, and what the source keeps, an origin of the block. */
#include <string.h>

#include "base/parallel.h"
#include "compare/rank_job.h"

typedef struct rows_run {
    hsd_rank_job *job;
    uint32_t set;
} rows_run;

static void *kept_of(const hsd_rank_job *job, size_t k) {
    return job->block_kept + k * job->source->kept_bytes;
}

static hsd_status baseline_row(hsd_rank_job *job, hsd_rank_worker *worker, size_t k, int index,
                               hsd_error *err) {
    const size_t origin = job->block_first + k;
    uint32_t *row = job->block_ms + k * job->zone_count;
    bool same;
    hsd_status status = job->source->row(job->source->context, job->origins[origin],
                                         kept_of(job, k), index, row, &same, err);
    if (status != HSD_OK) return status;
    worker->baseline_searches++;
    for (size_t j = 0; j < job->zone_count; j++)
        if (row[j] > job->limit_ms) row[j] = HSD_UNREACHABLE;
    hsd_rank_keep_baseline(job, origin, row);
    return HSD_OK;
}

static hsd_status set_row(hsd_rank_job *job, hsd_rank_worker *worker, uint32_t set, size_t k,
                          int index, hsd_error *err) {
    const size_t origin = job->block_first + k;
    bool same = false;
    hsd_status status = job->source->row(job->source->context, job->origins[origin],
                                         kept_of(job, k), index, worker->after, &same, err);
    if (status != HSD_OK) return status;
    if (same) {
        worker->skipped[set]++;
        return HSD_OK;
    }
    worker->scenario_searches++;
    return hsd_rank_record(job, worker, origin, set, job->block_ms + k * job->zone_count, err);
}

static hsd_status some_rows(void *context, size_t begin, size_t end, int index, hsd_error *err) {
    const rows_run *r = context;
    hsd_rank_worker *worker = &r->job->workers[index];
    const bool baseline = r->set == HSD_BASELINE;
    const double start = hsd_rank_clock();
    hsd_status status = HSD_OK;
    for (size_t k = begin; status == HSD_OK && k < end; k++)
        status = baseline ? baseline_row(r->job, worker, k, index, err)
                          : set_row(r->job, worker, r->set, k, index, err);
    *(baseline ? &worker->baseline_s : &worker->sets_s) += hsd_rank_clock() - start;
    return status;
}

hsd_status hsd_rank_rows(hsd_rank_job *job, uint32_t set, size_t count, hsd_error *err) {
    uint8_t *active = NULL;
    if (set != HSD_BASELINE) {
        active = hsd_calloc(job->proposal_count, 1, err);
        if (!active) return HSD_E_MEMORY;
        for (uint32_t p = 0; p < job->proposal_count; p++)
            active[p] = hsd_rank_set_holds(&job->sets.list[set], p);
    }
    hsd_status status = job->source->begin(job->source->context, active, job->limit_ms, err);
    hsd_free(active);
    rows_run r = {job, set};
    return status == HSD_OK ? hsd_parallel_for(job->run, "ranking", count, 1, some_rows, &r, err)
                            : status;
}
