/* Marching squares of several labels (after Wu and Sullivan 2003, in the plane).
 *
 * Between two lattice points of different labels the border crosses once, where the contour of
 * the field that parts them does: so where two surfaces agree the border of what is kept is their
 * common contour, vertex by vertex, and a label without a lattice point has no border at all. In a
 * cell with two labels lines run as contours do; where three or four labels meet they meet in a
 * junction, the mean of the crossings. A label at two opposite corners with two others between is
 * joined, unless a point in water or out of reach is among them; parted it makes two junctions. So
 * each label, and kept with faster, passes a junction once, and rings of it never touch themselves.
 *
 * Every crossing has two neighbours, one in each cell at its lattice edge, every junction three or
 * four; lines are walked from them with the inside on the left. Rows are done from south to north
 * with the crossings of one row remembered. O(points). */
#include "circles/labels.h"

#include <string.h>

#define NONE UINT32_MAX

const hsd_border_kind hsd_border_kinds[HSD_BORDER_KINDS] = {
    {HSD_LABEL_LOST, HSD_LABEL_NONE, HSD_LABEL_BEFORE},
    {HSD_LABEL_GAINED, HSD_LABEL_NONE, HSD_LABEL_AFTER},
    {HSD_LABEL_GAINED, HSD_LABEL_LOST, HSD_LABEL_AFTER},
    {HSD_LABEL_KEPT, HSD_LABEL_NONE, HSD_LABEL_BOTH},
    {HSD_LABEL_KEPT, HSD_LABEL_LOST, HSD_LABEL_AFTER},
    {HSD_LABEL_KEPT, HSD_LABEL_GAINED, HSD_LABEL_BEFORE},
    {HSD_LABEL_FASTER, HSD_LABEL_NONE, HSD_LABEL_BOTH},
    {HSD_LABEL_FASTER, HSD_LABEL_LOST, HSD_LABEL_AFTER},
    {HSD_LABEL_FASTER, HSD_LABEL_GAINED, HSD_LABEL_BEFORE},
    {HSD_LABEL_FASTER, HSD_LABEL_KEPT, HSD_LABEL_SAVING},
};

static uint32_t kind_of(uint8_t a, uint8_t b) {
    uint32_t in = a > b ? a : b, out = a > b ? b : a;
    return in * (in - 1) / 2 + out;
}

/* A crossing (two neighbours) or a junction (three or four). */
typedef struct joint {
    double x, y;
    uint32_t to[4];
    uint8_t left[4], right[4]; /* labels beside the line to a neighbour */
    uint8_t count;
    bool walked; /* a crossing that is in a line already */
    bool junction;
} joint;

typedef struct tracer {
    const hsd_label_map *map;
    const hsd_field_grid *grid;
    hsd_frame *frame;
    HSD_ARRAY(joint) joints;
    uint32_t *south, *north, *side; /* crossings of a row of cells; side: its upright edges */
    hsd_ring_set *out;
    hsd_error *err;
} tracer;

/* The corners of a cell, counter-clockwise from south-west; edge k runs from corner k to k + 1. */
typedef struct cell {
    hsd_spot corner[4];
    uint8_t label[4];
    uint32_t edge[4]; /* its crossing; NONE where both ends are alike */
} cell;

static uint8_t label_at(const tracer *t, hsd_spot p) {
    return t->map->label[(size_t)p.j * t->grid->width + (size_t)p.i];
}

/* ---- Crossings and the lines between them ---- */

static bool add_crossing(tracer *t, hsd_spot a, hsd_spot b, uint32_t *out) {
    uint8_t la = label_at(t, a), lb = label_at(t, b);
    *out = NONE;
    if (la == lb) return true;
    uint32_t field = hsd_border_kinds[kind_of(la, lb)].field;
    joint j = {.count = 0};
    hsd_contour_cross(&t->map->field[field], t->map->level[field], t->frame, la > lb ? a : b,
                      la > lb ? b : a, &j.x, &j.y);
    *out = (uint32_t)t->joints.count;
    return hsd_array_push(&t->joints, j, t->err);
}

static bool add_junction(tracer *t, double x, double y, uint32_t *out) {
    joint j = {.x = x, .y = y, .junction = true};
    *out = (uint32_t)t->joints.count;
    return hsd_array_push(&t->joints, j, t->err);
}

