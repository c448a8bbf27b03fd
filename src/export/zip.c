/* Zip archives of deflated files (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16), dated
 * 1980-01-01 as the format's zero, so that the same files give the same bytes. Of one file also as
 * hexadecimal text: the form in which QGIS keeps a .qgz in qgis_projects. O(size). */
#include "export/zip.h"

#include <string.h>

#include <zlib.h>

#include "export/styles.h"

enum { LOCAL_HEADER = 30, CENTRAL_HEADER = 46, END_RECORD = 22 };
static const size_t MOST = 0xF0000000; /* 32-bit offsets, without zip64 */

static uint8_t *put16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t value) {
    return put16(put16(at, value & 0xFFFF), value >> 16);
}

/* The fields that the local and the central header share, from "version needed" on. */
static uint8_t *put_common(uint8_t *at, const hsd_zip_entry *e) {
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

static uint8_t *put_central(uint8_t *at, const hsd_zip_entry *e) {
    at = put32(at, 0x02014b50);
    at = put16(at, 20); /* version made by: FAT attributes */
    at = put_common(at, e);
    at = put16(at, 0); /* no comment */
    at = put16(at, 0); /* disk */
    at = put16(at, 0); /* internal attributes */
    at = put32(at, 0); /* external attributes */
    at = put32(at, e->offset);
    size_t length = strlen(e->name);
    memcpy(at, e->name, length);
    return at + length;
}

static hsd_status deflate_into(uint8_t *out, size_t room, const void *data, size_t size,
                               uint32_t *packed, hsd_error *err) {
    z_stream stream = {0};
    /* negative window bits: a bare deflate stream, as zip wants it */
    if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return hsd_fail(err, HSD_E_MEMORY, "out of memory for compressing");
    stream.next_in = (Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    int result = deflate(&stream, Z_FINISH);
    *packed = (uint32_t)stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END
               ? HSD_OK
               : hsd_fail(err, HSD_E_INTERNAL, "compressing ended with %d", result);
}

hsd_status hsd_zip_add(hsd_zip *zip, const char *name, const void *data, size_t size,
                       hsd_error *err) {
    const size_t room = size <= MOST ? compressBound((uLong)size) + 64 : 0;
    const size_t before = zip->bytes.count, length = strlen(name);
    if (size > MOST || before + LOCAL_HEADER + length + room > MOST)
        return hsd_fail(err, HSD_E_MEMORY, "%s: the archive is larger than 3.7 GiB", name);
    hsd_zip_entry e = {.name = name, .size = (uint32_t)size, .offset = (uint32_t)before};
    e.crc = (uint32_t)crc32(0, data, (uInt)size);
    if (!hsd_array_reserve(&zip->bytes, before + LOCAL_HEADER + length + room, err) ||
        !hsd_array_push(&zip->entries, e, err))
        return HSD_E_MEMORY;
    hsd_zip_entry *kept = &zip->entries.data[zip->entries.count - 1];
    uint8_t *header = zip->bytes.data + before, *content = header + LOCAL_HEADER + length;
    hsd_status status = deflate_into(content, room, data, size, &kept->packed, err);
    if (status != HSD_OK) return status;
    memcpy(put_common(put32(header, 0x04034b50), kept), name, length);
    zip->bytes.count = before + LOCAL_HEADER + length + kept->packed;
    return HSD_OK;
}

hsd_status hsd_zip_end(hsd_zip *zip, hsd_error *err) {
    const size_t before = zip->bytes.count, count = zip->entries.count;
    size_t size = 0;
    for (size_t i = 0; i < count; i++) size += CENTRAL_HEADER + strlen(zip->entries.data[i].name);
    if (!hsd_array_reserve(&zip->bytes, before + size + END_RECORD, err)) return HSD_E_MEMORY;
    uint8_t *at = zip->bytes.data + before;
    for (size_t i = 0; i < count; i++) at = put_central(at, &zip->entries.data[i]);
    at = put32(at, 0x06054b50);
    at = put32(at, 0); /* disks */
    at = put16(at, (uint32_t)count);
    at = put16(at, (uint32_t)count);
    at = put32(at, (uint32_t)size);
    at = put32(at, (uint32_t)before);
    at = put16(at, 0);
    zip->bytes.count = (size_t)(at - zip->bytes.data);
    return HSD_OK;
}

void hsd_zip_finish(hsd_zip *zip) {
    hsd_array_finish(&zip->bytes);
    hsd_array_finish(&zip->entries);
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
    hsd_zip zip = {0};
    *hex = NULL;
    hsd_status status = hsd_zip_add(&zip, name, data, size, err);
    if (status == HSD_OK) status = hsd_zip_end(&zip, err);
    if (status == HSD_OK && !(*hex = hex_of(zip.bytes.data, zip.bytes.count, err)))
        status = HSD_E_MEMORY;
    hsd_zip_finish(&zip);
    return status;
}
