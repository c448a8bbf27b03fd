/* From documents to requests and back, by the tables of option_tables.c. Reading is strict: the
 * message names the line of the offending key. What is recorded reads back as the same request. */
#include "study/options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "study/provenance.h"

/* ---- The pool ---- */

void hsd_option_pool_finish(hsd_option_pool *pool) {
    for (size_t i = 0; i < pool->blocks.count; i++) hsd_free(pool->blocks.data[i]);
    hsd_array_finish(&pool->blocks);
}

void *hsd_option_keep(hsd_option_pool *pool, void *block, hsd_error *err) {
    if (block && !hsd_array_push(&pool->blocks, block, err)) {
        hsd_free(block);
        return NULL;
    }
    return block;
}

/* ---- Finding ---- */

const hsd_option *hsd_option_find(const hsd_option_table *table, const char *key) {
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->options[i].key, key) == 0) return &table->options[i];
    return NULL;
}

hsd_status hsd_option_unknown(const hsd_yaml *yaml, const hsd_yaml_node *node,
                              const hsd_option_table *const *tables, size_t table_count,
                              const char *const *more, hsd_error *err) {
    const char *near = NULL;
    size_t least = 3;
    for (size_t t = 0; t < table_count; t++)
        for (size_t i = 0; i < tables[t]->count; i++) {
            size_t d = hsd_text_distance(node->key, tables[t]->options[i].key);
            if (d < least) {
                least = d;
                near = tables[t]->options[i].key;
            }
        }
    for (; more && *more; more++) {
        size_t d = hsd_text_distance(node->key, *more);
        if (d < least) {
            least = d;
            near = *more;
        }
    }
    if (near)
        return hsd_yaml_fail(yaml, node, err, "unknown key \"%.60s\"; did you mean \"%s\"?",
                             node->key, near);
    return hsd_yaml_fail(yaml, node, err, "unknown key \"%.60s\"", node->key);
}

/* ---- Reading ---- */

static hsd_status bad(const hsd_option_reader *r, const hsd_yaml_node *node, const char *key,
                      const char *want, hsd_error *err) {
    if (node->shape == HSD_YAML_SCALAR && node->text[0])
        return hsd_yaml_fail(r->yaml, node, err, "%s is \"%.60s\"; %s was expected", key,
                             node->text, want);
    return hsd_yaml_fail(r->yaml, node, err, "%s: %s was expected", key, want);
}

/* The text of a scalar, in the pool; a path is put behind the folder of the study. */
static hsd_status take_text(const hsd_option_reader *r, const hsd_yaml_node *node, const char *key,
                            bool path, const char **out, hsd_error *err) {
    if (node->shape != HSD_YAML_SCALAR || node->text[0] == '\0')
        return bad(r, node, key, path ? "a file" : "a text", err);
    char *text = path && r->folder && node->text[0] != '/'
                     ? hsd_asprintf(err, "%s/%s", r->folder, node->text)
                     : hsd_strdup(node->text, err);
    text = hsd_option_keep(r->pool, text, err);
    if (!text) return HSD_E_MEMORY;
    *out = text;
    return HSD_OK;
}

static hsd_status take_number(const hsd_option_reader *r, const hsd_yaml_node *node,
                              const hsd_option *option, double *out, hsd_error *err) {
    char want[96];
    double value;
    bool zero = false;
    if (node->shape != HSD_YAML_SCALAR || node->quoted || !hsd_parse_double(node->text, &value))
        return bad(r, node, option->key, "a number (decimal point, no unit)", err);
    zero = option->zero < 0 && value == 0;
    if (!zero &&
        (value < option->min || value > option->max || (option->above && value <= option->min))) {
        snprintf(want, sizeof want, "a number %s %g and at most %g",
                 option->above ? "above" : "of at least", option->min, option->max);
        return bad(r, node, option->key, want, err);
    }
    *out = zero ? option->zero : value;
    return HSD_OK;
}

static hsd_status take_word(const hsd_option_reader *r, const hsd_yaml_node *node,
                            const hsd_option *option, int *out, hsd_error *err) {
    char want[160] = "one of";
    for (int i = 0; option->words[i]; i++) {
        if (node->shape == HSD_YAML_SCALAR && strcmp(node->text, option->words[i]) == 0) {
            *out = i;
            return HSD_OK;
        }
        snprintf(want + strlen(want), sizeof want - strlen(want), "%s %s", i ? "," : "",
                 option->words[i]);
    }
    return bad(r, node, option->key, want, err);
}

