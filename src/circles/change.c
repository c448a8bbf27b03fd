/* What changed between two surfaces of one origin.
 *
 * Every lattice point is gained, lost, kept or none, and kept ones faster or not; the borders of
 * these labels (labels.c) are thinned all together, each line once for the polygons on both sides
 * (simplify.c), and joined to rings. So the polygons never overlap, a label that no point has is
 * an empty polygon, and where no time changed there is nothing but the contour of the circle.
 *
 * Invariant: in every field a point is within the level where its label says so, also after
 * speckles were dissolved. O(points + vertices log vertices). */
#include "circles/change.h"

#include <string.h>

#include "circles/contest.h"
#include "circles/labels.h"
#include "circles/shapes.h"
#include "times/locator.h"

#define MAX_VERTICES 2000u
#define FASTER_MS 60000u
#define JUNCTION_SHARE 4 /* of the vertices, one in so many may be a junction */

/* The polygons, as bits over labels and, in a gain grid, over borders. */
enum { GAINED, LOST, KEPT, FASTER, POLYGONS };
static const unsigned polygon_labels[POLYGONS] = {1u << HSD_LABEL_GAINED, 1u << HSD_LABEL_LOST,
                                                  1u << HSD_LABEL_KEPT | 1u << HSD_LABEL_FASTER,
                                                  1u << HSD_LABEL_FASTER};

void hsd_change_finish(hsd_change *change) {
    if (!change) return;
    hsd_geometry_finish(&change->gained);
    hsd_geometry_finish(&change->lost);
    hsd_geometry_finish(&change->kept);
    hsd_geometry_finish(&change->faster);
    *change = (hsd_change){0};
}

/* ---- Labels ---- */

typedef struct drawing {
    hsd_label_map map;
    hsd_canvas canvas; /* holds the times before, and the land */
    int32_t *values;   /* of the other fields */
    uint8_t *label;
    size_t points;
} drawing;

static hsd_lattice_box box_round(const hsd_surface *before, const hsd_surface *after) {
    hsd_lattice_box a = hsd_surface_box(before), b = hsd_surface_box(after);
    if (a.i0 == a.i1 || a.j0 == a.j1) a = b;
    if (b.i0 == b.i1 || b.j0 == b.j1) b = a;
    return (hsd_lattice_box){(a.i0 < b.i0 ? a.i0 : b.i0) - 1, (a.j0 < b.j0 ? a.j0 : b.j0) - 1,
                             (a.i1 > b.i1 ? a.i1 : b.i1) + 1, (a.j1 > b.j1 ? a.j1 : b.j1) + 1};
}

static hsd_label label_of(uint32_t before, uint32_t after, const hsd_change_rules *rules) {
    if (before > rules->cutoff_ms)
        return after > rules->cutoff_ms ? HSD_LABEL_NONE : HSD_LABEL_GAINED;
    if (after > rules->cutoff_ms) return HSD_LABEL_LOST;
    return before >= after && before - after >= rules->faster_ms ? HSD_LABEL_FASTER
                                                                 : HSD_LABEL_KEPT;
}

static uint32_t time_at(const hsd_surface *s, int64_t i, int64_t j, uint8_t *land) {
    uint32_t ms;
    return hsd_surface_time(s, i, j, &ms, land) && ms < HSD_UNREACHABLE ? ms : HSD_UNREACHABLE;
}

/* The times into the first two fields, and the labels. */
static void label_points(drawing *d, const hsd_surface *before, const hsd_surface *after,
                         const hsd_change_rules *rules) {
    const hsd_field_grid *f = &d->canvas.field;
    for (size_t p = 0; p < d->points; p++) {
        int64_t i = f->i0 + (int64_t)(p % f->width), j = f->j0 + (int64_t)(p / f->width);
        uint32_t t0 = time_at(before, i, j, &d->canvas.land[p]);
        uint32_t t1 = time_at(after, i, j, &d->canvas.land[p]);
        d->canvas.values[p] = (int32_t)t0;
        d->values[p] = (int32_t)t1;
        d->label[p] = (uint8_t)label_of(t0, t1, rules);
    }
}

