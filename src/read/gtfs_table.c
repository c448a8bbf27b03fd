/* One file as a stream of rows, through libcsv over GDAL's virtual file system: a megabyte at a
 * time, a line at a time within it, so that each row knows the line it begins on even where quoted
 * cells hold line ends. Memory: two buffers and one row, whatever the file. Strict: a stray quote,
 * bad UTF-8, a row of another number of cells than the header is an error, not a guess. O(bytes).
 */
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <csv.h>
#include <string.h>

#include "base/text.h"
#include "read/gtfs.h"
#include "read/message.h"

enum { BUFFER_SIZE = 1 << 20, MAX_CELL = 1 << 20, MAX_COLUMNS = 1024, MAX_ASKED = 16 };

typedef struct table {
    gtfs_reader *r;
    const gtfs_columns *columns;
    gtfs_row_fn row;
    int place[MAX_COLUMNS]; /* of the file's columns among those asked for; -1: not asked for */
    size_t column_count;
    size_t line, row_line; /* now, and where the row began (0: none begun) */
    size_t cell_count;
    bool header_done, content, row_ended;
    HSD_ARRAY(char) text; /* of the row; the header: of all cells */
    size_t at[MAX_ASKED], length[MAX_ASKED];
    uint32_t there;
    hsd_status status;
} table;

/* ---- Cells and rows ------------------------------------------------------------------------- */

static void broken(table *t, size_t line, const char *what) {
    t->status = gtfs_broken(t->r, line, "%s", what);
    if (t->status == HSD_OK) t->status = HSD_E_FORMAT; /* ends the parse; not handed on */
}

static bool add_text(table *t, const char *text, size_t length, size_t *at) {
    *at = t->text.count;
    if (!hsd_array_reserve(&t->text, *at + length + 1, t->r->err)) {
        t->status = HSD_E_MEMORY;
        return false;
    }
    if (length) memcpy(t->text.data + *at, text, length);
    t->text.data[*at + length] = '\0';
    t->text.count += length + 1;
    return true;
}

