/* Rules of membership: read from YAML by tables of keys, held against the times of a candidate, put
 * in words. The message of a bad file names the line. O(conditions) each. */
#include "study/delineate_rules.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "hourshed/study.h"
#include "read/yaml_tree.h"

enum { MOST_RULES = 40, MOST_CONDITIONS = 64 };
#define DAY_MIN 1440.

/* ---- Conditions ---- */

#define NUMBER(k, field, low, high, must)                                                          \
    {                                                                                              \
        .key = k, .type = HSD_YAML_NUMBER, .offset = offsetof(hsd_condition, field), .min = low,   \
        .max = high, .above = true, .required = must                                               \
    }
static const hsd_yaml_field minutes_alone[] = {NUMBER("minutes", minutes, 0, DAY_MIN, true)};
static const hsd_yaml_field share[] = {NUMBER("minutes", minutes, 0, DAY_MIN, true),
                                       NUMBER("at_least", least, 0, 1, true)};
static const hsd_yaml_field mean[] = {NUMBER("minutes", minutes, 0, DAY_MIN, true),
                                      NUMBER("reached_at_least", least, 0, 1, false)};
static const hsd_yaml_field commuting[] = {{.key = "field",
                                            .type = HSD_YAML_TEXT,
                                            .offset = offsetof(hsd_condition, field),
                                            .required = true},
                                           NUMBER("at_least", least, 0, 1e9, true)};
#define FIELDS(list)                                                                               \
    { list, sizeof list / sizeof list[0] }

static const struct condition_form {
    const char *key;
    hsd_condition_kind kind;
    double least; /* where the file does not say */
    hsd_yaml_fields fields;
} forms[] = {{"all_of", HSD_WHEN_ALL, 0, {NULL, 0}},
             {"any_of", HSD_WHEN_ANY, 0, {NULL, 0}},
             {"share_within", HSD_WHEN_SHARE, 0, FIELDS(share)},
             {"majority", HSD_WHEN_SHARE, 0.5, FIELDS(minutes_alone)},
             {"area_within", HSD_WHEN_AREA, 0, FIELDS(share)},
             {"mean_at_most", HSD_WHEN_MEAN, 1, FIELDS(mean)},
             {"centroid_within", HSD_WHEN_CENTROID, 0, FIELDS(minutes_alone)},
             {"any_part_within", HSD_WHEN_PART, 0, FIELDS(minutes_alone)},
             {"commuting", HSD_WHEN_COMMUTING, 0, FIELDS(commuting)}};
enum { FORMS = sizeof forms / sizeof forms[0] };

static const struct condition_form *form_of(const char *key) {
    for (size_t i = 0; i < FORMS; i++)
        if (strcmp(forms[i].key, key) == 0) return &forms[i];
    return NULL;
}

static hsd_status no_condition(const hsd_yaml *yaml, const hsd_yaml_node *node, hsd_error *err) {
    char known[160] = "";
    for (size_t i = 0; i < FORMS; i++)
        snprintf(known + strlen(known), sizeof known - strlen(known), " %s", forms[i].key);
    return hsd_yaml_fail(yaml, node, err, "\"%.30s\" is no condition; known are%s", node->key,
                         known);
}

static hsd_status read_condition(const hsd_yaml *yaml, const hsd_yaml_node *node,
                                 hsd_member_rule *rule, hsd_error *err);

/* A list of maps of one key each. */
static hsd_status read_several(const hsd_yaml *yaml, const hsd_yaml_node *node,
                               hsd_member_rule *rule, size_t at, hsd_error *err) {
    hsd_status status = hsd_yaml_expect(yaml, node, HSD_YAML_LIST, err);
    if (status == HSD_OK && node->count == 0)
        status = hsd_yaml_fail(yaml, node, err, "%s is an empty list", node->key);
    for (const hsd_yaml_node *n = status == HSD_OK ? hsd_yaml_first(yaml, node) : NULL;
         n && status == HSD_OK; n = hsd_yaml_next(yaml, n)) {
        status = hsd_yaml_expect(yaml, n, HSD_YAML_MAP, err);
        if (status == HSD_OK && n->count != 1)
            status = hsd_yaml_fail(yaml, n, err, "%u keys; each entry of %s is one condition",
                                   n->count, node->key);
        if (status == HSD_OK) status = read_condition(yaml, hsd_yaml_first(yaml, n), rule, err);
    }
    rule->conditions[at].end = rule->condition_count;
    return status;
}

