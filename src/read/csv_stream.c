/* CSV as a stream, a megabyte at a time. A line without a quote is cut in place, at its delimiters;
 * the others go through libcsv, a physical line at a time, so that a row knows the line it begins
 * on even where quoted cells hold line ends. Both trim spaces about cells that are not quoted, as
 * libcsv does. Files are read by zlib, which unpacks what is packed (GDAL's /vsigzip/ keeps what it
 * knew of a path when another file has come to stand there); paths of GDAL's virtual file system by
 * it. Memory: the buffer and one row, whatever the file. O(bytes). */
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <csv.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/file.h"
#include "base/parallel.h"
#include "base/text.h"
#include "read/csv_stream.h"
#include "read/vector.h"

enum { FIRST_BUFFER = 1 << 20, MAX_ROW = 1 << 28 };

typedef struct quoted_cell {
    size_t at, length; /* in stream.text */
} quoted_cell;

typedef struct source {
    gzFile packed; /* or plain: zlib sees which */
    VSILFILE *virtual;
    double size; /* 0: not known */
} source;

typedef struct stream {
    const char *file, *what;
    const hsd_run *run;
    hsd_csv_row_fn row;
    void *context;
    char delimiter;
    struct csv_parser parser;
    size_t line, row_line; /* now, and where a quoted row began (0: between rows) */
    size_t column_count;   /* 0: the header is still to come */
    HSD_ARRAY(hsd_csv_span) cells;
    HSD_ARRAY(quoted_cell) quoted; /* cells of a row that libcsv reads: their text may yet move */
    HSD_ARRAY(char) text;
    char *buffer;
    size_t capacity;
    hsd_status status;
    hsd_error *err;
} stream;

static void broken(stream *s, size_t line, const char *what) {
    s->status = hsd_fail(s->err, HSD_E_FORMAT, "%s line %zu: %s", s->file, line, what);
}

/* ---- Rows --------------------------------------------------------------------------------------
 */

static void end_row(stream *s, size_t line) {
    bool content = false;
    const size_t count = s->cells.count;
    for (size_t i = 0; i < count && !content; i++) content = s->cells.data[i].length > 0;
    if (!content) return;
    if (s->column_count == 0) s->column_count = count;
    const hsd_csv_row row = {s->file, line, s->delimiter, s->cells.data, count};
    if (count != s->column_count)
        s->status = hsd_csv_row_fail(&row, s->err, "%zu cell%s where the header has %zu columns",
                                     count, count == 1 ? "" : "s", s->column_count);
    else
        s->status = s->row(s->context, &row, s->err);
}

static void quoted_text(void *data, size_t length, void *context) {
    stream *s = context;
    if (s->status != HSD_OK) return;
    const size_t at = s->text.count;
    if (!hsd_array_reserve(&s->text, at + length + 1, s->err) ||
        !hsd_array_push(&s->quoted, ((quoted_cell){at, length}), s->err)) {
        s->status = HSD_E_MEMORY;
        return;
    }
    if (length) memcpy(s->text.data + at, data, length);
    s->text.data[at + length] = '\0';
    s->text.count += length + 1;
}

static void quoted_end(int terminator, void *context) {
    (void)terminator;
    stream *s = context;
    if (s->status != HSD_OK) return;
    s->cells.count = 0;
    for (size_t i = 0; i < s->quoted.count; i++) {
        const hsd_csv_span cell = {s->text.data + s->quoted.data[i].at, s->quoted.data[i].length};
        if (!hsd_array_push(&s->cells, cell, s->err)) {
            s->status = HSD_E_MEMORY;
            return;
        }
    }
    end_row(s, s->row_line);
    s->quoted.count = 0;
    s->text.count = 0;
    s->row_line = 0;
}

static void take_quoted(stream *s, const char *data, size_t length) {
    if (s->row_line == 0) s->row_line = s->line;
    const size_t taken = csv_parse(&s->parser, data, length, quoted_text, quoted_end, s);
    if (s->status != HSD_OK || taken == length) {
        if (s->status == HSD_OK && csv_get_buffer_size(&s->parser) > MAX_ROW)
            broken(s, s->row_line, "a cell of more than 256 MB; is a quote never closed?");
    } else if (csv_error(&s->parser) == CSV_EPARSE) {
        broken(s, s->line, "a quote where none can stand");
    } else {
        s->status = hsd_fail(s->err, HSD_E_MEMORY, "%s: out of memory", s->file);
    }
}

