/* Added links in force over a network (docs/methods.md, 8).
 *
 * A walk that uses a link is pieces of links with streets (or nothing, at one stop) between them:
 * W = L (D L)*, with L the pieces, D the streets between stops and * the closure of Floyd (1962)
 * over the places reached by a piece. That a stop reached by a street is left by a piece, never by
 * another street, is why a link too slow to be used changes nothing: its joints are no way to turn
 * round, nor past a banned turn. O(stops^3) to create, O(stops^2 + poles) an origin. */
#include "compare/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "times/tree.h"

/* ---- The closure
 * ------------------------------------------------------------------------------------ */

/* onto[q * n + r] = min(onto, left + row of right): one row of a product in (min, +). */
static void relax_row(size_t n, hsd_walk left, const hsd_walk *right, hsd_walk *onto) {
    if (left >= HSD_NO_WALK) return;
    for (size_t r = 0; r < n; r++)
        if (left + right[r] < onto[r]) onto[r] = left + right[r];
}

/* Many links take a while, and may be cancelled; few are over before anybody could. */
static hsd_status go_on(const hsd_run *run, size_t row, size_t n, hsd_error *err) {
    enum { MANY = 256 };
    if (n < MANY) return HSD_OK;
    return hsd_progress(run, "walks over links", (double)row / (3 * (double)n), err);
}

hsd_status hsd_walks_close(size_t n, const hsd_walk *pieces, const uint32_t *between,
                           const hsd_run *run, hsd_walk *walks, hsd_error *err) {
    hsd_walk *onward = hsd_alloc(n, n * sizeof *onward, err); /* from reached to reached: D L */
    if (onward == NULL) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < n * n; i++) onward[i] = HSD_NO_WALK;
    for (size_t q = 0; q < n && status == HSD_OK; q++) {
        for (size_t p = 0; p < n; p++)
            relax_row(n, hsd_walk_of(between[q * n + p], 0), pieces + p * n, onward + q * n);
        status = go_on(run, q, n, err);
    }
    for (size_t k = 0; k < n && status == HSD_OK; k++) {
        for (size_t q = 0; q < n; q++)
            if (q != k) relax_row(n, onward[q * n + k], onward + k * n, onward + q * n);
        status = go_on(run, n + k, n, err);
    }
    memcpy(walks, pieces, n * n * sizeof *walks);
    for (size_t p = 0; p < n && status == HSD_OK; p++) {
        for (size_t q = 0; q < n; q++)
            relax_row(n, pieces[p * n + q], onward + q * n, walks + p * n);
        status = go_on(run, 2 * n + p, n, err);
    }
    hsd_free(onward);
    return status;
}

/* ---- What is in force
 * ------------------------------------------------------------------------------- */

static hsd_status find_pieces(hsd_overlay *overlay, const uint8_t *links, hsd_error *err) {
    const hsd_resolved *resolved = overlay->times->resolved;
    overlay->added = hsd_alloc(resolved->added_count, sizeof *overlay->added, err);
    overlay->pole_stop = hsd_alloc(resolved->pole_count, sizeof *overlay->pole_stop, err);
    if (overlay->added == NULL || overlay->pole_stop == NULL) return HSD_E_MEMORY;
    for (size_t p = 0; p < resolved->pole_count; p++) overlay->pole_stop[p] = UINT32_MAX;
    for (size_t i = 0; i < resolved->added_count; i++) {
        const hsd_added *piece = &resolved->added[i];
        if (!links[piece->link]) continue;
        overlay->added[overlay->added_count++] = (uint32_t)i;
        overlay->pole_stop[piece->from_pole] = overlay->pole_stop[piece->to_pole] = 0;
    }
    return HSD_OK;
}

typedef struct standing {
    uint32_t place, pole;
} standing;

static int compare_standing(const void *a, const void *b) {
    const standing *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return (x->pole > y->pole) - (x->pole < y->pole);
}