static hsd_status read_condition(const hsd_yaml *yaml, const hsd_yaml_node *node,
                                 hsd_member_rule *rule, hsd_error *err) {
    const struct condition_form *form = form_of(node->key);
    if (!form) return no_condition(yaml, node, err);
    if (rule->condition_count == MOST_CONDITIONS)
        return hsd_yaml_fail(yaml, node, err, "more than %d conditions in one rule",
                             MOST_CONDITIONS);
    const size_t at = rule->condition_count++;
    hsd_condition *c = &rule->conditions[at];
    *c = (hsd_condition){.kind = form->kind, .least = form->least, .end = at + 1};
    if (!form->fields.fields) return read_several(yaml, node, rule, at, err);
    const hsd_status status = hsd_yaml_fill(yaml, node, &form->fields, c, err);
    c->ms = (uint32_t)floor(c->minutes * 60000 + 0.5);
    if (status == HSD_OK && form->kind != HSD_WHEN_COMMUTING && c->ms == 0)
        return hsd_yaml_fail(yaml, node, err, "%g minutes are less than a millisecond", c->minutes);
    return status;
}

/* ---- Rules ---- */

static hsd_status read_word(const hsd_yaml *yaml, const hsd_yaml_node *node, const char *yes,
                            bool *out, hsd_error *err) {
    const bool scalar = node->shape == HSD_YAML_SCALAR;
    if (scalar && strcmp(node->text, yes) == 0)
        *out = true;
    else if (scalar && strcmp(node->text, "keep") == 0)
        *out = false;
    else
        return hsd_yaml_fail(yaml, node, err, "%s is \"%.30s\"; %s or keep was expected", node->key,
                             scalar ? node->text : "a list or map", yes);
    return HSD_OK;
}

static hsd_status read_key(const hsd_yaml *yaml, const hsd_yaml_node *node, hsd_member_rule *rule,
                           hsd_error *err) {
    if (strcmp(node->key, "name") == 0)
        return hsd_yaml_chars(yaml, node, rule->name, sizeof rule->name, err);
    if (strcmp(node->key, "enclaves") == 0) return read_word(yaml, node, "fill", &rule->fill, err);
    if (strcmp(node->key, "exclaves") == 0) return read_word(yaml, node, "drop", &rule->drop, err);
    if (strcmp(node->key, "about") == 0) {
        const hsd_status status = hsd_yaml_expect(yaml, node, HSD_YAML_SCALAR, err);
        if (status == HSD_OK && !(rule->about = hsd_strdup(node->text, err))) return HSD_E_MEMORY;
        return status;
    }
    if (rule->condition_count > 0)
        return hsd_yaml_fail(yaml, node, err,
                             "a second condition, %.30s: put both into all_of or any_of",
                             node->key);
    return read_condition(yaml, node, rule, err);
}

/* Columns are called by it. */
static bool is_name(const char *text) {
    const char *letters = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    return text[0] && strspn(text, letters) == strlen(text);
}