/* A line without quotes; the byte after it may be written. */
static void take_plain(stream *s, char *data, char *end) {
    while (end > data && (end[-1] == '\n' || end[-1] == '\r')) end--;
    const char delimiter = s->delimiter;
    s->cells.count = 0;
    for (char *cell = data;; cell++) {
        char *stop = memchr(cell, delimiter, (size_t)(end - cell));
        char *next = stop ? stop : end, *last = next;
        while (cell < last && (*cell == ' ' || *cell == '\t')) cell++;
        while (last > cell && (last[-1] == ' ' || last[-1] == '\t')) last--;
        *last = '\0';
        if (!hsd_array_push(&s->cells, ((hsd_csv_span){cell, (size_t)(last - cell)}), s->err)) {
            s->status = HSD_E_MEMORY;
            return;
        }
        if (!stop) break;
        cell = next;
    }
    end_row(s, s->line);
}

/* ---- Lines -------------------------------------------------------------------------------------
 */

static bool is_clean(const char *data, size_t length) {
    unsigned char all = 0;
    for (size_t i = 0; i < length; i++) all |= (unsigned char)data[i];
    if (memchr(data, 0, length)) return false;
    return all < 0x80 || hsd_utf8_valid(data, length);
}

/* The first line's delimiter, quoted cells aside. */
static char delimiter_of(const char *data, size_t length) {
    static const char known[] = {',', ';', '\t'};
    size_t counts[3] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        quoted ^= data[i] == '"';
        for (size_t k = 0; k < 3 && !quoted; k++) counts[k] += data[i] == known[k];
    }
    for (size_t k = 1; k < 3; k++)
        if (counts[k] > counts[best]) best = k;
    return known[best];
}

static void take_line(stream *s, char *data, size_t length) {
    s->line++;
    if (!is_clean(data, length)) {
        broken(s, s->line, "not UTF-8 text; save the file in that encoding");
        return;
    }
    if (!s->delimiter) s->delimiter = delimiter_of(data, length);
    csv_set_delim(&s->parser, (unsigned char)s->delimiter);
    if (s->row_line || memchr(data, '"', length))
        take_quoted(s, data, length);
    else
        take_plain(s, data, data + length);
}

/* Length of the line at data with its end (\n, \r\n or \r); 0: it is not whole. *feed is the next
 * \n, kept over calls so that no byte is looked at for it twice. */
static size_t line_length(const char *data, const char *end, bool last, const char **feed) {
    if (!*feed || *feed < data) {
        *feed = memchr(data, '\n', (size_t)(end - data));
        if (!*feed) *feed = end;
    }
    const char *back = memchr(data, '\r', (size_t)(*feed - data));
    if (back && back + 1 < *feed) return (size_t)(back + 1 - data);
    if (*feed < end) return (size_t)(*feed + 1 - data);
    return last ? (size_t)(end - data) : 0;
}

/* Lines of the buffer; what is left of the last one moves to its start. */
static size_t take_lines(stream *s, size_t filled, bool last) {
    char *data = s->buffer, *end = s->buffer + filled;
    const char *feed = NULL;
    if (s->line == 0 && filled >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) data += 3;
    while (data < end && s->status == HSD_OK) {
        const size_t length = line_length(data, end, last, &feed);
        if (length == 0) break;
        take_line(s, data, length);
        data += length;
    }
    const size_t left = s->status == HSD_OK ? (size_t)(end - data) : 0;
    memmove(s->buffer, data, left);
    return left;
}

/* ---- The file ----------------------------------------------------------------------------------
 */

static bool grow(stream *s) {
    if (s->capacity >= MAX_ROW) {
        broken(s, s->line + 1, "a line of more than 256 MB");
        return false;
    }
    const size_t capacity = s->capacity ? s->capacity * 4 : FIRST_BUFFER;
    char *buffer = hsd_realloc(s->buffer, capacity + 1, 1, s->err);
    if (!buffer) {
        s->status = HSD_E_MEMORY;
        return false;
    }
    s->buffer = buffer;
    s->capacity = capacity;
    return true;
}

static void end_file(stream *s) {
    if (s->status != HSD_OK) return;
    if (csv_fini(&s->parser, quoted_text, quoted_end, s) != 0 && s->status == HSD_OK)
        broken(s, s->row_line, "a quote that opens here or before is never closed");
    if (s->status == HSD_OK && s->column_count == 0)
        s->status =
            hsd_fail(s->err, HSD_E_FORMAT, "%s: empty; a header line was expected", s->file);
}

