/* A road table that grows. Words of access appear while rows are read, so bans ("every word but
 * these") are completed at the end; until then a closed direction is marked in the no mask by the
 * words there were, and settled by hsd_builder_end. */
#include <string.h>

#include "read/message.h"
#include "read/table_builder.h"

static const uint16_t closed_mark =
    1u << 0; /* car is always a word: its ban marks a closed direction */

hsd_status hsd_builder_init(hsd_road_table *table, hsd_table_builder *out, hsd_error *err) {
    static const char *const words[] = {"car", "walk", "bicycle"};
    *out = (hsd_table_builder){.table = table};
    hsd_status status = HSD_OK;
    for (size_t i = 0; i < 3 && status == HSD_OK; i++)
        status = hsd_road_table_mode(table, words[i], err);
    return status;
}

static bool widen(void *array, size_t capacity, size_t size, hsd_error *err) {
    void **at = array;
    void *grown = hsd_realloc(*at, capacity, size, err);
    if (grown) *at = grown;
    return grown != NULL;
}

hsd_status hsd_builder_node(hsd_table_builder *builder, hsd_point_e7 point, int64_t source,
                            uint8_t flags, uint32_t *index, hsd_error *err) {
    hsd_road_table *t = builder->table;
    if (t->node_count >= UINT32_MAX - 1)
        return hsd_fail(err, HSD_E_MEMORY, "more than 4,294,967,294 nodes");
    if (t->node_count == builder->node_capacity) {
        size_t capacity = builder->node_capacity ? builder->node_capacity * 2 : 64;
        if (!widen(&t->nodes, capacity, sizeof *t->nodes, err) ||
            !widen(&t->node_source, capacity, sizeof *t->node_source, err) ||
            !widen(&t->node_no, capacity, sizeof *t->node_no, err) ||
            !widen(&t->node_flags, capacity, sizeof *t->node_flags, err))
            return HSD_E_MEMORY;
        builder->node_capacity = capacity;
    }
    *index = (uint32_t)t->node_count++;
    t->nodes[*index] = point;
    t->node_source[*index] = source;
    t->node_no[*index] = 0;
    t->node_flags[*index] = flags;
    return HSD_OK;
}

hsd_status hsd_builder_way_node(hsd_table_builder *builder, uint32_t node, hsd_error *err) {
    hsd_road_table *t = builder->table;
    if (t->way_node_count >= UINT32_MAX - 1)
        return hsd_fail(err, HSD_E_MEMORY, "more than 4,294,967,294 points of roads");
    if (t->way_node_count == builder->way_node_capacity &&
        !hsd_array_grow((void **)(void *)&t->way_nodes, &builder->way_node_capacity,
                        t->way_node_count + 1, sizeof *t->way_nodes, err))
        return HSD_E_MEMORY;
    t->way_nodes[t->way_node_count++] = node;
    return HSD_OK;
}

hsd_status hsd_builder_way(hsd_table_builder *builder, const hsd_way *way, hsd_error *err) {
    hsd_road_table *t = builder->table;
    if (t->way_count == builder->way_capacity &&
        !hsd_array_grow((void **)(void *)&t->ways, &builder->way_capacity, t->way_count + 1,
                        sizeof *t->ways, err))
        return HSD_E_MEMORY;
    hsd_way *added = &t->ways[t->way_count++];
    *added = *way;
    added->node_count = (uint32_t)t->way_node_count - way->first_node;
    return HSD_OK;
}

static hsd_status word_bit(hsd_table_builder *builder, const char *word, size_t length,
                           uint16_t *bits, hsd_error *err) {
    hsd_road_table *t = builder->table;
    char clip[HSD_CLIP_SIZE], copy[24];
    if (length == 0) return hsd_fail(err, HSD_E_FORMAT, "an empty word in a list of modes");
    if (length >= sizeof copy)
        return hsd_fail(err, HSD_E_FORMAT, "mode \"%s\" is longer than %zu bytes",
                        hsd_clip(word, clip), sizeof copy - 1);
    memcpy(copy, word, length);
    copy[length] = '\0';
    size_t i = 0;
    while (i < t->mode_count && strcmp(t->modes[i], copy) != 0) i++;
    hsd_status status = i == t->mode_count ? hsd_road_table_mode(t, copy, err) : HSD_OK;
    if (status == HSD_OK) *bits |= (uint16_t)(1u << i);
    return status;
}

hsd_status hsd_builder_words(hsd_table_builder *builder, const char *list, uint16_t *bits,
                             hsd_error *err) {
    *bits = 0;
    if (list[0] == '\0') return HSD_OK;
    for (;;) {
        while (*list == ' ') list++;
        const char *end = strchr(list, ';');
        size_t whole = end ? (size_t)(end - list) : strlen(list), length = whole;
        while (length > 0 && list[length - 1] == ' ') length--;
        hsd_status status = word_bit(builder, list, length, bits, err);
        if (status != HSD_OK || !end) return status;
        list = end + 1;
    }
}

void hsd_way_close(hsd_way *way, int direction) {
    way->no[direction] |= closed_mark;
}

hsd_status hsd_builder_end(hsd_table_builder *builder, hsd_error *err) {
    hsd_road_table *t = builder->table;
    uint32_t offset;
    hsd_status status = hsd_name_pool_add(&builder->names, "", &offset, err);
    uint16_t all = (uint16_t)((1u << t->mode_count) - 1);
    for (size_t i = 0; i < t->way_count; i++) {
        hsd_way *way = &t->ways[i];
        for (int d = 0; d < 2; d++) {
            bool closed = (way->no[d] & closed_mark) != 0;
            way->no[d] = closed ? (uint16_t)(all & ~HSD_BIT_WALK) : 0;
            if (way->yes[d]) way->no[d] |= (uint16_t)(all & ~way->yes[d]);
            way->yes[d] &= (uint16_t)~way->no[d];
        }
    }
    if (status == HSD_OK) {
        t->strings = builder->names.data;
        t->string_size = builder->names.size;
        builder->names.data = NULL;
    }
    hsd_builder_finish(builder);
    return status;
}

void hsd_builder_finish(hsd_table_builder *builder) {
    if (!builder) return;
    hsd_name_pool_finish(&builder->names);
    *builder = (hsd_table_builder){0};
}
