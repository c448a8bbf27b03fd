/* A packed Hilbert R-tree (Kamel and Faloutsos 1993; the flat layout is that of flatbush).
 *
 * Items are sorted once by the Hilbert value of their box's centre on a 2^16 grid over the extent,
 * then every 16 neighbours share a parent box, level by level. Everything is integer arithmetic, so
 * the tree is the same on every machine. Build O(n), query O(16 log n + hits) without heap memory,
 * nearest O((k + log n) log n) best first.
 *
 * Invariant: a parent's box holds its children's; box j of level l has the children 16 j .. 16 j +
 * 15 of level l - 1 (fewer at the end of the level). A tree mapped from a file with wrong boxes
 * misses items, but never reads outside its arrays. */
#include "geo/rtree.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"

#define MAX_LEVELS 9 /* 16^8 = 2^32 items */

static uint32_t level_sizes(uint32_t item_count, uint32_t sizes[MAX_LEVELS], int *levels) {
    uint32_t total = 0, size = item_count;
    int level = 0;
    while (size > 0) {
        sizes[level++] = size;
        total += size;
        if (size == 1) break;
        size = (uint32_t)(((uint64_t)size + HSD_RTREE_FANOUT - 1) / HSD_RTREE_FANOUT);
    }
    *levels = level;
    return total;
}

uint32_t hsd_rtree_box_count(uint32_t item_count) {
    uint32_t sizes[MAX_LEVELS];
    int levels;
    return level_sizes(item_count, sizes, &levels);
}

/* Where the levels of a tree begin in its boxes. */
typedef struct shape {
    uint32_t start[MAX_LEVELS], size[MAX_LEVELS];
    int levels;
} shape;

static shape shape_of(uint32_t item_count) {
    shape s;
    level_sizes(item_count, s.size, &s.levels);
    uint32_t start = 0;
    for (int level = 0; level < s.levels; level++) {
        s.start[level] = start;
        start += s.size[level];
    }
    return s;
}

/* ---- Build ----------------------------------------------------------------------------------- */

/* Position on the Hilbert curve of order 16 (Hamilton's rotation form). */
static uint32_t hilbert(uint32_t x, uint32_t y) {
    uint32_t value = 0;
    for (uint32_t bit = 1u << 15; bit > 0; bit >>= 1) {
        uint32_t right = (x & bit) ? 1 : 0, up = (y & bit) ? 1 : 0;
        value = (value << 2) | ((3 * right) ^ up);
        if (!up) {
            if (right) {
                x = 0xFFFFu - x;
                y = 0xFFFFu - y;
            }
            uint32_t swapped = x;
            x = y;
            y = swapped;
        }
    }
    return value;
}

static hsd_box_e7 joined(hsd_box_e7 a, hsd_box_e7 b) {
    if (b.min_lon_e7 < a.min_lon_e7) a.min_lon_e7 = b.min_lon_e7;
    if (b.min_lat_e7 < a.min_lat_e7) a.min_lat_e7 = b.min_lat_e7;
    if (b.max_lon_e7 > a.max_lon_e7) a.max_lon_e7 = b.max_lon_e7;
    if (b.max_lat_e7 > a.max_lat_e7) a.max_lat_e7 = b.max_lat_e7;
    return a;
}

typedef struct entry {
    uint64_t key; /* Hilbert value, then item id */
    uint32_t box;
} entry;

/* 0..65535 of the doubled centre between the doubled ends */
static uint32_t grid(int64_t centre2, int64_t low, int64_t high) {
    return high > low ? (uint32_t)((centre2 - 2 * low) * 0xFFFF / (2 * (high - low))) : 0;
}

