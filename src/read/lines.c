/* Any GDAL line layer as streets: attributes here, topology in lines_join.c. Each part of a feature
 * is a way of its own with the feature's id; minutes of a feature are shared out by length, in
 * cumulative rounding, so that its parts sum to the whole. What a mapped field must hold and does
 * not is an error with the feature's id; a feature without geometry is skipped and noted. O(n log
 * n). */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "base/text.h"
#include "read/lines_join.h"
#include "read/message.h"
#include "read/table_builder.h"
#include "read/vector.h"

enum { MAX_CLASSES = 1000 };
static const double default_tolerance_m = 0.1, greatest_tolerance_m = 1000,
                    greatest_minutes = 24 * 60;

typedef struct line_reader {
    hsd_vector vector;
    hsd_table_builder builder;
    hsd_road_table *out;
    const char *default_class;
    int road_class, speed, minutes, oneway, bridge, tunnel, name, modes;
    HSD_ARRAY(hsd_point_e7) points;
    HSD_ARRAY(hsd_line_part) parts;
    HSD_ARRAY(hsd_way) ways; /* of parts, without nodes */
    size_t skipped, shapeless;
    int64_t first_skipped, first_shapeless;
    hsd_error *err;
} line_reader;

static hsd_status find_fields(line_reader *r, const hsd_line_fields *f) {
    hsd_error *err = r->err;
    hsd_status status = hsd_vector_need(&r->vector, f->road_class, &r->road_class, err);
    if (status == HSD_OK) status = hsd_vector_need(&r->vector, f->speed_kmh, &r->speed, err);
    if (status == HSD_OK) status = hsd_vector_need(&r->vector, f->minutes, &r->minutes, err);
    if (status == HSD_OK) status = hsd_vector_need(&r->vector, f->oneway, &r->oneway, err);
    if (status == HSD_OK) status = hsd_vector_need(&r->vector, f->bridge, &r->bridge, err);
    if (status == HSD_OK) status = hsd_vector_need(&r->vector, f->tunnel, &r->tunnel, err);
    if (status == HSD_OK) status = hsd_vector_need(&r->vector, f->name, &r->name, err);
    if (status == HSD_OK) status = hsd_vector_need(&r->vector, f->modes, &r->modes, err);
    return status;
}

/* A mapped number: above 0 and at most `most`; absent only where `optional`. */
static hsd_status positive(line_reader *r, OGRFeatureH feature, int field, double most,
                           const char *what, double *out, bool *given) {
    char name[HSD_CLIP_SIZE];
    *out = 0;
    *given = false;
    if (field < 0) return HSD_OK;
    hsd_status status = hsd_vector_number(&r->vector, feature, field, out, given, r->err);
    if (status != HSD_OK || !*given || (*out > 0 && *out <= most)) return status;
    const char *field_name = OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, field));
    return hsd_vector_fail(&r->vector, feature, r->err,
                           "field \"%s\" is %g; %s above 0 and at most %g was expected",
                           hsd_clip(field_name, name), *out, what, most);
}

static hsd_status neither(line_reader *r, OGRFeatureH feature) {
    char name[HSD_CLIP_SIZE];
    int field = r->speed >= 0 ? r->speed : r->minutes;
    const char *field_name = OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, field));
    return hsd_vector_fail(
        &r->vector, feature, r->err, "field \"%s\" is NULL; %s above 0 was expected",
        hsd_clip(field_name, name), r->speed >= 0 ? "a speed in km/h" : "minutes");
}

static hsd_status read_times(line_reader *r, OGRFeatureH feature, hsd_way *way) {
    double speed, minutes;
    bool has_speed, has_minutes;
    hsd_status status =
        positive(r, feature, r->speed, HSD_GREATEST_KMH, "a speed in km/h", &speed, &has_speed);
    if (status == HSD_OK)
        status =
            positive(r, feature, r->minutes, greatest_minutes, "minutes", &minutes, &has_minutes);
    if (status != HSD_OK) return status;
    if ((r->speed >= 0 || r->minutes >= 0) && !has_speed && !has_minutes)
        return neither(r, feature);
    uint32_t time_ms = (uint32_t)fmax(1, floor(minutes * 60000 + 0.5));
    uint32_t speed_mh = (uint32_t)fmax(1, floor(speed * 1000 + 0.5));
    for (int d = 0; d < 2; d++) {
        way->time_ms[d] = has_minutes ? time_ms : 0;
        way->speed_mh[d] = has_minutes || !has_speed ? 0 : speed_mh;
        way->speed_source[d] = has_minutes || has_speed ? HSD_SPEED_USER : HSD_SPEED_NONE;
    }
    return HSD_OK;
}

