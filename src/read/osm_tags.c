/* Tag rules of OpenStreetMap (docs/methods.md, section 1; wiki.openstreetmap.org, keys access,
 * oneway, maxspeed, duration, barrier; relation restriction). Pure: tags in, attributes out, no
 * state, no file. Rules go from general to particular, and the last that says something wins.
 * O(tags) for each key asked. */
#include "read/osm_tags.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

#define MAX_SPEED_MH 300000u
#define MAX_DURATION_MS (7u * 24u * 3600u * 1000u)

const char *hsd_osm_tag_value(hsd_osm_tags tags, const char *key) {
    for (size_t i = 0; i < tags.count; i++)
        if (strcmp(tags.list[i].key, key) == 0) return tags.list[i].value;
    return NULL;
}

/* True when the text, or its piece of the given length, is one of the space-separated words. */
static bool is_word(const char *text, size_t length, const char *words) {
    if (length == 0) return false;
    for (const char *word = words; *word;) {
        size_t size = strcspn(word, " ");
        if (size == length && memcmp(word, text, length) == 0) return true;
        word += size;
        word += strspn(word, " ");
    }
    return false;
}

static bool has_word(hsd_osm_tags tags, const char *key, const char *words) {
    const char *value = hsd_osm_tag_value(tags, key);
    return value && is_word(value, strlen(value), words);
}

/* The first of a ;-list without the spaces around it. */
static const char *first_of_list(const char *text, size_t *length) {
    text += strspn(text, " ");
    size_t end = strcspn(text, ";");
    while (end > 0 && text[end - 1] == ' ') end--;
    *length = end;
    return text;
}

/* ---- Access ---- */

typedef enum word { WORD_NONE, WORD_YES, WORD_NO } word;

static word access_word(const char *value) {
    size_t length;
    const char *first = first_of_list(value, &length);
    if (is_word(first, length, "yes permissive designated destination customers official"))
        return WORD_YES;
    if (is_word(first, length,
                "no private agricultural forestry delivery emergency military psv bus hgv "
                "use_sidepath discouraged restricted permit residents"))
        return WORD_NO;
    return WORD_NONE;
}

#define MODE_COUNT 3
#define KEY_COUNT 4
static const char *const access_keys[MODE_COUNT][KEY_COUNT] = {
    {"access", "vehicle", "motor_vehicle", "motorcar"},
    {"access", "foot", NULL, NULL},
    {"access", "vehicle", "bicycle", NULL},
};

typedef struct access {
    word word;
    const char *key; /* that said it */
} access;

static access access_of(hsd_osm_tags tags, int mode) {
    access result = {WORD_NONE, NULL};
    for (int i = 0; i < KEY_COUNT && access_keys[mode][i]; i++) {
        const char *value = hsd_osm_tag_value(tags, access_keys[mode][i]);
        word said = value ? access_word(value) : WORD_NONE;
        if (said != WORD_NONE) result = (access){said, access_keys[mode][i]};
    }
    return result;
}

static bool is_named(access said) {
    return said.word == WORD_YES && strcmp(said.key, "access") != 0;
}

static void read_access(hsd_osm_tags tags, bool ferry, uint16_t *yes, uint16_t *no) {
    bool motorroad = has_word(tags, "motorroad", "yes");
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        uint16_t bit = (uint16_t)(1u << mode);
        access said = access_of(tags, mode);
        bool named = is_named(said), banned = said.word == WORD_NO;
        if (ferry && bit == HSD_OSM_CAR)
            banned = !(named && is_word(said.key, strlen(said.key), "motor_vehicle motorcar"));
        if (motorroad && bit == HSD_OSM_WALK) banned |= !(named && strcmp(said.key, "foot") == 0);
        if (motorroad && bit == HSD_OSM_BICYCLE)
            banned |= !(named && strcmp(said.key, "bicycle") == 0);
        if (banned)
            *no |= bit;
        else if (named)
            *yes |= bit;
    }
}

/* ---- One-way ---- */