static void make_entries(const hsd_box_e7 *boxes, const uint32_t *items, uint32_t count,
                         entry *out) {
    hsd_box_e7 all = boxes[0];
    for (uint32_t i = 1; i < count; i++) all = joined(all, boxes[i]);
    for (uint32_t i = 0; i < count; i++) {
        int64_t lon2 = (int64_t)boxes[i].min_lon_e7 + boxes[i].max_lon_e7;
        int64_t lat2 = (int64_t)boxes[i].min_lat_e7 + boxes[i].max_lat_e7;
        uint32_t value = hilbert(grid(lon2, all.min_lon_e7, all.max_lon_e7),
                                 grid(lat2, all.min_lat_e7, all.max_lat_e7));
        out[i].key = ((uint64_t)value << 32) | (items ? items[i] : i);
        out[i].box = i;
    }
}

/* Stable byte-wise radix sort; passes in which all keys agree are left out. The result is in a or
 * b: returns which. */
static entry *radix_sort(entry *a, entry *b, uint32_t count) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
        uint32_t start[257] = {0};
        for (uint32_t i = 0; i < count; i++) start[((a[i].key >> shift) & 255) + 1]++;
        if (start[((a[0].key >> shift) & 255) + 1] == count) continue;
        for (int digit = 0; digit < 256; digit++) start[digit + 1] += start[digit];
        for (uint32_t i = 0; i < count; i++) b[start[(a[i].key >> shift) & 255]++] = a[i];
        entry *swapped = a;
        a = b;
        b = swapped;
    }
    return a;
}

static void fill_parents(hsd_box_e7 *boxes, uint32_t item_count) {
    shape s = shape_of(item_count);
    for (int level = 1; level < s.levels; level++) {
        const hsd_box_e7 *below = boxes + s.start[level - 1];
        for (uint32_t i = 0; i < s.size[level]; i++) {
            uint32_t begin = i * HSD_RTREE_FANOUT;
            uint32_t end = s.size[level - 1] - begin < HSD_RTREE_FANOUT ? s.size[level - 1]
                                                                        : begin + HSD_RTREE_FANOUT;
            hsd_box_e7 box = below[begin];
            for (uint32_t child = begin + 1; child < end; child++) box = joined(box, below[child]);
            boxes[s.start[level] + i] = box;
        }
    }
}

hsd_status hsd_rtree_build(const hsd_box_e7 *boxes, const uint32_t *items, uint32_t count,
                           hsd_rtree *out, hsd_error *err) {
    memset(out, 0, sizeof *out);
    if (count > UINT32_MAX / 2)
        return hsd_fail(err, HSD_E_MEMORY, "spatial index: %u items are more than it can hold",
                        count);
    uint32_t box_count = hsd_rtree_box_count(count);
    hsd_box_e7 *packed = hsd_alloc(box_count, sizeof *packed, err);
    uint32_t *order = hsd_alloc(count, sizeof *order, err);
    entry *a = hsd_alloc(count, sizeof *a, err), *b = hsd_alloc(count, sizeof *b, err);
    if (!packed || !order || !a || !b) {
        hsd_free(packed);
        hsd_free(order);
        hsd_free(a);
        hsd_free(b);
        return HSD_E_MEMORY;
    }
    if (count > 0) {
        make_entries(boxes, items, count, a);
        const entry *sorted = radix_sort(a, b, count);
        for (uint32_t i = 0; i < count; i++) {
            packed[i] = boxes[sorted[i].box];
            order[i] = (uint32_t)sorted[i].key;
        }
        fill_parents(packed, count);
    }
    hsd_free(a);
    hsd_free(b);
    *out = (hsd_rtree){count, box_count, packed, order};
    return HSD_OK;
}

void hsd_rtree_finish(hsd_rtree *tree) {
    if (!tree) return;
    hsd_free((void *)(uintptr_t)tree->boxes);
    hsd_free((void *)(uintptr_t)tree->items);
    memset(tree, 0, sizeof *tree);
}

/* ---- Query ----------------------------------------------------------------------------------- */

static bool meets(hsd_box_e7 a, hsd_box_e7 b) {
    return a.min_lon_e7 <= b.max_lon_e7 && b.min_lon_e7 <= a.max_lon_e7 &&
           a.min_lat_e7 <= b.max_lat_e7 && b.min_lat_e7 <= a.max_lat_e7;
}

