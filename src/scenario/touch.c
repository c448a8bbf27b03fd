/* The poles of links: ends, junction points, crossings, and where another link ends; and which
 * poles are at one place (docs/methods.md, 7). An R-tree over all segments of the links finds the
 * neighbours; a sweep by latitude and union-find make the places. Nothing depends on the order of
 * rows but the numbers of poles. O((segments + poles) log n + meetings). */
#include <stdlib.h>
#include <string.h>

#include "scenario/resolve.h"
#include "scenario/spot.h"

/* Where two links of one proposal cross. */
typedef struct meeting {
    uint32_t other;
    hsd_link_spot spot;
} meeting;
typedef HSD_ARRAY(meeting) meeting_list;

static double apart_m(hsd_lonlat a, hsd_lonlat b) {
    return hsd_geodesic_m(a.lon, a.lat, b.lon, b.lat);
}

static hsd_link_spot end_of(const hsd_link_work *link, bool last) {
    const hsd_lonlat *points = link->row->line.points;
    return last ? (hsd_link_spot){link->count - 1, 1, points[link->count]}
                : (hsd_link_spot){0, 0, points[0]};
}

static double nearest_spot(const hsd_link_work *link, hsd_lonlat at, hsd_link_spot *out) {
    const hsd_tangent tangent = hsd_tangent_at(at.lon, at.lat);
    double best = INFINITY;
    for (uint32_t i = 0; i < link->count; i++) {
        const hsd_lonlat a = link->row->line.points[i], b = link->row->line.points[i + 1];
        double t;
        const double m = hsd_nearest_m(&tangent, a, b, &t);
        if (!(m < best)) continue;
        best = m;
        *out = (hsd_link_spot){i, t, hsd_lonlat_between(a, b, t)};
    }
    return best;
}

/* ---- All segments of all links
 * --------------------------------------------------------------------- */

static hsd_status index_links(hsd_resolver *r) {
    size_t total = 0, count = 0;
    for (size_t i = 0; i < r->table->link_count; i++)
        if (r->links[i].serves) total += r->links[i].count;
    if (total > UINT32_MAX / 2)
        return hsd_fail(r->err, HSD_E_MEMORY, "proposals have %zu points, too many", total);
    hsd_box_e7 *boxes = hsd_alloc(total, sizeof *boxes, r->err);
    r->segment_link = hsd_alloc(total, sizeof *r->segment_link, r->err);
    r->segment_number = hsd_alloc(total, sizeof *r->segment_number, r->err);
    hsd_status status = boxes && r->segment_link && r->segment_number ? HSD_OK : HSD_E_MEMORY;
    for (uint32_t i = 0; status == HSD_OK && i < r->table->link_count; i++)
        for (uint32_t s = 0; r->links[i].serves && s < r->links[i].count; s++) {
            const hsd_lonlat *p = &r->links[i].row->line.points[s];
            boxes[count] = hsd_segment_box(p[0], p[1]);
            r->segment_link[count] = i;
            r->segment_number[count++] = s;
        }
    if (status == HSD_OK)
        status = hsd_rtree_build(boxes, NULL, (uint32_t)count, &r->link_index, r->err);
    hsd_free(boxes);
    return status;
}

/* ---- Crossings between links of one proposal
 * ------------------------------------------------------- */

typedef struct meeting_search {
    const hsd_resolver *r;
    const hsd_link_work *link;
    uint32_t index, segment;
    meeting_list *out;
    bool failed;
} meeting_search;

static bool see_segment(void *context, uint32_t item) {
    meeting_search *s = context;
    const uint32_t other = s->r->segment_link[item];
    const hsd_link_work *link = &s->r->links[other];
    if (other == s->index || link->row->proposal != s->link->row->proposal) return true;
    const hsd_lonlat *a = &s->link->row->line.points[s->segment];
    const hsd_lonlat *p = &link->row->line.points[s->r->segment_number[item]];
    double t;
    if (!hsd_segments_cross(a[0], a[1], p[0], p[1], &t)) return true;
    const meeting m = {other, {s->segment, t, hsd_lonlat_between(a[0], a[1], t)}};
    s->failed = !hsd_array_push(s->out, m, s->r->err);
    return !s->failed;
}

