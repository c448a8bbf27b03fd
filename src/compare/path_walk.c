/* The way over links behind a sown seed, found again from the times: no search keeps it.
 *
 * A walk between two stops is told apart piece by piece: the first is the lowest piece with which
 * the rest of the walk adds up (times and number of pieces, compare/overlay.h, so that the rest is
 * always shorter); streets between two pieces come from a tree of the pole left, those from or to
 * the origin from a tree of its own seeds without links. Ties: the fewest pieces, then the lowest
 * stop, piece, pole, joint. A few searches a way; a scenario tree keeps ways until it grows again.
 */
#include "compare/path.h"
#include "times/tree.h"

typedef struct walking {
    hsd_scenario_tree *tree;
    const hsd_overlay *overlay;
    const hsd_pole_times *times;
    const hsd_resolved *resolved;
    hsd_direction direction;
    hsd_path *path;
    hsd_track track;
    hsd_error *err;
} walking;

static hsd_status lost(const walking *w) {
    return hsd_fail(w->err, HSD_E_INTERNAL, "a walk over added links does not add up");
}

/* ---- Gaps and streets
 * -------------------------------------------------------------------------------- */

static hsd_status add_gap(walking *w, uint32_t joint, bool enters) {
    const hsd_joint *j = &w->resolved->joints[joint];
    const hsd_lonlat pole = w->resolved->poles[j->pole].at;
    const hsd_lonlat line[2] = {enters ? j->at : pole, enters ? pole : j->at};
    return hsd_path_add_leg(w->path, line, 2, enters ? j->enter_ms : j->exit_ms, w->err);
}

/* The lowest joint of a pole at which a tree's time, with the gap, is ms. */
static bool find_joint(const walking *w, const hsd_tree *tree, uint32_t pole, uint32_t ms,
                       uint32_t *out) {
    const hsd_pole *p = &w->resolved->poles[pole];
    const bool from = hsd_tree_direction(tree) == HSD_FROM;
    for (uint32_t j = p->first_joint; j < p->first_joint + p->joint_count; j++) {
        const hsd_joint *joint = &w->resolved->joints[j];
        const uint32_t gap_ms = from ? joint->enter_ms : joint->exit_ms;
        *out = j;
        if (hsd_ms_add(hsd_tree_foot_ms(tree, &w->times->feet[j]), gap_ms) == ms) return true;
    }
    return false;
}

/* Which joint the n-th seed of hsd_pole_grow is. */
static uint32_t exit_joint(const walking *w, uint32_t pole, size_t n) {
    uint32_t j = w->resolved->poles[pole].first_joint;
    for (;; j++)
        if (w->resolved->joints[j].exit_ms < HSD_UNREACHABLE && n-- == 0) return j;
}

static hsd_status scratch_tree(const walking *w, hsd_tree **tree) {
    return *tree != NULL ? HSD_OK : hsd_tree_create(w->tree->place->locator, tree, w->err);
}

/* From a stop to another one over the streets. */
static hsd_status add_streets(walking *w, uint32_t from, uint32_t to) {
    const hsd_overlay *o = w->overlay;
    const uint32_t ms = o->between[(size_t)from * o->stop_count + to];
    for (uint32_t i = o->first_pole[from]; i < o->first_pole[from + 1]; i++)
        for (uint32_t k = o->first_pole[to]; k < o->first_pole[to + 1]; k++) {
            uint32_t joint;
            if (hsd_pole_to_pole_ms(w->times, o->poles[i], o->poles[k]) != ms) continue;
            hsd_status status = scratch_tree(w, &w->tree->from_pole);
            hsd_tree *tree = w->tree->from_pole;
            if (status == HSD_OK)
                status = hsd_pole_grow(w->times, tree, HSD_FROM, o->poles[i], w->err);
            if (status != HSD_OK) return status;
            if (!find_joint(w, tree, o->poles[k], ms, &joint)) return lost(w);
            status = hsd_tree_track(tree, &w->times->feet[joint], &w->track, w->err);
            if (status == HSD_OK)
                status = add_gap(w, exit_joint(w, o->poles[i], w->track.seed), false);
            if (status == HSD_OK)
                status = hsd_path_add_track(w->path, w->times->locator, &w->track, w->err);
            return status == HSD_OK ? add_gap(w, joint, true) : status;
        }
    return lost(w);
}

