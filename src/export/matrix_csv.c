/* Matrices as CSV, long or wide, packed or not; zlib's gz functions write both. Minutes of whole
 * milliseconds get five decimals at most: that is within 0.3 ms of them, so lround(minutes * 60000)
 * gives them back; every other number gets the fewest digits that read back the same. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/file.h"
#include "base/text.h"
#include "export/matrix.h"

enum { BLOCK = 1 << 18 };

typedef struct csv_state {
    hsd_output output, provenance;
    gzFile file;
    hsd_text text;              /* not written yet */
    hsd_text cells;             /* ids and names as cells, one after the other, zero-ended */
    HSD_ARRAY(size_t) to_cells; /* of to_ids, in cells */
} csv_state;

/* ---- Cells -------------------------------------------------------------------------------------
 */

static void add_cell(hsd_text *out, const char *text) {
    const size_t length = strlen(text);
    const bool plain = length > 0 && !text[strcspn(text, ",;\"\t\r\n")] && text[0] != ' ' &&
                       text[length - 1] != ' ';
    if (plain) {
        hsd_text_add_n(out, text, length);
        return;
    }
    hsd_text_add(out, "\"");
    for (const char *at = text; *at; at++)
        hsd_text_add_n(out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    hsd_text_add(out, "\"");
}

/* ms / 0.6 hundred-thousandths of a minute, rounded, without zeros at the end. */
static void add_minutes(hsd_text *out, uint64_t ms) {
    char text[32], *at = text + sizeof text;
    uint64_t value = (10 * ms + 3) / 6;
    int decimals = 5;
    for (; decimals > 0 && value % 10 == 0; decimals--) value /= 10;
    for (int i = 0; i < decimals; i++, value /= 10) *--at = (char)('0' + value % 10);
    if (decimals) *--at = '.';
    do *--at = (char)('0' + value % 10);
    while (value /= 10);
    hsd_text_add_n(out, at, (size_t)(text + sizeof text - at));
}

static void add_value(hsd_text *out, double value) {
    char text[32];
    if (!isfinite(value)) return;
    const double ms = value >= 0 && value < 1e9 ? nearbyint(value * 60000) : -1;
    if (ms >= 0 && ms / 60000 == value)
        add_minutes(out, (uint64_t)ms);
    else
        hsd_text_add(out, hsd_double_text(value, text));
}

/* ---- The file ----------------------------------------------------------------------------------
 */

static hsd_status out_of_memory(const hsd_matrix_writer *w, hsd_error *err) {
    return hsd_fail(err, HSD_E_MEMORY, "out of memory for a row of %s", w->path);
}

static hsd_status write_text(hsd_matrix_writer *w, hsd_error *err) {
    csv_state *s = w->state;
    if (s->text.failed) return out_of_memory(w, err);
    const char *data = s->text.data;
    errno = 0;
    for (size_t left = s->text.length; left > 0;) {
        const unsigned step = left < (1u << 30) ? (unsigned)left : 1u << 30;
        if (gzwrite(s->file, data, step) != (int)step)
            return hsd_fail(err, HSD_E_WRITE, "%s: %s", w->path,
                            errno ? strerror(errno) : "cannot be written");
        data += step;
        left -= step;
    }
    s->text.length = 0;
    return HSD_OK;
}

static hsd_status write_header(hsd_matrix_writer *w, hsd_error *err) {
    csv_state *s = w->state;
    const hsd_matrix_spec *spec = &w->spec;
    hsd_text_add(&s->text, spec->wide ? "from_id" : "from_id,to_id");
    for (size_t i = 0; i < spec->to_count; i++) {
        if (!hsd_array_push(&s->to_cells, s->cells.length, err)) return HSD_E_MEMORY;
        add_cell(&s->cells, spec->to_ids[i]);
        hsd_text_add_n(&s->cells, "", 1);
        if (s->cells.failed) return out_of_memory(w, err);
    }
    const size_t count = spec->wide ? spec->to_count : spec->name_count;
    for (size_t i = 0; i < count; i++) {
        hsd_text_add(&s->text, ",");
        if (spec->wide)
            hsd_text_add(&s->text, s->cells.data + s->to_cells.data[i]);
        else
            add_cell(&s->text, spec->names[i]);
    }
    hsd_text_add(&s->text, "\n");
    return write_text(w, err);
}

static hsd_status begin_provenance(hsd_matrix_writer *w, hsd_error *err) {
    csv_state *s = w->state;
    if (!w->spec.provenance) return HSD_OK;
    char *path = hsd_asprintf(err, "%s.json", w->path);
    if (!path) return HSD_E_MEMORY;
    hsd_status status = hsd_output_begin(path, w->spec.overwrite, &s->provenance, err);
    hsd_free(path);
    return status;
}

static hsd_status begin(hsd_matrix_writer *w, hsd_error *err) {
    const hsd_matrix_spec *spec = &w->spec;
    if (spec->wide && spec->name_count > 1)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "%s: a wide table holds one value a pair, not %zu: a long one or OMX can",
                        w->path, spec->name_count);
    csv_state *s = w->state = hsd_calloc(1, sizeof *s, err);
    if (!s) return HSD_E_MEMORY;
    hsd_status status = hsd_output_begin(w->path, spec->overwrite, &s->output, err);
    if (status == HSD_OK) status = begin_provenance(w, err);
    if (status != HSD_OK) return status;
    const bool packed = hsd_matrix_path_ends(w->path, ".gz");
    errno = 0;
    s->file = gzopen(s->output.temp_path, packed ? "wb6" : "wbT");
    if (!s->file)
        return hsd_fail(err, errno ? HSD_E_WRITE : HSD_E_MEMORY, "%s: %s", w->path,
                        errno ? strerror(errno) : "out of memory");
    gzbuffer(s->file, BLOCK);
    return write_header(w, err);
}