static bool near_an_end(const hsd_link_work *link, hsd_lonlat at) {
    return apart_m(end_of(link, false).at, at) <= HSD_TOUCH_M ||
           apart_m(end_of(link, true).at, at) <= HSD_TOUCH_M;
}

static int by_spot(const hsd_link_spot *x, const hsd_link_spot *y) {
    if (x->segment != y->segment) return x->segment < y->segment ? -1 : 1;
    return (x->fraction > y->fraction) - (x->fraction < y->fraction);
}
static int compare_meetings(const void *a, const void *b) {
    const meeting *x = a, *y = b;
    const int order = by_spot(&x->spot, &y->spot);
    return order ? order : (x->other > y->other) - (x->other < y->other);
}

/* Crossings proper, not ends that touch. */
static hsd_status find_meetings(const hsd_resolver *r, uint32_t index, meeting_list *out) {
    const hsd_link_work *link = &r->links[index];
    meeting_search search = {.r = r, .link = link, .index = index, .out = out};
    out->count = 0;
    for (search.segment = 0; !search.failed && search.segment < link->count; search.segment++) {
        const hsd_lonlat *p = &link->row->line.points[search.segment];
        hsd_rtree_query(&r->link_index, hsd_segment_box(p[0], p[1]), see_segment, &search);
    }
    if (search.failed) return HSD_E_MEMORY;
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++) {
        const hsd_lonlat at = out->data[i].spot.at;
        if (!near_an_end(link, at) && !near_an_end(&r->links[out->data[i].other], at))
            out->data[kept++] = out->data[i];
    }
    out->count = kept;
    if (kept > 1) qsort(out->data, kept, sizeof *out->data, compare_meetings);
    return HSD_OK;
}

static bool off_grade(const hsd_link_row *row) {
    return row->bridge || row->tunnel || row->kind == HSD_KIND_FERRY;
}
static bool joins_crossings(const hsd_link_work *link) {
    return link->row->connect == HSD_CONNECT_CROSSINGS && !off_grade(link->row);
}

static bool has_junction(const hsd_resolver *r, const hsd_link_work *link, hsd_lonlat at,
                         double within_m) {
    for (size_t j = 0; j < r->table->junction_count; j++) {
        const hsd_junction_row *row = &r->table->junctions[j];
        if (row->proposal == link->row->proposal && hsd_modes_serve(r, row->modes) &&
            apart_m(row->at, at) <= within_m)
            return true;
    }
    return false;
}

/* Two lines of one project that cross, and nothing says what that means. */
static hsd_status check_meetings(hsd_resolver *r, uint32_t index, const meeting_list *meetings) {
    const hsd_link_work *link = &r->links[index];
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < meetings->count; i++) {
        const meeting *m = &meetings->data[i];
        const hsd_link_work *other = &r->links[m->other];
        if (m->other < index || off_grade(link->row) || off_grade(other->row) ||
            joins_crossings(link) || joins_crossings(other) ||
            has_junction(r, link, m->spot.at, fmin(link->tolerance_m, other->tolerance_m)))
            continue;
        char label[160];
        hsd_row_label(r, hsd_link_name(other->row), label, sizeof label);
        status = (r->corridor ? hsd_resolver_remark : hsd_resolver_error)(
            r, hsd_link_name(link->row),
            "crosses %s at %.6f, %.6f without a junction; put a junction point there, or say "
            "bridge=yes or tunnel=yes of one of them",
            label, m->spot.at.lon, m->spot.at.lat);
    }
    return status;
}

/* ---- Poles of a link
 * ------------------------------------------------------------------------------ */

static bool add_draft(hsd_resolver *r, hsd_pole_drafts *list, uint32_t link, unsigned why,
                      hsd_link_spot spot, const hsd_junction_row *junction) {
    const hsd_pole_draft draft = {link, why, spot, junction, false};
    return hsd_array_push(list, draft, r->err);
}

/* A junction point near an end describes it; else it lies where the link crosses another one of the
 * proposal near it, else at the nearest point of the link. */