/* Which directions (bit 0 as drawn, bit 1 against) vehicles may not take. */
static unsigned closed_directions(hsd_osm_tags tags) {
    const unsigned forward = 1, backward = 2;
    if (has_word(tags, "oneway", "yes true 1")) return backward;
    if (has_word(tags, "oneway", "-1 reverse")) return forward;
    if (has_word(tags, "oneway", "no false 0")) return 0;
    if (has_word(tags, "oneway", "reversible alternating")) return forward | backward;
    if (has_word(tags, "junction", "roundabout circular")) return backward;
    if (has_word(tags, "highway", "motorway")) return backward;
    return 0;
}

static void read_oneway(hsd_osm_tags tags, hsd_osm_road *road) {
    unsigned closed = closed_directions(tags), closed_to_walkers = 0;
    bool free_bicycles = has_word(tags, "oneway:bicycle", "no");
    if (has_word(tags, "oneway:foot", "yes")) closed_to_walkers = 2;
    if (has_word(tags, "oneway:foot", "-1")) closed_to_walkers = 1;
    for (unsigned d = 0; d < 2; d++) {
        if (closed & (1u << d)) {
            road->no[d] |= HSD_OSM_CAR;
            if (!free_bicycles) road->no[d] |= HSD_OSM_BICYCLE;
        }
        if (closed_to_walkers & (1u << d)) road->no[d] |= HSD_OSM_WALK;
        road->yes[d] &= (uint16_t)~road->no[d];
    }
}

/* ---- Numbers ---- */

/* Digits with at most one point between them, perhaps a minus before; 0 when there is none. */
static size_t number_length(const char *text, size_t limit) {
    size_t at = limit > 0 && text[0] == '-', digits = at;
    while (at < limit && text[at] >= '0' && text[at] <= '9') at++;
    if (at == digits) return 0;
    if (at + 1 < limit && text[at] == '.' && text[at + 1] >= '0' && text[at + 1] <= '9') {
        at++;
        while (at < limit && text[at] >= '0' && text[at] <= '9') at++;
    }
    return at;
}

static bool parse_number(const char *text, size_t length, double *out) {
    char buffer[40];
    if (length == 0 || length >= sizeof buffer) return false;
    memcpy(buffer, text, length);
    buffer[length] = 0;
    return hsd_parse_double(buffer, out);
}

static bool equal_nocase(const char *text, size_t length, const char *other) {
    char buffer[16];
    if (length >= sizeof buffer) return false;
    memcpy(buffer, text, length);
    buffer[length] = 0;
    return hsd_text_equal_nocase(buffer, other);
}

