/* Places come from GDAL layers and from CSV tables; CSV is read by our own reader, so that messages
 * have lines and numbers are strict. Columns lon/lat (and longitude/latitude) are WGS84; x/y and
 * WKT columns are in the coordinate system the user names, else WGS84. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "read/message.h"
#include "read/place_source.h"

static int find_column(const hsd_place_source *s, const char *name) {
    return s->is_csv ? hsd_csv_column(&s->csv, name) : hsd_vector_find(&s->vector, name);
}

/* The named column must be there; without a name the first of the defaults that is. */
static hsd_status choose_column(const hsd_place_source *s, const char *name,
                                const char *const *defaults, int *column, hsd_error *err) {
    *column = -1;
    if (name) {
        hsd_status status = s->is_csv ? hsd_csv_need(&s->csv, name, column, err)
                                      : hsd_vector_need(&s->vector, name, column, err);
        if (status != HSD_OK && err) err->code = HSD_E_ARGUMENT;
        return status == HSD_E_FORMAT ? HSD_E_ARGUMENT : status;
    }
    for (; *defaults && *column < 0; defaults++) *column = find_column(s, *defaults);
    return HSD_OK;
}

static hsd_status choose_id(hsd_place_source *s, const char *name, hsd_error *err) {
    static const char *const ids[] = {"id", NULL};
    if (name && !s->is_csv && hsd_vector_find(&s->vector, name) < 0) {
        const char *fid = OGR_L_GetFIDColumn(s->vector.layer);
        s->id_is_fid = fid && fid[0] && hsd_text_equal_nocase(fid, name);
        s->id = -1;
        if (s->id_is_fid) return HSD_OK;
    }
    return choose_column(s, name, ids, &s->id, err);
}

/* Where coordinates stand in a table without geometry. */
static hsd_status choose_place(hsd_place_source *s, const hsd_place_fields *f, hsd_error *err) {
    static const char *const none[] = {NULL};
    static const struct {
        const char *lon, *lat;
        bool wgs84;
    } pairs[] = {{"lon", "lat", true},
                 {"longitude", "latitude", true},
                 {"lng", "lat", true},
                 {"x", "y", false}};
    static const char *const wkts[] = {"wkt", "geometry", "wkt_geom", "geom", NULL};
    hsd_status status = HSD_OK;
    const char *what = s->is_csv ? s->csv.file : s->vector.file;
    bool wgs84 = true;
    s->lon = s->lat = s->wkt = -1;
    if (!s->is_csv && s->vector.has_geometry) return HSD_OK;
    if (f->lon || f->lat) {
        if (!f->lon || !f->lat)
            return hsd_fail(err, HSD_E_ARGUMENT, "%s: both columns of coordinates must be named",
                            what);
        status = choose_column(s, f->lon, none, &s->lon, err);
        if (status == HSD_OK) status = choose_column(s, f->lat, none, &s->lat, err);
        wgs84 = false;
    }
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0] && s->lon < 0 && !f->lon; i++) {
        int lon = find_column(s, pairs[i].lon), lat = find_column(s, pairs[i].lat);
        if (lon < 0 || lat < 0) continue;
        s->lon = lon;
        s->lat = lat;
        wgs84 = pairs[i].wgs84;
    }
    if (status == HSD_OK && s->lon < 0) {
        status = choose_column(s, NULL, wkts, &s->wkt, err);
        wgs84 = false;
    }
    s->vector.geographic = true;
    if (status == HSD_OK && !wgs84 && f->assume_crs && (s->lon >= 0 || s->wkt >= 0)) {
        hsd_quiet_begin();
        status = hsd_crs_transform(NULL, (hsd_assumed_crs){f->assume_crs, NULL}, what,
                                   &s->vector.transform, &s->vector.geographic, err);
        hsd_quiet_end();
    }
    if (status == HSD_OK && s->lon < 0 && s->wkt < 0 && !f->masses_only)
        return hsd_fail(err, HSD_E_FORMAT,
                        "%s has no geometry: columns lon and lat (or x and y) were expected", what);
    return status;
}

