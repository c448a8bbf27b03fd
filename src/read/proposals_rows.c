/* A feature of a proposals file as rows of the table. What is wrong with it is an issue; all of it
 * is looked at before the feature is given up, so that a user can mend everything at once. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "geo/geos.h"
#include "read/proposals.h"

/* A stated length so many times the drawn one is metres for kilometres; so many times it is worth a
 * remark, and so is one below the straight line between the ends. */
static const double absurd_length = 100, long_length = 3, short_length = 0.98;

static double number(const hsd_proposal_reader *r, const char *name) {
    return hsd_proposal_get(r, name)->number;
}

bool hsd_proposal_given(const hsd_proposal_reader *r, const char *name) {
    const hsd_proposal_value *v = hsd_proposal_get(r, name);
    return v->text || !isnan(v->number);
}

static int word(const hsd_proposal_reader *r, const char *name) {
    return hsd_proposal_get(r, name)->word;
}

static int direction(const hsd_proposal_reader *r, const char *name) { /* 0, 1, 2: both, 1, -1 */
    static const int directions[] = {0, 1, -1};
    int index = word(r, name);
    return index < 0 ? 0 : directions[index];
}

static void count_one(hsd_proposal_count *count, int64_t feature_id) {
    if (count->count++ == 0) count->first = feature_id;
}

/* ---- Lists --------------------------------------------------------------------------------- */

size_t hsd_list_separator(const char *text) {
    if (*text == ';' || *text == ',') return 1;
    return strncmp(text, "；", 3) == 0 || strncmp(text, "，", 3) == 0 ? 3 : 0;
}

hsd_status hsd_proposal_list(hsd_proposal_reader *r, const char *name, char **out) {
    char *text = hsd_proposal_take(r, name), clip[HSD_CLIP_SIZE];
    *out = text;
    if (!text) return HSD_OK;
    hsd_clip(text, clip);
    bool empty = false;
    size_t length = 0, begin = 0; /* of what is written, which never passes what is read */
    for (const char *c = text;; c++) {
        size_t cut = hsd_list_separator(c);
        if (!cut && *c) {
            if (length > begin || *c != ' ') text[length++] = *c;
            continue;
        }
        bool last = !*c;
        while (length > begin && text[length - 1] == ' ') length--;
        empty = empty || length == begin;
        c += last ? 0 : cut - 1;
        text[length++] = last ? '\0' : ';';
        begin = length;
        if (last) break;
    }
    if (!empty) return HSD_OK;
    return hsd_proposal_bad(r, "%s is \"%s\": an empty word between its semicolons", name, clip);
}

/* ---- Geometry ------------------------------------------------------------------------------ */

static const char *kind_of(hsd_geometry_type type) {
    static const char *const kinds[] = {"no geometry", "a point", "a line", "a polygon"};
    return kinds[type];
}

static hsd_status check_polygon(hsd_proposal_reader *r, const hsd_geometry *polygon) {
    char why[120];
    if (hsd_geos_valid(polygon, why, sizeof why)) return HSD_OK;
    return hsd_proposal_bad(r, "not a valid polygon: %s", why);
}

static hsd_status check_line(hsd_proposal_reader *r, hsd_geometry *line) {
    hsd_status status = hsd_proposal_lines(line, r->err);
    if (status == HSD_OK && line->ring_count == 0)
        status = hsd_proposal_bad(
            r, "a line without length: all its points are equal; two places were expected");
    return status;
}

