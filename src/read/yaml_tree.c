/* From YAML text to a tree that remembers lines, over libyaml's event interface. The events come
 * lazily, so limits on depth and number stop a hostile file early. A key is remembered until its
 * value begins; the line of an entry is the line of its key. O(bytes + entries of a map squared,
 * and those are bounded). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "base/text.h"
#include "read/message.h"
#include "read/yaml_tree.h"

typedef struct level {
    uint32_t node, last; /* the open collection and its last child */
    char *key;           /* of the entry being read; NULL: a key comes next (in a map) */
    uint32_t key_line;
} level;

typedef struct reader {
    hsd_yaml *yaml;
    level levels[HSD_YAML_MAX_DEPTH];
    size_t depth;
    unsigned documents;
} reader;

static hsd_status fail_line(const hsd_yaml *yaml, size_t line, hsd_error *err, const char *what) {
    return hsd_fail(err, HSD_E_FORMAT, "%s line %zu: %s", yaml->file, line, what);
}

/* The collection the next node belongs to; NULL at the root. */
static level *open_level(reader *r) {
    return r->depth ? &r->levels[r->depth - 1] : NULL;
}

static bool in_map(const reader *r) {
    return r->depth && r->yaml->nodes[r->levels[r->depth - 1].node].shape == HSD_YAML_MAP;
}

static hsd_status add_node(reader *r, hsd_yaml_shape shape, uint32_t line, uint32_t *index,
                           hsd_error *err) {
    hsd_yaml *yaml = r->yaml;
    level *parent = open_level(r);
    if (yaml->node_count >= HSD_YAML_MAX_NODES)
        return fail_line(yaml, line, err, "too many values");
    if (yaml->node_count == yaml->node_capacity &&
        !hsd_array_grow((void **)(void *)&yaml->nodes, &yaml->node_capacity, yaml->node_count + 1,
                        sizeof *yaml->nodes, err))
        return HSD_E_MEMORY;
    *index = (uint32_t)yaml->node_count++;
    yaml->nodes[*index] = (hsd_yaml_node){.shape = shape, .line = line};
    if (!parent) return HSD_OK;
    hsd_yaml_node *node = &yaml->nodes[*index], *owner = &yaml->nodes[parent->node];
    if (parent->key) {
        node->line = parent->key_line;
        node->key = parent->key;
        parent->key = NULL;
    }
    if (owner->count++ == 0)
        owner->first = *index;
    else
        yaml->nodes[parent->last].next = *index;
    parent->last = *index;
    if (owner->count > HSD_YAML_MAX_ENTRIES && owner->shape == HSD_YAML_MAP)
        return fail_line(yaml, line, err, "too many keys in one map");
    return HSD_OK;
}

static hsd_status take_key(reader *r, const char *text, size_t line, hsd_error *err) {
    level *parent = open_level(r);
    char clip[HSD_CLIP_SIZE];
    const hsd_yaml *yaml = r->yaml;
    for (uint32_t i = yaml->nodes[parent->node].first; i; i = yaml->nodes[i].next)
        if (strcmp(yaml->nodes[i].key, text) == 0)
            return hsd_fail(err, HSD_E_FORMAT,
                            "%s line %zu: key \"%s\" stands here again, first in line %u",
                            yaml->file, line, hsd_clip(text, clip), yaml->nodes[i].line);
    parent->key = hsd_strdup(text, err);
    parent->key_line = (uint32_t)line;
    return parent->key ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status take_scalar(reader *r, const yaml_event_t *event, hsd_error *err) {
    size_t line = event->start_mark.line + 1, length = event->data.scalar.length;
    const char *text = (const char *)event->data.scalar.value;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (strlen(text) != length) return fail_line(r->yaml, line, err, "a NUL character in a text");
    if (in_map(r) && !open_level(r)->key) return take_key(r, text, line, err);
    uint32_t index = 0;
    hsd_status status = add_node(r, HSD_YAML_SCALAR, (uint32_t)line, &index, err);
    if (status != HSD_OK) return status;
    hsd_yaml_node *node = &r->yaml->nodes[index];
    node->quoted = !plain;
    node->text = hsd_strdup(text, err);
    return node->text ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status begin_collection(reader *r, hsd_yaml_shape shape, size_t line, hsd_error *err) {
    if (in_map(r) && !open_level(r)->key)
        return fail_line(r->yaml, line, err, "a key must be a plain word");
    if (r->depth == HSD_YAML_MAX_DEPTH) return fail_line(r->yaml, line, err, "nested too deeply");
    uint32_t index = 0;
    hsd_status status = add_node(r, shape, (uint32_t)line, &index, err);
    if (status == HSD_OK) r->levels[r->depth++] = (level){.node = index};
    return status;
}

static bool has_tag_or_anchor(const yaml_event_t *event) {
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor || event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor || event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor || event->data.mapping_start.tag;
    default:
        return event->type == YAML_ALIAS_EVENT;
    }
}

static hsd_status take_event(reader *r, const yaml_event_t *event, hsd_error *err) {
    size_t line = event->start_mark.line + 1;
    if (has_tag_or_anchor(event))
        return fail_line(r->yaml, line, err,
                         "anchors (&), aliases (*) and tags (!) are not read; write the value out");
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (r->documents++)
            return fail_line(r->yaml, line, err, "a second document; one was expected");
        return HSD_OK;
    case YAML_SCALAR_EVENT:
        return take_scalar(r, event, err);
    case YAML_SEQUENCE_START_EVENT:
        return begin_collection(r, HSD_YAML_LIST, line, err);
    case YAML_MAPPING_START_EVENT:
        return begin_collection(r, HSD_YAML_MAP, line, err);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        return HSD_OK;
    default:
        return HSD_OK;
    }
}