static hsd_status choose_masses(hsd_place_source *s, const hsd_place_fields *f, hsd_error *err) {
    static const char *const none[] = {NULL};
    s->mass_count = f->mass_count;
    s->mass_names = f->masses;
    s->masses = hsd_alloc(f->mass_count, sizeof *s->masses, err);
    hsd_status status = s->masses ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; i < f->mass_count && status == HSD_OK; i++)
        status = choose_column(s, f->masses[i], none, &s->masses[i], err);
    return status;
}

static hsd_status choose_texts(hsd_place_source *s, const hsd_place_fields *f, hsd_error *err) {
    static const char *const none[] = {NULL};
    s->text_count = f->text_count;
    s->texts = hsd_alloc(f->text_count, sizeof *s->texts, err);
    hsd_status status = s->texts ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; i < f->text_count && status == HSD_OK; i++)
        status = choose_column(s, f->texts[i], none, &s->texts[i], err);
    return status;
}

static bool has_ending(const char *path, const char *ending) {
    size_t length = strlen(path), end = strlen(ending);
    return length > end && hsd_text_equal_nocase(path + length - end, ending);
}

hsd_status hsd_place_source_open(const char *path, const hsd_place_fields *fields,
                                 hsd_place_source *out, hsd_error *err) {
    static const char *const names[] = {"name", NULL}, *const names_en[] = {"name_en", NULL},
                             *const initials[] = {"initial_min", NULL};
    *out = (hsd_place_source){.is_csv = has_ending(path, ".csv") && strncmp(path, "/vsi", 4) != 0};
    hsd_vector_options options = {.layer = fields->layer,
                                  .encoding = fields->encoding,
                                  .assume_crs = fields->assume_crs,
                                  .datum = fields->datum,
                                  .flags = HSD_VECTOR_TABLE_PASSES};
    hsd_status status = out->is_csv ? hsd_csv_read(path, fields->encoding, &out->csv, err)
                                    : hsd_vector_open(path, &options, &out->vector, err);
    if (status != HSD_OK) return status;
    status = hsd_datum_choose(fields->datum, &out->vector.datum, err);
    if (status == HSD_OK) status = choose_id(out, fields->id, err);
    if (status == HSD_OK) status = choose_column(out, fields->name, names, &out->name, err);
    if (status == HSD_OK)
        status = choose_column(out, fields->name_en, names_en, &out->name_en, err);
    if (status == HSD_OK)
        status = choose_column(out, fields->initial_min, initials, &out->initial_min, err);
    if (status == HSD_OK) status = choose_place(out, fields, err);
    if (status == HSD_OK) status = choose_masses(out, fields, err);
    if (status == HSD_OK) status = choose_texts(out, fields, err);
    out->masses_only = fields->masses_only && !out->vector.has_geometry;
    if (status != HSD_OK) hsd_place_source_close(out);
    return status;
}

void hsd_place_source_close(hsd_place_source *source) {
    if (!source) return;
    hsd_csv_finish(&source->csv);
    hsd_vector_close(&source->vector);
    hsd_free(source->masses);
    hsd_free(source->texts);
    *source = (hsd_place_source){0};
}

double hsd_place_source_total(const hsd_place_source *source) {
    if (source->is_csv) return (double)source->csv.row_count;
    GIntBig count = OGR_L_GetFeatureCount(source->vector.layer, 0);
    return count > 0 ? (double)count : 0;
}

hsd_status hsd_place_source_next(hsd_place_source *source, hsd_place_row *row, bool *more,
                                 hsd_error *err) {
    *row = (hsd_place_row){.source = source};
    if (source->is_csv) {
        row->row = source->next_row;
        *more = source->next_row++ < source->csv.row_count;
        return HSD_OK;
    }
    hsd_status status = hsd_vector_next(&source->vector, &row->feature, err);
    *more = status == HSD_OK && row->feature;
    return status;
}

void hsd_place_row_end(hsd_place_row *row) {
    if (row->feature) OGR_F_Destroy(row->feature);
    row->feature = NULL;
}

int64_t hsd_place_row_id(const hsd_place_row *row) {
    return row->feature ? (int64_t)OGR_F_GetFID(row->feature) : (int64_t)row->row + 1;
}

