/* Files: outputs that appear whole or not at all, mappings, small texts, paths. POSIX lives here.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* Temporaries now open, for a signal handler to unlink: fixed storage, no allocation. Slots are
 * claimed by compare-and-swap; a handler reads pointers that stay valid until the slot is cleared.
 */
enum { MAX_TEMPORARIES = 64 };
static _Atomic(char *) temporaries[MAX_TEMPORARIES];

void hsd_temporary_remember(char *path) {
    for (int i = 0; i < MAX_TEMPORARIES; i++) {
        char *none = NULL;
        if (atomic_compare_exchange_strong(&temporaries[i], &none, path)) return;
    }
}

void hsd_temporary_forget(const char *path) {
    for (int i = 0; i < MAX_TEMPORARIES; i++) {
        char *here = atomic_load(&temporaries[i]);
        if (here == path && path) atomic_store(&temporaries[i], NULL);
    }
}

/* A folder with what is in it, `depth` levels down, by system calls alone: opendir allocates, which
 * a signal handler must not. Reads again from the start until a pass removes nothing. */
static void remove_folder(int parent, const char *name, int depth) {
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return;
    _Alignas(struct dirent64) char block[4096];
    ssize_t size;
    bool removed = depth > 0;
    while (removed) {
        removed = false;
        lseek(folder, 0, SEEK_SET);
        while ((size = getdents64(folder, block, sizeof block)) > 0) {
            for (ssize_t at = 0; at < size;) {
                const struct dirent64 *entry = (const struct dirent64 *)(void *)(block + at);
                at += entry->d_reclen;
                if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
                if (unlinkat(folder, entry->d_name, 0) == 0)
                    removed = true;
                else
                    remove_folder(folder, entry->d_name, depth - 1);
            }
        }
    }
    close(folder);
    unlinkat(parent, name, AT_REMOVEDIR);
}

void hsd_output_remove_all(void) {
    for (int i = 0; i < MAX_TEMPORARIES; i++) {
        const char *path = atomic_load(&temporaries[i]);
        if (path && unlink(path) != 0) remove_folder(AT_FDCWD, path, 3);
    }
}

const char *hsd_base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

bool hsd_path_exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

hsd_status hsd_folder_make(const char *path, bool *made, hsd_error *err) {
    struct stat info;
    *made = false;
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode)) return HSD_OK;
        return hsd_fail(err, HSD_E_WRITE, "%s is a file, and a folder was expected", path);
    }
    if (mkdir(path, 0777) != 0) return hsd_fail(err, HSD_E_WRITE, "%s: %s", path, strerror(errno));
    *made = true;
    return HSD_OK;
}

void hsd_folder_drop(const char *path) {
    rmdir(path);
}

double hsd_free_bytes(const char *path) {
    struct statvfs disk;
    if (statvfs(path, &disk) != 0) return INFINITY;
    return (double)disk.f_bavail * (double)disk.f_frsize;
}

int hsd_process_id(void) {
    return (int)getpid();
}

char *hsd_program_folder(hsd_error *err) {
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0) return NULL;
    path[length] = '\0';
    size_t folder = (size_t)(hsd_base_name(path) - path);
    return hsd_strndup(path, folder, err);
}

char *hsd_path_join(const char *folder, const char *name, hsd_error *err) {
    if (name[0] == '/' || folder[0] == '\0') return hsd_strdup(name, err);
    size_t length = strlen(folder);
    return hsd_asprintf(err, "%s%s%s", folder, folder[length - 1] == '/' ? "" : "/", name);
}

char *hsd_scratch_create(hsd_error *err) {
    const char *parent = getenv("TMPDIR");
    if (!parent || !parent[0]) parent = "/tmp";
    char *folder = hsd_asprintf(err, "%s/hourshed.XXXXXX", parent);
    if (!folder) return NULL;
    if (!mkdtemp(folder)) {
        hsd_fail(err, HSD_E_WRITE, "no temporary folder in %s: %s", parent, strerror(errno));
        hsd_free(folder);
        return NULL;
    }
    hsd_temporary_remember(folder);
    return folder;
}

void hsd_scratch_remove(char *folder) {
    if (!folder) return;
    remove_folder(AT_FDCWD, folder, 3);
    hsd_temporary_forget(folder);
    hsd_free(folder);
}

/* "dir/name.ext" -> "dir/.name.PID.part.ext": same folder for the rename, same ending for drivers
 */
static char *temporary_path(const char *path, hsd_error *err) {
    const char *base = hsd_base_name(path);
    const char *dot = strrchr(base, '.');
    size_t stem = dot && dot != base ? (size_t)(dot - base) : strlen(base);
    return hsd_asprintf(err, "%.*s.%.*s.%d.part%s", (int)(base - path), path, (int)stem, base,
                        hsd_process_id(), base + stem);
}

static hsd_status check_folder(const char *path, hsd_error *err) {
    size_t length = (size_t)(hsd_base_name(path) - path);
    char *folder = length ? hsd_strndup(path, length, err) : hsd_strdup(".", err);
    if (!folder) return HSD_E_MEMORY;
    struct stat info;
    hsd_status status = HSD_OK;
    if (stat(folder, &info) != 0)
        status = hsd_fail(err, HSD_E_WRITE, "%s: folder %s: %s", path, folder, strerror(errno));
    else if (!S_ISDIR(info.st_mode))
        status = hsd_fail(err, HSD_E_WRITE, "%s: %s is not a folder", path, folder);
    else if (access(folder, W_OK | X_OK) != 0)
        status = hsd_fail(err, HSD_E_WRITE, "%s: folder %s: %s", path, folder, strerror(errno));
    hsd_free(folder);
    return status;
}

