/* Fields of a proposals file: which source field stands for which of the schema, and what each
 * feature says in it. the user's map wins, then the schema's own name, then its other names; each
 * in any case, and cut to ten bytes as shapefiles do. A source field serves once. What a feature
 * says wrong is an issue and reading goes on. O(fields of schema x fields of source) a layer. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "read/proposals.h"

enum { SHAPEFILE_NAME = 10, LISTED_FIELDS = 20 };

/* ---- Columns ------------------------------------------------------------------------------- */

typedef struct map_entry {
    const char *target, *source;
    const hsd_proposal_input *known; /* the first layer that has such a target */
    bool used;
} map_entry;

typedef struct field_map {
    char *text;
    HSD_ARRAY(map_entry) entries;
} field_map;

static char *trimmed(char *text) {
    while (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\r') text++;
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1])) text[--length] = '\0';
    return text;
}

static hsd_status parse_map(const char *text, field_map *map, hsd_error *err) {
    char clip[HSD_CLIP_SIZE];
    *map = (field_map){0};
    if (!text) return HSD_OK;
    map->text = hsd_strdup(text, err);
    if (!map->text) return HSD_E_MEMORY;
    for (char *piece = map->text, *next; piece; piece = next) {
        next = strchr(piece, ',');
        if (next) *next++ = '\0';
        char *equals = strchr(piece, '=');
        if (equals) *equals = '\0';
        map_entry entry = {.target = trimmed(piece), .source = equals ? trimmed(equals + 1) : ""};
        if (!entry.target[0] || !entry.source[0])
            return hsd_fail(err, HSD_E_ARGUMENT,
                            "fields \"%s\": pairs such as name=名称,speed_kmh=时速 were expected",
                            hsd_clip(text, clip));
        for (size_t i = 0; i < map->entries.count; i++)
            if (hsd_text_equal_nocase(map->entries.data[i].target, entry.target))
                return hsd_fail(err, HSD_E_ARGUMENT, "fields: \"%s\" is given twice",
                                hsd_clip(entry.target, clip));
        if (!hsd_array_push(&map->entries, entry, err)) return HSD_E_MEMORY;
    }
    return HSD_OK;
}

/* The same in any case, or cut to ten bytes at a whole character. */
static bool same_name(const char *field, const char *name) {
    if (hsd_text_equal_nocase(field, name)) return true;
    size_t cut = SHAPEFILE_NAME;
    if (strlen(name) <= cut) return false;
    while (((unsigned char)name[cut] & 0xC0) == 0x80) cut--;
    char shortened[SHAPEFILE_NAME + 1];
    memcpy(shortened, name, cut);
    shortened[cut] = '\0';
    return hsd_text_equal_nocase(field, shortened);
}

bool hsd_proposal_knows(const char *name) {
    size_t count;
    const hsd_proposal_field *fields = hsd_proposal_fields(&count);
    for (size_t i = 0; i < count; i++) {
        if (same_name(name, fields[i].name)) return true;
        for (const char *const *alias = fields[i].aliases; alias && *alias; alias++)
            if (same_name(name, *alias)) return true;
    }
    return false;
}

static const char *column_name(const hsd_proposal_input *input, int column) {
    return OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(OGR_L_GetLayerDefn(input->vector.layer), column));
}

static void claim(hsd_proposal_input *input, size_t field, int column, bool *claimed) {
    input->column[field] = column;
    claimed[column] = true;
}

static void claim_by_name(hsd_proposal_input *input, size_t field, const char *name, int columns,
                          bool *claimed) {
    for (int c = 0; c < columns && input->column[field] < 0; c++)
        if (!claimed[c] && same_name(column_name(input, c), name)) claim(input, field, c, claimed);
}

static void claim_mapped(hsd_proposal_input *input, field_map *map, bool *claimed) {
    for (size_t i = 0; i < map->entries.count; i++) {
        map_entry *entry = &map->entries.data[i];
        for (size_t k = 0; k < input->field_count; k++) {
            if (!hsd_text_equal_nocase(input->fields[k].name, entry->target)) continue;
            if (!entry->known) entry->known = input;
            int column = hsd_vector_find(&input->vector, entry->source);
            if (column < 0) continue;
            claim(input, k, column, claimed);
            entry->used = true;
        }
    }
}