static hsd_status parser_failed(const hsd_yaml *yaml, const yaml_parser_t *parser, hsd_error *err) {
    if (parser->error == YAML_MEMORY_ERROR) return hsd_fail(err, HSD_E_MEMORY, "out of memory");
    size_t line = parser->problem_mark.line + 1;
    const char *tab = parser->problem && strstr(parser->problem, "cannot start any token")
                          ? " (a tab, or a character that needs quotes?)"
                          : "";
    return hsd_fail(err, HSD_E_FORMAT, "%s line %zu: not YAML: %s%s", yaml->file, line,
                    parser->problem ? parser->problem : "syntax error", tab);
}

static hsd_status read_events(reader *r, yaml_parser_t *parser, hsd_error *err) {
    for (;;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) return parser_failed(r->yaml, parser, err);
        bool end = event.type == YAML_STREAM_END_EVENT;
        hsd_status status = take_event(r, &event, err);
        yaml_event_delete(&event);
        if (status != HSD_OK || end) return status;
    }
}

/* Line of the first byte that is not UTF-8, or not text. */
static size_t bad_text_line(const char *data, size_t length) {
    size_t line = 1;
    for (size_t begin = 0; begin < length; line++) {
        const char *newline = memchr(data + begin, '\n', length - begin);
        size_t end = newline ? (size_t)(newline - data) + 1 : length;
        if (!hsd_utf8_valid(data + begin, end - begin) || memchr(data + begin, 0, end - begin))
            return line;
        begin = end;
    }
    return 0;
}

hsd_status hsd_yaml_parse(const char *data, size_t length, const char *file, hsd_yaml *out,
                          hsd_error *err) {
    *out = (hsd_yaml){0};
    if (!(out->file = hsd_strdup(file, err))) return HSD_E_MEMORY;
    size_t bad = length > HSD_YAML_MAX_SIZE ? 0 : bad_text_line(data, length);
    hsd_status status = HSD_OK;
    if (length > HSD_YAML_MAX_SIZE)
        status = hsd_fail(err, HSD_E_FORMAT, "%s: larger than %d bytes", file, HSD_YAML_MAX_SIZE);
    else if (bad)
        status = fail_line(out, bad, err, "not UTF-8 text");
    yaml_parser_t parser;
    if (status == HSD_OK && !yaml_parser_initialize(&parser))
        status = hsd_fail(err, HSD_E_MEMORY, "out of memory");
    else if (status == HSD_OK) {
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser, (const unsigned char *)data, length);
        reader r = {.yaml = out};
        status = read_events(&r, &parser, err);
        for (size_t i = 0; i < r.depth; i++) hsd_free(r.levels[i].key);
        yaml_parser_delete(&parser);
    }
    if (status == HSD_OK && out->node_count == 0)
        status = hsd_fail(err, HSD_E_FORMAT, "%s: empty; a map of keys was expected", file);
    if (status != HSD_OK) hsd_yaml_finish(out);
    return status;
}

hsd_status hsd_yaml_read(const char *path, hsd_yaml *out, hsd_error *err) {
    *out = (hsd_yaml){0};
    char *data;
    size_t length;
    hsd_status status = hsd_read_text(path, HSD_YAML_MAX_SIZE, &data, &length, err);
    if (status != HSD_OK) return status;
    status = hsd_yaml_parse(data, length, hsd_base_name(path), out, err);
    hsd_free(data);
    return status;
}

void hsd_yaml_finish(hsd_yaml *yaml) {
    if (!yaml) return;
    for (size_t i = 0; i < yaml->node_count; i++) {
        hsd_free(yaml->nodes[i].key);
        hsd_free(yaml->nodes[i].text);
    }
    hsd_free(yaml->nodes);
    hsd_free(yaml->file);
    *yaml = (hsd_yaml){0};
}
