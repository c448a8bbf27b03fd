/* Reached pieces of one edge (design 6: two fronts that meet cut the edge where they meet).
 *
 * All fronts that spread up an edge share one slope, the pace of their direction, and so do those
 * that spread down. With U and D the times from the drawn start to a position at the two paces, an
 * up front has the time k + U(x) from its start on and a down front k - D(x) before its start, k a
 * constant of the front. Between two neighbouring starts the least k of each kind is all that
 * counts, up falls behind down at most once, where U(x) + D(x) = k_down - k_up, and the cut-off
 * ends a front at U(x) = c - k: three exact inversions of piecewise linear functions. Neighbouring
 * stretches of the same front are put together again. Times at positions round half up as feet do.
 * Closed stretches cut the edge, too: no front goes past one; and so does the position where a
 * front lapses, U(x) = until - k, behind which the next one counts. */
#include "times/envelope.h"

#include <math.h>
#include <string.h>

typedef struct position {
    uint32_t segment;
    double fraction; /* < 1 but for the last segment */
} position;

typedef struct edge_view {
    hsd_envelope *envelope;
    uint32_t edge, segments;
    double length_m;
    bool closed;     /* somewhere, for some direction */
    hsd_piece piece; /* not yet visited */
    bool pending, pending_up;
    int64_t pending_key;
    position pending_end;
} edge_view;

#define NO_KEY INT64_MAX

typedef struct key {
    int64_t k; /* NO_KEY: no front */
    uint32_t origin;
} key;

void hsd_envelope_finish(hsd_envelope *envelope) {
    hsd_array_finish(&envelope->fronts);
    hsd_array_finish(&envelope->up_ms);
    hsd_array_finish(&envelope->down_ms);
    hsd_array_finish(&envelope->at_m);
}

/* The direction of travel that spreads up (or down) the drawing. */
static uint32_t travel_of(const hsd_envelope *envelope, bool up) {
    return up == (envelope->direction == HSD_FROM) ? HSD_FORWARD : HSD_BACKWARD;
}

bool hsd_envelope_enter(hsd_envelope *envelope, uint32_t directed, uint32_t ms, uint32_t until_ms,
                        uint32_t origin, hsd_error *err) {
    if (ms > envelope->cutoff_ms || ms > until_ms) return true;
    hsd_front front = {.ms = ms, .until_ms = until_ms, .origin = origin};
    front.up = travel_of(envelope, true) == (directed & 1);
    if (!front.up) {
        front.segment = envelope->locator->network->edges[directed / 2].point_count - 2;
        front.fraction = 1;
        front.prefix_ms = envelope->locator->metric->edge_ms[directed];
    }
    return hsd_array_push(&envelope->fronts, front, err);
}

bool hsd_envelope_seed(hsd_envelope *envelope, const hsd_foot *foot, uint32_t ms, uint32_t until_ms,
                       uint32_t origin, hsd_error *err) {
    if (ms > envelope->cutoff_ms || ms > until_ms) return true;
    for (uint32_t d = 0; d < 2; d++) {
        if (envelope->locator->metric->edge_ms[2 * foot->edge + d] >= HSD_UNREACHABLE) continue;
        const hsd_front front = {.segment = foot->segment,
                                 .fraction = foot->fraction,
                                 .prefix_ms = foot->ms[d],
                                 .ms = ms,
                                 .until_ms = until_ms,
                                 .origin = origin,
                                 .up = travel_of(envelope, true) == d};
        if (!hsd_array_push(&envelope->fronts, front, err)) return false;
    }
    return true;
}

/* ---- Positions and times
 * ----------------------------------------------------------------------------- */

static position position_of(const edge_view *view, uint32_t segment, double fraction) {
    if (fraction >= 1 && segment + 1 < view->segments) return (position){segment + 1, 0};
    return (position){segment, fraction < 1 ? fraction : 1};
}

static int compare(position a, position b) {
    if (a.segment != b.segment) return a.segment < b.segment ? -1 : 1;
    return (a.fraction > b.fraction) - (a.fraction < b.fraction);
}

static position start_of(const hsd_front *front, const edge_view *view) {
    return position_of(view, front->segment, front->fraction);
}

static position end_of(const hsd_front *front) {
    return (position){front->end_segment, front->end_fraction};
}