static void connect(tracer *t, uint32_t from, uint32_t to, uint8_t left, uint8_t right) {
    joint *j = &t->joints.data[from];
    j->to[j->count] = to;
    j->left[j->count] = left;
    j->right[j->count++] = right;
}

/* From the crossing of edge k into the cell, its first corner is on the left. */
static void tie(tracer *t, const cell *c, int k, uint32_t to) {
    uint8_t left = c->label[k], right = c->label[(k + 1) & 3];
    connect(t, c->edge[k], to, left, right);
    if (t->joints.data[to].junction) connect(t, to, c->edge[k], right, left);
}

static void cut_corner(tracer *t, const cell *c, int k) {
    int before = (k + 3) & 3;
    tie(t, c, before, c->edge[k]);
    tie(t, c, k, c->edge[before]);
}

static bool join_all(tracer *t, const cell *c) {
    double x = 0, y = 0, n = 0;
    for (int k = 0; k < 4; k++) {
        if (c->edge[k] == NONE) continue;
        x += t->joints.data[c->edge[k]].x;
        y += t->joints.data[c->edge[k]].y;
        n++;
    }
    uint32_t middle;
    if (!add_junction(t, x / n, y / n, &middle)) return false;
    for (int k = 0; k < 4; k++)
        if (c->edge[k] != NONE) tie(t, c, k, middle);
    return true;
}

/* Corners k and k + 2 are parted by a line between the other two. */
static bool part(tracer *t, const cell *c, int k) {
    uint32_t ends[2];
    for (int e = 0; e < 2; e++) {
        int own = (k + 2 * e) & 3, before = (own + 3) & 3;
        const joint *a = &t->joints.data[c->edge[own]], *b = &t->joints.data[c->edge[before]];
        if (!add_junction(t, 0.5 * (a->x + b->x), 0.5 * (a->y + b->y), &ends[e])) return false;
        tie(t, c, before, ends[e]);
        tie(t, c, own, ends[e]);
    }
    uint8_t left = c->label[(k + 3) & 3], right = c->label[(k + 1) & 3];
    connect(t, ends[0], ends[1], left, right);
    connect(t, ends[1], ends[0], right, left);
    return true;
}

/* ---- Cells ---- */

/* A corner in water, or that neither surface reaches. */
static bool beyond_reach(const tracer *t, const cell *c) {
    for (int k = 0; k < 4; k++) {
        size_t p = (size_t)c->corner[k].j * t->grid->width + (size_t)c->corner[k].i;
        if (t->grid->land && !t->grid->land[p]) return true;
        if (t->map->field[HSD_LABEL_BEFORE].value[p] >= (int32_t)HSD_UNREACHABLE &&
            t->map->field[HSD_LABEL_AFTER].value[p] >= (int32_t)HSD_UNREACHABLE)
            return true;
    }
    return false;
}

static bool trace_saddle(tracer *t, const cell *c) {
    const uint8_t *l = c->label;
    if (l[0] == l[2] && l[1] == l[3]) { /* two labels */
        const hsd_border_kind *kind = &hsd_border_kinds[kind_of(l[0], l[1])];
        bool joined =
            hsd_contour_joined(&t->map->field[kind->field], t->map->level[kind->field], c->corner);
        int cut = (l[0] == kind->inside) == joined ? 1 : 0;
        cut_corner(t, c, cut);
        cut_corner(t, c, cut + 2);
        return true;
    }
    for (int k = 0; k < 2; k++) {
        if (l[k] != l[k + 2]) continue;
        if (l[k] != HSD_LABEL_NONE && beyond_reach(t, c)) return part(t, c, k);
        cut_corner(t, c, k + 1);
        cut_corner(t, c, (k + 3) & 3);
        return true;
    }
    for (int k = 0; k < 2; k++) /* what is kept holds together */
        if (l[k] >= HSD_LABEL_KEPT && l[k + 2] >= HSD_LABEL_KEPT) return part(t, c, 1 - k);
    return join_all(t, c);
}