static hsd_status group_poles(hsd_overlay *overlay, hsd_error *err) {
    const hsd_resolved *resolved = overlay->times->resolved;
    size_t count = 0;
    standing *list = hsd_alloc(resolved->pole_count, sizeof *list, err);
    overlay->poles = hsd_alloc(resolved->pole_count, sizeof *overlay->poles, err);
    overlay->first_pole = hsd_alloc(resolved->pole_count + 1, sizeof *overlay->first_pole, err);
    if (list == NULL || overlay->poles == NULL || overlay->first_pole == NULL) {
        hsd_free(list);
        return HSD_E_MEMORY;
    }
    for (uint32_t p = 0; p < resolved->pole_count; p++)
        if (overlay->pole_stop[p] != UINT32_MAX)
            list[count++] = (standing){resolved->poles[p].place, p};
    if (count > 1) qsort(list, count, sizeof *list, compare_standing);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || list[i].place != list[i - 1].place)
            overlay->first_pole[overlay->stop_count++] = i;
        overlay->poles[i] = list[i].pole;
        overlay->pole_stop[list[i].pole] = overlay->stop_count - 1;
    }
    overlay->first_pole[overlay->stop_count] = (uint32_t)count;
    hsd_free(list);
    return HSD_OK;
}

static hsd_status fill(hsd_overlay *overlay, hsd_error *err) {
    const size_t n = overlay->stop_count;
    overlay->between = hsd_alloc(n, n * sizeof *overlay->between, err);
    overlay->pieces = hsd_alloc(n, n * sizeof *overlay->pieces, err);
    overlay->walks = hsd_alloc(n, n * sizeof *overlay->walks, err);
    if (!overlay->between || !overlay->pieces || !overlay->walks) return HSD_E_MEMORY;
    for (size_t i = 0; i < n * n; i++) {
        overlay->between[i] = i % (n + 1) == 0 ? 0 : HSD_UNREACHABLE;
        overlay->pieces[i] = HSD_NO_WALK;
    }
    for (uint32_t i = 0; i < overlay->first_pole[n]; i++)
        for (uint32_t j = 0; j < overlay->first_pole[n]; j++) {
            const uint32_t p = overlay->poles[i], q = overlay->poles[j];
            uint32_t *least = &overlay->between[overlay->pole_stop[p] * n + overlay->pole_stop[q]];
            const uint32_t ms = hsd_pole_to_pole_ms(overlay->times, p, q);
            if (ms < *least) *least = ms;
        }
    for (size_t i = 0; i < overlay->added_count; i++) {
        const hsd_added *piece = &overlay->times->resolved->added[overlay->added[i]];
        const size_t a = overlay->pole_stop[piece->from_pole],
                     b = overlay->pole_stop[piece->to_pole];
        const hsd_walk along = hsd_walk_of(piece->ms[0], 1), against = hsd_walk_of(piece->ms[1], 1);
        if (along < overlay->pieces[a * n + b]) overlay->pieces[a * n + b] = along;
        if (against < overlay->pieces[b * n + a]) overlay->pieces[b * n + a] = against;
    }
    return hsd_walks_close(n, overlay->pieces, overlay->between, overlay->times->run,
                           overlay->walks, err);
}

hsd_status hsd_overlay_create(const hsd_pole_times *times, const uint8_t *links, hsd_overlay **out,
                              hsd_error *err) {
    *out = NULL;
    hsd_overlay *overlay = hsd_calloc(1, sizeof *overlay, err);
    if (overlay == NULL) return HSD_E_MEMORY;
    overlay->times = times;
    hsd_status status = find_pieces(overlay, links, err);
    if (status == HSD_OK) status = group_poles(overlay, err);
    if (status == HSD_OK) status = fill(overlay, err);
    if (status != HSD_OK) {
        hsd_overlay_destroy(overlay);
        return status;
    }
    *out = overlay;
    return HSD_OK;
}

void hsd_overlay_destroy(hsd_overlay *overlay) {
    if (overlay == NULL) return;
    hsd_free(overlay->pole_stop);
    hsd_free(overlay->first_pole);
    hsd_free(overlay->poles);
    hsd_free(overlay->added);
    hsd_free(overlay->between);
    hsd_free(overlay->pieces);
    hsd_free(overlay->walks);
    hsd_free(overlay);
}

/* ---- One origin
 * ------------------------------------------------------------------------------------- */

void hsd_overlay_enter(const hsd_overlay *overlay, const hsd_tree *tree, uint32_t *enter_ms) {
    for (uint32_t s = 0; s < overlay->stop_count; s++) {
        enter_ms[s] = HSD_UNREACHABLE;
        for (uint32_t i = overlay->first_pole[s]; i < overlay->first_pole[s + 1]; i++) {
            const uint32_t ms = hsd_pole_reach_ms(overlay->times, tree, overlay->poles[i]);
            if (ms < enter_ms[s]) enter_ms[s] = ms;
        }
    }
}

