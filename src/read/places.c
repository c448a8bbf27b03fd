/* Places: origins, zones, boundaries, and tables of nothing but masses. What is wrong with the
 * shape of one place is its fault and ends nothing; what is wrong with the table (an unknown field,
 * an id twice, a mass that is no number) is an error. A missing mass is NAN here, for a later stage
 * to refuse. O(n log n). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/parallel.h"
#include "base/text.h"
#include "geo/geos.h"
#include "read/message.h"
#include "read/place_source.h"

static hsd_status read_masses(const hsd_place_row *row, hsd_place *place, hsd_error *err) {
    const hsd_place_source *s = row->source;
    char clip[HSD_CLIP_SIZE];
    place->masses = hsd_alloc(s->mass_count, sizeof *place->masses, err);
    if (!place->masses) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < s->mass_count && status == HSD_OK; i++) {
        bool given;
        double value = 0;
        status = hsd_place_row_number(row, s->masses[i], &value, &given, err);
        place->masses[i] = given ? value : NAN;
        if (status == HSD_OK && given && !(value >= 0))
            status = hsd_place_row_fail(row, err, "%s is %g; 0 or more was expected",
                                        hsd_clip(s->mass_names[i], clip), value);
    }
    return status;
}

static hsd_status copy_text(const hsd_place_row *row, int column, char **out, hsd_error *err) {
    const char *text;
    hsd_status status = hsd_place_row_text(row, column, &text, err);
    if (status == HSD_OK && !(*out = hsd_strdup(text, err))) status = HSD_E_MEMORY;
    return status;
}

static hsd_status read_texts(const hsd_place_row *row, hsd_place *place, hsd_error *err) {
    const hsd_place_source *s = row->source;
    if (!s->text_count) return HSD_OK;
    place->texts = hsd_calloc(s->text_count, sizeof *place->texts, err);
    hsd_status status = place->texts ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; i < s->text_count && status == HSD_OK; i++)
        status = copy_text(row, s->texts[i], &place->texts[i], err);
    return status;
}

static hsd_status read_id(const hsd_place_row *row, hsd_place *place, hsd_error *err) {
    place->feature_id = hsd_place_row_id(row);
    if (row->source->id < 0) {
        place->id = hsd_asprintf(err, "%lld", (long long)place->feature_id);
        return place->id ? HSD_OK : HSD_E_MEMORY;
    }
    hsd_status status = copy_text(row, row->source->id, &place->id, err);
    if (status == HSD_OK && !place->id[0]) status = hsd_place_row_fail(row, err, "its id is empty");
    return status;
}

static hsd_status read_initial(const hsd_place_row *row, hsd_place *place, hsd_error *err) {
    bool given;
    hsd_status status =
        hsd_place_row_number(row, row->source->initial_min, &place->initial_min, &given, err);
    if (status == HSD_OK && given && !(place->initial_min >= 0 && place->initial_min <= 1440))
        status = hsd_place_row_fail(row, err, "initial_min is %g; 0 to 1440 minutes were expected",
                                    place->initial_min);
    return status;
}

static hsd_status read_shape(const hsd_place_row *row, hsd_place *place, hsd_error *err) {
    char fault[HSD_FAULT_SIZE], why[120];
    hsd_status status = hsd_place_row_geometry(row, &place->geometry, fault, err);
    if (status != HSD_OK) return status;
    hsd_geometry_type type = place->geometry.type;
    if (fault[0])
        place->fault = hsd_strdup(fault, err);
    else if (type == HSD_GEOMETRY_LINE)
        place->fault = hsd_strdup("a line; a point or polygon was expected", err);
    else if (type == HSD_GEOMETRY_POLYGON && !hsd_geos_valid(&place->geometry, why, sizeof why))
        place->fault = hsd_asprintf(err, "not a valid polygon: %s", why);
    else
        return HSD_OK;
    hsd_geometry_finish(&place->geometry);
    return place->fault ? HSD_OK : HSD_E_MEMORY;
}

static void finish_place(hsd_place *place, size_t text_count) {
    for (size_t i = 0; place->texts && i < text_count; i++) hsd_free(place->texts[i]);
    hsd_free(place->texts);
    hsd_free(place->id);
    hsd_free(place->name);
    hsd_free(place->name_en);
    hsd_geometry_finish(&place->geometry);
    hsd_free(place->masses);
    hsd_free(place->fault);
}

static hsd_status read_place(const hsd_place_row *row, hsd_place *place, hsd_error *err) {
    *place = (hsd_place){0};
    hsd_status status = read_id(row, place, err);
    if (status == HSD_OK) status = copy_text(row, row->source->name, &place->name, err);
    if (status == HSD_OK) status = copy_text(row, row->source->name_en, &place->name_en, err);
    if (status == HSD_OK) status = read_initial(row, place, err);
    if (status == HSD_OK) status = read_masses(row, place, err);
    if (status == HSD_OK) status = read_texts(row, place, err);
    if (status == HSD_OK) status = read_shape(row, place, err);
    if (status != HSD_OK) finish_place(place, row->source->text_count);
    return status;
}

static hsd_status read_rows(hsd_place_source *source, const hsd_run *run, hsd_place_table *out,
                            hsd_error *err) {
    HSD_ARRAY(hsd_place) places = {0};
    double total = hsd_place_source_total(source);
    hsd_status status = HSD_OK;
    for (size_t seen = 0; status == HSD_OK; seen++) {
        hsd_place_row row;
        hsd_place place;
        bool more = false;
        if (seen % 1024 == 0)
            status = hsd_progress(run, "reading places",
                                  total > 0 ? fmin((double)seen / total, 1) : 0, err);
        if (status == HSD_OK) status = hsd_place_source_next(source, &row, &more, err);
        if (status != HSD_OK || !more) break;
        status = read_place(&row, &place, err);
        hsd_place_row_end(&row);
        if (status == HSD_OK && !hsd_array_push(&places, place, err)) {
            finish_place(&place, source->text_count);
            status = HSD_E_MEMORY;
        }
    }
    out->places = places.data;
    out->place_count = places.count;
    return status;
}

static int by_id(const void *a, const void *b) {
    const hsd_place *const *x = a, *const *y = b;
    int order = strcmp((*x)->id, (*y)->id);
    return order ? order : (*x > *y) - (*x < *y);
}

static hsd_status check_ids(const hsd_place_source *source, const hsd_place_table *table,
                            hsd_error *err) {
    const hsd_place **sorted = hsd_alloc(table->place_count, sizeof *sorted, err);
    if (!sorted) return HSD_E_MEMORY;
    for (size_t i = 0; i < table->place_count; i++) sorted[i] = &table->places[i];
    qsort(sorted, table->place_count, sizeof *sorted, by_id);
    hsd_status status = HSD_OK;
    char clip[HSD_CLIP_SIZE];
    for (size_t i = 1; i < table->place_count && status == HSD_OK; i++) {
        const hsd_place *a = sorted[i - 1], *b = sorted[i];
        if (strcmp(a->id, b->id) != 0) continue;
        status = source->is_csv
                     ? hsd_csv_fail(&source->csv, (size_t)b->feature_id - 1, err,
                                    "id \"%s\" stands twice, first in line %zu",
                                    hsd_clip(b->id, clip), source->csv.lines[a->feature_id - 1])
                     : hsd_fail(err, HSD_E_FORMAT,
                                "%s feature %lld: id \"%s\" stands twice, first in feature %lld",
                                source->vector.file, (long long)b->feature_id,
                                hsd_clip(b->id, clip), (long long)a->feature_id);
    }
    hsd_free(sorted);
    return status;
}

static hsd_status copy_names(const char *const *names, size_t count, char ***out, size_t *out_count,
                             hsd_error *err) {
    *out = hsd_calloc(count, sizeof **out, err);
    if (!*out) return HSD_E_MEMORY;
    *out_count = count;
    for (size_t i = 0; i < count; i++)
        if (!((*out)[i] = hsd_strdup(names[i], err))) return HSD_E_MEMORY;
    return HSD_OK;
}

/* A layer declared as lines would be nothing but faults: said once instead. */
static hsd_status check_kind(const hsd_place_source *source, hsd_error *err) {
    if (source->is_csv || !source->vector.has_geometry) return HSD_OK;
    OGRwkbGeometryType flat = wkbFlatten(OGR_L_GetGeomType(source->vector.layer));
    if (flat != wkbLineString && flat != wkbMultiLineString) return HSD_OK;
    return hsd_fail(err, HSD_E_FORMAT,
                    "%s: layer \"%.60s\" has lines; points or polygons were expected",
                    source->vector.file, source->vector.layer_name);
}

