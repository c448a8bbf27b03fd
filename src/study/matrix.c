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
#include "study/matrix_run.h"

/* ---- The request ---- */

static hsd_status check_idle(const hsd_matrix_request *r, hsd_error *err) {
    const hsd_circle_request *c = &r->circle;
    const bool people = r->zone_at == HSD_ZONE_WEIGHTED || c->origin_at == HSD_ORIGIN_WEIGHTED;
    if (c->population && !people && !r->cells)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--population: nothing without --zone-at weighted or --origin-at weighted");
    if (r->cells && !r->grid)
        return hsd_fail(err, HSD_E_ARGUMENT, "--cells: nothing without --grid");
    if (c->output_datum && !r->cells)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "--output-datum: a matrix has no coordinates; nothing without --cells");
    if (c->zone_fields.mass_count)
        return hsd_fail(err, HSD_E_ARGUMENT, "--zone-mass %s: a matrix has no masses",
                        c->zone_fields.masses[0]);
    if (!(r->memory_mb >= 0 && r->memory_mb <= 1e6))
        return hsd_fail(err, HSD_E_ARGUMENT, "memory of %g MB: above 0 and at most 1000000",
                        r->memory_mb);
    return HSD_OK;
}

/* The journal is neither the output nor an input; an output that is there stays. */
static hsd_status check_files(hsd_matrix_run *m, hsd_error *err) {
    const hsd_circle_request *c = &m->request->circle;
    const char *taken[] = {c->output, c->network,    c->origins,  c->gates,
                           c->zones,  c->population, c->barriers, m->request->cells};
    for (size_t i = 0; i + 1 < sizeof taken / sizeof taken[0]; i++)
        if (hsd_same_file(m->request->cells, taken[i]))
            return hsd_fail(err, HSD_E_ARGUMENT, "cells %s are an input or output of this run",
                            m->request->cells);
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
    if (status != HSD_OK || !m->request->cells) return status;
    status = hsd_output_begin(m->request->cells, c->overwrite, &probe, err);
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

static hsd_status make_record(hsd_matrix_run *m, hsd_error *err) {
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

/* ---- The blocks ---- */

double hsd_matrix_memory_bytes(const hsd_matrix_run *run) {
    return 1e6 * (run->request->memory_mb > 0 ? run->request->memory_mb : 256);
}

/* As many rows as the memory takes, but no fewer blocks than make going on worth while. */
static size_t choose_block(const hsd_matrix_run *m, size_t row_bytes) {
    enum { PARTS = 64, FEWEST = 64 };
    const size_t threads = 4 * (size_t)hsd_thread_count(m->run);
    size_t rows = hsd_time_rows_origins(m->rows) / PARTS;
    if (rows < FEWEST) rows = FEWEST;
    if (rows < threads) rows = threads;
    const double most = floor(hsd_matrix_memory_bytes(m) / (double)row_bytes);
    if ((double)rows > most) rows = most < 1 ? 1 : (size_t)most;
    return rows;
}

static void tell_estimate(const hsd_matrix_run *m, const hsd_journal_shape *shape) {
    const double mb = 1e6, row = (double)shape->row_values * sizeof(uint32_t);
    const size_t from = hsd_time_rows_origins(m->rows);
    hsd_log(m->run, HSD_LOG_INFO,
            "%zu origins x %zu targets: %zu blocks of %zu rows, %.1f MB of memory each; journal "
            "%.1f MB, output about %.1f MB before packing",
            from, hsd_time_rows_targets(m->rows), (from + m->block_rows - 1) / m->block_rows,
            m->block_rows, row * (double)m->block_rows / mb,
            (double)hsd_journal_bytes(shape, m->block_rows) / mb, hsd_matrix_output_bytes(m) / mb);
}

static hsd_status open_journal(hsd_matrix_run *m, hsd_error *err) {
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

static hsd_status make_blocks(hsd_matrix_run *m, hsd_error *err) {
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

static hsd_status execute(hsd_matrix_run *m, hsd_error *err) {
    hsd_issues issues = {0};
    hsd_status status = check_idle(m->request, err);
    if (status == HSD_OK) status = check_files(m, err);
    if (status == HSD_OK) status = hsd_time_rows_open(&m->ask, m->run, &m->rows, &issues, err);
    hsd_issues_finish(&issues);
    if (status == HSD_OK) status = make_record(m, err);
    if (status == HSD_OK) status = hsd_matrix_output_check(m, err);
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

static hsd_status report_failed(const hsd_matrix_run *m, hsd_matrix_report *out, hsd_error *err) {
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

static hsd_status make_report(const hsd_matrix_run *m, hsd_matrix_report *out, hsd_error *err) {
    *out = (hsd_matrix_report){.origins = hsd_time_rows_origins(m->rows),
                               .targets = hsd_time_rows_targets(m->rows),
                               .percentiles = hsd_time_rows_percentiles(m->rows),
                               .blocks = hsd_journal_blocks(m->journal),
                               .resumed_blocks = m->resumed_blocks};
    out->pairs = (uint64_t)out->origins * out->targets;
    return report_failed(m, out, err);
}

/* The matrix comes last: where its file stands, the run was good. Cells of one that was not would
 * stand in the way of the next. */
static hsd_status write_files(hsd_matrix_run *m, hsd_error *err) {
    const char *cells = m->request->cells;
    hsd_status status = HSD_OK;
    if (cells) status = hsd_cells_write(&hsd_time_rows_run(m->rows)->circle, cells, m->record, err);
    if (status != HSD_OK) return status;
    status = hsd_matrix_output_write(m, err);
    if (status != HSD_OK && cells) remove(cells);
    return status;
}

/* Of a run that did not come to its end: what is done is kept, where anything is. */
static void leave_journal(hsd_matrix_run *m) {
    if (m->journal && hsd_journal_blocks(m->journal) == 0) {
        hsd_journal_remove(m->journal);
        return;
    }
    if (m->journal)
        hsd_log(m->run, HSD_LOG_WARNING,
                "%llu rows are kept in %s: the same run goes on from there",
                (unsigned long long)hsd_journal_rows(m->journal), m->journal_path);
    hsd_journal_close(m->journal);
}

hsd_status hsd_study_matrix(const hsd_matrix_request *request, const hsd_run *run,
                            hsd_matrix_report *out, hsd_error *err) {
    *out = (hsd_matrix_report){0};
    hsd_matrix_run m = {.request = request, .run = run, .ask = {.matrix = request}};
    hsd_status status = execute(&m, err);
    if (status == HSD_OK) status = make_report(&m, out, err);
    if (status == HSD_OK) status = write_files(&m, err);
    out->reached = m.reached;
    out->mean_min = m.reached ? (double)m.sum_ms / 60000 / (double)m.reached : NAN;
    if (status != HSD_OK) hsd_matrix_report_finish(out);
    leave_journal(&m);
    hsd_matrix_output_finish(&m);
    hsd_time_rows_destroy(m.rows);
    hsd_free(m.record);
    hsd_free(m.journal_path);
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