static hsd_status take_flag(const hsd_option_reader *r, const hsd_yaml_node *node, const char *key,
                            bool *out, hsd_error *err) {
    bool plain = node->shape == HSD_YAML_SCALAR && !node->quoted;
    bool yes = plain && (strcmp(node->text, "yes") == 0 || strcmp(node->text, "true") == 0);
    bool no = plain && (strcmp(node->text, "no") == 0 || strcmp(node->text, "false") == 0);
    if (!yes && !no) return bad(r, node, key, "yes or no", err);
    *out = yes;
    return HSD_OK;
}

/* A list, or one value that stands for a list of one. */
static size_t item_count(const hsd_yaml_node *node) {
    return node->shape == HSD_YAML_LIST ? node->count : 1;
}
static const hsd_yaml_node *first_item(const hsd_yaml *yaml, const hsd_yaml_node *node) {
    return node->shape == HSD_YAML_LIST ? hsd_yaml_first(yaml, node) : node;
}

static bool looks_like_file(const char *text) {
    size_t length = strlen(text);
    return strchr(text, '/') || (length > 5 && strcmp(text + length - 5, ".yaml") == 0);
}

/* "NAME=FILE": the file's path is put behind the folder of the study. */
static hsd_status take_named(const hsd_option_reader *r, const hsd_yaml_node *node, const char *key,
                             const char **out, hsd_error *err) {
    hsd_status status = take_text(r, node, key, false, out, err);
    const char *equals = status == HSD_OK ? strchr(*out, '=') : NULL;
    if (status == HSD_OK && (!equals || equals == *out || !equals[1]))
        return bad(r, node, key, "NAME=FILE", err);
    if (status != HSD_OK || !r->folder || equals[1] == '/') return status;
    char *text = hsd_asprintf(err, "%.*s=%s/%s", (int)(equals - *out), *out, r->folder, equals + 1);
    *out = hsd_option_keep(r->pool, text, err);
    return *out ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status take_texts(const hsd_option_reader *r, const hsd_yaml_node *node,
                             const hsd_option *option, char *base, hsd_error *err) {
    size_t count = item_count(node), i = 0;
    const char **list = hsd_option_keep(r->pool, hsd_calloc(count + 1, sizeof *list, err), err);
    if (!list) return HSD_E_MEMORY;
    for (const hsd_yaml_node *item = first_item(r->yaml, node); item && i < count;
         item = hsd_yaml_next(r->yaml, item), i++) {
        bool file = option->type == HSD_OPTION_INPUTS ||
                    (option->type == HSD_OPTION_FILES && item->shape == HSD_YAML_SCALAR &&
                     looks_like_file(item->text));
        hsd_status status = option->type == HSD_OPTION_NAMED_INPUTS
                                ? take_named(r, item, option->key, &list[i], err)
                                : take_text(r, item, option->key, file, &list[i], err);
        if (status != HSD_OK) return status;
    }
    memcpy(base + option->offset, &list, sizeof list);
    memcpy(base + option->count_offset, &count, sizeof count);
    return HSD_OK;
}

static hsd_status take_numbers(const hsd_option_reader *r, const hsd_yaml_node *node,
                               const hsd_option *option, char *base, hsd_error *err) {
    size_t count = item_count(node), i = 0;
    double *list = hsd_option_keep(r->pool, hsd_calloc(count + 1, sizeof *list, err), err);
    if (!list) return HSD_E_MEMORY;
    for (const hsd_yaml_node *item = first_item(r->yaml, node); item && i < count;
         item = hsd_yaml_next(r->yaml, item), i++) {
        hsd_status status = take_number(r, item, option, &list[i], err);
        if (status != HSD_OK) return status;
    }
    memcpy(base + option->offset, &list, sizeof list);
    memcpy(base + option->count_offset, &count, sizeof count);
    return HSD_OK;
}

static hsd_status take_point(const hsd_option_reader *r, const hsd_yaml_node *node,
                             const hsd_option *option, hsd_lonlat *out, hsd_error *err) {
    const hsd_yaml_node *x = node->shape == HSD_YAML_LIST ? hsd_yaml_first(r->yaml, node) : NULL;
    const hsd_yaml_node *y = x ? hsd_yaml_next(r->yaml, x) : NULL;
    double lon, lat;
    if (!y || node->count != 2 || x->shape != HSD_YAML_SCALAR || y->shape != HSD_YAML_SCALAR ||
        !hsd_parse_double(x->text, &lon) || !hsd_parse_double(y->text, &lat) || fabs(lon) > 180 ||
        fabs(lat) > 90)
        return bad(r, node, option->key, "[longitude, latitude]", err);
    *out = (hsd_lonlat){lon, lat};
    return HSD_OK;
}

static hsd_status take_points(const hsd_option_reader *r, const hsd_yaml_node *node,
                              const hsd_option *option, char *base, hsd_error *err) {
    const hsd_yaml_node *item = node->shape == HSD_YAML_LIST ? hsd_yaml_first(r->yaml, node) : NULL;
    bool many = item && item->shape == HSD_YAML_LIST;
    size_t count = many ? node->count : 1;
    hsd_lonlat *list = hsd_option_keep(r->pool, hsd_calloc(count, sizeof *list, err), err);
    if (!list) return HSD_E_MEMORY;
    hsd_status status = HSD_OK;
    if (!many) status = take_point(r, node, option, &list[0], err);
    for (size_t i = 0; many && status == HSD_OK && i < count;
         i++, item = hsd_yaml_next(r->yaml, item))
        status = take_point(r, item, option, &list[i], err);
    if (status != HSD_OK) return status;
    memcpy(base + option->offset, &list, sizeof list);
    memcpy(base + option->count_offset, &count, sizeof count);
    return HSD_OK;
}

static hsd_status take_bits(const hsd_option_reader *r, const hsd_yaml_node *node,
                            const hsd_option *option, unsigned *out, hsd_error *err) {
    size_t count = item_count(node);
    unsigned bits = 0;
    for (const hsd_yaml_node *item = first_item(r->yaml, node); item && count > 0;
         item = hsd_yaml_next(r->yaml, item), count--) {
        int word;
        hsd_status status = take_word(r, item, option, &word, err);
        if (status != HSD_OK) return status;
        bits |= 1u << word;
    }
    *out = bits;
    return HSD_OK;
}

static hsd_status read_text(const hsd_option_reader *r, const hsd_yaml_node *node,
                            const hsd_option *option, char *base, hsd_error *err) {
    const char *text;
    int word;
    hsd_status status = option->words ? take_word(r, node, option, &word, err) : HSD_OK;
    if (status == HSD_OK)
        status = take_text(r, node, option->key, option->type == HSD_OPTION_INPUT, &text, err);
    if (status != HSD_OK) return status;
    memcpy(base + option->offset, &text, sizeof text);
    for (size_t i = 0; i < 3 && option->also[i]; i++)
        memcpy(base + option->also[i], &text, sizeof text);
    return HSD_OK;
}

hsd_status hsd_option_read(const hsd_option_reader *r, const hsd_yaml_node *node,
                           const hsd_option *option, void *request, hsd_error *err) {
    char *base = request;
    void *at = base + option->offset;
    double number;
    hsd_status status;
    switch (option->type) {
    case HSD_OPTION_NUMBER:
        return take_number(r, node, option, at, err);
    case HSD_OPTION_COUNT:
        status = take_number(r, node, option, &number, err);
        if (status == HSD_OK && number != floor(number))
            status = bad(r, node, option->key, "a whole number", err);
        if (status == HSD_OK) *(unsigned *)at = (unsigned)number;
        return status;
    case HSD_OPTION_FLAG:
        return take_flag(r, node, option->key, at, err);
    case HSD_OPTION_WORD:
        return take_word(r, node, option, at, err);
    case HSD_OPTION_BITS:
        return take_bits(r, node, option, at, err);
    case HSD_OPTION_TEXTS:
    case HSD_OPTION_FILES:
    case HSD_OPTION_INPUTS:
    case HSD_OPTION_NAMED_INPUTS:
        return take_texts(r, node, option, base, err);
    case HSD_OPTION_NUMBERS:
        return take_numbers(r, node, option, base, err);
    case HSD_OPTION_POINTS:
        return take_points(r, node, option, base, err);
    default:
        return read_text(r, node, option, base, err);
    }
}

/* ---- Recording ---- */

static const char *text_at(const void *request, const hsd_option *option) {
    const char *text;
    memcpy(&text, (const char *)request + option->offset, sizeof text);
    return text;
}

/* "NAME=file", without folders: a rerun finds the file by its hash. */
static void record_named(hsd_json *j, const char *text) {
    const char *equals = strchr(text, '=');
    hsd_text named = {0};
    hsd_text_add_n(&named, text, (size_t)(equals + 1 - text));
    hsd_text_add(&named, hsd_base_name(equals + 1));
    hsd_json_string(j, named.failed ? "" : named.data);
    j->text.failed |= named.failed;
    hsd_text_finish(&named);
}

static void record_list(hsd_json *j, const hsd_option *option, const void *list, size_t count) {
    hsd_json_key(j, option->key);
    hsd_json_open(j, '[');
    for (size_t i = 0; i < count; i++) {
        if (option->type == HSD_OPTION_NUMBERS) {
            hsd_json_number(j, ((const double *)list)[i]);
        } else if (option->type == HSD_OPTION_POINTS) {
            hsd_json_open(j, '[');
            hsd_json_number(j, ((const hsd_lonlat *)list)[i].lon);
            hsd_json_number(j, ((const hsd_lonlat *)list)[i].lat);
            hsd_json_close(j);
        } else {
            const char *text = ((const char *const *)list)[i];
            if (option->type == HSD_OPTION_NAMED_INPUTS) {
                record_named(j, text);
                continue;
            }
            hsd_json_string(j, option->type == HSD_OPTION_FILES ? hsd_base_name(text) : text);
        }
    }
    hsd_json_close(j);
}

static void record_number(hsd_json *j, const hsd_option *option, double value) {
    if (value == 0) return;
    hsd_json_key(j, option->key);
    hsd_json_number(j, option->zero < 0 && value < 0 ? 0 : value);
}

static void record_words(hsd_json *j, const hsd_option *option, unsigned bits) {
    if (!bits) return;
    hsd_json_key(j, option->key);
    hsd_json_open(j, '[');
    for (int i = 0; option->words[i]; i++)
        if (bits >> i & 1) hsd_json_string(j, option->words[i]);
    hsd_json_close(j);
}

static void record_option(hsd_json *j, const hsd_option *option, const void *request) {
    const void *at = (const char *)request + option->offset;
    const void *list;
    size_t count;
    switch (option->type) {
    case HSD_OPTION_TEXT:
        if (!text_at(request, option)) return;
        hsd_json_key(j, option->key);
        hsd_json_string(j, text_at(request, option));
        return;
    case HSD_OPTION_NUMBER:
        record_number(j, option, *(const double *)at);
        return;
    case HSD_OPTION_COUNT:
        record_number(j, option, *(const unsigned *)at);
        return;
    case HSD_OPTION_FLAG:
        if (!*(const bool *)at) return;
        hsd_json_key(j, option->key);
        hsd_json_bool(j, true);
        return;
    case HSD_OPTION_WORD:
        hsd_json_key(j, option->key);
        hsd_json_string(j, option->words[*(const int *)at]);
        return;
    case HSD_OPTION_BITS:
        record_words(j, option, *(const unsigned *)at);
        return;
    case HSD_OPTION_TEXTS:
    case HSD_OPTION_FILES:
    case HSD_OPTION_NAMED_INPUTS:
    case HSD_OPTION_NUMBERS:
    case HSD_OPTION_POINTS:
        memcpy(&list, at, sizeof list);
        memcpy(&count, (const char *)request + option->count_offset, sizeof count);
        if (count) record_list(j, option, list, count);
        return;
    default:
        return; /* inputs have a record of their own, outputs none */
    }
}

void hsd_options_record(hsd_json *json, const hsd_option_table *table, const void *request) {
    for (size_t i = 0; i < table->count; i++) record_option(json, &table->options[i], request);
}

static hsd_status named_inputs(hsd_provenance *provenance, const hsd_option *option,
                               const void *request, hsd_error *err) {
    const char *const *list;
    size_t count;
    memcpy(&list, (const char *)request + option->offset, sizeof list);
    memcpy(&count, (const char *)request + option->count_offset, sizeof count);
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < count; i++)
        status = hsd_provenance_input(provenance, option->key, strchr(list[i], '=') + 1, err);
    return status;
}

