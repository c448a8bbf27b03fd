/* A bounded list of what is wrong with an input, so that a user can mend all of it at once. */
#include "base/issues.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

static bool add(hsd_issues *issues, bool error, const char *format, va_list args, hsd_error *err) {
    if (!issues) return true;
    if (error)
        issues->errors++;
    else
        issues->remarks++;
    if (issues->count == HSD_MAX_ISSUES) return true;
    if (!issues->list) issues->list = hsd_calloc(HSD_MAX_ISSUES, sizeof *issues->list, err);
    if (!issues->list) return false;
    char line[1024];
    if (vsnprintf(line, sizeof line, format, args) >= (int)sizeof line)
        hsd_text_end_cut(line, sizeof line);
    char *text = hsd_strdup(line, err);
    if (!text) return false;
    issues->list[issues->count++] = (hsd_issue){error, text};
    return true;
}

bool hsd_issues_error(hsd_issues *issues, hsd_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    bool ok = add(issues, true, format, args, err);
    va_end(args);
    return ok;
}

bool hsd_issues_remark(hsd_issues *issues, hsd_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    bool ok = add(issues, false, format, args, err);
    va_end(args);
    return ok;
}

hsd_status hsd_issues_status(const hsd_issues *issues, hsd_error *err) {
    if (!issues || issues->errors == 0) return HSD_OK;
    const char *first = "an error past the first issues kept";
    for (size_t i = 0; i < issues->count; i++)
        if (issues->list[i].error) {
            first = issues->list[i].text;
            break;
        }
    if (issues->errors == 1) return hsd_fail(err, HSD_E_FORMAT, "%s", first);
    char more[40];
    int length = snprintf(more, sizeof more, " (and %zu more)", issues->errors - 1);
    char text[sizeof((hsd_error *)0)->message];
    size_t room = sizeof text - (size_t)length;
    if (snprintf(text, room, "%s", first) >= (int)room) hsd_text_end_cut(text, room);
    return hsd_fail(err, HSD_E_FORMAT, "%s%s", text, more);
}

void hsd_issues_finish(hsd_issues *issues) {
    for (size_t i = 0; i < issues->count; i++) hsd_free((char *)(uintptr_t)issues->list[i].text);
    hsd_free(issues->list);
    *issues = (hsd_issues){0};
}