hsd_status hsd_place_row_text(const hsd_place_row *row, int column, const char **out,
                              hsd_error *err) {
    if (row->feature) return hsd_vector_text(&row->source->vector, row->feature, column, out, err);
    *out = hsd_csv_cell(&row->source->csv, row->row, column);
    return HSD_OK;
}

hsd_status hsd_place_row_number(const hsd_place_row *row, int column, double *out, bool *given,
                                hsd_error *err) {
    if (row->feature)
        return hsd_vector_number(&row->source->vector, row->feature, column, out, given, err);
    return hsd_csv_number(&row->source->csv, row->row, column, out, given, err);
}

static hsd_status point_at(const hsd_vector *vector, double x, double y, hsd_geometry *out,
                           char *fault, hsd_error *err) {
    OGRGeometryH point = OGR_G_CreateGeometry(wkbPoint);
    OGR_G_SetPoint_2D(point, 0, x, y);
    hsd_status status = hsd_vector_geometry(vector, point, out, fault, err);
    OGR_G_DestroyGeometry(point);
    return status;
}

/* A pair of columns as a point; what is wrong with it is a fault. */
static hsd_status point_of_columns(const hsd_place_row *row, hsd_geometry *out, char *fault,
                                   hsd_error *err) {
    const hsd_place_source *s = row->source;
    double lon = 0, lat = 0;
    bool has_lon = false, has_lat = false;
    hsd_error why = {0};
    hsd_status status = hsd_place_row_number(row, s->lon, &lon, &has_lon, &why);
    if (status == HSD_OK) status = hsd_place_row_number(row, s->lat, &lat, &has_lat, &why);
    if (status == HSD_OK && !(has_lon && has_lat)) {
        snprintf(fault, HSD_FAULT_SIZE, "no coordinates");
        return HSD_OK;
    }
    if (status == HSD_E_FORMAT) {
        snprintf(fault, HSD_FAULT_SIZE, "%.*s", HSD_FAULT_SIZE - 1, why.message);
        return HSD_OK;
    }
    if (status != HSD_OK) {
        if (err) *err = why;
        return status;
    }
    return point_at(&s->vector, lon, lat, out, fault, err);
}

static hsd_status geometry_of_wkt(const hsd_place_row *row, hsd_geometry *out, char *fault,
                                  hsd_error *err) {
    const char *text;
    char clip[HSD_CLIP_SIZE];
    hsd_status status = hsd_place_row_text(row, row->source->wkt, &text, err);
    if (status != HSD_OK) return status;
    OGRGeometryH geometry = NULL;
    char *rest = (char *)(uintptr_t)text; /* OGR's signature; it does not write */
    hsd_quiet_begin();
    OGRErr code = OGR_G_CreateFromWkt(&rest, NULL, &geometry);
    hsd_quiet_end();
    if (code == OGRERR_NONE)
        status = hsd_vector_geometry(&row->source->vector, geometry, out, fault, err);
    else
        snprintf(fault, HSD_FAULT_SIZE, text[0] ? "geometry \"%s\" is not WKT" : "no geometry%s",
                 hsd_clip(text, clip));
    if (geometry) OGR_G_DestroyGeometry(geometry);
    return status;
}

hsd_status hsd_place_row_geometry(const hsd_place_row *row, hsd_geometry *out, char *fault,
                                  hsd_error *err) {
    *out = (hsd_geometry){0};
    fault[0] = '\0';
    const hsd_place_source *s = row->source;
    if (s->lon >= 0) return point_of_columns(row, out, fault, err);
    if (s->wkt >= 0) return geometry_of_wkt(row, out, fault, err);
    if (s->masses_only) return point_at(&s->vector, 0, 0, out, fault, err);
    return hsd_vector_geometry(&s->vector, OGR_F_GetGeometryRef(row->feature), out, fault, err);
}

hsd_status hsd_place_row_fail(const hsd_place_row *row, hsd_error *err, const char *format, ...) {
    char what[200];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (row->feature) return hsd_vector_fail(&row->source->vector, row->feature, err, "%s", what);
    return hsd_csv_fail(&row->source->csv, row->row, err, "%s", what);
}
