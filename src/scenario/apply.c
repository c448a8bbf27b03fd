/* A set of proposals applied: what their closures, speed changes and waits make of each edge, put
 * together so that no order matters (docs/methods.md, 7). O(effects log effects). */
#include <math.h>
#include <stdlib.h>

#include "net/closed.h"
#include "scenario/resolve.h"

bool hsd_scenario_only_adds(const hsd_resolved *resolved, uint32_t proposal) {
    const hsd_effects *e = resolved->storage;
    for (size_t i = 0; i < e->closings.count; i++)
        if (e->closings.data[i].proposal == proposal) return false;
    for (size_t i = 0; i < e->slowings.count; i++)
        if (e->slowings.data[i].proposal == proposal) return false;
    for (size_t i = 0; i < e->waitings.count; i++)
        if (e->waitings.data[i].proposal == proposal) return false;
    return true;
}

/* ---- Paces
 * --------------------------------------------------------------------------------------- */

/* One effect on a directed edge. In order, waits first and divisors ascending, so that what they
 * multiply to does not depend on the order of rows. */
typedef struct effect {
    uint32_t directed_edge;
    double divisor; /* 0: a wait */
    int64_t wait_ms;
} effect;
typedef HSD_ARRAY(effect) effect_list;
typedef HSD_ARRAY(hsd_pace_edit) pace_list;

static int compare_effects(const void *a, const void *b) {
    const effect *x = a, *y = b;
    if (x->directed_edge != y->directed_edge) return x->directed_edge < y->directed_edge ? -1 : 1;
    return (x->divisor > y->divisor) - (x->divisor < y->divisor);
}

static bool collect(const hsd_resolved *resolved, const uint8_t *active, effect_list *out,
                    hsd_error *err) {
    const hsd_effects *e = resolved->storage;
    bool ok = true;
    for (size_t i = 0; ok && i < e->slowings.count; i++) {
        const hsd_slowing *s = &e->slowings.data[i];
        const effect one = {s->directed_edge, s->divisor, 0};
        if (active[s->proposal]) ok = hsd_array_push(out, one, err);
    }
    for (size_t i = 0; ok && i < e->waitings.count; i++) {
        const hsd_waiting *w = &e->waitings.data[i];
        const effect one = {w->directed_edge, 0, w->ms};
        if (active[w->proposal]) ok = hsd_array_push(out, one, err);
    }
    if (ok && out->count > 1) qsort(out->data, out->count, sizeof *out->data, compare_effects);
    return ok;
}

/* 0: a time as long as that is no way through. */
static uint32_t fixed_pace(double ms) {
    return ms < HSD_UNREACHABLE ? HSD_PACE_FIXED | (uint32_t)fmax(ms, 0) : 0;
}

/* Divisors multiplied, rounded once; then the waits, on the time that makes. */
static uint32_t pace_after(const hsd_network *n, uint32_t pace, const effect *effects,
                           size_t count) {
    double divisor = 1;
    int64_t wait_ms = 0;
    bool slowed = false, waits = false;
    for (size_t i = 0; i < count; i++) {
        wait_ms += effects[i].wait_ms;
        waits = waits || effects[i].divisor == 0;
        if (effects[i].divisor == 0) continue;
        divisor *= effects[i].divisor;
        slowed = true;
    }
    if (slowed && (pace & HSD_PACE_FIXED))
        pace = fixed_pace(floor((pace & ~HSD_PACE_FIXED) * divisor + 0.5));
    else if (slowed)
        pace = (uint32_t)fmin(fmax(floor(pace / divisor + 0.5), 1), HSD_PACE_FIXED - 1.0);
    const uint32_t whole_ms = hsd_edge_whole_ms(n, effects[0].directed_edge / 2, pace);
    if (whole_ms >= HSD_UNREACHABLE) return 0;
    return waits ? fixed_pace((double)whole_ms + (double)wait_ms) : pace;
}

static bool make_paces(const hsd_resolved *resolved, const effect_list *effects, pace_list *out,
                       hsd_error *err) {
    const uint32_t *pace = resolved->network->metrics[resolved->profile].pace;
    bool ok = true;
    for (size_t i = 0, end; ok && i < effects->count; i = end) {
        const uint32_t k = effects->data[i].directed_edge;
        for (end = i + 1; end < effects->count && effects->data[end].directed_edge == k;) end++;
        const hsd_pace_edit edit = {
            k, pace_after(resolved->network, pace[k], &effects->data[i], end - i)};
        if (edit.pace != pace[k]) ok = hsd_array_push(out, edit, err);
    }
    return ok;
}

/* ---- Closed parts
 * ---------------------------------------------------------------------------------- */

typedef HSD_ARRAY(hsd_closed_part) part_list;

static hsd_edge_place begin_of(const hsd_closed_part *part) {
    return (hsd_edge_place){part->from_segment, part->from_fraction};
}
static hsd_edge_place end_of(const hsd_closed_part *part) {
    return (hsd_edge_place){part->to_segment, part->to_fraction};
}

static int compare_parts(const void *a, const void *b) {
    const hsd_closed_part *x = a, *y = b;
    if (x->edge != y->edge) return x->edge < y->edge ? -1 : 1;
    return hsd_edge_place_compare(begin_of(x), begin_of(y));
}

/* Closures close both directions, so that stretches of an edge which meet are one. */
static bool make_parts(const hsd_resolved *resolved, const uint8_t *active, part_list *out,
                       hsd_error *err) {
    const hsd_effects *e = resolved->storage;
    for (size_t i = 0; i < e->closings.count; i++)
        if (active[e->closings.data[i].proposal] &&
            !hsd_array_push(out, e->closings.data[i].part, err))
            return false;
    if (out->count > 1) qsort(out->data, out->count, sizeof *out->data, compare_parts);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++) {
        const hsd_closed_part next = out->data[i];
        hsd_closed_part *last = kept ? &out->data[kept - 1] : NULL;
        if (!last || last->edge != next.edge ||
            hsd_edge_place_compare(end_of(last), begin_of(&next)) < 0) {
            out->data[kept++] = next;
        } else if (hsd_edge_place_compare(end_of(last), end_of(&next)) < 0) {
            last->to_segment = next.to_segment;
            last->to_fraction = next.to_fraction;
        }
    }
    out->count = kept;
    return true;
}

hsd_status hsd_scenario_network(const hsd_resolved *resolved, const uint8_t *active,
                                hsd_network **out, hsd_error *err) {
    effect_list effects = {0};
    pace_list paces = {0};
    part_list parts = {0};
    *out = NULL;
    hsd_status status = HSD_E_MEMORY;
    if (collect(resolved, active, &effects, err) && make_paces(resolved, &effects, &paces, err) &&
        make_parts(resolved, active, &parts, err))
        status = HSD_OK;
    if (status == HSD_OK && paces.count + parts.count > 0)
        status = hsd_network_adapt(resolved->network, resolved->profile, paces.data, paces.count,
                                   parts.data, parts.count, out, err);
    hsd_array_finish(&effects);
    hsd_array_finish(&paces);
    hsd_array_finish(&parts);
    return status;
}