static hsd_status remark_ignored(hsd_proposal_reader *r, const hsd_proposal_input *input,
                                 int columns, const bool *claimed) {
    hsd_text list = {0};
    char clip[HSD_CLIP_SIZE];
    size_t ignored = 0;
    for (int c = 0; c < columns; c++) {
        const char *name = column_name(input, c);
        if (claimed[c] || c == input->id) continue;
        if (input->mixed && (strcmp(name, "layer") == 0 || hsd_proposal_knows(name))) continue;
        if (ignored < LISTED_FIELDS)
            hsd_text_addf(&list, "%s%s", ignored ? ", " : "", hsd_clip(name, clip));
        ignored++;
    }
    if (ignored > LISTED_FIELDS) hsd_text_addf(&list, " and %zu more", ignored - LISTED_FIELDS);
    bool ok = !list.failed &&
              (ignored == 0 || hsd_issues_remark(r->issues, r->err, "%s: fields not read: %s",
                                                 input->label, list.data));
    if (list.failed) hsd_fail(r->err, HSD_E_MEMORY, "out of memory");
    hsd_text_finish(&list);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

static hsd_status find_columns(hsd_proposal_reader *r, hsd_proposal_input *input, field_map *map) {
    int columns = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(input->vector.layer));
    bool *claimed = hsd_calloc((size_t)columns, sizeof *claimed, r->err);
    if (!claimed) return HSD_E_MEMORY;
    for (size_t k = 0; k < input->field_count; k++) input->column[k] = -1;
    claim_mapped(input, map, claimed);
    for (size_t k = 0; k < input->field_count; k++)
        claim_by_name(input, k, input->fields[k].name, columns, claimed);
    for (size_t k = 0; k < input->field_count; k++)
        for (const char *const *name = input->fields[k].aliases; name && *name; name++)
            claim_by_name(input, k, *name, columns, claimed);
    input->id = hsd_vector_find(&input->vector, "id");
    hsd_status status = remark_ignored(r, input, columns, claimed);
    hsd_free(claimed);
    return status;
}

static hsd_status unknown_target(hsd_proposal_reader *r, const char *target) {
    char names[170] = "", clip[HSD_CLIP_SIZE];
    size_t length = 0;
    const hsd_proposal_input *input = &r->inputs[0];
    for (size_t k = 0; k < input->field_count; k++) {
        size_t more = strlen(input->fields[k].name) + 2;
        if (length + more >= sizeof names) break;
        length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", k ? ", " : "",
                                   input->fields[k].name);
    }
    return hsd_fail(r->err, HSD_E_ARGUMENT, "fields: %s has no \"%s\"; there are: %s",
                    hsd_proposal_layer_name(input->layer), hsd_clip(target, clip), names);
}

hsd_status hsd_proposal_columns(hsd_proposal_reader *r) {
    field_map map;
    hsd_status status = parse_map(r->source->map, &map, r->err);
    for (size_t i = 0; i < r->input_count && status == HSD_OK; i++)
        status = find_columns(r, &r->inputs[i], &map);
    for (size_t i = 0; i < map.entries.count && status == HSD_OK; i++) {
        const map_entry *entry = &map.entries.data[i];
        int column;
        if (!entry->known)
            status = unknown_target(r, entry->target);
        else if (!entry->used)
            status = hsd_vector_need(&entry->known->vector, entry->source, &column, r->err);
    }
    hsd_array_finish(&map.entries);
    hsd_free(map.text);
    return status;
}

/* ---- Values -------------------------------------------------------------------------------- */

