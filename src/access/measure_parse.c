/* "NAME[:KEY=VALUE,...]" into measures. A value may hold colons and commas: only a comma that a
 * word and "=" follow begins the next key, so decay=stepped:10=0.5:20=0 is one value. A list of
 * numbers, cutoff=30:45:60, makes a measure each. What is not said comes from the caller's
 * defaults, else from the table. */
#include <math.h>
#include <string.h>

#include "access/measures.h"

enum { MOST_KEYS = 32, MOST_ITEMS = 64 };

typedef struct reading {
    char *copy, *list_copy; /* the text, cut in place */
    const measure_entry *entry;
    const hsd_measure_defaults *defaults;
    struct {
        const measure_key *key;
        const char *value;
    } given[MOST_KEYS];
    size_t count;
    const measure_key *list; /* the key with several values; NULL: none */
    const char *items[MOST_ITEMS];
    size_t item_count;
} reading;

/* ---- The text in pieces ---- */

static size_t word_length(const char *text) {
    size_t n = 0;
    while ((text[n] >= 'a' && text[n] <= 'z') || text[n] == '_' ||
           (n && text[n] >= '0' && text[n] <= '9'))
        n++;
    return n;
}

/* The comma before the next key; NULL: there is none. */
static char *next_key(const char *value) {
    for (const char *at = value; (at = strchr(at, ',')); at++) {
        const size_t n = word_length(at + 1);
        if (n && at[1 + n] == '=') return (char *)(uintptr_t)at;
    }
    return NULL;
}

static hsd_status unknown_name(const char *name, hsd_error *err) {
    const char *near = NULL;
    size_t least = 3;
    for (size_t i = 0; i < hsd_measure_count(); i++) {
        const char *other = hsd_measure_at(i)->name;
        const size_t d = hsd_text_distance(name, other);
        if (d < least) {
            least = d;
            near = other;
        }
    }
    if (near)
        return hsd_fail(err, HSD_E_ARGUMENT, "there is no measure \"%.60s\"; did you mean \"%s\"?",
                        name, near);
    return hsd_fail(err, HSD_E_ARGUMENT, "there is no measure \"%.60s\"; --list has them all",
                    name);
}

typedef struct nearest {
    const char *word, *near;
    size_t least;
    hsd_text all;
} nearest;

static hsd_status compare_key(void *context, const measure_key *key, const char *default_text,
                              hsd_error *err) {
    (void)default_text;
    (void)err;
    nearest *n = context;
    const char *name = hsd_measure_key_name(key);
    const size_t d = hsd_text_distance(n->word, name);
    if (d < n->least) {
        n->least = d;
        n->near = name;
    }
    hsd_text_addf(&n->all, "%s%s", n->all.length ? ", " : "", name);
    return HSD_OK;
}

static hsd_status unknown_key(const reading *r, const char *word, hsd_error *err) {
    nearest n = {.word = word, .least = 3};
    hsd_status status = hsd_measure_each_key(&r->entry->info, compare_key, &n, err);
    if (status == HSD_OK && n.near)
        status = hsd_fail(err, HSD_E_ARGUMENT, "unknown key \"%.40s\"; did you mean \"%s\"?", word,
                          n.near);
    else if (status == HSD_OK)
        status = hsd_fail(err, HSD_E_ARGUMENT, "unknown key \"%.40s\"; its keys are %s", word,
                          n.all.failed ? "others" : n.all.data);
    hsd_text_finish(&n.all);
    return status;
}

