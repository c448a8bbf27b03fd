/* Speed profiles: what a mode may use, how fast, where it may stop, and its last leg. The file's
 * numbers are in km/h and plain factors; the struct's in whole metres per hour and parts per
 * million, rounded half up, so that every later product is exact. docs/profile-yaml.md has the
 * format. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "hourshed/read.h"
#include "read/message.h"
#include "read/profile.h"
#include "read/yaml_tree.h"

typedef struct raw_profile {
    hsd_profile *out;
    double factor, max_speed_kmh, leg_speed_kmh, leg_detour, leg_cap_m;
    int leg_rule;
} raw_profile;

typedef struct raw_class {
    double speed_kmh, factor; /* factor 0: the profile's */
    bool stop, needs_yes;
} raw_class;

static uint32_t rounded(double value) {
    return (uint32_t)floor(value + 0.5);
}

static hsd_status visit_uses(const hsd_yaml *yaml, const hsd_yaml_node *node, void *target,
                             hsd_error *err) {
    hsd_profile *out = ((raw_profile *)target)->out;
    hsd_status status = hsd_yaml_expect(yaml, node, HSD_YAML_LIST, err);
    if (status != HSD_OK) return status;
    if (node->count == 0)
        return hsd_yaml_fail(yaml, node, err, "uses is empty; a list of words was expected");
    for (const hsd_yaml_node *item = hsd_yaml_first(yaml, node); item;
         item = hsd_yaml_next(yaml, item)) {
        if (out->use_count == HSD_MAX_MODES)
            return hsd_yaml_fail(yaml, item, err, "uses has more than %d words", HSD_MAX_MODES);
        char *word = out->uses[out->use_count];
        status = hsd_yaml_chars(yaml, item, word, sizeof out->uses[0], err);
        if (status != HSD_OK) return status;
        for (size_t i = 0; i < out->use_count; i++)
            if (strcmp(out->uses[i], word) == 0)
                return hsd_yaml_fail(yaml, item, err, "uses has \"%s\" twice", word);
        out->use_count++;
    }
    return HSD_OK;
}

static hsd_status visit_no_stop(const hsd_yaml *yaml, const hsd_yaml_node *node, void *target,
                                hsd_error *err) {
    static const struct {
        const char *word;
        uint16_t flag;
    } flags[] = {{"bridge", HSD_WAY_BRIDGE}, {"tunnel", HSD_WAY_TUNNEL}, {"ferry", HSD_WAY_FERRY}};
    hsd_profile *out = ((raw_profile *)target)->out;
    hsd_status status = hsd_yaml_expect(yaml, node, HSD_YAML_LIST, err);
    if (status != HSD_OK) return status;
    out->no_stop_flags = 0;
    for (const hsd_yaml_node *item = hsd_yaml_first(yaml, node); item;
         item = hsd_yaml_next(yaml, item)) {
        char word[24];
        status = hsd_yaml_chars(yaml, item, word, sizeof word, err);
        if (status != HSD_OK) return status;
        uint16_t flag = 0;
        for (size_t i = 0; i < 3; i++)
            if (strcmp(flags[i].word, word) == 0) flag = flags[i].flag;
        if (!flag)
            return hsd_yaml_fail(yaml, item, err,
                                 "no_stop has \"%s\"; bridge, tunnel or ferry was expected", word);
        out->no_stop_flags |= flag;
    }
    return HSD_OK;
}

