/* Somebody else's times: which reader a path is for, and the pairs they all add to. An id is looked
 * up by its hash; a pair takes 16 bytes and 8 more for each further cost. O(pairs). */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "hourshed/read.h"
#include "read/matrix.h"

/* ---- Ids ---------------------------------------------------------------------------------------
 */

static bool is_last(const hsd_matrix_ids *ids, const char *text, size_t length) {
    if (ids->texts.count == 0) return false;
    const char *kept = ids->pool.text.data + ids->texts.data[ids->last];
    return strncmp(kept, text, length) == 0 && kept[length] == '\0';
}

hsd_status hsd_matrix_id(hsd_matrix_ids *ids, const char *text, size_t length, uint32_t *row,
                         hsd_error *err) {
    *row = ids->last;
    if (is_last(ids, text, length)) return HSD_OK;
    *row = hsd_text_index_find(&ids->rows, &ids->pool, text, length);
    if (*row == HSD_NO_ROW) {
        uint32_t offset;
        *row = (uint32_t)ids->texts.count;
        if (*row == HSD_NO_ROW) return hsd_fail(err, HSD_E_MEMORY, "more ids than can be held");
        if (!hsd_text_pool_add(&ids->pool, text, length, &offset, err) ||
            !hsd_array_push(&ids->texts, offset, err) ||
            !hsd_text_index_add(&ids->rows, &ids->pool, offset, *row, err))
            return HSD_E_MEMORY;
    }
    ids->last = *row;
    return HSD_OK;
}

static void finish_ids(hsd_matrix_ids *ids) {
    hsd_text_pool_finish(&ids->pool);
    hsd_text_index_finish(&ids->rows);
    hsd_array_finish(&ids->texts);
}

/* Pointers and texts in one block, so that one hsd_free is all. */
static hsd_status hand_over_ids(hsd_matrix_ids *ids, char ***out, size_t *count, hsd_error *err) {
    const size_t rows = ids->texts.count, bytes = ids->pool.text.count;
    char **list = hsd_alloc(rows * sizeof *list + bytes, 1, err);
    if (!list) return HSD_E_MEMORY;
    char *text = (char *)(list + rows);
    if (bytes) memcpy(text, ids->pool.text.data, bytes);
    for (size_t i = 0; i < rows; i++) list[i] = text + ids->texts.data[i];
    *out = list;
    *count = rows;
    return HSD_OK;
}

/* ---- Pairs -------------------------------------------------------------------------------------
 */

hsd_status hsd_matrix_add_name(hsd_matrix_reading *r, const char *name) {
    char *copy = hsd_strdup(name, r->err);
    if (!copy) return HSD_E_MEMORY;
    if (hsd_array_push(&r->names, copy, r->err)) return HSD_OK;
    hsd_free(copy);
    return HSD_E_MEMORY;
}

hsd_status hsd_matrix_add_pair(hsd_matrix_reading *r, uint32_t from, uint32_t to,
                               const double *costs) {
    const size_t at = r->costs.count, names = r->names.count;
    if (!hsd_array_push(&r->pair_from, from, r->err) || !hsd_array_push(&r->pair_to, to, r->err) ||
        !hsd_array_reserve(&r->costs, at + names, r->err))
        return HSD_E_MEMORY;
    memcpy(r->costs.data + at, costs, names * sizeof *costs);
    r->costs.count += names;
    return HSD_OK;
}

double hsd_matrix_cost(const hsd_matrix_reading *r, size_t cost, double value) {
    const hsd_matrix_fields *f = r->fields;
    const double none = f->unreachable == -1 ? 0 : f->unreachable != 0 ? f->unreachable : NAN;
    if (!isfinite(value) || value == none) return INFINITY;
    if (cost > 0) return value;
    return value < 0 ? INFINITY : f->scale != 0 ? value * f->scale : value;
}

/* Up to 15 digits with a point are a whole number over a power of ten, both exact in a double, so
 * that their quotient is the nearest one (Clinger 1990): no strtod for what stands in most cells.
 */
static bool short_decimal(const char *text, size_t length, double *out) {
    static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    uint64_t whole = 0;
    size_t digits = 0, decimals = 0;
    bool point = false;
    if (length > 16) return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.' && !point) {
            point = true;
        } else if (text[i] >= '0' && text[i] <= '9') {
            whole = whole * 10 + (uint64_t)(text[i] - '0');
            digits++;
            decimals += point;
        } else {
            return false;
        }
    }
    if (digits == 0) return false; /* 16 of them: no point, and the conversion rounds */
    *out = (double)whole / tens[decimals];
    return true;
}

bool hsd_matrix_cost_text(const hsd_matrix_reading *r, size_t cost, const char *text, size_t length,
                          double *out) {
    static const char *const none[] = {"", "NA", "NULL", "NaN", "inf", "+inf", "-inf", "infinity"};
    double value;
    if (short_decimal(text, length, &value) || hsd_parse_double(text, &value)) {
        *out = hsd_matrix_cost(r, cost, value);
        return true;
    }
    *out = INFINITY;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (hsd_text_equal_nocase(text, none[i])) return true;
    return false;
}

