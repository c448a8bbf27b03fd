/* Cells as numbers, times, days, ids and coordinates; strict, and said with file and line. Rows in
 * the order of their ids. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "read/gtfs.h"
#include "read/message.h"

enum { MOST_HOURS = 240 };

static bool digits(const char *text, size_t count, uint32_t *out) {
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *out = *out * 10 + (uint32_t)(text[i] - '0');
    }
    return count > 0;
}

bool gtfs_parse_time(const gtfs_cell *cell, int32_t *seconds) {
    uint32_t h, m, s;
    if (cell->length < 7 || cell->length > 9) return false;
    const size_t hours = cell->length - 6;
    const char *rest = cell->text + hours;
    if (!digits(cell->text, hours, &h) || rest[0] != ':' || !digits(rest + 1, 2, &m) ||
        rest[3] != ':' || !digits(rest + 4, 2, &s) || m > 59 || s > 59)
        return false;
    *seconds = (int32_t)(h * 3600 + m * 60 + s);
    return *seconds <= MOST_HOURS * 3600;
}

bool gtfs_parse_day(const gtfs_cell *cell, int32_t *day) {
    uint32_t y, m, d;
    if (cell->length != 8 && (cell->length != 17 || strcmp(cell->text + 8, " 00:00:00") != 0))
        return false;
    if (!digits(cell->text, 4, &y) || !digits(cell->text + 4, 2, &m) ||
        !digits(cell->text + 6, 2, &d) || m < 1 || m > 12 || d < 1 ||
        (int)d > hsd_days_in_month((int)y, (int)m))
        return false;
    *day = hsd_day_of_date((int)y, (int)m, (int)d);
    return true;
}

bool gtfs_parse_count(const gtfs_cell *cell, uint32_t most, uint32_t *out) {
    return cell->length <= 9 && digits(cell->text, cell->length, out) && *out <= most;
}

hsd_status gtfs_keep(gtfs_reader *r, const gtfs_cell *cell, uint32_t *offset) {
    return hsd_text_pool_add(&r->pool, cell->text, cell->length, offset, r->err) ? HSD_OK
                                                                                 : HSD_E_MEMORY;
}

hsd_status gtfs_lookup(gtfs_reader *r, const gtfs_row *row, const hsd_text_index *index,
                       size_t cell, const char *what, const char *where, uint32_t *out) {
    char clip[HSD_CLIP_SIZE];
    const gtfs_cell *c = &row->cells[cell];
    *out = hsd_text_index_find(index, &r->pool, c->text, c->length);
    if (*out != HSD_NO_ROW) return HSD_OK;
    if (c->length == 0) return gtfs_error(r, row->line, "%s is empty", what);
    return gtfs_error(r, row->line, "%s \"%s\" is not in %s", what, hsd_clip(c->text, clip), where);
}

hsd_status gtfs_own_id(gtfs_reader *r, const gtfs_row *row, size_t cell, const char *what,
                       const hsd_text_index *index, uint32_t *offset, uint32_t *twin) {
    const gtfs_cell *c = &row->cells[cell];
    *twin = hsd_text_index_find(index, &r->pool, c->text, c->length);
    *offset = 0;
    if (c->length == 0) return gtfs_error(r, row->line, "%s is empty", what);
    return gtfs_keep(r, c, offset);
}

hsd_status gtfs_twin(gtfs_reader *r, const gtfs_row *row, const char *what, uint32_t id, bool alike,
                     size_t first_line) {
    char clip[HSD_CLIP_SIZE];
    if (alike) {
        gtfs_note(r, GTFS_SAME_ROW, row->line);
        return HSD_OK;
    }
    return gtfs_error(r, row->line, "%s \"%s\" stands in line %zu too, with other values", what,
                      hsd_clip(gtfs_text(r, id), clip), first_line);
}

typedef struct sort_key {
    const char *id;
    uint32_t group, row;
} sort_key;

static int by_group_and_id(const void *a, const void *b) {
    const sort_key *x = a, *y = b;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    return strcmp(x->id, y->id);
}

hsd_status gtfs_sort(gtfs_reader *r, void *rows, size_t count, size_t size, hsd_text_index *index,
                     uint32_t (*group)(const void *row)) {
    sort_key *keys = hsd_alloc(count, sizeof *keys, r->err);
    char *sorted = hsd_alloc(count, size, r->err), *from = rows;
    hsd_status status = keys && sorted ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; i < count && status == HSD_OK; i++) {
        uint32_t id;
        memcpy(&id, from + i * size, sizeof id);
        keys[i] = (sort_key){gtfs_text(r, id), group ? group(from + i * size) : 0, (uint32_t)i};
    }
    hsd_text_index_finish(index);
    if (status == HSD_OK && count) {
        qsort(keys, count, sizeof *keys, by_group_and_id);
        for (size_t i = 0; i < count; i++)
            memcpy(sorted + i * size, from + keys[i].row * size, size);
        memcpy(rows, sorted, count * size);
    }
    for (size_t i = 0; i < count && status == HSD_OK; i++) {
        uint32_t id;
        memcpy(&id, from + i * size, sizeof id);
        if (id && !hsd_text_index_add(index, &r->pool, id, (uint32_t)i, r->err))
            status = HSD_E_MEMORY;
    }
    hsd_free(sorted);
    hsd_free(keys);
    return status;
}

hsd_status gtfs_coordinates(gtfs_reader *r, const gtfs_row *row, size_t lon, size_t lat,
                            double *out_lon, double *out_lat) {
    const char *x = row->cells[lon].text, *y = row->cells[lat].text;
    char clip_x[HSD_CLIP_SIZE], clip_y[HSD_CLIP_SIZE];
    *out_lon = *out_lat = NAN;
    if (!x[0] && !y[0]) return HSD_OK;
    double a, b;
    if (!hsd_parse_double(x, &a) || !hsd_parse_double(y, &b))
        return gtfs_error(r, row->line,
                          "longitude \"%s\", latitude \"%s\"; two numbers of degrees were expected",
                          hsd_clip(x, clip_x), hsd_clip(y, clip_y));
    if (!hsd_on_globe(a, b))
        return gtfs_error(
            r, row->line,
            "longitude %s, latitude %s: not on the globe (180 and 90 degrees at most)",
            hsd_clip(x, clip_x), hsd_clip(y, clip_y));
    const hsd_lonlat at = hsd_datum_to_wgs84(r->datum, (hsd_lonlat){a, b});
    *out_lon = at.lon;
    *out_lat = at.lat;
    return HSD_OK;
}

hsd_status gtfs_choice(gtfs_reader *r, const gtfs_row *row, size_t cell, const char *name,
                       uint32_t most, uint32_t otherwise, uint32_t *out) {
    char clip[HSD_CLIP_SIZE];
    const gtfs_cell *c = &row->cells[cell];
    *out = otherwise;
    uint32_t value;
    if (c->length == 0) return HSD_OK;
    if (!gtfs_parse_count(c, most, &value))
        return gtfs_error(r, row->line, "%s is \"%s\"; 0 to %u was expected", name,
                          hsd_clip(c->text, clip), most);
    *out = value;
    return HSD_OK;
}
