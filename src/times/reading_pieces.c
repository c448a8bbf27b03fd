/* Where a reading is within the cut-off, edge by edge.
 *
 * The pieces of one tree on an edge do not overlap, so that a position is within the cut-off in as
 * many trees of a part as pieces of that part lie over it: a sweep along the edge counts them, and
 * a stretch is in while every part has more than its rank. Pieces that end and begin at one
 * position count on without a gap. Ends of stretches are ends of pieces, the very same numbers.
 * Memory is that of one edge's pieces. O(touched edges x trees + pieces log pieces of an edge). */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "times/envelope.h"
#include "times/reading.h"

/* A piece of a part's tree. */
typedef struct part_piece {
    hsd_piece piece;
    double lower_m, upper_m;
    size_t part;
} part_piece;

typedef struct event {
    double m;
    size_t part;
    int change;
} event;

typedef struct sweep {
    const hsd_reading *reading;
    const hsd_network *network;
    const hsd_metric *metric;
    uint32_t cutoff_ms, edge;
    hsd_piece_visit visit;
    void *context;
    size_t part;                  /* whose tree is being cut */
    HSD_ARRAY(part_piece) pieces; /* of the edge at hand, */
    HSD_ARRAY(event) events;
    HSD_ARRAY(uint32_t) ms;
} sweep;

static hsd_status take(void *context, const hsd_piece *piece, hsd_error *err) {
    sweep *s = context;
    const part_piece one = {*piece, fmin(piece->in_m, piece->out_m),
                            fmax(piece->in_m, piece->out_m), s->part};
    return hsd_array_push(&s->pieces, one, err) ? HSD_OK : HSD_E_MEMORY;
}

/* ---- Times at the ends of a stretch
 * ------------------------------------------------------------------------------------ */

static uint32_t prefix_ms(const sweep *s, uint32_t direction, double m) {
    const hsd_edge *edge = &s->network->edges[s->edge];
    const double *segment_m = s->network->segment_m + edge->first_point;
    uint32_t segment = 0;
    double before = 0;
    while (segment + 2 < edge->point_count && before + segment_m[segment] <= m)
        before += segment_m[segment++];
    const double length = segment_m[segment];
    const double fraction = length > 0 ? fmin((m - before) / length, 1) : 0;
    return hsd_edge_prefix_ms(s->network, s->edge, s->metric->pace[2 * s->edge + direction],
                              segment, fraction);
}

/* Of a piece, at a position on it. */
static uint32_t piece_ms(const sweep *s, const hsd_piece *piece, double m) {
    if (m == piece->in_m) return piece->in_ms;
    if (m == piece->out_m) return piece->out_ms;
    const uint32_t a = prefix_ms(s, piece->direction, piece->in_m);
    const uint32_t b = prefix_ms(s, piece->direction, m);
    const uint32_t way = a < b ? b - a : a - b;
    return piece->in_ms <= piece->out_ms ? piece->in_ms + way : piece->in_ms - way;
}

/* Seen from the side of the position that is in: below is the stretch's upper end. */
static hsd_status end_ms(sweep *s, double m, bool below, uint32_t *out, hsd_error *err) {
    *out = 0;
    if (!hsd_array_reserve(&s->ms, s->pieces.count, err)) return HSD_E_MEMORY;
    for (size_t p = 0; p < s->reading->part_count; p++) {
        s->ms.count = 0;
        for (size_t i = 0; i < s->pieces.count; i++) {
            const part_piece *one = &s->pieces.data[i];
            const bool over = below ? one->lower_m < m && one->upper_m >= m
                                    : one->lower_m <= m && one->upper_m > m;
            if (over && one->part == p) s->ms.data[s->ms.count++] = piece_ms(s, &one->piece, m);
        }
        const uint32_t ms = hsd_rank_ms(s->ms.data, s->ms.count, s->reading->parts[p].rank);
        if (ms > *out) *out = ms;
    }
    if (*out > s->cutoff_ms) *out = s->cutoff_ms; /* a piece's ends are rounded, its cuts are not */
    return HSD_OK;
}

static hsd_status tell(sweep *s, double lower_m, double upper_m, hsd_error *err) {
    uint32_t lower_ms, upper_ms;
    hsd_status status = end_ms(s, lower_m, false, &lower_ms, err);
    if (status == HSD_OK) status = end_ms(s, upper_m, true, &upper_ms, err);
    if (status != HSD_OK) return status;
    const bool forward = lower_ms <= upper_ms;
    const hsd_piece piece = {.edge = s->edge,
                             .direction = forward ? HSD_FORWARD : HSD_BACKWARD,
                             .may_stop = s->pieces.data[0].piece.may_stop,
                             .whole =
                                 lower_m <= 0 && upper_m >= s->network->edges[s->edge].length_m,
                             .in_ms = forward ? lower_ms : upper_ms,
                             .out_ms = forward ? upper_ms : lower_ms,
                             .in_m = forward ? lower_m : upper_m,
                             .out_m = forward ? upper_m : lower_m};
    return s->visit(s->context, &piece, err);
}

