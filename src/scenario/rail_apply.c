/* A board is the timetable in the making: rows of trips, whose calls are the base's until an item
 * changes them. An item chooses trips by pattern and section, and makes them faster, makes them
 * stop once more, adds copies of the usual one, or cuts them. O(trips x calls) an item. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/rail.h"

static const double DETOUR = 1.055; /* of a run over its straight line, where nothing is drawn */
static const double ON_THE_WAY = 1.1, NEARLY_M = 1000;

/* ---- Boards -------------------------------------------------------------------------------- */

hsd_status hsd_board_begin(hsd_board *board, const hsd_rail *rail, hsd_error *err) {
    const hsd_timetable *base = rail->base;
    *board = (hsd_board){.rail = rail};
    if (!hsd_array_reserve(&board->trips, base->trip_count + 1, err)) return HSD_E_MEMORY;
    for (size_t i = 0; i < base->trip_count; i++) {
        const hsd_trip_row *row = &base->trips[i];
        board->trips.data[i] = (hsd_board_trip){
            .row = *row,
            .calls = base->calls + row->first_call,
            .headways = row->headway_count ? base->headways + row->first_headway : NULL};
    }
    board->trips.count = base->trip_count;
    return HSD_OK;
}

void hsd_board_finish(hsd_board *board) {
    hsd_array_finish(&board->trips);
    hsd_blocks_finish(&board->blocks);
    hsd_text_finish(&board->texts);
}

hsd_call_row *hsd_board_calls(hsd_board *board, size_t count, hsd_error *err) {
    return hsd_blocks_take(&board->blocks, count, sizeof(hsd_call_row), err);
}

static const char *string(const hsd_board *board, uint32_t offset) {
    const size_t shared = board->rail->texts.length;
    return offset < shared ? board->rail->texts.data + offset : board->texts.data + offset - shared;
}

/* ---- Choosing ------------------------------------------------------------------------------ */

/* A pattern in which * stands for any characters. */
static bool fits(const char *pattern, const char *text) {
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return !*pattern;
}

static bool chosen_by_name(const hsd_board *board, const hsd_board_trip *trip,
                           const char *pattern) {
    const hsd_timetable *base = board->rail->base;
    if (trip->row.line >= base->line_count) return false; /* a proposal's own */
    const hsd_line_row *line = &base->lines[trip->row.line];
    return fits(pattern, string(board, line->name)) || fits(pattern, string(board, line->id)) ||
           fits(pattern, string(board, line->long_name)) ||
           fits(pattern, string(board, trip->row.short_name)) ||
           fits(pattern, string(board, trip->row.id));
}

typedef struct section {
    uint32_t first, last; /* calls */
    bool back;
} section;

static bool find_between(const hsd_board_trip *trip, const uint8_t *from, const uint8_t *to,
                         section *out) {
    for (uint32_t i = 0; i < trip->row.call_count; i++) {
        if (!from[trip->calls[i].stop]) continue;
        for (uint32_t j = i + 1; j < trip->row.call_count; j++)
            if (to[trip->calls[j].stop]) {
                *out = (section){i, j, false};
                return true;
            }
    }
    return false;
}

static bool choose(const hsd_board *board, const hsd_rail_item *item, uint32_t t, section *out) {
    const hsd_board_trip *trip = &board->trips.data[t];
    if (trip->gone || trip->row.call_count < 2 || !chosen_by_name(board, trip, item->pattern))
        return false;
    *out = (section){0, trip->row.call_count - 1, false};
    if (!item->from) return true;
    if (find_between(trip, item->from, item->to, out)) return true;
    if (item->forward || !find_between(trip, item->to, item->from, out)) return false;
    out->back = true;
    return true;
}

/* ---- Counting ------------------------------------------------------------------------------ */

static bool runs_on_date(const hsd_board *board, const hsd_board_trip *trip) {
    return trip->row.service == HSD_EVERY_DAY ||
           hsd_service_runs(board->rail->base, trip->row.service, board->rail->date);
}