static hsd_status read_rule(const hsd_yaml *yaml, const hsd_yaml_node *node, hsd_member_rules *list,
                            hsd_error *err) {
    hsd_member_rule *rule = &list->rules[list->count++];
    *rule = (hsd_member_rule){0};
    const char *dot = strrchr(yaml->file, '.');
    snprintf(rule->set, sizeof rule->set, "%.*s",
             dot ? (int)(dot - yaml->file) : (int)strlen(yaml->file), yaml->file);
    rule->conditions = hsd_calloc(MOST_CONDITIONS, sizeof *rule->conditions, err);
    if (!rule->conditions) return HSD_E_MEMORY;
    hsd_status status = hsd_yaml_expect(yaml, node, HSD_YAML_MAP, err);
    for (const hsd_yaml_node *n = status == HSD_OK ? hsd_yaml_first(yaml, node) : NULL;
         n && status == HSD_OK; n = hsd_yaml_next(yaml, n))
        status = read_key(yaml, n, rule, err);
    if (status != HSD_OK) return status;
    if (!rule->name[0]) return hsd_yaml_fail(yaml, node, err, "key \"name\" is missing");
    if (!is_name(rule->name))
        return hsd_yaml_fail(yaml, node, err,
                             "name \"%s\": small letters, digits, - and _ were expected",
                             rule->name);
    if (rule->condition_count == 0)
        return hsd_yaml_fail(yaml, node, err, "rule %s has no condition", rule->name);
    for (size_t i = 0; i + 1 < list->count; i++)
        if (strcmp(list->rules[i].name, rule->name) == 0)
            return hsd_yaml_fail(yaml, node, err, "a second rule %s (one is in %s)", rule->name,
                                 list->rules[i].set);
    return HSD_OK;
}

static hsd_status read_rules(const hsd_yaml *yaml, const hsd_yaml_node *node, void *target,
                             hsd_error *err) {
    hsd_member_rules *list = target;
    hsd_status status = hsd_yaml_expect(yaml, node, HSD_YAML_LIST, err);
    if (status == HSD_OK && node->count == 0)
        return hsd_yaml_fail(yaml, node, err, "rules is an empty list");
    for (const hsd_yaml_node *n = status == HSD_OK ? hsd_yaml_first(yaml, node) : NULL;
         n && status == HSD_OK; n = hsd_yaml_next(yaml, n)) {
        if (list->count == MOST_RULES)
            return hsd_yaml_fail(yaml, n, err, "more than %d rules in one run", MOST_RULES);
        status = read_rule(yaml, n, list, err);
    }
    return status;
}

static hsd_status read_set(const char *path, hsd_member_rules *list, hsd_error *err) {
    static const hsd_yaml_field fields[] = {
        {.key = "about", .type = HSD_YAML_REMARK},
        {.key = "sources", .type = HSD_YAML_REMARK},
        {.key = "rules", .type = HSD_YAML_VISIT, .required = true, .visit = read_rules}};
    static const hsd_yaml_fields file = FIELDS(fields);
    hsd_yaml yaml = {0};
    hsd_status status = hsd_yaml_read(path, &yaml, err);
    if (status == HSD_OK) status = hsd_yaml_fill(&yaml, hsd_yaml_root(&yaml), &file, list, err);
    hsd_yaml_finish(&yaml);
    return status;
}

/* A name in the geodata, or a file. */
static hsd_status find_set(const char *name, char **path, hsd_error *err) {
    const size_t length = strlen(name);
    if (strchr(name, '/') || (length > 5 && strcmp(name + length - 5, ".yaml") == 0)) {
        *path = hsd_strdup(name, err);
        return *path ? HSD_OK : HSD_E_MEMORY;
    }
    char *inside = hsd_asprintf(err, "rules/%s.yaml", name);
    if (!inside) return HSD_E_MEMORY;
    hsd_status status = hsd_geodata_find(inside, path, err);
    hsd_free(inside);
    if (status == HSD_E_OPEN)
        status = hsd_fail(err, HSD_E_OPEN,
                          "no rules \"%s\": neither a .yaml file nor a set of the "
                          "geodata (folder rules)",
                          name);
    return status;
}

static void finish_rule(hsd_member_rule *rule) {
    for (size_t i = 0; rule->conditions && i < rule->condition_count; i++)
        hsd_free(rule->conditions[i].field);
    hsd_free(rule->conditions);
    hsd_free(rule->about);
}

