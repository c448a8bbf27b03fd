/* Parts of a drawn line. A part is carried on by another where its end is that one's start and no
 * third part begins or ends there: where the drawing leaves a choice, parts stay apart, and none is
 * ever turned round. Points are compared as the network keeps them, to 1e-7 degrees.
 * O(points + parts log parts). */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "read/proposals.h"

typedef struct part_end {
    int32_t lon, lat;
    uint32_t part;
    bool start;
} part_end;

static bool same_point(hsd_lonlat a, hsd_lonlat b) {
    return hsd_e7_of(a.lon) == hsd_e7_of(b.lon) && hsd_e7_of(a.lat) == hsd_e7_of(b.lat);
}

/* Equal neighbours become one; parts of one point go. */
static void drop_repeats(hsd_geometry *line) {
    size_t kept = 0, rings = 0;
    for (size_t ring = 0, i = 0; ring < line->ring_count; ring++) {
        size_t first = kept, end = line->ring_end[ring];
        for (; i < end; i++)
            if (kept == first || !same_point(line->points[kept - 1], line->points[i]))
                line->points[kept++] = line->points[i];
        if (kept - first < 2)
            kept = first;
        else
            line->ring_end[rings++] = kept;
    }
    line->point_count = kept;
    line->ring_count = rings;
}

static int by_place(const void *a, const void *b) {
    const part_end *x = a, *y = b;
    if (x->lon != y->lon) return x->lon < y->lon ? -1 : 1;
    if (x->lat != y->lat) return x->lat < y->lat ? -1 : 1;
    if (x->part != y->part) return x->part < y->part ? -1 : 1;
    return (int)x->start - (int)y->start;
}

static size_t first_of(const hsd_geometry *line, size_t part) {
    return part ? line->ring_end[part - 1] : 0;
}

/* next[p]: the part that carries p on, UINT32_MAX: none; led[p]: some part leads to p. */
static hsd_status find_next(const hsd_geometry *line, uint32_t *next, bool *led, hsd_error *err) {
    size_t parts = line->ring_count, count = 0;
    part_end *ends = hsd_alloc(2 * parts, sizeof *ends, err);
    if (!ends) return HSD_E_MEMORY;
    for (size_t p = 0; p < parts; p++) {
        hsd_lonlat from = line->points[first_of(line, p)], to = line->points[line->ring_end[p] - 1];
        ends[count++] = (part_end){hsd_e7_of(from.lon), hsd_e7_of(from.lat), (uint32_t)p, true};
        ends[count++] = (part_end){hsd_e7_of(to.lon), hsd_e7_of(to.lat), (uint32_t)p, false};
        next[p] = UINT32_MAX;
        led[p] = false;
    }
    qsort(ends, count, sizeof *ends, by_place);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1;
             end < count && ends[end].lon == ends[i].lon && ends[end].lat == ends[i].lat;)
            end++;
        if (end - i != 2 || ends[i].start == ends[i + 1].start || ends[i].part == ends[i + 1].part)
            continue;
        uint32_t start = ends[i].start ? ends[i].part : ends[i + 1].part;
        uint32_t stop = ends[i].start ? ends[i + 1].part : ends[i].part;
        next[stop] = start;
        led[start] = true;
    }
    hsd_free(ends);
    return HSD_OK;
}

/* Copies the chain that begins with part p; each joint stands once. Parts copied become led. */
static void copy_chain(const hsd_geometry *line, uint32_t p, const uint32_t *next, bool *done,
                       hsd_lonlat *points, size_t *count) {
    for (bool first = true; p != UINT32_MAX && !done[p]; p = next[p], first = false) {
        size_t from = first_of(line, p) + (first ? 0 : 1), n = line->ring_end[p] - from;
        memcpy(points + *count, line->points + from, n * sizeof *points);
        *count += n;
        done[p] = true;
    }
}

static hsd_status join_parts(hsd_geometry *line, hsd_error *err) {
    size_t parts = line->ring_count, count = 0, rings = 0;
    uint32_t *next = hsd_alloc(parts, sizeof *next, err);
    bool *led = hsd_alloc(parts, sizeof *led, err), *done = hsd_calloc(parts, sizeof *done, err);
    size_t *ring_end = hsd_alloc(parts, sizeof *ring_end, err);
    hsd_lonlat *points = hsd_alloc(line->point_count, sizeof *points, err);
    hsd_status status =
        next && led && done && ring_end && points ? find_next(line, next, led, err) : HSD_E_MEMORY;
    for (int rings_too = 0; rings_too < 2 && status == HSD_OK; rings_too++)
        for (size_t p = 0; p < parts; p++) {
            if (done[p] || (led[p] && !rings_too)) continue; /* rings begin with their first part */
            copy_chain(line, (uint32_t)p, next, done, points, &count);
            ring_end[rings++] = count;
        }
    if (status == HSD_OK) {
        hsd_free(line->points);
        hsd_free(line->ring_end);
        line->points = points;
        line->ring_end = ring_end;
        line->point_count = count;
        line->ring_count = rings;
    } else {
        hsd_free(points);
        hsd_free(ring_end);
    }
    hsd_free(next);
    hsd_free(led);
    hsd_free(done);
    return status;
}

hsd_status hsd_proposal_lines(hsd_geometry *line, hsd_error *err) {
    drop_repeats(line);
    return line->ring_count > 1 ? join_parts(line, err) : HSD_OK;
}
