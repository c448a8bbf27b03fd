/* Allocation through one door: sizes are checked, failures carry the size asked for, and tests can
 * let the n-th allocation fail. */
#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

static _Atomic uint64_t fail_countdown; /* 0: off. Tests only; see hsd_memory_fail_at */
static _Atomic uint64_t allocations;

uint64_t hsd_memory_fail_at(uint64_t n) {
    atomic_store(&fail_countdown, n);
    return atomic_exchange(&allocations, 0);
}

static bool must_fail(void) {
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) == 0) return false;
    return atomic_fetch_sub(&fail_countdown, 1) == 1;
}

uint64_t hsd_machine_memory(void) {
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
}

static bool bytes_of(size_t count, size_t size, size_t *bytes) {
    if (__builtin_mul_overflow(count, size, bytes) || *bytes > PTRDIFF_MAX) return false;
    if (*bytes == 0) *bytes = 1;
    return true;
}

static void *refused(size_t count, size_t size, hsd_error *err) {
    hsd_fail(err, HSD_E_MEMORY, "out of memory: %zu items of %zu bytes", count, size);
    return NULL;
}

void *hsd_alloc(size_t count, size_t size, hsd_error *err) {
    size_t bytes;
    void *memory = NULL;
    if (bytes_of(count, size, &bytes) && !must_fail()) memory = malloc(bytes);
    return memory ? memory : refused(count, size, err);
}

void *hsd_calloc(size_t count, size_t size, hsd_error *err) {
    size_t bytes;
    void *memory = NULL;
    if (bytes_of(count, size, &bytes) && !must_fail()) memory = calloc(1, bytes);
    return memory ? memory : refused(count, size, err);
}

void *hsd_realloc(void *old, size_t count, size_t size, hsd_error *err) {
    size_t bytes;
    void *memory = NULL;
    if (bytes_of(count, size, &bytes) && !must_fail()) memory = realloc(old, bytes);
    return memory ? memory : refused(count, size, err);
}

void hsd_free(void *pointer) {
    free(pointer);
}

char *hsd_strndup(const char *text, size_t length, hsd_error *err) {
    char *copy = hsd_alloc(length + 1, 1, err);
    if (!copy) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *hsd_strdup(const char *text, hsd_error *err) {
    return hsd_strndup(text, strlen(text), err);
}

char *hsd_asprintf(hsd_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        hsd_fail(err, HSD_E_INTERNAL, "cannot format text");
        return NULL;
    }
    char *text = hsd_alloc((size_t)length + 1, 1, err);
    if (!text) return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

bool hsd_array_grow(void **data, size_t *capacity, size_t need, size_t size, hsd_error *err) {
    size_t grown = *capacity < 8 ? 8 : *capacity + *capacity / 2;
    if (grown < need) grown = need;
    void *memory = hsd_realloc(*data, grown, size, err);
    if (!memory) return false;
    *data = memory;
    *capacity = grown;
    return true;
}

uint32_t hsd_ms_of(double length_m, uint32_t speed_mh) {
    if (speed_mh == 0 || !(length_m >= 0)) return HSD_UNREACHABLE;
    if (length_m == 0) return 0;
    double ms = floor(length_m * 3600000.0 / (double)speed_mh + 0.5);
    if (!(ms < (double)HSD_UNREACHABLE)) return HSD_UNREACHABLE;
    return ms < 1 ? 1 : (uint32_t)ms;
}
