/* Proposals: a file with layers of the schema, or any line layer, as rows of a table. Every feature
 * of every layer is read before anything is refused: what is wrong with values and geometries is a
 * list of issues, what is wrong with the file or the call ends at once. O(n log n). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/parallel.h"
#include "base/text.h"
#include "read/proposals.h"

/* ---- Layers -------------------------------------------------------------------------------- */

static unsigned open_flags(hsd_proposal_layer layer) {
    bool by_words_alone = layer == HSD_LAYER_SERVICES || layer == HSD_LAYER_CLOSURES ||
                          layer == HSD_LAYER_SPEED_CHANGES;
    return by_words_alone ? HSD_VECTOR_TABLE_PASSES : 0;
}

static hsd_status open_input(hsd_proposal_reader *r, hsd_proposal_layer layer, const char *name,
                             const char *label) {
    hsd_proposal_input *input = &r->inputs[r->input_count];
    hsd_vector_options options = {.layer = name,
                                  .assume_crs = r->source->assume_crs,
                                  .datum = r->source->datum,
                                  .crs_option = "--proposal-crs",
                                  .encoding_option = "--proposal-encoding",
                                  .beside = &r->file,
                                  .flags = open_flags(layer)};
    size_t count;
    const hsd_proposal_field *fields = hsd_proposal_fields(&count);
    *input = (hsd_proposal_input){.layer = layer};
    for (size_t i = 0; i < count; i++) {
        if (fields[i].layer != layer) continue;
        if (!input->fields) input->fields = &fields[i];
        input->field_count++;
    }
    hsd_clip(label, input->label);
    hsd_status status = hsd_vector_open(r->source->path, &options, &input->vector, r->err);
    if (status != HSD_OK) return status;
    input->vector.file = input->label; /* messages name the layer */
    r->input_count++;
    return HSD_OK;
}

/* Layers with the names of the schema, in any case. */
static hsd_status open_schema_layers(hsd_proposal_reader *r, const hsd_vector_layer *layers,
                                     size_t count) {
    hsd_status status = HSD_OK;
    for (int l = 0; l < HSD_LAYER_COUNT && status == HSD_OK; l++) {
        const char *name = hsd_proposal_layer_name((hsd_proposal_layer)l), *found = NULL;
        for (size_t i = 0; i < count && status == HSD_OK; i++) {
            if (!hsd_text_equal_nocase(layers[i].name, name)) continue;
            if (found)
                status = hsd_fail(r->err, HSD_E_FORMAT, "%s has two layers \"%s\"",
                                  hsd_base_name(r->source->path), name);
            found = layers[i].name;
        }
        if (found && status == HSD_OK) status = open_input(r, (hsd_proposal_layer)l, found, name);
    }
    return status;
}

static hsd_status several_layers(hsd_proposal_reader *r, const hsd_vector_layer *layers,
                                 size_t count) {
    hsd_text list = {0};
    char clip[HSD_CLIP_SIZE];
    for (size_t i = 0; i < count; i++)
        if (layers[i].lines)
            hsd_text_addf(&list, "%s%s", list.length ? ", " : "", hsd_clip(layers[i].name, clip));
    hsd_status status =
        list.failed ? hsd_fail(r->err, HSD_E_MEMORY, "out of memory")
                    : hsd_fail(r->err, HSD_E_ARGUMENT,
                               "%s has several line layers, name one with --proposal-layer: %s",
                               hsd_base_name(r->source->path), list.data);
    hsd_text_finish(&list);
    return status;
}

/* The only input may hold rows of several layers. */
static hsd_status open_mixed_layers(hsd_proposal_reader *r, const char *name) {
    bool found[HSD_LAYER_COUNT], any = false;
    hsd_status status = hsd_proposal_mixed_layers(r, &r->inputs[0].vector, found);
    for (int l = 0; l < HSD_LAYER_COUNT; l++) any = any || found[l];
    if (status != HSD_OK || !any) return status;
    hsd_vector_close(&r->inputs[0].vector);
    r->input_count = 0;
    for (int l = 0; l < HSD_LAYER_COUNT && status == HSD_OK; l++) {
        if (!found[l]) continue;
        const hsd_proposal_layer layer = (hsd_proposal_layer)l;
        status = open_input(r, layer, name, hsd_proposal_layer_name(layer));
        if (status == HSD_OK) r->inputs[r->input_count - 1].mixed = true;
    }
    return status;
}

static hsd_status open_line_layer(hsd_proposal_reader *r, const hsd_vector_layer *layers,
                                  size_t count) {
    const hsd_vector_layer *only = NULL, *drawn = NULL;
    for (size_t i = 0; i < count; i++) {
        if (layers[i].lines && only) return several_layers(r, layers, count);
        if (layers[i].lines) only = &layers[i];
        if (layers[i].drawn && !drawn) drawn = &layers[i];
    }
    if (!only) only = drawn ? drawn : count ? &layers[0] : NULL; /* its features are issues */
    if (!only)
        return hsd_fail(r->err, HSD_E_FORMAT, "%s has no layer to read",
                        hsd_base_name(r->source->path));
    hsd_status status = open_input(r, HSD_LAYER_LINKS, only->name, only->name);
    return status == HSD_OK ? open_mixed_layers(r, only->name) : status;
}

