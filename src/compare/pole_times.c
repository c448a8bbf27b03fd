/* Times from each pole of the added links to each other one, over the network without any of them
 * (docs/methods.md, 8): D(p, q) = min over joints a of p, b of q of exit(a) + d(a, b) + enter(b).
 *
 * A pole's joints are seeds of one tree, with their exits as initial costs; what it says of another
 * pole's joints, with their entries, is a row. A tree's times are those of trips that begin at the
 * free copies and end at any, which is what a joint asks for. One tree a pole, O(poles^2) memory.
 */
#include "compare/pole_times.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "times/tree.h"

hsd_status hsd_pole_grow(const hsd_pole_times *times, hsd_tree *tree, hsd_direction direction,
                         uint32_t pole, hsd_error *err) {
    const hsd_pole *p = &times->resolved->poles[pole];
    hsd_seed *seeds = hsd_alloc(p->joint_count, sizeof *seeds, err);
    if (seeds == NULL) return HSD_E_MEMORY;
    size_t count = 0;
    for (uint32_t j = p->first_joint; j < p->first_joint + p->joint_count; j++) {
        const hsd_joint *joint = &times->resolved->joints[j];
        const uint32_t gap_ms = direction == HSD_FROM ? joint->exit_ms : joint->enter_ms;
        if (gap_ms < HSD_UNREACHABLE) seeds[count++] = (hsd_seed){times->feet[j], gap_ms, 0};
    }
    const hsd_status status = hsd_tree_grow(tree, direction, seeds, count, times->limit_ms, err);
    hsd_free(seeds);
    return status;
}

uint32_t hsd_pole_reach_ms(const hsd_pole_times *times, const hsd_tree *tree, uint32_t pole) {
    const hsd_pole *p = &times->resolved->poles[pole];
    const bool from = hsd_tree_direction(tree) == HSD_FROM;
    uint32_t best = HSD_UNREACHABLE;
    for (uint32_t j = p->first_joint; j < p->first_joint + p->joint_count; j++) {
        const hsd_joint *joint = &times->resolved->joints[j];
        const uint32_t gap_ms = from ? joint->enter_ms : joint->exit_ms;
        const uint32_t ms = hsd_ms_add(hsd_tree_foot_ms(tree, &times->feet[j]), gap_ms);
        if (ms < best) best = ms;
    }
    return best <= hsd_tree_limit_ms(tree) ? best : HSD_UNREACHABLE;
}

/* ---- A tree a pole
 * ------------------------------------------------------------------------------- */

typedef struct growing {
    const hsd_pole_times *times;
    hsd_direction direction;
    hsd_pole_visit visit;
    void *context;
    hsd_tree **trees; /* one a worker, made when it first works */
} growing;

static hsd_status grow_some(void *context, size_t begin, size_t end, int worker, hsd_error *err) {
    const growing *g = context;
    hsd_tree **tree = &g->trees[worker];
    hsd_status status = HSD_OK;
    if (*tree == NULL) status = hsd_tree_create(g->times->locator, tree, err);
    for (size_t p = begin; status == HSD_OK && p < end; p++) {
        status = hsd_pole_grow(g->times, *tree, g->direction, (uint32_t)p, err);
        if (status == HSD_OK) status = g->visit(g->context, (uint32_t)p, *tree, err);
    }
    return status;
}

hsd_status hsd_pole_times_visit(const hsd_pole_times *times, hsd_direction direction,
                                const hsd_run *run, hsd_pole_visit visit, void *context,
                                hsd_error *err) {
    const size_t workers = (size_t)hsd_thread_count(run);
    growing g = {times, direction, visit, context, hsd_calloc(workers, sizeof *g.trees, err)};
    if (g.trees == NULL) return HSD_E_MEMORY;
    const hsd_status status = hsd_parallel_for(run, "times between links",
                                               times->resolved->pole_count, 1, grow_some, &g, err);
    for (size_t w = 0; w < workers; w++) hsd_tree_destroy(g.trees[w]);
    hsd_free(g.trees);
    return status;
}

/* ---- The matrix
 * ---------------------------------------------------------------------------------- */

typedef struct making {
    hsd_pole_times *times;
    hsd_pole_visit visit; /* the caller's; may be NULL */
    void *context;
} making;

static hsd_status fill_row(void *context, uint32_t pole, const hsd_tree *tree, hsd_error *err) {
    const making *m = context;
    const size_t count = m->times->resolved->pole_count;
    uint32_t *row = m->times->ms + pole * count;
    for (uint32_t q = 0; q < count; q++)
        row[q] = q == pole ? 0 : hsd_pole_reach_ms(m->times, tree, q);
    return m->visit != NULL ? m->visit(m->context, pole, tree, err) : HSD_OK;
}

static void find_feet(hsd_pole_times *times) {
    for (size_t j = 0; j < times->resolved->joint_count; j++) {
        const hsd_joint *joint = &times->resolved->joints[j];
        times->feet[j] = (hsd_foot){.edge = joint->edge,
                                    .vertex = joint->vertex,
                                    .segment = joint->segment,
                                    .fraction = joint->fraction};
        if (joint->edge != HSD_NO_EDGE) hsd_locator_foot_prefix(times->locator, &times->feet[j]);
    }
}

hsd_status hsd_pole_times_make(const hsd_locator *locator, const hsd_resolved *resolved,
                               uint32_t limit_ms, const hsd_run *run, hsd_pole_visit visit,
                               void *context, hsd_pole_times **out, hsd_error *err) {
    *out = NULL;
    hsd_pole_times *times = hsd_calloc(1, sizeof *times, err);
    if (times == NULL) return HSD_E_MEMORY;
    times->locator = locator;
    times->resolved = resolved;
    times->run = run;
    times->limit_ms = limit_ms < HSD_UNREACHABLE ? limit_ms : HSD_UNREACHABLE - 1;
    times->feet = hsd_alloc(resolved->joint_count, sizeof *times->feet, err);
    times->ms = hsd_alloc(resolved->pole_count, resolved->pole_count * sizeof *times->ms, err);
    hsd_status status = times->feet && times->ms ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) {
        making m = {times, visit, context};
        find_feet(times);
        status = hsd_pole_times_visit(times, HSD_FROM, run, fill_row, &m, err);
    }
    if (status != HSD_OK) {
        hsd_pole_times_destroy(times);
        return status;
    }
    *out = times;
    return HSD_OK;
}

hsd_status hsd_pole_times_create(const hsd_locator *locator, const hsd_resolved *resolved,
                                 uint32_t limit_ms, const hsd_run *run, hsd_pole_times **out,
                                 hsd_error *err) {
    return hsd_pole_times_make(locator, resolved, limit_ms, run, NULL, NULL, out, err);
}

void hsd_pole_times_destroy(hsd_pole_times *times) {
    if (times == NULL) return;
    hsd_free(times->feet);
    hsd_free(times->ms);
    hsd_free(times);
}
