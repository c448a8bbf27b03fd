/* Time zones from the system's TZif files (RFC 8536), without the C library's global zone: its
 * setenv and tzset are for one thread. Version 2 and later have 64-bit transitions and a rule for
 * the time after the last of them ("PST8PDT,M3.2.0,M11.1.0", POSIX), which is read here too.
 * Every count of the file is checked against its size. O(log transitions) after the file is read.
 */
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/file.h"
#include "base/memory.h"

enum { HEADER_SIZE = 44, GREATEST_OFFSET_S = 26 * 3600, GREATEST_FILE = 1 << 20 };

typedef struct bytes {
    const unsigned char *at;
    size_t left;
} bytes;

static const unsigned char *take(bytes *b, size_t count) {
    if (count > b->left) return NULL;
    const unsigned char *from = b->at;
    b->at += count;
    b->left -= count;
    return from;
}

static uint32_t big_u32(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t big_time(const unsigned char *at, size_t size) {
    if (size == 4) return (int32_t)big_u32(at);
    return (int64_t)((uint64_t)big_u32(at) << 32 | big_u32(at + 4));
}

/* ---- The rule after the last transition ----------------------------------------------------- */

/* A moment of the year: month, week and weekday; or a day of the year. */
typedef struct turn {
    char form; /* 'M', 'J' (1 to 365, no leap day), '0' (0 to 365) */
    int month, week, weekday, day;
    int32_t time_s;
} turn;

typedef struct rule {
    int32_t standard_s, summer_s; /* ahead of UTC */
    bool has_summer;
    turn begin, end;
} rule;

static bool number(const char **text, int least, int greatest, int *out) {
    if (**text < '0' || **text > '9') return false;
    int value = 0;
    for (; **text >= '0' && **text <= '9'; ++*text) {
        value = value * 10 + (**text - '0');
        if (value > 10000) return false;
    }
    *out = value;
    return value >= least && value <= greatest;
}

static bool passes(const char **text, char c) {
    if (**text != c) return false;
    ++*text;
    return true;
}

/* "<-03>" or letters */
static bool abbreviation(const char **text) {
    const char *begin = *text;
    if (passes(text, '<')) {
        while (**text && **text != '>') ++*text;
        return passes(text, '>');
    }
    while ((**text >= 'A' && **text <= 'Z') || (**text >= 'a' && **text <= 'z')) ++*text;
    return *text > begin;
}

/* [+-]hh[:mm[:ss]] */
static bool clock_time(const char **text, int32_t *seconds) {
    const int sign = passes(text, '-') ? -1 : 1;
    if (sign == 1) passes(text, '+');
    int h, m = 0, s = 0;
    if (!number(text, 0, 167, &h)) return false;
    if (passes(text, ':') && !number(text, 0, 59, &m)) return false;
    if (passes(text, ':') && !number(text, 0, 59, &s)) return false;
    *seconds = sign * (h * 3600 + m * 60 + s);
    return true;
}

static bool read_turn(const char **text, turn *out) {
    *out = (turn){.form = '0', .time_s = 7200};
    if (passes(text, 'M')) {
        out->form = 'M';
        if (!number(text, 1, 12, &out->month) || !passes(text, '.') ||
            !number(text, 1, 5, &out->week) || !passes(text, '.') ||
            !number(text, 0, 6, &out->weekday))
            return false;
    } else if (passes(text, 'J')) {
        out->form = 'J';
        if (!number(text, 1, 365, &out->day)) return false;
    } else if (!number(text, 0, 365, &out->day)) {
        return false;
    }
    return !passes(text, '/') || clock_time(text, &out->time_s);
}

static bool read_rule(const char *text, rule *out) {
    *out = (rule){0};
    int32_t west;
    if (!abbreviation(&text) || !clock_time(&text, &west)) return false;
    out->standard_s = -west;
    if (!*text) return true;
    out->has_summer = true;
    out->summer_s = out->standard_s + 3600;
    if (!abbreviation(&text)) return false;
    if (*text && *text != ',') {
        if (!clock_time(&text, &west)) return false;
        out->summer_s = -west;
    }
    return passes(&text, ',') && read_turn(&text, &out->begin) && passes(&text, ',') &&
           read_turn(&text, &out->end) && !*text;
}

static int32_t turn_day(const turn *t, int year) {
    const int32_t first = hsd_day_of_date(year, 1, 1);
    if (t->form == '0') return first + t->day;
    if (t->form == 'J')
        return first + t->day - 1 + (t->day >= 60 && hsd_days_in_month(year, 2) == 29);
    const int32_t month = hsd_day_of_date(year, t->month, 1);
    const int sunday_first = (hsd_weekday(month) + 1) % 7;
    int day = (t->weekday - sunday_first + 7) % 7 + 7 * (t->week - 1);
    if (day >= hsd_days_in_month(year, t->month)) day -= 7; /* week 5: the last one */
    return month + day;
}

static int32_t rule_offset(const rule *r, int64_t instant) {
    if (!r->has_summer) return r->standard_s;
    int year, month, day;
    hsd_date_of_day((int32_t)((instant + r->standard_s) / 86400), &year, &month, &day);
    const int64_t begin = turn_day(&r->begin, year) * INT64_C(86400) + r->begin.time_s;
    const int64_t end = turn_day(&r->end, year) * INT64_C(86400) + r->end.time_s;
    const int64_t from = begin - r->standard_s, to = end - r->summer_s;
    const bool summer =
        from < to ? instant >= from && instant < to : instant >= from || instant < to;
    return summer ? r->summer_s : r->standard_s;
}

/* ---- The file ------------------------------------------------------------------------------- */

typedef struct zone {
    const unsigned char *times, *kinds_of, *kinds; /* as they stand in the file */
    size_t time_count, kind_count, time_size;
    rule after;
    bool has_rule;
} zone;

/* One block: header and data; the caller's cursor ends up behind it. */
static bool read_block(bytes *b, size_t time_size, zone *out, char *version) {
    const unsigned char *h = take(b, HEADER_SIZE);
    if (!h || memcmp(h, "TZif", 4) != 0) return false;
    *version = (char)h[4];
    const size_t utc = big_u32(h + 20), standard = big_u32(h + 24), leap = big_u32(h + 28);
    const size_t times = big_u32(h + 32), kinds = big_u32(h + 36), letters = big_u32(h + 40);
    const size_t most = GREATEST_FILE;
    if (utc > most || standard > most || leap > most || times > most || letters > most)
        return false;
    if (kinds == 0 || kinds > 256) return false;
    *out = (zone){.time_count = times, .kind_count = kinds, .time_size = time_size};
    out->times = take(b, times * time_size);
    out->kinds_of = take(b, times);
    out->kinds = take(b, kinds * 6);
    return out->times && out->kinds_of && out->kinds && take(b, letters) &&
           take(b, leap * (time_size + 4)) && take(b, standard) && take(b, utc);
}

static bool read_footer(bytes *b, zone *out) {
    char text[128];
    const unsigned char *end = b->left ? memchr(b->at + 1, '\n', b->left - 1) : NULL;
    if (!end || b->at[0] != '\n') return false;
    const size_t length = (size_t)(end - b->at - 1);
    if (length == 0) return true;
    if (length >= sizeof text) return false;
    memcpy(text, b->at + 1, length);
    text[length] = '\0';
    out->has_rule = true;
    return read_rule(text, &out->after);
}

static bool read_zone(const char *data, size_t size, zone *out) {
    bytes b = {(const unsigned char *)data, size};
    char version;
    if (!read_block(&b, 4, out, &version)) return false;
    if (version < '2') return true;
    return read_block(&b, 8, out, &version) && read_footer(&b, out);
}

static bool sane(int32_t seconds) {
    return seconds >= -GREATEST_OFFSET_S && seconds <= GREATEST_OFFSET_S;
}

static bool kind_offset(const zone *z, size_t kind, int32_t *seconds) {
    if (kind >= z->kind_count) return false;
    *seconds = (int32_t)big_u32(z->kinds + kind * 6);
    return sane(*seconds);
}

static bool offset_at(const zone *z, int64_t instant, int32_t *seconds) {
    size_t low = 0, high = z->time_count; /* low: transitions at or before the instant */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (big_time(z->times + middle * z->time_size, z->time_size) <= instant)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == z->time_count && z->has_rule) {
        *seconds = rule_offset(&z->after, instant);
        return sane(*seconds);
    }
    return kind_offset(z, low == 0 ? 0 : z->kinds_of[low - 1], seconds);
}