static bool add_junction(hsd_resolver *r, hsd_pole_drafts *list, uint32_t index,
                         const hsd_junction_row *row, const meeting_list *meetings) {
    const hsd_link_work *link = &r->links[index];
    hsd_pole_draft *end = NULL;
    double best = link->tolerance_m;
    for (size_t d = 0; d < list->count; d++) {
        hsd_pole_draft *draft = &list->data[d];
        const double m = apart_m(draft->spot.at, row->at);
        if (!(draft->why & (HSD_POLE_START | HSD_POLE_END)) || m > best) continue;
        best = m;
        end = draft;
    }
    if (end) {
        const bool nearer = !end->junction || best < apart_m(end->spot.at, end->junction->at);
        if (nearer) end->junction = row;
        end->why |= HSD_POLE_JUNCTION;
        return true;
    }
    hsd_link_spot spot;
    nearest_spot(link, row->at, &spot);
    best = link->tolerance_m;
    for (size_t i = 0; i < meetings->count; i++) {
        const double m = apart_m(meetings->data[i].spot.at, row->at);
        if (m > best || m > r->links[meetings->data[i].other].tolerance_m) continue;
        best = m;
        spot = meetings->data[i].spot;
    }
    return add_draft(r, list, index, HSD_POLE_JUNCTION, spot, row);
}

static bool add_junctions(hsd_resolver *r, hsd_pole_drafts *list, uint32_t index,
                          const meeting_list *meetings, uint8_t *used) {
    const hsd_link_work *link = &r->links[index];
    for (size_t j = 0; j < r->table->junction_count; j++) {
        const hsd_junction_row *row = &r->table->junctions[j];
        hsd_link_spot spot;
        if (row->proposal != link->row->proposal || !hsd_modes_serve(r, row->modes) ||
            nearest_spot(link, row->at, &spot) > link->tolerance_m)
            continue;
        used[j] = 1;
        if (!add_junction(r, list, index, row, meetings)) return false;
    }
    return true;
}

static hsd_status add_crossings(hsd_resolver *r, hsd_pole_drafts *list, uint32_t index,
                                const meeting_list *meetings) {
    hsd_link_work *link = &r->links[index];
    hsd_road_crossings crossed = {0};
    hsd_status status = HSD_OK;
    if (!r->corridor) status = hsd_roads_crossed(r, link, &crossed);
    for (size_t i = 0; status == HSD_OK && i < crossed.count; i++)
        if (!joins_crossings(link) ||
            !hsd_edge_admissible(r, link, NULL, HSD_CAN_BOTH, crossed.data[i].edge))
            link->crossings++;
        else if (!add_draft(r, list, index, HSD_POLE_CROSSING, crossed.data[i].spot, NULL))
            status = HSD_E_MEMORY;
    hsd_array_finish(&crossed);
    for (size_t i = 0; status == HSD_OK && i < meetings->count; i++) {
        const hsd_link_work *other = &r->links[meetings->data[i].other];
        if (off_grade(link->row) || off_grade(other->row) ||
            !(joins_crossings(link) || joins_crossings(other)))
            continue;
        /* a road is not looked for there: the links meet each other */
        if (!add_draft(r, list, index, HSD_POLE_TOUCH, meetings->data[i].spot, NULL))
            status = HSD_E_MEMORY;
    }
    return status;
}

/* Ends of other links, found from the other side: each end marks what it touches. */
typedef struct end_search {
    hsd_resolver *r;
    hsd_lonlat at;
    uint32_t link;
    hsd_pole_drafts *out;
    bool failed;
} end_search;

static bool end_touches(void *context, uint32_t item) {
    end_search *s = context;
    const uint32_t other = s->r->segment_link[item], segment = s->r->segment_number[item];
    if (other == s->link) return true;
    const hsd_lonlat *p = &s->r->links[other].row->line.points[segment];
    const hsd_tangent tangent = hsd_tangent_at(s->at.lon, s->at.lat);
    double t;
    if (hsd_nearest_m(&tangent, p[0], p[1], &t) > HSD_TOUCH_M) return true;
    const hsd_link_spot spot = {segment, t, hsd_lonlat_between(p[0], p[1], t)};
    s->failed = !add_draft(s->r, s->out, other, HSD_POLE_TOUCH, spot, NULL);
    return !s->failed;
}

