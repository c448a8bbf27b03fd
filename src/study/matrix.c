/* matrix: times between origins and targets, row block by row block. Every finished block goes to
 * the journal beside the output, and the output is made from the journal at the end: memory is that
 * of a block, a run that was killed goes on from its last whole block, and the bytes that come out
 * are the same either way and for any number of threads (docs/methods.md, 17). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "study/matrix_journal.h"
#include "study/time_rows.h"

typedef struct matrix_run {
    const hsd_matrix_request *request;
    const hsd_run *run;
    hsd_time_rows_ask ask;
    hsd_time_rows *rows;
    char *record, *journal_path;
    uint8_t key[32];
    hsd_journal *journal;
    size_t block_rows;
    const char **from_ids, **to_ids, **names;
    char (*name_texts)[32];
    hsd_matrix_writer *writer;
    double *values; /* of a row */
    uint64_t reached;
    double sum_min;
    size_t resumed_blocks;
} matrix_run;

/* ---- The request ---- */

static hsd_status check_idle(const hsd_matrix_request *r, hsd_error *err) {
    const hsd_circle_request *c = &r->circle;
    const bool people = r->zone_at == HSD_ZONE_WEIGHTED || c->origin_at == HSD_ORIGIN_WEIGHTED;
    if (c->population && !people)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--population: nothing without --zone-at weighted or --origin-at weighted");
    if (c->zone_fields.mass_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "--zone-mass %s: a matrix has no masses",
                        c->zone_fields.masses[0]);
    if (!(r->memory_mb >= 0 && r->memory_mb <= 1e6))
        return hsd_fail(err, HSD_E_ARGUMENT, "memory of %g MB: above 0 and at most 1000000",
                        r->memory_mb);
    return HSD_OK;
}

/* The journal is neither the output nor an input; an output that is there stays. */
static hsd_status check_files(matrix_run *m, hsd_error *err) {
    const hsd_circle_request *c = &m->request->circle;
    const char *taken[] = {c->output, c->network,    c->origins, c->gates,
                           c->zones,  c->population, c->barriers};
    if (!c->output || !c->output[0]) return hsd_fail(err, HSD_E_ARGUMENT, "no output file");
    m->journal_path = m->request->journal ? hsd_strdup(m->request->journal, err)
                                          : hsd_asprintf(err, "%s.journal", c->output);
    if (!m->journal_path) return HSD_E_MEMORY;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (hsd_same_file(m->journal_path, taken[i]))
            return hsd_fail(err, HSD_E_ARGUMENT, "journal %s is an input or output of this run",
                            m->journal_path);
    hsd_output probe;
    hsd_status status = hsd_output_begin(c->output, c->overwrite, &probe, err);
    hsd_output_finish(&probe);
    return status;
}

/* ---- The record, and the key of the journal ---- */

/* What decides how the file looks, not what its numbers are. */
static void forget_looks(hsd_matrix_request *r) {
    r->wide = r->all = false;
    r->memory_mb = 0;
    r->circle.format = r->circle.lang = NULL;
}

static hsd_status hash_text(const char *text, uint8_t key[32], hsd_error *err) {
    hsd_sha256 *hash;
    hsd_status status = hsd_sha256_create(&hash, err);
    if (status != HSD_OK) return status;
    hsd_sha256_add(hash, text, strlen(text));
    hsd_sha256_end(hash, key, NULL);
    hsd_sha256_destroy(hash);
    return HSD_OK;
}

static hsd_status make_record(matrix_run *m, hsd_error *err) {
    const hsd_network_info *network = &hsd_time_rows_run(m->rows)->circle.info;
    hsd_option_pool pool = {0};
    hsd_matrix_request effective;
    char *plain = NULL;
    hsd_status status = hsd_time_rows_effective(m->rows, &pool, &effective, err);
    effective.memory_mb = 0; /* changes nothing in the file */
    if (status == HSD_OK)
        status = hsd_record_make("matrix", &hsd_matrix_options_table, &effective, network,
                                 &m->record, err);
    forget_looks(&effective);
    if (status == HSD_OK)
        status =
            hsd_record_make("matrix", &hsd_matrix_options_table, &effective, network, &plain, err);
    if (status == HSD_OK) status = hash_text(plain, m->key, err);
    hsd_free(plain);
    hsd_option_pool_finish(&pool);
    return status;
}

