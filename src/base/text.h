/* Strict numbers and dates, independent of the locale; a growing string; JSON text. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/memory.h"

/* The whole text must be a finite decimal number ("1.5", "-8e3"; not "1,5", "1.5x", "nan", "0x1",
 * " 1"). */
bool hsd_parse_double(const char *text, double *out);
bool hsd_parse_int(const char *text, int64_t *out);
bool hsd_parse_date(const char *text, int *year, int *month, int *day); /* YYYY-MM-DD, a real day */
bool hsd_text_equal_nocase(const char *a, const char *b);               /* ASCII */
bool hsd_utf8_valid(const char *text, size_t length);
/* The length of the longest whole characters of a text that take at most `room` bytes. */
size_t hsd_utf8_cut(const char *text, size_t room);
/* A text that did not fit its buffer: ends in "...", after a whole character. size > 3. */
void hsd_text_end_cut(char *text, size_t size);
/* Bytes to change, add or take away to make a into b, for "did you mean"; 99 past 32 bytes. */
size_t hsd_text_distance(const char *a, const char *b);

typedef struct hsd_text {
    char *data; /* always zero-ended once something was added */
    size_t length, capacity;
    bool failed; /* an append ran out of memory; later appends do nothing */
} hsd_text;
void hsd_text_add(hsd_text *text, const char *piece);
void hsd_text_add_n(hsd_text *text, const char *piece, size_t length);
void hsd_text_addf(hsd_text *text, const char *format, ...) HSD_PRINTF(2, 3);
void hsd_text_add_xml(hsd_text *text, const char *piece);  /* escaped for XML text and attributes */
void hsd_text_add_json(hsd_text *text, const char *piece); /* quoted and escaped */
void hsd_text_finish(hsd_text *text);

/* JSON, written in order: hsd_json_open(&j, "{"), hsd_json_key, values, hsd_json_close. Commas are
 * its own affair. Numbers print with the fewest digits that read back the same. */
typedef struct hsd_json {
    hsd_text text;
    char stack[64];
    int depth;
    bool need_comma;
} hsd_json;
void hsd_json_open(hsd_json *json, char bracket); /* '{' or '[' */
void hsd_json_close(hsd_json *json);
void hsd_json_key(hsd_json *json, const char *key);
void hsd_json_string(hsd_json *json, const char *value); /* NULL: null */
void hsd_json_number(hsd_json *json, double value);      /* not finite: null */
void hsd_json_int(hsd_json *json, int64_t value);
void hsd_json_bool(hsd_json *json, bool value);
void hsd_json_raw(hsd_json *json, const char *value); /* already JSON */
void hsd_json_finish(hsd_json *json);
/* Shortest text that reads back as the same double; buffer of 32. */
const char *hsd_double_text(double value, char *buffer);
#endif
