/* Which sets of proposals a ranking looks at, and in what order they are planned. */
#ifndef COMPARE_RANK_SETS_H
#define COMPARE_RANK_SETS_H

#include "compare/rank_plan.h"
#include "hourshed/compare.h"

enum { HSD_SHAPLEY_MOST = 8 };

/* SUBSET: the proposals of bits `first`, for Shapley values. */
enum { HSD_RANK_SUBSET = HSD_RANK_SHAPLEY };

typedef struct hsd_rank_set {
    uint32_t kind;          /* one bit of HSD_RANK_... */
    uint32_t first, second; /* as in a row */
    bool searched;          /* by searches, not by the plan */
} hsd_rank_set;

/* Sets to compute, each once; rows refer to them. */
typedef struct hsd_rank_sets {
    uint32_t proposal_count;
    hsd_rank_set *list;
    size_t count;
    uint32_t *alone; /* proposal_count: set of each proposal alone */
    uint32_t *row_set;
    hsd_rank_set *rows; /* in the order of the result; SHAPLEY rows have no set */
    size_t row_count;
    uint32_t *subset; /* 2^proposal_count: set of each subset; NULL but for Shapley values */
} hsd_rank_sets;

/* search[proposal]: non-zero where the shortcut does not serve it. */
hsd_status hsd_rank_sets_make(uint32_t proposal_count, unsigned kinds, const uint8_t *search,
                              hsd_rank_sets *out, hsd_error *err);
void hsd_rank_sets_finish(hsd_rank_sets *sets);
bool hsd_rank_set_holds(const hsd_rank_set *set, uint32_t proposal);
/* The plan of all sets that are not searched. */
hsd_status hsd_rank_sets_plan(const hsd_rank_sets *sets, const hsd_web *web, hsd_plan *out,
                              hsd_error *err);
#endif
