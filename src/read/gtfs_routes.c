/* Who runs it and on what: agency.txt, feed_info.txt, routes.txt. O(rows log rows). */
#include <string.h>

#include "base/calendar.h"
#include "read/gtfs.h"
#include "read/message.h"

/* ---- Agencies ------------------------------------------------------------------------------- */

enum { AGENCY_ID, AGENCY_NAME, ZONE };
static const char *const agency_names[] = {"agency_id", "agency_name", "agency_timezone"};
static const gtfs_columns agency_columns = {agency_names, 3, 1u << AGENCY_NAME | 1u << ZONE};

static hsd_status check_zone(gtfs_reader *r, const gtfs_row *row, const gtfs_agency *a) {
    char clip[HSD_CLIP_SIZE], other[HSD_CLIP_SIZE];
    int32_t offset;
    const char *zone = row->cells[ZONE].text;
    hsd_clip(zone, clip);
    if (!a->zone) return gtfs_error(r, row->line, "agency_timezone is empty");
    if (r->feed.zone && r->feed.zone != a->zone)
        return gtfs_error(r, row->line,
                          "agency_timezone is \"%s\", another agency's is \"%s\"; a feed has one",
                          clip, hsd_clip(gtfs_text(r, r->feed.zone), other));
    if (!r->feed.zone && !hsd_zone_offset_s(zone, 0, &offset))
        gtfs_note(r, GTFS_UNKNOWN_ZONE, row->line);
    r->feed.zone = a->zone;
    return HSD_OK;
}

static hsd_status agency_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    gtfs_agency a = {.line = (uint32_t)row->line};
    hsd_status status = gtfs_keep(r, &row->cells[AGENCY_ID], &a.id);
    if (status == HSD_OK) status = gtfs_keep(r, &row->cells[AGENCY_NAME], &a.name);
    if (status == HSD_OK) status = gtfs_keep(r, &row->cells[ZONE], &a.zone);
    if (status == HSD_OK) status = check_zone(r, row, &a);
    if (status != HSD_OK) return status;
    const gtfs_cell *id = &row->cells[AGENCY_ID];
    const uint32_t twin = hsd_text_index_find(&f->agency_of, &r->pool, id->text, id->length);
    if (twin != HSD_NO_ROW)
        return gtfs_twin(r, row, "agency_id", a.id, f->agencies.data[twin].name == a.name,
                         f->agencies.data[twin].line);
    if (a.id &&
        !hsd_text_index_add(&f->agency_of, &r->pool, a.id, (uint32_t)f->agencies.count, r->err))
        return HSD_E_MEMORY;
    return hsd_array_push(&f->agencies, a, r->err) ? HSD_OK : HSD_E_MEMORY;
}

enum { PUBLISHER, VERSION };
static const char *const info_names[] = {"feed_publisher_name", "feed_version"};
static const gtfs_columns info_columns = {info_names, 2, 0};

static hsd_status info_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    if (f->publisher || f->version) return HSD_OK; /* the first row speaks for the feed */
    const hsd_status status = gtfs_keep(r, &row->cells[PUBLISHER], &f->publisher);
    return status == HSD_OK ? gtfs_keep(r, &row->cells[VERSION], &f->version) : status;
}

hsd_status gtfs_read_agencies(gtfs_reader *r) {
    hsd_status status = gtfs_table_read(r, GTFS_AGENCY, &agency_columns, agency_row);
    if (status == HSD_OK && !r->feed.agencies.count && !gtfs_has_errors(r))
        status = gtfs_error(r, 0, "no agency; one with its time zone was expected");
    return status == HSD_OK ? gtfs_table_read(r, GTFS_FEED_INFO, &info_columns, info_row) : status;
}

/* ---- Routes --------------------------------------------------------------------------------- */

enum { ID, AGENCY, SHORT, LONG, TYPE, COLOUR };
static const char *const route_names[] = {"route_id",        "agency_id",  "route_short_name",
                                          "route_long_name", "route_type", "route_color"};
static const gtfs_columns route_columns = {route_names, 6, 1u << ID | 1u << TYPE};