static void header_cell(table *t, const char *text, size_t length) {
    const size_t column = t->cell_count - 1;
    size_t at;
    if (column >= MAX_COLUMNS) {
        broken(t, t->row_line, "more than 1024 columns");
        return;
    }
    if (!add_text(t, text, length, &at)) return;
    t->place[column] = -1;
    for (size_t i = 0; i < t->columns->count; i++) {
        if (!hsd_text_equal_nocase(t->text.data + at, t->columns->names[i])) continue;
        if (t->there >> i & 1) {
            t->status = gtfs_broken(t->r, t->row_line, "column \"%s\" stands twice in the header",
                                    t->columns->names[i]);
            if (t->status == HSD_OK) t->status = HSD_E_FORMAT;
        }
        t->place[column] = (int)i;
        t->there |= UINT32_C(1) << i;
    }
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void on_cell(void *data, size_t length, void *context) {
    table *t = context;
    if (t->status != HSD_OK) return;
    const char *text = data;
    while (length && is_space(text[0])) text++, length--;
    while (length && is_space(text[length - 1])) length--;
    const size_t column = t->cell_count++;
    if (length) t->content = true;
    if (!t->header_done) {
        header_cell(t, text, length);
        return;
    }
    if (column >= t->column_count) { /* empty cells too many do no harm */
        if (length == 0) t->cell_count--;
        return;
    }
    const int place = t->place[column];
    if (place < 0 || length == 0) return;
    if (add_text(t, text, length, &t->at[place])) t->length[place] = length;
}

/* Names the columns there are where one is missing. */
static void end_header(table *t) {
    t->header_done = true;
    t->column_count = t->cell_count;
    const uint32_t missing = t->columns->needed & ~t->there;
    for (size_t i = 0; i < t->columns->count && t->status == HSD_OK; i++) {
        if (!(missing >> i & 1)) continue;
        hsd_text known = {0};
        char clip[HSD_CLIP_SIZE];
        for (size_t at = 0, k = 0; k < t->column_count && known.length < 120; k++) {
            if (k) hsd_text_add(&known, ", ");
            hsd_text_add(&known, hsd_clip(t->text.data + at, clip));
            at += strlen(t->text.data + at) + 1;
        }
        t->status = known.failed ? HSD_E_MEMORY
                                 : gtfs_broken(t->r, t->row_line, "no column \"%s\"; there are: %s",
                                               t->columns->names[i], known.data ? known.data : "");
        if (t->status == HSD_OK) t->status = HSD_E_FORMAT;
        hsd_text_finish(&known);
    }
}

static void end_data(table *t) {
    if (t->cell_count != t->column_count) {
        t->status = gtfs_error(t->r, t->row_line, "%zu cells where the header has %zu columns",
                               t->cell_count, t->column_count);
        return;
    }
    gtfs_cell cells[MAX_ASKED];
    for (size_t i = 0; i < t->columns->count; i++)
        cells[i] =
            t->length[i] ? (gtfs_cell){t->text.data + t->at[i], t->length[i]} : (gtfs_cell){"", 0};
    const gtfs_row row = {.line = t->row_line, .cells = cells, .there = t->there};
    t->status = t->row(t->r, &row);
}

static void on_row(int terminator, void *context) {
    (void)terminator;
    table *t = context;
    if (t->status != HSD_OK) return;
    if (t->content) {
        if (t->header_done)
            end_data(t);
        else
            end_header(t);
    }
    t->text.count = 0;
    memset(t->length, 0, sizeof t->length);
    t->cell_count = 0;
    t->content = false;
    t->row_ended = true;
}

/* ---- Lines ---------------------------------------------------------------------------------- */

/* libcsv passes over such lines between rows without a word. */
static bool is_blank(const char *data, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (!is_space(data[i])) return false;
    return true;
}

static bool is_clean(const char *data, size_t length) {
    unsigned char all = 0;
    for (size_t i = 0; i < length; i++) all |= (unsigned char)data[i];
    if (memchr(data, 0, length)) return false;
    return all < 0x80 || hsd_utf8_valid(data, length);
}

static void take_line(table *t, struct csv_parser *parser, const char *data, size_t length) {
    t->line++;
    if (t->row_line == 0) t->row_line = t->line;
    if (!is_clean(data, length)) {
        broken(t, t->line, "not UTF-8 text, which GTFS must be; save the file in that encoding");
        return;
    }
    t->row_ended = false;
    const bool parsed = csv_parse(parser, data, length, on_cell, on_row, t) == length;
    if (t->status != HSD_OK) return;
    if (!parsed && csv_error(parser) == CSV_EPARSE)
        broken(t, t->line, "a quote where none can stand");
    else if (!parsed)
        t->status = hsd_fail(t->r->err, HSD_E_MEMORY, "out of memory");
    else if (csv_get_buffer_size(parser) > MAX_CELL)
        broken(t, t->row_line, "a cell of more than a megabyte; is a quote never closed?");
    else if (t->row_ended || is_blank(data, length))
        t->row_line = t->row_ended || t->cell_count == 0 ? 0 : t->row_line;
}

/* Length of the line at the start of data with its end (\n, \r\n or \r); 0: it is not whole. *feed
 * is the next \n, kept over calls so that no byte is looked at for it twice. */
static size_t line_length(const char *data, const char *end, bool last, const char **feed) {
    if (*feed < data) {
        *feed = memchr(data, '\n', (size_t)(end - data));
        if (!*feed) *feed = end;
    }
    const char *back = memchr(data, '\r', (size_t)(*feed - data));
    if (back && back + 1 < *feed) return (size_t)(back + 1 - data);
    if (*feed < end) return (size_t)(*feed + 1 - data);
    return last ? (size_t)(end - data) : 0;
}

/* ---- The file ------------------------------------------------------------------------------- */

static hsd_status tell_progress(gtfs_reader *r, size_t bytes) {
    gtfs_files *files = &r->feed.files;
    files->done += bytes;
    if (!r->run || !r->run->progress) return HSD_OK;
    double share = files->bytes ? (double)files->done / (double)files->bytes : 1;
    if (share > 1) share = 1;
    const double fraction = ((double)r->feed_index + share) / (double)r->feed_total;
    return r->run->progress(r->run->user, "reading timetables", fraction)
               ? HSD_OK
               : hsd_fail(r->err, HSD_E_CANCELLED, "cancelled");
}

/* Lines of one buffer; what is left of the last one moves to its start. */
static size_t take_lines(table *t, struct csv_parser *parser, char *buffer, size_t filled,
                         bool last) {
    const char *data = buffer, *end = buffer + filled, *feed = NULL;
    if (t->line == 0 && filled >= 3 && memcmp(buffer, "\xEF\xBB\xBF", 3) == 0) data += 3;
    while (data < end && t->status == HSD_OK) {
        const size_t length = line_length(data, end, last, &feed);
        if (length == 0) break;
        take_line(t, parser, data, length);
        data += length;
    }
    const size_t left = t->status == HSD_OK ? (size_t)(end - data) : 0;
    memmove(buffer, data, left);
    if (left == BUFFER_SIZE) broken(t, t->line + 1, "a line of more than a megabyte");
    return left;
}

static void end_file(table *t, struct csv_parser *parser) {
    if (t->status != HSD_OK) return;
    if (csv_fini(parser, on_cell, on_row, t) != 0 && t->status == HSD_OK)
        broken(t, t->row_line, "a quote that opens here or before is never closed");
    if (t->status == HSD_OK && !t->header_done) broken(t, 0, "empty; a header line was expected");
}

static void read_lines(table *t, struct csv_parser *parser, VSILFILE *file, char *buffer) {
    CPLErrorReset();
    VSIFSeekL(file, 0, SEEK_END);
    const uint64_t size = VSIFTellL(file);
    VSIFSeekL(file, 0, SEEK_SET);
    uint64_t done = 0;
    size_t left = 0;
    bool last = false;
    while (!last && t->status == HSD_OK) {
        const size_t got = VSIFReadL(buffer + left, 1, BUFFER_SIZE - left, file);
        done += got;
        const bool whole = CPLGetLastErrorType() != CE_Failure; /* check sums of a zip */
        last = got < BUFFER_SIZE - left || done == size;
        left = take_lines(t, parser, buffer, left + got, last);
        if (t->status == HSD_OK && (!whole || (last && done < size)))
            broken(t, t->line, "the file is cut off or damaged about here");
        const hsd_status status = tell_progress(t->r, got);
        if (status != HSD_OK) t->status = status;
    }
    end_file(t, parser);
}

static hsd_status parse(table *t, VSILFILE *file) {
    struct csv_parser parser;
    char *buffer = hsd_alloc(BUFFER_SIZE, 1, t->r->err);
    if (!buffer) return HSD_E_MEMORY;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0) {
        csv_set_blk_size(&parser, 4096);
        read_lines(t, &parser, file, buffer);
        csv_free(&parser);
    }
    hsd_free(buffer);
    hsd_array_finish(&t->text);
    return t->status == HSD_E_FORMAT ? HSD_OK : t->status;
}

hsd_status gtfs_table_read(gtfs_reader *r, gtfs_file file, const gtfs_columns *columns,
                           gtfs_row_fn row) {
    r->feed.now = file;
    if (!gtfs_files_has(&r->feed.files, gtfs_file_names[file])) return HSD_OK;
    char *path = hsd_asprintf(r->err, "%s%s", r->feed.files.folder, gtfs_file_names[file]);
    if (!path) return HSD_E_MEMORY;
    VSILFILE *opened = VSIFOpenL(path, "rb");
    hsd_free(path);
    if (!opened) return gtfs_broken(r, 0, "cannot be read: cut off, damaged or not permitted");
    table *t = hsd_calloc(1, sizeof *t, r->err);
    hsd_status status = HSD_E_MEMORY;
    if (t) {
        t->r = r;
        t->columns = columns;
        t->row = row;
        status = parse(t, opened);
    }
    hsd_free(t);
    VSIFCloseL(opened);
    return status;
}