/* ---- Pieces
 * ------------------------------------------------------------------------------------------ */

typedef struct next_piece {
    uint32_t added, direction;
    uint32_t reached; /* the stop the piece ends at */
    uint32_t next;    /* the stop the next one begins at; UINT32_MAX: none, reached is the end */
} next_piece;

static bool explains(const walking *w, const next_piece *n, uint32_t end, hsd_walk walk) {
    const hsd_overlay *o = w->overlay;
    const size_t count = o->stop_count;
    const hsd_walk own = hsd_walk_of(w->resolved->added[n->added].ms[n->direction], 1);
    if (n->next == UINT32_MAX) return n->reached == end && own == walk;
    return own + hsd_walk_of(o->between[n->reached * count + n->next], 0) +
               o->walks[n->next * count + end] ==
           walk;
}

static bool find_piece(const walking *w, uint32_t begin, uint32_t end, next_piece *out) {
    const hsd_overlay *o = w->overlay;
    const hsd_walk walk = o->walks[(size_t)begin * o->stop_count + end];
    for (size_t i = 0; i < o->added_count; i++) {
        const hsd_added *piece = &w->resolved->added[o->added[i]];
        const uint32_t ends[2] = {o->pole_stop[piece->from_pole], o->pole_stop[piece->to_pole]};
        for (uint32_t against = 0; against < 2; against++) {
            if (ends[against] != begin || piece->ms[against] >= HSD_UNREACHABLE) continue;
            *out = (next_piece){o->added[i], against, ends[1 - against], UINT32_MAX};
            if (explains(w, out, end, walk)) return true;
            for (out->next = 0; out->next < o->stop_count; out->next++)
                if (explains(w, out, end, walk)) return true;
        }
    }
    return false;
}

static hsd_status add_walk(walking *w, uint32_t begin, uint32_t end) {
    for (;;) {
        next_piece n;
        if (!find_piece(w, begin, end, &n)) return lost(w);
        hsd_status status = hsd_path_add_piece(w->path, w->resolved, n.added, n.direction, w->err);
        if (status != HSD_OK || n.next == UINT32_MAX) return status;
        if (n.next != n.reached) status = add_streets(w, n.reached, n.next);
        if (status != HSD_OK) return status;
        begin = n.next;
    }
}

/* ---- Between the origin and a stop
 * ------------------------------------------------------------------- */

/* A trip that begins on a link: from the stop on it is known. */
static hsd_status add_beginning(walking *w, uint32_t stop) {
    const hsd_lonlat at = w->resolved->poles[w->overlay->poles[w->overlay->first_pole[stop]]].at;
    return hsd_path_add_leg(w->path, &at, 1, w->tree->begin_ms[stop], w->err);
}

static hsd_status add_own_streets(walking *w, uint32_t joint) {
    const bool from = w->direction == HSD_FROM;
    hsd_status status = hsd_tree_track(w->tree->bare, &w->times->feet[joint], &w->track, w->err);
    if (status != HSD_OK) return status;
    const hsd_seed *seed = &w->tree->seeds.data[w->track.seed];
    const hsd_lonlat foot = hsd_locator_foot_point(w->times->locator, &seed->foot);
    const uint32_t cost = hsd_ms_add(seed->foot.leg_ms, seed->extra_ms);
    if (from)
        status = hsd_path_add_leg(w->path, &foot, 1, cost, w->err);
    else
        status = add_gap(w, joint, false);
    if (status == HSD_OK)
        status = hsd_path_add_track(w->path, w->times->locator, &w->track, w->err);
    if (status != HSD_OK) return status;
    return from ? add_gap(w, joint, true) : hsd_path_add_leg(w->path, &foot, 1, cost, w->err);
}

