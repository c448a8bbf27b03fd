/* How slow may a proposal's links be? (docs/methods.md, 9)
 *
 * The time of a pair is monotone in a factor on all times of the links, waits and gaps included, so
 * the largest factor within the cut-off is bisected; what the streets give (between all joints, and
 * from and to the pair) is found once, one tree a joint, and a step is then a closure over the
 * proposal's own stops. The factor is T / T1, T1 the sum of the links' times as drawn and T a whole
 * number of milliseconds. O(joints x search + log(T) x stops^3). */
#include <math.h>

#include "base/memory.h"
#include "compare/overlay.h"
#include "times/tree.h"

typedef struct crossing {
    hsd_overlay *overlay; /* of the proposal's links; its times are those of the last factor */
    uint32_t *joints;     /* of poles in force */
    uint32_t *joint_stop;
    size_t joint_count;
    uint32_t *from_ms;    /* joint_count: from the origin */
    uint32_t *to_ms;      /* to the target */
    uint32_t *between_ms; /* joint_count^2 */
    uint32_t before_ms, limit_ms;
    uint64_t drawn_ms; /* T1; of the gaps where the links take no time */
    bool gaps_alone;
} crossing;

/* ---- Once
 * -------------------------------------------------------------------------------------------- */

static hsd_status choose_links(crossing *c, const hsd_pole_times *times, uint32_t proposal,
                               hsd_error *err) {
    const hsd_resolved *resolved = times->resolved;
    uint32_t most = 0;
    for (size_t i = 0; i < resolved->added_count; i++)
        if (resolved->added[i].link > most) most = resolved->added[i].link;
    uint8_t *links = hsd_calloc((size_t)most + 1, sizeof *links, err);
    if (links == NULL) return HSD_E_MEMORY;
    for (size_t i = 0; i < resolved->added_count; i++) {
        const hsd_added *piece = &resolved->added[i];
        if (piece->proposal != proposal) continue;
        links[piece->link] = 1;
        const uint32_t along = piece->ms[0] < HSD_UNREACHABLE ? piece->ms[0] : 0;
        const uint32_t against = piece->ms[1] < HSD_UNREACHABLE ? piece->ms[1] : 0;
        c->drawn_ms += along > against ? along : against;
    }
    const hsd_status status = hsd_overlay_create(times, links, &c->overlay, err);
    hsd_free(links);
    if (status == HSD_OK && c->overlay->added_count == 0)
        return hsd_fail(err, HSD_E_ARGUMENT, "proposal %u has no links", proposal);
    return status;
}

static hsd_status list_joints(crossing *c, hsd_error *err) {
    const hsd_overlay *overlay = c->overlay;
    const hsd_resolved *resolved = overlay->times->resolved;
    size_t count = 0;
    for (uint32_t i = 0; i < overlay->first_pole[overlay->stop_count]; i++)
        count += resolved->poles[overlay->poles[i]].joint_count;
    c->joints = hsd_alloc(count, sizeof *c->joints, err);
    c->joint_stop = hsd_alloc(count, sizeof *c->joint_stop, err);
    c->from_ms = hsd_alloc(count, sizeof *c->from_ms, err);
    c->to_ms = hsd_alloc(count, sizeof *c->to_ms, err);
    c->between_ms = hsd_alloc(count, count * sizeof *c->between_ms, err);
    if (!c->joints || !c->joint_stop || !c->from_ms || !c->to_ms || !c->between_ms)
        return HSD_E_MEMORY;
    for (uint32_t i = 0; i < overlay->first_pole[overlay->stop_count]; i++) {
        const hsd_pole *pole = &resolved->poles[overlay->poles[i]];
        for (uint32_t j = 0; j < pole->joint_count; j++) {
            c->joints[c->joint_count] = pole->first_joint + j;
            c->joint_stop[c->joint_count++] = overlay->pole_stop[overlay->poles[i]];
        }
    }
    return HSD_OK;
}

static void measure_gaps(crossing *c) {
    const hsd_joint *joints = c->overlay->times->resolved->joints;
    for (size_t j = 0; j < c->joint_count; j++) {
        const hsd_joint *joint = &joints[c->joints[j]];
        c->drawn_ms += joint->enter_ms < HSD_UNREACHABLE ? joint->enter_ms : 0;
        c->drawn_ms += joint->exit_ms < HSD_UNREACHABLE ? joint->exit_ms : 0;
    }
    c->gaps_alone = true;
}

