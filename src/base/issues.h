/* Adding to a list of issues. */
#ifndef BASE_ISSUES_H
#define BASE_ISSUES_H

#include "base/memory.h"

/* False only when out of memory. Past HSD_MAX_ISSUES the text is counted, not kept. issues NULL:
 * nothing. */
bool hsd_issues_error(hsd_issues *issues, hsd_error *err, const char *format, ...) HSD_PRINTF(3, 4);
bool hsd_issues_remark(hsd_issues *issues, hsd_error *err, const char *format, ...)
    HSD_PRINTF(3, 4);
/* HSD_OK without errors; else HSD_E_FORMAT with the first one's text and how many more there are.
 */
hsd_status hsd_issues_status(const hsd_issues *issues, hsd_error *err);
#endif