hsd_status hsd_read_places(const char *path, const hsd_place_fields *fields, const hsd_run *run,
                           hsd_place_table *out, hsd_error *err) {
    static const hsd_place_fields none = {0};
    *out = (hsd_place_table){0};
    if (!fields) fields = &none;
    hsd_place_source source;
    hsd_status status = hsd_place_source_open(path, fields, &source, err);
    if (status != HSD_OK) return status;
    status = check_kind(&source, err);
    if (status == HSD_OK)
        status =
            copy_names(fields->masses, fields->mass_count, &out->mass_names, &out->mass_count, err);
    if (status == HSD_OK)
        status =
            copy_names(fields->texts, fields->text_count, &out->text_names, &out->text_count, err);
    if (status == HSD_OK) status = read_rows(&source, run, out, err);
    if (status == HSD_OK && out->place_count == 0)
        status = hsd_fail(err, HSD_E_FORMAT, "%s has no features", hsd_base_name(path));
    if (status == HSD_OK) status = check_ids(&source, out, err);
    hsd_place_source_close(&source);
    if (status != HSD_OK) hsd_place_table_finish(out);
    return status;
}

static void finish_names(char **names, size_t count) {
    for (size_t i = 0; names && i < count; i++) hsd_free(names[i]);
    hsd_free(names);
}

void hsd_place_table_finish(hsd_place_table *table) {
    if (!table) return;
    for (size_t i = 0; i < table->place_count; i++)
        finish_place(&table->places[i], table->text_count);
    hsd_free(table->places);
    finish_names(table->mass_names, table->mass_count);
    finish_names(table->text_names, table->text_count);
    *table = (hsd_place_table){0};
}