/* ---- The output ---- */

static hsd_status name_values(matrix_run *m, hsd_error *err) {
    const hsd_circle_run *c = &hsd_time_rows_run(m->rows)->circle;
    const size_t from = c->origins.count, to = c->zones.place_count, values = c->profile_count;
    m->from_ids = hsd_alloc(from, sizeof *m->from_ids, err);
    m->to_ids = hsd_alloc(to, sizeof *m->to_ids, err);
    m->names = hsd_alloc(values, sizeof *m->names, err);
    m->name_texts = hsd_alloc(values, sizeof *m->name_texts, err);
    m->values = hsd_alloc(values * to, sizeof *m->values, err);
    if (!m->from_ids || !m->to_ids || !m->names || !m->name_texts || !m->values)
        return HSD_E_MEMORY;
    for (size_t i = 0; i < from; i++) m->from_ids[i] = c->origins.origins[i].id;
    for (size_t i = 0; i < to; i++) m->to_ids[i] = c->zones.places[i].id;
    for (size_t i = 0; i < values; i++) {
        char *text = m->name_texts[i];
        snprintf(text, sizeof m->name_texts[i], "time_p%g_min", c->profiles[i].percentile);
        if (values == 1) snprintf(text, sizeof m->name_texts[i], "time_min");
        for (char *dot = strchr(text, '.'); dot; dot = strchr(dot, '.')) *dot = '_';
        m->names[i] = text;
    }
    return HSD_OK;
}

static hsd_status open_writer(matrix_run *m, hsd_error *err) {
    const hsd_circle_request *c = &m->request->circle;
    const hsd_matrix_spec spec = {.format = c->format,
                                  .overwrite = c->overwrite,
                                  .wide = m->request->wide,
                                  .all = m->request->all,
                                  .from_ids = m->from_ids,
                                  .from_count = hsd_time_rows_origins(m->rows),
                                  .to_ids = m->to_ids,
                                  .to_count = hsd_time_rows_targets(m->rows),
                                  .names = m->names,
                                  .name_count = hsd_time_rows_percentiles(m->rows),
                                  .provenance = m->record};
    return hsd_matrix_writer_create(c->output, &spec, &m->writer, err);
}

/* What the writer refuses is said before the work. */
static hsd_status probe_writer(matrix_run *m, hsd_error *err) {
    hsd_status status = open_writer(m, err);
    if (status == HSD_OK) hsd_matrix_writer_destroy(m->writer);
    m->writer = NULL;
    return status;
}

static hsd_status write_row(void *context, uint64_t row, const uint32_t *ms, hsd_error *err) {
    matrix_run *m = context;
    const size_t targets = hsd_time_rows_targets(m->rows), all = hsd_time_rows_origins(m->rows);
    const size_t values = targets * hsd_time_rows_percentiles(m->rows);
    for (size_t i = 0; i < values; i++) {
        const bool reached = ms[i] < HSD_UNREACHABLE;
        m->values[i] = reached ? ms[i] / 60000.0 : NAN;
        if (!reached || i >= targets) continue; /* of several values, the first counts */
        m->reached++;
        m->sum_min += m->values[i];
    }
    hsd_status status = hsd_matrix_writer_row(m->writer, m->values, err);
    if (status != HSD_OK) return status;
    return hsd_progress(m->run, "writing", (double)(row + 1) / (double)all, err);
}

static hsd_status write_output(matrix_run *m, hsd_error *err) {
    hsd_status status = open_writer(m, err);
    if (status == HSD_OK) status = hsd_journal_read(m->journal, write_row, m, err);
    if (status == HSD_OK) status = hsd_matrix_writer_commit(m->writer, err);
    if (status != HSD_OK) return status;
    hsd_journal_remove(m->journal);
    m->journal = NULL;
    return HSD_OK;
}

/* ---- The blocks ---- */

