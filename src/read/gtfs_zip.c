/* The central directory of a zip (APPNOTE.TXT 6.3, 4.3.12 to 4.3.16). GDAL unpacks the files, but
 * passes over names with ".." in silence and does not tell that a file is encrypted; a reader of
 * strangers' archives must. Sizes the directory lies about are caught again while reading: GDAL
 * gives no more than it says. O(entries log entries). */
#include "read/gtfs_zip.h"

#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "read/message.h"

enum { END_SIZE = 22, LOCATOR_SIZE = 20, END64_SIZE = 56, ENTRY_SIZE = 46 };
enum { MAX_COMMENT = 65535, MAX_DIRECTORY = 64 << 20, MAX_RATIO = 100 };
static const uint64_t max_unpacked = UINT64_C(4) << 30;

typedef struct zip {
    VSILFILE *file;
    const char *name;
    uint64_t size;                /* of the archive */
    uint64_t at, length, entries; /* of the directory */
    unsigned char *directory;
    hsd_error *err;
} zip;

static uint64_t number(const unsigned char *at, int bytes) {
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--) value = value << 8 | at[i];
    return value;
}

static bool read_at(zip *z, uint64_t at, void *out, size_t size) {
    return at <= z->size && size <= z->size - at && VSIFSeekL(z->file, at, SEEK_SET) == 0 &&
           VSIFReadL(out, 1, size, z->file) == size;
}

static hsd_status cut_off(const zip *z) {
    return hsd_fail(z->err, HSD_E_FORMAT, "%s: the zip is cut off or damaged", z->name);
}

/* Sizes of 0xFFFF... stand in the zip64 record, which lies before the end record. */
static hsd_status read_zip64(zip *z, uint64_t end_at) {
    unsigned char locator[LOCATOR_SIZE], end[END64_SIZE];
    if (end_at < LOCATOR_SIZE || !read_at(z, end_at - LOCATOR_SIZE, locator, sizeof locator) ||
        memcmp(locator, "PK\6\7", 4) != 0)
        return HSD_OK; /* a small zip that happens to hold such a number */
    if (!read_at(z, number(locator + 8, 8), end, sizeof end) || memcmp(end, "PK\6\6", 4) != 0)
        return cut_off(z);
    z->entries = number(end + 32, 8);
    z->length = number(end + 40, 8);
    z->at = number(end + 48, 8);
    return HSD_OK;
}

/* The end record is the last thing in the file but for a comment. */
static hsd_status find_directory(zip *z) {
    const uint64_t most = END_SIZE + MAX_COMMENT;
    const size_t size = (size_t)(z->size < most ? z->size : most);
    unsigned char *tail = hsd_alloc(size, 1, z->err);
    if (!tail) return HSD_E_MEMORY;
    hsd_status status = cut_off(z);
    if (size >= END_SIZE && read_at(z, z->size - size, tail, size)) {
        for (size_t i = size - END_SIZE + 1; i-- > 0;) {
            if (memcmp(tail + i, "PK\5\6", 4) != 0) continue;
            z->entries = number(tail + i + 10, 2);
            z->length = number(tail + i + 12, 4);
            z->at = number(tail + i + 16, 4);
            const bool large =
                z->entries == 0xFFFF || z->length == 0xFFFFFFFF || z->at == 0xFFFFFFFF;
            status = large ? read_zip64(z, z->size - size + i) : HSD_OK;
            break;
        }
    }
    hsd_free(tail);
    return status;
}

static hsd_status read_directory(zip *z) {
    if (z->length > MAX_DIRECTORY)
        return hsd_fail(z->err, HSD_E_FORMAT, "%s: a table of contents of %llu bytes", z->name,
                        (unsigned long long)z->length);
    if (!(z->directory = hsd_alloc((size_t)z->length, 1, z->err))) return HSD_E_MEMORY;
    return read_at(z, z->at, z->directory, (size_t)z->length) ? HSD_OK : cut_off(z);
}

static bool leaves_folder(const char *name) {
    if (name[0] == '/' || strchr(name, '\\') || (name[0] && name[1] == ':')) return true;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0')) return true;
    }
    return false;
}

