/* The roads that the line of a link properly crosses, whether it joins them or not. Long segments
 * are looked up in pieces, so that a slanting one does not ask for half of the network. O(pieces
 * log edges + candidates). */
#include <stdlib.h>

#include "scenario/resolve.h"
#include "scenario/spot.h"

#define PIECE_M 2000.0

typedef struct crossing_search {
    const hsd_resolver *r;
    hsd_road_crossings *out;
    hsd_lonlat a, b;
    uint32_t segment;
    double from, to; /* the piece: fractions of the segment, half-open but for the last one */
    bool failed;
} crossing_search;

static bool passable(const hsd_resolver *r, uint32_t edge) {
    return r->metric->pace[2 * (size_t)edge] || r->metric->pace[2 * (size_t)edge + 1];
}

static bool see_road(void *context, uint32_t item) {
    crossing_search *s = context;
    const hsd_network *n = s->r->network;
    const uint32_t edge = n->point_edge[item];
    if (!passable(s->r, edge)) return true;
    double t;
    if (!hsd_segments_cross(s->a, s->b, hsd_lonlat_of(n->points[item]),
                            hsd_lonlat_of(n->points[item + 1]), &t) ||
        t < s->from || (t >= s->to && s->to < 1))
        return true;
    const hsd_road_crossing crossing = {{s->segment, t, hsd_lonlat_between(s->a, s->b, t)}, edge};
    s->failed = !hsd_array_push(s->out, crossing, s->r->err);
    return !s->failed;
}

static int compare(const void *a, const void *b) {
    const hsd_road_crossing *x = a, *y = b;
    if (x->spot.segment != y->spot.segment) return x->spot.segment < y->spot.segment ? -1 : 1;
    if (x->spot.fraction != y->spot.fraction) return x->spot.fraction < y->spot.fraction ? -1 : 1;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

static bool at_an_end(const hsd_link_work *link, hsd_lonlat at) {
    const hsd_lonlat first = link->row->line.points[0], last = link->row->line.points[link->count];
    return hsd_geodesic_m(first.lon, first.lat, at.lon, at.lat) <= HSD_TOUCH_M ||
           hsd_geodesic_m(last.lon, last.lat, at.lon, at.lat) <= HSD_TOUCH_M;
}

hsd_status hsd_roads_crossed(const hsd_resolver *r, const hsd_link_work *link,
                             hsd_road_crossings *out) {
    crossing_search s = {.r = r, .out = out};
    out->count = 0;
    for (s.segment = 0; s.segment < link->count; s.segment++) {
        s.a = link->row->line.points[s.segment];
        s.b = link->row->line.points[s.segment + 1];
        const double metres = hsd_geodesic_m(s.a.lon, s.a.lat, s.b.lon, s.b.lat);
        const int pieces = 1 + (int)(metres / PIECE_M);
        for (int i = 0; !s.failed && i < pieces; i++) {
            s.from = (double)i / pieces;
            s.to = i + 1 == pieces ? 1 : (double)(i + 1) / pieces;
            const hsd_box_e7 box = hsd_segment_box(hsd_lonlat_between(s.a, s.b, s.from),
                                                   hsd_lonlat_between(s.a, s.b, s.to));
            hsd_rtree_query(&r->network->snap, box, see_road, &s);
        }
        if (s.failed) return HSD_E_MEMORY;
    }
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (!at_an_end(link, out->data[i].spot.at)) out->data[kept++] = out->data[i];
    out->count = kept;
    if (kept > 1) qsort(out->data, kept, sizeof *out->data, compare);
    return HSD_OK;
}
