/* Errors: a code and one line of text in the caller's struct. Upper levels may prefix, never
 * replace.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hourshed/base.h"

/* A message cut at the buffer's end must not end in half a character. */
static void cut_whole(char *text, size_t size) {
    size_t length = strlen(text), end = length;
    if (length + 1 < size) return;
    while (end > 0 && ((unsigned char)text[end - 1] & 0xC0) == 0x80) end--; /* continuations */
    if (end == 0) return;
    unsigned char lead = (unsigned char)text[end - 1];
    size_t whole = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (length - (end - 1) < whole) text[end - 1] = '\0';
}

hsd_status hsd_fail(hsd_error *err, hsd_status code, const char *format, ...) {
    if (!err) return code;
    err->code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    cut_whole(err->message, sizeof err->message);
    return code;
}

hsd_status hsd_fail_prefix(hsd_error *err, hsd_status code, const char *format, ...) {
    if (!err) return code;
    char prefix[sizeof err->message], rest[sizeof err->message];
    va_list args;
    va_start(args, format);
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
    memcpy(rest, err->message, sizeof rest);
    rest[sizeof rest - 1] = '\0';
    err->code = code;
    size_t length = strlen(prefix);
    if (length > sizeof err->message - 3) length = sizeof err->message - 3;
    memcpy(err->message, prefix, length);
    memcpy(err->message + length, ": ", 3);
    size_t left = sizeof err->message - length - 3;
    size_t rest_length = strlen(rest);
    if (rest_length > left) rest_length = left;
    memcpy(err->message + length + 2, rest, rest_length);
    err->message[length + 2 + rest_length] = '\0';
    cut_whole(err->message, sizeof err->message);
    return code;
}

const char *hsd_status_name(hsd_status code) {
    switch (code) {
    case HSD_OK:
        return "ok";
    case HSD_E_ARGUMENT:
        return "bad argument";
    case HSD_E_OPEN:
        return "cannot read";
    case HSD_E_FORMAT:
        return "bad input";
    case HSD_E_WRITE:
        return "cannot write";
    case HSD_E_MEMORY:
        return "out of memory";
    case HSD_E_CANCELLED:
        return "cancelled";
    case HSD_E_INTERNAL:
        return "internal error";
    }
    return "unknown";
}

const char *hsd_version(void) {
    return HSD_VERSION;
}
