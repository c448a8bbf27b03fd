/* Rows that change trips that run, as items, each tried on the base alone: what it does there is
 * its row of layer edits, and what does nothing is an error. O(rows x trips x calls). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/rail.h"

static hsd_status bad_item(hsd_rail *rail, const hsd_rail_item *item, const char *text) {
    return hsd_rail_bad(rail, item->layer, item->feature_id, "%s", text);
}

/* ---- Names --------------------------------------------------------------------------------- */

static uint32_t station_called(const hsd_rail *rail, uint32_t proposal, const char *name) {
    for (uint32_t i = 0; i < rail->table->station_count; i++)
        if (rail->table->stations[i].proposal == proposal &&
            strcmp(rail->table->stations[i].name, name) == 0)
            return i;
    return HSD_NO_ROW;
}

/* The stop of a row of stations, and the other platforms of its station. */
static hsd_status meant_by_row(hsd_rail *rail, uint32_t row, const uint8_t **out) {
    const uint32_t stop = rail->station_stop[row];
    uint8_t *meant = hsd_blocks_take(&rail->blocks, rail->stops.count, 1, rail->err);
    if (!(*out = meant)) return HSD_E_MEMORY;
    if (stop == HSD_NO_ROW) return HSD_OK;
    const uint32_t station = rail->stops.data[stop].station;
    for (size_t i = 0; i < rail->stops.count; i++)
        meant[i] = station != HSD_NO_ROW && rail->stops.data[i].station == station;
    meant[stop] = 1;
    rail->station_used[row] = 1;
    return HSD_OK;
}

static hsd_status meant_by_name(hsd_rail *rail, const hsd_rail_item *item, const char *field,
                                const char *name, const uint8_t **out, bool *found) {
    uint8_t *meant;
    size_t count;
    hsd_status status = hsd_rail_meant(rail, name, &meant, &count);
    *out = meant;
    *found = count > 0;
    if (status != HSD_OK || count) return status;
    char text[160];
    snprintf(text, sizeof text, "%s \"%.60s\" is not a stop of the timetable%s", field, name,
             strcmp(field, "stations") == 0 ? ", nor a row of layer stations" : "");
    return bad_item(rail, item, text);
}

static hsd_status find_section(hsd_rail *rail, const hsd_service_row *row, hsd_rail_item *item,
                               bool *ok) {
    bool from = true, to = true;
    if (!row->from_station) return HSD_OK;
    hsd_status status =
        meant_by_name(rail, item, "from_station", row->from_station, &item->from, &from);
    if (status == HSD_OK)
        status = meant_by_name(rail, item, "to_station", row->to_station, &item->to, &to);
    *ok = *ok && from && to;
    return status;
}

static hsd_status find_targets(hsd_rail *rail, const hsd_service_row *row, hsd_rail_item *item,
                               bool *ok) {
    char name[256];
    size_t count = 0;
    for (const char *list = row->stations; hsd_rail_piece(&list, name, sizeof name);) count++;
    item->targets = hsd_blocks_take(&rail->blocks, count, sizeof *item->targets, rail->err);
    if (!item->targets) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    for (const char *list = row->stations;
         status == HSD_OK && hsd_rail_piece(&list, name, sizeof name);) {
        struct hsd_rail_target *target = &item->targets[item->target_count++];
        const uint32_t station = station_called(rail, row->proposal, name);
        bool found = true;
        target->dwell_s = NAN;
        target->name = row->stations;
        if (station == HSD_NO_ROW) {
            status = meant_by_name(rail, item, "stations", name, &target->meant, &found);
        } else {
            status = meant_by_row(rail, station, &target->meant);
            target->dwell_s = rail->table->stations[station].dwell_min * 60;
            found = rail->station_stop[station] != HSD_NO_ROW;
        }
        *ok = *ok && found;
    }
    return status;
}

/* ---- What it does -------------------------------------------------------------------------- */

static const char *stops_of(const hsd_rail_item *item) {
    return item->target_count ? item->targets[0].name : "";
}

