/* What a measure is called and what it does, in words: its column, the text that parses to it, the
 * line of conventions, and what --explain prints. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "access/measures.h"

/* ---- Templates ---- */

static void add_mass(const hsd_measure *m, bool column, hsd_text *out) {
    if (m->mass2 && column)
        hsd_text_addf(out, "%s_%s", m->mass, m->mass2);
    else if (m->mass2)
        hsd_text_addf(out, "sqrt(%s %s)", m->mass, m->mass2);
    else
        hsd_text_add(out, column && strcmp(m->mass, "1") == 0 ? "count" : m->mass);
}

static void add_value(const hsd_measure *m, const char *key, size_t length, bool column,
                      hsd_text *out) {
    const size_t before = out->length;
    const measure_key *found = hsd_measure_key(key, length);
    if (length == 4 && memcmp(key, "mass", 4) == 0 && m->mass)
        add_mass(m, column, out);
    else if (found)
        hsd_measure_value_text(m, found, out);
    if (!column && !out->failed && out->length == before) hsd_text_add(out, "none");
}

static void expand(const hsd_measure *m, const char *template, bool column, hsd_text *out) {
    while (*template) {
        const size_t plain = strcspn(template, "{");
        hsd_text_add_n(out, template, plain);
        template += plain;
        if (!*template) return;
        const size_t length = strcspn(++template, "}");
        add_value(m, template, length, column, out);
        template += length + 1;
    }
}

/* ---- The column ---- */

static bool is_default_variant(const hsd_measure *m) {
    const char *line = hsd_measure_key_line(m->entry->info.keys, "variant", strlen("variant"));
    if (!line) return true;
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(line, " "), line);
    return hsd_measure_is_variant(m, name);
}

/* What a driver may not take in a name. Letters of other alphabets stay. */
static void tidy(char *name) {
    for (; *name; name++) {
        const unsigned char c = (unsigned char)*name;
        if (!(c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
              (c >= 'A' && c <= 'Z')))
            *name = '_';
    }
}

/* Cut-offs of the costs after the first, where they are said. */
static void add_cutoffs(const hsd_measure *m, const char *format, hsd_text *out) {
    const double cutoffs[] = {m->cutoff2, m->cutoff3, m->cutoff4};
    for (size_t k = 0; k < sizeof cutoffs / sizeof *cutoffs; k++) {
        char number[32];
        if (!isnan(cutoffs[k])) hsd_text_addf(out, format, hsd_double_text(cutoffs[k], number));
    }
}

static char *column_of(const hsd_measure *m, hsd_error *err) {
    if (m->as) return hsd_strdup(m->as, err);
    hsd_text out = {0};
    const bool decayed = m->entry->kind == MEASURE_POTENTIAL && m->has_decay;
    const bool counts = m->entry->kind == MEASURE_COEFFICIENT && m->of == MEASURE_OF_SIMPLE_MEAN;
    expand(m,
           decayed  ? "potential_{mass}"
           : counts ? "coefficient_{of}"
                    : m->entry->column,
           true, &out);
    if (m->entry->kind == MEASURE_CUMULATIVE) add_cutoffs(m, "_%s", &out);
    const measure_key *variant = hsd_measure_key("variant", strlen("variant"));
    if (!is_default_variant(m)) {
        hsd_text_add(&out, "_");
        hsd_measure_value_text(m, variant, &out);
    }
    if (m->direction == MEASURE_PASSIVE) hsd_text_add(&out, "_passive");
    if (strcmp(m->entry->info.unit, "min") == 0) hsd_text_add(&out, "_min");
    char *column = out.failed ? NULL : hsd_strdup(out.data, err);
    if (out.failed) hsd_fail(err, HSD_E_MEMORY, "out of memory");
    hsd_text_finish(&out);
    if (column) tidy(column);
    return column;
}

/* ---- The text ---- */

typedef struct writing {
    const hsd_measure *measure;
    hsd_text out;
    bool any;
} writing;

/* Every key with a value; a group that is none too, since the caller may have one as default. */
static hsd_status write_key(void *context, const measure_key *key, const char *default_text,
                            hsd_error *err) {
    (void)default_text;
    (void)err;
    writing *w = context;
    const char *name = hsd_measure_key_name(key);
    hsd_text value = {0};
    hsd_measure_value_text(w->measure, key, &value);
    if (value.failed)
        w->out.failed = true;
    else if (value.length || strcmp(name, "group") == 0) {
        hsd_text_addf(&w->out, "%s%s=%s", w->any ? "," : ":", name, value.length ? value.data : "");
        w->any = true;
    }
    hsd_text_finish(&value);
    return HSD_OK;
}

static hsd_status text_of(const hsd_measure *m, char **out, hsd_error *err) {
    writing w = {.measure = m};
    hsd_text_add(&w.out, m->entry->info.name);
    hsd_status status = hsd_measure_each_key(&m->entry->info, write_key, &w, err);
    if (status == HSD_OK && w.out.failed) status = hsd_fail(err, HSD_E_MEMORY, "out of memory");
    if (status == HSD_OK && !(*out = hsd_strdup(w.out.data, err))) status = HSD_E_MEMORY;
    hsd_text_finish(&w.out);
    return status;
}

/* ---- The line of conventions ---- */

static void add_self(const hsd_measure *m, hsd_text *out) {
    if (!m->self || m->self_time == HSD_SELF_NONE) {
        hsd_text_add(out, "; the zone itself left out");
        return;
    }
    hsd_text_add(out, "; the zone itself counted, ");
    if (m->self_time == HSD_SELF_FIXED)
        hsd_text_addf(out, "at %g min", m->self_value);
    else if (m->self_time == HSD_SELF_RADIUS)
        hsd_text_addf(out, "at half the radius of its circle, %g km/h", m->self_value);
    else
        hsd_text_add(out, "at its time in the table");
}

