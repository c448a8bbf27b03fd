/* Hourshed: status codes, errors, run settings. Everything else builds on this header. */
#ifndef HOURSHED_BASE_H
#define HOURSHED_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define HSD_API __attribute__((visibility("default")))
#define HSD_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#else
#define HSD_API
#define HSD_PRINTF(format_index, first)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Time is milliseconds in uint32_t everywhere. HSD_UNREACHABLE is a quarter of the range (12.4
 * days), so a sum of three terms cannot wrap; every sum is clamped to it (hsd_ms_add). */
#define HSD_UNREACHABLE ((uint32_t)0x3FFFFFFFu)

/* What a caller may want to tell apart; the message says the rest. */
typedef enum hsd_status {
    HSD_OK = 0,
    HSD_E_ARGUMENT = 1,  /* the call is wrong: an option, a name or a range (exit 2) */
    HSD_E_OPEN = 2,      /* an input is missing or cannot be read (exit 3) */
    HSD_E_FORMAT = 3,    /* an input was read and is not what it should be (exit 3) */
    HSD_E_WRITE = 4,     /* an output cannot be written: folder, disk, existing file (exit 4) */
    HSD_E_MEMORY = 5,    /* out of memory, or a size past what the tables can hold (exit 4) */
    HSD_E_CANCELLED = 6, /* the progress callback said stop (exit 130) */
    HSD_E_INTERNAL = 7   /* a bug of ours: an invariant did not hold */
} hsd_status;

/* The caller's; every function accepts NULL for it. One line, lower case, no final dot. */
typedef struct hsd_error {
    hsd_status code;
    char message[256];
} hsd_error;

/* Fills err (if any) and returns code, so that `return hsd_fail(err, ...)` is one line. */
HSD_API hsd_status hsd_fail(hsd_error *err, hsd_status code, const char *format, ...)
    HSD_PRINTF(3, 4);
/* Puts "prefix: " before a message already there; returns err's code (HSD_E_INTERNAL for NULL). */
HSD_API hsd_status hsd_fail_prefix(hsd_error *err, hsd_status code, const char *format, ...)
    HSD_PRINTF(3, 4);
HSD_API const char *hsd_status_name(hsd_status code);

/* What a user can have many of (edits of a proposals file, rows of a table): a bounded list with a
 * total, so that all of it can be mended at once. Zero it to begin. */
typedef struct hsd_issue {
    bool error;       /* false: a remark; nothing is refused for it */
    const char *text; /* one line: where (layer, feature), what, why, what to do */
} hsd_issue;
typedef struct hsd_issues {
    hsd_issue *list; /* the first HSD_MAX_ISSUES, in the order found */
    size_t count;
    size_t errors, remarks; /* of all, kept or not */
} hsd_issues;
enum { HSD_MAX_ISSUES = 200 };
HSD_API void hsd_issues_finish(hsd_issues *issues);

typedef enum hsd_log_level { HSD_LOG_WARNING, HSD_LOG_INFO, HSD_LOG_DEBUG } hsd_log_level;

/* How a call may use the machine and whom it tells. NULL, or all zero, is the default: every core,
 * silence. Callbacks come from the calling thread only. */
typedef struct hsd_run {
    int threads; /* 0: one a core */
    /* fraction 0..1 of the step `what`; false cancels the call with HSD_E_CANCELLED */
    bool (*progress)(void *user, const char *what, double fraction);
    void (*log)(void *user, hsd_log_level level, const char *message);
    void *user;
} hsd_run;

/* Unlinks every unfinished output. Async-signal-safe: for a handler that ends the program. */
HSD_API void hsd_output_remove_all(void);

HSD_API const char *hsd_version(void); /* "0.1.0" */

#ifdef __cplusplus
}
#endif
#endif