/* As many rows as the memory takes, but no fewer blocks than make going on worth while. */
static size_t choose_block(const matrix_run *m, size_t row_bytes) {
    enum { PARTS = 64, FEWEST = 64 };
    const double mb = m->request->memory_mb > 0 ? m->request->memory_mb : 256;
    const size_t threads = 4 * (size_t)hsd_thread_count(m->run);
    size_t rows = hsd_time_rows_origins(m->rows) / PARTS;
    if (rows < FEWEST) rows = FEWEST;
    if (rows < threads) rows = threads;
    const double most = row_bytes ? floor(mb * 1e6 / (double)row_bytes) : (double)rows;
    if ((double)rows > most) rows = most < 1 ? 1 : (size_t)most;
    return rows;
}

/* About what the file will hold: a long table says both ids at each pair. */
static double output_bytes(const matrix_run *m) {
    const double from = (double)hsd_time_rows_origins(m->rows),
                 to = (double)hsd_time_rows_targets(m->rows),
                 values = (double)hsd_time_rows_percentiles(m->rows);
    const char *output = m->request->circle.output, *format = m->request->circle.format;
    const char *ending = strrchr(output, '.');
    const bool omx = format ? hsd_text_equal_nocase(format, "OMX")
                            : ending && hsd_text_equal_nocase(ending, ".omx");
    if (omx) return 8 * from * to * values;
    if (m->request->wide) return 9 * from * to * values;
    return from * to *
           (9 * values + (double)strlen(m->from_ids[0]) +
            (to > 0 ? (double)strlen(m->to_ids[0]) : 0) + 2);
}

static void tell_estimate(const matrix_run *m, const hsd_journal_shape *shape) {
    const double mb = 1e6, row = (double)shape->row_values * sizeof(uint32_t);
    const size_t from = hsd_time_rows_origins(m->rows);
    hsd_log(m->run, HSD_LOG_INFO,
            "%zu origins x %zu targets: %zu blocks of %zu rows, %.1f MB of memory each; journal "
            "%.1f MB, output about %.1f MB before packing",
            from, hsd_time_rows_targets(m->rows), (from + m->block_rows - 1) / m->block_rows,
            m->block_rows, row * (double)m->block_rows / mb,
            (double)hsd_journal_bytes(shape, m->block_rows) / mb, output_bytes(m) / mb);
}

static hsd_status open_journal(matrix_run *m, hsd_error *err) {
    hsd_journal_shape shape = {.rows = hsd_time_rows_origins(m->rows),
                               .row_values = hsd_time_rows_targets(m->rows) *
                                             hsd_time_rows_percentiles(m->rows)};
    memcpy(shape.key, m->key, sizeof shape.key);
    m->block_rows = choose_block(m, shape.row_values * sizeof(uint32_t));
    tell_estimate(m, &shape);
    hsd_status status =
        hsd_journal_open(m->journal_path, &shape, m->request->fresh, &m->journal, err);
    if (status != HSD_OK) return status;
    m->resumed_blocks = hsd_journal_blocks(m->journal);
    if (m->resumed_blocks)
        hsd_log(m->run, HSD_LOG_WARNING, "going on from %s: %llu of %llu rows are there",
                m->journal_path, (unsigned long long)hsd_journal_rows(m->journal),
                (unsigned long long)shape.rows);
    return HSD_OK;
}

static hsd_status make_blocks(matrix_run *m, hsd_error *err) {
    const size_t origins = hsd_time_rows_origins(m->rows),
                 values = hsd_time_rows_targets(m->rows) * hsd_time_rows_percentiles(m->rows);
    uint32_t *ms = hsd_alloc(m->block_rows * values, sizeof *ms, err);
    hsd_status status = ms ? HSD_OK : HSD_E_MEMORY;
    while (status == HSD_OK && hsd_journal_rows(m->journal) < origins) {
        const size_t first = (size_t)hsd_journal_rows(m->journal);
        const size_t count = origins - first < m->block_rows ? origins - first : m->block_rows;
        status = hsd_time_rows_read(m->rows, 0, first, count, ms, err);
        if (status == HSD_OK) status = hsd_journal_add(m->journal, ms, count, err);
    }
    hsd_free(ms);
    return status;
}

