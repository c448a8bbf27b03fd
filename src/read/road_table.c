/* The road table's pools: names once each in one block of text (FNV-1a, open addressing, at most
 * half full), classes by a scan of the few there are, notes up to a bound. All ids come from the
 * order of adding, never from a hash, so equal input gives equal tables. */
#include "read/road_table.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static uint32_t hash_of(const char *text) {
    uint32_t hash = 2166136261u;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

/* The slot that holds the text, or the free one where it belongs. */
static size_t slot_of(const hsd_name_pool *pool, const char *text) {
    size_t mask = pool->slot_count - 1, at = hash_of(text) & mask;
    while (pool->slots[at] && strcmp(pool->data + pool->slots[at], text) != 0) at = (at + 1) & mask;
    return at;
}

static hsd_status widen_slots(hsd_name_pool *pool, hsd_error *err) {
    size_t old_count = pool->slot_count, count = old_count ? old_count * 2 : 256;
    uint32_t *old = pool->slots, *slots = hsd_calloc(count, sizeof *slots, err);
    if (!slots) return HSD_E_MEMORY;
    pool->slots = slots;
    pool->slot_count = count;
    for (size_t i = 0; i < old_count; i++)
        if (old[i]) slots[slot_of(pool, pool->data + old[i])] = old[i];
    hsd_free(old);
    return HSD_OK;
}

static hsd_status append_text(hsd_name_pool *pool, const char *text, uint32_t *offset,
                              hsd_error *err) {
    size_t length = strlen(text) + 1;
    if (length > UINT32_MAX - pool->size)
        return hsd_fail(err, HSD_E_MEMORY, "names of roads take more than 4 GB");
    if (pool->size + length > pool->capacity &&
        !hsd_array_grow((void **)(void *)&pool->data, &pool->capacity, pool->size + length, 1, err))
        return HSD_E_MEMORY;
    memcpy(pool->data + pool->size, text, length);
    *offset = (uint32_t)pool->size;
    pool->size += length;
    return HSD_OK;
}

hsd_status hsd_name_pool_add(hsd_name_pool *pool, const char *text, uint32_t *offset,
                             hsd_error *err) {
    if (pool->size == 0 && append_text(pool, "", offset, err) != HSD_OK) return HSD_E_MEMORY;
    *offset = 0;
    if (!*text) return HSD_OK;
    if (pool->used * 2 >= pool->slot_count && widen_slots(pool, err) != HSD_OK) return HSD_E_MEMORY;
    size_t slot = slot_of(pool, text);
    if (!pool->slots[slot]) {
        hsd_status status = append_text(pool, text, &pool->slots[slot], err);
        if (status != HSD_OK) return status;
        pool->used++;
    }
    *offset = pool->slots[slot];
    return HSD_OK;
}

void hsd_name_pool_finish(hsd_name_pool *pool) {
    hsd_free(pool->data);
    hsd_free(pool->slots);
    *pool = (hsd_name_pool){0};
}

/* Grows by one at a time: lists of a few dozen. */
static hsd_status push_text(char ***list, size_t *count, char *text, hsd_error *err) {
    if (!text) return HSD_E_MEMORY;
    char **grown = hsd_realloc(*list, *count + 1, sizeof **list, err);
    if (!grown) {
        hsd_free(text);
        return HSD_E_MEMORY;
    }
    *list = grown;
    grown[(*count)++] = text;
    return HSD_OK;
}

hsd_status hsd_road_table_class(hsd_road_table *table, const char *name, uint16_t *id,
                                hsd_error *err) {
    for (size_t i = 0; i < table->class_count; i++) {
        if (strcmp(table->classes[i], name) == 0) {
            *id = (uint16_t)i;
            return HSD_OK;
        }
    }
    if (table->class_count > UINT16_MAX)
        return hsd_fail(err, HSD_E_FORMAT, "more than 65536 classes of roads, at \"%.40s\"", name);
    *id = (uint16_t)table->class_count;
    return push_text(&table->classes, &table->class_count, hsd_strdup(name, err), err);
}

hsd_status hsd_road_table_mode(hsd_road_table *table, const char *name, hsd_error *err) {
    if (table->mode_count == HSD_MAX_MODES)
        return hsd_fail(err, HSD_E_FORMAT, "more than %d modes, at \"%.40s\"", HSD_MAX_MODES, name);
    char *copy = hsd_strdup(name, err);
    if (!copy) return HSD_E_MEMORY;
    table->modes[table->mode_count++] = copy;
    return HSD_OK;
}

hsd_status hsd_road_table_note(hsd_road_table *table, hsd_error *err, const char *format, ...) {
    if (table->note_count >= HSD_MAX_NOTES) return HSD_OK;
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return push_text(&table->notes, &table->note_count, hsd_strdup(text, err), err);
}

hsd_box_e7 hsd_road_table_box(const hsd_road_table *table) {
    hsd_box_e7 box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (size_t i = 0; i < table->node_count; i++) {
        hsd_point_e7 p = table->nodes[i];
        if (p.lon_e7 < box.min_lon_e7) box.min_lon_e7 = p.lon_e7;
        if (p.lon_e7 > box.max_lon_e7) box.max_lon_e7 = p.lon_e7;
        if (p.lat_e7 < box.min_lat_e7) box.min_lat_e7 = p.lat_e7;
        if (p.lat_e7 > box.max_lat_e7) box.max_lat_e7 = p.lat_e7;
    }
    return box;
}

static void free_texts(char **texts, size_t count) {
    for (size_t i = 0; i < count; i++) hsd_free(texts[i]);
}

void hsd_road_table_finish(hsd_road_table *table) {
    if (!table) return;
    free_texts(table->classes, table->class_count);
    free_texts(table->modes, table->mode_count);
    free_texts(table->notes, table->note_count);
    hsd_free(table->classes);
    hsd_free(table->notes);
    hsd_free(table->nodes);
    hsd_free(table->node_source);
    hsd_free(table->node_no);
    hsd_free(table->node_flags);
    hsd_free(table->way_nodes);
    hsd_free(table->ways);
    hsd_free(table->restrictions);
    hsd_free(table->via_ways);
    hsd_free(table->strings);
    hsd_geometry_finish(&table->water);
    *table = (hsd_road_table){0};
}
