/* Sections of lines: pairs of stops that trips of the date call at one after the other.
 *
 * Trains that pass stations would be drawn as chords beside the line they run on. So sections
 * without a shape are taken from the shortest to the longest, and one that those before it lead
 * along with a detour of at most a fifth is not drawn: its trips are counted on them (a greedy
 * spanner: Althöfer et al. 1993). O(calls log calls + sections x a search bounded by its length).
 * Nothing depends on the order of feeds but rows. */
#include "study/line_sections.h"

#include <stdlib.h>

#include "hourshed/geo.h"
#include "net/network.h"
#include "roads/queue.h"

static const double DETOUR = 1.2;

/* ---- What runs from stop to stop ----------------------------------------------------------- */

typedef struct passage {
    uint32_t from, to, kind, line, trip, call;
    uint64_t trips;
} passage;
typedef HSD_ARRAY(passage) passage_list;

static hsd_status collect(const hsd_timetable *t, int32_t date, passage_list *out, hsd_error *err) {
    for (uint32_t i = 0; i < t->trip_count; i++) {
        const hsd_trip_row *trip = &t->trips[i];
        if (!hsd_service_runs(t, trip->service, date)) continue;
        for (uint32_t c = trip->first_call; c + 1 < trip->first_call + trip->call_count; c++) {
            const uint32_t a = t->calls[c].stop, b = t->calls[c + 1].stop;
            if (a == b) continue;
            const passage p = {
                a < b ? a : b,         a < b ? b : a, t->lines[trip->line].kind, trip->line, i, c,
                hsd_trip_runs(t, trip)};
            if (!hsd_array_push(out, p, err)) return HSD_E_MEMORY;
        }
    }
    return HSD_OK;
}

static int by_section(const void *a, const void *b) {
    const passage *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    return (x->call > y->call) - (x->call < y->call); /* calls of trips lie by trip */
}

static bool same_section(const passage *a, const passage *b) {
    return a->from == b->from && a->to == b->to && a->kind == b->kind;
}

static bool is_drawn(const hsd_timetable *t, uint32_t trip) {
    const uint32_t shape = t->trips[trip].shape;
    return shape != HSD_NO_ROW && t->shapes[shape].point_count >= 2;
}

