/* Rail of proposals against a timetable: every row is resolved against the base alone, every
 * problem goes to one list; a scenario is a board on which the items of its proposals are applied
 * in a fixed order, whatever the order in which they were chosen. O(rows x timetable). */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "scenario/rail.h"

/* ---- Memory, texts, issues ----------------------------------------------------------------- */

void *hsd_blocks_take(hsd_blocks *blocks, size_t count, size_t size, hsd_error *err) {
    void *block = hsd_calloc(count, size, err);
    if (!block) return NULL;
    if (hsd_array_push(blocks, block, err)) return block;
    hsd_free(block);
    return NULL;
}

char *hsd_blocks_text(hsd_blocks *blocks, char *text, hsd_error *err) {
    if (!text || hsd_array_push(blocks, (void *)text, err)) return text;
    hsd_free(text);
    return NULL;
}

void hsd_blocks_finish(hsd_blocks *blocks) {
    for (size_t i = 0; i < blocks->count; i++) hsd_free(blocks->data[i]);
    hsd_array_finish(blocks);
}

uint32_t hsd_rail_text(hsd_text *pool, const char *text) {
    const size_t offset = pool->length;
    if (!text[0]) return 0;
    hsd_text_add_n(pool, text, strlen(text) + 1);
    return pool->failed ? 0 : (uint32_t)offset;
}

size_t hsd_rail_piece(const char **list, char *buffer, size_t size) {
    const char *begin = *list, *end = begin ? strchr(begin, ';') : NULL;
    if (!begin || !*begin) return 0;
    const size_t length = end ? (size_t)(end - begin) : strlen(begin);
    const size_t kept = length < size ? length : hsd_utf8_cut(begin, size - 1);
    memcpy(buffer, begin, kept);
    buffer[kept] = '\0';
    *list = end ? end + 1 : NULL;
    return length;
}

static hsd_status say(hsd_rail *rail, bool error, hsd_proposal_layer layer, int64_t feature_id,
                      const char *format, va_list args) {
    char what[400];
    vsnprintf(what, sizeof what, format, args);
    const bool ok = (error ? hsd_issues_error : hsd_issues_remark)(
        rail->issues, rail->err, "%s feature %lld: %s", hsd_proposal_layer_name(layer),
        (long long)feature_id, what);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_rail_bad(hsd_rail *rail, hsd_proposal_layer layer, int64_t feature_id,
                        const char *format, ...) {
    va_list args;
    va_start(args, format);
    const hsd_status status = say(rail, true, layer, feature_id, format, args);
    va_end(args);
    return status;
}

hsd_status hsd_rail_remark(hsd_rail *rail, hsd_proposal_layer layer, int64_t feature_id,
                           const char *format, ...) {
    va_list args;
    va_start(args, format);
    const hsd_status status = say(rail, false, layer, feature_id, format, args);
    va_end(args);
    return status;
}

bool hsd_proposal_is_rail(const hsd_proposal_table *table, uint32_t proposal) {
    for (size_t i = 0; i < table->service_count; i++)
        if (table->services[i].proposal == proposal) return true;
    for (size_t i = 0; i < table->station_count; i++)
        if (table->stations[i].proposal == proposal) return true;
    for (size_t i = 0; i < table->link_count; i++)
        if (table->links[i].proposal == proposal && table->links[i].kind == HSD_KIND_RAIL)
            return true;
    return false;
}

/* ---- The base ------------------------------------------------------------------------------ */

enum { FIRST_DAY = 10957, DAY_COUNT = 36525, DAY_WORDS = (DAY_COUNT + 63) / 64 }; /* 2000 to 2099 */

static hsd_status begin_base(hsd_rail *rail, const hsd_timetable *base) {
    if (base) {
        rail->base = base;
        hsd_text_add_n(&rail->texts, base->strings, base->string_size);
        return rail->texts.failed ? hsd_fail(rail->err, HSD_E_MEMORY, "out of memory") : HSD_OK;
    }
    hsd_text_add_n(&rail->texts, "", 1);
    hsd_feed_row *feed = hsd_blocks_take(&rail->blocks, 1, sizeof *feed, rail->err);
    if (!feed) return HSD_E_MEMORY;
    *feed = (hsd_feed_row){.name = hsd_rail_text(&rail->texts, "proposals"),
                           .first_day = FIRST_DAY,
                           .last_day = FIRST_DAY + DAY_COUNT - 1};
    rail->empty = (hsd_timetable){.feeds = feed,
                                  .feed_count = 1,
                                  .first_day = FIRST_DAY,
                                  .day_count = DAY_COUNT,
                                  .day_words = DAY_WORDS};
    rail->base = &rail->empty;
    return HSD_OK;
}

static int32_t first_served(const hsd_timetable *base) {
    for (int32_t d = 0; d < base->day_count; d++)
        for (size_t t = 0; t < base->trip_count; t++)
            if (hsd_service_runs(base, base->trips[t].service, base->first_day + d))
                return base->first_day + d;
    return base->first_day;
}

/* ---- Links --------------------------------------------------------------------------------- */

/* A line on which nothing runs does nothing; a link without a name among several lines is of none
 * of them. */
static hsd_status check_links(hsd_rail *rail) {
    const hsd_proposal_table *t = rail->table;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < t->link_count && status == HSD_OK; i++) {
        const hsd_link_row *link = &t->links[i];
        if (link->kind != HSD_KIND_RAIL) continue;
        const char *other = NULL;
        bool several = false, served = false, any = false;
        for (size_t k = 0; k < t->link_count; k++) {
            const hsd_link_row *l = &t->links[k];
            if (l->kind != HSD_KIND_RAIL || l->proposal != link->proposal || !l->name) continue;
            several = several || (other && strcmp(other, l->name) != 0);
            other = l->name;
        }
        for (size_t k = 0; k < t->service_count; k++) {
            const hsd_service_row *s = &t->services[k];
            if (s->proposal != link->proposal || s->action != HSD_SERVICE_NEW) continue;
            any = true;
            served = served || (link->name && strcmp(link->name, s->line) == 0);
        }
        if (several && !link->name)
            status = hsd_rail_bad(rail, HSD_LAYER_LINKS, link->feature_id,
                                  "kind rail without a name, in a proposal of several lines: the "
                                  "name says which it is part of");
        else if (!(several ? served : any))
            status = hsd_rail_bad(rail, HSD_LAYER_LINKS, link->feature_id,
                                  "line \"%.60s\": no train runs on it; a row of layer services "
                                  "says which do",
                                  link->name ? link->name : t->proposals[link->proposal].name);
    }
    return status;
}

