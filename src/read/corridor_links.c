/* Links of a corridor table. A link is a straight line between its nodes, or its WKT line with the
 * nodes for ends; its length and its minutes are what the table says. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "hourshed/geo.h"
#include "read/corridor_parts.h"
#include "read/message.h"
#include "read/vector.h"

/* A link shorter than this share of the great circle cannot be; one longer than that is noted. */
static const double shortest_share = 0.98, longest_share = 3.0;
static const double greatest_minutes = 24 * 60;
static const double end_tolerance_m = 1000; /* of a WKT line's ends from its nodes */

static hsd_status find_node(hsd_corridor *k, size_t row, int column, uint32_t *node) {
    char clip[HSD_CLIP_SIZE];
    const char *id = hsd_csv_cell(&k->links, row, column);
    size_t low = 0, high = k->nodes.row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(k->keys[middle].id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == k->nodes.row_count || strcmp(k->keys[low].id, id) != 0)
        return hsd_csv_fail(&k->links, row, k->err,
                            "%s is \"%s\"; no node of nodes.csv has this id",
                            hsd_csv_header(&k->links, column), hsd_clip(id, clip));
    *node = k->keys[low].row;
    return HSD_OK;
}

static hsd_status link_day(hsd_corridor *k, size_t row, int column, uint32_t *day) {
    const char *text = hsd_csv_cell(&k->links, row, column);
    char clip[HSD_CLIP_SIZE];
    *day = 0;
    if (!text[0] || (*day = hsd_day_of(text)) != 0) return HSD_OK;
    return hsd_csv_fail(&k->links, row, k->err,
                        "%s is \"%s\"; YYYY, YYYY-MM or YYYY-MM-DD was expected",
                        hsd_csv_header(&k->links, column), hsd_clip(text, clip));
}

/* Present: opened by the day and not closed by it; without a day: anything never closed. */
static hsd_status link_present(hsd_corridor *k, size_t row, bool *present) {
    uint32_t opened, closed;
    hsd_status status = link_day(k, row, k->c.opened, &opened);
    if (status == HSD_OK) status = link_day(k, row, k->c.closed, &closed);
    if (status != HSD_OK) return status;
    if (opened && closed && closed < opened)
        return hsd_csv_fail(&k->links, row, k->err, "closed %s comes before opened %s",
                            hsd_csv_cell(&k->links, row, k->c.closed),
                            hsd_csv_cell(&k->links, row, k->c.opened));
    *present = k->as_of ? opened <= k->as_of && (!closed || closed > k->as_of) : !closed;
    return HSD_OK;
}

/* A number of the row: must lie in (or, with `from_zero`, start at) 0..most. */
static hsd_status link_number(hsd_corridor *k, size_t row, int column, double most, bool from_zero,
                              double *out, bool *given) {
    char clip[HSD_CLIP_SIZE];
    *out = 0;
    hsd_status status = hsd_csv_number(&k->links, row, column, out, given, k->err);
    if (status != HSD_OK || !*given) return status;
    if ((from_zero ? *out >= 0 : *out > 0) && *out <= most) return HSD_OK;
    return hsd_csv_fail(
        &k->links, row, k->err, "%s is \"%s\"; a number %s 0 and at most %g was expected",
        hsd_csv_header(&k->links, column), hsd_clip(hsd_csv_cell(&k->links, row, column), clip),
        from_zero ? "of at least" : "above", most);
}

/* Time and speed of a link. Minutes rule; a wait is added to them, or to length / speed. A wait
 * alone would need the class speed of a profile, which nobody knows here: refused. */
