/* The form of a layer of proposals. Names, values, ranges and presets are the schema's (read/);
 * here stand the words people read for its values, and what one field asks of another. A field is
 * called by its column's name and its help up to the first semicolon: messages of the program and
 * the manual use the name. O(fields + values). */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "study/template_form.h"

/* ---- Words: English, Chinese --------------------------------------------------------------------
 */

/* What a field is asked, where the help does not begin with it. */
static const struct {
    const char *field, *text[2];
} questions[] = {{"layers", {"bridges and tunnels", "桥梁和隧道"}},
                 {"inside", {"which roads", "哪些道路"}}};

static const struct {
    const char *field; /* NULL: in any */
    const char *value, *text[2];
} words[] = {
    {"kind", "road", {"road", "公路"}},
    {"kind", "rail", {"rail", "铁路"}},
    {"kind", "ferry", {"ferry", "轮渡"}},
    {"kind", "walk", {"walk", "步行"}},
    {"kind", "high_speed", {"high-speed rail", "高铁"}},
    {"kind", "metro", {"metro", "地铁"}},
    {"kind", "tram", {"tram", "有轨电车"}},
    {"kind", "bus", {"bus", "公交"}},
    {"action", "new", {"new trains", "新开列车"}},
    {"action", "speed", {"faster", "提速"}},
    {"action", "headway", {"more often", "加密"}},
    {"action", "stop", {"one more stop", "加站"}},
    {"action", "cut", {"cut", "停运"}},
    {"direction", "forward", {"in the order of the stations alone", "仅按车站顺序单向"}},
    {"oneway", "no", {"both ways", "双向"}},
    {"oneway", "yes", {"one-way as drawn", "单向，顺画线方向"}},
    {"oneway", "-1", {"one-way against the drawing", "单向，逆画线方向"}},
    {"connect", "ends", {"its ends and junction points", "端点和互通点"}},
    {"connect", "crossings", {"every crossing at grade besides", "另加所有平交口"}},
    {"connect", "junctions", {"its junction points alone", "仅互通点"}},
    {"inside", "touch", {"those that touch it, the part inside", "相交的，关闭面内部分"}},
    {"inside", "within", {"those that lie within it whole", "整条位于面内的"}},
    {"layers", "ground", {"stay open", "仍开放"}},
    {"layers", "all", {"are closed too", "也关闭"}},
    {"direction", "both", {"both directions", "双向"}},
    {"direction", "to_right", {"from its left to its right", "由线左侧向右侧"}},
    {"direction", "to_left", {"from its right to its left", "由线右侧向左侧"}},
    {"status", "idea", {"idea", "设想"}},
    {"status", "planned", {"planned", "规划"}},
    {"status", "building", {"building", "在建"}},
    {"status", "open", {"open", "已开通"}},
    {NULL, "no", {"no", "否"}},
    {NULL, "yes", {"yes", "是"}},
};

/* Chinese for classes; a class with _link besides is the ramp of it. */
static const char *const class_words[][2] = {{"motorway", "高速公路"},
                                             {"expressway", "高速公路"},
                                             {"trunk", "快速路"},
                                             {"primary", "主干路"},
                                             {"secondary", "次干路"},
                                             {"tertiary", "支路"},
                                             {"unclassified", "乡村道路"},
                                             {"residential", "居住区道路"},
                                             {"living_street", "生活街道"},
                                             {"service", "内部道路"},
                                             {"track", "机耕路"},
                                             {"pedestrian", "步行街"},
                                             {"footway", "人行道"},
                                             {"path", "小路"},
                                             {"cycleway", "自行车道"},
                                             {"bridleway", "马道"},
                                             {"steps", "台阶"},
                                             {"ferry", "轮渡"},
                                             {"bridge", "桥梁"},
                                             {"tunnel", "隧道"},
                                             {"arterial", "主干道"},
                                             {"local", "地方道路"},
                                             {"road", "道路"}};

/* What must hold beside a field's own range: what the reader asks for, so that it is asked while
 * drawing. */