/* ---- The run ---- */

static hsd_status execute(matrix_run *m, hsd_error *err) {
    hsd_issues issues = {0};
    hsd_status status = check_idle(m->request, err);
    if (status == HSD_OK) status = check_files(m, err);
    if (status == HSD_OK) status = hsd_time_rows_open(&m->ask, m->run, &m->rows, &issues, err);
    hsd_issues_finish(&issues);
    if (status == HSD_OK) status = make_record(m, err);
    if (status == HSD_OK) status = name_values(m, err);
    if (status == HSD_OK) status = probe_writer(m, err);
    if (status == HSD_OK) status = open_journal(m, err);
    if (status == HSD_OK) status = make_blocks(m, err);
    return status;
}

typedef HSD_ARRAY(char *) keep;

static const char *kept(keep *k, const char *text, hsd_error *err) {
    char *copy = hsd_strdup(text, err);
    if (copy && !hsd_array_push(k, copy, err)) {
        hsd_free(copy);
        return NULL;
    }
    return copy;
}

static hsd_status report_failed(const matrix_run *m, hsd_matrix_report *out, hsd_error *err) {
    const hsd_circle_run *c = &hsd_time_rows_run(m->rows)->circle;
    keep *k = out->storage = hsd_calloc(1, sizeof *k, err);
    out->failed = hsd_calloc(c->origins.count, sizeof *out->failed, err);
    if (!k || !out->failed) return HSD_E_MEMORY;
    for (size_t o = 0; o < c->origins.count; o++) {
        const hsd_origin *origin = &c->origins.origins[o];
        const hsd_origin_result *result = hsd_run_result(c, 0, o);
        if (result->ok) continue;
        hsd_failed_origin *failed = &out->failed[out->failed_count++];
        failed->id = kept(k, origin->id, err);
        failed->name = kept(k, hsd_shown_name(origin->name, origin->name_en, c->lang), err);
        failed->why = kept(k, result->why, err);
        if (!failed->id || !failed->name || !failed->why) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

static hsd_status make_report(const matrix_run *m, hsd_matrix_report *out, hsd_error *err) {
    *out = (hsd_matrix_report){.origins = hsd_time_rows_origins(m->rows),
                               .targets = hsd_time_rows_targets(m->rows),
                               .percentiles = hsd_time_rows_percentiles(m->rows),
                               .blocks = hsd_journal_blocks(m->journal),
                               .resumed_blocks = m->resumed_blocks};
    out->pairs = (uint64_t)out->origins * out->targets;
    return report_failed(m, out, err);
}

hsd_status hsd_study_matrix(const hsd_matrix_request *request, const hsd_run *run,
                            hsd_matrix_report *out, hsd_error *err) {
    *out = (hsd_matrix_report){0};
    matrix_run m = {.request = request, .run = run, .ask = {.matrix = request}};
    hsd_status status = execute(&m, err);
    if (status == HSD_OK) status = make_report(&m, out, err);
    if (status == HSD_OK) status = write_output(&m, err); /* last: a file stands for a good run */
    out->reached = m.reached;
    out->mean_min = m.reached ? m.sum_min / (double)m.reached : NAN;
    if (status != HSD_OK) hsd_matrix_report_finish(out);
    hsd_matrix_writer_destroy(m.writer);
    if (m.journal && hsd_journal_blocks(m.journal) == 0) /* nothing to go on from */
        hsd_journal_remove(m.journal);
    else
        hsd_journal_close(m.journal);
    hsd_time_rows_destroy(m.rows);
    hsd_free(m.record);
    hsd_free(m.journal_path);
    hsd_free(m.from_ids);
    hsd_free(m.to_ids);
    hsd_free(m.names);
    hsd_free(m.name_texts);
    hsd_free(m.values);
    return status;
}

void hsd_matrix_report_finish(hsd_matrix_report *report) {
    if (!report) return;
    keep *k = report->storage;
    for (size_t i = 0; k && i < k->count; i++) hsd_free(k->data[i]);
    if (k) hsd_array_finish(k);
    hsd_free(k);
    hsd_free(report->failed);
    *report = (hsd_matrix_report){0};
}