static hsd_status link_times(hsd_corridor *k, size_t row, hsd_way *way) {
    double speed, minutes, wait;
    bool has_speed, has_minutes, has_wait;
    hsd_status status =
        link_number(k, row, k->c.speed_kmh, HSD_GREATEST_KMH, false, &speed, &has_speed);
    if (status == HSD_OK)
        status = link_number(k, row, k->c.minutes, greatest_minutes, true, &minutes, &has_minutes);
    if (status == HSD_OK)
        status = link_number(k, row, k->c.wait_min, greatest_minutes, true, &wait, &has_wait);
    if (status != HSD_OK) return status;
    if (has_wait && wait > 0 && !has_minutes && !has_speed)
        return hsd_csv_fail(&k->links, row, k->err,
                            "wait_min needs minutes or speed_kmh in the same row to add to");
    uint32_t speed_mh = (uint32_t)floor(speed * 1000 + 0.5), time_ms = 0;
    if (has_speed && speed_mh == 0)
        return hsd_csv_fail(&k->links, row, k->err, "speed_kmh is below 1 metre per hour");
    uint32_t wait_ms = (uint32_t)floor(wait * 60000 + 0.5);
    if (has_minutes)
        time_ms = hsd_ms_add((uint32_t)floor(minutes * 60000 + 0.5), wait_ms);
    else if (wait_ms > 0)
        time_ms = hsd_ms_add(hsd_ms_of(way->length_m, speed_mh), wait_ms);
    if (has_minutes && time_ms == 0)
        return hsd_csv_fail(&k->links, row, k->err, "minutes and wait_min together are 0");
    if (time_ms == HSD_UNREACHABLE)
        return hsd_csv_fail(&k->links, row, k->err, "takes longer than 12 days");
    for (int d = 0; d < 2; d++) {
        way->time_ms[d] = time_ms;
        way->speed_mh[d] = time_ms ? 0 : speed_mh;
        way->speed_source[d] = time_ms || speed_mh ? HSD_SPEED_TAG : HSD_SPEED_NONE;
    }
    return HSD_OK;
}

static hsd_lonlat place_of(const hsd_corridor *k, uint32_t node) {
    hsd_point_e7 p = k->out->nodes[node];
    return (hsd_lonlat){p.lon_e7 * 1e-7, p.lat_e7 * 1e-7};
}

static double apart_m(hsd_lonlat a, hsd_lonlat b) {
    return hsd_geodesic_m(a.lon, a.lat, b.lon, b.lat);
}

static hsd_status read_wkt(hsd_corridor *k, size_t row, hsd_geometry *line) {
    const char *text = hsd_csv_cell(&k->links, row, k->c.geometry);
    char fault[HSD_FAULT_SIZE] = "not WKT", clip[HSD_CLIP_SIZE];
    char *rest = (char *)(uintptr_t)text; /* OGR's signature; it does not write */
    OGRGeometryH geometry = NULL;
    hsd_quiet_begin();
    OGRErr code = OGR_G_CreateFromWkt(&rest, NULL, &geometry);
    hsd_quiet_end();
    hsd_status status = HSD_OK;
    if (code == OGRERR_NONE && geometry)
        status =
            hsd_vector_geometry(&(hsd_vector){.datum = k->datum}, geometry, line, fault, k->err);
    if (geometry) OGR_G_DestroyGeometry(geometry);
    if (status != HSD_OK) return status;
    if (!fault[0] &&
        (line->type != HSD_GEOMETRY_LINE || line->ring_count != 1 || line->point_count < 2))
        snprintf(fault, sizeof fault, "not one line of two points or more");
    if (!fault[0]) return HSD_OK;
    hsd_geometry_finish(line);
    return hsd_csv_fail(&k->links, row, k->err,
                        "geometry \"%s\": %s; LINESTRING(lon lat, ...) was expected",
                        hsd_clip(text, clip), fault);
}

/* Inner points of the WKT line between its nodes, which replace its ends where they nearly meet. */
static hsd_status add_drawn(hsd_corridor *k, size_t row, uint32_t from, uint32_t to,
                            double *drawn_m) {
    hsd_geometry line = {0};
    hsd_status status = read_wkt(k, row, &line);
    if (status != HSD_OK) return status;
    hsd_lonlat a = place_of(k, from), b = place_of(k, to), last = a;
    const hsd_lonlat *p = line.points;
    size_t n = line.point_count;
    if (apart_m(a, p[0]) > end_tolerance_m || apart_m(b, p[n - 1]) > end_tolerance_m)
        status = hsd_csv_fail(
            &k->links, row, k->err,
            "geometry begins or ends more than %g m from its node (drawn the other way?)",
            end_tolerance_m);
    *drawn_m = 0;
    for (size_t i = 0; i < n && status == HSD_OK; i++) {
        bool end = i == 0 || i + 1 == n;
        if (end && apart_m(p[i], i == 0 ? a : b) <= 1) continue;
        hsd_point_e7 point = {hsd_e7_of(p[i].lon), hsd_e7_of(p[i].lat)};
        uint32_t node;
        status = hsd_builder_node(&k->builder, point, 0, HSD_NODE_NO_STOP, &node, k->err);
        if (status == HSD_OK) status = hsd_builder_way_node(&k->builder, node, k->err);
        *drawn_m += apart_m(last, p[i]);
        last = p[i];
    }
    *drawn_m += apart_m(last, b);
    hsd_geometry_finish(&line);
    return status;
}

