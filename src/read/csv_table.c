/* CSV tables. The text is fed to libcsv one physical line at a time, so that each row knows the
 * line it begins on even where quoted cells hold line ends. O(bytes). */
#include <csv.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "read/csv_table.h"
#include "read/message.h"
#include "read/recode.h"

enum { MAX_CSV_SIZE = 1 << 30, MAX_COLUMNS = 4096 };

typedef struct feed {
    hsd_csv *csv;
    HSD_ARRAY(char) text;
    HSD_ARRAY(size_t) cells;
    HSD_ARRAY(size_t) lines;
    size_t line, row_line; /* now, and where the row began (0: no row begun) */
    size_t row_cells;
    bool header_done, content; /* content: the row has a cell that is not empty */
    hsd_status status;
    hsd_error *err;
} feed;

static void feed_cell(void *data, size_t length, void *context) {
    feed *f = context;
    if (f->status != HSD_OK) return;
    size_t at = f->text.count;
    if (++f->row_cells > MAX_COLUMNS) {
        f->status = hsd_fail(f->err, HSD_E_FORMAT, "%s line %zu: more than %d cells", f->csv->file,
                             f->row_line, MAX_COLUMNS);
    } else if (!hsd_array_reserve(&f->text, at + length + 1, f->err) ||
               !hsd_array_push(&f->cells, at, f->err)) {
        f->status = HSD_E_MEMORY;
    } else {
        if (length) memcpy(f->text.data + at, data, length);
        f->text.data[at + length] = '\0';
        f->text.count += length + 1;
        if (length) f->content = true;
    }
}

/* Forgets the cells of a row without content. */
static void drop_row(feed *f) {
    f->cells.count -= f->row_cells;
}

static void end_row(feed *f) {
    hsd_csv *csv = f->csv;
    if (!f->content) {
        drop_row(f);
    } else if (!f->header_done) {
        csv->column_count = f->row_cells;
        f->header_done = true;
    } else if (f->row_cells != csv->column_count) {
        f->status = hsd_fail(f->err, HSD_E_FORMAT,
                             "%s line %zu: %zu cells where the header has %zu columns", csv->file,
                             f->row_line, f->row_cells, csv->column_count);
    } else if (!hsd_array_push(&f->lines, f->row_line, f->err)) {
        f->status = HSD_E_MEMORY;
    } else {
        csv->row_count++;
    }
    f->row_cells = 0;
    f->row_line = 0;
    f->content = false;
}

static void feed_row(int terminator, void *context) {
    (void)terminator;
    feed *f = context;
    if (f->status == HSD_OK) end_row(f);
}

/* End of the physical line that begins at begin, its line end included. */
static size_t line_end(const char *data, size_t begin, size_t length) {
    size_t i = begin;
    while (i < length && data[i] != '\n' && data[i] != '\r') i++;
    if (i == length) return i;
    if (data[i] == '\r' && i + 1 < length && data[i + 1] == '\n') i++;
    return i + 1;
}

static unsigned char delimiter_of(const char *data, size_t length) {
    size_t end = line_end(data, 0, length);
    if (memchr(data, ',', end)) return ',';
    if (memchr(data, ';', end)) return ';';
    return memchr(data, '\t', end) ? '\t' : ',';
}

/* libcsv passes over such lines between rows without a word. */
static bool is_blank(const char *data, size_t begin, size_t end, unsigned char delimiter) {
    for (size_t i = begin; i < end; i++) {
        bool space = data[i] == ' ' || (data[i] == '\t' && delimiter != '\t');
        if (!space && data[i] != '\n' && data[i] != '\r') return false;
    }
    return true;
}

static hsd_status parse_failed(feed *f, struct csv_parser *parser) {
    if (f->status != HSD_OK) return f->status;
    if (csv_error(parser) == CSV_EPARSE)
        return hsd_fail(f->err, HSD_E_FORMAT, "%s line %zu: a quote where none can stand",
                        f->csv->file, f->line);
    return hsd_fail(f->err, HSD_E_MEMORY, "%s: out of memory", f->csv->file);
}

static hsd_status feed_lines(feed *f, const char *data, size_t length) {
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return hsd_fail(f->err, HSD_E_MEMORY, "out of memory");
    csv_set_delim(&parser, delimiter_of(data, length));
    for (size_t begin = 0; begin < length && f->status == HSD_OK;) {
        size_t end = line_end(data, begin, length);
        f->line++;
        if (f->row_line == 0 && !is_blank(data, begin, end, csv_get_delim(&parser)))
            f->row_line = f->line;
        if (!hsd_utf8_valid(data + begin, end - begin) || memchr(data + begin, 0, end - begin))
            f->status = hsd_fail(f->err, HSD_E_FORMAT,
                                 "%s line %zu: not UTF-8 text (another encoding must be named)",
                                 f->csv->file, f->line);
        else if (csv_parse(&parser, data + begin, end - begin, feed_cell, feed_row, f) !=
                 end - begin)
            f->status = parse_failed(f, &parser);
        begin = end;
    }
    if (f->status == HSD_OK && csv_fini(&parser, feed_cell, feed_row, f) != 0)
        f->status = csv_error(&parser) == CSV_EPARSE
                        ? hsd_fail(f->err, HSD_E_FORMAT,
                                   "%s line %zu: a quote that opens here or before is never closed",
                                   f->csv->file, f->row_line ? f->row_line : f->line)
                        : parse_failed(f, &parser);
    csv_free(&parser);
    return f->status;
}