static void section_words(const hsd_rail_item *item, char *buffer, size_t size) {
    buffer[0] = '\0';
    if (item->from)
        snprintf(buffer, size, " between %.60s and %.60s", item->row->from_station,
                 item->row->to_station);
}

static char *words_of(const hsd_rail *rail, const hsd_rail_item *item, const hsd_rail_effect *e) {
    char where[160], when[64];
    section_words(item, where, sizeof where);
    const double mean = e->changed ? (double)e->saved_s / 60 / e->changed : 0;
    const hsd_service_row *row = item->row;
    switch (item->action) {
    case HSD_SERVICE_SPEED:
        return hsd_asprintf(rail->err, "%s%s: %u trips %s by %.1f min on average; %.0f a day",
                            item->pattern, where, e->changed, mean < 0 ? "slower" : "faster",
                            fabs(mean), e->runs);
    case HSD_SERVICE_STOP:
        return hsd_asprintf(rail->err, "%s: %u of %u trips stop at %s, %.1f min longer; %.0f a day",
                            item->pattern, e->changed, e->chosen, stops_of(item), -mean, e->runs);
    case HSD_SERVICE_HEADWAY:
        snprintf(when, sizeof when, "every %g min from %02d:%02d to %02d:%02d", row->headway_min,
                 row->first_s / 3600, row->first_s / 60 % 60, row->last_s / 3600,
                 row->last_s / 60 % 60);
        return hsd_asprintf(rail->err, "%s%s: %.0f trips a day more, %s; %.0f run there now",
                            item->pattern, where, e->runs,
                            row->departure_count ? "at the hours listed" : when, e->runs_now);
    case HSD_SERVICE_CUT:
        return hsd_asprintf(rail->err, "%s%s: %u trips gone, %u shorter; %.0f a day", item->pattern,
                            where, e->removed, e->changed, e->runs);
    case HSD_SERVICE_NEW:
        break;
    }
    return hsd_strdup("", rail->err);
}

static void why_nothing(const hsd_rail_item *item, const hsd_rail_effect *e, char *text,
                        size_t size) {
    char where[160];
    section_words(item, where, sizeof where);
    if (e->fault[0])
        snprintf(text, size, "%s", e->fault);
    else if (e->chosen == 0 && item->from)
        snprintf(text, size, "no trip that \"%.60s\" chooses runs%s", item->pattern, where);
    else if (e->chosen == 0)
        snprintf(text, size,
                 "no line or trip of the timetable has the id or name \"%.60s\"; * stands for any "
                 "characters",
                 item->pattern);
    else if (item->action == HSD_SERVICE_STOP)
        snprintf(text, size,
                 "none of %u trips of \"%.60s\" passes \"%.60s\" without stopping: on the way is "
                 "what makes it at most a tenth and 1 km longer",
                 e->chosen, item->pattern, stops_of(item));
    else
        snprintf(text, size, "%u trips of \"%.60s\" stay as they are: nothing is changed",
                 e->chosen, item->pattern);
}