/* Those that are named, in the order of their names. */
static hsd_status pick(hsd_member_rules *list, const char *const *only, size_t only_count,
                       hsd_error *err) {
    for (size_t i = 0; i < only_count; i++) {
        size_t at = i;
        while (at < list->count && strcmp(list->rules[at].name, only[i]) != 0) at++;
        if (at == list->count) {
            char known[160] = "";
            size_t used = 0;
            for (size_t k = 0; k < list->count && used < sizeof known; k++)
                used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "",
                                         list->rules[k].name);
            for (size_t k = 0; k < i; k++)
                if (strcmp(only[k], only[i]) == 0)
                    return hsd_fail(err, HSD_E_ARGUMENT, "rule \"%.40s\" is named twice", only[i]);
            return hsd_fail(err, HSD_E_ARGUMENT, "no rule \"%.40s\"; there are %s", only[i], known);
        }
        const hsd_member_rule swap = list->rules[i];
        list->rules[i] = list->rules[at];
        list->rules[at] = swap;
    }
    while (only_count && list->count > only_count) finish_rule(&list->rules[--list->count]);
    return HSD_OK;
}

hsd_status hsd_member_rules_read(const char *const *sets, size_t set_count, const char *const *only,
                                 size_t only_count, hsd_member_rules *out, hsd_error *err) {
    *out = (hsd_member_rules){0};
    out->rules = hsd_calloc(MOST_RULES, sizeof *out->rules, err);
    out->paths = hsd_calloc(set_count, sizeof *out->paths, err);
    hsd_status status = out->rules && out->paths ? HSD_OK : HSD_E_MEMORY;
    for (size_t i = 0; status == HSD_OK && i < set_count; i++) {
        status = find_set(sets[i], &out->paths[i], err);
        out->path_count = i + 1;
        if (status == HSD_OK) status = read_set(out->paths[i], out, err);
    }
    return status == HSD_OK ? pick(out, only, only_count, err) : status;
}

void hsd_member_rules_finish(hsd_member_rules *list) {
    for (size_t i = 0; i < list->count; i++) finish_rule(&list->rules[i]);
    for (size_t i = 0; i < list->path_count; i++) hsd_free(list->paths[i]);
    hsd_free(list->rules);
    hsd_free(list->paths);
    *list = (hsd_member_rules){0};
}

bool hsd_member_rule_counts_people(const hsd_member_rule *rule) {
    for (size_t i = 0; i < rule->condition_count; i++)
        if (rule->conditions[i].kind == HSD_WHEN_SHARE || rule->conditions[i].kind == HSD_WHEN_MEAN)
            return true;
    return false;
}

/* ---- Whether it holds ---- */

typedef struct facts {
    const hsd_served *served;
    const uint32_t *cutoffs_ms;
    size_t cutoff_count;
    const double *masses;
} facts;

static double at_cutoff(const facts *f, const double *shares, uint32_t ms) {
    for (size_t c = 0; c < f->cutoff_count; c++)
        if (f->cutoffs_ms[c] == ms) return shares[c];
    return NAN;
}

/* What is not known (NAN) holds nowhere. */
static bool holds(const hsd_condition *all, size_t at, const facts *f) {
    static const double slack = 1e-9;
    const hsd_condition *c = &all[at];
    const hsd_served *s = f->served;
    switch (c->kind) {
    case HSD_WHEN_ALL:
    case HSD_WHEN_ANY:
        for (size_t i = at + 1; i < c->end; i = all[i].end)
            if (holds(all, i, f) == (c->kind == HSD_WHEN_ANY)) return c->kind == HSD_WHEN_ANY;
        return c->kind == HSD_WHEN_ALL;
    case HSD_WHEN_SHARE:
        return at_cutoff(f, s->shares, c->ms) >= c->least - slack;
    case HSD_WHEN_AREA:
        return at_cutoff(f, s->areas, c->ms) >= c->least - slack;
    case HSD_WHEN_MEAN:
        return s->mean_min <= c->minutes + slack && s->reached >= c->least - slack;
    case HSD_WHEN_CENTROID:
        return s->point_ms <= c->ms;
    case HSD_WHEN_PART:
        return s->least_ms <= c->ms;
    case HSD_WHEN_COMMUTING:
        return f->masses[c->mass] >= c->least;
    }
    return false;
}

bool hsd_member_rule_holds(const hsd_member_rule *rule, const hsd_served *served,
                           const uint32_t *cutoffs_ms, size_t cutoff_count, const double *masses) {
    const facts f = {served, cutoffs_ms, cutoff_count, masses};
    return holds(rule->conditions, 0, &f);
}

/* ---- In words ---- */

