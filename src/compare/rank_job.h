/* One ranking in the making, for the files of compare/rank*. */
#ifndef COMPARE_RANK_JOB_H
#define COMPARE_RANK_JOB_H

#include "access/inequality.h"
#include "compare/pole_times.h"
#include "compare/rank_sets.h"

/* What a set changes for one origin: heads[k] and values[k * job->value_count] for each set that
 * changes a time. Values: people newly within each cut-off; GDP of the same, if asked for; people
 * times minutes saved within H; people newly within H; trips times minutes saved, if asked for. */
typedef struct hsd_rank_head {
    uint32_t set, pairs;
} hsd_rank_head;
typedef struct hsd_rank_origin {
    HSD_ARRAY(hsd_rank_head) heads;
    HSD_ARRAY(double) values;
    double within_horizon; /* people of other zones within H, baseline */
} hsd_rank_origin;

typedef struct hsd_rank_worker {
    hsd_tree *tree;
    uint32_t *after;    /* zone_count */
    uint32_t *moved;    /* zone_count: zones whose time changed */
    uint32_t *to_pole;  /* pole_count: times to the poles */
    uint32_t *settled;  /* pole_count: coming out of the pole at this time or later helps nobody */
    uint32_t *scratch;  /* of the plan */
    uint32_t *comes;    /* 2 * pole_count: poles and times that may help */
    uint32_t *together; /* the same of all proposals together, and how many; its record */
    size_t together_count;
    size_t together_record; /* SIZE_MAX: none */
    bool together_known;
    uint64_t *skipped; /* by set: origins it cannot change */
    uint64_t baseline_searches, scenario_searches;
    double baseline_s, sets_s;
} hsd_rank_worker;

typedef struct hsd_rank_job {
    const hsd_rank_source *source; /* NULL: the streets, locator and resolved */
    const hsd_locator *locator;
    const hsd_resolved *resolved;
    size_t proposal_count;
    const hsd_rank_options *options;
    const hsd_run *run;
    uint32_t limit_ms, horizon_ms;
    size_t zone_count, value_count, saving_value; /* values before saving_value: by cut-off */
    hsd_place_table points;                       /* the zones' one points */
    hsd_zone_set *set;
    size_t *origins; /* zones searched from, ascending */
    size_t origin_count;
    size_t *first_flow; /* zone_count + 1, into flows */
    hsd_flow *flows;    /* by from, in the order given; of rows to zones turned round */

    uint8_t *search; /* by proposal: the shortcut does not serve it */
    hsd_rank_sets sets;
    hsd_pole_times *times;
    uint32_t *pole_zone;  /* pole_count * zone_count: times from the poles */
    uint32_t *pole_range; /* 2 * pole_count: zones reached lie in [first, end) */
    hsd_web web;
    void *web_memory;
    hsd_plan plan;

    hsd_rank_origin *results; /* origin_count */
    double *people_before;    /* zone_count * cutoff_count: people within, baseline */
    size_t block_first;       /* origins of the block at work, their baseline rows in block_ms */
    uint32_t *block_ms;       /* block origins * zone_count */
    char *block_kept;         /* block origins * what the source keeps */
    size_t block_size;
    hsd_rank_worker *workers;
    size_t worker_count;
} hsd_rank_job;

static inline bool hsd_rank_joined(const hsd_rank_job *job, size_t zone) {
    return hsd_zone_set_reason(job->set, zone) == HSD_SNAP_OK;
}

/* Zones as their one points, for sets of feet; ids are borrowed. */
hsd_status hsd_rank_points(const hsd_place_table *zones, hsd_place_table *out, hsd_error *err);
void hsd_rank_points_finish(hsd_place_table *points);
hsd_status hsd_rank_prepare(hsd_rank_job *job, const hsd_place_table *zones, hsd_error *err);
void hsd_rank_job_finish(hsd_rank_job *job);
/* The block's baseline rows, and all sets of the plan for its origins. */
hsd_status hsd_rank_block(hsd_rank_job *job, size_t count, hsd_error *err);
/* The block's origins under one set that the plan does not serve: a search each. */
hsd_status hsd_rank_search(hsd_rank_job *job, uint32_t set, size_t count, hsd_error *err);
/* The block's origins by the source: their baseline rows (HSD_BASELINE), or one set. */
#define HSD_BASELINE UINT32_MAX
hsd_status hsd_rank_rows(hsd_rank_job *job, uint32_t set, size_t count, hsd_error *err);
/* What the measures want of an origin's baseline row, cut at the limit. */
void hsd_rank_keep_baseline(hsd_rank_job *job, size_t origin, const uint32_t *row);
/* Keeps what differs between a row of the block and worker->after. */
hsd_status hsd_rank_record(hsd_rank_job *job, hsd_rank_worker *worker, size_t origin, uint32_t set,
                           const uint32_t *before, hsd_error *err);
hsd_status hsd_rank_result(hsd_rank_job *job, hsd_ranking *out, hsd_error *err);
/* Seconds since some moment; for -v alone. */
double hsd_rank_clock(void);
#endif
