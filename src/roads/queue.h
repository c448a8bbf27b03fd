/* The monotone queue of a bounded Dijkstra search: Dial's buckets (Dial 1969) 32 ms wide, with a
 * small binary heap for the bucket that is open. A window of 4,096 buckets (131 s) slides; what
 * lies beyond it waits in a plain array and is dealt out when the window is used up, as in a
 * two-level radix heap.
 *
 * Entries are never changed: a node whose time improves is pushed again, and the caller drops the
 * older entry when it comes out. Keys come out by ascending (time, node) and must not be smaller
 * than the last one popped. A push is O(1) unless it falls into the open bucket; a pop is O(log of
 * the open bucket), a handful of entries on road networks. Measured on the car graphs of Haikou and
 * Xi'an against a 4-ary heap (lazy, and with decrease-key) and a radix heap: half of their time. */
#ifndef ROADS_QUEUE_H
#define ROADS_QUEUE_H

#include <string.h>

#include "base/memory.h"

#define QUEUE_BUCKET_SHIFT 5
#define QUEUE_BUCKETS 4096u
#define QUEUE_NONE UINT32_MAX

typedef struct queue_entry {
    uint32_t ms, node, next; /* next of the same bucket, or of the free list */
} queue_entry;

typedef struct queue {
    HSD_ARRAY(uint64_t) open; /* binary heap of ms << 32 | node: the open bucket */
    HSD_ARRAY(queue_entry) pool;
    HSD_ARRAY(uint64_t) far; /* beyond the window, unordered */
    uint32_t free_entry;
    uint32_t window_ms; /* start of bucket 0 */
    uint32_t bucket;    /* the open one */
    uint32_t first[QUEUE_BUCKETS];
    uint64_t filled[QUEUE_BUCKETS / 64];
} queue;

static inline void queue_clear(queue *q) {
    q->open.count = q->pool.count = q->far.count = 0;
    q->free_entry = QUEUE_NONE;
    q->window_ms = q->bucket = 0;
    memset(q->first, 0xff, sizeof q->first);
    memset(q->filled, 0, sizeof q->filled);
}

static inline void queue_finish(queue *q) {
    hsd_array_finish(&q->open);
    hsd_array_finish(&q->pool);
    hsd_array_finish(&q->far);
}

static inline bool queue_open_push(queue *q, uint64_t key, hsd_error *err) {
    if (!hsd_array_reserve(&q->open, q->open.count + 1, err)) return false;
    uint64_t *heap = q->open.data;
    size_t i = q->open.count++;
    while (i > 0 && heap[(i - 1) / 2] > key) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = key;
    return true;
}

static inline uint64_t queue_open_pop(queue *q) {
    uint64_t *heap = q->open.data;
    const uint64_t least = heap[0];
    const size_t count = --q->open.count;
    const uint64_t key = heap[count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && heap[child + 1] < heap[child]) child++;
        if (heap[child] >= key) break;
        heap[i] = heap[child];
    }
    heap[i] = key;
    return least;
}

/* ms is not less than the last key popped, nor than window_ms. False: out of memory. */
static inline bool queue_push(queue *q, uint32_t ms, uint32_t node, hsd_error *err) {
    const uint64_t key = (uint64_t)ms << 32 | node;
    const uint32_t bucket = (ms - q->window_ms) >> QUEUE_BUCKET_SHIFT;
    if (bucket <= q->bucket) return queue_open_push(q, key, err);
    if (bucket >= QUEUE_BUCKETS) return hsd_array_push(&q->far, key, err);
    uint32_t entry = q->free_entry;
    if (entry != QUEUE_NONE) {
        q->free_entry = q->pool.data[entry].next;
    } else {
        if (!hsd_array_reserve(&q->pool, q->pool.count + 1, err)) return false;
        entry = (uint32_t)q->pool.count++;
    }
    q->pool.data[entry] = (queue_entry){.ms = ms, .node = node, .next = q->first[bucket]};
    q->first[bucket] = entry;
    q->filled[bucket >> 6] |= (uint64_t)1 << (bucket & 63);
    return true;
}

/* The next filled bucket after the open one becomes the open one; false: there is none. */
static inline bool queue_next_bucket(queue *q, hsd_error *err, bool *failed) {
    uint32_t word = (q->bucket + 1) >> 6;
    if (word >= QUEUE_BUCKETS / 64) return false;
    uint64_t bits = q->filled[word] & (UINT64_MAX << ((q->bucket + 1) & 63));
    while (bits == 0 && ++word < QUEUE_BUCKETS / 64) bits = q->filled[word];
    if (bits == 0) return false;
    q->bucket = word * 64 + (uint32_t)__builtin_ctzll(bits);
    q->filled[word] &= ~((uint64_t)1 << (q->bucket & 63));
    uint32_t i = q->first[q->bucket];
    q->first[q->bucket] = QUEUE_NONE;
    while (i != QUEUE_NONE) {
        queue_entry *entry = &q->pool.data[i];
        const uint32_t next = entry->next;
        if (!queue_open_push(q, (uint64_t)entry->ms << 32 | entry->node, err)) {
            *failed = true;
            return false;
        }
        entry->next = q->free_entry;
        q->free_entry = i;
        i = next;
    }
    return true;
}

/* The window moves to the least key that waits beyond it. Every bucket is empty. */
static inline bool queue_next_window(queue *q, hsd_error *err) {
    uint64_t least = q->far.data[0];
    for (size_t i = 1; i < q->far.count; i++)
        if (q->far.data[i] < least) least = q->far.data[i];
    q->window_ms = (uint32_t)(least >> 32);
    q->bucket = 0;
    const size_t count = q->far.count;
    q->far.count = 0; /* refilled in place: never past what was read */
    for (size_t i = 0; i < count; i++) {
        const uint64_t key = q->far.data[i];
        if (!queue_push(q, (uint32_t)(key >> 32), (uint32_t)key, err)) return false;
    }
    return true;
}

/* False when empty, or out of memory (*failed). */
static inline bool queue_pop(queue *q, uint64_t *key, hsd_error *err, bool *failed) {
    while (q->open.count == 0) {
        if (queue_next_bucket(q, err, failed)) break;
        if (*failed || q->far.count == 0) return false;
        if (!queue_next_window(q, err)) {
            *failed = true;
            return false;
        }
    }
    *key = queue_open_pop(q);
    return true;
}
#endif
