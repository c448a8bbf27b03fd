/* Sorted id sets. Ids are signed (editors give new objects negative ones); flipping the sign bit
 * makes their order that of unsigned numbers, and a radix sort by bytes, skipping the bytes all
 * ids share, orders them in a few linear passes. */
#include "read/osm_ids.h"

#include <string.h>

#include "base/memory.h"

#define SIGN ((uint64_t)1 << 63)

static unsigned byte_of(int64_t id, unsigned pass) {
    return (unsigned)((((uint64_t)id ^ SIGN) >> (8 * pass)) & 0xFF);
}

/* Sorts ids; spare is as long. Returns whichever of the two holds the result. */
static int64_t *sort_ids(int64_t *ids, int64_t *spare, size_t count) {
    for (unsigned pass = 0; pass < 8; pass++) {
        size_t start[257] = {0};
        for (size_t i = 0; i < count; i++) start[byte_of(ids[i], pass) + 1]++;
        if (count == 0 || start[byte_of(ids[0], pass) + 1] == count) continue;
        for (unsigned b = 0; b < 256; b++) start[b + 1] += start[b];
        for (size_t i = 0; i < count; i++) spare[start[byte_of(ids[i], pass)]++] = ids[i];
        int64_t *swap = ids;
        ids = spare;
        spare = swap;
    }
    return ids;
}

hsd_status hsd_osm_ids_make(const int64_t *a, size_t a_count, const int64_t *b, size_t b_count,
                            hsd_osm_ids *out, hsd_error *err) {
    *out = (hsd_osm_ids){0};
    size_t count = a_count + b_count;
    int64_t *ids = hsd_alloc(count, sizeof *ids, err), *spare = NULL;
    if (ids) spare = hsd_alloc(count, sizeof *spare, err);
    if (!spare) {
        hsd_free(ids);
        return HSD_E_MEMORY;
    }
    if (a_count) memcpy(ids, a, a_count * sizeof *ids);
    if (b_count) memcpy(ids + a_count, b, b_count * sizeof *ids);
    int64_t *sorted = sort_ids(ids, spare, count);
    hsd_free(sorted == ids ? spare : ids);
    for (size_t i = 0; i < count; i++)
        if (out->count == 0 || sorted[out->count - 1] != sorted[i])
            sorted[out->count++] = sorted[i];
    int64_t *tight = hsd_realloc(sorted, out->count, sizeof *sorted, err);
    if (!tight) {
        hsd_free(sorted);
        out->count = 0;
        return HSD_E_MEMORY;
    }
    out->data = tight;
    return HSD_OK;
}

void hsd_osm_ids_finish(hsd_osm_ids *ids) {
    hsd_free(ids->data);
    *ids = (hsd_osm_ids){0};
}

/* First place in [low, high) whose id is not below id. */
static size_t lower_bound(const int64_t *ids, size_t low, size_t high, int64_t id) {
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t checked(const hsd_osm_ids *ids, size_t at, int64_t id) {
    return at < ids->count && ids->data[at] == id ? at : HSD_OSM_NOT_FOUND;
}

size_t hsd_osm_ids_find(const hsd_osm_ids *ids, int64_t id) {
    return checked(ids, lower_bound(ids->data, 0, ids->count, id), id);
}

size_t hsd_osm_ids_seek(hsd_osm_ids *ids, int64_t id) {
    size_t low = 0, high = ids->cursor;
    if (ids->cursor < ids->count && ids->data[ids->cursor] < id) {
        size_t step = 1;
        low = ids->cursor + 1;
        while (step < ids->count - ids->cursor && ids->data[ids->cursor + step] < id) {
            low = ids->cursor + step + 1;
            step *= 2;
        }
        high = step < ids->count - ids->cursor ? ids->cursor + step : ids->count;
    } else if (ids->cursor < ids->count) {
        high = ids->cursor + 1;
    }
    size_t at = lower_bound(ids->data, low, high, id);
    ids->cursor = at < ids->count ? at : (ids->count ? ids->count - 1 : 0);
    return checked(ids, at, id);
}