/* KEY=VALUE, both ended. */
static hsd_status take_piece(reading *r, char *piece, hsd_error *err) {
    char *equals = strchr(piece, '=');
    if (!equals) return hsd_fail(err, HSD_E_ARGUMENT, "\"%.60s\" is not KEY=VALUE", piece);
    *equals = '\0';
    const measure_key *key = hsd_measure_key(piece, strlen(piece));
    const char *line = hsd_measure_key_line(r->entry->info.keys, piece, strlen(piece));
    if (!key || !line) return unknown_key(r, piece, err);
    for (size_t i = 0; i < r->count; i++)
        if (r->given[i].key == key) return hsd_fail(err, HSD_E_ARGUMENT, "%s is said twice", piece);
    if (!equals[1] && *line != ' ')
        return hsd_fail(err, HSD_E_ARGUMENT, "%s= is without a value", piece);
    if (r->count == MOST_KEYS) return hsd_fail(err, HSD_E_ARGUMENT, "more than %d keys", MOST_KEYS);
    r->given[r->count].key = key;
    r->given[r->count++].value = equals + 1;
    return HSD_OK;
}

/* "30:45:60" of a key that may have several: numbers that go up. */
static hsd_status take_list(reading *r, size_t at, hsd_error *err) {
    const measure_key *key = r->given[at].key;
    const char *value = r->given[at].value;
    if (!hsd_measure_key_lists(key) || !strchr(value, ':')) return HSD_OK;
    if (r->list)
        return hsd_fail(err, HSD_E_ARGUMENT, "%s and %s are lists; one list a text",
                        hsd_measure_key_name(r->list), hsd_measure_key_name(key));
    r->list = key;
    r->list_copy = hsd_strdup(value, err);
    if (!r->list_copy) return HSD_E_MEMORY;
    double before = -INFINITY;
    for (char *item = r->list_copy, *end; item; item = end) {
        end = strchr(item, ':');
        if (end) *end++ = '\0';
        double x;
        if (!hsd_parse_double(item, &x))
            return hsd_fail(err, HSD_E_ARGUMENT, "%s: \"%.40s\" in its list is not a number",
                            hsd_measure_key_name(key), item);
        if (x <= before)
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "%s is %.80s, out of order: a list goes up, each value once",
                            hsd_measure_key_name(key), value);
        if (r->item_count == MOST_ITEMS)
            return hsd_fail(err, HSD_E_ARGUMENT, "%s has more than %d values",
                            hsd_measure_key_name(key), MOST_ITEMS);
        before = x;
        r->items[r->item_count++] = item;
    }
    return HSD_OK;
}

static hsd_status take_apart(reading *r, const char *text, hsd_error *err) {
    r->copy = hsd_strdup(text, err);
    if (!r->copy) return HSD_E_MEMORY;
    char *piece = strchr(r->copy, ':');
    if (piece) *piece++ = '\0';
    r->entry = hsd_measure_entry(r->copy);
    if (!r->entry) return unknown_name(r->copy, err);
    while (piece) {
        char *end = next_key(piece);
        if (end) *end++ = '\0';
        const hsd_status status = take_piece(r, piece, err);
        if (status != HSD_OK) return status;
        piece = end;
    }
    for (size_t i = 0; i < r->count; i++) {
        const hsd_status status = take_list(r, i, err);
        if (status != HSD_OK) return status;
    }
    return HSD_OK;
}

/* ---- What is not said ---- */

/* What the caller wants of a key where a text says nothing; NULL: nothing. */
static const char *callers_default(const reading *r, const char *key, hsd_text *buffer) {
    const hsd_measure_defaults *d = r->defaults;
    char number[32];
    if (!d) return NULL;
    if (strcmp(key, "mass") == 0) return d->mass;
    if (strcmp(key, "demand") == 0 || strcmp(key, "population") == 0) return d->population;
    if (strcmp(key, "income") == 0) return d->income;
    if (strcmp(key, "group") == 0) return d->group;
    if (strcmp(key, "direction") == 0) return d->direction == HSD_TO ? "passive" : NULL;
    if (strcmp(key, "self") == 0) return d->self > 0 ? "yes" : d->self < 0 ? "no" : NULL;
    if (strcmp(key, "variant") == 0)
        return d->as_r && r->entry->info.variants &&
                       (strstr(r->entry->info.variants, "\nr  ") ||
                        strncmp(r->entry->info.variants, "r  ", 3) == 0)
                   ? "r"
                   : NULL;
    if (strcmp(key, "self_time") == 0) {
        if (d->self_time == HSD_SELF_AS_IS) return NULL;
        if (d->self_time == HSD_SELF_NONE) return "none";
        hsd_text_addf(buffer, "%s:%s", d->self_time == HSD_SELF_FIXED ? "fixed" : "radius",
                      hsd_double_text(d->self_value, number));
        return buffer->data;
    }
    if (strcmp(key, "unreachable") == 0) {
        if (d->unreachable == HSD_UNREACHED_DROP) return NULL;
        if (d->unreachable == HSD_UNREACHED_INFINITE) return "infinite";
        hsd_text_addf(buffer, "cap:%s", hsd_double_text(d->cap_min, number));
        return buffer->data;
    }
    return NULL;
}

