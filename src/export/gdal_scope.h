/* One call into GDAL: its errors are caught on this thread instead of being printed, and the date
 * it stamps into files is ours. */
#ifndef EXPORT_GDAL_SCOPE_H
#define EXPORT_GDAL_SCOPE_H

#include "hourshed/base.h"

typedef struct hsd_gdal_scope {
    bool failed;       /* GDAL reported a failure since the scope began */
    char message[200]; /* the first one, in one line */
    char *saved_date;  /* settings of the thread before */
    char *saved_journal, *saved_synchronous;
} hsd_gdal_scope;

/* Registers GDAL's drivers at the first call of the process. The scope must not move until left. */
void hsd_gdal_enter(hsd_gdal_scope *scope);
void hsd_gdal_leave(hsd_gdal_scope *scope);
/* "where: what GDAL said" with the code given; "unknown reason" when it said nothing. */
hsd_status hsd_gdal_fail(const hsd_gdal_scope *scope, hsd_error *err, hsd_status code,
                         const char *where);
/* The stamp of outputs as ISO 8601, e.g. 2000-01-01T00:00:00.000Z; buffer of 32. */
const char *hsd_stamp_text(char *buffer);
#endif