static bool one_of(const char *text, const char *const *words) {
    for (; *words; words++)
        if (hsd_text_equal_nocase(text, *words)) return true;
    return false;
}

static hsd_status read_oneway(line_reader *r, OGRFeatureH feature, hsd_way *way) {
    static const char *const forward[] = {"yes", "true", "1", "f", "ft", "正向", NULL};
    static const char *const backward[] = {"-1", "t", "tf", "reverse", "反向", NULL};
    static const char *const both[] = {"", "no", "false", "0", "b", "双向", NULL};
    const char *text;
    char clip[HSD_CLIP_SIZE];
    hsd_status status = hsd_vector_text(&r->vector, feature, r->oneway, &text, r->err);
    if (status != HSD_OK || one_of(text, both)) return status;
    if (one_of(text, forward))
        hsd_way_close(way, HSD_BACKWARD);
    else if (one_of(text, backward))
        hsd_way_close(way, HSD_FORWARD);
    else
        status = hsd_vector_fail(&r->vector, feature, r->err,
                                 "one-way is \"%s\"; yes/no/-1, true/false, 1/0, F/T/B, FT/TF or "
                                 "正向/反向/双向 was expected",
                                 hsd_clip(text, clip));
    return status;
}

static hsd_status read_flag(line_reader *r, OGRFeatureH feature, int field, uint16_t flag,
                            hsd_way *way) {
    static const char *const no[] = {"", "no", "false", "0", "f", "n", "否", "无", NULL};
    const char *text;
    hsd_status status = hsd_vector_text(&r->vector, feature, field, &text, r->err);
    if (status == HSD_OK && !one_of(text, no)) way->flags |= flag;
    return status;
}

static hsd_status read_words(line_reader *r, OGRFeatureH feature, hsd_way *way) {
    const char *road_class, *name, *modes;
    char clip[HSD_CLIP_SIZE];
    hsd_status status = hsd_vector_text(&r->vector, feature, r->road_class, &road_class, r->err);
    if (status == HSD_OK)
        status = hsd_road_table_class(r->out, road_class[0] ? road_class : r->default_class,
                                      &way->class_id, r->err);
    if (status == HSD_OK && r->out->class_count > MAX_CLASSES)
        status =
            hsd_vector_fail(&r->vector, feature, r->err,
                            "more than %d different classes, here \"%s\": is that field a class?",
                            MAX_CLASSES, hsd_clip(road_class, clip));
    if (status == HSD_OK && strcmp(r->out->classes[way->class_id], "ferry") == 0)
        way->flags |= HSD_WAY_FERRY;
    if (status == HSD_OK) status = hsd_vector_text(&r->vector, feature, r->name, &name, r->err);
    if (status == HSD_OK) status = hsd_name_pool_add(&r->builder.names, name, &way->name, r->err);
    if (status == HSD_OK) status = hsd_vector_text(&r->vector, feature, r->modes, &modes, r->err);
    if (status != HSD_OK) return status;
    uint16_t bits;
    status = hsd_builder_words(&r->builder, modes, &bits, r->err);
    if (status == HSD_E_FORMAT)
        hsd_fail_prefix(r->err, status, "%s feature %lld", r->vector.file,
                        (long long)OGR_F_GetFID(feature));
    way->yes[0] = way->yes[1] = bits;
    return status;
}

static double line_m(const hsd_lonlat *p, size_t count) {
    double metres = 0;
    for (size_t i = 0; i + 1 < count; i++)
        metres += hsd_geodesic_m(p[i].lon, p[i].lat, p[i + 1].lon, p[i + 1].lat);
    return metres;
}

/* A part's share of the feature's minutes: floor(T x after / L + 0.5) - floor(T x before / L +
 * 0.5). */
static void share_time(hsd_way *part, const hsd_way *whole, double before_m, double after_m,
                       double all_m) {
    if (!whole->time_ms[0] || !(all_m > 0)) return;
    double t = whole->time_ms[0];
    uint32_t share =
        (uint32_t)(floor(t * after_m / all_m + 0.5) - floor(t * before_m / all_m + 0.5));
    part->time_ms[0] = part->time_ms[1] = share > 0 ? share : 1;
}