static int32_t within(int32_t value, int32_t level, bool inside) {
    if (inside) return value <= level ? value : level;
    return value > level ? value : level + 1;
}

/* Fills the other fields, and brings all to what the labels say. */
static void fill_fields(drawing *d, const hsd_change_rules *rules) {
    const int32_t c = (int32_t)rules->cutoff_ms;
    int32_t *before = d->canvas.values, *after = d->values, *both = after + d->points,
            *saving = both + d->points;
    for (size_t p = 0; p < d->points; p++) {
        const uint8_t label = d->label[p];
        bool kept = label >= HSD_LABEL_KEPT;
        before[p] = within(before[p], c, kept || label == HSD_LABEL_LOST);
        after[p] = within(after[p], c, kept || label == HSD_LABEL_GAINED);
        both[p] = before[p] > after[p] ? before[p] : after[p];
        saving[p] = (int32_t)HSD_UNREACHABLE;
        if (kept)
            saving[p] = within((int32_t)rules->faster_ms - (before[p] - after[p]), 0,
                               label == HSD_LABEL_FASTER);
    }
}

static hsd_status prepare(drawing *d, const hsd_surface *before, const hsd_surface *after,
                          const hsd_change_rules *rules, hsd_error *err) {
    hsd_status status = hsd_canvas_make(before, box_round(before, after), &d->canvas, err);
    if (status != HSD_OK) return status;
    hsd_field_grid *f = &d->canvas.field;
    f->barriers = rules->barriers;
    f->step_ms = rules->step_ms;
    d->points = (size_t)f->width * f->height;
    d->values = hsd_alloc((HSD_LABEL_FIELDS - 1) * d->points, sizeof *d->values, err);
    d->label = hsd_alloc(d->points, 1, err);
    if (!d->values || !d->label) return HSD_E_MEMORY;
    label_points(d, before, after, rules);
    status = hsd_label_dissolve(f, d->label, rules->max_vertices / JUNCTION_SHARE, err);
    if (status != HSD_OK) return status;
    fill_fields(d, rules);
    for (int k = 0; k < HSD_LABEL_FIELDS; k++) {
        d->map.field[k] = *f;
        if (k > 0) d->map.field[k].value = d->values + (size_t)(k - 1) * d->points;
        d->map.level[k] = (int32_t)rules->cutoff_ms;
    }
    d->map.field[HSD_LABEL_SAVING].step_ms = 0.0; /* a difference of times, not a time */
    d->map.level[HSD_LABEL_SAVING] = 0;
    d->map.label = d->label;
    return HSD_OK;
}

static void drawing_finish(drawing *d) {
    hsd_canvas_finish(&d->canvas);
    hsd_free(d->values);
    hsd_free(d->label);
}

/* ---- Borders ---- */

static hsd_status thin(const drawing *d, hsd_ring_set *rings, uint32_t max_vertices,
                       hsd_error *err) {
    hsd_status status = HSD_OK;
    int32_t *water = hsd_water_sums(&d->canvas.field, &status, err);
    int32_t *gains[HSD_LABEL_FIELDS] = {NULL};
    for (int k = 0; status == HSD_OK && k < HSD_LABEL_FIELDS; k++) {
        gains[k] = hsd_gain_plain(&d->map.field[k], d->map.level[k], err);
        if (!gains[k])
            status = HSD_E_MEMORY;
        else
            hsd_gain_sum(&d->map.field[k], gains[k]);
    }
    hsd_gain_grid grids[HSD_BORDER_KINDS];
    for (int b = 0; b < HSD_BORDER_KINDS; b++) {
        const hsd_border_kind *kind = &hsd_border_kinds[b];
        grids[b] = (hsd_gain_grid){gains[kind->field], water, 0};
        for (int p = 0; p < POLYGONS; p++)
            if (((polygon_labels[p] >> kind->inside) & 1) !=
                ((polygon_labels[p] >> kind->outside) & 1))
                grids[b].polygons |= 1u << p;
    }
    if (status == HSD_OK)
        status =
            hsd_rings_simplify(rings, &d->canvas.field, grids, HSD_BORDER_KINDS, max_vertices, err);
    for (int k = 0; k < HSD_LABEL_FIELDS; k++) hsd_free(gains[k]);
    hsd_free(water);
    return status;
}

