/* A zip archive of one deflated file (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16), dated
 * 1980-01-01 as the format's zero, so that the same project gives the same bytes. Returned as
 * hexadecimal text: the form in which QGIS keeps a .qgz in qgis_projects. O(size). */
#include <string.h>

#include <zlib.h>

#include "base/memory.h"
#include "export/styles.h"

enum { LOCAL_HEADER = 30, CENTRAL_HEADER = 46, END_RECORD = 22 };

static uint8_t *put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t value) {
    return put16(put16(at, value & 0xFFFF), value >> 16);
}

typedef struct entry {
    uint32_t crc, packed, size;
    const char *name;
} entry;

/* The fields that the local and the central header share, from "version needed" on. */
static uint8_t *put_common(uint8_t *at, const entry *e) {
    at = put16(at, 20);     /* version needed: deflate */
    at = put16(at, 0x0800); /* the name is UTF-8 */
    at = put16(at, 8);      /* deflated */
    at = put16(at, 0);      /* 00:00:00 */
    at = put16(at, 0x0021); /* 1980-01-01 */
    at = put32(at, e->crc);
    at = put32(at, e->packed);
    at = put32(at, e->size);
    at = put16(at, (uint32_t)strlen(e->name));
    return put16(at, 0); /* no extra field */
}

static uint8_t *put_tail(uint8_t *at, const entry *e) {
    uint8_t *central = at;
    at = put32(at, 0x02014b50);
    at = put16(at, 20); /* version made by: FAT attributes */
    at = put_common(at, e);
    at = put16(at, 0); /* no comment */
    at = put16(at, 0); /* disk */
    at = put16(at, 0); /* internal attributes */
    at = put32(at, 0); /* external attributes */
    at = put32(at, 0); /* offset of the local header */
    size_t length = strlen(e->name);
    memcpy(at, e->name, length);
    at += length;
    uint32_t central_size = (uint32_t)(at - central);
    at = put32(at, 0x06054b50);
    at = put32(at, 0); /* disks */
    at = put16(at, 1);
    at = put16(at, 1);
    at = put32(at, central_size);
    at = put32(at, (uint32_t)(LOCAL_HEADER + length) + e->packed);
    return put16(at, 0);
}

static hsd_status deflate_into(uint8_t *out, size_t room, const void *data, size_t size,
                               uint32_t *packed, hsd_error *err) {
    z_stream stream = {0};
    /* negative window bits: a bare deflate stream, as zip wants it */
    if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return hsd_fail(err, HSD_E_MEMORY, "out of memory for compressing the project");
    stream.next_in = (Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    int result = deflate(&stream, Z_FINISH);
    *packed = (uint32_t)stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END
               ? HSD_OK
               : hsd_fail(err, HSD_E_INTERNAL, "compressing the project ended with %d", result);
}

static char *hex_of(const uint8_t *data, size_t size, hsd_error *err) {
    static const char digits[] = "0123456789abcdef";
    char *hex = hsd_alloc(2 * size + 1, 1, err);
    if (!hex) return NULL;
    for (size_t i = 0; i < size; i++) {
        hex[2 * i] = digits[data[i] >> 4];
        hex[2 * i + 1] = digits[data[i] & 15];
    }
    hex[2 * size] = '\0';
    return hex;
}

hsd_status hsd_zip_hex(const char *name, const void *data, size_t size, char **hex,
                       hsd_error *err) {
    *hex = NULL;
    if (size > (size_t)1 << 30)
        return hsd_fail(err, HSD_E_MEMORY, "the project is larger than 1 GiB");
    size_t name_length = strlen(name);
    size_t room = compressBound((uLong)size) + 64;
    uint8_t *archive =
        hsd_alloc(room + 2 * name_length + LOCAL_HEADER + CENTRAL_HEADER + END_RECORD, 1, err);
    if (!archive) return HSD_E_MEMORY;
    uint8_t *content = archive + LOCAL_HEADER + name_length;
    entry e = {.crc = (uint32_t)crc32(0, data, (uInt)size), .size = (uint32_t)size, .name = name};
    hsd_status status = deflate_into(content, room, data, size, &e.packed, err);
    if (status == HSD_OK) {
        memcpy(put_common(put32(archive, 0x04034b50), &e), name, name_length);
        const uint8_t *end = put_tail(content + e.packed, &e);
        *hex = hex_of(archive, (size_t)(end - archive), err);
        if (!*hex) status = HSD_E_MEMORY;
    }
    hsd_free(archive);
    return status;
}