void hsd_rtree_query(const hsd_rtree *tree, hsd_box_e7 box, hsd_rtree_visit visit, void *context) {
    if (tree->item_count == 0) return;
    shape s = shape_of(tree->item_count);
    /* next[level], end[level]: the children still to look at; depth first in array order */
    uint32_t next[MAX_LEVELS], end[MAX_LEVELS];
    int level = s.levels - 1;
    next[level] = 0;
    end[level] = s.size[level];
    for (;;) {
        if (next[level] == end[level]) {
            if (++level == s.levels) return;
            continue;
        }
        uint32_t i = next[level]++;
        if (!meets(tree->boxes[s.start[level] + i], box)) continue;
        if (level == 0) {
            if (!visit(context, tree->items[i])) return;
        } else {
            level--;
            next[level] = i * HSD_RTREE_FANOUT;
            end[level] = s.size[level] - next[level] < HSD_RTREE_FANOUT
                             ? s.size[level]
                             : next[level] + HSD_RTREE_FANOUT;
        }
    }
}

/* ---- Distances --------------------------------------------------------------------------------
 */

/* Radii of curvature of WGS84: of the meridian for latitude, of the prime vertical for longitude.
 */
hsd_tangent hsd_tangent_at(double lon, double lat) {
    const double a = 6378137.0, f = 1 / 298.257223563, e2 = f * (2 - f);
    const double radian = 3.14159265358979323846 / 180;
    double sine = sin(lat * radian), root = sqrt(1 - e2 * sine * sine);
    double meridian = a * (1 - e2) / (root * root * root), vertical = a / root;
    return (hsd_tangent){lon, lat, radian * vertical * cos(lat * radian), radian * meridian};
}

static int32_t clamp_e7(double degrees) {
    const double e7 = degrees * 1e7;
    return e7 < -1.8e9 ? -1800000000 : e7 > 1.8e9 ? 1800000000 : (int32_t)e7;
}

hsd_box_e7 hsd_box_around(double lon, double lat, double m) {
    const hsd_tangent tangent = hsd_tangent_at(lon, lat);
    const double dlat = m * 1.02 / tangent.m_per_lat + 1e-6;
    const double far_lat = fmin(fabs(lat) + dlat, 90);
    const hsd_tangent narrow = hsd_tangent_at(lon, far_lat);
    const double dlon = narrow.m_per_lon > 1 ? m * 1.02 / narrow.m_per_lon + 1e-6 : 360;
    return (hsd_box_e7){clamp_e7(lon - dlon), clamp_e7(lat - dlat), clamp_e7(lon + dlon),
                        clamp_e7(lat + dlat)};
}

double hsd_tangent_segment_m(const hsd_tangent *tangent, hsd_point_e7 a, hsd_point_e7 b,
                             double *fraction) {
    double ax = (a.lon_e7 / 1e7 - tangent->lon) * tangent->m_per_lon;
    double ay = (a.lat_e7 / 1e7 - tangent->lat) * tangent->m_per_lat;
    double bx = (b.lon_e7 / 1e7 - tangent->lon) * tangent->m_per_lon;
    double by = (b.lat_e7 / 1e7 - tangent->lat) * tangent->m_per_lat;
    double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
    double t = square > 0 ? -(ax * dx + ay * dy) / square : 0;
    if (!(t > 0)) t = 0;
    if (t > 1) t = 1;
    /* from the nearer end, so that a foot at b has exactly b's distance */
    double x = t < 0.5 ? ax + t * dx : bx - (1 - t) * dx;
    double y = t < 0.5 ? ay + t * dy : by - (1 - t) * dy;
    if (fraction) *fraction = t;
    return sqrt(x * x + y * y);
}

