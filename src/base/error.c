/* Errors: a code and one line of text in the caller's struct. Upper levels may prefix, never
 * replace.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "hourshed/base.h"

hsd_status hsd_fail(hsd_error *err, hsd_status code, const char *format, ...) {
    if (!err) return code;
    err->code = code;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (length >= (int)sizeof err->message) hsd_text_end_cut(err->message, sizeof err->message);
    return code;
}

hsd_status hsd_fail_prefix(hsd_error *err, hsd_status code, const char *format, ...) {
    if (!err) return code;
    char prefix[sizeof err->message], whole[2 * sizeof err->message + 3];
    va_list args;
    va_start(args, format);
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
    int length = snprintf(whole, sizeof whole, "%s: %.*s", prefix, (int)sizeof err->message - 1,
                          err->message);
    err->code = code;
    whole[sizeof err->message - 1] = '\0';
    memcpy(err->message, whole, strlen(whole) + 1);
    if (length >= (int)sizeof err->message) hsd_text_end_cut(err->message, sizeof err->message);
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