hsd_status hsd_proposal_shape(hsd_proposal_reader *r, bool needed, hsd_geometry *out) {
    hsd_geometry_type wanted = hsd_proposal_geometry(r->input->layer);
    OGRGeometryH geometry = OGR_F_GetGeometryRef(r->feature);
    char fault[HSD_FAULT_SIZE];
    *out = (hsd_geometry){0};
    if (!geometry || OGR_G_IsEmpty(geometry))
        return needed ? hsd_proposal_bad(r, "no geometry; %s was expected", kind_of(wanted))
                      : HSD_OK;
    hsd_status status = hsd_vector_geometry(&r->input->vector, geometry, out, fault, r->err);
    if (status != HSD_OK) return status;
    if (fault[0])
        status = hsd_proposal_bad(r, "%s", fault);
    else if (out->type != wanted)
        status = hsd_proposal_bad(r, "%s; %s was expected", kind_of(out->type), kind_of(wanted));
    else if (wanted == HSD_GEOMETRY_POLYGON)
        status = check_polygon(r, out);
    else if (wanted == HSD_GEOMETRY_LINE)
        status = check_line(r, out);
    if (status != HSD_OK || r->bad) hsd_geometry_finish(out);
    return status;
}

/* ---- Links --------------------------------------------------------------------------------- */

static double drawn_km(const hsd_geometry *line) {
    double metres = 0;
    for (size_t i = 0; i + 1 < line->point_count; i++)
        metres += hsd_geodesic_m(line->points[i].lon, line->points[i].lat, line->points[i + 1].lon,
                                 line->points[i + 1].lat);
    return metres / 1000;
}

static hsd_status check_length(hsd_proposal_reader *r, const hsd_geometry *line) {
    double stated = number(r, "length_km"), drawn = drawn_km(line);
    hsd_lonlat a = line->points[0], b = line->points[line->point_count - 1];
    int64_t id = OGR_F_GetFID(r->feature);
    if (stated > drawn * absurd_length)
        return hsd_proposal_bad(
            r, "length_km is %g, but the line is drawn %.3g km long; kilometres were expected",
            stated, drawn);
    if (stated > drawn * long_length) count_one(&r->long_lengths, id);
    if (stated * 1000 < hsd_geodesic_m(a.lon, a.lat, b.lon, b.lat) * short_length)
        count_one(&r->short_lengths, id);
    return HSD_OK;
}

static hsd_status check_link(hsd_proposal_reader *r, const hsd_geometry *line) {
    bool minutes = hsd_proposal_given(r, "minutes"), speed = hsd_proposal_given(r, "speed_kmh");
    hsd_status status = HSD_OK;
    if (minutes && speed) count_one(&r->both_times, OGR_F_GetFID(r->feature));
    const bool rail = word(r, "kind") == HSD_KIND_RAIL; /* its services may say how fast */
    if (!r->bad && !rail && !minutes && !speed && !hsd_proposal_given(r, "class"))
        status =
            hsd_proposal_bad(r, "neither class, speed_kmh nor minutes; one of them was expected");
    if (status != HSD_OK || line->ring_count == 0) return status;
    if (line->ring_count > 1 && (minutes || hsd_proposal_given(r, "length_km")))
        return hsd_proposal_bad(r,
                                "%s of a line in %zu parts that do not continue each other; one "
                                "line was expected, or a feature for each part",
                                minutes ? "minutes" : "length_km", line->ring_count);
    return hsd_proposal_given(r, "length_km") && line->ring_count == 1 ? check_length(r, line)
                                                                       : HSD_OK;
}

static hsd_status copy_part(const hsd_geometry *line, size_t part, hsd_geometry *out,
                            hsd_error *err) {
    size_t first = part ? line->ring_end[part - 1] : 0, count = line->ring_end[part] - first;
    *out = (hsd_geometry){.type = HSD_GEOMETRY_LINE, .point_count = count, .ring_count = 1};
    out->points = hsd_alloc(count, sizeof *out->points, err);
    out->ring_end = hsd_alloc(1, sizeof *out->ring_end, err);
    if (!out->points || !out->ring_end) return HSD_E_MEMORY;
    memcpy(out->points, line->points + first, count * sizeof *out->points);
    out->ring_end[0] = count;
    return HSD_OK;
}