/* A lower bound: a hair short, so that rounding never puts a box behind what it holds. */
static double box_m(const hsd_tangent *from, hsd_box_e7 box) {
    double west = box.min_lon_e7 / 1e7 - from->lon, east = from->lon - box.max_lon_e7 / 1e7;
    double south = box.min_lat_e7 / 1e7 - from->lat, north = from->lat - box.max_lat_e7 / 1e7;
    double dx = west > 0 ? west : east > 0 ? east : 0;
    double dy = south > 0 ? south : north > 0 ? north : 0;
    dx *= from->m_per_lon;
    dy *= from->m_per_lat;
    double m = sqrt(dx * dx + dy * dy) * (1 - 1e-9) - 1e-6;
    return m > 0 ? m : 0;
}

/* ---- Nearest ----------------------------------------------------------------------------------
 */

typedef struct candidate {
    double m;
    uint32_t id;   /* box within its level, or item */
    int32_t level; /* -1: an item with its exact distance */
} candidate;

/* Boxes go before items of the same distance: then all items of one distance are in the heap before
 * the first of them is visited, and ascending item id decides. */
static bool before(candidate a, candidate b) {
    if (a.m != b.m) return a.m < b.m;
    if ((a.level < 0) != (b.level < 0)) return a.level >= 0;
    if (a.level != b.level) return a.level > b.level;
    return a.id < b.id;
}

#define INLINE_HEAP 192

typedef struct heap {
    candidate first[INLINE_HEAP];
    candidate *data, *owned;
    size_t count, capacity;
} heap;

static bool heap_push(heap *h, candidate added, hsd_error *err) {
    if (h->count == h->capacity) {
        size_t capacity = h->capacity * 2;
        candidate *grown = hsd_realloc(h->owned, capacity, sizeof *grown, err);
        if (!grown) return false;
        if (!h->owned) memcpy(grown, h->first, sizeof h->first);
        h->data = h->owned = grown;
        h->capacity = capacity;
    }
    size_t i = h->count++;
    while (i > 0 && before(added, h->data[(i - 1) / 2])) {
        h->data[i] = h->data[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    h->data[i] = added;
    return true;
}

static candidate heap_pop(heap *h) {
    candidate top = h->data[0], last = h->data[--h->count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= h->count) break;
        if (child + 1 < h->count && before(h->data[child + 1], h->data[child])) child++;
        if (!before(h->data[child], last)) break;
        h->data[i] = h->data[child];
        i = child;
    }
    h->data[i] = last;
    return top;
}

static bool push_children(heap *h, const hsd_rtree *tree, const shape *s, candidate parent,
                          const hsd_tangent *from, double max_m, hsd_error *err) {
    int level = parent.level - 1;
    uint32_t begin = parent.id * HSD_RTREE_FANOUT, size = s->size[level];
    uint32_t end = size - begin < HSD_RTREE_FANOUT ? size : begin + HSD_RTREE_FANOUT;
    for (uint32_t i = begin; i < end; i++) {
        candidate child = {box_m(from, tree->boxes[s->start[level] + i]), i, level};
        if (child.m <= max_m && !heap_push(h, child, err)) return false;
    }
    return true;
}

hsd_status hsd_rtree_nearest(const hsd_rtree *tree, const hsd_tangent *from, double max_m,
                             hsd_rtree_distance distance, hsd_rtree_near_visit visit, void *context,
                             hsd_error *err) {
    if (tree->item_count == 0) return HSD_OK;
    shape s = shape_of(tree->item_count);
    heap h;
    h.data = h.first;
    h.owned = NULL;
    h.count = 0;
    h.capacity = INLINE_HEAP;
    int top = s.levels - 1;
    candidate root = {box_m(from, tree->boxes[s.start[top]]), 0, top};
    bool ok = root.m > max_m || heap_push(&h, root, err);
    while (ok && h.count > 0) {
        candidate next = heap_pop(&h);
        if (next.level < 0) {
            if (!visit(context, next.id, next.m)) break;
        } else if (next.level == 0) {
            uint32_t item = tree->items[next.id];
            candidate exact = {distance(context, item), item, -1};
            if (exact.m <= max_m) ok = heap_push(&h, exact, err);
        } else {
            ok = push_children(&h, tree, &s, next, from, max_m, err);
        }
    }
    hsd_free(h.owned);
    return ok ? HSD_OK : HSD_E_MEMORY;
}