static hsd_status check_header(const hsd_csv *csv, hsd_error *err) {
    char clip[HSD_CLIP_SIZE];
    if (csv->column_count == 0)
        return hsd_fail(err, HSD_E_FORMAT, "%s: empty; a header line was expected", csv->file);
    for (size_t i = 0; i < csv->column_count; i++) {
        const char *name = hsd_csv_header(csv, (int)i);
        if (name[0] && hsd_csv_column(csv, name) != (int)i)
            return hsd_fail(err, HSD_E_FORMAT, "%s: column \"%s\" stands twice in the header",
                            csv->file, hsd_clip(name, clip));
    }
    return HSD_OK;
}

hsd_status hsd_csv_parse(const char *data, size_t length, const char *file, hsd_csv *out,
                         hsd_error *err) {
    *out = (hsd_csv){0};
    if (length >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        data += 3;
        length -= 3;
    }
    feed f = {.csv = out, .err = err};
    if (!(out->file = hsd_strdup(file, err))) return HSD_E_MEMORY;
    hsd_status status = feed_lines(&f, data, length);
    out->text = f.text.data;
    out->cells = f.cells.data;
    out->lines = f.lines.data;
    if (status == HSD_OK) status = check_header(out, err);
    if (status != HSD_OK) hsd_csv_finish(out);
    return status;
}

hsd_status hsd_csv_read(const char *path, const char *encoding, hsd_csv *out, hsd_error *err) {
    *out = (hsd_csv){0};
    char *data;
    size_t length;
    hsd_status status = hsd_read_text(path, MAX_CSV_SIZE, &data, &length, err);
    if (status != HSD_OK) return status;
    if (encoding) status = hsd_recode(&data, &length, encoding, hsd_base_name(path), err);
    if (status == HSD_OK) status = hsd_csv_parse(data, length, hsd_base_name(path), out, err);
    hsd_free(data);
    return status;
}

void hsd_csv_finish(hsd_csv *csv) {
    if (!csv) return;
    hsd_free(csv->file);
    hsd_free(csv->text);
    hsd_free(csv->cells);
    hsd_free(csv->lines);
    *csv = (hsd_csv){0};
}

const char *hsd_csv_header(const hsd_csv *csv, int column) {
    return csv->text + csv->cells[column];
}

int hsd_csv_column(const hsd_csv *csv, const char *name) {
    for (size_t i = 0; i < csv->column_count; i++)
        if (hsd_text_equal_nocase(hsd_csv_header(csv, (int)i), name)) return (int)i;
    return HSD_CSV_NONE;
}

hsd_status hsd_csv_need(const hsd_csv *csv, const char *name, int *column, hsd_error *err) {
    *column = hsd_csv_column(csv, name);
    if (*column >= 0) return HSD_OK;
    char known[120] = "", clip[HSD_CLIP_SIZE], clip_name[HSD_CLIP_SIZE];
    size_t length = 0;
    for (size_t i = 0; i < csv->column_count; i++) {
        int more = snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "",
                            hsd_clip(hsd_csv_header(csv, (int)i), clip));
        if (more < 0 || (size_t)more >= sizeof known - length) break;
        length += (size_t)more;
    }
    known[length] = '\0';
    return hsd_fail(err, HSD_E_FORMAT, "%s: no column \"%s\"; there are: %s", csv->file,
                    hsd_clip(name, clip_name), known);
}

const char *hsd_csv_cell(const hsd_csv *csv, size_t row, int column) {
    if (column < 0) return "";
    return csv->text + csv->cells[(row + 1) * csv->column_count + (size_t)column];
}

hsd_status hsd_csv_number(const hsd_csv *csv, size_t row, int column, double *out, bool *given,
                          hsd_error *err) {
    const char *text = hsd_csv_cell(csv, row, column);
    char clip[HSD_CLIP_SIZE], name[HSD_CLIP_SIZE];
    *given = text[0] != '\0';
    if (!*given || hsd_parse_double(text, out)) return HSD_OK;
    return hsd_csv_fail(csv, row, err,
                        "%s is \"%s\"; a number (decimal point, no unit) was expected",
                        hsd_clip(hsd_csv_header(csv, column), name), hsd_clip(text, clip));
}

hsd_status hsd_csv_bool(const hsd_csv *csv, size_t row, int column, bool *out, hsd_error *err) {
    const char *text = hsd_csv_cell(csv, row, column);
    char clip[HSD_CLIP_SIZE], name[HSD_CLIP_SIZE];
    bool yes = hsd_text_equal_nocase(text, "yes") || hsd_text_equal_nocase(text, "true") ||
               strcmp(text, "1") == 0;
    bool no = hsd_text_equal_nocase(text, "no") || hsd_text_equal_nocase(text, "false") ||
              strcmp(text, "0") == 0;
    if (yes || no) *out = yes;
    if (yes || no || text[0] == '\0') return HSD_OK;
    return hsd_csv_fail(csv, row, err, "%s is \"%s\"; yes or no was expected",
                        hsd_clip(hsd_csv_header(csv, column), name), hsd_clip(text, clip));
}

hsd_status hsd_csv_fail(const hsd_csv *csv, size_t row, hsd_error *err, const char *format, ...) {
    char what[200];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return hsd_fail(err, HSD_E_FORMAT, "%s line %zu: %s", csv->file, csv->lines[row], what);
}