static hsd_status fill_class(const hsd_yaml *yaml, const hsd_yaml_node *node, hsd_class_speed *out,
                             hsd_error *err) {
    static const hsd_yaml_field fields[] = {
        {.key = "speed_kmh",
         .type = HSD_YAML_NUMBER,
         .offset = offsetof(raw_class, speed_kmh),
         .above = true,
         .max = HSD_GREATEST_KMH,
         .required = true},
        {.key = "factor",
         .type = HSD_YAML_NUMBER,
         .offset = offsetof(raw_class, factor),
         .above = true,
         .max = 10},
        {.key = "stop", .type = HSD_YAML_BOOL, .offset = offsetof(raw_class, stop)},
        {.key = "needs_yes", .type = HSD_YAML_BOOL, .offset = offsetof(raw_class, needs_yes)},
    };
    static const hsd_yaml_fields table = {fields, sizeof fields / sizeof fields[0]};
    raw_class raw = {.stop = true};
    size_t length = strlen(node->key);
    if (length == 0 || length >= sizeof out->road_class)
        return hsd_yaml_fail(yaml, node, err, "the name of a class has 1 to %zu bytes",
                             sizeof out->road_class - 1);
    hsd_status status = hsd_yaml_fill(yaml, node, &table, &raw, err);
    if (status != HSD_OK) return status;
    *out = (hsd_class_speed){.speed_mh = rounded(raw.speed_kmh * 1000),
                             .factor_ppm = rounded(raw.factor * 1e6),
                             .stop = raw.stop,
                             .needs_yes = raw.needs_yes};
    memcpy(out->road_class, node->key, length);
    if (out->speed_mh == 0)
        return hsd_yaml_fail(yaml, node, err, "speed_kmh of %s is below 1 metre per hour",
                             node->key);
    if (raw.factor > 0 && out->factor_ppm == 0)
        return hsd_yaml_fail(yaml, node, err, "factor of %s is below 0.000001", node->key);
    return HSD_OK;
}

static hsd_status visit_classes(const hsd_yaml *yaml, const hsd_yaml_node *node, void *target,
                                hsd_error *err) {
    hsd_profile *out = ((raw_profile *)target)->out;
    hsd_status status = hsd_yaml_expect(yaml, node, HSD_YAML_MAP, err);
    if (status != HSD_OK) return status;
    if (node->count == 0) return hsd_yaml_fail(yaml, node, err, "classes is empty");
    out->classes = hsd_calloc(node->count, sizeof *out->classes, err);
    if (!out->classes) return HSD_E_MEMORY;
    for (const hsd_yaml_node *item = hsd_yaml_first(yaml, node); item && status == HSD_OK;
         item = hsd_yaml_next(yaml, item))
        status = fill_class(yaml, item, &out->classes[out->class_count++], err);
    return status;
}

static const char *const leg_rules[] = {"edges", "nodes", NULL};

static const hsd_yaml_field leg_fields[] = {
    {.key = "rule",
     .type = HSD_YAML_WORD,
     .offset = offsetof(raw_profile, leg_rule),
     .words = leg_rules},
    {.key = "speed_kmh",
     .type = HSD_YAML_NUMBER,
     .offset = offsetof(raw_profile, leg_speed_kmh),
     .min = 0.1,
     .max = HSD_GREATEST_KMH},
    {.key = "detour",
     .type = HSD_YAML_NUMBER,
     .offset = offsetof(raw_profile, leg_detour),
     .min = 1,
     .max = 5},
    {.key = "cap_m",
     .type = HSD_YAML_NUMBER,
     .offset = offsetof(raw_profile, leg_cap_m),
     .min = 1,
     .max = 100000},
};
static const hsd_yaml_fields leg_table = {leg_fields, sizeof leg_fields / sizeof leg_fields[0]};

/* Fields of the struct itself, and of the raw values; the base of both is raw_profile. */
static hsd_status visit_name(const hsd_yaml *yaml, const hsd_yaml_node *node, void *target,
                             hsd_error *err) {
    hsd_profile *out = ((raw_profile *)target)->out;
    return hsd_yaml_chars(yaml, node, out->name, sizeof out->name, err);
}

static hsd_status visit_mode(const hsd_yaml *yaml, const hsd_yaml_node *node, void *target,
                             hsd_error *err) {
    hsd_profile *out = ((raw_profile *)target)->out;
    return hsd_yaml_chars(yaml, node, out->mode, sizeof out->mode, err);
}

typedef struct raw_file {
    raw_profile raw;
    bool respects_oneway, respects_turns, uses_tags;
} raw_file;