/* Names of zones are words of letters, digits, '_', '-' and '+' with single slashes between. */
static bool is_zone_name(const char *name) {
    if (!name || !name[0] || strlen(name) > 64) return false;
    for (const char *c = name; *c; c++) {
        const bool word = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                          (*c >= '0' && *c <= '9') || *c == '_' || *c == '-' || *c == '+';
        const bool slash = *c == '/' && c > name && c[-1] != '/' && c[1];
        if (!word && !slash) return false;
    }
    return true;
}

bool hsd_zone_offset_s(const char *name, int32_t day, int32_t *seconds) {
    if (!is_zone_name(name)) return false;
    const char *folder = getenv("TZDIR");
    if (!folder || !folder[0]) folder = "/usr/share/zoneinfo";
    char *data = NULL, *path = hsd_path_join(folder, name, NULL);
    size_t size;
    if (!path || hsd_read_text(path, GREATEST_FILE, &data, &size, NULL) != HSD_OK) {
        hsd_free(path);
        return false;
    }
    hsd_free(path);
    zone z;
    const int64_t noon = day * INT64_C(86400) + 43200;
    int32_t guess = 0; /* noon of the zone's own clock: once more with the offset found */
    const bool ok = read_zone(data, size, &z) && offset_at(&z, noon, &guess) &&
                    offset_at(&z, noon - guess, seconds);
    hsd_free(data);
    return ok;
}