/* Into the stop from the origin (HSD_TO: out of it to the origin), as enter_ms has it. */
static hsd_status add_entry(walking *w, uint32_t stop) {
    const hsd_overlay *o = w->overlay;
    const bool from = w->direction == HSD_FROM;
    const uint32_t ms = w->tree->enter_ms[stop];
    if (!w->tree->bare_grown) {
        hsd_status status = scratch_tree(w, &w->tree->bare);
        if (status == HSD_OK)
            status = hsd_tree_grow(w->tree->bare, w->direction, w->tree->seeds.data,
                                   w->tree->own_count, hsd_tree_limit_ms(w->tree->streets), w->err);
        if (status != HSD_OK) return status;
        w->tree->bare_grown = true;
    }
    for (uint32_t i = o->first_pole[stop]; i < o->first_pole[stop + 1]; i++) {
        uint32_t joint;
        if (find_joint(w, w->tree->bare, o->poles[i], ms, &joint)) return add_own_streets(w, joint);
    }
    for (uint32_t s = 0; w->tree->on_links != NULL && s < o->stop_count; s++) {
        const size_t n = o->stop_count;
        const uint32_t way = from ? o->between[s * n + stop] : o->between[stop * n + s];
        if (hsd_ms_add(w->tree->begin_ms[s], way) != ms) continue;
        hsd_status status = from ? add_beginning(w, s) : HSD_OK;
        if (status == HSD_OK && s != stop)
            status = from ? add_streets(w, s, stop) : add_streets(w, stop, s);
        if (status != HSD_OK) return status;
        return from ? HSD_OK : add_beginning(w, s);
    }
    return lost(w);
}

/* The stop by which the walk to (HSD_TO: from) a stop begins (ends). */
static bool find_entry(const walking *w, uint32_t stop, uint32_t *out) {
    const hsd_overlay *o = w->overlay;
    const size_t n = o->stop_count;
    uint32_t fewest = UINT32_MAX;
    for (uint32_t s = 0; s < n; s++) {
        const hsd_walk walk =
            w->direction == HSD_FROM ? o->walks[s * n + stop] : o->walks[stop * n + s];
        const uint32_t ms = hsd_ms_add(w->tree->enter_ms[s], hsd_walk_ms(walk));
        if (ms != w->tree->pass_ms[stop] || (uint32_t)walk >= fewest) continue;
        fewest = (uint32_t)walk;
        *out = s;
    }
    return fewest != UINT32_MAX;
}

static hsd_status add_all(walking *w, uint32_t joint, uint32_t stop) {
    const bool from = w->direction == HSD_FROM;
    uint32_t entry = 0;
    const bool begins =
        w->tree->on_links != NULL && w->tree->begin_ms[stop] == w->tree->pass_ms[stop];
    if (!begins && !find_entry(w, stop, &entry)) return lost(w);
    hsd_status status = from ? HSD_OK : add_gap(w, joint, true);
    if (status == HSD_OK && begins) status = add_beginning(w, stop);
    if (status == HSD_OK && !begins && from) status = add_entry(w, entry);
    if (status == HSD_OK && !begins)
        status = from ? add_walk(w, entry, stop) : add_walk(w, stop, entry);
    if (status == HSD_OK && !begins && !from) status = add_entry(w, entry);
    return status == HSD_OK && from ? add_gap(w, joint, false) : status;
}

hsd_status hsd_scenario_tree_way(hsd_scenario_tree *tree, size_t sown, hsd_path *path,
                                 hsd_error *err) {
    const hsd_overlay *overlay = tree->place->overlay;
    const hsd_seed *seed = &tree->sown.seeds[sown];
    const hsd_pole *pole = &overlay->times->resolved->poles[tree->sown.poles[sown]];
    const uint32_t stop = overlay->pole_stop[tree->sown.poles[sown]];
    walking w = {tree,
                 overlay,
                 overlay->times,
                 overlay->times->resolved,
                 hsd_tree_direction(tree->streets),
                 path,
                 {0},
                 err};
    hsd_status status = lost(&w);
    for (uint32_t j = pole->first_joint; j < pole->first_joint + pole->joint_count; j++) {
        const hsd_joint *joint = &w.resolved->joints[j];
        const hsd_foot *foot = &overlay->times->feet[j];
        const uint32_t gap = w.direction == HSD_FROM ? joint->exit_ms : joint->enter_ms;
        if (foot->edge != seed->foot.edge || foot->vertex != seed->foot.vertex ||
            foot->segment != seed->foot.segment || foot->fraction != seed->foot.fraction ||
            hsd_ms_add(tree->pass_ms[stop], gap) != seed->extra_ms)
            continue;
        status = add_all(&w, j, stop);
        break;
    }
    hsd_track_finish(&w.track);
    return status;
}