static hsd_status link_length(hsd_corridor *k, size_t row, double chord_m, double drawn_m,
                              hsd_way *way) {
    double km;
    bool given;
    hsd_status status = link_number(k, row, k->c.length_km, 5000, false, &km, &given);
    if (status != HSD_OK) return status;
    if (!given) {
        if (k->unmeasured++ == 0) k->first_unmeasured = row;
        way->length_m = drawn_m;
        return HSD_OK;
    }
    way->length_m = km * 1000;
    if (way->length_m < chord_m * shortest_share)
        return hsd_csv_fail(&k->links, row, k->err,
                            "length_km is %g, but its nodes are %.3f km apart as the crow flies",
                            km, chord_m / 1000);
    if (chord_m > 0 && way->length_m > chord_m * longest_share)
        return hsd_road_table_note(k->out, k->err,
                                   "%s line %zu: %g km long, %.1f times the great circle",
                                   k->links.file, k->links.lines[row], km, way->length_m / chord_m);
    return HSD_OK;
}

static hsd_status link_oneway(hsd_corridor *k, size_t row, hsd_way *way) {
    const char *text = hsd_csv_cell(&k->links, row, k->c.oneway);
    bool oneway = false;
    if (strcmp(text, "-1") == 0) {
        hsd_way_close(way, HSD_FORWARD);
        return HSD_OK;
    }
    hsd_status status = hsd_csv_bool(&k->links, row, k->c.oneway, &oneway, k->err);
    if (oneway) hsd_way_close(way, HSD_BACKWARD);
    return status;
}

static hsd_status link_words(hsd_corridor *k, size_t row, hsd_way *way) {
    const char *name = hsd_csv_cell(&k->links, row, k->c.name);
    const char *road_class = hsd_csv_cell(&k->links, row, k->c.road_class);
    static const struct {
        const char *road_class;
        uint16_t flag;
    } flags[] = {{"bridge", HSD_WAY_BRIDGE}, {"tunnel", HSD_WAY_TUNNEL}, {"ferry", HSD_WAY_FERRY}};
    if (!road_class[0]) return hsd_csv_fail(&k->links, row, k->err, "class is empty");
    for (size_t i = 0; i < 3; i++)
        if (strcmp(flags[i].road_class, road_class) == 0) way->flags |= flags[i].flag;
    uint16_t bits;
    hsd_status status = hsd_name_pool_add(&k->builder.names, name, &way->name, k->err);
    if (status == HSD_OK) status = hsd_road_table_class(k->out, road_class, &way->class_id, k->err);
    if (status != HSD_OK) return status;
    status =
        hsd_builder_words(&k->builder, hsd_csv_cell(&k->links, row, k->c.modes), &bits, k->err);
    if (status == HSD_E_FORMAT)
        hsd_fail_prefix(k->err, status, "%s line %zu", k->links.file, k->links.lines[row]);
    way->yes[0] = way->yes[1] = bits;
    return status;
}

