/* Somebody else's matrix as a cost table. Its ids are those of the places: one that no place has is
 * refused, and so is a place that is named as a target but never as an origin (the matrix breaks
 * off, or a row is missing); one that is nowhere in it is told and cannot be reached. Pairs without
 * a row cannot be travelled. O(n log n) for n pairs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "study/access_run.h"

enum { SHOWN = 5 }; /* ids in a message */

/* The first few of a list of ids, and that there are more. */
static void show_ids(char *out, size_t size, const char *const *ids, const uint8_t *marked,
                     size_t count) {
    size_t shown = 0, at = 0, marks = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) marks += marked[i];
    for (size_t i = 0; i < count && shown < SHOWN; i++) {
        if (!marked[i]) continue;
        int n = snprintf(out + at, size - at, "%s%.24s", shown ? ", " : "", ids[i]);
        at += n > 0 && (size_t)n < size - at ? (size_t)n : 0;
        shown++;
    }
    if (marks > shown) snprintf(out + at, size - at, " ...");
}

/* place[i]: of an id of the matrix; an id without a place is refused. */
static hsd_status join(const hsd_access_side *side, const char *file, const char *end,
                       char *const *ids, size_t count, uint32_t *place, hsd_error *err) {
    uint8_t *unknown = hsd_calloc(count, 1, err);
    if (!unknown) return HSD_E_MEMORY;
    hsd_status status = hsd_access_find_places(side, (const char *const *)ids, count, place, err);
    size_t bad = 0;
    for (size_t i = 0; status == HSD_OK && i < count; i++) {
        unknown[i] = place[i] == HSD_NO_ROW;
        bad += unknown[i];
    }
    if (bad) {
        char some[160];
        show_ids(some, sizeof some, (const char *const *)ids, unknown, count);
        status = hsd_fail(err, HSD_E_FORMAT, "%s: %zu of %zu %s ids are in no row of %s: %s", file,
                          bad, count, end, side->file, some);
    }
    hsd_free(unknown);
    return status;
}

/* Marks the places that the matrix names: the number of those it does not. */
static size_t unnamed(const uint32_t *place, size_t count, uint8_t *missing, size_t places) {
    size_t left = places;
    memset(missing, 1, places);
    for (size_t i = 0; i < count; i++) {
        left -= missing[place[i]];
        missing[place[i]] = 0;
    }
    return left;
}

static hsd_status check_missing(hsd_access_run *run, const char *file, const uint32_t *from,
                                size_t from_count, const uint32_t *to, size_t to_count,
                                hsd_error *err) {
    const size_t n = run->from.columns.count, m = run->to.columns.count;
    uint8_t *no_row = hsd_alloc(n, 1, err), *no_column = hsd_alloc(m, 1, err);
    hsd_status status = no_row && no_column ? HSD_OK : HSD_E_MEMORY;
    char some[160];
    if (status == HSD_OK) {
        size_t rows = unnamed(from, from_count, no_row, n), broken = 0, nowhere = 0;
        size_t columns = unnamed(to, to_count, no_column, m);
        for (size_t i = 0; !run->apart && rows && i < n; i++) {
            nowhere += no_row[i] && no_column[i];
            no_row[i] = no_row[i] && !no_column[i];
            broken += no_row[i];
        }
        if (broken) {
            show_ids(some, sizeof some, run->from.ids, no_row, n);
            status = hsd_fail(err, HSD_E_FORMAT,
                              "%s: no row from %zu of %zu zones that it leads to: %s; a missing "
                              "row, or a matrix broken off?",
                              file, broken, n, some);
        } else if (run->apart && rows) {
            show_ids(some, sizeof some, run->from.ids, no_row, n);
            status = hsd_access_warn(run, err,
                                     "%s: no row from %zu of %zu origins: %s; they reach nothing",
                                     file, rows, n, some);
        }
        if (status == HSD_OK && columns) {
            show_ids(some, sizeof some, run->to.ids, no_column, m);
            status = hsd_access_warn(
                run, err, "%s: no row to %zu of %zu zones: %s; they cannot be reached%s", file,
                columns, m, some, nowhere == columns ? ", nor reach anything" : "");
        }
    }
    hsd_free(no_row);
    hsd_free(no_column);
    return status;
}