static const hsd_yaml_field profile_fields[] = {
    {.key = "name", .type = HSD_YAML_VISIT, .visit = visit_name, .required = true},
    {.key = "mode", .type = HSD_YAML_VISIT, .visit = visit_mode, .required = true},
    {.key = "description", .type = HSD_YAML_REMARK},
    {.key = "sources", .type = HSD_YAML_REMARK},
    {.key = "uses", .type = HSD_YAML_VISIT, .visit = visit_uses},
    {.key = "respects_oneway",
     .type = HSD_YAML_BOOL,
     .offset = offsetof(raw_file, respects_oneway)},
    {.key = "respects_turns", .type = HSD_YAML_BOOL, .offset = offsetof(raw_file, respects_turns)},
    {.key = "uses_tags", .type = HSD_YAML_BOOL, .offset = offsetof(raw_file, uses_tags)},
    {.key = "max_speed_kmh",
     .type = HSD_YAML_NUMBER,
     .offset = offsetof(raw_profile, max_speed_kmh),
     .min = 1,
     .max = HSD_GREATEST_KMH},
    {.key = "factor",
     .type = HSD_YAML_NUMBER,
     .offset = offsetof(raw_profile, factor),
     .min = 0.01,
     .max = 10},
    {.key = "no_stop", .type = HSD_YAML_VISIT, .visit = visit_no_stop},
    {.key = "leg", .type = HSD_YAML_NESTED, .nested = &leg_table},
    {.key = "classes", .type = HSD_YAML_VISIT, .visit = visit_classes},
};
static const hsd_yaml_fields profile_table = {profile_fields,
                                              sizeof profile_fields / sizeof profile_fields[0]};

static void settle(const raw_file *file, hsd_profile *out) {
    const raw_profile *raw = &file->raw;
    uint32_t factor_ppm = rounded(raw->factor * 1e6);
    for (size_t i = 0; i < out->class_count; i++)
        if (out->classes[i].factor_ppm == 0) out->classes[i].factor_ppm = factor_ppm;
    if (out->use_count == 0) {
        memcpy(out->uses[0], out->mode, sizeof out->uses[0]);
        out->use_count = 1;
    }
    out->respects_oneway = file->respects_oneway;
    out->respects_turns = file->respects_turns;
    out->uses_tags = file->uses_tags;
    out->max_speed_mh = rounded(raw->max_speed_kmh * 1000);
    out->leg_rule = raw->leg_rule == 1 ? HSD_LEG_NODES : HSD_LEG_EDGES;
    out->leg_speed_mh = rounded(raw->leg_speed_kmh * 1000);
    out->leg_detour_ppm = rounded(raw->leg_detour * 1e6);
    out->leg_cap_m = rounded(raw->leg_cap_m);
}

static hsd_status profile_of_yaml(const hsd_yaml *yaml, hsd_profile *out, hsd_error *err) {
    raw_file file = {
        .raw = {.out = out, .factor = 1, .leg_speed_kmh = 4.8, .leg_detour = 1, .leg_cap_m = 500},
        .respects_oneway = true,
        .respects_turns = true,
        .uses_tags = true};
    hsd_status status = hsd_yaml_fill(yaml, hsd_yaml_root(yaml), &profile_table, &file, err);
    if (status == HSD_OK) settle(&file, out);
    if (status == HSD_OK && out->class_count == 0 && out->leg_rule == HSD_LEG_EDGES)
        status =
            hsd_yaml_fail(yaml, hsd_yaml_root(yaml), err,
                          "key \"classes\" is missing: only legs of rule nodes need no street");
    if (status != HSD_OK) hsd_profile_finish(out);
    return status;
}

hsd_status hsd_profile_parse(const char *data, size_t length, const char *file, hsd_profile *out,
                             hsd_error *err) {
    *out = (hsd_profile){0};
    hsd_yaml yaml;
    hsd_status status = hsd_yaml_parse(data, length, file, &yaml, err);
    if (status != HSD_OK) return status;
    status = profile_of_yaml(&yaml, out, err);
    hsd_yaml_finish(&yaml);
    return status;
}

hsd_status hsd_read_profile(const char *path, hsd_profile *out, hsd_error *err) {
    *out = (hsd_profile){0};
    hsd_yaml yaml;
    hsd_status status = hsd_yaml_read(path, &yaml, err);
    if (status != HSD_OK) return status;
    status = profile_of_yaml(&yaml, out, err);
    hsd_yaml_finish(&yaml);
    return status;
}

void hsd_profile_finish(hsd_profile *profile) {
    if (!profile) return;
    hsd_free(profile->classes);
    *profile = (hsd_profile){0};
}