hsd_status hsd_proposal_bad(hsd_proposal_reader *r, const char *format, ...) {
    char what[400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    r->bad = true;
    bool ok = hsd_issues_error(r->issues, r->err, "%s feature %lld: %s", r->input->label,
                               (long long)OGR_F_GetFID(r->feature), what);
    return ok ? HSD_OK : HSD_E_MEMORY;
}

/* What vector.c calls an error of one value is an issue here. */
static hsd_status as_issue(hsd_proposal_reader *r, hsd_status status, const hsd_error *found) {
    if (status != HSD_E_FORMAT)
        return status == HSD_OK ? HSD_OK : hsd_fail(r->err, status, "%s", found->message);
    r->bad = true;
    return hsd_issues_error(r->issues, r->err, "%s", found->message) ? HSD_OK : HSD_E_MEMORY;
}

static const char *source_name(const hsd_proposal_reader *r, size_t field, char *clip) {
    return hsd_clip(column_name(r->input, r->input->column[field]), clip);
}

static hsd_status read_number(hsd_proposal_reader *r, size_t k, hsd_proposal_value *v) {
    const hsd_proposal_field *f = &r->input->fields[k];
    char clip[HSD_CLIP_SIZE];
    hsd_error found = {0};
    double number = NAN;
    bool given;
    hsd_status status = hsd_vector_number(&r->input->vector, r->feature, r->input->column[k],
                                          &number, &given, &found);
    if (status != HSD_OK) return as_issue(r, status, &found);
    if (!given) return HSD_OK;
    if ((f->above ? number > f->min : number >= f->min) && number <= f->max) {
        v->number = number;
        return HSD_OK;
    }
    char most[40] = "";
    if (f->max < 1e12) snprintf(most, sizeof most, " and at most %.10g", f->max);
    return hsd_proposal_bad(r, "field \"%s\" is %.10g; %s %s %.10g%s was expected",
                            source_name(r, k, clip), number, f->name,
                            f->above ? "above" : "of at least", f->min, most);
}

/* The text of a field, trimmed; NULL where nothing is given. */
static hsd_status read_text(hsd_proposal_reader *r, int column, char **out) {
    hsd_error found = {0};
    const char *text;
    hsd_status status = hsd_vector_text(&r->input->vector, r->feature, column, &text, &found);
    if (status != HSD_OK) return as_issue(r, status, &found);
    char *copy = hsd_strdup(text, r->err);
    if (!copy) return HSD_E_MEMORY;
    char *kept = trimmed(copy);
    if (kept[0]) {
        memmove(copy, kept, strlen(kept) + 1);
        *out = copy;
        return HSD_OK;
    }
    hsd_free(copy);
    return HSD_OK;
}

/* Other ways to say a word of a closed list. F and T are directions of one-ways (along, against),
 * and false and true elsewhere. */
static bool means(const char *text, const char *word, bool oneway) {
    static const struct {
        const char *word;
        enum { ANYWHERE, ONEWAY, ELSEWHERE } where;
        const char *others[6];
    } ways[] = {
        {"yes", ANYWHERE, {"true", "1", "y", "是"}},
        {"no", ANYWHERE, {"false", "0", "n", "否"}},
        {"yes", ONEWAY, {"forward", "f", "ft", "正向"}},
        {"-1", ONEWAY, {"reverse", "backward", "t", "tf", "反向"}},
        {"no", ONEWAY, {"both", "b", "双向"}},
        {"yes", ELSEWHERE, {"t", "有"}},
        {"no", ELSEWHERE, {"f", "无"}},
        {"road", ANYWHERE, {"公路", "道路"}},
        {"rail", ANYWHERE, {"railway", "铁路"}},
        {"ferry", ANYWHERE, {"轮渡", "渡轮"}},
        {"walk", ANYWHERE, {"foot", "步行"}},
        {"both", ANYWHERE, {"双向"}},
        {"forward", ANYWHERE, {"one way", "单向"}},
        {"new", ANYWHERE, {"新开", "新线", "新增"}},
        {"speed", ANYWHERE, {"提速"}},
        {"headway", ANYWHERE, {"加密", "增开"}},
        {"stop", ANYWHERE, {"加站", "增站", "停靠"}},
        {"cut", ANYWHERE, {"停运", "撤线", "取消"}},
        {"high_speed", ANYWHERE, {"hsr", "高铁", "高速铁路"}},
        {"metro", ANYWHERE, {"subway", "地铁"}},
        {"tram", ANYWHERE, {"有轨电车", "电车"}},
        {"bus", ANYWHERE, {"公交", "公交车"}},
    };
    if (hsd_text_equal_nocase(text, word)) return true;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(ways[i].word, word) != 0) continue;
        if (ways[i].where != ANYWHERE && (ways[i].where == ONEWAY) != oneway) continue;
        for (size_t k = 0; ways[i].others[k]; k++)
            if (hsd_text_equal_nocase(text, ways[i].others[k])) return true;
    }
    return false;
}

