/* Where a feed's files lie: a folder, or a zip seen as one by GDAL. A zip is looked through before
 * anything is unpacked (gtfs_zip.c). Files may lie one folder down: feeds are often zipped with
 * theirs. */
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <string.h>

#include "base/file.h"
#include "read/gtfs.h"
#include "read/gtfs_zip.h"

const char *const gtfs_file_names[GTFS_FILES] = {
    "agency.txt",     "feed_info.txt",      "stops.txt",     "routes.txt",
    "calendar.txt",   "calendar_dates.txt", "trips.txt",     "shapes.txt",
    "stop_times.txt", "frequencies.txt",    "transfers.txt",
};

static bool is_folder(const char *path) {
    VSIStatBufL info;
    return VSIStatL(path, &info) == 0 && VSI_ISDIR(info.st_mode);
}

bool gtfs_files_has(const gtfs_files *files, const char *file) {
    return CSLFindStringCaseSensitive(files->list, file) >= 0;
}

static hsd_status list_files(gtfs_files *files) {
    CSLDestroy(files->list);
    files->list = VSIReadDir(files->folder);
    return HSD_OK;
}

/* Down into the only folder with a stops.txt, where there is none here. */
static hsd_status enter_inner(gtfs_files *files, hsd_error *err) {
    char *inner = NULL;
    hsd_status status = HSD_OK;
    for (int i = 0; files->list && files->list[i] && status == HSD_OK; i++) {
        char *folder = hsd_asprintf(err, "%s%.*s/", files->folder,
                                    (int)strcspn(files->list[i], "/"), files->list[i]);
        char *stops = folder ? hsd_asprintf(err, "%sstops.txt", folder) : NULL;
        VSIStatBufL info;
        if (!stops) {
            status = HSD_E_MEMORY;
        } else if (VSIStatL(stops, &info) == 0) {
            if (inner)
                status = hsd_fail(err, HSD_E_FORMAT,
                                  "%s holds several feeds in folders; give one feed a file",
                                  files->name);
            hsd_free(inner);
            inner = folder;
            folder = NULL;
        }
        hsd_free(stops);
        hsd_free(folder);
    }
    if (status == HSD_OK && inner) {
        hsd_free(files->folder);
        files->folder = inner;
        return list_files(files);
    }
    hsd_free(inner);
    return status;
}

/* Bytes to read, for the progress. */
static hsd_status weigh(gtfs_files *files, hsd_error *err) {
    for (size_t i = 0; i < GTFS_FILES; i++) {
        if (!gtfs_files_has(files, gtfs_file_names[i])) continue;
        char *path = hsd_asprintf(err, "%s%s", files->folder, gtfs_file_names[i]);
        if (!path) return HSD_E_MEMORY;
        VSIStatBufL info;
        if (VSIStatL(path, &info) == 0 && info.st_size > 0) files->bytes += (uint64_t)info.st_size;
        hsd_free(path);
    }
    return HSD_OK;
}

/* A folder of a zip's own, or NULL with err set. */
static char *zip_folder(const char *path, hsd_error *err) {
    VSIStatBufL info;
    if (VSIStatL(path, &info) != 0) {
        hsd_fail(err, HSD_E_OPEN, "%s: no such file or folder", path);
        return NULL;
    }
    char magic[2] = "";
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (file) {
        const bool zip = VSIFReadL(magic, 1, 2, file) == 2 && memcmp(magic, "PK", 2) == 0;
        VSIFCloseL(file);
        if (!zip) {
            hsd_fail(err, HSD_E_FORMAT, "%s is neither a zip nor a folder", path);
            return NULL;
        }
    }
    if (hsd_gtfs_zip_check(path, path, err) != HSD_OK) return NULL;
    return hsd_asprintf(err, "/vsizip/{%s}/", path);
}

hsd_status gtfs_files_open(const char *path, gtfs_files *out, hsd_error *err) {
    *out = (gtfs_files){0};
    if (!path || !path[0]) return hsd_fail(err, HSD_E_ARGUMENT, "the path of a feed is empty");
    hsd_error why = {.code = HSD_E_MEMORY};
    const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
    out->name = hsd_strdup(path, &why);
    out->folder =
        is_folder(path) ? hsd_asprintf(&why, "%s%s", path, slash) : zip_folder(path, &why);
    if (!out->name || !out->folder) {
        hsd_fail(err, why.code, "%s", why.message);
        return why.code;
    }
    hsd_status status = list_files(out);
    if (status == HSD_OK && !gtfs_files_has(out, "stops.txt")) status = enter_inner(out, err);
    return status == HSD_OK ? weigh(out, err) : status;
}

void gtfs_files_finish(gtfs_files *files) {
    hsd_free(files->folder);
    hsd_free(files->name);
    CSLDestroy(files->list);
    *files = (gtfs_files){0};
}
