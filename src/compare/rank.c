/* Rankings of proposals (docs/methods.md, 9): many sets of them against one baseline. The baseline
 * is one plain search an origin, the links one tree a pole; sets that only add links are then sums
 * (rank_plan.c, rank_origins.c), others a search an origin and set (rank_search.c). By another
 * engine (rank_rows.c) every set is a row an origin. The measures are the same. Origins are worked
 * in blocks, so that no matrix of zones by zones is kept. O(searches + sets * origins *
 * zones), and far less where most links do not matter to most origins. */
#include "compare/rank_job.h"

static hsd_status work(hsd_rank_job *job, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t first = 0; status == HSD_OK && first < job->origin_count;
         first += job->block_size) {
        size_t count = job->origin_count - first;
        if (count > job->block_size) count = job->block_size;
        job->block_first = first;
        status = job->source ? hsd_rank_rows(job, HSD_BASELINE, count, err)
                             : hsd_rank_block(job, count, err);
        for (uint32_t s = 0; status == HSD_OK && s < job->sets.count; s++)
            if (job->sets.list[s].searched)
                status = job->source ? hsd_rank_rows(job, s, count, err)
                                     : hsd_rank_search(job, s, count, err);
    }
    return status;
}

static hsd_status make(hsd_rank_job *job, const hsd_place_table *zones, hsd_ranking *out,
                       hsd_error *err) {
    *out = (hsd_ranking){0};
    double start = hsd_rank_clock();
    hsd_status status = hsd_rank_prepare(job, zones, err);
    double prepared_s = hsd_rank_clock() - start;
    if (status == HSD_OK) status = work(job, err);
    if (status == HSD_OK) status = hsd_rank_result(job, out, err);
    out->poles_s = prepared_s;
    if (status != HSD_OK) hsd_ranking_finish(out);
    hsd_rank_job_finish(job);
    return status;
}

hsd_status hsd_rank_make(const hsd_locator *locator, const hsd_resolved *resolved,
                         const hsd_place_table *zones, const hsd_rank_options *options,
                         const hsd_run *run, hsd_ranking *out, hsd_error *err) {
    hsd_rank_job job = {.locator = locator,
                        .resolved = resolved,
                        .proposal_count = resolved->table->proposal_count,
                        .options = options,
                        .run = run};
    return make(&job, zones, out, err);
}

hsd_status hsd_rank_make_from(const hsd_rank_source *source, const hsd_place_table *zones,
                              const hsd_rank_options *options, const hsd_run *run, hsd_ranking *out,
                              hsd_error *err) {
    hsd_rank_job job = {
        .source = source, .proposal_count = source->proposal_count, .options = options, .run = run};
    return make(&job, zones, out, err);
}