static double metres_of_unit(const char *unit, size_t length) {
    static const struct {
        const char *name;
        double metres;
    } units[] = {{"", 1000},    {"km/h", 1000},    {"kmh", 1000},
                 {"kph", 1000}, {"mph", 1609.344}, {"knots", 1852}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (equal_nocase(unit, length, units[i].name)) return units[i].metres;
    return 0;
}

hsd_osm_number hsd_osm_speed(const char *text, uint32_t *speed_mh) {
    size_t length;
    text = first_of_list(text, &length);
    if (is_word(text, length, "walk")) {
        *speed_mh = 5000;
        return HSD_OSM_NUMBER_GOOD;
    }
    size_t digits = number_length(text, length), unit = digits;
    double value;
    if (!parse_number(text, digits, &value)) return HSD_OSM_NUMBER_NONE;
    while (unit < length && text[unit] == ' ') unit++;
    double metres = metres_of_unit(text + unit, length - unit);
    if (metres == 0) return HSD_OSM_NUMBER_NONE;
    double speed = floor(value * metres + 0.5);
    if (!(speed >= 1 && speed <= MAX_SPEED_MH)) return HSD_OSM_NUMBER_BAD;
    *speed_mh = (uint32_t)speed;
    return HSD_OSM_NUMBER_GOOD;
}

/* 1 to 4 digits; the value in *out, the number of them returned. */
static size_t parse_digits(const char *text, uint32_t *out) {
    size_t at = 0;
    for (*out = 0; at < 5 && text[at] >= '0' && text[at] <= '9'; at++)
        *out = *out * 10 + (uint32_t)(text[at] - '0');
    return at < 5 ? at : 0;
}

/* H:MM or H:MM:SS */
static bool parse_clock(const char *text, double *seconds) {
    uint32_t part;
    size_t used = parse_digits(text, &part);
    if (used == 0 || text[used] != ':') return false;
    double sum = part * 3600.0, weight = 60;
    while (text[used] == ':' && weight >= 1) {
        text += used + 1;
        used = parse_digits(text, &part);
        if (used != 2 || part > 59) return false;
        sum += part * weight;
        weight /= 60;
    }
    *seconds = sum;
    return text[used] == 0;
}

/* ISO 8601: P1DT2H30M10S, whole numbers, each unit at most once and in this order */
static bool parse_iso(const char *text, double *seconds) {
    static const struct {
        char unit;
        bool timed; /* behind the T */
        double seconds;
    } steps[] = {{'D', false, 86400}, {'H', true, 3600}, {'M', true, 60}, {'S', true, 1}};
    if (*text++ != 'P') return false;
    bool timed = false, any = false;
    size_t step = 0;
    *seconds = 0;
    while (*text) {
        if (*text == 'T') {
            if (timed || !text[1]) return false;
            timed = true;
            text++;
            continue;
        }
        uint32_t part;
        size_t used = parse_digits(text, &part);
        if (used == 0) return false;
        while (step < 4 && (steps[step].unit != text[used] || steps[step].timed != timed)) step++;
        if (step == 4) return false;
        *seconds += part * steps[step++].seconds;
        any = true;
        text += used + 1;
    }
    return any;
}

hsd_osm_number hsd_osm_duration(const char *text, uint32_t *time_ms) {
    double seconds, minutes;
    size_t length = strlen(text);
    if (number_length(text, length) == length && parse_number(text, length, &minutes))
        seconds = minutes * 60;
    else if (!parse_clock(text, &seconds) && !parse_iso(text, &seconds))
        return HSD_OSM_NUMBER_NONE;
    double ms = floor(seconds * 1000 + 0.5);
    if (!(ms >= 1 && ms <= MAX_DURATION_MS)) return HSD_OSM_NUMBER_BAD;
    *time_ms = (uint32_t)ms;
    return HSD_OSM_NUMBER_GOOD;
}

static void read_speeds(hsd_osm_tags tags, hsd_osm_road *road) {
    static const char *const own_keys[2] = {"maxspeed:forward", "maxspeed:backward"};
    uint32_t both = 0;
    const char *value = hsd_osm_tag_value(tags, "maxspeed");
    if (value && hsd_osm_speed(value, &both) == HSD_OSM_NUMBER_BAD) road->bad_speeds++;
    for (int d = 0; d < 2; d++) {
        road->speed_mh[d] = both;
        value = hsd_osm_tag_value(tags, own_keys[d]);
        if (value && hsd_osm_speed(value, &road->speed_mh[d]) == HSD_OSM_NUMBER_BAD)
            road->bad_speeds++;
    }
}

/* ---- The way ---- */

static bool is_set(hsd_osm_tags tags, const char *key) {
    const char *value = hsd_osm_tag_value(tags, key);
    return value && strcmp(value, "no") != 0;
}

static int8_t layer_of(hsd_osm_tags tags) {
    const char *value = hsd_osm_tag_value(tags, "layer");
    int64_t layer;
    if (!value || !hsd_parse_int(value, &layer) || layer < -100 || layer > 100) return 0;
    return (int8_t)layer;
}

static const char *class_of(hsd_osm_tags tags, bool *ferry) {
    const char *highway = hsd_osm_tag_value(tags, "highway");
    *ferry = false;
    if (has_word(tags, "area", "yes")) return NULL;
    if (highway && *highway &&
        !is_word(highway, strlen(highway),
                 "construction proposed abandoned razed planned platform rest_area services "
                 "elevator corridor no disused"))
        return highway;
    *ferry = has_word(tags, "route", "ferry");
    return *ferry ? "ferry" : NULL;
}

bool hsd_osm_read_road(hsd_osm_tags tags, hsd_osm_road *out) {
    bool ferry;
    const char *class_name = class_of(tags, &ferry);
    if (!class_name) return false;
    *out = (hsd_osm_road){.class_name = class_name, .name = hsd_osm_tag_value(tags, "name")};
    if (!out->name || !*out->name) out->name = hsd_osm_tag_value(tags, "ref");
    if (!out->name) out->name = "";
    if (ferry) out->flags |= HSD_WAY_FERRY;
    if (is_set(tags, "bridge")) out->flags |= HSD_WAY_BRIDGE;
    if (is_set(tags, "tunnel")) out->flags |= HSD_WAY_TUNNEL;
    if (has_word(tags, "junction", "roundabout circular")) out->flags |= HSD_WAY_ROUNDABOUT;
    out->layer = layer_of(tags);
    read_access(tags, ferry, &out->yes[0], &out->no[0]);
    out->yes[1] = out->yes[0];
    out->no[1] = out->no[0];
    read_oneway(tags, out);
    read_speeds(tags, out);
    const char *duration = ferry ? hsd_osm_tag_value(tags, "duration") : NULL;
    if (duration && hsd_osm_duration(duration, &out->time_ms) != HSD_OSM_NUMBER_GOOD)
        out->bad_durations++;
    return true;
}

/* ---- Nodes, relations, water ---- */

uint16_t hsd_osm_node_bans(hsd_osm_tags tags) {
    const char *barrier = hsd_osm_tag_value(tags, "barrier");
    if (!barrier || is_word(barrier, strlen(barrier), "wall fence hedge no")) return 0;
    uint16_t bans = 0;
    if (is_word(barrier, strlen(barrier),
                "bollard block jersey_barrier log debris turnstile kissing_gate stile "
                "cycle_barrier motorcycle_barrier horse_stile full-height_turnstile planter"))
        bans |= HSD_OSM_CAR;
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        uint16_t bit = (uint16_t)(1u << mode);
        word said = access_of(tags, mode).word;
        if (said == WORD_YES) bans &= (uint16_t)~bit;
        if (said == WORD_NO) bans |= bit;
    }
    return bans;
}

