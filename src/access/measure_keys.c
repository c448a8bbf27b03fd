/* The keys of measures: what a value may be, wherever the key stands. Which measure has which, and
 * the defaults, stand in measure_table.c. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "access/measures.h"

typedef enum key_kind {
    KEY_NUMBER,
    KEY_COLUMN,
    KEY_NAME, /* a text that is no column of the zones */
    KEY_WORD,
    KEY_VARIANT,
    KEY_DECAY,
    KEY_SELF_TIME,
    KEY_UNREACHABLE
} key_kind;

enum { MOST_WORDS = 4 };
struct measure_key {
    const char *name;
    key_kind kind;
    size_t offset;
    double low, high;               /* of numbers, both allowed unless `above` */
    bool above;                     /* more than low */
    bool lists;                     /* several values make several measures */
    const char *words[MOST_WORDS];  /* of words; of variants: those of the measure */
    const char *others[MOST_WORDS]; /* other words for the same */
};

#define AT(field) offsetof(hsd_measure, field)
static const measure_key keys[] = {
    {.name = "mass", .kind = KEY_COLUMN, .offset = AT(mass)},
    {.name = "mass2", .kind = KEY_COLUMN, .offset = AT(mass2)},
    {.name = "demand", .kind = KEY_COLUMN, .offset = AT(demand)},
    {.name = "population", .kind = KEY_COLUMN, .offset = AT(population)},
    {.name = "income", .kind = KEY_COLUMN, .offset = AT(income)},
    {.name = "group", .kind = KEY_COLUMN, .offset = AT(group)},
    {.name = "as", .kind = KEY_NAME, .offset = AT(as)},
    {.name = "decay", .kind = KEY_DECAY},
    {.name = "direction",
     .kind = KEY_WORD,
     .offset = AT(direction),
     .words = {"active", "passive"},
     .others = {"from", "to"}},
    {.name = "self", .kind = KEY_WORD, .offset = AT(self), .words = {"no", "yes"}},
    {.name = "self_time", .kind = KEY_SELF_TIME},
    {.name = "unreachable", .kind = KEY_UNREACHABLE},
    {.name = "of",
     .kind = KEY_WORD,
     .offset = AT(of),
     .words = {"mean_time", "simple_mean_time", "potential"}},
    {.name = "summary",
     .kind = KEY_WORD,
     .offset = AT(summary),
     .words = {"median", "mean", "min", "max"}}, /* as hsd_summary */
    {.name = "whole", .kind = KEY_WORD, .offset = AT(whole), .words = {"no", "yes"}},
    {.name = "sample", .kind = KEY_WORD, .offset = AT(sample), .words = {"no", "yes"}},
    {.name = "variant", .kind = KEY_VARIANT, .offset = AT(variant)},
    {.name = "cutoff", .offset = AT(cutoff), .high = INFINITY, .lists = true},
    {.name = "cutoff2", .offset = AT(cutoff2), .high = INFINITY},
    {.name = "cutoff3", .offset = AT(cutoff3), .high = INFINITY},
    {.name = "cutoff4", .offset = AT(cutoff4), .high = INFINITY},
    {.name = "from", .offset = AT(from), .high = INFINITY},
    {.name = "to", .offset = AT(to), .high = INFINITY, .above = true},
    {.name = "step", .offset = AT(step), .high = INFINITY, .above = true},
    {.name = "n", .offset = AT(n), .low = 1, .high = INFINITY, .lists = true},
    {.name = "power", .offset = AT(power), .high = 100, .lists = true},
    {.name = "floor", .offset = AT(floor), .high = INFINITY},
    {.name = "max_cost", .offset = AT(max_cost), .low = -INFINITY, .high = INFINITY},
    {.name = "alpha", .offset = AT(alpha), .high = 100, .lists = true},
    {.name = "total", .offset = AT(total), .high = INFINITY, .above = true},
    {.name = "ideal_kmh", .offset = AT(ideal_kmh), .high = INFINITY, .above = true},
    {.name = "radius", .offset = AT(radius), .high = INFINITY, .above = true, .lists = true},
    {.name = "k", .offset = AT(k), .high = INFINITY, .above = true},
    {.name = "exponent", .offset = AT(exponent), .high = 100, .lists = true},
    {.name = "a", .offset = AT(a), .high = 100},
    {.name = "b", .offset = AT(b), .high = 100},
    {.name = "tolerance", .offset = AT(tolerance), .high = INFINITY, .above = true},
    {.name = "line", .offset = AT(line), .high = INFINITY, .above = true, .lists = true},
    {.name = "epsilon", .offset = AT(epsilon), .high = 100, .above = true, .lists = true},
    {.name = "p", .offset = AT(p), .high = 100},
    {.name = "q", .offset = AT(q), .high = 100},
};
enum { KEYS = sizeof keys / sizeof *keys };

const measure_key *hsd_measure_key(const char *name, size_t length) {
    for (size_t i = 0; i < KEYS; i++)
        if (strlen(keys[i].name) == length && memcmp(keys[i].name, name, length) == 0)
            return &keys[i];
    return NULL;
}