void hsd_overlay_pass(const hsd_overlay *overlay, hsd_direction direction, const uint32_t *enter_ms,
                      uint32_t *pass_ms) {
    const size_t n = overlay->stop_count;
    for (size_t s = 0; s < n; s++) pass_ms[s] = HSD_UNREACHABLE;
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++) {
            const size_t in = direction == HSD_FROM ? p : q, out = direction == HSD_FROM ? q : p;
            const uint32_t ms = hsd_ms_add(enter_ms[in], hsd_walk_ms(overlay->walks[p * n + q]));
            if (ms < pass_ms[out]) pass_ms[out] = ms;
        }
}

static hsd_status reserve_seeds(const hsd_overlay *overlay, hsd_overlay_seeds *out,
                                hsd_error *err) {
    const hsd_resolved *resolved = overlay->times->resolved;
    size_t need = 0;
    for (uint32_t i = 0; i < overlay->first_pole[overlay->stop_count]; i++)
        need += resolved->poles[overlay->poles[i]].joint_count;
    if (need <= out->capacity) return HSD_OK;
    hsd_seed *seeds = hsd_realloc(out->seeds, need, sizeof *seeds, err);
    if (seeds == NULL) return HSD_E_MEMORY;
    out->seeds = seeds;
    uint32_t *poles = hsd_realloc(out->poles, need, sizeof *poles, err);
    if (poles == NULL) return HSD_E_MEMORY;
    out->poles = poles;
    out->capacity = need;
    return HSD_OK;
}

hsd_status hsd_overlay_leave(const hsd_overlay *overlay, const hsd_tree *tree,
                             const uint32_t *pass_ms, hsd_overlay_seeds *out, hsd_error *err) {
    const hsd_resolved *resolved = overlay->times->resolved;
    const bool from = hsd_tree_direction(tree) == HSD_FROM;
    out->count = 0;
    if (reserve_seeds(overlay, out, err) != HSD_OK) return HSD_E_MEMORY;
    for (uint32_t i = 0; i < overlay->first_pole[overlay->stop_count]; i++) {
        const hsd_pole *pole = &resolved->poles[overlay->poles[i]];
        const uint32_t at_ms = pass_ms[overlay->pole_stop[overlay->poles[i]]];
        for (uint32_t j = pole->first_joint; j < pole->first_joint + pole->joint_count; j++) {
            const hsd_joint *joint = &resolved->joints[j];
            const hsd_foot *foot = &overlay->times->feet[j];
            const uint32_t ms = hsd_ms_add(at_ms, from ? joint->exit_ms : joint->enter_ms);
            if (ms > hsd_tree_limit_ms(tree) || ms >= hsd_tree_settled_ms(tree, foot)) continue;
            out->poles[out->count] = overlay->poles[i];
            out->seeds[out->count++] = (hsd_seed){*foot, ms, 0};
        }
    }
    return HSD_OK;
}

hsd_status hsd_overlay_sow(const hsd_overlay *overlay, const hsd_tree *tree, hsd_overlay_seeds *out,
                           hsd_error *err) {
    if (hsd_tree_limit_ms(tree) > overlay->times->limit_ms)
        return hsd_fail(err, HSD_E_ARGUMENT, "a tree up to %u ms, times between links up to %u ms",
                        hsd_tree_limit_ms(tree), overlay->times->limit_ms);
    uint32_t *times = hsd_alloc(overlay->stop_count, 2 * sizeof *times, err);
    if (times == NULL) return HSD_E_MEMORY;
    hsd_overlay_enter(overlay, tree, times);
    hsd_overlay_pass(overlay, hsd_tree_direction(tree), times, times + overlay->stop_count);
    const hsd_status status =
        hsd_overlay_leave(overlay, tree, times + overlay->stop_count, out, err);
    hsd_free(times);
    return status;
}

void hsd_overlay_seeds_finish(hsd_overlay_seeds *seeds) {
    hsd_free(seeds->seeds);
    hsd_free(seeds->poles);
    *seeds = (hsd_overlay_seeds){0};
}