/* The lines about one polygon, with the polygon on the left. */
typedef struct outline {
    const hsd_ring_set *lines;
    uint32_t *line_from; /* by junction: the line that begins there, plus 1 */
    uint8_t *backward;   /* by line */
    uint8_t *used;       /* by line; those of other polygons are from the start */
    hsd_ring_set rings;
} outline;

static size_t line_begin(const hsd_ring_set *lines, size_t line) {
    return line ? lines->ring_end.data[line - 1] : 0;
}

static uint32_t end_junction(const outline *o, size_t line, bool last) {
    size_t begin = line_begin(o->lines, line), end = o->lines->ring_end.data[line];
    return o->lines->vertices.data[last != o->backward[line] ? end - 1 : begin].junction;
}

static bool copy_line(outline *o, size_t line, hsd_error *err) {
    size_t begin = line_begin(o->lines, line), end = o->lines->ring_end.data[line];
    size_t count = end - begin;
    if (o->lines->vertices.data[begin].junction) count--; /* the next line begins with it */
    for (size_t k = 0; k < count; k++) {
        hsd_vertex v = o->lines->vertices.data[o->backward[line] ? end - 1 - k : begin + k];
        v.junction = 0;
        if (!hsd_array_push(&o->rings.vertices, v, err)) return false;
    }
    return true;
}

/* A ring from a line on; two lines that fell into one enclose nothing. */
static hsd_status close_ring(outline *o, size_t first, hsd_error *err) {
    size_t begin = o->rings.vertices.count, line = first;
    for (;;) {
        o->used[line] = 1;
        if (!copy_line(o, line, err)) return HSD_E_MEMORY;
        uint32_t at = end_junction(o, line, true);
        if (at == 0) break;
        if (o->line_from[at] == 0)
            return hsd_fail(err, HSD_E_INTERNAL, "no line of a change leaves junction %u", at);
        line = o->line_from[at] - 1;
        if (line == first) break;
        if (o->used[line])
            return hsd_fail(err, HSD_E_INTERNAL, "lines of a change meet at junction %u", at);
    }
    if (o->rings.vertices.count - begin < 3) {
        o->rings.vertices.count = begin;
        return HSD_OK;
    }
    return hsd_ring_set_close(&o->rings, 0, err) ? HSD_OK : HSD_E_MEMORY;
}

static void choose_lines(outline *o, unsigned labels) {
    for (size_t line = 0; line < o->lines->ring_end.count; line++) {
        const hsd_border_kind *kind = &hsd_border_kinds[o->lines->ring_level.data[line]];
        bool in = (labels >> kind->inside) & 1, out = (labels >> kind->outside) & 1;
        o->used[line] = in == out;
        o->backward[line] = out;
        if (in == out) continue;
        uint32_t from = end_junction(o, line, false);
        if (from) o->line_from[from] = (uint32_t)line + 1;
    }
}

static hsd_status draw_polygon(const hsd_ring_set *lines, uint32_t junctions, unsigned labels,
                               hsd_geometry *out, hsd_error *err) {
    outline o = {.lines = lines};
    size_t count = lines->ring_end.count;
    o.line_from = hsd_calloc((size_t)junctions + 1, sizeof *o.line_from, err);
    o.backward = hsd_calloc(count, 1, err);
    o.used = hsd_calloc(count, 1, err);
    hsd_status status = o.line_from && o.backward && o.used ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK) choose_lines(&o, labels);
    for (size_t line = 0; status == HSD_OK && line < count; line++)
        if (!o.used[line]) status = close_ring(&o, line, err);
    if (status == HSD_OK) status = hsd_rings_polygons(&o.rings, 0, out, err);
    if (status == HSD_OK) status = hsd_shape_settle(out, NULL, err);
    hsd_ring_set_finish(&o.rings);
    hsd_free(o.line_from);
    hsd_free(o.backward);
    hsd_free(o.used);
    return status;
}