static double departures(const hsd_board *board, const hsd_board_trip *trip) {
    double count = 0;
    if (!runs_on_date(board, trip)) return 0;
    for (uint32_t h = 0; h < trip->row.headway_count; h++) {
        const hsd_headway_row *row = &trip->headways[h];
        const int64_t span = (int64_t)row->end_s - row->start_s;
        if (row->headway_s) count += (double)((span - (row->exact ? 1 : 0)) / row->headway_s) + 1;
    }
    return trip->row.headway_count ? count : 1;
}

/* ---- Speed --------------------------------------------------------------------------------- */

static hsd_ride_kind kind_of(const hsd_board *board, const hsd_board_trip *trip) {
    return (hsd_ride_kind)board->rail->base->lines[trip->row.line].kind;
}

/* Seconds of the run from call c to the next at a design speed. */
static double model_run(const hsd_board *board, const hsd_board_trip *trip, uint32_t c,
                        double kmh) {
    const hsd_train_pace pace = hsd_train_pace_of(kind_of(board, trip), kmh);
    const double metres =
        hsd_rail_apart_m(board->rail, trip->calls[c].stop, trip->calls[c + 1].stop);
    return metres > 0 ? hsd_train_run_s(&pace, metres * DETOUR, kmh) : 0;
}

static int32_t run_of(const hsd_board_trip *trip, uint32_t c) {
    return trip->calls[c + 1].arrival_s - trip->calls[c].departure_s;
}

/* New over old of all runs of the section; 0: the dwells alone are longer than the minutes. */
static double scale_of(const hsd_board_trip *trip, section s, const hsd_service_row *row) {
    if (row->factor > 0) return 1 / row->factor;
    int64_t runs = 0;
    for (uint32_t c = s.first; c < s.last; c++) runs += run_of(trip, c);
    const int64_t all = trip->calls[s.last].arrival_s - trip->calls[s.first].departure_s;
    const double left = row->minutes[0] * 60 - (double)(all - runs);
    return runs > 0 && left > 0 ? left / (double)runs : runs > 0 ? 0 : 1;
}

static hsd_status speed_trip(hsd_board *board, hsd_board_trip *trip, section s,
                             const hsd_rail_item *item, hsd_rail_effect *effect, hsd_error *err) {
    const uint32_t count = trip->row.call_count;
    const bool model = item->row->speed_kmh > 0;
    const double scale = model ? 1 : scale_of(trip, s, item->row);
    if (!(scale > 0)) {
        snprintf(effect->fault, sizeof effect->fault,
                 "%g minutes: the stops of some trains between the two stations take longer",
                 item->row->minutes[0]);
        return HSD_OK;
    }
    hsd_call_row *calls = hsd_board_calls(board, count, err);
    if (!calls) return HSD_E_MEMORY;
    memcpy(calls, trip->calls, count * sizeof *calls);
    double old_runs = 0;
    int64_t new_runs = 0;
    int32_t shift = 0;
    for (uint32_t c = 0; c < count; c++) {
        calls[c].arrival_s += shift;
        calls[c].departure_s += shift;
        if (c < s.first || c >= s.last) continue;
        int32_t run = run_of(trip, c), now;
        if (model) {
            const double modelled = floor(model_run(board, trip, c, item->row->speed_kmh) + 0.5);
            now = modelled < run ? (int32_t)modelled : run;
        } else {
            old_runs += run;
            now = (int32_t)((int64_t)floor(old_runs * scale + 0.5) - new_runs);
            new_runs += now;
        }
        shift += now - run;
        effect->saved_s += run - now;
    }
    if (memcmp(calls, trip->calls, count * sizeof *calls) == 0) return HSD_OK;
    trip->calls = calls;
    effect->changed++;
    return HSD_OK;
}

/* ---- One more stop ------------------------------------------------------------------------- */

typedef struct detour {
    uint32_t after, stop; /* between this call and the next */
    double before_m, behind_m, extra_m;
} detour;

/* The best place of the section to call at one of the stops meant; false: not on the way, or the
 * trip calls there. */