static bool is_packed(const char *path) {
    const size_t length = strlen(path);
    return length > 3 && hsd_text_equal_nocase(path + length - 3, ".gz");
}

static hsd_status open_virtual(const char *path, source *out, hsd_error *err) {
    const bool packed = is_packed(path) && strncmp(path, "/vsigzip/", 9) != 0;
    char *unpacked = packed ? hsd_asprintf(err, "/vsigzip/%s", path) : NULL;
    if (packed && !unpacked) return HSD_E_MEMORY;
    out->virtual = VSIFOpenL(packed ? unpacked : path, "rb");
    hsd_free(unpacked);
    return out->virtual ? HSD_OK : hsd_fail(err, HSD_E_OPEN, "%s: cannot be read", path);
}

static hsd_status open_source(const char *path, source *out, hsd_error *err) {
    VSIStatBufL info;
    *out = (source){0};
    if (VSIStatL(path, &info) != 0) return hsd_fail(err, HSD_E_OPEN, "%s: no such file", path);
    if (VSI_ISDIR(info.st_mode))
        return hsd_fail(err, HSD_E_OPEN, "%s is a folder, not a file", path);
    if (!is_packed(path)) out->size = (double)info.st_size;
    if (strncmp(path, "/vsi", 4) == 0) return open_virtual(path, out, err);
    out->packed = gzopen(path, "rb");
    if (!out->packed) return hsd_fail(err, HSD_E_OPEN, "%s: %s", path, strerror(errno));
    gzbuffer(out->packed, 1 << 17);
    return HSD_OK;
}

static void close_source(source *from) {
    if (from->packed) gzclose_r(from->packed);
    if (from->virtual) VSIFCloseL(from->virtual);
}

/* Fewer bytes than there is room for at the end, or where the file is damaged (whole false). */
static size_t read_source(const source *from, char *buffer, size_t room, bool *whole) {
    if (from->virtual) {
        const size_t got = VSIFReadL(buffer, 1, room, from->virtual);
        *whole = CPLGetLastErrorType() < CE_Failure;
        return got;
    }
    int error = Z_OK;
    const int got = gzread(from->packed, buffer, (unsigned)room);
    gzerror(from->packed, &error);
    *whole = got >= 0 && (error == Z_OK || error == Z_STREAM_END);
    return got > 0 ? (size_t)got : 0;
}

static void read_lines(stream *s, const source *from) {
    size_t left = 0;
    bool last = false;
    double done = 0;
    CPLErrorReset();
    while (!last && s->status == HSD_OK) {
        if (left == s->capacity && !grow(s)) return;
        bool whole;
        const size_t got = read_source(from, s->buffer + left, s->capacity - left, &whole);
        done += (double)got;
        last = whole && got < s->capacity - left;
        left = take_lines(s, left + got, last);
        if (s->status == HSD_OK && !whole)
            broken(s, s->line + 1, "the file is cut off or damaged about here");
        if (s->status == HSD_OK)
            s->status =
                hsd_progress(s->run, s->what, from->size > done ? done / from->size : 1, s->err);
    }
    end_file(s);
}

hsd_status hsd_csv_stream(const char *path, char delimiter, const hsd_run *run, const char *what,
                          hsd_csv_row_fn row, void *context, hsd_error *err) {
    source from = {0};
    stream s = {.file = hsd_base_name(path),
                .what = what,
                .run = run,
                .row = row,
                .context = context,
                .delimiter = delimiter,
                .err = err};
    if (csv_init(&s.parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return hsd_fail(err, HSD_E_MEMORY, "out of memory");
    csv_set_blk_size(&s.parser, 4096);
    hsd_quiet_begin();
    s.status = open_source(path, &from, err);
    if (s.status == HSD_OK) read_lines(&s, &from);
    close_source(&from);
    hsd_quiet_end();
    csv_free(&s.parser);
    hsd_array_finish(&s.cells);
    hsd_array_finish(&s.quoted);
    hsd_array_finish(&s.text);
    hsd_free(s.buffer);
    return s.status;
}

hsd_status hsd_csv_row_fail(const hsd_csv_row *row, hsd_error *err, const char *format, ...) {
    char what[200];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return hsd_fail(err, HSD_E_FORMAT, "%s line %zu: %s", row->file, row->line, what);
}
