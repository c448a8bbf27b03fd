/* Formats of several files are written into a hidden folder beside their path and moved when whole:
 * the folder itself where nothing stands, else file by file into the folder that does (files of
 * other names there are left alone, so that --overwrite on a home folder loses nothing). A path
 * with an ending and one layer becomes that file and its companions (.shp: .dbf, .shx ...). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <cpl_string.h>
#include <cpl_vsi.h>

#include "export/dataset.h"

static bool is_folder(const char *path) {
    VSIStatBufL info;
    return VSIStatL(path, &info) == 0 && VSI_ISDIR(info.st_mode);
}

static const char *dot_of(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? dot : name + strlen(name);
}

static bool has_ending(const char *path) {
    return dot_of(hsd_base_name(path))[0] != '\0';
}

/* Entries of a folder without "." and "..", in name order; the caller frees with CSLDestroy. */
static char **entries(const char *folder) {
    char **all = VSIReadDir(folder), **kept = NULL;
    for (char **name = all; name && *name; name++)
        if (strcmp(*name, ".") != 0 && strcmp(*name, "..") != 0) kept = CSLAddString(kept, *name);
    CSLDestroy(all);
    return kept;
}

static hsd_status refuse_existing(const hsd_dataset *dataset, hsd_error *err) {
    if (dataset->overwrite || !hsd_path_exists(dataset->path)) return HSD_OK;
    if (is_folder(dataset->path) && dataset->container == HSD_CONTAINER_FOLDER) {
        char **found = entries(dataset->path);
        bool empty = CSLCount(found) == 0;
        CSLDestroy(found);
        if (empty) return HSD_OK;
    }
    return hsd_fail(err, HSD_E_WRITE, "%s exists; --overwrite replaces it", dataset->path);
}

hsd_status hsd_stage_begin(hsd_dataset *dataset, hsd_error *err) {
    hsd_status status = refuse_existing(dataset, err);
    if (status != HSD_OK) return status;
    const char *path = dataset->path, *base = hsd_base_name(path);
    if (dataset->container == HSD_CONTAINER_FILE && is_folder(path))
        return hsd_fail(err, HSD_E_WRITE, "%s is a folder, not a file", path);
    if (hsd_path_exists(path) && !is_folder(path) && !has_ending(path))
        return hsd_fail(err, HSD_E_WRITE, "%s is a file, and this format makes a folder", path);
    /* without its ending: GDAL would take a folder ".xlsx" in a path for an archive */
    size_t length = (size_t)(dot_of(base) - base);
    while (length > 1 && base[length - 1] == '/') length--;
    dataset->stage = hsd_asprintf(err, "%.*s.%.*s.%d.part", (int)(base - path), path, (int)length,
                                  base, hsd_process_id());
    if (!dataset->stage) return HSD_E_MEMORY;
    if (is_folder(dataset->stage)) VSIRmdirRecursive(dataset->stage); /* of a killed run */
    if (VSIMkdir(dataset->stage, 0777) == 0) {
        hsd_temporary_remember(dataset->stage);
        return HSD_OK;
    }
    status = hsd_fail(err, HSD_E_WRITE, "%s: %s", path, strerror(errno));
    hsd_free(dataset->stage);
    dataset->stage = NULL;
    return status;
}

char *hsd_stage_path(const hsd_dataset *dataset, const char *layer, hsd_error *err) {
    if (!layer) return hsd_asprintf(err, "%s/%s", dataset->stage, hsd_base_name(dataset->path));
    return hsd_asprintf(err, "%s/%s.%s", dataset->stage, layer, dataset->extension);
}

static hsd_status move(const char *from, const char *to, const char *shown, hsd_error *err) {
    if (rename(from, to) == 0) return HSD_OK;
    return hsd_fail(err, HSD_E_WRITE, "%s: %s", shown, strerror(errno));
}

/* Where a staged file goes: into the folder; or beside the path, under the path's own name. */
static char *destination(const hsd_dataset *dataset, const char *name, bool as_file,
                         hsd_error *err) {
    if (!as_file) return hsd_path_join(dataset->path, name, err);
    const char *base = hsd_base_name(dataset->path);
    const char *old = dataset->container == HSD_CONTAINER_FOLDER && dataset->layers.count == 1
                          ? dataset->layers.data[0].styled.name
                          : base;
    size_t old_stem = (size_t)(dot_of(old) - old);
    if (old != base) old_stem = strlen(old);
    if (strncmp(name, old, old_stem) != 0 || strcmp(name, base) == 0)
        return hsd_asprintf(err, "%.*s%s", (int)(base - dataset->path), dataset->path, name);
    return hsd_asprintf(err, "%.*s%s", (int)(dot_of(base) - dataset->path), dataset->path,
                        name + old_stem);
}

static hsd_status move_entries(const hsd_dataset *dataset, char **names, bool as_file,
                               hsd_error *err) {
    hsd_status status = HSD_OK;
    for (char **name = names; status == HSD_OK && name && *name; name++) {
        char *from = hsd_path_join(dataset->stage, *name, err);
        char *to = from ? destination(dataset, *name, as_file, err) : NULL;
        if (!to)
            status = HSD_E_MEMORY;
        else if (!dataset->overwrite && hsd_path_exists(to))
            status = hsd_fail(err, HSD_E_WRITE, "%s exists; --overwrite replaces it", to);
        else
            status = move(from, to, dataset->path, err);
        hsd_free(from);
        hsd_free(to);
    }
    return status;
}

hsd_status hsd_stage_commit(hsd_dataset *dataset, hsd_error *err) {
    hsd_status status = refuse_existing(dataset, err);
    if (status != HSD_OK) return status;
    bool as_file =
        dataset->container == HSD_CONTAINER_FILE ||
        (dataset->layers.count == 1 && has_ending(dataset->path) && !is_folder(dataset->path));
    if (!as_file && !hsd_path_exists(dataset->path)) {
        status = move(dataset->stage, dataset->path, dataset->path, err);
    } else {
        char **names = entries(dataset->stage);
        status = move_entries(dataset, names, as_file, err);
        CSLDestroy(names);
        VSIRmdirRecursive(dataset->stage);
    }
    if (status == HSD_OK) {
        hsd_temporary_forget(dataset->stage);
        hsd_free(dataset->stage);
        dataset->stage = NULL;
    }
    return status;
}

void hsd_stage_discard(hsd_dataset *dataset) {
    if (!dataset->stage) return;
    VSIRmdirRecursive(dataset->stage);
    hsd_temporary_forget(dataset->stage);
    hsd_free(dataset->stage);
    dataset->stage = NULL;
}