static bool trace_cell(tracer *t, int64_t i, int64_t j) {
    cell c = {.corner = {{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}},
              .edge = {t->south[i], t->side[i + 1], t->north[i], t->side[i]}};
    int crossed[4], n = 0;
    for (int k = 0; k < 4; k++)
        if (c.edge[k] != NONE) crossed[n++] = k;
    if (n == 0) return true;
    for (int k = 0; k < 4; k++) c.label[k] = label_at(t, c.corner[k]);
    if (n == 2) {
        tie(t, &c, crossed[0], c.edge[crossed[1]]);
        tie(t, &c, crossed[1], c.edge[crossed[0]]);
        return true;
    }
    return n == 3 ? join_all(t, &c) : trace_saddle(t, &c);
}

static hsd_status trace_rows(tracer *t) {
    const int64_t width = t->grid->width, height = t->grid->height;
    for (int64_t i = 0; i < width; i++) t->south[i] = NONE; /* the rim is one label */
    for (int64_t j = 0; j + 1 < height; j++) {
        for (int64_t i = 0; i < width; i++)
            if (!add_crossing(t, (hsd_spot){i, j}, (hsd_spot){i, j + 1}, &t->side[i]))
                return HSD_E_MEMORY;
        for (int64_t i = 0; i + 1 < width; i++)
            if (!add_crossing(t, (hsd_spot){i, j + 1}, (hsd_spot){i + 1, j + 1}, &t->north[i]))
                return HSD_E_MEMORY;
        for (int64_t i = 0; i + 1 < width; i++)
            if (!trace_cell(t, i, j)) return HSD_E_MEMORY;
        uint32_t *swap = t->south;
        t->south = t->north;
        t->north = swap;
    }
    return HSD_OK;
}

/* ---- Walking ---- */

static bool put(tracer *t, uint32_t at) {
    joint *j = &t->joints.data[at];
    hsd_vertex v = {.x = j->x, .y = j->y, .junction = j->junction ? at + 1 : 0};
    j->walked = true;
    return hsd_array_push(&t->out->vertices, v, t->err);
}

/* From a joint along one of its lines to a junction or round to itself. */
static bool walk_line(tracer *t, uint32_t first, int slot) {
    const joint *j = &t->joints.data[first];
    uint32_t kind = kind_of(j->left[slot], j->right[slot]), from = first, at = j->to[slot];
    if (!put(t, first)) return false;
    while (at != first) {
        if (!put(t, at)) return false;
        const joint *here = &t->joints.data[at];
        if (here->junction) break;
        uint32_t next = here->to[0] == from ? here->to[1] : here->to[0];
        from = at;
        at = next;
    }
    return hsd_ring_set_close(t->out, kind, t->err);
}

static hsd_status walk_lines(tracer *t) {
    for (int open = 1; open >= 0; open--)
        for (uint32_t v = 0; v < t->joints.count; v++) {
            const joint *j = &t->joints.data[v];
            if (j->junction != (open == 1)) continue;
            for (int k = 0; k < j->count; k++) {
                if (j->left[k] < j->right[k] || (!open && j->walked)) continue;
                if (!walk_line(t, v, k)) return HSD_E_MEMORY;
            }
        }
    return HSD_OK;
}

hsd_status hsd_label_borders(const hsd_label_map *map, hsd_ring_set *out, hsd_error *err) {
    tracer t = {.map = map, .grid = &map->field[0], .out = out, .err = err};
    const hsd_field_grid *f = t.grid;
    if (f->width < 2 || f->height < 2) return HSD_OK;
    if ((uint64_t)f->width * f->height > UINT32_MAX / 4)
        return hsd_fail(err, HSD_E_MEMORY, "a change over %u x %u points: take larger cells",
                        f->width, f->height);
    uint32_t *rows = hsd_alloc(3 * (size_t)f->width, sizeof *rows, err);
    if (!rows) return HSD_E_MEMORY;
    t.south = rows;
    t.north = rows + f->width;
    t.side = rows + 2 * (size_t)f->width;
    hsd_status status = HSD_OK;
    if (f->barriers) status = hsd_frame_create(f->centre_lon, f->centre_lat, &t.frame, err);
    if (status == HSD_OK) status = trace_rows(&t);
    if (status == HSD_OK) status = walk_lines(&t);
    hsd_frame_destroy(t.frame);
    hsd_array_finish(&t.joints);
    hsd_free(rows);
    return status;
}