hsd_status hsd_options_inputs(hsd_provenance *provenance, const hsd_option_table *table,
                              const void *request, hsd_error *err) {
    hsd_status status = HSD_OK;
    for (size_t i = 0; status == HSD_OK && i < table->count; i++) {
        const hsd_option *option = &table->options[i];
        if (option->type == HSD_OPTION_INPUT && strcmp(option->key, "network") != 0)
            status = hsd_provenance_input(provenance, option->key, text_at(request, option), err);
        if (option->type == HSD_OPTION_NAMED_INPUTS)
            status = named_inputs(provenance, option, request, err);
    }
    return status;
}

hsd_status hsd_record_make(const char *command, const hsd_option_table *table, const void *request,
                           const hsd_network_info *network, char **out, hsd_error *err) {
    hsd_provenance p;
    hsd_provenance_init(&p, command);
    hsd_options_record(&p.configuration, table, request);
    hsd_status status = HSD_OK;
    if (network)
        status = hsd_provenance_network(&p, text_at(request, hsd_option_find(table, "network")),
                                        network, err);
    if (status == HSD_OK) status = hsd_options_inputs(&p, table, request, err);
    if (status == HSD_OK) {
        *out = hsd_provenance_json(&p, err);
        if (!*out) status = HSD_E_MEMORY;
    }
    hsd_provenance_finish(&p);
    return status;
}
