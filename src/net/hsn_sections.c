/* Sections: a network is a list of flat arrays, whether built in memory or mapped from a file; the
 * one table below says what each of them is, so that building, saving, opening and checking agree.
 */
#include <stdlib.h>
#include <string.h>

#include "net/hsn.h"

static const char *const kind_names[HSN_END] = {
    [HSN_HEAD] = "head",
    [HSN_STRINGS] = "strings",
    [HSN_CLASSES] = "classes",
    [HSN_MODE_WORDS] = "mode words",
    [HSN_INPUTS] = "inputs",
    [HSN_VERTEX_POINT] = "vertex points",
    [HSN_VERTEX_SOURCE] = "vertex sources",
    [HSN_VERTEX_FLAGS] = "vertex flags",
    [HSN_EDGES] = "edges",
    [HSN_POINTS] = "points",
    [HSN_SEGMENT_M] = "segment lengths",
    [HSN_POINT_EDGE] = "edges of points",
    [HSN_SNAP_BOXES] = "snap boxes",
    [HSN_SNAP_ITEMS] = "snap items",
    [HSN_VERTEX_BOXES] = "vertex boxes",
    [HSN_VERTEX_ITEMS] = "vertex items",
    [HSN_BARRIER_POINTS] = "barrier points",
    [HSN_BARRIER_RINGS] = "barrier rings",
    [HSN_BARRIER_POLYGONS] = "barrier polygons",
    [HSN_BARRIER_BOXES] = "barrier boxes",
    [HSN_BARRIER_ITEMS] = "barrier items",
    [HSN_GRAPH_HEAD] = "graph head",
    [HSN_FIRST_OUT] = "first arcs out",
    [HSN_HEADS] = "arc heads",
    [HSN_TAILS] = "arc tails",
    [HSN_FIRST_IN] = "first arcs in",
    [HSN_IN_ARC] = "arcs in",
    [HSN_NODE_VERTEX] = "vertices of nodes",
    [HSN_NODE_FREE] = "free nodes",
    [HSN_NODE_FREE_COPY] = "free copies",
    [HSN_NODE_COPY] = "copy numbers",
    [HSN_NODE_COMPONENT] = "components of nodes",
    [HSN_COMPONENT_ARCS] = "arcs of components",
    [HSN_ARC_FIRST_LINK] = "first links of arcs",
    [HSN_LINK_EDGE] = "edges of links",
    [HSN_LINK_ARC] = "arcs of links",
    [HSN_EDGE_FIRST_USE] = "first uses of edges",
    [HSN_USE_LINK] = "uses of edges",
    [HSN_METRIC_HEAD] = "metric head",
    [HSN_PACE] = "paces",
    [HSN_EDGE_MS] = "edge times",
    [HSN_ARC_MS] = "arc times",
    [HSN_LINK_MS] = "link times",
    [HSN_EDGE_STOP] = "edges to stop on",
    [HSN_SPEED_SOURCE] = "speed sources",
    [HSN_CLASS_RULES] = "class rules",
    [HSN_PROFILE_WORDS] = "words of access",
    [HSN_TIMETABLE_HEAD] = "timetable head",
    [HSN_TIMETABLE_STRINGS] = "timetable strings",
    [HSN_FEEDS] = "feeds",
    [HSN_STOPS] = "stops of the timetable",
    [HSN_TRANSIT_LINES] = "lines",
    [HSN_TRIPS] = "trips",
    [HSN_CALLS] = "calls",
    [HSN_HEADWAYS] = "headways",
    [HSN_TRANSFERS] = "transfers",
    [HSN_SHAPES] = "shapes",
    [HSN_SHAPE_POINTS] = "shape points",
    [HSN_SERVICE_DAYS] = "service days",
};

const char *hsn_kind_name(uint32_t kind) {
    return kind < HSN_END && kind_names[kind] ? kind_names[kind] : "unknown";
}

hsd_status hsn_storage_create(hsn_storage **out, hsd_error *err) {
    *out = hsd_calloc(1, sizeof **out, err);
    if (!*out) return HSD_E_MEMORY;
    pthread_mutex_init(&(*out)->lock, NULL);
    (*out)->version = HSN_VERSION;
    return HSD_OK;
}