static hsd_status add_edit(hsd_rail *rail, const hsd_rail_item *item, const hsd_rail_effect *e) {
    hsd_edit edit = {.proposal = item->proposal,
                     .layer = item->layer,
                     .feature_id = item->feature_id,
                     .name = item->row && item->row->line ? item->row->line : item->pattern,
                     .trips_added = (uint32_t)(e->runs + 0.5),
                     .trips_changed = e->changed,
                     .trips_removed = e->removed,
                     .commercial_ratio = NAN,
                     .edge_ids = "",
                     .length_km = NAN,
                     .forward_min = NAN,
                     .backward_min = NAN};
    if (item->action != HSD_SERVICE_HEADWAY) edit.trips_added = e->added;
    edit.what = hsd_blocks_text(&rail->blocks, words_of(rail, item, e), rail->err);
    return edit.what && hsd_array_push(&rail->edits, edit, rail->err) ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status try_item(hsd_rail *rail, const hsd_rail_item *item) {
    hsd_board board;
    hsd_rail_effect effect = {0};
    hsd_status status = hsd_board_begin(&board, rail, rail->err);
    if (status == HSD_OK) status = hsd_board_apply(&board, item, &effect, rail->err);
    hsd_board_finish(&board);
    if (status != HSD_OK) return status;
    if (effect.fault[0] || effect.added + effect.changed + effect.removed == 0) {
        char text[240];
        why_nothing(item, &effect, text, sizeof text);
        return bad_item(rail, item, text);
    }
    if (!hsd_array_push(&rail->items, *item, rail->err)) return HSD_E_MEMORY;
    return add_edit(rail, item, &effect);
}

/* ---- Rows ---------------------------------------------------------------------------------- */

static hsd_status change_service(hsd_rail *rail, const hsd_service_row *row) {
    hsd_rail_item item = {.action = row->action,
                          .proposal = row->proposal,
                          .feature_id = row->feature_id,
                          .layer = HSD_LAYER_SERVICES,
                          .pattern = row->of ? row->of : row->line,
                          .forward = row->forward,
                          .row = row};
    if (rail->base->trip_count == 0) {
        char text[120];
        snprintf(text, sizeof text, "action %s changes trains that run: there is no timetable",
                 hsd_service_action_name(row->action));
        return bad_item(rail, &item, text);
    }
    bool ok = true;
    hsd_status status = find_section(rail, row, &item, &ok);
    if (status == HSD_OK && row->action == HSD_SERVICE_STOP)
        status = find_targets(rail, row, &item, &ok);
    return status == HSD_OK && ok ? try_item(rail, &item) : status;
}

/* A station whose line is none of its proposal's: trains of that line stop there. */
static hsd_status change_station(hsd_rail *rail, uint32_t i) {
    const hsd_station_row *row = &rail->table->stations[i];
    hsd_rail_item item = {.action = HSD_SERVICE_STOP,
                          .proposal = row->proposal,
                          .feature_id = row->feature_id,
                          .layer = HSD_LAYER_STATIONS,
                          .pattern = row->line};
    item.targets = hsd_blocks_take(&rail->blocks, 1, sizeof *item.targets, rail->err);
    if (!item.targets) return HSD_E_MEMORY;
    item.target_count = 1;
    item.targets[0].name = row->name;
    item.targets[0].dwell_s = row->dwell_min * 60;
    hsd_status status = meant_by_row(rail, i, &item.targets[0].meant);
    return status == HSD_OK ? try_item(rail, &item) : status;
}

static bool is_new_line(const hsd_rail *rail, const hsd_station_row *row) {
    const hsd_proposal_table *t = rail->table;
    for (size_t i = 0; i < t->service_count; i++)
        if (t->services[i].proposal == row->proposal && t->services[i].action == HSD_SERVICE_NEW &&
            strcmp(t->services[i].line, row->line) == 0)
            return true;
    for (size_t i = 0; i < t->link_count; i++)
        if (t->links[i].proposal == row->proposal && t->links[i].kind == HSD_KIND_RAIL &&
            t->links[i].name && strcmp(t->links[i].name, row->line) == 0)
            return true;
    return false;
}

hsd_status hsd_rail_changes(hsd_rail *rail) {
    const hsd_proposal_table *t = rail->table;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < t->service_count && status == HSD_OK; i++)
        if (t->services[i].action != HSD_SERVICE_NEW)
            status = change_service(rail, &t->services[i]);
    for (uint32_t i = 0; i < t->station_count && status == HSD_OK; i++) {
        const hsd_station_row *row = &t->stations[i];
        if (rail->station_used[i] || rail->station_stop[i] == HSD_NO_ROW) continue;
        if (row->line && rail->base->trip_count && !is_new_line(rail, row))
            status = change_station(rail, i);
        else
            status = hsd_rail_bad(rail, HSD_LAYER_STATIONS, row->feature_id,
                                  "\"%.60s\": no train of the proposal calls there; layer services "
                                  "says which do",
                                  row->name);
    }
    return status;
}