static bool find_detour(const hsd_board *board, const hsd_board_trip *trip, section s,
                        const uint8_t *meant, detour *best) {
    const hsd_rail *rail = board->rail;
    for (uint32_t c = 0; c < trip->row.call_count; c++)
        if (meant[trip->calls[c].stop]) return false;
    *best = (detour){.extra_m = INFINITY};
    for (uint32_t stop = 0; stop < rail->stops.count; stop++) {
        if (!meant[stop]) continue;
        for (uint32_t c = s.first; c < s.last; c++) {
            const uint32_t a = trip->calls[c].stop, b = trip->calls[c + 1].stop;
            const double before = hsd_rail_apart_m(rail, a, stop),
                         behind = hsd_rail_apart_m(rail, stop, b),
                         straight = hsd_rail_apart_m(rail, a, b),
                         extra = before + behind - straight;
            if (before + behind > ON_THE_WAY * straight + NEARLY_M || !(extra < best->extra_m))
                continue;
            *best = (detour){c, stop, before, behind, extra};
        }
    }
    return best->extra_m < INFINITY;
}

/* The design speed that a run from call c suggests: its own mean over the share that is kept under
 * way, and not less than usual for its kind. */
static double own_speed(const hsd_board *board, const hsd_board_trip *trip, uint32_t c) {
    const hsd_ride_kind kind = kind_of(board, trip);
    const double usual = hsd_train_speed_kmh(kind);
    const int32_t run = run_of(trip, c);
    if (run <= 0) return usual;
    const double metres =
        DETOUR * hsd_rail_apart_m(board->rail, trip->calls[c].stop, trip->calls[c + 1].stop);
    return fmax(usual, metres / run * 3.6 / hsd_train_pace_of(kind, usual).running_share);
}

static hsd_status stop_trip(hsd_board *board, hsd_board_trip *trip, section *s,
                            const hsd_rail_item *item, const struct hsd_rail_target *target,
                            hsd_rail_effect *effect, bool *changed, hsd_error *err) {
    detour d;
    if (!find_detour(board, trip, *s, target->meant, &d)) return HSD_OK;
    const hsd_service_row *row = item->row;
    const hsd_ride_kind kind = kind_of(board, trip);
    const double kmh = row && row->speed_kmh > 0 ? row->speed_kmh : own_speed(board, trip, d.after);
    const hsd_train_pace pace = hsd_train_pace_of(kind, kmh);
    const double loss =
        row && row->loss_min >= 0 ? row->loss_min * 60 : hsd_train_stop_loss_s(&pace, kmh);
    const int32_t whole = (int32_t)floor(loss + 0.5),
                  dwell = (int32_t)floor((isnan(target->dwell_s) ? pace.dwell_s : target->dwell_s) +
                                         0.5);
    const uint32_t count = trip->row.call_count, at = d.after + 1;
    const int32_t run = run_of(trip, d.after);
    const double both = d.before_m + d.behind_m, share = both > 0 ? d.before_m / both : 0.5;
    const int32_t first = (int32_t)floor(run * share + loss / 2 + 0.5);
    hsd_call_row *calls = hsd_board_calls(board, count + 1, err);
    if (!calls) return HSD_E_MEMORY;
    memcpy(calls, trip->calls, at * sizeof *calls);
    const int32_t arrival = calls[d.after].departure_s + first;
    calls[at] = (hsd_call_row){d.stop, arrival, arrival + dwell, 0};
    for (uint32_t c = at; c < count; c++) {
        calls[c + 1] = trip->calls[c];
        calls[c + 1].arrival_s += whole + dwell;
        calls[c + 1].departure_s += whole + dwell;
    }
    trip->calls = calls;
    trip->row.call_count++;
    s->last++;
    effect->saved_s -= whole + dwell;
    *changed = true;
    return HSD_OK;
}

