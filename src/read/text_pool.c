/* Open addressing with linear probing, at most half full; a slot keeps the hash, so that most
 * misses end without a look at the text. Nothing is ever read out in the order of the slots. O(1)
 * a look-up on average. */
#include "read/text_pool.h"

#include <string.h>

/* Eight bytes at a time, multiplied and folded. */
static uint32_t hash_of(const char *text, size_t length) {
    uint64_t hash = 0x9E3779B97F4A7C15u ^ length;
    while (length > 0) {
        uint64_t word = 0;
        const size_t step = length < 8 ? length : 8;
        memcpy(&word, text, step);
        hash = (hash ^ word) * 0xE7037ED1A0B428DBu;
        hash ^= hash >> 32;
        text += step;
        length -= step;
    }
    hash *= 0x94D049BB133111EBu;
    return (uint32_t)(hash >> 32);
}

static bool grow(hsd_text_index *index, hsd_error *err) {
    const size_t capacity = index->capacity ? index->capacity * 2 : 16;
    hsd_text_slot *slots = hsd_calloc(capacity, sizeof *slots, err);
    if (!slots) return false;
    for (size_t i = 0; i < index->capacity; i++) {
        if (!index->slots[i].text) continue;
        size_t at = index->slots[i].hash & (capacity - 1);
        while (slots[at].text) at = (at + 1) & (capacity - 1);
        slots[at] = index->slots[i];
    }
    hsd_free(index->slots);
    index->slots = slots;
    index->capacity = capacity;
    return true;
}

static uint32_t find(const hsd_text_index *index, const hsd_text_pool *pool, const char *text,
                     size_t length, uint32_t hash) {
    if (index->capacity == 0) return HSD_NO_ROW;
    for (size_t at = hash & (index->capacity - 1); index->slots[at].text;
         at = (at + 1) & (index->capacity - 1)) {
        if (index->slots[at].hash != hash) continue;
        const char *kept = pool->text.data + index->slots[at].text;
        if (strncmp(kept, text, length) == 0 && kept[length] == '\0') return index->slots[at].row;
    }
    return HSD_NO_ROW;
}

static bool add(hsd_text_index *index, uint32_t offset, uint32_t row, uint32_t hash,
                hsd_error *err) {
    if (index->count * 2 >= index->capacity && !grow(index, err)) return false;
    size_t at = hash & (index->capacity - 1);
    while (index->slots[at].text) at = (at + 1) & (index->capacity - 1);
    index->slots[at] = (hsd_text_slot){offset, row, hash};
    index->count++;
    return true;
}

uint32_t hsd_text_index_find(const hsd_text_index *index, const hsd_text_pool *pool,
                             const char *text, size_t length) {
    return length ? find(index, pool, text, length, hash_of(text, length)) : HSD_NO_ROW;
}

bool hsd_text_index_add(hsd_text_index *index, const hsd_text_pool *pool, uint32_t offset,
                        uint32_t row, hsd_error *err) {
    const char *text = pool->text.data + offset;
    return add(index, offset, row, hash_of(text, strlen(text)), err);
}

bool hsd_text_pool_add(hsd_text_pool *pool, const char *text, size_t length, uint32_t *offset,
                       hsd_error *err) {
    if (pool->text.count == 0 && !hsd_array_push(&pool->text, '\0', err)) return false;
    *offset = 0;
    if (length == 0) return true;
    const uint32_t hash = hash_of(text, length);
    *offset = find(&pool->all, pool, text, length, hash);
    if (*offset != HSD_NO_ROW) return true;
    const size_t at = pool->text.count;
    if (at + length >= UINT32_MAX) {
        hsd_fail(err, HSD_E_MEMORY, "more than 4 GB of texts");
        return false;
    }
    if (!hsd_array_reserve(&pool->text, at + length + 1, err)) return false;
    memcpy(pool->text.data + at, text, length);
    pool->text.data[at + length] = '\0';
    *offset = (uint32_t)at;
    if (!add(&pool->all, *offset, *offset, hash, err)) return false;
    pool->text.count = at + length + 1;
    return true;
}

void hsd_text_index_finish(hsd_text_index *index) {
    hsd_free(index->slots);
    *index = (hsd_text_index){0};
}

void hsd_text_pool_finish(hsd_text_pool *pool) {
    hsd_array_finish(&pool->text);
    hsd_text_index_finish(&pool->all);
}
