/* Allocation with checked sizes and errors instead of NULL surprises, and growable arrays. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "hourshed/base.h"

/* count * size bytes; count 0 gives a pointer that can be freed. NULL and err filled on failure. */
void *hsd_alloc(size_t count, size_t size, hsd_error *err);
void *hsd_calloc(size_t count, size_t size, hsd_error *err);
void *hsd_realloc(void *old, size_t count, size_t size, hsd_error *err);
char *hsd_strdup(const char *text, hsd_error *err);
char *hsd_strndup(const char *text, size_t length, hsd_error *err);
char *hsd_asprintf(hsd_error *err, const char *format, ...) HSD_PRINTF(2, 3);
void hsd_free(void *pointer); /* takes NULL */

/* Bytes of the machine's memory; 0: not known. */
uint64_t hsd_machine_memory(void);

/* Tests only: the n-th allocation from now fails (1 = the next one); 0 switches it off. Returns how
 * many allocations were made since the last call. */
uint64_t hsd_memory_fail_at(uint64_t n);

/* Typed growable array: HSD_ARRAY(uint32_t) ids = {0}; hsd_array_push(&ids, 7, err) is false when
 * out of memory. hsd_array_finish frees. */
#define HSD_ARRAY(T)                                                                               \
    struct {                                                                                       \
        T *data;                                                                                   \
        size_t count, capacity;                                                                    \
    }
bool hsd_array_grow(void **data, size_t *capacity, size_t need, size_t size, hsd_error *err);
#define hsd_array_reserve(a, need, err)                                                            \
    ((need) <= (a)->capacity || hsd_array_grow((void **)(void *)&(a)->data, &(a)->capacity,        \
                                               (need), sizeof *(a)->data, (err)))
#define hsd_array_push(a, value, err)                                                              \
    (hsd_array_reserve((a), (a)->count + 1, (err)) && ((a)->data[(a)->count++] = (value), true))
#define hsd_array_finish(a)                                                                        \
    (hsd_free((a)->data), (a)->data = NULL, (a)->count = 0, (a)->capacity = 0)

/* Sums of times, clamped to HSD_UNREACHABLE. */
static inline uint32_t hsd_ms_add(uint32_t a, uint32_t b) {
    uint32_t sum = a + b;
    return sum < HSD_UNREACHABLE ? sum : HSD_UNREACHABLE;
}
/* length / speed in ms: rounded once, half up, at least 1 if there is length, clamped. */
uint32_t hsd_ms_of(double length_m, uint32_t speed_mh);
#endif