typedef struct making {
    const reading *r;
    hsd_measure *measure;
    const char *item; /* of the list */
} making;

static const char *said(const reading *r, const char *key) {
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(hsd_measure_key_name(r->given[i].key), key) == 0) return r->given[i].value;
    return NULL;
}

static hsd_status make_key(void *context, const measure_key *key, const char *default_text,
                           hsd_error *err) {
    const making *make = context;
    hsd_measure *m = make->measure;
    const char *name = hsd_measure_key_name(key);
    const char *value = key == make->r->list ? make->item : said(make->r, name);
    hsd_text buffer = {0};
    hsd_status status = HSD_OK;
    if (!value) value = callers_default(make->r, name, &buffer);
    if (buffer.failed) status = hsd_fail(err, HSD_E_MEMORY, "out of memory");
    if (!value && m->entry->kind == MEASURE_COEFFICIENT && strcmp(name, "self") == 0)
        value = m->of == MEASURE_OF_POTENTIAL ? "yes" : "no";
    if (!value) value = default_text;
    if (status == HSD_OK && strcmp(value, "?") == 0) {
        const char *what =
            strstr(hsd_measure_key_line(m->entry->info.keys, name, strlen(name)), "  ");
        status = hsd_fail(err, HSD_E_ARGUMENT, "it needs %s=: %.*s", name,
                          (int)strcspn(what + 2, "\n"), what + 2);
    }
    if (status == HSD_OK && next_key(value))
        status = hsd_fail(err, HSD_E_ARGUMENT,
                          "%s \"%.60s\" reads as several keys: such a column cannot be used", name,
                          value);
    if (status == HSD_OK) status = hsd_measure_set(m, key, value, err);
    hsd_text_finish(&buffer);
    return status;
}

/* ---- What belongs together ---- */

static hsd_status settle_potential(const reading *r, hsd_measure *m, hsd_error *err) {
    if (!m->has_decay) return HSD_OK;
    if (said(r, "power"))
        return hsd_fail(err, HSD_E_ARGUMENT, "power and decay are both said; one of them");
    m->power = NAN;
    return HSD_OK;
}

/* whole says what the variant says. */
static hsd_status settle_interval(const reading *r, hsd_measure *m, hsd_error *err) {
    if (m->from >= m->to)
        return hsd_fail(err, HSD_E_ARGUMENT, "from is %g and to %g; to more than from was expected",
                        m->from, m->to);
    if (m->whole < 0) m->whole = hsd_measure_is_variant(m, "r");
    if (said(r, "variant") && m->whole != hsd_measure_is_variant(m, "r"))
        return hsd_fail(err, HSD_E_ARGUMENT, "variant and whole say different things");
    const measure_key *variant = hsd_measure_key("variant", strlen("variant"));
    return hsd_measure_set(m, variant, m->whole ? "r" : "exact", err);
}