static hsd_status copy_text(hsd_proposal_reader *r, const char *name, char **out) {
    const char *text = hsd_proposal_get(r, name)->text;
    if (text && !(*out = hsd_strdup(text, r->err))) return HSD_E_MEMORY;
    return HSD_OK;
}

static hsd_status add_part(hsd_proposal_reader *r, uint32_t head, const hsd_geometry *line,
                           size_t part, const char *modes) {
    hsd_link_row row = {.proposal = head,
                        .feature_id = OGR_F_GetFID(r->feature),
                        .part = (uint32_t)part,
                        .kind = (hsd_link_kind)word(r, "kind"),
                        .speed_kmh = number(r, "speed_kmh"),
                        .minutes = number(r, "minutes"),
                        .length_km = number(r, "length_km"),
                        .oneway = direction(r, "oneway"),
                        .wait_min = number(r, "wait_min"),
                        .toll = number(r, "toll"),
                        .cost = part ? NAN : number(r, "cost"), /* of the feature, once */
                        .connect = (hsd_link_connect)word(r, "connect"),
                        .bridge = word(r, "bridge") == 1,
                        .tunnel = word(r, "tunnel") == 1,
                        .access = word(r, "access") == 1};
    if (!hsd_array_push(&r->links, row, r->err)) return HSD_E_MEMORY;
    hsd_link_row *kept = &r->links.data[r->links.count - 1];
    hsd_status status = copy_part(line, part, &kept->line, r->err);
    if (status == HSD_OK) status = copy_text(r, "name", &kept->name);
    if (status == HSD_OK) status = copy_text(r, "class", &kept->road_class);
    if (status == HSD_OK && modes && !(kept->modes = hsd_strdup(modes, r->err)))
        status = HSD_E_MEMORY;
    return status;
}

static hsd_status link_rows(hsd_proposal_reader *r, uint32_t head) {
    hsd_geometry line;
    char *modes = NULL;
    hsd_status status = hsd_proposal_shape(r, true, &line);
    if (status == HSD_OK) status = hsd_proposal_list(r, "modes", &modes);
    if (status == HSD_OK) status = check_link(r, &line);
    for (size_t part = 0; part < line.ring_count && status == HSD_OK && !r->bad; part++)
        status = add_part(r, head, &line, part, modes);
    hsd_free(modes);
    hsd_geometry_finish(&line);
    return status;
}

/* ---- The other layers ---------------------------------------------------------------------- */

static hsd_status junction_row(hsd_proposal_reader *r, uint32_t head) {
    hsd_junction_row row = {.proposal = head,
                            .feature_id = OGR_F_GetFID(r->feature),
                            .ramp_min = number(r, "ramp_min")};
    hsd_geometry point;
    hsd_status status = hsd_proposal_shape(r, true, &point);
    if (point.point_count) row.at = point.points[0];
    hsd_geometry_finish(&point);
    if (status == HSD_OK) status = hsd_proposal_list(r, "modes", &row.modes);
    row.connect_to = hsd_proposal_take(r, "connect_to");
    if (status == HSD_OK && hsd_array_push(&r->junctions, row, r->err)) return HSD_OK;
    hsd_free(row.modes);
    hsd_free(row.connect_to);
    return status == HSD_OK ? HSD_E_MEMORY : status;
}

static hsd_status closure_row(hsd_proposal_reader *r, uint32_t head) {
    hsd_closure_row row = {.proposal = head,
                           .feature_id = OGR_F_GetFID(r->feature),
                           .inside = (hsd_inside)word(r, "inside"),
                           .all_layers = word(r, "layers") == 1};
    hsd_status status = hsd_proposal_shape(r, false, &row.polygon);
    if (status == HSD_OK) status = hsd_proposal_list(r, "roads", &row.roads);
    if (status == HSD_OK) status = hsd_proposal_list(r, "modes", &row.modes);
    row.road_class = hsd_proposal_take(r, "class");
    if (status == HSD_OK && !r->bad && row.polygon.type == HSD_GEOMETRY_NONE && !row.roads &&
        !row.road_class)
        status = hsd_proposal_bad(r, "neither a polygon, roads nor a class; one was expected");
    if (status == HSD_OK && hsd_array_push(&r->closures, row, r->err)) return HSD_OK;
    hsd_geometry_finish(&row.polygon);
    hsd_free(row.roads);
    hsd_free(row.road_class);
    hsd_free(row.modes);
    return status == HSD_OK ? HSD_E_MEMORY : status;
}