static hsd_status add_touches(hsd_resolver *r, hsd_pole_drafts *all) {
    for (uint32_t i = 0; i < r->table->link_count; i++) {
        const hsd_link_work *link = &r->links[i];
        if (!link->serves || link->row->connect == HSD_CONNECT_JUNCTIONS) continue;
        for (int last = 0; last < 2; last++) {
            end_search s = {r, end_of(link, last).at, i, all, false};
            hsd_rtree_query(&r->link_index, hsd_box_around(s.at.lon, s.at.lat, HSD_TOUCH_M),
                            end_touches, &s);
            if (s.failed) return HSD_E_MEMORY;
        }
    }
    return HSD_OK;
}

static int compare_drafts(const void *a, const void *b) {
    const hsd_pole_draft *x = a, *y = b;
    if (x->link != y->link) return x->link < y->link ? -1 : 1;
    const int order = by_spot(&x->spot, &y->spot);
    return order ? order : (x->why > y->why) - (x->why < y->why);
}

/* The lowest bit of `why` is the strongest reason: its spot stays. */
static bool stronger(unsigned a, unsigned b) {
    return (a & (~a + 1)) < (b & (~b + 1));
}

/* Metres along the line as drawn. */
static double along_m(const hsd_link_work *link, const hsd_pole_draft *a, const hsd_pole_draft *b) {
    return (hsd_link_prefix_m(link, &b->spot) - hsd_link_prefix_m(link, &a->spot)) * link->drawn_m /
           link->length_m;
}

/* What is within HSD_TOUCH_M along a link is one pole. */
static void merge_drafts(hsd_resolver *r) {
    const size_t count = r->drafts.count;
    if (count > 1) qsort(r->drafts.data, count, sizeof *r->drafts.data, compare_drafts);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const hsd_pole_draft next = r->drafts.data[i];
        hsd_pole_draft *last = kept ? &r->drafts.data[kept - 1] : NULL;
        if (!last || last->link != next.link ||
            along_m(&r->links[next.link], last, &next) > HSD_TOUCH_M) {
            r->drafts.data[kept++] = next;
            continue;
        }
        if (stronger(next.why, last->why)) {
            last->spot = next.spot;
            if (next.junction) last->junction = next.junction;
        }
        if (!last->junction) last->junction = next.junction;
        last->why |= next.why;
    }
    r->drafts.count = kept;
}

/* ---- Places
 * ---------------------------------------------------------------------------------------- */

static int compare_latitudes(const void *a, const void *b) {
    const hsd_pole_draft *x = *(hsd_pole_draft *const *)a, *y = *(hsd_pole_draft *const *)b;
    if (x->spot.at.lat != y->spot.at.lat) return x->spot.at.lat < y->spot.at.lat ? -1 : 1;
    return (x > y) - (x < y);
}

static hsd_status find_places(hsd_resolver *r) {
    const uint32_t count = (uint32_t)r->drafts.count;
    uint32_t *parent = hsd_alloc(count, sizeof *parent, r->err);
    hsd_pole_draft **order = hsd_alloc(count, sizeof *order, r->err), *first = r->drafts.data;
    if (!parent || !order || !hsd_array_reserve(&r->poles, (size_t)count + 1, r->err)) {
        hsd_free(parent);
        hsd_free(order);
        return HSD_E_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        parent[i] = i;
        order[i] = &first[i];
    }
    if (count > 1) qsort(order, count, sizeof *order, compare_latitudes);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = i + 1; k < count; k++) {
            if (order[k]->spot.at.lat - order[i]->spot.at.lat > 2e-5) break; /* more than 2 m */
            if (fabs(order[k]->spot.at.lon - order[i]->spot.at.lon) > 2e-3 ||
                apart_m(order[i]->spot.at, order[k]->spot.at) > HSD_TOUCH_M)
                continue;
            if (order[i]->link != order[k]->link) order[i]->touched = order[k]->touched = true;
            const uint32_t a = hsd_root_of(parent, (uint32_t)(order[i] - first));
            const uint32_t b = hsd_root_of(parent, (uint32_t)(order[k] - first));
            parent[a > b ? a : b] = a > b ? b : a;
        }
    for (uint32_t i = 0; i < count; i++) {
        const hsd_pole_draft *d = &r->drafts.data[i];
        r->poles.data[r->poles.count++] = (hsd_pole){.at = d->spot.at,
                                                     .proposal = r->links[d->link].row->proposal,
                                                     .place = hsd_root_of(parent, i)};
    }
    hsd_free(parent);
    hsd_free(order);
    return HSD_OK;
}