static hsd_status settle(const making *make, hsd_error *err) {
    hsd_measure *m = make->measure;
    if (m->as && make->r->list) {
        char *as = hsd_asprintf(err, "%s_%s", m->as, make->item);
        if (!as) return HSD_E_MEMORY;
        hsd_free(m->as);
        m->as = as;
    }
    switch (m->entry->kind) {
    case MEASURE_POTENTIAL:
        return settle_potential(make->r, m, err);
    case MEASURE_INTERVAL:
        return settle_interval(make->r, m, err);
    case MEASURE_QUANTILE_RATIO:
        if (m->p > m->q) return HSD_OK;
        return hsd_fail(err, HSD_E_ARGUMENT, "p is %g and q %g; p more than q was expected", m->p,
                        m->q);
    default:
        return HSD_OK;
    }
}

/* ---- Measures ---- */

static void measure_destroy(hsd_measure *m) {
    if (!m) return;
    char *const texts[] = {m->mass,  m->mass2, m->demand, m->population, m->income,
                           m->group, m->as,    m->column, m->text,       m->conventions};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) hsd_free(texts[i]);
    hsd_free(m);
}

void hsd_measures_destroy(hsd_measure **list, size_t count) {
    for (size_t i = 0; list && i < count; i++) measure_destroy(list[i]);
    hsd_free(list);
}

static hsd_measure *measure_create(const measure_entry *entry, hsd_error *err) {
    hsd_measure *m = hsd_calloc(1, sizeof *m, err);
    if (!m) return NULL;
    m->entry = entry;
    m->whole = -1;
    double *const numbers[] = {&m->cutoff,    &m->cutoff2, &m->cutoff3, &m->cutoff4, &m->from,
                               &m->to,        &m->step,    &m->n,       &m->power,   &m->floor,
                               &m->max_cost,  &m->alpha,   &m->total,   &m->radius,  &m->k,
                               &m->ideal_kmh, &m->a,       &m->b,       &m->line,    &m->exponent,
                               &m->tolerance, &m->epsilon, &m->p,       &m->q};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) *numbers[i] = NAN;
    return m;
}

static hsd_status make_measure(const reading *r, const char *item, hsd_measure **out,
                               hsd_error *err) {
    hsd_measure *m = *out = measure_create(r->entry, err);
    if (!m) return HSD_E_MEMORY;
    making make = {.r = r, .measure = m, .item = item};
    hsd_status status = hsd_measure_each_key(&r->entry->info, make_key, &make, err);
    if (status == HSD_OK) status = settle(&make, err);
    if (status == HSD_OK) status = hsd_measure_describe(m, err);
    return status;
}

hsd_status hsd_measures_parse(const char *text, const hsd_measure_defaults *defaults,
                              hsd_measure ***out, size_t *count, hsd_error *err) {
    *out = NULL;
    *count = 0;
    reading r = {.defaults = defaults};
    hsd_status status = take_apart(&r, text, err);
    const size_t wanted = r.list ? r.item_count : 1;
    hsd_measure **list = NULL;
    if (status == HSD_OK) {
        list = hsd_calloc(wanted, sizeof *list, err);
        if (!list) status = HSD_E_MEMORY;
    }
    for (size_t i = 0; status == HSD_OK && i < wanted; i++)
        status = make_measure(&r, r.list ? r.items[i] : NULL, &list[i], err);
    hsd_free(r.copy);
    hsd_free(r.list_copy);
    if (status != HSD_OK) {
        if (list) hsd_measures_destroy(list, wanted);
        return status == HSD_E_MEMORY ? status
                                      : hsd_fail_prefix(err, status, "measure \"%.80s\"", text);
    }
    *out = list;
    *count = wanted;
    return HSD_OK;
}

const hsd_measure_info *hsd_measure_get_info(const hsd_measure *measure) {
    return &measure->entry->info;
}

const char *hsd_measure_column(const hsd_measure *measure) {
    return measure->column;
}

const char *hsd_measure_text(const hsd_measure *measure) {
    return measure->text;
}

const char *hsd_measure_conventions(const hsd_measure *measure) {
    return measure->conventions;
}
