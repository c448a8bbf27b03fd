/* Dissolving speckles. A border along which times changed by seconds falls into hundreds of
 * patches of a point or two, and each makes junctions, which thinning must keep. Patches (of points
 * alike, over lattice edges) that touch two other labels are given away, those of 1 point, of 2, of
 * 4 ... until few enough junctions are left. Water is never given away. Each round floods every
 * patch once: O(points) a round, log2(points) rounds at most. */
#include <string.h>

#include "circles/labels.h"

typedef struct flood {
    const hsd_field_grid *grid;
    uint8_t *label;
    uint8_t *seen;
    uint32_t *patch; /* points of the patch, in the order found */
    size_t count;
    size_t touching[HSD_LABEL_COUNT]; /* lattice edges to other labels */
    bool wet;
} flood;

static size_t count_junctions(const hsd_field_grid *grid, const uint8_t *label) {
    size_t count = 0;
    for (size_t j = 0; j + 1 < grid->height; j++)
        for (size_t i = 0; i + 1 < grid->width; i++) {
            const uint8_t *s = label + j * grid->width + i, *n = s + grid->width;
            if (s[0] == s[1] && s[0] == n[0] && s[0] == n[1]) continue;
            unsigned kinds = 1u << s[0] | 1u << s[1] | 1u << n[0] | 1u << n[1];
            count += __builtin_popcount(kinds) > 2;
        }
    return count;
}

static void visit(flood *f, uint8_t own, size_t at) {
    if (f->label[at] != own) {
        f->touching[f->label[at]]++;
    } else if (!f->seen[at]) {
        f->seen[at] = 1;
        f->patch[f->count++] = (uint32_t)at;
    }
}

static void fill(flood *f, size_t first) {
    const hsd_field_grid *grid = f->grid;
    const uint8_t own = f->label[first];
    memset(f->touching, 0, sizeof f->touching);
    f->count = 0;
    f->wet = false;
    visit(f, own, first);
    for (size_t k = 0; k < f->count; k++) {
        size_t at = f->patch[k], i = at % grid->width, j = at / grid->width;
        if (grid->land && !grid->land[at]) f->wet = true;
        if (i > 0) visit(f, own, at - 1);
        if (i + 1 < grid->width) visit(f, own, at + 1);
        if (j > 0) visit(f, own, at - grid->width);
        if (j + 1 < grid->height) visit(f, own, at + grid->width);
    }
}

/* To the label most about it; what is faster stays kept. */
static void give_away(flood *f) {
    size_t others = 0, best = HSD_LABEL_COUNT;
    for (size_t l = 0; l < HSD_LABEL_COUNT; l++) {
        if (f->touching[l] == 0) continue;
        others++;
        if (best == HSD_LABEL_COUNT || f->touching[l] > f->touching[best]) best = l;
    }
    if (others < 2) return;
    if (f->label[f->patch[0]] == HSD_LABEL_FASTER) best = HSD_LABEL_KEPT;
    for (size_t k = 0; k < f->count; k++) f->label[f->patch[k]] = (uint8_t)best;
}

hsd_status hsd_label_dissolve(const hsd_field_grid *grid, uint8_t *label, size_t most,
                              hsd_error *err) {
    size_t points = (size_t)grid->width * grid->height;
    if (count_junctions(grid, label) <= most) return HSD_OK;
    flood f = {.grid = grid, .label = label};
    f.seen = hsd_alloc(points, 1, err);
    f.patch = hsd_alloc(points, sizeof *f.patch, err);
    hsd_status status = f.seen && f.patch ? HSD_OK : HSD_E_MEMORY;
    for (size_t size = 1; status == HSD_OK && size < points; size *= 2) {
        memset(f.seen, 0, points);
        for (size_t p = 0; p < points; p++) {
            if (f.seen[p]) continue;
            fill(&f, p);
            if (f.count <= size && !f.wet) give_away(&f);
        }
        if (count_junctions(grid, label) <= most) break;
    }
    hsd_free(f.seen);
    hsd_free(f.patch);
    return status;
}