/* ---- All of it
 * -------------------------------------------------------------------------------------- */

static hsd_status check_junctions(hsd_resolver *r, const uint8_t *used) {
    hsd_status status = HSD_OK;
    for (size_t j = 0; status == HSD_OK && j < r->table->junction_count; j++) {
        const hsd_junction_row *row = &r->table->junctions[j];
        const hsd_row_name name = {HSD_LAYER_JUNCTIONS, row->proposal, row->feature_id, 0, NULL};
        if (used[j] || !hsd_modes_serve(r, row->modes)) continue;
        double best = INFINITY;
        const hsd_link_work *nearest = NULL;
        bool any = false;
        for (size_t i = 0; i < r->table->link_count; i++) {
            hsd_link_spot spot;
            if (r->table->links[i].proposal != row->proposal) continue;
            any = true;
            if (!r->links[i].serves) continue;
            const double m = nearest_spot(&r->links[i], row->at, &spot);
            if (m < best) best = m, nearest = &r->links[i];
        }
        char label[160];
        if (nearest)
            status = hsd_resolver_error(
                r, name,
                "lies %.0f m from the nearest link of its proposal (%s), more than %.0f m; "
                "move it onto the link",
                best, hsd_row_label(r, hsd_link_name(nearest->row), label, sizeof label),
                nearest->tolerance_m);
        else if (!any)
            status = hsd_resolver_error(r, name, "its proposal has no link it could belong to");
    }
    return status;
}

static hsd_status find_poles(hsd_resolver *r, uint32_t index, uint8_t *used,
                             meeting_list *meetings) {
    const hsd_link_work *link = &r->links[index];
    hsd_pole_drafts list = {0};
    hsd_status status = find_meetings(r, index, meetings);
    if (status == HSD_OK) status = check_meetings(r, index, meetings);
    bool ok = status == HSD_OK;
    if (ok && link->row->connect != HSD_CONNECT_JUNCTIONS)
        ok = add_draft(r, &list, index, HSD_POLE_START, end_of(link, false), NULL) &&
             add_draft(r, &list, index, HSD_POLE_END, end_of(link, true), NULL);
    ok = ok && add_junctions(r, &list, index, meetings, used);
    if (ok) status = add_crossings(r, &list, index, meetings);
    for (size_t i = 0; ok && status == HSD_OK && i < list.count; i++)
        ok = hsd_array_push(&r->drafts, list.data[i], r->err);
    hsd_array_finish(&list);
    return !ok && status == HSD_OK ? HSD_E_MEMORY : status;
}

static hsd_status number_poles(hsd_resolver *r) {
    hsd_status status = HSD_OK;
    for (uint32_t i = 0; i < r->drafts.count; i++) {
        hsd_link_work *link = &r->links[r->drafts.data[i].link];
        if (link->pole_count++ == 0) link->first_pole = i;
    }
    for (size_t i = 0; status == HSD_OK && i < r->table->link_count; i++) {
        const hsd_link_work *link = &r->links[i];
        if (link->serves && link->pole_count < 2)
            status = hsd_resolver_error(
                r, hsd_link_name(link->row),
                "connect=junctions, but %u of the junction points of its proposal lie within %.0f "
                "m of it; a link needs two places to join, or connect=ends",
                link->pole_count, link->tolerance_m);
    }
    return status;
}

hsd_status hsd_poles_find(hsd_resolver *r) {
    uint8_t *used = hsd_calloc(r->table->junction_count, 1, r->err);
    meeting_list meetings = {0};
    hsd_status status = used ? index_links(r) : HSD_E_MEMORY;
    for (uint32_t i = 0; status == HSD_OK && i < r->table->link_count; i++)
        if (r->links[i].serves) status = find_poles(r, i, used, &meetings);
    if (status == HSD_OK) status = add_touches(r, &r->drafts);
    if (status == HSD_OK) {
        merge_drafts(r);
        status = find_places(r);
    }
    if (status == HSD_OK) status = number_poles(r);
    if (status == HSD_OK) status = check_junctions(r, used);
    hsd_free(used);
    hsd_array_finish(&meetings);
    return status;
}
