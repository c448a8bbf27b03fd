/* Matrices as CSV: long (a line a pair) or wide (a line an origin), as a stream. What a long
 * table's columns are is settled at its first row, since only values tell costs from remarks. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "read/csv_stream.h"
#include "read/matrix.h"
#include "read/message.h"

typedef struct csv_matrix {
    hsd_matrix_reading *r;
    HSD_ARRAY(char) header_text;
    HSD_ARRAY(const char *) header; /* names, in header_text */
    hsd_matrix_columns columns;
    bool chosen; /* the columns of costs are */
} csv_matrix;

static hsd_status no_number(const hsd_csv_row *row, const char *name, const char *text,
                            hsd_error *err) {
    char clip[HSD_CLIP_SIZE], clip_name[HSD_CLIP_SIZE];
    return hsd_csv_row_fail(row, err,
                            "%s is \"%s\"; a number (decimal point, no unit) was expected",
                            hsd_clip(name, clip_name), hsd_clip(text, clip));
}

/* ---- Long --------------------------------------------------------------------------------------
 */

static hsd_status keep_header(csv_matrix *m, const hsd_csv_row *row, hsd_error *err) {
    size_t bytes = 0;
    for (size_t i = 0; i < row->count; i++) bytes += row->cells[i].length + 1;
    if (!hsd_array_reserve(&m->header_text, bytes, err) ||
        !hsd_array_reserve(&m->header, row->count, err))
        return HSD_E_MEMORY;
    for (size_t i = 0; i < row->count; i++) {
        char *at = m->header_text.data + m->header_text.count;
        memcpy(at, row->cells[i].text, row->cells[i].length + 1);
        m->header_text.count += row->cells[i].length + 1;
        m->header.data[m->header.count++] = at;
    }
    return HSD_OK;
}

/* Most likely the delimiter is another: says which the line has. */
static hsd_status one_column(const hsd_csv_row *row, hsd_error *err) {
    static const struct {
        char sign;
        const char *name;
    } known[] = {{',', "comma"}, {';', "semicolon"}, {'\t', "tab"}, {'|', "|"}, {' ', "space"}};
    char clip[HSD_CLIP_SIZE];
    const char *text = row->cells[0].text;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].sign != row->delimiter && strchr(text, known[i].sign))
            return hsd_csv_row_fail(
                row, err, "one column only, \"%s\": the delimiter looks like %s, not %s",
                hsd_clip(text, clip), known[i].name,
                row->delimiter == '\t' ? "tab" : (char[]){row->delimiter, '\0'});
    return hsd_csv_row_fail(row, err,
                            "one column only, \"%s\"; those of origins, targets and costs were "
                            "expected",
                            hsd_clip(text, clip));
}

static hsd_matrix_header header_of(const csv_matrix *m, const hsd_csv_row *row) {
    return (hsd_matrix_header){row->file, m->header.data, m->header.count, "column", "columns"};
}

static hsd_status long_header(csv_matrix *m, const hsd_csv_row *row, hsd_error *err) {
    if (row->count == 1) return one_column(row, err);
    hsd_status status = keep_header(m, row, err);
    const hsd_matrix_header header = header_of(m, row);
    for (size_t i = 1; i < header.count && status == HSD_OK; i++)
        for (size_t k = 0; k < i && status == HSD_OK && i < 1000; k++)
            if (header.names[i][0] && hsd_text_equal_nocase(header.names[i], header.names[k]))
                status = hsd_csv_row_fail(row, err, "column \"%s\" stands twice in the header",
                                          header.names[i]);
    return status == HSD_OK ? hsd_matrix_choose_ids(m->r, &header, &m->columns) : status;
}

static hsd_status choose_costs(csv_matrix *m, const hsd_csv_row *row, hsd_error *err) {
    const hsd_matrix_header header = header_of(m, row);
    bool *may = hsd_alloc(row->count, sizeof *may, err);
    if (!may) return HSD_E_MEMORY;
    for (size_t i = 0; i < row->count; i++) {
        double value;
        may[i] = header.names[i][0] &&
                 hsd_matrix_cost_text(m->r, 0, row->cells[i].text, row->cells[i].length, &value);
    }
    hsd_status status = hsd_matrix_choose_costs(m->r, &header, may, &m->columns);
    hsd_free(may);
    m->chosen = true;
    return status;
}

