/* Rings of multipolygons (wiki.openstreetmap.org/wiki/Relation:multipolygon): the ends of all lines
 * are sorted by position and paired where they meet; then every line has a partner at each end and
 * following them gives rings. What an extract cut open is closed by pairing the loose ends that are
 * nearest to each other (a river's banks at the edge of the extract). Positions, not node ids, are
 * compared, so a missing last node does no harm. O(n log n), loose ends O(m^2 log m). */
#include <stdlib.h>

#include "read/osm_rings.h"

#define NO_PARTNER SIZE_MAX
#define MAX_LOOSE 2000 /* more would take more than 2 million pairs: left open */

typedef struct line_end {
    hsd_lonlat at;
    size_t end; /* 2 x line, + 1 for its last point */
} line_end;

typedef struct pair {
    double distance; /* square of degrees */
    size_t a, b;
} pair;

typedef struct joint {
    const hsd_geometry *lines;
    size_t *partner; /* by end */
    bool *done;      /* by line */
    HSD_ARRAY(line_end) loose;
} joint;

static hsd_lonlat point_at(const hsd_geometry *lines, size_t end) {
    size_t line = end / 2, first = line ? lines->ring_end[line - 1] : 0;
    return lines->points[end % 2 ? lines->ring_end[line] - 1 : first];
}

static int compare_ends(const void *a, const void *b) {
    const line_end *x = a, *y = b;
    if (x->at.lon != y->at.lon) return x->at.lon < y->at.lon ? -1 : 1;
    if (x->at.lat != y->at.lat) return x->at.lat < y->at.lat ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static int compare_pairs(const void *a, const void *b) {
    const pair *x = a, *y = b;
    if (x->distance != y->distance) return x->distance < y->distance ? -1 : 1;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static void join(joint *j, size_t a, size_t b) {
    j->partner[a] = b;
    j->partner[b] = a;
}

/* Pairs ends that meet; a line that ends where it begins is a ring by itself. */
static hsd_status pair_meeting(joint *j, hsd_error *err) {
    size_t count = j->lines->ring_count * 2;
    line_end *ends = hsd_alloc(count, sizeof *ends, err);
    if (!ends) return HSD_E_MEMORY;
    for (size_t e = 0; e < count; e++) ends[e] = (line_end){point_at(j->lines, e), e};
    qsort(ends, count, sizeof *ends, compare_ends);
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < count && status == HSD_OK; i++) {
        bool meets = i + 1 < count && ends[i].at.lon == ends[i + 1].at.lon &&
                     ends[i].at.lat == ends[i + 1].at.lat;
        if (meets) {
            join(j, ends[i].end, ends[i + 1].end);
            i++;
        } else if (!hsd_array_push(&j->loose, ends[i], err)) {
            status = HSD_E_MEMORY;
        }
    }
    hsd_free(ends);
    return status;
}

static hsd_status pair_nearest(joint *j, hsd_error *err) {
    size_t m = j->loose.count, count = 0;
    if (m < 2 || m > MAX_LOOSE) return HSD_OK;
    pair *pairs = hsd_alloc(m * (m - 1) / 2, sizeof *pairs, err);
    if (!pairs) return HSD_E_MEMORY;
    for (size_t a = 0; a < m; a++) {
        for (size_t b = a + 1; b < m; b++) {
            hsd_lonlat p = j->loose.data[a].at, q = j->loose.data[b].at;
            double x = p.lon - q.lon, y = p.lat - q.lat;
            pairs[count++] = (pair){x * x + y * y, j->loose.data[a].end, j->loose.data[b].end};
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].a < pairs[i].b) continue;
        size_t swap = pairs[i].a;
        pairs[i].a = pairs[i].b;
        pairs[i].b = swap;
    }
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    for (size_t i = 0; i < count; i++)
        if (j->partner[pairs[i].a] == NO_PARTNER && j->partner[pairs[i].b] == NO_PARTNER)
            join(j, pairs[i].a, pairs[i].b);
    hsd_free(pairs);
    return HSD_OK;
}

/* Follows partners from an end, marking lines done; out NULL: only marks. */
static hsd_status follow(joint *j, size_t end, hsd_osm_shape *out, hsd_error *err) {
    hsd_status status = HSD_OK;
    while (end != NO_PARTNER && !j->done[end / 2] && status == HSD_OK) {
        size_t line = end / 2, first = line ? j->lines->ring_end[line - 1] : 0;
        size_t count = j->lines->ring_end[line] - first;
        j->done[line] = true;
        for (size_t i = 0; i < count && out && status == HSD_OK; i++)
            status = hsd_osm_shape_point(
                out, j->lines->points[first + (end % 2 ? count - 1 - i : i)], err);
        end = j->partner[end ^ 1];
    }
    return status;
}

static hsd_status emit_rings(joint *j, hsd_osm_shape *out, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < j->loose.count; i++)
        if (j->partner[j->loose.data[i].end] == NO_PARTNER)
            follow(j, j->loose.data[i].end, NULL, err);
    for (size_t line = 0; line < j->lines->ring_count && status == HSD_OK; line++) {
        if (j->done[line]) continue;
        status = follow(j, 2 * line, out, err);
        if (status == HSD_OK) status = hsd_osm_shape_end_polygon(out, err);
    }
    return status;
}

hsd_status hsd_osm_rings(const hsd_geometry *lines, int open_chains, hsd_osm_shape *out,
                         size_t *open_count, hsd_error *err) {
    joint j = {.lines = lines};
    *open_count = 0;
    j.partner = hsd_alloc(lines->ring_count * 2, sizeof *j.partner, err);
    j.done = hsd_calloc(lines->ring_count, sizeof *j.done, err);
    hsd_status status = j.partner && j.done ? HSD_OK : HSD_E_MEMORY;
    for (size_t e = 0; status == HSD_OK && e < lines->ring_count * 2; e++)
        j.partner[e] = NO_PARTNER;
    if (status == HSD_OK) status = pair_meeting(&j, err);
    *open_count = j.loose.count / 2;
    if (status == HSD_OK && open_chains == HSD_OSM_CLOSE_OPEN) status = pair_nearest(&j, err);
    if (status == HSD_OK) status = emit_rings(&j, out, err);
    hsd_free(j.partner);
    hsd_free(j.done);
    hsd_array_finish(&j.loose);
    return status;
}