hsd_status hsd_output_begin(const char *path, bool overwrite, hsd_output *out, hsd_error *err) {
    *out = (hsd_output){.overwrite = overwrite};
    if (!path || !path[0]) return hsd_fail(err, HSD_E_ARGUMENT, "the output path is empty");
    struct stat info;
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            return hsd_fail(err, HSD_E_WRITE, "%s is a folder, not a file", path);
        if (!overwrite)
            return hsd_fail(err, HSD_E_WRITE, "%s exists; --overwrite replaces it", path);
    }
    hsd_status status = check_folder(path, err);
    if (status != HSD_OK) return status;
    out->path = hsd_strdup(path, err);
    out->temp_path = temporary_path(path, err);
    if (!out->path || !out->temp_path) {
        hsd_output_finish(out);
        return HSD_E_MEMORY;
    }
    hsd_temporary_remember(out->temp_path);
    return HSD_OK;
}

/* Fails with EEXIST where the name has come into being meanwhile, in one step with the renaming;
 * file systems that cannot (NFS, some of FUSE) are asked before it. 0 or errno. */
static int rename_new(const char *from, const char *to) {
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    if (hsd_path_exists(to)) return EEXIST;
    return rename(from, to) == 0 ? 0 : errno;
}

hsd_status hsd_output_commit(hsd_output *output, hsd_error *err) {
    int file = open(output->temp_path, O_RDONLY | O_CLOEXEC);
    int failed = file < 0 ? errno : fsync(file) != 0 ? errno : 0;
    if (file >= 0) close(file);
    if (failed && failed != EINVAL)
        return hsd_fail(err, HSD_E_WRITE, "%s: %s", output->path, strerror(failed));
    failed = output->overwrite ? rename(output->temp_path, output->path) != 0 ? errno : 0
                               : rename_new(output->temp_path, output->path);
    if (failed == EEXIST)
        return hsd_fail(err, HSD_E_WRITE, "%s exists; --overwrite replaces it", output->path);
    if (failed) return hsd_fail(err, HSD_E_WRITE, "%s: %s", output->path, strerror(failed));
    hsd_temporary_forget(output->temp_path);
    hsd_free(output->temp_path);
    output->temp_path = NULL;
    return HSD_OK;
}

void hsd_output_finish(hsd_output *output) {
    if (!output) return;
    if (output->temp_path) {
        unlink(output->temp_path);
        hsd_temporary_forget(output->temp_path);
    }
    hsd_free(output->temp_path);
    hsd_free(output->path);
    *output = (hsd_output){0};
}

hsd_status hsd_map_file(const char *path, hsd_mapping *out, hsd_error *err) {
    *out = (hsd_mapping){0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return hsd_fail(err, HSD_E_OPEN, "%s: %s", path, strerror(errno));
    struct stat info;
    hsd_status status = HSD_OK;
    if (fstat(file, &info) != 0)
        status = hsd_fail(err, HSD_E_OPEN, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(info.st_mode))
        status = hsd_fail(err, HSD_E_OPEN, "%s is not a regular file", path);
    else if (info.st_size == 0)
        status = hsd_fail(err, HSD_E_FORMAT, "%s is empty", path);
    if (status == HSD_OK) {
        void *data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, file, 0);
        if (data == MAP_FAILED)
            status = hsd_fail(err, HSD_E_OPEN, "%s: cannot be mapped: %s", path, strerror(errno));
        else
            *out = (hsd_mapping){data, (size_t)info.st_size};
    }
    close(file);
    return status;
}

void hsd_unmap(hsd_mapping *mapping) {
    if (!mapping || !mapping->data) return;
    munmap((void *)(uintptr_t)mapping->data, mapping->size);
    *mapping = (hsd_mapping){0};
}

hsd_status hsd_read_text(const char *path, size_t max_size, char **out, size_t *length,
                         hsd_error *err) {
    *out = NULL;
    FILE *file = fopen(path, "rb");
    if (!file) return hsd_fail(err, HSD_E_OPEN, "%s: %s", path, strerror(errno));
    HSD_ARRAY(char) text = {0};
    hsd_status status = HSD_OK;
    for (;;) {
        if (!hsd_array_reserve(&text, text.count + 16384, err)) {
            status = HSD_E_MEMORY;
            break;
        }
        size_t got = fread(text.data + text.count, 1, text.capacity - text.count - 1, file);
        text.count += got;
        if (text.count > max_size)
            status = hsd_fail(err, HSD_E_FORMAT, "%s: larger than %zu bytes", path, max_size);
        else if (got == 0 && ferror(file))
            status = hsd_fail(err, HSD_E_OPEN, "%s: %s", path, strerror(errno));
        if (status != HSD_OK || got == 0) break;
    }
    fclose(file);
    if (status != HSD_OK) {
        hsd_array_finish(&text);
        return status;
    }
    text.data[text.count] = '\0';
    *out = text.data;
    if (length) *length = text.count;
    return HSD_OK;
}

int64_t hsd_stamp_epoch(void) {
    const char *text = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long value = text && text[0] ? strtoll(text, &end, 10) : -1;
    return value >= 0 && end && *end == '\0' ? value : 946684800; /* 2000-01-01T00:00:00Z */
}
