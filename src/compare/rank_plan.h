/* Walks over added links for many sets of proposals at once, for rankings. */
#ifndef COMPARE_RANK_PLAN_H
#define COMPARE_RANK_PLAN_H

#include "base/memory.h"

/* A directed link between two poles. */
typedef struct hsd_web_link {
    uint32_t from, to, ms;
} hsd_web_link;

/* All links of all proposals and the times between their poles without any. Borrowed arrays. */
typedef struct hsd_web {
    uint32_t pole_count, proposal_count;
    const uint32_t *direct;     /* pole_count^2, from row to column; 0 on the diagonal */
    const uint32_t *place;      /* of each pole: poles with the same number touch */
    const hsd_web_link *links;  /* by proposal */
    const uint32_t *first_link; /* proposal_count + 1 */
    const uint32_t *poles;      /* by proposal */
    const uint32_t *first_pole; /* proposal_count + 1 */
    const hsd_run *run;         /* progress and cancelling while sets are planned; may be NULL */
    size_t set_count;           /* for the progress alone */
} hsd_web;

/* A depth-first walk through sets of proposals: proposals are put in force and taken back, and at
 * each set that is asked for an origin's times at the poles can be read. Made once, then run by
 * every origin. */
typedef struct hsd_plan_step {
    enum { HSD_PLAN_PUSH, HSD_PLAN_POP, HSD_PLAN_LINK, HSD_PLAN_SET } kind;
    uint32_t poles, kept; /* PUSH: poles in force from now, those of them that were before */
    uint32_t ms;          /* LINK */
    uint32_t entries;     /* LINK: poles that enter it */
    uint32_t set;         /* SET: the caller's number */
    size_t words;         /* PUSH: the poles; LINK: entries, then times in and out (a pole each) */
} hsd_plan_step;

typedef struct hsd_plan {
    HSD_ARRAY(hsd_plan_step) steps;
    HSD_ARRAY(uint32_t) words;
    uint32_t depth, most_poles;
} hsd_plan;
void hsd_plan_finish(hsd_plan *plan);

/* Makes a plan; after a failure it is good for nothing but its end. */
typedef struct hsd_planner hsd_planner;
hsd_status hsd_planner_create(const hsd_web *web, hsd_plan *plan, hsd_planner **out,
                              hsd_error *err);
void hsd_planner_destroy(hsd_planner *planner);
/* Puts more proposals in force, none of which is. O(links * poles in force^2). */
hsd_status hsd_planner_push(hsd_planner *planner, const uint32_t *proposals, size_t count,
                            hsd_error *err);
hsd_status hsd_planner_pop(hsd_planner *planner, hsd_error *err);
hsd_status hsd_planner_set(hsd_planner *planner, uint32_t set, hsd_error *err);

/* At a set: times at which walks over at least one link come out at each pole in force. */
typedef hsd_status (*hsd_plan_visit)(void *context, uint32_t set, const uint32_t *poles,
                                     const uint32_t *ms, size_t count, hsd_error *err);
/* to_pole[pole_count]: an origin's times to the poles without links. scratch:
 * hsd_plan_scratch words. O(words of the plan). */
size_t hsd_plan_scratch(const hsd_plan *plan);
hsd_status hsd_plan_run(const hsd_plan *plan, const uint32_t *to_pole, uint32_t *scratch,
                        hsd_plan_visit visit, void *context, hsd_error *err);

/* to[i] = min(to[i], from[i] + add): times and add at most HSD_UNREACHABLE, so that signed words,
 * which every processor compares by the vector, hold the sums. */
static inline void hsd_min_plus(uint32_t *restrict to_ms, const uint32_t *restrict from_ms,
                                uint32_t add_ms, size_t count) {
    int32_t *restrict to = (int32_t *)to_ms;
    const int32_t *restrict from = (const int32_t *)from_ms;
    int32_t add = (int32_t)add_ms;
    for (size_t i = 0; i < count; i++) {
        int32_t sum = from[i] + add;
        to[i] = sum < to[i] ? sum : to[i];
    }
}
/* The least a[i] + b[i], at most HSD_UNREACHABLE. */
static inline uint32_t hsd_min_sum(const uint32_t *a_ms, const uint32_t *b_ms, size_t count) {
    const int32_t *a = (const int32_t *)a_ms, *b = (const int32_t *)b_ms;
    int32_t least = (int32_t)HSD_UNREACHABLE;
    for (size_t i = 0; i < count; i++) {
        int32_t sum = a[i] + b[i];
        least = sum < least ? sum : least;
    }
    return (uint32_t)least;
}
#endif
