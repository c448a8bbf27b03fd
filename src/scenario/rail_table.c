/* A board as a timetable: everything is copied, so that scenarios outlive nothing. Lines and shapes
 * of proposals come along where a trip has them. O(bytes). */
#include <string.h>

#include "read/timetable.h"
#include "scenario/rail.h"

typedef struct counted {
    hsd_timetable table;
    uint32_t *line_row; /* of each line of proposals: its row; HSD_NO_ROW: no trip has it */
    bool own_shapes, every_day;
} counted;

static hsd_status count(const hsd_board *board, counted *c, hsd_error *err) {
    const hsd_rail *rail = board->rail;
    const hsd_timetable *base = rail->base;
    c->table = (hsd_timetable){.feed_count = base->feed_count,
                               .stop_count = rail->stops.count,
                               .line_count = base->line_count,
                               .transfer_count = base->transfer_count,
                               .shape_count = base->shape_count,
                               .shape_point_count = base->shape_point_count,
                               .service_count = base->service_count,
                               .day_words = base->day_words,
                               .first_day = base->first_day,
                               .day_count = base->day_count,
                               .string_size = rail->texts.length + board->texts.length};
    c->line_row = hsd_alloc(rail->lines.count, sizeof *c->line_row, err);
    if (!c->line_row) return HSD_E_MEMORY;
    for (size_t i = 0; i < rail->lines.count; i++) c->line_row[i] = HSD_NO_ROW;
    for (size_t i = 0; i < board->trips.count; i++) {
        const hsd_board_trip *trip = &board->trips.data[i];
        if (trip->gone) continue;
        c->table.trip_count++;
        c->table.call_count += trip->row.call_count;
        c->table.headway_count += trip->row.headway_count;
        if (trip->row.service == HSD_EVERY_DAY) c->every_day = true;
        if (trip->row.shape != HSD_NO_ROW && trip->row.shape >= base->shape_count)
            c->own_shapes = true;
        if (trip->row.line >= base->line_count) c->line_row[trip->row.line - base->line_count] = 0;
    }
    for (size_t i = 0; i < rail->lines.count; i++)
        if (c->line_row[i] == 0) c->line_row[i] = (uint32_t)c->table.line_count++;
    if (c->own_shapes) {
        c->table.shape_count += rail->shapes.count;
        c->table.shape_point_count += rail->points.count;
    }
    c->table.service_count += c->every_day;
    return HSD_OK;
}

static void *at(const void *array) {
    return (void *)(uintptr_t)array;
}

static void copy(const void *to, const void *from, size_t count, size_t size) {
    if (count) memcpy(at(to), from, count * size);
}

static void copy_trips(const hsd_board *board, const counted *c, const hsd_timetable *out) {
    const hsd_timetable *base = board->rail->base;
    hsd_trip_row *trips = at(out->trips);
    uint32_t trip_count = 0, calls = 0, headways = 0;
    for (size_t i = 0; i < board->trips.count; i++) {
        const hsd_board_trip *trip = &board->trips.data[i];
        if (trip->gone) continue;
        hsd_trip_row *row = &trips[trip_count++];
        *row = trip->row;
        if (row->service == HSD_EVERY_DAY) row->service = (uint32_t)base->service_count;
        if (row->line >= base->line_count) row->line = c->line_row[row->line - base->line_count];
        row->first_call = calls;
        row->first_headway = headways;
        copy(out->calls + calls, trip->calls, row->call_count, sizeof *trip->calls);
        copy(out->headways + headways, trip->headways, row->headway_count, sizeof *trip->headways);
        calls += row->call_count;
        headways += row->headway_count;
    }
}

static void copy_own(const hsd_rail *rail, const counted *c, const hsd_timetable *out) {
    const hsd_timetable *base = rail->base;
    hsd_line_row *lines = at(out->lines);
    for (size_t i = 0; i < rail->lines.count; i++)
        if (c->line_row[i] != HSD_NO_ROW) lines[c->line_row[i]] = rail->lines.data[i];
    if (c->own_shapes) {
        hsd_shape_row *shapes = at(out->shapes);
        for (size_t i = 0; i < rail->shapes.count; i++) {
            shapes[base->shape_count + i] = rail->shapes.data[i];
            shapes[base->shape_count + i].first_point += (uint32_t)base->shape_point_count;
        }
        copy(out->shape_points + base->shape_point_count, rail->points.data, rail->points.count,
             sizeof *rail->points.data);
    }
    uint64_t *days = at(out->service_days);
    for (int32_t d = 0; c->every_day && d < base->day_count; d++)
        days[base->service_count * base->day_words + (size_t)d / 64] |= (uint64_t)1 << (d & 63);
}

hsd_status hsd_board_table(const hsd_board *board, hsd_timetable *out, hsd_error *err) {
    const hsd_rail *rail = board->rail;
    const hsd_timetable *base = rail->base;
    counted c = {0};
    hsd_status status = count(board, &c, err);
    if (status == HSD_OK) status = hsd_timetable_alloc(&c.table, err);
    if (status == HSD_OK) {
        *out = c.table;
        copy(out->feeds, base->feeds, base->feed_count, sizeof *base->feeds);
        copy(out->stops, rail->stops.data, rail->stops.count, sizeof *rail->stops.data);
        copy(out->lines, base->lines, base->line_count, sizeof *base->lines);
        copy(out->transfers, base->transfers, base->transfer_count, sizeof *base->transfers);
        copy(out->shapes, base->shapes, base->shape_count, sizeof *base->shapes);
        copy(out->shape_points, base->shape_points, base->shape_point_count,
             sizeof *base->shape_points);
        copy(out->service_days, base->service_days, base->service_count * base->day_words,
             sizeof *base->service_days);
        copy(out->strings, rail->texts.data, rail->texts.length, 1);
        copy(out->strings + rail->texts.length, board->texts.data, board->texts.length, 1);
        copy_trips(board, &c, out);
        copy_own(rail, &c, out);
    }
    hsd_free(c.line_row);
    return status;
}
