/* From a YAML map to a C struct by a table of fields: every key is known, every value has its type
 * and range, or the message says which line does not. O(keys x fields). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "read/message.h"
#include "read/yaml_tree.h"

const hsd_yaml_node *hsd_yaml_root(const hsd_yaml *yaml) {
    return &yaml->nodes[0];
}

const hsd_yaml_node *hsd_yaml_first(const hsd_yaml *yaml, const hsd_yaml_node *parent) {
    return parent->count ? &yaml->nodes[parent->first] : NULL;
}

const hsd_yaml_node *hsd_yaml_next(const hsd_yaml *yaml, const hsd_yaml_node *node) {
    return node->next ? &yaml->nodes[node->next] : NULL;
}

hsd_status hsd_yaml_fail(const hsd_yaml *yaml, const hsd_yaml_node *node, hsd_error *err,
                         const char *format, ...) {
    char what[200];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return hsd_fail(err, HSD_E_FORMAT, "%s line %u: %s", yaml->file, node->line, what);
}

/* "key" or "the value", for messages */
static const char *label(const hsd_yaml_node *node, char *buffer) {
    return node->key ? hsd_clip(node->key, buffer) : "the value";
}

hsd_status hsd_yaml_expect(const hsd_yaml *yaml, const hsd_yaml_node *node, hsd_yaml_shape shape,
                           hsd_error *err) {
    static const char *const names[] = {"one value", "a list", "a map of keys"};
    char clip[HSD_CLIP_SIZE];
    if (node->shape == shape) return HSD_OK;
    if (node->shape == HSD_YAML_SCALAR && !node->quoted && node->text[0] == '\0')
        return hsd_yaml_fail(yaml, node, err, "%s is empty; %s was expected", label(node, clip),
                             names[shape]);
    return hsd_yaml_fail(yaml, node, err, "%s is %s; %s was expected", label(node, clip),
                         names[node->shape], names[shape]);
}

/* A scalar with something in it; plain = no quotes either. */
static hsd_status expect_scalar(const hsd_yaml *yaml, const hsd_yaml_node *node, const char *want,
                                bool plain, hsd_error *err) {
    char name[HSD_CLIP_SIZE], clip[HSD_CLIP_SIZE];
    hsd_status status = hsd_yaml_expect(yaml, node, HSD_YAML_SCALAR, err);
    if (status != HSD_OK) return status;
    if (node->text[0] == '\0')
        return hsd_yaml_fail(yaml, node, err, "%s is empty; %s was expected", label(node, name),
                             want);
    if (plain && node->quoted)
        return hsd_yaml_fail(yaml, node, err, "%s is the quoted text \"%s\"; %s was expected",
                             label(node, name), hsd_clip(node->text, clip), want);
    return HSD_OK;
}

static hsd_status wrong(const hsd_yaml *yaml, const hsd_yaml_node *node, const char *want,
                        hsd_error *err) {
    char name[HSD_CLIP_SIZE], clip[HSD_CLIP_SIZE];
    return hsd_yaml_fail(yaml, node, err, "%s is \"%s\"; %s was expected", label(node, name),
                         hsd_clip(node->text, clip), want);
}

hsd_status hsd_yaml_chars(const hsd_yaml *yaml, const hsd_yaml_node *node, char *out, size_t size,
                          hsd_error *err) {
    hsd_status status = expect_scalar(yaml, node, "a text", false, err);
    if (status != HSD_OK) return status;
    size_t length = strlen(node->text);
    if (length >= size) {
        char want[48];
        snprintf(want, sizeof want, "a text of at most %zu bytes", size - 1);
        return wrong(yaml, node, want, err);
    }
    memcpy(out, node->text, length + 1);
    return HSD_OK;
}

static hsd_status fill_number(const hsd_yaml *yaml, const hsd_yaml_node *node,
                              const hsd_yaml_field *field, double *out, hsd_error *err) {
    hsd_status status = expect_scalar(yaml, node, "a number", true, err);
    if (status != HSD_OK) return status;
    double value;
    if (!hsd_parse_double(node->text, &value))
        return wrong(yaml, node, "a number (decimal point, no unit)", err);
    if (value < field->min || value > field->max || (field->above && value <= field->min)) {
        char want[80];
        snprintf(want, sizeof want, "a number %s %g and at most %g",
                 field->above ? "above" : "of at least", field->min, field->max);
        return wrong(yaml, node, want, err);
    }
    *out = value;
    return HSD_OK;
}

static hsd_status fill_int(const hsd_yaml *yaml, const hsd_yaml_node *node,
                           const hsd_yaml_field *field, int64_t *out, hsd_error *err) {
    hsd_status status = expect_scalar(yaml, node, "a whole number", true, err);
    if (status != HSD_OK) return status;
    int64_t value;
    if (!hsd_parse_int(node->text, &value)) return wrong(yaml, node, "a whole number", err);
    if ((double)value < field->min || (double)value > field->max) {
        char want[80];
        snprintf(want, sizeof want, "a whole number from %.0f to %.0f", field->min, field->max);
        return wrong(yaml, node, want, err);
    }
    *out = value;
    return HSD_OK;
}

