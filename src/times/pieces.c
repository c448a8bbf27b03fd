/* Reached pieces of a tree, and the line of a piece. Edges come in ascending order from the bit set
 * of touched edges; each is cut by times/envelope.c. O(edges / 64 + pieces). */
#include <math.h>

#include "times/envelope.h"
#include "times/tree_state.h"

static bool enter_by(const hsd_tree *tree, hsd_envelope *envelope, uint32_t directed,
                     hsd_error *err) {
    if (tree->times->ms[directed] > envelope->cutoff_ms) return true;
    if (!tree->lapses)
        return hsd_envelope_enter(envelope, directed, tree->times->ms[directed], tree->limit_ms, 0,
                                  err);
    const hsd_edge_label *labels = tree->times->labels.data;
    for (uint32_t i = tree->times->first_label[directed]; i != HSD_NO_LABEL; i = labels[i].next)
        if (!hsd_envelope_enter(envelope, directed, labels[i].ms, labels[i].until_ms, 0, err))
            return false;
    return true;
}

hsd_status hsd_tree_cut_edge(const hsd_tree *tree, hsd_envelope *envelope, uint32_t edge,
                             hsd_error *err) {
    envelope->direction = tree->direction;
    envelope->fronts.count = 0;
    if (!enter_by(tree, envelope, 2 * edge, err) || !enter_by(tree, envelope, 2 * edge + 1, err))
        return HSD_E_MEMORY;
    size_t count = 0;
    const hsd_seed *s = NULL;
    if (hsd_bit_get(tree->seeded, edge)) s = hsd_tree_seeds_on(tree, edge, &count);
    for (; count > 0; s++, count--) {
        const uint32_t until_ms = hsd_seed_until_ms(tree, s);
        if (!hsd_envelope_seed(envelope, &s->foot, hsd_seed_cost(s), until_ms, 0, err))
            return HSD_E_MEMORY;
    }
    return hsd_envelope_cut(envelope, edge, err);
}

hsd_status hsd_tree_pieces(const hsd_tree *tree, uint32_t cutoff_ms, hsd_piece_visit visit,
                           void *context, hsd_error *err) {
    if (cutoff_ms > hsd_tree_limit_ms(tree))
        return hsd_fail(err, HSD_E_ARGUMENT, "pieces within %u ms of a tree grown to %u ms",
                        cutoff_ms, hsd_tree_limit_ms(tree));
    hsd_status status = hsd_tree_touch(tree, err);
    hsd_envelope envelope = {.locator = hsd_tree_locator(tree),
                             .cutoff_ms = cutoff_ms,
                             .visit = visit,
                             .context = context};
    const uint64_t *touched = hsd_tree_touched_bits(tree);
    const size_t words = envelope.locator->network->edge_count / 64 + 1;
    for (size_t word = 0; status == HSD_OK && word < words; word++)
        for (uint64_t bits = touched[word]; status == HSD_OK && bits != 0; bits &= bits - 1)
            status = hsd_tree_cut_edge(tree, &envelope,
                                       (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits)), err);
    hsd_envelope_finish(&envelope);
    return status;
}

/* ---- The line of a piece
 * --------------------------------------------------------------------------- */

static hsd_lonlat lonlat(hsd_point_e7 p) {
    return (hsd_lonlat){p.lon_e7 / 1e7, p.lat_e7 / 1e7};
}

/* The drawn position at a distance from the edge's start; the point number before it goes to
 * *segment. */
static hsd_lonlat at_metres(const hsd_network *network, const hsd_edge *edge, double m,
                            uint32_t *segment) {
    const double *segment_m = network->segment_m + edge->first_point;
    const hsd_point_e7 *points = network->points + edge->first_point;
    uint32_t s = 0;
    double before = 0;
    while (s + 2 < edge->point_count && before + segment_m[s] <= m) before += segment_m[s++];
    double fraction = segment_m[s] > 0 ? (m - before) / segment_m[s] : 0;
    fraction = fmin(fmax(fraction, 0), 1);
    if (m >= edge->length_m) {
        s = edge->point_count - 2;
        fraction = 1;
    }
    const hsd_lonlat a = lonlat(points[s]), b = lonlat(points[s + 1]);
    *segment = s;
    if (fraction == 1) return b;
    return (hsd_lonlat){a.lon + fraction * (b.lon - a.lon), a.lat + fraction * (b.lat - a.lat)};
}

static void reverse(hsd_lonlat *points, size_t count) {
    for (size_t i = 0; i < count / 2; i++) {
        const hsd_lonlat p = points[i];
        points[i] = points[count - 1 - i];
        points[count - 1 - i] = p;
    }
}

static void add_point(hsd_geometry *line, hsd_lonlat p) {
    if (line->point_count > 0) {
        const hsd_lonlat last = line->points[line->point_count - 1];
        if (last.lon == p.lon && last.lat == p.lat) return;
    }
    line->points[line->point_count++] = p;
}

hsd_status hsd_piece_geometry(const hsd_network *network, const hsd_piece *piece, hsd_geometry *out,
                              hsd_error *err) {
    *out = (hsd_geometry){.type = HSD_GEOMETRY_LINE, .ring_count = 1};
    if (piece->edge >= network->edge_count) {
        out->ring_count = 0;
        return hsd_fail(err, HSD_E_ARGUMENT, "piece of edge %u: the network has %u", piece->edge,
                        network->edge_count);
    }
    const hsd_edge *edge = &network->edges[piece->edge];
    uint32_t first, last;
    const hsd_lonlat lower = at_metres(network, edge, fmin(piece->in_m, piece->out_m), &first);
    const hsd_lonlat upper = at_metres(network, edge, fmax(piece->in_m, piece->out_m), &last);
    out->points = hsd_alloc((size_t)(last - first) + 2, sizeof *out->points, err);
    out->ring_end = hsd_alloc(1, sizeof *out->ring_end, err);
    if (out->points == NULL || out->ring_end == NULL) {
        hsd_geometry_finish(out);
        return HSD_E_MEMORY;
    }
    add_point(out, lower);
    for (uint32_t i = first + 1; i <= last; i++)
        add_point(out, lonlat(network->points[edge->first_point + i]));
    add_point(out, upper);
    if (out->point_count == 1) out->points[out->point_count++] = upper; /* below a centimetre */
    if (piece->direction == HSD_BACKWARD) reverse(out->points, out->point_count);
    out->ring_end[0] = out->point_count;
    return HSD_OK;
}