/* The uncompressed size, from the extra field where 32 bits are too few. */
static uint64_t unpacked_size(const unsigned char *entry, size_t name_length, size_t extra_length) {
    const uint64_t size = number(entry + 24, 4);
    const unsigned char *extra = entry + ENTRY_SIZE + name_length;
    if (size != 0xFFFFFFFF) return size;
    for (size_t i = 0; i + 4 <= extra_length; i += 4 + (size_t)number(extra + i + 2, 2))
        if (number(extra + i, 2) == 1 && i + 12 <= extra_length) return number(extra + i + 4, 8);
    return size;
}

static int by_name(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static hsd_status check_name(const zip *z, const char *name, size_t length, uint64_t flags) {
    char clip[HSD_CLIP_SIZE];
    hsd_clip(name, clip);
    if (strlen(name) != length || leaves_folder(name))
        return hsd_fail(z->err, HSD_E_FORMAT,
                        "%s: the zip holds \"%s\", a name that leaves its "
                        "folder",
                        z->name, clip);
    if (flags & 1) return hsd_fail(z->err, HSD_E_FORMAT, "%s: \"%s\" is encrypted", z->name, clip);
    return HSD_OK;
}

static hsd_status check_twins(const zip *z, char **names, size_t count) {
    char clip[HSD_CLIP_SIZE];
    if (count) qsort(names, count, sizeof *names, by_name);
    for (size_t i = 1; i < count; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return hsd_fail(z->err, HSD_E_FORMAT, "%s: the zip holds \"%s\" twice", z->name,
                            hsd_clip(names[i], clip));
    return HSD_OK;
}

static hsd_status check_size(const zip *z, uint64_t unpacked) {
    if (unpacked <= max_unpacked || unpacked / MAX_RATIO <= z->size) return HSD_OK;
    return hsd_fail(z->err, HSD_E_FORMAT,
                    "%s: a zip of %llu bytes that would unpack to %llu; at most 4 GB or %d times "
                    "its size are",
                    z->name, (unsigned long long)z->size, (unsigned long long)unpacked, MAX_RATIO);
}

typedef HSD_ARRAY(char *) name_list;

static hsd_status check_entries(zip *z, name_list *names) {
    uint64_t unpacked = 0;
    size_t at = 0;
    for (uint64_t i = 0; i < z->entries; i++) {
        const unsigned char *entry = z->directory + at;
        const size_t left = (size_t)z->length - at;
        if (left < ENTRY_SIZE || memcmp(entry, "PK\1\2", 4) != 0) return cut_off(z);
        const size_t length = (size_t)number(entry + 28, 2), extra = (size_t)number(entry + 30, 2);
        const size_t whole = ENTRY_SIZE + length + extra + (size_t)number(entry + 32, 2);
        if (whole > left) return cut_off(z);
        char *name = hsd_strndup((const char *)entry + ENTRY_SIZE, length, z->err);
        if (!name || !hsd_array_push(names, name, z->err)) {
            hsd_free(name);
            return HSD_E_MEMORY;
        }
        const hsd_status status = check_name(z, name, length, number(entry + 8, 2));
        if (status != HSD_OK) return status;
        const uint64_t size = unpacked_size(entry, length, extra);
        unpacked = size > UINT64_MAX - unpacked ? UINT64_MAX : unpacked + size;
        at += whole;
    }
    const hsd_status status = check_twins(z, names->data, names->count);
    return status == HSD_OK ? check_size(z, unpacked) : status;
}

hsd_status hsd_gtfs_zip_check(const char *path, const char *name, hsd_error *err) {
    zip z = {.name = name, .err = err};
    z.file = VSIFOpenL(path, "rb");
    if (!z.file) return hsd_fail(err, HSD_E_OPEN, "%s: cannot be opened", name);
    hsd_status status = HSD_OK;
    name_list names = {0};
    if (VSIFSeekL(z.file, 0, SEEK_END) != 0) status = cut_off(&z);
    z.size = VSIFTellL(z.file);
    if (status == HSD_OK) status = find_directory(&z);
    if (status == HSD_OK) status = read_directory(&z);
    if (status == HSD_OK) status = check_entries(&z, &names);
    for (size_t i = 0; i < names.count; i++) hsd_free(names.data[i]);
    hsd_array_finish(&names);
    hsd_free(z.directory);
    VSIFCloseL(z.file);
    return status;
}
