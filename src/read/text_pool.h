/* Texts kept once each, and rows by their id. Private to read/. */
#ifndef READ_TEXT_POOL_H
#define READ_TEXT_POOL_H

#include "base/memory.h"
#include "hourshed/read.h"

typedef struct hsd_text_slot {
    uint32_t text, row, hash; /* text 0: free */
} hsd_text_slot;

/* Rows by a text of the pool. Zero it to begin. */
typedef struct hsd_text_index {
    hsd_text_slot *slots;
    size_t count, capacity; /* capacity: a power of two, or 0 */
} hsd_text_index;

/* Zero-ended texts one after another; offset 0 is "". Zero it to begin. */
typedef struct hsd_text_pool {
    HSD_ARRAY(char) text;
    hsd_text_index all;
} hsd_text_pool;

/* The text's offset; the same for the same text. False: out of memory, or 4 GB of texts. */
bool hsd_text_pool_add(hsd_text_pool *pool, const char *text, size_t length, uint32_t *offset,
                       hsd_error *err);
void hsd_text_pool_finish(hsd_text_pool *pool);

/* HSD_NO_ROW where it is not there. "" is never there. */
uint32_t hsd_text_index_find(const hsd_text_index *index, const hsd_text_pool *pool,
                             const char *text, size_t length);
/* A text of the pool that is not in the index yet, not "". */
bool hsd_text_index_add(hsd_text_index *index, const hsd_text_pool *pool, uint32_t offset,
                        uint32_t row, hsd_error *err);
void hsd_text_index_finish(hsd_text_index *index);
#endif
