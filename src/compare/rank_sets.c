/* Sets of a ranking: each proposal alone, all, all but one, pairs, all subsets. Few proposals make
 * the same set under two names (one alone is all): it is computed once. */
#include "compare/rank_sets.h"

#include <string.h>

/* ---- Which sets ---- */

bool hsd_rank_set_holds(const hsd_rank_set *set, uint32_t proposal) {
    switch (set->kind) {
    case HSD_RANK_ALONE:
        return proposal == set->first;
    case HSD_RANK_TOGETHER:
        return true;
    case HSD_RANK_WITHOUT:
        return proposal != set->first;
    case HSD_RANK_PAIRS:
        return proposal == set->first || proposal == set->second;
    default:
        return set->first >> proposal & 1;
    }
}

static uint32_t bits_of(const hsd_rank_set *set, uint32_t proposals) {
    uint32_t bits = 0;
    for (uint32_t p = 0; p < proposals; p++) bits |= (uint32_t)hsd_rank_set_holds(set, p) << p;
    return bits;
}

typedef struct collector {
    uint32_t proposals;
    const uint8_t *search;
    HSD_ARRAY(hsd_rank_set) sets;
    HSD_ARRAY(hsd_rank_set) rows;
    HSD_ARRAY(uint32_t) row_sets;
} collector;

/* The set's number; a new one where there is none like it. UINT32_MAX: out of memory. */
static uint32_t set_of(collector *c, hsd_rank_set set, hsd_error *err) {
    bool few = c->proposals <= HSD_SHAPLEY_MOST;
    for (size_t i = 0; few && i < c->sets.count; i++)
        if (bits_of(&c->sets.data[i], c->proposals) == bits_of(&set, c->proposals))
            return (uint32_t)i;
    for (uint32_t p = 0; !set.searched && p < c->proposals; p++)
        set.searched = c->search[p] && hsd_rank_set_holds(&set, p);
    return hsd_array_push(&c->sets, set, err) ? (uint32_t)(c->sets.count - 1) : UINT32_MAX;
}

static bool add_row(collector *c, const uint32_t *alone, uint32_t kind, uint32_t first,
                    uint32_t second, hsd_error *err) {
    hsd_rank_set row = {kind, first, second, false};
    uint32_t set = kind == HSD_RANK_SHAPLEY ? UINT32_MAX - 1 /* a value of many sets */
                   : kind == HSD_RANK_ALONE ? alone[first]
                                            : set_of(c, row, err);
    return set != UINT32_MAX && hsd_array_push(&c->rows, row, err) &&
           hsd_array_push(&c->row_sets, set, err);
}

static bool collect(collector *c, unsigned kinds, hsd_rank_sets *out, hsd_error *err) {
    uint32_t n = c->proposals;
    bool ok = true;
    for (uint32_t p = 0; ok && p < n; p++) { /* pairs and zones need them, asked for or not */
        out->alone[p] = set_of(c, (hsd_rank_set){HSD_RANK_ALONE, p, UINT32_MAX, false}, err);
        ok = out->alone[p] != UINT32_MAX;
    }
    for (uint32_t p = 0; ok && (kinds & HSD_RANK_ALONE) && p < n; p++)
        ok = add_row(c, out->alone, HSD_RANK_ALONE, p, UINT32_MAX, err);
    if (ok && (kinds & HSD_RANK_TOGETHER))
        ok = add_row(c, out->alone, HSD_RANK_TOGETHER, UINT32_MAX, UINT32_MAX, err);
    for (uint32_t p = 0; ok && (kinds & HSD_RANK_WITHOUT) && n > 1 && p < n; p++)
        ok = add_row(c, out->alone, HSD_RANK_WITHOUT, p, UINT32_MAX, err);
    for (uint32_t p = 0; ok && (kinds & HSD_RANK_PAIRS) && p < n; p++)
        for (uint32_t q = p + 1; ok && q < n; q++)
            ok = add_row(c, out->alone, HSD_RANK_PAIRS, p, q, err);
    for (uint32_t b = 0; ok && (kinds & HSD_RANK_SHAPLEY) && b < 1u << n; b++) {
        out->subset[b] = set_of(c, (hsd_rank_set){HSD_RANK_SUBSET, b, UINT32_MAX, false}, err);
        ok = out->subset[b] != UINT32_MAX;
    }
    for (uint32_t p = 0; ok && (kinds & HSD_RANK_SHAPLEY) && p < n; p++)
        ok = add_row(c, out->alone, HSD_RANK_SHAPLEY, p, UINT32_MAX, err);
    return ok;
}

hsd_status hsd_rank_sets_make(uint32_t proposal_count, unsigned kinds, const uint8_t *search,
                              hsd_rank_sets *out, hsd_error *err) {
    *out = (hsd_rank_sets){.proposal_count = proposal_count};
    bool shapley = kinds & HSD_RANK_SHAPLEY;
    if (shapley && proposal_count > HSD_SHAPLEY_MOST)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "Shapley values of %u proposals: at most %d, for they take every subset",
                        proposal_count, HSD_SHAPLEY_MOST);
    if ((kinds & HSD_RANK_PAIRS) && proposal_count > 5000)
        return hsd_fail(err, HSD_E_ARGUMENT, "pairs of %u proposals: at most 5000", proposal_count);
    out->alone = hsd_alloc(proposal_count, sizeof *out->alone, err);
    if (shapley) out->subset = hsd_alloc((size_t)1 << proposal_count, sizeof *out->subset, err);
    collector c = {.proposals = proposal_count, .search = search};
    bool ok = out->alone && (!shapley || out->subset) && collect(&c, kinds, out, err);
    out->list = c.sets.data;
    out->count = c.sets.count;
    out->rows = c.rows.data;
    out->row_count = c.rows.count;
    out->row_set = c.row_sets.data;
    if (!ok) hsd_rank_sets_finish(out);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

