/* One line of a proposal: its links as a small graph, so that branches, rings and lines drawn in
 * pieces are one thing. Anchors are places on links: where stations stand, where links end and
 * where the end of another link meets them; neighbours on a link are joined by the length between
 * them, anchors at one place by nothing. Ways are Dijkstra's over anchors (a few hundred: no heap),
 * which stop at the goal. O(links x points) for a place, O(anchors passed x anchors) for a way. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/rail.h"

typedef struct drawn {
    const hsd_link_row *row;
    double *metres; /* from its start to each of its points, scaled to length_km */
} drawn;

typedef struct anchor {
    uint32_t link;
    double at_m;
    uint32_t place;         /* anchors with the same one are at one place: the lowest of them */
    uint32_t before, after; /* neighbours on the link; HSD_NO_ROW: its end */
} anchor;

struct hsd_rail_line {
    HSD_ARRAY(drawn) links;
    HSD_ARRAY(anchor) anchors;
    bool sorted;      /* before and after are known */
    double *distance; /* scratch of a search, one an anchor */
    uint32_t *from;
    uint8_t *settled;
    uint32_t barred; /* anchor that is not left for others of its place; HSD_NO_ROW: none */
};

typedef struct foot {
    uint32_t link;
    double at_m, distance_m;
    hsd_lonlat point;
} foot;

/* ---- Drawing ------------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static hsd_status add_link(hsd_rail_line *line, const hsd_link_row *row, hsd_error *err) {
    const hsd_geometry *g = &row->line;
    drawn d = {row, hsd_alloc(g->point_count, sizeof *d.metres, err)};
    if (!d.metres) return HSD_E_MEMORY;
    if (!hsd_array_push(&line->links, d, err)) {
        hsd_free(d.metres);
        return HSD_E_MEMORY;
    }
    d.metres[0] = 0;
    for (size_t i = 1; i < g->point_count; i++)
        d.metres[i] = d.metres[i - 1] + hsd_geodesic_m(g->points[i - 1].lon, g->points[i - 1].lat,
                                                       g->points[i].lon, g->points[i].lat);
    const double total = d.metres[g->point_count - 1];
    if (row->length_km > 0 && total > 0)
        for (size_t i = 1; i < g->point_count; i++) d.metres[i] *= row->length_km * 1000 / total;
    return HSD_OK;
}

static double link_length(const drawn *d) {
    return d->metres[d->row->line.point_count - 1];
}

/* The nearest position of a link: on each segment in the plane that touches the ellipsoid there. */
static foot foot_on(const hsd_rail_line *line, uint32_t link, hsd_lonlat at) {
    const drawn *d = &line->links.data[link];
    const hsd_lonlat *p = d->row->line.points;
    const double narrow = cos(at.lat * 0.017453292519943295);
    foot best = {.link = link, .distance_m = INFINITY};
    double least = INFINITY;
    for (size_t i = 0; i + 1 < d->row->line.point_count; i++) {
        const double ax = (p[i].lon - at.lon) * narrow, ay = p[i].lat - at.lat;
        const double bx = (p[i + 1].lon - p[i].lon) * narrow, by = p[i + 1].lat - p[i].lat;
        const double length = bx * bx + by * by;
        const double f = length > 0 ? fmin(fmax(-(ax * bx + ay * by) / length, 0), 1) : 0;
        const double x = ax + f * bx, y = ay + f * by, apart = x * x + y * y;
        if (!(apart < least)) continue;
        least = apart;
        best.at_m = d->metres[i] + f * (d->metres[i + 1] - d->metres[i]);
        best.point = (hsd_lonlat){p[i].lon + f * (p[i + 1].lon - p[i].lon),
                                  p[i].lat + f * (p[i + 1].lat - p[i].lat)};
    }
    best.distance_m = hsd_geodesic_m(at.lon, at.lat, best.point.lon, best.point.lat);
    return best;
}

static foot nearest_foot(const hsd_rail_line *line, hsd_lonlat at) {
    foot best = {.distance_m = INFINITY};
    for (uint32_t l = 0; l < line->links.count; l++) {
        const foot f = foot_on(line, l, at);
        if (f.distance_m < best.distance_m) best = f;
    }
    return best;
}

static hsd_lonlat point_at(const drawn *d, double at_m) {
    const hsd_lonlat *p = d->row->line.points;
    size_t i = 0;
    while (i + 2 < d->row->line.point_count && d->metres[i + 1] < at_m) i++;
    const double span = d->metres[i + 1] - d->metres[i];
    const double f = span > 0 ? fmin(fmax((at_m - d->metres[i]) / span, 0), 1) : 0;
    return (hsd_lonlat){p[i].lon + f * (p[i + 1].lon - p[i].lon),
                        p[i].lat + f * (p[i + 1].lat - p[i].lat)};
}