/* Its time less (up) or plus (down) that from the drawn start is the same all along. */
static int64_t constant_of(const hsd_front *front) {
    return front->up ? (int64_t)front->ms - front->prefix_ms
                     : (int64_t)front->ms + front->prefix_ms;
}

static double exact_ms(const uint32_t *at_ms, position p) {
    return at_ms[p.segment] + p.fraction * (at_ms[p.segment + 1] - at_ms[p.segment]);
}

static uint32_t rounded_ms(const uint32_t *at_ms, position p) {
    const double within = p.fraction * (at_ms[p.segment + 1] - at_ms[p.segment]);
    return at_ms[p.segment] + (uint32_t)floor(within + 0.5);
}

static double metres(const edge_view *view, position p) {
    const double *at_m = view->envelope->at_m.data;
    return at_m[p.segment] + p.fraction * (at_m[p.segment + 1] - at_m[p.segment]);
}

/* Where a + b (b may be NULL) reaches `value`, which it does between from and to. */
static position invert(const edge_view *view, const uint32_t *a, const uint32_t *b, double value,
                       position from, position to) {
    for (uint32_t s = from.segment; s <= to.segment; s++) {
        const double low = (double)a[s] + (b ? b[s] : 0);
        const double high = (double)a[s + 1] + (b ? b[s + 1] : 0);
        if (high < value && s < to.segment) continue;
        position p = {s, high > low ? (value - low) / (high - low) : 0};
        p = position_of(view, s, p.fraction > 0 ? p.fraction : 0);
        if (compare(p, from) < 0) return from;
        return compare(p, to) > 0 ? to : p;
    }
    return to;
}

static hsd_status load(edge_view *view, hsd_error *err) {
    hsd_envelope *envelope = view->envelope;
    const hsd_network *network = envelope->locator->network;
    const hsd_metric *metric = envelope->locator->metric;
    const size_t points = (size_t)view->segments + 1;
    if (!hsd_array_reserve(&envelope->up_ms, points, err) ||
        !hsd_array_reserve(&envelope->down_ms, points, err) ||
        !hsd_array_reserve(&envelope->at_m, points, err))
        return HSD_E_MEMORY;
    for (int up = 0; up < 2; up++) {
        uint32_t *at_ms = up ? envelope->up_ms.data : envelope->down_ms.data;
        const uint32_t directed = 2 * view->edge + travel_of(envelope, up);
        memset(at_ms, 0, points * sizeof *at_ms);
        if (metric->edge_ms[directed] >= HSD_UNREACHABLE) continue;
        hsd_edge_segment_ms(network, view->edge, metric->pace[directed], at_ms + 1);
        for (size_t i = 1; i < points; i++) at_ms[i] += at_ms[i - 1];
    }
    const double *segment_m = network->segment_m + network->edges[view->edge].first_point;
    envelope->at_m.data[0] = 0;
    for (size_t i = 1; i < points; i++)
        envelope->at_m.data[i] =
            fmin(envelope->at_m.data[i - 1] + segment_m[i - 1], view->length_m);
    envelope->at_m.data[points - 1] = view->length_m;
    return HSD_OK;
}

/* ---- Pieces
 * ------------------------------------------------------------------------------------------ */

static hsd_status flush(edge_view *view, hsd_error *err) {
    if (!view->pending) return HSD_OK;
    view->pending = false;
    if (view->piece.in_m == view->piece.out_m) return HSD_OK;
    return view->envelope->visit(view->envelope->context, &view->piece, err);
}

/* lower < upper; times at both ends. Continues the pending piece when it is the same front's. */
static hsd_status add_piece(edge_view *view, bool up, key front, position lower, position upper,
                            bool whole, hsd_error *err) {
    const hsd_envelope *envelope = view->envelope;
    const uint32_t *at_ms = up ? envelope->up_ms.data : envelope->down_ms.data;
    if (compare(lower, upper) >= 0) return HSD_OK;
    const int64_t sign = up ? 1 : -1;
    const uint32_t lower_ms = (uint32_t)(front.k + sign * rounded_ms(at_ms, lower));
    const uint32_t upper_ms = (uint32_t)(front.k + sign * rounded_ms(at_ms, upper));
    const uint32_t travel = travel_of(envelope, up);
    const bool forward = travel == HSD_FORWARD;
    if (view->pending && view->pending_up == up && view->pending_key == front.k &&
        view->piece.origin == front.origin && compare(view->pending_end, lower) == 0) {
        *(forward ? &view->piece.out_m : &view->piece.in_m) = metres(view, upper);
        *(forward ? &view->piece.out_ms : &view->piece.in_ms) = upper_ms;
        view->piece.whole = view->piece.whole && whole;
        view->pending_end = upper;
        return HSD_OK;
    }
    const hsd_status status = flush(view, err);
    const double lower_m = metres(view, lower), upper_m = metres(view, upper);
    view->piece = (hsd_piece){.edge = view->edge,
                              .direction = (uint8_t)travel,
                              .may_stop = hsd_locator_edge_stops(envelope->locator, view->edge),
                              .whole = whole,
                              .in_ms = forward ? lower_ms : upper_ms,
                              .out_ms = forward ? upper_ms : lower_ms,
                              .in_m = forward ? lower_m : upper_m,
                              .out_m = forward ? upper_m : lower_m,
                              .origin = front.origin};
    view->pending = true;
    view->pending_up = up;
    view->pending_key = front.k;
    view->pending_end = upper;
    return status;
}