void hsd_rank_sets_finish(hsd_rank_sets *sets) {
    hsd_free(sets->list);
    hsd_free(sets->alone);
    hsd_free(sets->rows);
    hsd_free(sets->row_set);
    hsd_free(sets->subset);
    *sets = (hsd_rank_sets){0};
}

/* ---- The order in which they are planned ---- */

typedef struct plan_maker {
    const hsd_rank_sets *sets;
    hsd_planner *planner;
    uint32_t *without; /* by proposal: its set of all but this; UINT32_MAX: none to plan */
    uint32_t *pair;    /* first pair set of a proposal, in order of sets; UINT32_MAX: none */
    uint32_t *all;     /* 0 .. n - 1 */
} plan_maker;

static hsd_status push_set_pop(plan_maker *m, const uint32_t *proposals, size_t count, uint32_t set,
                               hsd_error *err) {
    hsd_status status = hsd_planner_push(m->planner, proposals, count, err);
    if (status == HSD_OK) status = hsd_planner_set(m->planner, set, err);
    return status == HSD_OK ? hsd_planner_pop(m->planner, err) : status;
}

/* All but one: everything outside [from, to) is in force. */
static hsd_status halve(plan_maker *m, uint32_t from, uint32_t to, hsd_error *err) {
    bool any = false;
    for (uint32_t p = from; p < to; p++) any = any || m->without[p] != UINT32_MAX;
    if (!any) return HSD_OK;
    if (to - from == 1) return hsd_planner_set(m->planner, m->without[from], err);
    uint32_t middle = from + (to - from) / 2;
    hsd_status status = hsd_planner_push(m->planner, m->all + middle, to - middle, err);
    if (status == HSD_OK) status = halve(m, from, middle, err);
    if (status == HSD_OK) status = hsd_planner_pop(m->planner, err);
    if (status == HSD_OK) status = hsd_planner_push(m->planner, m->all + from, middle - from, err);
    if (status == HSD_OK) status = halve(m, middle, to, err);
    return status == HSD_OK ? hsd_planner_pop(m->planner, err) : status;
}

static hsd_status plan_alone_and_pairs(plan_maker *m, hsd_error *err) {
    const hsd_rank_sets *sets = m->sets;
    hsd_status status = HSD_OK;
    for (uint32_t p = 0; status == HSD_OK && p < sets->proposal_count; p++) {
        uint32_t alone = sets->alone[p];
        if (sets->list[alone].searched) continue;
        status = hsd_planner_push(m->planner, &p, 1, err);
        if (status == HSD_OK) status = hsd_planner_set(m->planner, alone, err);
        for (size_t s = m->pair[p]; status == HSD_OK && s < sets->count; s++) {
            const hsd_rank_set *set = &sets->list[s];
            if (set->kind != HSD_RANK_PAIRS || set->first != p) break;
            if (!set->searched) status = push_set_pop(m, &set->second, 1, (uint32_t)s, err);
        }
        if (status == HSD_OK) status = hsd_planner_pop(m->planner, err);
    }
    return status;
}

/* Sets that no other order serves: together, subsets, and all but one where that one is searched.
 */
static hsd_status plan_single(plan_maker *m, uint32_t s, hsd_error *err) {
    const hsd_rank_sets *sets = m->sets;
    uint32_t *members = m->all + sets->proposal_count, count = 0;
    for (uint32_t p = 0; p < sets->proposal_count; p++)
        if (hsd_rank_set_holds(&sets->list[s], p)) members[count++] = p;
    return push_set_pop(m, members, count, s, err);
}

static hsd_status plan_all(plan_maker *m, hsd_error *err) {
    const hsd_rank_sets *sets = m->sets;
    uint32_t searched = 0, n = sets->proposal_count;
    for (uint32_t p = 0; p < n; p++) {
        searched += sets->list[sets->alone[p]].searched;
        m->without[p] = m->pair[p] = UINT32_MAX;
        m->all[p] = p;
    }
    hsd_status status = HSD_OK;
    for (uint32_t s = 0; s < sets->count; s++) {
        const hsd_rank_set *set = &sets->list[s];
        if (set->kind == HSD_RANK_PAIRS && m->pair[set->first] == UINT32_MAX)
            m->pair[set->first] = s;
        bool halved = set->kind == HSD_RANK_WITHOUT && searched == 0;
        if (halved) m->without[set->first] = s;
        bool single = set->kind == HSD_RANK_TOGETHER || set->kind == HSD_RANK_SUBSET ||
                      (set->kind == HSD_RANK_WITHOUT && !halved);
        if (status == HSD_OK && single && !set->searched) status = plan_single(m, s, err);
    }
    if (status == HSD_OK && n) status = halve(m, 0, n, err);
    return status == HSD_OK ? plan_alone_and_pairs(m, err) : status;
}

hsd_status hsd_rank_sets_plan(const hsd_rank_sets *sets, const hsd_web *web, hsd_plan *out,
                              hsd_error *err) {
    *out = (hsd_plan){0};
    size_t n = sets->proposal_count;
    uint32_t *words = hsd_alloc(4 * n, sizeof *words, err);
    if (!words) return HSD_E_MEMORY;
    plan_maker m = {.sets = sets, .without = words, .pair = words + n, .all = words + 2 * n};
    hsd_status status = hsd_planner_create(web, out, &m.planner, err);
    if (status == HSD_OK) status = plan_all(&m, err);
    hsd_planner_destroy(m.planner);
    hsd_free(words);
    if (status != HSD_OK) hsd_plan_finish(out);
    return status;
}