static hsd_status read_word(hsd_proposal_reader *r, size_t k, hsd_proposal_value *v) {
    const hsd_proposal_field *f = &r->input->fields[k];
    bool oneway = strcmp(f->name, "oneway") == 0;
    for (int i = 0; f->words[i]; i++)
        if (means(v->text, f->words[i], oneway)) {
            v->word = i;
            return HSD_OK;
        }
    hsd_text list = {0};
    char name[HSD_CLIP_SIZE], clip[HSD_CLIP_SIZE];
    for (int i = 0; f->words[i]; i++)
        hsd_text_addf(&list, "%s%s", i == 0 ? "" : f->words[i + 1] ? ", " : " or ", f->words[i]);
    hsd_status status =
        list.failed ? hsd_fail(r->err, HSD_E_MEMORY, "out of memory")
                    : hsd_proposal_bad(r, "field \"%s\" is \"%s\"; %s was expected",
                                       source_name(r, k, name), hsd_clip(v->text, clip), list.data);
    hsd_text_finish(&list);
    return status;
}

/* Date fields as YYYY-MM-DD, whatever text GDAL makes of them. */
static hsd_status read_date(hsd_proposal_reader *r, size_t k, hsd_proposal_value *v) {
    char name[HSD_CLIP_SIZE], clip[HSD_CLIP_SIZE];
    int column = r->input->column[k], year, month, day, rest;
    if (!v->text) return HSD_OK;
    OGRFieldType type = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(r->feature, column));
    if ((type == OFTDate || type == OFTDateTime) &&
        OGR_F_GetFieldAsDateTime(r->feature, column, &year, &month, &day, &rest, &rest, &rest,
                                 &rest)) {
        hsd_free(v->text);
        v->text = hsd_asprintf(r->err, "%04d-%02d-%02d", year, month, day);
        if (!v->text) return HSD_E_MEMORY;
    }
    if (strlen(v->text) > 10 && (v->text[10] == 'T' || v->text[10] == ' '))
        v->text[10] = '\0'; /* a day with its hour: the day counts */
    if (hsd_day_of(v->text)) return HSD_OK;
    return hsd_proposal_bad(r, "field \"%s\" is \"%s\"; YYYY-MM-DD, YYYY-MM or YYYY was expected",
                            source_name(r, k, name), hsd_clip(v->text, clip));
}

static void preset(const hsd_proposal_field *f, hsd_proposal_value *v) {
    *v = (hsd_proposal_value){.word = -1, .number = NAN};
    if (!f->preset) return;
    if (f->type == HSD_PROPOSAL_REAL) hsd_parse_double(f->preset, &v->number);
    for (int i = 0; f->words && f->words[i]; i++)
        if (strcmp(f->words[i], f->preset) == 0) v->word = i;
}

hsd_status hsd_proposal_values(hsd_proposal_reader *r) {
    const hsd_proposal_input *input = r->input;
    hsd_status status = HSD_OK;
    for (size_t k = 0; k < input->field_count; k++) preset(&input->fields[k], &r->values[k]);
    for (size_t k = 0; k < input->field_count && status == HSD_OK; k++) {
        const hsd_proposal_field *f = &input->fields[k];
        hsd_proposal_value *v = &r->values[k];
        if (input->column[k] < 0) continue;
        if (f->type == HSD_PROPOSAL_REAL) {
            status = read_number(r, k, v);
            continue;
        }
        status = read_text(r, input->column[k], &v->text);
        if (status == HSD_OK && f->type == HSD_PROPOSAL_DATE) status = read_date(r, k, v);
        if (status == HSD_OK && v->text && f->words && !f->any_word) status = read_word(r, k, v);
    }
    return status;
}

void hsd_proposal_values_finish(hsd_proposal_reader *r) {
    for (size_t k = 0; k < HSD_FIELDS_MAX; k++) {
        hsd_free(r->values[k].text);
        r->values[k].text = NULL;
    }
}

const hsd_proposal_value *hsd_proposal_get(const hsd_proposal_reader *r, const char *name) {
    static const hsd_proposal_value absent = {.word = -1, .number = NAN};
    for (size_t k = 0; k < r->input->field_count; k++)
        if (strcmp(r->input->fields[k].name, name) == 0) return &r->values[k];
    return &absent;
}

char *hsd_proposal_take(hsd_proposal_reader *r, const char *name) {
    for (size_t k = 0; k < r->input->field_count; k++)
        if (strcmp(r->input->fields[k].name, name) == 0) {
            char *text = r->values[k].text;
            r->values[k].text = NULL;
            return text;
        }
    return NULL;
}