static hsd_status draw_polygons(const hsd_ring_set *lines, hsd_change *out, hsd_error *err) {
    hsd_geometry *shapes[POLYGONS] = {&out->gained, &out->lost, &out->kept, &out->faster};
    double *areas[POLYGONS] = {&out->gained_km2, &out->lost_km2, &out->kept_km2, &out->faster_km2};
    uint32_t junctions = 0;
    for (size_t v = 0; v < lines->vertices.count; v++)
        if (lines->vertices.data[v].junction > junctions)
            junctions = lines->vertices.data[v].junction;
    hsd_status status = HSD_OK;
    for (int p = 0; status == HSD_OK && p < POLYGONS; p++) {
        status = draw_polygon(lines, junctions, polygon_labels[p], shapes[p], err);
        if (status == HSD_OK) *areas[p] = hsd_geometry_area_m2(shapes[p]) * 1e-6;
    }
    return status;
}

hsd_status hsd_change_draw(const hsd_surface *before, const hsd_surface *after,
                           const hsd_change_rules *rules, hsd_change *out, hsd_error *err) {
    *out = (hsd_change){.gained.type = HSD_GEOMETRY_POLYGON,
                        .lost.type = HSD_GEOMETRY_POLYGON,
                        .kept.type = HSD_GEOMETRY_POLYGON,
                        .faster.type = HSD_GEOMETRY_POLYGON};
    drawing d = {.points = 0};
    hsd_ring_set lines = {0};
    hsd_status status = prepare(&d, before, after, rules, err);
    if (status == HSD_OK) status = hsd_label_borders(&d.map, &lines, err);
    if (status == HSD_OK)
        status = hsd_rings_project(&lines, before->centre_lon, before->centre_lat, err);
    if (status == HSD_OK) status = thin(&d, &lines, rules->max_vertices, err);
    if (status == HSD_OK) status = draw_polygons(&lines, out, err);
    hsd_ring_set_finish(&lines);
    drawing_finish(&d);
    if (status != HSD_OK) hsd_change_finish(out);
    return status;
}

hsd_status hsd_change_make(const hsd_network *network, const hsd_locator *locator,
                           const hsd_surface *before, const hsd_surface *after, uint32_t cutoff_ms,
                           const hsd_change_options *options, hsd_change *out, hsd_error *err) {
    *out = (hsd_change){0};
    const hsd_metric *metric = locator->metric;
    hsd_change_rules rules = {.cutoff_ms = cutoff_ms,
                              .faster_ms = FASTER_MS,
                              .max_vertices = MAX_VERTICES,
                              .barriers = &locator->barriers};
    if (options && options->faster_ms) rules.faster_ms = options->faster_ms;
    if (options && options->max_vertices) rules.max_vertices = options->max_vertices;
    if (locator->network != network)
        return hsd_fail(err, HSD_E_ARGUMENT, "network and locator do not belong together");
    if (before->centre_lon != after->centre_lon || before->centre_lat != after->centre_lat ||
        before->cell_m != after->cell_m)
        return hsd_fail(err, HSD_E_ARGUMENT, "the surfaces of a change lie on two lattices");
    if (cutoff_ms >= HSD_UNREACHABLE || rules.faster_ms > HSD_UNREACHABLE)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "cut-off %u ms, faster by %u ms: expected less than %u", cutoff_ms,
                        rules.faster_ms, HSD_UNREACHABLE);
    if (rules.max_vertices < 16)
        return hsd_fail(err, HSD_E_ARGUMENT, "%u vertices a polygon: expected at least 16",
                        rules.max_vertices);
    double detour = metric->leg_detour_ppm ? metric->leg_detour_ppm * 1e-6 : 1.0;
    if (metric->leg_speed_mh > 0)
        rules.step_ms = before->cell_m * detour * 3.6e6 / metric->leg_speed_mh;
    return hsd_change_draw(before, after, &rules, out, err);
}
