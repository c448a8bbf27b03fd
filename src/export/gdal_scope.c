/* GDAL keeps its error handlers and settings per thread, so a scope is safe from any thread: it
 * pushes a handler, sets OGR_CURRENT_DATE (gpkg_contents.last_change, design 5.7) and the SQLite
 * settings of a file nobody else can see yet, and puts everything back. O(1). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal.h>

#include "base/file.h"
#include "export/gdal_scope.h"

static void CPL_STDCALL keep_first(CPLErr level, CPLErrorNum number, const char *message) {
    (void)number;
    hsd_gdal_scope *scope = CPLGetErrorHandlerUserData();
    if (level < CE_Failure || !scope || scope->failed) return;
    scope->failed = true;
    snprintf(scope->message, sizeof scope->message, "%s", message);
    for (char *c = scope->message; *c; c++)
        if (*c == '\n' || *c == '\r' || *c == '\t') *c = ' ';
    /* our messages begin in lower case, yet SQL and GDAL names stay as they are */
    char *first = scope->message;
    if (isupper((unsigned char)first[0]) && islower((unsigned char)first[1]))
        first[0] = (char)tolower((unsigned char)first[0]);
}

static char *swap_setting(const char *key, const char *value) {
    const char *before = CPLGetThreadLocalConfigOption(key, NULL);
    char *saved = before ? CPLStrdup(before) : NULL;
    CPLSetThreadLocalConfigOption(key, value);
    return saved;
}

static void restore_setting(const char *key, char *saved) {
    CPLSetThreadLocalConfigOption(key, saved);
    CPLFree(saved);
}

const char *hsd_stamp_text(char *buffer) {
    time_t seconds = (time_t)hsd_stamp_epoch();
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) || strftime(buffer, 32, "%Y-%m-%dT%H:%M:%S.000Z", &parts) == 0)
        snprintf(buffer, 32, "2000-01-01T00:00:00.000Z");
    return buffer;
}

void hsd_gdal_enter(hsd_gdal_scope *scope) {
    *scope = (hsd_gdal_scope){0};
    CPLPushErrorHandlerEx(keep_first, scope);
    if (!GDALGetDriverByName("MEM")) GDALAllRegister();
    char stamp[32];
    scope->saved_date = swap_setting("OGR_CURRENT_DATE", hsd_stamp_text(stamp));
    /* the file has no name yet: if anything fails it is thrown away, never rolled back */
    scope->saved_journal = swap_setting("OGR_SQLITE_JOURNAL", "OFF");
    scope->saved_synchronous = swap_setting("OGR_SQLITE_SYNCHRONOUS", "OFF");
}

void hsd_gdal_leave(hsd_gdal_scope *scope) {
    restore_setting("OGR_CURRENT_DATE", scope->saved_date);
    restore_setting("OGR_SQLITE_JOURNAL", scope->saved_journal);
    restore_setting("OGR_SQLITE_SYNCHRONOUS", scope->saved_synchronous);
    CPLPopErrorHandler();
    CPLErrorReset();
}

hsd_status hsd_gdal_fail(const hsd_gdal_scope *scope, hsd_error *err, hsd_status code,
                         const char *where) {
    return hsd_fail(err, code, "%s: %s", where,
                    scope->failed ? scope->message : "failed for an unknown reason");
}