static hsd_status stop_trips(hsd_board *board, hsd_board_trip *trip, section s,
                             const hsd_rail_item *item, hsd_rail_effect *effect, hsd_error *err) {
    hsd_status status = HSD_OK;
    bool changed = false;
    for (size_t i = 0; i < item->target_count && status == HSD_OK; i++)
        status = stop_trip(board, trip, &s, item, &item->targets[i], effect, &changed, err);
    effect->changed += changed;
    return status;
}

/* ---- Cut ----------------------------------------------------------------------------------- */

/* The tail of a trip that is cut in the middle: a trip of its own. */
static hsd_status add_tail(hsd_board *board, const hsd_board_trip *trip, uint32_t first,
                           hsd_error *err) {
    hsd_board_trip tail = *trip;
    tail.calls = trip->calls + first;
    tail.row.call_count = trip->row.call_count - first;
    char *id = hsd_asprintf(err, "%s (2)", string(board, trip->row.id));
    if (!id) return HSD_E_MEMORY;
    tail.row.id = (uint32_t)board->rail->texts.length + hsd_rail_text(&board->texts, id);
    hsd_free(id);
    if (board->texts.failed) return hsd_fail(err, HSD_E_MEMORY, "out of memory");
    const int32_t later = tail.calls[0].departure_s - trip->calls[0].departure_s;
    if (trip->row.headway_count) {
        hsd_headway_row *rows =
            hsd_blocks_take(&board->blocks, trip->row.headway_count, sizeof *rows, err);
        if (!rows) return HSD_E_MEMORY;
        for (uint32_t h = 0; h < trip->row.headway_count; h++) {
            rows[h] = trip->headways[h];
            rows[h].start_s += later;
            rows[h].end_s += later;
        }
        tail.headways = rows;
    }
    return hsd_array_push(&board->trips, tail, err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status cut_trip(hsd_board *board, uint32_t t, section s, const hsd_rail_item *item,
                           hsd_rail_effect *effect, hsd_error *err) {
    hsd_board_trip trip = board->trips.data[t];
    const bool head = item->from && s.first > 0,
               tail = item->from && s.last + 1 < trip.row.call_count;
    if (!head && !tail) {
        board->trips.data[t].gone = true;
        effect->removed++;
        return HSD_OK;
    }
    effect->changed++;
    if (head) {
        board->trips.data[t].row.call_count = s.first + 1;
        board->trips.data[t].row.headsign = 0;
        return tail ? add_tail(board, &trip, s.last, err) : HSD_OK;
    }
    hsd_status status = add_tail(board, &trip, s.last, err); /* in its place, under its own id */
    if (status != HSD_OK) return status;
    board->trips.count--;
    hsd_board_trip only = board->trips.data[board->trips.count];
    only.row.id = trip.row.id;
    board->trips.data[t] = only;
    return HSD_OK;
}

/* ---- More trains --------------------------------------------------------------------------- */

typedef struct model {
    uint32_t trip;
    section part;
    int32_t duration_s;
    int group;  /* 0, 1: direction; 2: not said */
    bool today; /* runs on the date */
} model;

typedef struct models {
    const hsd_board *board;
    HSD_ARRAY(model) list;
} models;

static int same_stops(const hsd_board *board, const model *x, const model *y) {
    const hsd_call_row *a = board->trips.data[x->trip].calls + x->part.first,
                       *b = board->trips.data[y->trip].calls + y->part.first;
    const uint32_t n = x->part.last - x->part.first, m = y->part.last - y->part.first;
    if (n != m) return n < m ? -1 : 1;
    for (uint32_t i = 0; i <= n; i++)
        if (a[i].stop != b[i].stop) return a[i].stop < b[i].stop ? -1 : 1;
    return 0;
}

static int by_model(const void *a, const void *b, void *board) {
    const model *x = a, *y = b;
    if (x->group != y->group) return x->group - y->group;
    const int order = same_stops(board, x, y);
    if (order) return order;
    if (x->duration_s != y->duration_s) return x->duration_s < y->duration_s ? -1 : 1;
    return (x->trip > y->trip) - (x->trip < y->trip);
}

static bool same_end(const hsd_board *board, uint32_t a, uint32_t b) {
    const hsd_stop_row *x = &board->rail->stops.data[a], *y = &board->rail->stops.data[b];
    return a == b || (x->station != HSD_NO_ROW && x->station == y->station) ||
           strcmp(string(board, x->name), string(board, y->name)) == 0;
}

static uint32_t end_stop(const hsd_board *board, const model *m, bool last) {
    return board->trips.data[m->trip].calls[last ? m->part.last : m->part.first].stop;
}

/* The commonest sequence of a group, its median by duration; back_of: only such as lead back.
 * NULL: none. Models are sorted. */
static const model *commonest(const models *all, int group, const model *back_of) {
    const model *list = all->list.data, *best = NULL;
    size_t most = 0;
    for (size_t i = 0, end; i < all->list.count; i = end) {
        for (end = i + 1; end < all->list.count && list[end].group == list[i].group &&
                          same_stops(all->board, &list[i], &list[end]) == 0;)
            end++;
        if (list[i].group != group || end - i <= most) continue;
        if (back_of && !(same_end(all->board, end_stop(all->board, &list[i], false),
                                  end_stop(all->board, back_of, true)) &&
                         same_end(all->board, end_stop(all->board, &list[i], true),
                                  end_stop(all->board, back_of, false))))
            continue;
        most = end - i;
        best = &list[i + (most - 1) / 2];
    }
    return best;
}

static hsd_status add_copy(hsd_board *board, const model *m, const hsd_rail_item *item, size_t copy,
                           hsd_rail_effect *effect, hsd_error *err) {
    const hsd_service_row *row = item->row;
    const hsd_board_trip *of = &board->trips.data[m->trip];
    const uint32_t count = m->part.last - m->part.first + 1;
    hsd_board_trip trip = {.row = of->row};
    const char *proposal = board->rail->table->proposals[item->proposal].name;
    char *id = hsd_asprintf(err, "%s:%lld:%zu:%zu", proposal, (long long)item->feature_id,
                            (size_t)effect->added, copy);
    hsd_call_row *calls = hsd_board_calls(board, count, err);
    hsd_headway_row *headway = hsd_blocks_take(&board->blocks, 1, sizeof *headway, err);
    if (!id || !calls || !headway) {
        hsd_free(id);
        return HSD_E_MEMORY;
    }
    memcpy(calls, of->calls + m->part.first, count * sizeof *calls);
    const bool listed = row->departure_count > 0;
    const int32_t start = listed ? row->departures_s[copy] : row->first_s,
                  shift = start - calls[0].departure_s;
    for (uint32_t c = 0; c < count; c++) {
        calls[c].arrival_s += shift;
        calls[c].departure_s += shift;
    }
    calls[0].arrival_s = calls[0].departure_s;
    calls[count - 1].departure_s = calls[count - 1].arrival_s;
    const double every = floor(row->headway_min * 60 + 0.5);
    *headway = (hsd_headway_row){row->first_s, row->last_s,
                                 listed      ? 0
                                 : every < 1 ? 1
                                             : (uint32_t)every,
                                 0};
    trip.row.id = (uint32_t)board->rail->texts.length + hsd_rail_text(&board->texts, id);
    hsd_free(id);
    trip.row.short_name = 0;
    if (m->part.last + 1 < of->row.call_count) trip.row.headsign = 0;
    trip.row.service = HSD_EVERY_DAY;
    trip.row.call_count = count;
    trip.row.headway_count = !listed;
    trip.row.proposal = item->proposal;
    trip.calls = calls;
    trip.headways = listed ? NULL : headway;
    if (board->texts.failed) return hsd_fail(err, HSD_E_MEMORY, "out of memory");
    if (!hsd_array_push(&board->trips, trip, err)) return HSD_E_MEMORY;
    effect->added++;
    effect->runs += departures(board, &trip);
    return HSD_OK;
}

static hsd_status add_copies(hsd_board *board, const model *m, const hsd_rail_item *item,
                             hsd_rail_effect *effect, hsd_error *err) {
    hsd_status status = HSD_OK;
    const size_t copies = item->row->departure_count ? item->row->departure_count : 1;
    for (size_t i = 0; m && i < copies && status == HSD_OK; i++)
        status = add_copy(board, m, item, i, effect, err);
    return status;
}

/* Those of the date; all, where none of them runs then. */
static void keep_todays(models *all) {
    size_t kept = 0;
    for (size_t i = 0; i < all->list.count; i++)
        if (all->list.data[i].today) all->list.data[kept++] = all->list.data[i];
    if (kept) all->list.count = kept;
}

static hsd_status add_trains(hsd_board *board, const hsd_rail_item *item, models *all,
                             hsd_rail_effect *effect, hsd_error *err) {
    keep_todays(all);
    if (all->list.count)
        qsort_r(all->list.data, all->list.count, sizeof *all->list.data, by_model, board);
    const model *there = commonest(all, 0, NULL), *back = commonest(all, 1, NULL);
    if (!there && !back) {
        there = commonest(all, 2, NULL);
        back = there ? commonest(all, 2, there) : NULL;
    }
    if (item->forward && there) back = NULL;
    hsd_status status = add_copies(board, there, item, effect, err);
    return status == HSD_OK ? add_copies(board, back, item, effect, err) : status;
}

static int group_of(const hsd_board_trip *trip, section s, const hsd_rail_item *item) {
    if (item->from) return s.back;
    return trip->row.direction <= 1 ? (int)trip->row.direction : 2;
}

/* ---- An item ------------------------------------------------------------------------------- */

static hsd_status apply_to(hsd_board *board, uint32_t t, section s, const hsd_rail_item *item,
                           models *all, hsd_rail_effect *effect, hsd_error *err) {
    hsd_board_trip *trip = &board->trips.data[t];
    const double runs = departures(board, trip);
    const uint32_t touched = effect->changed + effect->removed;
    hsd_status status = HSD_OK;
    effect->chosen++;
    effect->runs_now += runs;
    switch (item->action) {
    case HSD_SERVICE_SPEED:
        status = speed_trip(board, trip, s, item, effect, err);
        break;
    case HSD_SERVICE_STOP:
        status = stop_trips(board, trip, s, item, effect, err);
        break;
    case HSD_SERVICE_CUT:
        status = cut_trip(board, t, s, item, effect, err);
        break;
    case HSD_SERVICE_HEADWAY: {
        const model m = {t, s, trip->calls[s.last].arrival_s - trip->calls[s.first].departure_s,
                         group_of(trip, s, item), runs_on_date(board, trip)};
        return hsd_array_push(&all->list, m, err) ? HSD_OK : HSD_E_MEMORY;
    }
    case HSD_SERVICE_NEW:
        break;
    }
    if (effect->changed + effect->removed > touched) effect->runs += runs;
    return status;
}

hsd_status hsd_board_apply(hsd_board *board, const hsd_rail_item *item, hsd_rail_effect *effect,
                           hsd_error *err) {
    *effect = (hsd_rail_effect){0};
    if (item->action == HSD_SERVICE_NEW) {
        for (size_t i = 0; i < item->trip_count; i++)
            if (!hsd_array_push(&board->trips, item->trips[i], err)) return HSD_E_MEMORY;
        effect->added = (uint32_t)item->trip_count;
        return HSD_OK;
    }
    models all = {.board = board};
    hsd_status status = HSD_OK;
    const size_t count = board->trips.count; /* what the item adds it does not choose */
    for (uint32_t t = 0; t < count && status == HSD_OK && !effect->fault[0]; t++) {
        section s;
        if (choose(board, item, t, &s)) status = apply_to(board, t, s, item, &all, effect, err);
    }
    if (status == HSD_OK && item->action == HSD_SERVICE_HEADWAY && effect->chosen)
        status = add_trains(board, item, &all, effect, err);
    hsd_array_finish(&all.list);
    return status;
}