/* ---- The sweep
 * --------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b) {
    const event *x = a, *y = b;
    return (x->m > y->m) - (x->m < y->m);
}

static hsd_status sweep_edge(sweep *s, hsd_error *err) {
    s->events.count = 0;
    for (size_t i = 0; i < s->pieces.count; i++) {
        const part_piece *p = &s->pieces.data[i];
        const event begin = {p->lower_m, p->part, 1}, end = {p->upper_m, p->part, -1};
        if (!hsd_array_push(&s->events, begin, err) || !hsd_array_push(&s->events, end, err))
            return HSD_E_MEMORY;
    }
    if (s->events.count > 1)
        qsort(s->events.data, s->events.count, sizeof *s->events.data, by_place);
    size_t over[2] = {0, 0};
    bool was_in = false;
    double start_m = 0;
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < s->events.count;) {
        const double m = s->events.data[i].m;
        for (; i < s->events.count && s->events.data[i].m == m; i++)
            over[s->events.data[i].part] += (size_t)s->events.data[i].change;
        bool in = true;
        for (size_t p = 0; p < s->reading->part_count; p++)
            in = in && over[p] > s->reading->parts[p].rank;
        if (in && !was_in) start_m = m;
        if (!in && was_in) status = tell(s, start_m, m, err);
        was_in = in;
    }
    return status;
}

/* The pieces of every tree that touches the edge; none where too few do. */
static hsd_status cut_edge(sweep *s, hsd_envelope *envelope, hsd_error *err) {
    s->pieces.count = 0;
    for (s->part = 0; s->part < s->reading->part_count; s->part++) {
        const hsd_reading_part *part = &s->reading->parts[s->part];
        size_t touching = 0;
        for (size_t i = 0; i < part->count; i++)
            touching += hsd_bit_get(hsd_tree_touched_bits(part->trees[i]), s->edge);
        if (touching > part->rank) continue;
        s->pieces.count = 0;
        return HSD_OK;
    }
    for (s->part = 0; s->part < s->reading->part_count; s->part++) {
        const hsd_reading_part *part = &s->reading->parts[s->part];
        for (size_t i = 0; i < part->count; i++) {
            if (!hsd_bit_get(hsd_tree_touched_bits(part->trees[i]), s->edge)) continue;
            const hsd_status status = hsd_tree_cut_edge(part->trees[i], envelope, s->edge, err);
            if (status != HSD_OK) return status;
        }
    }
    return HSD_OK;
}

hsd_status hsd_reading_pieces(const hsd_reading *reading, uint32_t cutoff_ms, hsd_piece_visit visit,
                              void *context, hsd_error *err) {
    hsd_status status = hsd_reading_prepare(reading, err);
    if (status != HSD_OK) return status;
    if (cutoff_ms > hsd_reading_limit_ms(reading))
        return hsd_fail(err, HSD_E_ARGUMENT, "pieces within %u ms of trees grown to %u ms",
                        cutoff_ms, hsd_reading_limit_ms(reading));
    const hsd_locator *locator = hsd_reading_locator(reading);
    sweep s = {.reading = reading,
               .network = locator->network,
               .metric = locator->metric,
               .cutoff_ms = cutoff_ms,
               .visit = visit,
               .context = context};
    hsd_envelope envelope = {
        .locator = locator, .cutoff_ms = cutoff_ms, .visit = take, .context = &s};
    const size_t words = locator->network->edge_count / 64 + 1;
    for (size_t word = 0; status == HSD_OK && word < words; word++) {
        uint64_t bits = 0;
        for (size_t i = 0; i < reading->parts[0].count; i++)
            bits |= hsd_tree_touched_bits(reading->parts[0].trees[i])[word];
        for (; status == HSD_OK && bits != 0; bits &= bits - 1) {
            s.edge = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
            status = cut_edge(&s, &envelope, err);
            if (status == HSD_OK && s.pieces.count > 0) status = sweep_edge(&s, err);
        }
    }
    hsd_envelope_finish(&envelope);
    hsd_array_finish(&s.pieces);
    hsd_array_finish(&s.events);
    hsd_array_finish(&s.ms);
    return status;
}