/* The stretch from p to q, where no front starts between them. */
static hsd_status cut_stretch(edge_view *view, position p, position q, key up, key down,
                              hsd_error *err) {
    const uint32_t *u = view->envelope->up_ms.data, *d = view->envelope->down_ms.data;
    const double cutoff = view->envelope->cutoff_ms;
    const bool has_up = up.k != NO_KEY, has_down = down.k != NO_KEY;
    position meet = has_up ? q : p; /* up before it, down after it */
    if (has_up && has_down) {
        const double at = (double)(down.k - up.k);
        if (exact_ms(u, p) + exact_ms(d, p) >= at)
            meet = p;
        else if (exact_ms(u, q) + exact_ms(d, q) > at)
            meet = invert(view, u, d, at, p, q);
    }
    hsd_status status = HSD_OK;
    if (has_up && (double)up.k + exact_ms(u, p) <= cutoff) {
        const bool whole = (double)up.k + exact_ms(u, meet) <= cutoff;
        const position end = whole ? meet : invert(view, u, NULL, cutoff - (double)up.k, p, meet);
        status = add_piece(view, true, up, p, end, whole, err);
    }
    if (status == HSD_OK && has_down && (double)down.k - exact_ms(d, q) <= cutoff) {
        const bool whole = (double)down.k - exact_ms(d, meet) <= cutoff;
        const position end = whole ? meet : invert(view, d, NULL, (double)down.k - cutoff, meet, q);
        status = add_piece(view, false, down, end, q, whole, err);
    }
    return status;
}

/* A closed stretch bars a front on its way between two positions, p <= q. */
static bool barred(const edge_view *view, bool up, position p, position q) {
    const uint32_t directed = 2 * view->edge + travel_of(view->envelope, up);
    return hsd_closed_between(view->envelope->locator->metric, directed,
                              (hsd_edge_place){p.segment, p.fraction},
                              (hsd_edge_place){q.segment, q.fraction});
}

/* The least front of a kind that covers the stretch from p to q: (k, origin) decides. */
static key least(const edge_view *view, bool up, position p, position q) {
    key best = {NO_KEY, 0};
    for (size_t i = 0; i < view->envelope->fronts.count; i++) {
        const hsd_front *front = &view->envelope->fronts.data[i];
        if (front->up != up) continue;
        const position start = start_of(front, view);
        const position end = end_of(front);
        if (up ? compare(start, p) > 0 : compare(start, q) < 0) continue;
        if (up ? compare(end, q) < 0 : compare(end, p) > 0) continue; /* lapsed */
        if (view->closed && barred(view, up, up ? start : p, up ? q : start)) continue;
        const int64_t k = constant_of(front);
        if (k < best.k || (k == best.k && front->origin < best.origin))
            best = (key){k, front->origin};
    }
    return best;
}

/* Where the front comes to an end: at the edge's, unless it lapses before it comes there. */
static void find_end(const edge_view *view, hsd_front *front) {
    const uint32_t *at_ms = front->up ? view->envelope->up_ms.data : view->envelope->down_ms.data;
    const position begin = {0, 0}, last = {view->segments - 1, 1};
    const double left = (double)front->until_ms - (double)constant_of(front);
    position end = front->up ? last : begin;
    if (front->until_ms >= view->envelope->cutoff_ms)
        ; /* the cut-off ends it */
    else if (front->up && exact_ms(at_ms, last) > left)
        end = invert(view, at_ms, NULL, left, start_of(front, view), last);
    else if (!front->up && -exact_ms(at_ms, begin) > left)
        end = invert(view, at_ms, NULL, -left, begin, start_of(front, view));
    front->end_segment = end.segment;
    front->end_fraction = end.fraction;
}