static bool excepts_cars(hsd_osm_tags tags) {
    const char *list = hsd_osm_tag_value(tags, "except");
    while (list && *list) {
        size_t length;
        const char *item = first_of_list(list, &length);
        if (is_word(item, length, "motorcar motor_vehicle")) return true;
        list += strcspn(list, ";");
        if (*list) list++;
    }
    return false;
}

hsd_osm_turn hsd_osm_read_turn(hsd_osm_tags tags) {
    static const char *const keys[] = {"restriction:motorcar", "restriction:motor_vehicle",
                                       "restriction"};
    if (!has_word(tags, "type", "restriction")) return HSD_OSM_TURN_NONE;
    const char *value = NULL;
    for (int i = 0; i < 3 && !value; i++) value = hsd_osm_tag_value(tags, keys[i]);
    if (!value || excepts_cars(tags)) return HSD_OSM_TURN_NONE;
    size_t length;
    const char *first = first_of_list(value, &length);
    if (is_word(first, length, "no_entry")) return HSD_OSM_TURN_NO_ENTRY;
    if (is_word(first, length, "no_exit")) return HSD_OSM_TURN_NO_EXIT;
    if (strncmp(first, "no_", 3) == 0) return HSD_OSM_TURN_NO;
    if (strncmp(first, "only_", 5) == 0) return HSD_OSM_TURN_ONLY;
    return HSD_OSM_TURN_NONE;
}

bool hsd_osm_is_water(hsd_osm_tags tags) {
    return has_word(tags, "natural", "water") || has_word(tags, "waterway", "riverbank dock") ||
           has_word(tags, "landuse", "reservoir basin");
}

bool hsd_osm_is_coastline(hsd_osm_tags tags) {
    return has_word(tags, "natural", "coastline");
}

bool hsd_osm_is_bare(hsd_osm_tags tags) {
    for (size_t i = 0; i < tags.count; i++) {
        const char *key = tags.list[i].key;
        if (!is_word(key, strlen(key), "type name source created_by note")) return false;
    }
    return true;
}