static hsd_status merge(const hsd_timetable *t, const passage_list *all, hsd_line_sections *out,
                        hsd_error *err) {
    const passage *p = all->data;
    for (size_t i = 0; i < all->count;) {
        const hsd_stop_row *a = &t->stops[p[i].from], *b = &t->stops[p[i].to];
        hsd_line_section s = {.from = p[i].from,
                              .to = p[i].to,
                              .kind = p[i].kind,
                              .trip = p[i].trip,
                              .call = p[i].call,
                              .first_line = (uint32_t)out->lines.count,
                              .metres = hsd_geodesic_m(a->lon, a->lat, b->lon, b->lat)};
        const size_t first = i;
        for (; i < all->count && same_section(&p[i], &p[first]); i++) {
            s.trips += p[i].trips;
            if (!is_drawn(t, s.trip) && is_drawn(t, p[i].trip)) {
                s.trip = p[i].trip;
                s.call = p[i].call;
            }
            if (i > first && p[i].line == p[i - 1].line) continue;
            if (!hsd_array_push(&out->lines, p[i].line, err)) return HSD_E_MEMORY;
            s.line_count++;
        }
        if (!hsd_array_push(&out->list, s, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* ---- Those that others lead along ---------------------------------------------------------- */

typedef struct link { /* of a section kept: one at each of its ends */
    uint32_t section, next;
} link;

typedef struct thinning {
    hsd_line_section *sections;
    const hsd_timetable *timetable;
    uint32_t *first_link; /* of stops; QUEUE_NONE: none */
    uint32_t *dm;         /* of stops: decimetres in the search in hand, */
    uint32_t *by;         /* the section one came by, */
    uint32_t *seen;       /* and which search that was */
    HSD_ARRAY(link) links;
    queue queue;
    uint32_t search;
} thinning;

typedef struct length_of {
    double metres;
    uint32_t section;
} length_of;

static int by_length(const void *a, const void *b) {
    const length_of *x = a, *y = b;
    if (x->metres != y->metres) return x->metres < y->metres ? -1 : 1;
    return (x->section > y->section) - (x->section < y->section);
}

static uint32_t decimetres(double metres) {
    return (uint32_t)(metres * 10 + 0.5); /* half the globe is a twentieth of what it holds */
}

static uint32_t other_end(const hsd_line_section *s, uint32_t stop) {
    return s->from == stop ? s->to : s->from;
}

static bool keep(thinning *w, uint32_t section, hsd_error *err) {
    const uint32_t ends[2] = {w->sections[section].from, w->sections[section].to};
    for (int i = 0; i < 2; i++) {
        const link one = {section, w->first_link[ends[i]]};
        w->first_link[ends[i]] = (uint32_t)w->links.count;
        if (!hsd_array_push(&w->links, one, err)) return false;
    }
    return true;
}

static bool relax(thinning *w, uint32_t stop, uint32_t dm, uint32_t by, hsd_error *err) {
    if (w->seen[stop] == w->search && w->dm[stop] <= dm) return true;
    w->seen[stop] = w->search;
    w->dm[stop] = dm;
    w->by[stop] = by;
    return queue_push(&w->queue, dm, stop, err);
}

/* Whether sections of its kind lead along it. */
static bool is_led(thinning *w, const hsd_line_section *s, bool *failed, hsd_error *err) {
    const uint32_t bound = decimetres(DETOUR * s->metres);
    uint64_t key;
    w->search++;
    queue_clear(&w->queue);
    *failed = !relax(w, s->from, 0, QUEUE_NONE, err);
    while (!*failed && queue_pop(&w->queue, &key, err, failed)) {
        const uint32_t stop = (uint32_t)key, dm = (uint32_t)(key >> 32);
        if (stop == s->to) return true;
        if (dm > w->dm[stop]) continue;
        for (uint32_t l = w->first_link[stop]; l != QUEUE_NONE && !*failed;
             l = w->links.data[l].next) {
            const hsd_line_section *way = &w->sections[w->links.data[l].section];
            const uint32_t there = dm + decimetres(way->metres);
            if (way->kind == s->kind && there <= bound)
                *failed = !relax(w, other_end(way, stop), there, w->links.data[l].section, err);
        }
    }
    return false;
}

static void pass_on(thinning *w, hsd_line_section *s) {
    for (uint32_t stop = s->to; stop != s->from;) {
        hsd_line_section *way = &w->sections[w->by[stop]];
        way->trips += s->trips;
        stop = other_end(way, stop);
    }
    s->trips = 0;
}

static hsd_status thin_all(thinning *w, const length_of *order, size_t count, hsd_error *err) {
    for (size_t i = 0; i < count; i++) {
        hsd_line_section *s = &w->sections[order[i].section];
        bool failed = false;
        if (!is_drawn(w->timetable, s->trip) && is_led(w, s, &failed, err))
            pass_on(w, s);
        else if (failed || !keep(w, order[i].section, err))
            return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status thin(const hsd_timetable *t, hsd_line_sections *sections, hsd_error *err) {
    const size_t stops = t->stop_count, count = sections->list.count;
    thinning *w = hsd_calloc(1, sizeof *w, err);
    if (!w) return HSD_E_MEMORY;
    length_of *order = hsd_alloc(count, sizeof *order, err);
    w->sections = sections->list.data;
    w->timetable = t;
    w->first_link = hsd_alloc(stops, sizeof *w->first_link, err);
    w->dm = hsd_alloc(stops, sizeof *w->dm, err);
    w->by = hsd_alloc(stops, sizeof *w->by, err);
    w->seen = hsd_calloc(stops, sizeof *w->seen, err);
    hsd_status status = order && w->first_link && w->dm && w->by && w->seen ? HSD_OK : HSD_E_MEMORY;
    for (size_t s = 0; status == HSD_OK && s < stops; s++) w->first_link[s] = QUEUE_NONE;
    for (size_t i = 0; status == HSD_OK && i < count; i++)
        order[i] = (length_of){w->sections[i].metres, (uint32_t)i};
    if (status == HSD_OK && count > 1) qsort(order, count, sizeof *order, by_length);
    if (status == HSD_OK) status = thin_all(w, order, count, err);
    hsd_free(w->first_link);
    hsd_free(w->dm);
    hsd_free(w->by);
    hsd_free(w->seen);
    hsd_array_finish(&w->links);
    queue_finish(&w->queue);
    hsd_free(w);
    hsd_free(order);
    return status;
}

/* ---- In all -------------------------------------------------------------------------------- */

static bool inside(const hsd_stop_row *stop, const hsd_lonlat box[2]) {
    return stop->lon >= box[0].lon && stop->lon <= box[1].lon && stop->lat >= box[0].lat &&
           stop->lat <= box[1].lat;
}

/* Those in the box on which something runs. */
static void choose(const hsd_timetable *t, const hsd_lonlat box[2], hsd_line_sections *sections) {
    size_t kept = 0;
    for (size_t i = 0; i < sections->list.count; i++) {
        const hsd_line_section s = sections->list.data[i];
        const bool near = inside(&t->stops[s.from], box) || inside(&t->stops[s.to], box);
        if (s.trips && near) sections->list.data[kept++] = s;
    }
    sections->list.count = kept;
}

hsd_status hsd_line_sections_make(const hsd_timetable *t, int32_t date, const hsd_lonlat box[2],
                                  hsd_line_sections *out, hsd_error *err) {
    passage_list all = {0};
    *out = (hsd_line_sections){0};
    hsd_status status = collect(t, date, &all, err);
    if (status == HSD_OK && all.count > 1) qsort(all.data, all.count, sizeof *all.data, by_section);
    if (status == HSD_OK) status = merge(t, &all, out, err);
    if (status == HSD_OK) status = thin(t, out, err);
    if (status == HSD_OK) choose(t, box, out);
    if (status == HSD_OK) status = hsd_line_shapes(t, out, err);
    hsd_array_finish(&all);
    if (status != HSD_OK) hsd_line_sections_finish(out);
    return status;
}

void hsd_line_sections_finish(hsd_line_sections *sections) {
    hsd_array_finish(&sections->list);
    hsd_array_finish(&sections->lines);
    hsd_array_finish(&sections->points);
}