enum { ENGLISH, CHINESE };
static const char *const phrases[][2] = {
    [HSD_WHEN_SHARE] = {"at least %2$g %% of its people within %1$g min",
                        "至少%2$g%%的人口在%1$g分钟内"},
    [HSD_WHEN_AREA] = {"at least %2$g %% of its land within %1$g min",
                       "至少%2$g%%的土地在%1$g分钟内"},
    [HSD_WHEN_CENTROID] = {"its point within %g min", "代表点在%g分钟内"},
    [HSD_WHEN_PART] = {"some part of it within %g min", "任一部分在%g分钟内"},
    [HSD_WHEN_MEAN] = {"mean time of its people at most %g min", "人口加权平均时间不超过%g分钟"}};

static void words(const hsd_condition *all, size_t at, int language, hsd_text *out) {
    static const char *const joins[2][2] = {{" and ", " or "}, {"且", "或"}};
    const hsd_condition *c = &all[at];
    switch (c->kind) {
    case HSD_WHEN_ALL:
    case HSD_WHEN_ANY:
        if (at) hsd_text_add(out, language == CHINESE ? "（" : "(");
        for (size_t i = at + 1; i < c->end; i = all[i].end) {
            if (i > at + 1) hsd_text_add(out, joins[language][c->kind == HSD_WHEN_ANY]);
            words(all, i, language, out);
        }
        if (at) hsd_text_add(out, language == CHINESE ? "）" : ")");
        return;
    case HSD_WHEN_COMMUTING:
        hsd_text_addf(out, language == CHINESE ? "%s不低于%g" : "%s at least %g", c->field,
                      c->least);
        return;
    case HSD_WHEN_MEAN:
        hsd_text_addf(out, phrases[c->kind][language], c->minutes);
        hsd_text_addf(out,
                      language == CHINESE ? "（可达人口不少于%g%%）"
                                          : " (%g %% of them or more have a way)",
                      100 * c->least);
        return;
    default:
        hsd_text_addf(out, phrases[c->kind][language], c->minutes, 100 * c->least);
    }
}

void hsd_member_rule_words(const hsd_member_rule *rule, const char *lang, hsd_text *out) {
    const int language = lang && lang[0] == 'z' ? CHINESE : ENGLISH;
    words(rule->conditions, 0, language, out);
    if (rule->fill)
        hsd_text_add(out, language == CHINESE ? "；补入被包围的单元" : "; enclaves are filled");
    if (rule->drop)
        hsd_text_add(out, language == CHINESE ? "；去除不相连的单元" : "; exclaves are dropped");
}

static void definition(const hsd_condition *all, size_t at, hsd_json *out) {
    const hsd_condition *c = &all[at];
    const struct condition_form *form = forms;
    while (form->kind != c->kind) form++;
    hsd_json_key(out, form->key);
    if (c->kind == HSD_WHEN_ALL || c->kind == HSD_WHEN_ANY) {
        hsd_json_open(out, '[');
        for (size_t i = at + 1; i < c->end; i = all[i].end) {
            hsd_json_open(out, '{');
            definition(all, i, out);
            hsd_json_close(out);
        }
        hsd_json_close(out);
        return;
    }
    hsd_json_open(out, '{');
    if (c->field) {
        hsd_json_key(out, "field");
        hsd_json_string(out, c->field);
    } else {
        hsd_json_key(out, "minutes");
        hsd_json_number(out, c->minutes);
    }
    if (c->least > 0) {
        hsd_json_key(out, c->kind == HSD_WHEN_MEAN ? "reached_at_least" : "at_least");
        hsd_json_number(out, c->least);
    }
    hsd_json_close(out);
}

void hsd_member_rule_definition(const hsd_member_rule *rule, hsd_json *out) {
    hsd_json_open(out, '{');
    hsd_json_key(out, "name");
    hsd_json_string(out, rule->name);
    definition(rule->conditions, 0, out);
    hsd_json_key(out, "enclaves");
    hsd_json_string(out, rule->fill ? "fill" : "keep");
    hsd_json_key(out, "exclaves");
    hsd_json_string(out, rule->drop ? "drop" : "keep");
    hsd_json_close(out);
}