static hsd_status add_parts(line_reader *r, const hsd_geometry *g, const hsd_way *way) {
    double all_m = 0, before_m = 0;
    if (way->time_ms[0] && g->ring_count > 1)
        for (size_t i = 0, first = 0; i < g->ring_count; first = g->ring_end[i++])
            all_m += line_m(g->points + first, g->ring_end[i] - first);
    for (size_t i = 0, first = 0; i < g->ring_count; first = g->ring_end[i++]) {
        size_t count = g->ring_end[i] - first;
        hsd_way part_way = *way;
        hsd_line_part part = {.first_point = r->points.count,
                              .point_count = (uint32_t)count,
                              .raised = (way->flags & (HSD_WAY_BRIDGE | HSD_WAY_TUNNEL)) != 0};
        double after_m = before_m + (all_m > 0 ? line_m(g->points + first, count) : 0);
        share_time(&part_way, way, before_m, after_m, all_m);
        before_m = after_m;
        if (count < 2) continue; /* a line of one point */
        if (!hsd_array_reserve(&r->points, r->points.count + count, r->err)) return HSD_E_MEMORY;
        for (size_t k = first; k < g->ring_end[i]; k++)
            r->points.data[r->points.count++] =
                (hsd_point_e7){hsd_e7_of(g->points[k].lon), hsd_e7_of(g->points[k].lat)};
        if (!hsd_array_push(&r->parts, part, r->err) || !hsd_array_push(&r->ways, part_way, r->err))
            return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static const char *kind_of(hsd_geometry_type type) {
    return type == HSD_GEOMETRY_POINT ? "a point" : "a polygon";
}

static hsd_status read_feature(line_reader *r, OGRFeatureH feature) {
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (!geometry || OGR_G_IsEmpty(geometry)) {
        if (r->skipped++ == 0) r->first_skipped = OGR_F_GetFID(feature);
        return HSD_OK;
    }
    hsd_geometry g;
    char fault[HSD_FAULT_SIZE];
    hsd_status status = hsd_vector_geometry(&r->vector, geometry, &g, fault, r->err);
    if (status != HSD_OK) return status;
    if (fault[0])
        status = hsd_vector_fail(&r->vector, feature, r->err, "%s", fault);
    else if (g.type != HSD_GEOMETRY_LINE)
        status = hsd_vector_fail(&r->vector, feature, r->err, "%s; a line was expected",
                                 kind_of(g.type));
    hsd_way way = {.source_id = OGR_F_GetFID(feature)};
    if (status == HSD_OK) status = read_times(r, feature, &way);
    if (status == HSD_OK) status = read_oneway(r, feature, &way);
    if (status == HSD_OK) status = read_flag(r, feature, r->bridge, HSD_WAY_BRIDGE, &way);
    if (status == HSD_OK) status = read_flag(r, feature, r->tunnel, HSD_WAY_TUNNEL, &way);
    if (status == HSD_OK && (way.flags & (HSD_WAY_BRIDGE | HSD_WAY_TUNNEL)))
        way.layer = way.flags & HSD_WAY_BRIDGE ? 1 : -1;
    if (status == HSD_OK) status = read_words(r, feature, &way);
    if (status == HSD_OK) status = add_parts(r, &g, &way);
    hsd_geometry_finish(&g);
    return status;
}

static hsd_status read_features(line_reader *r, const hsd_run *run) {
    double total = (double)OGR_L_GetFeatureCount(r->vector.layer, 0);
    hsd_status status = HSD_OK;
    size_t seen = 0;
    for (; status == HSD_OK; seen++) {
        OGRFeatureH feature = NULL;
        if (seen % 4096 == 0)
            status = hsd_progress(run, "reading lines",
                                  total > 0 ? fmin((double)seen / total, 1) : 0, r->err);
        if (status == HSD_OK) status = hsd_vector_next(&r->vector, &feature, r->err);
        if (!feature) break;
        status = read_feature(r, feature);
        OGR_F_Destroy(feature);
    }
    if (status == HSD_OK && seen == 0)
        status = hsd_fail(r->err, HSD_E_FORMAT, "%s: layer \"%.60s\" has no features",
                          r->vector.file, r->vector.layer_name);
    return status;
}

/* Joined ways into the table; those without length are left out. */
static hsd_status fill_table(line_reader *r, const hsd_joined_lines *joined) {
    hsd_status status = HSD_OK;
    uint32_t node;
    for (size_t i = 0; i < joined->node_count && status == HSD_OK; i++)
        status = hsd_builder_node(&r->builder, joined->nodes[i], (int64_t)i + 1, 0, &node, r->err);
    for (size_t i = 0, first = 0; i < r->ways.count && status == HSD_OK;
         first = joined->way_end[i++]) {
        size_t end = joined->way_end[i];
        hsd_way *way = &r->ways.data[i];
        if (end - first < 2) {
            if (r->shapeless++ == 0) r->first_shapeless = way->source_id;
            continue;
        }
        way->first_node = (uint32_t)r->out->way_node_count;
        for (size_t k = first; k < end && status == HSD_OK; k++)
            status = hsd_builder_way_node(&r->builder, joined->way_nodes[k], r->err);
        if (status == HSD_OK) status = hsd_builder_way(&r->builder, way, r->err);
    }
    return status;
}

static hsd_status add_notes(line_reader *r) {
    hsd_status status = HSD_OK;
    if (r->skipped)
        status = hsd_road_table_note(
            r->out, r->err, "%s: %zu features without geometry left out, first feature %lld",
            r->vector.file, r->skipped, (long long)r->first_skipped);
    if (status == HSD_OK && r->shapeless)
        status = hsd_road_table_note(
            r->out, r->err, "%s: %zu lines shorter than the tolerance left out, first feature %lld",
            r->vector.file, r->shapeless, (long long)r->first_shapeless);
    return status;
}

static hsd_status join_lines(line_reader *r, const hsd_line_fields *fields) {
    hsd_line_join_options options = {.tolerance_m = fields->tolerance_m > 0 ? fields->tolerance_m
                                                                            : default_tolerance_m,
                                     .crossings = fields->node_crossings};
    hsd_joined_lines joined;
    hsd_status status = hsd_lines_join(r->points.data, r->points.count, r->parts.data,
                                       r->parts.count, &options, &joined, r->err);
    if (status != HSD_OK) return status;
    status = fill_table(r, &joined);
    hsd_joined_lines_finish(&joined);
    if (status == HSD_OK && r->out->way_count == 0)
        status = hsd_fail(r->err, HSD_E_FORMAT, "%s: layer \"%.60s\" has no line with length",
                          r->vector.file, r->vector.layer_name);
    return status;
}

static hsd_status check_fields(const hsd_line_fields *fields, hsd_error *err) {
    if (fields->tolerance_m >= 0 && fields->tolerance_m <= greatest_tolerance_m) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT, "tolerance of %g m; 0 to %g m was expected",
                    fields->tolerance_m, greatest_tolerance_m);
}

hsd_status hsd_read_lines(const char *path, const hsd_line_fields *fields, const hsd_run *run,
                          hsd_road_table *out, hsd_error *err) {
    static const hsd_line_fields none = {0};
    *out = (hsd_road_table){0};
    if (!fields) fields = &none;
    line_reader r = {.out = out,
                     .err = err,
                     .default_class = fields->default_class ? fields->default_class : "road"};
    hsd_vector_options options = {.layer = fields->layer,
                                  .encoding = fields->encoding,
                                  .assume_crs = fields->assume_crs,
                                  .datum = fields->datum};
    hsd_status status = check_fields(fields, err);
    if (status == HSD_OK) status = hsd_vector_open(path, &options, &r.vector, err);
    if (status != HSD_OK) return status;
    status = hsd_builder_init(out, &r.builder, err);
    if (status == HSD_OK) status = find_fields(&r, fields);
    if (status == HSD_OK) status = read_features(&r, run);
    if (status == HSD_OK) status = join_lines(&r, fields);
    if (status == HSD_OK) status = add_notes(&r);
    if (status == HSD_OK) status = hsd_builder_end(&r.builder, err);
    hsd_builder_finish(&r.builder);
    hsd_array_finish(&r.points);
    hsd_array_finish(&r.parts);
    hsd_array_finish(&r.ways);
    hsd_vector_close(&r.vector);
    if (status != HSD_OK) hsd_road_table_finish(out);
    return status;
}