static hsd_status fill_bool(const hsd_yaml *yaml, const hsd_yaml_node *node, bool *out,
                            hsd_error *err) {
    hsd_status status = expect_scalar(yaml, node, "yes or no", true, err);
    if (status != HSD_OK) return status;
    bool yes = strcmp(node->text, "yes") == 0 || strcmp(node->text, "true") == 0;
    bool no = strcmp(node->text, "no") == 0 || strcmp(node->text, "false") == 0;
    if (!yes && !no) return wrong(yaml, node, "yes or no (or true or false)", err);
    *out = yes;
    return HSD_OK;
}

static hsd_status fill_word(const hsd_yaml *yaml, const hsd_yaml_node *node,
                            const hsd_yaml_field *field, int *out, hsd_error *err) {
    hsd_status status = expect_scalar(yaml, node, "a word", false, err);
    if (status != HSD_OK) return status;
    char want[120] = "one of";
    size_t length = strlen(want);
    for (int i = 0; field->words[i]; i++) {
        if (strcmp(field->words[i], node->text) == 0) {
            *out = i;
            return HSD_OK;
        }
        int more = snprintf(want + length, sizeof want - length, " %s", field->words[i]);
        length += more > 0 && (size_t)more < sizeof want - length ? (size_t)more : 0;
    }
    return wrong(yaml, node, want, err);
}

static hsd_status fill_text(const hsd_yaml *yaml, const hsd_yaml_node *node, char **out,
                            hsd_error *err) {
    hsd_status status = expect_scalar(yaml, node, "a text", false, err);
    if (status != HSD_OK) return status;
    char *copy = hsd_strdup(node->text, err);
    if (!copy) return HSD_E_MEMORY;
    hsd_free(*out);
    *out = copy;
    return HSD_OK;
}

static hsd_status check_remark(const hsd_yaml *yaml, const hsd_yaml_node *node, hsd_error *err) {
    if (node->shape != HSD_YAML_LIST) return expect_scalar(yaml, node, "a text", false, err);
    hsd_status status = HSD_OK;
    for (const hsd_yaml_node *item = hsd_yaml_first(yaml, node); item && status == HSD_OK;
         item = hsd_yaml_next(yaml, item))
        status = expect_scalar(yaml, item, "a text", false, err);
    return status;
}

static hsd_status fill_field(const hsd_yaml *yaml, const hsd_yaml_node *node,
                             const hsd_yaml_field *field, void *target, hsd_error *err) {
    void *at = (char *)target + field->offset;
    switch (field->type) {
    case HSD_YAML_TEXT:
        return fill_text(yaml, node, at, err);
    case HSD_YAML_CHARS:
        return hsd_yaml_chars(yaml, node, at, field->size, err);
    case HSD_YAML_NUMBER:
        return fill_number(yaml, node, field, at, err);
    case HSD_YAML_INT:
        return fill_int(yaml, node, field, at, err);
    case HSD_YAML_BOOL:
        return fill_bool(yaml, node, at, err);
    case HSD_YAML_WORD:
        return fill_word(yaml, node, field, at, err);
    case HSD_YAML_NESTED:
        return hsd_yaml_fill(yaml, node, field->nested, target, err);
    case HSD_YAML_VISIT:
        return field->visit(yaml, node, target, err);
    case HSD_YAML_REMARK:
        return check_remark(yaml, node, err);
    }
    return hsd_fail(err, HSD_E_INTERNAL, "a field of unknown type");
}

static const hsd_yaml_field *find_field(const hsd_yaml_fields *fields, const char *key) {
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->fields[i].key, key) == 0) return &fields->fields[i];
    return NULL;
}

static hsd_status unknown_key(const hsd_yaml *yaml, const hsd_yaml_node *node,
                              const hsd_yaml_fields *fields, hsd_error *err) {
    char known[120] = "", clip[HSD_CLIP_SIZE];
    size_t length = 0;
    for (size_t i = 0; i < fields->count; i++) {
        int more = snprintf(known + length, sizeof known - length, " %s", fields->fields[i].key);
        if (more < 0 || (size_t)more >= sizeof known - length) break;
        length += (size_t)more;
    }
    known[length] = '\0';
    return hsd_yaml_fail(yaml, node, err, "unknown key \"%s\"; known are%s",
                         hsd_clip(node->key, clip), known);
}

hsd_status hsd_yaml_fill(const hsd_yaml *yaml, const hsd_yaml_node *map,
                         const hsd_yaml_fields *fields, void *target, hsd_error *err) {
    hsd_status status = hsd_yaml_expect(yaml, map, HSD_YAML_MAP, err);
    for (const hsd_yaml_node *node = status == HSD_OK ? hsd_yaml_first(yaml, map) : NULL; node;
         node = hsd_yaml_next(yaml, node)) {
        const hsd_yaml_field *field = find_field(fields, node->key);
        if (!field) return unknown_key(yaml, node, fields, err);
        status = fill_field(yaml, node, field, target, err);
        if (status != HSD_OK) return status;
    }
    for (size_t i = 0; i < fields->count && status == HSD_OK; i++) {
        bool found = !fields->fields[i].required;
        for (const hsd_yaml_node *node = hsd_yaml_first(yaml, map); node && !found;
             node = hsd_yaml_next(yaml, node))
            found = strcmp(node->key, fields->fields[i].key) == 0;
        if (!found)
            status = hsd_yaml_fail(yaml, map, err, "key \"%s\" is missing", fields->fields[i].key);
    }
    return status;
}