static hsd_status find_street_times(crossing *c, const hsd_feet *from, const hsd_feet *to,
                                    hsd_error *err) {
    const hsd_pole_times *times = c->overlay->times;
    hsd_tree *tree;
    hsd_status status = hsd_tree_create(times->locator, &tree, err);
    if (status != HSD_OK) return status;
    hsd_seed *seeds = hsd_alloc(from->count, sizeof *seeds, err);
    if (seeds == NULL) status = HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < from->count; i++)
        seeds[i] = (hsd_seed){from->feet[i], 0, 0};
    if (status == HSD_OK)
        status = hsd_tree_grow(tree, HSD_FROM, seeds, from->count, c->limit_ms, err);
    hsd_free(seeds);
    if (status == HSD_OK) c->before_ms = hsd_tree_feet_ms(tree, to);
    for (size_t a = 0; status == HSD_OK && a < c->joint_count; a++)
        c->from_ms[a] = hsd_tree_foot_ms(tree, &times->feet[c->joints[a]]);
    for (size_t b = 0; status == HSD_OK && b < c->joint_count; b++) {
        const hsd_seed seed = {times->feet[c->joints[b]], 0, 0};
        status = hsd_tree_grow(tree, HSD_FROM, &seed, 1, c->limit_ms, err);
        c->to_ms[b] = hsd_tree_feet_ms(tree, to);
        for (size_t a = 0; status == HSD_OK && a < c->joint_count; a++)
            c->between_ms[b * c->joint_count + a] =
                hsd_tree_foot_ms(tree, &times->feet[c->joints[a]]);
    }
    hsd_tree_destroy(tree);
    return status;
}

/* ---- At a factor
 * ------------------------------------------------------------------------------------- */

static uint32_t scaled(uint32_t ms, double factor) {
    if (ms >= HSD_UNREACHABLE) return HSD_UNREACHABLE;
    const double value = floor(ms * factor + 0.5);
    return value < HSD_UNREACHABLE ? (uint32_t)value : HSD_UNREACHABLE;
}

static void least(uint32_t *to, uint32_t ms) {
    if (ms < *to) *to = ms;
}

static void scale_links(crossing *c, double factor) {
    hsd_overlay *overlay = c->overlay;
    const hsd_resolved *resolved = overlay->times->resolved;
    const size_t n = overlay->stop_count, m = c->joint_count;
    for (size_t i = 0; i < n * n; i++) {
        overlay->between[i] = i % (n + 1) == 0 ? 0 : HSD_UNREACHABLE;
        overlay->pieces[i] = HSD_NO_WALK;
    }
    for (size_t b = 0; b < m; b++)
        for (size_t a = 0; a < m; a++) {
            const uint32_t gaps =
                hsd_ms_add(scaled(resolved->joints[c->joints[b]].exit_ms, factor),
                           scaled(resolved->joints[c->joints[a]].enter_ms, factor));
            least(&overlay->between[c->joint_stop[b] * n + c->joint_stop[a]],
                  hsd_ms_add(gaps, c->between_ms[b * m + a]));
        }
    for (size_t i = 0; i < overlay->added_count; i++) {
        const hsd_added *piece = &resolved->added[overlay->added[i]];
        const size_t ends[2] = {overlay->pole_stop[piece->from_pole],
                                overlay->pole_stop[piece->to_pole]};
        for (size_t d = 0; d < 2; d++) {
            hsd_walk *walk = &overlay->pieces[ends[d] * n + ends[1 - d]];
            const hsd_walk own = hsd_walk_of(scaled(piece->ms[d], factor), 1);
            if (own < *walk) *walk = own;
        }
    }
}