void hsn_storage_destroy(hsn_storage *storage) {
    if (!storage) return;
    for (size_t i = 0; i < storage->sections.count; i++)
        if (storage->sections.data[i].owned)
            hsd_free((void *)(uintptr_t)storage->sections.data[i].data);
    hsd_array_finish(&storage->sections);
    hsd_unmap(&storage->mapping);
    pthread_mutex_destroy(&storage->lock);
    hsd_free(storage->graph_checked);
    hsd_free(storage->ready);
    hsd_free(storage->texts);
    hsd_free(storage->graphs);
    hsd_free(storage->metrics);
    hsd_free(storage->profiles);
    hsd_free(storage->inputs);
    hsd_free(storage);
}

hsd_status hsn_add(hsn_storage *storage, uint32_t kind, uint32_t index, void *data, size_t count,
                   size_t size, hsd_error *err) {
    hsn_section section = {kind, index, data, (uint64_t)count * size, 0, true};
    if (!data) return HSD_E_MEMORY;
    if (hsd_array_push(&storage->sections, section, err)) return HSD_OK;
    hsd_free(data);
    return HSD_E_MEMORY;
}

const hsn_section *hsn_find(const hsn_storage *storage, uint32_t kind, uint32_t index) {
    for (size_t i = 0; i < storage->sections.count; i++)
        if (storage->sections.data[i].kind == kind && storage->sections.data[i].index == index)
            return &storage->sections.data[i];
    return NULL;
}

/* ---- Checksum and content id
 * --------------------------------------------------------------------- */

/* Four lanes of multiply and rotate over 32-byte blocks (after xxHash, Collet 2014): each step is a
 * bijection of its lane, so that no single damaged word goes unseen. */
static uint64_t rotated(uint64_t x, int bits) {
    return (x << bits) | (x >> (64 - bits));
}

uint64_t hsn_checksum(const void *data, size_t size) {
    const uint64_t p1 = 0x9E3779B185EBCA87u, p2 = 0xC2B2AE3D27D4EB4Fu, p3 = 0x165667B19E3779F9u;
    uint64_t lane[4] = {p1, p2, p3, p1 ^ p2};
    const uint8_t *bytes = data;
    size_t left = size;
    for (; left >= 32; left -= 32, bytes += 32) {
        uint64_t word[4];
        memcpy(word, bytes, 32);
        for (int i = 0; i < 4; i++) lane[i] = rotated(lane[i] + word[i] * p2, 31) * p1;
    }
    if (left > 0) {
        uint64_t word[4] = {0};
        memcpy(word, bytes, left);
        for (int i = 0; i < 4; i++) lane[i] = rotated(lane[i] + word[i] * p2, 31) * p1;
    }
    uint64_t sum = (uint64_t)size * p3;
    for (int i = 0; i < 4; i++) sum = (rotated(sum, 27) ^ lane[i]) * p1 + p3;
    sum ^= sum >> 33;
    sum *= p2;
    return sum ^ (sum >> 29);
}

hsd_status hsn_check_sums(const hsn_storage *storage, uint32_t group, uint32_t index,
                          hsd_error *err) {
    for (size_t i = 0; i < storage->sections.count; i++) {
        const hsn_section *s = &storage->sections.data[i];
        if (hsn_group(s->kind) != group || s->index != index) continue;
        if (hsn_checksum(s->data, s->size) != s->checksum)
            return hsd_fail(err, HSD_E_FORMAT,
                            "the network file is damaged: section \"%s\" %u does not have its "
                            "checksum",
                            hsn_kind_name(s->kind), s->index);
    }
    return HSD_OK;
}

static int file_order(const void *a, const void *b) {
    const hsn_section *x = a, *y = b;
    uint32_t gx = hsn_group(x->kind), gy = hsn_group(y->kind);
    if (gx != gy) return gx < gy ? -1 : 1;
    if (x->index != y->index) return x->index < y->index ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

hsd_status hsn_content_id(hsn_storage *storage, hsd_error *err) {
    qsort(storage->sections.data, storage->sections.count, sizeof *storage->sections.data,
          file_order);
    hsd_sha256 *hash;
    hsd_status status = hsd_sha256_create(&hash, err);
    if (status != HSD_OK) return status;
    for (size_t i = 0; i < storage->sections.count; i++) {
        const hsn_section *s = &storage->sections.data[i];
        uint64_t label[3] = {s->kind, s->index, s->size};
        hsd_sha256_add(hash, label, sizeof label);
        hsd_sha256_add(hash, s->data, s->size);
    }
    hsd_sha256_end(hash, storage->content_id, NULL);
    hsd_sha256_destroy(hash);
    return HSD_OK;
}