/* ---- Anchors ------------------------------------------------------------------------------- */

/* What is within a metre along a link is one anchor. */
static hsd_status anchor_at(hsd_rail_line *line, uint32_t link, double at_m, uint32_t *out,
                            hsd_error *err) {
    for (uint32_t i = 0; i < line->anchors.count; i++)
        if (line->anchors.data[i].link == link && fabs(line->anchors.data[i].at_m - at_m) < 1) {
            *out = i;
            return HSD_OK;
        }
    *out = (uint32_t)line->anchors.count;
    const anchor a = {link, at_m, *out, HSD_NO_ROW, HSD_NO_ROW};
    line->sorted = false;
    return hsd_array_push(&line->anchors, a, err) ? HSD_OK : HSD_E_MEMORY;
}

static void unite(hsd_rail_line *line, uint32_t a, uint32_t b) {
    const uint32_t x = line->anchors.data[a].place, y = line->anchors.data[b].place;
    const uint32_t low = x < y ? x : y, high = x < y ? y : x;
    for (size_t i = 0; i < line->anchors.count; i++)
        if (line->anchors.data[i].place == high) line->anchors.data[i].place = low;
}

/* The end of one link at any place of another, or at its own other end. */
static hsd_status join_end(hsd_rail_line *line, uint32_t link, uint32_t end, hsd_error *err) {
    const drawn *d = &line->links.data[link];
    const double at_m = line->anchors.data[end].at_m;
    const hsd_lonlat at = point_at(d, at_m);
    for (uint32_t other = 0; other < line->links.count; other++) {
        foot f = foot_on(line, other, at);
        if (other == link) { /* a ring */
            const double far_m = at_m > 0 ? 0 : link_length(d);
            const hsd_lonlat far = point_at(d, far_m);
            f.at_m = far_m;
            f.distance_m = hsd_geodesic_m(at.lon, at.lat, far.lon, far.lat);
        }
        uint32_t met;
        if (f.distance_m > HSD_SAME_PLACE_M) continue;
        const double length = link_length(&line->links.data[other]);
        if (f.at_m < HSD_SAME_PLACE_M && f.at_m < length / 2) f.at_m = 0; /* end to end */
        if (f.at_m > length - HSD_SAME_PLACE_M && f.at_m > length / 2) f.at_m = length;
        const hsd_status status = anchor_at(line, other, f.at_m, &met, err);
        if (status != HSD_OK) return status;
        unite(line, end, met);
    }
    return HSD_OK;
}

static hsd_status join_links(hsd_rail_line *line, hsd_error *err) {
    const size_t count = line->links.count;
    hsd_status status = HSD_OK;
    for (uint32_t l = 0; l < count && status == HSD_OK; l++) {
        uint32_t end;
        status = anchor_at(line, l, 0, &end, err);
        if (status == HSD_OK)
            status = anchor_at(line, l, link_length(&line->links.data[l]), &end, err);
    }
    for (uint32_t l = 0; l < count && status == HSD_OK; l++) {
        uint32_t start, end;
        status = anchor_at(line, l, 0, &start, err);
        if (status == HSD_OK)
            status = anchor_at(line, l, link_length(&line->links.data[l]), &end, err);
        if (status == HSD_OK) status = join_end(line, l, start, err);
        if (status == HSD_OK) status = join_end(line, l, end, err);
    }
    return status;
}

typedef struct place_on {
    uint32_t link, anchor;
    double at_m;
} place_on;

static int by_link(const void *a, const void *b) {
    const place_on *x = a, *y = b;
    if (x->link != y->link) return x->link < y->link ? -1 : 1;
    if (x->at_m != y->at_m) return x->at_m < y->at_m ? -1 : 1;
    return (x->anchor > y->anchor) - (x->anchor < y->anchor);
}

static hsd_status sort_anchors(hsd_rail_line *line, hsd_error *err) {
    if (line->sorted) return HSD_OK;
    const size_t count = line->anchors.count;
    hsd_free(line->distance);
    hsd_free(line->from);
    hsd_free(line->settled);
    line->distance = hsd_alloc(count, sizeof *line->distance, err);
    line->from = hsd_alloc(count, sizeof *line->from, err);
    line->settled = hsd_alloc(count, sizeof *line->settled, err);
    place_on *order = hsd_alloc(count, sizeof *order, err);
    const bool ok = line->distance && line->from && line->settled && order;
    for (uint32_t i = 0; ok && i < count; i++)
        order[i] = (place_on){line->anchors.data[i].link, i, line->anchors.data[i].at_m};
    if (ok) qsort(order, count, sizeof *order, by_link);
    for (size_t i = 0; ok && i < count; i++) {
        anchor *a = &line->anchors.data[order[i].anchor];
        const bool first = i == 0 || order[i - 1].link != order[i].link;
        const bool last = i + 1 == count || order[i + 1].link != order[i].link;
        a->before = first ? HSD_NO_ROW : order[i - 1].anchor;
        a->after = last ? HSD_NO_ROW : order[i + 1].anchor;
    }
    hsd_free(order);
    line->sorted = ok;
    return ok ? HSD_OK : HSD_E_MEMORY;
}

