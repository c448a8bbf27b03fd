/* Matrix files: which format a path has, and what all of them check. A writer is created with all
 * it must know, takes a row an origin in their order, and is committed when the last one is
 * written; the ids are copied. O(bytes written). */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "export/matrix.h"

/* NULL: this build has no HDF5. */
static const hsd_matrix_format *omx_format(void) {
#ifdef HSD_HAVE_HDF5
    return &hsd_matrix_omx;
#else
    return NULL;
#endif
}

bool hsd_omx_available(void) {
    return omx_format() != NULL;
}

/* Pointers and texts in one block. */
static hsd_status copy_texts(const char *const **texts, size_t count, hsd_error *err) {
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) bytes += strlen((*texts)[i]) + 1;
    char **copies = hsd_alloc(count * sizeof *copies + bytes, 1, err);
    if (!copies) return HSD_E_MEMORY;
    char *at = (char *)(copies + count);
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen((*texts)[i]) + 1;
        copies[i] = memcpy(at, (*texts)[i], length);
        at += length;
    }
    *texts = (const char *const *)copies;
    return HSD_OK;
}

static void free_texts(const char *const *texts) {
    hsd_free((void *)(uintptr_t)texts);
}

static hsd_status copy_spec(hsd_matrix_writer *w, const char *path, const hsd_matrix_spec *spec,
                            hsd_error *err) {
    w->spec = *spec;
    w->spec.from_ids = w->spec.to_ids = w->spec.names = NULL;
    w->spec.format = w->spec.provenance = NULL;
    if (!(w->path = hsd_strdup(path, err))) return HSD_E_MEMORY;
    if (spec->format && !(w->spec.format = hsd_strdup(spec->format, err))) return HSD_E_MEMORY;
    if (spec->provenance && !(w->spec.provenance = hsd_strdup(spec->provenance, err)))
        return HSD_E_MEMORY;
    const struct {
        const char *const *from;
        const char *const **to;
        size_t count;
    } lists[] = {{spec->from_ids, &w->spec.from_ids, spec->from_count},
                 {spec->to_ids, &w->spec.to_ids, spec->to_count},
                 {spec->names, &w->spec.names, spec->name_count}};
    for (size_t i = 0; i < 3; i++) {
        const char *const *texts = lists[i].from;
        hsd_status status = copy_texts(&texts, lists[i].count, err);
        if (status != HSD_OK) return status;
        *lists[i].to = texts;
    }
    return HSD_OK;
}

bool hsd_matrix_path_ends(const char *path, const char *ending) {
    const size_t length = strlen(path), end = strlen(ending);
    return length > end && hsd_text_equal_nocase(path + length - end, ending);
}

static hsd_status choose_format(hsd_matrix_writer *w, hsd_error *err) {
    const char *name = w->spec.format, *path = w->path;
    const bool csv =
        name ? hsd_text_equal_nocase(name, "CSV")
             : hsd_matrix_path_ends(path, ".csv") || hsd_matrix_path_ends(path, ".csv.gz");
    const bool omx = name ? hsd_text_equal_nocase(name, "OMX") : hsd_matrix_path_ends(path, ".omx");
    w->format = csv ? &hsd_matrix_csv : omx ? omx_format() : &hsd_matrix_table_format;
    if (w->format) return HSD_OK;
    return hsd_fail(err, HSD_E_ARGUMENT,
                    "%s: this build has no HDF5, which OMX files need; CSV or GPKG can hold a "
                    "matrix",
                    path);
}

static hsd_status begin(hsd_matrix_writer *w, const char *path, const hsd_matrix_spec *spec,
                        hsd_error *err) {
    hsd_status status = copy_spec(w, path, spec, err);
    if (status == HSD_OK) status = choose_format(w, err);
    return status == HSD_OK ? w->format->begin(w, err) : status;
}

hsd_status hsd_matrix_writer_create(const char *path, const hsd_matrix_spec *spec,
                                    hsd_matrix_writer **out, hsd_error *err) {
    *out = NULL;
    if (!path || !path[0]) return hsd_fail(err, HSD_E_ARGUMENT, "the output path is empty");
    if (spec->from_count == 0 || spec->to_count == 0 || spec->name_count == 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s: %zu origins, %zu targets and %zu values; one of each was expected",
                        path, spec->from_count, spec->to_count, spec->name_count);
    hsd_matrix_writer *writer = hsd_calloc(1, sizeof *writer, err);
    if (!writer) return HSD_E_MEMORY;
    hsd_status status = begin(writer, path, spec, err);
    if (status == HSD_OK)
        *out = writer;
    else
        hsd_matrix_writer_destroy(writer);
    return status;
}

hsd_status hsd_matrix_writer_row(hsd_matrix_writer *writer, const double *values, hsd_error *err) {
    if (writer->failed)
        return hsd_fail(err, HSD_E_INTERNAL, "%s: a row after a failed one", writer->path);
    if (writer->rows == writer->spec.from_count)
        return hsd_fail(err, HSD_E_INTERNAL, "%s: more rows than the %zu origins", writer->path,
                        writer->rows);
    hsd_status status = writer->format->row(writer, values, err);
    writer->failed = status != HSD_OK;
    writer->rows++;
    return status;
}

hsd_status hsd_matrix_writer_commit(hsd_matrix_writer *writer, hsd_error *err) {
    if (writer->failed || writer->rows != writer->spec.from_count)
        return hsd_fail(err, HSD_E_INTERNAL, "%s: commit after %zu of %zu rows%s", writer->path,
                        writer->rows, writer->spec.from_count,
                        writer->failed ? ", one of which failed" : "");
    hsd_status status = writer->format->commit(writer, err);
    writer->failed = status != HSD_OK;
    return status;
}

void hsd_matrix_writer_destroy(hsd_matrix_writer *writer) {
    if (!writer) return;
    if (writer->state) writer->format->finish(writer);
    free_texts(writer->spec.from_ids);
    free_texts(writer->spec.to_ids);
    free_texts(writer->spec.names);
    hsd_free((char *)(uintptr_t)writer->spec.format);
    hsd_free((char *)(uintptr_t)writer->spec.provenance);
    hsd_free(writer->path);
    hsd_free(writer);
}
