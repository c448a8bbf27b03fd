/* Closures of walks over links for many sets, built by putting links in, one after the other.
 *
 * walks[u][v] is the shortest walk from pole u to pole v that begins and ends with a link; between
 * two links it is on the streets (direct) or passes between poles that touch. A pole is no junction
 * of the streets: who does not take its link does not pass it, so a link too slow to be used
 * changes nothing. Putting in a link p -> q of w ms: with
 *     into[u] = 0 where u touches p, else min over a of walks[u][a] + direct(a, p's place)
 *     out[v]  = 0 where v touches q, else min over b of direct(q's place, b) + walks[b][v]
 * walks[u][v] = min(walks[u][v], into[u] + w + out[v]): exact, for no shortest walk uses a link
 * twice. O(poles^2). Poles that come into force at a place where another proposal has poles open
 * that one's links to each other: these are put in again.
 *
 * An origin needs no matrix: with its times to the poles, x[v] = min(x[v], a + w + out[v]) where
 * a = min over the poles that touch p of the time to it, and over u of x[u] + direct(u, p's place).
 * So a plan keeps, for each link it puts in, these two vectors alone. Leaving one of n proposals
 * out, for each of them, takes n log n links put in by halves instead of n^2. */
#include "compare/rank_plan.h"

#include <string.h>

#include "base/parallel.h"

#define MOST_WORDS ((size_t)1 << 29) /* 2 GB */

typedef struct level {
    uint32_t *walks; /* count^2, by the order of poles in force */
    uint32_t count;
    const uint32_t *proposals; /* NULL at the bottom; a copy */
    size_t proposal_count;
} level;

struct hsd_planner {
    const hsd_web *web;
    hsd_plan *plan;
    HSD_ARRAY(level) levels;
    uint32_t *poles;          /* in force, in the order they came */
    uint32_t *into, *exits;   /* pole_count: scratch of a link */
    uint32_t *place_in_force; /* by place: poles of it in force */
    size_t *place_push;       /* by place: the push that last brought a pole to it, from 1 */
    size_t pushes;
    uint32_t place_count;
    size_t sets_done;
};

void hsd_plan_finish(hsd_plan *plan) {
    hsd_array_finish(&plan->steps);
    hsd_array_finish(&plan->words);
}

void hsd_planner_destroy(hsd_planner *planner) {
    if (!planner) return;
    for (size_t i = 0; i < planner->levels.count; i++) {
        hsd_free(planner->levels.data[i].walks);
        hsd_free((void *)(uintptr_t)planner->levels.data[i].proposals);
    }
    hsd_array_finish(&planner->levels);
    hsd_free(planner->poles);
    hsd_free(planner->into);
    hsd_free(planner->exits);
    hsd_free(planner->place_in_force);
    hsd_free(planner->place_push);
    hsd_free(planner);
}

hsd_status hsd_planner_create(const hsd_web *web, hsd_plan *plan, hsd_planner **out,
                              hsd_error *err) {
    *out = NULL;
    hsd_planner *p = hsd_calloc(1, sizeof *p, err);
    if (!p) return HSD_E_MEMORY;
    p->web = web;
    p->plan = plan;
    for (uint32_t i = 0; i < web->pole_count; i++)
        if (web->place[i] >= p->place_count) p->place_count = web->place[i] + 1;
    p->poles = hsd_alloc(web->pole_count, sizeof *p->poles, err);
    p->into = hsd_alloc(web->pole_count, sizeof *p->into, err);
    p->exits = hsd_alloc(web->pole_count, sizeof *p->exits, err);
    p->place_in_force = hsd_calloc(p->place_count, sizeof *p->place_in_force, err);
    p->place_push = hsd_calloc(p->place_count, sizeof *p->place_push, err);
    if (!p->poles || !p->into || !p->exits || !p->place_in_force || !p->place_push ||
        !hsd_array_push(&p->levels, (level){0}, err)) {
        hsd_planner_destroy(p);
        return HSD_E_MEMORY;
    }
    *out = p;
    return HSD_OK;
}

/* ---- Putting a link in ---- */

/* Poles in force at a place; returns how many. */
static uint32_t poles_at(const hsd_planner *p, uint32_t place, uint32_t count, uint32_t *out) {
    uint32_t found = 0;
    for (uint32_t k = 0; k < count; k++)
        if (p->web->place[p->poles[k]] == place) out[found++] = p->poles[k];
    return found;
}

