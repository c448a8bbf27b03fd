/* The file of a matrix, made from its journal. Rows of the file are where trips begin: of a run
 * from its origins the journal's rows as they stand; of a run to them its columns, gathered as many
 * at a time as the memory takes, a pass over the journal each. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "study/matrix_run.h"

/* ---- Names ---- */

static bool turned(const hsd_matrix_run *m) {
    return m->request->circle.direction == HSD_TO;
}

static hsd_status name_values(hsd_matrix_run *m, hsd_error *err) {
    const hsd_circle_run *c = &hsd_time_rows_run(m->rows)->circle;
    const size_t count = m->name_count = c->profile_count;
    m->names = hsd_alloc(count, sizeof *m->names, err);
    m->name_texts = hsd_alloc(count, sizeof *m->name_texts, err);
    if (!m->names || !m->name_texts) return HSD_E_MEMORY;
    for (size_t i = 0; i < count; i++) {
        char *text = m->name_texts[i];
        snprintf(text, sizeof m->name_texts[i], "time_p%g_min", c->profiles[i].percentile);
        if (count == 1) snprintf(text, sizeof m->name_texts[i], "time_min");
        for (char *dot = strchr(text, '.'); dot; dot = strchr(dot, '.')) *dot = '_';
        m->names[i] = text;
    }
    return HSD_OK;
}

static hsd_status name_places(hsd_matrix_run *m, hsd_error *err) {
    const hsd_circle_run *c = &hsd_time_rows_run(m->rows)->circle;
    const size_t origins = c->origins.count, targets = c->zones.place_count;
    const char **origin_ids = hsd_alloc(origins, sizeof *origin_ids, err),
               **target_ids = hsd_alloc(targets, sizeof *target_ids, err);
    const bool to = turned(m);
    m->from_ids = to ? target_ids : origin_ids;
    m->to_ids = to ? origin_ids : target_ids;
    m->from_count = to ? targets : origins;
    m->to_count = to ? origins : targets;
    m->values = hsd_alloc(m->to_count * m->name_count, sizeof *m->values, err);
    if (!origin_ids || !target_ids || !m->values) return HSD_E_MEMORY;
    for (size_t i = 0; i < origins; i++) origin_ids[i] = c->origins.origins[i].id;
    for (size_t i = 0; i < targets; i++) target_ids[i] = c->zones.places[i].id;
    return HSD_OK;
}

static hsd_status open_writer(hsd_matrix_run *m, hsd_error *err) {
    const hsd_circle_request *c = &m->request->circle;
    const hsd_matrix_spec spec = {.format = c->format,
                                  .overwrite = c->overwrite,
                                  .wide = m->request->wide,
                                  .all = m->request->all,
                                  .from_ids = m->from_ids,
                                  .from_count = m->from_count,
                                  .to_ids = m->to_ids,
                                  .to_count = m->to_count,
                                  .names = m->names,
                                  .name_count = m->name_count,
                                  .provenance = m->record};
    return hsd_matrix_writer_create(c->output, &spec, &m->writer, err);
}

hsd_status hsd_matrix_output_check(hsd_matrix_run *m, hsd_error *err) {
    hsd_status status = name_values(m, err);
    if (status == HSD_OK) status = name_places(m, err);
    if (status == HSD_OK) status = open_writer(m, err);
    hsd_matrix_writer_destroy(m->writer);
    m->writer = NULL;
    return status;
}

static double mean_length(const char *const *ids, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)strlen(ids[i]);
    return sum / (double)count;
}

/* A long table says both ids at each pair. */
double hsd_matrix_output_bytes(const hsd_matrix_run *m) {
    const double pairs = (double)m->from_count * (double)m->to_count,
                 values = (double)m->name_count;
    const char *output = m->request->circle.output, *format = m->request->circle.format;
    const char *ending = strrchr(output, '.');
    const bool omx = format ? hsd_text_equal_nocase(format, "OMX")
                            : ending && hsd_text_equal_nocase(ending, ".omx");
    if (omx) return 8 * pairs * values;
    if (m->request->wide) return 9 * pairs * values;
    return pairs * (9 * values + mean_length(m->from_ids, m->from_count) +
                    mean_length(m->to_ids, m->to_count) + 2);
}