const char *hsd_measure_key_name(const measure_key *key) {
    return key->name;
}

bool hsd_measure_key_lists(const measure_key *key) {
    return key->lists;
}

static void *field(hsd_measure *m, const measure_key *key) {
    return (char *)m + key->offset;
}

/* ---- Variants, from the text of the table ---- */

/* The name of the index-th line, and its length; NULL: there are not as many. */
static const char *variant_at(const char *variants, int index, size_t *length) {
    for (; variants && *variants; index--) {
        if (index == 0) {
            *length = strcspn(variants, " ");
            return variants;
        }
        variants += strcspn(variants, "\n");
        variants += *variants == '\n';
    }
    return NULL;
}

static int variant_named(const char *variants, const char *name) {
    size_t length;
    const char *at;
    for (int i = 0; (at = variant_at(variants, i, &length)); i++)
        if (strlen(name) == length && memcmp(at, name, length) == 0) return i;
    return -1;
}

bool hsd_measure_has(const hsd_measure *m, const char *key) {
    return hsd_measure_key_line(m->entry->info.keys, key, strlen(key)) != NULL;
}

bool hsd_measure_is_variant(const hsd_measure *measure, const char *name) {
    return measure->variant == variant_named(measure->entry->info.variants, name);
}

/* ---- Reading ---- */

static hsd_status expected(const measure_key *key, const char *value, const char *what,
                           hsd_error *err) {
    return hsd_fail(err, HSD_E_ARGUMENT, "%s is \"%.60s\"; %s was expected", key->name, value,
                    what);
}

static hsd_status take_number(hsd_measure *m, const measure_key *key, const char *value,
                              hsd_error *err) {
    char what[96], low[32], high[32];
    double x;
    if (!hsd_parse_double(value, &x)) return expected(key, value, "a number", err);
    if (x < key->low || x > key->high || (key->above && x == key->low)) {
        hsd_double_text(key->low, low);
        if (isinf(key->high))
            snprintf(what, sizeof what, "a number %s %s", key->above ? "above" : "of at least",
                     low);
        else
            snprintf(what, sizeof what, "a number from %s to %s", low,
                     hsd_double_text(key->high, high));
        return expected(key, value, what, err);
    }
    if (key->offset == AT(max_cost) && x == 0)
        return expected(key, value, "a number above 0, or below 0 for nothing,", err);
    *(double *)field(m, key) = x;
    return HSD_OK;
}

static hsd_status take_word(hsd_measure *m, const measure_key *key, const char *value,
                            hsd_error *err) {
    for (int i = 0; i < MOST_WORDS && key->words[i]; i++)
        if (strcmp(key->words[i], value) == 0 ||
            (key->others[i] && strcmp(key->others[i], value) == 0)) {
            *(int *)field(m, key) = i;
            return HSD_OK;
        }
    hsd_text list = {0};
    for (int i = 0; i < MOST_WORDS && key->words[i]; i++)
        hsd_text_addf(&list, "%s%s", i ? " or " : "", key->words[i]);
    const hsd_status status = expected(key, value, list.failed ? "another word" : list.data, err);
    hsd_text_finish(&list);
    return status;
}

static hsd_status take_variant(hsd_measure *m, const measure_key *key, const char *value,
                               hsd_error *err) {
    const char *variants = m->entry->info.variants;
    m->variant = variant_named(variants, value);
    if (m->variant >= 0) return HSD_OK;
    hsd_text list = {0};
    size_t length;
    const char *at;
    for (int i = 0; (at = variant_at(variants, i, &length)); i++) {
        if (i) hsd_text_add(&list, " or ");
        hsd_text_add_n(&list, at, length);
    }
    const hsd_status status = expected(key, value, list.failed ? "another" : list.data, err);
    hsd_text_finish(&list);
    return status;
}

/* "fixed:5": the number behind the word; false: something else. */
static bool behind(const char *value, const char *word, double *out) {
    const size_t length = strlen(word);
    return strncmp(value, word, length) == 0 && value[length] == ':' &&
           hsd_parse_double(value + length + 1, out);
}

static hsd_status take_self_time(hsd_measure *m, const measure_key *key, const char *value,
                                 hsd_error *err) {
    double x = 0;
    if (strcmp(value, "as-is") == 0)
        m->self_time = HSD_SELF_AS_IS;
    else if (strcmp(value, "none") == 0)
        m->self_time = HSD_SELF_NONE;
    else if (behind(value, "fixed", &x) && x >= 0)
        m->self_time = HSD_SELF_FIXED;
    else if (behind(value, "radius", &x) && x > 0)
        m->self_time = HSD_SELF_RADIUS;
    else
        return expected(key, value, "as-is, none, fixed:MINUTES or radius:KMH", err);
    m->self_value = x;
    return HSD_OK;
}