/* The next position after p where a front starts or lapses, or a closed stretch begins or ends. */
static position next_cut(const edge_view *view, position p) {
    position q = {view->segments - 1, 1};
    for (size_t i = 0; i < view->envelope->fronts.count; i++) {
        const position start = start_of(&view->envelope->fronts.data[i], view);
        const position end = end_of(&view->envelope->fronts.data[i]);
        if (compare(start, p) > 0 && compare(start, q) < 0) q = start;
        if (compare(end, p) > 0 && compare(end, q) < 0) q = end;
    }
    const hsd_closed_part *part;
    size_t parts = hsd_closed_parts(view->envelope->locator->metric, view->edge, &part);
    for (; parts > 0; parts--, part++) {
        const position from = position_of(view, part->from_segment, part->from_fraction);
        const position to = position_of(view, part->to_segment, part->to_fraction);
        if (compare(from, p) > 0 && compare(from, q) < 0) q = from;
        if (compare(to, p) > 0 && compare(to, q) < 0) q = to;
    }
    return q;
}

static hsd_status cut_all(edge_view *view, hsd_error *err) {
    const position end = {view->segments - 1, 1};
    position p = {0, 0};
    hsd_status status = load(view, err);
    for (size_t i = 0; status == HSD_OK && i < view->envelope->fronts.count; i++)
        find_end(view, &view->envelope->fronts.data[i]);
    while (status == HSD_OK && compare(p, end) < 0) {
        const position q = next_cut(view, p);
        status = cut_stretch(view, p, q, least(view, true, p, q), least(view, false, p, q), err);
        p = q;
    }
    return status == HSD_OK ? flush(view, err) : status;
}

/* The common case: one front runs over the whole edge within the cut-off and nothing beats it. */
static bool whole_edge(const edge_view *view, hsd_piece *piece) {
    const hsd_envelope *envelope = view->envelope;
    const hsd_front *fronts = envelope->fronts.data;
    if (envelope->fronts.count == 0 || envelope->fronts.count > 2) return false;
    const uint32_t *edge_ms = envelope->locator->metric->edge_ms + 2 * view->edge;
    for (size_t i = 0; i < envelope->fronts.count; i++) {
        const hsd_front *front = &fronts[i], *other = &fronts[1 - i];
        const uint32_t travel = travel_of(envelope, front->up);
        if (front->segment != (front->up ? 0 : view->segments - 1) ||
            front->fraction != (front->up ? 0.0 : 1.0))
            return false;
        const uint32_t far_ms = hsd_ms_add(front->ms, edge_ms[travel]);
        if (far_ms > envelope->cutoff_ms || far_ms > front->until_ms) continue;
        if (envelope->fronts.count == 2 && (other->up == front->up || other->ms < far_ms)) continue;
        const bool to = envelope->direction == HSD_TO, forward = travel == HSD_FORWARD;
        *piece = (hsd_piece){.edge = view->edge,
                             .direction = (uint8_t)travel,
                             .may_stop = hsd_locator_edge_stops(envelope->locator, view->edge),
                             .whole = true,
                             .in_ms = to ? far_ms : front->ms,
                             .out_ms = to ? front->ms : far_ms,
                             .in_m = forward ? 0 : view->length_m,
                             .out_m = forward ? view->length_m : 0,
                             .origin = front->origin};
        return true;
    }
    return false;
}

hsd_status hsd_envelope_cut(hsd_envelope *envelope, uint32_t edge, hsd_error *err) {
    const hsd_edge *row = &envelope->locator->network->edges[edge];
    edge_view view = {.envelope = envelope, .edge = edge, .segments = row->point_count - 1};
    view.length_m = row->length_m;
    view.closed = hsd_edge_closed(envelope->locator->metric, edge);
    hsd_status status = HSD_OK;
    if (envelope->fronts.count > 0 && row->length_m > 0) {
        if (!view.closed && whole_edge(&view, &view.piece))
            status = envelope->visit(envelope->context, &view.piece, err);
        else
            status = cut_all(&view, err);
    }
    envelope->fronts.count = 0;
    return status;
}