static hsd_status open_inputs(hsd_proposal_reader *r) {
    const hsd_proposal_source *source = r->source;
    hsd_vector_layer *layers = NULL;
    size_t count = 0;
    hsd_status status = hsd_proposal_open_file(r);
    if (status == HSD_OK && source->layer)
        return open_input(r, HSD_LAYER_LINKS, source->layer, source->layer);
    if (status == HSD_OK) status = hsd_vector_layers(&r->file, &layers, &count, r->err);
    if (status == HSD_OK) status = open_schema_layers(r, layers, count);
    if (status == HSD_OK && r->input_count == 0) status = open_line_layer(r, layers, count);
    hsd_vector_layers_finish(layers, count);
    return status;
}

/* ---- Features ------------------------------------------------------------------------------ */

static hsd_status add_head(hsd_proposal_reader *r) {
    hsd_proposal_head head = {.layer = r->input->layer,
                              .feature_id = OGR_F_GetFID(r->feature),
                              .year = hsd_proposal_get(r, "year")->number,
                              .cost = hsd_proposal_get(r, "cost")->number};
    if (r->heads.count >= UINT32_MAX - 1)
        return hsd_fail(r->err, HSD_E_MEMORY, "more than 4 billion rows");
    if (!hsd_array_push(&r->heads, head, r->err)) return HSD_E_MEMORY;
    hsd_proposal_head *kept = &r->heads.data[r->heads.count - 1];
    kept->proposal = hsd_proposal_take(r, "proposal");
    kept->status = hsd_proposal_take(r, "status");
    kept->opened = hsd_proposal_take(r, "opened");
    if (kept->opened) kept->day = hsd_day_of(kept->opened);
    const char *name = hsd_proposal_get(r, "name")->text;
    if (name && !kept->proposal && !(kept->name = hsd_strdup(name, r->err))) return HSD_E_MEMORY;
    if (kept->proposal || r->input->layer == HSD_LAYER_LINKS) return HSD_OK;
    return hsd_proposal_bad(r, "proposal is empty; the name of a project was expected");
}

static hsd_status read_id(hsd_proposal_reader *r) {
    hsd_proposal_head *head = &r->heads.data[r->heads.count - 1];
    if (r->input->id < 0) return HSD_OK;
    const char *text = OGR_F_IsFieldSetAndNotNull(r->feature, r->input->id)
                           ? OGR_F_GetFieldAsString(r->feature, r->input->id)
                           : "";
    if (text[0] && !(head->id = hsd_strdup(text, r->err))) return HSD_E_MEMORY;
    return HSD_OK;
}

static hsd_status read_feature(hsd_proposal_reader *r) {
    r->bad = false;
    hsd_status status = hsd_proposal_values(r);
    if (status == HSD_OK) status = add_head(r);
    if (status == HSD_OK) status = read_id(r);
    if (status == HSD_OK) status = hsd_proposal_row(r, (uint32_t)(r->heads.count - 1));
    hsd_proposal_values_finish(r);
    return status;
}

typedef struct id_key {
    const char *id;
    int64_t feature_id;
} id_key;

static int by_id(const void *a, const void *b) {
    const id_key *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : (x->feature_id > y->feature_id) - (x->feature_id < y->feature_id);
}