static void add_unreachable(const hsd_measure *m, hsd_text *out) {
    if (m->unreachable == HSD_UNREACHED_DROP)
        hsd_text_add(out, "; what cannot be reached left out");
    else if (m->unreachable == HSD_UNREACHED_INFINITE)
        hsd_text_add(out, "; infinite where something cannot be reached");
    else
        hsd_text_addf(out, "; what cannot be reached, or in longer, counts as %g min", m->cap_min);
}

/* What is computed; of what a measure offers a choice of, the one chosen. */
static const char *line_of(const hsd_measure *m) {
    if (m->entry->kind == MEASURE_POTENTIAL && m->has_decay)
        return "sum of {mass} f(t), f = {decay}, t at least {floor}";
    if (m->entry->kind == MEASURE_COEFFICIENT && m->of == MEASURE_OF_SIMPLE_MEAN)
        return "{of} over its plain mean of all zones";
    if (m->entry->kind == MEASURE_COEFFICIENT && m->of == MEASURE_OF_POTENTIAL)
        return "sum of {mass} / t^{power}, t at least {floor}, over its plain mean of all zones";
    return m->entry->line;
}

/* Sums leave nothing to say about what cannot be reached. */
static bool is_mean(const hsd_measure *m) {
    return hsd_measure_has(m, "unreachable") && m->of != MEASURE_OF_POTENTIAL;
}

static char *conventions_of(const hsd_measure *m, hsd_error *err) {
    hsd_text out = {0};
    hsd_text_addf(&out, "%s: ", m->entry->info.title);
    expand(m, line_of(m), false, &out);
    if (m->entry->kind == MEASURE_CUMULATIVE) add_cutoffs(m, " and %s of the next cost", &out);
    if (m->entry->info.variants) expand(m, "; variant {variant}", false, &out);
    if (hsd_measure_has(m, "max_cost")) expand(m, "; largest cost {max_cost}", false, &out);
    if (hsd_measure_has(m, "direction"))
        hsd_text_add(&out, m->direction == MEASURE_PASSIVE ? "; passive (what reaches the zone)"
                                                           : "; active (what the zone reaches)");
    if (hsd_measure_has(m, "self")) add_self(m, &out);
    if (is_mean(m)) add_unreachable(m, &out);
    char *line = out.failed ? NULL : hsd_strdup(out.data, err);
    if (out.failed) hsd_fail(err, HSD_E_MEMORY, "out of memory");
    hsd_text_finish(&out);
    return line;
}

hsd_status hsd_measure_describe(hsd_measure *m, hsd_error *err) {
    if (!(m->column = column_of(m, err))) return HSD_E_MEMORY;
    const hsd_status status = text_of(m, &m->text, err);
    if (status != HSD_OK) return status;
    return (m->conventions = conventions_of(m, err)) ? HSD_OK : HSD_E_MEMORY;
}

/* ---- --explain ---- */

typedef struct page {
    char *buffer;
    size_t size, length;
} page;

static void put(page *p, const char *format, ...) HSD_PRINTF(2, 3);
static void put(page *p, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const size_t room = p->length < p->size ? p->size - p->length : 0;
    const int n = vsnprintf(room ? p->buffer + p->length : NULL, room, format, args);
    va_end(args);
    if (n > 0) p->length += (size_t)n;
}

enum { INDENT = 24, WIDTH = 96 };

/* Words from column `at` on, further lines from `indent` on. */
static void put_words(page *p, const char *text, size_t length, size_t at, size_t indent) {
    bool first = true;
    for (size_t i = 0, n; i < length; i += n + 1, first = false) {
        n = strcspn(text + i, " \n");
        if (n > length - i) n = length - i;
        if (!first && at + 1 + n > WIDTH) {
            put(p, "\n%*s", (int)indent, "");
            at = indent;
            first = true;
        }
        put(p, "%s%.*s", first ? "" : " ", (int)n, text + i);
        at += n + !first;
    }
    put(p, "\n");
}

/* Lines of "WORD  what it is", or of words alone. */
static void put_lines(page *p, const char *heading, const char *lines) {
    if (lines && *lines) put(p, "%s\n", heading);
    while (lines && *lines) {
        const size_t n = strcspn(lines, "\n");
        const char *gap = strstr(lines, "  ");
        if (gap && gap < lines + n) {
            const size_t word = (size_t)(gap - lines);
            put(p, "  %-*.*s", INDENT - 2, (int)word, lines);
            if (word > INDENT - 3) put(p, "\n%*s", INDENT, "");
            put_words(p, gap + 2, n - word - 2, INDENT, INDENT);
        } else {
            put(p, "  ");
            put_words(p, lines, n, 2, 4);
        }
        lines += n + (lines[n] == '\n');
    }
}

int hsd_measure_explain(const hsd_measure_info *info, char *buffer, size_t size) {
    static const char *const shapes[] = {"a value a zone", "a value a pair of zones",
                                         "numbers about values of zones (inequality)"};
    page p = {.buffer = buffer, .size = size};
    put(&p, "%s - %s (%s)\n\n", info->name, info->title, info->title_zh);
    put(&p, "gives      %s\n", shapes[info->shape]);
    put(&p, "formula    %s\n", info->formula);
    put(&p, "unit       %s%s%s%s\n", info->unit, *info->better ? "; " : "", info->better,
        *info->better ? " is better" : "");
    put(&p, "reference  %s\n", info->reference);
    put(&p, "in C       %s\n", info->function);
    put_lines(&p, "keys and their defaults (?: to be said; nothing: not set)", info->keys);
    put_lines(&p, "variants", info->variants);
    put_lines(&p, "edge cases", info->edges);
    return (int)p.length;
}