/* ---- Ways ---------------------------------------------------------------------------------- */

static void reach(hsd_rail_line *line, uint32_t to, double distance, uint32_t from) {
    if (to == HSD_NO_ROW || line->settled[to] || !(distance < line->distance[to])) return;
    line->distance[to] = distance;
    line->from[to] = from;
}

/* Distances from an anchor until the goal is settled (HSD_NO_ROW: all). */
static void search(hsd_rail_line *line, uint32_t start, uint32_t goal) {
    const size_t count = line->anchors.count;
    for (size_t i = 0; i < count; i++) {
        line->distance[i] = INFINITY;
        line->from[i] = HSD_NO_ROW;
        line->settled[i] = 0;
    }
    line->distance[start] = 0;
    for (;;) {
        uint32_t at = HSD_NO_ROW;
        for (uint32_t i = 0; i < count; i++)
            if (!line->settled[i] && line->distance[i] < INFINITY &&
                (at == HSD_NO_ROW || line->distance[i] < line->distance[at]))
                at = i;
        if (at == HSD_NO_ROW) return;
        line->settled[at] = 1;
        if (at == goal) return;
        const anchor *a = &line->anchors.data[at];
        if (a->before != HSD_NO_ROW)
            reach(line, a->before,
                  line->distance[at] + a->at_m - line->anchors.data[a->before].at_m, at);
        if (a->after != HSD_NO_ROW)
            reach(line, a->after, line->distance[at] + line->anchors.data[a->after].at_m - a->at_m,
                  at);
        for (uint32_t i = 0; i < count; i++)
            if (i != at && line->anchors.data[i].place == a->place && i != line->barred &&
                at != line->barred)
                reach(line, i, line->distance[at], at);
    }
}

static bool push_point(hsd_lonlats *points, hsd_lonlat p, hsd_error *err) {
    if (points->count && points->data[points->count - 1].lon == p.lon &&
        points->data[points->count - 1].lat == p.lat)
        return true;
    return hsd_array_push(points, p, err);
}

/* The points of a link between two of its positions, in order of travel. */
static bool push_stretch(const drawn *d, double from_m, double to_m, hsd_lonlats *points,
                         hsd_error *err) {
    const size_t count = d->row->line.point_count;
    const hsd_lonlat *p = d->row->line.points;
    bool ok = push_point(points, point_at(d, from_m), err);
    if (from_m <= to_m) {
        for (size_t i = 0; i < count && ok; i++)
            if (d->metres[i] > from_m && d->metres[i] < to_m) ok = push_point(points, p[i], err);
    } else {
        for (size_t i = count; i-- > 0 && ok;)
            if (d->metres[i] < from_m && d->metres[i] > to_m) ok = push_point(points, p[i], err);
    }
    return ok && push_point(points, point_at(d, to_m), err);
}