/* ---- Stations ------------------------------------------------------------------------------ */

static hsd_geometry point_geometry(hsd_lonlat at, hsd_error *err) {
    hsd_geometry point = {.type = HSD_GEOMETRY_POINT, .point_count = 1};
    point.points = hsd_alloc(1, sizeof *point.points, err);
    if (point.points) point.points[0] = at;
    return point;
}

/* Where an item has made the row of the station, it is added to; else it has one of its own. */
static hsd_status station_edit(hsd_rail *rail, uint32_t i, bool first) {
    const hsd_station_row *row = &rail->table->stations[i];
    const uint32_t stop = rail->station_stop[i];
    const bool added = stop >= rail->base->stop_count;
    const hsd_stop_row *s = &rail->stops.data[stop];
    hsd_edit *edit = NULL;
    for (size_t e = 0; e < rail->edits.count; e++)
        if (rail->edits.data[e].layer == HSD_LAYER_STATIONS &&
            rail->edits.data[e].feature_id == row->feature_id)
            edit = &rail->edits.data[e];
    char *text = added ? hsd_asprintf(rail->err, "new stop %s%s%s", row->name, edit ? "; " : "",
                                      edit ? edit->what : "")
                       : hsd_asprintf(rail->err, "is stop %s (%s) of the timetable%s%s",
                                      hsd_rail_string(rail, s->name), hsd_rail_string(rail, s->id),
                                      edit ? "; " : "", edit ? edit->what : "");
    if (!(text = hsd_blocks_text(&rail->blocks, text, rail->err))) return HSD_E_MEMORY;
    if (!edit) {
        const hsd_edit fresh = {.proposal = row->proposal,
                                .layer = HSD_LAYER_STATIONS,
                                .feature_id = row->feature_id,
                                .commercial_ratio = NAN,
                                .edge_ids = "",
                                .length_km = NAN,
                                .forward_min = NAN,
                                .backward_min = NAN};
        if (!hsd_array_push(&rail->edits, fresh, rail->err)) return HSD_E_MEMORY;
        edit = &rail->edits.data[rail->edits.count - 1];
    }
    edit->name = row->name;
    edit->what = text;
    edit->stops_added = added && first;
    edit->geometry = point_geometry((hsd_lonlat){s->lon, s->lat}, rail->err);
    return edit->geometry.points ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status station_edits(hsd_rail *rail) {
    hsd_status status = HSD_OK;
    uint8_t *seen = hsd_calloc(rail->stops.count, 1, rail->err);
    if (!seen) return HSD_E_MEMORY;
    for (uint32_t i = 0; i < rail->table->station_count && status == HSD_OK; i++) {
        const uint32_t stop = rail->station_stop[i];
        if (stop == HSD_NO_ROW) continue;
        status = station_edit(rail, i, !seen[stop]);
        seen[stop] = 1;
    }
    hsd_free(seen);
    return status;
}

/* ---- Order --------------------------------------------------------------------------------- */

static int by_order(const void *a, const void *b) {
    static const int order[] = {[HSD_SERVICE_SPEED] = 0,
                                [HSD_SERVICE_STOP] = 1,
                                [HSD_SERVICE_HEADWAY] = 2,
                                [HSD_SERVICE_CUT] = 3,
                                [HSD_SERVICE_NEW] = 4};
    const hsd_rail_item *x = a, *y = b;
    if (x->action != y->action) return order[x->action] - order[y->action];
    if (x->layer != y->layer) return x->layer < y->layer ? -1 : 1;
    return (x->feature_id > y->feature_id) - (x->feature_id < y->feature_id);
}

static int by_feature(const void *a, const void *b) {
    const hsd_edit *x = a, *y = b;
    if (x->layer != y->layer) return x->layer < y->layer ? -1 : 1;
    return (x->feature_id > y->feature_id) - (x->feature_id < y->feature_id);
}

/* ---- In all -------------------------------------------------------------------------------- */

static hsd_status resolve_rows(hsd_rail *rail) {
    const hsd_proposal_table *t = rail->table;
    hsd_status status = hsd_rail_stops(rail);
    if (status == HSD_OK) status = check_links(rail);
    for (size_t i = 0; i < t->service_count && status == HSD_OK; i++)
        if (t->services[i].action == HSD_SERVICE_NEW) status = hsd_rail_new(rail, &t->services[i]);
    if (status == HSD_OK) status = hsd_rail_changes(rail);
    if (status == HSD_OK) status = station_edits(rail);
    if (status == HSD_OK && rail->texts.failed)
        status = hsd_fail(rail->err, HSD_E_MEMORY, "out of memory");
    if (status == HSD_OK) status = hsd_issues_status(rail->issues, rail->err);
    if (rail->items.count)
        qsort(rail->items.data, rail->items.count, sizeof *rail->items.data, by_order);
    if (rail->edits.count)
        qsort(rail->edits.data, rail->edits.count, sizeof *rail->edits.data, by_feature);
    return status;
}

static hsd_status timetable_of(const hsd_rail *rail, const uint8_t *active, hsd_timetable *out,
                               hsd_error *err) {
    hsd_board board;
    hsd_rail_effect effect;
    hsd_status status = hsd_board_begin(&board, rail, err);
    for (size_t i = 0; active && i < rail->items.count && status == HSD_OK; i++)
        if (active[rail->items.data[i].proposal])
            status = hsd_board_apply(&board, &rail->items.data[i], &effect, err);
    if (status == HSD_OK) status = hsd_board_table(&board, out, err);
    hsd_board_finish(&board);
    return status;
}

hsd_status hsd_rail_resolve(const hsd_timetable *base, const hsd_proposal_table *table,
                            int32_t date, const hsd_run *run, hsd_resolved_rail *out,
                            hsd_issues *issues, hsd_error *err) {
    hsd_issues own = {0};
    *out = (hsd_resolved_rail){.base = base, .table = table};
    hsd_status status = hsd_progress(run, "resolving rail", 0, err);
    if (status != HSD_OK) return status;
    hsd_rail *rail = hsd_calloc(1, sizeof *rail, err);
    if (!rail) return HSD_E_MEMORY;
    out->storage = rail;
    rail->table = table;
    rail->issues = issues ? issues : &own;
    rail->err = err;
    status = begin_base(rail, base);
    if (status == HSD_OK) {
        rail->date = date == INT32_MIN ? first_served(rail->base) : date;
        status = resolve_rows(rail);
    }
    if (status == HSD_OK) status = timetable_of(rail, NULL, &out->all_stops, err);
    if (status == HSD_OK) status = hsd_progress(run, "resolving rail", 1, err);
    rail->issues = NULL;
    rail->err = NULL;
    out->edits = rail->edits.data;
    out->edit_count = rail->edits.count;
    hsd_issues_finish(&own);
    if (status != HSD_OK) hsd_resolved_rail_finish(out);
    return status;
}

void hsd_resolved_rail_finish(hsd_resolved_rail *resolved) {
    if (!resolved) return;
    hsd_rail *rail = resolved->storage;
    hsd_timetable_finish(&resolved->all_stops);
    if (rail) {
        for (size_t i = 0; i < rail->edits.count; i++)
            hsd_geometry_finish(&rail->edits.data[i].geometry);
        hsd_array_finish(&rail->edits);
        hsd_array_finish(&rail->stops);
        hsd_array_finish(&rail->lines);
        hsd_array_finish(&rail->shapes);
        hsd_array_finish(&rail->points);
        hsd_array_finish(&rail->items);
        hsd_text_finish(&rail->texts);
        hsd_blocks_finish(&rail->blocks);
        hsd_free(rail);
    }
    *resolved = (hsd_resolved_rail){0};
}

hsd_status hsd_scenario_timetable(const hsd_resolved_rail *resolved, const uint8_t *active,
                                  hsd_timetable *out, hsd_error *err) {
    *out = (hsd_timetable){0};
    return timetable_of(resolved->storage, active, out, err);
}