/* ---- The whole ---------------------------------------------------------------------------------
 */

/* Whether every pair has a row: a bit a pair, and only where there are rows enough. */
static hsd_status see_complete(const hsd_matrix_table *t, bool *out, hsd_error *err) {
    *out = false;
    if (t->from_count == 0 || t->pair_count / t->from_count < t->to_count) return HSD_OK;
    const size_t all = t->from_count * t->to_count;
    uint64_t *seen = hsd_calloc(all / 64 + 1, sizeof *seen, err);
    if (!seen) return HSD_E_MEMORY;
    size_t count = 0;
    for (size_t i = 0; i < t->pair_count; i++) {
        const size_t at = (size_t)t->from[i] * t->to_count + t->to[i];
        count += !(seen[at / 64] >> (at % 64) & 1);
        seen[at / 64] |= UINT64_C(1) << (at % 64);
    }
    *out = count == all;
    hsd_free(seen);
    return HSD_OK;
}

static hsd_status hand_over(hsd_matrix_reading *r, hsd_matrix_table *out) {
    if (r->pair_from.count == 0)
        return hsd_fail(r->err, HSD_E_FORMAT, "%s: no pairs: a row of it was expected", r->path);
    hsd_status status = hand_over_ids(&r->from, &out->from_ids, &out->from_count, r->err);
    if (status == HSD_OK) status = hand_over_ids(&r->to, &out->to_ids, &out->to_count, r->err);
    out->from = r->pair_from.data;
    out->to = r->pair_to.data;
    out->costs = r->costs.data;
    out->pair_count = r->pair_from.count;
    out->cost_names = r->names.data;
    out->cost_count = r->names.count;
    r->pair_from.data = r->pair_to.data = NULL;
    r->costs.data = NULL;
    r->names.data = NULL;
    r->names.count = 0;
    return status == HSD_OK ? see_complete(out, &out->complete, r->err) : status;
}

static bool ends_in(const char *path, const char *ending) {
    const size_t length = strlen(path), end = strlen(ending);
    return length > end && hsd_text_equal_nocase(path + length - end, ending);
}

static hsd_status read_any(hsd_matrix_reading *r) {
    static const char *const csv[] = {".csv", ".txt", ".tsv", ".csv.gz", ".txt.gz", ".tsv.gz"};
    for (size_t i = 0; i < sizeof csv / sizeof *csv; i++)
        if (ends_in(r->path, csv[i])) return hsd_matrix_read_csv(r);
    if (!ends_in(r->path, ".omx")) return hsd_matrix_read_layer(r);
#ifdef HSD_HAVE_HDF5
    return hsd_matrix_read_omx(r);
#else
    return hsd_fail(r->err, HSD_E_ARGUMENT,
                    "%s: this build has no HDF5, which OMX files need; CSV was expected", r->path);
#endif
}

hsd_status hsd_read_matrix(const char *path, const hsd_matrix_fields *fields, const hsd_run *run,
                           hsd_matrix_table *out, hsd_error *err) {
    static const hsd_matrix_fields usual = {0};
    *out = (hsd_matrix_table){0};
    hsd_matrix_reading r = {
        .path = path, .fields = fields ? fields : &usual, .run = run, .err = err};
    if (!path || !path[0]) return hsd_fail(err, HSD_E_ARGUMENT, "the path of the matrix is empty");
    const double scale = r.fields->scale;
    if (!isfinite(scale) || scale < 0)
        return hsd_fail(err, HSD_E_ARGUMENT,
                        "scale of the matrix is %g; a number above 0 was expected", scale);
    if (r.fields->cost_count > HSD_MATRIX_MOST_COSTS)
        return hsd_fail(err, HSD_E_ARGUMENT, "%zu costs of a matrix; at most %d were expected",
                        r.fields->cost_count, HSD_MATRIX_MOST_COSTS);
    hsd_status status = read_any(&r);
    if (status == HSD_OK) status = hand_over(&r, out);
    finish_ids(&r.from);
    finish_ids(&r.to);
    hsd_array_finish(&r.pair_from);
    hsd_array_finish(&r.pair_to);
    hsd_array_finish(&r.costs);
    for (size_t i = 0; i < r.names.count; i++) hsd_free(r.names.data[i]);
    hsd_array_finish(&r.names);
    if (status != HSD_OK) hsd_matrix_table_finish(out);
    return status;
}

void hsd_matrix_table_finish(hsd_matrix_table *matrix) {
    if (!matrix) return;
    hsd_free(matrix->from_ids);
    hsd_free(matrix->to_ids);
    for (size_t i = 0; i < matrix->cost_count; i++) hsd_free(matrix->cost_names[i]);
    hsd_free(matrix->cost_names);
    hsd_free(matrix->from);
    hsd_free(matrix->to);
    hsd_free(matrix->costs);
    *matrix = (hsd_matrix_table){0};
}