static hsd_status put_in(hsd_planner *p, const hsd_web_link *link, hsd_error *err) {
    const hsd_web *web = p->web;
    level *top = &p->levels.data[p->levels.count - 1];
    uint32_t count = top->count, start = web->place[link->from], end = web->place[link->to];
    hsd_plan *plan = p->plan;
    size_t first = plan->words.count;
    if (first > MOST_WORDS)
        return hsd_fail(err, HSD_E_MEMORY,
                        "so many sets of %u proposals take more than %zu MB: ask for fewer sets "
                        "(alone and together take least)",
                        web->proposal_count, MOST_WORDS * sizeof *plan->words.data >> 20);
    double done = web->set_count ? (double)p->sets_done / (double)web->set_count : 0;
    hsd_status status = hsd_progress(web->run, "planning sets", done, err);
    if (status != HSD_OK) return status;
    if (!hsd_array_reserve(&plan->words, first + 3 * (size_t)count, err)) return HSD_E_MEMORY;
    uint32_t *entry = plan->words.data + first, entries = poles_at(p, start, count, entry);
    uint32_t *in = entry + entries, *out = in + count;
    uint32_t exits = poles_at(p, end, count, p->exits);
    for (uint32_t k = 0; k < count; k++) {
        in[k] = HSD_UNREACHABLE;
        out[k] = web->place[p->poles[k]] == end ? 0 : HSD_UNREACHABLE;
        for (uint32_t e = 0; e < entries; e++) {
            uint32_t ms = web->direct[(size_t)p->poles[k] * web->pole_count + entry[e]];
            if (ms < in[k]) in[k] = ms;
        }
    }
    for (uint32_t b = 0; b < count; b++) {
        uint32_t ms = HSD_UNREACHABLE;
        for (uint32_t e = 0; e < exits; e++) {
            uint32_t one = web->direct[(size_t)p->exits[e] * web->pole_count + p->poles[b]];
            if (one < ms) ms = one;
        }
        if (ms < HSD_UNREACHABLE) hsd_min_plus(out, top->walks + (size_t)b * count, ms, count);
    }
    for (uint32_t u = 0; u < count; u++)
        p->into[u] = web->place[p->poles[u]] == start
                         ? 0
                         : hsd_min_sum(top->walks + (size_t)u * count, in, count);
    for (uint32_t u = 0; u < count; u++) {
        uint32_t ms = hsd_ms_add(p->into[u], link->ms);
        if (ms < HSD_UNREACHABLE) hsd_min_plus(top->walks + (size_t)u * count, out, ms, count);
    }
    plan->words.count = first + entries + 2 * (size_t)count;
    hsd_plan_step step = {
        .kind = HSD_PLAN_LINK, .ms = link->ms, .entries = entries, .poles = count, .words = first};
    return hsd_array_push(&plan->steps, step, err) ? HSD_OK : HSD_E_MEMORY;
}

/* again: what was in force before, of which only links at places with new poles matter: no walk
 * between a new pole and another begins or ends with any other of them. */
static hsd_status put_proposal_in(hsd_planner *p, uint32_t proposal, bool again, hsd_error *err) {
    const hsd_web *web = p->web;
    hsd_status status = HSD_OK;
    for (uint32_t l = web->first_link[proposal];
         status == HSD_OK && l < web->first_link[proposal + 1]; l++) {
        const hsd_web_link *link = &web->links[l];
        if (again && p->place_push[web->place[link->from]] != p->pushes &&
            p->place_push[web->place[link->to]] != p->pushes)
            continue;
        if (link->ms < HSD_UNREACHABLE) status = put_in(p, link, err);
    }
    return status;
}

/* ---- Sets ---- */

/* The matrix of the level below, widened by the poles that come into force. */
static hsd_status widen(hsd_planner *p, uint32_t kept, uint32_t count, level *out, hsd_error *err) {
    const level *below = &p->levels.data[p->levels.count - 1];
    out->count = count;
    out->walks = hsd_alloc((size_t)count * count, sizeof *out->walks, err);
    if (!out->walks) return HSD_E_MEMORY;
    for (size_t i = 0; i < (size_t)count * count; i++) out->walks[i] = HSD_UNREACHABLE;
    for (uint32_t u = 0; u < kept; u++)
        memcpy(out->walks + (size_t)u * count, below->walks + (size_t)u * kept,
               kept * sizeof *out->walks);
    return HSD_OK;
}