static hsd_status id_of(csv_matrix *m, const hsd_csv_row *row, int column, hsd_matrix_ids *ids,
                        uint32_t *out, hsd_error *err) {
    const hsd_csv_span *cell = &row->cells[column];
    if (cell->length) return hsd_matrix_id(ids, cell->text, cell->length, out, err);
    char clip[HSD_CLIP_SIZE];
    return hsd_csv_row_fail(row, err, "%s is empty; an id was expected",
                            hsd_clip(m->header.data[column], clip));
}

static hsd_status long_row(void *context, const hsd_csv_row *row, hsd_error *err) {
    csv_matrix *m = context;
    if (m->header.count == 0) return long_header(m, row, err);
    hsd_status status = m->chosen ? HSD_OK : choose_costs(m, row, err);
    uint32_t from = 0, to = 0;
    double costs[HSD_MATRIX_MOST_COSTS];
    const hsd_matrix_columns *c = &m->columns;
    if (status == HSD_OK) status = id_of(m, row, c->from, &m->r->from, &from, err);
    if (status == HSD_OK) status = id_of(m, row, c->to, &m->r->to, &to, err);
    for (size_t i = 0; i < c->cost_count && status == HSD_OK; i++) {
        const hsd_csv_span *cell = &row->cells[c->costs[i]];
        if (!hsd_matrix_cost_text(m->r, i, cell->text, cell->length, &costs[i]))
            status = no_number(row, m->header.data[c->costs[i]], cell->text, err);
    }
    return status == HSD_OK ? hsd_matrix_add_pair(m->r, from, to, costs) : status;
}

/* ---- Wide --------------------------------------------------------------------------------------
 */

static hsd_status wide_header(csv_matrix *m, const hsd_csv_row *row, hsd_error *err) {
    const hsd_matrix_fields *f = m->r->fields;
    char clip[HSD_CLIP_SIZE];
    if (row->count == 1) return one_column(row, err);
    hsd_status status = hsd_matrix_add_name(m->r, f->cost_count ? f->costs[0] : "time_min");
    for (size_t i = 1; i < row->count && status == HSD_OK; i++) {
        const hsd_csv_span *cell = &row->cells[i];
        uint32_t at = 0;
        if (cell->length == 0)
            return hsd_csv_row_fail(row, err, "column %zu of the header has no id", i + 1);
        status = hsd_matrix_id(&m->r->to, cell->text, cell->length, &at, err);
        if (status == HSD_OK && at + 1 != i)
            status = hsd_csv_row_fail(row, err, "id \"%s\" stands twice in the header",
                                      hsd_clip(cell->text, clip));
    }
    m->chosen = true;
    return status;
}

static hsd_status wide_row(void *context, const hsd_csv_row *row, hsd_error *err) {
    csv_matrix *m = context;
    if (!m->chosen) return wide_header(m, row, err);
    hsd_matrix_ids *ids = &m->r->from;
    const size_t rows = ids->texts.count;
    const hsd_csv_span *id = &row->cells[0];
    uint32_t from = 0;
    char clip[HSD_CLIP_SIZE];
    if (id->length == 0)
        return hsd_csv_row_fail(row, err, "the first cell is empty; an id was expected");
    hsd_status status = hsd_matrix_id(ids, id->text, id->length, &from, err);
    if (status == HSD_OK && from != rows)
        status = hsd_csv_row_fail(row, err, "id \"%s\" stands twice in the first column",
                                  hsd_clip(id->text, clip));
    for (size_t i = 1; i < row->count && status == HSD_OK; i++) {
        double cost;
        if (hsd_matrix_cost_text(m->r, 0, row->cells[i].text, row->cells[i].length, &cost)) {
            status = hsd_matrix_add_pair(m->r, from, (uint32_t)i - 1, &cost);
        } else {
            const uint32_t text = m->r->to.texts.data[i - 1];
            status = no_number(row, m->r->to.pool.text.data + text, row->cells[i].text, err);
        }
    }
    return status;
}

/* ---- The file ----------------------------------------------------------------------------------
 */

hsd_status hsd_matrix_read_csv(hsd_matrix_reading *r) {
    csv_matrix m = {.r = r};
    const bool wide = r->fields->wide;
    if (wide && r->fields->cost_count > 1)
        return hsd_fail(r->err, HSD_E_ARGUMENT, "%s: a wide table has one cost; %zu were named",
                        r->path, r->fields->cost_count);
    hsd_status status = hsd_csv_stream(r->path, r->fields->delimiter, r->run, "reading the matrix",
                                       wide ? wide_row : long_row, &m, r->err);
    hsd_array_finish(&m.header_text);
    hsd_array_finish(&m.header);
    return status;
}