static hsd_status add_link(hsd_corridor *k, size_t row) {
    uint32_t from, to;
    bool present = false;
    hsd_status status = find_node(k, row, k->c.from, &from);
    if (status == HSD_OK) status = find_node(k, row, k->c.to, &to);
    if (status == HSD_OK && from == to)
        status = hsd_csv_fail(&k->links, row, k->err, "from and to are the same node");
    if (status == HSD_OK) status = link_present(k, row, &present);
    if (status != HSD_OK) return status;
    size_t ways = k->out->way_count, way_nodes = k->out->way_node_count, nodes = k->out->node_count;
    hsd_way way = {.source_id = (int64_t)row + 1, .first_node = (uint32_t)way_nodes};
    double chord_m = apart_m(place_of(k, from), place_of(k, to)), drawn_m = chord_m;
    status = hsd_builder_way_node(&k->builder, from, k->err);
    if (status == HSD_OK && hsd_csv_cell(&k->links, row, k->c.geometry)[0])
        status = add_drawn(k, row, from, to, &drawn_m);
    else
        way.flags |= HSD_WAY_SCHEMATIC;
    if (status == HSD_OK) status = hsd_builder_way_node(&k->builder, to, k->err);
    if (status == HSD_OK) status = link_length(k, row, chord_m, drawn_m, &way);
    if (status == HSD_OK) status = link_times(k, row, &way);
    if (status == HSD_OK) status = link_oneway(k, row, &way);
    if (status == HSD_OK) status = link_words(k, row, &way);
    if (status == HSD_OK) status = hsd_builder_way(&k->builder, &way, k->err);
    if (status != HSD_OK) return status;
    if (present) {
        k->used[from] = k->used[to] = 1;
    } else { /* read for its errors only */
        k->left_out++;
        k->out->way_count = ways;
        k->out->way_node_count = way_nodes;
        k->out->node_count = nodes;
    }
    return HSD_OK;
}

static hsd_status find_columns(hsd_corridor *k) {
    const hsd_csv *csv = &k->links;
    hsd_status status = hsd_csv_need(csv, "from", &k->c.from, k->err);
    if (status == HSD_OK) status = hsd_csv_need(csv, "to", &k->c.to, k->err);
    if (status == HSD_OK) status = hsd_csv_need(csv, "class", &k->c.road_class, k->err);
    k->c.id = hsd_csv_column(csv, "id");
    k->c.name = hsd_csv_column(csv, "name");
    k->c.length_km = hsd_csv_column(csv, "length_km");
    k->c.speed_kmh = hsd_csv_column(csv, "speed_kmh");
    k->c.minutes = hsd_csv_column(csv, "minutes");
    k->c.wait_min = hsd_csv_column(csv, "wait_min");
    k->c.oneway = hsd_csv_column(csv, "oneway");
    k->c.modes = hsd_csv_column(csv, "modes");
    k->c.opened = hsd_csv_column(csv, "opened");
    k->c.closed = hsd_csv_column(csv, "closed");
    k->c.geometry = hsd_csv_column(csv, "geometry");
    return status;
}

static hsd_status check_link_ids(hsd_corridor *k) {
    if (k->c.id < 0) return HSD_OK;
    hsd_node_key *keys = hsd_alloc(k->links.row_count, sizeof *keys, k->err);
    if (!keys) return HSD_E_MEMORY;
    hsd_status status = hsd_corridor_sort_ids(k, &k->links, k->c.id, keys);
    hsd_free(keys);
    return status;
}

hsd_status hsd_corridor_links(hsd_corridor *k) {
    static const char *const known[] = {
        "id",      "from",       "to",     "name",  "name_en",   "class",  "length_km", "speed_kmh",
        "minutes", "wait_min",   "oneway", "modes", "opened",    "closed", "geometry",  "source",
        "year",    "confidence", "note",   "toll",  "toll_yuan", NULL};
    const hsd_csv *csv = &k->links;
    hsd_status status = find_columns(k);
    if (status == HSD_OK && csv->row_count == 0)
        status = hsd_fail(k->err, HSD_E_FORMAT, "%s has no rows", csv->file);
    if (status == HSD_OK) status = check_link_ids(k);
    for (size_t i = 0; i < csv->row_count && status == HSD_OK; i++) status = add_link(k, i);
    if (status == HSD_OK && k->out->way_count == 0)
        status = hsd_fail(k->err, HSD_E_FORMAT, "%s: no link is open on that day", csv->file);
    return status == HSD_OK ? hsd_corridor_note_columns(k, csv, known) : status;
}