static hsd_status make_pairs(const hsd_access_run *run, const char *file,
                             const hsd_matrix_table *matrix, const uint32_t *from,
                             const uint32_t *to, hsd_cost_pair *pairs, hsd_error *err) {
    for (size_t p = 0; p < matrix->pair_count; p++) {
        hsd_cost_pair *pair = &pairs[p];
        *pair = (hsd_cost_pair){from[matrix->from[p]], to[matrix->to[p]], {0}};
        for (size_t k = 0; k < matrix->cost_count; k++) {
            pair->costs[k] = matrix->costs[p * matrix->cost_count + k];
            if (pair->costs[k] >= 0) continue;
            return hsd_fail(err, HSD_E_FORMAT,
                            "%s: %.40s from %.40s to %.40s is %g; expected 0 "
                            "or more",
                            file, matrix->cost_names[k], run->from.ids[pair->origin],
                            run->to.ids[pair->target], pair->costs[k]);
        }
    }
    return HSD_OK;
}

/* The table refuses a pair that stands twice; here it gets its ids and both costs. The pairs are
 * sorted by then. */
static hsd_status name_twice(const hsd_access_run *run, const char *file,
                             const hsd_cost_pair *pairs, size_t count, hsd_error *err) {
    for (size_t p = 1; p < count; p++)
        if (pairs[p].origin == pairs[p - 1].origin && pairs[p].target == pairs[p - 1].target)
            return hsd_fail(err, HSD_E_FORMAT,
                            "%s: the pair from %.60s to %.60s stands twice, with %g and with %g",
                            file, run->from.ids[pairs[p].origin], run->to.ids[pairs[p].target],
                            pairs[p - 1].costs[0], pairs[p].costs[0]);
    return hsd_fail_prefix(err, HSD_E_FORMAT, "%s", file);
}

static hsd_status make_table(hsd_access_run *run, const char *file, const hsd_matrix_table *matrix,
                             hsd_cost_table *out, hsd_error *err) {
    uint32_t *from = hsd_alloc(matrix->from_count, sizeof *from, err);
    uint32_t *to = hsd_alloc(matrix->to_count, sizeof *to, err);
    hsd_cost_pair *pairs = hsd_alloc(matrix->pair_count, sizeof *pairs, err);
    hsd_status status = from && to && pairs ? HSD_OK : HSD_E_MEMORY;
    if (status == HSD_OK)
        status = join(&run->from, file, "from", matrix->from_ids, matrix->from_count, from, err);
    if (status == HSD_OK)
        status = join(&run->to, file, "to", matrix->to_ids, matrix->to_count, to, err);
    if (status == HSD_OK)
        status = check_missing(run, file, from, matrix->from_count, to, matrix->to_count, err);
    if (status == HSD_OK) status = make_pairs(run, file, matrix, from, to, pairs, err);
    if (status == HSD_OK) {
        *out = (hsd_cost_table){.origin_ids = run->from.ids, .target_ids = run->to.ids};
        status =
            hsd_cost_table_from_pairs(run->from.columns.count, run->to.columns.count, pairs,
                                      matrix->pair_count, matrix->cost_count, run->same, out, err);
        if (status == HSD_E_FORMAT) status = name_twice(run, file, pairs, matrix->pair_count, err);
    }
    hsd_free(from);
    hsd_free(to);
    hsd_free(pairs);
    return status;
}

hsd_status hsd_access_matrix(hsd_access_run *run, const char *path, hsd_cost_table *out,
                             hsd_error *err) {
    hsd_matrix_table matrix;
    hsd_status status = hsd_read_matrix(path, &run->request->matrix_fields, run->run, &matrix, err);
    if (status != HSD_OK) return status;
    if (matrix.cost_count > HSD_MAX_COSTS)
        status = hsd_fail(err, HSD_E_ARGUMENT, "%s: %zu costs; at most %d", hsd_base_name(path),
                          matrix.cost_count, HSD_MAX_COSTS);
    if (status == HSD_OK)
        status = hsd_access_check_memory(
            run, (double)matrix.pair_count, matrix.cost_count,
            8 + 8 * (double)matrix.cost_count + (double)sizeof(hsd_cost_pair), err);
    if (status == HSD_OK) status = make_table(run, hsd_base_name(path), &matrix, out, err);
    hsd_matrix_table_finish(&matrix);
    return status;
}
