/* Zip archives in memory: the same files give the same bytes. */
#ifndef EXPORT_ZIP_H
#define EXPORT_ZIP_H

#include "base/memory.h"

typedef struct hsd_zip_entry {
    const char *name; /* lives until the end */
    uint32_t crc, packed, size, offset;
} hsd_zip_entry;

/* Zero it to begin; add files; end; data[0 .. count) is the archive. */
typedef struct hsd_zip {
    HSD_ARRAY(uint8_t) bytes;
    HSD_ARRAY(hsd_zip_entry) entries;
} hsd_zip;
hsd_status hsd_zip_add(hsd_zip *zip, const char *name, const void *data, size_t size,
                       hsd_error *err);
hsd_status hsd_zip_end(hsd_zip *zip, hsd_error *err);
void hsd_zip_finish(hsd_zip *zip);
#endif