static bool is_way(const hsd_matrix_spec *spec, const double *values, size_t target) {
    for (size_t i = 0; i < spec->name_count; i++)
        if (isfinite(values[i * spec->to_count + target])) return true;
    return false;
}

static hsd_status row(hsd_matrix_writer *w, const double *values, hsd_error *err) {
    csv_state *s = w->state;
    const hsd_matrix_spec *spec = &w->spec;
    const char *id = spec->from_ids[w->rows];
    hsd_status status = HSD_OK;
    if (spec->wide) add_cell(&s->text, id);
    for (size_t t = 0; t < spec->to_count && status == HSD_OK; t++) {
        if (!spec->wide && !spec->all && !is_way(spec, values, t)) continue;
        if (!spec->wide) {
            add_cell(&s->text, id);
            hsd_text_add(&s->text, ",");
            hsd_text_add(&s->text, s->cells.data + s->to_cells.data[t]);
        }
        for (size_t i = 0; i < spec->name_count; i++) {
            hsd_text_add(&s->text, ",");
            add_value(&s->text, values[i * spec->to_count + t]);
        }
        if (!spec->wide) hsd_text_add(&s->text, "\n");
        if (s->text.length > BLOCK || s->text.failed) status = write_text(w, err);
    }
    if (spec->wide) hsd_text_add(&s->text, "\n");
    if (status == HSD_OK && s->text.failed) status = out_of_memory(w, err);
    return status;
}

static hsd_status write_provenance(hsd_matrix_writer *w, hsd_error *err) {
    csv_state *s = w->state;
    FILE *file = fopen(s->provenance.temp_path, "wb");
    bool ok = file && fputs(w->spec.provenance, file) >= 0 && fputc('\n', file) != EOF;
    if (file && fclose(file) != 0) ok = false;
    return ok ? HSD_OK : hsd_fail(err, HSD_E_WRITE, "%s: %s", s->provenance.path, strerror(errno));
}

/* The matrix is renamed last: where its name stands, all of it does. */
static hsd_status rename_both(hsd_matrix_writer *w, hsd_error *err) {
    csv_state *s = w->state;
    if (!w->spec.provenance) return hsd_output_commit(&s->output, err);
    hsd_status status = write_provenance(w, err);
    if (status == HSD_OK && !w->spec.overwrite && hsd_path_exists(w->path))
        status = hsd_fail(err, HSD_E_WRITE, "%s exists; --overwrite replaces it", w->path);
    if (status == HSD_OK) status = hsd_output_commit(&s->provenance, err);
    if (status != HSD_OK) return status;
    status = hsd_output_commit(&s->output, err);
    if (status != HSD_OK) remove(s->provenance.path);
    return status;
}

static hsd_status commit(hsd_matrix_writer *w, hsd_error *err) {
    csv_state *s = w->state;
    hsd_status status = write_text(w, err);
    errno = 0;
    if (gzclose(s->file) != Z_OK && status == HSD_OK)
        status = hsd_fail(err, HSD_E_WRITE, "%s: %s", w->path,
                          errno ? strerror(errno) : "cannot be written");
    s->file = NULL;
    return status == HSD_OK ? rename_both(w, err) : status;
}

static void finish(hsd_matrix_writer *w) {
    csv_state *s = w->state;
    if (s->file) gzclose(s->file);
    hsd_output_finish(&s->output);
    hsd_output_finish(&s->provenance);
    hsd_text_finish(&s->text);
    hsd_text_finish(&s->cells);
    hsd_array_finish(&s->to_cells);
    hsd_free(s);
}

const hsd_matrix_format hsd_matrix_csv = {begin, row, commit, finish};