/* Ids of the heads from `first` on, which are those of one layer. */
static hsd_status check_ids(hsd_proposal_reader *r, size_t first) {
    size_t count = 0;
    char clip[HSD_CLIP_SIZE];
    id_key *keys = hsd_alloc(r->heads.count - first, sizeof *keys, r->err);
    if (!keys) return HSD_E_MEMORY;
    for (size_t i = first; i < r->heads.count; i++)
        if (r->heads.data[i].id)
            keys[count++] = (id_key){r->heads.data[i].id, r->heads.data[i].feature_id};
    if (count) qsort(keys, count, sizeof *keys, by_id);
    bool ok = true;
    for (size_t i = 1; i < count && ok; i++)
        if (strcmp(keys[i - 1].id, keys[i].id) == 0)
            ok = hsd_issues_error(r->issues, r->err,
                                  "%s feature %lld: id \"%s\" stands twice, first in feature %lld",
                                  r->input->label, (long long)keys[i].feature_id,
                                  hsd_clip(keys[i].id, clip), (long long)keys[i - 1].feature_id);
    hsd_free(keys);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status read_layer(hsd_proposal_reader *r, const hsd_run *run) {
    const hsd_vector *vector = &r->input->vector;
    hsd_status status = hsd_proposal_mixed_filter(r->input, r->err);
    if (status != HSD_OK) return status;
    double total = (double)OGR_L_GetFeatureCount(vector->layer, 0);
    size_t first = r->heads.count;
    for (size_t seen = 0; status == HSD_OK; seen++) {
        r->feature = NULL;
        if (seen % 1024 == 0)
            status = hsd_progress(run, "reading proposals",
                                  total > 0 ? fmin((double)seen / total, 1) : 0, r->err);
        if (status == HSD_OK) status = hsd_vector_next(vector, &r->feature, r->err);
        if (!r->feature) break;
        status = read_feature(r);
        OGR_F_Destroy(r->feature);
    }
    return status == HSD_OK ? check_ids(r, first) : status;
}

/* ---- In all -------------------------------------------------------------------------------- */

static hsd_status remark_count(hsd_proposal_reader *r, const hsd_proposal_count *count,
                               const char *what) {
    char more[40] = "";
    if (!count->count) return HSD_OK;
    if (count->count > 1) snprintf(more, sizeof more, " and %zu more", count->count - 1);
    bool ok = hsd_issues_remark(r->issues, r->err, "%s feature %lld%s: %s", r->inputs[0].label,
                                (long long)count->first, more, what);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status remark_links(hsd_proposal_reader *r) {
    hsd_status status =
        remark_count(r, &r->both_times, "minutes and speed_kmh are both given: minutes win");
    if (status == HSD_OK)
        status = remark_count(r, &r->long_lengths,
                              "length_km is more than three times the length it is drawn");
    if (status == HSD_OK)
        status = remark_count(r, &r->short_lengths,
                              "length_km is less than the straight line between its ends");
    return status;
}

static hsd_status read_all(hsd_proposal_reader *r, const hsd_run *run) {
    hsd_status status = open_inputs(r);
    if (status == HSD_OK) status = hsd_proposal_columns(r);
    for (size_t i = 0; i < r->input_count && status == HSD_OK; i++) {
        r->input = &r->inputs[i];
        status = read_layer(r, run);
    }
    return status == HSD_OK ? remark_links(r) : status;
}

/* Rows as they are to the table, which frees them whatever happens next. */
static void move_rows(hsd_proposal_reader *r, hsd_proposal_table *out) {
    out->links = r->links.data;
    out->link_count = r->links.count;
    out->junctions = r->junctions.data;
    out->junction_count = r->junctions.count;
    out->stations = r->stations.data;
    out->station_count = r->stations.count;
    out->services = r->services.data;
    out->service_count = r->services.count;
    out->closures = r->closures.data;
    out->closure_count = r->closures.count;
    out->speeds = r->speeds.data;
    out->speed_count = r->speeds.count;
    out->waits = r->waits.data;
    out->wait_count = r->waits.count;
}

static void finish_reader(hsd_proposal_reader *r) {
    for (size_t i = 0; i < r->input_count; i++) hsd_vector_close(&r->inputs[i].vector);
    hsd_vector_close(&r->file);
    for (size_t i = 0; i < r->heads.count; i++) {
        hsd_proposal_head *head = &r->heads.data[i];
        hsd_free(head->proposal);
        hsd_free(head->name);
        hsd_free(head->status);
        hsd_free(head->opened);
        hsd_free(head->id);
    }
    hsd_array_finish(&r->heads);
}

static hsd_status check_source(const hsd_proposal_source *source, hsd_error *err) {
    int year, month, day;
    char clip[HSD_CLIP_SIZE];
    if (!source->as_of || (hsd_parse_date(source->as_of, &year, &month, &day) && year > 0))
        return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT, "date \"%s\": YYYY-MM-DD was expected",
                    hsd_clip(source->as_of, clip));
}

static hsd_status name_links_layer(const hsd_proposal_reader *r, hsd_proposal_table *out) {
    bool there = r->inputs[0].layer == HSD_LAYER_LINKS;
    out->links_name =
        hsd_strdup(there ? r->inputs[0].label : hsd_proposal_layer_name(HSD_LAYER_LINKS), r->err);
    return out->links_name ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_read_proposals(const hsd_proposal_source *source, const hsd_run *run,
                              hsd_proposal_table *out, hsd_issues *issues, hsd_error *err) {
    hsd_issues own = {0};
    *out = (hsd_proposal_table){0};
    hsd_proposal_reader r = {.source = source, .issues = issues ? issues : &own, .err = err};
    hsd_status status = check_source(source, err);
    if (status == HSD_OK) status = read_all(&r, run);
    move_rows(&r, out);
    if (status == HSD_OK) status = hsd_issues_status(r.issues, err);
    if (status == HSD_OK) status = hsd_proposal_settle(&r, out);
    if (status == HSD_OK) status = name_links_layer(&r, out);
    finish_reader(&r);
    hsd_issues_finish(&own);
    if (status != HSD_OK) hsd_proposal_table_finish(out);
    return status;
}