static hsd_status speed_row(hsd_proposal_reader *r, uint32_t head) {
    hsd_speed_row row = {.proposal = head,
                         .feature_id = OGR_F_GetFID(r->feature),
                         .factor = number(r, "factor"),
                         .speed_kmh = number(r, "speed_kmh")};
    hsd_status status = HSD_OK;
    if (!r->bad && isnan(row.factor) == isnan(row.speed_kmh))
        status = hsd_proposal_bad(r, "%s factor %s speed_kmh; one of them was expected",
                                  isnan(row.factor) ? "neither" : "both",
                                  isnan(row.factor) ? "nor" : "and");
    if (status == HSD_OK) status = hsd_proposal_shape(r, false, &row.polygon);
    if (status == HSD_OK) status = hsd_proposal_list(r, "modes", &row.modes);
    row.road_class = hsd_proposal_take(r, "class");
    if (status == HSD_OK && !r->bad && row.polygon.type == HSD_GEOMETRY_NONE && !row.road_class)
        status = hsd_proposal_bad(r, "neither a polygon nor a class; one of them was expected");
    if (status == HSD_OK && hsd_array_push(&r->speeds, row, r->err)) return HSD_OK;
    hsd_geometry_finish(&row.polygon);
    hsd_free(row.road_class);
    hsd_free(row.modes);
    return status == HSD_OK ? HSD_E_MEMORY : status;
}

static hsd_status wait_row(hsd_proposal_reader *r, uint32_t head) {
    double low = number(r, "low_min"), typical = number(r, "typical_min"),
           high = number(r, "high_min");
    hsd_wait_row row = {
        .proposal = head,
        .feature_id = OGR_F_GetFID(r->feature),
        .direction = direction(r, "direction"),
        .minutes = {isnan(low) ? typical : low, typical, isnan(high) ? typical : high}};
    hsd_status status = HSD_OK;
    if (!r->bad && isnan(typical))
        status = hsd_proposal_bad(r, "typical_min is empty; minutes were expected");
    if (status == HSD_OK) status = hsd_proposal_shape(r, true, &row.line);
    if (status == HSD_OK) status = hsd_proposal_list(r, "roads", &row.roads);
    if (status == HSD_OK) status = hsd_proposal_list(r, "modes", &row.modes);
    if (status == HSD_OK && hsd_array_push(&r->waits, row, r->err)) return HSD_OK;
    hsd_geometry_finish(&row.line);
    hsd_free(row.roads);
    hsd_free(row.modes);
    return status == HSD_OK ? HSD_E_MEMORY : status;
}

hsd_status hsd_proposal_row(hsd_proposal_reader *r, uint32_t head) {
    switch (r->input->layer) {
    case HSD_LAYER_LINKS:
        return link_rows(r, head);
    case HSD_LAYER_JUNCTIONS:
        return junction_row(r, head);
    case HSD_LAYER_STATIONS:
        return hsd_proposal_station(r, head);
    case HSD_LAYER_SERVICES:
        return hsd_proposal_service(r, head);
    case HSD_LAYER_CLOSURES:
        return closure_row(r, head);
    case HSD_LAYER_SPEED_CHANGES:
        return speed_row(r, head);
    case HSD_LAYER_WAITS:
        return wait_row(r, head);
    case HSD_LAYER_COUNT:
        break;
    }
    return hsd_fail(r->err, HSD_E_INTERNAL, "a layer of proposals that does not exist");
}