uint32_t gtfs_ride_kind(uint32_t type) {
    if (type == 0 || type == 5 || (type >= 900 && type <= 906)) return HSD_RIDE_TRAM;
    if (type == 1 || type == 12 || (type >= 400 && type <= 405) || type == 500 || type == 600)
        return HSD_RIDE_METRO;
    if (type == 101) return HSD_RIDE_HIGH_SPEED;
    if (type == 2 || (type >= 100 && type <= 117)) return HSD_RIDE_RAIL;
    if (type == 3 || type == 11 || (type >= 200 && type <= 209) || (type >= 700 && type <= 716) ||
        type == 800)
        return HSD_RIDE_BUS;
    if (type == 4 || type == 1000 || type == 1200) return HSD_RIDE_FERRY;
    return HSD_RIDE_KINDS;
}

/* Six hexadecimal digits; false: something else. */
static bool parse_colour(const gtfs_cell *cell, uint32_t *out) {
    static const char digits[] = "0123456789ABCDEF0123456789abcdef";
    uint32_t colour = 0;
    *out = HSD_NO_ROW;
    if (cell->length == 0) return true;
    if (cell->length != 6) return false;
    for (size_t i = 0; i < 6; i++) {
        const char *at = memchr(digits, cell->text[i], sizeof digits - 1);
        if (!at) return false;
        colour = colour << 4 | (uint32_t)((at - digits) & 15);
    }
    *out = colour;
    return true;
}

static hsd_status read_kind(gtfs_reader *r, const gtfs_row *row, uint32_t *out) {
    char clip[HSD_CLIP_SIZE];
    uint32_t type;
    *out = HSD_RIDE_OTHER;
    if (!gtfs_parse_count(&row->cells[TYPE], 999999, &type))
        return gtfs_error(r, row->line, "route_type is \"%s\"; a number was expected",
                          hsd_clip(row->cells[TYPE].text, clip));
    const uint32_t kind = gtfs_ride_kind(type);
    if (kind == HSD_RIDE_KINDS)
        gtfs_note(r, GTFS_UNKNOWN_KIND, row->line);
    else
        *out = kind;
    return HSD_OK;
}

/* The agency's name: by id; without one the only agency's. */
static hsd_status find_agency(gtfs_reader *r, const gtfs_row *row, uint32_t *name) {
    const gtfs_feed *f = &r->feed;
    uint32_t agency;
    *name = f->agencies.count == 1 ? f->agencies.data[0].name : 0;
    if (row->cells[AGENCY].length == 0) return HSD_OK;
    const hsd_status status =
        gtfs_lookup(r, row, &f->agency_of, AGENCY, "agency_id", "agency.txt", &agency);
    if (status == HSD_OK && agency != HSD_NO_ROW) *name = f->agencies.data[agency].name;
    return status;
}

static bool same_route(const gtfs_route *a, const gtfs_route *b) {
    return a->name == b->name && a->long_name == b->long_name && a->agency == b->agency &&
           a->kind == b->kind && a->colour == b->colour;
}

static hsd_status route_row(gtfs_reader *r, const gtfs_row *row) {
    gtfs_feed *f = &r->feed;
    gtfs_route t = {.line = (uint32_t)row->line};
    uint32_t twin;
    hsd_status status = gtfs_own_id(r, row, ID, "route_id", &f->route_of, &t.id, &twin);
    if (status == HSD_OK) status = gtfs_keep(r, &row->cells[SHORT], &t.name);
    if (status == HSD_OK) status = gtfs_keep(r, &row->cells[LONG], &t.long_name);
    if (status == HSD_OK) status = find_agency(r, row, &t.agency);
    if (status == HSD_OK) status = read_kind(r, row, &t.kind);
    if (status != HSD_OK || !t.id) return status;
    if (!t.name) t.name = t.long_name ? t.long_name : t.id;
    if (!parse_colour(&row->cells[COLOUR], &t.colour)) gtfs_note(r, GTFS_BAD_COLOUR, row->line);
    if (twin != HSD_NO_ROW)
        return gtfs_twin(r, row, "route_id", t.id, same_route(&t, &f->routes.data[twin]),
                         f->routes.data[twin].line);
    return hsd_text_index_add(&f->route_of, &r->pool, t.id, (uint32_t)f->routes.count, r->err) &&
                   hsd_array_push(&f->routes, t, r->err)
               ? HSD_OK
               : HSD_E_MEMORY;
}

hsd_status gtfs_read_routes(gtfs_reader *r) {
    gtfs_feed *f = &r->feed;
    const hsd_status status = gtfs_table_read(r, GTFS_ROUTES, &route_columns, route_row);
    return status == HSD_OK ? gtfs_sort(r, f->routes.data, f->routes.count, sizeof *f->routes.data,
                                        &f->route_of, NULL)
                            : status;
}