/* ---- Rows ---- */

/* A row of the file is all there. */
static hsd_status put_row(hsd_matrix_run *m, hsd_error *err) {
    hsd_status status = hsd_matrix_writer_row(m->writer, m->values, err);
    m->written++;
    if (status != HSD_OK) return status;
    return hsd_progress(m->run, "writing", (double)m->written / (double)m->from_count, err);
}

static void put_value(hsd_matrix_run *m, size_t value, size_t to, uint32_t ms) {
    const bool reached = ms < HSD_UNREACHABLE;
    m->values[value * m->to_count + to] = reached ? ms / 60000.0 : NAN;
    if (!reached || value) return; /* of several values, the first counts */
    m->reached++;
    m->sum_ms += ms;
}

static hsd_status take_row(void *context, uint64_t row, const uint32_t *ms, hsd_error *err) {
    hsd_matrix_run *m = context;
    (void)row;
    for (size_t v = 0; v < m->name_count; v++)
        for (size_t to = 0; to < m->to_count; to++) put_value(m, v, to, ms[v * m->to_count + to]);
    return put_row(m, err);
}

/* ---- Columns ---- */

typedef struct columns {
    hsd_matrix_run *run;
    size_t first, count; /* targets */
    uint32_t *ms;        /* count x values x origins */
} columns;

static hsd_status take_columns(void *context, uint64_t origin, const uint32_t *ms, hsd_error *err) {
    const columns *c = context;
    const hsd_matrix_run *m = c->run;
    (void)err;
    for (size_t i = 0; i < c->count; i++)
        for (size_t v = 0; v < m->name_count; v++)
            c->ms[(i * m->name_count + v) * m->to_count + origin] =
                ms[v * m->from_count + c->first + i];
    return HSD_OK;
}

static hsd_status put_columns(const columns *c, hsd_error *err) {
    hsd_matrix_run *m = c->run;
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < c->count; i++) {
        for (size_t v = 0; v < m->name_count; v++)
            for (size_t to = 0; to < m->to_count; to++)
                put_value(m, v, to, c->ms[(i * m->name_count + v) * m->to_count + to]);
        status = put_row(m, err);
    }
    return status;
}

static hsd_status turn(hsd_matrix_run *m, hsd_error *err) {
    const size_t column = m->to_count * m->name_count * sizeof(uint32_t);
    const double most = hsd_matrix_memory_bytes(m) / (double)column;
    size_t at_once = most < 1 ? 1 : most > (double)m->from_count ? m->from_count : (size_t)most;
    columns c = {.run = m, .ms = hsd_alloc(at_once, column, err)};
    hsd_status status = c.ms ? HSD_OK : HSD_E_MEMORY;
    for (; status == HSD_OK && c.first < m->from_count; c.first += c.count) {
        c.count = m->from_count - c.first < at_once ? m->from_count - c.first : at_once;
        status = hsd_journal_read(m->journal, take_columns, &c, err);
        if (status == HSD_OK) status = put_columns(&c, err);
    }
    hsd_free(c.ms);
    return status;
}

hsd_status hsd_matrix_output_write(hsd_matrix_run *m, hsd_error *err) {
    hsd_status status = open_writer(m, err);
    if (status == HSD_OK)
        status = turned(m) ? turn(m, err) : hsd_journal_read(m->journal, take_row, m, err);
    if (status == HSD_OK) status = hsd_matrix_writer_commit(m->writer, err);
    if (status != HSD_OK) return status;
    hsd_journal_remove(m->journal);
    m->journal = NULL;
    return HSD_OK;
}

void hsd_matrix_output_finish(hsd_matrix_run *m) {
    hsd_matrix_writer_destroy(m->writer);
    hsd_free(m->from_ids);
    hsd_free(m->to_ids);
    hsd_free(m->names);
    hsd_free(m->name_texts);
    hsd_free(m->values);
}
