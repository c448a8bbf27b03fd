/* Sets of zones: how far a model's members and an official list agree, and contiguity. Enclaves and
 * exclaves are connected parts of a graph of neighbours (Dijkstra, Poelman and Veneri 2019 clean
 * functional urban areas the same way), found by union and find: O(pairs log zones). */
#include <math.h>

#include "base/memory.h"
#include "hourshed/access.h"

/* ---- Agreement ---- */

static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : NAN;
}

hsd_agreement hsd_members_compare(const uint8_t *model, const uint8_t *official, size_t count) {
    hsd_agreement a = {0};
    for (size_t i = 0; i < count; i++) {
        a.both += model[i] && official[i];
        a.model_only += model[i] && !official[i];
        a.official_only += !model[i] && official[i];
    }
    const double both = (double)a.both;
    a.jaccard = ratio(both, (double)(a.both + a.model_only + a.official_only));
    a.recall = ratio(both, (double)(a.both + a.official_only));
    a.precision = ratio(both, (double)(a.both + a.model_only));
    return a;
}

hsd_agreement_by hsd_members_compare_by(const uint8_t *model, const uint8_t *official,
                                        const double *weights, size_t count) {
    hsd_agreement_by a = {0};
    for (size_t i = 0; i < count; i++) {
        if (model[i] && official[i])
            a.both += weights[i];
        else if (model[i])
            a.model_only += weights[i];
        else if (official[i])
            a.official_only += weights[i];
    }
    a.jaccard = ratio(a.both, a.both + a.model_only + a.official_only);
    a.recall = ratio(a.both, a.both + a.official_only);
    a.precision = ratio(a.both, a.both + a.model_only);
    return a;
}

/* ---- Contiguity ---- */

/* The part of a zone: parts are trees whose root stands for all. Paths are halved on the way. */
static uint32_t part_of(uint32_t *parent, uint32_t zone) {
    while (parent[zone] != zone) {
        parent[zone] = parent[parent[zone]];
        zone = parent[zone];
    }
    return zone;
}

/* Connected parts of the zones that are members (or that are not). */
static void connect(uint32_t *parent, const uint8_t *members, bool member, size_t count,
                    const uint32_t (*pairs)[2], size_t pair_count) {
    for (size_t i = 0; i < count; i++) parent[i] = (uint32_t)i;
    for (size_t i = 0; i < pair_count; i++) {
        const uint32_t a = pairs[i][0], b = pairs[i][1];
        if ((members[a] != 0) != member || (members[b] != 0) != member) continue;
        const uint32_t one = part_of(parent, a), other = part_of(parent, b);
        if (one < other)
            parent[other] = one;
        else
            parent[one] = other;
    }
}

/* Of the zones that are members (or that are not), those of parts without a zone that is marked
 * change sides. */
static void turn_unmarked(uint8_t *members, bool member, size_t count, uint32_t *parent,
                          const uint8_t *marks, uint8_t *marked) {
    for (size_t i = 0; i < count; i++) marked[i] = 0;
    for (size_t i = 0; i < count; i++)
        if ((members[i] != 0) == member && marks && marks[i])
            marked[part_of(parent, (uint32_t)i)] = 1;
    for (size_t i = 0; i < count; i++)
        if ((members[i] != 0) == member && !marked[part_of(parent, (uint32_t)i)])
            members[i] = !member;
}

hsd_status hsd_members_tidy(uint8_t *members, size_t count, const uint32_t (*pairs)[2],
                            size_t pair_count, const uint8_t *seed, const uint8_t *on_border,
                            bool fill, bool drop, hsd_error *err) {
    uint32_t *parent = hsd_alloc(count, sizeof *parent, err);
    uint8_t *marked = hsd_alloc(count, 1, err);
    const hsd_status status = parent && marked ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK && fill) {
        connect(parent, members, false, count, pairs, pair_count);
        turn_unmarked(members, false, count, parent, on_border, marked);
    }
    if (status == HSD_OK && drop) {
        connect(parent, members, true, count, pairs, pair_count);
        turn_unmarked(members, true, count, parent, seed, marked);
    }
    hsd_free(parent);
    hsd_free(marked);
    return status;
}