hsd_status hsd_rail_line_way(hsd_rail_line *line, uint32_t from, uint32_t to, double usual_kmh,
                             double most_kmh, hsd_lonlats *points, hsd_rail_way *out,
                             hsd_error *err) {
    *out = (hsd_rail_way){.length_m = -1};
    hsd_status status = sort_anchors(line, err);
    if (status != HSD_OK) return status;
    search(line, to, from); /* backwards: `from` then leads forward */
    if (!(line->distance[from] < INFINITY)) return HSD_OK;
    out->length_m = line->distance[from];
    for (uint32_t at = from; at != to; at = line->from[at]) {
        const anchor *a = &line->anchors.data[at], *b = &line->anchors.data[line->from[at]];
        if (!(line->distance[at] > line->distance[line->from[at]])) continue; /* at one place */
        const drawn *d = &line->links.data[a->link];
        double kmh = d->row->speed_kmh > 0 ? d->row->speed_kmh : usual_kmh;
        if (most_kmh > 0 && most_kmh < kmh) kmh = most_kmh;
        out->hours += fabs(a->at_m - b->at_m) / 1000 / kmh;
        if (!push_stretch(d, a->at_m, b->at_m, points, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* ---- Order --------------------------------------------------------------------------------- */

/* How many stretches of links end at each place. Returns false where three or more do. */
static bool simple(const hsd_rail_line *line, uint32_t *ends, bool *ring) {
    size_t count = 0;
    *ring = true;
    for (uint32_t place = 0; place < line->anchors.count; place++) {
        int stretches = 0;
        bool there = false;
        for (size_t i = 0; i < line->anchors.count; i++) {
            const anchor *a = &line->anchors.data[i];
            if (a->place != place) continue;
            there = true;
            stretches += (a->before != HSD_NO_ROW) + (a->after != HSD_NO_ROW);
        }
        if (!there) continue;
        if (stretches > 2) return false;
        if (stretches == 1) {
            *ring = false;
            if (count < 2) ends[count] = place;
            count++;
        }
    }
    return *ring || count == 2;
}

typedef struct ordered {
    double distance_m;
    uint32_t index;
} ordered;

static int by_distance(const void *a, const void *b) {
    const ordered *x = a, *y = b;
    if (x->distance_m != y->distance_m) return x->distance_m < y->distance_m ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

hsd_status hsd_rail_line_order(hsd_rail_line *line, const uint32_t *anchors, size_t count,
                               uint32_t *order, bool *ring, bool *is_ordered, hsd_error *err) {
    uint32_t ends[2], first_start, first_end;
    *is_ordered = false;
    hsd_status status = anchor_at(line, 0, 0, &first_start, err);
    if (status == HSD_OK)
        status = anchor_at(line, 0, link_length(&line->links.data[0]), &first_end, err);
    if (status == HSD_OK) status = sort_anchors(line, err);
    if (status != HSD_OK || !simple(line, ends, ring)) return status;
    uint32_t start = first_start;
    if (*ring) {
        line->barred = first_start; /* opens the ring there */
    } else {
        search(line, ends[0], HSD_NO_ROW);
        start = line->distance[first_start] <= line->distance[first_end] ? ends[0] : ends[1];
    }
    search(line, start, HSD_NO_ROW);
    line->barred = HSD_NO_ROW;
    ordered *keys = hsd_alloc(count, sizeof *keys, err);
    if (!keys) return HSD_E_MEMORY;
    bool all = true;
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = (ordered){line->distance[anchors[i]], i};
        all = all && keys[i].distance_m < INFINITY;
    }
    if (count) qsort(keys, count, sizeof *keys, by_distance);
    for (size_t i = 0; i < count; i++) order[i] = keys[i].index;
    hsd_free(keys);
    *is_ordered = all;
    return HSD_OK;
}

/* ---- In all -------------------------------------------------------------------------------- */

hsd_status hsd_rail_line_create(hsd_rail *rail, uint32_t proposal, const char *name,
                                hsd_rail_line **out) {
    const hsd_proposal_table *t = rail->table;
    const char *only = NULL;
    size_t names = 0;
    hsd_rail_line *line = hsd_calloc(1, sizeof *line, rail->err);
    if (!(*out = line)) return HSD_E_MEMORY;
    line->barred = HSD_NO_ROW;
    for (size_t i = 0; i < t->link_count; i++) {
        const hsd_link_row *l = &t->links[i];
        if (l->proposal != proposal || l->kind != HSD_KIND_RAIL || !l->name) continue;
        if (names == 0 || strcmp(only, l->name) != 0) names++;
        only = only ? only : l->name;
    }
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < t->link_count && status == HSD_OK; i++) {
        const hsd_link_row *l = &t->links[i];
        if (l->proposal != proposal || l->kind != HSD_KIND_RAIL) continue;
        if (names <= 1 || same_text(l->name, name)) status = add_link(line, l, rail->err);
    }
    if (status == HSD_OK) status = join_links(line, rail->err);
    return status;
}

void hsd_rail_line_destroy(hsd_rail_line *line) {
    if (!line) return;
    for (size_t i = 0; i < line->links.count; i++) hsd_free(line->links.data[i].metres);
    hsd_array_finish(&line->links);
    hsd_array_finish(&line->anchors);
    hsd_free(line->distance);
    hsd_free(line->from);
    hsd_free(line->settled);
    hsd_free(line);
}

bool hsd_rail_line_there(const hsd_rail_line *line) {
    return line->links.count > 0;
}

double hsd_rail_line_length_m(const hsd_rail_line *line) {
    double length = 0;
    for (size_t i = 0; i < line->links.count; i++) length += link_length(&line->links.data[i]);
    return length;
}

const hsd_link_row *hsd_rail_line_link(const hsd_rail_line *line) {
    return line->links.count ? line->links.data[0].row : NULL;
}

size_t hsd_rail_line_links(const hsd_rail_line *line) {
    return line->links.count;
}

double hsd_rail_line_distance_m(const hsd_rail_line *line, hsd_lonlat at) {
    return nearest_foot(line, at).distance_m;
}

hsd_status hsd_rail_line_add(hsd_rail_line *line, hsd_lonlat at, uint32_t *out, hsd_error *err) {
    const foot f = nearest_foot(line, at);
    return anchor_at(line, f.link, f.at_m, out, err);
}