static hsd_status take_unreachable(hsd_measure *m, const measure_key *key, const char *value,
                                   hsd_error *err) {
    double x = 0;
    if (strcmp(value, "drop") == 0)
        m->unreachable = HSD_UNREACHED_DROP;
    else if (strcmp(value, "infinite") == 0)
        m->unreachable = HSD_UNREACHED_INFINITE;
    else if (behind(value, "cap", &x) && x > 0)
        m->unreachable = HSD_UNREACHED_CAP;
    else
        return expected(key, value, "drop, infinite or cap:MINUTES", err);
    m->cap_min = x;
    return HSD_OK;
}

static hsd_status take_text(hsd_measure *m, const measure_key *key, const char *value,
                            hsd_error *err) {
    char **text = field(m, key);
    if (!hsd_utf8_valid(value, strlen(value)))
        return hsd_fail(err, HSD_E_ARGUMENT, "%s is not text in UTF-8", key->name);
    hsd_free(*text);
    return (*text = hsd_strdup(value, err)) ? HSD_OK : HSD_E_MEMORY;
}

hsd_status hsd_measure_set(hsd_measure *m, const measure_key *key, const char *value,
                           hsd_error *err) {
    if (!*value) return HSD_OK;
    switch (key->kind) {
    case KEY_NUMBER:
        return take_number(m, key, value, err);
    case KEY_COLUMN:
    case KEY_NAME:
        return take_text(m, key, value, err);
    case KEY_WORD:
        return take_word(m, key, value, err);
    case KEY_VARIANT:
        return take_variant(m, key, value, err);
    case KEY_DECAY:
        m->has_decay = true;
        return hsd_decay_parse(value, &m->decay, err);
    case KEY_SELF_TIME:
        return take_self_time(m, key, value, err);
    case KEY_UNREACHABLE:
        return take_unreachable(m, key, value, err);
    }
    return hsd_fail(err, HSD_E_INTERNAL, "key %s has no kind", key->name);
}

/* ---- And back ---- */

static void add_behind(hsd_text *out, const char *word, double value) {
    char number[32];
    hsd_text_addf(out, "%s:%s", word, hsd_double_text(value, number));
}

static void add_decay(const hsd_decay *decay, hsd_text *out) {
    char buffer[1024];
    const int length = hsd_decay_text(decay, buffer, sizeof buffer);
    if (length > 0) hsd_text_add_n(out, buffer, strlen(buffer));
}

void hsd_measure_value_text(const hsd_measure *m, const measure_key *key, hsd_text *out) {
    static const char *const self_times[] = {"as-is", "none", "fixed", "radius"};
    const void *at = (const char *)m + key->offset;
    char number[32];
    size_t length;
    const char *variant;
    switch (key->kind) {
    case KEY_NUMBER:
        if (!isnan(*(const double *)at))
            hsd_text_add(out, hsd_double_text(*(const double *)at, number));
        break;
    case KEY_COLUMN:
    case KEY_NAME:
        if (*(char *const *)at) hsd_text_add(out, *(char *const *)at);
        break;
    case KEY_WORD:
        if (*(const int *)at >= 0) hsd_text_add(out, key->words[*(const int *)at]);
        break;
    case KEY_VARIANT:
        variant = variant_at(m->entry->info.variants, m->variant, &length);
        if (variant) hsd_text_add_n(out, variant, length);
        break;
    case KEY_DECAY:
        if (m->has_decay) add_decay(&m->decay, out);
        break;
    case KEY_SELF_TIME:
        if (m->self_time == HSD_SELF_FIXED || m->self_time == HSD_SELF_RADIUS)
            add_behind(out, self_times[m->self_time], m->self_value);
        else
            hsd_text_add(out, self_times[m->self_time]);
        break;
    case KEY_UNREACHABLE:
        if (m->unreachable == HSD_UNREACHED_CAP)
            add_behind(out, "cap", m->cap_min);
        else
            hsd_text_add(out, m->unreachable == HSD_UNREACHED_DROP ? "drop" : "infinite");
        break;
    }
}

/* ---- Of a measure ---- */

const char *hsd_measure_key_line(const char *lines, const char *key, size_t length) {
    for (const char *at = lines; at && *at; at += strcspn(at, "\n"), at += *at == '\n')
        if (strncmp(at, key, length) == 0 && at[length] == '=') return at + length + 1;
    return NULL;
}

hsd_status hsd_measure_each_key(const hsd_measure_info *info, measure_key_visit take, void *context,
                                hsd_error *err) {
    for (const char *at = info->keys; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        const size_t name = strcspn(at, "=");
        const char *start = at + name + 1, *end = strstr(start, "  ");
        const measure_key *key = hsd_measure_key(at, name);
        char text[128];
        if (!key || !end || (size_t)(end - start) >= sizeof text)
            return hsd_fail(err, HSD_E_INTERNAL, "a key of %s is not in the list of keys",
                            info->name);
        memcpy(text, start, (size_t)(end - start));
        text[end - start] = '\0';
        const hsd_status status = take(context, key, text, err);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}