static hsd_status time_at(crossing *c, double factor, uint32_t *out_ms, hsd_error *err) {
    hsd_overlay *overlay = c->overlay;
    const hsd_joint *joints = overlay->times->resolved->joints;
    const size_t n = overlay->stop_count;
    *out_ms = c->before_ms;
    uint32_t *enter_ms = hsd_alloc(n, 2 * sizeof *enter_ms, err);
    if (enter_ms == NULL) return HSD_E_MEMORY;
    uint32_t *pass_ms = enter_ms + n;
    scale_links(c, factor);
    const hsd_status status = hsd_walks_close(n, overlay->pieces, overlay->between,
                                              overlay->times->run, overlay->walks, err);
    if (status == HSD_OK) {
        for (size_t s = 0; s < n; s++) enter_ms[s] = HSD_UNREACHABLE;
        for (size_t a = 0; a < c->joint_count; a++)
            least(&enter_ms[c->joint_stop[a]],
                  hsd_ms_add(c->from_ms[a], scaled(joints[c->joints[a]].enter_ms, factor)));
        hsd_overlay_pass(overlay, HSD_FROM, enter_ms, pass_ms);
        for (size_t b = 0; b < c->joint_count; b++)
            least(out_ms, hsd_ms_add(hsd_ms_add(pass_ms[c->joint_stop[b]],
                                                scaled(joints[c->joints[b]].exit_ms, factor)),
                                     c->to_ms[b]));
    }
    if (*out_ms > c->limit_ms) *out_ms = HSD_UNREACHABLE; /* there may be a shorter way */
    hsd_free(enter_ms);
    return status;
}

/* ---- Found
 * -------------------------------------------------------------------------------------------- */

static double factor_of(const crossing *c, uint64_t total_ms) {
    return c->drawn_ms > 0 ? (double)total_ms / (double)c->drawn_ms : 1;
}

/* The largest total within the cut-off; at low it is within. A piece or gap of 1 ms or more is past
 * the cut-off at the high end: what is within there needs no time on links at all. */
static hsd_status bisect(crossing *c, uint32_t cutoff_ms, hsd_break_even *out, hsd_error *err) {
    uint64_t low = 0, high = c->drawn_ms * ((uint64_t)cutoff_ms + 1);
    uint32_t ms;
    hsd_status status = time_at(c, factor_of(c, high), &ms, err);
    if (status != HSD_OK) return status;
    if (ms <= cutoff_ms) { /* a way over pieces that take no time */
        out->factor = INFINITY;
        out->link_ms = HSD_UNREACHABLE;
        return HSD_OK;
    }
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        status = time_at(c, factor_of(c, middle), &ms, err);
        if (status != HSD_OK) return status;
        *(ms <= cutoff_ms ? &low : &high) = middle;
    }
    out->factor = factor_of(c, low);
    if (c->gaps_alone) low = 0;
    out->link_ms = low < HSD_UNREACHABLE ? (uint32_t)low : HSD_UNREACHABLE;
    return HSD_OK;
}

static hsd_status find(crossing *c, uint32_t cutoff_ms, hsd_break_even *out, hsd_error *err) {
    uint32_t least_ms = HSD_UNREACHABLE;
    out->before_ms = c->before_ms;
    hsd_status status = time_at(c, 0, &least_ms, err);
    if (status == HSD_OK) status = time_at(c, 1, &out->after_ms, err);
    if (status != HSD_OK) return status;
    out->kind = c->before_ms <= cutoff_ms ? HSD_BREAK_ALREADY
                : least_ms > cutoff_ms    ? HSD_BREAK_IMPOSSIBLE
                                          : HSD_BREAK_VALUE;
    return out->kind == HSD_BREAK_VALUE ? bisect(c, cutoff_ms, out, err) : HSD_OK;
}

hsd_status hsd_break_even_find(const hsd_pole_times *times, uint32_t proposal, const hsd_feet *from,
                               const hsd_feet *to, uint32_t cutoff_ms, hsd_break_even *out,
                               hsd_error *err) {
    crossing c = {.limit_ms = cutoff_ms > times->limit_ms ? cutoff_ms : times->limit_ms};
    *out = (hsd_break_even){.factor = NAN};
    if (cutoff_ms >= HSD_UNREACHABLE)
        return hsd_fail(err, HSD_E_ARGUMENT, "cut-off %u ms: expected less than %u", cutoff_ms,
                        HSD_UNREACHABLE);
    hsd_status status = choose_links(&c, times, proposal, err);
    if (status == HSD_OK) status = list_joints(&c, err);
    if (status == HSD_OK && c.drawn_ms == 0) measure_gaps(&c);
    if (status == HSD_OK) status = find_street_times(&c, from, to, err);
    if (status == HSD_OK) status = find(&c, cutoff_ms, out, err);
    hsd_overlay_destroy(c.overlay);
    hsd_free(c.joints);
    hsd_free(c.joint_stop);
    hsd_free(c.from_ms);
    hsd_free(c.to_ms);
    hsd_free(c.between_ms);
    return status;
}