hsd_status hsd_planner_push(hsd_planner *p, const uint32_t *proposals, size_t count,
                            hsd_error *err) {
    const hsd_web *web = p->web;
    hsd_plan *plan = p->plan;
    uint32_t kept = p->levels.data[p->levels.count - 1].count, now = kept;
    bool shared = false; /* a pole comes to a place where others are */
    p->pushes++;
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = web->first_pole[proposals[i]]; k < web->first_pole[proposals[i] + 1];
             k++) {
            p->poles[now++] = web->poles[k];
            shared = ++p->place_in_force[web->place[web->poles[k]]] > 1 || shared;
            p->place_push[web->place[web->poles[k]]] = p->pushes;
        }
    uint32_t *copy = hsd_alloc(count, sizeof *copy, err);
    level top = {.proposals = copy, .proposal_count = count};
    hsd_status status = copy ? widen(p, kept, now, &top, err) : HSD_E_MEMORY;
    if (status == HSD_OK && count) memcpy(copy, proposals, count * sizeof *copy);
    if (status == HSD_OK && !hsd_array_push(&p->levels, top, err)) status = HSD_E_MEMORY;
    if (status != HSD_OK) {
        hsd_free(copy);
        hsd_free(top.walks);
        return status; /* the planner is good for nothing but its end */
    }
    size_t first = plan->words.count;
    if (!hsd_array_reserve(&plan->words, first + now, err)) return HSD_E_MEMORY;
    if (now) memcpy(plan->words.data + first, p->poles, now * sizeof *p->poles);
    plan->words.count += now;
    hsd_plan_step step = {.kind = HSD_PLAN_PUSH, .poles = now, .kept = kept, .words = first};
    if (!hsd_array_push(&plan->steps, step, err)) return HSD_E_MEMORY;
    if (p->levels.count > plan->depth) plan->depth = (uint32_t)p->levels.count;
    if (now > plan->most_poles) plan->most_poles = now;
    size_t below = shared ? 1 : p->levels.count - 1; /* level 0 holds nothing */
    for (size_t i = below; status == HSD_OK && i < p->levels.count; i++) {
        const level *l = &p->levels.data[i];
        bool old = i + 1 < p->levels.count;
        for (size_t k = 0; status == HSD_OK && k < l->proposal_count; k++)
            status = put_proposal_in(p, l->proposals[k], old, err);
    }
    return status;
}

hsd_status hsd_planner_pop(hsd_planner *p, hsd_error *err) {
    level *top = &p->levels.data[--p->levels.count];
    uint32_t kept = p->levels.data[p->levels.count - 1].count;
    for (uint32_t k = kept; k < top->count; k++) p->place_in_force[p->web->place[p->poles[k]]]--;
    hsd_free(top->walks);
    hsd_free((void *)(uintptr_t)top->proposals);
    return hsd_array_push(&p->plan->steps, (hsd_plan_step){.kind = HSD_PLAN_POP}, err)
               ? HSD_OK
               : HSD_E_MEMORY;
}

hsd_status hsd_planner_set(hsd_planner *p, uint32_t set, hsd_error *err) {
    p->sets_done++;
    return hsd_array_push(&p->plan->steps, ((hsd_plan_step){.kind = HSD_PLAN_SET, .set = set}), err)
               ? HSD_OK
               : HSD_E_MEMORY;
}

/* ---- Running it ---- */

size_t hsd_plan_scratch(const hsd_plan *plan) {
    return (size_t)plan->depth * plan->most_poles;
}

hsd_status hsd_plan_run(const hsd_plan *plan, const uint32_t *to_pole, uint32_t *scratch,
                        hsd_plan_visit visit, void *context, hsd_error *err) {
    size_t stride = plan->most_poles;
    const hsd_plan_step *in_force[64] = {NULL}; /* PUSH steps; halving never gets this deep */
    size_t depth = 0;
    hsd_status status = HSD_OK;
    for (size_t s = 0; status == HSD_OK && s < plan->steps.count; s++) {
        const hsd_plan_step *step = &plan->steps.data[s];
        const uint32_t *words = plan->words.data ? plan->words.data + step->words : NULL;
        uint32_t *x = depth ? scratch + (depth - 1) * stride : NULL;
        switch (step->kind) {
        case HSD_PLAN_PUSH:
            if (step->kept) memcpy(scratch + depth * stride, x, step->kept * sizeof *x);
            x = scratch + depth * stride;
            for (uint32_t k = step->kept; k < step->poles; k++) x[k] = HSD_UNREACHABLE;
            in_force[depth++] = step;
            break;
        case HSD_PLAN_POP:
            depth--;
            break;
        case HSD_PLAN_LINK: {
            const uint32_t *in = words + step->entries, *out = in + step->poles;
            uint32_t ms = hsd_min_sum(x, in, step->poles);
            for (uint32_t e = 0; e < step->entries; e++)
                if (to_pole[words[e]] < ms) ms = to_pole[words[e]];
            ms = hsd_ms_add(ms, step->ms);
            if (ms < HSD_UNREACHABLE) hsd_min_plus(x, out, ms, step->poles);
            break;
        }
        case HSD_PLAN_SET:
            if (depth && in_force[depth - 1]->poles)
                status = visit(context, step->set, plan->words.data + in_force[depth - 1]->words, x,
                               in_force[depth - 1]->poles, err);
            else
                status = visit(context, step->set, NULL, NULL, 0, err);
            break;
        }
    }
    return status;
}
