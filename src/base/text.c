/* Text: strict numbers whatever the locale, a growing string, escapes. */
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *skip_digits(const char *text) {
    while (*text >= '0' && *text <= '9') text++;
    return text;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit before or after the point */
static bool is_decimal(const char *text) {
    if (*text == '+' || *text == '-') text++;
    const char *whole = skip_digits(text), *end = whole;
    bool digits = whole > text;
    if (*end == '.') {
        const char *fraction = skip_digits(end + 1);
        digits = digits || fraction > end + 1;
        end = fraction;
    }
    if (!digits) return false;
    if (*end == 'e' || *end == 'E') {
        const char *exponent = end + 1;
        if (*exponent == '+' || *exponent == '-') exponent++;
        end = skip_digits(exponent);
        if (end == exponent) return false;
    }
    return *end == '\0';
}

bool hsd_parse_double(const char *text, double *out) {
    if (!text || !is_decimal(text)) return false;
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = c ? strtod_l(text, NULL, c) : strtod(text, NULL);
    if (c) freelocale(c);
    if (!isfinite(value)) return false;
    *out = value;
    return true;
}

bool hsd_parse_int(const char *text, int64_t *out) {
    if (!text || !*text) return false;
    bool negative = *text == '-';
    if (*text == '-' || *text == '+') text++;
    if (!*text || *skip_digits(text) != '\0') return false;
    int64_t value = 0;
    for (; *text; text++) {
        int digit = *text - '0';
        if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_sub_overflow(value, (int64_t)digit, &value)) /* negative: reaches INT64_MIN */
            return false;
    }
    if (!negative && value == INT64_MIN) return false;
    *out = negative ? value : -value;
    return true;
}

bool hsd_parse_date(const char *text, int *year, int *month, int *day) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!text || strlen(text) != 10 || text[4] != '-' || text[7] != '-') return false;
    for (int i = 0; i < 10; i++)
        if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9')) return false;
    int y = atoi(text), m = atoi(text + 5), d = atoi(text + 8);
    if (m < 1 || m > 12) return false;
    int leap = m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    if (d < 1 || d > days[m - 1] + leap) return false;
    *year = y;
    *month = m;
    *day = d;
    return true;
}

static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

bool hsd_text_equal_nocase(const char *a, const char *b) {
    for (; *a && lower((unsigned char)*a) == lower((unsigned char)*b); a++, b++) {
    }
    return lower((unsigned char)*a) == lower((unsigned char)*b);
}

/* Unicode 15, table 3-7: no overlong forms, no surrogates, nothing past U+10FFFF. */
bool hsd_utf8_valid(const char *text, size_t length) {
    const unsigned char *s = (const unsigned char *)text;
    for (size_t i = 0; i < length;) {
        unsigned char c = s[i];
        size_t more = c < 0x80                ? 0
                      : c >= 0xC2 && c < 0xE0 ? 1
                      : (c & 0xF0) == 0xE0    ? 2
                      : c >= 0xF0 && c < 0xF5 ? 3
                                              : SIZE_MAX;
        if (more == SIZE_MAX || more > length - i - 1) return false;
        for (size_t k = 1; k <= more; k++)
            if ((s[i + k] & 0xC0) != 0x80) return false;
        if ((c == 0xE0 && s[i + 1] < 0xA0) || (c == 0xED && s[i + 1] >= 0xA0) ||
            (c == 0xF0 && s[i + 1] < 0x90) || (c == 0xF4 && s[i + 1] >= 0x90))
            return false;
        i += more + 1;
    }
    return true;
}

size_t hsd_utf8_cut(const char *text, size_t room) {
    size_t length = strlen(text), cut = room;
    if (length <= room) return length;
    while (cut > 0 && room - cut < 3 && ((unsigned char)text[cut] & 0xC0) == 0x80) cut--;
    return cut;
}

void hsd_text_end_cut(char *text, size_t size) {
    size_t cut = hsd_utf8_cut(text, size - 4);
    memcpy(text + cut, "...", 4);
}

void hsd_text_add_n(hsd_text *text, const char *piece, size_t length) {
    if (text->failed) return;
    size_t need = text->length + length + 1;
    if (need > text->capacity &&
        !hsd_array_grow((void **)(void *)&text->data, &text->capacity, need, 1, NULL)) {
        text->failed = true;
        return;
    }
    memcpy(text->data + text->length, piece, length);
    text->length += length;
    text->data[text->length] = '\0';
}

/* Edit distance (Wagner and Fischer 1974). */
size_t hsd_text_distance(const char *a, const char *b) {
    size_t row[33], n = strlen(b);
    if (strlen(a) > 32 || n > 32) return 99;
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t before = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t change = before + (a[i] != b[j]);
            before = row[j + 1];
            size_t least = row[j] < before ? row[j] + 1 : before + 1;
            row[j + 1] = change < least ? change : least;
        }
    }
    return row[n];
}

void hsd_text_add(hsd_text *text, const char *piece) {
    hsd_text_add_n(text, piece, strlen(piece));
}

void hsd_text_addf(hsd_text *text, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char small[256], *buffer = small;
    if (length < 0 || text->failed) return;
    if ((size_t)length >= sizeof small && !(buffer = hsd_alloc((size_t)length + 1, 1, NULL))) {
        text->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf(buffer, (size_t)length + 1, format, args);
    va_end(args);
    hsd_text_add_n(text, buffer, (size_t)length);
    if (buffer != small) hsd_free(buffer);
}

void hsd_text_add_xml(hsd_text *text, const char *piece) {
    for (; *piece; piece++) {
        switch (*piece) {
        case '&':
            hsd_text_add(text, "&amp;");
            break;
        case '<':
            hsd_text_add(text, "&lt;");
            break;
        case '>':
            hsd_text_add(text, "&gt;");
            break;
        case '"':
            hsd_text_add(text, "&quot;");
            break;
        case '\'':
            hsd_text_add(text, "&apos;");
            break;
        default: /* control characters have no place in XML 1.0 */
            if ((unsigned char)*piece >= 0x20 || *piece == '\n' || *piece == '\t')
                hsd_text_add_n(text, piece, 1);
        }
    }
}

void hsd_text_add_json(hsd_text *text, const char *piece) {
    hsd_text_add_n(text, "\"", 1);
    for (; *piece; piece++) {
        unsigned char c = (unsigned char)*piece;
        if (c == '"' || c == '\\')
            hsd_text_addf(text, "\\%c", c);
        else if (c == '\n')
            hsd_text_add(text, "\\n");
        else if (c == '\t')
            hsd_text_add(text, "\\t");
        else if (c < 0x20)
            hsd_text_addf(text, "\\u%04x", c);
        else
            hsd_text_add_n(text, piece, 1);
    }
    hsd_text_add_n(text, "\"", 1);
}

void hsd_text_finish(hsd_text *text) {
    if (!text) return;
    hsd_free(text->data);
    *text = (hsd_text){0};
}