static const struct {
    hsd_proposal_layer layer;
    const char *field, *check;
    const char *text[2];
} rules[] = {
    {HSD_LAYER_LINKS,
     "class",
     "\"kind\" = 'rail' OR coalesce(\"class\", '') <> '' OR \"speed_kmh\" IS NOT NULL OR "
     "\"minutes\" IS NOT NULL",
     {"a class, speed_kmh or minutes: one of them gives the time",
      "等级、speed_kmh、minutes 至少填一项，否则没有时间"}},
    {HSD_LAYER_SPEED_CHANGES,
     "factor",
     "(\"factor\" IS NULL) <> (\"speed_kmh\" IS NULL)",
     {"either factor or speed_kmh", "factor、speed_kmh 只填一项"}},
    {HSD_LAYER_STATIONS,
     "name",
     "trim(coalesce(\"name\", '')) <> ''",
     {"must be given", "必须填写"}},
    {HSD_LAYER_SERVICES,
     "line",
     "trim(coalesce(\"line\", '')) <> '' OR (\"action\" <> 'new' AND coalesce(\"of\", '') <> '')",
     {"must be given", "必须填写"}},
    {HSD_LAYER_SERVICES,
     "headway_min",
     "coalesce(\"action\", 'new') NOT IN ('new', 'headway') OR "
     "(\"headway_min\" IS NULL) <> (coalesce(\"departures\", '') = '')",
     {"either headway_min or departures", "headway_min、departures 只填一项"}},
    {HSD_LAYER_WAITS, "typical_min", "\"typical_min\" IS NOT NULL", {"must be given", "必须填写"}},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- Building ----------------------------------------------------------------------------------
 */

typedef struct maker {
    hsd_template_form *out;
    const hsd_template_class *classes;
    size_t class_count;
    int zh;
    hsd_error *err;
} maker;

/* What was gathered, kept by the form; NULL: out of memory. The text starts anew. */
static const char *keep(maker *m, hsd_text *text) {
    char *data = text->data;
    bool ok = !text->failed && hsd_array_push(&m->out->texts, data, m->err);
    if (text->failed) hsd_fail(m->err, HSD_E_MEMORY, "out of memory for the forms of a template");
    if (!ok) hsd_text_finish(text);
    *text = (hsd_text){0};
    return ok ? data : NULL;
}

static const char *question_of(const maker *m, const hsd_proposal_field *f, size_t *length) {
    for (size_t i = 0; i < COUNT(questions); i++)
        if (strcmp(questions[i].field, f->name) == 0) {
            *length = strlen(questions[i].text[m->zh]);
            return questions[i].text[m->zh];
        }
    const char *help = m->zh ? f->help_zh : f->help;
    const char *end = strstr(help, m->zh ? "；" : "; ");
    *length = end ? (size_t)(end - help) : strlen(help);
    /* with a list at hand its values need no words before it */
    const char *colon = strstr(help, m->zh ? "：" : ": ");
    bool listed = f->words || strcmp(f->name, "class") == 0;
    if (listed && colon && (size_t)(colon - help) < *length) *length = (size_t)(colon - help);
    return help;
}

static bool add_alias(maker *m, const hsd_proposal_field *f, hsd_form_field *to) {
    size_t length;
    const char *question = question_of(m, f, &length);
    hsd_text text = {0};
    hsd_text_addf(&text, m->zh ? "%s：" : "%s: ", f->name);
    hsd_text_add_n(&text, question, length);
    return (to->alias = keep(m, &text)) != NULL;
}

static const char *word_of(const maker *m, const char *field, const char *value) {
    for (size_t i = 0; i < COUNT(words); i++)
        if ((!words[i].field || strcmp(words[i].field, field) == 0) &&
            strcmp(words[i].value, value) == 0)
            return words[i].text[m->zh];
    return value;
}

static bool set_choices(maker *m, hsd_form_field *to, size_t room, hsd_choice **list) {
    *list = hsd_calloc(room, sizeof **list, m->err);
    if (!*list) return false;
    if (!hsd_array_push(&m->out->choices, *list, m->err)) {
        hsd_free(*list);
        return false;
    }
    to->choices = *list;
    if (!to->preset) (*list)[to->choice_count++] = (hsd_choice){NULL, m->zh ? "（空）" : "(empty)"};
    return true;
}

/* "one-way as drawn (yes)": the words, then what the file says, unless they are the same. */
static bool add_words(maker *m, const hsd_proposal_field *f, hsd_form_field *to) {
    size_t count = 0;
    while (f->words[count]) count++;
    hsd_choice *list;
    if (!set_choices(m, to, count + 1, &list)) return false;
    for (size_t i = 0; i < count; i++) {
        const char *word = word_of(m, f->name, f->words[i]);
        hsd_choice *choice = &list[to->choice_count++];
        choice->value = f->words[i];
        if (strcmp(word, f->words[i]) == 0) continue;
        hsd_text text = {0};
        hsd_text_addf(&text, "%s (%s)", word, f->words[i]);
        if (!(choice->label = keep(m, &text))) return false;
    }
    return true;
}

static void add_class_word(hsd_text *text, const char *name) {
    static const char ramp[] = "_link";
    size_t length = strlen(name);
    bool is_ramp = length > 5 && strcmp(name + length - 5, ramp) == 0;
    if (is_ramp) length -= 5;
    for (size_t i = 0; i < COUNT(class_words); i++)
        if (strlen(class_words[i][0]) == length && strncmp(class_words[i][0], name, length) == 0)
            hsd_text_addf(text, " %s%s", class_words[i][1], is_ramp ? "匝道" : "");
}

/* "motorway (103.5 km/h)" */
static bool add_classes(maker *m, hsd_form_field *to) {
    hsd_choice *list;
    if (!set_choices(m, to, m->class_count + 1, &list)) return false;
    for (size_t i = 0; i < m->class_count; i++) {
        const hsd_template_class *class = &m->classes[i];
        hsd_text text = {0};
        hsd_text_add(&text, class->name);
        if (m->zh) add_class_word(&text, class->name);
        char number[32];
        hsd_text_addf(&text, " (%s km/h)",
                      hsd_double_text(round(class->speed_mh / 100.0) / 10, number));
        hsd_choice *choice = &list[to->choice_count++];
        choice->value = class->name;
        if (!(choice->label = keep(m, &text))) return false;
    }
    return true;
}

/* ---- Checks ------------------------------------------------------------------------------------
 */

static void also(hsd_text *text, const char *between) {
    if (text->length) hsd_text_add(text, between);
}

static void check_range(const maker *m, const hsd_proposal_field *f, hsd_text *check,
                        hsd_text *message) {
    char low[32], high[32];
    hsd_double_text(f->min, low);
    hsd_double_text(f->max, high);
    hsd_text_addf(check, "(\"%s\" IS NULL OR (\"%s\" %s %s AND \"%s\" <= %s))", f->name, f->name,
                  f->above ? ">" : ">=", low, f->name, high);
    if (m->zh)
        hsd_text_addf(message, "%s %s，不超过 %s", f->above ? "大于" : "不小于", low, high);
    else
        hsd_text_addf(message, "%s %s, at most %s", f->above ? "above" : "at least", low, high);
}

static void check_own(const maker *m, const hsd_proposal_field *f, hsd_text *check,
                      hsd_text *message) {
    if (strcmp(f->name, "proposal") == 0) {
        hsd_text_add(check, "trim(coalesce(\"proposal\", '')) <> ''");
        hsd_text_add(message, m->zh ? f->help_zh : f->help);
    } else if (f->type == HSD_PROPOSAL_DATE) {
        hsd_text_addf(
            check,
            "(coalesce(\"%s\", '') = '' OR regexp_match(\"%s\", '^[0-9]{4}(-(0[1-9]|1[0-2])"
            "(-(0[1-9]|[12][0-9]|3[01]))?)?$') > 0)",
            f->name, f->name);
        hsd_text_add(message,
                     m->zh ? "YYYY-MM-DD、YYYY-MM 或 YYYY" : "YYYY-MM-DD, YYYY-MM or YYYY");
    } else if (isfinite(f->min) && isfinite(f->max)) {
        check_range(m, f, check, message);
    }
}

static bool add_check(maker *m, const hsd_proposal_field *f, hsd_form_field *to) {
    hsd_text check = {0}, message = {0};
    check_own(m, f, &check, &message);
    for (size_t i = 0; i < COUNT(rules); i++) {
        if (rules[i].layer != f->layer || strcmp(rules[i].field, f->name) != 0) continue;
        also(&check, " AND ");
        hsd_text_addf(&check, "(%s)", rules[i].check);
        also(&message, m->zh ? "；" : "; ");
        hsd_text_add(&message, rules[i].text[m->zh]);
    }
    bool ok = true;
    if (check.length || check.failed)
        ok = (to->check = keep(m, &check)) && (to->message = keep(m, &message));
    hsd_text_finish(&message);
    return ok;
}

static bool add_field(maker *m, const hsd_proposal_field *f) {
    size_t i = m->out->count++;
    bool real = f->type == HSD_PROPOSAL_REAL;
    m->out->fields[i] =
        (hsd_field){f->name, real ? HSD_FIELD_REAL : HSD_FIELD_TEXT, m->zh ? f->help_zh : f->help};
    hsd_form_field *to = &m->out->form[i];
    to->preset = f->preset;
    if (strcmp(f->name, "note") == 0) to->widget = HSD_WIDGET_LINES;
    if (strcmp(f->name, "proposal") == 0) to->widget = HSD_WIDGET_KNOWN;
    bool ok = add_alias(m, f, to);
    if (ok && f->words) ok = add_words(m, f, to);
    if (ok && strcmp(f->name, "class") == 0) ok = add_classes(m, to);
    return ok && add_check(m, f, to);
}

hsd_status hsd_template_form_make(hsd_proposal_layer layer, const hsd_template_class *classes,
                                  size_t class_count, int zh, hsd_template_form *out,
                                  hsd_error *err) {
    *out = (hsd_template_form){0};
    maker m = {out, classes, class_count, zh, err};
    size_t count;
    const hsd_proposal_field *fields = hsd_proposal_fields(&count);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].layer != layer) continue;
        if (out->count == HSD_TEMPLATE_FIELDS)
            return hsd_fail(err, HSD_E_INTERNAL, "layer %s has more than %d fields",
                            hsd_proposal_layer_name(layer), HSD_TEMPLATE_FIELDS);
        if (!add_field(&m, &fields[i])) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

void hsd_template_form_finish(hsd_template_form *form) {
    for (size_t i = 0; i < form->texts.count; i++) hsd_free(form->texts.data[i]);
    for (size_t i = 0; i < form->choices.count; i++) hsd_free(form->choices.data[i]);
    hsd_array_finish(&form->texts);
    hsd_array_finish(&form->choices);
}
